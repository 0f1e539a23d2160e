"""The tone of words by VADER's lexicon, as it is and without what has no tone in news."""

import functools

import regex

MASK = "_"  # stands where a name stood: no letter, so no word
NO_TONE = {  # words that VADER rates and that news uses in names of offices, or without any tone
    *("care", "defence", "defense", "intelligence", "interest", "justice", "like", "no", "number", "party"),
    *("security", "share", "special", "supreme", "top", "united", "want", "well"),
}
NAME = regex.compile(r"(?<=(?:^|[\p{L}\p{N}_,’']) )\p{Lu}[\p{L}\p{M}’'-]*")
HEADLINE = 0.5  # of the words: where more are capitalised they are no names
SLOPE = 10  # words from the mention at which a word's valence counts half


@functools.cache
def valences(*, in_news: bool = False) -> dict[str, float]:
    """
    Give VADER's valence of each word (-4 to 4); `in_news` leaves out the words of `NO_TONE`.

    References
    ----------
    Hutto and Gilbert (2014), VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text.
    """
    return {word: value for word, value in _vader(False).lexicon.items() if not (in_news and word in NO_TONE)}


def tone(text: str, *, in_news: bool = False) -> float:
    """
    Give VADER's compound score of a text, -1 to 1; `in_news` takes no tone from the words of `NO_TONE`.

    >>> tone("The United States hailed a great success."), tone("United States", in_news=True)
    (0.91, 0.0)
    """
    return _vader(in_news).polarity_scores(text)["compound"]


def without_names(text: str) -> str:
    """
    Mask capitalised words inside a sentence: names, such as that of a Department of Justice, have no tone.

    >>> without_names("Critics praised the Freedom Party")
    'Critics praised the _ _'
    """
    if len(NAME.findall(text)) > HEADLINE * len(text.split()):
        return text
    return NAME.sub(MASK, text)


def tone_by_sign(words: list[str], valence: dict[str, float]) -> tuple[float, float]:
    """Sum up the good and the bad valences of words that lead away from a mention; near ones count more."""
    found = [valence.get(word, 0.0) / (1 + place / SLOPE) for place, word in enumerate(words)]
    return sum(value for value in found if value > 0), -sum(value for value in found if value < 0)


@functools.cache
def _vader(in_news):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()
    if in_news:
        vader.lexicon = valences(in_news=True)
    return vader
