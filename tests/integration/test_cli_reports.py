"""Books of a month and a year as workbooks: real numbers, and formulas that come to what is written beside them."""

import csv
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

BOOKS = ("scorebook", "ranking", "variance", "distribution", "annual")
SUM = re.compile(r"=SUM\(([A-Z]+\d+:[A-Z]+\d+)\)")
MEAN = re.compile(r"=AVERAGE\(([A-Z]+\d+:[A-Z]+\d+)\)")
LESS = re.compile(r"=([A-Z]+\d+)-([A-Z]+\d+)")
SHARE = re.compile(r"=([A-Z]+\d+)/([A-Z]+\d+)")


def both(path) -> tuple[Workbook, Workbook]:
    return load_workbook(path), load_workbook(path, data_only=True)


def number(values, cell: str) -> Decimal:
    found = values[cell].value
    return Decimal(0) if found is None else Decimal(str(found))


def inside(values, area: str) -> list[Decimal]:
    left, top, right, bottom = range_boundaries(area)
    rows = values.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
    return [Decimal(str(value)) for row in rows for value in row if isinstance(value, int | float)]


def comes_to(values, formula: str) -> Decimal:
    """What a formula of ours comes to, worked out here."""
    if match := SUM.fullmatch(formula):
        return sum(inside(values, match[1]), Decimal(0))
    if match := MEAN.fullmatch(formula):
        found = inside(values, match[1])
        return sum(found, Decimal(0)) / len(found)
    if match := LESS.fullmatch(formula):
        return number(values, match[1]) - number(values, match[2])
    match = SHARE.fullmatch(formula)
    assert match, formula
    return number(values, match[1]) / number(values, match[2])


@pytest.mark.parametrize("what", BOOKS)
def test_every_formula_comes_to_what_is_written_in_its_cell(june, what):
    run = "2025" if what == "annual" else "2025-06"
    if what == "annual":
        june("publish", "2025-06", "--by", "另一人", "--reason", "六月")
    said = june("export", what, "-o", f"{what}.xlsx", "--run", run, "--json")
    assert said.exit == 0, said.err
    book, values = both(june.folder / f"{what}.xlsx")
    formulas = 0
    for sheet in book.worksheets:
        assert sheet.freeze_panes
        assert sheet.page_setup.paperSize == 9
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            formulas += 1
            told = Decimal(str(values[sheet.title][cell.coordinate].value))
            assert abs(comes_to(values[sheet.title], cell.value) - told) < Decimal("1e-9"), cell.coordinate
    assert formulas or what in ("scorebook", "ranking", "variance")
    again = june("export", what, "-o", "again.xlsx", "--run", run)
    assert again.exit == 0
    assert (june.folder / "again.xlsx").read_bytes() == (june.folder / f"{what}.xlsx").read_bytes()


def test_the_distribution_table_adds_up_to_the_pay_file_person_by_person(june):
    assert june("export", "distribution", "-o", "d.xlsx", "--run", "2025-06").exit == 0
    assert june("export", "payfile", "-o", "p.csv", "--run", "2025-06").exit == 0
    _, values = both(june.folder / "d.xlsx")
    sheet = values["分配表"]
    header = [cell.value for cell in sheet[2]]
    rows = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]
    mine = {row["工号"]: Decimal(str(row["应发"])) for row in rows if row["工号"]}
    with (june.folder / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        paid = {row["工号"]: Decimal(row["应发"]) for row in csv.DictReader(file)}
    assert mine == paid
    whole = values["按单位"]
    assert whole.cell(whole.max_row - 1, whole.max_column).value == float(sum(paid.values()))


def test_the_funds_went_where_they_came_from(june):
    assert june("export", "distribution", "-o", "d.xlsx", "--run", "2025-06").exit == 0
    _, values = both(june.folder / "d.xlsx")
    sheet = next(one for one in values.worksheets if one.title.startswith("资金去向"))
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert rows
    assert all(row[3] == row[-1] for row in rows)


def test_the_score_book_has_each_indicator_with_value_points_and_weight(june):
    assert june("export", "scorebook", "-o", "s.xlsx", "--run", "2025-06").exit == 0
    book, _ = both(june.folder / "s.xlsx")
    for sheet in book.worksheets:
        heads = [cell.value for cell in sheet[4]]
        assert heads.count("得分") == heads.count("权重") >= heads.count(None)
        assert any(str(head).startswith("值") for head in heads)
        assert sheet.print_title_rows == "$3:$4"


def test_books_go_to_csv_table_by_table_and_speak_english_when_asked(june):
    said = june("export", "distribution", "-o", "d.csv", "--run", "2025-06", "--json")
    assert len(said.json["files"]) >= 3
    for file in said.json["files"]:
        assert (june.folder / file).read_bytes().startswith(b"\xef\xbb\xbf")
    assert june("--lang", "en", "export", "ranking", "-o", "r.xlsx", "--run", "2025-06").exit == 0
    book, _ = both(june.folder / "r.xlsx")
    assert "rank" in [cell.value for cell in book.worksheets[0][2]]
    assert book.worksheets[0].oddFooter.center.text == "page &P of &N"


def test_an_annual_book_needs_a_published_run(june):
    said = june("export", "annual", "-o", "a.xlsx", "--run", "1999")
    assert said.exit == 4
    assert "1999" in said.err
    assert not june.exists("a.xlsx")


def test_the_ledger_is_in_words_with_its_codes_behind(june):
    assert june("export", "ledger", "-o", "l.xlsx", "--run", "2025-06").exit == 0
    assert june("export", "ledger", "-o", "l.csv", "--run", "2025-06").exit == 0
    _, values = both(june.folder / "l.xlsx")
    sheet = values.active
    heads = [cell.value for cell in sheet[3]]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if isinstance(row[1], int)]
    with (june.folder / "l.csv").open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    assert [row[-2:] for row in rows] == [(entry["from"], entry["to"]) for entry in entries]
    assert [round(Decimal(str(row[heads.index("金额(元)")])) * 100) for row in rows] == [
        int(entry["amount_fen"]) for entry in entries
    ]
    words = " ".join(str(row[heads.index(head)]) for row in rows for head in ("摘要", "转出", "转入"))
    assert "person:" not in words
    assert "fund" not in words
    assert "应付职工薪酬—绩效 钱㛃" in words


def test_people_are_ranked_house_by_house(june):
    assert june("export", "ranking", "-o", "r.xlsx", "--run", "2025-06").exit == 0
    _, values = both(june.folder / "r.xlsx")
    for sheet in values.worksheets:
        heads = [cell.value for cell in sheet[2]]
        if "单位" in heads:
            homes = [row[heads.index("单位")] for row in sheet.iter_rows(min_row=3, values_only=True)]
            assert len(set(homes)) == 1 + sum(1 for a, b in pairwise(homes) if a != b)


def test_the_categories_of_a_comparison_are_in_words(june):
    june("publish", "2025-06", "--by", "另一人", "--reason", "六月")
    assert june("export", "variance", "-o", "v.xlsx", "--run", "2025-06").exit == 0
    book, _ = both(june.folder / "v.xlsx")
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not shown & {"doctor", "nurse", "technician", "admin"}
