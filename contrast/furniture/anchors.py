"""Find the anchors, such as "Check Also", after which a text is no longer the article's, where they stand in a line."""

import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy.special import bdtrc

from contrast.duplicates import hash_runs, hash_words
from contrast.furniture.pieces import Tail, tail
from contrast.furniture.repeats import IN_PLACE, MIN_DATES, OWN, Corpus, Piece, holders, is_anchor

SIZES = (2, 3, 4)  # tokens that an anchor is looked for with; a longer one begins with such
TOGETHER = 0.8  # it is lengthened by a token as long as this share of its articles goes on with that token
CHANCE = 0.05  # the risk that one piece or more of an outlet stands near the end of its articles by chance alone
MOST_TOKENS = 20
OPENS = tuple(".!?…:;|»›•*”\"'’)]>–—-")  # what a token ends with, after which a new sentence or piece may open


def find_anchors(corpus: Corpus) -> list[Piece]:
    """
    Find tokens that open with a capital and stand near the end of an outlet's texts, and after which all differ.

    That a phrase stands there in `IN_PLACE` of its articles may be chance: it is held for chance unless that has a
    probability under `CHANCE`, over all phrases looked at (Bonferroni). In letters that have no case, any token may
    open an anchor.
    """
    tails = [tail(text) for text in corpus.texts]
    candidates = [row for outlet in range(len(corpus.names)) for row in _frequent(corpus, outlet, tails)]
    looked_at = Counter(outlet for outlet, _, _ in candidates)
    shares = [np.mean([len(tails[place].tokens) / tails[place].of for place in places]) for _, _, places in candidates]
    likely = [  # even if the piece stands nowhere else
        (row, share)
        for row, share in zip(candidates, shares, strict=True)
        if looked_at[row[0]] * share ** len(row[2]) <= CHANCE
    ]
    keys = _keys([piece for (_, piece, _), _ in likely])
    held = holders(corpus, [key for key in keys if key[1] > 1])  # a single word says too little
    kept: dict[int, list] = {}
    for ((outlet, piece, places), share), key in zip(likely, keys, strict=True):
        own, every, _ = held[key].shares(outlet) if key in held else (0, 1, 0)
        by_chance = looked_at[outlet] * bdtrc(len(places) - 1, max(own, len(places)), share)
        if own and len(places) >= IN_PLACE * own and own >= OWN * every and by_chance <= CHANCE:
            kept.setdefault(outlet, []).append((piece, places, own / every))
    return [piece for outlet in kept for piece in _chosen(corpus, outlet, kept[outlet], tails)]


def _frequent(corpus, outlet, tails: list[Tail]) -> Iterator[tuple[int, str, list[int]]]:
    """Give the pieces that stand in the tails of enough dates, each with its outlet and the places of its articles."""
    places = np.flatnonzero(corpus.outlets == outlet)
    openings = {place: _openings(tails[place].tokens) for place in places}
    for size in SIZES:
        found: dict[str, list[int]] = {}
        for place in places:
            tokens = tails[place].tokens
            pieces = (" ".join(tokens[i : i + size]) for i in openings[place] if i + size < len(tokens))
            for piece in dict.fromkeys(pieces):
                found.setdefault(piece, []).append(place)
        frequent = {piece: where for piece, where in found.items() if len(where) >= MIN_DATES}
        frequent = {piece: where for piece, where in frequent.items() if corpus.dates(where) >= MIN_DATES}
        yield from ((outlet, piece, where) for piece, where in frequent.items())
        if size == 2:
            for place in places:
                tokens = tails[place].tokens
                openings[place] = [i for i in openings[place] if " ".join(tokens[i : i + 2]) in frequent]


def _openings(tokens):
    """Give where tokens have no small initial and follow a sign, another such token, or nothing."""
    capital = [token[0].isalpha() and not token[0].islower() for token in tokens]
    return [
        i
        for i in range(len(tokens))
        if capital[i] and (i == 0 or tokens[i - 1].endswith(OPENS) or not tokens[i - 1][0].islower())
    ]


def _keys(pieces):
    """Give the hash of each piece's words, and their number."""
    hashed = hash_words(pieces)
    parts = [hashed.hashes[start:end] for start, end in itertools.pairwise(hashed.starts)]
    return [(int(hash_runs(part, len(part))[0]) if len(part) else 0, len(part)) for part in parts]


def _chosen(corpus, outlet, kept, tails) -> Iterator[Piece]:
    """Choose among pieces that overlap: those in most articles first, then those that begin earliest in the text."""
    taken: set[int] = set()
    order = sorted(kept, key=lambda row: (-len(row[1]), _begin(row[0], tails[row[1][0]].tokens), row[0]))
    for piece, places, share in order:
        places = [place for place in places if place not in taken]
        if len(places) < MIN_DATES or corpus.dates(places) < MIN_DATES:
            continue
        piece, places, following = _lengthened(piece, places, tails)
        if corpus.dates(places) >= MIN_DATES and is_anchor(following):
            taken |= set(places)
            yield Piece(outlet, piece, "tail anchor", corpus.dates(places), len(places), share, places[0])


def _lengthened(piece, places, tails):
    """Lengthen a piece while most of its articles go on alike; give it with its articles, and how each goes on."""
    needed = TOGETHER * len(places)
    while True:
        following = [_after(piece, tails[place].tokens) for place in places]
        token, count = Counter(tokens[0] if tokens else "" for tokens in following).most_common(1)[0]
        if count < needed or not token or len(piece.split()) >= MOST_TOKENS:
            return piece, places, following
        places = [place for place, tokens in zip(places, following, strict=True) if tokens and tokens[0] == token]
        piece = f"{piece} {token}"


def _begin(piece, tokens):
    size = piece.count(" ") + 1
    return next(i for i in range(len(tokens)) if " ".join(tokens[i : i + size]) == piece)


def _after(piece, tokens):
    return tokens[_begin(piece, tokens) + piece.count(" ") + 1 :]
