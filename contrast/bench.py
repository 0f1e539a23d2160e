"""Time terms and topics beside other libraries, and measure the scorers of tone: `run.py bench`."""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from contrast.cleaning import clean
from contrast.codebook import read_codebook
from contrast.corpus import InputError, several_outlets
from contrast.polarity.bench import measure
from contrast.reading import read_corpus
from contrast.reading.account import Account
from contrast.reading.columns import choose_columns, may_be_needed
from contrast.reading.tables import cell_text, read_table, table_kind
from contrast.resampling import simulate_corpus
from contrast.terms import count_terms, keyness_of_each, word_shift
from contrast.text import sentences
from contrast.topics import simulate_topics, topic_units
from contrast.topics.bench import compare_models, growth
from contrast.words import tokenise

REPEATS = 5  # the best of so many is told: what else the machine does only ever adds
KS, SIZES = (10, 20), (1_000, 2_000, 4_000, 8_000)  # numbers of topics, and of units, to time
SECONDS, SCORE, WHOLE = "{:.1f}".format, "{:.3f}".format, "{:,.0f}".format
FORMS = {
    **dict.fromkeys(("seconds", "fold_seconds"), SECONDS),
    **dict.fromkeys(("npmi", "nmi", "stability"), SCORE),
    **dict.fromkeys(("units", "fitted_a_second", "folded_a_second"), WHOLE),
    "faster_than_tomotopy": "{:.1f} times".format,
    "model": "{:<26}".format,
}
INSTALL = "tomotopy is not installed, and not compared; to compare it: .venv/bin/pip install tomotopy"


def main(arguments: list[str]) -> int:
    """Print the timings of a corpus, or of a made-up one; give the exit code."""
    parser = argparse.ArgumentParser(prog="run.py bench", description="Time terms, or topics.")
    parser.add_argument("--corpus", type=Path, metavar="PATH", help="a folder or a file of articles; else made-up ones")
    parser.add_argument("--sentences", type=Path, metavar="FILE", help="hand-coded sentences, as NewsMTSC has them")
    parser.add_argument("--topics", action="store_true", help="time topics, beside other libraries' models")
    parser.add_argument(
        "--labels", default="topic", metavar="COLUMN", help="the column of hand-given topics, if it is not 'topic'"
    )
    options = parser.parse_args(arguments)
    try:
        if options.sentences:
            print(measure(options.sentences).to_string(index=False, float_format="{:.3f}".format))
            return 0
        if options.topics:
            return _topics(options.corpus, options.labels)
        articles = clean(read_corpus(options.corpus).articles) if options.corpus else _made_up()
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    table = timings(articles)
    words = tokenise(articles["text"]).lengths().sum()
    print(f"{len(articles):,} articles of {articles['outlet'].nunique()} outlets, {words:,} words")
    for row in table.itertuples():
        beside = f"   {row.ratio:.1f} times CountVectorizer's speed" if row.ratio == row.ratio else ""
        print(f"{row.what:<44} {row.seconds:7.2f} s {row.speed / 1e6:7.2f} million words a second{beside}")
    if memory := _memory():
        print(f"At most {memory:.2f} GB of memory in use.")
    return 0


def timings(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Time each step on some articles.

    Returns
    -------
    DataFrame
        One row a step: `what`, `seconds` (the best of `REPEATS`), `speed` (words a second), `ratio` (to the speed of
        CountVectorizer's default, for steps that count; missing for others).
    """
    from sklearn.feature_extraction.text import CountVectorizer

    units = articles.reset_index()[["article_id", "outlet", "text"]]
    stop_words = read_codebook().stopwords["word"]
    counts = count_terms(units, stop_words=stop_words)
    a, b = several_outlets(units)[:2]
    counting = {
        "scikit-learn's CountVectorizer, default": lambda: CountVectorizer().fit_transform(units["text"]),
        "counting words": lambda: count_terms(units),
        "counting runs of up to three words (5 articles)": lambda: count_terms(units, ngrams=3, min_articles=5),
    }
    steps = counting | {
        "splitting into sentences": lambda: sentences(articles),
        "keyness of every outlet against the others": lambda: keyness_of_each(counts),
        "word shift of two outlets": lambda: word_shift(counts, a, b),
        "the whole comparison: counts, keyness, shift": lambda: _compare(units, stop_words, a, b),
    }
    table = pd.DataFrame({"what": list(steps), "seconds": _best(steps.values())})
    table["speed"] = counts.units["words"].sum() / table["seconds"]
    table["ratio"] = (table["seconds"].iloc[0] / table["seconds"]).where(table["what"].isin(list(counting)))
    return table


def _topics(path, column) -> int:
    """Print how topic models compare on a corpus, or on a made-up one, and how the work grows."""
    if path:
        units = topic_units(clean(read_corpus(path).articles))
        counts = count_terms(units, stop_words=read_codebook().stopwords["word"], min_units=3)
        given = hand_given(path, column, units)
    else:
        counts, given = simulate_topics(4, 500, topics=10, terms=3_000).counts, None
    uses = int(counts.matrix.sum())
    print(f"{len(counts.units):,} units, {uses:,} uses of {len(counts.terms):,} terms, {os.cpu_count()} cores")
    if given is None:
        print(f"There is no nmi: it needs a corpus in one file, with ids and hand-given topics in column {column!r}.")
    table = compare_models(counts, given, ks=KS)
    theirs = table[table["model"].str.contains("tomotopy")].set_index("k")["seconds"]
    if len(theirs):
        table["faster_than_tomotopy"] = table["k"].map(theirs) / table["seconds"]
    else:
        print(INSTALL)
    for found in (table.dropna(axis=1, how="all"), growth(counts, KS[-1], SIZES)):
        print(f"\n{found.to_string(index=False, formatters=FORMS)}")
    return 0


def hand_given(path: Path, column: str, units: pd.DataFrame) -> pd.Series | None:
    """
    Read the hand-given label of each unit's article from a corpus in one file.

    Returns
    -------
    Series
        In the order of the units, missing where the file has none; None if it has no such column, or no ids.
    """
    if table_kind(path) is None:
        return None
    table = read_table(path, lambda name: name == column or may_be_needed(name, {}), Account(), lambda *_: None)
    chosen, _ = choose_columns(table.columns, {}, path.name)
    if column not in table.columns or "id" not in chosen:
        return None
    cells = [(cell_text(row[chosen["id"]]) or "", cell_text(row[column]) or None) for _, row in reversed(table.rows)]
    return units["article_id"].map({" ".join(name.split()): label for name, label in cells})  # of doubles the first


def _compare(units, stop_words, a, b):
    counts = count_terms(units, stop_words=stop_words)
    keyness_of_each(counts)
    word_shift(counts, a, b)


def _best(steps):
    """Give the least seconds of each step; all are taken in turn, so that a slow moment of the machine meets all."""
    spent = []
    for _ in range(REPEATS):
        clock = [time.perf_counter()]
        for step in steps:
            step()
            clock.append(time.perf_counter())
        spent.append(np.diff(clock))
    return np.min(spent, axis=0)


def _made_up():
    """Make up 2,400 articles: some two hundred, told again with other words in front."""
    made = simulate_corpus([f"Outlet {number}" for number in range(12)], articles=20, words=600).articles
    again = pd.concat([made.assign(text=f"Part{number} " + made["text"]) for number in range(10)])
    return again.set_axis([f"article-{number}" for number in range(len(again))]).rename_axis("article_id")


def _memory():
    """Give the most memory this process has held, in GB, where the system tells."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1e9 if sys.platform == "darwin" else 1e6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
