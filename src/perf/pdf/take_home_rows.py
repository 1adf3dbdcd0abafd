"""From gross to net as a table: what comes in, what is taken, what is paid; then the tax step by step."""

from typing import Final

from perf.appraisal.views import TakeHome, TakeHomeLine
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.pdf.flow import LEFT, RIGHT, Row, gap, under
from perf.pdf.lines import wrap
from perf.pdf.parts import INSET, LEADING_SHARE, segments, table_head, titled
from perf.pdf.pay_rows import sum_row
from perf.pdf.sheet import Sheet

_SIZE: Final = 7.5
_HOW: Final = LEFT + 118
_AMOUNT: Final = RIGHT - INSET
_HOW_WIDTH: Final = _AMOUNT - 74 - _HOW


def _paid_when(one: TakeHome) -> str:
    """`2025年7月发放`."""
    return f"{parse_period(one.pay_month).zh()}发放"


def take_home_rows(one: TakeHome, own: Money) -> list[Row]:
    """The payroll that pays this statement; its income may hold more than `own`, what the statement gives."""
    coming = [line for line in one.lines if line.is_income]
    taken = [line for line in one.lines if not line.is_income]
    body = [_line(line) for line in coming]
    body.append(_sum("应发合计", _whole(one.gross, own), one.gross))
    body += [_line(line) for line in taken]
    body.append(_sum("扣款、个税合计", "以上各项相加", -(one.deductions + one.tax)))
    head = table_head([("项目", LEFT + INSET, False), ("算法", _HOW, False), ("金额（元）", _AMOUNT, True)])
    rows = [*titled("从应发到实发", f"{_paid_when(one)} · 代扣 {one.payroll}"), *under(head, body)]
    rows[-1] = Row(rows[-1].height, rows[-1].draw, keeps_next=True, head=rows[-1].head)
    rows += [sum_row(f"实发合计（元） {_paid_when(one)}", one.net, strong=True), gap(2)]
    steps = [(f"{number}.", text.zh) for number, text in enumerate(one.working, start=1)]
    return [*rows, *segments([("个税和实发怎样算", ""), *steps], size=7.2, indent=INSET), gap(3)]


def _whole(gross: Money, own: Money) -> str:
    """Of what the gross pay consists."""
    if gross == own:
        return "以上各项相加"
    return f"以上各项相加：本单 {own.text()}，工资等其他项目 {(gross - own).text()}"


def _line(line: TakeHomeLine) -> Row:
    return _row(line.title.zh, line.how.zh, line.amount, strong=False)


def _sum(title: str, how: str, amount: Money) -> Row:
    return _row(title, how, amount, strong=True)


def _row(title: str, how: str, amount: Money, *, strong: bool) -> Row:
    remarks = wrap(how, 7, _HOW_WIDTH) if how else ()
    height = max(len(remarks) * 7, _SIZE) * LEADING_SHARE + 2

    def draw(sheet: Sheet, y: float) -> None:
        room = _HOW - LEFT - 2 * INSET
        sheet.text_within(LEFT + INSET, y + 8.5, room, title, _SIZE, heavy=strong)
        for number, text in enumerate(remarks):
            sheet.text(_HOW, y + 8.5 + number * 7 * LEADING_SHARE, text, 7, ink="grey" if strong else "black")
        figure = amount.text().replace("-", "−")
        sheet.text_right_within(_AMOUNT, y + 8.5, 70, figure, _SIZE + strong, heavy=strong)
        sheet.line(LEFT, y + height, RIGHT, y + height, thickness=0.35)

    return Row(height + 0.5, draw)
