"""How far coders agree beyond chance."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.resampling import LEVEL

METRICS = ("nominal", "ordinal", "interval")


class Agreement(NamedTuple):
    """
    Krippendorff's alpha: 1 is perfect agreement, 0 what chance gives.

    `alpha` with `low`, `high` (95 %, over units; missing where there is none), `units` (coded twice or more), `values`
    (codes that could be paired).
    """

    alpha: float
    low: float
    high: float
    units: int
    values: int


def krippendorff_alpha(
    units: pd.DataFrame, *, metric: str = "nominal", repeats: int = 2000, seed: int = 0
) -> Agreement:
    """
    Measure coders' agreement with Krippendorff's alpha, where not everyone coded everything.

    alpha = 1 - observed disagreement / expected disagreement, both over the pairs of values in the coincidence matrix.

    Parameters
    ----------
    units : DataFrame
        A row a unit, a column a coder, missing where the coder did not code it:
        `gold.pivot(index="item", columns="coder", values="value")`.
    metric : str
        How far two values disagree: "nominal" (equal or not), "ordinal" (by the values between them), "interval" (by
        their squared difference).
    repeats, seed : int
        Bootstrap resamples of the units, and their seed.

    Returns
    -------
    Agreement

    Raises
    ------
    InputError
        If the metric is unknown, or no unit was coded twice.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability. Hayes and Krippendorff (2007), Answering the Call
    for a Standard Reliability Measure for Coding Data (whose bootstrap resamples pairs; here it is units).

    >>> codes = pd.DataFrame({"first": [1, 0, -1, 1, None], "second": [1, 0, -1, 0, 1]})
    >>> round(krippendorff_alpha(codes, metric="interval").alpha, 3)
    0.821
    """
    if metric not in METRICS:
        raise InputError([Problem("metric", None, f"unknown metric {metric!r}.", f"There are: {', '.join(METRICS)}.")])
    values = np.array(sorted(units.stack().dropna().unique()))
    counts = np.column_stack([(units == value).sum(axis=1) for value in values]) if len(values) else np.empty((0, 0))
    counts = counts[counts.sum(axis=1) > 1].astype(float)
    if not len(counts):
        raise InputError([Problem("the coding sheets", None, "no item is coded twice.", "Have a part coded again.")])
    pairs = counts[:, :, None] * (counts[:, None, :] - np.eye(len(values)))
    pairs = (pairs / (counts.sum(axis=1) - 1)[:, None, None]).reshape(len(counts), -1)
    draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), repeats)
    of_draws = _alpha((draws @ pairs).reshape(repeats, len(values), len(values)), values, metric)
    known = of_draws[np.isfinite(of_draws)]
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if len(known) else (np.nan, np.nan)
    alpha = _alpha(pairs.sum(axis=0).reshape(1, len(values), len(values)), values, metric)[0]
    return Agreement(float(alpha), float(low), float(high), len(counts), int(counts.sum()))


def _alpha(coincidences, values, metric):
    """Give alpha of each of several coincidence matrices; missing where nothing varies."""
    sizes = coincidences.sum(axis=2)
    total = sizes.sum(axis=1)
    distance = _distance(sizes, values, metric)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (sizes[:, :, None] * sizes[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - (total - 1) * observed / np.where(expected > 0, expected, np.nan)


def _distance(sizes, values, metric):
    if metric == "nominal":
        return 1 - np.eye(len(values))
    if metric == "interval":
        return np.subtract.outer(values, values).astype(float) ** 2
    middle = np.cumsum(sizes, axis=1) - sizes / 2  # of a value's ranks
    return (middle[:, :, None] - middle[:, None, :]) ** 2
