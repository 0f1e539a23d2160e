"""Everything the notebooks use: a table of contents of the rooms in `contrast/`, in the order of use."""

from contrast.cleaning import load_corpus, removed
from contrast.codebook import read_codebook
from contrast.corpus import InputError, group_outlets
from contrast.display import say, show_figure, show_page, show_table
from contrast.duplicates import near_duplicates
from contrast.explorer import explorer_page
from contrast.figures import (
    dispersion,
    false_alarm_dots,
    keyness_dots,
    keyness_plane,
    mention_rates,
    power_curves,
    taken_off,
    timeline,
    topic_shares,
    topic_words,
    verb_shares,
    word_shift_bars,
)
from contrast.figures.wording import date_of, in_words, listed, number_of, percent, source_line, whose
from contrast.furniture import drop_furniture, find_furniture
from contrast.resampling import MIN_ARTICLES, unit_of_interval
from contrast.stance import find_distance_marks, find_mentions, find_names, find_reports, rates, trace
from contrast.terms import (
    collocates,
    concordance,
    count_terms,
    divergence_by_chance,
    false_alarms,
    find_phrases,
    flag_terms,
    keyness,
    keyness_of_each,
    planted_differences,
    split_in_halves,
    sure_by_chance,
    word_shift,
)
from contrast.text import describe_outlets, paragraphs, sentences
from contrast.topics import fit_topics, prevalence, stability, topic_terms, topic_units, typical_units

__all__ = [
    "MIN_ARTICLES",
    "InputError",
    "collocates",
    "concordance",
    "count_terms",
    "date_of",
    "describe_outlets",
    "dispersion",
    "divergence_by_chance",
    "drop_furniture",
    "explorer_page",
    "false_alarm_dots",
    "false_alarms",
    "find_distance_marks",
    "find_furniture",
    "find_mentions",
    "find_names",
    "find_phrases",
    "find_reports",
    "fit_topics",
    "flag_terms",
    "group_outlets",
    "in_words",
    "keyness",
    "keyness_dots",
    "keyness_of_each",
    "keyness_plane",
    "listed",
    "load_corpus",
    "mention_rates",
    "near_duplicates",
    "number_of",
    "paragraphs",
    "percent",
    "planted_differences",
    "power_curves",
    "prevalence",
    "rates",
    "read_codebook",
    "removed",
    "say",
    "sentences",
    "show_figure",
    "show_page",
    "show_table",
    "source_line",
    "split_in_halves",
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
    "word_shift",
    "word_shift_bars",
]
