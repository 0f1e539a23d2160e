"""Numbers, dates and lists as English sentences print them, whatever the machine’s locale."""

import unicodedata
from collections.abc import Iterable

import pandas as pd

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def source_line(described: pd.DataFrame) -> str:
    """Tell whose articles a figure is drawn from; `described` as `text.describe_outlets` gives it."""
    parts = [
        f"{number_of(row.articles, 'article')} of {row.Index} ({row.words:,} words)" for row in described.itertuples()
    ]
    months = months_of(described["first"].min(), described["last"].max())
    return f"Source: {listed(parts)}{months and ', '}{months}."


def left_out(copies: pd.DataFrame) -> str:
    """
    Say that copies are left out, and how many are; they are listed as `duplicates.near_duplicates` gives them.

    >>> left_out(pd.DataFrame({"article_id": ["b"], "duplicate_of": ["a"]}))[-56:]
    'printed twice is not said twice. 1 article does so here.'
    """
    number = len(copies)
    found = (
        f"{number_of(number, 'article')} {'does' if number == 1 else 'do'} so here." if number else "None does so here."
    )
    rule = "An article that repeats an earlier one of the same outlet, whole or nearly, is left out:"
    return f"{rule} printed twice is not said twice. {found}"


def number_of(count: int, noun: str) -> str:
    """
    Count a thing.

    >>> number_of(1, "article"), number_of(2266, "word")
    ('1 article', '2,266 words')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def commonest(values: pd.Series) -> pd.Series:
    """
    Count the values, the commonest first, and of equals the one first in the alphabet.

    >>> commonest(pd.Series(["say", "add", "stress", "say", "add"])).to_dict()
    {'add': 2, 'say': 2, 'stress': 1}
    """
    return values.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def in_words(number: int) -> str:
    """Spell a number up to ten."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else f"{number:,}"


def in_line(name: str) -> str:
    """
    Keep a name that is written from right to left in its place among words and numbers written from left to right.

    >>> in_line("SANA"), len(in_line("سانا"))
    ('SANA', 6)
    """
    from_right = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\N{LEFT-TO-RIGHT MARK}{name}\N{LEFT-TO-RIGHT MARK}" if from_right else name


def whose(name: str) -> str:
    """
    Put a name in the possessive.

    >>> whose("SANA"), whose("3 others")
    ('SANA’s', '3 others’')
    """
    return name + ("’" if name.endswith("s") else "’s")


def listed(parts: Iterable[str]) -> str:
    """
    Join words as a sentence does.

    >>> listed(["SANA", "RT", "TASS"])
    'SANA, RT and TASS'
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def day_of(date: pd.Timestamp) -> str:
    """
    Write a day.

    >>> day_of(pd.Timestamp("2016-05-03"))
    '3 May 2016'
    """
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def month_of(date: pd.Timestamp) -> str:
    """Write a month and its year."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def months_of(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """
    Write from which month to which something reaches, or one month; nothing where there are no dates.

    >>> months_of(pd.Timestamp("2016-05-03"), pd.Timestamp("2016-05-17"))
    'May 2016'
    """
    return " to ".join(dict.fromkeys(month_of(date) for date in (first, last) if not pd.isna(date)))


def date_of(date: pd.Timestamp, precision: str) -> str:
    """
    Write a date as precisely as it is known.

    >>> date_of(pd.Timestamp("2015-04-01"), "month")
    'April 2015'
    """
    if pd.isna(date):
        return "not known"
    return {"day": day_of, "month": month_of}.get(precision, lambda date: str(date.year))(date)


def percent(share: float) -> str:
    """
    Write a share, never as 0 % or 100 % unless it is.

    >>> percent(0.0004), percent(0.274), percent(0.999), percent(0)
    ('<1%', '27%', '>99%', '0%')
    """
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def times_as_often(log2: float) -> str:
    """
    Write a log ratio as how many times as often.

    >>> times_as_often(-2), times_as_often(0)
    ('×4', 'even')
    """
    return "even" if log2 == 0 else f"×{2 ** abs(log2):g}"
