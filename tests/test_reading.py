"""A researcher's own articles become the project's table, in whatever form they were downloaded."""

import gzip
import json

import pandas as pd
import pytest

from contrast.corpus import ROOT, read_articles
from contrast.reading import read_corpus
from tests.reading_inputs import problems, refusal, write

TEXTS = {
    "a1": "Lavrov said: “We agreed”, twice.\nThen, after a pause; he left.",
    "a2": "Le ministre\tdes Affaires étrangères | a parlé hier à Genève.",
    "b1": 'He said "no", and "no" again, to all of it.',
    "b2": "Министр заявил вчера, что переговоры продолжатся в Женеве.",
}
OUTLETS = {"a1": "SANA", "a2": "SANA", "b1": "RT", "b2": "RT"}
KINDS = [".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".xlsx", ".CSV"]
KINDS += [".csv.gz", ".tsv.gz", ".jsonl.gz", ".ndjson.gz", ".json.gz"]
PAGE = (
    "<html><head><title>Talks go on | CNN</title><meta property='og:title' content='Talks go on'>"
    "<meta property='article:published_time' content='2016-05-03T22:00:00Z'></head><body><nav><a>Home</a></nav>"
    "<article><h1>Talks go on</h1><p>The minister said on Tuesday that the talks would go on in Geneva.</p>"
    "<script>alert('x')</script><p>Both sides agreed &lt;in principle&gt; on the matter, he added.</p></article>"
    "<footer>Copyright</footer></body></html>"
)


def table():
    rows = [(name, OUTLETS[name], "2016-05-03", f"Title of {name}", text) for name, text in TEXTS.items()]
    return pd.DataFrame(rows, columns=["id", "outlet", "date", "title", "text"])


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)


# The forms


def test_shipped_corpus_is_read_as_read_articles_reads_it():
    """The project's own form gives exactly the table of `read_articles`, and nothing is left out."""
    reading = read_corpus(ROOT / "corpus")
    pd.testing.assert_frame_equal(reading.articles, read_articles())
    assert reading.rejects.empty
    assert list(reading.rejects.columns) == ["file", "row", "problem", "remedy"]


def save(frame, path):
    """Save a table as a researcher's program would, by its suffix."""
    packed = path.suffix == ".gz"
    kind = path.suffixes[-2] if packed else path.suffix
    if kind == ".parquet":
        frame.to_parquet(path)
        return path
    if kind == ".xlsx":
        frame.to_excel(path, index=False)
        return path
    rows = frame.to_dict("records")
    text = {
        ".csv": lambda: frame.to_csv(index=False),
        ".tsv": lambda: frame.to_csv(index=False, sep="\t"),
        ".json": lambda: json.dumps(rows, indent=1),
        ".jsonl": lambda: lines(rows),
        ".ndjson": lambda: lines(rows),
    }[kind]()
    return write(path, gzip.compress(text.encode()) if packed else text)


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize("in_folder", [False, True])
def test_every_kind_of_table_gives_the_same_articles(tmp_path, suffix, in_folder):
    """The same table gives the same articles from every kind of file, named itself or by its folder."""
    file = save(table(), tmp_path / f"news{suffix.lower()}").rename(tmp_path / f"news{suffix}")
    reading = read_corpus(tmp_path if in_folder else file)
    articles = reading.articles
    assert articles["raw"].to_dict() == TEXTS
    assert articles["outlet"].to_dict() == OUTLETS
    assert articles["title"].tolist() == [f"Title of {name}" for name in TEXTS]
    assert (articles["date"] == pd.Timestamp("2016-05-03")).all()
    assert (articles["date_precision"] == "day").all()
    assert reading.rejects.empty
    assert articles.dtypes.equals(read_articles().dtypes)
    assert articles["source_file"].iloc[0].startswith(f"news{suffix}, row ")


def test_table_may_name_files(tmp_path):
    """A table in a folder may name text files, beside it or in `articles`, and pages; the texts are theirs."""
    write(tmp_path / "articles/one.txt", TEXTS["a1"])
    write(tmp_path / "deep/two.txt", TEXTS["b1"])
    write(tmp_path / "page.html", PAGE)
    rows = "SANA,one.txt,\nRT,deep\\two.txt,\nCNN,page.html,2015\n"
    write(tmp_path / "list.csv", "source,File Name,date\n" + rows)
    articles = read_corpus(tmp_path).articles
    assert articles["raw"].tolist()[:2] == [TEXTS["a1"], TEXTS["b1"]]
    assert articles["source_file"].tolist() == ["one.txt", "deep\\two.txt", "page.html"]
    assert articles["title"].tolist() == ["", "", "Talks go on"]
    assert articles["date_precision"].tolist() == ["", "", "year"]
    pd.testing.assert_frame_equal(read_corpus(tmp_path / "list.csv").articles, articles)


def test_file_that_no_row_names_is_told(tmp_path):
    """Files that the table forgets, names twice or names though they aren't there are rejects, each with its place."""
    write(tmp_path / "articles/one.txt", TEXTS["a1"])
    write(tmp_path / "articles/two.txt", TEXTS["a2"])
    write(tmp_path / "articles.csv", "id,outlet,file\n1,SANA,one.txt\n2,SANA,none.txt\n3,SANA,one.txt\n")
    reading = read_corpus(tmp_path)
    assert list(reading.articles.index) == ["1"]
    assert problems(reading) == [
        ("articles.csv", 3, "'none.txt': no such file."),
        ("articles.csv", 4, "file 'one.txt' stands in row 2 too."),
        ("two.txt", 0, "articles.csv does not name this file."),
    ]


def test_folder_an_outlet_gives_texts_and_main_texts(tmp_path):
    """Sub-folders are outlets, files in them articles at any depth; of a page, main text, title and date are taken."""
    write(tmp_path / "RT/2.txt", TEXTS["b2"])
    write(tmp_path / "RT/1.txt", TEXTS["b1"])
    write(tmp_path / "CNN/2016/may/page.htm", PAGE)
    write(tmp_path / "CNN/.hidden.txt", "Not an article at all, this.")
    reading = read_corpus(tmp_path)
    articles = reading.articles
    assert articles["source_file"].tolist() == ["CNN/2016/may/page.htm", "RT/1.txt", "RT/2.txt"]
    assert articles["outlet"].tolist() == ["CNN", "RT", "RT"]
    assert articles["raw"].tolist()[1:] == [TEXTS["b1"], TEXTS["b2"]]
    page = articles.iloc[0]
    assert (page["title"], page["date"], page["date_basis"]) == (
        "Talks go on",
        pd.Timestamp("2016-05-03"),
        "page metadata",
    )
    assert "talks would go on in Geneva.\nBoth sides agreed <in principle>" in page["raw"]
    assert not any(part in page["raw"] for part in ("alert", "Home", "Copyright"))
    assert reading.rejects.empty
    assert "1 web page: main text taken by trafilatura; 1 with a title, 1 with a date from metadata." in reading.told


def test_what_lies_astray_in_a_folder_is_told(tmp_path):
    """A file of no outlet, of another kind, or a page without a text is told and the others go on."""
    write(tmp_path / "RT/1.txt", TEXTS["b1"])
    write(tmp_path / "RT/scan.pdf", "%PDF")
    write(tmp_path / "RT/void.html", "<html><body><script>1</script></body></html>")
    write(tmp_path / "stray.txt", TEXTS["a1"])
    write(tmp_path / "codebook/targets.csv", "label,name")  # is read by others
    reading = read_corpus(tmp_path)
    assert len(reading.articles) == 1
    assert {(file, problem) for file, _, problem in problems(reading)} == {
        ("scan.pdf", ".pdf is not read."),
        ("void.html", "no main text was found in this page."),
        ("stray.txt", "this file lies in no outlet's folder."),
    }


@pytest.mark.parametrize("name", ["news.xls", "news.pdf", "news.txt", "news.parquet.gz", "news"])
def test_other_forms_are_refused_with_those_accepted(tmp_path, name):
    """A file of a kind that can't be read is refused once, with all the forms that can."""
    told = refusal(write(tmp_path / name, "x"))
    assert all(suffix in told for suffix in (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx", ".html", "sub-folder"))
    assert "1 problem" in told


def test_folder_without_articles_or_with_two_tables_is_refused(tmp_path):
    """A folder that holds nothing to read is refused, and one with two tables asks for one of them."""
    assert "neither a table nor sub-folders" in refusal(tmp_path)
    for name in ("b.csv", "c.jsonl"):
        write(tmp_path / name, "")
    assert "Name one of them, such as b.csv" in refusal(tmp_path)


def test_path_that_is_not_there_is_told_with_what_is(tmp_path):
    """A path where nothing is names what lies beside it, and a link to nowhere is called one."""
    write(tmp_path / "articles_2016.csv", "")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert "nothing is there. Did you mean 'articles_2016.csv'?" in refusal(tmp_path / "article_2016.csv")
    assert "this link leads nowhere" in refusal(tmp_path / "dangling")
    assert "can't be read" in refusal("a\0b")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([{"a": 1}, {"outlet": "RT", "text": TEXTS["b1"]}], None),
        ({"status": "ok", "articles": [{"source": {"id": None, "name": "RT"}, "content": TEXTS["b1"]}]}, "'articles'"),
        ([{"outlet": "RT", "text": TEXTS["b1"].split(", ")}], None),
    ],
)
def test_json_as_news_services_write_it_is_read(tmp_path, content, told):
    """A list inside an object, an outlet inside an object, and a list of paragraphs are understood."""
    reading = read_corpus(write(tmp_path / "news.json", json.dumps(content)))
    assert reading.articles["outlet"].tolist() == ["RT"]
    assert reading.articles["raw"].str.startswith('He said "no"').all()
    assert told is None or any(told in sentence for sentence in reading.told)


def test_json_lines_called_json_are_read(tmp_path):
    """A .json file that holds an object a line is read as JSON Lines, and a .jsonl file that holds a list as a list."""
    rows = table().to_dict("records")
    for name, content in (("news.json", lines(rows)), ("news.jsonl", json.dumps(rows))):
        assert read_corpus(write(tmp_path / name, content)).articles["raw"].to_dict() == TEXTS


def test_workbook_gives_dates_values_of_formulas_and_its_first_sheet(tmp_path):
    """Excel's own dates are dates, text that looks like a formula stays text, and other sheets are told."""
    frame = table().assign(date=pd.Timestamp("2016-05-03 10:00"))
    frame.loc[0, "text"] = "=SUM(A1) is how this text begins, oddly"
    with pd.ExcelWriter(tmp_path / "news.xlsx") as book:
        frame.to_excel(book, sheet_name="May", index=False)
        frame.to_excel(book, sheet_name="June", index=False)
    reading = read_corpus(tmp_path / "news.xlsx")
    assert reading.articles["raw"].iloc[0] == frame.loc[0, "text"]
    assert (reading.articles["date"] == pd.Timestamp("2016-05-03")).all()
    assert any("the sheet 'May' is read, and not 'June'" in sentence for sentence in reading.told)


def test_texts_as_long_as_a_cell_can_be_are_told(tmp_path):
    """A text that fills its cell to the last may have been cut off by the spreadsheet, so it is told."""
    frame = table()
    frame.loc[0, "text"] = ("word " * 7000)[:32767]
    reading = read_corpus(save(frame, tmp_path / "news.xlsx"))
    assert any(
        "1 text of 32,767 characters, as many as a cell can hold, may have been cut off" in sentence
        for sentence in reading.told
    )


# Columns


@pytest.mark.parametrize(
    ("text", "outlet", "date"),
    [
        ("Article-Content", "SOURCE", "publish_date"),
        ("maintext", "Publication", "pubDate"),
        ("full text", "media outlet", "created.at"),
        ("body", "source_name", "Timestamp"),
        ("content_original", "domain", "date"),
    ],
)
def test_usual_column_names_are_guessed_and_told(tmp_path, text, outlet, date):
    """Usual names are known whatever their case and punctuation; what was guessed and what isn't used is told."""
    frame = table().rename(columns={"text": text, "outlet": outlet, "date": date}).assign(topic="war")
    reading = read_corpus(save(frame, tmp_path / "news.csv"))
    assert reading.articles["raw"].to_dict() == TEXTS
    assert reading.articles["date"].notna().all()
    sentence = next(sentence for sentence in reading.told if "columns" in sentence)
    assert f"text is {text!r}, outlet is {outlet!r}, date is {date!r}" in sentence
    assert sentence.endswith("not used, topic.")


def test_surer_name_wins_and_given_names_win_over_all(tmp_path):
    """Of two usual names the surer is taken; a name that is given is taken before any guess."""
    frame = table().assign(content="Not this text but the other one.", publisher="Someone")
    path = save(frame, tmp_path / "news.csv")
    assert read_corpus(path).articles["raw"].to_dict() == TEXTS
    reading = read_corpus(path, columns={"text": "content", "outlet": "title"})
    assert set(reading.articles["raw"]) == {"Not this text but the other one."}
    assert set(reading.articles["outlet"]) == {f"Title of {name}" for name in TEXTS}
    assert any("as given, text is 'content', outlet is 'title'; guessed" in sentence for sentence in reading.told)


def test_missing_columns_are_told_with_those_there_are_and_an_example(tmp_path):
    """Without a column for texts or outlets the error lists the columns and shows what to write."""
    told = refusal(write(tmp_path / "news.csv", "journal,blurb,date\nRT,x,2016\n"))
    assert "no column is known to hold the texts" in told
    assert "no column is known to hold the outlets" in told
    assert told.count("There are: journal, blurb, date.") == 2
    assert "--columns text=journal" in told
    assert "put a row of names above them" not in told


def test_a_table_without_a_row_of_names_is_told_as_such(tmp_path):
    """Where no name is known the first row may be an article, which nobody should be led to take for names."""
    told = refusal(write(tmp_path / "news.csv", "RT,2016-05-03,The dam held.\nSANA,2016-05-04,The dam broke.\n"))
    assert "If these are an article's own words, put a row of names above them." in told


def test_column_that_is_not_there_is_met_with_the_nearest(tmp_path):
    """A column that is given but not there, or no column of ours, is told with the nearest that is."""
    path = save(table(), tmp_path / "news.csv")
    assert "no column 'Txet', named for text. Did you mean 'text'?" in refusal(path, columns={"text": "Txet"})
    assert "no column 'outlets' is known. Did you mean 'outlet'?" in refusal(path, columns={"outlets": "outlet"})
    write(tmp_path / "folder/RT/1.txt", TEXTS["b1"])
    assert "no table here" in refusal(tmp_path / "folder", columns={"text": "body"})


# Ids


def test_missing_ids_are_made_from_outlet_and_place(tmp_path):
    """Missing ids are made of the outlet's name and a number that doesn't move when another row is mended."""
    rows = (
        "outlet,text\nThe Times,One two three four five.\nThe Times,\nМедуза,Раз два три.\nThe Times,Six seven eight.\n"
    )
    reading = read_corpus(write(tmp_path / "news.csv", rows))
    assert list(reading.articles.index) == ["the-times-00001", "медуза-00001", "the-times-00003"]
    assert any(sentence.startswith("3 ids made from outlet and place: the-times-00001") for sentence in reading.told)


def test_repeated_ids_are_made_unlike_and_no_article_is_lost(tmp_path):
    """An id that stands there before gets a number that no other id has, and it is told."""
    rows = "".join(
        f"{name},RT,Text number {i} of these.\n" for i, name in enumerate(["x", "x", "x-2", "x", "", "rt-00005"])
    )
    reading = read_corpus(write(tmp_path / "news.csv", "id,outlet,text\n" + rows))
    assert list(reading.articles.index) == ["x", "x-3", "x-2", "x-4", "rt-00005-2", "rt-00005"]
    assert "2 ids stood there before and got a number: x-3, x-4." in reading.told
