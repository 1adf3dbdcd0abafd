"""The top of a statement: who, where, which month; what is to be paid, at a glance; twelve months as a drawing."""

from typing import Final

from perf.appraisal.views import StatementView, TakeHome
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.pdf.flow import LEFT, RIGHT, WIDTH, Draw, Row, gap
from perf.pdf.measure import width as width_of
from perf.pdf.parts import paragraph
from perf.pdf.parts_chart import Part, draw_parts, parts_in_words
from perf.pdf.sheet import Sheet
from perf.pdf.trend_chart import Frame, draw_trend, trend_in_words
from perf.pdf.words import (
    FINAL_STATES,
    category_word,
    is_month,
    is_paid,
    nothing_before,
    pay_title,
    state_word,
    this_time,
)

TITLE: Final = "绩效通知单"
_BOX: Final = 104.0
_CHART_LEFT: Final = LEFT + 246


def head_rows(view: StatementView) -> list[Row]:
    """Title, person, the box with the figures and the chart, and what the pay is made of."""
    rows = [Row(36, _draw_title(view), role="H1"), *_person_rows(view), Row(_BOX, _draw_box(view)), gap(1)]
    parts = composition(view)
    rows += paragraph(parts, label="应发构成", size=8, indent=0) if parts else []
    rows += (
        paragraph("".join(text.zh for text in view.change), label="为什么变", size=8, indent=0) if view.change else []
    )
    return [*rows, gap(2)]


def composition(view: StatementView) -> str:
    """The lines that the pay is made of, in one sentence; empty when there are none."""
    return "；".join(f"{title} {amount.text()}" for title, amount in paid_parts(view))


def paid_parts(view: StatementView) -> list[Part]:
    """The lines that the pay is made of, those of one name told apart by who pays."""
    rows = [(block, line) for block in view.pay for line in block.lines if line.amount and is_paid(line)]
    titles = [line.title.zh for _, line in rows]
    return [
        (f"{line.title.zh}{f'（{block.owner_name}）' if titles.count(line.title.zh) > 1 else ''}", line.amount)
        for block, line in rows
    ]


def change_sentence(pay: Money, previous: Money | None, period: str) -> str:
    """What changed against last month."""
    if previous is None:
        return nothing_before(period)
    difference = pay - previous
    if not difference:
        return f"与上月相同（{previous.text()}）"
    arrow, amount = ("↑", difference) if difference > Money(0) else ("↓", -difference)
    return f"比上月 {arrow} {amount.text()}（上月 {previous.text()}）"


def _draw_title(view: StatementView) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 20, TITLE, 19, heavy=True, ink="blue")
        x = LEFT + width_of(TITLE, 19, heavy=True) + 12
        sheet.text(x, y + 20, view.period_title.zh, 13, heavy=True)
        word = state_word(view.state)
        final = view.state in FINAL_STATES
        width = width_of(word, 9, heavy=True) + 14
        sheet.box(RIGHT - width, y + 6, width, 17, fill="blue" if final else None, edge="blue", thickness=0.9)
        sheet.text(RIGHT - width + 7, y + 18, word, 9, heavy=True, ink="white" if final else "blue")
        remark = f"批次 {view.run}" if final else f"批次 {view.run} · 未定稿，仅供核对"
        sheet.text_right_within(RIGHT - width - 8, y + 18, RIGHT - width - 20 - x - 80, remark, 8.5)
        sheet.line(LEFT, y + 29, RIGHT, y + 29, thickness=2, ink="blue")

    return draw


def _person_rows(view: StatementView) -> list[Row]:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text_within(LEFT, y + 13, 330, view.name, 14, heavy=True, smallest=9)
        x = LEFT + min(width_of(view.name, 14, heavy=True), 330) + 14
        sheet.text_within(x, y + 13, RIGHT - x, f"{'工号' if view.level == 'person' else '编码'} {view.staff_no}", 10)

    parts = (
        view.consortium_name,
        view.institution_name,
        view.department,
        view.post,
        view.title,
        category_word(view),
    )
    where = "  ·  ".join(part for part in parts if part)
    return [Row(17, draw), *paragraph(where, size=8.5, indent=0, after=3)]


def _draw_box(view: StatementView) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, WIDTH, _BOX - 4, fill="pale", edge="rule")
        left, width = LEFT + 12, _CHART_LEFT - LEFT - 26
        sheet.text(left, y + 13, pay_title(view), 8.5)
        sheet.text_within(left - 1, y + 38, width, view.total_pay.text(), 26, heavy=True, smallest=16, ink="blue")
        sheet.text_within(left, y + 51, width, change_sentence(view.total_pay, view.previous_pay, view.period), 8.5)
        sheet.line(left, y + 58, left + width, y + 58)
        cells = _cells(view)
        for number, (label, figure, remark) in enumerate(cells):
            x, room = left + number * width / len(cells), width / len(cells) - 5
            sheet.text(x, y + 68, label, 7.5, ink="grey")
            sheet.text_within(x, y + 81, room, figure, 12, heavy=True, smallest=7)
            sheet.text_within(x, y + 92, room, remark, 7, smallest=5.5)
        sheet.line(_CHART_LEFT - 7, y + 6, _CHART_LEFT - 7, y + _BOX - 10)
        frame = Frame(_CHART_LEFT + 2, y + 7, RIGHT - _CHART_LEFT - 10, _BOX - 17)
        parts = [] if is_month(view.period) else paid_parts(view)
        if parts:
            sheet.element("Figure", parts_in_words(parts))
            draw_parts(sheet, parts, frame)
        else:
            sheet.element("Figure", trend_in_words(view.trend))
            draw_trend(sheet, view.trend, frame)

    return draw


def _cells(view: StatementView) -> list[tuple[str, str, str]]:
    """Score, held and year to date: label, figure, remark."""
    card = view.scorecards[0] if view.scorecards else None
    unknown = nothing_before(view.period) if is_month(view.period) else ""
    previous = f"上月 {view.previous_total}" if view.previous_total else unknown
    score = (
        "考核总分",
        (card.total or "—") if card else "—",
        " ".join(filter(None, (card.grade, previous))) if card else "没有考核表",
    )
    net = [_net_cell(view.take_home, view.total_pay)] if view.take_home is not None else []
    held = ("暂存未发", view.held.text(), "见标“暂存”的行" if view.held else "没有")
    return [
        score,
        *net,
        *([held] if view.held or not net else []),
        ("本年累计应发", view.year_to_date.text(), f"含{this_time(view.period)}"),
    ]


def _net_cell(one: TakeHome, own: Money) -> tuple[str, str, str]:
    month = parse_period(one.pay_month).number
    return "实发", one.net.text(), f"{month}月发放" if one.gross == own else f"{month}月发放，含工资等"
