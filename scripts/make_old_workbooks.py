"""Makes the workbooks of other programs that the tests read (`tests/unit/excel/files`); needs LibreOffice (`soffice`).

The same sheet is written by openpyxl and saved by LibreOffice as .xls and .ods, so that the files are a real
program's own.
"""

import subprocess
import tempfile
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FILES = Path(__file__).parent.parent / "tests" / "unit" / "excel" / "files"


def workbook() -> Workbook:
    """Titles, merged headers, every kind of cell, hidden rows and a hidden sheet."""
    book = Workbook()
    sheet = book.create_sheet("六月", 0)
    del book["Sheet"]
    sheet["A1"] = "2025年6月工作量统计表"
    sheet.merge_cells("A1:E1")
    sheet.append(["工号", "姓名", "出院人次", "满意度", "填表日期"])
    sheet.append(["001042", "王㛃", 17, 0.875, date(2025, 6, 30)])
    typed = datetime(2025, 6, 30, 8, 30)  # noqa: DTZ001 - a cell has no time zone
    sheet.append(["001043", "李  四", 12.25, 1, typed])
    sheet.append(["001044", "第一行\n第二行", "=C3+C4", "=1/0", True])
    sheet.append([None, None, None, None, None])
    sheet.append(["001045", "隐藏", -3.5, None, None])
    sheet["D3"].number_format = sheet["D4"].number_format = "0.0%"
    sheet["E3"].number_format = "yyyy-mm-dd"
    sheet["E4"].number_format = "yyyy-mm-dd hh:mm"
    sheet.row_dimensions[7].hidden = True
    hidden = book.create_sheet("旧数据")
    hidden["B2"] = "不要读"
    hidden.sheet_state = "hidden"
    return book


def main() -> None:
    """Write the files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, epoch in (("kinds", None), ("kinds_1904", CALENDAR_MAC_1904)):
            book = workbook()
            if epoch is not None:
                book.epoch = epoch
            source = Path(folder) / f"{name}.xlsx"
            book.save(source)
            for ending in ("xls", "ods"):
                command = ["soffice", "--headless", "--convert-to", ending, "--outdir", str(FILES), str(source)]
                subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
