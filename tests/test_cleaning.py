"""Cleaning takes off what is not the article, keeps every visible character of what is, and accounts for the rest."""

import random

import pandas as pd
import pytest

from contrast.cleaning import clean, load_corpus, removed
from contrast.corpus import InputError

ARTICLES = ["sana-000", "sana-001", "sana-002", "sana-003", "rt-004"]
UNSEEN = "\ufeff\u200b\u00ad"  # byte-order mark, zero-width space, soft hyphen
BODY = "The talks began in Moscow on Tuesday.\nThe talks went on for two hours.\n"


@pytest.fixture(scope="module")
def articles():
    """Give the shipped corpus, cleaned."""
    return load_corpus()


def cleaned(raw, outlet="The Daily", title=""):
    """Clean one made-up article."""
    index = pd.Index(["a"], name="article_id")
    return clean(pd.DataFrame({"outlet": [outlet], "title": [title], "raw": [raw]}, index=index))


def text_of(raw, outlet="The Daily", title=""):
    return cleaned(raw, outlet, title).loc["a", "text"]


def rebuilt(articles, article_id):
    """Put the clean text and the pieces taken off together again, by the pieces' offsets alone."""
    return put_together(articles.loc[article_id, "text"], removed(articles.loc[[article_id]]))


def put_together(kept, pieces):
    raw = ""
    for piece in pieces.itertuples():
        gap = piece.start - len(raw)
        assert gap >= 0
        raw, kept = raw + kept[:gap] + piece.text, kept[gap:]
        assert len(raw) == piece.end
    return raw + kept


def visible(text):
    return "".join(character for character in text if not character.isspace() and character not in UNSEEN)


def taken(articles, article_id, rule):
    pieces = removed(articles.loc[[article_id]])
    return pieces.loc[pieces["rule"] == rule, "text"].tolist()


# The shipped articles


@pytest.mark.parametrize("article_id", ARTICLES)
def test_text_and_pieces_give_the_raw_text_back(articles, article_id):
    """For every shipped article, what was kept and what was taken off make up the file again."""
    assert rebuilt(articles, article_id) == articles.loc[article_id, "raw"]


@pytest.mark.parametrize(
    ("article_id", "first", "last"),
    [
        ("sana-000", "Russian Foreign Minister Sergey Lavrov stressed that", "back on track a few days ago."),
        ("sana-001", "Russian Foreign Minister Sergei Lavrov said Russia", "geopolitical agenda and double standards."),
        ("sana-002", "Russian Foreign Minister Sergey Lavrov asserted", "talks without preconditions in Geneva."),
        ("sana-003", "Russian Foreign Minister Sergey Lavrov said on", "serious work on international venues."),
        ("rt-004", "Lavrov added that the US and Russian militaries", "Geneva talks and respond to any attacks."),
    ],
)
def test_text_is_the_body(articles, article_id, first, last):
    """Each shipped text begins with the first words of its body and ends with the last."""
    assert articles.loc[article_id, "text"].startswith(first)
    assert articles.loc[article_id, "text"].endswith(last)


@pytest.mark.parametrize(
    ("article_id", "title", "dateline", "byline"),
    [
        (
            "sana-000",
            "Lavrov: Efforts to strengthen and expand cessation of hostilities agreement underway",
            "Moscow, SANA –",
            "Hazem Sabbagh",
        ),
        (
            "sana-001",
            "Lavrov stresses commitment to make inter-Syrian dialogue succeed",
            "Moscow, SANA –",
            "Manar al-Frieh/Haifa Said",
        ),
        (
            "sana-002",
            "Lavrov: Russia won’t allow international terrorist entities to prevail in Syria",
            "Moscow, SANA-",
            "English Bulletin",
        ),
        (
            "sana-003",
            "Lavrov: De Mistura confirmed intra-Syrian dialogue will resume in first quarter of March",
            "Geneva, SANA –",
            "Hazem Sabbagh",
        ),
        ("rt-004", "Cessation of hostilities in Aleppo to be announced in coming hours - Lavrov", "", ""),
    ],
)
def test_title_dateline_and_byline_are_told(articles, article_id, title, dateline, byline):
    """Title, dateline and byline of each shipped article are taken off, and told as they were typed."""
    assert taken(articles, article_id, "title") == [title]
    assert articles.loc[article_id, ["dateline", "byline"]].tolist() == [dateline, byline]


def test_check_also_and_all_after_it_is_gone(articles):
    """From "Check Also" to the end of the file nothing is left of any SANA article, and RT has no such line."""
    for article_id in ARTICLES[:4]:
        raw = articles.loc[article_id, "raw"]
        assert "".join(removed(articles.loc[[article_id]])["text"]).endswith(raw[raw.index("Check Also") :])
    words_of_other_years = "Check Also|helicopters|Deir al-Balah|[Cc]herry|Arnous"
    assert not articles["text"].str.contains(words_of_other_years).any()
    assert taken(articles, "rt-004", "tail") == []


def test_embedded_post_is_taken_twice(articles):
    """The post that the RT file holds twice is taken off both times, and told with its line in the file."""
    pieces = removed(articles.loc[["rt-004"]])
    posts = pieces[pieces["rule"] == "embedded post"]
    assert posts["line"].tolist() == [15, 25]
    assert posts["text"].str.contains("@MuradoRT").all()
    assert "MuradoRT" not in articles.loc["rt-004", "text"]
    assert "manageable bush fire" not in articles.loc["rt-004", "text"]


def test_no_markup_is_left_in_rt(articles):
    """No tag and no asterisk is left in the RT text, and the quotation they stood around is whole."""
    text = articles.loc["rt-004", "text"]
    assert not any(mark in text for mark in ("<u>", "</u>", "*", "<", ">"))
    assert 'ceasefire. "I hope that in the coming hours such an agreement will be announced," the minister' in text


def test_printed_date_is_taken_off_rt(articles):
    """The date that RT printed under its title is told and no part of the text."""
    assert taken(articles, "rt-004", "printed date") == ["03/05/2016"]
    assert "03/05/2016" not in articles.loc["rt-004", "text"]


def test_no_blank_runs_are_left(articles):
    """A shipped text has one line break between two paragraphs, and no two blanks in a row anywhere."""
    assert not articles["text"].str.contains(r"\s\s").any()
    assert (articles["text"] == articles["text"].str.strip()).all()


@pytest.mark.parametrize(
    ("article_id", "headline"),
    [
        ("sana-002", "\nBogdanov discusses with Zarif and situation in Syria and the region\n"),
        ("sana-003", "\nLavrov: Syria’s future decided by Syrians, terrorists have no place in political solution\n"),
    ],
)
def test_headlines_inside_sana_articles_stay(articles, article_id, headline):
    """A headline inside an article belongs to the article and stays as its own paragraph."""
    assert headline in articles.loc[article_id, "text"]


def test_lines_are_those_of_the_file(articles):
    """`removed` counts lines from 1, as an editor shows them."""
    pieces = removed(articles.loc[["sana-000"]]).query("rule != 'blank'")
    assert list(zip(pieces["rule"], pieces["line"], strict=True))[:3] == [("title", 1), ("dateline", 3), ("byline", 23)]


# Rules, on made-up articles


@pytest.mark.parametrize(
    "dateline",
    ["Moscow, SANA – ", "Moscow, SANA- ", "Moscow, SANA –\u00a0", "Deir al-Zour, SANA – ", "Moscow, (SANA) — "],
)
def test_dateline_is_taken_in_every_typing(dateline):
    """A SANA dateline is taken off in each of its typings, with the blank after it."""
    article = cleaned(f"{dateline}{BODY}", "SANA").loc["a"]
    assert article["text"] == BODY.strip()
    assert article["dateline"] == dateline.strip()


def test_dateline_on_a_line_of_its_own_is_told_as_dateline():
    """A dateline that fills its line is told as the dateline, not as markup."""
    article = cleaned(f"Moscow, SANA –\n{BODY}", "SANA").loc["a"]
    assert (article["text"], article["dateline"]) == (BODY.strip(), "Moscow, SANA –")


@pytest.mark.parametrize(
    "byline",
    [
        "Hazem Sabbagh",
        "Mazen",
        "English Bulletin",
        "Manar al-Frieh/Haifa Said",
        "Reem / Ghossoun",
        "R. al-Jazaeri/ H. Said",
        "Manar/Hazem/Reem",
    ],
)
@pytest.mark.parametrize("tail", ["", "\n\nCheck Also\n\nCherry season begins\n\nGolan, SANA- The season …"])
def test_byline_is_taken(byline, tail):
    """The writers' names under a SANA article are its byline, with other articles advertised under them or without."""
    article = cleaned(f"{BODY}\n{byline}{tail}", "SANA").loc["a"]
    assert (article["text"], article["byline"]) == (BODY.strip(), byline)


@pytest.mark.parametrize(("lines", "is_tail"), [(1, True), (4, True), (5, False)])
def test_tail_is_short(lines, is_tail):
    """Up to four lines after "Check Also" are site furniture; more than four are the article."""
    raw = f"{BODY}Check Also\n" + "\n".join(["The talks of the other day."] * lines)
    assert text_of(raw) == (BODY.strip() if is_tail else raw)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Russia won’t leave", "Russia won’t leave"),
        ("Russia won’t leave", "Russia won't leave"),
        ("Talks resume", "TALKS  RESUME"),
        ("Talks resume", "Talks\u00a0resume "),
        ("Talks resume", "\ufeffTalks resume"),
    ],
)
def test_title_is_taken_if_equal(title, line):
    """A first line is the title if it equals the title column but for case, blanks, quotes and a byte-order mark."""
    assert text_of(f"{line}\n{BODY}", title=title) == BODY.strip()


@pytest.mark.parametrize("title", ["", "Talks", "Talks resume in Geneva", "Talks resumed"])
def test_title_is_taken_only_if_equal(title):
    """A first line that differs from the title column, even by a letter, stays."""
    assert text_of(f"Talks resume\n{BODY}", title=title) == f"Talks resume\n{BODY.strip()}"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("One.\r\n\r\n\r\nTwo.\r\n", "One.\nTwo."),
        ("\ufeffOne.\n\nTwo.", "One.\nTwo."),
        ("  One.\n   Two.\n\tThree.  ", "One.\nTwo.\nThree."),
        ("One\u00a0\u00a0and  two.", "One\u00a0and two."),
        ("cease\u00adfire\ufeff", "ceasefire"),
    ],
)
def test_blanks_are_evened_out(raw, text):
    """Paragraphs stand a line each, without blanks around them, blank runs in them, or marks that no one sees."""
    assert text_of(raw) == text


def test_article_that_is_only_a_title_and_furniture_is_told(tmp_path):
    """An article of which nothing is left stops the loading with the file's name."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles.csv").write_text("id,outlet,title,file\na,SANA,Talks resume,a.txt\n", "utf-8")
    (tmp_path / "articles/a.txt").write_text("Talks resume\n\nCheck Also\n\nCherry season begins\n", "utf-8")
    with pytest.raises(InputError, match=r"a\.txt"):
        load_corpus(tmp_path)


# No harm

HARMLESS = {
    "a last line that is a name": f"{BODY}Hazem Sabbagh",
    "names as last line": f"{BODY}Manar al-Frieh/Haifa Said",
    "Check Also in the middle": f"{BODY}Check Also\n{BODY * 5}",
    "Check Also as first line": f"Check Also\n{BODY}",
    "Check Also in a sentence": f"{BODY}Check Also what the others say.\nThe end came soon.",
    "handles": f"@MuradoRT was there.\n{BODY}@MuradoRT #Syria wrote so.\n@UN",
    "a product": f"{BODY}He wrote 2 * 3 = 6 and 3 * 4 = 12.",
    "powers": f"{BODY}2**3 = 8 and 2**4 = 16.",
    "a masked word": f"{BODY}He said “F**k”.",
    "masked words": f"{BODY}“F**k this,” he said, “and f**k that.”",
    "longer masks": f"{BODY}He said s***t and again s***t.",
    "a footnote": f"{BODY}The truce* held.\n* It began in May.",
    "footnotes beside quotation marks": f'{BODY}He called it a "deal*" that cost* much.',
    "dashes": f"Lavrov – who was in Moscow – said so.\n{BODY}",
    "a hyphen": f"Moscow-brokered talks began.\n{BODY}",
    "a date deep inside": f"{BODY}03/05/2016\n2016-05-03\n{BODY}",
    "a date in a line": f"03/05/2016 was the day.\n{BODY}",
    "CRLF": BODY.replace("\n", "\r\n\r\n"),
    "CR": BODY.replace("\n", "\r"),
    "Unicode line ends": BODY.replace("\n", "\u2029") + "One\u2028two.",
    "BOM": f"\ufeff{BODY}",
    "Arabic": "قال\u00a0الوزير الرُّوسيّ\u00a0– إن الهدنة\u00a0\u00a0قائمة.\n\nثم\u00a0غادر.\n",
    "inequalities": f"{BODY}a < b and b > c, <unclear> and <ub>",
    "one line": "The talks began.",
}


@pytest.mark.parametrize("raw", HARMLESS.values(), ids=HARMLESS.keys())
def test_unknown_outlet_loses_no_visible_character(raw):
    """The article of an outlet whose habits are unknown keeps every visible character that might be its body."""
    articles = cleaned(raw, title="Another title")
    assert visible(articles.loc["a", "text"]) == visible(raw)
    assert rebuilt(articles, "a") == raw


def test_single_line_that_equals_the_title_stays():
    """An article of one line is a body, even where it equals the title column."""
    assert text_of("Talks resume\n", title="Talks resume") == "Talks resume"


LOOKALIKES = {
    "a word that ends in the outlet's name": ("RT", f"Short-term truces hold in Aleppo.\n{BODY}"),
    "a dash after such a word": ("RT", f"Start – and end – were calm.\n{BODY}"),
    "the outlet's name in a compound": ("RT", f"Russia’s RT-produced film opened.\n{BODY}"),
    "a place and a compound": ("SANA", f"Syria and SANA-linked media said so.\n{BODY}"),
    "a sentence of one word": ("SANA", f"{BODY}Would Moscow leave?\nNever."),
    "a name under an unsigned article": ("RT", f"{BODY}Hazem Sabbagh"),
    "a dateline deep inside": ("SANA", f"{BODY}Moscow, SANA – This is another report."),
}


@pytest.mark.parametrize(("outlet", "raw"), LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_known_outlet_loses_no_visible_character_either(outlet, raw):
    """Words that only resemble an outlet's dateline or byline stay in its articles."""
    assert visible(text_of(raw, outlet)) == visible(raw)


def test_any_string_is_given_back():
    """Whatever a file holds, its clean text and the pieces taken off make it up again, and no piece is empty."""
    rng = random.Random(0)
    marks = ["*", "**", '"', "“", "”", "<u>", "</u>", "</b>", "@a", " ", "  ", "\u00a0", "\ufeff", "\u00ad", "\t"]
    ends = ["\n", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x1c"]
    letters = ["a", "Ab", "é", "e\u0301", "ق", "Moscow, SANA – ", "Check Also", "RT", "-", "1/2/2016", "Talks"]
    texts = ["".join(rng.choices(marks + ends + letters, k=rng.randrange(30))) for _ in range(300)]
    table = pd.DataFrame({"outlet": rng.choices(["SANA", "RT", "The Daily"], k=300), "title": "Talks", "raw": texts})
    articles = clean(table.rename_axis("article_id"))
    pieces = removed(articles)
    for article_id, raw in enumerate(texts):
        assert put_together(articles.loc[article_id, "text"], pieces[pieces["article_id"] == article_id]) == raw
    assert (pieces["text"] != "").all()


@pytest.mark.parametrize(
    ("outlet", "line"),
    [
        ("Time", "Last time — in 2014 — the talks failed."),
        ("Today", "Syria today – a country at war."),
        ("The Sun", "Under the Sun – nothing is new."),
        ("RT", "Yesterday RT - which is run from Moscow - left."),
        ("The Daily", "**@UN** welcomed the plan on Monday and urged restraint."),
    ],
)
def test_words_of_any_outlet_that_look_like_a_mark_stay(outlet, line):
    """An outlet's name in a sentence is no dateline, and a handle in one no embedded post."""
    assert (
        cleaned(f"A title\n\n{line}\nMore.", outlet, "A title")["text"].iloc[0].startswith(line.replace("**", "")[:12])
    )


@pytest.mark.parametrize(
    "typing", ["SANA-The", "SANA) – The", "SANA_ The", "SANA –\u00a0The", "SANA -- The", "SANA- The"]
)
def test_datelines_of_every_typing_go(typing):
    """A place, a comma and the outlet's own name before a dash are a dateline, however the dash is typed."""
    opening = f"Damascus countryside, {'(' if ')' in typing else ''}{typing} talks resumed."
    assert cleaned(f"A title\n\n{opening}\nMore.", "SANA", "A title")["text"].iloc[0].startswith("The talks")


def test_a_list_of_dates_stays():
    """A date in the second line is the article's date only where it stands alone."""
    text = cleaned("A title\n3/5/2016\n4/5/2016\nMore.", "The Daily", "A title")["text"].iloc[0]
    assert text == "3/5/2016\n4/5/2016\nMore."
