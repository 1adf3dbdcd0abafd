"""The schemes by post that wait to be switched on: together they score everybody, and nobody twice."""

import csv
from collections import Counter

import pytest

from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.services.files import packaged, rule_texts
from perf.specs import load_book

BY_POST = (
    "admin_monthly",
    "inpatient_doctor_monthly",
    "nurse_monthly",
    "outpatient_doctor_monthly",
    "pharmacist_monthly",
    "public_health_staff_monthly",
    "technician_monthly",
)
WAITING = {
    *BY_POST,
    "community_centre_monthly",
    "public_health_yearly",
    "township_yearly",
    "village_clinic_monthly",
}
JUNE = Period(2025, "month", 6)


@pytest.fixture(scope="module")
def book():
    return load_book(rule_texts(packaged("indicator_specs")))[0]


def staff():
    """One person for every post of the demonstration, and those whom it does not have."""
    with (packaged("fixtures/county") / "posts.csv").open(encoding="utf-8-sig") as file:
        posts = [(row["department"], row["category"], "no") for row in csv.DictReader(file)]
    odd = [("", "village_doctor", "no"), ("", "nurse", "no"), ("", "pharmacist", "no"), ("院部", "doctor", "yes")]
    for number, (department, category, head) in enumerate([*posts, *odd], start=1):
        given = {"category": category, "head": head, **({"department": department} if department else {})}
        yield Segment(f"p{number:03}", "person", "", "h", attributes=given)


def cards_of(book, people):
    roster = Roster([Segment("h", "institution", "county_hospital", ""), *people])
    return score(book, roster, Facts([]), JUNE, BY_POST)


def test_everybody_but_the_heads_is_scored_by_exactly_one_of_them(book):
    people = list(staff())
    counts = Counter(subject for _, subject in cards_of(book, people).cards)
    expected = {p.subject: 0 if p.attribute("head") == "yes" else 1 for p in people}
    assert {p.subject: counts[p.subject] for p in people} == expected


def test_every_one_of_them_scores_somebody(book):
    assert {code for code, _ in cards_of(book, list(staff())).cards} == set(BY_POST)


@pytest.mark.parametrize(
    ("department", "category", "scheme"),
    [
        ("内科", "doctor", "inpatient_doctor_monthly"),
        ("急诊科", "doctor", "outpatient_doctor_monthly"),
        ("中药房", "technician", "pharmacist_monthly"),
        ("药学部", "pharmacist", "pharmacist_monthly"),
        ("检验科", "technician", "technician_monthly"),
        ("公卫科", "public_health", "public_health_staff_monthly"),
    ],
)
def test_department_and_category_decide(book, department, category, scheme):
    person = Segment("p", "person", "", "h", attributes={"department": department, "category": category, "head": "no"})
    assert [code for code, _ in cards_of(book, [person]).cards] == [scheme]


def test_what_waits_is_switched_off_and_nothing_else_is(book):
    assert {code for code, scheme in book.schemes.items() if not scheme.enabled} >= WAITING
    in_use = {code for rule in book.distributions.values() if rule.enabled for code in rule.uses_score}
    assert all(book.schemes[code].enabled for code in in_use)


def test_no_waiting_scheme_hangs_on_any_revenue(book):
    for code in WAITING:
        for version in book.schemes[code].versions:
            for item in (i for dimension in version.dimensions for i in dimension.items):
                texts = [v.value.text for v in book.indicators[item.indicator].versions]
                named = {m.revenue for m in book.measures.values() for text in texts if m.code in text.split()}
                assert named <= {"none"}, item.indicator
