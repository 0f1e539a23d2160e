"""Make `pytest --nbval` strict: it checks the committed notebook and every figure too, and no mark switches it off."""

import gc
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.warm_kernels import start_warm

WATCH = "import sys; sys.path.insert(0, {root!r}); from tests.figure_checks import watch; watch({folder!r})"
REDRAW = "Mend the function in contrast/figures/ that draws it, then `python3 run.py`."
FIRST = ("test_report.py", "test_notebook_checks.py", "test_explorer.py", "06_how_sure.ipynb")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our class of notebook in the place of nbval's."""
    collectors = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(collector, IPyNbFile) else collector
        for collector in collectors
    ]


def checks():
    """Import the checks where they are used: the process that hands out the tests runs none."""
    from tests import notebook_checks

    return notebook_checks


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, and go on with the largest, so that two workers end together."""
    sizes = {path: path.stat().st_size for path in {item.path for item in items}}
    places = {path: FIRST.index(path.name) if path.name in FIRST else len(FIRST) for path in sizes}
    items.sort(key=lambda item: (places[item.path], -sizes[item.path], item.path.name))


def pytest_collection_finish():
    """Look for garbage only among what the tests make, not among all that was imported."""
    gc.freeze()


def pytest_sessionfinish():
    """Spare pytest its ten searches for what has become garbage: the process ends."""
    gc.freeze()


class Notebook(IPyNbFile):
    """A notebook: the check of the committed file, its cells run anew, and the check of the figures they drew."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.skip_compare = ("execution_count",)  # nbval runs without counting; the committed counts are checked apart
        self.project = self.path.parent.parent
        self.has_helpers = (self.project / "helpers.py").exists()  # through which figures are shown

    def collect(self):
        try:
            cells = list(super().collect())
        except Exception as error:  # nbformat lets through whatever a damaged file makes its parts raise
            told, remedy = f"is no notebook: {error}", "Bring it back: git checkout it, then `python3 run.py`."
            yield Check.from_parent(self, name="committed", problems=lambda: [told], remedy=remedy)
            return
        yield Check.from_parent(self, name="committed", problems=lambda: checks().committed_problems(self.path))
        for cell in cells:
            checked = defaultdict(bool, check=True)  # whatever a tag or a comment asks for
            yield Cell.from_parent(self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=checked)
        yield Check.from_parent(self, name="figures", problems=self.figure_problems)
        if self.has_helpers:
            yield Check.from_parent(self, name="legible", problems=self.legibility_problems, remedy=REDRAW)

    def figure_problems(self):
        self.start()
        return checks().figure_problems(self.nb, Path(self.drawn.name), self.project / "figures")

    def legibility_problems(self):
        self.start()
        return checks().legibility_problems(Path(self.drawn.name), Path(self.watched.name))

    def setup(self):
        """Start no kernel yet: the check of the committed file needs none."""

    def start(self):
        """Start the kernel, once, with a folder of its own to draw into, and one for what is wrong with its figures."""
        if self.kernel is None:
            self.drawn, self.watched = (tempfile.TemporaryDirectory(ignore_cleanup_errors=True) for _ in range(2))
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CONTRAST_FIGURES", self.drawn.name)
                start_warm(patch)
                super().setup()
            if self.has_helpers:
                watch = WATCH.format(root=str(self.project), folder=self.watched.name)
                watch = f"exec({watch!r}, {{}})"  # which leaves the notebook no name
                self.kernel.await_idle(self.kernel.execute_cell_input(watch, allow_stdin=False), timeout=60)

    def teardown(self):
        super().teardown()
        if self.kernel is not None:
            self.drawn.cleanup()
            self.watched.cleanup()


class Cell(IPyNbCell):
    """A code cell, run anew; its outputs must equal the committed ones."""

    def setup(self):
        self.parent.start()
        super().setup()

    def sanitize(self, value):
        return checks().comparable(value)

    def format_output_compare(self, key, left, right):
        self.comparison_traceback.append(f"{key}, {checks().first_difference(str(left), str(right))}")

    def repr_failure(self, excinfo):
        return f"{self.parent.nodeid}, cell {self.cell_num + 1}\n{super().repr_failure(excinfo)}\n{checks().REMEDY}"


class Check(pytest.Item):
    """A check of the notebook as a whole."""

    def __init__(self, *, problems, remedy=None, **kwargs):
        super().__init__(**kwargs)
        self.problems, self.remedy = problems, remedy

    def runtest(self):
        problems = self.problems()
        if problems:
            told = [f"{self.parent.nodeid}: {problem}" for problem in problems]
            pytest.fail("\n".join([*told, self.remedy or checks().REMEDY]), pytrace=False)

    def reportinfo(self):
        return self.path, None, f"{self.parent.nodeid}: {self.name}"
