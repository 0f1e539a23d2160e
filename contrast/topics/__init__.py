"""What each outlet talks about, how much of each, and how stable that is."""

from contrast.topics.calibration import averaged_shares, coverage, coverage_of_shares, self_test, simulate_topics
from contrast.topics.choice import choose_k, why_k
from contrast.topics.flags import flag_topics
from contrast.topics.labels import topic_terms, typical_units
from contrast.topics.model import ENOUGH_ARTICLES, METHODS, Topics, fit_topics, topic_units
from contrast.topics.names import name_topics, read_topic_names
from contrast.topics.shares import choose_unit, design_effects, prevalence, prevalence_differences, share_grid
from contrast.topics.stability import Refits, prevalence_over_refits, refit_topics, topic_stability

__all__ = [
    "ENOUGH_ARTICLES",
    "METHODS",
    "Refits",
    "Topics",
    "averaged_shares",
    "choose_k",
    "choose_unit",
    "coverage",
    "coverage_of_shares",
    "design_effects",
    "fit_topics",
    "flag_topics",
    "name_topics",
    "prevalence",
    "prevalence_differences",
    "prevalence_over_refits",
    "read_topic_names",
    "refit_topics",
    "self_test",
    "share_grid",
    "simulate_topics",
    "topic_stability",
    "topic_terms",
    "topic_units",
    "typical_units",
    "why_k",
]
