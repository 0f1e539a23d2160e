"""Topics planted in a text are found again with their shares, in any order, by either method and from a sample."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import InputError
from contrast.terms import TermCounts, count_terms
from contrast.text import paragraphs
from contrast.topics import METHODS, Topics, fit_topics, prevalence, topic_terms, topic_units, typical_units
from contrast.topics.model import marking_terms, stratified_sample, take_units

WATER = [f"water{letter}" for letter in "abcdefghijkl"]
STONE = [f"stone{letter}" for letter in "abcdefghijkl"]
PLANTED = {"North": 8, "South": 3}  # of an article's ten paragraphs, how many are about water


@pytest.fixture(autouse=True)
def few_sweeps(monkeypatch):
    """Let scikit-learn's model go over the texts a few times, which is enough for what it is asked here."""
    monkeypatch.setattr("contrast.topics.model.SWEEPS", 5)


def planted_paragraphs():
    """Write four articles an outlet: ten paragraphs of 24 words, each of one vocabulary alone."""
    random = np.random.default_rng(5)
    return pd.DataFrame(
        [
            (f"{outlet}-{article}", outlet, number, " ".join(random.choice(WATER if number < water else STONE, 24)))
            for outlet, water in PLANTED.items()
            for article in range(4)
            for number in range(10)
        ],
        columns=["article_id", "outlet", "paragraph", "text"],
    )


def mixed_articles():
    """Write 480 articles of 60 words, a third of them North's and a fifth of May, with shares of water of all sizes."""
    random = np.random.default_rng(8)
    rows = []
    for number in range(480):
        is_water = random.random(60) < random.random()
        text = " ".join(np.where(is_water, random.choice(WATER, 60), random.choice(STONE, 60)))
        outlet, month = "North" if number % 3 == 0 else "South", 5 if number % 5 == 0 else 6
        rows.append((f"a{number:03}", outlet, pd.Timestamp(2020, month, 1 + number % 28), text))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "date", "text"])


def by_words(topics):
    """Give the leading words of each topic, as a set of sets."""
    return {frozenset(part["term"]) for _, part in topic_terms(topics, 12).groupby("topic")}


def made_topics(term_share, unit_share, matrix, outlets):
    """Put together a model by hand, each unit an article of its own."""
    matrix, terms = sparse.csr_array(matrix), np.array([*"abcdefgh"[: len(term_share[0])]], dtype=object)
    units = pd.DataFrame({"article_id": [*"stuv"[: len(outlets)]], "outlet": outlets, "words": matrix.sum(axis=1)})
    return Topics(np.array(term_share), np.array(unit_share), TermCounts(matrix, terms, terms, units))


@pytest.fixture(scope="module")
def planted():
    """Give the paragraphs of the planted corpus."""
    return planted_paragraphs()


@pytest.fixture(scope="module")
def topics(planted):
    """Give the two topics fitted to the planted corpus."""
    return fit_topics(count_terms(planted), 2)


@pytest.fixture(scope="module")
def mixed():
    """Give the counts of 480 articles that mix both vocabularies."""
    return count_terms(mixed_articles())


@pytest.fixture(scope="module")
def shipped():
    """Give the terms of the shipped corpus's units, stop words and terms of a single unit left out."""
    return count_terms(topic_units(load_corpus()), stop_words=read_codebook().stopwords["word"], min_units=2)


# Units


def test_small_corpus_is_read_by_distinct_paragraphs():
    """With few articles an outlet the units are the paragraphs, and one an outlet printed twice is taken once."""
    articles = load_corpus()
    articles.loc["sana-003", "text"] += "\n" + articles.loc["sana-000", "text"]
    table = topic_units(articles)
    assert (table["unit"] == "paragraph").all()
    expected = paragraphs(load_corpus())[["article_id", "outlet", "paragraph", "text"]]
    pd.testing.assert_frame_equal(table[[*expected]], expected)


@pytest.mark.parametrize("articles", [4, 20])
@pytest.mark.parametrize("carried", [[], ["date"], ["story"], ["date", "story"]])
def test_units_carry_date_and_story_of_their_article(articles, carried):
    """Where articles have a date, or a story, each of their units has it, a paragraph as well as a whole article."""
    index = pd.Index([f"a{number}" for number in range(articles)], name="article_id")
    table = pd.DataFrame({"outlet": "North", "text": [f"One {name}.\nTwo {name}." for name in index]}, index=index)
    known = pd.DataFrame({"date": pd.date_range("2020-01-30", periods=articles), "story": index[::-1]}, index=index)
    known.loc["a1", "date"] = pd.NaT
    units = topic_units(table.join(known[carried]))
    assert list(units) == ["article_id", "outlet", "paragraph", "text", "unit", *carried]
    assert len(units) == (8 if articles == 4 else 20)
    expected = known.loc[units["article_id"], carried].reset_index(drop=True)
    pd.testing.assert_frame_equal(units[carried], expected)


@pytest.mark.parametrize(("fewest", "unit"), [(19, "paragraph"), (20, "article")])
def test_large_corpus_is_read_by_articles(fewest, unit):
    """With twenty articles of every outlet the units are the articles, whole and in their order."""
    index = pd.Index([f"a{number}" for number in range(fewest + 30)], name="article_id")
    texts = [f"One {name}.\nTwo {name}." for name in index]
    articles = pd.DataFrame({"outlet": ["North"] * fewest + ["South"] * 30, "text": texts}, index=index)
    table = topic_units(articles)
    assert table["unit"].unique().tolist() == [unit]
    assert table["article_id"].unique().tolist() == list(index)
    assert table["text"].tolist() == (texts if unit == "article" else "\n".join(texts).split("\n"))


# Fitting


@pytest.mark.parametrize(("k", "method"), [(2, "nmf"), (4, "nmf"), (7, "nmf"), (3, "lda")])
def test_shares_are_shares(shipped, k, method):
    """Each topic's words, and each paragraph's topics, are shares that add up to one, by either method."""
    fitted = fit_topics(shipped, k, method=method)
    assert fitted.method == method
    assert fitted.counts is shipped
    assert fitted.term_share.shape == (k, len(shipped.terms))
    assert fitted.unit_share.shape == (len(shipped.units), k)
    for shares in fitted[:2]:
        assert (shares >= 0).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_largest_topic_comes_first(planted, seed):
    """Topics come by how many of the corpus's words they take, the largest first, whatever the start."""
    counts = count_terms(planted.iloc[:40])
    fitted = fit_topics(counts, 3, method="lda" if seed else "nmf", seed=seed)
    size = counts.matrix.sum(axis=1) @ fitted.unit_share
    assert (np.diff(size) <= 1e-9 * size[0]).all()


@pytest.mark.parametrize(("method", "seed"), [("nmf", 0), ("nmf", 3), ("lda", 3)])
def test_same_seed_gives_the_same_topics(shipped, method, seed):
    """One seed gives the same numbers to the last digit, so a notebook comes out the same; "nmf" does so with any."""
    one, other = fit_topics(shipped, 4, method=method, seed=3), fit_topics(shipped, 4, method=method, seed=seed)
    np.testing.assert_array_equal(one.term_share, other.term_share)
    np.testing.assert_array_equal(one.unit_share, other.unit_share)


def test_topics_explain_more_than_none_would(shipped):
    """The words are likelier under the topics than with one topic, or with the same shares in every paragraph."""
    counts = shipped.matrix.toarray()
    fitted = fit_topics(shipped, 4)
    likelihood = (counts * np.log(fitted.unit_share @ fitted.term_share)).sum()
    overall = counts.sum(axis=0) / counts.sum()
    assert likelihood > (counts * np.log(overall)).sum()
    assert likelihood > (counts * np.log(fitted.unit_share.mean(axis=0) @ fitted.term_share)).sum()


@pytest.mark.parametrize("k", [-1, 0, 1, 24, 80, 1000])
def test_number_of_topics_the_texts_cannot_carry_is_refused(planted, k):
    """Less than two topics, or as many as there are terms, are refused with the numbers that decide it."""
    with pytest.raises(InputError, match=rf"80 units of text and 24 terms do not carry {k} topics.*Ask for fewer"):
        fit_topics(count_terms(planted), k)


def test_unknown_method_is_refused(planted):
    """A method that there is not is refused with those that there are."""
    assert METHODS == ("nmf", "lda")
    with pytest.raises(InputError, match=r"there is no method 'lsa'.*Use nmf or lda"):
        fit_topics(count_terms(planted), 2, method="lsa")


def test_number_of_processors_changes_no_digit(mixed, monkeypatch):
    """Fitted and folded in by one thread, or by two or three, the model is the same to the last digit."""
    models = []
    for threads in (1, 2, 3):
        monkeypatch.setattr("contrast.topics.model.os.cpu_count", lambda threads=threads: threads)
        models += [fit_topics(mixed, 2), fit_topics(mixed, 2, most_units=440)]
    for one, other in zip(models[:2] * 2, models[2:], strict=True):
        np.testing.assert_array_equal(one.term_share, other.term_share)
        np.testing.assert_array_equal(one.unit_share, other.unit_share)


def test_paragraph_without_terms_does_no_harm(planted, topics):
    """A paragraph of stop words alone changes no topic, and its own shares still add up to one."""
    empty = pd.DataFrame([("North-0", "North", 10, "the of and")], columns=planted.columns)
    rows = pd.concat([planted, empty], ignore_index=True)
    fitted = fit_topics(count_terms(rows, stop_words=["the", "of", "and"]), 2)
    np.testing.assert_allclose(fitted.term_share, topics.term_share, atol=1e-6)
    assert fitted.unit_share[-1].sum() == pytest.approx(1)
    np.testing.assert_allclose(prevalence(fitted)["share"], prevalence(topics)["share"], atol=1e-6)


# The planted corpus


def test_planted_topics_are_found(topics):
    """Two vocabularies that never meet are two topics, each with all of its own words and next to no other."""
    assert by_words(topics) == {frozenset(WATER), frozenset(STONE)}
    table = topic_terms(topics, 12)
    assert (table["exclusivity"] > 0.999).all()
    assert table.groupby("topic")["share"].sum().tolist() == pytest.approx([1, 1], abs=0.001)


@pytest.mark.parametrize("method", METHODS)
def test_planted_shares_are_found(planted, method):
    """An outlet that gives 80, another that gives 30 of 100 words to a topic, are measured within 5 of 100."""
    fitted = fit_topics(count_terms(planted), 2, method=method)
    assert by_words(fitted) == {frozenset(WATER), frozenset(STONE)}
    leading = topic_terms(fitted, 1).set_index("topic")["term"]
    shares = prevalence(fitted, draws=20)
    water = shares[shares["topic"].map(leading).isin(WATER)].set_index("outlet")["share"]
    assert water["North"] == pytest.approx(0.8, abs=0.05)
    assert water["South"] == pytest.approx(0.3, abs=0.05)


def test_larger_planted_topic_comes_first(topics):
    """Water, with 44 of 80 paragraphs, is the first topic."""
    assert topic_terms(topics, 1).loc[0, "term"] in WATER


def test_order_of_paragraphs_does_not_matter(planted, topics):
    """The same paragraphs in another order give the same words in the same order, with the same shares."""
    shuffled = planted.sample(frac=1, random_state=1, ignore_index=True)
    one, other = topic_terms(topics, 12), topic_terms(fit_topics(count_terms(shuffled), 2), 12)
    pd.testing.assert_frame_equal(one, other, atol=1e-6)


def test_paragraphs_printed_twice_change_no_share(planted, topics):
    """A corpus printed twice over has the topics and shares of the corpus printed once, but for the prior's part."""
    twice = fit_topics(count_terms(pd.concat([planted, planted], ignore_index=True)), 2)
    np.testing.assert_allclose(twice.term_share, topics.term_share, atol=1e-4)
    np.testing.assert_allclose(prevalence(twice)["share"], prevalence(topics)["share"], atol=5e-4)


@pytest.mark.parametrize("bursts", [1, 2])
def test_word_in_a_burst_makes_no_topic_of_its_own(planted, bursts):
    """A word that an article, or two, repeat two hundred times takes no topic, not even from one of few paragraphs."""
    bread = [f"bread{letter}" for letter in "abcdefghijkl"]
    texts = [" ".join(np.random.default_rng(seed).choice(bread, 24)) for seed in range(2 * bursts)]
    small = pd.DataFrame({"article_id": "North-4", "outlet": "North", "paragraph": range(2 * bursts), "text": texts})
    rows = pd.concat([planted, small], ignore_index=True)
    places = [rows["text"].str.startswith("water").idxmax(), rows["text"].str.startswith("stone").idxmax()][:bursts]
    rows.loc[places, "text"] += " burst" * 200
    counts = count_terms(rows)
    term_share = fit_topics(counts, 3).term_share
    subject = np.array([term[:5] for term in counts.terms])
    shares = np.stack([term_share[:, subject == stem].sum(axis=1) for stem in ("water", "stone", "bread")])
    assert sorted(shares.argmax(axis=0)) == [0, 1, 2]
    assert (shares.max(axis=0) > 0.6).all()
    assert (np.sort(shares, axis=0)[:2] < 0.02).all()


# A sample of many units


def test_sample_has_its_part_of_each_outlet_and_month(mixed):
    """Of each outlet and month a sample has its part, to one unit; rows are sorted, and none comes twice."""
    stratum = mixed.units["outlet"] + mixed.units["date"].dt.strftime("%Y-%m")
    wanted = stratum.value_counts() * 200 / 480
    assert len(wanted) == 4
    samples = [stratified_sample(mixed.units, 200, seed=seed) for seed in range(5)]
    for rows in samples:
        assert len(rows) == 200
        assert (np.diff(rows) > 0).all()
        assert ((stratum.iloc[rows].value_counts() - wanted).abs() <= 1).all()
    np.testing.assert_array_equal(samples[0], stratified_sample(mixed.units, 200))
    assert set(samples[0]) != set(samples[1])


def test_sample_draws_every_unit_alike():
    """Over many seeds each unit is drawn as often as any other, be its outlet large or small; none needs a date."""
    units = pd.DataFrame({"outlet": ["North"] * 3 + ["South"] * 7, "date": pd.to_datetime([None] * 10)})
    drawn = np.bincount(np.concatenate([stratified_sample(units, 4, seed=seed) for seed in range(300)]))
    assert drawn.sum() == 1200
    assert np.abs(drawn - 120).max() < 4 * np.sqrt(300 * 0.4 * 0.6)


@pytest.mark.parametrize("most", [480, 1000])
def test_sample_of_as_many_as_there_are_is_all(mixed, most):
    """Where there are no more units than asked for all of them are taken, with a date or without."""
    np.testing.assert_array_equal(stratified_sample(mixed.units, most), np.arange(480))
    np.testing.assert_array_equal(stratified_sample(mixed.units[["outlet"]], most), np.arange(480))


def test_units_left_out_of_the_fit_are_folded_in(mixed):
    """A model fitted to a quarter of the units is that of the sample, and gives all units nearly their full shares."""
    full, part = (fit_topics(mixed, 2, most_units=most) for most in (480, 120))
    sample = fit_topics(take_units(mixed, stratified_sample(mixed.units, 120)), 2)
    water = [model.term_share[:, -1].argmax() for model in (full, part, sample)]  # the last term is one of water
    assert part.unit_share.shape == (480, 2)
    apart = np.abs(part.unit_share[:, water[1]] - full.unit_share[:, water[0]])
    assert apart.max() < 0.1
    assert apart.mean() < 0.02
    np.testing.assert_allclose(part.term_share[water[1]], sample.term_share[water[2]])


# Words of a topic


def test_marking_terms_by_hand():
    """By p ln(p / mean p) of .5 .3 .2 and .5 .1 .4: 0, .12, -.08 and 0, -.07, .12; the word both use leads in none."""
    shares = np.array([[0.5, 0.3, 0.2], [0.5, 0.1, 0.4]])
    assert marking_terms(shares, 2).tolist() == [[1, 0], [2, 0]]
    assert marking_terms(shares, 3).tolist() == [[1, 0, 2], [2, 0, 1]]
    assert marking_terms(np.full((2, 4), 0.25), 3).tolist() == [[0, 1, 2]] * 2  # equal ones in alphabetical order


def test_share_and_exclusivity_by_hand():
    """Shares are the model's, exclusivity weighs them by the topics' sizes, and counts are the corpus's."""
    matrix = [[2, 1, 0], [0, 1, 0]]  # three words all of topic 1, and one word of topic 2
    table = topic_terms(made_topics([[0.6, 0.3, 0.1], [0.1, 0.6, 0.3]], [[1, 0], [0, 1]], matrix, ["X", "X"]))
    first = table[table["topic"] == 1].set_index("term")
    assert first["share"].to_dict() == {"a": 0.6, "b": 0.3, "c": 0.1}
    expected = {"a": 1.8 / 1.9, "b": 0.9 / 1.5, "c": 0.3 / 0.6}  # share * 3 over share * 3 + other share * 1
    assert first["exclusivity"].to_dict() == pytest.approx(expected)
    assert first["count"].to_dict() == {"a": 2, "b": 2, "c": 0}


def test_words_are_ranked_by_frex():
    """Words come by the harmonic mean of two ranks: b .75 and 1, a 1 and .5, c .5 and .75, d .25 and .25."""
    shares = [[0.5, 0.4, 0.06, 0.04], [0.5, 0.001, 0.001, 0.498]]
    table = topic_terms(made_topics(shares, [[1, 0], [0, 1]], [[5, 4, 1, 0], [5, 0, 0, 5]], ["X", "X"]), 4)
    assert table.loc[table["topic"] == 1, "term"].tolist() == ["b", "a", "c", "d"]


def test_equal_words_come_in_alphabetical_order():
    """Words of the same rank come in alphabetical order."""
    made = made_topics([[0.25] * 4, [0.25] * 4], [[1, 0], [0, 1]], [[1, 1, 1, 1], [1, 1, 1, 1]], ["X", "X"])
    assert topic_terms(made, 4)["term"].tolist() == [*"abcd", *"abcd"]


@pytest.mark.parametrize("n", [1, 5, 24])
def test_as_many_words_as_asked_for(topics, n):
    """Each topic, counted from 1, has as many words as were asked for."""
    assert topic_terms(topics, n)["topic"].tolist() == [1] * n + [2] * n


# Shares of outlets and articles


@pytest.mark.parametrize("by", ["outlet", "article_id"])
def test_shares_of_a_group_add_up_to_one(shipped, by):
    """The topic shares of each outlet, and of each article, add up to one, and each is from 0 to 1."""
    table = prevalence(fit_topics(shipped, 4), by)
    assert table["share"].between(0, 1).all()
    np.testing.assert_allclose(table.groupby(by)["share"].sum(), 1, atol=1e-6)
    assert table.groupby(by, sort=False)["topic"].apply(list).tolist() == [[1, 2, 3, 4]] * table[by].nunique()
    articles = {"outlet": {"SANA": 4, "RT": 1}, "article_id": dict.fromkeys(shipped.units["article_id"], 1)}
    assert table.drop_duplicates(by).set_index(by)["articles"].to_dict() == articles[by]


# Typical paragraphs


def test_typical_paragraphs_are_pure(planted):
    """Where half of the paragraphs mix both vocabularies, those of one vocabulary alone are the typical ones."""
    mixed = planted.assign(paragraph=lambda table: table["paragraph"] + 10)
    mixed["text"] = [f"{text} {other}" for text, other in zip(mixed["text"], mixed["text"].iloc[::-1], strict=True)]
    both = mixed["text"].str.contains("water") & mixed["text"].str.contains("stone")
    rows = pd.concat([mixed[both], planted], ignore_index=True)
    table = typical_units(fit_topics(count_terms(rows), 2), rows, 2)
    assert table[["topic", "outlet"]].value_counts().tolist() == [2] * 4
    assert (table["share"] > 0.99).all()
    assert (table["text"].str.contains("water") ^ table["text"].str.contains("stone")).all()


def test_longer_paragraph_wins_between_equals(planted):
    """Of two paragraphs that belong to a topic in full, the longer one is its example."""
    longest = ("North-3", "North", 10, " ".join(WATER * 4))
    rows = pd.concat([planted, pd.DataFrame([longest], columns=planted.columns)], ignore_index=True)
    table = typical_units(fit_topics(count_terms(rows), 2), rows)
    assert table.loc[(table["topic"] == 1) & (table["outlet"] == "North"), "text"].tolist() == [longest[3]]


def test_typical_paragraph_is_where_it_says(planted, topics):
    """Article and paragraph of a typical paragraph lead to its text."""
    found = typical_units(topics, planted, 3).merge(planted, on=["outlet", "article_id", "paragraph"])
    assert len(found) == 12
    assert found["text_x"].tolist() == found["text_y"].tolist()


# Rounding


def test_articles_that_repeat_one_text_give_topics_without_a_warning():
    """Where rounding makes the factorisation's error negative nothing is said of it."""
    rows = [(f"a{n}", "X" if n % 2 else "Y", "dam truce army city talks " * (1 + n % 3)) for n in range(8)]
    counts = count_terms(pd.DataFrame(rows, columns=["article_id", "outlet", "text"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit_topics(counts, 4).term_share.shape == (4, 5)
