"""What a word is: the one definition that every count rests on, for one text and, by whole arrays, for a million."""

import collections
import functools
import os
import unicodedata
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from contrast.progress import progress_bar

WORD = regex.compile(r"(?<![\p{L}\p{N}\p{M}_])\p{L}[\p{L}\p{M}]*+(?:['’‐‑-]\p{L}[\p{L}\p{M}]*+)*+(?![\p{N}_])")
ONE_TYPING = {"’": "'", "‐": "-", "‑": "-"}
WORDS_PER_UNIT = 1000  # every rate in the project is per this many words
LETTER, MARK, NUMBER, JOINER, BLANK = 1, 2, 3, 4, 5  # kinds of characters; all others are 0
KINDS = {LETTER: r"\p{L}+", MARK: r"\p{M}+", NUMBER: r"[\p{N}_]+", JOINER: "['’‐‑-]+", BLANK: r"[\t\p{Zs}]+"}
BATCH = 1_000_000  # characters taken at once
AHEAD = 2 * (os.cpu_count() or 1)  # batches that may wait for their turn
BASE = 0x9E3779B97F4A7C15  # odd, and so with an inverse modulo 2^64


def word_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """
    Find the words of a text, each with its start and end.

    A word is a run of letters, with apostrophes and hyphens inside it; it comes back lower-cased, in Unicode's composed
    form, with one typing of apostrophe and hyphen, so that the same word of two outlets is the same string. Numbers,
    and letters joined to digits ("7th"), are no words.

    >>> [word for word, _, _ in word_spans("Jabhat al-Nusra won’t, on March 7th, accept no. 2254.")]
    ['jabhat', 'al-nusra', "won't", 'on', 'march', 'accept', 'no']
    """
    for match in WORD.finditer(text):
        yield plain(match.group()), match.start(), match.end()


def plain(word: str) -> str:
    """
    Give a word in the one typing in which words are compared.

    >>> plain("Won’t")
    "won't"
    """
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFC", word)
        for typing, one in ONE_TYPING.items():
            word = word.replace(typing, one)
    return word


def words(text: str) -> list[str]:
    """
    List the words of a text, in order; see `word_spans` for what a word is.

    >>> words("Syria’s future")
    ["syria's", 'future']
    """
    return [word for word, _, _ in word_spans(text)]


class Tokens(NamedTuple):
    """
    The words of many texts, end to end, each as its place in `terms`.

    `ids` (a number a word), `starts` (text i is `ids[starts[i] : starts[i + 1]]`), `follows` (whether one blank, and
    nothing else, parts a word from the one before it), `terms` (in alphabetical order), `printed` (each as it is most
    often printed: "US" for "us").
    """

    ids: np.ndarray
    starts: np.ndarray
    follows: np.ndarray
    terms: np.ndarray
    printed: np.ndarray

    def lengths(self) -> np.ndarray:
        """Give the number of words of each text."""
        return np.diff(self.starts)


def tokenise(texts: Iterable[str]) -> Tokens:
    """
    Find the words of texts, the same as `words` finds in each.

    >>> found = tokenise(["Syria, and Turkey", "in SYRIA"])
    >>> found.terms[found.ids].tolist(), found.starts.tolist(), found.follows.tolist()
    (['syria', 'and', 'turkey', 'in', 'syria'], [0, 3, 5], [False, False, True, False, True])
    """
    spelt: list[str] = []  # the different forms, in the order in which they are met
    typed: list[str] = []  # each of them in the one typing
    known, parts = np.empty(0, dtype=np.uint64), []
    total = len(texts) if isinstance(texts, Sized) else None
    with ThreadPoolExecutor(os.cpu_count()) as pool, progress_bar("Finding words", " texts", total) as bar:
        for text, starts, ends, part in _in_turn(pool, _batches(texts)):
            order = np.argsort(part.forms)
            places = np.searchsorted(known, part.forms[order])
            is_new = places == len(known)
            is_new[~is_new] = known[places[~is_new]] != part.forms[order[~is_new]]
            known = np.insert(known, places[is_new], part.forms[order[is_new]])
            new = np.sort(order[is_new])
            found = [text[start:end] for start, end in zip(starts[new].tolist(), ends[new].tolist(), strict=True)]
            spelt += found
            typed += plain("\n".join(found)).split("\n") if found else []
            parts.append(part)
            bar.update(len(part.lengths))
    forms, different = pd.factorize(_joined([part.forms for part in parts], np.uint64))
    uses = np.bincount(forms, _joined([part.uses for part in parts], np.int64), len(different))
    terms, of_form, printed = _terms(spelt, typed, uses)
    cuts = np.cumsum([len(part.forms) for part in parts])[:-1]
    ids = [known[part.ids] for known, part in zip(np.split(of_form[forms], cuts), parts, strict=True)] if parts else []
    lengths = _joined([part.lengths for part in parts], np.int64)
    follows = _joined([part.follows for part in parts], bool)
    return Tokens(_joined(ids, np.int32), np.concatenate([[0], np.cumsum(lengths)]), follows, terms, printed)


def _in_turn(pool, batches):
    """Find the words of batches, in their order, with a few of them at work at a time."""
    waiting = collections.deque()
    for batch in batches:
        waiting.append(pool.submit(_find, batch))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


class _Found(NamedTuple):
    """
    The words of a batch.

    `forms` (of the different ones, a number that equal words of all batches share), `uses` (of each form), `ids` (each
    word's place in `forms`), `follows`, and `lengths` (words a text).
    """

    forms: np.ndarray
    uses: np.ndarray
    ids: np.ndarray
    follows: np.ndarray
    lengths: np.ndarray


def _batches(texts):
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _find(texts):
    """Find the words of a batch; give its text, and start and end of each different word, too."""
    text = "\n".join(["", *texts, ""])
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(codes) > len(text):  # some characters take two
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds(0x10000 if codes.itemsize == 2 else 0x110000).take(codes)
    starts, ends = _words(kinds)
    follows = np.zeros(len(starts), dtype=bool)
    follows[1:] = (starts[1:] == ends[:-1] + 1) & (kinds[ends[:-1]] == BLANK)
    ids, forms, first = _same(codes, starts, ends)
    begin = np.cumsum([1, *(len(text) + 1 for text in texts)])
    lengths = np.diff(np.searchsorted(starts, begin))
    found = _Found(forms, np.bincount(ids, minlength=len(forms)), ids, follows, lengths)
    return text, starts[first], ends[first], found


def _words(kinds):
    """Give start and end of every word: runs of letters and marks, joined by single joiners, as `WORD` has it."""
    inside = kinds - np.uint8(LETTER) < 2
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    begins = kinds[starts] == LETTER
    sound = begins & (kinds[starts - 1] != NUMBER)
    joined = sound[:-1] & begins[1:] & (starts[1:] == ends[:-1] + 1) & (kinds[ends[:-1]] == JOINER)
    first, last = sound.copy(), sound
    first[1:] &= ~joined
    last[:-1] &= ~joined
    starts, ends = starts[first], ends[last]
    whole = kinds[ends] != NUMBER
    return starts[whole], ends[whole]


def _same(codes, starts, ends):
    """
    Tell the different words of a batch: each word's place among them, the number of each, and where it was met first.

    A word's number is a polynomial of its characters, modulo 2^64 (Karp and Rabin 1987). Words of a thousand letters
    can be made to have one number; those that anybody wrote do not.
    """
    powers, inverses = _powers(1 << len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.multiply(codes, powers[: len(codes)], out=sums[1:])
    np.cumsum(sums[1:], out=sums[1:])
    ids, different = pd.factorize((sums[ends] - sums[starts]) * inverses[starts])
    first = np.empty(len(different), dtype=np.int64)
    first[ids[::-1]] = np.arange(len(ids))[::-1]
    return ids.astype(np.int32), different, first


@functools.cache
def _powers(number):
    """Give the powers of `BASE`, and of its inverse, modulo 2^64."""
    found = []
    for base in (BASE, pow(BASE, -1, 1 << 64)):
        factors = np.full(number, base, dtype=np.uint64)
        factors[0] = 1
        found.append(np.multiply.accumulate(factors))
    return found


@functools.cache
def _kinds(number):
    """Give the kind of each of the first characters of Unicode, as `regex` knows them."""
    kinds = np.zeros(number, dtype=np.uint8)
    every = "".join(map(chr, range(number)))
    for kind, pattern in KINDS.items():
        for match in regex.finditer(pattern, every):
            kinds[match.start() : match.end()] = kind
    return kinds


def _terms(forms, typed, uses):
    """Give the different terms in order, which of them each form is, and how each is most often printed."""
    terms = sorted(set(typed))
    of_form = pd.factorize(np.array(terms + typed, dtype=object))[0][len(terms) :].astype(np.int32)
    commonest = np.lexsort((-uses, of_form))  # of equally common ones the first met
    commonest = commonest[np.searchsorted(of_form[commonest], np.arange(len(terms)))]
    return np.array(terms, dtype=object), of_form, np.array(forms, dtype=object)[commonest]


def _joined(parts, kind):
    return np.concatenate([np.empty(0, dtype=kind), *parts])
