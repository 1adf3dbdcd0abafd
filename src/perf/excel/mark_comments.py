"""Comments on the cells of a marked sheet: the part that holds their text, and the drawing that shows them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from perf.excel.cells import column_number
from perf.excel.package_xml import (
    attributes_of,
    children_of,
    children_of_fragment,
    end_tag,
    prefix_of,
    root_of,
    xml_text,
)

AUTHOR = "perf-pay"
_SHOWN_MAX = 1200
_FIRST_SHAPE = 900 * 1024
_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DRAWING = (
    f'<xml xmlns:v="{_SPACES["v"]}" xmlns:o="{_SPACES["o"]}" xmlns:x="{_SPACES["x"]}">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = re.compile(r"<v:shape\b(?:(?!<v:shape\b).)*?</v:shape>", re.DOTALL)  # never over the next one's beginning
_SHAPE_ROW = re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>")
_SHAPE_COLUMN = re.compile(r"<x:Column>\s*(\d+)\s*</x:Column>")
_ADDED = re.compile(r'<((?:\w+:)?)r><\1t xml:space="preserve">\n\[perf-pay\].*?</\1r>', re.DOTALL)


class Notes(NamedTuple):
    """Both parts of a sheet's comments, as text."""

    comments: str
    drawing: str


def new_notes(namespace: str) -> Notes:
    """The parts of a sheet without comments."""
    return Notes(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{namespace}">'
        "<authors></authors><commentList></commentList></comments>",
        _DRAWING,
    )


def with_comments(notes: Notes, texts: Mapping[str, str]) -> Notes:
    """The parts with a comment on each cell of `texts` (`F17` → text); what an earlier marking put there is gone.

    A comment of somebody else stays as it is and has ours behind it.

    Raises:
        UnfamiliarPackageError: parts that are not built as spreadsheet programs build them.
    """
    comments, dropped = _without_ours(notes.comments)
    drawing = _without_shapes(notes.drawing, dropped)
    left = dict(texts)
    prefix = prefix_of(comments)
    comments, number = _with_author(comments, prefix)
    listed = next(c for c in children_of(comments) if c.name == "commentList")
    block = comments[listed.start : listed.end]
    pieces: list[str] = []
    at = 0
    for child in children_of_fragment(block):
        one = block[child.start : child.end]
        cell = attributes_of(one[: one.index(">") + 1]).get("ref", "")
        if cell in left and f"</{prefix}text>" in one:
            ours = f'<{prefix}r><{prefix}t xml:space="preserve">\n[{AUTHOR}] {xml_text(left.pop(cell))}</{prefix}t></{prefix}r>'
            before, closing, after = one.rpartition(f"</{prefix}text>")
            one = f"{before}{ours}{closing}{after}"
        pieces += [block[at : child.start], one]
        at = child.end
    added = "".join(
        f'<{prefix}comment ref="{cell}" authorId="{number}"><{prefix}text><{prefix}r><{prefix}t xml:space="preserve">'
        f"{xml_text(text[:_SHOWN_MAX])}</{prefix}t></{prefix}r></{prefix}text></{prefix}comment>"
        for cell, text in left.items()
    )
    rest = block[at:]
    if rest.endswith("/>"):  # an empty list
        rest = f"<{prefix}commentList></{prefix}commentList>"
    cut = end_tag(rest)
    block = "".join([*pieces, rest[:cut], added, rest[cut:]])
    comments = comments[: listed.start] + block + comments[listed.end :]
    root = root_of(drawing)[0]
    declared = "".join(f' xmlns:{p}="{space}"' for p, space in _SPACES.items() if f'xmlns:{p}="{space}"' not in root)
    shapes = "".join(_shape(number, cell, declared) for number, cell in enumerate(left, _FIRST_SHAPE + 1))
    end = end_tag(drawing, "xml")
    return Notes(comments, drawing[:end] + shapes + drawing[end:])


def _without_ours(comments: str) -> tuple[str, set[str]]:
    """The comments without those of an earlier marking, and the cells that had one."""
    root_of(comments)
    authors = next((c for c in children_of(comments) if c.name == "authors"), None)
    names = []
    if authors is not None:
        block = comments[authors.start : authors.end]
        names = [re.sub(r"<[^>]*>", "", block[c.start : c.end]) for c in children_of_fragment(block)]
    ours = {str(n) for n, name in enumerate(names) if name == AUTHOR}
    dropped: set[str] = set()
    kept = _ADDED.sub("", comments)
    listed = next((c for c in children_of(kept) if c.name == "commentList"), None)
    if not ours or listed is None:
        return kept, dropped
    block = kept[listed.start : listed.end]
    pieces, at = [], 0
    for child in children_of_fragment(block):
        about = attributes_of(block[child.start : block.index(">", child.start) + 1])
        if about.get("authorId") in ours:
            dropped.add(about.get("ref", ""))
            pieces.append(block[at : child.start])
            at = child.end
    return kept[: listed.start] + "".join((*pieces, block[at:])) + kept[listed.end :], dropped


def _with_author(comments: str, prefix: str) -> tuple[str, int]:
    authors = next((c for c in children_of(comments) if c.name == "authors"), None)
    if authors is None:
        head = root_of(comments)
        comments = f"{comments[: head.end()]}<{prefix}authors></{prefix}authors>{comments[head.end() :]}"
        authors = next(c for c in children_of(comments) if c.name == "authors")
    block = comments[authors.start : authors.end]
    names = [re.sub(r"<[^>]*>", "", block[c.start : c.end]) for c in children_of_fragment(block)]
    if AUTHOR in names:
        return comments, names.index(AUTHOR)
    ours = f"<{prefix}author>{AUTHOR}</{prefix}author></{prefix}authors>"
    body = "" if block.endswith("/>") else block[block.index(">") + 1 : end_tag(block)]
    return f"{comments[: authors.start]}<{prefix}authors>{body}{ours}{comments[authors.end :]}", len(names)


def _without_shapes(drawing: str, cells: set[str]) -> str:
    def kept(match: re.Match[str]) -> str:
        row, column = _SHAPE_ROW.search(match[0]), _SHAPE_COLUMN.search(match[0])
        if row is None or column is None:
            return match[0]
        return "" if (int(row[1]) + 1, int(column[1]) + 1) in places else match[0]

    places = {_place(cell) for cell in cells if cell}
    return _SHAPE.sub(kept, drawing) if places else drawing


def _place(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_number(letters)


def _shape(number: int, cell: str, declared: str) -> str:
    row, column = _place(cell)
    anchor = f"{column},12,{max(row - 2, 0)},4,{column + 4},30,{max(row - 2, 0) + 6},4"
    return (
        f'<v:shape{declared} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:5pt;'
        'width:240pt;height:96pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
