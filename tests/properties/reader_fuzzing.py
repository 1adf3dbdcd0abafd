"""Mutated bytes of every format through the reader: a workbook or a refusal, never an exception; used by a test and nightly."""

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.unit.excel.excel_building import BOOK, ROSTER, sheet_bytes
from tests.unit.excel.test_excel_formats import PAGE

from perf.excel import Limits, as_contract_json, facts_of, is_roster, roster_of
from perf.excel.adjustment_rows import adjustment_rows
from perf.excel.guard import WorkbookRefusedError
from perf.excel.old_workbook import sheets_of
from perf.excel.old_workbook_raw import dump
from perf.excel.opening import read_workbook

FILES = Path(__file__).parents[1] / "unit" / "excel" / "files"
LIMITS = Limits(memory_bytes=512 << 20, seconds=20)
ROWS = [
    ["2025年6月工作量"],
    ["工号", "姓名", "出院人次", "满意度(%)"],
    ["000203", "张三", 17, 0.5],
    ["000204", "李四", "八", None],
    ["合计", None, 25],
]
TEXT = '工号,姓名,出院人次\r\n000203,"张三",17\r\n000204,李四,"1,8"\r\n'
BYTES = (
    b"\x00",
    b"\xff",
    b"<",
    b">",
    b'"',
    b"'",
    b",",
    b"&",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE",
    b"\n",
    b"\r",
    b"\xef\xbb\xbf",
    b"9999999999",
    b"-1",
    b"&#0;",
    b"A1:XFD9",
)


@dataclass(slots=True)
class Fuzzed:
    """What a time of fuzzing saw; `broken` holds what raised: format, seed of the mutation, exception."""

    read: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    broken: list[tuple[str, int, str]] = field(default_factory=list)
    slowest: tuple[float, str, int] = (0.0, "", 0)

    @property
    def count(self) -> int:
        """How many files were opened."""
        return self.read + sum(self.refused.values()) + len(self.broken)


def seeds() -> dict[str, bytes]:
    """A sound file of each format."""
    return {
        "xlsx": sheet_bytes(ROWS, merge=["A1:C1"], formats={"D3": "0.0%"}),
        "xls": (FILES / "kinds.xls").read_bytes(),
        "ods": (FILES / "kinds.ods").read_bytes(),
        "html": PAGE.encode("gb18030"),
        "csv": TEXT.encode(),
        "gb": TEXT.encode("gb18030"),
        "utf16": TEXT.encode("utf-16"),
    }


def mutated(name: str, content: bytes, number: int) -> bytes:
    """The file changed in a few places; of a package as often the parts within it. A number gives the same bytes anywhere."""
    chance = Random(f"{name} {number}")  # noqa: S311 - a test, no secret
    if name in ("xlsx", "ods") and chance.random() < 0.8:
        return _repacked(content, chance)
    return _changed(content, chance)


def _repacked(content: bytes, chance: Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        hit = set(chance.sample(names, chance.randint(1, 2))) | {
            n for n in names if n.endswith(("sheet1.xml", "content.xml")) and chance.random() < 0.6
        }
        for name in names:
            part = old.read(name)
            new.writestr(name, _changed(part, chance) if name in hit and name != "mimetype" else part)
    return out.getvalue()


def _changed(content: bytes, chance: Random) -> bytes:
    raw = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(7):
            case 0:
                raw[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                raw[at:at] = chance.choice(BYTES)
            case 2:
                del raw[at : at + chance.choice((1, 2, 7, 100, 5000))]
            case 3:
                other = chance.randrange(len(raw) + 1)
                raw[at:at] = raw[other : other + chance.choice((1, 8, 60, 400))]
            case 4:
                raw[at : at + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xfe\xff\xff\xff")
                )
            case 5:
                digits = [n for n in range(at, min(at + 400, len(raw))) if 48 <= raw[n] < 58]
                if digits:
                    here = chance.choice(digits)
                    raw[here : here + 1] = chance.choice(
                        (b"0", b"-1", b"1e9", b"99999999", b"", "９".encode(), b"1.5", b"NaN")
                    )
            case _:
                marks = [n for n in range(at, min(at + 300, len(raw))) if raw[n] in b'<>"=/']
                if marks:
                    here = chance.choice(marks)
                    raw[here : here + 1] = chance.choice((b"", b"<", b">", b'"', b"/", b"="))
    return bytes(raw)


def fuzzed(seconds: float, *, first: int = 0, most: int | None = None, in_process: bool = True) -> Fuzzed:
    """Open mutations of every format in turn until the time is over.

    Args:
        in_process: Read .xls here, and not each in a process of its own, which takes a fifth of a second.
    """
    found, until = Fuzzed(), time.monotonic() + seconds
    sound = seeds()
    for number in _numbers(first, most):
        for name, content in sound.items():
            if time.monotonic() > until:
                return found
            _open(found, name, number, mutated(name, content, number), in_process=in_process)
    return found


def _numbers(first: int, most: int | None) -> Iterator[int]:
    number = first
    while most is None or number < first + most:
        yield number
        number += 1


def _open(found: Fuzzed, name: str, number: int, content: bytes, *, in_process: bool) -> None:
    began = time.process_time()
    try:
        code = _xls(content) if name == "xls" and in_process else _whole(f"2025-06.{name}", content)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        found.broken.append((name, number, repr(error)))
    else:
        if code:
            found.refused[code] = found.refused.get(code, 0) + 1
        else:
            found.read += 1
    found.slowest = max(found.slowest, (time.process_time() - began, name, number))


def _xls(content: bytes) -> str:
    raw = dump(content, sheets_max=LIMITS.sheets, cells_max=LIMITS.cells)
    try:
        sheets_of(raw, LIMITS)
    except WorkbookRefusedError as refusal:
        return refusal.finding.code
    return ""


def _whole(name: str, content: bytes) -> str:
    """The code of the refusal; empty where the file was read, and everything that follows could be done with it."""
    book = read_workbook(name, content, LIMITS)
    if book.is_refused:
        (issue,) = book.issues
        return issue.code
    if is_roster(book):
        roster_of(book, known=ROSTER)
    reading = facts_of(book, BOOK, ROSTER)
    str(as_contract_json(reading)).encode()
    adjustment_rows(book)
    for issue in reading.issues:
        issue.render("zh").encode()
    return ""
