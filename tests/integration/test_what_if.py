"""What-if: the months of a scheme under changed settings, exactly as a whole new scoring would give them."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from test_score_many import NOW, RULES, WIDE, one_by_one

from perf.cli.app import run
from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.periods import parse_period
from perf.services.actors import local_actor
from perf.services.scheme_rules import changed_book
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.services.what_if import what_if
from perf.specs.book import load_book
from perf.storage.store import Store

PERIODS = [parse_period("2025-06")]
BOOK = load_book({"r.yaml": RULES})[0]


@pytest.fixture
def scored(store: Store, tmp_path: Path) -> Store:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "wide" / "2025-06").mkdir(parents=True)
    (tmp_path / "wide" / "2025-06" / "G1.csv").write_text(WIDE, encoding="utf-8")
    score_many(store, find_wide_files(tmp_path / "wide"), Order(tmp_path / "rules", "monthly", local_actor("x"), NOW))
    return store


def ask(store: Store, changes: dict[str, str], **more):
    return what_if(
        store, BOOK.texts, scheme="monthly", periods=PERIODS, changes=changes, actor=local_actor("x"), **more
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"monthly.dimensions.work.weight": "40", "monthly.dimensions.care.weight": "60"},
        {"monthly.dimensions.work.indicators.place.weight": "60"},
        {"a_day.points.through": "[[0, 0], [9, 60], [15, 100]]"},
        {"a_day.enabled": "no"},
        {"place.points": "{curve: rank, method: step, each: 10}"},
        {"growth.no_value": "zero", "rated.points.values": "{A: 100, B: 70, C: 10}"},
        {"visits.title": "人次"},
    ],
)
def test_the_answer_is_that_of_a_whole_new_scoring(scored: Store, changes: dict[str, str]):
    found = ask(scored, changes)
    before, after = one_by_one(), one_by_one(changed_book(BOOK, "monthly", changes))
    expected = {
        subject: (card.total, after.cards["monthly", subject].total)
        for (_, subject), card in before.cards.items()
        if card.total is not None and after.cards["monthly", subject].total is not None
    }
    assert {row.subject: (row.before, row.after) for row in found.rows} == expected
    assert found.rose + found.fell + found.same == len(expected)
    assert sum(found.grades.values()) == len(expected)


def test_rows_go_from_the_largest_gain_to_the_largest_loss(scored: Store):
    found = ask(scored, {"monthly.dimensions.work.weight": "10", "monthly.dimensions.care.weight": "90"})
    changes = [row.change for row in found.rows]
    assert changes == sorted(changes, reverse=True)


def test_one_institution_is_shown_among_the_same_peers(scored: Store):
    change = {"monthly.dimensions.work.indicators.place.weight": "60"}
    assert ask(scored, change, institution="H1").rows == ask(scored, change).rows
    with pytest.raises(NotFound):
        ask(scored, change, institution="H9")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"monthly.dimensions.work.weight": "50"}, "weights-not-100"),
        ({"monthly.dimensions.wrk.weight": "50"}, "layer-path-unknown"),
        ({"a_day.points.through": "[[10, 0], [5, 100]]"}, "curve-order"),
        ({"a_day.value": "__import__(os)"}, "formula-unknown-name"),
    ],
)
def test_changes_that_make_no_rule_are_refused_with_their_place(scored: Store, changes: dict[str, str], code: str):
    with pytest.raises(InputRefused) as refused:
        ask(scored, changes)
    assert code in {issue.code for issue in refused.value.issues}


def test_what_needs_more_than_the_sheet_holds_is_refused(scored: Store):
    with pytest.raises(WrongUse, match="a_day"):
        ask(scored, {"a_day.value": "parent.visits / days"})
    with pytest.raises(NotFound):
        what_if(scored, BOOK.texts, scheme="nothing", periods=PERIODS, changes={}, actor=local_actor("x"))
    with pytest.raises(NotFound):
        what_if(
            scored, BOOK.texts, scheme="monthly", periods=[parse_period("2024-01")], changes={}, actor=local_actor("x")
        )


def test_the_command_answers_and_changes_nothing(tmp_path: Path, capsys, monkeypatch):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "wide" / "2025-06").mkdir(parents=True)
    (tmp_path / "wide" / "2025-06" / "G1.csv").write_text(WIDE, encoding="utf-8")
    monkeypatch.setenv("PERF_DATABASE_URL", f"sqlite:///{tmp_path / 'p.db'}")
    rules = ["--specs", str(tmp_path / "rules")]
    assert run(["init"]) == 0
    assert run(["score-many", str(tmp_path / "wide"), "--scheme", "monthly", *rules]) == 0
    capsys.readouterr()
    asked = ["what-if", "--scheme", "monthly", "--periods", "2025-06", *rules]
    change = ["--set", "monthly.dimensions.work.weight=40", "--set", "monthly.dimensions.care.weight=60"]
    assert run([*asked, *change]) == 0
    assert "升得最多" in capsys.readouterr().out
    assert run([*asked, *change, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["subjects"] == 4
    assert run([*asked, "--set", "monthly.dimensions.work.weight"]) == 2
    assert run(["what-if", "--scheme", "monthly", "--periods", "2025-06..2025-01", *change, *rules]) == 2
    capsys.readouterr()
    assert run(["score-many", str(tmp_path / "wide"), "--scheme", "monthly", *rules]) == 0
    assert "与已存相同 1" in capsys.readouterr().out


LAYER = """layer: county
title: 本县
from: 2025-01
source: {document: 本县办法, clause: 一}
set:
  monthly.dimensions.work.weight: 50
  monthly.dimensions.care.weight: 50
"""


def same_as_exact(found, before_book, changes):
    before, after = one_by_one(before_book), one_by_one(changed_book(before_book, "monthly", changes))
    for row in found.rows:
        cards = (before.cards["monthly", row.subject], after.cards["monthly", row.subject])
        assert (row.before, row.after) == (cards[0].total, cards[1].total)


def test_what_layers_changed_stays_changed_and_a_trial_wins_over_them(scored: Store):
    book, issues = load_book({"r.yaml": RULES, "county.yaml": LAYER})
    assert not [one for one in issues if one.is_error]
    own = {"scheme": "monthly", "periods": PERIODS, "actor": local_actor("x")}
    found = what_if(scored, book.texts, changes={"a_day.title": "每日人次"}, **own)
    assert (found.rose, found.fell) == (0, 0)
    tried = {"monthly.dimensions.work.weight": "70", "monthly.dimensions.care.weight": "30"}
    assert changed_book(book, "monthly", tried).schemes["monthly"].version(PERIODS[0]).dimensions[0].weight == 70
    same_as_exact(what_if(scored, book.texts, changes=tried, **own), book, tried)


def test_rules_that_changed_since_the_sheet_was_made_are_worked_out_again(scored: Store):
    book, _ = load_book({"r.yaml": RULES.replace("[10, 60], [20, 100]", "[9, 60], [15, 100]")})
    change = {"monthly.dimensions.work.weight": "40", "monthly.dimensions.care.weight": "60"}
    found = what_if(scored, book.texts, scheme="monthly", periods=PERIODS, changes=change, actor=local_actor("x"))
    same_as_exact(found, book, change)
    assert {row.before for row in found.rows} != {row.before for row in ask(scored, change).rows}


@pytest.mark.parametrize(
    "change",
    [
        {"monthly.peers": "{by: kind}"},
        {"monthly.of.where": "team_class == 内科"},
    ],
)
def test_who_is_scored_among_which_peers_is_another_question(scored: Store, change: dict[str, str]):
    with pytest.raises(WrongUse, match="specs diff"):
        ask(scored, change)


def test_a_total_below_every_grade_keeps_the_grade_it_had(scored: Store):
    found = ask(scored, {"monthly.grades": "[[优秀, 99.9]]"})
    cards = [card for card in one_by_one().cards.values() if card.total is not None]
    lost = {
        grade: sum(card.grade == grade for card in cards if card.total < Fraction("99.9"))
        for grade in ("优秀", "合格", "不合格")
    }
    assert {before: n for (before, after), n in found.grades.items() if after == ""} == {
        k: n for k, n in lost.items() if n
    }


def test_the_same_number_in_two_consortia_is_two_people(store: Store, tmp_path: Path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "wide" / "2025-06").mkdir(parents=True)
    for code in ("G1", "G2"):
        (tmp_path / "wide" / "2025-06" / f"{code}.csv").write_text(WIDE, encoding="utf-8")
    actor = local_actor("x")
    score_many(store, find_wide_files(tmp_path / "wide"), Order(tmp_path / "rules", "monthly", actor, NOW))
    found = ask(store, {"monthly.dimensions.work.indicators.place.weight": "60"})
    assert found.subjects == 2 * ask(store, {"monthly.title": "考核"}, consortium="G1").subjects
    assert {row.consortium for row in found.rows} == {"G1", "G2"}
    assert all(row.periods == 1 for row in found.rows)
    with pytest.raises(WrongUse, match="--consortium"):
        scored_subject(store, scheme="monthly", period=PERIODS[0], subject="000001", actor=actor)
    one = scored_subject(store, scheme="monthly", period=PERIODS[0], subject="000001", actor=actor, consortium="G2")
    assert one.sheet.key.consortium == "G2"
