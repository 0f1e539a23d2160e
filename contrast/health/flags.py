"""Say what a researcher should look at first: signs that texts were damaged, or that outlets can't be compared."""

from collections.abc import Iterator

import pandas as pd

from contrast.health.languages import NAMES
from contrast.wording import listed

STRIPPED = 0.9  # of an outlet's long articles without a mark: it seems to have been taken off
OTHERS = 0.5  # as long as no more than this share of the other outlets' long articles is without it
FEW_LONG = 5  # long articles of an outlet, from which its share is judged
ODD = 0.5  # of an outlet's long articles with quotation marks that notebook 04 does not read
MANY = 0.1  # of an outlet's articles that repeat others, are short or have no date
FEW = 4  # parts that a line lists before it counts the others
SOME = 3  # articles whose printed date is not the table's, where that can hardly be chance


def flags(outlets: pd.DataFrame, languages: pd.DataFrame) -> list[str]:
    """
    List what to look at first, in sentences with their numbers.

    Parameters
    ----------
    outlets, languages : DataFrame
        As `examine` gives them.
    """
    return [
        *_on_languages(languages),
        *_on_time(outlets),
        *_on_marks(outlets, "no_quotes", "quotation mark"),
        *_on_marks(outlets, "no_commas", "comma"),
        *_on_odd_quotes(outlets),
        *_on_tags(outlets),
        *_on_articles(outlets),
    ]


def main_languages(languages: pd.DataFrame) -> pd.Series:
    """Give each outlet's commonest language, where it is not too short to tell."""
    return languages[languages["language"] != ""].drop_duplicates("outlet").set_index("outlet")["language"]


def stripped(outlets: pd.DataFrame, column: str) -> dict[str, tuple[float, float]]:
    """
    Find the outlets whose long articles lack a mark that the others' have.

    Returns
    -------
    dict
        Outlet -> the share of its long articles without the mark, and of the others' (missing if there are none).
    """
    found = {}
    all_long, all_without = outlets["long"].sum(), outlets[column].sum()
    for outlet, row in outlets.iterrows():
        share = row[column] / max(row["long"], 1)
        others = all_long - row["long"]
        other = (all_without - row[column]) / others if others else float("nan")
        if row["long"] >= FEW_LONG and share >= STRIPPED and not other > OTHERS:
            found[outlet] = share, other
    return found


def _on_languages(languages) -> Iterator[str]:
    main = main_languages(languages)
    if main.nunique() > 1:
        parts = [f"{outlet} ({NAMES.get(language, language)})" for outlet, language in main.items()]
        yield f"The outlets write in different languages, so their words can't be compared: {few(parts)}."
    told = languages[languages["language"] != ""].groupby("outlet", sort=False)["articles"]
    counts = pd.DataFrame({"articles": told.sum(), "other": told.sum() - told.first()})
    yield from _counted("Articles in another language than most of the outlet's", counts, "other")


def _on_time(outlets) -> Iterator[str]:
    if outlets["undated"].sum() == outlets["articles"].sum():
        yield "No article has a date."
        return
    if outlets["first"].max() > outlets["last"].min():
        late, early = outlets["first"].idxmax(), outlets["last"].idxmin()
        yield f"No time is covered by all outlets: {late} begins after {early} ends."
    yield from _counted("Articles without a date", outlets, "undated")
    swapped = outlets[outlets["swapped"] >= SOME]
    yield from _counted("Day and month of the date seem to have changed places", swapped, "swapped", over=0)


def _on_marks(outlets, column, mark) -> Iterator[str]:
    long, without = outlets["long"].sum(), outlets[column].sum()
    if len(outlets) > 1 and long >= FEW_LONG and without >= STRIPPED * long:
        yield f"No {mark}, as if all had been taken off: {without:,} of {long:,} longer articles."
        return
    parts = [
        f"{outlet} ({share:.0%} of {outlets['long'][outlet]:,} longer articles"
        + (")" if pd.isna(other) else f", the others' {other:.0%})")
        for outlet, (share, other) in stripped(outlets, column).items()
    ]
    if parts:
        yield f"No {mark}, as if taken off: {few(parts)}."


def _on_tags(outlets) -> Iterator[str]:
    for flag in _counted("Articles with HTML in their text, whose tags are counted as words", outlets, "tagged"):
        yield f"{flag} Give such pages as .html files: of these the text alone is read."


def _on_odd_quotes(outlets) -> Iterator[str]:
    what = "Quotation marks that 04_stance does not read (such as 〝 or 『), in longer articles"
    yield from _counted(what, outlets, "odd_quotes", of="long", over=ODD)


def _on_articles(outlets) -> Iterator[str]:
    again = outlets.assign(again=outlets["same_text"] + outlets["near"])
    yield from _counted("Articles that repeat an earlier one, in whole or nearly", again, "again")
    yield from _counted("Longer articles that another outlet has too, whole or nearly", outlets, "elsewhere")
    yield from _counted("Short or empty articles", outlets, "short")
    several = outlets[outlets["articles"] > 1]
    yield from _counted("One article that holds most of the outlet's words", several, "longest", of="words", over=0.5)


def _counted(what, outlets, column, *, of="articles", over=MANY) -> Iterator[str]:
    """Name the outlets of which more than a share is concerned, with their numbers."""
    rows = outlets[outlets[column] > over * outlets[of]]
    parts = [f"{outlet} ({row[column]:,} of {row[of]:,})" for outlet, row in rows.iterrows()]
    if parts:
        yield f"{what}: {few(parts)}."


def few(parts: list[str]) -> str:
    """
    Join the first parts, and count the others.

    >>> few(["a", "b", "c", "d", "e", "f"])
    'a, b, c, d and 2 others'
    """
    rest = len(parts) - FEW
    return listed([*parts[:FEW], f"{rest} others"] if rest > 1 else parts)
