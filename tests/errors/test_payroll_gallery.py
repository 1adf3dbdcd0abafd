"""The gallery of payroll: for every code the smallest payment that causes it, and its exact text; never an amount of pay.

`tests/errors/payroll/<code>/expected.txt`; rewritten by `--update-golden` and read in the diff.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.unit.appraisal.payroll_world import BONUS, HOUSES, NET, PENSION, payroll, person

from perf.appraisal.payroll_models import PayrollResult, Taken
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster
from perf.services.payroll_openings import COLUMNS, Readable, parse_openings

HERE = Path(__file__).parent / "payroll"
BASE = {("p1", "insurance_base", "2025-01"): "10000"}
EARLIER = Taken("", "p1", "H", parse_period("2025-01"), bonus=Money(100))
ROW = "p1,2025,6,6,按月,十,0,0,0,0,0,0"


def _records() -> Sequence[Issue]:
    known = Readable({"G1": Roster([*HOUSES, person()])}, "institution", parse_period("2025-07"))
    return parse_openings("期初.csv", f"{','.join(COLUMNS)}\n{ROW}\n", known)[1]


CASES: dict[str, Callable[[], PayrollResult | Sequence[Issue]]] = {
    "opening-value": _records,
    "tax-record-missing": lambda: payroll("9000", pay_month="2025-03"),
    "payroll-figure-missing": lambda: payroll("9000", rule=NET + "income: base_pay\n"),
    "payroll-not-fen": lambda: payroll(
        "9000", rule=NET + "income: base_pay\n", facts={("p1", "base_pay", "2025-01"): "1.005"}
    ),
    "contribution-base-missing": lambda: payroll("9000", rule=NET + PENSION),
    "contribution-undated": lambda: payroll(
        "9000", rule=NET + PENSION.replace("floor: 4200", "floor: [{from: 2025-07, value: 4200}]"), facts=BASE
    ),
    "payroll-below-zero": lambda: payroll("300", rule=NET + PENSION, facts=BASE),
    "payroll-no-employer": lambda: payroll({"p9": {"绩效": "9000"}}),
    "bonus-second": lambda: payroll({"p1": {"年终": "9000"}}, rule=NET + BONUS, taken=(EARLIER,)),
    "bonus-cliff": lambda: payroll({"p1": {"年终": "36000.01"}}, rule=NET + BONUS),
}


@pytest.mark.parametrize("code", CASES)
def test_every_code_has_its_smallest_input_and_its_exact_text(code, request):
    made = CASES[code]()
    every = made.issues if isinstance(made, PayrollResult) else made
    issues = [issue for issue in every if issue.code == code]
    text = "".join(f"{one.severity}\n{one.render('zh')}\n{one.render('en')}\n\n" for one in issues)
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the input for {code} does not cause it"
    assert text == expected.read_text(encoding="utf-8")
    assert "9000" not in text
    for issue in issues:
        for told in (issue.found, issue.expected, issue.hint):
            assert bool(told.zh) == bool(told.en), (code, told)


def test_the_gallery_holds_no_entry_that_nothing_causes():
    assert {path.name for path in HERE.iterdir()} == set(CASES)
