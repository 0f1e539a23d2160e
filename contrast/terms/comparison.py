"""Which words each outlet prefers, how surely, and what would seem so by chance."""

import itertools

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem, require_outlets
from contrast.resampling import adjusted, are_held, log_ratio_interval, permutation_score, unit_of_interval
from contrast.terms.counts import TermCounts
from contrast.terms.measures import (
    chi2,
    deviation_of_proportions,
    g2,
    g2_of_all,
    log_odds_z,
    log_ratio,
    odds_ratio,
    percent_diff,
)
from contrast.words import WORDS_PER_UNIT, tokenise, words

SURE = 0.05
REST = "the others"
MOSTLY = 0.5  # of a term's uses
RUN, SEVERAL = 5, 3  # words of a set phrase, and articles in which one recurs


def keyness(counts: TermCounts, a: str, b: str | None = None, *, min_articles: int = 3, seed: int = 0) -> pd.DataFrame:
    """
    Compare how often two outlets use each term.

    Parameters
    ----------
    counts : TermCounts
        Over sentences. Where both outlets have `resampling.MIN_ARTICLES`, the article is the unit of interval and test;
        else intervals are over sentences, describe the texts at hand alone, and there is no test.
    a, b : str
        The outlets; a positive log ratio means more in `a`. Without `b`, all others together.
    min_articles : int
        Terms found in fewer articles are not tested.
    seed : int
        Of the deals of the test.

    Returns
    -------
    DataFrame
        One row a term. Where articles are tested the smallest `p` comes first, of equals the largest `z`; else the
        surest interval, by its end nearest zero; then `g2`, then the term. Columns:

        - `term`, `printed` (as most often printed); `count_a`, `count_b`; `rate_a`, `rate_b` (per 1,000 words);
          `articles_a`, `articles_b` (that hold the term); `dp_a`, `dp_b` (`measures.deviation_of_proportions`; missing
          of an outlet's single article)
        - `log_ratio` (base 2; a count of 0 taken as 0.5) with `low`, `high` (95 %; missing if one side never uses it,
          or, over articles, in too few: `resampling.are_held`)
        - `unit` (of the interval: article or sentence)
        - `z`, `p`, `design_effect` (`resampling.permutation_score`), `q` (Benjamini and Hochberg, over terms tested)
        - `sure`: whether q is under .05, or, without a test, whether the interval leaves out an even rate
        - `g2`, `chi2`, `percent_diff`, `odds_ratio`, `log_odds_z`: the classic measures, for which words are
          independent draws

    Raises
    ------
    InputError
        If an outlet is not there, or no word is left to compare.

    References
    ----------
    Hardie (2014), Log Ratio. Dunning (1993), Accurate Methods for the Statistics of Surprise and Coincidence.
    Monroe, Colaresi and Quinn (2008), Fightin' Words. Gries (2008), Dispersions and Adjusted Frequencies in Corpora.
    Benjamini and Hochberg (1995), Controlling the False Discovery Rate.
    """
    require_pair(counts, a, b, rest=True)
    counts = _against_the_rest(counts, a) if b is None else counts.of_outlets([a, b])
    table = _compared(counts, a, REST if b is None else b, min_articles, seed)
    return in_order(table.assign(q=adjusted(table["p"])), table["unit"] == "article")


def keyness_of_each(counts: TermCounts, *, min_articles: int = 3, seed: int = 0) -> pd.DataFrame:
    """
    Compare each of several outlets with all others together; an outlet without words is left out.

    Returns
    -------
    DataFrame
        The tables of `keyness`, one after the other, with `outlet` in front; `q` is over all outlets' tests together.
    """
    tables = [
        _compared(_against_the_rest(counts, outlet), outlet, REST, min_articles, seed).assign(outlet=outlet)
        for outlet in _with_words(counts)
    ]
    return _one_family(tables, ["outlet"])


def keyness_of_pairs(counts: TermCounts, *, min_articles: int = 3, seed: int = 0) -> pd.DataFrame:
    """
    Compare each of several outlets with each other one; an outlet without words is left out.

    Returns
    -------
    DataFrame
        The tables of `keyness`, one after the other, with `a` and `b` in front; `q` is over all pairs' tests together.
    """
    tables = [
        _compared(counts.of_outlets([a, b]), a, b, min_articles, seed).assign(a=a, b=b)
        for a, b in itertools.combinations(_with_words(counts), 2)
    ]
    return _one_family(tables, ["a", "b"])


def keyness_of_all(counts: TermCounts, *, min_articles: int = 3, seed: int = 0) -> pd.DataFrame:
    """
    Ask of each term whether any of several outlets uses it at another rate than the others do.

    The test is of one outlet against the rest, for each outlet, and as many times less sure as there are outlets
    (Bonferroni's correction), which holds however these tests hang together.

    Returns
    -------
    DataFrame
        One row a term, the smallest `p` first, then the largest `g2`: `term`, `printed`, `outlet` (that differs most
        surely from the others), `log_ratio` (of it to them; both missing where nothing is tested), `p`, `q` (Benjamini
        and Hochberg, over terms; missing as in `keyness`), `sure` (q under .05), `g2` (over all outlets: it takes words
        for independent), `df`.

    References
    ----------
    Dunn (1961), Multiple Comparisons Among Means.
    """
    each = keyness_of_each(counts, min_articles=min_articles, seed=seed)
    outlets = list(dict.fromkeys(each["outlet"]))
    surest = each.assign(lead=_sortable(each["p"]), far=-each["z"].abs().round(9))
    surest = surest.sort_values(["term", "lead", "far"], kind="stable").drop_duplicates("term")
    table = surest[["term", "printed", "outlet", "log_ratio"]].reset_index(drop=True)
    table["p"] = (len(outlets) * surest["p"]).clip(upper=1).to_numpy()
    table.loc[table["p"].isna(), ["outlet", "log_ratio"]] = np.nan
    table["q"] = adjusted(table["p"])
    sides = [_side(counts, outlet) for outlet in outlets]
    uses = np.stack([np.asarray(matrix.sum(axis=0)).ravel() for matrix, _ in sides])
    all_g2 = pd.Series(g2_of_all(uses, np.array([words.sum() for _, words in sides])), index=counts.terms)
    table = table.assign(sure=table["q"] < SURE, g2=table["term"].map(all_g2), df=len(outlets) - 1)
    keys = pd.DataFrame({"p": _sortable(table["p"]), "g2": -table["g2"].round(9)})
    return table.loc[keys.assign(term=table["term"]).sort_values(["p", "g2", "term"]).index].reset_index(drop=True)


def flag_terms(
    keyness: pd.DataFrame, counts: TermCounts, a: str, b: str, without: TermCounts, articles: pd.DataFrame
) -> pd.DataFrame:
    """
    Mark terms that may tell of the site, or of a single article, and not of the coverage.

    Parameters
    ----------
    keyness : DataFrame
        Of `a` and `b`.
    counts : TermCounts
        That it was made from.
    a, b : str
    without : TermCounts
        The same articles without their furniture.
    articles : DataFrame
        The articles themselves, with `outlet` and `text`.

    Returns
    -------
    DataFrame
        `keyness` with `flag`: "furniture" (most uses on the term's side stand in pieces that the outlet prints again
        and again), "its own name" (a word of the outlet's name), "set phrase" (most uses there stand in runs of
        `RUN` words that recur in `SEVERAL` of its articles, and in one of a hundred), "mostly one article" (of more
        than two uses there most stand in one of several articles), or "".
    """
    flags = pd.Series("", index=keyness.index)
    side_of = preferring(keyness)
    for outlet, side in ((b, side_of == "b"), (a, side_of == "a")):
        each = counts.of_outlets([outlet]).by_article()
        uses = pd.Series(np.asarray(each.matrix.sum(axis=0)).ravel(), index=each.terms)
        most = pd.Series(each.matrix.max(axis=0).toarray().ravel(), index=each.terms)
        rest = without.of_outlets([outlet])
        left = pd.Series(np.asarray(rest.matrix.sum(axis=0)).ravel(), index=rest.terms).reindex(uses.index).fillna(0)
        terms = keyness.loc[side, "term"]
        if each.matrix.shape[0] > 1:
            in_one = (most > MOSTLY * uses) & (uses > 2)
            flags.loc[terms.index[terms.map(in_one).fillna(False).astype(bool)]] = "mostly one article"
        in_phrases = _share_in_phrases(articles.loc[articles["outlet"] == outlet, "text"])
        flags.loc[terms.index[terms.map(in_phrases > MOSTLY).fillna(False).astype(bool)]] = "set phrase"
        flags.loc[terms.index[terms.isin(words(outlet))]] = "its own name"
        flags.loc[terms.index[terms.map(left < MOSTLY * uses).fillna(False).astype(bool)]] = "furniture"
    return keyness.assign(flag=flags)


def preferring(keyness: pd.DataFrame) -> pd.Series:
    """
    Tell of each term of `keyness` which side, "a" or "b", uses it more, or alone; "" where both use it alike.

    The sign of the log ratio does not tell it of words of one side alone, as it takes none for half a use.
    """
    alone = [keyness["count_b"] == 0, keyness["count_a"] == 0, keyness["log_ratio"] > 0, keyness["log_ratio"] < 0]
    return pd.Series(np.select(alone, ["a", "b", "a", "b"], ""), index=keyness.index)


def _share_in_phrases(texts: pd.Series) -> pd.Series:
    """Give what share of each word's uses stands in runs of words that recur in several texts."""
    tokens = tokenise(texts)
    text = np.repeat(np.arange(len(texts)), tokens.lengths())
    first = np.arange(max(len(text) - RUN + 1, 0))
    first = first[text[first] == text[first + RUN - 1]]
    run = tokens.ids[first].astype(np.int64)
    for step in range(1, RUN):
        run = pd.factorize(run * len(tokens.terms) + tokens.ids[first + step])[0]
    held = np.bincount(
        np.unique(run * len(texts) + text[first]) // max(len(texts), 1), minlength=run.max(initial=-1) + 1
    )
    recurs = first[held[run] >= max(SEVERAL, len(texts) / 100)]
    inside = np.zeros(len(text), dtype=bool)
    for step in range(RUN):
        inside[recurs + step] = True
    uses, many = np.bincount(tokens.ids[inside], minlength=len(tokens.terms)), np.bincount(tokens.ids)
    return pd.Series(uses / many, index=tokens.terms)


def sure_by_chance(counts: TermCounts, a: str, b: str, *, repeats: int = 50, seed: int = 0) -> np.ndarray:
    """
    Count the words whose interval leaves out an even rate though the outlets do not differ: units are dealt at random.

    Where intervals are over sentences these are the words that `keyness` calls sure; over articles it tests them.

    Parameters
    ----------
    counts : TermCounts
        As for `keyness`.
    a, b : str
    repeats, seed : int
        How often units (articles, or sentences, as `keyness` takes them) change outlets, and the seed of the deals.

    Returns
    -------
    array of int
        In each deal, how many terms have an interval that leaves out an even rate.
    """
    require_pair(counts, a, b)
    over = _units(counts.of_outlets([a, b]), a, b)[1]
    random = np.random.default_rng(seed)
    labels = over.units["outlet"].to_numpy()
    found = []
    for _ in range(repeats):
        dealt = over._replace(units=over.units.assign(outlet=random.permutation(labels)))
        found.append(int(leaves_out_even(log_ratio_interval(*_side(dealt, a), *_side(dealt, b))).sum()))
    return np.array(found)


def require_pair(counts: TermCounts, a: str, b: str | None, *, rest: bool = False) -> None:
    """Refuse outlets that are not there, have no words, or are one and the same; with `rest`, all others may be `b`."""
    used, asked = counts.units.loc[counts.units["words"] > 0, "outlet"], [a] if b is None else [a, b]
    problem = ""
    if b is None and not rest:
        problem, remedy = f"there is no outlet to compare {a!r} with.", "Name two outlets."
    elif not len(used):
        problem, remedy = "there is no word to compare.", "Add articles."
    elif b is None and set(used) == {a}:
        problem, remedy = f"all words are of {a!r}.", "A comparison needs two outlets."
    elif b is None and REST in set(used):
        problem, remedy = f"an outlet is called {REST!r}, as all others together are.", "Name it otherwise."
    elif a == b:
        problem, remedy = f"{a!r} is to be compared with itself.", "Name two outlets."
    if problem:
        raise InputError([Problem("the corpus", None, problem, remedy)])
    for outlet in asked:
        if (counts.units["outlet"] == outlet).any() and not (used == outlet).any():
            what, remedy = f"no article of {outlet!r} holds a word.", "Leave it out, or add articles."
            raise InputError([Problem("the corpus", None, what, remedy)])
    require_outlets(asked, used)


def leaves_out_even(intervals: pd.DataFrame) -> pd.Series:
    """Tell which intervals of a log ratio, `low` to `high`, lie on one side of even."""
    return (intervals["low"].round(9) > 0) | (intervals["high"].round(9) < 0)


def _compared(counts, a, b, min_articles, seed):
    """Give the columns of `keyness` but for those that hang on the order and on the other tests."""
    if not len(counts.terms):
        remedy = "Add articles, or take words off the stop list."
        raise InputError([Problem("the corpus", None, "no word is left to compare.", remedy)])
    unit, over, articles = _units(counts, a, b)
    side_a, side_b = (_side(over, outlet) for outlet in (a, b))
    held_a, held_b = (_side(articles, outlet) for outlet in (a, b))
    total_a, total_b = side_a[1].sum(), side_b[1].sum()
    count_a, count_b = (np.asarray(side[0].sum(axis=0)).ravel() for side in (side_a, side_b))
    cells = (count_a, count_b, total_a, total_b)
    table = pd.DataFrame(
        {
            "term": counts.terms,
            "printed": counts.printed,
            "count_a": count_a.astype(int),
            "count_b": count_b.astype(int),
            "rate_a": WORDS_PER_UNIT * count_a / total_a,
            "rate_b": WORDS_PER_UNIT * count_b / total_b,
            "articles_a": np.asarray((held_a[0] > 0).sum(axis=0)).ravel(),
            "articles_b": np.asarray((held_b[0] > 0).sum(axis=0)).ravel(),
            **{f"dp_{side}": _dispersion(*held) for side, held in (("a", held_a), ("b", held_b))},
            "log_ratio": log_ratio(*cells),
        }
    )
    table = table.join(log_ratio_interval(*side_a, *side_b)).assign(unit=unit, z=np.nan, p=np.nan, design_effect=np.nan)
    if unit == "article":
        is_held = are_held(table["articles_a"], table["articles_b"], *(held[0].shape[0] for held in (held_a, held_b)))
        table.loc[~is_held, ["low", "high"]] = np.nan
    tested = np.flatnonzero(table["articles_a"] + table["articles_b"] >= min_articles)
    if unit == "article" and len(tested):
        is_a = (articles.units["outlet"] == a).to_numpy()
        score = permutation_score(articles.matrix[:, tested], articles.units["words"].to_numpy(), is_a, seed=seed)
        table.loc[tested, ["z", "p", "design_effect"]] = score.to_numpy()
    classic = {measure.__name__: measure(*cells) for measure in (g2, chi2, percent_diff, odds_ratio, log_odds_z)}
    return table.assign(**classic)


def _dispersion(counts, sizes):
    """Give DP over an outlet's articles; a single article tells nothing of it."""
    return deviation_of_proportions(counts, sizes) if len(sizes) > 1 else np.nan


def _with_words(counts) -> list[str]:
    """List the outlets that have words; refuse to compare fewer than two."""
    outlets = list(dict.fromkeys(counts.units.loc[counts.units["words"] > 0, "outlet"]))
    require_pair(counts, outlets[0] if outlets else "", None, rest=True)
    return outlets


def _sortable(p: pd.Series) -> pd.Series:
    """Give p, a missing one last, in a form that is in the same order on every processor."""
    return np.log(p.fillna(1).clip(1e-300)).round(9)


def _one_family(tables, names):
    """Correct the tests of several tables together, and put the names of what was compared in front."""
    table = pd.concat(tables, ignore_index=True)
    table["q"] = adjusted(table["p"])
    parts = [in_order(part, part["unit"] == "article") for _, part in table.groupby(names, sort=False)]
    table = pd.concat(parts, ignore_index=True)
    return table[[*names, *(name for name in table if name not in names)]]


def in_order(table: pd.DataFrame, is_tested: pd.Series | bool) -> pd.DataFrame:
    """Say what is `sure`, and order by the tests' p, or, where there is no test, by the interval farthest from even."""
    table = table.assign(sure=np.where(is_tested, table["q"] < SURE, leaves_out_even(table)))
    bound = np.where(table["low"] > 0, table["low"], np.where(table["high"] < 0, -table["high"], 0))
    lead = np.where(is_tested, table["z"].abs().fillna(0), bound)
    keys = pd.DataFrame(
        {"p": _sortable(table["p"]), "lead": -lead.round(9), "g2": -table["g2"].round(9), "term": table["term"]}
    )
    columns = list(table)
    columns.insert(columns.index("p") + 1, columns.pop(columns.index("q")))
    columns.insert(columns.index("g2"), columns.pop(columns.index("sure")))
    return table.loc[keys.sort_values(["p", "lead", "g2", "term"]).index, columns].reset_index(drop=True)


def _against_the_rest(counts, outlet):
    counts = counts.of_outlets(counts.units["outlet"].unique())
    return counts._replace(units=counts.units.assign(outlet=counts.units["outlet"].where(lambda o: o == outlet, REST)))


def _units(counts, a, b):
    """Give the unit of the interval, the counts over it, and the counts over articles."""
    articles = counts.by_article()
    unit = unit_of_interval(articles.units["outlet"].value_counts()[[a, b]])
    return unit, articles if unit == "article" else counts, articles


def _side(counts, outlet):
    rows = np.flatnonzero(counts.units["outlet"] == outlet)
    return counts.matrix[rows], counts.units["words"].to_numpy()[rows]
