"""How many topics: what coherence, exclusivity and stability say of each number, and which one is taken."""

import itertools
from collections.abc import Iterable

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.progress import progress_bar
from contrast.terms import TermCounts
from contrast.topics.coherence import c_v, exclusivity, npmi
from contrast.topics.model import DIGITS, fit_topics, marking_terms, stratified_sample, take_units
from contrast.topics.stability import TOP, refit_topics, topic_stability
from contrast.wording import listed

LADDER = (2, 3, 4, 6, 8, 12, 16, 24)
UNITS_A_TOPIC = 10  # units that a topic needs, to be tried
MOST_UNITS = 1_000  # to which the ladder's models are fitted
IN_UNITS = 3  # of those that a term has to stand in
LASTING = 0.9  # of the topics, that have to last
FALL = 0.1  # of stability, from one number tried to the next, by which topics have begun to split


def choose_k(
    counts: TermCounts,
    texts: pd.Series | None = None,
    *,
    ks: Iterable[int] | None = None,
    asked: int | None = None,
    method: str = "nmf",
    repeats: int = 5,
    shuffled: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Fit models of several numbers of topics, measure them, and choose the most topics that last.

    The range holds the numbers of which `LASTING` or more of the topics keep over half of their marking terms, and more
    than topics of shuffled words, in refits to 80 % of the units, and whose stability is not over `FALL` under that of
    the number before; the largest of them is chosen. If there is none, it is the one with the best stability.
    Measures are means over topics, of each one's ten marking terms. Of more than `MOST_UNITS` units as many are drawn.

    Parameters
    ----------
    counts : TermCounts
    texts : Series of str, optional
        Of the units, in their order: for C_v, which is missing without them.
    ks : iterable of int, optional
        Numbers to try; if not given, those of `LADDER` that have `UNITS_A_TOPIC` units a topic.
    asked : int, optional
        A number to try besides, whatever the units.
    method, seed
        As `fit_topics` takes them.
    repeats, shuffled : int
        Refits to parts of the texts, and to shuffled words, without which there is no line.

    Returns
    -------
    DataFrame
        One row a number of topics: `k`, `npmi` (-1 to 1), `c_v` (0 to 1), `exclusivity` (0 to 1), `stability` (the part
        of its terms that a topic keeps in refits), `line` (what topics of shuffled words keep), `lasting` (the part of
        the topics that keep over half), `is_in_range`, `is_chosen`.

    Raises
    ------
    InputError
        If the texts are too few for two topics and no number is asked for, or for a number that is.

    References
    ----------
    Bouma (2009), Normalized (Pointwise) Mutual Information in Collocation Extraction.
    Röder, Both and Hinneburg (2015), Exploring the Space of Topic Coherence Measures.
    Roberts et al. (2014), Structural Topic Models for Open-Ended Survey Responses (exclusivity).
    Greene, O'Callaghan and Cunningham (2014), How Many Topics? Stability Analysis for Topic Models.
    """
    rows = stratified_sample(counts.units, MOST_UNITS, seed=seed)
    counts = take_units(counts, rows)
    common = np.flatnonzero((counts.matrix > 0).sum(axis=0) >= (IN_UNITS if len(rows) == MOST_UNITS else 1))
    counts = counts._replace(
        matrix=counts.matrix[:, common], terms=counts.terms[common], printed=counts.printed[common]
    )
    enough = min(len(rows) // UNITS_A_TOPIC, len(counts.terms) - 1)
    tried = sorted({*([k for k in LADDER if k <= enough] if ks is None else ks), *([asked] if asked else [])})
    if not tried:
        found = f"{len(rows)} units of text and {len(counts.terms)} terms"
        problem = f"{found} do not carry two topics, at {UNITS_A_TOPIC} units a topic."
        raise InputError([Problem("the corpus", None, problem, "Add articles, or name a number of topics.")])
    found, marking = [], []
    for k in progress_bar("Trying numbers of topics", " numbers", over=tried):
        model = fit_topics(counts, k, method=method, seed=seed)
        terms = marking_terms(model.term_share, TOP)
        refits = refit_topics(model, repeats=repeats, shuffled=shuffled, seed=seed)
        lasts = topic_stability(refits)
        measures = npmi(counts, terms).mean(), np.nan, exclusivity(model.term_share, terms).mean()
        found.append((k, *measures, lasts["overlap"].mean(), refits.shuffled, lasts["is_stable"].mean()))
        marking.append(terms)
    table = pd.DataFrame(found, columns=["k", "npmi", "c_v", "exclusivity", "stability", "line", "lasting"])
    if texts is not None:
        values = c_v(texts.iloc[rows], counts.terms, list(itertools.chain.from_iterable(marking)))
        topic = np.repeat(np.arange(len(tried)), tried)
        table["c_v"] = np.bincount(topic, values) / np.array(tried)
    table = table.round(DIGITS)
    fall = (table["stability"].shift(1) - table["stability"]).round(DIGITS)
    last = (table["lasting"] >= LASTING) & ~(fall > FALL)
    best = last if last.any() else table["stability"] == table["stability"].max()
    return table.assign(is_in_range=last, is_chosen=table["k"] == table.loc[best, "k"].max())


def why_k(ladder: pd.DataFrame) -> str:
    """Say in a sentence which number of topics the rule of `choose_k` takes, and why."""
    chosen = ladder[ladder["is_chosen"]].iloc[0]
    last = ladder.loc[ladder["is_in_range"], "k"].astype(str).tolist()
    kept = f"refitted, they keep {chosen['stability']:.0%} of their words."
    if len(ladder) == 1:
        return f"No other number of topics than {chosen['k']} was tried: {kept}"
    tried = f"Of {len(ladder)} numbers of topics tried"
    if not last:
        return f"{tried}, with none do all topics last. The rule takes {chosen['k']}, which last best: {kept}"
    if len(last) == 1:
        return f"{tried}, only with {chosen['k']} do the topics last: {kept}"
    return f"{tried}, with {listed(last)} the topics last. The rule takes {chosen['k']}, the most of these: {kept}"
