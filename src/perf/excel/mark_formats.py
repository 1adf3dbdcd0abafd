"""The formats that marks need, added to those of a workbook: shades of problem cells, looks of the problem sheet."""

from perf.excel.package_xml import UnfamiliarPackageError, appended, children_of, place_before, prefix_of
from perf.excel.problem_sheet import Looks

_BEHIND_DXFS = frozenset(["tableStyles", "colors", "extLst"])
SHADES = (("error", "FF9C0006", "FFFFC7CE"), ("warning", "FF7F6000", "FFFFEB9C"))


def with_formats(text: str) -> tuple[str, dict[str, int], Looks]:
    """The part of formats with ours behind those it has; the shade of each severity, the looks of the sheet.

    Raises:
        UnfamiliarPackageError: a part without the usual lists.
    """
    p = prefix_of(text)
    dxfs = "".join(
        f'<{p}dxf><{p}font><{p}color rgb="{ink}"/></{p}font><{p}fill><{p}patternFill patternType="solid">'
        f'<{p}fgColor rgb="{shade}"/><{p}bgColor rgb="{shade}"/></{p}patternFill></{p}fill></{p}dxf>'
        for _, ink, shade in SHADES
    )
    if not any(child.name == "dxfs" for child in children_of(text)):
        cut = place_before(text, children_of(text), _BEHIND_DXFS)
        text = f'{text[:cut]}<{p}dxfs count="0"></{p}dxfs>{text[cut:]}'
    text, first = _with_items(text, "dxfs", dxfs, 2)
    fonts = (
        f'<{p}font><{p}b/><{p}sz val="11"/><{p}name val="宋体"/></{p}font>'
        f'<{p}font><{p}u/><{p}sz val="10"/><{p}color rgb="FF0563C1"/><{p}name val="宋体"/></{p}font>'
        f'<{p}font><{p}sz val="10"/><{p}name val="宋体"/></{p}font>'
    )
    text, bold = _with_items(text, "fonts", fonts, 3)
    fills = f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FFDDEBF7"/></{p}patternFill></{p}fill>'
    text, shaded = _with_items(text, "fills", fills, 1)
    form = (
        '<{0}xf numFmtId="49" fontId="{1}" fillId="{2}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
        'applyFill="1" applyAlignment="1"><{0}alignment vertical="top"{3}/></{0}xf>'
    )
    wrapped = ' wrapText="1"'
    xfs = "".join(
        form.format(p, font, fill, wrap)
        for font, fill, wrap in ((bold, 0, ""), (bold, shaded, wrapped), (bold + 2, 0, wrapped), (bold + 1, 0, ""))
    )
    text, look = _with_items(text, "cellXfs", xfs, 4)
    shades = {severity: first + n for n, (severity, _, _) in enumerate(SHADES)}
    return text, shades, Looks(look, look + 1, look + 2, look + 3)


def _with_items(text: str, name: str, items: str, count: int) -> tuple[str, int]:
    child = next((c for c in children_of(text) if c.name == name), None)
    if child is None:
        raise UnfamiliarPackageError(name)
    element, before = appended(text[child.start : child.end], items, count)
    return text[: child.start] + element + text[child.end :], before
