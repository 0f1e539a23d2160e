"""Draw what a comparison finds where there is nothing to find, and how much of what is there it finds."""

import itertools

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.marks import draw_dot, require_rows
from contrast.figures.style import (
    BAR,
    INK,
    INSIDE,
    LABEL,
    MUTED,
    OTHER_COLOUR,
    RULE,
    SMALL,
    ZERO,
    Page,
    column_width,
    shorten,
    width_of,
)
from contrast.wording import listed, percent

RIGHT = 0.05  # the share of chance differences that a test at 5 % should call


def false_alarm_dots(alarms: pd.DataFrame, source: str) -> Figure:
    """
    Draw in how many pairs of sides that do not differ each measure still calls a word different.

    Parameters
    ----------
    alarms : DataFrame
        As `terms.false_alarms` or `terms.split_in_halves` gives it: `measure`, `false_share`,
        `splits_with_survivor` with `low`, `high` (95 %) and, where it is there, `outlet`.
    source : str
    """
    require_rows(alarms=alarms)
    groups = list(alarms.groupby("outlet", sort=False)) if "outlet" in alarms else [("", alarms)]
    mean = alarms.groupby("measure", sort=False)[["false_share", "splits_with_survivor"]].mean()
    ours, others = mean.iloc[0], mean.iloc[1:]
    title = (
        f"With nothing to find, {listed(others.index)} {'call' if len(others) > 1 else 'calls'} words different in "
        f"{listed(percent(share) for share in others['splits_with_survivor'])} of pairs, "
        f"the {mean.index[0]} in {percent(ours['splits_with_survivor'])}"
    )
    subtitle = (
        "Dots: pairs in which a word is called different, after correction for the number of words (q under 5%), with "
        "95% intervals; 5% at most is right (line). At the right: words with p under 5%, before it, where 5% is right."
    )
    alt = f"Dots with 95% intervals of {len(alarms)} shares. {title}. Words with p under 5%: " + ", ".join(
        f"{name} {row['false_share']:.1%}" for name, row in mean.iterrows()
    )
    alt += "."
    row, head, right = 0.27, 0.3, 1.75
    left = column_width(mean.index, size=LABEL, weight="normal", most=2)
    tall = sum(row * len(part) + (head if name else 0.05) for name, part in groups)
    page = Page(title, subtitle, source, alt, tall + 0.5)
    axes = page.axes(left, 0, INSIDE - left - right, tall)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(0, tall)
    axes.axvline(RIGHT, color=ZERO, linewidth=1.1)
    ticks = [0, RIGHT, 0.25, 0.5, 0.75, 1]
    axes.set_xticks(ticks, ["", percent(RIGHT), *map(percent, ticks[2:])])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, labelsize=SMALL, length=0)
    y = tall
    for name, part in groups:
        y -= head if name else 0.05
        if name:
            page.write(0, y + 0.12, shorten(name, LABEL, INSIDE - right, "bold"), size=LABEL, weight="bold")
        for one in part.itertuples():
            y -= row
            middle = y + row / 2
            colour = BAR if one.measure == mean.index[0] else OTHER_COLOUR
            axes.plot([0, 1], [middle, middle], color=RULE, linewidth=0.6, zorder=0)
            draw_dot(axes, one, "splits_with_survivor", middle, colour, "o")
            page.write(0, middle, one.measure, size=LABEL)
            page.write(INSIDE - 0.8, middle, percent(one.splits_with_survivor), align="right", weight="bold")
            page.write(INSIDE - 0.02, middle, f"{one.false_share:.1%}", size=SMALL, colour=MUTED, align="right")
    for x, first, second in ((0.8, "pairs with a", "false word"), (0.02, "words with", "p under 5%")):
        page.write(INSIDE - x, tall + 0.36, first, size=SMALL, colour=MUTED, align="right")
        page.write(INSIDE - x, tall + 0.19, second, size=SMALL, colour=MUTED, align="right")
    return page.figure


def power_curves(planted: dict[str, pd.DataFrame], source: str) -> Figure:
    """
    Draw how many of the planted differences are found, by the number of articles.

    Parameters
    ----------
    planted : dict
        What was planted, "twice as often" -> table as `terms.planted_differences` gives it; two or three of them.
    source : str
    """
    require_rows(**planted)
    (name, first), *_ = planted.items()
    few, many = first.iloc[0], first.iloc[-1]
    title = (
        f"A word used {name} is found in {percent(few['found'])} of cases with {few['articles']:.0f} articles a side, "
        f"in {percent(many['found'])} with {many['articles']:.0f}"
    )
    subtitle = "Share of planted words that the article-level test finds (q under 5%), by the articles of each outlet, "
    subtitle += "with 95% intervals."
    alt = f"Lines. {title}. " + " ".join(
        f"Used {what}: {listed(f'{percent(row.found)} at {row.articles}' for row in table.itertuples())} articles."
        for what, table in planted.items()
    )
    page = Page(title, subtitle, source, alt, 2.9)
    widest = max(width_of(what, LABEL, "bold") for what in planted)
    axes = page.axes(0.5, 0.35, INSIDE - 0.5 - widest - 0.25, 2.4)
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100%"], color=MUTED)
    axes.grid(axis="y")
    sizes = first["articles"].tolist()
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_xlim(sizes[0] * 0.85, sizes[-1] * 1.15)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.tick_params(labelsize=SMALL, length=0)
    levels = []
    looks = zip((BAR, OTHER_COLOUR, INK), (9.5, 6.5, 4.5), strict=True)  # the later mark lies on the earlier
    for (what, table), (colour, size) in zip(planted.items(), looks, strict=False):
        axes.vlines(table["articles"], table["low"], table["high"], color=colour, linewidth=2.2, alpha=0.4)
        axes.plot(table["articles"], table["found"], "-o", color=colour, markeredgecolor="white", markersize=size)
        levels.append([0.35 + 2.4 * (table["found"].iloc[-1] + 0.04) / 1.08, what, colour])
    levels.sort()
    for below, above in itertools.pairwise(levels):
        above[0] = max(above[0], below[0] + 0.2)
    for y, what, colour in levels:
        page.write(INSIDE - widest - 0.1, y, what, size=LABEL, weight="bold", colour=colour)
    page.write(0.5, 0.02, "articles of each outlet", size=SMALL, colour=MUTED)
    return page.figure
