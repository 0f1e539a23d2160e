"""Read dates in any usual form, as the calendar day that is printed, whatever the machine's language and time zone."""

import datetime
import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from contrast.corpus import InputError, Problem

RULES = ("day-first", "month-first")
EARLIEST = 1800  # an article printed before is a mistake
LONGEST = 80  # characters
TIME = r"(?:[T\s,]\s*\d{1,2}[:.h]\d\d.*|Z|[+-]\d\d:?\d\d)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})\s?[-/.年년]\s?(\d{{1,2}})\s?[-/.月월]\s?(\d{{1,2}})[日일.]?{TIME}")
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
MONTH = re.compile(r"(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})[月월]?|(?P<month2>\d{1,2})[-/.](?P<year2>\d{4})")
YEAR = re.compile(r"(\d{4})[年년]?")
NUMERIC = re.compile(rf"(?:[^\W\d_]+\.?,?\s+)?(\d{{1,2}})\s?([/.-])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}|\d\d){TIME}")
EPOCH = re.compile(r"(\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19})")
CLOCK = re.compile(
    r"\d{1,2}(?:[:.h]\d\d){1,2}(?:\.\d+)?\s*(?:[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?|(?<![^\W\d_])[+-]\d\d:?\d\d\b"
)
SHORT_YEAR = re.compile(r"(\d{1,2})[\s-]([^\W\d_]{3,})\.?[\s-](\d\d)")
NAMES = "january february march april may june july august september october november december"
MONTHS = {name[:length]: i for i, name in enumerate(NAMES.split(), 1) for length in (3, len(name))} | {"sept": 9}
LANGUAGES = "ar bg cs da de el es fa fi fr he hi hr hu id it ja ko nb nl pl pt ro ru sk sl sr sv tr uk vi zh"
DISPUTED = {"listopad", "listopada"}  # November in Polish and Czech, October in Croatian
FOREIGN_WORDS = 150  # words of a column that are looked up as months in other languages, at most
FORMS = "Write it as 2016-05-03, 2016-05 or 2016, or leave it empty."


class Numeric(NamedTuple):
    """A date of which it isn't said whether its first or its second number is the month."""

    first: int
    second: int
    year: int

    def could_be_swapped(self) -> bool:
        return self.first != self.second and min(self[:2]) <= 12 and max(self[:2]) <= 31


class Printed(NamedTuple):
    """A date as read: its first day, and how precise it is (day, month, year)."""

    day: datetime.date
    precision: str


class Dates(NamedTuple):
    """
    The dates of a column.

    `days` are the first days they can mean, missing if there is none; `precisions` are day, month, year or "";
    `faults` say by position what is wrong with those that couldn't be read; `told` are sentences on what was decided.
    """

    days: pd.Series
    precisions: list[str]
    faults: dict[int, str]
    told: list[str]


def read_dates(values: Iterable[object], rule: str | None = None, *, where: str = "the table") -> Dates:
    """
    Read a column of dates.

    Whether 03/05/2016 is in March or in May is decided from the whole column: by dates such as 13/05/2016, which can
    mean one day alone, if none of them contradicts the others.

    Parameters
    ----------
    values : iterable
        Strings, numbers (years, 20160503, seconds or milliseconds since 1970) or dates.
    rule : {"day-first", "month-first"}, optional
        Decides instead.
    where : str
        What the table is called in a message.

    Returns
    -------
    Dates
        No date is later than tomorrow or earlier than `EARLIEST`.

    Raises
    ------
    InputError
        If there are such dates, and nothing decides.

    Examples
    --------
    >>> dates = read_dates(["03/05/2016", "13/05/2016", "May 2016", "soon"])
    >>> dates.days.dt.strftime("%d %B").tolist(), dates.precisions, dates.faults
    (['03 May', '13 May', '01 May', nan], ['day', 'day', 'month', ''], {3: "'soon' is no date"})
    """
    check_rule(rule)
    values = list(values)
    known: dict[tuple[type, object], object] = {}
    looked_up: set[str] = set()
    keys = [(type(value), value) for value in values]
    for key in keys:
        if key not in known:
            known[key] = _parse(key[1], looked_up)
    found = [known[key] for key in keys]
    told = []
    numeric = [date for date in found if isinstance(date, Numeric) and date.could_be_swapped()]
    if numeric:
        rule, sentence = _decide(numeric, rule, where)
        told.append(sentence)
    epochs = {key for key in known if _epoch(key[1])}
    if epochs:
        count = sum(key in epochs for key in keys)
        told.append(f"{where}: numbers in place of dates, {count:,} of them, are read as time since 1970 (UTC).")
    latest = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    days, precisions, faults = [], [], {}
    for i, date in enumerate(found):
        if isinstance(date, Numeric):
            date = _settle(date, rule)
        day, precision = date or (None, "")
        if _is_blank(values[i]):
            pass
        elif date is None:
            faults[i] = f"{_shortened(values[i])!r} is no date"
        elif day > latest or day.year < EARLIEST:
            faults[i] = f"{_shortened(values[i])!r} is {'in the future' if day > latest else f'before {EARLIEST}'}"
            day, precision = None, ""
        days.append(day)
        precisions.append(precision)
    return Dates(pd.Series(pd.array(days, dtype="datetime64[us]")), precisions, faults, told)


def check_rule(rule: str | None) -> None:
    """Refuse a rule for day and month that is none."""
    if rule not in (None, *RULES):
        remedy = f"Write {' or '.join(RULES)}, or leave it out."
        raise InputError([Problem("--dates", None, f"no rule {rule!r} is known.", remedy)])


def looks_like_date(value: object) -> bool:
    """Say whether a single value could be a date, whichever of its numbers is the month."""
    return _parse(value, set()) is not None


def _is_blank(value) -> bool:
    return value is None or value != value or not str(value).strip()


def _shortened(value) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _decide(numeric: list[Numeric], rule: str | None, where: str) -> tuple[str, str]:
    day_first = [date for date in numeric if date.first > 12]
    month_first = [date for date in numeric if date.second > 12]
    example = f"{numeric[0].first:02}/{numeric[0].second:02}/{numeric[0].year}"
    if rule:
        return rule, f"{where}: dates such as {example} are read {rule}, as given."
    if bool(day_first) == bool(month_first):
        contradiction = "some can only be the one, some only the other" if day_first else "nothing settles it"
        count = "a date" if len(numeric) == 1 else f"{len(numeric):,} dates"
        problem = f"{count} such as {example} may be day-first or month-first: {contradiction}."
        remedy = "Say which with --dates day-first or --dates month-first, or write them as 2016-05-03."
        raise InputError([Problem(where, None, problem, remedy)])
    rule = RULES[0] if day_first else RULES[1]
    count = len(day_first or month_first)
    evidence = f"{count:,} of {len(numeric):,} can only be so, and none only the other way round"
    return rule, f"{where}: dates such as {example} are read {rule}: {evidence}."


def _settle(date: Numeric, rule: str | None) -> Printed | None:
    day, month = (date.second, date.first) if rule == "month-first" else (date.first, date.second)
    return _day(date.year, month, day)


def _day(year: int, month: int, day: int, precision: str = "day") -> Printed | None:
    try:
        return Printed(datetime.date(year, month, day), precision)
    except ValueError:
        return None


def _parse(value, looked_up: set[str]) -> Printed | Numeric | None:
    if _is_blank(value) or isinstance(value, bool):
        return None
    if isinstance(value, datetime.datetime | datetime.date):
        return _day(value.year, value.month, value.day)
    text = re.sub(r"(?<=\d)\.0$", "", str(value).strip())
    if len(text) > LONGEST:
        return None
    if match := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return _day(*map(int, match.groups()))
    if match := MONTH.fullmatch(text):
        return _day(int(match["year"] or match["year2"]), int(match["month"] or match["month2"]), 1, "month")
    if match := YEAR.fullmatch(text):
        return _day(int(match[1]), 1, 1, "year")
    if match := NUMERIC.fullmatch(text):
        first, sign, second, year = match.groups()
        if len(year) == 2 and sign == "-":  # 16-05-03 may well begin with its year
            return None
        return Numeric(int(first), int(second), _full_year(year))
    epoch = _epoch(text)
    return _day(epoch.year, epoch.month, epoch.day) if epoch else _by_name(text, looked_up)


def _full_year(digits: str) -> int:
    """Read two digits of a year as POSIX does: 69 to 99 are 1969 to 1999, all others 20…"""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)


def _epoch(value) -> datetime.datetime | None:
    """Read seconds since 1970, or thousandths, millionths or billionths of them."""
    match = EPOCH.fullmatch(re.sub(r"\.0$", "", str(value).strip()))
    if not match:
        return None
    digits = match[1].partition(".")[0]
    seconds = int(digits) // 10 ** (max(0, len(digits) - 10))
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)


def _by_name(text: str, looked_up: set[str]) -> Printed | None:
    """Read a date whose month is a word: one such word, one year, at most one day, and the time of day aside."""
    if match := SHORT_YEAR.fullmatch(text):
        month = _month([match[2]], looked_up)
        return _day(_full_year(match[3]), month, int(match[1])) if month else None
    text = CLOCK.sub(" ", text)
    numbers = re.findall(r"\d+", text)
    years = [int(digits) for digits in numbers if len(digits) == 4]
    days = [int(digits) for digits in numbers if len(digits) <= 2]
    month = None
    if len(years) == 1 and len(days) <= 1 and len(numbers) == len(years) + len(days):
        month = _month(re.findall(r"[^\W\d_]+", text), looked_up)
    if month is None:
        return None
    return _day(years[0], month, *days) if days else _day(years[0], month, 1, "month")


def _month(words: list[str], looked_up: set[str]) -> int | None:
    """Say which month is named: in English, or else in any language; None if none is, or more than one."""
    words = [word.casefold() for word in words]
    months = {MONTHS[word] for word in words if word in MONTHS}
    if not months:
        looked_up.update(word for word in words if len(looked_up) < FOREIGN_WORDS and len(word) > 2)
        months = {_foreign_month(word) for word in words if word in looked_up} - {None}
    return months.pop() if len(months) == 1 else None


@functools.cache
def _foreign_month(word: str) -> int | None:
    if word in DISPUTED:
        return None
    from dateparser import parse

    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"]}
    try:
        date = parse(f"3 {word} 2016", languages=LANGUAGES.split(), settings=settings)
    except Exception:  # dateparser raises whatever odd words make it raise
        return None
    return date.month if date and (date.year, date.day) == (2016, 3) else None
