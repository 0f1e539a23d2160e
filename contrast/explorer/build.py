"""Choose the sentences that a page of terms has room for, and put them with the terms into one file."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from contrast.corpus import require, require_outlets
from contrast.terms.counts import RUNS, count_terms
from contrast.terms.lines import concordance
from contrast.text import describe_outlets, sentences
from contrast.wording import date_of, months_of, number_of
from contrast.words import words

MOST_TERMS = 5_000
LONG = 500  # characters; a longer sentence is taken only for want of others
USE = 14  # bytes that point to a term in a sentence, about
NUMBERS = {"rate_a": 4, "rate_b": 4, "log_ratio": 4, "low": 4, "high": 4, "q": 3}  # digits
COLUMNS = ["term", "printed", "count_a", "count_b", "articles_a", "articles_b", *NUMBERS, "sure", "flag", "lines"]
UNSAFE = re.compile("[<>&\u2028\u2029]")  # what could end a script
POLICY = "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'"


def explorer_page(
    keyness: pd.DataFrame,
    articles: pd.DataFrame,
    a: str,
    b: str,
    *,
    phrases: Iterable[str] = (),
    most_lines: int = 12,
    most_bytes: int = 3_000_000,
) -> str:
    """
    Make a page on which a reader finds any term of two outlets and reads its sentences, without a network.

    Parameters
    ----------
    keyness : DataFrame
        Of `a` and `b`, as `terms.keyness` gives it, in its order; with `flag` where `terms.flag_terms` added it.
    articles : DataFrame
        With `outlet`, `date`, `title` and `text`, and `date_precision` if it is known.
    a, b : str
        The outlets.
    phrases : strings, optional
        Those that were kept whole in counting.
    most_lines : int
        Sentences shown of a term, an outlet; of different articles first.
    most_bytes : int
        Of the page, in UTF-8. Terms used once, and all beyond `MOST_TERMS`, are left out in any case; for want of room
        then sentences, down to one a term and outlet; then terms, a tenth at a time. The rarest terms go first, sure
        differences after all others. The page says how many.

    Returns
    -------
    str
        HTML with style, script and data inside. Text of articles stands only in the data, which the script shows as
        text; the page's policy allows that script and no other. The same input gives the same bytes.

    Raises
    ------
    InputError
        If an outlet has no article, or the articles lack a column.
    ValueError
        If the page has no room even without terms.
    """
    require(articles, "outlet", "date", "text")
    require_outlets([a, b], articles["outlet"])
    articles = articles[articles["outlet"].isin([a, b])]
    units = sentences(articles).reset_index(drop=True).assign(is_b=lambda table: (table["outlet"] == b).astype(int))
    uses = keyness["count_a"] + keyness["count_b"]
    kept = keyness.assign(uses=uses)[uses > 1].sort_values(["sure", "uses", "term"], ascending=[False, False, True])
    kept = kept.head(MOST_TERMS)
    phrases = list(phrases)
    held = _held(units, kept["term"], phrases)
    rows = _article_rows(articles)
    described = describe_outlets(articles).loc[[a, b]]
    fixed = {
        "outlets": [
            {"name": row.Index, "articles": row.articles, "words": row.words} for row in described.itertuples()
        ],
        "lead": _lead(described),
        "basis": _basis(tested := bool((keyness["unit"] == "article").any())),
        "tested": tested,
        "flagged": "flag" in keyness and bool(keyness["flag"].fillna("").ne("").any()),
        "columns": COLUMNS,
    }
    spare = most_bytes - _size(_page(fixed)) - 1_000
    while True:
        room = spare - _size(_term_rows(kept, {}))
        chosen = _choose(units, held[held["term"] < len(kept)], rows, len(kept), most_lines, room)
        if chosen is None:
            if kept.empty:
                raise ValueError(f"most_bytes is {most_bytes:,}; a page without terms takes {most_bytes - spare:,}.")
            kept = kept.head(int(0.9 * len(kept)))
            continue
        lines = _lines(chosen, kept["term"], phrases, most_lines)
        used = {article_id: place for place, article_id in enumerate(chosen["article_id"].unique())}
        page = _page(
            fixed
            | {
                "terms": _term_rows(kept.sort_index(), lines),
                "articles": [rows[article_id] for article_id in used],
                "sentences": [[used[one.article_id], one.text] for one in chosen.itertuples()],
                "about": _about(uses, kept, lines, len(units), len(chosen), most_lines),
            }
        )
        if (excess := len(page.encode()) - most_bytes) <= 0:
            return page
        spare -= excess


def _held(units, terms, phrases):
    """List which sentences hold each term (numbered as they stand), those to be shown first in front."""
    as_one = {" ".join(words(phrase)) for phrase in phrases}
    longest = min(max([term.count(" ") + 1 for term in terms if term not in as_one], default=1), max(RUNS))
    counts = count_terms(units, phrases=phrases, ngrams=longest)
    order = pd.Series(np.arange(len(terms)), index=terms).reindex(counts.terms)
    matrix = counts.matrix[:, np.flatnonzero(order.notna())].tocoo()
    numbers = order.dropna().to_numpy(dtype=int)
    held = pd.DataFrame({"term": numbers[matrix.col], "unit": matrix.row}).sort_values(["term", "unit"])
    held["key"] = 2 * held["term"] + units["is_b"].to_numpy()[held["unit"]]
    held["nth"] = held.groupby(["term", units["article_id"].to_numpy()[held["unit"]]]).cumcount()
    held["is_long"] = (units["text"].str.len() > LONG).to_numpy()[held["unit"]]
    return held.sort_values(["key", "is_long", "nth", "unit"])


def _choose(units, held, rows, terms, most_lines, room):
    """Take sentences in rounds, one for each term and outlet that lacks one, the last term first, as room allows."""
    keys, places = held["key"].to_numpy(), held["unit"].to_numpy()
    starts = np.searchsorted(keys, np.arange(2 * terms + 1))
    by_unit = np.argsort(places, kind="stable")
    unit_starts, unit_keys = np.searchsorted(places[by_unit], np.arange(len(units) + 1)), keys[by_unit]
    article_sizes = {article_id: _size(row) for article_id, row in rows.items()}
    following, lines, taken = starts[:-1].copy(), np.zeros(2 * terms, dtype=int), np.zeros(len(units), dtype=bool)
    for line in range(min(most_lines, np.diff(starts).max(initial=0))):
        for key in np.flatnonzero(lines <= line)[::-1]:
            while following[key] < starts[key + 1] and taken[places[following[key]]]:
                following[key] += 1
            if lines[key] > line or following[key] == starts[key + 1]:
                continue
            unit = places[following[key]]
            holds = unit_keys[unit_starts[unit] : unit_starts[unit + 1]]
            room -= _size(units["text"].iat[unit]) + 10 + USE * int((lines[holds] < most_lines).sum())
            room -= article_sizes.pop(units["article_id"].iat[unit], 0)
            if room < 0:
                return units[taken] if line else None
            taken[unit] = True
            lines[holds] += 1
    return units[taken] if room >= 0 else None


def _lines(chosen, terms, phrases, most_lines):
    """Find each term's sentences: for each outlet, its place among the chosen and where the term starts and ends."""
    chosen = chosen.reset_index(drop=True)
    marks: dict[tuple[str, int], list[int]] = {}
    for use in concordance(chosen, terms, phrases=phrases, width=0).itertuples():
        text = chosen["text"].iat[use.article_id]
        ends = (len(text[:end].encode("utf-16-le")) // 2 for end in (use.start, use.end))
        marks.setdefault((use.term, use.article_id), []).extend(ends)
    found: dict[str, tuple[list, list]] = {term: ([], []) for term in terms}
    seen: dict[tuple[str, str], int] = {}
    for (term, place), ends in marks.items():
        article = (term, chosen["article_id"].iat[place])
        seen[article] = seen.get(article, 0) + 1
        found[term][chosen["is_b"].iat[place]].append((seen[article], place, ends))
    return {
        term: [sorted([place, *ends] for _, place, ends in sorted(side)[:most_lines]) for side in sides]
        for term, sides in found.items()
    }


def _term_rows(terms, lines):
    numbers = {
        name: pd.Series([_rounded(value, digits) for value in terms[name]], index=terms.index, dtype=object)
        for name, digits in NUMBERS.items()
    }
    counts = {name: terms[name].astype(int) for name in ("count_a", "count_b", "articles_a", "articles_b")}
    flags = terms["flag"].fillna("") if "flag" in terms else [""] * len(terms)
    shown = [lines.get(term, [[], []]) for term in terms["term"]]
    table = terms.assign(**counts, **numbers, sure=terms["sure"].astype(int), flag=flags, lines=shown).astype(object)
    return [list(row) for row in zip(*(table[name] for name in COLUMNS), strict=True)]


def _rounded(value, digits):
    return float(f"{value:.{digits}g}") if np.isfinite(value) else None


def _article_rows(articles):
    precision = articles.get("date_precision", pd.Series("day", index=articles.index))
    dates = [
        "no date" if pd.isna(date) else date_of(date, of) for date, of in zip(articles["date"], precision, strict=True)
    ]
    titles = articles["title"].fillna("").astype(str)
    return {article: [str(article), *row] for article, *row in zip(articles.index, dates, titles, strict=True)}


def _lead(described):
    parts = []
    for row in described.itertuples():
        counts = f"{number_of(row.articles, 'article')}, {number_of(row.words, 'word')}"
        parts.append(f"{row.Index}: {counts}, {months_of(row.first, row.last) or 'no dates'}.")
    return " ".join(parts)


def _basis(tested):
    if tested:
        return (
            "Intervals (95%) and tests are over articles. A difference is called sure if its q is under 0.05: of the "
            "terms called sure, fewer than one in twenty should be false finds."
        )
    return (
        "One outlet has too few articles for a test. Intervals (95%) are over sentences: these describe the texts, not "
        "the outlets. A difference is called sure if its interval leaves out an even rate."
    )


def _about(uses, kept, lines, units, chosen, most_lines):
    once, short = int((uses == 1).sum()), 0
    rare = len(uses) - once - len(kept)
    for row in kept.itertuples():
        sides = zip(lines[row.term], (row.count_a, row.count_b), strict=True)
        short += any(len(side) < most_lines and sum(len(one) // 2 for one in side) < count for side, count in sides)
    left = [f"{number_of(once, 'term')} used once"] * (once > 0)
    left += [f"{number_of(rare, 'term')} used least of the others (sure differences are kept longest)"] * (rare > 0)
    fewer = f" For want of room, {number_of(short, 'term')} {'has' if short == 1 else 'have'} fewer than there are."
    return [
        f"{len(kept):,} of {number_of(len(uses), 'term')}. Left out: {' and '.join(left) or 'none'}.",
        f"{chosen:,} of {number_of(units, 'sentence')}: for each term up to {most_lines:,} an outlet, from different "
        f"articles first.{fewer if short else ''}",
        "A ratio compares uses per word of text. A term that one outlet never uses has no ratio and no interval.",
    ]


def _page(data):
    here = Path(__file__)
    style, script, page = (here.with_name(f"page.{kind}").read_text("utf-8") for kind in ("css", "js", "html"))
    policy = POLICY.format(_hash(style), _hash(script))
    for name, text in (("policy", policy), ("style", style), ("script", script), ("data", _json(data))):
        page = page.replace(f"@{name}@", text)
    return page


def _hash(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(data):
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _size(data):
    return len((data if isinstance(data, str) and data.startswith("<!doctype") else _json(data)).encode())
