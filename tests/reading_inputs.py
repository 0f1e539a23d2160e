"""What the tests of reading share: write a file, read what must be refused, list what was left out."""

from pathlib import Path

import pytest

from contrast.corpus import InputError
from contrast.reading import read_corpus


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path, **options):
    """Give the message of the InputError that a corpus is refused with."""
    with pytest.raises(InputError) as caught:
        read_corpus(path, **options)
    return str(caught.value)


def problems(reading):
    """List what was left out: the file's name, its row (0 if none), the problem."""
    rejects = reading.rejects
    rows = rejects["row"].fillna(0)
    return list(zip(rejects["file"].map(lambda file: Path(file).name), rows, rejects["problem"], strict=True))
