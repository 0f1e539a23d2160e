"""Foretell what each notebook will be able to say of a corpus, and what a run on it will take."""

from collections.abc import Iterator

import pandas as pd

from contrast.codebook import Codebook
from contrast.corpus import group_outlets, known_days
from contrast.health.flags import ODD, few, main_languages, stripped
from contrast.resampling import MIN_ARTICLES, unit_of_interval
from contrast.stance.search import matches
from contrast.text import rows_of
from contrast.topics import ENOUGH_ARTICLES
from contrast.topics.shares import FEWEST
from contrast.wording import number_of
from contrast.words import words

STOP_WORDS = 0.25  # of the words; in English news about 0.45 are on the stop list
OPENING = 2_000  # characters of an article in which they are counted
COMPARED = {"02_terms": 2, "03_topics": 4, "04_stance": 4}  # outlets set side by side; beyond, the rest are one

# A line through `run.py report` on 75, 600 and 2,652 articles (0.02, 0.65 and 2.5 million words) of up to twelve
# outlets, on two cores: 13, 57 and 156 seconds. Memory in all processes: 1.1 to 2.3 GB.
SECONDS, SECONDS_PER_MILLION = 20, 55
GIGABYTES, GIGABYTES_PER_MILLION = 1.05, 0.48


def forecast(
    articles: pd.DataFrame, outlets: pd.DataFrame, languages: pd.DataFrame, sample: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """
    Say what each notebook will be able to tell of these articles.

    Parameters
    ----------
    articles : DataFrame
        Without those that an outlet printed twice, which the notebooks leave out.
    outlets, languages : DataFrame
        As `examine` gives them.
    sample : DataFrame
        The articles in which stop words and targets are looked for.
    codebook : Codebook

    Returns
    -------
    DataFrame
        One row a sentence, in order: `notebook`, `sentence`.
    """
    main = main_languages(languages)
    foreign = [outlet for outlet in outlets.index if main.get(outlet, "en") != "en"]
    said = {"01_corpus": list(_on_corpus(outlets))}
    if len(outlets) < 2:
        said |= {notebook: ["Can't run: it compares outlets, and there is one."] for notebook in COMPARED}
        said["06_how_sure"] = _on_sureness(articles)
    else:
        grouped = {notebook: group_outlets(articles, most) for notebook, most in COMPARED.items()}
        said["02_terms"] = _on_terms(grouped["02_terms"], foreign, sample, codebook)
        said["03_topics"] = _on_topics(grouped["03_topics"], foreign)
        said["04_stance"] = _on_stance(grouped["04_stance"], outlets, foreign, sample, codebook)
        said["06_how_sure"] = _on_sureness(articles)
    rows = [(notebook, sentence) for notebook, sentences in said.items() for sentence in sentences]
    return pd.DataFrame(rows, columns=["notebook", "sentence"])


def estimate_run(words: int) -> pd.Series:
    """
    Estimate what `run.py report` takes for so many words, on two cores: a start and a part in proportion.

    Returns
    -------
    Series
        `minutes`, `gigabytes` (of memory, all notebooks together).
    """
    millions = words / 1_000_000
    return pd.Series(
        {
            "minutes": (SECONDS + SECONDS_PER_MILLION * millions) / 60,
            "gigabytes": GIGABYTES + GIGABYTES_PER_MILLION * millions,
        }
    )


def _on_corpus(outlets) -> Iterator[str]:
    undated = outlets["undated"].sum()
    if undated == outlets["articles"].sum():
        yield "No timeline, for no article has a date."
    elif undated:
        yield f"The timeline leaves out {number_of(undated, 'article')} without a date."
    else:
        yield "The timeline shows every article, for all have a date."


def _on_terms(grouped, foreign, sample, codebook) -> Iterator[str]:
    first, second = dict.fromkeys(grouped["outlet"])
    yield f"Sets {first} against {second}. {_unit(grouped)}"
    exact = grouped[known_days(grouped).notna()]
    days = exact.groupby("date")["outlet"].nunique()
    shared = exact["date"].isin(days.index[days > 1]).sum()
    if exact.empty:
        yield "No comparison by day, for no day is known."
    elif shared:
        yield f"{shared:,} articles share a day with one of the other side, and can be compared like with like."
    else:
        yield "No comparison by day, for no day has articles of both sides."
    if foreign:
        yield f"The stop list and the rules for sentences are for English, and do not fit {few(foreign)}."
    if misfits := _misfits(sample, foreign, codebook):
        yield f"Under {STOP_WORDS:.0%} of the words are on the stop list: {few(misfits)}."


def _misfits(sample, foreign, codebook):
    """Give the outlets in English few of whose words are on the stop list."""
    stop = frozenset(codebook.stopwords["word"])
    uses = [[word in stop for word in words(text[:OPENING])] for text in sample["text"]]
    counts = pd.DataFrame({"on": [sum(one) for one in uses], "of": [len(one) for one in uses]})
    counts = counts.groupby(sample["outlet"].to_numpy(dtype=object), sort=False).sum()
    return [name for name in counts.index[counts["on"] < STOP_WORDS * counts["of"]] if name not in foreign]


def _on_topics(grouped, foreign) -> Iterator[str]:
    outlet, least = _fewest(grouped)
    if least < ENOUGH_ARTICLES:
        needed = f"{outlet} has {number_of(least, 'article')}"
        if least < FEWEST:
            yield f"Topics of paragraphs, an illustration only: {needed} of the {FEWEST} that an interval needs."
        else:
            yield f"Topics of paragraphs, not yet of whole articles: {needed} of the {ENOUGH_ARTICLES} needed."
    else:
        yield "Topics of whole articles; shares have intervals where topics last when refitted."
    if foreign:
        yield f"The stop list does not fit {few(foreign)}: topics may gather particles."


def _on_stance(grouped, outlets, foreign, sample, codebook) -> Iterator[str]:
    labels = list(dict.fromkeys(codebook.targets["label"]))
    named = _named(sample["text"], codebook.targets)
    found = [label for label in labels if label in named]
    never = [label for label in labels if label not in found]
    searched = f"in {len(sample):,} articles" if len(sample) < len(grouped) else "in the articles"
    if not found:
        yield f"None of the codebook's {len(labels)} targets is named {searched}: name yours in codebook/targets.csv."
    else:
        other = f"; never {few(never)}" if never else ""
        yield f"Named {searched}: {len(found)} of the codebook's {len(labels)} targets{other}."
    yield _unit(grouped)
    unread = set(stripped(outlets, "no_quotes")) | set(outlets.index[outlets["odd_quotes"] > ODD * outlets["long"]])
    if unread:
        names = few([name for name in outlets.index if name in unread])
        yield f"Quotation marks are missing or unread in {names}: quoted words pass for the outlet's."
    if foreign:
        yield f"Its names, verbs and marks of distance are English, and do not fit {few(foreign)}."


def _on_sureness(articles) -> Iterator[str]:
    sizes = articles["outlet"].value_counts(sort=False)
    enough = sizes.index[sizes >= 2 * MIN_ARTICLES]
    if len(enough):
        yield f"Splits {few(list(enough))} in random halves, to see what is found where nothing differs."
    else:
        yield f"No outlet has {2 * MIN_ARTICLES} articles to split in halves: made-up counts alone."


def _named(texts, targets) -> set[str]:
    """Give the labels of the targets that are mentioned, as `find_mentions` finds them."""
    patterns, labels, named = list(rows_of(targets, "pattern", "exclude")), targets["label"].tolist(), set()
    for text in texts:
        named.update(labels[row] for _, _, row in matches(text, patterns))
        if named >= set(labels):
            break
    return named


def _unit(grouped):
    counts = grouped["outlet"].value_counts(sort=False)
    if unit_of_interval(counts) == "article":
        return "Intervals are over articles, and speak of the outlets."
    outlet, least = _fewest(grouped)
    needed = f"{outlet} has {number_of(least, 'article')} of the {MIN_ARTICLES} needed"
    small = list(counts.index[counts < MIN_ARTICLES])
    hint = f" Without {few(small)} they would be over articles: use --outlets." if len(counts) - len(small) >= 2 else ""
    return f"Intervals are over sentences, and speak of these texts alone: {needed}.{hint}"


def _fewest(grouped):
    counts = grouped["outlet"].value_counts(sort=False)
    return counts.idxmin(), int(counts.min())
