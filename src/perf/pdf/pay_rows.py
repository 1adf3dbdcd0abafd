"""From the pool to the pay as rows: the fund's path, each pay line with its steps, odd fen, what is held, the sum."""

from dataclasses import replace
from typing import Final

from perf.appraisal.views import PathLine, PayBlock, PayLine
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.kernel.money import Money
from perf.pdf.flow import LEFT, RIGHT, WIDTH, Row, gap, under
from perf.pdf.lines import wrap
from perf.pdf.measure import width as width_of
from perf.pdf.parts import INSET, LEADING_SHARE, paragraph, table_head, titled
from perf.pdf.rule_rows import rule_parts
from perf.pdf.sheet import Sheet
from perf.pdf.words import further_steps, pay_word

_BEFORE, _OUT, _AFTER, _HOW = LEFT + 208, LEFT + 266, LEFT + 326, LEFT + 336
_AMOUNT: Final = RIGHT - INSET
_SIZE: Final = 7.5
_TITLE_ROOM: Final = 152.0
_SHORT_TABLE: Final = 8


def pay_rows(block: PayBlock, *, alone: bool = False) -> list[Row]:
    """One distribution: where the money came from, what of it fell to this person; `alone`: it is the only one."""
    title, rule = block_name(block)
    rows = [] if alone else titled(title, rule)
    if block.path:
        columns = [
            ("资金去向", LEFT + INSET, False),
            ("原有（元）", _BEFORE, True),
            ("− 转出", _OUT, True),
            ("= 剩余", _AFTER, True),
            ("说明", _HOW, False),
        ]
        rows += [*under(table_head(columns), _together([_path_row(line) for line in block.path])), gap(3)]
    again = titled(f"{title}（续）", "")[0]
    for line in block.lines:
        label = "说明" if block.distribution == ADJUSTMENT else "算式"
        found = _line_rows(line, named=line.clause in block.rule, label=label)
        rows += [replace(row, head=again) for row in found]
    if alone:
        return [*rows, gap(4)]
    return [*_kept(rows), sum_row("小计", block.total, strong=False), gap(4)]


def _kept(rows: list[Row]) -> list[Row]:
    """The rows before a sum, the last line of text on its page: no sum stands alone."""
    text = max((number for number, row in enumerate(rows) if not row.blank), default=len(rows))
    return [replace(row, keeps_next=True) if number >= text else row for number, row in enumerate(rows)]


def block_name(block: PayBlock) -> tuple[str, str]:
    """Title of a block with its owner, and the clause of its rule; codes and versions stand at the foot."""
    clause = rule_parts(block.rule)[1]
    return f"{block.title.zh} · {block.owner_name or block.owner}", f"依据 {clause}" if clause else ""


def total_row(total: Money, what: str) -> Row:
    """What all blocks together give; `what`: 本月应发, 本次分给本单位."""
    return sum_row(f"{what}合计（元）", total, strong=True)


def _path_row(line: PathLine) -> Row:
    still = line.before == line.after  # a step that takes nothing needs but one figure
    titles = wrap(line.title.zh, _SIZE, _OUT - LEFT - INSET if still else _TITLE_ROOM)
    remarks = wrap(line.how.zh, 7, RIGHT - INSET - _HOW) if line.how.zh else []
    height = max(len(titles) * _SIZE, len(remarks) * 7) * LEADING_SHARE + 2

    def draw(sheet: Sheet, y: float) -> None:
        for number, text in enumerate(titles):
            sheet.text(LEFT + INSET, y + 8.5 + number * _SIZE * LEADING_SHARE, text, _SIZE)
        figures = ((_BEFORE, line.before), (_OUT, line.out), (_AFTER, line.after))
        for x, amount in figures[2:] if still else figures:
            sheet.text_right_within(x, y + 8.5, 55, amount.text(), _SIZE)
        for number, text in enumerate(remarks):
            sheet.text(_HOW, y + 8.5 + number * 7 * LEADING_SHARE, text, 7)
        sheet.line(LEFT, y + height, RIGHT, y + height, thickness=0.35)

    return Row(height + 0.5, draw)


def _together(rows: list[Row]) -> list[Row]:
    """A short table stays on one page."""
    short = len(rows) <= _SHORT_TABLE
    return [replace(row, keeps_next=short and number < len(rows)) for number, row in enumerate(rows, start=1)]


def _line_rows(line: PayLine, *, named: bool, label: str) -> list[Row]:
    """One line with its steps; `named`: its clause stands above the block already; `label`: what its text is."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y + 1, WIDTH, 14, fill="band")
        word = pay_word(line.status)
        title = f"{line.title.zh}（※ {word}，不计入应发）" if word else line.title.zh
        used = width_of(title, 9, heavy=True)
        sheet.text_within(LEFT + INSET, y + 11.5, 330, title, 9, heavy=True)
        if line.clause and not named and used < 250:
            room = _AMOUNT - 90 - LEFT - INSET - used - 12
            sheet.text_within(LEFT + INSET + used + 12, y + 11.5, room, f"依据 {line.clause}", 7, ink="grey")
        sheet.text_right_within(_AMOUNT, y + 12, 100, line.amount.text(), 10, heavy=True)

    rows = [Row(16.5, draw, keeps_next=bool(line.steps or line.how.zh))]
    steps = further_steps(line)
    for number, step in enumerate(steps, start=1):
        rows += paragraph(step.zh, label=f"{number}.", size=7.5, indent=INSET + 8)
    if line.how.zh:
        rows += paragraph(line.how.zh, label=label, size=7.5, indent=INSET + 8)
    if line.odd_fen and not any("尾差" in step.zh for step in line.steps):
        rows += paragraph(odd_fen_sentence(line.odd_fen), label="尾差", size=7.5, indent=INSET + 8)
    return [*rows, gap(2)]


def odd_fen_sentence(odd_fen: int) -> str:
    """Says how many fen the rule for odd fen added or took."""
    if odd_fen > 0:
        return f"上数含分得的尾差 {odd_fen} 分，使各人之和与资金总额一分不差。"
    return f"上数已减去尾差 {-odd_fen} 分，使各人之和与资金总额一分不差。"


def sum_row(title: str, amount: Money, *, strong: bool) -> Row:
    """A sum under a rule, with its title."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.line(LEFT, y + 1.5, RIGHT, y + 1.5, thickness=1.1 if strong else 0.6, ink="blue" if strong else "grey")
        size = 10 if strong else 9
        sheet.text(LEFT + INSET, y + 13, title, size, heavy=True)
        sheet.text_right_within(_AMOUNT, y + 13.5, 140, amount.text(), size + (3 if strong else 1), heavy=True)

    return Row(18 if strong else 17, draw)
