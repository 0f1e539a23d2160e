"""One function a kind of figure: each takes a documented table and returns a Figure whose label is its alt text."""

from contrast.figures.corpus import taken_off, timeline
from contrast.figures.lanes import mention_rates, topic_shares, verb_shares
from contrast.figures.terms import dispersion, keyness_dots
from contrast.figures.topics import topic_words

__all__ = [
    "dispersion",
    "keyness_dots",
    "mention_rates",
    "taken_off",
    "timeline",
    "topic_shares",
    "topic_words",
    "verb_shares",
]
