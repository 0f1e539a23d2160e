"""Shows that the checks of notebooks find what they should: each edit of a good little notebook must turn them red."""

import _thread
import base64
import csv
import io
import shutil
import signal
import threading
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
import regex
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, PngImagePlugin

from contrast import execution
from contrast.corpus import InputError, Problem
from contrast.execution import canonical, execute_notebooks
from tests import notebook_checks
from tests.notebook_checks import (
    DATA_URI,
    committed_problems,
    comparable,
    file_difference,
    numbers_in,
    stray_figures,
)
from tests.warm_kernels import start_warm

ROOT = Path(__file__).resolve().parent.parent
REAL_NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DRAW = """
import base64, hashlib, os
from pathlib import Path

from IPython.display import display
from PIL import Image, PngImagePlugin

folder, alt = Path(os.environ["CONTRAST_FIGURES"]), f"A line through {things} points."
words = PngImagePlugin.PngInfo()
words.add_text("Description", alt)
Image.linear_gradient("L").convert("RGBA").save(folder / "line.png", pnginfo=words, compress_level=0)
(folder / "line.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><path stroke="#1f77b4" d="M0 0h12"/></svg>')
(folder / "line.csv").write_text("".join(f"{number}\\n" for number in range(things)))
picture = base64.b64encode((folder / "line.png").read_bytes()).decode()
page = f'<figure><img alt="{alt}" src="data:image/png;base64,{picture}"></figure>'
fingerprint = hashlib.sha256(alt.encode()).hexdigest()[:16]
display({"text/html": page, "text/plain": f"{alt}\\nfigure line: {fingerprint}"}, raw=True)
"""


# The little notebook, and the pytest run over its edited copies


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    """A project with one notebook, run, and its figure."""
    folder = tmp_path_factory.mktemp("little") / "project"
    cells = [
        new_markdown_cell("# A little notebook\n\nThere are things (Author 2008)."),
        new_code_cell("things = 12", metadata={"tags": ["parameters"]}),
        new_code_cell("print(things, 'things')"),
        new_code_cell(DRAW.strip()),
        new_code_cell("things / 5"),
        new_markdown_cell(notebook_checks.LAST_HEADING + "\n\nMore things."),
    ]
    with pytest.MonkeyPatch.context() as patch:
        start_warm(patch)
        assert execute_notebooks([write(folder / "notebooks" / "little.ipynb", *cells)], folder / "figures") == {}
    return folder


@pytest.fixture(scope="module")
def verdicts(little, tmp_path_factory):
    """What one run of pytest says of edited copies of the project: {copy: {item: its message, or "" if it passed}}."""
    root = tmp_path_factory.mktemp("edited")
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copy(ROOT / "conftest.py", root)
    for copy in COPIES:
        shutil.copytree(little, root / copy)
    for copy, edit, _ in EDITS:
        edit(root / copy)
    # What the committed notebook betrays by itself needs no kernel, and so no other item than that check.
    asked = [
        f"{copy}/notebooks/little.ipynb" + "::committed" * (expected_red(copy) == {"committed"}) for copy in COPIES
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(notebook_checks, "EXACT", True)  # one machine draws and compares
        pytest.main(["--color=no", "--junit-xml=report.xml", *asked])
    found = {copy: {} for copy in COPIES}
    for case in ET.parse(root / "report.xml").iter("testcase"):
        message = "".join(child.text or child.get("message") for child in case)
        found[case.get("classname").split(".")[0]][case.get("name")] = message
    return found


def expected_red(copy):
    return {item for other, _, red in EDITS if other == copy for item in red}


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical(new_notebook(cells=list(cells))).encode())
    return path


def rewrite(folder, change):
    """Change the little notebook of a folder, by a function that is given its cells."""
    path = folder / "notebooks" / "little.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(*notebook.cells)
    path.write_bytes(canonical(notebook).encode())


def replace(folder, old, new):
    path = folder / "notebooks" / "little.ipynb"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def change_a_pixel(png):
    """Give a PNG again with the colour of its middle pixel changed a little, and its description kept."""
    image = Image.open(io.BytesIO(png))
    middle = (image.width // 2, image.height // 2)
    red, *others = image.getpixel(middle)
    image.putpixel(middle, (red ^ 1, *others))
    return saved(image, image.info["Description"])


def saved(image, description):
    words = PngImagePlugin.PngInfo()
    words.add_text("Description", description)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=words)
    return file.getvalue()


# Edits: each is made in a folder of its own


def a_number_in_an_output(folder):
    rewrite(folder, lambda *cells: cells[4].outputs[0].data.update({"text/plain": "2.5"}))


def a_pixel_in_the_embedded_picture(folder):
    def change(title, parameters, prints, draws, result, limits):
        data = draws.outputs[0].data
        picture = change_a_pixel(base64.b64decode(DATA_URI.search(data["text/html"])[1]))
        uri = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        data["text/html"] = DATA_URI.sub(uri, data["text/html"])

    rewrite(folder, change)


def a_fingerprint(folder):
    def change(title, parameters, prints, draws, result, limits):
        draws.outputs[0].data["text/plain"] = draws.outputs[0].data["text/plain"][:-16] + "0123456789abcdef"

    rewrite(folder, change)


def an_emptied_output(folder):
    rewrite(folder, lambda *cells: cells[4].update(outputs=[]))


def a_second_output(folder):
    rewrite(folder, lambda *cells: cells[2].outputs.append(new_output("display_data", {"text/plain": "2.4"})))


def an_ignore_tag(folder):
    a_number_in_an_output(folder)
    rewrite(folder, lambda *cells: cells[4].metadata.update(tags=["nbval-ignore-output"]))


def an_ignore_comment(folder):
    rewrite(folder, lambda *cells: cells[2].outputs[0].update(text="13 things\n"))
    rewrite(folder, lambda *cells: cells[2].update(source=f"# NBVAL_IGNORE_OUTPUT\n{cells[2].source}"))


def a_stripped_notebook(folder):
    rewrite(folder, lambda *cells: [cell.update(outputs=[], execution_count=None) for cell in cells[1:5]])


def a_pixel_in_a_figure(folder):
    file = folder / "figures" / "line.png"
    file.write_bytes(change_a_pixel(file.read_bytes()))


def a_description_of_a_figure(folder):
    file = folder / "figures" / "line.png"
    file.write_bytes(saved(Image.open(file), "Another line."))


def a_figure_in_svg(folder):
    file = folder / "figures" / "line.svg"
    file.write_text(file.read_text(encoding="utf-8").replace("#1f77b4", "#1f77b5"), encoding="utf-8")


def a_figure_in_numbers(folder):
    with (folder / "figures" / "line.csv").open("a", encoding="utf-8") as file:
        csv.writer(file).writerow([12])


def a_deleted_figure(folder):
    (folder / "figures" / "line.svg").unlink()


def a_loose_number(folder):
    rewrite(folder, lambda *cells: cells[0].update(source=f"{cells[0].source} Of these, 7 are blue."))


def a_forged_picture(folder):
    rewrite(folder, lambda *cells: cells[0].update(source=f'{cells[0].source} <img alt="Bars" src="x.png">'))


def shuffled_counts(folder):
    rewrite(folder, lambda *cells: (cells[1].update(execution_count=2), cells[2].update(execution_count=1)))


def a_word_on_stderr(folder):
    said = new_output("stream", name="stderr", text="careful\n")
    rewrite(folder, lambda *cells: cells[2].outputs.append(said))


def an_error(folder):
    rewrite(folder, lambda *cells: cells[2].outputs.append(new_output("error", ename="E", evalue="no", traceback=[])))


def an_emptied_alt_text(folder):
    def change(title, parameters, prints, draws, result, limits):
        data = draws.outputs[0].data
        data["text/html"] = data["text/html"].replace('alt="A line through 12 points."', 'alt=""')

    rewrite(folder, change)


def a_bare_picture(folder):
    picture = base64.b64encode((folder / "figures" / "line.png").read_bytes()).decode()
    bare = new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"})
    rewrite(folder, lambda *cells: cells[2].outputs.append(bare))


def an_attached_picture(folder):
    rewrite(folder, lambda *cells: cells[0].update(attachments={"line.png": {"image/png": "iVBORw0KGgo="}}))


def a_second_title(folder):
    rewrite(folder, lambda *cells: cells[0].update(source=f"{cells[0].source}\n\n# Another"))


def a_skipped_heading(folder):
    rewrite(folder, lambda *cells: cells[0].update(source=f"{cells[0].source}\n\n### Deep"))


def a_deleted_last_cell(folder):
    path = folder / "notebooks" / "little.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.cells[-1]
    path.write_bytes(canonical(notebook).encode())


def a_python_version(folder):
    replace(folder, '"name": "python"\n', '"name": "python",\n   "version": "3.11.7"\n')


def a_timing(folder):
    replace(folder, '"metadata": {},', '"metadata": {"execution": {"iopub.status.busy": "2016-01-01"}},')


def another_layout(folder):
    replace(folder, '\n "nbformat": 4,', '\n    "nbformat": 4,')


def half_a_file(folder):
    path = folder / "notebooks" / "little.ipynb"
    path.write_bytes(path.read_bytes()[:500])


def two_cells_with_one_id(folder):
    notebook = nbformat.read(folder / "notebooks" / "little.ipynb", as_version=4)
    replace(folder, notebook.cells[1].id, notebook.cells[2].id)


# The copy in which an edit is made, the edit, and what must turn red by it: {item: part of its message}.
# Edits that do not hide one another share a copy; all other items of a copy must stay green.
EDITS = [
    ("outputs", a_second_output, {"Cell 1": "Missing output fields"}),
    ("outputs", a_pixel_in_the_embedded_picture, {"Cell 2": "text/html, line 1: expected"}),
    ("outputs", a_number_in_an_output, {"Cell 3": "text/plain, line 1: expected '2.5', got '2.4'"}),
    ("marks", an_ignore_comment, {"committed": "cell 2: has the mark NBVAL_IGNORE_OUTPUT", "Cell 1": "got '12 things"}),
    ("marks", a_fingerprint, {"Cell 2": "got 'figure line: "}),
    ("marks", an_ignore_tag, {"committed": "cell 4: has the tag 'nbval-ignore-output'", "Cell 3": "got '2.4'"}),
    ("outputs", a_pixel_in_a_figure, {"figures": "figures/line.png: differs"}),
    ("outputs", a_figure_in_svg, {"figures": "figures/line.svg: differs"}),
    ("outputs", a_figure_in_numbers, {"figures": "figures/line.csv: differs"}),
    ("fewer", an_emptied_output, {"Cell 3": "Unexpected output fields"}),
    ("fewer", a_description_of_a_figure, {"figures": "description: line 1: expected 'Another line.'"}),
    ("fewer", a_deleted_figure, {"figures": "figures/line.svg: is missing"}),
    ("stripped", a_stripped_notebook, {"committed": "expected 1 to 4 in order, got [None, None, None, None]"}),
    ("prose", a_loose_number, {"committed": "the number 7, in "}),
    ("prose", a_forged_picture, {"committed": "prose: a picture, '<img'"}),
    ("prose", a_second_title, {"committed": "expected one of the first level, got 2"}),
    ("prose", a_skipped_heading, {"committed": "level 3 follows level 1"}),
    ("prose", a_deleted_last_cell, {"committed": "the last cell: expected Markdown"}),
    ("cells", shuffled_counts, {"committed": "expected 1 to 4 in order, got [2, 1, 3, 4]"}),
    ("cells", a_word_on_stderr, {"committed": "nothing on stderr, got 'careful'"}),
    ("cells", an_error, {"committed": "expected no error and nothing on stderr, got 'no'"}),
    ("pictures", an_emptied_alt_text, {"committed": "cell 3: a picture has no alt text"}),
    ("pictures", a_bare_picture, {"committed": "cell 2: a picture is shown without <img alt=…>"}),
    ("pictures", an_attached_picture, {"committed": "prose: has a picture attached"}),
    ("metadata", a_python_version, {"committed": "'version': '3.11.7'"}),
    ("metadata", a_timing, {"committed": "cell metadata: expected tags alone, got execution"}),
    ("layout", another_layout, {"committed": 'got \'    "nbformat": 4'}),
    ("twins", two_cells_with_one_id, {"committed": "Non-unique cell id"}),
    ("damaged", half_a_file, {"committed": "is no notebook: "}),
]
COPIES = dict.fromkeys(["unedited", *(copy for copy, *_ in EDITS)])


@pytest.mark.parametrize(("copy", "edit", "expected"), EDITS, ids=[edit.__name__ for _, edit, _ in EDITS])
def test_a_check_refuses_an_edited_copy_for_that_very_edit(verdicts, copy, edit, expected):
    """A test edits a copy of a notebook and demands that the check fails, with the file, the reason and the remedy."""
    for item, message in expected.items():
        assert message in verdicts[copy][item]
        assert f"{copy}/notebooks/little.ipynb" in verdicts[copy][item]
        assert "`python3 run.py`" in verdicts[copy][item]


@pytest.mark.parametrize("copy", COPIES)
def test_what_was_not_edited_stays_green(verdicts, copy):
    """A check is red for an edit of its own matter alone, and an unedited notebook passes whole."""
    assert {item for item, message in verdicts[copy].items() if message} == expected_red(copy)
    assert verdicts["unedited"].keys() == {"committed", "Cell 0", "Cell 1", "Cell 2", "Cell 3", "figures"}


def test_what_is_wrong_with_a_figure_is_told_and_an_unchecked_one_is_refused(tmp_path):
    """A figure has the problems found when it was shown; one that nobody looked at has that problem."""
    drawn, watched = tmp_path / "drawn", tmp_path / "watched"
    for folder in (drawn, watched):
        folder.mkdir()
    for name, told in (("sound", ""), ("faulty", "one\ntwo"), ("unseen", None)):
        (drawn / f"{name}.png").touch()
        if told is not None:
            (watched / f"{name}.txt").write_text(told, "utf-8")
    found = notebook_checks.legibility_problems(drawn, watched)
    assert found == ["figure faulty: one", "figure faulty: two", f"figure unseen: {notebook_checks.UNWATCHED}"]


@pytest.mark.parametrize("path", REAL_NOTEBOOKS, ids=[path.stem for path in REAL_NOTEBOOKS])
def test_real_notebooks_import_what_they_use(path):
    """The first cell that runs code imports sys by itself: the kernel of a test must not be what makes it run."""
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert cells[1].startswith("import sys\n")


# The same on the real notebooks, and on both sides of each rule


@pytest.mark.parametrize("path", REAL_NOTEBOOKS, ids=[path.stem for path in REAL_NOTEBOOKS])
def test_edits_of_a_real_notebook_are_refused(tmp_path, path):
    """What the checks find in a little notebook they find in each of the project's own."""
    notebook = nbformat.read(path, as_version=4)
    code, prose = (next(c for c in notebook.cells if c.cell_type == kind) for kind in ("code", "markdown"))
    code.update(execution_count=99)
    code.metadata.update(tags=["skip-execution"])
    prose.update(source=f"{prose.source}\n\nIt is 987654321.")
    problems = "\n".join(committed_problems(write(tmp_path / path.name, *notebook.cells)))
    assert "execution counts: expected 1 to" in problems
    assert "has the tag 'skip-execution'" in problems
    assert "the number 987654321" in problems


def test_every_committed_figure_is_drawn_by_one_notebook():
    """No file in figures/ is left over, and no two notebooks write the same one."""
    assert stray_figures(REAL_NOTEBOOKS, ROOT / "figures") == []


def test_a_figure_that_no_notebook_or_more_than_one_draws_is_refused(little, tmp_path):
    """A figure left behind by a renamed one, and two notebooks that overwrite each other's, are both found."""
    (tmp_path / "old.png").touch()
    notebook = little / "notebooks" / "little.ipynb"
    problems = stray_figures([notebook, notebook], tmp_path)
    assert problems == [
        "figures/old.png: no notebook shows it; "
        "delete it, or run `python3 run.py` if its notebook has lost its outputs",
        "figure line: several notebooks draw it",
    ]


@pytest.mark.parametrize(
    ("markdown", "numbers"),
    [
        ("It has **12** words, .5 of 1,300; 7 in all.", ["12", ".5", "1,300", "7"]),
        ("A share of 12%, ×12, x12, 12–13, -12, 12th, $12.", [*["12"] * 4, "13", *["12"] * 3]),
        ("Published (2008), (Monroe et al. 2008; Kiss and Strunk, 2006a) and in 2008.", ["2008"]),
        ("Not a year: (12 of 2008), (2008 articles).", ["12", "2008", "2008"]),
        ("`rate = 7`, [G2](https://x.org/7) of UTF-8, see 02_terms and https://x.org/7.", []),
        ("```\n7\n```\n\n1. One\n2. Two\n\n## 3. Three\n\n$p_7 < 7$ and $$q = 7$$", []),
        ("## Three in 7", ["7"]),
        ("p < 7 and q > 12 in <b>8</b> &#8217;", ["7", "12", "8"]),
        ("**Of seven** articles two tell $99$ of $x_9$; __sixty__ do.", ["99", "seven", "sixty"]),
        ("**`42`**, **$n=4$**, <b>a dozen</b>, **half, ½ (2016)**, `9`", ["42", "4", "2016", "dozen", "half", "½"]),
        ("Version 3.11.2 of 3 May 2016", ["3.11.2", "3", "2016"]),
    ],
)
def test_numbers_in_prose_are_found(markdown, numbers):
    """Names, years of citations, code, formulas, addresses and list numbers are none; in words those in bold are."""
    assert numbers_in(markdown) == numbers


def test_pictures_are_compared_as_pixels_only_where_they_can_be_equal(little, tmp_path, monkeypatch):
    """The same pixels packed otherwise are no difference; other pixels are one, but not with another rasteriser."""
    png = (little / "figures" / "line.png").read_bytes()
    packed = saved(Image.open(io.BytesIO(png)), Image.open(io.BytesIO(png)).info["Description"])
    assert packed != png
    for exact in (True, False):
        monkeypatch.setattr(notebook_checks, "EXACT", exact)
        for other, differs in ((packed, False), (change_a_pixel(png), exact), (b"\x89PNG\r\n\x1a\n...", True)):
            old, new = (base64.b64encode(content).decode() for content in (png, other))
            assert (comparable(old) != comparable(new)) == differs
            page = f'<img src="data:image/png;base64,{old}">'
            assert (comparable(page) != comparable(page.replace(old, new))) == differs
            (tmp_path / "old.png").write_bytes(png)
            (tmp_path / "new.png").write_bytes(other)
            assert bool(file_difference(tmp_path / "old.png", tmp_path / "new.png")) == differs


# The run that writes the notebooks


def test_a_run_writes_what_succeeded_and_leaves_what_failed(little, tmp_path, capsys, monkeypatch):
    """A failing notebook and its figures stay as they are, the others are written, and what is equal is not touched."""
    shutil.copytree(little, tmp_path, dirs_exist_ok=True)
    notebooks, figures = tmp_path / "notebooks", tmp_path / "figures"
    draws = "import os; from pathlib import Path; Path(os.environ['CONTRAST_FIGURES'], 'new.csv').touch()"
    where = "from pathlib import Path; Path.cwd().name"
    limits = new_markdown_cell(notebook_checks.LAST_HEADING)
    write(notebooks / "fresh.ipynb", new_markdown_cell("# Fresh"), new_code_cell(where), limits)
    write(notebooks / "fails.ipynb", new_code_cell(draws), new_code_cell("1 / 0"))
    write(notebooks / "warns.ipynb", new_code_cell(draws), new_code_cell("import sys; print('no', file=sys.stderr)"))
    before = state(tmp_path)
    start_warm(monkeypatch)
    assert list(execute_notebooks(sorted(notebooks.iterdir()), figures)) == ["fails", "warns"]
    said = capsys.readouterr().out
    assert "fails   FAILED: ZeroDivisionError: division by zero, in cell 2\n" in said
    assert "warns   FAILED: it wrote to stderr: no, in cell 2\n" in said
    assert regex.search(r"^little  done in \d+ s$", said, regex.MULTILINE)
    after = state(tmp_path)
    assert after.keys() == before.keys()
    assert {path.name for path in after if after[path] != before[path]} == {"fresh.ipynb"}
    assert committed_problems(notebooks / "fresh.ipynb") == []
    assert "'notebooks'" in (notebooks / "fresh.ipynb").read_text(encoding="utf-8")


def test_ctrl_c_stops_every_kernel_and_leaves_all_as_it_was(tmp_path):
    """A run that is stopped leaves no half-written file and no kernel."""
    started = tmp_path / "started"
    cell = new_code_cell(f"from pathlib import Path; import time; Path({str(started)!r}).touch(); time.sleep(20)")
    notebook = write(tmp_path / "notebooks" / "long.ipynb", cell)
    before = state(notebook.parent)

    def interrupt():
        while not started.exists():
            time.sleep(0.05)
        _thread.interrupt_main()

    signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it is ignored
    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        execute_notebooks([notebook], tmp_path / "figures")
    assert state(notebook.parent) == before
    assert {path.name for path in tmp_path.iterdir()} == {"started", "notebooks", "figures"}


def test_a_corpus_that_cannot_be_read_stops_the_run_before_it_begins(monkeypatch, capsys):
    """What is wrong with the input is told once, not by every notebook."""

    def refuse():
        raise InputError([Problem("articles.csv", 2, "no outlet.", "Fill it in.")])

    monkeypatch.setattr(execution, "load_corpus", refuse)
    monkeypatch.setattr(execution, "execute_notebooks", pytest.fail)
    assert execution.main() == 1
    assert "articles.csv, row 2: no outlet. Fill it in." in capsys.readouterr().err


def state(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
