"""How often each term stands in each unit of text: words, runs of words, and phrases that are kept whole."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import InputError, Problem
from contrast.words import Tokens, tokenise, words

RUNS = (1, 2, 3)
RESET = "Give a row an article or sentence; of `load_corpus` take reset_index()."
PARTS = 8  # in which units are counted at the same time
COLLOCATION = 0.6  # normalised pointwise mutual information from which on a pair of words is one expression


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
        shape = (len(first), len(articles))
        gather = sparse.csr_array((np.ones(len(articles)), (articles, np.arange(len(articles)))), shape=shape)
        units = self.units.groupby("article_id", sort=False).agg({"outlet": "first", "words": "sum"}).loc[first]
        return self._replace(matrix=sparse.csr_array(gather @ self.matrix), units=units.reset_index())

    def of_outlets(self, outlets: Iterable[str]) -> "TermCounts":
        """Keep the units of some outlets, and the terms that stand in them."""
        rows = np.flatnonzero(self.units["outlet"].isin(list(outlets)) & (self.units["words"] > 0))
        matrix = self.matrix[rows]
        used = np.flatnonzero(matrix.sum(axis=0))
        units = self.units.iloc[rows].reset_index(drop=True)
        return TermCounts(matrix[:, used], self.terms[used], self.printed[used], units)


def count_terms(
    units: pd.DataFrame,
    *,
    stop_words: Iterable[str] = (),
    phrases: Iterable[str] = (),
    ngrams: int = 1,
    min_units: int = 1,
    min_articles: int = 1,
) -> TermCounts:
    """
    Count terms in units of text.

    Parameters
    ----------
    units : DataFrame
        Sentences, paragraphs or articles: `article_id`, `outlet`, `text`.
    stop_words : strings, optional
        Words that are no terms, and with which no run of words begins or ends; they still count as words of the unit.
    phrases : strings, optional
        Runs of words that are one term each, "de Mistura"; where several fit the longest, then the first given. Their
        words are not counted a second time.
    ngrams : int
        Count runs of up to so many words (1 to 3), in one line and with one blank between.
    min_units, min_articles : int
        Leave out terms found in fewer units, or articles.

    Returns
    -------
    TermCounts
        Terms in alphabetical order; `units` without `text`, with `words` (all words of the unit).

    Raises
    ------
    InputError
        If a column, a text or an outlet is missing, or there is no such length of runs.
    """
    _check(units, ngrams)
    tokens = tokenise(units["text"])
    table = units.drop(columns="text").reset_index(drop=True).assign(words=tokens.lengths())
    rows = np.repeat(np.arange(len(units)), tokens.lengths())
    rows, ids, follows, terms, printed = _keep_whole(rows, tokens, phrases)
    is_stopped = are_stopped(terms, stop_words)
    found = [(rows, ids, ~is_stopped, [])]
    places = np.arange(len(ids) if ngrams > 1 else 0)
    grams, opens, steps = ids, ~is_stopped, []  # opens: whether a run may begin so
    for _ in range(1, ngrams):
        longer = places + 1 < len(ids)
        places, grams = places[longer] + 1, grams[longer]
        joined = follows[places]
        places, grams = places[joined], grams[joined]
        grams, pairs = pd.factorize(grams.astype(np.int64) * len(terms) + ids[places])
        first, last = np.divmod(pairs, len(terms))
        opens, steps = opens[first], [*steps, (first, last)]
        found.append((rows[places], grams, opens & ~is_stopped[last], steps))
    return _assembled(found, table, terms, printed, min_units, min_articles)


def find_phrases(
    units: pd.DataFrame, *, stop_words: Iterable[str] = (), min_articles: int = 3, most: int = 50
) -> pd.DataFrame:
    """
    Find pairs of words that stand together far more often than apart: "Sergey Lavrov", "chemical weapons".

    A pair of which one word alone is printed with a capital, "Lavrov said", is no expression and left out.

    Returns
    -------
    DataFrame
        One row a pair, the most closely tied first: `phrase`, `printed`, `count`, `articles` (at least `min_articles`),
        `npmi` (normalised pointwise mutual information, -1 to 1; at least `COLLOCATION`).

    References
    ----------
    Bouma (2009), Normalized (Pointwise) Mutual Information in Collocation Extraction.
    """
    pairs = count_terms(units, stop_words=stop_words, ngrams=2, min_articles=min_articles)
    count = np.asarray(pairs.matrix.sum(axis=0)).ravel()
    single = dict(zip(pairs.terms, count, strict=True))
    total = max(pairs.units["words"].sum(), 1)
    holders = np.asarray((pairs.by_article().matrix > 0).sum(axis=0)).ravel()
    rows = []
    for term, printed, uses, articles in zip(pairs.terms, pairs.printed, count, holders, strict=True):
        parts = term.split(" ")
        capitals = [part[0].isupper() for part in printed.split(" ")]
        if len(parts) == 2 and capitals[0] == capitals[1] and all(part in single for part in parts):
            apart = np.log(uses * total / (single[parts[0]] * single[parts[1]]))
            rows.append((term, printed, int(uses), int(articles), round(float(apart / -np.log(uses / total)), 9)))
    table = pd.DataFrame(rows, columns=["phrase", "printed", "count", "articles", "npmi"])
    table = table[table["npmi"] >= COLLOCATION].sort_values(["npmi", "count", "phrase"], ascending=[False, False, True])
    return table.head(most).reset_index(drop=True)


def are_stopped(terms: np.ndarray, stop_words: Iterable[str]) -> np.ndarray:
    """Tell which terms are on a stop list, with whichever apostrophe or capital it is typed."""
    stopped = {word for given in stop_words for word in words(given)}
    return np.array([term in stopped for term in terms], dtype=bool)


def phrase_words(phrases: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Give each phrase by its words, in the order in which they claim words of a text: the longest, then the first."""
    found: dict[tuple[str, ...], str] = {}
    for phrase in phrases:
        found.setdefault(tuple(words(phrase)), phrase)
    return {parts: found[parts] for parts in sorted(found, key=len, reverse=True) if len(parts) > 1}


def _check(units, ngrams):
    missing = [name for name in ("article_id", "outlet", "text") if name not in units]
    problems = [Problem("units", None, f"there is no column {name!r}.", RESET) for name in missing]
    for name in () if missing else ("outlet", "text"):
        for row in np.flatnonzero(units[name].isna())[:1]:
            article = units["article_id"].iloc[row]
            problems.append(Problem("units", None, f"article {article!r} has no {name}.", "Fill it in, or drop it."))
    if ngrams not in RUNS:
        problems.append(Problem("ngrams", None, f"{ngrams} is no length of runs.", "Take 1, 2 or 3."))
    if problems:
        raise InputError(problems)


def _keep_whole(rows, tokens: Tokens, phrases):
    """Make each phrase one term: its first word stands for it, and the others go."""
    ids, follows, terms, printed = tokens.ids, tokens.follows, tokens.terms, tokens.printed
    wanted = phrase_words(phrases)
    if not wanted:
        return rows, ids, follows, terms, printed
    ids, place = ids.copy(), {term: number for number, term in enumerate(terms)}
    kept = np.ones(len(ids), dtype=bool)
    taken = np.zeros(len(ids), dtype=bool)
    added: dict[str, str] = {}
    for parts, phrase in wanted.items():
        if not all(part in place for part in parts):
            continue
        starts = np.flatnonzero(tokens.ids[: len(ids) - len(parts) + 1] == place[parts[0]])
        for offset, part in enumerate(parts[1:], start=1):
            starts = starts[(tokens.ids[starts + offset] == place[part]) & follows[starts + offset]]
        used = False
        for start in starts.tolist():
            if not taken[start : start + len(parts)].any():
                taken[start : start + len(parts)] = used = True
                kept[start + 1 : start + len(parts)] = False
                ids[start] = len(terms) + len(added)
        if used:
            added[" ".join(parts)] = phrase
    terms = np.concatenate([terms, np.array(list(added), dtype=object)])
    printed = np.concatenate([printed, np.array(list(added.values()), dtype=object)])
    return rows[kept], ids[kept], follows[kept], terms, printed


def _assembled(found, table, words, forms, min_units, min_articles):
    """Put the terms of several lengths into one matrix, in alphabetical order; those left out are never spelt."""
    articles, _ = pd.factorize(table["article_id"])
    parts, terms, printed = [], [], []
    for rows, ids, wanted, steps in found:
        matrix = count_ids(rows, ids, (len(table), len(wanted)))
        keep = wanted & (np.bincount(matrix.indices, minlength=len(wanted)) >= min_units)
        if min_articles > 1:
            shape = (articles.max(initial=-1) + 1, len(wanted))
            in_articles = sparse.csr_array((np.ones(len(rows), dtype=np.int64), (articles[rows], ids)), shape=shape)
            keep &= np.bincount(in_articles.indices, minlength=len(wanted)) >= min_articles
        parts.append(matrix if keep.all() else matrix[:, np.flatnonzero(keep)])
        terms.append(_spelt(np.flatnonzero(keep), steps, words))
        printed.append(_spelt(np.flatnonzero(keep), steps, forms))
    matrix = parts[0] if len(parts) == 1 else sparse.hstack(parts, format="csr")
    terms, printed = np.concatenate(terms), np.concatenate(printed)
    order = np.argsort(terms, kind="stable")
    if (order[1:] < order[:-1]).any():
        matrix = matrix[:, order]
    return TermCounts(matrix, terms[order], printed[order], table)


def count_ids(rows: np.ndarray, ids: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """Count the ids of each row, the rows coming in order; parts of them at the same time."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
    cuts = np.linspace(0, shape[0], min(PARTS, shape[0]) + 1).astype(int)

    def part(begin, end):
        inside = ids[starts[begin] : starts[end]].astype(np.int32)
        found = (
            np.ones(len(inside), dtype=np.int64),
            inside,
            (starts[begin : end + 1] - starts[begin]).astype(np.int32),
        )
        matrix = sparse.csr_array(found, shape=(end - begin, shape[1])).tocsc().tocsr()  # sorts rows in linear time
        matrix.sum_duplicates()
        return matrix

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(part, cuts[:-1], cuts[1:]))
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_array(shape, dtype=np.int64)


def _spelt(grams, steps, words):
    """Spell runs of words out of the steps by which they were lengthened, each a pair: the shorter run, the word."""
    if not steps:
        return words[grams]
    first, last = steps[-1]
    return _spelt(first[grams], steps[:-1], words) + " " + words[last[grams]]
