"""Claims that hang on the others' claims: the head gets the mean of the top three, from the same fund."""

from fractions import Fraction

import pytest

from perf.kernel.issues import by_place
from perf.kernel.money import Money
from perf.specs.book import load_book
from perf.specs.checks import check_book

TOP_THREE = "  - apportion: {by: post_coefficient, derived: [{where: head == yes, by: 'mean(top(3, claims))'}]}"
ALL = "among: staff"


@pytest.fixture
def among_all(rules):
    def _among_all(steps):
        return rules(steps).replace("among: staff where head == no", ALL)

    return _among_all


def got(ledger):
    return {e.claimant: e.amount.text(grouped=False) for e in ledger.entries if e.claimant}


def claim_of(ledger, who):
    return next(e.working.claim.value for e in ledger.entries if e.claimant == who)


def test_the_head_claims_the_mean_of_the_three_largest_and_is_paid_from_the_same_fund(run, among_all, person):
    people = [person(f"{n}", post_coefficient=c) for n, c in enumerate(["1", "1.2", "0.8", "2"])]
    ledger = run(among_all(TOP_THREE), [*people, person("H", head="yes", post_coefficient="9")], fund="1280.00")
    assert claim_of(ledger, "H") == Fraction(14, 10)
    assert got(ledger) == {"0": "200.00", "1": "240.00", "2": "160.00", "3": "400.00", "H": "280.00"}
    assert Fraction(28000) == Fraction(20000 + 24000 + 40000, 3)


def test_a_mean_that_ends_nowhere_is_rounded_once_like_every_claim(run, among_all, person):
    people = [person(f"{n}", post_coefficient=c) for n, c in enumerate(["1", "1", "1.5"])]
    ledger = run(among_all(TOP_THREE), [*people, person("H", head="yes")], fund="100.00")
    assert claim_of(ledger, "H") == Fraction(11667, 10_000)
    assert sum(e.amount.fen for e in ledger.entries if e.claimant) == 10_000


def test_fewer_than_three_others_give_the_mean_of_those_there_are(run, among_all, person):
    ledger = run(among_all(TOP_THREE), [person("0", post_coefficient="2"), person("H", head="yes")], fund="100.00")
    assert got(ledger) == {"0": "50.00", "H": "50.00"}


def test_two_heads_see_the_others_and_not_each_other(run, among_all, person):
    people = [person("0"), person("1", post_coefficient="2")]
    heads = [person("H", head="yes"), person("K", head="yes")]
    ledger = run(among_all(TOP_THREE), [*people, *heads], fund="600.00")
    assert claim_of(ledger, "H") == claim_of(ledger, "K") == Fraction(3, 2)


def test_a_condition_chooses_whose_claims_count(run, among_all, person):
    steps = TOP_THREE.replace("mean(top(3, claims))", "120% * mean(claims(category == doctor))")
    people = [person("0"), person("1", post_coefficient="3", category="nurse")]
    ledger = run(among_all(steps), [*people, person("H", head="yes")], fund="520.00")
    assert claim_of(ledger, "H") == Fraction(6, 5)


def test_a_head_without_others_has_no_claim_and_the_fund_stays(run, among_all, person):
    ledger = run(among_all(TOP_THREE), [person("H", head="yes")], fund="100.00")
    assert ledger.failed == (("staff_pay", "A"),)
    assert "没有符合条件的单位或人员" in ledger.issues[0].found.zh
    assert not ledger.entries


def test_a_head_alone_is_paid_where_the_rule_counts_the_others_first(run, among_all, person):
    steps = TOP_THREE.replace("mean(top(3, claims))", "if(count(claims) == 0, 1, mean(top(3, claims)))")
    assert got(run(among_all(steps), [person("H", head="yes")], fund="100.00")) == {"H": "100.00"}


def test_who_is_shut_out_or_has_forfeited_is_not_among_the_claims(run, among_all, person):
    gate = "  - gate: {when: post_coefficient > 5, to: rest}\n"
    people = [person("0"), person("1", post_coefficient="6"), person("H", head="yes")]
    ledger = run(among_all(gate + TOP_THREE), people, fund="100.00")
    assert got(ledger) == {"0": "50.00", "1": "0.00", "H": "50.00"}


def test_a_claim_that_is_held_at_the_mean_counts_with_that_mean(run, among_all, person):
    people = [person("0"), person("1", post_coefficient="3"), person("2", post_coefficient=""), person("H", head="yes")]
    ledger = run(among_all(TOP_THREE), people, fund="800.00")
    assert claim_of(ledger, "2") == claim_of(ledger, "H") == 2
    assert ledger.balances["held:2"] == Money(20_000)


def test_the_claim_of_the_head_is_held_with_a_claim_that_it_rests_on(run, among_all, person):
    people = [person("0"), person("1", post_coefficient="3"), person("2", post_coefficient=""), person("H", head="yes")]
    ledger = run(among_all(TOP_THREE), people, fund="800.00")
    assert ledger.balances["held:H"] == Money(20_000)
    assert "person:H" not in ledger.balances
    entry = next(e for e in ledger.entries if e.claimant == "H")
    assert entry.status == "held"
    assert "所依据的分配权有暂留的" in entry.explanation.zh
    (issue,) = (i for i in ledger.issues if i.code == "claim-rests-on-held")
    assert (issue.subject, issue.severity) == ("H", "warning")
    assert "1 个暂留(2)" in issue.found.zh


def test_a_held_claim_that_the_head_does_not_look_at_holds_nothing(run, among_all, person):
    steps = TOP_THREE.replace("mean(top(3, claims))", "mean(claims(category == doctor))")
    people = [person("0"), person("2", post_coefficient="", category="nurse"), person("H", head="yes")]
    ledger = run(among_all(steps), people, fund="300.00")
    assert "held:H" not in ledger.balances
    assert ledger.balances["person:H"] == Money(10_000)


def test_a_person_who_is_not_known_to_be_the_head_is_held(run, among_all, person):
    people = [person("0"), person("1", post_coefficient="3"), person("H", head="")]
    ledger = run(among_all(TOP_THREE), people, fund="600.00")
    assert ledger.balances["held:H"] == Money(20_000)
    assert [i.code for i in ledger.issues] == ["claim-held"]


def test_half_a_month_as_head_counts_for_its_days(run, among_all, person):
    from datetime import date

    people = [person("0", post_coefficient="2"), person("1", post_coefficient="2")]
    half = [
        person("H", head="yes", last=date(2025, 6, 15)),
        person("H", head="no", post_coefficient="1", first=date(2025, 6, 16)),
    ]
    ledger = run(among_all(TOP_THREE), [*people, *half], fund="550.00")
    assert claim_of(ledger, "H") == Fraction(3, 2)
    assert got(ledger) == {"0": "200.00", "1": "200.00", "H": "150.00"}


def test_floors_and_caps_hold_for_derived_claims_too(run, among_all, person):
    steps = TOP_THREE.replace("{by: post", "{cap: 45, by: post")
    people = [person("0"), person("1"), person("2"), person("H", head="yes")]
    ledger = run(among_all(steps), people, fund="180.00")
    assert set(got(ledger).values()) == {"45.00"}


def test_the_order_of_people_does_not_matter(run, among_all, person):
    people = [person(f"{n}", post_coefficient=str(n + 1)) for n in range(4)] + [person("H", head="yes")]
    assert run(among_all(TOP_THREE), people, fund="99.99") == run(among_all(TOP_THREE), people[::-1], fund="99.99")


def test_the_explanation_shows_the_three_claims_without_names(run, among_all, person):
    people = [person(f"{n}", post_coefficient=c) for n, c in enumerate(["1", "1.2", "2"])]
    ledger = run(among_all(TOP_THREE), [*people, person("H", head="yes")], fund="100.00")
    node = next(e.working.claim for e in ledger.entries if e.claimant == "H")
    assert node.op == "mean"
    assert [one.value for one in node.inputs[0].inputs] == [2, Fraction(6, 5), 1]
    assert {one.label.zh for one in node.inputs[0].inputs} == {"其他人的分配权"}


def check(text):
    book, found = load_book({"rules.yaml": text})
    return [issue for issue in by_place([*found, *check_book(book)]) if issue.is_error]


@pytest.mark.parametrize(
    "step",
    ["{apportion: {by: mean(claims)}}", "{pay: {line: 甲, amount: sum(claims)}}", "{gate: {when: count(claims) > 3}}"],
)
def test_claims_mean_nothing_outside_derived(rules, step):
    found = check("measure: pool_total\ntitle: 资金\nunit: yuan\nlevel: institution\n---" + rules(f"  - {step}"))
    assert [issue.code for issue in found] == ["formula-type"]
    assert "derived" in found[0].expected.zh


def test_a_measure_may_not_be_called_claims():
    found = check("measure: claims\ntitle: 理赔\nunit: yuan\nlevel: institution\nsupplied_by: 医保科\n")
    assert [issue.code for issue in found] == ["name-clash"]
