"""What other points of one indicator would make of total, coefficient and pay, everything else staying as it is."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from perf.appraisal.formula_pay import FormulaPay
from perf.appraisal.revalued import revalued
from perf.distribution import CardFigures, Entry, Working
from perf.distribution.standing import COEFFICIENT, SCORE
from perf.formulas import Formula, constant
from perf.formulas.arithmetic import figure, number, rounded
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.money import Money, money_from_yuan
from perf.kernel.rounding import round_to
from perf.scoring import Scorecard, ScoreItem
from perf.specs.curve_lines import linear, steps
from perf.specs.models import Linear, SchemeVersion

Unsaid = Literal["", "formula", "bound"]
_LINEAR = frozenset({"weighted_mean", "mean", "sum"})


class Raised(NamedTuple):
    """The total after the change, and what the pay gains by it; None: nobody can say without the others.

    `unsaid`: why nobody can say although pay hangs on the score: its `formula` looks at more than the figures of the
    card (facts, a grade, a condition on the score), or the share would leave its own floor or cap (`bound`).
    """

    total: Fraction
    pay: Money | None
    unsaid: Unsaid = ""


class Raise:
    """One card and what its subject is paid in the run: asked what other points of one indicator would make of both.

    Args:
        card: Any card; one without a total, with a veto, or whose total is no sum of its parts answers nothing.
        version: Of its scheme.
        entries: What the subject is paid.
        formulas: Of the run.
    """

    def __init__(self, card: Scorecard, version: SchemeVersion, entries: Iterable[Entry], formulas: FormulaPay) -> None:
        self._card, self._version = card, version
        self._dimensions = {row.item: row for row in card.items if row.type == "dimension"}
        self._rules = {one.code: one for one in version.dimensions}
        scores = [row.score for row in self._dimensions.values() if row.score is not None]
        self._whole = sum(scores, Fraction(0))
        self._extras = {row.item: row.score for row in card.items if row.parent == "extra" and row.score is not None}
        rows = self._rows = list(entries)
        self._formulas, self._formula_pay = formulas, formulas.behind(card, rows)
        self._claims = [
            (entry.working, _kept(entry, rows))
            for entry in rows
            if entry.working is not None and _is_share(entry) and _looks_at(entry.working, card.scheme)
        ]
        is_sum = card.status == "scored" and version.total.combine == "sum" and not version.by_post
        self._is_known = is_sum and card.total == self._declared(self._whole, self._extras)
        self._pays: dict[Fraction, Raised] = {}

    def to(self, item: ScoreItem, points: Fraction) -> Raised | None:
        """The card with `points` for `item`, all else equal: total by the scheme's rule, pay by the shares as they stand.

        Args:
            item: A row of the card with points.
            points: What it would have instead.
        Returns:
            None where nobody can say. The pay is exact but for odd fen: the others keep their claims, floors and caps, and
            a part that is held of the lines stays the same part of them.
        """
        if not self._is_known:
            return None
        total = self._total(item, points)
        if total is None:
            return None
        if total not in self._pays:
            self._pays[total] = self._raised(total)
        return self._pays[total]

    def _raised(self, total: Fraction) -> Raised:
        coefficient = _coefficient(self._version, total)
        known = list[Fraction]()
        for working, kept in self._claims:
            claim = _claim(working, self._card.scheme, total, coefficient)
            share = None if claim is None else share_for(working, claim)
            if share is None:
                return Raised(total, None, "formula" if claim is None else "bound")
            known.append((share - working.quota) * kept)
        if self._formula_pay:
            other = CardFigures(total, coefficient)
            gain = self._formulas.gain(self._card, self._formula_pay, self._rows, other)
            if gain is None:
                return Raised(total, None, "formula")
            known.append(gain)
        return Raised(total, money_from_yuan(sum(known, Fraction(0))) if known else None)

    def _total(self, item: ScoreItem, points: Fraction) -> Fraction | None:
        """The declared total with `points` for `item`."""
        if item.parent == "extra":
            cap = next((extra.cap for extra in self._version.extra if extra.indicator == item.item), None)
            return self._declared(self._whole, {**self._extras, item.item: points if cap is None else min(points, cap)})
        added = self._added(item, points)
        return None if added is None else self._declared(self._whole + added, self._extras)

    def _declared(self, whole: Fraction, extras: Mapping[str, Fraction]) -> Fraction:
        rule, extra = self._version.total, sum(extras.values(), Fraction(0))
        exact = whole + (extra if self._version.extra_cap is None else min(extra, self._version.extra_cap))
        exact = exact if rule.minimum is None else max(exact, rule.minimum)
        exact = exact if rule.maximum is None else min(exact, rule.maximum)
        return round_to(exact, rule.digits, rule.rounding) if isinstance(rule.digits, int) else exact

    def _added(self, item: ScoreItem, points: Fraction) -> Fraction | None:
        """What the dimension adds more to the total."""
        row, rule = self._dimensions.get(item.parent), self._rules.get(item.parent)
        if row is None or rule is None or row.weight is None or not row.out_of or rule.combine not in _LINEAR:
            return None
        share = _share_of(self._card, item, row.out_of, is_sum=rule.combine == "sum")
        if share is None or item.points is None:
            return None
        return (points - item.points) * share * row.weight / row.out_of


def _is_share(entry: Entry) -> bool:
    return entry.status == "paid" and not entry.target.startswith("held:")


def _kept(share: Entry, rows: Iterable[Entry]) -> Fraction:
    """What of the lines of one distribution stays with the person: less what it takes back, such as a part held."""
    own = [row for row in rows if (row.distribution, row.owner) == (share.distribution, share.owner)]
    given = sum(row.amount.fen for row in own if row.target == share.target)
    taken = sum(row.amount.fen for row in own if row.source == share.target)
    return Fraction(given - taken, given) if given else Fraction(1)


def _looks_at(working: Working, scheme: str) -> bool:
    """Whether a figure of the scheme's card is in the claim."""
    queue = [working.claim]
    while queue:
        node = queue.pop()
        if node.rule.code == scheme and not node.inputs:
            return True
        queue.extend(node.inputs)
    return False


def _share_of(card: Scorecard, item: ScoreItem, full: Fraction, *, is_sum: bool) -> Fraction | None:
    """What one point of the item adds to its dimension of `full` points; read off a row that has points."""
    if is_sum:
        return Fraction(1)
    if item.points and item.score is not None:
        return item.score / item.points
    rows = [row for row in card.items if row.parent == item.parent]
    for row in rows:
        if row.points and row.score is not None and row.weight and item.weight:
            return row.score * row.out_of / row.points / row.weight * item.weight / item.out_of
    weights = [row.weight for row in rows if row.weight is not None and row.points is not None]
    if item.weight and len(weights) == len(rows):  # nothing was re-shared, nothing lost
        return full * item.weight / sum(weights, Fraction(0)) / item.out_of
    return None


def _coefficient(version: SchemeVersion, total: Fraction) -> Fraction | None:
    curve = version.coefficient
    if curve is None:
        return None
    try:
        if isinstance(curve, Linear):
            way = linear(curve, total, number(total), _threshold)
        else:
            way = steps(curve, total, number(total), _threshold)
        return None if isinstance(way.value, Absent) else figure(_declared(way, version))
    except PerfError:
        return None


def _declared(way: Node, version: SchemeVersion) -> Node:
    return rounded(way, version.coefficient_digits, version.coefficient_rounding)


def _threshold(formula: Formula) -> Node:
    value = constant(formula)
    return Node("number", value if value is not None else Absent("missing"))


def _claim(working: Working, scheme: str, total: Fraction, coefficient: Fraction | None) -> Fraction | None:
    """The claim with other figures of the card; None where it looks at more of the card, or is no plain arithmetic."""
    figures: Mapping[str, Fraction | None] = {SCORE.zh: total, COEFFICIENT.zh: coefficient}
    is_unknown = False

    def other(leaf: Node) -> Fraction | None:
        nonlocal is_unknown
        if leaf.inputs or leaf.rule.code != scheme or leaf.label is None:
            return None
        value = figures.get(leaf.label.zh)
        is_unknown = is_unknown or value is None
        return value

    after = revalued(working.claim, other)
    return None if is_unknown or not isinstance(working.claim.value, Fraction) else after


def share_for(working: Working, claim: Fraction) -> Fraction | None:
    """The share in yuan that another claim would bring, the others' claims, floors and caps as they are.

    None where it leaves its own floor or cap: then the others may come to theirs, and nobody can say without them.
    """
    own = working.claim.value if isinstance(working.claim.value, Fraction) else Fraction(0)
    if working.cap is not None:
        return working.quota if claim >= own else None
    amount, claims = working.free_amount.yuan, working.free_claims - own + claim
    if working.floor is not None:
        amount, claims = working.free_amount.yuan + working.floor.yuan, working.free_claims + claim
    share = amount * claim / claims if claims else Fraction(0)
    if working.floor is None:
        return share
    return working.quota if share <= working.floor.yuan else None
