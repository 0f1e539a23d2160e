"""Place texts between texts whose position is known: wordscores."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import InputError, Problem
from contrast.resampling import LEVEL, MIN_ARTICLES
from contrast.terms.counts import TermCounts

DIGITS = 9  # numbers are rounded to these before anything is put in order, so that processors agree
COLUMNS = ["outlet", "articles", "score", "low", "high", "se", "n", "scored", "rescaled", "reason"]


def wordscores(
    counts: TermCounts, reference: Mapping[str, float], *, repeats: int = 200, seed: int = 0
) -> pd.DataFrame:
    """
    Place outlets on a scale that is set by reference texts, whose positions are known.

    A word's score is the mean of the reference texts' positions, each weighted by the share of the text's terms that
    the word takes; a text's score is the mean score of its words. Scores are drawn towards the middle, for most words
    stand in every text: compare them with each other, not with the positions.

    Parameters
    ----------
    counts : TermCounts
        Over sentences, paragraphs or articles.
    reference : mapping
        From an outlet, whose articles then are one reference text, or from an `article_id`, whose article then is a
        reference text of its own and no longer part of its outlet's, to the position.
    repeats : int
        Draws of the bootstrap.
    seed : int
        Of the draws.

    Returns
    -------
    DataFrame
        One row an outlet that is no reference text (a "virgin" text), the lowest score first, then by name:

        - `outlet`; `articles` (that hold a scored term)
        - `score` (on the scale of the positions); `low`, `high` (95 %, bootstrap over its articles; the words' scores
          are taken as known). On made-up texts whose words come in bursts it held the truth in 87 of 100 cases with 8
          articles, in 92 with 20 or 30.
        - `se`: the authors' standard error, the root of the variance of its words' scores over `n`. It takes words for
          independent draws; on the same texts it was more than three times too small.
        - `n` (uses of scored terms), `scored` (their share of its counted terms; what no reference text uses has no
          score)
        - `rescaled`: the scores stretched about their mean to the standard deviation of the positions, as the authors
          do. It depends on which outlets are scored together; missing where fewer than two are.
        - `reason`: why there is no interval; else empty

    Raises
    ------
    InputError
        If a reference text is not there, or its position is no number; if there are not two positions; if no outlet is
        left to score.

    References
    ----------
    Laver, Benoit and Garry (2003), Extracting Policy Positions from Political Texts Using Words as Data.
    """
    articles, texts, positions = _divided(counts, reference)
    word_scores = _word_scores(articles, texts, positions)
    rows = []
    for outlet, places in texts[~texts.isin(positions.index)].groupby(texts).groups.items():
        placed = _placed(articles.matrix[places.to_numpy()], word_scores, repeats, seed)
        rows.append({"outlet": outlet, **placed})
    table = pd.DataFrame(rows, columns=COLUMNS)
    mean = table["score"].mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        table["rescaled"] = mean + (table["score"] - mean) * (positions.std() / table["score"].std())
    keys = table.assign(score=table["score"].round(DIGITS)).sort_values(["score", "outlet"])
    return table.loc[keys.index].reset_index(drop=True)


def scored_words(counts: TermCounts, reference: Mapping[str, float]) -> pd.DataFrame:
    """
    Score the words of the reference texts, as `wordscores` does.

    Returns
    -------
    DataFrame
        One row a term that a reference text uses, the lowest score first, then by name: `term`, `printed` (as most
        often printed), `score` (on the scale of the positions), `count` (uses in the reference texts).

    Raises
    ------
    InputError
        As `wordscores`.
    """
    articles, texts, positions = _divided(counts, reference)
    rows = np.flatnonzero(texts.isin(positions.index))
    table = pd.DataFrame(
        {
            "term": articles.terms,
            "printed": articles.printed,
            "score": _word_scores(articles, texts, positions),
            "count": np.asarray(articles.matrix[rows].sum(axis=0)).ravel().astype(int),
        }
    ).dropna(subset="score")
    keys = table.assign(score=table["score"].round(DIGITS)).sort_values(["score", "term"])
    return table.loc[keys.index].reset_index(drop=True)


def _divided(counts, reference):
    """Give the articles, the text that each belongs to, and the positions of the reference texts."""
    articles = counts.by_article()
    names, outlets = articles.units["article_id"], articles.units["outlet"]
    texts = names.where(names.isin(list(reference)), outlets)
    given = pd.Series(dict(reference), dtype=object)
    positions = pd.to_numeric(given, errors="coerce").astype(float)
    filled = set(texts[np.asarray(articles.matrix.sum(axis=1)).ravel() > 0])
    where = "the reference texts"
    remedy = f"Name outlets ({', '.join(sorted(set(outlets)))}), or articles by their article_id."
    problems = [
        Problem(where, None, f"no counted word stands in a text called {text!r}.", remedy)
        for text in given.index
        if text not in filled
    ]
    problems += [
        Problem(where, None, f"the position of {text!r} is {given[text]!r}.", "Give it as a number.")
        for text in positions.index[~np.isfinite(positions)]
    ]
    if positions.nunique() < 2 and not problems:
        problems.append(Problem(where, None, "they are all at one position.", "Name texts of two positions or more."))
    if texts.isin(given.index).all():
        problems.append(Problem(where, None, "no outlet is left to score.", "Name fewer of them."))
    if problems:
        raise InputError(problems)
    return articles, texts, positions


def _word_scores(articles, texts, positions):
    """Give each term's score; missing where no reference text uses it."""
    place = positions.index.get_indexer(texts)
    rows = np.flatnonzero(place >= 0)
    gather = sparse.csr_array((np.ones(len(rows)), (place[rows], rows)), shape=(len(positions), len(texts)))
    uses = gather @ articles.matrix
    shares = sparse.diags_array(1 / uses.sum(axis=1)) @ uses
    with np.errstate(invalid="ignore"):
        return (positions.to_numpy() @ shares) / shares.sum(axis=0)


def _placed(matrix, word_scores, repeats, seed):
    """Score one text, whose articles are the rows of the matrix."""
    known = np.flatnonzero(np.isfinite(word_scores))
    word_scores, uses = word_scores[known], matrix[:, known]
    uses = uses[np.flatnonzero(uses.sum(axis=1))]
    sizes, sums = uses.sum(axis=1), uses @ word_scores
    n = int(sizes.sum())
    row = {"articles": len(sizes), "n": n, "scored": n / max(float(matrix.sum()), 1), "reason": ""}
    if n == 0:
        return row | {"reason": "no reference text uses any of its words"}
    row["score"] = float(sums.sum() / n)
    row["se"] = float(np.sqrt(uses.sum(axis=0) @ (word_scores - row["score"]) ** 2 / n / n))
    if len(sizes) < MIN_ARTICLES:
        return row | {"reason": f"fewer than {MIN_ARTICLES} articles"}
    random = np.random.default_rng(seed)
    drawn = [random.integers(0, len(sizes), len(sizes)) for _ in range(repeats)]
    low, high = np.quantile([sums[one].sum() / sizes[one].sum() for one in drawn], [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return row | {"low": float(low), "high": float(high)}
