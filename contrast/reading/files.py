"""Read an article's own file: a text, or the main text of a web page."""

import codecs
import logging
import re
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from contrast.reading.account import MAX_ARTICLE, Unfit, clean_string, too_large
from contrast.reading.encodings import GUESSED, decode

MAX_PAGE = 5_000_000  # bytes of one web page, whose parsing takes much longer than that of a text
PAGES = (".html", ".htm")
DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)


class Article(NamedTuple):
    """What a file holds: its text, and for a web page what its metadata say."""

    text: str
    title: str = ""
    date: str = ""
    url: str = ""


def read_article(path: Path, folder: Path) -> tuple[Article, str]:
    """
    Read one article's file; of a web page, its main text and metadata.

    Parameters
    ----------
    path, folder : path
        The file, and the folder that it must lie in, links followed.

    Returns
    -------
    Article, str
        And a note on its encoding, "" for UTF-8.

    Raises
    ------
    Unfit
        If it isn't there, isn't an article's file, or holds no text.
    """
    try:
        content = _read_bytes(path, folder)
    except Unfit:
        raise
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        reason = getattr(error, "strerror", None) or error
        problem = f"this file can't be read: {reason}."
        raise Unfit("unreadable file", problem, "Make it readable, or take it out.") from None
    if path.suffix.lower() in PAGES:
        return _main_text(content)
    text, note = decode(content)
    return Article(text), note


def _read_bytes(path: Path, folder: Path) -> bytes:
    """Read a file that lies in a folder and isn't larger than an article may be."""
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise Unfit("outside path", "this leads out of the corpus folder.", "Put the file itself into the folder.")
    if not real.exists():
        raise Unfit("missing file", "no such file.", "Put the file there, or mend its name.")
    if not real.is_file():
        raise Unfit("unreadable file", "this is no file.", "Put the article's file there.")
    limit = MAX_PAGE if path.suffix.lower() in PAGES else MAX_ARTICLE
    size = real.stat().st_size
    if size > limit:
        raise too_large(size, limit)
    return real.read_bytes()


def _main_text(content: bytes) -> tuple[Article, str]:
    """Take the main text of a web page, and title, date and address from its metadata; the encoding too if guessed."""
    from trafilatura import bare_extraction

    declared = DECLARED.search(content[:4096])
    html, note = (_decode_declared(content, declared[1].decode("ascii")) if declared else None) or decode(content)
    dates = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}
    try:
        with _quiet("trafilatura", "htmldate"):
            page = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=dates)
    except Exception as error:  # whatever a page makes the extractor do, it is a page without a text
        raise Unfit("page without text", f"this page can't be parsed: {error!r}.", "Save its text as .txt.") from None
    if page is None or not (page.text or "").strip():
        raise Unfit("page without text", "no main text was found in this page.", "Save its text as .txt.")
    parts = [page.text, page.title, page.date, page.url]
    return Article(*(clean_string(part or "").replace("\0", "") for part in parts)), note


def _decode_declared(content, declared):
    """Decode a page as it says it is encoded, if it says so rightly."""
    try:
        name = codecs.lookup(declared).name.replace("-", "_")
        name = {"iso8859_1": "cp1252", "ascii": "cp1252"}.get(name, name)
        return (content.decode(name), "") if name in GUESSED else None
    except (LookupError, UnicodeDecodeError):
        return None


@contextmanager
def _quiet(*names):
    """Keep loggers still while bad pages are parsed: what is wrong with them is told by us."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
