"""One table into facts: the key of each row, then its values; wide (a column each) or long (数据项 + 数值)."""

import re
from datetime import date
from typing import NamedTuple

from perf.excel.bulk_rows import BulkRows, KeyCells, KeyReading
from perf.excel.cells import CellRecord, column_letters
from perf.excel.codes import Finding, quoted
from perf.excel.collecting import Collector
from perf.excel.column_issues import (
    not_of_people,
    numbers_of_people,
    reported_above,
    taken_as,
    unknown_measure,
    wrong_unit,
)
from perf.excel.headers import HeaderMatch, HeaderUnit, Role, Vocabulary, plain, scale_to, unit_of
from perf.excel.heading_words import SUBJECT_ROLES
from perf.excel.identities import broken_identities
from perf.excel.identity_cells import misplaced
from perf.excel.long_rows import LongRows
from perf.excel.month_columns import no_period, no_year, other_months
from perf.excel.months import month_in_cell, names_month_only, periods_agree
from perf.excel.recognise import Table, TableColumn
from perf.excel.said import ERRORS_MAX
from perf.excel.subjects import Resolved, clean_code
from perf.excel.values import Column, read_value
from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.models import Measure

_TITLE_UNIT = re.compile(r"单位\s*:\s*(?:人民币)?\s*(亿元|万元|千元|元)(?![^\s,;)、])")
_LOST_ZERO = re.compile(r"(20\d\d)\.1")
_LOOKED_AT = 20  # rows
_KINDS = {"month": "月", "quarter": "季度", "year": "年度"}


class Told(NamedTuple):
    """What titles, sheet name and file name say about a table: period, year (completes a bare month), institution.

    `several`: the periods of a title that names more than one; `is_wrong`: a month that no calendar has was told already.
    """

    period: Period | None
    year: int | None
    owner: str | None
    several: tuple[Period, ...] = ()
    is_wrong: bool = False


def read_table(table: Table, told: Told, vocabulary: Vocabulary, into: Collector) -> None:
    """Read every row of `table`; facts and issues go to `into`."""
    _TableImport(table, told, vocabulary, into).read()


class _TableImport:
    """One table into the reading of its file."""

    def __init__(self, table: Table, told: Told, vocabulary: Vocabulary, into: Collector) -> None:
        self.table = table
        self.told = told
        self.vocabulary = vocabulary
        self.into = into
        self.by_role: dict[Role, TableColumn] = {c.role: c for c in table.columns if c.role is not None}
        self.is_persons = "staff_number" in self.by_role or "staff_name" in self.by_role
        self.columns: list[tuple[TableColumn, Column]] = []
        self.values = [column for column in table.columns if column.role == "value"]
        self.months: dict[int, Period] = {}
        self.has_months = any(column.month for column in table.columns)
        self.merged = table.areas
        self.reported: set[tuple[object, ...]] = set()
        self.unsaid = 0

    def read(self) -> None:
        self.into.begin_table()
        self._resolve_months()
        self.columns = [
            pair for column in self._timely(self.table.measure_columns) if (pair := self._measure_column(column))
        ]
        self.values = self._timely(self.values)
        if (nameless := self._nameless()) is not None:
            self.into.say(nameless[1], self.table.sheet.name, self.table.header_row, nameless[0])
            return
        is_long = "measure" in self.by_role and "value" in self.by_role
        done: set[int] = set()
        keys = KeyReading(self._silent_key, self._silent_period, self._is_steady)
        if not self.has_months and not is_long:
            done = BulkRows(self.table, self.columns, self.into, keys, self._take).take(self.merged)
        elif not self.has_months and len(self.values) == 1:
            done = LongRows(self.table, self.values[0], self.into, keys, self._silent_column).take(self.merged)
        for row in self.table.rows:
            if row in done:
                continue
            if is_long:
                self._long_row(row)
            elif self.columns:
                self._wide_row(row)
        for row, column, finding in broken_identities(self.table) if not is_long else ():
            self.into.say(finding, self.table.sheet.name, row, column)

    def _nameless(self) -> tuple[int, Finding] | None:
        """The column of staff numbers that has lost its header, in a table of persons that then looks like one of institutions."""
        if self.is_persons or not any(spec.measure.level == "person" for _, spec in self.columns):
            return None
        rows = [self.table.sheet.rows[number] for number in self.table.rows[:_LOOKED_AT]]
        head = self.table.sheet.rows[self.table.header_row]
        for number in sorted(set().union(*rows).difference(column.number for column in self.table.columns)):
            said = [clean_code(row[number].value) for row in rows if number in row]
            header = head[number].value if number in head else ""
            is_passed_by = self.vocabulary.match(header).role == "ignore"
            if not is_passed_by and all(self.into.subjects.level(code) == "person" for code in said):
                return number, numbers_of_people(header or column_letters(number))
        return None

    def _resolve_months(self) -> None:
        """The period of each column that is headed by a month; those that cannot be are told and left out."""
        year = self.told.year or (self.told.period.year if self.told.period is not None else None)
        others: list[TableColumn] = []
        for column in self.table.columns:
            period = month_in_cell(column.month, year) if column.month else None
            if column.month and period is None:
                self._say_column(no_year(column.header), column)
            elif period is not None and self.told.period is not None and not periods_agree(self.told.period, period):
                others.append(column)
            elif period is not None:
                self.months[column.number] = period
        if others and self.told.period is not None:
            self._say_column(other_months([column.header for column in others], self.told.period), others[0])

    def _timely(self, columns: list[TableColumn]) -> list[TableColumn]:
        return [column for column in columns if not column.month or column.number in self.months]

    def _measure_column(self, column: TableColumn) -> tuple[TableColumn, Column] | None:
        measure = self.into.book.measures[column.measure]
        if self.is_persons and measure.level != "person":
            self._say_column(not_of_people(column.header), column)
            return None
        if column.unit is not None and scale_to(column.unit, measure) is None:
            self._say_column(wrong_unit(column.header, column.unit, measure), column)
            return None
        return column, Column(measure, column.header, column.unit or self._unit_of_title(measure))

    def _unit_of_title(self, measure: Measure) -> HeaderUnit | None:
        """`单位:万元` above a table is the unit of its amounts of money that name none themselves."""
        found = _TITLE_UNIT.search(self.table.title)
        unit = unit_of(found[1]) if found else None
        return unit if unit is not None and measure.unit in ("yuan", "wan_yuan") else None

    def _say_column(self, finding: Finding, column: TableColumn) -> None:
        self.into.say(finding, self.table.sheet.name, self.table.header_row, column.number)

    def _wide_row(self, row: int) -> None:
        cells = [(column, self.table.sheet.rows[row].get(column.number)) for column, _ in self.columns]
        is_empty = not any(record is not None and (record.value or not record.cached) for _, record in cells)
        if is_empty and not any(self.table.cell(row, self.by_role.get(role)) for role in SUBJECT_ROLES):
            return
        bases = self._keys_of_row(row, [(column, record) for column, record in cells])
        for (column, spec), (_, own) in zip(self.columns, cells, strict=True):
            record = own or self._merged_value(row, column)
            base = bases[self.months.get(column.number)]
            if base is not None:
                self._take(row, column.number, record, spec, base)
            elif record is not None:
                self._check_only(record, spec)

    def _long_row(self, row: int) -> None:
        named = self.table.cell(row, self.by_role["measure"])
        cells = [(column, self.table.sheet.rows[row].get(column.number)) for column in self.values]
        if named is None or not named.value or not cells:
            return
        match = self.vocabulary.match(named.value, self.table.answers)
        bases = self._keys_of_row(row, cells)
        if len(match.measures) != 1:
            unknown = unknown_measure(named.value, match, self.vocabulary, self.into.book)
            self.into.say(unknown, named.sheet, row, named.column)
            return
        measure = self.into.book.measures[match.measures[0]]
        stated = self.table.cell(row, self.by_role.get("unit"))
        unit = self._unit_of_row(match, stated.value if stated is not None else None, measure)
        if unit is not None and scale_to(unit, measure) is None:
            self.into.say(wrong_unit(named.value, unit, measure), named.sheet, row, named.column)
            return
        if match.how != "exact" and (measure.code, named.value) not in self.reported:
            self.reported.add((measure.code, named.value))
            finding = taken_as(named.value, measure.code, match.how, self.into.book)
            self.into.say(finding, named.sheet, row, named.column)
        spec = Column(measure, named.value, unit)
        for column, record in cells:
            base = bases[self.months.get(column.number)]
            if base is not None:
                self._take(row, column.number, record, spec, base)
            elif record is not None:
                self._check_only(record, spec)

    def _unit_of_row(self, match: HeaderMatch, stated: str | None, measure: Measure) -> HeaderUnit | None:
        """The unit of a row of a long table: beside its measure, in its own column, above it or in the title."""
        own = unit_of(stated) if stated is not None else None
        return match.unit or own or self.values[0].unit or self._unit_of_title(measure)

    def _silent_column(self, named: str, stated: str | None) -> Column | None:
        """What the values of a row with these texts for measure and unit are, if there is nothing to say of these."""
        match = self.vocabulary.match(named, self.table.answers)
        if len(match.measures) != 1 or match.how != "exact":
            return None
        measure = self.into.book.measures[match.measures[0]]
        unit = self._unit_of_row(match, stated, measure)
        return Column(measure, named, unit) if unit is None or scale_to(unit, measure) is not None else None

    def _keys_of_row(
        self, row: int, cells: list[tuple[TableColumn, CellRecord | None]]
    ) -> dict[Period | None, FactKey | None]:
        """The key of the row for each month that heads a column; None for the columns that no month heads."""
        about = self.table.key_cells(row)
        if not self.has_months:
            return {None: self._key_of_row(row, about, None, set(), is_told=True)}
        keys: dict[Period | None, FactKey | None] = {}
        said: set[tuple[Role, Finding]] = set()
        for month in dict.fromkeys(self.months.get(column.number) for column, _ in cells):
            filled = month is None or any(
                record is not None and self.months.get(column.number) == month for column, record in cells
            )
            keys[month] = self._key_of_row(row, about, month, said, is_told=filled)
        return keys

    def _silent_key(self, row: int, cells: KeyCells) -> FactKey | None:
        """The key of a row if there is nothing to say of it; nothing is said here."""
        if (
            self.unsaid > ERRORS_MAX
        ):  # of so many rows there is something to say that they will not be read to their end
            return None
        reported = set(self.reported)
        base, is_said = self.into.unsaid(lambda: self._key_of_row(row, cells, None, set(), is_told=True))
        if is_said:
            self.reported = reported
            self.unsaid += 1
            return None
        return base

    def _silent_period(self, row: int, cell: CellRecord | None) -> Period | None:
        """The period of a row if there is nothing to say of it; nothing is said here."""
        reported = set(self.reported)
        period, is_said = self.into.unsaid(lambda: self._period(row, cell))
        if is_said:
            self.reported = reported
            return None
        return period

    def _is_steady(self, base: FactKey, cells: KeyCells, first_day: date, last_day: date) -> bool:
        """Whether a row with these cells, but another period between two days, has the same key but for the period."""
        code, name, named = (cells.get(role) for role in ("institution_code", "institution_name", "staff_name"))
        place = None
        if self.is_persons and (code or name) and self.into.roster is not None:
            place = self.into.subjects.institution(code, name, base.period).subject
        about = [one for one in (base.subject, base.counterparty, place) if one]
        return self.into.subjects.is_steady(about, named.value if named else "", first_day, last_day)

    def _key_of_row(
        self, row: int, cells: KeyCells, month: Period | None, said: set[tuple[Role, Finding]], *, is_told: bool
    ) -> FactKey | None:
        """Subject, period, item and counterparty of a row (measure left empty); None where one cannot be told."""
        period = month or self._period(row, cells.get("period"))
        if period is None:
            return None
        resolved = self._subject(cells, period)
        for role, finding in resolved.findings if is_told else ():
            if (role, finding) not in said:
                said.add((role, finding))
                self._say_role(finding, row, role, resolved.subject or "")
        item = self._item(row, cells.get("item"))
        counterparty = self._counterparty(row, cells.get("counterparty"), period)
        if resolved.subject is None or counterparty is None or item is None:
            return None
        return FactKey(resolved.subject, "", period, item, counterparty)

    def _subject(self, cells: KeyCells, period: Period) -> Resolved:
        code, name = cells.get("institution_code"), cells.get("institution_name")
        if not self.is_persons:
            if code is None and name is None and self.told.owner and not (self.by_role.keys() & set(SUBJECT_ROLES)):
                return Resolved(self.told.owner)
            if code is None and name is not None and self.into.subjects.level(clean_code(name.value)) is not None:
                code, name = name, None
            return self.into.subjects.institution(code, name, period)
        place = self.told.owner
        findings: tuple[tuple[Role, Finding], ...] = ()
        if (code is not None or name is not None) and self.into.roster is not None:
            place, findings = self.into.subjects.institution(code, name, period)
            if place is None:
                return Resolved(None, findings)
        number, named = cells.get("staff_number"), cells.get("staff_name")
        if named is not None and "staff_number" not in self.by_role and self._is_number(named.value):
            number, named = named, None
        if number is not None and self.into.may_have_lost_zeros(number.value):
            number = number._replace(kind="number")
        found = self.into.subjects.person(number, named, place, period, cells.get("department"))
        return Resolved(found.subject, (*findings, *found.findings))

    def _is_number(self, text: str) -> bool:
        """Whether a column of people (人员) holds staff numbers instead of names."""
        return clean_code(text).isdigit() or self.into.subjects.level(clean_code(text)) == "person"

    def _say_role(self, finding: Finding, row: int, role: Role, subject: str) -> None:
        others = reversed(SUBJECT_ROLES) if role.startswith("institution") else SUBJECT_ROLES
        column = next((self.by_role[r] for r in (role, *others) if r in self.by_role), None)
        number = column.number if column is not None else min(self.table.sheet.rows[row])
        if column is None or column.role != role:  # it is said at another cell, which does not need the value
            finding = finding._replace(suggested="")
        self.into.say(finding, self.table.sheet.name, row, number, subject)

    def _period(self, row: int, record: CellRecord | None) -> Period | None:
        column = self.by_role.get("period")
        if column is None or record is None or not record.value:
            if self.told.period is None and not self.told.is_wrong:
                self._report_period(row, column, no_period(self.told.several))
            return self.told.period
        period = self._period_in(record)
        if period is None:
            invalid = _no_such_period(record.value, self.told)
            self.into.say(invalid, record.sheet, row, record.column)
            return None
        if self.told.period is not None and not periods_agree(self.told.period, period):
            found = Text(
                f"月份列写 {period},标题或文件名是 {self.told.period}",
                f"{period} here, {self.told.period} in title or file name",
            )
            expected = Text("同一个期间", "one period")
            hint = Text(
                "改正月份列,或改文件名;补报往期请单独成表",
                "Correct one of them; report other months in a file of their own",
            )
            self._report_period(row, column, Finding("period-contradicts", found, expected, hint), period)
            return None
        return period

    def _period_in(self, record: CellRecord) -> Period | None:
        """The period in a cell; a number cell 2025.1 may have been 2025.10, and only the title can tell."""
        if record.kind == "number" and (match := _LOST_ZERO.fullmatch(record.value)):
            both = [Period(int(match[1]), "month", month) for month in (1, 10)]
            return next((one for one in both if one == self.told.period), None)
        return month_in_cell(record.value, self.told.year)

    def _report_period(
        self, row: int, column: TableColumn | None, finding: Finding, period: Period | None = None
    ) -> None:
        key = (finding.code, period)
        if key not in self.reported:
            self.reported.add(key)
            number = column.number if column is not None else min(self.table.sheet.rows[row])
            self.into.say(finding, self.table.sheet.name, row, number)

    def _item(self, row: int, record: CellRecord | None) -> str | None:
        if record is None or not record.value:
            return ""
        text = clean_code(record.value)
        known = self.into.items.get(plain(text))
        if known is None and (wrong := misplaced(self.by_role["item"].header, text)) is not None:
            self.into.say(wrong, record.sheet, row, record.column)
            return None
        if known is None and self.into.items and (text, "item") not in self.reported:
            self.reported.add((text, "item"))
            found = Text(f"明细项{quoted(record.value)}", f"the item {quoted(record.value)}")
            expected = Text("清单中的编码或名称", "a code or title of a list")
            hint = Text("已照原样读取;规则用到时请先加入清单", "Taken as it stands; add it to the list if rules use it")
            self.into.say(Finding("item-unknown", found, expected, hint, "warning"), record.sheet, row, record.column)
        return known or text

    def _counterparty(self, row: int, record: CellRecord | None, period: Period) -> str | None:
        if record is None or not record.value:
            return ""
        is_code = self.into.subjects.level(clean_code(record.value)) is not None
        found = self.into.subjects.institution(record if is_code else None, None if is_code else record, period)
        for _, finding in found.findings:
            self.into.say(finding, record.sheet, row, record.column)
        return found.subject

    def _merged_value(self, row: int, column: TableColumn) -> CellRecord | None:
        """A value cell merged over several rows belongs to the first only; the others are an error."""
        for area in self.merged.get(row, ()):
            if area.top < row and area.left <= column.number <= area.right:
                record = self.table.sheet.rows.get(area.top, {}).get(area.left)
                if record is not None and record.value and area.top in self.table.rows:
                    found = Text(
                        f"列{quoted(column.header)}的单元格与上一行合并", "the cell is merged with the row above"
                    )
                    expected = Text("每行一个数值", "one value in each row")
                    hint = Text("取消合并,逐行填写", "Unmerge it and fill in each row")
                    self.into.say(Finding("cell-merged", found, expected, hint), record.sheet, row, column.number)
        return None

    def _check_only(self, record: CellRecord, spec: Column) -> None:
        """The row has no key, but what is wrong with its values is said too."""
        for finding in read_value(record, spec).findings:
            if finding.severity == "error":
                self.into.say(finding, record.sheet, record.row, record.column)

    def _take(self, row: int, number: int, record: CellRecord | None, spec: Column, base: FactKey) -> None:
        measure = spec.measure
        key = FactKey(base.subject, measure.code, base.period, base.item, base.counterparty)
        if base.period.kind != measure.period:
            if record is not None and record.value:
                self._report_kind(row, number, base.period, measure)
            return
        if self.into.subjects.is_below(base.subject, measure.level):
            if record is not None and record.value:
                wrong = reported_above(base.subject, spec.header)
                self.into.say(wrong, self.table.sheet.name, row, number)
            return
        self.into.cover(key)
        if record is None:
            return
        reading = read_value(record, spec)
        for finding in reading.findings:
            self.into.say(finding, record.sheet, row, number, base.subject)
        if reading.is_wrong:
            self.into.withheld.add(key)
        elif reading.value is not None:
            source = FactSource(self.into.file, record.sheet, record.cell, self.into.sender)
            self.into.take(Fact(key, reading.value, source))

    def _report_kind(self, row: int, number: int, period: Period, measure: Measure) -> None:
        if ("period-kind", measure.code) in self.reported:
            return
        self.reported.add(("period-kind", measure.code))
        kind = _KINDS[measure.period]
        found = Text(f"{measure.title.zh} 填在 {period}", f"{measure.code} for {period}")
        expected = Text(f"{kind}数据项按{kind}填报", f"a measure reported by {measure.period}")
        hint = Text("在标题或月份列写明,例如 2025年、2025-Q2、2025-06", "Write it in the title: 2025, 2025-Q2, 2025-06")
        self.into.say(Finding("period-kind", found, expected, hint), self.table.sheet.name, row, number)


def _no_such_period(text: str, told: Told) -> Finding:
    found = Text(f"月份{quoted(text)}", f"the month {quoted(text)}")
    expected = Text("2025-06 这样的月份(01 到 12)", "a month such as 2025-06 (01 to 12)")
    hint = Text("改正月份;季度写 2025-Q2,年度写 2025", "Correct it; quarters are 2025-Q2, years 2025")
    if _LOST_ZERO.fullmatch(text) and told.period is None:
        expected = Text(f"{text[:4]}-01 或 {text[:4]}-10", f"{text[:4]}-01 or {text[:4]}-10")
        hint = Text(
            f"数字单元格里 {text}0 也显示成 {text},分不清;改成文本 {text[:4]}-01 或 {text[:4]}-10",
            f"A number cell shows {text}0 as {text} too; write {text[:4]}-01 or {text[:4]}-10 as a text",
        )
    elif names_month_only(text) and told.year is None:
        found = Text(f"月份{quoted(text)}没有年份", f"the month {quoted(text)} without a year")
        hint = Text("写成 2025-06;或在标题、文件名里写上年份", "Write 2025-06, or the year in the title or file name")
    return Finding("period-invalid", found, expected, hint, suggested=str(told.period or ""))
