#!/usr/bin/env python3
"""Set up the project and run it; needs nothing but Python 3.11, 3.12 or 3.13.

    python3 run.py         run every notebook and draw every figure, in place
    python3 run.py test    check code, numbers, notebooks and figures; change nothing
    python3 run.py lab     open the notebooks in JupyterLab
    python3 run.py inspect --corpus PATH
                           tell the state of your own corpus before any analysis
    python3 run.py report --corpus PATH --out FOLDER
                           run every notebook on your own corpus, and bind the results into a page
    python3 run.py bench   time terms or --topics, on made-up articles or on --corpus PATH; or try --sentences FILE
    python3 run.py lock    renew requirements.txt from requirements.in

Each command but lock first makes `.venv` from the hash-locked requirements.txt, unless it is there and up to date.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"
WORKERS = str(max(2, min(4, os.cpu_count() or 2)))  # of the tests; each runs kernels of its own
PYTHONS = ((3, 11), (3, 12), (3, 13))
STOPPED = 130  # the exit code after Ctrl-C
UV = "uv==0.13.9"  # resolves the lock; used by `lock` alone, so it is no requirement of the project


def main() -> int:
    commands = {
        "run": run,
        "test": test,
        "lab": lab,
        "inspect": on_corpus,
        "report": on_corpus,
        "bench": bench,
        "lock": lock,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "command", nargs="?", choices=commands, default="run", metavar="{test,lab,inspect,report,bench,lock}"
    )
    if sys.version_info[:2] not in PYTHONS:
        versions = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
        sys.exit(f"This is Python {sys.version.split()[0]}, and {versions} are supported. Run: python3.13 run.py")
    if sys.argv[1:2] in (["inspect"], ["report"]):
        return on_corpus()
    if sys.argv[1:2] == ["bench"]:
        return bench()
    return commands[parser.parse_args().command]()


def run() -> int:
    return python("-m", "contrast.execution")


def test() -> int:
    """Run every check, also those after a failed one, so that one run tells all that is wrong."""
    checks = [
        ("style of the code", ("-m", "ruff", "check", "--quiet", ".")),
        ("layout of the code", ("-m", "ruff", "format", "--check", "--quiet", ".")),
        ("tests, notebooks and figures", ("-m", "pytest", "-p", "tests.early", "-n", WORKERS, "-q", "-rs")),
    ]
    failed = []
    for name, command in checks:
        print(f"Checking {name} ...", flush=True)
        code = python(*command)
        if code == STOPPED:
            return STOPPED
        if code:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def on_corpus() -> int:
    """Hand `inspect` or `report` on with its options; paths in them are seen from where the user stands."""
    return python("-m", "contrast.commands", *sys.argv[1:], folder=Path.cwd())


def bench() -> int:
    return python("-m", "contrast.bench", *sys.argv[2:], folder=Path.cwd())


def lab() -> int:
    return python("-m", "jupyterlab", "notebooks/01_corpus.ipynb")


def lock() -> int:
    """Resolve one set of versions for every supported Python and system: numpy must not differ between them."""
    options = ["--universal", "--fork-strategy=fewest", "--python-version=3.11", "--generate-hashes", "--upgrade"]
    options += ["--no-header", "--no-annotate", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder))
        tool = executable(Path(folder))
        subprocess.check_call([tool, "-m", "pip", "install", "--quiet", UV])
        command = [tool, "-m", "uv", "pip", "compile", *options, "-o", REQUIREMENTS.name, "requirements.in"]
        return subprocess.call(command, cwd=ROOT)


def python(*arguments: str, folder: Path = ROOT) -> int:
    """
    Run the environment's Python with the project's modules, UTF-8 files, and modules compiled but once.

    Linear algebra gets one thread, if nobody asked for more: several processes share the cores, and would wait for each
    other.
    """
    own = {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    settings = {"OPENBLAS_NUM_THREADS": "1", **os.environ, **own}
    try:
        install()
        child = subprocess.Popen([executable(ENVIRONMENT), *arguments], cwd=folder, env=settings)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()
    except KeyboardInterrupt:
        return STOPPED


def install() -> None:
    """Make `.venv` from requirements.txt; a copy of that file, written last, says that it is complete."""
    wanted, stamp = REQUIREMENTS.read_bytes(), ENVIRONMENT / "requirements.txt"
    if stamp.is_file() and stamp.read_bytes() == wanted and executable(ENVIRONMENT).exists():
        return
    print("Setting up .venv (once; some minutes) ...", flush=True)
    create(ENVIRONMENT)
    pip = [executable(ENVIRONMENT), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call([*pip, "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS], cwd=ROOT):
        sys.exit("The packages could not be installed: pip's message above says why. Mend that and run this again.")
    stamp.write_bytes(wanted)


def create(folder: Path) -> None:
    try:
        import ensurepip  # noqa: F401  (Debian and Ubuntu ship it apart)
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            "This Python cannot make environments. On Debian and Ubuntu install the missing part and run this again:\n"
            f"    sudo apt install python{version}-venv"
        )
    venv.create(folder, with_pip=True, clear=True)


def executable(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


if __name__ == "__main__":
    sys.exit(main())
