"""Tax records of the year so far from another system: a CSV to be filled in, read, checked, kept as versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from perf.appraisal.contract_files import write_csv
from perf.appraisal.csv_rows import Row, read_rows
from perf.appraisal.payroll_people import institution_of, months_employed
from perf.kernel.errors import InputRefused
from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue, Place, by_place, has_errors
from perf.kernel.money import Money, parse_yuan
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import file_name
from perf.services.payroll import PayrollDraft
from perf.services.table_text import table_text
from perf.storage import audit, payrolls
from perf.storage.payrolls import StoredOpening
from perf.storage.store import Store

_MONEY = (
    "累计收入", "累计免税收入", "累计专项扣除", "累计专项附加扣除", "累计其他扣除", "累计减免税额", "累计已预扣税额",
)  # fmt: skip
COLUMNS = ("工号", "年度", "截至月份", "任职月数", "减除方式", *_MONEY)
_OPTIONAL = ("姓名", "扣缴单位")
_BASES = {"按月": "standard", "首次就业": "first_job", "全年一次": "whole_year", "": "standard"}
_YEARS = range(2019, 2100)


class Readable(NamedTuple):
    """The rosters that tax records may be about: consortium -> roster, and who withholds in it."""

    rosters: Mapping[str, Roster]
    employer: str
    pay_month: Period


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one file; what is wrong is collected with its line."""

    name: str
    known: Readable
    issues: list[Issue]
    seen: set[tuple[str, str, int]] = field(default_factory=set)

    def all(self, rows: Sequence[Row]) -> Iterator[tuple[str, StoredOpening]]:
        """(consortium, record) of every row that is right."""
        for row in rows:
            before = len(self.issues)
            found = self._row(row)
            if found is not None and len(self.issues) == before:
                yield found

    def _row(self, row: Row) -> tuple[str, StoredOpening] | None:
        person = row.cells["工号"]
        home = next((code for code, roster in self.known.rosters.items() if person in roster), None)
        if home is None:
            self._wrong(row, "工号", Text("花名册中的工号", "a staff number of the roster"))
            return None
        through, months = self._count(row, "截至月份", range(13)), self._count(row, "任职月数", range(13))
        if months > through:
            self._wrong(row, "任职月数", Text("不大于截至月份", "not above the last month"))
        basis = _BASES.get(row.cells["减除方式"])
        if basis is None:
            self._wrong(row, "减除方式", Text("按月、首次就业或全年一次", "按月, 首次就业 or 全年一次"))
        year = self._count(row, "年度", _YEARS)
        figures = tuple(self._money(row, column) for column in _MONEY)
        employer = row.cells.get("扣缴单位") or self._employer(home, person)
        if (person, employer, year) in self.seen:
            self._wrong(row, "工号", Text("每人每单位每年一行", "one row a person, institution and year"))
        self.seen.add((person, employer, year))
        source = f"{self.name}:{row.line}"
        return home, StoredOpening(person, employer, year, through, months, basis or "standard", figures, source)

    def _employer(self, home: str, person: str) -> str:
        if self.known.employer == "consortium":
            return home
        return institution_of(self.known.rosters[home], person, self.known.pay_month)

    def _count(self, row: Row, column: str, allowed: range) -> int:
        text = row.cells[column]
        if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) in allowed:
            return int(text)
        low, high = allowed[0], allowed[-1]
        self._wrong(row, column, Text(f"{low} 到 {high} 的整数", f"a whole number from {low} to {high}"))
        return low

    def _money(self, row: Row, column: str) -> Money:
        try:
            amount = parse_yuan(row.cells[column])
        except ValueError:
            amount = Money(-1)
        if amount.fen < 0:
            self._wrong(
                row, column, Text("不小于 0、至多两位小数的金额", "an amount of at least 0, two decimals at most")
            )
        return amount

    def _wrong(self, row: Row, column: str, expected: Text) -> None:
        """The amounts themselves are nobody's business: the column and the line say enough."""
        is_pay = column in _MONEY
        shown = "" if is_pay else f"“{without_numbers(row.cells[column])}”"
        found = Text(f"“{column}”{shown}不对", f"“{column}”{shown} is not right")
        hint = Text("改正后整份重新导入", "mend it and import the whole file again")
        place = Place(self.name, line=row.line)
        self.issues.append(Issue("opening-value", place, found, expected, hint, "error", row.cells["工号"]))


def parse_openings(name: str, text: str, known: Readable) -> tuple[list[tuple[str, StoredOpening]], list[Issue]]:
    """The tax records of a CSV with their consortium, and every problem by place."""
    rows, _, issues = read_rows(name, text, required=COLUMNS, optional=_OPTIONAL)
    reader = _Reader(name, known, issues)
    found = list(reader.all(rows))
    return found, by_place(reader.issues)


def import_openings(
    store: Store, file: Path, known: Readable, *, actor: Actor, reason: str, now: datetime
) -> Mapping[str, int]:
    """Keep the tax records of a CSV as new versions; all of them or, where one is wrong, none.

    Returns:
        Consortium -> how many.
    Raises:
        InputRefused: the file cannot be read, or has errors.
    """
    table = table_text(file)
    found, issues = parse_openings(table.name, table.text, known)
    issues = table.placed(issues)
    if has_errors(issues):
        raise InputRefused(
            Text(f"{file_name(file)} 有误,没有导入", f"{file_name(file)} has errors, nothing was imported"), issues
        )
    by_home: dict[str, list[StoredOpening]] = {}
    for home, opening in found:
        by_home.setdefault(home, []).append(opening)
    with store.write() as connection:
        for home, openings in sorted(by_home.items()):
            payrolls.add_openings(connection, actor.viewer, home, openings, at=now)
            audit.append(
                connection,
                actor.viewer,
                consortium=home,
                at=now,
                action="tax-opening",
                target=file_name(file),
                reason=reason,
                details={"records": len(openings)},
            )
    return {home: len(openings) for home, openings in by_home.items()}


def opening_template(drafts: Sequence[PayrollDraft]) -> str:
    """A CSV with a row for everybody whose tax record is missing, amounts to be filled in."""
    rows: list[dict[str, str]] = []
    for draft in drafts:
        missing = {issue.subject for issue in draft.result.issues if issue.code == "tax-record-missing"}
        rows += [
            {
                **dict.fromkeys(_MONEY, ""),
                "工号": one.person,
                "姓名": one.name,
                "扣缴单位": one.employer,
                "年度": str(draft.pay_month.year),
                "截至月份": str(draft.pay_month.number - 1),
                "任职月数": str(
                    len([m for m in months_employed(draft.inputs, one.person, one.employer) if m < draft.pay_month])
                ),
                "减除方式": "按月",
            }
            for one in draft.result.people
            if one.person in missing
        ]
    return "\ufeff" + write_csv((*COLUMNS, *_OPTIONAL), rows)
