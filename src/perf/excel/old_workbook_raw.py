"""A program of its own, run in a process of its own: .xls bytes in, cells as JSON out, within memory and time.

The format is read by a library that trusts lengths in the file. So it never runs where anything else runs: this
program takes the file from its standard input, may use only so much memory and time, can write no file, and imports
nothing of this package. What it gives is taken apart in `perf.excel.old_workbook`.
"""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)
_KINDS = frozenset((_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR))
_EXTERNAL, _DDE = 2, 4  # books that formulas refer to: other files, other programs
_LOCKED = ("encrypted", "password")


class TooMuchError(Exception):
    """More sheets or cells than are taken."""


def dump(content: bytes, *, sheets_max: int, cells_max: int) -> dict[str, Any]:
    """The sheets of an .xls file as plain lists, or the reason why not, one word.

    Returns:
        `refused`: `encrypted`, `damaged`, `too-many` or `costly`. Else `is_1904`, `has_links`, `strings`, `formats`, and `sheets`:
        name, visibility, `cells` as [row, column, kind, value, number of the format], merged areas, hidden rows and
        columns, all 0-based as the library gives them. A text's value is its number in `strings`.
    """
    from xlrd import open_workbook
    from xlrd.biffh import XLRDError

    try:
        book = open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO(), ragged_rows=True
        )
        return _book(book, sheets_max, cells_max)
    except TooMuchError:
        return {"refused": "too-many"}
    except MemoryError:
        return {"refused": "costly"}
    except XLRDError as error:
        return {"refused": "encrypted" if any(word in str(error).lower() for word in _LOCKED) else "damaged"}
    except Exception:  # noqa: BLE001 - struct.error, IndexError, AssertionError …: the bytes are not a whole workbook
        return {"refused": "damaged"}


def _book(book: "Book", sheets_max: int, cells_max: int) -> dict[str, Any]:
    if book.nsheets > sheets_max:
        raise TooMuchError
    numbers: dict[str, int] = {}
    sheets = []
    for number in range(book.nsheets):
        source = book.sheet_by_index(number)
        cells = []
        for cell in _cells(source, numbers):
            cells_max -= 1
            if cells_max < 0:
                raise TooMuchError
            cells.append(cell)
        sheets.append(
            {
                "name": source.name,
                "visibility": source.visibility,
                "cells": cells,
                "merged": [list(area) for area in source.merged_cells],
                "hidden_rows": sorted(at for at, row in source.rowinfo_map.items() if row.hidden),
                "hidden_columns": sorted(at for at, column in source.colinfo_map.items() if column.hidden),
            }
        )
        book.unload_sheet(number)
    formats = [book.format_map.get(style.format_key) for style in book.xf_list]
    return {
        "is_1904": book.datemode == 1,
        "has_links": any(kind in (_EXTERNAL, _DDE) for kind in getattr(book, "_supbook_types", ())),
        "strings": list(numbers),
        "formats": ["" if form is None else form.format_str for form in formats],
        "sheets": sheets,
    }


def _cells(source: "Sheet", numbers: dict[str, int]) -> Iterator[list[Any]]:
    for row in range(source.nrows):
        for column, cell in enumerate(source.row(row)):
            if cell.ctype not in _KINDS or cell.value == "":
                continue
            value: Any = cell.value
            if cell.ctype == _TEXT:
                value = numbers.setdefault(value, len(numbers))
            elif cell.ctype in (_NUMBER, _DATE):
                value = repr(value)
            yield [row, column, cell.ctype, value, cell.xf_index]


def hold(*, memory_bytes: int, seconds: int) -> None:
    """Keep this process to so much memory and time, and from writing any file; where the system can."""
    try:
        import resource
    except ImportError:  # no such limits here
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system may know a limit and not hold it, or hold a lower one already
            resource.setrlimit(kind, (most, most))


def main(arguments: list[str]) -> None:
    """`SHEETS CELLS MEMORY SECONDS`, the file on standard input."""
    import xlrd  # noqa: F401 - before the limits hold

    sheets_max, cells_max, memory_bytes, seconds = map(int, arguments)
    hold(memory_bytes=memory_bytes, seconds=seconds)
    try:
        found = dump(sys.stdin.buffer.read(), sheets_max=sheets_max, cells_max=cells_max)
        text = json.dumps(found)
    except MemoryError:
        text = '{"refused": "costly"}'
    sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
