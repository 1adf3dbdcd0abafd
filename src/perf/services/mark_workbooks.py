"""`import --marked`: the files that were sent, back with their problems marked in them."""

from collections.abc import Sequence
from pathlib import Path

from perf.excel import read_workbook
from perf.kernel.issues import Issue
from perf.kernel.text import Lang, Text
from perf.services.files import WORKBOOK_BYTES_MAX, file_name, read_bytes, write_atomically


def mark_workbook(file: Path, out: Path, issues: Sequence[Issue], lang: Lang) -> Text:
    """Write the marked copy of one file, where there is something to mark; what became of it, in a line.

    Raises:
        WrongUse: the copy cannot be written.
    """
    name, place = file_name(file), file_name(out)
    if not any(issue.is_error or (issue.severity == "warning" and issue.place.cell) for issue in issues):
        return Text(f"{name}:没有要改的,没有写出批注文件", f"{name}: nothing to mend, no marked copy written")
    content = read_bytes(file, bytes_max=WORKBOOK_BYTES_MAX)
    workbook = read_workbook(name, content)
    if workbook.is_refused:
        return Text(f"{name}:文件打不开,不能批注", f"{name}: cannot be opened, so it is not marked")
    from perf.excel.marking import marked_workbook

    made = marked_workbook(workbook, content, issues, lang)
    write_atomically({out: made.content})
    said = Text(f"{name}:已批注 → {out.parent / place}", f"{name}: marked → {out.parent / place}")
    return Text(
        "  ".join([said.zh, *(note.zh for note in made.notes)]),
        "  ".join([said.in_lang("en"), *(note.in_lang("en") for note in made.notes)]),
    )
