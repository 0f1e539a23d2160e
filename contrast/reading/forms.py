"""Tell the forms a corpus comes in apart, and read each: a table, a table that names files, a folder an outlet."""

import datetime
import difflib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.reading.account import Account, Unfit, clean_string, named, refuse
from contrast.reading.columns import check_given, choose_columns, may_be_needed
from contrast.reading.dates import check_rule, looks_like_date
from contrast.reading.drafts import Draft, assemble, summary
from contrast.reading.files import PAGES, Article, read_article
from contrast.reading.tables import TABLES, TEXT_TABLES, Table, cell_text, read_table, table_kind

TEXTS = (".txt", *PAGES)
OURS = ("codebook", "coding")  # folders beside the outlets' that other functions read
PATH_FAULTS = ("missing file", "outside path", "unreadable file")
OFTEN = 3  # rows after damaged ones that make an outlet known
FEW = 5  # problems shown where there are many
TICK = 100  # rows or files between two calls of `progress`
ACCEPTED = (
    f"Give a folder with a sub-folder of {', '.join(TEXTS)} files for each outlet, a folder with a table, or a table: "
    f"{', '.join(TABLES)} (the first {len(TEXT_TABLES)} also packed, as .csv.gz)."
)


class Reading(NamedTuple):
    """
    What was read: the good articles, what is wrong with the others, and what was guessed or decided.

    Attributes
    ----------
    articles : DataFrame
        The table of `corpus.read_articles`. `source_file` is the article's file, from the corpus folder, or the table
        and row that hold its text.
    rejects : DataFrame
        One row a thing left out: `file`, `row` (as a spreadsheet shows it; the line of JSON Lines), `problem`,
        `remedy`; in the order of the input. Where an article is kept all the same, the problem says so.
    told : list of str
        Plain sentences: how much was read and left out, and what was guessed or decided.
    """

    articles: pd.DataFrame
    rejects: pd.DataFrame
    told: list[str]


def read_corpus(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    dates: str | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Reading:
    """
    Read a corpus, whatever its form; the good articles go on, and the bad ones are listed.

    Parameters
    ----------
    path : path
        A table: .csv, .tsv, .jsonl, .ndjson or .json (each also with .gz), .parquet, .xlsx. A folder with one such
        table (`articles.csv` if there are several), which holds the texts or names their files. Or a folder with a
        sub-folder of .txt and .html files for each outlet.
    columns : mapping, optional
        Our column to the table's: `{"text": "article_content", "outlet": "source"}`. The others are guessed by name.
    dates : {"day-first", "month-first"}, optional
        How to read 03/05/2016, where the other dates of the column don't settle it.
    progress : callable, optional
        Called now and then with how many rows or files have been read, and how many there are, or None.

    Returns
    -------
    Reading
        In the order of the table, or of the sorted files. An article's text stands unchanged in `raw`; of a web page,
        its main text.

    Raises
    ------
    InputError
        If the form isn't known, no column holds the texts or the outlets, day and month can't be told apart, a file is
        too large, or no article can be read. Its `problems` are all that was found.

    Examples
    --------
    >>> from contrast.corpus import ROOT
    >>> reading = read_corpus(ROOT / "corpus")
    >>> reading.told[0]
    'corpus/articles.csv: 5 articles of 2 outlets: SANA 4, RT 1.'
    """
    given = dict(columns or {})
    check_given(given)
    check_rule(dates)
    path = _existing(Path(path))
    account = Account()
    table = _table_of(path)
    if table is not None:
        drafts = _drafts_of_table(table, path, given, account, _ticker(progress))
        path = table
    elif given:
        raise refuse(path, "there is no table here whose columns could be named.", "Leave --columns out.")
    else:
        drafts = _drafts_of_folder(path, account, _ticker(progress))
    articles, sentences = assemble(drafts, dates, named(path), account)
    rejects = _in_order(account.rejects)
    if articles.empty:
        raise _nothing_read(rejects, named(path))
    told = [summary(articles, named(path)), *account.told, *sentences]
    return Reading(articles, pd.DataFrame(rejects, columns=Problem._fields).astype({"row": "Int64"}), told)


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Sort problems by row within each file, the files as they came."""
    order = {file: i for i, file in enumerate(dict.fromkeys(problem.file for problem in problems))}
    return sorted(problems, key=lambda problem: (order[problem.file], problem.row or 0))


def _nothing_read(rejects: list[Problem], where: str) -> InputError:
    """Make the error for a corpus without one good article: the first problems in words, all of them as its table."""
    if not rejects:
        return InputError([Problem(where, None, "no article is in it.", "Add a row or a file for each article.")])
    more = f", {FEW} of which are shown" if len(rejects) > FEW else ""
    found = f"{len(rejects):,} {'problem' if len(rejects) == 1 else 'problems'}"
    first = Problem(where, None, f"no article can be read: {found}{more}.", "Mend them, or name other columns.")
    error = InputError([first, *rejects[:FEW]])
    error.problems = pd.DataFrame(rejects, columns=Problem._fields)
    return error


def _existing(path: Path) -> Path:
    """Follow a path to what is there, or say that nothing is."""
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        if not isinstance(error, FileNotFoundError):
            raise refuse(path, f"this can't be read: {getattr(error, 'strerror', error)}.", ACCEPTED) from None
        close = difflib.get_close_matches(path.name, _beside(path), n=1, cutoff=0.7)
        problem = "this link leads nowhere." if path.is_symlink() else "nothing is there."
        raise refuse(path, problem, f"Did you mean {close[0]!r}?" if close else ACCEPTED) from None


def _beside(path: Path) -> list[str]:
    """Name what lies beside a path."""
    try:
        return sorted(entry.name for entry in path.parent.iterdir() if entry.exists())
    except OSError:
        return []


def _table_of(path: Path) -> Path | None:
    """Find the table that a path is or holds; None for a folder that holds none."""
    if path.is_file() and table_kind(path):
        return path
    if not path.is_dir():
        raise refuse(path, "this is neither a folder nor a table of a known kind.", ACCEPTED)
    try:
        entries = [entry for entry in sorted(path.iterdir()) if table_kind(entry) and not _is_hidden(entry.name)]
        tables = [entry for entry in entries if entry.is_file()]
    except OSError as error:
        raise refuse(path, f"this folder can't be read: {error.strerror}.", "Make it readable.") from None
    tables = [table for table in tables if table.name == "articles.csv"] or tables
    if len(tables) > 1:
        remedy = f"Name one of them, such as {clean_string(tables[0].name)}, or put them into one."
        raise refuse(path, f"there are {len(tables)} tables in this folder.", remedy)
    return tables[0] if tables else None


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX"))


def _ticker(progress: Callable | None) -> Callable[[int, int | None], None]:
    """Call `progress` each `TICK` rows or files, and at the end where it is known."""
    last = 0

    def tick(done, total):
        nonlocal last
        if progress is not None and (not 0 <= done - last < TICK or done == total):
            last = done
            progress(done, total)

    return tick


# The three forms


def _drafts_of_table(path: Path, corpus: Path, given: dict, account: Account, tick: Callable) -> Iterator[Draft]:
    """Give the articles that a table holds, or whose files it names."""
    where, folder = named(path), path.parent
    table = read_table(path, lambda name: may_be_needed(name, given), account, tick)
    if not table.columns:
        problem = Problem(where, None, "this table is empty.", "Give a row of names, and below it a row an article.")
        raise _nothing_read(account.rejects, where) if account.rejects else InputError([problem])
    chosen, sentence = choose_columns(table.columns, given, where)
    account.told.append(sentence)
    known = _known_outlets(table, chosen["outlet"])
    listed: dict[str, int] = {}
    for done, (number, row) in enumerate(table.rows, start=1):
        cells = {ours: _cell(row.get(theirs)) for ours, theirs in chosen.items() if ours not in ("text", "outlet")}
        outlet = _outlet(row.get(chosen["outlet"]))
        date = _date(row.get(chosen.get("date")))
        if number in table.doubtful and known and outlet not in known and not looks_like_date(date):
            problem = "this may be a line of the damaged row above: no other row has its outlet, and it has no date."
            account.reject("damaged row", where, number, problem, "Mend the rows above it.")
            continue
        text = cell_text(row.get(chosen.get("text")))
        if text == "" and (name := cells.get("file")):
            tick(done, len(table.rows))
            first = listed.setdefault(name, number)
            if first != number:
                problem = f"file {name[:200]!r} stands in row {first} too."
                account.reject("same file again", where, number, problem, "Give each article its own file.")
            elif article := _article(_named_file(name, folder), folder, account, (where, number, name)):
                yield Draft(where, number, name, outlet, article.text, *_with_metadata(article, date, cells))
        else:
            yield Draft(where, number, f"{clean_string(path.name)}, row {number}", outlet, text, date, cells)
    if listed and corpus.is_dir():
        _tell_unlisted(set(listed), path, account)


def _known_outlets(table: Table, column: str) -> set[str | None]:
    """Give the outlets of sound rows, and those that stand so often that they can't be pieces of damaged texts."""
    outlets = [(_outlet(row.get(column)), number in table.doubtful) for number, row in table.rows]
    counts = Counter(outlet for outlet, _ in outlets)
    return {outlet for outlet, is_doubtful in outlets if not is_doubtful or counts[outlet] >= OFTEN}


def _article(file: Path, folder: Path, account: Account, listed: tuple[str, int, str] | None = None) -> Article | None:
    """Read an article's file; or reject it, where the trouble is its path under the row that names it."""
    where = named(file)
    try:
        article, note = read_article(file, folder)
    except Unfit as fault:
        if listed and fault.kind in PATH_FAULTS:
            where, row, name = listed
            account.reject(fault.kind, where, row, f"{name[:100]!r}: {fault.problem}", fault.remedy)
        else:
            account.reject(fault.kind, where, None, fault.problem, fault.remedy)
        return None
    if note:
        account.read_as[note].append(where)
    return article


def _cell(value: object) -> str:
    return (cell_text(value) or "").replace("\0", "").strip()


def _date(value: object) -> object:
    """Give a date's cell as `read_dates` takes it."""
    if isinstance(value, int | float | datetime.date):
        return value
    text = cell_text(value)
    return "{…}" if text is None else text


def _with_metadata(article: Article, date: object, cells: dict[str, str]) -> tuple[object, dict[str, str]]:
    """Take an article's date, title and address from its page's metadata where its row has none."""
    if article.date and not _cell(date):
        date, cells = article.date, cells | {"date_basis": "page metadata"}
    return date, cells | {name: cells.get(name) or getattr(article, name) for name in ("title", "url")}


def _outlet(value: object) -> str | None:
    """Give an outlet's name, also where it stands inside an object, as news services write it."""
    if isinstance(value, dict):
        value = value.get("name")
    text = cell_text(value)
    return None if text is None else " ".join(text.split())


def _named_file(name: str, folder: Path) -> Path:
    """Find a file that a table names: beside it or in `articles`, as named on Windows too."""
    names = [name, name.replace("\\", "/")]
    for candidate in (base / form for form in names for base in (folder / "articles", folder)):
        try:
            if candidate.exists():
                return candidate
        except (OSError, ValueError):
            pass
    return folder / name


def _tell_unlisted(listed: set[str], table: Path, account: Account) -> None:
    folder = table.parent
    found = {os.path.realpath(_named_file(name, folder)) for name in listed}
    for file in _walk(folder, account):
        names = {
            clean_string(file.relative_to(base).as_posix()) for base in file.parents if base.is_relative_to(folder)
        }
        if file.suffix.lower() in TEXTS and os.path.realpath(file) not in found and not names & listed:
            remedy = "Add a row for it, or take the file away."
            account.reject("file not listed", named(file), None, f"{table.name} does not name this file.", remedy)


def _drafts_of_folder(folder: Path, account: Account, tick: Callable) -> Iterator[Draft]:
    """Give the articles of a folder with a sub-folder an outlet."""
    files = list(_walk(folder, account))
    if not any(len(file.relative_to(folder).parts) > 1 and file.suffix.lower() in TEXTS for file in files):
        raise refuse(folder, "this folder holds neither a table nor sub-folders with articles.", ACCEPTED)
    for done, file in enumerate(files, start=1):
        tick(done, len(files))
        place = file.relative_to(folder)
        if file.suffix.lower() not in TEXTS:
            if place.parts[0] in OURS:
                continue
            problem = f"{file.suffix or 'a file without suffix'} is not read."
            remedy = f"Give {', '.join(TEXTS)}."
            account.reject("file of another kind", named(file), None, clean_string(problem), remedy)
        elif len(place.parts) == 1:
            remedy = "Put it into the folder of its outlet."
            account.reject("file of no outlet", named(file), None, "this file lies in no outlet's folder.", remedy)
        elif article := _article(file, folder, account):
            source_file, outlet = clean_string(place.as_posix()), _outlet(place.parts[0])
            yield Draft(named(file), None, source_file, outlet, article.text, *_with_metadata(article, None, {}))


def _walk(folder: Path, account: Account) -> Iterator[Path]:
    """Give the files of a folder and its sub-folders, sorted; hidden ones and links to folders are passed over."""

    def unreadable(error):
        problem = f"this folder can't be read: {error.strerror}."
        account.reject("unreadable folder", named(Path(error.filename)), None, problem, "Make it readable.")

    for base, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in folders:
            if _is_link(Path(base, name)):
                problem = "a link to a folder is not followed."
                account.reject("link", named(Path(base, name)), None, problem, "Put the folder itself there.")
        yield from (Path(base) / name for name in sorted(files) if not _is_hidden(name))


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:
        return False
