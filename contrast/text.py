"""What a paragraph and a sentence are: the one definition that every count in the project rests on."""

import hashlib
from collections.abc import Iterable

import pandas as pd
import regex

from contrast.corpus import require
from contrast.progress import progress_bar
from contrast.words import tokenise

PARAGRAPH = regex.compile(r"[^\n\r\u2028\u2029]*[^\s][^\n\r\u2028\u2029]*")


def paragraphs(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Split articles into paragraphs: the lines of the clean text.

    Returns
    -------
    DataFrame
        One row a paragraph: `article_id`, `outlet`, `paragraph` (from 0), `start` and `end` (offsets into the article's
        `text`), `text`.
    """
    require(articles, "outlet", "text")
    rows = [
        (article.Index, article.outlet, number, match.start(), match.end(), match.group())
        for article in articles.itertuples()
        for number, match in enumerate(PARAGRAPH.finditer(article.text))
    ]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "paragraph", "start", "end", "text"])


def sentences(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Split articles into sentences with nupunkt's English model; none runs over a paragraph's end.

    Returns
    -------
    DataFrame
        One row a sentence: `article_id`, `outlet`, `paragraph`, `sentence` (both from 0 in each article), `start` and
        `end` (offsets into the article's `text`), `text`, `words` (how many it holds).

    References
    ----------
    Kiss and Strunk (2006), Unsupervised Multilingual Sentence Boundary Detection.
    """
    import nupunkt

    rows = []
    lines = paragraphs(articles).groupby("article_id", sort=False)
    for article_id, part in progress_bar("Splitting into sentences", " articles", lines.ngroups, over=lines):
        number = 0
        for line in part.itertuples():
            for start, end in nupunkt.sent_spans(line.text):
                text = line.text[start:end]
                start += len(text) - len(text.lstrip())
                text = text.strip()
                at = line.start + start
                if text:
                    rows.append((article_id, line.outlet, line.paragraph, number, at, at + len(text), text))
                    number += 1
    table = pd.DataFrame(rows, columns=["article_id", "outlet", "paragraph", "sentence", "start", "end", "text"])
    return table.assign(words=tokenise(table["text"]).lengths())


def rows_of(table: pd.DataFrame, *columns: str) -> Iterable[tuple]:
    """Go through a table's rows as plain tuples of some columns."""
    return zip(*(table[column].tolist() for column in columns), strict=True)


def text_hash(text: str) -> str:
    """Give what tells whether a text is still the one that was read: 16 digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def describe_outlets(articles: pd.DataFrame, sentences: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Count what the corpus holds of each outlet.

    Returns
    -------
    DataFrame
        One row an outlet (the index), in the order of `articles`: `articles`, `paragraphs`, `sentences` (where they are
        given), `words`, and the dates of its `first` and `last` article.
    """
    require(articles, "outlet", "date", "text")
    lines = articles["text"].map(lambda text: len(PARAGRAPH.findall(text)))
    table = articles[["outlet", "date"]].assign(lines=lines, words=tokenise(articles["text"]).lengths())
    described = table.groupby("outlet", sort=False).agg(
        articles=("words", "size"),
        paragraphs=("lines", "sum"),
        words=("words", "sum"),
        first=("date", "min"),
        last=("date", "max"),
    )
    if sentences is not None:
        described.insert(2, "sentences", sentences.groupby("outlet").size())
    return described
