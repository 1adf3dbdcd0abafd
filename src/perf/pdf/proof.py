"""The proof on a statement: its verification code, printed and as a QR code drawn in squares."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from perf.pdf.flow import RIGHT, WIDTH, Row, gap
from perf.pdf.parts import INSET, paragraph
from perf.pdf.qr import qr_modules
from perf.pdf.sheet import Sheet

QR_SIZE: Final = 56.0
_QUIET: Final = 8.0
TEXT_WIDTH: Final = WIDTH - 2 * INSET - QR_SIZE - _QUIET
"""How wide the texts beside the QR code are."""


def qr_text(run: str, code: str) -> str:
    """What the QR code holds: the run and the code, nothing of the person, nothing of the pay."""
    return f"PERF-PAY {run} {code}"


def code_rows(code: str) -> list[Row]:
    """The code in words; a statement that is not sealed says that it has none."""
    if not code:
        return paragraph("没有：批次未封存，本单未定稿，仅供核对。", label="验证码", size=7)
    how = "（绩效办凭此码或二维码可核对本单与封存的核算是否一致；二维码只含批次与验证码，不含姓名和金额）"
    return paragraph(f"{code} {how}", label="验证码", size=7, width=TEXT_WIDTH)


def with_qr(rows: Sequence[Row], run: str, code: str) -> list[Row]:
    """`rows`, kept together on one page, with the QR code at their right; as they are without a code."""
    if not code:
        return list(rows)
    first = rows[0]
    modules = qr_modules(qr_text(run, code))

    def draw(sheet: Sheet, y: float) -> None:
        sheet.modules(RIGHT - INSET - QR_SIZE, y + 3, QR_SIZE, modules)
        first.draw(sheet, y)

    missing = max(QR_SIZE + 4 - sum(row.height for row in rows), 0.0)
    kept = [replace(first, draw=draw), *rows[1:]]
    last = replace(gap(missing), blank=False, role="")
    return [*(replace(row, keeps_next=True) for row in kept), last]
