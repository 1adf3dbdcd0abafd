"""Totals: dimensions and extra points added up, bounded, rounded once, and what a veto makes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.formulas import Formula
from perf.formulas.arithmetic import ZERO, RuleFailed, added, figure, larger, number, over, rounded, smaller, times
from perf.formulas.nodes import Absent, Node, RuleRef
from perf.kernel.irrational import NoResult, weighted_geometric_mean
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring.models import ScoreItem, Status
from perf.scoring.peers import is_true
from perf.scoring.wording import no_condition
from perf.specs.models import Extra, Scheme, SchemeVersion, TotalRule, Veto, VetoEffect

Evaluate = Callable[[Formula], Node]
_ONE = Fraction(1)
_TOTAL = Text("总分", "total")
_VETO = Text("一票否决", "the veto")
_EFFECTS: tuple[VetoEffect, ...] = ("forfeit_pay", "zero_total", "grade_at_most")  # the gravest names the reason


@dataclass(frozen=True, slots=True)
class Draft:
    """A subject's card before it is compared with its peers; vetoes let it pass none of `grades_at_most`."""

    subject: str
    items: tuple[ScoreItem, ...]
    exact: Fraction | None
    total: Fraction | None
    status: Status
    reason: str
    node: Node
    grades_at_most: tuple[str, ...] = ()
    forfeits_pay: bool = False
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Vetoes:
    """The vetoes that hold, their conditions, and what keeps others from being decided."""

    held: tuple[Veto, ...]
    conditions: tuple[Node, ...]
    issues: tuple[Issue, ...]

    @property
    def reason(self) -> str:
        """The gravest effect, empty without one."""
        return next((e for e in _EFFECTS if any(v.effect == e for v in self.held)), "")


def add_up(
    scheme: Scheme,
    version: SchemeVersion,
    subject: str,
    *,
    items: Sequence[ScoreItem],
    vetoes: Vetoes,
    issues: Sequence[Issue],
) -> Draft:
    """The total of one subject.

    Args:
        scheme, version: The rule.
        subject: Whose.
        items: All rows: dimensions, their indicators, extra points (`parent` is `extra`).
        vetoes: Those that hold.
        issues: What the items met.
    Returns:
        A draft; blocked or failed without a total where a row that counts has no score.
    """
    rule = scheme.ref(version)
    counted = [row for row in items if row.type == "dimension" or row.parent == "extra"]
    problems = (*issues, *vetoes.issues)
    status, reason = _settled(counted, vetoes, bool(version.dimensions or version.by_post))
    if status in ("failed", "blocked", "not_applicable"):
        gone = Absent("not_applicable" if status == "not_applicable" else "blocked")
        node = Node("total", gone, tuple(row.node for row in counted), _TOTAL, rule=rule)
        return Draft(subject, tuple(items), None, None, status, reason, node, issues=problems)
    exact = _bounded(_together(counted, version), version.total)
    total = rounded(exact, version.total.digits, version.total.rounding)
    if any(v.effect == "zero_total" for v in vetoes.held):
        exact = total = Node("veto", ZERO, vetoes.conditions, _VETO, rule=rule)
    node = Node("total", total.value, (*(row.node for row in counted), total), _TOTAL, rule=rule)
    return Draft(
        subject,
        tuple(items),
        figure(exact),
        figure(total),
        status,
        reason,
        node,
        tuple(v.grade for v in vetoes.held if v.effect == "grade_at_most"),
        any(v.effect == "forfeit_pay" for v in vetoes.held),
        problems,
    )


def _settled(counted: Sequence[ScoreItem], vetoes: Vetoes, has_dimensions: bool) -> tuple[Status, str]:  # noqa: FBT001
    """Status and reason of the total: what failed first, then what is missing, then vetoes."""
    for row in counted:
        if row.status == "failed":
            return "failed", row.reason
    for row in counted:
        if row.status in ("blocked", "missing"):
            return "blocked", row.reason
    if vetoes.issues:
        return "blocked", vetoes.issues[0].code
    if has_dimensions and all(row.status == "not_applicable" for row in counted if row.type == "dimension"):
        return "not_applicable", "not_applicable"
    return ("vetoed", vetoes.reason) if vetoes.held else ("scored", "")


def _together(counted: Sequence[ScoreItem], version: SchemeVersion) -> Node:
    """What the dimensions give together, and the extra points: Σ of them up to their common cap."""
    dimensions = [row for row in counted if row.type == "dimension" and row.points is not None]
    parts = [number(row.score, "", row.title) for row in dimensions if row.score is not None]
    if version.total.combine == "geometric" and dimensions:
        parts = [product(dimensions)]
    extras = [number(row.score, "", row.title) for row in counted if row.parent == "extra" and row.score is not None]
    if extras and version.extra_cap is not None and figure(all_extras := added(extras)) > version.extra_cap:
        extras = [smaller(all_extras, number(version.extra_cap))]
    return added([*parts, *extras]) if parts or extras else number(ZERO)


def product(dimensions: Sequence[ScoreItem]) -> Node:
    """Π (points ÷ D)^(weight ÷ Σ weight), times Σ weight (100 where no weight is lost).

    Args:
        dimensions: Rows that have points.
    Raises:
        RuleFailed: one has points below zero.
    """
    weighed = [(row, row.points, row.weight) for row in dimensions if row.points is not None and row.weight]
    whole = sum((weight for _, _, weight in weighed), ZERO)
    mean = _mean([(points / row.out_of, weight) for row, points, weight in weighed])
    way, *others = [_power(row, points, weight / whole) for row, points, weight in weighed]
    for other in others:
        way = times(way, other)
    return times(way._replace(value=mean), number(whole))  # exact: not the product of rounded powers


def _mean(parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    try:
        return weighted_geometric_mean(parts)
    except NoResult as stop:
        raise RuleFailed(stop.reason) from None


def _power(row: ScoreItem, points: Fraction, share: Fraction) -> Node:
    """(points ÷ D)^share."""
    base = over(number(points, "", row.title), number(row.out_of))
    value = _mean([(figure(base), share), (_ONE, _ONE - share)]) if share != 1 else figure(base)
    return Node("power", value, (base, number(share)))


def without_addend(row: ScoreItem) -> ScoreItem:
    """The row of a dimension in a product of dimensions: it has points and a weight, but adds no score of its own."""
    if row.type != "dimension" or row.node.op != "score":
        return row
    return row._replace(score=None, node=row.node.inputs[0])


def _bounded(total: Node, rule: TotalRule) -> Node:
    """Between the declared bounds; a bound is shown only where it held."""
    if rule.minimum is not None and figure(total) < rule.minimum:
        return larger(total, number(rule.minimum))
    if rule.maximum is not None and figure(total) > rule.maximum:
        return smaller(total, number(rule.maximum))
    return total


def extra_score(extra: Extra, points: Fraction) -> Node:
    """Extra points up to their cap."""
    leaf = number(points)
    return smaller(leaf, number(extra.cap)) if extra.cap is not None and points > extra.cap else leaf


def vetoes_of(version: SchemeVersion, subject: str, period: Period, evaluate_in_scope: Evaluate) -> Vetoes:
    """Which vetoes hold for `subject`; one whose condition nobody can tell blocks."""
    held: list[Veto] = []
    conditions: list[Node] = []
    issues: list[Issue] = []
    for veto in version.veto:
        answer = evaluate_in_scope(veto.when)
        if isinstance(answer.value, Absent):
            issues.append(no_condition(_VETO, veto.place, period, subject))
        elif is_true(answer.value):
            held.append(veto)
            conditions.append(answer)
    return Vetoes(tuple(held), tuple(conditions), tuple(issues))


def failed_draft(subject: str, rule: RuleRef, issue: Issue, items: tuple[ScoreItem, ...] = ()) -> Draft:
    """A subject that is set aside."""
    node = Node("total", Absent("not_allowed", (), issue.found), (), _TOTAL, rule=rule)
    return Draft(subject, items, None, None, "failed", issue.code, node, issues=(issue,))
