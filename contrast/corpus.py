"""Read articles and their provenance from a folder, and check all of it before anything is computed."""

import csv
import difflib
import io
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
FIRST_YEAR, LAST_YEAR = 1600, 2200  # the first newspapers; what figures and weeks can reckon with
COLUMNS = ("id", "outlet", "date", "date_precision", "date_basis", "title", "file", "language", "url", "note")
REQUIRED = ("id", "outlet", "file")
TABLE = ["outlet", "date", "date_precision", "date_basis", "title", "raw", "language", "url", "source_file", "note"]
PREPARED = "articles.parquet"  # articles from elsewhere, already in the form of the table that `read_articles` gives
ZERO_BYTE = "a zero byte is in it, as in UTF-16."
OTHER_SIGNS = {";": "semicolons", "\t": "tabs"}  # that a spreadsheet may write between columns
PRECISIONS = {"year": r"\d{4}", "month": r"\d{4}-\d\d", "day": r"\d{4}-\d\d-\d\d"}


class Problem(NamedTuple):
    """One thing wrong with the input: where it is, what it is, what mends it."""

    file: str
    row: int | None
    problem: str
    remedy: str

    def __str__(self):
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {self.problem} {self.remedy}"


class InputError(ValueError):
    """Everything found wrong with the input, at once; `problems` holds it as a table (file, row, problem, remedy)."""

    def __init__(self, problems: list[Problem]):
        self.listed = list(problems)
        self.problems = pd.DataFrame(problems, columns=Problem._fields)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{count} in the input:", *(f"  {problem}" for problem in problems)]))

    def _render_traceback_(self):
        """In a notebook, show the problems and not the way through the code to them."""
        return str(self).splitlines()


def read_all(*readers: Callable[[], object]) -> list:
    """Give what each reader gives; if any finds its part of the input wrong, raise one InputError with all problems."""
    found, problems = [], []
    for read in readers:
        try:
            found.append(read())
        except InputError as error:
            problems += error.listed
    if problems:
        raise InputError(problems)
    return found


def corpus_folder(folder: str | Path | None) -> Path:
    """Give the corpus folder that is meant: the shipped one where none is named."""
    return ROOT / "corpus" if folder is None else Path(folder)


def read_articles(folder: str | Path | None = None, *, outlets: list[str] | None = None) -> pd.DataFrame:
    """
    Read `articles.csv` and the text files it names from a corpus folder.

    Parameters
    ----------
    folder : path, optional
        Holds `articles.csv` (columns `COLUMNS`; `id`, `outlet` and `file` must be filled) and `articles/*.txt`
        in UTF-8; or a corpus that `run.py report` has prepared. The shipped corpus if not given.
    outlets : list of str, optional
        Those to keep; see `choose_outlets`.

    Returns
    -------
    DataFrame
        One row an article, indexed by `article_id`, in the order of the file: `outlet`, `date` (its first day, where
        only month or year is known; missing if unknown), `date_precision` (day, month, year), `date_basis`, `title`,
        `raw` (the file's text, unchanged), `language`, `url`, `source_file` and `note`.

    Raises
    ------
    InputError
        With every problem found: missing or unlisted files, duplicate ids, unknown columns, empty articles,
        unreadable encodings, impossible dates, outlets that are not there; or that what is there as prepared was not.
    """
    articles, problems = survey_articles(folder, outlets=outlets)
    if problems:
        raise InputError(problems)
    return articles


def survey_articles(
    folder: str | Path | None = None, *, outlets: list[str] | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read all articles that can be read, in the table of `read_articles`, and list what is wrong with the folder."""
    folder = corpus_folder(folder)
    where = shown(folder / "articles.csv")
    if (folder / PREPARED).is_file():
        return choose_outlets(_read_prepared(folder / PREPARED), outlets, where), []
    problems: list[Problem] = []
    rows = read_rows(folder / "articles.csv", COLUMNS, REQUIRED, problems)
    if not rows and not problems:
        problems.append(Problem(where, None, "no article is listed.", "Add a row for each article."))
    if not rows:
        return pd.DataFrame(columns=TABLE), problems

    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        for column in ("id", "file"):
            first = seen.setdefault((column, row[column]), number)
            if row[column] and first != number:
                remedy = f"Give each article its own {column}."
                problems.append(Problem(where, number, f"{column} {row[column]!r} stands in row {first} too.", remedy))
        row["raw"] = _read_text(folder, row["file"], where, number, problems)
        row["date"], row["date_precision"] = _parse_date(row, where, number, problems)

    listed = {row["file"] for _, row in rows}
    for path in sorted((folder / "articles").glob("*.txt")):
        if path.name not in listed:
            remedy = "Add its row to articles.csv, or take the file away."
            problems.append(Problem(shown(path), None, "articles.csv does not name this file.", remedy))
    problems += _absent(outlets, [row["outlet"] for _, row in rows], where)
    table = pd.DataFrame([row for _, row in rows]).rename(columns={"id": "article_id", "file": "source_file"})
    table = table.set_index("article_id")[TABLE]
    return table if problems else choose_outlets(table, outlets), problems


def choose_outlets(articles: pd.DataFrame, outlets: list[str] | None, where: str = "the corpus") -> pd.DataFrame:
    """
    Keep the articles of some outlets, in the order they are named; all of them if none is named.

    Raises
    ------
    InputError
        Naming every outlet that has no article, and those that have; or if they are no list.
    """
    require_outlets(outlets, articles["outlet"], where)
    if outlets is None:
        return articles
    chosen = articles[articles["outlet"].isin(outlets)]
    return chosen.sort_values("outlet", key=lambda names: names.map(list(outlets).index), kind="stable")


def group_outlets(articles: pd.DataFrame, most: int) -> pd.DataFrame:
    """
    Treat all outlets beyond the first `most` - 1 as one, called "3 others" and the like, where there are more.

    Raises
    ------
    InputError
        If there is one outlet alone: a comparison needs two.

    >>> table = pd.DataFrame({"outlet": ["SANA", "RT", "TASS", "RT"]})
    >>> group_outlets(table, 2)["outlet"].tolist()
    ['SANA', '2 others', '2 others', '2 others']
    """
    outlets = several_outlets(articles)
    if len(outlets) <= most:
        return articles
    kept = outlets[: most - 1]
    others = f"{len(outlets) - len(kept)} others"
    return articles.assign(outlet=articles["outlet"].where(articles["outlet"].isin(kept), others))


def several_outlets(articles: pd.DataFrame, where: str = "the corpus") -> list[str]:
    """List the outlets in the order in which they come; refuse a corpus of one alone."""
    require(articles, "outlet")
    outlets = list(dict.fromkeys(articles["outlet"]))
    if len(outlets) == 1:
        problem = f"all articles are of {outlets[0]!r}."
        raise InputError([Problem(where, None, problem, "A comparison needs two outlets.")])
    return outlets


def require(articles: pd.DataFrame, *columns: str) -> None:
    """
    Refuse a table of articles that a function can't use.

    Raises
    ------
    InputError
        Naming an article that stands twice, and every column that is missing, that holds no dates where it should, or
        the first article in which it holds no text.
    """
    remedy = "Give the table that load_corpus makes, or one like it."
    problems = [
        Problem("the articles", None, f"article {twice!r} stands there twice.", "Give each article an id of its own.")
        for twice in articles.index[articles.index.duplicated()][:1]
    ]
    for name in columns:
        if name not in articles:
            problems.append(Problem("the articles", None, f"there is no column {name!r}.", remedy))
        elif name == "date" and not pd.api.types.is_datetime64_any_dtype(articles[name]):
            turn = "Turn them into dates with pandas.to_datetime."
            problems.append(Problem("the articles", None, "what stands in 'date' are no dates.", turn))
        elif name == "date" and articles[name].dt.tz is not None:
            turn = "Take it off with .dt.tz_localize(None)."
            problems.append(Problem("the articles", None, "the dates have a time zone.", turn))
        elif name in ("outlet", "title", "raw", "text"):
            for place in np.flatnonzero(~articles[name].map(lambda value: isinstance(value, str)).to_numpy(bool))[:1]:
                problem = f"article {articles.index[place]!r} has no text as {name}."
                problems.append(Problem("the articles", None, problem, "Fill it in, or drop the article."))
    if problems:
        raise InputError(problems)


def known_days(articles: pd.DataFrame) -> pd.Series:
    """Give the dates of articles that are known to the day; missing where only the month or the year is known."""
    if "date_precision" not in articles:
        return articles["date"]
    return articles["date"].where(articles["date_precision"] == "day")


def require_outlets(wanted: list[str] | None, present: Iterable[str], where: str = "the corpus") -> None:
    """Refuse outlets that are not there, and say which are."""
    if problems := _absent(wanted, present, where):
        raise InputError(problems)


def read_rows(path: Path, columns, required, problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    """
    Read a CSV file's rows, each with the number a spreadsheet shows, and add what is wrong to `problems`.

    A column outside `columns`, a missing column of `required`, an empty cell in one, a row of another length, or bytes
    that are not UTF-8 are problems. Blank rows are passed over. Columns that the file lacks come back as "".
    """
    where = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        problems.append(Problem(where, None, "this file is not there.", "Put it there, or name another folder."))
        return []
    except UnicodeDecodeError as error:
        problems.append(_undecodable(where, None, error))
        return []
    if "\0" in text:
        problems.append(Problem(where, None, ZERO_BYTE, "Save the file as UTF-8."))
        return []
    first = text.partition("\n")[0]
    for sign, name in OTHER_SIGNS.items():
        if sign in first and "," not in first:
            problems.append(
                Problem(where, 1, f"its columns are parted by {name}.", "Save it with commas in their place.")
            )
            return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        remedy = "Save it as CSV again from a spreadsheet, with quotation marks around cells that hold commas."
        problems.append(Problem(where, reader.line_num, f"this is not CSV: {error}.", remedy))
        return []
    header = [name.strip() for name in lines[0]] if lines else []
    faults = _check_header(header, columns, required, where)
    problems += faults
    if len(set(header)) < len(header) or not set(required) <= set(header):
        return []
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header) and not faults:
            remedy = "Put cells that hold commas in quotation marks."
            problems.append(Problem(where, number, f"{len(cells)} cells under {len(header)} columns.", remedy))
        given = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in columns}
        row = dict.fromkeys(columns, "") | given
        problems += [Problem(where, number, f"{name} is empty.", "Fill it in.") for name in required if not row[name]]
        rows.append((number, row))
    return rows


def shown(path: Path) -> str:
    """Name a path as its reader knows it: from the project's folder where it lies inside."""
    path = Path(path).resolve()
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def _absent(wanted, present, where):
    if wanted is None:
        return []
    if isinstance(wanted, str) or not wanted:
        remedy = 'Give a list of names, such as ["SANA", "RT"], or none of it.'
        return [Problem("outlets", None, f"{wanted!r} is no list of outlets.", remedy)]
    has = sorted(filter(None, set(present)))
    return [
        Problem(where, None, f"no outlet {name!r}.", f"It has: {', '.join(has)}.") for name in wanted if name not in has
    ]


def _check_header(header, columns, required, where):
    problems = []
    for name in header:
        if name not in columns:
            close = difflib.get_close_matches(name, columns, n=1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            problems.append(Problem(where, 1, f"unknown column {name!r}.", f"{hint}There are: {', '.join(columns)}."))
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.append(Problem(where, 1, f"column {name!r} stands twice.", "Keep one of them."))
    for name in required:
        if name not in header:
            problems.append(Problem(where, 1, f"column {name!r} is missing.", "Add it to the first row."))
    return problems


def _read_prepared(path):
    remedy = "Take it away, or have `run.py report` prepare it again."
    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError):  # pyarrow's errors are either
        raise InputError([Problem(shown(path), None, "this is no Parquet file.", remedy)]) from None
    missing = [name for name in TABLE if name not in table]
    if missing:
        raise InputError([Problem(shown(path), None, f"there is no column {missing[0]!r}.", remedy)])
    return table


def _read_text(folder, name, where, number, problems):
    if not name:
        return ""
    plain = posixpath.normpath(f"articles/{name}").removeprefix("articles/")
    inside = (folder / "articles").resolve()
    path = inside / name.replace("\0", "\ufffd")
    if not path.resolve().is_relative_to(inside):
        problems.append(Problem(where, number, f"{name!r} leads out of the corpus.", "Put the file into articles/."))
        return ""
    if name != plain:  # else one file could stand in two rows
        problems.append(Problem(where, number, f"{name!r} goes a long way round.", f"Write it as {plain!r}."))
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(_undecodable(shown(path), None, error))
        return ""
    except OSError:
        remedy = "Put the file there, or mend its name in the row."
        problems.append(Problem(where, number, f"no file articles/{name}.", remedy))
        return ""
    if not text.strip():
        problems.append(
            Problem(shown(path), None, "the article is empty.", f"Supply its text, or delete row {number}.")
        )
    if "\0" in text:
        problems.append(Problem(shown(path), None, ZERO_BYTE, "Save the file as UTF-8."))
    return text


def _undecodable(where, number, error):
    byte = error.object[error.start]
    return Problem(where, number, f"byte {error.start + 1} (0x{byte:02x}) is not UTF-8.", "Save the file as UTF-8.")


def _parse_date(row, where, number, problems):
    """Give the first day a date can mean and how precise it is; the form must agree with a stated precision."""
    date, stated = row["date"], row["date_precision"]
    if stated and stated not in PRECISIONS:
        problems.append(
            Problem(where, number, f"date_precision {stated!r}.", f"Write {', '.join(PRECISIONS)} or nothing.")
        )
        return pd.NaT, ""
    if not date:
        return pd.NaT, ""
    form = next((name for name, pattern in PRECISIONS.items() if re.fullmatch(pattern, date, re.ASCII)), None)
    moment = pd.to_datetime(date + "-01-01"[len(date) - 10 :] * (len(date) < 10), format="%Y-%m-%d", errors="coerce")
    if form is None or pd.isna(moment) or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        remedy = "Write it as 2016-05-03, 2016-05 or 2016, or leave it empty."
        problems.append(Problem(where, number, f"{date!r} is no date.", remedy))
        return pd.NaT, ""
    if stated and stated != form:
        problems.append(Problem(where, number, f"date {date!r} is not of precision {stated!r}.", f"Write {form!r}."))
    return moment, form
