"""A corpus is told as it is: every number counted by hand, every sign with its threshold, nothing hostile printed."""

import functools
import random
import unicodedata

import numpy as np
import pandas as pd
import pytest

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.health import examination, health_text
from contrast.health import examine as examine_with
from contrast.health.forecast import estimate_run
from contrast.health.printed_dates import printed_dates
from contrast.health.terminal import MOST_OUTLETS, WIDTH, visible
from contrast.resampling import MIN_ARTICLES, simulate_corpus
from contrast.topics import ENOUGH_ARTICLES

ENGLISH = "The {} minister said, after the {} talks in {place}, that both {} sides “had {} agreed” on the {} text. "
RUSSIAN = "Министр {} сказал, что в {} стороны, как {} и прежде, «договорились» о {} тексте документа. "
ARABIC = "قال الوزير، بعد {} المحادثات في {}، إن الطرفين «اتفقا» على {} نص الوثيقة وعلى مواصلة {} الحوار بينهما. "
PLACES = ("Geneva", "Vienna", "Minsk", "Riyadh")
examine = functools.partial(examine_with, codebook=read_codebook())


def story(seed=0, sentence=ENGLISH, letters="abdefiklmnoprstu", places=PLACES):
    """Write an article of more than a hundred words in which made-up words keep every run of five from recurring."""
    rng = random.Random(seed)
    gaps = sentence.count("{}")
    return "".join(
        sentence.format(*("".join(rng.choices(letters, k=6)) for _ in range(gaps)), place=rng.choice(places))
        for _ in range(9)
    ).strip()


def articles(*rows):
    """Make articles of (outlet, date, text), as cleaning gives them."""
    table = pd.DataFrame(rows, columns=["outlet", "date", "text"]).rename_axis("article_id")
    table.index = [f"a{number}" for number in table.index]
    table["date"] = pd.to_datetime(table["date"])
    precision = np.where(table["date"].isna(), "", "day")
    return table.assign(date_precision=precision, title="", raw=table["text"], language="").rename_axis("article_id")


def corpus(**outlets):
    """Make an outlet of so many articles, a day each from 1 January 2020 on, each another story."""
    rows = [
        (outlet, pd.Timestamp("2020-01-01") + pd.Timedelta(days=day), story(f"{outlet}{day}"))
        for outlet, many in outlets.items()
        for day in range(many)
    ]
    return articles(*rows)


def said(health, notebook):
    return " ".join(health.notebooks.loc[health.notebooks["notebook"] == notebook, "sentence"])


# Counts


def test_outlets_are_counted_as_by_hand():
    """Articles, words, dates, empty, short, repeated and wandering texts of each outlet are what one can count."""
    table = articles(
        ("RT", "2016-05-03", story(1)),
        ("RT", "2016-05-04", story(1)),
        ("RT", None, story(1) + " Late news."),
        ("RT", None, ""),
        ("SANA", "2016-03-01", story(1)),
        ("SANA", "2016-03-02", "Three short words."),
    )
    words = [len(text.split()) for text in table["text"]]  # every word of these texts stands between blanks
    found = examine(table).outlets
    assert list(found.index) == ["RT", "SANA"]
    assert found["articles"].tolist() == [4, 2]
    assert found["undated"].tolist() == [2, 0]
    assert found["empty"].tolist() == [1, 0]
    assert found["short"].tolist() == [1, 1]
    assert found["long"].tolist() == [3, 1]
    assert found["same_text"].tolist() == [1, 0]
    assert found["near"].tolist() == [1, 0]
    assert found["elsewhere"].tolist() == [3, 1]
    assert found["first"].tolist() == [pd.Timestamp("2016-05-03"), pd.Timestamp("2016-03-01")]
    assert found["last"].tolist() == [pd.Timestamp("2016-05-04"), pd.Timestamp("2016-03-02")]
    assert found["longest"].tolist() == [words[2], words[4]]
    assert found["words"].tolist() == [sum(words[:4]), sum(words[4:])]


def test_words_are_those_of_the_description():
    """The words of an outlet are those that notebook 01 tells of it."""
    found = examine(load_corpus()).outlets
    assert found["words"].to_dict() == {"SANA": 2264, "RT": 462}


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        ("2015-11-30", "2016-02-01", ["2015-11", "2015-12", "2016-01", "2016-02"]),
        ("2013-02-01", "2016-05-01", [f"{y} Q{q}" for y in range(2013, 2017) for q in range(1, 5)][:14]),
        ("2003-02-01", "2016-05-01", [str(year) for year in range(2003, 2017)]),
        ("1970-01-01", "2016-05-01", [f"{year}-{year + 1}" for year in range(1970, 2018, 2)]),
    ],
)
def test_periods_fit_the_time(first, last, names):
    """Articles are counted by month, quarter, year or some years, so that no more than 24 rows are needed."""
    found = examine(articles(("A", first, "One."), ("A", last, "Two."), ("B", last, "Three."), ("B", None, "Four")))
    assert list(found.periods.index) == names
    assert found.periods["A"].tolist() == [1, *[0] * (len(names) - 2), 1]
    assert found.periods["B"].tolist() == [*[0] * (len(names) - 1), 1]


def test_dates_known_to_the_year_stand_in_no_month():
    """An article of which the year alone is known is left out of the months, and this is said."""
    table = articles(("A", "2016-01-01", "One."), ("A", "2016-02-01", "Two."), ("A", "2016-01-01", "Three."))
    table.loc["a2", "date_precision"] = "year"
    health = examine(table)
    assert health.periods["A"].to_dict() == {"2016-01": 1, "2016-02": 1}
    assert "Not in the bars: 1 article" in health_text(health)


def test_rejects_are_counted_by_kind():
    """Problems that differ in what is quoted or numbered are one kind, told with its number and its first place."""
    rows = [("a.csv", row, f"'2016-13-{row}' is no date.", "Mend it.") for row in range(2, 9)]
    rejects = pd.DataFrame(
        [*rows, ("b.txt", None, "the article is empty.", "")], columns=["file", "row", "problem", "remedy"]
    )
    health = examine(corpus(A=1), rejects)
    assert health.rejects.values.tolist() == [
        ["… is no date.", 7, "a.csv, row 2"],
        ["the article is empty.", 1, "b.txt"],
    ]
    assert "… is no date." in health_text(health)


# Dates in the text


@pytest.mark.parametrize(
    ("text", "precision", "days"),
    [
        ("Moscow, 3 May 2016. Talks", "day", 0),
        ("Moscow, 3rd of May, 2016. Talks", "day", 0),
        ("May 5, 2016 (TASS) Talks", "day", 2),
        ("Sept. 11 , 2001 is remembered", "day", -5348),
        ("2016-05-01 Talks", "day", -2),
        ("2016/05/04", "day", 1),
        ("03/05/2016", "day", 0),
        ("05.03.2016", "day", 0),
        ("12-25-2016", "day", 236),
        ("٠٣/٠٥/2016", "day", 0),
        ("3 May 2016 or 9 June 2016", "day", 0),
        ("31 May 2016", "month", 0),
        ("1 June 2016", "month", 29),
        ("1 June 2016", "year", 0),
        ("30 February 2016", "day", None),
        ("call 03/05/20161 or v1.03.05.2016", "day", None),
        ("Mayday 3, 2016", "day", None),
        (f"{'x ' * 160}3 May 2016{' x' * 160}", "day", None),
        (f"{'x ' * 160}3 May 2016", "day", 0),
    ],
)
def test_printed_dates_are_compared(text, precision, days):
    """A date near an end of the article is compared with the table's 3 May 2016; of two readings the nearer counts."""
    table = articles(("A", "2016-05-03", text)).assign(date_precision=precision)
    assert printed_dates(table)["days"].tolist() == ([] if days is None else [days])


def test_date_of_its_own_line_is_told_apart():
    """A date with little else on its line is likelier the article's than one in a sentence."""
    lines = [
        "Published 5 March 2016 by Reuters",
        "It was on 5 March 2016 that the two ministers met for the first time",
    ]
    found = printed_dates(articles(("A", "2016-05-03", "\n".join(lines[:1])), ("A", "2016-05-03", lines[1])))
    assert found["own_line"].tolist() == [True, False]


def test_day_and_month_that_changed_places_are_seen():
    """If the table has 3 May where the article prints 5 March in words, the two have changed places."""
    rows = [
        ("A", "2016-05-03", "5 March 2016"),
        ("A", "2016-05-03", "6 April 2016"),
        ("A", "2016-05-13", "5 March 2016"),
    ]
    assert printed_dates(articles(*rows))["swapped"].tolist() == [True, False, False]
    several = [("A", f"2016-0{month}-03", f"{month} March 2016\n{story(month)}") for month in (5, 6, 7)]
    assert "Day and month of the date seem to have changed places: A (3 of 3)." in examine(articles(*several)).flags


def test_date_of_an_undated_article_is_offered():
    """An article without a date that prints one is counted, and compared with nothing."""
    health = examine(articles(("A", None, "3 May 2016\nTalks were held."), ("A", "2016-05-03", "Talks went on.")))
    assert health.outlets["undated_printed"].tolist() == [1]
    assert health.dates.empty
    assert "Of the articles without a date 1 print one." in health_text(health)


# Signs of damage


def stripped_of(signs, table, outlet):
    cleaned = table["text"].str.translate(str.maketrans("", "", signs))
    return table.assign(text=cleaned.where(table["outlet"] == outlet, table["text"]))


@pytest.mark.parametrize(("signs", "mark"), [("“”", "quotation mark"), (",", "comma")])
def test_marks_taken_off_one_outlet_are_seen(signs, mark):
    """An outlet without a mark that the others have is told with both shares; one that has them all is not."""
    table = corpus(SANA=6, RT=6)
    told = f"No {mark}, as if taken off: RT (100% of 6 longer articles, the others' 0%)."
    assert examine(stripped_of(signs, table, "RT")).flags == [told]
    assert examine(table).flags == []


def test_marks_taken_off_everywhere_are_seen():
    """If hardly any article has a quotation mark, this is told of the corpus and of no outlet."""
    table = stripped_of("“”", stripped_of("“”", corpus(SANA=6, RT=6), "RT"), "SANA")
    assert examine(table).flags == ["No quotation mark, as if all had been taken off: 12 of 12 longer articles."]


def test_few_articles_without_a_mark_are_no_sign():
    """Of fewer than five longer articles nothing is concluded."""
    assert examine(stripped_of("“”", corpus(SANA=6, RT=4), "RT")).flags == []


def test_quotation_marks_that_are_not_read_are_told():
    """Marks that notebook 04 takes for none are told apart from missing ones, and where they matter."""
    table = corpus(SANA=6, RT=6)
    typed = table["text"].str.replace("“", "〝").str.replace("”", "〞")
    health = examine(table.assign(text=typed.where(table["outlet"] == "RT", table["text"])))
    assert health.outlets["odd_quotes"].tolist() == [0, 6]
    assert health.outlets["no_quotes"].tolist() == [0, 0]
    assert "does not read (such as 〝 or 『)" in health.flags[0]
    assert "RT (6 of 6)" in health.flags[0]
    assert "missing or unread in RT" in said(health, "04_stance")


def test_outlets_of_different_times_are_told():
    """If one outlet begins after another ends, no time is covered by both."""
    table = corpus(SANA=5, RT=5)
    late = table["date"].where(table["outlet"] == "SANA", table["date"] + pd.Timedelta(days=5))
    assert examine(table).flags == []
    assert examine(table.assign(date=late)).flags == ["No time is covered by all outlets: RT begins after SANA ends."]


def test_flags_name_few_outlets_and_count_the_rest():
    """A sign that many outlets share is one line."""
    health = examine(articles(*((f"Outlet {number}", "2016-05-03", "Short " * number) for number in range(9))))
    shown = ", ".join(f"Outlet {number} (1 of 1)" for number in range(4))
    assert health.flags == [f"Short or empty articles: {shown} and 5 others."]


# Languages


def test_languages_are_seen():
    """Each outlet's languages are told, in any script, and an outlet of another one is pointed out."""
    rows = [("A", None, story(n)) for n in range(3)]
    rows += [("Б", None, story(n, RUSSIAN, "абвгдеикл")) for n in range(2)]
    health = examine(articles(*rows, ("ع", None, story(0, ARABIC, "ابتثجحدر")), ("ع", None, "قصير")))
    assert health.languages[["outlet", "language", "articles"]].values.tolist() == [
        ["A", "en", 3],
        ["Б", "ru", 2],
        ["ع", "", 1],
        ["ع", "ar", 1],
    ]
    assert "so their words can't be compared: A (English), Б (Russian) and ع (Arabic)." in health.flags[0]
    assert "ع: too short to tell 50%, Arabic 50%" in health_text(health)
    assert "do not fit Б and ع" in said(health, "02_terms")
    assert "do not fit Б and ع" in said(health, "04_stance")


@pytest.mark.parametrize(
    ("declared", "other"), [("", 0), ("en-GB", 0), ("English", 0), ("ru", 2), ("Russian", 2), ("x", 0)]
)
def test_declared_language_is_compared(declared, other):
    """What the table declares, by code or by name, is compared with what is seen; what can't be read is not."""
    table = articles(("A", None, story(0)), ("A", None, story(9)), ("A", None, "Short.")).assign(language=declared)
    assert examine(table).languages["declared_other"].sum() == other


# What the notebooks can say


def test_one_outlet_can_not_be_compared():
    """Of one outlet the notebooks that compare are said not to run."""
    health = examine(corpus(SANA=3))
    assert all("Can't run" in said(health, notebook) for notebook in ("02_terms", "03_topics", "04_stance"))
    assert "every article" in said(health, "01_corpus")


def test_html_in_texts_is_told():
    """Tags and entities, which would be counted as words, are told with the outlet; less-than signs are none."""
    table = corpus(SANA=6, RT=6)
    tagged = "<p>" + table["text"] + "</p>"
    health = examine(table.assign(text=tagged.where(table["outlet"] == "RT", table["text"] + " 1 < 2 > 0 & so on.")))
    assert health.flags == [
        "Articles with HTML in their text, whose tags are counted as words: RT (6 of 6). "
        "Give such pages as .html files: of these the text alone is read."
    ]


def test_small_outlets_that_keep_others_from_articles_are_told():
    """Where two outlets have enough articles without the small ones, it is said how to leave those out."""
    told = said(examine(corpus(SANA=9, RT=9, TASS=2)), "04_stance")
    assert "TASS has 2 articles of the 8 needed. Without TASS they would be over articles: use --outlets." in told
    assert "--outlets" not in said(examine(corpus(SANA=9, RT=2)), "04_stance")


def test_unit_of_the_intervals_is_foretold():
    """With fewer articles than the methods need, the outlet that lacks them is named with its number."""
    few = examine(corpus(SANA=MIN_ARTICLES, RT=MIN_ARTICLES - 1))
    enough = examine(corpus(SANA=ENOUGH_ARTICLES, RT=ENOUGH_ARTICLES))
    lacking = f"RT has {MIN_ARTICLES - 1} articles of the {MIN_ARTICLES} needed"
    for notebook in ("02_terms", "04_stance"):
        assert lacking in said(few, notebook)
        assert "Intervals are over articles" in said(enough, notebook)
    assert f"not yet of whole articles: RT has {MIN_ARTICLES - 1} articles of the {ENOUGH_ARTICLES}" in said(
        few, "03_topics"
    )
    assert "an illustration only: RT has 4 articles of the 5" in said(examine(corpus(SANA=5, RT=4)), "03_topics")
    assert "whole articles" in said(enough, "03_topics")


def test_copies_are_foretold_to_be_no_articles():
    """An outlet with enough articles only if its copies count is foretold to lack them."""
    table = corpus(SANA=MIN_ARTICLES, RT=MIN_ARTICLES)
    table.iloc[-1, table.columns.get_loc("text")] = table["text"].iloc[-2]
    health = examine(table)
    assert f"RT has {MIN_ARTICLES - 1} articles of the {MIN_ARTICLES} needed" in said(health, "02_terms")
    assert health.outlets.loc["RT", "articles"] == MIN_ARTICLES


def test_without_dates_there_is_no_timeline_and_no_day():
    """Without dates there is neither a timeline nor a comparison by day; with them the shared days are counted."""
    table = corpus(SANA=9, RT=8)
    undated = examine(table.assign(date=pd.NaT, date_precision=""))
    assert "No article has a date." in undated.flags
    assert "No timeline" in said(undated, "01_corpus")
    assert "no day is known" in said(undated, "02_terms")
    assert "16 articles share a day" in said(examine(table), "02_terms")
    assert "no day has articles of both" in said(examine(table.iloc[8:10].assign(outlet=["A", "B"])), "02_terms")


def test_targets_are_looked_for():
    """The codebook's targets that no article names are counted and named; what it excludes names nobody."""
    told = (story(outlet, places=("Moscow",)) for outlet in ("SANA", "RT"))
    table = articles(*((outlet, None, text) for outlet, text in zip(("SANA", "RT"), told, strict=True)))
    assert "None of the codebook's 7 targets" in said(examine(table), "04_stance")  # all of it is "in Moscow"
    found = examine(table.assign(text=table["text"] + "\nMoscow is convinced."))
    assert "Named in the articles: 1 of the codebook's 7 targets; never United States, " in said(found, "04_stance")
    assert "None of the codebook's 7 targets" in said(examine(corpus(SANA=2, RT=2)), "04_stance")


def test_stop_list_that_does_not_fit_is_told():
    """Of an outlet in English few of whose words are on the stop list this is said; of others in another way."""
    table = corpus(SANA=2, RT=2)
    bare = table["text"].str.replace(r"\b(?:the|on|in|that|both|had|after)\b ?", "", regex=True, case=False)
    health = examine(table.assign(text=bare.where(table["outlet"] == "RT", table["text"])))
    assert "on the stop list: RT" in said(health, "02_terms")
    assert "stop list" not in said(examine(table), "02_terms")


def test_run_grows_with_the_words():
    """Time and memory of a run are a start and a part in proportion to the words."""
    none, one, two = (estimate_run(words) for words in (0, 1_000_000, 2_000_000))
    assert (none > 0).all()
    assert (two - one).to_dict() == pytest.approx((one - none).to_dict())


# The text


def test_same_articles_give_the_same_text(monkeypatch):
    """Samples are drawn by a fixed seed, of every outlet alike, and are told."""
    monkeypatch.setattr(examination, "SAMPLED", 10)
    monkeypatch.setattr(examination, "SEARCHED", 12)
    table = corpus(SANA=30, RT=3)
    health = examine(table)
    assert health.languages["articles"].tolist() == [7, 3]
    assert health_text(health) == health_text(examine(table))
    assert "looked for in 10 articles." in health_text(health)
    assert "looked for in 12 articles, and counted in these alone." in health_text(health)


@pytest.fixture(scope="module")
def hostile():
    """The text of a corpus whose names, lines and dates would command a terminal if they could."""
    evil = "\x1b]0;x\x07\x1b[31m\u202e\x9b2J\r\b\u2028\u200f\ufeff"
    rows = [
        (
            f"{evil}{outlet}",
            f"20{year:02d}-0{month}-01",
            f"{evil} line\nShare{evil}this\n{story(month)}\n7 May 1999 {evil}",
        )
        for outlet in range(20)
        for year in (1, 20)
        for month in (1, 2, 3)
    ]
    rejects = pd.DataFrame([(evil, 1, f"{evil} no {kind}", evil) for kind in "abcdefghij"], columns=list("frpm"))
    rejects.columns = ["file", "row", "problem", "remedy"]
    table = articles(*rows)
    table.index = [f"{evil}{number}" for number in range(len(table))]
    return health_text(examine(table.rename_axis("article_id"), rejects))


def test_nothing_printed_commands_a_terminal(hostile):
    """Whatever outlets, articles and problems hold, no control character and no turning of letters is printed."""
    assert "␛[31m" in hostile
    assert "\\u202e" in hostile
    assert {unicodedata.category(sign) for sign in hostile.replace("\n", "")}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


def test_text_is_read_in_a_minute(hostile):
    """With twenty outlets and something wrong everywhere the text has at most a hundred lines of a hundred columns."""
    lines = hostile.split("\n")
    assert len(lines) <= 100
    assert max(map(len, lines)) <= WIDTH + 12
    assert f"{20 - MOST_OUTLETS + 1} others" in hostile


def test_visible_is_harmless_and_stable():
    """Made visible once, a text stays as it is; letters, marks and joiners of any script are left alone."""
    every = "".join(chr(code) for code in range(0x3000)) + "\ud800\U000e0041"
    assert visible(visible(every)) == visible(every)
    assert visible("می\u200cخواهم, naïve «ع» 北京 █·") == "می\u200cخواهم, naïve «ع» 北京 █·"
    visible(every).encode("utf-8")


def test_columns_are_aligned():
    """The numbers of a table end in one column, also where names are cut or hold marks that take no room."""
    table = pd.concat([corpus(**{"A": 2, "e\u0301" * 9: 3}), corpus(**{"long" * 30: 1})])
    table.index = [f"b{number}" for number in range(len(table))]
    shown = health_text(examine(table.rename_axis("article_id"))).split("\n")
    start = next(number for number, line in enumerate(shown) if line.startswith("Articles"))
    ends = {len(line.replace("\u0301", "").split("  20")[0]) for line in shown[start + 3 : start + 6]}
    assert len(ends) == 1


def test_a_simulated_corpus_is_healthy():
    """Made-up articles with nothing wrong but their made-up words raise no sign of damage but of marks they lack."""
    health = examine(simulate_corpus(articles=10).articles)
    assert health.duplicates.empty
    assert not any("repeat" in flag or "date" in flag or "Short" in flag for flag in health.flags)


def test_the_shipped_corpus_is_told():
    """The five shipped articles need no cleaning, and are told as too few for intervals over articles."""
    text = health_text(examine(load_corpus()))
    assert text.startswith("5 articles of 2 outlets, 2,726 words, from 2015-04-01 to 2016-08-15.")
    assert "Nothing that stands out in what was read." in text
    assert "RT has 1 article of the 8 needed" in " ".join(text.split())


def test_an_article_without_a_word_is_told():
    """A corpus of empty texts, or of a single one, is told and not stumbled over."""
    assert "1 article of 1 outlet, 0 words, without dates." in health_text(examine(articles(("A", None, ""))))
