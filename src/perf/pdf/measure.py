"""How wide text is. Measures are the same for every document, so they are remembered for the process."""

from functools import lru_cache
from typing import Final

from perf.pdf.faces import UNITS_PER_EM, Face, bold, rare, regular, spelled

_REMEMBERED: Final = 1 << 13


class _Widths(dict[str, int]):
    """Character -> advance in thousandths, from the first of `faces` that has it."""

    def __init__(self, *faces: Face) -> None:
        super().__init__()
        self.faces = faces

    def __missing__(self, character: str) -> int:
        face = next(face for face in self.faces if character in face.glyph_ids)
        self[character] = face.advances[face.glyph_ids[character]]
        return self[character]


@lru_cache(maxsize=1)
def _tables() -> tuple[_Widths, _Widths]:
    return _Widths(regular(), rare()), _Widths(bold())


@lru_cache(maxsize=_REMEMBERED)
def has_bold(text: str) -> bool:
    """Whether the bold face has all of `text`; else heavy text is the regular face with a stroke, never a mixture."""
    return bold().glyph_ids.keys() >= set(text)


def _units(text: str, *, heavy: bool) -> int:
    plain, strong = _tables()
    widths = strong if heavy and has_bold(text) else plain
    return sum([widths[character] for character in spelled(text)])


@lru_cache(maxsize=_REMEMBERED)
def width(text: str, size: float, *, heavy: bool = False) -> float:
    """Width of `text` in points."""
    return _units(text, heavy=heavy) * size / UNITS_PER_EM
