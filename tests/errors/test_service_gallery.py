"""The gallery of services: folders, files, imports, runs, months of results; and no code of the program without its entry.

`tests/errors/services/<code>/expected.txt`; rewritten by `--update-golden` and read in the diff. A test walks the whole
source: whatever is handed over as the code of an issue stands in one of the galleries.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.integration import services_adjusted as adjusted
from tests.integration import services_county as county
from tests.integration.cli_county_files import facts_csv, subjects_csv
from tests.unit.appraisal.appraisal_county import MEASURES, RULES

import perf
from perf.appraisal.rules_in_practice import PointsSeen, practice_of
from perf.kernel.errors import PerfError
from perf.kernel.identity_fields import IdentityValue
from perf.kernel.issues import Issue
from perf.kernel.periods import parse_period
from perf.services.actors import local_actor
from perf.services.bank_file import bank_file
from perf.services.bank_file_audit import note_bank_file
from perf.services.bank_layouts import LAYOUTS, layout_named
from perf.services.choose_runs import runs_of
from perf.services.files import FILES_MAX, read_bytes, read_text, rule_texts
from perf.services.import_facts import import_facts
from perf.services.import_plan import ImportPlan
from perf.services.import_roster import import_roster
from perf.services.load_run import load_run
from perf.services.mappings import import_mappings
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.services.scenarios import Scenario, fact_row
from perf.services.score_files import distribute_files
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.simulate import simulate
from perf.services.statement_guards import read_passwords
from perf.services.verify_statement import verify_file
from perf.services.wide_files import ISSUES_MAX, parse_wide, read_wide
from perf.specs.book import load_book
from perf.storage.store import Store

HERE = Path(__file__).parent / "services"
HR, JUNE, NOW = county.HR, county.JUNE, county.NOW
Make = Callable[[Store, Path], object]


def refusal(act: Callable[[], object]) -> Sequence[Issue]:
    """The issues that an action is refused with."""
    with pytest.raises(PerfError) as refused:
        act()
    return refused.value.issues


# ---------------------------------------------------------------- files and folders


def _scored_wide(store: Store, folder: Path, row: str, *, points: str = "", header: str = "") -> Sequence[Issue]:
    rules = (
        "measure: visits\ntitle: 诊疗人次\nlevel: person\nsupplied_by: 信息科\n---\n"
        "indicator: work\ntitle: 工作量\nlevel: person\ndirection: higher\nvalue: visits\n"
        f"points: {{curve: linear, through: [[0, 0], [9, 100]]}}\n{points}---\n"
        "scheme: monthly\ntitle: 月度\nof: {level: person, kind: [doctor]}\nperiod: month\n"
        "dimensions: {work: {weight: 100, indicators: {work: {weight: 1}}}}\n"
    )
    _yaml(folder / "rules", "r.yaml", text=rules)
    _yaml(folder / "wide" / "2025-06", "G1.csv", text=f"subject,level,kind,parent,visits{header}\n{row}\n")
    [outcome] = score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", HR, NOW))
    return outcome.issues


def _nobody_to_score(store: Store, folder: Path) -> Sequence[Issue]:
    return _scored_wide(store, folder, "H1,institution,hospital,,3")


def _not_decimal(store: Store, folder: Path) -> Sequence[Issue]:
    return _scored_wide(store, folder, "p1,person,doctor,H1,1", points="points_digits: exact\n")


def _misspelt_column(_store: Store, _folder: Path) -> Sequence[Issue]:
    book, _ = load_book({"a.yaml": "measure: visits\ntitle: 诊疗人次\nlevel: person\nsupplied_by: 信息科\n"})
    return parse_wide("G1.csv", "subject,level,kind,parent,visit\n1,person,d,H,3\n", book, parse_period("2025-06"))[1]


def _yaml(folder: Path, *names: str, text: str = "# 空\n") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _loop(folder: Path) -> Path:
    _yaml(folder, "甲.yaml")
    (folder / "乙").symlink_to(folder, target_is_directory=True)
    return folder


def _bytes(folder: Path, content: bytes) -> Path:
    path = folder / "F.csv"
    path.write_bytes(content)
    return path


def _library_taken(folder: Path) -> Path:
    layer = "layer: lujiang\nover: library\nfrom: 2025-07\nsource: {document: 文, clause: 条}\nset: {}\n"
    _yaml(folder, "layer.yaml", text=layer)
    return _yaml(folder, "library/own.yaml")


# ---------------------------------------------------------------- ledgers and wide files


def _distributed(folder: Path, *opening: Path) -> Path:
    """A ledger of May of the small county; `opening` are the ledgers before it."""
    files = {"S.csv": subjects_csv(), "F.csv": facts_csv().replace("2025-06", "2025-05" if not opening else "2025-06")}
    for name, text in (*files.items(), ("rules/measures.yaml", MEASURES), ("rules/rules.yaml", RULES)):
        _yaml(folder, name, text=text)
    out = folder / ("MAY.csv" if not opening else "JUNE.csv")
    distribute_files(
        specs=folder / "rules",
        distributions=["pay"],
        period=parse_period("2025-06" if opening else "2025-05"),
        subjects=folder / "S.csv",
        facts=folder / "F.csv",
        scores=[],
        opening=opening,
        out=out,
    )
    return out


def _ledger_twice(_store: Store, folder: Path) -> Sequence[Issue]:
    may = _distributed(folder)
    return refusal(lambda: _distributed(folder, may, may))


def _not_balanced(_store: Store, folder: Path) -> Sequence[Issue]:
    may = _distributed(folder)
    head, _first, *rest = may.read_text(encoding="utf-8").splitlines(keepends=True)
    may.write_text("".join([head, *rest]), encoding="utf-8")
    return refusal(lambda: _distributed(folder, may))


def _too_many_rows(_store: Store, _folder: Path) -> Sequence[Issue]:
    lines = ["subject,level,kind,parent\n", *(f"p{n},person,,\n" for n in range(3))]
    return read_wide("2025-06/A.csv", lines, county.book(), JUNE, rows_max=2)[1]


def _too_many_wrong(_store: Store, _folder: Path) -> Sequence[Issue]:
    rows = "".join(f"p{n},person,,,x\n" for n in range(ISSUES_MAX + 1))
    return parse_wide("2025-06/A.csv", f"subject,level,kind,parent,work_score\n{rows}", county.book(), JUNE)[1]


# ---------------------------------------------------------------- imports and runs


def _taken_again(store: Store, _folder: Path) -> Sequence[Issue]:
    county.with_roster(store)
    county.take(store, county.month_facts(JUNE))
    return county.take(store, county.month_facts(JUNE)).issues


def _previewed_before(store: Store, _folder: Path) -> Sequence[Issue]:
    county.with_roster(store)
    county.take(store, [county.fact("001", "work_score", JUNE, "80")], name="一.xlsx")
    found, content = county.reading([county.fact("001", "work_score", JUNE, "81")], name="二.xlsx")
    return refusal(
        lambda: import_facts(store, found, content=content, actor=HR, now=NOW, mode="accept", expect=["AAAA-BBBB-CCCC"])
    )


def _of_another(store: Store, _folder: Path) -> Sequence[Issue]:
    county.with_roster(store)
    county.take(store, [county.fact("001", "work_score", JUNE, "80")], name="一.xlsx", actor=local_actor("李强"))
    return county.take(store, [county.fact("001", "work_score", JUNE, "81")], name="二.xlsx", mode="dry").issues


def _months_before(store: Store, value: str) -> ImportPlan:
    county.with_roster(store)
    for back in range(1, 8):
        rows = [county.fact("001", "work_score", JUNE.shift(-back), str(80 + back))]
        county.take(store, rows, name=f"{back}.xlsx")
    found, content = county.reading([county.fact("001", "work_score", JUNE, value)], name="六月.xlsx")
    measures = county.book().measures
    return import_facts(store, found, content=content, actor=HR, now=NOW, measures=measures)


def _unusual(store: Store, _folder: Path) -> Sequence[Issue]:
    return _months_before(store, "8.3").issues


def _other_sender(store: Store, _folder: Path) -> Sequence[Issue]:
    county.with_roster(store)
    county.take(store, [county.fact("h1", "visits", JUNE, "8")], sender="医务科")
    return refusal(lambda: county.take(store, [county.fact("h1", "visits", JUNE, "9")], sender="信息科"))


def _run(store: Store, rules: str | None = None) -> str:
    book = county.book() if rules is None else load_book({**county.RULES, "rules.yaml": rules})[0]
    return run_month(store, consortium="A", period=JUNE, book=book, actor=HR, now=NOW).run.id


def _publish(store: Store, run: str) -> object:
    return publish(store, run=run, actor=HR, by="李强", reason="通过", now=NOW)


def _after_publication(store: Store, _folder: Path) -> Sequence[Issue]:
    county.filled(store)
    _publish(store, _run(store))
    return county.take(store, [county.fact("h1", "visits", JUNE, "9999")], name="迟报.xlsx", mode="dry").issues


def _refused_distribution(store: Store, _folder: Path) -> Sequence[Issue]:
    county.with_roster(store)
    county.take(store, [row for row in county.month_facts(JUNE) if row.key[:2] != ("t1", "pool_yuan")])
    return refusal(lambda: _publish(store, _run(store)))


def _blocked_card(store: Store, _folder: Path) -> Sequence[Issue]:
    """A person without a total is paid by a rule that counts totals, and nothing is held for him."""
    county.with_roster(store)
    county.take(store, county.month_facts(JUNE, scores=("92.35", "88", "71.5", "", "85.55")))
    head, _, rest = county.RULES["rules.yaml"].partition("distribution: pay\n")
    bonus = "distribution: bonus\n" + rest.partition("distribution: bonus\n")[2]
    rules = head + bonus.replace("50% * balance(saved)", "pool_yuan")
    return refusal(lambda: _publish(store, _run(store, rules)))


def _roster(store: Store, *segments: object) -> Sequence[Issue]:
    with pytest.raises(PerfError) as refused:
        county.with_roster(store, [*county.SEGMENTS, *segments])
    return refused.value.issues


def _no_consortium(store: Store, _folder: Path) -> Sequence[Issue]:
    return _roster(store, county.segment("009", "person", "nurse", "x9", name="新人", share="1"))


def _segment_twice(store: Store, _folder: Path) -> Sequence[Issue]:
    return _roster(store, replace(county.PEOPLE[0], attributes={"share": "9"}))


# ---------------------------------------------------------------- rules judged by results


def _practice(*rows: PointsSeen, supplied: Sequence[str] = ("work_score", "visits")) -> Make:
    return lambda _s, _f: practice_of(county.book(), rows, [(code, JUNE) for code in supplied], months=1).issues


SAME = PointsSeen("staff", "work", JUNE, Fraction(80), "scored", 2)


def _entering(code: str, *requests: object) -> Make:
    """Adjustments that are refused; `code` alone of what is told."""

    def made(store: Store, _folder: Path) -> Sequence[Issue]:
        county.filled(store)
        return [issue for issue in refusal(lambda: adjusted.enter(store, *requests)) if issue.code == code]

    return made


def _entering_published(store: Store, _folder: Path) -> Sequence[Issue]:
    county.filled(store)
    _publish(store, _run(store))
    return refusal(lambda: adjusted.enter(store, adjusted.asked("pay", "001", "10")))


def _entering_without_rule(store: Store, _folder: Path) -> Sequence[Issue]:
    county.filled(store)
    return refusal(lambda: adjusted.enter(store, adjusted.asked("pay", "001", "10"), book=county.book()))


def _entering_own(store: Store, _folder: Path) -> Sequence[Issue]:
    county.filled(store)
    return refusal(lambda: adjusted.enter(store, adjusted.asked("pay", "001", "10"), actor=local_actor("赵一")))


def _simulated_stranger(store: Store, _folder: Path) -> Sequence[Issue]:
    county.filled(store)
    _run(store)
    fact = fact_row("x9,visits,2025-06=3")
    return refusal(lambda: simulate(store, Scenario("试", facts=(fact,)), runs_of(store, HR, [JUNE], None), actor=HR))


def _remembering(text: str) -> Make:
    def make(store: Store, folder: Path) -> Sequence[Issue]:
        path = folder / "对照.yaml"
        path.write_text(text, encoding="utf-8")
        book, _ = load_book({})
        return refusal(lambda: import_mappings(store, path, book, actor=HR, now=NOW))

    return make


def _bank(folder: Path) -> Path:
    return _yaml(folder, "bank.yaml", text="encoding: latin-1\ncolumns: {户名: name, 卡号: kard}\n")


def _bank_issues(store: Store, folder: Path) -> Sequence[Issue]:
    """June's pay, with one card for two people and none for the others."""
    county.filled(store)
    run = county.june(store).run
    publish(store, run=run.id, actor=HR, by="李强", reason="六月绩效", now=NOW)
    values = [IdentityValue(who, "bank_card", "4539148803436467", "卡号", "C2") for who in ("001", "002")]
    cards = county.Roster("卡号.xlsx", county.digest(b"cards"), (), identities=tuple(values))
    import_roster(store, cards, content=b"cards", actor=HR, now=NOW, mode="accept")
    loaded = [load_run(store, run=run.id, actor=HR)]
    out = folder / "bank.csv"
    note_bank_file(store, [run], people=1, is_net=False, actor=HR, now=NOW)
    return bank_file(store, loaded, actor=HR, now=NOW, layout=LAYOUTS["standard"], out=out).issues


def _passwords(text: str) -> Make:
    def make(_store: Store, folder: Path) -> Sequence[Issue]:
        path = folder / "密码.csv"
        path.write_text(text, encoding="utf-8")
        return refusal(lambda: read_passwords(path))

    return make


def _no_statement(store: Store, _folder: Path) -> Sequence[Issue]:
    return refusal(lambda: verify_file(store, b"%PDF-1.7", "通知单.pdf", actor=HR))


ASKED = adjusted.asked
NEVER = PointsSeen("staff", "work", JUNE, None, "missing", 2)
CASES: dict[str, Make] = {
    "file-unreadable": lambda _s, folder: refusal(lambda: read_bytes(folder / "F.csv")),
    "file-too-large": lambda _s, folder: refusal(lambda: read_bytes(_bytes(folder, bytes(2 << 20)), bytes_max=1 << 20)),
    "not-utf-8": lambda _s, folder: refusal(lambda: read_text(_bytes(folder, "工号\n".encode("gbk")))),
    "folder-loop": lambda _s, folder: refusal(lambda: rule_texts(_loop(folder))),
    "file-name-odd": lambda _s, folder: refusal(lambda: rule_texts(_yaml(folder, "甲\u200b.yaml"))),
    "too-many-files": lambda _s, folder: refusal(
        lambda: rule_texts(_yaml(folder / "rules", *(f"{n}.yaml" for n in range(FILES_MAX + 1))))
    ),
    "library-name-taken": lambda _s, folder: refusal(lambda: rule_texts(_library_taken(folder))),
    "column-like-measure": _misspelt_column,
    "figures-not-decimal": _not_decimal,
    "nobody-to-score": _nobody_to_score,
    "too-many-rows": _too_many_rows,
    "no-wide-files": lambda _s, folder: refusal(lambda: find_wide_files(_yaml(folder / "wide", "说明.txt"))),
    "more-issues": _too_many_wrong,
    "ledger-twice": _ledger_twice,
    "ledger-not-balanced": _not_balanced,
    "taken-already": _taken_again,
    "two-senders": _other_sender,
    "value-unusual": _unusual,
    "preview-outdated": _previewed_before,
    "changes-of-another": _of_another,
    "month-published": _after_publication,
    "no-consortium": _no_consortium,
    "segment-twice": _segment_twice,
    "distribution-refused": _refused_distribution,
    "blocked-card-counts-for-pay": _blocked_card,
    "points-all-same": _practice(SAME),
    "indicator-never-applies": _practice(NEVER),
    "measure-not-supplied": _practice(SAME, supplied=()),
    "subject-unknown": _simulated_stranger,
    "adjustment-person": _entering("adjustment-person", ASKED("pay", "1", "10")),
    "adjustment-name": _entering("adjustment-name", ASKED("pay", "001", "10", name="钱二")),
    "adjustment-own": _entering_own,
    "adjustment-period": _entering("adjustment-period", ASKED("pay", "001", "10", period="六月")),
    "adjustment-kind": _entering("adjustment-kind", ASKED("奖金", "001", "10")),
    "adjustment-amount": _entering("adjustment-amount", ASKED("pay", "001", "三百"), ASKED("pay", "002", "-5")),
    "adjustment-half-fen": _entering("adjustment-half-fen", ASKED("pay", "001", "1.005")),
    "adjustment-untold": _entering("adjustment-untold", ASKED("pay", "001", "10", document="")),
    "adjustment-duplicate": _entering("adjustment-duplicate", ASKED("pay", "001", "10"), ASKED("pay", "001", "10.00")),
    "adjustment-month-published": _entering_published,
    "adjustment-without-rule": _entering_without_rule,
    "adjustment-account": _entering("adjustment-account", ASKED("stop", "001", account="县财政局")),
    "adjustment-amount-open": _entering("adjustment-amount-open", ASKED("write_off", "001")),
    "adjustment-over-limit": _entering("adjustment-over-limit", ASKED("pay", "001", "200.01")),
    "mapping-form": _remembering("consortium: M1\nsender: 医务科\n"),
    "passwords-header": _passwords("工号,密码\n001,correct horse\n"),
    "password-twice": _passwords("staff_no,password\n001,correct horse\n001,battery staple\n"),
    "password-unfit": _passwords("staff_no,password\n001,短\n"),
    "statement-unreadable": _no_statement,
    "bank-layout": lambda _s, folder: refusal(lambda: layout_named(str(_bank(folder) / "bank.yaml"))),
    "bank-file-again": _bank_issues,
    "bank-card-missing": _bank_issues,
    "bank-card-shared": _bank_issues,
}


def rendered(issues: Sequence[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", CASES)
def test_every_code_has_its_smallest_input_and_its_exact_text(code, request, sqlite_store, tmp_path):
    issues = CASES[code](sqlite_store, tmp_path)
    text = rendered([issue for issue in issues if issue.code == code])
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the input for {code} does not cause it"
    assert text == expected.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    for issue in issues:
        for told in (issue.found, issue.expected, issue.hint):
            assert told.zh, issue.code
            assert told.en, issue.code


# ---------------------------------------------------------------- the whole program

CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
MAKERS = {
    "Breach",
    "Issue",
    "Fault",
    "Finding",
    "fault",
    "refused",
    "problem",
    "check_issue",
    "rule_issue",
    "yaml_issue",
    "add",
}
ALSO = re.compile(r"_\w*(issue|refused|wrong|add)")


def handed_over(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: the text itself, either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from handed_over(node.body)
        yield from handed_over(node.orelse)


def codes_in_source() -> dict[str, str]:
    """Code -> where it is handed over: as `code=`, or among the arguments of what makes issues."""
    found: dict[str, str] = {}
    for path in sorted(Path(perf.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [word.value for word in node.keywords if word.arg == "code"]
            if name in MAKERS or ALSO.fullmatch(name):
                given += node.args
            for argument in given:
                found |= {code: f"{path.name}:{node.lineno}" for code in handed_over(argument) if CODE.fullmatch(code)}
    return found


def test_every_code_in_the_source_has_its_entry_in_a_gallery():
    galleries = {path.parent.name for path in HERE.parent.rglob("expected.txt")}
    found = codes_in_source()
    assert len(found) > 150
    assert {code: place for code, place in found.items() if code not in galleries} == {}


def test_the_gallery_holds_no_entry_that_nothing_causes():
    assert {path.name for path in HERE.iterdir()} == set(CASES)
