"""Whom each outlet speaks of and how: targets, the names chosen, reporting verbs and their speakers, marks of distance.

Every table here has a row a finding, with the article and the offsets of its words; every measure is a group-by of one.
"""

import pandas as pd
import regex

from contrast.codebook import Codebook
from contrast.resampling import rate_interval, unit_of_interval
from contrast.words import WORDS_PER_UNIT, words

QUOTATION = regex.compile(r'“[^”]*(?:”|$)|"[^"]*(?:"|$)|«[^»]*(?:»|$)')
SHORT_QUOTATION = 4  # words: "safe zones" may be a mark of distance, a sentence between quotation marks is somebody's
PRONOUN = regex.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]he [Mm]inister)\b")
BETWEEN = regex.compile(r"\s+(?:(?:also|then|further|later|has|have|had|(?P<be>is|are|was|were))\s+)*")
COORDINATED = regex.compile(r"(?:\band|\bbut|,)\s+(?:(?:also|then|further)\s+)*$")
PERSONS = ("minister", "person", "envoy")
BEFORE_SPEAKER = {"said", "says", "according to"}
SPEAKERS = (*PERSONS, "country", "capital", "body", "army", "group")
UNKNOWN = "not told"
PLACE = ["article_id", "outlet", "paragraph", "sentence", "start", "end"]


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
        into the article's `text`), `target`, `label`, `name`, `kind`, `variant` (as printed), `voice` ("quoted" inside
        quotation marks, else "unquoted").
    """
    return _search(sentences, codebook.targets, ["target", "label", "name", "kind"])


def find_names(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find every use of a name from the codebook's choice sets: sets of names that stand for the same kind of thing.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `choice` and `name` in place of the target.
    """
    return _search(sentences, codebook.naming, ["choice", "name"])


def find_distance_marks(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find marks by which a text steps back from words: cues of the codebook, and short quotations.

    A quotation of at most `SHORT_QUOTATION` words may be scare quotes, a name, or somebody's words: only its reader can
    tell, so `mark` calls it "short quotation" and it is counted apart.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `mark` in place of the target.
    """
    cues = _search(sentences, codebook.distancing, ["mark"])
    cues = cues[cues["voice"] == "unquoted"]
    quoted = _quoted(sentences)
    rows = []
    for *place, at, stop, line in _rows(sentences, *PLACE, "text"):
        for start, end in quoted.get(place[0], ()):
            text = line[start - at : end - at] if at <= start and end <= stop else ""
            if text.endswith(("”", '"', "»")) and 0 < len(words(text)) <= SHORT_QUOTATION:
                rows.append((*place, start, end, "short quotation", text, "quoted"))
    short = pd.DataFrame(rows, columns=cues.columns)
    return pd.concat([cues, short]).sort_values(["article_id", "start"], kind="stable", ignore_index=True)


def find_reports(sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """
    Find every reporting verb outside quotation marks, and whose words it reports.

    The speaker is the codebook name, or the pronoun, that the verb follows ("Lavrov also noted") or goes before
    ("said Lavrov"); a participle or a joined verb ("adding", "and stressed") keeps the speaker of the verb before it; a
    pronoun stands for the person who spoke last. Where none of this holds the speaker is `UNKNOWN`.

    Returns
    -------
    DataFrame
        As `find_mentions`, with `lemma`, `class`, `speaker` (a codebook name) and `speaker_label` (its target's label)
        in place of the target.
    """
    verbs = codebook.verbs.rename(columns={"forms": "pattern", "guard": "exclude"})
    reports = _search(sentences, verbs, ["lemma", "class"])
    reports = reports[reports["voice"] == "unquoted"].reset_index(drop=True)
    mentions = find_mentions(sentences, codebook)
    mentions = mentions[mentions["kind"].isin(SPEAKERS) & (mentions["voice"] == "unquoted")]
    names: dict[tuple, list] = {}
    for article_id, sentence, *mention in _rows(mentions, "article_id", "sentence", "start", "end", "name", "kind"):
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
    labels = codebook.targets.drop_duplicates("name").set_index("name")["label"]
    speaker = pd.Series(speakers, dtype=str).reindex(reports.index).fillna(UNKNOWN)
    return reports.assign(speaker=speaker, speaker_label=speaker.map(labels).fillna(UNKNOWN))


def rates(found: pd.DataFrame, sentences: pd.DataFrame, key: str, *, per: str = "words") -> pd.DataFrame:
    """
    Count findings by outlet, with rates and their intervals.

    Parameters
    ----------
    found : DataFrame
        Of one of the functions above.
    sentences : DataFrame
        All sentences searched.
    key : str
        The column to count by: `label`, `name`, `class` and so on.
    per : {"words", "found"}
        A rate per 1,000 words, or the share of all that was found in the outlet.

    Returns
    -------
    DataFrame
        One row an outlet and key, commonest key first: `count`, `articles` (that hold one), `rate` with `low` and
        `high` (95 %, over the `unit` told: articles, or sentences, which describe these texts alone). Where nothing was
        found `high` is 3 findings (the rule of three, Hanley and Lippman-Hand 1983); none where all units agree.
    """
    outlets = list(dict.fromkeys(sentences["outlet"]))
    keys = found[key].value_counts().rename_axis(key).reset_index().sort_values(["count", key], ascending=[False, True])
    unit = unit_of_interval(sentences.groupby("outlet")["article_id"].nunique())
    by = ["article_id"] if unit == "article" else ["article_id", "sentence"]
    rows = []
    for outlet in outlets:
        units = sentences[sentences["outlet"] == outlet].groupby(by, sort=False)["words"].sum()
        part = found[found["outlet"] == outlet]
        table = part.groupby([*by, key]).size().unstack(fill_value=0).reindex(index=units.index, columns=keys[key])
        table = table.fillna(0)
        sizes = units if per == "words" else table.sum(axis=1)
        scale = WORDS_PER_UNIT if per == "words" else 1
        interval = rate_interval(table.to_numpy(), sizes.to_numpy(), are_shares=per == "found") * scale
        never = table.to_numpy().sum(axis=0) == 0
        interval.loc[never, ["low", "high"]] = [0, scale * 3 / max(sizes.sum(), 1)]
        if per == "found":
            interval["high"] = interval["high"].clip(upper=1)
        articles = part.groupby(key)["article_id"].nunique().reindex(keys[key]).fillna(0).astype(int)
        counts = table.sum().astype(int)
        columns = {key: keys[key].to_numpy(), "count": counts.to_numpy(), "articles": articles.to_numpy()}
        rows.append(pd.DataFrame({"outlet": outlet, **columns}).join(interval))
    return pd.concat(rows, ignore_index=True).assign(unit=unit)


def trace(found: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Fetch the sentence behind each finding.

    Returns
    -------
    DataFrame
        The findings with three columns more, the parts of the sentence: `left`, `keyword` (what was found), `right`.
    """
    keyed = sentences.set_index(["article_id", "sentence"])[["start", "text"]]
    rows = []
    for row in found.itertuples():
        begin, text = keyed.loc[(row.article_id, row.sentence)]
        start, end = row.start - begin, row.end - begin
        rows.append((text[:start], text[start:end], text[end:]))
    return found.assign(**pd.DataFrame(rows, columns=["left", "keyword", "right"], index=found.index))


def _search(sentences, table, columns):
    """Find a codebook table's patterns in sentences; where two overlap the longer one counts."""
    rows = []
    quoted = _quoted(sentences)
    values, patterns = list(_rows(table, *columns)), list(_rows(table, "pattern", "exclude"))
    for *place, at, text in _rows(sentences, *PLACE[:5], "text"):
        for start, end, row in _matches(text, patterns):
            inside = any(begin <= at + start and at + end <= stop for begin, stop in quoted.get(place[0], ()))
            voice = "quoted" if inside else "unquoted"
            rows.append((*place, at + start, at + end, *values[row], text[start:end], voice))
    return pd.DataFrame(rows, columns=[*PLACE, *columns, "variant", "voice"])


def _matches(text, patterns):
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


def _quoted(sentences):
    """Give each article's spans between quotation marks; a quotation may run over sentences, not over paragraphs."""
    spans: dict[str, list[tuple[int, int]]] = {}
    lines: dict[tuple, tuple[int, str]] = {}
    for article_id, paragraph, start, text in _rows(sentences, "article_id", "paragraph", "start", "text"):
        begin, line = lines.get((article_id, paragraph), (start, ""))
        lines[article_id, paragraph] = begin, line.ljust(start - begin) + text
    for (article_id, _), (begin, line) in lines.items():
        found = [(begin + match.start(), begin + match.end()) for match in QUOTATION.finditer(line)]
        spans.setdefault(article_id, []).extend(found)
    return spans


def _rows(table, *columns):
    """Go through a table's rows as plain tuples of some columns."""
    return zip(*(table[column].tolist() for column in columns), strict=True)


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
