"""Ledgers: what a distribution gives. Money in fen, every entry balanced by itself (from one account to another)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from perf.formulas.nodes import Node, RuleRef
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.text import Text


@dataclass(frozen=True, slots=True)
class CardFigures:
    """What a distribution needs to know of a scorecard; the caller fills one per (scheme, subject).

    Attributes:
        total: The declared total; None when blocked or failed.
        coefficient: The scheme's coefficient of that total, where it has one.
        grade: Code of the grade, may be empty.
        forfeits_pay: A veto took the pay.
        status: Status of the total row (`scored`, `blocked`, …).
    """

    total: Fraction | None
    coefficient: Fraction | None = None
    grade: str = ""
    forfeits_pay: bool = False
    status: str = "scored"


@dataclass(frozen=True, slots=True)
class Working:
    """How a claimant's share came about: enough to redo it with a pocket calculator.

    Attributes:
        part: Titles of the parts on the way (`医生`), outermost first; empty for the whole.
        part_amount: What was split in this step.
        claim: Node of the claim (`岗位系数 1.2 × 出勤 1 × 得分 92.35 ÷ 100`), value dimensionless.
        claims_sum: Sum of all claims of the part that took part.
        claimants: How many took part.
        quota: Exact share in yuan before rounding (part × claim ÷ sum; after floors and caps).
        floor, cap: The bound that held, if one did.
        odd_fen: Fen added (or, for negative funds, taken) by the largest-remainder rule: share − quota rounded down.
        free_amount, free_claims: What is left of the part, and the sum of the claims, once those held at a floor or cap
            are set aside; a free share is `free_amount × claim ÷ free_claims`. Without bounds: the part and all claims.
        method: How the odd fen were given (ADR-0003).
    """

    part: tuple[str, ...]
    part_amount: Money
    claim: Node
    claims_sum: Fraction
    claimants: int
    quota: Fraction
    floor: Money | None = None
    cap: Money | None = None
    odd_fen: int = 0
    free_amount: Money = ZERO
    free_claims: Fraction = Fraction(0)
    method: str = "largest_remainder"


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry; `amount.fen >= 0`, from `source` to `target` (accounts of the contract)."""

    number: int
    period: Period
    distribution: str
    owner: str
    step: str
    line: str
    source: str
    target: str
    amount: Money
    explanation: Text
    rule: RuleRef
    working: Working | None = None
    claimant: str = ""
    status: str = "paid"

    @property
    def is_held_burden(self) -> bool:
        """Whether it is a claimant's part of a fund below zero that waits: its held account pays into the fund."""
        return self.source.startswith("held:") and self.target.startswith("fund:") and self.status == "held"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step on the way from the pool to the claimants, as printed: before − out = after."""

    distribution: str
    owner: str
    step: str
    title: Text
    part: tuple[str, ...]
    before: Money
    out: Money
    after: Money
    node: Node | None = None


_NO_BALANCES: Mapping[str, Money] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries of a run in sorted order, the pool's path, closing balances, and what could not be done.

    `failed`: (distribution, owner) pairs that were refused (floors over the pool, nobody eligible …); their fund stays
    untouched.
    """

    entries: tuple[Entry, ...]
    path: tuple[PathStep, ...]
    balances: Mapping[str, Money] = field(default_factory=lambda: _NO_BALANCES)
    issues: tuple[Issue, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
