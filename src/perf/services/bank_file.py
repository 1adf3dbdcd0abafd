"""`export bankfile`: what the bank transfers, person by person, to the fen of what ledgers or payrolls pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from perf.excel.export import ColumnKind, Report, ReportColumn, ReportValue, csv_of, workbook_of
from perf.kernel.errors import NotConserved, NotFound, StateRefused
from perf.kernel.issues import Issue, Place
from perf.kernel.money import ZERO, Money, total
from perf.kernel.text import Text
from perf.services import reports
from perf.services.actors import Actor
from perf.services.bank_file_audit import made_before
from perf.services.bank_layouts import DELIMITERS, ENCODINGS, BankColumn, BankLayout
from perf.services.identity_reading import numbers_in_clear
from perf.services.load_run import LoadedRun, load_run
from perf.services.pay_files import net_rows, payrolls_for_all, people_paid
from perf.services.payroll import paid_by_line, payroll_in_force
from perf.services.pinned_rules import book_of_run
from perf.storage import runs
from perf.storage.payrolls import PayrollRecord
from perf.storage.runs import Run
from perf.storage.store import Store

_KINDS: Mapping[BankColumn, ColumnKind] = {"amount": "money", "number": "number"}


class Payee(NamedTuple):
    """What one person is to get; `amount` empty: the net pay is not computed. `why` says why nothing is sent."""

    institution: str
    staff_no: str
    name: str
    amount: Money | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BankFile:
    """A finished bank file and what is not in it.

    Attributes:
        files: What to write where.
        runs: What is paid: those that were asked for, and those that the same payrolls pay with them.
        is_net: Whether the amounts are net pay, of accepted payrolls; otherwise gross.
        without_card: Who should get money and has no card; `not_sent`: zero, negative, or not computed.
    """

    files: Mapping[Path, bytes]
    runs: tuple[Run, ...]
    is_net: bool
    sent: tuple[Payee, ...]
    without_card: tuple[Payee, ...]
    not_sent: tuple[Payee, ...]
    issues: tuple[Issue, ...]

    @property
    def amount(self) -> Money:
        """What the bank transfers."""
        return total(one.amount for one in self.sent if one.amount is not None)


def bank_file(
    store: Store,
    loaded: Sequence[LoadedRun],
    *,
    actor: Actor,
    now: datetime,
    layout: BankLayout,
    out: Path,
    remark: str = "",
    reason: str = "",
) -> BankFile:
    """The bank file of published runs: to the net where payrolls are accepted for them, else the gross amounts.

    A payroll is paid as a whole: where it is of several runs (the months and the year that one month pays), all of them
    are in the file. Money that came back from the bank (`return`) is no new pay; it is sent again with the month that releases it.
    Reading the cards is put on record.

    Args:
        out: `.xlsx`: sheets for who is sent, who has no card, who gets nothing; `.csv`, `.txt`: a file for each of them.
        remark: On every line; empty: the months.
    Raises:
        StateRefused: a draft, a correction, or a payroll that has still to be accepted.
        NotConserved: the sums are not those of the ledgers and payrolls.
        KeyRefused: the cards are encrypted, and the key is not there.
    """
    _require_payable(loaded)
    records = payrolls_for_all(store, loaded, actor=actor)
    if not records:
        _require_no_payroll(store, loaded, actor=actor)
    asked = {one.run.id for one in loaded}
    others = sorted({run for record in records for run in record.runs} - asked)
    loaded = sorted((*loaded, *(load_run(store, run=run, actor=actor) for run in others)), key=lambda one: one.run.id)
    payees = _net(store, records, actor=actor) if records else _gross(loaded)
    due = [one for one in payees if one.amount is not None and one.amount > ZERO]
    not_sent = tuple(_refused(one) for one in payees if one.amount is None or one.amount <= ZERO)
    read = numbers_in_clear(
        store,
        actor=actor,
        now=now,
        fields=("bank_card", "bank"),
        subjects=[one.staff_no for one in due],
        purpose="bankfile",
        reason=reason,
    )
    cards = {one.staff_no: read.get((one.staff_no, "bank_card"), "") for one in due}
    banks = {one.staff_no: read.get((one.staff_no, "bank"), "") for one in due}
    sent = tuple(one for one in due if cards[one.staff_no])
    without = tuple(one._replace(why="没有银行卡号") for one in due if not cards[one.staff_no])
    _require_whole(store, loaded, records, (*sent, *without, *not_sent), actor=actor)
    said = remark or f"{'、'.join(dict.fromkeys(one.run.period.zh() for one in loaded))}绩效"
    lines = [
        [_value(column, number, one, cards[one.staff_no], banks[one.staff_no], said) for _, column in layout.columns]
        for number, one in enumerate(sent, 1)
    ]
    files = _files(layout, lines, without, not_sent, out, is_net=bool(records))
    paid = tuple(one.run for one in loaded)
    issues = (*made_before(store, paid, actor=actor), *_missing(without), *_shared(sent, cards))
    return BankFile(files, paid, bool(records), sent, without, not_sent, issues)


def _require_payable(loaded: Sequence[LoadedRun]) -> None:
    for one in loaded:
        if not one.run.is_sealed:
            raise StateRefused(Text(f"{one.run.id} 还没有发布,不能发放", f"{one.run.id} is not published yet"))
        if one.run.corrects is not None:
            raise StateRefused(
                Text(
                    f"{one.run.id} 是更正;差额随下一个未发布月份的核算发放,不单独发放",
                    f"{one.run.id} is a correction: its differences are paid with the next open month",
                )
            )


def _require_no_payroll(store: Store, loaded: Sequence[LoadedRun], *, actor: Actor) -> None:
    """Gross pay goes to the bank only where no rule says that something is withheld from it."""
    for one in loaded:
        with store.read() as connection:
            book = book_of_run(connection, actor.viewer, one.run.id)
        try:
            _, version = payroll_in_force(book, runs.pay_month_of(one.run))
        except NotFound:
            continue
        if version.method != "gross_only":
            raise StateRefused(
                Text(
                    f"{one.run.id} 有代扣规则而实发还没有确认;先运行 perf-pay payroll … --accept",
                    f"{one.run.id} has a payroll rule and no accepted payroll: perf-pay payroll … --accept",
                )
            )


def _net(store: Store, records: Sequence[PayrollRecord], *, actor: Actor) -> list[Payee]:
    rows = net_rows(store, records, actor=actor)
    return _by_person(Payee(row.institution, row.staff_no, row.name, row.net) for row in rows)


def _gross(loaded: Sequence[LoadedRun]) -> list[Payee]:
    rows = reports.pay_rows(loaded)
    return _by_person(Payee(row.institution, row.staff_no, row.name, row.amount) for row in rows)


def _by_person(rows: Iterable[Payee]) -> list[Payee]:
    """One transfer for each person, under the institution that pays most; not computed where any part is not."""
    found: dict[str, list[Payee]] = {}
    for row in rows:
        found.setdefault(row.staff_no, []).append(row)
    merged = []
    for parts in found.values():
        known = [part.amount for part in parts if part.amount is not None]
        first = max(parts, key=lambda part: (part.amount or ZERO).fen)
        merged.append(first._replace(amount=total(known) if len(known) == len(parts) else None))
    return sorted(merged, key=lambda one: (one.institution, one.staff_no))


def _refused(one: Payee) -> Payee:
    if one.amount is None:
        return one._replace(why="实发未算,见 perf-pay payroll")
    return one._replace(why="金额为 0" if one.amount == ZERO else "金额为负")


def _require_whole(
    store: Store,
    loaded: Sequence[LoadedRun],
    records: Sequence[PayrollRecord],
    payees: Sequence[Payee],
    *,
    actor: Actor,
) -> None:
    """Person by person what the ledgers (or payrolls) pay, by another way than the one that made the rows."""
    expected: dict[str, Money | None] = {}
    for record in records:
        net = {one.person: one.net for one in people_paid(store, record, actor=actor)}
        in_ledger = paid_by_line([one for one in loaded if one.run.id in record.runs])
        for person in in_ledger.keys() | net.keys():
            part, before = net.get(person), expected.get(person, ZERO)
            expected[person] = None if part is None or before is None else before + part
    if not records:
        expected = {person: total(lines.values()) for person, lines in paid_by_line(loaded).items()}
    found = {one.staff_no: one.amount for one in payees}
    differing = any(expected.get(person, ZERO) != found.get(person, ZERO) for person in expected.keys() | found.keys())
    if differing or len(payees) != len(found):
        raise NotConserved("bank file", expected_fen=_fen(expected.values()), found_fen=_fen(found.values()))


def _fen(amounts: Iterable[Money | None]) -> int:
    return total(amount for amount in amounts if amount is not None).fen


def _value(column: BankColumn, number: int, one: Payee, card: str, bank: str, remark: str) -> ReportValue:
    values: dict[BankColumn, ReportValue] = {
        "number": number,
        "name": one.name,
        "card": card,
        "bank": bank,
        "amount": one.amount,
        "remark": remark,
        "staff_no": one.staff_no,
        "institution": one.institution,
    }
    value = values[column]
    return " ".join(value.split()) if isinstance(value, str) else value  # a line of a bank's file is one line


def _files(
    layout: BankLayout,
    lines: list[list[ReportValue]],
    without: Sequence[Payee],
    not_sent: Sequence[Payee],
    out: Path,
    *,
    is_net: bool,
) -> dict[Path, bytes]:
    note = f"{'实发' if is_net else '应发(没有代扣规则)'} · {len(lines)} 人"
    columns = tuple(ReportColumn(heading, _KINDS.get(column, "text")) for heading, column in layout.columns)
    first = Report(layout.title, columns, lines, note=note, has_totals=True, frozen_columns=0)
    others = [_others("没有银行卡号", without), _others("未发送", not_sent)]
    if out.suffix == ".xlsx":
        return {out: workbook_of([first, *(one for one in others if one.rows)])}
    delimiter, encoding = DELIMITERS[layout.delimiter], ENCODINGS[layout.encoding]
    files = {out: csv_of(first, encoding=encoding, delimiter=delimiter, has_header=layout.has_header)}
    return files | {out.with_name(f"{out.stem}-{one.title}.csv"): csv_of(one) for one in others if one.rows}


def _others(title: str, people: Sequence[Payee]) -> Report:
    columns = (
        *(ReportColumn(heading) for heading in ("单位", "工号", "姓名")),
        ReportColumn("金额(元)", "money"),
        ReportColumn("原因"),
    )
    return Report(title, columns, people, has_totals=True, frozen_columns=0)


def _missing(people: Sequence[Payee]) -> list[Issue]:
    return [
        Issue(
            "bank-card-missing",
            Place(),
            Text(
                f"{one.institution} {one.name} 没有银行卡号,未列入代发", f"{one.name} has no bank card and is not sent"
            ),
            Text("花名册中的银行卡号", "a bank card on the roster"),
            Text(
                "交银行以前导入卡号、重新导出;已交的,另行发放",
                "Before the bank has the file, import the card and export again; afterwards pay in another way",
            ),
            "warning",
            one.staff_no,
        )
        for one in people
    ]


def _shared(sent: Sequence[Payee], cards: Mapping[str, str]) -> list[Issue]:
    """Two people whose pay goes to one card."""
    by_card: dict[str, list[Payee]] = {}
    for one in sent:
        by_card.setdefault(cards[one.staff_no], []).append(one)
    return [
        Issue(
            "bank-card-shared",
            Place(),
            Text(
                f"{one.name} 与 {own[0].name}({own[0].staff_no})同一张卡", f"{one.name} and {own[0].name} share a card"
            ),
            Text("每人自己的卡", "a card of one's own"),
            Text("核对后再发;确是共用的,留存书面同意", "Check before it is sent"),
            "warning",
            one.staff_no,
        )
        for own in by_card.values()
        for one in own[1:]
    ]
