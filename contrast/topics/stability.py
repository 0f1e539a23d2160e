"""Which topics last: the same model fitted again to parts of the texts, beside texts whose words are shuffled."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.progress import progress_bar
from contrast.topics.model import DIGITS, Topics, fit_topics, marking_terms, project, stratified_sample, take_units
from contrast.topics.projection import pool_articles

PART = 0.8  # of the units, to which a model is fitted again
TOP = 10  # marking terms that a topic may keep
MOST_UNITS = 1_500  # in a refit
HALF = 0.5  # of its terms a topic has to keep to be called the same


class Refits(NamedTuple):
    """
    Models fitted again to parts of the texts, topics in the order of the first model.

    `overlaps` has a row a topic and refit: `topic`, `refit` (both from 1), `overlap` (the part of the topic's `TOP`
    marking terms that it keeps). `shuffled` is the part that topics of shuffled words keep, on average. `term_shares`
    has an array, topics x terms, a refit.
    """

    overlaps: pd.DataFrame
    shuffled: float
    term_shares: list[np.ndarray]


def refit_topics(topics: Topics, *, repeats: int = 10, shuffled: int = 5, seed: int = 0) -> Refits:
    """
    Fit a model again to 80 % of its units, drawn without replacement, and to texts whose words are shuffled.

    Topics are matched one to one, so that together they keep as many of their marking terms as can be. Shuffled texts
    are the units with all their words dealt anew, each keeping its length; to those a model is fitted, and fitted again
    to parts. No refit takes more than `MOST_UNITS` units.

    Parameters
    ----------
    topics : Topics
    repeats, shuffled : int
        Refits to parts of the texts, and of shuffled texts.
    seed : int

    Returns
    -------
    Refits

    References
    ----------
    Greene, O'Callaghan and Cunningham (2014), How Many Topics? Stability Analysis for Topic Models.
    """
    k = len(topics.term_share)
    random = np.random.default_rng(seed)
    with progress_bar("Fitting topics again", " times", repeats + 2 * shuffled) as bar:
        shares, overlaps = _refitted(topics, repeats, random, seed, bar)
        kept = _of_shuffled(topics, shuffled, random, seed, bar) if shuffled else np.nan
    table = {
        "topic": np.tile(np.arange(1, k + 1), repeats),
        "refit": np.repeat(np.arange(1, repeats + 1), k),
        "overlap": overlaps.ravel(),
    }
    return Refits(pd.DataFrame(table), kept, shares)


def topic_stability(refits: Refits) -> pd.DataFrame:
    """
    Say which topics last.

    Returns
    -------
    DataFrame
        One row a topic: `topic`, `overlap` (the part of its marking terms that it keeps, on average over refits),
        `least`, `most`, `shuffled` (what topics of shuffled words keep), `line` (the larger of that and `HALF`),
        `is_stable` (whether the overlap is over the line), `repeats`.
    """
    groups = refits.overlaps.groupby("topic")["overlap"]
    table = groups.agg(overlap="mean", least="min", most="max", repeats="size").round(DIGITS).reset_index()
    line = float(np.nanmax([refits.shuffled, HALF]))
    table = table.assign(shuffled=refits.shuffled, line=line, is_stable=table["overlap"] > line)
    return table[["topic", "overlap", "least", "most", "shuffled", "line", "is_stable", "repeats"]]


def prevalence_over_refits(topics: Topics, refits: Refits) -> pd.DataFrame:
    """
    Say how far an outlet's shares move if the topics themselves are found again: the doubt that no interval holds.

    Returns
    -------
    DataFrame
        One row an outlet and topic: `outlet`, `topic`, `least`, `most` (the share by pooled projection over refits).
    """
    pool = pool_articles(topics, "article")
    parts = pool.groups("outlet")
    targets = np.stack([np.asarray(part.words.mean(axis=0)) for part in parts.values()])
    found = np.stack([project(targets, term_share) for term_share in refits.term_shares])
    k = found.shape[2]
    table = {
        "outlet": np.repeat(list(parts), k),
        "topic": np.tile(np.arange(1, k + 1), len(parts)),
        "least": found.min(axis=0).ravel(),
        "most": found.max(axis=0).ravel(),
    }
    return pd.DataFrame(table).round(DIGITS)


def matched(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Match topics one to one by the marking terms they share.

    Parameters
    ----------
    one, other : array, topics x terms
        Term numbers, as `model.marking_terms` gives them.

    Returns
    -------
    places, overlap : arrays of the topics of `one`
        The number of the topic of `other`, and the part of the terms that both have.
    """
    from scipy.optimize import linear_sum_assignment

    shared = np.array([[len(np.intersect1d(a, b)) for b in other] for a in one]) / one.shape[1]
    _, places = linear_sum_assignment(-shared)
    return places, shared[np.arange(len(one)), places]


def _refitted(topics, repeats, random, seed, bar):
    """Fit a model again and again to parts; give the terms' shares of each, and overlaps (refits x topics)."""
    k, first = len(topics.term_share), marking_terms(topics.term_share, TOP)
    shares, overlaps = [], []
    for _ in range(repeats):
        size = min(int(PART * len(topics.counts.units)), MOST_UNITS)
        rows = np.sort(random.choice(len(topics.counts.units), size, replace=False))
        again = fit_topics(take_units(topics.counts, rows), k, method=topics.method, seed=seed).term_share
        places, overlap = matched(first, marking_terms(again, TOP))
        shares.append(again[places])
        overlaps.append(overlap)
        bar.update()
    return shares, np.stack(overlaps)


def _of_shuffled(topics, repeats, random, seed, bar) -> float:
    """Give the part of their terms that topics of shuffled words keep, on average."""
    rows, kept = stratified_sample(topics.counts.units, int(MOST_UNITS / PART), seed=seed), []
    for _ in range(repeats):
        counts = _shuffled(take_units(topics.counts, rows), random)
        model = fit_topics(counts, len(topics.term_share), method=topics.method, seed=seed)
        bar.update()
        kept.append(_refitted(model, 1, random, seed, bar)[1].mean())
    return float(np.mean(kept).round(DIGITS))


def _shuffled(counts, random):
    """Deal all words out anew among the units, each keeping its length."""
    rows, columns = counts.matrix.nonzero()
    uses = counts.matrix.data.astype(int)
    rows, columns = np.repeat(rows, uses), random.permutation(np.repeat(columns, uses))
    return counts._replace(matrix=sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=counts.matrix.shape))
