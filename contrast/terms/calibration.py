"""What the comparison of terms finds where there is nothing to find, and how much of what is there it finds."""

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.progress import progress_bar
from contrast.resampling import (
    MIN_ARTICLES,
    adjusted,
    are_held,
    exact_share,
    log_ratio_interval,
    mean_of_shares,
    permutation_score,
    simulate_counts,
)
from contrast.terms.comparison import SURE
from contrast.terms.counts import TermCounts
from contrast.terms.measures import g2, log_odds_z

OURS = "article-level test"
MEASURES = (OURS, "G2", "log-odds z")
FOUND = ["measure", "false_share", "false_low", "false_high", "survivors"]
FOUND += ["splits_with_survivor", "low", "high", "splits"]


def split_in_halves(counts: TermCounts, *, repeats: int = 50, min_articles: int = 3, seed: int = 0) -> pd.DataFrame:
    """
    Compare random halves of each outlet's own articles: whatever differs, differs by chance.

    Parameters
    ----------
    counts : TermCounts
        Outlets with fewer than twice `resampling.MIN_ARTICLES` articles are left out.
    repeats : int
        Splits of each outlet.
    min_articles : int
        Terms in fewer articles of the outlet are not tested.
    seed : int

    Returns
    -------
    DataFrame
        One row an outlet and measure (`MEASURES`): `outlet`, `articles`, `terms` (tested), `measure`, `false_share`
        (terms with p < .05, on average: 5 % is right) with `false_low`, `false_high` (95 %, by Student's t over
        splits), `survivors` (terms with q < .05, on average), `splits_with_survivor` (share of splits with one or more:
        5 % at most is right) with `low`, `high` (95 %, exact), `splits`.

    Raises
    ------
    InputError
        If no outlet has enough articles.
    """
    articles = counts.by_article()
    random = np.random.default_rng(seed)
    rows = []
    for outlet, size in articles.units["outlet"].value_counts(sort=False).items():
        if size < 2 * MIN_ARTICLES:
            continue
        part = articles.of_outlets([outlet])
        matrix = part.matrix[:, np.flatnonzero((part.matrix > 0).sum(axis=0) >= min_articles)]
        sizes = part.units["words"].to_numpy(dtype=float)
        found = [
            p_of_measures(matrix, sizes, random.permutation(len(sizes)) < len(sizes) // 2, seed=seed)
            for _ in progress_bar(f"Splitting {outlet}", " times", over=range(repeats))
        ]
        rows.append(_false_alarms(found).assign(outlet=outlet, articles=size, terms=matrix.shape[1]))
    if not rows:
        problem = f"no outlet has {2 * MIN_ARTICLES} articles, so none can be split in two."
        raise InputError([Problem("the corpus", None, problem, "Add articles.")])
    return pd.concat(rows, ignore_index=True)[["outlet", "articles", "terms", *FOUND]]


def false_alarms(
    articles: int = 40,
    *,
    against: int | None = None,
    terms: int = 1000,
    repeats: int = 50,
    min_articles: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Do the same with made-up counts, in which words come in bursts and no outlet prefers any.

    Parameters
    ----------
    articles, against : int
        Of the one outlet and of the other, which has as many if not given.
    terms, repeats, min_articles, seed : int
        As in `split_in_halves`, of each made-up pair of outlets.

    Returns
    -------
    DataFrame
        One row a measure: the columns of `split_in_halves` from `measure` on, `articles`, `against`, and `coverage` (of
        the 95 % intervals that `keyness` gives, those that hold an even rate; of the article-level test alone).
    """
    found, held = [], []
    for repeat in progress_bar("Comparing made-up outlets", " pairs", over=range(repeats)):
        made = simulate_counts(articles, terms, against=against, seed=seed + repeat)
        tested = np.flatnonzero((made.counts > 0).sum(axis=0) >= min_articles)
        found.append(p_of_measures(made.counts[:, tested], made.sizes, made.is_a, seed=seed))
        held.append(_covers(made))
    held = pd.concat(held)
    table = _false_alarms(found).assign(articles=articles, against=against or articles, coverage=np.nan)
    table.loc[0, "coverage"] = held.mean()
    return table


def planted_differences(
    articles: tuple[int, ...] = (8, 30, 120, 480), *, ratio: float = 2, terms: int = 1000, repeats: int = 3, seed=0
) -> pd.DataFrame:
    """
    Plant words that one side uses `ratio` times as often, and look how many are found, and how truly.

    Parameters
    ----------
    articles : tuple of int
        A side.
    ratio : float
    terms, repeats, seed : int
        Each made-up corpus has `terms` words, one in ten of them planted. There are `repeats` of the largest, and up to
        ten times as many of the smaller, in which fewer words have an interval.

    Returns
    -------
    DataFrame
        One row a number of articles: `articles`, `found` (share of the planted words with q < .05) with `low`, `high`
        (95 %, exact: made-up words are independent), `false` (share of what has q < .05 that was not planted, 0 in a
        corpus in which nothing has; averaged over corpora, missing where nothing has in any), `coverage` (share of the
        95 % intervals that hold the true log ratio, of words that `keyness` gives one: `resampling.are_held`),
        `corpora`.
    """
    rows = []
    for size in progress_bar("Planting words", " sizes", over=articles):
        found, planted, covered, intervals, false = 0, 0, 0, 0, []
        corpora = repeats * min(10, max(articles) // size)
        for repeat in range(corpora):
            made = simulate_counts(size, terms, planted=terms // 10, ratio=ratio, seed=seed + repeat)
            tested = np.flatnonzero((made.counts > 0).sum(axis=0) >= 3)
            score = permutation_score(made.counts[:, tested], made.sizes, made.is_a, seed=seed)
            is_sure = (adjusted(score["p"]) < SURE).to_numpy()
            is_planted = made.log_ratio[tested] != 0
            found, planted = found + (is_sure & is_planted).sum(), planted + (made.log_ratio != 0).sum()
            false.append((is_sure & ~is_planted).sum() / is_sure.sum() if is_sure.any() else np.nan)
            held = _covers(made)
            covered, intervals = covered + held.sum(), intervals + len(held)
        share = exact_share(found, planted).iloc[0]
        wrong = np.nan if np.isnan(false).all() else np.nansum(false) / corpora
        rows.append((size, *share, wrong, covered / intervals if intervals else np.nan, corpora))
    return pd.DataFrame(rows, columns=["articles", "found", "low", "high", "false", "coverage", "corpora"])


def _covers(made) -> pd.Series:
    """Tell of each interval of a log ratio that `keyness` would give whether it holds the true one."""
    a, b = made.is_a, ~made.is_a
    interval = log_ratio_interval(made.counts[a], made.sizes[a], made.counts[b], made.sizes[b])
    holders = [(made.counts[side] > 0).sum(axis=0) for side in (a, b)]
    is_given = interval["low"].notna() & are_held(*holders, a.sum(), b.sum())
    return ((interval["low"] <= made.log_ratio) & (made.log_ratio <= interval["high"]))[is_given]


def p_of_measures(counts, sizes: np.ndarray, is_a: np.ndarray, *, seed: int = 0) -> pd.DataFrame:
    """Give the p of each term by each of `MEASURES`, a column each; the classic ones take words for independent."""
    from scipy.special import chdtrc, erfc

    uses = [np.asarray(counts[side].sum(axis=0)).ravel() for side in (is_a, ~is_a)]
    cells = (*uses, sizes[is_a].sum(), sizes[~is_a].sum())
    return pd.DataFrame(
        {
            OURS: permutation_score(counts, sizes, is_a, seed=seed)["p"],
            "G2": chdtrc(1, np.maximum(g2(*cells), 0)),
            "log-odds z": erfc(np.abs(log_odds_z(*cells)) / np.sqrt(2)),
        }
    )


def _false_alarms(found: list[pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for measure in MEASURES:
        survivors = np.array([(adjusted(p[measure]) < SURE).sum() for p in found])
        false = mean_of_shares([(p[measure] < SURE).mean() for p in found])
        with_survivor = exact_share((survivors > 0).sum(), len(found)).iloc[0]
        rows.append((measure, *false, survivors.mean(), *with_survivor, len(found)))
    return pd.DataFrame(rows, columns=FOUND)
