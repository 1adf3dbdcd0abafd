"""The gallery of the contract's files: for every code the smallest file that causes it, and its exact text.

`tests/errors/files/<code>/expected.txt`; rewritten by `--update-golden` and read in the diff.
"""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from perf.appraisal import card_files, contract_files, csv_rows
from perf.appraisal.card_files import parse_cards
from perf.appraisal.contract_files import parse_facts, parse_subjects
from perf.kernel.issues import Issue
from perf.kernel.periods import parse_period
from perf.specs.book import load_book

HERE = Path(__file__).parent / "files"
BOOK, _ = load_book(
    {
        "measures.yaml": """
measure: seen
title: {zh: 接诊人次, en: Seen}
answers: score
unit: person-times
digits: 0
level: person
range: {min: 0, max: 100}
---
measure: records
title: {zh: 病历评级, en: Records}
answers: rating
values: [A, B]
level: person
"""
    }
)
SUBJECTS = "subject,level,kind,parent,from,to\n"
FACTS = "subject,period,measure,value\n"
CARDS = "scheme,subject,period,type,score,grade,coefficient,status,reason\n"
Make = Callable[[], Sequence[Issue]]


def subjects(*rows: str, head: str = SUBJECTS) -> Make:
    return lambda: parse_subjects("S.csv", head + "".join(f"{row}\n" for row in rows))[2]


def facts(*rows: str, head: str = FACTS) -> Make:
    def make() -> Sequence[Issue]:
        roster, _, _ = parse_subjects("S.csv", SUBJECTS + "p1,person,,,,\n")
        return parse_facts("F.csv", head + "".join(f"{row}\n" for row in rows), BOOK, roster)[1]

    return make


def cards(*rows: str) -> Make:
    return lambda: parse_cards("OUT.csv", CARDS + "".join(f"{row}\n" for row in rows), parse_period("2025-06"))[1]


CASES: dict[str, Make] = {
    "csv-broken": facts('"p1,2025-06,seen,1'),
    "csv-row-length": facts("p1,2025-06,seen"),
    "csv-column-missing": facts(head="subject,period,value\n"),
    "csv-column-twice": facts(head="subject,period,measure,value,value\n"),
    "csv-column-unknown": facts(head="subject,period,measure,value,note\n"),
    "subject-empty": subjects(",person,,,,"),
    "subject-twice": subjects("p1,person,,,,", "p1,person,,,,"),
    "level-unknown": subjects("p1,human,,,,"),
    "date-unreadable": subjects("p1,person,,,2025-13,"),
    "dates-reversed": subjects("p1,person,,,2025-07,2025-06"),
    "parent-cycle": subjects("h1,institution,,h2,,", "h2,institution,,h1,,"),
    "parent-unknown": subjects("p1,person,,h1,,"),
    "unknown-measure": facts("p1,2025-06,sene,1"),
    "unknown-subject": facts("p9,2025-06,seen,1"),
    "period-unreadable": facts("p1,2025-13,seen,1"),
    "fact-twice": facts("p1,2025-06,seen,1", "p1,2025-06,seen,1"),
    "not-a-number": facts("p1,2025-06,seen,八十八"),
    "out-of-range": facts("p1,2025-06,seen,130"),
    "too-many-digits": facts("p1,2025-06,seen,1.5"),
    "rating-unknown": facts("p1,2025-06,records,C"),
    "score-twice": cards("s,p1,2025-06,total,1,,,scored,", "s,p1,2025-06,total,1,,,scored,"),
    "score-other-period": cards("s,p1,2025-05,total,1,,,scored,"),
}


def codes_in_source() -> set[str]:
    """The first argument of every issue that the readers of the contract's files make."""
    found: set[str] = set()
    for module in (contract_files, card_files, csv_rows):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_issue", "Issue"):
                found |= {one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)}
    return found


def rendered(issues: Sequence[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", CASES)
def test_every_code_has_its_smallest_file_and_its_exact_text(code, request):
    text = rendered([issue for issue in CASES[code]() if issue.code == code])
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the file for {code} does not cause it"
    assert text == expected.read_text(encoding="utf-8")


def test_every_code_of_the_files_is_in_the_gallery():
    assert codes_in_source() == set(CASES)
    assert {path.name for path in HERE.iterdir()} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_every_text_stands_in_both_languages(code):
    for issue in CASES[code]():
        for text in (issue.found, issue.expected, issue.hint):
            assert bool(text.zh) == bool(text.en), (issue.code, text)
