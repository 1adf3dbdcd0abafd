"""What a reader gives: cells with their kind, and the facts of a sheet. Recognition and checks know nothing else."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue

CellKind = Literal["blank", "text", "number", "percent", "date", "boolean", "error"]
SheetState = Literal["visible", "hidden"]


class CellRecord(NamedTuple):
    """One cell that holds something.

    Args:
        sheet: Name of the sheet.
        row, column: 1-based.
        value: Text as it stands; numbers as plain decimals of at most 15 significant digits (Excel's own precision),
            dates as `2025-06-30` or `2025-06-30 08:30`, booleans as `1` or `0`, errors as `#DIV/0!`.
        kind: What the value is; `percent` is a number with a percent format. `blank`: a formula that shows nothing.
        formula: The formula without `=`, empty for a plain value.
        cached: Whether the value is there; False only for a formula that was never calculated.
    """

    sheet: str
    row: int
    column: int
    value: str
    kind: CellKind
    formula: str = ""
    cached: bool = True

    @property
    def cell(self) -> str:
        """`F17`."""
        return cell_name(self.row, self.column)


class Area(NamedTuple):
    """A merged range; all ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells by row and column, in reading order, and what else matters for recognition.

    `name` is shown and stored (`shown_name`); `title` is the one in the file where that is another.
    """

    name: str
    state: SheetState
    rows: Mapping[int, Mapping[int, CellRecord]]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    title: str = ""

    @property
    def cell_count(self) -> int:
        """How many cells hold something."""
        return sum(len(row) for row in self.rows.values())


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as it was read. Refused files have no sheets and at least one error.

    Attributes:
        knows_kinds: Whether cells say what they are; in a text or a web page everything is text.
        problem_sheet: The sheet of problems of a workbook that was marked and came back; not among `sheets`.
        original: The name of the file before it was marked, empty where it was not.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    issues: tuple[Issue, ...]
    knows_kinds: bool = True
    problem_sheet: Sheet | None = None
    original: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the file could not be taken at all."""
        return any(issue.is_error for issue in self.issues)


_LETTERS: dict[int, str] = {}
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"  # nothing is seen of these: soft hyphens, zero widths, marks of direction
)


def printable(text: str) -> str:
    """A text without control characters, halves of characters and what has no width; nobody types these on purpose."""
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def shown_name(title: str, taken: Collection[str]) -> str:
    """The name of a sheet as it is shown and stored: with numbers of people masked, and none that is `taken` thereby."""
    masked = name = without_numbers(printable(title))
    number = 1
    while name != title and name in taken:
        number += 1
        name = f"{masked}({number})"
    return name


def column_letters(column: int) -> str:
    """1 → `A`, 28 → `AB`."""
    known = _LETTERS.get(column)
    if known is None:
        letters, rest = "", column
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        known = _LETTERS[column] = letters
    return known


def column_number(letters: str) -> int:
    """`A` → 1, `XFD` → 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int) -> str:
    """(17, 6) → `F17`."""
    return f"{column_letters(column)}{row}"
