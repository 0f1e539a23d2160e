"""Which words each outlet prefers: term counts, keyness with its interval, and the lines behind each word."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import require_outlets
from contrast.resampling import log_ratio_interval, unit_of_interval
from contrast.text import PARAGRAPH
from contrast.words import WORDS_PER_UNIT, tokenise, word_spans, words

PRIOR_WORDS = 100  # weight of the informative prior of the log-odds ratio, in words


class TermCounts(NamedTuple):
    """
    Uses of each term in each unit: `matrix` (units x terms), `terms`, and `units` (a row a unit, with `words`).

    `printed` gives each term as it is most often printed: "US" for "us".
    """

    matrix: sparse.csr_array
    terms: np.ndarray
    printed: np.ndarray
    units: pd.DataFrame

    def by_article(self) -> "TermCounts":
        """Add up the units of each article."""
        articles, first = pd.factorize(self.units["article_id"])
        gather = sparse.csr_array((np.ones(len(articles)), (articles, np.arange(len(articles)))))
        units = self.units.groupby("article_id", sort=False).agg({"outlet": "first", "words": "sum"}).loc[first]
        return self._replace(matrix=sparse.csr_array(gather @ self.matrix), units=units.reset_index())

    def of_outlets(self, outlets: Iterable[str]) -> "TermCounts":
        """Keep the units of some outlets, and the terms that stand in them."""
        rows = np.flatnonzero(self.units["outlet"].isin(list(outlets)) & (self.units["words"] > 0))
        matrix = self.matrix[rows]
        used = np.flatnonzero(matrix.sum(axis=0))
        units = self.units.iloc[rows].reset_index(drop=True)
        return TermCounts(matrix[:, used], self.terms[used], self.printed[used], units)


def count_terms(units: pd.DataFrame, *, stop_words: Iterable[str] = (), min_units: int = 1) -> TermCounts:
    """
    Count terms in units of text.

    Parameters
    ----------
    units : DataFrame
        Sentences, paragraphs or articles: `article_id`, `outlet`, `text`.
    stop_words : strings, optional
        Words that are not counted as terms; they still count as words of the unit.
    min_units : int
        Leave out terms found in fewer units.

    Returns
    -------
    TermCounts
        Terms in alphabetical order; `units` without `text`, with `words` (all words of the unit).
    """
    tokens = tokenise(units["text"])
    lengths = tokens.lengths()
    rows = np.repeat(np.arange(len(units)), lengths)
    shape = (len(units), len(tokens.terms))
    matrix = sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, tokens.ids)), shape=shape)
    stopped = sorted(word for given in stop_words for word in words(given))
    keep = ~np.isin(tokens.terms, stopped) & (np.bincount(matrix.indices, minlength=shape[1]) >= min_units)
    table = units.drop(columns="text").reset_index(drop=True).assign(words=lengths)
    return TermCounts(matrix[:, np.flatnonzero(keep)], tokens.terms[keep], tokens.printed[keep], table)


def keyness(counts: TermCounts, a: str, b: str) -> pd.DataFrame:
    """
    Compare how often two outlets use each term.

    Parameters
    ----------
    counts : TermCounts
        Over sentences. Where both outlets have `resampling.MIN_ARTICLES`, intervals are taken over articles;
        else over sentences, and then describe the texts at hand alone.
    a, b : str
        The outlets; a positive log ratio means more in `a`.

    Returns
    -------
    DataFrame
        One row a term, the surest difference first (the interval's end nearest zero, then `g2`, then the term):
        `term`, `printed` (as most often printed); `count_a`, `count_b`; `rate_a`, `rate_b` (per 1,000 words);
        `articles_a`, `articles_b` (that hold the term);
        `log_ratio` (base 2; a count of 0 taken as 0.5) with `low`, `high` (95 %; missing if one side never uses the
        term); `unit` (of the interval: article or sentence); `g2` (log likelihood, four cells); `log_odds_z` (log-odds
        ratio with informative Dirichlet prior, over its standard error).

    References
    ----------
    Hardie (2014), Log Ratio. Dunning (1993), Accurate Methods for the Statistics of Surprise and Coincidence.
    Monroe, Colaresi and Quinn (2008), Fightin' Words.
    """
    require_outlets([a, b], counts.units["outlet"])
    counts = counts.of_outlets([a, b])
    articles = counts.by_article()
    rows = {outlet: np.flatnonzero(articles.units["outlet"] == outlet) for outlet in (a, b)}
    unit = unit_of_interval(articles.units["outlet"].value_counts()[[a, b]])
    over = articles if unit == "article" else counts
    side_a, side_b = (_side(over, outlet) for outlet in (a, b))
    total_a, total_b = side_a[1].sum(), side_b[1].sum()
    count_a, count_b = (np.asarray(side[0].sum(axis=0)).ravel() for side in (side_a, side_b))
    table = pd.DataFrame(
        {
            "term": counts.terms,
            "printed": counts.printed,
            "count_a": count_a.astype(int),
            "count_b": count_b.astype(int),
            "rate_a": WORDS_PER_UNIT * count_a / total_a,
            "rate_b": WORDS_PER_UNIT * count_b / total_b,
            "articles_a": np.asarray((articles.matrix[rows[a]] > 0).sum(axis=0)).ravel(),
            "articles_b": np.asarray((articles.matrix[rows[b]] > 0).sum(axis=0)).ravel(),
            "log_ratio": log_ratio(count_a, count_b, total_a, total_b),
        }
    )
    table = table.join(log_ratio_interval(*side_a, *side_b)).assign(
        unit=unit,
        g2=g2(count_a, count_b, total_a, total_b),
        log_odds_z=log_odds_z(count_a, count_b, total_a, total_b),
    )
    bound = np.where(table["low"] > 0, table["low"], np.where(table["high"] < 0, -table["high"], 0))
    order = pd.DataFrame({"bound": -bound.round(9), "g2": -table["g2"].round(9), "term": table["term"]})
    return table.loc[order.sort_values(["bound", "g2", "term"]).index].reset_index(drop=True)


def sure_by_chance(counts: TermCounts, a: str, b: str, *, repeats: int = 50, seed: int = 0) -> np.ndarray:
    """
    Count the words that would seem sure if the outlets did not differ: their units are dealt out at random.

    Parameters
    ----------
    counts : TermCounts
        As for `keyness`.
    a, b : str
    repeats, seed : int
        How often units (articles, or sentences, as `keyness` takes them) change outlets, and the seed of the deals.

    Returns
    -------
    array of int
        In each deal, how many terms have an interval that leaves out an even rate.
    """
    require_outlets([a, b], counts.units["outlet"])
    counts = counts.of_outlets([a, b])
    articles = counts.by_article()
    unit = unit_of_interval(articles.units["outlet"].value_counts()[[a, b]])
    over = articles if unit == "article" else counts
    random = np.random.default_rng(seed)
    labels = over.units["outlet"].to_numpy()
    found = []
    for _ in range(repeats):
        dealt = over._replace(units=over.units.assign(outlet=random.permutation(labels)))
        interval = log_ratio_interval(*_side(dealt, a), *_side(dealt, b)).round(9)
        found.append(int(((interval["low"] > 0) | (interval["high"] < 0)).sum()))
    return np.array(found)


def log_ratio(a, b, n_a, n_b):
    """
    Give log2 of the ratio of two rates, a count of 0 taken as 0.5 (Hardie 2014).

    >>> log_ratio(np.array([40]), np.array([8]), 1000, 2000).round(3).tolist()
    [3.322]
    """
    return np.log2(np.where(a == 0, 0.5, a) / n_a) - np.log2(np.where(b == 0, 0.5, b) / n_b)


def g2(a, b, n_a, n_b):
    """Give Dunning's (1993) log likelihood G2 of a two-by-two table: the term and all other words, in both outlets."""
    from scipy.special import xlogy

    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    total, both = n_a + n_b, a + b
    cells = ((a, n_a * both), (b, n_b * both), (n_a - a, n_a * (total - both)), (n_b - b, n_b * (total - both)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return sum(2 * xlogy(seen, np.where(seen > 0, seen * total / due, 1)) for seen, due in cells)


def log_odds_z(a, b, n_a, n_b):
    """
    Give the z of the log-odds ratio with an informative Dirichlet prior (Monroe et al. 2008, equations 16, 20, 22).

    The prior of a term is its share of both outlets' words, weighted as `PRIOR_WORDS` words.
    """
    prior = PRIOR_WORDS * (np.asarray(a) + b) / (n_a + n_b)
    odds_a = (a + prior) / (n_a + PRIOR_WORDS - a - prior)
    odds_b = (b + prior) / (n_b + PRIOR_WORDS - b - prior)
    return (np.log(odds_a) - np.log(odds_b)) / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def concordance(articles: pd.DataFrame, terms: str | Iterable[str], *, width: int = 45) -> pd.DataFrame:
    """
    Find every use of words, with the text around them.

    Parameters
    ----------
    articles : DataFrame
        With `outlet` and `text`.
    terms : str or strings
        Words as `words.words` gives them: lower-case.
    width : int
        Characters of context on each side; cut at a word, never across a paragraph.

    Returns
    -------
    DataFrame
        One row a use, in order of the terms, and then of the text: `term`, `article_id`, `outlet`, `start`, `end`
        (offsets into `text`), `position` (0 to 1: how far into the article), `left`, `keyword` (as printed), `right`.
    """
    order = {term: number for number, term in enumerate([terms] if isinstance(terms, str) else terms)}
    rows = []
    for article_id, outlet, text in zip(articles.index, articles["outlet"], articles["text"], strict=True):
        for word, start, end in word_spans(text):
            if word in order:
                rows.append(
                    (word, article_id, outlet, start, end, start / len(text), *_around(text, start, end, width))
                )
    columns = ["term", "article_id", "outlet", "start", "end", "position", "left", "keyword", "right"]
    return pd.DataFrame(sorted(rows, key=lambda row: order[row[0]]), columns=columns)


def _side(counts, outlet):
    rows = np.flatnonzero(counts.units["outlet"] == outlet)
    return counts.matrix[rows], counts.units["words"].to_numpy()[rows]


def _around(text, start, end, width):
    line = next(line for line in PARAGRAPH.finditer(text) if line.end() > start)
    left, right = text[line.start() : start], text[end : line.end()]
    if len(left) > width:
        left = "…" + left[len(left) - width :].partition(" ")[2]
    if len(right) > width:
        right = right[:width].rpartition(" ")[0] + "…"
    return left, text[start:end], right
