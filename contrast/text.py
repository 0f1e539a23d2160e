"""What a paragraph, a sentence and a word are: the one definition that every count in the project rests on."""

import unicodedata
from collections.abc import Iterator

import pandas as pd
import regex

PARAGRAPH = regex.compile(r"[^\n\r\u2028\u2029]*[^\s][^\n\r\u2028\u2029]*")
WORD = regex.compile(r"(?<![\p{L}\p{N}\p{M}_])\p{L}[\p{L}\p{M}]*+(?:['’‐‑-]\p{L}[\p{L}\p{M}]*+)*+(?![\p{N}_])")
ONE_TYPING = str.maketrans("’‐‑", "'--")
WORDS_PER_UNIT = 1000  # every rate in the project is per this many words


def word_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """
    Find the words of a text, each with its start and end.

    A word is a run of letters, with apostrophes and hyphens inside it; it comes back lower-cased, in Unicode's composed
    form, with one typing of apostrophe and hyphen, so that the same word of two outlets is the same string. Numbers,
    and letters joined to digits ("7th"), are no words.

    >>> [word for word, _, _ in word_spans("Jabhat al-Nusra won’t, on March 7th, accept no. 2254.")]
    ['jabhat', 'al-nusra', "won't", 'on', 'march', 'accept', 'no']
    """
    for match in WORD.finditer(text):
        word = match.group()
        if not word.isascii():
            word = unicodedata.normalize("NFC", word).translate(ONE_TYPING)
        yield word.lower(), match.start(), match.end()


def words(text: str) -> list[str]:
    """
    List the words of a text, in order; see `word_spans` for what a word is.

    >>> words("Syria’s future")
    ["syria's", 'future']
    """
    return [word for word, _, _ in word_spans(text)]


def paragraphs(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Split articles into paragraphs: the lines of the clean text.

    Returns
    -------
    DataFrame
        One row a paragraph: `article_id`, `outlet`, `paragraph` (from 0), `start` and `end` (offsets into the article's
        `text`), `text`.
    """
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
    for article_id, part in paragraphs(articles).groupby("article_id", sort=False):
        number = 0
        for line in part.itertuples():
            for start, end in nupunkt.sent_spans(line.text):
                text = line.text[start:end]
                start += len(text) - len(text.lstrip())
                text = text.strip()
                at = line.start + start
                if text:
                    place = (article_id, line.outlet, line.paragraph, number, at, at + len(text))
                    rows.append((*place, text, len(words(text))))
                    number += 1
    columns = ["article_id", "outlet", "paragraph", "sentence", "start", "end", "text", "words"]
    return pd.DataFrame(rows, columns=columns)


def describe_outlets(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Count what the corpus holds of each outlet.

    Returns
    -------
    DataFrame
        One row an outlet (the index), in the order of `articles`: `articles`, `paragraphs`, `sentences`, `words`, and
        the dates of its `first` and `last` article.
    """
    by = {"by": "outlet", "sort": False}
    found = sentences(articles).groupby(**by)
    dates = articles.groupby(**by)["date"]
    table = pd.DataFrame(
        {
            "articles": articles.groupby(**by).size(),
            "paragraphs": paragraphs(articles).groupby(**by).size(),
            "sentences": found.size(),
            "words": found["words"].sum(),
            "first": dates.min(),
            "last": dates.max(),
        }
    )
    return table.loc[articles["outlet"].unique()]
