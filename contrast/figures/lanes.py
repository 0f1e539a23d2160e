"""Draw rows of dots with a lane an outlet, such as the rates of mentions."""

import itertools
from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from contrast.figures.marks import draw_dot, no_more_than_lanes, over, require_rows
from contrast.figures.style import (
    BODY,
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
    outlet_style,
    shorten,
    width_of,
    wrap,
)
from contrast.wording import commonest, listed

TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LEFT = 2.35  # inches: of the names and words of rows
LINE = 0.15  # inches: of a line of small text
HEAD_LINES = 2  # that an outlet’s name may take above its column
MEAN = {"color": "#858c95", "linewidth": 1.8}


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
    require_rows(rates=rates)
    title = _rates_title(rates)
    subtitle = f"Mentions per 1,000 words, with 95% intervals {over(rates['unit'])}. Square-root scale."
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
    return draw_lanes(texts, labels, marks, values, outlets, ticks, square_root=True, heading="times")


def _rates_title(rates):
    """Tell which target each outlet mentions most; of several that it mentions as often, all."""
    wide = rates.pivot(index="label", columns="outlet", values="rate")[list(dict.fromkeys(rates["outlet"]))]
    most = {outlet: [*column.index[column == column.max()]] for outlet, column in wide.items() if column.any()}
    label, *others = dict.fromkeys(itertools.chain(*most.values())) or [""]
    if len(most) == wide.shape[1] and not others:
        each = listed(f"{rate:.1f} in {outlet}" for outlet, rate in wide.loc[label].items())
        return f"{label} is mentioned most: {each}, per 1,000 words"
    return "; ".join(
        f"{outlet} mentions {listed(most[outlet])} most" if outlet in most else f"{outlet} mentions none of them"
        for outlet in wide
    )


def draw_lanes(
    texts: tuple[str, str, str, str],
    labels: dict,
    marks: pd.DataFrame,
    values: dict,
    outlets: list[str],
    ticks: dict[float, str],
    *,
    square_root: bool = False,
    heading: str = "",
    means: dict | None = None,
    grey: Collection = (),
    note: str = "",
) -> Figure:
    """
    Draw rows of dots with their intervals, a lane an outlet, on one scale, and a column of values an outlet.

    Parameters
    ----------
    texts : tuple of str
        Title, subtitle, source and alt text.
    labels : dict
        Key -> (name, words under it): the rows, from the top.
    marks : DataFrame
        A row a dot: `key`, `outlet`, `value` and, where known, `low`, `high`.
    values : dict
        (key, outlet) -> what its column says.
    outlets : list of str
    ticks : dict
        Place on the scale -> its text.
    square_root : bool
    heading : str
        What the columns of values hold.
    means : dict, optional
        Key -> mean of the outlets, drawn as an upright tick.
    grey : collection of keys
        Rows drawn in grey.
    note : str
        What is said of those rows.

    Raises
    ------
    InputError
        More outlets than a row has lanes.
    """
    no_more_than_lanes(outlets)
    styles = outlet_style(outlets)
    scale = np.sqrt if square_root else np.asarray
    row = max(0.47, 0.17 * len(outlets) + 0.13)
    column = column_width(outlets, most=2.4 / max(len(outlets), HEAD_LINES))
    wide = INSIDE - LEFT - (column * len(outlets) + 0.15)
    ends = {outlet: INSIDE - 0.02 - column * (len(outlets) - 1 - lane) for lane, outlet in enumerate(outlets)}
    heads = {outlet: _broken(outlet, column - 0.1) for outlet in outlets}
    higher = LINE * (max(map(len, heads.values())) - 1)
    top = row * len(labels)
    page = Page(*texts, top + 0.62 + higher)
    axes = page.axes(LEFT, 0, wide, top)
    axes.set_ylim(0, len(labels))
    marks = marks.reindex(columns=["key", "outlet", "value", "low", "high"])
    reach = max(max(ticks), marks[["value", "low", "high"]].max().max())
    _draw_scale(axes, {float(scale(tick)): text for tick, text in ticks.items()}, scale(reach), wide)
    marks = marks.assign(**{name: scale(marks[name]) for name in ("value", "low", "high")})
    _draw_head(page, top + 0.42 + higher, styles, f"mean of {len(outlets)} outlets" if means else "", heading)
    for number, (key, (name, words)) in enumerate(labels.items()):
        base, is_grey = len(labels) - 1 - number, key in grey
        looks = {outlet: (OTHER_COLOUR if is_grey else colour, mark) for outlet, (colour, mark) in styles.items()}
        if number:
            axes.axhline(base + 1, color=RULE, linewidth=0.7)
        if means:
            axes.plot([scale(means[key])] * 2, [base + 0.16, base + 0.84], **MEAN)
        _draw_row(axes, base, marks[marks["key"] == key], looks)
        for outlet, end in ends.items():
            value = values.get((key, outlet), "")
            page.write(end, row * (base + 0.5), value, align="right", weight="bold", colour=looks[outlet][0])
            if number == 0:
                _head_column(page, end, top + 0.14, heads[outlet], styles[outlet][0])
        write_label(page, row * (base + 0.5), name, words, grey=is_grey, note=note if is_grey else "")
    return page.figure


def write_label(page: Page, y: float, name: str, words: str, *, grey: bool = False, note: str = "") -> None:
    """Write a row's name at the left, and under it the words and the note on it, as far as there is room."""
    room, under = LEFT - 0.15, bool(words or note)
    colour = OTHER_COLOUR if grey else INK
    short = shorten(name, LABEL, room, "bold")
    page.write(0, y + (0.1 if under else 0), short, size=LABEL, weight="bold", colour=colour)
    colour, x = OTHER_COLOUR if grey else MUTED, 0
    if words:
        used = width_of(note, SMALL, "bold") + 0.1 if note else 0
        x = page.write(0, y - 0.1, shorten(words, SMALL, room - used), size=SMALL, colour=colour) + 0.1
    if note:
        page.write(x, y - 0.1, note, size=SMALL, weight="bold", colour=colour)


def _draw_scale(axes, ticks, reach, wide):
    """Draw a scale from 0 on, as wide as this in inches, with an upright line at each tick."""
    axes.set_xlim(0, reach * (1 if max(ticks) == 1 else 1.02))
    some = _thin_ticks(ticks, wide / axes.get_xlim()[1])
    axes.set_xticks(list(some), list(some.values()))
    axes.tick_params(axis="x", labeltop=True, labelbottom=False)
    axes.grid(axis="x")
    axes.axvline(0, color=ZERO, linewidth=1.1)


def _thin_ticks(ticks, inch):
    """Leave out, from the smallest on, each tick that leaves the next no room; the ends stay."""
    room = list(reversed(ticks))
    for tick in sorted(ticks)[1:-1]:
        above = room[room.index(tick) - 1]
        if (above - tick) * inch < 0.3:
            room.remove(tick)
    return {tick: ticks[tick] for tick in room}


def _draw_head(page, y, styles, told, heading):
    """Name over the rows the outlets, the tick of their means, and what the columns of values hold."""
    start = _start(list(styles), told)
    end = page.key(start, y, styles)
    if told:
        _name_means(page, start, end, y, told)
    if heading:
        page.write(INSIDE - 0.02, y - 0.08, heading, size=SMALL, colour=MUTED, align="right")


def _head_column(page, x, y, lines, colour):
    """Write an outlet's name over its column of values."""
    for number, line in enumerate(reversed(lines)):
        page.write(x, y + LINE * number, line, size=SMALL, align="right", weight="bold", colour=colour)


def _draw_row(axes, base, dots, looks):
    """Draw a row's dots, a lane an outlet."""
    for lane, (outlet, (colour, mark)) in enumerate(looks.items()):
        level = base + 1 - (lane + 1) / (len(looks) + 1)
        for dot in dots[dots["outlet"] == outlet].itertuples():
            draw_dot(axes, dot, "value", level, colour, mark)


def _start(outlets, told):
    """Begin the key over the dots or, where names would be cut there, at the left, after the means' name."""
    room = (INSIDE - LEFT) / len(outlets) - 0.36
    if all(width_of(outlet, BODY, "bold") <= room for outlet in outlets):
        return LEFT
    return width_of(told) + 0.3 if told else 0


def _name_means(page, start, end, y, text):
    """Name the tick of the means after the outlets or, where these leave no room, before them."""
    used = width_of(text) + 0.1
    x = end if end + used <= INSIDE else start - 0.2 - used
    (place, low), (_, high) = page.place(x + 0.02, y - 0.08), page.place(x + 0.02, y + 0.08)
    page.figure.add_artist(Line2D([place, place], [low, high], **MEAN))
    page.write(x + 0.1, y, text, colour=MUTED)


def _broken(name, room):
    """Break a name into `HEAD_LINES` at most; what is longer is cut."""
    lines = wrap(name, SMALL, room, "bold")
    last = lines[HEAD_LINES - 1 :]
    return lines[: HEAD_LINES - 1] + ([shorten(" ".join(last), SMALL, room, "bold")] if last else [])


def _examples(mentions, label):
    """Name the commonest names of a target."""
    return ", ".join(commonest(mentions.loc[mentions["label"] == label, "name"]).index[:4])
