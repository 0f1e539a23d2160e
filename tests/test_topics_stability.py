"""Topics that are there last when a model is fitted again, and their number is found; shuffled words give neither."""

import itertools

import numpy as np
import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.terms import TermCounts, count_terms
from contrast.topics import (
    choose_k,
    fit_topics,
    prevalence,
    prevalence_over_refits,
    refit_topics,
    simulate_topics,
    topic_stability,
    why_k,
)
from contrast.topics import stability as module
from contrast.topics.model import marking_terms
from contrast.topics.stability import Refits, matched

THEMES = ("water", "stone", "cloud")
SHARES = {"North": (0.6, 0.3, 0.1), "South": (0.2, 0.3, 0.5)}
WORDS = [one + other for one in "abcde" for other in "klmno"]  # of each theme, the earlier the commoner


def planted_units(articles=30):
    """Write articles of 30 words, each of one theme alone; the themes have no word in common."""
    random = np.random.default_rng(4)
    chances = 0.85 ** np.arange(len(WORDS))
    rows = []
    for outlet, shares in SHARES.items():
        for number, theme in enumerate(np.repeat(THEMES, np.round(np.array(shares) * articles).astype(int))):
            text = " ".join(theme + word for word in random.choice(WORDS, 30, p=chances / chances.sum()))
            rows.append((f"{outlet}-{number}", outlet, text))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "text"])


def theme_of(counts, term_share):
    """Name the theme of each topic's foremost term."""
    return [counts.terms[number][:5] for number in term_share.argmax(axis=1)]


@pytest.fixture(scope="module")
def topics():
    """Give the topics fitted to the planted articles."""
    return fit_topics(count_terms(planted_units()), 3)


@pytest.fixture(scope="module")
def refits(topics):
    """Give models fitted to them again."""
    return refit_topics(topics, repeats=5, shuffled=2)


@pytest.fixture(scope="module")
def ladders():
    """Choose the number of topics of three made-up corpora that have four."""
    made = [simulate_topics(2, 50, topics=4, terms=200, per_story=1, seed=seed) for seed in range(3)]
    return [choose_k(one.counts, ks=(2, 4, 8), shuffled=0) for one in made]


# Refits


def test_planted_topics_last_and_shuffled_words_do_not(refits):
    """Topics of vocabularies that never meet keep nearly all their words, and those of shuffled words clearly fewer."""
    table = topic_stability(refits)
    assert table["topic"].tolist() == [1, 2, 3]
    assert (table["overlap"] > 0.85).all()
    assert table["is_stable"].all()
    assert (table["shuffled"] < table["overlap"] - 0.25).all()
    assert (table["repeats"] == 5).all()


def test_table_of_stability_by_hand():
    """The mean, least and most are those of the refits, and only what keeps more than the line lasts."""
    overlaps = pd.DataFrame({"topic": [1, 2, 3] * 2, "refit": [1] * 3 + [2] * 3, "overlap": [1, 0.7, 0.5] * 2})
    overlaps.loc[0, "overlap"] = 0.8
    table = topic_stability(Refits(overlaps, 0.7, []))
    assert table[["overlap", "least", "most"]].to_numpy().tolist() == [[0.9, 0.8, 1], [0.7] * 3, [0.5] * 3]
    assert table["is_stable"].tolist() == [True, False, False]
    assert (table["line"] == 0.7).all()
    for shuffled in (0.2, np.nan):
        table = topic_stability(Refits(overlaps, shuffled, []))
        assert table["is_stable"].tolist() == [True, True, False]
        assert (table["line"] == 0.5).all()


def test_one_seed_gives_the_same_refits(topics, refits):
    """A seed gives the same table to the last digit, and another seed draws other parts."""
    again, other = (refit_topics(topics, repeats=5, shuffled=2, seed=seed) for seed in (0, 1))
    pd.testing.assert_frame_equal(topic_stability(again), topic_stability(refits))
    assert not np.array_equal(np.stack(other.term_shares), np.stack(refits.term_shares))


def test_no_refit_is_of_more_units_than_allowed(topics, monkeypatch):
    """Refits are of 80 % of the units, or of as many as allowed where that is less, as they are for shuffled words."""
    sizes = []

    def fit(counts, *arguments, **options):
        sizes.append(counts.matrix.shape[0])
        return fit_topics(counts, *arguments, **options)

    monkeypatch.setattr(module, "fit_topics", fit)
    refit_topics(topics, repeats=2, shuffled=1)
    assert sizes == [48, 48, 60, 48]
    sizes.clear()
    monkeypatch.setattr(module, "MOST_UNITS", 20)
    refit_topics(topics, repeats=2, shuffled=1)
    assert sizes == [20, 20, 25, 20]  # the model of shuffled words is fitted to what 80 % of are allowed


def test_shuffling_keeps_lengths_and_totals(topics):
    """Words change their units, but every unit keeps its length, and every word its uses."""
    counts = topics.counts
    shuffled = module._shuffled(counts, np.random.default_rng(0)).matrix
    np.testing.assert_array_equal(shuffled.sum(axis=1), counts.matrix.sum(axis=1))
    np.testing.assert_array_equal(shuffled.sum(axis=0), counts.matrix.sum(axis=0))
    held = np.array([[term.startswith(theme) for term in counts.terms] for theme in THEMES])
    assert ((shuffled @ held.T > 0).sum(axis=1) > 1).mean() > 0.9  # where each was of one theme


def test_shares_over_refits_bracket_the_share(topics, refits):
    """Each share lies among those of the refits, which hardly move where topics are plain, and near the planted one."""
    shares = prevalence(topics).set_index(["outlet", "topic"])["share"]
    table = prevalence_over_refits(topics, refits).set_index(["outlet", "topic"])
    assert table.index.tolist() == shares.index.tolist()
    assert ((table["least"] <= shares + 0.01) & (shares <= table["most"] + 0.01)).all()
    assert (table["most"] - table["least"]).between(0, 0.03).all()
    themes = theme_of(topics.counts, topics.term_share)
    planted = [SHARES[outlet][THEMES.index(themes[topic - 1])] for outlet, topic in table.index]
    np.testing.assert_allclose(table["least"], planted, atol=0.03)


def test_topics_in_another_order_are_matched(topics):
    """Where refits find the topics in another order, each is set beside its own, and its words in its place."""
    turned = topics._replace(term_share=topics.term_share[::-1], unit_share=topics.unit_share[:, ::-1])
    refits = refit_topics(turned, repeats=2, shuffled=0)
    assert (refits.overlaps["overlap"] > 0.7).all()
    for term_share in refits.term_shares:
        assert theme_of(topics.counts, term_share) == theme_of(topics.counts, turned.term_share)


# Matching


@pytest.mark.parametrize("seed", range(5))
def test_matching_is_the_best_of_all(seed):
    """Of the 24 ways to match four topics, the one is taken in which most terms are shared."""
    random = np.random.default_rng(seed)
    one, other = (np.stack([random.permutation(12)[:5] for _ in range(4)]) for _ in range(2))
    places, overlap = matched(one, other)
    shared = [[len({*a} & {*b}) for b in other] for a in one]
    best = max(sum(shared[a][b] for a, b in enumerate(order)) for order in itertools.permutations(range(4)))
    assert sorted(places) == [0, 1, 2, 3]
    assert overlap.tolist() == [shared[a][b] / 5 for a, b in enumerate(places)]
    assert overlap.sum() == pytest.approx(best / 5)


def test_matching_undoes_a_change_of_order(topics):
    """The same topics in another order are matched each to itself."""
    terms = marking_terms(topics.term_share, 10)
    places, overlap = matched(terms, terms[[2, 0, 1]])
    assert places.tolist() == [1, 2, 0]
    assert overlap.tolist() == [1, 1, 1]


# How many topics


def test_planted_number_of_topics_is_found(ladders):
    """Of two, four and eight topics the four that are planted are chosen."""
    assert [ladder.loc[ladder["is_chosen"], "k"].tolist() for ladder in ladders] == [[4]] * 3


def test_one_number_in_range_is_chosen(ladders):
    """Exactly one of the numbers tried is chosen: the largest of those of whose topics nine in ten last."""
    for ladder in ladders:
        assert ladder["k"].tolist() == [2, 4, 8]
        assert ladder["is_in_range"].tolist() == (ladder["lasting"] >= 0.9).tolist()
        assert ladder.loc[ladder["is_chosen"], "k"].tolist() == [ladder.loc[ladder["is_in_range"], "k"].max()]
        assert ladder[["stability", "exclusivity", "lasting"]].stack().between(0, 1).all()
        assert ladder["npmi"].between(-1, 1).all()


def test_coherence_of_windows_needs_texts(ladders):
    """C_v is missing without texts, and with them is highest for the topics that were planted."""
    assert all(ladder["c_v"].isna().all() for ladder in ladders)
    units = planted_units(20)
    ladder = choose_k(count_terms(units), units["text"], ks=(6, 3), shuffled=1)
    assert ladder["k"].tolist() == [3, 6]
    assert ladder["c_v"].between(0, 1).all()
    assert ladder["c_v"].iloc[0] > 0.9
    assert ladder["line"].between(0, 1).all()


def test_numbers_are_those_the_texts_carry():
    """Those are tried that have ten units a topic, and the one asked for; of fewer than twenty units it alone is."""
    made = simulate_topics(1, 40, topics=3, terms=60, words=60).counts
    assert choose_k(made, shuffled=0)["k"].tolist() == [2, 3, 4]
    assert choose_k(made, asked=7, repeats=1, shuffled=0)["k"].tolist() == [2, 3, 4, 7]
    few = made._replace(matrix=made.matrix[:19], units=made.units.head(19))
    with pytest.raises(InputError, match=r"19 units of text and \d+ terms do not carry two topics.* Add articles"):
        choose_k(few)
    assert choose_k(few, asked=3, repeats=1, shuffled=0)["k"].tolist() == [3]
    narrow = TermCounts(made.matrix[:, :2], made.terms[:2], made.printed[:2], made.units)
    with pytest.raises(InputError, match="40 units of text and 2 terms do not carry two topics"):
        choose_k(narrow)
    with pytest.raises(InputError, match=r"do not carry 50 topics.*Ask for fewer"):
        choose_k(made, ks=[50])


def test_numbers_are_tried_on_a_part_of_many_units(monkeypatch):
    """Of more units than allowed as many are drawn, and terms of fewer than three of them are left out."""
    seen = []

    def fit(counts, *arguments, **options):
        seen.append(counts)
        return fit_topics(counts, *arguments, **options)

    monkeypatch.setattr("contrast.topics.choice.fit_topics", fit)
    monkeypatch.setattr("contrast.topics.choice.MOST_UNITS", 30)
    choose_k(simulate_topics(1, 40, topics=2, terms=60, words=60).counts, ks=[2], shuffled=0)
    assert seen[0].matrix.shape[0] == len(seen[0].units) == 30
    assert (seen[0].matrix > 0).sum(axis=0).min() == 3


@pytest.mark.parametrize(
    ("kept", "lasting", "in_range", "chosen"),
    [
        ({2: [0.9, 0.9], 3: [0.8, 0.8, 0.8], 4: [0.9, 0.9, 0.9, 0.2]}, [1, 1, 0.75], [2, 3], 3),
        ({2: [0.9, 0.9], 5: [0.5] + [0.9] * 4, 10: [0.9] * 9 + [0.5]}, [1, 0.8, 0.9], [2, 10], 10),
        ({2: [0.9, 0.9], 3: [0.9, 0.9, 0.8], 4: [0.9, 0.9, 0.6, 0.6]}, [1, 1, 1], [2, 3], 3),
        ({2: [0.7, 0.4], 3: [0.9, 0.9, 0.4], 4: [0.5, 0.5, 0.5, 0.9]}, [0.5, 2 / 3, 0.25], [], 3),
    ],
)
def test_range_by_hand(monkeypatch, kept, lasting, in_range, chosen):
    """In range are numbers of whose topics nine in ten keep over half, before stability falls; else the best is."""

    def refit(topics, **_):
        overlap = kept[len(topics.term_share)]
        return Refits(pd.DataFrame({"topic": range(len(overlap)), "overlap": overlap}), np.nan, [])

    monkeypatch.setattr("contrast.topics.choice.refit_topics", refit)
    ladder = choose_k(simulate_topics(1, 40, topics=2, terms=60, words=60).counts, ks=kept)
    assert ladder["lasting"].tolist() == pytest.approx(lasting)
    assert ladder["stability"].tolist() == pytest.approx([np.mean(part) for part in kept.values()])
    assert ladder.loc[ladder["is_in_range"], "k"].tolist() == in_range
    assert ladder.loc[ladder["is_chosen"], "k"].tolist() == [chosen]


def test_sentence_tells_the_numbers_of_the_table():
    """It names how many were tried, which last, and how well the chosen one does; one, several or none may last."""
    table = pd.DataFrame({"k": [2, 4, 6, 8], "stability": [0.5, 0.91, 0.7, 0.6], "lasting": [1, 1, 0.5, 0.9]})

    def sentence(rows, in_range, chosen):
        return why_k(rows.assign(is_in_range=rows["k"].isin(in_range), is_chosen=rows["k"] == chosen))

    assert sentence(table, [4], 4) == (
        "Of 4 numbers of topics tried, only with 4 do the topics last: refitted, they keep 91% of their words."
    )
    assert sentence(table, [2, 4, 8], 8) == (
        "Of 4 numbers of topics tried, with 2, 4 and 8 the topics last. "
        "The rule takes 8, the most of these: refitted, they keep 60% of their words."
    )
    assert sentence(table.assign(lasting=0.5), [], 4) == (
        "Of 4 numbers of topics tried, with none do all topics last. "
        "The rule takes 4, which last best: refitted, they keep 91% of their words."
    )
    assert sentence(table.head(1), [2], 2) == (
        "No other number of topics than 2 was tried: refitted, they keep 50% of their words."
    )
