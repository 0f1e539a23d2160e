"""What is planted is in the made-up articles, and what is found is set beside what was planted there."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from contrast.terms import TermCounts
from contrast.topics import (
    Topics,
    averaged_shares,
    calibration,
    coverage,
    coverage_of_shares,
    fit_topics,
    self_test,
    simulate_topics,
)
from contrast.topics.calibration import AVERAGED, KNOWN, POOLED, plant_in, plant_shares

COLUMNS = ["way", "what", "planted", "estimate", "low", "high", "covered", "corpus", "k"]


def made_units(outlets, **columns):
    """Put together units of given outlets, each an article of its own if nothing else is said."""
    return pd.DataFrame({"article_id": [f"a{number}" for number in range(len(outlets))], "outlet": outlets} | columns)


def made_model(unit_share, lengths, units):
    """Put together a model of which only the units' shares and lengths are asked: each unit repeats one word."""
    matrix, terms = sparse.csr_array(np.array(lengths)[:, None]), np.array(["word"], dtype=object)
    counts = TermCounts(matrix, terms, terms, units.assign(words=lengths))
    return Topics(np.ones((len(unit_share[0]), 1)), np.array(unit_share), counts)


@pytest.fixture(scope="module")
def planted():
    """Set beside what was planted in two small corpora what is found there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "DRAWS", 50)
        patch.setattr(calibration, "TRIED", (2, 3))
        return coverage_of_shares(repeats=2, seed=5, outlets=2, articles=40, topics=3, terms=150, words=100)


# Planting


def test_articles_have_the_shares_that_are_planted():
    """Over many articles topics without a common word have the planted shares of words, within 2 of 100."""
    shares, terms = np.array([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]]), 40
    term_share = np.kron(np.eye(3), np.full(terms, 1 / terms))
    outlet, clusters = np.repeat([0, 1], 750), np.arange(1500) // 2
    random = np.random.default_rng(0)
    words = plant_shares(term_share, np.full(1500, 80), clusters, shares[outlet], random=random, spread=10)
    found = words.toarray().reshape(2, 750, 3, terms).sum(axis=3).mean(axis=1) / 80
    np.testing.assert_allclose(found, shares, atol=0.02)


def test_words_come_in_bursts():
    """In articles of one topic a word's count has the variance of a beta-binomial, many times that of chance."""
    terms, length, burst = 50, 100, 1.5
    term_share, lengths = np.full((1, terms), 1 / terms), np.full(600, length)

    def variance(clusters):
        random = np.random.default_rng(1)
        counts = plant_shares(term_share, lengths, clusters, np.ones((600, 1)), random=random, burst=burst).toarray()
        assert (counts.sum(axis=1) == length).all()
        return counts[2:].var()

    known = stats.betabinom(length, 1 / burst, (terms - 1) / burst).var()  # gamma variates over their sum
    assert known > 3 * length / terms
    assert variance(np.arange(600)) == pytest.approx(known, rel=0.05)
    assert variance(np.maximum(np.arange(600), 1)) == pytest.approx(known, rel=0.05)  # the first two tell one story
    assert variance(np.arange(600) // 2) > 1.3 * known  # a story has words of its own


def test_articles_of_a_story_are_alike():
    """Two articles of a story share a mix of topics, those of two stories do not."""
    random = np.random.default_rng(2)
    clusters, shares = np.arange(400) // 2, np.full((400, 2), 0.5)
    words = plant_shares(np.kron(np.eye(2), np.full(40, 1 / 40)), np.full(400, 80), clusters, shares, random=random)
    first = words.toarray()[:, :40].sum(axis=1).reshape(200, 2)
    assert np.corrcoef(first.T)[0, 1] > 0.8
    assert abs(np.corrcoef(first[:-1, 1], first[1:, 0])[0, 1]) < 0.2


def test_made_up_corpus_is_as_described():
    """Articles have the words that their rows add to, stories of one outlet each, and shares that add to one."""
    made = simulate_topics(3, 20, topics=4, terms=80, words=90, per_story=4, seed=3)
    units = made.counts.units
    np.testing.assert_array_equal(made.counts.matrix.sum(axis=1), units["words"])
    assert units["words"].mean() == pytest.approx(90, rel=0.2)
    assert made.counts.matrix.shape == (60, 80)
    stories = units.groupby("story")["outlet"]
    assert stories.size().tolist() == [4] * 15
    assert stories.nunique().tolist() == [1] * 15
    assert units["outlet"].value_counts().to_dict() == {"Outlet 1": 20, "Outlet 2": 20, "Outlet 3": 20}
    assert made.shares.shape == (3, 4)
    np.testing.assert_allclose(made.shares.sum(axis=1), 1)
    np.testing.assert_allclose(made.term_share.sum(axis=1), 1)


def test_one_seed_makes_up_one_corpus():
    """A seed gives the same words and shares, and another seed gives others."""
    one, same, other = (simulate_topics(2, 10, topics=2, terms=40, words=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.counts.matrix.toarray(), same.counts.matrix.toarray())
    pd.testing.assert_frame_equal(one.counts.units, same.counts.units)
    np.testing.assert_array_equal(one.shares, same.shares)
    assert not np.allclose(one.shares, other.shares)


# The average of articles


def test_average_has_students_interval():
    """With articles as units mean and interval are Student's, by scipy; four articles have no interval."""
    first = [0.9, 0.4, 0.6, 0.1, 0.7, 0.2]
    shares = [[share, 1 - share] for share in [*first, *first[:4]]]
    units = made_units(["North"] * 6 + ["South"] * 4)
    table = averaged_shares(made_model(shares, range(1, 11), units)).set_index(["outlet", "topic"])
    low, high = stats.t.interval(0.95, 5, np.mean(first), stats.sem(first))
    assert table.loc[("North", 1)].tolist() == pytest.approx([np.mean(first), low, high])
    assert table.loc[("North", 2)].tolist() == pytest.approx([1 - np.mean(first), 1 - high, 1 - low])
    assert table.loc["South", "share"].tolist() == pytest.approx([0.5, 0.5])
    assert table.loc["South", ["low", "high"]].isna().all(axis=None)


def test_average_over_stories_is_of_their_means():
    """With stories of two articles each the interval is Student's over the stories' means."""
    first = np.array([[0.9, 0.5], [0.4, 0.6], [0.6, 0.0], [0.1, 0.3], [0.7, 0.9]])
    shares = [[share, 1 - share] for share in first.ravel()]
    units = made_units(["North"] * 10, story=np.repeat([*"vwxyz"], 2))
    found = averaged_shares(made_model(shares, range(1, 11), units), "story").loc[0, ["share", "low", "high"]]
    means = first.mean(axis=1)
    expected = [means.mean(), *stats.t.interval(0.95, 4, means.mean(), stats.sem(means))]
    assert found.tolist() == pytest.approx(expected)


def test_paragraphs_weigh_by_their_words():
    """An article of two paragraphs of 30 and 10 words has three quarters of the first one's shares."""
    units = made_units(["North"] * 3).assign(article_id=["a", "a", "b"])
    table = averaged_shares(made_model([[1, 0], [0, 1], [0.25, 0.75]], [30, 10, 5], units))
    assert table["share"].tolist() == pytest.approx([(0.75 + 0.25) / 2, (0.25 + 0.75) / 2])


# Coverage


def test_coverage_by_hand():
    """Coverage is the part of intervals that hold the truth, its range is over corpora, and rows without one go."""
    rows = [
        ("way", "share", 0.1, 0.2, 0.0, 0.3, True, 0),
        ("way", "share", 0.3, 0.6, 0.5, 0.7, False, 0),
        ("way", "share", 0.2, 0.4, 0.1, 0.5, True, 1),
        ("way", "share", 0.4, 0.8, 0.3, 0.9, True, 1),
        *[("way", "share", 0.2, 0.4, 0.1, 0.5, True, corpus) for corpus in (2, 2, 3, 3, 4, 4)],
        ("way", "share", 0.9, 0.1, np.nan, np.nan, False, 1),
        ("other", "difference", 0.1, 0.1, 0.0, 0.2, True, 0),
        ("other", "difference", -0.1, -0.2, -0.3, 0.0, True, 0),
    ]
    table = coverage(pd.DataFrame(rows, columns=COLUMNS[:8]))
    one, other = table.itertuples(index=False)
    assert one[:3] == ("way", "share", 0.9)
    low, high = stats.t.interval(0.95, 4, 0.9, stats.sem([0.5, 1, 1, 1, 1]))
    assert high > 1
    assert one[3:] == pytest.approx((low, 1, 2, 10, 5))  # estimates are twice the planted
    assert other[:3] == ("other", "difference", 1)
    assert np.isnan(other.low)
    assert other[5:] == pytest.approx((1.5, 2, 1))


def test_every_way_is_set_beside_the_truth(planted):
    """Each corpus has the three ways with both kinds of estimates, and an interval is true where it holds the truth."""
    assert list(planted) == COLUMNS
    kinds = {(POOLED, "share"), (POOLED, "difference"), (AVERAGED, "share"), (KNOWN, "share"), (KNOWN, "difference")}
    for corpus in (0, 1):
        part = planted[planted["corpus"] == corpus]
        assert set(part[["way", "what"]].itertuples(index=False, name=None)) == kinds
        k = part["k"].iloc[0]
        assert k in (2, 3)
        sizes = part.groupby(["way", "what"]).size()
        assert sizes[POOLED].tolist() == [k, 2 * k]
        assert sizes[KNOWN].tolist() == [3, 6]
    assert (planted["covered"] == planted["planted"].between(planted["low"], planted["high"])).all()
    assert set(coverage(planted)[["way", "what"]].itertuples(index=False, name=None)) == kinds


def test_truth_is_what_was_planted(planted):
    """Where topics are known, the planted values are those of the made-up corpus, and pooled projection finds them."""
    for corpus in (0, 1):
        made = simulate_topics(2, 40, topics=3, terms=150, words=100, seed=5 + corpus)
        part = planted[(planted["corpus"] == corpus) & (planted["way"] == KNOWN)]
        shares, differences = (part[part["what"] == what] for what in ("share", "difference"))
        np.testing.assert_allclose(shares["planted"], made.shares.ravel())
        np.testing.assert_allclose(differences["planted"], made.shares[0] - made.shares[1])
        np.testing.assert_allclose(shares["estimate"], made.shares.ravel(), atol=0.2)


# A corpus of one's own


def test_own_corpus_keeps_all_but_its_shares(monkeypatch):
    """Outlets, stories and lengths stay the articles' own, the topics those of the model; only shares are planted."""
    made = simulate_topics(2, 20, topics=2, terms=60, words=60)
    model, seen = fit_topics(made.counts, 2), []
    monkeypatch.setattr(calibration, "_beside", lambda *found: seen.append(found) or pd.DataFrame({"way": [""]}))
    table = plant_in(model, "story", repeats=2)
    assert table[["corpus", "k"]].to_numpy().tolist() == [[0, 2], [1, 2]]
    for own, again, unit, _ in seen:
        assert own.counts.units["outlet"].tolist() == made.counts.units["outlet"].tolist()
        same = pd.crosstab(own.counts.units["story"], made.counts.units["story"]) > 0
        assert (same.sum(axis=0) == 1).all()
        assert (same.sum(axis=1) == 1).all()
        np.testing.assert_array_equal(own.counts.matrix.sum(axis=1), made.counts.units["words"])
        np.testing.assert_allclose(own.term_share, model.term_share)
        assert again.counts is own.counts
        assert unit == "story"
    assert not np.allclose(seen[0][0].shares, seen[1][0].shares)


def test_shares_planted_in_an_own_corpus_are_found(monkeypatch):
    """Intervals hold what was planted in each outlet, also where outlets do not come in the order of the alphabet."""
    monkeypatch.setattr(calibration, "DRAWS", 100)
    counts = simulate_topics(2, 50, topics=3, terms=150, words=120, per_story=1).counts
    counts = counts._replace(units=counts.units.replace({"outlet": {"Outlet 1": "West", "Outlet 2": "East"}}))
    table = coverage(plant_in(fit_topics(counts, 3), repeats=3)).set_index(["way", "what"])
    assert table["corpora"].tolist() == [3] * 5
    assert table.loc[(POOLED, "share"), "intervals"] == 18
    assert table.loc[(POOLED, "difference"), "intervals"] == 9
    assert table["coverage"].between(0.85, 1).all()
    assert table["slope"].between(0.7, 1.3).all()


@pytest.mark.parametrize("sizes", [(0.5, 0.3, 0.2), (1, 1, 1), (4, 2, 1, 1)])
def test_spread_of_mixes_is_estimated(sizes):
    """From mixes drawn from a Dirichlet distribution its sum is found, within a third."""
    mixes = np.random.default_rng(7).dirichlet(sizes, 500)
    found = calibration._spread(made_model(mixes, np.ones(500), made_units(["North"] * 500)))
    assert found == pytest.approx(sum(sizes), rel=1 / 3)


def test_outlets_that_share_weeks_get_their_own_shares():
    """Where each unit holds articles of both outlets, each outlet is planted, and found, with its own shares."""
    made = simulate_topics(2, 40, topics=3, terms=150, words=120, per_story=1)
    units = made.counts.units.assign(story=[f"week {number % 20}" for number in range(80)])
    model = fit_topics(made.counts._replace(units=units), 3)
    found = plant_in(model, "story", repeats=3)
    gaps = found[(found["way"] == KNOWN) & (found["what"] == "difference")]
    assert np.polyfit(gaps["planted"], gaps["estimate"], 1)[0] == pytest.approx(1, abs=0.2)
    assert gaps["covered"].mean() >= 0.8


def test_self_test_sums_up_what_was_planted():
    """In one call the self-test gives the coverage of shares planted in a corpus."""
    made = simulate_topics(2, 12, topics=2, terms=60, words=60)
    model = fit_topics(made.counts, 2)
    expected = coverage(plant_in(model, "story", repeats=1))
    pd.testing.assert_frame_equal(self_test(model, "story", repeats=1), expected)
