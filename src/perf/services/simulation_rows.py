"""A simulation as rows: every person before and after, as a CSV that opens in a spreadsheet as it is."""

from perf.excel.export import Report, ReportColumn, csv_of
from perf.services.simulate import Simulation

_COLUMNS = (
    *(ReportColumn(name) for name in ("医共体", "工号", "姓名", "机构编码", "机构名称", "人员类别", "职称")),
    *(ReportColumn(name, "money") for name in ("原", "试算", "差额")),
)


def persons_csv(found: Simulation) -> bytes:
    """One row a person, the greatest gain first; amounts in yuan with two decimals."""
    rows = []
    for one in found.shift.persons:
        house = found.institutions.get(one.institution, "")
        who = (one.consortium, one.subject, one.name, one.institution, house, one.category, one.title)
        rows.append((*who, one.before, one.after, one.change))
    return csv_of(Report(f"试算 {found.scenario.name}", _COLUMNS, rows))
