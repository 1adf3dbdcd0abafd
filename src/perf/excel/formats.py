"""What a file is, by its content: endings lie (a web page saved as `.xls`, a text named `.xlsx`)."""

import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final, Literal

FileFormat = Literal["xlsx", "ods", "xls", "html", "text", "unknown"]
Encoding = Literal["utf-8", "gb18030", "utf-16"]

OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # a sheet of Excel 2–5 outside any container
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|meta|body|table|style)\b", re.IGNORECASE)
_BOM: Final = b"\xef\xbb\xbf"
_NOT_READ: Final = (b"urn:schemas-microsoft-com:office:spreadsheet", b"multipart/related")  # XML of 2003, web archives
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]")
_NEARLY: Final = 4  # characters that fit for each that does not; of GB18030 hardly one fits
_STRAY: Final = 10  # bytes for each control character, at least, in what is still a text
_HEAD: Final = 4096
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
ENDINGS: Final[Mapping[FileFormat, tuple[str, ...]]] = MappingProxyType(
    {
        "xlsx": ("xlsx", "xlsm", "xltx", "xltm"),
        "ods": ("ods", "ots"),
        "xls": ("xls", "xlt", "et"),
        "html": ("html", "htm"),
        "text": ("csv", "txt", "tsv"),
    }
)
TITLES: Final[Mapping[FileFormat, tuple[str, str]]] = MappingProxyType(
    {
        "xlsx": ("Excel 工作簿(.xlsx)", "an Excel workbook (.xlsx)"),
        "ods": ("OpenDocument 表格(.ods)", "an OpenDocument sheet (.ods)"),
        "xls": ("Excel 97–2003 工作簿(.xls)", "a workbook of Excel 97–2003 (.xls)"),
        "html": ("网页表格(.html)", "a web page with tables (.html)"),
        "text": ("文本(.csv、.txt)", "text (.csv, .txt)"),
    }
)


def format_of(content: bytes) -> FileFormat:
    """The format that the bytes show; `unknown` for what is no table at all (pictures, programs, PDF)."""
    if content.startswith(_ZIP):
        return "ods" if _ODS in content[:200] else "xlsx"
    if content.startswith((OLE, *_BIFF)):
        return "xls"
    head = content[:_HEAD]
    if head.startswith(_WIDE):
        return _marked(head[2:].replace(b"\x00", b""))
    if content.startswith(b"%PDF") or _CONTROLS.search(content):
        return "unknown"
    return _marked(head)


def _marked(head: bytes) -> FileFormat:
    """Text or a web page, by its beginning."""
    start = head.removeprefix(_BOM).lstrip()
    if any(sign in head for sign in _NOT_READ) and (
        start.startswith(b"MIME-Version:") or (start.startswith(b"<") and b"<html" not in head)
    ):
        return "unknown"
    return "html" if start.startswith(b"<") and _MARKUP.search(head) else "text"


def decoded(content: bytes) -> str | None:
    """The text of a file, by its bytes and not by what it says of itself; None where it is none of ours.

    UTF-16 with its mark; else UTF-8 where every byte fits; else GB18030, unless the text is UTF-8 but for a few bytes
    (a file that was cut or mended by hand), which in GB18030 would be other words.
    """
    encodings = ["utf-16"] if content.startswith(_WIDE) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and broken_line(content):
                return None
            continue
        if not any(sign in text for sign in "\x00\x01\x02"):
            return text
    return None


def broken_line(content: bytes, encoding: Encoding = "utf-8") -> int:
    """The first line of a text that is not in this encoding while nearly all the rest is; 0 where that is not so."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        text = content.decode(encoding, "replace")
        strange = len(_BEYOND_ASCII.findall(text))
        broken = text.count("\ufffd")
        if (content.startswith(_BOM) and encoding == "utf-8") or broken * _NEARLY < strange - broken:
            return content[: error.start].decode(encoding, "replace").count("\n") + 1
    return 0


def _stray_control(content: bytes, first: int, encodings: tuple[Encoding, ...]) -> tuple[int, Encoding] | None:
    """A text with a few control characters (databases export them); a picture or a program is full of them."""
    if len(_CONTROLS.findall(content)) * _STRAY < len(content):
        for known in encodings:
            with suppress(UnicodeDecodeError):
                content.decode(known)
                return content[:first].count(b"\n") + 1, known
    return None


def damage_of(content: bytes) -> tuple[int, Encoding] | None:
    """The line with bytes that are no character, and the encoding of all the rest; None: it is no text at all."""
    encodings: tuple[Encoding, ...] = ("utf-16",) if content.startswith(_WIDE) else ("utf-8", "gb18030")
    if (control := _CONTROLS.search(content)) and encodings != ("utf-16",):
        return _stray_control(content, control.start(), encodings)
    return next(((line, known) for known in encodings if (line := broken_line(content, known))), None)
