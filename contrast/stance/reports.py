"""Find reporting verbs, and whose words they report."""

import pandas as pd
import regex

from contrast.codebook import Codebook
from contrast.stance.search import find_mentions, search
from contrast.text import rows_of

PRONOUN = regex.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]he [Mm]inister)\b")
BETWEEN = regex.compile(r"\s+(?:(?:also|then|further|later|has|have|had|(?P<be>is|are|was|were))\s+)*")
COORDINATED = regex.compile(r"(?:\band|\bbut|,)\s+(?:(?:also|then|further)\s+)*$")
EMBEDDED = regex.compile(r"\bthat\s+$")  # "Lavrov said that Moscow is convinced …, adding …": Lavrov adds
PERSONS = ("minister", "person", "envoy")
BEFORE_SPEAKER = {"said", "says", "according to"}
SPEAKERS = (*PERSONS, "country", "capital", "body", "army", "group")
UNKNOWN = "not told"


def find_reports(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find every reporting verb outside quotation marks, and whose words it reports.

    The speaker is the codebook name, or the pronoun, that the verb follows ("Lavrov also noted") or goes before
    ("said Lavrov"); a participle or a joined verb ("adding", "and stressed") keeps the speaker of the verb before it; a
    pronoun stands for the person who spoke last. Where none of this holds the speaker is `UNKNOWN`.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `lemma`, `class`, `speaker` (a codebook name), `speaker_label` and `speaker_bloc` (its
        target's) in place of the target.
    """
    verbs = codebook.verbs.rename(columns={"forms": "pattern", "guard": "exclude"})
    reports = search(sentences, verbs, ["lemma", "class"])
    reports = reports[reports["voice"] == "unquoted"].reset_index(drop=True)
    mentions = find_mentions(sentences, codebook)
    mentions = mentions[mentions["kind"].isin(SPEAKERS) & (mentions["voice"] == "unquoted")]
    names: dict[tuple, list] = {}
    for article_id, sentence, *mention in rows_of(mentions, "article_id", "sentence", "start", "end", "name", "kind"):
        names.setdefault((article_id, sentence), []).append(mention)
    by_sentence: dict[tuple, list] = {}
    for verb in reports.itertuples():
        by_sentence.setdefault((verb.article_id, verb.sentence), []).append(verb)
    speakers: dict[int, str] = {}
    last: dict[str, dict] = {}
    for sentence in sentences.itertuples():
        key = (sentence.article_id, sentence.sentence)
        if key in by_sentence:
            at = sentence.start
            candidates = [(start - at, end - at, *who) for start, end, *who in names.get(key, [])]
            candidates += [(*match.span(), None, match.group()) for match in PRONOUN.finditer(sentence.text)]
            memory = last.setdefault(sentence.article_id, {})
            speakers |= _speakers(sentence, by_sentence[key], sorted(candidates, key=lambda c: c[:2]), memory)
    owners = codebook.targets.drop_duplicates("name").set_index("name")
    speaker = pd.Series(speakers, dtype=str).reindex(reports.index).fillna(UNKNOWN)
    return reports.assign(
        speaker=speaker,
        speaker_label=speaker.map(owners["label"]).fillna(UNKNOWN),
        speaker_bloc=speaker.map(owners["bloc"]).fillna(UNKNOWN),
    )


def _speakers(sentence, verbs, candidates, last):
    """
    Tell whose words each reporting verb of a sentence gives: row of the verb -> speaker.

    `candidates` are (start, end, name or None for a pronoun, kind); `last` remembers who spoke last in the article.
    """
    told: dict[int, str] = {}
    waiting = []  # participles that open a sentence: "Acknowledging the state of the truce, de Mistura expressed …"
    previous = None
    for verb in verbs:
        start, end = verb.start - sentence.start, verb.end - sentence.start
        may_precede = verb.variant.lower() in BEFORE_SPEAKER
        is_participle = verb.variant.split()[0].endswith("ing") and not may_precede
        subject = _subject(sentence.text, candidates, start, end, is_participle, may_precede)
        if subject is not None and EMBEDDED.search(sentence.text[: subject[0]]) and previous is not None:
            told[verb.Index] = _name(subject, dict(last)) or UNKNOWN
            continue
        if subject is not None:
            previous = _name(subject, last)
        elif not (is_participle or COORDINATED.search(sentence.text[:start])):
            last.clear()
            continue
        if previous is None:
            waiting += [verb] * is_participle
        else:
            told |= {one.Index: previous for one in (*waiting, verb)}
            waiting = []
    for verb in waiting:  # "the opposition withdrew, citing …": nobody was said to speak, so the last one named
        named = [name for _, end, name, _ in candidates if name and end <= verb.start - sentence.start]
        told |= {verb.Index: named[-1]} if len(set(named)) == 1 else {}
    return told


def _subject(text, candidates, start, end, is_participle, may_precede):
    """Find the candidate that a verb follows, or goes right before; a participle needs an auxiliary between."""
    for candidate in candidates:
        between = BETWEEN.fullmatch(text, candidate[1], start) if candidate[1] <= start else None
        if between and bool(between["be"]) == is_participle:
            return candidate
        inverted = text[:start].rstrip()[-1:] in (*'”"»,', "") or text[start:end].lower().startswith("according")
        owner = text[candidate[1] :].startswith(("'", "’"))
        if may_precede and inverted and not owner and candidate[0] >= end and not text[end : candidate[0]].strip():
            return candidate
    return None


def _name(candidate, last):
    """Turn a candidate into a name: a pronoun is the person who spoke last, "the minister" the minister who did."""
    _, _, name, kind = candidate
    if name is None:
        return last.get("minister" if "inister" in kind else "person")
    if kind in PERSONS:
        last["person"] = name
    if kind == "minister":
        last["minister"] = name
    return name
