"""What an amount is made of, as bars from the largest: for a quarter or a year, which has no twelve months to be drawn."""

from collections.abc import Sequence
from typing import Final

from perf.kernel.money import Money, total
from perf.pdf.sheet import Sheet
from perf.pdf.trend_chart import Frame

SHOWN_MAX: Final = 6
_SIZE: Final = 7.0
_LINE: Final = 12.5
_TITLE: Final = 78.0
_AMOUNT: Final = 66.0
Part = tuple[str, Money]
"""A title and an amount."""


def largest(parts: Sequence[Part]) -> list[Part]:
    """The largest parts, and the sum of all the others."""
    ranked = sorted(parts, key=lambda part: -abs(part[1].fen))
    if len(ranked) <= SHOWN_MAX:
        return ranked
    rest = ranked[SHOWN_MAX - 1 :]
    return [*ranked[: SHOWN_MAX - 1], (f"其余 {len(rest)} 项", total(amount for _, amount in rest))]


def parts_in_words(parts: Sequence[Part]) -> str:
    """What the bars show, for those who have it read out."""
    return "由哪些项目组成:" + (";".join(f"{title} {amount.text()} 元" for title, amount in largest(parts)) or "没有")


def draw_parts(sheet: Sheet, parts: Sequence[Part], frame: Frame) -> None:
    """Draw `parts` into `frame`; lengths are for the eye only."""
    shown = largest(parts)
    sheet.text(frame.x, frame.y + 7, "由哪些项目组成（元）", 6.5, ink="grey")
    longest = max((abs(amount.fen) for _, amount in shown), default=0) or 1
    room = frame.width - _TITLE - _AMOUNT
    for number, (title, amount) in enumerate(shown):
        y = frame.y + 13 + number * _LINE
        sheet.text_within(frame.x, y + 7.5, _TITLE - 5, title, _SIZE)
        length = room * abs(amount.fen) / longest
        sheet.box(frame.x + _TITLE, y + 1, length, 8, fill="rule", edge="grey", thickness=0.3)
        sheet.text_right_within(frame.x + frame.width, y + 7.5, _AMOUNT - 4, amount.text(), _SIZE)
