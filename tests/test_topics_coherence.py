"""Coherence is what another library finds, and what counting window by window finds."""

import json
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from contrast.terms import TermCounts
from contrast.topics.coherence import WINDOW, c_v, c_v_of, count_windows, exclusivity, leading_terms, npmi
from contrast.words import words

REFERENCE = json.loads((Path(__file__).parent / "reference/coherence.json").read_text("utf-8"))
THEMES = [[f"{theme}{letter}" for letter in "abcdefghij"] for theme in ("river", "stone", "cloud")]
FILLERS = [f"{first}{second}" for first in "bcdfghjklm" for second in "aeiouy"]
LENGTHS = (7, 40, 109, 110, 111, 150, 260)


def made_up_texts(seed, *, apart):
    """Write 40 texts, each mostly of one theme; if `apart`, no word of a theme comes twice within a window."""
    rng = random.Random(seed)

    def one_of(things):
        return things[int(rng.random() * len(things))]

    texts = []
    for _ in range(40):
        main, found = one_of(THEMES), []
        for _ in range(one_of(LENGTHS)):
            word = one_of((main if rng.random() < 0.7 else one_of(THEMES)) if rng.random() < 0.3 else FILLERS)
            near = found[-WINDOW + 1 :]
            found.append(one_of(FILLERS) if apart and word not in FILLERS and word in near else word)
        texts.append(" ".join(found))
    return texts


def numbered(texts, topics):
    """Give the different words of texts, in order, and topics as numbers of them."""
    terms = np.array(sorted({word for text in texts for word in words(text)}), dtype=object)
    return terms, [np.searchsorted(terms, topic) for topic in topics]


def made_counts(matrix):
    """Put counts into the table of terms a, b, c and so on."""
    terms = np.array(list("abcdefgh"[: len(matrix[0])]), dtype=object)
    units = pd.DataFrame({"article_id": range(len(matrix)), "outlet": "North", "words": np.sum(matrix, axis=1)})
    return TermCounts(sparse.csr_array(matrix), terms, terms, units)


def counted_by_hand(texts, wanted, window):
    """Go through every window of every text, and note which of the words it holds."""
    rows = []
    for text in texts:
        found = text.split()
        for begin in range(max(len(found) - window + 1, 1)):
            inside = set(found[begin : begin + window])
            rows.append([word in inside for word in wanted])
    rows = np.array(rows, dtype=int)
    return rows.T @ rows, len(rows)


# Leading terms


def test_leading_terms_come_by_share_then_by_name():
    """The largest shares lead; shares that are equal but for rounding come in the order of terms."""
    share = np.array([[0.1, 0.3 - 1e-12, 0.2, 0.3, 0.1], [0.2, 0.2, 0.2, 0.2, 0.2]])
    assert leading_terms(share, 4).tolist() == [[1, 3, 2, 0], [0, 1, 2, 3]]
    assert leading_terms(share).shape == (2, 5)


# NPMI


def test_npmi_is_that_of_another_library():
    """Over whole texts, NPMI is gensim's where all pairs meet."""
    texts = made_up_texts(REFERENCE["apart"]["seed"], apart=True)
    terms, leading = numbered(texts, REFERENCE["topics"])
    counts = made_counts([[found.count(term) for term in terms] for found in map(words, texts)])
    np.testing.assert_allclose(npmi(counts, leading), REFERENCE["apart"]["c_npmi"], atol=1e-6)


def test_npmi_by_hand():
    """Four units: a with b always, 1; a with c independent, 0; a with d never, -1; e, in every unit, says nothing."""
    counts = made_counts([[3, 1, 1, 0, 1], [1, 1, 0, 0, 2], [0, 0, 2, 1, 1], [0, 0, 0, 1, 1]])
    found = npmi(counts, [[0, 1], [0, 2], [3, 0], [0, 4], [4, 4], [0, 1, 2, 3], [0]])
    assert found[:5] == pytest.approx([1, 0, -1, 0, 0])
    assert found[5] == pytest.approx((1 + 0 - 1 + 0 - 1 + 0) / 6)
    assert np.isnan(found[6])


def test_npmi_of_unequal_shares_by_hand():
    """p_a = 3/4, p_b = 1/2, p_ab = 1/4: ln(2/3) / ln 4."""
    counts = made_counts([[1, 0], [1, 0], [1, 1], [0, 1]])
    assert npmi(counts, [[0, 1]]) == pytest.approx([np.log(2 / 3) / np.log(4)])


# C_v


@pytest.mark.parametrize("corpus", ["apart", "repeated"])
def test_c_v_is_that_of_another_library(corpus):
    """C_v is gensim's, to its last digits, for texts shorter and longer than a window, and topics that share words."""
    texts = made_up_texts(REFERENCE[corpus]["seed"], apart=corpus == "apart")
    terms, leading = numbered(texts, REFERENCE["topics"])
    np.testing.assert_allclose(c_v(texts, terms, leading), REFERENCE[corpus]["c_v"], atol=1e-6)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
@pytest.mark.parametrize("window", [1, 4, 110])
def test_windows_are_those_of_counting_one_by_one(window, at_once, monkeypatch):
    """However many windows are taken at once, they hold what going through them one by one finds in them."""
    monkeypatch.setattr("contrast.topics.coherence.WINDOWS_AT_ONCE", at_once)
    texts = ["", *made_up_texts(3, apart=False)[:8], "rivera", "rivera rivera stoneb rivera", "no term of these"]
    terms, leading = numbered(texts, THEMES[:2])
    found = count_windows(texts, terms, leading, window=window)
    expected, number = counted_by_hand(texts, terms[found.columns], window)
    assert terms[found.columns].tolist() == sorted(THEMES[0] + THEMES[1])
    assert found.number == number
    np.testing.assert_array_equal(found.together, expected)


def test_windows_are_counted_once_for_several_models():
    """Windows counted for the topics of two models serve each of them."""
    texts = made_up_texts(4, apart=False)
    terms, leading = numbered(texts, [*THEMES, THEMES[0][:3] + THEMES[1][:3]])
    windows = count_windows(texts, terms, leading)
    for model in (leading[:1], leading[2:]):
        np.testing.assert_array_equal(c_v_of(windows, model), c_v(texts, terms, model))


def test_theme_is_more_coherent_than_a_mixture():
    """Words of one theme keep the same company more than words of three themes."""
    texts = made_up_texts(4, apart=False)
    mixture = [word for theme in THEMES for word in theme[:3]]
    terms, leading = numbered(texts, [THEMES[0], mixture])
    theme, mixed = c_v(texts, terms, leading)
    assert theme > mixed + 0.1


def test_words_that_no_text_holds_have_no_company():
    """A topic of words that the texts lack has 0, and so it has without texts."""
    terms = np.array(["cloud", "river", "stone"], dtype=object)
    assert c_v(["river stone", "river", ""], terms, [[0, 0]]).tolist() == [0]
    assert c_v([], terms, [[0, 1]]).tolist() == [0]


def test_terms_that_cannot_be_counted_are_refused():
    """A term of several words is refused with its name, and so is one for which no windows were counted."""
    terms = np.array(["chemical weapons", "river", "stone"], dtype=object)
    with pytest.raises(ValueError, match="'chemical weapons' is of several words"):
        c_v(["river stone"], terms, [[0, 1]])
    with pytest.raises(ValueError, match="were not counted"):
        c_v_of(count_windows(["river stone"], terms, [[1]]), [[1, 2]])


# Exclusivity


def test_exclusivity_is_the_part_of_a_word_that_is_the_topics():
    """A word of .6 in one topic and .2 in the other is the first's by three quarters."""
    share = np.array([[0.6, 0.4, 0.0], [0.2, 0.4, 0.4]])
    assert exclusivity(share, [[0, 1], [2, 1]]) == pytest.approx([(0.75 + 0.5) / 2, (1 + 0.5) / 2])
    assert exclusivity(np.full((4, 3), 1 / 3), [[0, 1, 2]] * 4) == pytest.approx([0.25] * 4)
