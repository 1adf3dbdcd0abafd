"""What two ledgers of one month differ in: per owner, account and line, and what of it is settled with whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from perf.distribution import accounts
from perf.distribution.accounts import Movement
from perf.kernel.money import ZERO, Money
from perf.specs.correction_models import CorrectionVersion

BORNE = "更正承担"
"""The line under which a reserve bears, or gets back, what is not settled with others."""


class Booked(Movement, Protocol):
    """An entry of a ledger, computed or stored."""

    @property
    def owner(self) -> str:
        """Whose distribution."""

    @property
    def line(self) -> str:
        """The line."""


@dataclass(frozen=True, slots=True)
class LineDifference:
    """What moved on an account under a line in a distribution of `owner`: in − out, by both ledgers."""

    owner: str
    account: str
    line: str
    old: Money
    new: Money

    @property
    def difference(self) -> Money:
        """New − old."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class Correction:
    """A sealed correction that is to be booked.

    Attributes:
        old, new: The run whose figures are booked already, and the sealed run that counts now.
        differences: Those that are not zero; of each owner they add up to zero.
        concerned: Whose own facts, posts or rules were another; None: everybody's (a rule for all was).
    """

    old: str
    new: str
    differences: tuple[LineDifference, ...]
    concerned: frozenset[str] | None = None


def line_differences(old: Iterable[Booked], new: Iterable[Booked]) -> tuple[LineDifference, ...]:
    """What differs between two ledgers, by owner, account and line.

    Funds exist only while a distribution runs and are left out, so that the differences of each owner add up to zero.
    """
    before, after = _moved(old), _moved(new)
    found = (
        LineDifference(*key, Money(before.get(key, 0)), Money(after.get(key, 0)))
        for key in sorted(before.keys() | after.keys())
    )
    return tuple(one for one in found if one.difference)


def _moved(entries: Iterable[Booked]) -> dict[tuple[str, str, str], int]:
    fen: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        for account, amount in ((entry.target, entry.amount.fen), (entry.source, -entry.amount.fen)):
            if not account.startswith("fund:"):
                key = (entry.owner, account, entry.line)
                fen[key] = fen.get(key, 0) + amount
    return fen


def settled_by(
    correction: Correction,
    version: CorrectionVersion,
    *,
    is_person: Callable[[str], bool],
    reserve_of: Callable[[str, str], str],
) -> Correction:
    """The correction as `version` settles it: what is not settled with a claimant is borne by the reserve.

    Args:
        is_person: Whether a subject is a person.
        reserve_of: (owner, subject) -> the owner of the reserve that bears a difference.
    """
    sums = _by_subject(correction.differences, is_person)
    left = {subject for subject in sums if _is_left(subject, sums[subject], correction, version)}
    kept: list[LineDifference] = []
    borne: dict[tuple[str, str], Money] = {}
    for one in correction.differences:
        subject = claimant_of(one.account, is_person)
        if subject not in left:
            kept.append(one)
            continue
        key = (one.owner, accounts.reserve(version.reserve, reserve_of(one.owner, subject)))
        borne[key] = borne.get(key, ZERO) + one.difference
    added = (LineDifference(owner, account, BORNE, ZERO, borne[owner, account]) for owner, account in sorted(borne))
    return replace(correction, differences=(*kept, *(one for one in added if one.difference)))


def claimant_of(account: str, is_person: Callable[[str], bool]) -> str:
    """The claimant whose account it is; empty: nobody's (outside, what is left, an institution's reserve)."""
    kind, _, rest = account.partition(":")
    if kind in ("person", "held", "institution"):
        return rest
    name = rest.partition(":")[2]
    return name if kind == "reserve" and is_person(name) else ""


def _by_subject(differences: Iterable[LineDifference], is_person: Callable[[str], bool]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for one in differences:
        if subject := claimant_of(one.account, is_person):
            sums[subject] = sums.get(subject, ZERO) + one.difference
    return sums


def _is_left(subject: str, amount: Money, correction: Correction, version: CorrectionVersion) -> bool:
    """Whether a claimant's difference is left to the reserve: not concerned, or too small."""
    if not version.reserve:
        return False
    is_other = correction.concerned is not None and subject not in correction.concerned
    return (version.mode == "charge" and is_other) or ZERO < Money(abs(amount.fen)) < version.smallest
