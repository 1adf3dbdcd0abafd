"""Finding tables on a sheet: title rows, header rows (one or two levels), data rows, and what each column is."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from perf.excel.cell_blocks import blocks_of, headless, single_rows, stands_in
from perf.excel.cells import Area, CellRecord, Sheet, cell_name
from perf.excel.codes import Finding, quoted
from perf.excel.column_issues import (
    duplicate,
    hidden_column,
    hidden_rows,
    not_known,
    overtaken_answer,
    taken_as,
    unread_rows,
    without_header,
)
from perf.excel.data_rows import plainly_data, text_rows
from perf.excel.header_paths import match_path
from perf.excel.header_rows import HeaderRows, holds_figures, may_head, merged_rows, unmerged_rows
from perf.excel.headers import HeaderMatch, HeaderUnit, Role, Vocabulary, plain, unit_of
from perf.excel.heading_words import SUBJECT_ROLES, HeadingWords
from perf.excel.layouts import NO_ANSWERS, Answers, layout_digest
from perf.excel.market_columns import sided, sides_of
from perf.excel.merged_areas import rows_of_areas
from perf.excel.month_columns import measure_in_title, no_measure, taken_by_title
from perf.excel.months import periods_in_text
from perf.excel.row_kinds import are_figures, is_note, is_sum, is_total, reason_to_skip
from perf.excel.said import require_few_tables
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.models import RuleBook

FILLED_DOWN: frozenset[Role] = frozenset((*SUBJECT_ROLES, "period", "item", "counterparty", "measure"))
KEY_ROLES: tuple[Role, ...] = (*SUBJECT_ROLES, "department", "period", "item", "counterparty")
_TITLE_ROWS = 30
_LOOKED_AT = 1000  # rows above a header
NOTHING: Mapping[str, Answers] = MappingProxyType({})
_TEXTS_TRIED_MAX = 200_000  # in rows that may be headers; behind so many nobody has put one more table


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its header as it stands, its role or its measure's code, and the month where the header is one."""

    number: int
    header: str
    role: Role | None = None
    measure: str = ""
    unit: HeaderUnit | None = None
    month: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a sheet. `columns` are those that are understood; `rows` the numbers of its data rows.

    `earlier` are the periods in titles of the tables before it on the sheet, `headers` all that stand in its header row; `answers`
    what is remembered of its layout; `areas` the sheet's merged areas by row, those taller than any table's heading left
    out.
    """

    sheet: Sheet
    title: str
    earlier: frozenset[Period]
    header_row: int
    columns: tuple[TableColumn, ...]
    rows: tuple[int, ...]
    filled: Mapping[tuple[int, int], CellRecord]
    headers: tuple[str, ...]
    answers: Answers
    areas: Mapping[int, list[Area]]

    def column(self, role: Role) -> TableColumn | None:
        """The column of that role."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def measure_columns(self) -> list[TableColumn]:
        """The columns that hold a measure each (wide layout)."""
        return [column for column in self.columns if column.measure]

    def cell(self, row: int, column: TableColumn | None) -> CellRecord | None:
        """The cell, with merged cells of key columns filled down; None where nothing stands."""
        if column is None:
            return None
        record = self.sheet.rows[row].get(column.number)
        if record is None and column.role in FILLED_DOWN:
            return self.filled.get((row, column.number))
        return record

    def key_cells(self, row: int) -> dict[Role, CellRecord | None]:
        """The cells that say what the figures of a row are about, by the role of their columns."""
        return {column.role: self.cell(row, column) for column in self.columns if column.role in KEY_ROLES}

    def texts(self, column: TableColumn) -> set[str]:
        """All that stands in a column of the table."""
        return {record.value for row in self.rows if (record := self.cell(row, column)) is not None}


class Recognised(NamedTuple):
    """What a sheet holds, and what there is to say about it."""

    tables: tuple[Table, ...]
    issues: tuple[Issue, ...]


class _Header(NamedTuple):
    """`named_row` is the row with the names, the last one but for a row of units below it."""

    first_row: int
    named_row: int
    last_row: int
    texts: dict[int, str]
    matches: dict[int, HeaderMatch]
    answers: Answers


def recognise(
    sheet: Sheet, vocabulary: Vocabulary, book: RuleBook, file: str, remembered: Mapping[str, Answers] = NOTHING
) -> Recognised:
    """Find the tables of one sheet.

    Args:
        sheet: Cells as read.
        vocabulary: The words that headers may use.
        book: For the titles in hints.
        file: File name, for places.
        remembered: Digest of a layout → what the sender answered about its headers.
    """
    finder = _Finder(sheet, vocabulary, book, file, remembered)
    tables = tuple(finder.tables())
    return Recognised(tables, tuple(finder.issues))


class _Finder:
    def __init__(
        self, sheet: Sheet, vocabulary: Vocabulary, book: RuleBook, file: str, remembered: Mapping[str, Answers]
    ) -> None:
        self.sheet = sheet
        self.vocabulary = vocabulary
        self.book = book
        self.file = file
        self.remembered = remembered
        self.issues: list[Issue] = []
        self.numbers = list(sheet.rows)
        self.merged = rows_of_areas(sheet)
        self.sides = sides_of(book)
        self.words = HeadingWords(vocabulary, remembered)
        self.texts_left = _TEXTS_TRIED_MAX

    def tables(self) -> Iterator[Table]:
        headers = self._headers()
        previous_end = 0
        previous: tuple[_Header, str] | None = None
        earlier: frozenset[Period] = frozenset()
        for index, header in enumerate(headers):
            end = headers[index + 1].first_row if index + 1 < len(headers) else self.numbers[-1] + 1
            body = self._between(header.last_row, end)
            above = self._between(previous_end, header.first_row)
            self._report_unread(above)
            title = " ".join(_texts_of(self.sheet.rows[n]) for n in above[-_TITLE_ROWS:])
            if previous is not None and previous[0].texts == header.texts and not any(map(self._is_title, above)):
                title = previous[1]  # the same table goes on: its header stands on every page
            previous = header, title
            if index + 1 < len(headers):  # title rows of the next table
                body = self._without_next_title(body, header)
            previous_end = header.last_row
            read: set[int] = set()
            for part in _beside(header):
                columns = self._columns(self._of_months(part, title), body)
                rows = self._data_rows(body, columns, set(part.texts) if len(part.texts) < len(header.texts) else None)
                previous_end = max(previous_end, rows[-1] if rows else 0)
                filled, texts = self._filled(columns, rows), tuple(part.texts.values())
                about = header.named_row, columns, rows, filled, texts, part.answers, self.merged
                read.update(rows)
                yield Table(self.sheet, title, earlier, *about)
            for number in headless(self.sheet.rows, header.texts, sorted(read)):
                place = Place(self.file, self.sheet.name, cell_name(header.named_row, number))
                self.issues.append(without_header().at(place))
            earlier |= periods_in_text(title)

    def _between(self, before: int, end: int) -> list[int]:
        """The rows behind one and before another."""
        return self.numbers[bisect_right(self.numbers, before) : bisect_left(self.numbers, end)]

    def _headers(self) -> list[_Header]:
        """The headers of the sheet, none where no table is known; those that only look like one stand between tables."""
        headers: list[_Header] = []
        skip_to = 0
        for number in self._possible_headers():
            if number <= skip_to:
                continue
            if header := self._header_at(number):
                headers.append(header)
                require_few_tables(len(headers))
                skip_to = header.last_row
        if not any(_is_header(header) or header.last_row > header.first_row for header in headers):
            return []
        return [one for one, then in zip(headers, [*headers[1:], None], strict=True) if not self._is_above(one, then)]

    def _is_above(self, header: _Header, then: _Header | None) -> bool:
        """Whether what looks like a header says in cells side by side what the table below is about: 单位, 泥河镇卫生院, 月份, 2025-06."""
        if then is None or any(match.measures for match in header.matches.values()):
            return False
        between = self._between(header.last_row, then.first_row)
        roles = {match.role for match in header.matches.values()}
        return not {"measure", "value"} <= roles and all(len(self.sheet.rows[n]) == 1 for n in between)

    def _is_title(self, number: int) -> bool:
        said = plain(next((record.value for record in self.sheet.rows[number].values() if record.value), ""))
        return bool(said) and not is_total(said) and not is_note(said)

    def _report_unread(self, above: list[int]) -> None:
        """Rows of figures above a header that belong to no table."""
        lost = [n for n in above[-_LOOKED_AT:] if self._is_title(n) and are_figures(self.sheet.rows[n])]
        if len(lost) > 1:
            place = Place(self.file, self.sheet.name, cell_name(lost[0], min(self.sheet.rows[lost[0]])))
            self.issues.append(unread_rows(lost[0], lost[-1]).at(place))

    def _possible_headers(self) -> Iterator[int]:
        """All rows but those of blocks that hold a number, or no text with which a header could begin."""
        blocks = blocks_of(self.sheet.rows)
        return merge(single_rows(self.sheet.rows), *(text_rows(block, self.words, self.merged) for block in blocks))

    def _header_at(self, number: int) -> _Header | None:
        row = self.sheet.rows[number]
        if not may_head(row) or len(row) < 2 or holds_figures(row):
            return None
        if number not in self.merged and not any(self.words.may_begin(record.value) for record in row.values()):
            return None
        self.texts_left -= len(row)
        if self.texts_left < 0:
            return None
        single = {column: record.value for column, record in row.items() if record.value}
        alone = self._known(_Header(number, number, number, single, self._match(single), NO_ANSWERS))
        deep = [
            *self._deep(merged_rows(self.sheet, self.merged, number), number),
            *self._deep(unmerged_rows(self.sheet, number, self.vocabulary, KEY_ROLES), number),
        ]
        divided = next((header for header in deep if _stands_over(alone, header)), None)
        usable = [header for header in (deep if divided else [*deep, alone]) if _is_header(header)]
        if not usable:
            return next((header for header in (divided, alone) if header and _may_be_of_another(header)), None)
        return max(usable, key=lambda header: sum(m.is_known for m in header.matches.values()))

    def _known(self, header: _Header) -> _Header:
        """The header with what is remembered of its layout."""
        answers = self.remembered.get(layout_digest(header.texts.values())) if self.remembered else None
        if not answers:
            return header
        said = {column: self.vocabulary.match(text, answers) for column, text in header.texts.items()}
        remembered = {column: match for column, match in said.items() if match.how == "remembered"}
        return header._replace(matches={**header.matches, **remembered}, answers=answers)

    def _match(self, texts: dict[int, str]) -> dict[int, HeaderMatch]:
        return sided(texts, {column: self.vocabulary.match(text) for column, text in texts.items()}, self.sides)

    def _deep(self, found: HeaderRows | None, number: int) -> Iterator[_Header]:
        """A header of several rows from `number`, where there is one."""
        if found is not None:
            texts = {column: "/".join(path) for column, path in found.paths.items()}
            matches = {column: match_path(path, self.vocabulary) for column, path in found.paths.items()}
            yield self._known(_Header(number, found.named, found.last, texts, matches, NO_ANSWERS))

    def _of_months(self, header: _Header, title: str) -> _Header:
        """Columns that are months and nothing else hold the measure that the title names."""
        months = [c for c, match in header.matches.items() if match.role == "value" and match.month]
        if not months or any(match.role == "measure" for match in header.matches.values()):
            return header
        place = Place(self.file, self.sheet.name, cell_name(header.named_row, months[0]))
        code = measure_in_title(title, self.vocabulary)
        self.issues.append((taken_by_title(code, self.book) if code else no_measure()).at(place))
        matches = dict(header.matches)
        for column in months:
            match = matches[column]
            matches[column] = (
                HeaderMatch(None, (code,), match.unit, "exact", match.month) if code else HeaderMatch("ignore")
            )
        return header._replace(matches=matches)

    def _without_next_title(self, body: list[int], header: _Header) -> list[int]:
        """Rows of one cell or none of the subject columns at the end belong to the title of the next table."""
        subjects = [c for c, m in header.matches.items() if m.role in SUBJECT_ROLES or m.role == "measure"]
        while body and (
            len(self.sheet.rows[body[-1]]) == 1 or not any(c in self.sheet.rows[body[-1]] for c in subjects)
        ):
            body = body[:-1]
        return body

    def _columns(self, header: _Header, body: list[int]) -> tuple[TableColumn, ...]:
        columns: list[TableColumn] = []
        taken: dict[str, TableColumn] = {}
        roles = {match.role for match in header.matches.values()}
        sure = {code for match in header.matches.values() if match.how != "alike" for code in match.measures}
        for number, text in sorted(header.texts.items()):
            match = header.matches[number]
            role = match.role
            if role == "institution_name" and plain(text) == "单位" and self._holds_units(number, body, roles):
                role = "unit"
            place = Place(self.file, self.sheet.name, cell_name(header.named_row, number))
            overtaken = overtaken_answer(text, match, self.vocabulary, self.book)
            if overtaken is not None and stands_in(self.sheet.rows, number, body):
                self.issues.append(overtaken.at(place))
            if role == "ignore":
                continue
            if match.how == "alike" and not sure.isdisjoint(match.measures):
                match = HeaderMatch(unit=match.unit)  # another column is that measure by its full name
            if not match.is_known or len(match.measures) > 1:
                self._report_unclear(place, text, match, number, body)
                continue
            code = match.measures[0] if match.measures else ""
            column = TableColumn(number, text, role, code, match.unit, match.month)
            key = f"{column.measure or role} {match.month}"
            if key in taken:
                self.issues.append(duplicate(text, taken[key].header, is_measure=bool(column.measure)).at(place))
                if column.measure:
                    columns = [c for c in columns if c.number != taken[key].number]
                continue
            taken[key] = column
            columns.append(column)
            if number in self.sheet.hidden_columns and stands_in(self.sheet.rows, number, body):
                self.issues.append(hidden_column(text).at(place))
            if match.how != "exact" and overtaken is None and stands_in(self.sheet.rows, number, body):
                self.issues.append(taken_as(text, column.measure or str(role), match.how, self.book).at(place))
        return tuple(columns)

    def _holds_units(self, number: int, body: list[int], roles: set[Role | None]) -> bool:
        values = [r.value for n in body if (r := self.sheet.rows[n].get(number)) is not None and r.value]
        return "measure" in roles and bool(values) and all(unit_of(value) for value in values)

    def _report_unclear(self, place: Place, text: str, match: HeaderMatch, number: int, body: list[int]) -> None:
        if not plain(text) or not stands_in(self.sheet.rows, number, body):
            return
        self.issues.append(not_known(text, match, self.vocabulary, self.book).at(place))

    def _data_rows(self, body: list[int], columns: tuple[TableColumn, ...], within: set[int] | None) -> tuple[int, ...]:
        rows: list[int] = []
        subjects = [column.number for column in columns if column.role in SUBJECT_ROLES]
        payload = [column.number for column in columns if column.measure or column.role in ("value", "measure")]
        names = [column.number for column in columns if column.role == "measure"]
        plainly = self._plainly_data(body, subjects, names) if within is None else set()
        for number in body:
            if number in plainly:
                rows.append(number)
                continue
            row: Mapping[int, CellRecord] = self.sheet.rows[number]
            if within is not None:  # another table stands beside this one
                row = {column: record for column, record in row.items() if column in within}
            kept = [row[column] for column in row if row[column].value.strip() or not row[column].cached]
            if not kept:
                continue
            said = next(
                (record.value for record in kept if record.kind == "text" and not self._named(record, names)), ""
            )
            said = next((row[c].value for c in names if c in row and is_sum(plain(row[c].value))), said)
            reason = reason_to_skip(row, said, subjects, payload)
            if reason is None:
                rows.append(number)
            else:
                place = Place(self.file, self.sheet.name, kept[0].cell)
                found = Text(f"{quoted(said)} 所在行", f"the row of {quoted(said)}")
                hint = Text("没有当作数据读取", "Not read as data")
                self.issues.append(Finding("row-skipped", found, reason, hint, "info").at(place))
        hidden = [number for number in rows if number in self.sheet.hidden_rows]
        if hidden:
            self.issues.append(hidden_rows(hidden).at(Place(self.file, self.sheet.name, f"A{hidden[0]}")))
        return tuple(rows)

    def _plainly_data(self, body: list[int], subjects: list[int], names: list[int]) -> set[int]:
        found: set[int] = set()
        for block in blocks_of(self.sheet.rows) if body else ():
            indices = plainly_data(block, block.span(body[0], body[-1]), subjects, names)
            found.update(block.numbers[index] for index in indices)
        return found

    def _named(self, record: CellRecord, names: list[int]) -> bool:
        """Whether a cell of a long table names a measure, which may be called 平均住院日 or 费用合计 and is no total."""
        return record.column in names and bool(self.vocabulary.match(record.value).measures)

    def _filled(self, columns: tuple[TableColumn, ...], rows: tuple[int, ...]) -> dict[tuple[int, int], CellRecord]:
        filled: dict[tuple[int, int], CellRecord] = {}
        keys = {column.number for column in columns if column.role in FILLED_DOWN}
        for number in rows:
            for area in self.merged.get(number, []):
                record = self.sheet.rows.get(area.top, {}).get(area.left)
                if record is not None and area.left in keys:
                    filled[(number, area.left)] = record
        return filled


def _beside(header: _Header) -> Iterator[_Header]:
    """The header of each of the tables that stand beside each other.

    A new one begins where the first key comes again, or after a column without a header where both sides are tables.
    """
    ordered = sorted(header.texts)
    first = next((c for c in ordered if header.matches[c].role in SUBJECT_ROLES), None)
    again = [c for c in ordered if first is not None and plain(header.texts[c]) == plain(header.texts[first])]
    starts = [ordered[0], *again[1:]]
    for before, column in pairwise(ordered):
        if column > before + 1 and column not in starts:
            sides = [{c: header.matches[c] for c in ordered if (c < column) == is_left} for is_left in (True, False)]
            if all(_is_header(header._replace(matches=side)) for side in sides) and _are_about(sides):
                starts = sorted((*starts, column))
    for start, end in zip(starts, [*starts[1:], ordered[-1] + 1], strict=True):
        texts = {c: text for c, text in header.texts.items() if start <= c < end}
        yield header._replace(texts=texts, matches={c: header.matches[c] for c in texts})


def _are_about(sides: Sequence[Mapping[int, HeaderMatch]]) -> bool:
    """Whether the right one of two parts of a header says who it is about, if the left one does."""
    left, right = (any(match.role in SUBJECT_ROLES for match in side.values()) for side in sides)
    return right or not left


def _is_header(header: _Header) -> bool:
    matches = list(header.matches.values())
    roles = {match.role for match in matches}
    has_subject = any(role in roles for role in SUBJECT_ROLES)
    if "measure" in roles and "value" in roles:
        return True
    if has_subject and any(match.measures for match in matches):
        return True
    return has_subject and sum(match.is_known for match in matches) >= 2


def _stands_over(alone: _Header, deep: _Header) -> bool:
    """Whether the rows below a row belong to its header and are no data: nothing stands there below the words for who they are about."""
    keys = [column for column, match in alone.matches.items() if match.role in SUBJECT_ROLES]
    return bool(keys) and all(deep.texts.get(column) == alone.texts[column] for column in keys)


def _may_be_of_another(header: _Header) -> bool:
    """Whether a row begins with a word for who its rows are about, and names nothing else that is known."""
    roles = [match.role for _, match in sorted(header.matches.items())]
    first = next((role for role in roles if role != "ignore"), None)
    return first in SUBJECT_ROLES and len(roles) > 1


def _texts_of(row: Mapping[int, CellRecord]) -> str:
    return " ".join(unicodedata.normalize("NFKC", record.value) for record in row.values() if record.value)
