"""The insurance package of a consortium: budget, advances, claims by month, quality reserve, DRGs, settlement.

What the members claim in 2024 comes to what the fund spent, to the fen; the lead hospital claims what was spent outside
the county too, since it pays for the county's patients there.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perf.kernel.periods import Period
from perf.services.county.draws import scaled, tilt
from perf.services.county.monthly import Figures, insured_of
from perf.services.county.plan import County, Fund, Institution, Package
from perf.services.county.yearly import yearly_figures

SETTLED = 2024
DRG_FROM = Period(2025, "month", 1)
_SHARE, _RISK, _HELD = Decimal("0.95"), Decimal("0.10"), Decimal("0.05")
_WEIGHTS = {"BR23": Decimal("0.8"), "ES23": Decimal("0.6"), "GB15": Decimal("1.1"), "OC15": Decimal("0.9")}
_CASES = {
    True: {"ES23": 180, "BR23": 60},
    False: {"BR23": 60, "ES23": 110, "GB15": 25, "OC15": 18},
}
"""Of a thousand discharges of a township hospital (True) or a county hospital, how many are of the group."""
_RATES = {True: Decimal("0.90"), False: Decimal(1)}
_WEIGHT_RATE = 10_000


class ItemCount(NamedTuple):
    """Cases of a group at a member, and what they cost in yuan."""

    member: str
    item: str
    cases: int
    cost: Decimal


def package_figures(county: County, year: int) -> Figures:
    """The package of a year: what is agreed before it, and of the year that is settled what was spent and held back."""
    figures: Figures = {}
    for package in (one for one in county.packages if one.year == year):
        code = package.consortium
        figures[code, "fund_appraisal_score"] = package.fund_score
        figures[code, "reasonable_excess"] = Decimal(0)
        if package.per_head is not None:
            heads = insured_of(lead_of(county, code), year)
            figures[code, "package_per_head"], figures[code, "insured_heads"] = package.per_head, heads
            figures[code, "settlement_budget"] = (1 - _HELD) * package.per_head * heads / 10_000
        else:
            figures[code, "package_adjustment"] = Decimal(0)
            figures[code, "settlement_budget"] = (1 - _HELD) * budget_of(county, package)
            _spent(county, code, figures)
            _held_back(county, package, figures)
    if year == SETTLED - 1:
        before = {
            code: (spent * 97 / 100).quantize(Decimal("0.01")) for code, spent in _member_spending(county).items()
        }
        figures |= {(code, "member_spending"): spent for code, spent in before.items()}
    return figures


def budget_of(county: County, package: Package) -> Decimal:
    """95% of the financing less a tenth of its increment and the serious-illness insurance, with the adjustment: 万元."""
    now, before = (_fund(county, package.consortium, package.year - n) for n in (0, 1))
    risk = _RISK * max(now.financing - before.financing, Decimal(0))
    return (now.financing - risk - now.serious_illness) * _SHARE + package.adjustment


def claims(county: County, period: Period) -> Figures:
    """What members claim for a month, and what the insurance bureau counts of it inside and outside the county."""
    figures: Figures = {}
    for package in (one for one in county.packages if one.year == period.year):
        lead = lead_of(county, package.consortium).code
        inside, own = 0, _member_spending(county)
        for member in county.members(package.consortium):
            fen = _month_of(county, member.code, own[member.code], package, period)
            inside += fen
            figures[member.code, "fund_claims"] = Decimal(fen) / 100
        outside = _month_of(county, "outside", _outside(county, package.consortium), package, period)
        figures[lead, "fund_claims"] = Decimal(figures[lead, "fund_claims"]) + Decimal(outside) / 100
        figures[package.consortium, "fund_outlay_in_county"] = Decimal(inside) / 100
        figures[package.consortium, "fund_outlay_outside"] = Decimal(outside) / 100
        figures[package.consortium, "fund_outlay"] = Decimal(inside + outside) / 100
    return figures


def drg_rates(county: County, period: Period) -> Figures:
    """What a weight pays, and each member's part of it."""
    if period < DRG_FROM:
        return {}
    figures: Figures = {(one.code, "weight_rate"): _WEIGHT_RATE for one in county.consortia}
    return figures | {(one.code, "member_rate"): _RATES[one.is_town] for one in county.institutions}


def drg_counts(county: County, consortium: str, figures: Figures, period: Period) -> Iterator[ItemCount]:
    """The groups of the month's discharges and their cost, a little above or below what they are paid."""
    if period < DRG_FROM:
        return
    for member in county.members(consortium):
        discharges = figures.get((member.code, "discharges"))
        for item, per_mille in _CASES[member.is_town].items() if isinstance(discharges, int) else ():
            own = 1000 + tilt(150, "drg", item, member.code, period)
            cases = scaled(int(discharges or 0), per_mille, own)
            if cases:
                dear = 985 + tilt(130, "cost", item, member.code, period)
                paid = cases * _WEIGHTS[item] * _WEIGHT_RATE * _RATES[member.is_town]
                yield ItemCount(member.code, item, cases, (paid * dear / 1000).quantize(Decimal("0.01")))


def lead_of(county: County, consortium: str) -> Institution:
    """The county hospital of a consortium."""
    return next(one for one in county.members(consortium) if not one.is_town)


def _fund(county: County, consortium: str, year: int) -> Fund:
    return next(one for one in county.funds if (one.consortium, one.year) == (consortium, year))


def _member_spending(county: County) -> dict[str, Decimal]:
    """What was spent at each member in the settled year, 万元."""
    figures = yearly_figures(county, SETTLED)
    return {code: Decimal(value) for (code, measure), value in figures.items() if measure == "member_spending"}


def _outside(county: County, consortium: str) -> Decimal:
    """What was spent outside the county in the settled year, 万元."""
    own = _member_spending(county)
    inside = sum((own[one.code] for one in county.members(consortium)), Decimal(0))
    return _fund(county, consortium, SETTLED).spending - inside


def _spent(county: County, consortium: str, figures: Figures) -> None:
    outside = _outside(county, consortium)
    figures[consortium, "spending_in_county"] = _fund(county, consortium, SETTLED).spending - outside
    figures[consortium, "spending_outside"] = outside


def _held_back(county: County, package: Package, figures: Figures) -> None:
    """The quality reserve in parts by quota, to the fen; the lead hospital takes the odd fen. And the budgets' factors."""
    quotas = yearly_figures(county, package.year)
    members = county.members(package.consortium)
    whole_fen = int(budget_of(county, package) * _HELD * 1_000_000)
    parts = {one.code: int(Decimal(quotas[one.code, "member_quota"]) * 100) for one in members}
    fen = {code: whole_fen * part // sum(parts.values()) for code, part in parts.items()}
    fen[lead_of(county, package.consortium).code] += whole_fen - sum(fen.values())
    for code, amount in fen.items():
        figures[code, "member_quality_reserve"] = Decimal(amount) / 100
        figures[code, "budget_adjustment"] = Decimal(100 + tilt(12, "ageing", code)) / 100


def _month_of(county: County, who: str, yearly_wan: Decimal, package: Package, period: Period) -> int:
    """A month's part of a year's amount, fen; the twelve parts come to the whole."""
    fen = int(yearly_wan * 1_000_000) * package.growth // 1000
    seasons = county.seasons["visits"]
    weights = [seasons[n] + tilt(25, "claims", who, package.year, n) for n in range(12)]
    upto, whole = sum(weights[: period.number]), sum(weights)
    return fen * upto // whole - fen * (upto - weights[period.number - 1]) // whole
