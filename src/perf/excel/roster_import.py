"""Workbooks of people and institutions ↔ segments: joiners, leavers, moves, second posts; every problem in one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from perf.excel.cells import CellRecord, Workbook, cell_name
from perf.excel.codes import Finding, ImportCode, quoted
from perf.excel.guard import LIMITS, Limits
from perf.excel.identity_cells import across_people, misplaced, read_identity
from perf.excel.opening import read_workbook
from perf.excel.reading import Verdict, verdict_of
from perf.excel.roster_checks import RosterRow, across_rows
from perf.excel.roster_table import RosterTable, find_tables
from perf.excel.roster_values import Trouble, attribute_value, first_day, last_day
from perf.excel.subjects import SubjectFinder, clean_code, name_key
from perf.kernel.identity_fields import IdentityValue
from perf.kernel.issues import Issue, Place, by_place
from perf.kernel.subjects import LEVELS, Level, Roster, Segment
from perf.kernel.text import Text

_NOT_ATTRIBUTES = frozenset(("subject", "parent", "from", "to", "institution_name", "level", "kind"))
_NO_TITLES: Mapping[str, Text] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RosterReading:
    """A roster workbook, read and checked; nothing is stored.

    Args:
        name, sha256: The file.
        segments: Institutions first, then persons, each in the order of rows; rows with an error are left out.
        issues: Everything to be said, by place; never with a whole number of a person.
        identities: Numbers of people and institutions, those that may be right, one for each subject and field.
        has_posts: Whether the file tells posts; a list of people's numbers alone does not.
    """

    name: str
    sha256: str
    segments: tuple[Segment, ...]
    issues: tuple[Issue, ...]
    identities: tuple[IdentityValue, ...] = ()
    has_posts: bool = True

    @property
    def verdict(self) -> Verdict:
        """`reject` with any error, `warn` with any warning, else `accept`."""
        return verdict_of(self.issues)


def read_roster(
    name: str,
    content: bytes,
    *,
    attributes: Mapping[str, Text] = _NO_TITLES,
    known: Roster | None = None,
    limits: Limits = LIMITS,
) -> RosterReading:
    """Read a workbook of persons (工号, 姓名, 机构编码 …), of institutions (机构编码, 机构名称, 类型 …), or of both.

    Args:
        name: File name.
        content: The bytes as they were sent.
        attributes: Attributes that rules declare, code → title; their titles are columns too.
        known: The roster so far: institutions that persons may belong to, staff numbers whose zeros were lost.
    """
    return roster_of(read_workbook(name, content, limits), attributes=attributes, known=known)


def roster_of(
    workbook: Workbook,
    *,
    attributes: Mapping[str, Text] = _NO_TITLES,
    known: Roster | None = None,
    today: date | None = None,
) -> RosterReading:
    """The same as `read_roster`, of a workbook that was read already; nobody is born after `today`."""
    return _RosterImport(workbook, attributes, known, today).read()


def is_roster(workbook: Workbook) -> bool:
    """Whether it holds a roster or a list of institutions: a table with at least two columns of posts, kinds or days.

    A table of staff numbers, names and nothing but numbers of people (cards, phones …) is one too.
    """
    found = find_tables(workbook, {}, reads_rows=False)
    signs = {"post", "category", "fte", "from", "to", "kind", "tier", "level"}
    return any(
        len(signs & table.columns.keys()) > 1 or (table.identities and table.is_whole)
        for table in (*found.persons, *found.institutions)
    )


class _RosterImport:
    def __init__(
        self, workbook: Workbook, attributes: Mapping[str, Text], known: Roster | None, today: date | None
    ) -> None:
        self.today = today
        self.workbook = workbook
        self.attributes = attributes
        self.known = known
        self.issues: list[Issue] = list(workbook.issues)
        self.rows: list[RosterRow] = []
        self.identities: list[IdentityValue] = []

    def read(self) -> RosterReading:
        tables = find_tables(self.workbook, self.attributes)
        self.issues.extend(tables.issues)
        institutions = [row for table in tables.institutions for row in self._rows(table)]
        self.places = SubjectFinder(Roster([*(self.known or ()), *(row.segment for row in institutions)]))
        persons = [row for table in tables.persons for row in self._rows(table)]
        institutions = [checked for row in institutions if (checked := self._with_parent(row))]
        rows = [*institutions, *persons]
        found = across_rows(rows, self.workbook.name)
        self.issues.extend(found)
        wrong = {(issue.place.sheet, issue.place.cell) for issue in found if issue.is_error}
        duplicate = {(issue.place.sheet, issue.place.cell) for issue in found if issue.code == "roster-duplicate"}
        segments = tuple(row.segment for row in rows if (row.sheet, row.cell) not in wrong | duplicate)
        identities, between = across_people(self.identities, self.workbook.name)
        self.issues.extend(between)
        return RosterReading(
            self.workbook.name,
            self.workbook.sha256,
            segments,
            tuple(by_place(self.issues)),
            tuple(identities),
            any(table.has_posts for table in (*tables.institutions, *tables.persons)),
        )

    def _rows(self, table: RosterTable) -> Iterable[RosterRow]:
        for number in table.rows:
            if not table.has_posts:
                self._numbers_only(table, number)
                continue
            row = self._person(table, number) if table.is_persons else self._institution(table, number)
            if row is not None:
                self._identities(table, number, row.segment.subject)
                yield row

    def _numbers_only(self, table: RosterTable, row: int) -> None:
        """A row of a list that has people's numbers and no posts: they have to be known already."""
        number = self._staff_number(table, row, table.cell(row, "subject"))
        if number is None:
            return
        known = [s for s in self.places.segments_of(number) if s.level == "person"]
        if not known:
            finding = Finding(
                "staff-number-unknown",
                Text(f"工号{quoted(number)}", f"staff number {quoted(number)}"),
                Text("花名册中的工号", "a staff number of the roster"),
                Text("先导入花名册,或核对工号", "Import the roster first, or check the number"),
            )
            self._say(finding, table, row, "subject", number)
            return
        name = table.text(row, "name")
        if name and not any(name_key(s.title) == name_key(name) for s in known):
            found = Text(f"姓名{quoted(name)}", f"the name {quoted(name)}")
            expected = Text(f"工号 {number} 是 {known[-1].title}", f"{number} is {known[-1].title}")
            hint = Text("核对是不是抄串了行", "Look whether a row slipped")
            self._say(Finding("name-contradicts", found, expected, hint), table, row, "name", number)
            return
        self._identities(table, row, number)

    def _identities(self, table: RosterTable, row: int, subject: str) -> None:
        for name, column in table.identities.items():
            record = table.sheet.rows[row].get(column)
            if record is None:
                record = CellRecord(table.sheet.name, row, column, "", "blank")
            read = read_identity(subject, name, record, on=self.today)
            if isinstance(read, Finding):
                place = Place(self.workbook.name, table.sheet.name, cell_name(row, column))
                self.issues.append(read.at(place, subject))
            elif read is not None:
                self.identities.append(read)

    def _say(self, finding: Finding, table: RosterTable, row: int, key: str, subject: str = "") -> None:
        column = table.columns.get(key) or table.columns["subject"]
        place = Place(self.workbook.name, table.sheet.name, cell_name(row, column))
        self.issues.append(finding.at(place, subject))

    def _person(self, table: RosterTable, row: int) -> RosterRow | None:
        record = table.cell(row, "subject")
        name = table.text(row, "name")
        number = self._staff_number(table, row, record)
        if number is None:
            return None
        parent = self._parent(table, row, number)
        read = self._attributes(table, row, number)
        days = self._days(table, row, number)
        is_sound = parent is not None and read is not None and days is not None
        if not name:
            hint = Text("填写姓名;多余的行请删除", "Enter the name, or delete the row")
            finding = Finding("roster-no-name", Text("没有姓名", "no name"), Text("姓名", "a name"), hint)
            self._say(finding, table, row, "name", number)
            is_sound = False
        if "post" in table.columns and not table.text(row, "post"):
            found = Text(f"{number} 没有岗位", f"{number} has no post")
            hint = Text("填写岗位;离岗的人填写结束日期", "Enter the post; for somebody who left, the end date")
            self._say(Finding("roster-no-post", found, Text("岗位", "a post"), hint), table, row, "post", number)
            is_sound = False
        if not is_sound or parent is None or read is None or days is None:
            return None
        segment = Segment(number, "person", read.get("category", ""), parent, *days, MappingProxyType(read))
        return RosterRow(segment, table.sheet.name, table.name_of_cell(row, "subject"))

    def _staff_number(self, table: RosterTable, row: int, record: CellRecord | None) -> str | None:
        text = clean_code(record.value) if record is not None else ""
        if record is None or not text:
            found, expected = Text("这一行没有工号", "a row without a staff number"), Text("工号", "a staff number")
            hint = Text("填写工号;多余的行请删除", "Enter the staff number, or delete the row")
            self._say(Finding("subject-missing", found, expected, hint), table, row, "subject")
            return None
        if (wrong := misplaced(table.headers["subject"], text, kinds=("citizen", "bank_card"))) is not None:
            self._say(wrong, table, row, "subject")
            return None
        if record.kind == "text":
            return text
        known = sorted(
            {s.subject for s in self.known or () if s.level == "person" and s.subject.lstrip("0") == text.lstrip("0")}
        )
        found = Text(f"工号 {quoted(text)} 是数字单元格", f"staff number {quoted(text)} is a number cell")
        expected = Text("文本格式的工号", "a staff number as text")
        if len(known) == 1:
            hint = Text(f"丢失的前导零已补上:{known[0]}", f"Leading zeros restored: {known[0]}")
            self._say(Finding("staff-number-zeros", found, expected, hint, "info"), table, row, "subject", known[0])
            return known[0]
        hint = Text("前导零可能已丢失;请把工号列设为文本后重新填写", "Leading zeros may be lost; make it a text column")
        self._say(Finding("staff-number-numeric", found, expected, hint, "warning"), table, row, "subject", text)
        return text

    def _parent(self, table: RosterTable, row: int, number: str) -> str | None:
        code, name = table.cell(row, "parent"), table.text(row, "institution_name")
        text = clean_code(code.value) if code is not None else ""
        known = self.places.level(text)
        expected = Text("机构名单中的机构", "an institution of the list")
        if text and known is not None and known != "person":
            named = self.places.names_of([text])
            if name and not any(name_key(s.title) == name_key(name) for s in self.places.segments_of(text)):
                found = Text(f"机构{quoted(name)}", f"the institution {quoted(name)}")
                expected = Text(f"编码 {text} 是 {named}", f"the code {text} is {named}")
                hint = Text("核对机构编码和名称", "Check the code and the name")
                finding = Finding("institution-contradicts", found, expected, hint)
                self._say(finding, table, row, "institution_name", number)
                return None
            return text
        if not text and name:
            codes = self.places.named(name)
            if len(codes) == 1:
                return next(iter(codes))
            problem: ImportCode = "institution-ambiguous" if codes else "institution-unknown"
            found = Text(f"机构{quoted(name)}", f"the institution {quoted(name)}")
            hint = Text("填写机构编码", "Enter the institution code")
            self._say(Finding(problem, found, expected, hint), table, row, "institution_name", number)
            return None
        found = Text(f"机构编码{quoted(text)}" if text else "没有机构", f"the institution code {quoted(text)}")
        hint = Text("核对机构编码,或先导入机构名单", "Check the code, or import the list of institutions first")
        self._say(Finding("institution-unknown", found, expected, hint), table, row, "parent", number)
        return None

    def _institution(self, table: RosterTable, row: int) -> RosterRow | None:
        code = clean_code(table.text(row, "subject"))
        if not code:
            found = Text("这一行没有机构编码", "a row without an institution code")
            hint = Text("填写机构编码;多余的行请删除", "Enter the code, or delete the row")
            self._say(Finding("subject-missing", found, Text("机构编码", "a code"), hint), table, row, "subject")
            return None
        read = self._attributes(table, row, code)
        days = self._days(table, row, code)
        if read is None or days is None:
            return None
        if not read.get("name"):
            hint = Text("填写机构名称;多余的行请删除", "Enter the name, or delete the row")
            finding = Finding("roster-no-name", Text("没有机构名称", "no name"), Text("机构名称", "a name"), hint)
            self._say(finding, table, row, "name", code)
            return None
        kind = read.pop("kind", "")
        stated = read.pop("level", "") or ("consortium" if kind == "consortium" else "institution")
        level: Level = next((known for known in LEVELS if known == stated), "institution")
        parent = clean_code(table.text(row, "parent"))
        segment = Segment(code, level, kind, parent, *days, MappingProxyType(read))
        return RosterRow(segment, table.sheet.name, table.name_of_cell(row, "subject"))

    def _with_parent(self, row: RosterRow) -> RosterRow | None:
        """The row with the code of its parent (上级 may be written by name); None with an issue for an unknown one."""
        parent = row.segment.parent
        if not parent or self.places.level(parent) not in (None, "person"):
            return row
        codes = self.places.named(parent)
        if len(codes) == 1:
            return row._replace(segment=replace(row.segment, parent=next(iter(codes))))
        found = Text(f"上级{quoted(parent)}", f"the parent {quoted(parent)}")
        expected = Text("名单中的上级编码", "a code of the list")
        hint = Text("改正上级编码,或在机构名单里加上这个上级", "Correct the code, or add this parent to the list")
        finding = Finding("institution-unknown", found, expected, hint)
        self.issues.append(finding.at(Place(self.workbook.name, row.sheet, row.cell), row.segment.subject))
        return None

    def _attributes(self, table: RosterTable, row: int, subject: str) -> dict[str, str] | None:
        """All attributes of a row as text; None where one cannot be taken."""
        read: dict[str, str] = {}
        is_sound = True
        kept = _NOT_ATTRIBUTES if table.is_persons else _NOT_ATTRIBUTES - {"level", "kind"}
        for key in table.columns:
            record = table.cell(row, key)
            if key in kept or record is None:
                continue
            value = attribute_value(key, record)
            if isinstance(value, Trouble):
                found = Text(f"{table.headers[key]}{quoted(record.value)}", f"{key} {quoted(record.value)}")
                finding = Finding("roster-value", found, value.expected, value.hint)
                self._say(finding, table, row, key, subject)
                is_sound = False
            elif (wrong := misplaced(table.headers[key], value)) is not None:
                self._say(wrong, table, row, key, subject)
                is_sound = False
            elif value:
                read[key] = value
        return read if is_sound else None

    def _days(self, table: RosterTable, row: int, subject: str) -> tuple[date, date] | None:
        days = (first_day(table.cell(row, "from")), last_day(table.cell(row, "to")))
        for day, key in zip(days, ("from", "to"), strict=True):
            if day is None:
                found = Text(
                    f"{table.headers[key]}{quoted(table.text(row, key))}", f"the date {quoted(table.text(row, key))}"
                )
                hint = Text("改为日期;至今请留空", "Write a date; leave it empty for “until now”")
                expected = Text("2025-06-01 这样的日期", "a date such as 2025-06-01")
                self._say(Finding("roster-date", found, expected, hint), table, row, key, subject)
        first, last = days
        if first is None or last is None:
            return None
        if last < first:
            found = Text(f"{first} 到 {last}", f"from {first} to {last}")
            expected = Text("结束日期不早于起始日期", "an end not before the start")
            hint = Text(
                "改正起始或结束日期;至今请留空", "Correct one of the dates; leave the end empty for “until now”"
            )
            self._say(Finding("roster-dates-reversed", found, expected, hint), table, row, "to", subject)
            return None
        return first, last
