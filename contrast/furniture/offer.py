"""Offer what a site prints around its articles as a table, and take off what a reader marks in it.

A piece of furniture is a line, the first or the last words of a text, or an anchor near its end from which on the text
is no longer the article's. It is found by repetition alone: on several days, by one outlet, at one place.
"""

import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from contrast.corpus import InputError, Problem, require
from contrast.duplicates import MULTIPLIER, HashedWords
from contrast.furniture.anchors import find_anchors
from contrast.furniture.pieces import (
    BEFORE_TAIL,
    TAIL_LINES,
    TAIL_TOKENS,
    anchor_start,
    folded,
    head_end,
    last_words,
    lines,
    tail_start,
    without_lines,
)
from contrast.furniture.repeats import IN_PLACE, MIN_DATES, OWN, Corpus, Piece, corpus_without, holders, is_anchor
from contrast.words import word_spans, words

KINDS = ("line", "head", "tail", "tail anchor")
TOGETHER = 0.8  # a head or tail is lengthened by a word as long as this share of its articles has that word there
LENGTHS = (2, 3, 4, 5, 6, 8, 12)  # words that a head or tail is looked for with; a longer one begins with such
MOST_WORDS = 40  # in a head or a tail
LONG = 8  # words; so long a head, or a tail that opens with a capital, needs no punctuation next to the body
OFTEN = 0.2  # of the outlet's dates; nor does one so frequent
ABBREVIATION = 3  # letters: a period after so short a word with a capital ends no sentence
LOOKED_AT = 50  # articles in which the punctuation around a piece is read
NUMBER = regex.compile(r"\p{N}+(?:[.,:/-]\p{N}+)*")  # the colon of 9:30 parts nothing
HEAD_SIGN = regex.compile(r"[.!?…:;|»›•*/>\n\r\u2028\u2029)\]]|\p{Pd}")
TAIL_SIGN = regex.compile(r"[.!?…:;|»›•*/>\n\r\u2028\u2029(\[]|\s\p{Pd}")
GUARDED = r"^'(?=[=+@\t\r-])"  # an apostrophe that was put before what a spreadsheet would take for a formula
KEEP = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}


def find_furniture(
    articles: pd.DataFrame, duplicates: pd.DataFrame, *, hashed: HashedWords | None = None
) -> pd.DataFrame:
    """
    Find the pieces that an outlet repeats around its articles.

    A piece counts if it stands in articles of one outlet on `MIN_DATES` different dates (an article without a date
    counts as one), and the outlet has at least `OWN` of all articles that hold it. Four kinds are told apart: a whole
    line; the first or last words of a text ("head", "tail"), which seldom stand elsewhere in it, and are set off by
    punctuation, long, or very frequent; and a "tail anchor" such as "Check Also" near the end, after which every
    article goes on differently. Nothing is taken off: a stock sentence of background may be a finding.

    Parameters
    ----------
    articles : DataFrame
        With `outlet`, `date` and `text`, a paragraph a line.
    duplicates : DataFrame
        As `duplicates.near_duplicates` gives it; these articles are left out, or all they hold would be furniture.
    hashed : HashedWords, optional
        Of `articles["text"]`, if they are at hand.

    Returns
    -------
    DataFrame
        One row a piece, by outlet in the order of `articles`, the piece in most articles first: `outlet`, `line` (the
        piece as printed, blanks put in order), `kind`, `dates`, `articles`, `share_own` (the outlet's share of the
        articles of all outlets that hold it), `example` (an article), `keep` (True: set it to False to have
        `drop_furniture` take the piece off).
    """
    require(articles, "outlet", "date", "text")
    corpus = corpus_without(articles, duplicates, hashed)
    found = _repeated_lines(corpus)
    rest = corpus.with_texts(_taken_off(corpus.texts, corpus.outlets, found))
    heads, tails = _ends(rest, "head"), _ends(rest, "tail")
    rest = rest.with_texts(_taken_off(rest.texts, rest.outlets, tails))
    found += [*heads, *tails, *find_anchors(rest)]
    found.sort(key=lambda piece: (piece.outlet, -piece.articles, KINDS.index(piece.kind), piece.line))
    rows = [piece._replace(outlet=corpus.names[piece.outlet], example=corpus.ids[piece.example]) for piece in found]
    return pd.DataFrame(rows, columns=Piece._fields).assign(keep=True)


def drop_furniture(articles: pd.DataFrame, furniture: pd.DataFrame) -> pd.DataFrame:
    """
    Take pieces off the text of their outlet's articles: those rows of `furniture` whose `keep` is False.

    A line goes wherever it stands, a head or a tail where the text begins or ends with it, an anchor near the end with
    all that follows. Nothing is put in; a text that was furniture alone is "" afterwards.

    Parameters
    ----------
    articles : DataFrame
        With `outlet` and `text`.
    furniture : DataFrame
        As `find_furniture` gives it; also as a spreadsheet has changed it ("FALSE", "no", "0").

    Raises
    ------
    InputError
        If `keep` holds something that is neither yes nor no, or `kind` is unknown.
    """
    dropped = furniture[~is_kept(furniture)]
    pieces = [Piece(row.outlet, folded(row.line), row.kind, 0, 0, 0, 0) for row in dropped.itertuples()]
    texts = _taken_off(articles["text"].to_numpy(dtype=object), articles["outlet"].to_numpy(dtype=object), pieces)
    return articles.assign(text=texts)


def read_furniture(path: str | Path) -> pd.DataFrame:
    """
    Read a table of `find_furniture` from a CSV file that a reader has marked in a spreadsheet.

    Raises
    ------
    InputError
        If it can't be read, lacks a column, or holds something that is neither yes nor no in `keep`.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        remedy = "Give the furniture.csv of a report, saved as CSV in UTF-8."
        raise InputError([Problem(str(path), None, f"it can't be read: {error}.", remedy)]) from None
    if missing := [name for name in ("outlet", "line", "kind", "keep") if name not in table]:
        remedy = f"There are: {', '.join(table.columns)}."
        raise InputError([Problem(str(path), None, f"no column {name!r}.", remedy) for name in missing])
    is_kept(table, str(path))
    return table.assign(line=table["line"].str.replace(GUARDED, "", regex=True))


def is_kept(furniture: pd.DataFrame, where: str = "furniture") -> np.ndarray:
    """Read the column `keep`, which a spreadsheet may have turned into text."""
    problems = []
    kept = []
    for number, (keep, kind) in enumerate(zip(furniture["keep"], furniture["kind"], strict=True), start=2):
        kept.append(KEEP.get(str(keep).strip().lower()))
        if kept[-1] is None:
            problems.append(Problem(where, number, f"keep is {keep!r}.", "Write yes or no."))
        if kind not in KINDS:
            problems.append(Problem(where, number, f"kind {kind!r}.", f"There are: {', '.join(KINDS)}."))
    if problems:
        raise InputError(problems)
    return np.array(kept, dtype=bool)


def _taken_off(texts, outlets, pieces: list[Piece]) -> np.ndarray:
    """Take pieces off the texts of their outlets: lines, then from anchors on, then heads and tails."""
    texts = texts.copy()
    by_outlet: dict = {}
    for piece in sorted(pieces, key=lambda piece: (-len(piece.line), piece.line)):
        by_outlet.setdefault(piece.outlet, {kind: [] for kind in KINDS})[piece.kind].append(piece.line)
    by_outlet = {
        outlet: (set(found["line"]), found["tail anchor"], *([words(x) for x in found[k]] for k in ("head", "tail")))
        for outlet, found in by_outlet.items()
    }
    for place, outlet in enumerate(outlets):
        if outlet in by_outlet:
            dropped, anchors, heads, tails = by_outlet[outlet]
            text = without_lines(texts[place], dropped)
            for anchor in anchors:
                text = text[: anchor_start(text, anchor)]
            for head in heads:
                text = text[head_end(text, head) :]
            for last in tails:
                text = text[: tail_start(text, last)]
            texts[place] = text
    return texts


# Lines


def _repeated_lines(corpus: Corpus) -> list[Piece]:
    counts = Counter(line for text in corpus.texts for line in set(lines(text)))
    held: dict[tuple[int, str], list[int]] = {}
    for place, text in enumerate(corpus.texts):
        for line in dict.fromkeys(lines(text)):
            if counts[line] >= MIN_DATES:
                held.setdefault((corpus.outlets[place], line), []).append(place)
    found = [
        Piece(outlet, line, "line", corpus.dates(places), len(places), len(places) / counts[line], places[0])
        for (outlet, line), places in held.items()
        if corpus.dates(places) >= MIN_DATES and len(places) >= OWN * counts[line]
    ]
    own: dict[int, set[str]] = {}
    for piece in found:
        own.setdefault(piece.outlet, set()).add(piece.line)
    for number, piece in enumerate(found):
        texts = corpus.texts[held[piece.outlet, piece.line]]
        if is_anchor([_after_line(text, piece.line, own[piece.outlet]) for text in texts]):
            found[number] = piece._replace(kind="tail anchor")
    return found


def _after_line(text, line, own):
    """Give the tokens from a line to the end, repeated lines left out; none if one follows, or if that is no tail."""
    every = list(lines(text))
    rest = every[every.index(line) + 1 :]
    left = [other for other in rest if other not in own]
    tokens = " ".join(left).split()
    is_tail = len(left) < TAIL_LINES and len(tokens) <= TAIL_TOKENS and rest[:1] == left[:1]
    return tokens if is_tail else []


# Heads and tails


def _ends(corpus: Corpus, kind: str) -> list[Piece]:
    """Find the first, or last, words that articles of an outlet share, the shortest that seldom stand elsewhere."""
    window = _window(corpus, kind)
    taken = np.zeros(len(window), dtype=bool)
    found = []
    for length in LENGTHS:
        columns = window[:, :length] if kind == "head" else window[:, length - 1 :: -1]
        runs = np.zeros(len(window), dtype=np.uint64)
        for column in columns.T:
            runs = runs * MULTIPLIER + column  # as in `hash_runs`
        groups = _groups(corpus, runs, ~taken & (window[:, length - 1] > 0))
        held = holders(corpus, {(run, length) for _, run in groups})
        for (outlet, run), places in groups.items():
            own, every, times = held[run, length].shares(outlet)
            if len(places) < IN_PLACE * times or own < OWN * every:
                continue
            places, size = _lengthened(window, places, length)
            if corpus.dates(places) >= MIN_DATES and (line := _set_off(corpus, places, size, length, kind)):
                found.append(Piece(outlet, line, kind, corpus.dates(places), len(places), own / every, places[0]))
                taken[places] = True
    return found


def _window(corpus, kind):
    """Give the first words of each text, or the last, backwards: as hashes, 0 where the text is shorter."""
    window = np.zeros((len(corpus.texts), MOST_WORDS), dtype=np.uint64)
    for place, (start, end) in enumerate(itertools.pairwise(corpus.words.starts)):
        hashes = corpus.words.hashes[start:end]
        part = hashes[:MOST_WORDS] if kind == "head" else hashes[::-1][:MOST_WORDS]
        window[place, : len(part)] = part
    return window


def _groups(corpus, runs, eligible):
    """Give the places of the articles of an outlet that share a run, where they have enough dates."""
    _, kind, times = np.unique(runs, return_inverse=True, return_counts=True)
    places = np.flatnonzero(eligible & (times[kind] >= MIN_DATES))  # most runs stand in one article alone
    if not len(places):
        return {}
    table = pd.DataFrame({"outlet": corpus.outlets[places], "run": runs[places], "place": places})
    table = table[table.groupby(["outlet", "run"])["place"].transform("size") >= MIN_DATES]
    groups = {key: part.to_numpy() for key, part in table.groupby(["outlet", "run"], sort=False)["place"]}
    return {key: places for key, places in groups.items() if corpus.dates(places) >= MIN_DATES}


def _lengthened(window, places, size):
    """Lengthen a piece by the next word, outwards from the text's end, while most of its articles share that word."""
    needed = TOGETHER * len(places)
    while size < MOST_WORDS:
        following, counts = np.unique(window[places, size], return_counts=True)
        if counts.max() < needed or following[counts.argmax()] == 0:
            break
        places, size = places[window[places, size] == following[counts.argmax()]], size + 1
    return places, size


def _set_off(corpus, places, size, least, kind):
    """
    Give the piece as printed, cut back to where punctuation parts it from the body; "" if it seems no piece.

    It must keep `least` words. Without such punctuation it passes if it is `LONG` or stands very `OFTEN`.
    """
    texts = corpus.texts[places[:: len(places) // LOOKED_AT + 1]]
    gaps = [_gaps(text, size, kind) for text in texts]
    cuts = [cut for cut in range(least, size + 1) if sum(parted[cut - 1] for parted in gaps) >= IN_PLACE * len(gaps)]
    of_outlet = corpus.dates(np.flatnonzero(corpus.outlets == corpus.outlets[places[0]]))
    is_often = corpus.dates(places) >= max(OFTEN * of_outlet, MIN_DATES + 2)
    piece = _printed(texts[0], max(cuts, default=size), kind)
    is_long = size >= LONG and (kind == "head" or not piece[0].islower())
    return piece if cuts or is_long or is_often else ""


def _printed(text, size, kind):
    """Give the first, or last, words of a text as they are printed, with the punctuation that goes with them."""
    if kind == "head":
        return folded(text[: head_end(text, [word for word, _, _ in itertools.islice(word_spans(text), size)])])
    return folded(text[tail_start(text, [word for word, _, _ in last_words(text, size)]) :]).lstrip(BEFORE_TAIL)


def _gaps(text, size, kind):
    """Say after the first word, the first two and so on (before the last word and so on) if punctuation parts them."""
    if kind == "head":
        spans = list(itertools.islice(word_spans(text), size + 1))
        befores, afters, sign = spans[:size], spans[1:], HEAD_SIGN
    else:
        spans = last_words(text, size + 1)[::-1]
        befores, afters, sign = spans[1:], spans[:size], TAIL_SIGN
    parted = []
    for (_, start, end), (_, following, _) in zip(befores, afters, strict=False):
        gap = NUMBER.sub("", text[end:following]).lstrip()
        if end - start <= ABBREVIATION and text[start].isupper():
            gap = gap.removeprefix(".")
        parted.append(bool(sign.search(gap)))
    return parted + [True] * (size - len(parted))  # the piece is the whole text
