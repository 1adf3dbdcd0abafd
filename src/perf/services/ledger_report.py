"""`export ledger` as a workbook: every entry in words, with its codes behind, amounts in yuan with their total."""

from collections.abc import Sequence

from perf.distribution.member_books import Heading
from perf.excel.export import Report, ReportColumn, ReportValue, workbook_of
from perf.services.account_words import account_words, booking_title
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.pinned_rules import book_of_run
from perf.services.reports import name_of
from perf.specs.models import RuleBook
from perf.storage.store import Store

_COLUMNS = (
    ReportColumn("批次"),
    ReportColumn("序号", "number", "0", 8, is_centred=True),
    ReportColumn("主体"),
    ReportColumn("摘要"),
    ReportColumn("转出"),
    ReportColumn("转入"),
    ReportColumn("金额(元)", "money"),
    ReportColumn("说明", width=110),
    *(ReportColumn(header, group="编码") for header in ("期间", "规则", "主体", "步骤", "项目", "转出", "转入")),
)


def ledger_workbook(store: Store, loaded: Sequence[LoadedRun], *, actor: Actor) -> bytes:
    """The ledgers of these runs for reading; the codes are those of the ledger's CSV."""
    rows: list[list[ReportValue]] = []
    for run in loaded:
        with store.read() as connection:
            book = book_of_run(connection, actor.viewer, run.run.id)
        known: dict[str, str] = {}
        for entry in run.ledger.entries:
            for account in (entry.source, entry.target):
                if account not in known:
                    known[account] = _in_words(run, book, account)
            what = booking_title(book, entry.distribution, entry.line)
            words = [name_of(run, entry.owner), what, known[entry.source], known[entry.target]]
            codes = [str(entry.period), entry.distribution, entry.owner, entry.step, entry.line]
            rows.append(
                [
                    run.run.id,
                    entry.number,
                    *words,
                    entry.amount,
                    entry.explanation.zh,
                    *codes,
                    entry.source,
                    entry.target,
                ]
            )
    return workbook_of([Report("分配台账", _COLUMNS, rows, has_totals=True, frozen_columns=2)])


def _in_words(run: LoadedRun, book: RuleBook, account: str) -> str:
    """`应付职工薪酬—绩效 李静`."""
    kind, _, name = account.partition(":")
    title, about = account_words(run, book, Heading(kind, name))
    return f"{title} {about}".strip()
