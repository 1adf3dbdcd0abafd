"""What another score would make of pay that a formula gives alone: the distribution run again for its one claimant."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from perf.distribution import CardFigures, Entry, distribute
from perf.distribution.accounts import institution, person
from perf.formulas import Formula, references
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import Scorecard
from perf.specs.formulas_of import named_curve_formulas, step_formulas, walk_steps
from perf.specs.models import Distribution, DistributionVersion, Gate, Hold, Pay, RuleBook
from perf.specs.named_values import names_needed
from perf.specs.use import measures_of, names_of, schemes_of

_OF_THE_SCORE = frozenset({"score", "coefficient", "grade"})
_OF_OTHERS = frozenset({"fund", "rest", "count"})
"""What a formula sees of the pool and of those who share it."""
_ALONE = frozenset({"name", "parent", "table"})
"""References that rules, roster and the own score answer."""


class FormulaPay:
    """Pay of one run that formulas give by the score, such as that of heads of institutions.

    It can be told exactly where rules, roster and the own score are all that the distribution looks at, and an outside
    payer pays: then the engine, run for the one claimant, gives what was booked, and with another score what that gives.
    """

    def __init__(self, book: RuleBook, roster: Roster, period: Period) -> None:
        self._book, self._roster, self._period = book, roster, period
        self._is_alone: dict[str, bool] = {}
        self._hanging: dict[tuple[str, str, str], bool] = {}

    def behind(self, card: Scorecard, entries: Iterable[Entry]) -> list[Entry]:
        """Those of `entries`, of the subject of `card`, whose amount is no share and hangs on its score."""
        own = _accounts(card.subject)
        return [
            entry
            for entry in entries
            if entry.working is None
            and entry.status == "paid"
            and entry.target in own
            and self._hangs(card.scheme, entry)
        ]

    def gain(
        self, card: Scorecard, paid: Sequence[Entry], entries: Iterable[Entry], other: CardFigures
    ) -> Fraction | None:
        """What `paid` gains in yuan by other figures of the card, less what the distribution keeps back of it.

        Args:
            card: Of the subject, as it is.
            paid: From `behind`.
            entries: All that the subject is paid.
            other: What the card would say.
        Returns:
            Exact, to the fen; None where the distributions look at more than rules, roster and the own score.
        """
        rows, gained = list(entries), 0
        now = CardFigures(card.total, card.coefficient, card.grade, card.forfeits_pay, card.status)
        for code, owner in sorted({(entry.distribution, entry.owner) for entry in paid}):
            if not self._stands_alone(code):
                return None
            booked = [e for e in rows if (e.distribution, e.owner, e.claimant) == (code, owner, card.subject)]
            again = self._run(code, owner, card, now)
            if _movements(booked) != _movements(again):
                return None
            gained += _received(self._run(code, owner, card, other), card.subject) - _received(again, card.subject)
        return Money(gained).yuan

    def _hangs(self, scheme: str, entry: Entry) -> bool:
        key = (scheme, entry.distribution, entry.line)
        if key not in self._hanging:
            rule = self._book.distributions.get(entry.distribution)
            version = rule.version(self._period) if rule is not None else None
            self._hanging[key] = rule is not None and version is not None and _asks(rule, version, entry.line, scheme)
        return self._hanging[key]

    def _stands_alone(self, code: str) -> bool:
        """Whether nothing but rules, roster and the own score is asked for, and no pool is shared."""
        if code not in self._is_alone:
            rule = self._book.distributions[code]
            version = rule.version(self._period)
            self._is_alone[code] = version is not None and self._asks_alone(rule, version)
        return self._is_alone[code]

    def _asks_alone(self, rule: Distribution, version: DistributionVersion) -> bool:
        paid = all(isinstance(step, Gate | Hold) or (isinstance(step, Pay) and step.payer) for step in version.steps)
        formulas = [version.fund, *(f for name in version.named for f in version.formulas_of(name))]
        formulas += [formula for formula, _ in named_curve_formulas(version.curves)]
        formulas += [formula for step in version.steps for formula in step_formulas(step)]
        formulas += [] if rule.among_where is None else [rule.among_where]
        return paid and not rule.into and all(map(self._is_own, formulas)) and not measures_of(self._book, *formulas)

    def _is_own(self, formula: Formula) -> bool:
        found = references(formula)
        own = {one.name for one in found if one.kind == "name"}
        return all(one.kind in _ALONE and not one.shift for one in found) and not own & {*_OF_OTHERS, "grade"}

    def _run(self, code: str, owner: str, card: Scorecard, figures: CardFigures) -> list[Entry]:
        """What the distribution books for the subject alone, its card saying `figures`."""
        who = card.subject
        ledger = distribute(
            self._book,
            Roster(self._above(who)),
            Facts(()),
            self._period,
            [code],
            cards={(card.scheme, who): figures},
            is_told=False,
        )
        return [entry for entry in ledger.entries if (entry.owner, entry.claimant) == (owner, who)]

    def _above(self, subject: str) -> list[Segment]:
        """The segments of a subject and of all above it."""
        found: dict[str, list[Segment]] = {}
        queue = [subject]
        while queue:
            code = queue.pop()
            if code and code not in found:
                found[code] = self._roster.all_segments(code)
                queue.extend(segment.parent for segment in found[code])
        return [segment for rows in found.values() for segment in rows]


def _asks(rule: Distribution, version: DistributionVersion, line: str, scheme: str) -> bool:
    """Whether the steps of a line look at the score under `scheme`."""
    steps = [step for step in walk_steps(version.steps) if getattr(step, "line", "") == line]
    formulas = [formula for step in steps for formula in step_formulas(step)]
    behind = [formula for name in names_needed(version, formulas) for formula in version.formulas_of(name)]
    asked = [*formulas, *behind]
    is_used = scheme in rule.uses_score and bool(names_of(asked) & _OF_THE_SCORE)
    return is_used or scheme in schemes_of(asked)


def _accounts(subject: str) -> tuple[str, str]:
    return person(subject), institution(subject)


def _movements(entries: Iterable[Entry]) -> Counter[tuple[str, str, str, str, int, str]]:
    return Counter((e.step, e.line, e.source, e.target, e.amount.fen, e.status) for e in entries)


def _received(entries: Iterable[Entry], subject: str) -> int:
    """Fen that reached the subject."""
    own = _accounts(subject)
    return sum(((e.target in own) - (e.source in own)) * e.amount.fen for e in entries)
