"""Draw how far a measure of tone can be trusted, and whether a finding holds however it is counted."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from contrast.figures import style
from contrast.figures.marks import FEW, LINE, SHADE, draw_dot, no_more_than_lanes, require_rows, signed, two_lines
from contrast.figures.style import (
    BAR,
    BODY,
    INSIDE,
    LABEL,
    MUTED,
    ON_WHITE,
    RULE,
    SMALL,
    ZERO,
    Page,
    column_width,
    outlet_style,
    paler,
    shorten,
    wrap,
)
from contrast.wording import number_of, percent

CODES = ["against", "neutral", "for"]
ENOUGH = 30  # hand-coded sentences from which on a mean is corrected
LINES = {0.8: ".8 reliable", 0.667: ".667 tentative"}  # of Krippendorff's alpha
LEFT, MIDDLE, BETWEEN, DEEP = 1.95, 1.4, 0.25, 1.5  # inches: widths of panels, between them, depth of their drawings
HATCH = "#b4bac2"
LANE, GAP, NUMBER = 0.2, 0.12, 0.48  # inches: of an outlet's row, between targets, of the number at the right
REACHES = (0.5, 1)  # of the scale of tone
WHAT = (
    "Left: sentences by the code of hand and scorer, shaded by share of the row.",
    "Middle: how far coders agree.",
    "Right: mean tone; an arrow leads from the scorer’s mean (hollow) to the mean corrected by hand coding, with its "
    "95% interval. Pale: that includes 0. n of 30: hand-coded sentences, of those needed.",
)
NO_CODES = (
    "No sentence is hand-coded yet. Code sentences drawn at random, as against, neutral or for, and draw this again."
)
NO_CODERS = "Not known yet. Let two people code the same sentences, neither of them seeing the other’s codes."
NO_SCORES = (
    f"No tone is scored yet. Score the sentences on each target; of each target and outlet hand-code {ENOUGH} or more, "
    "drawn at random."
)


def validation_panel(confusion: pd.DataFrame, agreement: pd.DataFrame, corrected: pd.DataFrame, source: str) -> Figure:
    """
    Draw how a scorer of tone compares with hand coding, how far coders agree, and how hand coding corrects each mean.

    A panel whose table is empty says what is missing and how to get it.

    Parameters
    ----------
    confusion : DataFrame
        Counts of codes: the hand's in rows, the scorer's in columns, both of `CODES`.
    agreement : DataFrame
        One row: `alpha` (Krippendorff's), `low`, `high` (95 %), `units` (sentences that several coded), `coders`.
    corrected : DataFrame
        A row a target label and outlet: `label`, `outlet`, `n` (sentences scored), `coded` (by hand), `raw` (the
        scorer's mean, -1 against to 1 for), `mean` (corrected), `low`, `high` (95 %), `reason` (why there is no mean).
    source : str

    Raises
    ------
    InputError
        More outlets than a row has lanes.

    References
    ----------
    Krippendorff (2004), Content Analysis, chapter 11: alpha, and the lines at .667 and .8.
    Angelopoulos, Duchi and Zrnic (2023), PPI++: Efficient Prediction-Powered Inference: the corrected mean.
    """
    counts = confusion.reindex(index=CODES, columns=CODES).fillna(0).astype(int)
    labels, outlets = (list(dict.fromkeys(corrected[name])) if len(corrected) else [] for name in ("label", "outlet"))
    no_more_than_lanes(outlets)
    title = _title(counts, corrected)
    told = [_scorer_in_words(counts), _coders_in_words(agreement)]
    subtitle = " ".join(text for text, some in zip(WHAT, (*told, labels), strict=True) if some)
    alt = f"Three panels. {title}. {' '.join(filter(None, told))}"
    for row in (corrected.dropna(subset="mean") if labels else corrected).itertuples():
        alt += f" {row.label}, {row.outlet}: {signed(row.raw)}, corrected {signed(row.mean)}."
    starts = [0, LEFT + BETWEEN, LEFT + MIDDLE + 2 * BETWEEN]
    widths = [LEFT, MIDDLE, INSIDE - starts[2]]
    words = [told[0] or NO_CODES, told[1] or NO_CODERS, "" if labels else NO_SCORES]
    lines = [wrap(text, SMALL, width) for text, width in zip(words, widths, strict=True)]
    depths = [DEEP + 0.26 if text else 0 for text in (*told, "")]
    row = max(LANE * len(outlets), 2 * LINE) + GAP
    tall = max(row * len(labels), *(depth + LINE * (len(some) - 1) for depth, some in zip(depths, lines, strict=True)))
    page = Page(title, subtitle or "Each panel says what is missing, and how to get it.", source, alt, tall + 0.7)
    heads = ["Scorer against hand", "Coders’ agreement", "Tone, corrected"]
    for x, head, some, depth in zip(starts, heads, lines, depths, strict=True):
        page.write(x, tall + 0.56, head, size=LABEL, weight="bold")
        for number, line in enumerate(some):
            y = tall - depth + 0.08 if depth else tall + 0.32
            page.write(x, y - LINE * number, line, size=SMALL, colour=MUTED)
    if told[0]:
        _draw_confusion(page, counts, tall)
    if told[1]:
        _draw_agreement(page, agreement.iloc[0], starts[1], tall)
    if labels:
        _draw_corrected(page, corrected, starts[2], tall, row)
    return page.figure


def robustness_fan(
    fan: pd.DataFrame, source: str, *, measure: str = "the difference between the outlets’ values"
) -> Figure:
    """
    Draw one contrast under every way of counting it: a row a way, the largest value first, the default marked.

    Parameters
    ----------
    fan : DataFrame
        A row a way of counting: `ways` (its choices in words: "all speakers, every use"), `value`, `low`, `high`
        (95 %), `n` (what is counted in the outlet with less), `is_default`, which one row is.
    source : str
    measure : str
        What the value is, and in which unit, as the subtitle says it.
    """
    require_rows(fan=fan)
    is_clear = ((fan["low"] > 0) | (fan["high"] < 0)) & (fan["n"] >= FEW)
    rows = fan.assign(is_clear=is_clear).sort_values(["value", "ways"], ascending=[False, True], ignore_index=True)
    counted, default = rows[rows["value"].notna()], rows[rows["is_default"].astype(bool)].iloc[0]
    title = _fan_title(counted, default)
    subtitle = (
        f"Each row is {measure}, counted in one way, with its 95% interval. At the left: what is done otherwise than "
        f"by default; n is of the outlet with less. Pale: n under {FEW}, no interval, or one that includes 0."
    )
    alt = f"Dots with 95% intervals: one contrast counted in {number_of(len(rows), 'way')}. {title}. "
    alt += f"Default, {default['ways']}: {_interval(default)}."
    if len(counted):
        alt += f" Largest: {_interval(counted.iloc[0])}. Smallest: {_interval(counted.iloc[-1])}."
    ways = [
        f"Default: {row.ways}" if row.is_default else _otherwise(row.ways, default["ways"]) for row in rows.itertuples()
    ]
    left = column_width(ways, BODY, "bold", least=1.5, most=3.2)
    texts = [two_lines(way, BODY, left - 0.1, "bold") for way in ways]
    row = 0.27 if max(map(len, texts)) == 1 else 0.42
    tall, wide = row * len(rows), INSIDE - left - 1.15
    page = Page(title, subtitle, source, alt, tall + 0.36)
    page.axes(0, tall - row * (default.name + 1), INSIDE, row).set_facecolor(SHADE)
    axes = page.axes(left, 0, wide, tall)
    axes.patch.set_visible(False)
    axes.set_ylim(0, tall)
    _draw_scale(axes, rows[["value", "low", "high"]])
    for x, head in ((INSIDE - 0.55, "value"), (INSIDE - 0.02, "n")):
        page.write(x, tall + 0.14, head, size=SMALL, colour=MUTED, align="right")
    for number, (way, lines) in enumerate(zip(rows.itertuples(), texts, strict=True)):
        _draw_way(page, axes, tall - row * (number + 0.5), way, lines)
    return page.figure


def macro_f1(counts: pd.DataFrame) -> float:
    """
    Average over the codes the F1 that a confusion table gives each: 2 hits / (coded so by hand + by the scorer).

    Codes that neither gives are left out.

    >>> round(macro_f1(pd.DataFrame([[5, 5], [0, 10]])), 3)
    0.733
    """
    hits, given = np.diag(counts), counts.sum(axis=0).to_numpy() + counts.sum(axis=1).to_numpy()
    return float(np.mean(2 * hits[given > 0] / given[given > 0]))


def _draw_confusion(page, counts, top):
    """Draw a square a pair of codes, darker the larger its share of the row."""
    start, side, deep = 0.55, (LEFT - 0.55) / 3, DEEP / 3
    axes = page.axes(start, top - DEEP, LEFT - start, DEEP)
    axes.set_xlim(0, 3)
    axes.set_ylim(3, 0)
    page.write(0, top + 0.32, "by hand", size=SMALL, colour=MUTED)
    page.write(start + 1.5 * side, top + 0.32, "by the scorer", size=SMALL, colour=MUTED, align="center")
    shares = counts.div(counts.sum(axis=1).clip(lower=1), axis=0)
    for i, code in enumerate(CODES):
        y = top - deep * (i + 0.5)
        page.write(0, y, code, size=SMALL, weight="bold")
        page.write(start + side * (i + 0.5), top + 0.12, code, size=SMALL, weight="bold", align="center")
        for j, other in enumerate(CODES):
            shade = to_hex(1 - 0.6 * shares.loc[code, other] * (1 - np.array(to_rgb(BAR))))
            axes.add_patch(Rectangle((j, i), 1, 1, facecolor=shade, edgecolor="white", linewidth=1.5))
            weight = "bold" if i == j else "normal"
            page.write(start + side * (j + 0.5), y, f"{counts.loc[code, other]:,}", weight=weight, align="center")


def _draw_agreement(page, row, x, top):
    """Draw alpha as a dot with its interval on an upright scale, against the two lines."""
    page.write(x, top + 0.3, f"α = {_coefficient(row['alpha'])}", weight="bold")
    axes = page.axes(x + 0.14, top - DEEP, 0.32, DEEP)
    low = min(0, row["alpha"], row["low"] if pd.notna(row["low"]) else 0)
    axes.set_xlim(-1, 1)
    axes.set_ylim(low - 0.04, 1.04)
    axes.axvline(0, color=RULE, linewidth=0.7)
    for level, name in LINES.items():
        axes.axhline(level, color=ZERO, linewidth=1.1)
        y = top - DEEP * (1.04 - level) / (1.08 - low)
        page.write(x + 0.52, y, name, size=SMALL, colour=MUTED)
    for level in (0, 1):
        axes.axhline(level, color=RULE, linewidth=0.7)
        y = top - DEEP * (1.04 - level) / (1.08 - low)
        page.write(x, y, str(level), size=SMALL, colour=MUTED)
    if pd.notna(row["low"]):
        axes.plot([0, 0], [row["low"], row["high"]], color=BAR, linewidth=2.2, alpha=0.4)
    axes.plot(0, row["alpha"], "o", color=BAR, markersize=style.SIZES["o"], markeredgecolor="white", clip_on=False)


def _draw_corrected(page, corrected, x, top, row):
    """Draw an arrow from each raw mean to the corrected one, a row an outlet; hatch where nothing is validated."""
    labels, outlets = (list(dict.fromkeys(corrected[name])) for name in ("label", "outlet"))
    styles = outlet_style(outlets)
    page.key(x, top + 0.32, styles)
    left = column_width(labels, BODY, "bold", least=0.6, most=1.0)
    tall, wide = row * len(labels), INSIDE - x - left
    inches = wide - NUMBER - 0.1
    reach = corrected.dropna(subset="mean")[["raw", "mean", "low", "high"]].abs().max().max()
    reach = next((some for some in REACHES if not reach > some), 1)
    axes = page.axes(x + left, top - tall, wide, tall)
    unit = 2 * reach / inches
    axes.set_xlim(-reach - 0.05 * unit, -reach + (wide - 0.05) * unit)
    axes.set_ylim(0, tall)
    page.write(x + left, top + 0.1, f"−{reach:g} against", size=SMALL, colour=MUTED)
    page.write(x + left + inches + 0.1, top + 0.1, f"for {reach:g}", size=SMALL, colour=MUTED, align="right")
    for number, label in enumerate(labels):
        base = tall - row * (number + 1)
        axes.axhline(base + row, color=RULE, linewidth=0.7)
        lines = two_lines(label, BODY, left - 0.08, "bold")
        for place, line in enumerate(lines):
            y = top - tall + base + row / 2 + 0.17 * ((len(lines) - 1) / 2 - place)
            page.write(x, y, line, weight="bold")
        for one in corrected[corrected["label"] == label].itertuples():
            level = base + row / 2 + LANE * ((len(outlets) - 1) / 2 - outlets.index(one.outlet))
            colour, mark = styles[one.outlet]
            y = top - tall + level
            if pd.isna(one.mean):
                strip = Rectangle((-reach, level - LANE / 2 + 0.02), (inches + NUMBER) * unit, LANE - 0.04)
                strip.set(facecolor="white", edgecolor=HATCH, hatch="/////", linewidth=0)
                axes.add_patch(strip)
                why = f"{one.coded:.0f} of {ENOUGH}" if one.coded < ENOUGH else one.reason
                why = shorten(f"tone, not validated: {why}", SMALL, inches + NUMBER - 0.24)
                page.write(x + left + 0.2, y, why, size=SMALL, colour=MUTED)
                page.figure.texts[-1].set_bbox(ON_WHITE | {"pad": 2.4})
                continue
            ends = level - LANE / 2, level + LANE / 2
            axes.vlines([-reach, 0, reach], *ends, color=[RULE, ZERO, RULE], linewidth=0.8, zorder=1)
            is_pale = not (one.low > 0 or one.high < 0)
            shade = paler(colour) if is_pale else colour
            hollow = {"markerfacecolor": "white", "markersize": 0.8 * style.SIZES[mark], "clip_on": False}
            if abs(one.mean - one.raw) * inches / (2 * reach) > 0.16:
                arrow = {"arrowstyle": "-|>", "color": shade, "shrinkA": 2.5, "shrinkB": 3.5, "mutation_scale": 8}
                axes.annotate("", (one.mean, level), (one.raw, level), arrowprops=arrow)
            axes.plot(one.raw, level, mark, color=shade, **hollow)
            draw_dot(axes, one, "mean", level, shade, mark)
            weight = "normal" if is_pale else "bold"
            page.write(INSIDE - 0.02, y, signed(one.mean), size=SMALL, weight=weight, colour=colour, align="right")


def _draw_scale(axes, values):
    """Draw a scale that holds these values and 0, with some room beside them."""
    ends = np.append(values.to_numpy(dtype=float).ravel(), 0)
    low, high = np.nanmin(ends), np.nanmax(ends)
    room = 0.06 * (high - low or 1)
    axes.set_xlim(low - room, high + room)
    ticks = [tick for tick in MaxNLocator(4).tick_values(low, high) if low - room <= tick <= high + room]
    axes.set_xticks(ticks, [f"{tick:+.2g}".replace("-", "−") if round(tick, 9) else "0" for tick in ticks])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, labelsize=SMALL, length=0)
    axes.grid(axis="x")
    axes.axvline(0, color=ZERO, linewidth=1.1)


def _draw_way(page, axes, y, way, lines):
    """Draw what one way of counting gives, beside its name."""
    weight = "bold" if way.is_default else "normal"
    for place, line in enumerate(lines):
        page.write(0.04, y + 0.17 * ((len(lines) - 1) / 2 - place), line, weight=weight)
    if pd.isna(way.value):
        page.write(INSIDE - 0.55, y, "none", colour=MUTED, align="right")
        return
    draw_dot(axes, way, "value", y, BAR if way.is_clear else paler(BAR), "D" if way.is_default else "o")
    page.write(INSIDE - 0.55, y, signed(way.value), weight=weight, align="right")
    page.write(INSIDE - 0.02, y, f"{way.n:,.0f}", size=SMALL, colour=MUTED, align="right")


def _scorer_in_words(counts):
    total = counts.to_numpy().sum()
    if not total:
        return ""
    by_hand = counts.sum(axis=1)
    commonest = by_hand.idxmax()
    always = pd.DataFrame(0, index=CODES, columns=CODES)
    always[commonest] = by_hand
    f1, by_chance = (_coefficient(macro_f1(table)) for table in (counts, always))
    return (
        f"Coded alike: {np.diag(counts).sum():,} of {number_of(total, 'code')}. Macro-F1, how well the scorer "
        f"finds each code on average: {f1}; always “{commonest}” would give {by_chance}."
    )


def _coders_in_words(agreement):
    if agreement.empty or agreement["alpha"].isna().all():
        return ""
    row = agreement.iloc[0]
    alpha = f"Krippendorff’s α {_coefficient(row['alpha'])}"
    if pd.notna(row["low"]):
        alpha += f", 95% interval {_coefficient(row['low'])} to {_coefficient(row['high'])}"
    return f"{alpha}: {number_of(int(row['coders']), 'coder')}, {number_of(int(row['units']), 'sentence')}."


def _title(counts, corrected):
    total, parts = counts.to_numpy().sum(), []
    if total:
        share = percent(np.diag(counts).sum() / total)
        parts.append(f"the scorer agrees with hand coding on {share} of {number_of(total, 'code')}")
    means = corrected.dropna(subset="mean") if len(corrected) else corrected
    if len(means):
        clear = ((means["low"] > 0) | (means["high"] < 0)).sum()
        parts.append(f"{clear} of {number_of(len(means), 'corrected mean')} {'is' if clear == 1 else 'are'} clear of 0")
    elif len(corrected):
        parts.append(f"none of {number_of(len(corrected), 'mean tone')} is validated: too few sentences are hand-coded")
    title = "; ".join(parts or ["Tone is not validated: no sentence is hand-coded yet"])
    return title[0].upper() + title[1:]


def _fan_title(counted, default):
    if pd.isna(default["value"]):
        return "The default way of counting gives no value"
    sign, clear = np.sign(default["value"]), counted["is_clear"]
    same = np.sign(counted["value"]) == sign
    if not sign:
        others = f"{clear.sum() or 'none'} of {len(counted) - 1} other ways of counting"
        return f"By default there is no difference; in {others} there is a clear one"
    among = f"all {len(counted)}" if same.all() and len(counted) > 1 else f"{same.sum()} of {len(counted)}"
    title = f"The sign holds in {among} ways of counting"
    if (counted["n"] < FEW).all():
        return f"{title}, but each rests on few findings"
    title += f", clear of 0 in {(clear & same).sum() or 'none'}"
    return title + (f"; the other sign is clear in {(clear & ~same).sum()}" if (clear & ~same).any() else "")


def _otherwise(way, default):
    """Keep of a way of counting the choices in which it is not the default."""
    choices, usual = way.split(", "), default.split(", ")
    others = [choice for choice, by_default in zip(choices, usual, strict=False) if choice != by_default]
    return ", ".join(others) if others and len(choices) == len(usual) else way


def _interval(row):
    between = "" if pd.isna(row["low"]) else f" ({signed(row['low'])} to {signed(row['high'])})"
    return f"{signed(row['value'])}{between}" if pd.notna(row["value"]) else "none"


def _coefficient(value):
    """Write a coefficient of at most 1 without its leading zero, and never as 1 unless it is."""
    text = ">.99" if 0.995 <= value < 1 else f"{value:.2f}".replace("-", "−")
    return text.replace("0.", ".", 1)
