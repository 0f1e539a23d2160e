"""Examine a corpus before any analysis: count what it holds, and look for what would spoil a comparison."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from contrast.codebook import Codebook, read_codebook
from contrast.duplicates import hash_words, near_duplicates
from contrast.furniture import find_furniture
from contrast.health.flags import flags
from contrast.health.forecast import estimate_run, forecast
from contrast.health.languages import languages_seen
from contrast.health.printed_dates import NEAR, printed_dates
from contrast.stance import QUOTATION

SHORT = 100  # words: a shorter article may well quote nobody, and have no comma
SAMPLED = 2_000  # articles whose language is told, and in which the codebook's targets are looked for
SEARCHED = 20_000  # articles searched for furniture
MOST_PERIODS = 24
QUOTE_MARKS = regex.compile(r"[“”\"«»„‟‘‚‹›「」『』〝〞＂]|``|''")
COMMAS = regex.compile(r"[,،、，︐﹐՝፣]")
TAG = regex.compile(
    r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|p|script|span|strong|t[dr]|[ou]l)\b[^<>]*>|&(?:amp|[gl]t|nbsp);"
)
VARYING = regex.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\d[\d,.]*")


class Health(NamedTuple):
    """
    The state of a corpus, as `examine` finds it.

    Attributes
    ----------
    outlets : DataFrame
        One row an outlet (the index), in the order of the articles: `articles`, `words`, `first`, `last` (dates),
        `undated`, `empty` (without a word), `short` (under `SHORT` words, the empty ones too), `long` (the others),
        `longest` (words); `same_text` and `near` (articles that repeat an earlier one of the outlet to the letter, or
        nearly), `elsewhere` (long articles that another outlet has too, or nearly); `printed` (dated articles with a
        date printed near the start or end), `differ` (those of them where it is not the table's), `swapped` (those
        where it is, if day and month change places), `undated_printed`; and the numbers of long articles `no_quotes`
        (without any quotation mark), `odd_quotes` (with some, but none that notebook 04 reads) and `no_commas`; and
        `tagged`, articles with HTML in their text.
    periods : DataFrame
        Dated articles by outlet (columns), a row a month, or a quarter, a year, some years: at most `MOST_PERIODS`.
    rejects : DataFrame
        One row a kind of problem, the commonest first: `problem` (what varies as "…"), `rows`, `example` (file, row).
    duplicates, furniture : DataFrame
        As `duplicates.near_duplicates` and `furniture.find_furniture` give them.
    dates : DataFrame
        As `printed_dates` gives them, those that differ from the table's date by more than `NEAR` days: first those on
        a line of their own, then the furthest off.
    languages : DataFrame
        As `languages_seen` gives it, for the sampled articles.
    flags : list of str
        What to look at first.
    notebooks : DataFrame
        One row a sentence on what a notebook can say of these articles: `notebook`, `sentence`.
    run : Series
        What `run.py report` will take, about: `minutes`, `gigabytes`.
    sampled : list of str
        What was looked at in a sample alone, in sentences.
    """

    outlets: pd.DataFrame
    periods: pd.DataFrame
    rejects: pd.DataFrame
    duplicates: pd.DataFrame
    furniture: pd.DataFrame
    dates: pd.DataFrame
    languages: pd.DataFrame
    flags: list[str]
    notebooks: pd.DataFrame
    run: pd.Series
    sampled: list[str]


def examine(articles: pd.DataFrame, rejects: pd.DataFrame | None = None, *, codebook: Codebook | None = None) -> Health:
    """
    Examine a corpus.

    Parameters
    ----------
    articles : DataFrame
        As `cleaning.clean` gives it.
    rejects : DataFrame, optional
        What could not be read, as `corpus.InputError.problems`: `file`, `row`, `problem`, `remedy`.
    codebook : Codebook, optional
        Whose targets are looked for; the shipped one if not given.

    Returns
    -------
    Health
        The same for the same articles: samples are drawn by a fixed seed.
    """
    codebook = read_codebook() if codebook is None else codebook
    articles = articles.assign(date=pd.to_datetime(articles["date"]).dt.tz_localize(None))
    hashed = hash_words(articles["text"])
    lengths = pd.Series(hashed.lengths(), index=articles.index)
    duplicates = near_duplicates(articles, hashed=hashed)
    searched, drawn = _sample(articles, SEARCHED), _sample(articles, SAMPLED)
    furniture = find_furniture(articles.iloc[searched], duplicates, hashed=hashed.take(searched))
    shared = near_duplicates(articles.assign(outlet=""), hashed=hashed)
    printed = printed_dates(articles)
    outlets = _outlets(articles, lengths, duplicates, shared, printed)
    sample = articles.iloc[drawn]
    languages = languages_seen(sample)
    differ = printed[printed["days"].abs() > NEAR]
    differ = differ.assign(far=-differ["days"].abs()).sort_values(["own_line", "far"], ascending=[False, True])
    sampled = []
    if len(drawn) < len(articles):
        sampled.append(f"Languages and the codebook's targets were looked for in {len(drawn):,} articles.")
    if len(searched) < len(articles):
        sampled.append(f"Furniture was looked for in {len(searched):,} articles, and counted in these alone.")
    return Health(
        outlets=outlets,
        periods=_periods(articles),
        rejects=_kinds(rejects),
        duplicates=duplicates,
        furniture=furniture,
        dates=differ.drop(columns="far").reset_index(drop=True),
        languages=languages,
        flags=flags(outlets, languages),
        notebooks=forecast(articles.drop(duplicates["article_id"]), outlets, languages, sample, codebook),
        run=estimate_run(int(lengths.sum())),
        sampled=sampled,
    )


def _sample(articles, size):
    """Draw places of articles: of every outlet as many, as far as its articles go."""
    if len(articles) <= size:
        return np.arange(len(articles))
    shuffled = pd.Series(np.random.default_rng(0).permutation(len(articles)))
    turn = shuffled.groupby(articles["outlet"].to_numpy(dtype=object)[shuffled], sort=False).cumcount()
    return np.sort(shuffled.to_numpy()[np.argsort(turn.to_numpy(), kind="stable")[:size]])


def _outlets(articles, lengths, duplicates, shared, printed):
    text, long = articles["text"], lengths >= SHORT
    marked = text.map(lambda text: QUOTE_MARKS.search(text) is not None)
    read = text.map(lambda text: QUOTATION.search(text) is not None)
    home = articles["outlet"].astype(object)
    shared = shared[home[shared["article_id"]].to_numpy() != home[shared["duplicate_of"]].to_numpy()]
    repeated = duplicates.set_index("article_id")["same_text"]
    printed = printed.set_index("article_id")
    dated = articles.index.isin(printed.index[printed["date"].notna()])
    each = pd.DataFrame(
        {
            "articles": True,
            "undated": articles["date"].isna(),
            "empty": lengths == 0,
            "short": ~long,
            "long": long,
            "same_text": articles.index.isin(repeated.index[repeated]),
            "near": articles.index.isin(repeated.index[~repeated]),
            "elsewhere": long & articles.index.isin([*shared["article_id"], *shared["duplicate_of"]]),
            "printed": dated,
            "differ": articles.index.isin(printed.index[printed["days"].abs() > NEAR]),
            "swapped": articles.index.isin(printed.index[printed["swapped"]]),
            "undated_printed": articles.index.isin(printed.index) & ~dated,
            "no_quotes": long & ~marked,
            "odd_quotes": long & marked & ~read,
            "tagged": text.map(lambda text: TAG.search(text) is not None),
            "no_commas": long & ~text.map(lambda text: COMMAS.search(text) is not None),
        }
    )
    by = articles["outlet"].to_numpy(dtype=object)
    counts = each.astype(int).groupby(by, sort=False).sum()
    words, dates = lengths.groupby(by, sort=False), articles["date"].groupby(by, sort=False)
    counts = counts.assign(words=words.sum(), longest=words.max(), first=dates.min(), last=dates.max())
    return counts.rename_axis("outlet")


def _periods(articles):
    """Count dated articles by outlet and the shortest period that leaves no more than `MOST_PERIODS`."""
    outlets = list(dict.fromkeys(articles["outlet"]))
    dated = articles[articles["date"].notna()]
    exact = dated[dated["date_precision"] != "year"]
    for letter in ("M", "Q"):
        days = exact["date"].dt.to_period(letter)
        if 2 * len(exact) > len(dated) and (days.max() - days.min()).n < MOST_PERIODS:
            periods = pd.period_range(days.min(), days.max(), freq=letter)
            names = {one: str(one) if letter == "M" else f"{one.year} Q{one.quarter}" for one in periods}
            return _crossed(days.map(names), exact, names.values(), outlets)
    years = dated["date"].dt.year
    if dated.empty:
        return _crossed(years, dated, [], outlets)
    step = -(-(years.max() - years.min() + 1) // MOST_PERIODS)
    starts = range(years.min(), years.max() + 1, step)
    names = {start: f"{start}-{start + step - 1}" if step > 1 else str(start) for start in starts}
    return _crossed((years - (years - years.min()) % step).map(names), dated, names.values(), outlets)


def _crossed(periods, articles, names, outlets):
    table = pd.crosstab(periods.to_numpy(dtype=object), articles["outlet"].to_numpy(dtype=object))
    return table.reindex(index=list(names), columns=outlets, fill_value=0).rename_axis("period").rename_axis("", axis=1)


def _kinds(rejects):
    """Count problems by kind: what is quoted or numbered in them is left open."""
    columns = ["problem", "rows", "example"]
    if rejects is None or rejects.empty:
        return pd.DataFrame(columns=columns)
    kind = rejects["problem"].map(lambda problem: VARYING.sub("…", str(problem)))
    places = [
        str(file) if pd.isna(row) else f"{file}, row {int(row)}"
        for file, row in zip(rejects["file"], rejects["row"], strict=True)
    ]
    table = pd.DataFrame({"problem": kind, "example": places})
    table = table.groupby("problem", sort=False)["example"].agg(["size", "first"]).reset_index()
    table = table.set_axis(["problem", "rows", "example"], axis=1)
    return table.sort_values(["rows", "problem"], ascending=[False, True], ignore_index=True)
