"""Shares, their intervals and tests equal exact solvers, published numbers and full enumeration, and hold the truth."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.optimize
import scipy.stats
from scipy import sparse

from contrast.corpus import InputError
from contrast.terms import TermCounts
from contrast.topics import (
    Topics,
    choose_unit,
    design_effects,
    fit_topics,
    prevalence,
    prevalence_differences,
    share_grid,
    simulate_topics,
)
from contrast.topics.model import project
from contrast.topics.projection import (
    WORTH,
    Draws,
    contrast_of,
    deal_units,
    design_effect,
    draw_mixtures,
    draw_units,
    influence,
    interval_apart,
    interval_of,
    mixture_of,
    pool_articles,
)
from contrast.topics.shares import FEWEST, UNSTABLE

PAIR = np.array([[0.5, 0.3, 0.1, 0.1], [0.1, 0.2, 0.4, 0.3]])  # two topics over four terms
NORMAL = 10**9  # units, with so many of which Student's t is normal


def made_topics(matrix, outlets, term_share=PAIR, **columns):
    """Put together known topics and the counts of articles, each article a unit."""
    matrix = sparse.csr_array(np.asarray(matrix))
    terms = np.array([f"term{number:02}" for number in range(matrix.shape[1])], dtype=object)
    table = {"article_id": [f"a{number:03}" for number in range(matrix.shape[0])], "outlet": outlets}
    units = pd.DataFrame(table | columns).assign(words=matrix.sum(axis=1))
    unit_share = np.full((len(units), len(term_share)), 1 / len(term_share))
    return Topics(term_share, unit_share, TermCounts(matrix, terms, terms, units))


def of_known_topics(made):
    """Give the model that simulated counts were made from."""
    return Topics(made.term_share, np.zeros((len(made.counts.units), len(made.term_share))), made.counts)


def written(articles, share=0.5, seed=0):
    """Count 30 words an article; each article is of the first topic alone, or of the second."""
    random = np.random.default_rng(seed)
    return [random.multinomial(30, PAIR[int(part >= share)]) for part in random.random(articles)]


def dated(*days):
    """Give dates, so many days after a Monday."""
    return pd.Timestamp("2020-06-01") + pd.to_timedelta(pd.Series(days), unit="D")


def nearest_mixture(target, term_share):
    """Minimise Kullback and Leibler's divergence from a word distribution with scipy's SLSQP."""
    used = target > 0
    found = scipy.optimize.minimize(
        lambda mixture: -target[used] @ np.log(np.maximum(mixture @ term_share[:, used], 1e-300)),
        np.full(len(term_share), 1 / len(term_share)),
        jac=lambda mixture: -term_share[:, used] @ (target[used] / np.maximum(mixture @ term_share[:, used], 1e-300)),
        bounds=[(0, 1)] * len(term_share),
        constraints={"type": "eq", "fun": lambda mixture: mixture.sum() - 1, "jac": np.ones_like},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    return found.x


def draws_of(share, variance):
    """Give four draws with this mean and variance, and four that move independently of them."""
    half = np.sqrt(variance)
    return share + np.outer([1, 1, -1, -1], half), share + np.outer([1, -1, 1, -1], half)


# Mixtures


def test_share_is_the_mixture_that_explains_the_words_best():
    """The share found is the least of Kullback and Leibler's divergence, as scipy's minimiser finds it."""
    counts = np.array([[6, 3, 2, 1], [2, 2, 2, 2]])
    target = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)  # each article counts the same
    best = scipy.optimize.minimize_scalar(
        lambda share: -(target * np.log(share * PAIR[0] + (1 - share) * PAIR[1])).sum(),
        bounds=(0, 1),
        method="bounded",
        options={"xatol": 1e-10},
    )
    topics = made_topics(counts, ["X", "X"])
    assert 0.1 < best.x < 0.9
    assert prevalence(topics)["share"].tolist() == pytest.approx([best.x, 1 - best.x], abs=1e-6)
    assert mixture_of(pool_articles(topics, "article"), topics) == pytest.approx([best.x, 1 - best.x], abs=1e-6)


def test_projection_is_scipys_nearest_mixture():
    """Of many topics the mixture is that of scipy's SLSQP, with topics of no share among them."""
    random = np.random.default_rng(1)
    term_share = random.dirichlet(np.full(30, 0.2), 5)
    targets = random.dirichlet([2, 2, 2, 0.01, 0.01], 8) @ term_share
    targets = np.stack([random.multinomial(200, target) for target in targets]) / 200
    expected = np.stack([nearest_mixture(target, term_share) for target in targets])
    assert (expected < 1e-6).any()
    np.testing.assert_allclose(project(targets, term_share), expected, atol=1e-4)


def alone(weights):
    """Make draws in which each article is a bundle of its own."""
    return Draws(np.array(weights), np.arange(len(weights[0])))


def by_article(drawn):
    """Give how often each article is in each draw."""
    return drawn.weights[:, drawn.bundle]


@pytest.mark.parametrize(("articles", "topics", "terms"), [(6, 6, 60), (10, 4, 60), (40, 8, 150)])
def test_mixtures_of_draws_are_exact(articles, topics, terms):
    """Each draw's mixture is scipy's, and none can be better: gradients are 1, or less for a topic of no share."""
    made = simulate_topics(1, articles, topics=topics, terms=terms, words=60, seed=0)
    model = of_known_topics(made)
    pool = pool_articles(model, "story")
    drawn = draw_units(pool, 400, 1)
    found, weights = draw_mixtures(pool, model, mixture_of(pool, model), drawn), by_article(drawn)
    targets = (weights / weights.sum(axis=1, keepdims=True)) @ pool.words.toarray()
    np.testing.assert_allclose(found.sum(axis=1), 1)
    gradient = (targets / (found @ model.term_share)) @ model.term_share.T
    assert (found >= 0).all()
    assert gradient.max() < 1 + 1e-6
    assert np.abs(found * (gradient - 1)).max() < 1e-6
    assert (found.min(axis=1) < 1e-6).any()
    for draw in range(0, 400, 50):
        np.testing.assert_allclose(found[draw], nearest_mixture(targets[draw], model.term_share), atol=1e-4)


def test_draw_without_an_article_has_no_mixture():
    """A draw of weeks in which an outlet has no article has no mixture, and the others have theirs."""
    topics = made_topics(written(3), "X")
    pool = pool_articles(topics, "article")
    found = draw_mixtures(pool, topics, mixture_of(pool, topics), alone([[0, 0, 0], [1, 1, 1], [0, 3, 0]]))
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1], mixture_of(pool, topics), atol=1e-6)
    np.testing.assert_allclose(found[2], project(pool.words.toarray()[[1]], PAIR)[0], atol=1e-6)


def test_influence_is_how_far_a_little_weight_moves_the_mixture():
    """An article's influence is the slope of the mixture in its weight, as exact solutions either side give it."""
    model = of_known_topics(simulate_topics(1, 8, topics=3, terms=40, words=80, seed=2))
    pool = pool_articles(model, "article")
    share = mixture_of(pool, model)
    moved = influence(pool, model, share)
    assert share.min() > 0.01
    step = 1e-3
    up, down = (draw_mixtures(pool, model, share, alone(np.ones((8, 8)) + side * np.eye(8))) for side in (step, -step))
    np.testing.assert_allclose(moved / 8, (up - down) / (2 * step), atol=1e-4)
    np.testing.assert_allclose(moved.sum(axis=0), 0, atol=1e-6)


# Draws


def test_units_are_drawn_as_wholes_outlet_by_outlet():
    """Articles of one story come together, and each outlet has as many stories in a draw as it has."""
    stories = [*"ssttuu", *"vwxyz"]
    pool = pool_articles(made_topics(written(11), ["X"] * 6 + ["Y"] * 5, story=stories), "story")
    weights = by_article(draw_units(pool, 200, 0))
    np.testing.assert_array_equal(weights[:, :6:2], weights[:, 1:6:2])
    assert (weights[:, :6:2].sum(axis=1) == 3).all()
    assert (weights[:, 6:].sum(axis=1) == 5).all()
    assert weights[:, 0].var() == pytest.approx(3 * (1 / 3) * (2 / 3), abs=0.2)


def test_weeks_of_both_outlets_are_drawn_together():
    """Where a week holds articles of both outlets they come together, and their differences move less."""
    table = made_topics(written(12), ["X", "Y"] * 6, date=dated(*np.repeat(np.arange(0, 42, 7), 2)))
    weights = by_article(draw_units(pool_articles(table, "week"), 50, 0))
    np.testing.assert_array_equal(weights[:, ::2], weights[:, 1::2])
    assert (weights[:, ::2].sum(axis=1) == 6).all()


def test_many_units_are_drawn_by_bundles(monkeypatch):
    """Units beyond the most are dealt to so many bundles, and the interval stays as wide, to a fifth."""
    topics = made_topics(written(240, 0.3), "X")
    whole = prevalence(topics)
    monkeypatch.setattr("contrast.topics.projection.MOST_CLUSTERS", 60)
    weights = by_article(draw_units(pool_articles(topics, "article"), 100, 0))
    assert len(np.unique(weights, axis=1).T) <= 60
    assert (weights.sum(axis=1) == 240).all()
    bundled = prevalence(topics)
    assert not bundled.equals(whole)
    np.testing.assert_allclose(bundled["share"], whole["share"])
    np.testing.assert_allclose(bundled["high"] - bundled["low"], whole["high"] - whole["low"], rtol=0.2)


# Intervals


@pytest.mark.parametrize(("found", "of"), [(1, 50), (7, 20), (30, 90), (10, 11)])
@pytest.mark.parametrize("units", [NORMAL, 20, 6])
def test_interval_is_wilsons_where_draws_vary_as_independent_articles(found, of, units):
    """With the variance of so many independent articles it is scipy's Wilson interval, at Student's quantile."""
    share = np.array([found / of, 1 - found / of])
    drawn, _ = draws_of(share, share * (1 - share) / of * (units - 1) / units)
    level = 2 * scipy.stats.norm.cdf(scipy.stats.t.ppf(0.975, units - 1)) - 1
    wilson = scipy.stats.binomtest(found, of).proportion_ci(level, method="wilson")
    np.testing.assert_allclose(interval_of(share, drawn, units)[0], [wilson.low, wilson.high], rtol=1e-6)


def test_topic_of_few_units_is_worth_no_more_than_half_again():
    """A topic whose draws vary too little is worth 1.5 times the articles of all; its ends solve the score equation."""
    share = np.array([0.5, 0.4, 0.1])
    variance = share * (1 - share) / [40, 40, 4000]
    low, high = interval_of(share, draws_of(share, variance)[0], NORMAL)[2]
    worth = WORTH * (share * (1 - share)).sum() / variance.sum()
    for end in (low, high):
        assert (0.1 - end) ** 2 == pytest.approx(scipy.stats.norm.ppf(0.975) ** 2 * end * (1 - end) / worth)


@pytest.mark.parametrize("nearly", [0, 1e-12, 1e-9, 1e-6])
@pytest.mark.parametrize("spread", [0, 1e-6, 1e-4])
def test_share_of_nearly_zero_has_an_interval_like_that_of_zero(nearly, spread):
    """A topic that is not there, and is in few draws or none, has an interval from 0 to what others let expect."""
    share = np.array([nearly, 0.6, 0.4 - nearly])
    drawn = np.tile(share, (100, 1)) + np.array([-1, 1])[np.arange(100) % 2][:, None] * [0, 0.07, -0.07]
    drawn[:5] += [spread, -spread, 0]
    low, high = interval_of(share, drawn, 50)[0]
    together = 0.48 / (2 * 0.07**2)
    assert 0 <= low <= nearly
    assert high == pytest.approx(scipy.stats.t.ppf(0.975, 49) ** 2 / (WORTH * together), rel=0.1)


def test_topic_that_an_outlet_never_has_is_nearly_zero():
    """Of an outlet with forty articles of two topics the share of a third is surely below a tenth."""
    random = np.random.default_rng(6)
    term_share = np.kron(np.eye(3), np.full(8, 0.11)) + 0.005
    counts = np.stack([random.multinomial(80, term_share[number % 2]) for number in range(40)])
    found = prevalence(made_topics(counts, "X", term_share / term_share.sum(axis=1, keepdims=True))).loc[2]
    assert found["share"] < 0.01
    assert found["high"] < 0.1


def test_interval_of_a_difference_is_newcombes():
    """Newcombe (1998), table II, 56/70 less 48/80 by method 10: 0.0524 to 0.3339."""
    shares = [np.array([part, 1 - part]) for part in (56 / 70, 48 / 80)]
    drawn = [
        draws_of(share, share * (1 - share) / of)[side]
        for side, (share, of) in enumerate(zip(shares, (70, 80), strict=True))
    ]
    ends = [interval_of(share, draws, NORMAL) for share, draws in zip(shares, drawn, strict=True)]
    found = interval_apart(shares, ends, drawn)
    np.testing.assert_allclose(found[0], [0.0524, 0.3339], atol=5e-5)
    np.testing.assert_allclose(found[1], -found[0][::-1])
    other = interval_apart(shares[::-1], ends[::-1], drawn[::-1])
    np.testing.assert_allclose(other[0], -found[0][::-1])


def test_outlets_that_move_together_differ_surely():
    """Where both outlets' draws are the same there is no doubt about the difference; where opposite, twice as much."""
    share = np.array([0.4, 0.6])
    drawn, _ = draws_of(share, share * (1 - share) / 50)
    ends = interval_of(share, drawn, NORMAL)
    alike = interval_apart([share, share], [ends, ends], [drawn, drawn])
    apart = interval_apart([share, share], [ends, ends], [drawn, drawn[::-1]])
    width = ends[0, 1] - ends[0, 0]
    np.testing.assert_allclose(apart[0], [-width, width])
    np.testing.assert_allclose(alike[0, 1], np.abs(ends[0].sum() - 2 * share[0]))  # all that Wilson's is uneven


def test_intervals_hold_the_planted_shares_and_differences():
    """Of 40 made-up outlets with known topics and stories, 95 % intervals hold the truth in .90 to .99."""
    made = simulate_topics(40, 20, topics=3, terms=50, words=60, seed=4)
    model = of_known_topics(made)
    shares = prevalence(model, unit="story", draws=100)
    names = shares["outlet"].unique()
    pairs = zip(names[::2], names[1::2], strict=True)
    apart = prevalence_differences(model, "story", pairs=pairs, draws=100)
    shares["planted"] = made.shares.ravel()
    apart["planted"] = (made.shares[::2] - made.shares[1::2]).ravel()
    for table, most in ((shares, 0.7), (apart, 1)):
        is_held = (table["low"] <= table["planted"]) & (table["planted"] <= table["high"])
        assert 0.90 <= is_held.mean() <= 0.99
        assert (table["high"] - table["low"]).max() < most


# Design effect


@pytest.mark.parametrize("times", [2, 5])
def test_design_effect_of_repeated_articles_is_their_number(times):
    """Articles printed so many times in one story have that design effect; taken one by one they have 1."""
    topics = made_topics(np.repeat(written(40), times, axis=0), "X", story=np.repeat(np.arange(40), times).astype(str))
    small = (40 / 39) / (40 * times / (40 * times - 1))  # of the variances' degrees of freedom
    assert prevalence(topics, unit="story")["design_effect"].tolist() == pytest.approx([times * small] * 2)
    assert prevalence(topics, unit="article")["design_effect"].tolist() == pytest.approx([1, 1])
    shares = [prevalence(topics, unit=unit) for unit in ("story", "article")]
    wide = [table["high"] - table["low"] for table in shares]
    assert (wide[0] / wide[1]).tolist() == pytest.approx([times**0.5] * 2, rel=0.1)


def test_design_effect_of_independent_articles_is_one():
    """Articles dealt at random to stories have a design effect near 1, also of a difference that is wide."""
    random = np.random.default_rng(9)
    share = np.repeat([0.85, 0.15], 400)
    counts = [random.multinomial(40, PAIR[int(random.random() > part)]) for part in share]
    outlets = np.repeat(["X", "Y"], 400)
    for story in (np.arange(800) // 4, np.arange(800) % 100):  # of one outlet each, of both
        topics = made_topics(counts, outlets, story=story.astype(str))
        apart = prevalence_differences(topics, "story", draws=50)
        assert abs(apart.loc[0, "difference"]) > 0.5
        assert apart["design_effect"].between(0.6, 1.4).all()
        assert prevalence(topics, unit="story", draws=50)["design_effect"].between(0.6, 1.4).all()


def test_topic_without_spread_has_no_design_effect():
    """What no article moves has no design effect, and no warning is given."""
    topics = made_topics(np.tile([6, 3, 2, 1], (8, 1)), "X")
    table = design_effects(topics)
    assert table["design_effect"].isna().all()
    assert np.isnan(design_effect(np.zeros((8, 2)), np.arange(8))).all()


def test_design_effects_are_of_the_units_that_are_known():
    """Units without dates or stories are left out, as are outlets with too few; the numbers are those of the shares."""
    outlets, stories = ["X"] * 12 + ["Y"] * 4, [*"aabbccddeeff", *"ghij"]
    dates = dated(*[0, 1, 2, 3, 4, 5] * 2, 7, 8, 9, 10)
    topics = made_topics(written(16), outlets)
    assert design_effects(topics)["unit"].tolist() == ["article"]
    told = design_effects(made_topics(written(16), outlets, story=stories))
    assert told[["outlet", "unit", "units"]].to_numpy().tolist() == [["X", "article", 12], ["X", "story", 6]]
    of_all = made_topics(written(16), outlets, story=stories, date=dates)
    table = design_effects(of_all)
    assert table["unit"].tolist() == ["article", "story", "day"]  # all of one week
    for row in table.itertuples():
        shares = prevalence(of_all, unit=row.unit, draws=20)
        assert row.design_effect == pytest.approx(shares.loc[shares["outlet"] == "X", "design_effect"].median())


# Tests


def studentised(sums, sizes, chosen):
    """Give the difference of two sides' means over its standard error over units, as Cochran has it."""
    means, errors = [], []
    for side in (chosen, [unit for unit in range(len(sums)) if unit not in chosen]):
        mean = sums[side].sum() / sizes[side].sum()
        left = sums[side] - mean * sizes[side]
        means.append(mean)
        errors.append(len(side) / (len(side) - 1) * (left**2).sum() / sizes[side].sum() ** 2)
    return (means[0] - means[1]) / np.sqrt(sum(errors))


@pytest.mark.parametrize(("of_a", "of_b"), [(5, 5), (5, 4), (3, 6)])
def test_p_of_units_of_one_outlet_is_that_of_all_deals(of_a, of_b):
    """Dealt at random the p is near that of all deals of the units, their difference taken over its standard error."""
    random = np.random.default_rng(of_a + of_b)
    clusters = np.repeat(np.arange(of_a + of_b), random.integers(1, 4, of_a + of_b))
    moved = random.gamma(0.5, 2, (len(clusters), 4)) + (clusters < of_a)[:, None] * [0, 1, 2, 4]
    found = deal_units(moved, clusters, clusters < of_a)
    for column in range(4):
        sums, sizes = np.bincount(clusters, moved[:, column] - moved[:, column].mean()), np.bincount(clusters)
        told = studentised(sums, sizes, list(range(of_a)))
        deals = itertools.combinations(range(of_a + of_b), of_a)
        far = [abs(studentised(sums, sizes, list(chosen))) >= abs(told) - 1e-9 for chosen in deals]
        assert found[column] == pytest.approx(np.mean(far), abs=0.04)


def test_outlets_of_unlike_units_are_not_called_different():
    """Where one outlet's units are many and small, the other's few and large, p under .05 stays near 5 % of cases."""
    random, found = np.random.default_rng(0), []
    for _ in range(60):
        clusters = np.concatenate([np.arange(60), np.repeat(np.arange(60, 80), 6)])
        moved = random.normal(size=(80, 2))[clusters] + random.normal(size=(180, 2))
        found.append(deal_units(moved, clusters, clusters < 60) < 0.05)
    assert np.mean(found) <= 0.11


def test_p_of_weeks_of_both_outlets_is_that_of_all_changes_of_sign():
    """Over eight weeks the p is near that of all 256 exchanges of the outlets within weeks."""
    random = np.random.default_rng(4)
    clusters, is_a = np.repeat(np.arange(8), 5), np.tile([True, True, False, False, False], 8)
    moved = random.normal(size=(40, 4)) + is_a[:, None] * [0, 0.3, 0.6, 1.2] + random.normal(size=(8, 4))[clusters]
    found = deal_units(moved, clusters, is_a)
    each = pd.DataFrame(contrast_of(moved - moved.mean(axis=0), is_a)).groupby(clusters).sum().to_numpy()
    means = [
        moved[is_a & (clusters == week)].mean(axis=0) - moved[~is_a & (clusters == week)].mean(axis=0)
        for week in range(8)
    ]
    np.testing.assert_allclose(each.sum(axis=0), np.mean(means, axis=0))
    signed = np.abs(np.array(list(itertools.product([-1, 1], repeat=8))) @ each)
    exact = (signed >= np.abs(each.sum(axis=0)) - 1e-9).mean(axis=0)
    np.testing.assert_allclose(found, exact, atol=0.02)
    assert exact[3] < 0.02 < exact[0]


@pytest.mark.parametrize("is_shared", [False, True])
def test_p_does_not_depend_on_what_all_articles_have_in_common(is_shared):
    """Added to every article a number changes no p, though units differ in size and in their outlets' parts."""
    random = np.random.default_rng(2)
    is_a = np.arange(30) < 12
    clusters = random.integers(0, 7, 30) + (0 if is_shared else 7 * is_a)
    clusters = pd.factorize(clusters)[0]
    moved = random.normal(size=(30, 3))
    np.testing.assert_allclose(deal_units(moved, clusters, is_a), deal_units(moved + 3, clusters, is_a), atol=1e-3)


def test_p_of_many_weeks_is_normal():
    """Over forty weeks the p is the normal's, near that of random changes of sign in scipy."""
    random = np.random.default_rng(7)
    clusters, is_a = np.repeat(np.arange(40), 2), np.arange(80) % 2 == 0
    moved = random.normal(size=(80, 3)) + is_a[:, None] * [0, 0.3, 0.5]
    found = deal_units(moved, clusters, is_a)
    for column in range(3):
        apart = moved[is_a, column] - moved[~is_a, column]
        changed = scipy.stats.permutation_test(
            (apart,), np.mean, permutation_type="samples", n_resamples=4000, vectorized=True, rng=1
        )
        assert found[column] == pytest.approx(changed.pvalue, abs=0.02)


@pytest.mark.parametrize("is_shared", [False, True])
def test_shuffled_outlets_differ_no_more_often_than_chance(is_shared, monkeypatch):
    """With outlets dealt to units at random, or exchanged within weeks, p is under .05 in 3 to 7 of 100 cases."""
    monkeypatch.setattr("contrast.topics.projection.DEALS", 250)
    model = of_known_topics(simulate_topics(1, 40, topics=3, terms=40, words=60, seed=3))
    pool = pool_articles(model, "story")
    moved, clusters = influence(pool, model, mixture_of(pool, model)), pool.clusters()
    random = np.random.default_rng(11)
    found = []
    for case in range(300):
        deal = random.permutation(np.arange(20) % 2)[clusters] == 0
        is_a = (np.arange(40) + random.integers(0, 2, 20)[clusters]) % 2 == 0 if is_shared else deal
        found.append(deal_units(moved, clusters, is_a, seed=case))
    assert 0.03 <= (np.array(found) < 0.05).mean() <= 0.07


# Tables


def test_shares_of_outlets_months_and_articles():
    """Groups come as the articles do, months in order within an outlet, and what has no date is of no month."""
    dates = dated(40, 0, 41, 1, 2, 42, 0, 0).where(pd.Series(range(8)) != 7)
    topics = made_topics(written(8), [*"YYXXYYXX"], date=dates)
    by_outlet, by_month, by_article = (prevalence(topics, by, draws=20) for by in ("outlet", "month", "article_id"))
    assert by_outlet["outlet"].tolist() == [*"YYXX"]
    assert by_article["article_id"].tolist() == [f"a{number:03}" for number in range(8) for _ in range(2)]
    assert by_article["outlet"].tolist() == [outlet for outlet in "YYXXYYXX" for _ in range(2)]
    groups = by_month.drop_duplicates(["outlet", "month"])[["outlet", "month", "articles"]]
    assert groups.to_numpy().tolist() == [
        ["Y", "2020-06", 2],
        ["Y", "2020-07", 2],
        ["X", "2020-06", 2],
        ["X", "2020-07", 1],
    ]
    for table, key in ((by_outlet, ["outlet"]), (by_month, ["outlet", "month"]), (by_article, ["article_id"])):
        assert table["topic"].tolist() == [1, 2] * (len(table) // 2)
        np.testing.assert_allclose(table.groupby(key)["share"].sum(), 1)
    np.testing.assert_allclose(
        by_article["share"].to_numpy().reshape(8, 2),
        project(pool_articles(topics, "article").words.toarray(), PAIR),
        atol=1e-8,
    )
    assert by_article["reason"].unique().tolist() == ["1 of at least 5 articles"]
    assert by_article[["low", "high"]].isna().all(axis=None)


def test_without_draws_there_is_no_interval():
    """Asked for no draws, shares are as ever and there is no interval, which the reason says."""
    topics = made_topics(written(12), [*"XY"] * 6)
    table = prevalence(topics, draws=0)
    assert table["reason"].unique().tolist() == ["not asked for"]
    assert table[["low", "high", "design_effect"]].isna().all(axis=None)
    np.testing.assert_array_equal(table["share"], prevalence(topics)["share"])


def test_every_pair_of_outlets_is_compared():
    """Of four outlets there are six pairs, in the articles' order; q is scipy's over all rows."""
    topics = made_topics(written(28), [*"DBCA"] * 7)
    table = prevalence_differences(topics, draws=100)
    pairs = table.drop_duplicates(["a", "b"])[["a", "b"]].sum(axis=1).tolist()
    assert pairs == ["DB", "DC", "DA", "BC", "BA", "CA"]
    np.testing.assert_allclose(table["q"], scipy.stats.false_discovery_control(table["p"]))
    share = prevalence(topics, draws=0).set_index(["outlet", "topic"])["share"]
    for row in table.itertuples():
        assert row.difference == pytest.approx(share[row.a, row.topic] - share[row.b, row.topic], abs=2e-9)
        assert row.low < row.difference < row.high
    assert (table["articles_a"] == 7).all()
    assert (table["units"] == 14).all()
    one = prevalence_differences(topics, pairs=[("A", "D")])
    np.testing.assert_allclose(one["difference"], -table.loc[table["b"].eq("A") & table["a"].eq("D"), "difference"])


def test_same_seed_gives_the_same_tables():
    """One seed gives the same numbers to the last digit; another gives others."""
    topics = made_topics(written(24), [*"XY"] * 12)
    for table in (prevalence, prevalence_differences):
        one, again, other = (table(topics, draws=50, seed=seed) for seed in (1, 1, 2))
        pd.testing.assert_frame_equal(one, again)
        assert not one.equals(other)


@pytest.mark.parametrize(
    ("articles", "unit", "days", "reason"),
    [
        (4, "article", range(4), "4 of at least 5 articles"),
        (5, "article", range(5), ""),
        (9, "day", [0, 1, 2, 3] * 2 + [3], "4 of at least 5 days"),
        (9, "week", range(9), "2 of at least 5 weeks"),
        (9, "story", range(9), "3 of at least 5 stories"),
    ],
)
def test_too_few_articles_or_units_have_no_interval(articles, unit, days, reason):
    """With fewer than five articles or units there is neither interval nor test, and the reason says so."""
    assert FEWEST == 5
    outlets = ["X"] * articles + ["Y"] * 30
    stories = [f"s{number % 3}" for number in range(articles)] + [f"t{number}" for number in range(30)]
    dates = dated(*days, *range(0, 300, 10))
    topics = made_topics(written(articles + 30), outlets, date=dates, story=stories)
    shares, apart = prevalence(topics, unit=unit, draws=50), prevalence_differences(topics, unit, draws=50)
    assert shares["reason"].tolist() == [reason, reason, "", ""]
    assert apart["reason"].tolist() == [reason] * 2
    assert shares["share"].notna().all()
    assert apart["difference"].notna().all()
    measured = [shares.loc[shares["outlet"] == "X", ["low", "high", "design_effect"]]]
    measured.append(apart[["low", "high", "p", "q", "design_effect"]])
    for table in measured:
        assert (table.isna() if reason else table.notna()).all(axis=None)
    assert shares.loc[2:, ["low", "high", "design_effect"]].notna().all(axis=None)


def test_unstable_topics_have_no_interval_and_their_reason():
    """Topics that do not last have a share and no interval, and leave the others' q to be of the others alone."""
    term_share = np.vstack([PAIR, [0.2, 0.2, 0.2, 0.4]])
    topics = made_topics(written(24), [*"XY"] * 12, term_share)
    shares, apart = (table(topics, draws=50, unstable=iter([3])) for table in (prevalence, prevalence_differences))
    assert shares["reason"].tolist() == ["", "", UNSTABLE] * 2
    assert apart["reason"].tolist() == ["", "", UNSTABLE]
    assert shares[["low", "high", "design_effect"]].isna().all(axis=1).tolist() == [False, False, True] * 2
    assert apart[["low", "high", "p", "q"]].isna().all(axis=1).tolist() == [False, False, True]
    np.testing.assert_allclose(apart["q"][:2], scipy.stats.false_discovery_control(apart["p"][:2]))
    few = prevalence(made_topics(written(3), "X", term_share), unstable={3})
    assert few["reason"].unique().tolist() == ["3 of at least 5 articles"]


def test_article_without_words_of_the_model_is_none():
    """An article of stop words alone is counted nowhere."""
    table = prevalence(made_topics([*written(6), np.zeros(4, int)], "X"))
    assert table["articles"].tolist() == [6, 6]
    assert table["low"].notna().all()


def test_article_without_date_or_story_is_a_unit_of_its_own():
    """Articles of no story, or no date, are drawn one by one."""
    stories = pd.Series([*"ssttu", None, None, None], dtype=object)
    dates = dated(0, 0, 1, 1, 9, 9, 9, 9).where(pd.Series(range(8)) < 6)
    topics = made_topics(written(8), "X", story=stories, date=dates)
    units = {
        unit: prevalence(topics, unit=unit, draws=5).loc[0, "units"] for unit in ("article", "story", "day", "week")
    }
    assert units == {"article": 8, "story": 6, "day": 5, "week": 4}


@pytest.mark.parametrize("column", [{}, {"story": None, "date": pd.NaT}])
@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ("story", "needs a story of the articles, and none has one.*'article', or find stories first"),
        ("week", "unit 'week' needs a date of the articles, and none has one.*Use unit 'article'"),
        ("day", "unit 'day' needs a date.*Use unit 'article'"),
        ("year", "there is no unit 'year'.*Use one of article, story, day, week"),
    ],
)
def test_unit_that_there_is_not_is_refused(column, unit, message):
    """A unit for which the articles lack dates or stories, or that there is not, is refused with what to do."""
    topics = made_topics(written(12), [*"XY"] * 6, **column)
    for table in (prevalence, prevalence_differences):
        with pytest.raises(InputError, match=message):
            table(topics, unit=unit)


def test_groups_and_outlets_that_there_are_not_are_refused():
    """An unknown grouping, months without dates, an unknown outlet and an outlet alone are refused with what to do."""
    topics = made_topics(written(12), [*"XY"] * 6)
    with pytest.raises(InputError, match=r"no grouping 'year'.*Use one of outlet, month, article_id"):
        prevalence(topics, by="year")
    with pytest.raises(InputError, match=r"no article has a date.*Group by outlet"):
        prevalence(topics, by="month")
    with pytest.raises(InputError, match=r"no outlet 'Z'.*It has: X, Y"):
        prevalence_differences(topics, pairs=[("X", "Z")])
    with pytest.raises(InputError, match=r"all articles are of 'X'.*needs two outlets"):
        prevalence_differences(made_topics(written(12), "X"))


# The unit, and the grid


@pytest.mark.parametrize(
    ("stories", "days", "weeks", "unit"),
    [
        (30, 25, 4, "day"),
        (22, 25, 4, "story"),
        (30, 25, 21, "week"),
        (19, 19, 3, "article"),
        (25, 25, 4, "day"),
        (None, None, None, "article"),
    ],
)
def test_unit_is_the_widest_with_twenty_in_each_outlet(stories, days, weeks, unit):
    """Of units that every outlet has twenty of the scarcest is chosen, of equals the wider; else it is articles."""
    columns = {}
    if stories:
        number = np.arange(40)
        week = number % days * weeks // days
        day = 7 * week + number % days % 7
        columns = {"story": np.tile([f"s{n}" for n in number % stories], 2), "date": dated(*np.tile(day, 2))}
        assert (len(set(number % stories)), len(set(day)), len(set(week))) == (stories, days, weeks)
    assert choose_unit(made_topics(written(80), ["X"] * 40 + ["Y"] * 40, **columns)) == unit


def grid_of(topics, days, precision="day", **options):
    """Give the grid of a model's articles with these dates."""
    units = topics.counts.units
    articles = pd.DataFrame({"outlet": units["outlet"], "date": days, "date_precision": precision})
    return share_grid(topics, articles.set_index(units["article_id"]), **options)


def test_grid_has_articles_by_date():
    """Few articles are a column each, outlet by outlet, by date, and by name within a day; the undated come last."""
    dates = pd.Series(dated(9, 3, 9, 40, 3, 0)).mask(pd.Series([False] * 5 + [True]))
    topics = made_topics(written(6), [*"YXYXYX"], date=dates)
    table = grid_of(topics, dates, ["day", "day", "day", "month", "year", "day"])
    columns = ["2020", "2020-06-10", "2020-06-10", "2020-06-04", "2020-07", "a005"]
    assert table["outlet"].tolist() == [*"YYYYYYXXXXXX"]
    assert table["column"].tolist() == [name for name in columns for _ in range(2)]
    assert table["topic"].tolist() == [1, 2] * 6
    shares = prevalence(topics, "article_id", draws=0).set_index("article_id")["share"]
    assert table["share"].tolist() == shares.loc[["a004", "a000", "a002", "a001", "a003", "a005"]].tolist()


def test_grid_needs_the_articles_of_the_topics():
    """Articles without one that the topics were fitted to are refused, with its name."""
    made = simulate_topics(2, 10, topics=2, terms=60, words=60)
    model = fit_topics(made.counts, 2)
    names = made.counts.units["article_id"].unique()
    columns = {"outlet": "A", "date": pd.Timestamp("2016-05-03"), "date_precision": "day"}
    with pytest.raises(InputError, match=f"article '{names[-1]}' of the topics is not there"):
        share_grid(model, pd.DataFrame(columns, index=names[:-1]))


@pytest.mark.parametrize(("most", "months"), [(6, [0, 1, 2]), (5, [0, 2]), (4, [0, 2]), (2, [2]), (1, [])])
def test_grid_of_many_articles_has_months(most, months):
    """Of months with five articles of each outlet those with most have columns, by date, no more than asked for."""
    sizes = {"Y": [6, 5, 9, 4], "X": [6, 6, 5, 20]}  # articles a month
    rows = [
        (outlet, 31 * month + 1) for outlet, of in sizes.items() for month, many in enumerate(of) for _ in range(many)
    ]
    outlets, days = zip(*rows, strict=True)
    topics = made_topics(written(61), list(outlets), date=dated(*days))
    table = grid_of(topics, dated(*days), most=most)
    names = [["2020-06", "2020-07", "2020-08"][month] for month in months]
    assert list(table) == ["outlet", "column", "topic", "share"]
    assert table["column"].tolist() == [name for name in names * 2 for _ in range(2)]
    assert table["outlet"].tolist() == ["Y"] * 2 * len(names) + ["X"] * 2 * len(names)
    shares = prevalence(topics, "month", draws=0).set_index(["outlet", "month", "topic"])["share"]
    assert (
        table["share"].tolist()
        == shares[list(zip(table["outlet"], table["column"], table["topic"], strict=True))].tolist()
    )


def test_grid_without_a_month_for_all_outlets_is_empty():
    """Where outlets have no month in common, one of them has no dates, or no date is known, the grid is empty."""
    outlets = ["X"] * 25 + ["Y"] * 25
    far = dated(*[0] * 25, *[40] * 25)
    for dates in (far, far.where(np.arange(50) < 25), pd.Series(pd.NaT, index=range(50), dtype=far.dtype)):
        table = grid_of(made_topics(written(50), outlets, date=dates), dates)
        assert list(table) == ["outlet", "column", "topic", "share"]
        assert table.empty


def test_grid_of_months_counts_no_article_known_by_its_year():
    """A year's first day puts no article into January: such a corpus has no month, and no month too few articles."""
    dates = pd.Series(dated(*[0] * 50))
    topics = made_topics(written(50), [*"XY"] * 25, date=dates)
    assert len(grid_of(topics, dates)) == 4
    assert grid_of(topics, dates, "year").empty
    assert grid_of(topics, dates, ["day", "year"] * 25).empty


def test_grid_has_forty_columns_at_most():
    """Forty articles are a column each; with one more they are months."""
    for number, columns in ((40, 40), (41, 2)):
        dates = dated(*np.arange(number) % 60)
        table = grid_of(made_topics(written(number), "X", date=dates), dates)
        assert len(table) == 2 * columns
