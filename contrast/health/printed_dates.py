"""Find dates printed at the start or the end of articles, and compare them with the date that the table gives."""

import itertools

import pandas as pd
import regex

from contrast.wording import MONTHS

EDGE = 300  # characters at each end of an article
NEAR = 2  # days by which a printed date may differ: what is written today is printed tomorrow
OWN_LINE = 40  # characters that a line may hold beside the date and still be the date's own: "Published … by Reuters"
NAMES = [name.lower() for name in MONTHS]
NUMBERS = {name[:3]: number for number, name in enumerate(NAMES, start=1)}
MONTH = rf"(?P<month>{'|'.join([*NAMES, 'sept', *NUMBERS])})\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
A_YEAR = regex.compile(r"(?:19|20)\d\d")
DATE = regex.compile(
    r"(?<![\w./-])(?:"
    rf"{DAY}\s+(?:of\s+)?{MONTH}\s*,?\s+{YEAR}"
    rf"|{MONTH}\s+{DAY}\s*,?\s+{YEAR}"
    rf"|{YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})(?!\d)"
    rf"|(?P<first>\d{{1,2}})(?P<sign>[-/.])(?P<second>\d{{1,2}})(?P=sign){YEAR}"
    r")(?![\w-])",
    regex.IGNORECASE,
)
COLUMNS = ["article_id", "outlet", "date", "printed", "days", "own_line", "swapped"]


def printed_dates(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Find the articles that print a date within `EDGE` characters of their start or end.

    Read are days with the month in English words or as a number ("3 May 2016", "May 3, 2016", "2016-05-03",
    "03/05/2016"). An article that prints several dates, or one that can be read in two ways, is judged by the one
    nearest to the table's: a date in a text may be any event's.

    Parameters
    ----------
    articles : DataFrame
        With `outlet`, `date`, `date_precision` and `raw` (or else `text`).

    Returns
    -------
    DataFrame
        One row an article that prints a date: `article_id`, `outlet`, `date` (of the table), `printed` (the date
        nearest to it, as printed), `days` (the printed date less the table's; 0 within its month or year, where the
        table knows no more; missing where it has no date), `own_line` (whether it stands on a line with little else),
        `swapped` (whether it agrees, if day and month change places in the table).
    """
    texts = articles["raw"] if "raw" in articles else articles["text"]
    rows = []
    columns = (articles.index, articles["outlet"], articles["date"], articles["date_precision"], texts)
    for name, outlet, date, precision, text in zip(*columns, strict=True):
        found = [row for edge in _edges(text) if A_YEAR.search(edge) for row in _dates_in(edge)]
        if not found:
            continue
        if pd.isna(date):
            printed, _, own_line = found[0]
            rows.append((name, outlet, date, printed, None, own_line, False))
            continue
        days, printed, own_line = min(
            (
                (_days(reading, date, precision), printed, own)
                for printed, readings, own in found
                for reading in readings
            ),
            key=lambda row: (abs(row[0]), not row[2]),
        )
        other = _swapped(date) if precision == "day" and abs(days) > NEAR else None
        readings = itertools.chain.from_iterable(readings for _, readings, _ in found if len(readings) == 1)
        swapped = other is not None and any(abs((reading - other).days) <= NEAR for reading in readings)
        rows.append((name, outlet, date, printed, days, own_line, swapped))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"days": "Int64"})


def _edges(text):
    return [text] if len(text) <= 2 * EDGE else [text[:EDGE], text[-EDGE:]]


def _dates_in(text):
    """Give each date as printed, the days it can mean, and whether it has its line to itself."""
    for match in DATE.finditer(text):
        groups = match.groupdict()
        if groups["first"]:
            pairs = {(groups["first"], groups["second"]), (groups["second"], groups["first"])}
        else:
            pairs = {(groups["day"], groups["month"])}
        readings = sorted(day for pair in pairs if (day := _day(groups["year"], *pair)) is not None)
        if readings:
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            line = (end if end >= 0 else len(text)) - start
            yield match.group(), readings, line - len(match.group()) <= OWN_LINE


def _day(year, day, month):
    number = int(month) if month.isdecimal() else NUMBERS[month[:3].lower()]
    try:
        return pd.Timestamp(int(year), number, int(day))
    except ValueError:
        return None


def _days(printed, date, precision):
    same = {"year": printed.year == date.year, "month": (printed.year, printed.month) == (date.year, date.month)}
    return 0 if same.get(precision) else (printed - date.normalize()).days


def _swapped(date):
    return date.replace(day=date.month, month=date.day) if date.day <= 12 and date.day != date.month else None
