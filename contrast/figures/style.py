"""The house style of every figure: type, colours, a page laid out in inches, and a check that no text collides."""

import functools
import textwrap
import warnings
from bisect import bisect_left

import font_source_sans_pro
import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text

WIDTH, MARGIN = 7.0, 0.12  # inches
INSIDE = WIDTH - 2 * MARGIN
INK, MUTED, RULE, ZERO = "#1b1f24", "#565c65", "#d8dbe0", "#555b63"
BAR, PALE_BAR = "#2f4858", "#d3dade"
ALT = 500  # characters of an alt text, at most
OUTLET_COLOURS, OUTLET_MARKS = ("#00617a", "#c4511a", "#8b2fd6", "#4f1f17"), ("o", "D", "s", "^")
OTHER_COLOUR = "#6b7078"
TITLE, SUBTITLE, LABEL, BODY, SMALL = 15, 11, 10.5, 10, 9  # points
ON_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # no line runs through a word
SIZES = {"o": 7.0, "D": 6.0, "s": 6.4, "^": 7.4}

for _weight in ("Regular", "Bold"):
    _name = "SourceSansPro" + ("" if _weight == "Regular" else _weight)
    font_manager.fontManager.addfont(getattr(font_source_sans_pro, _name).replace(".otf", ".ttf"))
matplotlib.rcParams.update(
    {
        "font.family": ["Source Sans Pro", "DejaVu Sans"],
        "font.size": BODY,
        "text.color": INK,
        "text.parse_math": False,  # a dollar sign in an article is a dollar sign
        "text.hinting": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.spines.bottom": False,
        "axes.axisbelow": True,
        "grid.color": RULE,
        "grid.linewidth": 0.7,
        "xtick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.major.size": 0,
        "xtick.color": MUTED,
        "xtick.labelsize": SMALL,
        "lines.solid_capstyle": "butt",
        "svg.hashsalt": "contrast",
        "svg.fonttype": "path",
        "figure.dpi": 200,
        "savefig.dpi": 200,
    }
)


warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # drawn as a box; alt texts have the sign


def outlet_style(outlets: list[str]) -> dict[str, tuple[str, str]]:
    """
    Give each outlet its colour and mark, by its place in the list; from the fifth on all share a grey.

    >>> outlet_style(["SANA", "RT"])["RT"]
    ('#c4511a', 'D')
    """
    some = zip(OUTLET_COLOURS, OUTLET_MARKS, strict=True)
    return {outlet: next(some, (OTHER_COLOUR, "o")) for outlet in outlets}


def paler(colour: str) -> str:
    """Mix a colour with white, for what is drawn but not certain."""
    return to_hex(0.45 * np.array(to_rgb(colour)) + 0.55)


RENDERER = FigureCanvasAgg(Figure(figsize=(1, 1))).get_renderer()  # by which texts are measured


@functools.cache
def width_of(text: str, size: float = BODY, weight: str = "normal") -> float:
    """Give the width of a line, in inches; each is measured once."""
    font = FontProperties(size=size, weight=weight)
    pixels, _, _ = RENDERER.get_text_width_height_descent(text, font, False)
    return pixels / RENDERER.dpi


def shorten(text: str, size: float, width: float, weight: str = "normal") -> str:
    """Cut a text to one line of `width`, with an ellipsis where something was cut."""
    if width_of(text, size, weight) <= width:
        return text
    letters = range(1, len(text))
    fitting = bisect_left(letters, True, key=lambda n: width_of(text[:n] + "…", size, weight) > width)
    kept = text[:fitting]
    if " " in kept and text[fitting:].partition(" ")[0].strip(",;:-"):  # of the last word a letter is cut off
        kept = kept.rpartition(" ")[0]
    return kept.rstrip(" ,;:-") + "…"


def wrap(text: str, size: float, width: float, weight: str = "normal", *, balanced: bool = False) -> list[str]:
    """Break a text into lines no wider than `width`; balanced lines are as even as their number allows."""
    words = [shorten(word, size, width, weight) for word in text.split()]
    widths = [width_of(word, size, weight) for word in words]
    space = width_of("n n", size, weight) - 2 * width_of("n", size, weight)
    lines = _fill(words, widths, space, width)
    narrower = width
    while balanced and len(lines) > 1 and narrower > 0.55 * width:
        narrower -= 0.12
        attempt = _fill(words, widths, space, narrower)
        if len(attempt) > len(lines):
            break
        lines = attempt
    return lines


def _fill(words, widths, space, width):
    lines, used = [], width
    for word, wide in zip(words, widths, strict=True):
        used += space + wide
        if used > width:
            lines.append(word)
            used = wide
        else:
            lines[-1] += f" {word}"
    return lines


def column_width(names, size=SMALL, weight="bold", *, least: float = 0.62, most: float = 1.25) -> float:
    """Give the width that a column needs for its widest name, in inches; names beyond `most` are to be shortened."""
    return min(most, max([least, *(width_of(name, size, weight) + 0.14 for name in names)]))


class Page:
    """
    A figure with a title, a subtitle and a source line, whose body is laid out in inches from its lower left corner.

    Parameters
    ----------
    title : str
        The finding, in a sentence.
    subtitle : str
        What is measured, in which unit, on how many articles.
    source : str
        Where the texts are from, and what the figure can't say.
    alt : str
        What a reader who can't see the figure should know: its kind, the largest values, the caveat. It becomes the
        figure's label.
    body : float
        Height of the body, in inches.
    """

    def __init__(self, title: str, subtitle: str, source: str, alt: str, body: float):
        self.figure = Figure(figsize=(WIDTH, 3), label=textwrap.shorten(alt, ALT, placeholder=" …"))
        self.body = body
        head, foot = MARGIN, MARGIN + 0.04
        texts = []
        for text, size, weight, colour in ((title, TITLE, "bold", INK), (subtitle, SUBTITLE, "normal", MUTED)):
            for line in wrap(text, size, INSIDE, weight, balanced=weight == "bold"):
                texts.append((head, line, size, weight, colour))
                head += size * 1.22 / 72
            head += 0.06
        head += 0.1
        notes = wrap(source, SMALL, INSIDE)
        foot += len(notes) * SMALL * 1.28 / 72 + 0.18
        self._foot = foot
        self.height = head + body + foot
        self.figure.set_size_inches(WIDTH, self.height)
        for y, line, size, weight, colour in texts:
            self._put(0, self.height - foot - y, line, size, colour, weight, "left", "top")
        self.figure.add_artist(
            Line2D([MARGIN / WIDTH, 1 - MARGIN / WIDTH], [(foot - 0.12) / self.height] * 2, color=RULE, linewidth=0.8)
        )
        for number, line in enumerate(notes):
            self._put(0, -0.18 - number * SMALL * 1.28 / 72, line, SMALL, MUTED, "normal", "left", "top")

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Add axes without ticks at these inches of the body."""
        axes = self.figure.add_axes((*self.place(left, bottom), width / WIDTH, height / self.height))
        axes.set_xticks([])
        axes.set_yticks([])
        return axes

    def write(self, x, y, text, *, size=BODY, colour=INK, weight="normal", align="left") -> float:
        """Write one line, its middle at height y; return its width in inches."""
        self._put(x, y, text, size, colour, weight, align, "center_baseline")
        return width_of(text, size, weight)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Turn inches of the body into the figure's fractions."""
        return (MARGIN + x) / WIDTH, (self._foot + y) / self.height

    def mark(self, x: float, y: float, colour: str, mark: str) -> None:
        """Put an outlet's mark, its centre at these inches of the body."""
        at = self.place(x, y)
        self.figure.add_artist(
            Line2D(at[:1], at[1:], color=colour, marker=mark, markersize=SIZES[mark], markeredgecolor="white")
        )

    def key(self, x: float, y: float, styles: dict[str, tuple[str, str]]) -> float:
        """Name the outlets beside their marks, in a row that ends with the page; return where it ends."""
        room = (INSIDE - x) / len(styles) - 0.36
        for outlet, (colour, mark) in styles.items():
            self.mark(x + 0.06, y, colour, mark)
            name = shorten(outlet, BODY, room, "bold")
            x += 0.16 + self.write(x + 0.16, y, name, colour=colour, weight="bold") + 0.2
        return x

    def _put(self, x, y, text, size, colour, weight, align, vertical):
        self.figure.text(
            *self.place(x, y),
            text,
            fontsize=size,
            color=colour,
            fontweight=weight,
            ha=align,
            va=vertical,
        )


class _Ruler(FigureCanvasAgg):
    """A canvas on which texts are put in their places and measured, and none is drawn."""

    def get_renderer(self):
        return RENDERER


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Find pairs of texts that cover each other, and texts that leave the page ("off page", text)."""
    _Ruler(figure)
    figure.draw_without_rendering()
    FigureCanvasAgg(figure)  # on which it can be drawn again
    boxes = [
        (text.get_text(), text.get_window_extent(RENDERER))
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]
    page = figure.bbox
    found = [
        ("off page", text)
        for text, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > page.width + 1 or box.y1 > page.height + 1
    ]
    for i, (text, box) in enumerate(boxes):
        for other, beside in boxes[i + 1 :]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            if wide > 1 and high > 4:
                found.append((text, other))
    return found
