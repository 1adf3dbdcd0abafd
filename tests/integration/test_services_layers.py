"""A county's layer over the packaged library and over a month: run, published, verified from its pins."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from services_county import HR, JUNE, NOW, RULES, filled

from perf.appraisal.rule_text import rule_lines
from perf.kernel.errors import InputRefused
from perf.pdf import statement_pdf
from perf.services.files import rule_texts
from perf.services.load_run import load_run
from perf.services.publish import publish
from perf.services.rules import check_rules, run_rule_cases, usable_book
from perf.services.run_month import run_month
from perf.services.statements import statements_of
from perf.services.verify_run import verify_run

LAYER = """layer: lujiang

from: 2025-06 # 县医共体文件
source: {document: 县医共体〔2025〕12号, clause: 附件1}
set:
  pay.steps:
    - take: {to: saved, amount: 2% * fund}
    - apportion: {by: share * score / 100, line: 绩效}
    - remainder: {to: saved}
"""
OVER = """layer: lujiang
over: library
from: 2025-07
source: {document: 县医共体〔2025〕12号, clause: 附件1}
set:
  signed_rate.enabled: no
"""


def folder(path, **files):
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def test_a_month_runs_under_a_layer_is_published_and_replays_from_its_pins(store, tmp_path):
    filled(store)
    plain = folder(tmp_path, **{name.removesuffix(".yaml"): text for name, text in RULES.items()})
    before = run_month(store, consortium="A", period=JUNE, book=usable_book(plain), actor=HR, now=NOW)
    folder(tmp_path, lujiang=LAYER)
    after = run_month(store, consortium="A", period=JUNE, book=usable_book(plain), actor=HR, now=NOW)
    assert after.paid != before.paid
    rules = {e.rule for e in load_run(store, run=after.run.id, actor=HR).ledger.entries if e.distribution == "pay"}
    assert {(r.version, r.document, r.clause) for r in rules} == {("2025-06", "县医共体〔2025〕12号", "附件1")}
    publish(store, run=after.run.id, actor=HR, by="李强", reason="六月绩效", now=NOW)
    found = verify_run(store, run=after.run.id, actor=HR)
    assert found.findings == ()


def test_statements_name_the_layer_its_file_and_line_and_what_stood_there_before(store, tmp_path):
    filled(store)
    more = "  work.points.full: 90\n  staff.rank.ties: dense\n"
    texts = {name.removesuffix(".yaml"): text for name, text in RULES.items()}
    here = folder(tmp_path, **texts, lujiang=LAYER + more)
    run = run_month(store, consortium="A", period=JUNE, book=usable_book(here), actor=HR, now=NOW).run.id
    statements = statements_of(store, run=run, actor=HR)
    view = next(one for one in map(statements.view, statements.subjects()) if one is not None and one.scorecards)
    card = view.scorecards[0]
    line = card.dimensions[0].lines[0]
    assert line.clause == "县医共体〔2025〕12号 附件1"
    assert line.origin.zh == "来源：本县 lujiang lujiang.yaml 第 10 行 points.full（原值 100）"
    assert line.origin.en == "origin: layer lujiang lujiang.yaml line 10, points.full (was 100)"
    assert card.origin.zh == "来源：本县 lujiang lujiang.yaml 第 11 行 rank.ties（原值 competition）"
    pay = next(block for block in view.pay if block.distribution == "pay")
    assert pay.origin.zh.startswith("来源：本县 lujiang lujiang.yaml 第 6 行 steps(原值 ")
    assert next(block for block in view.pay if block.distribution == "bonus").origin.zh == ""
    told = "".join(page.extract_text() for page in PdfReader(BytesIO(statement_pdf(view))).pages).replace("\n", "")
    assert "lujiang.yaml第10行points.full" in told.replace(" ", "")
    assert "lujiang.yaml第6行steps" in told.replace(" ", "")


def test_a_layer_over_the_library_is_merged_wherever_rules_are_read(tmp_path):
    here = folder(tmp_path, lujiang=OVER)
    book = usable_book(here)
    indicator = book.indicators["signed_rate"]
    file = book.base.indicators["signed_rate"].place.file
    assert file.startswith("library/indicators/")
    assert file in rule_texts(here)
    assert [indicator.is_on(version) for version in indicator.versions][-2:] == [True, False]
    assert file in book.texts
    assert "lujiang.yaml" in book.texts
    assert any("来源:本县 lujiang lujiang.yaml:6:3 enabled(原来没有)" in line for line in rule_lines(book, indicator))


def test_the_cases_of_the_library_hold_under_a_layer_and_its_own_remarks_are_not_told(tmp_path):
    rules = check_rules(folder(tmp_path, lujiang=OVER))
    assert [issue.render() for issue in rules.issues if issue.place.file.startswith("library/")] == []
    assert [r.title for r in run_rule_cases(rules, ("signed_rate",)) if not r.holds] == []


def test_a_folder_named_library_of_its_own_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "library").mkdir()
    folder(tmp_path, lujiang=OVER)
    folder(tmp_path / "library", mine="measure: a\n")
    with pytest.raises(InputRefused) as refused:
        rule_texts(tmp_path)
    assert [issue.code for issue in refused.value.issues] == ["library-name-taken"]
