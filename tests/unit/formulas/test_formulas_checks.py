import pytest
from plain_scope import formula

from perf.formulas import Known, Names, check_formula

NAMES = Names(
    {
        "discharges": Known("number", "person-times"),
        "出院人次": Known("number", "person-times"),
        "income": Known("number", "yuan"),
        "cost": Known("number", "wan_yuan"),
        "rate": Known("number", "percent"),
        "rating": Known("text"),
        "category": Known("attribute"),
        "post_coefficient": Known("attribute"),
        "fund": Known("number", "yuan"),
        "count": Known("number"),
        "value": Known("number", "percent"),
        "night_shifts": Known("number", "items"),
    },
    schemes={"town_monthly"},
    accounts={"pool"},
    tables={"by_category"},
    items={"points"},
)


def codes(text, expects="number", unit=None):
    return [issue.code for issue in check_formula(formula(text), NAMES, expects=expects, unit=unit)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("discharges / discharges@last_year - 1", "percent"),
        ("income - cost", "yuan"),
        ("5% * fund", "yuan"),
        ("80 * night_shifts", "yuan"),
        ("3 * fund / count", "yuan"),
        ("max(0, income - cost)", "yuan"),
        ("10% * max(0, income - income@last_year)", "yuan"),
        ("rate", "percent"),
        ("1 - rate", "percent"),
        ("post_coefficient * rate", None),
        ("score(town_monthly) / 100", None),
        ("balance(pool)", "yuan"),
        ("by_category(category)", None),
        ("sum(discharges.quantity * item.points)", "points"),
        ("median(peers.value)", "percent"),
        ("if(rating == A, 1, 0)", "number"),
        ("if(category in (doctor, nurse), income, 0)", "yuan"),
        ("出院人次 + 25", None),
        ("85%", "percent"),
        ("-income + +cost", "yuan"),
        ("if(not rating == '甲' and A == rating or income == cost, 1, 2)", None),
        ("count(members(category == doctor and income > 0)) + count(income, cost)", None),
        ("sum(members.income) - parent.income", "yuan"),
        ("mean(members.score(town_monthly))", "points"),
        ("round(income, 2)", "yuan"),
        ("if(discharges in (1, 2), rate, 0)", "percent"),
        ("0", "percent"),
    ],
)
def test_sound_formulas_have_no_issue(text, unit):
    assert codes(text, unit=unit) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dischargs + 1", "formula-unknown-name"),
        ("score(town_montly)", "formula-unknown-name"),
        ("balance(poool)", "formula-unknown-name"),
        ("by_categry(category)", "formula-unknown-name"),
        ("sum(discharges.quantity * item.price)", "formula-unknown-name"),
        ("sum(members.income + 1)", "formula-type"),
        ("rating + 1", "formula-type"),
        ("members.income", "formula-type"),
        ("members.income + 1", "formula-type"),
        ("sum(members.rating)", "formula-type"),
        ("count(members(income))", "formula-type"),
        ("if(not income, 1, 0)", "formula-type"),
        ("if(income and 1 < 2, 1, 0)", "formula-type"),
        ("if(rating == 3, 1, 0)", "formula-type"),
        ("if(income in (甲, discharges), 1, 0)", "formula-dimension"),
        ("sum(discharges, item.points)", "formula-type"),
        ("if(rating > 3, 1, 0)", "formula-type"),
        ("if(income, 1, 0)", "formula-type"),
        ("discharges > 3", "formula-type"),
        ("rating", "formula-type"),
        ("discharges + income", "formula-dimension"),
        ("min(discharges, income)", "formula-dimension"),
        ("if(income > discharges, 1, 0)", "formula-dimension"),
        ("if(rate > 85, 1, 0)", "formula-bare-number"),
        ("rate + 5", "formula-bare-number"),
        ("if(discharges == doctor, 1, 0)", "formula-unknown-name"),
    ],
)
def test_unsound_formulas_have_one_issue(text, code):
    assert codes(text) == [code]


def test_the_nearest_name_is_offered():
    issue = check_formula(formula("1 + dischargs"), NAMES, expects="number", unit=None)[0]
    assert "discharges" in issue.hint.zh
    assert issue.place.column == 5


def test_all_faults_of_a_formula_are_told_in_one_pass():
    assert codes("(dischargs + 1) * (income + discharges)") == ["formula-unknown-name", "formula-dimension"]


def test_a_ratio_is_not_multiplied_by_a_hundred_and_not_written_bare():
    assert codes("100 * discharges / discharges", unit="percent") == ["formula-hundred"]
    assert codes("85", unit="percent") == ["formula-bare-number"]
    assert codes("income", unit="percent") == ["formula-dimension"]
    assert codes("income", unit="person-times") == ["formula-dimension"]


def test_a_condition_is_expected_where_one_is_needed():
    assert codes("discharges >= 25", expects="condition") == []
    assert codes("discharges", expects="condition") == ["formula-type"]
    assert codes("rating", expects="any") == []


@pytest.mark.parametrize(
    "text",
    [
        "income / cost - income@last_year / cost@last_year",
        "-income / cost - -income@last_year / cost@last_year",
        "max(0, income) / cost - max(0, income@last_year) / cost@last_year",
    ],
)
def test_a_ratio_less_itself_a_year_ago_is_no_percentage_whatever_stands_above_the_line(text):
    assert codes(text, unit="percent") == ["formula-percentage-points"]
    assert codes(text, unit="percentage_points") == []


@pytest.mark.parametrize("sign", ["+", "*"])
def test_two_ratios_of_two_times_that_are_not_subtracted_are_no_change(sign):
    assert codes(f"income / cost {sign} income@last_year / cost@last_year", unit="percent") == []
