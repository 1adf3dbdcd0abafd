"""`import --check`: one workbook against rules, without a database."""

from collections.abc import Mapping
from pathlib import Path

from perf.appraisal.contract_files import parse_subjects
from perf.excel import ImportReading, read_facts
from perf.kernel.errors import InputRefused
from perf.kernel.issues import has_errors
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.files import read_bytes, read_text
from perf.services.import_files import readable_book
from perf.services.workbooks import WORKBOOK_BYTES_MAX


def check_workbook(
    path: Path,
    *,
    specs: Path,
    subjects: Path | None = None,
    period: Period | None = None,
    mapping: Mapping[str, str] | None = None,
) -> ImportReading:
    """Read a workbook of facts and say everything that is wrong with it; without `subjects` no codes are looked up.

    Raises:
        InputRefused: the rules or the subjects have errors, or the file cannot be read at all.
    """
    book = readable_book(specs)
    roster = None
    if subjects is not None:
        roster, _, issues = parse_subjects(subjects.name, read_text(subjects))
        if has_errors(issues):
            raise InputRefused(Text("对象文件有错误", "the subjects have errors"), issues)
    content = read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX)
    return read_facts(path.name, content, book, roster, period=period, mapping=mapping)
