"""签字发放表: who gets how much, department by department, with room to sign; to the net where payrolls are accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perf.excel.export import NetPayRow, Report, ReportColumn, ReportValue
from perf.excel.paper_form import PaperForm
from perf.kernel.money import Money, total
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.paper_heads import department_of, home_of, in_words, origin_of, sheet_names
from perf.services.pay_files import net_rows, payrolls_for_all
from perf.services.reports import pay_rows
from perf.storage.payrolls import PayrollRecord
from perf.storage.store import Store

_SIGNATURES = "制表:                审核:                科室负责人:                财务负责人:                单位负责人:                "
_OTHER = "(不在本单位任职)"
_NO_DEPARTMENT = "(未分科室)"
Group = tuple[str, str]
"""Names of an institution and of a department."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of all departments, with what stands on each sheet."""

    title: str
    note: str
    is_net: bool
    groups: Mapping[Group, Sequence[NetPayRow]]


def signing_reports(store: Store, loaded: Sequence[LoadedRun], actor: Actor) -> list[Report]:
    """A sheet with the sums of all departments, then a sheet for each.

    Raises:
        StateRefused: payrolls are accepted for some of the runs only.
        NotConserved: the sums are not those of the ledgers.
    """
    records = payrolls_for_all(store, loaded, actor=actor)
    rows = net_rows(store, records, actor=actor) if records else _gross(loaded)
    if not rows:
        return []
    table = _Table(_title(loaded, records), origin_of(run.run for run in loaded), bool(records), _grouped(loaded, rows))
    names = sheet_names(["汇总", *(" ".join(filter(None, group)) for group in table.groups)])
    sheets = [_department(table, group, name) for group, name in zip(table.groups, names[1:], strict=True)]
    return [_summary(table, names[0]), *sheets]


def _gross(loaded: Sequence[LoadedRun]) -> list[NetPayRow]:
    """One row for each person and institution that pays, all runs together."""
    sums: dict[tuple[str, str, str], Money] = {}
    for row in pay_rows(loaded):
        key = (row.institution, row.staff_no, row.name)
        sums[key] = sums.get(key, Money(0)) + row.amount
    return [NetPayRow(*key, amount, None, None, None) for key, amount in sorted(sums.items())]


def _title(loaded: Sequence[LoadedRun], records: Sequence[PayrollRecord]) -> str:
    if records:
        months = "、".join(dict.fromkeys(record.pay_month.zh() for record in records))
        return f"{months}工资绩效签字发放表"
    periods = "、".join(dict.fromkeys(run.run.period.zh() for run in loaded))
    return f"{periods}绩效签字发放表"


def _grouped(loaded: Sequence[LoadedRun], rows: Sequence[NetPayRow]) -> dict[Group, list[NetPayRow]]:
    places: dict[str, Group] = {}
    for run in loaded:
        for subject in run.roster.ids():
            if run.roster.at(subject, run.run.period) is not None:
                places[subject] = (home_of(run, subject), department_of(run, subject) or _NO_DEPARTMENT)
    found: dict[Group, list[NetPayRow]] = {}
    for row in rows:
        home, department = places.get(row.staff_no, (row.institution, _NO_DEPARTMENT))
        group = (row.institution, department if home == row.institution else _OTHER)
        found.setdefault(group, []).append(row)
    return {group: sorted(found[group], key=lambda row: row.staff_no) for group in sorted(found)}


def _money_columns(table: _Table) -> list[ReportColumn]:
    names = ("应发", "扣款", "个税", "实发") if table.is_net else ("应发",)
    return [ReportColumn(f"{name}(元)", "money", width=16) for name in names]


def _amounts(table: _Table, row: NetPayRow) -> list[ReportValue]:
    return [row.gross, row.deductions, row.tax, row.net] if table.is_net else [row.gross]


def _department(table: _Table, group: Group, sheet: str) -> Report:
    rows = table.groups[group]
    shown: list[list[ReportValue]] = [
        [number, row.staff_no, row.name, *_amounts(table, row), None] for number, row in enumerate(rows, 1)
    ]
    waiting = sum(1 for row in rows if table.is_net and row.net is None)
    note = f"{table.note}。{waiting} 人的实发未算,不发放。" if waiting else f"{table.note}。"
    return Report(
        f"{group[0]} {group[1]} {table.title}",
        (
            ReportColumn("序号", "number", "0", 7),
            ReportColumn("工号", width=12, is_centred=True),
            ReportColumn("姓名", width=14, is_centred=True),
            *_money_columns(table),
            ReportColumn("签字", width=22),
        ),
        shown,
        note=note,
        has_totals=True,
        frozen_columns=3,
        sheet=sheet,
        form=PaperForm((_in_words(table, rows), _SIGNATURES), upright=not table.is_net, row_height=26),
    )


def _in_words(table: _Table, rows: Sequence[NetPayRow]) -> str:
    if table.is_net:
        return in_words(total(row.net for row in rows if row.net is not None), "实发合计")
    return in_words(total(row.gross for row in rows), "应发合计")


def _summary(table: _Table, sheet: str) -> Report:
    shown: list[list[ReportValue]] = []
    for number, (group, rows) in enumerate(table.groups.items(), 1):
        columns = zip(*(_amounts(table, row) for row in rows), strict=True)
        sums = [total(value for value in column if isinstance(value, Money)) for column in columns]
        shown.append([number, *group, len(rows), *sums])
    everybody = [row for rows in table.groups.values() for row in rows]
    return Report(
        f"{table.title}(汇总)",
        (
            ReportColumn("序号", "number", "0", 7),
            ReportColumn("单位"),
            ReportColumn("科室"),
            ReportColumn("人数", "number", "0", 9, is_summed=True),
            *_money_columns(table),
        ),
        shown,
        note=f"{table.note}。",
        has_totals=True,
        frozen_columns=3,
        sheet=sheet,
        form=PaperForm((_in_words(table, everybody), _SIGNATURES), row_height=20),
    )
