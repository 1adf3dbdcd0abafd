"""Payroll on a database: records brought along, accepted payrolls that later ones count on, the pay file, tampering."""

import csv
import io

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from services_county import HR, JUNE, MAY, NOW, RULES, book, filled, june
from services_released import released
from tests.unit.appraisal.payroll_world import HEAD, MEASURES, NET

from perf.kernel.errors import InputRefused, NotConserved, NotFound, StateRefused, VerificationFailed, WrongUse
from perf.kernel.money import Money, total
from perf.kernel.periods import parse_period
from perf.pdf import statement_pdf
from perf.services import pay_files
from perf.services.bank_file import bank_file
from perf.services.bank_file_audit import note_bank_file
from perf.services.bank_layouts import LAYOUTS
from perf.services.load_run import load_run, required_run
from perf.services.payroll import accept_payroll, draft_payroll, paid_by_line, withdraw_payroll
from perf.services.payroll_openings import COLUMNS, Readable, import_openings, opening_template, parse_openings
from perf.services.reports import pay_rows
from perf.services.run_month import run_month
from perf.services.statements import one_statement, statements_of
from perf.specs.book import load_book
from perf.storage import audit
from perf.storage.payroll_tables import WITHHOLDING
from perf.storage.viewer import EVERYTHING

JULY = parse_period("2025-07")


def rules(text=NET):
    made, issues = load_book({**RULES, "payroll.yaml": MEASURES + text})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return made


def sealed(store, run):
    with store.read() as connection:
        return required_run(connection, HR, run)


def paid_june(store):
    """A published June, to be paid in July."""
    filled(store)
    run = june(store).run.id
    released(store, run)
    return sealed(store, run)


def draft(store, run, **more):
    return draft_payroll(store, chosen=[run], pay_month=None, book=more.pop("book", rules()), actor=HR, **more)


def accept(store, run, **more):
    about = {"pay_month": None, "book": rules(), "actor": HR, "reason": "7月工资", "now": NOW, "chosen": [run], **more}
    return accept_payroll(store, **about)


def record_rows(*people, through="6", income="30000.00", withheld="0"):
    rows = [[who, "2025", through, through, "按月", income, "0", "0", "0", "0", "0", withheld] for who in people]
    return "\n".join(map(",".join, [COLUMNS, *rows])) + "\n"


def with_records(store, run, folder, *people):
    path = folder / "期初.csv"
    path.write_text(record_rows(*people), encoding="utf-8")
    found = draft(store, run)
    known = Readable({found.consortium: found.inputs.roster}, found.rule.employer, found.pay_month)
    return import_openings(store, path, known, actor=HR, reason="期初", now=NOW)


EVERYBODY = ("001", "002", "003", "004", "005")


def test_nobody_is_computed_without_a_record_and_the_template_asks_for_all(store):
    run = paid_june(store)
    found = draft(store, run)
    assert found.is_partial
    assert {one.status for one in found.result.people} == {"not_computed"}
    rows = list(csv.DictReader(io.StringIO(opening_template([found]).removeprefix("\ufeff"))))
    assert [(row["工号"], row["截至月份"], row["任职月数"], row["扣缴单位"]) for row in rows] == [
        ("001", "6", "6", "h1"), ("002", "6", "6", "h1"), ("003", "6", "6", "h1"), ("004", "6", "6", "t1"),
        ("005", "6", "6", "t1"),
    ]  # fmt: skip
    with pytest.raises(StateRefused):
        accept(store, run)


def test_the_pay_file_adds_up_to_the_ledger_to_the_fen(store, tmp_path):
    run = paid_june(store)
    assert with_records(store, run, tmp_path, *EVERYBODY) == {"A": 5}
    _, record = accept(store, run)
    rows = pay_files.net_rows(store, pay_files.accepted_payrolls(store, [run], actor=HR), actor=HR)
    loaded = load_run(store, run=run.id, actor=HR)
    gross, deductions, tax, net = pay_files.sums_of(rows)
    assert gross == total(row.amount for row in pay_rows([loaded]))
    assert gross == total(a for lines in paid_by_line([loaded]).values() for a in lines.values())
    assert gross == deductions + tax + net
    assert tax.fen > 0
    text = pay_files.net_pay_csv(rows).decode("utf-8-sig").splitlines()
    assert text[0] == "单位,工号,姓名,应发,扣款,个税,实发"
    assert len(text) == 1 + len(EVERYBODY)
    assert pay_files.net_pay_workbook(rows)[:2] == b"PK"
    with store.read() as connection:
        (entry,) = audit.entries(connection, EVERYTHING, action="payroll")
    assert (entry.target, record.id) == ("A:2025-07/P1", "A:2025-07/P1")
    assert str(net.fen) not in entry.details


def test_the_statement_goes_on_to_the_net_once_the_payroll_is_accepted(store, tmp_path):
    run = paid_june(store)
    before = one_statement(store, run=run.id, staff_no="001", actor=HR)
    assert before.take_home is None
    with_records(store, run, tmp_path, *EVERYBODY)
    draft_of, _ = accept(store, run)
    net = {one.person: one.net for one in draft_of.result.people}
    view = one_statement(store, run=run.id, staff_no="001", actor=HR)
    assert view.take_home is not None
    assert (view.take_home.net, view.take_home.gross) == (net["001"], view.total_pay)
    assert total(line.amount for line in view.take_home.lines) == view.take_home.net
    every = statements_of(store, run=run.id, actor=HR)
    assert every.view("001") == view
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(statement_pdf(view))).pages)
    assert "实发合计（元）" in text
    assert view.take_home.net.text() in text
    assert "实发合计（元）" not in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(statement_pdf(before))).pages
    )


def test_whoever_is_not_computed_stands_in_the_file_without_a_net_amount(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, "001", "002", "003", "004")
    accept(store, run)
    rows = pay_files.net_rows(store, pay_files.accepted_payrolls(store, [run], actor=HR), actor=HR)
    assert [row.staff_no for row in rows if row.net is None] == ["005"]
    assert total(row.gross for row in rows) == total(
        row.amount for row in pay_rows([load_run(store, run=run.id, actor=HR)])
    )


def banked(store, run, out):
    return bank_file(
        store, [load_run(store, run=run, actor=HR)], actor=HR, now=NOW, layout=LAYOUTS["standard"], out=out
    )


def test_whoever_is_not_computed_stands_among_those_to_whom_the_bank_sends_nothing(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY[:-1])
    accept(store, run)
    found = banked(store, run.id, tmp_path / "代发.xlsx")
    assert [(one.staff_no, one.amount, one.why) for one in found.not_sent] == [
        ("005", None, "实发未算,见 perf-pay payroll")
    ]
    assert [one.staff_no for one in found.without_card] == list(EVERYBODY[:-1])


@pytest.mark.parametrize("lost", EVERYBODY)
def test_a_bank_file_from_which_somebody_is_missing_is_not_written(store, tmp_path, monkeypatch, lost):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY[:-1])
    accept(store, run)

    def all_but_one(*args, **kwargs):
        return [row for row in pay_files.net_rows(*args, **kwargs) if row.staff_no != lost]

    monkeypatch.setattr("perf.services.bank_file.net_rows", all_but_one)
    with pytest.raises(NotConserved):
        banked(store, run.id, tmp_path / "代发.xlsx")


def test_a_payroll_of_two_runs_is_one_bank_file_whichever_run_is_named_and_the_second_one_is_told(store, tmp_path):
    """Exported by the month and then by the year that the same payroll pays, the whole of it went to the bank twice."""
    filled(store)
    runs = []
    for period in (MAY, JUNE):
        run = run_month(store, consortium="A", period=period, book=book(), actor=HR, now=NOW).run.id
        released(store, run, pay_month=JULY)
        runs.append(sealed(store, run))
    with_records(store, runs[-1], tmp_path, *EVERYBODY[:-1])
    accept(store, runs[-1], chosen=runs)
    first = banked(store, runs[0].id, tmp_path / "代发.csv")
    assert first.runs == tuple(runs)
    assert [issue.code for issue in first.issues if issue.code == "bank-file-again"] == []
    note_bank_file(store, first.runs, people=len(first.sent), is_net=True, actor=HR, now=NOW)
    second = banked(store, runs[1].id, tmp_path / "代发.csv")
    assert (second.files, second.without_card) == (first.files, first.without_card)
    again = [issue.found.zh for issue in second.issues if issue.code == "bank-file-again"]
    assert [text.partition(" ")[0] for text in again] == [run.id for run in runs]
    assert "005" in [one.staff_no for one in second.not_sent]


def test_the_next_month_counts_on_what_was_accepted(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY)
    first, _ = accept(store, run)
    may = run_month(store, consortium="A", period=MAY, book=book(), actor=HR, now=NOW).run.id
    released(store, may, pay_month=parse_period("2025-08"))
    second = draft(store, sealed(store, may))
    assert second.pay_month == parse_period("2025-08")
    before = {one.person: one for one in first.result.people}
    for one in second.result.people:
        assert one.basic.fen == 8 * 500_000
        mine = before[one.person]
        assert one.taxable - mine.taxable == one.gross - Money(500_000)


def test_a_run_is_paid_once_and_a_withdrawal_lets_it_be_paid_again(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY)
    _, record = accept(store, run)
    with pytest.raises(StateRefused, match="已由"):
        draft(store, run)
    with pytest.raises(WrongUse):
        withdraw_payroll(store, payroll=record.id, actor=HR, reason=" ", now=NOW)
    withdraw_payroll(store, payroll=record.id, actor=HR, reason="基数有误", now=NOW)
    with pytest.raises(StateRefused, match="已经撤回"):
        withdraw_payroll(store, payroll=record.id, actor=HR, reason="再次", now=NOW)
    _, again = accept(store, run)
    assert again.id == "A:2025-07/P2"
    with pytest.raises(NotFound):
        withdraw_payroll(store, payroll="A:2025-07/P9", actor=HR, reason="无", now=NOW)


def test_an_earlier_month_is_refused_once_a_later_one_is_accepted(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY)
    accept(store, run)
    may = run_month(store, consortium="A", period=MAY, book=book(), actor=HR, now=NOW).run.id
    with pytest.raises(StateRefused, match="已确认"):
        draft(store, sealed(store, may))


def test_only_a_published_run_in_its_own_month_is_accepted(store):
    filled(store)
    run = sealed(store, june(store).run.id)
    assert draft(store, run).pay_month == JULY
    with pytest.raises(StateRefused, match="还没有发布"):
        accept(store, run)
    released(store, run.id)
    with pytest.raises(StateRefused, match="发放月"):
        draft_payroll(store, chosen=[sealed(store, run.id)], pay_month=JUNE, book=rules(), actor=HR)


def test_a_correction_is_not_paid_by_itself(store):
    run = paid_june(store)
    again = june(store, corrects=run.id).run.id
    with pytest.raises(StateRefused, match="是更正"):
        draft(store, sealed(store, again))


def test_gross_only_shows_the_gross_and_has_nothing_to_accept(store):
    run = paid_june(store)
    gross = rules(HEAD + "method: gross_only\n")
    found = draft(store, run, book=gross)
    assert not found.is_partial
    assert {one.status for one in found.result.people} == {"gross_only"}
    with pytest.raises(StateRefused, match="gross_only"):
        accept(store, run, book=gross)
    with pytest.raises(NotFound, match="代扣规则"):
        draft(store, run, book=book())
    with pytest.raises(StateRefused):
        pay_files.net_rows(store, (), actor=HR)


@pytest.mark.parametrize("column", ["tax_fen", "content"])
def test_what_was_tampered_with_is_not_paid(store, tmp_path, column):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY)
    accept(store, run)
    values = (
        {"content": b"x"}
        if column == "content"
        else {"tax_fen": WITHHOLDING.c.tax_fen + 1, "net_fen": WITHHOLDING.c.net_fen - 1}
    )
    with store.write() as connection:
        connection.execute(sa.update(WITHHOLDING).where(WITHHOLDING.c.person == "001").values(values))
    with pytest.raises((VerificationFailed, NotConserved)):
        pay_files.net_rows(store, pay_files.accepted_payrolls(store, [run], actor=HR), actor=HR)


def test_one_wrong_record_keeps_the_whole_file_out(store, tmp_path):
    run = paid_june(store)
    path = tmp_path / "期初.csv"
    path.write_text(record_rows("001", "009"), encoding="utf-8")
    found = draft(store, run)
    known = Readable({"A": found.inputs.roster}, "institution", JULY)
    with pytest.raises(InputRefused) as refused:
        import_openings(store, path, known, actor=HR, reason="", now=NOW)
    assert [(issue.code, issue.place.line) for issue in refused.value.issues] == [("opening-value", 3)]
    assert draft(store, run).result.people[0].status == "not_computed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"through": "13"}, "opening-value"),
        ({"through": "六"}, "opening-value"),
        ({"income": "-1"}, "opening-value"),
        ({"income": "1.005"}, "opening-value"),
        ({"income": "一万"}, "opening-value"),
        ({}, None),
    ],
)
def test_cells_of_a_record_are_checked(store, changed, code):
    run = paid_june(store)
    known = Readable({"A": draft(store, run).inputs.roster}, "institution", JULY)
    _, issues = parse_openings("期初.csv", record_rows("001", **changed), known)
    assert {issue.code for issue in issues} == ({code} if code else set())
    assert all("1.005" not in issue.render() for issue in issues)
    _, twice = parse_openings("期初.csv", record_rows("001", "001"), known)
    assert [issue.place.line for issue in twice] == [3]


def test_the_newest_record_counts(store, tmp_path):
    run = paid_june(store)
    with_records(store, run, tmp_path, *EVERYBODY)
    first = draft(store, run).result.people[0].tax
    path = tmp_path / "更正.csv"
    path.write_text(record_rows("001", income="90000"), encoding="utf-8")
    found = draft(store, run)
    known = Readable({"A": found.inputs.roster}, "institution", JULY)
    import_openings(store, path, known, actor=HR, reason="更正", now=NOW)
    assert draft(store, run).result.people[0].tax > first
