"""Targets, names, verbs, speakers and marks of distance are those a reader finds, and lead back to their sentences."""

import warnings

import numpy as np
import pandas as pd
import pytest

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.resampling import rate_interval
from contrast.stance import UNKNOWN, find_distance_marks, find_mentions, find_names, find_reports, rates, trace
from contrast.text import sentences

FINDERS = [find_mentions, find_names, find_reports, find_distance_marks]
MENTIONS = [  # read in the five articles: label, in SANA's four, in RT's one
    ("Russia", 58, 12),
    ("UN and de Mistura", 21, 5),
    ("United States", 14, 4),
    ("ISIS and al-Nusra", 16, 0),
    ("Syrian opposition", 9, 4),
    ("Syrian government", 4, 0),
    ("Turkey", 3, 1),
]
NAMES = [  # read in the five articles: name, in SANA's four, in RT's one
    ("terrorist", 22, 1),
    ("fighter", 2, 0),
    ("extremist", 1, 1),
    ("gunman", 1, 0),
    ("armed group", 1, 0),
    ("cessation of hostilities", 6, 2),
    ("ceasefire", 2, 8),
    ("truce", 1, 3),
    ("government", 4, 0),
    ("safe zones", 1, 0),
    ("security zones", 0, 1),
]
QUOTED = [  # read in the five articles: outlet, label, mentions inside quotation marks, outside
    ("SANA", "Turkey", 0, 3),
    ("RT", "Turkey", 1, 0),
    ("SANA", "ISIS and al-Nusra", 3, 13),
    ("SANA", "Syrian opposition", 4, 5),
    ("RT", "Syrian opposition", 1, 3),
    ("SANA", "Syrian government", 0, 4),
    ("SANA", "United States", 2, 12),
    ("RT", "United States", 0, 4),
    ("RT", "Russia", 1, 11),
    ("SANA", "Russia", 1, 57),
]
REPORTS = {  # read in the article: the verb as printed, who speaks
    "rt-004": [
        ("added", "Lavrov"),
        ("said", "Lavrov"),  # "the minister said after the meeting"
        ("According to", "de Mistura"),
        ("added", "de Mistura"),  # "He added"
        ("said", "de Mistura"),
        ("announced", "Lavrov"),
        ("said", "Lavrov"),  # "he said"
        ("urging", "Moscow"),
        ("added", "Lavrov"),
        ("called for", "Lavrov"),
        ("said", "Lavrov"),  # "he said"
        ("warned", "Lavrov"),
        ("is convinced", "Moscow"),
        ("said", "Lavrov"),
        ("citing", "Syrian opposition"),
        ("Acknowledging", "de Mistura"),
        ("expressed", "de Mistura"),
        ("claiming", "Free Syrian Army"),
    ],
    "sana-000": [
        ("stressed", "Lavrov"),
        ("said", "Lavrov"),
        ("asserted", "Lavrov"),  # "He asserted"
        ("said", "Lavrov"),
        ("calling for", "Lavrov"),
        ("stressed", "Lavrov"),  # "He stressed"
        ("asserting", "Lavrov"),
        ("affirmed", "Lavrov"),
        ("voicing", "Lavrov"),
        ("added", "Lavrov"),  # "The Minister added"
        ("stressed", "Lavrov"),
        ("stressed", "Lavrov"),  # "He also stressed"
        ("noting", "Lavrov"),
        ("said", "Lavrov"),
        ("calling on", "Lavrov"),
        ("voiced", "Lavrov"),
        ("adding", "Lavrov"),
        ("hoped that", "de Mistura"),
        ("called on", "de Mistura"),  # "as he had called on Russia"
    ],
}


@pytest.fixture(scope="module")
def articles():
    """Give the shipped corpus, cleaned."""
    return load_corpus()


@pytest.fixture(scope="module")
def shipped(articles):
    """Give the sentences of the shipped corpus."""
    return sentences(articles)


@pytest.fixture(scope="module")
def codebook():
    """Give the shipped codebook."""
    return read_codebook()


@pytest.fixture(scope="module")
def found(shipped, codebook):
    """Give all that each finder finds in the shipped corpus."""
    return {find: find(shipped, codebook) for find in FINDERS}


def sentences_of(*texts):
    """Split made-up articles, of outlets A, B and so on, into sentences."""
    index = pd.Index([f"article-{number}" for number in range(len(texts))], name="article_id")
    return sentences(pd.DataFrame({"outlet": [*"ABCDEFGH"[: len(texts)]], "text": texts}, index=index))


def counts_by_outlet(found, column, value):
    outlets = found.loc[found[column] == value, "outlet"]
    return (outlets == "SANA").sum(), (outlets == "RT").sum()


def speakers_in(text, codebook):
    return find_reports(sentences_of(text), codebook)["speaker"].tolist()


# Where things are


@pytest.mark.parametrize("find", FINDERS)
def test_offsets_give_what_was_found(articles, shipped, found, find):
    """On the shipped corpus every finding's offsets cut it out of its article, inside its own sentence."""
    places = shipped.set_index(["article_id", "sentence"])
    assert len(found[find]) > 0
    for row in found[find].itertuples():
        assert articles.loc[row.article_id, "text"][row.start : row.end] == row.variant
        sentence = places.loc[(row.article_id, row.sentence)]
        assert sentence["start"] <= row.start < row.end <= sentence["end"]
        assert (sentence["paragraph"], sentence["outlet"]) == (row.paragraph, row.outlet)


@pytest.mark.parametrize("find", [find_mentions, find_names, find_reports])
def test_findings_come_in_order_and_never_overlap(found, find):
    """Findings stand in the order of their article, and no character belongs to two of them."""
    for _, part in found[find].groupby("article_id"):
        assert (part["end"].to_numpy()[:-1] <= part["start"].to_numpy()[1:]).all()


@pytest.mark.parametrize("find", FINDERS)
def test_trace_puts_the_sentence_together_again(shipped, found, find):
    """Left part, keyword and right part of a finding are its sentence, character for character."""
    traced = trace(found[find], shipped)
    texts = shipped.set_index(["article_id", "sentence"])["text"]
    for row in traced.itertuples():
        assert row.left + row.keyword + row.right == texts.loc[(row.article_id, row.sentence)]
        assert row.keyword == row.variant


@pytest.mark.parametrize("find", FINDERS)
def test_text_without_findings_gives_empty_tables(codebook, find):
    """Where nothing is found every table is empty but whole, its trace and its rates too."""
    empty, full = sentences_of("Nothing stands here."), sentences_of("He said the so-called truce of Lavrov holds.")
    found = find(empty, codebook)
    assert len(found) == len(trace(found, empty)) == len(rates(found, empty, "variant")) == 0
    assert list(found.columns) == list(find(full, codebook).columns)


# Mentions


@pytest.mark.parametrize(("label", "sana", "rt"), MENTIONS)
def test_mentions_are_those_a_reader_counts(found, label, sana, rt):
    """Each target is mentioned in each outlet as often as a reader of the five articles counted."""
    assert counts_by_outlet(found[find_mentions], "label", label) == (sana, rt)


@pytest.mark.parametrize(("name", "sana", "rt"), NAMES)
def test_names_are_those_a_reader_counts(found, name, sana, rt):
    """Each name of a choice set is used in each outlet as often as a reader of the five articles counted."""
    assert counts_by_outlet(found[find_names], "name", name) == (sana, rt)


@pytest.mark.parametrize(("outlet", "label", "quoted", "unquoted"), QUOTED)
def test_voice_is_that_a_reader_hears(found, outlet, label, quoted, unquoted):
    """As many of a target's mentions are inside quotation marks as a reader of the five articles counted."""
    mentions = found[find_mentions]
    voices = mentions.loc[(mentions["outlet"] == outlet) & (mentions["label"] == label), "voice"]
    assert ((voices == "quoted").sum(), (voices == "unquoted").sum()) == (quoted, unquoted)


def test_longest_alias_wins_in_one_pattern_and_between_two(codebook):
    """Of aliases that overlap the longest counts, and the shorter ones inside it do not."""
    found = find_mentions(sentences_of("The UN Security Council heard Russian Foreign Minister Lavrov."), codebook)
    assert found[["variant", "name"]].values.tolist() == [
        ["UN Security Council", "UN"],
        ["Russian Foreign Minister Lavrov", "Lavrov"],
    ]


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("“Russia agrees. Turkey does not,” said the US.", ["quoted", "quoted", "unquoted"]),
        ('"Russia agrees," said Turkey. "The US does."', ["quoted", "unquoted", "quoted"]),
        ("«Russia agrees», said Turkey.", ["quoted", "unquoted"]),
        ("Turkey’s “Russia agrees, says the US.\nTurkey agrees.", ["unquoted", "quoted", "quoted", "unquoted"]),
        ("Russia’s and Turkey's army", ["unquoted", "unquoted"]),
    ],
)
def test_quotation_runs_over_sentences_and_ends_with_its_paragraph(codebook, text, voices):
    """A quotation holds across sentences, an unclosed one to its paragraph's end, and an apostrophe opens none."""
    assert find_mentions(sentences_of(text), codebook)["voice"].tolist() == voices


# Reporting verbs and speakers


@pytest.mark.parametrize("article_id", REPORTS)
def test_reports_are_those_a_reader_finds(found, article_id):
    """Every reporting verb of the two reports of 3 May 2016, and whose words it gives, are a reader's."""
    reports = found[find_reports].query("article_id == @article_id")
    assert list(zip(reports["variant"], reports["speaker"], strict=True)) == REPORTS[article_id]


def test_speaker_has_the_label_of_the_target(found):
    """A speaker's label is its target's: Moscow and Lavrov are Russia, the Free Syrian Army is of the opposition."""
    labels = found[find_reports].drop_duplicates("speaker").set_index("speaker")["speaker_label"]
    assert labels[["Lavrov", "Moscow", "Russian Foreign Ministry"]].unique().tolist() == ["Russia"]
    assert labels["Free Syrian Army"] == labels["Syrian opposition"] == "Syrian opposition"
    assert labels[UNKNOWN] == UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It holds,” said Lavrov.", ["Lavrov"]),
        ("The truce, according to Obama, holds.", ["Obama"]),
        ("Moscow is urging Ankara to wait.", ["Moscow"]),
        ("Lavrov has also said so, adding that he noted it.", ["Lavrov", "Lavrov", "Lavrov"]),
        ("Lavrov said no and then stressed why.", ["Lavrov", "Lavrov"]),
        ("Acknowledging the loss, Lavrov expressed hope.", ["Lavrov", "Lavrov"]),
        ("Obama spoke of war. Lavrov said no. He added more.", ["Obama", "Lavrov", "Lavrov"]),
        ("Lavrov said no. Obama said yes. The minister insisted.", ["Lavrov", "Obama", "Lavrov"]),
        ("“Lavrov said no,” Obama claimed.", ["Obama"]),
        ("Obama said Lavrov said no.", ["Obama", "Lavrov"]),
        ("Three men said it holds.", [UNKNOWN]),
        ("He said it holds.", [UNKNOWN]),
    ],
)
def test_speaker_is_whom_a_reader_hears(codebook, text, expected):
    """The speaker is whom the verb follows or goes before, the last to speak for a pronoun, or is not told."""
    assert speakers_in(text, codebook) == expected


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Turkey was accused of shelling Aleppo.", "Turkey"),
        ("Assad is praised by his allies.", "Assad"),
        ("Lavrov was told to leave.", "Lavrov"),
        ("A source said Russia was to blame.", "Russia"),
        ("The army’s spokesman said Moscow was wrong.", "Moscow"),
        ("According to Lavrov’s critics, it failed.", "Lavrov"),
        ("Lavrov, on a visit to Turkey, said it holds.", "Turkey"),
        ("The opposition left Damascus, citing threats.", "Damascus"),
        ("Lavrov said yes. Steinmeier said no. He added why.", "Lavrov"),
    ],
)
def test_nobody_is_given_words_that_are_not_his(codebook, text, wrong):
    """Who is spoken of, to or near, and who spoke before somebody unnamed, is not taken for the speaker."""
    told = speakers_in(text, codebook)
    assert len(told) == text.count(".")  # a report a sentence
    assert told[-1] != wrong


def test_pronoun_never_stands_for_a_speaker_of_another_article(codebook):
    """What was said in one article does not tell who "he" is in the next."""
    found = find_reports(sentences_of("Lavrov said no.", "He added more."), codebook)
    assert found["speaker"].tolist() == ["Lavrov", UNKNOWN]


# Marks of distance


def test_cues_of_distance_are_those_a_reader_finds(found):
    """SANA writes "so-called" twice and "what he called" once outside quotation marks, and RT no such cue."""
    cues = found[find_distance_marks].query("mark != 'short quotation'")
    assert cues[["article_id", "variant"]].values.tolist() == [
        ["sana-000", "so-called"],
        ["sana-001", "so-called"],
        ["sana-001", "what he called"],
    ]
    assert (cues["voice"] == "unquoted").all()


def test_short_quotations_are_those_a_reader_finds(found):
    """SANA puts quotation marks around eleven names of up to four words, and RT around none."""
    assert found[find_distance_marks].query("mark == 'short quotation'")["variant"].tolist() == [
        "“Riyadh opposition,”",
        "“moderate opposition”",
        "“safe zones”",
        "“Moscow process”",
        "“non-lethal assistance”",
        "“anti-terrorism operation”",
        "“Moscow Principles”",
        "“fight-freezing”",
        "“important”",
        "“non-state actors,”",
        "“non-state actors”",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The “one two three four” and “one two three four five” end.", ["“one two three four”"]),
        ('A "safe zone" and «another» here.', ['"safe zone"', "«another»"]),
        ("An empty “” and “2254” and “unclosed end", []),
        ("“The so-called rebels were not there at all,” he said.", []),
        ('"I have a plan. It is good," he said, "and it is not dear at all."', []),
        ("“I have a plan. It is good,” he said, “and it is not dear at all.”", []),
    ],
)
def test_short_quotation_is_closed_and_of_four_words_at_most(codebook, text, expected):
    """A quotation counts up to four words, in any marks; what stands between two quotations is none."""
    assert find_distance_marks(sentences_of(text), codebook)["variant"].tolist() == expected


# Rates


def test_rates_by_hand(codebook):
    """Rates are per 1,000 words of the outlet, and where nothing was found the upper end is three findings."""
    read = sentences_of("Russia met Turkey. Russia left.", "Turkey wept too.")
    table = rates(find_mentions(read, codebook), read, "label").set_index(["outlet", "label"])
    assert table["count"].tolist() == [2, 1, 0, 1]
    assert table["articles"].tolist() == [1, 1, 0, 1]
    assert table["rate"].tolist() == pytest.approx([400, 200, 0, 1000 / 3])
    assert table.loc[("B", "Russia"), ["low", "high"]].tolist() == [0, 1000]
    assert (table["unit"] == "sentence").all()


def test_shares_by_hand(codebook):
    """A share is of all that was found in the outlet; of fewer than eight findings it has no interval."""
    read = sentences_of("Russia met Turkey. Russia left.", "Turkey and Turkey wept. Turkey left, Turkey came." * 2)
    table = rates(find_mentions(read, codebook), read, "label", per="found").set_index(["outlet", "label"])
    assert table.loc["A", "rate"].to_dict() == pytest.approx({"Turkey": 1 / 3, "Russia": 2 / 3})
    assert table.loc["B", "rate"].to_dict() == {"Turkey": 1, "Russia": 0}
    assert table.loc[("B", "Russia"), ["low", "high"]].tolist() == [0, 3 / 8]
    assert table.loc["A", ["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("find", "key"),
    [(find_mentions, "label"), (find_names, "name"), (find_reports, "class"), (find_reports, "speaker")],
)
def test_shares_of_an_outlet_add_up_to_one(shipped, found, find, key):
    """The shares of each outlet add up to one, its rates to all findings, and each is inside its interval."""
    shares, per_word = rates(found[find], shipped, key, per="found"), rates(found[find], shipped, key)
    np.testing.assert_allclose(shares.groupby("outlet")["rate"].sum(), 1)
    words = shipped.groupby("outlet")["words"].sum()
    expected = 1000 * found[find].groupby("outlet").size() / words
    np.testing.assert_allclose(per_word.groupby("outlet")["rate"].sum(), expected)
    has = per_word["high"].notna()
    assert (per_word["low"] <= per_word["rate"])[has].all()
    assert (per_word["rate"] <= per_word["high"])[has].all()


def test_commonest_comes_first_and_equals_by_name(shipped, found):
    """Within an outlet keys stand in the order of their counts in all outlets, and by name where these are equal."""
    table = rates(found[find_names], shipped, "name")
    totals = found[find_names]["name"].value_counts()
    keys = sorted(totals.index, key=lambda name: (-totals[name], name))
    assert table.groupby("outlet", sort=False)["name"].apply(list).to_dict() == {"SANA": keys, "RT": keys}


def test_interval_is_that_of_the_rate_over_sentences(shipped, found):
    """The interval of SANA's rate of mentions of Turkey is that of three uses in its sentences."""
    read = shipped[shipped["outlet"] == "SANA"]
    counts = read["text"].str.count("Turk")  # Turkey, with Turkey, Syrian-Turkish
    table = rates(found[find_mentions], shipped, "label").set_index(["outlet", "label"])
    expected = 1000 * rate_interval(counts.to_numpy()[:, None], read["words"].to_numpy()).loc[0]
    np.testing.assert_allclose(table.loc[("SANA", "Turkey"), ["rate", "low", "high"]].astype(float), expected)


def test_interval_is_over_articles_where_there_are_enough(codebook):
    """With eight articles an outlet the interval is over articles, not over their sentences."""
    uses = [0, 1, 3, 0, 2, 1, 0, 5]
    texts = [f"They met. {'Turkey left. ' * use}They left again." for use in uses]
    index = pd.Index([f"{outlet}-{number}" for outlet in "AB" for number in range(8)], name="article_id")
    read = sentences(pd.DataFrame({"outlet": [*"A" * 8, *"B" * 8], "text": texts * 2}, index=index))
    table = rates(find_mentions(read, codebook), read, "label")
    counts = np.array(uses)
    expected = 1000 * rate_interval(counts[:, None], 5 + 2 * counts).loc[0]
    assert table["unit"].tolist() == ["article", "article"]
    np.testing.assert_allclose(table.loc[0, ["rate", "low", "high"]].astype(float), expected)


def test_sentences_that_all_agree_have_no_interval(codebook):
    """Where every sentence holds as much of a target as its length lets expect, no interval is made up."""
    read = sentences_of("Turkey left. Turkey came. Turkey left.")
    table = rates(find_mentions(read, codebook), read, "label")
    assert table["rate"].tolist() == [500]
    assert table[["low", "high"]].isna().all(axis=None)


def test_share_of_nothing_is_told_without_a_warning(shipped, found):
    """An outlet in which nothing was found has no share and no interval, and no warning is printed about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = rates(found[find_distance_marks], shipped, "mark", per="found")
    nothing = table[table["outlet"] == "RT"]
    assert nothing[["rate", "low", "high"]].isna().all(axis=None)


# Any text at all


@pytest.mark.parametrize(
    "text",
    [
        'Lavrov said <script>alert("Turkey")</script> and “left “Russia” to "Moscow.',
        '”Turkey» said «“"Russia \\d+(?P<x>[ “so-called” ** US',
        "Lavrov said &lt;b&gt; %s {0} $x \0 \u202e Turkey \u200bRussia \ud7ff 😀Turkey",
        "Turkey " * 400 + "“" * 400 + " said",
    ],
)
def test_hostile_text_does_no_harm(codebook, text):
    """Markup, unbalanced quotation marks and odd characters are found in, cut out and put together like any text."""
    read = sentences_of(text, "Lavrov said no.")
    for find in FINDERS:
        found = find(read, codebook)
        for row in trace(found, read).itertuples():
            whole = text if row.article_id == "article-0" else "Lavrov said no."
            assert whole[row.start : row.end] == row.variant == row.keyword
            assert row.left + row.keyword + row.right in whole
    assert find_mentions(read, codebook)["name"].isin(["Turkey", "Lavrov"]).sum() >= 2
    assert find_reports(read, codebook)["speaker"].iloc[-1] == "Lavrov"
