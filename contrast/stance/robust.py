"""The same contrast under every combination of choices that a researcher might have made."""

import itertools

import numpy as np
import pandas as pd

from contrast.corpus import require_outlets
from contrast.stance.measures import WEIGHTY, share_of
from contrast.stance.reports import UNKNOWN

CLASSES = {"assertive verbs": ("assertive",), "assertive and factive verbs": WEIGHTY}
PLACES = {"all sentences": False, "not the first of an article": True}
REPEATS = {"every use": False, "each verb once an article": True}


def ways_of_counting(reports: pd.DataFrame, sentences: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """
    Compare how often two outlets report with weighty verbs, under a fixed grid of choices.

    The choices: which classes count as weighty; all speakers, or the one whom both report most; with or without the
    first sentence of an article; verbs as they are, or each lemma once an article. The first of each is the default.

    Parameters
    ----------
    reports : DataFrame
        As `reports.find_reports` gives it.
    sentences : DataFrame
    a, b : str

    Returns
    -------
    DataFrame
        One row a way: `ways` (the choices in words), `value` (share in `a` less share in `b`), `low`, `high` (95 %;
        missing where a share has none), `n` (verbs of the outlet that has fewer), `is_default`. Ways in which an outlet
        has no verb are left out.

    Raises
    ------
    InputError
        If an outlet has no sentence.

    References
    ----------
    Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Increasing Transparency Through a Multiverse Analysis. Zou and
    Donner (2008), Construction of Confidence Limits About Effect Measures (the interval of the difference).
    """
    require_outlets([a, b], sentences["outlet"])
    both = reports[reports["outlet"].isin([a, b])]
    known = both[both["speaker"] != UNKNOWN].groupby("speaker")["outlet"]
    shared = known.value_counts().unstack(fill_value=0).reindex(columns=[a, b], fill_value=0)
    speakers = {"all speakers": None}
    if len(shared) and shared.min(axis=1).max() > 0:
        speaker = shared.min(axis=1).sort_index().idxmax()
        speakers[f"{speaker} alone"] = speaker
    sentences = sentences[sentences["outlet"].isin([a, b])]
    rows = []
    for number, choice in enumerate(itertools.product(CLASSES, speakers, PLACES, REPEATS)):
        classes, who, place, once = choice
        part = both if speakers[who] is None else both[both["speaker"] == speakers[who]]
        part = part[part["sentence"] > 0] if PLACES[place] else part
        part = part.drop_duplicates(["article_id", "lemma"]) if REPEATS[once] else part
        table = share_of(part, sentences, part["class"].isin(CLASSES[classes])).set_index("outlet").loc[[a, b]]
        if table["n"].min() == 0:
            continue
        one, other = table.to_dict("records")
        value = one["share"] - other["share"]
        below = np.hypot(one["share"] - one["low"], other["high"] - other["share"])
        above = np.hypot(one["high"] - one["share"], other["share"] - other["low"])
        rows.append((", ".join(choice), value, value - below, value + above, int(table["n"].min()), number == 0))
    return pd.DataFrame(rows, columns=["ways", "value", "low", "high", "n", "is_default"])
