"""What every figure of the notebooks must be like: legible, told in words, and true to its numbers.

`notebook_plugin.py` has each kernel `watch` the figures that its notebook draws; `test_figures.py` shows that these
checks find what they should.
"""

import functools
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

import helpers
from contrast.figures import style
from contrast.figures.marks import SHADE
from contrast.figures.style import RENDERER, overlaps
from contrast.words import words

SPELT = re.compile(r"\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
load_corpus = functools.cache(helpers.load_corpus)


def watch(folder: str) -> None:
    """From now on write what is wrong with each figure shown into a folder: NAME.txt, a problem a line."""
    show = helpers.show_figure

    def show_and_check(figure, name, table):
        shown = show(figure, name, table)
        problems = "\n".join(problems_of(figure, name, table))
        Path(folder, f"{name}.txt").write_text(problems, encoding="utf-8")
        return shown

    helpers.show_figure = show_and_check


def problems_of(figure: Figure, name: str, table: pd.DataFrame) -> list[str]:
    """List what is wrong with a figure of the notebooks, whose numbers are in `table`."""
    texts, alt, title = texts_of(figure), figure.get_label(), title_of(figure)
    told = " ".join([alt, *(text.get_text() for text in texts)])
    problems = [f"{one!r} and {other!r} cover each other, or one leaves the page" for one, other in overlaps(figure)]
    problems += [f"{text!r} stands over a bar or a mark" for text in struck(figure)]
    problems += [f"{text.get_text()!r} is smaller than 9 points" for text in texts if text.get_fontsize() < 9]
    pale = [text.get_text() for text in texts if contrast_on_white(to_hex(text.get_color())) < 4.5]
    problems += [f"{text!r} is too pale to be read on white (WCAG 2.2 asks for a contrast of 4.5)" for text in pale]
    gaps = re.findall(r"[{}]|\b(?:nan|NaN|NaT|inf)\b|\bNone\b(?! of)", told)
    problems += [f"{gap!r} stands where a value belongs" for gap in gaps]
    if figure.get_figwidth() != style.WIDTH:
        problems.append(f"is {figure.get_figwidth()} inches wide, not {style.WIDTH}")
    if len(alt) > style.ALT:
        problems.append(f"has an alt text of {len(alt)} characters, more than {style.ALT}")
    if not numbers_in(alt):
        problems.append("has an alt text without a number")
    if not title or (title not in alt and name != "topics_words"):
        problems.append("has an alt text without its title")
    claimed = numbers_in(title.replace("Two topics, by", "2 topics, by"))
    true = NUMBERS[name](table, load_corpus()) if name in NUMBERS else []
    problems += [f"its title says {number}, which its table does not" for number in claimed if number not in true]
    return problems if claimed or SPELT.search(title) else [*problems, "has a title without a number"]


def texts_of(figure):
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def strings_of(figure):
    return [text.get_text() for text in texts_of(figure)]


def title_of(figure):
    return " ".join(text.get_text() for text in texts_of(figure) if text.get_fontsize() == style.TITLE)


def numbers_in(text):
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def is_bar(patch):
    """Tell a bar from a shaded ground, on which texts may stand."""
    return to_hex(patch.get_facecolor()) != SHADE


def struck(figure):
    """Find the texts that stand over a bar or a mark; `overlaps` has put them in their places."""
    filled = (patch for axes in figure.axes for patch in axes.patches if not patch.get_hatch() and is_bar(patch))
    solid = [patch.get_window_extent(RENDERER).extents for patch in filled]
    for line in (line for line in figure.findobj(Line2D) if line.get_marker() in style.SIZES):
        half = line.get_markersize() / 2 * figure.dpi / 72
        solid += [(*(at - half), *(at + half)) for at in line.get_transform().transform(line.get_xydata())]
    for dots in figure.findobj(PatchCollection):
        corners = [[path.vertices.min(axis=0), path.vertices.max(axis=0)] for path in dots.get_paths()]
        solid += [*dots.get_transform().transform(np.reshape(corners, (-1, 2))).reshape(-1, 4)]
    left, low, right, high = np.reshape(solid, (-1, 4)).T
    found = []
    for text in texts_of(figure):
        x0, y0, x1, y1 = text.get_window_extent(RENDERER).extents
        wide, tall = np.minimum(x1, right) - np.maximum(x0, left), np.minimum(y1, high) - np.maximum(y0, low)
        found += [text.get_text()] * bool(((wide > 1) & (tall > 4)).any())
    return found


def cut(figure):
    """Count the marks that an edge of their axes cuts."""
    count = 0
    for axes in figure.axes:
        for line in (line for line in axes.lines if line.get_marker() in style.SIZES and line.get_clip_on()):
            half = line.get_markersize() / 2 * figure.dpi / 72 - 1
            x, _ = line.get_transform().transform(line.get_xydata())[0]
            count += not axes.bbox.x0 <= x - half <= x + half <= axes.bbox.x1
    return count


def linear(colour):
    """Give the linear red, green and blue of a colour like "#00617a", 0 to 1."""
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def contrast_on_white(colour):
    red, green, blue = linear(colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def of_timeline(table, articles):
    days = table[table["date_precision"] == "day"].groupby("date")["outlet"].nunique()
    (shared,) = days.index[days > 1]
    return [str(shared.day), str(shared.year)]


def of_taken_off(table, articles):
    return [f"{100 * table['characters'].sum() / articles['raw'].str.len().sum():.0f}"]


def of_keyness(table, articles):
    used = articles["text"].map(words).groupby(articles["outlet"]).sum()
    first = table.iloc[0]
    uses = {outlet: Counter(used[outlet])[first["term"]] for outlet in used.index}
    assert uses == {"SANA": first["count_a"], "RT": first["count_b"]}
    return [f"{number:,}" for outlet in used.index for number in (uses[outlet], len(used[outlet]))]


def of_dispersion(table, articles):
    term = table["term"].iloc[0]
    uses = articles["text"].map(lambda text: words(text).count(term.lower()))
    return [str(uses.max()), str(uses.sum()), *numbers_in(uses.idxmax())]


def of_topic_words(table, articles):
    return [str(table["topic"].nunique())]


def of_topic_shares(table, articles):
    return [f"{100 * share:.0f}" for share in table["share"]]


def of_ladder(table, articles):
    return [f"{100 * share:.0f}" for share in (*table["stability"], *table["line"])]


def of_strip(table, articles):
    return [f"{100 * table['line'].iloc[0]:.0f}"]


def of_planted(table, articles):
    return [f"{100 * share:.0f}" for share in table.groupby("way")["covered"].mean()]


def of_mentions(table, articles):
    used = articles["text"].map(lambda text: len(words(text))).groupby(articles["outlet"]).sum()
    return ["1,000", *(f"{1000 * row.count / used[row.outlet]:.1f}" for row in table.itertuples(index=False))]


def of_verbs(table, articles):
    return [*table["count"].astype(str), *table.groupby("outlet")["count"].sum().astype(str)]


def of_sheet(table, articles):
    enough = table[(table["reason"] == "") & (table["n"] >= 20)].groupby(["label", "measure"]).size()
    return [str((enough == 2).sum())]


def of_names(table, articles):
    return [*table["count"].astype(str), *table["n"].astype(str)]


def of_ribbon(table, articles):
    counts = table.groupby(["outlet", "voice"])["words"].sum()
    return [f"{100 * count / counts[outlet].sum():.0f}" for (outlet, _), count in counts.items()]


def of_heard(table, articles):
    shares = table.groupby("outlet")[["quoted", "reported"]].transform("sum").sum(axis=1)
    given = 100 * (table["quoted"] + table["reported"]) / shares
    return [*(f"{share:.0f}" for share in given), *table["mentions"].astype(str)]


def of_ways(table, articles):
    clear = ((table["low"] > 0) | (table["high"] < 0)) & (table["n"] >= 20)
    return [str(len(table)), str(clear.sum()), "0"]


def of_plane(table, articles):
    both = table[(table["count_a"] > 0) & (table["count_b"] > 0)]
    far = both[~both["sure"].astype(bool) & (both["log_ratio"].abs() >= 2)]
    return [str(len(both)), str(both["sure"].sum()), str(len(far)), "4"]


def of_shift(table, articles):
    return ["15", f"{100 * table['part'].head(15).sum():.0f}", f"{100 * table['part'].iloc[0]:.1f}"]


def of_alarms(table, articles):
    return ["2", *(f"{100 * share:.0f}" for share in table["splits_with_survivor"])]  # the 2 of G2


def of_power(table, articles):
    return [number for row in table.itertuples() for number in (str(row.articles), f"{100 * row.found:.0f}")]


NUMBERS = {
    "sure_false_alarms": of_alarms,
    "sure_power": of_power,
    "sure_topics": of_planted,
    "terms_plane": of_plane,
    "terms_shift": of_shift,
    "corpus_timeline": of_timeline,
    "corpus_taken_off": of_taken_off,
    "stance_naming": of_names,
    "stance_polarity": lambda table, articles: [str(len(table))],
    "stance_ribbon": of_ribbon,
    "stance_sheet": of_sheet,
    "stance_targets": of_mentions,
    "stance_verbs": of_verbs,
    "stance_voices": of_heard,
    "stance_ways": of_ways,
    "terms_dispersion": of_dispersion,
    "terms_keyness": of_keyness,
    "topics_articles": of_topic_shares,
    "topics_ladder": of_ladder,
    "topics_shares": of_topic_shares,
    "topics_stability": of_strip,
    "topics_words": of_topic_words,
}
