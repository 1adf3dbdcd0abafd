"""Numbers that identify people and institutions: whether they can be right, and how they are shown.

Sources: GB 11643-1999 (citizen identity number), GB 32100-2015 (unified social credit code) with GB 11714-1997
(organisation code), ISO/IEC 7812-1 (bank cards). A right check digit does not say that the number is in use.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

IdentityKind = Literal["citizen", "credit_code", "phone", "bank_card"]
IdentityFlaw = Literal["length", "characters", "old_form", "region", "birthday", "check"]

_CITIZEN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS: Final = "10X98765432"
_REGIONS: Final = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_CREDIT_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE: Final = re.compile(r"1[3-9]\d{9}", re.ASCII)
_AREA: Final = re.compile(r"^\((0\d{2,3})\)", re.ASCII)
_ABROAD: Final = re.compile(r"^(?:\+|00)?86(?=1\d{10}$|0\d{9,11}$)", re.ASCII)
_LANDLINE: Final = re.compile(r"0\d{9,11}|400\d{7}", re.ASCII)
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SEPARATORS: Final = re.compile(r"[\s\-—–·]")
_NUMBER_RUN: Final = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\d{15,}X?|\d{14}X|\d{6}[ -]\d{8}[ -]\d{3}[\dX]|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?)(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_MOBILE_RUN: Final = re.compile(r"(?<!\d)(?<!\d\.)(?:(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d|\.\d)", re.ASCII)
_MANY_DIGITS: Final = re.compile(r"(?:\d\D{0,2}){11}", re.ASCII)
_GROUP: Final = re.compile(r"\d+X?", re.ASCII | re.IGNORECASE)
_EARLIEST: Final = 1850  # the standard's own example was born in 1880
_LONGEST, _CARD_FROM, _CITIZEN_SIGNS, _SHORTEST_GROUP = 19, 16, 18, 3
_HIDDEN_FROM: Final = 11
"""A text with fewer signs holds no number of a person."""
_FOREIGNER: Final = "9"  # permanent residents, since 2023: 9, region, country, year of birth …; the same check digit


def plain_number(text: str) -> str:
    """A number as it is meant: half-width, capital letters, without blanks, hyphens and a leading apostrophe."""
    return _SEPARATORS.sub("", text.translate(_FULL_WIDTH).strip().lstrip("'’")).upper()


def domestic(number: str) -> str:
    """A phone number as it is called at home: without +86, and a landline's area code without brackets."""
    number = _AREA.sub(r"\1", number)
    return _ABROAD.sub("", number)


def flaw_of(kind: IdentityKind, number: str, *, on: date | None = None) -> IdentityFlaw | None:
    """What shows that `number` (as `plain_number` gives it) cannot be right; None where nothing does.

    Args:
        on: The day on which the person must have been born already; None: not asked.
    """
    return _citizen(number, on) if kind == "citizen" else _CHECKS[kind](number)


def masked(kind: IdentityKind, number: str) -> str:
    """The number as it may be shown: the last four signs, of a phone the first three too; a credit code in full.

    A text too short to hide anything of is hidden as a whole.
    """
    if kind == "credit_code":
        return number
    shown = 3 if kind == "phone" and len(number) == len("13800000000") else 0
    hidden = len(number) - shown - 4
    return f"{number[:shown]}{'*' * hidden}{number[-4:]}" if hidden >= 4 else "*" * len(number)


def without_numbers(text: str) -> str:
    """`text` with whatever may be a citizen's number, a bank card or a mobile phone masked, all but its last four signs.

    Unbroken digits are masked by their length alone, digits in unusual groups where their check digit fits.
    """
    if len(text) < _HIDDEN_FROM:
        return text
    plain = text.translate(_FULL_WIDTH)
    if _MANY_DIGITS.search(plain) is None:
        return text
    spans = [found.span() for run in (_NUMBER_RUN, _MOBILE_RUN) for found in run.finditer(plain)]
    for start, end in (*spans, *_in_groups(plain)):
        text = f"{text[:start]}{'*' * (end - 4 - start)}{text[end - 4 :]}"
    return text


def _in_groups(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers of people stand whose signs are written in groups of whatever length."""
    groups = [found.span() for found in _GROUP.finditer(text)]
    is_next = [_is_gap(text[one[1] : other[0]]) for one, other in pairwise(groups)]
    at = 0
    while at < len(groups):
        start, signs, last, shortest = groups[at][0], "", at, _LONGEST
        for here in range(at, len(groups)):
            signs += text[slice(*groups[here])].upper()
            if len(signs) > _LONGEST:
                break
            if len(signs) >= _HIDDEN_FROM and _is_somebodys(signs, is_listed=shortest < _SHORTEST_GROUP):
                last = here + 1
            if here == len(is_next) or not is_next[here]:
                break
            shortest = min(shortest, groups[here][1] - groups[here][0])
        if last > at:
            yield start, groups[last - 1][1]
        at = max(last, at + 1)


def _is_gap(between: str) -> bool:
    return len(between) <= 2 and not _SEPARATORS.sub("", between)


def _is_somebodys(signs: str, *, is_listed: bool) -> bool:
    """Whether signs in groups are soundly a number of a person.

    Args:
        is_listed: Some group but the last is so short that these may be days or small figures in a row, of which every
            tenth fits the check digit of a card.
    """
    if len(signs) == _HIDDEN_FROM:
        return not is_listed and _MOBILE.fullmatch(signs) is not None
    if len(signs) == _CITIZEN_SIGNS and _citizen(signs, None) is None:
        return True
    return not is_listed and len(signs) >= _CARD_FROM and signs[0] not in "01" and _bank_card(signs) is None


def kind_of(text: str) -> IdentityKind | None:
    """Which number of a person `text` soundly is: a citizen's, a bank card's or a mobile phone's; None: none of them."""
    if len(text) < _HIDDEN_FROM:
        return None
    number = plain_number(text)
    if _MOBILE.fullmatch(domestic(number)):
        return "phone"
    kinds: tuple[IdentityKind, ...] = ("citizen", "bank_card")
    return next((kind for kind in kinds if flaw_of(kind, number) is None), None)


def _citizen(number: str, on: date | None) -> IdentityFlaw | None:
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        return "old_form"
    if len(number) != _CITIZEN_SIGNS:
        return "length"
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return "characters"
    if number[0] != _FOREIGNER:
        if number[:2] not in _REGIONS:
            return "region"
        born = _day(number[6:14])
        if born is None or born.year < _EARLIEST or (on is not None and born > on):
            return "birthday"
    total = sum(int(sign) * weight for sign, weight in zip(number, _CITIZEN_WEIGHTS, strict=False))
    return None if _CITIZEN_CHECKS[total % 11] == number[-1] else "check"


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _credit_code(number: str) -> IdentityFlaw | None:
    if len(number) != len(_CREDIT_WEIGHTS) + 1:
        return "length"
    if any(sign not in _CREDIT_SIGNS for sign in number):
        return "characters"
    total = sum(_CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(number, _CREDIT_WEIGHTS, strict=False))
    organisation = number[8:17]
    own = sum(
        _ORGANISATION_SIGNS.index(sign) * weight
        for sign, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=False)
    )
    fits = "0123456789X0"[11 - own % 11] == organisation[-1] and _CREDIT_SIGNS[-total % 31] == number[-1]
    return None if fits else "check"


def _phone(number: str) -> IdentityFlaw | None:
    number = domestic(number)
    if not re.fullmatch(r"\d+", number, re.ASCII):
        return "characters"
    return None if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number) else "length"


def _bank_card(number: str) -> IdentityFlaw | None:
    if not re.fullmatch(r"\d+", number, re.ASCII):
        return "characters"
    if not _CARD_FROM <= len(number) <= _LONGEST:
        return "length"
    digits = [int(sign) for sign in reversed(number)]
    total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return "check" if total % 10 else None


_CHECKS: Final[Mapping[str, Callable[[str], IdentityFlaw | None]]] = MappingProxyType(
    {"credit_code": _credit_code, "phone": _phone, "bank_card": _bank_card}
)
