"""Tell the state of a corpus before any analysis: what it holds, what is wrong with it, what can be done with it."""

from contrast.health.examination import Health, examine
from contrast.health.terminal import health_text

__all__ = ["Health", "examine", "health_text"]
