"""`specs`: checking, testing, explaining a folder of rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.issues import Issue, by_place
from perf.kernel.text import Text
from perf.services.files import LIBRARY_FOLDER, packaged, rule_texts
from perf.specs.book import load_book
from perf.specs.cases import Case, load_cases
from perf.specs.checks import check_book
from perf.specs.models import RuleBook

if TYPE_CHECKING:
    from perf.appraisal.cases import CaseResult
    from perf.appraisal.rule_text import Rule


@dataclass(frozen=True, slots=True)
class CheckedRules:
    """A folder of rules: the book as far as it could be built, its cases, and all problems by place."""

    book: RuleBook
    cases: Mapping[str, tuple[Case, ...]]
    issues: tuple[Issue, ...]


def rule_folder(given: Path | None) -> Path:
    """The folder the user names, else the library that comes with the program."""
    return given if given is not None else packaged("indicator_specs")


def load_rules(folder: Path | None) -> RuleBook:
    """The rules of a folder as far as they could be built, unchecked: enough to talk about one of them."""
    return load_book(rule_texts(rule_folder(folder)))[0]


def readable_book(specs: Path | None) -> RuleBook:
    """The rules, if each could be read; enough for workbooks, which need the measures.

    Raises:
        InputRefused: with every problem of reading them.
    """
    book, issues = load_book(rule_texts(rule_folder(specs)))
    _require_sound(issues)
    return book


def usable_book(specs: Path | None) -> RuleBook:
    """The rules, if they hold no error, neither each by itself nor together; what a run needs.

    Raises:
        InputRefused: with every error of the rules.
    """
    book, issues = load_book(rule_texts(rule_folder(specs)))
    _require_sound([*issues, *check_book(book)])
    return book


def _require_sound(issues: Iterable[Issue]) -> None:
    errors = [issue for issue in by_place(dict.fromkeys(issues)) if issue.is_error]
    if errors:
        raise InputRefused(
            Text("规则有错误,先用 perf-pay specs check 查看", "the rules have errors; see perf-pay specs check"), errors
        )


def check_rules(folder: Path | None, *, strict: bool = False) -> CheckedRules:
    """Load and check everything in one pass; nothing is raised for what is wrong inside the files.

    Of the packaged library under a layer only errors are told: its other remarks are none of the county's.
    """
    texts = rule_texts(rule_folder(folder))
    book, issues = load_book(texts)
    cases, case_issues = load_cases(texts, book)
    found = [*issues, *case_issues, *check_book(book, cases=cases, strict=strict)]
    told = [issue for issue in found if issue.is_error or not issue.place.file.startswith(LIBRARY_FOLDER)]
    return CheckedRules(book, cases, tuple(by_place(dict.fromkeys(told))))


def run_rule_cases(rules: CheckedRules, codes: tuple[str, ...] = ()) -> "tuple[CaseResult, ...]":
    """Run the cases of all rules, or of `codes` only."""
    from perf.appraisal.cases import run_cases  # the engines; checking needs none of them

    wanted = {code: cases for code, cases in rules.cases.items() if not codes or code in codes}
    for code in codes:
        find_rule(rules.book, code)
    return tuple(run_cases(rules.book, wanted))


def find_rule(book: RuleBook, code: str) -> "Rule":
    """The rule of this code, of whichever kind.

    Raises:
        NotFound: no rule has this code.
    """
    kinds = (
        book.indicators,
        book.schemes,
        book.distributions,
        book.payrolls,
        book.measures,
        book.corrections,
        book.adjustments,
    )
    for rules in kinds:
        if code in rules:
            found: Rule = rules[code]
            return found
    raise NotFound(Text(f"没有规则 {code}", f"no rule {code}"))
