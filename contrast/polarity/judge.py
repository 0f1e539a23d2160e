"""Put scorer, hand coding and correction together: what may be said of the tone of a corpus."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from contrast.corpus import InputError, corpus_folder
from contrast.polarity.agreement import krippendorff_alpha
from contrast.polarity.correction import corrected_means
from contrast.polarity.scorers import LexiconScorer
from contrast.polarity.sheets import read_gold
from contrast.polarity.training import cross_validate, score_unseen, validate

ENOUGH = 300  # coded sentences from which a scorer of one's own is trained; with fewer the lexicon's is used


class Judged(NamedTuple):
    """What `judge_tone` finds: tables of `scores`, `corrected`, `confusion` and `agreement`, and the `scorer` used."""

    scores: pd.DataFrame
    corrected: pd.DataFrame
    confusion: pd.DataFrame
    agreement: pd.DataFrame
    scorer: str


def judge_tone(evidence: pd.DataFrame, folder: str | Path | None = None) -> Judged:
    """
    Score every mention, and correct the means by the sentences coded by hand.

    Parameters
    ----------
    evidence : DataFrame
        As `stance.in_sentences` gives it.
    folder : path, optional
        The corpus folder, whose `coding/polarity*.csv` are filled sheets of `draw_sample`; the shipped one if not
        given.

    Returns
    -------
    Judged
        - `scores`: `evidence` with `score`, -1 to 1
        - `corrected`: as `corrected_means` gives it
        - `confusion`: codes, of every coder, by polarity and the scorer's; empty without any
        - `agreement`: one row with `alpha`, `low`, `high` (95 %), `units`, `coders`; empty without two coders
        - `scorer`: "lexicon", or "trained" on the coded sentences (with `ENOUGH` of them), scored by folds

    Raises
    ------
    InputError
        As `read_gold` raises it.
    """
    sheets = sorted((corpus_folder(folder) / "coding").glob("polarity*.csv"))
    sheets = [path for path in sheets if not path.name.endswith(".key.csv")]
    scores = LexiconScorer().score(evidence)
    if not sheets or evidence.empty:
        return Judged(scores, _uncoded(scores), pd.DataFrame(), pd.DataFrame(), "lexicon")
    gold = read_gold(sheets, evidence)
    coded = gold[gold["value"].notna()]
    found, scorer = validate(coded["value"], LexiconScorer().score(coded)["polarity"]), "lexicon"
    if coded["item"].nunique() >= ENOUGH:
        try:
            found, scorer = cross_validate(coded), "trained"
            scores = score_unseen(evidence, coded)
        except InputError:  # too few articles or polarities to train on: the lexicon's scores stand
            scorer = "lexicon"
    return Judged(scores, corrected_means(scores, gold), found.confusion, _agreement(gold), scorer)


def _uncoded(scores):
    none = scores.head(0)[["article_id", "outlet", "label", "start", "end"]]
    return corrected_means(scores, none.assign(item="", coder="", probability=1.0, value=0.0))


def _agreement(gold):
    units = gold.pivot(index="item", columns="coder", values="value")
    shared = units[units.notna().sum(axis=1) > 1]
    if shared.empty:
        return pd.DataFrame()
    found, coders = krippendorff_alpha(units), int(shared.notna().any().sum())
    row = {"alpha": found.alpha, "low": found.low, "high": found.high, "units": found.units, "coders": coders}
    return pd.DataFrame([row])
