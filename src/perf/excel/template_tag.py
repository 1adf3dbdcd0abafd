"""What a template says about itself on a hidden sheet, so that it finds its way home whatever its file is called.

A hidden sheet lives through saving in Excel, WPS and LibreOffice and through every format that has sheets (.xlsx, .xls,
.ods), where document properties and hidden names are lost in one or the other.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openpyxl import Workbook

from perf.excel.cells import Sheet
from perf.excel.cells import Workbook as ReadWorkbook
from perf.excel.writing import new_sheet, put
from perf.kernel.periods import Period, parse_period

TAG_SHEET = "_perf"
_MARK = "perf-pay template"
_PERIOD, _SENDER, _INSTITUTION, _NUMBER = "period", "sender", "institution", "id"


class TemplateTag(NamedTuple):
    """For which period, sender and institution (empty: all) a template was made; `number` tells its content."""

    period: Period
    sender: str = ""
    institution: str = ""
    number: str = ""


def number_of(tag: TemplateTag, keys: Iterable[str]) -> str:
    """Ten signs that tell one template from another: of what it is for, and of its measures and rows."""
    whole = "\n".join([str(tag.period), tag.sender, tag.institution, *keys])
    return hashlib.sha256(whole.encode()).hexdigest()[:10]


def put_tag(workbook: Workbook, tag: TemplateTag) -> None:
    """Write the hidden sheet, as the last one."""
    sheet = new_sheet(workbook, TAG_SHEET)
    put(sheet, 1, 1, _MARK)
    told = {_PERIOD: str(tag.period), _SENDER: tag.sender, _INSTITUTION: tag.institution, _NUMBER: tag.number}
    for row, (key, text) in enumerate(told.items(), 2):
        put(sheet, row, 1, key)
        put(sheet, row, 2, text or None)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def tag_of(workbook: ReadWorkbook) -> TemplateTag | None:
    """The tag of a file that was made from a template; None where it has none, or one that does not say its period."""
    for sheet in workbook.sheets:
        if not is_tag_sheet(sheet):
            continue
        rows = [{column: record.value for column, record in row.items()} for row in sheet.rows.values()]
        told: Mapping[str, str] = {row[1]: row.get(2, "") for row in rows if 1 in row}
        try:
            period = parse_period(told.get(_PERIOD, ""))
        except ValueError:
            return None
        return TemplateTag(period, told.get(_SENDER, ""), told.get(_INSTITUTION, ""), told.get(_NUMBER, ""))
    return None


def is_tag_sheet(sheet: Sheet) -> bool:
    """Whether a sheet holds the tag, and therefore no figures."""
    first = next(iter(sheet.rows.values()), {}).get(1)
    return sheet.state == "hidden" and first is not None and first.value == _MARK
