"""`simulate` from the terminal: changed money of a published month, for people at two widths, for programs, as CSV."""

import pytest
from rich.cells import cell_len

DOUBLE = "pay.fund=pool_yuan / 2"
WHAT = ("simulate", "减半", "--periods", "2025-06")


def test_half_the_fund_is_half_the_pay_and_everybody_loses(published):
    found = published(*WHAT, "--set", DOUBLE, "--json").json
    assert found["scenario"] == "减半"
    assert found["lose"] == len(found["persons"]) - found["same"]
    assert found["gain"] == 0
    assert found["cost"]["outside"]["change_fen"] < 0
    assert found["months"][0]["run"] == "G1:2025-06#1"
    assert {group["kind"] for group in found["groups"]} == {"institution", "category", "title", "decile"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["80", "120"])
def test_people_read_it_at_either_width_in_either_language(published, monkeypatch, width, lang):
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("PERF_LANG", lang)
    said = published(*WHAT, "--set", DOUBLE)
    assert said.exit == 0
    tables = [line for line in said.out.splitlines() if "│" in line or "┃" in line]
    assert tables
    assert max(map(cell_len, tables)) <= int(width)
    assert ("基尼系数" if lang == "zh" else "Gini") in said.out
    assert ("少得最多" if lang == "zh" else "largest losses") in said.out


def test_rows_and_the_scenario_are_written_only_when_asked_and_it_can_be_asked_again(published):
    folder = published.folder
    assert published(*WHAT, "--set", DOUBLE, "--csv", "人.csv", "--save", "减半.json").exit == 0
    assert (folder / "人.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    again = published("simulate", "--scenario", "减半.json", "--periods", "2025-06")
    assert "与保存时的结果相同" in again.out
    assert published("simulate", "--scenario", "减半.json", "--periods", "2025-06", "--set", DOUBLE).exit == 2
    assert published("simulate", "--periods", "2025-06", "--scenario", "人.csv").exit == 2


def test_a_csv_of_facts_and_one_by_one(published):
    person = published(*WHAT, "--json").json["persons"][0]["subject"]
    published.write(
        {"改.csv": f"subject,period,measure,value\n{person},2025-06,work_score,1\n", "坏.csv": "a,b\n1,2\n"}
    )
    one = published(*WHAT, "--facts", "改.csv", "--json").json
    other = published(*WHAT, "--fact", f"{person},work_score,2025-06=1", "--json").json
    assert one["persons"] == other["persons"]
    assert one["digest"] == other["digest"]
    assert one["months"][0]["totals_changed"] == 1
    assert published(*WHAT, "--facts", "坏.csv").exit == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("simulate",), 2),
        (("simulate", "--periods", "2025-01..2026-06"), 2),
        (("simulate", "--periods", "2031-01"), 4),
        (("simulate", "--periods", "2025-06", "--set", "pay.fund=no_such_name"), 3),
        (("simulate", "--periods", "2025-06", "--fact", "nobody,work_score,2025-06=3"), 3),
    ],
)
def test_what_cannot_be_meant_is_refused(published, words, code):
    assert published(*words).exit == code
