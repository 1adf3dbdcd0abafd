"""What a file is, by its content: endings lie (a web page saved as `.xls`, a text named `.xlsx`)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

FileFormat = Literal["xlsx", "ods", "xls", "html", "text", "unknown"]

OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # a sheet of Excel 2–5 outside any container
_ZIP: Final = b"PK"
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|meta|body|table|style)\b", re.IGNORECASE)
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
        head = head[2:].replace(b"\x00", b"")
        return "html" if _MARKUP.search(head) else "text"
    if content.startswith(b"%PDF") or _CONTROLS.search(content):
        return "unknown"
    return "html" if _MARKUP.search(head) else "text"


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030, told apart; None where it is none of them."""
    encodings = ["utf-16"] if content.startswith(_WIDE) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign in text for sign in "\x00\x01\x02"):
            return text
    return None
