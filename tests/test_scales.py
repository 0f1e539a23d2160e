"""Wordscores equal the published ones, latent scales find what was planted, and what sets no scale is refused."""

import numpy as np
import pandas as pd
import pytest
import scipy
from scipy import sparse

from contrast.corpus import InputError
from contrast.scales import latent_scale, scored_words, wordscores
from contrast.terms import TermCounts, count_terms

# Laver, Benoit and Garry (2003), Table 1: each text uses these 17 numbers of a row of 37 words, from this word on
USES = [2, 3, 10, 22, 45, 78, 115, 146, 158, 146, 115, 78, 45, 22, 10, 3, 2]
LETTERS = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(f"Z{letter}" for letter in "ABCDEFGHIJK")]
FIRST = {"R1": 0, "R2": 5, "R3": 10, "R4": 15, "R5": 20, "V1": 7}
POSITIONS = {"R1": -1.5, "R2": -0.75, "R3": 0.0, "R4": 0.75, "R5": 1.5}

BRIGHT = [f"bright{letter}" for letter in "abcdefgh"]
DARK = [f"dark{letter}" for letter in "abcdefg"] + ["won't"]
PLAIN = [f"plain{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
SUNNY = {"East": 0.8, "North": 0.5, "South": 0.2}  # of an outlet's sentences, how many are of bright words
SEEDS = pd.DataFrame({"word": ["Brighta", "BRIGHTB", "darka", "Won’t"], "polarity": [1, 1, -1, -1]})


def table_of(matrix, terms, articles, outlets):
    """Give counts as `count_terms` does, of units whose counts are known."""
    matrix, terms = sparse.csr_array(matrix), np.array(terms, dtype=object)
    units = pd.DataFrame({"article_id": articles, "outlet": outlets, "words": matrix.sum(axis=1)})
    return TermCounts(matrix, terms, terms, units)


def published(names):
    """Give the counts of texts of Table 1, each an article of an outlet of its name."""
    matrix = np.zeros((len(names), len(LETTERS)))
    for row, name in enumerate(names):
        start = FIRST[name.split()[0]]
        matrix[row, start : start + len(USES)] = USES
    return table_of(matrix, LETTERS, [f"article of {name}" for name in names], names)


def planted(articles=500, sentences=4, seed=1):
    """Make up sentences of three words of one side and five plain ones; the outlets differ in their sides."""
    random, terms = np.random.default_rng(seed), [*BRIGHT, *DARK, *PLAIN]
    outlets = np.repeat(np.array(list(SUNNY), dtype=object)[np.arange(articles) % 3], sentences)
    side = np.where(random.random(len(outlets)) < [SUNNY[outlet] for outlet in outlets], 0, 8)
    chosen = np.hstack([side[:, None] + random.integers(0, 8, (len(side), 3)), random.integers(16, 42, (len(side), 5))])
    rows = np.repeat(np.arange(len(side)), 8)
    matrix = sparse.coo_array((np.ones(len(rows)), (rows, chosen.ravel())), shape=(len(side), len(terms)))
    return table_of(matrix.tocsr(), terms, np.repeat([f"a{n:03d}" for n in range(articles)], sentences), outlets)


@pytest.fixture(scope="module")
def sunny():
    """Give counts with a planted opposition, and the scale found in them."""
    counts = planted()
    return counts, latent_scale(counts, SEEDS, dimensions=20)


# Wordscores


def test_wordscores_equal_the_published_ones():
    """The virgin text of Table 1 scores -0.448 with a standard error of 0.0119, and all of its words are scored."""
    found = wordscores(published(list(FIRST)), POSITIONS).iloc[0]
    assert found["outlet"] == "V1"
    assert found["score"] == pytest.approx(-0.4481, abs=5e-5)
    assert found["se"] == pytest.approx(0.0119, abs=5e-5)
    assert (found["n"], found["scored"]) == (1000, 1)


def test_words_have_the_published_scores():
    """Words score as in Table 1: those of R1 alone its position, the others between."""
    words = scored_words(published(list(FIRST)), POSITIONS).set_index("term")
    expected = {"A": -1.5, "F": -1.48125, "H": -1.4519231, "K": -1.1846154, "S": 0, "V": 0.4507576, "ZK": 1.5}
    assert words.loc[list(expected), "score"].tolist() == pytest.approx(list(expected.values()), abs=5e-8)
    assert words.loc["K", "count"] == 115 + 78 + 2
    assert words["score"].round(9).is_monotonic_increasing


def test_rescaled_scores_equal_those_of_quanteda():
    """Scored together with copies of the five references, the virgin text is stretched to -0.5297."""
    copies = [f"{name} again" for name in POSITIONS]
    found = wordscores(published([*FIRST, *copies]), POSITIONS).set_index("outlet")
    assert found.loc["V1", "rescaled"] == pytest.approx(-0.5297, abs=5e-5)
    assert found.loc["R1 again", "score"] == pytest.approx(-1.3179, abs=5e-5)
    assert found["rescaled"].std() == pytest.approx(np.std([*POSITIONS.values()], ddof=1))
    assert list(found.index) == ["R1 again", "R2 again", "V1", "R3 again", "R4 again", "R5 again"]


def test_one_text_alone_is_not_rescaled():
    """A single virgin text has no spread to be stretched."""
    assert wordscores(published(list(FIRST)), POSITIONS)["rescaled"].isna().all()


def test_reference_articles_leave_their_outlet():
    """An article named by its id is a reference text, and its outlet's other articles are scored without it."""
    texts = [("a", "X", "dam dam lake"), ("b", "X", "lake sea sky"), ("c", "Y", "sea sea sea sea"), ("d", "Z", "sky")]
    counts = count_terms(pd.DataFrame(texts, columns=["article_id", "outlet", "text"]))
    found = wordscores(counts, {"a": -1, "Y": 1}).set_index("outlet")
    assert list(found.index) == ["X", "Z"]
    assert found.loc["X", ["articles", "score", "n"]].tolist() == [1, 0, 2]  # lake -1, sea 1, sky in neither
    assert found.loc["X", "scored"] == pytest.approx(2 / 3)
    assert np.isnan(found.loc["Z", "score"])
    assert found.loc["Z", "reason"] == "no reference text uses any of its words"


def test_reference_texts_count_by_their_shares():
    """A reference text ten times as long says no more of a word's score than a short one."""
    counts = table_of([[9, 1], [10, 90], [1, 1]], ["dam", "sea"], ["a", "b", "c"], ["A", "B", "C"])
    words = scored_words(counts, pd.Series({"A": 0, "B": 1})).set_index("term")["score"]
    assert words.to_dict() == pytest.approx({"dam": 0.1, "sea": 0.9})


def test_bootstrap_is_near_the_ratio_estimators_interval():
    """Over forty articles the bootstrap's interval is as wide as the ratio estimator's, and wider than the SE's."""
    random = np.random.default_rng(4)
    rates = random.gamma(0.5, 40, (40, 2))  # an article that says one of the words says it again
    matrix = np.vstack([[100, 0], [0, 100], random.poisson(rates)])
    outlets = ["A", "B", *["C"] * 40]
    found = wordscores(table_of(matrix, ["dam", "sea"], range(42), outlets), {"A": 0, "B": 1}, repeats=1000).iloc[0]
    sizes, sea = matrix[2:].sum(axis=1), matrix[2:, 1]
    score = sea.sum() / sizes.sum()
    error = np.sqrt(40 / 39 * ((sea - score * sizes) ** 2).sum()) / sizes.sum()
    assert found["score"] == pytest.approx(score)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * error, rel=0.1)
    assert found["low"] < found["score"] - 3 * found["se"] < found["score"] + 3 * found["se"] < found["high"]


@pytest.mark.parametrize(("articles", "reason"), [(7, "fewer than 8 articles"), (8, "")])
def test_interval_needs_articles(articles, reason):
    """From eight articles on there is an interval; with fewer the table says why there is none."""
    matrix = np.vstack([[9, 1], [1, 9], np.random.default_rng(0).integers(1, 9, (articles, 2))])
    counts = table_of(matrix, ["dam", "sea"], range(articles + 2), ["A", "B", *["C"] * articles])
    found = wordscores(counts, {"A": 0, "B": 1}).iloc[0]
    assert (found["reason"], np.isnan(found["low"])) == (reason, articles < 8)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ({"R1": 0, "R9": 1}, "no counted word stands in a text called 'R9'."),
        ({"R1": 0, "R2": "left"}, "the position of 'R2' is 'left'."),
        ({"R1": 1, "R2": 1}, "they are all at one position."),
        ({"R1": 1}, "they are all at one position."),
        (dict.fromkeys(FIRST, 0) | {"V1": 1}, "no outlet is left to score."),
    ],
)
def test_references_that_set_no_scale_are_refused(reference, problem):
    """A text that is not there, a position that is no number, a single position, or nothing to score is refused."""
    with pytest.raises(InputError) as error:
        wordscores(published(list(FIRST)), reference)
    assert error.value.problems["problem"].tolist() == [problem]


# Latent semantic scaling


def test_polarity_is_the_mean_cosine(sunny):
    """Polarity is that of numpy's dense decomposition and scikit-learn's cosines, and so is its held-out form."""
    from sklearn.metrics.pairwise import cosine_similarity

    counts, scale = sunny
    vectors = np.linalg.svd(counts.matrix.toarray(), full_matrices=False)[2][:20].T
    cosine = pd.DataFrame(cosine_similarity(vectors), counts.terms, counts.terms)
    expected = cosine[["brighta", "brightb"]].mean(axis=1) - cosine[["darka", "won't"]].mean(axis=1)
    words = scale.words.set_index("term")
    np.testing.assert_allclose(words["polarity"].loc[counts.terms], expected, atol=1e-8)
    held_out = cosine.loc["brighta", "brightb"] - cosine.loc["brighta", ["darka", "won't"]].mean()
    assert words.loc["brighta", "held_out"] == pytest.approx(held_out, abs=1e-8)
    assert words["held_out"].dropna().index.tolist() == words["seed"].dropna().index.tolist()


def test_seeds_weigh_as_much_on_both_sides(sunny):
    """A side with two seed words weighs no more than a side with one, and a doubled polarity counts twice."""
    from sklearn.metrics.pairwise import cosine_similarity

    counts, _ = sunny
    seeds = pd.DataFrame({"word": ["brighta", "brightb", "darka"], "polarity": ["1", "2", "-1"]})
    words = latent_scale(counts, seeds, dimensions=20).words.set_index("term")
    vectors = np.linalg.svd(counts.matrix.toarray(), full_matrices=False)[2][:20].T
    cosine = pd.DataFrame(cosine_similarity(vectors), counts.terms, counts.terms)
    expected = (cosine["brighta"] + 2 * cosine["brightb"]) / 2 - cosine["darka"]
    np.testing.assert_allclose(words["polarity"].loc[counts.terms], expected, atol=1e-8)
    assert np.isnan(words.loc["darka", "held_out"])


def test_planted_words_come_out_in_order():
    """With few dimensions all bright words lie above all plain ones, and these above all dark ones."""
    words = latent_scale(planted(), SEEDS, dimensions=2).words
    assert set(words["term"].head(8)) == set(BRIGHT)
    assert set(words["term"].tail(8)) == set(DARK)
    assert words.set_index("term")["count"].to_dict() == dict(
        zip(planted().terms, planted().matrix.sum(axis=0), strict=True)
    )


def test_planted_outlets_come_out_in_order(sunny):
    """Outlets are ordered by their share of bright sentences, and their intervals lie apart."""
    outlets = sunny[1].outlets
    assert outlets["outlet"].tolist() == ["East", "North", "South"]
    assert outlets["articles"].tolist() == [167, 167, 166]
    assert (outlets["low"].to_numpy()[:-1] > outlets["high"].to_numpy()[1:]).all()


def test_articles_score_by_their_words(sunny):
    """An article's score is the mean polarity of its words in standard deviations; an outlet's interval is scipy's."""
    counts, scale = sunny
    polarity = scale.words.set_index("term")["polarity"].loc[counts.terms].to_numpy()
    articles = counts.by_article()
    raw = (articles.matrix.toarray() * polarity).sum(axis=1) / articles.units["words"]
    np.testing.assert_allclose(scale.articles["score"], scipy.stats.zscore(raw, ddof=1), atol=1e-8)
    assert scale.articles["article_id"].tolist() == articles.units["article_id"].tolist()
    east = scale.articles.loc[scale.articles["outlet"] == "East", "score"]
    interval = scipy.stats.ttest_1samp(east, 0).confidence_interval(0.95)
    assert scale.outlets.loc[0, ["mean", "low", "high"]].tolist() == pytest.approx([east.mean(), *interval])


def test_sign_follows_the_seeds(sunny):
    """Seeds of the opposite polarity turn every word, article and outlet round."""
    counts, scale = sunny
    turned = latent_scale(counts, SEEDS.assign(polarity=-SEEDS["polarity"]), dimensions=20)
    assert turned.outlets["outlet"].tolist() == ["South", "North", "East"]
    np.testing.assert_allclose(turned.articles["score"], -scale.articles["score"], atol=1e-8)


def test_two_runs_agree_to_the_byte(sunny):
    """The same counts, seeds and start give the same tables; another start changes nothing but rounding."""
    counts, scale = sunny
    for one, other in zip(scale, latent_scale(counts, SEEDS, dimensions=20), strict=True):
        assert one.to_csv() == other.to_csv()
    other = latent_scale(counts, SEEDS, dimensions=20, seed=7)
    pd.testing.assert_series_equal(other.articles["score"], scale.articles["score"], atol=1e-6)


def test_small_outlets_have_no_interval(monkeypatch):
    """An outlet of few articles, and one whose article has no counted word, has no interval, and the table says why."""
    monkeypatch.setattr("contrast.scales.latent.ENOUGH_ARTICLES", 20)
    counts = planted(21)
    matrix = counts.matrix.tolil()
    matrix[:4] = 0
    found = latent_scale(counts._replace(matrix=matrix.tocsr()), SEEDS, dimensions=20)
    assert found.outlets.set_index("outlet")["articles"].to_dict() == {"East": 6, "North": 7, "South": 7}
    assert found.outlets["reason"].unique().tolist() == ["fewer than 8 articles"]
    assert found.outlets["low"].isna().all()
    assert found.articles["score"].isna().tolist() == [True] + [False] * 20


def test_small_corpus_is_refused():
    """A corpus of 499 articles is refused, with the reason and the remedy."""
    with pytest.raises(InputError, match=r"it has 499 articles; .* from 500 on\. Add articles, or compare"):
        latent_scale(planted(499), SEEDS)


@pytest.mark.parametrize(
    ("seeds", "problem"),
    [
        ([("brighta", 1), ("nowhere", -1)], "no negative one (nowhere) is in the corpus."),
        ([("darka", -1)], "no positive one (none is given) is in the corpus."),
        ([("brighta", 0), ("darka", -1)], "the polarity of 'brighta' is 0."),
        ([("brighta", "up"), ("darka", -1)], "the polarity of 'brighta' is 'up'."),
        ([("won't", 1), ("Won’t", -1)], '"won\'t" has two polarities.'),
    ],
)
def test_seeds_that_set_no_scale_are_refused(sunny, seeds, problem):
    """Seeds without one in the corpus on each side, without a polarity, or with two are refused."""
    with pytest.raises(InputError) as error:
        latent_scale(sunny[0], pd.DataFrame(seeds, columns=["word", "polarity"]))
    assert error.value.problems["problem"].tolist() == [problem]


def test_seeds_need_their_columns(sunny):
    """A table of seeds without polarities is refused."""
    with pytest.raises(InputError, match=r"no column 'polarity'"):
        latent_scale(sunny[0], SEEDS[["word"]])
