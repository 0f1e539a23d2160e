"""How much of its words an outlet gives to each topic, how sure that is, and how far two outlets differ."""

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem, known_days, require, require_outlets, several_outlets
from contrast.resampling import adjusted
from contrast.topics.model import DIGITS, Topics, take_units
from contrast.topics.projection import (
    DRAWS,
    UNITS,
    Pool,
    contrast_of,
    deal_units,
    design_effect,
    draw_mixtures,
    draw_units,
    influence,
    interval_apart,
    interval_of,
    known_pools,
    mixture_of,
    pool_articles,
)

PLURAL = {"article": "articles", "story": "stories", "day": "days", "week": "weeks"}
KEYS = {"outlet": ["outlet"], "month": ["outlet", "month"], "article_id": ["article_id"]}
ENOUGH_UNITS = 20  # of each outlet, of the unit that is chosen
FEWEST = 5  # articles, and units, with fewer of which there is no interval
UNSTABLE = "the topic does not last when refitted"


def prevalence(
    topics: Topics,
    by: str = "outlet",
    unit: str = "article",
    *,
    unstable: Iterable[int] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Measure how much of an outlet's words each topic takes, by pooled projection, with a cluster bootstrap.

    The word shares of a group's articles are averaged, and the one mixture of topics that explains them best (in
    Kullback and Leibler's sense) is solved for. The bootstrap draws units anew: what is not independent, several
    articles on one story or of one week, has to be one unit. Each draw's mixture is found by Newton steps from the
    mixture of all. The interval is Wilson's, for as many independent articles as the draws' variance is worth: near 0
    percentiles of draws hold the truth too seldom.

    The interval is of the sampling alone: it takes the topics for given. Where a unit is of several outlets (a week)
    all units are drawn together, so that an outlet has more articles in one draw than in another.

    Parameters
    ----------
    topics : Topics
    by : {"outlet", "month", "article_id"}
        "month" is of each outlet, of the articles whose day is known. Articles have no interval.
    unit : {"article", "story", "day", "week"}
        What is drawn. Stories are the column `story` of the units (`stories.find_stories` gives one); articles without
        a story, or a date, are units of their own.
    unstable : iterable of int
        Topics that get no interval.
    draws, seed : int
        Without draws there is no interval.

    Returns
    -------
    DataFrame
        One row a group and topic: the group's column (and `outlet`), `topic`, `share` (a group's add to 1), `low`,
        `high` (95 %), `design_effect` (the variance over that of independent articles), `articles`, `units`, `reason`
        (why there is no interval, or "").

    Raises
    ------
    InputError
        If there is no such grouping or unit, or the dates or stories that it needs are missing.

    References
    ----------
    Hopkins and King (2010), A Method of Automated Nonparametric Content Analysis for Social Science.
    Davison and Hinkley (1997), Bootstrap Methods and Their Application, section 3.8 (cluster sampling).
    Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference.
    Korn and Graubard (1998), Confidence Intervals for Proportions with Small Expected Number of Positive Counts
    Estimated from Survey Data (effective sample size).
    """
    if by not in KEYS:
        what, remedy = f"there is no grouping {by!r}.", f"Use one of {', '.join(KEYS)}."
        raise InputError([Problem("by", None, what, remedy)])
    pool, keys, sides, tables = pool_articles(topics, unit), KEYS[by], [], []
    if by == "month" and pool.articles["month"].isna().all():
        raise InputError([Problem("the corpus", None, "no article has a date.", "Group by outlet.")])
    for part in [pool] if by == "outlet" else pool.groups(keys).values():
        sides += draw_sides(part, topics, unit, draws=draws, seed=seed).values()
    for side in sides:
        table = pd.DataFrame({"topic": np.arange(1, len(side.share) + 1), "share": side.share, "design_effect": np.nan})
        table = table.assign(**side.pool.articles[list({"outlet", *keys})].iloc[0])
        table[["low", "high"]] = side.ends
        if not side.reason:
            table["design_effect"] = design_effect(influence(side.pool, topics, side.share), side.pool.clusters())
        units = side.pool.articles["cluster"].nunique()
        tables.append(table.assign(articles=len(side.pool.articles), units=units, reason=side.reason))
    columns = [*keys, *({"outlet"} - {*keys}), "topic", "share", "low", "high", "design_effect"]
    table = _spare(pd.concat(tables, ignore_index=True), unstable)
    table = table[[*columns, "articles", "units", "reason"]].round(DIGITS)
    return _outlet_by_outlet(table.sort_values("month", kind="stable"), pool.articles) if by == "month" else table


def share_grid(topics: Topics, articles: pd.DataFrame, *, most: int = 40) -> pd.DataFrame:
    """
    Give the topic shares of each article, or of months where there are more articles than columns have room.

    Months are those of which every outlet has `FEWEST` articles whose day is known; if too many, the ones with most.

    Parameters
    ----------
    topics : Topics
    articles : DataFrame
        By article_id, with `date` and `date_precision`, as `load_corpus` gives them.
    most : int
        Columns of all outlets.

    Returns
    -------
    DataFrame
        One row a column and topic, outlet by outlet and by date: `outlet`, `column` (date as far as it is known, else
        the article's name; or the month), `topic`, `share`; empty if no month will do.

    Raises
    ------
    InputError
        If a column is missing, dates are none, or articles that the topics were fitted to are not there.
    """
    require(articles, "outlet", "date", "date_precision")
    units = topics.counts.units
    for lost in units["article_id"][~units["article_id"].isin(articles.index)].head(1):
        problem, remedy = f"article {lost!r} of the topics is not there.", "Give those the topics were fitted to."
        raise InputError([Problem("the articles", None, problem, remedy)])
    if units["article_id"].nunique() <= most:
        table = prevalence(topics, by="article_id", draws=0)
        known = articles.loc[table["article_id"]]
        form = known["date_precision"].map({"day": "%Y-%m-%d", "month": "%Y-%m"}).fillna("%Y")
        dates = [
            name if pd.isna(date) else date.strftime(pattern)
            for name, date, pattern in zip(known.index, known["date"], form, strict=True)
        ]
        table = table.assign(column=dates, date=known["date"].to_numpy()).sort_values(["date", "article_id"])
        return _outlet_by_outlet(table, units)[["outlet", "column", "topic", "share"]]
    month = known_days(articles).dt.strftime("%Y-%m")
    sizes = pd.crosstab(month, articles["outlet"]).reindex(columns=articles["outlet"].unique(), fill_value=0)
    full = sizes[(sizes >= FEWEST).all(axis=1)].sum(axis=1).sort_values(ascending=False, kind="stable")
    rows = np.flatnonzero(units["article_id"].map(month).isin(full.index[: most // sizes.shape[1]]))
    if not len(rows):
        return pd.DataFrame(columns=["outlet", "column", "topic", "share"])
    part = topics._replace(counts=take_units(topics.counts, rows), unit_share=topics.unit_share[rows])
    table = prevalence(part, by="month", draws=0).rename(columns={"month": "column"})
    return _outlet_by_outlet(table, units)[["outlet", "column", "topic", "share"]]


def prevalence_differences(
    topics: Topics,
    unit: str = "article",
    *,
    pairs: Iterable[tuple[str, str]] | None = None,
    unstable: Iterable[int] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Compare the topic shares of outlets, with an interval and a permutation test over the same units.

    Units that hold articles of both outlets (a week, a story) are drawn as wholes. The test asks how far the outlets'
    means of what each article adds to a share (its influence on the mixture of both together) lie apart. Where no unit
    is of both outlets the units are dealt to them anew, as many to each as it had; else the sign of each unit's part in
    the difference is random (`projection.deal_units`).

    Parameters
    ----------
    topics : Topics
    unit : {"article", "story", "day", "week"}
    pairs : iterable of pairs of outlets, optional
        All pairs, if not given.
    unstable : iterable of int
        Topics that get no interval and no test.
    draws, seed : int
        Without draws there is neither.

    Returns
    -------
    DataFrame
        One row a pair and topic: `a`, `b`, `topic`, `difference` (share in `a` less share in `b`), `low`, `high` (95
        %), `p` (two-sided), `q` (Benjamini and Hochberg's, over all rows), `design_effect`, `articles_a`, `articles_b`,
        `units`, `reason` (why there is no interval, or "").

    Raises
    ------
    InputError
        If there is one outlet alone, no such outlet or unit, or the dates or stories that it needs are missing.

    References
    ----------
    Pitman (1937), Significance Tests Which May Be Applied to Samples from Any Populations.
    Zou and Donner (2008), Construction of Confidence Limits About Effect Measures (from those of the two shares).
    Cameron, Gelbach and Miller (2008), Bootstrap-Based Improvements for Inference with Clustered Errors (change of
    signs by cluster).
    """
    pool = pool_articles(topics, unit)
    outlet = pool.articles["outlet"].to_numpy(dtype=object)
    outlets = several_outlets(pool.articles)
    pairs = list(itertools.combinations(outlets, 2) if pairs is None else pairs)
    names = dict.fromkeys(itertools.chain(*pairs))
    require_outlets(list(names), pool.articles["outlet"])
    asked = pool.take(np.flatnonzero(np.isin(outlet.astype(str), list(names))))
    sides, tables = draw_sides(asked, topics, unit, draws=draws, seed=seed), []
    for a, b in pairs:
        first, second = sides[a], sides[b]
        both = pool.take(np.flatnonzero((outlet == a) | (outlet == b)))
        table = pd.DataFrame({"a": a, "b": b, "topic": np.arange(1, len(first.share) + 1)})
        table["difference"] = first.share - second.share
        table[["low", "high", "p", "design_effect"]] = np.nan
        if not (first.reason or second.reason):
            is_a = (both.articles["outlet"] == a).to_numpy()
            table[["low", "high"]] = apart(first, second)
            moved = influence(both, topics, mixture_of(both, topics))
            table["p"] = deal_units(moved, both.clusters(), is_a, seed=seed)
            own = moved - np.where(is_a[:, None], moved[is_a].mean(axis=0), moved[~is_a].mean(axis=0))
            table["design_effect"] = design_effect(contrast_of(own, is_a), both.clusters())
        sizes = {"articles_a": len(first.pool.articles), "articles_b": len(second.pool.articles)}
        sizes |= {"units": both.articles["cluster"].nunique(), "reason": first.reason or second.reason}
        tables.append(table.assign(**sizes))
    table = _spare(pd.concat(tables, ignore_index=True), unstable)
    table.insert(table.columns.get_loc("p") + 1, "q", adjusted(table["p"]))
    return table.round(DIGITS)


def design_effects(topics: Topics) -> pd.DataFrame:
    """
    Say how much each unit adds to the variance of outlets' shares, where that unit is known.

    Returns
    -------
    DataFrame
        One row an outlet and unit: `outlet`, `unit`, `units` (how many), `design_effect` (median over topics of the
        variance over that of independent articles); no outlet with fewer than `FEWEST` articles or units.
    """
    rows = []
    for unit, pool in known_pools(topics).items():
        for outlet, part in pool.groups("outlet").items():
            many = part.articles["cluster"].nunique()
            if many >= FEWEST:
                effects = design_effect(influence(part, topics, mixture_of(part, topics)), part.clusters())
                rows.append((outlet, unit, many, round(pd.Series(effects).median(), DIGITS)))
    return pd.DataFrame(rows, columns=["outlet", "unit", "units", "design_effect"])


def choose_unit(topics: Topics) -> str:
    """
    Choose what is drawn: the widest unit of which every outlet has `ENOUGH_UNITS`, else the article.

    Articles of a week tell the same stories, so that intervals over articles are too narrow.
    """
    pools = known_pools(topics).items()
    fewest = {unit: int(pool.articles.groupby("outlet")["cluster"].nunique().min()) for unit, pool in pools}
    wide = [unit for unit, units in fewest.items() if units >= ENOUGH_UNITS]
    return min(wide, key=lambda unit: (fewest[unit], -UNITS.index(unit)), default="article")


class Side(NamedTuple):
    """
    An outlet's `share` of each topic, the `ends` of its interval (topics x 2), and its articles (`pool`).

    `drawn` are the mixtures of the draws (draws x topics); `reason` says why there are none, and no interval, or is "".
    """

    share: np.ndarray
    ends: np.ndarray
    drawn: np.ndarray
    pool: Pool
    reason: str


def draw_sides(pool: Pool, topics: Topics, unit: str, *, draws: int = DRAWS, seed: int = 0) -> dict[str, Side]:
    """Draw units anew, the same draws for all outlets, and give each outlet's shares with their intervals."""
    drawn, sides = draw_units(pool, draws, seed) if draws else None, {}
    outlets = pool.articles["outlet"].to_numpy(dtype=object)
    for outlet in dict.fromkeys(outlets):
        rows = np.flatnonzero(outlets == outlet)
        part = pool.take(rows)
        share, units = mixture_of(part, topics), part.articles["cluster"].nunique()
        if reason := _too_few(len(rows), units, unit) if draws else "not asked for":
            ends, mixtures = (np.full(shape, np.nan) for shape in ((len(share), 2), (1, len(share))))
        else:
            mixtures = draw_mixtures(part, topics, share, drawn.of(rows))
            ends = interval_of(share, mixtures, units)
        sides[outlet] = Side(share, ends, mixtures, part, reason)
    return sides


def apart(first: Side, second: Side) -> np.ndarray:
    """Give the interval of the difference of two outlets' shares: topics x 2."""
    return interval_apart(*zip(first[:3], second[:3], strict=True))


def _too_few(articles, units, unit) -> str:
    if articles < FEWEST:
        return f"{articles} of at least {FEWEST} articles"
    return f"{units} of at least {FEWEST} {PLURAL[unit]}" if units < FEWEST else ""


def _spare(table, unstable) -> pd.DataFrame:
    """Take the interval, and the test, of topics that do not last."""
    spared = table["topic"].isin(set(unstable)) & (table["reason"] == "")
    table.loc[spared, table.columns.intersection(["low", "high", "p", "design_effect"])] = np.nan
    return table.assign(reason=table["reason"].where(~spared, UNSTABLE))


def _outlet_by_outlet(table, units) -> pd.DataFrame:
    """Put rows in the order in which outlets first come among the units, and else as they are."""
    places = {name: place for place, name in enumerate(dict.fromkeys(units["outlet"]))}
    return table.sort_values("outlet", key=lambda names: names.map(places), kind="stable", ignore_index=True)
