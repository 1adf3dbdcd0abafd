"""A person's statement as a PDF: drawn from its view model, page by page; nothing is computed here."""

from collections.abc import Sequence
from typing import Final

from perf.appraisal.views import StatementView
from perf.distribution.corrections import CORRECTION
from perf.pdf.embedding import Typesetter
from perf.pdf.flow import LEFT, RIGHT, Placed, Row, gap, paginate
from perf.pdf.marks import Mark
from perf.pdf.paper import Paper
from perf.pdf.parts import paragraph, section
from perf.pdf.pay_rows import block_name, pay_rows, total_row
from perf.pdf.proof import TEXT_WIDTH, code_rows, with_qr
from perf.pdf.rule_rows import DIGEST_SHOWN, origin_rows, sealed_rows, version_rows
from perf.pdf.scorecard_rows import card_name, scorecard_rows, summary_rows, unconfirmed_rows
from perf.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet
from perf.pdf.statement_head import TITLE, head_rows
from perf.pdf.take_home_rows import take_home_rows
from perf.pdf.words import this_time

NO_DEPARTMENT: Final = "未分科室"
_PLEDGE: Final = (
    "用计算器可逐行重算：小数只在标明处取整一次（未注明方式的为四舍五入），取整后的数就是后面用的数；"
    "≈ 后的小数只供阅读；取整差与尾差单独列出。"
)

_OBJECTIONS: Final = (
    "对任何一行有异议，请在公示期内向绩效办提出，写明批次、工号和所指的行；核实后的差额记入以后的月份并注明本批次，"
    "已发布的通知单不改。"
)


def statement_pdf(view: StatementView) -> bytes:
    """Draw `view` on as many A4 pages as it needs.

    Args:
        view: The finished statement; every text and figure is printed as it stands there.
    Returns:
        The PDF file; the same view gives the same bytes. Text can be selected, searched and copied, rare
        characters too.
    """
    return _file(_title(view), [(view, ())])


def merged_pdf(views: Sequence[StatementView], title: str, *, by_department: bool = False) -> bytes:
    """Several statements in one file, each beginning on a page of its own.

    Args:
        title: The title of the file.
        by_department: Above the bookmark of each person stands one for each department, in the order of `views`.
    Returns:
        The PDF file; the same views give the same bytes.
    """
    level = int(by_department)
    marked: list[tuple[StatementView, Sequence[Mark]]] = []
    department: str | None = None
    for number, view in enumerate(views):
        marks = [Mark(f"s{number}", f"{view.staff_no} {view.name}", level)]
        if by_department and view.department != department:
            department = view.department
            marks.insert(0, Mark(f"d{number}", department or NO_DEPARTMENT, 0))
        marked.append((view, marks))
    return _file(title, marked)


def _title(view: StatementView) -> str:
    return f"{TITLE} {view.period_title.zh} {view.run}"


def statement_rows(view: StatementView) -> list[Row]:
    """Everything on the statement, from top to bottom."""
    cards, blocks, houses = view.scorecards, view.pay, view.institution_scorecards
    is_person = view.level == "person"
    rows = head_rows(view)
    rows += section("一、考核得分", *(card_name(cards[0]) if len(cards) == 1 else ()))
    for card in cards:
        rows += scorecard_rows(card, alone=len(cards) == 1, own="本人" if is_person else "本单位")
    if not cards:
        whose = "个人" if is_person else "本单位的"
        rows += [*paragraph(f"{this_time(view.period)}没有{whose}考核表。", size=8.5), gap(6)]
    rows += section("二、从资金池到应发", *(block_name(blocks[0]) if len(blocks) == 1 else ()))
    for block in blocks:
        rows += pay_rows(block, alone=len(blocks) == 1)
    if not blocks:
        rows += [*paragraph(f"{this_time(view.period)}没有分配到本人的款项。", size=8.5), gap(4)]
    what = "应发" if is_person else "分给本单位"
    rows += [total_row(view.total_pay, f"{this_time(view.period)}{what}"), gap(3)]
    if view.take_home is not None:
        rows += take_home_rows(view.take_home, view.total_pay)
    if houses:
        rows += section("三、本单位考核", *(card_name(houses[0]) if len(houses) == 1 else ("", "决定本单位资金池")))
        for card in houses:
            rows += summary_rows(card, alone=len(houses) == 1)
    return [*rows, *_closing_rows(view)]


def _closing_rows(view: StatementView) -> list[Row]:
    rows = [Row(4, lambda sheet, y: sheet.line(LEFT, y + 2, RIGHT, y + 2, thickness=1.1, ink="blue"), keeps_next=True)]
    for note in view.notes:
        rows += paragraph(note.zh, label="※", size=7.5)
    rows += paragraph(_corrections(view), label="申诉与更正", size=7.5)
    rows += unconfirmed_rows(view.scorecards)
    rows += origin_rows(view.scorecards, view.pay)
    width = TEXT_WIDTH if view.code else None
    proof = paragraph(_PLEDGE, size=7, width=width)
    proof += version_rows((*view.scorecards, *view.institution_scorecards), view.pay, width)
    proof += [*sealed_rows(view, width), *code_rows(view.code)]
    return [*rows, *with_qr(proof, view.run, view.code)]


def _corrections(view: StatementView) -> str:
    """What of the pay corrects earlier months, and what becomes of an objection to this one."""
    blocks = [block for block in view.pay if block.distribution == CORRECTION]
    count = sum(len(block.lines) for block in blocks)
    when = this_time(view.period)
    within = (
        f"{when}含以前月份的更正 {count} 项，见“{blocks[0].title.zh}”。" if count else f"{when}没有以前月份的更正。"
    )
    return f"{within}{_OBJECTIONS}"


def _sheet(setter: Typesetter, view: StatementView, placed: list[Placed], number: int, count: int) -> Sheet:
    sheet = Sheet(setter)
    if number > 1:
        sheet.text(LEFT, 46, f"{TITLE}（续）", 11, heavy=True, ink="blue")
        who = f"{view.name}  工号 {view.staff_no}  {view.period_title.zh}"
        sheet.text_right_within(RIGHT, 46, 360, who, 9)
        sheet.line(LEFT, 53, RIGHT, 53, thickness=1.1, ink="blue")
    for item in placed:
        item.draw(sheet)
    sheet.beside()
    foot = PAGE_HEIGHT - 24
    sheet.line(LEFT, foot - 11, RIGHT, foot - 11, thickness=0.4)
    digest = f" · 摘要 {view.digest[:DIGEST_SHOWN]}" if view.digest else ""
    sheet.text_within(LEFT, foot, 380, f"{view.institution_name} · 批次 {view.run}{digest}", 7, ink="grey")
    sheet.text_right(RIGHT, foot, f"第 {number} 页 共 {count} 页", 8)
    return sheet


def _file(title: str, views: Sequence[tuple[StatementView, Sequence[Mark]]]) -> bytes:
    """The pages of every statement, its marks on its first page."""
    setter = Typesetter()
    paper = Paper((PAGE_WIDTH, PAGE_HEIGHT), title)
    for view, marks in views:
        pages = paginate(statement_rows(view))
        for number, placed in enumerate(pages, start=1):
            sheet = _sheet(setter, view, placed, number, len(pages))
            paper.add_page(sheet.operators, marks if number == 1 else (), elements=sheet.elements)
    return paper.finish(setter)
