"""Run every notebook in place, and put the figures it draws into `figures/`: what `python3 run.py` does.

A notebook that fails changes nothing, neither itself nor its figures, and does not stop the others.
"""

import asyncio
import copy
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from contrast.cleaning import load_corpus
from contrast.corpus import ROOT, InputError

AT_ONCE = max(2, os.cpu_count() or 1)
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def main() -> int:
    """Check the input, then run every notebook; give the exit code."""
    try:
        load_corpus()
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    code = execute_notebooks(sorted((ROOT / "notebooks").glob("*.ipynb")), ROOT / "figures")
    if code == 0:
        print("The results are in notebooks/ and figures/. To read them: python3 run.py lab")
    return code


def execute_notebooks(notebooks: list[Path], figures: Path) -> int:
    """
    Run notebooks in place and at the same time, each with its own folder as working directory.

    Parameters
    ----------
    notebooks : list of path
    figures : path
        Folder for the figures. The kernels are told to draw into another one, by the environment variable
        `CONTRAST_FIGURES`; a notebook's figures are moved here once all of its cells have succeeded.

    Returns
    -------
    int
        0 if every notebook was run, 1 if some failed, 130 after Ctrl-C. Files whose bytes are the same are left alone.
    """
    figures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".drafts-", dir=figures.parent, ignore_cleanup_errors=True) as drafts:
        try:
            with asyncio.Runner(loop_factory=_Loop) as runner:
                return runner.run(_execute_all(notebooks, figures, Path(drafts)))
        except KeyboardInterrupt:
            print("Stopped. Notebooks that were not done yet are as they were.", file=sys.stderr)
            return 130


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


async def _execute_all(notebooks, figures, drafts):
    turn = asyncio.Semaphore(AT_ONCE)
    width = max((len(path.stem) for path in notebooks), default=0)

    async def execute(path):
        async with turn:
            started = time.monotonic()
            try:
                await _execute(path, figures, drafts)
            except Exception as error:  # of whatever kind, it must not stop the other notebooks
                if asyncio.current_task().cancelling():
                    raise asyncio.CancelledError from error
                print(f"{path.stem:<{width}}  FAILED: {error}", flush=True)
                return 1
            print(f"{path.stem:<{width}}  done in {time.monotonic() - started:.0f} s", flush=True)
            return 0

    async with asyncio.TaskGroup() as group:  # which waits, after Ctrl-C, until every kernel is gone
        tasks = [group.create_task(execute(path)) for path in notebooks]
    return max((task.result() for task in tasks), default=0)


async def _execute(path, figures, drafts):
    drawn, written = drafts / path.stem, drafts / path.name
    drawn.mkdir()
    notebook = nbformat.read(path, as_version=4)
    await _run_cells(notebook, path.parent, {**os.environ, "CONTRAST_FIGURES": str(drawn)})
    written.write_bytes(canonical(notebook).encode())
    for new, old in [*((file, figures / file.name) for file in sorted(drawn.iterdir())), (written, path)]:
        if not old.exists() or old.read_bytes() != new.read_bytes():
            new.replace(old)


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
