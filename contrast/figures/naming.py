"""Draw which of the possible names each outlet chooses for the same thing."""

from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.marks import FEW, PERCENT, draw_dot, no_more_than_lanes, over, require_rows
from contrast.figures.pairs import widest_pairs
from contrast.figures.style import (
    BODY,
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
)
from contrast.wording import in_line, listed, number_of, percent, whose

HEAD, GAP, FOOT = 0.28, 0.14, 0.06  # inches: of a set's heading, between sets, under the last row
STEP = 0.1  # inches between the outlets' marks in a row


def naming_dumbbell(naming: pd.DataFrame, source: str) -> Figure:
    """
    Draw each choice set's names: a row a name, a dot with its interval an outlet, joined where the intervals part.

    The set with the widest difference stands first; sets with few uses follow, then those of one outlet alone. Names
    that no outlet uses are left out.

    Parameters
    ----------
    naming : DataFrame
        A row a choice set, name and outlet: `choice`, `name`, `outlet`, `count` (uses of the name), `n` (uses of the
        whole set by the outlet), `share` (count / n), `low`, `high` (95 %), `unit` (of the interval).
    source : str

    Raises
    ------
    InputError
        More outlets than a row has lanes.
    """
    require_rows(naming=naming)
    outlets = list(dict.fromkeys(naming["outlet"]))
    no_more_than_lanes(outlets)
    used = naming[naming.groupby(["choice", "name"])["count"].transform("sum") > 0]
    told = used[used["n"] > 0]
    pairs = widest_pairs(told, ["choice", "name"], "share")
    sets = {choice: _rows(told, choice, outlets) for choice in _sets(told, pairs)}
    title = _title(list(sets), pairs, told)
    joined = {(pair.choice, pair.name): [pair.outlet, pair.other] for pair in pairs[pairs["apart"]].itertuples()}
    layout = _layout(told, outlets)
    heights = [HEAD + layout.row * len(names) + GAP for names in sets.values()]
    tall = FOOT + sum(heights)
    page = Page(title, _subtitle(told, outlets, joined), source, _alt(title, sets), tall + 0.62)
    wide = INSIDE - layout.left - layout.column * len(outlets) - 0.15
    axes = page.axes(layout.left, 0, wide, tall)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, tall)
    ticks = {tick: text for tick, text in PERCENT.items() if wide > 2 or tick not in (0.25, 0.75)}
    axes.set_xticks(list(ticks), list(ticks.values()), size=SMALL, color=MUTED)
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0)
    _draw_head(page, tall, layout)
    y = tall
    for (choice, names), height in zip(sets.items(), heights, strict=True):
        uses = told[told["choice"] == choice].groupby("outlet")["n"].first().reindex(outlets, fill_value=0)
        _heading(page, choice, uses, y - 0.12, layout.ends)
        shades = [RULE if tick else ZERO for tick in ticks]
        axes.vlines(list(ticks), y - height + GAP, y - HEAD, color=shades, linewidth=0.8, zorder=0)
        for number, (name, part) in enumerate(names):
            middle = y - HEAD - layout.row * (number + 0.5)
            _draw_row(page, axes, middle, name, part, joined.get((choice, name), ()), layout)
        y -= height
    return page.figure


class _Layout(NamedTuple):
    """The looks of the outlets, and where things stand, in inches."""

    styles: dict[str, tuple[str, str]]
    row: float  # height
    left: float  # width of the names
    column: float  # width of an outlet's counts
    ends: dict[str, float]  # of these columns, at their right
    size: float  # points: of the counts


def _layout(told, outlets):
    """Find the widths that the names and the columns of counts need."""
    many = len(outlets) > 2
    size = SMALL if many else BODY
    counts = column_width(map(_count, told.itertuples()), size, "normal")
    column = max(column_width(outlets, most=2.6 / len(outlets)), counts)
    left = column_width([f"“{name}”" for name in told["name"]], LABEL, "normal", least=1, most=1.7 if many else 2.2)
    ends = {outlet: INSIDE - 0.02 - column * (len(outlets) - 1 - place) for place, outlet in enumerate(outlets)}
    return _Layout(outlet_style(outlets), max(0.25, STEP * len(outlets) + 0.08), left, column, ends, size)


def _draw_head(page, y, layout):
    """Name over the rows the outlets, at their marks and at their columns of counts."""
    page.key(0, y + 0.42, layout.styles)
    page.write(INSIDE - 0.02, y + 0.36, "times, of all uses of the set", size=SMALL, colour=MUTED, align="right")
    for outlet, end in layout.ends.items():
        name = shorten(outlet, SMALL, layout.column - 0.1, "bold")
        page.write(end, y + 0.14, name, size=SMALL, align="right", weight="bold", colour=layout.styles[outlet][0])


def _draw_row(page, axes, y, name, part, joined, layout):
    """Draw each outlet's share of a name, and how often it uses it; two outlets that part are joined by a line."""
    quoted = shorten(name, LABEL, layout.left - 0.1 - width_of("“”", LABEL))
    page.write(0, y, f"“{quoted}”", size=LABEL)
    if joined:
        below, above = part[part["outlet"].isin(joined)].sort_values("share").itertuples()
        axes.plot([below.high, above.low], [y, y], color=MUTED, linewidth=1)
    levels = _levels(list(layout.styles), joined)
    for one in part.itertuples():
        colour, mark = layout.styles[one.outlet]
        shade = colour if one.n >= FEW else paler(colour)
        draw_dot(axes, one, "share", y + STEP * levels[one.outlet], shade, mark)
        page.write(layout.ends[one.outlet], y, _count(one), size=layout.size, colour=colour, align="right")


def _sets(told, pairs):
    """Order the sets: those that two outlets use often by their widest difference, then the others by their uses."""
    pairs = pairs.assign(uses=pairs["fewest"].clip(upper=FEW))
    widest = {choice: max(zip(part["uses"], part["gap"], strict=True)) for choice, part in pairs.groupby("choice")}
    alone = (-1, -1)
    return sorted(told["choice"].unique(), key=lambda choice: (*(-x for x in widest.get(choice, alone)), choice))


def _rows(told, choice, outlets):
    """Give a set's names, those of the first outlet first, each with its rows."""
    part = told[told["choice"] == choice]
    shares = part.pivot(index="name", columns="outlet", values="share").reindex(columns=outlets)
    lead = shares[outlets[0]].fillna(0) - shares[outlets[1:]].mean(axis=1).fillna(0)
    order = lead.round(9).rename("lead").reset_index().sort_values(["lead", "name"], ascending=[False, True])
    return [(name, part[part["name"] == name]) for name in order["name"]]


def _heading(page, choice, uses, y, ends):
    """Head a set with its name, the outlets that never use it, and how often the others do."""
    absent, used = uses[uses == 0], uses[uses > 0]
    room = min(ends[outlet] for outlet in [*used.index, uses.index[-1]]) - 0.5
    name = shorten(_capital(choice), LABEL, room, "bold")
    x = page.write(0, y, name, size=LABEL, weight="bold") + 0.12
    if len(absent):
        note = shorten(f"not named by {listed(absent.index)}", SMALL, room - x)
        page.write(x, y, note, size=SMALL, colour=MUTED)
    for outlet, n in used.items():
        page.write(ends[outlet], y, f"n {n:,}", size=SMALL, colour=MUTED, align="right")


def _levels(outlets, joined):
    """Give each outlet its steps above the middle of the row; two that are joined share the middle."""
    if joined:
        others = (outlet for outlet in outlets if outlet not in joined)
        return dict.fromkeys(joined, 0) | dict(zip(others, (1, -1), strict=False))
    return {outlet: (len(outlets) - 1) / 2 - place for place, outlet in enumerate(outlets)}


def _subtitle(told, outlets, joined):
    subtitle = (
        f"Share of each name among the outlet’s uses of all names of the set, with 95% intervals {over(told['unit'])}. "
        f"The widest difference first. Pale: under {FEW} uses of the set (n)."
    )
    apart = "outlets" if len(outlets) < 3 else "the two outlets farthest apart,"
    return f"{subtitle} Joined: {apart} whose intervals do not overlap." if joined else subtitle


def _alt(title, sets):
    """Tell of the first sets the first and the last name."""
    alt = f"Dots with 95% intervals: names in {number_of(len(sets), 'set')}. {title}. "
    for choice, names in list(sets.items())[:3]:
        spoken = (
            f"“{name}” " + ", ".join(f"{row.outlet} {_count(row)}" for row in part.itertuples())
            for name, part in [names[0], names[-1]][: len(names)]
        )
        alt += f"{_capital(choice)}: {'; '.join(spoken)}. "
    return alt


def _title(sets, pairs, told):
    if pairs.empty:
        return "No set of names is used by two outlets" if sets else "No name of any set is used"
    part = pairs[pairs["choice"] == sets[0]].sort_values(["enough", "apart", "gap"], ascending=False, kind="stable")
    first = part.iloc[0]
    two = [first["outlet"], first["other"]]
    table = told[told["choice"] == sets[0]].pivot(index="name", columns="outlet", values=["share", "count", "n"])
    shares, parts = table["share"][two], table["share"][two].map(percent)
    sizes = ["", ""]
    if not first["enough"]:  # of few uses counts say more than shares
        parts, sizes = table["count"][two].astype(int), [f" {n:.0f}" for n in table["n"][two].max()]
    gaps = (shares[two[0]] - shares[two[1]]).round(9) * (1 if first["value"] > first["other_value"] else -1)
    one, other = parts.loc[first["name"]]
    title = (
        f"{in_line(_capital(sets[0]))}: “{in_line(first['name'])}” is {one} of {whose(in_line(two[0]))}{sizes[0]} names"
    )
    title += f" and {other} of {whose(in_line(two[1]))}{sizes[1]}"
    if gaps.min() < 0:
        second = gaps.sort_index().idxmin()
        title += f"; “{in_line(second)}” {' and '.join(map(str, parts.loc[second]))}"
    return title if first["apart"] else title + (", but not clearly" if first["enough"] else ": too few to tell")


def _capital(text):
    return text[:1].upper() + text[1:]


def _count(row):
    return f"{row.count:,} of {row.n:,}"
