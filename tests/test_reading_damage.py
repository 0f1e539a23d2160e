"""Oddly encoded and damaged input costs the rows it spoils, each told and counted, and the good ones go on."""

import csv
import io

import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.reading import read_corpus
from tests.reading_inputs import problems, refusal, write

GOOD = "SANA,The first of the good texts.\nRT,The second of the good texts.\n"


# Encodings


LANGUAGES = [
    ("cp1252", "“We won’t,” he said — twice; the café’s naïve résumé cost £5. " * 3),
    ("latin-1", "Le ministre a déclaré hier que les négociations se poursuivaient à Genève, où l'armée était. "),
    ("cp1252", "El ministro declaró ayer que las negociaciones continuarían. ¿Qué hará España mañana? "),
    ("cp1250", "Minister oświadczył wczoraj, że rozmowy będą kontynuowane. Żołnierze kontrolują już granicę. "),
    (
        "cp1254",
        "Dışişleri Bakanı dün Cenevre'deki görüşmelerin süreceğini açıkladı. “Geri adım atmayacağız” dedi. "
        "Askerler, sığınmacıların geçtiği sınırı şimdiden kontrol ediyor.",
    ),
    ("cp1251", "Министр заявил вчера, что переговоры продолжатся. «Мы не уступим», — добавил он. "),
    ("koi8_r", "Министр иностранных дел заявил вчера, что переговоры в Женеве будут продолжены. "),
    ("cp1256", "صرح وزير الخارجية أمس بأن المحادثات ستستمر في جنيف. وأضاف: لن نتنازل. "),
    ("gb18030", "外交部长昨天宣布，日内瓦的谈判将继续进行。他补充说：“我们不会让步。”"),
]


@pytest.mark.parametrize(("encoding", "text"), LANGUAGES)
def test_other_encodings_are_guessed_and_told(tmp_path, encoding, text):
    """A text in its country's usual encoding is read right, as a file and in a table, and the guess is told."""
    write(tmp_path / "folder/RT/one.txt", text.encode(encoding))
    write(tmp_path / "news.csv", f'outlet,text\nRT,"{text}"\n'.encode(encoding))
    for path, name in ((tmp_path / "folder", "one.txt"), (tmp_path / "news.csv", "news.csv")):
        reading = read_corpus(path)
        assert reading.articles["raw"].tolist() == [text]
        assert any(s.startswith("Read as ") and "(guessed): " in s and s.endswith(f"{name}.") for s in reading.told)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_says_the_encoding(tmp_path, encoding):
    """A file that begins with a byte-order mark is read as that says, and the mark is no part of the text."""
    text = "Déjà vu: “encore” une fois."
    write(tmp_path / "folder/RT/one.txt", text.encode(encoding))
    write(tmp_path / "news.tsv", f"outlet\ttext\nRT\t{text}\n".encode(encoding))
    assert read_corpus(tmp_path / "folder").articles["raw"].tolist() == [text]
    assert read_corpus(tmp_path / "news.tsv").articles["raw"].tolist() == [text]


def test_stray_bytes_do_not_spoil_a_utf8_file(tmp_path):
    """Rows of another encoding in a file of UTF-8 are read too, as cp1252, and the file is told."""
    content = "outlet,text\nRT,“Déjà” vu à Genève, hier\n".replace(
        ", h", " h"
    ).encode() + "RT,Un café fermé là-bas\n".encode("cp1252")
    reading = read_corpus(write(tmp_path / "news.csv", content))
    assert reading.articles["raw"].tolist() == ["“Déjà” vu à Genève hier", "Un café fermé là-bas"]
    assert any("stray bytes in it as cp1252 (guessed)" in sentence for sentence in reading.told)


def test_page_is_decoded_as_it_declares(tmp_path):
    """A page that says its encoding, and says it rightly, needs no guess."""
    body = "<p>Министр иностранных дел заявил вчера, что переговоры в Женеве будут продолжены в мае.</p>"
    page = f'<html><head><meta charset="windows-1251"></head><body><article>{body}</article></body></html>'
    reading = read_corpus(write(tmp_path / "RT/one.html", page.encode("cp1251")).parent.parent)
    assert reading.articles["raw"].str.contains("переговоры в Женеве").all()
    assert not any("guessed" in sentence for sentence in reading.told)


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 4, b"text\0with NUL", b"\xff\xfe\x00\xd8a", b"\x89PNG\r\n\x1a\n\0\0\0"]
)
def test_bytes_that_are_no_text_are_left_out_by_name(tmp_path, content):
    """A binary file called .txt is left out under its name, and the others go on."""
    write(tmp_path / "RT/good.txt", "The first of the good texts.")
    write(tmp_path / "RT/bad.txt", content)
    reading = read_corpus(tmp_path)
    assert [file for file, _, problem in problems(reading) if "this is no text" in problem] == ["bad.txt"]
    assert len(reading.articles) == 1


# Delimited text


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_delimiter_is_found_and_told(tmp_path, sign, name):
    """A delimiter other than the comma is found, also where texts are full of commas, and told."""
    rows = [["outlet", "date", "text"], *[["RT", "2016", f'One, two, three,\n"four", {i}'] for i in range(5)]]
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    reading = read_corpus(write(tmp_path / "news.csv", out.getvalue()))
    assert reading.articles["raw"].tolist() == [row[2] for row in rows[1:]]
    assert any(f"cells are parted by {name}." in sentence for sentence in reading.told)


def test_quotation_marks_may_belong_to_the_text(tmp_path):
    """A table whose quotation marks enclose no cells, as many a .tsv file's, is read with the marks kept."""
    texts = ['"We agreed" he said', '"No', "plain words of text", '6" and 7" of "snow"']
    reading = read_corpus(write(tmp_path / "news.tsv", "outlet\ttext\n" + "".join(f"RT\t{text}\n" for text in texts)))
    assert reading.articles["raw"].tolist() == texts
    assert any("quotation marks belong to the text" in sentence for sentence in reading.told)


def test_row_of_another_length_is_told_as_a_spreadsheet_counts(tmp_path):
    """Rows with too few or too many cells are left out with the row a spreadsheet shows; blank rows are passed over."""
    rows = '"RT","Text of\ntwo lines here"\n\nRT\nRT,one,two\nRT,Fine text this one.,\nRT,Good to the end.\n'
    reading = read_corpus(write(tmp_path / "news.csv", "outlet,text\n" + rows))
    assert problems(reading) == [
        ("news.csv", 4, "1 cell under 2 columns."),
        ("news.csv", 5, "3 cells under 2 columns."),
    ]
    assert reading.articles["source_file"].tolist() == ["news.csv, row 2", "news.csv, row 6", "news.csv, row 7"]


def test_damaged_row_costs_itself_alone(tmp_path):
    """A quotation mark in a cell, or one that is never closed, costs its row, and reading goes on below it."""
    quoted = "".join(f'"RT","Text {i}, of several, words"\n' for i in range(40))
    damaged = (
        '"RT","He said "no", twice, and left"\n' + quoted.replace("Text", "More") + 'RT,"never closed, this\n' + GOOD
    )
    reading = read_corpus(write(tmp_path / "news.csv", 'outlet,text\n"SANA","And, more"\n' + quoted + damaged))
    assert problems(reading) == [
        ("news.csv", 43, "a lone quotation mark stands in a cell."),
        ("news.csv", 84, "a quotation mark is opened and never closed."),
    ]
    assert len(reading.articles) == 1 + 40 + 40 + 2


def test_lines_of_a_damaged_text_do_not_become_articles(tmp_path):
    """Lines left over from a damaged text are no rows, even with as many commas, unless their outlet is known."""
    sound = "".join(f'RT,{i},"Text {i}, of several words"\n' for i in range(20))
    damaged = 'RT,20,"He said:\nin the end, as ever, "no" to it\nand then, after that, they left\nfor home"\n'
    reading = read_corpus(
        write(tmp_path / "news.csv", "outlet,id,text\n" + sound + damaged + sound.replace("Text", "More"))
    )
    assert set(reading.articles["outlet"]) == {"RT"}
    assert len(reading.articles) == 40
    assert any("may be a line of the damaged row above" in problem for _, _, problem in problems(reading))


# What is left out, and what is counted


def test_repeated_and_empty_texts_are_left_out(tmp_path):
    """The same text of the same outlet is kept once, whatever its white space; texts without a visible sign never."""
    rows = 'a,RT,One two three four five.\nb,RT," One two\nthree four  five."\nc,TASS,One two three four five.\n'
    rows += "d,RT,\ne,RT,\u200b \u00a0\nf,RT,nan\ng,,No outlet has this text.\nh,RT,Short one.\n"
    reading = read_corpus(write(tmp_path / "news.csv", "id,outlet,text\n" + rows))
    assert list(reading.articles.index) == ["a", "c", "h"]
    assert problems(reading) == [
        ("news.csv", 3, "its text is that of 'a', of the same outlet."),
        *[("news.csv", row, "the text is empty.") for row in (5, 6, 7)],
        ("news.csv", 8, "the outlet is empty."),
    ]
    assert "5 left out: empty text 3, no outlet 1, same text again 1." in reading.told
    assert "1 article of fewer than 5 words kept: h." in reading.told


def test_dates_that_can_not_be_read_cost_no_article(tmp_path):
    """An article whose date or precision is wrong is kept, without date or as printed, and both are listed."""
    rows = "RT,soon,,Text one of four.\nRT,2999-01-01,,Text two of four.\nRT,2016-05-03,month,Text three of four.\n"
    rows += "RT,2016-05,day,Text four of four.\n"
    reading = read_corpus(write(tmp_path / "news.csv", "outlet,date,date_precision,text\n" + rows))
    assert reading.articles["date"].tolist() == [pd.NaT, pd.NaT, *[pd.Timestamp("2016-05-01")] * 2]
    assert reading.articles["date_precision"].tolist() == ["", "", "month", "month"]
    assert [problem.split("; ")[1] for _, _, problem in problems(reading)] == [
        *["the article is kept without a date."] * 2,
        "the article is kept with 'month'.",
    ]
    assert "2 articles kept without a date, which couldn't be read." in reading.told
    assert not any("left out" in sentence for sentence in reading.told)


def test_ambiguous_dates_stop_the_reading_until_a_rule_is_given(tmp_path):
    """A column that doesn't say which number is the month is refused, and read with the rule."""
    path = write(tmp_path / "news.csv", "outlet,date,text\nRT,03/05/2016,One two three four five.\n")
    assert "--dates day-first" in refusal(path)
    assert read_corpus(path, dates="day-first").articles["date"].tolist() == [pd.Timestamp("2016-05-03")]


def test_ten_thousand_bad_rows_give_one_summary(tmp_path):
    """However many rows are bad, one sentence counts them by kind, each is listed, and the good ones go on."""
    rows = "RT,a,b,c\n" * 6000 + "RT,\n" * 4000
    reading = read_corpus(write(tmp_path / "news.csv", "outlet,text\n" + rows + GOOD))
    assert len(reading.articles) == 2
    assert len(reading.rejects) == 10_000
    assert reading.rejects["row"].tolist() == list(range(2, 10_002))
    assert "10,000 left out: row of another length 6,000, empty text 4,000." in reading.told


def test_corpus_without_a_good_article_is_refused_with_the_first_problems(tmp_path):
    """Without one good article there is an error with the count and the first problems in words, and all as a table."""
    path = write(tmp_path / "news.csv", "outlet,text\n" + "RT,\n" * 1000)
    with pytest.raises(InputError, match="no article can be read: 1,000 problems, 5 of which are shown") as caught:
        read_corpus(path)
    assert len(caught.value.problems) == 1000
    assert len(str(caught.value).splitlines()) == 7
    assert "no article is in it" in refusal(write(path, "outlet,text\n"))
    assert "this table is empty" in refusal(write(path, ""))


def test_outlets_that_may_be_one_and_an_outlet_alone_are_told(tmp_path):
    """Names that differ in case alone are counted apart and told; so is an outlet that has no other beside it."""
    told = read_corpus(write(tmp_path / "news.csv", "outlet,text\nRT,Some text\nrt,Other text\n")).told
    assert "These outlets are counted apart: RT, rt." in told
    told = read_corpus(write(tmp_path / "news.csv", "outlet,text\nRT,Some text\n")).told
    assert "All articles are of one outlet, RT: there is nothing to compare them with." in told


def test_progress_is_called_now_and_then(tmp_path):
    """`progress` hears how much is done, and of how much where that is known."""
    calls = []
    path = write(tmp_path / "news.csv", "outlet,text\n" + "".join(f"RT,Text {i}\n" for i in range(1000)))
    read_corpus(path, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, None) for done in range(100, 1001, 100)]
    write(tmp_path / "folder/RT/one.txt", "Some text")
    read_corpus(tmp_path / "folder", progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (1, 1)
