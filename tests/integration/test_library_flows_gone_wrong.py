"""What goes wrong in the flows of the library, each as a small folder: one clear issue, and no money where it does not belong."""

import pytest
from tests.integration.cli_terminal import Terminal

MEASURES = """
measure: pool
title: 资金
unit: yuan
level: consortium
supplied_by: 财务科
---
measure: people
title: 人口
unit: number
level: institution
supplied_by: 公卫科
---
accounts:
  saved: {of: consortium, kind: reserve, title: 留用}
  other: {of: consortium, kind: reserve, title: 另存}
---
"""
HEAD = "title: 分配\nperiod: month\nper: consortium\namong: members\nsource: {document: 文, clause: 条}\n"
RULE = "distribution: pay\n" + HEAD
SUBJECTS = "subject,level,kind,parent\nG,consortium,consortium,\nA,institution,h,G\nB,institution,h,G\n"
FACTS = "subject,period,measure,value\nG,2025-03,pool,100\n"
TWO = FACTS + "A,2025-03,people,1\nB,2025-03,people,3\n"
BY_PEOPLE = "fund: pool\nsteps: [{apportion: {by: people}}]\n"


class Wrong:
    """A folder in which one thing is wrong."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def run(self, rules: str, *, subjects: str = SUBJECTS, facts: str = TWO, codes: str = "pay"):
        self.terminal.write({"rules/all.yaml": MEASURES + rules, "S.csv": subjects, "F.csv": facts})
        asked = [word for code in codes.split() for word in ("--distribution", code)]
        files = ("--subjects", "S.csv", "--facts", "F.csv", "--out", "L.csv", "--json")
        said = self.terminal("distribute", "--specs", "rules", *asked, "--period", "2025-03", *files)
        told = [i for i in said.json if i["severity"] != "info" and i["code"] not in ("cases-missing", "rule-unused")]
        ledger = self.terminal.read("L.csv").splitlines()[1:] if said.exit < 2 else []
        return said.exit, told, ledger


@pytest.fixture
def wrong(terminal: Terminal) -> Wrong:
    return Wrong(terminal)


@pytest.mark.parametrize(
    ("rules", "facts", "code", "words"),
    [
        (
            RULE + BY_PEOPLE,
            FACTS + "A,2025-03,people,0\nB,2025-03,people,0\n",
            "nobody-eligible",
            "没有分配权大于 0 的",
        ),
        (
            RULE + "fund: pool\nsteps: [{apportion: {by: people, floor: 60}}]\n",
            TWO,
            "pool-under-floors",
            "可分配 100.00 元",
        ),
        (
            RULE + "fund: pool\nsteps: [{apportion: {by: people, cap: 40}}]\n",
            TWO,
            "pool-over-caps",
            "可分配 100.00 元",
        ),
        (
            RULE + "fund: 0 - pool\nsteps: [{remainder: {to: saved}}]\n",
            TWO,
            "reserve-too-small",
            "账户“留用”结存 0.00 元",
        ),
        (RULE + "fund: balance(saved)\nsteps: [{apportion: {by: people}}]\n", TWO, "", ""),
    ],
)
def test_one_owner_is_refused_with_what_was_found(wrong, rules, facts, code, words):
    exit_code, told, ledger = wrong.run(rules, facts=facts)
    assert [i["code"] for i in told] == ([code] if code else [])
    if code:
        assert exit_code == 1
        assert words in told[0]["found"]
        assert "资金原处未动" in told[0]["hint"]["zh"]
        assert ledger == []


def test_nobody_to_pay_leaves_the_fund_where_it_was(wrong):
    alone = "subject,level,kind,parent\nG,consortium,c,\n"
    exit_code, told, ledger = wrong.run(RULE + BY_PEOPLE, subjects=alone, facts=FACTS)
    assert (exit_code, [i["code"] for i in told], ledger) == (1, ["nobody-eligible"], [])
    assert told[0]["found"] == "没有分配对象"


def test_a_negative_weight_is_held_and_the_others_are_paid(wrong):
    exit_code, told, ledger = wrong.run(RULE + BY_PEOPLE, facts=FACTS + "A,2025-03,people,-1\nB,2025-03,people,3\n")
    assert exit_code == 1
    assert [(i["code"], i["subject"]) for i in told] == [("claim-held", "A")]
    assert "分配权为负数" in told[0]["found"]
    assert [row.split(",")[7:9] for row in ledger[1:]] == [["held:A", "5000"], ["institution:B", "5000"]]


def test_caps_that_leave_money_over_send_it_where_the_rule_says(wrong):
    rule = RULE + "fund: pool\nsteps: [{apportion: {by: people, cap: 40}}, {remainder: {to: saved}}]\n"
    exit_code, told, ledger = wrong.run(rule)
    assert (exit_code, told) == (0, [])
    assert [row.split(",")[7:9] for row in ledger[1:]] == [
        ["institution:A", "4000"],
        ["institution:B", "4000"],
        ["reserve:saved:G", "2000"],
    ]


def test_a_circular_distribution_is_refused_before_anything_is_written(wrong):
    first = "distribution: one\n" + HEAD + "fund: balance(saved)\nsteps: [{remainder: {to: other}}]\n---\n"
    second = "distribution: two\n" + HEAD + "fund: balance(other)\nsteps: [{remainder: {to: saved}}]\n"
    exit_code, told, ledger = wrong.run(first + second, codes="one two")
    assert (exit_code, ledger) == (3, [])
    assert {i["code"] for i in told} == {"rule-cycle"}
    assert "one" in told[0]["found"]
    assert "two" in told[0]["found"]


def test_an_account_that_nobody_declared_is_told_with_the_nearest_name(wrong):
    _, told, _ = wrong.run(RULE + "fund: pool\nsteps: [{remainder: {to: savd}}]\n")
    (issue,) = [i for i in told if i["code"] == "account-undeclared"]
    assert "savd" in issue["found"]
    assert "saved" in issue["hint"]["zh"]


def test_the_balance_of_an_account_that_nobody_declared_is_refused(wrong):
    exit_code, told, _ = wrong.run(RULE + "fund: balance(savd)\nsteps: [{apportion: {by: people}}]\n")
    assert exit_code == 3
    assert "savd" in told[0]["found"]


def test_a_bracket_table_with_a_hole_is_refused(wrong):
    bands = "bands: {kept: {amount: pool, of: pool, rows: [{to: 2%, share: 100%}, {over: 3%, share: 50%}]}}\n"
    exit_code, told, _ = wrong.run(RULE + bands + "fund: kept\nsteps: [{apportion: {by: people}}]\n")
    assert exit_code == 3
    assert [i["code"] for i in told] == ["bands-hole"]


def test_payers_that_do_not_add_up_are_refused(wrong):
    exit_code, told, _ = wrong.run(RULE + "payers: {shares: {中央: 60%, 县级: 30%}}\n" + BY_PEOPLE)
    assert exit_code == 3
    assert [i["code"] for i in told] == ["payers-not-100"]


def test_payers_bring_the_odd_fen_by_the_largest_remainder_where_no_unit_is_said(wrong):
    """100.01 by halves: 50.005 each; the odd fen comes from the payer whose name stands first."""
    rule = RULE + "payers: {shares: {乙: 50%, 甲: 50%}}\n" + BY_PEOPLE
    exit_code, told, ledger = wrong.run(rule, facts=TWO.replace("pool,100", "pool,100.01"))
    assert (exit_code, told) == (0, [])
    assert [row.split(",")[6:9] for row in ledger[:2]] == [
        ["outside:乙", "fund:G", "5001"],
        ["outside:甲", "fund:G", "5000"],
    ]
