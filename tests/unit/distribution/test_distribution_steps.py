"""The steps, one by one, on pools that can be done by hand."""

import pytest
from equal_claims import EQUAL, codes_of

from perf.kernel.money import Money
from perf.kernel.subjects import Segment


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


def test_a_claim_too_small_for_its_digits_is_an_issue(run, rules, person):
    ledger = run(
        rules("  - apportion: {by: post_coefficient / 100000}"),
        [person("1"), person("2", post_coefficient="90")],
        fund=1,
    )
    assert codes_of(ledger) == ["claim-rounds-to-zero"]


def test_a_split_of_nobody_is_refused_unless_a_remainder_takes_it(run, paid, rules):
    split = "  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: post_coefficient}}]}"
    assert codes_of(run(rules(split), fund=1)) == ["nobody-eligible"]
    assert paid(run(rules(split + "\n  - remainder: {to: pool}"), fund=1)) == {"institution:A": "1.00"}


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


def test_of_nothing_nobody_gets_nothing_and_nothing_is_told(run, paid, rules, person):
    steps = "  - apportion: {by: post_coefficient}\n  - remainder: {to: pool}"
    ledger = run(rules(steps), [person("1", post_coefficient="0")], fund=0)
    assert (paid(ledger), codes_of(ledger)) == ({}, [])
    assert [(entry.target, entry.amount) for entry in ledger.entries if entry.claimant] == [("person:1", Money(0))]
    split = "  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: post_coefficient}}]}\n  - remainder: {to: pool}"
    ledger = run(rules(split), [], fund=0)
    assert (paid(ledger), codes_of(ledger), ledger.failed) == ({}, [], ())


def test_a_split_is_told_by_its_line_where_it_has_one(run, rules, person):
    split = "  - split: {line: 按类别, by: category, shares: {doctor: 2, nurse: 1}, steps: [{apportion: {by: post_coefficient}}]}"
    people = [person("1"), person("2", category="nurse")]
    named, plain = run(rules(split), people, fund=90), run(rules(split.replace("line: 按类别, ", "")), people, fund=90)
    assert [step.title.zh for step in named.path if "split" in step.step][:1] == ["按类别"]
    assert named.balances == plain.balances
