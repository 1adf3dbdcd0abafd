"""Workbooks in (facts, rosters, every problem with its cell) and out (templates, reports, pay files)."""

from perf.excel.facts_import import read_facts
from perf.excel.reader import read_workbook
from perf.excel.reading import Coverage, ImportReading, as_contract_json

__all__ = ["Coverage", "ImportReading", "as_contract_json", "read_facts", "read_workbook"]
