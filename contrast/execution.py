"""Run every notebook in place, and put the figures it draws into `figures/`: what `python3 run.py` does.

A notebook that fails changes nothing, neither itself nor its figures, and does not stop the others.
"""

import asyncio
import copy
import errno
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from contrast.cleaning import load_corpus
from contrast.codebook import read_codebook
from contrast.corpus import ROOT, InputError, read_all, shown
from contrast.display import FIGURES_SETTING, TABLES_SETTING
from contrast.topics.names import read_topic_names

AT_ONCE = max(2, os.cpu_count() or 1)
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def main() -> int:
    """Check the input, then run every notebook; give the exit code: 0, 1 if some failed, 130 after Ctrl-C."""
    try:
        read_all(load_corpus, read_codebook, read_topic_names)
        failures = execute_notebooks(sorted((ROOT / "notebooks").glob("*.ipynb")), ROOT / "figures")
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        where = shown(error.filename) if error.filename else "the project's folder"
        print(f"{where} can't be written: {error.strerror}. Mend that, and run this again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Notebooks that were not done yet are as they were.", file=sys.stderr)
        return 130
    if failures:
        print(f"Failed: {', '.join(failures)}. To see where: python3 run.py lab", file=sys.stderr)
        return 1
    print("The results are in notebooks/ and figures/. To read them: python3 run.py lab")
    return 0


def execute_notebooks(
    notebooks: list[Path],
    figures: Path,
    *,
    into: Path | None = None,
    tables: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """
    Run notebooks in place and at the same time, each with its own folder as working directory.

    Parameters
    ----------
    notebooks : list of path
    figures : path
        Folder for the figures. The kernels are told to draw into another one, by the environment variable
        `CONTRAST_FIGURES`; a notebook's figures are moved here once all of its cells have succeeded.
    into : path, optional
        Folder for the notebooks as run; if not given they are run in place.
    tables : path, optional
        Folder for the tables shown, as CSV; none are written if not given.
    environment : mapping, optional
        Variables of the kernels, besides those of this process.

    Returns
    -------
    dict
        Name of each notebook that failed -> what went wrong. Files whose bytes are the same are left alone.
    """
    figures.mkdir(exist_ok=True)
    for folder in {figures, into or figures, *(path.parent for path in notebooks)}:
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    aside = tempfile.TemporaryDirectory(prefix=".drafts-", dir=figures.parent, ignore_cleanup_errors=True)
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # leaves no kernel behind
    try:
        with aside as drafts, asyncio.Runner(loop_factory=_Loop) as runner:
            places = Places(Path(drafts), figures, into, tables)
            return runner.run(_execute_all(notebooks, places, environment or {}))
    finally:
        signal.signal(signal.SIGTERM, before)


def canonical(notebook: nbformat.NotebookNode) -> str:
    """Give the text of a notebook as this project keeps it: no version, timing or state of a window in its metadata."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key == "tags"})
    return nbformat.writes(notebook).rstrip("\n") + "\n"


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that nbclient cannot take Ctrl-C from: it would stop one kernel and let the others go on."""

    def add_signal_handler(self, *_):
        raise NotImplementedError

    def call_exception_handler(self, _):
        """Pass over what nbclient's left-over tasks meet when their kernel is gone; ours raise in `_execute_all`."""


class Places(NamedTuple):
    """Folders: where kernels write, and where what they wrote goes once a notebook has succeeded."""

    drafts: Path
    figures: Path
    notebooks: Path | None
    tables: Path | None


async def _execute_all(notebooks, places, environment):
    turn, failures = asyncio.Semaphore(AT_ONCE), {}
    width = max((len(path.stem) for path in notebooks), default=0)

    async def execute(path):
        async with turn:
            started = time.monotonic()
            try:
                await _execute(path, places, environment)
            except Exception as error:  # of whatever kind, it must not stop the other notebooks
                if asyncio.current_task().cancelling():
                    raise asyncio.CancelledError from error
                print(f"{path.stem:<{width}}  FAILED: {error}", flush=True)
                failures[path.stem] = str(error)
            else:
                print(f"{path.stem:<{width}}  done in {time.monotonic() - started:.0f} s", flush=True)

    async with asyncio.TaskGroup() as group:  # which waits, after Ctrl-C, until every kernel is gone
        for path in reversed(notebooks):  # the last, which makes up corpora, takes longest
            group.create_task(execute(path))
    return dict(sorted(failures.items()))


async def _execute(path, places, environment):
    drawn, shown = places.drafts / path.stem, places.drafts / f"{path.stem}.tables"
    written = places.drafts / path.name
    drawn.mkdir()
    shown.mkdir()
    notebook = nbformat.read(path, as_version=4)
    settings = {FIGURES_SETTING: str(drawn), **({TABLES_SETTING: str(shown)} if places.tables else {})}
    await _run_cells(notebook, path.parent, {**os.environ, **environment, **settings})
    written.write_bytes(canonical(notebook).encode())
    for file in sorted(drawn.iterdir()):
        _replace(places.figures / file.name, file)
    for file in sorted(shown.iterdir()):
        _replace(places.tables / f"{path.stem}_{file.name}", file)
    _replace((places.notebooks or path.parent) / path.name, written)


def _replace(path: Path, new: Path) -> None:
    """Put a file in its place, unless the one there is the same."""
    if not path.exists() or path.read_bytes() != new.read_bytes():
        path.parent.mkdir(parents=True, exist_ok=True)
        new.replace(path)


async def _run_cells(notebook, folder, environment):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        cell.update(execution_count=None, outputs=[])
    kernel = AsyncKernelManager(kernel_name=METADATA["kernelspec"]["name"])
    options = {"timeout": None, "record_timing": False, "coalesce_streams": True, "force_raise_errors": True}
    client = NotebookClient(notebook, km=kernel, **options)
    try:
        await client.async_start_new_kernel(cwd=str(folder), env=environment, stderr=subprocess.DEVNULL)
        await client.async_start_new_kernel_client()
        await client.async_execute(cleanup_kc=True)
    except CellExecutionError as error:
        raise _failure(f"{error.ename}: {error.evalue}", client.code_cells_executed) from error
    except DeadKernelError as error:
        raise _failure("the kernel died", client.code_cells_executed) from error
    finally:
        if kernel.has_kernel:  # it was stopped while it was starting
            await kernel.shutdown_kernel(now=True)
    for cell in code:
        for output in cell.outputs:
            if output.get("name") == "stderr":
                raise _failure(f"it wrote to stderr: {output.text}", cell.execution_count)


def _failure(what: str, cell: int) -> Exception:
    """Name the first lines of what happened, and where; the notebook itself, run in JupyterLab, shows all."""
    return RuntimeError("\n".join(what.splitlines()[:4]) + f", in cell {cell}")


if __name__ == "__main__":
    sys.exit(main())
