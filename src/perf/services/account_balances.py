"""`balances`: what stands on each account after a run, over a year or over all sealed runs, with every entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perf.distribution import kind_of
from perf.kernel.errors import NotFound
from perf.kernel.money import ZERO, Money, total
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import required_run
from perf.services.run_inputs import opened_with
from perf.storage import results, runs
from perf.storage.results import EntryFigures
from perf.storage.runs import Run
from perf.storage.store import Connection, Store

MANY = ("person", "held")
"""Kinds with an account for everybody: one line for all of them, unless they are asked for."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account, or all of a kind (`person:*`) over the runs: opening + in − out = closing."""

    account: str
    opening: Money
    came_in: Money
    went_out: Money

    @property
    def closing(self) -> Money:
        """What stands there at the end."""
        return self.opening + self.came_in - self.went_out

    def as_json(self) -> dict[str, object]:
        """Amounts in fen."""
        figures = (self.opening, self.came_in, self.went_out, self.closing)
        names = ("opening_fen", "in_fen", "out_fen", "closing_fen")
        return {"account": self.account, **{name: one.fen for name, one in zip(names, figures, strict=True)}}


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One entry of an account: `amount` below zero where it goes out; `balance` behind it."""

    run: str
    number: int
    account: str
    line: str
    other: str
    amount: Money
    balance: Money
    explanation: Text

    def as_json(self) -> dict[str, object]:
        """Amounts in fen."""
        return {
            "run": self.run,
            "entry": self.number,
            "account": self.account,
            "line": self.line,
            "other": self.other,
            "amount_fen": self.amount.fen,
            "balance_fen": self.balance.fen,
            "explanation": {"zh": self.explanation.zh, "en": self.explanation.in_lang("en")},
        }


@dataclass(frozen=True, slots=True)
class Balances:
    """The accounts of one consortium over some runs; `entries` where one account or a group of them was asked for."""

    consortium: str
    runs: tuple[str, ...]
    lines: tuple[AccountLine, ...]
    entries: tuple[AccountEntry, ...] = ()

    @property
    def sum(self) -> AccountLine:
        """All accounts together, those outside included: nothing appears, nothing vanishes."""
        return AccountLine(
            "合计 ∑",
            total(line.opening for line in self.lines),
            total(line.came_in for line in self.lines),
            total(line.went_out for line in self.lines),
        )


def balances(
    store: Store, *, actor: Actor, account: str = "", run: str | None = None, year: int | None = None
) -> tuple[Balances, ...]:
    """Balances of each consortium in scope.

    Args:
        account: An account (`held:0012`), or how several begin (`held`, `reserve:receivable`): with their entries.
        run: Of this run alone, a draft too. Else of the sealed runs, corrections left out: what they changed is booked
            in a later month.
        year: Of runs of periods in this year alone; what came before is the opening.
    Raises:
        NotFound: no such run or account, or nothing is sealed yet.
    """
    with store.read() as connection:
        if run is not None:
            chosen = required_run(connection, actor, run)
            opening = opened_with(connection, actor.viewer, run)
            found = [_of_runs(connection, actor, chosen.consortium, [chosen], opening, account)]
        else:
            found = [
                _over_time(connection, actor, code, rows, year, account)
                for code, rows in _sealed(connection, actor).items()
            ]
    kept = tuple(one for one in found if one.lines)
    if not kept:
        what = account or (run if run is not None else str(year or ""))
        raise NotFound(
            Text(f"没有 {what} 的账户余额;发布以后才有,草稿用 --run", f"no balances of {what}; a draft's by --run")
        )
    return kept


def _sealed(connection: Connection, actor: Actor) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for one in runs.list_runs(connection, actor.viewer):
        if one.is_sealed and one.corrects is None:
            found.setdefault(one.consortium, []).append(one)
    return found


def _over_time(
    connection: Connection, actor: Actor, consortium: str, rows: Sequence[Run], year: int | None, account: str
) -> Balances:
    """In the order in which they were sealed, since each opens with what the ones before it left."""
    ordered = sorted(rows, key=lambda one: (_sealed_at(connection, actor, one), one.id))
    opening: dict[str, Money] = {}
    first = next((n for n, one in enumerate(ordered) if year is None or one.period.year == year), len(ordered))
    for one in ordered[:first]:
        for entry in _entries(connection, actor, one):
            opening[entry.source] = opening.get(entry.source, ZERO) - entry.amount
            opening[entry.target] = opening.get(entry.target, ZERO) + entry.amount
    within = [one for one in ordered[first:] if year is None or one.period.year == year]
    return _of_runs(connection, actor, consortium, within, opening if within else {}, account)


def _sealed_at(connection: Connection, actor: Actor, run: Run) -> str:
    steps = runs.steps_of(connection, actor.viewer, run.id)
    return next((step.made_at.isoformat() for step in steps if step.state_to == "published"), "")


def _entries(connection: Connection, actor: Actor, run: Run) -> list[EntryFigures]:
    return [results.entry_figures(row) for row in results.stored_entries(connection, actor.viewer, run.id)]


def _of_runs(
    connection: Connection,
    actor: Actor,
    consortium: str,
    chosen: Iterable[Run],
    opening: dict[str, Money],
    account: str,
) -> Balances:
    rows = [(one.id, entry) for one in chosen for entry in _entries(connection, actor, one)]
    names = tuple(dict.fromkeys(run for run, _ in rows))
    standing = {name: amount for name, amount in opening.items() if _is_asked(name, account)}
    flows: dict[str, tuple[Money, Money]] = dict.fromkeys(standing, (ZERO, ZERO))
    entries: list[AccountEntry] = []
    for run, entry in rows:
        for name, other, amount in (
            (entry.source, entry.target, -entry.amount),
            (entry.target, entry.source, entry.amount),
        ):
            if not _is_asked(name, account):
                continue
            came, went = flows.get(name, (ZERO, ZERO))
            flows[name] = (came + max(amount, ZERO), went + max(-amount, ZERO))
            if account:
                standing[name] = standing.get(name, ZERO) + amount
                said = Text(entry.explanation, entry.explanation_en)
                entries.append(AccountEntry(run, entry.number, name, entry.line, other, amount, standing[name], said))
    lines = [AccountLine(name, opening.get(name, ZERO), *flows[name]) for name in flows]
    return Balances(consortium, names, tuple(_sorted(lines if account else _together(lines))), tuple(entries))


def _is_asked(name: str, account: str) -> bool:
    return not account or name == account or name.startswith(f"{account}:")


def _together(lines: Iterable[AccountLine]) -> list[AccountLine]:
    """Accounts that everybody has as one line of their kind."""
    found: dict[str, AccountLine] = {}
    for line in lines:
        kind = kind_of(line.account)
        name = f"{kind}:*" if kind in MANY else line.account
        one = found.get(name, AccountLine(name, ZERO, ZERO, ZERO))
        figures = (one.opening + line.opening, one.came_in + line.came_in, one.went_out + line.went_out)
        found[name] = AccountLine(name, *figures)
    return list(found.values())


def _sorted(lines: Iterable[AccountLine]) -> list[AccountLine]:
    order = ("outside", "fund", "institution", "reserve", "person", "held", "left")
    return sorted(lines, key=lambda line: (order.index(line.account.partition(":")[0]), line.account))
