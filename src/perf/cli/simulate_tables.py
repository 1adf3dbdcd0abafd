"""What `simulate` shows: people, groups, spread and cost; every figure for programs too."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from perf.cli.output import say, table
from perf.cli.simulate_commands import scenario_words, spoken
from perf.kernel.figures import exact_text, reading_text
from perf.kernel.money import Money
from perf.kernel.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from perf.appraisal.pay_shift import FundShift, GroupShift, PersonShift, Spread
    from perf.services.simulate import SimulatedMonth, Simulation

_KINDS = {
    "institution": Text("按单位", "by institution"),
    "category": Text("按人员类别", "by category"),
    "title": Text("按职称", "by title"),
    "decile": Text("按原收入十等分(01 最低)", "by tenth of pay before (01 lowest)"),
}
_NONE = "—"


def print_simulation(console: "Console", found: "Simulation", *, top: int) -> None:
    """The whole answer for people."""
    gain, lose, stay = found.shift.tally()
    span = _span(found.months)
    say(console, Text(f"{found.scenario.name}:{scenario_words(found.scenario).zh}",
                      f"{found.scenario.name}: {scenario_words(found.scenario).in_lang('en')}"))  # fmt: skip
    people = len(found.shift.persons)
    say(
        console,
        Text(
            f"{span},{people} 人:{gain} 人多得,{lose} 人少得,{stay} 人不变;没有保存任何结果",
            f"{span}, {people} people: {gain} gain, {lose} lose, {stay} stay; nothing was stored",
        ),
    )
    for text in _remarks(found.months):
        say(console, text)
    console.print(_costs(found))
    console.print(_spreads(found.shift.before, found.shift.after))
    for kind, title in _KINDS.items():
        groups = [group for group in found.shift.groups if group.kind == kind]
        if groups:
            console.print(_groups(found, title, groups))
    persons = found.shift.persons
    gains = [one for one in persons if one.change.fen > 0][:top]
    losses = [one for one in reversed(persons) if one.change.fen < 0][:top]
    for title, rows in ((Text("多得最多", "largest gains"), gains), (Text("少得最多", "largest losses"), losses)):
        if rows:
            console.print(_persons(found, title, rows))


def simulation_json(found: "Simulation") -> dict[str, object]:
    """The whole answer for programs: amounts in fen, ratios exact."""
    gain, lose, stay = found.shift.tally()
    scenario = found.scenario
    return {
        "scenario": scenario.name,
        "set": dict(scenario.settings),
        "facts": [dict(row) for row in scenario.facts],
        "rules": scenario.folder is not None,
        "carries_on": scenario.carries_on,
        "digest": found.digest,
        "months": [
            {
                "run": month.run,
                "consortium": month.consortium,
                "period": str(month.period),
                "rescored": list(month.rescored),
                "totals_changed": month.totals_changed,
                "computed_again": month.again,
                "not_booked": list(month.not_booked),
                "refused": [{"distribution": code, "owner": owner} for code, owner in month.refused],
            }
            for month in found.months
        ],
        "unused": list(found.unused),
        "gain": gain,
        "lose": lose,
        "same": stay,
        "spread": {"before": _spread_json(found.shift.before), "after": _spread_json(found.shift.after)},
        "cost": _fund_json(found.shift.fund_sums()),
        "funds": [_fund_json(fund) for fund in found.shift.funds],
        "groups": [
            {
                "kind": group.kind,
                "value": group.value,
                "persons": group.persons,
                "gain": group.gain,
                "lose": group.lose,
                **_amounts(group.before, group.after),
            }
            for group in found.shift.groups
        ],
        "persons": [
            {
                "consortium": one.consortium,
                "subject": one.subject,
                "name": one.name,
                "institution": one.institution,
                "category": one.category,
                "title": one.title,
                **_amounts(one.before, one.after),
            }
            for one in found.shift.persons
        ],
    }


def _amounts(before: Money, after: Money) -> dict[str, int]:
    return {"before_fen": before.fen, "after_fen": after.fen, "change_fen": (after - before).fen}


def _fund_json(fund: "FundShift") -> dict[str, object]:
    return {
        "consortium": fund.consortium,
        "distribution": fund.distribution,
        "owner": fund.owner,
        "outside": _amounts(fund.outside_before, fund.outside_after),
        "people": _amounts(fund.people_before, fund.people_after),
        "kept": _amounts(fund.kept_before, fund.kept_after),
    }


def _spread_json(spread: "Spread") -> dict[str, object]:
    return {
        "persons": spread.persons,
        "total_fen": spread.total.fen,
        "mean": exact_text(spread.mean),
        "median": exact_text(spread.median),
        "least_fen": spread.least.fen,
        "most_fen": spread.most.fen,
        "gini": None if spread.gini is None else exact_text(spread.gini),
        "ratio": None if spread.ratio is None else exact_text(spread.ratio),
    }


def _span(months: "Sequence[SimulatedMonth]") -> str:
    periods = sorted({month.period for month in months})
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]}..{periods[-1]}"


def _remarks(months: "Sequence[SimulatedMonth]") -> "Sequence[Text]":
    """What somebody should know about the months."""
    told = []
    changed = sum(month.totals_changed for month in months)
    if changed:
        schemes = sorted({code for month in months for code in month.rescored})
        told.append(Text(f"重新计分:{'、'.join(schemes)};总分变了 {changed} 个",
                         f"scored again: {', '.join(schemes)}; {changed} totals differ"))  # fmt: skip
    again = [month.run for month in months if month.again]
    if again:
        told.append(Text(f"由旧版程序核算,按现在的程序重算后比较:{'、'.join(again)}",
                         f"of an older engine, computed again to compare: {', '.join(again)}"))  # fmt: skip
    counted = sorted({name for month in months for name in month.not_booked})
    if counted:
        told.append(Text(f"更正过的月份按更正后的算,以后月份入账的更正差额不再计一次:{'、'.join(counted)}",
                         f"corrected months count as corrected, what later months booked of it does not count again: "
                         f"{', '.join(counted)}"))  # fmt: skip
    refused = [f"{code} {owner}" for month in months for code, owner in month.refused]
    if refused:
        told.append(Text(f"按改动后的规则分不了,整个没有发放:{'、'.join(refused)}",
                         f"refused under the changed rules, nothing paid: {', '.join(refused)}"))  # fmt: skip
    return told


def _costs(found: "Simulation") -> object:
    """Outside money by rule, then what people get and what stays, in all."""
    by_rule: dict[str, list[Money]] = {}
    for fund in found.shift.funds:
        sums = by_rule.setdefault(fund.distribution, [Money(0)] * 4)
        amounts = fund.outside_before, fund.outside_after, fund.people_before, fund.people_after
        by_rule[fund.distribution] = [one + other for one, other in zip(sums, amounts, strict=True)]
    whole = found.shift.fund_sums()
    rows = []
    for code, (_, _, before, after) in by_rule.items():
        title = found.distributions.get(code)
        if before or after:
            rows.append(_line(spoken(title) if title else code, before, after))
    rows += [
        _line(spoken(Text("个人合计", "people in all")), whole.people_before, whole.people_after),
        _line(spoken(Text("单位和预留", "institutions, reserves")), whole.kept_before, whole.kept_after),
        _line(spoken(Text("从外部支出", "from outside in all")), whole.outside_before, whole.outside_after),
    ]
    heads = [
        Text("发给个人的", "paid to people by"),
        Text("原", "before"),
        Text("试算", "after"),
        Text("差额", "change"),
    ]
    columns = [(spoken(head), place > 0) for place, head in enumerate(heads)]
    return table(spoken(Text("花多少(元)", "cost (yuan)")), columns, rows)


def _line(name: str, before: Money, after: Money) -> tuple[str, ...]:
    return name, before.text(), after.text(), _signed(after - before)


def _signed(amount: Money) -> str:
    return f"+{amount.text()}" if amount.fen > 0 else amount.text()


def _spreads(before: "Spread", after: "Spread") -> object:
    def row(title: Text, one: str, other: str) -> tuple[str, str, str]:
        return spoken(title), one, other

    rows = [
        row(Text("基尼系数", "Gini"), _ratio(before.gini, 4), _ratio(after.gini, 4)),
        row(Text("最高", "most"), before.most.text(), after.most.text()),
        row(Text("最低", "least"), before.least.text(), after.least.text()),
        row(Text("极差比(最高÷最低)", "most ÷ least"), _ratio(before.ratio, 2), _ratio(after.ratio, 2)),
        row(Text("中位数", "median"), reading_text(before.median, 2), reading_text(after.median, 2)),
        row(Text("平均", "mean"), reading_text(before.mean, 2), reading_text(after.mean, 2)),
    ]
    columns = [("", False), (spoken(Text("原", "before")), True), (spoken(Text("试算", "after")), True)]
    return table(spoken(Text("差距", "spread")), columns, rows)


def _ratio(value: Fraction | None, digits: int) -> str:
    return _NONE if value is None else reading_text(value, digits)


def _groups(found: "Simulation", title: Text, groups: "Sequence[GroupShift]") -> object:
    heads = [
        Text("", ""),
        Text("人数", "people"),
        Text("多/少", "gain/lose"),
        Text("原", "before"),
        Text("试算", "after"),
        Text("人均差", "each"),
    ]
    rows = [
        (
            _value(found, group),
            str(group.persons),
            f"{group.gain}/{group.lose}",
            group.before.text(),
            group.after.text(),
            reading_text(group.change.yuan / group.persons, 2),
        )
        for group in groups
    ]
    return table(spoken(title), [(spoken(head), place > 0) for place, head in enumerate(heads)], rows)


def _value(found: "Simulation", group: "GroupShift") -> str:
    if group.kind == "institution":
        return found.institutions.get(group.value) or group.value
    title = found.values.get(group.kind, {}).get(group.value)
    if title is not None:
        return spoken(title)
    return group.value or _NONE


def _persons(found: "Simulation", title: Text, rows: "Sequence[PersonShift]") -> object:
    heads = [Text("工号", "number"), Text("姓名", "name"), Text("单位", "institution")]
    heads += [Text("原", "before"), Text("试算", "after"), Text("差额", "change")]
    cells = [
        (
            one.subject,
            one.name,
            found.institutions.get(one.institution) or one.institution,
            *_line("", one.before, one.after)[1:],
        )
        for one in rows
    ]
    return table(spoken(title), [(spoken(head), place > 2) for place, head in enumerate(heads)], cells)
