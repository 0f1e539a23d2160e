"""Topics are told apart by their words, keep the names given to them, and are flagged where they are no subject."""

import hashlib
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from contrast.cleaning import load_corpus
from contrast.corpus import InputError
from contrast.terms import TermCounts, count_terms
from contrast.topics.flags import flag_topics
from contrast.topics.labels import topic_terms, typical_units
from contrast.topics.model import Topics, fit_topics, topic_units
from contrast.topics.names import fingerprint, name_topics, read_topic_names, topic_fingerprints

SUBJECTS = ("water", "stone", "bread")
TERMS = "a, b, c, d, e, f, g, h, i, j"
PRINT = "d26289ab"  # printf 'a b c d e f g h i j' | sha256sum, from its first letter
HEADER = "fingerprint,terms,name,note"
NO_COPIES = pd.DataFrame(columns=["article_id", "outlet", "duplicate_of", "containment", "same_text"])


def vocabulary(stem, size=14):
    """Make up words that begin alike."""
    return [stem + letter for letter in "abcdefghijklmnopqrst"[:size]]


def written(random, stem, words):
    """Write about a subject, its first words more often than its last."""
    chances = 1 / np.arange(2, 16)
    return " ".join(random.choice(vocabulary(stem), words, p=chances / chances.sum()))


def written_units(subjects, seed=0):
    """Write forty articles about each subject."""
    random = np.random.default_rng(seed)
    rows = [(f"{stem}-{n}", "North", written(random, stem, 60)) for n in range(40) for stem in subjects]
    return pd.DataFrame(rows, columns=["article_id", "outlet", "text"])


def by_stem(table, column="name"):
    """Give a column of a table of topics by the subject of their words."""
    return {terms[:5]: value for terms, value in zip(table["terms"], table[column], strict=True)}


def made_topics(term_share, unit_share, matrix, **units):
    """Put together a model by hand, each unit an article of its own."""
    matrix, terms = (
        sparse.csr_array(matrix),
        np.array([f"w{number:02}" for number in range(len(term_share[0]))], dtype=object),
    )
    units = {"article_id": [*"stuv"[: matrix.shape[0]]], "outlet": "North", "paragraph": 0} | units
    units = pd.DataFrame(units).assign(words=matrix.sum(axis=1))
    printed = np.array([term.upper() for term in terms], dtype=object)
    return Topics(np.array(term_share), np.array(unit_share), TermCounts(matrix, terms, printed, units))


def codebook_with(folder, *rows):
    """Write a table of names into a corpus folder."""
    (folder / "codebook").mkdir()
    (folder / "codebook/topics.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return folder


def named(*rows):
    """Give a table of names as it is read: pairs of terms and a name."""
    return pd.DataFrame(rows, columns=["terms", "name"]).assign(fingerprint="", note="")


@pytest.fixture(scope="module")
def units():
    """Give articles about three subjects."""
    return written_units(SUBJECTS)


@pytest.fixture(scope="module")
def topics(units):
    """Give the three topics fitted to them."""
    return fit_topics(count_terms(units), 3)


@pytest.fixture(scope="module")
def given(topics):
    """Give names to the three topics, as a researcher would."""
    table = topic_fingerprints(topics)
    return table.assign(name="About " + table["terms"].str[:5], note="").drop(columns="topic")


# Words


def test_words_by_share_come_by_the_models_probability():
    """Asked for by share the words come as often as the topic uses them, equal ones in alphabetical order."""
    shares = [[0.1, 0.2, 0.3, 0.2, 0.2], [0.5, 0.1, 0.2, 0.1, 0.1]]
    made = made_topics(shares, [[1, 0], [0, 1]], [[1, 2, 3, 2, 2], [5, 1, 2, 1, 1]])
    table = topic_terms(made, 4, by="share")
    assert table["term"].tolist() == ["w02", "w01", "w03", "w04", "w00", "w02", "w01", "w03"]
    assert table["share"].tolist() == [0.3, 0.2, 0.2, 0.2, 0.5, 0.2, 0.1, 0.1]
    assert table["printed"].tolist() == table["term"].str.upper().tolist()


def test_ranking_changes_the_order_alone(topics):
    """Both rankings give the same numbers of the same terms, and the first by FREX are exclusive ones."""
    frex, share = (topic_terms(topics, 42, by=by) for by in ("frex", "share"))
    keys = ["topic", "term"]
    pd.testing.assert_frame_equal(frex.sort_values(keys, ignore_index=True), share.sort_values(keys, ignore_index=True))
    pd.testing.assert_frame_equal(frex, topic_terms(topics, 42))


def test_unknown_ranking_is_refused(topics):
    """A ranking that there is not is refused with those that there are."""
    with pytest.raises(InputError, match=r"no ranking 'lift'.*frex or share"):
        topic_terms(topics, by="lift")


# Typical units


@pytest.mark.parametrize("n", [1, 2, 5])
def test_typical_units_are_the_first_of_a_full_sort(n):
    """Units of two outlets come as pandas sorts the whole table by share, words, article and paragraph."""
    random = np.random.default_rng(n)
    share = random.choice([0.2, 0.5, 0.8], 40)
    matrix = random.integers(1, 3, (40, 2))
    table = pd.DataFrame({"article_id": random.choice([*"abc"], 40), "paragraph": np.arange(40)[::-1]})
    table["outlet"] = np.where(table["article_id"] == "a", "South", "North")
    made = made_topics([[0.5, 0.5]] * 2, np.c_[share, 1 - share], matrix, **table)
    units = table.assign(text=[f"text {number}" for number in range(40)])
    found = typical_units(made, units, n)
    for topic, column in ((1, share), (2, 1 - share)):
        whole = units.assign(share=column, words=matrix.sum(axis=1))
        whole = whole.sort_values(["share", "words", "article_id", "paragraph"], ascending=[False, False, True, True])
        for outlet in ("North", "South"):
            expected = whole.loc[whole["outlet"] == outlet, "text"].head(n).tolist()
            assert found.loc[(found["topic"] == topic) & (found["outlet"] == outlet), "text"].tolist() == expected
    assert found[["topic", "outlet"]].drop_duplicates().values.tolist() == [
        [topic, outlet] for topic in (1, 2) for outlet in ("North", "South")
    ]


def test_typical_unit_carries_its_date(units, topics):
    """A typical unit has the date of its article; where the units have none it is missing."""
    dated = units.assign(
        date=pd.Timestamp("2016-05-01") + pd.to_timedelta(np.arange(len(units)), unit="D"), paragraph=0
    )
    made = topics._replace(counts=topics.counts._replace(units=topics.counts.units.assign(paragraph=0)))
    found = typical_units(made, dated, 2)
    assert found["date"].tolist() == dated.set_index("article_id").loc[found["article_id"], "date"].tolist()
    without = typical_units(made, dated.drop(columns="date"), 2)
    assert without["date"].isna().all()
    pd.testing.assert_frame_equal(found.drop(columns="date"), without.drop(columns="date"))


# Fingerprints


def test_fingerprint_is_what_sha256sum_gives():
    """The sign is that of the terms in alphabetical order, from the digest's first letter on, whatever their order."""
    assert fingerprint(TERMS.split(", ")) == fingerprint(TERMS.split(", ")[::-1]) == PRINT
    assert fingerprint([*TERMS.split(", ")[1:], "k"]) != PRINT


def test_no_fingerprint_is_a_number():
    """A spreadsheet takes no fingerprint for a number: each begins with a letter, and has eight hex digits."""
    signs = [fingerprint([str(number)]) for number in range(2000)]
    assert all(len(sign) == 8 and set(sign) <= set("0123456789abcdef") and sign[0] in "abcdef" for sign in signs)
    assert len(set(signs)) == 2000


def test_fingerprints_are_of_the_ten_leading_terms(topics):
    """Each topic's ten terms are those it uses most, and its sign is made from them."""
    table = topic_fingerprints(topics)
    assert table["topic"].tolist() == [1, 2, 3]
    for row, share in zip(table.itertuples(), topics.term_share, strict=True):
        assert row.terms.split(", ") == topics.counts.terms[np.argsort(-share)[:10]].tolist()
        digest = hashlib.sha256(" ".join(sorted(row.terms.split(", "))).encode()).hexdigest()
        assert row.fingerprint in digest


# Names from a file


def test_folder_without_names_has_none(tmp_path):
    """A folder without a codebook, and a codebook without the file, have no names: not those of another folder."""
    for _ in range(2):
        table = read_topic_names(tmp_path)
        assert (len(table), list(table)) == (0, HEADER.split(","))
        (tmp_path / "codebook").mkdir(exist_ok=True)


def test_names_are_read_as_they_were_written(tmp_path, given):
    """What is written from a table of fingerprints and names is read back the same, a note or none."""
    (tmp_path / "codebook").mkdir()
    given.drop(columns="note").to_csv(tmp_path / "codebook/topics.csv", index=False)
    table = read_topic_names(tmp_path)
    assert table.values.tolist() == given[["fingerprint", "terms", "name", "note"]].values.tolist()


def test_every_fault_of_the_names_is_told_at_once(tmp_path):
    """All faults come in one error, each with its row and what mends it, in the order of the rows."""
    other = "b, c, d, e, f, g, h, i, j, k"
    folder = codebook_with(
        tmp_path,
        f'{PRINT},"{TERMS}",Talks,',
        f'{PRINT},"{other}",War,',
        f',"{other}",Talks,',
        f'{fingerprint(other.split(", "))},"{other}",,',
        f"{PRINT[:-1]},,Water,",
        'abcdef12,"a, b, c",Bread,',
        'abcdef13,"a, a, c, d, e, f, g, h, i, j",Stone,',
    )
    with pytest.raises(InputError) as caught:
        read_topic_names(folder)
    found = caught.value.problems
    assert {Path(file).name for file in found["file"]} == {"topics.csv"}
    told = [(row.row, row.problem, row.remedy) for row in found.itertuples()]
    expected = [
        (3, f"'{PRINT}' is not that of these terms", f"Write {fingerprint(other.split(', '))}"),
        (3, f"fingerprint '{PRINT}' stands in row 2 too", "its own fingerprint"),
        (4, "fingerprint is empty", "Fill it in"),
        (4, "name 'Talks' stands in row 2 too", "its own name"),
        (5, "name is empty", "Fill it in"),
        (6, "terms is empty", "Fill it in"),
        (7, "3 different terms", "topic_fingerprints"),
        (8, "9 different terms", "topic_fingerprints"),
    ]
    assert len(told) == len(expected)
    for (row, problem, remedy), (at, what, mends) in zip(told, expected, strict=True):
        assert row == at
        assert what in problem
        assert mends in remedy


def test_column_that_the_names_lack_is_told(tmp_path):
    """A table of names without its terms is refused."""
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook/topics.csv").write_text("fingerprint,name\nabcdef12,Talks\n", "utf-8")
    with pytest.raises(InputError, match="column 'terms' is missing"):
        read_topic_names(tmp_path)


# Names and topics


@pytest.mark.parametrize("seed", range(3))
def test_names_survive_a_refit_to_a_part(units, given, seed):
    """Fitted anew to four fifths of the articles each topic has its name, and most of its ten terms."""
    part = units.sample(frac=0.8, random_state=seed, ignore_index=True)
    table = name_topics(fit_topics(count_terms(part), 3, seed=seed), given)
    assert table["is_by_hand"].all()
    assert by_stem(table) == {stem: f"About {stem}" for stem in SUBJECTS}
    assert table["overlap"].between(0.7, 1).all()


def test_names_survive_another_order_of_topics(topics, given):
    """Topics in another order keep their names, with all of their terms and their fingerprints."""
    order = [2, 0, 1]
    turned = topics._replace(term_share=topics.term_share[order], unit_share=topics.unit_share[:, order])
    table = name_topics(turned, given)
    assert by_stem(table) == {stem: f"About {stem}" for stem in SUBJECTS}
    assert table["overlap"].tolist() == [1, 1, 1]
    assert table["fingerprint"].tolist() == given["fingerprint"].iloc[order].tolist()


def test_names_do_not_survive_on_another_corpus(given):
    """Topics of other articles have no name by hand; a subject that is there again has."""
    table = name_topics(fit_topics(count_terms(written_units(("flute", "river", "bread"))), 3), given)
    assert by_stem(table, "is_by_hand") == {"flute": False, "river": False, "bread": True}
    assert table.loc[~table["is_by_hand"], "overlap"].isna().all()
    assert by_stem(table)["bread"] == "About bread"
    assert by_stem(table)["flute"].count("flute") == 3


@pytest.mark.parametrize(("at_least", "is_by_hand"), [(0.5, True), (0.6, False)])
def test_match_below_the_limit_names_nothing(topics, at_least, is_by_hand):
    """A topic that shares five of its ten terms is the one that was named at a limit of five, not at one of six."""
    terms = topic_fingerprints(topics).loc[0, "terms"].split(", ")[:5]
    names = named((", ".join([*terms, *vocabulary("other", 5)]), "Half"))
    table = name_topics(topics, names, at_least=at_least)
    assert table["is_by_hand"].tolist() == [is_by_hand, False, False]
    assert table["overlap"].tolist() == pytest.approx([0.5 if is_by_hand else np.nan, np.nan, np.nan], nan_ok=True)


def test_matches_are_the_best_of_all_pairings():
    """The terms shared by all pairs together are as many as any pairing reaches, tried one by one."""
    random = np.random.default_rng(3)
    for _ in range(5):
        shares = random.dirichlet(np.full(20, 0.5), 4)
        made = made_topics(shares, np.eye(4), random.integers(1, 9, (4, 20)))
        wanted = [random.choice(made.counts.terms, 10, replace=False) for _ in range(4)]
        names = named(*((", ".join(terms), f"n{number}") for number, terms in enumerate(wanted)))
        own = [set(terms.split(", ")) for terms in topic_fingerprints(made)["terms"]]
        shared = np.array([[len(one & set(terms)) for terms in wanted] for one in own])
        best = max(shared[range(4), list(pairing)].sum() for pairing in itertools.permutations(range(4)))
        table = name_topics(made, names, at_least=0.1)
        assert table["overlap"].sum() * 10 == pytest.approx(best)
        matches = table["name"].str[1:].astype(int)
        assert table["overlap"].tolist() == pytest.approx(shared[range(4), matches] / 10)


def test_too_weak_a_match_takes_no_name_from_a_good_one(topics):
    """A topic keeps a name with which it shares six terms, though another pairing would share more in all."""
    first, second = (terms.split(", ") for terms in topic_fingerprints(topics)["terms"][:2])
    names = named((", ".join(first[:6] + second[:4]), "Good"), (", ".join([*first[5:], *vocabulary("x", 5)]), "Weak"))
    table = name_topics(topics, names)
    assert table["name"].tolist()[0] == "Good"
    assert table["is_by_hand"].tolist() == [True, False, False]


def test_name_without_hand_is_three_words_as_printed(topics):
    """Without names a topic is called by its three words first by FREX, and nothing is said to be by hand."""
    for names in (None, NO_COPIES):
        table = name_topics(topics, names)
        words = topic_terms(topics, 3).groupby("topic")["printed"].agg(", ".join)
        assert table["name"].tolist() == words.tolist()
        assert not table["is_by_hand"].any()
        assert table["overlap"].isna().all()


def test_equal_names_get_the_next_word():
    """Topics whose first three words are the same are called by four, and the third topic by three."""
    one = [0.3, 0.25, 0.2, 0.1, 0.05, *[0.02] * 5]
    other = [0.3, 0.25, 0.2, 0.05, 0.1, *[0.02] * 5]
    made = made_topics([one, other, [0, 0, 0, 0.3, 0.3, *[0.08] * 5]], np.eye(3), np.full((3, 10), 1))
    names = name_topics(made)["name"]
    assert names.tolist()[:2] == ["W00, W01, W02, W03", "W00, W01, W02, W04"]
    assert names.str.count(",").tolist() == [3, 3, 2]


def test_equal_topics_are_named_all_the_same():
    """Two topics with the same words in the same order get the same name, of ten words at most."""
    made = made_topics([np.arange(12, 0, -1) / 78] * 2, np.eye(2), np.full((2, 12), 1))
    names = name_topics(made)["name"]
    assert names.str.count(",").tolist() == [9, 9]
    assert names.nunique() == 1


# Flags


def planted_articles(north=12, south=12, *, north_extra="", own="bread"):
    """
    Write articles of two outlets, each about one of three subjects; one of these is North's alone.

    Where there is a stem `north_extra`, North puts ten words of it into each article, whatever it is about.
    """
    random = np.random.default_rng(8)
    rows = []
    for outlet, many in (("North", north), ("South", south)):
        subjects = SUBJECTS if outlet == "North" else [stem for stem in SUBJECTS if stem != own]
        for number in range(many):
            text = written(random, subjects[number % len(subjects)], 60)
            if outlet == "North" and north_extra:
                text += " " + written(random, north_extra, 20)
            rows.append((f"{outlet.lower()}-{number:02}", outlet, pd.NaT, text))
    columns = ["article_id", "outlet", "date", "text"]
    return pd.DataFrame(rows, columns=columns).astype({"date": "datetime64[us]"}).set_index("article_id")


def with_articles(articles, rows):
    """Add articles, given as name, outlet and text."""
    more = pd.DataFrame(rows, columns=["article_id", "outlet", "text"]).assign(date=pd.NaT).set_index("article_id")
    return pd.concat([articles, more.astype({"date": "datetime64[us]"})[list(articles)]])


def flags_by_stem(articles, k, **options):
    """Fit topics to articles and give their flags, by the subject of their words."""
    topics = fit_topics(count_terms(articles.reset_index()), k)
    table = flag_topics(topics, articles, **options)
    stems = topic_terms(topics, 1).set_index("topic")["term"].str[:5]
    assert set(stems) <= {*SUBJECTS, "style", "alone"}
    return table.assign(stem=table["topic"].map(stems))


def test_plain_subjects_are_not_flagged():
    """Subjects of both outlets are not flagged, nor is one that a single outlet writes about."""
    table = flags_by_stem(planted_articles(), 3)
    assert table.empty
    assert list(table) == ["topic", "flag", "share", "why", "stem"]


def test_topic_of_one_article_is_flagged():
    """Words that stand in one article alone are a topic of that article, and the sentence names it."""
    random = np.random.default_rng(1)
    articles = with_articles(planted_articles(), [("south-99", "South", written(random, "alone", 90))])
    table = flags_by_stem(articles, 4)
    assert table[["stem", "flag"]].values.tolist() == [["alone", "one article"]]
    assert table.loc[0, "share"] > 0.9
    assert table.loc[0, "why"] == f"{table.loc[0, 'share']:.0%} of its words are in south-99"


@pytest.mark.parametrize(("words", "is_flagged"), [(6, True), (5, False)])
def test_one_article_is_flagged_from_half_of_the_words_on(words, is_flagged):
    """By hand: an article of 6 (5) words, all of topic 1, beside articles of 8 and 4 words, half of them of it."""
    made = made_topics([[0.5, 0.5]] * 2, [[1, 0], [0.5, 0.5], [0.5, 0.5]], [[words, 0], [4, 4], [2, 2]])
    table = flag_topics(made, pd.DataFrame(), duplicates=NO_COPIES)
    assert (1 in set(table["topic"])) is is_flagged
    assert table.loc[table["topic"] == 1, "share"].tolist() == [0.5] * is_flagged
    assert table.loc[table["topic"] == 2, "share"].tolist() == pytest.approx([4 / 6])


def test_paragraphs_of_an_article_count_together():
    """Two paragraphs of one article, each with a third of the topic's words, are one article with two thirds."""
    made = made_topics([[0.5, 0.5]] * 2, [[1, 0], [1, 0], [1, 0], [0, 1]], np.ones((4, 2)), article_id=[*"sstu"])
    table = flag_topics(made, pd.DataFrame(), duplicates=NO_COPIES).set_index("topic")
    assert table.loc[1, ["flag", "why"]].tolist() == ["one article", "67% of its words are in s"]


def test_house_style_is_flagged():
    """Words that an outlet puts into all of its articles are its manner, and its own subject beside them is none."""
    table = flags_by_stem(planted_articles(north_extra="style"), 4)
    assert table[["stem", "flag"]].values.tolist() == [["style", "house style"]]
    assert table.loc[0, "share"] > 0.9
    assert "in articles of North" in table.loc[0, "why"]
    assert table.loc[0, "why"].endswith("articles of other outlets use 0%")


@pytest.mark.parametrize(("south", "is_flagged"), [(10, False), (4, False), (3, True), (0, True)])
def test_manner_of_all_outlets_is_nobodys(south, is_flagged):
    """By hand: words in all of North's 60 articles are its style if South's six use less than a third of them."""
    subjects = np.kron(np.tile(np.eye(2, dtype=int), (33, 1)), np.full(10, 2))
    manner = np.ones((66, 10), dtype=int)
    manner[60:, south:] = 0
    shares = np.kron(np.eye(3), np.full(10, 0.1))
    held = np.c_[manner.sum(axis=1), subjects[:, ::10] * 10]
    names = {"article_id": [f"a{number:02}" for number in range(66)], "outlet": ["North"] * 60 + ["South"] * 6}
    made = made_topics(shares, held / held.sum(axis=1, keepdims=True), np.c_[manner, subjects], **names)
    table = flag_topics(made, pd.DataFrame(), duplicates=NO_COPIES)
    assert table[["topic", "flag"]].values.tolist() == [[1, "house style"]] * is_flagged
    assert table["share"].tolist() == pytest.approx([600 / (600 + 6 * south)] * is_flagged)


@pytest.mark.parametrize(("used", "south", "is_flagged"), [(2, 0.1, True), (1, 0.1, False), (2, 0.11, False)])
def test_house_style_is_mostly_one_outlets_and_in_all_its_articles(used, south, is_flagged):
    """By hand: North has three quarters of the topic's words, and its articles use two of the ten leading ones."""
    about = np.kron(np.tile(np.eye(2, dtype=int), (10, 1)), np.full(10, 2))
    manner = np.zeros((20, 10), dtype=int)
    manner[:10, :used] = 1
    about[:10, [0, 10]] -= used * (about[:10, [0, 10]] > 0)
    share = np.repeat([0.3, south], 10)[:, None]
    held = np.c_[share, (1 - share) * np.tile(np.eye(2), (10, 1))]
    names = {"article_id": [f"a{number:02}" for number in range(20)], "outlet": ["North"] * 10 + ["South"] * 10}
    made = made_topics(np.kron(np.eye(3), np.full(10, 0.1)), held, np.c_[manner, about], **names)
    table = flag_topics(made, pd.DataFrame(), duplicates=NO_COPIES)
    assert table[["topic", "flag"]].values.tolist() == [[1, "house style"]] * is_flagged


def test_main_subject_of_an_outlet_is_no_style():
    """An outlet's own subject that it writes about in most of its articles stays a subject."""
    random = np.random.default_rng(4)
    many = [(f"north-a{number:02}", "North", written(random, "bread", 60)) for number in range(40)]
    assert flags_by_stem(with_articles(planted_articles(), many), 3).empty


@pytest.mark.parametrize(("north", "south"), [(4, 12), (12, 0)])
def test_style_is_not_told_without_enough_articles_and_outlets(north, south):
    """Of an outlet with four articles, or alone in the corpus, no style is told."""
    assert "house style" not in set(flags_by_stem(planted_articles(north, south, north_extra="style"), 4)["flag"])


def test_topic_of_copies_is_flagged():
    """A text that an outlet prints three times makes a topic of copies, and not if the copies are not known."""
    text = written(np.random.default_rng(6), "alone", 80)
    rows = [(f"south-9{number}", "South", text + end) for number, end in enumerate(("", "", " stonea"))]
    articles = with_articles(planted_articles(), rows)
    table = flags_by_stem(articles, 4)
    assert table[["stem", "flag"]].values.tolist() == [["alone", "duplicates"]]
    assert table.loc[0, "share"] > 0.9
    assert "printed twice, whole or nearly, such as south-9" in table.loc[0, "why"]
    assert flags_by_stem(articles, 4, duplicates=NO_COPIES).empty


def test_copies_count_with_what_they_repeat():
    """By hand: the copy and what it repeats hold a quarter each of topic 1, half together; of topic 2 nothing."""
    made = made_topics([[0.5, 0.5]] * 2, [[1, 0], [1, 0], [1, 0], [0.5, 0.5]], [[1, 0], [0, 1], [0, 1], [1, 1]])
    copies = pd.DataFrame({"article_id": ["t"], "duplicate_of": ["s"]})
    table = flag_topics(made, pd.DataFrame(), duplicates=copies)
    assert table.loc[table["flag"] == "duplicates", ["topic", "share"]].values.tolist() == [[1, 0.5]]


def test_flags_of_the_shipped_corpus():
    """Paragraphs of five articles are flagged without a style, and every sentence tells its share."""
    articles = load_corpus()
    topics = fit_topics(count_terms(topic_units(articles), min_units=2), 8)
    table = flag_topics(topics, articles)
    assert len(table) == 3
    assert set(table["flag"]) <= {"one article", "duplicates"}
    assert all(row.why.startswith(f"{row.share:.0%} of its words are in ") for row in table.itertuples())
    assert table["topic"].is_monotonic_increasing
