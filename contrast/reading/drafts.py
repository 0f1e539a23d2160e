"""Put articles of any origin into the project's table: each checked, named, dated, and no text twice."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from contrast.corpus import PRECISIONS, TABLE
from contrast.reading.account import MAX_ARTICLE, Account, Unfit, too_large
from contrast.reading.dates import FORMS, Dates, read_dates
from contrast.reading.files import PAGES
from contrast.wording import number_of

TEXT_COLUMNS = ("title", "language", "url", "note")
VISIBLE = re.compile("[^\\s\ufeff\u200b\u00ad]")  # no byte-order mark, zero-width space, soft hyphen
SHORT = 5  # words; an article of fewer is kept, and told
LONGEST_OUTLET = 200  # characters
FEW = 3  # files or articles named where there are many
MOST_OUTLETS = 15  # named with their articles
KEPT = ("date not read", "precision not read")  # rejects whose article is kept


class Draft(NamedTuple):
    """
    One article as its file or row has it; `outlet` and `text` are None where they are no single text.

    `file` and `row` are where to look if something is wrong with it; `cells` are its other columns.
    """

    file: str
    row: int | None
    source_file: str
    outlet: str | None
    text: str | None
    date: object
    cells: dict[str, str]


def assemble(drafts: Iterable[Draft], rule: str | None, where: str, account: Account) -> tuple[pd.DataFrame, list[str]]:
    """
    Put the good articles into the table of `corpus.read_articles`; the others become rejects.

    Parameters
    ----------
    drafts : iterable of Draft
    rule : {"day-first", "month-first"}, optional
        See `dates.read_dates`.
    where : str
        What the corpus is called in a message.
    account : Account
        Takes the rejects.

    Returns
    -------
    DataFrame, list of str
        The articles, and sentences that tell what was left out or decided.

    Raises
    ------
    InputError
        If it can't be told of the dates which number is the month.
    """
    kept, ids, sentences = _sound(list(drafts), account)
    dates = read_dates([draft.date for draft in kept], rule, where=where)
    days, precisions = _with_stated_precision(kept, dates, account)
    columns = {name: [draft.cells.get(name, "") for draft in kept] for name in (*TEXT_COLUMNS, "date_basis")}
    columns |= {"outlet": [draft.outlet for draft in kept], "raw": [draft.text for draft in kept]}
    columns |= {"source_file": [draft.source_file for draft in kept], "date_precision": precisions}
    index = pd.Index(ids, name="article_id", dtype="str")
    table = pd.DataFrame(columns, index=index, dtype="str").assign(date=pd.array(days, dtype="datetime64[us]"))
    told = [*_left_out(account), *sentences, *dates.told, *_pages(kept), *_read_as(account), *_outlets(table)]
    return table[TABLE], told


def summary(articles: pd.DataFrame, where: str) -> str:
    """Say how many articles of which outlets there are."""
    counts = Counter(articles["outlet"]).most_common()
    named = ", ".join(f"{outlet} {count:,}" for outlet, count in counts[:MOST_OUTLETS])
    named += f" and {len(counts) - MOST_OUTLETS:,} more" if len(counts) > MOST_OUTLETS else ""
    return f"{where}: {number_of(len(articles), 'article')} of {number_of(len(counts), 'outlet')}: {named}."


def _few(names: list[str]) -> str:
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _sound(drafts: list[Draft], account: Account) -> tuple[list[Draft], list[str], list[str]]:
    """Choose the articles to keep, and give each an id of its own; what else is worth telling comes third."""
    sound, numbers = [], Counter()
    for draft in drafts:
        numbers[draft.outlet] += 1
        try:
            _check(draft)
            sound.append((draft, numbers[draft.outlet]))
        except Unfit as fault:
            account.reject(fault.kind, draft.file, draft.row, fault.problem, fault.remedy)
    repeats = _repeats([draft for draft, _ in sound])
    sound_ids, sentences = _ids([item for i, item in enumerate(sound) if i not in repeats])
    ids = iter(sound_ids)
    names = [None if i in repeats else next(ids) for i in range(len(sound))]
    for i, first in repeats.items():
        draft, problem = sound[i][0], f"its text is that of {names[first]!r}, of the same outlet."
        account.reject("same text again", draft.file, draft.row, problem, "Nothing is lost; take it out if you like.")
    kept = [draft for i, (draft, _) in enumerate(sound) if i not in repeats]
    short = [name for name, draft in zip(sound_ids, kept, strict=True) if len(_first_words(draft.text, SHORT)) < SHORT]
    if short:
        sentences.append(f"{number_of(len(short), 'article')} of fewer than {SHORT} words kept: {_few(short)}.")
    return kept, sound_ids, sentences


def _first_words(text: str, count: int) -> list[str]:
    return text.split(maxsplit=count)[:count]


def _repeats(drafts: list[Draft]) -> dict[int, int]:
    """Find the articles whose text, white space aside, an earlier one of the same outlet has; give both places."""
    alike: dict[tuple, list[int]] = {}
    for i, draft in enumerate(drafts):
        alike.setdefault((draft.outlet, *_first_words(draft.text, 20)), []).append(i)
    repeats = {}
    for places in alike.values():
        if len(places) > 1:
            seen: dict[bytes, int] = {}
            for i in places:
                folded = " ".join(drafts[i].text.split()).encode()
                first = seen.setdefault(hashlib.blake2b(folded, digest_size=16).digest(), i)
                if first != i:
                    repeats[i] = first
    return dict(sorted(repeats.items()))


def _ids(numbered: list[tuple[Draft, int]]) -> tuple[list[str], list[str]]:
    """Keep the ids that articles have; make those that are missing, and number those that stood there before."""
    given = {_given_id(draft) for draft, _ in numbered} - {""}
    used: set[str] = set()
    again = Counter()
    ids, made, renamed = [], [], []
    for draft, number in numbered:
        stem = name = _given_id(draft) or f"{_slug(draft.outlet)}-{number:05}"
        is_free = name in given if _given_id(draft) else name not in given
        while name in used or not is_free:
            again[stem] += 1
            name = f"{stem}-{again[stem] + 1}"
            is_free = name not in given
        used.add(name)
        ids.append(name)
        if not _given_id(draft):
            made.append(name)
        elif name != stem:
            renamed.append(name)
    sentences = []
    if made:
        sentences.append(f"{number_of(len(made), 'id')} made from outlet and place: {_few(made)}.")
    if renamed:
        sentences.append(f"{number_of(len(renamed), 'id')} stood there before and got a number: {_few(renamed)}.")
    return ids, sentences


def _check(draft: Draft) -> None:
    """Refuse an article without outlet, without a text, or with one that is too large."""
    if not draft.outlet or len(draft.outlet) > LONGEST_OUTLET:
        problem = "the outlet is empty." if draft.outlet == "" else "this is no outlet's name."
        raise Unfit("no outlet", problem, f"Write a name of at most {LONGEST_OUTLET} characters.")
    if draft.text is None:
        raise Unfit("not text", "the text is no single text.", "Give it as one string.")
    if "\0" in draft.text:
        raise Unfit("not text", "the text holds NUL characters.", "Take them out.")
    if len(draft.text) > MAX_ARTICLE // 4 and (size := len(draft.text.encode())) > MAX_ARTICLE:
        raise too_large(size, MAX_ARTICLE)
    if not VISIBLE.search(draft.text):
        raise Unfit("empty text", "the text is empty.", "Supply it, or take the article out.")


def _given_id(draft: Draft) -> str:
    return " ".join(draft.cells.get("id", "").split())


def _slug(outlet: str) -> str:
    """
    Give an outlet's name the form that ids begin with.

    >>> _slug("New York Times - News"), _slug("Медуза")
    ('new-york-times-news', 'медуза')
    """
    return "-".join(re.findall(r"\w+", unicodedata.normalize("NFKC", outlet).casefold())) or "article"


# Dates


def _with_stated_precision(kept: list[Draft], dates: Dates, account: Account) -> tuple[list, list[str]]:
    """Tell which dates couldn't be read, and take a date no more precisely than its row says it is."""
    ranks = list(PRECISIONS)
    days, precisions = list(dates.days), list(dates.precisions)
    for i, draft in enumerate(kept):
        if i in dates.faults:
            problem = f"{dates.faults[i]}; the article is kept without a date."
            account.reject("date not read", draft.file, draft.row, problem, FORMS)
        stated = draft.cells.get("date_precision", "")
        if not precisions[i] or stated in ("", precisions[i]):
            continue
        if stated in ranks and ranks.index(stated) < ranks.index(precisions[i]):
            days[i] = days[i].replace(day=1, month=1 if stated == "year" else days[i].month)
            precisions[i] = stated
        else:
            problem = f"precision {stated[:80]!r} doesn't fit the date; the article is kept with {precisions[i]!r}."
            account.reject("precision not read", draft.file, draft.row, problem, f"Write {precisions[i]!r}.")
    return days, precisions


# What is told


def _left_out(account: Account) -> list[str]:
    """Count what was left out, and what was kept in spite of a problem, by kind."""
    counts = sorted(account.kinds.items(), key=lambda item: (-item[1], item[0]))
    out = [f"{kind} {count:,}" for kind, count in counts if kind not in KEPT]
    total = sum(count for kind, count in counts if kind not in KEPT)
    sentences = [f"{total:,} left out: {', '.join(out)}."] if out else []
    dateless, imprecise = (account.kinds.get(kind, 0) for kind in KEPT)
    if dateless:
        sentences.append(f"{number_of(dateless, 'article')} kept without a date, which couldn't be read.")
    if imprecise:
        sentences.append(f"{number_of(imprecise, 'date')} taken as precise as printed, against what is stated.")
    return sentences


def _pages(kept: list[Draft]) -> list[str]:
    pages = [draft for draft in kept if draft.source_file.lower().endswith(PAGES)]
    if not pages:
        return []
    dated = sum(draft.cells.get("date_basis") == "page metadata" for draft in pages)
    titled = sum(bool(draft.cells.get("title")) for draft in pages)
    found = f"main text taken by trafilatura; {titled:,} with a title, {dated:,} with a date from metadata"
    return [f"{number_of(len(pages), 'web page')}: {found}."]


def _read_as(account: Account) -> list[str]:
    return [f"Read as {note}: {_few(files)}." for note, files in account.read_as.items()]


def _outlets(table: pd.DataFrame) -> list[str]:
    """Tell outlets that could be one, and an outlet that is alone."""
    names = sorted(set(table["outlet"]))
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_slug(name), []).append(name)
    sentences = [f"These outlets are counted apart: {', '.join(same)}." for same in alike.values() if len(same) > 1]
    if len(names) == 1:
        sentences.append(f"All articles are of one outlet, {names[0]}: there is nothing to compare them with.")
    return sentences
