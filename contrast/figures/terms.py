"""Draw which words set outlets apart, and where in the articles they stand."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.marks import even_scale, name_sides, over, require_rows
from contrast.figures.style import (
    BODY,
    INSIDE,
    LABEL,
    MUTED,
    ON_WHITE,
    SIZES,
    SMALL,
    Page,
    column_width,
    outlet_style,
    paler,
    shorten,
    width_of,
    wrap,
)
from contrast.wording import listed, number_of, whose
from contrast.words import WORDS_PER_UNIT

STRIPS = 6  # articles drawn under each word
ROW, LINE = 0.235, 0.18  # inches: of a word’s row, of a line of the words in one outlet alone


def keyness_dots(
    keyness: pd.DataFrame, a: str, b: str, source: str, *, most: int = 9, chance: float | None = None
) -> Figure:
    """
    Draw the words that set two outlets apart, with intervals and counts; words of one outlet alone are listed.

    Parameters
    ----------
    keyness : DataFrame
        As `terms.keyness` gives it, in its order.
    a, b : str
        The outlets of its columns.
    source : str
    most : int
        Words drawn a side.
    chance : float, optional
        The words that differ clearly in texts dealt out at random: the mean of `terms.sure_by_chance`.
    """
    require_rows(keyness=keyness)
    both = keyness[(keyness["count_a"] > 0) & (keyness["count_b"] > 0)]
    sure = both[both["sure"].astype(bool)]
    rows = _leading(both, most)
    title = _keyness_title(both, sure, a, b)
    subtitle = _keyness_subtitle(keyness, both, sure, chance)
    leading = "; ".join(f"“{row.printed}” {row.count_a} and {row.count_b} times" for row in sure.head(3).itertuples())
    alt = f"Dot plot with 95% intervals {over(keyness['unit'])}, of {len(rows)} words. {title}. " + (
        f"Not pale, in {a} and {b}: {leading}." if leading else "All are pale."
    )
    names = {outlet: shorten(outlet, BODY, 1.4, "bold") for outlet in (a, b)}
    indent = max(width_of(f"Only in {name}:", BODY, "bold") for name in names.values()) + 0.15
    only = {a: _only(keyness, "count_a", "count_b"), b: _only(keyness, "count_b", "count_a")}
    lists = {outlet: wrap(text, BODY, INSIDE - indent) for outlet, text in only.items()}
    below = LINE * sum(len(lines) for lines in lists.values()) + 0.3
    tall = ROW * max(len(rows), 1)
    page = Page(title, subtitle, source, alt, tall + below + 0.62)
    styles = outlet_style([a, b])
    column = column_width((a, b), most=1.1)
    ends = {a: INSIDE - column, b: INSIDE - 0.02}
    half = (INSIDE - 2 * column - 0.1) / 2
    axes = page.axes(0.05, below, 2 * half, tall)
    reach = _reach(rows, half)
    even_scale(axes, reach, len(rows))
    for number, word in enumerate(rows.itertuples()):
        level = len(rows) - 1 - number
        _draw_word(axes, word, level, styles[a if word.log_ratio > 0 else b], 0.08 * reach / half)
        for end, count in zip(ends.values(), (word.count_a, word.count_b), strict=True):
            page.write(end, below + ROW * (level + 0.5), f"{count:,}", align="right")
    top = below + tall + 0.3
    name_sides(page, a, b, 0.05 + half, top, half)
    for outlet, end in ends.items():
        name = shorten(outlet, SMALL, column - 0.1, "bold")
        page.write(end, top, name, size=SMALL, weight="bold", colour=styles[outlet][0], align="right")
    page.write(INSIDE - 0.02, top + 0.19, "times used", size=SMALL, colour=MUTED, align="right")
    y = below - 0.24
    for outlet, lines in lists.items():
        page.write(0, y, f"Only in {names[outlet]}:", weight="bold", colour=styles[outlet][0])
        for number, line in enumerate(lines):
            page.write(indent, y - LINE * number, line)
        y -= LINE * len(lines) + 0.04
    return page.figure


def dispersion(lines: pd.DataFrame, articles: pd.DataFrame, source: str) -> Figure:
    """
    Draw where in each article words occur: a strip an article, a tick a use.

    Parameters
    ----------
    lines : DataFrame
        `concordance` of some words, joined, with a column `term`; drawn in its order.
    articles : DataFrame
        With `outlet`. Of more than `STRIPS`, those of each outlet that use a word most are drawn.
    source : str
    """
    require_rows(lines=lines, articles=articles)
    styles = outlet_style(list(dict.fromkeys(articles["outlet"])))
    terms = list(dict.fromkeys(lines["term"]))
    uses = lines.groupby(["term", "article_id"]).size()
    single = [term for term in terms if len(uses[term]) == 1]
    title = _dispersion_title(terms[0], uses[terms[0]])
    subtitle = "Each strip is an article from its first word to its last; each tick is one use of the word."
    if len(articles) > STRIPS:
        subtitle += f" Of each outlet, the {STRIPS // 2} articles that use it most."
    alt = (
        f"Dispersion strips of {number_of(len(terms), 'word')}. {title}. "
        + " ".join(f"“{t}”: {uses[t].sum()} uses in {number_of(len(uses[t]), 'article')}." for t in terms[:4])
        + (f" In one article alone: {listed([f'“{t}”' for t in single])}." if single else "")
    )
    shown = {}
    for term in terms:
        order = pd.DataFrame({"uses": uses[term].reindex(articles.index).fillna(0), "outlet": articles["outlet"]})
        if len(order) > STRIPS:
            order = order.sort_values("uses", ascending=False, kind="stable").groupby("outlet").head(STRIPS // 2)
        shown[term] = [article_id for article_id in articles.index if article_id in order.index]
    strip, head = 0.17, 0.3
    height = sum(head + strip * len(ids) for ids in shown.values())
    page = Page(title, subtitle, source, alt, height)
    left, right = column_width(articles.index.astype(str), weight="normal", least=0.95, most=1.6), 0.55
    axes = page.axes(left, 0, INSIDE - left - right, height)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, height)
    y = height
    for term, ids in shown.items():
        y -= head
        page.write(0, y + 0.11, f"“{term}”", size=LABEL, weight="bold")
        page.write(INSIDE - 0.02, y + 0.11, "uses", size=SMALL, colour=MUTED, align="right")
        for article_id in ids:
            y -= strip
            middle = y + strip / 2
            colour, _ = styles[articles.loc[article_id, "outlet"]]
            axes.fill_between([0, 1], y + 0.025, y + strip - 0.025, color="#eef0f2", linewidth=0)
            here = lines[(lines["term"] == term) & (lines["article_id"] == article_id)]
            axes.vlines(here["position"], y + 0.025, y + strip - 0.025, color=colour, linewidth=2)
            page.write(0, middle, shorten(str(article_id), SMALL, left - 0.1), size=SMALL, colour=colour)
            weight = "bold" if len(here) else "normal"
            page.write(INSIDE - 0.02, middle, str(len(here)), size=SMALL, align="right", weight=weight)
    return page.figure


def _leading(both, most):
    """Give the leading words of each side, the most of the first outlet first and those of the other last."""
    sides = [both[both["log_ratio"] > 0].head(most), both[both["log_ratio"] < 0].head(most)]
    sides = [side.sort_values(["log_ratio", "term"], ascending=[False, True]) for side in sides]
    rows = pd.concat(sides, ignore_index=True)
    return rows.assign(printed=[shorten(word, LABEL, 1.6) for word in rows["printed"]])


def _draw_word(axes, word, level, style, gap):
    """Draw a word’s ratio with its interval, and beyond even, this far from the interval, the word itself."""
    colour, mark = style
    colour = colour if word.sure else paler(colour)
    axes.plot([word.low, word.high], [level, level], color=colour, linewidth=2.2, alpha=0.4)
    axes.plot(word.log_ratio, level, mark, color=colour, markersize=SIZES[mark], markeredgecolor="white")
    side, align = (-1, "right") if word.log_ratio > 0 else (1, "left")
    x = side * (_far_side(word) + gap)
    axes.text(x, level, word.printed, ha=align, va="center_baseline", fontsize=LABEL, bbox=ON_WHITE)


def _reach(rows, half):
    """Find how far the scale must go, in log2, for every interval and the word beyond it to stay on the axes."""
    reach = max(1.0, np.nanmax(np.abs(rows[["low", "high", "log_ratio"]].to_numpy()), initial=1.0) * 1.04)
    for word in rows.itertuples():
        room = half - width_of(word.printed, LABEL) - 0.16
        reach = max(reach, _far_side(word) * half / max(room, 0.2 * half))
    return reach


def _far_side(word):
    """Give how far a word's interval goes beyond even, on the side where the word itself is written."""
    beyond = -word.low if word.log_ratio > 0 else word.high
    return max(0.0, 0.0 if np.isnan(beyond) else beyond)


def _keyness_title(both, sure, a, b):
    if len(sure) == 0:
        return f"None of the {len(both)} words that {a} and {b} share is used clearly more by either"
    word = sure.iloc[0]
    more, less = (("a", a), ("b", b)) if word["log_ratio"] > 0 else (("b", b), ("a", a))
    times = number_of(word[f"count_{more[0]}"], "time")
    words = {side: round(WORDS_PER_UNIT * word[f"count_{side}"] / word[f"rate_{side}"]) for side, _ in (more, less)}
    return (
        f"“{word['printed']}” stands {times} in {whose(more[1])} {words[more[0]]:,} words, "
        f"{word[f'count_{less[0]}']} in {whose(less[1])} {words[less[0]]:,}"
    )


def _keyness_subtitle(keyness, both, sure, chance):
    pale = "q is 5% or more" if keyness["unit"].iloc[0] == "article" else "the interval includes even"
    subtitle = (
        "How many times as often each outlet uses a word, per word of text, with 95% intervals "
        f"{over(keyness['unit'])}. Pale: {pale}."
    )
    if chance is not None:
        subtitle += f" Not pale are {len(sure)} of {len(both)} words; with the texts dealt out at random, {chance:.1f}."
    return subtitle


def _dispersion_title(term, uses):
    if uses.sum() == 1:
        return f"“{term}” is used once, in {uses.idxmax()}"
    most = f"{uses.max()} of the {uses.sum()}" if len(uses) > 1 else f"All {uses.sum()}"
    return f"{most} uses of “{term}” stand{'s' if uses.max() == 1 else ''} in one article, {uses.idxmax()}"


def _only(keyness, mine, other):
    table = keyness[(keyness[other] == 0) & (keyness[mine] > 0)].sort_values([mine, "term"], ascending=[False, True])
    words = ", ".join(f"{row.printed} {getattr(row, mine)}" for row in table.head(10).itertuples())
    return f"{words}; {len(table) - 10} more" if len(table) > 10 else words or "no word"
