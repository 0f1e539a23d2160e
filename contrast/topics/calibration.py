"""How often the intervals of topic shares hold the truth: on made-up corpora, and on one's own with planted shares."""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import stdtrit

from contrast.progress import progress_bar
from contrast.resampling import LEVEL, mean_of_shares
from contrast.terms import TermCounts
from contrast.topics.choice import choose_k
from contrast.topics.model import Topics, as_shares, fit_topics, stratified_sample, words_by_article
from contrast.topics.projection import pool_articles, sum_units
from contrast.topics.shares import FEWEST, apart, draw_sides

POOLED, AVERAGED, KNOWN = "pooled projection", "average of articles", "pooled projection, topics known"
TRIED, REFITS = (4, 6, 8), 3  # numbers of topics among which that of a made-up corpus is chosen, and refits of each
DRAWS = 200
OWN_ARTICLES, OWN_TERMS = 1_000, 3_000  # of a corpus of one's own, in a self-test


class PlantedTopics(NamedTuple):
    """Made-up `counts` of articles, the `term_share` of their topics, and the planted `shares` (outlets x topics)."""

    counts: TermCounts
    term_share: np.ndarray
    shares: np.ndarray


def simulate_topics(
    outlets: int = 3,
    articles: int = 100,
    *,
    topics: int = 6,
    terms: int = 800,
    words: int = 200,
    per_story: int = 2,
    seed: int = 0,
) -> PlantedTopics:
    """
    Make up the counts of outlets whose topic shares are known; their articles tell stories, and words come in bursts.

    An outlet's shares are drawn from a Dirichlet distribution, and each story's mix around them; a story has
    `per_story` articles on average. Words are dealt as `plant_shares` does.

    Parameters
    ----------
    outlets, articles : int
        Articles are an outlet's.
    topics, terms : int
    words : int
        An article's, on average.
    per_story : int
    seed : int

    Returns
    -------
    PlantedTopics
        With the column `story` in `counts.units`.
    """
    random = np.random.default_rng(seed)
    common = 1 / random.permutation(np.arange(1, terms + 1)) ** 0.8
    term_share = as_shares(common * (random.gamma(0.1, 10, (topics, terms)) + 0.02))
    shares = random.dirichlet(np.full(topics, 2.0), outlets)
    story = np.concatenate([np.arange(articles) // per_story + outlet * articles for outlet in range(outlets)])
    units = pd.DataFrame(
        {
            "article_id": [f"made-{number:05d}" for number in range(outlets * articles)],
            "outlet": np.repeat([f"Outlet {number + 1}" for number in range(outlets)], articles),
            "story": [f"story {number}" for number in story],
            "words": np.maximum(random.gamma(4, words / 4, outlets * articles), 40).astype(int),
        }
    )
    planted = np.repeat(shares, articles, axis=0)
    counts = plant_shares(term_share, units["words"], story, planted, random=random)
    names = np.array([f"term{number:04d}" for number in range(terms)], dtype=object)
    return PlantedTopics(TermCounts(counts, names, names, units), term_share, shares)


def plant_shares(term_share, lengths, clusters, shares, *, random, spread: float = 1.0, burst: float = 1.5):
    """
    Deal words to articles whose expected topic shares are known.

    Articles of one cluster share a mix, drawn from a Dirichlet distribution around their outlet's shares; each strays a
    little from it. A term's probability is multiplied in each article by a gamma variate of mean 1 and variance
    `burst`, and in each cluster of several articles by another of variance one half: a story has words of its own.

    Parameters
    ----------
    term_share : array, topics x terms
    lengths, clusters : arrays of articles
        Words of each; the number of its cluster.
    shares : array, articles x topics
        Those planted in its outlet.
    random : numpy Generator
    spread : float
        The Dirichlet distribution's sum: the smaller, the more a mix is of one topic.
    burst : float

    Returns
    -------
    sparse matrix, articles x terms
    """
    terms = term_share.shape[1]
    numbers = np.unique(clusters, return_inverse=True)[1]
    several = np.bincount(numbers)[numbers] > 1
    told, rows = {}, []
    for length, cluster, share, is_told_again in zip(lengths, clusters, shares, several, strict=True):
        if cluster not in told:
            told[cluster] = random.dirichlet(spread * share + 1e-3), random.gamma(2, 0.5, terms)
        mix, own = told[cluster]
        chances = random.dirichlet(30 * mix + 1e-3) @ term_share * random.gamma(1 / burst, burst, terms)
        chances = chances * own if is_told_again else chances
        rows.append(sparse.csr_array(random.multinomial(length, chances / chances.sum())[None]))
    return sparse.vstack(rows, format="csr")


def coverage_of_shares(*, repeats: int = 20, seed: int = 0, **options) -> pd.DataFrame:
    """
    Make up corpora, choose K by `REFITS` refits of each number in `TRIED`, fit topics, and set what is estimated beside
    what was planted.

    Three ways are compared: pooled projection with a bootstrap over stories; the average of the articles' own shares,
    with Student's interval over stories; and pooled projection where the topics need not be found.

    Parameters
    ----------
    repeats, seed : int
    **options
        Of `simulate_topics`.

    Returns
    -------
    DataFrame
        One row a corpus, way, and outlet or pair of outlets, and topic: `corpus`, `way`, `what` ("share" or
        "difference"), `planted`, `estimate`, `low`, `high`, `covered`, `k` (chosen).
    """
    tables = []
    for repeat in progress_bar("Planting topics", " corpora", over=range(repeats)):
        made = simulate_topics(seed=seed + repeat, **options)
        ladder = choose_k(made.counts, ks=TRIED, repeats=REFITS, shuffled=0, seed=seed)
        k = int(ladder.loc[ladder["is_chosen"], "k"].iloc[0])
        model = fit_topics(made.counts, k, seed=seed)
        tables.append(_beside(made, model, "story", seed).assign(corpus=repeat, k=k))
    return pd.concat(tables, ignore_index=True)


def self_test(topics: Topics, unit: str = "article", *, repeats: int = 10, seed: int = 0) -> pd.DataFrame:
    """
    Plant known shares in a corpus of one's own, and say how often they are found: `coverage` of `plant_in`.

    Returns
    -------
    DataFrame
        As `coverage` gives it.
    """
    return coverage(plant_in(topics, unit, repeats=repeats, seed=seed))


def plant_in(topics: Topics, unit: str = "article", *, repeats: int = 10, seed: int = 0) -> pd.DataFrame:
    """
    Plant known shares in a corpus of one's own, and set what is estimated beside them.

    The model's topics, the articles' lengths, outlets and units stay as they are; the outlets get other shares, drawn
    at random, and each unit a mix around them that strays as far as mixes do here. Topics are then fitted anew. Of more
    than `OWN_ARTICLES` articles a sample is taken, and the `OWN_TERMS` commonest terms.

    Parameters
    ----------
    topics : Topics
    unit : {"article", "story", "day", "week"}
    repeats, seed : int

    Returns
    -------
    DataFrame
        As `coverage_of_shares` gives it.
    """
    counts, random = topics.counts, np.random.default_rng(seed)
    pool = pool_articles(topics, unit)
    pool = pool.take(stratified_sample(pool.articles, OWN_ARTICLES, seed=seed))
    common = np.sort(np.argsort(-topics.term_share.sum(axis=0), kind="stable")[:OWN_TERMS])
    term_share = as_shares(topics.term_share[:, common])
    codes, outlets = pd.factorize(pool.articles["outlet"])  # in the order in which they come, as elsewhere
    sizes = pd.Series(np.asarray(counts.matrix.sum(axis=1)).ravel()).groupby(counts.units["article_id"]).sum()
    lengths = sizes[pool.articles["article_id"]].to_numpy().astype(int)
    clusters, spread, tables = pool.clusters(), _spread(topics), []
    own = clusters * len(outlets) + codes  # a week of two outlets has a mix of each
    units = pool.articles.assign(story=clusters.astype(str), words=lengths).reset_index(drop=True)
    for repeat in progress_bar("Planting shares", " corpora", over=range(repeats)):
        shares = random.dirichlet(np.full(len(term_share), 2.0), len(outlets))
        matrix = plant_shares(term_share, lengths, own, shares[codes], random=random, spread=spread)
        made = PlantedTopics(
            TermCounts(matrix, counts.terms[common], counts.printed[common], units), term_share, shares
        )
        model = fit_topics(made.counts, len(term_share), method=topics.method, seed=seed)
        tables.append(_beside(made, model, "story", seed).assign(corpus=repeat, k=len(term_share)))
    return pd.concat(tables, ignore_index=True)


def coverage(planted: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up how planted shares were found.

    Parameters
    ----------
    planted : DataFrame
        As `coverage_of_shares` or `plant_in` gives it.

    Returns
    -------
    DataFrame
        One row a way and what: `way`, `what`, `coverage` (part of the 95 % intervals that hold the planted value, on
        average over corpora) with `low`, `high` (95 %, by Student's t over corpora), `slope` (of estimates on planted
        values: 1 is right), `intervals`, `corpora`.
    """
    rows = []
    for (way, what), part in planted.dropna(subset="low").groupby(["way", "what"], sort=False):
        each = part.groupby("corpus")["covered"].mean()
        slope = np.polyfit(part["planted"], part["estimate"], 1)[0]
        rows.append((way, what, *mean_of_shares(each), slope, len(part), len(each)))
    columns = ["way", "what", "coverage", "low", "high", "slope", "intervals", "corpora"]
    return pd.DataFrame(rows, columns=columns)


def _beside(made, model, unit, seed) -> pd.DataFrame:
    """Set the estimates of a model of planted topics beside what was planted, in three ways."""
    outlets = list(dict.fromkeys(made.counts.units["outlet"]))
    planted = dict(zip(outlets, made.shares, strict=True))
    planted |= {(a, b): planted[a] - planted[b] for a, b in itertools.combinations(outlets, 2)}
    known = Topics(made.term_share, np.zeros((len(made.counts.units), len(made.term_share))), made.counts)
    averages = averaged_shares(model, unit).groupby("outlet", sort=False)[["share", "low", "high"]]
    ways = (
        (POOLED, model, _pooled(model, unit, seed)),
        (AVERAGED, model, {outlet: part.to_numpy() for outlet, part in averages}),
        (KNOWN, known, _pooled(known, unit, seed)),
    )
    tables = []
    for way, one, found in ways:
        topics, as_planted = _matched(one, made)
        for of, estimates in found.items():
            table = pd.DataFrame(estimates[topics], columns=["estimate", "low", "high"])
            what = "share" if of in outlets else "difference"
            tables.append(table.assign(way=way, what=what, planted=planted[of][as_planted]))
    table = pd.concat(tables, ignore_index=True)
    table["covered"] = (table["low"] <= table["planted"]) & (table["planted"] <= table["high"])
    return table[["way", "what", "planted", "estimate", "low", "high", "covered"]]


def _pooled(topics, unit, seed) -> dict:
    """Give the shares of each outlet, and the differences of each pair, with their intervals: topics x 3."""
    sides = draw_sides(pool_articles(topics, unit), topics, unit, draws=DRAWS, seed=seed)
    found = {outlet: np.column_stack([side.share, side.ends]) for outlet, side in sides.items()}
    for (a, first), (b, second) in itertools.combinations(sides.items(), 2):
        found[a, b] = np.column_stack([first.share - second.share, apart(first, second)])
    return found


def averaged_shares(topics: Topics, unit: str = "article") -> pd.DataFrame:
    """
    Average the articles' own topic shares, as is commonly done, with Student's interval over units.

    Returns
    -------
    DataFrame
        One row an outlet and topic: `outlet`, `topic`, `share`, `low`, `high`.
    """
    pool = pool_articles(topics, unit)
    words, tables = words_by_article(topics), []
    for outlet, part in pool.groups("outlet").items():
        own = words.loc[part.articles["article_id"]].to_numpy()
        shares, clusters = own / own.sum(axis=1, keepdims=True), part.clusters()
        many, mean = clusters.max() + 1, shares.mean(axis=0)
        half = np.full(len(mean), np.nan)
        if many >= FEWEST:
            spread = many / (many - 1) * (sum_units(shares - mean, clusters) ** 2).sum(axis=0)
            half = stdtrit(many - 1, 0.5 + LEVEL / 2) * np.sqrt(spread) / len(shares)
        table = {"outlet": outlet, "topic": np.arange(1, len(mean) + 1), "share": mean}
        tables.append(pd.DataFrame(table).assign(low=mean - half, high=mean + half))
    return pd.concat(tables, ignore_index=True)


def _matched(model, made) -> tuple[np.ndarray, np.ndarray]:
    """Match a model's topics to those planted by their words; give the numbers of both, in pairs."""
    from scipy.optimize import linear_sum_assignment

    one, other = (share / np.linalg.norm(share, axis=1, keepdims=True) for share in (model.term_share, made.term_share))
    return linear_sum_assignment(-one @ other.T)


def _spread(topics) -> float:
    """Estimate the sum of the Dirichlet distribution from which units' mixes seem drawn, by its moments."""
    shares = topics.unit_share
    mean = shares.mean(axis=0)
    return float(max((mean * (1 - mean)).sum() / max(shares.var(axis=0).sum(), 1e-9) - 1, 0.1))
