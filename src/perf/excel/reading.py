"""The result of reading a workbook of facts: rows with their places, all issues, what the file covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.excel.layouts import TableLayout
from perf.kernel.facts import Fact, FactKey
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, has_errors
from perf.kernel.periods import Period

Verdict = Literal["accept", "warn", "reject"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a file speaks about: a key inside it that it leaves blank or drops is *gone*.

    Args:
        sender: The department that filled it in, empty where nothing says so.
        measures, subjects, periods: All that the file's tables name, sorted.
        owners: Institutions that the subjects belong to (or are).
    """

    sender: str
    measures: tuple[str, ...]
    subjects: tuple[str, ...]
    periods: tuple[Period, ...]
    owners: tuple[str, ...]

    @property
    def period(self) -> Period | None:
        """The one period, or None where there are several."""
        return self.periods[0] if len(self.periods) == 1 else None


@dataclass(frozen=True, slots=True)
class ImportReading:
    """A workbook of facts, read and checked; nothing is stored.

    Args:
        name, sha256: The file.
        rows: The facts that can be taken, in the order of their keys; each knows its cell (`source`).
        issues: Everything to be said, by place.
        coverage: What the file speaks about.
        withheld: Keys that the file gives a value that cannot be taken: neither facts nor gone.
        layouts: Tables about whose headers the user said something, with the answers; worth remembering.
    """

    name: str
    sha256: str
    rows: Sequence[Fact]
    issues: tuple[Issue, ...]
    coverage: Coverage
    withheld: tuple[FactKey, ...] = ()
    layouts: tuple[TableLayout, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`reject` with any error, `warn` with any warning, else `accept`."""
        return verdict_of(self.issues)


def verdict_of(issues: Iterable[Issue]) -> Verdict:
    """`reject` with any error, `warn` with any warning, else `accept`."""
    every = tuple(issues)
    if has_errors(every):
        return "reject"
    return "warn" if any(issue.severity == "warning" for issue in every) else "accept"


def value_text(value: Fraction | str) -> str:
    """A fact's value in the form of contract F: numbers as exact text (ratios as ratios), texts as they are."""
    return value if isinstance(value, str) else exact_text(value)


def as_contract_json(reading: ImportReading) -> dict[str, object]:
    """The form of `import --check` (contract format 1)."""
    return {
        "format": 1,
        "verdict": reading.verdict,
        "file": {"name": reading.name, "sha256": reading.sha256},
        "rows": [
            {
                "sheet": row.source.sheet,
                "cell": row.source.cell,
                "subject": row.key.subject,
                "period": str(row.key.period),
                "measure": row.key.measure,
                "item": row.key.item,
                "counterparty": row.key.counterparty,
                "value": value_text(row.value),
            }
            for row in reading.rows
        ],
        "issues": [issue.as_json() for issue in reading.issues],
    }
