"""The layout of a table and the sender of a file: under these two, what a header means is remembered."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from perf.excel.cells import Workbook
from perf.excel.headers import header_key
from perf.kernel.identity import without_numbers

Answers = Mapping[str, str]
"""Header (as `plain` gives it) → measure code or role."""
Remembered = Mapping[tuple[str, str], Answers]
"""(Sender, digest of the layout) → answers."""
NO_ANSWERS: Answers = MappingProxyType({})
NO_REMEMBERED: Remembered = MappingProxyType({})
_SENDER = re.compile(r"(?:填报|报送|提供|上报)(?:科室|部门)\s*:\s*([^\s:]+)")
_TITLE_ROWS = 30
_TIMES = re.compile(r"[0-9〇零一二三四五六七八九十]+(?=[年月日季])|[年月日]|第?[一二三四1-4]?季度|[0-9]+")
_EDITIONS = re.compile(r"终稿|定稿|最终版?|修改[后版稿]?|修订版?|副本|更正版?|新版|final|copy")


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table's headers, and what the user said about them. `headers` are sorted, as `plain` gives them."""

    sender: str
    headers: tuple[str, ...]
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """The key under which answers are remembered."""
        return layout_digest(self.headers)


def layout_digest(headers: Iterable[str]) -> str:
    """The digest of a table's headers; neither their order nor blanks, width or case matter."""
    return hashlib.sha256("\n".join(layout_headers(headers)).encode()).hexdigest()


def layout_headers(headers: Iterable[str]) -> tuple[str, ...]:
    """The headers in the form in which layouts are compared: plain, each once, sorted."""
    return tuple(sorted({header_key(header) for header in headers} - {""}))


def sender_in(text: str) -> str:
    """The department that a title names as the sender (`填报科室:医务科`); empty where it names none.

    It is stored and shown: a phone behind it is masked.
    """
    match = _SENDER.search(text)
    return without_numbers(match[1]) if match else ""


def sender_of(workbook: Workbook) -> str:
    """The sender that the first rows of a sheet name, else what is left of the file's name without month and edition."""
    for sheet in workbook.sheets:
        for number in list(sheet.rows)[:_TITLE_ROWS]:
            values = (unicodedata.normalize("NFKC", record.value) for record in sheet.rows[number].values())
            if found := sender_in(" ".join(values)):
                return found
    stem = unicodedata.normalize("NFKC", workbook.name.rpartition(".")[0] or workbook.name).casefold()
    return "".join(c for c in _EDITIONS.sub("", _TIMES.sub("", stem)) if c.isalpha())
