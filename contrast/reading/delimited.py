"""Read comma-separated rows, or rows parted by another sign, and go on past the damaged ones."""

import csv
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from contrast.reading.account import MAX_ARTICLE, Account, clean_string, size_in_words

MAX_LINE = 4 * MAX_ARTICLE  # characters of one line
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
SAMPLE = 1_000_000  # characters that the delimiter is chosen from
REREAD = 1_000_000  # lines read anew after damaged rows, in all; more would take forever
DOUBTED = 10  # rows after a damaged one that may be lines of its text
BROKEN = (EOFError, zlib.error, OSError, UnicodeDecodeError)  # what a damaged file raises in the middle


class Row(NamedTuple):
    """
    A row of cells, numbered as a spreadsheet does.

    It `is_doubtful` if it looks sound but may be a line of a damaged row's text: soon after one, in a table whose cells
    have line breaks.
    """

    number: int
    cells: list[str]
    is_doubtful: bool


class LongLine(csv.Error):
    """A line that is too long to be kept."""


def read_delimited(stream, where: str, account: Account, *, prefer: str = ",") -> Iterator[Row]:
    """
    Give the first row of a delimited text and all rows of its length.

    The delimiter is chosen (and told, if it isn't a comma), and whether quotation marks enclose cells. After a damaged
    row, reading goes on at the line after its first, and the lines that are no rows are told with it.

    Parameters
    ----------
    stream : text file
        Opened with `newline=""`.
    where : str
        What the file is called in a message.
    account : Account
        Takes the rows that are damaged or of another length.
    prefer : str
        The delimiter to choose if several fit.
    """
    lines = _Lines(stream)
    with _long_cells():
        dialect = _find_dialect(lines, where, account, prefer)
        yield from _sound_rows(lines, dialect, where, account)


def read_line(stream) -> str:
    """Read a line, "" at the end; pass over one that is too long, and raise `LongLine`."""
    line = stream.readline(MAX_LINE)
    if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
        return line
    size = len(line)
    while (more := stream.readline(MAX_LINE)) and not more.endswith(("\n", "\r")):
        size += len(more)
    raise LongLine(f"this line has {size_in_words(size + len(more))}.")


def unlike(names: Iterable[str]) -> list[str]:
    """
    Make column names that can be told apart.

    >>> unlike(["id", "", "text ", "text"])
    ['id', 'column 2', 'text', 'text (2)']
    """
    told_apart: dict[str, None] = {}
    for i, name in enumerate(names, start=1):
        stem = new = " ".join(clean_string(name).split()) or f"column {i}"
        count = 1
        while new in told_apart:
            count += 1
            new = f"{stem} ({count})"
        told_apart[new] = None
    return list(told_apart)


class _Lines:
    """
    The lines of a table; those of the row being read are kept, so that all but its first can be read anew.

    `again` holds lines that come before those of the stream, and errors to be raised in their place.
    """

    def __init__(self, stream):
        self.stream, self.row, self.again, self.given_back = stream, [], deque(), 0

    def __iter__(self):
        return self

    def __next__(self):
        line = self.again.popleft() if self.again else read_line(self.stream)
        if isinstance(line, Exception):
            raise line
        if not line:
            raise StopIteration
        self.row.append(line)
        return line

    def give_back(self):
        """Let all lines of the row but its first be read anew, unless that has been done too often to go on with."""
        if self.given_back < REREAD:
            self.given_back += len(self.row) - 1
            self.again.extendleft(reversed(self.row[1:]))


@contextmanager
def _long_cells():
    before = csv.field_size_limit(MAX_ARTICLE)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _find_dialect(lines: _Lines, where: str, account: Account, prefer: str) -> dict:
    """Choose the dialect under which most rows are as long as the first."""
    sample, size = [], 0
    try:
        while size < SAMPLE and (line := read_line(lines.stream)):
            sample.append(line)
            size += len(line)
    except (LongLine, *BROKEN) as error:
        size = SAMPLE
        lines.again.append(error)
    lines.again.extendleft(reversed(sample))
    signs = sorted(DELIMITERS, key=lambda sign: sign != prefer)
    choices = [{"delimiter": sign, "quoting": how} for how in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE) for sign in signs]
    best = max(choices, key=lambda choice: _fit(sample, choice, is_cut=size >= SAMPLE))
    if best["delimiter"] != ",":
        account.told.append(f"{where}: cells are parted by {DELIMITERS[best['delimiter']]}.")
    if best["quoting"] == csv.QUOTE_NONE:
        account.told.append(f"{where}: quotation marks belong to the text; they enclose no cells.")
    return best


def _fit(sample: list[str], dialect: dict, *, is_cut: bool) -> tuple[bool, float, int]:
    """Score a dialect: whether there are columns at all, the share of rows as long as the first, how many columns."""
    reader = csv.reader(iter(sample), **dialect, strict=True)
    lengths = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            cells = [""]
        if cells:
            lengths.append(len(cells))
    if is_cut and len(lengths) > 2:
        lengths.pop()
    if not lengths:
        return False, 0.0, 0
    return lengths[0] > 1, round(lengths.count(lengths[0]) / len(lengths), 2), lengths[0]


def _sound_rows(lines: _Lines, dialect: dict, where: str, account: Account) -> Iterator[Row]:
    reader = csv.reader(lines, **dialect, strict=True)
    width, number, doubt, has_breaks = None, 0, 0, False
    damage: list | None = None  # the damaged row that is not told yet: number, error, size, lines lost after it
    while True:
        lines.row.clear()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            _tell_damage(damage, where, account)
            has_breaks = has_breaks or len(lines.row) > 1
            damage, doubt = [number, error, sum(map(len, lines.row)), 0], DOUBTED if has_breaks else 0
            lines.give_back()
            continue
        except BROKEN as error:
            account.reject("damaged file", where, number, f"the file breaks off here: {error}.", "Fetch it again.")
            break
        if not any(cell.strip() for cell in cells):
            continue
        width = width or len(cells)
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) < width and damage:
            damage[3] += 1
            doubt = DOUBTED
        elif len(cells) != width:
            doubt = DOUBTED if has_breaks else 0
            _tell_length(len(cells), width, len(lines.row), where, number, account)
        else:
            _tell_damage(damage, where, account)
            damage = None
            has_breaks = has_breaks or len(lines.row) > 1
            yield Row(number, cells, doubt > 0)
            doubt -= 1
    _tell_damage(damage, where, account)


def _tell_length(cells: int, width: int, lines: int, where: str, number: int, account: Account) -> None:
    extent = f", over {lines} lines of the file" if lines > 1 else ""
    problem = f"{cells} {'cell' if cells == 1 else 'cells'} under {width} columns{extent}."
    remedy = "Put cells that hold a delimiter in quotation marks."
    account.reject("row of another length", where, number, problem, remedy)


def _tell_damage(damage: list | None, where: str, account: Account) -> None:
    if damage is None:
        return
    number, error, size, lost = damage
    if isinstance(error, LongLine) or size > MAX_ARTICLE:
        problem = str(error) if isinstance(error, LongLine) else f"this row has {size_in_words(size)} or more."
        problem += f" An article may have {size_in_words(MAX_ARTICLE)}."
        account.reject("too large", where, number, problem, "Split it into its articles.")
        return
    is_open = "end of data" in str(error)
    problem = "a quotation mark is opened and never closed." if is_open else "a lone quotation mark stands in a cell."
    if lost:
        problem += f" {lost} {'line' if lost == 1 else 'lines'} after it can't be told from its text."
    account.reject("damaged row", where, number, problem, "Write quotation marks inside cells twice.")
