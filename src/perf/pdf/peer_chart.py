"""The dimensions of a scorecard as bars beside the median of the peers: a full bar and a mark, clear without colour."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from perf.appraisal.views import PeerBar
from perf.pdf.flow import LEFT, RIGHT, Row, gap
from perf.pdf.parts import INSET
from perf.pdf.sheet import Sheet

_TITLE: Final = "各维度与同组中位数"
_SIZE: Final = 7.5
_LINE: Final = 11.5
_BAR_LEFT: Final = LEFT + 118
_BAR: Final = 210.0
_OWN: Final = _BAR_LEFT + _BAR + 66
_MEDIAN: Final = RIGHT - INSET


def peer_rows(bars: Sequence[PeerBar], own: str) -> list[Row]:
    """The chart with its figures, nothing without peers to compare with; `own`: what the card's subject calls itself."""
    if not bars:
        return []
    height = 12 + _LINE * len(bars)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.element("Figure", peers_in_words(bars))
        sheet.text(LEFT + INSET, y + 8.5, _TITLE, _SIZE, heavy=True, ink="grey")
        sheet.text_right(_OWN, y + 8.5, f"{own} / 满分", 7, ink="grey")
        sheet.text_right(_MEDIAN, y + 8.5, "◆ 同组中位数", 7, ink="grey")
        for number, bar in enumerate(bars):
            _draw_bar(sheet, y + 12 + number * _LINE, bar)

    return [Row(height, draw, role="P"), gap(4)]


def peers_in_words(bars: Sequence[PeerBar]) -> str:
    """What the chart shows, for those who have it read out."""
    told = (f"{bar.title.zh} {bar.own}(满分 {bar.out_of},同组 {bar.count} 个得分的中位数 {bar.median})" for bar in bars)
    return f"{_TITLE}:{';'.join(told)}"


def _draw_bar(sheet: Sheet, y: float, bar: PeerBar) -> None:
    own, middle, full = (_number(text) for text in (bar.own, bar.median, bar.out_of))
    sheet.text_within(LEFT + INSET, y + 8, _BAR_LEFT - LEFT - 2 * INSET, bar.title.zh, _SIZE)
    whole = max(full, own, middle) or 1.0
    sheet.box(_BAR_LEFT, y + 2, _BAR * full / whole, 7, fill="pale", edge="rule", thickness=0.3)
    sheet.box(_BAR_LEFT, y + 2, _BAR * max(own, 0.0) / whole, 7, fill="rule", edge="grey", thickness=0.3)
    x = _BAR_LEFT + _BAR * max(middle, 0.0) / whole
    sheet.line(x, y + 0.5, x, y + 10.5, thickness=1.1, ink="blue")
    sheet.dot(x, y + 5.5, 2.4)
    sheet.text_right_within(_OWN, y + 8, 62, f"{bar.own} / {bar.out_of}", _SIZE)
    sheet.text_right_within(_MEDIAN, y + 8, _MEDIAN - _OWN - 6, f"{bar.median}（{bar.count} 个得分）", _SIZE)


def _number(text: str) -> float:
    """The length of a printed figure, for drawing only."""
    part = text.partition("≈")[0] or text.lstrip("≈")
    try:
        return float(Fraction(part)) if "/" in part else float(Decimal(part))
    except (InvalidOperation, ValueError, ZeroDivisionError):
        return 0.0
