"""Documents of a run: scorecards, entries and paths with their explanations as JSON, and back to the same values.

A document keeps each explanation node, title, source and rule once; everything else points to it by its position.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from perf.distribution.models import Entry, PathStep, Working
from perf.formulas.nodes import NO_RULE, Absent, Node, RuleRef, Value
from perf.kernel.facts import NO_SOURCE, FactKey, FactSource
from perf.kernel.issues import Issue, Place
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text
from perf.scoring.models import Scorecard, ScoreItem

Json = Any


@dataclass(frozen=True, slots=True)
class SubjectDocument:
    """All that a run says about one subject; path steps with their positions in the ledger.

    The last four are of the document of the run itself: issues of scoring and of distribution, refused distributions
    with their owners, and how many subjects no scheme is for.
    """

    subject: str
    cards: tuple[Scorecard, ...] = ()
    entries: tuple[Entry, ...] = ()
    path: tuple[tuple[int, PathStep], ...] = ()
    issues: tuple[Issue, ...] = ()
    ledger_issues: tuple[Issue, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    left_out: int = 0


@dataclass(slots=True)
class _Pool:
    """What is written once: each list in the order of first use."""

    texts: dict[tuple[str, str], int] = field(default_factory=dict)
    sources: dict[FactSource, int] = field(default_factory=dict)
    rules: dict[RuleRef, int] = field(default_factory=dict)
    nodes: list[Json] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    same: dict[tuple[Any, ...], int] = field(default_factory=dict)
    kept: list[Node] = field(default_factory=list)

    def text(self, text: Text | None) -> int:
        return -1 if text is None else self.texts.setdefault((text.zh, text.en), len(self.texts))

    def source(self, source: FactSource) -> int:
        return -1 if source == NO_SOURCE else self.sources.setdefault(source, len(self.sources))

    def rule(self, rule: RuleRef) -> int:
        return -1 if rule == NO_RULE else self.rules.setdefault(rule, len(self.rules))

    def node(self, node: Node | None) -> int:
        if node is None:
            return -1
        position = self.seen.get(id(node))
        if position is None:
            inputs = [self.node(child) for child in node.inputs]
            label, source, rule = self.text(node.label), self.source(node.source), self.rule(node.rule)
            # equal nodes are one node, whoever made them: the same document always gives the same bytes
            key = (node.op, type(node.value), node.value, tuple(inputs), label, source, rule, node.unit)
            position = self.seen[id(node)] = self.same.setdefault(key, len(self.nodes))
            if position == len(self.nodes):
                tail = [source, rule, node.unit]
                row = [node.op, write_value(node.value), inputs, label]
                self.nodes.append(row if tail == [-1, -1, ""] else row + tail)
            self.kept.append(node)  # an id stays one node's as long as the node lives
        return position


def write_document(document: SubjectDocument) -> Json:
    """The document as JSON values; the same document gives the same JSON."""
    pool = _Pool()
    body = {
        "subject": document.subject,
        "cards": [_write_card(pool, card) for card in document.cards],
        "entries": [_write_entry(pool, entry) for entry in document.entries],
        "path": [[position, *_write_step(pool, step)] for position, step in document.path],
        "issues": [_write_issue(pool, issue) for issue in document.issues],
        "ledger_issues": [_write_issue(pool, issue) for issue in document.ledger_issues],
        "failed": [list(pair) for pair in document.failed],
        "left_out": document.left_out,
    }
    return {
        **body,
        "format": 1,
        "texts": [list(text) for text in pool.texts],
        "sources": [list(source) for source in pool.sources],
        "rules": [list(rule) for rule in pool.rules],
        "nodes": pool.nodes,
    }


def read_document(json: Json) -> SubjectDocument:
    """The document that `write_document` wrote.

    Raises:
        ValueError, KeyError, IndexError, TypeError: what is not such a document.
    """
    book = _Book(json)
    return SubjectDocument(
        json["subject"],
        tuple(_read_card(book, card) for card in json["cards"]),
        tuple(_read_entry(book, entry) for entry in json["entries"]),
        tuple((step[0], _read_step(book, step[1:])) for step in json["path"]),
        tuple(_read_issue(book, issue) for issue in json["issues"]),
        tuple(_read_issue(book, issue) for issue in json["ledger_issues"]),
        tuple((code, owner) for code, owner in json["failed"]),
        json["left_out"],
    )


def write_value(value: Value | None) -> Json:
    """Integers as themselves, other fractions as [numerator, denominator], text, booleans, absences as objects."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else [value.numerator, value.denominator]
    if isinstance(value, Absent):
        keys = [[*key[:2], str(key.period), *key[3:]] for key in value.keys]
        return {"absent": value.reason, "keys": keys, "note": [value.note.zh, value.note.en]}
    return value


def read_value(json: Json) -> Value | None:
    """The value that `write_value` wrote."""
    if isinstance(json, list):
        return Fraction(json[0], json[1])
    if isinstance(json, dict):
        keys = tuple(FactKey(s, m, parse_period(p), i, c) for s, m, p, i, c in json["keys"])
        return Absent(json["absent"], keys, Text(*json["note"]))
    return Fraction(json) if type(json) is int else json


class _Book:
    """The shared lists of a document, made into values once; nodes stand after their inputs."""

    __slots__ = ("nodes", "rules", "sources", "texts")

    def __init__(self, json: Json) -> None:
        self.texts: list[Text | None] = [*(Text(*text) for text in json["texts"]), None]  # -1 is the last
        self.sources = [*(FactSource(*source) for source in json["sources"]), NO_SOURCE]
        self.rules = [*(RuleRef(*rule) for rule in json["rules"]), NO_RULE]
        self.nodes: list[Node] = []
        for op, value, inputs, label, *rest in json["nodes"]:
            source, rule, unit = rest or (-1, -1, "")
            children = tuple(self.nodes[i] for i in inputs)
            found: Any = read_value(value)
            node = Node(op, found, children, self.texts[label], self.sources[source], self.rules[rule], unit)
            self.nodes.append(node)

    def text(self, position: int) -> Text:
        text = self.texts[position]
        if text is None:
            raise ValueError("a text is missing")
        return text


def _number(json: Json) -> Fraction | None:
    found = read_value(json)
    if found is None or isinstance(found, Fraction):
        return found
    raise ValueError("not a number")


def _certain(json: Json) -> Fraction:
    found = _number(json)
    if found is None:
        raise ValueError("a number is missing")
    return found


def _write_card(pool: _Pool, card: Scorecard) -> Json:
    return [
        card.scheme,
        pool.text(card.title),
        card.subject,
        str(card.period),
        [_write_item(pool, item) for item in card.items],
        write_value(card.exact),
        write_value(card.total),
        card.grade,
        card.rank,
        card.rank_of,
        write_value(card.coefficient),
        card.status,
        card.reason,
        card.forfeits_pay,
        list(card.outcomes),
        pool.node(card.node),
        pool.rule(card.rule),
    ]


def _read_card(book: _Book, json: Sequence[Json]) -> Scorecard:
    scheme, title, subject, period, items, exact, total, grade, rank, rank_of, coefficient, *rest = json
    status, reason, forfeits, outcomes, node, rule = rest
    return Scorecard(
        scheme,
        book.text(title),
        subject,
        parse_period(period),
        tuple(_read_item(book, item) for item in items),
        _number(exact),
        _number(total),
        grade,
        rank,
        rank_of,
        _number(coefficient),
        status,
        reason,
        forfeits,
        tuple(outcomes),
        book.nodes[node],
        book.rules[rule],
    )


def _write_item(pool: _Pool, item: ScoreItem) -> Json:
    return [
        item.type,
        item.item,
        pool.text(item.title),
        item.parent,
        write_value(item.value),
        item.value_unit,
        write_value(item.points),
        write_value(item.out_of),
        write_value(item.weight),
        write_value(item.score),
        item.status,
        item.reason,
        item.target,
        pool.node(item.node),
        pool.rule(item.rule),
    ]


def _read_item(book: _Book, json: Sequence[Json]) -> ScoreItem:
    kind, code, title, parent, value, unit, points, out_of, weight, score, *rest = json
    status, reason, target, node, rule = rest
    return ScoreItem(
        kind,
        code,
        book.text(title),
        parent,
        read_value(value),
        unit,
        _number(points),
        _certain(out_of),
        _number(weight),
        _number(score),
        status,
        reason,
        target,
        book.nodes[node],
        book.rules[rule],
    )


def _write_entry(pool: _Pool, entry: Entry) -> Json:
    working = entry.working
    return [
        entry.number,
        str(entry.period),
        entry.distribution,
        entry.owner,
        entry.step,
        entry.line,
        entry.source,
        entry.target,
        entry.amount.fen,
        pool.text(entry.explanation),
        pool.rule(entry.rule),
        None if working is None else _write_working(pool, working),
        entry.claimant,
        entry.status,
    ]


def _read_entry(book: _Book, json: Sequence[Json]) -> Entry:
    number, period, distribution, owner, step, line, source, target, fen, explanation, rule, *rest = json
    working, claimant, status = rest
    return Entry(
        number,
        parse_period(period),
        distribution,
        owner,
        step,
        line,
        source,
        target,
        Money(fen),
        book.text(explanation),
        book.rules[rule],
        None if working is None else _read_working(book, working),
        claimant,
        status,
    )


def _write_working(pool: _Pool, working: Working) -> Json:
    return [
        list(working.part),
        working.part_amount.fen,
        pool.node(working.claim),
        write_value(working.claims_sum),
        working.claimants,
        write_value(working.quota),
        None if working.floor is None else working.floor.fen,
        None if working.cap is None else working.cap.fen,
        working.odd_fen,
    ]


def _read_working(book: _Book, json: Sequence[Json]) -> Working:
    part, amount, claim, claims_sum, claimants, quota, floor, cap, odd_fen = json
    return Working(
        tuple(part),
        Money(amount),
        book.nodes[claim],
        _certain(claims_sum),
        claimants,
        _certain(quota),
        None if floor is None else Money(floor),
        None if cap is None else Money(cap),
        odd_fen,
    )


def _write_step(pool: _Pool, step: PathStep) -> Json:
    amounts = [step.before.fen, step.out.fen, step.after.fen]
    node = pool.node(step.node)
    return [step.distribution, step.owner, step.step, pool.text(step.title), list(step.part), *amounts, node]


def _read_step(book: _Book, json: Sequence[Json]) -> PathStep:
    distribution, owner, step, title, part, before, out, after, node = json
    return PathStep(
        distribution,
        owner,
        step,
        book.text(title),
        tuple(part),
        Money(before),
        Money(out),
        Money(after),
        None if node < 0 else book.nodes[node],
    )


def _write_issue(pool: _Pool, issue: Issue) -> Json:
    place = issue.place
    texts = [pool.text(issue.found), pool.text(issue.expected), pool.text(issue.hint)]
    where = [place.file, place.sheet, place.cell, place.line, place.column]
    return [issue.code, where, texts, issue.severity, issue.subject]


def _read_issue(book: _Book, json: Sequence[Json]) -> Issue:
    code, where, (found, expected, hint), severity, subject = json
    place = Place(*where)
    return Issue(code, place, book.text(found), book.text(expected), book.text(hint), severity, subject)


def write_issues(issues: Iterable[Issue]) -> Json:
    """Issues by themselves (of an import), as a document without cards."""
    return write_document(SubjectDocument("", issues=tuple(issues)))
