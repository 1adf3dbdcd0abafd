"""Exact texts of numbers as floating point numbers, for reckoning with all of them at once, and the way back.

A decimal of at most 15 digits is the shortest one that its nearest float stands for, so the float tells it again exactly; of
every other number the exact value is kept beside the floats.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from perf.kernel.figures import read_exact

_DIGITS = 15
_BREAK, _POINT, _MINUS, _ZERO = b"\n.-0"
_PLAIN = b"0123456789.-\n"
_TENS = 10.0 ** np.arange(_DIGITS + 1)
_LARGE, _SMALL = 1e150, 1e-150


class NearFigures(NamedTuple):
    """The nearest float of each number; nan where there is none, inf where no float is near.

    `others`: index → exact value, of the numbers that their float does not tell.
    """

    floats: npt.NDArray[np.float64]
    others: Mapping[int, Fraction]

    def exact(self, index: int) -> Fraction:
        """The number itself."""
        found = self.others.get(index)
        return Fraction(repr(float(self.floats[index]))) if found is None else found


def near_figures(texts: Sequence[str | None]) -> NearFigures:
    """Numbers as `exact_text` writes them; None and empty texts are none."""
    try:
        floats = np.fromiter(map(float, texts), np.float64, len(texts))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        floats = np.fromiter(map(_float_or_nan, texts), np.float64, len(texts))
    if None not in texts and max(map(len, texts), default=0) <= _DIGITS and not np.isnan(floats).any():  # type: ignore[arg-type]
        return NearFigures(floats, {})
    others = {n: read_exact(text) for n, text in enumerate(texts) if text and (len(text) > _DIGITS or "/" in text)}
    for index, number in others.items():
        floats[index] = nearest(number)
    return NearFigures(floats, others)


def near_lines(lines: str) -> NearFigures:
    """The same of numbers one below the other, an empty line for none; all at once where they are short decimals."""
    raw = lines.encode()
    found = None if raw.translate(None, _PLAIN) else _short_decimals(raw + b"\n")
    return near_figures(lines.split("\n")) if found is None else NearFigures(found, {})


def _short_decimals(raw: bytes) -> npt.NDArray[np.float64] | None:
    """Decimals, each with a line break behind it; None where one is too long or is no decimal.

    Their digits are a whole number below 10¹⁵, and that over a power of ten is rounded once: the nearest float.
    """
    signs, digits = (np.frombuffer(one, dtype=np.uint8) for one in (raw, raw.translate(None, b".-")))
    ends, lengths = _lines_of(signs)
    digit_ends, counts = _lines_of(digits)
    points = np.flatnonzero(signs == _POINT)
    owners = np.searchsorted(ends, points)
    is_minus = signs[ends - lengths] == _MINUS
    is_sound = np.array_equal(counts == 0, lengths == 0) and bool((np.diff(owners) > 0).all())
    if lengths.max() > _DIGITS or not is_sound or raw.count(b"-") != is_minus.sum():
        return None
    wholes = np.zeros(len(ends))
    for place in range(int(counts.max())):
        wholes += (digits[digit_ends - 1 - place] - _ZERO) * (counts > place) * _TENS[place]
    decimals = np.zeros(len(ends), dtype=np.int64)
    decimals[owners] = ends[owners] - 1 - points
    found: npt.NDArray[np.float64] = wholes / _TENS[decimals]
    found[is_minus] *= -1
    found[lengths == 0] = np.nan
    return found


def _lines_of(signs: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the lines end, and how long they are."""
    ends = np.flatnonzero(signs == _BREAK)
    return ends, np.diff(ends, prepend=-1) - 1


def _float_or_nan(text: str | None) -> float:
    return float(text) if text and "/" not in text else np.nan


def nearest(number: Fraction) -> float:
    """The nearest float, inf where it would be out of the range in which floats are relatively exact."""
    try:
        found = float(number)
    except OverflowError:
        return np.inf
    return found if _SMALL < abs(found) < _LARGE or not number else np.inf


def joined(parts: Sequence[NearFigures]) -> NearFigures:
    """Several after one another."""
    others: dict[int, Fraction] = {}
    start = 0
    for part in parts:
        others.update((start + index, number) for index, number in part.others.items())
        start += len(part.floats)
    return NearFigures(np.concatenate([np.zeros(0), *(part.floats for part in parts)]), others)


def chosen(figures: NearFigures, indices: npt.NDArray[Any]) -> NearFigures:
    """Those at the indices, each once."""
    if not figures.others:
        return NearFigures(figures.floats[indices], {})
    places = np.full(len(figures.floats), -1, dtype=np.int64)
    places[indices] = np.arange(len(indices))
    others = {int(places[index]): number for index, number in figures.others.items() if places[index] >= 0}
    return NearFigures(figures.floats[indices], others)
