"""Run the notebooks on a researcher's own articles and bind what they say into one page: `run.py report`.

Every file in the output folder is whole or not there, and a file that is there is not made again: so a run that was
stopped goes on where it was, as long as nothing that it was made from has changed.
"""

import hashlib
import json
import os
import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from filelock import FileLock, Timeout

from contrast.cleaning import clean
from contrast.codebook import read_codebook
from contrast.corpus import PREPARED, ROOT, InputError, Problem, choose_outlets, read_all, several_outlets
from contrast.display import as_csv, write_whole
from contrast.duplicates import near_duplicates
from contrast.execution import canonical, execute_notebooks
from contrast.furniture import drop_furniture, find_furniture, is_kept, read_furniture
from contrast.page import bind_page
from contrast.reading import read_corpus
from contrast.topics.names import read_topic_names
from contrast.wording import listed, number_of

LOCK, KEY = ".lock", ".made-from"  # the latter holds the key of all that the folder's files were made from
CODE = (".py", ".js", ".css", ".html")
OURS = ("corpus", "notebooks", "figures", "tables", "report.html")


class Request(NamedTuple):
    """
    What a researcher asks for; `columns` and `dates` as `reading.read_corpus` takes them.

    `furniture` is the `tables/furniture.csv` of an earlier report, with "no" in its column `keep` for what is to go.
    `made_up` is how many corpora of topics `06_how_sure` makes up, and others in proportion; if not given, its own.
    `topics` is how many `03_topics` finds; if not given, as many as last.
    """

    corpus: Path
    out: Path
    outlets: list[str] | None = None
    columns: dict[str, str] | None = None
    dates: str | None = None
    furniture: Path | None = None
    made_up: int | None = None
    topics: int | None = None


def make_report(request: Request, progress=None) -> dict[str, str]:
    """
    Read a corpus, run every notebook on it, and write the report.

    The output folder gets `report.html`, `notebooks/`, `figures/`, `tables/` (every table shown, `rejects.csv`, and
    `furniture.csv`: what outlets print again and again) and `corpus/`, the articles as they were read.

    Parameters
    ----------
    request : Request
    progress : callable, optional
        Passed on to `reading.read_corpus`.

    Returns
    -------
    dict
        Name of each notebook that could not be run -> why; the page says so in its place.

    Raises
    ------
    InputError
        If the corpus or its codebook can't be read, it has fewer than two outlets, or the folder holds other files or
        another run.
    OSError
        If the folder can't be written.
    """
    out = request.out.resolve()
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / LOCK).exists()):
        problem = "there is something else at this place."
        raise InputError([Problem(str(request.out), None, problem, "Name a new or an empty folder.")])
    if out.is_relative_to(request.corpus.resolve()):
        problem = "the report would lie among the articles."
        raise InputError([Problem(str(request.out), None, problem, "Name a folder outside the corpus.")])
    read_all(partial(read_codebook, request.corpus), partial(read_topic_names, request.corpus))
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / LOCK, timeout=0):
            return _make(request, out, progress)
    except Timeout:
        problem = "another run is writing into this folder."
        raise InputError([Problem(str(request.out), None, problem, "Wait for it, or name another folder.")]) from None
    finally:
        if is_new and not (out / KEY).exists():
            shutil.rmtree(out, ignore_errors=True)


def _make(request, out, progress):
    for stale in out.glob(".drafts-*"):  # of a run that was killed
        shutil.rmtree(stale, ignore_errors=True)
    told = _prepare(request, out, progress)
    failures = _run_notebooks(request, out)
    pages = {path.stem: failures.get(path.stem) or out / "notebooks" / path.name for path in _shipped_notebooks()}
    outlets = pd.read_parquet(out / "corpus" / PREPARED, columns=["outlet"])["outlet"].unique()
    write_whole(out / "report.html", bind_page(pages, f"How {listed(outlets)} compare", told).encode())
    return failures


def _key(request):
    """Hash all that a report is made from: the articles, the options, the codebook, the notebooks and the code."""
    asked = request._replace(corpus=None, out=None, furniture=None)  # whose content counts, not where it is
    parts = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    corpus = Path(request.corpus)
    folder = corpus if corpus.is_dir() else corpus.parent
    files = sorted(path for path in corpus.rglob("*") if path.is_file()) if corpus.is_dir() else [corpus]
    codebook = sorted((ROOT / "corpus" / "codebook").glob("*.csv"))
    rooms = sorted(path for path in (ROOT / "contrast").rglob("*") if path.suffix in CODE)
    code = [*rooms, ROOT / "helpers.py", ROOT / "requirements.txt"]
    if request.furniture:
        parts.update(as_csv(_marked(request)))
    named = [(path.relative_to(folder).as_posix(), path) for path in files]  # whose folder may be their outlet
    others = [*codebook, *code, *_shipped_notebooks()]
    for name, path in [*named, *((path.name, path) for path in others)]:
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            parts.update(f"{name} {digest}\n".encode())
    return parts.hexdigest()


def _prepare(request, out, progress):
    """Write the articles in the form that notebooks read, unless they are there; give what is to be told of them."""
    folder, tables, key = out / "corpus", out / "tables", _key(request)
    is_same = (out / KEY).exists() and (out / KEY).read_text(encoding="utf-8") == key
    if is_same and (folder / PREPARED).exists():
        return json.loads((folder / "told.json").read_text(encoding="utf-8"))
    reading = read_corpus(request.corpus, columns=request.columns, dates=request.dates, progress=progress)
    articles = choose_outlets(reading.articles, request.outlets, str(request.corpus))
    several_outlets(articles, str(request.corpus))
    told, marked = list(reading.told), _marked(request)
    if request.furniture:
        articles, sentences = _without_furniture(articles, marked, request.furniture)
        told += sentences
    if not is_same:  # all has been read and is sound: only now what was there gives way
        _clear(out)
        write_whole(out / KEY, key.encode())
    folder.mkdir(exist_ok=True)
    tables.mkdir(exist_ok=True)
    told += _offer_furniture(articles, marked, tables)
    for own in (Path(request.corpus) / name for name in ("codebook", "coding")):
        if own.is_dir():
            shutil.copytree(own, folder / own.name, dirs_exist_ok=True)
    if len(reading.rejects):
        told.append(f"{number_of(len(reading.rejects), 'problem')} in the input: tables/rejects.csv lists them.")
    write_whole(tables / "rejects.csv", as_csv(reading.rejects))
    write_whole(folder / "told.json", json.dumps(told).encode())
    aside = folder / f".{PREPARED}.part"
    articles.to_parquet(aside)
    aside.replace(folder / PREPARED)
    return told


def _clear(out):
    """Take away what an earlier run made of other articles or options, and say so."""
    if (out / KEY).exists():
        print("The articles, the options or the notebooks have changed: starting anew.", flush=True)
    for name in OURS:
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _marked(request):
    """Give the pieces that a reader has marked to be dropped."""
    if not request.furniture:
        return pd.DataFrame()
    table = read_furniture(request.furniture)
    return table[~is_kept(table)]


def _without_furniture(articles, marked, path):
    """Take the pieces that a reader has marked off the articles' own text, and say of how many."""
    whole = clean(articles)["text"]
    bare = drop_furniture(articles.assign(text=whole), marked)["text"]
    is_changed = bare != whole
    left = articles.assign(raw=articles["raw"].mask(is_changed, bare))[bare.str.strip() != ""]
    sentences = [
        f"Furniture was taken off {number_of(is_changed.sum(), 'article')}, as {path.name} says; "
        f"{number_of(len(articles) - len(left), 'article')} held nothing else."
    ]
    strangers = marked.loc[~marked["outlet"].isin(articles["outlet"]), "outlet"]
    if len(strangers):
        rows, names = number_of(len(strangers), "row"), listed(dict.fromkeys(strangers))
        sentences.append(f"Of no outlet here, and so without effect: {rows} of {path.name} ({names}).")
    return left, sentences


def _offer_furniture(articles, marked, tables):
    """List what outlets print again and again, after what was dropped, for a reader to mark; say so if there is any."""
    cleaned = clean(articles)
    found = find_furniture(cleaned, near_duplicates(cleaned))
    listed_so = found if marked.empty else pd.concat([marked.reindex(columns=found.columns), found])
    write_whole(tables / "furniture.csv", as_csv(listed_so))
    if found.empty:
        return []
    return [
        f"{number_of(len(found), 'piece')} of text that an outlet prints again and again, found and kept: "
        "tables/furniture.csv lists them. To drop some, write no in their column keep, and give the file to the same "
        "command as --furniture."
    ]


def _run_notebooks(request, out):
    """Run the notebooks whose results are not there yet; give what went wrong with each that failed."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    done, drafts = out / "notebooks", out / ".parameterised"
    done.mkdir(exist_ok=True)
    drafts.mkdir(exist_ok=True)
    options = {"corpus": "../corpus", "outlets": request.outlets}
    numbers = {"made_up": request.made_up, "topics": request.topics}
    options |= {name: number for name, number in numbers.items() if number is not None}
    waiting = []
    for source in _shipped_notebooks():
        if not (done / source.name).exists():
            notebook = load_notebook_node(str(source))
            asked = next(cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
            known = {name: value for name, value in options.items() if f"{name} = " in asked}
            notebook = parameterize_notebook(notebook, known)
            for cell in notebook.cells:
                if "injected-parameters" in cell.metadata.get("tags", ()):
                    cell.id = "injected-parameters"  # papermill draws one at random
            write_whole(drafts / source.name, canonical(notebook).encode())
            waiting.append(drafts / source.name)
    modules = {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    try:
        return execute_notebooks(waiting, out / "figures", into=done, tables=out / "tables", environment=modules)
    finally:
        shutil.rmtree(drafts, ignore_errors=True)


def _shipped_notebooks():
    return sorted((ROOT / "notebooks").glob("*.ipynb"))
