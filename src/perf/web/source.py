"""What the pages ask for. The services answer it; the tests answer it with invented people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from perf.appraisal.views import PayBlock, ScorecardView, StatementView
from perf.kernel.money import Money
from perf.kernel.text import Text


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month that can be looked at: `period` as 2025-06, the newest run in it and its state."""

    period: str
    title: Text
    run: str
    state: str


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """An institution in the overview. `group`: its heading, such as 县中医院医共体 · 乡镇卫生院.

    `score`, `grade` and `rank` as printed, empty where there is none; `pool` what it had to distribute, None where
    nothing. `earmarked`: other money that it got, by account: income from insurance, a yearly surplus. `run`, `state`: of
    its own consortium; empty: those of the month.
    """

    institution: str
    name: str
    group: Text
    score: str
    grade: str
    rank: str
    pool: Money | None
    people: int
    earmarked: Sequence[tuple[Text, Money]] = ()
    run: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list; no pay and no score, which are on the person's own page."""

    staff_no: str
    name: str
    institution_name: str
    department: str
    post: str


class StatementSource(Protocol):
    """Reads only. Unknown months, institutions and people give empty answers or None, never an exception."""

    def months(self) -> Sequence[MonthRow]:
        """All months with a run, the newest first."""
        ...

    def institutions(self, period: str) -> Sequence[InstitutionRow]:
        """The institutions of that month in the order to show: by group, then by rank."""
        ...

    def people(self, period: str, institution: str, query: str) -> Sequence[PersonRow]:
        """People in `institution` (empty: all) whose name or staff number contains `query` (empty: all)."""
        ...

    def statement(self, period: str, staff_no: str) -> StatementView | None:
        """That person's statement of the month."""
        ...

    def numbers(self, staff_no: str) -> Sequence[tuple[Text, str]]:
        """Identity number, phone, card and bank of a person, masked, with their titles; none without the key."""
        ...

    def institution_scorecard(self, period: str, institution: str) -> tuple[ScorecardView, ...]:
        """The institution's scorecards of the month."""
        ...

    def institution_pay(self, period: str, institution: str) -> tuple[PayBlock, ...]:
        """What distributions gave the institution in the month."""
        ...

    def pdf(self, view: StatementView) -> bytes:
        """The statement as a file."""
        ...

    def pay_file(self, period: str) -> bytes | None:
        """The month's pay file as a workbook, of the consortia in the viewer's scope; None without a published run.

        Raises:
            StateRefused: the payroll is accepted for some of the runs only.
        """
        ...
