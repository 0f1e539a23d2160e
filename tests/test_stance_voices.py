"""Voices, evidence and measures of stance are those a reader finds, add up, and lead back to their sentences."""

import numpy as np
import pandas as pd
import pytest

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import ROOT, InputError
from contrast.stance import (
    UNKNOWN,
    check_rules,
    coders_agreement,
    compare_matched,
    find_distance_marks,
    find_mentions,
    find_names,
    find_reports,
    find_voices,
    gather_evidence,
    heard,
    in_sentences,
    matched_difference,
    matters_of,
    name_shares,
    naming_index,
    rates,
    read_coding,
    stance_cells,
    trace_cell,
    unlisted_names,
    voice_shares,
    ways_of_counting,
    weighty_shares,
    without_marks,
    without_quotations,
)
from contrast.stance.calibration import OTHER_EVENTS, SHUFFLED, false_differences
from contrast.stance.quotations import QUOTATION
from contrast.text import sentences
from contrast.words import words


@pytest.fixture(scope="module")
def codebook():
    return read_codebook()


@pytest.fixture(scope="module")
def shipped(codebook):
    """Every table of the shipped corpus, by name."""
    lines = sentences(load_corpus())
    reports, mentions = find_reports(lines, codebook), find_mentions(lines, codebook)
    voices, marks = find_voices(lines, reports), find_distance_marks(lines, codebook)
    return {
        "sentences": lines,
        "reports": reports,
        "mentions": mentions,
        "voices": voices,
        "names": find_names(lines, codebook),
        "evidence": gather_evidence(mentions, voices, marks),
        "heard": heard(voices, mentions, lines),
    }


def voices_of(text, codebook):
    """Give the voices of one article: (voice, speaker, text)."""
    lines = sentences(pd.DataFrame({"outlet": ["Daily"], "text": [text]}, index=pd.Index(["a"], name="article_id")))
    table = find_voices(lines, find_reports(lines, codebook))
    return list(zip(table["voice"], table["speaker"], table["text"], strict=True))


# Voices


def test_every_character_is_in_one_stretch(shipped):
    """The stretches of a sentence, put together, are the sentence, and their offsets are the article's."""
    voices, lines = shipped["voices"], shipped["sentences"]
    joined = voices.groupby(["article_id", "sentence"])["text"].agg("".join)
    expected = lines.set_index(["article_id", "sentence"])["text"].sort_index()
    assert joined.tolist() == expected.tolist()
    texts = load_corpus()["text"]
    assert all(texts[row.article_id][row.start : row.end] == row.text for row in voices.itertuples())


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Lavrov said| that talks went well.", [("narration", ""), ("reported", "Lavrov")]),
        ("Talks went well|, Lavrov added.", [("reported", "Lavrov"), ("narration", "")]),
        ("Talks|, Lavrov said|, have gone well.", [("reported", "Lavrov"), ("narration", ""), ("reported", "Lavrov")]),
        ("According to Lavrov,| talks went well.", [("narration", ""), ("reported", "Lavrov")]),
        ("“We hope for the best of days,”| Lavrov said.", [("quotation", "Lavrov"), ("narration", "")]),
        (
            '*|"We hope for the best of days,"|* Lavrov said.',
            [("narration", ""), ("quotation", "Lavrov"), ("narration", "")],
        ),
        ("‘We don’t hope for the best,’| Lavrov said on Monday.", [("quotation", "Lavrov"), ("narration", "")]),
        ("Lavrov spoke.| ‘We don’t hope for the best.’", [("narration", ""), ("quotation", UNKNOWN)]),
        ("'We don't hope for the best,'| Lavrov said.", [("quotation", "Lavrov"), ("narration", "")]),
        ("``We hope for the best of days,''| Lavrov said.", [("quotation", "Lavrov"), ("narration", "")]),
        ("«We hope for the best of days,»| Lavrov said.", [("quotation", "Lavrov"), ("narration", "")]),
        ("„We hope for the best of days,“| Lavrov said.", [("quotation", "Lavrov"), ("narration", "")]),
        (
            "Lavrov slammed| the |“safe zones”| in Syria.",
            [("narration", ""), ("reported", "Lavrov"), ("fragment", "Lavrov"), ("reported", "Lavrov")],
        ),
        ("The armies met in Geneva.", [("narration", "")]),
        ("Talks to go on in May|\nThe armies met in Geneva.", [("headline", ""), ("narration", "")]),
        ("The parties' leaders met the army's leaders.", [("narration", "")]),
    ],
)
def test_a_stretch_has_the_voice_that_a_reader_hears(marked, expected, codebook):
    """Preposed, postposed and inserted reports, quotations in every typing, fragments and headlines are told apart."""
    stretches = [stretch.strip("\n ") for stretch in marked.split("|")]
    found = [(voice, speaker, text.strip()) for voice, speaker, text in voices_of(marked.replace("|", ""), codebook)]
    assert found == [(*told, stretch) for told, stretch in zip(expected, stretches, strict=True)]


def test_a_quotation_that_runs_on_keeps_its_speaker(codebook):
    """Over sentences of one quotation, and over a paragraph that opens with a mark anew."""
    text = "“We all hope for peace now. We will be back on track,” Lavrov said.\n“The way is still a long one.”"
    quoted = [speaker for voice, speaker, _ in voices_of(text, codebook) if voice == "quotation"]
    assert quoted == ["Lavrov", "Lavrov", "Lavrov"]


def test_a_quotation_without_a_speaker_is_not_given_one(codebook):
    """Where nobody has spoken the speaker is not told."""
    assert voices_of("“The way is still a long one.”", codebook)[0][:2] == ("quotation", UNKNOWN)


def test_what_is_reported_of_another_does_not_take_over(codebook):
    """“Lavrov said that Moscow is convinced …, adding …”: it is Lavrov who adds."""
    text = "Lavrov pointed out that Moscow is convinced of peace, adding that it will come."
    lines = sentences(pd.DataFrame({"outlet": ["Daily"], "text": [text]}, index=pd.Index(["a"], name="article_id")))
    assert find_reports(lines, codebook)["speaker"].tolist() == ["Lavrov", "Moscow", "Lavrov"]


# Hand coding


def test_rules_say_what_the_coders_say(shipped):
    """On the hand-coded sentences verbs are right in 95 of 100, speakers and voices in 90; coders differ on few."""
    coding = read_coding(shipped["sentences"])
    assert len(coding) == len(shipped["sentences"])
    told = check_rules(coding, shipped["voices"], shipped["reports"]).set_index("what")
    assert told.loc["verb", "share"] >= 0.95
    assert told.loc["speaker", "share"] >= 0.9
    assert told.loc["voice", "share"] >= 0.9
    assert (told["low"] < told["share"]).all()
    assert coders_agreement(coding)["agreed"].tolist() == [78, 77, 75]


def test_exact_intervals_are_the_published_ones():
    """Clopper and Pearson's interval of 4 in 20 is .0573 to .4366."""
    coding = pd.DataFrame({f"{name}_{n}": ["x"] * 20 for name in ("voice", "speaker", "reports") for n in "12"})
    coding.loc[4:, "voice_2"] = "y"
    row = coders_agreement(coding).iloc[0]
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.0573, 0.4366)


def test_coding_of_changed_sentences_is_refused(shipped, tmp_path):
    """A changed sentence, a row twice, an unknown voice, half a report, a sentence that is not there: all at once."""
    lines = (ROOT / "corpus/coding/voices.csv").read_text(encoding="utf-8").splitlines()
    spoilt = [line.replace("assert = ", "assert") for line in lines]
    assert spoilt != lines
    spoilt = [*spoilt, lines[1], lines[2].replace(",reported,", ",whispered,").replace("sana-000", "sana-999")]
    path = tmp_path / "coding" / "voices.csv"
    path.parent.mkdir()
    path.write_text("\n".join(spoilt), encoding="utf-8")
    changed = shipped["sentences"].assign(text=lambda table: table["text"].where(table.index != 5, "Other words."))
    with pytest.raises(InputError) as caught:
        read_coding(changed, tmp_path)
    told = " ".join(caught.value.problems["problem"])
    assert read_coding(changed, tmp_path / "elsewhere").empty
    assert all(
        part in told
        for part in ("has changed", "stands in row 2 too", "unknown voice", "holds 'assert", "there is no sentence")
    )


# Evidence and measures


def test_evidence_leads_back_to_its_words(shipped):
    """Each row's offsets give its words, and a cell is traced to as many sentences as it counts."""
    evidence, texts = shipped["evidence"], load_corpus()["text"]
    assert all(texts[row.article_id][row.start : row.end] == row.variant for row in evidence.itertuples())
    assert len(evidence) == len(shipped["mentions"])
    read = in_sentences(evidence, shipped["sentences"])
    assert all(row.text[row.at : row.to] == row.variant for row in read.itertuples())
    spoken = heard(shipped["voices"], evidence, shipped["sentences"])
    for row in spoken[spoken["label"] != UNKNOWN].itertuples():
        cell = trace_cell(evidence, shipped["sentences"], outlet=row.outlet, label=row.label)
        assert len(cell) == row.mentions
        assert (cell["keyword"] == cell["variant"]).all()


def test_a_cue_marks_the_name_after_it(shipped):
    """“the so-called “moderate opposition”” is the one mention with a cue of distance."""
    marked = shipped["evidence"][shipped["evidence"]["mark"] != ""]
    assert marked[["variant", "mark"]].to_numpy().tolist() == [["moderate opposition", "so-called"]]


def test_words_given_to_speakers_add_up(shipped):
    """Quoted and reported words of all speakers are the words of those voices, and shares are of them."""
    voices, spoken = shipped["voices"], heard(shipped["voices"], shipped["mentions"], shipped["sentences"])
    total = voices[voices["speaker"] != ""].groupby("outlet")["words"].sum()
    given = spoken.groupby("outlet")[["quoted", "reported"]].sum().sum(axis=1)
    assert given.to_dict() == total.to_dict()
    assert np.allclose(spoken.groupby("outlet")["share"].sum(), 1)
    never = spoken[(spoken["mentions"] > 0) & (spoken["quoted"] + spoken["reported"] == 0)]
    assert {("SANA", "United States"), ("RT", "Turkey")} <= set(zip(never["outlet"], never["label"], strict=True))


def test_voices_of_an_outlet_add_up_to_its_words(shipped):
    """The shares of the voices are of all words, and RT quotes more of its words than SANA."""
    shares = voice_shares(shipped["voices"], shipped["sentences"])
    assert np.allclose(shares.groupby("outlet")["share"].sum(), 1)
    quoted = shares[shares["voice"] == "quotation"].set_index("outlet")["share"]
    assert quoted["RT"] > 3 * quoted["SANA"]


def test_a_share_of_few_names_has_no_interval(shipped):
    """Every row has an interval or the reason why it has none, and the shares of a set are of its uses."""
    table = name_shares(shipped["names"], shipped["sentences"])
    assert (table["low"].isna() == (table["reason"] != "")).all()
    used = table[table["n"] > 0]
    assert np.allclose(used.groupby(["choice", "outlet"])["share"].sum(), 1)


def test_a_set_divided_alike_in_every_text_is_not_called_unanimous(codebook):
    """Where each text has one name of either kind, no interval is had, but the uses do not agree."""
    texts = ["The army fought. The regime forces fled."] * 10
    lines = sentences(pd.DataFrame({"outlet": "A", "text": texts}, index=pd.RangeIndex(10, name="article_id")))
    found = pd.DataFrame({"article_id": np.repeat(range(10), 2), "outlet": "A", "name": ["army", "regime forces"] * 10})
    found = found.assign(sentence=[0, 1] * 10, choice="forces", **{"class": "plain"})
    assert set(name_shares(found, lines)["reason"]) == {"all texts agree"}
    assert set(name_shares(found[::2], lines)["reason"]) == {"all uses agree"}


def test_those_named_as_often_come_by_name(shipped):
    """The order of who is heard hangs on numbers and names, not on who is named first in the texts."""
    told = [heard(shipped["voices"], shipped["mentions"][::step], shipped["sentences"]) for step in (1, -1)]
    pd.testing.assert_frame_equal(*told)


def test_a_rate_or_column_that_is_none_is_refused(shipped):
    """A slip of the pen gives no other statistic, and no outlet that is not there is compared."""
    with pytest.raises(InputError, match="no rate per 'word'"):
        rates(shipped["mentions"], shipped["sentences"], "label", per="word")
    with pytest.raises(InputError, match="no column 'lable'"):
        rates(shipped["mentions"], shipped["sentences"], "lable")
    with pytest.raises(InputError, match="no outlet 'TASS'"):
        ways_of_counting(shipped["reports"], shipped["sentences"], "SANA", "TASS")


def test_every_blank_cell_says_why(shipped):
    """A cell of the stance sheet has a value, or a reason."""
    cells = stance_cells(*(shipped[name] for name in ("names", "reports", "evidence", "heard", "sentences")))
    assert (cells["value"].isna() == (cells["reason"] != "")).all()
    assert set(cells.loc[cells["measure"] == "polarity", "reason"]) == {"not coded"}
    unread = stance_cells(
        *(shipped[name] for name in ("names", "reports", "evidence", "heard", "sentences")), unreadable=("RT",)
    )
    told = unread[(unread["measure"] == "voice") & (unread["outlet"] == "RT")]
    assert set(told["reason"]) == {"quotation marks lost"}


def test_opposed_outlets_are_ordered_by_their_names(codebook):
    """An outlet that says regime and rebels, and one that says government and terrorists, stand at opposite ends."""
    texts = {"Loyal": "The Syrian government fought terrorists. ", "Opposed": "The regime fought rebels. "}
    articles = pd.DataFrame({"outlet": list(texts), "text": [text * 10 for text in texts.values()]})
    lines = sentences(articles.rename_axis("article_id"))
    index = naming_index(find_names(lines, codebook), lines).set_index(["choice", "outlet"])["share"]
    assert index["the Syrian state"].to_dict() == {"Loyal": 0, "Opposed": 1}
    assert index["armed groups"].to_dict() == {"Loyal": 1, "Opposed": 0}


def test_several_sets_about_one_target_are_told_together(shipped):
    """Two choice sets about one target fill one cell, with the uses of both."""
    again = shipped["names"].assign(choice="the same things")
    tables = [shipped[name] for name in ("reports", "evidence", "heard", "sentences")]
    twice = stance_cells(pd.concat([shipped["names"], again]), *tables)
    once = stance_cells(shipped["names"], *tables)
    assert twice["n"][twice["measure"] == "naming"].tolist() == (2 * once["n"][once["measure"] == "naming"]).tolist()


def test_weighty_verbs_of_a_bloc_are_counted_by_hand(shipped):
    """SANA reports Russia's speakers with 29 weighty verbs of 75, RT with none of 11; few verbs have no interval."""
    table = weighty_shares(shipped["reports"], shipped["sentences"]).set_index(["speaker_bloc", "outlet"])
    assert table.loc["Russia", ["count", "n"]].to_numpy().tolist() == [[29, 75], [0, 11]]
    assert (table["low"].isna() == (table["n"] < 8)).all()
    assert table["n"].sum() == len(shipped["reports"])


MARKED = [
    "“a b”",
    '"a b"',
    "«a b»",
    "‹a b›",
    "„a b“",
    "「a b」",
    "``a b''",
    "''a b''",
    "‘a b’",
    "'a b'",
    "“a b",
    "‘a’b’",
]


@pytest.mark.parametrize("text", MARKED)
def test_every_mark_is_taken_off(text):
    """In whatever typing, what was a quotation is none without its marks, and no letter is lost."""
    lines = [f"He said {text} to them.", text]
    assert all(QUOTATION.search(line) for line in lines)
    bare = without_marks(pd.Series(lines))
    assert not any(QUOTATION.search(line) for line in bare)
    assert bare.map(words).tolist() == [words(line) for line in lines]


def test_lost_quotation_marks_are_seen(shipped):
    """An outlet with many reporting verbs and not one quotation is refused for voice; one that quotes is not."""
    bare = load_corpus().assign(text=lambda table: without_marks(table["text"]))
    lines = sentences(bare)
    reports = find_reports(lines, read_codebook())
    assert without_quotations(find_voices(lines, reports), reports) == ["SANA"]
    assert without_quotations(shipped["voices"], shipped["reports"]) == []


def test_names_that_the_codebook_lacks_are_listed(shipped):
    """The commonest capitalised names that no row covers are there, and those covered are not."""
    names = set(unlisted_names(shipped["sentences"], shipped["mentions"])["name"])
    assert "Aleppo" in names
    assert not names & {"Russia", "Lavrov", "ISIS"}


def test_a_stop_word_is_none_of_these_names_however_it_is_typed(shipped):
    """A name on the stop list is left out in any typing, as its word is elsewhere."""
    for word in ("Aleppo", "aleppo"):
        names = unlisted_names(shipped["sentences"], shipped["mentions"], stop_words=[word])["name"]
        assert "Aleppo" not in set(names)


def test_ways_of_counting_have_one_default_and_true_differences(shipped):
    """Two choices of each of four kinds make sixteen ways; the default is the difference of the outlets' shares."""
    fan = ways_of_counting(shipped["reports"], shipped["sentences"], "SANA", "RT")
    assert len(fan) == 16
    assert fan["is_default"].sum() == 1
    share = shipped["reports"]["class"].eq("assertive").groupby(shipped["reports"]["outlet"]).mean()
    assert fan.loc[fan["is_default"], "value"].item() == pytest.approx(share["SANA"] - share["RT"])


def test_speakers_who_are_not_told_are_no_single_speaker(shipped):
    """The one speaker who is looked at alone is somebody known, however many reports are of nobody known."""
    reports = shipped["reports"].assign(
        speaker=shipped["reports"]["speaker"].where(lambda name: name == "Lavrov", UNKNOWN)
    )
    more = pd.concat([reports, *[reports[reports["speaker"] == UNKNOWN]] * 9])
    fan = ways_of_counting(more, shipped["sentences"], "SANA", "RT")
    assert fan["ways"].str.contains("Lavrov alone").any()
    assert not fan["ways"].str.contains(UNKNOWN).any()


# Matched comparison


def test_a_matched_difference_is_that_of_its_matters():
    """Weighted by n_a n_b / (n_a + n_b): two matters by hand; a matter of one outlet is left out."""
    rows = [("a1", "A", 3, 4), ("b1", "B", 1, 4), ("a2", "A", 6, 6), ("b2", "B", 1, 2), ("a3", "A", 0, 50)]
    counts = pd.DataFrame(rows, columns=["article_id", "outlet", "count", "n"])
    matters = pd.Series({"a1": "x", "b1": "x", "a2": "y", "b2": "y", "a3": "z"})
    row = matched_difference(counts, "A", "B", matters, deals=500).iloc[0]
    assert row["difference"] == pytest.approx((2 * 0.5 + 1.5 * 0.5) / 3.5)
    assert (row["matters"], row["articles_a"], row["articles_b"]) == (2, 2, 2)
    assert pd.isna(row["p"])  # of four deals none can be rarer than one in twenty
    assert "2 of at least 8 matters" in row["reason"]
    assert "unmatched" in matched_difference(counts, "A", "B", None, deals=500)["reason"].iloc[0]


def test_outlets_without_a_common_matter_are_refused():
    """The message names both and the remedy."""
    counts = pd.DataFrame([("a", "A", 1, 2), ("b", "B", 1, 2)], columns=["article_id", "outlet", "count", "n"])
    with pytest.raises(InputError, match="no matter is in both A and B"):
        matched_difference(counts, "A", "B", pd.Series({"a": "x", "b": "y"}))


def test_the_press_conference_is_a_matter_of_both():
    """The two reports of 3 May 2016 stand in one week; of the others one has no day, and so no week."""
    articles = load_corpus()
    matters = matters_of(articles)
    assert matters["sana-000"] == matters["rt-004"]
    assert matters.isna().equals(articles["date_precision"] != "day")
    assert matters.nunique() == 3


def test_articles_are_matched_by_week_and_topic(shipped):
    """With topics a matter is a week and a topic: articles of one week on different topics are not compared."""
    found = {"quoted": shipped["voices"].assign(part=True, size=1)}
    articles = load_corpus()
    week = compare_matched(found, articles, ["SANA", "RT"], deals=250)
    assert week["matters"].tolist() == [1, 1]
    topic = pd.Series(range(5), index=articles.index)
    both = compare_matched(found, articles, ["SANA", "RT"], topic=topic, deals=250)
    assert both["way"].tolist() == ["all articles", "of the same week and topic"]
    assert both["reason"].iloc[1] == "no matter is in both SANA and RT."


def test_equal_outlets_are_not_called_different():
    """Matched outlets of one stance differ in about 5 % of cases, whatever they report of; unmatched ones always."""
    table = false_differences(repeats=20).set_index(["case", "way"])
    assert (table.loc[[(SHUFFLED, "matched"), (OTHER_EVENTS, "matched")], "called_different"] <= 0.2).all()
    assert abs(table.loc[(OTHER_EVENTS, "matched"), "difference"]) < 0.04
    assert table.loc[(OTHER_EVENTS, "unmatched"), "called_different"] > 0.9
