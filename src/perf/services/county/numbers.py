"""Invented numbers of invented people: they stand every check and can be nobody's.

No citizen's number begins with a province alone (340000), and no bank has the card prefix 9000.
"""

from perf.kernel.identity import IdentityKind, flaw_of
from perf.services.county.draws import draw

_LAST_SIGNS = "0123456789X"
_BANKS = ("庐江县农村商业银行", "中国农业银行庐江县支行", "中国工商银行庐江支行")
_WITHOUT_CARD = 400
"""One person in so many has given no card yet."""


def citizen_number(staff_no: str) -> str:
    """The person's identity number: somebody of 25 to 60 years."""
    born = f"{1965 + draw(35, 'born', staff_no)}{1 + draw(12, 'born month', staff_no):02d}"
    day = f"{1 + draw(28, 'born day', staff_no):02d}"
    return _completed("citizen", f"340000{born}{day}{draw(1000, 'order', staff_no):03d}")


def bank_card(staff_no: str) -> str:
    """The person's card, empty for the few who have given none."""
    if not _has_card(staff_no):
        return ""
    return _completed("bank_card", f"9000{draw(10**8, 'card', staff_no):08d}{int(staff_no):06d}")


def bank(staff_no: str) -> str:
    """Where the card is of."""
    return _BANKS[draw(len(_BANKS), "bank", staff_no)] if _has_card(staff_no) else ""


def _has_card(staff_no: str) -> bool:
    return draw(_WITHOUT_CARD, "no card", staff_no) > 0


def _completed(kind: IdentityKind, stem: str) -> str:
    return next(stem + sign for sign in _LAST_SIGNS if flaw_of(kind, stem + sign) is None)
