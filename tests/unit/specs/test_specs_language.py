"""The rules language, item by item: every name below quotes the paragraph “Formulas” of its design."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from perf.formulas import Absent, Node, evaluate, parse_formula
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.world import World

F = Fraction
JUNE = parse_period("2025-06")
RULES = """
measure: visits
title: 诊疗人次
unit: person-times
level: institution
roll_up: sum
supplied_by: 门诊
---
measure: discharges
title: 出院人次
unit: person-times
level: institution
supplied_by: 病案室
---
measure: income
title: 收入
unit: yuan
level: institution
supplied_by: 财务科
---
measure: residents
title: 常住人口
unit: persons
level: institution
period: year
supplied_by: 公卫科
---
measure: grant
title: 年度补助
unit: yuan
level: institution
period: year
spread: even
supplied_by: 财务科
---
measure: procedures
title: 操作
unit: items
level: institution
supplied_by: 医务科
---
list: procedures
title: 操作目录
items:
  A01: {title: 清创, points: [{from: 2024-01, to: 2025-06, value: 2}, {from: 2025-07, value: 3}]}
  B02: {title: 缝合, points: 5}
---
attributes: {grade_of_house: 评级}
---
indicator: work
title: 指标
level: institution
unit: number
direction: higher
source: {document: 文件, clause: 第1条}
parameters: {share: [{from: 2024-01, to: 2024-12, value: 10%}, {from: 2025-01, value: 20%}]}
tables: {factor: {三甲: 1.5, 二甲: 1}}
curves: {minimum_rate: {of: number, gives: percent, curve: linear, through: [[0, 0%], [10, 50%]], outside: clip}}
value: share * factor(class) + minimum_rate(visits)
---
scheme: monthly
title: 月度考核
of: {level: institution}
period: month
source: {document: 文件, clause: 第2条}
dimensions: {all: {title: 全部, weight: 100, indicators: {work: {out_of: 100}}}}
"""
HOUSES = {"甲": ("township_hospital", "三甲"), "乙": ("township_hospital", "二甲"), "丙": ("clinic", "二甲")}


def number(who: str, measure: str, period: str, value: object, item: str = "") -> Fact:
    return Fact(FactKey(who, measure, parse_period(period), item), F(str(value)))


FACTS = [
    *(number("甲", "visits", f"2025-{month:02d}", month) for month in range(1, 8)),
    *(number("甲", "visits", f"2024-{month:02d}", 100) for month in range(1, 13)),
    number("乙", "visits", "2025-06", 30),
    number("丙", "visits", "2025-06", 500),
    number("甲", "discharges", "2025-06", 4),
    number("甲", "income", "2025-06", 1000),
    number("甲", "residents", "2025", 30000),
    number("甲", "grant", "2025", 1200),
    number("甲", "procedures", "2025-06", 10, "A01"),
    number("甲", "procedures", "2025-06", 1, "B02"),
    number("甲", "procedures", "2025-07", 10, "A01"),
]


class Asked:
    """The world of the tests, asked as the house 甲 sees it."""

    def __init__(self) -> None:
        self.book, issues = load_book({"rules.yaml": RULES})
        assert [i.render("en") for i in issues if i.is_error] == []
        attributes = {who: {"class": rank} for who, (_, rank) in HOUSES.items()}
        roster = Roster(
            [
                Segment("县", "consortium", "", ""),
                *(
                    Segment(who, "institution", kind, "县", attributes=attributes[who])
                    for who, (kind, _) in HOUSES.items()
                ),
            ]
        )
        totals = {
            ("monthly", who, parse_period(period)): Node("score", F(total))
            for who, period, total in (("甲", "2025-06", 90), ("甲", "2025-05", 80), ("县", "2025-06", 70))
        }
        self.world = World(self.book, roster, Facts(FACTS), totals)
        self.rule = self.book.indicators["work"].versions[0]

    def __call__(self, text: str, who: str = "甲", period: str = "2025-06", *, lower: bool = False) -> object:
        parsed = parse_formula(text, NOWHERE)
        assert parsed.formula is not None, [i.render("en") for i in parsed.issues]
        values: Mapping[str, Node] = {name: Node("value", F(n)) for name, n in (("甲", 10), ("乙", 30), ("丙", 80))}
        scope = self.world.scope(
            who,
            parse_period(period),
            peers=tuple(HOUSES),
            peer_value=lambda peer, _period: values[peer],
            parameters=self.rule.parameters,
            tables=self.rule.tables,
            curves=self.rule.curves,
            lower_is_better=lower,
        )
        return evaluate(parsed.formula, scope).value


@pytest.fixture(scope="module")
def ask() -> Asked:
    return Asked()


E50 = "2.7182818284590452353602874713526624977572470937000"
ITEMS = [
    ("+ - * /", "1 + 2 * 3 - 8 / 4", "5"),
    ("parentheses", "(1 + 2) * 3", "9"),
    ("numbers", "0.1 + 0.2", "0.3"),
    ("percentages", "15% + 5%", "1/5"),
    ("==", "if(visits == 6, 1, 0)", "1"),
    ("!=", "if(visits != 6, 1, 0)", "0"),
    ("<", "if(visits < 6, 1, 0)", "0"),
    ("<=", "if(visits <= 6, 1, 0)", "1"),
    (">", "if(visits > 6, 1, 0)", "0"),
    (">=", "if(visits >= 6, 1, 0)", "1"),
    ("and or not", "if(visits > 1 and not visits > 9 or visits == 0, 1, 0)", "1"),
    ("in", "if(kind in (clinic, township_hospital), 1, 0)", "1"),
    ("not in", "if(kind not in (clinic, hospital), 1, 0)", "1"),
    ("if(…)", "if(visits > 5, 10, 20)", "10"),
    ("min", "min(visits, 4)", "4"),
    ("max", "max(visits, 4)", "6"),
    ("abs", "abs(4 - visits)", "2"),
    ("round", "round(2 / 3, 2)", "0.67"),
    ("round half away", "round(-2.5)", "-3"),
    ("floor", "floor(-0.5)", "-1"),
    ("ceil", "ceil(-0.5)", "0"),
    ("ln", "ln(1)", "0"),
    ("exp", "exp(1)", E50),
    ("sqrt", "sqrt(9 / 16)", "3/4"),
    ("power", "power(8, 2 / 3)", "4"),
    ("sum", "sum(1, 2, 3)", "6"),
    ("count", "count(members)", "3"),
    ("mean", "mean(1, 2)", "3/2"),
    ("geomean", "geomean(2, 8)", "4"),
    ("median", "median(peers.value)", "30"),
    ("p10", "p10(peers.value)", "14"),
    ("p90", "p90(peers.value)", "70"),
    ("best", "best(peers.value)", "80"),
    ("worst", "worst(peers.value)", "10"),
    ("top(n, …)", "mean(top(2, peers.value))", "55"),
    ("text attributes (class == 三甲)", "if(class == 三甲, 1, 0)", "1"),
    ("Chinese titles as names", "诊疗人次 / 出院人次", "3/2"),
    ("@last_year (the same period one year earlier)", "visits@last_year", "100"),
    ("@previous (the period before, same length)", "visits@previous", "5"),
    ("@year_to_date", "visits@year_to_date", "21"),
    ("@year(-1)", "visits@year(-1)", "1200"),
    ("@last_year@year_to_date", "visits@last_year@year_to_date", "600"),
    ("a yearly measure stands in each of its months", "residents", "30000"),
    ("unless `spread: even`", "grant", "100"),
    ("`spread: even` adds up over the year so far", "grant@year_to_date", "600"),
    ("members and peers with filters", "sum(members(kind == township_hospital).visits)", "36"),
    ("members and peers with filters: by text", "count(peers(class == 二甲))", "2"),
    ("median(peers.value)", "median(peers(kind == township_hospital).value)", "20"),
    ("items: `sum(procedures.quantity * item.points)`", "sum(procedures.quantity * item.points)", "25"),
    ("`parameters:` dated by name", "share", "1/5"),
    ("`tables:` by attribute", "factor(class)", "3/2"),
    ("`curves:` named, called like a function of any variable", "minimum_rate(visits)", "3/10"),
    ("`curves:` of an expression", "minimum_rate(visits / 2 + 100)", "1/2"),
    ("other results: `score(scheme)`", "score(monthly)", "90"),
    ("`score(scheme)@previous`", "score(monthly)@previous", "80"),
    ("`parent.score(scheme)`", "parent.score(monthly)", "70"),
    ("`* /` are free", "income / visits / 100", "5/3"),
]


@pytest.mark.parametrize(("item", "text", "expected"), ITEMS, ids=[item for item, _, _ in ITEMS])
def test_formulas(ask, item, text, expected) -> None:
    who = "县" if "members" in text else "甲"
    found = ask(text, who)
    assert found == F(expected), item


LATER = [
    (
        "items with attributes that have another value from July on",
        "sum(procedures.quantity * item.points)",
        "2025-07",
        "30",
    ),
    ("parameters of an earlier year", "share", "2024-06", "1/10"),
    ("a period of another year", "visits@previous", "2025-01", "100"),
]


@pytest.mark.parametrize(("item", "text", "period", "expected"), LATER, ids=[row[0] for row in LATER])
def test_dated_things_are_those_of_the_period(ask, item, text, period, expected) -> None:
    assert ask(text, period=period) == F(expected), item


def test_best_and_worst_follow_the_direction_of_the_indicator(ask) -> None:
    assert ask("best(peers.value)", lower=True) == 10
    assert ask("worst(peers.value)", lower=True) == 80


ABSENT = [
    ("an unlisted key is an error", "factor(kind)", "not_allowed"),
    ("ln(x ≤ 0)", "ln(visits - 6)", "not_allowed"),
    ("sqrt(x < 0)", "sqrt(visits - 7)", "not_allowed"),
    ("a denominator of zero", "1 / (visits - 6)", "denominator_zero"),
    ("what nobody reported", "income@previous + 1", "missing"),
    ("`balance(account)` without a distribution", "balance(pool)", "not_allowed"),
    ("`paid(line)@year_to_date` without a distribution", "paid(夜班)@year_to_date", "not_allowed"),
]


@pytest.mark.parametrize(("item", "text", "reason"), ABSENT, ids=[row[0] for row in ABSENT])
def test_what_has_no_value_says_why(ask, item, text, reason) -> None:
    found = ask(text)
    assert isinstance(found, Absent), item
    assert found.reason == reason


REFUSED = [
    ("Both sides of + must have one dimension", "visits + income", "formula-dimension", 8),
    ("Both sides of - must have one dimension", "income - visits", "formula-dimension", 8),
    ("Both sides of < must have one dimension", "if(visits < income, 1, 0)", "formula-dimension", 11),
    ("Both sides of == must have one dimension", "if(visits == income, 1, 0)", "formula-dimension", 11),
    ("min must have one dimension", "min(visits, income)", "formula-dimension", 13),
    ("max must have one dimension", "max(visits, income)", "formula-dimension", 13),
    ("unknown names", "visitz", "formula-unknown-name", 1),
    ("unknown tables and curves", "maximum_rate(visits)", "formula-unknown-name", 1),
    ("unknown schemes", "score(monthy)", "formula-unknown-name", 1),
    ("unknown attributes of items", "sum(procedures.quantity * item.pionts)", "formula-unknown-name", 27),
    ("typed: text in arithmetic", "'三甲' + 1", "formula-type", 1),
    ("typed: a condition where a number belongs", "visits > 3", "formula-type", 1),
    ("never `eval`", "__import__('os')", "", 0),
    ("limits on numbers", "1" * 41, "", 0),
    ("limits on depth", "(" * 60 + "1" + ")" * 60, "", 0),
    ("limits on size", "1 + " * 600 + "1", "", 0),
]


@pytest.mark.parametrize(("item", "text", "code", "column"), REFUSED, ids=[row[0] for row in REFUSED])
def test_errors_have_their_place(item, text, code, column) -> None:
    first = RULES.index("value: share")
    line = RULES.count("\n", 0, first) + 1
    changed = RULES.replace("value: share * factor(class) + minimum_rate(visits)", f'value: "{text}"')
    book, issues = load_book({"rules.yaml": changed})
    told = [issue for issue in (*issues, *check_book(book)) if issue.is_error]
    assert told, item
    assert {issue.place.line for issue in told} == {line}
    if code:
        assert told[0].code == code
        assert told[0].place.column == len('value: "') + column


def test_the_declared_unit_names_the_result() -> None:
    changed = RULES.replace("value: share * factor(class) + minimum_rate(visits)", "value: income").replace(
        "unit: number", "unit: days"
    )
    book, issues = load_book({"rules.yaml": changed})
    assert "formula-dimension" in [issue.code for issue in (*issues, *check_book(book))]


def test_parameters_are_overridable_by_a_county_s_layer() -> None:
    layer = "layer: ours\ntitle: 本县\nfrom: 2025-07\nsource: {document: 文, clause: 一}\nset: {work.parameters.share: 96%}\n"
    book, issues = load_book({"rules.yaml": RULES, "ours.yaml": layer})
    assert [i.render("en") for i in issues if i.is_error] == []
    versions = book.indicators["work"].versions
    assert [version.parameters["share"][-1].value for version in versions] == [F("0.2"), F("0.96")]


def test_cycles_are_errors_with_the_chain() -> None:
    circle = RULES.replace("value: share * factor(class)", "value: 0 * score(monthly) + share * factor(class)")
    book, issues = load_book({"rules.yaml": circle})
    (found,) = [issue for issue in (*issues, *check_book(book)) if issue.code == "rule-cycle"]
    assert "monthly → monthly" in found.found.zh


def test_clashes_are_errors_with_their_place() -> None:
    book, issues = load_book({"a.yaml": RULES, "b.yaml": "measure: visits\ntitle: 又一\nunit: items\nlevel: person\n"})
    clash = [issue for issue in (*issues, *check_book(book)) if issue.is_error]
    assert clash
    assert clash[0].place.file == "b.yaml"
    assert clash[0].place.line == 1


def test_units_fit_where_words_are_the_same_kind(ask) -> None:
    assert ask("min(visits, discharges)") == 4
    assert ask("visits + discharges") == 10
