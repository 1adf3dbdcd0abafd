"""One scheme in one period: the card of every subject it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import assert_never

from perf.formulas import Formula, Scope, evaluate
from perf.formulas.arithmetic import RuleFailed, figure, number, rounded
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring.by_post import parts_by_post
from perf.scoring.dimensions import Line, Shares, combine, not_combined, shares_of
from perf.scoring.indicators import Indicators
from perf.scoring.models import Scorecard, ScoreItem
from perf.scoring.peers import Field, is_true
from perf.scoring.policies import Slot, judge, slot_of
from perf.scoring.standing import grades, ranks
from perf.scoring.totals import Draft, Vetoes, add_up, extra_score, failed_draft, vetoes_of, without_addend
from perf.scoring.wording import failed, no_condition, no_threshold
from perf.specs.curve_lines import linear, steps
from perf.specs.models import Dimension, Extra, Linear, RuleBook, Scheme, SchemeVersion, Steps
from perf.specs.world import World

EXTRA = "extra"
_NO_RESULTS: Mapping[str, Node] = MappingProxyType({})
_OUTCOME = Text("结果(outcomes)", "an outcome")


@dataclass(frozen=True, slots=True)
class Run:
    """One scheme version over one period, with everything it looks at."""

    scheme: Scheme
    version: SchemeVersion
    period: Period
    book: RuleBook
    world: World
    field: Field
    indicators: Indicators

    def scope(self, subject: str, results: Mapping[str, Node] = _NO_RESULTS) -> Scope:
        """The subject as conditions and thresholds of the scheme see it; `results` win over everything else."""
        peers, segment = self.field.peers(subject, self.period), self.field.segment(subject, self.period)
        return self.world.scope(subject, self.period, locals=results, peers=peers, segment=segment)


def score_scheme(run: Run) -> tuple[list[Scorecard], list[Issue]]:
    """The cards of all subjects in sorted order, and every problem met; one subject's failure stays its own."""
    issues = list(run.field.issues(run.period))
    subjects = run.field.subjects(run.period)
    try:
        plan = Plan(run)
    except RuleFailed as error:  # a broken rule sinks its own scheme only
        issue = failed(run.scheme.code, run.scheme.place, run.period, "", error)
        return [], [*issues, issue]
    drafts = {subject: _draft(run, plan, subject) for subject in subjects}
    cards: dict[str, Scorecard] = {}
    for group in dict.fromkeys(run.field.groups(run.period).values()):
        members = [drafts[subject] for subject in group]
        rank_rule = run.version.rank
        places = ranks(members, rank_rule) if rank_rule is not None else {}
        given = grades(members, run.version)
        for draft in members:
            rank, grade = places.get(draft.subject), given.get(draft.subject, "")
            cards[draft.subject], found = _card(run, draft, grade, rank, len(group))
            issues += found
    return [cards[subject] for subject in drafts], issues


class Plan:
    """What is the same for all subjects: the slots of the scheme, and weights by which items are present."""

    def __init__(self, run: Run) -> None:
        version = run.version
        self.rule = run.scheme.ref(version)
        self.slots = {d.code: [_slot(run, item.indicator, item.out_of) for item in d.items] for d in version.dimensions}
        self.extras = [(extra, _slot(run, extra.indicator, extra.out_of)) for extra in version.extra]
        self._version = version
        self._shares: dict[tuple[tuple[bool, bool], ...], list[Shares]] = {}

    def shares(self, lines: Sequence[Sequence[Line]]) -> list[Shares]:
        """The weights of every dimension for these items."""
        judged = [line.judged for own in lines for line in own]
        pattern = tuple([(one.status == "not_applicable", one.takes_weight) for one in judged])
        found = self._shares.get(pattern)
        if found is None:
            found = self._shares[pattern] = shares_of(self._version, lines)
        return found


def _slot(run: Run, code: str, out_of: Fraction) -> Slot:
    indicator = run.book.indicators.get(code)
    if indicator is None:
        raise RuleFailed(Text(f"方案引用的指标 {code} 没有声明", f"the scheme names an undeclared indicator {code}"))
    return slot_of(indicator, run.period, out_of)


def _draft(run: Run, plan: Plan, subject: str) -> Draft:
    scheme, version = run.scheme, run.version
    try:
        if version.by_post:
            return _by_post_draft(run, plan, subject)
        return _of_dimensions(run, plan, subject)
    except (PerfError, ArithmeticError) as error:
        issue = failed(scheme.code, scheme.place, run.period, subject, error)
        return failed_draft(subject, plan.rule, issue)


def _of_dimensions(run: Run, plan: Plan, subject: str) -> Draft:
    """The draft of a scheme with dimensions; one that cannot be put together still shows what its items gave."""
    scheme, version = run.scheme, run.version
    lines = [_lines(run, plan, dimension, subject) for dimension in version.dimensions]
    extras = [_extra(run, extra, slot, subject) for extra, slot in plan.extras]
    try:
        rows = [
            row
            for dimension, own, shares in zip(version.dimensions, lines, plan.shares(lines), strict=True)
            for row in combine(dimension, own, shares, plan.rule)
        ]
        if version.total.combine == "geometric":
            rows = [without_addend(row) for row in rows]
        issues = [line.judged.issue for own in lines for line in own if line.judged.issue is not None]
        issues += [issue for _, issue in extras if issue is not None]
        items = [*rows, *(row for row, _ in extras)]
        return add_up(scheme, version, subject, items=items, vetoes=_vetoes(run, subject), issues=issues)
    except (PerfError, ArithmeticError) as error:
        issue = failed(scheme.code, scheme.place, run.period, subject, error)
        pairs = zip(version.dimensions, lines, strict=True)
        bare = [row for dimension, own in pairs for row in not_combined(dimension, own, issue.code, plan.rule)]
        return failed_draft(subject, plan.rule, issue, (*bare, *(row for row, _ in extras)))


def _by_post_draft(run: Run, plan: Plan, subject: str) -> Draft:
    """The draft of a scheme without dimensions of its own."""
    extras = [_extra(run, extra, slot, subject) for extra, slot in plan.extras]
    issues = [issue for _, issue in extras if issue is not None]
    items = [*parts_by_post(run.scheme, run.version, run.world, subject, run.period), *(row for row, _ in extras)]
    return add_up(run.scheme, run.version, subject, items=items, vetoes=_vetoes(run, subject), issues=issues)


def _lines(run: Run, plan: Plan, dimension: Dimension, subject: str) -> list[Line]:
    """What every item of the dimension gave."""
    return [
        Line(item, slot.indicator, judge(run.indicators, slot, subject, run.period), slot.target)
        for item, slot in zip(dimension.items, plan.slots[dimension.code], strict=True)
    ]


def _extra(run: Run, extra: Extra, slot: Slot, subject: str) -> tuple[ScoreItem, Issue | None]:
    """The row of extra points; its score is the points up to the cap."""
    indicator = slot.indicator
    judged = judge(run.indicators, slot, subject, run.period)
    node, score = judged.node, None
    if judged.points is not None:
        way = extra_score(extra, judged.points)
        score = figure(way)
        node = Node("score", score, (node, way), indicator.title, rule=node.rule)
    row = ScoreItem(
        type="indicator",
        item=indicator.code,
        title=indicator.title,
        parent=EXTRA,
        value=judged.value,
        value_unit=indicator.unit,
        points=judged.points,
        out_of=extra.out_of,
        weight=None,
        score=score,
        status=judged.status,
        reason=judged.reason,
        target=slot.target,
        node=node,
        rule=node.rule,
    )
    return row, judged.issue


def _vetoes(run: Run, subject: str) -> Vetoes:
    if not run.version.veto:
        return Vetoes((), (), ())
    scope = run.scope(subject)
    return vetoes_of(run.version, subject, run.period, lambda formula: evaluate(formula, scope))


def _card(run: Run, draft: Draft, grade: str, rank: int | None, peers: int) -> tuple[Scorecard, Sequence[Issue]]:
    """The finished card: coefficient and outcomes follow from the declared total."""
    issues = list(draft.issues)
    coefficient: Fraction | None = None
    said: tuple[str, ...] = ()
    status, reason = draft.status, draft.reason
    total = draft.total
    if total is not None:
        try:
            coefficient = _coefficient(run, draft.subject, total)
            results = _results(draft, grade, rank, coefficient)
            said = _outcomes(run, draft.subject, results, issues)
        except (PerfError, ArithmeticError) as error:
            issue = failed(run.scheme.code, run.scheme.place, run.period, draft.subject, error)
            issues.append(issue)
            total, rank, grade, status, reason = None, None, "", "failed", issue.code
    card = Scorecard(
        scheme=run.scheme.code,
        title=run.scheme.title,
        subject=draft.subject,
        period=run.period,
        items=draft.items,
        exact=draft.exact if total is not None else None,
        total=total,
        grade=grade,
        rank=rank,
        rank_of=peers if rank is not None else None,
        coefficient=coefficient,
        status=status,
        reason=reason,
        forfeits_pay=draft.forfeits_pay,
        outcomes=said,
        node=draft.node,
        rule=draft.node.rule,
    )
    return card, issues


def _coefficient(run: Run, subject: str, total: Fraction) -> Fraction | None:
    """The coefficient that the declared total earns, rounded to its declared digits."""
    curve = run.version.coefficient
    if curve is None:
        return None
    scope = run.scope(subject)

    def threshold(formula: Formula) -> Node:
        return evaluate(formula, scope)

    shown = number(total)
    match curve:
        case Linear():
            way = linear(curve, total, shown, threshold)
        case Steps():
            way = steps(curve, total, shown, threshold)
        case _ as never:
            assert_never(never)
    if isinstance(way.value, Absent):
        raise RuleFailed(no_threshold(way.value))
    return figure(rounded(way, run.version.coefficient_digits, run.version.coefficient_rounding))


def _results(draft: Draft, grade: str, rank: int | None, coefficient: Fraction | None) -> dict[str, Node]:
    """What an outcome may ask for: total, exact, grade, rank, coefficient."""
    numbers = {"total": draft.total, "exact": draft.exact, "coefficient": coefficient, "rank": rank}
    results = {name: number(Fraction(value)) for name, value in numbers.items() if value is not None}
    return results | {"grade": Node("text", grade)}


def _outcomes(run: Run, subject: str, results: Mapping[str, Node], issues: list[Issue]) -> tuple[str, ...]:
    """What follows that is not money; a condition that cannot be decided is an issue."""
    if not run.version.outcomes:
        return ()
    scope = run.scope(subject, results)
    said: list[str] = []
    for outcome in run.version.outcomes:
        answer = evaluate(outcome.when, scope).value
        if isinstance(answer, Absent):
            issues.append(no_condition(_OUTCOME, run.scheme.place, run.period, subject))
        elif is_true(answer):
            said.append(outcome.say)
    return tuple(said)
