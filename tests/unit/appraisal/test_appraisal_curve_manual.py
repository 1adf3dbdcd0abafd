"""docs/curves.md: its examples load, its cases hold, its tables are what the program prints."""

import re
from pathlib import Path

import pytest

from perf.appraisal.cases import run_cases
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.named_tables import named_curve_rows
from perf.appraisal.rule_tables import breakpoint_rows
from perf.specs.book import load_book
from perf.specs.build_curves import CURVES
from perf.specs.build_named_curves import NAMED_CURVES
from perf.specs.cases import load_cases
from perf.specs.checks import check_book

PATH = Path(__file__).parents[3] / "docs" / "curves.md"
MANUAL = PATH.read_text(encoding="utf-8")
RULES = "\n---\n".join(re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL))
CASES = "\n---\n".join(re.findall(r"```text\n(.*?)```", MANUAL, re.DOTALL))
FILES = {"curves.yaml": RULES, "curves.cases.yaml": CASES}
BOOK, ISSUES = load_book(FILES)
TABLE = re.compile(r"(<!-- table (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def rows_of(code, lang="zh"):
    indicator = BOOK.indicators[code]
    version = indicator.versions[-1]
    say = FormulaWords.of(BOOK, version, lang).say
    named = [row for name, one in version.curves.items() for row in named_curve_rows(name, one, say=say, lang=lang)]
    return (*breakpoint_rows(indicator, version, say=say, lang=lang), *named)


def table(code):
    rows = rows_of(code)
    has_parts = any(row.part for row in rows)
    is_named = bool(BOOK.indicators[code].versions[-1].curves)
    heads = [*(["部分"] if has_parts else []), "", *(["自变量", "结果"] if is_named else ["值", "得分"]), "算式"]
    lines = [heads, ["---"] * len(heads)]
    for row in rows:
        cells = ["●" if row.is_breakpoint else "", row.value, row.points, row.how.replace("|", "\\|")]
        lines.append([row.part, *cells] if has_parts else cells)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def test_every_example_loads_and_passes_the_checks():
    cases, of_cases = load_cases(FILES, BOOK)
    found = [*ISSUES, *of_cases, *check_book(BOOK, cases=cases)]
    assert [issue.render() for issue in found if issue.severity != "info"] == []
    assert set(cases) == set(BOOK.indicators)


def test_every_case_holds():
    cases, _ = load_cases(FILES, BOOK)
    assert [(one.title, [text.zh for text in one.differences]) for one in run_cases(BOOK, cases) if not one.holds] == []


def test_every_curve_has_its_example():
    assert {name for name in CURVES if f"curve: {name}" not in RULES} == set()


def test_every_curve_that_can_be_named_has_its_example_as_one():
    named = " ".join(re.findall(r"curves: \{f: .*", RULES))
    assert {name for name in NAMED_CURVES if f"curve: {name}," not in named} == set()


def test_every_table_is_what_the_program_prints(request):
    if request.config.getoption("--update-golden"):
        PATH.write_text(TABLE.sub(lambda found: found[1] + table(found[2]) + found[4], MANUAL), encoding="utf-8")
    manual = PATH.read_text(encoding="utf-8")
    printed = {found[2]: found[3] for found in TABLE.finditer(manual)}
    assert set(printed) == set(BOOK.indicators)
    for code, text in printed.items():
        assert text == table(code), code


@pytest.mark.parametrize("code", sorted(BOOK.indicators))
def test_a_table_in_english_has_no_chinese_but_titles(code):
    rows = rows_of(code, "en")
    assert rows
    titles = ("达标", "改善", "过关")
    for row in rows:
        text = f"{row.value} {row.points} {row.how} {row.part}"
        for title in titles:
            text = text.replace(title, "")
        assert re.search("[\u4e00-\u9fff]", text) is None, text
