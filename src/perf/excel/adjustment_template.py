"""The workbook that HR fills in for one-off lines and holds: drop-downs for kinds and accounts, staff numbers as text."""

from collections.abc import Sequence
from typing import NamedTuple

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.adjustment_rows import COLUMNS
from perf.excel.cells import column_letters
from perf.excel.writing import (
    BORDER,
    MONEY_FORMAT,
    TEXT_FORMAT,
    new_sheet,
    new_workbook,
    put,
    put_header,
    put_title,
    saved,
    set_up,
    width_of,
)
from perf.kernel.periods import Period

_HEADER_ROW = 3
_ROWS = 300
_WIDTHS = {"staff_number": 12, "name": 10, "period": 10, "kind": 12, "amount": 14, "account": 16}


class KindNote(NamedTuple):
    """A kind that may be entered: its word, what becomes of it, its accounts by title, its limit in words."""

    word: str
    effect: str
    accounts: Sequence[str]
    limit: str


def adjustment_template(period: Period, kinds: Sequence[KindNote]) -> bytes:
    """An empty workbook that `adjust import` reads without any setting; every cell of a row stays open."""
    workbook = new_workbook()
    sheet = new_sheet(workbook, "一次性项目与扣发")
    put_title(sheet, 1, f"{period.zh()}一次性项目与扣发")
    put(sheet, 2, 1, f"期间留空即 {period};暂缓、停发、恢复、核销不写金额即全部;事由、依据印在通知单上。")
    headers = {key: column for column, key in enumerate(COLUMNS, 1)}
    put_header(sheet, _HEADER_ROW, [COLUMNS[key][0] for key in headers])
    last = _HEADER_ROW + _ROWS
    for row in range(_HEADER_ROW + 1, last + 1):
        for key, column in headers.items():
            cell = sheet.cell(row, column)
            cell.border = BORDER
            cell.number_format = MONEY_FORMAT if key == "amount" else TEXT_FORMAT
    accounts = list(dict.fromkeys(title for one in kinds for title in one.accounts))
    _drop_down(sheet, headers["kind"], last, [one.word for one in kinds], is_open=False)
    _drop_down(sheet, headers["account"], last, accounts, is_open=True)
    amount = DataValidation(type="decimal", operator="greaterThan", formula1="0", allow_blank=True)
    _add(sheet, amount, headers["amount"], last, "金额大于 0,单位元;要扣款,类型选“扣款”")
    set_up(sheet, header_row=_HEADER_ROW, widths=[_WIDTHS.get(key, 26) for key in headers], frozen_columns=2)
    _kinds(new_sheet(workbook, "说明"), kinds)
    return saved(workbook)


def _drop_down(sheet: Worksheet, column: int, last: int, words: Sequence[str], *, is_open: bool) -> None:
    """A list to choose from, where Excel takes one (255 signs); `is_open`: other texts are asked about, not refused."""
    listed = ",".join(words)
    if words and len(listed) <= 255 and not any("," in word or '"' in word for word in words):
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        rule.errorStyle = "warning" if is_open else "stop"
        _add(sheet, rule, column, last, f"下列之一:{listed}"[:220])


def _add(sheet: Worksheet, rule: DataValidation, column: int, last: int, told: str) -> None:
    rule.showErrorMessage = True
    rule.errorTitle = "请核对"
    rule.error = told
    letters = column_letters(column)
    rule.add(f"{letters}{_HEADER_ROW + 1}:{letters}{last}")
    sheet.add_data_validation(rule)


def _kinds(sheet: Worksheet, kinds: Sequence[KindNote]) -> None:
    put_title(sheet, 1, "各种类型怎样入账")
    put_header(sheet, _HEADER_ROW, ["可选类型", "怎样入账", "可用账户", "限额"])
    rows = [(one.word, one.effect, "、".join(one.accounts) or "—", one.limit or "—") for one in kinds]
    for number, texts in enumerate(rows, _HEADER_ROW + 1):
        for column, text in enumerate(texts, 1):
            put(sheet, number, column, text).border = BORDER
    widths = [width_of([row[n] for row in rows], most=70) for n in range(4)]
    set_up(sheet, header_row=_HEADER_ROW, widths=widths)
