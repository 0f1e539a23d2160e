"""Topics planted in a text are found again with their shares, in any order, and last longer than chance would."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import minimize_scalar

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import InputError
from contrast.terms import TermCounts, count_terms
from contrast.text import paragraphs
from contrast.topics import Topics, fit_topics, prevalence, stability, topic_terms, topic_units, typical_units

WATER = [f"water{letter}" for letter in "abcdefghijkl"]
STONE = [f"stone{letter}" for letter in "abcdefghijkl"]
PLANTED = {"North": 8, "South": 3}  # of an article's ten paragraphs, how many are about water


def planted_paragraphs():
    """Write four articles an outlet: ten paragraphs of 24 words, each of one vocabulary alone."""
    random = np.random.default_rng(5)
    return pd.DataFrame(
        [
            (f"{outlet}-{article}", outlet, number, " ".join(random.choice(WATER if number < water else STONE, 24)))
            for outlet, water in PLANTED.items()
            for article in range(4)
            for number in range(10)
        ],
        columns=["article_id", "outlet", "paragraph", "text"],
    )


def by_words(topics):
    """Give the leading words of each topic, as a set of sets."""
    return {frozenset(part["term"]) for _, part in topic_terms(topics, 12).groupby("topic")}


def made_topics(term_share, unit_share, matrix, outlets):
    """Put together a model by hand, each unit an article of its own."""
    matrix, terms = sparse.csr_array(matrix), np.array([*"abcdefgh"[: len(term_share[0])]], dtype=object)
    units = pd.DataFrame({"article_id": [*"stuv"[: len(outlets)]], "outlet": outlets, "words": matrix.sum(axis=1)})
    return Topics(np.array(term_share), np.array(unit_share), TermCounts(matrix, terms, terms, units))


@pytest.fixture(scope="module")
def planted():
    """Give the paragraphs of the planted corpus."""
    return planted_paragraphs()


@pytest.fixture(scope="module")
def topics(planted):
    """Give the two topics fitted to the planted corpus."""
    return fit_topics(count_terms(planted), 2)


@pytest.fixture(scope="module")
def shipped():
    """Give the terms of the shipped corpus's units, stop words and terms of a single unit left out."""
    return count_terms(topic_units(load_corpus()), stop_words=read_codebook().stopwords["word"], min_units=2)


# Units


def test_small_corpus_is_read_by_distinct_paragraphs():
    """With few articles an outlet the units are the paragraphs, and one printed twice is taken once."""
    articles = load_corpus()
    articles.loc["rt-004", "text"] += "\n" + articles.loc["sana-000", "text"]
    table = topic_units(articles)
    assert (table["unit"] == "paragraph").all()
    expected = paragraphs(load_corpus())[["article_id", "outlet", "paragraph", "text"]]
    pd.testing.assert_frame_equal(table.drop(columns="unit"), expected)


@pytest.mark.parametrize(("fewest", "unit"), [(19, "paragraph"), (20, "article")])
def test_large_corpus_is_read_by_articles(fewest, unit):
    """With twenty articles of every outlet the units are the articles, whole and in their order."""
    index = pd.Index([f"a{number}" for number in range(fewest + 30)], name="article_id")
    texts = [f"One {name}.\nTwo {name}." for name in index]
    articles = pd.DataFrame({"outlet": ["North"] * fewest + ["South"] * 30, "text": texts}, index=index)
    table = topic_units(articles)
    assert table["unit"].unique().tolist() == [unit]
    assert table["article_id"].unique().tolist() == list(index)
    assert table["text"].tolist() == (texts if unit == "article" else "\n".join(texts).split("\n"))


# Fitting


@pytest.mark.parametrize("k", [2, 4, 7])
def test_shares_are_shares(shipped, k):
    """Each topic's words, and each paragraph's topics, are shares that add up to one."""
    fitted = fit_topics(shipped, k)
    assert fitted.term_share.shape == (k, len(shipped.terms))
    assert fitted.unit_share.shape == (len(shipped.units), k)
    for shares in fitted[:2]:
        assert (shares >= 0).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_largest_topic_comes_first(shipped):
    """Topics come by how many of the corpus's words they take, the largest first."""
    fitted = fit_topics(shipped, 5)
    size = shipped.matrix.sum(axis=1) @ fitted.unit_share
    assert (np.diff(size) <= 1e-9 * size[0]).all()


def test_same_seed_gives_the_same_topics(shipped):
    """One seed gives the same numbers to the last digit, so a notebook comes out the same."""
    one, other = fit_topics(shipped, 4, seed=3), fit_topics(shipped, 4, seed=3)
    np.testing.assert_array_equal(one.term_share, other.term_share)
    np.testing.assert_array_equal(one.unit_share, other.unit_share)


def test_topics_explain_more_than_none_would(shipped):
    """The words are likelier under the topics than with one topic, or with the same shares in every paragraph."""
    counts = shipped.matrix.toarray()
    fitted = fit_topics(shipped, 4)
    likelihood = (counts * np.log(fitted.unit_share @ fitted.term_share)).sum()
    overall = counts.sum(axis=0) / counts.sum()
    assert likelihood > (counts * np.log(overall)).sum()
    assert likelihood > (counts * np.log(fitted.unit_share.mean(axis=0) @ fitted.term_share)).sum()


@pytest.mark.parametrize("k", [-1, 0, 1, 24, 80, 1000])
def test_number_of_topics_the_texts_cannot_carry_is_refused(planted, k):
    """Less than two topics, or as many as there are terms, are refused with the numbers that decide it."""
    with pytest.raises(InputError, match=rf"80 units of text and 24 terms do not carry {k} topics.*Ask for fewer"):
        fit_topics(count_terms(planted), k)


def test_paragraph_without_terms_does_no_harm(planted, topics):
    """A paragraph of stop words alone changes no topic, and its own shares still add up to one."""
    empty = pd.DataFrame([("North-0", "North", 10, "the of and")], columns=planted.columns)
    rows = pd.concat([planted, empty], ignore_index=True)
    fitted = fit_topics(count_terms(rows, stop_words=["the", "of", "and"]), 2)
    np.testing.assert_allclose(fitted.term_share, topics.term_share, atol=1e-6)
    assert fitted.unit_share[-1].sum() == pytest.approx(1)
    np.testing.assert_allclose(prevalence(fitted)["share"], prevalence(topics)["share"], atol=1e-6)


# The planted corpus


def test_planted_topics_are_found(topics):
    """Two vocabularies that never meet are two topics, each with all of its own words and no other."""
    assert by_words(topics) == {frozenset(WATER), frozenset(STONE)}
    table = topic_terms(topics, 12)
    assert (table["exclusivity"] > 0.999).all()
    assert table.groupby("topic")["share"].sum().tolist() == pytest.approx([1, 1])


def test_planted_shares_are_found(topics):
    """An outlet that gives 80, another that gives 30 of 100 words to a topic, are measured within 5 of 100."""
    leading = topic_terms(topics, 1).set_index("topic")["term"]
    shares = prevalence(topics)
    water = shares[shares["topic"].map(leading).isin(WATER)].set_index("outlet")["share"]
    assert water["North"] == pytest.approx(0.8, abs=0.05)
    assert water["South"] == pytest.approx(0.3, abs=0.05)


def test_larger_planted_topic_comes_first(topics):
    """Water, with 44 of 80 paragraphs, is the first topic."""
    assert topic_terms(topics, 1).loc[0, "term"] in WATER


def test_order_of_paragraphs_does_not_matter(planted, topics):
    """The same paragraphs in another order give the same words in the same order, with the same shares."""
    shuffled = planted.sample(frac=1, random_state=1, ignore_index=True)
    one, other = topic_terms(topics, 12), topic_terms(fit_topics(count_terms(shuffled), 2), 12)
    pd.testing.assert_frame_equal(one, other, atol=1e-6)


def test_paragraphs_printed_twice_change_no_share(planted, topics):
    """A corpus printed twice over has the topics and shares of the corpus printed once."""
    twice = fit_topics(count_terms(pd.concat([planted, planted], ignore_index=True)), 2)
    np.testing.assert_allclose(twice.term_share, topics.term_share, atol=1e-6)
    np.testing.assert_allclose(prevalence(twice)["share"], prevalence(topics)["share"], atol=1e-6)


# Words of a topic


def test_share_and_exclusivity_by_hand():
    """Shares are the model's, exclusivity weighs them by the topics' sizes, and counts are the corpus's."""
    matrix = [[2, 1, 0], [0, 1, 0]]  # three words all of topic 1, and one word of topic 2
    table = topic_terms(made_topics([[0.6, 0.3, 0.1], [0.1, 0.6, 0.3]], [[1, 0], [0, 1]], matrix, ["X", "X"]))
    first = table[table["topic"] == 1].set_index("term")
    assert first["share"].to_dict() == {"a": 0.6, "b": 0.3, "c": 0.1}
    expected = {"a": 1.8 / 1.9, "b": 0.9 / 1.5, "c": 0.3 / 0.6}  # share * 3 over share * 3 + other share * 1
    assert first["exclusivity"].to_dict() == pytest.approx(expected)
    assert first["count"].to_dict() == {"a": 2, "b": 2, "c": 0}


def test_words_are_ranked_by_frex():
    """Words come by the harmonic mean of two ranks: b .75 and 1, a 1 and .5, c .5 and .75, d .25 and .25."""
    shares = [[0.5, 0.4, 0.06, 0.04], [0.5, 0.001, 0.001, 0.498]]
    table = topic_terms(made_topics(shares, [[1, 0], [0, 1]], [[5, 4, 1, 0], [5, 0, 0, 5]], ["X", "X"]), 4)
    assert table.loc[table["topic"] == 1, "term"].tolist() == ["b", "a", "c", "d"]


def test_equal_words_come_in_alphabetical_order():
    """Words of the same rank come in alphabetical order."""
    made = made_topics([[0.25] * 4, [0.25] * 4], [[1, 0], [0, 1]], [[1, 1, 1, 1], [1, 1, 1, 1]], ["X", "X"])
    assert topic_terms(made, 4)["term"].tolist() == [*"abcd", *"abcd"]


@pytest.mark.parametrize("n", [1, 5, 24])
def test_as_many_words_as_asked_for(topics, n):
    """Each topic, counted from 1, has as many words as were asked for."""
    assert topic_terms(topics, n)["topic"].tolist() == [1] * n + [2] * n


# Shares of outlets and articles


@pytest.mark.parametrize("by", ["outlet", "article_id"])
def test_shares_of_a_group_add_up_to_one(shipped, by):
    """The topic shares of each outlet, and of each article, add up to one, and each is from 0 to 1."""
    table = prevalence(fit_topics(shipped, 4), by)
    assert table["share"].between(0, 1).all()
    np.testing.assert_allclose(table.groupby(by)["share"].sum(), 1, atol=1e-6)
    assert table.groupby(by, sort=False)["topic"].apply(list).tolist() == [[1, 2, 3, 4]] * table[by].nunique()
    articles = {"outlet": {"SANA": 4, "RT": 1}, "article_id": dict.fromkeys(shipped.units["article_id"], 1)}
    assert table.drop_duplicates(by).set_index(by)["articles"].to_dict() == articles[by]


def test_share_is_the_mixture_that_explains_the_words_best():
    """The share found is the least of Kullback and Leibler's divergence, as scipy's minimiser finds it."""
    shares = np.array([[0.5, 0.3, 0.1, 0.1], [0.1, 0.2, 0.4, 0.3]])
    counts = np.array([[6, 3, 2, 1], [2, 2, 2, 2]])
    target = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)  # each article counts the same
    best = minimize_scalar(
        lambda share: -(target * np.log(share * shares[0] + (1 - share) * shares[1])).sum(),
        bounds=(0, 1),
        method="bounded",
        options={"xatol": 1e-10},
    )
    table = prevalence(made_topics(shares, [[1, 0], [0, 1]], counts, ["X", "X"]))
    assert 0.1 < best.x < 0.9
    assert table["share"].tolist() == pytest.approx([best.x, 1 - best.x], abs=1e-6)


# Typical paragraphs


def test_typical_paragraphs_are_pure(planted):
    """Where half of the paragraphs mix both vocabularies, those of one vocabulary alone are the typical ones."""
    mixed = planted.assign(paragraph=lambda table: table["paragraph"] + 10)
    mixed["text"] = [f"{text} {other}" for text, other in zip(mixed["text"], mixed["text"].iloc[::-1], strict=True)]
    both = mixed["text"].str.contains("water") & mixed["text"].str.contains("stone")
    rows = pd.concat([mixed[both], planted], ignore_index=True)
    table = typical_units(fit_topics(count_terms(rows), 2), rows, 2)
    assert table[["topic", "outlet"]].value_counts().tolist() == [2] * 4
    assert (table["share"] > 0.99).all()
    assert (table["text"].str.contains("water") ^ table["text"].str.contains("stone")).all()


def test_longer_paragraph_wins_between_equals(planted):
    """Of two paragraphs that belong to a topic in full, the longer one is its example."""
    longest = ("North-3", "North", 10, " ".join(WATER * 4))
    rows = pd.concat([planted, pd.DataFrame([longest], columns=planted.columns)], ignore_index=True)
    table = typical_units(fit_topics(count_terms(rows), 2), rows)
    assert table.loc[(table["topic"] == 1) & (table["outlet"] == "North"), "text"].tolist() == [longest[3]]


def test_typical_paragraph_is_where_it_says(planted, topics):
    """Article and paragraph of a typical paragraph lead to its text."""
    found = typical_units(topics, planted, 3).merge(planted, on=["outlet", "article_id", "paragraph"])
    assert len(found) == 12
    assert found["text_x"].tolist() == found["text_y"].tolist()


# Stability


def test_planted_topics_last_and_shuffled_words_do_not(planted):
    """Topics as written keep their words when refitted; those of shuffled words keep clearly fewer."""
    table = stability(count_terms(planted), 2, repeats=5).set_index("text")
    assert table.loc["as written", "overlap"] > 0.8
    assert table.loc["words shuffled", "overlap"] < table.loc["as written", "overlap"] - 0.15
    assert (table["repeats"] == 5).all()


def test_stability_is_the_same_from_run_to_run(planted):
    """One seed gives the same overlaps each time, and they are shares."""
    one, other = (stability(count_terms(planted), 2, seed=1, repeats=2, top=5) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert one["overlap"].between(0, 1).all()


@pytest.mark.parametrize(("most", "units"), [(40, 40), (80, 80), (1000, 80)])
def test_stability_of_a_large_corpus_is_measured_on_a_part(planted, monkeypatch, most, units):
    """No model is fitted to more units than asked for, and to all of them where they are not more."""
    sizes = set()

    def fit(counts, *args, **options):
        sizes.add(counts.matrix.shape[0])
        return fit_topics(counts, *args, **options)

    monkeypatch.setattr("contrast.topics.fit_topics", fit)
    table = stability(count_terms(planted), 2, repeats=2, most=most).set_index("text")
    assert sizes == {units}
    assert table.loc["as written", "overlap"] > table.loc["words shuffled", "overlap"]


def test_articles_that_repeat_one_text_give_topics_without_a_warning():
    """Where rounding makes the factorisation's error negative nothing is said of it."""
    rows = [(f"a{n}", "X" if n % 2 else "Y", "dam truce army city talks " * (1 + n % 3)) for n in range(8)]
    counts = count_terms(pd.DataFrame(rows, columns=["article_id", "outlet", "text"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit_topics(counts, 4).term_share.shape == (4, 5)
