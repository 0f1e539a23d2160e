"""The figures of stance are true to their tables and legible, and say why where there is nothing to draw."""

import functools
import re

import numpy as np
import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.figures.marks import signed
from contrast.figures.naming import naming_dumbbell
from contrast.figures.pairs import widest_pairs
from contrast.figures.sheet import stance_sheet
from contrast.figures.style import outlet_style, overlaps, paler
from contrast.figures.validation import CODES, macro_f1, robustness_fan, validation_panel
from tests.figure_checks import texts_of, title_of

pytestmark = pytest.mark.filterwarnings("error")

HOSTILE, FOREIGN = ("$a_1$", "</script>"), ("سانا", "ТАСС")
LONG = "The Syrian Arab News Agency of Damascus and of all its provinces"
STRIPPED = "quotation marks were stripped from the outlet’s texts"
MEASURES = {"naming": "condemning names among all names", "voice": "words of its speakers", "polarity": "mean score"}
SOURCE, NONE = "Source: made up.", pd.DataFrame()


def cells_of(values, outlets=("SANA", "RT")):
    """Make cells from (label, measure) -> an outlet's (value, half an interval, n) each, or why it is blank."""
    rows = []
    for (label, measure), each in values.items():
        for outlet, cell in zip(outlets, each, strict=True):
            value, half, n = (np.nan, np.nan, 0) if isinstance(cell, str) else cell
            reason = cell if isinstance(cell, str) else ""
            low = max(value - half, -1 if measure == "polarity" else 0)
            rows.append((label, outlet, measure, value, low, min(value + half, 1), n, "article", reason))
    columns = ["label", "outlet", "measure", "value", "low", "high", "n", "unit", "reason"]
    return pd.DataFrame(rows, columns=columns).assign(meaning=lambda cells: cells["measure"].map(MEASURES))


def naming_of(sets, outlets=("SANA", "RT")):
    """Make shares of names from choice -> name -> an outlet's uses each, with intervals of one tenth."""
    rows = []
    for choice, names in sets.items():
        whole = np.sum(list(names.values()), axis=0)
        for name, uses in names.items():
            for outlet, count, n in zip(outlets, uses, whole, strict=True):
                share = count / n if n else np.nan
                rows.append(
                    (choice, name, outlet, count, n, share, max(share - 0.1, 0), min(share + 0.1, 1), "article")
                )
    return pd.DataFrame(rows, columns=["choice", "name", "outlet", "count", "n", "share", "low", "high", "unit"])


def corrected_of(rows):
    """Make corrected means from (label, outlet) -> (coded, raw, mean); the interval is a tenth each way."""
    table = pd.DataFrame([(*key, 80, *row) for key, row in rows.items()])
    table.columns = ["label", "outlet", "n", "coded", "raw", "mean"]
    return table.assign(low=table["mean"] - 0.1, high=table["mean"] + 0.1, reason="")


def fan_of(values, default=0):
    """Make ways of counting from way -> (value, half an interval)."""
    table = pd.DataFrame([(way, *value) for way, value in values.items()], columns=["ways", "value", "half"])
    table = table.assign(low=table["value"] - table["half"], high=table["value"] + table["half"], n=50)
    return table.assign(is_default=table.index == default)


SOME = {
    ("Russia", "naming"): ((0.824, 0.05, 90), (0.1, 0.05, 60)),
    ("Russia", "voice"): ((0.5, 0.2, 40), (0.9, 0.05, 8)),
    ("Russia", "polarity"): ("not coded", "not coded"),
    ("Turkey", "naming"): ("1 article", (0.996, 0.01, 300)),
    ("Turkey", "voice"): (STRIPPED, "no verb traced"),
    ("Turkey", "polarity"): ((-0.3, 0.1, 50), (0.05, 0.1, 50)),
}
SETS = {
    "the truce": {"truce": (38, 30), "ceasefire": (12, 20), "lull": (0, 0)},
    "armed groups": {"terrorist": (74, 8), "rebel": (8, 53)},
    "the state": {"regime": (8, 0), "government": (0, 31)},
    "zones": {"safe zones": (3, 0), "security zones": (0, 0)},
}
CONFUSION = pd.DataFrame([[8, 2, 0], [1, 5, 4], [0, 0, 10]], CODES, CODES)
AGREEMENT = pd.DataFrame([{"alpha": 0.724, "low": 0.61, "high": 0.81, "units": 120, "coders": 2}])
CORRECTED = corrected_of(
    {
        ("Russia", "SANA"): (40, 0.1, 0.45),
        ("Russia", "RT"): (35, 0.3, 0.02),
        ("Turkey", "SANA"): (12, 0.3, np.nan),
        ("Turkey", "RT"): (31, -0.2, -0.31),
    }
)
WAYS = {f"speakers {who}, uses {use}": (0.3 - 0.06 * (who + 3 * use), 0.1) for who in range(3) for use in range(4)}
THREE = ("SANA", "RT", LONG)
DRAW = {
    "sheet": lambda: stance_sheet(cells_of(SOME), SOURCE),
    "sheet, all blank": lambda: stance_sheet(
        cells_of({("Russia", measure): ("no verb traced",) * 3 for measure in MEASURES}, THREE), SOURCE
    ),
    "sheet, awkward names": lambda: stance_sheet(
        cells_of(
            {(name, "naming"): ((1, 0.1, 30), (0.1, 0.1, 30), STRIPPED) for name in (*HOSTILE, *FOREIGN, LONG)}, THREE
        ),
        SOURCE,
    ),
    "names": lambda: naming_dumbbell(naming_of(SETS), SOURCE),
    "names, awkward": lambda: naming_dumbbell(
        naming_of(
            {HOSTILE[0]: {HOSTILE[1]: (30, 3, 9), "w" * 25: (3, 40, 9)}, FOREIGN[0]: {FOREIGN[1]: (30, 3, 0)}}, THREE
        ),
        SOURCE,
    ),
    "names, of one outlet": lambda: naming_dumbbell(naming_of({"zones": SETS["zones"]}), SOURCE),
    "validation": lambda: validation_panel(CONFUSION, AGREEMENT, CORRECTED, SOURCE),
    "validation, nothing yet": lambda: validation_panel(NONE, NONE, NONE, SOURCE),
    "validation, awkward": lambda: validation_panel(
        NONE,
        AGREEMENT.assign(alpha=-0.1, low=np.nan, high=np.nan),
        corrected_of({(name, outlet): (5, 0.1, np.nan) for name in (LONG, *HOSTILE) for outlet in (*FOREIGN, LONG)}),
        SOURCE,
    ),
    "fan": lambda: robustness_fan(fan_of(WAYS), SOURCE),
    "fan, awkward": lambda: robustness_fan(
        fan_of({HOSTILE[0]: (0.1, np.nan), FOREIGN[0]: (np.nan, np.nan), f"{LONG}, {HOSTILE[1]}, {LONG}": (-3, 2)}),
        SOURCE,
    ),
}
draw = functools.cache(lambda case: DRAW[case]())


def words_of(figure):
    return [text.get_text() for text in texts_of(figure)]


def marks_of(figure, axes=0):
    """Give the marks of a panel: x, colour."""
    lines = [line for line in figure.axes[axes].lines if line.get_marker() in ("o", "D", "s", "^")]
    return [(line.get_xdata()[0], line.get_color()) for line in lines]


@pytest.mark.parametrize("case", DRAW)
def test_page_is_legible_and_told_in_words(case):
    """Whatever the table, no text is covered, off the page, small or mathematics, and the alt text holds the title."""
    figure = draw(case)
    assert overlaps(figure) == []
    assert figure.get_figwidth() == 7
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 9
    assert not any(text.get_parse_math() for text in texts_of(figure))
    assert 1 <= len(figure.get_label()) <= 500
    assert title_of(figure) in figure.get_label()
    assert re.findall(r"[{}]|\b(?:nan|NaN|inf)\b", " ".join([figure.get_label(), *words_of(figure)])) == []


@pytest.mark.parametrize("case", ["sheet, awkward names", "names, awkward", "validation, awkward", "fan, awkward"])
def test_names_are_printed_as_they_are(case):
    """A dollar sign or a tag in a name is printed as it is."""
    written = " ".join(words_of(draw(case)))
    assert all(name in written for name in HOSTILE)


# The sheet


def test_sheet_draws_the_values_of_the_table():
    """A column's dots stand at its values; the number beside is a share in per cent, or a polarity with its sign."""
    figure = draw("sheet")
    assert [x for x, _ in marks_of(figure)] == [0.824, 0.1, 0.996]
    assert [x for x, _ in marks_of(figure, 2)] == [-0.3, 0.05]
    assert {"82%", "10%", ">99%", "−0.30", "+0.05"} <= set(words_of(figure))


def test_blank_cells_say_why():
    """A blank cell shows its reason, once if it is all outlets', and a long one in a numbered note."""
    written = words_of(draw("sheet"))
    assert [written.count(reason) for reason in ("1 article", "no verb traced", "not coded")] == [1, 1, 1]
    assert any(text.startswith("quotation") and text.endswith("… [1]") for text in written)
    assert f"[1] {STRIPPED.capitalize()}." in written
    assert words_of(draw("sheet, all blank")).count("no verb traced") == 3


def test_cell_that_the_table_lacks_is_told_of():
    """A target, outlet and measure without a row is a blank cell too."""
    cells = cells_of({("Russia", "naming"): ((0.8, 0.1, 50), (0.2, 0.1, 50))})
    assert "not measured" in words_of(stance_sheet(pd.concat([cells, cells.head(1).assign(label="Turkey")]), SOURCE))


def test_what_is_uncertain_is_pale():
    """Few findings and a polarity that may be 0 are drawn in the paler colour."""
    figure = draw("sheet")
    (sana, _), (rt, _) = outlet_style(["SANA", "RT"]).values()
    assert [colour for _, colour in marks_of(figure, 1)] == [sana, paler(rt)]
    assert [colour for _, colour in marks_of(figure, 2)] == [sana, paler(rt)]


def test_title_of_the_sheet_counts_clear_differences():
    """The title counts the pairs whose intervals do not overlap, and gives the widest; few findings are never clear."""
    title = "SANA and RT differ clearly in 2 of 2 comparisons with enough findings, most for Russia (naming): "
    title += "82% in SANA, 10% in RT"
    assert title_of(draw("sheet")) == title
    blank = "None of 9 cells can be filled; for 9 the reason is: no verb traced"
    assert title_of(draw("sheet, all blank")) == blank


def test_heads_of_columns_say_what_is_measured():
    """Each column's head holds the meaning of its measure; meanings that differ by target stand under the sheet."""
    assert MEASURES["naming"] in " ".join(words_of(draw("sheet")))
    cells = cells_of({(label, "naming"): ((0.8, 0.1, 50), (0.2, 0.1, 50)) for label in ("Russia", "Turkey")})
    figure = stance_sheet(cells.assign(meaning="“regime” of " + cells["label"]), SOURCE)
    assert "Naming. Russia: “regime” of Russia; Turkey: “regime” of Turkey." in words_of(figure)


def test_widest_pair_is_the_widest_clear_one():
    """Of three outlets the two farthest apart whose intervals part are found, not a wider pair that overlaps."""
    table = pd.DataFrame({"set": "s", "outlet": ["A", "B", "C"], "value": [0.1, 0.5, 0.9], "n": 50})
    table = table.assign(low=[0, 0.45, 0.05], high=[0.2, 0.55, 1])
    found = widest_pairs(table, ["set"], "value")
    assert found[["outlet", "other", "apart"]].values.tolist() == [["A", "B", True]]
    assert found["gap"].tolist() == [0.4]
    found = widest_pairs(table.assign(value=table["value"].where(table["outlet"] != "B")), ["set"], "value")
    assert found[["outlet", "other"]].values.tolist() == [["A", "C"]]


def test_too_many_outlets_are_refused_with_the_remedy():
    """More outlets than have room in a row are refused, with the function that groups them."""
    outlets = list("ABCDE")
    with pytest.raises(InputError, match="group_outlets"):
        stance_sheet(cells_of({("Russia", "naming"): ((0.5, 0.1, 50),) * 5}, outlets), SOURCE)
    with pytest.raises(InputError, match="group_outlets"):
        naming_dumbbell(naming_of({"zones": {"safe zones": (9,) * 5}}, outlets), SOURCE)


# Names


def test_labels_are_the_words_and_counts_stand_beside():
    """Each name that is used is a row, in quotation marks, with its uses of all of the set; unused ones are not."""
    written = words_of(draw("names"))
    assert {"“terrorist”", "“ceasefire”", "74 of 82", "8 of 61", "0 of 8", "31 of 31"} <= set(written)
    assert not {"“lull”", "“security zones”"} & set(written)


def test_sets_stand_in_the_order_of_their_widest_difference():
    """The widest difference of sets used often comes first, then sets with few uses, then those of one outlet."""
    heads = ["Armed groups", "The truce", "The state", "Zones"]
    assert [text for text in words_of(draw("names")) if text in heads] == heads


def test_few_uses_are_pale_and_absence_is_told():
    """An outlet with few uses of a set is drawn pale, with their number; one with none is named."""
    figure = draw("names")
    written = words_of(figure)
    assert (written.count("n 8"), written.count("n 3"), written.count("not named by RT")) == (1, 1, 1)
    (sana, _), _ = outlet_style(["SANA", "RT"]).values()
    assert [x for x, colour in marks_of(figure) if colour == paler(sana)] == [1, 0, 1]


def test_dots_are_joined_only_where_intervals_part():
    """A line joins the facing ends of two intervals that do not overlap; there is none where they do."""
    lines = [line.get_xdata() for line in draw("names").axes[0].lines if line.get_linewidth() == 1]
    np.testing.assert_allclose(lines, [[8 / 61 + 0.1, 74 / 82 - 0.1], [8 / 82 + 0.1, 53 / 61 - 0.1]])


def test_title_of_names_gives_the_widest_set_and_words():
    """The title names the set and the two words that differ most, with both outlets' shares."""
    title = "Armed groups: “terrorist” is 90% of SANA’s names and 13% of RT’s; “rebel” 10% and 87%"
    assert title_of(draw("names")) == title
    assert title_of(draw("names, of one outlet")) == "No set of names is used by two outlets"


@pytest.mark.parametrize(("uses", "end"), [((3, 1), "too few to tell"), ((55, 50), "but not clearly")])
def test_title_of_names_claims_no_more_than_there_is(uses, end):
    """A difference of few uses, or one whose intervals overlap, is called that."""
    whole = 4 if sum(uses) < 20 else 100
    names = {"truce": uses, "ceasefire": tuple(whole - use for use in uses)}
    assert title_of(naming_dumbbell(naming_of({"the truce": names}), SOURCE)).endswith(end)


# Validation


def test_macro_f1_is_the_mean_of_the_codes():
    """Macro-F1 is the mean of 2 hits / (row + column); a code that neither gives is left out."""
    by_code = [2 * 8 / (10 + 9), 2 * 5 / (10 + 7), 2 * 10 / (10 + 14)]
    assert macro_f1(CONFUSION) == pytest.approx(sum(by_code) / 3)
    assert macro_f1(pd.DataFrame([[4, 0, 0], [0, 6, 0], [0, 0, 0]])) == 1


def test_panel_tells_hits_agreement_and_means():
    """Counts stand in their cells, and macro-F1, the guess of one code, alpha and the corrected means in words."""
    figure = draw("validation")
    written = " ".join(words_of(figure))
    told = ["Coded alike: 23 of 30 codes", "average: .75", "give .17", "α = .72", ".61 to .81", ".667 tentative"]
    assert [words for words in told if words not in written] == []
    assert {"+0.45", "+0.02", "−0.31"} <= set(words_of(figure))
    assert "Russia, SANA: +0.10, corrected +0.45." in figure.get_label()


def test_mean_without_enough_coding_is_hatched_and_not_drawn():
    """A cell without a corrected mean has hatching and says how many of 30 sentences are coded; no value is drawn."""
    figure = draw("validation")
    assert "tone, not validated: 12 of 30" in words_of(figure)
    assert [patch.get_hatch() is not None for patch in figure.axes[2].patches] == [True]
    assert sorted(x for x, _ in marks_of(figure, 2)) == sorted([0.1, 0.45, 0.3, 0.02, -0.2, -0.31])


def test_title_of_the_panel_follows_the_tables():
    """The title tells the hits and the means clear of 0, or what is missing."""
    title = "The scorer agrees with hand coding on 77% of 30 codes; 2 of 3 corrected means are clear of 0"
    assert title_of(draw("validation")) == title
    assert (
        title_of(draw("validation, awkward")) == "None of 9 mean tones is validated: too few sentences are hand-coded"
    )
    assert title_of(draw("validation, nothing yet")) == "Tone is not validated: no sentence is hand-coded yet"


def test_empty_panels_say_how_to_fill_them():
    """Each panel whose table is empty says what is missing and what to do."""
    written = " ".join(words_of(draw("validation, nothing yet")))
    assert all(words in written for words in ("hand-coded yet. Code", "two people code", "scored yet. Score"))


# Ways of counting


def test_fan_is_sorted_and_the_default_named():
    """The rows stand by value, the largest first; the default is named whole, the others by what they do otherwise."""
    figure = draw("fan")
    written = words_of(figure)
    assert [x for x, _ in marks_of(figure, 1)] == sorted((value for value, _ in WAYS.values()), reverse=True)
    assert {"Default: speakers 0, uses 0", "speakers 1", "uses 1", "speakers 2, uses 3"} <= set(written)
    assert {signed(value) for value, _ in WAYS.values()} <= set(written)


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ((0.3, 0.05, -0.05), "The sign holds in 2 of 3 ways of counting, clear of 0 in 1"),
        ((0.3, 0.2), "The sign holds in all 2 ways of counting, clear of 0 in 2"),
        ((-0.05, 0.3), "The sign holds in 1 of 2 ways of counting, clear of 0 in none; the other sign is clear in 1"),
        ((0, 0.3), "By default there is no difference; in 1 of 1 other ways of counting there is a clear one"),
        ((0, 0.05), "By default there is no difference; in none of 1 other ways of counting there is a clear one"),
        ((np.nan, 0.3), "The default way of counting gives no value"),
    ],
)
def test_title_of_the_fan_counts_the_ways(values, title):
    """The title counts the ways with the default's sign, those clear of 0, and those clear the other way."""
    fan = fan_of({f"way {number}": (value, 0.1) for number, value in enumerate(values)})
    assert title_of(robustness_fan(fan, SOURCE)) == title
