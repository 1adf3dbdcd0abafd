"""One-off lines and holds of single people as HR enters them: an award, a deduction, an inquiry, a death, a bounced transfer."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from perf.kernel.periods import Period, parse_period
from perf.services.county.layouts import Page, workbook_of
from perf.services.county.people import Person

_HEADERS = ("工号", "姓名", "期间", "类型", "金额", "项目", "账户", "事由", "依据")
_COLUMNS = ("kind", "amount", "line", "account", "reason", "document")


def adjustment_file(consortium: str, period: Period) -> str:
    """Where the rows of a consortium's month are, below the folder of workbooks."""
    return f"{period}/{consortium} {period} 绩效办-一次性项目与扣发.xlsx"


def adjustment_workbooks(
    data: Path, people: tuple[Person, ...], consortium_of: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """A workbook for each consortium and month that has any, by name."""
    known = {person.number: person for person in people}
    pages: dict[str, list[list[str]]] = {}
    with (data / "adjustments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            person = known[row["staff_no"]]
            name = adjustment_file(consortium_of[person.stints[0].institution], parse_period(row["period"]))
            own = [person.number, person.name, row["period"], *(row[column] for column in _COLUMNS)]
            pages.setdefault(name, []).append(own)
    for name, rows in sorted(pages.items()):
        yield name, workbook_of([Page("一次性项目与扣发", "一次性项目与扣发", (), _HEADERS, rows)])
