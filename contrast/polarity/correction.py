"""The mean polarity of a cell, with the scorer's error corrected by hand-coded sentences."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from contrast.resampling import LEVEL, MIN_ARTICLES

ENOUGH = 30  # hand-coded sentences in a cell
PLACE = ["article_id", "start", "end", "label"]


def corrected_means(
    scores: pd.DataFrame, gold: pd.DataFrame, *, by: Sequence[str] = ("label", "outlet")
) -> pd.DataFrame:
    """
    Estimate the mean polarity of each cell from all scores and some hand-coded sentences.

    With f the score of all sentences and y the hand-coded value of some, weighted by 1 / their probability of being
    drawn, the mean is mean(y) + lambda (mean f of all - mean f of the coded). lambda = cov(y, f) / var(f) gives the
    smallest variance; it is the paper's power tuning, where the coded sentences are not counted among the N others and
    lambda is divided by 1 + n / N. A useless scorer gets a lambda near 0, which leaves the mean of the hand-coded. The
    variance is that of sums over articles; Student's t has two degrees of freedom less than there are articles with
    coded sentences, one for the mean and one for lambda.

    Parameters
    ----------
    scores : DataFrame
        One row a mention, as a scorer's `score` gives it: `article_id`, `start`, `end`, `label` (the target's), the
        columns of `by`, and `score` (-1 to 1). The scorer must not have learnt from the sentences in `gold`: else take
        `score_unseen`.
    gold : DataFrame
        As `read_gold` gives it. Of an item's several codes the mean is taken; unclear ones are left out.
    by : list of str
        Columns that make a cell.

    Returns
    -------
    DataFrame
        One row a cell, in order of `by`: the columns of `by`, `n` (sentences scored), `coded` (by hand), `raw` (mean
        score), `mean` (corrected, -1 against to 1 for) with `low`, `high` (95 %, over articles), and `reason` ("", or
        why there is no mean or no interval). A sentence that mentions the target twice counts twice.

    References
    ----------
    Angelopoulos, Duchi and Zrnic (2023), PPI++: Efficient Prediction-powered Inference.
    """
    codes = gold[gold["value"].notna()].groupby(PLACE)[["value", "probability"]].mean()
    table = scores[list(dict.fromkeys([*PLACE, *by, "score"]))].join(codes, on=PLACE)
    rows = [
        dict(zip(by, cell if isinstance(cell, tuple) else (cell,), strict=True)) | _corrected(part)
        for cell, part in table.groupby(list(by))
    ]
    return pd.DataFrame(rows, columns=[*by, "n", "coded", "raw", "mean", "low", "high", "reason"])


def _corrected(cell):
    score, value = cell["score"].to_numpy(), cell["value"].to_numpy()
    articles = pd.factorize(cell["article_id"])[0]
    is_coded = ~np.isnan(value)
    coded, held = int(is_coded.sum()), len(np.unique(articles[is_coded]))
    row = {"n": len(cell), "coded": coded, "raw": score.mean(), "mean": np.nan, "low": np.nan, "high": np.nan}
    if coded < ENOUGH:
        return row | {"reason": f"tone, not validated: {coded} of {ENOUGH} sentences coded"}
    mean, half = _power_tuned(score, value, 1 / cell["probability"].to_numpy(), articles)
    row["mean"] = np.clip(mean, -1, 1)
    if held < MIN_ARTICLES:
        return row | {"reason": f"no interval: {held} of {MIN_ARTICLES} articles coded"}
    if np.ptp(value[is_coded]) == 0:
        return row | {"reason": f"no interval: all {coded} sentences coded alike"}
    return row | {"low": max(mean - half, -1.0), "high": min(mean + half, 1.0), "reason": ""}


def _power_tuned(score, value, weight, articles):
    """Give the power-tuned mean and half its interval's width; uncoded sentences have neither value nor weight."""
    is_coded = ~np.isnan(value)
    weight = np.where(is_coded, weight, 0.0)
    weight = weight / weight.sum()
    value = np.where(is_coded, value, 0.0)
    from_value, from_score = value - weight @ value, score - weight @ score
    varies = np.ptp(score) > 0
    slope = weight @ (from_value * from_score) / score.var() if varies else 0.0
    mean = weight @ value + slope * (score.mean() - weight @ score)
    parts = weight * (from_value - slope * from_score) + slope * (score - score.mean()) / len(score)
    held = len(np.unique(articles[is_coded]))
    freedom = max(held - 1 - varies, 1)
    variance = held / freedom * (np.bincount(articles, parts) ** 2).sum()
    return mean, stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(variance)
