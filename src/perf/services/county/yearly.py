"""Yearly figures: insured and population, the insurance fund, the yearly appraisal of members and clinics."""

from decimal import Decimal

from perf.services.county.draws import draw, pick, tilt
from perf.services.county.monthly import Figures, insured_of
from perf.services.county.plan import County

YEARS = (2023, 2024, 2025)
_MANAGED = ("已落实", "部分落实", "未落实")
_SHARE = Decimal("0.95")


def yearly_figures(county: County, year: int) -> Figures:
    """What is reported for a whole year; of 2025 only insured and population are known."""
    figures: Figures = {}
    for institution in county.institutions:
        figures[institution.code, "insured"] = insured_of(institution, year)
        figures[institution.code, "population"] = institution.population * (1002 - (year - 2023)) // 1000
    for clinic in county.clinics:
        figures[clinic.code, "population"] = clinic.population
    for fund in county.funds:
        if fund.year == year:
            figures[fund.consortium, "financing"] = fund.financing
            figures[fund.consortium, "serious_illness"] = fund.serious_illness
            figures[fund.consortium, "spending"] = fund.spending
    if year == 2024:  # the year that is settled
        _members(county, year, figures)
        _clinics(county, year, figures)
    return figures


def _members(county: County, year: int, figures: Figures) -> None:
    for fund in (f for f in county.funds if f.year == year):
        members = county.members(fund.consortium)
        budget = (fund.financing - fund.serious_illness) * _SHARE
        weights = {i.code: (i.beds * (14 if not i.is_town else 9)) for i in members}
        whole = sum(weights.values())
        for institution in members:
            code = institution.code
            quota = (budget * 7 * weights[code] / (10 * whole)).quantize(Decimal("0.01"))
            figures[code, "member_quota"] = quota
            use = 955 + tilt(110, "use", code)
            figures[code, "member_spending"] = (quota * use / 1000).quantize(Decimal("0.01"))
            quarters = 352 + institution.vigour // 8 + tilt(20, "target", code)
            figures[code, "year_target_score"] = Decimal(quarters) / 4
            figures[code, "unified_management"] = _MANAGED[pick((14, 4, 1), "managed", code)]


def _clinics(county: County, year: int, figures: Figures) -> None:
    for clinic in county.clinics:
        code = clinic.code
        figures[code, "clinic_check_score"] = Decimal(168 + tilt(26, "check", code, year)) / 2
        due = clinic.population // 6
        missed = 0 if draw(5, "all", code) == 0 else draw(due // 4, "missed", code)
        figures[code, "clinic_followups_due"] = due
        figures[code, "clinic_followups_done"] = due - missed
