"""What an import gathers on its way through a file: facts under their keys, withheld keys, issues, coverage."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from perf.excel.cells import Workbook, column_number
from perf.excel.codes import Finding
from perf.excel.fact_rows import FactBlock, FactColumn, FactRows
from perf.excel.headers import plain
from perf.excel.reading import Coverage, value_text
from perf.excel.said import Said
from perf.excel.subjects import finder_of
from perf.kernel.facts import Fact, FactKey
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period, hull
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.models import RuleBook

_Made = TypeVar("_Made")


class Collector:
    """Gathers what the tables of one file give."""

    def __init__(self, workbook: Workbook, book: RuleBook, roster: Roster | None, sender: str) -> None:
        self.workbook = workbook
        self.file = workbook.name
        self.book = book
        self.roster = roster
        self.sender = sender
        self.subjects = finder_of(roster)
        self.subjects.begin_file()
        self.items = {
            plain(word): item.code
            for items in book.lists.values()
            for item in items.items.values()
            for word in (item.code, item.title.zh)
        }
        self.said = Said(workbook.name, workbook.issues)
        self.withheld: set[FactKey] = set()
        self._table = 0
        self._facts: list[Fact] = []
        self._tables: list[int] = []
        self._blocks: list[FactBlock] = []
        self._measures: set[str] = set()
        self._subjects: set[str] = set()
        self._periods: set[Period] = set()

    def say(self, finding: Finding, sheet: str, row: int, column: int, subject: str = "") -> None:
        """Report a finding at a cell; what would be said of every cell of a column is said once, with the count."""
        if finding.code == "number-as-text" and not self.workbook.knows_kinds:
            return
        self.said.add(finding, sheet, row, column, subject)

    @property
    def issues(self) -> list[Issue]:
        """What was said cell by cell, and of the file and its columns."""
        return self.said.issues

    def unsaid(self, work: Callable[[], _Made]) -> tuple[_Made, bool]:
        """What `work` gives, and whether it had something to say; none of it is kept."""
        said, self.said = self.said, Said(self.file)
        try:
            made = work()
            return made, bool(self.said)
        finally:
            self.said = said

    def may_have_lost_zeros(self, code: str) -> bool:
        """Whether a code stands in a text that Excel may have opened and saved, as a number without its zeros."""
        return not self.workbook.knows_kinds and self.roster is not None and not code.startswith("0")

    def say_of_file(self, finding: Finding, sheet: str = "", cell: str = "") -> None:
        """Report a finding about the file, a sheet or a header."""
        self.issues.append(finding.at(Place(self.file, sheet, cell)))

    def cover(self, key: FactKey) -> None:
        """The file speaks about this key, whether it gives a value or not."""
        self._measures.add(key.measure)
        self._subjects.add(key.subject)
        self._periods.add(key.period)

    def cover_all(self, measure: str, subjects: Iterable[str], periods: Iterable[Period]) -> None:
        """The file speaks about this measure of all these subjects, in these periods."""
        self._measures.add(measure)
        self._subjects.update(subjects)
        self._periods.update(periods)

    def begin_table(self) -> None:
        """What is taken from here on stands in another table."""
        self._table += 1

    def take(self, row: Fact) -> None:
        """Take a fact; several under one key are settled at the end."""
        self._facts.append(row)
        self._tables.append(self._table)

    def take_block(
        self, sheet: str, bases: Sequence[FactKey], numbers: Sequence[int], columns: Sequence[FactColumn]
    ) -> None:
        """Take the facts of many rows; `bases` are their keys without a measure."""
        block = FactBlock(self._table, self.file, sheet, self.sender, bases, numbers, tuple(columns))
        self._blocks.append(block)

    def settle(self) -> FactRows:
        """Keys that stand once, or several times with one value; others are withheld and reported at each place."""
        rows = FactRows(self._facts, self._blocks)
        gone: set[int] = set()
        for positions in rows.repeated():
            found = sorted(
                ((_read_at(rows[p], rows.table_of(p, self._tables)), p) for p in positions), key=lambda one: one[0]
            )
            facts = [(rows[position], position) for _, position in found]
            first, key = facts[0][0], facts[0][0].key
            if len({fact.value for fact, _ in facts}) == 1:
                for fact, position in facts[1:]:
                    gone.add(position)
                    self._say_of(fact, _duplicate(fact, first, differs=False))
                continue
            self.withheld.add(key)
            for fact, position in facts:
                gone.add(position)
                other = next(one for one, _ in facts if one is not fact)
                self._say_of(fact, _duplicate(fact, other, differs=True))
        return rows.without(gone)

    def _say_of(self, fact: Fact, finding: Finding) -> None:
        row, column = _cell_of(fact)
        self.said.add(finding, fact.source.sheet, row, column, fact.key.subject)

    def coverage(self) -> Coverage:
        """What the file speaks about; the sender is the one supplier of all measures where the file does not say."""
        owners: set[str] = set()
        first, last = hull(self._periods)
        for subject in self._subjects if self.roster is not None else ():
            is_steady = self.roster is not None and self.roster.is_steady(subject, first, last)
            for period in islice(self._periods, 1) if is_steady else self._periods:
                owner = self.roster.ancestor(subject, "institution", period) if self.roster else None
                owners.add(owner or subject)
        suppliers = {self.book.measures[code].supplied_by for code in self._measures} - {""}
        sender = self.sender or (suppliers.pop() if len(suppliers) == 1 else "")
        return Coverage(
            sender,
            tuple(sorted(self._measures)),
            tuple(sorted(self._subjects)),
            tuple(sorted(self._periods)),
            tuple(sorted(owners)),
        )


def _read_at(fact: Fact, table: int) -> tuple[int, int, int]:
    """When a fact was read: its table, row and column."""
    return table, *_cell_of(fact)


def _cell_of(fact: Fact) -> tuple[int, int]:
    """Row and column."""
    letters = fact.source.cell.rstrip("0123456789")
    return int(fact.source.cell[len(letters) :]), column_number(letters)


def _duplicate(row: Fact, other: Fact, *, differs: bool) -> Finding:
    where, value = f"{other.source.sheet}!{other.source.cell}", value_text(row.value)
    if differs:
        theirs = value_text(other.value)
        found = Text(f"{value},与 {where} 的 {theirs} 不同", f"{value}, but {theirs} in {where}")
        hint = Text(
            "两处都没有读取;删除错误的一行后重新上传", "Neither was taken; delete the wrong row and upload again"
        )
        return Finding("duplicate-differs", found, Text("同一数据只填一次", "each figure once"), hint)
    found = Text(f"与 {where} 重复,数值相同", f"the same as {where}, with the same value")
    hint = Text("只读取了第一处;删除重复的一行", "Only the first was taken; delete the other row")
    return Finding("duplicate-same", found, Text("同一数据只填一次", "each figure once"), hint, "warning")
