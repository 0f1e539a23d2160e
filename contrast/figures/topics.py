"""Draw what each topic is: the words that mark it, and how much of every article or month it fills."""

import re
from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from contrast.corpus import InputError, Problem
from contrast.figures.marks import require_rows
from contrast.figures.style import (
    BAR,
    BODY,
    INK,
    INSIDE,
    LABEL,
    MUTED,
    OTHER_COLOUR,
    PALE_BAR,
    RULE,
    SMALL,
    TITLE,
    Page,
    column_width,
    outlet_style,
    paler,
    shorten,
    width_of,
)
from contrast.wording import MONTHS, in_line, in_words, number_of, percent, whose

GREY = "Grey: the topic does not last when refitted. "
UNSTABLE_BAR, UNSTABLE_PALE_BAR = "#878d95", "#e6e8eb"
NAME = 11.5  # points, of a panel's name
MOST_COLUMNS, MOST_OUTLETS = 40, 8
FEW, MANY = 6, 12  # columns: up to which shares are printed; up to which names have much room
LEAST = 0.005  # share that has a dot
SIZE_KEYS = {0.25: (0.05, 0.1, 0.25), 0.5: (0.1, 0.25, 0.5), 1: (0.1, 0.5, 1)}  # largest share -> sizes shown
EDGE = 0.7  # points of a dot's outline
WORD = 0.21  # inches, of a word's row


def topic_words(
    terms: pd.DataFrame,
    names: dict[int, str],
    lines: dict[int, str],
    source: str,
    *,
    caveat: str,
    shares: dict[int, str] | None = None,
    unstable: Collection[int] = (),
) -> Figure:
    """
    Draw the words that mark each topic: a panel a topic, dark for the use that falls to it, light for the rest.

    Parameters
    ----------
    terms : DataFrame
        As `topics.topic_terms` gives it.
    names, lines : dict
        Topic -> its heading, and a line under that: a typical headline, or how a typical paragraph begins.
    source, caveat : str
        The caveat ends the subtitle.
    shares : dict, optional
        Topic -> how much there is of it, in words: "11% of articles’ words".
    unstable : collection of int
        Topics that do not last when refitted: their panels are grey.
    """
    require_rows(terms=terms)
    panels = [(topic, part) for topic, part in terms.groupby("topic")]
    count, unstable = len(panels), set(unstable) & set(terms["topic"])
    title = _words_title(count, len(unstable))
    light = "Dark: the part that falls to the topic; light: the rest. " if (terms["exclusivity"] < 0.99).any() else ""
    subtitle = f"Uses of each word in the corpus. {light}{GREY if unstable else ''}{caveat}"
    alt = f"Bar panels of {number_of(count, 'topic')}. {title}. {caveat} " + " ".join(
        f"“{in_line(names[topic])}”: {', '.join(map(in_line, part['printed'].head(4)))}." for topic, part in panels
    )
    column = (INSIDE - 0.35) / 2
    notes = {topic: _note(topic in unstable, (shares or {}).get(topic, "")) for topic, _ in panels}
    beside = all(
        width_of(names[topic], NAME, "bold") + 0.12 + width_of(note, SMALL) <= column
        for topic, note in notes.items()
        if note
    )
    head, gap = 0.5 if beside else 0.67, 0.26
    panel = head + WORD * terms.groupby("topic").size().max() + gap
    page = Page(title, subtitle, source, alt, panel * ((count + 1) // 2) - gap + 0.05)
    longest = column_width(terms["printed"], BODY, "normal", least=0.5, most=0.55 * column)
    most = terms["count"].max()
    room = column - longest - width_of(f"{most:,}", SMALL) - 0.08
    for number, (topic, part) in enumerate(panels):
        x, y = (number % 2) * (column + 0.35), page.body - (number // 2) * panel
        ink, muted, *bars = _shades(topic in unstable)
        name = shorten(names[topic], NAME, column, "bold")
        end = page.write(x, y - 0.12, name, size=NAME, weight="bold", colour=ink)
        under = [_cut(lines[topic], column)]
        if beside:
            page.write(x + end + 0.12, y - 0.12, notes[topic], size=SMALL, colour=muted)
        else:
            under = [shorten(notes[topic], SMALL, column), *under] if notes[topic] else under
        for place, line in enumerate(under):
            page.write(x, y - 0.32 - 0.17 * place, line, size=SMALL, colour=muted)
        axes = page.axes(x + longest, y - head - WORD * len(part), room, WORD * len(part))
        _draw_bars(axes, part, most, *bars)
        for place, word in enumerate(part.itertuples()):
            at = y - head - WORD * (place + 0.5)
            printed, end = shorten(word.printed, BODY, longest - 0.1), room * word.count / most
            page.write(x + longest - 0.08, at, printed, size=BODY, colour=ink, align="right")
            page.write(x + longest + end + 0.06, at, f"{word.count:,}", size=SMALL, colour=muted)
    return page.figure


def topic_grid(
    shares: pd.DataFrame,
    labels: dict[int, tuple[str, str]],
    source: str,
    *,
    caveat: str,
    unstable: Collection[int] = (),
) -> Figure:
    """
    Draw how much of every article, or month, each topic fills: a row a topic, a column an article, a dot by area.

    Parameters
    ----------
    shares : DataFrame
        A row a topic and column: `topic`, `outlet`, `column` (its head: "3 May 2016", or of a month "2016-05"),
        `share` (0 to 1). Articles of one outlet that have the same head are columns of their own, in their order.
    labels : dict
        Topic -> (name, words under it), from the top.
    source, caveat : str
        The caveat ends the subtitle.
    unstable : collection of int
        Topics that do not last when refitted: their rows are grey, and the title is of another if there is one.

    Raises
    ------
    InputError
        More than 40 columns, or more than 8 outlets.
    """
    require_rows(shares=shares)
    outlets = list(dict.fromkeys(shares["outlet"]))
    cells, columns = _cells(shares[shares["topic"].isin(labels)], outlets)
    _require_room(columns, outlets)
    unstable = set(unstable) & set(labels)
    kind = "month" if columns["column"].map(_is_month).all() else "article"
    title = _grid_title(cells, labels, unstable, kind)
    alt = f"Dots of {number_of(len(labels), 'topic')} by {number_of(len(columns), kind)}. {title}. {caveat} "
    alt += " ".join(_spoken(cells[cells["topic"] == topic], name) for topic, (name, _) in labels.items())
    few, styles = len(columns) <= FEW, outlet_style(outlets)
    labels = {topic: (name, _note(topic in unstable, words)) for topic, (name, words) in labels.items()}
    left = _left(labels) if few else 2.35 if len(columns) <= MANY else 1.9
    gap = (INSIDE - left) / (2 * len(columns) + len(outlets) - 1)
    pitch = min(0.92, (INSIDE - left - min(0.16, gap) * (len(outlets) - 1)) / len(columns))
    columns["x"] = left + pitch * (columns.index + 0.5) + min(0.16, gap) * columns["outlet"].map(outlets.index)
    row = 0.5 if few else 0.44
    tall = row * len(labels)
    heads, groups = _column_heads(columns, pitch), _outlet_heads(columns, pitch)
    high = tall + 0.08 + 0.16 * max(len(head) for head in heads.values())
    subtitle = _grid_subtitle(kind, unstable, caveat)
    page = Page(title, subtitle, source, alt, high + 0.3 + 0.2 * max(tier for *_, tier in groups.values()))
    axes = page.axes(0, 0, INSIDE, tall)
    axes.set_xlim(0, INSIDE)
    axes.set_ylim(0, tall)
    axes.hlines(row * np.arange(1, len(labels)), 0, columns["x"].max() + pitch / 2, color=RULE, linewidth=0.7, zorder=0)
    if len(heads) < len(columns):
        axes.vlines(columns.loc[[*heads], "x"], 0, tall, color=RULE, linewidth=0.7, zorder=0)
    _write_rows(page, labels, unstable, row, left)
    full = next((size for size in SIZE_KEYS if size >= cells["share"].max()), 1)
    across = min(pitch - 0.4, 0.36) if few else min(pitch - 0.01, 0.3)  # inches, of the fullest dot
    cells["x"] = cells["place"].map(columns["x"]) - (0.175 if few else 0)
    cells["y"] = tall - row * (cells["topic"].map([*labels].index) + 0.5)
    cells["fades"], cells["own"] = cells["topic"].isin(unstable), cells["outlet"].map(lambda name: styles[name][0])
    _dots(axes, cells[cells["share"] >= LEAST], across / np.sqrt(full))
    for dot in cells.itertuples() if few else ():
        look = {"colour": OTHER_COLOUR if dot.fades else dot.own, "weight": "bold" if dot.is_largest else "normal"}
        page.write(dot.x + across / 2 + 0.05, dot.y, percent(dot.share), **look)
    if not few:
        _size_key(page, tall + 0.22, across / np.sqrt(full), SIZE_KEYS[full])
    for place, head in heads.items():
        for number, line in enumerate(reversed(head)):
            y = tall + 0.13 + 0.16 * number
            page.write(columns.loc[place, "x"], y, line, size=SMALL, colour=MUTED, align="center")
    for outlet, group in groups.items():
        over = columns.loc[columns["outlet"] == outlet, "x"]
        _name_outlet(page, group, (over.min() - pitch / 2, over.max() + pitch / 2), high, *styles[outlet])
    return page.figure


def _shades(fades):
    """Give the colours of a name, of smaller print, and of a bar's dark and light part."""
    return (OTHER_COLOUR, OTHER_COLOUR, UNSTABLE_BAR, UNSTABLE_PALE_BAR) if fades else (INK, MUTED, BAR, PALE_BAR)


def _draw_bars(axes, part, most, dark, pale):
    """Draw a bar a word, the first at the top, on a scale that all panels share."""
    axes.set_xlim(0, most)
    axes.set_ylim(-0.5, len(part) - 0.5)
    levels = np.arange(len(part))[::-1]
    axes.barh(levels, part["count"], height=0.68, color=pale)
    axes.barh(levels, part["count"] * part["exclusivity"], height=0.68, color=dark)


def _words_title(count, fading):
    if count == 1:
        return f"One topic, by the words that mark it{'; it does not last when refitted' if fading else ''}"
    title, lasting = f"{in_words(count).capitalize()} topics, by the words that mark them", count - fading
    some = {0: "none lasts", 1: "one of them lasts"}.get(lasting, f"{in_words(lasting)} of them last")
    return f"{title}; {some} when refitted" if fading else title


def _note(fades, text):
    """Put before a text that the topic does not last."""
    return " · ".join(part for part in ("does not last" if fades else "", text) if part)


def _cut(line, width):
    """Cut a line to a width; a quotation that ends it is closed after the ellipsis."""
    short = shorten(line, SMALL, width)
    if short != line and line.endswith("”"):
        short = shorten(line, SMALL, width - width_of("”", SMALL)) + "”"
    return short


def _cells(shares, outlets):
    """Number the columns outlet by outlet; give the shares with `place` and `is_largest`, and the columns."""
    keys = ["outlet", "column", "turn"]
    cells = shares.assign(turn=shares.groupby(["topic", "outlet", "column"]).cumcount())
    columns = cells[keys].drop_duplicates()
    columns = columns.sort_values("outlet", key=lambda names: names.map(outlets.index), kind="stable")
    columns = columns.reset_index(drop=True).rename_axis("place").reset_index()
    cells = cells.merge(columns, on=keys).sort_values(["place", "topic"], ignore_index=True)
    cells["is_largest"] = cells.index.isin(cells.groupby("place")["share"].idxmax())
    return cells, columns.set_index("place")


def _require_room(columns, outlets):
    problems = []
    if len(columns) > MOST_COLUMNS:
        what = f"{len(columns)} columns have no room on one page, which holds {MOST_COLUMNS}."
        problems.append(Problem("shares", None, what, 'Group by month (`prevalence(by="month")`) or name fewer.'))
    if len(outlets) > MOST_OUTLETS:
        what = f"{len(outlets)} outlets have no room on one page, which holds {MOST_OUTLETS}."
        problems.append(Problem("outlets", None, what, "Use corpus.group_outlets first."))
    if problems:
        raise InputError(problems)


def _grid_subtitle(kind, unstable, caveat):
    what = "a month with articles of the outlet" if kind == "month" else "an article"
    return (
        f"Each column is {what}, a dot’s area the part of its counted words that falls to the topic. Filled: the "
        f"largest of a column; no dot: under 0.5%. {GREY if unstable else ''}{caveat}"
    )


def _name_outlet(page, group, ends, high, colour, mark):
    """Name an outlet above its columns, over a line from the first to the last."""
    x, name, tier = group
    page.mark(x + 0.06, high + 0.16 + 0.2 * tier, colour, mark)
    page.write(x + 0.18, high + 0.16 + 0.2 * tier, name, weight="bold", colour=colour)
    places = [page.place(at, high) for at in ends]
    page.figure.add_artist(Line2D(*zip(*places, strict=True), color=colour, linewidth=1.6))


def _grid_title(cells, labels, unstable, kind):
    """Tell of the topic whose share differs most from column to column: its largest, and that of other outlets."""
    lasting = cells[~cells["topic"].isin(unstable)]
    spread = (lasting if len(lasting) else cells).groupby("topic")["share"].agg(["max", "min"])
    spread["gap"] = (spread["max"] - spread["min"]).round(9)
    topic = spread.sort_values(["gap", "max"], ascending=False, kind="stable").index[0]
    own = cells[cells["topic"] == topic]
    top = own.loc[own["share"].idxmax()]
    name = shorten(labels[topic][0], TITLE, 3.2, "bold")
    outlet, share = in_line(top["outlet"]), percent(top["share"])
    others = own[own["outlet"] != top["outlet"]]
    month = _head(top["column"]) if len(others) else "a month"
    where = f"an article of {outlet}" if kind == "article" else f"{whose(outlet)} words in {month}"
    least = percent(own["share"].min())
    share = share if len(others) or least == share else f"{least} to {share}"
    title = f"“{in_line(name)}” fills {share} of {where}"
    if len(others):
        rival = whose(in_line(others["outlet"].iloc[0])) if others["outlet"].nunique() == 1 else "any other outlet’s"
        most = others["share"].max()
        title += f", {'under 1%' if most < LEAST else f'at most {percent(most)}'} of {rival}"
        title += " in any month" if kind == "month" else ""
    return title if len(lasting) else f"No topic lasts when refitted; {title}"


def _spoken(own, name):
    """Tell an outlet's smallest and largest share of a topic."""
    ranges = own.groupby("outlet", sort=False)["share"].agg(["min", "max"])
    parts = [
        f"{outlet} {percent(low)}" + ("" if percent(low) == percent(high) else f" to {percent(high)}")
        for outlet, low, high in ranges.itertuples()
    ]
    return f"“{in_line(name)}”: {', '.join(map(in_line, parts))}."


def _left(labels):
    """Give the width that the topics' names and words need, in inches."""
    widths = [max(width_of(name, LABEL, "bold"), width_of(words, SMALL)) for name, words in labels.values()]
    return min(max(1.0, max(widths) + 0.14), 2.35)


def _is_month(text):
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) is not None


def _head(text):
    """Write a month, or a day, in short; anything else as it is."""
    if not _is_month(text[:7]) or not re.fullmatch(r"(-\d\d)?", text[7:]):
        return text
    day = f"{int(text[8:])} " if text[7:] else ""
    return f"{day}{MONTHS[int(text[5:7]) - 1][:3]} {text[:4]}"


def _column_heads(columns, pitch):
    """Give the heads that have room, as lines: in one line if all have, else in two, each outlet's first before all."""
    texts = columns["column"].map(_head)
    lines = {place: [text] for place, text in texts.items()}
    if texts.map(lambda text: width_of(text, SMALL)).max() > pitch - 0.08:
        room = max(pitch - 0.08, 0.6)
        lines = {place: [shorten(line, SMALL, room) for line in text.rsplit(" ", 1)] for place, text in texts.items()}
    taken, heads = [], {}
    for place in [*columns.drop_duplicates("outlet").index, *columns.index]:
        half = max(width_of(line, SMALL) for line in lines[place]) / 2 + 0.04
        x = columns.loc[place, "x"]
        if x + half < INSIDE + 0.04 and all(x + half <= low or x - half >= high for low, high in taken):
            taken.append((x - half, x + half))
            heads[place] = lines[place]
    return heads


def _outlet_heads(columns, pitch):
    """Give each outlet's head as x, name and tier: in two tiers if a name is too long for its columns."""
    starts = columns.groupby("outlet", sort=False)["x"].min() - pitch / 2
    needs = [0.2 + width_of(outlet, BODY, "bold") for outlet in starts.index]
    ends = [*(starts.iloc[1:] - 0.12), INSIDE]
    tiers = 1 if (starts + needs <= ends).all() else 2
    ends, heads, until = [*ends[tiers - 1 :], INSIDE], {}, [0.0, 0.0]
    for number, (outlet, x) in enumerate(starts.items()):
        tier, end = (number + 1) % tiers, ends[number]
        if end == INSIDE:  # the last of a tier may begin before its columns
            x = max(until[tier], min(x, end - needs[number]))
        heads[outlet] = (x, shorten(outlet, BODY, end - x - 0.18, "bold"), tier)
        until[tier] = x + min(needs[number], end - x) + 0.12
    return heads


def _write_rows(page, labels, unstable, row, left):
    """Write each topic's name, and its words below."""
    for number, (topic, (name, words)) in enumerate(labels.items()):
        ink, muted, *_ = _shades(topic in unstable)
        y, name = row * (len(labels) - number - 0.5), shorten(name, LABEL, left - 0.12, "bold")
        page.write(0, y + (0.1 if words else 0), name, size=LABEL, weight="bold", colour=ink)
        page.write(0, y - 0.1, shorten(words, SMALL, left - 0.12), size=SMALL, colour=muted)


def _dots(axes, cells, across):
    """Draw the shares as dots, `across` inches where 1: the largest of a column filled, the others pale."""
    edges = [UNSTABLE_BAR if fades else own for fades, own in zip(cells["fades"], cells["own"], strict=True)]
    faces = [
        edge if is_largest else paler(paler(edge)) for edge, is_largest in zip(edges, cells["is_largest"], strict=True)
    ]
    radii = np.maximum(across * np.sqrt(cells["share"]) / 2 - EDGE / 144, 0.001)
    circles = [Circle(at, radius) for *at, radius in zip(cells["x"], cells["y"], radii, strict=True)]
    axes.add_collection(PatchCollection(circles, facecolor=faces, edgecolor=edges, linewidth=EDGE, clip_on=False))


def _size_key(page, y, across, sizes):
    """Show what sizes of dots mean, at the left over the rows."""
    x = 0.0
    for size in sizes:
        width = across * np.sqrt(size)
        at = page.place(x + width / 2, y)
        page.figure.add_artist(
            Line2D(at[:1], at[1:], color=MUTED, marker="o", markersize=72 * width, markeredgewidth=0)
        )
        x += width + 0.05 + page.write(x + width + 0.05, y, percent(size), size=SMALL, colour=MUTED) + 0.1
