"""The commands on a corpus of one's own, `run.py inspect` and `run.py report`: options in, exit code out."""

import argparse
import csv
import os
import re
import sys
from functools import partial
from pathlib import Path

from contrast.corpus import InputError, Problem
from contrast.progress import progress_bar


def main(arguments: list[str]) -> int:
    """Run a command; give the exit code: 0, 1 if something could not be done, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except InputError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # whoever read our output has stopped reading: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        remedy = "Free some space, or name a folder that can be written."
        print(f"Reading or writing{where} failed: {error.strerror or error}. {remedy}", file=sys.stderr)
    except KeyboardInterrupt:
        goes_on = " The same command goes on from here." if options.command is _report else ""
        print(f"Stopped.{goes_on}", file=sys.stderr)
        return 130
    return 1


def _parser():
    parser = argparse.ArgumentParser(prog="run.py")
    commands = parser.add_subparsers(required=True)
    for name, command, what in (
        ("inspect", _inspect, "tell the state of a corpus before any analysis"),
        ("report", _report, "run every notebook on a corpus and bind the results into a page"),
    ):
        part = commands.add_parser(name, help=what, description=what.capitalize() + ".")
        part.set_defaults(command=command)
        part.add_argument("--corpus", type=Path, required=True, metavar="PATH", help="a folder or a file of articles")
        outlets = """the outlets to compare; all if not given; '"A, Inc.",B' where a name holds a comma"""
        part.add_argument("--outlets", type=_names, metavar="A,B", help=outlets)
        part.add_argument(
            "--columns",
            type=_pair,
            nargs="+",
            action="extend",
            default=[],
            metavar="OURS=THEIRS",
            help="which column is which, where the names are unusual: text=article_content outlet=source",
        )
        part.add_argument("--dates", choices=["day-first", "month-first"], help="how to read 03/05/2016")
        if name == "report":
            part.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder for the report")
            part.add_argument(
                "--furniture", type=Path, metavar="FILE", help="the marked tables/furniture.csv of an earlier report"
            )
            part.add_argument(
                "--made-up",
                type=_several,
                metavar="N",
                help="corpora that 06_how_sure makes up to test its methods (6): more take longer and tell surer",
            )
            part.add_argument(
                "--topics", type=_several, metavar="N", help="how many topics 03_topics finds; it chooses if not given"
            )
    return parser


def _inspect(options):
    from contrast.cleaning import clean
    from contrast.codebook import read_codebook
    from contrast.corpus import choose_outlets, read_all
    from contrast.health import examine, health_text
    from contrast.reading import read_corpus

    columns = _columns(options.columns)

    def read():
        reading = read_corpus(options.corpus, columns=columns, dates=options.dates, progress=progress)
        return reading._replace(articles=choose_outlets(reading.articles, options.outlets, str(options.corpus)))

    with _Reading() as progress:
        reading, codebook = read_all(read, partial(read_codebook, options.corpus))
    for sentence in reading.told:
        print(sentence)
    print(health_text(examine(clean(reading.articles), reading.rejects, codebook=codebook)))
    return 0


def _report(options):
    from contrast.report import Request, make_report

    columns = _columns(options.columns)
    chosen = {name: getattr(options, name) for name in ("outlets", "dates", "furniture", "made_up", "topics")}
    request = Request(options.corpus, options.out, columns=columns, **chosen)
    with _Reading() as progress:
        failures = make_report(request, progress)
    print(f"The report: {options.out / 'report.html'}")
    return 1 if failures else 0


class _Reading:
    """A progress bar whose total becomes known while it runs."""

    def __enter__(self):
        self.bar = progress_bar("Reading", " rows")
        return self

    def __call__(self, done, total=None):
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def __exit__(self, *_):
        self.bar.close()


def _names(text):
    """Split names at commas, as a row of CSV."""
    row = next(csv.reader([" ".join(text.split())], skipinitialspace=True), [])
    if names := [name.strip() for name in row if name.strip()]:
        return names
    raise argparse.ArgumentTypeError(f"{text!r} names no outlet, as SANA,RT does")


def _columns(pairs):
    """Give what is said of columns as a dictionary, or none; refuse to be told of one twice."""
    for name in (name for names in zip(*pairs, strict=True) for name in names if names.count(name) > 1):
        raise InputError([Problem("--columns", None, f"{name!r} is named twice.", "Name each column once.")])
    return dict(pairs) or None


def _several(text):
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) < 2:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 2 to 999999")
    return int(text)


def _pair(text):
    ours, sign, theirs = text.partition("=")
    if not sign or not ours or not theirs:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form text=article_content")
    return ours, theirs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
