"""Every workbook of the demonstration, in the order in which they are to be imported."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from perf.kernel.periods import Period
from perf.services.county import plan
from perf.services.county.departments import Office, Report, monthly_reports, yearly_reports
from perf.services.county.grants import grant_figures, yearly_scores
from perf.services.county.insurance import claims, drg_rates, package_figures
from perf.services.county.layouts import workbook_of
from perf.services.county.money_reports import adjustment_workbook, monthly_money, visits_report, yearly_money
from perf.services.county.monthly import Figures, institution_figures
from perf.services.county.pay_books import payroll_files
from perf.services.county.pay_figures import REPORTED_ANYWAY, head_figures, pay_figures, pay_items
from perf.services.county.pay_reports import PayOffice, pay_reports
from perf.services.county.payroll_book import PAID_IN
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


def write_adjustments(out: Path, data: Path, *, book: RuleBook) -> dict[str, tuple[Path, str]]:
    """Write what changes the package in mid-year; it is to be imported after the second quarter was paid.

    Returns:
        Consortium -> the workbook and the reason for the change.
    """
    county, written = plan.load_county(data), dict[str, tuple[Path, str]]()
    for package in county.packages:
        if package.adjustment:
            consortium = next(one for one in county.consortia if one.code == package.consortium)
            office = _office(county, consortium, Period(package.year, "year"), {}, (), book)
            path = out / f"{package.year}/{consortium.code} {package.year} 医保办-包干基金年中调整.xlsx"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(adjustment_workbook(office, package))
            written[consortium.code] = path, package.reason
    return written


def _files(
    county: plan.County, people: tuple[Person, ...], book: RuleBook, months: Sequence[Period]
) -> Iterator[tuple[str, bytes]]:
    for consortium in county.consortia:
        yield f"花名册/{consortium.code} 机构名单与花名册.xlsx", roster_workbook(county, consortium, people)
    for year in YEARS:
        period = Period(year, "year")
        figures = yearly_figures(county, year) | package_figures(county, year) | grant_figures(county, year)
        figures |= yearly_scores(people, year)
        heads = head_figures(people, period)
        for consortium in county.consortia:
            present = _present(county, consortium, people, period)
            office = _office(county, consortium, period, figures, present, book)
            pay = PayOffice(office, heads, {}, {person.number: person.name for person, _ in present})
            yield from (
                _file(office, one) for one in (*yearly_reports(office), *yearly_money(office), *pay_reports(pay))
            )
    yield from _visits_before(county, people, book)
    for period in months:
        figures = institution_figures(county, people, period)
        figures |= person_figures(people, figures, period)
        ways, items = pay_figures(county, people, figures, period), pay_items(county, people, period)
        figures |= {key: ways.pop(key) for key in list(ways) if key[1] in REPORTED_ANYWAY}
        figures |= claims(county, period) | drg_rates(county, period)
        for consortium in county.consortia:
            present = _present(county, consortium, people, period)
            office = _office(county, consortium, period, figures, present, book)
            yield from (_file(office, report) for report in (*monthly_reports(office), *monthly_money(office)))
            here = {person.number: person.name for person, _ in present}
            pay = PayOffice(office, ways, items, here)
            yield from (_file(office, report) for report in pay_reports(pay))
        if period.shift(1) == PAID_IN:
            yield from payroll_files(county, people, book)


def _visits_before(county: plan.County, people: tuple[Person, ...], book: RuleBook) -> Iterator[tuple[str, bytes]]:
    """Visits of the December before the first month: what the growth of the next December is measured by."""
    period = plan.FIRST_MONTH.shift(-1)
    visits = {key: cell for key, cell in institution_figures(county, people, period).items() if key[1] == "visits"}
    for consortium in county.consortia:
        office = _office(county, consortium, period, visits, (), book)
        yield _file(office, visits_report(office))


def _present(
    county: plan.County, consortium: plan.Institution, people: tuple[Person, ...], period: Period
) -> list[tuple[Person, Stint]]:
    """Everybody of the consortium in the period, with the stint that speaks for them."""
    places = {i.code for i in county.members(consortium.code)}
    stints = ((person, person.main_stint(period)) for person in people)
    return [(person, stint) for person, stint in stints if stint is not None and stint.institution in places]


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
