"""What an import gathers on its way through a file: facts under their keys, withheld keys, issues, coverage."""

from dataclasses import replace

from perf.excel.cells import Workbook, cell_name
from perf.excel.codes import Finding
from perf.excel.headers import plain
from perf.excel.reading import Coverage, value_text
from perf.excel.subjects import finder_of
from perf.kernel.facts import Fact, FactKey
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.models import RuleBook

_ONCE_A_COLUMN = frozenset(("number-as-text", "blank-marker", "staff-number-numeric", "staff-number-zeros"))


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
        self.issues: list[Issue] = list(workbook.issues)
        self.withheld: set[FactKey] = set()
        self._repeated: dict[tuple[str, str, int], tuple[Issue, int]] = {}
        self._facts: dict[FactKey, list[Fact]] = {}
        self._measures: set[str] = set()
        self._subjects: set[str] = set()
        self._periods: set[Period] = set()

    def say(self, finding: Finding, sheet: str, row: int, column: int, subject: str = "") -> None:
        """Report a finding at a cell; what would be said of every cell of a column is said once, with the count."""
        if finding.code == "number-as-text" and not self.workbook.knows_kinds:
            return
        issue = finding.at(Place(self.file, sheet, cell_name(row, column)), subject)
        if finding.code not in _ONCE_A_COLUMN:
            self.issues.append(issue)
            return
        issue = finding.at(issue.place)
        first, count = self._repeated.get((sheet, finding.code, column), (issue, 0))
        self._repeated[(sheet, finding.code, column)] = (first, count + 1)

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

    def take(self, row: Fact) -> None:
        """Take a fact; several under one key are settled at the end."""
        self._facts.setdefault(row.key, []).append(row)

    def settle(self) -> list[Fact]:
        """Keys that stand once, or several times with one value; others are withheld and reported at each place."""
        rows: list[Fact] = []
        for key in sorted(self._facts):
            found = self._facts[key]
            if len(found) == 1 or len({row.value for row in found}) == 1:
                rows.append(found[0])
                self.issues.extend(
                    _duplicate(row, found[0], differs=False).at(_place(row), key.subject) for row in found[1:]
                )
                continue
            self.withheld.add(key)
            for row in found:
                other = next(r for r in found if r is not row)
                self.issues.append(_duplicate(row, other, differs=True).at(_place(row), key.subject))
        return rows

    def coverage(self) -> Coverage:
        """What the file speaks about; the sender is the one supplier of all measures where the file does not say."""
        owners: set[str] = set()
        for subject in self._subjects if self.roster is not None else ():
            for period in self._periods:
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

    def all_issues(self) -> list[Issue]:
        """Every issue; those that are said once a column with their count."""
        return [*self.issues, *(_with_count(issue, count) for issue, count in self._repeated.values())]


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


def _with_count(issue: Issue, count: int) -> Issue:
    if count == 1:
        return issue
    found = Text(f"{issue.found.zh} 等 {count} 处", f"{issue.found.in_lang('en')} and {count - 1} more in this column")
    return replace(issue, found=found)


def _place(row: Fact) -> Place:
    return Place(row.source.file, row.source.sheet, row.source.cell)
