"""Place articles and outlets between two sets of seed words: latent semantic scaling."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import stdtrit

from contrast.corpus import InputError, Problem
from contrast.resampling import LEVEL, MIN_ARTICLES
from contrast.terms.counts import TermCounts
from contrast.words import words

ENOUGH_ARTICLES = 500  # with fewer, which words go together is mostly chance
DIGITS = 9  # numbers are rounded to these before anything is put in order, so that processors agree
SEEDS = "the seed words"
SMALLEST = 1e-9  # a word vector shorter than this is rounding


class LatentScale(NamedTuple):
    """What `latent_scale` finds: tables of `words`, `articles` and `outlets`."""

    words: pd.DataFrame
    articles: pd.DataFrame
    outlets: pd.DataFrame


def latent_scale(counts: TermCounts, seeds: pd.DataFrame, *, dimensions: int = 300, seed: int = 0) -> LatentScale:
    """
    Place words, articles and outlets on a scale that is set by seed words.

    Words are vectors: the right singular vectors of the sentences x terms matrix, cut off after `dimensions` and not
    weighted by the singular values. A word's polarity is its mean cosine with the seed words of positive polarity less
    that with those of negative polarity, each times its polarity. An article's is the mean of its words', by their
    uses.

    Before you believe it, look at `held_out` and at both ends of `words`. Opposites such as "good" and "bad" stand in
    the same sentences, and in a few thousand articles they may mark one manner of writing and not two judgements; a
    seed word with a second meaning ("nice", and the city of Nice) carries the scale away. The method's author
    recommends 5,000 articles or more.

    Parameters
    ----------
    counts : TermCounts
        Over sentences, without stop words, and without words that stand in fewer than about five.
    seeds : DataFrame
        One row a seed word: `word` (typed in any case), `polarity` (a number above or below zero, such as 1 and -1).
        Those that are not in the corpus do not count.
    dimensions : int
        Of the word vectors; at most one fewer than there are sentences, or terms.
    seed : int
        Of the start of the decomposition, on which the result depends by rounding alone.

    Returns
    -------
    LatentScale
        - `words`: one row a term, the most positive first, then by name: `term`, `printed` (as most often printed),
          `polarity` (-2 to 2 with seeds of 1 and -1; 0 if it has no vector), `count` (uses), `seed` (the polarity
          given; missing if it is no seed word), `held_out` (a seed word's polarity by the other seed words alone;
          missing if its side has no other). Where the two sides' `held_out` do not lie apart, the texts know no such
          scale.
        - `articles`: one row an article, in the order of the corpus: `article_id`, `outlet`, `score` (in standard
          deviations over articles from their mean; missing if none of its words is counted)
        - `outlets`: one row an outlet, the most positive first, then by name: `outlet`, `articles` (that have a score),
          `mean`, `low`, `high` (95 %, Student's t over articles, the words' polarities taken as known; missing with
          fewer than `resampling.MIN_ARTICLES`), `reason` (why there is no interval; else empty)

    Raises
    ------
    InputError
        If there are fewer than `ENOUGH_ARTICLES`; if a seed word has no polarity, or two; if no positive or no negative
        seed word is in the corpus.

    References
    ----------
    Watanabe (2021), Latent Semantic Scaling: A Semisupervised Text Analysis Technique for New Domains and Languages.
    Turney and Littman (2003), Measuring Praise and Criticism.
    """
    articles = counts.by_article()
    _require_articles(articles)
    given = _seed_polarity(seeds, counts.terms)
    vectors = _word_vectors(counts.matrix, dimensions, seed)
    word_table = _word_table(counts, vectors, given)
    article_table = _article_table(articles, word_table["polarity"].to_numpy())
    word_table = word_table.sort_values(["polarity", "term"], ascending=[False, True], ignore_index=True)
    return LatentScale(word_table, article_table, _outlet_table(article_table))


def _require_articles(articles):
    found = len(articles.units)
    if found < ENOUGH_ARTICLES:
        problem = f"it has {found} articles; which words go together shows from {ENOUGH_ARTICLES} on."
        remedy = "Add articles, or compare the outlets' words (keyness, wordscores)."
        raise InputError([Problem("the corpus", None, problem, remedy)])


def _seed_polarity(seeds, terms):
    """Give the polarity of each term as a seed word; missing if it is none."""
    table = _checked(seeds)
    given = table.groupby("term")["polarity"].first().reindex(terms).to_numpy()
    problems = []
    for side, sign in (("positive", 1), ("negative", -1)):
        if not (sign * given > 0).any():
            listed = ", ".join(table.loc[sign * table["polarity"] > 0, "word"].map(str)) or "none is given"
            problem = f"no {side} one ({listed}) is in the corpus."
            problems.append(Problem(SEEDS, None, problem, "Choose words that its articles use."))
    if problems:
        raise InputError(problems)
    return given


def _checked(seeds):
    remedy = "Give two columns, word and polarity."
    problems = [
        Problem(SEEDS, None, f"no column {name!r}.", remedy) for name in ("word", "polarity") if name not in seeds
    ]
    if problems:
        raise InputError(problems)
    typed = seeds["word"].map(lambda word: " ".join(words(str(word))))
    table = seeds[["word"]].assign(term=typed, polarity=pd.to_numeric(seeds["polarity"], errors="coerce"))
    wrong = ~np.isfinite(table["polarity"]) | (table["polarity"] == 0)
    problems = [
        Problem(SEEDS, None, f"the polarity of {word!r} is {polarity!r}.", "Give a number above or below zero.")
        for word, polarity in seeds.loc[wrong, ["word", "polarity"]].values.tolist()
    ]
    several = table[~wrong].groupby("term")["polarity"].nunique()
    problems += [
        Problem(SEEDS, None, f"{word!r} has two polarities.", "Keep one.") for word in several.index[several > 1]
    ]
    if problems:
        raise InputError(problems)
    return table


def _word_vectors(matrix, dimensions, seed):
    """Give each term's vector, of length 1 (or 0)."""
    from scipy.sparse.linalg import svds

    matrix = sparse.csr_array(matrix, dtype=float)
    start = np.random.default_rng(seed).normal(size=min(matrix.shape))
    k = min(dimensions, min(matrix.shape) - 1)
    vectors = svds(matrix, k, v0=start, return_singular_vectors="vh")[2].T
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > SMALLEST, vectors, 0) / np.maximum(lengths, SMALLEST)


def _direction(vectors, given):
    """Add up the seed words' vectors, each times its polarity and over the number of seed words of its side."""
    weights = np.nan_to_num(given)
    for side in (weights > 0, weights < 0):
        weights[side] /= side.sum()
    return weights @ vectors


def _held_out(vectors, given):
    """Give each seed word's polarity by the other seed words; missing if its side has no other."""
    found = np.full(len(given), np.nan)
    for place in np.flatnonzero(np.isfinite(given)):
        others = given.copy()
        others[place] = np.nan
        if (others > 0).any() and (others < 0).any():
            found[place] = vectors[place] @ _direction(vectors, others)
    return found


def _word_table(counts, vectors, given):
    return pd.DataFrame(
        {
            "term": counts.terms,
            "printed": counts.printed,
            "polarity": (vectors @ _direction(vectors, given)).round(DIGITS),
            "count": np.asarray(counts.matrix.sum(axis=0)).ravel().astype(int),
            "seed": given,
            "held_out": _held_out(vectors, given).round(DIGITS),
        }
    )


def _article_table(articles, polarity):
    with np.errstate(invalid="ignore"):
        mean = (articles.matrix @ polarity) / articles.matrix.sum(axis=1)
    table = articles.units[["article_id", "outlet"]].assign(score=mean)
    return table.assign(score=((table["score"] - table["score"].mean()) / table["score"].std()).round(DIGITS))


def _outlet_table(articles):
    table = articles.groupby("outlet")["score"].agg(articles="count", mean="mean", error="sem").reset_index()
    enough = table["articles"] >= MIN_ARTICLES
    half = (stdtrit(table["articles"] - 1, 0.5 + LEVEL / 2) * table["error"]).where(enough)
    reason = np.where(enough, "", f"fewer than {MIN_ARTICLES} articles")
    table = table.assign(low=table["mean"] - half, high=table["mean"] + half, reason=reason).drop(columns="error")
    keys = table.assign(mean=table["mean"].round(DIGITS)).sort_values(["mean", "outlet"], ascending=[False, True])
    return table.loc[keys.index].reset_index(drop=True)
