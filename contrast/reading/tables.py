"""Read the rows of a table of articles, whatever kind of file holds it."""

import json
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from contrast.reading.account import Account, Unfit, clean_string, named, refuse, size_in_words
from contrast.reading.delimited import BROKEN, LongLine, read_delimited, read_line, unlike
from contrast.reading.encodings import decode
from contrast.reading.streams import MAX_TABLE, check_size, open_text
from contrast.wording import number_of

TEXT_TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")  # these may also be packed: .csv.gz
TABLES = (*TEXT_TABLES, ".parquet", ".xlsx")
MAX_JSON = 500_000_000  # characters of a .json file, which is read as a whole
MAX_WORKBOOK = 1_000_000_000  # bytes of an .xlsx file, unpacked
FULL_CELL = 32_767  # characters: no spreadsheet cell holds more
WORKBOOK_REMEDY = "Save it as .xlsx again, without a password."
BLANK = {"nan", "nat", "none", "null", "<na>", "n/a"}  # what programs write where there is nothing
BATCH = 64  # rows of a Parquet file at a time


class Table(NamedTuple):
    """
    A table as its file has it.

    `columns` are the names of all columns. `rows` hold the wanted ones alone and are numbered: as a spreadsheet numbers
    them; by lines for JSON Lines; from 1 for Parquet and a list in JSON. `doubtful` are the numbers of rows that look
    sound but follow a damaged one.
    """

    columns: list[str]
    rows: list[tuple[int, dict]]
    doubtful: frozenset[int] = frozenset()


class Twice(NamedTuple):
    """A JSON object in which a key stands twice."""

    key: str


def table_kind(path: Path) -> str | None:
    """
    Say what kind of table a file is by its name; None if it is none.

    >>> table_kind(Path("News.CSV.gz")), table_kind(Path("news.xls"))
    ('.csv', None)
    """
    suffixes = ["", *(suffix.lower() for suffix in path.suffixes)]
    if suffixes[-1] == ".gz":
        return suffixes[-2] if suffixes[-2] in TEXT_TABLES else None
    return suffixes[-1] if suffixes[-1] in TABLES else None


def read_table(path: Path, wanted: Callable[[str], bool], account: Account, tick: Callable) -> Table:
    """
    Read a table of any kind.

    Parameters
    ----------
    path : path
        Its file; see `TABLES`.
    wanted : callable
        Says of a column's name whether its cells are needed.
    account : Account
        Takes the damaged rows, and what was found out about the file.
    tick : callable
        Called with the number of rows read, and how many there are, or None.

    Raises
    ------
    InputError
        If the file as a whole can't be read, or is too large.
    """
    kind = table_kind(path)
    if kind == ".parquet":
        return _read_parquet(path, wanted, account, tick)
    if kind == ".xlsx":
        return _read_workbook(path, wanted, account, tick)
    with open_text(path, account) as stream:
        read = _read_delimited if kind in (".csv", ".tsv") else _read_json
        return read(stream, path, wanted, account, tick)


def cell_text(value: object) -> str | None:
    """
    Give a cell's value as text: "" where there is none, None where it is no single value.

    A list of strings is a text of as many lines.

    >>> [cell_text(value) for value in ("RT", 5.0, float("nan"), None, ["One.", "Two."], {"a": 1})]
    ['RT', '5', '', '', 'One.\\nTwo.', None]
    """
    if isinstance(value, str):
        return "" if len(value) < 6 and value.strip().casefold() in BLANK else clean_string(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bytes):
        try:
            return decode(value)[0]
        except Unfit:
            return None
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return clean_string("\n".join(value))
    if isinstance(value, dict | list | tuple):
        return None
    return clean_string(str(value))


def _read_delimited(stream, path, wanted, account, tick) -> Table:
    prefer = "\t" if table_kind(path) == ".tsv" else ","
    columns, rows, doubtful = None, [], set()
    for number, cells, is_doubtful in read_delimited(stream, named(path), account, prefer=prefer):
        if columns is None:
            columns = unlike(cells)
            places = [(i, name) for i, name in enumerate(columns) if wanted(name)]
            continue
        rows.append((number, {name: cells[i] for i, name in places}))
        if is_doubtful:
            doubtful.add(number)
        tick(len(rows), None)
    return Table(columns or [], rows, frozenset(doubtful))


# JSON


def _object(pairs):
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return Twice(next(name for name in names if names.count(name) > 1))


def _integer(digits):
    return int(digits) if len(digits) < 100 else digits


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)


def _read_json(stream, path, wanted, account, tick) -> Table:
    """Read a list of objects, or an object a line, whichever the file holds."""
    columns: dict[str, bool] = {}
    rows = []
    for number, entry in _entries(stream, path, account):
        if isinstance(entry, Twice):
            problem = f"the key {cell_text(entry.key)[:100]!r} stands twice."
            account.reject("damaged row", named(path), number, problem, "Keep one of them.")
        elif not isinstance(entry, dict):
            problem = "this is no object with named values."
            account.reject("damaged row", named(path), number, problem, 'Write {"outlet": …, "text": …}.')
        else:
            for name in entry:
                if name not in columns:
                    columns[name] = wanted(name)
            rows.append((number, {name: value for name, value in entry.items() if columns[name]}))
            tick(len(rows), None)
    return Table(list(columns), rows)


def _entries(stream, path, account) -> Iterator[tuple[int, object]]:
    first = second = ""
    try:
        while (first := read_line(stream)) and not first.strip():
            pass
        while (second := read_line(stream)) and not second.strip():
            pass
    except LongLine:
        pass
    except BROKEN as error:
        if not first:
            raise refuse(path, f"this file is damaged: {error}.", "Fetch it again.") from None
    stream.seek(0)
    is_list = first.lstrip().startswith("[")
    if table_kind(path) == ".json" and not is_list:
        is_list = not second or _value(first) is None  # one object, or one over several lines
    return _from_whole(stream, path, account) if is_list else _from_lines(stream, path, account)


def _value(text):
    """Parse JSON; None if it isn't any."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _from_lines(stream, path, account) -> Iterator[tuple[int, object]]:
    number = 0
    while True:
        number += 1
        try:
            line = read_line(stream)
            if not line:
                return
            if line.strip():
                yield number, DECODER.decode(line.strip().removeprefix("\x1e"))
        except LongLine as error:
            account.reject("too large", named(path), number, str(error), "Split it into its articles.")
        except BROKEN as error:
            account.reject(
                "damaged file", named(path), number, f"the file breaks off here: {error}.", "Fetch it again."
            )
            return
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deep" if isinstance(error, RecursionError) else error
            problem = f"this line is no JSON: {reason}."
            account.reject("damaged row", named(path), number, problem, "Write one object a line.")


def _from_whole(stream, path, account) -> Iterator[tuple[int, object]]:
    remedy = "Give it as JSON Lines (.jsonl), an object a line."
    try:
        text = stream.read(MAX_JSON + 1)
    except BROKEN as error:
        raise refuse(path, f"this file is damaged: {error}.", "Fetch it again.") from None
    if len(text) > MAX_JSON:
        raise refuse(path, f"it has over {size_in_words(MAX_JSON)}, and a list is read as a whole.", remedy)
    if text.lstrip().startswith("["):
        return _from_list(text, path, account)
    found = _value(text.strip())
    lists = [key for key, value in found.items() if isinstance(value, list)] if isinstance(found, dict) else []
    if len(lists) != 1:
        problem = "this is no list of objects." if found is not None else "this is no JSON."
        raise refuse(path, problem, 'Write [{"outlet": …, "text": …}, …].')
    account.told.append(f"{named(path)}: the articles are those under {cell_text(lists[0])[:100]!r}.")
    return iter(enumerate(found[lists[0]], start=1))


def _from_list(text, path, account) -> Iterator[tuple[int, object]]:
    """Parse a list value by value, so that one cut short gives those before the cut."""
    number, place, end = 0, text.index("[") + 1, len(text)
    while True:
        while place < end and text[place] in " \t\r\n,":
            place += 1
        number += 1
        try:
            if text[place : place + 1] == "]":
                return
            value, place = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deep" if isinstance(error, RecursionError) else error
            problem = f"the list breaks off here: {reason}."
            account.reject("damaged file", named(path), number, problem, "Fetch it again, or mend it.")
            return
        yield number, value


# Parquet


def _read_parquet(path, wanted, account, tick) -> Table:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        columns = list(file.schema_arrow.names)
        chosen = [name for name in dict.fromkeys(columns) if wanted(name) and columns.count(name) == 1]
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        chunks = [group.column(i) for group in groups for i in range(group.num_columns)]
        stems = tuple(f"{name}." for name in chosen)
        size = sum(c.total_uncompressed_size for c in chunks if f"{c.path_in_schema}.".startswith(stems))
    except Exception as error:  # pyarrow raises a dozen kinds of errors for bytes that are no Parquet
        raise refuse(path, f"this is no Parquet file: {_first_line(error)}.", "Fetch or write it again.") from None
    check_size(path, path.stat().st_size, size)
    rows: list[tuple[int, dict]] = []
    held = 0
    try:
        for batch in file.iter_batches(BATCH, columns=chosen) if chosen else ():
            cells = [_values(column) for column in batch.columns]
            for values in zip(*cells, strict=True):
                rows.append((len(rows) + 1, dict(zip(batch.schema.names, values, strict=True))))
                held += sum(len(value) for value in values if isinstance(value, str | bytes))
            if held > MAX_TABLE:
                break
            tick(len(rows), file.metadata.num_rows)
    except Exception as error:  # see above
        problem = f"the file is damaged from here on: {_first_line(error)}."
        account.reject("damaged file", named(path), len(rows) + 1, problem, "Fetch or write it again.")
    check_size(path, held, held)
    return Table(columns, rows)


def _values(column) -> list:
    """Give the values of a column; as bytes or as printed, where they aren't what the file says they are."""
    import pyarrow as pa

    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        return column.cast(pa.large_binary()).to_pylist()
    except (ValueError, OverflowError):
        return column.cast(pa.string()).to_pylist()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")[:200]


# Excel


def _read_workbook(path, wanted, account, tick) -> Table:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except Exception as error:  # zipfile raises half a dozen kinds of errors for bytes that are no zip file
        raise refuse(path, f"this is no Excel workbook (.xlsx): {_first_line(error)}.", WORKBOOK_REMEDY) from None
    check_size(path, path.stat().st_size, size, MAX_WORKBOOK)
    with warnings.catch_warnings(action="ignore"):  # openpyxl's, of styles and extensions it passes over
        return _read_sheet(path, wanted, account, tick)


def _read_sheet(path, wanted, account, tick) -> Table:
    """Read the first sheet that has rows; a formula counts as the value saved with it, or else as its own text."""
    sheet, others = None, []
    columns, rows, formulas, full = None, [], False, 0
    for name, number, cells in _sheet_rows(path, account, data_only=False):
        if sheet not in (None, name):
            others.append(name)
            continue
        if columns is None:
            sheet, columns = name, unlike(cell_text(cell) or "" for cell in cells)
            places = [(i, column) for i, column in enumerate(columns) if wanted(column)]
            continue
        row = {column: cells[i] for i, column in places if i < len(cells)}
        rows.append((number, row))
        formulas = formulas or any(_is_formula(cell) for cell in row.values())
        full += any(isinstance(cell, str) and len(cell) >= FULL_CELL for cell in row.values())
        tick(len(rows), None)
    if formulas:
        saved = {number: cells for name, number, cells in _sheet_rows(path, Account(), data_only=True) if name == sheet}
        for number, row in rows:
            for i, column in places:
                if _is_formula(row.get(column)):
                    value = saved.get(number, ())[i : i + 1]
                    row[column] = value[0] if value and value[0] is not None else cell_text(row[column])
    if others:
        left = ", ".join(repr(name) for name in dict.fromkeys(others))
        account.told.append(f"{named(path)}: the sheet {sheet!r} is read, and not {left}.")
    if full:
        those = f"{number_of(full, 'text')} of {FULL_CELL:,} characters, as many as a cell can hold,"
        account.told.append(f"{named(path)}: {those} may have been cut off.")
    return Table(columns or [], rows)


def _is_formula(value) -> bool:
    return (isinstance(value, str) and value.startswith("=")) or hasattr(value, "ref")


def _sheet_rows(path, account, *, data_only: bool) -> Iterator[tuple[str, int, tuple]]:
    """Give every row that is not blank: its sheet, its number, its cells."""
    from openpyxl import load_workbook

    number = None
    try:
        workbook = load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if any(cell is not None and cell != "" for cell in cells):
                    yield sheet.title, number, cells
        workbook.close()
    except Exception as error:  # openpyxl too raises whatever bytes make it raise
        if number is None:
            raise refuse(path, f"this is no Excel workbook (.xlsx): {_first_line(error)}.", WORKBOOK_REMEDY) from None
        problem = f"the sheet is damaged after this row: {_first_line(error)}."
        account.reject("damaged file", named(path), number, problem, WORKBOOK_REMEDY)
