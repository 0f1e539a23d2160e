"""Say how far long work has come: a bar where someone watches, and nothing in an output that is kept."""

import os
import sys
from collections.abc import Iterable

from tqdm import tqdm

SESSION = "JPY_SESSION_NAME"  # set where a notebook is open in JupyterLab; not where one is run by a program
DELAY = 2  # seconds, after which work is long


def progress_bar(what: str, unit: str, total: int | None = None, *, over: Iterable | None = None) -> tqdm:
    """
    Open a bar on the terminal or under the open notebook's cell; it is drawn once work takes long, and then cleared.

    Parameters
    ----------
    what : str
        The work, in a few words.
    unit : str
        What is counted, with the blank before it.
    total : int, optional
        How many there are, if that is known.
    over : iterable, optional
        What to go through; without it, `update(n)` moves the bar and `close()` clears it.
    """
    watched = sys.stderr.isatty() or SESSION in os.environ
    return tqdm(over, desc=what, unit=unit, total=total, delay=DELAY, leave=False, disable=not watched)
