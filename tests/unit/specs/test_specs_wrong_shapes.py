"""Every place of every kind of rule, filled with something that does not belong there: an issue with its line, never a crash."""

from collections.abc import Iterator

import pytest

from perf.kernel.issues import Place
from perf.specs.book import load_book
from perf.specs.canonical import canonical_text
from perf.specs.cases import load_cases
from perf.specs.checks import check_book
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode
from perf.specs.yaml_reader import read_yaml

SAMPLES = {
    "measure": "{measure: m, title: {zh: 数, en: n}, level: institution, unit: percent, range: {min: 0%, max: 100%}, values: [a], answers: rating}",
    "list": "{list: l, title: 目录, items: {s1: {title: 项, price: [{from: 2024, value: 2}, {from: 2025, value: 3, source: {document: d, clause: c}}]}}}",
    "attributes": "{attributes: {fte: {zh: 折算, en: FTE}, post: 岗位}}",
    "accounts": "{accounts: {pool: {of: institution, kind: fund, title: 池}}}",
    "indicator": """{indicator: i, title: 指标, level: institution, direction: higher, value: m, no_value: {missing: zero, denominator_zero: full},
        parameters: {k: 2}, tables: {t: {a: 1}}, assume: {m: 0}, requires: m > 1, versions: [{from: 2024, to: 2024-12, digits: 2, source: {document: d}},
        {from: 2025, points: {curve: linear, through: [[1, 0], [2, 100]]}}]}""",
    "ranged": "{indicator: r, title: 指标, level: institution, direction: range, value: m, points: {curve: range, best: [1, 2], zero: [none, 3]}}",
    "rated": "{indicator: g, title: 指标, level: institution, direction: higher, value: m, points: {curve: rating, values: {a: 100}}}",
    "scheme": """{scheme: s, title: 方案, of: {level: institution, kind: [k], where: tier == town}, period: month,
        dimensions: {d: {title: 维, weight: 100, at_least: 1, indicators: {i: {out_of: 10, weight: 5}}}}, extra: [{indicator: i, cap: 5, out_of: 5}],
        veto: [{when: m > 1, effect: {grade_at_most: 差}}, {when: m > 2, effect: zero_total}], total: {digits: 2, min: 0, max: 100, rounding: down},
        peers: {within: county, by: kind}, rank: {of: total, ties: dense}, grades: [[好, 90], [差, 0]], quota: {好: {at_most: 15%, falls_to: 差}},
        coefficient: {curve: linear, through: [[0, 0], [100, 2]]}, outcomes: [{when: total < 60, say: 改}], missing_weight: none}""",
    "distribution": """{distribution: p, title: 分配, period: month, per: institution, among: staff where head == no, uses: {score: [s]}, fund: balance(pool),
        rounding: {unit: 100 yuan, leftover: {to: x}}, let: {b: 2 * k}, parameters: {k: [{from: 2019, value: 95%}]}, payer: 医保, on_missing_score: hold_at(last),
        steps: [{take: {to: pool, amount: 5% * fund}}, {pay: {line: 夜班, amount: 80, where: post == a, short: scale, payer: x}},
        {split: {by: category, shares: {a: 1, b: 2}, on_empty: {to: pool}, steps: [{gate: {when: score < 60}}, {apportion: {by: fte, floor: 1, cap: 2, ties: id,
        rounding: {unit: 1, leftover: largest_remainder}}}]}}, {split: {by: post, shares: {a: 1}, on_empty: hold, steps: [{apportion: {by: 1}}]}},
        {hold: {share: 10%, line: l, where: head == no}}, {remainder: {to: pool}}]}""",
}
CASES = {
    "indicator": """[{case: c, period: 2025-03, given: {m: a, m@last_year: a, parent.score: 80, parent.score(s): 80, parent.m: a, parent.tier: town},
        members: [{given: {m: a}, attributes: {tier: town}, score: {s: 80}, name: x}], peers: [{m: a}], parent: {given: {m: a}, score: 80},
        subject: {attributes: {tier: town}, post: a}, score: 70, out_of: 10, expect: {value: 1, points: 80, status: filled}}]""",
    "scheme": "[{case: c, given: {i: 8, m: a}, peers: [{i: missing}], expect: {total: 80, grade: 好, rank: 1, coefficient: 1, status: scored, dimensions: {d: 8}}}]",
    "distribution": """[{case: c, given: {fund: 1.00, balances: {pool: 2}, m: a, fte: 1, claims: {甲: {score: 80, grade: 好, m: a, fte: 50%, post: missing}}},
        expect: {甲: 1, issue: none}}]""",
}
NOWHERE = Place()
WRONG: tuple[YamlNode, ...] = (
    Scalar("zzz", NOWHERE),
    Scalar("", NOWHERE),
    Scalar("-1", NOWHERE),
    Sequence((), NOWHERE),
    Sequence((Scalar("zzz", NOWHERE),), NOWHERE),
    Mapped({}, {}, NOWHERE),
    Mapped({"zzz": Scalar("1", NOWHERE)}, {"zzz": NOWHERE}, NOWHERE),
)


def variants(node: YamlNode) -> Iterator[YamlNode]:
    """`node` with one place in it replaced, or one entry left out, or one added."""
    yield from WRONG
    if isinstance(node, Sequence):
        for at, item in enumerate(node.items):
            for other in variants(item):
                yield Sequence((*node.items[:at], other, *node.items[at + 1 :]), NOWHERE)
    elif isinstance(node, Mapped):
        yield Mapped({**node.entries, "zzz": Scalar("1", NOWHERE)}, {}, NOWHERE)
        for key, value in node.entries.items():
            yield Mapped({name: child for name, child in node.entries.items() if name != key}, {}, NOWHERE)
            for other in variants(value):
                yield Mapped({**node.entries, key: other}, {}, NOWHERE)


def one(text: str) -> YamlNode:
    (document,), issues = read_yaml("f", text)
    assert issues == ()
    return document


ALL = "\n---\n".join(SAMPLES.values())


def test_the_samples_themselves_are_sound():
    book, issues = load_book({"r.yaml": ALL})
    assert [i.render() for i in issues] == []
    assert not book.broken
    for kind, code in (("indicator", "i"), ("scheme", "s"), ("distribution", "p")):
        _, found = load_cases({"r.yaml": ALL, "c.cases.yaml": f"of: {code}\ncases: {CASES[kind]}\n"}, book)
        assert [i.render() for i in found] == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_nothing_wrong_in_a_rule_is_a_crash_and_every_issue_has_a_line(kind):
    for number, document in enumerate(variants(one(SAMPLES[kind]))):
        book, issues = load_book({"r.yaml": canonical_text((document,))})
        assert all(issue.place.line or issue.code == "file-empty" for issue in issues), number
        for issue in (*issues, *check_book(book)):
            assert issue.render("zh") != issue.render("en")


@pytest.mark.parametrize(("kind", "code"), [("indicator", "i"), ("scheme", "s"), ("distribution", "p")])
def test_nothing_wrong_in_a_case_is_a_crash_and_every_issue_has_a_line(kind, code):
    book, _ = load_book({"r.yaml": ALL})
    for number, document in enumerate(variants(one(f"{{of: {code}, cases: {CASES[kind]}}}"))):
        _, issues = load_cases({"c.cases.yaml": canonical_text((document,))}, book)
        assert all(issue.place.line for issue in issues), number
