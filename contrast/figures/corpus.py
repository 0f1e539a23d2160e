"""Draw what the corpus is: when its articles are from, and what cleaning took off them."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from contrast.corpus import known_days, require
from contrast.figures.marks import require_rows
from contrast.figures.style import (
    BAR,
    INK,
    INSIDE,
    LABEL,
    MUTED,
    ON_WHITE,
    SIZES,
    SMALL,
    WIDTH,
    ZERO,
    Page,
    column_width,
    outlet_style,
    shorten,
    width_of,
)
from contrast.wording import MONTHS, date_of, day_of, listed, number_of, percent

MARK_STEP = 0.13  # inches between marks that are stacked
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)
FIVE_SHADES = (BAR, "#7a4f9a", "#5f8296", "#a9b8c0", "#dfe4e7")


def timeline(articles: pd.DataFrame, source: str) -> Figure:
    """
    Draw a mark an article on a line of time an outlet.

    Parameters
    ----------
    articles : DataFrame
        `outlet`, `date`, `date_precision`, and `date_basis` where it is known; articles without a date are counted in
        the source line.
    source : str
    """
    require(articles, "outlet", "date", "date_precision")
    dated = articles.dropna(subset="date").sort_values("date", kind="stable")
    require_rows(dated=dated)
    outlets = list(dict.fromkeys(articles["outlet"]))
    styles = outlet_style(outlets)
    shared = dated.groupby(known_days(dated))["outlet"].unique().loc[lambda met: met.map(len) > 1]
    title = _timeline_title(outlets, shared)
    subtitle = "Each mark is one article, by date. A bar beside it: only the month or the year is known."
    inferred = dated["date_basis"].str.startswith("inferred").sum() if "date_basis" in dated else 0
    if inferred:
        subtitle += f" {inferred} of {len(dated)} dates are inferred from the text."
    if len(dated) < len(articles):
        source += f" {number_of(len(articles) - len(dated), 'article')} without a date."
    counts = articles["outlet"].value_counts()
    whose = listed(f"{number_of(counts[outlet], 'article')} of {outlet}" for outlet in outlets)
    first = [f"{row.outlet} {date_of(row.date, row.date_precision)}" for row in dated.head(6).itertuples()]
    alt = f"Timeline of {whose}. {title}. The {'first ' * (len(dated) > 6)}dates: {', '.join(first)}."
    left = column_width(outlets, LABEL, least=1.05, most=2)
    bins = pd.cut(dated["date"], max(1, int((WIDTH - left) / MARK_STEP)), labels=False)
    heights = dated.groupby(["outlet", bins]).size().groupby("outlet").max()
    lanes = {outlet: 0.62 + MARK_STEP * (int(heights.get(outlet, 1)) - 1) for outlet in outlets}
    page = Page(title, subtitle, source, alt, sum(lanes.values()) + 0.4)
    axes = page.axes(left, 0.3, INSIDE - left - 0.32, page.body - 0.3)
    axes.set_ylim(0, page.body - 0.3)
    _draw_months(axes, dated["date"])
    base = page.body - 0.3
    levels = {}
    for outlet in outlets:
        base -= lanes[outlet]
        levels[outlet] = base + 0.12
        axes.axhline(base, color=ZERO, linewidth=1.1)
        name = shorten(outlet, LABEL, left - 0.1, "bold")
        page.write(0, base + 0.3 + 0.22, name, size=LABEL, weight="bold", colour=styles[outlet][0])
        page.write(0, base + 0.3 + 0.04, number_of(counts[outlet], "article"), size=SMALL, colour=MUTED)
        part = dated[dated["outlet"] == outlet]
        _draw_lane(axes, part, bins[part.index], levels[outlet], styles[outlet])
        _label_dates(axes, part, levels[outlet] + 0.2)
    if len(shared) == 1:
        day, met = _days(shared.index[0]), [levels[outlet] for outlet in shared.iloc[0]]
        span = [min(met) + 0.3, max(met)]
        axes.plot([day, day], span, color=ZERO, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    return page.figure


def taken_off(removed: pd.DataFrame, articles: pd.DataFrame, source: str) -> Figure:
    """
    Draw how many characters of each article's file cleaning took off, by kind.

    Parameters
    ----------
    removed : DataFrame
        As `cleaning.removed` gives it.
    articles : DataFrame
        With `outlet`, `raw`. Of more than 12, the outlets' means are drawn.
    source : str
    """
    require_rows(articles=articles)
    kinds = {
        "another article’s lead": ["tail"],
        "embedded post": ["embedded post"],
        "headline": ["title"],
        "dateline, byline, date": ["dateline", "byline", "printed date"],
        "blanks and markup": ["blank", "markup"],
    }
    kind_of = {rule: kind for kind, rules in kinds.items() for rule in rules}
    sizes = removed.assign(kind=removed["rule"].map(kind_of), size=removed["end"] - removed["start"])
    table = sizes.pivot_table(index="article_id", columns="kind", values="size", aggfunc="sum", fill_value=0)
    table = table.reindex(index=articles.index, columns=list(kinds), fill_value=0)
    length = articles["raw"].str.len()
    share = table.to_numpy().sum() / length.sum()
    subtitle, what = "Characters that cleaning took off each file, by what they are.", number_of(len(table), "file")
    if len(table) > 12:
        subtitle = "Characters that cleaning took off an outlet’s files on average, by what they are."
        what = f"the files of {number_of(articles['outlet'].nunique(), 'outlet')}, on average"
        table, length = table.groupby(articles["outlet"]).mean(), length.groupby(articles["outlet"]).mean()
    title = f"{percent(share) if share else 'None'} of what the files hold is left out of the counts"
    largest = table.sum().sort_values(ascending=False, kind="stable")
    alt = (
        f"Stacked bars of the characters taken off {what}. {title}. Most: "
        + ", ".join(f"{kind} {size:,.0f}" for kind, size in largest.head(3).items())
        + "."
    )
    left = column_width(table.index.astype(str), LABEL, "normal", least=0.95, most=2)
    row, right = 0.3, 1.35
    page = Page(title, subtitle, source, alt, row * len(table) + 0.72)
    width = INSIDE - left - right
    axes = page.axes(left, 0.02, width, row * len(table))
    axes.set_ylim(-0.5, len(table) - 0.5)
    axes.set_xlim(0, max(1, table.sum(axis=1).max()))
    x, y = 0.0, page.body - 0.12
    for kind, shade in zip(kinds, FIVE_SHADES, strict=True):
        if x + 0.35 + width_of(kind, SMALL) > INSIDE:
            x, y = 0.0, y - 0.2
        page.figure.add_artist(_swatch(page, x, y, shade))
        x += 0.17 + page.write(x + 0.17, y, kind, size=SMALL) + 0.22
    y = row * len(table) + 0.13
    page.write(INSIDE - 0.75, y, "taken off", size=SMALL, colour=MUTED, align="right")
    page.write(INSIDE - 0.02, y, "of the file", size=SMALL, colour=MUTED, align="right")
    for number, (name, values) in enumerate(table.iterrows()):
        level = len(table) - 1 - number
        starts = values.cumsum() - values
        axes.barh(level, values, left=starts, height=0.66, color=FIVE_SHADES, edgecolor="white", linewidth=0.6)
        at = 0.02 + row * (level + 0.5)
        page.write(0, at, shorten(str(name), LABEL, left - 0.1), size=LABEL)
        page.write(INSIDE - 0.75, at, f"{values.sum():,.0f}", align="right")
        page.write(INSIDE - 0.02, at, percent(values.sum() / length[name]), align="right", weight="bold")
    return page.figure


def _draw_months(axes, dates):
    """Draw a scale of whole months that holds these dates, with an upright line at each tick."""
    step, ticks = _months(dates)
    axes.set_xlim(_days(ticks[0]), _days(ticks[-1]))
    axes.set_xticks([_days(tick) for tick in ticks], [_tick(tick, step, is_first=tick == ticks[0]) for tick in ticks])
    axes.grid(axis="x")


def _draw_lane(axes, part, bins, level, look):
    """Draw a mark an article, those of one bin stacked from this level upwards; a bar where the day is not known."""
    colour, mark = look
    stacked = part.groupby(bins).cumcount()
    for row, place in zip(part.itertuples(), stacked, strict=True):
        y = level + MARK_STEP * place
        if row.date_precision != "day":
            last = row.date + (pd.offsets.MonthEnd() if row.date_precision == "month" else pd.offsets.YearEnd())
            axes.plot([_days(row.date), _days(last)], [y, y], color=colour, linewidth=2.2, alpha=0.4)
        style = {"color": colour, "markersize": SIZES[mark], "markeredgecolor": "white", "clip_on": False}
        axes.plot(_days(_middle(row)), y, mark, **style)


def _label_dates(axes, part, level):
    """Write each article's date over its mark, where all of an outlet's dates find room."""
    labels = []
    for row in part.itertuples():
        day = f"{row.date.day} " if row.date_precision == "day" else ""
        text = str(row.date.year) if row.date_precision == "year" else f"{day}{MONTHS[row.date.month - 1][:3]}"
        labels.append((_days(_middle(row)), text))
    inches = axes.get_position().width * WIDTH / np.ptp(axes.get_xlim())
    start, end = (edge * inches for edge in axes.get_xlim())
    spans = [(x * inches, width_of(text, SMALL) / 2 + 0.03) for x, text in labels]
    is_inside = all(x - half > start - 0.3 and x + half < end + 0.3 for x, half in spans)
    if is_inside and all(x + half < y - other for (x, half), (y, other) in itertools.pairwise(spans)):
        for x, text in labels:
            axes.text(x, level, text, ha="center", va="center_baseline", fontsize=SMALL, color=INK, bbox=ON_WHITE)


def _timeline_title(outlets, shared):
    names = listed(outlets)
    if len(outlets) == 1:
        return f"When the articles of {names} are from"
    if shared.empty:
        return f"On no known day are there articles of two outlets among {names}"
    if len(shared) == 1:
        met = listed(outlet for outlet in outlets if outlet in shared.iloc[0])
        return f"{met} meet on a single day, {day_of(shared.index[0])}"
    some = "" if (shared.map(len) == len(outlets)).all() else "Two or more of "
    return f"{some}{names} meet on {len(shared)} days"


def _swatch(page, x, y, shade):
    return Rectangle(page.place(x, y - 0.06), 0.12 / WIDTH, 0.12 / page.height, facecolor=shade, edgecolor="none")


def _months(dates):
    """Choose ticks at whole months that hold all the dates: about seven."""
    first, last = dates.min(), dates.max()
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step in MONTH_STEPS if span / step <= 7), MONTH_STEPS[-1])
    within_year = min(step, 12)
    ticks = [pd.Timestamp(first.year, 1 + (first.month - 1) // within_year * within_year, 1)]
    while ticks[-1] <= last:
        ticks.append(ticks[-1] + pd.DateOffset(months=step))
    return step, ticks


def _tick(tick, step, *, is_first):
    if step >= 12:
        return str(tick.year)
    month = MONTHS[tick.month - 1][:3]
    return f"{month} {tick.year}" if is_first or tick.month <= step else month


def _middle(row):
    return row.date + pd.Timedelta(days={"day": 0, "month": 15, "year": 182}[row.date_precision])


def _days(date):
    return (date - pd.Timestamp("1970-01-01")).days
