"""The figures of voices are true to their tables and legible, whatever the names, scripts and numbers of articles."""

import functools
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from contrast.corpus import InputError
from contrast.display import fingerprint
from contrast.figures.ribbon import VOICES, article_ribbon
from contrast.figures.style import outlet_style, overlaps, paler
from contrast.figures.voices import CLASSES, verb_force, voice_ladder
from contrast.wording import in_line
from tests.figure_checks import strings_of, title_of

pytestmark = pytest.mark.filterwarnings("error")

SOURCE = "Source: made up."
LONG = ("The Syrian Arab News Agency of Damascus", "The Russian Television Network of Moscow", "RT")
HOSTILE = ("$a_1$", "</script><b>RT</b>")
FOREIGN = ("سانا", "ТАСС")


def articles_of(outlets, *, title="Talks resume", date="2016-05-03"):
    """Make a table of articles from their outlets."""
    index = pd.Index([f"a{number}" for number in range(len(outlets))], name="article_id")
    dates = pd.to_datetime([date] * len(outlets))
    return pd.DataFrame({"outlet": outlets, "title": title, "date": dates, "date_precision": "day"}, index=index)


def voices_of(texts):
    """Make a table of voices from article_id -> sentences -> stretches, each (voice, words); a word has 6 letters."""
    rows = []
    for article_id, sentences in texts.items():
        at = 0
        for number, stretches in enumerate(sentences):
            for voice, words in stretches:
                rows.append((article_id, number, at, at + 6 * words, words, voice))
                at += 6 * words
    return pd.DataFrame(rows, columns=["article_id", "sentence", "start", "end", "words", "voice"])


def mentions_of(*rows):
    return pd.DataFrame(rows, columns=["article_id", "start", "bloc"]).astype({"article_id": str, "bloc": str})


def heard_of(rows, *, low=np.nan, high=np.nan):
    """Make a table of who is heard from (outlet, label) -> (mentions, quoted, reported)."""
    table = pd.DataFrame([(*place, *numbers) for place, numbers in rows.items()])
    table.columns = ["outlet", "label", "mentions", "quoted", "reported"]
    words = table["quoted"] + table["reported"]
    share = words / words.groupby(table["outlet"]).transform("sum").clip(lower=1)
    return table.assign(share=share, low=low, high=high, unit="sentence")


def reports_of(rows):
    """Make a table of reports from (outlet, class, lemma, left, keyword, right)."""
    table = pd.DataFrame(rows, columns=["outlet", "class", "lemma", "left", "keyword", "right"])
    return table.assign(article_id="a0", start=range(len(table)))


def forces_of(rows):
    """Make the tables of `verb_force`: the verbs, and an interval about each share."""
    reports = reports_of(rows)
    shares = reports.groupby(["outlet", "class"]).size() / reports.groupby("outlet").size()
    shares = shares.rename("rate").rename_axis(["outlet", "class"]).reset_index()
    ends = {"low": shares["rate"] / 2, "high": (1 + shares["rate"]) / 2, "unit": "sentence"}
    return reports, shares.assign(**ends)


def boxes_of(figure):
    """Give the boxes of a ribbon: shade, left, right, base; from the top strip down, from left to right."""
    found = []
    for patches in (marks for marks in figure.axes[0].collections if len(marks.get_facecolor())):
        for path in patches.get_paths():
            (left, base), (right, _) = path.vertices.min(axis=0), path.vertices.max(axis=0)
            found.append((to_hex(patches.get_facecolor()[0]), left, right, round(base, 6)))
    table = pd.DataFrame(found, columns=["shade", "left", "right", "base"])
    return table.sort_values(["base", "left"], ascending=[False, True]).reset_index(drop=True)


PAIR = {
    "a0": [[("narration", 5), ("reported", 15)], [("reported", 20)], [("headline", 10)]],
    "a1": [[("quotation", 12), ("narration", 4)], [("reported", 20), ("fragment", 2), ("reported", 2)]],
}
NAMED = mentions_of(*[("a0", 0, "Russia")] * 3, ("a0", 60, "UN"), ("a1", 36, "Russia"), ("a1", 90, "Turkey"))
MANY = {f"a{n}": [[("narration", 3 + k % 7), ("quotation", 1 + k % 5)] for k in range(20)] for n in range(13)}
CROWD = mentions_of(*[(f"a{n}", 17 * k, "ABCDEFG"[(n + k) % 7] * 4) for n in range(13) for k in range(30)])
NONE = mentions_of()
RIBBONS = {
    "pair": (voices_of(PAIR), NAMED, articles_of(["SANA", "RT"])),
    "one sentence": (voices_of({"a0": [[("narration", 9)]]}), NONE, articles_of(["SANA"])),
    "empty": (voices_of({}), NONE, articles_of(["SANA"])[:0]),
    "no sentence": (voices_of({}), mentions_of(("a0", 3, "Russia")), articles_of(["SANA"])),
    "many": (
        voices_of(MANY),
        CROWD,
        articles_of([*LONG[:1] * 8, *LONG[1:] * 2, LONG[0]], title="Very long title " * 6),
    ),
    "hostile": (voices_of(PAIR), mentions_of(("a0", 3, HOSTILE[1])), articles_of(HOSTILE, title="$x$\n</script>")),
    "foreign": (voices_of(PAIR), mentions_of(("a0", 3, "روسيا")), articles_of(FOREIGN, title="محادثات", date=None)),
}
HEARD = {
    ("SANA", "Russia"): (30, 100, 800),
    ("RT", "Russia"): (12, 90, 60),
    ("SANA", "Turkey"): (16, 0, 0),
    ("RT", "Turkey"): (0, 0, 0),
    ("SANA", "Opposition"): (9, 0, 0),
    ("RT", "Opposition"): (4, 0, 50),
    ("SANA", "not told"): (0, 0, 100),
}
CROWDED = {
    (outlet, label): ((k + n) % 4, (900 // (k + 1)) * (k < 3), 400 // (n + 1) * (k < 5))
    for n, outlet in enumerate([*LONG, *FOREIGN][:4])
    for k, label in enumerate(["A label that is much longer than its column", "$x$", *(f"Label {k}" for k in range(5))])
}
LADDERS = {
    "pair": (heard_of(HEARD, low=0.0012, high=0.999),),
    "no interval": (heard_of(HEARD),),
    "nobody heard": (heard_of({("RT", "Turkey"): (1, 0, 0)}),),
    "empty": (heard_of(HEARD)[:0],),
    "many": (heard_of(CROWDED),),
    "hostile": (heard_of({(outlet, label): (2, 5, 0) for outlet in HOSTILE for label in HOSTILE}),),
    "foreign": (heard_of({(outlet, label): (2, 5, 0) for outlet in FOREIGN for label in FOREIGN}),),
}
SAID = [
    *[("SANA", "neutral", "say", "Lavrov ", "said", " that talks were going on in Geneva.")] * 18,
    *[("SANA", "assertive", "stress", "He ", "stressed", " it.")] * 6,
    *[("RT", "neutral", "add", "Lavrov ", "added", ".")] * 3,
    ("RT", "distancing", "claim", "The group withdrew, ", "claiming", " that the truce was broken."),
]
ARABIC = ("وقال لافروف إن موسكو ", "دعت", " واشنطن إلى التمييز بين المتطرفين والمعارضة. " * 20)
FORCES = {
    "pair": forces_of(SAID),
    "one outlet": forces_of(SAID[:20]),
    "empty": forces_of([]),
    "long": forces_of([(name, "praise", "hail", "слово " * 30, "x" * 140, " слово" * 60) for name in LONG]),
    "hostile": forces_of([(name, "attack", "$x$", "$a$ ", name, " $b$\n") for name in HOSTILE]),
    "foreign": forces_of([(name, "directive", "دعا", *ARABIC) for name in FOREIGN]),
}
DRAW = {"ribbon": (article_ribbon, RIBBONS), "ladder": (voice_ladder, LADDERS), "force": (verb_force, FORCES)}
CASES = [(kind, case) for kind, (_, cases) in DRAW.items() for case in cases]


@functools.cache
def draw(kind, case):
    """Draw a made-up table, once."""
    function, cases = DRAW[kind]
    return function(*cases[case], SOURCE)


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_page_is_legible_and_told_in_words(kind, case):
    """Whatever the table, no text is covered, off the page or small, and the alt text is short and holds the title."""
    figure = draw(kind, case)
    assert overlaps(figure) == []
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 9
    assert not any(text.get_parse_math() or "\n" in text.get_text() for text in figure.findobj(Text))
    assert 0 < len(figure.get_label()) <= 500
    assert case in ("many", "long") or title_of(figure) in figure.get_label()
    assert re.findall(r"\b(?:nan|NaN|NaT|None|inf)\b", " ".join([figure.get_label(), *strings_of(figure)])) == []


@pytest.mark.parametrize(("kind", "case"), [(kind, "hostile") for kind in DRAW])
def test_names_are_printed_as_they_are(kind, case):
    """A dollar sign or a tag in a name is printed as it is."""
    written = " ".join(strings_of(draw(kind, case)))
    assert all(name in written for name in HOSTILE)


@pytest.mark.parametrize("kind", DRAW)
def test_fingerprint_follows_the_numbers(kind):
    """The same table gives the same fingerprint, and another number another one."""
    function, cases = DRAW[kind]
    table, *rest = cases["pair"]
    changed = table.iloc[1:] if kind == "force" else table.assign(**{"words": 7} if kind == "ribbon" else {"quoted": 7})
    again, other = (fingerprint(function(some, *rest, SOURCE)) for some in (table.copy(), changed))
    assert fingerprint(draw(kind, "pair")) == again != other


def test_boxes_are_as_wide_as_their_words():
    """Every stretch is a box in its voice's shade, as wide as its words on one scale for all strips."""
    boxes = boxes_of(draw("ribbon", "pair"))
    for article_id, (_, strip) in zip(PAIR, boxes.groupby("base", sort=False), strict=True):
        stretches = [stretch for sentence in PAIR[article_id] for stretch in sentence]
        assert list(strip["shade"]) == [VOICES[voice][0] for voice, _ in stretches]
        ends = np.cumsum([words for _, words in stretches])
        np.testing.assert_allclose(strip["right"] / boxes["right"].max(), ends / 50)
        np.testing.assert_allclose(strip["left"].iloc[1:], strip["right"].iloc[:-1])


def test_sentences_are_parted():
    """A white line stands where a sentence ends and another begins, and nowhere else."""
    axes = draw("ribbon", "pair").axes[0]
    lines = [marks for marks in axes.collections if not len(marks.get_facecolor())]
    ends = [[path.vertices[0, 0] for path in marks.get_paths()] for marks in lines]
    inch = boxes_of(draw("ribbon", "pair"))["right"].max() / 50
    assert [list(np.round(np.array(part) / inch, 6)) for part in ends] == [[20, 40], [16]]


def test_mentions_stand_over_their_words():
    """A mark stands over the word it is a mention of: six letters of these articles are a word."""
    figure = draw("ribbon", "pair")
    inch = boxes_of(figure)["right"].max() / 50
    found = [line for line in figure.axes[0].lines if not line.get_clip_on()]
    marked = sorted((line.get_marker(), round(x / inch, 6)) for line in found for x in line.get_xdata())
    assert marked == sorted([*[("o", 0)] * 3, ("s", 10), ("o", 6), ("^", 15)])  # Turkey goes before UN, of as many


def test_blocs_beyond_four_share_a_mark():
    """The four blocs named most have a name in the key, all others one; a fifth that is alone keeps its name."""
    table, _, articles = RIBBONS["pair"]
    named = [("a0", 6, bloc) for number, bloc in enumerate("ABCDE") for _ in range(9 - number)]
    assert {*"ABCDE"} <= set(strings_of(article_ribbon(table, mentions_of(*named), articles, SOURCE)))
    written = set(strings_of(article_ribbon(table, mentions_of(*named, ("a1", 0, "F")), articles, SOURCE)))
    assert {*"ABCD", "others"} <= written
    assert not written & {"E", "F"}


def test_shades_differ_in_lightness():
    """The five shades of voices are apart in luminance, so that they are told apart without colour."""
    linear = [
        [(c / 12.92) if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(s)] for s, _ in VOICES.values()
    ]
    luminance = sorted(np.array(linear) @ [0.2126, 0.7152, 0.0722])
    assert all((light + 0.05) / (dark + 0.05) > 1.5 for dark, light in itertools.pairwise(luminance))


@pytest.mark.parametrize(
    ("outlets", "texts", "title"),
    [
        (
            ["SANA", "RT"],
            PAIR,
            "RT gives 30% of its words to quotation, SANA none; SANA gives 70% to reports in its own wording, RT 55%",
        ),
        (["SANA"], {"a0": PAIR["a1"]}, "SANA gives 30% of its words to quotation"),
        (["SANA"], {"a0": PAIR["a0"]}, "Nothing longer than four words is quoted"),
        (["SANA"], {}, "There is no sentence to draw"),
    ],
)
def test_title_of_a_ribbon_counts_words(outlets, texts, title):
    """The title gives the shares of words in quotation, 12 of 40 and none, and reported, 35 of 50 and 22 of 40."""
    assert title_of(article_ribbon(voices_of(texts), NONE, articles_of(outlets), SOURCE)) == title


def test_title_of_a_ribbon_says_that_it_is_of_some_articles():
    """What holds of the articles drawn is not said of the outlets."""
    figure = article_ribbon(*RIBBONS["pair"], SOURCE, ids=["a1"])
    assert title_of(figure) == "In one of two articles: RT gives 30% of its words to quotation"


def test_chosen_articles_are_drawn_in_their_order():
    """Articles asked for are drawn in the order given, each named with its own words and share of quotation."""
    figure = article_ribbon(*RIBBONS["pair"], SOURCE, ids=["a1", "a0"])
    heads = [text for text in strings_of(figure) if text in ("SANA", "RT") or re.match(r"\d+ words, ", text)]
    assert heads == ["40 words, 30% in quotation", "RT", "50 words, no quotation", "SANA"]


def test_of_too_many_articles_each_outlet_keeps_its_first():
    """Of 13 articles of three outlets up to four of each are drawn, and the figure says how many that is."""
    figure = draw("ribbon", "many")
    assert boxes_of(figure)["base"].nunique() == 4 + 2 + 2
    assert "8 of 13 articles, the first of each outlet" in " ".join(strings_of(figure))


def test_unknown_article_is_refused():
    """An id that is not among the articles is an input error that names it."""
    with pytest.raises(InputError, match="no article 'b7'"):
        article_ribbon(*RIBBONS["pair"], SOURCE, ids=["b7"])


def test_name_from_right_to_left_keeps_its_place():
    """A name written from right to left is closed in by marks that nobody sees; others are left alone."""
    assert in_line("سانا") == "\u200eسانا\u200e"
    assert in_line("ТАСС") == "ТАСС"


def test_bars_are_the_words_given():
    """Each bar is the words quoted, in the outlet's colour, and beyond it those reported, paler; their sum is told."""
    figure = draw("ladder", "pair")
    colours = {outlet: colour for outlet, (colour, _) in outlet_style(["SANA", "RT"]).items()}
    drawn = [(to_hex(bar.get_facecolor()), bar.get_x(), bar.get_width()) for bar in figure.axes[0].patches]
    dark = [(colour, width) for colour, x, width in drawn if colour in colours.values()]
    assert dark == [(colours["SANA"], 100), (colours["RT"], 90), (colours["RT"], 0), (colours["SANA"], 0)]
    assert [(x, width) for colour, x, width in drawn if colour not in colours.values()] == [
        (100, 800),
        (90, 60),
        (0, 50),
        (0, 100),
    ]
    assert {"900", "150", "50", "90%", "75%", "25%", "10%"} <= set(strings_of(figure))


def test_who_is_named_and_never_heard_is_told():
    """Named without a word: the count and a hollow mark; not named at all: said so."""
    figure = draw("ladder", "pair")
    written = strings_of(figure)
    assert {"named 16 times, no word traced", "named 9 times, no word traced", "not named"} <= set(written)
    hollow = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert sum(x < 0 for x in hollow) == 2  # the key's own stands right of zero
    assert "named once, no word traced" in strings_of(draw("ladder", "nobody heard"))


def test_ladder_goes_down_from_most_words():
    """Labels stand in the order of their words, then of their mentions; words of nobody known stand last."""
    written = strings_of(draw("ladder", "pair"))
    labels = [text for text in written if text in ("Russia", "Opposition", "Turkey", "Not told whose")]
    assert labels == ["Russia", "Opposition", "Turkey", "Not told whose"]


@pytest.mark.parametrize(
    ("case", "title"),
    [
        (
            "pair",
            "Russia is given 90% of the words that SANA quotes or reports, 75% of RT’s; "
            "SANA names “Opposition” 9 times, but no word is traced to it",
        ),
        ("nobody heard", "No word is traced to anybody named"),
        ("empty", "No target of the codebook is named"),
    ],
)
def test_title_of_a_ladder_is_its_table(case, title):
    """The title gives the shares of whoever has most words, and who is heard by another outlet alone."""
    assert title_of(draw("ladder", case)) == title


def test_intervals_are_told_where_they_are_known():
    """Known intervals stand beside the shares, and the subtitle names their unit; else neither is there."""
    written = " ".join(strings_of(draw("ladder", "pair")))
    assert "0–100%" in written
    assert "which describe these texts, not the outlets" in written
    assert "interval" not in " ".join(strings_of(draw("ladder", "no interval")))


def test_of_too_many_labels_some_are_left_out_and_it_is_said():
    """Of 18 labels that are named 16 are drawn; the source line counts the others."""
    named = heard_of({("RT", f"Label {n:02}"): (n + 1, 0, 0) for n in range(18)})
    written = strings_of(voice_ladder(named, SOURCE))
    assert sum(text.startswith("Label ") for text in written) == 16
    assert "Left out: 2 names" in " ".join(written)


def test_dots_are_shares_of_the_outlets_verbs():
    """Each outlet's dots are its verbs of a class by all its verbs, in the order of classes, with both counts."""
    figure = draw("force", "pair")
    dots = {mark: [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_marker() == mark] for mark in "oD"}
    assert dots["o"] == [0, 18 / 24, 0, 6 / 24, 0, 0, 0]
    assert dots["D"] == [1 / 4, 3 / 4, 0, 0, 0, 0, 0]
    written = strings_of(figure)
    assert {"18 of 24", "6 of 24", "1 of 4", "3 of 4"} <= set(written)
    assert [text for text in written if text.lower() in CLASSES] == [name.capitalize() for name in CLASSES]


def test_shares_of_few_verbs_are_pale():
    """Dots of an outlet with fewer than 20 reporting verbs are pale, and the source line says so."""
    figure = draw("force", "pair")
    colours = {mark: {line.get_color() for line in figure.axes[0].lines if line.get_marker() == mark} for mark in "oD"}
    sana, rt = (colour for colour, _ in outlet_style(["SANA", "RT"]).values())
    assert colours == {"o": {sana}, "D": {paler(rt)}}
    assert "fewer than 20 reporting verbs (RT)" in " ".join(strings_of(figure))


def test_example_is_the_shortest_sentence_with_its_verb_in_bold():
    """Under each class stand its verbs, commonest first, and its shortest sentence, the verb alone in bold."""
    figure = draw("force", "pair")
    bold = {text.get_text() for text in figure.findobj(Text) if text.get_fontweight() == "bold"}
    written = strings_of(figure)
    assert "say, add" in written
    assert {"added", "stressed", "claiming"} <= bold
    assert "said" not in written
    assert {"Lavrov", ".", "He", "it.", "The group withdrew,", "that the truce was broken."} <= set(written) - bold


def test_long_example_is_cut_around_its_verb():
    """A sentence too long to print is cut at both ends, at blanks; its verb stays."""
    sentence = "".join([text for text in strings_of(draw("force", "long")) if "слово" in text or "xxx" in text])
    assert re.fullmatch(r"…слово.*x…?.*слово…", sentence)
    assert len(sentence) < 130 + 140 + 300


def test_example_reads_in_its_own_direction():
    """An Arabic sentence begins at the right: its first words stand right of the verb."""
    figure = draw("force", "foreign")
    overlaps(figure)  # puts texts in their places
    x = {text.get_text(): text.get_window_extent().x0 for text in figure.findobj(Text)}
    assert x[ARABIC[0].strip()] > x[ARABIC[1]]


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("pair", "Distancing verbs are 1 of RT’s 4 reporting verbs, none of SANA’s 24"),
        ("one outlet", "Neutral verbs are 18 of SANA’s 20 reporting verbs"),
        ("empty", "No reporting verb is found"),
    ],
)
def test_title_of_forces_is_the_widest_difference(case, title):
    """The title tells of the class whose shares differ most, the weaker-sounding one if two do as much."""
    assert title_of(draw("force", case)) == title


@pytest.mark.parametrize(("function", "tables"), [(voice_ladder, 1), (verb_force, 2)])
def test_five_outlets_are_too_many(function, tables):
    """Five outlets have no room: the error says how to group them."""
    table = pd.DataFrame({"outlet": list("abcde")})
    with pytest.raises(ValueError, match="group_outlets"):
        function(*[table] * tables, SOURCE)
