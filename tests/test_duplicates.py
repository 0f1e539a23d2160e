"""Near-duplicates are those that comparing all pairs by hand would find, on any machine and in any order of work."""

import hashlib
import random

import numpy as np
import pandas as pd
import pytest

from contrast import duplicates
from contrast.duplicates import hash_runs, hash_words, near_duplicates
from contrast.words import words

STORY = (
    "the minister said on monday that talks in geneva would go on "
    "until both sides agree to a lasting truce in the north"
)


def articles(*rows):
    """Make articles of (outlet, date, text), called a, b, c and so on."""
    table = pd.DataFrame(rows, columns=["outlet", "date", "text"], index=list("abcdefghij"[: len(rows)]))
    return table.rename_axis("article_id").assign(date=pd.to_datetime(table["date"]))


def pairs(found):
    return list(zip(found["article_id"], found["duplicate_of"], strict=True))


def compared_by_hand(table, shingle, at_least):
    """Compare every two articles of an outlet by sets of runs of words, as the definition says."""
    runs = {}
    for name, text in table["text"].items():
        found = words(text)
        size = max(1, min(shingle, len(found)))
        runs[name] = {tuple(found[i : i + size]) for i in range(len(found) - size + 1)} if found else set()
    rows = {}
    ordered = table.sort_values("date", kind="stable")
    for _, part in ordered.groupby("outlet"):
        for number, later in enumerate(part.index):
            same = [earlier for earlier in part.index[:number] if part.loc[earlier, "text"] == part.loc[later, "text"]]
            if same and part.loc[later, "text"].strip():
                rows[later] = (same[0], 1.0, True)
                continue
            for earlier in part.index[:number]:
                smaller = min(len(runs[later]), len(runs[earlier]))
                share = len(runs[later] & runs[earlier]) / smaller if smaller else 0
                if share >= at_least - 1e-9 and share > rows.get(later, (None, 0))[1]:
                    rows[later] = (earlier, share, False)
    return {name: rows[name] for name in table.index if name in rows}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("shingle", "at_least"), [(5, 0.8), (2, 0.5), (1, 1.0)])
def test_pairs_are_those_of_comparing_all(seed, shingle, at_least):
    """Copies, cut, edited and glued articles of several outlets are paired as by comparing each with each."""
    rng = random.Random(seed)
    vocabulary = [f"{first}{second}" for first in "abcdef" for second in "mnopqr"]
    texts = [" ".join(rng.choices(vocabulary, k=rng.choice([0, 1, 3, 8, 30, 60]))) for _ in range(15)]
    for _ in range(45):
        taken = rng.choice(texts).split()
        cut = taken[: int(len(taken) * rng.choice([0.5, 0.8, 1, 1]))]
        edited = [word if rng.random() > rng.choice([0, 0.05]) else "new" for word in cut]
        texts.append(" ".join(edited + (rng.choice(texts).split() if rng.random() < 0.3 else [])))
    dates = [f"2016-01-{rng.randint(1, 28):02d}" if rng.random() < 0.8 else None for _ in texts]
    table = pd.DataFrame({"outlet": rng.choices("AB", k=60), "date": pd.to_datetime(dates), "text": texts})
    found = near_duplicates(table, shingle=shingle, at_least=at_least)
    by_hand = compared_by_hand(table, shingle, at_least)
    assert len(by_hand) > 10
    assert list(found["article_id"]) == list(by_hand)
    assert pairs(found) == [(name, row[0]) for name, row in by_hand.items()]
    assert found["containment"].tolist() == pytest.approx([row[1] for row in by_hand.values()])
    assert found["same_text"].tolist() == [row[2] for row in by_hand.values()]


def test_containment_is_of_the_smaller_in_the_larger():
    """A short report that a long one takes over whole is contained in it, whichever came first."""
    longer = f"{STORY} and many people were glad to hear of it after years of war in which so much had been lost"
    for dates in (("2016-05-03", "2016-05-04"), ("2016-05-04", "2016-05-03")):
        found = near_duplicates(articles(("A", dates[0], STORY), ("A", dates[1], longer)))
        assert pairs(found) == [("b", "a") if dates[0] < dates[1] else ("a", "b")]
        assert found["containment"].tolist() == [1.0]


def test_share_is_counted_in_runs_of_five_words():
    """One word changed in the middle of 23 spoils 5 of 19 runs: a containment of 14/19, too little."""
    changed = STORY.replace("until", "unless")
    table = articles(("A", "2016-05-03", STORY), ("A", "2016-05-04", changed))
    assert len(words(STORY)) == 23
    assert near_duplicates(table).empty
    assert near_duplicates(table, at_least=14 / 19)["containment"].tolist() == [14 / 19]


def test_outlets_are_kept_apart():
    """The same text of two outlets is no duplicate within an outlet."""
    assert near_duplicates(articles(("A", "2016-05-03", STORY), ("B", "2016-05-03", STORY))).empty


def test_articles_without_a_date_come_last():
    """An article without a date repeats one that has a date, not the other way round."""
    table = articles(("A", None, STORY), ("A", "2016-05-03", STORY.upper()))
    assert pairs(near_duplicates(table)) == [("a", "b")]


def test_same_text_is_told_from_nearly_the_same():
    """Case and punctuation make no other words, but another text."""
    table = articles(("A", "2016-05-01", STORY), ("A", "2016-05-02", STORY), ("A", "2016-05-03", f"{STORY}!"))
    found = near_duplicates(table)
    assert pairs(found) == [("b", "a"), ("c", "a")]
    assert found["same_text"].tolist() == [True, False]


def test_texts_without_words_are_compared_to_the_letter():
    """Empty texts are no duplicates of each other; texts of numbers are if they are the same."""
    table = articles(("A", None, ""), ("A", None, " \n"), ("A", None, ""), ("A", None, "1 2"), ("A", None, "1 2"))
    assert pairs(near_duplicates(table)) == [("e", "d")]


def test_nothing_gives_an_empty_table():
    """A table without articles, or of one, gives a table without rows that has every column."""
    columns = ["article_id", "outlet", "duplicate_of", "containment", "same_text"]
    assert list(near_duplicates(articles().astype({"text": "str"})).columns) == columns
    assert list(near_duplicates(articles(("A", None, STORY))).columns) == columns


def test_each_of_many_copies_is_found(monkeypatch):
    """Where more articles hold a run than are compared, each later one is still told to repeat an early one."""
    monkeypatch.setattr(duplicates, "MOST_HOLDERS", 3)
    rng = random.Random(0)
    table = articles(*(("A", f"2016-05-0{day}", f"{STORY} {rng.random()} {'so ' * day}") for day in range(1, 10)))
    found = near_duplicates(table)
    assert list(found["article_id"]) == list("bcdefghi")
    assert (found["duplicate_of"] < found["article_id"]).all()


@pytest.mark.parametrize("wrong", [{"at_least": 0}, {"at_least": 1.1}, {"shingle": 0}])
def test_impossible_parameters_are_refused(wrong):
    """A share of nothing, or of more than all, and runs of no words are refused with their values."""
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        near_duplicates(articles(("A", None, STORY)), **wrong)


# Hashes


def test_a_word_has_the_same_hash_everywhere():
    """A word's hash is the first 64 bits of its BLAKE2b, little-endian, so no seed of the interpreter changes it."""
    expected = int.from_bytes(hashlib.blake2b("сказал".encode(), digest_size=8).digest(), "little")
    assert hash_words(["Сказал"]).hashes.tolist() == [expected]


def test_hashed_are_the_words_of_the_project():
    """Whatever signs a text is made of, its hashes are those of its words, in order."""
    rng = random.Random(0)
    signs = "ab-’'‐_1é\u0301 \n\t\u2028\u00a0\x1c٣ب漢\u200c\0İß"
    texts = ["".join(rng.choices(signs, k=rng.randrange(30))) for _ in range(2000)]
    hashed = hash_words(texts)
    expected = [words(text) for text in texts]
    assert hashed.lengths().tolist() == [len(part) for part in expected]
    known = {word: int(hash_words([word]).hashes[0]) for part in expected for word in part}
    assert hashed.hashes.tolist() == [known[word] for part in expected for word in part]


def test_forgotten_hashes_are_made_anew(monkeypatch):
    """A text of more different words than are kept in memory is hashed all the same."""
    text = " ".join(f"{first}{second}" for first in "abc" for second in "xyz")
    expected = hash_words([text]).hashes
    monkeypatch.setattr(duplicates, "MOST_KNOWN", 2)
    assert np.array_equal(hash_words([text]).hashes, expected)


def test_hash_of_a_run_is_the_polynomial_of_its_words():
    """A run's hash is the polynomial of its words' hashes modulo 2^64; there are as many runs as fit."""
    hashes = hash_words([STORY]).hashes
    values, base = hashes.tolist(), int(duplicates.MULTIPLIER)
    expected = [sum(values[i + k] * base ** (2 - k) for k in range(3)) % 2**64 for i in range(len(values) - 2)]
    assert hash_runs(hashes, 3).tolist() == expected
    assert hash_runs(hashes[:2], 3).tolist() == []
