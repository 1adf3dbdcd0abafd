"""Workbooks in (facts, rosters, every problem with its cell) and out (templates, reports, pay files).

What reads is exported here; what writes stands in `perf.excel.template`, `perf.excel.export` and
`perf.excel.roster_export`, which load openpyxl.
"""

from perf.excel.facts_import import facts_of, read_facts
from perf.excel.guard import Limits
from perf.excel.opening import read_workbook
from perf.excel.reading import Coverage, ImportReading, as_contract_json
from perf.excel.roster_import import RosterReading, is_roster, read_roster, roster_of

__all__ = [
    "Coverage",
    "ImportReading",
    "Limits",
    "RosterReading",
    "as_contract_json",
    "facts_of",
    "is_roster",
    "read_facts",
    "read_roster",
    "read_workbook",
    "roster_of",
]
