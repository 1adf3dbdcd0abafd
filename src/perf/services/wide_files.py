"""Wide files: one row a subject, one column a measure; the form in which a whole consortium's month is scored at once.

`subject,level,kind,parent[,attribute …][,measure …][,measure@2024-06 …]`: a column named as a measure (code or title) holds its values in
the period of the file, `measure@PERIOD` those of another period, every other column an attribute. Numbers as in FACTS
(docs/contracts.md): plain decimals, ratios as ratios; an empty cell was not reported.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from perf.appraisal.contract_files import SUBJECT_COLUMNS, read_rows, read_value
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column, Numbers
from perf.specs.models import Measure, RuleBook
from perf.specs.world import ATTRIBUTES

_WHOLE = re.compile(r"-?\d{1,17}(\n-?\d{1,17})*", re.ASCII)
_WAN = 10_000
_NO_MEASURES = frozenset(SUBJECT_COLUMNS)
ISSUES_MAX = 200


@dataclass(frozen=True, slots=True)
class WideFile:
    """What a wide file holds: subjects in its order, attributes as words, measures by (code, period)."""

    subjects: tuple[str, ...]
    attributes: Mapping[str, Words]
    measures: Mapping[tuple[str, Period], Column]


def parse_wide(name: str, text: str, book: RuleBook, period: Period) -> tuple[WideFile, tuple[Issue, ...]]:
    """Read a wide file of `period`.

    Returns:
        What could be read, and all issues by line (at most `ISSUES_MAX`, then how many more): columns missing, doubled
        or of an unknown period, rows of another length, subjects twice, cells that are no value of their measure.
    """
    rows, header, read = read_rows(name, text, required=SUBJECT_COLUMNS, optional=None)
    issues = list(read)
    lines = [row.line for row in rows]
    columns = {column: [row.cells[column] for row in rows] for column in header}
    subjects = columns.get("subject", [])
    issues += _doubled(name, subjects, lines)
    issues += _levels(name, columns.get("level", []), subjects, lines)
    attributes: dict[str, Words] = {}
    measures: dict[tuple[str, Period], Column] = {}
    for column, cells in columns.items():
        found = _measure_of(book, column, period)
        if found is None:
            attributes[column] = words_of(cells)
            issues += _almost(name, book, column)
            continue
        measure, of = found
        if of is None:
            told = Text(f"列“{column}”的期间", f"the period of column “{column}”")
            issues.append(
                _issue("period-invalid", Place(name, line=1), told, Text("如 visits@2024-06", "as visits@2024-06"))
            )
            continue
        if (measure.code, of) in measures:
            told = Text(f"列“{column}”:{measure.code} 的 {of} 已有一列", f"“{column}”: {measure.code} of {of} again")
            issues.append(_issue("csv-column-twice", Place(name, line=1), told, Text("每列一次", "each column once")))
            continue
        measures[measure.code, of] = _values(name, measure, cells, (subjects, lines), issues)
    return WideFile(tuple(subjects), attributes, measures), tuple(_capped(name, issues))


def _almost(name: str, book: RuleBook, column: str) -> Iterator[Issue]:
    """A column that is taken as an attribute, though it looks like a measure."""
    if column in ATTRIBUTES or column in book.attributes:
        return
    names = [*book.measures, *(one.title.zh for one in book.measures.values())]
    near = get_close_matches(column.partition("@")[0], names, 1, 0.8)
    if near:
        told = Text(f"列“{column}”不是数据项,按属性读取", f"“{column}” is no measure and is read as an attribute")
        wanted = Text(f"是不是 {near[0]}?", f"did you mean {near[0]}?")
        hint = Text("改正列名;确是属性的,在规则里用 attributes 声明", "mend the header, or declare it under attributes")
        yield Issue("column-like-measure", Place(name, line=1), told, wanted, hint, "warning")


def words_of(cells: Sequence[str]) -> Words:
    """Text of every row; an empty cell is absent."""
    kept, codes = (
        np.unique(np.array(cells, dtype=np.str_), return_inverse=True) if cells else (np.array([""]), np.array([]))
    )
    shift = 1 if len(kept) and kept[0] == "" else 0
    return Words(np.asarray(codes, dtype=np.int32) - shift, tuple(str(word) for word in kept[shift:]))


def taken(column: Column, rows: NDArray[np.int64]) -> Column:
    """Some rows of a column."""
    match column:
        case Numbers():
            present = None if column.present is None else column.present[rows]
            return Numbers.of(column.above[rows], column.below, present)
        case Words():
            return Words(column.codes[rows], column.words)
        case _:
            return column


def measure_of(book: RuleBook, name: str) -> Measure | None:
    """The measure of this code, or of this title where only one has it."""
    if name in book.measures:
        return book.measures[name]
    titled = [one for one in book.measures.values() if one.title.zh == name]
    return titled[0] if len(titled) == 1 else None


def _measure_of(book: RuleBook, column: str, period: Period) -> tuple[Measure, Period | None] | None:
    """The measure and period of a column; None: an attribute. A period that cannot be read is None too."""
    code, _, at = column.partition("@")
    measure = None if code in _NO_MEASURES or code in book.attributes else measure_of(book, code)
    if measure is None or not at:
        return None if measure is None else (measure, period)
    try:
        return measure, parse_period(at)
    except ValueError:
        return measure, None


def _values(
    name: str, measure: Measure, cells: Sequence[str], rows: tuple[Sequence[str], Sequence[int]], issues: list[Issue]
) -> Column:
    """One column: whole numbers within their range at once, anything else cell by cell."""
    present = np.array([bool(cell) for cell in cells], dtype=np.bool_)
    joined = "\n".join([cell or "0" for cell in cells])
    if measure.answers in ("number", "score") and _WHOLE.fullmatch(joined):
        above = np.array(joined.split("\n"), dtype=np.int64)
        if _within(measure, above, present):
            scale = _WAN if measure.unit == "wan_yuan" else 1
            return Numbers.of(above * scale, 1, present)
    return _one_by_one(name, measure, cells, rows, issues)


def _within(measure: Measure, above: NDArray[np.int64], present: NDArray[np.bool_]) -> bool:
    held = above[present]
    if not len(held):
        return True
    low, high = measure.minimum, measure.maximum
    return (low is None or int(held.min()) >= low) and (high is None or int(held.max()) <= high)


def _one_by_one(
    name: str, measure: Measure, cells: Sequence[str], rows: tuple[Sequence[str], Sequence[int]], issues: list[Issue]
) -> Column:
    found: list[Fraction | str | None] = []
    for cell, subject, line in zip(cells, *rows, strict=True):
        value, told = read_value(measure, cell, Place(name, line=line), subject) if cell else (None, [])
        issues += told
        found.append(value)
    if measure.answers in ("rating", "text"):
        return words_of([one if isinstance(one, str) else "" for one in found])
    scale = _WAN if measure.unit == "wan_yuan" else 1
    column = Numbers.exactly([one * scale if isinstance(one, Fraction) else None for one in found])
    if column.above.dtype == np.object_:
        row = max(range(len(column.above)), key=lambda k: abs(column.above[k]))
        large = Text(f"{measure.code} 的数太大", f"a figure of {measure.code} is too large")
        wanted = Text("连同小数至多 18 位", "at most 18 digits, decimals included")
        issues.append(_issue("out-of-range", Place(name, line=rows[1][row]), large, wanted, subject=rows[0][row]))
        return Numbers.of(np.zeros(len(cells), dtype=np.int64), 1, np.zeros(len(cells), dtype=np.bool_))
    return column


def _levels(name: str, levels: Sequence[str], subjects: Sequence[str], lines: Sequence[int]) -> Iterator[Issue]:
    for level, subject, line in zip(levels, subjects, lines, strict=True):
        if level not in LEVELS:
            told, wanted = Text(f"层级“{level}”", f"level “{level}”"), " | ".join(LEVELS)
            yield _issue("level-unknown", Place(name, line=line), told, Text(wanted, wanted), subject=subject)


def _doubled(name: str, subjects: Sequence[str], lines: Sequence[int]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for subject, line in zip(subjects, lines, strict=False):
        if not subject:
            yield _issue(
                "subject-missing", Place(name, line=line), Text("空白", "blank"), Text("对象编号", "a subject")
            )
        elif seen.setdefault(subject, line) != line:
            told = Text(f"与第 {seen[subject]} 行相同的对象", f"the subject of line {seen[subject]} again")
            wanted = Text("每个对象一行", "one row a subject")
            yield _issue("subject-twice", Place(name, line=line), told, wanted, subject=subject)


def _capped(name: str, issues: Sequence[Issue]) -> Iterator[Issue]:
    yield from issues[:ISSUES_MAX]
    if len(issues) > ISSUES_MAX:
        more = len(issues) - ISSUES_MAX
        told = Text(f"另有 {more} 个问题未列出", f"{more} more issues are not listed")
        yield _issue("more-issues", Place(name), told, Text("先改正已列出的", "mend the listed ones first"))


def _issue(code: str, place: Place, found: Text, expected: Text, *, subject: str = "") -> Issue:
    return Issue(code, place, found, expected, subject=subject)
