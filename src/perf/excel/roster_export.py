"""Rosters as workbooks: institutions and persons, which the import reads back to the same segments."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from perf.excel.roster_columns import INSTITUTION_COLUMNS, ROSTER_COLUMNS, code_to_word
from perf.excel.writing import new_sheet, new_workbook, put, put_header, put_title, saved, set_up, width_of
from perf.kernel.subjects import Segment
from perf.kernel.text import Text

_NO_TITLES: Mapping[str, Text] = MappingProxyType({})
_HEADER_ROW = 2


def roster_workbook(
    segments: Iterable[Segment], *, title: str = "花名册", attributes: Mapping[str, Text] = _NO_TITLES
) -> bytes:
    """The segments as a workbook: institutions (机构名单) and persons (花名册), a row for each segment, all text cells.

    Attributes without a Chinese header of their own get the title that `attributes` declares, else their code.
    """
    every = list(segments)
    names = {s.subject: s.title for s in every if s.level != "person"}
    workbook = new_workbook()
    for is_persons, name, columns in ((False, "机构名单", INSTITUTION_COLUMNS), (True, "花名册", ROSTER_COLUMNS)):
        rows = [_cells(s, names) for s in every if (s.level == "person") == is_persons]
        if not rows:
            continue
        if is_persons:
            for row in rows:
                row.pop("kind", None)
                row.pop("level", None)
        headers = _headers(rows, columns, attributes)
        sheet = new_sheet(workbook, name)
        put_title(sheet, 1, title)
        put_header(sheet, _HEADER_ROW, list(headers.values()))
        for number, cells in enumerate(rows, _HEADER_ROW + 1):
            for column, key in enumerate(headers, 1):
                put(sheet, number, column, cells.get(key) or None)
        widths = [width_of([text, *(row.get(key, "") for row in rows[:300])]) for key, text in headers.items()]
        set_up(sheet, header_row=_HEADER_ROW, widths=widths, frozen_columns=2)
    return saved(workbook)


def _cells(segment: Segment, names: Mapping[str, str]) -> dict[str, str]:
    cells = {
        "subject": segment.subject,
        "parent": segment.parent,
        "kind": code_to_word("kind", segment.kind),
        "level": code_to_word("level", segment.level),
        "from": "" if segment.first_day == date.min else segment.first_day.isoformat(),
        "to": "" if segment.last_day == date.max else segment.last_day.isoformat(),
    }
    for key, value in segment.attributes.items():
        cells[key] = code_to_word(key, value)
    if segment.level == "person":
        cells["institution_name"] = names.get(segment.parent, "")
    return cells


def _headers(rows: list[dict[str, str]], columns: Mapping[str, str], attributes: Mapping[str, Text]) -> dict[str, str]:
    """Key → header, for the keys that some row has: known columns in their order, then further attributes."""
    used = {key for row in rows for key, value in row.items() if value}
    headers = {key: header for header, key in columns.items() if key in used}
    for key in sorted(used - headers.keys()):
        headers[key] = attributes[key].zh if key in attributes else key
    return headers
