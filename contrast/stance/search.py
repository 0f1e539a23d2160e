"""Find targets, chosen names and marks of distance: a row a finding, with the offsets of its words."""

from collections.abc import Iterable

import pandas as pd
import regex

from contrast.codebook import Codebook
from contrast.stance.quotations import is_fragment, quotations
from contrast.text import rows_of
from contrast.words import plain, words

PLACE = ["article_id", "outlet", "paragraph", "sentence", "start", "end"]
NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}’'-]+(?: (?:(?:of|and|al|de|the) )?\p{Lu}[\p{L}\p{M}’'-]+)*")


def find_mentions(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find every mention of the codebook's targets, the longest alias first.

    Parameters
    ----------
    sentences : DataFrame
        As `text.sentences` gives it.
    codebook : Codebook

    Returns
    -------
    DataFrame
        One row a mention, in order of text: `article_id`, `outlet`, `paragraph`, `sentence`, `start`, `end` (offsets
        into the article's `text`), `target`, `label`, `bloc`, `name`, `kind`, `variant` (as printed), `voice` ("quoted"
        inside quotation marks, else "unquoted").
    """
    return search(sentences, codebook.targets, ["target", "label", "bloc", "name", "kind"])


def find_names(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find every use of a name from the codebook's choice sets: sets of names that stand for the same kind of thing.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `choice`, `target`, `name` and `class` in place of the target.
    """
    return search(sentences, codebook.naming, ["choice", "target", "name", "class"])


def find_distance_marks(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find marks by which a text steps back from words: cues of the codebook, and short quotations.

    A quotation of at most `quotations.SHORT_QUOTATION` words may be scare quotes, a name, or somebody's words: only its
    reader can tell, so `mark` calls it "short quotation" and it is counted apart.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `mark` in place of the target.
    """
    cues = search(sentences, codebook.distancing, ["mark"])
    cues = cues[cues["voice"] == "unquoted"]
    quoted = quotations(sentences)
    rows = []
    for *place, at, stop, line in rows_of(sentences, *PLACE, "text"):
        for start, end in quoted.get(place[0], ()):
            text = line[start - at : end - at] if at <= start and end <= stop else ""
            if is_fragment(text) and words(text):
                rows.append((*place, start, end, "short quotation", text, "quoted"))
    short = pd.DataFrame(rows, columns=cues.columns)
    return pd.concat([cues, short]).sort_values(["article_id", "start"], kind="stable", ignore_index=True)


def unlisted_names(
    sentences: pd.DataFrame, mentions: pd.DataFrame, *, stop_words: Iterable[str] = (), most: int = 20
) -> pd.DataFrame:
    """
    List the capitalised names that no row of the codebook covers, so that it can grow.

    A name at the start of a sentence counts only if it also stands elsewhere, and a word of the stop list never.

    Returns
    -------
    DataFrame
        One row a name, the commonest first: `name`, `count`, `articles`.
    """
    covered: dict[str, list[tuple[int, int]]] = {}
    for article_id, start, end in rows_of(mentions, "article_id", "start", "end"):
        covered.setdefault(article_id, []).append((start, end))
    rows = []
    for article_id, at, text in rows_of(sentences, "article_id", "start", "text"):
        for match in NAME.finditer(text):
            start, end = at + match.start(), at + match.end()
            if all(end <= begin or stop <= start for begin, stop in covered.get(article_id, ())):
                rows.append((match.group(), article_id, match.start() > 0))
    found = pd.DataFrame(rows, columns=["name", "article_id", "is_inside"])
    table = found.groupby("name").agg(
        count=("name", "size"), articles=("article_id", "nunique"), inside=("is_inside", "any")
    )
    table = table[table["inside"].astype(bool)].drop(columns="inside").reset_index()
    table = table[~table["name"].map(plain).isin([plain(word) for word in stop_words])]
    return table.sort_values(["count", "name"], ascending=[False, True], ignore_index=True).head(most)


def trace(found: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Fetch the sentence behind each finding.

    Returns
    -------
    DataFrame
        The findings with three columns more, the parts of the sentence: `left`, `keyword` (what was found), `right`.
    """
    read = in_sentences(found, sentences)
    rows = [(text[:at], text[at:to], text[to:]) for text, at, to in rows_of(read, "text", "at", "to")]
    return found.assign(**pd.DataFrame(rows, columns=["left", "keyword", "right"], index=found.index))


def in_sentences(found: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Put each finding beside its sentence, as coders and scorers read it.

    Returns
    -------
    DataFrame
        `found` with `text` (its sentence) and `at`, `to` (where it stands in that).
    """
    lines = sentences.set_index(["article_id", "sentence"])[["start", "text"]].add_prefix("line_")
    read = found.join(lines, on=["article_id", "sentence"])
    begin = read["line_start"]
    return found.assign(text=read["line_text"], at=read["start"] - begin, to=read["end"] - begin)


def search(sentences: pd.DataFrame, table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Find a codebook table's patterns in sentences; where two overlap the longer one counts."""
    rows = []
    quoted = quotations(sentences)
    values, patterns = list(rows_of(table, *columns)), list(rows_of(table, "pattern", "exclude"))
    for *place, at, text in rows_of(sentences, *PLACE[:5], "text"):
        for start, end, row in matches(text, patterns):
            inside = any(begin <= at + start and at + end <= stop for begin, stop in quoted.get(place[0], ()))
            voice = "quoted" if inside else "unquoted"
            rows.append((*place, at + start, at + end, *values[row], text[start:end], voice))
    return pd.DataFrame(rows, columns=[*PLACE, *columns, "variant", "voice"])


def matches(text: str, patterns: list[tuple]) -> list[tuple[int, int, int]]:
    """Find what patterns, each with what excludes it, match in a text, the longest first: start, end, which pattern."""
    found = []
    for row, (pattern, exclude) in enumerate(patterns):
        barred = [match.span() for match in exclude.finditer(text)] if exclude else []
        for match in pattern.finditer(text):
            if not any(begin <= match.start() and match.end() <= stop for begin, stop in barred):
                found.append((match.start(), match.end(), row))
    chosen: list[tuple[int, int, int]] = []
    for one in sorted(found, key=lambda f: (f[0] - f[1], f)):  # the longest first
        if all(one[1] <= other[0] or other[1] <= one[0] for other in chosen):
            chosen.append(one)
    return sorted(chosen)
