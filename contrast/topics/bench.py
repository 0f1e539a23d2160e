"""Set topic models side by side, and time how the work grows with the texts: `run.py bench --topics`."""

import importlib.util
import time
import warnings
from collections.abc import Iterable
from functools import partial

import numpy as np
import pandas as pd

from contrast.terms import TermCounts
from contrast.topics.coherence import leading_terms, npmi
from contrast.topics.model import as_shares, fit_topics, fold_in, take_units
from contrast.topics.stability import PART, TOP, matched

OURS, LDA, TOMOTOPY = "NMF, then variational steps", "LDA, scikit-learn", "LDA, tomotopy, {} sweeps"


def compare_models(
    counts: TermCounts,
    given: pd.Series | None = None,
    *,
    ks: Iterable[int] = (10, 20),
    sweeps: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Fit topics by several models, and measure what each takes and gives.

    tomotopy gets the same counts, each use of a term as a word, and keeps its own priors and number of workers: it
    takes all processor cores, as our steps do, and so differs a little from run to run. Its rows are left out where it
    is not installed. To see what lasts each model is fitted once more, from another seed, to 80 % of the units, which
    are the same for all.

    Parameters
    ----------
    counts : TermCounts
    given : Series of str, optional
        Hand-given labels of the units, in their order; units without one are left out of `nmi`.
    ks : iterable of int
        Numbers of topics.
    sweeps : int
        Of tomotopy's Gibbs sampler.
    seed : int

    Returns
    -------
    DataFrame
        One row a number of topics and model: `model`, `k`, `seconds` (on the clock, of fitting all units), `npmi` (of
        the ten most probable terms, mean over topics), `nmi` (normalised mutual information of each unit's main topic
        with its label, 0 to 1; missing without labels), `stability` (the part of its ten most probable terms that a
        topic keeps, mean over topics).

    References
    ----------
    Griffiths and Steyvers (2004), Finding Scientific Topics (the Gibbs sampler).
    Strehl and Ghosh (2002), Cluster Ensembles (normalised mutual information; here over the mean of both entropies).
    """
    models = {OURS: partial(_fitted, method="nmf"), LDA: partial(_fitted, method="lda")}
    if importlib.util.find_spec("tomotopy"):
        models[TOMOTOPY.format(sweeps)] = partial(_sampled, sweeps=sweeps)
    units = len(counts.units)
    part = take_units(counts, np.sort(np.random.default_rng(seed).choice(units, int(PART * units), replace=False)))
    rows = []
    for k in ks:
        for name, fit in models.items():
            term_share, unit_share, seconds = fit(counts, k, seed)
            leading = leading_terms(term_share, TOP)
            again, _, _ = fit(part, k, seed + 1)
            _, overlap = matched(leading, leading_terms(again, TOP))
            rows.append((name, k, seconds, npmi(counts, leading).mean(), _nmi(given, unit_share), overlap.mean()))
    return pd.DataFrame(rows, columns=["model", "k", "seconds", "npmi", "nmi", "stability"])


def growth(counts: TermCounts, k: int, sizes: Iterable[int], *, seed: int = 0) -> pd.DataFrame:
    """
    Time the fitting of topics, and the folding in of units, over numbers of units.

    Parameters
    ----------
    counts : TermCounts
    k : int
        How many topics.
    sizes : iterable of int
        Numbers of units, drawn at random; of more than there are, with replacement.
    seed : int

    Returns
    -------
    DataFrame
        One row a number of units: `units`, `seconds` (on the clock, of fitting), `fold_seconds` (of folding the same
        units in), `fitted_a_second`, `folded_a_second` (units).
    """
    random, there, rows = np.random.default_rng(seed), len(counts.units), []
    for size in sizes:
        drawn = take_units(counts, random.choice(there, size, replace=size > there))
        model, seconds = _timed(lambda drawn=drawn: fit_topics(drawn, k, seed=seed))
        _, folding = _timed(lambda drawn=drawn, model=model: fold_in(drawn.matrix, model.term_share))
        rows.append((size, seconds, folding, size / seconds, size / folding))
    return pd.DataFrame(rows, columns=["units", "seconds", "fold_seconds", "fitted_a_second", "folded_a_second"])


def _fitted(counts, k, seed, *, method):
    model, seconds = _timed(lambda: fit_topics(counts, k, method=method, seed=seed))
    return model.term_share, model.unit_share, seconds


def _sampled(counts, k, seed, *, sweeps):
    """Fit tomotopy's model; terms that no unit holds, and units that hold no term, are unknown to it."""
    import tomotopy

    model, uses = tomotopy.LDAModel(k=k, seed=seed), counts.matrix
    filled = np.flatnonzero(np.asarray(uses.sum(axis=1)).ravel())
    for unit in filled:
        row = slice(uses.indptr[unit], uses.indptr[unit + 1])
        model.add_doc(np.repeat(counts.terms[uses.indices[row]], uses.data[row].astype(int)).tolist())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that no seed fixes the work of several cores
        _, seconds = _timed(lambda: model.train(sweeps))
    place = {term: number for number, term in enumerate(counts.terms)}
    term_share, unit_share = np.zeros((k, len(place))), np.zeros((len(counts.units), k))
    known = [place[term] for term in model.used_vocabs]
    term_share[:, known] = [model.get_topic_word_dist(topic) for topic in range(k)]
    unit_share[filled] = [unit.get_topic_dist() for unit in model.docs]
    return term_share, as_shares(unit_share), seconds


def _nmi(given, unit_share) -> float:
    from sklearn.metrics import normalized_mutual_info_score

    if given is None or given.isna().all():
        return np.nan
    labelled = given.notna().to_numpy()
    return float(normalized_mutual_info_score(given[labelled], unit_share[labelled].argmax(axis=1)))


def _timed(step):
    """Time a step; what a first fit would import is there before."""
    for module in ("sklearn.decomposition", "sklearn.feature_extraction.text"):
        importlib.import_module(module)
    start = time.perf_counter()
    found = step()
    return found, time.perf_counter() - start
