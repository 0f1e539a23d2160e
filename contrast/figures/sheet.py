"""Draw the stance sheet: how each outlet names, reports, hears, doubts and judges each target, on one page."""

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.marks import FEW, LINE, SHADE, draw_dot, no_more_than_lanes, over, require_rows, signed, two_lines
from contrast.figures.pairs import SIGNED, widest_pairs
from contrast.figures.style import (
    INSIDE,
    LABEL,
    MUTED,
    RULE,
    SMALL,
    ZERO,
    Page,
    column_width,
    outlet_style,
    paler,
    shorten,
    width_of,
    wrap,
)
from contrast.wording import commonest, in_line, listed, number_of, percent

CELL = ["label", "outlet", "measure"]
LANE, GAP = 0.172, 0.14  # inches: of an outlet's dot, between rows
START, NUMBER, END = 0.1, 0.42, 0.1  # inches of a column: before its scale, from that to a number's end, after it


def stance_sheet(cells: pd.DataFrame, source: str) -> Figure:
    """
    Draw every target's measures: a row a target, a column a measure, in each a dot with its interval an outlet.

    A blank cell says why it is blank; what is too long for it is a numbered note under the sheet.

    Parameters
    ----------
    cells : DataFrame
        A row a target label, outlet and measure, all in the order drawn: `label`, `outlet`, `measure`, `value` (a
        share; polarity from -1 to 1), `low`, `high` (95 %), `n`, `unit` (of the interval), `reason` ("", or why the
        cell is blank), `meaning` (what the value is a share of, in words).
    source : str

    Raises
    ------
    InputError
        More outlets than a row has lanes.
    """
    require_rows(cells=cells)
    labels, outlets, measures = (list(dict.fromkeys(cells[name])) for name in CELL)
    no_more_than_lanes(outlets)
    cells = _with_reasons(cells, labels, outlets, measures)
    shown = cells[cells["reason"] == ""]
    pairs = widest_pairs(shown, ["label", "measure"], "value")
    title = _title(pairs, outlets, cells, shown)
    left = column_width(labels, LABEL, "bold", least=0.9, most=1.4)
    wide = (INSIDE - left) / len(measures)
    heads, notes = _heads(cells, measures, wide - 0.1)
    blanks = _blanks(cells, notes, wide - START - 0.06)
    below = [line for note in notes for line in wrap(note, SMALL, INSIDE)]
    foot = LINE * len(below) + (0.12 if below else 0)
    row = max(LANE * len(outlets), 2 * LINE) + GAP
    tall = row * len(labels)
    deep = LINE * max(len(lines) for lines in heads.values())
    page = Page(title, _subtitle(shown, pairs), source, _alt(title, pairs, cells, shown), foot + tall + deep + 0.78)
    styles, top = outlet_style(outlets), foot + tall
    page.key(left, top + deep + 0.68, styles)
    _name_rows(page, labels, top, row, left - 0.12)
    for number, line in enumerate(below):
        page.write(0, foot - 0.2 - LINE * number, line, size=SMALL, colour=MUTED)
    for column, measure in enumerate(measures):
        x, part = left + wide * column, shown[shown["measure"] == measure]
        _draw_head(page, x + 0.06, top + deep + 0.4, measure, heads[measure])
        axes = page.axes(x, foot, wide, tall)
        ticks = _scale(axes, measure, wide) if len(part) else []
        axes.set_ylim(0, tall)
        apart = set(pairs.loc[(pairs["measure"] == measure) & pairs["apart"], "label"])
        for number, label in enumerate(labels):
            base = tall - row * (number + 1)
            axes.axhline(base + row, color=RULE, linewidth=0.7)
            if label in apart:
                axes.axhspan(base + 0.02, base + row - 0.02, 0.01, 0.985, color=SHADE, zorder=0)
            middle = base + row / 2
            lanes = {outlet: middle + LANE * ((len(outlets) - 1) / 2 - i) for i, outlet in enumerate(outlets)}
            for cell in part[part["label"] == label].itertuples():
                level = lanes[cell.outlet]
                _draw_cell(page, axes, cell, level, (x + wide - END, foot + level), ticks, styles[cell.outlet])
            for outlet, text in blanks.get((label, measure), {}).items():
                page.write(x + START, foot + lanes.get(outlet, middle), text, size=SMALL, colour=MUTED)
    return page.figure


def _name_rows(page, labels, top, row, room):
    """Write each target at the middle of its row, downwards from the top."""
    for number, label in enumerate(labels):
        lines = two_lines(label, LABEL, room, "bold")
        for place, line in enumerate(lines):
            y = top - row * (number + 0.5) + 0.18 * ((len(lines) - 1) / 2 - place)
            page.write(0, y, line, size=LABEL, weight="bold")


def _draw_head(page, x, y, measure, lines):
    """Name a measure over its column, and say under the name what it is."""
    page.write(x, y, measure.capitalize(), weight="bold")
    for number, line in enumerate(lines):
        page.write(x, y - 0.18 - LINE * number, line, size=SMALL, colour=MUTED)


def _draw_cell(page, axes, cell, level, end, ticks, style):
    """Draw an outlet's dot with its interval over the ticks of the scale, and write its value, which ends at `end`."""
    colour, mark = style
    is_pale = not cell.n >= FEW or pd.isna(cell.low)
    is_pale |= cell.measure == SIGNED and cell.low <= 0 <= cell.high
    shades = [RULE if tick else ZERO for tick in ticks]
    axes.vlines(ticks, level - LANE / 2, level + LANE / 2, color=shades, linewidth=0.8, zorder=1)
    draw_dot(axes, cell, "value", level, paler(colour) if is_pale else colour, mark)
    weight = "normal" if is_pale else "bold"
    page.write(*end, _value(cell.value, cell.measure), size=SMALL, weight=weight, colour=colour, align="right")


def _with_reasons(cells, *names):
    """Give every cell a row and, where it has no value, a reason."""
    cells = cells.set_index(CELL).reindex(pd.MultiIndex.from_product(names, names=CELL))
    reason = cells["reason"].fillna("")
    return cells.assign(reason=reason.mask((reason == "") & cells["value"].isna(), "not measured")).reset_index()


def _title(pairs, outlets, cells, shown):
    if shown.empty:
        reasons = commonest(cells["reason"])
        title = f"None of {number_of(len(cells), 'cell')} can be filled"
        return f"{title}; for {reasons.iloc[0]} the reason is: {reasons.index[0]}"
    if pairs.empty:
        filled = f"{len(shown)} of {number_of(len(cells), 'cell')} can be filled"
        return filled + ("" if len(outlets) == 1 else ", and none in two outlets")
    who = listed(map(in_line, outlets)) if len(outlets) == 2 else "The outlets"
    enough, clear = pairs["enough"].sum(), pairs["apart"].sum()
    if not enough:
        return f"{who} can be compared nowhere: fewer than {FEW} are counted in one of two, in each comparison"
    comparisons = f"{number_of(enough, 'comparison')} with enough findings"
    if not clear:
        which = [f"{row.measure} of {in_line(row.label)}" for row in pairs[pairs["enough"]].itertuples()]
        return f"{who} differ clearly in none of {comparisons}" + (f": {listed(which)}" if len(which) < 4 else "")
    first = pairs.iloc[0]
    values = [_value(first[name], first["measure"]) for name in ("value", "other_value")]
    title = f"{who} differ clearly in {clear} of {comparisons}, most for {in_line(first['label'])} ({first['measure']})"
    return f"{title}: {values[0]} in {in_line(first['outlet'])}, {values[1]} in {in_line(first['other'])}"


def _subtitle(shown, pairs):
    if shown.empty:
        return "Each column’s head says what it measures; each cell, why it is blank."
    subtitle = f"Dots with 95% intervals {over(shown['unit'])}; each column’s head says what it measures."
    if pairs["apart"].any():
        subtitle += " Shaded: outlets that differ clearly, for their intervals do not overlap."
    subtitle += f" Pale: fewer than {FEW} counted, or no interval"
    return subtitle + (", or a polarity not clear of 0." if (shown["measure"] == SIGNED).any() else ".")


def _alt(title, pairs, cells, shown):
    """Tell how many cells are filled, and the widest clear differences after the one in the title."""
    labels, measures = (cells[name].unique() for name in ("label", "measure"))
    alt = f"Dots with 95% intervals: {number_of(len(labels), 'target')} by {listed(measures)}. {title}. "
    if len(pairs):
        alt += f"{len(shown)} of {number_of(len(cells), 'cell')} can be filled. "
    return alt + " ".join(
        f"{pair.label}, {pair.measure}: {pair.outlet} {_value(pair.value, pair.measure)}, "
        f"{pair.other} {_value(pair.other_value, pair.measure)}."
        for pair in pairs[pairs["apart"]][1:3].itertuples()
    )


def _value(value, measure):
    return signed(value) if measure == SIGNED else percent(value)


def _scale(axes, measure, wide):
    """Give a column its scale, in its left part, and return its ticks."""
    start, ticks = (-1, {-1: "−1", 0: "0", 1: "1"}) if measure == SIGNED else (0, {0: "0", 0.5: "", 1: "100%"})
    unit = (1 - start) / (wide - START - NUMBER - END)
    axes.set_xlim(start - START * unit, start + (wide - START) * unit)
    axes.set_xticks(list(ticks), list(ticks.values()), size=SMALL, color=MUTED)
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0, pad=2)
    return list(ticks)


def _heads(cells, measures, wide):
    """Say what each measure is under its name; where that differs by target, in a note under the sheet."""
    heads, notes = {}, []
    for measure in measures:
        meanings = cells[cells["measure"] == measure].groupby("meaning", sort=False)["label"].unique()
        if len(meanings) == 1:
            heads[measure] = wrap(meanings.index[0], SMALL, wide)
        else:
            heads[measure] = wrap("what differs by target: see below", SMALL, wide)
            told = (f"{listed(labels)}: {meaning}" for meaning, labels in meanings.items())
            notes.append(f"{measure.capitalize()}. {'; '.join(told)}.")
    return heads, notes


def _blanks(cells, notes, wide):
    """
    Tell in each blank cell why, and in a note what is too long for it.

    (label, measure) -> outlet -> text; the outlet is "" where all are blank for one reason.
    """
    blanks, numbers = {}, {}
    for (label, measure), part in cells.groupby(["label", "measure"], sort=False):
        reasons = {cell.outlet: cell.reason for cell in part.itertuples() if cell.reason}
        if len(reasons) == len(part) and len(set(reasons.values())) == 1:
            reasons = {"": part["reason"].iloc[0]}
        for outlet, reason in reasons.items():
            text = reason
            if width_of(reason, SMALL) > wide:
                number = numbers.setdefault(reason, len(numbers) + 1)
                text = f"{shorten(reason, SMALL, wide - width_of(f' [{number}]', SMALL))} [{number}]"
            blanks.setdefault((label, measure), {})[outlet] = text
    notes += [f"[{number}] {reason[:1].upper()}{reason[1:].rstrip('.')}." for reason, number in numbers.items()]
    return blanks
