"""A report on a corpus of one's own: complete, self-contained, resumable, and safe whatever the articles hold."""

import itertools
import os
import re
import shutil

import pandas as pd
import pytest
from filelock import FileLock

from contrast.commands import main
from contrast.corpus import PREPARED, ROOT, InputError
from contrast.page import bind_page
from contrast.report import KEY, LOCK, Request, _key, make_report
from contrast.resampling import simulate_corpus
from tests.warm_kernels import start_warm

HOSTILE = "</script><img src=x onerror=alert(1)>"
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def shipped_files():
    return {path: path.stat().st_mtime_ns for folder in ("notebooks", "figures") for path in (ROOT / folder).iterdir()}


SHIPPED = shipped_files()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A made-up corpus of three outlets as a researcher might hold it: one CSV file, hostile names and texts in it."""
    table = simulate_corpus(["North", "South", HOSTILE], articles=8, words=90).articles.reset_index()
    table = table.rename(columns={"text": "body", "outlet": "source"})[["source", "date", "title", "body"]]
    table.loc[0, "title"] = f"=1+1 {HOSTILE}"
    table.loc[table["source"] == "South", "title"] = "🔴 新华社"  # no font here has these
    table.loc[1, "body"] += f" {HOSTILE} ${{7*7}} $x$ **bold** \u2028"
    nothing = pd.DataFrame([["North", "2020-01-01", "Nothing", ""]], columns=table.columns)
    table = table.astype(str)
    again = table.iloc[[2]].assign(body=lambda copy: copy["body"] + " Updated.")
    table = pd.concat([table, again, nothing], ignore_index=True)
    path = tmp_path_factory.mktemp("own") / "articles.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def report(corpus, tmp_path_factory):
    """The folder of a report made of it."""
    out = tmp_path_factory.mktemp("made") / "report"
    with pytest.MonkeyPatch.context() as patch:
        start_warm(patch)
        assert main(["report", "--corpus", str(corpus), "--out", str(out), "--made-up", "2", "--topics", "2"]) == 0
    return out


def test_a_report_is_complete(report):
    """Every notebook is there as run, with its figures, its tables, the rejects and the page."""
    assert sorted(path.name for path in (report / "notebooks").iterdir()) == NOTEBOOKS
    assert {path.stem for path in (report / "figures").glob("*.png")} == {
        path.stem for path in (ROOT / "figures").glob("*.png")
    }
    assert {path.name[:2] for path in (report / "tables").glob("0*.csv")} == {name[:2] for name in NOTEBOOKS}
    assert len(pd.read_csv(report / "tables" / "rejects.csv")) == 1
    page = (report / "report.html").read_text(encoding="utf-8")
    assert all(f'href="#{name.removesuffix(".ipynb")}"' in page for name in NOTEBOOKS)
    assert page.count("<figure>") == len(list((report / "figures").glob("*.png")))


@pytest.mark.parametrize("name", ["02_terms", "03_topics", "04_stance", "06_how_sure"])
def test_what_an_outlet_printed_twice_is_left_out_and_told(report, name):
    """Nothing is counted twice because it was printed twice: in each notebook that counts."""
    assert "1 article does so here." in (report / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")


def test_a_report_needs_no_network_and_runs_no_article(report):
    """The page loads nothing from elsewhere, has no script, and shows hostile text as text."""
    page = (report / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(?!data:image/png|#|figures/terms_explorer\.html)', page) == []
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "default-src 'none'" in page


def test_a_report_has_one_title_and_no_skipped_heading(report):
    """Headings go down by one level at a time, and every picture has its alt text."""
    page = (report / "report.html").read_text(encoding="utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert all(alt.strip() for alt in re.findall(r'<img alt="([^"]*)"', page))
    assert page.count("<img") == page.count("<img alt=")


def test_tables_run_no_formula_in_a_spreadsheet(report):
    """No cell of a CSV that a report writes opens with a sign that a spreadsheet would run."""
    for path in [*(report / "tables").glob("*.csv"), *(report / "figures").glob("*.csv")]:
        texts = pd.read_csv(path).select_dtypes("str")
        assert not texts.apply(lambda column: column.str.match(r"[=+@\t\r-]")).any(axis=None)


def test_a_report_goes_on_where_it_was_stopped(corpus, report, monkeypatch):
    """What is there already is not made again; what is missing is."""
    run = []

    def note(notebooks, figures, *, into, **_):
        for path in notebooks:
            run.append(path.name)
            kept.replace(into / path.name)
        return {}

    monkeypatch.setattr("contrast.report.execute_notebooks", note)
    page = (report / "report.html").read_bytes()
    kept = (report / "notebooks" / NOTEBOOKS[0]).replace(report / "corpus" / "aside.ipynb")
    make_report(Request(corpus, report, made_up=2, topics=2))
    assert run == [NOTEBOOKS[0]]
    assert (report / "report.html").read_bytes() == page
    make_report(Request(corpus, report, made_up=2, topics=2))
    assert run == [NOTEBOOKS[0]]


@pytest.mark.parametrize("name", ["contrast/explorer/page.js", "contrast/terms/counts.py", "corpus/codebook/verbs.csv"])
def test_a_report_hangs_on_all_that_it_is_made_by(tmp_path, monkeypatch, name):
    """A change of a script, as of a module or a list of words, gives another key, so that nothing old is kept."""
    monkeypatch.setattr("contrast.report.ROOT", tmp_path)
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    keys = []
    for content in ("one", "another"):
        file.write_text(content)
        keys.append(_key(Request(tmp_path / "own.csv", tmp_path / "out")))
    assert keys[0] != keys[1]


def test_a_report_hangs_on_whose_an_article_is(tmp_path):
    """An article that is moved into another outlet's folder gives another key."""
    keys = []
    for outlet in ("RT", "SANA"):
        folder = tmp_path / outlet / "corpus"
        (folder / outlet).mkdir(parents=True)
        (folder / outlet / "one.txt").write_text("The first of the texts.")
        keys.append(_key(Request(folder, tmp_path / "out")))
    assert keys[0] != keys[1]


def test_notebooks_of_a_report_name_nothing_at_random(report):
    """The cell that holds the options has a fixed name, so that two reports of one corpus are the same."""
    for name in NOTEBOOKS:
        assert '"id": "injected-parameters"' in (report / "notebooks" / name).read_text(encoding="utf-8")


def test_numbers_reach_the_notebook_that_asks_for_them(report):
    """That of made-up corpora reaches the one that makes them up, that of topics the one that fits them."""
    told = [path.read_text(encoding="utf-8") for path in sorted((report / "tables").glob("06*hold*planted*.csv"))]
    assert re.findall(r"\d+,\d+\r?\n$", told[0])[0].strip().endswith(",2")
    for name in NOTEBOOKS:
        notebook = (report / "notebooks" / name).read_text(encoding="utf-8")
        assert ("made_up = 2" in notebook) == name.startswith("06")
        assert ("topics = 2" in notebook) == name.startswith("03")


@pytest.mark.parametrize("option", ["made_up", "topics"])
def test_another_number_is_another_report(corpus, report, option):
    """What was made with few made-up corpora, or topics, is not kept for more."""
    assert _key(Request(corpus, report, **{option: 2})) != _key(Request(corpus, report, **{option: 3}))


@pytest.mark.parametrize("option", ["made-up", "topics"])
@pytest.mark.parametrize("number", ["1", "x", "-1", "2.5", "9" * 5000])
def test_a_number_that_is_none_is_refused(corpus, tmp_path, capsys, option, number):
    """A number of corpora or topics under 2, or none at all, gives one message and no folder."""
    with pytest.raises(SystemExit) as stopped:
        main(["report", "--corpus", str(corpus), "--out", str(tmp_path / "out"), f"--{option}={number}"])
    assert stopped.value.code == 2
    assert "is no number from 2 to 999999" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_shipped_notebooks_and_figures_are_left_alone(report):
    """A report writes into its own folder alone."""
    assert shipped_files() == SHIPPED


def test_two_runs_at_once_on_one_folder_are_refused(corpus, tmp_path):
    """A second run on the same folder is told to wait or to go elsewhere."""
    with FileLock(tmp_path / LOCK), pytest.raises(InputError, match="another run is writing"):
        make_report(Request(corpus, tmp_path))


def test_a_folder_with_other_files_is_refused(corpus, tmp_path):
    """A report never writes among files that are not its own."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="Name a new or an empty folder"):
        make_report(Request(corpus, tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_faulty_codebook_is_told_before_anything_is_written(tmp_path, capsys):
    """A codebook of one's own is read first, and named as the user knows it."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    with (tmp_path / "corpus/codebook/stopwords.csv").open("a") as file:
        file.write("the,\n")
    assert main(["report", "--corpus", str(tmp_path / "corpus"), "--out", str(tmp_path / "out")]) == 1
    assert f"{tmp_path}/corpus/codebook/stopwords.csv, row" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_single_outlet_is_refused_with_the_reason(corpus, tmp_path, capsys):
    """A comparison needs two outlets, and the message says so; nothing half-made is left."""
    options = ["report", "--corpus", str(corpus), "--outlets", "North", "--out", str(tmp_path / "out")]
    assert main(options) == 1
    assert "A comparison needs two outlets" in capsys.readouterr().err
    assert not (tmp_path / "out" / "corpus" / PREPARED).exists()


def test_a_folder_that_cannot_be_written_gives_one_message(corpus, tmp_path, monkeypatch, capsys):
    """A full disk gives one sentence with the file and a remedy, and no half-written file."""

    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "out" / KEY))

    monkeypatch.setattr("contrast.report.write_whole", full)
    assert main(["report", "--corpus", str(corpus), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "Free some space" in said


@pytest.fixture
def unread(monkeypatch):
    """Leave the notebooks out: each is said to have failed."""
    monkeypatch.setattr("contrast.report._run_notebooks", lambda *_: dict.fromkeys((n[:-6] for n in NOTEBOOKS), "no"))


def test_furniture_is_offered_and_taken_off_as_marked(tmp_path, unread):
    """A line that an outlet prints every day is listed and kept; marked with no, it is gone from the next report."""
    line = "- Sign up for our letter"
    table = simulate_corpus(["North", "South"], articles=4, words=60).articles[["outlet", "date", "title", "text"]]
    table.loc[table["outlet"] == "North", "text"] += f"\n{line}"
    table.to_csv(tmp_path / "own.csv", index=False)
    make_report(Request(tmp_path / "own.csv", tmp_path / "kept"))
    offered = pd.read_csv(tmp_path / "kept" / "tables" / "furniture.csv")
    assert offered[["outlet", "line", "articles"]].values.tolist() == [["North", f"'{line}", 4]]
    assert line in pd.read_parquet(tmp_path / "kept" / "corpus" / PREPARED)["raw"].iloc[0]
    offered.assign(keep="no").to_csv(tmp_path / "marked.csv", index=False)
    make_report(Request(tmp_path / "own.csv", tmp_path / "dropped", furniture=tmp_path / "marked.csv"))
    assert not pd.read_parquet(tmp_path / "dropped" / "corpus" / PREPARED)["raw"].str.contains(line).any()
    assert "taken off 4 articles" in (tmp_path / "dropped" / "report.html").read_text(encoding="utf-8")


def test_marked_furniture_of_an_outlet_that_is_not_there_is_told(tmp_path, corpus, unread):
    """A row that can take nothing off, as its outlet is misspelt or left out, is told with its outlet."""
    rows = [("Nroth", "x", "line", "no"), ("South", "y", "line", "no"), ("East", "z", "line", "yes")]
    pd.DataFrame(rows, columns=["outlet", "line", "kind", "keep"]).to_csv(tmp_path / "marked.csv", index=False)
    make_report(Request(corpus, tmp_path / "out", ["North", "South"], furniture=tmp_path / "marked.csv"))
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Of no outlet here, and so without effect: 1 row of marked.csv (Nroth)." in page


def test_furniture_under_a_headline_is_taken_off(tmp_path, unread):
    """What opens every article of an outlet, after the headline that cleaning takes off, is gone if marked with no."""
    table = simulate_corpus(["North", "South"], articles=8, words=60).articles[["outlet", "date", "title", "text"]]
    opening = "Exclusive report by our desk in the capital: "
    is_north = table["outlet"] == "North"
    table.loc[is_north, "text"] = table["title"] + "\n" + opening + table["text"]
    table.to_csv(tmp_path / "own.csv", index=False)
    make_report(Request(tmp_path / "own.csv", tmp_path / "kept"))
    offered = pd.read_csv(tmp_path / "kept" / "tables" / "furniture.csv")
    assert (offered["kind"] == "head").any()
    offered.assign(keep="no").to_csv(tmp_path / "marked.csv", index=False)
    make_report(Request(tmp_path / "own.csv", tmp_path / "bare", furniture=tmp_path / "marked.csv"))
    assert not pd.read_parquet(tmp_path / "bare" / "corpus" / PREPARED)["raw"].str.contains(opening, regex=False).any()
    assert "taken off 8 articles" in (tmp_path / "bare" / "report.html").read_text(encoding="utf-8")


def test_furniture_may_be_marked_in_the_report_itself(tmp_path, unread, capsys):
    """The report's own table, marked and given back to the same command, is used and keeps its marks."""
    table = simulate_corpus(["North", "South"], articles=4, words=60).articles[["outlet", "date", "title", "text"]]
    table.loc[table["outlet"] == "North", "text"] += "\n- Sign up for our letter"
    table.to_csv(tmp_path / "own.csv", index=False)
    make_report(Request(tmp_path / "own.csv", tmp_path / "out"))
    path = tmp_path / "out" / "tables" / "furniture.csv"
    pd.read_csv(path).assign(keep="no").to_csv(path, index=False)
    again = Request(tmp_path / "own.csv", tmp_path / "out", furniture=path)
    make_report(again)
    assert "starting anew" in capsys.readouterr().out
    assert not pd.read_parquet(tmp_path / "out" / "corpus" / PREPARED)["raw"].str.contains("Sign up").any()
    assert pd.read_csv(path)[["line", "keep"]].values.tolist() == [["'- Sign up for our letter", "no"]]
    make_report(again)
    assert "starting anew" not in capsys.readouterr().out


@pytest.mark.parametrize("fault", ["outlets", "columns", "furniture"])
def test_a_fault_costs_no_finished_report(tmp_path, corpus, unread, fault):
    """What can't be read is told before anything of an earlier report gives way; a first try leaves no folder."""
    wrong = {"outlets": ["North", "Typo"], "columns": {"text": "typo"}, "furniture": tmp_path / "typo.csv"}
    with pytest.raises(InputError):
        make_report(Request(corpus, tmp_path / "new", **{fault: wrong[fault]}))
    assert not (tmp_path / "new").exists()
    make_report(Request(corpus, tmp_path / "out"))
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    with pytest.raises(InputError):
        make_report(Request(corpus, tmp_path / "out", **{fault: wrong[fault]}))
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_a_report_among_the_articles_is_refused(tmp_path, corpus):
    """A report inside the corpus folder would be read as articles the next time."""
    with pytest.raises(InputError, match="would lie among the articles"):
        make_report(Request(corpus.parent, corpus.parent / "out"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"outlet,line,kind,keep\nA,x,line,perhaps\n", "keep is 'perhaps'"),
        (b"outlet,line\nA,x\n", "no column 'kind'"),
        (b"", "can't be read"),
        (b"\xff\xfe\x00", "can't be read"),
    ],
)
def test_a_table_of_furniture_that_is_none_is_refused(tmp_path, corpus, content, message):
    """A marked table with a wrong word, a missing column or no text at all gives one clear error."""
    (tmp_path / "marked.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        make_report(Request(corpus, tmp_path / "out", furniture=tmp_path / "marked.csv"))


def test_a_reader_that_stops_reading_is_no_error(monkeypatch, corpus, capsys):
    """`run.py inspect | head` ends without a word."""

    def gone(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr("contrast.reading.read_corpus", gone)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    monkeypatch.setattr("sys.stdout", open(os.devnull, "w"))  # noqa: PTH123, SIM115
    assert main(["inspect", "--corpus", str(corpus)]) == 1
    assert capsys.readouterr().err == ""


def test_a_notebook_that_failed_is_told_in_its_place():
    """The page says of a failed notebook what went wrong, escaped."""
    page = bind_page({"03_topics": f"it failed: {HOSTILE}"}, "T", ["Lead."])
    assert "it failed: &lt;/script&gt;&lt;img" in page


def test_options_are_checked(tmp_path, capsys):
    """A column option that is no pair is refused with an example."""
    with pytest.raises(SystemExit):
        main(["inspect", "--corpus", str(tmp_path), "--columns", "text"])
    assert "text=article_content" in capsys.readouterr().err
