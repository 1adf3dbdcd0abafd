"""Explanation nodes: made by the evaluation itself, so that what is explained is what was computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from perf.kernel.facts import NO_SOURCE, FactKey, FactSource
from perf.kernel.text import Text

_NO_NOTE = Text("")
AbsenceReason = Literal["missing", "denominator_zero", "not_applicable", "blocked", "not_allowed"]


@dataclass(frozen=True, slots=True)
class Absent:
    """Why there is no value: facts that nobody reported (`keys`), a zero denominator, or an inapplicable rule."""

    reason: AbsenceReason
    keys: tuple[FactKey, ...] = ()
    note: Text = _NO_NOTE


Value = Fraction | str | bool | Absent


class RuleRef(NamedTuple):
    """Which rule, in which version, from which clause."""

    code: str
    version: str = ""
    document: str = ""
    clause: str = ""


NO_RULE = RuleRef("")


class Node(NamedTuple):
    """One step of a computation.

    Attributes:
        op: `number`, `fact`, `attribute`, `name`, an operator (`+ - * / == in …`), a function (`min`, `if`, `sum` …),
            `curve`, `policy`, `round`, `weight`, `total` and the like.
        value: The exact result of this step, or `Absent`.
        inputs: The steps it was computed from, in reading order.
        label: Title of the thing (`出院人次`); empty for operators. Texts are rendered on demand, not stored.
        source: File, sheet, cell and sender of a fact.
        rule: The rule that was applied, where a rule was.
        unit: Unit code in which the value is written (`percent`, `yuan`, …); empty: plain.
    """

    op: str
    value: Value
    inputs: tuple["Node", ...] = ()
    label: Text | None = None
    source: FactSource = NO_SOURCE
    rule: RuleRef = NO_RULE
    unit: str = ""


Titles = Mapping[str, Text]
