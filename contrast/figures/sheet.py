"""Draw the stance sheet: how each outlet names, reports, hears, doubts and judges each target, on one page."""

import itertools

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.lanes import FEW, draw_dot, no_more_than_lanes, over
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
SHADE = "#eef1f3"
SIGNED = "polarity"  # the measure from -1 to 1; all others are shares
LANE, LINE, GAP = 0.172, 0.165, 0.14  # inches: of an outlet's dot, of a line of small text, between rows
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
    labels, outlets, measures = (list(dict.fromkeys(cells[name])) for name in CELL)
    no_more_than_lanes(outlets)
    cells = cells.set_index(CELL).reindex(pd.MultiIndex.from_product([labels, outlets, measures], names=CELL))
    reason = cells["reason"].fillna("")
    cells = cells.assign(reason=reason.mask((reason == "") & cells["value"].isna(), "not measured")).reset_index()
    shown = cells[cells["reason"] == ""]
    pairs = widest_pairs(shown, ["label", "measure"], "value")
    title = _title(pairs, outlets, cells, shown)
    alt = f"Dots with 95% intervals: {number_of(len(labels), 'target')} by {listed(measures)}. {title}. "
    if len(pairs):
        alt += f"{len(shown)} of {number_of(len(cells), 'cell')} can be filled. "
    alt += " ".join(
        f"{pair.label}, {pair.measure}: {pair.outlet} {_value(pair.value, pair.measure)}, "
        f"{pair.other} {_value(pair.other_value, pair.measure)}."
        for pair in pairs[pairs["apart"]][1:3].itertuples()
    )
    left = column_width(labels, LABEL, "bold", least=0.9, most=1.4)
    wide = (INSIDE - left) / len(measures)
    heads, notes = _heads(cells, measures, wide - 0.1)
    blanks = _blanks(cells, notes, wide - START - 0.06)
    below = [line for note in notes for line in wrap(note, SMALL, INSIDE)]
    foot = LINE * len(below) + (0.12 if below else 0)
    row = max(LANE * len(outlets), 2 * LINE) + GAP
    tall = row * len(labels)
    deep = LINE * max(len(lines) for lines in heads.values())
    page = Page(title, _subtitle(shown, pairs), source, alt, foot + tall + deep + 0.78)
    styles, top = outlet_style(outlets), foot + tall
    page.key(left, top + deep + 0.68, styles)
    for number, label in enumerate(labels):
        lines = two_lines(label, LABEL, left - 0.12, "bold")
        for place, line in enumerate(lines):
            y = top - row * (number + 0.5) + 0.18 * ((len(lines) - 1) / 2 - place)
            page.write(0, y, line, size=LABEL, weight="bold")
    for number, line in enumerate(below):
        page.write(0, foot - 0.2 - LINE * number, line, size=SMALL, colour=MUTED)
    for column, measure in enumerate(measures):
        x = left + wide * column
        page.write(x + 0.06, top + deep + 0.4, measure.capitalize(), weight="bold")
        for number, line in enumerate(heads[measure]):
            page.write(x + 0.06, top + deep + 0.22 - LINE * number, line, size=SMALL, colour=MUTED)
        axes = page.axes(x, foot, wide, tall)
        ticks = _scale(axes, measure, wide) if (shown["measure"] == measure).any() else []
        axes.set_ylim(0, tall)
        shades = [RULE if tick else ZERO for tick in ticks]
        for number, label in enumerate(labels):
            base = tall - row * (number + 1)
            axes.axhline(base + row, color=RULE, linewidth=0.7)
            part = shown[(shown["label"] == label) & (shown["measure"] == measure)]
            if pairs.loc[(pairs["label"] == label) & (pairs["measure"] == measure), "apart"].any():
                axes.axhspan(base + 0.02, base + row - 0.02, 0.01, 0.985, color=SHADE, zorder=0)
            lanes = {outlet: base + row / 2 + LANE * ((len(outlets) - 1) / 2 - i) for i, outlet in enumerate(outlets)}
            for cell in part.itertuples():
                colour, mark = styles[cell.outlet]
                is_pale = not cell.n >= FEW or pd.isna(cell.low)
                is_pale |= measure == SIGNED and cell.low <= 0 <= cell.high
                level = lanes[cell.outlet]
                axes.vlines(ticks, level - LANE / 2, level + LANE / 2, color=shades, linewidth=0.8, zorder=1)
                draw_dot(axes, cell, "value", level, paler(colour) if is_pale else colour, mark)
                look = {"size": SMALL, "weight": "normal" if is_pale else "bold", "colour": colour, "align": "right"}
                page.write(x + wide - END, foot + level, _value(cell.value, measure), **look)
            for outlet, text in blanks.get((label, measure), {}).items():
                level = lanes.get(outlet, base + row / 2)
                page.write(x + START, foot + level, text, size=SMALL, colour=MUTED)
    return page.figure


def signed(value: float) -> str:
    """
    Write a number with its sign, to two decimals.

    >>> signed(-0.204), signed(0.001)
    ('−0.20', '0.00')
    """
    text = f"{value:+.2f}".replace("-", "−")
    return text[1:] if text[1:] == "0.00" else text


def two_lines(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """Break a text into one or two lines of this width; what is longer is cut."""
    first, *rest = wrap(text, size, width, weight)
    return [first, shorten(" ".join(rest), size, width, weight)] if rest else [first]


def widest_pairs(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """
    Find the two outlets that are farthest apart in each group, first among those that differ clearly.

    Parameters
    ----------
    table : DataFrame
        With the columns `by`, `outlet`, `value`'s, `n`, `low`, `high`.
    by : list of str
        What makes a group.
    value : str
        The column compared.

    Returns
    -------
    DataFrame
        One row a group of two outlets or more: the columns `by`, `outlet` and `other` in the table's order, their
        `value` and `other_value`, `fewest` (n), `enough` (both have at least `FEW`), `gap`, and `apart`: enough, and
        their intervals do not overlap. The clear ones first, then by gap, polarity's halved as its scale is twice as
        long.
    """
    rows = []
    for key, group in table.dropna(subset=value).groupby(by, sort=False):
        pairs = []
        for one, other in itertools.combinations(group.itertuples(), 2):
            values = getattr(one, value), getattr(other, value)
            enough = one.n >= FEW and other.n >= FEW
            apart = enough and (one.low > other.high or other.low > one.high)
            gap = round(abs(values[0] - values[1]) / (2 if SIGNED in key else 1), 9)
            pairs.append((*key, one.outlet, other.outlet, *values, min(one.n, other.n), enough, gap, apart))
        if pairs:
            rows.append(max(pairs, key=lambda pair: (pair[-1], pair[-3], pair[-2])))
    names = [*by, "outlet", "other", "value", "other_value", "fewest", "enough", "gap", "apart"]
    found = pd.DataFrame(rows, columns=names).astype({"enough": bool, "apart": bool})
    return found.sort_values(["apart", "enough", "gap"], ascending=False, kind="stable", ignore_index=True)


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
