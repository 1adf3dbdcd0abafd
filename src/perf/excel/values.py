"""From a cell to a measure's value: exact, in range; what could be two things is an issue, not a guess."""

import re
import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

from perf.excel.cells import CellRecord
from perf.excel.codes import Finding, ImportCode, quoted
from perf.excel.headers import HeaderUnit, scale_to, unit_of, unit_word
from perf.excel.identity_cells import misplaced
from perf.excel.numbers import NumberText, chinese_number, number_meant, plain_number, read_number
from perf.kernel.figures import exact_text, finite_decimal
from perf.kernel.identity import without_numbers
from perf.kernel.rounding import round_to
from perf.kernel.text import Text
from perf.specs.models import Measure

_BLANKS = {
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "//",
    "\\",
    "无",
    "n/a",
    "na",
    "空",
    "暂无",
    "未报",
    "未填",
    "未填报",
    "未统计",
    "没有",
    "不详",
    "不适用",
    "nan",
    "缺",
    "无数据",
    "null",
    "none",
    "…",
}
_YES = {"是", "有", "yes", "y", "√", "✓", "true"}
_NO = {"否", "无", "没有", "no", "n", "×", "✗", "false"}
WRITTEN: dict[str, Fraction] = {
    "percent": Fraction(1, 100),
    "permille": Fraction(1, 1000),
    "per_10k": Fraction(1, 10_000),
    "percentage_points": Fraction(1, 100),
}
_ONE = Fraction(1)
_ERROR_TEXT = re.compile(r"#(?:DIV/0!|N/A|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)", re.IGNORECASE)
_BIG = {"万": (Fraction(10_000), "万元"), "亿": (Fraction(100_000_000), "亿元")}
_POINTS_BEHIND = re.compile(r"\s*(个?百分点|pp)\s*$", re.IGNORECASE)
_MARK_OF = {"percent": "%", "permille": "‰", "per_10k": "", "percentage_points": "个百分点"}


class ValueReading(NamedTuple):
    """A value, or None where the cell is blank or wrong; with what there is to say about it."""

    value: Fraction | str | None
    findings: tuple[Finding, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the cell was meant to hold a value and cannot be taken."""
        return any(finding.severity == "error" for finding in self.findings)


_BLANK = ValueReading(None)


@dataclass(frozen=True, slots=True)
class Column:
    """The measure, the header as it stands in the file, and the unit in it.

    `factor` leads from the header's unit to the measure's own; None where the two do not measure the same.
    """

    measure: Measure
    header: str
    unit: HeaderUnit | None = None
    factor: Fraction | None = field(init=False)

    def __post_init__(self) -> None:
        factor = _ONE if self.unit is None else scale_to(self.unit, self.measure)
        object.__setattr__(self, "factor", _ONE if factor == 1 else factor)

    @property
    def is_own_unit(self) -> bool:
        """Whether figures are written in the measure's own unit."""
        return self.factor is _ONE


def read_value(record: CellRecord, column: Column) -> ValueReading:
    """Read one cell as a value of the column's measure.

    Returns:
        The exact value in the measure's own unit (percent and the like as ratio; ratings and texts as text), or None
        with the findings that say why.
    """
    refused = _unreadable(record, column)
    if refused is not None:
        return refused
    answers = column.measure.answers
    if record.kind == "number" and answers in ("number", "score"):
        return _number(record, column)
    text = unicodedata.normalize("NFKC", record.value).strip()
    if not text:
        return _BLANK
    if answers == "event":
        return _event(record, text, column)
    if record.kind == "text" and text.casefold() in _BLANKS:
        return ValueReading(None, (_blank_marker(record, column),))
    if answers == "rating":
        return _rating(record, text, column)
    if answers == "text":
        wrong = misplaced(column.header, text)
        return ValueReading(text) if wrong is None else ValueReading(None, (wrong,))
    return _number(record, column)


def expected_of(measure: Measure, example: str = "") -> Text:
    """What the measure takes, in words: `0 到 100 的数字,例如 88`."""
    if measure.answers == "rating":
        return Text("下列之一:" + "、".join(measure.values), "one of " + ", ".join(measure.values))
    if measure.answers == "event":
        return Text("发生次数(整数),或 是/否", "a whole number of events, or 是 (yes) / 否 (no)")
    low, high = (_shown(bound, measure) if bound is not None else "" for bound in (measure.minimum, measure.maximum))
    noun, noun_en = ("整数", "a whole number") if measure.digits == 0 else ("数字", "a number")
    if measure.unit in WRITTEN:
        noun, noun_en = f"比率({unit_word(measure)})", f"a ratio ({unit_word(measure)})"
    zh, en = noun, noun_en
    if low and high:
        zh, en = f"{low} 到 {high} 的{noun}", f"{noun_en} from {low} to {high}"
    elif low:
        zh, en = f"不小于 {low} 的{noun}", f"{noun_en} of at least {low}"
    elif high:
        zh, en = f"不大于 {high} 的{noun}", f"{noun_en} of at most {high}"
    return Text(f"{zh},例如 {example}", f"{en}, such as {example}") if example else Text(zh, en)


def _unreadable(record: CellRecord, column: Column) -> ValueReading | None:
    if not record.cached:
        return _wrong(
            "formula-not-calculated",
            column,
            Text("公式没有计算结果", "a formula without a calculated value"),
            expected_of(column.measure),
            Text(
                "在 Excel 中打开、保存后重新上传,或粘贴为数值",
                "Open it in Excel, save, upload again; or paste it as a value",
            ),
        )
    if record.kind == "error" or (record.kind == "text" and _ERROR_TEXT.fullmatch(record.value.strip())):
        return _wrong(
            "cell-error",
            column,
            Text(f"错误值 {record.value.strip()}", f"the error value {record.value.strip()}"),
            expected_of(column.measure),
            Text(
                "改正公式,或填写数值;没有数据请留空", "Mend the formula or enter the value; leave it empty without data"
            ),
        )
    if record.kind == "date" and column.measure.answers != "text":
        return _wrong(
            "cell-date",
            column,
            Text(f"日期 {record.value}", f"the date {record.value}"),
            expected_of(column.measure),
            Text("单元格格式改为“常规”后重新填写数值", "Set the cell's format to General and enter the value again"),
        )
    return None


def _event(record: CellRecord, text: str, column: Column) -> ValueReading:
    word = text.casefold()
    if record.kind == "boolean" or word in _YES or word in _NO:
        return ValueReading(Fraction(word in _YES or word == "1"))
    if record.kind == "text" and word in _BLANKS:
        return ValueReading(None, (_blank_marker(record, column),))
    read = read_number(text)
    if read is None or read.number < 0 or read.number.denominator != 1:
        hint = Text("填写次数;没有发生填 0 或“否”", "Enter how often; 0 or 否 where it did not happen")
        return _wrong("event-unknown", column, quoted_text(record), expected_of(column.measure), hint)
    return _checked(read.number, record, column, ())


def _rating(record: CellRecord, text: str, column: Column) -> ValueReading:
    values = column.measure.values
    if text in values:
        return ValueReading(text)
    close = [v for v in values if v.casefold() == text.casefold()] or get_close_matches(text, values, 1)
    hint = Text(f"改为 {close[0]}", f"Write {close[0]}") if close else Text("从下拉列表中选择", "Choose from the list")
    best = close[0] if close else ""
    return _wrong("rating-unknown", column, quoted_text(record), expected_of(column.measure), hint, best)


def _number(record: CellRecord, column: Column) -> ValueReading:
    read = None
    is_change = column.measure.unit == "percentage_points"
    if record.kind == "text":
        read = read_number(_POINTS_BEHIND.sub("", record.value) if is_change else record.value)
    elif record.kind in ("number", "percent"):
        read = NumberText(plain_number(record.value))
    if read is None:
        return _no_number(record, column)
    findings: list[Finding] = []
    if record.kind == "text" and not read.mark:
        findings.append(_as_text(record, read, column))
    if read.is_bracketed:
        findings.append(_bracketed(record, read, column))
    is_percent = record.kind == "percent" or read.mark == "%"
    if is_change and not is_percent:
        return _checked(read.number * WRITTEN["percentage_points"], record, column, tuple(findings))
    if column.measure.unit in WRITTEN and not is_change:
        return _ratio(record, read, column, tuple(findings))
    if is_percent and column.measure.unit != "ratio":
        hint = Text("写成数字,去掉 %,单元格格式改为“常规”", "Write a number without %, with the format General")
        return _wrong("percent-unexpected", column, quoted_text(record), expected_of(column.measure), hint)
    number = read.number / 100 if read.mark == "%" else read.number
    factor, mark = column.factor, read.mark
    if mark in _BIG:
        times, mark = _BIG[mark]
        if column.measure.unit not in ("yuan", "wan_yuan"):
            number, mark = number * times, ""
    if mark not in ("", "%") and (unit := unit_of(mark)):
        factor = scale_to(unit, column.measure)
    elif is_percent:
        factor = _ONE
    if factor is None:
        hint = Text(f"按 {unit_word(column.measure) or '数据项的单位'} 填写", "Enter it in the unit of the measure")
        return _wrong("column-unit", column, quoted_text(record), expected_of(column.measure), hint)
    if factor is not _ONE:
        number *= factor
    return _checked(number, record, column, tuple(findings))


def _ratio(record: CellRecord, read: NumberText, column: Column, findings: tuple[Finding, ...]) -> ValueReading:
    """`87.5%`, a percent-formatted 0.875, 87.5 in a percent column; two possible readings are asked."""
    measure, number = column.measure, read.number
    written = WRITTEN[measure.unit]
    if read.mark in ("%", "‰"):
        return _checked(number / (100 if read.mark == "%" else 1000), record, column, findings)
    if record.kind == "percent" or (column.unit is not None and column.unit.word == "比值"):
        return _checked(number, record, column, findings)
    if column.unit is not None and column.unit.dimension == "ratio" and column.unit.scale != written:
        return _checked(number * column.unit.scale, record, column, findings)
    if abs(number) > 1 or number == 0:
        return _checked(number * written, record, column, findings)
    possible = [value for value in (number * written, number) if _in_range(value, measure)]
    if len(possible) < 2:
        return _checked((*possible, number * written)[0], record, column, findings)
    mark = _MARK_OF[measure.unit] or unit_word(measure)
    one, other = f"{finite_decimal(number)}{mark}", f"{finite_decimal(number / written)}{mark}"
    return _wrong(
        "percent-unclear",
        column,
        quoted_text(record),
        Text(f"写明是 {one} 还是 {other}", f"either {one} or {other}, written so"),
        Text(f"带上 {mark} 填写", f"Write it with {mark}"),
    )


def _no_number(record: CellRecord, column: Column) -> ValueReading:
    words = chinese_number(record.value) if record.kind == "text" else None
    if words is not None:
        shown = _written(record.value, words, column.measure)
        return _wrong(
            "number-in-words",
            column,
            quoted_text(record),
            expected_of(column.measure, shown),
            Text(f"改为 {shown} 后重新上传", f"Write {shown} and upload again"),
            shown,
        )
    is_figure = record.kind == "text" and without_numbers(record.value) == record.value
    meant = number_meant(record.value) if is_figure else ""
    hint = Text("改为数字;没有数据请留空", "Write a number; leave it empty without data")
    if meant:
        hint = Text(f"是否应为 {meant}?{hint.zh}", f"Should it be {meant}? {hint.en}")
    return _wrong("not-a-number", column, quoted_text(record), expected_of(column.measure), hint, meant)


def _written(text: str, words: Fraction, measure: Measure) -> str:
    """A number in words as digits: sums of money with 元, ratios with their sign, so that no column's unit alters them."""
    if any(c in text for c in "元圆角"):
        return exact_text(words) + "元"
    if "百分之" in text or "成" in text:
        return exact_text(words * 100) + "%"
    return exact_text(words) + _MARK_OF.get(measure.unit, "")


def _checked(number: Fraction, record: CellRecord, column: Column, findings: tuple[Finding, ...]) -> ValueReading:
    measure = column.measure
    if not _in_range(number, measure):
        hint = Text("核对后改正", "Check and correct it")
        tenth, suggested = number / 100, ""
        if measure.unit == "percent" and abs(number) > 1 and _in_range(tenth, measure):
            suggested = _shown(tenth, measure)
            hint = Text(f"是否应为 {suggested}?", f"Should it be {suggested}?")
        found = _in_column(f"“{_shown(number, measure)}”", column)
        finding = Finding("out-of-range", found, expected_of(measure), hint, suggested=suggested)
        return ValueReading(None, (*findings, finding))
    if measure.digits != "exact" and 10**measure.digits % number.denominator:
        places = max(measure.digits - (2 if measure.unit == "percent" else 0), 0)
        rounded = _shown(round_to(number, measure.digits), measure)
        expected = Text(f"最多 {places} 位小数", f"at most {places} decimals")
        hint = Text(
            f"如应四舍五入,填写 {rounded};系统不替填报人取舍",
            f"If it is to be rounded, enter {rounded}; nothing is rounded for you",
        )
        found = _in_column(quoted(record.value), column)
        finding = Finding("too-many-digits", found, expected, hint, suggested=rounded)
        return ValueReading(None, (*findings, finding))
    return ValueReading(number, findings)


def _in_range(number: Fraction, measure: Measure) -> bool:
    low, high = measure.minimum, measure.maximum
    if low is not None and number.numerator * low.denominator < low.numerator * number.denominator:
        return False
    return high is None or number.numerator * high.denominator <= high.numerator * number.denominator


def _shown(number: Fraction, measure: Measure) -> str:
    written = WRITTEN.get(measure.unit)
    if written is None:
        return exact_text(number)
    return exact_text(number / written) + (_MARK_OF[measure.unit])


def _wrong(
    code: ImportCode, column: Column, found: Text, expected: Text, hint: Text, suggested: str = ""
) -> ValueReading:
    zh = f"{found.zh}(列“{column.header}”)"
    en = f"{found.in_lang('en')} (column “{column.header}”)"
    return ValueReading(None, (Finding(code, Text(zh, en), expected, hint, suggested=suggested),))


def _in_column(found: str, column: Column) -> Text:
    return Text(f"{found}(列“{column.header}”)", f"{found} (column “{column.header}”)")


def quoted_text(record: CellRecord) -> Text:
    """The cell's content in quotation marks."""
    return Text(quoted(record.value), quoted(record.value))


def _blank_marker(record: CellRecord, column: Column) -> Finding:
    return Finding(
        "blank-marker",
        _in_column(quoted(record.value), column),
        Text("没有数据请留空;是零请写 0", "empty without data, 0 for zero"),
        Text("已当作没有填报,不是零", "Taken as not reported, not as zero"),
        "info",
    )


def _as_text(record: CellRecord, read: NumberText, column: Column) -> Finding:
    return Finding(
        "number-as-text",
        _in_column(quoted(record.value), column),
        Text("数值单元格", "a number cell"),
        Text("已按数字读取", "Read as a number"),
        "info",
        exact_text(read.number),
    )


def _bracketed(record: CellRecord, read: NumberText, column: Column) -> Finding:
    shown = exact_text(read.number)
    return Finding(
        "number-in-brackets",
        _in_column(quoted(record.value), column),
        Text("负数写作 -", "a negative number with a minus sign"),
        Text(f"已按会计写法读作 {shown}", f"Read as {shown}, as accountants write it"),
        "warning",
        shown,
    )
