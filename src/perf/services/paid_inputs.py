"""What earlier runs paid by line, as a part of the prior of a run: read, pinned and read back, only where rules ask."""

from collections.abc import Mapping
from typing import Any

from perf.appraisal.month import distributions_of
from perf.distribution import PaidBefore
from perf.distribution.paid import add_movement
from perf.formulas import references
from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.services.needed_facts import shifted_years
from perf.specs.formulas_of import distribution_formulas
from perf.specs.lines import lines_read
from perf.specs.models import RuleBook
from perf.storage import history
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

PinnedPaid = Mapping[str, Any]


def paid_asked(book: RuleBook, period: Period) -> dict[str, int]:
    """Line -> how many years back the distributions in use ask what was paid under it; empty: nobody asks."""
    found: dict[str, int] = {}
    for code in distributions_of(book, period):
        found |= dict.fromkeys(lines_read(book.distributions[code]) - found.keys(), 0)
        for formula in distribution_formulas(book.distributions[code]):
            for one in references(formula):
                if one.kind == "paid":
                    found[one.name] = max(found.get(one.name, 0), shifted_years(one.shift))
    return found


def pinned_paid(
    connection: Connection, viewer: Viewer, book: RuleBook, consortium: str, period: Period
) -> PinnedPaid | None:
    """What the sealed runs of other periods paid under the lines that `book` asks for; None: it asks for none.

    Returns:
        `lines` and `years` asked for, the `sealed` periods, and `rows` of subject, line, period, fen; those of periods that
        end after `period` left out, and of `period` itself, so that a later run or its own correction does not change them.
    """
    asked = paid_asked(book, period)
    if not asked:
        return None
    years = range(period.year - max(asked.values()), period.year + 1)
    fen: dict[tuple[str, str, str], int] = {}
    for paid in history.paid_by_line(connection, viewer, consortium, lines=asked, years=years):
        if _is_earlier(paid.period, period):
            moved: dict[tuple[str, str], int] = {}
            add_movement(moved, paid)
            for (subject, line), amount in moved.items():
                key = (subject, line, str(paid.period))
                fen[key] = fen.get(key, 0) + amount
    sealed = history.sealed_periods(connection, viewer, consortium)
    return {
        "lines": sorted(asked),
        "years": list(years),
        "sealed": sorted(str(one) for one in sealed if _is_earlier(one, period)),
        "rows": [[*key, fen[key]] for key in sorted(fen)],
    }


def covers(pinned: PinnedPaid | None, book: RuleBook, period: Period) -> bool:
    """Whether what was pinned holds all that `book` asks for."""
    asked = paid_asked(book, period)
    if pinned is None:
        return not asked
    return set(asked) <= set(pinned["lines"]) and period.year - max(asked.values(), default=0) in pinned["years"]


def paid_before(pinned: PinnedPaid | None) -> PaidBefore:
    """What was pinned, as distributions see it."""
    if pinned is None:
        return PaidBefore()
    rows = {(subject, line, parse_period(when)): Money(fen) for subject, line, when, fen in pinned["rows"]}
    return PaidBefore(rows, frozenset(map(parse_period, pinned["sealed"])))


def _is_earlier(one: Period, period: Period) -> bool:
    """Another period that is over when `period` is over."""
    return one != period and one.last_day <= period.last_day
