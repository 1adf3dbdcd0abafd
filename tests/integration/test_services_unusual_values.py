"""Figures far from history or peers are told at their cell, with what is usual; never refused, never a flood."""

from fractions import Fraction

from services_county import HR, JUNE, NOW, SEGMENTS, book, fact, reading, segment, take, with_roster

from perf.services.import_facts import import_facts
from perf.services.unusual_values import A_COLUMN_MAX


def judged(store, rows, **about):
    found, content = reading(rows, name="六月.xlsx")
    return import_facts(store, found, content=content, actor=HR, now=NOW, measures=book().measures, **about)


def unusual(store, rows):
    return [i for i in judged(store, rows).issues if i.code == "value-unusual"]


def history(store, *values):
    for back, value in enumerate(values, 1):
        rows = [fact("001", "work_score", JUNE.shift(-back), str(value))]
        take(store, rows, name=f"{back}.xlsx")


def test_a_slipped_decimal_point_is_told_with_the_range_and_the_value_that_was_meant(store):
    with_roster(store)
    history(store, 80, 82, 85, 79, 88, 84)
    (issue,) = unusual(store, [fact("001", "work_score", JUNE, "8.4", cell="C7")])
    assert (issue.place.cell, issue.severity, issue.suggested, issue.subject) == ("C7", "warning", "84", "001")
    assert "前 6 期" in issue.found.zh
    assert issue.expected.zh.startswith("通常在 ")


def test_what_is_usual_for_the_person_is_told_nothing_about(store):
    with_roster(store)
    history(store, 80, 82, 85, 79, 88, 84)
    assert unusual(store, [fact("001", "work_score", JUNE, "70")]) == []


def test_five_months_are_no_history_and_three_colleagues_no_peers(store):
    with_roster(store)
    history(store, 80, 82, 85, 79, 88)
    assert unusual(store, [fact("001", "work_score", JUNE, "1")]) == []


def crowd(count):
    return [segment(f"1{n:02}", "person", "doctor", "h1", name=f"某{n}", share="1") for n in range(count)]


def test_without_a_history_the_peers_of_the_month_are_asked(store):
    people = crowd(12)
    with_roster(store, [*SEGMENTS, *people])
    rows = [fact(p.subject, "work_score", JUNE, str(80 + n), cell=f"C{n + 2}") for n, p in enumerate(people)]
    rows[3] = rows[3]._replace(value=Fraction("0.9"))
    (issue,) = unusual(store, rows)
    assert issue.place.cell == "C5"
    assert "同期同类" in issue.found.zh


def test_colleagues_of_another_kind_are_no_peers(store):
    people = crowd(12)
    others = [segment("900", "person", "nurse", "h1", name="护士", share="1")]
    with_roster(store, [*SEGMENTS, *people, *others])
    rows = [fact(p.subject, "work_score", JUNE, str(80 + n)) for n, p in enumerate(people)]
    assert unusual(store, [*rows, fact("900", "work_score", JUNE, "1")]) == []


def test_a_column_in_the_wrong_unit_is_told_ten_times_and_counted(store):
    people = crowd(40)
    with_roster(store, [*SEGMENTS, *people])
    rows = [
        fact(p.subject, "work_score", JUNE, "0.9" if n % 3 == 0 else str(80 + n % 7), cell=f"C{n + 2}")
        for n, p in enumerate(people)
    ]
    found = unusual(store, rows)
    assert len(found) == A_COLUMN_MAX + 1
    assert any("另有 4 个数异常" in i.found.zh for i in found)


def test_what_counts_already_and_is_sent_again_is_not_judged_again(store):
    with_roster(store)
    history(store, 80, 82, 85, 79, 88, 84)
    take(store, [fact("001", "work_score", JUNE, "8.4")], name="旧.xlsx")
    assert unusual(store, [fact("001", "work_score", JUNE, "8.4")]) == []


def test_it_is_a_warning_and_the_file_is_accepted(store):
    with_roster(store)
    history(store, 80, 82, 85, 79, 88, 84)
    plan = judged(store, [fact("001", "work_score", JUNE, "8.4")], mode="accept")
    assert plan.outcome == "accepted"
    assert [i.code for i in plan.issues] == ["value-unusual"]


def test_what_some_are_in_every_month_is_no_exception_but_a_slipped_point_is(store):
    """Somebody is on leave each month; a clerk who is warned of fifty of them reads none of the warnings."""
    people = crowd(30)
    with_roster(store, [*SEGMENTS, *people])
    for back in range(1, 7):
        rows = [
            fact(p.subject, "work_score", JUNE.shift(-back), "50" if n % 20 == back else str(80 + n % 3))
            for n, p in enumerate(people)
        ]
        take(store, rows, name=f"{back}.xlsx")
    rows = [fact(p.subject, "work_score", JUNE, str(80 + n % 3), cell=f"C{n + 2}") for n, p in enumerate(people)]
    rows[11] = rows[11]._replace(value=Fraction(50))
    rows[12] = rows[12]._replace(value=Fraction(8))
    (issue,) = unusual(store, rows)
    assert (issue.place.cell, issue.suggested) == ("C14", "80")


def test_where_most_of_the_peers_have_nothing_those_who_have_something_are_no_exception(store):
    people = crowd(20)
    with_roster(store, [*SEGMENTS, *people])
    rows = [fact(p.subject, "visits", JUNE, "12" if n < 3 else "0") for n, p in enumerate(people)]
    assert unusual(store, rows) == []


def test_nothing_is_suggested_that_is_not_near_what_is_usual_or_not_in_the_measure_s_digits(store):
    with_roster(store)
    history(store, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3)
    (issue,) = unusual(store, [fact("001", "work_score", JUNE, "8")])
    assert issue.suggested == ""
    assert "小数点" not in issue.hint.zh


def test_the_range_never_seems_to_hold_the_figure_that_is_outside_of_it(store):
    """The end of 6.59 was written as 7, and 7 told to be far from what is usual."""
    with_roster(store)
    for back, value in enumerate((1, 2, 1, 2, 1, 2, 1, 2), 1):
        take(store, [fact("h1", "visits", JUNE.shift(-back), str(value))], name=f"{back}.xlsx")
    (issue,) = unusual(store, [fact("h1", "visits", JUNE, "7")])
    assert issue.expected.zh == "通常在 -3 到 6 之间"
