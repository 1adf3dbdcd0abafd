"""`settle-forecast`: what a fund will have spent by the end of the year, and what the settlement would give each member.

The settlement goes through its own rule and the rules that hand on what it gives, three times: with the low, the expected
and the high spending of the year in the place of the figures that nobody knows yet. Nothing is stored.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.month import card_figures, distributions_of
from perf.appraisal.spending_forecast import SpendingForecast, Way, forecast_spending
from perf.distribution import CardFigures, Ledger, distribute
from perf.distribution.paid import receiver
from perf.kernel.errors import NotFound, WrongUse
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring import score
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.run_inputs import RunInputs, facts_now, load_inputs
from perf.specs.formulas_of import distribution_formulas
from perf.specs.measured import Measured
from perf.specs.models import Measure, RuleBook
from perf.specs.order import distribution_order, feeders
from perf.specs.use import measures_of
from perf.storage import history
from perf.storage.history import PastTotal
from perf.storage.store import Connection, Store

_WAN = 10_000
WAYS: tuple[Way, ...] = ("low", "expected", "high")


@dataclass(frozen=True, slots=True)
class SpendingPart:
    """A monthly measure of spending, and the yearly measure of the settlement that it ends up in."""

    monthly: str
    yearly: str


@dataclass(frozen=True, slots=True)
class MemberShare:
    """One member: its present score and from when it is, and what it would get (below zero: owes)."""

    subject: str
    name: str
    score: Fraction | None
    scored: Text
    low: Money
    expected: Money
    high: Money


@dataclass(frozen=True, slots=True)
class Settled:
    """The settlement under one spending: `fund` None: the rule refused it, `issues` say why."""

    spending: Fraction
    fund: Money | None
    issues: tuple[Issue, ...]
    explained: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class SettleForecast:
    """The answer; `low`, `expected`, `high` are those of the spending: low spending leaves the most.

    `is_overspent`: the fund would be below zero even if nothing more were spent. `then`: the titles of the rules that hand
    on what the settlement gives, in order.
    """

    consortium: str
    period: Period
    rule: str
    then: tuple[Text, ...]
    title: Text
    measures: tuple[Measure, ...]
    spending: SpendingForecast
    low: Settled
    expected: Settled
    high: Settled
    is_overspent: bool
    members: tuple[MemberShare, ...]


def settle_forecast(
    store: Store,
    book: RuleBook,
    *,
    actor: Actor,
    consortium: str,
    through: Period,
    spending: Sequence[SpendingPart],
    rule: str | None = None,
) -> SettleForecast:
    """Forecast the settlement of the year that `through` lies in.

    Args:
        through: The last month that is over.
        spending: Monthly measures of the consortium that add up to its spending (inside, outside the county …), each with
            the yearly measure of the settlement that takes it. Where there are several yearly ones, the year's spending is
            divided among them as it is so far.
        rule: Code of the settlement; None: the one yearly distribution in use that looks at all of the yearly measures.
    Raises:
        NotFound: no month is reported, or the consortium is not on the roster.
        WrongUse: measures or rule that are not there, not unique, or not of this kind.
    """
    actor.require(consortium)
    period = through.within("year")
    wholes = tuple(dict.fromkeys(one.yearly for one in spending))
    code = _settlement(book, period, wholes, rule)
    measures = tuple(_measure(book, one.monthly) for one in spending)
    chain = _chain(book, period, code)
    with collector_paused(), store.read() as connection:
        inputs = load_inputs(connection, actor.viewer, book, consortium, period)
        if consortium not in inputs.roster:
            raise NotFound(Text(f"花名册中没有医共体 {consortium}", f"no consortium {consortium} on the roster"))
        asked = {measure.code: 1 for measure in measures}
        monthly = facts_now(connection, actor.viewer, asked, consortium, period)
        before = _last_totals(connection, actor, consortium, period)
    this_year, last_year = (
        _by_month(inputs, monthly, consortium, measures, year) for year in (period.year, period.year - 1)
    )
    try:
        expected = forecast_spending(this_year, last_year, through.number)
    except ValueError as error:
        raise NotFound(
            Text(
                f"{consortium} {period.year} 年到 {through.number} 月还没有报支出",
                f"no spending of {consortium} in {period.year} up to month {through.number}",
            )
        ) from error
    cards, scored = _present(inputs, period, chain, before)
    known = [Period(period.year, "month", one.month) for one in expected.months if one.spent is not None]
    shares = _shares(inputs, monthly, consortium, spending, known)
    asking = _Settling(inputs, period, chain, cards, shares, consortium)
    amounts = {way: expected.whole(way) for way in WAYS}
    ledgers = {way: asking.settle(amount) for way, amount in amounts.items()}
    settled = {way: _settled(ledgers[way], amounts[way], consortium, code) for way in WAYS}
    already = _settled(asking.settle(expected.spent), expected.spent, consortium, code).fund
    return SettleForecast(
        consortium=consortium,
        period=period,
        rule=code,
        then=tuple(book.distributions[one].title for one in chain if one != code),
        title=book.distributions[code].title,
        measures=measures,
        spending=expected,
        low=settled["low"],
        expected=settled["expected"],
        high=settled["high"],
        is_overspent=already is not None and already < ZERO,
        members=tuple(_members(inputs, period, ledgers, cards, scored)),
    )


def _settlement(book: RuleBook, period: Period, wholes: Sequence[str], rule: str | None) -> str:
    unknown = next((one for one in wholes if one not in book.measures), None)
    if unknown is not None:
        raise WrongUse(Text(f"没有数据项 {unknown}", f"no measure {unknown}"))
    found = [
        code
        for code in distributions_of(book, period)
        if set(wholes) <= set(measures_of(book, *distribution_formulas(book.distributions[code])))
    ]
    if rule is not None and rule in found:
        return rule
    if rule is None and len(found) == 1:
        return found[0]
    if rule is None and not found:
        raise _nothing_looks_at(book, period, wholes)
    named = "、".join(found) or "—", ", ".join(found) or "—"
    asked = "、".join(wholes), ", ".join(wholes)
    raise WrongUse(
        Text(
            f"{period} 年度分配中看“{asked[0]}”的有:{named[0]};用 --rule 指定其中一个",
            f"yearly distributions of {period} that look at {asked[1]}: {named[1]}; name one with --rule",
        )
    )


def _nothing_looks_at(book: RuleBook, period: Period, wholes: Sequence[str]) -> WrongUse:
    """Says which yearly amounts the rules in use look at instead, and how to name them."""
    amounts: dict[str, list[str]] = {}
    for rule in distributions_of(book, period):
        for code in measures_of(book, *distribution_formulas(book.distributions[rule])):
            measure = book.measures[code]
            is_amount = measure.unit in ("yuan", "wan_yuan") and measure.period == "year"
            if is_amount and measure.level == "consortium" and code not in amounts.setdefault(rule, []):
                amounts[rule].append(code)
    told = {rule: sorted(codes) for rule, codes in amounts.items() if codes}
    zh = ";".join(f"{rule}:{'、'.join(codes)}" for rule, codes in told.items()) or "没有"
    en = "; ".join(f"{rule}: {', '.join(codes)}" for rule, codes in told.items()) or "none"
    return WrongUse(
        Text(
            f"{period} 没有年度分配规则看“{'、'.join(wholes)}”。各规则看的全年金额:{zh}。"
            "用 --spending 按月数据项=全年数据项 指明支出归哪一个(可写几次),如 --spending fund_outlay_in_county=spending_in_county",
            f"no yearly distribution of {period} looks at {', '.join(wholes)}. Yearly amounts that they look at: {en}. "
            "Say --spending MONTHLY=YEARLY (several times if need be), as in "
            "--spending fund_outlay_in_county=spending_in_county",
        )
    )


def _chain(book: RuleBook, period: Period, code: str) -> tuple[str, ...]:
    """The settlement and the rules that hand on what it gives, in order; what fills accounts without it stays away."""
    usual, before = distributions_of(book, period), feeders(book)
    chain = {code}
    while more := {one for one in usual if one not in chain and before[one] & chain}:
        chain |= more
    return distribution_order(book, sorted(chain))


def _measure(book: RuleBook, code: str) -> Measure:
    measure = book.measures.get(code)
    if measure is None or measure.period != "month" or measure.unit not in ("yuan", "wan_yuan"):
        raise WrongUse(Text(f"{code} 不是按月的金额数据项", f"{code} is no monthly measure of money"))
    return measure


def _by_month(
    inputs: RunInputs, facts: Facts, consortium: str, measures: Sequence[Measure], year: int
) -> dict[int, Fraction]:
    """Month -> yuan of all measures together; a month that lacks one of them is not known."""
    measured = Measured(inputs.roster, facts)
    found: dict[int, Fraction] = {}
    for month in Period(year, "year").months():
        values = [measured.value(consortium, measure, month).value for measure in measures]
        known = [value for value in values if isinstance(value, Fraction)]
        if known and len(known) == len(values):
            found[month.number] = sum(known, Fraction(0))
    return found


def _shares(
    inputs: RunInputs,
    facts: Facts,
    consortium: str,
    spending: Sequence[SpendingPart],
    known: Sequence[Period],
) -> dict[str, Fraction]:
    """Yearly measure -> its share of the year's spending: what it is of the known months."""
    measured, spent = Measured(inputs.roster, facts), dict[str, Fraction]()
    for part in spending:
        values = [measured.value(consortium, inputs.book.measures[part.monthly], month).value for month in known]
        own = sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
        spent[part.yearly] = spent.get(part.yearly, Fraction(0)) + own
    whole = sum(spent.values(), Fraction(0))
    return {code: amount / whole if whole else Fraction(1, len(spent)) for code, amount in spent.items()}


def _last_totals(
    connection: Connection, actor: Actor, consortium: str, period: Period
) -> dict[tuple[str, str], PastTotal]:
    """(scheme, subject) -> the newest total of a year that was published."""
    found: dict[tuple[str, str], PastTotal] = {}
    for past in history.past_totals(connection, actor.viewer, consortium, period):
        key = (past.scheme, past.subject)
        if past.total is not None and (key not in found or found[key].period < past.period):
            found[key] = past
    return found


def _present(
    inputs: RunInputs, period: Period, codes: Sequence[str], before: Mapping[tuple[str, str], PastTotal]
) -> tuple[dict[tuple[str, str], CardFigures], dict[str, Text]]:
    """The present score of every member: of this year as far as it can be scored already, else the newest published one."""
    used = dict.fromkeys(one for code in codes for one in inputs.book.distributions[code].uses_score)
    schemes = [one for one in used if one in inputs.book.schemes]
    scores = score(inputs.book, inputs.roster, inputs.facts, period, schemes, totals=inputs.prior.totals)
    cards, told = dict(card_figures(scores.cards)), dict[str, Text]()
    for key, card in cards.items():
        if card.total is not None:
            told[key[1]] = Text(f"{period.year} 年目前得分", f"score of {period.year} so far")
        elif key in before:
            past = before[key]
            cards[key] = CardFigures(total=past.total, coefficient=past.coefficient, grade=past.grade, status="scored")
            told[key[1]] = Text(f"{past.period.year} 年得分", f"score of {past.period.year}")
        else:
            told[key[1]] = Text("还没有得分,按规则暂计", "no score yet: as the rule says")
    return cards, told


@dataclass(frozen=True, slots=True)
class _Settling:
    """The settlement by its own rules, asked with one spending after the other."""

    inputs: RunInputs
    period: Period
    rules: tuple[str, ...]
    cards: Mapping[tuple[str, str], CardFigures]
    shares: Mapping[str, Fraction]
    consortium: str

    def settle(self, spending: Fraction) -> Ledger:
        """With `spending` yuan in the place of the yearly figures."""
        inputs = self.inputs
        return distribute(
            inputs.book,
            inputs.roster,
            inputs.facts.changed([self._fact(code, spending * share) for code, share in self.shares.items()]),
            self.period,
            self.rules,
            cards=self.cards,
            opening=inputs.prior.opening,
            odd_fen_received=inputs.prior.odd_fen_received,
            last_scores=inputs.prior.last_scores,
            paid=inputs.prior.paid,
        )

    def _fact(self, code: str, yuan: Fraction) -> Fact:
        wan = self.inputs.book.measures[code].unit == "wan_yuan"
        return Fact(FactKey(self.consortium, code, self.period), yuan / _WAN if wan else yuan)


def _settled(ledger: Ledger, spending: Fraction, consortium: str, code: str) -> Settled:
    fund = [
        one for one in ledger.path if one.owner == consortium and one.step == "00-fund" and one.distribution == code
    ]
    explained = {entry.claimant: entry.explanation for entry in ledger.entries if entry.claimant}
    wrong = tuple(issue for issue in ledger.issues if issue.is_error)
    return Settled(spending, fund[0].before if fund else None, wrong, explained)


def _members(
    inputs: RunInputs,
    period: Period,
    ledgers: Mapping[Way, Ledger],
    cards: Mapping[tuple[str, str], CardFigures],
    scored: Mapping[str, Text],
) -> list[MemberShare]:
    totals = {subject: card.total for (_, subject), card in cards.items() if card.total is not None}
    got = {way: _received(ledger) for way, ledger in ledgers.items()}
    found = []
    for subject in sorted({one for fen in got.values() for one in fen}):
        segment = inputs.roster.at(subject, period)
        amounts = [Money(got[way].get(subject, 0)) for way in WAYS]
        told = scored.get(subject) or Text("不看得分", "no score asked")
        name = segment.title if segment is not None else subject
        found.append(MemberShare(subject, name, totals.get(subject), told, *amounts))
    return found


def _received(ledger: Ledger) -> Counter[str]:
    """Claimant -> what came into accounts of its own, held back or not."""
    fen = Counter[str]()
    for entry in ledger.entries:
        if entry.claimant and entry.amount != ZERO:
            for account, amount in ((entry.target, entry.amount.fen), (entry.source, -entry.amount.fen)):
                own = account.removeprefix("held:") if account.startswith("held:") else receiver(account)
                if own == entry.claimant:
                    fen[own] += amount
        elif entry.claimant:
            fen[entry.claimant] += 0
    return fen
