"""The shipped corpus is what was supplied, and bad input is met with an error that says how to mend it."""

import hashlib
import random
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from contrast.cleaning import load_corpus
from contrast.corpus import PREPARED, ROOT, InputError, choose_outlets, read_articles, require

FILES = [
    "000_c624fff1d9b14685.txt",
    "001_73811806d1c1e07a.txt",
    "002_e992f3d333dd0b49.txt",
    "003_25a91e872f61d4f9.txt",
    "004_6912cf308e5853f6.txt",
]


@pytest.fixture
def folder(tmp_path):
    """Give a copy of the shipped corpus that a test may spoil."""
    for name in ["articles.csv", *(f"articles/{file}" for file in FILES)]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "corpus" / name, tmp_path / name)
    return tmp_path


def edit(folder, old, new):
    path = folder / "articles.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8", newline="")


def problems_in(folder):
    with pytest.raises(InputError) as caught:
        read_articles(folder)
    return caught.value.problems.assign(file=lambda table: table["file"].map(lambda file: Path(file).name))


def assert_problem(folder, file, row, problem, remedy):
    found = problems_in(folder)
    found = found[(found["file"] == file) & (found["row"].isna() if row is None else found["row"] == row)]
    told = found["problem"].str.contains(problem, regex=False) & found["remedy"].str.contains(remedy, regex=False)
    assert told.sum() == 1


# The shipped corpus


def test_articles_are_the_bytes_that_were_supplied():
    """SHA256SUMS names exactly the five shipped articles, and each file has the sum that stands there."""
    sums = {}
    for line in (ROOT / "corpus/SHA256SUMS").read_text("ascii").splitlines():
        digest, path = line.split()
        sums[path] = digest
    assert sorted(sums) == [f"articles/{file}" for file in FILES]
    assert sorted(path.name for path in (ROOT / "corpus/articles").iterdir()) == FILES
    for path, digest in sums.items():
        is_supplied = hashlib.sha256((ROOT / "corpus" / path).read_bytes()).hexdigest() == digest
        assert is_supplied, (
            f"corpus/{path} is not the text that was supplied. Bring it back: git checkout corpus/{path}"
        )


@pytest.mark.parametrize(
    ("article_id", "outlet", "date", "precision"),
    [
        ("sana-000", "SANA", "2016-05-03", "day"),
        ("sana-001", "SANA", "2015-04-01", "month"),
        ("sana-002", "SANA", "2016-08-15", "day"),
        ("sana-003", "SANA", "2016-03-01", "day"),
        ("rt-004", "RT", "2016-05-03", "day"),
    ],
)
def test_articles_have_their_outlet_and_date(article_id, outlet, date, precision):
    """Each shipped article has the outlet, day and precision that the corpus's description gives."""
    article = read_articles().loc[article_id]
    assert article["outlet"] == outlet
    assert article["date"] == pd.Timestamp(date)
    assert article["date_precision"] == precision


def test_date_printed_by_rt_is_read_day_first():
    """RT's printed 03/05/2016 is the third of May, the day of the SANA report of the same meeting."""
    articles = read_articles()
    assert "\n03/05/2016\n" in articles.loc["rt-004", "raw"]
    assert (articles.loc["rt-004", "date"].day, articles.loc["rt-004", "date"].month) == (3, 5)
    assert articles.loc["rt-004", "date"] == articles.loc["sana-000", "date"]


def test_raw_is_the_file_unchanged():
    """The column `raw` holds each file's text, byte for byte."""
    for article in read_articles().itertuples():
        assert article.raw.encode() == (ROOT / "corpus/articles" / article.source_file).read_bytes()


def test_articles_come_in_the_order_of_the_file():
    """Articles come in the order of articles.csv, whatever their ids and dates."""
    assert list(read_articles().index) == ["sana-000", "sana-001", "sana-002", "sana-003", "rt-004"]


@pytest.mark.parametrize("content", [b"nothing of the kind", pd.DataFrame({"text": ["One."]}).to_parquet()])
def test_prepared_articles_that_are_none_are_told(tmp_path, content):
    """A file with the name of prepared articles that is no Parquet, or has other columns, is told with its remedy."""
    (tmp_path / PREPARED).write_bytes(content)
    with pytest.raises(InputError, match=r"articles\.parquet: .* Take it away, or have `run\.py report` prepare it"):
        read_articles(tmp_path)


@pytest.mark.parametrize("outlets", ["SANA", []])
def test_outlets_that_are_no_list_are_refused(outlets):
    """A name alone is not taken for a list of letters, nor none for all."""
    with pytest.raises(InputError, match="is no list of outlets"):
        choose_outlets(read_articles(), outlets)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="outlet"), "there is no column 'outlet'"),
        (lambda table: pd.concat([table, table.tail(1)]), "article 'rt-004' stands there twice"),
        (lambda table: table.assign(date=table["date"].astype(str)), "no dates. Turn them into dates with pandas"),
        (
            lambda table: table.assign(date=table["date"].dt.tz_localize("UTC")),
            "the dates have a time zone. Take it off",
        ),
        (lambda table: table.assign(text=table["text"].where(table.index != "rt-004")), "'rt-004' has no text as text"),
        (lambda table: table.assign(outlet=1), "article 'sana-000' has no text as outlet. Fill it in"),
    ],
)
def test_table_that_a_function_can_not_use_is_told(change, message):
    """A table that lacks a column or a value is refused with the column, the article and the remedy."""
    table = load_corpus()
    require(table, "outlet", "date", "text")
    with pytest.raises(InputError, match=re.escape(message)):
        require(change(table), "outlet", "date", "text")


# What may be left out, and what a spreadsheet may add


def test_three_columns_are_enough(folder):
    """A table of id, outlet and file is enough; the rest comes back empty, and the date missing."""
    rows = "".join(f"a{number},SANA,{file}\n" for number, file in enumerate(FILES))
    (folder / "articles.csv").write_text("id,outlet,file\n" + rows, "utf-8")
    articles = read_articles(folder)
    assert len(articles) == 5
    assert articles["date"].isna().all()
    assert (articles[["date_precision", "title", "language", "url", "note"]] == "").all(axis=None)


@pytest.mark.parametrize(
    ("date", "first_day", "precision"),
    [("2016-05-03", "2016-05-03", "day"), ("2016-05", "2016-05-01", "month"), ("2016", "2016-01-01", "year")],
)
def test_precision_follows_from_the_form_of_a_date(folder, date, first_day, precision):
    """Without a stated precision the form of the date decides, and the date is the first day it can mean."""
    edit(folder, "2016-08-15,day", f"{date},")
    article = read_articles(folder).loc["sana-002"]
    assert article["date"] == pd.Timestamp(first_day)
    assert article["date_precision"] == precision


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_table_saved_by_a_spreadsheet_is_read(folder, end):
    """A byte-order mark and any kind of line end in articles.csv change nothing."""
    path = folder / "articles.csv"
    text = path.read_text("utf-8").replace("\n", end)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    pd.testing.assert_frame_equal(read_articles(folder), read_articles())


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b", "\x0c"])
def test_cell_may_hold_an_odd_line_break(folder, separator):
    """A line break that is no row's end in a CSV file stays inside its cell."""
    edit(folder, "no day can be derived", f"no day{separator}can be derived")
    assert read_articles(folder).loc["sana-001", "note"] == f"no day{separator}can be derived"


# Each kind of bad input


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_table_parted_by_another_sign_is_refused_with_its_name(folder, sign, name):
    """A spreadsheet that writes semicolons or tabs in the place of commas gets one problem that says so."""
    for line in (f"id{sign}outlet{sign}file", f'"id"{sign}"outlet"{sign}"file"'):
        (folder / "articles.csv").write_text(f"{line}\na0{sign}SANA{sign}{FILES[0]}\n", "utf-8")
        assert problems_in(folder)["problem"].tolist() == [f"its columns are parted by {name}."]
    assert "with commas" in problems_in(folder)["remedy"].iloc[0]


@pytest.mark.parametrize(
    ("old", "new", "row", "problem", "remedy"),
    [
        ("002_e992f3d333dd0b49.txt", "002.txt", 4, "no file articles/002.txt", "mend its name"),
        ("sana-003", "sana-001", 5, "id 'sana-001' stands in row 3 too", "its own id"),
        (FILES[3], FILES[1], 5, f"file '{FILES[1]}' stands in row 3 too", "its own file"),
        ("outlet", "outlets", 1, "unknown column 'outlets'", "Did you mean 'outlet'?"),
        ("language", "tongue", 1, "unknown column 'tongue'", "There are: id, outlet, date,"),
        ("outlet", "outlets", 1, "column 'outlet' is missing", "Add it to the first row."),
        (",url,", ",note,", 1, "column 'note' stands twice", "Keep one"),
        ("2016-08-15", "2016-02-30", 4, "'2016-02-30' is no date", "Write it as 2016-05-03"),
        ("2016-05-03,day", "03/05/2016,day", 2, "'03/05/2016' is no date", "Write it as 2016-05-03"),
        ("2015-04", "2015-13", 3, "'2015-13' is no date", "2016-05"),
        ("2015-04,month", "0000,year", 3, "'0000' is no date", "2016-05"),
        ("2016-08-15", "9999-08-15", 4, "'9999-08-15' is no date", "2016-05"),
        ("2015-04,month", "2015-04,day", 3, "'2015-04' is not of precision 'day'", "Write 'month'"),
        ("2016-03-01,day", "2016-03-01,year", 5, "'2016-03-01' is not of precision 'year'", "Write 'day'"),
        ("2015-04,month", "2015-04,week", 3, "'week'", "year, month, day or nothing"),
        (FILES[0], "../articles.csv", 2, "'../articles.csv' leads out of the corpus", "into articles/"),
        (FILES[0], "/etc/hostname", 2, "'/etc/hostname' leads out of the corpus", "into articles/"),
        (FILES[0], ".", 2, "no file articles/.", "mend its name"),
        (FILES[0], f"./{FILES[0]}", 2, "goes a long way round", f"Write it as '{FILES[0]}'"),
        (FILES[0], f"../articles/{FILES[0]}", 2, "goes a long way round", f"Write it as '{FILES[0]}'"),
        ("same press conference as rt-004", "same, as rt-004", 2, "11 cells under 10 columns", "quotation marks"),
        (",en,,no day can be derived", "", 3, "7 cells under 10 columns", "quotation marks"),
        ("sana-000,SANA", "sana-000,", 2, "outlet is empty", "Fill it in"),
        ("rt-004,RT", ",RT", 6, "id is empty", "Fill it in"),
        (FILES[4], "  ", 6, "file is empty", "Fill it in"),
    ],
)
def test_bad_cell_is_told_with_row_and_remedy(folder, old, new, row, problem, remedy):
    """A bad cell of articles.csv is told with the row a spreadsheet shows, what is wrong, and what mends it."""
    edit(folder, old, new)
    assert_problem(folder, "articles.csv", row, problem, remedy)


@pytest.mark.parametrize(
    ("content", "row", "problem", "remedy"),
    [
        (b"", 1, "column 'id' is missing", "Add it to the first row."),
        (b"\n\n", 1, "column 'file' is missing", "Add it to the first row."),
        (b"id,outlet,file\n", None, "no article is listed", "Add a row for each article."),
        (b"id,outlet,file\n\n,,\n", None, "no article is listed", "Add a row for each article."),
        (b"id,outlet,file\nD\xe9j\xe0,RT,a.txt\n", None, "byte 17 (0xe9) is not UTF-8", "Save the file as UTF-8."),
        ("id,outlet,file\n".encode("utf-16"), None, "byte 1 (0xff) is not UTF-8", "Save the file as UTF-8."),
        ("id,outlet,file\n".encode("utf-16-le"), None, "a zero byte is in it", "Save the file as UTF-8."),
        (b'id,outlet,file\n"a,RT,a.txt\n', 2, "this is not CSV", "Save it as CSV again"),
    ],
)
def test_bad_table_is_told(folder, content, row, problem, remedy):
    """An articles.csv without articles, or that is no table in UTF-8, is told as a whole."""
    (folder / "articles.csv").write_bytes(content)
    assert_problem(folder, "articles.csv", row, problem, remedy)


@pytest.mark.parametrize(
    ("content", "problem", "remedy"),
    [
        (b"", "the article is empty", "delete row 4"),
        (b" \r\n\t\n\xc2\xa0", "the article is empty", "Supply its text"),
        (b"Communiqu\xe9", "byte 10 (0xe9) is not UTF-8", "Save the file as UTF-8."),
        ("Lavrov".encode("utf-16-le"), "a zero byte is in it, as in UTF-16", "Save the file as UTF-8."),
        ("Lavrov".encode("utf-16"), "byte 1 (0xff) is not UTF-8", "Save the file as UTF-8."),
    ],
)
def test_bad_article_is_told(folder, content, problem, remedy):
    """An article without text, or in another encoding than UTF-8, is told under its own name."""
    (folder / "articles" / FILES[2]).write_bytes(content)
    assert_problem(folder, FILES[2], None, problem, remedy)
    assert len(problems_in(folder)) == 1


@pytest.mark.parametrize("content", ["", "\ufeff", "\u200b\n"])
def test_article_without_a_visible_character_stops_the_loading(folder, content):
    """An article of nothing but marks that no reader sees is never loaded as an article."""
    (folder / "articles" / FILES[4]).write_text(content, "utf-8")
    with pytest.raises(InputError, match=FILES[4]):
        load_corpus(folder)


def test_article_without_a_body_is_told_with_all_else(folder):
    """A file in which nothing can be seen is told in the same error as an id that stands twice."""
    (folder / "articles" / FILES[4]).write_text("\u200b\n", "utf-8")
    edit(folder, "sana-001", "sana-000")
    with pytest.raises(InputError) as caught:
        load_corpus(folder)
    assert [Path(problem.file).name for problem in caught.value.listed] == ["articles.csv", FILES[4]]


def test_unreadable_table_is_told_by_loading_too(folder):
    """A table of no article at all is one problem, whoever reads it."""
    (folder / "articles.csv").write_text("id,outlet,file\n", "utf-8")
    with pytest.raises(InputError, match="no article is listed"):
        load_corpus(folder)


def test_missing_folder_is_told(tmp_path):
    """A folder that is not there is told as an articles.csv that is not there."""
    assert_problem(tmp_path / "nowhere", "articles.csv", None, "not there", "name another folder")


def test_text_that_no_row_names_is_told(folder):
    """A text file that articles.csv does not name is a problem of that file."""
    (folder / "articles/005.txt").write_text("Forgotten.", "utf-8")
    assert_problem(folder, "005.txt", None, "does not name this file", "Add its row")


def test_all_problems_come_at_once(folder):
    """All problems are in one error, an outlet asked for in vain too: in its table, and in its message."""
    edit(folder, "sana-001", "sana-000")
    edit(folder, "2016-08-15", "2016-02-30")
    edit(folder, "003_", "030_")
    (folder / "articles" / FILES[4]).write_bytes(b"")
    with pytest.raises(InputError) as caught:
        load_corpus(folder, outlets=["SANA", "TASS"])
    problems = caught.value.problems
    assert list(problems.columns) == ["file", "row", "problem", "remedy"]
    places = {(Path(file).name, None if pd.isna(row) else int(row)) for file, row in problems[["file", "row"]].values}
    table = {("articles.csv", 3), ("articles.csv", 4), ("articles.csv", 5)}
    assert places == table | {(FILES[3], None), (FILES[4], None), ("articles.csv", None)}
    assert all(text in str(caught.value) for text in [*problems["problem"], *problems["remedy"], "6 problems", "row 4"])
    assert problems["problem"].iloc[-1] == "no outlet 'TASS'."


def test_rows_are_counted_as_a_spreadsheet_counts_them(folder):
    """A cell of two lines is one row, and an empty row counts as one."""
    edit(folder, "same press conference as rt-004", '"same\nas rt-004"')
    edit(folder, "sana-001", "\nsana-001")
    edit(folder, "2016-08-15", "2016-02-30")
    assert problems_in(folder)["row"].tolist() == [5]


def test_error_is_a_value_error(folder):
    """Whoever catches ValueError catches InputError."""
    (folder / "articles.csv").unlink()
    with pytest.raises(ValueError, match="1 problem in the input"):
        read_articles(folder)


# Outlets


def test_outlets_come_in_the_order_asked_for():
    """The outlets asked for come in that order, each with its articles in the order of the file."""
    chosen = choose_outlets(read_articles(), ["RT", "SANA"])
    assert list(chosen.index) == ["rt-004", "sana-000", "sana-001", "sana-002", "sana-003"]
    assert list(load_corpus(outlets=["RT"]).index) == ["rt-004"]


def test_outlet_that_is_not_there_is_told_with_those_that_are():
    """Asking for outlets that have no article names each of them, and every outlet that has one."""
    with pytest.raises(InputError) as caught:
        load_corpus(outlets=["rt", "SANA", "AFP"])
    assert "no outlet 'rt'. It has: RT, SANA." in str(caught.value)
    assert "no outlet 'AFP'. It has: RT, SANA." in str(caught.value)
    assert len(caught.value.problems) == 2


# Any input at all


def table_or_problems(folder):
    try:
        return read_articles(folder)
    except InputError as error:
        return error.problems


def test_any_bytes_as_table_give_a_table_or_an_input_error(folder):
    """Whatever bytes articles.csv holds, reading gives a table or an InputError and nothing else."""
    rng = random.Random(0)
    pieces = [",", ",", ",", '"', "\n", "\r", "\0", " ", "../", "\u2028", "é", "id", "RT", "2016-05", "day", *FILES]
    for _ in range(60):
        made = "".join(rng.choices(pieces, k=rng.randrange(40))).encode()
        for content in (rng.randbytes(rng.randrange(80)), made, b"id,outlet,date,file\n" + made):
            (folder / "articles.csv").write_bytes(content)
            found = table_or_problems(folder)
            assert len(found) > 0
            assert "raw" in found or found[["file", "problem", "remedy"]].map(bool).all(axis=None)


def test_any_bytes_as_article_give_a_table_or_an_input_error(folder):
    """Whatever bytes an article holds, reading gives them back as text or an InputError and nothing else."""
    rng = random.Random(0)
    for length in range(40):
        for content in (rng.randbytes(length), bytes(rng.choices(b" \n\r\0a\xc3\xa9", k=length))):
            (folder / "articles" / FILES[4]).write_bytes(content)
            found = table_or_problems(folder)
            if "raw" in found:
                assert found.loc["rt-004", "raw"].encode() == content
            else:
                assert [Path(file).name for file in found["file"]] == [FILES[4]]
