"""Names, scores and payments of other periods: `@last_year`, `@previous`, `@year(-1)`, `@year_to_date`."""

from perf.formulas.nodes import Node
from perf.formulas.scope import Scope
from perf.formulas.tree import Run, Shifts
from perf.kernel.periods import Period


def shifted_period(period: Period, shifts: Shifts) -> Period:
    """`period` moved by `shifts`; `year_to_date` does not move it."""
    for shift in shifts:
        if shift.kind == "last_year":
            period = period.last_year()
        elif shift.kind == "previous":
            period = period.previous()
        elif shift.kind == "year":
            period = period.within("year").shift(shift.years)
    return period


def shifted_name(code: str, shifts: Shifts) -> Run:
    """The closure that reads `code` at the shifted period."""
    if not shifts:
        return lambda scope: scope.name(code, scope.period)
    if any(shift.kind == "year_to_date" for shift in shifts):
        return lambda scope: scope.year_to_date(code, shifted_period(scope.period, shifts))

    def run(scope: Scope) -> Node:
        return scope.name(code, shifted_period(scope.period, shifts))

    return run


def shifted_payment(line: str, shifts: Shifts) -> Run:
    """The closure that reads what was paid under `line` in the shifted period."""
    to_date = any(shift.kind == "year_to_date" for shift in shifts)

    def run(scope: Scope) -> Node:
        return scope.paid(line, shifted_period(scope.period, shifts), to_date=to_date)

    return run
