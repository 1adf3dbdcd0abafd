"""Payroll of a person: months, records, several payments, leavers, missing figures; every line adds up."""

import pytest
from tests.unit.appraisal.payroll_world import (
    BONUS,
    HEAD,
    NET,
    PENSION,
    codes,
    only,
    opening,
    payroll,
    person,
    yuan,
)

from perf.kernel.money import ZERO, total

BASES = {("p1", "insurance_base", "2025-01"): "10000"}


def lines_of(one):
    return {line.code: line.amount for line in one.lines}


def test_the_lines_add_up_to_the_net_pay():
    one = only(
        payroll("12000", rule=NET + PENSION + "after_tax: dues\n", facts={**BASES, ("p1", "dues", "2025-01"): "30"})
    )
    assert total(line.amount for line in one.lines) == one.net
    assert (one.gross, one.deductions, one.tax) == (yuan("12000"), yuan("830"), yuan("186"))
    assert one.net == one.gross - one.deductions - one.tax


def test_somebody_without_a_record_is_told_and_the_others_are_paid():
    pay = {"p1": {"绩效": "9000"}, "p2": {"绩效": "9000"}}
    people = (person("p1"), person("p2", since="2025-03-01"))
    found = payroll(pay, pay_month="2025-03", people=people)
    first, second = found.people
    assert (first.status, first.net, first.taken, first.gross) == ("not_computed", None, None, yuan("9000"))
    assert (second.status, second.tax) == ("net", yuan("120"))
    assert codes(found) == ["tax-record-missing"]
    assert "2025-01、2025-02" in found.issues[0].found.zh
    assert "9000" not in found.issues[0].render() + found.issues[0].render("en")


def test_a_record_or_an_accepted_payroll_covers_a_month():
    assert only(payroll("9000", pay_month="2025-03", openings=(opening(2),))).status == "net"
    assert only(payroll("9000", pay_month="2025-03", covered=("2025-01", "2025-02"))).status == "net"
    assert only(payroll("9000", pay_month="2025-03", openings=(opening(1),))).status == "not_computed"
    assert only(payroll("9000", pay_month="2025-03", openings=(opening(1),), covered=("2025-02",))).status == "net"


def test_the_year_begins_anew_in_january():
    one = only(payroll("9000", pay_month="2026-01"))
    assert (one.basic, one.tax, one.status) == (yuan("5000"), yuan("120"), "net")


def test_the_figures_of_a_record_count():
    found = opening(6, income="60000", contributions="6000", special="12000", withheld="360", other="100", relief="50")
    one = only(payroll("20000", pay_month="2025-07", openings=(found,)))
    # 80000 − 35000 − 6000 − 12000 − 100 = 26900, × 3% = 807, − 50 − 360
    assert (one.taxable, one.tax) == (yuan("26900"), yuan("397"))


def test_a_joiner_counts_from_the_month_of_joining():
    one = only(payroll("9000", pay_month="2025-08", people=(person(since="2025-07-31"),), covered=("2025-07",)))
    assert one.basic == yuan("10000")


def test_a_leaver_who_is_paid_later_counts_up_to_the_month_of_leaving_and_pays_no_contributions():
    gone = person(until="2025-01-15")
    one = only(payroll("9000", rule=NET + PENSION, pay_month="2025-02", people=(gone,), covered=("2025-01",)))
    assert (one.basic, one.deductions, one.status) == (yuan("5000"), ZERO, "net")


def test_somebody_who_moved_begins_anew_with_the_new_institution():
    moved = (person(until="2025-02-28"), person(house="K", since="2025-03-01"))
    one = only(payroll("9000", pay_month="2025-03", people=moved, openings=(opening(2, income="90000"),)))
    assert (one.employer, one.basic, one.tax) == ("K", yuan("5000"), yuan("120"))


def test_nothing_begins_anew_where_the_consortium_withholds():
    moved = (person(until="2025-02-28"), person(house="K", since="2025-03-01"))
    rule = NET + "employer: consortium\n"
    one = only(payroll("9000", rule=rule, pay_month="2025-03", people=moved, covered=("2025-01", "2025-02")))
    assert (one.employer, one.institution, one.basic) == ("G1", "K", yuan("15000"))


def test_a_second_payment_of_the_month_takes_contributions_and_other_income_once():
    rule = NET + PENSION + "income: base_pay\nafter_tax: dues\ndeductible: other\n"
    facts = {
        **BASES,
        ("p1", "base_pay", "2025-01"): "6000",
        ("p1", "dues", "2025-01"): "30",
        ("p1", "other", "2025-01"): "100",
    }
    both = only(payroll("12000", rule=rule, facts=facts))
    first = only(payroll("5000", rule=rule, facts=facts))
    second = only(payroll("7000", rule=rule, facts=facts, taken=(first.taken,)))
    assert lines_of(second) == {"绩效": yuan("7000"), "tax": -second.tax}
    assert first.tax + second.tax == both.tax
    assert first.net + second.net == both.net


def test_a_second_payment_settles_a_base_that_was_mended_between():
    first = only(payroll("5000", rule=NET + PENSION, facts=BASES))
    mended = {("p1", "insurance_base", "2025-01"): "11000"}
    second = only(payroll("7000", rule=NET + PENSION, facts=mended, taken=(first.taken,)))
    assert lines_of(second)["pension"] == yuan("-80")
    assert "本月已扣 800.00" in next(line.how.zh for line in second.lines if line.code == "pension")


def test_a_second_payment_of_nobody_beside_the_ledger_pays_nobody_twice():
    rule = NET + "income: base_pay\n"
    facts = {("p1", "base_pay", "2025-01"): "6000"}
    first = only(payroll({}, rule=rule, facts=facts))
    assert first.gross == yuan("6000")
    assert payroll({}, rule=rule, facts=facts, taken=(first.taken,)).people == ()


def test_special_deductions_entered_late_are_settled_by_the_next_payment():
    rule = NET + "special: {measures: special, missing: zero}\n"
    late = {("p1", "special", "2025-01"): "2000", ("p1", "special", "2025-02"): "2000"}
    january = only(payroll("12000", rule=rule))
    february = only(
        payroll("12000", rule=rule, pay_month="2025-02", facts=late, taken=(january.taken,), covered=("2025-01",))
    )
    # 24000 − 10000 − 4000 = 10000, × 3% = 300, − 210
    assert (january.tax, february.tax) == (yuan("210"), yuan("90"))


def test_special_deductions_of_months_before_the_record_ends_are_those_of_the_record():
    rule = NET + "special: {measures: special, missing: zero}\n"
    facts = {("p1", "special", f"2025-0{n}"): "1000" for n in range(1, 8)}
    one = only(payroll("50000", rule=rule, pay_month="2025-07", openings=(opening(6, special="12000"),), facts=facts))
    assert one.taxable == yuan("2000")


def test_special_deductions_of_the_year_to_date_replace_the_sum():
    rule = NET + "special: {measures: special, figures: to_date, missing: zero}\n"
    facts = {("p1", "special", "2025-01"): "1000", ("p1", "special", "2025-02"): "5000"}
    one = only(payroll("20000", rule=rule, pay_month="2025-02", covered=("2025-01",), facts=facts))
    assert one.taxable == yuan("5000")


def test_missing_special_deductions_stop_the_person_where_the_rule_says_so():
    assert codes(payroll("9000", rule=NET + "special: {measures: special}\n")) == ["payroll-figure-missing"]


def test_a_base_counts_for_twelve_months():
    rule = NET + PENSION
    old = {("p1", "insurance_base", "2024-02"): "10000"}
    assert lines_of(only(payroll("9000", rule=rule, facts=old)))["pension"] == yuan("-800")
    older = {("p1", "insurance_base", "2024-01"): "10000"}
    assert codes(payroll("9000", rule=rule, facts=older)) == ["contribution-base-missing"]


def test_a_newer_base_counts_before_an_older_one():
    facts = {("p1", "insurance_base", "2024-07"): "10000", ("p1", "insurance_base", "2025-01"): "12000"}
    assert lines_of(only(payroll("9000", rule=NET + PENSION, facts=facts)))["pension"] == yuan("-960")


def test_a_contribution_without_a_value_for_the_month_stops_all_net_pay_but_not_the_gross():
    ended = PENSION.replace("floor: 4200", "floor: [{from: 2024-07, to: 2024-12, value: 4200}]")
    found = payroll("9000", rule=NET + ended, facts=BASES)
    assert codes(found) == ["contribution-undated"]
    assert (only(found).status, only(found).gross) == ("not_computed", yuan("9000"))


def test_half_a_fen_is_told():
    rule = NET + "income: base_pay\n"
    assert codes(payroll("9000", rule=rule, facts={("p1", "base_pay", "2025-01"): "100.005"})) == ["payroll-not-fen"]


def test_more_taken_than_paid_is_told():
    found = payroll("300", rule=NET + PENSION, facts=BASES)
    assert codes(found) == ["payroll-below-zero"]
    assert (only(found).net, only(found).taken) == (None, None)


def test_pay_taken_back_lowers_the_income_of_the_year():
    one = only(payroll("-2000", pay_month="2025-02", openings=(opening(1, income="15000", withheld="300"),)))
    assert codes(payroll("-2000", pay_month="2025-02", openings=(opening(1),))) == ["payroll-below-zero"]
    assert one.net is None


def test_somebody_whom_the_roster_does_not_know_is_told():
    assert codes(payroll({"p9": {"绩效": "1"}})) == ["payroll-no-employer"]


def test_gross_only_asks_for_nothing_and_takes_nothing():
    found = payroll("9000", rule=HEAD + "method: gross_only\nincome: base_pay\n", pay_month="2025-09")
    one = only(found)
    assert (codes(found), one.status, one.gross, one.net) == ([], "gross_only", yuan("9000"), None)


# ---------------------------------------------------------------- the yearly bonus


def bonus(yuan_text, choice="", **more):
    people = (person(bonus_choice=choice),) if choice else (person(),)
    return payroll({"p1": {"年终": yuan_text}}, rule=NET + BONUS + more.pop("rule", ""), people=people, **more)


@pytest.mark.parametrize(
    ("amount", "tax", "warned"),
    [
        ("36000", "1080", []),
        ("36000.01", "3390", ["bonus-cliff"]),
        ("38566.66", "3646.67", ["bonus-cliff"]),
        ("38566.67", "3646.67", []),
        ("144000", "14190", []),
        ("144000.01", "27390", ["bonus-cliff"]),
    ],
)
def test_a_bonus_on_and_beside_its_cliffs(amount, tax, warned):
    found = bonus(amount)
    assert (only(found).tax, codes(found)) == (yuan(tax), warned)


def test_the_loss_stands_in_the_working_and_not_in_the_issue():
    found = bonus("36000.01")
    said = " ".join(text.zh for text in only(found).working)
    assert "税后 34,920.00" in said
    assert "反而少 2,309.99" in said
    assert "36,000.01" not in found.issues[0].render() + found.issues[0].render("en")


def test_both_ways_are_compared_with_figures():
    said = " ".join(text.zh for text in only(bonus("36000")).working)
    assert "单独计税,本次个税合计 1,080.00;并入综合所得 930.00;并入综合所得较低 150.00" in said
    dear = payroll({"p1": {"年终": "30000", "绩效": "41000"}}, rule=NET + BONUS)
    said = " ".join(text.in_lang("en") for text in only(dear).working)
    assert "alone the tax of this payment is 1,980.00, merged 4,080.00; alone is lower by 2,100.00" in said


@pytest.mark.parametrize(
    ("choice", "tax"), [("merged", "930"), ("alone", "1080"), ("better", "930"), ("nonsense", "1080")]
)
def test_a_person_may_choose(choice, tax):
    assert only(bonus("36000", choice)).tax == yuan(tax)


def test_the_second_bonus_of_a_year_is_merged_with_a_warning():
    first = only(bonus("10000")).taken
    assert first.bonus == yuan("10000")
    found = bonus("36000", pay_month="2025-02", taken=(first,), covered=("2025-01",))
    assert codes(found) == ["bonus-second"]
    assert (only(found).tax, only(found).taken.bonus) == (yuan("780"), ZERO)


def test_a_bonus_after_the_last_day_is_merged():
    found = bonus("36000", pay_month="2028-01")
    assert (only(found).tax, codes(found)) == (yuan("930"), [])
    assert "已到期" in " ".join(text.zh for text in only(found).working)


def test_a_bonus_taken_back_lowers_other_income():
    one = only(payroll({"p1": {"年终": "-1000", "绩效": "9000"}}, rule=NET + BONUS))
    assert (one.gross, one.tax) == (yuan("8000"), yuan("90"))


def test_the_working_can_be_redone():
    one = only(payroll("41000.05", pay_month="2025-01"))
    assert [text.zh for text in one.working] == [
        "累计收入:以前 0.00 + 本次 41,000.05 = 41,000.05",
        "累计减除费用:5,000 × 任职 1 个月 = 5,000.00",
        "累计应纳税所得额:41,000.05 − 5,000.00 = 36,000.05",
        "累计应预扣税额:36,000.05 × 10% − 2,520 = 1,080.005,取整为 1,080.01",
        "本次代扣个税:1,080.01 − 已预扣 0.00 = 1,080.01",
        "实发:应发 41,000.05 − 扣款 0.00 − 个税 1,080.01 = 39,920.04",
    ]
    assert all(text.en for text in one.working)


def test_only_the_stated_part_of_a_contribution_is_free_of_tax():
    """800 of 10,000 withheld, 300 of it free: 10,000 − 5,000 − 300 taxed at 3%."""
    limited = PENSION.replace("rate: 8%", "rate: 8%, free_up_to: 300")
    one = only(payroll("10000", rule=NET + limited, facts=BASES))
    assert (one.deductions, one.taxable, one.tax) == (yuan("800"), yuan("4700"), yuan("141"))
    assert one.taken is not None
    assert one.taken.contributions == yuan("300")


def test_a_bonus_is_taxed_alone_to_the_month_of_the_last_day_and_alone_where_both_cost_the_same():
    rule = NET + BONUS.replace("to: 2027-12-31", "to: 2025-01-15, choice: better")
    one = only(payroll({"p1": {"年终": "3000"}}, rule=rule, pay_month="2025-01"))
    assert (one.tax, lines_of(one)["tax"]) == (ZERO, ZERO)
    both = only(payroll({"p1": {"绩效": "5000", "年终": "3000"}}, rule=rule, pay_month="2025-01"))
    assert (both.tax, lines_of(both)["bonus_tax"]) == (yuan("90"), -yuan("90"))
    late = only(payroll({"p1": {"绩效": "5000", "年终": "3000"}}, rule=rule, pay_month="2025-02", covered=("2025-01",)))
    assert "bonus_tax" not in lines_of(late)
