"""A header that nobody knows is asked once; the next month the same sheet of the same sender goes in without a word."""

import pytest
import yaml
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import sheet

ROWS = [["000101", "赵一", 85, "面"], ["000102", "钱㛃", 90, "饭"]]


def of_month(number, *, sender="质控科", header="综合评定"):
    title = [f"2025年{number}月质量情况  填报科室:{sender}"]
    return sheet([title, ["工号", "姓名", header, "午餐"], *ROWS], "质控")


def unread(said):
    return [issue["code"] for one in said.json for issue in one["issues"]]


def accept(month, name, *more):
    return month("import", name, *SPECS, "--accept", "--json", *more)


@pytest.fixture
def answered(month):
    put(month, "2025-06 质控.xlsx", of_month(6))
    said = accept(month, "2025-06 质控.xlsx", "--map", "综合评定=work_score", "--map", "午餐=ignore")
    assert said.exit == 0, said.out + said.err
    return month


def test_a_header_is_asked_once_and_the_next_month_needs_no_answer(month):
    name = put(month, "2025-06 质控.xlsx", of_month(6))
    asked = month("import", name, *SPECS)
    assert "--map '综合评定=数据项编码'" in asked.out
    first = accept(month, name, "--map", "综合评定=work_score", "--map", "午餐=ignore")
    assert (first.exit, unread(first)) == (0, ["changes-of-another"])  # the fixture took June under another name
    put(month, "七月.xlsx", of_month(7))
    second = accept(month, "七月.xlsx")
    assert (second.exit, set(unread(second))) == (0, {"column-remembered"})
    assert second.json[0]["counts"]["new"] == 2


def test_a_dry_run_and_a_refused_file_are_not_remembered(month):
    name = put(month, "2025-06 质控.xlsx", of_month(6))
    month("import", name, *SPECS, "--map", "综合评定=work_score")
    assert month("mapping", "list", "--json").json == []
    broken = put(month, "2025-06 坏.xlsx", sheet([["工号", "综合评定"], ["000101", "八十八"]], "质控"))
    assert accept(month, broken, "--map", "综合评定=work_score").exit == 3
    assert month("mapping", "list", "--json").json == []


def test_another_sender_and_another_layout_are_asked_for_themselves(answered):
    put(answered, "七月医务.xlsx", of_month(7, sender="医务科"))
    assert "column-remembered" not in unread(answered("import", "七月医务.xlsx", *SPECS, "--json"))
    wider = sheet(
        [["2025年7月  填报科室:质控科"], ["工号", "姓名", "综合评定", "午餐", "晚餐"], [*ROWS[0], "粥"]], "质控"
    )
    put(answered, "七月宽.xlsx", wider)
    assert "column-remembered" not in unread(answered("import", "七月宽.xlsx", *SPECS, "--json"))


def test_an_answer_to_a_file_that_was_taken_before_takes_the_column_that_was_left(month):
    rows = [["2025年6月  填报科室:质控科"], ["工号", "姓名", "工作得分", "值夜"], ["000101", "赵一", 85, 7]]
    name = put(month, "2025-06 质控二.xlsx", sheet(rows, "质控"))
    assert accept(month, name).exit == 0
    again = accept(month, name, "--map", "值夜=nights")
    assert (again.json[0]["outcome"], again.exit) == ("accepted", 0)
    assert accept(month, name, "--map", "值夜=nights").json[0]["outcome"] == "taken_already"


def test_what_is_remembered_is_shown_with_who_said_it_and_can_be_taken_back(answered):
    (layout,) = answered("mapping", "list", "--json").json
    assert (layout["sender"], layout["headers"]) == ("质控科", ["午餐", "姓名", "工号", "综合评定"])
    assert {one["header"]: one["target"] for one in layout["answers"]} == {"午餐": "ignore", "综合评定": "work_score"}
    name = layout["layout"][:12]
    assert name in answered("mapping", "list").out
    assert "综合评定 → work_score" in answered("mapping", "show", name).out
    assert answered("mapping", "forget", name, "--header", "综合评定", "--by", "张三").exit == 0
    put(answered, "七月.xlsx", of_month(7))
    assert "column-unknown" in unread(answered("import", "七月.xlsx", *SPECS, "--json"))
    assert answered("mapping", "forget", name, "--header", "早餐").exit == 4
    assert answered("mapping", "forget", "0000").exit == 4
    assert answered("mapping", "forget", name).exit == 0
    assert "还没有记住" in answered("mapping", "list").out


def test_a_mapping_is_a_small_file_that_is_reviewed_and_taken_whole_or_not_at_all(answered):
    assert answered("mapping", "export", "-o", "对照.yaml").exit == 0
    path = answered.folder / "对照.yaml"
    text = path.read_text(encoding="utf-8")
    (document,) = [one for one in yaml.safe_load_all(text) if one]
    assert document["answers"] == {"午餐": "ignore", "综合评定": "work_score"}
    assert "新记住的答复 0 条" in answered("mapping", "import", "对照.yaml", *SPECS).err
    path.write_text(text.replace("work_score", "nights"), encoding="utf-8")
    assert "新记住的答复 1 条" in answered("mapping", "import", "对照.yaml", *SPECS).err
    path.write_text(text.replace("work_score", "no_such"), encoding="utf-8")
    refused = answered("mapping", "import", "对照.yaml", *SPECS)
    assert refused.exit == 3
    assert "no_such" in refused.err
    path.write_text("- 1\n", encoding="utf-8")
    assert answered("mapping", "import", "对照.yaml", *SPECS).exit == 3
    (layout,) = answered("mapping", "list", "--json").json
    assert "nights" in [one["target"] for one in layout["answers"]]


def test_an_answer_without_a_header_is_wrong_use(month):
    put(month, "2025-06 质控.xlsx", of_month(6))
    assert month("import", "2025-06 质控.xlsx", *SPECS, "--map", "=work_score").exit == 2


def test_a_header_that_became_the_title_of_a_measure_is_told_and_read_as_answered_until_somebody_says_so(answered):
    more = "measure: overall\ntitle: {zh: 综合评定, en: Overall}\nanswers: number\nunit: points\ndigits: 2\nlevel: person\n"
    answered.write({"rules/more.yaml": more + "supplied_by: 质控科\n"})
    put(answered, "七月.xlsx", of_month(7))
    said = answered("import", "七月.xlsx", *SPECS)
    assert "列“综合评定”按以前的答复当作“工作得分”读取" in said.out
    assert "--map '综合评定=overall'" in said.out
    [told] = [i for i in accept(answered, "七月.xlsx").json[0]["issues"] if i["severity"] == "warning"]
    assert told["code"] == "column-remembered"
    put(answered, "八月.xlsx", of_month(8))
    right = accept(answered, "八月.xlsx", "--map", "综合评定=overall")
    assert "综合评定" not in right.out
    put(answered, "九月.xlsx", of_month(9))
    assert "综合评定" not in answered("import", "九月.xlsx", *SPECS).err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("综合评定: {a: b}\n", "“综合评定”指为“”"),
        ("综合评定: [work_score]\n", "“综合评定”指为“”"),
        ("综合评定:\n", "“综合评定”指为“”"),
        ("综合评定: work_score\n'综合 评定': nights\n", "有两个答复:work_score 和 nights"),
        ("", "不是“表头: 数据项”的 YAML"),
    ],
)
def test_a_mapping_that_says_nothing_or_two_things_of_a_header_is_refused(month, text, said):
    name = put(month, "2025-06 质控.xlsx", of_month(6))
    month.write({"对照.yaml": text})
    refused = month("import", name, *SPECS, "--mapping", "对照.yaml", "--accept")
    assert (refused.exit, said in refused.err) == (2, True), refused


def test_two_answers_to_one_header_on_the_line_are_refused(month):
    name = put(month, "2025-06 质控.xlsx", of_month(6))
    said = month("import", name, *SPECS, "--map", "综合评定=work_score", "--map", "综合 评定=nights")
    assert (said.exit, "两个答复" in said.err) == (2, True)


def one(consortium, answers="{综合评定: work_score}", headers="[工号, 综合评定]", sender="质控科"):
    return f"consortium: {consortium}\nsender: {sender}\nheaders: {headers}\nanswers: {answers}\n"


def test_one_layout_of_one_sender_in_two_consortia_can_be_taken_back_in_one_of_them(month):
    month.write({"对照.yaml": one("G1") + "---\n" + one("'*'")})
    assert month("mapping", "import", "对照.yaml", *SPECS).exit == 0
    first, second = month("mapping", "list", "--json").json
    assert (first["layout"], first["sender"]) == (second["layout"], second["sender"])
    name = first["layout"][:8]
    unclear = month("mapping", "forget", name, "--by", "张三")
    assert (unclear.exit, "--consortium" in unclear.err, "G1 质控科" in unclear.err) == (2, True, True)
    assert month("mapping", "forget", name, "--consortium", "G1", "--by", "张三").exit == 0
    assert [left["consortium"] for left in month("mapping", "list", "--json").json] == ["*"]
    assert "G1" not in month("mapping", "list", "--consortium", "*").out


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (one("G9"), 4, "没有医共体 G9"),
        (one("G1", headers="[工号, [综合评定]]"), 3, "这一段不完整"),
        (one("G1", headers="[]", answers="{}"), 3, "这一段不完整"),
        (one("G1", answers="{综合评定: work_score, 综合 评定: nights}"), 3, "两个答复"),
        ("", 3, "这一段不完整"),
    ],
)
def test_a_reviewed_file_that_cannot_be_meant_is_refused_whole(month, text, code, said):
    month.write({"对照.yaml": one("G1", sender="医务科") + "---\n" + text if text else text})
    refused = month("mapping", "import", "对照.yaml", *SPECS)
    assert (refused.exit, said in refused.err) == (code, True), refused
    assert month("mapping", "list", "--json").json == []


def test_a_phone_in_the_sender_of_a_reviewed_file_is_masked(month):
    month.write({"对照.yaml": one("G1", sender="质控科13812345678")})
    assert month("mapping", "import", "对照.yaml", *SPECS).exit == 0
    assert month("mapping", "list", "--json").json[0]["sender"] == "质控科*******5678"
