"""Totals by post: several schemes of one person weighed by days × FTE, with everything that can be absent or unclear."""

from datetime import date
from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import MARCH, SOURCE, book_of, facts_of, item, measure, run

from perf.appraisal.scorecard_view import scorecard_view
from perf.kernel.subjects import Roster, Segment
from perf.scoring import Scorecard, contract_rows

F = Fraction
POSTS = ("doctor", "nurse", "office")
GRADES = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]"


def part(post: str, of: str = "", no_value: str = "block") -> str:
    where = of or f"category == {post}"
    return (
        f"indicator: of_{post}\ntitle: {post}得分\nlevel: person\nunit: number\ndirection: higher\nvalue: m_{post}\n"
        f"{SOURCE}\npoints: {{curve: linear, through: [[0, 0], [100, 100]]}}\nno_value: {no_value}\n---\n"
        f"scheme: {post}_monthly\ntitle: {post}考核\nof: {{level: person, where: {where}}}\nperiod: month\n{SOURCE}\n"
        f"dimensions: {{all: {{weight: 100, indicators: {{of_{post}: {{out_of: 100}}}}}}}}\n{GRADES}\n"
    )


def by_post(further: str = "", parts: str = "[doctor_monthly, nurse_monthly]") -> str:
    graded = "" if "grades:" in further else GRADES
    return (
        f"scheme: staff_monthly\ntitle: 综合考核\nof: {{level: person}}\nperiod: month\n{SOURCE}\nby_post: {parts}\n"
        f"{graded}\n{further}\n"
    )


MEASURES = tuple(
    measure(f"m_{post}").replace("level: institution", "level: person").replace("roll_up: sum", "roll_up: none")
    for post in POSTS
)
BASE = (*MEASURES, part("doctor"), part("nurse"), part("office"))


def post(category: str, first: int = 1, last: int = 31, who: str = "甲", **attributes: str) -> Segment:
    named = {"category": category} | attributes
    return Segment(who, "person", category, "院", date(2025, 3, first), date(2025, 3, last), named)


def cards(segments: list[Segment], scores: dict[tuple[str, str], object], *documents: str):
    book = book_of(*(documents or (*BASE, by_post())))
    roster = Roster([Segment("院", "institution", "town", ""), *segments])
    facts = facts_of({(who, f"m_{category}"): value for (who, category), value in scores.items()})
    wanted = ("staff_monthly", "doctor_monthly", "nurse_monthly", "office_monthly")
    return run(book, roster, facts, MARCH, wanted), book, roster


def card(segments, scores, *documents: str) -> Scorecard:
    return cards(segments, {("甲", code): value for code, value in scores.items()}, *documents)[0].cards[
        ("staff_monthly", "甲")
    ]


def test_a_change_in_mid_month_is_weighed_by_days_from_the_first() -> None:
    found = card([post("doctor", 1, 20), post("nurse", 21, 31)], {"doctor": 90, "nurse": 59})
    assert (found.exact, found.total, found.grade) == (F(90 * 20 + 59 * 11, 31), F("79"), "合格")
    doctor, nurse = item(found, "doctor_monthly"), item(found, "nurse_monthly")
    assert (doctor.points, doctor.out_of, doctor.weight, doctor.score) == (90, 100, F(2000, 31), F(1800, 31))
    assert (nurse.points, nurse.weight) == (59, F(1100, 31))


def test_two_posts_at_once_are_weighed_by_their_fte() -> None:
    found = card([post("doctor", fte="0.75"), post("nurse", fte="0.25")], {"doctor": 80, "nurse": 60})
    assert (found.total, item(found, "doctor_monthly").weight, item(found, "nurse_monthly").score) == (75, 75, 15)


def test_two_segments_of_one_post_are_added_and_written_out() -> None:
    segments = [post("doctor", 1, 10), post("doctor", 11, 20, fte="0.5", post="住院医师"), post("nurse", 21, 31)]
    scores, book, roster = cards(segments, {("甲", "doctor"): 90, ("甲", "nurse"): 60})
    view = scorecard_view(scores.cards[("staff_monthly", "甲")], book, roster)
    doctor = view.dimensions[0]
    assert doctor.how.zh == "doctor考核 90 × (doctor在岗天数 10 × 1 + 住院医师在岗天数 10 × 0.5) ÷ 26 ≈ 51.9231"
    assert (doctor.title.zh, doctor.points, doctor.out_of, doctor.lines) == ("doctor考核", "90", "100", ())
    assert (view.total, view.sum_line.zh) == ("77.31", "675/13≈51.9231 + 330/13≈25.3846 = 1005/13≈77.3077")


def test_the_figures_stand_in_the_rows_of_the_contract() -> None:
    scores, _, _ = cards([post("doctor", 1, 20), post("nurse", 21, 31)], {("甲", "doctor"): 90, ("甲", "nurse"): 59})
    rows = {(r["item"], r["type"]): r for r in contract_rows(scores) if r["scheme"] == "staff_monthly"}
    assert (rows["doctor_monthly", "dimension"]["points"], rows["doctor_monthly", "dimension"]["weight"]) == (
        "90",
        "2000/31",
    )
    assert rows["total", "total"]["score"] == "79"


def test_a_scheme_of_by_post_scores_whoever_had_the_post_for_a_day() -> None:
    scores, _, _ = cards([post("doctor", 1, 1), post("nurse", 2, 31)], {("甲", "doctor"): 90, ("甲", "nurse"): 59})
    assert ("doctor_monthly", "甲") in scores.cards
    assert scores.cards["staff_monthly", "甲"].total == F("60")


def test_without_by_post_the_last_post_speaks() -> None:
    segments = [post("doctor", 1, 20), post("nurse", 21, 31)]
    scores, _, _ = cards(segments, {("甲", "doctor"): 90, ("甲", "nurse"): 59}, *BASE)
    assert list(scores.cards) == [("nurse_monthly", "甲")]


def test_a_scheme_that_is_ready_but_not_in_use_changes_nobodys_cards() -> None:
    segments = [post("doctor", 1, 20), post("nurse", 21, 31)]
    book = book_of(*BASE, by_post("enabled: no"))
    roster = Roster([Segment("院", "institution", "town", ""), *segments])
    facts = facts_of({("甲", "m_doctor"): 90, ("甲", "m_nurse"): 59})
    assert list(run(book, roster, facts, MARCH, ("doctor_monthly", "nurse_monthly")).cards) == [("nurse_monthly", "甲")]


def test_time_in_a_post_that_no_scheme_fits_does_not_count() -> None:
    found = card([post("doctor", 1, 20), post("driver", 21, 31)], {"doctor": 90})
    assert (found.total, item(found, "doctor_monthly").weight) == (90, 100)


def test_who_had_none_of_the_posts_has_no_card() -> None:
    scores, _, _ = cards([post("driver")], {})
    assert not scores.cards
    assert scores.left_out == 2


NOT_APPLICABLE = (*MEASURES, part("doctor", no_value="not_applicable"), part("nurse"), part("office"))


@pytest.mark.parametrize(("further", "total"), [("", "60"), ("missing_dimension: lost", "15")])
def test_a_part_that_does_not_apply_gives_its_time_to_the_others_or_loses_it(further, total) -> None:
    segments = [post("doctor", fte="0.75"), post("nurse", fte="0.25")]
    found = card(segments, {"nurse": 60}, *NOT_APPLICABLE, by_post(further))
    assert (found.total, found.status, item(found, "doctor_monthly").status) == (F(total), "scored", "not_applicable")


def test_without_any_part_that_applies_there_is_no_total() -> None:
    found = card([post("doctor")], {}, *NOT_APPLICABLE, by_post())
    assert (found.status, found.total) == ("not_applicable", None)


def test_a_part_that_waits_for_data_blocks_the_whole() -> None:
    found = card([post("doctor", 1, 20), post("nurse", 21, 31)], {"doctor": 90})
    assert (found.status, found.reason, found.total, found.grade) == ("blocked", "score-blocked", None, "")
    assert item(found, "doctor_monthly").points == 90


@pytest.mark.parametrize(
    ("segments", "words"),
    [
        ([post("doctor", fte="0")], "合计为 0"),
        ([post("doctor", fte="半个")], "折算人数“半个”"),
        ([post("doctor", fte="-1")], "折算人数“-1”"),
    ],
)
def test_a_time_that_makes_no_sense_sets_the_person_aside_with_words(segments, words) -> None:
    scores, _, _ = cards([*segments, post("nurse", who="乙")], {("甲", "doctor"): 90, ("乙", "nurse"): 70})
    assert scores.cards["staff_monthly", "甲"].status == "failed"
    assert scores.cards["staff_monthly", "乙"].total == 70
    issue = next(issue for issue in scores.issues if issue.subject == "甲")
    assert words in issue.found.zh


def test_two_schemes_that_fit_one_post_are_not_guessed_between() -> None:
    overlapping = (
        *MEASURES,
        part("doctor"),
        part("nurse", of="'category in (doctor, nurse)'"),
        part("office"),
        by_post(),
    )
    scores, _, _ = cards([post("doctor", 5, 20)], {("甲", "doctor"): 90, ("甲", "nurse"): 80}, *overlapping)
    assert scores.cards["staff_monthly", "甲"].status == "failed"
    assert "2025-03-05 至 2025-03-20)同时适用 doctor_monthly、nurse_monthly" in scores.issues[0].found.zh


def test_it_has_grades_ranks_quotas_vetoes_extras_and_coefficients_of_its_own() -> None:
    further = (
        "peers: {by: parent}\nrank: {of: total}\n"
        f"{GRADES}\nquota: {{优秀: {{at_most: 50%, falls_to: 良好}}}}\n"
        "coefficient: {curve: steps, at: [[0, 0.8], [80, 1.2]]}\n"
        "extra: [{indicator: of_office, cap: 5, out_of: 100}]\ntotal: {max: 100}\n"
        "veto: [{when: category == nurse, effect: {grade_at_most: 合格}}]\noutcomes: [{when: rank == 1, say: 通报表扬}]"
    )
    segments = [post("doctor"), post("doctor", who="乙"), post("nurse", who="丙")]
    given = {("甲", "doctor"): 98, ("乙", "doctor"): 92, ("丙", "nurse"): 95}
    given |= {(who, "office"): extra for who, extra in (("甲", 50), ("乙", 1), ("丙", 0))}
    scores, _, _ = cards(segments, given, *BASE, by_post(further))
    found = {who: scores.cards["staff_monthly", who] for who in "甲乙丙"}
    assert [(c.total, c.grade, c.rank, c.coefficient, c.outcomes) for c in found.values()] == [
        (100, "优秀", 1, F("1.2"), ("通报表扬",)),
        (93, "良好", 3, F("1.2"), ()),
        (95, "合格", 2, F("1.2"), ()),
    ]


def test_members_of_two_institutions_are_compared_where_the_scheme_found_them() -> None:
    """The doctor of the first half is a peer of the doctors of that hospital, although he left it."""
    other = Segment("院二", "institution", "town", "")
    moved = Segment("甲", "person", "nurse", "院二", date(2025, 3, 16), date(2025, 3, 31), {"category": "nurse"})
    documents = (
        *MEASURES,
        part("doctor") + "peers: {within: institution}\nrank: {of: total}\n",
        part("nurse"),
        part("office"),
        by_post(),
    )
    segments = [other, post("doctor", 1, 15), moved, post("doctor", who="乙")]
    given = {("甲", "doctor"): 90, ("乙", "doctor"): 80, ("甲", "nurse"): 70}
    scores, _, _ = cards(segments, given, *documents)
    assert [
        (scores.cards["doctor_monthly", who].rank, scores.cards["doctor_monthly", who].rank_of) for who in "甲乙"
    ] == [
        (1, 2),
        (2, 2),
    ]


def test_a_part_that_was_never_declared_or_cannot_be_decided_sets_the_person_aside_with_words() -> None:
    undeclared = cards(
        [post("doctor")], {("甲", "doctor"): 90}, *BASE, by_post(parts="[doctor_monthly, driver_monthly]")
    )
    (issue,) = [one for one in undeclared[0].issues if one.subject == "甲"]
    assert "driver_monthly 没有声明" in issue.found.zh
    unclear = part("doctor", "category == doctor and fte > 0.5")
    posts = [post("doctor", 1, 10, fte="半个"), post("nurse", 11, 31)]
    found, *_ = cards(posts, {("甲", "nurse"): 90}, *MEASURES, unclear, part("nurse"), part("office"), by_post())
    assert "无法判断任职段" in " ".join(one.found.zh for one in found.issues if one.subject == "甲")
    assert found.cards["staff_monthly", "甲"].status == "failed"


def test_a_part_that_gave_no_total_blocks_the_whole() -> None:
    yearly = part("nurse").replace("period: month", "period: year")
    documents = (*MEASURES, part("doctor"), yearly, part("office"), by_post())
    found, *_ = cards([post("doctor", 1, 10), post("nurse", 11, 31)], {("甲", "doctor"): 90}, *documents)
    whole = found.cards["staff_monthly", "甲"]
    assert (whole.status, whole.total, item(whole, "nurse_monthly").reason) == ("blocked", None, "score-missing")
