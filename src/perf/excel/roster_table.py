"""Finding the tables of persons and of institutions in a roster workbook."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from perf.excel.cells import CellRecord, Sheet, Workbook, cell_name
from perf.excel.codes import Finding, quoted
from perf.excel.headers import plain, without_note
from perf.excel.roster_columns import INSTITUTION_COLUMNS, INSTITUTION_SYNONYMS, ROSTER_COLUMNS, ROSTER_SYNONYMS
from perf.excel.row_kinds import is_note, is_total
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")
_INSTITUTION_SIGNS = frozenset(("kind", "tier", "level", "parent"))


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A table: `columns` and `headers` by key (`subject`, `parent`, `from`, or an attribute), data rows."""

    sheet: Sheet
    is_persons: bool
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    rows: tuple[int, ...]

    def cell(self, row: int, key: str) -> CellRecord | None:
        """The cell of a column, None where nothing stands."""
        return self.sheet.rows[row].get(self.columns.get(key, 0))

    def text(self, row: int, key: str) -> str:
        """The cell's text, empty where nothing stands."""
        record = self.cell(row, key)
        return record.value.strip() if record is not None else ""

    def name_of_cell(self, row: int, key: str) -> str:
        """`B7`."""
        return cell_name(row, self.columns[key])


class RosterTables(NamedTuple):
    """All tables of a file."""

    institutions: tuple[RosterTable, ...]
    persons: tuple[RosterTable, ...]
    issues: tuple[Issue, ...]


def find_tables(workbook: Workbook, attributes: Mapping[str, Text]) -> RosterTables:
    """The tables of every visible sheet; columns by Chinese header, by declared title, or by attribute code."""
    titles = {plain(title.zh): code for code, title in attributes.items()}
    persons = {**titles, **_keys(ROSTER_COLUMNS), **_keys(ROSTER_SYNONYMS)}
    institutions = {**titles, **_keys(INSTITUTION_COLUMNS), **_keys(INSTITUTION_SYNONYMS)}
    tables: list[RosterTable] = []
    issues: list[Issue] = []
    for sheet in workbook.sheets:
        if sheet.state == "hidden":
            continue
        table = _find(sheet, persons, institutions, workbook.name, issues)
        if table is not None:
            tables.append(table)
    if not tables and not workbook.is_refused:
        finding = Finding(
            "no-table",
            Text("没有找到花名册或机构名单", "no roster and no list of institutions was found"),
            Text(
                "有“工号、姓名、机构编码”或“机构编码、机构名称、类型”的表头",
                "a header with 工号 or with 机构编码 and 类型",
            ),
        )
        issues.append(finding.at(Place(workbook.name)))
    return RosterTables(
        tuple(t for t in tables if not t.is_persons), tuple(t for t in tables if t.is_persons), tuple(issues)
    )


def _keys(columns: Mapping[str, str]) -> dict[str, str]:
    return {plain(header): key for header, key in columns.items()}


def _find(
    sheet: Sheet, persons: Mapping[str, str], institutions: Mapping[str, str], file: str, issues: list[Issue]
) -> RosterTable | None:
    for number, row in sheet.rows.items():
        words = {column: plain(record.value) for column, record in row.items() if record.kind == "text"}
        as_person = {column: key for column, word in words.items() if (key := _key(word, persons))}
        as_place = {column: key for column, word in words.items() if (key := _key(word, institutions))}
        is_persons = {"subject", "name"} <= set(as_person.values())
        is_places = {"subject", "name"} <= set(as_place.values()) and bool(_INSTITUTION_SIGNS & set(as_place.values()))
        if not (is_persons or is_places):
            continue
        known = as_person if is_persons else as_place
        return _table(sheet, number, known, is_persons=is_persons, file=file, issues=issues)
    return None


def _key(word: str, keys: Mapping[str, str]) -> str | None:
    return keys.get(word) or keys.get(without_note(word))


def _table(
    sheet: Sheet, header: int, known: Mapping[int, str], *, is_persons: bool, file: str, issues: list[Issue]
) -> RosterTable:
    columns: dict[str, int] = {}
    headers: dict[str, str] = {}
    body = [number for number in sheet.rows if number > header]
    for column, record in sheet.rows[header].items():
        word = plain(record.value)
        key = known.get(column) or (word if _ATTRIBUTE.fullmatch(word) else None)
        place = Place(file, sheet.name, record.cell)
        if key is None:
            if any(column in sheet.rows[number] for number in body):
                issues.append(_unknown(record.value).at(place))
        elif key in columns:
            issues.append(_twice(record.value, headers[key]).at(place))
        elif key != "ignore":
            columns[key], headers[key] = column, record.value
    if is_persons and not {"parent", "institution_name"} & columns.keys():
        finding = Finding(
            "roster-column-missing",
            Text("没有“机构编码”列", "no column 机构编码"),
            Text("机构编码(或机构名称)列", "a column of institution codes or names"),
        )
        issues.append(finding.at(Place(file, sheet.name, cell_name(header, columns["subject"]))))
        body = []
    rows: list[int] = []
    for number in body:
        filled = [record for record in sheet.rows[number].values() if record.value]
        first = plain(filled[0].value) if filled else ""
        if not filled:
            continue
        if is_total(first) or (is_note(first) and len(filled) < 3):
            place = Place(file, sheet.name, filled[0].cell)
            found = Text(f"{quoted(filled[0].value)} 所在行", f"the row of {quoted(filled[0].value)}")
            expected = Text("合计、备注行不是人员", "totals and notes are nobody")
            issues.append(Finding("row-skipped", found, expected, Text("没有读取", "Not read"), "info").at(place))
        else:
            rows.append(number)
    return RosterTable(sheet, is_persons, columns, headers, tuple(rows))


def _unknown(header: str) -> Finding:
    return Finding(
        "column-unknown",
        Text(f"列{quoted(header)}", f"the column {quoted(header)}"),
        Text("花名册的列,或规则声明的属性", "a column of rosters, or an attribute that rules declare"),
        Text("这一列没有读取", "The column was not read"),
        "warning",
    )


def _twice(header: str, first: str) -> Finding:
    return Finding(
        "column-duplicate",
        Text(f"列{quoted(header)}与{quoted(first)}是同一项", f"{quoted(header)} and {quoted(first)} are the same"),
        Text("每项一列", "one column for each"),
        Text("只读取了第一列", "Only the first was read"),
        "warning",
    )
