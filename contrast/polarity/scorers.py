"""Scorers of polarity towards a target: one from a lexicon, one from hand-coded sentences, kept as plain JSON."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import softmax

from contrast.corpus import InputError, Problem, shown
from contrast.display import write_whole
from contrast.polarity.cues import clause, features, roles, sides
from contrast.polarity.lexicon import MASK, tone, without_names

POLARITIES = ("against", "neutral", "for")
VALUES = dict(zip(POLARITIES, (-1, 0, 1), strict=True))
NEUTRAL = 0.05  # VADER's own bound
VERDICT = 0.6  # what being praised or attacked adds to the clause's tone
FORM, VERSION = "contrast polarity scorer", 1  # a new version wherever `cues.features` changes


class Scorer(NamedTuple):
    """
    A linear model over `cues.features`, as `train` fits it.

    `classes` (of `POLARITIES`), `terms` (names of features), `coefficients` (classes x terms), `intercept` (of each
    class).
    """

    classes: tuple[str, ...]
    terms: tuple[str, ...]
    coefficients: np.ndarray
    intercept: np.ndarray

    def score(self, evidence: pd.DataFrame) -> pd.DataFrame:
        """
        Score each mention from its sentence, the mention masked.

        Parameters
        ----------
        evidence : DataFrame
            One row a mention, with `text` (its sentence) and `at`, `to` (where it stands in it).

        Returns
        -------
        DataFrame
            `evidence` with `p_against`, `p_neutral`, `p_for` (they add to 1), `score` (`p_for` - `p_against`, -1 to 1)
            and `polarity` (the likeliest).
        """
        matrix = feature_matrix(describe(evidence), self.terms)
        shares = softmax(matrix @ self.coefficients.T + self.intercept, axis=1)
        by_class = dict(zip(self.classes, shares.T, strict=True))
        table = evidence.assign(**{f"p_{name}": by_class.get(name, 0.0) for name in POLARITIES})
        likeliest = np.array(self.classes, dtype=object)[shares.argmax(axis=1)]
        return table.assign(score=table["p_for"] - table["p_against"], polarity=likeliest)

    def save(self, path: str | Path) -> None:
        """Write the scorer as JSON; `load_scorer` gives back the same numbers to the last digit."""
        content = {
            "form": FORM,
            "version": VERSION,
            "classes": self.classes,
            "intercept": self.intercept.tolist(),
            "terms": dict(zip(self.terms, self.coefficients.T.tolist(), strict=True)),
        }
        write_whole(Path(path), json.dumps(content, ensure_ascii=False, indent=0).encode())


class LexiconScorer:
    """
    VADER's lexicon applied to the clause around a mention, for those who have no hand-coded sentences.

    Names and the words of `lexicon.NO_TONE` have no tone; being the object of a verb of praise or attack adds or takes
    `VERDICT`.
    """

    def score(self, evidence: pd.DataFrame) -> pd.DataFrame:
        """Score each mention as `Scorer.score` does; there are no probabilities, `score` is a tone from -1 to 1."""
        scores = np.array([_clause_tone(*mention) for mention in _mentions(evidence)], dtype=float)
        return evidence.assign(score=scores, polarity=polarity_of(scores))


def polarity_of(scores: np.ndarray) -> np.ndarray:
    """
    Name tones as VADER's authors do: neutral is what lies within .05 of zero.

    >>> polarity_of(np.array([-0.4, 0.01, 0.05])).tolist()
    ['against', 'neutral', 'for']
    """
    return np.select([scores <= -NEUTRAL, scores >= NEUTRAL], ["against", "for"], "neutral").astype(object)


def load_scorer(path: str | Path) -> Scorer:
    """
    Read a scorer that `Scorer.save` wrote.

    Raises
    ------
    InputError
        If the file is not there, is no scorer, is one of another version, or is damaged.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_bytes())
    except OSError:
        raise _refused(path, "this file is not there.", "Train a scorer and save it there.") from None
    except ValueError:
        raise _refused(path, "this is not JSON.", "Save the scorer again.") from None
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise _refused(path, "this is not a saved scorer.", "Name a file that Scorer.save wrote.")
    if content.get("version") != VERSION:
        found = f"it is of version {content.get('version')!r}, and this code reads version {VERSION}."
        raise _refused(path, found, "Train the scorer again.")
    try:
        classes, terms = tuple(content["classes"]), content["terms"]
        coefficients = np.array(list(terms.values()), dtype=float).reshape(len(terms), len(classes)).T
        intercept = np.array(content["intercept"], dtype=float).reshape(len(classes))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refused(path, "its classes, terms and numbers do not fit together.", "Save the scorer again.") from None
    if not (set(classes) <= set(POLARITIES) and np.isfinite(coefficients).all() and np.isfinite(intercept).all()):
        raise _refused(path, "it has unknown classes, or numbers that are none.", "Save the scorer again.")
    return Scorer(classes, tuple(terms), coefficients, intercept)


def describe(evidence: pd.DataFrame) -> list[dict[str, float]]:
    """Give the `cues.features` of each mention."""
    return [features(*mention) for mention in _mentions(evidence)]


def feature_matrix(described: list[dict[str, float]], terms: tuple[str, ...]) -> sparse.csr_array:
    """Put features into a matrix, mentions x terms; those that are no term are left out."""
    place = {term: column for column, term in enumerate(terms)}
    rows = [[(place[name], value) for name, value in sorted(found.items()) if name in place] for found in described]
    columns = [column for row in rows for column, _ in row]
    values = [value for row in rows for _, value in row]
    starts = np.cumsum([0, *map(len, rows)])
    return sparse.csr_array((np.array(values, float), np.array(columns, int), starts), shape=(len(rows), len(terms)))


def _clause_tone(text, at, to):
    left, right = sides(text, at, to)
    found = roles(left, right)
    near_left, near_right = clause(without_names(left), without_names(right))
    verdict = bool(found & {"praised", "was praised"}) - bool(found & {"attacked", "was attacked"})
    return np.clip(tone(f"{near_left} {MASK} {near_right}", in_news=True) + VERDICT * verdict, -1, 1)


def _mentions(evidence):
    return zip(evidence["text"], evidence["at"], evidence["to"], strict=True)


def _refused(path, problem, remedy):
    return InputError([Problem(shown(path), None, problem, remedy)])
