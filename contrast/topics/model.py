"""Fit topics to counts: which words go together, and how much of each unit of text falls to each topic."""

import itertools
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from numbers import Integral
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import InputError, Problem, known_days, require
from contrast.progress import progress_bar
from contrast.terms import TermCounts
from contrast.text import paragraphs

ENOUGH_ARTICLES = 20
METHODS = ("nmf", "lda")
MOST_UNITS = 20_000  # a model is fitted to so many units at most; the others are folded in
FACTOR_STEPS, STEPS, FOLD_STEPS, SWEEPS = 30, 30, 30, 30
PRIOR = 0.05  # of a topic in a unit, and of a term in a topic
PROJECTION_STEPS, SMALLEST_STEP = 500, 1e-9  # a projection ends at the first that is reached
SMALLEST = 1e-12
NOISE = 1e-9  # an entry of a singular vector that is nothing
DIGITS = 9  # numbers are rounded to these before anything is put in order, so that processors agree
UNITS_AT_ONCE = 500
BLOCK = 25  # units whose uses of terms are looked up together: few stay in the processor's cache
CARRIED = ("date", "story")  # columns of the articles that tell which units are not independent


class Topics(NamedTuple):
    """
    A fitted model: `term_share` (topics x terms) and `unit_share` (units x topics), rows adding to 1.

    `counts` is what it was fitted to, by `method`.
    """

    term_share: np.ndarray
    unit_share: np.ndarray
    counts: TermCounts
    method: str = "nmf"


def topic_units(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Choose what topics are fitted to: articles, or distinct paragraphs if an outlet has fewer than `ENOUGH_ARTICLES`.

    Returns
    -------
    DataFrame
        One row a unit: `article_id`, `outlet`, `paragraph` (0 if the unit is the whole article), `text`, `unit`
        ("article" or "paragraph"), and of the article `date` (missing if it is not known to the day) and `story`, where
        the articles have them.
    """
    require(articles, "outlet", "text")
    carried = [column for column in CARRIED if column in articles]
    if "date" in carried:
        articles = articles.assign(date=known_days(articles))
    if articles["outlet"].value_counts().min() < ENOUGH_ARTICLES:
        table = paragraphs(articles).drop_duplicates(["outlet", "text"], ignore_index=True).assign(unit="paragraph")
        table = table.merge(articles[carried], left_on="article_id", right_index=True, how="left")
    else:
        table = articles.rename_axis("article_id").reset_index().assign(paragraph=0, unit="article")
    return table[["article_id", "outlet", "paragraph", "text", "unit", *carried]]


def fit_topics(
    counts: TermCounts, k: int, *, method: str = "nmf", seed: int = 0, most_units: int = MOST_UNITS
) -> Topics:
    """
    Fit k topics to counts.

    "nmf" is non-negative matrix factorisation of tf-idf, which finds the topics, and then steps of variational
    expectation-maximisation on the counts, which make them word distributions, so that shares are shares. In the tf-idf
    a count c weighs 1 + ln c: a word that comes in a burst would else make a topic of its own article. The steps are
    those of latent Dirichlet allocation, with priors (`PRIOR`) that favour few topics a unit and few words a topic:
    plain ones leave topics blurred. "lda" is latent Dirichlet allocation from a random start.

    Of more than `most_units` units the model is fitted to a sample, in which each outlet and month has its part; the
    other units are then folded in by batches.

    Parameters
    ----------
    counts : TermCounts
        Over paragraphs, or articles.
    k : int
        How many topics; at least 2, fewer than there are units and terms.
    method : {"nmf", "lda"}
    seed : int
        Of the sample, and of the start of "lda"; that of "nmf" leaves nothing to chance.
    most_units : int

    Returns
    -------
    Topics
        The largest topic first; of equals the one whose leading term comes first in the alphabet.

    Raises
    ------
    InputError
        If the texts are too few for k topics, or there is no such method.

    References
    ----------
    Lee and Seung (1999), Learning the Parts of Objects by Non-negative Matrix Factorization.
    Boutsidis and Gallopoulos (2008), SVD Based Initialization: A Head Start for Nonnegative Matrix Factorization.
    Blei, Ng and Jordan (2003), Latent Dirichlet Allocation.
    """
    matrix = sparse.csr_array(counts.matrix, dtype=float)
    sample = stratified_sample(counts.units, most_units, seed=seed)
    if not isinstance(k, Integral) or not 2 <= k < min(len(sample), matrix.shape[1]):
        found = f"{matrix.shape[0]} units of text and {matrix.shape[1]} terms do not carry {k} topics."
        raise InputError([Problem("the corpus", None, found, "Ask for fewer topics (2 or more), or add articles.")])
    if method not in METHODS:
        raise InputError([Problem("method", None, f"there is no method {method!r}.", f"Use {' or '.join(METHODS)}.")])
    fitted = matrix if len(sample) == len(counts.units) else matrix[sample]
    unit_share, term_share = _factorised(fitted, k) if method == "nmf" else _allocated(fitted, k, seed)
    if fitted is not matrix:
        unit_share = fold_in(matrix, term_share)
    size = (matrix.sum(axis=1) @ unit_share).round(DIGITS)
    first = counts.terms[term_share.round(DIGITS).argmax(axis=1)]
    order = np.lexsort((first, -size))
    return Topics(term_share[order], unit_share[:, order], counts, method)


def fold_in(matrix, term_share: np.ndarray, steps: int = FOLD_STEPS) -> np.ndarray:
    """Give the topic shares of units (rows of counts) under given topics, by batches: units x topics."""
    matrix = sparse.csr_array(matrix, dtype=float)
    parts = [slice(at, at + UNITS_AT_ONCE) for at in range(0, matrix.shape[0], UNITS_AT_ONCE)]

    def fold(part):
        counts, ratio = matrix[part], matrix[part]
        unit_share = np.full((counts.shape[0], len(term_share)), 1 / len(term_share))
        for _ in range(steps):
            ratio.data = over_expected(counts, unit_share, term_share)
            unit_share = as_shares(unit_share * (ratio @ term_share.T))
        return unit_share

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        folded = list(progress_bar("Folding units in", " batches", len(parts), over=pool.map(fold, parts)))
    return np.concatenate(folded)


def project(targets, term_share: np.ndarray) -> np.ndarray:
    """
    Solve for the mixture of topics nearest to each word distribution, in Kullback and Leibler's sense.

    Parameters
    ----------
    targets : array, groups x terms
        Each row adds to 1.
    term_share : array, topics x terms

    Returns
    -------
    array, groups x topics
        Each row adds to 1. The problem is convex, so the start does not matter.
    """
    mixtures = np.full((len(targets), len(term_share)), 1 / len(term_share))
    for _ in range(PROJECTION_STEPS):
        before = mixtures
        ratio = targets / np.maximum(before @ term_share, SMALLEST)
        mixtures = as_shares(before * (ratio @ term_share.T))
        if np.abs(mixtures - before).max() <= SMALLEST_STEP:
            break
    return mixtures


def marking_terms(term_share: np.ndarray, n: int) -> np.ndarray:
    """
    List the terms that tell each topic most from the others: topics x n numbers of terms, the foremost first.

    They are ranked by what they add to the divergence of the topic from the average one, p log (p / mean p); of equals
    the one first in the alphabet comes first. By probability alone topics of one language share their leading words.
    """
    gain = term_share * np.log(np.maximum(term_share, SMALLEST) / np.maximum(term_share.mean(axis=0), SMALLEST))
    return np.argsort(-gain.round(DIGITS), axis=1, kind="stable")[:, :n]


def stratified_sample(units: pd.DataFrame, most: int, *, seed: int = 0) -> np.ndarray:
    """Draw rows of units, `most` at most, from each outlet and month in proportion; all rows if there are no more."""
    if len(units) <= most:
        return np.arange(len(units))
    month = units["date"].dt.strftime("%Y-%m").fillna("") if "date" in units else ""
    strata = pd.factorize(units["outlet"].astype(str) + "\n" + month)[0]
    lottery = np.random.default_rng(seed).random(len(units))
    order = np.lexsort((lottery, strata))
    rank = np.empty(len(units))
    rank[order] = np.arange(len(units)) - np.searchsorted(strata[order], strata[order])
    within = (rank + lottery) / np.bincount(strata)[strata]  # each stratum's units, spread evenly from 0 to 1
    return np.sort(np.lexsort((lottery, within))[:most])


def take_units(counts: TermCounts, rows: np.ndarray) -> TermCounts:
    """Keep some units."""
    return counts._replace(matrix=counts.matrix[rows], units=counts.units.iloc[rows].reset_index(drop=True))


def words_by_article(topics: Topics) -> pd.DataFrame:
    """Give how many words of each article fall to each topic: a row an article, by name, in the order of the units."""
    sizes = np.asarray(topics.counts.matrix.sum(axis=1)).ravel()
    articles = topics.counts.units["article_id"].to_numpy()
    return pd.DataFrame(topics.unit_share * sizes[:, None]).groupby(articles, sort=False).sum()


def as_shares(values: np.ndarray) -> np.ndarray:
    """Divide each row by its sum, none of it being quite zero."""
    values = np.maximum(values, SMALLEST)
    return values / values.sum(axis=-1, keepdims=True)


def over_expected(matrix, unit_share: np.ndarray, term_share: np.ndarray) -> np.ndarray:
    """Divide each count that is not zero, in the matrix's order, by its expectation under the model."""
    terms, sizes, starts = np.ascontiguousarray(term_share.T), np.diff(matrix.indptr), matrix.indptr[::BLOCK]
    fitted = np.empty(len(matrix.data))
    for block, (start, end) in enumerate(itertools.pairwise([*starts, len(fitted)])):
        part = slice(block * BLOCK, (block + 1) * BLOCK)
        units = np.repeat(unit_share[part], sizes[part], axis=0)
        np.einsum("ij,ij->i", units, np.take(terms, matrix.indices[start:end], axis=0), out=fitted[start:end])
    return matrix.data / np.maximum(fitted, SMALLEST)


def _factorised(matrix, k):
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer

    weights = TfidfTransformer(sublinear_tf=True).fit_transform(matrix)
    model = NMF(k, init="custom", max_iter=FACTOR_STEPS)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):  # of an error that rounding makes negative
        warnings.simplefilter("ignore", ConvergenceWarning)  # this is a start, from which steps go on
        unit_share = as_shares(model.fit_transform(weights, **_start(weights, k)))
    term_share = as_shares(model.components_)
    lengths = matrix.sum(axis=1)[:, None]
    unit_weight = unit_share * lengths + PRIOR
    term_weight = term_share * (unit_share * lengths).sum(axis=0)[:, None] + PRIOR
    places = [slice(start, start + UNITS_AT_ONCE) for start in range(0, matrix.shape[0], UNITS_AT_ONCE)]
    ratios = [matrix[place] for place in places]  # whose values each step writes anew, in their transposes too
    parts = [(place, matrix[place], ratio, ratio.T) for place, ratio in zip(places, ratios, strict=True)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        run = pool.map if len(parts) > 1 else map
        for _ in range(STEPS):
            unit_weight, term_weight = _variational_step(parts, unit_weight, term_weight, run)
    return as_shares(unit_weight), as_shares(term_weight)


def _start(weights, k) -> dict[str, np.ndarray]:
    """
    Start a factorisation without chance, from the leading singular vectors.

    Of each the larger of its positive and negative parts is taken, and zeros are filled with the mean (NNDSVDa).
    """
    from scipy.sparse.linalg import svds

    left, values, right = svds(weights, k, v0=np.ones(min(weights.shape)))
    found, filler = [], weights.mean()
    for unit, value, term in zip(left.T[::-1], values[::-1], right[::-1], strict=True):
        sides = [(np.maximum(sign * unit, 0), np.maximum(sign * term, 0)) for sign in (1, -1)]
        sizes = [np.linalg.norm(one) * np.linalg.norm(other) for one, other in sides]
        larger = int(sizes[1] > sizes[0])
        scale = np.sqrt(value * sizes[larger])
        found.append([scale * side / max(np.linalg.norm(side), SMALLEST) for side in sides[larger]])
    units, terms = (np.stack(sides) for sides in zip(*found, strict=True))
    units, terms = (np.where(sides > NOISE, sides, filler) for sides in (units, terms))
    return {"W": units.T.copy(), "H": terms}


def _variational_step(parts, unit_weight, term_weight, run) -> tuple[np.ndarray, np.ndarray]:
    """Deal each use of a term to the topics anew; parts of the units at the same time, added up in their order."""
    units, terms = _geometric(unit_weight), _geometric(term_weight)

    def of_part(part) -> tuple[np.ndarray, np.ndarray]:
        place, counts, ratio, turned = part
        ratio.data = turned.data = over_expected(counts, units[place], terms)
        return units[place] * (ratio @ terms.T) + PRIOR, turned @ units[place]

    found, uses = [], np.zeros(terms.shape[::-1])
    for weight, used in run(of_part, parts):
        found.append(weight)
        uses += used
    return np.concatenate(found), terms * uses.T + PRIOR


def _geometric(weights):
    """Give the geometric mean of the shares that a Dirichlet distribution of these weights holds likely."""
    from scipy.special import digamma

    return np.exp(digamma(weights) - digamma(weights.sum(axis=1, keepdims=True)))


def _allocated(matrix, k, seed):
    from sklearn.decomposition import LatentDirichletAllocation

    model = LatentDirichletAllocation(k, learning_method="batch", max_iter=SWEEPS, random_state=seed)
    unit_share = as_shares(model.fit_transform(matrix))
    return unit_share, as_shares(model.components_)
