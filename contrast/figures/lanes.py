"""Draw rows of dots with a lane an outlet: the shares of topics, the rates of mentions and verbs."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from contrast.corpus import InputError, Problem
from contrast.figures.style import LABEL, MUTED, RULE, SIZES, SMALL, ZERO, Page, outlet_style
from contrast.figures.wording import listed, percent, whose

TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_LANES = 4
FEW = 20  # findings of an outlet: with fewer its shares are drawn pale
PERCENT = {0: "0", 0.25: "25", 0.5: "50", 0.75: "75", 1: "100%"}


def topic_shares(
    by_article: pd.DataFrame, by_outlet: pd.DataFrame, labels: dict[int, tuple[str, str]], source: str, *, caveat: str
) -> Figure:
    """
    Draw each topic's share of every article, and of each outlet: rows of dots, with the outlets' shares at the right.

    Parameters
    ----------
    by_article, by_outlet : DataFrame
        As `topics.prevalence` gives them. Of more than 40 articles the dots are the outlets'.
    labels : dict
        Topic -> (name, words under it).
    source, caveat : str
    """
    outlets = list(dict.fromkeys(by_outlet["outlet"]))
    wide = by_outlet.pivot(index="topic", columns="outlet", values="share")[outlets]
    topic = (wide.max(axis=1) - wide.min(axis=1)).round(9).idxmax()
    (first, part), *rest = wide.loc[topic].items()
    title = f"“{labels[topic][0]}” takes {percent(part)} of {whose(first)} counted words"
    title += "".join(f", {percent(share)} of {whose(outlet)}" for outlet, share in rest)
    many = by_article["article_id"].nunique() > 40
    what = "Each mark is an outlet" if many else "Each mark is one article"
    subtitle = (
        f"Share of the words counted: no stop words, no words of a single text. {what}; at the right, the outlet, "
        f"its articles weighing alike. {caveat}"
    )
    alt = f"Dots of {len(wide)} topics. {title}. " + " ".join(
        f"{labels[row.Index][0]}: "
        + ", ".join(f"{outlet} {percent(wide.loc[row.Index, outlet])}" for outlet in outlets)
        + "."
        for row in wide.itertuples()
    )
    marks = (by_outlet if many else by_article).rename(columns={"topic": "key", "share": "value"})
    values = {(topic, outlet): percent(wide.loc[topic, outlet]) for topic in wide.index for outlet in outlets}
    return _lanes((title, subtitle, source, alt), labels, marks, values, outlets, PERCENT)


def mention_rates(rates: pd.DataFrame, mentions: pd.DataFrame, source: str) -> Figure:
    """
    Draw how often each outlet mentions each target, per 1,000 words, on a square-root scale: rare things stay visible.

    Parameters
    ----------
    rates : DataFrame
        As `stance.rates` gives it by `label`, per words.
    mentions : DataFrame
        What it counts: the commonest names stand under each target.
    source : str
    """
    wide = rates.pivot(index="label", columns="outlet", values="rate")[list(dict.fromkeys(rates["outlet"]))]
    leading = wide.idxmax()
    if leading.nunique() == 1:
        label = leading.iloc[0]
        each = listed(f"{rate:.1f} in {outlet}" for outlet, rate in wide.loc[label].items())
        title = f"{label} is mentioned most: {each}, per 1,000 words"
    else:
        title = "; ".join(f"{outlet} mentions {label} most" for outlet, label in leading.items())
    subtitle = f"Mentions per 1,000 words, with 95% intervals over {over_units(rates['unit'])}. Square-root scale."
    source += " Never mentioned: the bar reaches to 3 mentions in all the outlet’s words."
    outlets = list(dict.fromkeys(rates["outlet"]))
    labels = {name: (name[:1].upper() + name[1:], _examples(mentions, name)) for name in dict.fromkeys(rates["label"])}
    marks = rates.rename(columns={"label": "key", "rate": "value"})
    top = marks[["value", "high"]].max().max()
    ticks = {tick: str(tick) for last, tick in itertools.pairwise((-1, *TICKS)) if last < top}
    values = {(row.key, row.outlet): f"{row.count:,}" for row in marks.itertuples(index=False)}
    spoken = []
    for name in list(labels)[:5]:
        by_outlet = (f"{row.outlet} {row.value:.1f}" for row in marks[marks["key"] == name].itertuples())
        spoken.append(f"{labels[name][0]}: {', '.join(by_outlet)}")
    alt = f"Dot plot with 95% intervals. {title}. " + "; ".join(spoken) + "."
    texts = (title, subtitle, source, alt)
    return _lanes(texts, labels, marks, values, outlets, ticks, square_root=True, heading="times")


def over_units(units: pd.Series) -> str:
    """Say over which units intervals are taken, and what that is worth."""
    return "sentences: they describe these texts, not the outlets" if "sentence" in set(units) else "articles"


def no_more_than_lanes(outlets: list[str]) -> None:
    """Refuse more outlets than have room in a row."""
    if len(outlets) > MOST_LANES:
        what = f"{len(outlets)} outlets have no room on one page, which holds {MOST_LANES}."
        raise InputError([Problem("outlets", None, what, "Use corpus.group_outlets first.")])


def draw_dot(axes: Axes, row, value: str, level: float, colour: str, mark: str) -> None:
    """Draw a row's value as a mark at this level, and its interval where it has one."""
    if not (pd.isna(row.low) or pd.isna(row.high)):
        axes.plot([row.low, row.high], [level, level], color=colour, linewidth=2.2, alpha=0.4)
    look = {"markersize": SIZES[mark], "markeredgecolor": "white", "clip_on": False}
    axes.plot(getattr(row, value), level, mark, color=colour, **look)


def _examples(mentions, label):
    """Name the commonest names of a target."""
    names = mentions[mentions["label"] == label]["name"].value_counts().rename_axis("name").reset_index()
    return ", ".join(names.sort_values(["count", "name"], ascending=[False, True])["name"].head(4))


def _lanes(texts, labels, marks, values, outlets, ticks, *, square_root=False, heading=""):
    """Draw rows of dots, a lane an outlet, on one scale; `marks` has key, outlet, value and, where known, low, high."""
    no_more_than_lanes(outlets)
    styles = outlet_style(outlets)
    scale = np.sqrt if square_root else np.asarray
    row, left = max(0.47, 0.17 * len(outlets) + 0.13), 2.35
    trial = Page("", "", "", "", 1)
    column = trial.column(outlets, most=2.4 / len(outlets))
    right = column * len(outlets) + 0.15
    page = Page(*texts, row * len(labels) + 0.62)
    axes = page.axes(left, 0, page.width - left - right, row * len(labels))
    marks = marks.reindex(columns=["key", "outlet", "value", "low", "high"])
    reach = max(max(ticks), marks[["value", "low", "high"]].max().max())
    axes.set_xlim(0, scale(reach) * (1 if max(ticks) == 1 else 1.02))
    axes.set_ylim(0, len(labels))
    inch = (page.width - left - right) / axes.get_xlim()[1]
    room = list(reversed(ticks))
    for tick in sorted(ticks)[1:-1]:  # from the smallest: one that leaves its neighbour no room goes
        above = room[room.index(tick) - 1]
        if (scale(above) - scale(tick)) * inch < 0.3:
            room.remove(tick)
    axes.set_xticks([scale(tick) for tick in room], [ticks[tick] for tick in room])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False)
    axes.grid(axis="x")
    axes.axvline(0, color=ZERO, linewidth=1.1)
    top = row * len(labels)
    page.key(left, top + 0.42, styles)
    if heading:
        page.write(page.width - 0.02, top + 0.36, heading, size=SMALL, colour=MUTED, align="right")
    for number, (key, (name, words)) in enumerate(labels.items()):
        base = len(labels) - 1 - number
        if number:
            axes.axhline(base + 1, color=RULE, linewidth=0.7)
        for lane, outlet in enumerate(outlets):
            colour, mark = styles[outlet]
            level = base + 1 - (lane + 1) / (len(outlets) + 1)
            own = marks[(marks["key"] == key) & (marks["outlet"] == outlet)]
            for dot in own.assign(**{name: scale(own[name]) for name in ("value", "low", "high")}).itertuples():
                draw_dot(axes, dot, "value", level, colour, mark)
            at = page.width - 0.02 - column * (len(outlets) - 1 - lane)
            text = values.get((key, outlet), "")
            page.write(at, row * (base + 0.5), text, align="right", weight="bold", colour=colour)
            if number == 0:
                short = page.shorten(outlet, SMALL, column - 0.1, "bold")
                page.write(at, top + 0.14, short, size=SMALL, align="right", weight="bold", colour=colour)
        middle, room = row * (base + 0.5), left - 0.15
        page.write(
            0, middle + (0.1 if words else 0), page.shorten(name, LABEL, room, "bold"), size=LABEL, weight="bold"
        )
        if words:
            page.write(0, middle - 0.1, page.shorten(words, SMALL, room), size=SMALL, colour=MUTED)
    return page.figure
