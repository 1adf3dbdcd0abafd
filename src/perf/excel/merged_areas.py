"""The merged areas of a sheet by the rows that they reach into."""

from typing import Final

from perf.excel.cells import Area, Sheet

_TALLEST: Final = 200  # rows below its first
_ROWS_MAX: Final = 400_000  # of all areas together; no sheet has so many side by side


def rows_of_areas(sheet: Sheet) -> dict[int, list[Area]]:
    """Row → the merged areas that reach into it; areas taller than any table's heading are left out."""
    areas: dict[int, list[Area]] = {}
    left = _ROWS_MAX
    for area in sheet.merged:
        if area.bottom - area.top <= min(_TALLEST, left):
            left -= area.bottom - area.top
            for row in range(area.top, area.bottom + 1):
                areas.setdefault(row, []).append(area)
    return areas
