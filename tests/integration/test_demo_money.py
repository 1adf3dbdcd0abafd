"""The money of the insurance and of public health on the demonstration county, every amount worked out again by hand.

Inputs are what the county's generator reports; what becomes of them is computed here with whole fen and fractions.
"""

from fractions import Fraction

import pytest
from demo_county import SmallCounty

from perf.kernel.periods import parse_period
from perf.services.county.grants import grant_figures, projects_done, yearly_scores
from perf.services.county.insurance import claims, drg_counts, package_figures
from perf.services.county.monthly import institution_figures
from perf.services.county.people import people_of
from perf.services.county.plan import load_county, months
from perf.services.county.yearly import yearly_figures
from perf.services.demo import MAKER
from perf.services.rules import usable_book
from perf.services.settle_forecast import SpendingPart, settle_forecast

WAN = 1_000_000  # fen
RUNS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-12", "2024", "2025-01", "2025-02")
BEFORE = (Fraction(46050) - (Fraction(46050) - 45900) / 10 - 4052) * Fraction(95, 100)
BUDGET = BEFORE + 120
MEMBERS = ("LJ01", "LJ02", "LJ07")
WEIGHTS = {"BR23": Fraction(8, 10), "ES23": Fraction(6, 10), "GB15": Fraction(11, 10), "OC15": Fraction(9, 10)}
COSTS = {
    "record": Fraction(20),
    "elderly": Fraction(130),
    "hypertension": Fraction(25),
    "diabetes": Fraction(28),
    "vaccination": Fraction(25, 2),
}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    made = SmallCounty(tmp_path_factory.mktemp("demo"))
    made.make([month for month in months() if month <= parse_period("2025-02")], RUNS)
    return made


@pytest.fixture(scope="module")
def plan(county):
    return load_county(county.data)


@pytest.fixture(scope="module")
def year(plan):
    own = yearly_figures(plan, 2024) | package_figures(plan, 2024) | grant_figures(plan, 2024)
    return {key: Fraction(value) for key, value in own.items() if not isinstance(value, str)}


def fen(yuan: Fraction) -> int:
    """To the fen, halves away from zero."""
    scaled = abs(yuan) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole if yuan >= 0 else -whole


def parts(amount: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """Largest remainder."""
    whole = sum(weights.values())
    exact = {who: amount * weight / whole for who, weight in weights.items()}
    given = {who: value.numerator // value.denominator for who, value in exact.items()}
    order = sorted(exact, key=lambda who: (given[who] - exact[who], who))
    for who in order[: amount - sum(given.values())]:
        given[who] += 1
    return given


def claimed(plan, *texts: str) -> dict[str, int]:
    """Member -> what it claims in the months, fen."""
    found = dict.fromkeys(MEMBERS, 0)
    for text in texts:
        for (who, measure), value in claims(plan, parse_period(text)).items():
            if measure == "fund_claims":
                found[who] += int(value * 100)
    return found


def test_everything_was_taken_in_and_every_seal_replays(county):
    assert all(one.outcome != "refused" for one in (*county.files, *county.done.files))
    assert county.done.is_verified
    assert [change.zh for change in county.done.files[0].changes] == ["G1 包干基金调整额 2024:0 → 120"]


def test_the_package_is_advanced_by_quarters_and_a_change_is_made_up_for_in_the_next_one(county):
    before, after = BEFORE * WAN, BUDGET * WAN
    quarters = {"2024-Q1": before / 4, "2024-Q2": before / 4, "2024-Q3": after * 3 / 4 - before / 2}
    quarters["2024-Q4"] = after / 4
    for quarter, amount in quarters.items():
        assert county.moved(quarter) == {
            "outside:县医保经办机构": -amount,
            "reserve:package_fund:G1": amount * 95 / 100,
            "reserve:quality_reserve:G1": amount * 5 / 100,
        }


def test_december_pays_what_was_claimed_in_the_year_and_what_is_left_goes_back(county, plan):
    own = claimed(plan, *(f"2024-{n:02d}" for n in range(1, 13)))
    spent = 3_691_236 * 10_000  # 36,912.36 万元 in fen
    assert sum(own.values()) == spent
    paid = county.moved("2024-12", "package_month_paid")
    assert {who: paid[f"reserve:insurance_income:{who}"] for who in MEMBERS} == own
    left = BUDGET * WAN * 95 / 100 - spent
    assert county.moved("2024", "package_closing") == {
        "outside:县医保经办机构": left,
        "reserve:package_fund:G1": -left,
    }


def test_the_surplus_is_kept_in_bands_and_the_quality_reserve_comes_back_by_score(county, year):
    budget, spent = BUDGET * WAN * 95 / 100, Fraction(3_691_236 * 10_000)
    surplus = budget - spent
    assert year["G1", "spending_in_county"] + year["G1", "spending_outside"] == spent / WAN
    assert budget * 2 / 100 < surplus < budget * 6 / 100
    kept = budget * 2 / 100 + (surplus - budget * 2 / 100) * 70 / 100  # 92.5 points: all of it
    assert county.moved("2024", "settlement_shared")["reserve:settled_surplus:G1"] == fen(kept / 100)
    score, quality, rewards = county.total("2024", "member_yearly"), county.moved("2024", "quality_reserve_returned"), 0
    forfeited = 0
    for who in MEMBERS:
        whole = int(year[who, "member_quality_reserve"] * 100)
        gives = Fraction(1) if score[who] >= 80 else max(1 - (80 - score[who]) * 3 / 100, Fraction(0))
        given = fen((gives if score[who] >= 60 else 0) * Fraction(whole, 100))
        reward = fen(Fraction(whole, 2000)) if score[who] >= 90 else 0
        forfeited += whole - given
        rewards += reward
        assert quality[f"reserve:insurance_income:{who}"] == given + reward
    assert quality["reserve:quality_reserve:G1"] == -BUDGET * WAN * 5 / 100
    assert quality["outside:县医保经办机构"] == -rewards
    assert quality.get("reserve:quality_forfeited:G1", 0) == forfeited


def test_the_members_budgets_are_settled_and_the_rest_goes_to_county_town_and_village(county, plan, year):
    score = county.total("2024", "member_yearly")
    rest = county.moved("2024", "settlement_shared")["reserve:settled_surplus:G1"]
    own = {who: (year[who, "member_quota"] - year[who, "member_spending"]) * 10_000 for who in MEMBERS}
    quota = {who: year[who, "member_quota"] * 10_000 for who in MEMBERS}
    due = {
        who: fen(min(own[who] * 30 / 100 * score[who] / 100, quota[who] / 10))
        if own[who] > 0
        else fen(max(own[who] * 30 / 100, -quota[who] / 20))
        for who in MEMBERS
    }
    settled = county.moved("2024", "member_surplus")
    assert {who: settled.get(f"reserve:insurance_income:{who}", 0) for who in MEMBERS} == due
    rest -= sum(due.values())
    assert rest > 0
    marks = score | county.total("2024", "clinic_yearly")
    tiers = {"county": ["LJ01"], "town": ["LJ02", "LJ07"], "village": [one.code for one in plan.clinics]}
    tier_fen = parts(rest, {"county": Fraction(6), "town": Fraction(3), "village": Fraction(1)})
    given = county.moved("2024", "settled_surplus_to_members")
    for tier, members in tiers.items():
        weights = {who: year[who, "population"] * marks[who] / 100 for who in members}
        assert {who: given[f"reserve:yearly_surplus:{who}"] for who in members} == parts(tier_fen[tier], weights)


def test_the_package_is_split_into_budgets_of_the_members(county, plan, year):
    whole = BUDGET * WAN * 95 / 100
    past = {key[0]: Fraction(v) for key, v in package_figures(plan, 2023).items() if key[1] == "member_spending"}
    risk = fen(whole / 100 * 5 / 100)
    history, heads = (fen(whole / 100 * 95 / 100 * share / 100) for share in (60, 30))
    insured = {who: year[who, "insured"] for who in MEMBERS}
    aged = {who: insured[who] * year[who, "budget_adjustment"] for who in MEMBERS}
    by_history, by_heads = parts(history, {who: past[who] for who in MEMBERS}), parts(heads, insured)
    by_age = parts(int(whole) - risk - history - heads, aged)
    given = county.moved("2024", "member_budgets")
    assert given["reserve:budget_risk:G1"] == risk
    for who in MEMBERS:
        assert given[f"reserve:member_budget:{who}"] == by_history[who] + by_heads[who] + by_age[who]


def test_four_levels_pay_the_public_health_grant_and_the_advance_is_settled_by_quantity(county, plan, year):
    grant = 94 * 100_000 * 100  # 94 yuan × (56,000 + 44,000)
    sources = county.moved("2024", "public_health_grant")
    assert {name.partition(":")[2]: -amount for name, amount in sources.items() if name.startswith("outside:")} == {
        "中央财政": grant * 60 // 100,
        "省级财政": grant * 8 // 100,
        "市级财政": grant * 128 // 1000,
        "县级财政": grant * 192 // 1000,
    }
    served = ["LJ02", "LJ07", *(one.code for one in plan.clinics)]
    advance = parts(grant * 40 // 100, {who: year[who, "population"] for who in served})
    paid = county.moved("2024", "public_health_advance", "public_health_settlement")
    worth = dict.fromkeys(served, Fraction(0))
    for one in projects_done(plan, "G1", 2024):
        worth[one.member] += one.done * COSTS[one.item] * year[one.member, "subsidy_coefficient"]
    settled = {who: advance[who] + fen(worth[who] - Fraction(advance[who], 100)) for who in served}
    assert {who: paid[f"reserve:public_health_income:{who}"] for who in served} == settled
    assert paid["reserve:public_health_carried:G1"] == grant - sum(settled.values())


def test_a_tenth_of_december_is_kept_and_set_free_by_the_yearly_score(county, plan):
    marks = {who: Fraction(value) for (who, _), value in yearly_scores(people_of(plan), 2024).items()}
    kept = {a: n for a, n in county.moved("2024-12").items() if a.startswith("reserve:year_end:")}
    december = county.moved("2024-12", "staff_monthly_held")
    freed = county.moved("2024", "year_end_release")
    assert len(kept) > 15
    for account, amount in kept.items():
        who = account.rpartition(":")[2]
        together = amount + december[f"person:{who}"]
        assert abs(Fraction(together, 10) - amount) <= Fraction(1, 2)
        if who not in marks:
            assert account not in freed
            continue
        mark = marks[who]
        share = Fraction(1) if mark >= 90 else 1 - (90 - mark) / 100
        share = share if mark >= 80 else Fraction(9, 10) - (80 - mark) * 2 / 100
        assert freed[f"person:{who}"] == fen(share * amount / 100)
        assert freed[account] == -amount
    lost = sum(n for a, n in freed.items() if a.startswith("reserve:staff_reserve:"))
    assert lost == -sum(n for a, n in freed.items() if not a.startswith("reserve:staff_reserve:"))


def test_a_deficit_month_is_paid_in_proportion_told_and_made_up_for_in_the_next(county, plan):
    heads = 512_000 * 1008 // 1000
    month = 795 * heads * 100 * 95 // 100 // 12
    own, both = claimed(plan, "2025-01"), claimed(plan, "2025-01", "2025-02")
    assert sum(own.values()) > month
    january, february = (county.moved(text, "package_month_paid") for text in ("2025-01", "2025-02"))
    first = {who: january[f"reserve:insurance_income:{who}"] for who in MEMBERS}
    assert first == parts(month, {who: Fraction(amount) for who, amount in own.items()})
    assert {who: february[f"reserve:insurance_income:{who}"] for who in MEMBERS} == {
        who: both[who] - first[who] for who in MEMBERS
    }
    said = [row for row in county.entries["2025-01"] if row["line"] == "医保月度支付"]
    assert all("资金不足" in row["explanation"] for row in said)


def test_every_group_of_cases_is_settled_against_its_cost(county, plan):
    period = parse_period("2025-01")
    figures = institution_figures(plan, people_of(plan), period)
    rates = {"LJ01": Fraction(1), "LJ02": Fraction(9, 10), "LJ07": Fraction(9, 10)}
    due = dict.fromkeys(MEMBERS, 0)
    for one in drg_counts(plan, "G1", figures, period):
        due[one.member] += fen(one.cases * WEIGHTS[one.item] * 10_000 * rates[one.member] - Fraction(one.cost))
    paid = county.moved("2025-01", "drg_month")
    assert {who: paid.get(f"reserve:insurance_income:{who}", 0) for who in MEMBERS} == due
    assert min(int(row["amount_fen"]) for row in county.entries["2025-01"] if row["line"] == "病组结余") >= 0
    assert any(row["from"].startswith("reserve:insurance_income:") for row in county.entries["2025-01"])


def test_money_of_the_insurance_never_becomes_pay_by_itself(county):
    for period in RUNS:
        for row in county.entries[period]:
            insurance = row["from"].startswith(("reserve:insurance_income:", "reserve:public_health_income:"))
            assert not (insurance and row["to"].startswith(("person:", "institution:", "fund:LJ")))


def test_the_settlement_of_the_running_year_is_forecast_through_all_its_rules_at_last_years_scores(county, plan):
    """January and February over those of 2024; two yearly figures; kept in bands × 90 points; then 6∶3∶1."""
    store = county.store()
    found = settle_forecast(
        store,
        usable_book(county.rules),
        actor=MAKER,
        consortium="G1",
        through=parse_period("2025-02"),
        spending=[
            SpendingPart("fund_outlay_in_county", "spending_in_county"),
            SpendingPart("fund_outlay_outside", "spending_outside"),
        ],
    )
    store.close()
    months = [parse_period(f"2024-{n:02d}") for n in range(1, 13)]
    last = [Fraction(claims(plan, one)["G1", "fund_outlay"]) for one in months]
    known = [Fraction(claims(plan, parse_period(f"2025-0{n}"))["G1", "fund_outlay"]) for n in (1, 2)]
    year = sum(known) + sum(last[2:]) * sum(known) / sum(last[:2])
    assert found.expected.spending == year
    budget = 795 * Fraction(516_096) * 95 / 100
    surplus = budget - year
    assert 0 < surplus < budget * 6 / 100
    kept = min(surplus, budget * 2 / 100) + max(surplus - budget * 2 / 100, Fraction(0)) * 70 / 100
    assert found.expected.fund.fen == fen(kept)  # 90 points: all of it
    assert [one.zh for one in found.then] == ["成员单位预算年终结算", "清算结余到成员(6∶3∶1)"]
    assert sum(one.expected.fen for one in found.members) == fen(kept)
    assert {one.scored.zh for one in found.members} == {"2024 年得分"}
