"""Whether rules have cases."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.cases import Case
from perf.specs.check_wording import check_issue
from perf.specs.models import Distribution, Indicator, Payroll, RuleBook, Scheme


def check_cases(book: RuleBook, cases: Mapping[str, tuple[Case, ...]], *, strict: bool) -> Iterator[Issue]:
    """Indicators, schemes, distributions and payrolls without a case; an error where `strict`."""
    rules: list[tuple[Text, Indicator | Scheme | Distribution | Payroll]] = [
        *((Text(f"指标 {code}", f"indicator {code}"), rule) for code, rule in book.indicators.items()),
        *((Text(f"方案 {code}", f"scheme {code}"), rule) for code, rule in book.schemes.items()),
        *((Text(f"分配规则 {code}", f"distribution {code}"), rule) for code, rule in book.distributions.items()),
        *((Text(f"代扣规则 {code}", f"payroll {code}"), rule) for code, rule in book.payrolls.items()),
    ]
    for what, rule in rules:
        if not cases.get(rule.code):
            file = rule.place.file.removesuffix(".yaml") + ".cases.yaml"
            issue = check_issue("cases-missing", rule.place, what=what, file=file)
            yield replace(issue, severity="error") if strict else issue
