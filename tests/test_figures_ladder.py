"""The figures of the number of topics, and of planted shares, are true to their tables and legible in every case."""

import functools
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from contrast.corpus import InputError
from contrast.display import fingerprint
from contrast.figures.ladder import ACCENT, KEY, MEASURES, coverage_scatter, k_ladder
from contrast.figures.style import RENDERER, overlaps
from tests.figure_checks import strings_of, title_of

pytestmark = pytest.mark.filterwarnings("error")

SOURCE = "Source: made up."
PANELS = list(MEASURES)


def ladder_of(numbers, chosen, within, *, stability=None, zigzag=0.0, **changed):
    """Make a ladder: smooth measures, stability falling from .8 to .2 against a line of .3 unless it is given."""
    rise = np.linspace(0, 1, len(numbers))
    up_and_down = zigzag * (-1.0) ** np.arange(len(numbers))
    columns = {
        "k": numbers,
        "npmi": 0.1 + 0.12 * np.sin(2.5 * rise) + up_and_down,
        "c_v": 0.4 + 0.1 * rise,
        "exclusivity": 0.5 + 0.3 * rise + up_and_down,
        "stability": 0.8 - 0.6 * rise if stability is None else stability,
        "line": 0.3,
        "is_in_range": [number in within for number in numbers],
        "is_chosen": [number == chosen for number in numbers],
    }
    return pd.DataFrame(columns | changed)


def planted_of(**ways):
    """Make planted shares and their coverage from way -> (rows, missed among them): every estimate is 5 % too high."""
    planted, coverage = [], []
    for way, (rows, missed) in ways.items():
        share = np.linspace(0.02, 0.9, rows)
        table = pd.DataFrame(
            {"way": way.replace("_", " "), "what": "share", "planted": share, "estimate": 1.05 * share}
        )
        table["covered"] = np.arange(rows) >= missed
        reach = np.where(table["covered"], 0.06 * share, 0.02 * share)
        table = table.assign(low=table["estimate"] - reach, high=table["estimate"] + reach)
        planted += [table, table.assign(what="difference", planted=0.5)]
        row = {"way": table["way"][0], "slope": 1.05, "intervals": rows, "corpora": 20}
        coverage += [
            row | {"what": "difference", "coverage": 0.5},
            row | {"what": "share", "coverage": 1 - missed / rows},
        ]
    return pd.concat(planted), pd.DataFrame(coverage)


SOME = [4, 6, 8, 10, 15, 20]
LADDERS = {
    "some": ladder_of(SOME, 8, [6, 8, 10], stability=[0.3, 0.6, 0.6, 0.55, 0.2, 0.2]),
    "two": ladder_of([5, 10], 5, [5], c_v=np.nan),
    "twelve": ladder_of(range(2, 14), 11, range(7, 12), zigzag=0.2, line=0.2),
    "in two parts": ladder_of(SOME, 4, [4, 10, 15], npmi=[-0.004, 0.1, -0.4, np.nan, 0.2, 0.3]),
    "at the line": ladder_of(SOME, 10, [8, 10, 15], stability=[0.31, 0.29, 0.3, 0.28, 0.3, 0.3]),
    "all kept": ladder_of(SOME, 20, SOME, stability=[0.99, 1, 0.999, 0.998, 1, 0.997]),
    "not refitted": ladder_of([6, 8, 20], 8, [], stability=np.nan, line=np.nan),
    "one": ladder_of([8], 8, [8], line=np.nan),
}
PLANTED = {
    "one": planted_of(pooled_projection=(20, 1)),
    "two": planted_of(pooled_projection=(50, 3), average_of_articles=(50, 10)),
    "many": planted_of(
        pooled_projection=(2000, 100), average_of_articles=(20, 0), **{"pooled projection, known": (301, 301)}
    ),
    "long": planted_of(**{"way of estimating with a name as long as this one is, " * 2: (30, 2), "short": (30, 1)}),
}
DRAW = {"ladder": k_ladder, "planted": lambda tables, *rest: coverage_scatter(*tables, *rest)}
CASES = [("ladder", case) for case in LADDERS] + [("planted", case) for case in PLANTED]


@functools.cache
def draw(kind, case):
    """Draw a made-up table, once."""
    return DRAW[kind]({"ladder": LADDERS, "planted": PLANTED}[kind][case], SOURCE)


def marks_of(axes, mark="o"):
    """Give the places of an axes' marks and their faces."""
    lines = [line for line in axes.lines if line.get_marker() == mark]
    return [(*place, to_hex(line.get_markerfacecolor())) for line in lines for place in line.get_xydata()]


def struck(figure):
    """Find the texts of the figure that a mark, a line between marks or a grid line runs through."""
    paths = []
    for axes in figure.axes:
        paths += [line.get_transform().transform(line.get_xydata()) for line in axes.lines]
        for some in axes.collections:
            paths += [some.get_transform().transform(path.vertices) for path in some.get_paths()]
    paths = [np.linspace(path[:-1], path[1:], 40, axis=1).reshape(-1, 2) for path in paths if len(path) > 1]
    points = np.vstack(paths)
    boxes = [(text.get_text(), text.get_window_extent(RENDERER).padded(-3)) for text in figure.texts]
    inside = [((points > box.min) & (points < box.max)).all(axis=1).any() for _, box in boxes]
    return [text for (text, _), is_struck in zip(boxes, inside, strict=True) if is_struck]


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_page_is_legible_and_told_in_words(kind, case):
    """Whatever the table, all text is clear and on the page; the alt text is short and holds the title."""
    figure = draw(kind, case)
    assert overlaps(figure) == []
    assert struck(figure) == []
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 9
    assert len(figure.get_label()) <= 500
    assert title_of(figure) in figure.get_label()
    assert re.findall(r"[{}]|\b(?:nan|NaN|None|inf)\b", " ".join([figure.get_label(), *strings_of(figure)])) == []


def test_every_number_of_topics_has_its_points():
    """Each panel has the values of its measure; the chosen one alone is filled, and its value is written."""
    table, figure = LADDERS["some"], draw("ladder", "some")
    for column, axes in zip(PANELS, figure.axes, strict=True):
        marks = marks_of(axes)
        np.testing.assert_allclose([mark[:2] for mark in marks[:-1]], table[["k", column]])
        assert {face for *_, face in marks[:-1]} == {"#ffffff"}
        chosen = table.loc[2, column]
        assert marks[-1] == (8, chosen, ACCENT)
        assert f"{chosen:.2f}" in strings_of(figure)
    dashed = [line for line in figure.axes[-1].lines if line.get_linestyle() == "--"]
    np.testing.assert_allclose(dashed[0].get_ydata(), table["line"])
    assert strings_of(figure).count("shuffled words") == 1


@pytest.mark.parametrize(("case", "named"), [("some", SOME), ("twelve", [*range(2, 10), 11, 13])])
def test_panels_share_their_scale_of_numbers(case, named):
    """Every panel has one log scale; each number is named where there is room, the chosen one first."""
    figure = draw("ladder", case)
    assert {(axes.get_xscale(), axes.get_xlim()) for axes in figure.axes} == {("log", figure.axes[0].get_xlim())}
    written = strings_of(figure)
    assert [number for number in LADDERS[case]["k"] if written.count(str(number)) == 4] == named


@pytest.mark.parametrize(
    ("case", "named", "ends"),
    [
        ("some", "range 6 to 10", [(6, 10)]),
        ("two", "only 5 in range", [(5, 5)]),
        ("in two parts", "range 4 and 10 to 15", [(4, 4), (10, 15)]),
        ("not refitted", "", []),
    ],
)
def test_range_is_shaded_in_every_panel_and_named_once(case, named, ends):
    """Bands hold the numbers in range and no other; their name stands in the first panel alone."""
    figure, numbers = draw("ladder", case), LADDERS[case]["k"]
    for axes in figure.axes:
        bands = [patch.get_bbox() for patch in axes.patches]
        within = [numbers[(numbers >= band.x0) & (numbers <= band.x1)] for band in bands]
        assert [(some.min(), some.max()) for some in within] == ends
    assert [text for text in strings_of(figure) if re.match(r"(range|only) \d", text)] == [named][: len(ends)]
    assert ("Shaded" in " ".join(strings_of(figure))) == bool(ends)


def test_what_was_not_measured_is_said():
    """A panel without values says so, and has no axes; the others are drawn."""
    for case, name in (("two", "C_v"), ("not refitted", "stability")):
        figure = draw("ladder", case)
        assert strings_of(figure).count("not measured") == 1
        assert len(figure.axes) == 3
        assert f"{name} not measured" in figure.get_label()
    assert "shuffled" not in " ".join(strings_of(figure))


@pytest.mark.parametrize(
    ("case", "title"),
    [
        (
            "some",
            "Eight topics, within a range of six to ten: fitted again, they keep 60% {}, "
            "against 30% for shuffled words",
        ),
        ("two", "Five topics last best: fitted again, they keep 80% {}, against 30% for shuffled words"),
        ("twelve", "11 topics: the most that last when refitted, within a range of 7 to 11"),
        (
            "at the line",
            "Ten topics, within a range of 8 to 15: fitted again, they keep 28% {}, no more than shuffled words",
        ),
        (
            "all kept",
            "20 topics: the most that last when refitted, within a range of 4 to 20; more were not tried",
        ),
        ("not refitted", "Eight topics"),
        ("one", "Eight topics: fitted again, they keep 80% {}"),
    ],
)
def test_title_of_a_ladder_claims_no_more_than_there_is(case, title):
    """It calls topics lasting only where they keep more than shuffled words, and the most only where they are."""
    assert title_of(draw("ladder", case)) == title.format("of their marking words")


def test_choice_outside_the_range_is_called_so_and_the_caveat_told():
    """A number chosen against the range is not said to be within it; the caveat ends the subtitle and the alt text."""
    figure = k_ladder(ladder_of([4, 6, 15], 15, [4, 6], line=0.1), SOURCE, caveat="Refitted three times.")
    assert title_of(figure).startswith("15 topics, though four to six last better: fitted again, they keep 20% ")
    assert "Refitted three times." in " ".join(strings_of(figure))
    assert figure.get_label().endswith("Refitted three times.")


def test_values_are_never_rounded_to_certainty():
    """A stability of .997 is not written as 1.00, and an NPMI of -.004 not as -0.00."""
    assert ">0.99" in strings_of(draw("ladder", "all kept"))
    assert {"0.00", "−0.25"} <= set(strings_of(draw("ladder", "in two parts")))


def test_every_planted_share_has_its_mark_and_interval():
    """Circles are the shares that were held, diamonds those missed, each with its interval."""
    planted, figure = PLANTED["two"][0], draw("planted", "two")
    shares = planted[planted["what"] == "share"]
    for way, axes in zip(["pooled projection", "average of articles"], figure.axes, strict=True):
        for is_held, (colour, mark) in zip((True, False), KEY.values(), strict=True):
            due = shares[(shares["way"] == way) & (shares["covered"] == is_held)]
            marks = marks_of(axes, mark)
            np.testing.assert_allclose([place[:2] for place in marks], due[["planted", "estimate"]])
            assert {face for *_, face in marks} == {colour}
            drawn = axes.collections[0 if is_held else 1].get_segments()
            np.testing.assert_allclose([segment[:, 1] for segment in drawn], due[["low", "high"]])
    assert set(KEY) <= set(strings_of(figure))


def test_panels_of_shares_have_one_scale_and_the_diagonal():
    """Both scales of every panel are the same, from 0 to what holds every interval, and the diagonal is drawn."""
    figure = draw("planted", "two")
    ends = {(*axes.get_xlim(), *axes.get_ylim()) for axes in figure.axes}
    assert ends == {(0, 1, 0, 1)}
    assert all(([0, 1], [0, 1]) in [tuple(map(list, line.get_data())) for line in axes.lines] for axes in figure.axes)
    planted, coverage = PLANTED["one"]
    scaled = planted.assign(**{name: planted[name] * 0.35 for name in ("planted", "estimate", "low", "high")})
    assert {axes.get_xlim() for axes in coverage_scatter(scaled, coverage, SOURCE).axes} == {(0, 0.4)}


def test_coverage_is_told_by_the_title_and_above_each_panel():
    """Title, panels and alt text hold the coverage of shares, not of differences, and the slope."""
    figure = draw("planted", "two")
    assert title_of(figure) == (
        "Intervals of the pooled projection hold the planted share in 94% of cases, "
        "those of the average of articles in 80%"
    )
    written = " ".join(strings_of(figure))
    for share in (94, 80):
        assert f"95% intervals hold the planted share in {share}% of cases; slope 1.05; 50 intervals." in written
        assert f"{share}% of 50 intervals; slope 1.05" in figure.get_label()
    assert "100%" not in title_of(draw("planted", "one"))


def test_of_too_many_shares_some_are_drawn_and_it_is_said():
    """Of 2,000 rows 300 are drawn, as many of them missed as among all, the same each time; fewer are all drawn."""
    figure = draw("planted", "many")
    counts = [[len(marks_of(axes, mark)) for _, mark in KEY.values()] for axes in figure.axes]
    assert counts == [[285, 15], [20, 0], [0, 300]]
    assert "2,000 intervals, 300 of them drawn." in " ".join(strings_of(figure))
    assert " ".join(strings_of(figure)).count("of them drawn") == 2
    planted, coverage = PLANTED["many"]
    again = coverage_scatter(planted.sample(frac=1, random_state=0), coverage, SOURCE)
    assert fingerprint(again) == fingerprint(figure)


def test_more_ways_than_have_room_are_refused():
    """Four ways do not fit on a page, and the message says so."""
    with pytest.raises(InputError, match="4 ways of estimating have no room"):
        coverage_scatter(*planted_of(a=(5, 0), b=(5, 0), c=(5, 0), d=(5, 0)), SOURCE)


def test_fingerprint_follows_the_numbers():
    """The same tables give the same fingerprint, and another number another one."""
    table, (planted, coverage) = LADDERS["two"], PLANTED["one"]
    changed = table.assign(npmi=table["npmi"] * 1.001)
    prints = [fingerprint(k_ladder(some, SOURCE)) for some in (table[::-1], changed)]
    assert prints[0] == fingerprint(draw("ladder", "two")) != prints[1]
    moved = planted.assign(estimate=planted["estimate"] * 1.001)
    assert fingerprint(coverage_scatter(moved, coverage, SOURCE)) != fingerprint(draw("planted", "one"))
