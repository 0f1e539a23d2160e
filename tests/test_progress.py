"""Long work is told where someone watches, and leaves nothing in an output that is kept."""

from contrast import progress
from contrast.progress import progress_bar


def test_an_open_notebook_shows_a_bar_and_clears_it(monkeypatch, capsys):
    """In JupyterLab the work and its count are told, and the line is wiped at the end."""
    monkeypatch.setenv(progress.SESSION, "open.ipynb")
    monkeypatch.setattr(progress, "DELAY", 0)
    assert list(progress_bar("Reading", " articles", over=range(3))) == [0, 1, 2]
    told = capsys.readouterr().err
    assert "Reading" in told
    assert "3" in told
    assert told.rpartition("\r")[0].rpartition("\r")[2].strip() == ""


def test_short_work_is_not_told(monkeypatch, capsys):
    """What ends at once draws no bar."""
    monkeypatch.setenv(progress.SESSION, "open.ipynb")
    assert len(list(progress_bar("Reading", " articles", over=range(3)))) == 3
    assert capsys.readouterr().err == ""


def test_a_notebook_that_is_run_has_nothing_on_stderr(monkeypatch, capsys):
    """Where no one watches nothing is drawn, however long it takes."""
    monkeypatch.delenv(progress.SESSION, raising=False)
    monkeypatch.setattr(progress, "DELAY", 0)
    assert len(list(progress_bar("Reading", " articles", over=range(3)))) == 3
    assert capsys.readouterr().err == ""
