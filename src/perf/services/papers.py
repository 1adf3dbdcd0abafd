"""`export notice|signing|approval|county|vouchers`: the papers on which a month lives; from stored results alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from perf.excel.export import Formula, Report, ReportColumn, ReportValue, csv_of, workbook_of
from perf.kernel.errors import NotFound, WrongUse
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.paper_approval import approval_reports
from perf.services.paper_county import county_reports
from perf.services.paper_notice import notice_reports
from perf.services.paper_signing import signing_reports
from perf.services.paper_vouchers import voucher_reports
from perf.storage.store import Store

PaperMaker = Callable[[Store, Sequence[LoadedRun], Actor], Sequence[Report]]
PAPERS: Mapping[str, PaperMaker] = MappingProxyType(
    {
        "notice": notice_reports,
        "signing": signing_reports,
        "approval": approval_reports,
        "county": county_reports,
        "vouchers": voucher_reports,
    }
)
"""公示表, 签字发放表, 审批表, 上报表, 凭证."""


def paper_file(store: Store, what: str, loaded: Sequence[LoadedRun], *, actor: Actor, is_csv: bool) -> bytes:
    """One paper of these runs, as a workbook with a sheet for each table, or as CSV where the tables are alike.

    Raises:
        NotFound: there is nothing to write.
        WrongUse: tables of different columns do not fit into one CSV file.
    """
    made = PAPERS[what](store, loaded, actor)
    if not made:
        raise NotFound(Text(f"{what} 没有可写的内容", f"nothing to write for {what}"))
    if not is_csv:
        return workbook_of(made)
    return csv_of(_joined(what, made))


def _joined(what: str, made: Sequence[Report]) -> Report:
    """Tables of the same columns one below the other, the name of each in front of its rows."""
    first = made[0]
    if len(made) == 1:
        return first
    if any(one.columns != first.columns for one in made):
        raise WrongUse(
            Text(
                f"{what} 的各张表列不相同,CSV 只能装一张;写成 .xlsx",
                f"the tables of {what} have different columns, a CSV file holds one; write .xlsx",
            )
        )
    rows = [[one.sheet, *(_value(value) for value in row)] for one in made for row in one.rows]
    return replace(first, columns=(ReportColumn("表"), *first.columns), rows=rows)


def _value(value: ReportValue) -> ReportValue:
    """What a formula comes to: its cells are elsewhere in a file of text."""
    return value.value if isinstance(value, Formula) else value
