"""The yearly bonus of a person: taxed alone or with other income, which is better, and the cliffs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from perf.appraisal import payroll_issues, payroll_words
from perf.appraisal.payroll_models import PayrollInputs
from perf.appraisal.payroll_year import YearSoFar
from perf.distribution.tax_tables import cliff_of, left_of_bonus, tax_on_bonus
from perf.distribution.withholding import YearFigures, withhold
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.text import Text
from perf.specs.payroll_models import BonusTax

_ENDED = Text(
    "全年一次性奖金单独计税的政策已到期,并入综合所得", "taxing a bonus alone has ended: it is merged with other income"
)
_SECOND = Text(
    "本年已有一笔奖金单独计税,本笔并入综合所得",
    "a bonus was taxed alone in this year already: this one is merged with other income",
)
_MERGED = Text("选择并入综合所得计税", "it is merged with other income by choice")


@dataclass(frozen=True, slots=True)
class BonusResult:
    """How a bonus is taxed: `is_merged` says that it went to the other income; `tax`: of the bonus alone."""

    is_merged: bool
    tax: Money = ZERO
    words: tuple[Text, ...] = ()
    issues: tuple[Issue, ...] = ()


def settle_bonus(
    inputs: PayrollInputs,
    person: str,
    year: YearSoFar,
    without: YearFigures,
    bonus: Money,
    attributes: Mapping[str, str],
) -> BonusResult:
    """How the bonus in this payment is taxed.

    Args:
        without: The year with this payment, the bonus left out.
        bonus: Below zero (a bonus taken back) it lowers other income.
        attributes: Of the person, one of which may hold a choice.
    """
    rule, tax = inputs.version.bonus, inputs.version.tax
    if rule is None or tax is None or bonus <= ZERO:
        return BonusResult(is_merged=True)
    if rule.last_day is not None and inputs.pay_month.first_day > rule.last_day:
        return BonusResult(is_merged=True, words=(_ENDED,))
    if year.had_bonus:
        issue = payroll_issues.second_bonus(inputs.name, person)
        return BonusResult(is_merged=True, words=(_SECOND,), issues=(issue,))
    own, row = tax_on_bonus(rule.rows, bonus, tax.rounding)
    alone = own + withhold(tax, without, year.basic).tax
    merged = withhold(tax, replace(without, income=without.income + bonus), year.basic).tax
    compared = payroll_words.choice_words(alone, merged)
    if _choice(rule, attributes, alone, merged) == "merged":
        return BonusResult(is_merged=True, words=(_MERGED, compared))
    words = [*payroll_words.bonus_words(bonus, row, own), compared]
    cliff = cliff_of(rule.rows, bonus, tax.rounding)
    if cliff is None:
        return BonusResult(is_merged=False, tax=own, words=tuple(words))
    words.append(payroll_words.cliff_words(cliff, bonus - own, left_of_bonus(rule.rows, cliff.limit, tax.rounding)))
    issue = payroll_issues.on_cliff(inputs.name, person, str(cliff.limit), str(cliff.last))
    return BonusResult(is_merged=False, tax=own, words=tuple(words), issues=(issue,))


def _choice(rule: BonusTax, attributes: Mapping[str, str], alone: Money, merged: Money) -> str:
    own = attributes.get(rule.choice_by, "") if rule.choice_by else ""
    chosen = own if own in ("alone", "merged", "better") else rule.choice
    if chosen == "better":
        return "merged" if merged < alone else "alone"
    return chosen
