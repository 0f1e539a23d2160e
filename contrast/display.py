"""Show tables, sentences and figures in a notebook, and keep each figure with the numbers it draws.

Text is data: whatever comes from an article is escaped before it enters HTML.
"""

import base64
import hashlib
import html
import io
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from contrast.corpus import ROOT

LONG = 40  # rows
COLOURS = 128  # of a figure's palette: a quarter of the bytes, no difference to the eye
# Environment variables: where figures go, if not to figures/; and where every table shown goes as CSV, if anywhere.
FIGURES_SETTING, TABLES_SETTING = "CONTRAST_FIGURES", "CONTRAST_TABLES"
CSV = {"float_format": "%.6g", "lineterminator": "\n"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that opens with one of these


class Shown:
    """Something a notebook shows: as HTML, and in plain text."""

    def __init__(self, markup: str, plain: str):
        self.markup, self.plain = markup, plain

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.markup, "text/plain": self.plain}

    def __repr__(self) -> str:
        return self.plain


def say(*sentences: str) -> Shown:
    """Show computed sentences as a paragraph."""
    text = " ".join(filter(None, sentences))
    return Shown(f"<p>{html.escape(text)}</p>", text)


def show_table(
    table: pd.DataFrame,
    caption: str,
    columns: Sequence[str] | Mapping[str, str] = (),
    *,
    digits: int = 2,
    passage: str = "",
    keyword: bool = False,
    folded: bool = False,
    kept: bool = True,
) -> Shown:
    """
    Show a small table with its caption.

    Parameters
    ----------
    table : DataFrame
    caption : str
        What a row is, and what is counted.
    columns : list or mapping
        The columns to show, in order, with their headings if those are not the names; all of them if not given.
    digits : int
        Decimals of numbers that have any. Missing values show as a dash.
    passage : str
        Heading of a last column that joins `left`, `keyword` and `right`, as `stance.trace` gives them, the keyword
        marked.
    keyword : bool
        Show `left`, `keyword` and `right` in columns of their own, the keyword between the two, as a concordance does.
    folded : bool
        Fold the table under its caption; one of more than `LONG` rows always is.
    kept : bool
        Keep it among the tables of a report.
    """
    headings = dict(columns) if isinstance(columns, Mapping) else {name: _heading(name) for name in columns or table}
    if keyword:
        headings |= {"left": "before", "keyword": "word", "right": "after"}
    cells = [[_cell(value, digits) for value in table[name]] for name in headings]
    sides = ["right" if pd.api.types.is_numeric_dtype(table[name]) or name == "left" else "left" for name in headings]
    markup = [[html.escape(cell) for cell in column] for column in cells]
    if passage:
        parts = list(zip(table["left"], table["keyword"], table["right"], strict=True))
        cells.append([f"{left}[{word}]{right}" for left, word, right in parts])
        markup.append([f"{html.escape(x)}<mark>{html.escape(y)}</mark>{html.escape(z)}" for x, y, z in parts])
        headings, sides = headings | {"": passage}, [*sides, "left"]
    head = _row("th", [html.escape(heading) for heading in headings.values()], sides)
    body = "\n".join(_row("td", row, sides) for row in zip(*markup, strict=True))
    shown = (
        f'<table>\n<caption style="text-align:left">{html.escape(caption)}</caption>\n'
        f"<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )
    if folded or len(table) > LONG:
        shown = f"<details><summary>{html.escape(caption)}</summary>\n{shown}\n</details>"
    lines = [headings.values(), *zip(*cells, strict=True)]
    if kept:
        own = {name: heading for name, heading in headings.items() if name}
        frame = table[list(own)].set_axis(list(own.values()), axis=1)
        _keep(frame.assign(**{passage: cells[-1]}) if passage else frame, caption)
    return Shown(shown, "\n".join([caption, *(" | ".join(line) for line in lines)]))


def show_figure(figure: Figure, name: str, table: pd.DataFrame) -> Shown:
    """
    Save a figure with the numbers it draws, and show it: the picture with its alt text, the table folded under it.

    In plain text it is its alt text and a fingerprint of what it says, which holds on any processor.
    """
    picture = base64.b64encode(save_figure(figure, name, table)).decode("ascii")
    alt = figure.get_label()
    numbers = show_table(table, f"The numbers drawn in {name}", digits=3, kept=False).markup
    markup = (
        f'<figure>\n<img alt="{html.escape(alt)}" src="data:image/png;base64,{picture}" '
        f'width="700" style="max-width:100%">\n<details><summary>The numbers drawn</summary>\n{numbers}\n'
        "</details>\n</figure>"
    )
    return Shown(markup, f"{alt}\nfigure {name}: {fingerprint(figure)}")


def show_page(page: str, name: str, sentence: str) -> Shown:
    """
    Write a page of HTML into figures/, NAME.html, and show a sentence with a link to it.

    In plain text it is the sentence and a fingerprint of the page.
    """
    folder = Path(os.environ.get(FIGURES_SETTING) or ROOT / "figures")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.html", page.encode())
    link = f'<a href="../figures/{html.escape(name)}.html">{html.escape(name)}.html</a>'
    digest = hashlib.sha256(page.encode()).hexdigest()[:16]
    return Shown(f"<p>{html.escape(sentence)} {link}</p>", f"{sentence} {name}.html\nfigure {name}: {digest}")


def save_figure(figure: Figure, name: str, table: pd.DataFrame) -> bytes:
    """
    Write NAME.png, NAME.svg and NAME.csv into figures/, each whole or not at all; return the PNG's bytes.

    The same figure gives the same bytes: no date, no version, a fixed palette size.
    """
    folder = Path(os.environ.get(FIGURES_SETTING) or ROOT / "figures")
    folder.mkdir(parents=True, exist_ok=True)
    picture, drawing = _png(figure), _svg(figure)
    for suffix, content in ((".png", picture), (".svg", drawing), (".csv", as_csv(table))):
        write_whole(folder / f"{name}{suffix}", content)
    return picture


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: aside first, then under its name."""
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def as_csv(table: pd.DataFrame) -> bytes:
    """Give a table as CSV, an apostrophe before text that a spreadsheet would take for a formula."""
    return table.map(_harmless).rename(columns=_harmless).to_csv(index=False, **CSV).encode()


def _harmless(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def fingerprint(figure: Figure) -> str:
    """Hash what a figure says (texts, data to 6 digits, colours), not how it was laid out or rasterised."""
    facts = [figure.get_label()]
    for text in figure.findobj(Text):
        if text.get_text().strip():
            facts.append((text.get_text(), to_hex(text.get_color()), text.get_fontweight()))
    for line in figure.lines:
        facts.append((to_hex(line.get_color()), str(line.get_marker())))
    for axes in figure.axes:
        for line in axes.lines:
            facts.append((to_hex(line.get_color()), str(line.get_marker()), _digits(line.get_xydata())))
        for patch in axes.patches:
            facts.append((to_hex(patch.get_facecolor()), _digits(patch.get_bbox().get_points())))
        for marks in axes.collections:
            paths = [_digits(path.vertices) for path in marks.get_paths()]
            facts.append(([to_hex(colour) for colour in [*marks.get_facecolor(), *marks.get_edgecolor()]], paths))
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _digits(values):
    return [f"{value:.6g}" for value in np.asarray(values, dtype=float).ravel() + 0.0]


def _png(figure):
    from PIL import Image, PngImagePlugin

    packed, canvas = io.BytesIO(), FigureCanvasAgg(figure)
    canvas.draw()
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Description", figure.get_label())
    indices, palette = _in_few_colours(np.asarray(canvas.buffer_rgba()))
    small = Image.fromarray(indices, mode="P")
    small.putpalette(palette.tobytes())
    small.save(packed, format="PNG", compress_level=6, pnginfo=notes, dpi=(figure.dpi, figure.dpi))
    return packed.getvalue()


def _in_few_colours(pixels):
    """Keep the commonest colours of an opaque RGBA picture, and give every other pixel the nearest of them."""
    flat = pixels.view(">u4").ravel().astype(np.int64) >> 8
    drawn = np.flatnonzero(flat != flat[0])  # what is not the page, of which most of a picture is
    inverse, packed = pd.factorize(flat[drawn], sort=True)
    counts = np.append(np.bincount(inverse, minlength=len(packed)), len(flat) - len(drawn))
    packed = np.append(packed, flat[0])
    colours = np.column_stack([packed >> 16, packed >> 8 & 255, packed & 255])
    palette = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    nearest = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    indices = np.full(len(flat), nearest[-1], dtype=np.uint8)
    indices[drawn] = nearest[inverse]
    return indices.reshape(pixels.shape[:2]), palette.astype(np.uint8)


def _svg(figure):
    drawing = io.StringIO()
    figure.savefig(drawing, format="svg", metadata={"Date": None, "Creator": None, "Description": figure.get_label()})
    return "\n".join(line.rstrip() for line in drawing.getvalue().splitlines()).encode() + b"\n"


def _cell(value, digits):
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "–"
    if isinstance(value, float | np.floating):
        return f"{value:.{digits}f}"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _keep(table, caption):
    """Write a table that is shown, as CSV, where a report asks for it."""
    if setting := os.environ.get(TABLES_SETTING):
        folder = Path(setting)
        words = "-".join(re.findall(r"[a-z]+", caption.lower())[:6])
        write_whole(folder / f"{len(list(folder.glob('*.csv'))) + 1:02d}_{words}.csv", as_csv(table))


def _row(tag, cells, sides):
    scope = ' scope="col"' if tag == "th" else ""
    inside = (
        f'<{tag}{scope} style="text-align:{side}">{cell}</{tag}>' for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{''.join(inside)}</tr>"


def _heading(name):
    return name.removesuffix("_id").replace("_", " ")
