"""Draw whole vocabularies: every word by how often it is used and by whom, and the words that make the difference."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.marks import even_scale, free_place, name_sides, over, require_rows
from contrast.figures.style import (
    BODY,
    INSIDE,
    LABEL,
    MUTED,
    ON_WHITE,
    SIZES,
    SMALL,
    ZERO,
    Page,
    column_width,
    outlet_style,
    shorten,
    width_of,
)
from contrast.wording import number_of, percent, times_as_often
from contrast.words import WORDS_PER_UNIT

MOST_DOTS = 3000  # grey ones
WIDE = 2  # log ratio from which on a difference is told of even if it is not clear
TICKS = [unit * 10**power for power in range(10) for unit in (1, 2, 5)]
MANY = (2, 10)  # words with the same counts: from here on a larger dot
GREY, GREY_SIZES, SCALES = "#bcbfc3", (3.4, 4.8, 6.6), (0.72, 0.9, 1.1)  # points; of an outlet's mark
SHADE = "#f3f4f6"
LEFT, EDGE, TALL = 0.45, 1.05, 4.5  # inches: of the scale of uses, of a strip of words in one outlet alone; height
PANELS = {  # words of b alone, of both, of a alone -> inches from the left, and wide
    "b": (LEFT, EDGE),
    "": (LEFT + EDGE + 0.06, INSIDE - LEFT - 2 * EDGE - 0.12),
    "a": (INSIDE - EDGE, EDGE),
}
ZERO_AT = PANELS[""][0] + PANELS[""][1] / 2  # inches from the left: of the line of even
BY_ARTICLE = "q under 5%, the article as unit: about one in 20 of them may be chance"


def keyness_plane(
    keyness: pd.DataFrame, a: str, b: str, source: str, *, most: int = 24, chance: float | None = None
) -> Figure:
    """
    Draw every word by how often it is used and by how much more one outlet uses it; the leading ones are named.

    Words with the same counts are one dot. Those of one outlet alone stand in a strip at its edge.

    Parameters
    ----------
    keyness : DataFrame
        As `terms.keyness` gives it, in its order; with `flag`, if `terms.flag_terms` marked it.
    a, b : str
        The outlets of its columns.
    source : str
    most : int
        Dots named, the sure ones first, as far as there is room; the others only where few words share the dot.
    chance : float, optional
        The words that differ clearly in texts dealt out at random: the mean of `terms.sure_by_chance`.
    """
    require_rows(keyness=keyness)
    places = _places(keyness)
    drawn = _thinned(places, most)
    title = _plane_title(keyness, chance)
    rule = BY_ARTICLE if keyness["unit"].iloc[0] == "article" else f"95% intervals {over(keyness['unit'])}"
    if drawn["size"].any():
        source += " Larger dots: 2 to 9 words with the same counts, or 10 and more; “+3”: and 3 others."
    only = {"b": (b, (keyness["count_a"] == 0).sum()), "a": (a, (keyness["count_b"] == 0).sum())}
    alt = f"Scatter plot of words by uses and by ratio. {title}. Clear: {rule}. "
    alt += "".join(f"Only in {outlet}: {number_of(count, 'word')}. " for outlet, count in only.values())
    sure = keyness[keyness["sure"].astype(bool)].head(3)
    leading = "; ".join(f"“{word.printed}” {word.count_a:,} and {word.count_b:,} times" for word in sure.itertuples())
    alt += f"In {a} and {b}: {leading}." if leading else ""
    page = Page(title, _plane_subtitle(places, drawn, rule, chance), source, alt, TALL + 0.7)
    styles = dict(zip("ab", outlet_style([a, b]).values(), strict=True))
    reach = 1.05 * max(1.0, drawn["log_ratio"].abs().where(drawn["where"] == "", 0).max())
    low, high = places["uses"].min() / 1.4, places["uses"].max() * 1.5
    ticks = [tick for tick in TICKS if low < tick < high] or [places["uses"].max()]
    panels = _draw_panels(page, reach, (low, high), ticks)
    drawn = _place_dots(drawn, reach, low, high)
    _draw_dots(panels, drawn, styles)
    _name_dots(page, drawn, most, styles)
    page.write(LEFT - 0.1, TALL + 0.13, "uses", size=SMALL, colour=MUTED, align="right")
    name_sides(page, a, b, ZERO_AT, TALL + 0.37, PANELS[""][1] / 2)
    for (side, (outlet, count)), x, flush in zip(only.items(), (LEFT, INSIDE), ("left", "right"), strict=True):
        name = shorten(outlet, BODY, EDGE, "bold")
        page.write(x, TALL + 0.37, name, align=flush, weight="bold", colour=styles[side][0])
        page.write(x, TALL + 0.56, "only in", size=SMALL, colour=MUTED, align=flush)
        page.write(x, TALL + 0.13, number_of(count, "word"), size=SMALL, colour=MUTED, align=flush)
    return page.figure


def word_shift_bars(
    shift: pd.DataFrame, a: str, b: str, source: str, *, most: int = 15, chance: float | None = None
) -> Figure:
    """
    Draw the words that make most of the difference between two outlets, and what part of it each makes.

    Parameters
    ----------
    shift : DataFrame
        As `terms.word_shift` gives it, the largest part first.
    a, b : str
        The outlets of its columns: bars to the right for `a`, to the left for `b`.
    source : str
    most : int
        Words drawn.
    chance : float, optional
        The divergence, in bits, of texts dealt out at random: the mean of `terms.divergence_by_chance`.
    """
    rows, whole = shift[shift["bits"] > 0].head(most), shift["bits"].sum()
    title = _shift_title(rows, a, b, chance is not None and round(chance, 3) >= round(whole, 3))
    dealt = "" if chance is None else f"; texts dealt out at random give {chance:.3f}"
    subtitle = (
        f"The difference: {whole:.3f} bits of divergence (Jensen and Shannon’s: 0 if words are used alike, 1 if none "
        f"is shared){dealt}. Bars: the part of it that each word makes. At the right: uses per 1,000 counted words."
    )
    alt = f"Bars of {number_of(len(rows), 'word')}. {title}. Divergence: {whole:.3f} bits{dealt}. "
    alt += f"Part, and uses per 1,000 counted words in {a} and {b}: " if len(rows) else ""
    rates = [f"{_part(word.part)} ({_rate(word.share_a)} and {_rate(word.share_b)})" for word in rows[:3].itertuples()]
    alt += "; ".join(f"“{word}” {rate}" for word, rate in zip(rows["printed"], rates, strict=False))
    row, styles = 0.235, outlet_style([a, b])
    tall = row * max(len(rows), 1)
    page = Page(title, subtitle, source, alt, tall + 0.55)
    column = column_width((a, b)) + 0.06
    half = (INSIDE - 2 * column - 0.1) / 2
    inch = (half - 0.5) / rows["part"].max() if len(rows) else 1
    axes = page.axes(0, 0, 2 * half, tall)
    axes.set_xlim(-half / inch, half / inch)
    axes.set_ylim(-0.5, max(len(rows), 1) - 0.5)
    for number, word in enumerate(rows.itertuples()):
        level = len(rows) - 1 - number
        side, near, far = (1, "right", "left") if word.signed > 0 else (-1, "left", "right")
        y, end = row * (level + 0.5), side * word.part
        axes.barh(level, end, height=0.68, color=styles[a if side > 0 else b][0])
        page.write(half - 0.09 * side, y, shorten(word.printed, LABEL, half - 0.2), size=LABEL, align=near)
        page.write(half + inch * end + 0.06 * side, y, _part(word.part), size=SMALL, colour=MUTED, align=far)
        for place, share in ((INSIDE - column, word.share_a), (INSIDE - 0.02, word.share_b)):
            page.write(place, y, _rate(share), align="right")
    axes.axvline(0, color=ZERO, linewidth=1.1)
    name_sides(page, a, b, half, tall + 0.17, half)
    for outlet, x in ((a, INSIDE - column), (b, INSIDE - 0.02)):
        name = shorten(outlet, SMALL, column - 0.16, "bold")
        page.write(x, tall + 0.17, name, size=SMALL, align="right", weight="bold", colour=styles[outlet][0])
    page.write(INSIDE - 0.02, tall + 0.37, "uses per 1,000", size=SMALL, colour=MUTED, align="right")
    return page.figure


def _places(keyness):
    """Gather words with the same counts into one dot, the leading dots first."""
    sure = keyness["sure"].astype(bool)
    table = keyness.assign(sure=sure, flagged=sure & (keyness["flag"] != "" if "flag" in keyness else False))
    table["where"] = np.select([table["count_b"] == 0, table["count_a"] == 0], ["a", "b"], "")
    table["side"] = table["where"].where(table["where"] != "", np.where(table["log_ratio"] > 0, "a", "b"))
    table["unsure"], table["order"] = ~sure, range(len(table))
    groups = table.groupby(["count_a", "count_b", "sure", "flagged"], sort=False)
    places = groups.first().assign(words=groups.size()).reset_index()
    places = places.assign(uses=places["count_a"] + places["count_b"], size=np.digitize(places["words"], MANY))
    return places.sort_values(["unsure", "flagged", "order"]).reset_index(drop=True)


def _thinned(places, most):
    """Keep the sure dots, the leading ones, and of many others as many as can be drawn, evenly chosen."""
    grey = places[~places["sure"]].sort_values(["uses", "log_ratio"], kind="stable").index
    some = grey[np.unique(np.linspace(0, len(grey) - 1, MOST_DOTS).astype(int))] if len(grey) > MOST_DOTS else grey
    return places[places["sure"] | (places.index < most) | places.index.isin(some)]


def _draw_panels(page, reach, ends, ticks):
    """Draw the scales: of ratios, between the strips of words in one outlet alone; and of uses, shared by all three."""
    panels = {where: page.axes(x, 0, wide, TALL) for where, (x, wide) in PANELS.items()}
    even_scale(panels[""], reach, 1)
    for where, axes in panels.items():
        axes.set_ylim(*ends)
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_yticks(ticks, [f"{tick:,}" if where == "b" else "" for tick in ticks], size=SMALL, color=MUTED)
        axes.grid(axis="y")
        axes.set_facecolor(SHADE if where else "white")
        axes.set_xlim((0, EDGE) if where else (-reach, reach))
    return panels


def _place_dots(drawn, reach, low, high):
    """Place the dots: `at` a ratio or, in a strip, an inch of it; `x` and `y` in inches of the page."""
    where, inch = drawn["where"], PANELS[""][1] / (2 * reach)
    at = np.select([where == "a", where == "b"], [EDGE - 0.1, 0.1], drawn["log_ratio"])
    starts = where.map({panel: start for panel, (start, _) in PANELS.items()})
    x = np.where(where == "", ZERO_AT + inch * at, starts + at)
    y = TALL * np.log(drawn["uses"].to_numpy() / low) / np.log(high / low)
    return drawn.assign(at=at, x=x, y=y)


def _draw_dots(panels, drawn, styles):
    """Draw the dots, those that look alike at once."""
    kinds = ["where", "sure", "flagged", "side", "size"]
    for (where, sure, hollow, side, size), dots in drawn.groupby(kinds):
        colour, mark = styles[side] if sure else (GREY, "o")
        edge = {"markerfacecolor": "white"} if hollow else {"markeredgecolor": "white", "markeredgewidth": 0.4}
        look = edge | {"markersize": SIZES[mark] * SCALES[size] if sure else GREY_SIZES[size], "clip_on": False}
        panels[where].plot(dots["at"], dots["uses"], mark, color=colour, zorder=2 + sure, **look)


def _name_dots(page, drawn, most, styles):
    """Name the leading dots, each beside it if a place is free there."""
    x, y, half = drawn["x"], drawn["y"], 0.04 + 0.01 * drawn["size"]
    even = (ZERO_AT - 0.02, 0, ZERO_AT + 0.02, TALL)
    taken = np.vstack([np.column_stack([x - half, y - half, x + half, y + half]), even])
    for dot in drawn.head(most).itertuples():
        start, wide = PANELS[dot.where]
        more = f" +{dot.words - 1:,}" if dot.words > 1 else ""
        name = shorten(dot.printed, SMALL, (wide if dot.where else 1.6) - 0.26 - width_of(more, SMALL)) + more
        area = np.array([start, 0, start + wide, TALL])
        box = free_place(dot.x, dot.y, width_of(name, SMALL), area, taken)
        if box is not None and (dot.sure or dot.words < MANY[1] / 2):
            taken = np.vstack([taken, box])
            colour = styles[dot.side][0] if dot.sure else MUTED
            page.write(box[0] + 0.02, (box[1] + box[3]) / 2, name, size=SMALL, colour=colour)
            page.figure.texts[-1].set_bbox(ON_WHITE | {"facecolor": SHADE if dot.where else "white"})


def _plane_title(keyness, chance):
    both = keyness[(keyness["count_a"] > 0) & (keyness["count_b"] > 0)]
    sure = both["sure"].astype(bool)
    if both.empty:
        return f"Of {number_of(len(keyness), 'word')} none is used by both outlets"
    wide = ((both["log_ratio"].abs().round(9) >= WIDE) & ~sure).sum()
    differ = f"{sure.sum():,} differ{'s' if sure.sum() == 1 else ''}" if sure.any() else "none differs"
    title = f"Of {number_of(len(both), 'word')} that both use, {differ} clearly"
    if sure.any() and chance is not None and chance >= sure.sum():
        title += ", no more than chance gives"
    others = number_of(wide, "other") if sure.any() else f"{wide:,}"
    others += f" differ{'s' if wide == 1 else ''} {times_as_often(WIDE)} or more, but not clearly"
    return f"{title}; {others}" if wide else title


def _plane_subtitle(places, drawn, rule, chance):
    subtitle = (
        "Each dot is a word, or several with the same counts. Across: how many times as often an outlet uses it, per "
        f"word of text. Upwards: its uses in both together, on a log scale. In colour: clear differences ({rule})."
    )
    if chance is not None:
        subtitle += f" With the texts dealt out at random {chance:.1f} words would be in colour, on average."
    if drawn["flagged"].any():
        subtitle += " Hollow: an outlet’s own name, page furniture, or a word mostly of one phrase or article."
    if len(drawn) < len(places):
        subtitle += f" Of {(~places['sure']).sum():,} grey dots {(~drawn['sure']).sum():,} are drawn, evenly chosen."
    return subtitle


def _shift_title(rows, a, b, by_chance):
    if rows.empty:
        return f"No word makes a difference between {a} and {b}"
    first, count = rows.iloc[0], len(rows)
    some = f"{count} words make" if count > 1 else f"“{first['printed']}” makes"
    title = f"{some} {_part(rows['part'].sum())} of the difference between {a} and {b}"
    alone = f"; “{first['printed']}” alone {_part(first['part'])}" if count > 1 else ""
    return title + (", which is no larger than chance gives" if by_chance else alone)


def _part(share):
    return f"{share:.1%}" if 0.0005 <= share < 0.0995 else "<0.1%" if 0 < share < 0.0005 else percent(share)


def _rate(share):
    rate = WORDS_PER_UNIT * share
    return f"{rate:.1f}" if rate >= 0.05 else "<0.1" if rate else "0"
