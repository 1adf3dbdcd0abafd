"""Payrolls: their measures are of persons, in yuan; their lines are paid; one payroll counts at a time."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.fields import close_match
from perf.specs.lines import lines_of
from perf.specs.models import Payroll, RuleBook
from perf.specs.payroll_models import PayrollVersion


def check_payroll(book: RuleBook) -> Iterator[Issue]:
    """Unknown or unfit measures, unknown bonus lines, two payrolls in force at once."""
    lines = frozenset(lines_of(book))
    for rule in book.payrolls.values():
        for version in rule.versions:
            yield from _measures(book, rule, version)
            for line in version.bonus.lines if version.bonus is not None and lines else ():
                if line not in lines and version.bonus is not None:
                    kind, hint = Text("分配项目", "line"), close_match(line, lines)
                    unknown = check_issue("rule-unknown", version.bonus.place, kind=kind, found=line, hint=hint)
                    yield replace(unknown, severity="info")  # it may come from adjustments entered by hand
    on = [(rule, version) for rule in book.payrolls.values() if rule.enabled for version in rule.versions]
    for (one, before), (other, now) in combinations(on, 2):
        first = max((d for d in (before.dated.first_day, now.dated.first_day) if d), default=None)
        ends = [d for d in (before.dated.last_day, now.dated.last_day) if d]
        if one.code != other.code and (first is None or all(first <= end for end in ends)):
            yield check_issue("payroll-twice", now.dated.place, one=one.code, other=other.code)


def _measures(book: RuleBook, rule: Payroll, version: PayrollVersion) -> Iterator[Issue]:
    for code, place in dict.fromkeys(version.measures()):
        measure = book.measures.get(code)
        if measure is None:
            if code not in book.broken:
                hint = close_match(code, book.measures)
                yield check_issue("rule-unknown", place, kind=Text("数据项", "measure"), found=code, hint=hint)
        elif measure.level != "person" or measure.unit != "yuan":
            values: dict[str, str] = {"measure": code, "level": measure.level, "unit": measure.unit}
            yield check_issue("payroll-measure", place, payroll=rule.code, **values)
