"""What other rules would do, as a workbook: rules, months, people, standings; for the committee, not for the log."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from perf.appraisal.rule_effects import MonthEffect, Standing
from perf.appraisal.rule_meaning import ALWAYS, KINDS
from perf.excel.export import Report, ReportColumn, workbook_of
from perf.excel.writing import Value
from perf.kernel.figures import exact_text, finite_decimal
from perf.services.diff_rules import RuleDiff
from perf.services.files import write_atomically


def write_effects(found: RuleDiff, out: Path) -> None:
    """Write all details of a comparison as one workbook, whole or not at all."""
    write_atomically({out: workbook_of([_rules(found), _months(found), _pay(found), _standings(found)])})


def _columns(*headers: str, numbers: int = 0, money: int = 0) -> tuple[ReportColumn, ...]:
    """Columns of text, the last `numbers` of them numbers, or the last `money` yuan."""
    text = len(headers) - numbers - money
    kinds = ["text"] * text + ["number"] * numbers + ["money"] * money
    return tuple(
        ReportColumn(header, "money" if kind == "money" else "number" if kind == "number" else "text")
        for header, kind in zip(headers, kinds, strict=True)
    )


def _rules(found: RuleDiff) -> Report:
    rows: list[list[Value]] = [
        [
            KINDS[c.kind].zh,
            c.code,
            c.title.zh,
            c.key or "整条规则",
            "" if c.since == ALWAYS else str(c.since),
            c.old or "",
            c.new or "",
        ]
        for c in found.changes
    ]
    return Report("规则的差别", _columns("种类", "编码", "名称", "键", "自", "旧", "新"), rows)


def _months(found: RuleDiff) -> Report:
    headers = ("医共体", "期间", "总分升", "总分降", "总分不变", "有无变化", "绩效升", "绩效降", "绩效不变")
    columns = (*_columns(*headers, numbers=7), *_columns("原合计", "新合计", "差额", money=3))
    rows: list[list[Value]] = [
        [
            m.consortium,
            str(m.period),
            *map(Fraction, (*m.totals, *m.persons[:3])),
            m.old_sum,
            m.new_sum,
            m.new_sum - m.old_sum,
        ]
        for m in found.months
    ]
    return Report("各期汇总", columns, rows)


def _pay(found: RuleDiff) -> Report:
    columns = _columns("医共体", "期间", "账户", "姓名", "原", "新", "差额", money=3)
    rows: list[list[Value]] = [
        [month.consortium, str(month.period), change.account, change.name, change.old, change.new, change.difference]
        for month in found.months
        for change in (*month.people(), *(c for c in month.pay if c not in set(month.people())))
    ]
    return Report("金额变化", columns, rows, frozen_columns=4)


def _standings(found: RuleDiff) -> Report:
    headers = ["医共体", "期间", "方案", "对象", "姓名/机构"]
    figures = ["总分", "等次", "名次", "系数"]
    columns = _columns(*headers, *(f"{when}{what}" for what in figures for when in ("原", "新")))
    rows = [row for month in found.months for row in _standing_rows(month)]
    return Report("考核变化", columns, rows, frozen_columns=5)


def _standing_rows(month: MonthEffect) -> Iterator[list[Value]]:
    for change in month.standings:
        old, new = _figures(change.old), _figures(change.new)
        pairs = [value for pair in zip(old, new, strict=True) for value in pair]
        yield [month.consortium, str(month.period), change.scheme, change.subject, change.name, *pairs]


def _figures(standing: Standing | None) -> list[Value]:
    if standing is None:
        return ["", "", "", ""]
    rank = "" if standing.rank is None else f"{standing.rank}/{standing.rank_of}"
    return [_number(standing.total), standing.grade, rank, _number(standing.coefficient)]


def _number(value: Fraction | None) -> Value:
    if value is None:
        return ""
    return value if finite_decimal(value) is not None else exact_text(value)
