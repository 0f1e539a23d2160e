"""Read a researcher's own articles, in whatever form they were downloaded, into the project's table of articles."""

from contrast.reading.forms import Reading, read_corpus

__all__ = ["Reading", "read_corpus"]
