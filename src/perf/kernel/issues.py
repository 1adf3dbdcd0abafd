"""Issues: what a person can mend. Collected, never raised; place, found, expected, hint."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from perf.kernel.text import Lang, Text

Severity = Literal["error", "warning", "info"]
NOT_STORED = {"stored": False}  # a field that the documents of runs and imports do not keep


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where it is: a file with sheet and cell, or with line and column (1-based); empty or 0 = not known."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.sheet or self.cell:
            return "!".join(part for part in (self.file, self.sheet, self.cell) if part)
        if self.line:
            return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        return self.file


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that somebody can mend.

    Args:
        code: Stable kebab-case code; `tests/errors/<code>/` holds its smallest input.
        place: File, sheet and cell, or line and column.
        found: What stands there, as it stands there (never a person's pay).
        expected: What would be right.
        hint: What to do.
        severity: `error` blocks, `warning` is to be looked at, `info` is to be known.
        subject: Staff number or code of the subject concerned, if any.
        suggested: What to put into the cell instead, where there is one answer that is likely right; not stored.
    """

    code: str
    place: Place
    found: Text
    expected: Text
    hint: Text = field(default_factory=lambda: Text(""))
    severity: Severity = "error"
    subject: str = ""
    suggested: str = field(default="", metadata=NOT_STORED)

    @property
    def is_error(self) -> bool:
        """Whether this blocks."""
        return self.severity == "error"

    def render(self, lang: Lang = "zh") -> str:
        """The one form in which every issue is shown, up to four lines."""
        labels = ("发现", "应为", "建议") if lang == "zh" else ("found", "expected", "hint")
        head = f"{self.place}  {self.subject}".rstrip() if str(self.place) else self.subject
        texts = (self.found, self.expected, self.hint)
        colon = ":" if lang == "zh" else ": "
        rows = [f"  {label}{colon}{text.in_lang(lang)}" for label, text in zip(labels, texts, strict=True) if text.zh]
        return "\n".join([f"{head} [{self.code}]".lstrip(), *rows])

    def as_json(self) -> dict[str, object]:
        """The form of the contract (format 1); `found` and `expected` in Chinese; `suggested` only where there is one."""
        suggested = {"suggested": self.suggested} if self.suggested else {}
        return {
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "code": self.code,
            "severity": self.severity,
            "subject": self.subject,
            "found": self.found.zh,
            "expected": self.expected.zh,
            "hint": {"zh": self.hint.zh, "en": self.hint.in_lang("en")},
            "en": {"found": self.found.in_lang("en"), "expected": self.expected.in_lang("en")},
            **suggested,
        }


def has_errors(issues: Iterable[Issue]) -> bool:
    """Whether any of them blocks."""
    return any(issue.is_error for issue in issues)


def by_place(issues: Iterable[Issue]) -> list[Issue]:
    """Sorted by file, sheet, line, cell (row before column where it can be read), code."""
    return sorted(
        issues,
        key=lambda i: (
            i.place.file,
            i.place.sheet,
            i.place.line,
            i.place.column,
            _cell_order(i.place.cell),
            i.code,
            i.subject,
        ),
    )


def _cell_order(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    row = cell[len(letters) :]
    return (int(row) if row else 0, len(letters), letters)
