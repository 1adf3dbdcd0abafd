"""What is said of a file on the way through it, in bounds: a flood of one remark is counted, one of errors ends the reading."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from perf.excel.cells import cell_name
from perf.excel.codes import Finding
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

ERRORS_MAX: Final = 20_000
"""Nobody mends more of them in one sitting; each costs time to find, to list and to mark."""
TABLES_MAX: Final = 3_000
"""A slip with a header of its own for each person of a hospital."""
EACH_MAX: Final = 1_000
"""How often one remark is made in one column; what comes after these is counted."""
_ONCE_A_COLUMN: Final = frozenset(("number-as-text", "blank-marker", "staff-number-numeric", "staff-number-zeros"))


class NotReadToEndError(Exception):
    """The file is not read any further, for the reason in `finding`; what was said so far is kept."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Repeated(NamedTuple):
    """What is said of many cells of a column and counted: at the first of their rows, with the count."""

    row: int
    first: Issue
    times: int


class Said:
    """The issues of one file as they come."""

    def __init__(self, file: str, issues: Iterable[Issue] = ()) -> None:
        self.file = file
        self.issues: list[Issue] = list(issues)
        self._errors = 0
        self._times: dict[tuple[str, str, int], int] = {}
        self._repeated: dict[tuple[str, str, int], _Repeated] = {}

    def __bool__(self) -> bool:
        return bool(self.issues or self._repeated)

    def add(self, finding: Finding, sheet: str, row: int, column: int, subject: str = "") -> None:
        """Say something of a cell.

        Raises:
            NotReadToEndError: one error more than are listed.
        """
        key = (sheet, finding.code, column)
        if finding.code in _ONCE_A_COLUMN:
            self._count(key, finding, row)
            return
        if finding.severity == "error":
            self._errors += 1
            if self._errors > ERRORS_MAX:
                raise NotReadToEndError(_too_many_errors())
        else:
            times = self._times[key] = self._times.get(key, 0) + 1
            if times > EACH_MAX:
                self._count(key, finding, row)
                return
        self.issues.append(finding.at(Place(self.file, sheet, cell_name(row, column)), subject))

    def _count(self, key: tuple[str, str, int], finding: Finding, row: int) -> None:
        known = self._repeated.get(key)
        if known is not None and row >= known.row:
            self._repeated[key] = known._replace(times=known.times + 1)
            return
        sheet, _, column = key
        first = finding.at(Place(self.file, sheet, cell_name(row, column)))
        self._repeated[key] = _Repeated(row, first, known.times + 1 if known is not None else 1)

    def all(self) -> list[Issue]:
        """Every issue; those that are counted with their count."""
        return [*self.issues, *(_with_count(one.first, one.times) for one in self._repeated.values())]


def require_few_tables(count: int) -> None:
    """Refuse to read so many tables in one file.

    Raises:
        NotReadToEndError: they are too many.
    """
    if count > TABLES_MAX:
        finding = Finding(
            "too-many-tables",
            Text(f"表超过 {TABLES_MAX} 个,没有读取", f"more than {TABLES_MAX} tables, so none was read"),
            Text(f"一个文件里的表不超过 {TABLES_MAX} 个", f"at most {TABLES_MAX} tables in one file"),
            Text(
                "表头只留一行,删去中间重复的表头(例如工资条),再重新上传",
                "Keep one header and delete its repetitions (as on pay slips), upload again",
            ),
        )
        raise NotReadToEndError(finding)


def _too_many_errors() -> Finding:
    return Finding(
        "too-many-errors",
        Text(f"错误超过 {ERRORS_MAX} 处,没有读完", f"more than {ERRORS_MAX} errors, so it was not read to its end"),
        Text(f"不超过 {ERRORS_MAX} 处错误", f"at most {ERRORS_MAX} errors"),
        Text(
            "这么多错误多半是同一个原因(表头、单位、花名册、期间不对);按上面列出的改好整列后重新上传",
            "So many have one cause as a rule (header, unit, roster, month); mend the column as listed, upload again",
        ),
    )


def _with_count(issue: Issue, count: int) -> Issue:
    if count == 1:
        return issue
    found = Text(f"{issue.found.zh} 等 {count} 处", f"{issue.found.in_lang('en')} and {count - 1} more in this column")
    return replace(issue, found=found)
