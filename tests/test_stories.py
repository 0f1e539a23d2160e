"""Articles are of one story if they report the same event within days, whatever their order and outlet."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from contrast import stories
from contrast.stories import find_stories
from contrast.words import words

TRUCE = "the envoy said in geneva that the truce around the northern city would hold through the holiday"
AGAIN = "speaking in geneva the envoy said the truce around the city in the north would hold through the holiday"
FLOOD = "heavy rain flooded the valley and swept away two bridges while rescuers carried families to a school"
VOTE = "parliament passed next year's budget after a long night of debate on taxes pensions and defence"


def articles(*rows):
    """Make articles of (outlet, date, title, text), called a, b, c and so on."""
    index = pd.Index(list("abcdefghij"[: len(rows)]), name="article_id")
    table = pd.DataFrame(rows, columns=["outlet", "date", "title", "text"], index=index)
    return table.assign(date=pd.to_datetime(table["date"]))


def grouped(found):
    """Give the stories of several articles, each as its articles in one string."""
    groups = ("".join(sorted(found.index[found == story])) for story in found.unique())
    return {group for group in groups if len(group) > 1}


def background(rng, number=40):
    """Write articles of six made-up events in ten weeks, some undated and some empty; names in no order."""
    vocabulary = np.array([f"{first}{second}" for first in "abcdefgh" for second in "klmnopqrst"])
    events = rng.integers(0, 80, (6, 15))
    texts = []
    for event in rng.integers(0, 6, number):
        told = np.where(rng.random(60) < 0.5, rng.choice(events[event], 60), rng.integers(0, 80, 60))
        texts.append(" ".join(vocabulary[told]) if rng.random() > 0.05 else "")
    date = pd.Timestamp("2016-01-01") + pd.to_timedelta(rng.integers(0, 70, number), unit="D").to_series()
    date = date.where(rng.random(number) > 0.1).to_numpy()
    table = pd.DataFrame({"outlet": rng.choice(["North", "South"], number), "date": date, "text": texts})
    names = pd.Index(rng.permutation([f"s{place:02d}" for place in range(number)]), name="article_id")
    return table.assign(title=table["text"].str[:20]).set_index(names)


def compared_by_hand(table, at_least, days):
    """Score every two articles, and merge groups until no pair is left that hangs together."""
    opening = table["title"] + "\n" + table["text"].str[:400]
    cosines = []
    for texts in (table["text"], opening):
        vectors = TfidfVectorizer(analyzer=words, sublinear_tf=True).fit_transform(texts)
        cosines.append((vectors @ vectors.T).toarray())
    score = np.mean(cosines, axis=0)
    group = {name: {name} for name in table.index}
    for one, other in itertools.combinations(range(len(table)), 2):
        apart = abs((table["date"].iloc[one] - table["date"].iloc[other]) / pd.Timedelta(days=1))
        if score[one, other] >= at_least and apart <= days:
            merged = group[table.index[one]] | group[table.index[other]]
            group.update(dict.fromkeys(merged, merged))
    order = table.assign(name=table.index).sort_values(["date", "name"])["name"].tolist()
    return pd.Series({name: min(members, key=order.index) for name, members in group.items()})


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("at_least", "days"), [(0.3, 3), (0.4, 0), (0.5, 10)])
def test_stories_are_those_of_comparing_all(seed, at_least, days, monkeypatch):
    """However few pairs are formed at once, the stories are those found by comparing each with each."""
    monkeypatch.setattr(stories, "PAIRS_AT_ONCE", 6)
    table = background(np.random.default_rng(seed))
    found = find_stories(table, at_least=at_least, days=days)
    expected = compared_by_hand(table, at_least, days)
    assert grouped(expected)
    pd.testing.assert_series_equal(found, expected, check_names=False, check_index_type=False)
    assert (found.name, found.index.name) == ("story", "article_id")


def test_one_event_of_two_outlets_is_one_story():
    """Two outlets' reports of a truce are one story, named by the earlier; a flood and a vote are others."""
    table = articles(
        ("North", "2016-05-04", "Truce to hold", AGAIN),
        ("South", "2016-05-03", "Envoy: truce will hold", TRUCE),
        ("North", "2016-05-03", "Flood in the valley", FLOOD),
        ("South", "2016-05-03", "Budget passed", VOTE),
    )
    assert find_stories(table).to_dict() == {"a": "b", "b": "b", "c": "c", "d": "d"}


@pytest.mark.parametrize(("date", "story"), [("2016-05-06", "a"), ("2016-05-07", "b"), ("2016-06-03", "b")])
def test_days_apart_part_stories(date, story):
    """The same words four days later, or a month later, are another story; three days later they are not."""
    table = articles(("North", "2016-05-03", "Truce", TRUCE), ("South", date, "Truce", TRUCE))
    assert find_stories(table)["b"] == story


def test_hour_of_the_day_does_not_count():
    """Days apart are counted by the calendar, not by the hour."""
    table = articles(("North", "2016-05-03 01:00", "Truce", TRUCE), ("South", "2016-05-06 23:00", "Truce", TRUCE))
    assert grouped(find_stories(table)) == {"ab"}


def test_story_goes_on_along_a_chain():
    """Reports two days apart are one story though its first and last are six days apart."""
    table = articles(*(("North", f"2016-05-0{day}", "Truce", TRUCE) for day in (7, 3, 5, 1)))
    assert find_stories(table).tolist() == ["d"] * 4


@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_does_not_matter(seed):
    """Shuffled rows give the same story to each article, in their own order."""
    table = background(np.random.default_rng(5))
    shuffled = table.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(find_stories(shuffled), find_stories(table)[shuffled.index])


def test_undated_article_is_alone():
    """An article without a date, or known to the month alone, is its own story whatever it says."""
    row = ("North", "2016-05-01", "Truce", TRUCE)
    table = articles(row, row, (row[0], None, *row[2:]), (row[0], None, *row[2:]), row)
    precise = table.assign(date_precision=["day", "day", "", "", "month"])
    assert find_stories(table).tolist() == ["a", "a", "c", "d", "a"]
    assert find_stories(precise).tolist() == ["a", "a", "c", "d", "e"]


def test_no_dates_at_all_give_no_stories():
    """In a corpus without a date each article is its own story; in an empty one there is none."""
    table = articles(("North", None, "Truce", TRUCE), ("South", None, "Truce", TRUCE))
    assert find_stories(table).tolist() == ["a", "b"]
    assert find_stories(table.astype({"text": "str", "title": "str"}).iloc[:0]).empty


def test_empty_texts_do_no_harm():
    """Articles without words are alone, even where no article has any; a missing title is an empty one."""
    empty = [("North", "2016-05-03", None, ""), ("South", "2016-05-03", "", " 12\n")]
    reports = [(outlet, "2016-05-03", None, TRUCE) for outlet in ("North", "South")]
    assert grouped(find_stories(articles(*empty))) == set()
    assert grouped(find_stories(articles(*empty, *reports))) == {"cd"}


@pytest.mark.parametrize("wrong", [{"at_least": 0}, {"at_least": 1.1}, {"days": -1}])
def test_impossible_parameters_are_refused(wrong):
    """A score of nothing, or of more than all, and fewer than no days are refused with their values."""
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        find_stories(articles(("North", None, "Truce", TRUCE)), **wrong)
