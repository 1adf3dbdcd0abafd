"""What the roster says for payroll: for whom a person works, and in how many months of the year."""

from collections.abc import Mapping

from perf.appraisal.payroll_models import Opening, PayrollInputs
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment


def institution_of(roster: Roster, person: str, month: Period) -> str:
    """The institution of a person in `month`, else the last before it, else the first after it; empty: none."""
    segment = roster.at(person, month)
    if segment is None:
        every = roster.all_segments(person)
        before = [row for row in every if row.first_day <= month.last_day]
        segment = max(before, key=lambda row: (row.last_day, row.first_day)) if before else next(iter(every), None)
    return "" if segment is None else _above(roster, segment, month)


def months_employed(inputs: PayrollInputs, person: str, employer: str) -> tuple[Period, ...]:
    """The months of the year up to the month of payment in which the person worked for `employer`, in order."""
    return tuple(month for month in inputs.pay_month.year_to_date() if employer in _employers(inputs, person, month))


def attributes_of(roster: Roster, person: str, month: Period) -> Mapping[str, str]:
    """The attributes of the segment that speaks for a person, or of its last one."""
    segment = roster.at(person, month)
    every = roster.all_segments(person)
    chosen = segment if segment is not None else every[-1] if every else None
    return {} if chosen is None else {**chosen.attributes, "kind": chosen.kind}


def name_of(roster: Roster, subject: str, month: Period) -> str:
    """The name people know a subject by, else its code."""
    segment = roster.at(subject, month)
    every = roster.all_segments(subject)
    return segment.title if segment is not None else every[-1].title if every else subject


def months_uncovered(inputs: PayrollInputs, months: tuple[Period, ...], opening: Opening | None) -> tuple[Period, ...]:
    """The months before the month of payment of which neither a tax record nor an accepted payroll tells."""
    through = opening.through if opening is not None else 0
    return tuple(m for m in months if m < inputs.pay_month and m.number > through and m not in inputs.covered)


def _employers(inputs: PayrollInputs, person: str, month: Period) -> set[str]:
    rows = inputs.roster.segments(person, month)
    if inputs.rule.employer == "consortium":
        return {inputs.consortium} if rows else set()
    return {_above(inputs.roster, row, month) for row in rows}


def _above(roster: Roster, segment: Segment, month: Period) -> str:
    """The institution that a segment belongs to."""
    return roster.ancestor(segment.parent, "institution", month) or segment.parent
