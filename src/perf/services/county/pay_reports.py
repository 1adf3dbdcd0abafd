"""What departments send for the ways of paying: one workbook each, sheets by people, by item, by institution and unit."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perf.excel.headers import header_of
from perf.services.county.departments import Office, Report
from perf.services.county.layouts import Page, Row
from perf.services.county.monthly import Figures
from perf.services.county.pay_figures import Items

_SIGNED = ("制表人:", "", "审核人:", "")
_PEOPLE = {
    "质控科": ("quality_rate",),
    "人事科": ("duty_shifts", "base_work_points", "months_in_post"),
    "党办": ("head_review_score",),
    "医保办": ("split_admissions",),
    "医务科": ("award_work_points",),
    "病案室": ("cmi_factor",),
    "公卫科": ("team_services",),
    "科主任": ("split_points",),
}
_ITEMS = {"病案室": ("doctor_cases",), "医务科": ("fee_quantity",)}
_PLACES = {
    "人事科": ("approved_pool",),
    "财务科": (
        "physician_fee_total",
        "drg_pay_total",
        "business_income",
        "sent_down_income",
        "sent_down_cost",
        "cost_budget",
        "direct_cost",
        "allocated_cost",
    ),
    "公卫科": ("team_public_health", "team_signed", "team_score"),
    "医保办": ("team_insurance",),
    "医务科": ("department_workload",),
    "质控科": ("department_score",),
}
_DEPARTMENTS = tuple(dict.fromkeys((*_PEOPLE, *_PLACES)))


class PayOffice(NamedTuple):
    """An office with what the ways of paying add: figures, quantities by item, members of staff by number."""

    office: Office
    figures: Figures
    items: Items
    names: dict[str, str]


def pay_reports(pay: PayOffice) -> Iterator[Report]:
    """The workbooks of a month; a department that has nothing to report sends none."""
    for department in _DEPARTMENTS:
        pages = [
            *_by_people(pay, department),
            *_by_item(pay, department),
            *_by_place(pay, department),
        ]
        if pages:
            yield Report(department, "绩效分配数据", tuple(pages))


def _by_people(pay: PayOffice, department: str) -> Iterator[Page]:
    for measure in _known(pay, _PEOPLE.get(department, ())):
        rows: list[Row] = [
            [number, pay.names[number], value]
            for (number, code), value in sorted(pay.figures.items(), key=lambda one: one[0])
            if code == measure and number in pay.names
        ]
        if rows:
            yield _page(pay, department, measure, ("工号", "姓名"), rows)


def _by_item(pay: PayOffice, department: str) -> Iterator[Page]:
    titles = {code: item.title.zh for one in pay.office.book.lists.values() for code, item in one.items.items()}
    for measure in _known(pay, _ITEMS.get(department, ())):
        rows: list[Row] = [
            [number, pay.names[number], titles[item], value]
            for (number, code, item), value in sorted(pay.items.items())
            if code == measure and number in pay.names
        ]
        if rows:
            yield _page(pay, department, measure, ("工号", "姓名", "明细项"), rows)


def _by_place(pay: PayOffice, department: str) -> Iterator[Page]:
    """One sheet a measure: not every institution has every figure."""
    for measure in _known(pay, _PLACES.get(department, ())):
        rows: list[Row] = [
            [place, pay.office.names[place], value]
            for (place, code), value in sorted(pay.figures.items(), key=lambda one: one[0])
            if code == measure and place in pay.office.names and _is_here(pay, place)
        ]
        if rows:
            yield _page(pay, department, measure, ("机构编码", "机构名称"), rows)


def _is_here(pay: PayOffice, place: str) -> bool:
    """Whether an institution or unit belongs to the consortium; codes of units begin with their institution's."""
    return any(place.startswith(one.code) for one in pay.office.members)


def _known(pay: PayOffice, measures: Sequence[str]) -> list[str]:
    return [code for code in measures if code in pay.office.book.measures]


def _page(pay: PayOffice, department: str, measure: str, heads: tuple[str, ...], rows: Sequence[Row]) -> Page:
    rule, office = pay.office.book.measures[measure], pay.office
    title = f"{office.consortium.name}{office.period.zh()}{rule.title.zh}表"
    headers = (*heads, header_of(rule))
    return Page(rule.title.zh, title, (f"填报科室:{department}",), headers, list(rows), None, _SIGNED)
