"""`export`: scorecards, ledger and pay file of runs, as workbooks and CSV; from stored results, nothing is computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perf.appraisal.contract_files import write_csv
from perf.distribution import LEDGER_COLUMNS, ledger_rows
from perf.distribution.adjustments import RETURNED
from perf.excel.export import PayRow, Report, ReportColumn, csv_of, pay_report, workbook_of
from perf.excel.writing import Value
from perf.kernel.figures import parse_number
from perf.kernel.money import ZERO, Money
from perf.scoring import SCORE_COLUMNS, contract_rows
from perf.services.load_run import LoadedRun
from perf.services.overview import OverviewRow, institution_rows

_NUMBERS = frozenset({"points", "weight", "score", "coefficient"})
_HEADERS_ZH = "方案 对象 期间 项目 类别 值 得分 权重 计入 等次 名次 同组 系数 状态 原因"
_SCORE_HEADERS = dict(zip(SCORE_COLUMNS, _HEADERS_ZH.split(), strict=True))


@dataclass(frozen=True, slots=True)
class RunRows:
    """The rows of a run's reports: what may be sent between processes."""

    run: str
    digest: str
    scores: list[dict[str, str]]
    entries: list[dict[str, str]]
    pay: list[PayRow]
    institutions: list[OverviewRow]


def rows_of(loaded: LoadedRun) -> RunRows:
    """The rows of all reports of a run."""
    return RunRows(
        loaded.run.id,
        loaded.run.digest or "",
        contract_rows(loaded.scores),
        ledger_rows(loaded.ledger),
        pay_rows([loaded]),
        institution_rows(loaded),
    )


def scorecards_csv(rows: Iterable[dict[str, str]]) -> str:
    """Rows of scorecards, of one run or several, in the form OUT of the contract."""
    return write_csv(SCORE_COLUMNS, sorted(rows, key=lambda row: [row[column] for column in SCORE_COLUMNS[:5]]))


def ledger_csv(rows: Iterable[dict[str, str]]) -> str:
    """Entries, of one run or several, in the form LEDGER of the contract, numbered through."""
    return write_csv(LEDGER_COLUMNS, [{**row, "entry": str(number)} for number, row in enumerate(rows, start=1)])


def scorecards_workbook(loaded: Sequence[LoadedRun]) -> bytes:
    """Scorecards for reading: names beside codes, real numbers where a figure is a finite decimal."""
    columns = (ReportColumn("姓名/机构"), *(_column(name) for name in SCORE_COLUMNS))
    rows: list[list[Value]] = []
    for run in loaded:
        for row in contract_rows(run.scores):
            name = name_of(run, row["subject"])
            rows.append([name, *(_value(key, row[key]) for key in SCORE_COLUMNS)])
    return workbook_of([Report("考核得分", columns, rows, frozen_columns=3)])


def pay_rows(loaded: Iterable[LoadedRun]) -> list[PayRow]:
    """单位, 工号, 姓名, 应发, 批次: what each person gets from each institution's funds in a run; nothing for zero.

    What was deducted beyond the pay of one institution is taken from that of the others, so that no row is below zero.
    """
    rows: list[PayRow] = []
    for run in loaded:
        for (unit, staff_no), amount in sorted(paid_by_unit(run).items()):
            if amount:
                rows.append(PayRow(name_of(run, unit), staff_no, name_of(run, staff_no), amount, run.run.id))
    return rows


def pay_csv(rows: Iterable[PayRow]) -> bytes:
    """The pay file as CSV with a BOM, for the bank's or Excel's sake."""
    return csv_of(pay_report(rows))


def pay_workbook(rows: Iterable[PayRow], title: str = "发放表") -> bytes:
    """The pay file as a workbook with a total."""
    return workbook_of([pay_report(rows, title)])


def paid_by_unit(run: LoadedRun) -> dict[tuple[str, str], Money]:
    """(institution that pays, staff number) -> amount; money that came back from the bank is not taken from the pay."""
    paid: dict[str, dict[str, Money]] = {}
    for entry in run.ledger.entries:
        for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
            kind, _, name = account.partition(":")
            if kind == "person" and entry.status != RETURNED:
                units, unit = paid.setdefault(name, {}), unit_of(run, entry.owner, name)
                units[unit] = units.get(unit, ZERO) + amount
    return {(unit, name): amount for name, units in paid.items() for unit, amount in _netted(units).items()}


def _netted(units: Mapping[str, Money]) -> Mapping[str, Money]:
    """Amounts below zero taken from the largest of the others; what nobody bears stays where it is."""
    netted = dict(units)
    for unit in sorted(code for code, amount in units.items() if amount < ZERO):
        for other in sorted(netted, key=lambda code: (-netted[code].fen, code)):
            moved = min(-netted[unit], netted[other])
            if other != unit and moved > ZERO:
                netted[unit], netted[other] = netted[unit] + moved, netted[other] - moved
    return netted


def unit_of(run: LoadedRun, owner: str, staff_no: str) -> str:
    """The institution that pays: the owner of the fund if it is one, else the person's own."""
    segment = run.roster.at(owner, run.run.period)
    if segment is not None and segment.level == "institution":
        return owner
    return run.roster.ancestor(staff_no, "institution", run.run.period) or owner


def _column(name: str) -> ReportColumn:
    return ReportColumn(_SCORE_HEADERS[name], "number" if name in _NUMBERS else "text")


def _value(column: str, text: str) -> Value:
    if column in _NUMBERS and text and "/" not in text:
        return parse_number(text)
    return text


def name_of(run: LoadedRun, subject: str) -> str:
    """The name people know a subject of the run by."""
    segment = run.roster.at(subject, run.run.period)
    segments = run.roster.all_segments(subject)
    return segment.title if segment is not None else segments[-1].title if segments else subject
