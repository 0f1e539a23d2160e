"""Everything the notebooks use: a table of contents of the rooms in `contrast/`, in the order of use."""

from contrast.cleaning import load_corpus, removed
from contrast.corpus import InputError
from contrast.text import describe_outlets, paragraphs, sentences, words

__all__ = ["InputError", "describe_outlets", "load_corpus", "paragraphs", "removed", "sentences", "words"]
