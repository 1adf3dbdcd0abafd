"""Running a rule book's cases: each is a small month of its own, scored and distributed by the engine itself."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction

from perf.appraisal.case_worlds import (
    GIVEN_VALUE,
    OWNER,
    SUBJECT,
    case_facts,
    case_roster,
    distribution_paid,
    distribution_world,
    one_indicator_scheme,
    plain_measure,
    scheme_book,
    with_given_values,
)
from perf.appraisal.payroll_cases import payroll_differences
from perf.distribution import CardFigures, Entry, Ledger, distribute
from perf.formulas import Formula, parse_formula, references
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import exact_text
from perf.kernel.issues import NOWHERE, Place
from perf.kernel.money import Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring import Scorecard, Scores, score
from perf.specs.case_models import Case, DistributionCase, IndicatorCase, SchemeCase
from perf.specs.cases import is_beside_layer
from perf.specs.models import RuleBook
from perf.specs.payroll_cases import PayrollCase


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case ended: it holds where there are no differences."""

    rule: str
    title: str
    place: Place
    differences: tuple[Text, ...]

    @property
    def holds(self) -> bool:
        """Whether the rule gives what the case expects."""
        return not self.differences


def run_cases(book: RuleBook, cases: Mapping[str, Sequence[Case]]) -> Iterator[CaseResult]:
    """Run every case, in order of rule and file; those beside a layer with all layers on, others without any."""
    for code in sorted(cases):
        for case in cases[code]:
            rules = book if book.base is None or is_beside_layer(book, case.place.file) else book.base
            match case:
                case IndicatorCase():
                    found = _indicator(rules, case)
                case SchemeCase():
                    found = _scheme(rules, case)
                case DistributionCase():
                    found = _distribution(rules, case)
                case PayrollCase():
                    found = payroll_differences(rules, case)
            yield CaseResult(code, case.title, case.place, tuple(found))


def _indicator(book: RuleBook, case: IndicatorCase) -> Iterator[Text]:
    card = score_indicator(book, case)
    item = next((row for row in card.items if row.type == "indicator"), None) if card is not None else None
    if item is None:
        yield Text("指标在该期间没有有效版本或未启用", "the indicator has no version in force, or is switched off")
        return
    yield from _differs("value", case.expect_value, item.value)
    yield from _differs("points", case.expect_points, item.points)
    yield from _differs("status", case.expect_status, item.status)


def score_indicator(book: RuleBook, case: IndicatorCase) -> Scorecard | None:
    """The card of a scheme that holds nothing but the case's indicator."""
    indicator = book.indicators[case.rule]
    version = indicator.version(case.period)
    if version is None:
        return None
    scheme = one_indicator_scheme(case.rule, indicator.level, case.period, case.out_of)
    switched_on = replace(indicator, versions=tuple(replace(v, enabled=True) for v in indicator.versions))
    enabled = with_given_values(switched_on, case)
    indicators = {**book.indicators, case.rule: enabled}
    measures = {**book.measures, GIVEN_VALUE: plain_measure(GIVEN_VALUE, indicator.level)}
    schemes = {**book.schemes, scheme.code: scheme}
    own = replace(book, measures=measures, indicators=indicators, schemes=schemes)
    roster = case_roster(book, indicator.level, case)
    facts = case_facts(book, case)
    scores = score(own, roster, facts, case.period, [scheme.code], totals=_totals(book, case))
    return scores.cards.get((scheme.code, SUBJECT))


def _totals(book: RuleBook, case: IndicatorCase) -> dict[tuple[str, str, Period], Node]:
    """Totals that the case gives to its subject and its parent; an unnamed one is of the first scheme asked for."""
    version = book.indicators[case.rule].version(case.period)
    asked = sorted(r.name for r in references(version.value) if r.kind == "score") if version is not None else []
    totals: dict[tuple[str, str, Period], Node] = {}
    holders = [(SUBJECT, case.subject), *([(OWNER, case.parent)] if case.parent is not None else [])]
    for name, subject in holders:
        for scheme, value in subject.scores.items():
            for code in [scheme] if scheme else asked[:1]:
                totals[(code, name, case.period)] = Node("score", value, (), Text("得分", "score"))
    return totals


def _scheme(book: RuleBook, case: SchemeCase) -> Iterator[Text]:
    scheme = book.schemes[case.rule]
    if scheme.version(case.period) is None:
        yield Text("方案在该期间没有有效版本", "the scheme has no version in force")
        return
    own, roster, facts = scheme_book(book, case)
    scores: Scores = score(own, roster, facts, case.period, [case.rule])
    card = scores.cards.get((case.rule, SUBJECT))
    if card is None:
        yield Text("没有得到考核表", "no scorecard came out")
        return
    yield from _differs("total", case.expect_total, card.total)
    yield from _differs("grade", case.expect_grade, card.grade)
    yield from _differs("rank", case.expect_rank, card.rank)
    yield from _differs("coefficient", case.expect_coefficient, card.coefficient)
    yield from _differs("status", case.expect_status, card.status)
    points = {item.item: item.points for item in card.items if item.type == "dimension"}
    for name, expected in case.expect_dimensions.items():
        yield from _differs(name, expected, points.get(name))


def _distribution(book: RuleBook, case: DistributionCase) -> Iterator[Text]:
    rule = book.distributions[case.rule]
    version = rule.version(case.period)
    if version is None:
        yield Text("分配规则在该期间没有有效版本", "the distribution has no version in force")
        return
    if case.fund is not None:
        fund = _number_formula(case.fund)
        version = replace(version, fund=fund)
    own_rule = replace(rule, versions=(version,), among_where=None)
    own = replace(book, distributions={**book.distributions, case.rule: own_rule})
    roster, facts = distribution_world(book, rule, case)
    members = {claimant.name for claimant in case.claims}
    opening = {_account(book, name, members): money_from_yuan(amount) for name, amount in case.balances.items()}
    ledger = distribute(
        own,
        roster,
        facts,
        case.period,
        [case.rule],
        cards=_cards(rule.uses_score, case),
        opening=opening,
        paid=distribution_paid(case),
    )
    codes = [issue.code for issue in ledger.issues if issue.is_error]
    if case.expect_issue:
        if case.expect_issue not in codes:
            yield Text(f"应被拒绝({case.expect_issue}),得到 {codes}", f"expected {case.expect_issue}, got {codes}")
        return
    if ledger.failed:
        reasons = "; ".join(f"{i.code}: {i.found.zh}" for i in ledger.issues if i.is_error)
        yield Text(f"被拒绝:{reasons}", f"refused: {reasons}")
        return
    for name, expected in case.expect.items():
        yield from _differs(name, money_from_yuan(expected).text(), _received(ledger, name, rule.into).text())


def _cards(schemes: Sequence[str], case: DistributionCase) -> dict[tuple[str, str], CardFigures]:
    cards: dict[tuple[str, str], CardFigures] = {}
    for claimant in case.claims:
        total, coefficient = claimant.figures.get("score"), claimant.figures.get("coefficient")
        if not schemes or not claimant.figures:
            continue
        cards[(schemes[0], claimant.name)] = CardFigures(
            total=total if isinstance(total, Fraction) else None,
            coefficient=coefficient if isinstance(coefficient, Fraction) else None,
            grade=str(claimant.figures.get("grade", "")),
            forfeits_pay=False,
            status="scored",
        )
    return cards


def _account(book: RuleBook, name: str, members: AbstractSet[str]) -> str:
    """An account of the owner; under the name of a member what that member holds itself.

    `held:CLAIMANT`, and a claimant's own reserve as `NAME:CLAIMANT`.
    """
    if ":" in name:
        return name if name.startswith("held:") else f"reserve:{name}"
    if name in members and name not in book.accounts:
        return f"institution:{name}"
    account = book.accounts.get(name)
    kind = account.kind if account is not None else "reserve"
    return f"institution:{OWNER}" if kind == "fund" else f"reserve:{name}:{OWNER}"


def _received(ledger: Ledger, name: str, into: str) -> Money:
    """What a claimant received (`into`: in that reserve of its own), or what an account of the owner holds in the end."""
    if name == "left" or name.startswith(("reserve:", "held:")):
        is_whole = name.startswith("held:") or name.count(":") > 1
        wanted = name if is_whole else f"{name}:{OWNER}"
        return ledger.balances.get(wanted, Money(0))
    accounts = {f"person:{name}", f"institution:{name}"}
    accounts |= {f"reserve:{into}:{name}"} if into else set()
    accounts |= {e.target for e in ledger.entries if e.claimant == name and _is_given(e)}
    fen = sum(e.amount.fen for e in ledger.entries if e.target in accounts)
    return Money(fen - sum(e.amount.fen for e in ledger.entries if e.source in accounts))


def _is_given(entry: Entry) -> bool:
    """Whether a reserve is where the claimant gets its money; not what is held back or forfeited."""
    return entry.target.startswith("reserve:") and entry.status not in ("held", "lost")


def _number_formula(number: Fraction) -> Formula:
    formula, _ = parse_formula(exact_text(number).replace("/", " / "), NOWHERE)
    assert formula is not None  # noqa: S101 - a number always parses
    return formula


def _differs(name: str, expected: object, found: object) -> Iterator[Text]:
    if expected is None or expected == found:
        return
    shown, got = _shown(expected), _shown(found)
    yield Text(f"{name}:应为 {shown},得到 {got}", f"{name}: expected {shown}, found {got}")


def _shown(value: object) -> str:
    if isinstance(value, Fraction):
        return exact_text(value)
    if isinstance(value, Absent):
        return value.reason
    return "—" if value is None else str(value)


__all__ = ["CaseResult", "one_indicator_scheme", "run_cases", "score_indicator"]
