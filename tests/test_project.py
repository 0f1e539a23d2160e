"""The project's own promises: what the documents name exists, and the commands say what they do."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

from contrast.cleaning import load_corpus
from contrast.codebook import COLUMNS as CODEBOOK_COLUMNS
from contrast.corpus import COLUMNS
from contrast.health.forecast import COMPARED
from contrast.resampling import MIN_ARTICLES
from contrast.stance import read_coding
from contrast.text import sentences
from contrast.topics import ENOUGH_ARTICLES
from contrast.topics.shares import FEWEST
from contrast.wording import date_of, in_words
from run import PYTHONS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "corpus/README.md"])
def test_documents_link_to_files_that_exist(document):
    """Every file that a document links to is there."""
    path = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_readme_lists_every_notebook_and_figure():
    """README's table has a row for each notebook and names each figure, and nothing that is not there."""
    rows = [line for line in README.splitlines() if line.startswith("|")][2:]
    notebooks = [re.match(r"\| \[(\w+)\]|$", row)[1] for row in rows]
    assert notebooks == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    for notebook, row in zip(notebooks, rows, strict=True):
        source = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
        named = re.findall(r"figures/(\w+)\.(?:png|html)", row)
        assert sorted(named) == sorted(re.findall(r"figure (\w+): [0-9a-f]{16}", source))
        assert len(named) >= 2


def test_readme_states_the_numbers_that_hold():
    """The articles, how many of them an interval over articles needs, and the Pythons are those of the code."""
    articles = load_corpus()["outlet"].value_counts()
    enough = in_words(MIN_ARTICLES)
    assert f"{in_words(articles.sum())} articles on the war in Syria: {in_words(articles['SANA'])} of Syria's" in README
    assert f"both outlets have {enough} articles or more" in README
    assert f"at least {enough} articles of each outlet" in README
    assert f"topic shares in 03 need {in_words(FEWEST)}, and with twenty it sorts" in README
    assert ENOUGH_ARTICLES == 20
    *some, last = (f"{major}.{minor}" for major, minor in PYTHONS)
    assert f"You need Python {', '.join(some)} or {last};" in README


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_a_notebook_found_is_said_in_short(path):
    """Under "In short" stands a cell that says something."""
    cells = nbformat.read(path, as_version=4).cells
    places = [place for place, cell in enumerate(cells) if "## In short" in cell.source]
    assert [bool(cells[place + 1].outputs) for place in places] == [True]


def test_forecast_knows_how_many_outlets_each_notebook_compares():
    """`inspect` foretells for as many outlets as the notebook sets side by side."""
    for name, most in COMPARED.items():
        source = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert set(re.findall(r"group_outlets\(.*?most=(\d+)", source)) == {str(most)}


def test_every_figure_has_its_picture_drawing_and_numbers():
    """Each figure is there as PNG, SVG and CSV; a page is a page alone."""
    shown = (path for path in (ROOT / "figures").iterdir() if not path.name.startswith("."))
    files = [path for path in shown if path.suffix != ".html"]
    names = {path.stem for path in files}
    assert {path.name for path in files} == {f"{name}{suffix}" for name in names for suffix in (".png", ".svg", ".csv")}


def test_data_sheet_describes_every_column():
    """The data sheet names each column of articles.csv and of each codebook file."""
    sheet = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in sheet] == []
    for file, columns in CODEBOOK_COLUMNS.items():
        row = next(line for line in sheet.splitlines() if f"`{file}.csv`" in line)
        assert [name for name in columns if name not in row] == []


def test_data_sheet_says_what_the_files_say():
    """Each article's date, the hand-coded sentences and how often the coders differ are those of the files."""
    sheet = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    articles = load_corpus()
    for article in articles.itertuples():
        when = date_of(article.date, article.date_precision)
        assert f"| {article.Index} | {article.outlet} | {when} |" in sheet
    coding = read_coding(sentences(articles))
    differ = (coding.filter(regex="_1$").to_numpy() != coding.filter(regex="_2$").to_numpy()).any(axis=1).sum()
    assert f"all {len(coding)} sentences of the five articles" in sheet
    assert f"They differ in {in_words(differ)} sentences" in sheet
    shared = date_of(articles.loc["rt-004", "date"], "day")
    assert f"press conference of {shared}." in README


def test_notebooks_modules_and_docstrings_are_all_tested():
    """The tests run the notebooks and the examples of every module, whoever starts them."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert options["testpaths"] == ["notebooks", "tests", "contrast", "helpers.py"]
    assert {"--nbval", "--doctest-modules", "--strict-markers"} <= set(options["addopts"].split())


def test_help_lists_every_command():
    """`run.py --help` names each command, without setting anything up."""
    shown = subprocess.run([sys.executable, ROOT / "run.py", "--help"], capture_output=True, text=True, check=True)
    assert all(f"run.py {command}" in shown.stdout for command in ("test", "lab", "inspect", "report", "bench", "lock"))


def test_lock_names_no_index_and_has_hashes():
    """The lock pins every package with hashes and names no address to fetch from."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^[a-z0-9][\w.-]*==", lock)
    assert len(packages) > 50
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock
    assert "--index" not in lock


def test_direct_requirements_are_locked():
    """Every package of requirements.in stands in the lock."""
    wanted = re.findall(r"(?m)^([a-z][\w-]*)", (ROOT / "requirements.in").read_text(encoding="utf-8"))
    locked = set(re.findall(r"(?m)^([a-z0-9][\w.-]*)==", (ROOT / "requirements.txt").read_text(encoding="utf-8")))
    assert [name for name in wanted if name not in locked] == []
