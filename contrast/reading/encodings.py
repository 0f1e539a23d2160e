"""Find out in which encoding a text is."""

import codecs
import itertools
import re
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from contrast.reading.account import Unfit

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSED = (  # what articles come in; with every encoding there is, guesses for English and French go wrong
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso8859_2", "iso8859_5", "iso8859_6", "koi8_u", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
SAMPLE, NEAR = 65_536, 200  # bytes an encoding is guessed from: so many around each of the first ones beyond ASCII
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
LETTERS, RUNS = bytes(range(0xA0, 0x100)), re.compile(rb"[\xa0-\xff]{3,}")
RARE = 0.01  # letters beyond ASCII so rare, and rarely three in a row, are the accents in an English text
MAC_APOSTROPHE = re.compile(rb"[a-z]\xd5[a-z]")  # "Õ" in the middle of a word is "’" on an old Macintosh
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
MENDED = "contrast-mended"


class Encoding(NamedTuple):
    """How to decode a file; `note` says it in words if it isn't plain UTF-8."""

    name: str
    errors: str
    note: str


def decode(content: bytes) -> tuple[str, str]:
    """
    Decode the bytes of an article: UTF-8, what a byte-order mark says, or the best guess.

    Returns
    -------
    tuple of str
        The text, and a note on its encoding: "" for UTF-8.

    Raises
    ------
    Unfit
        If the bytes are no text.
    """
    encoding = find_encoding([content])
    try:
        text = content.decode(encoding.name, encoding.errors)
    except UnicodeDecodeError:
        raise _not_text(f"its bytes are not {encoding.name}, as their mark says.") from None
    if "\0" in text:
        raise _not_text("it holds NUL characters.")
    return text, encoding.note


def _not_text(reason):
    return Unfit("not text", f"this is no text: {reason}", "Save it as text in UTF-8.")


def find_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Say how to decode a file whose bytes come in chunks; all of them are looked at, none is kept."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    if name := next((name for bom, name in BOMS if first.startswith(bom)), None):
        deque(chunks, maxlen=0)
        return Encoding(name, "strict", name)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    size = controls = good = bad = letters = runs = 0
    sample = bytearray()
    for chunk in itertools.chain([first], chunks):
        size += len(chunk)
        controls += len(chunk) - len(chunk.translate(None, CONTROLS))
        text = decoder.decode(chunk)
        if not text.isascii():
            wrong = text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
            good += len(text) - len(text.encode("ascii", "ignore")) - wrong
            bad += wrong
            letters += len(chunk) - len(chunk.translate(None, LETTERS))
            runs += sum(map(len, RUNS.findall(chunk)))
            _add_to_sample(sample, chunk)
    bad += len(decoder.decode(b"", final=True))
    if controls * 100 > size:
        raise _not_text("it holds many control characters.")
    if bad <= 0:
        return Encoding("utf-8-sig", "replace", "")
    if good >= bad:
        return Encoding("utf-8-sig", MENDED, "UTF-8, stray bytes in it as cp1252 (guessed)")
    is_english = letters < size * RARE and runs * 3 <= letters * 2
    name = _guess(bytes(sample)) if not is_english else "mac_roman" if MAC_APOSTROPHE.search(sample) else "cp1252"
    return Encoding(name, "replace", f"{name} (guessed)")


def _add_to_sample(sample: bytearray, chunk: bytes) -> None:
    """Add the surroundings of what is beyond ASCII, until there is enough to guess an encoding from."""
    done = 0
    for match in BEYOND_ASCII.finditer(chunk):
        if len(sample) >= SAMPLE:
            return
        if match.end() > done:
            start, done = max(match.start() - NEAR, done), match.end() + NEAR
            sample += chunk[start : min(done, start + SAMPLE)]


def _guess(sample: bytes) -> str:
    """
    Guess the encoding of bytes that are not UTF-8: the one that gives the likeliest language and the least chaos.

    Where Western European text fits as well as the best guess does, it is taken to be that.
    """
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(GUESSED), enable_fallback=False)
    best = max(matches, key=lambda match: match.coherence - 2 * match.chaos, default=None)
    if best is None:
        raise _not_text("no encoding fits its bytes.")
    for match in matches:
        fits = match.chaos <= best.chaos + 0.025 and match.coherence >= best.coherence
        if fits and "cp1252" in (match.encoding, *match.could_be_from_charset):
            return "cp1252"
    return best.encoding


def _mend(error):
    """Decode what is not UTF-8 inside a UTF-8 file: a lone byte as cp1252, the rest of a cut character as U+FFFD."""
    broken = error.object[error.start : error.end]
    text = broken.decode("cp1252", "replace") if len(broken) == 1 else "\ufffd"
    return text, error.end


codecs.register_error(MENDED, _mend)
