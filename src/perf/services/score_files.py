"""`score` and `distribute` on files: the contract for scripts, without a database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perf.appraisal.card_files import Cards, parse_cards
from perf.appraisal.contract_files import parse_facts, parse_subjects, write_csv
from perf.appraisal.csv_rows import read_rows
from perf.distribution import (
    LEDGER_COLUMNS,
    Entry,
    PaidBefore,
    balances_from_rows,
    check_rows,
    distribute,
    ledger_rows,
    paid_from_rows,
)
from perf.kernel.errors import InputRefused, NotConserved, WrongUse
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue, Place, by_place, has_errors
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.scoring import SCORE_COLUMNS, contract_rows, explain_objects, score
from perf.services.collector_pause import collector_paused
from perf.services.files import file_name, read_text, rule_texts, write_atomically
from perf.services.table_text import table_text
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book
from perf.specs.models import RuleBook


@dataclass(frozen=True, slots=True)
class FileResult:
    """What was written: counts, all issues, and whether some subjects are not scored or not paid."""

    rows: int
    subjects: int
    left_out: int
    issues: tuple[Issue, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True)
class RuleInput:
    """Rules, roster and facts that passed their checks, with the warnings."""

    book: RuleBook
    roster: Roster
    facts: Facts
    issues: tuple[Issue, ...]


def load_input(specs: Path, subjects: Path, facts: Path) -> RuleInput:
    """Read everything and report everything at once.

    Raises:
        InputRefused: any error in rules, subjects or facts; nothing was written.
    """
    people, figures = table_text(subjects, is_contract=True), table_text(facts, is_contract=True)
    roster, columns, roster_issues = parse_subjects(people.name, people.text)
    texts = rule_texts(specs)
    book, book_issues = load_book(texts)
    cases, _ = load_cases(texts, book)  # only whether there are any: what is wrong inside them concerns `specs test`
    checks = check_book(book, attributes=columns, cases=cases, doubts_warn=True)
    found, fact_issues = parse_facts(figures.name, figures.text, book, roster)
    issues = tuple(
        by_place(dict.fromkeys([*book_issues, *checks, *people.placed(roster_issues), *figures.placed(fact_issues)]))
    )
    if has_errors(issues):
        raise InputRefused(Text("输入有错误,未写入任何内容", "the input has errors; nothing was written"), issues)
    return RuleInput(book, roster, found, issues)


def score_files(
    *,
    specs: Path,
    schemes: Sequence[str],
    period: Period,
    subjects: Path,
    facts: Path,
    out: Path,
    explain: Path | None = None,
) -> FileResult:
    """Score the subjects of a file and write OUT (and OUT.jsonl) whole."""
    given = load_input(specs, subjects, facts)
    for code in schemes:
        scheme = given.book.schemes.get(code)
        if scheme is None:
            known = "、".join(sorted(given.book.schemes))
            raise WrongUse(Text(f"没有方案 {code};有:{known}", f"no scheme {code}; there are: {known}"))
        if scheme.period != period.kind:
            raise WrongUse(
                Text(
                    f"方案 {code} 按 {scheme.period} 考核,{period} 不是",
                    f"scheme {code} is per {scheme.period}, {period} is not",
                )
            )
        if scheme.version(period) is None:
            raise WrongUse(
                Text(f"方案 {code} 在 {period} 没有有效版本", f"scheme {code} has no version in force in {period}")
            )
    with collector_paused():
        scores = score(given.book, given.roster, given.facts, period, schemes)
    issues = (*given.issues, *scores.issues)
    files: dict[Path, str | bytes] = {out: write_csv(SCORE_COLUMNS, contract_rows(scores))}
    if explain is not None:
        lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in explain_objects(scores))
        files[explain] = "".join(line + "\n" for line in lines)
    write_atomically(files)
    wanted = [card for (code, _), card in scores.cards.items() if code in set(schemes)]
    partial = any(card.total is None for card in wanted)
    return FileResult(len(wanted), len({c.subject for c in wanted}), scores.left_out, issues, partial)


def distribute_files(
    *,
    specs: Path,
    distributions: Sequence[str],
    period: Period,
    subjects: Path,
    facts: Path,
    scores: Sequence[Path],
    opening: Sequence[Path],
    out: Path,
) -> FileResult:
    """Distribute on files and write LEDGER whole."""
    given = load_input(specs, subjects, facts)
    for code in distributions:
        rule = given.book.distributions.get(code)
        if rule is None:
            known = "、".join(sorted(given.book.distributions))
            raise WrongUse(Text(f"没有分配规则 {code};有:{known}", f"no distribution {code}; there are: {known}"))
        if rule.period != period.kind or rule.version(period) is None:
            raise WrongUse(
                Text(
                    f"分配规则 {code} 不适用于 {period}", f"distribution {code} is not in force for the period {period}"
                )
            )
    cards: Cards = {}
    issues = list(given.issues)
    for path in scores:
        found, card_issues = parse_cards(file_name(path), read_text(path), period)
        issues += [*card_issues, *_given_before(file_name(path), cards, found)]
        cards |= found
    balances, paid = _opening(opening)
    if has_errors(issues):
        raise InputRefused(Text("输入有错误,未写入任何内容", "the input has errors; nothing was written"), issues)
    ledger = distribute(
        given.book, given.roster, given.facts, period, distributions, cards=cards, opening=balances, paid=paid
    )
    write_atomically({out: write_csv(LEDGER_COLUMNS, ledger_rows(ledger))})
    partial = bool(ledger.failed) or any(_is_waiting(entry) for entry in ledger.entries)
    people = len({entry.claimant for entry in ledger.entries if entry.claimant})
    return FileResult(len(ledger.entries), people, 0, (*issues, *ledger.issues), partial)


def _given_before(name: str, before: Cards, found: Cards) -> Iterator[Issue]:
    """Totals that an earlier file of the same call gave already; nobody says which one is meant."""
    for scheme, subject in sorted(before.keys() & found.keys()):
        yield Issue(
            "score-twice",
            Place(name),
            Text(f"前面的文件已有 {scheme} 的得分", f"an earlier file has a score of {scheme} too"),
            Text("每个方案和对象只给一次得分", "one score a scheme and subject"),
            subject=subject,
        )


def _ledger_twice(name: str) -> Issue:
    return Issue(
        "ledger-twice",
        Place(name),
        Text("与前面的台账分录全部相同", "the same entries as an earlier ledger"),
        Text("每份台账只给一次", "each ledger once"),
        Text("删去一个 --opening", "drop one --opening"),
    )


def _is_waiting(entry: Entry) -> bool:
    """Whether somebody is not paid for want of a score or a fact; what a rule itself takes or keeps is no such thing."""
    is_share = entry.target.startswith("held:") and entry.source.startswith("fund:")
    return entry.status == "missing" or is_share or entry.is_held_burden


def _opening(paths: Sequence[Path]) -> tuple[dict[str, Money], PaidBefore]:
    """Closing balances of earlier ledgers together, and what they paid; each must be complete and balanced."""
    kept: dict[str, Money] = {}
    paid = PaidBefore()
    taken: list[frozenset[tuple[str, ...]]] = []
    for path in paths:
        rows, _, issues = read_rows(file_name(path), read_text(path), required=LEDGER_COLUMNS, optional=())
        lines = frozenset(tuple(row.cells[column] for column in LEDGER_COLUMNS) for row in rows)
        if lines and lines in taken:
            issues = [*issues, _ledger_twice(file_name(path))]
        taken.append(lines)
        try:
            cells = [row.cells for row in rows]
            check_rows(cells, kept)
            kept = balances_from_rows(cells, kept)
            paid = paid_from_rows(cells, paid)
        except (NotConserved, ValueError) as error:
            found = Text(
                "分录缺失、重复、改动,或金额不平", "entries missing, doubled or changed, or amounts that do not balance"
            )
            expected = Text("完整的、平衡的台账", "a whole, balanced ledger")
            hint = Text("用 distribute 写出的原文件,不要改动", "give the file as distribute wrote it")
            issues = [*issues, Issue("ledger-not-balanced", Place(file_name(path)), found, expected, hint)]
            raise InputRefused(Text(f"不能使用 {file_name(path)}", f"cannot use {file_name(path)}"), issues) from error
        if has_errors(issues):
            raise InputRefused(Text(f"不能使用 {file_name(path)}", f"cannot use {file_name(path)}"), issues)
    return kept, paid
