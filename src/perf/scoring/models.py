"""Scorecards: what scoring gives, one per scheme and subject. Frozen; every figure exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from perf.formulas.nodes import Node, RuleRef, Value
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.text import Text

Status = Literal["scored", "filled", "not_applicable", "missing", "blocked", "vetoed", "failed"]
ItemType = Literal["indicator", "dimension", "total"]


class ScoreItem(NamedTuple):
    """One row of a scorecard: an indicator (also an extra one) or a dimension.

    Attributes:
        item: Code of the indicator or dimension.
        parent: Code of the dimension an indicator stands in; `extra` for extra points; empty for a dimension.
        value: Indicators only: the declared (rounded) value, text for ratings, `Absent` where there is none.
        value_unit: Unit code the value is written in.
        points: After the declared rounding, on the item's own scale `out_of`; None where not scored.
        weight: The weight that was used, after re-sharing; None where not applicable.
        score: What the item adds to its parent: points ÷ out_of × its parent's scale × weight share.
        reason: Code of the policy or issue behind a status other than `scored`.
        target: Short text of the target for people (`≥85%`), may be empty.
        node: The whole way from facts to score.
    """

    type: ItemType
    item: str
    title: Text
    parent: str
    value: Value | None
    value_unit: str
    points: Fraction | None
    out_of: Fraction
    weight: Fraction | None
    score: Fraction | None
    status: Status
    reason: str
    target: str
    node: Node
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All rows of one subject under one scheme in one period, and the total.

    Attributes:
        exact: The combined points before rounding; None when blocked or failed.
        total: The declared, rounded total; None when blocked or failed.
        rank, rank_of: Rank and size of the peer group; None without a rank rule or a total.
        forfeits_pay: A veto took the pay.
        outcomes: Results that are not money.
    """

    scheme: str
    title: Text
    subject: str
    period: Period
    items: tuple[ScoreItem, ...]
    exact: Fraction | None
    total: Fraction | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient: Fraction | None
    status: Status
    reason: str
    forfeits_pay: bool
    outcomes: tuple[str, ...]
    node: Node
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class Scores:
    """Result of a scoring: cards by (scheme, subject), in sorted order; issues; subjects that no scheme is for."""

    cards: Mapping[tuple[str, str], Scorecard]
    issues: tuple[Issue, ...]
    left_out: int
