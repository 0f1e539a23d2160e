"""The lines behind each word: every use with the text around it, and the words that keep it company."""

import bisect
import itertools
from collections.abc import Iterable

import numpy as np
import pandas as pd
import regex
from scipy import sparse

from contrast.corpus import InputError, Problem, require, require_outlets
from contrast.terms.comparison import in_order, keyness
from contrast.terms.counts import TermCounts, are_stopped, count_ids, phrase_words
from contrast.text import PARAGRAPH
from contrast.words import plain, tokenise, word_spans

BLANK = regex.compile(r"[\t\p{Zs}]")
NEAR, ELSEWHERE = "near", "elsewhere"


def concordance(
    articles: pd.DataFrame, terms: str | Iterable[str], *, phrases: Iterable[str] = (), width: int = 45
) -> pd.DataFrame:
    """
    Find every use of terms, with the text around them.

    Parameters
    ----------
    articles : DataFrame
        With `outlet` and `text`.
    terms : str or strings
        Words, phrases, or runs of words, in whatever typing.
    phrases : strings, optional
        Those that were kept whole in counting: a word inside one is no use of the word.
    width : int
        Characters of context on each side; cut at a word, never across a paragraph.

    Returns
    -------
    DataFrame
        One row a use, in order of the terms, and then of the text: `term`, `article_id`, `outlet`, `start`, `end`
        (offsets into `text`), `position` (0 to 1: how far into the article), `left`, `keyword` (as printed), `right`.

    Raises
    ------
    InputError
        If the articles lack a column or a text.
    """
    require(articles, "outlet", "text")
    asked = [terms] if isinstance(terms, str) else terms
    order = {plain(" ".join(term.split())): number for number, term in enumerate(asked)}
    kept = phrase_words(phrases)
    runs: dict[str, list[tuple[str, list[str]]]] = {}
    for term in order:
        parts = [word for word, _, _ in _whole(term, list(word_spans(term)), kept)]
        if len(parts) > 1:
            runs.setdefault(parts[0], []).append((term, parts))
    rows = []
    for article_id, outlet, text in zip(articles.index, articles["outlet"], articles["text"], strict=True):
        spans = _whole(text, list(word_spans(text)), kept)
        lines = [line.span() for line in PARAGRAPH.finditer(text)]
        for number, (word, start, end) in enumerate(spans):
            found = [(word, end)] if word in order else []
            for term, parts in runs.get(word, ()):
                run = spans[number : number + len(parts)]
                if _is_run(text, run, parts):
                    found.append((term, run[-1][2]))
            for term, stop in found:
                place = (article_id, outlet, start, stop, start / len(text))
                line = lines[bisect.bisect(lines, (start, len(text))) - 1]
                rows.append((term, *place, *_around(text, start, stop, line, width)))
    columns = ["term", "article_id", "outlet", "start", "end", "position", "left", "keyword", "right"]
    return pd.DataFrame(sorted(rows, key=lambda row: order[row[0]]), columns=columns)


def collocates(
    units: pd.DataFrame, term: str, *, window: int = 5, stop_words: Iterable[str] = (), outlet: str | None = None
) -> pd.DataFrame:
    """
    Compare the words within a few words of a term with all other words.

    Parameters
    ----------
    units : DataFrame
        Sentences: `article_id`, `outlet`, `text`; a window never goes over a unit's end.
    term : str
        A word, in whatever typing.
    window : int
        Words on each side.
    stop_words : strings, optional
    outlet : str, optional
        Only in the units of this outlet.

    Returns
    -------
    DataFrame
        As `keyness` gives it, with "a" for the words near the term and "b" for the others; each article stands on both
        sides, so intervals are told and no p.

    Raises
    ------
    InputError
        If the term is not used, or no word or every word stands near it.
    """
    if outlet is not None:
        require_outlets([outlet], units["outlet"])
        units = units[units["outlet"] == outlet]
    term = plain(term)
    tokens = tokenise(units["text"])
    rows = np.repeat(np.arange(len(units)), tokens.lengths())
    hits = np.flatnonzero(tokens.terms[tokens.ids] == term)
    if not len(hits):
        raise InputError([Problem("the corpus", None, f"no use of {term!r}.", "Take another word; a phrase is none.")])
    near = np.zeros(len(rows), dtype=bool)
    for step in (*range(-window, 0), *range(1, window + 1)):
        here = hits[(hits + step >= 0) & (hits + step < len(rows))]
        near[here[rows[here + step] == rows[here]] + step] = True
    elsewhere = ~near
    near[hits] = elsewhere[hits] = False
    if not (near.any() and elsewhere.any()):
        problem = f"{'no' if elsewhere.any() else 'every'} other word stands within {window} words of {term!r}."
        raise InputError([Problem("the corpus", None, problem, "Add articles, or take another word or window.")])
    wanted = np.flatnonzero(~are_stopped(tokens.terms, stop_words))
    shape = (len(units), len(tokens.terms))
    matrices = [count_ids(rows[part], tokens.ids[part], shape)[:, wanted] for part in (near, elsewhere)]
    table = units[["article_id", "outlet"]].reset_index(drop=True)
    sides = [
        table.assign(
            outlet=side,
            article_id=table["article_id"].astype(str) + side,
            words=np.bincount(rows[part], minlength=len(table)),
        )
        for side, part in ((NEAR, near), (ELSEWHERE, elsewhere))
    ]
    counts = TermCounts(
        sparse.vstack(matrices, format="csr"),
        tokens.terms[wanted],
        tokens.printed[wanted],
        pd.concat(sides, ignore_index=True),
    )
    table = keyness(counts, NEAR, ELSEWHERE)
    untested = table.assign(z=np.nan, p=np.nan, q=np.nan, design_effect=np.nan)
    return in_order(untested, is_tested=False)[list(table)]


def _whole(text, spans, phrases):
    """Put the words of each phrase together, as `count_terms` does."""
    if not phrases:
        return spans
    places: dict[str, list[int]] = {}
    for number, (word, _, _) in enumerate(spans):
        places.setdefault(word, []).append(number)
    lengths: dict[int, int] = {}  # place of a phrase's first word -> its words
    taken: set[int] = set()
    for parts in phrases:
        for first in places.get(parts[0], ()):
            claimed = range(first, first + len(parts))
            if taken.isdisjoint(claimed) and _is_run(text, spans[first : first + len(parts)], parts):
                taken.update(claimed)
                lengths[first] = len(parts)
    merged = []
    for number, (word, start, end) in enumerate(spans):
        if number in lengths:
            run = spans[number : number + lengths[number]]
            merged.append((" ".join(part for part, _, _ in run), start, run[-1][2]))
        elif number not in taken:
            merged.append((word, start, end))
    return merged


def _is_run(text, run, parts):
    """Whether these are the words asked for, with one blank and nothing else between each two."""
    joined = all(BLANK.fullmatch(text, left[2], right[1]) for left, right in itertools.pairwise(run))
    return joined and [word for word, _, _ in run] == list(parts)


def _around(text, start, end, line, width):
    left, right = text[line[0] : start], text[end : line[1]]
    if len(left) > width:
        left = "…" + left[len(left) - width :].partition(" ")[2]
    if len(right) > width:
        right = right[:width].rpartition(" ")[0] + "…"
    return left, text[start:end], right
