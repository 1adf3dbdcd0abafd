"""The verification code of a statement: a digest of the sealed figures on it, short enough to be typed."""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from json import dumps
from typing import Final, NamedTuple

from perf.appraisal.views import PayBlock, ScorecardView
from perf.kernel.money import Money

CODE_BYTES: Final = 10
_GROUP: Final = 4
_FORM: Final = "statement/1"
_READ_AS: Final = str.maketrans({"0": "O", "1": "I", "8": "B"})


class Sealed(NamedTuple):
    """What a statement says that its run has sealed.

    Attributes:
        digest: The whole digest of the sealed run; statements print only its beginning.
        cards: The person's scorecards, then those of the institutions behind the pay.
    """

    run: str
    digest: str
    staff_no: str
    cards: Sequence[ScorecardView]
    pay: Sequence[PayBlock]
    total_pay: Money
    held: Money


def statement_code(sealed: Sealed) -> str:
    """80 bits of SHA-256 over the sealed figures as Base32 in four groups; empty for a run that is not sealed.

    Source: ADR-0026. What may change after the seal (state, payroll, history, notes, wording) is not part of it.
    """
    if not sealed.digest:
        return ""
    text = dumps(list(_figures(sealed)), ensure_ascii=False, separators=(",", ":"))
    letters = b32encode(sha256(text.encode()).digest()[:CODE_BYTES]).decode()
    return grouped(letters)


def grouped(letters: str) -> str:
    """Letters in groups of four, as a code is printed."""
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def read_code(typed: str) -> str | None:
    """A code as somebody typed it, in its printed form; None where it cannot be one.

    Case, spaces and dashes are free; 0, 1 and 8, which Base32 lacks, are read as O, I and B.
    """
    narrow = (chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in typed)
    letters = "".join(sign for sign in narrow if not sign.isspace() and sign not in "-—_").upper().translate(_READ_AS)
    is_code = len(letters) == CODE_BYTES * 8 // 5 and all("A" <= sign <= "Z" or "2" <= sign <= "7" for sign in letters)
    return grouped(letters) if is_code else None


def _figures(sealed: Sealed) -> Iterator[Sequence[str | int]]:
    yield (_FORM, sealed.run, sealed.digest, sha256(sealed.staff_no.encode()).hexdigest())
    yield ("pay", sealed.total_pay.fen, sealed.held.fen)
    for block in sealed.pay:
        yield ("block", block.distribution, block.owner, block.total.fen)
        for line in block.lines:
            yield ("line", line.code, line.amount.fen, line.status)
    for card in sealed.cards:
        yield ("card", card.scheme, card.subject, card.total, card.grade, card.rank, card.coefficient, card.status)
        for dimension in card.dimensions:
            yield ("dimension", dimension.code, dimension.points, dimension.weight, dimension.score)
        for row in (*(row for dimension in card.dimensions for row in dimension.lines), *card.extra):
            yield ("indicator", row.code, row.points, row.weight, row.score, row.status)
