"""Random rules for money (`distribution_rules`), and random people, figures, balances and adjustments to run them on."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st
from tests.properties.distribution_rules import Choose, rule_texts

from perf.appraisal.month import Prior, pay_out
from perf.appraisal.payroll import run_payroll
from perf.appraisal.payroll_models import PayrollInputs
from perf.distribution import Adjustment, CardFigures, Correction, PaidBefore, distribute, line_differences
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

NOW = {"month": Period(2025, "month", 6), "quarter": Period(2025, "quarter", 2), "year": Period(2025, "year", 1)}
MONTH = NOW["month"]
OWNERS = "AB"
ABOVE = (
    ("C", "city", ""),
    ("Y", "county", "C"),
    ("M", "consortium", "Y"),
    ("A", "institution", "M"),
    ("B", "institution", "M"),
)
BELOW = (("A1", "department", "A"), ("B1", "department", "B"), ("T1", "team", "A1"))
KINDS = ("pay", "deduct", "hold", "stop", "stop", "release", "return", "collect", "write_off")
ACCOUNTS = ("reserve:saved:A", "reserve:saved:B", "institution:A", "outside:财政")
OLD, NEW = "M:2025-05#1", "M:2025-05#2"


@lru_cache(maxsize=4)
def book_of(rule):
    """The rules, which must be sound; kept for the runs of one world."""
    book, issues = load_book({"rule.yaml": rule})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return book


@dataclass(frozen=True)
class World:
    """Rules and what they are run on.

    `weights` multiply every `weight`. `corrected`: other figures of an earlier month that is corrected, and whose they are.
    """

    rule: str
    segments: list[Segment]
    facts: dict[FactKey, Fraction]
    cards: dict[tuple[str, str], CardFigures]
    opening: dict[str, Money] = field(default_factory=dict)
    odd_fen: dict[str, int] = field(default_factory=dict)
    period: Period = MONTH
    adjustments: tuple[Adjustment, ...] = ()
    corrected: dict[FactKey, Fraction] = field(default_factory=dict)
    concerned: frozenset[str] | None = None

    @property
    def book(self):
        return book_of(self.rule)

    def run(self, *, weights=1):
        """The ledger of the distribution `pay` alone, whether it is switched on or not."""
        return distribute(
            self.book,
            Roster(self.segments if weights == 1 else [_weighed(one, weights) for one in self.segments]),
            self.known_facts(),
            self.period,
            ["pay"],
            cards=self.cards,
            opening=self.opening,
            odd_fen_received=self.odd_fen,
            paid=PaidBefore(),
        )

    def whole(self, **changes):
        """The ledger of everything: all distributions that are switched on, corrections, collections, adjustments."""
        before = Prior(
            opening=self.opening,
            odd_fen_received=self.odd_fen,
            last_scores={"0001": Fraction(77)},
            adjustments=self.adjustments,
            corrections=self.corrections(),
        )
        return pay_out(
            self.book, Roster(self.segments), self.known_facts(), self.period, self.cards, replace(before, **changes)
        )

    def corrections(self):
        """What another run of the same rules on the corrected figures differs in; nothing where no month was corrected."""
        if not self.corrected:
            return ()
        other = replace(self, facts={**self.facts, **self.corrected})
        differences = line_differences(self.run().entries, other.run().entries)
        return (Correction(OLD, NEW, differences, self.concerned),) if differences else ()

    def payroll(self, ledger):
        """What is withheld from the pay of a ledger."""
        rule = self.book.payrolls["withholding"]
        paid: dict[str, dict[str, Money]] = {}
        for entry in ledger.entries:
            for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
                if account.startswith("person:"):
                    lines = paid.setdefault(account.removeprefix("person:"), {})
                    lines[entry.line] = lines.get(entry.line, ZERO) + amount
        month = self.period.months()[0] if self.period.kind != "month" else self.period
        months = frozenset(month.shift(-back) for back in range(1, month.number))
        version = rule.version(month)
        return run_payroll(
            PayrollInputs(
                book=self.book,
                rule=rule,
                version=version,
                consortium="M",
                pay_month=month,
                roster=Roster(self.segments),
                facts=self.known_facts(),
                paid=paid,
                covered=months,
            )
        )

    def known_facts(self):
        return Facts([Fact(key, value) for key, value in self.facts.items()])

    def shuffled(self, random):
        """The same in another order."""

        def mixed(rows):
            rows = list(rows)
            random.shuffle(rows)
            return rows

        parts = {name: dict(mixed(getattr(self, name).items())) for name in ("facts", "cards", "opening", "odd_fen")}
        return replace(self, segments=mixed(self.segments), **parts)


def _weighed(one, weights):
    if not one.attributes.get("weight"):
        return one
    return replace(one, attributes={**one.attributes, "weight": str(int(one.attributes["weight"]) * weights)})


@st.composite
def worlds(draw, *, exact=False, months=False):
    """Rules and a county. `exact`: two institutions alone, everybody is there all month, claims are never rounded.

    `months`: with market, adjustments, corrections and payroll.
    """

    def choose(_label, texts):
        return draw(st.sampled_from(texts))

    def number(least, most):
        return draw(st.integers(least, most))

    return world_by(choose, number, exact=exact, months=months)


def world_by(choose: Choose, number, *, exact=False, months=False) -> World:
    """The world that a chooser of texts and one of whole numbers make."""
    rule, kind = rule_texts(choose, exact=exact, months=months)
    period = NOW[kind]
    segments = [Segment(code, level, "town", parent) for code, level, parent in (ABOVE if exact else (*ABOVE, *BELOW))]
    pools = OWNERS if exact else [one.subject for one in segments]
    facts = {FactKey(code, "pool_total", period): Fraction(number(-30_000, 500_000), 100) for code in pools}
    made = World(rule, segments, facts, {}, period=period)
    for place in range(int(choose("people", ("0", "1", "3", "4", "5", "7")))):
        _somebody(made, f"{place:04d}", place, choose, number, exact=exact, months=months)
    if exact:
        return made
    made.opening.update({account: Money(number(0, 40_000)) for account in ACCOUNTS[:3]})
    if not months:
        return made
    _market(made, number)
    if number(0, 2) == 2:
        made.opening["reserve:receivable:A"] = Money(-number(1, 5_000))
    adjustments = tuple(_adjustment(made, n, choose, number) for n in range(number(0, 5)))
    corrected = {key: value + number(-9, 9) for key, value in facts.items() if number(0, 3) == 0}
    return replace(
        made,
        adjustments=adjustments,
        corrected=corrected if choose("corrected", ("", "yes")) else {},
        concerned=None if choose("concerned", ("", "yes")) else frozenset({"0000", "0002", "A"}),
    )


def _somebody(made: World, who: str, place: int, choose: Choose, number, *, exact: bool, months: bool) -> None:
    """A person in one post or two, with figures, scores and balances."""
    heads, weights = ("no", "no", "yes"), ("0", "1", "2", "13")
    for _ in range(1 if exact else int(choose("posts", ("1", "1", "2")))):
        first, last = date.min, date.max
        if not exact and choose("days", ("all", "all", "some")) == "some":
            first, last = sorted(date.fromordinal(date(2025, 3, 20).toordinal() + number(0, 150)) for _ in "12")
        attributes = {
            "head": choose("head", heads if exact else (*heads * 3, "")),
            "weight": choose("weight", weights if exact else (*weights * 3, "")),
            "category": choose("category", ("doctor", "nurse", "admin", "doctor")),
            "bonus_choice": choose("bonus_choice", ("", "alone", "merged")),
        }
        owner = OWNERS[place % 2] if exact else choose("parent", ("A", "B", "A1", "B1", "T1", "A", "B"))
        made.segments.append(Segment(who, "person", "doctor", owner, first, last, attributes))
    reported = {"nights": 5, "entered_yuan": 300, "entered_points": 9}
    if months:
        reported |= {"insurance_base": 300, "base_pay": 90, "allowance": 9, "special": 40, "annuity": 9, "dues": 3}
    for measure, most in reported.items():
        if exact or number(0, 7):
            made.facts[FactKey(who, measure, made.period)] = Fraction(number(0, most))
            if made.period.kind != "month":
                made.facts[FactKey(who, measure, made.period.months()[0])] = Fraction(number(0, most))
    for item in () if exact else ("ecg", "ct"):
        if number(0, 2):
            made.facts[FactKey(who, "operations", made.period, item)] = Fraction(number(0, 4))
    for scheme in "s" if exact else choose("schemes", ("", *"sssstt", "st")):
        total = (Fraction(59), Fraction(60), Fraction(92))[number(0, 2)] if exact or number(0, 7) else None
        made.cards[scheme, who] = CardFigures(total, forfeits_pay=number(0, 11) == 9)
    for account in (f"held:{who}", f"reserve:year_end:{who}"):
        if number(0, 1):
            made.opening[account] = Money(number(0, 5_000))
    if months and number(0, 2) == 2:
        made.opening[f"reserve:receivable:{who}"] = Money(-number(0, 9_000))
    made.odd_fen[who] = number(0, 3)


def _market(made: World, number) -> None:
    """What A and B report that they did for each other."""
    for subject, other in (("A", "B"), ("B", "A")):
        for measure in ("rendered", "obtained"):
            for item in ("ecg", "ct"):
                if number(0, 2):
                    made.facts[FactKey(subject, measure, made.period, item, other)] = Fraction(number(0, 40))


def _adjustment(made: World, n: int, choose: Choose, number) -> Adjustment:
    kind = choose("adjustment", KINDS)
    account = (
        "" if kind in ("hold", "release", "return", "collect") else choose("account", (*ACCOUNTS, *ACCOUNTS[-1:] * 5))
    )
    is_all = kind in ("hold", "stop", "release", "collect", "write_off") and number(0, 2)
    is_small = kind in ("hold", "stop", "release") or number(0, 1)
    amount = None if is_all else Money(number(1, 9_000) // (40 if is_small else 1) + 1)
    subject = choose("subject", (*("0000", "0001", "0002") * 3, "x"))
    first = {"collect": "reserve:receivable:", "write_off": "reserve:receivable:", "release": "held:"}.get(kind)
    known = [one.removeprefix(first) for one in made.opening if one.startswith(first)] if first else []
    if known and number(0, 2):
        subject = known[0]
    return Adjustment(f"A{n + 1}", kind, subject, amount, "一次性", account, "补", "甲文", "hr")
