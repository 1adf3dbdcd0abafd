"""A scorecard as rows: dimensions, indicators with their arithmetic, extra points, 取整差, total."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from perf.appraisal.views import DimensionBlock, IndicatorLine, ScorecardView
from perf.pdf.flow import LEFT, RIGHT, WIDTH, Row, gap, under
from perf.pdf.lines import wrap
from perf.pdf.parts import INSET, LEADING_SHARE, joined, paragraph, segments, table_head, titled
from perf.pdf.sheet import Sheet
from perf.pdf.words import score_word

_TITLE_WIDTH: Final = 190.0
_VALUE, _TARGET, _POINTS, _WEIGHT, _SCORE = LEFT + 275, LEFT + 347, LEFT + 412, LEFT + 456, RIGHT - INSET
_TITLE_SIZE: Final = 8.5
_SOURCES_SHOWN: Final = 2


def scorecard_rows(card: ScorecardView) -> list[Row]:
    """The whole scorecard, every figure with the way it came about."""
    head = _head("指标")
    body: list[Row] = []
    for block in card.dimensions:
        body += _dimension_rows(block)
    if card.extra:
        body.append(_band("附加分", "", "", "", ""))
        for line in card.extra:
            body += _indicator_rows(line)
    return [*_card_title(card), *under(head, body), *_total_rows(card)]


def summary_rows(card: ScorecardView) -> list[Row]:
    """A scorecard in short: each dimension's figures and the total, without the arithmetic of its indicators."""
    body = [
        _band(_dimension_title(block), "", _of(block.points, block.out_of), block.weight, block.score)
        for block in card.dimensions
    ]
    body += [
        _band(f"附加分：{line.title.zh}", "", _of(line.points, line.out_of), "", line.score) for line in card.extra
    ]
    return [
        *_card_title(card),
        *under(_head("维度"), [replace(row, keeps_next=False) for row in body]),
        *_total_rows(card),
    ]


def _head(first: str) -> Row:
    titles = (("实际值", _VALUE), ("目标", _TARGET), ("得分 / 满分", _POINTS), ("权重", _WEIGHT), ("计入分", _SCORE))
    shown = titles if first == "指标" else titles[2:]
    return table_head([(first, LEFT + INSET, False), *((title, x, True) for title, x in shown)])


def _card_title(card: ScorecardView) -> list[Row]:
    rows = titled(
        f"{card.title.zh} · {card.subject_name or card.subject}", f"依据 {card.clause}" if card.clause else ""
    )
    if card.reason.zh and score_word(card.status):
        rows += paragraph(card.reason.zh, label=f"※ {score_word(card.status)}", after=2, keeps_next=True)
    return rows


def _dimension_rows(block: DimensionBlock) -> list[Row]:
    rows = [_band(_dimension_title(block), "", _of(block.points, block.out_of), block.weight, block.score)]
    for line in block.lines:
        rows += _indicator_rows(line)
    if block.rounding_difference:
        rows.append(_difference(block.rounding_difference, f"{block.title.zh}各项与维度得分之差"))
    return rows


def _dimension_title(block: DimensionBlock) -> str:
    note = score_word(block.status)
    return f"{block.title.zh}（※ {note}）" if note else block.title.zh


def _band(title: str, value: str, points: str, weight: str, score: str) -> Row:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y + 1, WIDTH, 15, fill="band")
        sheet.text_within(LEFT + INSET, y + 12, _VALUE - LEFT - 2 * INSET, title, 8.5, heavy=True)
        _figures(sheet, y + 12, ("", value, points, weight, score), heavy=True)

    return Row(17, draw, keeps_next=True)


def _figures(sheet: Sheet, y: float, figures: tuple[str, str, str, str, str], *, heavy: bool = False) -> None:
    """Value, target, points, weight and score, each right-aligned in its column."""
    columns = ((_VALUE, 78.0), (_TARGET, 68.0), (_POINTS, 61.0), (_WEIGHT, 40.0), (_SCORE, 49.0))
    for text, (x, width) in zip(figures, columns, strict=True):
        if text:
            sheet.text_right_within(x, y, width, text, _TITLE_SIZE, heavy=heavy)


def _indicator_rows(line: IndicatorLine) -> list[Row]:
    titles = wrap(line.title.zh, _TITLE_SIZE, _TITLE_WIDTH)
    height = 13 + (len(titles) - 1) * _TITLE_SIZE * LEADING_SHARE

    def draw(sheet: Sheet, y: float) -> None:
        for number, text in enumerate(titles):
            sheet.text(LEFT + INSET, y + 10 + number * _TITLE_SIZE * LEADING_SHARE, text, _TITLE_SIZE)
        points = _of(line.points, line.out_of)
        _figures(sheet, y + 10, (line.value or "—", line.target, points, line.weight or "—", line.score or "—"))

    rows = [Row(height, draw)]
    note = line.note.zh or score_word(line.status)
    if note:
        rows += paragraph(note, label="※", indent=INSET + 8)
    rows += segments(_arithmetic(line), indent=INSET + 8, size=7)
    origin = _origin(line)
    if origin:
        rows += paragraph(origin, indent=INSET + 8, size=6.5, ink="grey")
    return [joined([*rows, _thin_rule()])]


def _arithmetic(line: IndicatorLine) -> list[tuple[str, str]]:
    counted = "" if line.how_score.zh == line.score else line.how_score.zh
    steps = (("实际值", line.how.zh), ("得分", line.how_points.zh), ("计入", counted))
    return [(label, text) for label, text in steps if text]


def _origin(line: IndicatorLine) -> str:
    shown = "、".join(line.sources[:_SOURCES_SHOWN])
    more = f" 等 {len(line.sources)} 处" if len(line.sources) > _SOURCES_SHOWN else ""
    parts = (f"依据 {line.clause}" if line.clause else "", f"数据 {shown}{more}" if shown else "")
    return " | ".join(part for part in parts if part)


def _thin_rule() -> Row:
    return Row(3.5, lambda sheet, y: sheet.line(LEFT, y + 2, RIGHT, y + 2, thickness=0.35))


def _difference(amount: str, remark: str) -> Row:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT + INSET, y + 10, "取整差", _TITLE_SIZE)
        sheet.text_within(LEFT + 60, y + 10, 300, remark, 7, ink="grey")
        sheet.text_right_within(_SCORE, y + 10, 90, amount, _TITLE_SIZE)

    return Row(14, draw)


def _total_rows(card: ScorecardView) -> list[Row]:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.line(LEFT, y + 1, RIGHT, y + 1, thickness=0.9, ink="blue")
        sheet.text(LEFT + INSET, y + 14, "总分", 9.5, heavy=True)
        sheet.text_within(LEFT + 44, y + 14, _POINTS - LEFT - 44, standing(card), 8.5)
        sheet.text_right_within(_SCORE, y + 14.5, 100, card.total or "—", 12, heavy=True)

    rows: list[Row] = []
    if card.rounding_difference:
        rows.append(_difference(card.rounding_difference, "各维度计入分之和与总分之差"))
    total = Row(19, draw)
    sums = paragraph(card.sum_line.zh, label="合计", size=7) if card.sum_line.zh else []
    outcomes = [row for text in card.outcomes for row in paragraph(text, label="结果", size=7.5)]
    return [*rows, joined([total, *sums, *outcomes]), gap(7)]


def standing(card: ScorecardView) -> str:
    """Grade, rank and coefficient, as far as the scheme gives them."""
    parts = (("等次", card.grade), ("排名", card.rank), ("系数", card.coefficient))
    return "  ".join(f"{label} {text}" for label, text in parts if text)


def _of(points: str, out_of: str) -> str:
    return f"{points or '—'} / {out_of}" if out_of else points


def rule_names(cards: Sequence[ScorecardView]) -> list[str]:
    """The rule of each card, each once."""
    return list(dict.fromkeys(card.rule for card in cards if card.rule))
