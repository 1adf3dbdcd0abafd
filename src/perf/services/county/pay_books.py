"""Workbooks beside those of departments: one-off lines, tax records of the other system, a corrected count of services."""

from collections.abc import Iterator
from pathlib import Path

from perf.kernel.periods import Period
from perf.services.county import plan
from perf.services.county.adjustment_book import adjustment_workbooks
from perf.services.county.departments import Office, market_reports
from perf.services.county.layouts import workbook_of
from perf.services.county.payroll_book import PAID_IN, opening_file, openings_csv, payroll_workbooks
from perf.services.county.people import Person, Stint, people_of
from perf.specs.models import RuleBook


def corrected_file(consortium: str, period: Period) -> str:
    """Where the counts of services are that both sides agreed on, below the folder of workbooks."""
    return f"{period}/{consortium} {period} 医务科-内部服务月报(更正).xlsx"


def write_pay_books(out: Path, data: Path, *, book: RuleBook) -> list[Path]:
    """Write what is not imported with the facts: entered, kept as tax records, reported again. Paths by name."""
    county = plan.load_county(data)
    people = people_of(county)
    homes = {member.code: member.parent for member in county.institutions}
    files: dict[str, bytes] = dict(adjustment_workbooks(data, people, homes))
    for consortium in county.consortia:
        before = list(_in_service(county, consortium, people, of_year=True))
        files[opening_file(consortium.code)] = openings_csv(before).encode()
        files |= _corrected(county, consortium, book)
    written = []
    for name, content in sorted(files.items()):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def _corrected(county: plan.County, consortium: plan.Institution, book: RuleBook) -> dict[str, bytes]:
    """The counts of services of each month with a dispute, as they are reported again."""
    codes = {member.code: member.name for member in county.members(consortium.code)}
    months = sorted({one.period for one in county.disputes if one.provider in codes})
    found = {}
    for period in months:
        office = Office(county, consortium, period, {}, (), book, codes | {consortium.code: consortium.name})
        for report in market_reports(office, is_settled=True):
            found[corrected_file(consortium.code, period)] = workbook_of(report.pages)
    return found


def payroll_files(county: plan.County, people: tuple[Person, ...], book: RuleBook) -> Iterator[tuple[str, bytes]]:
    """The departments' workbooks for the month of payment, by name."""
    for consortium in county.consortia:
        yield from payroll_workbooks(consortium.code, list(_in_service(county, consortium, people)), book)


def _in_service(
    county: plan.County, consortium: plan.Institution, people: tuple[Person, ...], *, of_year: bool = False
) -> Iterator[tuple[Person, Stint]]:
    """Who is in service in the month of payment, or was in this year, with the post that speaks for them."""
    codes = {member.code for member in county.members(consortium.code)}
    for person in people:
        stint = person.main_stint(PAID_IN)
        if stint is None and of_year:
            stint = person.main_stint(PAID_IN.within("year"))
        if stint is not None and stint.institution in codes:
            yield person, stint
