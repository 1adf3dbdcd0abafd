"""`score` on files: exit codes, refusals that write nothing, everything told at once."""

import json
import re

import pytest
from tests.integration.cli_county_files import errors, facts_csv, lines, subjects_csv
from tests.unit.appraisal.appraisal_county import RULES

from perf.scoring import SCORE_COLUMNS


def test_three_faults_of_one_rule_file_are_all_told_with_their_lines(files):
    rules = RULES.replace("value: work_score", "value: work_scor").replace("weight: 70", "weight: 60")
    rules = rules.replace("no_value: zero", "no_valeu: zero", 1)
    files.put(rules=rules)
    said = files.score("--json")
    assert said.exit == 3
    assert not files.terminal.exists("OUT.csv")
    found = {(issue["code"], issue["line"]) for issue in said.json if issue["severity"] == "error"}
    text = rules.splitlines()
    assert found == {
        ("formula-unknown-name", text.index("value: work_scor") + 1),
        ("weights-not-100", text.index("dimensions:") + 2),
        ("rule-key-unknown", text.index("no_valeu: zero") + 1),
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: work_score", "value: no_such_thing", "formula-unknown-name"),
        ("weight: 30, indicators", "weight: 29.99, indicators", "weights-not-100"),
        ("grades: [[优秀, 90], [合格, 60]", "grades: [[优秀, 60], [合格, 60]", "grades-order"),
        ("shares: {doctor: 60", "shares: {doctor: -60", "rule-number-range"),
        ("per: institution", "per: [institution", "yaml-syntax"),
        ("by: share * score / 100", "by: establishment", "pay-by-establishment"),
    ],
)
def test_a_fault_of_the_rules_refuses_and_writes_nothing(files, old, new, code):
    assert old in RULES
    files.put(rules=RULES.replace(old, new, 1))
    said = files.score("--json")
    assert said.exit == 3
    assert code in said.codes()
    assert not files.terminal.exists("OUT.csv")


def test_overlapping_versions_are_refused_with_both_dates(files):
    versions = "versions:\n  - {from: 2024, to: 2025-06, value: work_score}\n  - {from: 2025-06, value: work_score}\n"
    files.put(rules=RULES.replace("value: work_score\n", versions, 1))
    said = files.score("--json")
    assert said.exit == 3
    assert "version-overlap" in said.codes()


def test_two_schemes_that_ask_for_each_other_are_a_cycle_told_as_a_chain(files):
    more = """
---
indicator: of_staff
title: {zh: 甲}
level: institution
unit: points
direction: higher
confidence: A
value: score(two)
digits: exact
points: {curve: entered, full: 100}
source: {document: 文, clause: 条}
no_value: zero
---
indicator: of_house
title: {zh: 乙}
level: institution
unit: points
direction: higher
confidence: A
value: score(one)
digits: exact
points: {curve: entered, full: 100}
source: {document: 文, clause: 条}
no_value: zero
---
scheme: one
title: {zh: 一}
of: {level: institution}
period: month
source: {document: 文, clause: 条}
dimensions: {all: {weight: 100, indicators: {of_staff: {out_of: 100}}}}
---
scheme: two
title: {zh: 二}
of: {level: institution}
period: month
source: {document: 文, clause: 条}
dimensions: {all: {weight: 100, indicators: {of_house: {out_of: 100}}}}
"""
    files.put(rules=RULES.rstrip() + more)
    said = files.score("--json")
    assert said.exit == 3
    (cycle,) = [issue for issue in said.json if issue["code"] == "rule-cycle"]
    assert "one" in cycle["found"]
    assert "two" in cycle["found"]


def test_rules_subjects_and_facts_are_told_in_one_pass(files):
    files.put(
        rules=RULES.replace("weight: 70", "weight: 69"),
        subjects=subjects_csv() + "p10,human,doctor,h1,,,,,,,\n",
        facts=facts_csv("p1,2025-13,seen,1", "p1,2025-06,work_score,130"),
    )
    said = files.score("--json")
    assert said.exit == 3
    assert errors(said) == ["period-unreadable", "fact-twice", "out-of-range", "level-unknown", "weights-not-100"]
    assert not files.terminal.exists("OUT.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [("S.csv", b"\xff\xfe\x00"), ("F.csv", "科室,期间\n".encode("gbk")), ("rules/rules.yaml", b"\x80")],
)
def test_bytes_that_are_no_utf_8_are_refused_with_their_file(files, name, content):
    (files.terminal.folder / name).write_bytes(content)
    said = files.score("--json")
    assert said.exit == 3
    assert said.codes() == ["not-utf-8"]
    assert said.json[0]["file"] == name.rpartition("/")[2]


@pytest.mark.parametrize("name", ["S.csv", "F.csv"])
def test_a_file_that_is_not_there_or_is_a_folder_is_refused(files, name):
    (files.terminal.folder / name).unlink()
    assert files.score("--json").codes() == ["file-unreadable"]
    (files.terminal.folder / name).mkdir()
    said = files.score("--json")
    assert (said.exit, said.codes()) == (3, ["file-unreadable"])


def test_a_refusal_leaves_an_earlier_result_as_it_was(files):
    assert files.score("--explain", "OUT.jsonl").exit == 1
    before = files.terminal.read("OUT.csv"), files.terminal.read("OUT.jsonl")
    files.put(facts="subject,period,measure\n")
    assert files.score("--explain", "OUT.jsonl").exit == 3
    assert (files.terminal.read("OUT.csv"), files.terminal.read("OUT.jsonl")) == before
    assert sorted(p.name for p in files.terminal.folder.iterdir()) == [
        "F.csv",
        "OUT.csv",
        "OUT.jsonl",
        "S.csv",
        "rules",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"period": "2025-13"}, "2025-13"),
        ({"period": "2025-6"}, "2025-6"),
        ({"period": "2025"}, "month"),
        ({"period": "2025-Q2"}, "month"),
        ({"scheme": "staf"}, "没有方案 staf"),
        ({"scheme": ""}, "没有方案"),
    ],
)
def test_a_call_that_is_off_is_wrong_use_and_writes_nothing(files, changes, words):
    said = files.score(**changes)
    assert said.exit == 2
    assert words in said.err
    assert said.out == ""
    assert not files.terminal.exists("OUT.csv")


def test_options_that_are_missing_or_unknown_are_wrong_use(files):
    assert files.terminal("score").exit == 2
    assert files.terminal("score", "--specs").exit == 2
    assert files.terminal("scor").exit == 2
    assert files.score("--colour").exit == 2


def test_a_rule_folder_that_is_not_there_or_is_empty_is_wrong_use(files):
    (files.terminal.folder / "empty").mkdir()
    for folder in ("nowhere", "empty", "S.csv"):
        said = files.terminal(
            "score", "--specs", folder, "--scheme", "staff", "--period", "2025-06",
            "--subjects", "S.csv", "--facts", "F.csv", "--out", "OUT.csv",
        )  # fmt: skip
        assert said.exit == 2
        assert folder in said.err


def test_an_out_that_cannot_be_written_is_told_and_leaves_no_rest(files):
    (files.terminal.folder / "OUT.csv").mkdir()
    said = files.score()
    assert said.exit == 2
    assert "无法写入" in said.err
    assert list((files.terminal.folder).glob(".perf-*")) == []


def test_a_blocked_person_gives_exit_1_and_every_row_is_there(files):
    said = files.score("--explain", "OUT.jsonl", "--json")
    assert said.exit == 1
    assert said.codes().count("missing-fact") == 1
    rows = lines(files.terminal.read("OUT.csv"))
    assert list(rows[0]) == list(SCORE_COLUMNS)
    totals = {row["subject"]: row for row in rows if row["type"] == "total"}
    assert sorted(totals) == [f"p{n}" for n in range(1, 9)]
    assert (totals["p5"]["status"], totals["p5"]["score"], totals["p5"]["reason"]) == ("blocked", "", "missing-fact")
    assert (totals["p6"]["status"], totals["p6"]["reason"]) == ("vetoed", "forfeit_pay")
    assert (totals["p1"]["score"], totals["p1"]["rank"], totals["p1"]["of"]) == ("97.68", "1", "8")
    keys = [(row["scheme"], row["subject"], row["period"], row["item"]) for row in rows]
    assert keys == sorted(keys)
    explained = [json.loads(line) for line in files.terminal.read("OUT.jsonl").splitlines()]
    assert [(o["scheme"], o["subject"], o["period"], o["item"]) for o in explained] == keys
    assert all(set(o["node"]) == {"op", "text", "value", "inputs", "source", "rule"} for o in explained)


def test_people_read_standard_error_and_programs_standard_output(files):
    said = files.score()
    assert said.out == ""
    assert "[missing-fact]" in said.err
    told = files.score("--json")
    assert isinstance(told.json, list)
    assert "[missing-fact]" not in told.err


def test_english_on_request(files):
    assert "scorecards of" in files.score(PERF_LANG="en").err
    assert "found: 2025-06 Work: missing p5 work_score 2025-06" in files.score(PERF_LANG="en_US.UTF-8").err
    assert "已计分 8 张考核表" in files.score(PERF_LANG="zh").err


def test_all_scored_is_exit_0(files):
    files.put(facts=facts_csv("p5,2025-06,work_score,80"))
    assert files.score().exit == 0
    assert files.distribute().exit == 0  # that the vetoed and the gated get nothing is what the rule says


def test_a_division_by_zero_is_the_rules_business_not_a_crash(files):
    rules = RULES.replace("value: work_score", "value: work_score / grave", 1)
    files.put(rules=rules)
    said = files.score("--json")
    assert said.exit == 1
    totals = [row for row in lines(files.terminal.read("OUT.csv")) if row["type"] == "total"]
    assert {row["status"] for row in totals} <= {"blocked", "vetoed", "scored"}
    assert "denominator-zero" in said.codes()


def test_two_schemes_in_one_call_and_the_same_one_twice(files):
    assert files.score("--scheme", "house").exit == 1
    assert {row["scheme"] for row in lines(files.terminal.read("OUT.csv"))} == {"staff", "house"}
    both = files.terminal.read("OUT.csv")
    assert files.score("--scheme", "staff", "--scheme", "house").exit == 1
    assert files.terminal.read("OUT.csv") == both


def test_subjects_that_no_scheme_is_for_are_counted(files):
    said = files.score()
    assert re.search(r"已计分 8 张考核表\(8 个对象\),无适用方案 3 个", said.err)
