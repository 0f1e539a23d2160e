"""The figures of topics' shares and of what lasts are true to their tables and legible, whatever the names."""

import functools
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from contrast.corpus import InputError
from contrast.display import fingerprint
from contrast.figures import style
from contrast.figures.prevalence import stability_strip, topic_shares
from contrast.figures.style import OTHER_COLOUR, RENDERER, outlet_style, overlaps, shorten
from tests.figure_checks import strings_of, struck, texts_of, title_of

pytestmark = pytest.mark.filterwarnings("error")

SOURCE = "Source: made up."
LONG = (
    "The Syrian Arab News Agency of Damascus X",
    "The Russian Television Network of Moscow",
    "Gesellschaftsnachrichtenagentur",
    "The Anadolu Agency of Ankara and Istanbul",
)
HOSTILE = ("$a_1$", "<script>alert(1)</script>")
ARABIC = ("سانا", "روسيا اليوم")
FOUR = ("SANA", "RT", "Al Jazeera", "Enab Baladi")
NAMES = ("rocket fire", "the siege", "“regime” crimes", "air raids", "talks", "the army", "bombs", "Daesh")
FEW = "4 of at least 5 articles"


def labels_of(count, name=None):
    """Name so many topics."""
    name = name or (lambda topic: NAMES[topic % len(NAMES)])
    return {topic: (name(topic - 1), "rocket, shells, neighborhoods, material") for topic in range(1, count + 1)}


def shares_of(rows, *, half=0.1, reason=""):
    """Make a table of shares from outlet -> its shares by topic; the intervals reach so far to both sides."""
    table = pd.DataFrame(
        [(outlet, topic, share) for outlet, shares in rows.items() for topic, share in enumerate(shares, 1)],
        columns=["outlet", "topic", "share"],
    )
    half = np.nan if reason else half
    low, high = (table["share"] - half).clip(lower=0), (table["share"] + half).clip(upper=1)
    return table.assign(low=low, high=high, reason=reason)


def differences_of(shares, q):
    """Make the table of differences of the first two outlets, with this q a topic."""
    wide = shares.pivot(index="topic", columns="outlet", values="share")
    a, b = dict.fromkeys(shares["outlet"])
    table = pd.DataFrame({"a": a, "b": b, "topic": wide.index, "difference": wide[a] - wide[b]})
    return table.assign(q=table["topic"].map(q).astype(float)).reset_index(drop=True)


def dealt(outlets, count, seed=0):
    """Deal shares that add to 1 to each outlet."""
    random = np.random.default_rng(seed)
    return {outlet: random.dirichlet(np.full(count, 0.5)) for outlet in outlets}


TWO = shares_of({"SANA": (0.71, 0.2, 0.05, 0.04), "RT": (0.07, 0.3, 0.4, 0.23)})
ENDS = shares_of({"SANA": (1, 0, 0), "RT": (0, 0, 1), "TASS": (0.98, 0.02, 0)}, half=0.3)
HALF = pd.concat([TWO[:4], TWO[4:].assign(low=np.nan, high=np.nan, reason=FEW)])
BARE = shares_of({"SANA": (0.28, 0.29, 0.43), "RT": (0.62, 0.1, 0.28)}, reason=FEW)
SHARES = {  # table, labels, options
    "two outlets": (TWO, labels_of(4), {"differences": differences_of(TWO, {1: 0.01, 2: 0.6, 3: 0.03, 4: 0.2})}),
    "none reliable": (TWO, labels_of(4), {"differences": differences_of(TWO, dict.fromkeys(range(1, 5), 0.3))}),
    "not tested": (TWO, labels_of(4), {"differences": differences_of(TWO, {}), "unit": "story"}),
    "some last": (
        TWO,
        labels_of(4),
        {"unstable": [1, 4], "differences": differences_of(TWO, {2: 0.6, 3: 0.03}), "unit": "week"},
    ),
    "none lasts": (TWO, labels_of(4), {"unstable": (1, 2, 3, 4)}),
    "no interval": (BARE, labels_of(3), {}),
    "an interval of one": (HALF, labels_of(4), {}),
    "one outlet": (shares_of({"SANA": (0.2, 0.5, 0.3)}), labels_of(3), {}),
    "one topic": (shares_of({"SANA": (1,), "RT": (1,)}), labels_of(1), {}),
    "ends": (ENDS, labels_of(3), {}),
    "no share at all": (shares_of({"SANA": (0, 0), "RT": (0, 0)}, reason=FEW), labels_of(2), {}),
    "four outlets, fourteen topics": (shares_of(dealt(FOUR, 14)), labels_of(14), {"unstable": range(1, 15, 3)}),
    "long": (
        shares_of(dealt(LONG, 3)),
        labels_of(3, lambda n: ("w" * 60, "a name of a topic that is " + "much " * 9 + "too long", "short")[n]),
        {"unstable": [1, 2], "caveat": "A caveat of some length. " * 8},
    ),
    "foreign": (
        shares_of(dealt(ARABIC, 3)),
        {1: ("قصف حلب", "صاروخ, قذائف"), 2: ("перемирие", "режим"), 3: ("المحادثات", "")},
        {"unstable": [1, 3]},
    ),
    "hostile": (shares_of(dealt(HOSTILE, 2)), labels_of(2, lambda n: HOSTILE[n]), {}),
}


def strip_of(overlaps_of, line=0.15):
    """Make the tables of stability and of refits from the overlaps of each topic."""
    rows = [
        (topic, refit, overlap)
        for topic, overlaps in enumerate(overlaps_of, 1)
        for refit, overlap in enumerate(overlaps, 1)
    ]
    refits = pd.DataFrame(rows, columns=["topic", "refit", "overlap"])
    groups = refits.groupby("topic")["overlap"]
    table = groups.agg(overlap="mean", least="min", most="max", repeats="size").reset_index()
    return table.assign(line=line, is_stable=table["overlap"] > line, top=10), refits


def tenths(count, refits, seed=0):
    """Make overlaps in whole tenths, of some topics low and of some high."""
    random = np.random.default_rng(seed)
    return [random.binomial(10, chance, refits) / 10 for chance in np.linspace(0.05, 0.95, count)]


SOME = ((0.9, 0.9, 1), (0.1, 0.2, 0.1), (0.5, 0.6, 0.4))
STRIPS = {  # overlaps, labels, line
    "some last": (SOME, labels_of(3), 0.15),
    "all last": (SOME, labels_of(3), 0),
    "none lasts": (SOME, labels_of(3), 1),
    "a line at a tick": (SOME, labels_of(3), 0.5),
    "one topic": (SOME[:1], labels_of(1), 0.24),
    "ends": ((np.ones(10), np.zeros(10)), labels_of(2), 0.02),
    "a hundred refits": ((np.ones(100), *tenths(1, 100)), labels_of(2), 0.98),
    "fourteen topics": (tenths(14, 10), labels_of(14), 0.15),
    "long": (SOME[:2], labels_of(2, lambda n: ("w" * 60, "a name " * 12)[n]), 0.15),
    "foreign": (SOME[:2], {1: ("قصف حلب", "صاروخ, قذائف"), 2: ("المحادثات", "")}, 0.15),
    "hostile": (SOME[:2], labels_of(2, lambda n: HOSTILE[n]), 0.15),
}


@functools.cache
def draw(kind, case):
    """Draw a made-up table, once."""
    if kind == "shares":
        shares, labels, options = SHARES[case]
        return topic_shares(shares, labels, SOURCE, **{"caveat": "A sketch.", **options})
    overlaps_of, labels, line = STRIPS[case]
    return stability_strip(*strip_of(overlaps_of, line), labels, SOURCE, caveat="A sketch.")


CASES = [("shares", case) for case in SHARES] + [("strip", case) for case in STRIPS]


def told(figure):
    return " ".join(strings_of(figure))


def marks_of(figure):
    """Give a figure's marks: x, y, shape, colour."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() in style.SIZES]
    rows = [(*at, line.get_marker(), to_hex(line.get_color())) for line in lines for at in line.get_xydata()]
    return pd.DataFrame(rows, columns=["x", "y", "mark", "colour"])


def intervals_of(figure):
    return sorted(tuple(line.get_xdata()) for line in figure.axes[0].lines if line.get_alpha() == 0.4)


def ticks_of(figure):
    return [text.get_text() for text in figure.axes[0].get_xticklabels()]


# Both figures


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_page_is_legible_and_told_in_words(kind, case):
    """Whatever the table, no text is covered, off the page or small, and the alt text is short and holds the title."""
    figure = draw(kind, case)
    assert overlaps(figure) == []
    assert struck(figure) == []
    assert not any(line.get_clip_on() for line in figure.axes[0].lines if line.get_marker() in style.SIZES)
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 9
    assert len(figure.get_label()) <= 500
    assert case == "long" or title_of(figure) in figure.get_label()
    assert re.findall(r"[{}]|\b(?:nan|NaN|None|inf)\b(?! of| differs)", f"{figure.get_label()} {told(figure)}") == []


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_every_topic_has_its_row(kind, case):
    """Each topic's name stands at the left, whole where it is short, in the order of the labels."""
    names = [name for name, _ in {"shares": SHARES, "strip": STRIPS}[kind][case][1].values()]
    due = [shorten(name, style.LABEL, 2.2, "bold") for name in names]
    rows = [text for text in texts_of(draw(kind, case)) if text.get_fontsize() == style.LABEL]
    assert [text.get_text() for text in sorted(rows, key=lambda text: -text.get_position()[1])] == due


@pytest.mark.parametrize("kind", ["shares", "strip"])
def test_names_are_printed_as_they_are(kind):
    """A dollar sign or a tag in a name is printed as it is, and is no mathematics."""
    figure = draw(kind, "hostile")
    assert set(HOSTILE) <= set(strings_of(figure))
    assert not any(text.get_parse_math() for text in figure.findobj(Text))


def test_fingerprint_follows_the_numbers():
    """The same table gives the same fingerprint, and another number another one."""
    labels, caveat = labels_of(2), "A sketch."
    table, _, _ = SHARES["hostile"]
    tables = table, table.copy(), table.assign(share=table["share"] * 1.001)
    prints = [fingerprint(topic_shares(table, labels, SOURCE, caveat=caveat)) for table in tables]
    assert prints[0] == prints[1] != prints[2]
    strips = strip_of(SOME[:2]), strip_of(SOME[:2]), strip_of(((0.9, 0.8, 1), SOME[1]))
    prints = [fingerprint(stability_strip(*tables, labels, SOURCE, caveat=caveat)) for tables in strips]
    assert prints[0] == prints[1] != prints[2]


# Shares


def test_dots_and_intervals_are_those_of_the_table():
    """Each share is a dot of its outlet's shape and colour, with its interval, and stands in words at the right."""
    figure = draw("shares", "two outlets")
    marks = marks_of(figure)
    for outlet, (colour, mark) in outlet_style(["SANA", "RT"]).items():
        rows = TWO[TWO["outlet"] == outlet]
        drawn = marks[(marks["colour"] == colour) & (marks["mark"] == mark)].sort_values("y", ascending=False)
        np.testing.assert_allclose(drawn["x"], rows["share"])
    np.testing.assert_allclose(intervals_of(figure), sorted(zip(TWO["low"], TWO["high"], strict=True)))
    assert {"71%", "20%", "5%", "4%", "7%", "30%", "40%", "23%"} <= set(strings_of(figure))


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(1.0, ["0", "25", "50", "75", "100%"]), (0.71, ["0", "20", "40", "60", "80%"]), (0.024, ["0", "1", "2", "3%"])],
)
def test_scale_ends_at_the_next_round_share(largest, ticks):
    """The scale ends at the round share that the largest share, or end of an interval, needs."""
    for table in (
        shares_of({"SANA": (largest,)}, reason=FEW),
        shares_of({"SANA": (largest / 2,)}).assign(low=0, high=largest),
    ):
        figure = topic_shares(table, labels_of(1), SOURCE, caveat="")
        assert ticks_of(figure)[::-1] == ticks
        low, high = figure.axes[0].get_xlim()
        assert low == 0
        assert high >= largest


def test_tick_is_the_mean_of_more_than_two_outlets():
    """Of three outlets an upright tick a topic shows their mean, which the key names; of two there is none."""
    figure = draw("shares", "ends")
    upright = [line.get_xdata() for line in figure.axes[0].lines if line.get_linewidth() == 1.8]
    np.testing.assert_allclose(upright, [[(1 + 0 + 0.98) / 3] * 2, [0.02 / 3] * 2, [1 / 3] * 2])
    assert "mean of 3 outlets" in strings_of(figure)
    assert "mean of" not in told(draw("shares", "two outlets"))


def test_topics_that_do_not_last_are_grey_and_without_interval():
    """Name, marks and values of such a topic are grey, it has no interval, and its row says why."""
    figure = draw("shares", "some last")
    marks = marks_of(figure)
    grey = marks[marks["colour"] == OTHER_COLOUR].sort_values(["y", "x"], ascending=False)
    assert sorted(grey["x"]) == [0.04, 0.07, 0.23, 0.71]
    assert list(grey["mark"]) == ["o", "D", "o", "D"]
    assert len(intervals_of(figure)) == 4
    colours = {text.get_text(): text.get_color() for text in texts_of(figure)}
    assert {colours[text] for text in ("rocket fire", "air raids", "71%", "7%", "4%", "23%")} == {OTHER_COLOUR}
    assert OTHER_COLOUR not in {colours[text] for text in ("the siege", "“regime” crimes", "20%", "40%")}
    assert strings_of(figure).count("does not last") == 2
    assert "Grey: topics that do not last" in told(figure)


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("two outlets", "“rocket fire” takes 71% of SANA’s average article, 7% of RT’s"),
        ("some last", "“‘regime’ crimes” takes 5% of SANA’s average article, 40% of RT’s"),
        (
            "none reliable",
            "No topic’s share differs reliably: the widest is “rocket fire”, 71% of SANA’s average article and 7% of "
            "RT’s",
        ),
        ("not tested", "“rocket fire” takes 71% of SANA’s average article, 7% of RT’s"),
        ("none lasts", "None of four topics lasts when refitted"),
        ("no interval", "“rocket fire” takes 28% of SANA’s average article, 62% of RT’s"),
        ("ends", "“rocket fire” takes 100% of SANA’s average article, 0% of RT’s, 98% of TASS’s"),
    ],
)
def test_title_tells_of_the_widest_difference(case, title):
    """The title names the topic of the widest reliable difference, and says so where none is reliable or lasts."""
    assert title_of(draw("shares", case)) == title


def test_title_of_one_outlet_names_its_largest_topic():
    """Of one outlet the title names the topic that takes most of its words."""
    assert title_of(draw("shares", "one outlet")) == "“the siege” takes 50% of SANA’s average article"


def test_only_differences_of_the_outlets_drawn_count():
    """A difference of an outlet that is not drawn tells nothing here."""
    table = differences_of(TWO, {1: 0.3, 2: 0.3, 3: 0.3, 4: 0.3})
    other = table.assign(b="TASS", q=0.001)
    figure = topic_shares(TWO, labels_of(4), SOURCE, caveat="", differences=pd.concat([table, other]))
    assert title_of(figure).startswith("No topic’s share differs reliably")


def test_reliable_differences_are_counted_and_named():
    """The subtitle counts the topics that differ reliably, and the alt text names them."""
    figure = draw("shares", "two outlets")
    assert "Two of four topics differ reliably (q under 5%)." in told(figure)
    assert f"Differ reliably: “{NAMES[0]}” and “‘regime’ crimes”." in figure.get_label()
    assert "One of two topics differs reliably (q under 5%)." in told(draw("shares", "some last"))
    assert "Reliably: q under 5%." in told(draw("shares", "none reliable"))
    assert "reliably" not in told(draw("shares", "not tested"))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("two outlets", "with 95% intervals over articles."),
        ("not tested", "with 95% intervals over stories."),
        ("some last", "with 95% intervals over weeks."),
        ("no interval", f"alike. No interval: SANA ({FEW}) and RT ({FEW}). A sketch."),
        ("an interval of one", f"with 95% intervals over articles. No interval: RT ({FEW})."),
    ],
)
def test_intervals_are_told_of_or_why_there_is_none(case, words):
    """The subtitle says over what the intervals are taken, or which outlet has none and why."""
    assert words in told(draw("shares", case))


def test_names_of_two_words_are_whole_above_their_columns():
    """An outlet's name that is too wide for its column is broken into two lines; the key has it whole."""
    written = strings_of(draw("shares", "four outlets, fourteen topics"))
    assert {"Al", "Jazeera", "Enab", "Baladi", *FOUR} <= set(written)


def test_too_many_outlets_are_refused_with_the_remedy():
    """More outlets than a row has lanes are refused, with the function that groups them."""
    with pytest.raises(InputError, match="group_outlets"):
        topic_shares(shares_of(dealt("ABCDE", 2)), labels_of(2), SOURCE, caveat="")


# What lasts


@pytest.mark.parametrize("case", STRIPS)
def test_every_refit_has_its_dot_and_none_covers_another(case):
    """A topic has as many small dots as refits, near its overlaps, and the dots can be counted."""
    overlaps_of, _, _ = STRIPS[case]
    figure = draw("strip", case)
    strips = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in strips] == [len(values) for values in overlaps_of]
    for line, values in zip(strips, overlaps_of, strict=True):
        np.testing.assert_allclose(np.sort(line.get_xdata()), np.sort(values), atol=0.05)
        apart = line.get_transform().transform(line.get_xydata())
        gaps = np.abs(apart[:, None] - apart[None]).max(axis=2) + 1e9 * np.eye(len(apart))
        assert gaps.min() >= 0.95 * line.get_markersize() * RENDERER.dpi / 72


def test_equal_overlaps_are_piled_at_their_value():
    """Two equal overlaps stand over each other at their value, a single one stands at its own."""
    first, *_ = (line for line in draw("strip", "some last").axes[0].lines if line.get_marker() == "o")
    np.testing.assert_allclose(np.sort(first.get_xdata()), [0.9, 0.9, 1])
    assert len(set(first.get_ydata()[first.get_xdata() < 0.95])) == 2


def test_means_and_the_line_of_shuffled_words_are_drawn_and_named():
    """Each mean is a bold mark and a number at the right; the line stands at its place through all rows."""
    figure = draw("strip", "some last")
    means = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_linewidth() == 3]
    np.testing.assert_allclose(means, [2.8 / 3, 0.4 / 3, 0.5])
    assert {"93%", "13%", "50%", "words shuffled: 15%"} <= set(strings_of(figure))
    line, *_ = (line for line in figure.axes[0].lines if list(line.get_xdata()) == [0.15, 0.15])
    assert (min(line.get_ydata()), max(line.get_ydata()) > figure.axes[0].get_ylim()[1]) == (0, True)


def test_topics_under_the_line_are_grey():
    """What does not keep more than shuffled words is grey, and its row says that it does not last."""
    figure = draw("strip", "some last")
    colours = {text.get_text(): text.get_color() for text in texts_of(figure)}
    assert {colours[text] for text in (NAMES[1], "13%", "does not last")} == {OTHER_COLOUR}
    assert OTHER_COLOUR not in {colours[text] for text in (NAMES[0], NAMES[2], "93%", "50%")}
    assert "does not last" not in strings_of(draw("strip", "all last"))


@pytest.mark.parametrize(
    ("case", "start"),
    [
        ("some last", "Two of three topics keep more of their words on average than"),
        ("all last", "All three topics keep more of their words on average than"),
        ("none lasts", "None of three topics keeps more of its words on average than"),
        ("one topic", "The one topic keeps more of its words on average than"),
    ],
)
def test_title_of_the_strip_counts_what_lasts(case, start):
    """The title counts the topics over the line, of all."""
    assert title_of(draw("strip", case)).startswith(start)


def test_line_that_is_not_of_shuffled_words_is_called_so():
    """Where more is asked than shuffled words keep, title, line and subtitle tell the two apart."""
    stability, refits = strip_of(SOME, line=0.5)
    figure = stability_strip(stability.assign(shuffled=0.2), refits, labels_of(3), SOURCE, caveat="")
    assert title_of(figure) == "One of three topics keeps more than 50% of its words on average"
    assert "to last: over 50%" in strings_of(figure)
    assert "Dashed: topics of shuffled words, 20%." in told(figure)
    assert "words shuffled: 15%" in strings_of(draw("strip", "some last"))


def test_refits_are_explained():
    """The subtitle says what a refit is, and how many there were."""
    assert "refitted to 80% of the articles (1,500 at most), 3 times." in told(draw("strip", "some last"))
    assert "ten marking words" in told(draw("strip", "some last"))
