"""How a value of each unit is written in a rule or a case. A ratio is a ratio; the sign only says how it is written."""

import re
from fractions import Fraction
from typing import Literal

from perf.formulas.units import UNITS
from perf.kernel.figures import parse_number

Trouble = Literal["not_a_number", "sign_missing", "sign_wrong"]
RATIO_SIGNS = ("%", "‰", "/万")
SIGNED = (*RATIO_SIGNS, "个百分点")
"""Signs that make a written number a ratio (or a change of one)."""
# Longest first, so that 万元 is not read as 元.
_SIGNS = sorted(((unit.sign.zh, unit.scale) for unit in UNITS.values() if unit.sign.zh), key=lambda sign: -len(sign[0]))
_LEADING_ZERO = re.compile(r"[+-]?0\d", re.ASCII)  # 010: ten, or eight? some readers of YAML say eight
_SIGN_FORMS = str.maketrans({"％": "%", "／": "/"})
_OTHER_SIGNS = {"pp": "个百分点", "百分点": "个百分点"}
_DIGITS_BY_UNIT = {"person-times": 0, "persons": 0, "items": 0, "times": 0, "yes_no": 0, "level": 0, "yuan": 2}


def is_signed(unit: str) -> bool:
    """Whether values of `unit` must carry its sign, because a bare number could be two things."""
    return UNITS[unit].scale != 1


def usual_digits(unit: str) -> int | None:
    """The decimals of a measure of `unit` that declares none; None = exact."""
    return _DIGITS_BY_UNIT.get(unit)


def split_sign(text: str) -> tuple[Fraction, str] | None:
    """The exact value of `12`, `0.85%`, `3‰`, `5/万`, `120万元` and its sign; None where it is no plain number."""
    plain = text.strip().translate(_SIGN_FORMS)
    for other, sign in _OTHER_SIGNS.items():
        if plain.endswith(other) and not plain.endswith(sign):
            plain = plain.removesuffix(other).rstrip() + sign
    for sign, scale in _SIGNS:
        if plain.endswith(sign):
            number = _number(plain.removesuffix(sign).rstrip())
            return None if number is None else (number * scale, sign)
    number = _number(plain)
    return None if number is None else (number, "")


def read_quantity(text: str, unit: str) -> Fraction | Trouble:
    """Read one value of `unit` as a rule or a case writes it.

    Returns:
        The value inside the engine (ratios as ratios, money as yuan), or what is wrong: `sign_missing` for a bare
        number where the unit has a sign that counts (0 needs none), `sign_wrong` for a sign of another unit.
    """
    parts = split_sign(text)
    if parts is None:
        return "not_a_number"
    value, sign = parts
    declared = UNITS[unit]
    if not sign:
        return value if value == 0 or not is_signed(unit) else "sign_missing"
    if sign == declared.sign.zh:
        return value
    is_money = declared.dimension == "yuan" and sign in ("元", "万元")
    is_plain_ratio = not declared.dimension and not is_signed(unit) and sign in RATIO_SIGNS
    return value if is_money or is_plain_ratio else "sign_wrong"


def with_sign(text: str, unit: str) -> str:
    """`text` as it should have been written: `0.85` → `0.85%`."""
    return f"{text.strip().rstrip('%‰/万元个百分点')}{UNITS[unit].sign.zh}"


def _number(text: str) -> Fraction | None:
    if "/" in text or _LEADING_ZERO.match(text):
        return None
    try:
        return parse_number(text)
    except ValueError:
        return None
