"""审批表: what is to be approved of a run, by institution and against the period before, and where the money stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from perf.distribution.member_books import Heading
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.excel.paper_form import PaperForm
from perf.kernel.errors import NotFound
from perf.kernel.money import ZERO, Money, total
from perf.scoring.models import Scorecard
from perf.services.account_balances import AccountLine, balances
from perf.services.account_words import account_words
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, load_run, standing_run
from perf.services.paper_heads import heading_of, in_words, origin_of, sheet_names
from perf.services.pinned_rules import book_of_run
from perf.services.reports import name_of, paid_by_unit
from perf.specs.models import RuleBook
from perf.storage.store import Store

_OPINIONS = ("绩效办意见", "财务科意见", "绩效考核领导小组意见", "院长办公会(党委会)意见")


def approval_reports(store: Store, loaded: Sequence[LoadedRun], actor: Actor) -> list[Report]:
    """Of each run the sheet to sign, and a sheet with the accounts."""
    made: list[Report] = []
    for run in loaded:
        with store.read() as connection:
            book = book_of_run(connection, actor.viewer, run.run.id)
        made += [_to_sign(run, _before(store, run, actor)), _accounts(store, run, book, actor)]
    names = sheet_names(report.sheet for report in made)
    return [replace(report, sheet=name) for report, name in zip(made, names, strict=True)]


def _before(store: Store, run: LoadedRun, actor: Actor) -> Mapping[str, Money] | None:
    """Institution -> what its people got in the period before; None where there is no run of it."""
    try:
        found = standing_run(store, actor=actor, consortium=run.run.consortium, period=run.run.period.shift(-1))
    except NotFound:
        return None
    return _by_unit(load_run(store, run=found.id, actor=actor))


def _by_unit(run: LoadedRun) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for (unit, _), amount in paid_by_unit(run).items():
        sums[unit] = sums.get(unit, ZERO) + amount
    return sums


def _to_sign(run: LoadedRun, before: Mapping[str, Money] | None) -> Report:
    now = _by_unit(run)
    heads: dict[str, int] = {}
    for (unit, _), amount in paid_by_unit(run).items():
        heads[unit] = heads.get(unit, 0) + bool(amount)
    cards = _cards(run)
    units = sorted({*now, *(before or {}), *cards})
    rows = [
        _row(run, number, unit, cards.get(unit), heads.get(unit, 0), now.get(unit, ZERO), before)
        for number, unit in enumerate(units, 1)
    ]
    earlier = run.run.period.shift(-1).zh()
    entries = run.ledger.entries
    held = total(entry.amount for entry in entries if entry.target.startswith("held:"))
    held -= total(entry.amount for entry in entries if entry.is_held_burden)
    blocked = sum(1 for card in run.scores.cards.values() if card.total is None)
    note = f"{origin_of([run.run])}。未出总分的考核表 {blocked} 张;本期暂存 {held} 元。"
    if before is None:
        note += f"没有 {earlier} 的核算,不作比较。"
    return Report(
        f"{heading_of(run)}绩效分配审批表",
        (
            ReportColumn("序号", "number", "0", 7),
            ReportColumn("机构"),
            ReportColumn("总分", "number", "0.00", 9),
            ReportColumn("等次", width=9, is_centred=True),
            ReportColumn("人数", "number", "0", 8, is_summed=True),
            ReportColumn("上期应发(元)", "money", width=17),
            ReportColumn("本期应发(元)", "money", width=17),
            ReportColumn("增减(元)", "money", width=16),
        ),
        rows,
        note=note,
        has_totals=True,
        frozen_columns=2,
        sheet=f"{run.run.consortium} 审批",
        form=PaperForm((in_words(total(now.values()), "本期应发合计"),), _OPINIONS, upright=True, row_height=20),
    )


def _row(
    run: LoadedRun,
    number: int,
    unit: str,
    card: Scorecard | None,
    people: int,
    now: Money,
    before: Mapping[str, Money] | None,
) -> list[ReportValue]:
    shown = [card.total, card.grade] if card is not None else [None, ""]
    earlier = None if before is None else before.get(unit, ZERO)
    change = None if earlier is None else Formula("=G{row}-F{row}", now - earlier)
    return [number, name_of(run, unit), *shown, people, earlier, now, change]


def _cards(run: LoadedRun) -> dict[str, Scorecard]:
    """Institution -> its card; the first scheme's where it has several."""
    found: dict[str, Scorecard] = {}
    for card in run.scores.cards.values():
        segment = run.roster.at(card.subject, run.run.period)
        if segment is not None and segment.level == "institution":
            found.setdefault(card.subject, card)
    return found


def _accounts(store: Store, run: LoadedRun, book: RuleBook, actor: Actor) -> Report:
    lines = balances(store, actor=actor, run=run.run.id)[0].lines
    sums: dict[tuple[str, str], AccountLine] = {}
    for line in lines:
        kind, _, name = line.account.partition(":")
        name = "" if kind in ("person", "held", "fund", "institution", "left") else name
        name = name.partition(":")[0] if kind == "reserve" else name
        key = account_words(run, book, Heading(kind, name))
        one = sums.get(key, AccountLine(line.account, ZERO, ZERO, ZERO))
        sums[key] = AccountLine(
            line.account, one.opening + line.opening, one.came_in + line.came_in, one.went_out + line.went_out
        )
    rows: list[list[ReportValue]] = [
        [*key, one.opening, one.came_in, one.went_out, Formula("=C{row}+D{row}-E{row}", one.closing)]
        for key, one in sums.items()
        if one.opening or one.came_in or one.went_out
    ]
    return Report(
        f"{heading_of(run)}绩效资金平衡表",
        (
            ReportColumn("账户", width=22),
            ReportColumn("名称"),
            *(ReportColumn(f"{name}(元)", "money", width=19) for name in ("期初", "转入", "转出", "期末")),
        ),
        rows,
        note=f"{origin_of([run.run])}。转入合计等于转出合计,期末合计等于期初合计:每一分钱都在某个账户上。没有余额也没有往来的账户不列。",
        has_totals=True,
        frozen_columns=2,
        sheet=f"{run.run.consortium} 资金平衡",
        form=PaperForm(("制表:                复核:                ",), row_height=20),
    )
