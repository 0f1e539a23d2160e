"""Where outlets stand on a scale that the researcher sets: by texts whose position is known, or by seed words."""

from contrast.scales.latent import LatentScale, latent_scale
from contrast.scales.reference import scored_words, wordscores

__all__ = ["LatentScale", "latent_scale", "scored_words", "wordscores"]
