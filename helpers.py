"""Everything the notebooks use: a table of contents of the rooms in `contrast/`, in the order of use."""

from contrast.cleaning import load_corpus, removed
from contrast.codebook import read_codebook
from contrast.corpus import InputError, group_outlets
from contrast.display import say, show_figure, show_table
from contrast.figures import (
    dispersion,
    keyness_dots,
    mention_rates,
    taken_off,
    timeline,
    topic_shares,
    topic_words,
    verb_shares,
)
from contrast.figures.wording import date_of, in_words, listed, number_of, percent, source_line, whose
from contrast.resampling import unit_of_interval
from contrast.stance import find_distance_marks, find_mentions, find_names, find_reports, rates, trace
from contrast.terms import concordance, count_terms, keyness, sure_by_chance
from contrast.text import describe_outlets, paragraphs, sentences
from contrast.topics import fit_topics, prevalence, stability, topic_terms, topic_units, typical_units

__all__ = [
    "InputError",
    "concordance",
    "count_terms",
    "date_of",
    "describe_outlets",
    "dispersion",
    "find_distance_marks",
    "find_mentions",
    "find_names",
    "find_reports",
    "fit_topics",
    "group_outlets",
    "in_words",
    "keyness",
    "keyness_dots",
    "listed",
    "load_corpus",
    "mention_rates",
    "number_of",
    "paragraphs",
    "percent",
    "prevalence",
    "rates",
    "read_codebook",
    "removed",
    "say",
    "sentences",
    "show_figure",
    "show_table",
    "source_line",
    "stability",
    "sure_by_chance",
    "taken_off",
    "timeline",
    "topic_shares",
    "topic_terms",
    "topic_units",
    "topic_words",
    "trace",
    "typical_units",
    "unit_of_interval",
    "verb_shares",
    "whose",
]
