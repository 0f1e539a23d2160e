"""Keep the names that a researcher gave to topics when the topics are fitted anew."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem, corpus_folder, read_rows, shown
from contrast.topics.coherence import leading_terms
from contrast.topics.labels import LEADING, topic_terms
from contrast.topics.model import Topics

FILE = "topics.csv"  # in the folder's codebook
COLUMNS = ("fingerprint", "terms", "name", "note")
REQUIRED = ("fingerprint", "terms", "name")
ONCE = ("fingerprint", "name")
HEX_DIGITS = 8
LEAST_SHARED = 0.5  # of the ten terms
SEVERAL = 3  # words in a name that nobody gave


def fingerprint(terms: Iterable[str]) -> str:
    """
    Give a topic a short sign by its ten leading terms, in whatever order they come: 8 hex digits of their SHA-256.

    They are the first that begin with a letter: a spreadsheet would take "12345e12" for a number.

    >>> fingerprint(["truce", "dam"]) == fingerprint(["dam", "truce"])
    True
    """
    digest = hashlib.sha256(" ".join(sorted(terms)).encode()).hexdigest()
    return digest.lstrip("0123456789")[:HEX_DIGITS]


def topic_fingerprints(topics: Topics) -> pd.DataFrame:
    """
    Give what `codebook/topics.csv` needs for each topic but its name.

    Returns
    -------
    DataFrame
        One row a topic: `topic` (from 1), `fingerprint`, `terms` (its ten leading terms, the most probable first, with
        commas between).
    """
    leading = _leading(topics)
    return pd.DataFrame(
        {
            "topic": np.arange(1, len(leading) + 1),
            "fingerprint": [fingerprint(terms) for terms in leading],
            "terms": [", ".join(terms) for terms in leading],
        }
    )


def read_topic_names(folder: str | Path | None = None) -> pd.DataFrame:
    """
    Read the names given to topics from `codebook/topics.csv` of a corpus folder.

    Parameters
    ----------
    folder : path, optional
        The corpus folder; the shipped one if not given. Without a codebook, or that file in it, there are no names.

    Returns
    -------
    DataFrame
        One row a name, in the order of the file: `fingerprint`, `terms` (the ten of the topic that was named, with
        commas between), `name`, `note` ("" if there is none).

    Raises
    ------
    InputError
        With every problem found: an empty cell, more or fewer than ten terms, a fingerprint that is not that of its
        terms, a fingerprint or name that stands twice.
    """
    path = corpus_folder(folder) / "codebook" / FILE
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS, dtype=object)
    problems: list[Problem] = []
    rows = read_rows(path, COLUMNS, REQUIRED, problems)
    problems += [*_check_terms(rows, shown(path)), *_check_once(rows, shown(path))]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return pd.DataFrame([row for _, row in rows], columns=COLUMNS, dtype=object)


def name_topics(topics: Topics, names: pd.DataFrame | None = None, *, at_least: float = LEAST_SHARED) -> pd.DataFrame:
    """
    Name topics: by hand where a named topic is found again by its terms, else by the words that mark them.

    Topics and named topics are matched one to one so that they share as many of their ten leading terms as they can.

    Parameters
    ----------
    topics : Topics
    names : DataFrame, optional
        As `read_topic_names` gives it.
    at_least : float
        The share of the ten terms, over 0 and up to 1, with fewer of which a topic is not the one that was named.

    Returns
    -------
    DataFrame
        One row a topic: `topic` (from 1), `name` (given by hand; or the three words first by FREX, as printed, and as
        many more as tell it from another topic), `is_by_hand`, `overlap` (the share of the ten terms that it has in
        common with the topic that was named, 0 to 1; missing if not by hand), `fingerprint`, `terms` (its ten).

    References
    ----------
    Kuhn (1955), The Hungarian Method for the Assignment Problem.
    """
    from scipy.optimize import linear_sum_assignment

    table = topic_fingerprints(topics)
    table = table.assign(name=pd.Series(_marking_words(topics), dtype=object), is_by_hand=False, overlap=np.nan)
    if names is not None and len(names):
        wanted = [set(_split(terms)) for terms in names["terms"]]
        shared = np.array([[len(terms & set(own)) for terms in wanted] for own in _leading(topics)])
        shared = np.where(shared >= at_least * LEADING, shared, 0)
        rows, matches = linear_sum_assignment(shared, maximize=True)
        is_found = shared[rows, matches] > 0
        rows, matches = rows[is_found], matches[is_found]
        table.loc[rows, "name"] = names["name"].to_numpy(dtype=object)[matches]
        table.loc[rows, "is_by_hand"] = True
        table.loc[rows, "overlap"] = shared[rows, matches] / LEADING
    return table[["topic", "name", "is_by_hand", "overlap", "fingerprint", "terms"]]


def _leading(topics) -> list[list[str]]:
    return topics.counts.terms[leading_terms(topics.term_share, LEADING)].tolist()


def _marking_words(topics) -> list[str]:
    """Join the first words by FREX of each topic: three, and as many more as it takes to tell it from the others."""
    printed = [part.tolist() for _, part in topic_terms(topics, LEADING).groupby("topic")["printed"]]
    sizes = np.full(len(printed), SEVERAL)
    for _ in range(SEVERAL, LEADING):
        sizes += pd.Series(_joined(printed, sizes)).duplicated(keep=False).to_numpy()
    return _joined(printed, sizes)


def _joined(printed, sizes) -> list[str]:
    return [", ".join(words[:size]) for words, size in zip(printed, sizes, strict=True)]


def _split(terms: str) -> list[str]:
    return [term.strip() for term in terms.split(",") if term.strip()]


def _check_terms(rows, where) -> Iterator[Problem]:
    for number, row in rows:
        terms = _split(row["terms"])
        if terms and len(set(terms)) != LEADING:
            problem = f"{len(set(terms))} different terms stand there, and a topic is known by {LEADING}."
            yield Problem(where, number, problem, "Take them as topic_fingerprints gives them, with commas between.")
        elif terms and row["fingerprint"] and row["fingerprint"] != fingerprint(terms):
            problem = f"fingerprint {row['fingerprint']!r} is not that of these terms."
            yield Problem(where, number, problem, f"Write {fingerprint(terms)}, or put its own terms back.")


def _check_once(rows, where) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        for column in ONCE:
            first = seen.setdefault((column, row[column]), number)
            if row[column] and first != number:
                problem = f"{column} {row[column]!r} stands in row {first} too."
                yield Problem(where, number, problem, f"Give each topic its own {column}.")
