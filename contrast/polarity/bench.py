"""Measure the scorers on hand-coded news sentences: `run.py bench --sentences FILE`."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem, shown
from contrast.polarity.lexicon import tone
from contrast.polarity.scorers import LexiconScorer, polarity_of
from contrast.polarity.training import train, validate

PARTS = 5  # one of them is held out
CODES = {2: -1, 4: 0, 6: 1}


def measure(path: str | Path, *, seed: int = 0) -> pd.DataFrame:
    """
    Hold out a fifth of the sources and score their mentions.

    Parameters
    ----------
    path : path
        JSON Lines: `primary_gid`, `sentence_normalized`, and `targets` with `from`, `to` and `polarity` (2, 4, 6).
    seed : int
        Of the choice of sources.

    Returns
    -------
    DataFrame
        One row a scorer: `scorer`, `macro_f1`, F1 `against`, `neutral`, `for`, and `n` (mentions held out).

    Raises
    ------
    InputError
        If the file is not there, or has no such lines.

    References
    ----------
    Hamborg and Donnay (2021), NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment Classification in Political
    News Articles.
    """
    mentions = _read(Path(path))
    held = mentions["article_id"].map(lambda source: _number(f"{seed} {source}") % PARTS == 0).to_numpy(dtype=bool)
    known, unknown = mentions[~held], mentions[held]
    whole = np.array([tone(text) for text in unknown["text"]])
    most = known["value"].mode()[0]
    predictions = {
        "the commonest polarity": polarity_of(np.full(len(unknown), float(most))),
        "VADER on the sentence": polarity_of(whole),
        "lexicon scorer": LexiconScorer().score(unknown)["polarity"],
        "trained scorer": train(known).score(unknown)["polarity"],
    }
    rows = []
    for name, predicted in predictions.items():
        found = validate(unknown["value"], predicted)
        by_class = found.classes.set_index("polarity")["f1"]
        rows.append({"scorer": name, "macro_f1": found.macro_f1, **by_class, "n": len(unknown)})
    return pd.DataFrame(rows)


def _read(path):
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        rows = [
            ("_".join(line["primary_gid"].split("_")[:3]), line["sentence_normalized"], *_target(target))
            for line in lines
            for target in line["targets"]
        ]
    except OSError:
        raise InputError([Problem(shown(path), None, "this file is not there.", "Name NewsMTSC's file.")]) from None
    except (ValueError, KeyError, TypeError) as error:
        problem = f"it is not in NewsMTSC's form: {error!r}."
        raise InputError([Problem(shown(path), None, problem, "Name NewsMTSC's file.")]) from None
    return pd.DataFrame(rows, columns=["article_id", "text", "at", "to", "value"])


def _target(target):
    return target["from"], target["to"], CODES[int(target["polarity"])]


def _number(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
