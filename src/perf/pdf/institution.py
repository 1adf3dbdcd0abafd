"""An institution's statement and its yearly book as PDFs: scorecards, what it was given, month by month."""

from collections.abc import Sequence
from typing import Final

from perf.appraisal.institution_view import InstitutionView, InstitutionYear
from perf.appraisal.rule_book_view import Column, Grid
from perf.kernel.money import total
from perf.pdf.embedding import Typesetter
from perf.pdf.flow import LEFT, RIGHT, WIDTH, Draw, Placed, Row, gap, paginate
from perf.pdf.grid import grid_rows
from perf.pdf.marks import Mark
from perf.pdf.measure import width as width_of
from perf.pdf.paper import Paper
from perf.pdf.parts import paragraph, section
from perf.pdf.pay_rows import block_name, pay_rows, sum_row
from perf.pdf.proof import TEXT_WIDTH, code_rows, with_qr
from perf.pdf.rule_rows import origin_rows, sealed_rows, version_rows
from perf.pdf.scorecard_rows import card_name, scorecard_rows, unconfirmed_rows
from perf.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet
from perf.pdf.trend_chart import Frame, draw_trend, trend_in_words
from perf.pdf.words import FINAL_STATES, nothing_before, state_word, this_time

TITLE: Final = "单位考核书"
BOOK: Final = "单位年度考核册"
_BOX: Final = 84.0
_CHART_LEFT: Final = LEFT + 246
_COLUMNS: Final = (
    Column("月份", 16),
    Column("考核总分", 15, is_number=True),
    Column("等次", 12),
    Column("排名", 12),
    Column("系数", 12, is_number=True),
    Column("分给本单位（元）", 18, is_number=True),
    Column("批次", 15),
)


def institution_pdf(view: InstitutionView) -> bytes:
    """Draw the statement of one period on A4; the same view gives the same bytes."""
    pages = [(view, placed) for placed in paginate(institution_rows(view))]
    return _file(f"{TITLE} {view.name} {view.period_title.zh} {view.run}", pages, {})


def institution_book_pdf(year: InstitutionYear) -> bytes:
    """A table of the year, then the statement of each month, with bookmarks; the same views give the same bytes."""
    pages: list[tuple[InstitutionView | None, list[Placed]]] = []
    pages += [(None, placed) for placed in paginate(_year_rows(year), airy=True)]
    marks = {0: [Mark("year", f"{year.name} {year.year} 年", 0)]}
    for view in year.months:
        marks[len(pages)] = [Mark(view.period, f"{view.period_title.zh} 总分 {_total(view)}", 1)]
        pages += [(view, placed) for placed in paginate(institution_rows(view))]
    return _file(f"{BOOK} {year.name} {year.year} 年", pages, marks)


def institution_rows(view: InstitutionView) -> list[Row]:
    """Everything on the statement, from top to bottom."""
    cards, blocks = view.scorecards, view.pay
    heads = f"负责人 {'、'.join(view.heads)}" if view.heads else ""
    where = "  ·  ".join(
        part for part in (f"编码 {view.institution}", view.consortium_name, heads, f"在册 {view.people} 人") if part
    )
    rows = [Row(36, _draw_title(TITLE, view.period_title.zh, view), role="H1"), *_name_rows(view.name, where)]
    rows += [Row(_BOX, _draw_box(view)), gap(3)]
    rows += section("一、考核得分", *(card_name(cards[0]) if len(cards) == 1 else ()))
    for card in cards:
        rows += scorecard_rows(card, alone=len(cards) == 1, own="本单位")
    if not cards:
        rows += [*paragraph(f"{this_time(view.period)}没有本单位的考核表。", size=8.5), gap(6)]
    rows += section("二、分给本单位的资金", *(block_name(blocks[0]) if len(blocks) == 1 else ()))
    for block in blocks:
        rows += pay_rows(block, alone=len(blocks) == 1)
    if not blocks:
        rows += [*paragraph(f"{this_time(view.period)}没有分给本单位的款项。", size=8.5), gap(4)]
    return [
        *rows,
        sum_row(f"{this_time(view.period)}分给本单位合计（元）", view.given, strong=True),
        gap(3),
        *_closing_rows(view),
    ]


def _closing_rows(view: InstitutionView) -> list[Row]:
    rows: list[Row] = []
    rows += unconfirmed_rows(view.scorecards)
    rows += origin_rows(view.scorecards, view.pay)
    width = TEXT_WIDTH if view.code else None
    proof = [*version_rows(view.scorecards, view.pay, width), *sealed_rows(view, width), *code_rows(view.code)]
    return [*rows, *with_qr(proof, view.run, view.code)]


def _year_rows(year: InstitutionYear) -> list[Row]:
    rows = [
        Row(36, _draw_title(BOOK, f"{year.year} 年", None), role="H1"),
        *_name_rows(year.name, year.consortium_name),
    ]
    whole = ("全年", *["—"] * 4, total(view.given for view in year.months).text(), f"{len(year.months)} 个月")
    table = Grid(
        "各月一览",
        _COLUMNS,
        (*(_month_cells(view) for view in year.months), whole),
        strong=frozenset([len(year.months)]),
    )
    rows += [gap(8), *grid_rows(table)]
    if year.missing:
        rows += paragraph(f"{'、'.join(year.missing)} 没有已发布的核算。", label="※", size=8)
    return rows


def _month_cells(view: InstitutionView) -> tuple[str, ...]:
    card = view.scorecards[0] if view.scorecards else None
    figures = (card.total, card.grade, card.rank, card.coefficient) if card is not None else ("", "", "", "")
    return (view.period_title.zh, *(figure or "—" for figure in figures), view.given.text(), view.run)


def _total(view: InstitutionView) -> str:
    return (view.scorecards[0].total if view.scorecards else "") or "—"


def _name_rows(name: str, where: str) -> list[Row]:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text_within(LEFT, y + 13, WIDTH, name, 14, heavy=True, smallest=9)

    return [Row(18, draw), *paragraph(where, size=8.5, indent=0, after=4)]


def _draw_title(title: str, when: str, view: InstitutionView | None) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 20, title, 19, heavy=True, ink="blue")
        sheet.text(LEFT + width_of(title, 19, heavy=True) + 12, y + 20, when, 13, heavy=True)
        if view is not None:
            word = (
                state_word(view.state) if view.state in FINAL_STATES else f"{state_word(view.state)} · 未定稿，仅供核对"
            )
            sheet.text_right_within(RIGHT, y + 20, 200, f"批次 {view.run} · {word}", 8.5)
        sheet.line(LEFT, y + 29, RIGHT, y + 29, thickness=2, ink="blue")

    return draw


def _draw_box(view: InstitutionView) -> Draw:
    card = view.scorecards[0] if view.scorecards else None
    before = f"上月 {view.previous_total}" if view.previous_total else nothing_before(view.period)
    cells = (
        ("等次", (card.grade if card else "") or "—"),
        ("排名", (card.rank if card else "") or "—"),
        ("分给本单位（元）", view.given.text()),
    )

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, _BOX - 4, fill="pale", edge="rule")
        left, width = LEFT + 12, _CHART_LEFT - LEFT - 26
        sheet.text(left, y + 13, f"考核总分（{before}）", 8.5)
        sheet.text_within(left - 1, y + 38, width, _total(view), 26, heavy=True, smallest=16, ink="blue")
        sheet.line(left, y + 47, left + width, y + 47)
        for number, (label, figure) in enumerate(cells):
            x = left + number * 52
            sheet.text(x, y + 58, label, 7.5, ink="grey")
            sheet.text_within(
                x, y + 72, 48 if number < len(cells) - 1 else width - 104, figure, 12, heavy=True, smallest=7
            )
        sheet.line(_CHART_LEFT - 7, y + 6, _CHART_LEFT - 7, y + _BOX - 10)
        sheet.element("Figure", trend_in_words(view.trend))
        draw_trend(sheet, view.trend, Frame(_CHART_LEFT + 2, y + 7, RIGHT - _CHART_LEFT - 10, _BOX - 17))

    return draw


def _file(
    title: str, pages: Sequence[tuple[InstitutionView | None, list[Placed]]], marks: dict[int, list[Mark]]
) -> bytes:
    setter = Typesetter()
    paper = Paper((PAGE_WIDTH, PAGE_HEIGHT), title)
    for number, (view, placed) in enumerate(pages):
        sheet = Sheet(setter)
        if number and pages[number - 1][0] is view:
            sheet.text(LEFT, 46, f"{TITLE if view else BOOK}（续）", 11, heavy=True, ink="blue")
            sheet.text_right_within(RIGHT, 46, 360, f"{view.name}  {view.period_title.zh}" if view else "", 9)
            sheet.line(LEFT, 53, RIGHT, 53, thickness=1.1, ink="blue")
        for item in placed:
            item.draw(sheet)
        sheet.beside()
        foot = PAGE_HEIGHT - 24
        sheet.line(LEFT, foot - 11, RIGHT, foot - 11, thickness=0.4)
        sheet.text_within(LEFT, foot, 380, f"{view.name} · 批次 {view.run}" if view else title, 7, ink="grey")
        sheet.text_right(RIGHT, foot, f"第 {number + 1} 页 共 {len(pages)} 页", 8)
        paper.add_page(sheet.operators, marks.get(number, ()), elements=sheet.elements)
    return paper.finish(setter)
