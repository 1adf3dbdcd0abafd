"""Cases of payrolls in words."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from perf.appraisal.payroll_words import yuan
from perf.appraisal.rule_book_parts import Edition
from perf.kernel.text import Text
from perf.specs.payroll_cases import PayrollCase

WORDS: Mapping[str, Text] = {
    "income": Text("累计收入", "income"),
    "tax_free": Text("累计免税收入", "free of tax"),
    "contributions": Text("五险一金", "contributions"),
    "special": Text("累计专项附加扣除", "special deductions"),
    "other": Text("累计其他扣除", "other deductions"),
    "relief": Text("累计减免税额", "relief"),
    "withheld": Text("累计已预扣", "withheld"),
    "bonus": Text("已单独计税的奖金", "bonus taxed alone"),
    "gross": Text("应发", "gross"),
    "deductions": Text("扣款", "deductions"),
    "basic": Text("累计减除费用", "basic deduction"),
    "taxable": Text("累计应纳税所得额", "taxable income"),
    "tax": Text("个税", "tax"),
    "bonus_tax": Text("奖金个税", "tax on the bonus"),
    "net": Text("实发", "net"),
    "first_job": Text("首次就业", "first job"),
    "whole_year": Text("全年一次减除", "deduction of the whole year"),
}


def payroll_given(edition: Edition, case: PayrollCase) -> Iterator[str]:
    """What a case of a payroll is given."""
    if case.months is not None:
        yield edition.two(f"任职 {case.months} 个月", f"{case.months} months employed")
    if case.basis in WORDS:
        yield _word(edition, case.basis)
    if case.before:
        before = edition.two("，", ", ").join(_amounts(edition, case.before))
        yield edition.two(f"此前：{before}", f"before: {before}")
    words = edition.words({})
    yield from (
        f"{words.name(name)} {edition.title(edition.book.value_title(name, value))}"
        for name, value in case.attributes.items()
    )
    yield from (f"{line} {yuan(amount)}" for line, amount in case.pay.items())
    yield from _amounts(edition, case.figures)
    yield from _amounts(edition, case.outright)


def payroll_expected(edition: Edition, case: PayrollCase) -> Iterator[tuple[str, str | None]]:
    """What a case of a payroll expects, by name."""
    rule = edition.book.payrolls.get(case.rule)
    version = None if rule is None else rule.version(case.period)
    own = {one.code: one.title for one in version.contributions} if version is not None else {}
    for name, amount in case.expect.items():
        yield edition.title(own.get(name) or WORDS.get(name, Text(name))), yuan(amount)
    if case.expect_issue:
        yield edition.two("问题", "issue"), case.expect_issue


def _amounts(edition: Edition, amounts: Mapping[str, Fraction]) -> Iterator[str]:
    for name, amount in amounts.items():
        yield f"{_word(edition, name)} {yuan(amount)}"


def _word(edition: Edition, name: str) -> str:
    measure = edition.book.measures.get(name)
    return edition.title(WORDS.get(name) or (measure.title if measure is not None else Text(name)))
