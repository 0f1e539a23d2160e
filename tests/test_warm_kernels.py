"""A forked kernel is no different, to a notebook, from one that was started."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from contrast.execution import canonical, execute_notebooks
from tests.warm_kernels import ROOT, start_warm

LOOK = """
import os, sys
from pathlib import Path
places = [Path(place).resolve() for place in sys.path]
found = [Path(ROOT) in places, Path(ROOT, "tests") in places]
own = [name for name in sys.modules if name.partition(".")[0] in {"helpers", "contrast", "tests", "pytest"}]
print([Path.cwd().name, os.environ["CONTRAST_FIGURES"] != "elsewhere", *found, own, os.getppid()])
from matplotlib import pyplot
_ = pyplot.figure()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
@pytest.mark.parametrize("is_told", [False, True])
def test_a_notebook_finds_no_more_than_in_a_kernel_of_its_own(tmp_path, monkeypatch, is_told):
    """It has its folder and settings, nothing of the project's, and finds the project only by PYTHONPATH."""
    start_warm(monkeypatch)
    monkeypatch.setenv("CONTRAST_FIGURES", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", ROOT if is_told else "")
    path = tmp_path / "notebooks" / "look.ipynb"
    path.parent.mkdir()
    cells = [new_code_cell(f"ROOT = {ROOT!r}"), new_code_cell(LOOK.strip())]
    path.write_bytes(canonical(new_notebook(cells=cells)).encode())
    assert execute_notebooks([path], tmp_path / "figures") == {}
    told, picture = nbformat.read(path, as_version=4).cells[1].outputs
    seen, parent = told.text.removeprefix("[").removesuffix("]\n").rsplit(", ", 1)
    assert seen == f"'notebooks', True, {is_told}, False, []"
    assert "Figure" in picture.data["text/plain"]
    assert int(parent) not in {os.getpid(), os.getppid()}
    assert Path(f"/proc/{parent}/cmdline").read_bytes().count(b"forkserver")
