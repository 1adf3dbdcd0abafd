"""The files of the contract, awkward ones first."""

import itertools
from datetime import date
from fractions import Fraction

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, county_book

from perf.appraisal.card_files import parse_cards
from perf.appraisal.contract_files import parse_facts, parse_subjects, write_csv
from perf.appraisal.csv_rows import read_rows
from perf.kernel.facts import FactKey
from perf.kernel.periods import Period

HEAD = "subject,level,kind,parent,from,to,share\n"
ROSTER_TEXT = HEAD + "h1,institution,hospital,,,,\np1,person,doctor,h1,,,1.2\np2,person,nurse,h1,2025-06-16,,\n"


def told(issues):
    return [(issue.place.line, issue.code) for issue in issues]


def subjects(*lines, head=HEAD):
    return parse_subjects("S.csv", head + "".join(line + "\n" for line in lines))


def facts(*lines, head="subject,period,measure,value"):
    roster, _, _ = parse_subjects("S.csv", ROSTER_TEXT)
    return parse_facts("F.csv", "\n".join([head, *lines]) + "\n", county_book(), roster)


def values(found):
    return {(fact.key.subject, fact.key.measure): fact.value for fact in found}


def test_an_empty_file_misses_every_column():
    for text in ("", "\ufeff", "\n"):
        _, _, issues = parse_subjects("S.csv", text)
        assert told(issues) == [(1, "csv-column-missing")] * 4


def test_a_header_alone_is_an_empty_roster_and_no_error():
    roster, columns, issues = subjects()
    assert (roster.ids(), columns, issues) == ([], frozenset({"share"}), ())


def test_headers_are_refused_whole_every_trouble_at_once():
    _, issues = facts(head="subject,subject,period,measure,worth")
    assert sorted(told(issues)) == [(1, "csv-column-missing"), (1, "csv-column-twice"), (1, "csv-column-unknown")]
    assert {issue.found.zh for issue in issues} == {"没有列“value”", "列“subject”出现多次", "未知列“worth”"}


def test_further_columns_of_subjects_are_attributes_those_of_facts_are_refused():
    roster, columns, issues = subjects("p1,person,,", head="subject,level,kind,parent,鞋码\n")
    assert told(issues) == [(2, "csv-row-length")]
    roster, columns, issues = subjects("p1,person,,,43", head="subject,level,kind,parent,鞋码\n")
    assert (columns, roster.at("p1", JUNE).attribute("鞋码"), issues) == (frozenset({"鞋码"}), "43", ())
    assert told(facts("p1,2025-06,seen,1,x", head="subject,period,measure,value,note")[1]) == [
        (1, "csv-column-unknown")
    ]


def test_a_byte_order_mark_is_accepted_and_none_is_written():
    roster, _, issues = parse_subjects("S.csv", "\ufeff" + ROSTER_TEXT)
    assert (roster.ids(), issues) == (["h1", "p1", "p2"], ())
    assert write_csv(["a", "b"], [{"a": "1", "b": 'x,"y"'}]) == 'a,b\n1,"x,""y"""\n'


def test_blank_lines_and_spaces_and_carriage_returns_do_not_matter():
    found, issues = facts(" p1 , 2025-06 , seen , 7 \r", "", ",,,\r", "p2,2025-06,seen,8")
    assert values(found) == {("p1", "seen"): 7, ("p2", "seen"): 8}
    assert issues == ()


def test_broken_quotes_are_one_issue_with_their_line():
    for text in ('"p1,2025-06,seen,1', 'p1,"2025"-06,seen,1'):
        _, issues = facts("p2,2025-06,seen,1", text)
        assert [code for _, code in told(issues)] == ["csv-broken"]
        assert issues[0].place.line == 3


def test_a_cell_beyond_what_csv_can_hold_is_an_issue_not_a_crash():
    _, issues = facts("p1,2025-06,seen," + "9" * 200_000)
    assert [issue.code for issue in issues] == ["csv-broken"]


def test_a_nul_byte_is_an_issue_not_a_crash():
    found, issues = facts("p1,2025-06,seen,1\0")
    assert len(found) == 0
    assert [issue.code for issue in issues] == ["not-a-number"]


def test_every_row_of_another_length_is_told_with_its_line_and_the_others_stay():
    found, issues = facts("p1,2025-06,seen", "p1,2025-06,seen,1", "p1,2025-06,seen,1,2")
    assert told(issues) == [(2, "csv-row-length"), (4, "csv-row-length")]
    assert values(found) == {("p1", "seen"): 1}


def test_line_numbers_count_lines_also_where_a_cell_holds_a_line_break():
    _, _, issues = subjects('p1,person,doctor,,,,"1\n2"', "p2,human,doctor,,,,")
    assert told(issues) == [(4, "level-unknown")]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (",person,doctor,,,,", ["subject-empty"]),
        ("p1,Person,doctor,,,,", ["level-unknown"]),
        ("p1,,doctor,,,,", ["level-unknown"]),
        ("p1,person,doctor,,2025-13,,", ["date-unreadable"]),
        ("p1,person,doctor,,2025-06-31,,", ["date-unreadable"]),
        ("p1,person,doctor,,2025/06/01,,", ["date-unreadable"]),
        ("p1,person,doctor,,20250601,,", ["date-unreadable"]),
        ("p1,person,doctor,,昨天,明天,", ["date-unreadable", "date-unreadable"]),
        ("p1,person,doctor,,2025-07,2025-06,", ["dates-reversed"]),
        (",human,doctor,,x,,", ["subject-empty", "level-unknown", "date-unreadable"]),
    ],
)
def test_every_trouble_of_a_subject_is_told_with_its_line(line, codes):
    roster, _, issues = subjects("h1,institution,hospital,,,,", line)
    assert told(issues) == [(3, code) for code in codes]
    assert roster.ids() == ["h1"]


def test_a_from_is_the_first_day_and_a_to_the_last_of_what_is_written():
    roster, _, issues = subjects("p1,person,,,2025-02,2025-02,", "p2,person,,,2025-Q2,2025,", "p3,person,,,,,")
    days = {s.subject: (s.first_day, s.last_day) for s in roster}
    assert days == {
        "p1": (date(2025, 2, 1), date(2025, 2, 28)),
        "p2": (date(2025, 4, 1), date(2025, 12, 31)),
        "p3": (date.min, date.max),
    }
    assert issues == ()


def test_the_same_segment_twice_is_refused_another_segment_is_not():
    _, _, issues = subjects("p1,person,a,,,2025-05,", "p1,person,a,,2025-06,,", "p1,person,a,,,2025-05,")
    assert told(issues) == [(4, "subject-twice")]
    assert issues[0].found.zh == "与第 2 行相同"


def test_a_parent_without_a_row_of_its_own_is_a_warning():
    roster, _, issues = subjects("p1,person,,h9,,,", "p2,person,,h9,,,")
    assert [(i.code, i.severity, i.subject) for i in issues] == [("parent-unknown", "warning", "p1")]
    assert roster.ids() == ["p1", "p2"]


def test_parents_in_a_circle_are_told_once_unless_they_never_meet():
    _, _, issues = subjects("a,institution,,b,,,", "b,institution,,c,,,", "c,institution,,a,,,", "p,person,,a,,,")
    assert [(i.code, i.severity, i.subject) for i in issues] == [("parent-cycle", "error", "a")]
    assert issues[0].found.zh == "上级循环:a → b → c → a"
    _, _, issues = subjects("d,institution,,d,,,")
    assert [i.code for i in issues] == ["parent-cycle"]
    swapped = ("a,institution,,b,,2024-12,", "b,institution,,a,2025-01,,", "a,institution,,,2025-01,,")
    assert subjects(*swapped)[2] == ()


def test_a_chain_of_parents_that_bites_its_tail_ends():
    roster, _, _ = subjects("a,institution,,b,,,", "b,institution,,a,,,", "c,person,,c,,,")
    assert roster.ancestor("a", "county", JUNE) is None
    assert roster.below("a", "person", JUNE) == []


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("p1,2025-06,sene,1", ["unknown-measure"]),
        ("p9,2025-06,seen,1", ["unknown-subject"]),
        ("p1,2025-13,seen,1", ["period-unreadable"]),
        ("p1,2025-6,seen,1", ["period-unreadable"]),
        ("p1,２０２５-06,seen,1", ["period-unreadable"]),
        ("p1,2025-06,seen,八十八", ["not-a-number"]),
        ('p1,2025-06,seen,"1,234"', ["not-a-number"]),
        ("p1,2025-06,seen,1e3", ["not-a-number"]),
        ("p1,2025-06,seen,８８", ["not-a-number"]),
        ("p1,2025-06,seen,NaN", ["not-a-number"]),
        ("p1,2025-06,seen,1/0", ["not-a-number"]),
        ("p1,2025-06,seen,12%", ["not-a-number"]),
        ("p1,2025-06,seen,1.5", ["too-many-digits"]),
        ("p1,2025-06,work_score,1/3", ["too-many-digits"]),
        ("p1,2025-06,work_score,130", ["out-of-range"]),
        ("p1,2025-06,work_score,-0.01", ["out-of-range"]),
        ("p1,2025-06,work_score,100.001", ["out-of-range", "too-many-digits"]),
        ("h1,2025-06,pool_yuan,0.001", ["too-many-digits"]),
        ("p1,2025-06,records,a", ["rating-unknown"]),
        ("p1,2025-06,grave,也许", ["not-a-number"]),
        ("p9,2025-13,sene,八", ["unknown-measure", "unknown-subject", "period-unreadable"]),
    ],
)
def test_every_trouble_of_a_fact_is_told_with_its_line(line, codes):
    _, issues = facts("p1,2025-06,nights,1", line)
    assert told(issues) == [(3, code) for code in codes]


def test_a_close_name_is_offered():
    _, issues = facts("p1,2025-06,sene,1")
    assert issues[0].hint.zh == "是否为 seen?"


@pytest.mark.parametrize(("text", "value"), [("0100", 100), ("+7", 7), ("100.00", 100), ("3/1", 3)])
def test_numbers_are_read_exactly(text, value):
    found, issues = facts(f"p1,2025-06,work_score,{text}")
    assert values(found) == {("p1", "work_score"): value}
    assert issues == ()


@pytest.mark.parametrize(
    ("word", "value"), [("是", 1), ("有", 1), ("YES", 1), ("否", 0), ("无", 0), ("No", 0), ("3", 3)]
)
def test_events_are_words_or_counts(word, value):
    found, issues = facts(f"p1,2025-06,grave,{word}")
    assert values(found) == {("p1", "grave"): Fraction(value)}
    assert issues == ()


def test_an_empty_value_is_no_row_so_the_figure_is_missing():
    found, issues = facts("p1,2025-06,seen,", "p1,2025-06,records,", "p1,2025-06,seen,3")
    assert values(found) == {("p1", "seen"): 3}
    assert issues == ()


def test_the_same_key_twice_is_refused_even_with_the_same_value():
    _, issues = facts("p1,2025-06,seen,3", "p2,2025-06,seen,3", "p1,2025-06,seen,3")
    assert told(issues) == [(4, "fact-twice")]
    assert issues[0].found.zh == "与第 2 行键相同"


def test_items_and_counterparties_are_part_of_the_key():
    head = "subject,period,measure,item,counterparty,value"
    found, issues = facts("p1,2025-06,seen,a,,1", "p1,2025-06,seen,b,,2", "p1,2025-06,seen,b,h1,3", head=head)
    assert [fact.key for fact in found] == [
        FactKey("p1", "seen", JUNE, "a"),
        FactKey("p1", "seen", JUNE, "b"),
        FactKey("p1", "seen", JUNE, "b", "h1"),
    ]
    assert issues == ()


def test_the_order_of_columns_and_rows_does_not_matter():
    rows = [("p1", "2025-06", "seen", "3"), ("p2", "2025-06", "seen", "4"), ("p1", "2024", "nights", "5")]
    names = ("subject", "period", "measure", "value")
    seen = set()
    for columns in itertools.permutations(range(4)):
        for order in itertools.permutations(rows):
            text = [",".join(row[c] for c in columns) for row in order]
            found, issues = facts(*text, head=",".join(names[c] for c in columns))
            assert issues == ()
            seen.add(tuple((fact.key, fact.value) for fact in found))
    assert len(seen) == 1
    assert {key.period for key, _ in seen.pop()} == {JUNE, Period(2024, "year")}


def test_every_fact_knows_its_line():
    found, _ = facts("", "p1,2025-06,seen,3")
    assert [str(fact.source) for fact in found] == ["F.csv!L3"]


def test_without_a_roster_subjects_are_not_looked_up():
    found, issues = parse_facts("F.csv", "subject,period,measure,value\nwho,2025-06,seen,1\n", county_book(), None)
    assert (len(found), issues) == (1, ())


def test_only_total_rows_of_scores_are_read():
    head = "scheme,subject,period,item,type,value,points,weight,score,grade,rank,of,coefficient,status,reason\n"
    text = head + (
        "s,p1,2025-06,work,indicator,90,90,100,90,,,,,scored,\n"
        "s,p1,2025-06,total,total,,90,,90.05,优秀,1,2,1.2,scored,\n"
        "s,p2,2025-06,total,total,,,,,,,,,blocked,missing-fact\n"
        "s,p3,2025-06,total,total,,80,,80,合格,2,2,1,vetoed,forfeit_pay\n"
        "s,p4,2025-06,total,total,,80,,八十,合格,2,2,1,scored,\n"
        "s,p1,2025-06,total,total,,90,,90.05,优秀,1,2,1.2,scored,\n"
    )
    cards, issues = parse_cards("OUT.csv", text, JUNE)
    assert told(issues) == [(6, "not-a-number"), (7, "score-twice")]
    figures = {
        subject: (c.total, c.coefficient, c.grade, c.forfeits_pay, c.status) for (_, subject), c in cards.items()
    }
    assert figures == {
        "p1": (Fraction("90.05"), Fraction("1.2"), "优秀", False, "scored"),
        "p2": (None, None, "", False, "blocked"),
        "p3": (80, 1, "合格", True, "vetoed"),
    }


def test_scores_of_another_month_are_told_once_a_file():
    head = "scheme,subject,period,type,score,grade,coefficient,status,reason\n"
    rows = "s,p1,2025-05,total,1,,,scored,\ns,p2,2025-05,total,2,,,scored,\ns,p3,2025-06,total,3,,,scored,\n"
    cards, issues = parse_cards("OUT.csv", head + rows, JUNE)
    assert [(i.code, i.severity, i.place.line) for i in issues] == [("score-other-period", "warning", 2)]
    assert issues[0].found.zh == "2 行合计不是 2025-06 的,如 2025-05"
    assert len(cards) == 3


def test_a_text_of_issues_holds_both_languages():
    _, _, issues = read_rows("X.csv", "a,a,c\n", required=["a", "b"], optional=["a"])
    for issue in issues:
        assert "found: " in issue.render("en")
        assert "发现:" in issue.render("zh")
        assert issue.expected.en
