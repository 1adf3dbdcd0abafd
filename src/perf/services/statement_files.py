"""Statements as files: `INSTITUTION/STAFF_NO.pdf`, no name and no amount in a file name."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from perf.appraisal.statement_view import Statements
from perf.appraisal.views import StatementView
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.pdf import statements_pdf

_SAFE = re.compile(r"[\w\-.一-鿿]{1,64}")


def write_statements(
    statements: Statements,
    staff: Iterable[str],
    out: Path,
    *,
    workers: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> int:
    """Draw and write the statements of `staff`; the number written.

    Raises:
        WrongUse: a code that cannot be a file name, or a folder that cannot be written.
    """

    def views() -> Iterator[StatementView]:
        for one in staff:
            view = statements.view(one)
            if view is not None:
                yield view

    made: set[str] = set()

    def write(view: StatementView, content: bytes) -> None:
        institution, staff_no = _safe(view.institution), _safe(view.staff_no)
        folder = out / institution
        if institution not in made:
            folder.mkdir(parents=True, exist_ok=True)
            made.add(institution)
        unfinished = folder / f".{staff_no}.part"
        unfinished.write_bytes(content)
        unfinished.replace(folder / f"{staff_no}.pdf")  # whole or not at all
        progress()

    try:
        return statements_pdf(views(), write, workers=workers)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise WrongUse(Text(f"无法写入通知单({reason})", f"cannot write statements ({reason})")) from error


def _safe(code: str) -> str:
    if not _SAFE.fullmatch(code) or code in (".", ".."):
        raise WrongUse(Text("编码不能作文件名", "a code that cannot be a file name"))
    return code
