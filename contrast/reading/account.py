"""Keep account of what is left out and decided while a corpus is read, and say it in the same words everywhere."""

import re
from collections import defaultdict
from pathlib import Path

from contrast.corpus import ROOT, InputError, Problem

MAX_ARTICLE = 20_000_000  # bytes of one article


class Account:
    """
    What was left out and what was decided while a corpus was read.

    `rejects` holds a Problem for each thing left out or mended; `kinds` counts them by kind, `told` holds sentences,
    and `read_as` the files of each encoding other than UTF-8.
    """

    def __init__(self):
        self.rejects: list[Problem] = []
        self.kinds: dict[str, int] = defaultdict(int)
        self.told: list[str] = []
        self.read_as: dict[str, list[str]] = defaultdict(list)

    def reject(self, kind: str, file: str, row: int | None, problem: str, remedy: str) -> None:
        self.kinds[kind] += 1
        self.rejects.append(Problem(file, row, problem, remedy))


class Unfit(ValueError):
    """Why a file's content is left out: the kind of problem, the problem itself, its remedy."""

    def __init__(self, kind: str, problem: str, remedy: str):
        super().__init__(problem)
        self.kind, self.problem, self.remedy = kind, problem, remedy


def too_large(size: int, limit: int) -> Unfit:
    """Say that an article is too large."""
    problem = f"it has {size_in_words(size)}, and an article may have {size_in_words(limit)}."
    return Unfit("too large", problem, "Split it into its articles.")


def refuse(path: Path, problem: str, remedy: str) -> InputError:
    """Make the error that stops the reading of a whole file."""
    return InputError([Problem(named(path), None, problem, remedy)])


def named(path: Path) -> str:
    """Name a path in a message, from the project's folder where it lies inside; a link by its own name."""
    path = Path.cwd() / clean_string(str(path)).replace("\0", "\ufffd")
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def clean_string(text: str) -> str:
    """Put U+FFFD for halves of characters, which JSON and file names can hold and no file can be written with."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text


def size_in_words(size: int) -> str:
    """
    Give a number of bytes as a reader says it.

    >>> [size_in_words(size) for size in (1_200, 20_000_000, 4_100_000_000)]
    ['1 kB', '20 MB', '4.1 GB']
    """
    if size >= 1e9:
        return f"{size / 1e9:.2g} GB"
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"
