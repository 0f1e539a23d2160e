"""Polarity towards a target, with hand coding as the judge: sheets, agreement, scorers, corrected means."""

from contrast.polarity.agreement import Agreement, krippendorff_alpha
from contrast.polarity.correction import corrected_means
from contrast.polarity.judge import Judged, judge_tone
from contrast.polarity.scorers import LexiconScorer, Scorer, load_scorer
from contrast.polarity.sheets import draw_sample, read_gold
from contrast.polarity.training import Validation, cross_validate, score_unseen, train

__all__ = [
    "Agreement",
    "Judged",
    "LexiconScorer",
    "Scorer",
    "Validation",
    "corrected_means",
    "cross_validate",
    "draw_sample",
    "judge_tone",
    "krippendorff_alpha",
    "load_scorer",
    "read_gold",
    "score_unseen",
    "train",
]
