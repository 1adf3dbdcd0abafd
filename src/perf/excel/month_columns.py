"""Months as columns (1月 … 12月): which measure they are of, and what is said where that or the year cannot be told."""

import re
from collections.abc import Iterable

from perf.excel.codes import Finding, quoted
from perf.excel.headers import Vocabulary, header_of, plain
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.models import RuleBook

_TAG = re.compile(r"(?:数据项|指标|指标名称|项目)\s*:\s*(\S+)")
_TIME = re.compile(r"^.*?20\d{2}\s*(?:年度?|[-./])?(?:\s*\d{1,2}\s*(?:[-~至到]\s*\d{1,2})?\s*月份?)?")
_SPAN = re.compile(r"^(?:各月份?|分月|逐月|每月|按月|全年|上半年|下半年|月度|\d{1,2}[-~至到]\d{1,2}月份?)")
_FORM = re.compile(r"(?:统计|汇总|登记|明细|一览|情况|月报|上报|数据|台账|报)*(?:表)?$")


def measure_in_title(title: str, vocabulary: Vocabulary) -> str:
    """The one measure that the title above a table names and is about, empty where it names none or several.

    `2025年出院人次统计表` and `数据项:出院人次` name one; a title with any further word (目标, 累计) does not.
    """
    if tag := _TAG.search(title):
        return _only(vocabulary, tag[1])
    found = {code for word in title.split() if (code := _only(vocabulary, _bare(word)))}
    return found.pop() if len(found) == 1 else ""


def taken_by_title(code: str, book: RuleBook) -> Finding:
    """The columns of months were read as the measure that the title names."""
    title = header_of(book.measures[code])
    return Finding(
        "column-alike",
        Text(f"各月的列当作{quoted(title)}读取", f"the columns of months were read as {code}"),
        Text("标题或表头写明数据项", "the measure in the title or over the months"),
        Text("标题写的是它;不对时改标题", "The title names it; correct the title if it is wrong"),
        "info",
    )


def no_measure() -> Finding:
    """Months as columns, and nothing says of what."""
    return Finding(
        "months-without-measure",
        Text("各月为列,没有写明是哪个数据项", "months as columns, and nothing says of which measure"),
        Text("一个数据项", "one measure"),
        Text(
            "在表上方写“数据项:出院人次”这样一行;或加一列“指标”,每行写数据项",
            "Write a line such as 数据项:出院人次 above the table, or add a column 指标 with the measure of each row",
        ),
    )


def no_year(header: str) -> Finding:
    """A column headed by a month without a year."""
    return Finding(
        "period-invalid",
        Text(f"列{quoted(header)}没有年份", f"the column {quoted(header)} has no year"),
        Text("年份和月份,例如 2025年6月", "year and month, such as 2025年6月"),
        Text("在标题或文件名里写上年份", "Write the year in the title or the file's name"),
    )


def other_months(headers: Iterable[str], told: Period) -> Finding:
    """Columns of months that title or file name do not speak of."""
    names = "、".join(headers)
    return Finding(
        "period-contradicts",
        Text(f"各月的列 {names},标题或文件名是 {told}", f"columns of {names}; title or file name say {told}"),
        Text("同一个期间", "one period"),
        Text(
            f"报全年:标题和文件名只写年份;只报 {told}:删去其他月份的列",
            f"For the whole year write only the year in title and file name; for {told} delete the other columns",
        ),
    )


def _only(vocabulary: Vocabulary, word: str) -> str:
    match = vocabulary.match(word)
    return match.measures[0] if len(match.measures) == 1 and match.how == "exact" else ""


def _bare(word: str) -> str:
    text = plain(word)
    text = _SPAN.sub("", _TIME.sub("", text))
    return _FORM.sub("", text) if text else text


def no_period(several: tuple[Period, ...]) -> Finding:
    """A row of no month; `several` are those that title or file name give."""
    names = "、".join(map(str, several))
    none = Text("没有写明月份", "no month is given")
    return Finding(
        "period-missing",
        Text(f"标题或文件名里有几个月份:{names}", f"title or file name name several: {names}") if several else none,
        Text("月份列,或标题、工作表名、文件名中的月份", "a month column, or a month in title, sheet or file name"),
        Text("在标题中写“月份:2025-06”,或用 --period 指定", "Write 月份:2025-06 in the title, or use --period"),
    )
