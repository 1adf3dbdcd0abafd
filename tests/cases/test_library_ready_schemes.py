"""Ready schemes score real facts: a small county in which every department has reported everything."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.services.files import packaged, rule_texts
from perf.specs import load_book


def hospital(code, kind, tier, lead="no", parent="G"):
    return Segment(code, "institution", kind, parent, attributes={"tier": tier, "lead": lead, "class": "二级甲等"})


ROSTER = Roster(
    [
        Segment("X", "county", "county", ""),
        Segment("G", "consortium", "consortium", "X"),
        Segment("CG", "consortium", "city_group", "X"),
        hospital("L", "lead_hospital", "county", "yes"),
        hospital("C", "county_hospital", "county"),
        hospital("Z", "tcm_hospital", "county"),
        hospital("T", "township_hospital", "town"),
        hospital("M", "city_hospital", "county", parent="CG"),
        Segment("H", "person", "doctor", "L", attributes={"head": "yes", "category": "doctor"}),
    ]
)
REPORTS = {"county": ["X"], "consortium": ["G", "CG"], "institution": ["L", "C", "Z", "T", "M"], "person": ["H"]}
ALSO = {"population": ["X"], "unified_management": ["G"], "internal_democracy": ["G"], "coordinated_services": ["G"]}
ALSO |= {"grid_layout": ["CG"], "guarantee_mechanism": ["CG"]}


@cache
def book():
    """The library with every indicator confirmed."""
    found = load_book(rule_texts(packaged("indicator_specs")))[0]
    on = {code: replace(one, enabled=True) for code, one in found.indicators.items()}
    return replace(found, indicators=on)


def value(measure):
    if measure.answers == "rating":
        return measure.values[0]
    if measure.answers == "event":
        return Fraction(0)
    return Fraction(1, 2) if measure.unit == "percent" else Fraction(50)


@cache
def facts():
    rows = []
    for measure in book().measures.values():
        periods = [Period(year, "month", month) for year in (2023, 2024) for month in range(1, 13)]
        if measure.period == "year":
            periods = [Period(2023, "year"), Period(2024, "year")]
        for subject in [*REPORTS.get(measure.level, []), *ALSO.get(measure.code, [])]:
            rows += [Fact(FactKey(subject, measure.code, period), value(measure)) for period in periods]
    return Facts(rows)


@pytest.mark.parametrize(
    ("scheme", "subjects", "period"),
    [
        ("lead_hospital_kpi", "L", Period(2024, "month", 6)),
        ("county_hospital_kpi", "C", Period(2024, "month", 6)),
        ("tcm_hospital_kpi", "Z", Period(2024, "month", 6)),
        ("second_level_yearly", "CLZ", Period(2024, "year")),
        ("county_monitoring", "X", Period(2024, "year")),
        ("consortium_monitoring", "G", Period(2024, "year")),
        ("lujiang_targets", "G", Period(2024, "year")),
    ],
)
def test_a_ready_scheme_gives_a_total_where_everything_is_reported(scheme, subjects, period):
    found = score(book(), ROSTER, facts(), period, [scheme])
    assert {subject: card.status for (_, subject), card in found.cards.items()} == dict.fromkeys(subjects, "scored")
    assert found.issues == ()


def test_the_proposals_for_city_groups_score_a_group_once_they_are_confirmed():
    found = score(book(), ROSTER, facts(), Period(2024, "year"), ["city_group_yearly"])
    card = found.cards["city_group_yearly", "CG"]
    assert (card.status, {item.status for item in card.items}) == ("scored", {"scored"})


@pytest.mark.parametrize(
    ("scheme", "period", "needed"),
    [
        ("head_kpi_monthly", Period(2024, "month", 6), "lead_hospital_kpi"),
        ("head_yearly", Period(2024, "year"), "member_yearly"),
    ],
)
def test_the_head_follows_the_institution(scheme, period, needed):
    found = score(book(), ROSTER, facts(), period, [scheme, needed])
    head, own = found.cards[scheme, "H"], found.cards[needed, "L"]
    assert (head.status, own.status) == ("scored", "scored")
    if scheme == "head_kpi_monthly":
        assert head.total == own.total
    else:  # 80% of the institution's total and 20% of a review of 50 points
        assert head.total == own.total * Fraction(4, 5) + 10
