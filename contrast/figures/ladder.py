"""Draw how many topics a corpus bears, and whether the intervals of estimated shares hold shares that were planted."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from contrast.corpus import InputError, Problem
from contrast.figures.marks import LINE, SHADE, free_place, require_rows
from contrast.figures.style import (
    BAR,
    INK,
    INSIDE,
    LABEL,
    MUTED,
    OTHER_COLOUR,
    RULE,
    SIZES,
    SMALL,
    ZERO,
    Page,
    paler,
    width_of,
    wrap,
)
from contrast.wording import in_words, listed, number_of, percent

MEASURES = {
    "npmi": ("NPMI", "Coherence: NPMI", "do a topic’s marking words stand in the same texts? −1 to 1"),
    "c_v": ("C_v", "Coherence: C_v", "do a topic’s marking words keep the same company? 0 to 1"),
    "exclusivity": ("exclusivity", "Exclusivity", "do a topic’s marking words belong to it alone? 0 to 1"),
    "stability": ("stability", "Stability", "does a topic, fitted again, keep its marking words? 0 to 1"),
}
CHOSEN, POINT = 8.0, 4.6  # points: size of the marks
BETWEEN, LEFT, HEAD, TALL, FOOT = 0.35, 0.4, 0.5, 1.5, 0.48  # inches: of a panel, its scale and headings
ABOVE, BELOW, SIDE = 0.3, 0.26, 0.18  # inches of a panel that its points leave free
SHIFTS = (0, 0.06, -0.06, 0.12, -0.12, 0.2, -0.2)  # inches up from a point, where its value may stand
LEAST_SPAN = 0.1  # of an upright scale: what differs by much less should look alike
TICKS, MOST_TICKS = (0.05, 0.1, 0.2, 0.25, 0.5, 1), 4
SHUFFLED = "shuffled words"
ACCENT = BAR
KEY = {"the interval holds the planted share": (OTHER_COLOUR, "o"), "the interval misses it": (INK, "D")}
MOST_WAYS, MOST_MARKS, MANY = 3, 300, 100  # panels; marks in a panel, and from how many on they are smaller
GAP, WIDEST = 0.3, 3.6  # inches: between panels, of the widest
STEPS = {0.2: 0.05, 0.4: 0.1, 0.6: 0.2, 0.8: 0.2, 1: 0.25}  # where a scale of shares ends -> from tick to tick


def k_ladder(ladder: pd.DataFrame, source: str, *, caveat: str = "") -> Figure:
    """
    Draw what models with more or fewer topics reach: coherence by two measures, exclusivity and stability.

    Parameters
    ----------
    ladder : DataFrame
        As `topics.choose_k` gives it, a row a number of topics: `k`, `npmi` (-1 to 1), `c_v`, `exclusivity`,
        `stability`, `line` (what topics of shuffled words keep; these four 0 to 1, missing where not measured),
        `is_in_range` (its topics last), `is_chosen`, which one row is.
    source : str
    caveat : str
        It ends the subtitle.

    References
    ----------
    Röder, Both and Hinneburg (2015), Exploring the Space of Topic Coherence Measures: NPMI and C_v.
    Greene, O'Callaghan and Cunningham (2014), How Many Topics? Stability Analysis for Topic Models.
    """
    require_rows(ladder=ladder)
    table = ladder.sort_values("k", ignore_index=True).astype({"is_in_range": bool, "is_chosen": bool})
    chosen = table[table["is_chosen"]].iloc[0]
    title = _ladder_title(table, chosen)
    shaded = "Shaded: those of which nine topics in ten last when refitted. " if table["is_in_range"].any() else ""
    dashed = "Dashed: what topics of shuffled words keep. " if table["line"].notna().any() else ""
    subtitle = (
        "What models reach by their number of topics (across, on a log scale). Filled: what the rule takes. "
        f"{shaded}{dashed}{caveat}"
    )
    reached = [f"{name} {_number(chosen[column])}" for column, (name, *_) in MEASURES.items()]
    beside = "" if pd.isna(chosen["line"]) else f" (shuffled words: {_number(chosen['line'])})"
    numbers = table["k"]
    alt = (
        f"Four line charts, of models with {numbers.min()} to {numbers.max()} topics. {title}. "
        f"With {chosen['k']} topics: {listed(reached)}{beside}. {caveat}"
    )
    page = Page(title, subtitle, source, alt, 2 * (HEAD + TALL + FOOT))
    wide = (INSIDE - BETWEEN) / 2
    measured = [column for column in MEASURES if table[column].notna().any()]
    for place, (column, (_, heading, what)) in enumerate(MEASURES.items()):
        x, top = place % 2 * (wide + BETWEEN), page.body - place // 2 * (HEAD + TALL + FOOT)
        page.write(x, top - 0.1, heading, size=LABEL, weight="bold")
        page.write(x, top - 0.3, what, size=SMALL, colour=MUTED)
        if column not in measured:
            page.write(x + LEFT, top - HEAD - TALL / 2, "not measured", colour=MUTED)
            continue
        _draw_measure(page, x + LEFT, top - HEAD - TALL, wide - LEFT, table, column, names_range=column == measured[0])
    page.write(LEFT, 0.13, "number of topics", size=SMALL, colour=MUTED)
    return page.figure


def coverage_scatter(planted: pd.DataFrame, coverage: pd.DataFrame, source: str) -> Figure:
    """
    Draw shares that were planted in made-up corpora against what each way of estimating finds, with its intervals.

    The title compares the first two ways.

    Parameters
    ----------
    planted : DataFrame
        As `topics.coverage_of_shares` gives it, a row a planted value: `way`, `what` (only rows of "share" are drawn),
        `planted`, `estimate`, `low`, `high` (95 %; all 0 to 1), `covered`. Rows without an interval are left out. Of
        more than 300 rows of a way 300 are drawn, evenly chosen.
    coverage : DataFrame
        A row a way and what: `way`, `what`, `coverage` (0 to 1), `slope` (of estimate on planted), `intervals`,
        `corpora`. At most three ways.
    source : str

    Raises
    ------
    InputError
        If there are more than three ways.
    """
    require_rows(planted=planted, coverage=coverage)
    ways = coverage[coverage["what"] == "share"]
    if len(ways) > MOST_WAYS:
        what = f"{len(ways)} ways of estimating have no room on one page, which holds {MOST_WAYS}."
        raise InputError([Problem("ways", None, what, "Draw fewer at a time.")])
    shares = planted[planted["what"] == "share"].dropna(subset=["low", "high"]).astype({"covered": bool})
    groups = [shares[shares["way"] == way] for way in ways["way"]]
    thinned = [f", {MOST_MARKS} of them drawn" if len(group) > MOST_MARKS else "" for group in groups]
    title = _coverage_title(ways)
    corpora = ways["corpora"].max()
    subtitle = (
        f"Each mark is a topic’s share in an outlet of {'a' if corpora == 1 else f'one of {corpora:,}'} made-up "
        f"{'corpus' if corpora == 1 else 'corpora'}: "
        "planted (across) and estimated (upwards), with its 95% interval. On the diagonal the estimate is right; a "
        "slope under 1 flattens differences."
    )
    held = ways["coverage"].map(percent)
    slopes = ["" if pd.isna(slope) else f"; slope {slope:.2f}" for slope in ways["slope"]]
    sizes = [number_of(int(count), "interval") for count in ways["intervals"]]
    told = zip(ways["way"], held, sizes, slopes, strict=True)
    alt = f"Scatter plots, {number_of(len(ways), 'panel')}. {title}. "
    alt += " ".join(f"{way}: {share} of {size}{slope}." for way, share, size, slope in told)
    notes = [
        f"95% intervals hold the planted share in {share} of cases{slope}; {size}{drawn}."
        for share, slope, size, drawn in zip(held, slopes, sizes, thinned, strict=True)
    ]
    wide = min(WIDEST, (INSIDE - LEFT - 0.1 - GAP * (len(ways) - 1)) / len(ways))
    names = [wrap(way[:1].upper() + way[1:], LABEL, wide, "bold", balanced=True) for way in ways["way"]]
    lines = [wrap(note, SMALL, wide, balanced=True) for note in notes]
    head, under = (max(map(len, some)) for some in (names, lines))
    bottom, start = 0.4, 0.46
    page = Page(title, subtitle, source, alt, bottom + wide + 0.28 + LINE * under + 0.19 * head + start)
    largest = max([0, *(group[["planted", "estimate", "high"]].max().max() for group in groups if len(group))])
    reach = next((end for end in STEPS if end >= largest), 1)
    page.key(0, page.body - 0.1, KEY)
    for place, group in enumerate(groups):
        x, y = LEFT + place * (wide + GAP), page.body - start - 0.19 * head
        for number, line in enumerate(reversed(names[place])):
            page.write(x, y + 0.19 * (number + 1), line, size=LABEL, weight="bold")
        for number, line in enumerate(lines[place]):
            page.write(x, y - LINE * number, line, size=SMALL, colour=MUTED)
        _draw_shares(page, x, bottom, wide, group, reach, is_first=not place)
    page.write(0, bottom + wide + 0.17, "estimated share", size=SMALL, colour=MUTED)
    page.write(LEFT, 0.07, "planted share", size=SMALL, colour=MUTED)
    return page.figure


def _draw_measure(page, x, y, wide, table, column, *, names_range):
    """Draw one measure by the number of topics, in a panel whose lower left corner is at these inches."""
    axes = page.axes(x, y, wide, TALL)
    at = _draw_numbers(page, axes, x, y, wide, table)
    numbers, values, line = (table[name].to_numpy(float) for name in ("k", column, "line"))
    drawn = [values, line] if column == "stability" else [values]
    ticks = _set_levels(axes, np.nanmin(drawn), np.nanmax(drawn))
    low, inch = axes.get_ylim()[0], TALL / np.ptp(axes.get_ylim())
    traces = [_points(np.column_stack([at, inch * (some - low)])) for some in drawn]
    taken = np.vstack([np.hstack([trace - 0.03, trace + 0.03]) for trace in traces])
    area, boxes = np.array([0, 0, wide, TALL]), []
    if names_range and table["is_in_range"].any():
        name = _range_in_figures(table)
        half = width_of(name, SMALL) / 2 + 0.02
        middle = np.clip(at[table["is_in_range"]][[0, -1]].mean(), half, wide - half)
        boxes.append(np.array([middle - half, 0.01, middle + half, 0.17]))
        _write_in(page, x, y, boxes[-1], name, size=SMALL, colour=MUTED)
    is_known = np.isfinite(values)
    axes.plot(numbers[is_known], values[is_known], color=MUTED, linewidth=1)
    look = {"markersize": POINT, "markerfacecolor": "white", "markeredgewidth": 1}
    axes.plot(numbers[is_known], values[is_known], "o", color=MUTED, **look)
    if len(drawn) > 1 and np.isfinite(line).any():
        is_known = np.isfinite(line)
        axes.plot(numbers[is_known], line[is_known], "--", color=INK, linewidth=1)
        boxes.append(_along(traces[1], traces[0], width_of(SHUFFLED, SMALL), area, taken))
        _write_in(page, x, y, boxes[-1], SHUFFLED, size=SMALL)
    place = table.index[table["is_chosen"]][0]
    if np.isfinite(values[place]):
        axes.plot(numbers[place], values[place], "o", color=ACCENT, markersize=CHOSEN, markeredgecolor="white")
        value, spot = _number(values[place]), np.array([at[place], inch * (values[place] - low)])
        boxes.append(_beside(spot, width_of(value, LABEL, "bold"), area, np.vstack([taken, *boxes])))
        _write_in(page, x, y, boxes[-1], value, size=LABEL, weight="bold", colour=ACCENT)
    parts = []
    for tick, level in zip(ticks, inch * (ticks - low), strict=True):
        cuts = sorted((box[0], box[2]) for box in boxes if box[1] < level < box[3])
        ends = [0, *itertools.chain(*cuts), wide]
        parts += [(tick, start / wide, end / wide) for start, end in zip(ends[::2], ends[1::2], strict=True)]
        page.write(x - 0.06, y + level, _tick_name(tick, ticks), size=SMALL, colour=MUTED, align="right")
    levels, starts, ends = zip(*parts, strict=True)
    colours = [RULE if level else ZERO for level in levels]
    axes.hlines(levels, starts, ends, colours, linewidth=0.7, zorder=1, transform=axes.get_yaxis_transform())


def _draw_numbers(page, axes, x, y, wide, table):
    """
    Set the scale of the number of topics, shade the range, and say where each number stands, in inches.

    Named are the chosen number, the ends, and the others as far as there is room.
    """
    numbers = table["k"].to_numpy(float)
    wider = max(1.05, (numbers[-1] / numbers[0]) ** (SIDE / (wide - 2 * SIDE)))
    axes.set_xscale("log")
    axes.set_xlim(numbers[0] / wider, numbers[-1] * wider)
    axes.set_xticks([])
    axes.minorticks_off()
    whole = np.log(numbers[-1] / numbers[0] * wider**2)
    at = wide * np.log(numbers * wider / numbers[0]) / whole
    edge = min([np.exp(0.1 * whole / wide), *np.sqrt(numbers[1:] / numbers[:-1])])
    for first, last in _runs(table):
        axes.axvspan(first / edge, last * edge, color=SHADE, zorder=0)
    kept = {}
    for place in [table.index[table["is_chosen"]][0], 0, len(table) - 1, *table.index]:
        half = width_of(str(table["k"][place]), SMALL, "bold") / 2 + 0.03
        if all(abs(at[place] - at[other]) >= half + room for other, room in kept.items()):
            look = {"colour": MUTED} if kept else {"colour": ACCENT, "weight": "bold"}
            page.write(x + at[place], y - 0.1, str(table["k"][place]), size=SMALL, align="center", **look)
            kept[place] = half
    return at


def _set_levels(axes, low, high):
    """Set an upright scale that holds these values, with room above and below; return its ticks."""
    middle, span = (low + high) / 2, max(high - low, LEAST_SPAN)
    low, high = middle - span / 2, middle + span / 2
    inch = span / (TALL - ABOVE - BELOW)
    axes.set_ylim(low - BELOW * inch, high + ABOVE * inch)
    low, high = low - 0.1 * inch, min(1, high + 0.1 * inch)
    step = next(step for step in TICKS if (high - low) / step < MOST_TICKS)
    return (step * np.arange(np.ceil(low / step), high / step + 1e-9)).round(9)


def _tick_name(tick, ticks):
    return _number(tick, 1 if np.allclose(ticks, ticks.round(1)) else 2) if tick else "0"


def _write_in(page, x, y, box, text, **look):
    page.write(x + box[0] + 0.02, y + (box[1] + box[3]) / 2, text, **look)


def _range_in_figures(table):
    if table["is_in_range"].sum() == 1:
        return f"only {table['k'][table['is_in_range']].iloc[0]} in range"
    return f"range {listed(f'{first} to {last}' if last > first else str(first) for first, last in _runs(table))}"


def _runs(table):
    """Give the first and last number of topics of each unbroken part of the range."""
    parts = itertools.groupby(table[["k", "is_in_range"]].itertuples(index=False), key=lambda row: row.is_in_range)
    runs = [[row.k for row in rows] for is_in_range, rows in parts if is_in_range]
    return [(run[0], run[-1]) for run in runs]


def _points(trace):
    """Give points close together on a line through these, in the order of the line."""
    trace = trace[np.isfinite(trace[:, 1])]
    return np.linspace(trace[:-1], trace[1:], 24, axis=1).reshape(-1, 2) if len(trace) > 1 else trace


def _along(trace, other, width, area, taken):
    """Find a box for the name of a line, beside it and as far as can be from the other line; under both if need be."""
    boxes = [free_place(*point, width, area, taken) for point in trace[::8]]
    boxes = [box for box in boxes if box is not None] or [free_place(area[2] + 0.05, 0.1, width, area, taken)]
    gaps = [np.maximum(np.maximum(box[:2] - other, other - box[2:]), 0) for box in boxes]
    return boxes[np.argmax([np.hypot(*gap.T).min().round(2) for gap in gaps])]


def _beside(spot, width, area, taken):
    """Find the box nearest to a point for a value of this width; above the line there always is one."""
    spots = [*((spot[0], spot[1] + shift) for shift in SHIFTS), (spot[0], area[3] - 0.09)]
    boxes = [free_place(*some, width, area, taken) for some in spots]
    return min((box for box in boxes if box is not None), key=lambda box: np.abs((box[:2] + box[2:]) / 2 - spot).max())


def _draw_shares(page, x, y, wide, group, reach, *, is_first):
    """Draw the shares of one way in a square panel whose lower left corner is at these inches."""
    axes = page.axes(x, y, wide, wide)
    axes.set_xlim(0, reach)
    axes.set_ylim(0, reach)
    ticks = np.arange(0, reach + STEPS[reach] / 2, STEPS[reach])
    names = [percent(tick) if tick == ticks[-1] else f"{100 * tick:.0f}" for tick in ticks]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names if is_first else [""] * len(ticks), size=SMALL, color=MUTED)
    axes.grid()
    axes.plot([0, reach], [0, reach], color=ZERO, linewidth=1.1, zorder=2.5)
    scale, thick = (0.45, 0.7) if len(group) > MANY else (0.75, 0.9)
    group = _thinned(group)
    for is_held, (colour, mark) in zip((True, False), KEY.values(), strict=True):
        some = group[group["covered"] == is_held]
        if some.empty:
            continue
        pale = paler(paler(colour)) if len(group) > MANY and is_held else paler(colour)
        axes.vlines(some["planted"], some["low"], some["high"], color=pale, linewidth=thick, zorder=2)
        look = {"markersize": scale * SIZES[mark], "markeredgecolor": "white", "markeredgewidth": 0.3, "clip_on": False}
        axes.plot(some["planted"], some["estimate"], mark, color=colour, zorder=3 + (not is_held), **look)


def _thinned(shares):
    """Keep at most so many marks, evenly chosen from those held and missed."""
    shares = shares.sort_values(["covered", "planted", "estimate"], kind="stable")
    return shares.iloc[np.linspace(0, len(shares) - 1, min(len(shares), MOST_MARKS)).astype(int)]


def _ladder_title(table, chosen):
    """Tell the number chosen, whether more would last as well, and whether these last at all."""
    name, ranged = f"{in_words(chosen['k']).capitalize()} topics", table["k"][table["is_in_range"]]
    numbers = list(dict.fromkeys([ranged.min(), ranged.max()])) if len(ranged) else []
    within = " to ".join(in_words(k) if max(numbers) <= 10 else str(k) for k in numbers)
    is_over_chance = not chosen["stability"] <= chosen["line"]
    if chosen["is_in_range"] and is_over_chance and len(numbers) > 1 and chosen["k"] == numbers[-1]:
        more = "" if chosen["k"] < table["k"].max() else "; more were not tried"
        return f"{name}: the most that last when refitted, within a range of {within}{more}"
    if numbers and not chosen["is_in_range"]:
        name += f", though {within} last better"
    elif len(numbers) > 1:
        name += f", within a range of {within}"
    elif numbers and is_over_chance and len(table) > 1:
        name += " last best"
    if pd.isna(chosen["stability"]):
        return name
    by_chance = "" if pd.isna(chosen["line"]) else f", against {percent(chosen['line'])} for shuffled words"
    by_chance = by_chance if is_over_chance else ", no more than shuffled words"
    return f"{name}: fitted again, they keep {percent(chosen['stability'])} of their marking words{by_chance}"


def _coverage_title(ways):
    shares = [(f"the {way.way.replace(', ', ' with ')}", percent(way.coverage)) for way in ways.itertuples()]
    (first, share), *others = shares
    title = f"Intervals of {first} hold the planted share in {share} of cases"
    return title + "".join(f", those of {way} in {share}" for way, share in others[:1])


def _number(value, digits=2):
    """Write a measure, never as 1 unless it is."""
    if pd.isna(value):
        return "not measured"
    text = ">0.99" if 0.995 <= value < 1 else f"{value:.{digits}f}".replace("-", "−")
    return text.removeprefix("−") if float(text.strip("−>")) == 0 else text
