"""Mixtures of topics by pooled projection, and how far they move when articles are drawn anew."""

import contextlib
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import stdtr, stdtrit

from contrast.corpus import InputError, Problem
from contrast.resampling import ENOUGH, LEVEL
from contrast.topics.model import SMALLEST, Topics, as_shares, project

UNITS = ("article", "story", "day", "week")
DRAWS, CELLS_AT_ONCE = 500, 1_000_000
DEALS = 2_000
NEWTON_STEPS, NEWTON_END = 30, 1e-5  # a draw's mixture is found when a step moves no share further
WORTH = 1.5
MOST_CLUSTERS = 2_000  # of more units the bootstrap draws bundles, dealt at random
HARDLY, DIGIT = 1e-9, 1e-9  # a share that is none; what counts as equal


class Pool(NamedTuple):
    """
    Articles with words in the model: `words` (articles x terms, each row adding to 1) and `articles`.

    A row of `articles` has `article_id`, `outlet`, `cluster` (number of the unit that is drawn and dealt as a whole)
    and `month` (where there are dates).
    """

    words: sparse.csr_array
    articles: pd.DataFrame

    def take(self, rows) -> "Pool":
        """Keep some rows."""
        return Pool(self.words[rows], self.articles.iloc[rows])

    def groups(self, keys: str | list[str]) -> "dict[str | tuple, Pool]":
        """Part the articles by some columns: what is in them -> the part, in the order in which they come."""
        places = self.articles.reset_index(drop=True).groupby(keys, sort=False).indices
        return {group: self.take(rows) for group, rows in places.items()}

    def clusters(self) -> np.ndarray:
        """Number the units from 0."""
        return pd.factorize(self.articles["cluster"])[0]


def pool_articles(topics: Topics, unit: str) -> Pool:
    """Gather a model's articles, each as the shares of its words, and number the units they belong to."""
    if unit not in UNITS:
        raise InputError([Problem("unit", None, f"there is no unit {unit!r}.", f"Use one of {', '.join(UNITS)}.")])
    articles = topics.counts.units.drop_duplicates("article_id", ignore_index=True)
    needed = {"article": "article_id", "story": "story"}.get(unit, "date")
    if needed not in articles or articles[needed].isna().all():
        problem = f"unit {unit!r} needs a {needed} of the articles, and none has one."
        remedy = "Use unit 'article'" + (", or find stories first." if unit == "story" else ".")
        raise InputError([Problem("the corpus", None, problem, remedy)])
    named = articles[needed]
    if needed == "date":
        named = named.dt.strftime("%G-%V" if unit == "week" else "%Y-%m-%d")
    alone = "\n" + articles["article_id"].astype(str)  # what has no story or date is a unit of its own
    month = articles["date"].dt.strftime("%Y-%m") if "date" in articles else None
    articles = articles.assign(cluster=pd.factorize(named.where(named.notna(), alone))[0], month=month)
    counts = topics.counts.by_article()
    sizes = np.asarray(counts.matrix.sum(axis=1)).ravel()
    filled = np.flatnonzero(sizes)
    words = sparse.csr_array(sparse.diags_array(1 / sizes[filled]) @ counts.matrix[filled])
    return Pool(words, articles.iloc[filled][["article_id", "outlet", "cluster", "month"]])


def known_pools(topics: Topics) -> dict[str, Pool]:
    """Gather a model's articles by every unit that is known of them."""
    pools = {}
    for unit in UNITS:
        with contextlib.suppress(InputError):
            pools[unit] = pool_articles(topics, unit)
    return pools


def influence(pool: Pool, topics: Topics, share: np.ndarray) -> np.ndarray:
    """
    Say how far each article moves a mixture that has this share: articles x topics, each column adding to about 0.

    With g the articles' gradients of the likelihood and H its curvature it is g H^-1, within shares that add to 1; a
    topic of no share stays so.
    """
    target = np.asarray(pool.words.mean(axis=0))[None]
    _, curvature = _slopes(target, topics.term_share, share[None])
    fitted = np.maximum(share @ topics.term_share, SMALLEST)
    gradients = sparse.csr_array(pool.words.multiply(1 / fitted)) @ topics.term_share.T
    free = np.flatnonzero(share > HARDLY)
    system = np.ones((len(free) + 1, len(free) + 1))
    system[:-1, :-1] = curvature[0][np.ix_(free, free)] + HARDLY * np.trace(curvature[0]) * np.eye(len(free))
    system[-1, -1] = 0
    moved = np.zeros(gradients.shape)
    moved[:, free] = np.linalg.solve(system, np.vstack([gradients[:, free].T, np.zeros(len(gradients))]))[:-1].T
    return moved


def deal_units(moved: np.ndarray, clusters: np.ndarray, is_a: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """
    Test whether articles of one side move shares further than those of the other, units being dealt as wholes.

    Where no unit is of both sides, units are dealt to the sides anew, as many to each as it had, and what is compared
    is the difference of means over its standard error over units: so sides whose units differ in size or spread are
    compared rightly too. Else the sign of each unit's part in the difference is random.

    Parameters
    ----------
    moved : array, articles x topics
        As `influence` gives it for both sides together.
    clusters : array of articles
        The unit of each, from 0.
    is_a : array of bool
    seed : int

    Returns
    -------
    array of topics
        p, two-sided: by `DEALS` deals; by Student's distribution from `ENOUGH` units a side for random signs, and of
        more than `MOST_CLUSTERS` units.

    References
    ----------
    Janssen (1997), Studentized Permutation Tests for Non-i.i.d. Hypotheses and the Generalized Behrens-Fisher Problem.
    """
    centred = moved - moved.mean(axis=0)
    sides = [np.bincount(clusters[rows], minlength=clusters.max() + 1) for rows in (is_a, ~is_a)]
    random = np.random.default_rng(seed)
    if not (sides[0] & sides[1]).any():
        sums, sizes = sum_units(centred, clusters), sum(sides).astype(float)
        told = _studentised(sums, sizes, (sides[0] > 0)[None])[0]
        if len(sums) > MOST_CLUSTERS:
            return 2 * stdtr(min((side > 0).sum() for side in sides) - 1, -np.abs(told))
        ranks = random.random((DEALS - 1, len(sums))).argsort(axis=1)
        dealt = _studentised(sums, sizes, ranks < (sides[0] > 0).sum())
        return (1 + (np.abs(dealt) >= np.abs(told) * (1 - DIGIT)).sum(axis=0)) / DEALS
    each = sum_units(contrast_of(centred, is_a), clusters)
    score, spread = each.sum(axis=0), np.sqrt((each**2).sum(axis=0))
    fewest = min((side > 0).sum() for side in sides)
    if fewest >= ENOUGH:
        return 2 * stdtr(fewest - 1, -np.abs(score) / np.maximum(spread, SMALLEST))
    signs = random.choice([-1.0, 1.0], (DEALS - 1, len(each)))
    return (1 + (np.abs(signs @ each) >= np.abs(score) * (1 - DIGIT)).sum(axis=0)) / DEALS


def _studentised(sums, sizes, is_a) -> np.ndarray:
    """Give the difference of the sides' means over its standard error over units: deals x topics."""
    means, variances = [], []
    for side in (is_a.astype(float), (~is_a).astype(float)):
        articles, units = (side @ sizes)[:, None], side.sum(axis=1)[:, None]
        mean = side @ sums / articles
        spread = side @ sums**2 - 2 * mean * (side @ (sums * sizes[:, None])) + mean**2 * (side @ sizes**2)[:, None]
        means.append(mean)
        variances.append(units / np.maximum(units - 1, 1) * np.maximum(spread, 0) / articles**2)
    error = np.sqrt(sum(variances))
    return np.where(error > SMALLEST, (means[0] - means[1]) / np.maximum(error, SMALLEST), 0)


def mixture_of(pool: Pool, topics: Topics) -> np.ndarray:
    """Give the mixture of topics that explains the average of the articles' word shares best."""
    return project(np.asarray(pool.words.mean(axis=0))[None], topics.term_share)[0]


def _slopes(targets, term_share, mixtures) -> tuple[np.ndarray, np.ndarray]:
    """Give the gradient (topics) and curvature (topics x topics) of each target's log-likelihood at its mixture."""
    fitted = np.maximum(mixtures @ term_share, SMALLEST)
    ratio = targets / fitted
    square = ratio / fitted
    curvature = np.stack([square @ (one * term_share).T for one in term_share], axis=1)
    return ratio @ term_share.T, curvature


def _newton(gradients, curvature, mixtures) -> np.ndarray:
    """
    Give one Newton step from each mixture, within shares that add to 1 and do not fall below 0.

    What would fall below 0 is held there, and let go where it pulls upwards again (the primal-dual active set method of
    Hintermüller, Ito and Kunisch, 2003).
    """
    rows, k = gradients.shape
    held = np.zeros((rows, k), dtype=bool)
    ridge = HARDLY * np.trace(curvature, axis1=1, axis2=2)[:, None]
    system = np.ones((rows, k + 1, k + 1))
    for _ in range(k):
        system[:, :k, :k] = curvature
        system[:, np.arange(k), np.arange(k)] += ridge
        system[:, :k, k] = system[:, k, :k] = 1
        system[:, k, k] = 0
        right = np.concatenate([gradients, np.zeros((rows, 1))], axis=1)
        row, column = np.nonzero(held)
        system[row, column, :] = 0
        system[row, column, column] = 1
        right[row, column] = -mixtures[row, column]
        solved = np.linalg.solve(system, right[:, :, None])[:, :, 0]
        steps = solved[:, :k]
        pull = gradients - (curvature @ steps[:, :, None])[:, :, 0] - solved[:, k:]
        hold = np.where(held, pull <= HARDLY, mixtures + steps < -HARDLY)
        if (hold == held).all():
            break
        held = hold
    return steps


class Draws(NamedTuple):
    """How often each bundle of units is in each draw: `weights` (draws x bundles); and the `bundle` of each article."""

    weights: np.ndarray
    bundle: np.ndarray

    def of(self, rows: np.ndarray) -> "Draws":
        """Keep some articles."""
        return self._replace(bundle=self.bundle[rows])


def draw_units(pool: Pool, draws: int, seed: int) -> Draws:
    """
    Draw units anew, each a bundle of its own or, of more than `MOST_CLUSTERS`, dealt into so many.

    Units that are of one outlet each are drawn outlet by outlet.
    """
    random = np.random.default_rng(seed)
    clusters, outlets = pool.clusters(), pd.factorize(pool.articles["outlet"])[0]
    shared = pd.Series(outlets).groupby(clusters).nunique().max() > 1
    weights, bundle, count = [], np.empty(len(clusters), dtype=np.int64), 0
    for stratum in np.unique(outlets * (not shared)):
        rows = np.flatnonzero(outlets * (not shared) == stratum)
        codes, found = pd.factorize(clusters[rows])
        if len(found) > MOST_CLUSTERS:
            codes = random.permutation(np.arange(len(found)) % MOST_CLUSTERS)[codes]
        many = codes.max() + 1
        weights.append(random.multinomial(many, np.full(many, 1 / many), draws))
        bundle[rows] = count + codes
        count += many
    return Draws(np.concatenate(weights, axis=1), bundle)


def draw_mixtures(pool: Pool, topics: Topics, share: np.ndarray, drawn: Draws) -> np.ndarray:
    """Give the mixture of each draw: draws x topics; missing where it has no article. Newton steps go from `share`."""
    used = np.flatnonzero(pool.words.sum(axis=0))
    shape = (drawn.weights.shape[1], len(drawn.bundle))
    gather = sparse.csr_array((np.ones(shape[1]), (drawn.bundle, np.arange(shape[1]))), shape=shape)
    words, term_share = sparse.csr_array(gather @ pool.words[:, used]), topics.term_share[:, used]
    total = drawn.weights @ gather.sum(axis=1)
    found = np.full((len(total), len(share)), np.nan)
    at_once = max(1, CELLS_AT_ONCE // max(len(used), 1))
    for start in range(0, len(total), at_once):
        part = np.flatnonzero(total[start : start + at_once]) + start
        targets = (drawn.weights[part] / total[part, None]) @ words
        mixtures, moving = np.tile(share, (len(part), 1)), np.arange(len(part))
        for _ in range(NEWTON_STEPS):
            before = mixtures[moving]
            steps = _newton(*_slopes(targets[moving], term_share, before), before)
            mixtures[moving] = as_shares(before + steps)
            moving = moving[np.abs(steps).max(axis=1) > NEWTON_END]
            if not len(moving):
                break
        found[part] = mixtures
    return found


def interval_of(share, drawn, units) -> np.ndarray:
    """
    Give Wilson's interval of each share, for the number of independent articles its variance is worth: topics x 2.

    Where few units hold a topic the draws vary too little; so no topic is worth more than `WORTH` times what all topics
    together are. What independent articles would vary is taken at the draws' mean: a share of nearly 0, whose draws
    are not all 0, would else be worth no article.
    """
    mean, variance = np.nanmean(drawn, axis=0), units / (units - 1) * np.nanvar(drawn, axis=0)
    binomial = mean * (1 - mean)
    together = binomial.sum() / variance.sum() if variance.sum() > SMALLEST else units
    worth = np.minimum(binomial / np.maximum(variance, SMALLEST), WORTH * together)
    worth = np.where(variance > SMALLEST, worth, WORTH * together)
    wide = stdtrit(units - 1, 0.5 + LEVEL / 2) ** 2 / worth
    half = np.sqrt(wide * share * (1 - share) + wide**2 / 4)
    return np.stack([share + wide / 2 - half, share + wide / 2 + half], axis=1).clip(0) / (1 + wide)[:, None]


def interval_apart(shares, ends, drawn) -> np.ndarray:
    """Give the interval of a difference from those of its two shares, and how they move together: topics x 2."""
    moved = [one - np.nanmean(one, axis=0) for one in drawn]
    spread = np.sqrt(np.nanmean(moved[0] ** 2, axis=0) * np.nanmean(moved[1] ** 2, axis=0))
    alike = np.nanmean(moved[0] * moved[1], axis=0) / np.maximum(spread, SMALLEST)
    below, above = ((shares[side] - ends[side][:, 0], ends[1 - side][:, 1] - shares[1 - side]) for side in (0, 1))
    low, high = (np.sqrt(np.maximum(a**2 + b**2 - 2 * alike * a * b, 0)) for a, b in (below, above))
    return (shares[0] - shares[1])[:, None] + np.stack([-low, high], axis=1)


def design_effect(moved, clusters) -> np.ndarray:
    """Give the variance of the sum of what articles move, over that if they were independent."""
    many = clusters.max() + 1
    together = many / (many - 1) * (sum_units(moved, clusters) ** 2).sum(axis=0)
    alone = len(moved) / (len(moved) - 1) * (moved**2).sum(axis=0)
    return np.where(alone > SMALLEST, together / np.maximum(alone, SMALLEST), np.nan)


def contrast_of(moved, is_a) -> np.ndarray:
    """Weigh the sides' articles so that they add up to the difference of the sides' means."""
    return moved * np.where(is_a, 1 / is_a.sum(), -1 / (~is_a).sum())[:, None]


def sum_units(values: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Add up the articles of each unit: units x topics."""
    return np.stack([np.bincount(clusters, column) for column in values.T], axis=1)
