"""One person's payroll: contributions, the tax of the year so far, the bonus, and what is left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from perf.appraisal import payroll_issues, payroll_words
from perf.appraisal.payroll_bonus import BonusResult, settle_bonus
from perf.appraisal.payroll_figures import Figures
from perf.appraisal.payroll_models import LineKind, PayrollInputs, PayrollLine, PersonPayroll, Taken
from perf.appraisal.payroll_people import attributes_of, months_employed, months_uncovered
from perf.appraisal.payroll_year import YearSoFar, year_so_far
from perf.distribution.contributions import concerns, contributed, needs_base
from perf.distribution.withholding import Withheld, YearFigures, withhold
from perf.kernel.money import ZERO, Money, total
from perf.kernel.text import Text

_TAX = Text("个人所得税", "income tax")
_BONUS_TAX = Text("奖金个人所得税", "tax on the bonus")
COMING: tuple[LineKind, ...] = ("pay", "bonus", "income", "tax_free")


@dataclass(frozen=True, slots=True)
class _Reported:
    """What comes and goes beside the ledger in this payment, as the figures of the month say.

    `free`: the part of the contributions that is free of tax; `deductible`: code -> amount that only lowers the tax.
    """

    beside: tuple[PayrollLine, ...]
    held: tuple[PayrollLine, ...]
    free: Money
    deductible: Mapping[str, Money]
    special: Money


def computed(inputs: PayrollInputs, bare: PersonPayroll) -> PersonPayroll:
    """`bare` with deductions, tax and net; with its issues alone where a figure is missing."""
    tax = inputs.version.tax
    assert tax is not None  # noqa: S101 - the builder demands it of `net`
    figures = Figures(inputs, bare.person)
    months = months_employed(inputs, bare.person, bare.employer)
    year = year_so_far(inputs, tax, bare.person, bare.employer, months)
    missing = months_uncovered(inputs, months, year.opening)
    if missing:
        figures.issues.append(payroll_issues.record_missing(inputs.name, bare.person, missing))
    reported = _reported(inputs, figures, year)
    if figures.issues:
        return replace(bare, issues=tuple(figures.issues))
    coming = (*bare.lines, *reported.beside)
    with_it = _with_payment(year.figures, coming, reported)
    bonus = total(line.amount for line in coming if line.kind == "bonus")
    chosen = attributes_of(inputs.roster, bare.person, inputs.pay_month)
    settled = settle_bonus(inputs, bare.person, year, with_it, bonus, chosen)
    if settled.is_merged:
        with_it = replace(with_it, income=with_it.income + bonus)
    found = withhold(tax, with_it, year.basic)
    lines = (*coming, *reported.held, *_taxes(found, settled))
    done = _summed(bare, lines)
    if done.net is None or done.net < ZERO:
        return replace(bare, issues=(*settled.issues, payroll_issues.below_zero(inputs.name, bare.person)))
    words = (
        *payroll_words.taxable_words(year.figures, found, year.basic_words),
        *payroll_words.tax_words(found),
        *settled.words,
        payroll_words.sum_words(done.gross, done.deductions, done.tax, done.net),
    )
    taken = _taken(inputs, bare, year.figures, found, settled, reported, bonus)
    return replace(done, taken=taken, working=words, issues=settled.issues, basic=found.basic, taxable=found.taxable)


def _reported(inputs: PayrollInputs, figures: Figures, year: YearSoFar) -> _Reported:
    """Every figure of the month, less what an earlier payment of the month paid or took already."""
    version, is_employed = inputs.version, inputs.pay_month in year.months
    month = year.items_of_month
    beside = [
        PayrollLine(code, kind, figures.title(code), figures.amount(code, is_due=is_due) - month.get(code, ZERO))
        for codes, kind, is_due in (
            (version.income, _INCOME, is_employed),
            (version.tax_free, _FREE, False),
        )
        for code in codes
    ]
    contributions = list(_contributions(inputs, figures, month)) if is_employed else []
    held = [line for line, _ in contributions]
    for code in version.after_tax:
        amount = figures.amount(code, is_due=False) - month.get(code, ZERO)
        held.append(PayrollLine(code, "after_tax", figures.title(code), -amount))
    deductible = {code: figures.amount(code, is_due=False) - month.get(code, ZERO) for code in version.deductible}
    return _Reported(
        tuple(line for line in beside if line.amount),
        tuple(line for line in held if line.amount),
        total(free for _, free in contributions),
        deductible,
        figures.special(year.months, year.opening),
    )


_INCOME: LineKind = "income"
_FREE: LineKind = "tax_free"


def _contributions(
    inputs: PayrollInputs, figures: Figures, month: Mapping[str, Money]
) -> Iterator[tuple[PayrollLine, Money]]:
    """Each contribution of the month as a line, with the part of it that is free of tax."""
    attributes = attributes_of(inputs.roster, figures.person, inputs.pay_month)
    for one in inputs.version.contributions:
        if not concerns(one, attributes):
            continue
        base = figures.base(one.base) if one.base else None
        if base is None and needs_base(one, inputs.pay_month):
            title = figures.title(one.base)
            figures.issues.append(payroll_issues.base_missing(inputs.name, figures.person, one.title, title))
            continue
        found = contributed(one, base, inputs.pay_month)
        before = month.get(one.code, ZERO)
        words = payroll_words.contribution_words(found, before)
        free = found.free - min(before, found.free)
        yield PayrollLine(one.code, "contribution", one.title, before - found.amount, words), free


def _with_payment(before: YearFigures, coming: tuple[PayrollLine, ...], reported: _Reported) -> YearFigures:
    """The year with this payment in it, a yearly bonus left out."""
    return replace(
        before,
        income=before.income + total(line.amount for line in coming if line.kind != "bonus"),
        tax_free=before.tax_free + total(line.amount for line in coming if line.kind == "tax_free"),
        contributions=before.contributions + reported.free,
        special=reported.special,
        other=before.other + total(reported.deductible.values()),
    )


def _taxes(found: Withheld, settled: BonusResult) -> Iterator[PayrollLine]:
    yield PayrollLine("tax", "tax", _TAX, -found.tax, payroll_words.tax_words(found)[1])
    if settled.tax:
        yield PayrollLine("bonus_tax", "bonus_tax", _BONUS_TAX, -settled.tax, settled.words[1])


def _summed(bare: PersonPayroll, lines: tuple[PayrollLine, ...]) -> PersonPayroll:
    """The sums of the lines: 应发 − 扣款 − 个税 = 实发."""
    gross = total(line.amount for line in lines if line.kind in COMING)
    tax = -total(line.amount for line in lines if line.kind in ("tax", "bonus_tax"))
    deductions = -total(line.amount for line in lines if line.kind in ("contribution", "after_tax"))
    net = gross - deductions - tax
    return replace(bare, status="net", lines=lines, gross=gross, deductions=deductions, tax=tax, net=net)


def _taken(
    inputs: PayrollInputs,
    bare: PersonPayroll,
    before: YearFigures,
    found: Withheld,
    settled: BonusResult,
    reported: _Reported,
    bonus: Money,
) -> Taken:
    items = {line.code: line.amount for line in reported.beside}
    items |= {line.code: -line.amount for line in reported.held}
    items |= {code: amount for code, amount in reported.deductible.items() if amount}
    return Taken(
        payroll=inputs.name,
        person=bare.person,
        employer=bare.employer,
        pay_month=inputs.pay_month,
        income=found.year.income - before.income,
        tax_free=found.year.tax_free - before.tax_free,
        contributions=reported.free,
        other=found.year.other - before.other,
        tax=found.tax,
        bonus=ZERO if settled.is_merged else bonus,
        bonus_tax=settled.tax,
        items=items,
    )
