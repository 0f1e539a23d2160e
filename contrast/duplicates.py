"""Find articles that an outlet printed twice, whole or nearly, by the runs of words that they share.

Words and runs of words are compared by fixed 64-bit hashes, the same on every machine.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from contrast.corpus import require
from contrast.words import words

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no word of a run is lost modulo 2^64
MOST_HOLDERS = 200  # articles an article is compared with for the sake of one run of words: the earliest that hold it
PAIRS_AT_ONCE = 4_000_000
MOST_KNOWN = 2_000_000  # pieces whose hashes are kept, some 500 MB


class HashedWords(NamedTuple):
    """The words of some texts as 64-bit hashes, end to end; text i is `hashes[starts[i] : starts[i + 1]]`."""

    hashes: np.ndarray
    starts: np.ndarray

    def lengths(self) -> np.ndarray:
        """Give the number of words of each text."""
        return np.diff(self.starts)

    def take(self, places: Iterable[int]) -> "HashedWords":
        """Keep the texts at some places, in that order."""
        parts = [self.hashes[self.starts[place] : self.starts[place + 1]] for place in places]
        return _joined(parts)


def hash_words(texts: Iterable[str]) -> HashedWords:
    """
    Hash the words of texts, as `words.words` gives them.

    >>> hash_words(["Said Moscow", "", "said"]).lengths().tolist()
    [2, 0, 1]
    """
    known = _Hashes()
    pieces = (map(known.__getitem__, text.split()) for text in texts)
    return _joined([np.fromiter(itertools.chain.from_iterable(hashes), dtype=np.uint64) for hashes in pieces])


def hash_runs(hashes: np.ndarray, length: int) -> np.ndarray:
    """
    Hash every run of `length` words: a polynomial of the words' hashes, modulo 2^64.

    References
    ----------
    Karp and Rabin (1987), Efficient Randomized Pattern-Matching Algorithms.
    """
    count = max(len(hashes) - length + 1, 0)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        runs *= MULTIPLIER
        runs += hashes[place : place + count]
    return runs


def near_duplicates(
    articles: pd.DataFrame, *, shingle: int = 5, at_least: float = 0.8, hashed: HashedWords | None = None
) -> pd.DataFrame:
    """
    Find the articles that repeat an earlier one of the same outlet, in whole or nearly.

    Two articles are near-duplicates if, of the different runs of `shingle` words of the one that has fewer, at least
    the share `at_least` stands in the other: |A ∩ B| / min(|A|, |B|), the containment. A text of fewer words is one
    run. All pairs that can reach the share are compared, by this rule: of the runs of the smaller article, put in order
    of how many articles hold them, at least one of the first (1 - share) must be in the other. Only where more than
    `MOST_HOLDERS` articles hold a run, it leads to the earliest of these alone.

    Parameters
    ----------
    articles : DataFrame
        With `outlet`, `date` and `text`. Earlier is by date, and then by place in the table; without a date comes last.
    shingle : int
        Words in a run.
    at_least : float
        Containment, over 0 and up to 1.
    hashed : HashedWords, optional
        Of `articles["text"]`, if they are at hand.

    Returns
    -------
    DataFrame
        One row a later article, in the order of `articles`: `article_id`, `outlet`, `duplicate_of` (the earlier article
        with the highest containment, the earliest of several), `containment` (0 to 1), `same_text` (whether the two
        texts are the same to the letter).

    References
    ----------
    Broder (1997), On the Resemblance and Containment of Documents.
    Chaudhuri, Ganti and Kaushik (2006), A Primitive Operator for Similarity Joins in Data Cleaning (prefix filter).
    """
    if not 0 < at_least <= 1 or shingle < 1:
        raise ValueError(f"shingle {shingle}, at_least {at_least}: a run has 1 word or more, a share is in (0, 1].")
    require(articles, "outlet", "date", "text")
    hashed = hash_words(articles["text"]) if hashed is None else hashed
    texts = articles["text"].to_numpy(dtype=object)
    order = np.argsort(articles["date"].to_numpy(), kind="stable")
    rows = []
    for within in (
        pd.Series(order).groupby(articles["outlet"].to_numpy(dtype=object)[order], sort=False).indices.values()
    ):
        first: dict[str, int] = {}
        for place in order[within]:
            if texts[place].strip() and first.setdefault(texts[place], place) != place:
                rows.append((place, first[texts[place]], 1.0, True))
        runs = [_runs(hashed, place, shingle) for place in first.values()]
        kept = np.fromiter(first.values(), dtype=np.int64)
        rows += [(kept[later], kept[earlier], share, False) for later, earlier, share in _contained(runs, at_least)]
    table = pd.DataFrame(rows, columns=["place", "earlier", "containment", "same_text"])
    table = table.sort_values("place", ignore_index=True)
    names = articles.index.to_numpy()
    found = {
        "article_id": names[table["place"].to_numpy(dtype=np.int64)],
        "outlet": articles["outlet"].to_numpy(dtype=object)[table["place"].to_numpy(dtype=np.int64)],
        "duplicate_of": names[table["earlier"].to_numpy(dtype=np.int64)],
        "containment": table["containment"].astype(float),
        "same_text": table["same_text"].astype(bool),
    }
    return pd.DataFrame(found)


class _Hashes(dict):
    """Hashes of the words in a piece of text without blanks, made when it is first met: no word goes over a blank."""

    def __missing__(self, piece):
        if len(self) >= MOST_KNOWN:
            self.clear()
        digests = (hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8) for word in words(piece))
        self[piece] = tuple(int.from_bytes(digest.digest(), "little") for digest in digests)
        return self[piece]


def _joined(parts):
    starts = np.cumsum([0, *map(len, parts)])
    return HashedWords(np.concatenate([np.empty(0, dtype=np.uint64), *parts]), starts)


def _runs(hashed, place, shingle):
    """Give the different runs of words of one text."""
    hashes = hashed.hashes[hashed.starts[place] : hashed.starts[place + 1]]
    return np.unique(hash_runs(hashes, max(1, min(shingle, len(hashes)))))


def _contained(runs: list[np.ndarray], at_least: float) -> Iterator[tuple[int, int, float]]:
    """Give for each set of runs that comes later: its number, that of the earlier set nearest to it, containment."""
    sizes = np.array([len(part) for part in runs], dtype=np.int64)
    needed = np.maximum(np.ceil(at_least * sizes - 1e-9).astype(np.int64), 1)
    matrix, holders = _shared_runs(runs)
    shared = np.diff(matrix.indptr)
    small = np.flatnonzero((sizes > 0) & (shared >= needed))
    best: dict[int, tuple[float, int]] = {}
    for one, other in _candidates(matrix, holders, small, shared - needed + 1, sizes):
        overlap = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()
        enough = overlap >= needed[one]
        one, other, share = one[enough], other[enough], overlap[enough] / sizes[one[enough]]
        for later, earlier, value in zip(np.maximum(one, other), np.minimum(one, other), share, strict=True):
            best[later] = max(best.get(later, (0.0, 0)), (value, -earlier))
    for later in sorted(best):
        yield later, -best[later][1], best[later][0]


def _shared_runs(runs):
    """Build the matrix of sets by runs, for the runs that two sets hold or more; and how many hold each."""
    every = np.concatenate([np.empty(0, dtype=np.uint64), *runs])
    order = np.argsort(every)
    every = every[order]
    starts = np.flatnonzero(np.r_[np.ones(min(len(every), 1), dtype=bool), every[1:] != every[:-1]])
    counts = np.diff(np.r_[starts, len(every)])
    several = counts > 1
    order = order[np.repeat(several, counts)]
    rows = np.searchsorted(np.cumsum([len(part) for part in runs]), order, side="right")
    columns = np.repeat(np.arange(several.sum()), counts[several])
    shape = (len(runs), several.sum())
    matrix = sparse.csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    matrix.sort_indices()
    return matrix, counts[several]


def _candidates(matrix, holders, small, lengths, sizes):
    """Pair each set that may be contained with those, no smaller, that hold one of its `lengths` rarest runs."""
    by_run = matrix.tocsc()
    by_run.sort_indices()
    reach = np.minimum(holders, MOST_HOLDERS)
    batch, weight = [], 0
    for one in small:
        columns = matrix.indices[matrix.indptr[one] : matrix.indptr[one + 1]]
        rarest = columns[np.argsort(holders[columns], kind="stable")[: lengths[one]]]
        found = [by_run.indices[by_run.indptr[c] : by_run.indptr[c] + reach[c]] for c in rarest]
        others = np.unique(np.concatenate(found))
        others = others[(others != one) & (sizes[others] >= sizes[one])]
        batch.append((np.full(len(others), one), others))
        weight += len(others) * len(columns)
        if weight > PAIRS_AT_ONCE:
            yield tuple(map(np.concatenate, zip(*batch, strict=True)))
            batch, weight = [], 0
    if batch:
        yield tuple(map(np.concatenate, zip(*batch, strict=True)))
