"""What the ways of paying ask for from June 2025 on: quality, shifts, cases, points, costs of departments, teams, experts."""

from collections.abc import Iterator
from decimal import Decimal

from perf.kernel.periods import Period
from perf.services.county.draws import draw, scaled, tilt
from perf.services.county.monthly import Figures
from perf.services.county.people import EXPERT, Person, Stint
from perf.services.county.plan import County, Institution
from perf.services.county.ways import SINCE, stands_in, way_of

SETTLED = 2024
"""The year that is settled."""
Items = dict[tuple[str, str, str], int]  # (subject, measure, item) -> quantity
FEE_ITEMS = ("consult", "ward_round", "debridement", "appendectomy")
WARD_CASES = {"内科": ("BR23", "ES23"), "外科": ("ES23", "GB15")}
_FEE_LEVELS = {"consult": (180, 90), "ward_round": (70, 40), "debridement": (6, 6), "appendectomy": (2, 3)}
_POINTS = ("五四一", "医师费")
REPORTED_ANYWAY = frozenset({"workload", "workload_due", "sent_down_days"})
"""What others report as well, so that it stands in their sheet: a department sends a measure in one workbook."""
_FEN = Decimal("0.01")


def pay_figures(county: County, people: tuple[Person, ...], base: Figures, period: Period) -> Figures:
    """What members report besides for their own way of paying; nothing before it began, but last year's income.

    Args:
        base: Figures that are reported anyway; what stands there is not reported again.
    """
    figures: Figures = {}
    if period in (SINCE, SINCE.last_year()):
        _incomes(county, people, period, figures)
    if period.year == SETTLED:
        for hospital in (one for one in county.institutions if not one.is_town):
            doctor = f"{hospital.code[2:]:0>3}002"
            figures[doctor, "split_admissions"] = int(draw(14, "split", doctor, period) == 0)
    if period != SINCE:
        return figures
    crews: dict[str, int] = {}
    for person, stint, place in claims(county, people, period):
        if not stint.is_head:
            _person(county, person, stint, place, base, figures)
            crews[place] = crews.get(place, 0) + 1
    for institution in county.institutions:
        _house(county, institution, crews, figures)
    return figures


def pay_items(county: County, people: tuple[Person, ...], period: Period) -> Items:
    """Quantities by item: cases by DRG of the wards' doctors, physician-fee items."""
    items: Items = {}
    if period != SINCE:
        return items
    for person, stint, _ in claims(county, people, period):
        way, number = way_of(county, stint.institution).pay_way, person.number
        if stint.category != "doctor" or stint.is_head:
            continue
        if way == "五四一":
            for item in WARD_CASES.get(stint.department, ()):
                items[number, "doctor_cases", item] = 8 + draw(15, item, number)
        elif way == "医师费":
            for item in FEE_ITEMS:
                base, spread = _FEE_LEVELS[item]
                items[number, "fee_quantity", item] = max(base + tilt(spread, item, number), 0)
    return items


def claims(county: County, people: tuple[Person, ...], period: Period) -> Iterator[tuple[Person, Stint, str]]:
    """Everybody with each post of the month and the place where it stands."""
    for person in people:
        for stint, place in stands_in(county, person):
            if stint.in_force(period):
                yield person, stint, place


def _person(county: County, person: Person, stint: Stint, place: str, base: Figures, figures: Figures) -> None:
    number, way = person.number, way_of(county, stint.institution).pay_way
    if way in _POINTS and (way == "五四一" or stint.category == "doctor"):
        rate = 905 + tilt(110, "quality rate", number)
        figures[number, "quality_rate"] = f"{Decimal(min(rate, 1000)) / 10}%"
    if way == "五四一":
        figures[number, "duty_shifts"] = draw(4, "duty shifts", number)
        _if_new((number, "sent_down_days"), 0, base, figures)
        if stint.category == "doctor" and stint.department in WARD_CASES:
            figures[number, "cmi_factor"] = Decimal(100 + tilt(12, "cmi", number)) / 100
    elif way in ("工分", "阶梯工分"):
        due = 300 + 20 * draw(10, "due", number)
        _if_new((number, "workload"), scaled(due, 960 + tilt(240, "points", number)), base, figures)
        if way == "阶梯工分":
            _if_new((number, "workload_due"), due, base, figures)
        figures[number, "base_work_points"] = 60 + 5 * draw(13, "base points", number)
        figures[number, "award_work_points"] = 5 * tilt(6, "award points", number)
    if place.endswith(("T1", "T2")):
        figures[number, "team_services"] = 40 + draw(90, "services", number)
    if any(unit.code == place and unit.head not in ("", number) for unit in county.units):
        figures[number, "split_points"] = Decimal(60 + draw(61, "split", number))
    if stint.post == EXPERT:
        figures.pop((number, "sent_down_days"), None)
        _if_new((number, "sent_down_days"), 6 + draw(5, "expert days", number), base, figures)


def _if_new(key: tuple[str, str], value: int, base: Figures, figures: Figures) -> None:
    if key not in base:
        figures[key] = value


def _house(county: County, institution: Institution, crews: dict[str, int], figures: Figures) -> None:
    code, way = institution.code, way_of(county, institution.code)
    if way_of(county, institution.parent).pool_way == "核定":
        yuan = 1_900 * institution.staff * (1000 + tilt(40, "approved", code)) // 1000
        figures[code, "approved_pool"] = Decimal(yuan // 100 * 100)
        if way.pay_way != "院科两级":
            _costs(code, 3_600 * institution.staff, figures)
    if way.pay_way == "五四一":
        figures[code, "drg_pay_total"] = Decimal(126_000)
    if way.pay_way == "医师费":
        figures[code, "physician_fee_total"] = Decimal(88_000)
    if institution.code == "LJ14":
        figures[code, "sent_down_income"] = Decimal("9680.00")
        figures[code, "sent_down_cost"] = Decimal("3127.50")
    units = [unit for unit in county.units if unit.parent == code]
    for unit in units:
        if unit.level == "department":
            _costs(unit.code, 3_600 * crews[unit.code], figures)
            figures[unit.code, "department_workload"] = Decimal(
                crews[unit.code] * (52 + draw(17, "workload", unit.code))
            )
            figures[unit.code, "department_score"] = Decimal(176 + draw(20, "score", unit.code)) / 2
        else:
            figures[unit.code, "team_signed"] = 1_500 + draw(900, "signed", unit.code)
            figures[unit.code, "team_score"] = Decimal(172 + draw(24, "team score", unit.code)) / 2
    if any(unit.level == "team" for unit in units):
        figures[code, "team_public_health"] = Decimal("9240.00")
        figures[code, "team_insurance"] = Decimal("3610.50")


def _costs(code: str, level: int, figures: Figures) -> None:
    """A budget, and what it really cost: some save, some do not."""
    budget = level * (1000 + tilt(60, "budget", code)) // 100_000 * 100
    direct = scaled(budget, 800 + tilt(70, "direct", code))
    figures[code, "cost_budget"] = Decimal(budget)
    figures[code, "direct_cost"] = Decimal(direct)
    figures[code, "allocated_cost"] = Decimal(scaled(budget, 190 + tilt(30, "allocated", code)))


def _incomes(county: County, people: tuple[Person, ...], period: Period, figures: Figures) -> None:
    """Business income of the towns to which experts come, this June and last June."""
    towns = {stint.institution for _, stint, _ in claims(county, people, SINCE) if stint.post == EXPERT}
    for town in (i for i in county.institutions if i.code in towns):
        if way_of(county, town.code).sent_way == "增量":
            before = town.population * 14 * (1000 + tilt(90, "income", town.code)) // 1000
            growth = 1000 if period != SINCE else 1052 + tilt(30, "grows", town.code)
            figures[town.code, "business_income"] = (Decimal(before) * growth / 1000).quantize(_FEN)


def head_figures(people: tuple[Person, ...], year: Period) -> Figures:
    """What the yearly pay of heads asks for: months in post, the democratic review."""
    figures: Figures = {}
    if year.year != SETTLED:
        return figures
    for person in people:
        stint = person.main_stint(year)
        if stint is not None and stint.is_head:
            figures[person.number, "months_in_post"] = 12
            figures[person.number, "head_review_score"] = Decimal(176 + tilt(18, "review", person.number)) / 2
    return figures
