"""One person in two runs, side by side, with what is another and why."""

import json
from dataclasses import replace
from datetime import date

import pytest
from corrections_county import SETTLE, book_with, corrected, figures, june_released, moved
from services_county import HR, JUNE, RULES, SEGMENTS, month_facts, take, with_roster

from perf.cli.app import run as command
from perf.kernel.errors import NotFound
from perf.services.diff_person import diff_person
from perf.services.diff_runs import diff_runs

BOOK = book_with(SETTLE + "mode: rebalance\n")
SCORES = ("50", "88", "71.5", "60", "85.55")


def pair(store, book=BOOK):
    """June published and its correction, after something was found wrong: the score of 001."""
    first = june_released(store, BOOK)
    take(store, month_facts(JUNE, scores=SCORES), name="更正.xlsx")
    return first, corrected(store, book, first)


def test_a_wrong_fact_is_shown_with_the_cells_of_both_versions_and_what_it_did(store):
    first, second = pair(store)
    found = diff_person(store, old=first, new=second, subject="001", actor=HR)
    (fact,) = found.facts
    assert (fact.subject, fact.measure, fact.old, fact.new) == ("001", "work_score", "92.35", "50")
    assert fact.old_cell.startswith("2025-06.xlsx")
    assert fact.new_cell.startswith("更正.xlsx")
    items = {one.title.zh: one for one in found.items}
    assert (items["工作完成"].old_value, items["工作完成"].new_value) == ("92.35", "50")
    assert (items["职工考核"].old_points, items["职工考核"].new_points) == ("92.35", "50")
    (line,) = [one for one in found.lines if one.line == "绩效"]
    assert line.new < line.old
    assert "92.35" in line.old_how.zh or "0.9235" in line.old_how.zh
    for run, side in ((first, "old"), (second, "new")):
        assert sum(getattr(one, side).fen for one in found.lines) == moved(figures(store, run), "person:001")
    assert found.rules == found.old_posts == ()


def test_somebody_whose_own_facts_are_right_sees_only_the_pay_move(store):
    first, second = pair(store)
    found = diff_person(store, old=first, new=second, subject="002", actor=HR)
    assert (found.facts, found.items, found.new_posts) == ((), (), ())
    assert [one.line for one in found.lines if one.old != one.new]


def test_posts_and_rules_that_are_another_are_named(store):
    first = june_released(store, BOOK)
    old = next(one for one in SEGMENTS if one.subject == "003")
    here = replace(old, first_day=date(2025, 6, 1), parent="t1")
    with_roster(store, (*(s for s in SEGMENTS if s is not old), replace(old, last_day=date(2025, 5, 31)), here))
    changed = RULES["rules.yaml"].replace("1% * fund", "3% * fund")
    second = corrected(store, book_with(SETTLE + "mode: rebalance\n", **{"rules.yaml": changed}), first)
    found = diff_person(store, old=first, new=second, subject="003", actor=HR)
    assert [post.partition(" ")[0] for post in (*found.old_posts, *found.new_posts)] == ["h1", "t1"]
    assert [(one.code, one.old, one.new) for one in found.rules] == [("pay", "1% * fund", "3% * fund")]
    assert {one.owner for one in found.lines} == {"h1", "t1"}


def test_nobody_of_the_number_is_told(store):
    first, second = pair(store)
    with pytest.raises(NotFound):
        diff_person(store, old=first, new=second, subject="999", actor=HR)


def test_the_list_of_facts_of_two_runs_names_the_cells(store):
    first, second = pair(store)
    (fact,) = diff_runs(store, old=first, new=second, actor=HR).facts
    assert fact.old_cell != fact.new_cell


def test_the_command_shows_both_versions(sqlite_store, sqlite_url, capsys):
    first, second = pair(sqlite_store)
    database_url = sqlite_url
    assert command(["show", first, "--diff", second, "--person", "001", "--db", database_url]) == 0
    said = capsys.readouterr().out
    for word in ("001 赵一", "绩效", "92.35", "更正.xlsx", "得分"):
        assert word in said
    assert command(["show", first, "--diff", second, "--person", "001", "--db", database_url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"][0]["new"] == "50"
    assert command(["show", first, "--person", "001", "--db", database_url]) == 2
    assert command(["show", first, "--diff", second, "--db", database_url]) == 0
    assert "更正.xlsx" in capsys.readouterr().out
