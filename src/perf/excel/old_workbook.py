"""Workbooks of Excel 97–2003 (.xls): values, formats, hidden sheets, rows and columns, merged cells.

The bytes are read by `perf.excel.old_workbook_raw` in a process of its own. The format keeps formulas as code that is
not read back: a formula counts as its last value here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from perf.excel.cells import Area, CellKind, Sheet, SheetState
from perf.excel.guard import Limits, WorkbookRefusedError, damaged, encrypted, too_costly, too_many_cells
from perf.excel.package_notes import LINKS, notes
from perf.excel.reader import format_kind
from perf.excel.sheet_building import CellBudget, SheetBuilder
from perf.excel.stored_values import date_text, decimal_text
from perf.kernel.issues import Issue, Place

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)
_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_PROGRAM: Final = Path(__file__).with_name("old_workbook_raw.py")
_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_LEAST, _SECONDS_A_MEGABYTE = 3, 3
_PATIENCE: Final = 4  # wall clock for each second of processor time: a machine may be busy


def old_sheets(name: str, content: bytes, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Issue, ...]]:
    """Every sheet of an .xls file, and what is worth knowing about it.

    Raises:
        WorkbookRefusedError: locked by a password, damaged, or beyond the limits.
    """
    raw = _raw(content, limits)
    parts = [LINKS] if raw.get("has_links") else []
    parts += ["vbaproject.bin"] if _MACROS in content else []
    return sheets_of(raw, limits), tuple(notes(parts, Place(name)))


def sheets_of(raw: dict[str, Any], limits: Limits) -> tuple[Sheet, ...]:
    """Sheets from what `perf.excel.old_workbook_raw.dump` found.

    Raises:
        WorkbookRefusedError: as it says itself, or a text, a cell or a merged area beyond the limits.
    """
    if refused := raw.get("refused"):
        raise _refusal(refused, limits)
    kinds: list[CellKind] = [format_kind(form) if form else "number" for form in raw["formats"]]
    budget = CellBudget(limits)
    sheets: list[Sheet] = []
    for source in raw["sheets"]:
        state: SheetState = "visible" if source["visibility"] == 0 else "hidden"
        builder = SheetBuilder(source["name"], budget, state, {sheet.name for sheet in sheets})
        for row, column, kind, value, style in source["cells"]:
            shown: CellKind = kinds[style] if style is not None and style < len(kinds) else "number"
            builder.put(row + 1, column + 1, *_typed(kind, value, shown, raw))
        for top, bottom, left, right in source["merged"]:
            builder.merge(Area(top + 1, left + 1, bottom, right))
        builder.hidden_rows.update(at + 1 for at in source["hidden_rows"])
        builder.hidden_columns.update(at + 1 for at in source["hidden_columns"])
        sheets.append(builder.sheet())
    return tuple(sheets)


def _typed(kind: int, value: Any, shown: CellKind, raw: dict[str, Any]) -> tuple[str, CellKind]:
    if kind == _TEXT:
        return raw["strings"][value], "text"
    if kind == _BOOLEAN:
        return str(int(value)), "boolean"
    if kind == _ERROR:
        return _ERRORS.get(int(value), "#VALUE!"), "error"
    try:
        number = decimal_text(value)
    except ValueError:
        return value, "text"
    if kind == _DATE:
        day = date_text(number, is_1904=raw["is_1904"])
        return (day, "date") if day else (number, "number")
    return number, shown


def _raw(content: bytes, limits: Limits) -> dict[str, Any]:
    """What the program in its own process found; why it ended, where it found nothing."""
    seconds = min(limits.seconds, _LEAST + _SECONDS_A_MEGABYTE * (len(content) >> 20))  # a small file has no long work
    most = (limits.sheets, min(limits.cells, limits.other_cells), limits.memory_bytes, seconds)
    command = [sys.executable, "-P", str(_PROGRAM), *map(str, most)]
    path = os.pathsep.join(filter(None, sys.path))
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, no word of the file in the command
            command,
            input=content,
            capture_output=True,
            timeout=seconds * _PATIENCE,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    except subprocess.TimeoutExpired:
        raise WorkbookRefusedError(too_costly(limits)) from None
    if ended.returncode < 0:  # killed: time or memory ran out
        raise WorkbookRefusedError(too_costly(limits))
    try:
        found = json.loads(ended.stdout)
    except ValueError:
        raise _refusal("damaged", limits) from None
    return found if isinstance(found, dict) else {"refused": "damaged"}


def _refusal(word: str, limits: Limits) -> WorkbookRefusedError:
    findings = {
        "encrypted": encrypted(),
        "too-many": too_many_cells(limits, limits.other_cells),
        "costly": too_costly(limits),
    }
    if word in findings:
        return WorkbookRefusedError(findings[word])
    return damaged("文件不完整,打不开", "the file is cut off and cannot be opened")
