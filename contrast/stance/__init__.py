"""Whom each outlet speaks of and how: targets, names, verbs, speakers, voices and marks of distance."""

from contrast.stance.calibration import false_differences
from contrast.stance.coded import check_rules, coders_agreement, read_coding
from contrast.stance.evidence import gather_evidence, trace_cell
from contrast.stance.matched import compare_matched, matched_difference, matters_of, of_one_matter
from contrast.stance.measures import (
    heard,
    name_shares,
    naming_index,
    rates,
    share_of,
    stance_cells,
    voice_shares,
    weighty_shares,
)
from contrast.stance.quotations import FEW_QUOTATIONS, QUOTATION, without_marks, without_quotations
from contrast.stance.reports import UNKNOWN, find_reports
from contrast.stance.robust import ways_of_counting
from contrast.stance.search import find_distance_marks, find_mentions, find_names, in_sentences, trace, unlisted_names
from contrast.stance.voices import VOICES, find_voices

__all__ = [
    "FEW_QUOTATIONS",
    "QUOTATION",
    "UNKNOWN",
    "VOICES",
    "check_rules",
    "coders_agreement",
    "compare_matched",
    "false_differences",
    "find_distance_marks",
    "find_mentions",
    "find_names",
    "find_reports",
    "find_voices",
    "gather_evidence",
    "heard",
    "in_sentences",
    "matched_difference",
    "matters_of",
    "name_shares",
    "naming_index",
    "of_one_matter",
    "rates",
    "read_coding",
    "share_of",
    "stance_cells",
    "trace",
    "trace_cell",
    "unlisted_names",
    "voice_shares",
    "ways_of_counting",
    "weighty_shares",
    "without_marks",
    "without_quotations",
]
