"""One function a kind of figure: each takes a documented table and returns a Figure whose label is its alt text.

A table that a figure can't do without is refused, with an InputError, if it has no rows.
"""

from contrast.figures.calibration import false_alarm_dots, power_curves
from contrast.figures.corpus import taken_off, timeline
from contrast.figures.ladder import coverage_scatter, k_ladder
from contrast.figures.lanes import mention_rates
from contrast.figures.naming import naming_dumbbell
from contrast.figures.prevalence import stability_strip, topic_shares
from contrast.figures.ribbon import article_ribbon
from contrast.figures.sheet import stance_sheet
from contrast.figures.terms import dispersion, keyness_dots
from contrast.figures.topics import topic_grid, topic_words
from contrast.figures.validation import robustness_fan, validation_panel
from contrast.figures.vocabulary import keyness_plane, word_shift_bars
from contrast.figures.voices import verb_force, voice_ladder

__all__ = [
    "article_ribbon",
    "coverage_scatter",
    "dispersion",
    "false_alarm_dots",
    "k_ladder",
    "keyness_dots",
    "keyness_plane",
    "mention_rates",
    "naming_dumbbell",
    "power_curves",
    "robustness_fan",
    "stability_strip",
    "stance_sheet",
    "taken_off",
    "timeline",
    "topic_grid",
    "topic_shares",
    "topic_words",
    "validation_panel",
    "verb_force",
    "voice_ladder",
    "word_shift_bars",
]
