"""The figures of topics are true to their tables and legible, whatever the topics, words, articles and outlets."""

import functools
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

from contrast.corpus import InputError
from contrast.display import fingerprint
from contrast.figures import topics
from contrast.figures.style import MARGIN, OTHER_COLOUR, WIDTH, outlet_style, overlaps
from contrast.figures.topics import topic_grid, topic_words
from contrast.wording import in_line
from tests.figure_checks import contrast_on_white, struck, texts_of, title_of

pytestmark = pytest.mark.filterwarnings("error")

SOURCE, CAVEAT = "Source: made up.", "Illustration only: too few articles for an interval."
LONG = ("The Syrian Arab News Agency of Damascus X", "The Russian Television Network of Moscow")
DAYS = ("April 2015", "3 May 2016", "15 Aug 2016", "1 Mar 2016")


def grid_of(columns, count, *, seed=0):
    """Make shares from outlet -> heads of its columns, for so many topics."""
    rng = np.random.default_rng(seed)
    pairs = [(outlet, head) for outlet, heads in columns.items() for head in heads]
    rows = [
        (topic, outlet, head, share)
        for outlet, head in pairs
        for topic, share in enumerate(rng.dirichlet(np.full(count, 0.6)), start=1)
    ]
    return pd.DataFrame(rows, columns=["topic", "outlet", "column", "share"])


def months(count, start="2015-11"):
    return [str(month) for month in pd.period_range(start, periods=count, freq="M")]


def labels_of(count, name="dam, river, bridge", words="water, power, plant"):
    return {topic: (f"{name} {topic}", words) for topic in range(1, count + 1)}


def terms_of(uses, count=2):
    """Make the terms of so many topics from printed word -> (uses, exclusivity)."""
    rows = [
        (topic, word.lower(), word, 0.1, exclusivity, times * topic)
        for topic in range(1, count + 1)
        for word, (times, exclusivity) in uses.items()
    ]
    return pd.DataFrame(rows, columns=["topic", "term", "printed", "share", "exclusivity", "count"])


SHARES = ((0.61, 0.21, 0.13, 0.05), (0.22, 0.1, 0.32, 0.36), (0.14, 0.31, 0.37, 0.18), (0.17, 0.517, 0.306, 0.007))
FIVE = grid_of({"SANA": DAYS, "RT": DAYS[1:2]}, 4).assign(share=np.ravel([*SHARES, (0.624, 1e-9, 0.044, 0.332)]))
ARABIC = ("سانا", "الجزيرة")
GRIDS = {
    "five articles": (FIVE, labels_of(4), ()),
    "two do not last": (FIVE, labels_of(4), (2, 4)),
    "none lasts": (FIVE, labels_of(4), (1, 2, 3, 4)),
    "thirty months": (
        grid_of({"SANA": months(13), "RT": months(10, "2016-02"), "Al Jazeera": months(7)}, 8),
        labels_of(8),
        (3,),
    ),
    "forty columns": (grid_of({"SANA": months(1), "RT": months(38), "TASS": months(1)}, 12), labels_of(12), ()),
    "one cell": (grid_of({"SANA": DAYS[:1]}, 1), {1: ("dam", "")}, ()),
    "six outlets": (grid_of({f"Outlet {number}": DAYS[:1] for number in range(6)}, 2), labels_of(2), (1,)),
    "eight outlets": (grid_of({f"Outlet {number}": DAYS[:3] for number in range(8)}, 2), labels_of(2), ()),
    "long": (
        grid_of({outlet: ["h" * 30, "file-name-of-an-article then"] * 4 for outlet in LONG}, 2),
        labels_of(2, "w" * 30, "v" * 40),
        (1,),
    ),
    "Arabic": (grid_of(dict.fromkeys(ARABIC, DAYS[:3]), 2), labels_of(2, "سوريا، هدنة", "مدينة، سد"), (1,)),
}
NAMES, HEADLINE = {1: "dam, river, bridge", 2: "talks, round"}, "SANA, 3 May 2016: “Lavrov: no dialogue of any kind ”"
USES = {"dam": (14, 0.9), "river": (9, 1.0), "bridge": (2, 0.4)}
PART = {1: "28% of words", 2: "72% of words"}
WORDS = {
    "plain": (terms_of(USES), NAMES, {1: HEADLINE, 2: ""}, {}),
    "one does not last": (
        terms_of(USES),
        NAMES,
        {1: HEADLINE[:-2] + " will be held" * 3 + "”", 2: "RT: “No”"},
        {"shares": PART, "unstable": [2]},
    ),
    "no room beside": (
        terms_of(USES | {"v" * 30: (1, 1)}),
        {1: "w" * 30, 2: "talks"},
        dict.fromkeys(NAMES, "letter " * 20),
        {"shares": PART, "unstable": [1]},
    ),
    "Arabic": (
        terms_of({"سوريا": (12_345, 0.4), "هدنة": (3, 1)}),
        {1: "سوريا، هدنة", 2: "dam"},
        dict.fromkeys(NAMES, f"{in_line(ARABIC[0])}, 3 May 2016: “سوريا”"),
        {"unstable": [1]},
    ),
}
CASES = [("grid", case) for case in GRIDS] + [("words", case) for case in WORDS]


@functools.cache
def draw(kind, case):
    """Draw a made-up table, once."""
    if kind == "grid":
        shares, labels, unstable = GRIDS[case]
        return topic_grid(shares, labels, SOURCE, caveat=CAVEAT, unstable=unstable)
    terms, names, lines, options = WORDS[case]
    return topic_words(terms, names, lines, SOURCE, caveat=CAVEAT, **options)


def written(figure):
    return [text.get_text() for text in texts_of(figure)]


def dots_of(figure):
    """Give the dots of a grid, in inches: x, y, width (with the outline), colour, and whether they are filled."""
    (axes,) = figure.axes
    (dots,) = (found for found in axes.collections if isinstance(found, PatchCollection))
    boxes = np.array([[path.vertices.min(axis=0), path.vertices.max(axis=0)] for path in dots.get_paths()])
    edges, faces = ([to_hex(colour) for colour in found] for found in (dots.get_edgecolor(), dots.get_facecolor()))
    table = pd.DataFrame(boxes.mean(axis=1), columns=["x", "y"]).assign(width=np.ptp(boxes, axis=1)[:, 0])
    filled = [edge == face for edge, face in zip(edges, faces, strict=True)]
    return table.assign(width=table["width"] + topics.EDGE / 72, colour=edges, filled=filled)


@functools.cache
def drawn_with(case):
    """Give a grid's dots beside the shares they stand for: those of at least 0.5 %, column by column."""
    shares, _, unstable = GRIDS[case]
    shares = shares.assign(place=shares.groupby("topic").cumcount())
    due = shares[shares["share"] >= 0.005].sort_values(["place", "topic"], ignore_index=True)
    dots = dots_of(draw("grid", case)).round(6).sort_values(["x", "y"], ascending=[True, False], ignore_index=True)
    return pd.concat([due, dots], axis=1), set(unstable)


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_page_is_legible_and_told_in_words(kind, case):
    """Whatever the table, no text is covered, off the page, turned, small or pale, and the alt text is short."""
    figure = draw(kind, case)
    assert overlaps(figure) == []
    assert struck(figure) == []
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 9
    assert min(contrast_on_white(to_hex(text.get_color())) for text in texts_of(figure)) >= 4.5
    assert {text.get_rotation() for text in texts_of(figure)} == {0}
    assert len(figure.get_label()) <= 500
    assert CAVEAT in figure.get_label()
    assert case == "long" or title_of(figure) in figure.get_label()
    assert re.findall(r"[{}]|\b(?:nan|NaN|None|inf)\b", " ".join([figure.get_label(), *written(figure)])) == []


# The grid


@pytest.mark.parametrize("case", GRIDS)
def test_areas_of_dots_are_the_shares(case):
    """Each share of at least 0.5 % has one dot, whose area is proportional to it; dots of a row do not meet."""
    drawn, _ = drawn_with(case)
    assert drawn["width"].notna().all()
    areas = drawn["width"] ** 2 / drawn["share"]
    clear = drawn["width"] > 2 * topics.EDGE / 72  # smaller dots are hardly more than their outline
    np.testing.assert_allclose(areas[clear], areas[clear].median(), rtol=1e-3)
    assert drawn.groupby("place")["x"].nunique().max() == drawn.groupby("topic")["y"].nunique().max() == 1
    for _, row in drawn.sort_values("x").groupby("topic"):
        assert (row["x"].diff() > (row["width"] + row["width"].shift()) / 2)[1:].all()


@pytest.mark.parametrize("case", GRIDS)
def test_largest_share_of_each_column_is_filled_and_colours_are_the_outlets(case):
    """Exactly the largest dot of a column is filled; a dot has its outlet's colour, or the grey of unstable topics."""
    drawn, unstable = drawn_with(case)
    largest = drawn["share"] == drawn.groupby("place")["share"].transform("max")
    assert list(drawn["filled"]) == list(largest)
    styles = outlet_style(list(dict.fromkeys(drawn["outlet"])))
    own = [
        topics.UNSTABLE_BAR if t in unstable else styles[o][0] for t, o in zip(drawn.topic, drawn.outlet, strict=True)
    ]
    assert list(drawn["colour"]) == own


def test_shares_are_printed_where_columns_are_few():
    """Up to six columns every share is printed, to the percent; with more there is a key of three sizes."""
    shares, labels, _ = GRIDS["five articles"]
    percents = [text for text in written(draw("grid", "five articles")) if re.fullmatch(r"<?\d+%", text)]
    assert sorted(percents) == sorted("<1%" if s < 0.005 else f"{100 * s:.0f}%" for s in shares["share"])
    percents = [text for text in written(draw("grid", "thirty months")) if re.fullmatch(r"<?\d+%", text)]
    assert percents == ["10%", "50%", "100%"]
    assert labels[1][0] in written(draw("grid", "five articles"))


def test_full_dots_leave_room_for_their_shares():
    """In six columns that a topic fills wholly no share stands over a dot, however long the topic's name."""
    shares = grid_of({"SANA": DAYS[:3], "RT": DAYS[:3]}, 1)
    figure = topic_grid(shares.assign(share=1), labels_of(1, "word " * 9), SOURCE, caveat="")
    assert written(figure).count("100%") == 6
    assert overlaps(figure) == struck(figure) == []


def test_key_shows_the_sizes_of_dots():
    """The dots of the key have the area of the shares that are written beside them."""
    drawn, _ = drawn_with("thirty months")
    marks = [line for line in draw("grid", "thirty months").artists if line.get_color() == topics.MUTED]
    keys = [line.get_markersize() / 72 for line in marks if line.get_marker() == "o"]
    largest = drawn.loc[drawn["share"].idxmax()]
    np.testing.assert_allclose(
        np.square(keys) / np.square(largest["width"]), np.array([0.1, 0.5, 1]) / largest["share"], rtol=1e-5
    )


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("five articles", "“dam, river, bridge 2” fills 52% of an article of SANA, under 1% of RT’s"),
        ("two do not last", "“dam, river, bridge 1” fills 62% of an article of RT, at most 61% of SANA’s"),
        (
            "none lasts",
            "No topic lasts when refitted; “dam, river, bridge 2” fills 52% of an article of SANA, under 1% of RT’s",
        ),
        ("one cell", "“dam” fills 100% of an article of SANA"),
    ],
)
def test_title_of_a_grid_tells_of_the_topic_that_differs_most(case, title):
    """The title is of the lasting topic with the widest spread: its largest share, and the most of the others."""
    assert title_of(draw("grid", case)) == title


def test_title_of_months_names_the_month():
    """Where columns are months the title names the month; with one outlet it gives the range."""
    shares = FIVE[FIVE["topic"] == 1].assign(column=["2015-04", "2016-05", "2016-08", "2016-03", "2016-05"])
    title = title_of(topic_grid(shares, labels_of(1), SOURCE, caveat=""))
    assert title == "“dam, river, bridge 1” fills 62% of RT’s words in May 2016, at most 61% of SANA’s in any month"
    title = title_of(topic_grid(shares[shares["outlet"] == "SANA"], labels_of(1), SOURCE, caveat=""))
    assert title == "“dam, river, bridge 1” fills 14% to 61% of SANA’s words in a month"


def test_columns_stand_under_their_outlet():
    """Columns are grouped by outlet, whatever the order of the table, and articles of one date stay apart."""
    shares = grid_of({"SANA": [DAYS[1], DAYS[1]], "RT": DAYS[:1]}, 2)
    mixed = pd.concat([shares[shares["outlet"] == "SANA"][:2], shares[shares["outlet"] == "RT"], shares[2:4]])
    drawn = dots_of(topic_grid(mixed, labels_of(2), SOURCE, caveat=""))
    assert drawn["x"].round(6).nunique() == 3
    pd.testing.assert_frame_equal(drawn, dots_of(topic_grid(shares, labels_of(2), SOURCE, caveat="")))


def test_heads_of_columns_are_thinned():
    """Of thirty months some are named, in two lines, the first of each outlet among them; of few articles all are."""
    figure, (drawn, _) = draw("grid", "thirty months"), drawn_with("thirty months")
    at = {(text.get_text(), round(text.get_position()[0] * WIDTH - MARGIN, 3)) for text in texts_of(figure)}
    assert 8 <= sum(re.fullmatch(r"[A-Z][a-z]{2}", text) is not None for text, _ in at) < 30
    firsts = drawn.groupby("outlet")["x"].min().round(3)
    for outlet, head in (("SANA", "Nov 2015"), ("RT", "Feb 2016"), ("Al Jazeera", "Nov 2015")):
        assert {(line, firsts[outlet]) for line in head.split()} <= at
    assert {*DAYS} <= {*written(draw("grid", "five articles"))}


def test_topics_that_do_not_last_are_called_so():
    """A row that does not last is named in grey, says so, and the subtitle tells what grey means."""
    figure = draw("grid", "two do not last")
    names = {text.get_text(): text.get_color() for text in texts_of(figure) if text.get_text().startswith("dam")}
    assert [topic for topic in range(1, 5) if names[f"dam, river, bridge {topic}"] == OTHER_COLOUR] == [2, 4]
    assert sum(text.startswith("does not last") for text in written(figure)) == 2
    assert "Grey: the topic does not last when refitted" in " ".join(written(figure))
    assert "does not last" not in " ".join(written(draw("grid", "five articles")))


@pytest.mark.parametrize(
    ("columns", "remedy"),
    [({"SANA": months(41)}, "month"), ({f"Outlet {number}": DAYS[:1] for number in range(9)}, "group_outlets")],
)
def test_more_than_a_page_holds_is_refused_with_the_remedy(columns, remedy):
    """More columns or outlets than have room are refused, with what to do."""
    with pytest.raises(InputError, match=remedy):
        topic_grid(grid_of(columns, 2), labels_of(2), SOURCE, caveat="")


# The words


def test_bars_are_uses_and_the_part_of_the_topic():
    """A word has a bar of its uses, and over it one of the uses that fall to the topic; the uses are written."""
    terms, *_ = WORDS["plain"]
    figure = draw("words", "plain")
    for axes, (_, part) in zip(figure.axes, terms.groupby("topic"), strict=True):
        widths = [patch.get_width() for patch in axes.patches]
        np.testing.assert_allclose(widths, [*part["count"], *(part["count"] * part["exclusivity"])])
        assert set(part["count"].astype(str)) <= set(written(figure))


@pytest.mark.parametrize(
    ("count", "unstable", "title"),
    [
        (4, (1, 2, 3), "Four topics, by the words that mark them; one of them lasts when refitted"),
        (4, (2, 9), "Four topics, by the words that mark them; three of them last when refitted"),
        (2, (1, 2), "Two topics, by the words that mark them; none lasts when refitted"),
        (1, (1,), "One topic, by the words that mark it; it does not last when refitted"),
    ],
)
def test_title_of_words_counts_the_topics_that_last(count, unstable, title):
    """The title says how many topics there are, and how many of them last."""
    every = dict.fromkeys(range(1, count + 1), "")
    figure = topic_words(terms_of({"dam": (3, 1)}, count), every, every, SOURCE, caveat="", unstable=unstable)
    assert title_of(figure) == title


def test_panel_that_does_not_last_is_grey():
    """The panel of a topic that does not last is grey, bars can still be seen, and the subtitle explains the shades."""
    figure = draw("words", "one does not last")
    lasting, fading = ({to_hex(patch.get_facecolor()) for patch in axes.patches} for axes in figure.axes)
    assert fading == {topics.UNSTABLE_BAR, topics.UNSTABLE_PALE_BAR}
    assert not lasting & fading
    assert contrast_on_white(topics.UNSTABLE_BAR) >= 3
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.005)  # as published
    told = " ".join(written(figure))
    assert "Dark: the part that falls to the topic; light: the rest. Grey: the topic does not last" in told
    assert "does not last · 72% of words" in written(figure)
    assert "Grey" not in " ".join(written(draw("words", "plain")))


def test_share_stands_beside_the_name_or_below_all_names():
    """What there is of a topic stands on the line of its name, or under every name where one leaves no room."""
    for case, is_beside in (("one does not last", True), ("no room beside", False)):
        heights = {text.get_text(): text.get_position()[1] for text in texts_of(draw("words", case))}
        name = heights[WORDS[case][1][2]]
        note = next(y for text, y in heights.items() if text.endswith("72% of words"))
        assert (note == name) == is_beside


def test_headline_that_is_cut_closes_its_quotation():
    """A headline too long for its line ends with an ellipsis and the quotation mark."""
    lines = [text for text in written(draw("words", "one does not last")) if text.startswith("SANA, 3 May 2016: “")]
    assert [text[-2:] for text in lines] == ["…”"]
    assert "RT: “No”" in written(draw("words", "one does not last"))


def test_names_are_printed_as_they_are():
    """A dollar sign or a tag in a name is printed as it is, and is no mathematics."""
    dollars, tag = "$a_1$", "<script>alert(1)</script>"
    grid = topic_grid(FIVE.replace({"SANA": tag, "RT": dollars}), labels_of(4, dollars), SOURCE, caveat="")
    words = topic_words(terms_of({dollars: (3, 1)}, 1), {1: tag}, {1: tag}, SOURCE, caveat="")
    assert {tag, dollars, f"{dollars} 1"} <= {*written(grid)}
    assert {tag, dollars} <= {*written(words)}
    assert not any(text.get_parse_math() for figure in (grid, words) for text in figure.findobj(Text))


def test_fingerprint_follows_the_numbers():
    """The same table gives the same fingerprint, and another number another one."""
    shares, labels, _ = GRIDS["eight outlets"]
    changed = shares.assign(share=shares["share"].where(shares["share"] < 0.2, shares["share"] * 0.999))
    prints = [fingerprint(topic_grid(table, labels, SOURCE, caveat="")) for table in (shares, shares.copy(), changed)]
    assert prints[0] == prints[1] != prints[2]
    terms, names, lines, _ = WORDS["plain"]
    changed = terms.assign(exclusivity=terms["exclusivity"] * 0.99)
    prints = [fingerprint(topic_words(table, names, lines, SOURCE, caveat="")) for table in (terms, terms, changed)]
    assert prints[0] == prints[1] != prints[2]
