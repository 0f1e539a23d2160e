"""How sure a rate or a ratio is, when words come in bursts and so the article, or the sentence, is the unit."""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import stdtrit

MIN_ARTICLES = 8  # with fewer on a side, the far tail of an article-level test leaks: counts and lines only
LEVEL = 0.95


def rate_variance(counts, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Estimate pooled rates and their variances over units (articles or sentences) of unequal length.

    With y_i uses among n_i words in each of k units and r = sum y / sum n, the variance is
    k / (k - 1) * sum (y_i - r n_i)^2 / (sum n)^2: the cluster-robust (linearised) variance of a ratio.

    Parameters
    ----------
    counts : array or sparse matrix, units x terms
        Uses of each term in each unit.
    sizes : array of units
        Words in each unit.

    Returns
    -------
    rate, variance : arrays of terms
        Uses a word, and the variance of that; the variance is missing where there are fewer than two units.

    References
    ----------
    Cochran (1977), Sampling Techniques, section 2.11 (ratio estimators).
    """
    counts, sizes = sparse.csr_array(counts), np.asarray(sizes, dtype=float)
    units, total = len(sizes), sizes.sum()
    rate = np.asarray(counts.sum(axis=0)).ravel() / total
    if units < 2:
        return rate, np.full(rate.shape, np.nan)
    squares = np.asarray(counts.power(2).sum(axis=0)).ravel()
    products = counts.T @ sizes
    spread = squares - 2 * rate * products + rate**2 * (sizes**2).sum()
    return rate, units / (units - 1) * np.maximum(spread, 0) / total**2


def log_ratio_interval(counts_a, sizes_a, counts_b, sizes_b) -> pd.DataFrame:
    """
    Give the 95 % interval of the log ratio (base 2) of two sides' rates, by the delta method over units.

    Student's t on Welch and Satterthwaite's degrees of freedom; none where a side has no use or a single unit.

    Returns
    -------
    DataFrame
        One row a term: `low`, `high` (log2), missing where there is no interval.
    """
    rate_a, variance_a = rate_variance(counts_a, sizes_a)
    rate_b, variance_b = rate_variance(counts_b, sizes_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        part_a, part_b = variance_a / rate_a**2, variance_b / rate_b**2
        freedom = (part_a + part_b) ** 2 / (part_a**2 / (len(sizes_a) - 1) + part_b**2 / (len(sizes_b) - 1))
        half = stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(part_a + part_b) / np.log(2)
        centre = np.log2(rate_a / rate_b)
        ends = np.column_stack([centre - half, centre + half])
    ends[~np.isfinite(ends).all(axis=1)] = np.nan
    return pd.DataFrame(ends, columns=["low", "high"])


def rate_interval(counts, sizes) -> pd.DataFrame:
    """
    Give pooled rates with their 95 % interval over units, formed on the log scale so that it stays above zero.

    Returns
    -------
    DataFrame
        One row a term: `rate`, `low`, `high` (uses a word); no interval where there is no use, a single unit, or no
        difference between units.
    """
    rate, variance = rate_variance(counts, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stdtrit(max(len(sizes) - 1, 1), 0.5 + LEVEL / 2) * np.sqrt(variance) / rate
        ends = rate[:, None] * np.exp(np.column_stack([-half, half]))
    ends[~np.isfinite(ends).all(axis=1) | (half == 0)] = np.nan
    return pd.DataFrame({"rate": rate, "low": ends[:, 0], "high": ends[:, 1]})


def unit_of_interval(articles_by_outlet: pd.Series) -> str:
    """
    Choose what an interval can be taken over: "article" where every outlet has `MIN_ARTICLES`, else "sentence".

    An interval over sentences describes the texts at hand: it says nothing about other articles of the outlet.

    >>> unit_of_interval(pd.Series({"SANA": 4, "RT": 1}))
    'sentence'
    """
    return "article" if articles_by_outlet.min() >= MIN_ARTICLES else "sentence"
