"""`payroll:` documents: what is read, what is refused and where."""

import pytest
from tests.unit.appraisal.payroll_world import BONUS, HEAD, MEASURES, NET, PENSION, book

from perf.kernel.periods import parse_period
from perf.specs.book import load_book
from perf.specs.checks import check_book


def told(text):
    """(code, line) of everything wrong with a payroll."""
    made, issues = load_book({"r.yaml": text})
    assert not made.payrolls
    return [(issue.code, issue.place.line) for issue in issues]


def one(text):
    return book(text).payrolls["withholding"].versions[0]


def test_quick_deductions_are_derived_where_none_are_stated():
    assert [int(row.quick) for row in one(NET).tax.rows] == [0, 2520, 16920, 31920, 52920, 85920, 181920]
    assert [int(row.quick) for row in one(NET + BONUS).bonus.rows] == [0, 210, 1410, 2660, 4410, 7160, 15160]


def test_amounts_may_carry_their_sign():
    rows = one(
        HEAD + "method: net\ntax: {basic: 5000元, rows: [{to: 3.6万元, rate: 3%}, {rate: 10%, quick: 2520元}]}\n"
    ).tax.rows
    assert rows[0].to == 36000


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("[{to: 36000, rate: 3%}, {over: 40000, rate: 10%}]", "bands-hole"),
        ("[{to: 36000, rate: 3%}, {over: 30000, rate: 10%}]", "bands-overlap"),
        ("[{to: 36000, rate: 3%}, {to: 30000, rate: 10%}, {rate: 20%}]", "bands-reversed"),
        ("[{to: 36000, rate: 3%}]", "bands-end"),
        ("[{rate: 3%}, {rate: 10%}]", "bands-early-end"),
        ("[{to: 36000, rate: 10%}, {rate: 10%}]", "tax-rate-falls"),
        ("[{to: 36000, rate: 3%, quick: 1}, {rate: 10%}]", "tax-quick-differs"),
        ("[{to: 36000, rate: 100%}, {rate: 110%}]", "rule-number-range"),
        ("[{to: 36000, rate: 三}, {rate: 10%}]", "rule-number-invalid"),
        ("[{to: 36000}, {rate: 10%}]", "rule-key-missing"),
        ("[]", "rule-key-missing"),
        ("[1]", "rule-shape"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(rows, code):
    found = told(HEAD + f"method: net\ntax: {{basic: 5000, rows: {rows}}}\n")
    assert code in [code for code, _ in found] or (rows == "[]" and not found)
    assert all(line >= 4 for _, line in found)


def test_net_needs_a_tax_table_and_gross_only_needs_nothing():
    assert told(HEAD + "method: net\n") == [("rule-key-missing", 1)]
    assert one(HEAD + "method: gross_only\n").tax is None


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("contributions: {pension: {base: insurance_base}}", "rule-key-missing"),
        ("contributions: {pension: {rate: 8%}}", "rule-key-missing"),
        ("contributions: {pension: {base: insurance_base, rate: 108%}}", "rule-number-range"),
        ("contributions: {pension: {base: insurance_base, rate: 8%, floor: -1}}", "rule-number-range"),
        ("contributions: {pension: {base: insurance_base, rate: 8%, floor: 2, cap: 1}}", "contribution-bounds"),
        ("contributions: {pension: {base: insurance_base, rate: 8%, unit: 0.5}}", "rule-value-unknown"),
        ("contributions: {Pension: {base: insurance_base, rate: 8%}}", "rule-code-invalid"),
        ("bonus: {rows: [{rate: 3%}]}", "rule-key-missing"),
        ("special: {measures: special, figure: to_date}", "rule-key-unknown"),
        ("taxes: 1", "rule-key-unknown"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(key, code):
    _, issues = load_book({"r.yaml": NET + key + "\n"})
    assert [(issue.code, issue.place.line) for issue in issues] == [(code, 6)]


def test_a_floor_above_the_cap_of_other_days_is_no_trouble():
    dated = "floor: [{from: 2025-07, value: 5000}], cap: [{from: 2024-07, to: 2025-06, value: 4000}, {from: 2025-07, value: 9000}]"
    text = f"contributions: {{pension: {{base: insurance_base, rate: 8%, {dated}}}}}\n"
    assert one(NET + text).contributions[0].code == "pension"


def test_versions_carry_what_stands_at_the_top():
    text = (
        f"{MEASURES}payroll: withholding\ntitle: 代扣\nmethod: net\nversions:\n"
        "  - {from: 2019-01, to: 2024-12, tax: {basic: 5000, rows: [{rate: 3%}]}}\n"
        "  - {from: 2025-01, tax: {basic: 6000, rows: [{rate: 3%}]}}\n"
    )
    rule = load_book({"r.yaml": text})[0].payrolls["withholding"]
    assert [rule.version(parse_period(month)).tax.basic for month in ("2024-12", "2025-01")] == [5000, 6000]
    assert rule.version(parse_period("2018-12")) is None


def checks(text):
    made, issues = load_book({"r.yaml": MEASURES + text})
    assert issues == ()
    return [issue.code for issue in check_book(made) if issue.is_error]


def test_measures_and_lines_must_be_there():
    assert checks(NET + PENSION) == []
    assert checks(NET + "income: base_pa\n") == ["rule-unknown"]
    line = (
        "---\naccounts: {pool: {of: institution, kind: fund}}\n---\ndistribution: d\nperiod: month\nper: institution\n"
        "source: 甲\nfund: balance(pool)\nsteps: [{apportion: {by: 1, line: 年终}}]\n"
    )
    assert checks(NET + BONUS + line) == []
    made, _ = load_book({"r.yaml": MEASURES + NET + BONUS.replace("年终", "年底") + line})
    found = [issue for issue in check_book(made) if issue.code == "rule-unknown"]
    assert [issue.severity for issue in found] == ["info"]  # adjustments may pay it


def test_the_establishment_may_be_named_here():
    assert checks(NET + PENSION.replace("cap: 21000", "cap: 21000, only: {establishment: in}")) == []


def test_two_payrolls_may_follow_one_another():
    other = NET.replace("payroll: withholding", "---\npayroll: other").replace("method", "from: 2026-01\nmethod")
    assert checks(NET.replace("method", "to: 2025-12\nmethod") + other) == []
    assert checks(NET + other) == ["payroll-twice"]
    assert checks(NET + other + "enabled: no\n") == []
