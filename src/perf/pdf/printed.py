"""What stands in a PDF that somebody hands in: its pages as text and as drawing, to be compared with a fresh one."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from perf.appraisal.statement_code import read_code

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

PAGES_MAX: Final = 60
_DEEPEST: Final = 24
_PARTS_MAX: Final = 100_000
"""Far more than a statement's page has; a page that refers to the same thing over and over is not followed for ever."""
_CODE: Final = re.compile(r"验证码\s*([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})")
_RUN: Final = re.compile(r"批次\s*([^\s（(·|]+#\d+)")
_STAFF: Final = re.compile(r"(?:工号|编码)\s*(\S+)")
_CARD: Final = re.compile(r"\A\s*单位考核书")
_BOOK: Final = re.compile(r"\A\s*单位年度考核册")
_NOT_DRAWN: Final = frozenset(["/Parent", "/StructParents", "/Type", "/P", "/Tabs", "/Trans", "/Group"])


class UnreadablePdf(Exception):
    """The bytes are no PDF that can be read; `reason` is one of `broken`, `encrypted`, `too-long`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PrintedPage(NamedTuple):
    """One page: its lines of text, and a digest of everything that is drawn on it."""

    lines: tuple[str, ...]
    drawing: str


class Printed(NamedTuple):
    """A file as it can be read.

    Attributes:
        run, staff_no, code: As printed on it; empty where they are not found.
        statements: How many statements it holds; a yearly book counts as two at least.
        is_card: Whether it is the statement of an institution with its scorecards (单位考核书).
    """

    pages: tuple[PrintedPage, ...]
    run: str
    staff_no: str
    code: str
    statements: int
    is_card: bool = False


def read_printed(file: bytes, password: str = "") -> Printed:
    """Read a PDF as it was handed in.

    Raises:
        UnreadablePdf: broken, encrypted with another password, or longer than a statement can be.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = tuple(_page(page) for page in _pages(PdfReader(BytesIO(file), strict=False), password))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise UnreadablePdf("broken") from error
    text = "\n".join(line for page in pages for line in page.lines)
    code = _CODE.search(text)
    run, staff_no = (found.group(1) if (found := wanted.search(text)) else "" for wanted in (_RUN, _STAFF))
    count = max(len(_CODE.findall(text)), 2 if _BOOK.match(text) else 0)
    known = (read_code(code.group(1)) or "") if code else ""
    return Printed(pages, run, staff_no, known, count, bool(_CARD.match(text)))


def _pages(reader: "PdfReader", password: str) -> Iterator["PageObject"]:
    if reader.is_encrypted and not reader.decrypt(password):
        raise UnreadablePdf("encrypted")
    if len(reader.pages) > PAGES_MAX:
        raise UnreadablePdf("too-long")
    yield from reader.pages


def _page(page: "PageObject") -> PrintedPage:
    lines = tuple(line.strip() for line in page.extract_text().splitlines() if line.strip())
    seen = sha256()
    for count, part in enumerate(_parts(page, 0)):
        if count > _PARTS_MAX:
            raise UnreadablePdf("broken")
        seen.update(part)
    return PrintedPage(lines, seen.hexdigest())


def _parts(thing: object, depth: int) -> Iterator[bytes]:
    """Everything that a page is drawn from, in a fixed order, wherever in the file it stands.

    The empty field of an invisible signature draws nothing and is left out; every other annotation counts.
    """
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

    if depth > _DEEPEST:
        raise UnreadablePdf("broken")
    if isinstance(thing, IndirectObject):
        yield from _parts(thing.get_object(), depth + 1)
    elif isinstance(thing, DictionaryObject):
        yield b"<<"
        for key in sorted(_drawn(thing)):
            if key == "/Annots":
                notes = [note for note in thing["/Annots"] if not _is_invisible(note.get_object())]  # type: ignore[attr-defined]
                if not notes:
                    continue
                yield f"{key} {len(notes)} ".encode()
                continue
            yield f"{key} ".encode()
            yield from _parts(thing.raw_get(key), depth + 1)
        if isinstance(thing, StreamObject):
            yield b"stream " + thing.get_data()
        yield b">>"
    elif isinstance(thing, ArrayObject):
        yield b"["
        for one in thing:
            yield from _parts(one, depth + 1)
        yield b"]"
    elif isinstance(thing, bytes):
        yield b"(" + thing + b")"
    else:
        yield f"{thing} ".encode()


def _drawn(thing: Mapping[str, object]) -> Iterator[str]:
    """The keys that say what is drawn; how a stream is packed does not."""
    packing = ("/Filter", "/Length", "/DecodeParms") if hasattr(thing, "get_data") else ()
    return (key for key in thing if key not in _NOT_DRAWN and key not in packing)


def _is_invisible(note: Mapping[str, object]) -> bool:
    box = note.get("/Rect")
    return note.get("/FT") == "/Sig" and isinstance(box, list) and len(box) == 4 and box[0] == box[2]


__all__ = ["PAGES_MAX", "Printed", "PrintedPage", "UnreadablePdf", "read_printed"]
