"""Draw what share of each outlet's words a topic takes, and which topics last when they are found again."""

import math
from collections.abc import Collection

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.lanes import LEFT, draw_lanes, write_label
from contrast.figures.marks import PERCENT, no_more_than_lanes, require_rows
from contrast.figures.style import (
    BAR,
    INK,
    INSIDE,
    MUTED,
    ON_WHITE,
    OTHER_COLOUR,
    RULE,
    SMALL,
    ZERO,
    Page,
    paler,
    width_of,
)
from contrast.wording import in_line, in_words, listed, number_of, percent, whose

SURE = 0.05  # q under which a difference is told of
STEPS, MOST_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25), 4  # of a scale of shares
LOST = "does not last"
MEASURE = "Share of the words counted (no stop words, no words of a single text), articles weighing alike"
ROW, PILE = 0.5, 0.25  # inches: of a topic's row, of a pile of equal dots
FOOT, OVER = 0.06, 0.39  # inches above the row's foot: the lowest dot, the mean
SIDE = 5  # dots in a side of a pile, at least


def topic_shares(
    shares: pd.DataFrame,
    labels: dict[int, tuple[str, str]],
    source: str,
    *,
    caveat: str,
    unstable: Collection[int] = (),
    differences: pd.DataFrame | None = None,
    unit: str = "article",
) -> Figure:
    """
    Draw each topic's share of each outlet's words: a row a topic, a lane an outlet, with the shares at the right.

    Of three or four outlets a tick shows the mean. The title tells of the topic that differs most among those that
    differ reliably (q under 5 %).

    Parameters
    ----------
    shares : DataFrame
        A row an outlet and topic: `outlet`, `topic`, `share` (0 to 1), `low`, `high` (95 %, missing where there is no
        interval), `reason` (why there is none, or "").
    labels : dict
        Topic -> (name, words under it), in the order drawn.
    source, caveat : str
        The caveat ends the subtitle.
    unstable : collection of int
        Topics that do not last when refitted: grey, and without interval.
    differences : DataFrame, optional
        A row a pair of outlets and topic: `a`, `b`, `topic`, `difference` (share in `a` less share in `b`), `q`
        (missing where nothing was tested).
    unit : str
        What the intervals were drawn over: "article", "story", "day" or "week".

    Raises
    ------
    InputError
        More outlets than a row has lanes.
    """
    require_rows(shares=shares)
    outlets = list(dict.fromkeys(shares["outlet"]))
    no_more_than_lanes(outlets)
    wide = shares.pivot(index="topic", columns="outlet", values="share")[outlets]
    unstable = {topic for topic in labels if topic in set(unstable)}
    lasts = ~shares["topic"].isin(unstable)
    tested = _tested(differences, outlets, unstable)
    names = _quoted(labels)
    title = _shares_title(wide[~wide.index.isin(unstable)], tested, names)
    ends = shares[["low", "high"]].where(lasts)
    subtitle = _shares_subtitle(shares[lasts], tested, unit, len(unstable), caveat)
    kind = "Dots with 95% intervals" if ends.notna().any(axis=None) else "Dots"
    alt = f"{kind}: {number_of(len(labels), 'topic')}, {number_of(len(outlets), 'outlet')}. {title}. {caveat}"
    for what, some in (("Differ reliably", _clear(tested)["topic"]), ("Do not last", unstable)):
        told = [names[topic] for topic in labels if topic in set(some)]
        alt += f" {what}: {listed(told)}." if told else ""
    for topic, name in names.items():
        told = (f"{in_line(outlet)} {percent(share)}" for outlet, share in wide.loc[topic].dropna().items())
        alt += f" {name}: {', '.join(told)}."
    marks = shares.assign(low=ends["low"], high=ends["high"]).rename(columns={"topic": "key", "share": "value"})
    values = {(row.key, row.outlet): percent(row.value) for row in marks.dropna(subset="value").itertuples()}
    return draw_lanes(
        (title, subtitle, source, alt),
        labels,
        marks,
        values,
        outlets,
        _ticks(marks[["value", "high"]].max().max()),
        means=wide.mean(axis=1).to_dict() if len(outlets) > 2 else None,
        grey=unstable,
        note=LOST,
    )


def stability_strip(
    stability: pd.DataFrame,
    refits: pd.DataFrame,
    labels: dict[int, tuple[str, str]],
    source: str,
    *,
    caveat: str,
    unit: str = "article",
) -> Figure:
    """
    Draw how much of its marking words each topic keeps when it is found again: a dot a refit, above them the mean.

    Parameters
    ----------
    stability : DataFrame
        A row a topic: `topic`, `overlap` (the part of its ten marking words that it keeps, mean over refits, 0 to 1),
        `line` (what a topic that lasts keeps more than; the same in every row), `is_stable` (overlap over the line),
        `repeats` (how many refits), and, if that is not the line, `shuffled` (what topics of shuffled words keep).
    refits : DataFrame
        A row a topic and refit: `topic`, `refit`, `overlap`.
    labels : dict
        Topic -> (name, words under it), in the order drawn.
    source, caveat : str
        The caveat ends the subtitle.
    unit : str
        What the model was fitted to: "article" or "paragraph".
    """
    require_rows(stability=stability, refits=refits)
    rows = stability.set_index("topic").loc[list(labels)]
    names, repeats, line = _quoted(labels), int(rows["repeats"].max()), rows["line"].iloc[0]
    shuffled = rows["shuffled"].iloc[0] if "shuffled" in rows else line
    is_chance = shuffled >= line
    title = _strip_title(rows["is_stable"], line, is_chance)
    limit = f"words shuffled: {percent(line)}" if is_chance else f"to last: over {percent(line)}"
    by_chance = "" if is_chance else f"Dashed: topics of shuffled words, {percent(shuffled)}. "
    subtitle = (
        f"Topics refitted to 80% of the {unit}s (1,500 at most), {number_of(repeats, 'time')}. Dots: the part of a "
        f"topic’s ten marking words that a refit keeps; the bar above: their mean. {by_chance}{caveat}"
    ).rstrip()
    alt = f"Strips of dots: {number_of(len(rows), 'topic')}, {number_of(repeats, 'refit')}. {title} ({limit})."
    alt += f" {by_chance}{caveat}"
    for row in rows.itertuples():
        alt += f" {names[row.Index]}: {percent(row.overlap)}{'' if row.is_stable else f', {LOST}'}."
    page = Page(title, subtitle, source, alt, ROW * len(rows) + 0.62)
    tall, aside = ROW * len(rows), 0 if rows["is_stable"].all() else width_of(LOST, SMALL, "bold") + 0.12
    wide = INSIDE - LEFT - 0.65 - aside
    axes = _draw_parts(page, wide, tall, line)
    if not is_chance:
        axes.plot([shuffled, shuffled], [0, tall], "--", color=INK, linewidth=1, zorder=1)
    page.write(LEFT + wide * line, tall + 0.38, limit, size=SMALL, weight="bold", align="center")
    page.write(INSIDE - aside - 0.02, tall + 0.14, "mean", size=SMALL, colour=MUTED, align="right")
    for number, row in enumerate(rows.itertuples()):
        foot = tall - ROW * (number + 1)
        if number:
            axes.axhline(foot + ROW, color=RULE, linewidth=0.7)
        colour, ink = (BAR, INK) if row.is_stable else (OTHER_COLOUR, OTHER_COLOUR)
        _draw_piles(axes, foot + FOOT, refits.loc[refits["topic"] == row.Index, "overlap"], paler(colour), wide)
        axes.plot([row.overlap] * 2, [foot + OVER - 0.09, foot + OVER + 0.09], color=colour, linewidth=3, clip_on=False)
        y = foot + ROW / 2
        page.write(INSIDE - aside - 0.02, y, percent(row.overlap), weight="bold", colour=ink, align="right")
        if not row.is_stable:
            page.write(INSIDE - 0.02, y, LOST, size=SMALL, weight="bold", colour=ink, align="right")
        write_label(page, y, *labels[row.Index], grey=not row.is_stable)
    return page.figure


def _quoted(labels):
    """Put each name in quotation marks, those within it single."""
    return {topic: f"“{in_line(name.replace('“', '‘').replace('”', '’'))}”" for topic, (name, _) in labels.items()}


def _tested(differences, outlets, unstable):
    """Keep the differences between these outlets that were tested, the widest first."""
    if differences is None:
        return pd.DataFrame(columns=["a", "b", "topic", "difference", "q"])
    known = differences["a"].isin(outlets) & differences["b"].isin(outlets) & differences["q"].notna()
    rows = differences[known & ~differences["topic"].isin(unstable)]
    rows = rows.assign(gap=rows["difference"].abs().round(9))
    return rows.sort_values(["gap", "topic"], ascending=[False, True], kind="stable")


def _clear(tested):
    return tested[tested["q"] < SURE]


def _shares_title(wide, tested, names):
    if wide.empty:
        return f"None of {in_words(len(names))} topics lasts when refitted"
    if tested.empty:
        gap = (wide.max(axis=1) - (wide.min(axis=1) if wide.shape[1] > 1 else 0)).round(9)
        topic, sides = gap.idxmax(), wide.loc[gap.idxmax()].dropna()
    else:
        clear = _clear(tested)
        first = (tested if clear.empty else clear).iloc[0]
        topic, sides = first["topic"], wide.loc[first["topic"], [first["a"], first["b"]]]
        if clear.empty:
            one, other = (f"{percent(share)} of {whose(in_line(outlet))}" for outlet, share in sides.items())
            return f"No topic’s share differs reliably: the widest is {names[topic]}, {one} average article and {other}"
    (outlet, share), *rest = sides.items()
    title = f"{names[topic]} takes {percent(share)} of {whose(in_line(outlet))} average article"
    return title + "".join(f", {percent(share)} of {whose(in_line(outlet))}" for outlet, share in rest)


def _shares_subtitle(shares, tested, unit, unstable, caveat):
    """Say what is measured, over what the intervals are taken, and why some are not there."""
    has = shares.dropna(subset=["low", "high"])
    units = "stories" if unit == "story" else f"{unit}s"
    told = [MEASURE + (f", with 95% intervals over {units}." if len(has) else ".")]
    without = shares[~shares["outlet"].isin(has["outlet"])].drop_duplicates("outlet")
    if len(without):
        reasons = (
            f"{in_line(row.outlet)} ({row.reason})" if row.reason else row.outlet for row in without.itertuples()
        )
        told.append(f"No interval: {listed(reasons)}.")
    if len(tested):
        clear, topics = _clear(tested)["topic"].nunique(), tested["topic"].nunique()
        some = f"{in_words(clear).capitalize()} of {in_words(topics)} topics differ{'' if clear > 1 else 's'} reliably"
        told.append(f"{some} (q under 5%)." if clear else "Reliably: q under 5%.")
    if unstable:
        told.append("Grey: topics that do not last when refitted.")
    return " ".join([*told, caveat]).rstrip()


def _ticks(reach):
    """Divide a scale of shares so that it ends at the next round share: place -> text."""
    step = next((step for step in STEPS if reach <= MOST_STEPS * step + 1e-9), STEPS[-1])
    count = max(1, math.ceil(reach / step - 1e-9))
    return {round(step * i, 2): f"{100 * step * i:.0f}" + "%" * (i == count) for i in range(count + 1)}


def _strip_title(is_stable, line, is_chance):
    lasting, count = int(is_stable.sum()), len(is_stable)
    some = "All" if lasting == count else f"{in_words(lasting).capitalize() if lasting else 'None'} of"
    who = f"{some} {in_words(count)} topics" if count > 1 else "The one topic"
    who = "Both topics" if lasting == count == 2 else who
    keep, its = ("keep", "their") if lasting > 1 else ("keeps", "its")
    more = f"{keep} more" if lasting or count > 1 else f"{keep} no more"
    if is_chance:
        return f"{who} {more} of {its} words on average than the {percent(line)} that topics of shuffled words keep"
    return f"{who} {more} than {percent(line)} of {its} words on average"


def _draw_parts(page, wide, tall, line):
    """Draw a scale of parts of a topic's words, and on it the line that a topic has to pass; give the axes."""
    axes = page.axes(LEFT, 0, wide, tall)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, tall)
    axes.vlines(list(PERCENT), 0, tall, color=[RULE if tick else ZERO for tick in PERCENT], linewidth=0.8, zorder=0)
    axes.plot([line, line], [0, tall + 0.28], color=INK, linewidth=1.3, zorder=1, clip_on=False)
    for tick, text in PERCENT.items():
        page.write(LEFT + wide * tick, tall + 0.14, text, size=SMALL, colour=MUTED, align="center")
        page.figure.texts[-1].set_bbox(ON_WHITE)
    return axes


def _draw_piles(axes, foot, overlaps, colour, wide):
    """Draw a dot a refit, equal ones piled upon each other."""
    piles = _piles(overlaps)
    size = 72 * PILE / piles["side"].max()
    look = {"markersize": size, "markeredgewidth": 0.1 * size, "markeredgecolor": "white", "clip_on": False}
    axes.plot(piles["overlap"] + piles["x"] / wide, foot + piles["y"], "o", color=colour, **look)


def _piles(overlaps):
    """Pile up equal values from the foot of their row, side by side where they are many; x and y in inches."""
    piles = overlaps.round(9).sort_values().to_frame()
    groups = piles.groupby("overlap")["overlap"]
    place, count = groups.cumcount(), groups.transform("size")
    side = max(SIDE, math.ceil(math.sqrt(count.max())))
    step, columns = PILE / side, (count + side - 1) // side
    return piles.assign(x=step * (place // side - (columns - 1) / 2), y=step * (place % side + 0.5), side=side)
