"""Paragraphs, sentences and words are where a reader finds them, in any script, and add up."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contrast.words
from contrast.cleaning import clean, load_corpus
from contrast.text import describe_outlets, paragraphs, sentences
from contrast.words import tokenise, word_spans, words

PARAGRAPHS = {"sana-000": 10, "sana-001": 17, "sana-002": 14, "sana-003": 15, "rt-004": 15}  # counted by eye
SENTENCES = {"sana-000": 10, "sana-001": 17, "sana-002": 15, "sana-003": 15, "rt-004": 21}  # counted by eye


@pytest.fixture(scope="module")
def articles():
    """Give the shipped corpus, cleaned."""
    return load_corpus()


def sentences_of(raw):
    """Split one made-up article into the texts of its sentences."""
    index = pd.Index(["a"], name="article_id")
    return sentences(clean(pd.DataFrame({"outlet": ["The Daily"], "title": [""], "raw": [raw]}, index=index)))


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syria’s future", ["syria's", "future"]),
        ("Syria's future", ["syria's", "future"]),
        ("‘ceasefire’ and 'truce'", ["ceasefire", "and", "truce"]),
        ("intra-Syrian, face-to-face", ["intra-syrian", "face-to-face"]),
        ("intra\u2010Syrian intra\u2011Syrian", ["intra-syrian", "intra-syrian"]),
        ("talks – and –talks- —so", ["talks", "and", "talks", "so"]),
        ("Geneva 1 Communique\u0301", ["geneva", "communiqué"]),
        ("Geneva 1 Communiqué", ["geneva", "communiqué"]),
        ("Министр Лавров", ["министр", "лавров"]),
        ("قال الوزير،", ["قال", "الوزير"]),
        ("ISIS/ISIL ... [of the crisis].", ["isis", "isil", "of", "the", "crisis"]),
        ("terrorists,who", ["terrorists", "who"]),
        ("", []),
        ("– 72 … “”", []),
    ],
)
def test_words_are_runs_of_letters(text, expected):
    """Words are runs of letters with apostrophes and hyphens inside, lower-cased, in one typing."""
    assert words(text) == expected


def test_arabic_diacritics_stay_in_their_word():
    """A word with diacritics is one word, the same in whichever order its marks were typed."""
    shadda, damma = "\u0651", "\u064f"
    assert words(f"الر{shadda}{damma}وسي") == words(f"الر{damma}{shadda}وسي") == [f"الر{damma}{shadda}وسي"]


@pytest.mark.parametrize("text", ["2254", "7th", "31st", "26-29", "7,000", "COVID19", "x1yz", "٢٢٥٤", "1990s", "a_1"])
def test_numbers_and_letters_joined_to_digits_are_no_words(text):
    """Neither a number nor any letter joined to a digit is a word."""
    assert words(f"on {text} here") == ["on", "here"]


def test_offsets_give_the_surface():
    """A word's start and end cut it out of the text as it was printed."""
    text = "“Syria’s” Communique\u0301, intra\u2011Syrian; no. 2254 ЛАВРОВ"
    surfaces = [text[start:end] for _, start, end in word_spans(text)]
    assert surfaces == ["Syria’s", "Communique\u0301", "intra\u2011Syrian", "no", "ЛАВРОВ"]


def test_every_shipped_word_is_found_again_in_its_surface(articles):
    """In the shipped corpus each surface holds its word alone, and words never overlap."""
    for text in articles["text"]:
        end_of_last = 0
        for word, start, end in word_spans(text):
            assert start >= end_of_last
            assert words(text[start:end]) == [word]
            end_of_last = end


def test_words_are_the_blank_separated_ones_with_letters_and_no_digit(articles):
    """In the shipped corpus, words are as many as what stands between blanks and has letters but no digit."""
    for text in articles["text"]:
        pieces = text.split()
        expected = sum(any(c.isalpha() for c in piece) and not any(c.isdigit() for c in piece) for piece in pieces)
        assert len(words(text)) == expected


# Paragraphs and sentences


@pytest.mark.parametrize("split", [paragraphs, sentences])
def test_offsets_cut_the_piece_out_of_the_text(articles, split):
    """In the shipped corpus each paragraph and each sentence is what its offsets cut out, without blanks around it."""
    for piece in split(articles).itertuples():
        assert articles.loc[piece.article_id, "text"][piece.start : piece.end] == piece.text
        assert piece.text == piece.text.strip() != ""


@pytest.mark.parametrize(
    ("split", "unit", "counts"), [(paragraphs, "paragraph", PARAGRAPHS), (sentences, "sentence", SENTENCES)]
)
def test_pieces_are_as_many_as_a_reader_counts(articles, split, unit, counts):
    """Each shipped article has as many paragraphs and sentences as a reader counts, numbered from 0."""
    numbers = split(articles).groupby("article_id")[unit].agg(list)
    assert numbers.to_dict() == {article_id: list(range(count)) for article_id, count in counts.items()}


@pytest.mark.parametrize("split", [paragraphs, sentences])
def test_no_visible_character_falls_between_pieces(articles, split):
    """Put together, the paragraphs of a shipped article, and its sentences, hold all of its visible characters."""
    joined = split(articles).groupby("article_id")["text"].agg("".join)
    for article_id, text in articles["text"].items():
        assert "".join(joined[article_id].split()) == "".join(text.split())


def test_sentences_lie_inside_their_paragraph(articles):
    """Every shipped sentence lies inside the paragraph whose number it bears, after the sentence before it."""
    keys = ["article_id", "paragraph"]
    table = sentences(articles).merge(paragraphs(articles), on=keys, suffixes=("", "_of_paragraph"))
    assert len(table) == sum(SENTENCES.values())
    assert (table["start"] >= table["start_of_paragraph"]).all()
    assert (table["end"] <= table["end_of_paragraph"]).all()
    after_last = table.groupby("article_id")["end"].shift(fill_value=0)
    assert (table["start"] >= after_last).all()


def test_line_end_ends_a_sentence_without_a_full_stop():
    """A line that ends without a full stop is a sentence of its own."""
    table = sentences_of("Talks resume in Geneva\nthe envoy said on Tuesday.\n\nHe left.")
    assert table["text"].tolist() == ["Talks resume in Geneva", "the envoy said on Tuesday.", "He left."]
    assert table["paragraph"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "expected",
    [
        ["It must comply with Security Council resolution no. 2254.", "Lavrov agreed."],
        ["Lavrov said “We agree.”", "Then he left."],
        ['Lavrov said "We agree."', "Then he left."],
        ['"We are glad," he said.', '"We can\'t let them do it."'],
        ["He spoke of “a truce”.", "Then he left."],
        ['"We all hope that ... in a few hours we can relaunch this.', 'If we can, we will be back on track."'],
    ],
)
def test_sentence_ends_where_a_reader_ends_it(expected):
    """An abbreviation ends no sentence, and a closing quotation mark stays with the sentence it closes."""
    assert sentences_of(" ".join(expected))["text"].tolist() == expected


def test_resolution_number_stays_with_its_sentence(articles):
    """No shipped sentence ends in "no." or begins with the number of a resolution."""
    texts = sentences(articles)["text"]
    assert texts.str.contains("resolution no. 2254", regex=False).sum() == 2
    assert not texts.str.endswith("no.").any()


def test_words_of_sentences_add_up_to_words_of_the_article(articles):
    """The words of a shipped article's sentences are together the words of the article."""
    totals = sentences(articles).groupby("article_id")["words"].sum()
    assert totals.to_dict() == {article_id: len(words(text)) for article_id, text in articles["text"].items()}


# Many texts at once


def taken_apart(texts):
    found = tokenise(texts)
    return [found.terms[found.ids[start:end]].tolist() for start, end in itertools.pairwise(found.starts)]


ODD = st.text(st.sampled_from("aZé\u0301ſİΣ7_'’‐‑- \u00a0\t\n.“\u2028\ud800𝒜\u0600"), max_size=30)


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.lists(st.one_of(ODD, st.text(max_size=20)), max_size=4))
def test_many_texts_at_once_have_the_words_of_each(texts):
    """Whatever the characters, the words found by arrays are those that are found one by one."""
    assert taken_apart(texts) == [words(text) for text in texts]


def test_words_do_not_hang_on_the_batch(articles, monkeypatch):
    """Cut into batches of few characters, the shipped articles give the same words, numbers and printed forms."""
    whole = tokenise(articles["text"])
    monkeypatch.setattr("contrast.words.BATCH", 10)
    for one, other in zip(whole, tokenise(articles["text"]), strict=True):
        assert np.array_equal(one, other)


def test_capitals_make_no_other_word():
    """A capital whose small letter is one character, and the small letter, give the same word."""
    for capital, small in (("H\u0331", "\u1e96"), ("J\u030c", "\u01f0"), ("\u0399\u0308\u0301", "\u0390")):
        assert words(capital) == words(small)
        assert taken_apart([capital]) == taken_apart([small])


def test_texts_are_taken_as_they_are_needed(monkeypatch):
    """Of texts that come one by one, a few batches are held at a time."""
    monkeypatch.setattr("contrast.words.BATCH", 1)
    drawn, most = [], []
    find = contrast.words._find

    def found(texts):
        most.append(len(drawn))
        return find(texts)

    monkeypatch.setattr("contrast.words._find", found)
    tokenise(drawn.append(number) or f"word{number}" for number in range(200))
    assert most[0] <= contrast.words.AHEAD + 1 < 200


def test_a_word_follows_another_over_one_blank_alone():
    """A blank joins two words; a line's end, a comma, a text's end, two blanks do not."""
    found = tokenise(["de Mistura\u00a0said", "no, the  end\nof it"])
    joined = found.terms[found.ids[found.follows]].tolist()
    assert joined == ["mistura", "said", "it"]


def test_words_are_printed_as_they_mostly_are():
    """The printed form is the commonest, among equals the one met first."""
    found = tokenise(["US us US", "the The"])
    assert dict(zip(found.terms, found.printed, strict=True)) == {"us": "US", "the": "the"}


# Outlets


def test_outlets_are_described_as_a_reader_counts():
    """Articles, paragraphs, sentences, words and dates of each outlet are those counted by eye."""
    articles = load_corpus(outlets=["RT", "SANA"])
    table = describe_outlets(articles, sentences(articles))
    assert "sentences" not in describe_outlets(articles)
    assert list(table.index) == ["RT", "SANA"]
    assert table.loc["RT", ["articles", "paragraphs", "sentences", "words"]].tolist() == [1, 15, 21, 462]
    assert table.loc["SANA", ["articles", "paragraphs", "sentences"]].tolist() == [4, 56, 57]
    assert table.loc["RT", ["first", "last"]].tolist() == [pd.Timestamp("2016-05-03")] * 2
    assert table.loc["SANA", ["first", "last"]].tolist() == [pd.Timestamp("2015-04-01"), pd.Timestamp("2016-08-15")]
