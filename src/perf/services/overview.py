"""Rows of `show` and of the first page: institutions with score and pool, people with score and pay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from perf.appraisal.figure_text import STATUS, in_full
from perf.appraisal.pay_lines import gives_back, is_own_reserve
from perf.distribution.paid import receiver
from perf.kernel.money import Money, total
from perf.kernel.text import Text
from perf.services.load_run import LoadedRun
from perf.services.market import is_of_market

_NOTHING: Mapping[str, Money] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A subject with what its card and the ledger say; `amount` None where the ledger has nothing of it.

    `earmarked`: of the amount, by account, what is no pool of performance pay: income from insurance, a yearly surplus.
    """

    subject: str
    name: str
    scheme: Text
    kind: str
    total: str
    grade: str
    rank: str
    coefficient: str
    amount: Money | None
    status: str
    earmarked: Mapping[str, Money] = field(default_factory=lambda: _NOTHING)

    @property
    def pool(self) -> Money | None:
        """What it has to distribute: the amount without what is earmarked; None where there is nothing of it."""
        rest = None if self.amount is None else self.amount - total(self.earmarked.values())
        return rest if rest or not self.earmarked else None

    def cells(self) -> tuple[str, ...]:
        """As text for a table."""
        status = STATUS[self.status].zh if self.status in STATUS else self.status
        amount = str(self.amount) if self.amount is not None else "—"
        shown = status if self.status != "scored" else ""
        return (
            self.subject,
            self.name,
            self.scheme.zh,
            self.total,
            self.grade,
            self.rank,
            self.coefficient,
            amount,
            shown,
        )

    def as_json(self) -> dict[str, object]:
        """For programs; amounts in fen."""
        return {
            "subject": self.subject,
            "name": self.name,
            "scheme": self.scheme.zh,
            "total": self.total,
            "grade": self.grade,
            "rank": self.rank,
            "coefficient": self.coefficient,
            "amount_fen": None if self.amount is None else self.amount.fen,
            "status": self.status,
        }


def institution_rows(loaded: LoadedRun) -> list[OverviewRow]:
    """The institutions of a run by scheme and rank; the amount is what they had to distribute or received, without quotas."""
    received: dict[str, Money] = {}
    earmarked: dict[str, dict[str, Money]] = {}
    for entry in loaded.ledger.entries:
        kind, _, name = entry.target.partition(":")
        if is_of_market(entry.step):
            gives, gets = receiver(entry.source), receiver(entry.target)
            received[gives] = received.get(gives, Money(0)) - entry.amount
            received[gets] = received.get(gets, Money(0)) + entry.amount
        elif kind == "institution":
            received[name] = received.get(name, Money(0)) + entry.amount
        elif entry.claimant and entry.status != "quota" and (is_own_reserve(entry) or gives_back(entry)):
            whose, is_back = entry.claimant, gives_back(entry)
            account = (entry.source if is_back else entry.target).split(":")[1]
            amount = -entry.amount if is_back else entry.amount
            own = earmarked.setdefault(whose, {})
            own[account] = own.get(account, Money(0)) + amount
            received[whose] = received.get(whose, Money(0)) + amount
    rows = [replace(row, earmarked=earmarked.get(row.subject, {})) for row in _rows(loaded, "institution", received)]
    return sorted(rows, key=lambda r: (r.scheme.zh == "", r.scheme.zh, _place(r), r.subject))


def person_rows(loaded: LoadedRun, institution: str) -> list[OverviewRow]:
    """The people of an institution by rank; the amount is what they get in this run."""
    paid: dict[str, Money] = {}
    for entry in loaded.ledger.entries:
        for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
            kind, _, name = account.partition(":")
            if kind == "person":
                paid[name] = paid.get(name, Money(0)) + amount
    own = set(loaded.roster.below(institution, "person", loaded.run.period))
    rows = [row for row in _rows(loaded, "person", paid) if row.subject in own]
    return sorted(rows, key=lambda r: (r.scheme, _place(r), r.subject))


def _rows(loaded: LoadedRun, level: str, amounts: dict[str, Money]) -> Iterator[OverviewRow]:
    cards: dict[str, list[str]] = {}
    for scheme, subject in loaded.scores.cards:
        cards.setdefault(subject, []).append(scheme)
    for subject in loaded.roster.ids():
        segment = loaded.roster.at(subject, loaded.run.period)
        if segment is None or segment.level != level:
            continue
        schemes = sorted(cards.get(subject, ()))
        for scheme in schemes or [""]:
            card = loaded.scores.cards.get((scheme, subject))
            yield OverviewRow(
                subject=subject,
                name=segment.title,
                scheme=card.title if card is not None else Text(""),
                kind=segment.kind,
                total=in_full(card.total, 2) if card is not None else "—",
                grade=card.grade if card is not None else "",
                rank=f"{card.rank}/{card.rank_of}" if card is not None and card.rank is not None else "",
                coefficient=in_full(card.coefficient) if card is not None and card.coefficient is not None else "",
                amount=amounts.get(subject),
                status=card.status if card is not None else "",
            )


def _place(row: OverviewRow) -> tuple[bool, int]:
    rank = row.rank.partition("/")[0]
    return (not rank, int(rank) if rank else 0)
