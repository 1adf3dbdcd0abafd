"""How to mend what is wrong in a file of the contract, by issue code."""

from collections.abc import Mapping
from types import MappingProxyType

from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.text import Text

HINTS: Mapping[str, Text] = MappingProxyType(
    {
        "csv-broken": Text("检查引号是否成对,另存为 UTF-8 的 CSV", "look for an unpaired quote; save as CSV in UTF-8"),
        "csv-column-missing": Text("检查表头的拼写和大小写", "check how the header is spelt, capitals too"),
        "csv-column-twice": Text("删去一列", "drop one of them"),
        "csv-column-unknown": Text("改正列名,或删去这一列", "mend its name, or drop it"),
        "csv-row-length": Text("含逗号的内容要加双引号", "put text that holds a comma into double quotes"),
        "date-unreadable": Text("改写日期,留空表示一直有效", "write the date so; empty means without an end"),
        "dates-reversed": Text("对调两个日期", "swap the two dates"),
        "fact-twice": Text("只留正确的一行", "keep the right one"),
        "level-unknown": Text("改为其中一个层级", "use one of these levels"),
        "not-a-number": Text(
            "去掉千分位、单位和全角字符;没有报就留空", "no separators or units; empty where not reported"
        ),
        "out-of-range": Text("改正数值,或核对数据项的 range", "mend the value, or check the range of the measure"),
        "parent-cycle": Text("改正其中一行的 parent", "mend the parent of one of them"),
        "parent-unknown": Text("补上这个上级的行,或改正编码", "add a row for it, or mend the code"),
        "period-unreadable": Text("例如 2025-06", "for example 2025-06"),
        "rating-unknown": Text("改为其中一个评级", "use one of these ratings"),
        "subject-empty": Text("填上编码,或删去这一行", "fill in a code, or drop the row"),
        "subject-missing": Text("填上编码,或删去这一行", "fill in a code, or drop the row"),
        "period-invalid": Text("改写期间,或删去这一列", "mend the period, or drop the column"),
        "too-many-rows": Text("按医共体分成几个文件,每个医共体一个", "one file a consortium: take it apart"),
        "more-issues": Text("改正后再运行一次", "mend these and run it again"),
        "subject-twice": Text("删去一行", "drop one of them"),
        "too-many-digits": Text("舍入到规定的位数后再报", "round it before it is reported"),
        "unknown-measure": Text("在规则中声明,或改正代码", "declare it in the rules, or mend the code"),
        "unknown-subject": Text("在 SUBJECTS 中补上,或改正编码", "add it to SUBJECTS, or mend the code"),
    }
)


def file_issue(
    code: str,
    place: Place,
    found: Text,
    expected: Text,
    *,
    hint: Text | None = None,
    subject: str = "",
    severity: Severity = "error",
) -> Issue:
    """An issue of a file of the contract, with the hint of its code where none is given."""
    return Issue(code, place, found, expected, hint or HINTS.get(code, Text("")), severity, subject)
