"""How an indicator or a total came out, by number: status and reason of `perf.scoring.models`."""

from threading import Lock
from typing import NamedTuple

from perf.scoring.models import Status


class Outcome(NamedTuple):
    """Status, and the code of the policy or issue behind it."""

    status: Status
    reason: str = ""


FIRST: tuple[Outcome, ...] = (
    Outcome("scored"),
    Outcome("filled", "assume"),
    Outcome("filled", "zero"),
    Outcome("filled", "full"),
    Outcome("filled", "peer_median"),
    Outcome("not_applicable", "not_applicable"),
    Outcome("not_applicable", "requires"),
    Outcome("not_applicable", "monitored"),
    Outcome("not_applicable", "switched_off"),
    Outcome("missing", "missing-fact"),
    Outcome("blocked", "denominator-zero"),
    Outcome("blocked", "score-blocked"),
    Outcome("failed", "rule-failed"),
)
"""The usual ones, at the same number everywhere; those up to `peer_median` have points."""
(
    SCORED,
    ASSUMED,
    FILLED_ZERO,
    FILLED_FULL,
    FILLED_MEDIAN,
    INAPPLICABLE,
    NOT_REQUIRED,
    MONITORED,
    SWITCHED_OFF,
    UNREPORTED,
    NO_DENOMINATOR,
    SCORE_BLOCKED,
    FAILED,
) = range(len(FIRST))
LATER = 254
"""Not settled yet: the exact engine is to be asked."""


class Outcomes:
    """All outcomes of one scoring; further ones are numbered as they come up."""

    def __init__(self) -> None:
        self._all = list(FIRST)
        self._lock = Lock()

    def number(self, outcome: Outcome) -> int:
        """The number of an outcome."""
        with self._lock:
            if outcome not in self._all:
                self._all.append(outcome)
            return self._all.index(outcome)

    def named(self, number: int) -> Outcome:
        """The outcome of a number."""
        return self._all[number]

    def __len__(self) -> int:
        return len(self._all)
