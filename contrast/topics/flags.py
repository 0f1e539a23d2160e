"""Flag topics that an article, an outlet's manner or copies have made, and not a subject."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from contrast.duplicates import near_duplicates
from contrast.topics.labels import LEADING, topic_terms
from contrast.topics.model import DIGITS, SMALLEST, Topics, words_by_article

FLAGS = ("one article", "house style", "duplicates")
MOSTLY = 0.5  # of a topic's words, in one article or in copies
OWN = 0.75  # of a topic's words, with one outlet
EVERYWHERE = 0.125  # of the leading words, in an article about something else
TIMES = 3  # as many of them as in the other outlets' articles
FEWEST = 5  # articles about something else, with fewer of which manner can't be told from subject


def flag_topics(topics: Topics, articles: pd.DataFrame, *, duplicates: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Flag topics that may tell of a single article, of an outlet's manner, or of copies.

    A unit gives a topic that share of its words that the model gives it.

    - "one article": one article holds at least `MOSTLY` of the topic's words.
    - "house style": one of several outlets holds at least `OWN` of the topic's words, and its articles that are mainly
      about something else use the topic's ten leading words all the same: at least `EVERYWHERE` of them an article, on
      average, and `TIMES` as many as articles of other outlets. Words of a subject stay in the articles about it;
      "Mr." and "Subscribe to our newsletter" do not. Not told with fewer than `FEWEST` articles about something else.
    - "duplicates": at least `MOSTLY` of the topic's words stand in articles that their outlet printed twice, whole or
      nearly; both printings count.

    Parameters
    ----------
    topics : Topics
    articles : DataFrame
        That the units are from, indexed by `article_id`, with `outlet`, `date` and `text`.
    duplicates : DataFrame, optional
        As `duplicates.near_duplicates` gives it; found in `articles`, if not given.

    Returns
    -------
    DataFrame
        One row a topic and flag, by topic and then in the order of `FLAGS`: `topic` (from 1), `flag`, `share` (of the
        topic's words that the article, the outlet or the copies hold, 0 to 1), `why` (the same in a sentence).
    """
    counts = topics.counts.by_article()
    words = words_by_article(topics).to_numpy().round(DIGITS)
    share = words / np.maximum(words.sum(axis=0), SMALLEST)
    duplicates = near_duplicates(articles) if duplicates is None else duplicates
    ids = counts.units["article_id"].to_numpy()
    rows = [*_one_article(share, ids), *_house_style(topics, counts, words, share), *_copies(share, ids, duplicates)]
    rows.sort(key=lambda row: (row[0], FLAGS.index(row[1])))
    return pd.DataFrame(rows, columns=["topic", "flag", "share", "why"])


def _one_article(share, ids) -> Iterator[tuple]:
    for topic, column in enumerate(share.T.round(DIGITS), start=1):
        most = column.max()
        if most >= MOSTLY:
            yield topic, FLAGS[0], most, f"{most:.0%} of its words are in {ids[column.argmax()]}"


def _house_style(topics, counts, words, share) -> Iterator[tuple]:
    outlets, names = pd.factorize(counts.units["outlet"])
    used, main = _leading_words_used(topics, counts), words.argmax(axis=1)
    for topic in range(share.shape[1]):
        own = np.bincount(outlets, share[:, topic]).round(DIGITS)
        outlet = own.argmax()
        elsewhere = (outlets == outlet) & (main != topic)
        if len(names) < 2 or own[outlet] < OWN or elsewhere.sum() < FEWEST:
            continue
        here, others = used[elsewhere, topic].mean(), used[outlets != outlet, topic].mean()
        if here >= max(EVERYWHERE, TIMES * others):
            why = f"{own[outlet]:.0%} of its words are in articles of {names[outlet]}, and those about something else"
            why += f" use {here:.0%} of its leading words too; articles of other outlets use {others:.0%}"
            yield topic + 1, FLAGS[1], own[outlet], why


def _leading_words_used(topics, counts) -> np.ndarray:
    """Give what part of each topic's leading words stands in each article: articles x topics."""
    leading = pd.Index(counts.terms).get_indexer(topic_terms(topics, LEADING)["term"])
    used = (counts.matrix[:, leading] > 0).toarray()
    return used.reshape(len(used), len(topics.term_share), -1).mean(axis=2)


def _copies(share, ids, duplicates) -> Iterator[tuple]:
    pairs = duplicates[["article_id", "duplicate_of"]].to_numpy()
    is_copied = np.isin(ids.astype(str), np.unique(pairs.astype(str)))
    for topic, column in enumerate((share * is_copied[:, None]).T, start=1):
        held = column.sum().round(DIGITS)
        if held >= MOSTLY:
            fullest = ids[column.round(DIGITS).argmax()]
            why = f"{held:.0%} of its words are in articles printed twice, whole or nearly, such as {fullest}"
            yield topic, FLAGS[2], held, why
