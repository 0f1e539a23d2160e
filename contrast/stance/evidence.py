"""One row a mention, with everything a measure needs; and the way back from any cell of a table to its sentences."""

import pandas as pd

from contrast.stance.reports import UNKNOWN
from contrast.stance.search import trace
from contrast.text import rows_of

NEAR = 25  # characters between a cue of distance and the name it steps back from


def gather_evidence(mentions: pd.DataFrame, voices: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """
    Give every mention its voice, its speaker, and the cue of distance before it.

    Parameters
    ----------
    mentions, marks : DataFrame
        As `search.find_mentions` and `search.find_distance_marks` give them.
    voices : DataFrame
        As `voices.find_voices` gives it.

    Returns
    -------
    DataFrame
        `mentions`, a row each, with `voice` (of `voices.VOICES`), `speaker` ("" in narration and headlines), `lemma`,
        `verb_class` (of the verb that reports it, or "") and `mark` (the cue that ends at most `NEAR` characters before
        the mention in its sentence, or ""; short quotations are no cues).
    """
    held: dict[tuple, list[tuple]] = {}
    columns = ("article_id", "sentence", "start", "end", "voice", "speaker", "lemma", "class")
    for article_id, sentence, *stretch in rows_of(voices, *columns):
        held.setdefault((article_id, sentence), []).append(stretch)
    cues: dict[tuple, list[tuple]] = {}
    named = marks[marks["mark"] != "short quotation"]
    for article_id, sentence, end, mark in rows_of(named, "article_id", "sentence", "end", "mark"):
        cues.setdefault((article_id, sentence), []).append((end, mark))
    rows = []
    for article_id, sentence, start in rows_of(mentions, "article_id", "sentence", "start"):
        key = (article_id, sentence)
        voice = next((said for begin, end, *said in held.get(key, ()) if begin <= start < end), ["", UNKNOWN, "", ""])
        mark = next((mark for end, mark in cues.get(key, ()) if 0 <= start - end <= NEAR), "")
        rows.append((*voice, mark))
    added = pd.DataFrame(rows, columns=["voice", "speaker", "lemma", "verb_class", "mark"], index=mentions.index)
    return mentions.drop(columns="voice").join(added)


def trace_cell(found: pd.DataFrame, sentences: pd.DataFrame, **cell) -> pd.DataFrame:
    """
    Fetch the sentences behind one mark of a figure or one cell of a table.

    Parameters
    ----------
    found : DataFrame
        What the figure or table counts: evidence, reports, names or voices.
    sentences : DataFrame
    **cell
        The cell, by columns of `found`: `outlet="RT", label="Turkey"`.

    Returns
    -------
    DataFrame
        As `trace` gives it; as many rows as the cell counts.

    Raises
    ------
    KeyError
        If a column is not there.
    """
    wanted = pd.Series(True, index=found.index)
    for column, value in cell.items():
        wanted &= found[column] == value
    return trace(found[wanted], sentences)
