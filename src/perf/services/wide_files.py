"""Wide files: one row a subject, one column a measure; the form in which a whole consortium's month is scored at once.

`subject,level,kind,parent[,attribute …][,measure …][,measure@2024-06 …]`: a column named as a measure (code or title) holds its values in
the period of the file, `measure@PERIOD` those of another period, every other column an attribute. Numbers as in FACTS
(docs/contracts.md): plain decimals, ratios as ratios; an empty cell was not reported.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import islice
from math import lcm

import numpy as np
from numpy.typing import NDArray

from perf.appraisal.contract_files import SUBJECT_COLUMNS, read_value
from perf.appraisal.csv_rows import read_cells
from perf.appraisal.file_hints import file_issue as _issue
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
ISSUES_READ_MAX = 5_000
ROWS_MAX = 1_000_000
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class WideFile:
    """What a wide file holds: subjects in its order, attributes as words, measures by (code, period)."""

    subjects: tuple[str, ...]
    attributes: Mapping[str, Words]
    measures: Mapping[tuple[str, Period], Column]


def parse_wide(name: str, text: str, book: RuleBook, period: Period) -> tuple[WideFile, tuple[Issue, ...]]:
    """`read_wide` of a text."""
    return read_wide(name, io.StringIO(text.removeprefix("\ufeff"), newline=""), book, period)


def read_wide(
    name: str, lines: Iterable[str], book: RuleBook, period: Period, *, rows_max: int = ROWS_MAX
) -> tuple[WideFile, tuple[Issue, ...]]:
    """Read a wide file of `period`, some rows at a time: beside the columns themselves it needs next to no memory.

    Args:
        lines: Its lines, as `csv.reader` wants them.
    Returns:
        What could be read, and all issues by line (at most `ISSUES_MAX`, then how many more): columns missing, doubled
        or of an unknown period, rows of another length, subjects twice, cells that are no value of their measure. Of a
        file with more than `rows_max` rows nothing but this issue.
    """
    issues: list[Issue] = []
    header, rows = read_cells(name, lines, issues, required=SUBJECT_COLUMNS, optional=None)
    columns = list(_columns(name, header, book, period, issues))
    subjects: list[str] = []
    places: list[NDArray[np.int64]] = []
    while some := list(islice(rows, ROWS_AT_ONCE)):
        at = [line for line, _ in some]
        cells = list(zip(*(row for _, row in some), strict=True))
        del some
        own = cells[header.index("subject")]
        subjects += own
        places.append(np.array(at, dtype=np.int64))
        if len(subjects) > rows_max:
            return WideFile((), {}, {}), (_too_many(name, rows_max),)
        issues += _levels(name, cells[header.index("level")], own, at)
        for column, part in zip(columns, cells, strict=True):
            column.take(name, part, (own, at), issues)
        if len(issues) > ISSUES_READ_MAX:
            break  # the rest of such a file is not looked at
    lines_of = np.concatenate(places) if places else np.zeros(0, dtype=np.int64)
    issues += _doubled(name, subjects, lines_of)
    issues.sort(key=lambda issue: issue.place.line)
    found = [(column, column.whole(name, (subjects, lines_of), issues)) for column in columns]
    attributes = {one.name: column for one, column in found if one.measure is None and isinstance(column, Words)}
    measures = {(one.measure.code, one.period): column for one, column in found if one.measure is not None}
    return WideFile(tuple(subjects), attributes, measures), tuple(_capped(name, issues))


def _columns(
    name: str, header: Sequence[str], book: RuleBook, period: Period, issues: list[Issue]
) -> Iterator["_Column"]:
    """What each column of the header stands for; a doubled measure, or one of no period, is read as if it were not there."""
    taken_already: set[tuple[str, Period]] = set()
    for column in header:
        found = _measure_of(book, column, period)
        if found is None:
            issues += _almost(name, book, column)
            yield _Column(column, None, period)
            continue
        measure, of = found
        if of is None:
            told = Text(f"列“{column}”的期间", f"the period of column “{column}”")
            issues.append(
                _issue("period-invalid", Place(name, line=1), told, Text("如 visits@2024-06", "as visits@2024-06"))
            )
        elif (measure.code, of) in taken_already:
            told = Text(f"列“{column}”:{measure.code} 的 {of} 已有一列", f"“{column}”: {measure.code} of {of} again")
            issues.append(_issue("csv-column-twice", Place(name, line=1), told, Text("每列一次", "each column once")))
        else:
            taken_already.add((measure.code, of))
            yield _Column(column, measure, of)
            continue
        yield _Column(column, None, period)


class _Column:
    """One column of the file, put together from its parts."""

    def __init__(self, name: str, measure: Measure | None, period: Period) -> None:
        self.name, self.measure, self.period = name, measure, period
        self._parts: list[Column] = []

    def take(
        self, file: str, cells: Sequence[str], rows: tuple[Sequence[str], Sequence[int]], issues: list[Issue]
    ) -> None:
        """The next rows."""
        if self.measure is None:
            self._parts.append(words_of(cells))
        else:
            self._parts.append(_values(file, self.measure, cells, rows, issues))

    def whole(self, file: str, rows: tuple[Sequence[str], NDArray[np.int64]], issues: list[Issue]) -> Column:
        """All rows; the parts are given up."""
        parts, self._parts = self._parts, []
        if not parts:
            is_word = self.measure is None or self.measure.answers in ("rating", "text")
            return words_of(()) if is_word else Numbers.of(np.zeros(0, dtype=np.int64))
        numbers = [part for part in parts if isinstance(part, Numbers)]
        if not numbers:
            return _joined_words([part for part in parts if isinstance(part, Words)])
        column = _joined_numbers(numbers)
        if column.above.dtype != np.object_ or self.measure is None:
            return column
        row = max(range(len(column.above)), key=lambda k: abs(column.above[k]))
        large = Text(f"{self.measure.code} 的数太大", f"a figure of {self.measure.code} is too large")
        wanted = Text("连同小数至多 18 位", "at most 18 digits, decimals included")
        place = Place(file, line=int(rows[1][row]))
        issues.append(_issue("out-of-range", place, large, wanted, subject=rows[0][row]))
        return Numbers.of(np.zeros(len(column.above), dtype=np.int64), 1, np.zeros(len(column.above), dtype=np.bool_))


def _joined_words(parts: Sequence[Words]) -> Words:
    words = sorted({word for part in parts for word in part.words})
    numbers = {word: number for number, word in enumerate(words)}
    codes = []
    for part in parts:
        here = np.array([*(numbers[word] for word in part.words), -1], dtype=np.int32)  # the last one: absent
        codes.append(here[part.codes])
    return Words(np.concatenate(codes), tuple(words))


def _joined_numbers(parts: list[Numbers]) -> Numbers:
    """Parts of one column over their common denominator; the parts are given up."""
    below = lcm(*(part.below for part in parts))
    fits = all(part.above_max * (below // part.below) < 1 << 62 for part in parts)
    above = np.zeros(sum(len(part.above) for part in parts), dtype=np.int64 if fits else np.object_)
    present = np.ones(len(above), dtype=np.bool_)
    at = 0
    for part in parts:
        rows = slice(at, at + len(part.above))
        above[rows] = (part.above if fits else part.above.astype(np.object_)) * (below // part.below)
        if part.present is not None:
            present[rows] = part.present
        at = rows.stop
    parts.clear()
    return Numbers.of(above, below, present)


def _too_many(name: str, rows_max: int) -> Issue:
    return _issue(
        "too-many-rows",
        Place(name),
        Text(f"{rows_max} 行以上", f"more than {rows_max} rows"),
        Text(
            f"一个文件是一个医共体的一期,至多 {rows_max} 行",
            f"a file is one consortium's period: at most {rows_max} rows",
        ),
    )


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
    return Numbers.exactly([one * scale if isinstance(one, Fraction) else None for one in found])


def _levels(name: str, levels: Sequence[str], subjects: Sequence[str], lines: Sequence[int]) -> Iterator[Issue]:
    for level, subject, line in zip(levels, subjects, lines, strict=True):
        if level not in LEVELS:
            told, wanted = Text(f"层级“{level}”", f"level “{level}”"), " | ".join(LEVELS)
            yield _issue("level-unknown", Place(name, line=line), told, Text(wanted, wanted), subject=subject)


def _doubled(name: str, subjects: Sequence[str], lines: NDArray[np.int64]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for subject, line in zip(subjects, lines.tolist(), strict=True):
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
        least = ("至少 ", "at least ") if len(issues) > ISSUES_READ_MAX else ("", "")
        told = Text(
            f"另有{least[0]} {more} 个问题未列出".replace("  ", " "), f"{least[1]}{more} more issues are not listed"
        )
        yield _issue("more-issues", Place(name), told, Text("先改正已列出的", "mend the listed ones first"))
