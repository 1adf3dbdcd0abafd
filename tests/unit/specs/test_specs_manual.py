"""The rule reference: its examples load, and nothing that the code knows is left out."""

import re
from pathlib import Path
from typing import get_args

from perf.appraisal.cases import run_cases
from perf.formulas import UNITS
from perf.specs.book import KINDS, load_book
from perf.specs.build_curves import CURVES
from perf.specs.build_steps import STEPS
from perf.specs.cases import load_cases
from perf.specs.check_names import BUILT_IN_ATTRIBUTES
from perf.specs.checks import check_book
from perf.specs.models import Answers, Combine, MissingPolicy, MissingWeight, Revenue

MANUAL = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = "\n---\n".join(re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL))


def test_every_example_of_the_manual_loads_and_passes_the_checks():
    book, issues = load_book({"rules.yaml": EXAMPLES})
    found = [*issues, *check_book(book)]
    assert [i.render() for i in found if i.severity != "info"] == []


def test_the_cases_of_the_manual_are_read():
    by_post, indicator, scheme, money = re.findall(r"```text\n(.*?)```", MANUAL, re.DOTALL)
    files = {"rules.yaml": EXAMPLES}
    for code, text in (("referred_down_share", indicator), ("lead_monthly", scheme), ("staff_monthly", money)):
        files[f"{code}.cases.yaml"] = text.replace("- case:", f"- of: {code}\n  case:")
    files["clinical_monthly.cases.yaml"] = by_post
    cases, issues = load_cases(files)
    assert [i.render() for i in issues] == []
    book = load_book(files)[0]
    scored = {code: rows for code, rows in cases.items() if code not in book.distributions}
    assert [text.zh for result in run_cases(book, scored) for text in result.differences] == []
    assert {code: len(rows) for code, rows in cases.items()} == {
        "clinical_monthly": 1,
        "referred_down_share": 2,
        "lead_monthly": 1,
        "staff_monthly": 1,
    }


def test_the_manual_names_every_word_of_the_language():
    words = [*KINDS, *CURVES, *STEPS, *UNITS, *BUILT_IN_ATTRIBUTES]
    for closed in (Answers, Combine, MissingPolicy, MissingWeight, Revenue):
        words += get_args(closed)
    assert [word for word in words if not re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", MANUAL)] == []
