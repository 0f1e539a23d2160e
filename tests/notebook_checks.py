"""What a committed notebook and its figures must be like, as functions that need no kernel.

`notebook_plugin.py` has pytest call them for every notebook; `test_notebook_checks.py` shows that they find what they
should. Each gives a list of problems, empty if all is well.
"""

import base64
import functools
import hashlib
import html
import io
import itertools
import platform
import warnings
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path

import nbformat
import regex
from PIL import Image

from contrast.execution import METADATA, canonical

REMEDY = "`python3 run.py` renews outputs and figures; look at the diff before you commit it."
LOCK = Path(__file__).resolve().parent.parent / "requirements.txt"
# Rasterisers round differently, so pictures are compared as pixels only where the locked one runs on Linux on x86-64,
# as in CI; elsewhere the printed fingerprint of what the figure says, its alt text and its table stand for it.
EXACT = (platform.system(), platform.machine()) == ("Linux", "x86_64") and (
    f"\nmatplotlib=={version('matplotlib')} " in LOCK.read_text(encoding="utf-8")
)
UNWATCHED = "was not checked: it is not shown by helpers.show_figure, or tests/figure_checks.py can't be imported"
LAST_HEADING = "## What would change this"

ALLOWED_TAGS = {"parameters"}
MARK = regex.compile(r"(?i)#.*?((?:nbval|pytest_validate)\w*)")
PNG_IN_BASE64 = "iVBORw0KGgo"
DATA_URI = regex.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
IMG = regex.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", regex.IGNORECASE)
FINGERPRINT = regex.compile(r"\n?^figure (\S+): [0-9a-f]{16}$\s*", regex.MULTILINE)

FENCED = regex.compile(r"^(```|~~~).*?^\1", regex.DOTALL | regex.MULTILINE)
HEADING = regex.compile(r"^(#{1,6})\s", regex.MULTILINE)
YEARS = r"(?:1[89]|20)\d\d[a-z]?"
NOT_PROSE = regex.compile(
    rf"""
    `[^`]*` | \$(?=[^$]*[a-zA-Z])\S(?:[^$]*\S)?\$(?!\d)     # code, formulas
    | \]\([^)]*\) | \bhttps?://\S+ | </?[a-zA-Z][^>]*>      # addresses, HTML tags
    | ^\s*(?:\#+\s+)?\d+[.)]\s                              # the number of a list item or heading
    | \b\d\d_\w+                                            # a notebook's name
    | \((?:\p{{Lu}}[^()\d]*\s)?{YEARS}(?:[;,]\s(?:\p{{Lu}}[^()\d]*\s)?{YEARS})*\)  # (2008), (Monroe et al. 2008)
    """,
    regex.VERBOSE | regex.MULTILINE,
)
BOLD = regex.compile(r"\*\*.+?\*\*|__.+?__|(?i:<(b|strong)>).+?(?i:</\1>)", regex.DOTALL)
IN_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen twice "
    "thrice double triple half halves third thirds quarter quarters"
)
SPELT = regex.compile(rf"(?i)(?<!\p{{L}})(?:{'|'.join(IN_WORDS.split())})s?(?!\p{{L}})|(?!\d)\p{{N}}")
IN_SIGNS = regex.compile(r"`[^`]*`|\$[^$]*\$|\(\d+\)")  # in bold no code, formula or year hides a number
PICTURE = regex.compile(r"(?i)<(?:img|svg|picture|object|embed|video|canvas|iframe)\b|!\[")
# Digits joined to a letter are a name (G2, UTF-8), but for a times sign typed as x (x4).
NUMBER = regex.compile(r"(?<![^\P{L}x]|[\p{N}_]|\p{Lu}-)(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)*|(?<![\w.])\.\d+")


def committed_problems(path: Path) -> list[str]:
    """List what is wrong with a notebook as committed, before any cell is run anew."""
    text = path.read_text(encoding="utf-8")
    with warnings.catch_warnings(record=True) as faults:
        warnings.simplefilter("always")
        notebook = nbformat.reads(text, as_version=4)
        try:
            nbformat.validate(notebook)
        except nbformat.ValidationError as error:
            return [f"is no valid notebook: {error.message}"]
    problems = [f"is no valid notebook: {fault.message}" for fault in faults]
    for find in (execution_problems, picture_problems, heading_problems, prose_problems, metadata_problems):
        problems += find(notebook)
    difference = first_difference(canonical(notebook), text)
    if difference and not problems:
        problems.append(f"is not laid out as `python3 run.py` writes it: {difference}")
    return problems


def execution_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Want a notebook that was run once, top to bottom, without errors, and shows whatever its cells gave."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    counts = [cell.execution_count for cell in code]
    problems = []
    if counts != list(range(1, len(code) + 1)):
        problems.append(f"execution counts: expected 1 to {len(code)} in order, got {counts}")
    for number, cell in enumerate(code, start=1):
        tags = sorted(set(cell.metadata.get("tags", [])) - ALLOWED_TAGS)
        problems += [f"cell {number}: has the tag {tag!r}; expected none but 'parameters'" for tag in tags]
        problems += [f"cell {number}: has the mark {mark}; expected none" for mark in MARK.findall(cell.source)]
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                said = output.get("text", output.get("evalue", "")).strip()
                problems.append(f"cell {number}: expected no error and nothing on stderr, got {said[:200]!r}")
            if output.get("execution_count", cell.execution_count) != cell.execution_count:
                problems.append(f"cell {number}: its output has another execution count, {output.execution_count}")
    return problems


def picture_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Want an alt text on every picture, and the same words, then the figure's fingerprint, as its plain text."""
    attached = [name for cell in notebook.cells for name in cell.get("attachments", {})]
    problems = [f"prose: has a picture attached, {name}; expected those alone that a cell draws" for name in attached]
    for number, output in outputs_of(notebook):
        data = output.get("data", {})
        alts = alt_texts(data.get("text/html", ""))
        if any(not alt.strip() for alt in alts):
            problems.append(f"cell {number}: a picture has no alt text")
        if any(kind.startswith("image/") for kind in data) and not alts:
            problems.append(f"cell {number}: a picture is shown without <img alt=…>; expected a figure's text/html")
        if "<figure" in data.get("text/html", ""):
            plain = data.get("text/plain", "")
            if not FINGERPRINT.search(plain):
                problems.append(f"cell {number}: a figure prints no fingerprint, `figure NAME: 16 hexadecimal digits`")
            if " ".join(FINGERPRINT.sub("", plain).split()) != " ".join(" ".join(alts).split()):
                problems.append(f"cell {number}: the plain text of a figure is not its alt text: {plain!r}, {alts}")
    return problems


def heading_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Want one heading of the first level, at the start, no level skipped below it, and the limits at the end."""
    text = "\n\n".join(FENCED.sub("", cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    levels = [len(marks) for marks in HEADING.findall(text)]
    first = notebook.cells[0] if notebook.cells else {}
    problems = []
    if first.get("cell_type") != "markdown" or not first.source.startswith("# "):
        problems.append("the first cell: expected Markdown that opens with `# ` and the title")
    if not notebook.cells or not notebook.cells[-1].source.startswith(LAST_HEADING):
        problems.append(f"the last cell: expected Markdown that opens with `{LAST_HEADING}`")
    if levels.count(1) != 1:
        problems.append(f"headings: expected one of the first level, got {levels.count(1)}")
    for above, below in itertools.pairwise(levels):
        if below > above + 1:
            problems.append(f"headings: level {below} follows level {above}; expected no level skipped")
    return problems


def prose_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Want no number and no picture in the prose: what a cell did not compute, nothing would hold to the corpus.

    A number is any run of digits outside code, formulas, addresses, citation years in parentheses, names (G2, UTF-8,
    02_terms) and the numbers of list items and headings; and one in words, if it is in bold.
    """
    problems = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            for number in numbers_in(cell.source):
                problems.append(
                    f"prose: the number {number}, in {_around(cell.source, number)!r}; a cell has to print it"
                )
            for picture in PICTURE.findall(cell.source):
                problems.append(f"prose: a picture, {picture!r}; expected those alone that a cell draws")
    return problems


def metadata_problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Want no version, timing or state of a window in the metadata."""
    problems = []
    if notebook.metadata != METADATA:
        problems.append(f"metadata: expected {METADATA}, got {notebook.metadata}")
    extra = sorted({key for cell in notebook.cells for key in cell.metadata} - {"tags"})
    return problems + [f"cell metadata: expected tags alone, got {key}" for key in extra]


def numbers_in(markdown: str) -> list[str]:
    """List the numbers in Markdown, first those in digits, then those in words and in bold."""
    text = FENCED.sub(" ", markdown)
    strong = html.unescape(" ".join(match[0] for match in BOLD.finditer(text)))
    hidden = regex.findall(r"\d+", regex.sub(r"\b\d\d_\w+", " ", " ".join(IN_SIGNS.findall(strong))))
    return [*NUMBER.findall(html.unescape(NOT_PROSE.sub(" ", text))), *hidden, *SPELT.findall(strong)]


def comparable(value):
    """Put the digest of its pixels in the place of each PNG picture in a value of an output."""
    if not isinstance(value, str):
        return value
    if value.startswith(PNG_IN_BASE64):
        return _digest(value)
    return DATA_URI.sub(lambda match: _digest(match[1]), value)


def figure_problems(notebook: nbformat.NotebookNode, drawn: Path, committed: Path) -> list[str]:
    """Compare the figure files that a run of a notebook has drawn with the committed ones that are the notebook's."""
    new = {path.name for path in drawn.iterdir()}
    drawn_names = {Path(name).stem for name in new}
    names = figure_names(notebook) | drawn_names
    old = {path.name for path in committed.glob("*") if path.stem in names}
    problems = [f"figures/{name}: is missing; the notebook draws it" for name in sorted(new - old)]
    problems += [f"figures/{name}: the notebook names it but does not draw it" for name in sorted(old - new)]
    for name in sorted(new & old):
        difference = file_difference(committed / name, drawn / name)
        if difference:
            problems.append(f"figures/{name}: differs from what the notebook draws: {difference}")
    for name in sorted(names - figure_names(notebook)):
        problems.append(f"figure {name}: is drawn, but no output has the line `figure {name}: …`")
    for name in sorted(names - drawn_names):
        problems.append(f"figure {name}: an output names it, but no file of it is drawn")
    return problems


def legibility_problems(drawn: Path, watched: Path) -> list[str]:
    """List what `figure_checks.watch` has found wrong with the figures that a run of a notebook has drawn."""
    problems = []
    for path in sorted(drawn.glob("*.png")):
        told = watched / f"{path.stem}.txt"
        found = told.read_text(encoding="utf-8").splitlines() if told.exists() else [UNWATCHED]
        problems += [f"figure {path.stem}: {problem}" for problem in found]
    return problems


def stray_figures(notebooks: list[Path], figures: Path) -> list[str]:
    """List the committed figure files that no notebook names, and the figures that several do."""
    names = [name for path in notebooks for name in figure_names(nbformat.read(path, as_version=4))]
    files = sorted(path for path in figures.glob("*") if not path.name.startswith("."))
    remedy = "delete it, or run `python3 run.py` if its notebook has lost its outputs"
    problems = [f"figures/{path.name}: no notebook shows it; {remedy}" for path in files if path.stem not in names]
    return problems + [
        f"figure {name}: several notebooks draw it" for name in sorted({*names}) if names.count(name) > 1
    ]


def file_difference(expected: Path, got: Path) -> str:
    """Say how two files of a figure differ, or "" where they do not; PNG by picture and description, others as text."""
    if expected.suffix == ".png":
        (old, old_words), (new, new_words) = (_picture(path.read_bytes(), EXACT) for path in (expected, got))
        if old_words != new_words:
            return f"description: {first_difference(str(old_words), str(new_words))}"
        return f"expected {old}, got {new}" if old != new else ""
    if expected.suffix == ".svg":  # matplotlib ends its lines as the system does
        return first_difference(*(path.read_text(encoding="utf-8") for path in (expected, got))) if EXACT else ""
    return first_difference(*(path.read_bytes().decode("utf-8", "backslashreplace") for path in (expected, got)))


def first_difference(expected: str, got: str) -> str:
    """Say where two texts first differ, or "" where they do not.

    >>> first_difference("articles\\n5\\n", "articles\\n6\\n")
    "line 2: expected '5\\\\n', got '6\\\\n'"
    """
    lines = itertools.zip_longest(expected.splitlines(keepends=True), got.splitlines(keepends=True), fillvalue="")
    for number, (old, new) in enumerate(lines, start=1):
        if old != new:
            same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
            part = slice(max(0, same - 40), same + 80)
            return f"line {number}: expected {old[part]!r}, got {new[part]!r}"
    return ""


def figure_names(notebook: nbformat.NotebookNode) -> set[str]:
    """Give the names of the figures that a notebook's outputs show."""
    plain = (output.get("data", {}).get("text/plain", "") for _, output in outputs_of(notebook))
    return {name for text in plain for name in FINGERPRINT.findall(text)}


def outputs_of(notebook: nbformat.NotebookNode):
    """Go through the outputs of a notebook, each with the number of its cell (code cells, from 1)."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    return [(number, output) for number, cell in enumerate(code, start=1) for output in cell.outputs]


def alt_texts(page: str) -> list[str]:
    """Give the alt text of every <img> in a piece of HTML, "" where it has none."""
    parser = _AltTexts()
    for tag in IMG.findall(page):  # the page as a whole has thousands of others
        parser.feed(tag)
    return parser.found


class _AltTexts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs).get("alt") or "")


@functools.lru_cache(maxsize=32)
def _picture(content: bytes, is_exact: bool) -> tuple[str, str | None]:
    """Give what a PNG shows, in a word, and the description in it; zlib may pack the same pixels in other bytes."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            pixels = image.convert("RGBA")
            words = image.info.get("Description")
    except (OSError, SyntaxError, ValueError) as error:
        return f"no picture ({error})", None
    if not is_exact:
        return "a picture", words
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()[:16]
    return f"a picture of {pixels.width} × {pixels.height} pixels, digest {digest}", words


def _digest(encoded: str) -> str:
    try:
        return _picture(base64.b64decode(encoded), EXACT)[0]
    except ValueError as error:
        return f"no picture ({error})"


def _around(text: str, number: str) -> str:
    line = next((line for line in text.splitlines() if number in line), "")
    at = line.find(number)
    return line[max(0, at - 30) : at + len(number) + 30]
