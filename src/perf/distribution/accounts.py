"""Accounts of a ledger by name, their balances, and the check that no fen appears or vanishes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from perf.kernel.errors import NotConserved
from perf.kernel.money import ZERO, Money

KINDS = ("outside", "fund", "reserve", "institution", "person", "held", "left")
_NONE: Mapping[str, Money] = MappingProxyType({})


class Movement(Protocol):
    """An amount that went from one account to another."""

    @property
    def source(self) -> str:
        """The account it left."""
        ...

    @property
    def target(self) -> str:
        """The account it reached."""
        ...

    @property
    def amount(self) -> Money:
        """How much, never negative."""
        ...


def outside(name: str) -> str:
    """Where money comes from that is in no account yet: an insurer, a finance bureau, the payer of a line."""
    return f"outside:{name}"


def fund(owner: str) -> str:
    """What `owner` is distributing at the moment; zero when it is done."""
    return f"fund:{owner}"


def reserve(name: str, owner: str) -> str:
    """A named reserve of `owner`."""
    return f"reserve:{name}:{owner}"


def institution(code: str) -> str:
    """What an institution or a consortium holds itself."""
    return f"institution:{code}"


def person(staff_no: str) -> str:
    """What a person has been paid."""
    return f"person:{staff_no}"


def held(subject: str) -> str:
    """What is kept back for a subject until something is known."""
    return f"held:{subject}"


def left(owner: str) -> str:
    """What no step took."""
    return f"left:{owner}"


def kind_of(account: str) -> str:
    """`person` of `person:0042`.

    Raises:
        ValueError: the name is of no kind of the contract, or has an empty part.
    """
    kind, *names = account.split(":", 2 if account.startswith("reserve:") else 1)
    if kind not in KINDS or len(names) != (2 if kind == "reserve" else 1) or not all(names):
        raise ValueError("not an account of the contract")
    return kind


def balances(movements: Iterable[Movement], opening: Mapping[str, Money] = _NONE) -> dict[str, Money]:
    """Account -> opening + in − out, sorted by account; accounts that were never touched stay as they opened."""
    fen = {account: amount.fen for account, amount in opening.items()}
    for movement in movements:
        fen[movement.source] = fen.get(movement.source, 0) - movement.amount.fen
        fen[movement.target] = fen.get(movement.target, 0) + movement.amount.fen
    return {account: Money(fen[account]) for account in sorted(fen)}


def check_conserved(
    movements: Iterable[Movement],
    opening: Mapping[str, Money] = _NONE,
    *,
    closing: Mapping[str, Money] | None = None,
    where: str = "ledger",
) -> None:
    """Hold a ledger to the contract; silence means that it adds up.

    Args:
        movements: All entries.
        opening: Account -> balance before them.
        closing: Account -> balance that was stored or reported, checked if given.
        where: Named in the error.
    Raises:
        NotConserved: a negative amount, an account of no known kind, a `fund:` that does not close at zero, closing
            balances that together or one by one are not opening + in − out.

    Since every entry leaves one account and reaches another, funds that close at zero mean that what came from outside
    is with persons, institutions, reserves, held and left.
    """
    entries = list(movements)
    for entry in entries:
        if entry.amount.fen < 0:
            raise NotConserved(f"{where}: an amount below zero", expected_fen=0, found_fen=entry.amount.fen)
    found = balances(entries, opening)
    for account, amount in found.items():
        try:
            kind = kind_of(account)
        except ValueError:
            raise NotConserved(f"{where}: an unknown account", expected_fen=0, found_fen=amount.fen) from None
        if kind == "fund" and amount:
            raise NotConserved(f"{where}: {account} is not closed", expected_fen=0, found_fen=amount.fen)
    if closing is not None:
        _check_closing(found, opening, closing, where)


def _check_closing(
    found: Mapping[str, Money], opening: Mapping[str, Money], closing: Mapping[str, Money], where: str
) -> None:
    """What was stored, as a whole (from outside = with everybody else) and account by account."""
    came = sum(amount.fen for amount in opening.values())
    stored = sum(amount.fen for amount in closing.values())
    if came != stored:
        raise NotConserved(f"{where}: closing balances together", expected_fen=came, found_fen=stored)
    for account in sorted({*found, *closing}):
        expected, stated = found.get(account, ZERO), closing.get(account, ZERO)
        if expected != stated:
            place = f"{where}: closing balance of a {kind_of(account)} account"
            raise NotConserved(place, expected_fen=expected.fen, found_fen=stated.fen)
