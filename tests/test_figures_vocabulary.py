"""The figures of whole vocabularies are true to their tables and legible, whatever the words, counts and outlets."""

import functools
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from contrast.display import fingerprint
from contrast.figures import keyness_plane, vocabulary, word_shift_bars
from contrast.figures.style import outlet_style, overlaps
from tests.figure_checks import strings_of, struck, title_of

pytestmark = pytest.mark.filterwarnings("error")

WORDS = (1000, 500)  # of the outlets
LONG = ("The Syrian Arab News Agency of Damascus X", "The Russian Television Network of Moscow")
HOSTILE = ("$a_1$", "<script>alert(1)</script>")
SOURCE = "Source: made up."


def table_of(counts, *, sure=(), unit="article", flags=None):
    """Make a table of keyness from term -> (count in a, count in b), in that order."""
    table = pd.DataFrame([(term, term, *pair) for term, pair in counts.items()])
    table.columns = ["term", "printed", "count_a", "count_b"]
    rates = [np.maximum(table[f"count_{side}"], 0.5) / size for side, size in zip("ab", WORDS, strict=True)]
    table = table.assign(log_ratio=np.log2(rates[0] / rates[1]), unit=unit, sure=table["term"].isin(sure))
    return table if flags is None else table.assign(flag=table["term"].map(flags).fillna(""))


def shift_of(counts):
    """Make a table of word shift from term -> (count in a, count in b)."""
    table = pd.DataFrame([(term, term) for term in counts], columns=["term", "printed"])
    p, q = (np.array(column) / max(sum(column), 1) for column in zip(*counts.values(), strict=True))
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = sum(np.where(side > 0, side * np.log2(side / middle), 0) for side in (p, q)) / 2
    table = table.assign(share_a=p, share_b=q, bits=bits, signed=np.where(p >= q, bits, -bits))
    table["part"] = bits / max(bits.sum(), 1e-300)
    return table.sort_values(["bits", "term"], ascending=[False, True]).reset_index(drop=True)


SOME = {"ceasefire": (4, 14), "talks": (40, 5), "army": (6, 3), "city": (2, 1), "dam": (8, 1), "Idlib": (9, 0)}
SOME |= {"Daesh": (0, 7), "Hama": (0, 7), "river": (1, 0), "bridge": (1, 0)}


def dots_of(figure):
    """Give the dots of a plane: panel ("b", "" or "a"), x, uses, colour."""
    found = []
    for panel, axes in zip(("b", "", "a"), figure.axes, strict=True):
        for line in (line for line in axes.lines if line.get_marker() in ("o", "D")):
            found += [(panel, x, y, line.get_color()) for x, y in line.get_xydata()]
    return pd.DataFrame(found, columns=["panel", "x", "uses", "colour"])


def many(count):
    """Make counts of a vocabulary of so many words as texts have them: most are rare."""
    uses = (3 * count / np.arange(1, count + 1)).astype(int) + 1
    part = (np.arange(count) * 0.618) % 1
    return {
        f"word{rank}": (int(part[rank] * uses[rank]), uses[rank] - int(part[rank] * uses[rank]))
        for rank in range(count)
    }


PLANES = {
    "some": (table_of(SOME, sure=["ceasefire", "talks", "Daesh"]), "SANA", "RT"),
    "over sentences": (table_of(SOME, sure=["ceasefire"], unit="sentence"), "SANA", "RT"),
    "none sure": (table_of(SOME), "SANA", "RT"),
    "flagged": (table_of(SOME, sure=["talks", "dam"], flags={"dam": "furniture"}), "SANA", "RT"),
    "no shared word": (table_of({"dam": (3, 0), "city": (0, 2)}), "SANA", "RT"),
    "one word": (table_of({"dam": (3, 2)}), "SANA", "RT"),
    "long": (table_of({"w" * 60: (40, 1), "v" * 60: (1, 30), "z" * 60: (0, 30)}, sure=["w" * 60, "z" * 60]), *LONG),
    "hostile": (table_of({HOSTILE[0]: (40, 1), HOSTILE[1]: (1, 40), "dam": (9, 9)}, sure=HOSTILE), *HOSTILE),
    "foreign": (table_of({"سوريا": (40, 1), "перемирие": (1, 40)}, sure=["سوريا", "перемирие"]), "سانا", "ТАСС"),
    "thousands": (table_of(many(3000), sure=[f"word{rank}" for rank in range(30)]), "SANA", "RT"),
}
SHIFTS = {
    "some": (shift_of(SOME), "SANA", "RT"),
    "equal": (shift_of({"dam": (3, 3), "city": (2, 2)}), "SANA", "RT"),
    "no shared word": (shift_of({"dam": (3, 0), "city": (0, 2)}), "SANA", "RT"),
    "one word": (shift_of({"dam": (3, 0)}), "SANA", "RT"),
    "one side": (shift_of({"dam": (300, 1), **{f"word{n}": (9, 10) for n in range(40)}}), "SANA", "RT"),
    "long": (shift_of({"w" * 60: (40, 1), "v" * 60: (1, 30)}), *LONG),
    "hostile": (shift_of({HOSTILE[0]: (40, 1), HOSTILE[1]: (1, 40)}), *HOSTILE),
    "foreign": (shift_of({"سوريا": (40, 1), "перемирие": (1, 40)}), "سانا", "ТАСС"),
    "thousands": (shift_of(many(3000)), "SANA", "RT"),
}
DRAW = {"plane": keyness_plane, "shift": word_shift_bars}
CASES = [("plane", case) for case in PLANES] + [("shift", case) for case in SHIFTS]


@functools.cache
def draw(kind, case, **options):
    """Draw a made-up table, once."""
    return DRAW[kind](*{"plane": PLANES, "shift": SHIFTS}[kind][case], SOURCE, **options)


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_page_is_legible_and_told_in_words(kind, case):
    """Whatever the table, no text is covered, off the page or small, and the alt text is short and holds the title."""
    figure = draw(kind, case)
    assert overlaps(figure) == []
    assert struck(figure) == []
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in figure.findobj(Text) if text.get_text()) >= 9
    assert len(figure.get_label()) <= 500
    assert case == "long" or title_of(figure) in figure.get_label()
    assert re.findall(r"[{}]|\b(?:nan|NaN|None|inf)\b", " ".join([figure.get_label(), *strings_of(figure)[3:]])) == []


def test_every_word_has_its_dot():
    """Words that both use stand at their log ratio and uses; those of one outlet in its strip; none is missing."""
    table, *_ = PLANES["some"]
    dots = dots_of(draw("plane", "some"))
    panels = np.select([table["count_b"] == 0, table["count_a"] == 0], ["a", "b"], "")
    uses = table["count_a"] + table["count_b"]
    for panel in ("a", "b"):
        assert set(dots.loc[dots["panel"] == panel, "uses"]) == set(uses[panels == panel])
    drawn = dots[dots["panel"] == ""].sort_values(["x", "uses"])
    due = pd.DataFrame({"x": table["log_ratio"], "uses": uses})[panels == ""].sort_values(["x", "uses"])
    np.testing.assert_allclose(drawn[["x", "uses"]], due)


def test_sure_words_alone_have_their_outlets_colour():
    """A dot is in an outlet's colour exactly where a sure word of that outlet stands."""
    table, *outlets = PLANES["some"]
    dots = dots_of(draw("plane", "some"))
    for outlet, side in zip(outlets, (table["log_ratio"] > 0, table["log_ratio"] < 0), strict=True):
        words = table[table["sure"] & side]
        coloured = dots[dots["colour"] == outlet_style(outlets)[outlet][0]]
        assert sorted(coloured["uses"]) == sorted(words["count_a"] + words["count_b"])


def test_title_of_a_plane_counts_what_the_table_holds():
    """The title counts the words both use, those that differ clearly, and the others at least four times as often."""
    title = title_of(draw("plane", "some"))
    table, *_ = PLANES["some"]
    both = table[(table["count_a"] > 0) & (table["count_b"] > 0)]
    wide = both[~both["sure"] & (both["log_ratio"].abs() >= 2)]
    assert (len(both), both["sure"].sum(), list(wide["term"])) == (5, 2, ["dam"])
    assert title == "Of 5 words that both use, 2 differ clearly; 1 other differs ×4 or more, but not clearly"


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("none sure", "Of 5 words that both use, none differs clearly; 3 differ ×4 or more, but not clearly"),
        ("no shared word", "Of 2 words none is used by both outlets"),
        ("one word", "Of 1 word that both use, none differs clearly"),
    ],
)
def test_title_of_a_plane_claims_no_more_than_there_is(case, title):
    """Where nothing is shared, or nothing sure, the title says so."""
    assert title_of(draw("plane", case)) == title


def test_title_tells_how_many_words_would_differ_by_chance():
    """Without a test the figure says what random deals give, and its title, if that is as much."""
    for chance, more in ((0.5, ""), (1.94, ", no more than chance gives")):
        figure = draw("plane", "over sentences", chance=chance)
        assert title_of(figure).startswith(f"Of 5 words that both use, 1 differs clearly{more}; ")
        assert f"at random {chance:.1f} words would be in colour" in " ".join(strings_of(figure))


def test_words_with_the_same_counts_are_told_of():
    """Two words at one dot are named as one and another; the words of one outlet alone are counted."""
    written = strings_of(draw("plane", "some"))
    assert "Daesh" in written  # sure: apart from “Hama”, of the same counts
    assert {"3 words", "2 words", "only in"} <= set(written)
    assert "bridge +1" in written or "river +1" in written
    assert re.search("2 to 9 words with the same counts", " ".join(written))


def test_rule_of_sureness_is_named():
    """The subtitle names the test over articles, or says that intervals over sentences tell only of these texts."""
    assert "q under 5%, the article as unit" in " ".join(strings_of(draw("plane", "some")))
    assert "which describe these texts, not the outlets" in " ".join(strings_of(draw("plane", "over sentences")))


def test_flagged_words_are_hollow_and_named_last():
    """A sure word that was flagged is drawn hollow, the figure says so, and it is not among the first named."""
    figure = draw("plane", "flagged", most=1)
    hollow = [line for axes in figure.axes for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert [list(line.get_ydata()) for line in hollow] == [[9]]
    assert "Hollow" in " ".join(strings_of(figure))
    assert "talks" in strings_of(figure)
    assert "dam" not in strings_of(figure)


def test_of_too_many_dots_some_are_drawn_and_it_is_said(monkeypatch):
    """Of more grey dots than there may be a sample is drawn, the same each time; sure words are all drawn."""
    monkeypatch.setattr(vocabulary, "MOST_DOTS", 100)
    figure = keyness_plane(*PLANES["thousands"], SOURCE)
    dots = dots_of(figure)
    grey = dots["colour"] == vocabulary.GREY
    told = re.search(r"Of ([\d,]+) grey dots ([\d,]+) are drawn", " ".join(strings_of(figure)))
    assert int(told[2]) == grey.sum() <= 124
    table = PLANES["thousands"][0]
    unsure = table[~table["sure"]]
    assert int(told[1].replace(",", "")) == len(unsure[["count_a", "count_b"]].drop_duplicates())
    assert len(dots[~grey]) == len(table.loc[table["sure"], ["count_a", "count_b"]].drop_duplicates())


def test_bars_are_the_parts_of_the_table():
    """Each bar is as long as its word's part, to the right for the first outlet; both rates and the part are told."""
    table, *_ = SHIFTS["some"]
    figure = draw("shift", "some", most=4)
    drawn = [(patch.get_width(), patch.get_y()) for patch in figure.axes[0].patches]
    assert [y for _, y in drawn] == sorted((y for _, y in drawn), reverse=True)
    due = np.sign(table["signed"]) * table["part"]
    np.testing.assert_allclose([width for width, _ in drawn], due.head(4))
    written = strings_of(figure)
    for word in table.head(4).itertuples():
        rates = {f"{1000 * share:.1f}" if share else "0" for share in (word.share_a, word.share_b)}
        assert {word.printed, f"{100 * word.part:.0f}%", *rates} <= set(written)
    assert not set(table["printed"][4:]) & set(written)


def test_title_of_a_shift_adds_up_the_words_drawn():
    """The title tells the part of the words drawn, and of the first; whole and chance stand under it."""
    table, *_ = SHIFTS["some"]
    figure = draw("shift", "some", most=3, chance=0.1)
    part, first = (f"{100 * share:.0f}%" for share in (table["part"].head(3).sum(), table["part"].iloc[0]))
    assert title_of(figure) == f"3 words make {part} of the difference between SANA and RT; “talks” alone {first}"
    written = " ".join(strings_of(figure))
    assert f"{table['bits'].sum():.3f} bits" in written
    assert "at random give 0.100" in written


def test_difference_no_larger_than_chance_is_called_so():
    """Where random dealing gives as much, the title says so; where there is no difference, it names no word."""
    assert title_of(draw("shift", "some", chance=0.9)).endswith("which is no larger than chance gives")
    assert title_of(draw("shift", "equal")) == "No word makes a difference between SANA and RT"


@pytest.mark.parametrize("kind", DRAW)
def test_names_are_printed_as_they_are(kind):
    """A dollar sign or a tag in a name is printed as it is, and is no mathematics."""
    figure = draw(kind, "hostile")
    assert HOSTILE[0] in strings_of(figure)
    assert any("<script>" in text for text in strings_of(figure))
    assert not any(text.get_parse_math() for text in figure.findobj(Text))


@pytest.mark.parametrize("kind", DRAW)
def test_fingerprint_follows_the_numbers(kind):
    """The same table gives the same fingerprint, and another number another one."""
    table, a, b = {"plane": PLANES, "shift": SHIFTS}[kind]["some"]
    column = {"plane": "log_ratio", "shift": "part"}[kind]
    changed = table.assign(**{column: table[column].where(table["term"] != "ceasefire", table[column] * 1.001)})
    prints = [fingerprint(DRAW[kind](some, a, b, SOURCE)) for some in (table, table.copy(), changed)]
    assert prints[0] == prints[1] != prints[2]
