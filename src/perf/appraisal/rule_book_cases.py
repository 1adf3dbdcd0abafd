"""Cases as worked examples: what is given, what the rule gives."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perf.appraisal.figure_text import STATUS, in_full
from perf.appraisal.rule_book_parts import Edition
from perf.appraisal.rule_book_payroll_cases import payroll_expected, payroll_given
from perf.appraisal.rule_book_view import Block, Column, Grid
from perf.formulas import value_text
from perf.kernel.figures import fixed
from perf.kernel.text import Text
from perf.specs.case_models import Case, CaseSubject, DistributionCase, IndicatorCase, SchemeCase, SchemePoints
from perf.specs.payroll_cases import PayrollCase

_ATTRIBUTES_HIDDEN = frozenset({"kind", "level", "parent"})


def case_blocks(edition: Edition, code: str) -> Iterator[Block]:
    """The cases of a rule as a table; nothing where it has none."""
    cases = edition.cases.get(code, ())
    if not cases:
        return
    two = edition.two
    columns = (
        Column(two("期间", "Period"), 9),
        Column(two("给定", "Given"), 43),
        Column(two("结果", "Gives"), 24),
        Column(two("说明", "Note"), 24),
    )
    rows = tuple((str(case.period), _given(edition, case), _expected(edition, case), case.title) for case in cases)
    yield Grid(two("算例", "Worked examples"), columns, rows)


def _given(edition: Edition, case: Case) -> str:
    two = edition.two
    sep = two("；", "; ")
    match case:
        case IndicatorCase():
            parts = [_subject(edition, case.subject)]
            parts += [f"{two('成员', 'member')} {one.name}: {_subject(edition, one)}" for one in case.members]
            parts += [f"{two('同组', 'peer')} {one.name}: {_subject(edition, one)}" for one in case.peers]
            if case.parent is not None:
                parts.append(f"{two('所属单位', 'unit above')}: {_subject(edition, case.parent)}")
            if case.out_of != 100:
                parts.append(two(f"分值 {in_full(case.out_of)}", f"out of {in_full(case.out_of)}"))
        case SchemeCase():
            parts = [_points(edition, case.given)]
            parts += [f"{two('同组', 'peer')} {one.name}: {_points(edition, one)}" for one in case.peers]
        case DistributionCase():
            parts = (
                [two(f"资金 {fixed(case.fund, 2, grouped=True)} 元", f"fund {fixed(case.fund, 2, grouped=True)} yuan")]
                if case.fund is not None
                else []
            )
            parts.append(_subject(edition, case.owner))
            parts += [
                f"{_account(edition, name)} {fixed(amount, 2, grouped=True)}" for name, amount in case.balances.items()
            ]
            parts += [f"{one.name}: {_subject(edition, one)}" for one in case.claims]
        case PayrollCase():
            parts = list(payroll_given(edition, case))
    return sep.join(part for part in parts if part)


def _subject(edition: Edition, subject: CaseSubject) -> str:
    """Attributes, facts, scores of a subject of a case, by their titles."""
    words = edition.words({})
    parts = []
    for name, value in subject.attributes.items():
        if name not in _ATTRIBUTES_HIDDEN:
            parts.append(f"{words.name(name)} {edition.title(edition.book.value_title(name, value))}")
    for fact in subject.facts:
        measure = edition.book.measures.get(fact.measure)
        title = edition.title(measure.title) if measure is not None else fact.measure
        parts.append(f"{title} {_fact_value(edition, fact.value, measure.unit if measure is not None else '')}")
    for scheme, total in subject.scores.items():
        known = edition.book.schemes.get(scheme)
        parts.append(f"{edition.title(known.title) if known is not None else ''}{words.name('score')} {in_full(total)}")
    parts += [f"{words.name(name)} {_plain(value)}" for name, value in subject.figures.items()]
    for (line, shift), yuan in subject.paid.items():
        when = words.period_text(shift)
        parts.append(f"{edition.two('已发', 'paid')} {line}{when} {value_text(yuan, 'yuan', edition.lang)}")
    return edition.two("，", ", ").join(parts)


def _fact_value(edition: Edition, value: Fraction | str, unit: str) -> str:
    return value_text(value, unit, edition.lang)


def _points(edition: Edition, given: SchemePoints) -> str:
    parts = [f"{edition.indicator_title(code)} {_status_or(edition, points)}" for code, points in given.points.items()]
    facts = _subject(edition, given.subject)
    return edition.two("，", ", ").join([*parts, facts] if facts else parts)


def _status_or(edition: Edition, value: Fraction | str) -> str:
    if isinstance(value, Fraction):
        return in_full(value)
    return edition.title(STATUS.get(value, Text(value)))


def _plain(value: Fraction | str) -> str:
    return in_full(value) if isinstance(value, Fraction) else value


def _account(edition: Edition, name: str) -> str:
    kind, _, rest = name.partition(":")
    known = edition.book.accounts.get(rest or kind)
    if known is not None:
        return edition.title(known.title)
    words = {"left": Text("余额", "left"), "held": Text("暂存", "held")}
    return " ".join(part for part in (edition.title(words.get(kind, Text(kind))), rest) if part)


def _expected(edition: Edition, case: Case) -> str:
    two = edition.two
    match case:
        case IndicatorCase():
            indicator = edition.book.indicators.get(case.rule)
            unit = indicator.unit if indicator is not None else ""
            shown = {
                two("值", "value"): None
                if case.expect_value is None
                else value_text(case.expect_value, unit, edition.lang)
            }
            shown[two("得分", "points")] = None if case.expect_points is None else in_full(case.expect_points)
            shown[""] = _status(edition, case.expect_status)
        case SchemeCase():
            shown = {two("总分", "total"): None if case.expect_total is None else in_full(case.expect_total)}
            shown[two("等次", "grade")] = case.expect_grade
            shown[two("名次", "rank")] = None if case.expect_rank is None else str(case.expect_rank)
            shown[two("系数", "coefficient")] = (
                None if case.expect_coefficient is None else in_full(case.expect_coefficient)
            )
            shown |= {code: in_full(points) for code, points in case.expect_dimensions.items()}
            shown[""] = _status(edition, case.expect_status)
        case DistributionCase():
            shown = {_account(edition, name): fixed(amount, 2, grouped=True) for name, amount in case.expect.items()}
            shown[two("拒绝", "refused")] = case.expect_issue or None
        case PayrollCase():
            shown = dict(payroll_expected(edition, case))
    return _listed(edition, shown)


def _status(edition: Edition, status: str | None) -> str | None:
    return None if status in (None, "scored") else edition.title(STATUS.get(str(status), Text(str(status))))


def _listed(edition: Edition, shown: Mapping[str, str | None]) -> str:
    return edition.two("，", ", ").join(f"{name} {value}".strip() for name, value in shown.items() if value is not None)
