"""Whose figures a what-if asks: runs, their corrections, wide files; and that `specs diff` says the same of every subject."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from services_county import HR, JUNE, MAY, NOW, RULES, fact, filled, june, take
from tests.integration.cli_terminal import Terminal

from perf.appraisal.month import ENGINE_VERSION
from perf.kernel.errors import InputRefused, NotFound, StateRefused, VerificationFailed, WrongUse
from perf.kernel.periods import parse_period
from perf.services.choose_runs import runs_of
from perf.services.diff_rules import diff_on_database
from perf.services.publish import publish
from perf.services.rules_in_practice import rules_in_practice
from perf.services.run_month import run_month
from perf.services.run_sheets import ensure_sheets
from perf.services.scheme_rules import changed_book
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.services.what_if import what_if
from perf.specs.book import load_book
from perf.storage.sheets import FILES, RUN, list_sheets
from perf.storage.store import Store
from perf.storage.tables import RUN as RUN_TABLE
from perf.storage.tables import SCORECARD
from perf.storage.viewer import EVERYTHING

MORE = (
    RULES["rules.yaml"]
    .replace("indicators: {work: {out_of: 100}}", "indicators: {work: {weight: 60}, place: {weight: 40}}")
    .replace("rank: {of: total", "peers: {within: consortium, by: kind}\nrank: {of: total")
    .replace(
        "scheme: staff\n",
        """indicator: place
title: {zh: 名次, en: Place}
level: person
unit: points
direction: higher
confidence: A
value: work_score
points: {curve: percentile, definition: percent_rank, alone: 100, all_equal: 100}
source: {document: 试行办法, clause: 第二条}
no_value: not_applicable
---
scheme: staff
""",
    )
)
COUNTY = {"measures.yaml": RULES["measures.yaml"], "rules.yaml": MORE}
BOOK = load_book(COUNTY)[0]
WEIGHTS = {
    "staff.dimensions.all.indicators.work.weight": "20",
    "staff.dimensions.all.indicators.place.weight": "80",
}
WIDE = "subject,level,kind,parent,share,work_score\n001,person,doctor,h1,1,50\n002,person,doctor,h1,1,60\n"


def both_months(store: Store, **scores) -> Store:
    filled(store, **scores)
    for consortium in ("A", "B"):
        for period in (MAY, JUNE):
            run_month(store, consortium=consortium, period=period, book=BOOK, actor=HR, now=NOW)
    return store


def ask(store: Store, changes, *, scheme="staff", periods=(JUNE,), texts=None, with_runs=True, **about):
    runs = runs_of(store, HR, periods, about.get("consortium")) if with_runs else ()
    runs = ensure_sheets(store, runs, scheme, actor=HR, now=NOW)
    given = BOOK.texts if texts is None else texts
    return what_if(store, given, scheme=scheme, periods=periods, changes=changes, actor=HR, runs=runs, **about)


def wide(folder: Path, texts=COUNTY, period="2025-06", text=WIDE) -> Path:
    for name, content in texts.items():
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "rules" / name).write_text(content, encoding="utf-8")
    (folder / "wide" / period).mkdir(parents=True, exist_ok=True)
    (folder / "wide" / period / "A.csv").write_text(text, encoding="utf-8")
    return folder


def score_files(store: Store, folder: Path):
    return score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "staff", HR, NOW))


@pytest.mark.parametrize(
    ("scheme", "changes"),
    [
        ("staff", WEIGHTS),
        ("staff", {"staff.grades": "[[优秀, 75], [合格, 50], [不合格, 0]]"}),
        ("staff", {"place.enabled": "no"}),
        ("staff", {"work.points": "{curve: steps, at: [[0, 0], [60, 60], [88, 100]]}"}),
        ("staff", {"place.points": "{curve: rank, method: step, each: 10}"}),
        ("staff", {"staff.rank": "{of: total, ties: dense}"}),
        ("house", {"growth.points.through": "[[0.9, 0], [1.1, 100]]"}),
    ],
)
@pytest.mark.parametrize("scores", [("92.35", "88", "71.5", "60", "85.55"), ("92.35", "", "71.5", "71.5", "60")])
def test_a_what_if_and_a_whole_comparison_say_the_same_of_every_subject(
    sqlite_store: Store, scheme: str, changes: dict[str, str], scores: tuple[str, ...]
):
    store = both_months(sqlite_store, scores=scores)
    whole = diff_on_database(store, BOOK, changed_book(BOOK, scheme, changes), actor=HR, periods=(MAY, JUNE))
    for month in whole.months:
        found = ask(store, changes, scheme=scheme, periods=(month.period,), consortium=month.consortium)
        moved = {row.subject: (row.before, row.after) for row in found.rows if row.change}
        standing = {one.subject: one for one in month.standings if one.scheme == scheme}
        assert moved == {one.subject: (one.old.total, one.new.total) for one in standing.values() if one.difference}, (
            month
        )
        graded = Counter((a, b) for (a, b), n in found.grades.items() for _ in range(n) if a != b)
        expected = Counter(
            (one.old.grade, one.new.grade)
            for one in standing.values()
            if one.old.grade != one.new.grade and one.old.total is not None and one.new.total is not None
        )
        assert graded == expected
    everything = ask(store, changes, scheme=scheme, periods=(MAY, JUNE))
    ups = sum(
        one.difference > 0 for m in whole.months for one in m.standings if one.scheme == scheme and one.difference
    )
    downs = sum(
        one.difference < 0 for m in whole.months for one in m.standings if one.scheme == scheme and one.difference
    )
    assert (everything.rose, everything.fell) == (ups, downs)


def test_a_question_about_a_run_never_hides_what_was_scored_from_a_file(store: Store, tmp_path: Path):
    both_months(store)
    score_files(store, wide(tmp_path))
    found = ask(store, WEIGHTS, consortium="A")
    assert {sheet.origin for sheet in found.taken} == {"A:2025-06#1"}
    assert [sheet.key.kind for sheet in found.passed_over] == [FILES]
    told = scored_subject(store, scheme="staff", period=JUNE, subject="001", actor=HR)
    assert told.card.total == 30  # 60 % of 50, and the last of two
    assert [one.outcome for one in score_files(store, tmp_path)] == ["unchanged"]
    again = ask(store, WEIGHTS, consortium="A")
    assert again == found
    with store.read() as connection:
        numbers = [list_sheets(connection, EVERYTHING, kind)[0].key.number for kind in (FILES, RUN)]
    assert numbers == [1, 1]
    of_files = ask(store, WEIGHTS, consortium="A", with_runs=False)
    assert {row.subject for row in of_files.rows} == {"001", "002"}
    assert [row.before for row in of_files.rows if row.subject == "001"] == [30]


def test_a_period_without_a_run_is_asked_of_its_wide_file(store: Store, tmp_path: Path):
    both_months(store)
    score_files(store, wide(tmp_path, period="2025-07"))
    july = parse_period("2025-07")
    found = ask(store, WEIGHTS, periods=(JUNE, july), consortium="A")
    assert [(sheet.key.period, sheet.key.kind) for sheet in found.taken] == [("2025-06", RUN), ("2025-07", FILES)]
    assert found.passed_over == ()


def test_runs_that_scored_nobody_by_the_scheme_are_left_out(store: Store, tmp_path: Path):
    both_months(store)
    texts = {**COUNTY, "more.yaml": MORE[MORE.index("scheme: staff\n") :].partition("---")[0].replace("staff", "other")}
    runs = runs_of(store, HR, [JUNE], None)
    assert ensure_sheets(store, runs, "other", actor=HR, now=NOW) == ()
    with pytest.raises(NotFound):
        ask(store, {"other.grades": "[[优秀, 50]]"}, scheme="other", texts=texts)
    folder = wide(tmp_path, texts)
    score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "other", HR, NOW))
    found = ask(store, {"other.grades": "[[优秀, 50]]"}, scheme="other", texts=texts)
    assert [sheet.key.kind for sheet in found.taken] == [FILES]


def test_a_published_correction_counts_and_a_draft_of_one_does_not(store: Store):
    filled(store)
    first = june(store).run.id
    publish(store, run=first, actor=HR, by="李四", reason="定案", now=NOW)
    take(store, [fact("001", "work_score", JUNE, "95", cell="C2")], name="更正.xlsx")
    second = june(store, corrects=first).run.id
    assert [run.id for run in runs_of(store, HR, [JUNE], "A")] == [first]
    publish(store, run=second, actor=HR, by="李四", reason="更正", now=NOW)
    take(store, [fact("001", "work_score", JUNE, "96", cell="C2")], name="再更正.xlsx")
    third = june(store, corrects=second).run.id
    june(store)  # a draft of its own is nobody's last word
    assert [run.id for run in runs_of(store, HR, [JUNE], "A")] == [second]
    change = {"staff.grades": "[[优秀, 80], [合格, 60], [不合格, 0]]"}
    found = ask(store, change, texts=RULES, consortium="A")
    assert [sheet.origin for sheet in found.taken] == [second]
    assert {row.subject: row.before for row in found.rows}["001"] == 95
    publish(store, run=third, actor=HR, by="李四", reason="再更正", now=NOW)
    found = ask(store, change, texts=RULES, consortium="A")
    assert {row.subject: row.before for row in found.rows}["001"] == 96
    with store.read() as connection:
        made = list_sheets(connection, EVERYTHING, RUN, origins=[second])
    assert [sheet.origin for sheet in made] == [second]  # kept: whoever goes back to it finds it


def test_before_anything_is_published_the_newest_draft_counts(store: Store):
    filled(store)
    june(store)
    second = june(store).run.id
    assert [run.id for run in runs_of(store, HR, [JUNE], "A")] == [second]


def test_a_layer_that_was_there_then_and_is_gone_now_is_noticed(store: Store):
    layer = "layer: county\ntitle: 本县\nfrom: 2025-01\nsource: {document: 甲, clause: 一}\nset:\n  work.points: {curve: steps, at: [[0, 0], [60, 100]]}\n"
    then, issues = load_book({**COUNTY, "county.yaml": layer})
    assert not [one for one in issues if one.is_error]
    filled(store)
    run_month(store, consortium="A", period=JUNE, book=then, actor=HR, now=NOW)
    found = ask(store, {"staff.title": "考核"}, consortium="A")
    now = diff_on_database(store, BOOK, BOOK, actor=HR, periods=(JUNE,), consortium="A")
    assert now.months[0].standings == ()
    by_hand = {"001": Fraction("92.35"), "003": Fraction("71.5")}
    before = {row.subject: row.before for row in found.rows}
    for subject, work in by_hand.items():
        place = {"001": 100, "003": 25}[subject]
        assert before[subject] == work * Fraction(6, 10) + place * Fraction(4, 10)


def test_a_file_of_rules_may_be_renamed_and_nothing_is_worked_out_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    both_months(store)
    ask(store, WEIGHTS)
    renamed = {"a/measures.yaml": COUNTY["measures.yaml"], "b/rules.yaml": "# 说明\n\n" + COUNTY["rules.yaml"]}
    monkeypatch.setattr(
        "perf.services.what_if.require_own_figures",
        lambda _names, _scheme, _columns, codes, **_more: codes and pytest.fail(f"worked out again: {codes}"),
    )
    assert ask(store, WEIGHTS, texts=renamed).rows == ask(store, WEIGHTS).rows


def test_a_broken_rule_that_the_scheme_does_not_need_stops_no_question(store: Store):
    both_months(store)
    broken = {**COUNTY, "z.yaml": "indicator: other\ntitle: 坏的\nvalue: visits +\n"}
    assert ask(store, WEIGHTS, texts=broken).rows == ask(store, WEIGHTS).rows
    with pytest.raises(InputRefused) as refused:
        ask(store, WEIGHTS, texts={**COUNTY, "rules.yaml": MORE.replace("value: work_score", "value: work_scor", 1)})
    assert {issue.place.file for issue in refused.value.issues} == {"rules.yaml"}


def test_periods_of_another_length_and_schemes_that_are_not_there_are_told(store: Store):
    both_months(store)
    with pytest.raises(WrongUse, match="2025-06"):
        ask(store, WEIGHTS, periods=(parse_period("2025"),))
    with pytest.raises(NotFound, match="staff"):
        ask(store, WEIGHTS, scheme="staf")


def test_a_run_of_an_older_engine_that_would_come_out_otherwise_is_refused(store: Store):
    both_months(store)
    with store.write() as connection:
        connection.execute(sa.update(RUN_TABLE).values(engine="0"))
    ask(store, WEIGHTS, consortium="A")  # an older engine, the same totals: no objection
    with store.write() as connection:
        totals = sa.update(SCORECARD).where(SCORECARD.c.type == "total", SCORECARD.c.score_scaled > 0)
        connection.execute(totals.values(score_scaled=SCORECARD.c.score_scaled + 1))
    with pytest.raises(StateRefused, match="重新核算"):
        ask(store, WEIGHTS, consortium="B")
    with store.write() as connection:
        connection.execute(sa.update(RUN_TABLE).values(engine=ENGINE_VERSION))
    with pytest.raises(VerificationFailed):
        ask(store, WEIGHTS, consortium="B")


def test_what_a_question_left_behind_is_no_month_of_its_own(store: Store):
    """`specs check --db` counted runs and the sheets that what-if made of them."""
    both_months(store)
    before = rules_in_practice(store, BOOK, actor=HR)
    ask(store, WEIGHTS)
    assert rules_in_practice(store, BOOK, actor=HR) == before


def test_the_command_says_whose_figures_it_asked(sqlite_store: Store, tmp_path: Path, terminal: Terminal):
    both_months(sqlite_store)
    folder = wide(tmp_path)
    score_files(sqlite_store, folder)
    asked = ["what-if", "--scheme", "staff", "--periods", "2025-06", "--specs", folder / "rules"]
    asked += [word for path, value in WEIGHTS.items() for word in ("--set", f"{path}={value}")]
    said = terminal(*asked)
    assert said.exit == 0
    assert "核算 2 次(A:2025-06#1 B:2025-06#1)" in said.out
    assert "A:2025-06 也有批量核分的数据" in said.out
    told = terminal(*asked, "--json").json
    assert told["figures"][0] == {"consortium": "A", "period": "2025-06", "from": "run", "name": "A:2025-06#1"}
    assert told["left_out"] == []
    assert "宽表 1 份" in terminal(*asked, "--files").out
    assert terminal(*asked, PERF_LANG="en").out.count("score-many") == 1
