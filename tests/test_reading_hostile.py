"""Hostile input is refused or left out by its name, in bounded time and memory, and any bytes give no traceback."""

import csv
import functools
import gzip
import io
import json
import os
import random
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrast.corpus import InputError
from contrast.reading import delimited, drafts, files, read_corpus, streams, tables
from tests.reading_inputs import problems, refusal, write

GOOD = "SANA,The first of the good texts.\nRT,The second of the good texts.\n"
FUZZ = settings(max_examples=15, deadline=None, derandomize=True, database=None)


# Limits


@pytest.fixture
def small_limits(monkeypatch):
    """Make the limits small enough to be reached by a small file."""
    for module in (files, delimited, drafts):
        monkeypatch.setattr(module, "MAX_ARTICLE", 20_000)
    for module, name, value in (
        *((delimited, "MAX_LINE", 80_000), (files, "MAX_PAGE", 5_000)),
        *((streams, "MAX_TABLE", 4_000_000), (streams, "RATIO_FROM", 200_000)),
        *((tables, "MAX_WORKBOOK", 1_000_000), (tables, "MAX_JSON", 300_000)),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("size", [25_000, 90_000])
def test_article_that_is_too_large_is_left_out_with_its_size(tmp_path, size):
    """An article over the limit is left out by its name or row, with its size, and the others go on."""
    words = "word " * (size // 5)
    quoted = "RT," + '"' + words.replace(" ", "s\n") + '"\n'
    write(tmp_path / "text.csv", f"outlet,text\nRT,{words}\n{quoted}{GOOD}")
    write(
        tmp_path / "text.jsonl",
        json.dumps({"outlet": "RT", "text": words}) + '\n{"outlet": "RT", "text": "A good one."}\n',
    )
    for name, count in (("text.csv", 2), ("text.jsonl", 1)):
        reading = read_corpus(tmp_path / name)
        assert len(reading.articles) == count
        assert problems(reading)[0][1] == (2 if name == "text.csv" else 1)
        assert f"{size // 1000} kB" in problems(reading)[0][2]
    write(tmp_path / "RT/large.txt", words)
    write(tmp_path / "RT/large.html", words)
    write(tmp_path / "RT/small.txt", "A good text.")
    for name in ("text.csv", "text.jsonl"):
        (tmp_path / name).unlink()
    reading = read_corpus(tmp_path)
    assert {(file, f"{size // 1000} kB" in problem) for file, _, problem in problems(reading)} == {
        ("large.txt", True),
        ("large.html", True),
    }


@pytest.mark.usefixtures("small_limits")
def test_table_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    """A packed table that unpacks beyond the bounds is refused by its name and size before it fills the memory."""
    write(tmp_path / "bomb.csv.gz", gzip.compress(b" " * 3_000_000))
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * 900_000)
    with zipfile.ZipFile(tmp_path / "large.xlsx", "w", zipfile.ZIP_STORED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * 1_100_000)
    write(tmp_path / "large.jsonl", b" \n" * 2_050_000)
    write(tmp_path / "large.json", b"[" + b" " * 400_000)
    for name in ("bomb.csv.gz", "bomb.xlsx"):
        told = refusal(tmp_path / name)
        assert name in told
        assert "unpacks to over 200 times that" in told
    assert "large.xlsx: it has over 1 MB, unpacked" in refusal(tmp_path / "large.xlsx")
    assert "large.jsonl: it has over 4 MB, unpacked" in refusal(tmp_path / "large.jsonl")
    assert "large.json: it has over 300 kB" in refusal(tmp_path / "large.json")


def test_entities_in_a_workbook_are_not_expanded(tmp_path):
    """A workbook whose XML defines entities in terms of each other is refused at once."""
    entities = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    pd.DataFrame({"outlet": ["RT"], "text": ["MARK"]}).to_excel(tmp_path / "plain.xlsx", index=False)
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bomb:
        for name in plain.namelist():
            text = plain.read(name).decode().replace("MARK", "&j;")
            root = text.find("<sst" if "sharedStrings" in name else "<worksheet" if "sheet1" in name else "<none")
            bomb.writestr(
                name, text if root < 0 else f'{text[:root]}<!DOCTYPE x [<!ENTITY a "lol">{entities}]>{text[root:]}'
            )
    assert "bomb.xlsx: this is no Excel workbook" in refusal(tmp_path / "bomb.xlsx")


# Hostile input


def test_paths_can_not_leave_the_corpus(tmp_path):
    """No path of a table, and no link, leads to a file outside the folder; each is told with its row."""
    secret = write(tmp_path / "secret.txt", "What no table may read.")
    folder = tmp_path / "corpus"
    write(folder / "articles/good.txt", "The first of the good texts.")
    (folder / "articles/link.txt").symlink_to(secret)
    (folder / "articles/loop.txt").symlink_to("loop.txt")
    (folder / "articles/folder.txt").mkdir()
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "articles/pipe.txt")
    names = [
        "../secret.txt",
        str(secret),
        "link.txt",
        "elsewhere/secret.txt",
        "loop.txt",
        "folder.txt",
        "pipe.txt",
        "x" * 9000,
        "a\0b",
    ]
    write(folder / "articles.csv", "outlet,file\nRT,good.txt\n" + "".join(f"RT,{name}\n" for name in names))
    reading = read_corpus(folder)
    assert reading.articles["raw"].tolist() == ["The first of the good texts."]
    told = {row: problem for file, row, problem in problems(reading) if file == "articles.csv"}
    assert sorted(told) == list(range(3, 3 + len(names)))
    assert all("leads out of the corpus folder" in told[row] for row in (3, 4, 5, 6))
    assert all(len(problem) < 250 for problem in told.values())


def test_links_in_a_folder_an_outlet_are_not_followed_out_of_it(tmp_path):
    """In a folder with an outlet a sub-folder, links out of it and to nowhere are told, and not followed."""
    write(tmp_path / "secret/secret.txt", "What no corpus may hold.")
    write(tmp_path / "corpus/RT/good.txt", "The first of the good texts.")
    (tmp_path / "corpus/RT/out.txt").symlink_to(tmp_path / "secret/secret.txt")
    (tmp_path / "corpus/RT/dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "corpus/SANA").symlink_to(tmp_path / "secret")
    reading = read_corpus(tmp_path / "corpus")
    assert len(reading.articles) == 1
    assert {file for file, _, _ in problems(reading)} == {"out.txt", "dangling.txt", "SANA"}


def test_file_without_permission_is_told(tmp_path, monkeypatch):
    """A file that may not be read is left out by its name; a table that may not is refused."""
    write(tmp_path / "RT/good.txt", "The first of the good texts.")
    write(tmp_path / "RT/locked.txt", "The second of the good texts.")
    write(tmp_path / "locked.csv", "outlet,text\n")
    opened = Path.open

    def deny(path, *arguments, **options):
        if path.stem == "locked":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", deny)
    monkeypatch.setattr(Path, "read_bytes", lambda path: deny(path, "rb").read())
    assert "locked.csv: this file can't be read: Permission denied." in refusal(tmp_path / "locked.csv")
    (tmp_path / "locked.csv").unlink()
    assert problems(read_corpus(tmp_path)) == [("locked.txt", 0, "this file can't be read: Permission denied.")]


def test_odd_json_costs_its_line_alone(tmp_path):
    """Nesting without end, a key twice, an object for a text, half a character: each is told or mended, by its line."""
    odd = [
        '{"outlet":"RT","text":' + "[" * 100_000,
        '{"outlet":"RT","outlet":"SANA","text":"x"}',
        "[1]",
        '{"outlet":"RT","text":{"a":1}}',
        "{",
    ]
    mended = [
        '{"outlet":"RT","text":"Half \\ud800 of a sign","date":{"a":1}}',
        '{"outlet":"RT","text":"Big one here","id":' + "9" * 5000 + "}",
    ]
    reading = read_corpus(write(tmp_path / "news.jsonl", "\n".join([*odd, *mended])))
    assert reading.articles["raw"].tolist() == ["Half \ufffd of a sign", "Big one here"]
    assert [row for _, row, _ in problems(reading)] == [1, 2, 3, 4, 5, 6]
    assert problems(reading)[0][2] == "this line is no JSON: it is nested too deep."
    assert problems(reading)[1][2] == "the key 'outlet' stands twice."
    assert refusal(write(tmp_path / "deep.json", "[" * 100_000)).count("nested too deep") == 1


def test_damage_in_every_line_takes_no_forever(tmp_path, monkeypatch):
    """A table in which every line seems to open a cell that none closes is not read anew from every line."""
    monkeypatch.setattr(delimited, "REREAD", 50_000)
    path = write(tmp_path / "news.csv", "outlet,text\n" + GOOD + 'q,"x\nq","\n' * 10_000)
    assert len(read_corpus(path).articles) >= 2


@pytest.mark.parametrize("name", ["news.csv.gz", "news.json"])
def test_file_cut_short_gives_what_it_holds(tmp_path, name):
    """A download that broke off gives the articles before the break, and tells the break."""
    rng = random.Random(0)
    rows = [{"outlet": "RT", "text": f"{i} {rng.randbytes(300).hex()}"} for i in range(200)]
    content = (
        json.dumps(rows).encode()
        if name == "news.json"
        else gzip.compress(pd.DataFrame(rows).to_csv(index=False).encode())
    )
    reading = read_corpus(write(tmp_path / name, content[: len(content) // 2]))
    assert 80 < len(reading.articles) < 101
    assert "breaks off here" in problems(reading)[-1][2]


def test_parquet_with_wrong_bytes_and_odd_types_is_read(tmp_path):
    """Bytes for text, texts that are not UTF-8, and a date beyond the calendar give articles or rejects."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    wrong = pa.array([b"Plain text of words", b"Le caf\xe9 ferm\xe9 l\xe0-bas"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 2, wrong.buffers())
    far = pa.array([0, 2**52], pa.timestamp("ms"))
    columns = {"outlet": ["A", "B"], "text": text, "date": far, "binary": wrong, "topic": [1, 2]}
    pq.write_table(pa.table(columns), tmp_path / "news.parquet")
    reading = read_corpus(tmp_path / "news.parquet")
    assert reading.articles["raw"].tolist() == ["Plain text of words", "Le café fermé là-bas"]
    assert reading.articles["date"].tolist() == [pd.Timestamp("1970-01-01"), pd.NaT]
    again = read_corpus(tmp_path / "news.parquet", columns={"text": "binary"})
    assert again.articles["raw"].tolist() == reading.articles["raw"].tolist()


@functools.cache
def sound_bytes(kind):
    frame = pd.DataFrame(
        {"outlet": ["RT", "SANA"] * 6, "date": "2016-05-03", "text": [f'Text “{i}” of "it"' for i in range(12)]}
    )
    out = io.BytesIO()
    if kind == "parquet":
        frame.to_parquet(out)
    elif kind == "xlsx":
        frame.to_excel(out, index=False)
    elif kind in ("jsonl", "json"):
        frame.to_json(out, orient="records", lines=kind == "jsonl", force_ascii=False)
    else:
        out.write(frame.to_csv(index=False).encode())
    return gzip.compress(out.getvalue()) if kind == "csv.gz" else out.getvalue()


def outcome(path):
    """Give the texts kept and the problems told, whether an error tells them or not."""
    try:
        reading = read_corpus(path)
    except InputError as error:
        return [], error.problems
    assert reading.articles.index.is_unique
    assert reading.articles["raw"].str.strip().all()
    "".join(reading.told).encode()
    return reading.articles["raw"].tolist(), reading.rejects


def assert_articles_or_problems(path):
    """Something is read or told, each problem has its remedy, and reading again gives the same."""
    kept, told = outcome(path)
    assert len(kept) + len(told) > 0
    assert told[["file", "problem", "remedy"]].map(bool).all(axis=None)
    assert outcome(path)[0] == kept


@pytest.mark.parametrize("kind", ["csv", "tsv", "csv.gz", "jsonl", "json", "parquet", "xlsx"])
@FUZZ
@given(st.data())
def test_any_bytes_as_a_table_give_articles_or_an_input_error(kind, data):
    """Whatever bytes a table holds, or whatever is changed in a sound one, there are articles or an InputError."""
    content = bytearray(sound_bytes(kind))
    if data.draw(st.booleans()):
        content = data.draw(st.binary(max_size=200))
    else:
        for _ in range(data.draw(st.integers(1, 8))):
            start = data.draw(st.integers(0, len(content)))
            stop = start + data.draw(st.sampled_from([0, 1, 1, 1, 2, 50]))
            content[start:stop] = data.draw(
                st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"\n", b",", b"\0", b"\r"]))
            )
    with tempfile.TemporaryDirectory() as folder:
        assert_articles_or_problems(write(Path(folder) / f"news.{kind}", bytes(content)))


@pytest.mark.parametrize("name", ["one.txt", "one.html"])
@FUZZ
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/pdiv=\"'&;!- ab\né", max_size=200).map(str.encode)))
def test_any_bytes_as_an_article_give_it_or_an_input_error(name, content):
    """Whatever bytes an article's file holds, there is an article or an InputError."""
    with tempfile.TemporaryDirectory() as folder:
        assert_articles_or_problems(write(Path(folder) / "RT" / name, content).parent.parent)


SIGNS = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\r\t\",;|'="), max_size=12)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
@FUZZ
@given(st.lists(st.tuples(SIGNS, SIGNS, SIGNS, SIGNS), min_size=1, max_size=6))
def test_any_row_is_read_back_or_told(kind, rows):
    """Rows of any characters come back as they were written, or are listed; none is lost without a word."""
    frame = pd.DataFrame(rows, columns=["id", "outlet", "title", "text"])
    frame["outlet"] = "RT " + frame["outlet"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"news.{kind}"
        if kind == "csv":
            frame.to_csv(path, index=False, quoting=csv.QUOTE_ALL)
        elif kind == "jsonl":
            write(path, "".join(json.dumps(row) + "\n" for row in frame.to_dict("records")))
        else:
            frame.to_excel(path, index=False)
        kept, told = outcome(path)
        assert len(kept) + len(told) == len(rows)
        assert kind == "xlsx" or set(kept) <= set(frame["text"])
