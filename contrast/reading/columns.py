"""Find out which column of a researcher's table holds what."""

import difflib
import unicodedata
from collections.abc import Mapping

from contrast.corpus import InputError, Problem

USUAL = {  # our column: what others call it, the surest name first; case, blanks and punctuation don't count
    "text": """text full_text article_text body article_body body_text text_body content article_content
        content_original maintext main_text clean_text plain_text raw_text raw news_text story article texto texte""",
    "outlet": """outlet outlet_name source source_name news_source publisher publication publication_name newspaper
        media media_outlet media_name medium site site_name website domain source_domain""",
    "date": """date publish_date published_date publication_date date_published date_publish pub_date published_at
        published published_on publication_time publish_time article_date news_date date_time created_at created
        timestamp time day datum fecha""",
    "title": "title headline heading article_title headline_text title_text titre titel titulo",
    "url": "url link href article_url web_url source_url permalink",
    "id": "id article_id uid doc_id document_id news_id guid uuid",
    "language": "language lang language_code",
    "file": "file filename file_name filepath file_path path text_file txt_file article_file",
    "date_precision": "date_precision",
    "date_basis": "date_basis",
    "note": "note",
}
SHOWN = 30  # columns named in a message


def folded(name: str) -> str:
    """
    Give a column's name without case, blanks and punctuation.

    >>> folded("Article-Content ")
    'articlecontent'
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


RANKS = {folded(name): (ours, rank) for ours, names in USUAL.items() for rank, name in enumerate(names.split())}


def may_be_needed(name: str, given: Mapping[str, str]) -> bool:
    """Say whether a column could be one of ours: by its name, or because it was given as one."""
    return name in given.values() or folded(name) in RANKS


def check_given(given: Mapping[str, str]) -> None:
    """Refuse a mapping of columns that are not ours, before anything is read."""
    remedy = f"There are: {', '.join(USUAL)}."
    problems = []
    for ours in given:
        if ours not in USUAL:
            close = difflib.get_close_matches(ours, USUAL, n=1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            problems.append(Problem("--columns", None, f"no column {ours!r} is known.", hint + remedy))
    if problems:
        raise InputError(problems)


def choose_columns(have: list[str], given: Mapping[str, str], where: str) -> tuple[dict[str, str], str]:
    """
    Choose the table's column for each of ours.

    Parameters
    ----------
    have : list of str
        The table's columns.
    given : mapping
        Our name to theirs, for the columns that the researcher has named.
    where : str
        What the table is called in a message.

    Returns
    -------
    dict, str
        Our name to theirs, and a sentence that tells what was guessed.

    Raises
    ------
    InputError
        If a column named is not there, or none holds the outlets, or none the texts or their files.

    Examples
    --------
    >>> choose_columns(["Article Content", "Source"], {}, "news.csv")[0]
    {'text': 'Article Content', 'outlet': 'Source'}
    """
    check_given(given)
    there = f"There are: {_listed(have)}."
    problems = []
    for ours, theirs in given.items():
        if theirs not in have:
            by_fold = {folded(name): name for name in reversed(have)}
            close = difflib.get_close_matches(folded(theirs), by_fold, n=1)
            hint = f"Did you mean {_short(by_fold[close[0]])!r}? " if close else ""
            problems.append(Problem(where, None, f"no column {_short(theirs)!r}, named for {ours}.", hint + there))
    if problems:
        raise InputError(problems)

    ranked = sorted((RANKS[folded(name)][1], i, name) for i, name in enumerate(have) if folded(name) in RANKS)
    guessed: dict[str, str] = {}
    for _, _, name in ranked:
        ours = RANKS[folded(name)][0]
        if ours not in given and name not in given.values():
            guessed.setdefault(ours, name)
    if "text" in given or ("text" in guessed and "file" not in given):
        guessed.pop("file", None)
    elif "file" in given:
        guessed.pop("text", None)
    chosen = {ours: (given | guessed)[ours] for ours in USUAL if ours in given or ours in guessed}

    no_names = "" if chosen else " If these are an article's own words, put a row of names above them."
    for ours, what in (("text", "the texts, or the names of their files"), ("outlet", "the outlets")):
        if ours not in chosen and not (ours == "text" and "file" in chosen):
            remedy = f"{there}{no_names} Say which it is, for example: --columns {ours}={_example(have)}"
            problems.append(Problem(where, None, f"no column is known to hold {what}.", remedy))
    if problems:
        raise InputError(problems)
    return chosen, _told(chosen, given, have, where)


def _told(chosen, given, have, where) -> str:
    named = ", ".join(f"{ours} is {_short(theirs)!r}" for ours, theirs in chosen.items() if ours in given)
    guessed = ", ".join(f"{ours} is {_short(theirs)!r}" for ours, theirs in chosen.items() if ours not in given)
    unused = [name for name in have if name not in chosen.values()]
    parts = [f"as given, {named}" if named else "", f"guessed by name, {guessed}" if guessed else ""]
    parts.append(f"not used, {_listed(unused)}" if unused else "")
    return f"{where}: columns: {'; '.join(part for part in parts if part)}."


def _listed(names: list[str]) -> str:
    if not names:
        return "none"
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(_short(name) for name in names[:SHOWN]) + more


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"


def _example(have: list[str]) -> str:
    """Name a column that could be meant, quoted for a shell where it must be."""
    name = _short(next((name for name in have if folded(name) not in RANKS), "NAME"))
    return f"'{name}'" if " " in name else name
