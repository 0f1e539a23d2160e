"""How far a topic's leading terms belong together, and to it alone: measures that need no outlet."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from contrast.progress import progress_bar
from contrast.terms import TermCounts
from contrast.topics.model import DIGITS, SMALLEST
from contrast.words import tokenise

WINDOW = 110  # words
WINDOWS_AT_ONCE = 1000  # of a text
EPSILON = 1e-12  # added to the share of windows that hold two words


class Windows(NamedTuple):
    """
    In how many windows of the texts words stand, and stand together.

    `columns` (the terms counted, by number, in order), `together` (terms x terms: windows that hold both; on the
    diagonal those that hold the one), `number` (of all windows).
    """

    columns: np.ndarray
    together: np.ndarray
    number: int


def leading_terms(term_share: np.ndarray, n: int = 10) -> np.ndarray:
    """
    Find the most probable terms of each topic.

    Parameters
    ----------
    term_share : array, topics x terms
    n : int

    Returns
    -------
    array, topics x n
        Term numbers, the largest share first; of equal shares the first in the order of terms, which is alphabetical.
    """
    return np.argsort(-term_share.round(DIGITS), axis=1, kind="stable")[:, :n]


def npmi(counts: TermCounts, leading: Sequence[np.ndarray]) -> np.ndarray:
    """
    Measure how far a topic's leading terms stand in the same units.

    With p the share of units that hold a term, or both, two terms have ln(p_ab / (p_a p_b)) / -ln p_ab: 1 if one never
    stands without the other, 0 if they are independent, -1 if they never meet. Two terms of every unit have 0.

    Parameters
    ----------
    counts : TermCounts
        Over what counts as standing together: articles, or paragraphs.
    leading : list of arrays
        Term numbers of each topic.

    Returns
    -------
    array of topics
        The mean over the pairs of a topic's terms, -1 to 1; missing for a topic of a single term.

    References
    ----------
    Bouma (2009), Normalized (Pointwise) Mutual Information in Collocation Extraction.
    Lau, Newman and Baldwin (2014), Machine Reading Tea Leaves.
    """
    columns = np.unique(np.concatenate(leading))
    held = sparse.csr_array(counts.matrix[:, columns] > 0, dtype=np.int64)
    value = _npmi((held.T @ held).toarray(), held.shape[0])
    means = []
    for terms in leading:
        place = np.searchsorted(columns, terms)
        pairs = value[np.ix_(place, place)][np.triu_indices(len(place), 1)]
        means.append(pairs.mean() if len(pairs) else np.nan)
    return np.array(means)


def c_v(texts: Iterable[str], terms: np.ndarray, leading: Sequence[np.ndarray]) -> np.ndarray:
    """
    Measure how far a topic's leading terms keep the same company, by the coherence C_v.

    Each word of a topic has a vector: its `npmi` with every word of the topic, from the windows of `WINDOW` words that
    hold them (`EPSILON` added to the share that holds both). The measure is the mean cosine of the words' vectors with
    the sum of all. To measure several models on the same texts, take `count_windows` and `c_v_of` apart. Where words
    repeat, the values are not gensim's: its release 4.4.0 holds a word for gone when one of its uses leaves the window.

    Parameters
    ----------
    texts : strings
        Whole articles: windows go over the ends of paragraphs and sentences, but not of texts. Stop words fill windows.
    terms : array of str
        What the numbers in `leading` stand for; each a single word, as `words.words` types it.
    leading : list of arrays
        Term numbers of each topic.

    Returns
    -------
    array of topics
        -1 to 1, mostly over 0; 0 for a word that no text holds. Of use to compare models of the same texts.

    Raises
    ------
    ValueError
        If a leading term is of several words.

    References
    ----------
    Röder, Both and Hinneburg (2015), Exploring the Space of Topic Coherence Measures.
    """
    return c_v_of(count_windows(texts, terms, leading), leading)


def count_windows(
    texts: Iterable[str], terms: np.ndarray, leading: Sequence[np.ndarray], *, window: int = WINDOW
) -> Windows:
    """
    Count the sliding windows that hold leading terms, and pairs of them.

    A window begins at every word from which `window` words are left; a text of fewer words is one window.

    Parameters
    ----------
    texts, terms, leading
        As for `c_v`; `leading` may join the topics of several models.
    window : int
        Words.

    Returns
    -------
    Windows
        Of all terms in `leading`.
    """
    columns = np.unique(np.concatenate(leading))
    wanted = {term: place for place, term in enumerate(terms[columns])}
    several = [term for term in wanted if " " in term]
    if several:
        raise ValueError(f"{several[0]!r} is of several words: windows are counted for single words.")
    tokens = tokenise(texts)
    places = np.array([wanted.get(term, -1) for term in tokens.terms], dtype=np.int64)[tokens.ids]
    numbers = np.maximum(tokens.lengths() - window + 1, 1)
    together = np.zeros((len(columns), len(columns)), dtype=np.int64)
    spans = list(zip(tokens.starts[:-1], tokens.starts[1:], numbers, strict=True))
    for start, end, number in progress_bar("Counting windows", " texts", len(spans), over=spans):
        for begin in range(0, number, WINDOWS_AT_ONCE):
            part = min(WINDOWS_AT_ONCE, number - begin)
            held, shared = _shared_windows(places[start + begin : end][: part + window - 1], part, window)
            together[np.ix_(held, held)] += shared
    return Windows(columns, together, int(numbers.sum()))


def c_v_of(windows: Windows, leading: Sequence[np.ndarray]) -> np.ndarray:
    """Give C_v of topics whose terms have been counted; see `c_v`. Raises ValueError for a term that was not."""
    if not np.isin(np.concatenate(leading), windows.columns).all():
        raise ValueError("some of the leading terms were not counted: give them all to count_windows.")
    value = _npmi(windows.together, windows.number, EPSILON)
    means = []
    for terms in leading:
        place = np.searchsorted(windows.columns, terms)
        vectors = value[np.ix_(place, place)]
        total = vectors.sum(axis=0)
        lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(total)
        means.append((vectors @ total / np.maximum(lengths, SMALLEST)).mean())
    return np.array(means)


def exclusivity(term_share: np.ndarray, leading: Sequence[np.ndarray]) -> np.ndarray:
    """
    Measure how far a topic's leading terms are its own: the mean of each term's share in it over its shares in all.

    Parameters
    ----------
    term_share : array, topics x terms
    leading : list of arrays
        Term numbers of each topic.

    Returns
    -------
    array of topics
        0 to 1; 1 / k where all k topics are the same.

    References
    ----------
    Roberts et al. (2014), Structural Topic Models for Open-Ended Survey Responses.
    """
    own = term_share / np.maximum(term_share.sum(axis=0), SMALLEST)
    return np.array([own[topic, terms].mean() for topic, terms in enumerate(leading)])


def _npmi(together, number, epsilon=0.0):
    """Give NPMI from how many of a number of places hold two terms; see `npmi` and `c_v`."""
    both = together / max(number, 1)
    alone = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log((both + epsilon) / np.outer(alone, alone)) / -np.log(both + epsilon)
    value = np.nan_to_num(value, nan=-1, posinf=0)  # a pair that never meets; with epsilon, a term that no place holds
    value[together == number] = 0
    return value


def _shared_windows(places, number, window):
    """
    Count the windows over a run of words that hold each two terms; `places` has -1 for a word that is no term.

    The windows that hold the word at i are those that begin from i - window + 1 to i. Where a term comes again within a
    window, its later span begins where the earlier ends, so that no window is counted twice.
    """
    at = np.flatnonzero(places >= 0)
    at = at[np.argsort(places[at], kind="stable")]
    begin, end = np.maximum(at - window + 1, 0), np.minimum(at + 1, number)
    again = places[at[1:]] == places[at[:-1]]
    begin[1:][again] = np.maximum(begin[1:], end[:-1])[again]
    shared = np.minimum.outer(end, end) - np.maximum.outer(begin, begin)
    held, first = np.unique(places[at], return_index=True)
    if not len(held):
        return held, shared
    return held, np.add.reduceat(np.add.reduceat(np.maximum(shared, 0), first, axis=0), first, axis=1)
