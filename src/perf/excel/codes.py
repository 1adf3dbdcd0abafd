"""The closed list of import problems, and the small form in which a parser reports one before its place is known."""

from typing import Literal, NamedTuple

from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.text import Text

ImportCode = Literal[
    # the file
    "workbook-empty",
    "workbook-too-large",
    "workbook-not-excel",
    "workbook-ending",
    "workbook-encrypted",
    "workbook-damaged",
    "workbook-too-many-parts",
    "workbook-duplicate-parts",
    "workbook-inflates",
    "workbook-entities",
    "workbook-cell-too-far",
    "workbook-too-many-cells",
    "workbook-too-costly",
    "workbook-macros",
    "workbook-external-links",
    "formula-reaches-out",
    "no-table",
    "no-figures",
    "too-many-errors",
    "too-many-tables",
    # the sheet and its columns
    "sheet-hidden",
    "sheet-unknown",
    "row-skipped",
    "rows-hidden",
    "columns-hidden",
    "column-unknown",
    "column-alike",
    "column-remembered",
    "column-unclear",
    "column-ambiguous",
    "column-duplicate",
    "months-without-measure",
    "column-wrong-level",
    "column-unit",
    "mapping-unknown",
    "mapping-unused",
    # the month
    "period-missing",
    "period-invalid",
    "period-contradicts",
    "period-kind",
    # the subject
    "roster-not-given",
    "subject-missing",
    "staff-number-unknown",
    "staff-number-zeros",
    "staff-number-ambiguous",
    "staff-number-numeric",
    "institution-unknown",
    "institution-ambiguous",
    "institution-contradicts",
    "institution-name-completed",
    "name-unknown",
    "name-ambiguous",
    "name-contradicts",
    "not-on-roster",
    "item-unknown",
    # the value
    "measure-unknown",
    "not-a-number",
    "number-in-words",
    "number-as-text",
    "number-in-brackets",
    "percent-unclear",
    "percent-unexpected",
    "too-many-digits",
    "out-of-range",
    "rating-unknown",
    "event-unknown",
    "blank-marker",
    "cell-error",
    "cell-date",
    "cell-merged",
    "formula-not-calculated",
    "duplicate-same",
    "duplicate-differs",
    "total-differs",
    "share-differs",
    # the roster
    "roster-column-missing",
    "roster-value",
    "roster-date",
    "roster-dates-reversed",
    "roster-no-post",
    "roster-over-one-post",
    "roster-duplicate",
    "roster-same-number",
    "roster-no-name",
    "roster-same-name",
    # numbers of people and institutions
    "identity-invalid",
    "identity-digits-lost",
    "identity-misplaced",
    "identity-same",
    "identity-differs",
]


_LONGER_THAN_A_NUMBER = 64


class Finding(NamedTuple):
    """What is wrong with one value, without its place; `at` gives it one."""

    code: ImportCode
    found: Text
    expected: Text
    hint: Text
    severity: Severity = "error"
    suggested: str = ""

    def at(self, place: Place, subject: str = "") -> Issue:
        """The issue at `place`; numbers of people that a text repeats from a cell are masked, and never suggested."""
        texts = (_masked(self.found), _masked(self.expected), _masked(self.hint))
        suggested = self.suggested if without_numbers(self.suggested) == self.suggested else ""
        return Issue(self.code, place, *texts, self.severity, subject, suggested)


def _masked(text: Text) -> Text:
    zh, en = without_numbers(text.zh), without_numbers(text.en)
    return text if (zh, en) == (text.zh, text.en) else Text(zh, en)


def quoted(text: str, limit: int = 40) -> str:
    """A cell's text as it is shown in an issue: in quotation marks, control characters dropped, long ones cut.

    What may be a number of a person (identity card, bank card, mobile phone) is masked, wherever it stands.
    """
    start = text.strip()[: limit + _LONGER_THAN_A_NUMBER]
    clean = without_numbers("".join(c if c.isprintable() else " " for c in start).strip())
    return f"“{clean[: limit - 1]}…”" if len(clean) > limit else f"“{clean}”"
