"""Figures are drawn whole from whatever outlets, words and dates there are, and the checks of figures find faults."""

import functools
import inspect
import itertools
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import helpers
from contrast import figures
from contrast.corpus import ROOT, InputError
from contrast.figures import style
from contrast.figures.style import Page, outlet_style, overlaps, shorten, width_of, wrap
from contrast.words import words
from tests.figure_checks import (
    NUMBERS,
    contrast_on_white,
    cut,
    linear,
    problems_of,
    strings_of,
    struck,
    texts_of,
    title_of,
    watch,
)

pytestmark = pytest.mark.filterwarnings("error")

# The check of a figure that a notebook draws

DRAW_NOTHING = {"article_ribbon", "validation_panel", "verb_force", "voice_ladder", "word_shift_bars"}  # and say so
ALARMS = pd.DataFrame({"splits_with_survivor": [0.04, 0.96]})


def picture(title="4% are false", alt="Dots. 4% are false.", *texts):
    page = Page(title, "A subtitle", "A source", alt, 1)
    for x, y, text, options in texts:
        page.write(x, y, text, **options)
    return page.figure


def test_every_figure_kept_has_its_numbers_checked():
    """For each kept figure it is known which numbers its title may hold."""
    assert set(NUMBERS) == {path.stem for path in (ROOT / "figures").glob("*.svg")}


def test_sound_figure_has_no_problem():
    """A figure that is as it should be is passed."""
    assert problems_of(picture(), "sure_false_alarms", ALARMS) == []


@pytest.mark.parametrize(
    ("figure", "problem"),
    [
        (("5% are false", "Dots. 5% are false."), "its title says 5, which its table does not"),
        (("All are false", "Dots. All are false: 4%."), "has a title without a number"),
        (("4% are false", "Dots: 4%."), "has an alt text without its title"),
        (("Most are false", "Dots. Most are false."), "has an alt text without a number"),
        (("4% are false", "Dots. 4% are false, nan not."), "'nan' stands where a value belongs"),
        (("4% are false", "Dots. 4% are false.", (1, 0.5, "{value}", {})), "'{' stands where a value belongs"),
        (("4% are false", "Dots. 4% are false.", (1, 0.5, "tiny", {"size": 8})), "'tiny' is smaller than 9 points"),
        (("4% are false", "Dots. 4% are false.", (1, 0.5, "pale", {"colour": "#999999"})), "'pale' is too pale"),
        (("4% are false", "Dots. 4% are false.", (6.7, 0.5, "far out", {})), "'off page' and 'far out' cover each"),
    ],
)
def test_each_fault_of_a_figure_is_told(figure, problem):
    """A figure with one fault has that problem."""
    assert any(told.startswith(problem) for told in problems_of(picture(*figure), "sure_false_alarms", ALARMS))


def test_text_over_a_mark_is_told():
    """A figure with a text over one of its marks has that problem."""
    figure = picture("4% are false", "Dots. 4% are false.", (1, 0.5, "covered", {}))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    at = next(text for text in texts_of(figure) if text.get_text() == "covered").get_position()
    axes.plot(at[0] + 0.03, at[1], "o", color="#00617a")
    assert "'covered' stands over a bar or a mark" in problems_of(figure, "sure_false_alarms", ALARMS)


def test_figures_that_are_shown_are_watched(tmp_path, monkeypatch):
    """Once watched, each figure that helpers.show_figure shows leaves what is wrong with it, a line each."""
    monkeypatch.setattr(helpers, "show_figure", lambda figure, name, table: name)
    watch(str(tmp_path))
    assert helpers.show_figure(picture("5% are false", "Dots. 5% are false."), "sure_false_alarms", ALARMS)
    told = (tmp_path / "sure_false_alarms.txt").read_text("utf-8")
    assert told == "its title says 5, which its table does not"


def test_page_of_another_width_is_told():
    """A figure that was made wider has that problem, and one with too long an alt text."""
    figure = picture()
    figure.set_figwidth(8)
    figure.set_label("4% are false. " * 40)
    told = problems_of(figure, "sure_false_alarms", ALARMS)
    assert {"is 8.0 inches wide, not 7.0", "has an alt text of 560 characters, more than 500"} <= set(told)


# Colours


# Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency:
# the matrices of severity 1, on linear red, green and blue.
SIGHTS = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def lab(colour, sight):
    """Give a colour as CIELAB (D65), as it is seen with a kind of sight."""
    seen = np.clip(np.array(SIGHTS[sight]) @ linear(colour), 0, 1)
    ratios = np.array(XYZ) @ seen / np.sum(XYZ, axis=1)
    x, y, z = (ratio ** (1 / 3) if ratio > (6 / 29) ** 3 else ratio / (3 * (6 / 29) ** 2) + 4 / 29 for ratio in ratios)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(("colour", "ratio"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#ff0000", 4.0)])
def test_contrast_is_measured_as_published(colour, ratio):
    """The contrast measured here agrees with ratios that are published for WCAG 2."""
    assert contrast_on_white(colour) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("colour", [*style.OUTLET_COLOURS, style.OTHER_COLOUR, style.INK, style.MUTED])
def test_colours_of_text_can_be_read_on_white(colour):
    """Each colour that words are written in has a contrast of at least 4.5 on white, as WCAG 2.2 asks of text."""
    assert contrast_on_white(colour) >= 4.5


@pytest.mark.parametrize("colour", [*style.OUTLET_COLOURS, style.OTHER_COLOUR, style.BAR, style.ZERO])
def test_colours_of_marks_can_be_seen_on_white(colour):
    """Each colour of a mark, a bar or the line of even has a contrast of at least 3 on white, as WCAG 2.2 asks."""
    assert contrast_on_white(colour) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_outlets_can_be_told_apart_by_their_colours(sight):
    """The colours of the first four outlets are at least 20 apart (CIE76), to any eye."""
    seen = [lab(colour, sight) for colour in style.OUTLET_COLOURS]
    assert len(seen) == 4
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= 20


def test_outlets_have_marks_of_their_own():
    """The first four outlets differ in mark as in colour, and an outlet's style does not hang on those after it."""
    styles = outlet_style(["A", "B", "C", "D", "E", "F"])
    assert len({styles[outlet][1] for outlet in "ABCD"}) == len({styles[outlet][0] for outlet in "ABCD"}) == 4
    assert outlet_style(["A", "B"]) == {outlet: styles[outlet] for outlet in "AB"}
    assert styles["E"] == styles["F"] == (style.OTHER_COLOUR, "o")


# The check of collisions, and the measuring that the layout rests on


def test_overlaps_finds_text_over_text():
    """Two texts that cover each other are found, whether free or of an axis, and hidden ones are not."""
    figure = Figure(figsize=(4, 2))
    figure.text(0.5, 0.5, "above")
    assert overlaps(figure) == []
    covering = figure.text(0.52, 0.52, "below")
    assert overlaps(figure) == [("above", "below")]
    covering.set_visible(False)
    assert overlaps(figure) == []
    axes = figure.add_axes((0.5, 0.55, 0.4, 0.4))
    axes.set_xticks([0, 1], ["tick", "last"])
    axes.set_yticks([])
    assert overlaps(figure) == [("tick", "above")]


@pytest.mark.parametrize(("x", "y"), [(-0.05, 0.5), (0.95, 0.5), (0.5, -0.05), (0.5, 0.98)])
def test_overlaps_finds_text_off_the_page(x, y):
    """A text that crosses any edge of the page is found."""
    figure = Figure(figsize=(4, 2))
    figure.text(x, y, "long enough")
    assert overlaps(figure) == [("off page", "long enough")]


def test_text_over_a_bar_or_a_mark_is_found():
    """The checks here find a text that stands over a bar or a mark, and a mark that an edge cuts."""
    figure = Figure(figsize=(4, 2))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.barh(0.2, 0.5, height=0.2)
    axes.plot(1, 0.8, "o", color="#00617a")
    for x, y, text in ((0.1, 0.2, "on the bar"), (0.9, 0.78, "on the mark"), (0.6, 0.2, "free")):
        figure.text(x, y, text)
    overlaps(figure)
    assert struck(figure) == ["on the bar", "on the mark"]
    assert cut(figure) == 1


@pytest.mark.parametrize("text", ["one two " * 20, "W" * 60 + " then", "then " + "W" * 60])
def test_lines_are_no_wider_than_they_may_be(text):
    """A wrapped text has no line wider than the width asked for, even where a single word is wider."""
    lines = wrap(text, style.TITLE, style.INSIDE, "bold", balanced=True)
    assert max(width_of(line, style.TITLE, "bold") for line in lines) <= style.INSIDE
    assert width_of(shorten(text, style.BODY, 1.5), style.BODY) <= 1.5


@pytest.mark.parametrize(
    ("text", "kept"),
    [("talks; word: ministry", "talks; word…"), ("talks of words", "talks of…"), ("WWWWW", "WWW…"), ("WWW", "…")],
)
def test_a_text_is_cut_after_the_last_word_that_fits(text, kept):
    """What has just room for some words keeps them, without the sign behind; of a single word letters are kept."""
    assert shorten(text, style.BODY, width_of(kept) + 0.001) == kept


def test_wrapping_loses_no_word():
    """Wrapping a text whose words all have room keeps every word, in order."""
    text = " ".join(f"word{number}" for number in range(60))
    assert " ".join(wrap(text, style.SUBTITLE, 2.0, balanced=True)) == text


def test_unknown_date_is_not_printed_as_nan():
    """The date of an article without one is not printed as the name of a missing value."""
    assert not re.search("nan|nat|none", helpers.date_of(pd.NaT, ""), re.IGNORECASE)


# Awkward input

LONG = ("The Syrian Arab News Agency of Damascus X", "The Russian Television Network of Moscow")
PLAIN = ("ceasefire", "talks", "army", "city")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIXTY = tuple("".join(LETTERS[(7 * start + 3 * at) % 26] for at in range(60)) for start in range(3))
FOREIGN = ("سوريا", "هدنة", "перемирие", "город")
HOSTILE = ("$a_1$", "<script>alert(1)</script>")
YEAR = tuple(f"2016-{month:02d}-01" for month in range(1, 13))


def made(outlets=("SANA", "RT"), words=PLAIN, *, each=2, dates=("2016-05-03",), split=False, name="{outlet}-{number}"):
    """Make articles of a few lines: outlets use the words differently often, or, if `split`, each has its own."""
    rows = []
    for side, outlet in enumerate(outlets):
        own = words[side % 2 :: 2] if split else words
        for number in range(each):
            used = [" ".join([word] * (1 + (place * (side + 1) + number) % 4)) for place, word in enumerate(own)]
            text = "\n".join(f"{' '.join(used[line::3])} and so on as it was told to all who came" for line in range(3))
            article_id = name.format(outlet=f"o{side}", number=number)
            rows.append({"article_id": article_id, "outlet": outlet, "text": text, "raw": f"Headline\n{text}\n"})
    articles = pd.DataFrame(rows).set_index("article_id").assign(title="Headline")
    known = list(itertools.islice(itertools.cycle(dates), len(articles)))
    articles["date"] = pd.to_datetime(pd.Series(known, index=articles.index, dtype=object), format="ISO8601")
    return articles.assign(date_precision=[{4: "year", 7: "month", 10: "day"}.get(len(date), "") for date in known])


def tables_of(articles, targets):
    """Make the tables that figures take, as the notebooks do; a line is a sentence, some words are verbs."""
    some = helpers.group_outlets(articles, most=4) if articles["outlet"].nunique() > 1 else articles
    outlets = list(dict.fromkeys(some["outlet"]))
    lines = helpers.paragraphs(some).rename(columns={"paragraph": "sentence"})
    lines["words"] = lines["text"].map(lambda text: len(words(text)))
    counts = helpers.count_terms(lines, stop_words=words("and so on as it was told to all who came"))
    spoken = [(*row[1:3], row.sentence, word) for row in lines.itertuples() for word in row.text.split()]
    found = pd.DataFrame(spoken, columns=["article_id", "outlet", "sentence", "label"])
    found = found[found["label"].isin(targets)]
    uses = [helpers.concordance(articles, term).assign(term=name) for term, name in zip(*counts[1:3], strict=True)]
    return SimpleNamespace(
        articles=articles,
        source=helpers.source_line(helpers.describe_outlets(articles)),
        outlets=outlets,
        lines=lines,
        counts=counts,
        found=found.assign(**{"name": found["label"], "class": found["label"], "lemma": found["label"]}),
        uses=pd.concat(uses[:2], ignore_index=True),
    )


def draw_keyness(t):
    return helpers.keyness_dots(helpers.keyness(t.counts, *t.outlets[:2]), *t.outlets[:2], t.source)


DRAW = {
    "timeline": lambda t: helpers.timeline(t.articles, t.source),
    "taken_off": lambda t: helpers.taken_off(helpers.removed(t.articles), t.articles, t.source),
    "keyness_dots": draw_keyness,
    "dispersion": lambda t: helpers.dispersion(t.uses, t.articles, t.source),
    "mention_rates": lambda t: helpers.mention_rates(helpers.rates(t.found, t.lines, "label"), t.found, t.source),
}
CASES = {  # articles, and the figures that can feel what is awkward in them
    "no word shared": ({"split": True}, ["keyness_dots"]),
    "long names and words": (
        {"outlets": LONG, "words": SIXTY, "name": "file-name-of-forty-characters-at-all-{outlet}-{number}"},
        ["timeline", "taken_off", "keyness_dots", "dispersion", "mention_rates"],
    ),
    "one outlet": ({"outlets": ("SANA",)}, ["timeline"]),
    "four outlets": ({"outlets": ("SANA", "RT", "Xinhua", "Al Jazeera")}, ["mention_rates"]),
    "twelve outlets": (
        {"outlets": tuple(f"Outlet {number}" for number in range(12)), "dates": YEAR},
        ["timeline", "taken_off"],
    ),
    "sixty articles": ({"each": 30, "dates": YEAR}, ["timeline", "keyness_dots", "dispersion"]),
    "sixty articles of a day": ({"each": 30}, ["timeline"]),
    "some dates": ({"dates": ("2016", "", "2016-05", "2016-05-03")}, ["timeline"]),
    "twenty years": ({"dates": ("1996-01-01", "2003-07", "2015-12-31")}, ["timeline"]),
    "the last day of a year": ({"dates": ("2016-12-31",)}, ["timeline"]),
    "dollars and tags": (
        {"outlets": HOSTILE, "words": (*HOSTILE, *PLAIN)},
        ["timeline", "keyness_dots"],
    ),
    "Arabic and Cyrillic": (
        {"outlets": ("سانا", "ТАСС"), "words": FOREIGN},
        ["keyness_dots", "dispersion"],
    ),
}
PAIRS = [(case, name) for case, (_, names) in CASES.items() for name in names]


@functools.cache
def tables_in(case):
    options, _ = CASES[case]
    return tables_of(made(**options), options.get("words", PLAIN)[:3])


@functools.cache
def drawn_in(case, name):
    return DRAW[name](tables_in(case))


@pytest.mark.parametrize(("case", "name"), PAIRS)
def test_awkward_articles_are_drawn_whole(case, name):
    """Whatever the articles, a figure is drawn without warning, and no text or mark is covered, cut or off the page."""
    figure = drawn_in(case, name)
    assert overlaps(figure) == []
    assert struck(figure) == []
    assert cut(figure) == 0


@pytest.mark.parametrize(("case", "name"), PAIRS)
def test_alt_text_of_awkward_articles_is_short(case, name):
    """Whatever the articles, a figure has an alt text, and it has at most 500 characters."""
    assert 1 <= len(drawn_in(case, name).get_label()) <= 500


@pytest.mark.parametrize(
    ("dates", "title"),
    [
        ([(1, 2), (1, 3), (4, 5)], "A and B meet on a single day, 1 May 2016"),
        ([(1, 2), (1, 2), (4, 5)], "Two or more of A, B and C meet on 2 days"),
        ([(1, 2), (1, 2), (1, 2)], "A, B and C meet on 2 days"),
        ([(1, 2), (3, 4), (5, 6)], "On no known day are there articles of two outlets among A, B and C"),
    ],
)
def test_title_of_the_timeline_names_those_who_meet(dates, title):
    """Only outlets that share a day are said to meet, and the line of a single day joins their lanes alone."""
    days = pd.DataFrame([(name, f"2016-05-0{day}") for name, pair in zip("ABC", dates, strict=True) for day in pair])
    days.columns = ["outlet", "date"]
    figure = helpers.timeline(days.assign(date=pd.to_datetime(days["date"]), date_precision="day"), "Source.")
    assert title_of(figure) == title
    joins = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    assert len(joins) == title.count("single")
    lanes = figure.axes[0].lines[0].get_ydata()[0], figure.axes[0].lines[3].get_ydata()[0]
    assert all(lanes[1] < min(line.get_ydata()) for line in joins)  # above the second lane


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({"A": (4, 1), "B": (2, 1)}, "Russia is mentioned most: 4.0 in A and 2.0 in B, per 1,000 words"),
        ({"A": (4, 1), "B": (1, 2)}, "A mentions Russia most; B mentions Turkey most"),
        (
            {"A": (4, 1), "B": (0, 0), "C": (1, 2)},
            "A mentions Russia most; B mentions none of them; C mentions Turkey most",
        ),
        ({"A": (4, 1), "B": (0, 0)}, "A mentions Russia most; B mentions none of them"),
        ({"A": (2, 2), "B": (2, 1)}, "A mentions Russia and Turkey most; B mentions Russia most"),
    ],
)
def test_title_of_mentions_is_true_of_each_outlet(counts, title):
    """Who mentions nothing, or two targets as often, is told so."""
    rows = [
        (outlet, label, n)
        for outlet, pair in counts.items()
        for label, n in zip(("Russia", "Turkey"), pair, strict=True)
    ]
    rates = pd.DataFrame(rows, columns=["outlet", "label", "rate"])
    rates = rates.assign(count=rates["rate"], low=np.nan, high=np.nan, unit="article")
    assert title_of(helpers.mention_rates(rates, rates.assign(name=rates["label"]), "Source.")) == title


@pytest.mark.parametrize(("unit", "rule"), [("article", "q is 5% or more"), ("sentence", "the interval includes even")])
def test_words_are_pale_by_the_rule_that_is_told(unit, rule):
    """The words drawn in full colour are those that the table calls sure, whatever their intervals; so is the rule."""
    keyness = helpers.keyness(tables_in("sixty articles").counts, "SANA", "RT").head(4)
    keyness = keyness.assign(unit=unit, log_ratio=[2.0, 1.0, -1.0, -2.0], low=-3.0, high=3.0, count_a=5, count_b=5)
    keyness["sure"] = [True, False, False, True]
    figure = helpers.keyness_dots(keyness, "SANA", "RT", "Source.", chance=0.3)
    drawn = {line.get_xdata()[0]: line.get_color() for line in figure.axes[0].lines if line.get_marker() in "oD"}
    full = {colour for colour, _ in style.outlet_style(["SANA", "RT"]).values()}
    assert [drawn[ratio] in full for ratio in (2.0, 1.0, -1.0, -2.0)] == [True, False, False, True]
    assert f"Pale: {rule}." in " ".join(strings_of(figure))
    assert "Not pale are 2 of 4 words; with the texts dealt out at random, 0.3." in " ".join(strings_of(figure))


def test_too_many_outlets_are_refused_with_the_remedy():
    """More outlets than have room on a page are refused, with the function that groups them."""
    with pytest.raises(ValueError, match="group_outlets"):
        helpers.topic_shares(
            pd.DataFrame({"outlet": list("ABCDE"), "topic": 1, "share": 0.5, "low": None, "high": None, "reason": ""}),
            {1: ("dam", "")},
            "Source.",
            caveat="",
        )


@pytest.mark.parametrize("name", sorted(set(figures.__all__) - DRAW_NOTHING - {"timeline"}))
def test_a_table_without_rows_is_refused(name):
    """Where there is nothing to draw, that is told with the table's name, and not by a library's traceback."""
    needed = [
        part for part in inspect.signature(getattr(figures, name)).parameters.values() if part.default is part.empty
    ]
    tables = {part.name: {"A": pd.DataFrame()} if name == "power_curves" else pd.DataFrame() for part in needed}
    with pytest.raises(InputError, match="it has no rows: there is nothing to draw"):
        getattr(figures, name)(**tables)


def test_a_timeline_without_a_date_is_refused():
    """Articles of which none has a date have no timeline, and that is told."""
    articles = tables_in("sixty articles").articles
    for none in (articles.assign(date=pd.NaT), articles.head(0)):
        with pytest.raises(InputError, match="the table 'dated': it has no rows"):
            helpers.timeline(none, "Source.")


def test_names_are_printed_as_they_are():
    """A dollar sign or a tag in a name is printed as it is, and is no mathematics."""
    written = texts_of(drawn_in("dollars and tags", "timeline"))
    assert set(HOSTILE) <= {text.get_text() for text in written}
    assert not any(text.get_parse_math() for text in written)
