"""What a notebook shows is escaped, and what it saves is whole, the same each time, and free of dates and versions."""

import base64
import io
import re
import struct
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from contrast.corpus import ROOT
from contrast.display import as_csv, fingerprint, save_figure, say, show_figure, show_table, write_whole
from contrast.figures.style import OUTLET_COLOURS, Page

pytestmark = pytest.mark.filterwarnings("error")

HOSTILE = ["</script><img src=x onerror=alert(1)>", "<mark>", '"><svg onload=alert(1)>', "&lt;b&gt; & 'c'"]
FILES = ["figure.csv", "figure.png", "figure.svg"]
SMALL = {"figure.dpi": 50}
NUMBERS = pd.DataFrame({"word": ["aid", 'road, "A"\nB'], "count": [3, 12_345], "rate": [1 / 3, 123_456.789]})


class Reader(HTMLParser):
    """Gather what a browser would find: each element with its attributes, and the text."""

    def __init__(self, markup):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def tags(self):
        return [tag for tag, _ in self.elements]


def cells_of(shown):
    """Give the lines of a table's plain text under its caption, cut into cells."""
    return [line.split(" | ") for line in shown.plain.split("\n")[1:]]


def picture(title="Road stands 4 times", value=0.5, colour=OUTLET_COLOURS[0], alt="Dots of 2 words."):
    """Draw a small figure with a line, a bar, ticks of a strip and an outlet's mark."""
    page = Page(title, "What is measured.", "Source: 2 articles.", alt, 1)
    axes = page.axes(0, 0, 3, 0.5)
    axes.plot([0, value], [0, 1], "o", color=colour)
    axes.barh(0.5, value, color=OUTLET_COLOURS[1])
    axes.vlines([0.2, value], 0, 1, color=OUTLET_COLOURS[2], linewidth=4)
    return page.figure


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Send figures, small ones to be quick, into a folder of the test's own that is not there yet."""
    monkeypatch.setenv("CONTRAST_FIGURES", str(tmp_path / "drawn/here"))
    with rc_context(SMALL):
        yield tmp_path / "drawn/here"


# Sentences and tables


@pytest.mark.parametrize("text", HOSTILE)
def test_sentences_are_escaped(text):
    """A sentence is shown as text: no markup in it becomes an element."""
    read = Reader(say("Before", text)._repr_mimebundle_()["text/html"])
    assert read.tags() == ["p"]
    assert read.text == f"Before {text}"


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_cells_captions_and_headings_are_escaped(text, folded):
    """Markup in a cell, a caption or a heading is shown as text, and its plain form has it unchanged."""
    shown = show_table(pd.DataFrame({"a": [text]}), text, {"a": text}, folded=folded)
    read = Reader(shown.markup)
    assert set(read.tags()) <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"}
    assert read.text.replace("\n", "") == text * (4 if folded else 3)
    assert shown.plain == f"{text}\n{text}\n{text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_passages_are_escaped(text):
    """Of a passage the keyword alone is marked, whatever markup stands in it, beside it or in its heading."""
    table = pd.DataFrame({"id": ["a"], "left": [text], "keyword": [text], "right": [text]})
    shown = show_table(table, "Lines", ["id"], passage=text)
    read = Reader(shown.markup)
    assert read.tags().count("mark") == 1
    assert {"img", "svg", "script", "b"}.isdisjoint(read.tags())
    assert read.text.replace("\n", "") == f"Linesid{text}a{text * 3}"
    assert shown.plain == f"Lines\nid | {text}\na | {text}[{text}]{text}"


def test_concordance_has_the_word_between_what_stands_around_it():
    """With `keyword` the text before a word, the word, and the text after it have columns, the first set right."""
    table = pd.DataFrame({"article_id": ["a"], "right": [" ended."], "left": ["The "], "keyword": ["<truce>"]})
    shown = show_table(table, "Lines", ["article_id"], keyword=True)
    assert cells_of(shown) == [["article", "before", "word", "after"], ["a", "The ", "<truce>", " ended."]]
    assert '<td style="text-align:right">The </td><td style="text-align:left">&lt;truce&gt;</td>' in shown.markup


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan"), np.float32("nan"), pd.NaT, pd.NA])
def test_missing_values_show_as_a_dash(missing):
    """A missing value of any kind is a dash."""
    shown = show_table(pd.DataFrame({"a": pd.Series([missing, "x"], dtype=object)}), "Table")
    assert cells_of(shown) == [["a"], ["–"], ["x"]]


@pytest.mark.parametrize("kind", ["Int64", "Float64", "boolean", "string", "datetime64[s]", "category"])
def test_missing_values_of_typed_columns_show_as_a_dash(kind):
    """A missing value in a column of any type is a dash."""
    assert cells_of(show_table(pd.DataFrame({"a": pd.Series([None], dtype=kind)}), "Table"))[1] == ["–"]


@pytest.mark.parametrize(
    ("digits", "cells"), [(0, ["2", "-2", "3"]), (2, ["1.50", "-1.75", "3"]), (3, ["1.500", "-1.750", "3"])]
)
def test_decimals_are_those_asked_for(digits, cells):
    """Numbers with decimals have `digits` of them; whole numbers have none."""
    table = pd.DataFrame({"a": [1.5], "b": [np.float32(-1.75)], "c": [3]})
    assert cells_of(show_table(table, "Table", digits=digits))[1] == cells


def test_days_show_as_days():
    """A date is written as year, month and day, without a time."""
    assert cells_of(show_table(pd.DataFrame({"a": [pd.Timestamp("2016-05-03")]}), "Table"))[1] == ["2016-05-03"]


@pytest.mark.parametrize(
    ("columns", "headings", "cells"),
    [
        ((), ["article", "word count", "x"], ["a", "3", "z"]),
        (["x", "article_id"], ["x", "article"], ["z", "a"]),
        ({"word_count": "words", "x": ""}, ["words", ""], ["3", "z"]),
    ],
)
def test_columns_come_as_asked_for(columns, headings, cells):
    """A list chooses columns and their order, a mapping their headings too; without either all are shown."""
    table = pd.DataFrame({"article_id": ["a"], "word_count": [3], "x": ["z"]})
    assert cells_of(show_table(table, "Table", columns)) == [headings, cells]


def test_table_without_rows_is_shown():
    """A table without rows shows its caption and its headings."""
    shown = show_table(pd.DataFrame({"a": [], "left": [], "keyword": [], "right": []}), "None", ["a"], passage="line")
    assert shown.plain == "None\na | line"
    assert Reader(shown.markup).tags().count("tr") == 1


def test_numbers_are_set_right_and_text_left():
    """Columns of numbers are set to the right, under headings that say they are headings of columns."""
    elements = Reader(show_table(pd.DataFrame({"n": [1], "t": ["x"]}), "Table").markup).elements
    sides = {tag: [at["style"] for name, at in elements if name == tag] for tag in ("th", "td")}
    assert sides["th"] == sides["td"] == ["text-align:right", "text-align:left"]
    assert all(at["scope"] == "col" for tag, at in elements if tag == "th")


def test_shown_tables_are_kept_where_a_report_asks(tmp_path, monkeypatch):
    """Tables shown are kept in order, as CSV with the headings shown, in the folder that CONTRAST_TABLES names."""
    monkeypatch.setenv("CONTRAST_TABLES", str(tmp_path))
    show_table(pd.DataFrame({"a": [0.123456]}), "Words of <b>one</b> outlet", {"a": "share"})
    show_table(pd.DataFrame({"left": ["The "], "keyword": ["aid"], "right": ["."]}), "Lines", ["left"], passage="line")
    show_table(pd.DataFrame({"a": [1]}), "Shown elsewhere too", kept=False)
    first, second = sorted(tmp_path.iterdir())
    assert (first.suffix, second.name) == (".csv", "02_lines.csv")
    assert first.read_text(encoding="utf-8") == "share\n0.123456\n"
    assert second.read_text(encoding="utf-8") == "left,line\nThe ,The [aid].\n"


# What is kept as CSV


def test_numbers_of_a_csv_read_back():
    """Numbers in a CSV file read back as they were, to six digits, and text with commas and line breaks unchanged."""
    back = pd.read_csv(io.BytesIO(as_csv(NUMBERS)))
    pd.testing.assert_frame_equal(back, NUMBERS, rtol=1e-5, check_exact=False)
    assert as_csv(NUMBERS) == as_csv(NUMBERS.set_axis([7, 3]))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_csv_is_a_formula(text):
    """Text that a spreadsheet would run has an apostrophe before it, as a cell and as a heading; numbers have none."""
    back = pd.read_csv(io.BytesIO(as_csv(pd.DataFrame({text: [text], "n": [-1.5]}))), lineterminator="\n")
    assert list(back.columns) == [f"'{text}", "n"]
    assert back.iloc[0].tolist() == [f"'{text}", -1.5]


# Saved figures


def test_figure_is_saved_as_picture_drawing_and_numbers(folder):
    """A figure goes as PNG, SVG and CSV into the folder that CONTRAST_FIGURES names, which is made if need be."""
    content = save_figure(picture(), "figure", NUMBERS)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert (folder / "figure.png").read_bytes() == content
    assert (folder / "figure.csv").read_bytes() == as_csv(NUMBERS)


def test_figures_go_into_the_project_where_no_folder_is_named(monkeypatch):
    """Without CONTRAST_FIGURES, or with an empty one, figures go to figures/ of the project."""
    written = []
    monkeypatch.setattr("contrast.display.write_whole", lambda path, content: written.append(path))
    monkeypatch.delenv("CONTRAST_FIGURES", raising=False)
    save_figure(picture(), "figure", NUMBERS)
    monkeypatch.setenv("CONTRAST_FIGURES", "")
    save_figure(picture(), "figure", NUMBERS)
    assert sorted(written) == sorted(ROOT / "figures" / name for name in FILES * 2)


def test_same_figure_is_saved_as_the_same_bytes(folder):
    """Two figures drawn alike are saved as the same bytes."""
    first = [save_figure(picture(), "figure", NUMBERS), *((folder / name).read_bytes() for name in FILES)]
    again = [save_figure(picture(), "figure", NUMBERS), *((folder / name).read_bytes() for name in FILES)]
    assert first == again


def spoil(monkeypatch, step, suffix):
    """Let a step of writing fail half-way, for files with this ending: half of the bytes, then no more room."""
    real = getattr(Path, step)

    def fail(path, *args):
        if suffix in path.name:
            if step == "write_bytes":
                real(path, args[0][: len(args[0]) // 2])
            raise OSError("No space left on device")
        return real(path, *args)

    monkeypatch.setattr(Path, step, fail)


@pytest.fixture(scope="module")
def old_and_new(tmp_path_factory):
    """The files of a figure as it was, and as it becomes."""
    found = []
    for value, table in ((0.5, NUMBERS), (0.9, NUMBERS.head(1))):
        into = tmp_path_factory.mktemp("figures")
        with pytest.MonkeyPatch.context() as patch, rc_context(SMALL):
            patch.setenv("CONTRAST_FIGURES", str(into))
            save_figure(picture(value=value), "figure", table)
        found.append({name: (into / name).read_bytes() for name in FILES})
    return found


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
@pytest.mark.parametrize("suffix", [".png", ".svg", ".csv"])
def test_failure_half_way_leaves_whole_files_alone(folder, old_and_new, monkeypatch, step, suffix):
    """If writing fails half-way, each file is the old one or the new one, whole, and nothing is left aside."""
    old, new = old_and_new
    folder.mkdir(parents=True)
    for name, content in old.items():
        (folder / name).write_bytes(content)
    spoil(monkeypatch, step, suffix)
    with pytest.raises(OSError, match="No space left"):
        save_figure(picture(value=0.9), "figure", NUMBERS.head(1))
    left = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sorted(left) == FILES
    assert all(left[name] in (old[name], new[name]) for name in FILES)
    assert left[f"figure{suffix}"] == old[f"figure{suffix}"] != new[f"figure{suffix}"]


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_failure_at_the_first_time_leaves_nothing(tmp_path, monkeypatch, step):
    """If the first writing of a file fails half-way, there is no file, neither under its name nor aside."""
    spoil(monkeypatch, step, ".png")
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "figure.png", b"0123456789")
    assert list(tmp_path.iterdir()) == []


def test_figure_that_cannot_be_drawn_changes_nothing(folder, monkeypatch):
    """If a figure can't be drawn, no file is touched."""
    save_figure(picture(), "figure", NUMBERS)
    old = {path: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("contrast.display._svg", lambda figure: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_figure(picture(value=0.9), "figure", NUMBERS.head(1))
    assert {path: path.read_bytes() for path in folder.iterdir()} == old


def chunks_of(png):
    """Give the kinds of a PNG file's chunks, in order."""
    kinds, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kinds.append(png[at + 4 : at + 8].decode("ascii"))
        at += 12 + length
    return kinds


def test_picture_says_what_it_shows_and_nothing_else(folder):
    """A PNG's one text is its description, the alt text; it tells no software and no time."""
    with rc_context({"figure.dpi": 200}):
        png = save_figure(picture(alt="Dots: “المطار” ×4, 7 – 2."), "figure", NUMBERS)
    with Image.open(io.BytesIO(png)) as image:
        assert image.text == {"Description": "Dots: “المطار” ×4, 7 – 2."}
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        assert image.width == 1400
    assert set(chunks_of(png)) <= {"IHDR", "PLTE", "iTXt", "pHYs", "IDAT", "IEND"}
    assert b"atplotlib" not in png


def test_picture_has_the_colours_of_the_house_exactly(folder):
    """A PNG holds white and each colour drawn exactly, and no more than 128 colours."""
    with rc_context({"figure.dpi": 200}):
        png = save_figure(picture(), "figure", NUMBERS)
    with Image.open(io.BytesIO(png)) as image:
        colours = {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in image.convert("RGB").getcolors()}
    assert {"#ffffff", *OUTLET_COLOURS[:3]} <= colours
    assert len(colours) <= 128


def test_drawing_says_what_it_shows_and_nothing_else(folder):
    """An SVG holds the alt text, escaped, and neither a date nor a version."""
    alt = f"Dots of 2 words: {HOSTILE[0]}"
    save_figure(picture(alt=alt), "figure", NUMBERS)
    text = (folder / "figure.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    described = [element.text for element in root.iter() if element.tag.endswith("}description")]
    assert described == [alt]
    assert not [element.tag for element in root.iter() if element.tag.endswith(("}date", "}creator", "}script"))]
    assert not re.search(r"matplotlib\W*v?\d|\b20\d\d-\d\d-\d\d", text, re.IGNORECASE)


@pytest.mark.parametrize("alt", ["Dots of 2 words.", *HOSTILE])
def test_figure_is_shown_with_its_alt_text_and_numbers(folder, alt):
    """A figure is shown as one image with its alt text, whole in the page, and its numbers folded under it."""
    shown = show_figure(picture(alt=alt), "figure", NUMBERS.assign(word=HOSTILE[:2]))
    read = Reader(shown._repr_mimebundle_()["text/html"])
    assert [tag for tag in read.tags() if tag not in {"caption", "thead", "tbody", "tr", "th", "td"}] == [
        *("figure", "img", "details", "summary", "table"),
    ]
    (image,) = [attributes for tag, attributes in read.elements if tag == "img"]
    start, data = image["src"].split(",")
    assert (image["alt"], start) == (alt, "data:image/png;base64")
    assert base64.b64decode(data, validate=True) == (folder / "figure.png").read_bytes()
    assert all(text in read.text for text in HOSTILE[:2])


def test_figure_in_plain_text_is_its_alt_text_and_fingerprint(folder):
    """In plain text a figure is its alt text, its name and its fingerprint."""
    shown = show_figure(picture(), "figure", NUMBERS)
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown)
    assert repr(shown) == f"Dots of 2 words.\nfigure figure: {fingerprint(picture())}"


# Fingerprints


@pytest.mark.parametrize(
    "change", [{"title": "Road stands 5 times"}, {"value": 0.5001}, {"colour": OUTLET_COLOURS[3]}, {"alt": "Dots."}]
)
def test_fingerprint_changes_with_what_a_figure_says(change):
    """Another title, datum, colour or alt text gives another fingerprint."""
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint(picture()))
    assert fingerprint(picture()) == fingerprint(picture())
    assert fingerprint(picture(**change)) != fingerprint(picture())


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes, value: axes.plot([0, 1], [value, 1]),
        lambda axes, value: axes.barh(0.5, value),
        lambda axes, value: axes.vlines([value], 0, 1),
        lambda axes, value: axes.fill_between([0, value], 0, 1),
        lambda axes, value: axes.text(0.5, 0.5, f"{value:.0%}"),
        lambda axes, value: axes.set_xticks([0], [f"{value:.0%}"]),
    ],
)
def test_fingerprint_changes_with_each_kind_of_mark(draw):
    """A datum shows in the fingerprint whether it is drawn as line, bar, tick, band, word or tick label."""
    prints = set()
    for value in (0.25, 0.75, 0.25):
        figure = Figure()
        draw(figure.add_subplot(), value)
        prints.add(fingerprint(figure))
    assert len(prints) == 2


def test_fingerprint_is_of_what_is_said_not_of_how_finely():
    """The resolution, or having been drawn and saved, does not change a fingerprint."""
    with rc_context({"figure.dpi": 100, "savefig.dpi": 72}):
        coarse = picture()
        coarse.savefig(io.BytesIO(), format="png")
    assert fingerprint(coarse) == fingerprint(picture())
