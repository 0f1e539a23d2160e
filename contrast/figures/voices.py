"""Draw who is heard in each outlet and who is only named, and with which verbs words are reported."""

import re
import unicodedata
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from contrast.figures.marks import FEW, LINE, PERCENT, draw_dot, no_more_than_lanes, over
from contrast.figures.style import (
    BAR,
    INSIDE,
    LABEL,
    MUTED,
    ON_WHITE,
    RULE,
    SIZES,
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
from contrast.wording import commonest, in_line, listed, number_of, percent, whose

CLASSES = ("distancing", "neutral", "factive", "assertive", "directive", "praise", "attack")
MOST_LABELS = 16
NOT_TOLD = "not told"
LANE, BETWEEN, THICK, VERBS = 0.195, 0.15, 0.12, 2.35  # inches
WORDS_AT, SHARE_AT, INTERVAL_AT, RIGHT = 1.16, 0.66, 0.02, 1.72  # inches from the page’s right edge
BEFORE, AFTER = 130, 300  # characters kept of a long sentence, on either side of its verb


def voice_ladder(heard: pd.DataFrame, source: str) -> Figure:
    """
    Draw how many words each outlet gives to whom, and whom it names though no word is traced to them.

    Parameters
    ----------
    heard : DataFrame
        A row a target label and outlet: `outlet`, `label`, `mentions` (times named), `quoted` and `reported` (words
        given to it), `share` (of all the words the outlet gives to anyone) with `low`, `high` and the `unit` of the
        interval. At most four outlets. Of more than 16 labels those with the fewest words, then those named least, are
        left out.
    source : str

    Raises
    ------
    InputError
        If there are more than four outlets.
    """
    outlets = _outlets(heard)
    table = heard.astype({"mentions": int, "quoted": int, "reported": int})
    table = table.assign(words=table["quoted"] + table["reported"])
    labels = _ladder(table)
    if len(labels) > MOST_LABELS:
        source += f" Left out: {number_of(len(labels) - MOST_LABELS, 'name')} with fewer words or mentions."
        labels = labels[:MOST_LABELS]
    title = _ladder_title(table, labels)
    subtitle = (
        "Words quoted, or reported in the outlet’s wording, by whose words they are. At the right: how many, and their "
        "share of all the words the outlet gives to anyone"
    )
    has_intervals = table["low"].notna().any()
    if has_intervals:
        subtitle += f", with 95% intervals {over(table['unit'])}"
    subtitle += "."
    rows = {(row.label, row.outlet): row for row in table.itertuples(index=False)}
    alt = f"Bars of the words given to {number_of(len(labels), 'name')}. {title}. {_ladder_told(rows, labels, outlets)}"
    styles = outlet_style(outlets)
    step, left = LANE * max(1, len(outlets)) + BETWEEN, 1.9
    tall = step * max(1, len(labels))
    page = Page(title, subtitle, source, alt, tall + 0.72)
    axes = page.axes(left, 0, INSIDE - left - RIGHT, tall)
    top = max([1, *table["words"]])
    axes.set_xlim(0, top)
    axes.set_ylim(0, tall)
    ticks = [int(tick) for tick in MaxNLocator(4, steps=[1, 2, 5, 10], integer=True).tick_values(0, top) if tick <= top]
    _scale(axes, {tick: f"{tick:,}" for tick in ticks})
    axes.grid(axis="x")
    axes.axvline(0, color=ZERO, linewidth=1.1)
    _ladder_key(page, axes, left, tall, styles)
    for at, text in ((WORDS_AT, "words"), (SHARE_AT, "share"), (INTERVAL_AT, "interval" if has_intervals else "")):
        page.write(INSIDE - at, tall + 0.13, text, size=SMALL, colour=MUTED, align="right")
    for number, label in enumerate(labels):
        base = tall - step * (number + 1)
        if number:
            axes.axhline(base + step, color=RULE, linewidth=0.7)
        name = "Not told whose" if label == NOT_TOLD else label
        page.write(0, base + step / 2, shorten(name, LABEL, left - 0.35, "bold"), size=LABEL, weight="bold")
        for lane, outlet in enumerate(outlets):
            y = base + step - BETWEEN / 2 - LANE * (lane + 0.5)
            _ladder_lane(page, axes, y, left, rows.get((label, outlet)), styles[outlet])
    return page.figure


def verb_force(reports: pd.DataFrame, shares: pd.DataFrame, source: str) -> Figure:
    """
    Draw how each outlet's reporting verbs divide into classes, with the verbs and a sentence of each class.

    Parameters
    ----------
    reports : DataFrame
        A row a reporting verb: `article_id`, `outlet`, `start`, `lemma`, `class` (of `CLASSES`), and its sentence as
        `left`, `keyword` and `right`. At most four outlets.
    shares : DataFrame
        A row an outlet and class: `outlet`, `class`, `rate`, `low`, `high` and `unit`, as `rates` gives them.
    source : str

    Raises
    ------
    InputError
        If there are more than four outlets.
    """
    outlets = _outlets(reports)
    pairs = pd.MultiIndex.from_product([outlets, CLASSES])
    drawn = shares.set_index(["outlet", "class"])[["rate", "low", "high"]].reindex(pairs).fillna({"rate": 0})
    counts = pd.crosstab(reports["class"], reports["outlet"]).reindex(index=CLASSES, columns=outlets, fill_value=0)
    totals = counts.sum()
    title = _force_title(counts)
    subtitle = (
        "Share of each outlet’s reporting verbs, from those that leave the words in doubt to those that vouch for "
        f"them, press them, or judge; 95% intervals {over(shares['unit'])}. Under each class, a short sentence of it."
    )
    if few := [outlet for outlet in outlets if totals[outlet] < FEW]:
        source += f" Pale: fewer than {FEW} reporting verbs ({listed(few)})."
    told = "; ".join(f"{name} {listed([f'{count:,}' for count in counts.loc[name]] or '0')}" for name in CLASSES)
    sizes = listed(f"{outlet} ({total:,})" for outlet, total in totals.items()) if outlets else "no outlet"
    alt = f"Dots of {len(CLASSES)} classes of verbs. {title}. Of the reporting verbs of {sizes}: {told}."
    styles = outlet_style(outlets)
    indent = column_width(outlets, least=0.4, most=1.2)
    blocks = {name: _block(reports[reports["class"] == name], indent) for name in CLASSES}
    heights = {name: max(LANE * len(outlets), 0.21 + LINE * len(block.verbs)) + 0.04 for name, block in blocks.items()}
    whole = sum(heights.values()) + sum(LINE * len(block.lines) + BETWEEN for block in blocks.values())
    column = max([0.8, *(width_of(f"{total:,} of {total:,}", weight="bold") for total in totals)]) + 0.1
    page = Page(title, subtitle, source, alt, whole + 0.5)
    axes = page.axes(VERBS, 0, INSIDE - VERBS - column, whole)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, whole)
    _scale(axes, PERCENT)
    _name_outlets(page, VERBS - 0.06, whole + 0.38, styles)
    y = whole
    for name, block in blocks.items():
        y -= BETWEEN / 2
        page.write(0, y - 0.11, name.capitalize(), size=LABEL, weight="bold")
        for number, line in enumerate(block.verbs):
            page.write(0, y - 0.28 - LINE * number, line, size=SMALL, colour=MUTED)
        _draw_class(page, axes, y, counts.loc[name], totals, styles, drawn)
        y -= heights[name]
        if block.lines:
            colour, outlet = styles[block.outlet][0], shorten(block.outlet, SMALL, indent - 0.1, "bold")
            page.write(0, y - LINE / 2, outlet, size=SMALL, weight="bold", colour=colour)
        for line in block.lines:
            for x, text, weight in line:
                page.write(indent + x, y - LINE / 2, text, size=SMALL, weight=weight)
            y -= LINE
        y -= BETWEEN / 2
    return page.figure


def _draw_class(page, axes, y, counts, totals, styles, shares):
    """Draw the share that a class has of each outlet's reporting verbs, and its interval, in lanes downwards from y."""
    low = y - LANE * len(styles)
    axes.vlines(list(PERCENT)[1:], low, y, color=RULE, linewidth=0.7)
    axes.vlines(0, low, y, color=ZERO, linewidth=1.1)
    for lane, (outlet, (colour, mark)) in enumerate(styles.items()):
        count, total = counts[outlet], totals[outlet]
        at = y - LANE * (lane + 0.5)
        shade = paler(colour) if total < FEW else colour
        draw_dot(axes, shares.loc[(outlet, counts.name)], "rate", at, shade, mark)
        page.write(INSIDE - 0.02, at, f"{count:,} of {total:,}", align="right", weight="bold", colour=colour)


class _Block(NamedTuple):
    """What is written of a class of verbs: the verbs, and a sentence of an outlet."""

    verbs: list[str]
    outlet: str
    lines: list[list[tuple[float, str, str]]]


def _block(found, indent):
    """Write the verbs of a class in at most three lines, commonest first, and its shortest sentence."""
    if found.empty:
        return _Block(["no verb of this kind"], "", [])
    verbs = ", ".join(commonest(found["lemma"]).index)
    lines = wrap(verbs, SMALL, VERBS - 0.25)
    if len(lines) > 3:
        lines = [*lines[:2], shorten(" ".join(lines[2:]), SMALL, VERBS - 0.25)]
    whole = found["left"] + found["keyword"] + found["right"]
    is_torn = (whole.str.count('"') % 2 == 1) | (whole.str.count("“") != whole.str.count("”"))
    order = found.assign(torn=is_torn, size=whole.str.len())
    first = order.sort_values(["torn", "size", "article_id", "start"], kind="stable").iloc[0]
    parts = (re.sub(r"\s+", " ", first[part]) for part in ("left", "keyword", "right"))
    return _Block(lines, first["outlet"], _flow(*parts, INSIDE - indent))


def _flow(left, keyword, right, room):
    """Break a sentence into lines of (x, text, weight), its keyword bold; mirrored if it reads from right to left."""
    left = left.lstrip() if len(left) <= BEFORE else "…" + left[-BEFORE:].partition(" ")[2]
    right = right.rstrip() if len(right) <= AFTER else right[:AFTER].rpartition(" ")[0] + "…"
    start, end = len(left), len(left) + len(keyword)
    strong = (side for side in map(unicodedata.bidirectional, left + keyword + right) if side in ("L", "R", "AL"))
    from_right = next(strong, "L") != "L"
    space = width_of("n n", SMALL) - 2 * width_of("n", SMALL)
    lines = []
    for line in wrap(left + keyword + right, SMALL, room - 0.1):
        x, pieces = 0.0, []
        for text, weight in ((line[:start], "normal"), (line[start:end], "bold"), (line[end:], "normal")):
            words = shorten(text.strip(), SMALL, room - x, weight)
            width = width_of(words, SMALL, weight)
            x += space * text.startswith(" ")
            if words:
                pieces.append((room - x - width if from_right else x, words, weight))
                x += width + space * text.endswith(" ")
        lines.append(pieces)
        start, end = (max(0, at - len(line) - 1) for at in (start, end))
    return lines


def _outlets(table):
    outlets = list(dict.fromkeys(table["outlet"]))
    no_more_than_lanes(outlets)
    return outlets


def _name_outlets(page, x, y, styles):
    """Write the key of the outlets over the scale, or from the page's edge if their names need the room."""
    if styles:
        room = (INSIDE - x) / len(styles) - 0.36
        has_room = all(width_of(outlet, weight="bold") <= room for outlet in styles)
        page.key(x if has_room else 0, y, styles)


def _scale(axes, ticks):
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.tick_params(axis="x", labeltop=True, labelbottom=False)


def _ladder(table):
    """Order the labels: most words first, then those named most; words of nobody known last."""
    sums = table.groupby("label")[["words", "mentions"]].sum().reset_index()
    sums["unknown"] = sums["label"] == NOT_TOLD
    sums = sums[(sums["words"] > 0) | (sums["mentions"] > 0)]
    order = sums.sort_values(["unknown", "words", "mentions", "label"], ascending=[True, False, False, True])
    return list(order["label"])


def _ladder_key(page, axes, left, tall, styles):
    """Name the outlets, and what dark, pale and hollow stand for."""
    _name_outlets(page, left - 0.2, tall + 0.59, styles)
    inch, x = axes.get_xlim()[1] / (INSIDE - left - RIGHT), left - 0.2
    looks = (("quoted", "s", BAR), ("reported", "s", paler(BAR)), ("named, no word traced", "o", "white"))
    for text, mark, face in looks:
        edge = BAR if face == "white" else face
        look = {"markerfacecolor": face, "markeredgecolor": edge, "markersize": SIZES[mark], "clip_on": False}
        axes.plot((x + 0.06 - left) * inch, tall + 0.37, mark, **look)
        x += 0.16 + page.write(x + 0.16, tall + 0.37, text, size=SMALL) + 0.2


def _ladder_lane(page, axes, y, left, row, style):
    """Draw what one outlet gives to one label: words as a bar; or that it is only named, or not even that."""
    colour, mark = style
    inch = axes.get_xlim()[1] / (INSIDE - left - RIGHT)
    words = 0 if row is None else row.words
    if row is None or not (words or row.mentions):
        text = "none" if row is not None and row.label == NOT_TOLD else "not named"
        page.write(left + 0.08, y, text, size=SMALL, colour=MUTED)
        page.figure.texts[-1].set_bbox(ON_WHITE)
        return
    face = {"markerfacecolor": colour if words else "white", "markeredgewidth": 0 if words else 1.1}
    axes.plot(-0.13 * inch, y, mark, color=colour, markersize=SIZES[mark] - 1, clip_on=False, **face)
    if words:
        axes.barh(y, row.quoted, height=THICK, color=colour)
        axes.barh(y, row.reported, left=row.quoted, height=THICK, color=paler(colour))
        page.write(INSIDE - SHARE_AT, y, percent(row.share), align="right", colour=colour)
        if not pd.isna(row.low):
            interval = f"{100 * row.low:.0f}–{100 * row.high:.0f}%"
            page.write(INSIDE - INTERVAL_AT, y, interval, size=SMALL, align="right", colour=MUTED)
    else:
        page.write(left + 0.08, y, f"named {_times(row.mentions)}, no word traced", size=SMALL)
        page.figure.texts[-1].set_bbox(ON_WHITE)
    page.write(INSIDE - WORDS_AT, y, f"{words:,}", align="right", weight="bold", colour=colour)


def _times(count):
    return "once" if count == 1 else f"{count:,} times"


def _ladder_title(table, labels):
    """Tell who is given most of the words, and who is only named: best where another outlet hears them."""
    known = [label for label in labels if label != NOT_TOLD]
    if not known:
        return "No target of the codebook is named"
    leading = table[(table["label"] == known[0]) & (table["words"] > 0)]
    if leading.empty:
        return "No word is traced to anybody named"
    (first, part), *rest = zip(leading["outlet"].map(in_line), leading["share"], strict=True)
    title = f"{in_line(known[0])} is given {percent(part)} of the words that {first} quotes or reports"
    title += "".join(f", {percent(share)} of {whose(outlet)}" for outlet, share in rest)
    silent = table[(table["words"] == 0) & (table["mentions"] > 0) & table["label"].isin(known)]
    if silent.empty:
        return title
    silent = silent.assign(elsewhere=silent["label"].isin(table.loc[table["words"] > 0, "label"]))
    first = silent.sort_values(["elsewhere", "mentions"], ascending=False, kind="stable").iloc[0]
    outlet, label, mentions = first[["outlet", "label", "mentions"]]
    return f"{title}; {in_line(outlet)} names “{in_line(label)}” {_times(mentions)}, but no word is traced to it"


def _ladder_told(rows, labels, outlets):
    """Tell the words of the first labels, by outlet."""
    told = []
    for label in labels[:5]:
        found = [(outlet, rows[label, outlet]) for outlet in outlets if (label, outlet) in rows]
        told.append(f"{label}: " + ", ".join(f"{outlet} {row.words:,}" for outlet, row in found))
    return "; ".join(told) + "." if told else ""


def _force_title(counts):
    """Tell of the class whose shares of the outlets' verbs differ most; of one outlet, of the largest class."""
    totals = counts.sum()
    if counts.empty or not totals.any():
        return "No reporting verb is found"
    shares = counts / totals
    spread = shares.max(axis=1) - shares.min(axis=1)
    spread = spread if spread.round(9).any() else shares.max(axis=1)
    name = spread.round(9).idxmax()
    first, *rest = shares.loc[name].sort_values(ascending=False, kind="stable").index
    parts = {
        outlet: f"{counts.loc[name, outlet] or 'none'} of {whose(in_line(outlet))} {totals[outlet]}"
        for outlet in counts
    }
    title = f"{name.capitalize()} verbs are {parts[first]} reporting verbs"
    return title + "".join(f", {parts[outlet]}" for outlet in rest)
