"""The commands on a corpus of one's own, as a researcher types them."""

import re

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
    ],
)
def test_a_mistake_gives_one_message_and_no_traceback(options, message, capsys):
    """A path, an outlet or a column that isn't there is told in words, with exit code 1."""
    assert main(["inspect", *(option.format(corpus=ROOT / "corpus") for option in options)]) == 1
    said = capsys.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err
