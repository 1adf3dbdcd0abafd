"""`specs diff` from the terminal: by meaning, on files, on the database, against pinned rules."""

import pytest
from openpyxl import load_workbook
from tests.integration.cli_county_files import facts_csv, subjects_csv
from tests.integration.cli_month_files import RULES, put_month
from tests.unit.appraisal.appraisal_county import MEASURES as COUNTY_MEASURES
from tests.unit.appraisal.appraisal_county import RULES as COUNTY_RULES

SPECS = ("--specs", "rules")


@pytest.fixture
def month(terminal):
    """June run and published under `rules`; `new` holds the same rules once more, to be changed."""
    put_month(terminal.folder)
    assert terminal("init").exit == 0
    files = ["花名册.xlsx", "2025-06 质控科.xlsx", "2025-06 财务科.xlsx", "机构名单.xlsx"]
    assert terminal("import", *files, *SPECS, "--accept", "--by", "张三").exit == 0
    assert terminal("run", "2025-06", *SPECS, "--by", "张三").exit == 0
    copy(terminal)
    return terminal


def copy(terminal, **changes):
    for path in (terminal.folder / "rules").glob("**/*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in changes.values():
            text = text.replace(old, new)
        terminal.write({f"new/{path.relative_to(terminal.folder / 'rules').as_posix()}": text})


def test_layout_and_comments_are_no_difference(month):
    copy(month, layout=("value: work_score", "# 注释\nvalue:   work_score"))
    said = month("specs", "diff", "rules", "new")
    assert said.exit == 0
    assert "没有差别" in said.out


def test_a_floor_moves_money_and_every_fen_of_it_is_shown(month):
    assert "apportion: {by:" in RULES
    copy(month, floor=("apportion: {by:", "apportion: {floor: 100, by:"))
    found = month("specs", "diff", "rules", "new", "--json").json
    assert [(c["code"], c["key"], c["old"], c["new"]) for c in found["rules"]] == [
        ("pay", "steps.apportion 绩效.floor", None, "100")
    ]
    assert [m["period"] for m in found["months"]] == ["2025-06"]
    for one in found["months"]:
        people = [p for p in one["pay"] if p["account"].startswith("person:")]
        assert sum(p["new_fen"] - p["old_fen"] for p in people) == one["new_sum_fen"] - one["old_sum_fen"]
        persons = one["persons"]
        assert persons["up"] + persons["down"] == len(people)


def test_grades_ranks_and_totals_stand_side_by_side(month):
    copy(month, grades=("[优秀, 90]", "[优秀, 75]"))
    found = month("specs", "diff", "rules", "new", "--json").json
    assert [(c["code"], c["key"]) for c in found["rules"]] == [("staff", "grades")]
    changed = [s for m in found["months"] for s in m["standings"]]
    assert changed
    assert all(s["old"]["total"] == s["new"]["total"] for s in changed)
    assert all((s["old"]["grade"], s["new"]["grade"]) == ("合格", "优秀") for s in changed)
    assert sum(g["count"] for m in found["months"] for g in m["grades"]) == len(changed)
    told = month("specs", "diff", "rules", "new").out
    assert "等次 合格 → 优秀" in told
    assert "合计不变" in told


def test_the_rules_that_a_run_pinned_can_be_compared_and_give_what_was_paid(month):
    found = month("specs", "diff", "run:2025-06#1", "rules", "--periods", "2025-06", "--json").json
    assert found["rules"] == []
    assert [(m["standings"], m["pay"]) for m in found["months"]] == [([], [])] * len(found["months"])
    assert found["months"]


def test_a_published_month_opens_with_what_its_run_opened_with(month):
    assert month("publish", "2025-06", "--by", "李强", "--reason", "通过").exit == 0
    found = month("specs", "diff", "run:2025-06#1", "rules", "--json").json
    paid = {m["consortium"]: m["new_sum_fen"] for m in found["months"]}
    assert paid
    assert all(amount > 0 for amount in paid.values())
    assert all(not m["pay"] for m in found["months"])


def test_all_details_go_into_a_workbook(month):
    copy(month, floor=("apportion: {by:", "apportion: {floor: 100, by:"))
    assert month("specs", "diff", "rules", "new", "--out", "影响.xlsx").exit == 0
    book = load_workbook(month.folder / "影响.xlsx")
    assert book.sheetnames == ["规则的差别", "各期汇总", "金额变化", "考核变化"]
    cells = [cell.value for row in book["规则的差别"].iter_rows() for cell in row]
    assert "steps.apportion 绩效.floor" in cells


@pytest.mark.parametrize("periods", ["2025-13", "2025-06..2025-01", "2025-06..2025", "2000-01..2025-06", "..", "六月"])
def test_periods_that_make_no_sense_are_wrong_use(month, periods):
    said = month("specs", "diff", "rules", "new", "--periods", periods)
    assert said.exit == 2
    assert "期间" in said.err


def test_an_unknown_consortium_is_told(month):
    assert month("specs", "diff", "rules", "new", "--consortium", "G9").exit != 0


def test_nobody_and_no_amount_is_named_on_the_way_to_a_program(month):
    copy(month, floor=("apportion: {by:", "apportion: {floor: 100, by:"))
    said = month("specs", "diff", "rules", "new", "--json")
    assert "元" not in said.err


# ---- on files


def put_files(terminal, rules=COUNTY_RULES):
    terminal.write(
        {"old/m.yaml": COUNTY_MEASURES, "old/r.yaml": COUNTY_RULES, "S.csv": subjects_csv(), "F.csv": facts_csv()}
    )
    terminal.write({"new/m.yaml": COUNTY_MEASURES, "new/r.yaml": rules})


FILES = ("--subjects", "S.csv", "--facts", "F.csv", "--periods", "2025-06")


def test_files_are_enough(terminal):
    put_files(terminal, COUNTY_RULES.replace("[[0, 0], [300, 100]]", "[[0, 0], [150, 60], [300, 100]]"))
    said = terminal("specs", "diff", "old", "new", *FILES, "--json")
    assert said.exit == 0
    assert [(c["code"], c["key"]) for c in said.json["rules"]] == [("seen_much", "points.through")]
    assert said.json["months"][0]["standings"]
    assert not (terminal.folder / "perf.db").exists()


def test_files_without_the_other_file_or_a_period_are_wrong_use(terminal):
    put_files(terminal)
    assert terminal("specs", "diff", "old", "new", "--subjects", "S.csv", "--periods", "2025-06").exit == 2
    assert terminal("specs", "diff", "old", "new", "--subjects", "S.csv", "--facts", "F.csv").exit == 2


def test_a_measure_that_only_one_side_knows_is_no_error(terminal):
    more = COUNTY_MEASURES + "---\nmeasure: extra_one\ntitle: 新数据\nanswers: number\nunit: items\nlevel: person\n"
    put_files(terminal)
    terminal.write({"new/m.yaml": more, "F.csv": facts_csv("p1,2025-06,extra_one,3")})
    found = terminal("specs", "diff", "old", "new", *FILES, "--json")
    assert found.exit == 0
    assert [(c["kind"], c["code"], c["old"], c["new"]) for c in found.json["rules"]] == [
        ("measures", "extra_one", None, "数据项")
    ]


def test_rules_with_errors_are_refused_on_either_side(terminal):
    put_files(terminal, COUNTY_RULES.replace("value: work_score", "value: nothing_such"))
    for sides in (("old", "new"), ("new", "old")):
        said = terminal("specs", "diff", *sides, *FILES, "--json")
        assert said.exit == 3
        assert "formula-unknown-name" in said.codes()
