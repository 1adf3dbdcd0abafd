"""The workbooks as departments really send them: title rows, units in headers, 合计 rows, signatures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from perf.formulas import UNITS
from perf.kernel.periods import Period
from perf.services.county.figures import (
    Figure,
    institution_figures,
    person_figures,
    pool_total,
    yearly_figures,
)
from perf.services.county.people import Post, people
from perf.services.county.tables import MONTHS, YEARS, CountyTables, Row, read_tables
from perf.specs.models import Measure, RuleBook

_BOLD = Font(bold=True)
_KINDS = {
    "consortium": "医共体",
    "county_hospital": "县级医院",
    "tcm_hospital": "中医院",
    "township_hospital": "乡镇卫生院",
    "village_clinic": "村卫生室",
}
_TIERS = {"county": "县", "town": "乡镇", "village": "村"}
_CATEGORIES = {
    "doctor": "医生",
    "nurse": "护士",
    "technician": "医技",
    "public_health": "公卫",
    "admin": "行政后勤",
    "village_doctor": "乡村医生",
}
_SUMMED = frozenset({"person-times", "persons", "items", "yuan", "wan_yuan", "days", "number"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: who, and its figures by measure."""

    heads: tuple[str, ...]
    values: Mapping[str, str]


def write_workbooks(
    out: Path, data: Path, progress: Callable[[Path], None], *, book: RuleBook, months: Sequence[Period] = MONTHS
) -> list[Path]:
    """Write every workbook of the demonstration into `out`; the paths in the order in which they are to be imported.

    Args:
        out: Folder to write to; one folder a period below it.
        data: Folder of the readable CSV.
        progress: Told each file.
        book: Measures: titles, units and who supplies them decide what stands in which workbook.
    """
    tables = read_tables(data)
    everybody = people(tables)
    written: list[Path] = []
    for name, content in _files(tables, everybody, book, months):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
        progress(path)
    return written


def _files(
    tables: CountyTables, everybody: Sequence[Post], book: RuleBook, months: Sequence[Period]
) -> Iterator[tuple[str, bytes]]:
    for consortium in tables.consortia:
        yield f"花名册/{consortium['code']}-机构名单与花名册.xlsx", _roster(tables, consortium, everybody)
    for year in YEARS:
        for consortium in tables.consortia:
            figures = list(yearly_figures(tables, consortium["code"], year))
            yield from _by_sender(tables, consortium, year, figures, {}, book)
    for month in months:
        for consortium in tables.consortia:
            figures, posts = _month(tables, consortium, month, everybody)
            yield from _by_sender(tables, consortium, month, figures, posts, book)


def _month(
    tables: CountyTables, consortium: Row, month: Period, everybody: Sequence[Post]
) -> tuple[list[Figure], dict[str, Post]]:
    """All figures of a consortium in a month, and the post of each person who has some."""
    figures = [Figure(consortium["code"], "pool_total", pool_total(tables, consortium, month))]
    present: dict[str, Post] = {}
    for row in tables.members(consortium["code"]):
        own = [p for p in everybody if p.institution == row["code"] and p.is_there(month.first_day, month.last_day)]
        of_place = list(institution_figures(tables, row, month, own))
        figures += of_place
        registered = next((int(f.value) for f in of_place if f.measure == "htn_registered"), 0)
        helpers = sum(p.category in ("public_health", "village_doctor") for p in own)
        for post in own:
            is_last = post.is_there(month.last_day, month.last_day) or post.last is not None
            if post.staff_no in present or not is_last or _moves_on(post, everybody, month):
                continue
            present[post.staff_no] = post
            figures += person_figures(row, post, month, registered, helpers)
    return figures, present


def _moves_on(post: Post, everybody: Sequence[Post], month: Period) -> bool:
    """Whether somebody else's sheet reports this person, who is there at the month's end."""
    if post.last is None or post.last >= month.last_day:
        return False
    return any(
        p.staff_no == post.staff_no and p is not post and p.is_there(month.last_day, month.last_day) for p in everybody
    )


def _by_sender(
    tables: CountyTables,
    consortium: Row,
    period: Period,
    figures: Sequence[Figure],
    posts: Mapping[str, Post],
    book: RuleBook,
) -> Iterator[tuple[str, bytes]]:
    """One workbook a department; the personnel office of each county hospital sends its own."""
    names = {row["code"]: row["name"] for row in (*tables.institutions, *tables.clinics)}
    by_sender: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        sender = book.measures[figure.measure].supplied_by
        post = posts.get(figure.subject)
        own_office = post is not None and sender == "人事科" and names[post.institution].endswith("医院")
        place = posts[figure.subject].institution if own_office else ""
        by_sender.setdefault((sender, place), []).append(figure)
    for (sender, place), own in sorted(by_sender.items()):
        title = f"{names[place or consortium['code']]}{period.zh()}{sender}数据上报表"
        suffix = f"-{names[place]}" if place else ""
        name = f"{period}/{consortium['code']}-{period}-{sender}{suffix}.xlsx"
        yield name, _workbook(title, sender, own, posts, names, book)


def _workbook(
    title: str,
    sender: str,
    figures: Sequence[Figure],
    posts: Mapping[str, Post],
    names: Mapping[str, str],
    book: RuleBook,
) -> bytes:
    workbook = Workbook(write_only=True)
    persons = [f for f in figures if f.subject in posts]
    places = [f for f in figures if f.subject not in posts]
    if places:
        lines = _lines(places, lambda code: (code, names[code]))
        _sheet(workbook, "机构数据", title, sender, ("机构编码", "机构名称"), lines, book, has_total=True)
    if persons:

        def who(staff_no: str) -> tuple[str, ...]:
            post = posts[staff_no]
            return (staff_no, post.name, names[post.institution], post.department)

        heads = ("工号", "姓名", "所在单位", "科室")
        _sheet(workbook, "个人数据", title, sender, heads, _lines(persons, who), book, has_total=False)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _lines(figures: Sequence[Figure], heads: Callable[[str], tuple[str, ...]]) -> list[Line]:
    values: dict[str, dict[str, str]] = {}
    for figure in figures:
        values.setdefault(figure.subject, {})[figure.measure] = figure.value
    return [Line(heads(subject), own) for subject, own in values.items()]


def _sheet(
    workbook: Workbook,
    name: str,
    title: str,
    sender: str,
    heads: tuple[str, ...],
    lines: Sequence[Line],
    book: RuleBook,
    *,
    has_total: bool,
) -> None:
    sheet: WriteOnlyWorksheet = workbook.create_sheet(name)
    sheet.freeze_panes = "C5"
    for column, width in zip("ABCDEFGHIJ", (12, 18, 20, 14, 18, 18, 18, 18, 18, 18), strict=True):
        sheet.column_dimensions[column].width = width
    codes = list(dict.fromkeys(code for line in lines for code in line.values))
    measures = [book.measures[code] for code in codes]
    sheet.append([_styled(sheet, title)])
    sheet.append([f"填报科室:{sender}"])
    sheet.append([])
    sheet.append([_styled(sheet, text) for text in (*heads, *map(_header, measures))])
    for line in lines:
        sheet.append([*line.heads, *(_cell(measure, line.values.get(measure.code)) for measure in measures)])
    if has_total and len(lines) > 1:
        sheet.append(["合计", "", *(_sum(measure, lines) for measure in measures)])
    sheet.append([])
    sheet.append(["制表人:", "", "审核人:"])


def _styled(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.font = _BOLD
    return cell


def _header(measure: Measure) -> str:
    unit = UNITS[measure.unit]
    return (
        measure.title.zh if measure.answers in ("rating", "event", "text") else f"{measure.title.zh}({unit.title.zh})"
    )


def _cell(measure: Measure, text: str | None) -> object:
    """A number as a number, as departments type it; ratings and events as text."""
    if text is None:
        return None
    if measure.answers in ("rating", "event", "text"):
        return text
    return float(text) if "." in text else int(text)


def _sum(measure: Measure, lines: Sequence[Line]) -> object:
    if measure.answers != "number" or measure.unit not in _SUMMED:
        return None
    amounts = [line.values[measure.code] for line in lines if measure.code in line.values]
    if any("." in one for one in amounts):
        return sum(round(float(one) * 100) for one in amounts) / 100
    return sum(int(one) for one in amounts)


def _roster(tables: CountyTables, consortium: Row, everybody: Sequence[Post]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = workbook.create_sheet("机构名单")
    sheet.append([_styled(sheet, f"{consortium['name']}机构名单")])
    sheet.append([_styled(sheet, text) for text in ("机构编码", "机构名称", "类型", "层级", "上级", "所在乡镇卫生院")])
    sheet.append([consortium["code"], consortium["name"], _KINDS["consortium"], "", "", ""])
    members = tables.members(consortium["code"])
    for row in members:
        sheet.append([row["code"], row["name"], _KINDS[row["kind"]], _TIERS[row["tier"]], row["parent"], ""])
    for clinic in tables.clinics_of(consortium["code"]):
        heads = [clinic["code"], clinic["name"], _KINDS["village_clinic"], _TIERS["village"], consortium["code"]]
        sheet.append([*heads, clinic["township"]])
    staff: WriteOnlyWorksheet = workbook.create_sheet("花名册")
    staff.freeze_panes = "C3"
    staff.append([_styled(staff, f"{consortium['name']}职工花名册")])
    headers = "工号 姓名 机构编码 机构名称 科室 岗位 职称 人员类别 分配系列 岗位系数 折算人数 是否负责人 村卫生室 起始日期 结束日期"
    staff.append([_styled(staff, text) for text in headers.split()])
    names = {row["code"]: row["name"] for row in members}
    for post in everybody:
        if post.institution in names:
            staff.append(_post_row(post, names[post.institution]))
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _post_row(post: Post, institution: str) -> list[object]:
    return [
        post.staff_no,
        post.name,
        post.institution,
        institution,
        post.department,
        post.post,
        post.title,
        _CATEGORIES[post.category],
        post.pay_group,
        float(post.coefficient),
        float(post.fte),
        "是" if post.head == "yes" else "否",
        post.clinic,
        post.first.isoformat(),
        post.last.isoformat() if post.last is not None else "",
    ]
