from datetime import date
from fractions import Fraction

import pytest

from perf.formulas import Absent, Node, equation, evaluate, parse_formula
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.book import load_book
from perf.specs.models import DatedValue, ItemList, ListItem, Measure, RuleBook
from perf.specs.world import World

JUNE, MAY, Y2025, Q2 = (parse_period(text) for text in ("2025-06", "2025-05", "2025", "2025-Q2"))


def measure(code, title="", **changes):
    keys = {
        "answers": "number", "unit": "person-times", "digits": 0, "level": "person", "roll_up": "sum", "period": "month",
        "spread": "same", "partial": False, "minimum": None, "maximum": None, "supplied_by": "", "revenue": "none",
        "counter_to": (), "values": (), "synonyms": (), "place": NOWHERE,
    }  # fmt: skip
    return Measure(code=code, title=Text(title or code), **{**keys, **changes})


MEASURES = [
    measure("visits", "门诊人次"),
    measure("partly", partial=True),
    measure("mean_wait", roll_up="mean"),
    measure("beds", roll_up="last", level="institution"),
    measure("income", unit="wan_yuan", level="institution"),
    measure("score_given", roll_up="none", level="institution"),
    measure("insured", period="year", level="institution", roll_up="none"),
    measure("audits", period="quarter", level="institution"),
    measure("audit_mean", period="quarter", level="institution", roll_up="mean"),
    measure("audit_last", period="quarter", level="institution", roll_up="last"),
    measure("audit_only", period="quarter", level="institution", roll_up="none"),
    measure("audit_plan", period="quarter", level="institution", spread="even"),
    measure("plan", period="year", spread="even", level="institution"),
    measure("accident", answers="event", level="institution"),
    measure("procedures", level="person"),
]
ITEMS = ItemList(
    "procedures",
    Text("手术"),
    {"P1": ListItem("P1", Text("阑尾"), {"points": (DatedValue(None, None, Fraction(5), "5"),)})},
    NOWHERE,
)
BOOK = RuleBook(
    {m.code: m for m in MEASURES}, {"procedures": ITEMS}, {}, {}, {}, {}, {"post_coefficient": Text("岗位系数")}
)
ROSTER = Roster(
    [
        Segment("C", "consortium", "consortium", ""),
        Segment("H", "institution", "county_hospital", "C"),
        Segment("T", "institution", "township_hospital", "C"),
        Segment("D", "department", "department", "H"),
        Segment("001", "person", "doctor", "D", attributes={"category": "doctor", "post_coefficient": "1.2"}),
        Segment("002", "person", "nurse", "H", last_day=date(2025, 6, 15), attributes={"category": "nurse"}),
        Segment("002", "person", "nurse", "T", first_day=date(2025, 6, 16), attributes={"category": "nurse"}),
        Segment("003", "person", "doctor", "T", attributes={"category": "doctor"}),
    ]
)


def world(*facts, totals=None):
    made = [Fact(FactKey(*key), value if isinstance(value, str) else Fraction(value)) for key, value in facts]
    return World(BOOK, ROSTER, Facts(made), totals if totals is not None else {})


def value(seen, text, subject="H", period=JUNE, **options):
    return evaluate(parse_formula(text, NOWHERE).formula, seen.scope(subject, period, **options)).value


def everybody(code="visits", period=JUNE):
    return [(("001", code, period), 1), (("002", code, period), 2), (("003", code, period), 4)]


def test_the_subjects_own_fact_wins_over_the_roll_up():
    assert value(world(*everybody(), (("H", "visits", JUNE), 100)), "visits") == 100
    assert value(world(*everybody(), (("H", "visits", JUNE), 100)), "visits", "C") == 106


def test_a_roll_up_goes_through_departments_and_counts_everybody_once():
    seen = world(*everybody())
    assert [value(seen, "visits", subject) for subject in ("H", "T", "C")] == [1, 6, 7]


def test_without_all_members_it_is_missing_and_says_who():
    seen = world(*everybody()[:2])
    assert value(seen, "visits", "C").keys == (FactKey("003", "visits", JUNE),)


def test_a_partial_count_takes_those_that_reported():
    assert value(world((("001", "partly", JUNE), 3)), "partly", "C") == 3
    assert value(world(), "partly", "C").reason == "missing"


def test_a_mean_is_a_mean_and_none_stays_missing():
    assert value(world(*everybody("mean_wait")), "mean_wait", "T") == 3
    assert (
        value(world((("H", "score_given", JUNE), 9), (("T", "score_given", JUNE), 9)), "score_given", "C").reason
        == "missing"
    )


def test_a_measure_of_a_higher_level_is_not_inherited():
    seen = world((("H", "income", JUNE), 3))
    assert value(seen, "income", "001").reason == "missing"
    assert value(seen, "parent.income", "D") == 30000


def test_ten_thousands_of_yuan_are_yuan_inside_formulas():
    assert value(world((("H", "income", JUNE), 3)), "income + 1") == 30001


def test_a_yearly_measure_stands_in_its_months_even_or_same():
    seen = world((("H", "insured", Y2025), 1200), (("H", "plan", Y2025), 1200))
    assert value(seen, "insured") == 1200
    assert value(seen, "plan") == 100
    assert value(seen, "plan", period=Q2) == 300
    assert value(seen, "insured@last_year").keys == (FactKey("H", "insured", parse_period("2024")),)


def test_months_are_rolled_over_a_longer_period():
    months = Q2.months()
    seen = world(
        *(((("H", code, month), n) for code in ("income", "beds", "visits") for n, month in enumerate(months, 1)))
    )
    assert value(seen, "income", period=Q2) == 60000
    assert value(seen, "beds", period=Q2) == 3
    assert value(seen, "visits@year(0)").reason == "missing"


def test_shifts_look_at_other_periods():
    year = JUNE.year_to_date()
    seen = world(*((("H", "visits", month), 10) for month in year), (("H", "visits", JUNE.last_year()), 5))
    assert value(seen, "visits - visits@last_year") == 5
    assert value(seen, "visits@previous") == 10
    assert value(seen, "visits@year_to_date") == 60


def test_items_are_summed_where_no_plain_fact_stands():
    facts = [((("001", "procedures", JUNE, "P1")), 2), ((("001", "procedures", JUNE, "P9")), 3)]
    assert value(world(*facts), "procedures", "001") == 5
    assert value(world(facts[0]), "sum(procedures.quantity * item.points)", "001") == 10
    assert value(world(*facts), "sum(procedures.quantity * item.points)", "001").reason == "not_allowed"
    assert value(world(*facts, (("001", "procedures", JUNE), 7)), "procedures", "001") == 7


def test_events_in_words_count_one_or_none():
    assert value(world((("H", "accident", JUNE), "有")), "accident > 0") is True
    assert value(world((("H", "accident", JUNE), "否")), "accident > 0") is False


def test_attributes_are_numbers_text_or_missing():
    seen = world()
    assert value(seen, "post_coefficient * 2", "001") == Fraction(12, 5)
    assert value(seen, "岗位系数 * 2", "001") == Fraction(12, 5)
    assert value(seen, "category == doctor", "001") is True
    assert value(seen, "post_coefficient", "003").keys == (FactKey("003", "post_coefficient", JUNE),)
    assert value(seen, "no_such_name", "003").reason == "not_allowed"


def test_a_segment_speaks_for_itself():
    first, second = ROSTER.segments("002", JUNE)
    seen = world((("H", "income", JUNE), 1), (("T", "income", JUNE), 2))
    assert value(seen, "in_post", "002", segment=first) == Fraction(1, 2)
    assert value(seen, "parent.income", "002", segment=first) == 10000
    assert value(seen, "parent.income", "002", segment=second) == 20000


def test_chinese_titles_stand_for_measures():
    assert value(world((("H", "visits", JUNE), 7)), "门诊人次 + 1") == 8


def test_locals_win_over_parameters_and_parameters_over_measures():
    dated = {
        "visits": (
            DatedValue(None, date(2025, 5, 31), Fraction(1), "1"),
            DatedValue(date(2025, 6, 1), None, Fraction(2), "2"),
        )
    }
    seen = world((("H", "visits", JUNE), 7))
    assert value(seen, "visits", parameters=dated) == 2
    assert value(seen, "visits", period=MAY, parameters=dated) == 1
    assert value(seen, "visits", parameters=dated, locals={"visits": Node("name", Fraction(9))}) == 9


def test_an_assumed_value_says_so_and_only_replaces_what_nobody_reported():
    seen = world((("T", "visits", JUNE), 7))
    node = evaluate(parse_formula("visits", NOWHERE).formula, seen.scope("H", JUNE, assume={"visits": Fraction(0)}))
    assert (node.op, node.value) == ("policy", 0)
    assert equation(node) == "门诊人次 0(未报,按 0 计)"
    assert value(seen, "visits", "T", assume={"visits": Fraction(0)}) == 7


def test_scores_come_from_the_totals_as_they_are_filled():
    totals = {}
    seen = world(totals=totals)
    assert value(seen, "parent.score(a, b)", "D").reason == "missing"
    totals["a", "H", JUNE] = Node("total", Fraction(90))
    totals["b", "H", MAY] = Node("total", Fraction(80))
    assert value(seen, "parent.score(a, b)", "D") == 90
    assert value(seen, "score(b)@previous") == 80
    totals["b", "H", JUNE] = Node("total", Fraction(1))
    assert value(seen, "score(a, b)").reason == "not_allowed"


def test_members_skip_departments_and_peers_know_their_value():
    seen = world(*everybody())
    assert value(seen, "count(members)", "H") == 2
    assert value(seen, "sum(members(category == doctor).visits)", "T") == 4
    values = {"H": Node("number", Fraction(1)), "T": Node("number", Fraction(3))}
    peers = {"peers": ("H", "T"), "peer_value": lambda who, when: values[who] if when == JUNE else absent}
    absent = Node("indicator", Absent("missing"))
    assert value(seen, "mean(peers.value)", "H", **peers) == 2
    assert value(seen, "max(peers.value)", "H", **peers) == 3
    assert value(seen, "max(peers.value@previous)", "H", **peers).reason == "missing"


def test_tables_balances_and_owners():
    seen = world((("H", "income", JUNE), 1))
    tables = {"base": {"doctor": Fraction(800)}}
    assert value(seen, "base(category)", "001", tables=tables) == 800
    assert value(seen, "base(category)", "002", tables=tables).reason == "not_allowed"
    assert value(seen, "balance(pool)", balance=lambda _account: Node("balance", Fraction(5))) == 5
    assert value(seen, "balance(pool)").reason == "not_allowed"
    assert value(seen, "owner.income", "001", owner="H") == 10000
    assert value(seen, "owner.income", "001", owner=seen.scope("H", JUNE)) == 10000
    assert isinstance(value(seen, "owner.income", "001"), Absent)


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_facts_never_matters(order):
    assert value(world(*everybody()[::order]), "visits", "C") == 7


def test_a_roster_that_goes_in_a_circle_ends():
    roster = Roster([Segment("A", "institution", "x", "B"), Segment("B", "institution", "x", "A")])
    circle = World(BOOK, roster, Facts(), {})
    assert value(circle, "visits", "A").reason == "missing"


def test_a_ratio_of_time_that_nobody_reported_names_the_asked_period():
    assert value(world(), "visits@year(0)", "001").keys == (FactKey("001", "visits", Y2025),)
    assert value(world(), "score_given@year_to_date").reason == "missing"


def test_the_last_month_speaks_for_a_stock_and_members_add_up():
    seen = world((("H", "beds", JUNE), 300), (("T", "beds", JUNE), 40))
    assert value(seen, "beds", "C") == 340
    assert value(seen, "beds@year_to_date") == 300


def test_a_year_to_date_of_a_yearly_measure_is_its_year():
    assert value(world((("H", "insured", Y2025), 1200)), "insured@year_to_date") == 1200
    assert value(world(), "head@year_to_date").reason == "not_allowed"


@pytest.mark.parametrize(
    ("asked", "month", "expected"),
    [
        ("audits", "2025-01", 2),
        ("audits", "2025-03", 2),
        ("audits", "2025-04", 7),
        ("audits", "2025-05", 7),
        ("audits", "2025-06", 7),
        ("audits", "2025-Q2", 7),
        ("audits", "2025", 7),
        ("audit_mean", "2025-05", Fraction(7, 2)),
        ("audit_last", "2025-05", 5),
        ("audit_only", "2025-03", 2),
        ("audit_plan", "2025-05", 2 + Fraction(5, 3) * 2),
    ],
)
def test_a_year_to_date_of_a_quarterly_measure_counts_each_quarter_whole_and_once(asked, month, expected):
    facts = [((("H", asked, parse_period(quarter))), value) for quarter, value in (("2025-Q1", 2), ("2025-Q2", 5))]
    if month == "2025":
        facts += [((("H", asked, parse_period(quarter))), 0) for quarter in ("2025-Q3", "2025-Q4")]
    assert value(world(*facts), f"{asked}@year_to_date", period=parse_period(month)) == expected


def test_a_year_to_date_of_a_quarterly_measure_names_the_quarter_that_is_missing():
    quarters = [parse_period(text) for text in ("2025-Q1", "2025-Q2")]
    missing = value(world((("H", "audits", quarters[1]), 5)), "audits@year_to_date", period=MAY)
    assert missing.keys == (FactKey("H", "audits", quarters[0]),)
    assert (
        value(world((("H", "audit_only", quarters[1]), 5)), "audit_only@year_to_date", period=MAY).reason == "missing"
    )


def test_text_does_not_roll_up():
    assert value(world((("H", "beds", JUNE), "甲"), (("T", "beds", JUNE), 40)), "beds", "C").reason == "not_allowed"


def test_a_ten_thousand_assumed_is_yuan_too():
    assert value(world(), "income", assume={"income": Fraction(2)}) == 20000
    assert value(world(), "income@year_to_date", assume={"income": Fraction(2)}) == 20000


def test_a_parameter_without_a_value_in_force_says_so():
    dated = {"share": (DatedValue(date(2026, 1, 1), None, Fraction(1), "1"),)}
    assert value(world(), "share", parameters=dated).reason == "not_allowed"
    assert value(world(), "base(category)", "T", tables={}).reason == "missing"


def test_inside_an_item_other_names_are_the_subjects():
    seen = world((("001", "procedures", JUNE, "P1"), 2))
    assert value(seen, "sum(procedures.quantity * item.points * post_coefficient)", "001") == 12
    assert value(seen, "sum(nothing.quantity * item.points)", "001").reason == "not_allowed"


def test_the_last_of_a_partial_measure_is_the_last_that_was_reported():
    partial = measure("seen", roll_up="last", level="institution", partial=True)
    book = RuleBook({"seen": partial}, {}, {}, {}, {}, {}, {})
    facts = Facts([Fact(FactKey("H", "seen", month), Fraction(n)) for n, month in enumerate(Q2.months()[:2], start=1)])
    assert value(World(book, ROSTER, facts, {}), "seen", "H", Q2) == 2


def test_a_department_without_anybody_is_not_waited_for():
    empty = Roster([*ROSTER, Segment("E", "department", "department", "H")])
    facts = Facts([Fact(FactKey("001", "visits", JUNE), Fraction(1))])
    assert value(World(BOOK, empty, facts, {}), "visits", "H") == 1


def test_departments_in_a_circle_are_gone_through_once():
    rows = [
        Segment("甲", "institution", "town", ""),
        Segment("D1", "department", "department", "甲", last_day=date(2025, 6, 15)),
        Segment("D1", "department", "department", "D2", first_day=date(2025, 6, 16)),
        Segment("D2", "department", "department", "D1"),
        Segment("9", "person", "doctor", "D2"),
    ]
    assert value(World(BOOK, Roster(rows), Facts([]), {}), "count(members)", "D1") == 1


def test_the_total_of_a_yearly_scheme_stands_in_each_of_its_months():
    source = (
        "scheme: yearly\ntitle: 年度\nof: {level: institution}\nperiod: year\ndimensions: {}\n---\n"
        "scheme: monthly\ntitle: 月度\nof: {level: institution}\nperiod: month\ndimensions: {}\n"
    )
    book, _ = load_book({"r.yaml": source})
    totals = {("yearly", "H", Y2025): Node("total", Fraction(88)), ("monthly", "H", JUNE): Node("total", Fraction(70))}
    seen = World(book, ROSTER, Facts([]), totals)
    assert value(seen, "score(yearly)", "H", JUNE) == 88
    assert value(seen, "score(monthly)", "H", JUNE) == 70
    assert value(seen, "score(monthly)", "H", Y2025).reason == "missing"
