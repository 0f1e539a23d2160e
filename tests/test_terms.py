"""Counts are those of a plain count, keyness equals published numbers, and each word leads to its lines."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import InputError
from contrast.resampling import log_ratio_interval, simulate_corpus
from contrast.terms import (
    TermCounts,
    collocates,
    concordance,
    count_terms,
    divergence_by_chance,
    find_phrases,
    flag_terms,
    keyness,
    keyness_of_all,
    keyness_of_each,
    keyness_of_pairs,
    word_shift,
)
from contrast.terms.comparison import preferring
from contrast.terms.measures import (
    chi2,
    deviation_of_proportions,
    g2,
    g2_of_all,
    log_odds_z,
    log_ratio,
    odds_ratio,
    percent_diff,
)
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


@pytest.fixture(scope="module")
def simulated():
    """Give the counts of three made-up outlets of sixteen articles, and the words planted in the first two."""
    made = simulate_corpus(["North", "South", "East"], articles=16, words=150, ratio=12, burst=0.3)
    counts = count_terms(made.articles.reset_index()[["article_id", "outlet", "text"]])
    return counts, made.ratios.loc[made.ratios["outlet"].isin(["North", "South"]), "term"]


# The published measures


@pytest.mark.parametrize("measure", [g2, chi2, log_ratio, percent_diff, odds_ratio, log_odds_z])
def test_measure_equals_the_published_numbers(measure):
    """Each measure gives the reference's twelve numbers, all but equal to the last digit."""
    ours = measure(np.array(TABLE["A"]), np.array(TABLE["B"]), TABLE["N_A"], TABLE["N_B"])
    expected = np.array(REFERENCE[measure.__name__], dtype=float)  # "inf" stands for what JSON has no number for
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("cells", [(40, 8, 1000, 2000), (0, 20, 1000, 2000), (15, 0, 1000, 2000), (7, 7, 90, 8)])
def test_g2_is_that_of_scipy(cells):
    """G2 equals scipy's log-likelihood statistic of the two-by-two table, zero counts included."""
    a, b, n_a, n_b = cells
    table = [[a, n_a - a], [b, n_b - b]]
    expected = scipy.stats.chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic
    assert g2(a, b, n_a, n_b) == pytest.approx(expected)


def test_measures_turn_with_their_sides():
    """Exchanging the outlets turns the sign of log ratio and log-odds z and leaves G2 as it is."""
    one = np.array(TABLE["A"]), np.array(TABLE["B"]), 1000, 2000
    other = np.array(TABLE["B"]), np.array(TABLE["A"]), 2000, 1000
    np.testing.assert_allclose(log_ratio(*one), -log_ratio(*other))
    np.testing.assert_allclose(log_odds_z(*one), -log_odds_z(*other))
    np.testing.assert_allclose(g2(*one), g2(*other))


def test_word_shift_equals_the_published_numbers():
    """What each term adds to the divergence, and the divergence, are shifterator's, and signed by the larger share."""
    matrix = sparse.csr_array(np.array([TABLE["A"], TABLE["B"]]))
    sides = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["A", "B"], "words": [1000, 2000]})
    shift = word_shift(TermCounts(matrix, np.array(TABLE["terms"]), np.array(TABLE["terms"]), sides), "A", "B")
    ours = shift.set_index("term").loc[TABLE["terms"]]
    np.testing.assert_allclose(ours["bits"], REFERENCE["word_shift_bits"], rtol=0, atol=1e-12)
    assert ours["bits"].sum() == pytest.approx(REFERENCE["word_shift_total"], abs=1e-12)
    assert ours["part"].sum() == pytest.approx(1)
    assert (ours["signed"] < 0).tolist() == [a / 1000 < b / 2000 for a, b in zip(TABLE["A"], TABLE["B"], strict=True)]
    assert shift["bits"].round(12).is_monotonic_decreasing


@pytest.mark.parametrize("outlet", ["A", "B"])
def test_dispersion_equals_the_published_numbers(outlet):
    """DP of each term over the reference's articles is the reference's, and missing where there is no use."""
    docs = REFERENCE["dispersion"]["docs"][outlet]
    terms = list(REFERENCE["dispersion"]["DP"])
    counts = sparse.csr_array(np.array([docs[term] for term in terms]).T)
    expected = [REFERENCE["dispersion"]["DP"][term][outlet] for term in terms]
    np.testing.assert_allclose(
        deviation_of_proportions(counts, np.array(docs["doc_len"])), np.array(expected, dtype=float), atol=1e-12
    )


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


def test_min_articles_counts_articles():
    """A term must be found in `min_articles` articles, in however many units."""
    rows = units([("a", "X", "dam river"), ("a", "X", "dam"), ("b", "X", "lake river")])
    assert count_terms(rows, min_articles=2).terms.tolist() == ["river"]


def test_terms_of_many_articles_are_those_of_a_plain_count(articles):
    """On the shipped corpus the words, and pairs, of three articles or more are those that sets of words give."""
    held = [{*words(text)} for text in articles["text"]]
    every = Counter(word for one in held for word in one)
    counts = count_terms(sentences(articles), ngrams=2, min_articles=3)
    singles = {term for term in counts.terms if " " not in term}
    assert singles == {word for word, number in every.items() if number >= 3}
    pairs = count_terms(sentences(articles), ngrams=2)
    holders = np.asarray((pairs.by_article().matrix > 0).sum(axis=0)).ravel()
    assert set(counts.terms) == set(pairs.terms[holders >= 3])
    assert "intra-syrian dialogue" not in counts.terms  # in two articles


def test_runs_of_words_are_counted_where_one_blank_parts_them():
    """Runs of up to three words are counted inside a line, over one blank; none begins or ends with a stop word."""
    rows = units([("a", "X", "the dam of Dokan broke, the dam\nheld"), ("b", "Y", "Dam of Dokan")])
    counts = count_terms(rows, stop_words=["the", "of"], ngrams=3)
    assert counts.terms.tolist() == ["broke", "dam", "dam of dokan", "dokan", "dokan broke", "held"]
    assert counts.matrix.toarray().tolist() == [[1, 2, 1, 1, 1, 1], [0, 1, 1, 1, 0, 0]]
    assert counts.units["words"].tolist() == [8, 3]


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(st.lists(st.sampled_from("ab"), max_size=7), min_size=1, max_size=3))
def test_runs_of_words_are_those_of_a_plain_count(texts):
    """Pairs and triples are those that a sliding window finds."""
    rows = units([(str(number), "X", " ".join(text)) for number, text in enumerate(texts)])
    counts = count_terms(rows, ngrams=3)
    for row, text in enumerate(texts):
        plain = Counter(" ".join(text[at : at + n]) for n in (1, 2, 3) for at in range(len(text) - n + 1))
        found = counts.matrix[[row]].toarray()[0]
        assert dict(zip(counts.terms[found > 0], found[found > 0], strict=True)) == plain


def test_phrases_are_one_term_and_the_longest_counts():
    """A phrase is counted as one, its words not again; of two that fit the longer is taken; a comma parts it."""
    rows = units([("a", "X", "UN envoy de Mistura met the envoy, de Mistura said; de, Mistura")])
    counts = count_terms(rows, phrases=["de Mistura", "envoy de Mistura", "not there"], stop_words=["the", "de"])
    assert dict(zip(counts.terms, counts.matrix.toarray()[0], strict=True)) == {
        "de mistura": 1,
        "envoy": 1,
        "envoy de mistura": 1,
        "met": 1,
        "mistura": 1,
        "said": 1,
        "un": 1,
    }
    assert "de Mistura" in counts.printed
    assert counts.units["words"].tolist() == [12]


def test_phrases_are_found():
    """A pair that always stands together is found, one that meets by chance is not."""
    texts = [f"Sergey Lavrov the {word} held in the {word} city" for word in ("dam", "truce", "army", "talks")]
    found = find_phrases(units([(str(n), "X", text) for n, text in enumerate(texts)]), stop_words=["the", "in"])
    assert found[["phrase", "count", "articles"]].values.tolist()[0] == ["sergey lavrov", 4, 4]
    assert "truce held" not in set(found["phrase"])


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
    uses = {"North": [3, 0, 1, 5, 2, 2, 0, 4], "South": [1, 0, 0, 2, 0, 1, 1, 3]}
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


def test_a_word_with_all_others_near_it_has_no_company():
    """Where every word stands near the term there is nothing to compare with, and the message says so."""
    few = units([("a", "North", "the dam held firm"), ("b", "South", "a dam")])
    with pytest.raises(InputError, match="every other word stands within 5 words of 'dam'"):
        collocates(few, "dam")


def test_order_is_that_of_the_test_where_articles_are_enough(simulated):
    """With enough articles the smallest p comes first, every planted word is among the sure, and q is told from p."""
    counts, planted = simulated
    table = keyness(counts, "North", "South")
    assert table["p"].fillna(1).is_monotonic_increasing
    assert set(planted) <= set(table.loc[table["sure"], "term"])
    tested = table.dropna(subset=["p"])
    np.testing.assert_allclose(tested["q"], scipy.stats.false_discovery_control(tested["p"]))
    assert (tested["articles_a"] + tested["articles_b"] >= 3).all()
    assert table.loc[table["articles_a"] + table["articles_b"] < 3, "p"].isna().all()


def test_one_outlet_is_compared_with_all_others(simulated):
    """Against the others as one, counts add up, and the tests of all outlets are one family."""
    counts, _ = simulated
    each = keyness_of_each(counts)
    assert list(dict.fromkeys(each["outlet"])) == ["North", "South", "East"]
    north = each[each["outlet"] == "North"].drop(columns="outlet").reset_index(drop=True)
    alone = keyness(counts, "North")
    same = [column for column in alone if column not in ("q", "sure")]
    pd.testing.assert_frame_equal(north[same], alone[same])
    total = np.asarray(counts.matrix.sum(axis=0)).ravel()
    assert (alone["count_a"] + alone["count_b"]).sum() == total.sum()
    tested = each.dropna(subset=["p"])
    np.testing.assert_allclose(tested["q"], scipy.stats.false_discovery_control(tested["p"]))


def test_terms_of_the_site_are_flagged():
    """Words of a line printed daily, the outlet's name, a set phrase and one article are flagged, others not."""
    line, phrase = "Join our newsletter", "Replay more videos must watch"
    rows = [(f"n{n}", "North", f"dam {n * 'very '} {phrase} {n * 'so '} North, {line}") for n in range(4)]
    rows += [("n9", "North", "flood flood flood")] + [(f"s{n}", "South", "The truce held") for n in range(5)]
    table = units(rows)
    counts = count_terms(table)
    without = count_terms(units([(i, o, text.replace(line, "")) for i, o, text in rows]))
    flagged = flag_terms(keyness(counts, "North", "South"), counts, "North", "South", without, table).set_index("term")
    expected = {
        "newsletter": "furniture",
        "north": "its own name",
        "videos": "set phrase",
        "flood": "mostly one article",
        "dam": "",
        "truce": "",
    }
    assert flagged["flag"].loc[list(expected)].to_dict() == expected
    none = keyness(counts, "North", "South").head(0)
    assert len(flag_terms(none, counts, "North", "South", without, table.head(0))) == 0


def test_other_outlets_do_not_enter():
    """A third outlet's words change nothing in the comparison of two, and its own terms are not listed."""
    third = [("e1", "East", "The sea rose, the sea fell.")]
    two = keyness(count_terms(units(NORTH + SOUTH)), "North", "South")
    three = keyness(count_terms(units(NORTH + third + SOUTH)), "North", "South")
    pd.testing.assert_frame_equal(two, three)


def test_a_corpus_of_stop_words_is_refused():
    """Where the stop list leaves no word, the message says so."""
    with pytest.raises(InputError, match="no word is left to compare"):
        keyness(count_terms(units([("a", "X", "the of"), ("b", "Y", "the")]), stop_words=["the", "of"]), "X", "Y")


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


def test_g2_of_several_outlets_is_the_published_one():
    """G2 over three outlets equals the reference, and scipy's; over two it is that of two."""
    group = REFERENCE["three_groups"]
    found = g2_of_all(np.array(group["counts"])[:, None], group["N"])
    assert found == pytest.approx(group["g2_full"], rel=1e-9)
    assert scipy.stats.chi2.sf(found, group["df"]) == pytest.approx(group["p_full"], rel=1e-9)
    two = np.array([[10, 0, 7], [5, 3, 0]])
    np.testing.assert_allclose(g2_of_all(two, [1000, 2000]), g2(*two, 1000, 2000))


def test_every_pair_is_compared_in_one_family(simulated):
    """Pairs are those of `keyness`, but for q, which is over the tests of all pairs together."""
    counts, _ = simulated
    pairs = keyness_of_pairs(counts)
    assert list(dict.fromkeys(zip(pairs["a"], pairs["b"], strict=True))) == [
        ("North", "South"),
        ("North", "East"),
        ("South", "East"),
    ]
    known = pairs["p"].dropna()
    expected = scipy.stats.false_discovery_control(known)
    np.testing.assert_allclose(pairs.loc[known.index, "q"], expected)
    part = pairs[(pairs["a"] == "South") & (pairs["b"] == "East")].drop(columns=["a", "b", "q", "sure"])
    alone = keyness(counts, "South", "East").drop(columns=["q", "sure"])
    pd.testing.assert_frame_equal(part.set_index("term"), alone.set_index("term"), check_like=True)


def test_words_that_set_any_outlet_apart_are_found(simulated):
    """Planted words are told with their outlet; p is the least of the outlets' own times their number."""
    counts, _ = simulated
    table, each = keyness_of_all(counts), keyness_of_each(counts)
    assert table["term"].is_unique
    assert table["p"].fillna(1).is_monotonic_increasing
    least = 3 * each.groupby("term")["p"].min()
    np.testing.assert_allclose(table["p"], least.clip(upper=1).loc[table["term"]])
    top = table.iloc[0]
    own = each[(each["term"] == top["term"]) & (each["outlet"] == top["outlet"])].iloc[0]
    assert own["log_ratio"] == top["log_ratio"]
    assert (table["df"] == 2).all()
    dealt = np.random.default_rng(2).permutation(counts.units["outlet"].to_numpy())
    assert keyness_of_all(counts._replace(units=counts.units.assign(outlet=dealt)))["sure"].sum() <= 1


def test_an_untested_term_sets_no_outlet_apart():
    """A word in too few articles for a test is told with its count, and with no outlet that differs."""
    rows = [(f"{name}{n}", name, "The dam held.") for name in "XYZ" for n in range(9)] + [("z", "Z", "Kiwi!")]
    table = keyness_of_all(count_terms(pd.DataFrame(rows, columns=["article_id", "outlet", "text"]))).set_index("term")
    assert table.loc["kiwi", ["outlet", "log_ratio", "p"]].isna().all()
    assert table.loc["dam", "outlet"] in list("XYZ")


def test_a_word_of_one_side_alone_is_that_sides():
    """Two uses in the longer outlet and none in the other are the longer one's, though half a use were more there."""
    long, short = "Dam dam. " + "Road is here and there. " * 20, "Road and sea."
    units = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["A", "B"], "text": [long, short]})
    table = keyness(count_terms(units), "A", "B").set_index("term")
    assert table.loc["dam", "log_ratio"] < 0
    side = preferring(table)
    assert side[["dam", "sea", "road"]].tolist() == ["a", "b", "a" if table.loc["road", "log_ratio"] > 0 else "b"]


@pytest.mark.parametrize("typed", ["Lavrov", "LAVROV", "de Mistura", "De mistura"])
def test_a_term_may_be_typed_as_it_is_printed(articles, typed):
    """Capitals make no difference to what is looked for."""
    columns = ["article_id", "start", "end"]
    found, plainly = (concordance(articles, term)[columns] for term in (typed, typed.lower()))
    assert len(found) > 0
    assert found.equals(plainly)


OUTLETS = pd.DataFrame({"article_id": ["a", "b", "c"], "outlet": ["N", "S", "E"], "text": ["red dam", "red road", "7"]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda counts: word_shift(counts, "N", "Z"), "no outlet 'Z'"),
        (lambda counts: keyness(counts, "N", "N"), "'N' is to be compared with itself"),
        (lambda counts: keyness(counts, "N", "E"), "no article of 'E' holds a word"),
        (lambda counts: keyness(counts.of_outlets(["N"]), "N"), "all words are of 'N'"),
        (lambda counts: keyness_of_each(counts.of_outlets(["N"])), "all words are of 'N'"),
        (lambda counts: keyness_of_each(counts.of_outlets([])), "there is no word to compare"),
        (lambda counts: keyness(count_terms(OUTLETS.replace("S", "the others")), "N"), "is called 'the others'"),
        (lambda _: count_terms(OUTLETS, ngrams=4), "4 is no length of runs"),
        (lambda _: count_terms(OUTLETS.set_index("article_id")), "no column 'article_id'"),
        (lambda _: count_terms(OUTLETS.replace("7", None)), "article 'c' has no text"),
        (lambda _: collocates(OUTLETS, "red", outlet="Z"), "no outlet 'Z'"),
    ],
)
def test_what_can_not_be_compared_is_refused_with_the_reason(call, message):
    """Outlets that are not there, alone or without words, and tables without texts, get one problem each."""
    with pytest.raises(InputError, match=message):
        call(count_terms(OUTLETS))


@pytest.mark.parametrize("units", [OUTLETS.iloc[:0], OUTLETS.iloc[2:]])
def test_texts_without_words_have_no_terms(units):
    """Where no text holds a word there is no term, in however many articles it should stand, and no phrase."""
    counts = count_terms(units, min_articles=2, ngrams=2)
    assert counts.matrix.shape == (len(units), 0)
    assert len(counts.by_article().units) == len(units)
    assert len(find_phrases(units)) == 0


def test_term_that_is_nowhere_has_no_lines(articles):
    """A term that no article uses gives an empty table with all columns."""
    columns = ["term", "article_id", "outlet", "start", "end", "position", "left", "keyword", "right"]
    lines = concordance(articles, "xylophone")
    assert len(lines) == 0
    assert list(lines.columns) == columns


def test_lines_of_several_words_come_word_by_word(articles):
    """Several words are found at once: what each alone would give, in the order in which they are asked for."""
    both = concordance(articles, ["us", "lavrov"])
    alone = pd.concat([concordance(articles, term) for term in ("us", "lavrov")], ignore_index=True)
    pd.testing.assert_frame_equal(both, alone)


def test_lines_of_a_phrase_are_those_that_are_counted(articles):
    """A phrase has as many lines as it is counted, each the phrase as printed."""
    counts = count_terms(sentences(articles), phrases=["de Mistura"])
    lines = concordance(articles, "de mistura")
    assert len(lines) == counts.matrix[:, counts.terms == "de mistura"].sum() > 0
    assert {" ".join(words(keyword)) for keyword in lines["keyword"]} == {"de mistura"}


@pytest.mark.parametrize(
    "term", ["said", "lavrov", "minister", "sergey lavrov", "foreign minister", "security council"]
)
def test_lines_beside_phrases_are_as_many_as_are_counted(articles, term):
    """With phrases kept whole a term has as many lines as uses: a word inside a phrase is neither."""
    phrases = ["Security Council", "Foreign Minister", "Sergey Lavrov", "Minister Sergey"]
    counts = count_terms(sentences(articles), phrases=phrases)
    lines = concordance(articles, term, phrases=phrases)
    assert len(lines) == counts.matrix[:, counts.terms == term].sum() > 0
    assert {" ".join(words(keyword)) for keyword in lines["keyword"]} == {term}


def test_collocates_are_the_words_nearby():
    """Words within the window, and not beyond it or beyond the sentence, are counted as near."""
    rows = units([("a", "X", "one two dam three four"), ("a", "X", "five dam"), ("b", "X", "six seven")])
    table = collocates(rows, "dam", window=1).set_index("term")
    assert table.loc[["two", "three", "five"], "count_a"].tolist() == [1, 1, 1]
    assert table.loc[["one", "four", "six", "seven"], "count_b"].tolist() == [1, 1, 1, 1]
    assert "dam" not in table.index
    assert table["p"].isna().all()
    with pytest.raises(InputError, match="no use of 'lake'"):
        collocates(rows, "lake")


def test_collocates_come_by_the_interval_that_lies_farthest_from_even():
    """Of many articles too, where a keyness table would go by the p of a test that collocates do not have."""
    made = simulate_corpus(["X", "Y"], articles=12, words=60, seed=3).articles.reset_index()
    found = collocates(made, made["text"].iloc[0].lower().split()[1])
    assert set(found["unit"]) == {"article"}
    bound = found["low"].where(found["low"] > 0, (-found["high"]).where(found["high"] < 0, 0)).round(9)
    assert bound.is_monotonic_decreasing
    assert bound.iloc[0] > 0
    assert found["sure"].tolist() == ((found["low"] > 0) | (found["high"] < 0)).tolist()


def test_divergence_by_chance_is_more_than_none(simulated):
    """Articles dealt out at random diverge less than the outlets do, and never not at all."""
    counts, _ = simulated
    chance = divergence_by_chance(counts, "North", "South", repeats=5)
    assert 0 < chance.min() <= chance.max() < word_shift(counts, "North", "South")["bits"].sum()
