"""The people, measures and small workbooks of the gallery of awkward workbooks."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.excel.excel_building import BOOK, ROSTER, measure, person, place

from perf.excel import facts_of, read_workbook
from perf.excel.cells import Sheet
from perf.excel.reading import ImportReading, value_text
from perf.kernel.subjects import Roster

Rows = Sequence[Sequence[object]]
NIGHTS = measure("night_shifts", "夜班数", unit="times", supplied_by="护理部")
INFECTION = measure("infection", "院内感染率", unit="permille", digits=5, level="institution")
STAY = measure("stay", "平均住院日", unit="days", digits=1, level="institution")
FEES = measure("fees", "医疗费用合计", unit="yuan", digits=2, level="institution")
OWN = {one.code: one for one in (NIGHTS, INFECTION, STAY, FEES)}
RULES = replace(BOOK, measures=MappingProxyType({**BOOK.measures, **OWN}))
PEOPLE = Roster(
    [
        *ROSTER,
        place("X203-01", "内科", "department", "X203"),
        place("X203-02", "外科", "department", "X203"),
        person("000301", "陈静", "X203-01"),
        person("000302", "陈静", "X203-02"),
        person("000303", "𬱖㛃", "X203-01"),
    ]
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A workbook with one trouble: what it is called, what is wrong with it in a sentence, the file."""

    name: str
    title: str
    file: str
    make: Callable[[], bytes]


TROUBLES: dict[str, Trouble] = {}


def trouble(title: str, file: str = "2025-06 数据.xlsx") -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Take a function that makes a workbook into the gallery, under the function's name."""

    def taken(make: Callable[[], bytes]) -> Callable[[], bytes]:
        name = make.__name__
        assert name not in TROUBLES
        TROUBLES[name] = Trouble(name, title, file, make)
        return make

    return taken


def page(book: Workbook, rows: Rows, title: str = "数据", merge: Sequence[str] = ()) -> Worksheet:
    """Another sheet with these rows."""
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    return sheet


def blank() -> Workbook:
    """A workbook without any sheet."""
    book = Workbook()
    book.remove(book.active)
    return book


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(
    rows: Rows, *, title: str = "数据", merge: Sequence[str] = (), formats: Mapping[str, str] | None = None
) -> bytes:
    """A workbook of one sheet."""
    book = blank()
    sheet = page(book, rows, title, merge)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    return saved(book)


def read(one: Trouble) -> ImportReading:
    return facts_of(read_workbook(one.file, one.make()), RULES, PEOPLE)


def told(one: Trouble) -> str:
    """The workbook, what is taken from it and everything that is said, as one text to be read."""
    book = read_workbook(one.file, one.make())
    reading = facts_of(book, RULES, PEOPLE)
    lines = [one.title, "", f"文件:{one.file}"]
    for sheet in book.sheets:
        lines += _shown(sheet)
    lines += ["", f"结论:{reading.verdict},取到 {len(reading.rows)} 个数"]
    for row in reading.rows:
        source, key = row.source, row.key
        parts = (key.subject, str(key.period), RULES.measures[key.measure].title.zh, key.item, key.counterparty)
        about = " ".join(part for part in parts if part)
        place = f"{source.sheet}!{source.cell}" if source.sheet else source.cell
        lines.append(f"  {place}  {about} = {value_text(row.value)}")
    for key in reading.withheld:
        lines.append(f"  (没有取){key.subject} {key.period} {RULES.measures[key.measure].title.zh}")
    lines += ["", f"问题:{len(reading.issues)} 处"]
    for issue in reading.issues:
        lines += ["", issue.severity + "  " + issue.render("zh")]
        lines += [f"  建议值:{issue.suggested}"] if issue.suggested else []
    return "\n".join(lines) + "\n"


def _shown(sheet: Sheet, rows_max: int = 24) -> list[str]:
    state = "(隐藏)" if sheet.state == "hidden" else ""
    lines = ["", f"[{sheet.name}]{state}"]
    for number in list(sheet.rows)[:rows_max]:
        hidden = "(隐藏)" if number in sheet.hidden_rows else ""
        cells = " | ".join(
            f"{cell.cell} {cell.value if cell.cached else '=' + cell.formula}"
            + (f"〈{cell.kind}〉" if cell.kind not in ("text", "number") else "")
            for cell in sheet.rows[number].values()
        )
        lines.append(f"  {cells}{hidden}".replace("\n", "⏎").replace("\u200b", "⟨0宽⟩").replace("\ufeff", "⟨BOM⟩"))
    if len(sheet.rows) > rows_max:
        lines.append(f"  …… 共 {len(sheet.rows)} 行")
    return lines
