"""One scheme in one period: the card of every subject it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.formulas import Formula, evaluate
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring.arithmetic import RuleFailed, figure, number, rounded
from perf.scoring.curves import linear, steps
from perf.scoring.dimensions import Line, combine, nominal
from perf.scoring.indicators import Indicators
from perf.scoring.models import Scorecard, ScoreItem
from perf.scoring.peers import Field, is_true
from perf.scoring.policies import judge
from perf.scoring.standing import grades, ranks
from perf.scoring.totals import Draft, Vetoes, add_up, extra_score, failed_draft, vetoes_of
from perf.scoring.weights import reshare
from perf.scoring.wording import failed, no_condition
from perf.specs.models import Dimension, Extra, Indicator, Linear, RuleBook, Scheme, SchemeItem, SchemeVersion, Steps
from perf.specs.world import World

EXTRA = "extra"
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


def score_scheme(run: Run) -> tuple[list[Scorecard], list[Issue]]:
    """The cards of all subjects in sorted order, and every problem met; one subject's failure stays its own."""
    drafts = {subject: _draft(run, subject) for subject in run.field.subjects(run.period)}
    issues = list(run.field.issues(run.period))
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


def _draft(run: Run, subject: str) -> Draft:
    scheme, version = run.scheme, run.version
    try:
        lines = [_lines(run, dimension, subject) for dimension in version.dimensions]
        extras = [_extra(run, extra, subject) for extra in version.extra]
        plain = [nominal(dimension, own) for dimension, own in zip(version.dimensions, lines, strict=True)]
        used = reshare(plain, version.missing_weight)
        rule = scheme.ref(version)
        rows = [
            row
            for dimension, own, weights in zip(version.dimensions, lines, used, strict=True)
            for row in combine(dimension, own, weights, rule)
        ]
        issues = [line.judged.issue for own in lines for line in own if line.judged.issue is not None]
        issues += [issue for _, issue in extras if issue is not None]
        items = [*rows, *(row for row, _ in extras)]
        return add_up(scheme, version, subject, items=items, vetoes=_vetoes(run, subject), issues=issues)
    except (PerfError, ArithmeticError) as error:
        issue = failed(scheme.code, scheme.place, run.period, subject, error)
        return failed_draft(subject, scheme.ref(version), issue)


def _lines(run: Run, dimension: Dimension, subject: str) -> list[Line]:
    """What every item of the dimension gave."""
    return [_line(run, item, subject) for item in dimension.items]


def _line(run: Run, item: SchemeItem, subject: str) -> Line:
    indicator = _indicator(run, item.indicator)
    judged = judge(run.indicators, indicator, subject, run.period, item.out_of)
    return Line(item, indicator, judged, _target(indicator, run.period))


def _indicator(run: Run, code: str) -> Indicator:
    found = run.book.indicators.get(code)
    if found is None:
        raise RuleFailed(Text(f"方案引用的指标 {code} 没有声明", f"the scheme names an undeclared indicator {code}"))
    return found


def _target(indicator: Indicator, period: Period) -> str:
    version = indicator.version(period)
    return version.target if version is not None else ""


def _extra(run: Run, extra: Extra, subject: str) -> tuple[ScoreItem, Issue | None]:
    """The row of extra points; its score is the points up to the cap."""
    indicator = _indicator(run, extra.indicator)
    judged = judge(run.indicators, indicator, subject, run.period, extra.out_of)
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
        target=_target(indicator, run.period),
        node=node,
        rule=node.rule,
    )
    return row, judged.issue


def _vetoes(run: Run, subject: str) -> Vetoes:
    if not run.version.veto:
        return Vetoes((), (), ())
    scope = run.world.scope(subject, run.period, peers=run.field.peers(subject, run.period))
    return vetoes_of(run.scheme, run.version, subject, run.period, lambda formula: evaluate(formula, scope))


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
        rule=run.scheme.ref(run.version),
    )
    return card, issues


def _coefficient(run: Run, subject: str, total: Fraction) -> Fraction | None:
    """The coefficient that the declared total earns, rounded to its declared digits."""
    curve = run.version.coefficient
    if curve is None:
        return None
    scope = run.world.scope(subject, run.period, peers=run.field.peers(subject, run.period))

    def threshold(formula: Formula) -> Node:
        return evaluate(formula, scope)

    shown = number(total)
    match curve:
        case Linear():
            way = linear(curve, total, shown, threshold)
        case Steps():
            way = steps(curve, total, shown, threshold)
    return figure(rounded(way, run.version.coefficient_digits))


def _results(draft: Draft, grade: str, rank: int | None, coefficient: Fraction | None) -> dict[str, Node]:
    """What an outcome may ask for: total, exact, grade, rank, coefficient."""
    numbers = {"total": draft.total, "exact": draft.exact, "coefficient": coefficient, "rank": rank}
    results = {name: number(Fraction(value)) for name, value in numbers.items() if value is not None}
    return results | {"grade": Node("text", grade)}


def _outcomes(run: Run, subject: str, results: Mapping[str, Node], issues: list[Issue]) -> tuple[str, ...]:
    """What follows that is not money; a condition that cannot be decided is an issue."""
    if not run.version.outcomes:
        return ()
    scope = run.world.scope(subject, run.period, locals=results, peers=run.field.peers(subject, run.period))
    said: list[str] = []
    for outcome in run.version.outcomes:
        answer = evaluate(outcome.when, scope).value
        if isinstance(answer, Absent):
            issues.append(no_condition(_OUTCOME, run.scheme.place, run.period, subject))
        elif is_true(answer):
            said.append(outcome.say)
    return tuple(said)
