"""Statements, pay files and templates written from the terminal."""

import json

from tests.integration.cli_june import SPECS


def test_exports_go_only_to_csv_and_xlsx(june):
    for command in (("payfile", "-o", "x.pdf"), ("payroll", "-o", "x.csv"), ("ledger", "-o", "x")):
        assert june("export", *command).exit == 2
    assert june("statements", "-o", "st").exit == 2
    assert not june.exists("st")


def test_statements_of_one_house_and_of_no_house(june):
    assert june("statements", "--institution", "T1", "-o", "st", "--workers", "1").exit == 0
    assert sorted(p.name for p in (june.folder / "st").rglob("*.pdf")) == ["000201.pdf", "000202.pdf"]
    said = june("statements", "--institution", "T9", "-o", "none", "--workers", "1")
    assert said.exit == 4
    assert "T9" in said.err


def test_what_would_be_empty_is_refused_and_says_why(june):
    for command in (
        ("show", "--institution", "T9"),
        ("template", "--period", "2025-07", "--institution", "T9", "-o", "t.xlsx", *SPECS),
    ):
        said = june(*command)
        assert (said.exit, said.out) == (4, "")
        assert "T9" in said.err
    assert not june.exists("t.xlsx")
    year = june("run", "2025", *SPECS)
    assert year.exit == 2
    assert "2025" in year.err
    assert june("show", "2025").exit == 4


def test_a_template_of_the_whole_library_asks_only_for_what_the_rules_in_use_need(june):
    made = june("template", "--period", "2025-07", "--sender", "财务科", "-o", "t.xlsx", "--json")
    assert json.loads(made.out)["measures"] == 2  # of about forty
    assert june("template", "--period", "2025-07", "--sender", "检验科", "-o", "t.xlsx").exit != 0
    asked = june("template", "--period", "2025", "--sender", "检验科", "-o", "t.xlsx", "--json")
    assert json.loads(asked.out)["measures"] == 3  # no rule in use needs them, so all of that sender's


def test_a_template_for_nobody_is_refused_with_the_senders_there_are(june):
    said = june("template", "--period", "2025-07", "--sender", "食堂", "-o", "t.xlsx", *SPECS)
    assert said.exit == 4
    assert "质控科" in said.err
    assert not june.exists("t.xlsx")


def test_a_filled_template_comes_back_without_an_error(june):
    june("template", "--period", "2025-07", "--sender", "质控科", "-o", "2025-07 质控科.xlsx", *SPECS)
    said = june("import", "2025-07 质控科.xlsx", *SPECS, "--json")
    assert said.exit == 0
    assert [i for i in said.json[0]["issues"] if i["severity"] == "error"] == []


def test_every_department_or_every_house_gets_a_template_of_its_own_that_comes_back_under_any_name(june):
    said = june("template", "--period", "2025-07", "--all", "模板", *SPECS, "--json")
    assert said.exit == 0
    assert {row["out"] for row in said.json} == {
        str(p.relative_to(june.folder)) for p in june.folder.glob("模板/*/*.xlsx")
    }
    path = next(june.folder.glob("模板/质控科/2025-07 质控科 *.xlsx"))
    path.rename(june.folder / "新建 表格.xlsx")
    taken = june("import", "新建 表格.xlsx", *SPECS, "--json")
    assert taken.exit == 0
    assert {i["code"] for i in taken.json[0]["issues"] if i["severity"] != "info"} == {"no-figures"}  # an empty form
    one = june("template", "--period", "2025-07", "--all", "单位", "--by", "institution", *SPECS, "--json")
    houses = {row["out"].split("/")[1] for row in one.json}
    assert len(houses) == len(one.json) > 1
    both = june(
        "template", "--period", "2025-07", "--all", "全", "--by", "both", "--institution", "T1", *SPECS, "--json"
    )
    assert {row["out"].split("/")[1] for row in both.json} > {"质控科"}


def test_a_template_goes_to_a_file_or_to_a_folder(june):
    assert june("template", "--period", "2025-07", *SPECS).exit == 2
    assert june("template", "--period", "2025-07", "-o", "t.xlsx", "--all", "d", *SPECS).exit == 2
    assert june("template", "--period", "2025-07", "--all", "d", "--institution", "T9", *SPECS).exit == 4
    assert not june.exists("d")
