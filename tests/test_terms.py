"""Counts are those of a plain count, keyness equals published numbers, and each word leads to its lines."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import InputError
from contrast.resampling import log_ratio_interval
from contrast.terms import concordance, count_terms, g2, keyness, log_odds_z, log_ratio
from contrast.text import paragraphs, sentences
from contrast.words import words

REFERENCE = json.loads((Path(__file__).parent / "reference/keyness.json").read_text("utf-8"))
TABLE = REFERENCE["table"]
NORTH = [("n1", "North", "The dam broke."), ("n1", "North", "The dam held!"), ("n2", "North", "A dam")]
SOUTH = [("s1", "South", "The river rose."), ("s2", "South", "The river fell and the dam")]


def units(rows):
    return pd.DataFrame(rows, columns=["article_id", "outlet", "text"])


@pytest.fixture(scope="module")
def articles():
    """Give the shipped corpus, cleaned."""
    return load_corpus()


@pytest.fixture(scope="module")
def counts(articles):
    """Give the terms of the shipped corpus's sentences, none left out."""
    return count_terms(sentences(articles))


@pytest.fixture(scope="module")
def rivers():
    """Give the keyness of a corpus small enough to count by hand: 8 words in the North, 9 in the South."""
    return keyness(count_terms(units(NORTH + SOUTH)), "North", "South").set_index("term")


# The published measures


@pytest.mark.parametrize("measure", [g2, log_ratio, log_odds_z])
def test_measure_equals_the_published_numbers(measure):
    """Each measure gives the reference's twelve numbers, all but equal to the last digit."""
    ours = measure(np.array(TABLE["A"]), np.array(TABLE["B"]), TABLE["N_A"], TABLE["N_B"])
    np.testing.assert_allclose(ours, REFERENCE[measure.__name__], rtol=0, atol=1e-9)


@pytest.mark.parametrize("cells", [(40, 8, 1000, 2000), (0, 20, 1000, 2000), (15, 0, 1000, 2000), (7, 7, 90, 8)])
def test_g2_is_that_of_scipy(cells):
    """G2 equals scipy's log-likelihood statistic of the two-by-two table, zero counts included."""
    a, b, n_a, n_b = cells
    table = [[a, n_a - a], [b, n_b - b]]
    expected = stats.chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic
    assert g2(a, b, n_a, n_b) == pytest.approx(expected)


def test_measures_turn_with_their_sides():
    """Exchanging the outlets turns the sign of log ratio and log-odds z and leaves G2 as it is."""
    one = np.array(TABLE["A"]), np.array(TABLE["B"]), 1000, 2000
    other = np.array(TABLE["B"]), np.array(TABLE["A"]), 2000, 1000
    np.testing.assert_allclose(log_ratio(*one), -log_ratio(*other))
    np.testing.assert_allclose(log_odds_z(*one), -log_odds_z(*other))
    np.testing.assert_allclose(g2(*one), g2(*other))


# Counting


def test_counts_are_those_of_a_plain_count(articles, counts):
    """Every number of the matrix, and every unit's words, are what Counter gives for the unit's words."""
    for row, text in enumerate(sentences(articles)["text"]):
        plain = Counter(words(text))
        found = counts.matrix[[row]].toarray()[0]
        assert dict(zip(counts.terms[found > 0], found[found > 0], strict=True)) == plain
        assert counts.units.loc[row, "words"] == plain.total()


def test_by_article_adds_up_sentences(articles, counts):
    """Sentences added up by article are what counting whole articles gives, in the articles' order."""
    added, whole = counts.by_article(), count_terms(articles.reset_index()[["article_id", "outlet", "text"]])
    assert added.units["article_id"].tolist() == list(articles.index)
    assert added.units["outlet"].tolist() == articles["outlet"].tolist()
    assert added.units["words"].tolist() == whole.units["words"].tolist()
    assert added.terms.tolist() == whole.terms.tolist()
    assert (added.matrix != whole.matrix).nnz == 0


def test_by_article_gathers_sentences_that_lie_apart():
    """Units of one article are added up wherever they stand, and articles keep the order of their first unit."""
    added = count_terms(units([NORTH[2], NORTH[0], SOUTH[0], NORTH[1]])).by_article()
    assert added.units.values.tolist() == [["n2", "North", 2], ["n1", "North", 6], ["s1", "South", 3]]
    assert added.matrix[:, added.terms == "dam"].toarray().ravel().tolist() == [1, 2, 0]


def test_stop_words_are_no_terms_but_words():
    """A stop word is no term, but still counts among the words that rates are taken over."""
    counts = count_terms(units(SOUTH), stop_words=["the", "and"])
    assert counts.terms.tolist() == ["dam", "fell", "river", "rose"]
    assert counts.units["words"].tolist() == [3, 6]


@pytest.mark.parametrize("word", ["won't", "won’t", "Won't"])
def test_stop_words_may_be_typed_as_text_is(word):
    """A stop word is left out whichever apostrophe or capital it is typed with, as a spreadsheet may change both."""
    assert count_terms(units([("a", "X", "It won’t hold")]), stop_words=[word]).terms.tolist() == ["hold", "it"]


def test_min_units_counts_units_and_not_uses():
    """A term must be found in `min_units` units; many uses in one of them do not help."""
    rows = units([("a", "X", "dam dam dam river"), ("a", "X", "river"), ("b", "X", "lake river")])
    assert count_terms(rows, min_units=2).terms.tolist() == ["river"]
    assert count_terms(rows, min_units=4).terms.tolist() == []


def test_terms_are_shown_as_they_are_mostly_printed():
    """The printed form of a term is its commonest one, and the capital one where two are as common."""
    counts = count_terms(units([("a", "X", "US us US"), ("b", "X", "The the truce won’t won't won’t")]))
    assert counts.printed.tolist() == ["The", "truce", "US", "won’t"]
    assert counts.terms.tolist() == ["the", "truce", "us", "won't"]


# Keyness


@pytest.mark.parametrize(
    ("term", "counted", "ratio"),
    [
        ("dam", [3, 1, 2, 1], np.log2((3 / 8) / (1 / 9))),
        ("the", [2, 3, 1, 2], np.log2((2 / 8) / (3 / 9))),
        ("river", [0, 2, 0, 2], np.log2((0.5 / 8) / (2 / 9))),
        ("broke", [1, 0, 1, 0], np.log2((1 / 8) / (0.5 / 9))),
    ],
)
def test_keyness_counts_by_hand(rivers, term, counted, ratio):
    """Counts, articles, rates per 1,000 words and log ratio are those counted by hand."""
    row = rivers.loc[term]
    assert row[["count_a", "count_b", "articles_a", "articles_b"]].tolist() == counted
    assert row["rate_a"] == pytest.approx(1000 * counted[0] / 8)
    assert row["rate_b"] == pytest.approx(1000 * counted[1] / 9)
    assert row["log_ratio"] == pytest.approx(ratio)


def test_keyness_measures_are_taken_over_all_words(rivers):
    """G2 and log-odds z of a term are those of its counts in 8 and 9 words."""
    assert rivers.loc["dam", "g2"] == pytest.approx(g2(3, 1, 8, 9))
    assert rivers.loc["dam", "log_odds_z"] == pytest.approx(log_odds_z(3, 1, 8, 9))


def test_equal_terms_come_in_alphabetical_order(rivers):
    """Where interval and G2 are the same, terms come in alphabetical order, from one run to the next."""
    assert rivers.index.tolist() == ["river", "dam", "a", "broke", "held", "and", "fell", "rose", "the"]
    for _, ties in rivers.reset_index().groupby(rivers["g2"].round(9).to_numpy()):
        assert ties["term"].is_monotonic_increasing


def test_surest_difference_comes_first():
    """A word used evenly goes before one with a larger G2 whose uses all stand in one sentence."""
    rest = "then the west wind rose over the far hill"
    north = [("n", "North", f"{'dam' if n % 5 else 'sun'} {'lake ' * 30 * (n == 0)}{rest}") for n in range(30)]
    south = [("s", "South", f"{'sun' if n % 5 else 'dam'} {'lake ' * 3 * (n == 0)}{rest}") for n in range(30)]
    table = keyness(count_terms(units(north + south)), "North", "South").set_index("term")
    assert table.index.get_loc("dam") < table.index.get_loc("lake")
    assert table.loc["lake", "g2"] > table.loc["dam", "g2"]


def test_order_follows_from_the_table(counts):
    """On the shipped corpus rows come by the interval's end nearest zero, then G2, then the term."""
    table = keyness(counts, "SANA", "RT")
    bound = np.fmax(np.fmax(table["low"], -table["high"]), 0).fillna(0).round(9)
    keys = list(zip(-bound, -table["g2"].round(9), table["term"], strict=True))
    assert keys == sorted(keys)
    assert bound.iloc[0] > 0


def test_few_articles_give_intervals_over_sentences(counts):
    """With four articles against one, intervals are over sentences, and only for words that both outlets use."""
    table = keyness(counts, "SANA", "RT")
    assert (table["unit"] == "sentence").all()
    both = (table["count_a"] > 0) & (table["count_b"] > 0)
    assert table.loc[~both, ["low", "high"]].isna().all(axis=None)
    assert (table.loc[both, "low"] <= table.loc[both, "log_ratio"]).all()
    assert (table.loc[both, "log_ratio"] <= table.loc[both, "high"]).all()


def test_enough_articles_give_intervals_over_articles():
    """With eight articles a side the interval is over articles, whatever sentences they are cut into."""
    uses = {"North": [3, 0, 1, 5, 2, 2, 0, 4], "South": [1, 0, 0, 2, 0, 1, 1, 0]}
    rows = [
        (f"{outlet}{n}", outlet, text)
        for outlet, part in uses.items()
        for n, use in enumerate(part)
        for text in ("dam " * use + "and", "then on " * 6)
    ]
    table = keyness(count_terms(units(rows)), "North", "South").set_index("term")
    a, b = (np.array(uses[outlet]) for outlet in ("North", "South"))
    expected = log_ratio_interval(a[:, None], a + 13, b[:, None], b + 13)
    assert (table["unit"] == "article").all()
    np.testing.assert_allclose(table.loc["dam", ["low", "high"]].astype(float), expected.loc[0])


def test_other_outlets_do_not_enter():
    """A third outlet's words change nothing in the comparison of two, and its own terms are not listed."""
    third = [("e1", "East", "The sea rose, the sea fell.")]
    two = keyness(count_terms(units(NORTH + SOUTH)), "North", "South")
    three = keyness(count_terms(units(NORTH + third + SOUTH)), "North", "South")
    pd.testing.assert_frame_equal(two, three)


def test_unknown_outlets_are_told_with_those_there_are(counts):
    """An outlet that has no text is refused by name, with the outlets that have."""
    with pytest.raises(InputError, match=r"no outlet 'rt'\. It has: RT, SANA\."):
        keyness(counts, "rt", "SANA")
    with pytest.raises(InputError, match=r"2 problems"):
        keyness(counts, "AFP", "Reuters")


# Lines


@pytest.mark.parametrize("term", ["lavrov", "ceasefire", "terrorists", "al-nusra", "us", "isn't"])
def test_lines_lead_to_the_words_in_the_text(articles, term):
    """Each line's offsets cut its keyword out of the article, and the keyword is the term looked for."""
    lines = concordance(articles, term)
    assert len(lines) > 0
    for line in lines.itertuples():
        text = articles.loc[line.article_id, "text"]
        assert text[line.start : line.end] == line.keyword
        assert words(line.keyword) == [term]
        assert line.position == line.start / len(text)
        assert line.outlet == articles.loc[line.article_id, "outlet"]


def test_hits_add_up_to_the_counts_of_keyness(articles):
    """The leading twenty terms of notebook 02's comparison have as many lines as keyness counts uses."""
    counts = count_terms(sentences(articles), stop_words=read_codebook().stopwords["word"])
    for row in keyness(counts, "SANA", "RT").head(20).itertuples():
        lines = concordance(articles, row.term)
        assert (lines["outlet"] == "SANA").sum() == row.count_a
        assert (lines["outlet"] == "RT").sum() == row.count_b
        assert lines.loc[lines["outlet"] == "SANA", "article_id"].nunique() == row.articles_a


@pytest.mark.parametrize("width", [0, 10, 45, 5000])
def test_context_is_cut_at_words_and_inside_its_paragraph(articles, width):
    """A line's context is whole words of the keyword's own paragraph, at most `width` characters a side."""
    bounds = {key: part[["start", "end"]].values for key, part in paragraphs(articles).groupby("article_id")}
    for line in concordance(articles, "syria", width=width).itertuples():
        text, left, right = articles.loc[line.article_id, "text"], line.left.lstrip("…"), line.right.rstrip("…")
        begin, stop = next((a, b) for a, b in bounds[line.article_id] if a <= line.start < b)
        first, last = line.start - len(left), line.end + len(right)
        assert begin <= first <= line.start <= line.end <= last <= stop
        assert text[first:last] == left + line.keyword + right
        assert max(len(left), len(right)) <= width
        assert not left or text[max(first - 1, 0)].isspace() or first == begin
        assert not right or text[min(last, len(text) - 1)].isspace() or last == stop
        assert line.left.startswith("…") == (first > begin)
        assert line.right.endswith("…") == (last < stop)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_context_stops_at_every_kind_of_paragraph_end(end):
    """The context never crosses what `text.paragraphs` takes for a paragraph's end."""
    articles = pd.DataFrame({"outlet": ["X"], "text": [f"One dam.{end}Two dams, a dam here.{end}Three."]}, index=["a"])
    lines = concordance(articles, "dam")
    assert lines[["left", "right"]].map(str.strip).values.tolist() == [["One", "."], ["Two dams, a", "here."]]


def test_term_that_is_nowhere_has_no_lines(articles):
    """A term that no article uses gives an empty table with all columns."""
    columns = ["term", "article_id", "outlet", "start", "end", "position", "left", "keyword", "right"]
    lines = concordance(articles, "Lavrov")
    assert len(lines) == 0
    assert list(lines.columns) == columns


def test_lines_of_several_words_come_word_by_word(articles):
    """Several words are found at once: what each alone would give, in the order in which they are asked for."""
    both = concordance(articles, ["us", "lavrov"])
    alone = pd.concat([concordance(articles, term) for term in ("us", "lavrov")], ignore_index=True)
    pd.testing.assert_frame_equal(both, alone)
