"""Furniture is found where it was planted and nowhere else, and only what a reader marks is taken off."""

import io
import random

import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.duplicates import near_duplicates
from contrast.furniture import drop_furniture, find_furniture

NONE = pd.DataFrame({"article_id": []})
SCRIPTS = {"Latin": ("bdfglmnprst", "aeiou"), "Cyrillic": ("бвгдлмнпрст", "аеиоу"), "Arabic": ("بتثجحدرسعفق", "اوي")}


def stories(number, *, seed=0, sentences=12, script="Latin"):
    """Make up stories in which no two sentences are alike, three sentences a paragraph."""
    rng = random.Random(seed)
    first, second = SCRIPTS[script]
    made = ["".join(rng.choice(first) + rng.choice(second) for _ in range(3)) for _ in range(400)]
    told = []
    for _ in range(number):
        lines = [" ".join(rng.choices(made, k=rng.randint(7, 14))).capitalize() + "." for _ in range(sentences)]
        told.append("\n".join(" ".join(lines[i : i + 3]) for i in range(0, sentences, 3)))
    return told


def articles(texts, outlet="SANA", dates=None):
    """Make articles of an outlet, a day each."""
    days = pd.date_range("2016-05-01", periods=len(texts)) if dates is None else pd.to_datetime(dates)
    names = [f"{outlet}-{number}" for number in range(len(texts))]
    return pd.DataFrame({"outlet": outlet, "date": days, "text": texts}, index=pd.Index(names, name="article_id"))


def found_in(table, duplicates=NONE):
    found = find_furniture(table, duplicates)
    return list(found[["outlet", "kind", "line"]].itertuples(index=False, name=None))


def test_stories_alone_have_no_furniture():
    """In articles that share nothing nothing is found, and the table has every column."""
    found = find_furniture(articles(stories(30)), NONE)
    assert found.empty
    assert list(found) == ["outlet", "line", "kind", "dates", "articles", "share_own", "example", "keep"]


# Lines


def test_line_is_found_on_three_dates_with_its_numbers():
    """A line of three dates is found, told with its dates, articles, share and example, and kept until marked."""
    texts = [f"{text}\n Share  this " if number < 4 else text for number, text in enumerate(stories(10))]
    dates = ["2016-05-01", "2016-05-01", *pd.date_range("2016-05-02", periods=8).astype(str)]
    (row,) = find_furniture(articles(texts, dates=dates), NONE).to_dict("records")
    assert row == {
        "outlet": "SANA",
        "line": "Share this",
        "kind": "line",
        "dates": 3,
        "articles": 4,
        "share_own": 1.0,
        "example": "SANA-0",
        "keep": True,
    }


@pytest.mark.parametrize(
    ("dates", "is_found"),
    [
        (["2016-05-01", "2016-05-02", "2016-05-02"], False),
        (["2016-05-01", "2016-05-02", None], True),
        ([None, None, None], True),
        ([None, None, "2016-05-01"], True),
    ],
)
def test_dates_are_counted_and_articles_where_they_have_none(dates, is_found):
    """Two articles of a day are one date; each article without a date counts as one."""
    texts = [f"{text}\nShare this" for text in stories(3)]
    assert found_in(articles(texts, dates=dates)) == [("SANA", "line", "Share this")] * is_found


@pytest.mark.parametrize(("elsewhere", "is_found"), [(1, True), (2, False)])
def test_line_must_be_the_outlets_own(elsewhere, is_found):
    """A line counts if four fifths of the articles that hold it are the outlet's."""
    texts = stories(20)
    mine = articles([f"{text}\nReporting by Reuters" for text in texts[:4]], "RT")
    other = [f"{text}\nReporting by Reuters" if i < elsewhere else text for i, text in enumerate(texts[4:])]
    assert found_in(pd.concat([mine, articles(other, "SANA")])) == [("RT", "line", "Reporting by Reuters")] * is_found


def test_near_duplicates_are_left_out():
    """The lines of a story printed on four days are no furniture, once its copies are known."""
    copies = [f"{stories(1)[0]}\nUpdate {number} of the day." for number in ("one", "two", "three", "four")]
    table = articles(copies + stories(5, seed=1))
    assert len(found_in(table)) == 4
    assert found_in(table, near_duplicates(table)) == []


@pytest.mark.parametrize(
    ("script", "line"), [("Cyrillic", "Подписывайтесь на наш канал"), ("Arabic", "تابعونا على تويتر")]
)
def test_furniture_is_found_in_any_script(script, line):
    """Lines, heads and tails are found in Cyrillic and Arabic letters as in Latin ones."""
    texts = stories(30, script=script)
    table = pd.concat(
        [
            articles([f"{text}\n{line}" for text in texts[:10]], "A"),
            articles([f"{line}: {text}" for text in texts[10:20]], "B"),
            articles([f"{text} {line}." for text in texts[20:]], "C"),
        ]
    )
    table = table.assign(text=table["text"])
    alone = [found_in(table[table["outlet"] == outlet]) for outlet in "ABC"]
    assert alone == [[("A", "line", line)], [("B", "head", f"{line}:")], [("C", "tail", f"{line}.")]]


# Heads and tails


def test_glued_head_and_tail_are_found_whole():
    """Words glued to the start and the end of texts are found, as far as the articles share them."""
    texts = [f"Breaking news – {text} Read more on our site." for text in stories(10)]
    assert found_in(articles(texts)) == [
        ("SANA", "head", "Breaking news –"),
        ("SANA", "tail", "Read more on our site."),
    ]


def test_common_opening_is_no_head():
    """Words that open articles are no furniture if they stand elsewhere too."""
    texts = [f"In Damascus, {a} In Damascus, {b}" for a, b in zip(stories(10), stories(10, seed=1), strict=True)]
    assert found_in(articles(texts)) == []


def test_opening_without_punctuation_is_no_head_unless_it_is_frequent():
    """A few articles may open with the same words of one sentence; if every other does, it is furniture."""
    texts = [
        f"The President on Tuesday {text[0].lower()}{text[1:]}" if i < 5 else text for i, text in enumerate(stories(40))
    ]
    assert found_in(articles(texts)) == []
    texts = [f"Story highlights {text}" if i % 2 else text for i, text in enumerate(stories(40))]
    assert found_in(articles(texts)) == [("SANA", "head", "Story highlights")]


def test_period_of_an_abbreviation_sets_nothing_off():
    """“Sen.” at the start of some articles is no head of one word and a period."""
    texts = [f"On Sunday Sen. {text}" if i < 5 else text for i, text in enumerate(stories(40))]
    assert found_in(articles(texts)) == []


# Anchors


def leads(number):
    return [text.partition("\n")[0] for text in stories(number, seed=9)]


def test_anchor_line_takes_what_follows():
    """A line after which every article goes on differently is an anchor, and goes with all that follows."""
    plain = stories(10)
    texts = [f"{text}\nCheck Also\n{lead}\nFollow us" for text, lead in zip(plain, leads(10), strict=True)]
    found = find_furniture(articles(texts), NONE)
    assert found[["kind", "line"]].values.tolist() == [["line", "Follow us"], ["tail anchor", "Check Also"]]
    anchor = found.assign(keep=found["kind"] != "tail anchor")
    assert drop_furniture(articles(texts), anchor)["text"].tolist() == plain


def test_anchor_inside_a_line_takes_what_follows():
    """So is one that a collector has glued into the text, after a sentence or a writer's name."""
    plain = [text.replace("\n", " ") for text in stories(12)]
    texts = [f"{text} R. Milhem Check Also {lead}" for text, lead in zip(plain, leads(12), strict=True)]
    found = find_furniture(articles(texts), NONE)
    assert found[["kind", "line"]].values.tolist() == [["tail anchor", "R. Milhem Check Also"]]
    assert drop_furniture(articles(texts), found.assign(keep=False))["text"].tolist() == plain


def test_pieces_without_words_are_no_anchor():
    """Tokens that hold no word, such as the numbers of a table, open no anchor and break nothing."""
    texts = [f"{text} X1 Y2 Z{number} {number}a" for number, text in enumerate(stories(12))]
    assert found_in(articles(texts)) == []


def test_heading_of_the_last_part_is_no_anchor():
    """A heading that long paragraphs follow is a line like any other: what follows is the article's."""
    texts = [f"{text}\nWhat next?\n{more}" for text, more in zip(stories(10), stories(10, seed=5), strict=True)]
    assert found_in(articles(texts)) == [("SANA", "line", "What next?")]


# Taking off


def planted():
    """Articles of two outlets with furniture of every kind."""
    texts, other = stories(12), stories(12, seed=2)
    first = [
        f"Breaking news: {text}\nShare this\nCheck Also\n{lead}" for text, lead in zip(texts, leads(12), strict=True)
    ]
    return pd.concat([articles(first, "SANA"), articles([f"{text} Read more on RT." for text in other], "RT")])


def test_nothing_goes_until_it_is_marked():
    """As it is found the table takes nothing off."""
    table = planted()
    found = find_furniture(table, NONE)
    assert set(found["kind"]) == {"line", "head", "tail", "tail anchor"}
    pd.testing.assert_frame_equal(drop_furniture(table, found), table, check_dtype=False)


def test_all_that_is_marked_goes_and_nothing_else():
    """With every row marked the stories are what they were before anything was planted."""
    table = planted()
    dropped = drop_furniture(table, find_furniture(table, NONE).assign(keep=False))
    assert dropped["text"].tolist() == stories(12) + stories(12, seed=2)
    assert list(dropped.columns) == list(table.columns)


def test_only_the_outlets_own_articles_are_touched():
    """A piece marked for one outlet stays in another's articles."""
    table = pd.DataFrame({"outlet": ["A", "B"], "text": ["He left.\nShare this", "She left.\nShare this"]})
    furniture = pd.DataFrame({"outlet": ["A"], "line": ["Share this"], "kind": ["line"], "keep": [False]})
    assert drop_furniture(table, furniture)["text"].tolist() == ["He left.", "She left.\nShare this"]


@pytest.mark.parametrize(
    ("kind", "line", "text", "left"),
    [
        (
            "line",
            "Share this",
            "Share this\nHe left.\n Share\u00a0this \nShe stayed.\nShare this",
            "He left.\nShe stayed.",
        ),
        ("line", "Share this", "Share this", ""),
        ("line", "Share this", "He said: Share this\nNow.", "He said: Share this\nNow."),
        ("head", "SANA News", "SANA News – “We won,” he said.", "“We won,” he said."),
        ("head", "SANA News", "SANA-News agency", "SANA-News agency"),
        ("head", "SANA News", "SANA NEWS -5 degrees", "-5 degrees"),
        ("head", "SANA News", "The SANA News agency", "The SANA News agency"),
        ("tail", "Read more.", "He left. > Read more!", "He left."),
        ("tail", "Read more.", "He said he would read more", "He said he would"),
        ("tail", "Read more.", "Read more. He left.", "Read more. He left."),
        ("tail anchor", "Check Also", "He left.\nCheck Also\nShe stayed.", "He left."),
        ("tail anchor", "Check Also", "He told us to check also the lists.", "He told us to check also the lists."),
        (
            "tail anchor",
            "Related",
            "He left then. Related to her he is not.",
            "He left then. Related to her he is not.",
        ),
    ],
)
def test_a_piece_goes_where_it_is_one(kind, line, text, left):
    """A line goes whole or not at all, a head from the start, a tail from the end, an anchor in its own letters."""
    furniture = pd.DataFrame({"outlet": ["A"], "line": [line], "kind": [kind], "keep": [False]})
    assert drop_furniture(pd.DataFrame({"outlet": ["A"], "text": [text]}), furniture)["text"].tolist() == [left]


def test_characters_are_only_left_out():
    """Whatever the texts and the pieces, what is left is the text with characters left out, in order."""
    rng = random.Random(0)
    parts = [
        "Share",
        "this",
        "Check",
        "Also",
        "said",
        "\n",
        "\n",
        " ",
        "\u2028",
        "–",
        ".",
        "“",
        "1",
        "\r\n",
        "é",
        "شارك",
    ]
    kinds = ["line", "head", "tail", "tail anchor"]
    for _ in range(80):
        texts = ["".join(rng.choice(parts) + rng.choice(["", " "]) for _ in range(rng.randrange(30))) for _ in range(4)]
        lines = [
            " ".join(rng.choices(["Share", "this", "Check", "Also", "said", "."], k=rng.randint(1, 3))) for _ in kinds
        ]
        furniture = pd.DataFrame({"outlet": "A", "line": lines, "kind": kinds, "keep": False})
        left = drop_furniture(pd.DataFrame({"outlet": "A", "text": texts}), furniture)["text"]
        for before, after in zip(texts, left, strict=True):
            signs = iter(before)
            assert all(sign in signs for sign in after)


def test_table_may_go_through_a_spreadsheet():
    """Saved as CSV, marked with words, and read again, the table does the same."""
    table = planted()
    found = find_furniture(table, NONE)
    sheet = pd.read_csv(io.StringIO(found.assign(keep=["FALSE", "no", "0", " False "]).to_csv(index=False)), dtype=str)
    expected = drop_furniture(table, found.assign(keep=False))
    pd.testing.assert_frame_equal(drop_furniture(table, sheet), expected)


def test_unclear_marks_are_all_told():
    """A mark that is neither yes nor no, and a kind that there is not, are told with their rows."""
    furniture = pd.DataFrame({"outlet": "A", "line": "x", "kind": ["line", "lines"], "keep": ["perhaps", True]})
    with pytest.raises(InputError) as caught:
        drop_furniture(pd.DataFrame({"outlet": ["A"], "text": ["x"]}), furniture)
    assert caught.value.problems["row"].tolist() == [2, 3]
    assert "keep is 'perhaps'" in str(caught.value)
    assert "There are: line, head, tail, tail anchor." in str(caught.value)
