"""Draw what several figures share: dots with their intervals, scales of ratios, names that find room."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from contrast.corpus import InputError, Problem
from contrast.figures.style import BODY, SIZES, ZERO, Page, outlet_style, shorten, wrap
from contrast.wording import times_as_often

MOST_LANES = 4
FEW = 20  # findings of an outlet: with fewer it is drawn pale
SHADE = "#eef1f3"  # behind what differs clearly, or is chosen
LINE = 0.165  # inches: of a line of small text
PERCENT = {0: "0", 0.25: "25", 0.5: "50", 0.75: "75", 1: "100%"}


def over(units: pd.Series) -> str:
    """
    Say over which units intervals are taken.

    >>> over(pd.Series(["article", "article"]))
    'over articles'
    """
    if (units == "sentence").any():
        mixed = "articles, or where those are few over " if (units == "article").any() else ""
        return f"over {mixed}sentences, which describe these texts, not the outlets"
    return "over articles"


def no_more_than_lanes(outlets: list[str]) -> None:
    """Refuse more outlets than have room in a row."""
    if len(outlets) > MOST_LANES:
        what = f"{len(outlets)} outlets have no room on one page, which holds {MOST_LANES}."
        raise InputError([Problem("outlets", None, what, "Use corpus.group_outlets first.")])


def require_rows(**tables: pd.DataFrame) -> None:
    """Refuse tables without a row, of which there is nothing to draw; each is told by the name it is given by."""
    what, remedy = "it has no rows: there is nothing to draw.", "Leave the figure out, or see what it is made of."
    if empty := [name for name, table in tables.items() if table.empty]:
        raise InputError([Problem(f"the table {name!r}", None, what, remedy) for name in empty])


def draw_dot(axes: Axes, row, value: str, level: float, colour: str, mark: str) -> None:
    """Draw a row's value as a mark at this level, and its interval where it has one."""
    if not (pd.isna(row.low) or pd.isna(row.high)):
        axes.plot([row.low, row.high], [level, level], color=colour, linewidth=2.2, alpha=0.4)
    look = {"markersize": SIZES[mark], "markeredgecolor": "white", "clip_on": False}
    axes.plot(getattr(row, value), level, mark, color=colour, **look)


def even_scale(axes: Axes, reach: float, rows: int) -> None:
    """Set up a scale of log ratios with even in the middle, its ticks in words."""
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.5, max(rows, 1) - 0.5)
    step = 1 if reach < 3 else 2 if reach < 9 else 4
    ticks = np.arange(-int(reach // step) * step, reach, step)
    axes.set_xticks(ticks, [times_as_often(tick) for tick in ticks])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False)
    axes.grid(axis="x")
    axes.axvline(0, color=ZERO, linewidth=1.1)


def name_sides(page: Page, a: str, b: str, zero: float, y: float, room: float) -> None:
    """Write above the line of even whose side is which."""
    for outlet, (colour, _) in outlet_style([a, b]).items():
        name = shorten(outlet, BODY, room - 0.95, "bold")
        x, text, align = (0.1, f"more in {name} ▶", "left") if outlet == a else (-0.1, f"◀ more in {name}", "right")
        page.write(zero + x, y, text, align=align, weight="bold", colour=colour)


def free_place(x: float, y: float, width: float, area: np.ndarray, taken: np.ndarray) -> np.ndarray | None:
    """Find a box beside a dot for a name of this width, within the area and clear of all that is taken."""
    width, height = width + 0.04, 0.16
    for right, up in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1)):
        left = x + (right - 1) * width / 2 + right * (0.04 if up else 0.07)
        base = y + (up - 1) * height / 2 + up * (0.03 if right else 0.07)
        box = np.array([left, base, left + width, base + height])
        inside = (box[:2] >= area[:2]).all() and (box[2:] <= area[2:]).all()
        if inside and not ((taken[:, :2] < box[2:]) & (taken[:, 2:] > box[:2])).all(axis=1).any():
            return box
    return None


def two_lines(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """Break a text into one or two lines of this width; what is longer is cut."""
    first, *rest = wrap(text, size, width, weight)
    return [first, shorten(" ".join(rest), size, width, weight)] if rest else [first]


def signed(value: float) -> str:
    """
    Write a number with its sign, to two decimals.

    >>> signed(-0.204), signed(0.001)
    ('−0.20', '0.00')
    """
    text = f"{value:+.2f}".replace("-", "−")
    return text[1:] if text[1:] == "0.00" else text
