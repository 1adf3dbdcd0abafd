"""Twelve months as coordinates for an inline SVG; lengths are for the eye, every figure shown is one of the view's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from perf.appraisal.views import TrendPoint

WIDTH: Final = 640
HEIGHT: Final = 250
_SCORES: Final = (38.0, 84.0)  # top and bottom of the line
_BAR_MAX: Final = 40.0
_BARS: Final = (148.0, 224.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """One month: where its label stands, its dot and its bar where it has them, and which figures are written out."""

    x: str
    label: str
    period: str
    score: str = ""
    score_y: str = ""
    score_text_y: str = ""
    pay: str = ""
    bar_x: str = ""
    bar_y: str = ""
    bar_width: str = ""
    bar_height: str = ""
    pay_x: str = ""
    pay_y: str = ""
    pay_shown: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """All marks, the unbroken stretches of the score line as SVG points, and the height of the zero line."""

    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    zero: str


def draw_trend(points: Sequence[TrendPoint]) -> Drawing | None:
    """Place `points`; None where there is nothing to draw. A month without a value stays open."""
    scores = [_number(point.total) for point in points]
    if all(score is None and point.pay is None for score, point in zip(scores, points, strict=True)):
        return None
    step = WIDTH / len(points)
    centres = [step * (number + 0.5) for number in range(len(points))]
    heights = _score_heights(scores)
    fen = [0, *(point.pay.fen for point in points if point.pay is not None)]
    scale = (_BARS[1] - _BARS[0]) / (max(fen) - min(fen) or 1)
    bar = min(step * 0.6, _BAR_MAX)
    zero = _BARS[0] + max(fen) * scale
    shown = _written_out([None if point.pay is None else point.pay.fen for point in points])
    marks = []
    for number, (point, centre, height) in enumerate(zip(points, centres, heights, strict=True)):
        pay = point.pay
        length = 0.0 if pay is None else abs(pay.fen) * scale
        upper = zero - length if pay is None or pay.fen >= 0 else zero
        beside = [
            other for other in (*heights[max(number - 1, 0) : number], *heights[number + 1 : number + 2]) if other
        ]
        valley = height is not None and bool(beside) and all(other < height for other in beside)
        marks.append(
            Mark(
                x=_text(centre),
                label=point.label,
                period=point.period,
                score=point.total or "" if height is not None else "",
                score_y="" if height is None else _text(height),
                score_text_y="" if height is None else _text(height + 20 if valley else height - 9),
                pay="" if pay is None else pay.text(),
                bar_x=_text(centre - bar / 2),
                bar_y=_text(upper),
                bar_width=_text(bar),
                bar_height=_text(length),
                pay_x=_text(min(max(centre, 36), WIDTH - 36)),
                pay_y=_text(upper - 6 if pay is None or pay.fen >= 0 else upper + length + 13),
                pay_shown=number in shown,
                is_last=number == len(points) - 1,
            )
        )
    return Drawing(tuple(marks), _unbroken(centres, heights), _text(zero))


def _score_heights(scores: Sequence[float | None]) -> list[float | None]:
    known = [score for score in scores if score is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    top, bottom = _SCORES
    return [
        None if score is None else top + (bottom - top) * (1 - (score - low) / span if span else 0.5)
        for score in scores
    ]


def _unbroken(centres: Sequence[float], heights: Sequence[float | None]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for centre, height in zip(centres, heights, strict=True):
        if height is None:
            runs.append([])
        else:
            runs[-1].append(f"{_text(centre)},{_text(height)}")
    return tuple(" ".join(run) for run in runs if len(run) > 1)


def _written_out(pays: Sequence[int | None]) -> set[int]:
    """The last month, and the highest and lowest that stand clear of it; the rest is in the table below the chart."""
    known = [(pay, number) for number, pay in enumerate(pays) if pay is not None]
    if not known:
        return set()
    chosen = [max(number for _, number in known)]
    for number in (max(known)[1], min(known)[1]):
        if all(abs(number - other) > 1 for other in chosen):
            chosen.append(number)
    return set(chosen)


def _number(text: str | None) -> float | None:
    try:
        return float(Decimal(text)) if text else None
    except InvalidOperation:
        return None


def _text(number: float) -> str:
    return f"{number:.1f}"
