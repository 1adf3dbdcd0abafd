"""The workbooks of the money that comes to a consortium: insurance, public health, and the yearly scores of staff."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perf.excel.headers import header_of
from perf.services.county.departments import Office, Report
from perf.services.county.grants import projects_done
from perf.services.county.insurance import drg_counts
from perf.services.county.layouts import Page, Row, workbook_of
from perf.services.county.plan import Package

_SIGNED = ("制表人:", "", "审核人:", "")


class _Sheet(NamedTuple):
    """A sheet: for whom, and what."""

    name: str
    subjects: Sequence[str]
    measures: tuple[str, ...]


def yearly_money(office: Office) -> Iterator[Report]:
    """The package and its settlement, the public-health grant, what was completed of it, the yearly scores of staff."""
    group, members = [office.consortium.code], [one.code for one in office.members]
    served = [one.code for one in office.towns]
    served += [one.code for one in office.county.clinics_of(office.consortium.code)]
    spent = ("settlement_budget", "spending_in_county", "spending_outside", "reasonable_excess", "fund_appraisal_score")
    package = ("package_adjustment", "package_per_head", "insured_heads")
    yield from _report(office, "医保办", "医保包干年报", [_Sheet("包干", group, package)])
    yield from _report(office, "医保局", "年终清算", [_Sheet("清算", group, spent)])
    held = ("member_quality_reserve", "budget_adjustment")
    yield from _report(office, "医保办", "质量保证金与预算", [_Sheet("成员单位", members, held)])
    yield from _report(office, "财政局", "公卫经费", [_Sheet("经费", group, ("grant_per_head", "grant_population"))])
    yield from _report(office, "公卫科", "公卫补助系数", [_Sheet("系数", served, ("subsidy_coefficient",))])
    done = list(projects_done(office.county, office.consortium.code, office.period.year))
    if done:
        rows: list[Row] = [[office.names[one.member], _title(office, one.item), one.done] for one in done]
        yield Report("公卫科", "公卫项目完成数量", (_items_page(office, "完成数量", ("projects_done",), rows),))
    yield from _scores(office)


def monthly_money(office: Office) -> Iterator[Report]:
    """What members claim, what the bureau counts, the rates of weights and the month's DRGs."""
    group, members = [office.consortium.code], [one.code for one in office.members]
    yield from _report(office, "医保办", "医保基金申报", [_Sheet("申报", members, ("fund_claims",))])
    outlay = ("fund_outlay", "fund_outlay_in_county", "fund_outlay_outside")
    yield from _report(office, "县医保局", "医保基金支出", [_Sheet("支出", group, outlay)])
    rates = [_Sheet("费率", group, ("weight_rate",)), _Sheet("系数", members, ("member_rate",))]
    yield from _report(office, "医保局", "病组费率", rates)
    counts = list(drg_counts(office.county, office.consortium.code, office.figures, office.period))
    if counts:
        rows: list[Row] = [[office.names[c.member], _title(office, c.item), c.cases, c.cost] for c in counts]
        page = _items_page(office, "病组", ("grouped_cases", "grouped_cost"), rows)
        yield Report("医保办", "病组分组结果", (page,))


def visits_report(office: Office) -> Report:
    """Visits of a month before the first one."""
    (report,) = _report(
        office, "信息科", "诊疗人次补录", [_Sheet("业务量", [m.code for m in office.members], ("visits",))]
    )
    return report


def adjustment_workbook(office: Office, package: Package) -> bytes:
    """The mid-year change of the package, which comes in after the second quarter was paid."""
    measure = office.book.measures["package_adjustment"]
    page = _page(
        office, "调整", ("机构名称", header_of(measure)), [[office.consortium.name, package.adjustment]], "医保办"
    )
    return workbook_of((page,))


def _report(office: Office, department: str, title: str, sheets: Sequence[_Sheet]) -> Iterator[Report]:
    pages = [page for sheet in sheets for page in _subjects_page(office, sheet, department)]
    if pages:
        yield Report(department, title, tuple(pages))


def _subjects_page(office: Office, sheet: _Sheet, department: str) -> Iterator[Page]:
    """A row for each subject; nothing where nobody has a figure."""
    used = [code for code in sheet.measures if any((one, code) in office.figures for one in sheet.subjects)]
    if used:
        headers = ("机构编码", "机构名称", *(header_of(office.book.measures[code]) for code in used))
        rows = [[s, office.names[s], *(office.figures.get((s, code)) for code in used)] for s in sheet.subjects]
        yield _page(office, sheet.name, headers, rows, department)


def _items_page(office: Office, sheet: str, measures: tuple[str, ...], rows: Sequence[Row]) -> Page:
    heads = [header_of(office.book.measures[code]) for code in measures]
    sender = office.book.measures[measures[0]].supplied_by
    return _page(office, sheet, ("机构名称", "明细项", *heads), rows, sender)


def _scores(office: Office) -> Iterator[Report]:
    code = "staff_yearly_score"
    rows: list[Row] = [
        [person.number, person.name, stint.department, office.figures[person.number, code]]
        for person, stint in office.present
        if (person.number, code) in office.figures
    ]
    if rows:
        headers = ("工号", "姓名", "科室", header_of(office.book.measures[code]))
        yield Report("人事科", "职工年度考核", (_page(office, "年度考核", headers, rows, "人事科"),))


def _title(office: Office, item: str) -> str:
    return next((one.items[item].title.zh for one in office.book.lists.values() if item in one.items), item)


def _page(office: Office, sheet: str, headers: tuple[str, ...], rows: Sequence[Row], sender: str) -> Page:
    title = f"{office.consortium.name}{office.period.zh()}{sheet}表"
    return Page(sheet, title, (f"填报科室:{sender}",), headers, rows, None, _SIGNED)
