"""Ladders: a reserve returned by score, row by row, and what becomes of the rest."""

from fractions import Fraction

import pytest

from perf.distribution import CardFigures
from perf.formulas import Node
from perf.kernel.issues import Place
from perf.kernel.money import Money
from perf.specs.book import load_book
from perf.specs.ladder_models import LadderRow, LadderRows
from perf.specs.ladder_ways import ladder

ROWS = (
    "[{from: 90, gives: 100%, reward: 5%, say: 通报表扬}, {from: 80, gives: 100%}, "
    "{from: 60, gives: 100%, less: 3%, below: 80}, {from: 0, gives: 0%, say: 限期整改}]"
)
USES = "uses: {score: [s]}\non_missing_score: hold_at(full)\n"
HERE = Place("r.yaml", line=1, column=1)


def step(rows=ROWS, amount="1000 * post_coefficient", **more):
    said = "".join(f", {key}: {value}" for key, value in more.items())
    return f"  - ladder: {{line: 保证金返还, of: score, amount: {amount}{said}, rows: {rows}}}"


@pytest.fixture
def give(run, rules, person):
    def _give(scores, *, steps=None, fund=10_000, head=USES, rows=ROWS, people=None, **more):
        names = people or [person(name) for name in scores]
        steps = steps if steps is not None else f"{step(rows, **more)}\n  - remainder: {{to: pool}}"
        return run(rules(steps, head=head), names, fund=fund, scores={k: v for k, v in scores.items() if v is not None})

    return _give


@pytest.mark.parametrize(
    ("score", "yuan"),
    [
        ("100", "1050.00"),
        ("90", "1050.00"),
        ("89.99", "1000.00"),
        ("80", "1000.00"),
        ("79.99", "999.70"),
        ("79.01", "970.30"),
        ("60", "400.00"),
        ("59.99", None),
        ("0", None),
        ("-3", None),
    ],
)
def test_every_row_holds_from_its_own_score_on(give, paid, score, yuan):
    ledger = give({"甲": Fraction(score)})
    assert paid(ledger).get("person:甲") == yuan
    assert sum((m.fen for m in ledger.balances.values()), 0) == 0


@pytest.mark.parametrize(
    ("points", "score", "yuan"),
    [
        ("exact", "79.01", "970.30"),
        ("started", "79.01", "970.00"),
        ("started", "79", "970.00"),
        ("started", "78.99", "940.00"),
        ("completed", "79.01", "1000.00"),
        ("completed", "79", "970.00"),
        ("completed", "78.01", "970.00"),
    ],
)
def test_parts_of_a_point_count_as_the_rule_says(give, paid, points, score, yuan):
    assert paid(give({"甲": Fraction(score)}, points=points))["person:甲"] == yuan


def test_deductions_never_take_more_than_there_is(give, paid):
    rows = "[{from: 80, gives: 100%}, {from: 0, gives: 100%, less: 3%, below: 80}]"
    assert "person:甲" not in paid(give({"甲": 40}, rows=rows))
    assert paid(give({"甲": 47}, rows=rows))["person:甲"] == "10.00"


@pytest.mark.parametrize(("score", "yuan"), [("95", "1000.00"), ("99", "1000.00"), ("76", "800.00"), ("75.99", None)])
def test_in_proportion_to_the_score_that_stands_for_all_of_it(give, paid, score, yuan):
    rows = "[{from: 76, gives: pro_rata, of: 95}, {from: 0, gives: 0%}]"
    assert paid(give({"甲": Fraction(score)}, rows=rows)).get("person:甲") == yuan


def test_a_reward_comes_from_its_payer_and_leaves_the_fund_alone(give, paid):
    ledger = give({"甲": 95}, reward_payer="county_finance")
    assert paid(ledger)["person:甲"] == "1050.00"
    assert ledger.balances["outside:county_finance"] == Money(-5000)
    assert paid(ledger)["institution:A"] == "9000.00"


def test_what_is_not_given_goes_to_the_named_account_or_stays(give, paid):
    ledger = give({"甲": 70, "乙": 50}, forfeited="{to: director_fund}")
    assert paid(ledger)["reserve:director_fund:A"] == "1300.00"  # 30% of one, all of the other
    assert paid(give({"甲": 70, "乙": 50}))["institution:A"] == "9300.00"


def test_the_score_is_not_there_so_it_is_held_and_nothing_is_forfeited(give, paid):
    ledger = give({"甲": None, "乙": 80}, forfeited="{to: director_fund}")
    assert paid(ledger)["held:甲"] == "1050.00"
    assert "reserve:director_fund:A" not in paid(ledger)
    assert [issue.code for issue in ledger.issues] == ["score-missing"]


def test_a_veto_forfeits_all_of_it(run, rules, paid, person):
    cards = {("s", "甲"): CardFigures(Fraction(95), forfeits_pay=True)}
    steps = f"{step(forfeited='{to: director_fund}')}\n  - remainder: {{to: pool}}"
    ledger = run(rules(steps, head=USES), [person("甲")], fund=10_000, cards=cards)
    assert paid(ledger) == {"institution:A": "9000.00", "reserve:director_fund:A": "1000.00"}


def test_amounts_of_nothing_give_nothing_and_those_below_it_are_told(give, paid, person):
    people = [person("甲", post_coefficient="0"), person("乙", post_coefficient="-1")]
    ledger = give({"甲": 85, "乙": 85}, people=people)
    assert paid(ledger) == {"institution:A": "10000.00"}
    assert [(issue.code, issue.subject) for issue in ledger.issues] == [("pay-not-computed", "乙")]


def test_more_than_is_left_is_refused(give):
    ledger = give({"甲": 85}, fund=500)
    assert [issue.code for issue in ledger.issues] == ["pay-over-rest"]
    assert ledger.failed == (("staff_pay", "A"),)
    assert not ledger.entries


def test_an_outcome_is_told_and_stands_on_the_line(give):
    ledger = give({"甲": 50, "乙": 85})
    outcome = next(issue for issue in ledger.issues if issue.code == "ladder-outcome")
    assert (outcome.subject, outcome.severity) == ("甲", "info")
    assert "限期整改" in outcome.found.zh
    line = next(e for e in ledger.entries if e.claimant == "甲")
    assert line.explanation.zh.endswith("(限期整改)")


def test_the_explanation_can_be_redone_with_a_pocket_calculator(give):
    ledger = give({"甲": Fraction("79.01")})
    line = next(e for e in ledger.entries if e.claimant == "甲")
    assert (
        line.explanation.zh
        == "保证金返还:得分 79.01 ≥ 60 → 1000 × 岗位系数 1 × (100% − 3% × (80 − 得分 79.01)) = 970.30 元"
    )


NAMED = USES + "ladders: {returned: {title: 返还比例, points: started, rows: " + ROWS + "}}\n"


@pytest.mark.parametrize(("score", "yuan"), [("95", "105.00"), ("79.01", "97.00"), ("59", None)])
def test_a_named_ladder_is_called_in_any_formula_with_its_reward(give, paid, score, yuan):
    steps = "  - pay: {line: 兑现, amount: 100 * returned(score)}\n  - remainder: {to: pool}"
    ledger = give({"甲": Fraction(score)}, steps=steps, head=NAMED)
    assert paid(ledger).get("person:甲") == yuan


def test_a_ladder_of_one_row_is_for_every_score():
    rows = LadderRows((LadderRow(Fraction(0), Fraction(1)),))
    assert ladder(rows, Fraction(-5), Node("name", Fraction(-5))).value == 1


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("[{from: 0, gives: 120%}]", "rule-number-range"),
        ("[{from: 0, gives: -1%}]", "rule-number-range"),
        ("[{from: 0, gives: pro_rata, of: 0}]", "rule-number-range"),
        ("[{from: 0, gives: pro_rata}]", "rule-key-missing"),
        ("[{from: 0, gives: 1}]", "rule-sign-missing"),
        ("[{from: 0, gives: 100%, less: 3%}]", "ladder-less"),
        ("[{from: 0, gives: 100%, below: 80}]", "ladder-less"),
        ("[{from: 80, gives: 100%, less: 3%, below: 80}, {from: 0, gives: 0%}]", "ladder-less"),
        ("[{from: 80, gives: 100%}, {from: 80, gives: 50%}, {from: 0, gives: 0%}]", "ladder-order"),
        ("[{from: 1, gives: 100%}]", "ladder-end"),
        ("[]", None),
        ("[oops]", "rule-shape"),
    ],
)
def test_rows_that_are_no_ladder_are_told(rules, rows, code):
    text = rules("  - remainder: {to: pool}", head="ladders: {returned: {rows: " + rows + "}}")
    _, issues = load_book({"r.yaml": text})
    assert [i.code for i in issues if i.is_error] == ([code] if code else [])


def test_a_ladder_called_like_something_else_is_told(rules):
    head = (
        "tables: {base: {a: 1}}\nladders: {base: {rows: [{from: 0, gives: 1%}]}, min: {rows: [{from: 0, gives: 1%}]}}"
    )
    _, issues = load_book({"r.yaml": rules("  - remainder: {to: pool}", head=head)})
    assert [i.code for i in issues] == ["curve-name-taken", "curve-name-taken"]
