"""Breaking Chinese text with numbers into lines."""

import re
from functools import lru_cache
from typing import Final

from perf.pdf.faces import spelled
from perf.pdf.measure import width as measured

NEVER_FIRST: Final = frozenset("，。；：！？、）》〉】」』”’…％%‰)]},;:!?·")
NEVER_LAST: Final = frozenset("（《〈【「『“‘([{¥￥−")
_ENDING: Final = "."  # `业务量月报.xlsx`: what comes after the dot belongs to the name before it
_PIECE: Final = re.compile(r"[A-Za-z0-9.,_/@#'+-]+[%‰]?|\s+|.", re.DOTALL)


@lru_cache(maxsize=1 << 14)
def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break `text` into lines of at most `width` points; at least one line.

    Words and numbers stay whole where a line can hold them; no line begins with a closing mark or ends with an opening
    one.
    """
    text = spelled(text).strip()
    if measured(text, size) <= width:
        return (text,)
    lines: list[str] = []
    line, used = "", 0.0
    for unit in _units(text, size, width):
        length = measured(unit, size)
        if line and used + length > width and not unit.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or not unit.isspace():
            line, used = line + unit, used + length
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _units(text: str, size: float, width: float) -> list[str]:
    """The smallest parts that stay together, each with the marks that belong to it."""
    units: list[str] = []
    for piece in _PIECE.findall(text):
        if units and (piece in NEVER_FIRST or piece[0] in _ENDING or units[-1][-1] in NEVER_LAST):
            units[-1] += piece
        else:
            units.append(piece)
    return [part for unit in units for part in _narrow(unit, size, width)]


def _narrow(unit: str, size: float, width: float) -> list[str]:
    """A part wider than a whole line, cut wherever it must be, but not before a closing mark."""
    if len(unit) == 1 or measured(unit, size) <= width:
        return [unit]
    parts = [""]
    for character in unit:
        if parts[-1] and measured(parts[-1] + character, size) > width:
            last = parts[-1]
            taken = last[-1:] if character in NEVER_FIRST and len(last) > 1 and last[-1] not in NEVER_FIRST else ""
            parts[-1] = last.removesuffix(taken) if taken else last
            parts.append(taken)
        parts[-1] += character
    return parts


def shortened(text: str, size: float, width: float, *, heavy: bool = False) -> str:
    """`text`, or as much of its beginning as fits with `…` after it."""
    text = spelled(text)
    if measured(text, size, heavy=heavy) <= width:
        return text
    while text and measured(text + "…", size, heavy=heavy) > width:
        text = text[:-1]
    return text + "…"
