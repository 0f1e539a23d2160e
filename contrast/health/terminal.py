"""Print the state of a corpus in a terminal: a minute's reading, aligned, and harmless whatever the texts hold."""

import textwrap
import unicodedata
from collections.abc import Iterable

import pandas as pd

from contrast.health.examination import MOST_PERIODS, SHORT, Health
from contrast.health.languages import NAMES
from contrast.health.printed_dates import NEAR
from contrast.wording import number_of

WIDTH = 100  # columns
MOST_OUTLETS = 12  # more are told together
MOST_FLAGS, MOST_KINDS, MOST_PIECES, MOST_DATES = 8, 6, 10, 4  # lines of a section
NAME = 22  # columns for an outlet's name
LEVELS = "▁▂▃▄▅▆▇█"
FAULTS = {
    "same_text": "repeated",
    "near": "nearly",
    "elsewhere": "elsewhere",
    "undated": "no date",
    "empty": "empty",
    "short": "short",
    "no_quotes": "no quotes",
    "no_commas": "no commas",
}
JOINERS = "\u200c\u200d"  # without which Persian and Hindi are misspelt
CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")


def health_text(health: Health) -> str:
    """Write the state of a corpus as plain text for a terminal, `WIDTH` columns wide, at most about a hundred lines."""
    sections = [
        [_head(health), ""],
        _section("Look at first", _first(health)),
        _section(*_articles(health)),
        _section("Problems in the input", _rejects(health)),
        _section("What may spoil a comparison, in articles", _faults(health)),
        _section("Furniture: what an outlet prints again and again", _furniture(health)),
        _section("Dates printed near the start or the end", _dates(health)),
        _section("Languages", _languages(health)),
        _section("What each notebook can say", _notebooks(health)),
        [_run(health)],
    ]
    return "\n".join(visible(line).rstrip() for section in sections for line in section)


def visible(text: str) -> str:
    """
    Make a text harmless to print: what commands a terminal, or turns the order of letters, is shown and not sent.

    >>> visible("Be\\x1b[31mware\\u202e")
    'Be␛[31mware\\\\u202e'
    """
    return "".join(_visible(sign) for sign in text)


def _visible(sign):
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if sign in JOINERS or unicodedata.category(sign) not in CONTROLS:
        return sign
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# Sections, in reading order


def _head(health):
    outlets = health.outlets
    first, last = outlets["first"].min(), outlets["last"].max()
    when = "without dates" if pd.isna(first) else f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    articles, words = outlets["articles"].sum(), outlets["words"].sum()
    return (
        f"{number_of(articles, 'article')} of {number_of(len(outlets), 'outlet')}, {number_of(words, 'word')}, {when}."
    )


def _first(health):
    flags = [line for flag in health.flags[:MOST_FLAGS] for line in _wrapped(_brief(flag, health), "- ")]
    return flags + _more(health.flags, MOST_FLAGS, "sign") if flags else ["Nothing that stands out in what was read."]


def _articles(health):
    """Give the heading and the table of outlets, with a bar for every period at the right."""
    bars, heading, notes = _bars(health)
    rows = [
        (
            outlet,
            f"{row.articles:,}",
            f"{row.words:,}",
            f"{row.words / row.articles:,.0f}",
            "–" if pd.isna(row.first) else f"{row.first:%Y-%m-%d}",
            "–" if pd.isna(row.last) else f"{row.last:%Y-%m-%d}",
            bars.get(outlet, ""),
        )
        for outlet, row in zip(*_outlets(health), strict=True)
    ]
    headings = ["", "articles", "words", "each", "first", "last", ""]
    return f"Articles{heading}", _aligned("lrrrlll", headings, rows) + notes


def _bars(health):
    """Draw each outlet's articles by period in block letters; give them with what the heading and the foot say."""
    table = health.periods
    if table.empty:
        return {}, "", []
    kept, others = _kept(health.outlets)
    table = table[kept].assign(**{f"{len(others)} others": table[others].sum(axis=1)}) if others else table
    high, first, last = int(table.max(axis=None)), table.index[0], table.index[-1]
    unit = "quarter" if "Q" in first else {4: "year", 7: "month"}.get(len(first), "period")
    mark = 2 if len(table) <= MOST_PERIODS // 2 else 1
    bars = {name: "".join(mark * _level(count, high) for count in table[name]) for name in table}
    left_out = int((health.outlets["articles"] - health.outlets["undated"]).sum() - table.to_numpy().sum())
    note = [f"Not in the bars: {number_of(left_out, 'article')} of which no more than the year is known."]
    return bars, f", with a bar a {unit} from {first} to {last} (█ {high:,}, · none)", note if left_out else []


def _rejects(health):
    rows = [(f"{row.rows:,}", row.problem, row.example) for row in health.rejects.head(MOST_KINDS).itertuples()]
    lines = _aligned("rll", ["times", "problem", "first in"], rows, [7, 60, 29])
    return lines + _more(health.rejects, MOST_KINDS, "kind") if rows else []


def _faults(health):
    rows = [
        (outlet, *(f"{getattr(row, column):,}" if getattr(row, column) else "·" for column in FAULTS))
        for outlet, row in zip(*_outlets(health), strict=True)
    ]
    return [
        *_aligned("l" + "r" * len(FAULTS), ["", *FAULTS.values()], rows),
        *_wrapped(
            "repeated: an earlier article of the outlet to the letter; nearly: 80% of its runs of five words; "
            f"elsewhere: a longer one that another outlet has too, so or nearly; short: under {SHORT} words; no "
            "quotes, no commas: none of these marks in a longer one."
        ),
    ]


def _furniture(health):
    found, sampled = health.furniture, [line for line in health.sampled if "urniture" in line]
    if found.empty:
        return ["None found: nothing stands in articles of three dates of one outlet alone.", *sampled]
    turn = found.assign(turn=found.groupby("outlet").cumcount())  # the commonest of each outlet before a second of any
    top = turn.sort_values(["turn", "articles", "line"], ascending=[True, False, True]).head(MOST_PIECES)
    top = top.sort_values(["articles", "line"], ascending=[False, True])
    rows = [(f"{row.articles:,}", row.kind, row.outlet, row.line) for row in top.itertuples()]
    lines = _aligned("rlll", ["articles", "kind", "outlet", "piece"], rows, [8, 11, NAME, WIDTH - NAME - 25])
    return lines + _more(found, MOST_PIECES, "piece") + sampled


def _dates(health):
    printed, differ, undated = health.outlets[["printed", "differ", "undated_printed"]].sum()
    if not printed + undated:
        return ["None found. Looked for: 3 May 2016, May 3, 2016, 2016-05-03, 03/05/2016."]
    if not differ:
        found = f"Printed in {number_of(printed, 'dated article')}, and nowhere more than {NEAR} days from the table's."
    else:
        own = health.dates["own_line"].sum()
        where = f"in {own:,} on a line of its own, else" if own else "always"
        found = (
            f"Printed in {number_of(printed, 'dated article')}, in {differ:,} of them more than {NEAR} days from the "
            f"table's, {where} in a sentence, where it may be any event's."
        )
    lines = _wrapped(found)
    if undated:
        lines.append(f"Of the articles without a date {undated:,} print one.")
    rows = [
        (row.outlet, row.article_id, f"{row.date:%Y-%m-%d}", row.printed, f"{row.days:+,}")
        for row in health.dates.head(MOST_DATES).itertuples()
    ]
    headings = ["outlet", "article", "in the table", "printed", "days off"]
    return lines + (_aligned("llllr", headings, rows, [NAME, 26, 12, 20, 9]) if rows else [])


def _languages(health):
    told: dict[str, list[str]] = {}
    for outlet, part in health.languages.groupby("outlet", sort=False):
        total = part["articles"].sum()
        shares = [f"{_language(row.language)} {row.articles / total:.0%}" for row in part.head(4).itertuples()]
        other = part["declared_other"].sum()
        told.setdefault(", ".join(shares) + (f" ({other:,} declared otherwise)" if other else ""), []).append(outlet)
    lines = [line for text, names in told.items() for line in _wrapped(f"{_names(names, health)}: {text}")]
    return lines[:MOST_OUTLETS] + _more(lines, MOST_OUTLETS, "line") + [s for s in health.sampled if "anguage" in s]


def _language(code):
    return NAMES.get(code, code) if code else "too short to tell"


def _notebooks(health):
    lines = []
    for notebook, part in health.notebooks.groupby("notebook", sort=False):
        lines += _wrapped(_brief(" ".join(part["sentence"]), health), f"{notebook:<13}", " " * 13)
    return lines


def _run(health):
    minutes = health.run["minutes"]
    time = f"{minutes / 60:.0f} hours" if minutes > 120 else number_of(max(round(minutes), 1), "minute")
    return f"run.py report will take about {time} and {health.run['gigabytes']:.1f} GB of memory on two cores."


# Layout


def _section(heading, lines):
    return [heading, "─" * len(heading), *lines, ""] if lines else []


def _outlets(health):
    """Give the outlets' names and rows, those beyond `MOST_OUTLETS` added up in the last."""
    table = health.outlets
    kept, others = _kept(table)
    if others:
        rest = table.loc[others]
        ends = {"longest": rest["longest"].max(), "first": rest["first"].min(), "last": rest["last"].max()}
        rest = rest.drop(columns=list(ends)).sum().to_dict() | ends
        table = pd.concat([table.loc[kept], pd.DataFrame([rest], index=[f"{len(others)} others"])])
    return list(table.index), list(table.itertuples())


def _kept(outlets):
    """Divide outlets into those told one by one, which have most articles, and the others."""
    most = MOST_OUTLETS if len(outlets) <= MOST_OUTLETS else MOST_OUTLETS - 1
    largest = set(outlets["articles"].sort_values(ascending=False, kind="stable").index[:most])
    return [name for name in outlets.index if name in largest], [name for name in outlets.index if name not in largest]


def _brief(sentence, health):
    """Shorten the names of outlets in a sentence."""
    for name in health.outlets.index:
        if len(name) > NAME:
            sentence = sentence.replace(name, f"{name[: NAME - 1]}…")
    return sentence


def _names(names, health):
    if len(names) == len(health.outlets) > 1:
        return "Every outlet"
    more = f" and {len(names) - 4} others" if len(names) > 4 else ""
    return ", ".join(_cut(visible(name), NAME) for name in names[:4]) + more


def _aligned(sides: str, headings: list[str], rows: Iterable[tuple], widths: list[int] | None = None) -> list[str]:
    """Set cells in columns, each to its side (l, r), none wider than `widths`."""
    widths = widths or [NAME] + [WIDTH] * (len(sides) - 1)
    table = [
        [_cut(visible(str(cell)), most) for cell, most in zip(row, widths, strict=True)] for row in [headings, *rows]
    ]
    wide = [max(_columns(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        blanks = [" " * (most - _columns(cell)) for cell, most in zip(row, wide, strict=True)]
        cells = zip(sides, row, blanks, strict=True)
        lines.append("  ".join(cell + blank if side == "l" else blank + cell for side, cell, blank in cells))
    return lines


def _columns(text):
    """Count the columns that a terminal gives a text: two for a wide letter, none for a mark on the letter before."""
    return sum(
        0 if unicodedata.combining(sign) or sign in JOINERS else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _cut(text, most):
    if _columns(text) <= most and len(text) <= 4 * most:
        return text
    kept = ""
    for sign in text[: 4 * most]:
        if _columns(kept + sign) >= most:
            break
        kept += sign
    return kept + "…"


def _wrapped(text, first="", other=None):
    other = " " * len(first) if other is None else other
    return textwrap.wrap(visible(text), WIDTH, initial_indent=first, subsequent_indent=other)


def _more(things, most, noun):
    return [f"and {number_of(len(things) - most, 'more ' + noun)}"] if len(things) > most else []


def _level(count, high):
    return LEVELS[-(-8 * count // high) - 1] if count else "·"
