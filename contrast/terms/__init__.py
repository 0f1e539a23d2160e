"""Which words each outlet prefers: counts, measures, keyness, word shift, and the lines behind each word."""

from contrast.terms.calibration import false_alarms, planted_differences, split_in_halves
from contrast.terms.comparison import (
    flag_terms,
    keyness,
    keyness_of_all,
    keyness_of_each,
    keyness_of_pairs,
    sure_by_chance,
)
from contrast.terms.counts import TermCounts, count_terms, find_phrases
from contrast.terms.lines import collocates, concordance
from contrast.terms.shift import divergence_by_chance, word_shift

__all__ = [
    "TermCounts",
    "collocates",
    "concordance",
    "count_terms",
    "divergence_by_chance",
    "false_alarms",
    "find_phrases",
    "flag_terms",
    "keyness",
    "keyness_of_all",
    "keyness_of_each",
    "keyness_of_pairs",
    "planted_differences",
    "split_in_halves",
    "sure_by_chance",
    "word_shift",
]
