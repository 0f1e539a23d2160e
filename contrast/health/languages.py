"""Tell the language that each article is in."""

import functools

import pandas as pd
import regex

from contrast.words import words

READ = 1_000  # characters of an article, from its start
TOO_SHORT = 20  # words, and
TOO_FEW_LETTERS = 100  # letters, for those who write without blanks: from fewer the language is not told
NAMES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "it": "Italian",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
CODES = {name.lower(): code for code, name in NAMES.items()}
CODE = regex.compile(r"([a-z]{2})(?:[-_].*)?")
LETTER = regex.compile(r"\p{L}")


def languages_seen(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Count articles by the language that py3langid tells from their first `READ` characters.

    Parameters
    ----------
    articles : DataFrame
        With `outlet`, `text` and `language` (as declared; "" if unknown).

    Returns
    -------
    DataFrame
        One row an outlet and language, by outlet in the order of `articles`, the commonest language first: `outlet`,
        `language` (ISO 639-1; "" if the text is too short to tell), `articles`, `declared_other` (those of them that
        are declared to be in another language).

    References
    ----------
    Lui and Baldwin (2012), langid.py: An Off-the-shelf Language Identification Tool.
    """
    table = pd.DataFrame(
        {
            "outlet": articles["outlet"].to_numpy(dtype=object),
            "language": [_language(text[:READ]) for text in articles["text"]],
            "declared": [_declared(language) for language in articles["language"]],
        }
    )
    other = (table["declared"] != table["language"]) & (table["declared"] != "") & (table["language"] != "")
    table = table.assign(declared_other=other, articles=1, order=pd.factorize(table["outlet"])[0])
    table = table.groupby(["order", "outlet", "language"])[["articles", "declared_other"]].sum().reset_index()
    table = table.sort_values(["order", "articles", "language"], ascending=[True, False, True], ignore_index=True)
    return table.drop(columns="order")


def _declared(language):
    """Read what a table says of a language: a code ("ru", "en-GB") or its English name; "" if it is neither."""
    language = str(language).strip().lower()
    match = CODE.fullmatch(language)
    return match[1] if match else CODES.get(language, "")


def _language(text):
    text = text.encode("utf-8", "ignore").decode()
    if len(words(text)) < TOO_SHORT and len(LETTER.findall(text)) < TOO_FEW_LETTERS:
        return ""
    return _identifier().classify(text)[0]


@functools.cache
def _identifier():
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
