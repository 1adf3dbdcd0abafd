"""A scorecard as rows: dimensions, indicators with their arithmetic, extra points, 取整差, total."""

from collections.abc import Sequence
from typing import Final

from perf.appraisal.views import DimensionBlock, IndicatorLine, ScorecardView
from perf.pdf.flow import LEFT, RIGHT, WIDTH, Row, gap, under
from perf.pdf.lines import wrap
from perf.pdf.parts import INSET, LEADING_SHARE, joined, paragraph, segments, table_head, titled
from perf.pdf.peer_chart import peer_rows
from perf.pdf.sheet import Sheet
from perf.pdf.words import score_word

_TITLE_WIDTH: Final = 190.0
_VALUE, _TARGET, _POINTS, _WEIGHT, _SCORE = LEFT + 275, LEFT + 347, LEFT + 412, LEFT + 456, RIGHT - INSET
_TITLE_SIZE: Final = 8.5
_SOURCES_SHOWN: Final = 2
UNCONFIRMED: Final = "◇"
"""Stands behind an indicator whose definition is to be confirmed; a line of the notes says so once."""


def scorecard_rows(card: ScorecardView, *, alone: bool = False, own: str = "本人") -> list[Row]:
    """The whole scorecard, every figure with its way; `alone`: its title stands above already; `own`: whose it is."""
    head = _head()
    body: list[Row] = []
    for block in card.dimensions:
        body += _dimension_rows(block)
    for line in card.extra:
        body += _indicator_rows(line, before="附加分 · ")
    return [*_card_title(card, alone=alone), *under(head, body), *_total_rows(card), *peer_rows(card.peers, own)]


def summary_rows(card: ScorecardView, *, alone: bool = False) -> list[Row]:
    """A scorecard in short: what each dimension adds, and the total, on a line or two."""
    parts = [f"{_dimension_title(block)} {_of(block.points, block.out_of)}" for block in card.dimensions]
    parts += [f"附加分·{line.title.zh} {_of(line.points, line.out_of)}" for line in card.extra]
    rows = _card_title(card, alone=alone)
    rows += paragraph("  ".join(parts), label="维度", size=7.5, keeps_next=True)
    difference = f"取整差 {card.rounding_difference}" if card.rounding_difference else ""
    sums = f"（{card.sum_line.zh}）" if card.sum_line.zh not in ("", card.total) else ""
    told = "  ".join(part for part in (f"{card.total or '—'}{sums}", difference, standing(card)) if part)
    rows += paragraph(told, label="总分", size=7.5)
    outcomes = [row for text in card.outcomes for row in paragraph(text, label="结果", size=7.5)]
    return [*rows, *outcomes, gap(3)]


def _head() -> Row:
    titles = (("实际值", _VALUE), ("目标", _TARGET), ("得分 / 满分", _POINTS), ("权重", _WEIGHT), ("计入分", _SCORE))
    return table_head([("指标", LEFT + INSET, False), *((title, x, True) for title, x in titles)])


def card_name(card: ScorecardView) -> tuple[str, str]:
    """Title of a card with its subject, and where it comes from."""
    return f"{card.title.zh} · {card.subject_name or card.subject}", f"依据 {card.clause}" if card.clause else ""


def _card_title(card: ScorecardView, *, alone: bool) -> list[Row]:
    rows = [] if alone else titled(*card_name(card))
    if card.reason.zh and score_word(card.status):
        rows += paragraph(card.reason.zh, label=f"※ {score_word(card.status)}", after=2, keeps_next=True)
    return rows


def _dimension_rows(block: DimensionBlock) -> list[Row]:
    rows = [_band(_dimension_title(block), "", _of(block.points, block.out_of), block.weight, block.score)]
    if block.how.zh:
        rows += segments([("得分" if block.lines else "计入", block.how.zh)], indent=INSET + 8, size=7.2)
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
        sheet.box(LEFT, y + 1, WIDTH, 13, fill="band")
        sheet.text_within(LEFT + INSET, y + 10.5, _VALUE - LEFT - 2 * INSET, title, 8.5, heavy=True)
        _figures(sheet, y + 10.5, ("", value, points, weight, score), heavy=True)

    return Row(14.5, draw, keeps_next=True)


def _figures(sheet: Sheet, y: float, figures: tuple[str, str, str, str, str], *, heavy: bool = False) -> None:
    """Value, target, points, weight and score, each right-aligned in its column."""
    columns = ((_VALUE, 78.0), (_TARGET, 68.0), (_POINTS, 61.0), (_WEIGHT, 40.0), (_SCORE, 49.0))
    for text, (x, width) in zip(figures, columns, strict=True):
        if text:
            sheet.text_right_within(x, y, width, text, _TITLE_SIZE, heavy=heavy)


def _indicator_rows(line: IndicatorLine, before: str = "") -> list[Row]:
    after = f" {UNCONFIRMED}" if line.is_unconfirmed else ""
    titles = wrap(f"{before}{line.title.zh}{after}", _TITLE_SIZE, _TITLE_WIDTH)
    height = 12 + (len(titles) - 1) * _TITLE_SIZE * LEADING_SHARE

    def draw(sheet: Sheet, y: float) -> None:
        for number, text in enumerate(titles):
            sheet.text(LEFT + INSET, y + 10 + number * _TITLE_SIZE * LEADING_SHARE, text, _TITLE_SIZE)
        points = _of(line.points, line.out_of)
        _figures(sheet, y + 10, (line.value or "—", line.target, points, line.weight or "—", line.score or "—"))

    rows = [Row(height, draw)]
    note = line.note.zh or score_word(line.status)
    rows += segments([*([("※", note)] if note else []), *_arithmetic(line)], indent=INSET + 8, size=7.2)
    if line.next_step.zh:
        rows += paragraph(line.next_step.zh, label="距下一档", indent=INSET + 8, size=7.2)
    origin = _origin(line)
    if origin:
        rows += paragraph(origin, indent=INSET + 8, size=7, ink="grey")
    return [joined([*rows, _thin_rule()])]


def _arithmetic(line: IndicatorLine) -> list[tuple[str, str]]:
    counted = "" if line.how_score.zh == line.score else line.how_score.zh
    value = "原因" if line.status == "not_applicable" else "实际值"
    steps = ((value, line.how.zh), ("得分", line.how_points.zh), ("计入", counted))
    return [(label, text) for label, text in steps if text]


def _origin(line: IndicatorLine) -> str:
    places = _places(line.sources)
    shown = "、".join(places[:_SOURCES_SHOWN])
    more = f" 等 {len(line.sources)} 处" if len(places) > _SOURCES_SHOWN else ""
    parts = (
        f"依据 {line.clause}" if line.clause else "",
        f"数据 {shown}{more}" if shown else "",
    )
    return " | ".join(part for part in parts if part)


def _places(sources: Sequence[str]) -> list[str]:
    """Sources with the cells of one sheet together: `文件!表!E158、F158`."""
    cells: dict[str, list[str]] = {}
    for source in sources:
        sheet, _, cell = source.rpartition("!")
        cells.setdefault(sheet, []).append(cell)
    return [f"{sheet}!{'、'.join(found)}" if sheet else "、".join(found) for sheet, found in cells.items()]


def _thin_rule() -> Row:
    return Row(2.5, lambda sheet, y: sheet.line(LEFT, y + 1.6, RIGHT, y + 1.6, thickness=0.35))


def _difference(amount: str, remark: str) -> Row:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT + INSET, y + 10, "取整差", _TITLE_SIZE)
        sheet.text_within(LEFT + 60, y + 10, 300, remark, 7, ink="grey")
        sheet.text_right_within(_SCORE, y + 10, 90, amount, _TITLE_SIZE)

    return Row(14, draw)


def _total_rows(card: ScorecardView) -> list[Row]:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.line(LEFT, y + 1, RIGHT, y + 1, thickness=0.9, ink="blue")
        sheet.text(LEFT + INSET, y + 12, "总分", 9.5, heavy=True)
        sheet.text_within(LEFT + 44, y + 12, _POINTS - LEFT - 44, standing(card), 8.5)
        sheet.text_right_within(_SCORE, y + 12.5, 100, card.total or "—", 12, heavy=True)

    rows: list[Row] = []
    if card.rounding_difference:
        rows.append(_difference(card.rounding_difference, "各维度计入分之和与总分之差"))
    total = Row(16, draw)
    sums = paragraph(card.sum_line.zh, label="合计", size=7) if card.sum_line.zh else []
    outcomes = [row for text in card.outcomes for row in paragraph(text, label="结果", size=7.5)]
    return [*rows, joined([total, *sums, *outcomes]), gap(4)]


def unconfirmed_rows(cards: Sequence[ScorecardView]) -> list[Row]:
    """What the mark beside an indicator means, where one of the cards has it."""
    if not any(line.is_unconfirmed for card in cards for line in _lines_of(card)):
        return []
    return paragraph("口径待确认：该指标的定义或标准尚待主管部门确认。", label=UNCONFIRMED, size=7)


def _lines_of(card: ScorecardView) -> list[IndicatorLine]:
    """All indicators of a card, the extra ones too."""
    return [*(line for block in card.dimensions for line in block.lines), *card.extra]


def standing(card: ScorecardView) -> str:
    """Grade, rank and coefficient, as far as the scheme gives them."""
    parts = (("等次", card.grade), ("排名", card.rank), ("系数", card.coefficient))
    return "  ".join(f"{label} {text}" for label, text in parts if text)


def _of(points: str, out_of: str) -> str:
    return f"{points or '—'} / {out_of}" if out_of else points
