"""A payroll as one pure function: ledgers, figures, tax records in; gross, deductions, tax and net of each person out."""

from collections.abc import Iterable
from dataclasses import replace

from perf.appraisal import payroll_issues
from perf.appraisal.payroll_models import (
    PayrollInputs,
    PayrollLine,
    PayrollResult,
    PersonPayroll,
)
from perf.appraisal.payroll_people import institution_of, name_of
from perf.appraisal.payroll_person import computed
from perf.distribution.contributions import is_dated
from perf.kernel.issues import Issue, by_place
from perf.kernel.money import Money, total
from perf.kernel.text import Text


def run_payroll(inputs: PayrollInputs) -> PayrollResult:
    """The payroll of everybody who is paid, in order of institution and staff number.

    Returns:
        For `gross_only` and where something is missing, what is paid without tax and net. A problem of one person stops
        no other; a contribution without a value for the month stops the net pay of all.
    """
    stopped = tuple(_undated(inputs))
    people = [_person(inputs, person, may_compute=not stopped) for person in sorted(_everybody(inputs))]
    people.sort(key=lambda one: (one.institution, one.person))
    issues = [*stopped, *(issue for one in people for issue in one.issues)]
    return PayrollResult(inputs.pay_month, tuple(people), tuple(by_place(issues)))


def _everybody(inputs: PayrollInputs) -> set[str]:
    """Whoever is paid in the ledgers, or has income of the month beside them that was not paid yet."""
    found = {person for person, lines in inputs.paid.items() if any(lines.values())}
    if inputs.version.method == "gross_only":
        return found
    measures = {*inputs.version.income, *inputs.version.tax_free}
    done = {one.person for one in inputs.taken if one.pay_month == inputs.pay_month}
    for fact in inputs.facts:
        is_of_month = fact.key.period == inputs.pay_month and fact.key.measure in measures
        if is_of_month and fact.value and fact.key.subject not in done:
            found.add(fact.key.subject)
    return found


def _person(inputs: PayrollInputs, person: str, *, may_compute: bool) -> PersonPayroll:
    lines = tuple(ledger_lines(inputs, person))
    institution = institution_of(inputs.roster, person, inputs.pay_month)
    employer = institution if inputs.rule.employer == "institution" else inputs.consortium
    bare = PersonPayroll(
        person=person,
        name=name_of(inputs.roster, person, inputs.pay_month),
        institution=institution,
        institution_name=name_of(inputs.roster, institution, inputs.pay_month) if institution else "",
        employer=employer,
        status="gross_only" if inputs.version.method == "gross_only" else "not_computed",
        lines=lines,
        gross=total(line.amount for line in lines),
        deductions=Money(0),
        tax=Money(0),
        net=None,
        taken=None,
        working=(),
    )
    if inputs.version.method == "gross_only" or not may_compute:
        return bare
    if not institution:
        return replace(bare, issues=(payroll_issues.no_employer(inputs.name, person),))
    return computed(inputs, bare)


def ledger_lines(inputs: PayrollInputs, person: str) -> Iterable[PayrollLine]:
    """What the ledgers pay a person, by line."""
    bonus = inputs.version.bonus
    for line, amount in sorted(inputs.paid.get(person, {}).items()):
        if amount:
            is_bonus = bonus is not None and line in bonus.lines
            yield PayrollLine(line, "bonus" if is_bonus else "pay", Text(line), amount)


def _undated(inputs: PayrollInputs) -> Iterable[Issue]:
    if inputs.version.method == "gross_only":
        return
    for one in inputs.version.contributions:
        if not is_dated(one, inputs.pay_month):
            yield payroll_issues.parameter_missing(str(inputs.pay_month), one.title, one.place)
