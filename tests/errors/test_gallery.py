"""The gallery: for every issue code of formulas and rules the smallest input that causes it, and its exact text.

`tests/errors/<code>/` holds `*.yaml` and `*.cases.yaml` (or `NAME.times`: a count and a text to repeat), and `expected.txt`.
Texts are rewritten by `--update-golden` and read in the diff.
"""

import ast
from pathlib import Path

import pytest

import perf.formulas
from perf.kernel.issues import Issue, by_place
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.check_wording import WORDINGS as CHECKS
from perf.specs.checks import check_book
from perf.specs.rule_wording import WORDINGS as RULES
from perf.specs.yaml_wording import WORDINGS as YAML

HERE = Path(__file__).parent


def formula_codes() -> set[str]:
    """Every text in the source of perf.formulas that is an issue code."""
    found = set()
    for path in Path(perf.formulas.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("formula-"):
                found.add(node.value)
    return found


CODES = sorted({*YAML, *RULES, *CHECKS, *formula_codes()})


def inputs(folder: Path) -> dict[str, str]:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    for path in folder.glob("*.times"):
        count, text = path.read_text(encoding="utf-8").split()
        files[path.name.removesuffix(".times")] = text * int(count)
    return files


def issues_of(folder: Path) -> list[Issue]:
    files = inputs(folder)
    book, found = load_book(files)
    cases, of_cases = load_cases(files, book)
    return by_place([*found, *of_cases, *check_book(book, cases=cases)])


def rendered(issues: list[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_smallest_input_and_its_exact_text(code, request):
    folder = HERE / code
    assert folder.is_dir(), f"write the smallest input that causes {code} into tests/errors/{code}/"
    text = rendered([issue for issue in issues_of(folder) if issue.code == code])
    expected = folder / "expected.txt"
    if request.config.getoption("--update-golden", default=False):
        expected.write_text(text, encoding="utf-8")
    assert text, f"the input in tests/errors/{code}/ does not cause {code}"
    assert text == expected.read_text(encoding="utf-8")


def test_every_wording_is_in_both_languages_and_says_what_is_expected():
    for wordings in (YAML, RULES, CHECKS):
        for code, wording in wordings.items():
            assert all(wording.found), code
            assert all(wording.expected), code
            assert bool(wording.hint[0]) == bool(wording.hint[1]), code


def test_every_rule_folder_of_the_gallery_is_a_known_code():
    prefixes = ("yaml-", "rule-", "formula-", "curve-", "version-", "case-", "pay-")
    known = {path.name for path in HERE.iterdir() if path.is_dir() and path.name.startswith(prefixes)}
    assert known <= set(CODES)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_has_an_unfilled_name(lang):
    for code in CODES:
        for issue in issues_of(HERE / code):
            if issue.code == code and not code.startswith("yaml-comma"):
                for text in (issue.found, issue.expected, issue.hint):
                    assert "{}" not in text.in_lang(lang)
