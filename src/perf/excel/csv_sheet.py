"""A CSV file as a workbook of one sheet of texts, so that one reader takes both."""

import csv
import hashlib
import io

from perf.excel.cells import CellRecord, Sheet, Workbook

ROWS_MAX = 100_000


def csv_workbook(name: str, text: str) -> Workbook:
    """The rows of a CSV text (BOM allowed) as cells; blank ones are left out, what lies behind `ROWS_MAX` rows too."""
    rows: dict[int, dict[int, CellRecord]] = {}
    for number, fields in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), start=1):
        if number > ROWS_MAX:
            break
        cells = {
            column: CellRecord("", number, column, field.strip(), "text")
            for column, field in enumerate(fields, start=1)
            if field.strip()
        }
        if cells:
            rows[number] = cells
    return Workbook(name, hashlib.sha256(text.encode()).hexdigest(), (Sheet("", "visible", rows),), ())
