"""凭证: the month as each member books it (账目分设), a sheet for each member, debit and credit equal on every voucher."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from perf.distribution.member_books import BookLine, member_books, side_of
from perf.distribution.models import Entry
from perf.excel.export import Report, ReportColumn, ReportValue
from perf.excel.paper_form import PaperForm
from perf.services.account_words import account_words, booking_title
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.paper_heads import in_words, origin_of, sheet_names
from perf.services.pinned_rules import book_of_run
from perf.services.reports import name_of, unit_of
from perf.specs.models import RuleBook
from perf.storage.store import Store

_SIGNATURES = "会计主管:                记账:                复核:                制单:                附单据      张"


def voucher_reports(store: Store, loaded: Sequence[LoadedRun], actor: Actor) -> list[Report]:
    """A sheet for each member of each run.

    Raises:
        NotConserved: a voucher whose sides differ, or members who do not agree on what they owe each other.
    """
    made: list[Report] = []
    for run in loaded:
        with store.read() as connection:
            book = book_of_run(connection, actor.viewer, run.run.id)
        lines = member_books(run.ledger.entries, member_of(run))
        members = dict.fromkeys(line.book for line in lines)
        made += [_report(run, book, one, [line for line in lines if line.book == one]) for one in members]
    names = sheet_names(report.sheet for report in made)
    return [replace(report, sheet=name) for report, name in zip(made, names, strict=True)]


def member_of(run: LoadedRun) -> Callable[[Entry, str], str]:
    """(entry, account) -> whose book the account stands in: an institution's, or the consortium's or county's own.

    What a person gets stands in the book of the institution that pays.
    """
    known: dict[str, str] = {}

    def home(subject: str) -> str:
        if subject not in known:
            at = run.roster.at(subject, run.run.period)
            above = run.roster.ancestor(subject, "institution", run.run.period)
            is_above = at is not None and at.level in ("consortium", "county", "city")
            known[subject] = above or (subject if is_above else run.run.consortium)
        return known[subject]

    def member(entry: Entry, account: str) -> str:
        kind, _, name = account.partition(":")
        if kind == "reserve":
            name = name.partition(":")[2]
        at = run.roster.at(name, run.run.period)
        if kind == "person" or (at is not None and at.level == "person"):
            return home(unit_of(run, entry.owner, name))
        return home(name)

    return member


def _report(run: LoadedRun, book: RuleBook, member: str, lines: Sequence[BookLine]) -> Report:
    rows: list[list[ReportValue]] = []
    numbers: dict[tuple[str, str], int] = {}
    for line in lines:
        number = numbers.setdefault((line.distribution, line.line), len(numbers) + 1)
        account, about = account_words(run, book, line.heading)
        sides = (line.amount, None) if line.side == "debit" else (None, line.amount)
        what = booking_title(book, line.distribution, line.line)
        rows.append([f"记-{number:03d}", what, account, about, *sides, line.bookings])
    name = name_of(run, member)
    return Report(
        f"{name} {run.run.period.zh()}绩效资金记账凭证",
        (
            ReportColumn("凭证号", width=9),
            ReportColumn("摘要"),
            ReportColumn("科目", width=22),
            ReportColumn("明细"),
            ReportColumn("借方(元)", "money", width=18),
            ReportColumn("贷方(元)", "money", width=18),
            ReportColumn("台账笔数", "number", "0", 10, is_centred=True),
        ),
        rows,
        note=f"{origin_of([run.run])}。科目为分配台账的账户,由本单位财务对应会计科目;内部往来与对方单位的凭证金额相同、方向相反。",
        has_totals=True,
        sheet=f"{member} {name}",
        form=PaperForm((in_words(side_of(lines, "debit"), "借方合计"), _SIGNATURES), row_height=20),
    )
