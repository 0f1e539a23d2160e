"""One function a kind of figure: each takes a documented table and returns a Figure whose label is its alt text."""

from contrast.figures.calibration import false_alarm_dots, power_curves
from contrast.figures.corpus import taken_off, timeline
from contrast.figures.lanes import mention_rates, topic_shares, verb_shares
from contrast.figures.terms import dispersion, keyness_dots
from contrast.figures.topics import topic_words
from contrast.figures.vocabulary import keyness_plane, word_shift_bars

__all__ = [
    "dispersion",
    "false_alarm_dots",
    "keyness_dots",
    "keyness_plane",
    "mention_rates",
    "power_curves",
    "taken_off",
    "timeline",
    "topic_shares",
    "topic_words",
    "verb_shares",
    "word_shift_bars",
]
