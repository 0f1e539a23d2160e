"""The published measures of a two-by-two table: uses of a term and of all other words, in two outlets."""

import numpy as np
from scipy import sparse

PRIOR_WORDS = 100  # weight of the informative prior of the log-odds ratio, in words


def log_ratio(a, b, n_a, n_b):
    """
    Give log2 of the ratio of two rates, a count of 0 taken as 0.5 (Hardie 2014).

    >>> log_ratio(np.array([40]), np.array([8]), 1000, 2000).round(3).tolist()
    [3.322]
    """
    return np.log2(np.where(a == 0, 0.5, a) / n_a) - np.log2(np.where(b == 0, 0.5, b) / n_b)


def g2(a, b, n_a, n_b):
    """Give Dunning's (1993) log likelihood G2 over all four cells."""
    from scipy.special import xlogy

    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    total, both = n_a + n_b, a + b
    cells = ((a, n_a * both), (b, n_b * both), (n_a - a, n_a * (total - both)), (n_b - b, n_b * (total - both)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return sum(2 * xlogy(seen, np.where(seen > 0, seen * total / due, 1)) for seen, due in cells)


def g2_of_all(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """
    Give G2 of each term over any number of outlets, over all cells; it has a degree of freedom less than outlets.

    Parameters
    ----------
    counts : array, outlets x terms
    totals : array of outlets
        All words of each.
    """
    from scipy.special import xlogy

    counts, totals = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)[:, None]
    share = counts.sum(axis=0) / totals.sum()
    found = 0.0
    for seen, due in ((counts, totals * share), (totals - counts, totals * (1 - share))):
        found = found + 2 * xlogy(seen, np.where(seen > 0, seen / np.where(due > 0, due, 1), 1)).sum(axis=0)
    return found


def chi2(a, b, n_a, n_b):
    """Give Pearson's chi-squared over all four cells, without correction."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    total, both = n_a + n_b, a + b
    with np.errstate(divide="ignore", invalid="ignore"):
        found = total * (a * (n_b - b) - b * (n_a - a)) ** 2 / (n_a * n_b * both * (total - both))
    return np.where((both > 0) & (both < total), found, 0.0)


def percent_diff(a, b, n_a, n_b):
    """Give %DIFF, by how many percent the first rate exceeds the second (Gabrielatos 2018); infinite without a use."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (np.asarray(a) / n_a - np.asarray(b) / n_b) / (np.asarray(b) / n_b)


def odds_ratio(a, b, n_a, n_b):
    """Give the ratio of the odds of the term; infinite where the second outlet never uses it."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return a * (n_b - b) / (b * (n_a - a))


def log_odds_z(a, b, n_a, n_b):
    """
    Give the z of the log-odds ratio with an informative Dirichlet prior (Monroe et al. 2008, equations 16, 20, 22).

    The prior of a term is its share of both outlets' words, weighted as `PRIOR_WORDS` words.
    """
    prior = PRIOR_WORDS * (np.asarray(a) + b) / (n_a + n_b)
    odds_a = (a + prior) / (n_a + PRIOR_WORDS - a - prior)
    odds_b = (b + prior) / (n_b + PRIOR_WORDS - b - prior)
    return (np.log(odds_a) - np.log(odds_b)) / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def deviation_of_proportions(counts, sizes: np.ndarray) -> np.ndarray:
    """
    Give Gries' (2008) DP of each term over articles: 0 if spread as the words are, near 1 if in one short article.

    Parameters
    ----------
    counts : sparse matrix, articles x terms
    sizes : array of articles
        Words in each.

    Returns
    -------
    array of terms
        Half the sum of the differences between each article's share of the term's uses and of the words; missing where
        there is no use.
    """
    counts = sparse.csc_array(counts, dtype=float)
    share = np.asarray(sizes, dtype=float) / np.sum(sizes)
    uses = np.asarray(counts.sum(axis=0)).ravel()
    columns = np.repeat(np.arange(counts.shape[1]), np.diff(counts.indptr))
    due = share[counts.indices]
    beyond = np.abs(counts.data / uses[columns] - due) - due  # articles without a use differ by their whole share
    found = (1 + np.bincount(columns, weights=beyond, minlength=counts.shape[1])) / 2
    return np.where(uses > 0, found, np.nan)
