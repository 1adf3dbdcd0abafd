"""Scores and pay in the terminal: a narrow table for each scheme; who has neither score nor money is only counted."""

from collections.abc import Sequence

from rich.console import Console

from perf.appraisal.figure_text import STATUS
from perf.cli.output import lang, say, table
from perf.kernel.text import Text
from perf.services.market import NetRow
from perf.services.overview import OverviewRow

_COLUMNS = (
    (Text("总分", "total"), True),
    (Text("等次", "grade"), False),
    (Text("名次", "rank"), True),
    (Text("系数", "coefficient"), True),
    (Text("金额(元)", "yuan"), True),
    (Text("状态", "state"), False),
)
_INSTITUTION = ((Text("编码", "code"), False), (Text("名称", "name"), False))
_PERSON = ((Text("工号", "staff no."), False), (Text("姓名", "name"), False))


def print_overview(console: Console, title: str, rows: Sequence[OverviewRow], *, of_people: bool = False) -> None:
    """One table for each scheme, in the order of the rows, under the title of the run."""
    language = lang()
    columns = [
        (text.in_lang(language), right) for text, right in ((*(_PERSON if of_people else _INSTITUTION), *_COLUMNS))
    ]
    say(console, Text(title))
    shown = [row for row in rows if row.scheme.zh or row.amount is not None]
    for scheme in dict.fromkeys(row.scheme for row in shown):
        heading = (scheme if scheme.zh else Text("不考核", "not appraised")).in_lang(language)
        console.print(table(heading, columns, [_cells(row) for row in shown if row.scheme == scheme]))
    if left := len(rows) - len(shown):
        say(console, Text(f"另有 {left} 个对象不考核、无金额", f"{left} more are not appraised and have no money"))


def _cells(row: OverviewRow) -> tuple[str, ...]:
    status = STATUS[row.status].in_lang(lang()) if row.status in STATUS else row.status
    return (
        row.subject,
        row.name,
        row.total,
        row.grade,
        row.rank,
        row.coefficient,
        "—" if row.amount is None else str(row.amount),
        "" if row.status == "scored" else status,
    )


def print_market(console: Console, rows: Sequence[NetRow]) -> None:
    """What the members earned and paid in the internal market; nothing where there was none."""
    if not rows:
        return
    language = lang()
    titles = (
        (Text("编码", "code"), False),
        (Text("名称", "name"), False),
        (Text("提供服务收入", "earned"), True),
        (Text("接受服务支出", "paid"), True),
        (Text("净额(元)", "net, yuan"), True),
    )
    heading = Text("内部市场(净额合计为 0)", "internal market (nets sum to 0)").in_lang(language)
    cells = [(row.subject, row.name, str(row.earned), str(row.paid), str(row.net)) for row in rows]
    console.print(table(heading, [(title.in_lang(language), right) for title, right in titles], cells))
