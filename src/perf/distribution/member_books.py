"""账目分设: a ledger as the members' separate books see it, every booking with equal debit and credit in each book."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from perf.distribution.accounts import kind_of
from perf.distribution.models import Entry
from perf.kernel.errors import NotConserved
from perf.kernel.money import ZERO, Money, total

Side = Literal["debit", "credit"]
_TOGETHER = ("person", "held")
_SIDES: tuple[Side, ...] = ("debit", "credit")


class Heading(NamedTuple):
    """What a line is booked on: `kind` of account and whose; `member`: what two members owe each other."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of a voucher: all bookings of one booking text on one heading and side.

    Attributes:
        book: The member whose book it is.
        distribution, line: What is booked.
        bookings: Of how many entries of the ledger.
    """

    book: str
    distribution: str
    line: str
    side: Side
    heading: Heading
    amount: Money
    bookings: int


def member_books(entries: Iterable[Entry], book_of: Callable[[Entry, str], str]) -> tuple[BookLine, ...]:
    """The lines of all books, by book, distribution and line, debits first.

    An account that an entry leaves is debited, the one it reaches credited: funds, pay and reserves are owed by the
    member. Where the two accounts stand in different books, each books what it owes the other, or the other owes it;
    what comes from outside stands in the book that it reaches.

    Args:
        book_of: (entry, account) -> the member in whose book the account stands; never asked about `outside:…`.
    Raises:
        NotConserved: a voucher whose sides differ, or members who do not agree on what they owe each other.
    """
    sums: dict[tuple[str, str, str, Side, Heading], list[int]] = {}
    for entry in entries:
        if not entry.amount:
            continue
        for book, side, heading in _bookings(entry, book_of):
            found = sums.setdefault((book, entry.distribution, entry.line, side, heading), [0, 0])
            found[0] += entry.amount.fen
            found[1] += 1
    order = sorted(sums, key=lambda key: (key[0], key[1], key[2], _SIDES.index(key[3]), key[4]))
    lines = tuple(BookLine(*key, Money(sums[key][0]), sums[key][1]) for key in order)
    _require_balanced(lines)
    return lines


def _bookings(entry: Entry, book_of: Callable[[Entry, str], str]) -> Iterable[tuple[str, Side, Heading]]:
    source, target = entry.source, entry.target
    gives = "" if kind_of(source) == "outside" else book_of(entry, source)
    gets = "" if kind_of(target) == "outside" else book_of(entry, target)
    gives, gets = gives or gets or entry.owner, gets or gives or entry.owner
    yield gives, "debit", _heading(source)
    if gives != gets:
        yield gives, "credit", Heading("member", gets)
        yield gets, "debit", Heading("member", gives)
    yield gets, "credit", _heading(target)


def _heading(account: str) -> Heading:
    kind, _, name = account.partition(":")
    return Heading(kind, "" if kind in _TOGETHER else name)


def _require_balanced(lines: Iterable[BookLine]) -> None:
    signed: dict[tuple[str, ...], Money] = {}
    owed: dict[tuple[str, str], Money] = {}
    for line in lines:
        amount = line.amount if line.side == "debit" else -line.amount
        key = (line.book, line.distribution, line.line)
        signed[key] = signed.get(key, ZERO) + amount
        if line.heading.kind == "member":
            pair = (line.book, line.heading.name)
            owed[pair] = owed.get(pair, ZERO) + amount
    for (book, distribution, name), difference in signed.items():
        if difference:
            raise NotConserved(f"voucher {book} {distribution} {name}", expected_fen=0, found_fen=difference.fen)
    for (book, other), amount in owed.items():
        back = owed.get((other, book), ZERO)
        if amount + back:
            raise NotConserved(f"what {book} and {other} owe each other", expected_fen=-back.fen, found_fen=amount.fen)


def side_of(lines: Iterable[BookLine], side: Side) -> Money:
    """The sum of one side."""
    return total(line.amount for line in lines if line.side == side)
