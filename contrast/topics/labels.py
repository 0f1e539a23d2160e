"""Tell topics apart by their words and their typical texts."""

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.topics.model import DIGITS, SMALLEST, Topics, as_shares

LEADING = 10  # terms by which a topic is known again
RANKINGS = ("frex", "share")


def topic_terms(topics: Topics, n: int = 7, *, by: str = "frex") -> pd.DataFrame:
    """
    List the words that mark each topic, or those it uses most.

    FREX is the harmonic mean of a word's rank within the topic and of its rank by how much of its use belongs to the
    topic.

    Parameters
    ----------
    topics : Topics
    n : int
        How many a topic.
    by : {"frex", "share"}
        What ranks them: FREX, or the share of the topic's words. Equal ones come in alphabetical order.

    Returns
    -------
    DataFrame
        One row a topic (from 1) and term, in rank order: `topic`, `term`, `printed` (as most often printed), `share`
        (of the topic's words), `exclusivity` (the part of the term's use that falls to this topic, 0 to 1), `count`
        (uses in the corpus).

    Raises
    ------
    InputError
        If there is no such ranking.

    References
    ----------
    Bischof and Airoldi (2012), Summarizing Topical Content with Word Frequency and Exclusivity.
    """
    if by not in RANKINGS:
        raise InputError([Problem("by", None, f"there is no ranking {by!r}.", f"Use {' or '.join(RANKINGS)}.")])
    share = topics.term_share
    weight = as_shares(np.asarray(topics.counts.matrix.sum(axis=1)) @ topics.unit_share)
    exclusivity = (share * weight[:, None]) / np.maximum((share * weight[:, None]).sum(axis=0), SMALLEST)
    uses = np.asarray(topics.counts.matrix.sum(axis=0)).ravel().astype(int)
    terms = pd.DataFrame({"term": topics.counts.terms, "printed": topics.counts.printed, "count": uses})
    order = np.argsort(topics.counts.terms, kind="stable")
    rows = []
    for topic in range(len(share)):
        table = terms.assign(topic=topic + 1, share=share[topic], exclusivity=exclusivity[topic])
        table = table.iloc[order].round({"share": DIGITS, "exclusivity": DIGITS})
        ranks = table[["share", "exclusivity"]].rank(pct=True)
        table["frex"] = (2 / (1 / ranks).sum(axis=1)).round(DIGITS)
        rows.append(table.sort_values(by, ascending=False, kind="stable").head(n))
    return pd.concat(rows, ignore_index=True)[["topic", "term", "printed", "share", "exclusivity", "count"]]


def typical_units(topics: Topics, units: pd.DataFrame, n: int = 1) -> pd.DataFrame:
    """
    Find the units that belong most to each topic, in each outlet.

    Parameters
    ----------
    topics : Topics
    units : DataFrame
        What the model was fitted to, with `text`, and `date` if there is one.
    n : int
        How many a topic and outlet.

    Returns
    -------
    DataFrame
        One row a unit: `topic`, `outlet`, `article_id`, `paragraph`, `date` (of the article; missing if unknown),
        `share` (of its words in the topic), `text`; the fullest first, the longer one if two are as full.
    """
    table = topics.counts.units.reset_index(drop=True)
    keys = table[["words", "article_id", "paragraph"]]
    longest = keys.sort_values([*keys], ascending=[False, True, True]).index.to_numpy()
    outlets = table["outlet"].to_numpy(dtype=object)
    chosen = []
    for topic, share in enumerate(topics.unit_share.T.round(6), start=1):
        fullest = longest[np.argsort(-share[longest], kind="stable")]
        places = pd.Series(fullest).groupby(outlets[fullest], sort=False).head(n).to_numpy()
        chosen.append(pd.DataFrame({"topic": topic, "place": places, "share": share[places]}))
    found = pd.concat(chosen, ignore_index=True)
    dates = units["date"] if "date" in units else pd.Series(pd.NaT, index=units.index)
    part = units.assign(date=dates)[["date", "text"]].iloc[found["place"]].reset_index(drop=True)
    part = part.join(table[["outlet", "article_id", "paragraph"]].iloc[found["place"]].reset_index(drop=True))
    part = part.join(found)[["topic", "outlet", "article_id", "paragraph", "date", "share", "text"]]
    return part.sort_values(["topic", "outlet"], kind="stable", ignore_index=True)
