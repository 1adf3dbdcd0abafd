"""Wide files of many consortia: scored at once, stored whole, explained one by one, refused with their lines."""

import json
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from perf.cli.app import run
from perf.kernel.errors import InputRefused, NotFound, VerificationFailed, WrongUse
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.services.actors import Actor, local_actor
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.services.sheet_codec import read_columns, write_columns
from perf.services.wide_files import parse_wide
from perf.specs.book import load_book
from perf.storage.sheets import FILES, list_sheets, totals_of
from perf.storage.store import Store
from perf.storage.tables import SCORE_TOTAL
from perf.storage.viewer import EVERYTHING

NOW = datetime(2025, 7, 3, tzinfo=UTC)
JUNE = parse_period("2025-06")
RULES = """
attributes: {team_class: 组别}
---
measure: visits
title: 诊疗人次
unit: person-times
level: person
range: {min: 0}
---
measure: days
title: 出勤天数
unit: days
digits: 1
level: person
---
measure: income
title: 收入
unit: wan_yuan
digits: 4
level: person
---
measure: rating
title: 评级
answers: rating
values: [A, B, C]
level: person
---
indicator: a_day
title: 日均人次
level: person
unit: number
direction: higher
source: {document: 方案, clause: 一}
value: visits / days
points: {curve: linear, through: [[0, 0], [10, 60], [20, 100]]}
no_value: {denominator_zero: not_applicable, missing: zero}
---
indicator: place
title: 名次
level: person
unit: person-times
direction: higher
source: {document: 方案, clause: 二}
value: visits
points: {curve: percentile, definition: percent_rank, alone: 100}
no_value: not_applicable
---
indicator: rated
title: 考评
level: person
unit: number
direction: higher
source: {document: 方案, clause: 三}
value: rating
points: {curve: rating, values: {A: 100, B: 80, C: 0}}
no_value: not_applicable
---
indicator: growth
title: 增长
level: person
unit: percent
direction: higher
source: {document: 方案, clause: 四}
value: (visits - visits@last_year) / visits@last_year
points: {curve: steps, at: [[0, 60], [10%, 100]]}
no_value: not_applicable
---
indicator: earned
title: 收入
level: person
unit: yuan
direction: higher
source: {document: 方案, clause: 五}
value: income
points: {curve: steps, at: [[0, 0], [20000, 100]]}
no_value: not_applicable
---
scheme: monthly
title: 月度考核
of: {level: person, where: team_class != 外聘}
period: month
source: {document: 方案, clause: 附件}
dimensions:
  work: {weight: 70, indicators: {a_day: {weight: 40}, place: {weight: 20}, growth: {weight: 20}, earned: {weight: 20}}}
  care: {weight: 30, indicators: {rated: {weight: 100}}}
peers: {within: institution, by: kind}
rank: {of: total, ties: competition}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [90, 1.5]]}
"""
WIDE = """subject,level,kind,parent,team_class,visits,visits@2024-06,days,income,rating
H1,institution,hospital,,,,,,,
000001,person,doctor,H1,内科,200,180,20,2.0000,A
000002,person,doctor,H1,内科,201,200,21.5,1.9999,B
000003,person,nurse,H1,护理,,100,20,,
000004,person,doctor,H1,外聘,100,100,20,3,A
000005,person,nurse,H1,护理,90,100,0,0.5,C
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "wide" / "2025-06").mkdir(parents=True)
    (tmp_path / "wide" / "2025-06" / "G1.csv").write_text(WIDE, encoding="utf-8")
    return tmp_path


def order(folder: Path, actor: Actor | None = None, scheme: str = "monthly") -> Order:
    return Order(folder / "rules", scheme, actor or local_actor("小王"), NOW, "月度")


def score_folder(store: Store, folder: Path, **more):
    return score_many(store, find_wide_files(folder / "wide"), order(folder, **more))


def one_by_one(book=None):
    """The same figures through the exact engine, from facts."""
    book = book or load_book({"r.yaml": RULES})[0]
    lines = [line.split(",") for line in WIDE.strip().splitlines()]
    header, *rows = lines
    segments, facts = [], []
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        team = {"team_class": row["team_class"]} if row["team_class"] else {}
        segments.append(Segment(row["subject"], row["level"], row["kind"], row["parent"], attributes=team))
        for name in header[5:]:
            code, _, at = name.partition("@")
            if row[name]:
                value = row[name] if code == "rating" else Fraction(row[name])
                facts.append(Fact(FactKey(row["subject"], code, parse_period(at or "2025-06")), value))
    return score(book, Roster(segments), Facts(facts), JUNE, ["monthly"])


def test_what_is_stored_is_what_the_exact_engine_gives(store: Store, folder: Path):
    [outcome] = score_folder(store, folder)
    assert (outcome.outcome, outcome.subjects) == ("scored", 4)
    exact = one_by_one()
    with store.read() as connection:
        [sheet] = list_sheets(connection, EVERYTHING, FILES)
        totals = totals_of(connection, EVERYTHING, sheet.key)
    assert {t.subject for t in totals} == {"000001", "000002", "000003", "000005"}
    for total in totals:
        card = exact.cards["monthly", total.subject]
        found = (total.total, total.grade, total.rank, total.rank_of, total.coefficient, total.status, total.reason)
        assert found == (card.total, card.grade, card.rank, card.rank_of, card.coefficient, card.status, card.reason)


def test_everybody_is_explained_and_held_against_what_was_stored(store: Store, folder: Path):
    score_folder(store, folder)
    exact = one_by_one()
    for (_, subject), card in exact.cards.items():
        found = scored_subject(store, scheme="monthly", period=JUNE, subject=subject, actor=local_actor("小王"))
        assert found.card.total == card.total
        assert any("日均人次" in line for line in found.explanation.lines)
    part = scored_subject(store, scheme="monthly", period=JUNE, subject="000001", actor=local_actor("x"), item="a_day")
    assert not any("名次" in line for line in part.explanation.lines)


def test_the_same_again_is_not_stored_again_and_a_change_is(store: Store, folder: Path):
    score_folder(store, folder)
    assert [one.outcome for one in score_folder(store, folder)] == ["unchanged"]
    path = folder / "wide" / "2025-06" / "G1.csv"
    path.write_text(
        WIDE.replace("000001,person,doctor,H1,内科,200", "000001,person,doctor,H1,内科,210"), encoding="utf-8"
    )
    assert [one.outcome for one in score_folder(store, folder)] == ["scored"]
    with store.read() as connection:
        assert [sheet.key.number for sheet in list_sheets(connection, EVERYTHING, FILES)] == [2]


def test_one_broken_file_stops_no_other_and_says_every_line(store: Store, folder: Path):
    broken = WIDE.replace("21.5", "二十").replace("000005,person", "000001,person").replace(",180,", ",-1,")
    (folder / "wide" / "2025-06" / "G2.csv").write_text(broken, encoding="utf-8")
    outcomes = score_folder(store, folder)
    assert [one.outcome for one in outcomes] == ["scored", "refused"]
    assert {(i.code, i.place.line) for i in outcomes[1].issues} == {
        ("not-a-number", 4),
        ("out-of-range", 3),
        ("subject-twice", 7),
    }
    with store.read() as connection:
        assert [sheet.key.consortium for sheet in list_sheets(connection, EVERYTHING, FILES)] == ["G1"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", {"csv-column-missing"}),
        ("subject,level,kind,parent,visits,visits\n", {"csv-column-twice"}),
        ("subject,level,kind,parent,visits@2025-13\n", {"period-invalid"}),
        ("subject,level,kind,parent,visits\n1,person,doctor\n", {"csv-row-length"}),
        ("subject,level,kind,parent,visits\n,person,doctor,H,3\n", {"subject-missing"}),
        ("subject,level,kind,parent,rating\n1,person,doctor,H,D\n", {"rating-unknown"}),
        ("subject,level,kind,parent,visits\n1,person,doctor,H,1e5\n2,person,doctor,H,９\n", {"not-a-number"}),
        ("subject,level,kind,parent,days\n1,person,doctor,H,1.25\n", {"too-many-digits"}),
        ("subject,level,kind,parent,visits\n1,人员,doctor,H,1\n", {"level-unknown"}),
        ("subject,level,kind,parent,visits\n1,person,doctor,H,99999999999999999999999\n", {"out-of-range"}),
        ("subject,level,kind,parent,visits,诊疗人次\n1,person,doctor,H,1,2\n", {"csv-column-twice"}),
        ("subject,level,kind,parent,visits,visits@2025-06\n1,person,doctor,H,1,2\n", {"csv-column-twice"}),
    ],
)
def test_what_is_wrong_with_a_wide_file_is_told_with_its_line(text: str, codes: set[str]):
    _, issues = parse_wide("G1.csv", text, load_book({"r.yaml": RULES})[0], JUNE)
    assert {issue.code for issue in issues if issue.is_error} == codes


def test_a_thousand_faults_are_capped_and_counted():
    text = "subject,level,kind,parent,visits\n" + "".join(f"{k},person,d,H,x\n" for k in range(1000))
    _, issues = parse_wide("G1.csv", text, load_book({"r.yaml": RULES})[0], JUNE)
    assert len(issues) == 201
    assert "800" in issues[-1].found.zh


def test_a_scheme_that_looks_elsewhere_is_refused_with_a_reason(store: Store, folder: Path):
    text = RULES.replace("value: income", "value: parent.income")
    (folder / "rules" / "r.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="earned"):
        score_folder(store, folder)
    with pytest.raises(NotFound):
        score_folder(store, folder, scheme="nothing")
    with store.read() as connection:
        assert list_sheets(connection, EVERYTHING, FILES) == []


def test_folders_are_periods(tmp_path: Path):
    with pytest.raises(InputRefused):
        find_wide_files(tmp_path)
    (tmp_path / "june").mkdir()
    (tmp_path / "june" / "G1.csv").write_text(WIDE, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        find_wide_files(tmp_path)
    assert [issue.code for issue in refused.value.issues] == ["period-invalid"]


def test_nobody_scores_or_sees_another_consortium(store: Store, folder: Path):
    stranger = Actor("外人", frozenset({"G9"}))
    with pytest.raises(NotFound):
        score_folder(store, folder, actor=stranger)
    score_folder(store, folder)
    with pytest.raises(NotFound):
        scored_subject(store, scheme="monthly", period=JUNE, subject="000001", actor=stranger)


def test_a_total_that_was_touched_is_found_out(store: Store, folder: Path):
    score_folder(store, folder)
    with store.write() as connection:
        touched = sa.update(SCORE_TOTAL).where(SCORE_TOTAL.c.subject == "000001")
        connection.execute(touched.values(total_scaled=SCORE_TOTAL.c.total_scaled + 1))
    with pytest.raises(VerificationFailed):
        scored_subject(store, scheme="monthly", period=JUNE, subject="000001", actor=local_actor("小王"))


def test_columns_come_back_as_they_were():
    book, _ = load_book({"r.yaml": RULES})
    wide, issues = parse_wide("G1.csv", WIDE, book, JUNE)
    assert issues == ()
    from perf.services.wide_rows import chosen_rows

    columns, _ = chosen_rows("G1.csv", book, book.schemes["monthly"], JUNE, wide)
    content = write_columns(columns)
    back = read_columns(content)
    assert write_columns(back) == content
    assert list(back.subjects) == list(columns.subjects)
    assert np.array_equal(back.groups, columns.groups)
    assert back.measures.keys() == columns.measures.keys()
    with pytest.raises(ValueError, match="bytes"):
        read_columns(content + b"x")


def test_the_commands_say_what_they_did(folder: Path, capsys, monkeypatch):
    monkeypatch.setenv("PERF_DATABASE_URL", f"sqlite:///{folder / 'p.db'}")
    assert run(["init"]) == 0
    wide, rules = str(folder / "wide"), str(folder / "rules")
    assert run(["score-many", wide, "--scheme", "monthly", "--specs", rules]) == 0
    assert "新核分 1" in capsys.readouterr().out
    assert run(["score-many", wide, "--scheme", "monthly", "--specs", rules, "--jobs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["outcome"] == "unchanged"
    assert run(["scores", "000001", "--scheme", "monthly", "--period", "2025-06"]) == 0
    assert "逐项一致" in capsys.readouterr().out
    assert run(["scores", "999999", "--scheme", "monthly", "--period", "2025-06"]) != 0


def test_a_title_names_a_column_as_it_does_in_formulas():
    book = load_book({"r.yaml": RULES})[0]
    titled, issues = parse_wide("G1.csv", WIDE.replace("visits", "诊疗人次"), book, JUNE)
    coded, _ = parse_wide("G1.csv", WIDE, book, JUNE)
    assert issues == ()
    assert titled.measures.keys() == coded.measures.keys()


def test_a_condition_that_cannot_be_decided_is_no_success(folder: Path, capsys, monkeypatch):
    path = folder / "wide" / "2025-06" / "G1.csv"
    path.write_text(WIDE.replace("team_class", "team"), encoding="utf-8")
    monkeypatch.setenv("PERF_DATABASE_URL", f"sqlite:///{folder / 'p.db'}")
    assert run(["init"]) == 0
    assert run(["score-many", str(folder / "wide"), "--scheme", "monthly", "--specs", str(folder / "rules")]) == 1
    assert "condition-unknown" in capsys.readouterr().out
