"""Draw articles sentence by sentence, as strips: in whose voice each stretch stands, and where targets are named."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from contrast.corpus import InputError, Problem
from contrast.figures.style import BODY, INK, INSIDE, MUTED, SMALL, Page, outlet_style, shorten, width_of
from contrast.wording import commonest, date_of, in_line, in_words, number_of, percent

MOST_STRIPS = 12
MOST_TOLD = 4  # outlets whose shares a title tells one by one
VOICES = {  # voice: its shade, and the words of the key
    "narration": ("#e1e6e9", "the outlet’s account"),
    "reported": ("#9bbccf", "reported in its wording"),
    "fragment": ("#a35f10", "1 to 4 words quoted"),
    "quotation": ("#2f4858", "longer quotation"),
    "headline": ("#0c0d0f", "headline"),
}
MARKS = (("o", 3.8, INK), ("^", 4.2, INK), ("s", 3.5, INK), ("x", 3.8, INK))  # of the blocs named most, in points
OTHER_MARK, OTHERS = ("|", 4.6, "#80868e"), "others"
SWATCH = ("s", 8)
HEAD, LANE, STRIP, GAP, FOOT, LINE = 0.24, 0.084, 0.24, 0.18, 0.06, 0.2  # inches


def article_ribbon(
    voices: pd.DataFrame,
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    source: str,
    *,
    ids: list[str] | None = None,
) -> Figure:
    """
    Draw each article as a strip of its sentences: as wide as their words, shaded by voice, with targets marked above.

    Parameters
    ----------
    voices : DataFrame
        A row a stretch of text: `article_id`, `sentence`, `start` and `end` (offsets), `words`, `voice` (of `VOICES`).
    mentions : DataFrame
        A row a mention of a target: `article_id`, `start`, `bloc`. The four blocs named most have a mark each, the
        others share one.
    articles : DataFrame
        With `outlet`, `title`, `date`, `date_precision`; the index is `article_id`.
    source : str
    ids : list, optional
        The articles drawn, in this order; all if not given. Of more than 12 the first ones of each outlet are drawn.

    Raises
    ------
    InputError
        If an id is not among the articles.
    """
    asked = _asked(articles, ids)
    drawn = _first_of_each(asked)
    voices = voices[voices["article_id"].isin(drawn.index)].sort_values(["sentence", "start"], kind="stable")
    strips = {article_id: voices[voices["article_id"] == article_id] for article_id in drawn.index}
    looks = _looks(mentions["bloc"])
    mentions = mentions[mentions["article_id"].isin(drawn.index)]
    mentions = mentions.assign(shown=mentions["bloc"].map(lambda bloc: looks[bloc][0]))
    marks = {name: mark for name, mark in looks.values() if name in set(mentions["shown"])}
    words = _words(strips)
    title = _title(words.groupby(drawn["outlet"], sort=False).sum())
    if len(drawn) < len(articles):
        title = f"In {in_words(len(drawn))} of {in_words(len(articles))} articles: {title}"
    subtitle = _subtitle(drawn, asked, marks)
    alt = f"Strips of {number_of(len(drawn), 'article')}, a box a sentence. {title}. {_told(words, drawn, mentions)}"

    key = [(text, (*SWATCH, shade)) for voice, (shade, text) in VOICES.items() if words[voice].any()]
    rows = [*_rows(key), *_rows(marks.items())]
    over = STRIP + LANE * len(marks)
    block = over + HEAD + GAP
    page = Page(title, subtitle, source, alt, FOOT + block * len(drawn) + LINE * len(rows))
    axes = page.axes(0, 0, INSIDE, page.body)
    axes.set_xlim(0, INSIDE)
    axes.set_ylim(0, page.body)
    for number, row in enumerate(rows):
        _draw_key(page, axes, page.body - LINE * (number + 0.5), row)
    inch = INSIDE / max([1, *words.sum(axis=1)])
    colours = outlet_style(list(dict.fromkeys(articles["outlet"])))
    for number, (article_id, strip) in enumerate(strips.items(), 1):
        base = FOOT + block * (len(strips) - number)
        article = drawn.loc[article_id]
        _write_head(page, base + over + 0.13, article, words.loc[article_id], colours[article["outlet"]][0])
        _draw_strip(axes, base, strip, inch)
        found = mentions[mentions["article_id"] == article_id]
        _draw_mentions(axes, base + over, inch * _places(strip, found["start"]), found["shown"].to_numpy(), marks)
    return page.figure


def _subtitle(drawn, asked, marks):
    """Say how to read a strip, and of which articles there are none."""
    subtitle = (
        "Each strip is an article; each box in it is a sentence, as wide as its words, shaded by voice. Counted as "
        "quotation: five words or more."
    )
    subtitle += " Marks above a strip: whom it names there." if marks else ""
    if len(drawn) < len(asked):
        shown, of = drawn["outlet"].nunique(), asked["outlet"].nunique()
        whose = "each outlet" if shown == of else f"{shown} of {of} outlets"
        subtitle += f" Drawn: {len(drawn)} of {len(asked):,} articles, the first of {whose}."
    return subtitle


def _asked(articles, ids):
    if ids is None:
        return articles
    missing = [article_id for article_id in ids if article_id not in articles.index]
    if missing:
        remedy = "Take ids from the index of the articles."
        raise InputError([Problem("ids", None, f"no article {article_id!r}.", remedy) for article_id in missing])
    return articles.loc[list(dict.fromkeys(ids))]


def _first_of_each(articles):
    """Take the first articles of each outlet, as many of one as of the other, if all are too many."""
    if len(articles) <= MOST_STRIPS:
        return articles
    each = max(1, MOST_STRIPS // articles["outlet"].nunique())
    return articles[articles.groupby("outlet").cumcount() < each].head(MOST_STRIPS)


def _looks(blocs):
    """Give each bloc the name and the mark it is shown by: the four named most their own, the others one together."""
    names = list(commonest(blocs).index)
    own = {name: (name, mark) for name, mark in zip(names, MARKS, strict=False)}
    rest = names[len(MARKS) :]
    return own | {name: (name if len(rest) == 1 else OTHERS, OTHER_MARK) for name in rest}


def _words(strips):
    """Count the words of each article in each voice."""
    counts = [strip.groupby("voice")["words"].sum() for strip in strips.values()]
    table = pd.DataFrame(counts, index=list(strips), columns=list(VOICES))
    return table.fillna(0).astype(int)


def _rows(entries):
    """Lay the entries of a key out in rows: where each begins, its text, its look."""
    rows, x = [], INSIDE
    for text, look in entries:
        short = shorten(text, SMALL, 2)
        wide = 0.17 + width_of(short, SMALL)
        if x + wide > INSIDE:
            rows.append([])
            x = 0.0
        rows[-1].append((x, short, look))
        x += wide + 0.22
    return rows


def _draw_key(page, axes, y, row):
    for x, text, (mark, size, colour) in row:
        axes.plot(x + 0.06, y, mark, color=colour, markersize=size)
        page.write(x + 0.17, y, text, size=SMALL)


def _draw_mentions(axes, top, x, names, marks):
    """Mark whom an article names, and where: a lane a name, from the top."""
    for lane, (name, (mark, size, colour)) in enumerate(marks.items()):
        at = x[names == name]
        y = np.full(len(at), top - LANE * lane - 0.02)
        edge = 0.9 if mark in "x|" else 0
        axes.plot(at, y, mark, color=colour, markersize=size, markeredgewidth=edge, clip_on=False)


def _write_head(page, y, article, words, colour):
    """Name an article over its strip: outlet, date and title, and at the right how much of it is quoted."""
    count = number_of(words.sum(), "word")
    count += f", {percent(words['quotation'] / words.sum())} in quotation" if words["quotation"] else ", no quotation"
    room = INSIDE - page.write(INSIDE, y, count, size=SMALL, colour=MUTED, align="right") - 0.2
    outlet = shorten(article["outlet"], BODY, 0.5 * room, "bold")
    x = page.write(0, y, outlet, weight="bold", colour=colour) + 0.1
    x += page.write(x, y, _date(article), size=SMALL, colour=MUTED) + 0.1
    if room - x > 0.5 and article["title"]:
        page.write(x, y, shorten(" ".join(article["title"].split()), BODY, room - x))


def _date(article):
    return "no date" if pd.isna(article["date"]) else date_of(article["date"], article["date_precision"])


def _draw_strip(axes, base, strip, inch):
    """Draw the stretches in the shades of their voices, and a white line where a sentence ends."""
    ends = inch * strip["words"].cumsum().to_numpy()
    starts = ends - inch * strip["words"].to_numpy()
    for voice, (shade, _) in VOICES.items():
        here = (strip["voice"] == voice).to_numpy() & (ends > starts)
        spans = np.column_stack([starts, ends - starts])[here]
        axes.broken_barh(spans, (base, STRIP), facecolors=shade, linewidth=0)
    closing = ends[~strip["sentence"].duplicated(keep="last").to_numpy()][:-1]
    width = min(1.1, 0.25 * 72 * np.diff(closing, prepend=0).mean()) if len(closing) else 0
    axes.vlines(closing, base, base + STRIP, color="white", linewidth=width)


def _places(strip, offsets):
    """Turn offsets in an article's text into words from its beginning."""
    if strip.empty:
        return np.full(len(offsets), np.nan)
    starts, ends, words = (strip[column].to_numpy() for column in ("start", "end", "words"))
    row = np.clip(np.searchsorted(starts, offsets, "right") - 1, 0, None)
    part = np.clip((offsets - starts[row]) / (ends[row] - starts[row]), 0, 1)
    return np.cumsum(words)[row] - words[row] * (1 - part)


def _title(words):
    """Tell how much each outlet quotes; of two, also how much they report in their own wording."""
    words = words[words.sum(axis=1) > 0]
    if words.empty:
        return "There is no sentence to draw"
    shares = words.div(words.sum(axis=1), axis=0)
    title = _clause(shares["quotation"], "gives {} of its words to quotation")
    if len(shares) > MOST_TOLD:
        most, least = shares["quotation"].max(), shares["quotation"].min()
        title = f"Quotation takes {percent(least)} to {percent(most)} of the words of {len(shares)} outlets"
    elif not words["quotation"].any():
        title = "Nothing longer than four words is quoted"
    if len(shares) == 2 and words["reported"].any():
        title += f"; {_clause(shares['reported'], 'gives {} to reports in its own wording')}"
    return title


def _clause(shares, verb):
    """Say each outlet's share, the largest first, in one clause."""
    ordered = shares.sort_values(ascending=False, kind="stable")
    first, *rest = ((in_line(outlet), percent(share) if share else "none") for outlet, share in ordered.items())
    return f"{first[0]} {verb.format(first[1])}" + "".join(f", {outlet} {share}" for outlet, share in rest)


def _told(words, drawn, mentions):
    """Tell the voices of the first articles, and whom all of them name most."""
    told = []
    for article_id, counts in words.head(3).iterrows():
        parts = [f"{voice} {percent(count / counts.sum())}" for voice, count in counts.items() if count]
        article = drawn.loc[article_id]
        heading = f"{article['outlet']}, {_date(article)}, {number_of(counts.sum(), 'word')}"
        told.append(f"{heading}: {', '.join(parts)}." if parts else f"{heading}.")
    most = [f"{name} {count:,}" for name, count in commonest(mentions["shown"]).head(3).items()]
    return " ".join([*told, f"Named most: {', '.join(most)}." if most else ""])
