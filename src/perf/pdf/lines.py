"""Breaking Chinese text with numbers into lines."""

import re
from typing import Final

from perf.pdf.embedding import Typesetter
from perf.pdf.faces import spelled

NEVER_FIRST: Final = frozenset("，。；：！？、）》〉】」』”’…％%‰)]},;:!?·")
NEVER_LAST: Final = frozenset("（《〈【「『“‘([{¥￥")
_PIECE: Final = re.compile(r"[A-Za-z0-9.,_/@#'+-]+[%‰]?|\s+|.", re.DOTALL)


def wrap(setter: Typesetter, text: str, size: float, width: float) -> list[str]:
    """Break `text` into lines of at most `width` points; at least one line.

    Words and numbers stay whole where a line can hold them; no line begins with a closing mark or ends with an opening one.
    """
    text = spelled(text).strip()
    if setter.width(text, size) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0.0
    for unit in _units(setter, text, size, width):
        length = setter.width(unit, size)
        if line and used + length > width and not unit.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not unit.isspace():
            line, used = line + unit, used + length
    return [*lines, line.rstrip()] if line.strip() else lines


def _units(setter: Typesetter, text: str, size: float, width: float) -> list[str]:
    """The smallest parts that stay together, each with the marks that belong to it."""
    units: list[str] = []
    for piece in _PIECE.findall(text):
        if units and (piece in NEVER_FIRST or units[-1][-1] in NEVER_LAST):
            units[-1] += piece
        else:
            units.append(piece)
    return [part for unit in units for part in _narrow(setter, unit, size, width)]


def _narrow(setter: Typesetter, unit: str, size: float, width: float) -> list[str]:
    """A part wider than a whole line, cut wherever it must be."""
    if len(unit) == 1 or setter.width(unit, size) <= width:
        return [unit]
    parts = [""]
    for character in unit:
        if parts[-1] and setter.width(parts[-1] + character, size) > width:
            parts.append("")
        parts[-1] += character
    return parts


def shortened(setter: Typesetter, text: str, size: float, width: float, *, heavy: bool = False) -> str:
    """`text`, or as much of its beginning as fits with `…` after it."""
    text = spelled(text)
    if setter.width(text, size, heavy=heavy) <= width:
        return text
    while text and setter.width(text + "…", size, heavy=heavy) > width:
        text = text[:-1]
    return text + "…"
