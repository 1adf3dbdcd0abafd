"""`specs new`: what it writes passes the checks and its own cases at once, and scores nobody until it is switched on."""

import pytest

from perf.kernel.errors import WrongUse
from perf.services.new_rule import KINDS, new_rule, suggested_measures
from perf.services.rules import check_rules, run_rule_cases

TO_FILL = {"source-missing", "source-to-fill", "supplier-missing", "cases-missing"}


def start(folder, kind, code, **about):
    return new_rule(kind, code, folder, year=2025, **about)


def sound(folder):
    rules = check_rules(folder)
    assert [i.render() for i in rules.issues if i.severity != "info" and i.code not in TO_FILL] == []
    assert [(r.title, r.differences) for r in run_rule_cases(rules) if not r.holds] == []
    return rules


def test_every_kind_passes_the_checks_and_its_cases_together_in_one_folder(tmp_path):
    start(tmp_path, "measure", "visits", title="诊疗人次")
    start(tmp_path, "indicator", "task_rate", title="任务完成率")
    start(tmp_path, "indicator", "visits_shown", title="诊疗量", value="visits")
    start(tmp_path, "scheme", "monthly", title="月度考核", indicators=("task_rate", "visits_shown"))
    start(tmp_path, "distribution", "team_pay", title="团队绩效")
    rules = sound(tmp_path)
    book = rules.book
    assert sum(map(len, rules.cases.values())) == 6
    for rule in (*book.indicators.values(), *book.schemes.values(), *book.distributions.values()):
        assert not rule.is_on(rule.versions[0])


def test_a_new_layer_lies_over_the_library_and_changes_nothing_yet(tmp_path):
    start(tmp_path, "layer", "lujiang", title="本县规定")
    rules = sound(tmp_path)
    assert rules.book.base.indicators == rules.book.indicators
    assert set(rules.book.layers) == {"lujiang"}
    to_fill = [issue for issue in rules.issues if issue.code == "source-to-fill"]
    assert [(issue.severity, issue.place.file) for issue in to_fill] == [("warning", "lujiang.yaml")]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"layer"}))
def test_alone_in_an_empty_folder_it_passes_too_and_its_comments_say_what_to_fill_in(kind, tmp_path):
    about = {}
    if kind == "scheme":
        start(tmp_path, "indicator", "task_rate")
        about["indicators"] = ("task_rate",)
    path = start(tmp_path / ".", kind, "mine", title='怪名:{a}, "b" #c', **about)[0]
    sound(tmp_path)
    assert "待" in path.read_text(encoding="utf-8")


def test_nothing_is_overwritten_and_no_code_is_used_twice(tmp_path):
    (path, *_) = start(tmp_path, "measure", "visits", title="诊疗人次")
    before = path.read_bytes()
    with pytest.raises(WrongUse, match="visits"):
        start(tmp_path, "indicator", "visits")
    (tmp_path / "other.yaml").write_text("# 别的\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="不覆盖"):
        start(tmp_path, "measure", "other")
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.yaml", "visits.yaml"]


@pytest.mark.parametrize(
    ("kind", "code", "about", "word"),
    [
        ("indicater", "x", {}, "indicator"),
        ("measure", "../x", {}, "小写"),
        ("measure", "床位", {}, "小写"),
        ("scheme", "s", {}, "--indicator"),
        ("scheme", "s", {"indicators": ("task_rat",)}, "task_rate"),
    ],
)
def test_what_cannot_be_started_is_refused_with_a_remedy_and_nothing_is_written(kind, code, about, word, tmp_path):
    start(tmp_path, "indicator", "task_rate")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WrongUse, match=word):
        start(tmp_path, kind, code, **about)
    assert sorted(tmp_path.iterdir()) == before


def test_the_measures_nearest_in_name_are_suggested(tmp_path):
    start(tmp_path, "measure", "discharges", title="出院人次")
    start(tmp_path, "measure", "beds", title="编制床位")
    (path, _) = start(tmp_path, "indicator", "bed_use", title="床位使用率", value="discharges / beds")
    text = path.read_text(encoding="utf-8")
    assert "#   beds 编制床位(未写明提供科室)" in text
    assert "#   discharges" not in text
    assert suggested_measures(check_rules(tmp_path).book, "无关", "zzz") == ()


def test_rules_of_pay_are_switched_off_until_somebody_decides_and_right_once_switched_on(tmp_path):
    for kind in ("payroll", "adjustments", "corrections"):
        path = start(tmp_path, kind, f"my_{kind}", title="本县办法")[0]
        assert "enabled: no" in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace("enabled: no", "enabled: yes"), encoding="utf-8")
    book = sound(tmp_path).book
    assert [set(book.payrolls), set(book.adjustments), set(book.corrections)] == [
        {"my_payroll"},
        {"my_adjustments"},
        {"my_corrections"},
    ]
    with pytest.raises(WrongUse, match="my_corrections"):
        start(tmp_path, "indicator", "my_corrections")
