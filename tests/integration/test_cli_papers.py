"""公示表, 签字发放表, 审批表, 上报表, 凭证: written from the terminal, their formulas worked out again here."""

import csv
import io
import re
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from tests.integration.cli_june import SPECS
from tests.integration.cli_month_files import PEOPLE, RULES, sheet

PAPERS = ("notice", "signing", "approval", "county", "vouchers")


def paper(terminal, what, *more):
    said = terminal("export", what, "-o", f"{what}.xlsx", "--run", "2025-06", *more)
    assert said.exit == 0, said.err
    return load_workbook(terminal.folder / f"{what}.xlsx", data_only=True)


def number(value):
    return Decimal(0) if value in (None, "") else Decimal(str(value))


def worked_out(formula, cells):
    """`=SUM(B3:C9)`, `=G4-F4`, `=C4+D4-E4`, `=IF(E4=0,0,ROUND(F4/E4,2))`."""
    if match := re.fullmatch(r"=SUM\(([A-Z]+[0-9]+:[A-Z]+[0-9]+)\)", formula):
        return sum(number(cell.value) for row in cells[match[1]] for cell in row)
    if match := re.fullmatch(r"=IF\((\w+)=0,0,ROUND\((\w+)/\1,2\)\)", formula):
        below = number(cells[match[1]].value)
        return (number(cells[match[2]].value) / below).quantize(Decimal("0.01")) if below else Decimal(0)
    parts = re.findall(r"([=+-])([A-Z]+[0-9]+)", formula)
    assert "".join(sign + name for sign, name in parts) == formula
    return sum(number(cells[name].value) * (-1 if sign == "-" else 1) for sign, name in parts)


def texts(book):
    return [str(cell.value) for one in book for row in one.iter_rows() for cell in row if cell.value is not None]


def column(one, header):
    """The values under a header, without the line of sums."""
    rows = list(one.iter_rows(values_only=True))
    at = next(n for n, row in enumerate(rows) if header in row)
    where = rows[at].index(header)
    kept = []
    for row in rows[at + 1 :]:
        if row[0] == "合计" or row[0] is None:
            break
        kept.append(row[where])
    return kept


@pytest.mark.parametrize("what", PAPERS)
def test_what_every_formula_comes_to_stands_in_its_cell(published, what):
    values = paper(published, what)
    formulas = load_workbook(published.folder / f"{what}.xlsx")
    found = 0
    for one in formulas:
        for row in one.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found += 1
                    cells = values[one.title]
                    assert number(cells[cell.coordinate].value) == worked_out(cell.value, cells), (
                        one.title,
                        cell.value,
                    )
    assert found or what == "notice"  # no rule announces amounts


@pytest.mark.parametrize("what", PAPERS)
def test_papers_print_on_a4_with_headers_on_every_page_and_page_numbers(published, what):
    paper(published, what)
    for one in load_workbook(published.folder / f"{what}.xlsx"):
        assert one.page_setup.paperSize == 9
        assert one.print_title_rows
        assert "&P" in one.oddFooter.center.text
        assert one.sheet_properties.pageSetUpPr.fitToPage
        assert one.page_setup.fitToHeight == 0


@pytest.mark.parametrize("what", PAPERS)
def test_a_draft_says_that_it_is_one_and_a_sealed_run_names_its_seal(june, what):
    assert any("草稿" in text for text in texts(paper(june, what)))
    june("publish", "2025-06", "--by", "李强", "--reason", "院长办公会通过")
    after = texts(paper(june, what))
    assert not any("草稿" in text for text in after)
    assert any("封存" in text for text in after)


def test_a_notice_names_nobodys_number_and_no_amount_unless_a_rule_says_so(published):
    shown = " ".join(texts(paper(published, "notice")))
    assert "钱㛃" in shown
    assert not any(str(row[0]) in shown for row in PEOPLE[1:])
    assert "元)" not in shown
    assert "没有声明公示金额" in shown


def test_a_notice_has_the_amounts_that_a_rule_announces(month):
    rules = RULES.replace("per: institution\n", "per: institution\nannounced: yes\n")
    month.write({"rules/pay.yaml": rules})
    assert month("run", "2025-06", *SPECS).exit == 0
    book = paper(month, "notice")
    amounts = [value for one in book for value in _money(one)]
    month("export", "payfile", "-o", "pay.csv", "--run", "2025-06")
    rows = list(csv.DictReader(io.StringIO(month.read("pay.csv").lstrip("\ufeff"))))
    assert sum(amounts) == sum(Decimal(row["应发"]) for row in rows)


def _money(one):
    header = "职工绩效(元)"
    return [number(v) for v in column(one, header)] if header in [c.value for r in one.iter_rows() for c in r] else []


def test_people_of_one_name_in_one_place_are_told_apart(month):
    people = [list(row) for row in PEOPLE]
    people[3][1] = "赵一"
    (month.folder / "花名册.xlsx").write_bytes(sheet(people, "花名册"))
    assert month("import", "花名册.xlsx", *SPECS, "--accept", "--by", "张三", "--reason", "改名").exit == 0
    assert month("run", "2025-06", *SPECS).exit == 0
    shown = texts(paper(month, "notice"))
    assert "赵一(工号尾数 101)" in shown
    assert "赵一(工号尾数 103)" in shown


def test_sheets_to_sign_add_up_to_the_pay_file(published):
    book = paper(published, "signing")
    published("export", "payfile", "-o", "pay.csv", "--run", "2025-06")
    rows = list(csv.DictReader(io.StringIO(published.read("pay.csv").lstrip("\ufeff"))))
    paid = {row["工号"]: Decimal(row["应发"]) for row in rows}
    signed = {}
    for one in book.worksheets[1:]:
        signed |= dict(zip(column(one, "工号"), map(number, column(one, "应发(元)")), strict=True))
    assert signed == paid
    assert sum(number(v) for v in column(book.worksheets[0], "应发(元)")) == sum(paid.values())
    assert sum(column(book.worksheets[0], "人数")) == len(paid)
    assert any("人民币（大写）" in text for text in texts(book))


def test_vouchers_balance_in_every_book_and_pay_what_the_ledger_pays(published):
    book = paper(published, "vouchers")
    persons = Decimal(0)
    for one in book:
        debit, credit = ([number(v) for v in column(one, f"{side}方(元)")] for side in "借贷")
        assert sum(debit) == sum(credit) > 0
        accounts = column(one, "科目")
        persons += sum(c - d for a, d, c in zip(accounts, debit, credit, strict=True) if a.startswith("应付职工薪酬"))
    ledger = list(csv.DictReader(io.StringIO(_ledger(published))))
    paid = sum(int(row["amount_fen"]) for row in ledger if row["to"].startswith("person:"))
    assert persons * 100 == paid


def _ledger(terminal):
    terminal("export", "ledger", "-o", "ledger.csv", "--run", "2025-06")
    return terminal.read("ledger.csv")


def test_an_approval_compares_with_the_month_before_only_where_there_is_one(published):
    book = paper(published, "approval")
    assert any("不作比较" in text for text in texts(book))
    assert all(value in (None, "") for value in column(book.worksheets[0], "上期应发(元)"))
    closing = [number(value) for value in column(book.worksheets[1], "期末(元)")]
    assert sum(closing) == 0 != max(closing)


def test_a_name_that_looks_like_a_formula_stays_a_name(month):
    people = [list(row) for row in PEOPLE]
    people[1][1] = "=cmd|' /C calc'!A1"
    people[2][1] = "@SUM(1+1)"
    made = Workbook()
    made.active.title = "花名册"
    for row in people:
        made.active.append(row)
    for cell in (made.active["B2"], made.active["B3"]):
        cell.data_type = "s"
    out = io.BytesIO()
    made.save(out)
    (month.folder / "花名册.xlsx").write_bytes(out.getvalue())
    assert month("import", "花名册.xlsx", *SPECS, "--accept", "--by", "张三", "--reason", "改名").exit == 0
    assert month("run", "2025-06", *SPECS).exit == 0
    for what in ("notice", "signing"):
        paper(month, what)
        for one in load_workbook(month.folder / f"{what}.xlsx"):
            for row in one.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith(("=cmd", "@SUM")):
                        assert cell.data_type == "s"
    assert any("=cmd" in text for text in texts(paper(month, "signing")))


def test_vouchers_go_into_one_csv_and_tables_of_different_columns_do_not(published):
    assert published("export", "vouchers", "-o", "v.csv", "--run", "2025-06").exit == 0
    rows = list(csv.DictReader(io.StringIO(published.read("v.csv").lstrip("\ufeff"))))
    assert sum(Decimal(row["借方(元)"] or 0) for row in rows) == sum(Decimal(row["贷方(元)"] or 0) for row in rows)
    said = published("export", "approval", "-o", "a.csv", "--run", "2025-06")
    assert said.exit == 2
    assert ".xlsx" in said.err
    assert not published.exists("a.csv")


def test_papers_have_the_marks_of_chinese_sentences_and_room_for_what_a_box_is_for(published):
    book = paper(published, "approval")
    first = book.worksheets[0]
    assert {str(area) for area in first.merged_cells.ranges} >= {f"A{first.max_row}:B{first.max_row}"}
    outside = [text for text in texts(book) if re.search(r"[\u4e00-\u9fff][,;:](?!\s)", text)]
    assert outside == []


def test_accounts_without_anything_are_not_listed_for_approval(published):
    one = paper(published, "approval").worksheets[1]
    rows = list(zip(*(column(one, f"{name}(元)") for name in ("期初", "转入", "转出")), strict=True))
    assert rows
    assert all(any(number(value) for value in row) for row in rows)
