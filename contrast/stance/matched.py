"""Compare outlets only where they write of the same matter, so that what happened is not taken for a stance."""

import math

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem, known_days, require, require_outlets
from contrast.resampling import DEALS, DEALS_AT_ONCE, LEVEL

MATTERS = 8  # with fewer matters of both outlets there is no interval
UNMATCHED = "unmatched: the outlets may report other events"


def matters_of(articles: pd.DataFrame, topic: pd.Series | None = None) -> pd.Series:
    """
    Name the matter of each article: its week, and its topic where that is known.

    Parameters
    ----------
    articles : DataFrame
        With `date`, and `date_precision` if it is known.
    topic : Series, optional
        The topic of each article, by article_id.

    Returns
    -------
    Series
        By article_id; missing where the day is not known.
    """
    require(articles, "date")
    week = known_days(articles).dt.strftime("%G week %V")
    return week if topic is None else week + ", topic " + topic.reindex(articles.index).astype(str)


def of_one_matter(articles: pd.DataFrame, *, most: int = 12) -> list[str]:
    """
    List the articles of the matter that most outlets report, and of those the one with most articles.

    Where each matter is of one outlet alone, the first articles of each outlet.

    Parameters
    ----------
    articles : DataFrame
        With `outlet` and `date`, by article_id.
    most : int
        Articles, at most; as many of one outlet as of the other.
    """
    require(articles, "outlet")
    table = articles[["outlet"]].assign(matter=matters_of(articles))
    sizes = table.groupby("matter").agg(outlets=("outlet", "nunique"), articles=("outlet", "size")).reset_index()
    shared = sizes[sizes["outlets"] > 1].sort_values(["outlets", "articles", "matter"], ascending=[False, False, True])
    if len(shared):
        table = table[table["matter"] == shared["matter"].iloc[0]]
    each = max(1, most // max(table["outlet"].nunique(), 1))
    return list(table.groupby("outlet", sort=False).head(each).index[:most])


def compare_matched(
    counted: dict[str, pd.DataFrame],
    articles: pd.DataFrame,
    outlets: list[str],
    *,
    topic: pd.Series | None = None,
    deals: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Compare shares of the first outlet with those of each other one, of all articles and within matters.

    Parameters
    ----------
    counted : dict
        What is a share -> findings: `article_id`, `outlet`, `part` (whether it is counted), `size` (its weight).
    articles : DataFrame
        By article_id, with `date`.
    outlets : list of str
    topic : Series, optional
        The topic of each article, by article_id.
    deals, seed : int

    Returns
    -------
    DataFrame
        One row a share, pair of outlets and way: `what`, `a`, `b`, `way` ("all articles", "of the same week", or "of
        the same week and topic"), and the columns of `matched_difference`.
    """
    matters, rows = matters_of(articles, topic), []
    matched = "of the same week" if topic is None else "of the same week and topic"
    for what, found in counted.items():
        sizes = found.assign(count=found["size"].where(found["part"], 0), n=found["size"])
        counts = sizes.groupby(["article_id", "outlet"])[["count", "n"]].sum().reset_index()
        for b in outlets[1:]:
            for way, known in (("all articles", None), (matched, matters)):
                try:
                    row = matched_difference(counts, outlets[0], b, known, seed=seed, deals=deals)
                except InputError as error:
                    row = pd.DataFrame([{"matters": 0, "reason": error.listed[0].problem}])
                rows.append(row.assign(what=what, a=outlets[0], b=b, way=way))
    columns = [
        "what",
        "a",
        "b",
        "way",
        "difference",
        "low",
        "high",
        "p",
        "matters",
        "articles_a",
        "articles_b",
        "reason",
    ]
    return pd.concat(rows, ignore_index=True).reindex(columns=columns) if rows else pd.DataFrame(columns=columns)


def matched_difference(
    counts: pd.DataFrame, a: str, b: str, matters: pd.Series | None, *, seed: int = 0, deals: int = DEALS
) -> pd.DataFrame:
    """
    Compare a share between two outlets within matters.

    In each matter of both outlets the shares are of all its findings; their differences are weighted by
    n_a n_b / (n_a + n_b), the findings of each side (Cochran 1954). The test deals the articles of each matter to the
    outlets anew, as many to each as it had.

    Parameters
    ----------
    counts : DataFrame
        One row an article: `article_id`, `outlet`, `count`, `n` (findings it is a share of).
    a, b : str
    matters : Series or None
        The matter of each article, by article_id; without it all articles are one matter, and the answer says so.
    seed, deals : int

    Returns
    -------
    DataFrame
        One row: `difference` (share in `a` less share in `b`), `low`, `high` (95 %, Student's t over matters), `p`
        (two-sided, by the deals; missing where so few are possible that none can reach .05), `matters` (of both
        outlets), `articles_a`, `articles_b` (in them), `reason` (what is missing and why, or "").

    Raises
    ------
    InputError
        If an outlet is not there, or no matter is of both outlets.

    References
    ----------
    Cochran (1954), Some Methods for Strengthening the Common Chi-Squared Tests.
    """
    require_outlets([a, b], counts["outlet"])
    both = counts[counts["outlet"].isin([a, b]) & (counts["n"] > 0)]
    named = pd.Series("all", index=both.index) if matters is None else both["article_id"].map(matters)
    both = both.assign(matter=named).dropna(subset=["matter"])
    sides = both.groupby("matter")["outlet"].nunique()
    both = both[both["matter"].map(sides) == 2].sort_values(["matter", "article_id"], kind="stable")
    if both.empty:
        remedy = "Add articles on the same matter, or compare without matters and say so."
        raise InputError([Problem("the corpus", None, f"no matter is in both {a} and {b}.", remedy)])
    is_a, code = (both["outlet"] == a).to_numpy(), pd.factorize(both["matter"])[0]
    counts = both["count"].to_numpy(float), both["n"].to_numpy(float)
    difference, p = deal_within(*counts, is_a, code, seed=seed, deals=deals)
    if math.prod(map(math.comb, np.bincount(code), np.bincount(code[is_a]))) * (1 - LEVEL) < 1:
        p = np.nan
    each, weights = _differences(*counts, is_a[None, :], code)
    low, high, reason = _interval(each[0], weights[0], difference)
    if matters is None:
        low, high, reason = np.nan, np.nan, UNMATCHED
    row = (difference, low, high, p, code.max() + 1, is_a.sum(), (~is_a).sum(), reason)
    columns = ["difference", "low", "high", "p", "matters", "articles_a", "articles_b", "reason"]
    return pd.DataFrame([row], columns=columns)


def deal_within(count, n, is_a, code, *, seed: int = 0, deals: int = DEALS) -> tuple[float, float]:
    """
    Give the difference of shares within matters, and its p by dealing the articles of each matter anew.

    Parameters
    ----------
    count, n : array of articles
        Findings that are counted, and all findings.
    is_a : array of bool
    code : array of int
        The matter of each article, from 0, in order.
    seed, deals : int
    """
    each, weights = _differences(count, n, is_a[None, :], code)
    difference = (each * weights).sum() / weights.sum()
    random, found = np.random.default_rng(seed), []
    for _ in range(0, deals, DEALS_AT_ONCE):
        order = np.argsort(code + random.random((DEALS_AT_ONCE, len(code))), axis=1)
        dealt, weight = _differences(count, n, is_a[order], code)
        found.append((dealt * weight).sum(axis=1) / weight.sum(axis=1))
    far = (np.abs(np.concatenate(found)) >= abs(difference) - 1e-9).sum()
    return float(difference), (far + 1) / (len(found) * DEALS_AT_ONCE + 1)


def _differences(count, n, is_a, code):
    """Give the difference and weight of every matter (columns) in every deal (rows)."""
    first = np.flatnonzero(np.diff(code, prepend=-1))
    n_a, n_b, count_a, count_b = (
        np.add.reduceat(side * values, first, axis=1) for values in (n, count) for side in (is_a, ~is_a)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(count_a / n_a - count_b / n_b), n_a * n_b / (n_a + n_b)


def _interval(each, weights, difference):
    from scipy.special import stdtrit

    if len(each) < MATTERS:
        return np.nan, np.nan, f"{len(each)} of at least {MATTERS} matters that both report"
    share = weights / weights.sum()
    spread = np.sqrt(len(each) / (len(each) - 1) * (share**2 * (each - difference) ** 2).sum())
    half = stdtrit(len(each) - 1, 0.5 + LEVEL / 2) * spread
    return difference - half, difference + half, ""
