"""The library of rules: it loads, it is sound, and every case of every rule holds."""

from functools import cache

import pytest

from perf.appraisal.cases import run_cases
from perf.services.files import packaged, rule_texts
from perf.specs import check_book, load_book, load_cases

# Reported by departments that gain nothing by silence; the rules say so beside the policy.
MEANT = {"gains-by-silence": {"complaint_deduction.yaml", "insurance_deduction.yaml"}}


@cache
def texts():
    return rule_texts(packaged("indicator_specs"))


@cache
def book():
    return load_book(texts())[0]


@cache
def results():
    cases, issues = load_cases(texts(), book())
    assert issues == ()
    return {f"{r.rule}: {r.title}": r for r in run_cases(book(), cases)}


def test_the_library_loads_without_an_issue_and_is_sound():
    _, issues = load_book(texts())
    assert issues == ()
    left = [i for i in check_book(book()) if i.severity != "info"]
    left = [i for i in left if i.place.file.rpartition("/")[2] not in MEANT.get(i.code, set())]
    assert left == []


@pytest.mark.parametrize("name", sorted(results()))
def test_the_case_holds(name):
    assert [text.zh for text in results()[name].differences] == []


def test_every_indicator_scheme_and_distribution_has_a_case():
    have = {result.rule for result in results().values()}
    assert have == set(book().indicators) | set(book().schemes) | set(book().distributions) | set(book().payrolls)


def test_every_usual_curve_and_every_policy_occurs():
    versions = [v for indicator in book().indicators.values() for v in indicator.versions]
    curves = {type(v.points).__name__ for v in versions if v.points is not None}
    first = {"Linear", "Steps", "Range", "Attainment", "Deduct", "Award", "RatingCurve", "Entered"}
    assert curves >= {*first, "BestOf", "Efficacy", "GradedEfficacy"}
    policies = {p for v in versions for p in (v.no_value.missing, v.no_value.denominator_zero)}
    assert policies == {"block", "not_applicable", "zero", "full", "peer_median", "carry_forward"}
    assert any(v.points is None for v in versions)
    assert any(not indicator.enabled for indicator in book().indicators.values())


def test_the_weights_of_every_scheme_and_the_points_of_every_dimension_add_up():
    for scheme in book().schemes.values():
        for version in scheme.versions:
            assert sum(d.weight for d in version.dimensions) == 100
            assert all(d.scale == d.weight for d in version.dimensions)


def test_every_measure_says_who_supplies_it():
    assert [m.code for m in book().measures.values() if not m.supplied_by] == []
