"""Finding the tables of persons and of institutions in a roster workbook."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from perf.excel.cell_blocks import stands_in
from perf.excel.cells import CellRecord, Sheet, Workbook, cell_name
from perf.excel.codes import Finding, quoted
from perf.excel.data_rows import rows_saying
from perf.excel.headers import plain, without_note
from perf.excel.identity_columns import INSTITUTION_HEADERS, PERSON_HEADERS, alike, identity_headers
from perf.excel.roster_columns import INSTITUTION_COLUMNS, INSTITUTION_SYNONYMS, ROSTER_COLUMNS, ROSTER_SYNONYMS
from perf.excel.row_kinds import is_note, is_total
from perf.kernel.identity_fields import FIELDS, RULES, IdentityField
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")
_INSTITUTION_SIGNS = frozenset(("kind", "tier", "level", "parent", "credit_code", "bank_account"))


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A table: `columns` and `headers` by key (`subject`, `parent`, `from`, or an attribute), data rows.

    Attributes:
        identities: Columns of numbers that identify, by field; they are in `headers`, never in `columns`.
        is_whole: Whether every column is known.
    """

    sheet: Sheet
    is_persons: bool
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    rows: tuple[int, ...]
    identities: Mapping[IdentityField, int]
    is_whole: bool

    @property
    def has_posts(self) -> bool:
        """Whether rows are posts or places; a list that has only numbers of people tells nothing about their posts."""
        return not (self.is_persons and self.identities) or bool({"parent", "institution_name"} & self.columns.keys())

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


def find_tables(workbook: Workbook, attributes: Mapping[str, Text], *, reads_rows: bool = True) -> RosterTables:
    """The tables of every visible sheet; columns by Chinese header, by declared title, or by attribute code.

    Without `reads_rows` only their columns are told, and no rows.
    """
    titles = {plain(title.zh): code for code, title in attributes.items()}
    persons = {**titles, **_keys(ROSTER_COLUMNS), **_keys(ROSTER_SYNONYMS), **identity_headers(PERSON_HEADERS)}
    institutions = {**titles, **_keys(INSTITUTION_COLUMNS), **_keys(INSTITUTION_SYNONYMS)}
    institutions |= identity_headers(INSTITUTION_HEADERS)
    tables: list[RosterTable] = []
    issues: list[Issue] = []
    for sheet in workbook.sheets:
        if sheet.state == "hidden":
            continue
        table = _find(sheet, persons, institutions, workbook.name, issues, reads_rows=reads_rows)
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
            Text("补上表头;表头以外的行不要合并在表头里", "Write the header row above the rows, unmerged"),
        )
        issues.append(finding.at(Place(workbook.name)))
    return RosterTables(
        tuple(t for t in tables if not t.is_persons), tuple(t for t in tables if t.is_persons), tuple(issues)
    )


def _keys(columns: Mapping[str, str]) -> dict[str, str]:
    return {plain(header): key for header, key in columns.items()}


def _find(
    sheet: Sheet,
    persons: Mapping[str, str],
    institutions: Mapping[str, str],
    file: str,
    issues: list[Issue],
    *,
    reads_rows: bool,
) -> RosterTable | None:

    def is_word(text: str) -> bool:
        word = plain(text)
        return _key(word, persons) is not None or _key(word, institutions) is not None

    for number in rows_saying(sheet.rows, is_word):
        row = sheet.rows[number]
        words = {column: plain(record.value) for column, record in row.items() if record.kind == "text"}
        as_person = {column: key for column, word in words.items() if (key := _key(word, persons))}
        as_place = {column: key for column, word in words.items() if (key := _key(word, institutions))}
        is_persons = {"subject", "name"} <= set(as_person.values())
        is_places = {"subject", "name"} <= set(as_place.values()) and bool(_INSTITUTION_SIGNS & set(as_place.values()))
        if not (is_persons or is_places):
            continue
        known = as_person if is_persons else as_place
        return _table(sheet, number, known, is_persons=is_persons, file=file, issues=issues, reads_rows=reads_rows)
    return None


def _key(word: str, keys: Mapping[str, str]) -> str | None:
    return keys.get(word) or keys.get(without_note(word))


def _table(
    sheet: Sheet,
    header: int,
    known: Mapping[int, str],
    *,
    is_persons: bool,
    file: str,
    issues: list[Issue],
    reads_rows: bool,
) -> RosterTable:
    columns: dict[str, int] = {}
    identities: dict[IdentityField, int] = {}
    headers: dict[str, str] = {}
    is_whole = True
    body = [number for number in sheet.rows if number > header]
    for column, record in sheet.rows[header].items():
        word = plain(record.value)
        key = known.get(column) or (word if _ATTRIBUTE.fullmatch(word) else None)
        place = Place(file, sheet.name, record.cell)
        if key is None and (name := _alike(sheet, body, record, is_persons=is_persons)) is not None:
            key = name
            issues.append(_taken_as(record.value, name).at(place))
        if key is None:
            if stands_in(sheet.rows, column, body):
                issues.append(_unknown(record.value).at(place))
                is_whole = False
        elif key in headers:
            issues.append(_twice(record.value, headers[key]).at(place))
        elif (field := _field(key)) is not None:
            identities[field], headers[key] = column, record.value
        elif key != "ignore":
            columns[key], headers[key] = column, record.value
    if is_persons and not identities and not {"parent", "institution_name"} & columns.keys():
        finding = Finding(
            "roster-column-missing",
            Text("没有“机构编码”列", "no column 机构编码"),
            Text("机构编码(或机构名称)列", "a column of institution codes or names"),
            Text("加上这一列,写每人所在的机构", "Add the column: where each person works"),
        )
        issues.append(finding.at(Place(file, sheet.name, cell_name(header, columns["subject"]))))
        body = []
    rows = _rows(sheet, body, file, issues) if reads_rows else ()
    return RosterTable(sheet, is_persons, columns, headers, rows, identities, is_whole)


def _rows(sheet: Sheet, body: Iterable[int], file: str, issues: list[Issue]) -> tuple[int, ...]:
    """The numbers of the rows that are somebody or an institution; others are told."""
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
    return tuple(rows)


def _field(key: str) -> IdentityField | None:
    return next((name for name in FIELDS if name == key), None)


def _alike(sheet: Sheet, body: list[int], record: CellRecord, *, is_persons: bool) -> IdentityField | None:
    cells = (cell for number in body if (cell := sheet.rows[number].get(record.column)) is not None)
    return alike(record.value, cells, PERSON_HEADERS if is_persons else INSTITUTION_HEADERS)


def _taken_as(header: str, name: IdentityField) -> Finding:
    title = RULES[name].title
    return Finding(
        "column-alike",
        Text(f"列{quoted(header)}", f"the column {quoted(header)}"),
        Text(f"按“{title.zh}”读取", f"read as {title.en}"),
        Text("不是的话,改表头后重新导入", "If it is not, change the header and import again"),
        "info",
    )


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
