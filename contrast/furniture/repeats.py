"""Count in how many articles, and on how many dates, an outlet repeats a piece of text, and who else prints it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from contrast.duplicates import HashedWords, hash_runs, hash_words

MIN_DATES = 3
OWN = 0.8  # of the articles that hold a piece, at least this share is the outlet's
IN_PLACE = 0.8  # of the outlet's articles that hold a piece, at least this share has it at the head, or near the end
DIFFERENT = 0.67  # after an anchor at most this share of its articles goes on with the same token
BLOCK = 4_000_000  # words searched at a time


class Piece(NamedTuple):
    """A repeated piece of text, as `furniture.find_furniture` tells it; outlet and example as their numbers here."""

    outlet: int
    line: str
    kind: str
    dates: int
    articles: int
    share_own: float
    example: int


class Corpus(NamedTuple):
    """The articles searched: their ids, the outlets' names, and by article the outlet and date as numbers, the text."""

    ids: np.ndarray
    names: np.ndarray
    outlets: np.ndarray
    days: np.ndarray
    texts: np.ndarray
    words: HashedWords

    def dates(self, places: Iterable[int]) -> int:
        """Count the dates of some articles; an article without one counts as a date of its own."""
        return len(np.unique(self.days[places]))

    def with_texts(self, texts: np.ndarray) -> "Corpus":
        """Put other texts in place of the articles', and hash anew those that have changed."""
        changed = [place for place, text in enumerate(texts) if text != self.texts[place]]
        again = hash_words(texts[changed])
        starts = [self.words.starts, again.starts + len(self.words.hashes)]
        where = np.arange(len(texts))
        where[changed] = len(self.words.starts) + np.arange(len(changed))
        both = HashedWords(np.concatenate([self.words.hashes, again.hashes]), np.concatenate(starts))
        return self._replace(texts=texts, words=both.take(where)) if changed else self


def corpus_without(articles: pd.DataFrame, duplicates: pd.DataFrame, hashed: HashedWords | None) -> Corpus:
    """Prepare articles for counting, near-duplicates left out; `hashed` holds the words of all of them, if given."""
    places = np.flatnonzero(~articles.index.isin(duplicates["article_id"]))
    articles = articles.iloc[places]
    hashed = hash_words(articles["text"]) if hashed is None else hashed.take(places)
    outlets, names = pd.factorize(articles["outlet"].to_numpy(dtype=object))
    days = pd.factorize(articles["date"])[0]
    days = np.where(days < 0, -np.arange(1, len(days) + 1), days)
    texts = articles["text"].to_numpy(dtype=object)
    return Corpus(articles.index.to_numpy(dtype=object), names, outlets, days, texts, hashed)


class Held(NamedTuple):
    """The articles that hold a run of words, and how many times they do, by outlet."""

    articles: Counter
    times: Counter

    def shares(self, outlet: int) -> tuple[int, int, int]:
        """Give the outlet's articles, those of all outlets, and how many times the outlet's hold the run."""
        return self.articles[outlet], self.articles.total(), self.times[outlet]


def holders(corpus: Corpus, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Held]:
    """
    Count for runs of words the articles that hold them anywhere.

    Parameters
    ----------
    corpus : Corpus
    wanted : pairs
        A run's hash (see `duplicates.hash_runs`) and its length in words.
    """
    held = {(int(run), length): Held(Counter(), Counter()) for run, length in wanted}
    starts = corpus.words.starts
    for length in sorted({length for _, length in held}):
        keys = np.array(sorted(run for run, other in held if other == length), dtype=np.uint64)
        likely = np.zeros(1 << 16, dtype=bool)
        likely[keys >> np.uint64(48)] = True
        first = 0
        while first < len(starts) - 1:
            last = min(max(np.searchsorted(starts, starts[first] + BLOCK), first + 1), len(starts) - 1)
            runs = hash_runs(corpus.words.hashes[starts[first] : starts[last]], length)
            at = np.flatnonzero(likely[runs >> np.uint64(48)])
            number = np.minimum(np.searchsorted(keys, runs[at]), len(keys) - 1)
            article = np.searchsorted(starts, at + starts[first], side="right") - 1
            good = (keys[number] == runs[at]) & (at + starts[first] + length <= starts[article + 1])
            pairs, times = np.unique(number[good] * len(starts) + article[good], return_counts=True)
            run, outlet = keys[pairs // len(starts)], corpus.outlets[pairs % len(starts)]
            for key, one, count in zip(run.tolist(), outlet.tolist(), times.tolist(), strict=True):
                held[key, length].articles[one] += 1
                held[key, length].times[one] += count
            first = last
    return held


def is_anchor(continuations: Sequence[Sequence[str]]) -> bool:
    """
    Say whether a piece that goes on with these tokens, an article each, is an anchor: it goes on, and differently.

    >>> is_anchor([["Al-Jaafari:"], ["Foreign", "Ministry"], ["Army"]])
    True
    """
    firsts = Counter(tokens[0] for tokens in continuations if tokens)
    many = len(continuations)
    return firsts.total() >= IN_PLACE * many and max(firsts.values()) <= max(DIFFERENT * many, 1)
