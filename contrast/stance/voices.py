"""In whose voice each stretch of text speaks: the outlet's own, reported speech, a quotation, a headline."""

from typing import NamedTuple

import pandas as pd
import regex

from contrast.stance.quotations import is_closed, is_fragment, quotations
from contrast.stance.reports import UNKNOWN
from contrast.text import rows_of
from contrast.words import tokenise

VOICES = ("headline", "narration", "reported", "quotation", "fragment")
SPOKEN = ("reported", "quotation", "fragment")
HEADLINE = 20  # words: a line of its own, without a full stop, is a headline up to this length
FULL_STOP = regex.compile(r"[.!?…:;,”\"’')–—-]\s*$")
CAPITAL = regex.compile(r"[^\p{L}]*\p{Lu}")
SUBJECT = regex.compile(  # it opens a clause of its own
    r"(?:[,;”\"»“]|''|(?<=[,.!?…])[’']|\s[–—-])\*?\s+(?!(?:and|but|or|while|who|which|that|because|if)\b)(?:[\p{L}\p{M}’'.-]+\s+){0,6}$"
)
ASIDE = regex.compile(r"\s*,\s*\p{Ll}")
CLAUSE = regex.compile(r"\s*,?\s*(?:that|to|for|how|why|whether|it|there)\b", regex.IGNORECASE)
AFTER = regex.compile(  # "… said on Monday after the meeting in Moscow."
    r"(?:\s+(?:on|in|at|by|to|from|after|following|during|before|late|early|earlier|again|this|last|today|yesterday|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b[^,]*)?[\s.,;”\"']*$"
)


class Verb(NamedTuple):
    """A reporting verb: offsets, as printed, its speaker, and what it is a form of."""

    start: int
    end: int
    variant: str
    speaker: str
    lemma: str
    verb_class: str


def find_voices(sentences: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """
    Divide every sentence into stretches of one voice.

    Words between quotation marks are a quotation, or a fragment if they are few (`quotations.SHORT_QUOTATION`); a line
    of its own without a full stop is a headline. Outside quotation marks, what follows a reporting verb is reported
    ("Lavrov said that …, adding …"), and so is what comes before one at the end of its sentence or in an aside ("…, he
    added"; "This, he said, is …"). All else is narration. A quotation is by the speaker of its sentence's verb; without
    one, of the other sentences of the same quotation; else by who spoke last.

    Parameters
    ----------
    sentences : DataFrame
        As `text.sentences` gives it.
    reports : DataFrame
        As `reports.find_reports` gives it of them.

    Returns
    -------
    DataFrame
        One row a stretch, in order of text; every character of a sentence is in exactly one: `article_id`, `outlet`,
        `paragraph`, `sentence`, `start`, `end` (offsets into the article's `text`), `text`, `words`, `voice`
        (`VOICES`), `speaker` (a codebook name, "not told", or "" for headline and narration), `lemma` and `class` (of
        the verb, or "").
    """
    verbs: dict[tuple, list[Verb]] = {}
    columns = ("article_id", "sentence", "start", "end", "variant", "speaker", "lemma", "class")
    for article_id, number, *verb in rows_of(reports, *columns):
        verbs.setdefault((article_id, number), []).append(Verb(*verb))
    quoted = quotations(sentences)
    lines = sentences.groupby(["article_id", "paragraph"])["sentence"].transform("size")
    columns = ("article_id", "outlet", "paragraph", "sentence", "start", "end", "text", "words", "alone")
    rows, openings, last = [], [], {}
    for *place, start, end, text, words, alone in rows_of(sentences.assign(alone=lines == 1), *columns):
        article_id, _, paragraph, number = place
        own = verbs.get((article_id, number), [])
        if alone and words <= HEADLINE and CAPITAL.match(text) and not FULL_STOP.search(text):
            rows.append((*place, start, end, text, "headline", "", "", ""))
            openings.append(None)
            continue
        for begin, stop, voice, verb, opening in _divide(start, end, text, own, quoted.get(article_id, [])):
            if verb is None and voice == "quotation":
                heard_in, verb = last.get(article_id, (paragraph, None))
                verb = verb if paragraph - heard_in <= 1 else None
            said = ("", "", "") if voice == "narration" else verb[3:] if verb else (UNKNOWN, "", "")
            rows.append((*place, begin, stop, text[begin - start : stop - start], voice, *said))
            openings.append(None if opening is None else (article_id, opening))
        if own:
            last[article_id] = (paragraph, own[-1])
    columns = ["article_id", "outlet", "paragraph", "sentence", "start", "end", "text", "voice", "speaker"]
    table = pd.DataFrame(_of_one_quotation(rows, openings, verbs), columns=[*columns, "lemma", "class"])
    table.insert(columns.index("text") + 1, "words", tokenise(table["text"]).lengths())
    return table


def _divide(start, end, text, verbs, spans):
    """
    Divide one sentence: begin, stop, voice, verb (or None), and where its quotation opens (None outside one).

    `spans` are the article's quotations.
    """
    found, at, spoken = [], start, _reported(start, end, text, verbs)
    for opening, closing in spans:
        begin, stop = max(opening, start), min(closing, end)
        if begin >= stop:
            continue
        found += _outside(at, begin, spoken)
        inside = text[begin - start : stop - start]
        before = [verb for verb in verbs if verb.end <= begin]
        after = [verb for verb in verbs if verb.start >= stop]
        if is_fragment(inside):
            held = [verb for first, last, verb in spoken if first <= begin < last]
            found.append((begin, stop, "fragment", held[-1] if held else None, None))
        else:
            found.append((begin, stop, "quotation", (before[-1:] or after[:1] or [None])[0], opening))
        at = stop
    return found + _outside(at, end, spoken)


def _outside(start, end, spoken):
    """Divide a piece outside quotation marks into what is reported and what is the outlet's own."""
    found, at = [], start
    for begin, stop, verb in spoken:
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            found += [(at, begin, "narration", None, None)] * (at < begin) + [(begin, stop, "reported", verb, None)]
            at = stop
    return found + [(at, end, "narration", None, None)] * (at < end)


def _reported(start, end, text, verbs):
    """Give the parts of a sentence that report somebody's words, in order: begin, stop, verb."""
    parts = []
    for number, verb in enumerate(verbs):
        following = verbs[number + 1].end if number + 1 < len(verbs) else end
        before, after = text[: verb.start - start], text[verb.end - start :]
        own_clause = None if number or verb.variant.endswith("ing") else SUBJECT.search(before)
        quoted = before[: own_clause.start() + 1] if own_clause else before.rstrip()
        if not number and is_closed(quoted) and not CLAUSE.match(after):
            continue  # "…,” said Lavrov, who …": the verb gives the quotation, and no more
        if verb.variant.lower().startswith("according"):
            comma = after.find(",")
            if before.strip():
                parts.append((start, verb.start, verb))
            elif comma >= 0:
                parts.append((verb.end + comma + 1, following, verb))
        elif own_clause and not CLAUSE.match(after) and (ASIDE.match(after) or AFTER.match(after)):
            parts.append((start, start + own_clause.start(), verb))
            parts += [(verb.end, following, verb)] * bool(ASIDE.match(after))
        else:
            parts.append((verb.end, following, verb))
    return sorted(part for part in parts if part[0] < part[1])


def _of_one_quotation(rows, openings, verbs):
    """Give a quotation's sentences without a verb the speaker of those of the same quotation that have one."""
    is_told = [row[8] != UNKNOWN and (row[0], row[3]) in verbs for row in rows]
    told: dict[tuple[str, int], tuple] = {}
    for row, opening, is_known in zip(rows, openings, is_told, strict=True):
        if opening is not None and is_known:
            told.setdefault(opening, row[8:])
    return [
        (*row[:8], *told[opening]) if opening in told and not is_known else row
        for row, opening, is_known in zip(rows, openings, is_told, strict=True)
    ]
