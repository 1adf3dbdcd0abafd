"""`solve`: people of a file, a budget, and what uses it up; refusals name the line."""

import pytest

PEOPLE = "工号,category,数量,权数,上月,保底,封顶\n0001,doctor,3,1,100.00,,\n0002,nurse,7,1,100.00,,\n"


@pytest.fixture
def solve(terminal):
    def _solve(*words, people=PEOPLE):
        (terminal.folder / "people.csv").write_text(people, encoding="utf-8")
        return terminal("solve", words[0], "people.csv", *words[1:])

    return _solve


def test_a_unit_value_for_a_budget(solve):
    said = solve("unit-value", "--budget", "100", "--digits", "2")
    assert said.exit == 0
    assert "单价 10 元,剩 0.00 元" in said.out
    found = solve("unit-value", "--budget", "100", "--json").json
    assert (found["solved"], found["amounts"]) == (True, {"0001": "30.00", "0002": "70.00"})


def test_a_tilt_between_two_groups_in_english(solve, terminal):
    said = solve("tilt", "--budget", "250", "--by", "category", "--ratio", "doctor:nurse=1.5", "--out", "out.csv")
    assert (said.exit, "倾斜系数 1.5" in said.out) == (0, True)
    assert terminal.read("out.csv") == "staff_no,amount\n0001,150.00\n0002,100.00\n"


def test_least_change_says_who_changes_by_how_much(solve):
    said = solve("least-change", "--budget", "250", "--by", "category", "--ratio", "doctor:nurse=1.4..1.6")
    assert said.exit == 0
    assert "2 人有变动" in said.out


def test_what_contradicts_itself_names_the_wish_to_give_up(solve):
    people = PEOPLE.replace("0001,doctor,3,1,100.00,,", "0001,doctor,3,1,100.00,,110.00")
    said = solve("least-change", "--budget", "200", "--by", "category", "--ratio", "doctor:nurse=2..3", people=people)
    assert said.exit == 1
    assert "无解" in said.out
    assert "让步:封顶合计放宽 23.35 元" in said.out
    assert "让步:doctor:nurse 最接近可到 ≈1.2222" in said.out


def test_a_ratio_over_nothing_is_not_said_to_have_a_nearest_one(solve):
    people = PEOPLE.replace("0001,doctor,3,1,100.00,,", "0001,doctor,3,1,100.00,0.02,")
    said = solve("least-change", "--budget", "0.02", "--by", "category", "--ratio", "doctor:nurse=2..3", people=people)
    assert said.exit == 1
    assert "让步:不要求 doctor:nurse(一方为 0 元)" in said.out


def test_a_ratio_out_of_reach_says_how_far_it_goes(solve):
    people = PEOPLE.replace("0001,doctor,3,1,100.00,,", "0001,doctor,3,1,100.00,,110.00")
    found = solve("tilt", "--budget", "200", "--by", "category", "--ratio", "doctor:nurse=3", "--json", people=people)
    assert found.exit == 1
    assert (found.json["solved"], found.json["give_up"]) == (False, ["caps"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("0002,nurse,7", "0001,nurse,7", "subject-twice"),
        ("0002,nurse,7", ",nurse,7", "subject-empty"),
        ("0002,nurse,7", "0002,nurse,七", "not-a-number"),
        ("0002,nurse,7", "0002,nurse,", "not-a-number"),
        ("0002,nurse,7", "0002,nurse,-7", "not-a-number"),
        ("数量", "数目", "csv-column-missing"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(solve, old, new, code):
    said = solve("unit-value", "--budget", "100", people=PEOPLE.replace(old, new))
    assert said.exit == 3
    assert code in said.err + said.out


@pytest.mark.parametrize(
    "words",
    [
        ("unit-value", "--budget", "0"),
        ("unit-value", "--budget", "1.005"),
        ("tilt", "--budget", "100", "--by", "category"),
        ("tilt", "--budget", "100", "--by", "category", "--ratio", "doctor:nurse"),
        ("tilt", "--budget", "100", "--by", "category", "--ratio", "doctor:cook=1"),
        ("least-change", "--budget", "100", "--ratio", "doctor:nurse=1"),
        ("least-change", "--budget", "100", "--by", "category", "--ratio", "doctor:nurse=2..1"),
    ],
)
def test_a_call_that_is_off_is_refused(solve, words):
    assert solve(*words).exit == 2
