"""The schemes by post that wait to be switched on: together they score everybody, and nobody twice."""

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from perf.appraisal.month import schemes_of
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.services.files import packaged, rule_texts
from perf.specs import check_book, load_book
from perf.specs.order import scheme_formulas
from perf.specs.use import measures_of

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
    "primary_care_national_yearly",
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
    assert in_use
    assert all(book.schemes[code].enabled for code in in_use)


def test_no_scheme_by_post_hangs_on_any_revenue(book):
    assert revenues(book, BY_POST) == {"none"}


def test_no_waiting_scheme_hangs_on_banned_revenue(book):
    assert not revenues(book, WAITING) & {"drug", "consumable", "examination"}


def revenues(book, schemes):
    formulas = [formula for code in schemes for formula in scheme_formulas(book, book.schemes[code])]
    return {book.measures[code].revenue for code in measures_of(book, *formulas)}


def layer_of_the_page():
    """The layer that docs/library.md shows to those who want the schemes by post."""
    page = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
    return page.partition("```yaml\n")[2].partition("```")[0]


def test_the_layer_of_the_page_switches_the_schemes_by_post_on_and_the_distribution_over_to_them(tmp_path):
    (tmp_path / "posts.yaml").write_text(layer_of_the_page(), encoding="utf-8")
    book, issues = load_book(rule_texts(tmp_path))
    assert [str(issue) for issue in (*issues, *check_book(book)) if issue.is_error] == []
    monthly = {code for code in schemes_of(book, JUNE) if book.schemes[code].of_level == "person"}
    assert monthly == {*BY_POST, "head_monthly"}
    assert sorted(book.distributions["staff_monthly"].uses_score) == sorted(BY_POST)
    roster = Roster([Segment("h", "institution", "county_hospital", ""), *staff()])
    cards = score(book, roster, Facts([]), JUNE, sorted(monthly)).cards
    assert Counter(subject for _, subject in cards) == Counter(p.subject for p in staff())


def test_the_national_evaluation_takes_p10_and_p90_from_all_institutions_of_a_kind(book):
    """The official example: P10 = -26.2%, P90 = 3.1%; -4.6% earns 50 + 50 * 21.6 / 29.3 = 86.8601."""
    this_year = [3500, 3690, 4000, 4250, 4500, 4750, 4770, 5000, 5050, 5155, 5450]
    names = [f"t{number:02}" for number in range(len(this_year))]
    segments = [Segment(g, "consortium", "consortium", "") for g in ("G1", "G2")]
    segments += [Segment(n, "institution", "township_hospital", f"G{k % 2 + 1}") for k, n in enumerate(names)]
    segments.append(Segment("c", "institution", "community_centre", "G1"))
    rows = [(n, 2025, v) for n, v in zip(names, this_year, strict=True)]
    rows += [(n, 2024, 5000) for n in (*names, "c")]
    rows.append(("c", 2025, 50_000))  # of another kind: no peer
    facts = [Fact(FactKey(n, "visits", Period(year, "year")), Fraction(v)) for n, year, v in rows]
    cards = score(book, Roster(segments), Facts(facts), Period(2025, "year"), ["primary_care_national_yearly"]).cards
    points = {
        subject: next(item.points for item in card.items if item.item == "pc_visits_growth")
        for (_, subject), card in cards.items()
    }
    assert points["t06"] == Fraction("3.47")  # 86.8601% of the item's 4 points, to two digits
    assert (points["t00"], points["t01"], points["t09"], points["t10"], points["c"]) == (2, 2, 4, 4, 4)
