"""Variances and intervals over articles equal their formulas, and cover the truth where words come in bursts."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy
from scipy import sparse

from contrast import resampling
from contrast.resampling import (
    MIN_ARTICLES,
    adjusted,
    log_ratio_interval,
    permutation_score,
    rate_interval,
    rate_variance,
    simulate_counts,
    unit_of_interval,
)

UNEVEN = np.array([120, 80, 300, 45, 210])
COUNTS = np.array([[3, 0, 1], [0, 0, 1], [9, 0, 1], [1, 2, 1], [4, 0, 1]])


def bursty(rate, sizes, repeats, *, seed):
    """Draw counts whose mean is rate * size and whose variance is far above it: negative binomial of shape 0.8."""
    mean = rate * sizes[:, None]
    draw = np.random.default_rng(seed).negative_binomial(0.8, 0.8 / (0.8 + mean), (len(sizes), repeats))
    return draw[:, draw.sum(axis=0) > 0]


def test_rate_variance_is_the_formula_by_hand():
    """Rate and variance equal k/(k-1) * sum (y - r n)^2 / (sum n)^2, summed in a plain loop."""
    rate, variance = rate_variance(COUNTS, UNEVEN)
    for term, counts in enumerate(COUNTS.T):
        r = sum(counts) / sum(UNEVEN)
        total = sum((y - r * n) ** 2 for y, n in zip(counts, UNEVEN, strict=True))
        assert rate[term] == pytest.approx(r)
        assert variance[term] == pytest.approx(5 / 4 * total / sum(UNEVEN) ** 2)


def test_rate_variance_over_equal_lengths_is_that_of_a_mean():
    """Where all articles are of one length the variance is that of the mean of their rates."""
    rate, variance = rate_variance(COUNTS, np.full(5, 200))
    np.testing.assert_allclose(rate, (COUNTS / 200).mean(axis=0))
    np.testing.assert_allclose(variance, scipy.stats.sem(COUNTS / 200, ddof=1) ** 2)


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix, sparse.coo_array])
def test_sparse_counts_give_what_dense_counts_give(form):
    """Counts may be dense or sparse, in any format, and the results are the same."""
    for ours, dense in zip(rate_variance(form(COUNTS), UNEVEN), rate_variance(COUNTS, UNEVEN), strict=True):
        np.testing.assert_array_equal(ours, dense)
    pd.testing.assert_frame_equal(rate_interval(form(COUNTS), UNEVEN), rate_interval(COUNTS, UNEVEN))


def test_log_ratio_interval_is_welch_over_equal_lengths():
    """With articles of one length the interval is Welch's, as scipy gives it for the rates over their mean."""
    a, b = np.array([3, 0, 9, 1, 4, 7]), np.array([2, 1, 0, 3])
    ours = log_ratio_interval(a[:, None], np.full(6, 300), b[:, None], np.full(4, 500)).loc[0]
    welch = scipy.stats.ttest_ind(a / a.mean(), b / b.mean(), equal_var=False).confidence_interval(0.95)
    centre = np.log2((a.mean() / 300) / (b.mean() / 500))
    np.testing.assert_allclose(ours, [centre + welch.low / np.log(2), centre + welch.high / np.log(2)])


def test_log_ratio_interval_turns_with_its_sides():
    """Exchanging the two sides exchanges the ends of the interval and their signs."""
    one = log_ratio_interval(COUNTS, UNEVEN, COUNTS[:3], UNEVEN[:3])
    other = log_ratio_interval(COUNTS[:3], UNEVEN[:3], COUNTS, UNEVEN)
    np.testing.assert_allclose(one["low"], -other["high"])


def test_log_ratio_interval_covers_the_truth_where_words_come_in_bursts():
    """Over 20 articles a side of bursty words, the interval holds the true ratio in 90 to 99 of 100 cases."""
    sizes = np.random.default_rng(1).integers(200, 800, 20)
    a, b = bursty(0.02, sizes, 1000, seed=2), bursty(0.01, sizes, 1000, seed=3)
    found = log_ratio_interval(a, sizes, b, sizes)
    covered = ((found["low"] <= 1) & (found["high"] >= 1)).mean()
    assert 0.90 <= covered <= 0.99
    uses_a, uses_b = a.sum(axis=0), b.sum(axis=0)
    half = 1.96 * np.sqrt(1 / uses_a + 1 / uses_b - 2 / sizes.sum()) / np.log(2)
    katz = np.abs(np.log2(uses_a / uses_b) - 1) <= half  # words taken as independent
    assert katz.mean() < 0.75


@pytest.mark.parametrize("rows", [slice(0, 1), slice(3, 4)])
def test_one_unit_has_no_interval(rows):
    """One article has a rate but no variance, and neither a ratio nor a rate over it has an interval."""
    rate, variance = rate_variance(COUNTS[rows], UNEVEN[rows])
    np.testing.assert_allclose(rate, COUNTS[rows][0] / UNEVEN[rows])
    assert np.isnan(variance).all()
    assert log_ratio_interval(COUNTS, UNEVEN, COUNTS[rows], UNEVEN[rows]).isna().all(axis=None)
    assert rate_interval(COUNTS[rows], UNEVEN[rows])[["low", "high"]].isna().all(axis=None)


def test_word_that_a_side_never_uses_has_no_interval():
    """A ratio to a rate of zero has no interval, and neither has the rate of zero."""
    none = np.zeros_like(COUNTS)
    assert log_ratio_interval(COUNTS, UNEVEN, none, UNEVEN).isna().all(axis=None)
    assert log_ratio_interval(none, UNEVEN, COUNTS, UNEVEN).isna().all(axis=None)
    table = rate_interval(none, UNEVEN)
    assert (table["rate"] == 0).all()
    assert table[["low", "high"]].isna().all(axis=None)


def test_units_that_all_agree_have_no_interval():
    """Where every article uses a word at one rate there is nothing to take an interval from."""
    assert rate_interval(UNEVEN[:, None] // 5, UNEVEN // 5 * 5)[["low", "high"]].isna().all(axis=None)


def test_rate_interval_is_around_its_rate_and_above_zero():
    """The interval is symmetric on the log scale with Student's t on k - 1 degrees, so it stays above zero."""
    table = rate_interval(COUNTS[:, :2], UNEVEN)
    rate, variance = rate_variance(COUNTS[:, :2], UNEVEN)
    half = scipy.stats.t.ppf(0.975, 4) * np.sqrt(variance) / rate
    np.testing.assert_allclose(table, np.column_stack([rate, rate * np.exp(-half), rate * np.exp(half)]))
    assert (table["low"] > 0).all()


@pytest.mark.parametrize(
    ("articles", "unit"),
    [([8, 8], "article"), ([500, 8], "article"), ([7, 500], "sentence"), ([4, 1], "sentence"), ([9, 8, 7], "sentence")],
)
def test_unit_is_the_article_where_every_outlet_has_enough(articles, unit):
    """Intervals are over articles where the outlet with the fewest has eight, and else over sentences."""
    assert MIN_ARTICLES == 8
    assert unit_of_interval(pd.Series(articles)) == unit


def test_permutation_score_is_that_of_scipy():
    """The p of random deals is scipy's of the same score, enumerated exactly; z is the score over its spread."""
    random = np.random.default_rng(3)
    sizes = random.integers(50, 200, 10).astype(float)
    uses = random.poisson(sizes[:, None] * [0.05, 0.02, 0.1]).astype(float)
    is_a = np.arange(10) < 5
    found = permutation_score(uses, sizes, is_a)
    for term in range(3):
        residual = uses[:, term] - uses[:, term].sum() / sizes.sum() * sizes
        exact = scipy.stats.permutation_test(
            (residual[is_a], residual[~is_a]), lambda a, b: a.sum(), vectorized=False, n_resamples=np.inf
        )
        assert found.loc[term, "p"] == pytest.approx(exact.pvalue, abs=0.02)
        assert found.loc[term, "z"] == pytest.approx(residual[is_a].sum() / np.std(exact.null_distribution), rel=1e-6)


def test_moments_of_the_score_are_those_of_all_deals():
    """Where sides are unequal the score's variance and skewness are those of every deal there is."""
    random = np.random.default_rng(4)
    sizes = random.integers(50, 200, 9).astype(float)
    uses = random.poisson(sizes * 0.05).astype(float)
    residual = uses - uses.sum() / sizes.sum() * sizes
    scores = np.array([residual[list(some)].sum() for some in itertools.combinations(range(9), 3)])
    is_a = np.arange(9) < 3
    rate = np.array([uses.sum() / sizes.sum()])
    assert permutation_score(uses[:, None], sizes, is_a).loc[0, "z"] == pytest.approx(residual[:3].sum() / scores.std())
    cubes = resampling._cubes(sparse.csr_array(uses[:, None]), sizes, rate)
    assert cubes == pytest.approx((residual**3).sum())
    moment = 3 * 6 * (9 - 6) / (9 * 8 * 7) * cubes
    assert moment / scores.std() ** 3 == pytest.approx(scipy.stats.skew(scores))


@pytest.mark.parametrize("skewness", [0.0, 0.0005, 0.01, 0.5, -0.5, 3.0])
def test_tails_are_those_of_pearson(skewness):
    """The tails of a skewed score are scipy's of Pearson's type III distribution; of none, the normal's."""
    z = np.array([-5, -1.96, 0, 0.3, 4.0])
    expected = scipy.stats.pearson3(skewness).sf(np.abs(z)) + scipy.stats.pearson3(skewness).cdf(-np.abs(z))
    np.testing.assert_allclose(resampling._tails(z, np.full(5, skewness)), expected, rtol=1e-2 if skewness else 1e-9)


def test_outlets_of_unlike_size_are_not_called_different():
    """Where one side has ten times the articles, 4 to 6 words in 100 have p < .05, and after correction hardly any."""
    shares, survivors = [], []
    for seed in range(4):
        made = simulate_counts(40, 600, against=400, seed=seed)
        tested = np.flatnonzero((made.counts > 0).sum(axis=0) >= 3)
        p = permutation_score(made.counts[:, tested], made.sizes, made.is_a)["p"]
        shares.append((p < 0.05).mean())
        survivors.append((adjusted(p) < 0.05).sum())
    assert 0.03 <= np.mean(shares) <= 0.065
    assert sum(survivors) <= 1


def test_p_reaches_beyond_the_deals():
    """Of a few articles a word that one side alone uses, in all of them, is surer than random deals can tell."""
    uses = np.repeat([30.0, 1.0], 20)[:, None] + np.arange(40)[:, None] % 3
    found = permutation_score(uses, np.full(40, 400.0), np.arange(40) < 20)
    assert 1 / scipy.special.binom(40, 20) <= found.loc[0, "p"] < 1e-5


def test_permutation_score_of_many_articles_is_normal():
    """With thirty articles a side p is the normal's of z, and near that of random deals."""
    random = np.random.default_rng(5)
    sizes = random.integers(100, 300, 70).astype(float)
    uses = random.poisson(sizes[:, None] * random.gamma(1, 0.02, (70, 40)))
    is_a = np.arange(70) < 35
    found = permutation_score(uses, sizes, is_a)
    np.testing.assert_allclose(found["p"], 2 * scipy.stats.norm.sf(found["z"].abs()))
    assert found["design_effect"].median() > 2
