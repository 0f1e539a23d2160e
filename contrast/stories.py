"""Group the articles that report the same event within days, whichever outlet printed them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import known_days, require
from contrast.progress import progress_bar
from contrast.words import tokenise

OPENING = 400  # characters of a text that, after its title, tell what it reports
PAIRS_AT_ONCE = 4_000_000
DIGITS = 9  # scores are rounded to these before they are compared, so that processors agree


def find_stories(articles: pd.DataFrame, *, at_least: float = 0.30, days: int = 3) -> pd.Series:
    """
    Tell which articles are of one story: they report the same event, and lie days apart.

    The event score of two articles is the mean of two tf-idf cosines: that of their whole texts, and that of title and
    first `OPENING` characters. Two articles of any outlets that score `at_least`, with dates `days` apart at most, are
    of one story, and so is what hangs together by a chain of such pairs: a story that goes on for weeks stays one.

    The default score was found on corpora of hundreds of articles. With fewer than some 50 the weights of words rest
    on little, and what is found is to be read before it is used.

    Parameters
    ----------
    articles : DataFrame
        Indexed by article, with `date`, `title` and `text`. An article whose `date_precision`, where there is that
        column, is not "day" counts as undated.
    at_least : float
        Event score, over 0 and up to 1.
    days : int
        0 or more.

    Returns
    -------
    Series
        `story` of each article, in the order of `articles`: the first article of its story, by date and then by name.
        An article without a date, or like no other, is its own story.

    References
    ----------
    Allan, Papka and Lavrenko (1998), On-line New Event Detection and Tracking.
    """
    from scipy.sparse.csgraph import connected_components

    if not 0 < at_least <= 1 or days < 0:
        raise ValueError(f"at_least {at_least}, days {days}: a score is in (0, 1], and days are 0 or more.")
    require(articles, "date", "text")
    title = articles["title"].fillna("") if "title" in articles else ""
    opening = title + "\n" + articles["text"].str[:OPENING]
    columns = {"name": articles.index, "date": known_days(articles).dt.normalize(), "text": articles["text"]}
    table = pd.DataFrame({**columns, "opening": opening}).sort_values(["date", "name"], ignore_index=True)
    vectors = sparse.hstack([_tf_idf(table["text"]), _tf_idf(table["opening"])], format="csr") * np.sqrt(0.5)
    day = table["date"].dropna().to_numpy().astype("datetime64[D]").astype(np.int64)
    pairs = [np.empty((2, 0), dtype=np.int64), *_alike(vectors, day, at_least, days)]
    one, other = np.concatenate(pairs, axis=1)
    linked = sparse.csr_array((np.ones(len(one)), (one, other)), shape=(len(table), len(table)))
    group = connected_components(linked, directed=False)[1]
    first = table.groupby(group)["name"].transform("first")
    return pd.Series(first.to_numpy(), index=table["name"], name="story").reindex(articles.index)


def _tf_idf(texts) -> sparse.csr_array:
    """
    Weigh the words of texts, 1 + ln c for a count c times idf; each row has length 1, or 0 without words.

    It equals scikit-learn's TfidfTransformer with sublinear_tf, which takes a second to import.
    """
    tokens = tokenise(texts)
    shape = (len(texts), len(tokens.terms))
    counts = sparse.csr_array((np.ones(len(tokens.ids)), tokens.ids, tokens.starts), shape=shape)
    counts.sum_duplicates()
    texts_with = np.bincount(counts.indices, minlength=shape[1])
    counts.data = (1 + np.log(counts.data)) * (1 + np.log((1 + shape[0]) / (1 + texts_with)))[counts.indices]
    length = np.sqrt(counts.multiply(counts).sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1 / np.where(length > 0, length, 1)) @ counts)


def _alike(vectors, day, at_least, days) -> Iterator[np.ndarray]:
    """Pair, day by day, the articles of that day with those of it and the next days that are alike enough."""
    until = np.searchsorted(day, day + days, side="right")
    _, starts, counts = np.unique(day, return_index=True, return_counts=True)
    spans = list(zip(starts, starts + counts, strict=True))
    for start, end in progress_bar("Finding stories", " days", len(spans), over=spans):
        step = max(PAIRS_AT_ONCE // (until[start] - start), 1)
        for begin in range(start, end, step):
            score = (vectors[begin : min(begin + step, end)] @ vectors[begin : until[begin]].T).tocoo()
            kept = (score.row < score.col) & (score.data.round(DIGITS) >= at_least)
            yield begin + np.stack([score.row[kept], score.col[kept]])
