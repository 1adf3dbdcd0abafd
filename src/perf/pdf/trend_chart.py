"""Twelve months as a small vector drawing: scores as a line, pay as bars, a month without a value left open."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from perf.appraisal.views import TrendPoint
from perf.pdf.measure import width as width_of
from perf.pdf.sheet import Sheet

_LABEL = 5.6
_BAR_MAX = 16.0


class Frame(NamedTuple):
    """A part of the page, in points from the top left corner."""

    x: float
    y: float
    width: float
    height: float


def draw_trend(sheet: Sheet, points: Sequence[TrendPoint], frame: Frame) -> None:
    """Draw `points` into `frame`; lengths are for the eye only, every printed figure is one of the view's."""
    if all(_number(point.total) is None and point.pay is None for point in points):
        sheet.text_middle(frame.x + frame.width / 2, frame.y + frame.height / 2, "近十二个月没有记录", 8, ink="grey")
        return
    if all(point.pay is None for point in points):
        _draw_scores_alone(sheet, points, frame)
        return
    score_height = (frame.height - 34) * 0.42
    pay_top = frame.y + score_height + 27
    sheet.text(frame.x, frame.y + 7, "考核总分", 6.5, ink="grey")
    _draw_scores(sheet, points, frame._replace(y=frame.y + 20, height=score_height - 11))
    sheet.text(frame.x, pay_top - 1, "应发（元）", 6.5, ink="grey")
    bottom = frame.y + frame.height
    _draw_pays(sheet, points, frame._replace(y=pay_top + 9, height=bottom - pay_top - 20))
    for number, (point, centre) in enumerate(zip(points, _centres(points, frame), strict=True)):
        sheet.text_middle(centre, bottom - 1, point.label, _LABEL, heavy=number == len(points) - 1)


def _draw_scores_alone(sheet: Sheet, points: Sequence[TrendPoint], frame: Frame) -> None:
    """Of those who have no pay of their own: the scores take all the room."""
    sheet.text(frame.x, frame.y + 7, "考核总分", 6.5, ink="grey")
    _draw_scores(sheet, points, frame._replace(y=frame.y + 20, height=frame.height - 40))
    for number, (point, centre) in enumerate(zip(points, _centres(points, frame), strict=True)):
        sheet.text_middle(centre, frame.y + frame.height - 1, point.label, _LABEL, heavy=number == len(points) - 1)


def trend_in_words(points: Sequence[TrendPoint]) -> str:
    """What the drawing shows, for those who have it read out."""
    has_pay = any(point.pay is not None for point in points)
    told = []
    for point in points:
        if point.total or point.pay is not None:
            pay = "没有应发" if point.pay is None else f"应发 {point.pay.text()} 元"
            score = f"得分 {point.total}" if point.total else "没有得分"
            told.append(f"{point.label} {score}、{pay}" if has_pay else f"{point.label} {score}")
    title = "近十二个月的考核总分和应发" if has_pay or not told else "近十二个月的考核总分"
    return f"{title}:{';'.join(told) or '没有记录'}"


def _centres(points: Sequence[TrendPoint], frame: Frame) -> list[float]:
    step = frame.width / len(points)
    return [frame.x + step * (number + 0.5) for number in range(len(points))]


def _draw_scores(sheet: Sheet, points: Sequence[TrendPoint], frame: Frame) -> None:
    scores = [_number(point.total) for point in points]
    known = [score for score in scores if score is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    heights = [
        None if score is None else frame.y + frame.height * (1 - (score - low) / span if span else 0.5)
        for score in scores
    ]
    centres = _centres(points, frame)
    for run in _unbroken(centres, heights):
        sheet.path(run, thickness=1.1)
    for number, (point, centre, y) in enumerate(zip(points, centres, heights, strict=True)):
        if y is None or point.total is None:
            continue
        sheet.dot(centre, y, 2)
        beside = [*heights[max(number - 1, 0) : number], *heights[number + 1 : number + 2]]
        higher = [other < y for other in beside if other is not None]
        baseline = y + 8 if higher and all(higher) else y - 3.5
        width = width_of(point.total, _LABEL)
        sheet.box(centre - width / 2 - 0.5, baseline - _LABEL * 0.78, width + 1, _LABEL * 0.85, fill="pale")
        sheet.text_middle(centre, baseline, point.total, _LABEL)


def _unbroken(centres: list[float], heights: list[float | None]) -> list[list[tuple[float, float]]]:
    """The stretches of at least two months without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for centre, y in zip(centres, heights, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append((centre, y))
    return [run for run in runs if len(run) > 1]


def _draw_pays(sheet: Sheet, points: Sequence[TrendPoint], frame: Frame) -> None:
    pays = [None if point.pay is None else point.pay.fen for point in points]
    known = [pay for pay in pays if pay is not None]
    highest, lowest = max([0, *known]), min([0, *known])
    scale = frame.height / (highest - lowest or 1)
    zero, right = frame.y + highest * scale, frame.x + frame.width
    bar = min(frame.width / len(points) * 0.6, _BAR_MAX)
    sheet.line(frame.x, zero, right, zero, thickness=0.6, ink="grey")
    named = _named(pays)
    for number, (point, centre) in enumerate(zip(points, _centres(points, frame), strict=True)):
        if point.pay is None:
            continue
        length, last = abs(point.pay.fen) * scale, number == len(points) - 1
        upper = zero - length if point.pay.fen >= 0 else zero
        sheet.box(centre - bar / 2, upper, bar, length, fill="blue" if last else "rule", edge="grey", thickness=0.3)
        if number in named:
            text = point.pay.text()
            half = width_of(text, _LABEL, heavy=last) / 2
            middle = min(max(centre, frame.x + half), right - half)
            y = upper - 2.5 if point.pay.fen >= 0 else upper + length + _LABEL
            sheet.text_middle(middle, y, text, _LABEL, heavy=last)


def _named(pays: list[int | None]) -> set[int]:
    """The months whose pay is written out: the last one, and the highest and lowest that stand clear of it."""
    known = [(pay, number) for number, pay in enumerate(pays) if pay is not None]
    if not known:
        return set()
    chosen = [max(number for _, number in known)]
    for number in (max(known)[1], min(known)[1]):
        if all(abs(number - other) > 1 for other in chosen):
            chosen.append(number)
    return set(chosen)


def _number(text: str | None) -> float | None:
    """The height of a printed figure, for drawing only."""
    try:
        return float(Decimal(text)) if text else None
    except InvalidOperation:
        return None
