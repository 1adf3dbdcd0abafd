"""From a month's results to one person's statement: who, scores, and from the pool to the pay, line by line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from perf.appraisal.adjusted_pay import adjusted_block, is_adjustment, returned, standing_notes
from perf.appraisal.change_reasons import MonthBefore, change_text, reasons, score_change_text
from perf.appraisal.corrected_pay import corrected_block
from perf.appraisal.figure_text import clause, origin_of
from perf.appraisal.item_words import item_titles
from perf.appraisal.pay_lines import gives_back, is_own_reserve, part_words, path_line, pay_line
from perf.appraisal.peer_standing import Points
from perf.appraisal.prose import in_prose, prose
from perf.appraisal.rule_words import word
from perf.appraisal.scorecard_view import scorecard_view
from perf.appraisal.statement_code import Sealed, statement_code
from perf.appraisal.statement_comparisons import Comparisons
from perf.appraisal.views import PayBlock, ScorecardView, StatementView, TakeHome, TrendPoint
from perf.distribution import Entry, Ledger, PathStep, accounts
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.distribution.adjustments import RETURNED
from perf.distribution.corrections import CORRECTION
from perf.kernel.money import ZERO, Money, total
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Lang, Text
from perf.scoring import Scores
from perf.specs.fitting import whole_first
from perf.specs.models import RuleBook


@dataclass(frozen=True, slots=True)
class RunHeader:
    """Which run a statement belongs to."""

    run: str
    state: str
    engine: str
    digest: str
    consortium: str


@dataclass(frozen=True, slots=True)
class PersonHistory:
    """What earlier published months of the year say of one person; `trend` holds twelve months, gaps open."""

    trend: tuple[TrendPoint, ...] = ()
    year_to_date_before: Money = ZERO
    previous_pay: Money | None = None
    previous_total: str | None = None


_LANGS: tuple[Lang, Lang] = ("zh", "en")
_TURN = {CORRECTION: 1, ADJUSTMENT: 2}
"""What stands behind the distributions on a statement."""
_NO_HISTORY: Mapping[str, PersonHistory] = MappingProxyType({})
_NOTHING_BEFORE: Mapping[str, MonthBefore] = MappingProxyType({})


@dataclass(slots=True)
class Statements:
    """All statements of one run, made one by one; indexes the ledger and the scorecards once.

    `before`: what the month before gave each. `peer_points`: by scheme, of everybody; None: `scores` holds everybody.
    """

    book: RuleBook
    roster: Roster
    period: Period
    scores: Scores
    ledger: Ledger
    header: RunHeader
    histories: Mapping[str, PersonHistory] = field(default_factory=lambda: _NO_HISTORY)
    take_home: Mapping[str, TakeHome] = field(default_factory=dict)
    before: Mapping[str, MonthBefore] = field(default_factory=lambda: _NOTHING_BEFORE)
    peer_points: Mapping[str, Points] | None = None
    _entries: dict[str, list[Entry]] = field(default_factory=dict)
    _path: dict[tuple[str, str], list[PathStep]] = field(default_factory=dict)
    _cards: dict[str, list[str]] = field(default_factory=dict)
    _views: dict[tuple[str, str], ScorecardView] = field(default_factory=dict)
    _comparisons: Comparisons = field(init=False)
    _items: Mapping[str, Text] = field(init=False)

    def __post_init__(self) -> None:
        self._comparisons = Comparisons(self.book, self.roster, self.period, self.scores, self.peer_points)
        self._items = item_titles(self.book.lists.values())
        for entry in self.ledger.entries:
            if owner := _holder(entry):
                self._entries.setdefault(owner, []).append(entry)
        for step in self.ledger.path:
            self._path.setdefault((step.distribution, step.owner), []).append(step)
        for scheme, subject in self.scores.cards:
            self._cards.setdefault(subject, []).append(scheme)

    def of_others(
        self,
        scores: Scores,
        ledger: Ledger,
        *,
        histories: Mapping[str, PersonHistory],
        take_home: Mapping[str, TakeHome],
        before: Mapping[str, MonthBefore],
    ) -> "Statements":
        """The same run for other people; the cards of institutions and the groups of peers are not worked out again."""
        told = (self.header, histories, take_home, before, self.peer_points)
        others = Statements(self.book, self.roster, self.period, scores, ledger, *told)
        others._comparisons, others._views = self._comparisons, self._views
        return others

    def subjects(self, level: str = "person") -> list[str]:
        """Everybody of a level who is in the roster of the period or has money, sorted."""
        return subjects_of(self.roster, self.period, self._entries.keys() | self._cards.keys(), level)

    def scorecards(self, subject: str) -> tuple[ScorecardView, ...]:
        """The scorecards of one subject, that of the whole before those of its posts, with what stands beside them."""
        entries = self._entries.get(subject, ())
        keys = [(scheme, subject) for scheme in self._schemes(subject)]
        cards = [self.scores.cards[key] for key in keys]
        views = [scorecard_view(card, self.book, self.roster) for card in cards]
        return tuple(self._comparisons.beside(*pair, entries) for pair in zip(cards, views, strict=True))

    def _schemes(self, subject: str) -> Sequence[str]:
        return whole_first(self.book, self._cards.get(subject, ()), self.period)

    def _house_card(self, scheme: str, subject: str) -> ScorecardView:
        """The card of an institution, which stands on the statements of all its people."""
        key = (scheme, subject)
        if key not in self._views:
            self._views[key] = scorecard_view(self.scores.cards[key], self.book, self.roster)
        return self._views[key]

    def pay_blocks(self, subject: str) -> tuple[PayBlock, ...]:
        """What each distribution gave one person or institution, with the way from the pool."""
        grouped: dict[tuple[str, str], list[Entry]] = {}
        for entry in self._entries.get(subject, ()):
            grouped.setdefault((entry.distribution, entry.owner), []).append(entry)
        ordered = sorted(grouped.items(), key=lambda row: (_TURN.get(row[0][0], 0), row[0]))
        return tuple(self._block(distribution, owner, rows) for (distribution, owner), rows in ordered)

    def _block(self, distribution: str, owner: str, rows: Sequence[Entry]) -> PayBlock:
        if distribution == ADJUSTMENT:
            return adjusted_block(rows, owner, self.name(owner))
        if distribution == CORRECTION:
            return corrected_block(rows, owner, self.name(owner))
        rule = self.book.distributions[distribution]
        parts = {row.working.part for row in rows if row.working is not None}
        path = [
            step
            for step in self._path.get((distribution, owner), ())
            if not step.part or any(part[: len(step.part)] == step.part for part in parts)
        ]
        if not any(step.before or step.out for step in path):
            path = []
        lines = tuple(pay_line(row, self._items) for row in rows)
        version = rule.version(self.period)
        words = dict(part_words(version.steps, self.book)) if version is not None else {}
        return PayBlock(
            distribution=distribution,
            title=prose(rule.title),
            owner=owner,
            owner_name=self.name(owner),
            path=tuple(path_line(step, words, self._items) for step in path),
            lines=lines,
            total=total(line.amount for line in lines if line.status == "paid"),
            rule=_rule_text(rule.ref(version)) if version is not None else distribution,
            origin=prose(origin_of(version.dated if version is not None else None)),
        )

    def _held(self, subject: str) -> Money:
        account = f"held:{subject}"
        rows = self._entries.get(subject, ())
        kept = total((e.amount if e.target == account else -e.amount) for e in rows if account in (e.target, e.source))
        burden = total(e.amount for e in rows if e.source == account and e.is_held_burden)
        return max(kept, -burden)

    def name(self, subject: str) -> str:
        """The name people know a subject by."""
        segment = self.roster.at(subject, self.period)
        if segment is None:
            segments = self.roster.all_segments(subject)
            segment = segments[-1] if segments else None
        return segment.title if segment is not None else subject

    def account_title(self, account: str) -> Text:
        """What a declared account is called."""
        declared = self.book.accounts.get(account)
        return declared.title if declared is not None else Text(account)

    def place(self, staff_no: str) -> tuple[str, str]:
        """The institution and the department that a person's statement names; both empty for one not on the roster."""
        segment = self._segment(staff_no)
        if segment is None:
            return "", ""
        institution = self.roster.ancestor(staff_no, "institution", self.period) or segment.parent
        return institution, segment.attribute("department") or ""

    def _segment(self, staff_no: str) -> Segment | None:
        """Where a person stands in the period: at its end, else at the end of what the roster knows."""
        at_end = self.roster.at(staff_no, self.period)
        if at_end is not None:
            return at_end
        segments = self.roster.segments(staff_no, self.period) or self.roster.all_segments(staff_no)
        return segments[-1] if segments else None

    def view(self, staff_no: str) -> StatementView | None:
        """One person's statement; None where the roster does not know the person."""
        segment = self._segment(staff_no)
        if segment is None:
            return None
        segments = self.roster.segments(staff_no, self.period) or self.roster.all_segments(staff_no)
        institution, department = self.place(staff_no)
        history = self.histories.get(staff_no, PersonHistory())
        blocks = self.pay_blocks(staff_no)
        held = self._held(staff_no)
        pay = total(block.total for block in blocks)
        owners = dict.fromkeys([institution, *(block.owner for block in blocks)])
        cards = self.scorecards(staff_no)
        houses = tuple(self._house_card(scheme, owner) for owner in owners for scheme in self._schemes(owner))
        sealed = Sealed(self.header.run, self.header.digest, staff_no, (*cards, *houses), blocks, pay, held)
        category = segment.attribute("category") or segment.kind
        return StatementView(
            staff_no=staff_no,
            name=segment.title,
            institution=institution,
            institution_name=self.name(institution),
            department=department,
            post=segment.attribute("post") or "",
            title=segment.attribute("title") or "",
            category=category,
            consortium_name=self.name(self.header.consortium),
            period=str(self.period),
            period_title=Text(self.period.zh(), str(self.period)),
            run=self.header.run,
            state=self.header.state,
            engine=self.header.engine,
            digest=self.header.digest,
            scorecards=cards,
            institution_scorecards=houses,
            pay=blocks,
            total_pay=pay,
            held=held,
            year_to_date=history.year_to_date_before + pay - returned(blocks),
            previous_pay=history.previous_pay,
            previous_total=history.previous_total,
            trend=(*history.trend, TrendPoint(str(self.period), trend_label(self.period), _total(cards), pay)),
            notes=(
                *_notes(blocks, len(segments), self.period),
                *_tenure(segments if segment.level == "person" else (), self.period),
                *standing_notes(staff_no, held, self.ledger.balances),
            ),
            rules=_rules(cards, blocks),
            category_title=self._category(segment),
            take_home=self.take_home.get(staff_no),
            code=statement_code(sealed),
            change=self._change(staff_no, pay, history.previous_pay),
            level=segment.level,
        )

    def _category(self, segment: Segment) -> Text:
        """The category of a person, or what kind of institution it is, in words."""
        if category := segment.attribute("category"):
            return self.book.value_title("category", category)
        declared = self.book.value_titles.get("kind", {}).get(segment.kind)
        return declared or Text(*(word("kind", segment.kind, lang) for lang in _LANGS))

    def _change(self, staff_no: str, pay: Money, previous: Money | None) -> tuple[Text, ...]:
        """Why the pay is another than last month's; nothing where last month is not known."""
        before = self.before.get(staff_no)
        if before is None or previous is None:
            return ()
        paid = [_paid_to(staff_no, rows) for rows in (before.entries, self._entries.get(staff_no, ()))]
        told = [change_text(pay, previous, reasons(paid[0], paid[1], pay - previous))]
        first = next(iter(self._schemes(staff_no)), "")
        score = score_change_text(before.cards.get(first), self.scores.cards.get((first, staff_no)))
        return (*told, score) if score.zh else tuple(told)


def subjects_of(roster: Roster, period: Period, known: Collection[str], level: str = "person") -> list[str]:
    """Everybody of a level who is in the roster of the period, or was and is among the `known`, sorted."""
    found = []
    for subject in roster.ids():
        segment = roster.at(subject, period)
        past = subject in known and any(s.level == level for s in roster.all_segments(subject))
        if past if segment is None else segment.level == level:
            found.append(subject)
    return found


def _paid_to(person: str, entries: Sequence[Entry]) -> list[tuple[Entry, Money]]:
    """The entries that move a person's own account, with what each adds to it."""
    own = accounts.person(person)
    moved = [entry for entry in entries if own in (entry.source, entry.target) and entry.status != RETURNED]
    return [(entry, entry.amount if entry.target == own else -entry.amount) for entry in moved]


def _holder(entry: Entry) -> str:
    """Whose statement an entry stands on: the person or institution at its far end."""
    if is_adjustment(entry):
        return entry.claimant
    for account in (entry.target, entry.source):
        kind, _, name = account.partition(":")
        if kind in ("person", "held"):
            return name
    own = (f"institution:{entry.claimant}", entry.target if is_own_reserve(entry) else "")
    is_own = entry.target in own or entry.source == own[0] or gives_back(entry)
    return entry.claimant if entry.claimant and is_own else ""


def _total(cards: Sequence[ScorecardView]) -> str | None:
    return next((card.total for card in cards if card.status in ("scored", "vetoed", "filled")), None)


def _rule_text(ref: tuple[str, str, str, str]) -> str:
    code, version, document, text = ref
    return in_prose(" ".join(part for part in (code, version, clause(document, text)) if part))


def _rules(cards: Sequence[ScorecardView], blocks: Sequence[PayBlock]) -> tuple[str, ...]:
    rows = [f"{card.rule} {card.clause}".strip() for card in cards] + [block.rule for block in blocks if block.rule]
    return tuple(dict.fromkeys(rows))


def trend_label(period: Period) -> str:
    """A period under the drawing of a trend."""
    return f"{period.number}月" if period.kind == "month" else period.zh()


def _tenure(segments: Sequence[Segment], period: Period) -> tuple[Text, ...]:
    """Who came or left within the period, or had left before it."""
    if not segments:
        return ()
    first, last = min(one.first_day for one in segments), max(one.last_day for one in segments)
    notes = []
    if period.first_day < first <= period.last_day:
        notes.append(Text(f"{_day(first)}到岗。", f"Began on {first}."))
    if last < period.last_day:
        notes.append(Text(f"任职到{_day(last)}为止。", f"In post until {last}."))
    return tuple(notes)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _notes(blocks: Sequence[PayBlock], segments: int, period: Period) -> tuple[Text, ...]:
    notes: list[Text] = []
    when = Text("本月", "this month") if period.kind == "month" else Text(period.zh(), str(period))
    if not blocks:
        notes.append(Text(f"{when.zh}没有参加分配。", f"No distribution in {when.en}."))
    if any(line.status == "held" for block in blocks for line in block.lines):
        notes.append(Text("有金额暂存，待数据补齐后发放。", "An amount is held until the data are complete."))
    if segments > 1:
        notes.append(
            Text(
                f"{when.zh}有 {segments} 段任职，按各段天数计算。",
                f"{segments} segments in {when.en}, each by its days.",
            )
        )
    return tuple(notes)
