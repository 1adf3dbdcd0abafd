"""One workbook per trouble of real life: what is found, at which cell, and what is kept all the same."""

import io
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perf.excel import read_facts, read_roster, read_workbook
from perf.excel.roster_import import is_roster
from perf.kernel.subjects import Roster
from perf.services.actors import Actor
from perf.services.county.dirty import hostile, setting_of, troubles
from perf.services.files import packaged
from perf.services.import_files import import_files
from perf.services.rules import readable_book
from perf.services.workbooks import WorkbookRequest

EXPECTED = Path(__file__).parents[2] / "fixtures" / "dirty"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in EXPECTED.glob("*.expected.json"))
HR = Actor("绩效办", everything=True)
NOW = datetime(2025, 7, 3, 9, 0, tzinfo=UTC)


@cache
def setting():
    return setting_of(packaged("fixtures/county"))


@cache
def book():
    return readable_book(None)


@cache
def roster():
    found = read_roster("花名册.xlsx", setting().roster, attributes=book().attributes)
    assert not [issue for issue in found.issues if issue.is_error]
    return Roster(found.segments)


@cache
def everything():
    return {trouble.name: trouble for trouble in (*troubles(setting()), *hostile())}


def read(name, content):
    if is_roster(read_workbook(name, content)):
        found = read_roster(name, content, attributes=book().attributes, known=roster())
        return found, len(found.segments)
    found = read_facts(name, content, book(), roster())
    return found, len(found.rows)


def as_json(name, content):
    found, kept = read(name, content)
    issues = [[i.place.sheet, i.place.cell, i.code, i.severity] for i in found.issues]
    return {"name": name, "verdict": found.verdict, "kept": kept, "issues": issues}


def test_every_trouble_has_its_expected_issues_and_every_expectation_its_trouble():
    assert sorted(everything()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_issues_are_those_that_are_expected_each_at_its_cell(name):
    expected = json.loads((EXPECTED / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert [as_json(file, content) for file, content in everything()[name].files.items()] == expected["files"]


@pytest.mark.parametrize("name", NAMES)
def test_every_issue_says_what_was_found_and_what_was_expected_in_both_languages(name):
    for file, content in everything()[name].files.items():
        for issue in read(file, content)[0].issues:
            assert issue.found.zh
            assert issue.found.en
            assert issue.expected.zh
            assert issue.place.file == file


@pytest.mark.parametrize("name", ["full_width_digits", "numbers_as_text", "totals_row", "blank_lines", "lost_zeros"])
def test_what_is_only_untidy_gives_the_same_facts_as_the_tidy_workbook(name):
    sound = everything()["row_inserted_and_dropped"].files
    first = read(*next(iter(sound.items())))[0].rows
    (content,) = everything()[name].files.values()
    facts = {fact.key: fact.value for fact in read("2025-06.xlsx", content)[0].rows}
    changed = {fact.key.subject: str(facts[fact.key]) for fact in first if facts[fact.key] != fact.value}
    # 92.5 of the tidy workbook was typed anew as 88.5, in full width
    assert changed == ({setting().doctors[1].number: "177/2"} if name == "full_width_digits" else {})


def upload(store, folder, files):
    paths = []
    for name, content in (("花名册.xlsx", setting().roster), *files.items()):
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    outcomes = []
    for path in paths:
        request = WorkbookRequest(mode="accept", reason="六月上报")
        outcomes += import_files(store, [path], specs=None, actor=HR, now=NOW, request=request)
    return outcomes[1:]


def test_two_senders_of_one_figure_are_told_and_the_second_file_is_not_taken(sqlite_store, tmp_path):
    first, second = upload(sqlite_store, tmp_path, everything()["two_senders"].files)
    assert (first.outcome, first.issues) == ("accepted", ())
    assert second.outcome == "refused"
    assert {issue.code for issue in second.issues} == {"two-senders"}


def test_a_row_inserted_and_a_row_dropped_are_new_and_gone_and_nothing_is_mistaken_for_another(sqlite_store, tmp_path):
    first, second = upload(sqlite_store, tmp_path, everything()["row_inserted_and_dropped"].files)
    assert first.counts["new"] == 15
    assert (second.counts["new"], second.counts["gone"], second.counts["unchanged"]) == (3, 3, 12)
    assert second.counts["changed"] == 0


def test_the_workbooks_are_the_same_every_time_but_for_the_time_they_were_saved():
    again = {trouble.name: trouble for trouble in troubles(setting())}
    for name in ("score_in_words", "duplicate_row", "percent_text"):
        for file, content in again[name].files.items():
            assert cells(content) == cells(everything()[name].files[file])


def cells(content):
    return [[c.value for c in row] for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows()]
