"""Where words stand between quotation marks, in whatever typing."""

import pandas as pd
import regex

from contrast.text import rows_of
from contrast.words import words

LETTER = r"[\p{L}\p{N}]"
QUOTATION = regex.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)|‹[^›]*(?:›|$)|„[^“”]*(?:[“”]|$)|「[^」]*(?:」|$)|(?:``|'')(?:(?!'').)*(?:''|$)"
    rf"|(?<!{LETTER})‘(?:[^‘’]|(?<={LETTER})’(?={LETTER}))+’(?!{LETTER})"
    rf"|(?<!{LETTER}|')'(?={LETTER})(?:[^'\n]|(?<={LETTER})'(?={LETTER}))+'(?!{LETTER}|')"
)
MARK = regex.compile(rf"[“”\"«»‹›„「」]|``|''|(?<!{LETTER})[‘']|[’'](?!{LETTER})")
CLOSING = ("”", '"', "»", "›", "“", "」", "’", "'")
SHORT_QUOTATION = 4  # words: "safe zones" may be a mark of distance, a sentence between quotation marks is somebody's
FEW_QUOTATIONS = 40  # reporting verbs of an outlet without one quotation: then its marks were lost


def quotations(sentences: pd.DataFrame) -> dict[str, list[tuple[int, int]]]:
    """
    Give each article's spans between quotation marks, in order: article_id -> [(start, end)], marks included.

    A quotation may run over sentences; it ends with its paragraph at the latest, for one that goes on is opened anew in
    the next. Marks inside a quotation are part of it. Between single marks the apostrophe of a plural possessive ("the
    parties' best") passes for the end.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    lines: dict[tuple, tuple[int, str]] = {}
    for article_id, paragraph, start, text in rows_of(sentences, "article_id", "paragraph", "start", "text"):
        begin, line = lines.get((article_id, paragraph), (start, ""))
        lines[article_id, paragraph] = begin, line.ljust(start - begin) + text
    for (article_id, _), (begin, line) in lines.items():
        found = [(begin + match.start(), begin + match.end()) for match in QUOTATION.finditer(line)]
        spans.setdefault(article_id, []).extend(found)
    return spans


def without_marks(texts: pd.Series) -> pd.Series:
    """
    Take all quotation marks off texts, as a site may lose them; an apostrophe within a word stays.

    >>> without_marks(pd.Series(["“It isn’t,” he said, 'not ''now''.'"])).tolist()
    ['It isn’t, he said, not now.']
    """
    return texts.map(lambda text: MARK.sub("", text))


def is_closed(text: str) -> bool:
    """Tell whether a quotation ends with its mark."""
    return text.endswith(CLOSING)


def is_fragment(text: str) -> bool:
    """Tell whether a quotation has so few words that it may be a name or a mark of distance."""
    return is_closed(text) and len(words(text)) <= SHORT_QUOTATION


def without_quotations(voices: pd.DataFrame, reports: pd.DataFrame) -> list[str]:
    """
    List the outlets whose quotation marks seem to be lost: many reporting verbs, and not one quotation.

    Parameters
    ----------
    voices : DataFrame
        As `voices.find_voices` gives it.
    reports : DataFrame
        As `reports.find_reports` gives it.
    """
    quoted = voices["outlet"][voices["voice"].isin(["quotation", "fragment"])].unique()
    reported = reports["outlet"].value_counts()
    return [outlet for outlet, count in reported.items() if count >= FEW_QUOTATIONS and outlet not in quoted]
