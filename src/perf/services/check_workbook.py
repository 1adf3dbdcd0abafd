"""`import --check`: one workbook against rules, without a database."""

from collections.abc import Mapping
from pathlib import Path

from perf.appraisal.contract_files import parse_subjects
from perf.excel import ImportReading, read_workbook
from perf.excel.cells import Workbook
from perf.excel.facts_import import facts_of
from perf.kernel.errors import InputRefused
from perf.kernel.issues import has_errors
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.collector_pause import collector_paused
from perf.services.files import WORKBOOK_BYTES_MAX, file_name, read_bytes, rule_texts
from perf.services.table_text import table_text
from perf.specs.book import load_book
from perf.specs.models import RuleBook


def opened_workbook(path: Path) -> Workbook:
    """A file as it was read, before rules or database are touched; one that cannot be read says why."""
    with collector_paused():
        return read_workbook(file_name(path), read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX))


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
    workbook = read_workbook(file_name(path), read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX))
    if workbook.is_refused:
        return facts_of(workbook, RuleBook({}, {}, {}, {}, {}, {}), None)  # hostile or broken: no rule is asked
    book, rule_issues = load_book(rule_texts(specs))
    if has_errors(rule_issues):
        raise InputRefused(Text("规则有错误", "the rules have errors"), rule_issues)
    roster = None
    if subjects is not None:
        table = table_text(subjects, is_contract=True)
        roster, _, issues = parse_subjects(table.name, table.text)
        if has_errors(issues):
            raise InputRefused(Text("对象文件有错误", "the subjects have errors"), table.placed(issues))
    return facts_of(workbook, book, roster, period=period, mapping=mapping)
