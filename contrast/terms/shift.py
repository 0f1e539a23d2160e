"""Which terms make the difference between two outlets as wholes."""

import numpy as np
import pandas as pd

from contrast.terms.comparison import require_pair
from contrast.terms.counts import TermCounts


def word_shift(counts: TermCounts, a: str, b: str) -> pd.DataFrame:
    """
    Part the Jensen-Shannon divergence of two outlets' terms into what each term adds to it.

    Parameters
    ----------
    counts : TermCounts
    a, b : str

    Returns
    -------
    DataFrame
        One row a term, the largest part first: `term`, `printed`, `share_a`, `share_b` (of the outlet's counted uses),
        `bits` (what it adds, in bits; all together are the divergence, 0 for equal outlets and 1 for outlets without a
        term in common), `signed` (negative where the share is larger in `b`), `part` (of the divergence, 0 to 1).

    Raises
    ------
    InputError
        If an outlet is not there or has no words, or there is one alone.

    References
    ----------
    Gallagher et al. (2021), Generalized Word Shift Graphs; equal to the package shifterator's JSDivergenceShift.
    """
    require_pair(counts, a, b)
    counts = counts.of_outlets([a, b])
    p, q = (_share(counts.matrix[np.flatnonzero(counts.units["outlet"] == outlet)]) for outlet in (a, b))
    bits = _bits(p, q)
    signed = np.where(p >= q, bits, -bits)
    part = bits / max(bits.sum(), np.finfo(float).tiny)
    table = pd.DataFrame(
        {"term": counts.terms, "printed": counts.printed, "share_a": p, "share_b": q, "bits": bits, "signed": signed}
    ).assign(part=part)
    order = table.assign(bits=-table["bits"].round(12)).sort_values(["bits", "term"])
    return table.loc[order.index].reset_index(drop=True)


def divergence_by_chance(counts: TermCounts, a: str, b: str, *, repeats: int = 50, seed: int = 0) -> np.ndarray:
    """
    Give the divergence, in bits, that articles dealt out at random between two outlets would have: never 0 in practice.

    With one article on a side, sentences are dealt.
    """
    require_pair(counts, a, b)
    counts = counts.of_outlets([a, b])
    if counts.units.groupby("outlet")["article_id"].nunique().min() > 1:
        counts = counts.by_article()
    random = np.random.default_rng(seed)
    is_a = (counts.units["outlet"] == a).to_numpy()
    found = []
    for _ in range(repeats):
        dealt = random.permutation(is_a)
        found.append(_bits(_share(counts.matrix[dealt]), _share(counts.matrix[~dealt])).sum())
    return np.array(found)


def _share(matrix):
    uses = np.asarray(matrix.sum(axis=0)).ravel()
    return uses / max(uses.sum(), 1)


def _bits(p, q):
    from scipy.special import rel_entr

    middle = (p + q) / 2
    return (rel_entr(p, middle) + rel_entr(q, middle)) / (2 * np.log(2))
