"""The commands on a corpus of one's own, as a researcher types them."""

import re
import shutil

import pytest

from contrast.commands import main
from contrast.corpus import ROOT


def test_inspect_tells_the_state_of_a_corpus(capsys):
    """The health report names each outlet, what to look at first, and what each notebook can say."""
    assert main(["inspect", "--corpus", str(ROOT / "corpus")]) == 0
    said = capsys.readouterr().out
    assert "5 articles of 2 outlets" in said
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert path.stem in said
    assert re.search(r"report will take about \d", said)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--corpus", "nowhere"], "nothing is there"),
        (["--corpus", "{corpus}", "--outlets", "TASS"], "no outlet 'TASS'"),
        (["--corpus", "{corpus}", "--columns", "text=body"], "body"),
        (["--corpus", "{corpus}", "--columns", "text=body", "--columns", "text=title"], "'text' is named twice"),
        (["--corpus", "{corpus}", "--columns", "text=title", "outlet=title"], "'title' is named twice"),
        (["--corpus", "{corpus}", "--outlets", '"Wire, Inc.",RT'], "no outlet 'Wire, Inc.'"),
    ],
)
def test_a_mistake_gives_one_message_and_no_traceback(options, message, capsys):
    """A path, an outlet or a column that isn't there is told in words, with exit code 1."""
    assert main(["inspect", *(option.format(corpus=ROOT / "corpus") for option in options)]) == 1
    said = capsys.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err


def test_all_that_is_wrong_is_told_at_once(tmp_path, capsys):
    """An outlet that isn't there and a faulty codebook are told by one message, each with its file."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    with (tmp_path / "corpus/codebook/stopwords.csv").open("a") as file:
        file.write("the,\n")
    assert main(["inspect", "--corpus", str(tmp_path / "corpus"), "--outlets", "TASS"]) == 1
    said = capsys.readouterr().err
    assert "no outlet 'TASS'" in said
    assert "corpus/codebook/stopwords.csv, row" in said


@pytest.mark.parametrize("outlets", ["", " , ", '""'])
def test_no_outlet_named_is_refused_with_an_example(outlets, capsys):
    """An empty list of outlets is a mistake in the command, and is told as one."""
    with pytest.raises(SystemExit):
        main(["inspect", "--corpus", str(ROOT / "corpus"), "--outlets", outlets])
    assert "names no outlet, as SANA,RT does" in capsys.readouterr().err
