"""The steps, one by one, on pools that can be done by hand."""

from datetime import date
from fractions import Fraction

import pytest

from perf.distribution import CardFigures, check_conserved
from perf.kernel.money import Money
from perf.kernel.subjects import Segment

EQUAL = "  - apportion: {by: post_coefficient}"


def codes_of(ledger):
    return [issue.code for issue in ledger.issues]


def test_three_equal_claims_of_100_yuan_get_33_34_and_33_33_and_33_33_and_say_who_has_the_odd_fen(
    run, paid, rules, person
):
    ledger = run(rules(EQUAL), [person(n) for n in ("甲", "乙", "丙")], fund=100)
    assert paid(ledger) == {"person:丙": "33.34", "person:乙": "33.33", "person:甲": "33.33"}
    odd = next(e for e in ledger.entries if e.claimant == "丙")
    assert odd.working.odd_fen == 1
    assert odd.explanation.zh == "100.00 元 × 1 ÷ 3 ≈ 33.333333 元,得 33.34 元,含尾差 0.01 元"
    assert odd.explanation.en == "100.00 yuan × 1 ÷ 3 ≈ 33.333333 yuan: 33.34 yuan, 0.01 of it odd fen"


def test_the_odd_fen_goes_to_who_had_the_fewest_this_year_unless_the_rule_says_by_id(run, paid, rules, person):
    people = [person(n) for n in ("01", "02", "03")]
    assert paid(run(rules(EQUAL), people, fund=100, odd_fen_received={"01": 1}))["person:02"] == "33.34"
    by_id = rules("  - apportion: {by: post_coefficient, ties: id}")
    assert paid(run(by_id, people, fund=100, odd_fen_received={"01": 1}))["person:01"] == "33.34"


def test_odd_fen_of_the_same_run_count_for_the_next_split(run, paid, rules, person):
    twice = rules(
        "  - apportion: {by: post_coefficient, amount: 1, line: 一}\n  - apportion: {by: post_coefficient, line: 二}"
    )
    assert paid(run(twice, [person(n) for n in ("01", "02", "03")], fund=2)) == {
        "person:01": "0.67",
        "person:02": "0.67",
        "person:03": "0.66",
    }


def test_take_then_split_by_category_then_remainder_leaves_nothing_behind(run, paid, rules, person):
    steps = """
  - take: {to: director_fund, amount: 5% * fund}
  - split:
      by: category
      shares: {doctor: 50, nurse: 40, admin: 10}
      steps:
        - apportion: {by: post_coefficient}
  - remainder: {to: pool}
"""
    people = [
        person("d1"),
        person("d2", post_coefficient="3"),
        person("n1", category="nurse"),
        person("x", category="admin"),
    ]
    ledger = run(rules(steps), people, fund=1000)
    assert paid(ledger) == {
        "person:d1": "118.75",
        "person:d2": "356.25",
        "person:n1": "380.00",
        "person:x": "95.00",
        "reserve:director_fund:A": "50.00",
    }
    assert [(s.step, s.part, s.before.text(), s.out.text(), s.after.text()) for s in ledger.path][:4] == [
        ("00-fund", (), "1,000.00", "0.00", "1,000.00"),
        ("01-take", (), "1,000.00", "50.00", "950.00"),
        ("02-split", (), "950.00", "0.00", "950.00"),
        ("02-split/admin/", ("admin",), "95.00", "0.00", "95.00"),
    ]


def test_an_empty_category_is_shared_anew_or_held_or_sent_to_an_account(run, paid, rules, person):
    def split(on_empty):
        inner = f"shares: {{doctor: 60, nurse: 30, admin: 10}}, on_empty: {on_empty}, steps: [{{apportion: {{by: post_coefficient}}}}]"
        return rules(f"  - split: {{by: category, {inner}}}")

    people = [person("d"), person("x", category="admin")]
    assert paid(run(split("reshare"), people, fund=70)) == {"person:d": "60.00", "person:x": "10.00"}
    assert paid(run(split("hold"), people, fund=100)) == {"held:A": "30.00", "person:d": "60.00", "person:x": "10.00"}
    assert paid(run(split("{to: director_fund}"), people, fund=100))["reserve:director_fund:A"] == "30.00"


def test_a_claimant_of_an_unlisted_category_refuses_that_owner_and_the_others_go_on(run, paid, rules, person):
    steps = "  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: post_coefficient}}]}"
    other = Segment("B", "institution", "township_hospital", "M", attributes={"name": "乙镇卫生院"})
    a = Segment("A", "institution", "township_hospital", "M", attributes={"name": "甲镇卫生院"})
    people = [person("1"), person("2", category="cook"), person("3", parent="B")]
    ledger = run(rules(steps), people, funds={"A": 100, "B": 50}, units=(a, other))
    assert paid(ledger) == {"person:3": "50.00"}
    assert ledger.failed == (("staff_pay", "A"),)
    assert [(i.code, i.subject) for i in ledger.issues] == [("category-unlisted", "2"), ("owner-refused", "A")]
    assert all(e.owner == "B" for e in ledger.entries)


def test_a_gated_claim_gets_nothing_and_no_floor_and_the_others_share(run, paid, rules, person):
    steps = "  - gate: {when: score < 60, to: rest}\n  - apportion: {by: score, floor: 10}"
    ledger = run(
        rules(steps, head="uses: {score: [s]}"), [person("1"), person("2")], fund=100, scores={"1": "59.99", "2": 60}
    )
    assert paid(ledger) == {"person:2": "100.00"}
    row = next(e for e in ledger.entries if e.claimant == "1")
    assert (row.amount, row.status) == (Money(0), "gated")
    assert "得分 < 60" in row.explanation.zh


def test_a_pool_smaller_than_the_floors_is_refused_with_the_difference_and_nothing_moves(run, rules, person):
    steps = "  - take: {to: director_fund, amount: 5% * fund}\n  - apportion: {by: post_coefficient, floor: 300}"
    ledger = run(rules(steps), [person(str(n)) for n in range(4)], fund=1000)
    assert ledger.entries == ()
    assert dict(ledger.balances) == {}
    assert ledger.failed == (("staff_pay", "A"),)
    (issue,) = ledger.issues
    assert issue.code == "pool-under-floors"
    assert issue.found.zh == "可分配 950.00 元"
    assert issue.expected.zh == "不少于保底合计 1,200.00 元,差 250.00 元"
    assert issue.hint.zh.startswith("冲突的最小一组:4 个(0、1、2、3)")


def test_caps_that_cannot_hold_the_pool_are_refused(run, rules, person):
    ledger = run(rules("  - apportion: {by: post_coefficient, cap: 10}"), [person("1"), person("2")], fund=100)
    assert codes_of(ledger) == ["pool-over-caps"]
    assert ledger.issues[0].expected.zh == "不多于封顶合计 20.00 元,多 80.00 元"


def test_a_capped_share_is_explained_and_the_free_shares_can_be_redone_from_their_own_line(run, paid, rules, person):
    people = [person("1", post_coefficient="8"), person("2"), person("3")]
    ledger = run(rules("  - apportion: {by: post_coefficient, cap: 1.5 * rest / count}"), people, fund=90)
    assert paid(ledger) == {"person:1": "45.00", "person:2": "22.50", "person:3": "22.50"}
    one, two, _ = [e for e in ledger.entries if e.claimant]
    assert one.working.cap == Money(4500)
    assert one.explanation.zh == "90.00 元中按封顶得 45.00 元(分配权 8)"
    assert two.explanation.zh == "90.00 元(扣除保底封顶后 45.00 元) × 1 ÷ 2 = 22.50 元,得 22.50 元"
    assert (two.working.free_amount, two.working.free_claims) == (Money(4500), 2)


def test_nobody_eligible_is_refused_unless_a_remainder_takes_it(run, paid, rules, person):
    nobody = rules("  - apportion: {by: post_coefficient}")
    ledger = run(nobody, [person("1", post_coefficient="0")], fund=100)
    assert (codes_of(ledger), ledger.failed, ledger.entries) == (["nobody-eligible"], (("staff_pay", "A"),), ())
    assert codes_of(run(nobody, [], fund=100)) == ["nobody-eligible"]
    kept = run(rules(EQUAL + "\n  - remainder: {to: director_fund}"), [person("1", post_coefficient="0")], fund=100)
    assert paid(kept) == {"reserve:director_fund:A": "100.00"}
    assert [e.amount for e in kept.entries if e.claimant == "1"] == [Money(0)]


def test_an_owner_without_fund_and_claimants_is_not_concerned(run, rules):
    ledger = run(rules(EQUAL), [], fund=None)
    assert (ledger.entries, ledger.issues, ledger.failed) == ((), (), ())


def test_a_fund_that_nobody_reported_is_refused_and_names_what_is_missing(run, rules, person):
    ledger = run(rules(EQUAL), [person("1")])
    assert codes_of(ledger) == ["fund-missing"]
    assert "pool_total" in ledger.issues[0].found.zh


def test_pay_lines_come_first_and_zero_has_its_row(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n" + EQUAL
    facts = [("1", "night_shifts", 3), ("2", "night_shifts", 0)]
    ledger = run(rules(steps), [person("1"), person("2")], fund=1000, facts=facts)
    assert paid(ledger) == {"person:1": "620.00", "person:2": "380.00"}
    night = {e.claimant: e for e in ledger.entries if e.line == "夜班"}
    assert night["1"].explanation.zh == "夜班:80 × 夜班次数 3 = 240.00 元"
    assert night["2"].amount == Money(0)


def test_a_pay_line_that_nobody_reported_is_zero_with_an_issue(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100)
    assert [(i.code, i.severity, i.subject) for i in ledger.issues] == [("pay-not-computed", "warning", "1")]
    assert [e.status for e in ledger.entries if e.line == "夜班"] == ["missing"]
    assert paid(ledger) == {"person:1": "100.00"}


def test_pay_over_the_rest_is_refused_or_scaled_to_the_fen(run, paid, rules, person):
    facts = [(n, "night_shifts", 1) for n in "123"]
    people = [person(n) for n in "123"]
    refused = run(rules("  - pay: {line: 夜班, amount: 80 * night_shifts}"), people, fund=100, facts=facts)
    assert codes_of(refused) == ["pay-over-rest"]
    assert refused.issues[0].expected.zh == "不超过余额 100.00 元,差 140.00 元"
    scaled = run(rules("  - pay: {line: 夜班, amount: 80 * night_shifts, short: scale}"), people, fund=100, facts=facts)
    assert paid(scaled) == {"person:1": "33.34", "person:2": "33.33", "person:3": "33.33"}
    assert "资金不足" in scaled.entries[1].explanation.zh


def test_pay_from_a_payer_outside_does_not_touch_the_fund(run, paid, rules, person):
    steps = "  - pay: {line: 补助, amount: 50, payer: finance}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100)
    assert paid(ledger) == {"person:1": "150.00"}
    assert ledger.balances["outside:finance"] == Money(-5000)


def test_a_take_over_the_rest_is_refused(run, rules, person):
    ledger = run(rules("  - take: {to: director_fund, amount: 2 * fund}\n" + EQUAL), [person("1")], fund=100)
    assert codes_of(ledger) == ["take-over-rest"]


def test_hold_keeps_back_a_share_of_what_each_got_so_far(run, paid, rules, person):
    ledger = run(rules(EQUAL + "\n  - hold: {share: 10%, line: 风险金}"), [person("1"), person("2")], fund=100)
    assert paid(ledger) == {"held:1": "5.00", "held:2": "5.00", "person:1": "45.00", "person:2": "45.00"}
    assert [e.source for e in ledger.entries if e.line == "风险金"] == ["person:1", "person:2"]


def test_a_joiner_in_mid_month_and_a_leaver_claim_for_their_days(run, paid, rules, person):
    people = [
        person("full"),
        person("join", first=date(2025, 6, 16)),
        person("leave", last=date(2025, 6, 6)),
        person("gone", last=date(2025, 5, 31)),
    ]
    ledger = run(rules(EQUAL), people, fund=510)
    assert paid(ledger) == {"person:full": "300.00", "person:join": "150.00", "person:leave": "60.00"}
    assert next(e for e in ledger.entries if e.claimant == "join").working.claim.value * 2 == 1


def test_two_posts_of_one_person_in_one_part_are_one_entry_and_pay_comes_once(run, paid, rules, person):
    people = [
        person("1", last=date(2025, 6, 15), post_coefficient="1"),
        person("1", first=date(2025, 6, 16), post_coefficient="2"),
        person("2", post_coefficient="1.5"),
    ]
    steps = "  - pay: {line: 补助, amount: 30}\n" + EQUAL
    ledger = run(rules(steps), people, fund=360)
    assert paid(ledger) == {"person:1": "180.00", "person:2": "180.00"}
    assert [e.line for e in ledger.entries if e.claimant == "1"] == ["补助", "职工分配"]


def test_a_person_who_moved_between_institutions_claims_in_both_and_is_paid_lines_where_it_is_now(
    run, paid, rules, person
):
    units = tuple(Segment(c, "institution", "township_hospital", "M") for c in "AB")
    people = [
        person("1", last=date(2025, 6, 15)),
        person("1", parent="B", first=date(2025, 6, 16)),
        person("2"),
        person("3", parent="B"),
    ]
    steps = "  - pay: {line: 补助, amount: 30}\n" + EQUAL
    ledger = run(rules(steps), people, funds={"A": 180, "B": 210}, units=units)
    assert paid(ledger) == {"person:1": "130.00", "person:2": "130.00", "person:3": "130.00"}
    assert [e.owner for e in ledger.entries if e.claimant == "1" and e.line == "补助"] == ["B"]


def test_a_missing_score_is_held_at_full_or_last_or_mean_until_it_comes(run, paid, rules, person):
    def pay(how):
        head = f"uses: {{score: [s]}}\non_missing_score: hold_at({how})"
        people = [person(n) for n in "123"]
        cards = {("s", "3"): CardFigures(None, status="blocked")}
        scores = {"1": 80, "2": 70}
        return run(
            rules("  - apportion: {by: score}", head=head),
            people,
            fund=1000,
            scores=scores,
            cards=cards,
            last_scores={"3": Fraction(50)},
        )

    full = pay("full")
    assert paid(full) == {"held:3": "400.00", "person:1": "320.00", "person:2": "280.00"}
    assert [(i.code, i.severity, i.subject) for i in full.issues] == [("score-missing", "warning", "3")]
    assert paid(pay("last"))["held:3"] == "250.00"
    assert paid(pay("mean"))["held:3"] == "333.33"


def test_what_does_not_depend_on_the_missing_score_is_paid(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n  - apportion: {by: score}"
    ledger = run(rules(steps, head="uses: {score: [s]}"), [person("1")], fund=100, facts=[("1", "night_shifts", 1)])
    assert paid(ledger) == {"held:1": "20.00", "person:1": "80.00"}


def test_two_schemes_that_score_the_same_person_are_an_issue_and_the_share_is_held(run, paid, rules, person):
    cards = {("s", "1"): CardFigures(Fraction(80)), ("t", "1"): CardFigures(Fraction(90))}
    ledger = run(rules("  - apportion: {by: score}", head="uses: {score: [s, t]}"), [person("1")], fund=10, cards=cards)
    assert codes_of(ledger) == ["two-scores"]
    assert paid(ledger) == {"held:1": "10.00"}


def test_a_claim_with_a_missing_fact_is_held_at_the_mean_of_the_others(run, paid, rules, person):
    facts = [("1", "attendance", 1), ("2", "attendance", "0.5")]
    ledger = run(rules("  - apportion: {by: attendance}"), [person(n) for n in "123"], fund=90, facts=facts)
    assert paid(ledger) == {"held:3": "30.00", "person:1": "40.00", "person:2": "20.00"}
    assert [(i.code, i.subject) for i in ledger.issues] == [("claim-held", "3")]
    assert "attendance" in ledger.issues[0].found.zh


def test_claims_that_are_all_missing_refuse_the_owner(run, rules, person):
    ledger = run(rules("  - apportion: {by: attendance}"), [person("1"), person("2")], fund=90)
    assert codes_of(ledger) == ["claim-held", "claim-held", "no-claim-computed"]
    assert ledger.failed == (("staff_pay", "A"),)


def test_forfeited_pay_is_a_zero_claim_that_says_so(run, paid, rules, person):
    cards = {("s", "1"): CardFigures(Fraction(80), forfeits_pay=True), ("s", "2"): CardFigures(Fraction(80))}
    steps = "  - pay: {line: 补助, amount: 30}\n  - apportion: {by: score, floor: 10}"
    ledger = run(rules(steps, head="uses: {score: [s]}"), [person("1"), person("2")], fund=100, cards=cards)
    assert paid(ledger) == {"person:2": "100.00"}
    rows = [e for e in ledger.entries if e.claimant == "1"]
    assert [(e.amount, e.status) for e in rows] == [(Money(0), "forfeited")] * 2
    assert "一票否决" in rows[1].explanation.zh
    assert [(i.code, i.severity) for i in ledger.issues] == [("pay-forfeited", "info")]


def test_a_negative_fund_is_clawed_back_from_the_persons_into_the_fund(run, rules, person):
    ledger = run(rules(EQUAL), [person("1"), person("2"), person("3")], fund="-100")
    shares = {e.source: e.amount.fen for e in ledger.entries if e.claimant}
    assert shares == {"person:1": 3334, "person:2": 3333, "person:3": 3333}
    assert {e.target for e in ledger.entries if e.claimant} == {"fund:A"}
    assert all(e.amount.fen >= 0 for e in ledger.entries)
    assert ledger.balances["outside:staff_pay"] == Money(10000)


def test_whole_yuan_leave_the_small_change_for_the_remainder_or_one_named_party(run, paid, rules, person):
    people = [person("1"), person("2"), person("3")]
    steps = "  - apportion: {by: post_coefficient, rounding: {unit: 1}}\n  - remainder: {to: director_fund}"
    assert paid(run(rules(steps), people, fund="100.50")) == {
        "person:1": "34.00",
        "person:2": "33.00",
        "person:3": "33.00",
        "reserve:director_fund:A": "0.50",
    }
    named = "  - apportion: {by: post_coefficient, rounding: {unit: 1, leftover: {to: director_fund}}}"
    assert paid(run(rules(named), people, fund="100.50"))["reserve:director_fund:A"] == "1.50"
    claimant = "  - apportion: {by: post_coefficient, rounding: {unit: 1, leftover: {to: '2'}}}"
    assert paid(run(rules(claimant), people, fund="100.50"))["person:2"] == "34.50"
    unheard_of = "  - apportion: {by: post_coefficient, rounding: {unit: 1, leftover: {to: welfare}}}"
    assert paid(run(rules(unheard_of), people, fund="100.50"))["reserve:welfare:A"] == "1.50"
    owner = "  - apportion: {by: post_coefficient, rounding: {unit: 1, leftover: {to: A}}}"
    assert paid(run(rules(owner), people, fund="100.50"))["institution:A"] == "1.50"


def test_what_no_step_takes_is_left_and_visible(run, paid, rules, person):
    ledger = run(rules("  - apportion: {by: post_coefficient, amount: 40}"), [person("1")], fund=100)
    assert paid(ledger) == {"left:A": "60.00", "person:1": "40.00"}
    assert [(s.step, s.after) for s in ledger.path][-1] == ("99-left", Money(0))


def test_an_amount_over_the_rest_is_refused(run, rules, person):
    assert codes_of(run(rules("  - apportion: {by: post_coefficient, amount: 140}"), [person("1")], fund=100)) == [
        "amount-over-rest"
    ]


def test_a_consortium_fills_the_institutions_accounts_and_they_pay_their_staff_in_the_same_run(
    run, paid, rules, person
):
    units = (
        Segment("M", "consortium", "consortium", ""),
        *(Segment(c, "institution", "township_hospital", "M", attributes={"tier": "town"}) for c in "AB"),
    )
    top = """
distribution: a_pool
title: 切块
period: month
per: consortium
fund: 300
source: {document: 甲文, clause: 第一条}
steps:
  - take: {to: risk, amount: 10% * fund}
  - apportion: {by: "if(tier == town, 1, 2)"}
"""
    staff = rules(EQUAL, code="a_first", fund="balance(pool)")  # sorts before the pool, and runs behind it
    ledger = run([top, staff], [person("1"), person("2", parent="B")], units=units, opening={"institution:A": Money(1)})
    assert paid(ledger) == {"person:1": "135.01", "person:2": "135.00", "reserve:risk:M": "30.00"}
    assert next(e.distribution for e in ledger.entries) == "a_pool"
    assert next(e for e in ledger.entries if e.step == "00-fund" and e.owner == "A").source == "institution:A"
    check_conserved(ledger.entries, {"institution:A": Money(1)}, closing=ledger.balances)


def test_a_fund_of_more_than_the_account_holds_is_refused(run, rules, person):
    ledger = run(rules(EQUAL, fund="2 * balance(pool)"), [person("1")], opening={"institution:A": Money(100)})
    assert codes_of(ledger) == ["fund-over-balance"]
    assert dict(ledger.balances) == {"institution:A": Money(100)}


def test_an_overspend_may_be_filled_from_a_reserve_that_holds_enough(run, paid, rules, person):
    steps = "  - take: {to: director_fund, amount: 0 - 20}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100, opening={"reserve:director_fund:A": Money(2500)})
    assert paid(ledger) == {"person:1": "120.00", "reserve:director_fund:A": "5.00"}
    assert codes_of(run(rules(steps), [person("1")], fund=100)) == ["reserve-too-small"]


def test_the_order_of_the_input_changes_nothing(run, rules, person):
    people = [person(str(n), post_coefficient=str(n % 3 + 1)) for n in range(9)]
    one = run(rules(EQUAL), people, fund="1000.01")
    assert run(rules(EQUAL), people[::-1], fund="1000.01") == one
    assert [e.number for e in one.entries] == list(range(1, 11))


@pytest.mark.parametrize("steps", ["  - apportion: {by: post_coefficient - 2}"])
def test_a_claim_below_zero_is_set_aside(run, rules, person, steps):
    ledger = run(rules(steps), [person("1"), person("2", post_coefficient="3")], fund=100)
    assert codes_of(ledger) == ["claim-held"]
    assert "负数" in ledger.issues[0].found.zh


def test_a_head_whose_attribute_nobody_filled_in_keeps_a_held_share(run, paid, rules, person):
    ledger = run(rules(EQUAL), [person("1"), person("2", head="")], fund=100)
    assert paid(ledger) == {"held:2": "50.00", "person:1": "50.00"}
    assert codes_of(ledger) == ["scope-unknown", "claim-held"]


SCHEME = """
scheme: s
title: 考核
of: {level: person}
period: month
source: {document: 甲文, clause: 第二条}
dimensions: {one: {weight: 100, indicators: {duty: {out_of: 100}}}}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [90, 1.5]]}
---
indicator: duty
title: 出勤
level: person
unit: ratio
direction: higher
confidence: A
value: attendance
source: {document: 甲文, clause: 第三条}
points: {curve: entered, full: 1}
"""


@pytest.mark.parametrize(("how", "held"), [("full", "150.00"), ("mean", "100.00"), ("last", "100.00")])
def test_a_missing_coefficient_stands_at_the_best_or_at_the_mean(run, paid, rules, person, how, held):
    head = f"uses: {{score: [s]}}\non_missing_score: hold_at({how})"
    cards = {
        ("s", "1"): CardFigures(Fraction(50), Fraction(4, 5), "不合格"),
        ("s", "2"): CardFigures(Fraction(95), Fraction(6, 5), "优秀"),
    }
    whole = {"full": 350, "mean": 300, "last": 300}[how]
    documents = [SCHEME.strip(), rules("  - apportion: {by: coefficient}", head=head)]
    more = {"cards": cards, "last_scores": {"3": Fraction(61)}}
    assert paid(run(documents, [person(n) for n in "123"], fund=whole, **more))["held:3"] == held


def test_a_grade_that_stands_in_follows_the_score_that_stands_in(run, paid, rules, person):
    head = "uses: {score: [s]}\non_missing_score: hold_at(last)"
    documents = [SCHEME.strip(), rules('  - apportion: {by: "if(grade == 优秀, 2, 1)"}', head=head)]
    cards = {("s", "1"): CardFigures(Fraction(95), Fraction(6, 5), "优秀")}
    ledger = run(documents, [person("1"), person("2")], fund=90, cards=cards, last_scores={"2": Fraction(61)})
    assert paid(ledger) == {"held:2": "30.00", "person:1": "60.00"}


def test_pay_waits_for_the_score_it_depends_on_and_is_not_for_whom_the_gate_shut_out(run, paid, rules, person):
    steps = "  - gate: {when: post_coefficient > 5}\n  - pay: {line: 质量奖, amount: score, where: post_coefficient > 0}\n  - remainder: {to: pool}"
    people = [
        person("1"),
        person("2", post_coefficient="6"),
        person("3", post_coefficient="0"),
        person("4", post_coefficient="x"),
    ]
    ledger = run(rules(steps, head="uses: {score: [s]}"), people, fund=100, scores={"2": 90, "3": 90, "4": 90})
    assert paid(ledger) == {"held:1": "100.00"}
    assert {e.claimant: e.status for e in ledger.entries if e.claimant} == {"1": "held", "2": "gated", "4": "missing"}


def test_a_gate_that_nobody_can_decide_holds_the_share(run, paid, rules, person):
    steps = "  - gate: {when: attendance < 0.5}\n" + EQUAL
    ledger = run(rules(steps), [person("1"), person("2")], fund=100, facts=[("1", "attendance", 1)])
    assert paid(ledger) == {"held:2": "50.00", "person:1": "50.00"}


@pytest.mark.parametrize("share", ["2", "attendance"])
def test_a_hold_that_is_no_share_is_refused(run, rules, person, share):
    assert codes_of(run(rules(EQUAL + f"\n  - hold: {{share: {share}}}"), [person("1")], fund=1)) == [
        "hold-not-computed"
    ]


def test_a_hold_with_a_condition_leaves_the_others_alone(run, paid, rules, person):
    steps = EQUAL + "\n  - hold: {share: 50%, where: post_coefficient > 1}"
    people = [person("1"), person("2", post_coefficient="3")]
    assert paid(run(rules(steps), people, fund=80)) == {"held:2": "30.00", "person:1": "20.00", "person:2": "30.00"}


def test_a_take_that_cannot_be_computed_is_refused(run, rules, person):
    ledger = run(rules("  - take: {to: director_fund, amount: pool_total@last_year}\n" + EQUAL), [person("1")], fund=1)
    assert codes_of(ledger) == ["take-not-computed"]


def test_a_floor_that_cannot_be_computed_is_an_issue_and_does_not_bind(run, paid, rules, person):
    ledger = run(rules("  - apportion: {by: post_coefficient, floor: 10 * attendance}"), [person("1")], fund=100)
    assert codes_of(ledger) == ["bound-not-computed"]
    assert paid(ledger) == {"person:1": "100.00"}


def test_a_claim_too_small_for_its_digits_is_an_issue(run, rules, person):
    ledger = run(
        rules("  - apportion: {by: post_coefficient / 100000}"),
        [person("1"), person("2", post_coefficient="90")],
        fund=1,
    )
    assert codes_of(ledger) == ["claim-rounds-to-zero"]


def test_a_fund_of_two_accounts_is_refused(run, rules, person):
    ledger = run(rules(EQUAL, fund="balance(pool) + balance(director_fund)"), [person("1")])
    assert codes_of(ledger) == ["fund-of-two-accounts"]


def test_a_fund_behind_a_let_still_comes_from_its_account(run, paid, rules, person):
    document = rules(EQUAL, fund="half", head="let: {half: 50% * balance(pool)}")
    ledger = run(document, [person("1")], opening={"institution:A": Money(1001)})
    assert paid(ledger) == {"institution:A": "5.00", "person:1": "5.01"}


def test_a_split_of_nobody_is_refused_unless_a_remainder_takes_it(run, paid, rules):
    split = "  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: post_coefficient}}]}"
    assert codes_of(run(rules(split), fund=1)) == ["nobody-eligible"]
    assert paid(run(rules(split + "\n  - remainder: {to: pool}"), fund=1)) == {"institution:A": "1.00"}


def test_a_distribution_out_of_force_is_a_warning(run, person):
    document = """
distribution: later
title: 以后
period: month
per: institution
fund: 100
versions:
  - from: 2026-01
    source: {document: 甲文, clause: 第一条}
    steps: [{apportion: {by: post_coefficient}}]
"""
    ledger = run(document, [person("1")])
    assert (codes_of(ledger), ledger.entries) == (["no-version"], ())


def test_staff_of_departments_belong_to_their_institution(run, paid, rules, person):
    units = (
        Segment("A", "institution", "township_hospital", "M"),
        Segment("D", "department", "clinic", "A"),
    )
    ledger = run(rules(EQUAL), [person("1", parent="D"), person("2")], fund=100, units=units)
    assert paid(ledger) == {"person:1": "50.00", "person:2": "50.00"}


def test_a_category_that_is_not_given_is_the_kind_and_an_empty_one_is_named(run, paid, rules):
    split = rules("  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: 1}}]}")
    doctor = Segment("1", "person", "doctor", "A", attributes={"head": "no"})
    assert paid(run(split, [doctor], fund=1)) == {"person:1": "1.00"}
    nobody = Segment("2", "person", "", "A", attributes={"head": "no"})
    assert run(split, [nobody], fund=1).issues[0].found.zh == "人员类别为空"


def test_an_amount_that_cannot_be_computed_is_refused(run, rules, person):
    steps = "  - apportion: {by: post_coefficient, amount: pool_total@last_year}"
    assert codes_of(run(rules(steps), [person("1")], fund=1)) == ["amount-over-rest"]


def test_a_person_with_an_open_and_a_shut_out_post_claims_with_the_open_one(run, paid, rules, person):
    people = [
        person("1", last=date(2025, 6, 15)),
        person("1", first=date(2025, 6, 16), post_coefficient="9"),
        person("2", post_coefficient="0.5"),
    ]
    ledger = run(rules("  - gate: {when: post_coefficient > 5}\n" + EQUAL), people, fund=100)
    assert paid(ledger) == {"person:1": "50.00", "person:2": "50.00"}


def test_a_split_inside_a_split_gives_back_what_it_leaves(run, paid, rules, person):
    steps = """
  - split:
      by: category
      shares: {doctor: 6, nurse: 4}
      steps:
        - split:
            by: team
            shares: {day: 2, night: 1}
            steps:
              - apportion: {by: post_coefficient, rounding: {unit: 1}}
  - remainder: {to: director_fund}
"""
    people = [person("1", team="day"), person("2", team="night"), person("3", category="nurse", team="day")]
    ledger = run(rules(steps), people, fund="100.10")
    assert paid(ledger) == {
        "person:1": "40.00",
        "person:2": "20.00",
        "person:3": "40.00",
        "reserve:director_fund:A": "0.10",
    }
    assert next(e for e in ledger.entries if e.claimant == "2").working.part == ("doctor", "night")
