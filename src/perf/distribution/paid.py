"""What the ledger paid under a line: by earlier runs, and by the run at work so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Protocol

from perf.distribution.accounts import Movement
from perf.distribution.adjustments import RECEIVABLE
from perf.formulas.nodes import Absent, Node
from perf.kernel.money import Money
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.text import Text

Line = tuple[str, str]
"""A subject and a line."""
Rows = Mapping[tuple[str, str, Period], Money]
_NO_ROWS: Rows = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """What earlier runs paid.

    Attributes:
        rows: (subject, line, period) -> what was paid, less what was taken back.
        sealed: The periods that have a ledger; None: every period counts as having one (cases).
        to_date: (subject, line, period) -> what is stated outright for the year up to the run of `period` (cases).
    """

    rows: Rows = field(default_factory=lambda: _NO_ROWS)
    sealed: frozenset[Period] | None = frozenset()
    to_date: Rows = field(default_factory=lambda: _NO_ROWS)


def receiver(account: str) -> str:
    """Whose account it is: a person's, an institution's, a named reserve's; empty for funds, what is held or left."""
    kind, _, rest = account.partition(":")
    if kind in ("person", "institution"):
        return rest
    return rest.partition(":")[2] if kind == "reserve" else ""


class LineMovement(Movement, Protocol):
    """A movement of a ledger, and the line it stands under."""

    @property
    def line(self) -> str:
        """The line."""
        ...


class Received:
    """What movements brought to each subject by line; each is read once, and only if somebody asks."""

    __slots__ = ("_fen", "_read")

    def __init__(self) -> None:
        self._fen: dict[Line, int] = {}
        self._read = 0

    def fen(self, movements: Sequence["LineMovement"], subject: str, line: str) -> int:
        """The fen that `subject` got under `line` by `movements`, which may only have grown since the last call."""
        while self._read < len(movements):
            add_movement(self._fen, movements[self._read])
            self._read += 1
        return self._fen.get((subject, line), 0)


def add_movement(fen: dict[Line, int], movement: LineMovement) -> None:
    """Add what one movement brought or took; what stands in a reserve of somebody's own is not paid to them yet.

    What is held for a subject is no pay of the subject; it counts under the name of the account, `held:SUBJECT`.
    """
    owes = any(account.startswith(f"reserve:{RECEIVABLE}:") for account in (movement.source, movement.target))
    if receiver(movement.source) == receiver(movement.target) != "" and not owes:
        freed = movement.source.startswith("reserve:") - movement.target.startswith("reserve:")
        key = (receiver(movement.target), movement.line)
        fen[key] = fen.get(key, 0) + freed * movement.amount.fen
        return
    for account, amount in ((movement.target, movement.amount.fen), (movement.source, -movement.amount.fen)):
        subject = account if account.startswith("held:") else receiver(account)
        if subject:
            key = (subject, movement.line)
            fen[key] = fen.get(key, 0) + amount


class Payments:
    """What formulas of one run see of payments. Its own count as soon as they are booked.

    What was paid in a period without a ledger is not known: it is `missing`. Of a year up to now, the periods before
    the first ledger of all count as nothing: a yearly cap works from the first month on.

    Args:
        kinds: Line -> the lengths of the periods in which it is paid.
    """

    def __init__(self, before: PaidBefore, period: Period, kinds: Mapping[str, frozenset[PeriodKind]]) -> None:
        self._before, self._period, self._kinds = before, period, kinds
        self._rows: dict[Line, list[tuple[Period, int]]] = {}
        for (subject, line, when), amount in before.rows.items():
            self._rows.setdefault((subject, line), []).append((when, amount.fen))
        self._kept: list[LineMovement] = []
        self._received = Received()
        self._gaps: dict[tuple[str, Span], tuple[Period, ...]] = {}

    def keep(self, movements: Iterable[LineMovement]) -> None:
        """Count what an owner's distribution booked for good."""
        if self._kinds:
            self._kept.extend(movements)

    def beside(self, draft: Sequence[LineMovement]) -> "Seen":
        """The payments together with those of a draft that goes on growing."""
        return Seen(self, draft)

    def node(self, subject: str, line: str, period: Period, *, to_date: bool, drafted: int) -> Node:
        """What `subject` was paid under `line`, with `drafted` fen of a draft where this run's own count."""
        span = _span(period, to_date=to_date)
        gaps = self._gap(line, span)
        label = self._label(line, period, to_date=to_date)
        stated = self._before.to_date.get((subject, line, period)) if to_date else None
        if gaps and stated is None:
            named = "、".join(map(str, gaps[:3])), ", ".join(map(str, gaps[:3]))
            note = Text(f"没有已发布的台账:{named[0]}", f"no published ledger: {named[1]}")
            return Node("paid", Absent("missing", (), note), (), label, unit="yuan")
        earlier = [fen for when, fen in self._rows.get((subject, line), ()) if self._counts(when, span)]
        fen = stated.fen if stated is not None else sum(earlier)
        if _inside(self._period, span):
            fen += self._received.fen(self._kept, subject, line) + drafted
        return Node("paid", Fraction(fen, 100), (), label, unit="yuan")

    def _counts(self, when: Period, span: "Span") -> bool:
        return _inside(when, span) and (when == self._period or self._is_before(when))

    def _is_before(self, when: Period) -> bool:
        """Over before the run's period begins, or a part of it."""
        return _last(when) < self._period.first_month or (
            when != self._period and _inside(when, _span(self._period, to_date=False))
        )

    def _gap(self, line: str, span: "Span") -> tuple[Period, ...]:
        """The periods within `span` whose payments are not known."""
        key = (line, span)
        if key not in self._gaps:
            self._gaps[key] = self._found_gaps(line, span)
        return self._gaps[key]

    def _found_gaps(self, line: str, span: "Span") -> tuple[Period, ...]:
        sealed = self._before.sealed
        if sealed is None:
            return ()
        of_now = _inside(self._period, span)
        gaps: list[Period] = []
        for kind in sorted(self._kinds.get(line, ())):
            units = _units(kind, span)
            asked = [unit for unit in units if self._is_before(unit)]
            first = min((one.first_month for one in sealed if one.kind == kind), default=None)
            if not of_now and units and not any(unit in sealed for unit in asked):
                gaps.extend(asked or units)
            elif first is not None:
                gaps.extend(unit for unit in asked if unit not in sealed and unit.first_month > first)
        return tuple(gaps)

    def _label(self, line: str, period: Period, *, to_date: bool) -> Text:
        if period == self._period:
            when = Text("本年累计", "year to date") if to_date else Text("本期", "this period")
        else:
            until = Text(f"{period.year}年累计至{period.zh()}", f"{period.year} up to {period}")
            when = until if to_date else Text(period.zh(), str(period))
        return Text(f"已发 {line}({when.zh})", f"paid {line} ({when.in_lang('en')})")


class Seen:
    """`Payments` of one owner's distribution at work."""

    __slots__ = ("_draft", "_payments", "_received")

    def __init__(self, payments: Payments, draft: Sequence[LineMovement]) -> None:
        self._payments, self._draft, self._received = payments, draft, Received()

    def __call__(self, subject: str, line: str, period: Period, *, to_date: bool) -> Node:
        """What `subject` was paid under `line`, yuan."""
        drafted = self._received.fen(self._draft, subject, line)
        return self._payments.node(subject, line, period, to_date=to_date, drafted=drafted)


Span = tuple[int, int]
"""The first and the last month, since year 0."""


def _span(period: Period, *, to_date: bool) -> Span:
    return (period.within("year").first_month if to_date else period.first_month), _last(period)


def _last(period: Period) -> int:
    return period.first_month + len(period.months()) - 1


def _inside(period: Period, span: Span) -> bool:
    return span[0] <= period.first_month and _last(period) <= span[1]


def _units(kind: PeriodKind, span: Span) -> list[Period]:
    """The periods of one length that lie within a span, which begins where one of them does if any lies within it."""
    year, month = divmod(span[0], 12)
    unit = Period(year, "month", month + 1).within(kind)
    found: list[Period] = []
    while _last(unit) <= span[1]:
        found.append(unit)
        unit = unit.shift(1)
    return found
