"""Read the codebook: spreadsheets that say what counts as a target, a name, a reporting verb, a mark of distance."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

from contrast.corpus import InputError, Problem, corpus_folder, read_rows, shown
from contrast.words import words

NAME_CLASSES = ("recognising", "plain", "condemning")
CASES = ("as written", "any")
KINDS = ("country", "capital", "people", "minister", "person", "envoy", "body", "army", "group")
VERB_CLASSES = ("neutral", "assertive", "factive", "distancing", "praise", "attack", "directive")
STOP_WORD_KINDS = ("article", "preposition", "conjunction", "pronoun", "auxiliary", "adverb", "particle")
COLUMNS = {  # file: columns; all but those of OPTIONAL must be filled
    "targets": ("target", "label", "bloc", "name", "kind", "pattern", "exclude", "case", "example", "note"),
    "naming": ("choice", "target", "name", "class", "pattern", "exclude", "note"),
    "verbs": ("lemma", "forms", "class", "guard", "note"),
    "distancing": ("mark", "pattern", "exclude", "note"),
    "stopwords": ("word", "kind"),
    "phrases": ("phrase", "note"),
    "seeds": ("word", "polarity", "note"),
}
ONCE = {"stopwords": "word", "phrases": "phrase", "seeds": "word"}  # file: what may stand in it but once
OPTIONAL = {"bloc", "exclude", "guard", "case", "example", "note"}
LINKS = {("naming", "target")}  # optional too: the target that a choice of names is about
ANY_CASE = {"verbs", "distancing"}  # "According to" opens a sentence; but "us" is not the US
PATTERNS = {"pattern", "exclude", "forms", "guard"}
ALLOWED = {
    ("targets", "kind"): KINDS,
    ("targets", "case"): CASES,
    ("naming", "class"): NAME_CLASSES,
    ("verbs", "class"): VERB_CLASSES,
    ("stopwords", "kind"): STOP_WORD_KINDS,
    ("seeds", "polarity"): ("1", "-1"),
}
WHOLE_WORDS = r"(?<![\p{L}\p{N}])(?:%s)(?![\p{L}\p{N}])"
CALL = regex.compile(r"\(\?(?:R|[+-]?\d+|&\w+|P>\w+)\)")  # by which a pattern can go on without end
PLAIN = regex.compile(r"(?:[\p{L}\p{N}\p{M}\p{Zs}'’‐‑-]|\\\.)+")
OWNERS = {"targets": ("target",), "naming": ("choice", "name"), "verbs": ("lemma",), "distancing": ("mark",)}


class Codebook(NamedTuple):
    """The codebook's tables; `pattern`, `exclude`, `forms` and `guard` are regular expressions, compiled."""

    targets: pd.DataFrame
    naming: pd.DataFrame
    verbs: pd.DataFrame
    distancing: pd.DataFrame
    stopwords: pd.DataFrame
    phrases: pd.DataFrame
    seeds: pd.DataFrame


def read_codebook(folder: str | Path | None = None) -> Codebook:
    """
    Read and check the codebook of a corpus folder.

    Parameters
    ----------
    folder : path, optional
        The corpus folder, which holds `codebook/*.csv` with the columns of `COLUMNS`; the shipped one if not given, or
        if the folder has no codebook of its own. Patterns are regular expressions in which a blank stands for any white
        space; they match whole words, targets and names in the case they are written in (targets with `case` "any" in
        any). A target without a `bloc` is its own.

    Returns
    -------
    Codebook

    Raises
    ------
    InputError
        If the corpus folder is not there; or with every problem found: bad regular expressions, unknown kinds or
        classes, an alias under two targets, a target with two labels, a pattern that does not match its own example.
    """
    if not corpus_folder(folder).exists():
        problem, remedy = "this folder is not there.", "Name the folder of your corpus."
        raise InputError([Problem(shown(corpus_folder(folder)), None, problem, remedy)])
    folder = corpus_folder(folder) / "codebook"
    if not folder.is_dir():
        folder = corpus_folder(None) / "codebook"
    problems: list[Problem] = []
    tables = {}
    for name, columns in COLUMNS.items():
        path, found = folder / f"{name}.csv", []
        where = shown(path)
        required = [column for column in columns if column not in OPTIONAL and (name, column) not in LINKS]
        rows = read_rows(path, columns, required, found)
        found += _check_values(name, rows, where)
        found += _check_aliases(name, rows, where)
        found += _check_labels(name, rows, where)
        plain = list(_plain_aliases(rows)) if name == "targets" else []
        for number, row in rows:
            for column in [column for column in columns if column in PATTERNS]:
                row[column] = _compile(row, name, column, where, number, found)
        found += _check_examples(rows, where)
        found += _check_overlaps(plain, rows, where)
        problems += sorted(found, key=lambda problem: problem.row or 0)
        tables[name] = pd.DataFrame([row for _, row in rows], columns=columns, index=[number for number, _ in rows])
    problems += _check_links(tables, folder)
    if problems:
        raise InputError(problems)
    tables = {name: table.reset_index(drop=True) for name, table in tables.items()}
    tables["targets"]["bloc"] = tables["targets"]["bloc"].where(lambda bloc: bloc != "", tables["targets"]["label"])
    tables["seeds"]["polarity"] = tables["seeds"]["polarity"].astype(int)
    return Codebook(**tables)


def _compile(row, name, column, where, number, problems):
    pattern = row[column]
    if not pattern:
        return None
    try:
        if CALL.search(pattern):
            raise ValueError("it calls itself, or a group")
        empty = regex.compile(pattern).fullmatch("")  # by itself: the frame below would close an open bracket
        if empty:
            remedy = "Take away the bar at its end, or the sign that makes all of it optional."
            problems.append(Problem(where, number, f"{column} {pattern!r} matches no word at all.", remedy))
        any_case = name in ANY_CASE or row.get("case") == "any"
        flags = regex.POSIX | regex.IGNORECASE * any_case  # POSIX: the longest alternative
        return regex.compile(WHOLE_WORDS % regex.sub(r"\\? ", r"\\s+", pattern), flags)
    except (regex.error, ValueError, MemoryError, RecursionError) as error:  # regex raises the others of odd patterns
        reason = str(getattr(error, "msg", error)) or "it is too deep"
        remedy = "Mend it; a bracket, dot or plus sign meant as itself needs a backslash before it."
        problems.append(Problem(where, number, f"{column} {pattern!r} is no regular expression: {reason}.", remedy))
        return None


def _check_values(name, rows, where) -> Iterator[Problem]:
    for number, row in rows:
        for (table, column), allowed in ALLOWED.items():
            if table == name and row[column] and row[column] not in allowed:
                yield Problem(where, number, f"unknown {column} {row[column]!r}.", f"There are: {', '.join(allowed)}.")
        if name == "phrases" and row["phrase"] and len(words(row["phrase"])) < 2:
            remedy = "Write two or more, with blanks between."
            yield Problem(where, number, f"{row['phrase']!r} is not several words.", remedy)
    if name in ONCE:
        seen: dict[str, int] = {}
        for number, row in rows:
            entry = row[ONCE[name]]
            if entry and seen.setdefault(entry.lower(), number) != number:
                yield Problem(where, number, f"{entry!r} stands in row {seen[entry.lower()]} too.", "Keep one.")


def _check_examples(rows, where) -> Iterator[Problem]:
    for number, row in rows:
        if row.get("example") and row["pattern"] and not row["pattern"].search(row["example"]):
            problem = f"the pattern does not match its example, {row['example']!r}."
            yield Problem(where, number, problem, "Mend the pattern, or the example.")


def _check_links(tables, folder) -> list[Problem]:
    """Refuse a choice of names about a target that is none."""
    known, where = set(tables["targets"]["target"]), shown(folder / "naming.csv")
    return [
        Problem(where, number, f"unknown target {target!r}.", "Name one of targets.csv, or none.")
        for number, target in tables["naming"]["target"].items()
        if known and target and target not in known
    ]


def _check_aliases(name, rows, where) -> Iterator[Problem]:
    """Refuse an alias that stands in two rows: it could not be said which of the two a use of it belongs to."""
    if name not in OWNERS:
        return
    seen: dict[tuple[str, str], list[tuple[int, str, str, bool]]] = defaultdict(list)
    for number, row in rows:
        owner = " / ".join(row[column] for column in OWNERS[name])
        scope = row["choice"] if name == "naming" else ""
        in_any_case = name in ANY_CASE or row.get("case") == "any"
        for alias in _alternatives(row["forms" if name == "verbs" else "pattern"]):
            others = seen[scope, alias.lower()]
            for first, first_owner, other, is_any in others:
                if first != number and (other == alias or in_any_case or is_any):
                    problem = f"{alias!r}, of {owner!r}, stands in row {first} too, of {first_owner!r}."
                    yield Problem(where, number, problem, "Keep it in one of them.")
                    break
            others.append((number, owner, alias, in_any_case))


def _plain_aliases(rows) -> Iterator[tuple[int, str, str]]:
    """Give row, target and alias of those that are typed without the signs of a pattern, but for an escaped stop."""
    for number, row in rows:
        for alias in _alternatives(row["pattern"]):
            if PLAIN.fullmatch(alias):
                yield number, row["target"], alias.replace("\\.", ".")


def _check_overlaps(plain, rows, where) -> Iterator[Problem]:
    """Refuse a target's alias or name that another target's pattern matches too, in another typing than itself."""
    owners, written = dict(rows), {(number, alias.lower()) for number, _, alias in plain}
    names = [(number, row["target"], row["name"]) for number, row in rows if plain and _is_own(row, row["name"])]
    found = {
        (max(number, first), min(number, first), alias)
        for first, target, alias in [*plain, *names]
        for number, row in rows
        if row["target"] != target and (number, alias.lower()) not in written and _is_own(row, alias)
    }
    for number, first, alias in sorted(found):
        problem = f"{alias!r} is matched by row {first} too, of {owners[first]['target']!r}."
        yield Problem(where, number, problem, "Keep it in one of them.")


def _is_own(row, alias):
    return row["pattern"] is not None and row["pattern"].fullmatch(alias) is not None


def _check_labels(name, rows, where) -> Iterator[Problem]:
    """Refuse a target that has two labels: it would be two targets in every table and figure."""
    seen: dict[str, tuple[int, str]] = {}
    for number, row in rows if name == "targets" else ():
        first, label = seen.setdefault(row["target"], (number, row["label"]))
        if label != row["label"]:
            problem = f"target {row['target']!r} is labelled {row['label']!r}, and {label!r} in row {first}."
            yield Problem(where, number, problem, "Give it one label, or this row a target of its own.")


def _alternatives(pattern: str) -> list[str]:
    """
    Split a pattern at the bars that stand outside brackets.

    >>> _alternatives(r"US|U\\.S\\.|(?:the )?States")
    ['US', 'U\\\\.S\\\\.', '(?:the )?States']
    """
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
    return [part for part in map(str.strip, [*parts, pattern[start:]]) if part]
