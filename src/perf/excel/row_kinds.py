"""Rows of a table that are no data: totals, notes, signatures, page numbers."""

import re
from collections.abc import Mapping

from perf.excel.cells import CellRecord
from perf.excel.headers import plain
from perf.kernel.text import Text

_YEAR = re.compile(r"20\d\d")
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")
_TOTAL = re.compile(
    r"(合计|小计|总计|共计|累计|本页|平均|均值|人均|其中[:,]?$|总和|sum|total|.{1,15}(?:合计|小计|总计)$)"
)
_NOTE = re.compile(
    r"(备注|注[:0-9]|说明|制表|填报|填表|审核|审批|复核|负责人|单位负责人|科室负责人|主管|签字|签名|经办|联系|打印|日期|报送|盖章|\("
    r"|第\d+页|共\d+页|页码|-\d+-$|公章)"
)
_SIGNED = re.compile(r"签字|签名|签章|盖章|制表人|审核人|负责人:|科长:|主任:|院长:|领导:|经手人|填表人")


def is_sum(header: str) -> bool:
    """Whether a column headed so (as `plain` gives it) holds nothing but the sum of the others."""
    return header in (
        "合计",
        "小计",
        "总计",
        "共计",
        "累计",
        "全年合计",
        "全年累计",
        "本年累计",
        "合计数",
        "平均",
        "月均",
    )


def is_total(text: str) -> bool:
    """Whether a row that begins with `text` (as `plain` gives it) is a total of others."""
    return _TOTAL.match(text) is not None


def is_note(text: str) -> bool:
    """Whether a row that begins with `text` (as `plain` gives it) is a note, a signature or a page number."""
    return _NOTE.match(text) is not None or _SIGNED.search(text) is not None


def are_figures(row: Mapping[int, CellRecord]) -> bool:
    """Whether numbers stand in a row of several cells, and no year."""
    numbers = [
        record.value
        for record in row.values()
        if record.kind in ("number", "percent") or record.value.replace(".", "", 1).isdigit()
    ]
    return len(row) > 1 and bool(numbers) and not any(map(_YEAR.fullmatch, numbers))


def reason_to_skip(row: Mapping[int, CellRecord], said: str, subjects: list[int], payload: list[int]) -> Text | None:
    """Why a row below a header is no data; None where it is.

    Args:
        row: The cells of the row by column.
        said: Its first text, or 合计 where it names its measure.
        subjects, payload: The columns that say who, and those that hold figures.
    """
    first = plain(said)
    named = [row[column] for column in subjects if column in row and row[column].value]
    heads = [first, *(plain(record.value) for record in named)]
    if any(is_total(head) for head in heads):
        return Text("合计、小计行由系统自己计算", "totals are computed by the system")
    values = [row[column] for column in payload if column in row]
    filled = any(not record.cached or (record.value and not is_note(plain(record.value))) for record in values)
    is_keyed = any(plain(record.value) != first for record in named)
    if is_note(first) and not (filled and is_keyed):
        return Text("备注、签名行不是数据", "notes and signatures are no data")
    if len(row) == 1 and not filled and first and not any(_may_be_key(record) for record in named):
        return Text("只有一个单元格的行不是数据", "a row of one cell is no data")
    return None


def _may_be_key(record: CellRecord) -> bool:
    """Codes have a digit or a Latin letter and no Chinese word; a heading such as 内科 or 1.医师组 is none."""
    return any(c.isascii() and c.isalnum() for c in record.value) and not _CHINESE.search(record.value)
