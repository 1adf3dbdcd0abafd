"""What a wide file's rows say beyond their own cells: peers, rows below, other periods; and what no wide file says, refused."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.services.actors import local_actor
from perf.services.score_many import Order, Scorer, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.services.what_if import what_if
from perf.specs.book import load_book
from perf.storage.store import Store

NOW = datetime(2025, 7, 3, tzinfo=UTC)
JUNE = parse_period("2025-06")
MEASURES = """
attributes: {team: 组别}
---
measure: visits
title: 诊疗人次
unit: number
level: person
roll_up: sum
---
measure: days
title: 天数
unit: number
level: institution
roll_up: sum
---
measure: budget
title: 预算
unit: number
level: institution
period: year
spread: even
"""
WIDE = """subject,level,kind,parent,team,visits,visits@2025-05,visits@2024-06,days,budget@2025,visits@2025-04
H1,institution,town,,东,,100,,20,1200,30
H2,institution,town,,西,70,30,20,10,,
H3,institution,town,,东,,,,30,60,
H4,institution,lead,,东,999,1,1,1,1,1
p1,person,doctor,H1,东,40,5,6,,,
p2,person,doctor,H1,东,45,,,,,
p3,person,doctor,H3,西,10,,,,,
"""


def rules(*indicators: str, further: str = "", period: str = "month") -> str:
    """A scheme of town institutions; each indicator is `value | curve | rest`."""
    documents = [MEASURES.strip()]
    for k, one in enumerate(indicators):
        value, curve, rest = (part.strip() for part in f"{one} | ".split("|")[:3])
        documents.append(
            f"indicator: i{k}\ntitle: i{k}\nlevel: institution\nunit: number\ndirection: higher\n"
            f"source: {{document: 方案, clause: 一}}\nvalue: {value}\npoints: {curve}\n{rest}\n"
        )
    listed = ", ".join(f"i{k}: {{weight: 10}}" for k in range(len(indicators)))
    documents.append(
        f"scheme: monthly\ntitle: 考核\nof: {{level: institution, kind: [town]}}\nperiod: {period}\n"
        f"source: {{document: 方案, clause: 二}}\ndimensions: {{all: {{weight: 100, indicators: {{{listed}}}}}}}\n"
        f"rank: {{of: total}}\ngrades: [[优秀, 90], [合格, 60], [不合格, 0]]\n{further}"
    )
    return "\n---\n".join(documents)


LINEAR = "{curve: linear, through: [[0, 0], [200, 100]]}"
STRAIGHT = f"{LINEAR} | no_value: zero"


def from_facts(text: str, period: Period = JUNE, wide: str = WIDE):
    """The cards of the exact engine, from the same figures as facts."""
    header, *rows = [line.split(",") for line in wide.strip().splitlines()]
    segments, facts = [], []
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        segments.append(
            Segment(row["subject"], row["level"], row["kind"], row["parent"], attributes={"team": row["team"]})
        )
        for name in header[5:]:
            code, _, at = name.partition("@")
            if row[name]:
                key = FactKey(row["subject"], code, parse_period(at) if at else period)
                facts.append(Fact(key, Fraction(row[name])))
    return score(load_book({"r.yaml": text})[0], Roster(segments), Facts(facts), period, ["monthly"]).cards


def scored(folder, text: str, period: Period = JUNE, wide: str = WIDE):
    """The scores of the same wide file in columns, with nothing behind them."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "r.yaml").write_text(text, encoding="utf-8")
    scores, issues = Scorer(folder / "rules", "monthly").score("G1.csv", wide.splitlines(keepends=True), period)
    assert issues == ()
    return scores


def assert_same(scores, cards) -> None:
    assert list(scores.columns.subjects) == sorted(subject for _, subject in cards)
    for row, subject in enumerate(scores.columns.subjects):
        card = cards["monthly", subject]
        for index, place in enumerate(scores.places):
            item = next(one for one in card.items if one.item == place.indicator and one.type == "indicator")
            outcome = scores.outcome_of(index, row)
            found = (scores.points_of(index, row), outcome.status, outcome.reason)
            assert (subject, item.item, *found) == (subject, item.item, item.points, item.status, item.reason)
        assert (subject, scores.total_of(row)) == (subject, card.total)


@pytest.mark.parametrize(
    "value",
    [
        "mean(top(2, peers.visits)) + days",
        "visits / sum(peers.visits) * 100",
        "median(peers(team == 东).days) + visits",
        "count(peers(kind == town)) * 40",
        "count(peers.budget) * 40",
        "days * 100 / max(peers.visits@previous)",
        "visits@year_to_date",
        "visits@previous@year_to_date",
        "budget * 2",
        "budget@year_to_date / 10",
        "in_post * visits",
        "visits - visits@last_year",
    ],
)
def test_what_the_rows_say_together_is_what_the_exact_engine_finds(tmp_path, value):
    text = rules(f"{value} | {STRAIGHT}", f"visits | {LINEAR} | no_value: carry_forward")
    assert_same(scored(tmp_path, text), from_facts(text))


def test_peers_figures_are_seen_in_columns_and_explained_one_by_one(store: Store, tmp_path):
    text = rules(f"mean(top(2, peers.visits)) | {STRAIGHT}")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "wide" / "2025-06").mkdir(parents=True)
    (tmp_path / "wide" / "2025-06" / "G1.csv").write_text(WIDE, encoding="utf-8")
    order = Order(tmp_path / "rules", "monthly", local_actor("x"), NOW)
    [outcome] = score_many(store, find_wide_files(tmp_path / "wide"), order)
    assert (outcome.outcome, outcome.subjects, outcome.without_total) == ("scored", 3, 0)
    for subject in ("H1", "H2", "H3"):  # 85 of the two below H1, and H2's 70: the mean is 77.5, of 200
        found = scored_subject(store, scheme="monthly", period=JUNE, subject=subject, actor=local_actor("x"))
        assert found.total.total == Fraction("38.75")
        assert found.card.total == Fraction("38.75")
    changes = {"i0.points.through": "[[0, 0], [155, 100]]"}
    book = load_book({"r.yaml": text})[0]
    tried = what_if(store, book.texts, scheme="monthly", periods=[JUNE], changes=changes, actor=local_actor("x"))
    assert {row.after for row in tried.rows} == {Fraction(50)}
    turned = what_if(
        store, book.texts, scheme="monthly", periods=[JUNE], changes={"i0.points": "{curve: percentile, alone: 7, all_equal: 9}"},
        actor=local_actor("x"),
    )  # fmt: skip
    assert {row.after for row in turned.rows} == {Fraction(9)}


@pytest.mark.parametrize(("period", "wide"), [("quarter", "2025-Q2"), ("year", "2025")])
def test_a_longer_period_is_made_of_its_months(tmp_path, period, wide):
    text = rules(f"visits | {STRAIGHT}", f"budget | {STRAIGHT}", f"sum(peers.visits) | {STRAIGHT}", period=period)
    months = WIDE.replace(",visits,", ",visits@2025-06,").replace(",days,", ",days@2025-06,")
    if period == "year":
        months = months.replace("budget@2025", "budget")
    at = parse_period(wide)
    assert_same(scored(tmp_path, text, at, months), from_facts(text, at, months))
    exact = from_facts(text, at, months)
    assert any(card.total for card in exact.values())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (rules(f"sum(members.visits) | {STRAIGHT}"), "i0"),
        (rules(f"parent.days | {STRAIGHT}"), "i0"),
        (rules(f"sum(visits.quantity) | {STRAIGHT}"), "i0"),
        (rules(f"days | {STRAIGHT}", further="veto: [{when: sum(members.visits) > 3, effect: zero_total}]\n"), "否决"),
        (rules(f"days | {STRAIGHT}").replace("kind: [town]", "kind: [town], where: parent.kind == county"), "of.where"),
        (rules(f"days | {STRAIGHT}").replace("dimensions: {all: {weight: 100, indicators: {i0: {weight: 10}}}}", "by_post: [other]")
         + "---\n" + rules(f"days | {STRAIGHT}").rpartition("---\n")[2].replace("scheme: monthly", "scheme: other"), "岗位"),
    ],
)  # fmt: skip
def test_what_no_wide_file_holds_is_refused_by_name(tmp_path, text, named):
    with pytest.raises(WrongUse, match=named):
        scored(tmp_path, text)


def test_figures_that_grow_too_long_when_put_together_are_refused(tmp_path):
    wide = WIDE.replace(",40,", ",999999999999999999,").replace(",45,", ",999999999999999999,") + "".join(
        f"q{k},person,doctor,H1,东,999999999999999999,,,,,\n" for k in range(4)
    )
    with pytest.raises(InputRefused) as refused:
        scored(tmp_path, rules(f"visits | {STRAIGHT}"), wide=wide)
    assert [issue.code for issue in refused.value.issues] == ["out-of-range"]
