"""How many rows a header has, and what stands over each column: by merged cells, or by blanks where nothing is merged."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perf.excel.cells import Area, CellRecord, Sheet
from perf.excel.header_paths import means_another
from perf.excel.headers import Role, Vocabulary, plain, unit_of

_LEVELS_MAX = 3
_NO_UNIT = ("-", "/", "—", "单位", "计量单位")  # what stands in a row of units where there is none
_OF_NOW = ("本月", "本期", "当月", "当期", "本季", "本年")
_WIDEST = 200
_CODE_LENGTH = 5  # digits of a number that can only be a code or a count


class HeaderRows(NamedTuple):
    """A header of several rows.

    Args:
        named: The row with the names, the last one but for a row of units below it.
        last: The last row.
        paths: For each column what stands over it, from the highest row to the lowest.
    """

    named: int
    last: int
    paths: dict[int, list[str]]


def merged_rows(sheet: Sheet, merged: Mapping[int, Sequence[Area]], number: int) -> HeaderRows | None:
    """A header of several rows from `number`: wide merged cells stand above what they head, tall ones beside; units below the names."""
    rows = [number]
    tall = [area.bottom for area in merged.get(number, ()) if area.top == number]
    deepest = max((bottom for bottom in tall if bottom < number + _LEVELS_MAX), default=number)
    while len(rows) < _LEVELS_MAX and _heads(sheet, merged, rows[-1], is_within=rows[-1] < deepest):
        rows.append(rows[-1] + 1)
    named = rows[-1]
    if _are_units(sheet.rows.get(named + 1, {})):
        rows.append(named + 1)
    if len(rows) == 1:
        return None
    levels = [_spread(sheet, merged, row, rows[-1]) for row in rows[:-1]]
    return HeaderRows(named, rows[-1], _paths([*levels, _texts(sheet, rows[-1])]))


def unmerged_rows(sheet: Sheet, number: int, vocabulary: Vocabulary, keys: Sequence[Role]) -> HeaderRows | None:
    """The same where nothing is merged, as in text files: a heading reaches over the blanks on its right, keys stand above blanks.

    None where that could be read in two ways: a heading does not begin with its first column, or makes another thing of
    the measures below it (累计, 上年同期).
    """
    top = _texts(sheet, number)
    held = {column for column, text in top.items() if vocabulary.match(text).role in (*keys, "measure", "ignore")}
    if not any(vocabulary.match(text).role in keys for text in top.values()):
        return None
    levels = [top]
    found: HeaderRows | None = None
    while len(levels) < _LEVELS_MAX:
        below = sheet.rows.get(number + len(levels), {})
        texts = _texts(sheet, number + len(levels))
        if not texts or held & texts.keys() or not may_head(below) or holds_figures(below):
            break
        levels.append(texts)
        is_named = 2 * sum(_is_name(text, vocabulary) for text in texts.values()) > len(texts)
        if is_named or not texts.keys() <= top.keys():  # names, or what divides the heading on their left
            found = _blanks_filled([dict(level) for level in levels], held, number, vocabulary)
        if is_named:
            break
    return found


def may_head(row: Mapping[int, CellRecord]) -> bool:
    """Headers are texts; a month typed as 2025年6月 has become a date."""
    kinds = [record.kind for record in row.values()]
    return all(kind in ("text", "blank", "date") for kind in kinds) and "text" in kinds


def holds_figures(row: Mapping[int, CellRecord]) -> bool:
    """Whether texts are plainly numbers, as below the header of a text file; years and months may be headers."""
    figures = [record.value for record in row.values() if record.value.isdigit() and not record.value.startswith("20")]
    return len(figures) > 1 or any(len(figure) >= _CODE_LENGTH for figure in figures)


def _is_name(text: str, vocabulary: Vocabulary) -> bool:
    match = vocabulary.match(text)
    return bool(match.measures) or match.role == "value" or means_another(text) or plain(text) in _OF_NOW


def _blanks_filled(
    levels: list[dict[int, str]], held: set[int], number: int, vocabulary: Vocabulary
) -> HeaderRows | None:
    lowest = levels[-1]
    begun: set[int] = set()
    for level in levels[:-1]:
        begun |= level.keys()
        heading = ""
        for column in range(min(level), max(lowest) + 1):
            if column in begun:
                heading = level.get(column, "") if column not in held else ""
            if column not in lowest:
                continue
            if not heading or (means_another(heading) and not vocabulary.match(heading).measures):
                return None
            level[column] = heading
    last = number + len(levels) - 1
    return HeaderRows(last, last, _paths(levels))


def _paths(levels: Sequence[Mapping[int, str]]) -> dict[int, list[str]]:
    columns = sorted({column for level in levels for column in level})
    found = {column: [level[column] for level in levels if level.get(column)] for column in columns}
    return {column: path for column, path in found.items() if path}


def _texts(sheet: Sheet, number: int) -> dict[int, str]:
    return {column: record.value for column, record in sheet.rows.get(number, {}).items() if record.value.strip()}


def _heads(sheet: Sheet, merged: Mapping[int, Sequence[Area]], number: int, *, is_within: bool) -> bool:
    below = sheet.rows.get(number + 1, {})
    areas = merged.get(number, ())
    is_wide = any(area.top == area.bottom == number and area.right > area.left for area in areas)
    return (is_wide or is_within) and bool(below) and may_head(below) and not _are_units(below)


def _spread(sheet: Sheet, merged: Mapping[int, Sequence[Area]], number: int, last: int) -> dict[int, str]:
    """The texts of a header row, merged ones over all their columns."""
    texts = {column: record.value for column, record in sheet.rows[number].items()}
    for area in merged.get(number, ()):
        if area.top == number and area.bottom <= last and area.left in texts:
            for column in range(area.left, min(area.right, area.left + _WIDEST) + 1):
                texts[column] = texts[area.left]
    return texts


def _are_units(row: Mapping[int, CellRecord]) -> bool:
    """Whether a row holds units and nothing else (人次, 万元, %), as below a row of names."""
    said = [record.value for record in row.values() if record.value.strip() and plain(record.value) not in _NO_UNIT]
    return bool(said) and all(record.kind in ("text", "blank") for record in row.values()) and all(map(unit_of, said))
