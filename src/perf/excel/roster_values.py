"""Cells of rosters: words to the codes that rules use, numbers as exact text, days."""

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perf.excel.cells import CellRecord
from perf.excel.headers import plain
from perf.excel.months import month_in_cell
from perf.excel.numbers import read_number
from perf.excel.roster_columns import VALUE_WORDS
from perf.kernel.figures import exact_text
from perf.kernel.text import Text

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?: \d\d:\d\d)?|(\d{4})(\d{2})(\d{2})")
_OPEN = {"", "至今", "长期", "-", "—", "/", "无", "今", "在岗"}
_NUMBERS: dict[str, tuple[Fraction, Fraction | None]] = {
    "fte": (Fraction(0), Fraction(1)),
    "post_coefficient": (Fraction(0), None),
    "title_coefficient": (Fraction(0), None),
    "attendance": (Fraction(0), None),
    "seniority": (Fraction(0), None),
}


class Trouble(NamedTuple):
    """Why a cell cannot be taken."""

    expected: Text
    hint: Text


def attribute_value(key: str, record: CellRecord) -> str | Trouble:
    """One cell as the text of an attribute; empty where it is blank."""
    if record.kind == "error" or not record.cached:
        return Trouble(
            Text("文字或数值", "text or a number"), Text("在 Excel 中打开、改正并保存", "Mend and save it in Excel")
        )
    text = unicodedata.normalize("NFKC", record.value).strip() if key != "name" else record.value.strip()
    if not text or (key != "name" and text in ("-", "—", "/")):
        return ""
    if key in _NUMBERS:
        return _number(key, text)
    words = VALUE_WORDS.get(key)
    if words is None:
        return text
    if (code := words.get(plain(text))) is not None:
        return code
    if _CODE.fullmatch(text) and (key != "level" or text in words.values()):
        return text
    listed = "、".join(dict.fromkeys(words))
    expected = Text(f"下列之一:{listed}", f"one of {', '.join(sorted(set(words.values())))}")
    return Trouble(expected, Text("改为其中一个;不清楚请留空", "Write one of them; leave it empty if unknown"))


def _number(key: str, text: str) -> str | Trouble:
    low, high = _NUMBERS[key]
    read = read_number(text)
    number = None if read is None or read.mark not in ("", "%") else read.number / (100 if read.mark else 1)
    if number is None or number < low or (high is not None and number > high) or (key == "fte" and number == 0):
        if key == "fte":
            half = Text("一人一岗写 1;两处任职各写一部分,如 0.5", "1 for one post; parts such as 0.5 for two posts")
            return Trouble(Text("大于 0、不超过 1 的数字", "a number above 0 and at most 1"), half)
        least = Text(f"不小于 {exact_text(low)} 的数字", f"a number of at least {exact_text(low)}")
        return Trouble(least, Text("改为数字", "Write a number"))
    return exact_text(number)


def first_day(record: CellRecord | None) -> date | None:
    """The first day of a segment: blank = always so far, a month = its first day; None: not a date."""
    return _day(record, date.min, is_last=False)


def last_day(record: CellRecord | None) -> date | None:
    """The last day of a segment: blank or 至今 = open, a month = its last day; None: not a date."""
    return _day(record, date.max, is_last=True)


def _day(record: CellRecord | None, default: date, *, is_last: bool) -> date | None:
    text = unicodedata.normalize("NFKC", record.value).strip() if record is not None else ""
    if text in _OPEN:
        return default
    if match := _DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            return None
    period = month_in_cell(text)
    if period is None or period.kind != "month":
        return None
    return period.last_day if is_last else period.first_day
