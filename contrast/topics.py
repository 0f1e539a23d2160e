"""What each outlet talks about: topics over paragraphs, their words, their share by outlet, and how stable they are."""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import InputError, Problem
from contrast.progress import progress_bar
from contrast.terms import TermCounts
from contrast.text import paragraphs

ENOUGH_ARTICLES = 20
EM_STEPS = 30
PROJECTION_STEPS, SMALLEST_STEP = 500, 1e-9  # a projection ends at the first that is reached
SMALLEST = 1e-12
DIGITS = 9  # numbers are rounded to these before anything is put in order, so that processors agree


class Topics(NamedTuple):
    """A fitted model: `term_share` (topics x terms) and `unit_share` (units x topics), rows adding to 1; `counts`."""

    term_share: np.ndarray
    unit_share: np.ndarray
    counts: TermCounts


def topic_units(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Choose what topics are fitted to: articles, or distinct paragraphs if an outlet has fewer than `ENOUGH_ARTICLES`.

    Returns
    -------
    DataFrame
        One row a unit: `article_id`, `outlet`, `paragraph` (0 if the unit is the whole article), `text`, `unit`
        ("article" or "paragraph").
    """
    if articles["outlet"].value_counts().min() < ENOUGH_ARTICLES:
        table = paragraphs(articles).drop_duplicates("text", ignore_index=True).assign(unit="paragraph")
    else:
        table = articles.reset_index().assign(paragraph=0, unit="article")
    return table[["article_id", "outlet", "paragraph", "text", "unit"]]


def fit_topics(counts: TermCounts, k: int, *, seed: int = 0) -> Topics:
    """
    Fit k topics: non-negative matrix factorisation of tf-idf, then expectation-maximisation steps on the counts.

    The factorisation finds the topics; the steps turn them into word distributions, so that shares are shares.

    Parameters
    ----------
    counts : TermCounts
        Over paragraphs, or articles.
    k : int
        How many topics; at least 2, fewer than there are units and terms.
    seed : int
        Of the factorisation's start.

    Returns
    -------
    Topics
        The largest topic first.

    Raises
    ------
    InputError
        If the texts are too few for k topics.

    References
    ----------
    Lee and Seung (1999), Learning the Parts of Objects by Non-negative Matrix Factorization.
    Hofmann (1999), Probabilistic Latent Semantic Indexing.
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer

    matrix = sparse.csr_array(counts.matrix, dtype=float)
    if not 2 <= k < min(matrix.shape):
        found = f"{matrix.shape[0]} units of text and {matrix.shape[1]} terms do not carry {k} topics."
        raise InputError([Problem("the corpus", None, found, "Ask for fewer topics (2 or more), or add articles.")])
    model = NMF(k, init="nndsvda", random_state=seed, max_iter=200)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):  # of an error that rounding makes negative
        warnings.simplefilter("ignore", ConvergenceWarning)  # it gives a start; the steps below go on from there
        unit_share = _shares(model.fit_transform(TfidfTransformer().fit_transform(matrix)))
    term_share = _shares(model.components_)
    for _ in range(EM_STEPS):
        expected = _expected(matrix, unit_share, term_share)
        unit_share, term_share = (
            _shares(unit_share * (expected @ term_share.T)),
            _shares(term_share * (expected.T @ unit_share).T),
        )
    size = (matrix.sum(axis=1) @ unit_share).round(DIGITS)
    first = counts.terms[term_share.round(DIGITS).argmax(axis=1)]
    order = np.lexsort((first, -size))
    return Topics(term_share[order], unit_share[:, order], counts)


def topic_terms(topics: Topics, n: int = 7) -> pd.DataFrame:
    """
    List the words that mark each topic.

    Words are ranked by FREX: the harmonic mean of a word's rank within the topic and of its rank by how much of its use
    belongs to the topic.

    Returns
    -------
    DataFrame
        One row a topic (from 1) and term, in rank order: `topic`, `term`, `printed` (as most often printed), `share`
        (of the topic's words), `exclusivity` (the part of the term's use that falls to this topic, 0 to 1), `count`
        (uses in the corpus).

    References
    ----------
    Bischof and Airoldi (2012), Summarizing Topical Content with Word Frequency and Exclusivity.
    """
    share = topics.term_share
    weight = _shares(np.asarray(topics.counts.matrix.sum(axis=1)) @ topics.unit_share)
    exclusivity = (share * weight[:, None]) / np.maximum((share * weight[:, None]).sum(axis=0), SMALLEST)
    uses = np.asarray(topics.counts.matrix.sum(axis=0)).ravel().astype(int)
    rows = []
    for topic in range(len(share)):
        columns = {
            "term": topics.counts.terms,
            "printed": topics.counts.printed,
            "share": share[topic],
            "exclusivity": exclusivity[topic],
            "count": uses,
        }
        table = pd.DataFrame(columns).assign(topic=topic + 1).round({"share": DIGITS, "exclusivity": DIGITS})
        ranks = table[["share", "exclusivity"]].rank(pct=True)
        table["frex"] = (2 / (1 / ranks).sum(axis=1)).round(DIGITS)
        rows.append(table.sort_values(["frex", "term"], ascending=[False, True]).head(n))
    return pd.concat(rows, ignore_index=True)[["topic", "term", "printed", "share", "exclusivity", "count"]]


def typical_units(topics: Topics, units: pd.DataFrame, n: int = 1) -> pd.DataFrame:
    """
    Find the units that belong most to each topic, in each outlet.

    Parameters
    ----------
    topics : Topics
    units : DataFrame
        What the model was fitted to, with `text`.
    n : int
        How many a topic and outlet.

    Returns
    -------
    DataFrame
        One row a unit: `topic`, `outlet`, `article_id`, `paragraph`, `share` (of its words in the topic), `text`;
        the fullest first, the longer one if two are as full.
    """
    rows = []
    for topic, share in enumerate(topics.unit_share.T, start=1):
        table = topics.counts.units.assign(topic=topic, share=share.round(6), text=units["text"].to_numpy())
        table = table.sort_values(["share", "words", "article_id", "paragraph"], ascending=[False, False, True, True])
        rows.append(table.groupby("outlet", sort=False).head(n))
    columns = ["topic", "outlet", "article_id", "paragraph", "share", "text"]
    table = pd.concat(rows, ignore_index=True)[columns]
    return table.sort_values(["topic", "outlet"], kind="stable", ignore_index=True)


def prevalence(topics: Topics, by: str = "outlet") -> pd.DataFrame:
    """
    Measure how much of an outlet's, or an article's, words each topic takes, by pooled projection.

    The word shares of a group's articles are averaged, and the one mixture of topics that explains them best (in
    Kullback and Leibler's sense) is solved for. A share has no interval here: see the limits in notebook 03.

    Parameters
    ----------
    topics : Topics
    by : {"outlet", "article_id"}

    Returns
    -------
    DataFrame
        One row a group and topic: the group's column (and `outlet`), `topic`, `share` (a group's add to 1), `articles`.

    References
    ----------
    Hopkins and King (2010), A Method of Automated Nonparametric Content Analysis for Social Science.
    """
    articles = topics.counts.by_article()
    lengths = np.asarray(articles.matrix.sum(axis=1)).ravel()
    filled = np.flatnonzero(lengths)
    units = articles.units.iloc[filled]
    groups, names = pd.factorize(units[by])
    sizes = np.bincount(groups)
    weights = 1 / (sizes[groups] * lengths[filled])
    targets = sparse.csr_array((weights, (groups, filled)), shape=(len(names), len(lengths))) @ articles.matrix
    shares = _project(sparse.csr_array(targets), topics.term_share).round(DIGITS)
    k = shares.shape[1]
    table = {
        by: np.repeat(names, k),
        "outlet": np.repeat(units.groupby(by, sort=False)["outlet"].first().to_numpy(), k),
        "topic": np.tile(np.arange(1, k + 1), len(names)),
        "share": shares.ravel(),
        "articles": np.repeat(sizes, k),
    }
    return pd.DataFrame(table)


def stability(
    counts: TermCounts, k: int, *, seed: int = 0, repeats: int | None = None, top: int = 10, most: int = 1000
) -> pd.DataFrame:
    """
    Refit the topics on units drawn anew, and do the same to texts whose words are shuffled.

    Of more than `most` units, as many are drawn at first, so that a large corpus takes no longer; and they are refitted
    less often the more there are (10 times up to 100 units, 5 times from 200), for the overlap then varies less.

    Returns
    -------
    DataFrame
        One row a text ("as written", "words shuffled"): `overlap`, the part of a topic's `top` leading terms that it
        keeps when the model is refitted to units drawn anew with replacement, topics matched one to one, averaged
        over topics and `repeats`. A model that keeps no more than one of shuffled words has found nothing that lasts.
    """
    from scipy.optimize import linear_sum_assignment

    random = np.random.default_rng(seed)
    if counts.matrix.shape[0] > most:
        counts = _only(counts, np.sort(random.choice(counts.matrix.shape[0], most, replace=False)))
    repeats = repeats or max(5, min(10, 1000 // max(counts.matrix.shape[0], 1)))
    rows = []
    for text, start_from in (("as written", lambda: counts), ("words shuffled", lambda: _shuffled(counts, random))):
        overlaps = []
        for _ in progress_bar(f"Refitting topics, {text}", " times", over=range(repeats)):
            start = start_from()
            if start is not counts or not overlaps:
                first = _leading(fit_topics(start, k, seed=seed), top)
            again = _leading(fit_topics(_drawn_anew(start, random), k, seed=seed), top)
            shared = np.array([[len(one & other) for other in again] for one in first]) / top
            overlaps.append(shared[linear_sum_assignment(-shared)].mean())
        rows.append({"text": text, "overlap": float(np.mean(overlaps)), "repeats": repeats, "top": top})
    return pd.DataFrame(rows)


def _shares(values):
    values = np.maximum(values, SMALLEST)
    return values / values.sum(axis=-1, keepdims=True)


def _expected(matrix, unit_share, term_share):
    """Divide each count by its expectation under the model, at the counts that are not zero."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    fitted = np.einsum("ij,ij->i", unit_share[rows], term_share.T[matrix.indices])
    data = matrix.data / np.maximum(fitted, SMALLEST)
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _project(targets, term_share):
    """Solve for the mixture of topics nearest to each word distribution: convex, so the start does not matter."""
    mixtures = np.full((targets.shape[0], len(term_share)), 1 / len(term_share))
    moving = np.arange(targets.shape[0])
    for _ in range(PROJECTION_STEPS):
        before, part = mixtures[moving], targets[moving]
        mixtures[moving] = _shares(before * (_expected(part, before, term_share) @ term_share.T))
        moving = moving[np.abs(mixtures[moving] - before).max(axis=1) > SMALLEST_STEP]
        if not len(moving):
            break
    return mixtures


def _leading(topics, top):
    terms = topics.counts.terms  # in alphabetical order, which a stable sort keeps among equals
    return [set(terms[np.argsort(-share, kind="stable")[:top]]) for share in topics.term_share.round(DIGITS)]


def _drawn_anew(counts, random):
    return _only(counts, np.sort(random.integers(0, counts.matrix.shape[0], counts.matrix.shape[0])))


def _only(counts, rows):
    return counts._replace(matrix=counts.matrix[rows], units=counts.units.iloc[rows].reset_index(drop=True))


def _shuffled(counts, random):
    """Deal all words out anew among the units, each keeping its length."""
    rows, columns = counts.matrix.nonzero()
    uses = counts.matrix.data.astype(int)
    rows, columns = np.repeat(rows, uses), random.permutation(np.repeat(columns, uses))
    return counts._replace(matrix=sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=counts.matrix.shape))
