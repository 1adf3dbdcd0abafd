"""The pay file to the net, from accepted payrolls; its sums are held against the ledgers."""

from collections.abc import Collection, Iterable, Sequence

from perf.appraisal.payroll_models import PersonPayroll
from perf.excel.export import NetPayRow, csv_of, net_pay_report, workbook_of
from perf.kernel.errors import NotConserved, StateRefused, VerificationFailed
from perf.kernel.money import Money, total
from perf.kernel.text import Text
from perf.services import reports
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, RunMoney, load_money
from perf.services.payroll import accepted_for, paid_by_line
from perf.services.payroll_records import as_person
from perf.storage import payrolls
from perf.storage.payrolls import PayrollRecord
from perf.storage.runs import Run
from perf.storage.store import Store


def accepted_payrolls(store: Store, chosen: Sequence[Run], *, actor: Actor) -> tuple[PayrollRecord, ...]:
    """The accepted payrolls that pay these runs, each once; a run that none pays is left out."""
    with store.read() as connection:
        found = (accepted_for(connection, actor, run) for run in chosen)
        return tuple({record.id: record for record in found if record is not None}.values())


def people_paid(
    store: Store, record: PayrollRecord, *, actor: Actor, people: Collection[str] | None = None
) -> tuple[PersonPayroll, ...]:
    """The people of an accepted payroll as they were accepted; some of them alone are not held against its digest.

    Raises:
        VerificationFailed: what is stored is not what was accepted.
    """
    with store.read() as connection:
        rows = payrolls.withholdings_of(connection, actor.viewer, [record.id], people=people)[record.id]
    if people is None and not payrolls.is_what_was_accepted(record, rows):
        raise VerificationFailed(Text(f"{record.id} 存储的内容与确认时不同", f"{record.id} is not what was accepted"))
    return tuple(as_person(row) for row in rows)


def pay_file(store: Store, loaded: Sequence[LoadedRun], *, actor: Actor, is_csv: bool) -> bytes:
    """The pay file of runs: to the net where payrolls are accepted for them, the gross amounts where there is none.

    Raises:
        StateRefused: accepted for some of the runs only.
        NotConserved: the sums are not those of the ledgers.
    """
    records = payrolls_for_all(store, loaded, actor=actor)
    if not records:
        pay = reports.pay_rows(loaded)
        periods = "、".join(dict.fromkeys(run.run.period.zh() for run in loaded))
        return reports.pay_csv(pay) if is_csv else reports.pay_workbook(pay, f"{periods}绩效发放表")
    rows = net_rows(store, records, actor=actor)
    months = "、".join(dict.fromkeys(record.pay_month.zh() for record in records))
    return net_pay_csv(rows) if is_csv else net_pay_workbook(rows, f"{months}工资绩效发放表")


def payrolls_for_all(store: Store, loaded: Sequence[LoadedRun], *, actor: Actor) -> tuple[PayrollRecord, ...]:
    """The accepted payrolls of these runs; none where nothing is accepted for any of them.

    Raises:
        StateRefused: accepted for some of the runs only.
    """
    records = accepted_payrolls(store, [one.run for one in loaded], actor=actor)
    done = {run for record in records for run in record.runs}
    waiting = [one.run.id for one in loaded if one.run.id not in done]
    if records and waiting:
        names = "、".join(waiting)
        raise StateRefused(
            Text(
                f"{names} 的代扣还没有确认,不能与已确认的写在一个发放表里;先 --accept,或分开导出",
                f"the payroll of {names} is not accepted yet: accept it, or export run by run",
            )
        )
    return records


def net_rows(store: Store, records: Sequence[PayrollRecord], *, actor: Actor) -> list[NetPayRow]:
    """单位 工号 姓名 应发 扣款 个税 实发 of everybody whom these payrolls pay; account numbers are kept nowhere.

    Whoever is in a ledger but not computed stands there with 应发 alone: the bank has nothing to pay.

    Raises:
        NotConserved: the sums are not those of the ledgers.
        StateRefused: there is no accepted payroll.
    """
    if not records:
        raise StateRefused(
            Text(
                "还没有确认的代扣;先运行 perf-pay payroll … --accept",
                "no accepted payroll yet: perf-pay payroll … --accept",
            )
        )
    rows: list[NetPayRow] = []
    for record in records:
        loaded = [load_money(store, run=run, actor=actor) for run in record.runs]
        paid = people_paid(store, record, actor=actor)
        rows += [_row(one) for one in paid]
        rows += list(_not_computed(loaded, {one.person for one in paid}))
        _check(record, loaded, paid)
    return sorted(rows, key=lambda row: (row.institution, row.staff_no))


def net_pay_csv(rows: Iterable[NetPayRow]) -> bytes:
    """The pay file as CSV with a BOM."""
    return csv_of(net_pay_report(rows))


def net_pay_workbook(rows: Iterable[NetPayRow], title: str = "发放表") -> bytes:
    """The pay file as a workbook with totals."""
    return workbook_of([net_pay_report(rows, title)])


def _row(one: PersonPayroll) -> NetPayRow:
    name = one.institution_name or one.institution
    return NetPayRow(name, one.person, one.name, one.gross, one.deductions, one.tax, one.net)


def _not_computed(loaded: Sequence[RunMoney], done: set[str]) -> Iterable[NetPayRow]:
    for person, lines in sorted(paid_by_line(loaded).items()):
        amount = total(lines.values())
        if person not in done and amount:
            run = loaded[-1]
            home = run.roster.ancestor(person, "institution", run.run.period) or ""
            segment, house = run.roster.at(person, run.run.period), run.roster.at(home, run.run.period)
            name = segment.title if segment is not None else person
            yield NetPayRow(house.title if house is not None else home, person, name, amount, None, None, None)


def _check(record: PayrollRecord, loaded: Sequence[RunMoney], paid: Sequence[PersonPayroll]) -> None:
    """What the payroll took from the ledgers is what they pay, person by person; every row adds up."""
    ledgers = paid_by_line(loaded)
    for one in paid:
        own = total(line.amount for line in one.lines if line.kind in ("pay", "bonus"))
        in_ledger = total(ledgers.get(one.person, {}).values())
        if own != in_ledger:
            raise NotConserved(f"pay file of {record.id}", expected_fen=in_ledger.fen, found_fen=own.fen)
        net = total(line.amount for line in one.lines)
        if one.net is not None and net != one.net:
            raise NotConserved(f"net pay of {record.id}", expected_fen=net.fen, found_fen=one.net.fen)


def sums_of(rows: Sequence[NetPayRow]) -> tuple[Money, Money, Money, Money]:
    """应发, 扣款, 个税, 实发 of all rows that are computed."""
    done = [row for row in rows if row.net is not None]
    return (
        total(row.gross for row in done),
        total(row.deductions for row in done if row.deductions is not None),
        total(row.tax for row in done if row.tax is not None),
        total(row.net for row in done if row.net is not None),
    )
