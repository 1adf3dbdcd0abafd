"""Small rule books, rosters and workbooks for the tests of the import."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel import read_facts
from perf.excel.reading import ImportReading
from perf.kernel.issues import NOWHERE, Issue
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.models import ItemList, ListItem, Measure, RuleBook

JUNE = parse_period("2025-06")


def measure(code: str, title: str, **changes: object) -> Measure:
    values: dict[str, object] = {
        "code": code,
        "title": Text(title, code),
        "answers": "number",
        "unit": "number",
        "digits": 0,
        "level": "person",
        "roll_up": "sum",
        "period": "month",
        "spread": "same",
        "partial": False,
        "minimum": Fraction(0),
        "maximum": None,
        "supplied_by": "",
        "revenue": "none",
        "counter_to": (),
        "values": (),
        "synonyms": (),
        "place": NOWHERE,
    }
    return Measure(**{**values, **changes})  # type: ignore[arg-type]


MEASURES = (
    measure("discharges", "出院人次", unit="person-times", supplied_by="病案室", synonyms=("出院人数",)),
    measure("visits", "诊疗人次", unit="person-times", supplied_by="病案室"),
    measure("score", "服务得分", answers="score", unit="points", maximum=Fraction(100)),
    measure("satisfaction", "满意度", unit="percent", digits=4, maximum=Fraction(1)),
    measure("growth", "增长率", unit="percent", digits=4, minimum=None),
    measure("income", "门诊收入", unit="yuan", digits=2),
    measure("budget", "总额预算", unit="wan_yuan", digits=2, level="institution"),
    measure("accident", "重大事故", answers="event"),
    measure("rating", "病历评级", answers="rating", values=("A", "B", "C")),
    measure("remark", "评语", answers="text"),
    measure("beds", "开放床日", unit="days", level="institution", supplied_by="信息科"),
    measure("population", "服务人口", unit="persons", level="institution", period="year"),
)
BOOK = RuleBook(
    measures=MappingProxyType({m.code: m for m in MEASURES}),
    lists=MappingProxyType(
        {
            "services": ItemList(
                "services",
                Text("服务"),
                MappingProxyType({"ecg": ListItem("ecg", Text("心电图"), MappingProxyType({}))}),
                NOWHERE,
            )
        }
    ),
    indicators=MappingProxyType({}),
    schemes=MappingProxyType({}),
    distributions=MappingProxyType({}),
    accounts=MappingProxyType({}),
)


def place(code: str, name: str, level: str = "institution", parent: str = "C1") -> Segment:
    return Segment(code, level, "township_hospital", parent, attributes={"name": name})  # type: ignore[arg-type]


def person(number: str, name: str, parent: str, first: date = date(2020, 1, 1), last: date = date.max) -> Segment:
    return Segment(number, "person", "doctor", parent, first, last, {"name": name, "category": "doctor"})


ROSTER = Roster(
    [
        place("C1", "县人民医院医共体", "consortium", ""),
        place("X203", "泥河镇卫生院"),
        place("X204", "白湖镇卫生院"),
        person("000203", "张三", "X203"),
        person("000204", "李四", "X203"),
        person("000205", "王芳", "X203"),
        person("000206", "王芳", "X204"),
        person("000207", "赵㛃", "X204"),
        person("000208", "两岗", "X203"),
        person("000208", "两岗", "X204"),
        person("000209", "离职", "X204", last=date(2025, 3, 31)),
        person("12", "短号", "X203"),
        person("0012", "长号", "X203"),
    ]
)

Rows = Sequence[Sequence[object]]


def sheet_bytes(
    rows: Rows, *, title: str = "数据", formats: Mapping[str, str] | None = None, merge: Sequence[str] = ()
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    for area in merge:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(
    rows: Rows,
    *,
    name: str = "2025-06 数据.xlsx",
    roster: Roster | None = ROSTER,
    period: Period | None = None,
    **more: object,
) -> ImportReading:
    mapping = more.pop("mapping", None)
    content = sheet_bytes(rows, **more)  # type: ignore[arg-type]
    return read_facts(name, content, BOOK, roster, period=period, mapping=mapping)  # type: ignore[arg-type]


def told(reading: ImportReading) -> list[tuple[str, str]]:
    """(cell, code) of every issue, in order."""
    return [(issue.place.cell, issue.code) for issue in reading.issues]


def values(reading: ImportReading) -> dict[tuple[str, str], object]:
    return {(row.key.subject, row.key.measure): row.value for row in reading.rows}


def the(reading: ImportReading, code: str) -> Issue:
    (issue,) = [issue for issue in reading.issues if issue.code == code]
    return issue
