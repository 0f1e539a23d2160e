"""Take titles, datelines, bylines and site furniture off article text, and keep an account of every character taken.

Nothing is ever replaced: a clean text is its raw text with characters left out, so the two can always be compared.
A rule fires on any outlet only where its mark is plain; rules that know one outlet's habits fire on that outlet alone.
"""

import functools
import unicodedata
from pathlib import Path

import pandas as pd
import regex

from contrast.corpus import InputError, Problem, require, survey_articles

LINE = regex.compile(r"(?:[^\n\r\u2028\u2029]|\r(?=\n))+")
INVISIBLE = "\ufeff\u200b\u00ad"  # byte-order mark, zero-width space, soft hyphen
VISIBLE = regex.compile(rf"[^\s{INVISIBLE}]")
TAIL_ANCHORS = {"check also"}  # what a site prints under an article: this line, then the lead of another article
TAIL_LINES = 4  # a longer "tail" is no tail
SIGNS_ITS_ARTICLES = {"SANA"}  # outlets whose last line is the writer's name, also where no tail anchor follows it
NAME = r"(?:\p{Lu}[\p{L}\p{M}'’.-]*|al-\p{L}+)"
BYLINE = regex.compile(rf"{NAME}(?:\s{NAME}){{0,3}}(?:\s?/\s?{NAME}(?:\s{NAME}){{0,3}})*(?<!\p{{Ll}}\.)")
ENDED = regex.compile(r"[.!?…][”\"’')]*$")
PRINTED_DATE = regex.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d")
PLACE = rf"{NAME}(?:[\s,]+(?:{NAME}|of|the|and|city|province|countryside)){{0,5}}?"
AGENCIES = r"AFP|AP|Reuters|TASS|Xinhua"
POST = regex.compile(r"(?:<u>|\*\*)+@\w+\s*#\w+(?:</u>|\*\*)+.*")
RESIDUE = regex.compile(
    r"</?(?:u|b|i|em|strong)>"
    r"|(?<![\w*])(?P<mark>\*)[\"“](?=\S)[^*\"“”]+[\"”]?(?P<mark>\*)[\"”]?"
    r"|(?<![\w*])(?P<mark>\*\*)[^\s*][^*]*(?<!\s)(?P<mark>\*\*)(?![\w*])"
)
BLANKS = regex.compile(r"(?<![^\n\r\u2028\u2029])\s+|\s+$|[\ufeff\u00ad]+|(?P<between>\s{2,})")
STRAIGHT_QUOTES = str.maketrans("‘’“”", "''\"\"")


def load_corpus(folder: str | Path | None = None, *, outlets: list[str] | None = None) -> pd.DataFrame:
    """
    Load the articles of a corpus folder, checked and cleaned.

    Parameters
    ----------
    folder : path, optional
        See `read_articles`; the shipped corpus if not given.
    outlets : list of str, optional
        Keep the articles of these outlets alone, in this order.

    Returns
    -------
    DataFrame
        The table of `read_articles` with three columns more: `text` (the body, a paragraph a line), `dateline` and
        `byline` ("" where there is none).

    Raises
    ------
    InputError
        With every problem found in the folder, each with file, row and remedy.
    """
    articles, problems = survey_articles(folder, outlets=outlets)
    articles = clean(articles)
    remedy = "Supply the article's body, or delete its row."
    for file in articles.loc[(articles["text"] == "") & (articles["raw"].str.strip() != ""), "source_file"]:
        problems.append(Problem(f"articles/{file}", None, "only a title or furniture is in it.", remedy))
    if problems:
        raise InputError(problems)
    return articles


def clean(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Add `text`, `dateline` and `byline` to articles that have `raw`, `title` and `outlet`.

    What was left out of `raw`, and by which rule, is told by `removed`.
    """
    rows = []
    for article in articles.itertuples():
        taken = _taken(article.raw, article.title, article.outlet)
        parts = {rule: article.raw[start:end].strip() for start, end, rule in taken}
        ends = [0, *(end for _, end, _ in taken)]
        starts = [*(start for start, _, _ in taken), len(article.raw)]
        text = "".join(article.raw[end:start] for end, start in zip(ends, starts, strict=True))
        rows.append((text, parts.get("dateline", ""), parts.get("byline", "")))
    return articles.assign(**pd.DataFrame(rows, columns=["text", "dateline", "byline"], index=articles.index))


def removed(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Account for every character that cleaning took off the raw text.

    Returns
    -------
    DataFrame
        One row a piece, in order: `article_id`, `outlet`, `start` and `end` (offsets into `raw`), `line` (of the file,
        from 1), `rule` (title, printed date, dateline, byline, tail, embedded post, markup, blank) and `text`. The
        pieces and the clean `text`, put together in order of offset, are `raw`.
    """
    require(articles, "outlet", "title", "raw")
    rows = [
        (article.Index, article.outlet, start, end, article.raw.count("\n", 0, start) + 1, rule, article.raw[start:end])
        for article in articles.itertuples()
        for start, end, rule in _taken(article.raw, article.title, article.outlet)
    ]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "start", "end", "line", "rule", "text"])


def _taken(raw: str, title: str, outlet: str) -> list[tuple[int, int, str]]:
    """Give the pieces to take off one raw text, in order and without overlap: start, end, rule."""
    lines = [(match.start(), match.end()) for match in LINE.finditer(raw) if VISIBLE.search(match.group())]
    rules = _rules_for_lines([raw[start:end].strip() for start, end in lines], title, outlet)
    inside = {}
    for i, (start, end) in enumerate(lines):
        if rules[i] is None:
            pieces = _inside_line(raw, start, end, opening_of=None if inside else outlet)
            if sum(stop - begin for begin, stop, _ in pieces) < end - start:
                inside[i] = pieces
            else:
                rules[i] = "dateline" if pieces[0][2] == "dateline" else "markup"
    taken, done = [], 0
    for i, (start, end) in enumerate(lines):
        taken.append((done, start, "blank"))
        taken += inside.get(i, [(start, end, rules[i])])
        breaks = i in inside and i != max(inside)  # the line break between two paragraphs is kept
        done = end + breaks
    taken.append((done, len(raw), "blank"))
    return [piece for piece in taken if piece[0] < piece[1]]


def _rules_for_lines(lines: list[str], title: str, outlet: str) -> list[str | None]:
    """Say for each line of an article which rule takes all of it off, or None for a line of the body."""
    rules: list[str | None] = [None] * len(lines)
    tail = range(max(1, len(lines) - 1 - TAIL_LINES), len(lines))
    anchor = next((i for i in tail if lines[i].lower() in TAIL_ANCHORS), None)
    if anchor is not None:
        rules[anchor:] = ["tail"] * (len(lines) - anchor)
    if len(lines) > 1 and title and _folded(lines[0]) == _folded(title):
        rules[0] = "title"
    for i, line in enumerate(lines[:2]):
        is_in_a_list = any(PRINTED_DATE.fullmatch(other) for other in lines[max(0, i - 1) : i + 2] if other is not line)
        if PRINTED_DATE.fullmatch(line) and not is_in_a_list:
            rules[i] = "printed date"
    for i, line in enumerate(lines):
        if rules[i] is None and POST.fullmatch(line):
            rules[i] = "embedded post"
    last = (len(lines) if anchor is None else anchor) - 1
    is_signed = anchor is not None or (outlet in SIGNS_ITS_ARTICLES and last > 0 and ENDED.search(lines[last - 1]))
    if is_signed and None in rules[:last] and rules[last] is None and BYLINE.fullmatch(lines[last]):
        rules[last] = "byline"
    return rules


def _inside_line(raw: str, start: int, end: int, opening_of: str | None) -> list[tuple[int, int, str]]:
    """Give the pieces to take off inside a line of the body, the dateline too where it opens an outlet's article."""
    pieces = []
    if opening_of is not None and (match := _dateline(opening_of).match(raw, start, end)):
        pieces.append((start, match.end(), "dateline"))
        start = match.end()
    for match in RESIDUE.finditer(raw, start, end):
        marks = match.spans("mark") or [match.span()]
        pieces += [(*span, "markup") for span in marks]
    for match in BLANKS.finditer(raw, start, end):
        first, last = match.span()
        if match["between"] and raw[last - 1] == " ":
            last -= 1
        elif match["between"]:
            first += 1
        pieces.append((first, last, "blank"))
    return sorted(pieces)


@functools.lru_cache
def _dateline(outlet: str) -> regex.Pattern:
    name = regex.escape(outlet)
    return regex.compile(
        rf"\s*{PLACE}(?:,\s*{name}|,?\s*\({name}\)|\s*\((?:{AGENCIES})\)|\s*/(?:{AGENCIES})/)"
        rf"\s*(?:(?:[–—_]|--)\s*|-(?:\s+|(?=[\p{{Lu}}\d])|$)|(?<=/)\.?\s+)"
    )


def _folded(line: str) -> str:
    line = regex.sub(f"[{INVISIBLE}]", "", unicodedata.normalize("NFKC", line)).translate(STRAIGHT_QUOTES)
    return " ".join(line.split()).casefold()
