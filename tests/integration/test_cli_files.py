"""`score` and `distribute` on files: exit codes, refusals that write nothing, forms that read back."""

import csv
import io
import json
import re

import pytest
from tests.unit.appraisal.appraisal_county import MEASURES, RULES, SEGMENTS, county_facts

from perf.distribution import LEDGER_COLUMNS, check_rows
from perf.kernel.figures import exact_text
from perf.scoring import SCORE_COLUMNS

COLUMNS = ("category", "share", "gated", "fte", "name")


def subjects_csv(without: str = "") -> str:
    rows = ["subject,level,kind,parent,from,to," + ",".join(COLUMNS)]
    for s in SEGMENTS:
        if s.subject == without:
            continue
        first = "" if s.first_day.year == 1 else str(s.first_day)
        last = "" if s.last_day.year == 9999 else str(s.last_day)
        given = ",".join(s.attributes.get(c, "") for c in COLUMNS)
        rows.append(f"{s.subject},{s.level},{s.kind},{s.parent},{first},{last},{given}")
    return "\n".join(rows) + "\n"


def facts_csv(*more: str, without: str = "", **pools: str) -> str:
    rows = [
        f"{f.key.subject},{f.key.period},{f.key.measure},{f.value if isinstance(f.value, str) else exact_text(f.value)}"
        for f in county_facts(**pools)
        if f.key.measure != without
    ]
    return "\n".join(["subject,period,measure,value", *rows, *more]) + "\n"


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def errors(said) -> list[str]:
    return [issue["code"] for issue in said.json if issue["severity"] == "error"]


class Files:
    """The small county as files, and the two commands on them."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.put()

    def put(self, *, rules=RULES, measures=MEASURES, subjects=None, facts=None):
        self.terminal.write(
            {
                "rules/measures.yaml": measures,
                "rules/rules.yaml": rules,
                "S.csv": subjects or subjects_csv(),
                "F.csv": facts or facts_csv(),
            }
        )

    def score(self, *more, scheme="staff", period="2025-06", **environment):
        given = ("--specs", "rules", "--scheme", scheme, "--period", period, "--subjects", "S.csv", "--facts", "F.csv")
        return self.terminal("score", *given, "--out", "OUT.csv", *more, **environment)

    def distribute(self, *more, distribution="pay", period="2025-06", scores="OUT.csv"):
        given = ("--specs", "rules", "--distribution", distribution, "--period", period)
        files = ("--subjects", "S.csv", "--facts", "F.csv", "--out", "LEDGER.csv")
        return self.terminal("distribute", *given, *files, *(("--scores", scores) if scores else ()), *more)


@pytest.fixture
def files(terminal):
    return Files(terminal)


# ---- refusals: exit 3, everything told at once, nothing written


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


# ---- wrong use: exit 2


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


# ---- done in part: exit 1


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


# ---- distribute


def balances(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in lines(text):
        found[row["to"]] = found.get(row["to"], 0) + int(row["amount_fen"])
        found[row["from"]] = found.get(row["from"], 0) - int(row["amount_fen"])
    return found


def test_the_ledger_reads_back_and_every_fen_is_there(files):
    files.score()
    assert files.distribute().exit == 1
    text = files.terminal.read("LEDGER.csv")
    rows = lines(text)
    assert list(rows[0]) == list(LEDGER_COLUMNS)
    assert [int(row["entry"]) for row in rows] == list(range(1, len(rows) + 1))
    check_rows(rows, {})
    closing = balances(text)
    assert {a: v for a, v in closing.items() if a.startswith("fund:") and v} == {}
    assert -closing["outside:pay"] == 2345678 + 987655
    assert sum(closing.values()) == 0
    assert closing["held:p5"] == 521312
    assert "person:p5" not in {a for a, v in closing.items() if v}


def test_without_scores_everybody_is_held_and_nobody_paid(files):
    said = files.distribute("--json", scores="")
    assert said.exit == 1
    waiting = {issue["subject"] for issue in said.json if issue["code"] == "score-missing"}
    assert waiting == {f"p{n}" for n in range(1, 9)}
    shares = [row for row in lines(files.terminal.read("LEDGER.csv")) if row["line"] == "绩效"]
    assert {row["to"].partition(":")[0] for row in shares if row["amount_fen"] != "0"} == {"held"}


def test_floors_over_the_pool_leave_the_owner_untouched_and_pay_the_other(files):
    files.put(rules=RULES.replace("floor: 100", "floor: 3000"))
    files.score()
    said = files.distribute("--json")
    assert said.exit == 1
    assert "pool-under-floors" in said.codes()
    (issue,) = [i for i in said.json if i["code"] == "pool-under-floors"]
    assert issue["subject"] == "h2"
    rows = lines(files.terminal.read("LEDGER.csv"))
    assert {row["owner"] for row in rows} == {"h1"}


def test_nobody_eligible_is_told_and_no_money_moves(files):
    files.put(rules=RULES.replace("among: staff", "among: staff where category == porter"))
    said = files.distribute("--json", scores="")
    assert said.exit == 1
    assert said.codes().count("nobody-eligible") == 2
    assert lines(files.terminal.read("LEDGER.csv")) == []


def test_an_opening_ledger_brings_its_balances_and_has_to_balance(files):
    files.score()
    files.distribute()
    first = files.terminal.read("LEDGER.csv")
    files.terminal.write({"MAY.csv": first.replace("2025-06", "2025-05")})
    more = RULES + (
        "---\ndistribution: bonus\ntitle: {zh: 结存发放}\nperiod: month\nper: institution\namong: staff\n"
        "fund: balance(saved)\nsource: {document: 文, clause: 条}\nsteps: [{apportion: {by: share}}]\n"
    )
    files.put(rules=more)
    assert files.distribute("--opening", "MAY.csv", distribution="bonus").exit == 0
    closing = balances(files.terminal.read("LEDGER.csv"))
    assert closing["reserve:saved:h1"] == -70370
    assert closing["reserve:saved:h2"] == -29630
    before = files.terminal.read("LEDGER.csv")
    for damaged in (
        first.replace(",70370,", ",70371,"),
        "\n".join(row for row in first.splitlines() if not row.startswith("7,")) + "\n",
        first + first.splitlines()[-1] + "\n",
        first.replace("amount_fen", "amount"),
        first.replace(",70370,", ",-1,"),
        first.replace(",70370,", ",x,"),
    ):
        files.terminal.write({"MAY.csv": damaged})
        said = files.distribute("--opening", "MAY.csv", "--json", distribution="bonus")
        assert said.exit == 3, damaged[:200]
        assert {issue["file"] for issue in said.json} == {"MAY.csv"}
        assert files.terminal.read("LEDGER.csv") == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"distribution": "pya"}, "没有分配规则 pya"),
        ({"period": "2025"}, "不适用于 2025"),
        ({"period": "六月"}, "六月"),
    ],
)
def test_a_distribution_that_is_not_there_or_not_in_force_is_wrong_use(files, changes, words):
    said = files.distribute(scores="", **changes)
    assert said.exit == 2
    assert words in said.err
    assert not files.terminal.exists("LEDGER.csv")


def test_scores_given_twice_are_refused_and_those_of_another_month_are_told(files):
    files.score()
    text = files.terminal.read("OUT.csv")
    files.terminal.write({"AGAIN.csv": text, "MAY.csv": text.replace("2025-06", "2025-05")})
    said = files.distribute("--scores", "AGAIN.csv", "--json")
    assert (said.exit, set(errors(said))) == (3, {"score-twice"})
    assert not files.terminal.exists("LEDGER.csv")
    told = files.distribute("--json", scores="MAY.csv")
    assert told.exit == 1
    assert "score-other-period" in told.codes()


def test_a_broken_score_file_is_refused_with_its_lines(files):
    files.score()
    rows = files.terminal.read("OUT.csv").splitlines()
    rows[3] += ",more"
    files.terminal.write({"OUT.csv": "\n".join(rows) + "\n"})
    said = files.distribute("--json")
    assert (said.exit, errors(said), said.json[0]["line"]) == (3, ["csv-row-length"], 4)


def test_the_order_of_rows_and_columns_of_every_file_never_matters(files):
    files.score("--explain", "OUT.jsonl")
    files.distribute()
    expected = [files.terminal.read(name) for name in ("OUT.csv", "LEDGER.csv")]
    for name in ("S.csv", "F.csv", "OUT.csv"):
        table = [row[::-1] for row in csv.reader(io.StringIO(files.terminal.read(name)))]
        text = io.StringIO()
        csv.writer(text).writerows([table[0], *reversed(table[1:])])
        files.terminal.write({name: "\ufeff" + text.getvalue()})
    files.distribute()
    assert files.terminal.read("LEDGER.csv") == expected[1]
    files.score()
    assert files.terminal.read("OUT.csv") == expected[0]


def test_no_amount_and_no_figure_of_a_person_is_in_what_goes_to_the_screen(files):
    files.put(rules=RULES.replace("floor: 100", "floor: 3000"))
    said = [files.score(), files.distribute(), files.score("--json"), files.distribute("--json")]
    ledger = lines(files.terminal.read("LEDGER.csv"))
    personal = {row["amount_fen"] for row in ledger if row["to"].startswith(("person:", "held:"))} - {"0"}
    yuan = {f"{int(fen) // 100:,}.{int(fen) % 100:02d}" for fen in personal}
    for one in said:
        for text in (one.out, one.err):
            assert [amount for amount in yuan if amount in text] == []
