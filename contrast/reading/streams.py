"""Open a text table, packed or not, without trusting its size."""

import functools
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contrast.reading.account import Account, Unfit, named, refuse, size_in_words
from contrast.reading.encodings import find_encoding

MAX_TABLE = 4_000_000_000  # bytes of a table, unpacked
MAX_RATIO, RATIO_FROM = 200, 200_000_000  # what unpacks to 200 times its size, and to over 200 MB, is a bomb
CHUNK, PACKED_CHUNK = 1 << 20, 1 << 11  # bytes; where a packed file is damaged, one packed chunk is lost


@contextmanager
def open_text(path: Path, account: Account) -> Iterator[io.TextIOBase]:
    """
    Open a text table, packed (.gz) or not, for reading line by line, in whatever encoding it is.

    Raises
    ------
    InputError
        If it can't be read, is no text, or unpacks to more than a table may have.
    """
    try:
        encoding = find_encoding(_chunks(path))
    except Unfit as error:
        raise refuse(path, error.problem, error.remedy) from None
    if encoding.note:
        account.read_as[encoding.note].append(named(path))
    with path.open("rb") as file:
        unpacked = io.BufferedReader(_Unpacked(file)) if _is_packed(path) else file
        yield io.TextIOWrapper(unpacked, encoding.name, encoding.errors, newline="")


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _chunks(path: Path) -> Iterator[bytes]:
    """Give the bytes of a table, unpacked, as long as it isn't larger than a table may be."""
    total = 0
    try:
        packed = path.stat().st_size
        with path.open("rb") as file:
            for chunk in _unpack(file) if _is_packed(path) else iter(functools.partial(file.read, CHUNK), b""):
                total += len(chunk)
                check_size(path, packed, total)
                yield chunk
    except (EOFError, zlib.error) as error:
        if not total:
            raise refuse(path, f"this is no gzip file: {error}.", "Pack it again, or give it unpacked.") from None
    except OSError as error:
        raise refuse(path, f"this file can't be read: {error.strerror}.", "Make it readable.") from None


def _unpack(file: io.BufferedIOBase) -> Iterator[bytes]:
    """Give what a gzip file holds, up to where it is damaged; `gzip` itself would keep back what comes just before."""
    member, packed, is_begun = None, b"", False
    while True:
        packed = packed or file.read(PACKED_CHUNK)
        if not packed:
            break
        if member is None:
            packed = packed.lstrip(b"\0") if is_begun else packed
            member, is_begun = zlib.decompressobj(wbits=31), True
            continue
        if chunk := member.decompress(packed, CHUNK):
            yield chunk
        packed = member.unconsumed_tail or member.unused_data
        member = None if member.eof else member
    if member is not None or not is_begun:
        raise EOFError("it ends in the middle")


class _Unpacked(io.RawIOBase):
    """What a gzip file holds, as a stream that can be wound back to its start."""

    def __init__(self, file):
        self.file = file
        self.seek(0)

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        if whence == io.SEEK_SET:
            self.file.seek(0)
            self.pieces, self.rest, self.place, self.fault = _unpack(self.file), b"", 0, None
        return self.place

    def readinto(self, buffer):
        if self.fault:
            raise self.fault
        try:
            self.rest = self.rest or next(self.pieces, b"")
        except (EOFError, zlib.error) as error:
            self.fault = error
            raise
        count = min(len(buffer), len(self.rest))
        buffer[:count], self.rest = self.rest[:count], self.rest[count:]
        self.place += count
        return count


def check_size(path: Path, packed: int, unpacked: int, most: int | None = None) -> None:
    """Refuse a table that is, or unpacks to, more than it may."""
    most, remedy = most or MAX_TABLE, "Split it into smaller tables."
    if unpacked > most:
        raise refuse(path, f"it has over {size_in_words(most)}, unpacked.", remedy)
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed:
        problem = f"it has {size_in_words(packed)} and unpacks to over {MAX_RATIO} times that, as no text does."
        raise refuse(path, problem, remedy)
