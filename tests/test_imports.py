"""Imports run one way, from the notebooks down to the corpus, and each room stays small enough to be read."""

import ast
import functools
import json
import sys

import pytest

import helpers
from contrast.corpus import ROOT

PATHS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "contrast").rglob("*.py"))
}
FIGURES, TERMS, TOPICS, STANCE, POLARITY, SCALES, FURNITURE, EXPLORER = (
    {name for name in PATHS if name.startswith(f"contrast.{room}")}
    for room in ("figures", "terms", "topics", "stance", "polarity", "scales", "furniture", "explorer")
)
ROOMS = (FIGURES, TERMS, TOPICS, STANCE, POLARITY, SCALES, FURNITURE, EXPLORER)
FLOORS = [  # from the top down; other modules read a researcher's own files, or run the notebooks
    {"helpers"},
    {*EXPLORER, *POLARITY, *SCALES},
    {*TERMS, *TOPICS, *STANCE, "contrast.display", *FIGURES},
    FURNITURE,
    {
        "contrast.resampling",
        "contrast.text",
        "contrast.cleaning",
        "contrast.codebook",
        "contrast.duplicates",
        "contrast.stories",
    },
    {"contrast.words"},
    {"contrast.corpus", "contrast.progress", "contrast.wording"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
SIDEWAYS = {(name, "contrast.terms"): {"TermCounts"} for name in TOPICS}  # the counts that topics are fitted to
MODELS = {*TERMS, *TOPICS, *STANCE, *POLARITY, *SCALES}


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(tree):
    """Give every import, wherever it stands in the code: the module, and the name taken from it or None."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield (inside, None) if inside in PATHS else (node.module, alias.name)


@functools.cache
def trees():
    """Parse every module, once."""
    return {name: parsed(path) for name, path in {**PATHS, "helpers": ROOT / "helpers.py"}.items()}


@functools.cache
def imports():
    """Give what each module imports of the project."""
    return {name: {(to, what) for to, what in imports_of(tree) if to in trees()} for name, tree in trees().items()}


def test_every_import_is_seen():
    """The reading of imports finds those at the top, those inside functions, and modules taken from a package."""
    code = "import contrast.text\ndef f():\n    from contrast import corpus\n    from contrast.terms import keyness"
    found = {("contrast.text", None), ("contrast.corpus", None), ("contrast.terms", "keyness")}
    assert set(imports_of(ast.parse(code))) == found


def test_rooms_have_their_floors():
    """Every room with a floor exists, so that no rule below speaks of nothing."""
    assert set(FLOOR) <= set(trees())
    assert ("contrast.corpus", "ROOT") in imports()["contrast.display"]


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_imports_run_downwards(name):
    """A room imports from lower floors alone, or from itself; and topics the counts of terms."""
    for to, what in imports()[name]:
        below = to in FLOOR and FLOOR[to] > FLOOR[name]
        assert below or any({name, to} <= room for room in ROOMS) or what in SIDEWAYS.get((name, to), ()), (
            f"{name} imports {to} ({what})"
        )


def test_imports_run_in_no_circle():
    """No module imports itself, by however many steps, not even inside a function."""
    reached = {name: {to for to, _ in found} for name, found in imports().items()}
    for _ in reached:
        reached = {name: to.union(*(reached[other] for other in to)) for name, to in reached.items()}
    assert [name for name, to in reached.items() if name in to] == []


def test_figures_know_no_model():
    """A figure takes tables: it imports nothing that computes them, and nothing that shows it."""
    found = {(name, to) for name in FIGURES for to, _ in imports()[name]}
    assert [(name, to) for name, to in found if to in MODELS | {"contrast.display"}] == []


def test_display_knows_the_corpus_alone():
    """What shows tables and figures imports no other room than the corpus."""
    assert {to for to, _ in imports()["contrast.display"]} == {"contrast.corpus"}


def test_no_room_imports_helpers():
    """`helpers` is for the notebooks: no room of `contrast` imports it."""
    assert [name for name in PATHS if "helpers" in {to for to, _ in imports()[name]}] == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_import_helpers_alone(path):
    """A notebook takes all that is the project's own from what `helpers` lists, and defines nothing itself."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
    taken = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    assert {"helpers"} <= {to for to, _ in imports_of(tree)} <= {"helpers", "pandas", "sys"}
    assert {"load_corpus"} <= {node.attr for node in taken if node.value.id == "helpers"} <= set(helpers.__all__)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def test_run_needs_nothing_but_python():
    """`run.py` imports the standard library alone: it has to run before anything is installed."""
    found = {to.partition(".")[0] for to, _ in imports_of(parsed(ROOT / "run.py"))}
    assert "venv" in found
    assert found <= sys.stdlib_module_names


def test_modules_are_small():
    """No module has more than 450 lines."""
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in PATHS.items()}
    assert {name: count for name, count in lines.items() if count > 450} == {}


def test_modules_say_what_they_are_for():
    """A module opens with a sentence that says what it is for."""
    first = {name: (ast.get_docstring(tree) or "").split("\n\n")[0] for name, tree in trees().items()}
    assert [name for name, sentence in first.items() if not sentence.endswith(".")] == []


def test_public_functions_have_docstrings():
    """Every public function and class of a room says what it does."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [
        (name, node) for name in PATHS for node in trees()[name].body if isinstance(node, kinds) and node.name[0] != "_"
    ]
    assert len(public) > 50
    assert [f"{name}.{node.name}" for name, node in public if not ast.get_docstring(node)] == []


def test_helpers_offer_what_they_list():
    """`helpers.__all__` has no doubles, every name of it is there, and none that is imported is missing."""
    assert len(helpers.__all__) == len(set(helpers.__all__))
    assert all(hasattr(helpers, name) for name in helpers.__all__)
    assert set(helpers.__all__) == {what for _, what in imports()["helpers"]}
