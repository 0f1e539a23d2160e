"""Find a piece of furniture in one text: a line, its first or last words, an anchor near its end.

What is found and what is taken off go by the same functions, so a reader is shown what would go.
"""

import itertools
from collections.abc import Container, Iterator
from typing import NamedTuple

import regex

from contrast.text import PARAGRAPH
from contrast.words import word_spans

TAIL_TOKENS = 80  # an anchor stands among the last so many tokens, and in the last third of the text
TAIL_LINES = 5  # or opens one of the last so many lines
AFTER_HEAD = regex.compile(r"(?:[^\p{L}\p{N}\p{M}“‘«\"'`(\[@#$€£¿¡-]|-(?!\p{N}))*")
BEFORE_TAIL = " \t\n\r\u2028\u2029\u00a0–—-•⦁▪■●◦·*|/>([@©"
LETTERS = 40  # of a long word: so far back the last words are looked for


class Tail(NamedTuple):
    """The last tokens (runs without a blank) of a text: where they start, and of how many tokens in all."""

    start: int
    tokens: list[str]
    of: int


def folded(text: str) -> str:
    """
    Put the blanks of a text in order.

    >>> folded(" Check\\u00a0 Also ")
    'Check Also'
    """
    return " ".join(text.split())


def lines(text: str) -> Iterator[str]:
    """Give the lines of a text that hold something, blanks put in order."""
    return (folded(match.group()) for match in PARAGRAPH.finditer(text))


def tail(text: str) -> Tail:
    """Give the last tokens of a text: `TAIL_TOKENS`, or a third of it where that is less."""
    of = len(text.split())
    size = min(TAIL_TOKENS, of // 3)
    before = text.rsplit(None, size)[0] if size else text
    return Tail(len(before), text[len(before) :].split(), of)


def without_lines(text: str, dropped: Container[str]) -> str:
    """
    Leave out the lines that are, blanks put in order, among some.

    >>> without_lines("He left.\\nShare  this\\nShe stayed.", {"Share this"})
    'He left.\\nShe stayed.'
    """
    spans = [match.span() for match in PARAGRAPH.finditer(text)]
    kept = [folded(text[start:end]) not in dropped for start, end in spans]
    if all(kept):
        return text
    ends = [*(start for start, _ in spans[1:]), len(text)]  # a line goes with what parts it from the next
    parts = [text[start:end] for (start, _), end, keep in zip(spans, ends, kept, strict=True) if keep]
    return "".join(parts).rstrip() if parts and not kept[-1] else "".join(parts)


def head_end(text: str, head: list[str]) -> int:
    """
    Say where a text goes on after its first words, if these are `head`; else 0.

    >>> head_end("SANA News – “We won,” he said.", ["sana", "news"])
    12
    """
    spans = list(itertools.islice(word_spans(text), len(head)))
    if not head or [word for word, _, _ in spans] != head:
        return 0
    return AFTER_HEAD.match(text, spans[-1][2]).end()


def tail_start(text: str, last: list[str]) -> int:
    """
    Say where a text ends before its last words, if these are `last`; else where it ends.

    >>> tail_start("He left. - Read more here.", ["read", "more", "here"])
    8
    """
    spans = last_words(text, len(last))
    if not last or [word for word, _, _ in spans] != last:
        return len(text)
    return len(text[: spans[0][1]].rstrip(BEFORE_TAIL))


def last_words(text: str, many: int) -> list[tuple[str, int, int]]:
    """Give the last words of a text as `words.word_spans` does, without reading all of a long one."""
    before = max(len(text) - (many + 1) * LETTERS, 0)
    start = text.find(" ", before) if before else 0
    spans = [(word, start + first, start + end) for word, first, end in word_spans(text[start:])] if start >= 0 else []
    return (spans if len(spans) >= many or not before else list(word_spans(text)))[-many:]


def anchor_start(text: str, anchor: str) -> int:
    """
    Say where a text ends before a tail anchor and all that follows it; where it ends, if it holds none.

    The anchor is a whole line with little after it, or tokens in a row among the last, in the case it is printed in.

    >>> anchor_start("He said that they had left the city by then.\\nCheck Also\\nMeeting held", "Check Also")
    44
    """
    for start, end in [match.span() for match in PARAGRAPH.finditer(text)][-2 * TAIL_LINES :]:
        if folded(text[start:end]) == anchor and len(text[end:].split()) <= 2 * TAIL_TOKENS:  # furniture may follow
            return len(text[:start].rstrip())
    tokens = anchor.split()
    if len(tokens) < 2:
        return len(text)
    found = regex.compile(r"(?<!\S)" + r"\s+".join(map(regex.escape, tokens)) + r"(?!\S)")
    match = found.search(text, tail(text).start)
    return len(text[: match.start()].rstrip(BEFORE_TAIL)) if match else len(text)
