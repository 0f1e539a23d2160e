"""How sure a rate or a ratio is, when words come in bursts and so the article, or the sentence, is the unit."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import betaincinv, binom, erfc, expit, gammainc, gammaincc, logit, stdtrit

MIN_ARTICLES = 8  # with fewer on a side, the far tail of an article-level test leaks: intervals are over sentences
HOLDERS = 4  # articles of the smaller side that a word may be expected in; with fewer an interval is no 95 % one
LEVEL = 0.95
ENOUGH = 30  # articles a side from which on moments tell how the score is distributed
DEALS, DEALS_AT_ONCE = 10_000, 250
REACH = 0.001  # the p down to which so many deals tell it
STRAIGHT = 1e-4  # a skewness that is none


def rate_variance(counts, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Estimate pooled rates and their variances over units (articles or sentences) of unequal length.

    With y_i uses among n_i words in each of k units and r = sum y / sum n, the variance is
    k / (k - 1) * sum (y_i - r n_i)^2 / (sum n)^2: the cluster-robust (linearised) variance of a ratio.

    Parameters
    ----------
    counts : array or sparse matrix, units x terms
        Uses of each term in each unit.
    sizes : array of units
        Words in each unit.

    Returns
    -------
    rate, variance : arrays of terms
        Uses a word, and the variance of that; the variance is missing where there are fewer than two units.

    References
    ----------
    Cochran (1977), Sampling Techniques, section 2.11 (ratio estimators).
    """
    counts, sizes = sparse.csr_array(counts), np.asarray(sizes, dtype=float)
    units, total = len(sizes), sizes.sum()
    with np.errstate(invalid="ignore"):
        rate = np.asarray(counts.sum(axis=0)).ravel() / total
    if units < 2:
        return rate, np.full(rate.shape, np.nan)
    with np.errstate(invalid="ignore"):
        return rate, units / (units - 1) * _spread(counts, sizes, rate) / total**2


def log_ratio_interval(counts_a, sizes_a, counts_b, sizes_b) -> pd.DataFrame:
    """
    Give the 95 % interval of the log ratio (base 2) of two sides' rates, by the delta method over units.

    Student's t on Welch and Satterthwaite's degrees of freedom; none where a side has no use or a single unit.

    Returns
    -------
    DataFrame
        One row a term: `low`, `high` (log2), missing where there is no interval.
    """
    rate_a, variance_a = rate_variance(counts_a, sizes_a)
    rate_b, variance_b = rate_variance(counts_b, sizes_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        part_a, part_b = variance_a / rate_a**2, variance_b / rate_b**2
        freedom = (part_a + part_b) ** 2 / (part_a**2 / (len(sizes_a) - 1) + part_b**2 / (len(sizes_b) - 1))
        half = stdtrit(freedom, 0.5 + LEVEL / 2) * np.sqrt(part_a + part_b) / np.log(2)
        centre = np.log2(rate_a / rate_b)
        ends = np.column_stack([centre - half, centre + half])
    ends[~np.isfinite(ends).all(axis=1)] = np.nan
    return pd.DataFrame(ends, columns=["low", "high"])


def are_held(holders_a: np.ndarray, holders_b: np.ndarray, articles_a: int, articles_b: int) -> np.ndarray:
    """
    Tell which terms stand in enough articles for an interval of their log ratio over articles.

    That is so where the smaller side, did it hold a term in as large a part of its articles as both sides together,
    would hold it in `HOLDERS`. To ask for so many on each side would choose, on a small one, the terms that it happens
    to use much, and their intervals would miss the truth.
    """
    expected = min(articles_a, articles_b) * (holders_a + holders_b) / (articles_a + articles_b)
    return expected >= HOLDERS


def rate_interval(counts, sizes, *, are_shares: bool = False) -> pd.DataFrame:
    """
    Give pooled rates with their 95 % interval over units.

    It is formed on the log scale, so that it stays above zero; for shares on the logit scale, so that it stays below
    one too.

    Returns
    -------
    DataFrame
        One row a term: `rate`, `low`, `high` (uses a word); no interval where there is no use, a single unit, or no
        difference between units.
    """
    rate, variance = rate_variance(counts, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stdtrit(max(len(sizes) - 1, 1), 0.5 + LEVEL / 2) * np.sqrt(variance) / rate
        sides = np.column_stack([-half, half])
        if are_shares:
            ends = expit(logit(rate)[:, None] + sides / (1 - rate)[:, None])
        else:
            ends = rate[:, None] * np.exp(sides)
    ends[~np.isfinite(ends).all(axis=1) | (half == 0)] = np.nan
    return pd.DataFrame({"rate": rate, "low": ends[:, 0], "high": ends[:, 1]})


def exact_share(hits, of) -> pd.DataFrame:
    """
    Give shares with their exact 95 % interval, for independent cases.

    Parameters
    ----------
    hits, of : array or number
        Cases that are counted, of so many.

    Returns
    -------
    DataFrame
        One row a share: `share`, `low`, `high`; missing where there is no case.

    References
    ----------
    Clopper and Pearson (1934), The Use of Confidence or Fiducial Limits.
    """
    hits, of = (np.atleast_1d(np.asarray(number, dtype=float)) for number in (hits, of))
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, betaincinv(hits, of - hits + 1, (1 - LEVEL) / 2), 0)
        high = np.where(hits < of, betaincinv(hits + 1, of - hits, (1 + LEVEL) / 2), 1)
        return pd.DataFrame({"share": hits / of, "low": low, "high": high})[of > 0].reindex(range(len(of)))


def mean_of_shares(shares: np.ndarray) -> tuple[float, float, float]:
    """Average the shares of several corpora: mean, and the ends of its 95 % interval by Student's t over corpora."""
    shares = np.asarray(shares, dtype=float)
    mean, half = shares.mean(), np.nan
    if len(shares) > 1:
        half = stdtrit(len(shares) - 1, (1 + LEVEL) / 2) * shares.std(ddof=1) / np.sqrt(len(shares))
    return mean, max(mean - half, 0), min(mean + half, 1)


def permutation_score(counts, sizes, is_a: np.ndarray, *, seed: int = 0) -> pd.DataFrame:
    """
    Test whether one side uses terms at another rate than the other, with the article as the unit.

    With y_i uses among n_i words in article i and r the rate of all, e_i = y_i - r n_i sums to zero; the score is the
    sum of e_i over side a. If articles had been dealt to the sides at random its variance would be
    k_a k_b / (k (k - 1)) sum e_i^2, and its third moment
    k_a k_b (k_b - k_a) / (k (k - 1) (k - 2)) sum e_i^3: where sides differ in size, what few articles say is skewed.
    p is the tail of Pearson's type III distribution with these moments, which is normal where sides are equal. With
    fewer than `ENOUGH` articles on a side p is by `DEALS` random deals, as far as they reach (to `REACH`), and by that
    tail beyond, but never under that of a single deal out of all there are.

    Parameters
    ----------
    counts : sparse matrix, articles x terms
    sizes : array of articles
        Words in each.
    is_a : array of bool
        Which articles are side a's.
    seed : int
        Of the deals.

    Returns
    -------
    DataFrame
        One row a term: `z` (the score over its standard deviation), `p` (two-sided), `design_effect` (its variance over
        that which independent words would give).

    References
    ----------
    Pitman (1937), Significance Tests Which May Be Applied to Samples from Any Populations.
    Mielke and Berry (2007), Permutation Methods: A Distance Function Approach (Pearson's type III).
    """
    counts, sizes = sparse.csr_array(counts, dtype=float), np.asarray(sizes, dtype=float)
    k, k_a, total, of_a = len(sizes), int(is_a.sum()), sizes.sum(), sizes[is_a].sum()
    rate = np.asarray(counts.sum(axis=0)).ravel() / total
    score = np.asarray(counts[is_a].sum(axis=0)).ravel() - rate * of_a
    variance = k_a * (k - k_a) / (k * (k - 1)) * _spread(counts, sizes, rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, score / np.sqrt(variance), 0.0)
        design_effect = variance / (rate * (1 - rate) * of_a * (total - of_a) / total)
        moment = k_a * (k - k_a) * (k - 2 * k_a) / (k * (k - 1) * max(k - 2, 1)) * _cubes(counts, sizes, rate)
        skewness = np.where(variance > 0, moment / variance**1.5, 0.0)
    p = np.maximum(_tails(z, skewness), 1 / binom(k, k_a))
    if min(k_a, k - k_a) < ENOUGH:
        dealt = _dealt(counts, sizes, rate, score, k_a, seed)
        p = np.where(dealt > REACH, dealt, np.minimum(p, REACH))
    return pd.DataFrame({"z": z, "p": p, "design_effect": design_effect})


def adjusted(p: pd.Series) -> pd.Series:
    """
    Give Benjamini and Hochberg's q of the p that are there.

    >>> adjusted(pd.Series([0.01, None, 0.04, 0.03])).round(3).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    known = p.dropna().sort_values()
    q = (known * len(known) / np.arange(1, len(known) + 1))[::-1].cummin()
    return q.reindex(p.index)


def _spread(counts, sizes, rate):
    """Give sum (y_i - r n_i)^2 of each term, without making the sparse counts dense."""
    squares = np.asarray(counts.power(2).sum(axis=0)).ravel()
    spread = squares - 2 * rate * (counts.T @ sizes) + rate**2 * (sizes**2).sum()
    return np.where(spread > 1e-12 * squares, spread, 0)  # what is left of equal rates is rounding


def _cubes(counts, sizes, rate):
    """Give sum (y_i - r n_i)^3 of each term, in the same way."""
    squares, cubes = counts.power(2), np.asarray(counts.power(3).sum(axis=0)).ravel()
    return cubes - 3 * rate * (squares.T @ sizes) + 3 * rate**2 * (counts.T @ sizes**2) - rate**3 * (sizes**3).sum()


def _tails(z, skewness):
    """Give the part of Pearson's type III distribution, of mean 0, variance 1 and some skewness, as far out as z."""
    shape = 4 / np.maximum(np.abs(skewness), STRAIGHT) ** 2
    above, below = (shape + sign * np.abs(z) * np.sqrt(shape) for sign in (1, -1))
    p = gammaincc(shape, above) + gammainc(shape, np.maximum(below, 0))
    return np.where(np.abs(skewness) > STRAIGHT, p, erfc(np.abs(z) / np.sqrt(2)))


def _dealt(counts, sizes, rate, score, k_a, seed):
    """Give the share of random deals whose score is as far from zero; the deal at hand is one of them."""
    random = np.random.default_rng(seed)
    by_term, as_far, done = sparse.csr_array(counts.T), np.ones(len(rate)), 1
    while done < DEALS:
        many = min(DEALS_AT_ONCE, DEALS - done)
        ranks = random.random((len(sizes), many)).argsort(axis=0)
        side = (ranks < k_a).astype(float)
        found = by_term @ side - np.outer(rate, sizes @ side)
        as_far += (np.abs(found) >= np.abs(score)[:, None] * (1 - 1e-9)).sum(axis=1)
        done += many
    return as_far / DEALS


def unit_of_interval(articles_by_outlet: pd.Series) -> str:
    """
    Choose what an interval can be taken over: "article" where every outlet has `MIN_ARTICLES`, else "sentence".

    An interval over sentences describes the texts at hand: it says nothing about other articles of the outlet.

    >>> unit_of_interval(pd.Series({"SANA": 4, "RT": 1}))
    'sentence'
    """
    return "article" if articles_by_outlet.min() >= MIN_ARTICLES else "sentence"


class Simulation(NamedTuple):
    """A made-up corpus and what was planted in it: `articles`, `ratios` (outlet, term, ratio), `shares` of topics."""

    articles: pd.DataFrame
    ratios: pd.DataFrame
    shares: pd.DataFrame


def simulate_corpus(
    outlets: Sequence[str] = ("North", "South", "East", "West"),
    articles: int = 30,
    *,
    words: int = 250,
    topics: int = 3,
    planted: int = 5,
    ratio: float = 4.0,
    burst: float = 1.0,
    seed: int = 0,
) -> Simulation:
    """
    Make up a corpus in which it is known what differs: words that come in bursts, topics, planted preferences.

    Each article draws its topics around its outlet's shares, and its words around the topics'; a word's probability is
    multiplied in each article by a gamma variate of mean 1 and variance `burst`, so that an article that says a word
    once says it again. Its sentences name Russia and the United States and report with "said" and "stressed", so that
    every notebook has something to find.

    Parameters
    ----------
    outlets : sequence of str
    articles : int
        An outlet's.
    words : int
        An article's, on average.
    topics : int
    planted : int
        Words an outlet that it alone uses `ratio` times as often.
    ratio, burst : float
    seed : int

    Returns
    -------
    Simulation
        `articles` as `cleaning.load_corpus` gives it.
    """
    random = np.random.default_rng(seed)
    vocabulary = _made_up_words(400, random)
    base = 1 / np.arange(2, len(vocabulary) + 2)
    by_topic = base * np.where(np.arange(len(vocabulary)) % (topics + 1) == np.arange(topics)[:, None], 8, 1)
    likes = {o: vocabulary[20 + i * planted : 20 + (i + 1) * planted] for i, o in enumerate(outlets)}
    rows, shares = [], []
    for outlet in outlets:
        share = random.dirichlet(np.full(topics, 2.0))
        shares += [{"outlet": outlet, "topic": topic, "share": part} for topic, part in enumerate(share, start=1)]
        taste = np.where(np.isin(vocabulary, likes[outlet]), ratio, 1.0)
        for number in range(articles):
            mix = random.dirichlet(5 * share + 0.01)
            chances = (mix @ by_topic) * taste * random.gamma(1 / burst, burst, len(vocabulary))
            length = max(20, int(random.gamma(8, words / 8)))
            chosen = random.choice(vocabulary, length, p=chances / chances.sum())
            text = _made_up_text(list(chosen), random)
            date = pd.Timestamp("2020-01-01") + pd.Timedelta(days=int(random.integers(0, 180)))
            name = f"{outlet.lower()}-{number:03d}"
            title = " ".join(chosen[:6]).capitalize()
            rows.append((name, outlet, date, "day", "made up", title, f"{title}\n\n{text}", "en", "", name, "", text))
    columns = ["article_id", "outlet", "date", "date_precision", "date_basis", "title", "raw", "language", "url"]
    columns += ["source_file", "note", "text"]
    table = pd.DataFrame(rows, columns=columns).set_index("article_id").assign(dateline="", byline="")
    ratios = [{"outlet": o, "term": term, "ratio": ratio} for o in outlets for term in likes[o]]
    return Simulation(table, pd.DataFrame(ratios, columns=["outlet", "term", "ratio"]), pd.DataFrame(shares))


class MadeUpCounts(NamedTuple):
    """Made-up `counts` (articles x terms), `sizes` (words an article), `is_a` (side), `log_ratio` (true, a term)."""

    counts: sparse.csr_array
    sizes: np.ndarray
    is_a: np.ndarray
    log_ratio: np.ndarray


def simulate_counts(
    articles: int,
    terms: int,
    *,
    against: int | None = None,
    planted: int = 0,
    ratio: float = 2.0,
    burst: float = 1.5,
    seed: int = 0,
) -> MadeUpCounts:
    """
    Make up the counts of two outlets whose rates are known, with words that come in bursts.

    A term's rate falls with its rank as in Zipf's law; in each article it is multiplied by a gamma variate of mean 1
    and variance `burst`. Articles differ in length (gamma, mean 400 words). `planted` terms, at all ranks, have
    `ratio` times the rate on one side, each side in turn.

    Parameters
    ----------
    articles, against : int
        Of side a and of the other, which has as many if not given.
    terms, planted : int
    ratio, burst : float
    seed : int

    References
    ----------
    Church and Gale (1995), Poisson Mixtures.
    """
    random = np.random.default_rng(seed)
    is_a = np.arange(articles + (against or articles)) < articles
    sizes = np.maximum(random.gamma(4, 100, len(is_a)), 50).round()
    rates = 0.03 / np.arange(1, terms + 1) ** 0.8
    log_ratio = np.zeros(terms)
    chosen = np.linspace(0, terms - 1, planted).astype(int)
    log_ratio[chosen] = np.log2(ratio) * (-1.0) ** np.arange(planted)
    tilt = np.where(is_a[:, None], 2 ** (log_ratio / 2), 2 ** (-log_ratio / 2))
    means = sizes[:, None] * rates * tilt * random.gamma(1 / burst, burst, (len(is_a), terms))
    return MadeUpCounts(sparse.csr_array(random.poisson(means).astype(float)), sizes, is_a, log_ratio)


def _made_up_words(number, random):
    syllables = [f"{first}{second}" for first in "bdfgklmnprstvz" for second in "aeiou"]
    made: dict[str, None] = {}
    while len(made) < number:
        made["".join(random.choice(syllables, 3))] = None
    return np.array(list(made))


def _made_up_text(words, random):
    lines = []
    while words:
        sentences = []
        for _ in range(3):
            size = int(random.integers(8, 20))
            sentence, words = words[:size], words[size:]
            if sentence:
                speaker, verb = random.choice(["Russia", "The United States"]), random.choice(["said", "stressed"])
                armed = random.choice(["rebels", "terrorists"])
                told = f"the {armed} {' '.join(sentence)}"
                is_quoted = random.random() < 0.2
                sentences.append(f"“Now {told},” {speaker} {verb}." if is_quoted else f"{speaker} {verb} that {told}.")
        lines.append(" ".join(sentences))
    return "\n".join(lines)
