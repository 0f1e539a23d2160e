"""Compare outlets by twos: which two are farthest apart, and whether clearly."""

import itertools

import pandas as pd

from contrast.figures.marks import FEW

SIGNED = "polarity"  # the measure from -1 to 1; all others are shares


def widest_pairs(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """
    Find the two outlets that are farthest apart in each group, first among those that differ clearly.

    Parameters
    ----------
    table : DataFrame
        With the columns `by`, `outlet`, `value`'s, `n`, `low`, `high`.
    by : list of str
        What makes a group.
    value : str
        The column compared.

    Returns
    -------
    DataFrame
        One row a group of two outlets or more: the columns `by`, `outlet` and `other` in the table's order, their
        `value` and `other_value`, `fewest` (n), `enough` (both have at least `FEW`), `gap`, and `apart`: enough, and
        their intervals do not overlap. The clear ones first, then by gap, polarity's halved as its scale is twice as
        long.
    """
    rows = []
    for key, group in table.dropna(subset=value).groupby(by, sort=False):
        pairs = []
        for one, other in itertools.combinations(group.itertuples(), 2):
            values = getattr(one, value), getattr(other, value)
            enough = one.n >= FEW and other.n >= FEW
            apart = enough and (one.low > other.high or other.low > one.high)
            gap = round(abs(values[0] - values[1]) / (2 if SIGNED in key else 1), 9)
            pairs.append((*key, one.outlet, other.outlet, *values, min(one.n, other.n), enough, gap, apart))
        if pairs:
            rows.append(max(pairs, key=lambda pair: (pair[-1], pair[-3], pair[-2])))
    names = [*by, "outlet", "other", "value", "other_value", "fewest", "enough", "gap", "apart"]
    found = pd.DataFrame(rows, columns=names).astype({"enough": bool, "apart": bool})
    return found.sort_values(["apart", "enough", "gap"], ascending=False, kind="stable", ignore_index=True)
