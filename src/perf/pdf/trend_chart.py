"""Twelve months of score and pay as a small vector drawing: a line above, bars below, and a month without a value left open."""

from decimal import Decimal, InvalidOperation

from perf.appraisal.views import TrendPoint
from perf.pdf.measure import width as width_of
from perf.pdf.sheet import Sheet

_LABEL = 5.6


def draw_trend(sheet: Sheet, points: tuple[TrendPoint, ...], x: float, y: float, width: float, height: float) -> None:
    """Draw `points` into the box at x, y; lengths are for the eye only, every printed figure is one of the view's."""
    scores = [_number(point.total) for point in points]
    pays = [None if point.pay is None else point.pay.fen for point in points]
    if not any(value is not None for value in [*scores, *pays]):
        sheet.text_middle(x + width / 2, y + height / 2, "近十二个月没有记录", 8, ink="grey")
        return
    step = width / len(points)
    centres = [x + step * (number + 0.5) for number in range(len(points))]
    score_height = (height - 34) * 0.42
    pay_top = y + 12 + score_height + 14
    sheet.text(x, y + 7, "考核总分", 6.5, ink="grey")
    _draw_scores(sheet, points, scores, centres, y + 20, score_height - 8)
    sheet.text(x, pay_top - 1, "应发（元）", 6.5, ink="grey")
    _draw_pays(sheet, points, pays, centres, step, pay_top + 9, y + height - 11 - pay_top - 9)
    for number, (point, centre) in enumerate(zip(points, centres, strict=True)):
        sheet.text_middle(centre, y + height - 1, point.label, _LABEL, heavy=number == len(points) - 1)


def _draw_scores(
    sheet: Sheet,
    points: tuple[TrendPoint, ...],
    scores: list[float | None],
    centres: list[float],
    top: float,
    height: float,
) -> None:
    known = [score for score in scores if score is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    heights = [
        None if score is None else top + height * (0.5 if span == 0 else 1 - (score - low) / span) for score in scores
    ]
    for run in _unbroken(centres, heights):
        sheet.path(run, thickness=1.1)
    for number, (point, centre, y) in enumerate(zip(points, centres, heights, strict=True)):
        if y is None or point.total is None:
            continue
        sheet.dot(centre, y, 2)
        beside = [
            other
            for other in (*heights[max(number - 1, 0) : number], *heights[number + 1 : number + 2])
            if other is not None
        ]
        valley = bool(beside) and all(other < y for other in beside)
        baseline = y + 8 if valley else y - 3.5
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


def _draw_pays(
    sheet: Sheet,
    points: tuple[TrendPoint, ...],
    pays: list[int | None],
    centres: list[float],
    step: float,
    top: float,
    height: float,
) -> None:
    known = [pay for pay in pays if pay is not None]
    highest, lowest = max([0, *known]), min([0, *known])
    scale = height / (highest - lowest or 1)
    zero = top + highest * scale
    sheet.line(centres[0] - step / 2, zero, centres[-1] + step / 2, zero, thickness=0.6, ink="grey")
    named = _named(pays)
    for number, (point, pay, centre) in enumerate(zip(points, pays, centres, strict=True)):
        if pay is None or point.pay is None:
            continue
        length = abs(pay) * scale
        upper = zero - length if pay >= 0 else zero
        last = number == len(pays) - 1
        sheet.box(
            centre - step * 0.3, upper, step * 0.6, length, fill="blue" if last else "rule", edge="grey", thickness=0.3
        )
        if number in named:
            text = point.pay.text()
            half = width_of(text, _LABEL, heavy=last) / 2
            middle = min(max(centre, centres[0] - step / 2 + half), centres[-1] + step / 2 - half)
            sheet.text_middle(middle, upper - 2.5 if pay >= 0 else upper + length + _LABEL, text, _LABEL, heavy=last)


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
