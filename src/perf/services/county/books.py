"""Every workbook of the demonstration, in the order in which they are to be imported."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from perf.kernel.periods import Period
from perf.services.county import plan
from perf.services.county.departments import Office, Report, monthly_reports, yearly_reports
from perf.services.county.layouts import workbook_of
from perf.services.county.monthly import Figures, institution_figures
from perf.services.county.pay_figures import REPORTED_ANYWAY, pay_figures, pay_items
from perf.services.county.pay_reports import PayOffice, pay_reports
from perf.services.county.people import Person, Stint, people_of
from perf.services.county.personal import person_figures
from perf.services.county.roster_book import roster_workbook
from perf.services.county.yearly import YEARS, yearly_figures
from perf.specs.models import RuleBook


def write_workbooks(
    out: Path,
    data: Path,
    progress: Callable[[Path], None],
    *,
    book: RuleBook,
    months: Sequence[Period] | None = None,
) -> list[Path]:
    """Write the workbooks of the demonstration county into `out`, the same on every machine.

    Args:
        out: Folder to write to; one folder a period below it.
        data: Folder of the readable CSV.
        progress: Told each file.
        book: Measures: their titles and units are the headers.
        months: Which months; by default 2024-01 to 2025-06.
    Returns:
        Paths, rosters first, then years, then months.
    """
    county = plan.load_county(data)
    people = people_of(county)
    written: list[Path] = []
    for name, content in _files(county, people, book, plan.months() if months is None else months):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
        progress(path)
    return written


def _files(
    county: plan.County, people: tuple[Person, ...], book: RuleBook, months: Sequence[Period]
) -> Iterator[tuple[str, bytes]]:
    for consortium in county.consortia:
        yield f"花名册/{consortium.code} 机构名单与花名册.xlsx", roster_workbook(county, consortium, people)
    for year in YEARS:
        period = Period(year, "year")
        figures = yearly_figures(county, year)
        for consortium in county.consortia:
            office = _office(county, consortium, period, figures, (), book)
            yield from (_file(office, report) for report in yearly_reports(office))
    for period in months:
        figures = institution_figures(county, people, period)
        figures |= person_figures(people, figures, period)
        ways, items = pay_figures(county, people, figures, period), pay_items(county, people, period)
        figures |= {key: ways.pop(key) for key in list(ways) if key[1] in REPORTED_ANYWAY}
        for consortium in county.consortia:
            places = {i.code for i in county.members(consortium.code)}
            present = [
                (person, stint)
                for person in people
                if (stint := person.main_stint(period)) is not None and stint.institution in places
            ]
            office = _office(county, consortium, period, figures, present, book)
            yield from (_file(office, report) for report in monthly_reports(office))
            here = {person.number: person.name for person, _ in present}
            pay = PayOffice(office, ways, items, here)
            yield from (_file(office, report) for report in pay_reports(pay))


def _office(
    county: plan.County,
    consortium: plan.Institution,
    period: Period,
    figures: Figures,
    present: Sequence[tuple[Person, Stint]],
    book: RuleBook,
) -> Office:
    names = {i.code: i.name for i in (*county.consortia, *county.institutions)}
    names |= {c.code: c.name for c in county.clinics} | {unit.code: unit.name for unit in county.units}
    return Office(county, consortium, period, figures, present, book, names)


def _file(office: Office, report: Report) -> tuple[str, bytes]:
    name = f"{office.period}/{office.consortium.code} {office.period} {report.department}-{report.title}.xlsx"
    return name, workbook_of(report.pages)
