"""Documents of a run: scorecards, entries and paths with their explanations as JSON, and back to the same values.

A document keeps each explanation node, title, source and rule once; everything else points to it by its position.
Records are written by the fields of their class, whose names stand in the document: a field that is added later has its
default in older documents.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from fractions import Fraction
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from perf.distribution.models import Entry, PathStep
from perf.formulas.nodes import NO_RULE, Absent, Node, RuleRef, Value
from perf.kernel.facts import NO_SOURCE, FactKey, FactSource
from perf.kernel.irrational import BITS_MAX, is_too_large
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.scoring.models import Scorecard
from perf.storage.canonical import canonical_json

FORMAT = 1
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


def document_text(document: SubjectDocument) -> str:
    """The document as canonical JSON; the same document gives the same text."""
    pool = _Pool()
    body = _record(SubjectDocument).write(pool, document)
    kinds = {name: list(names) for name, names in pool.fields.items()}
    before = canonical_json({"body": body, "fields": kinds, "format": FORMAT})
    after = canonical_json({"rules": list(pool.rules), "sources": list(pool.sources), "texts": list(pool.texts)})
    return f'{before[:-1]},"nodes":[{",".join(pool.nodes)}],{after[1:]}'


def read_document(json: Json) -> SubjectDocument:
    """The document that `document_text` wrote, parsed.

    Raises:
        ValueError, KeyError, IndexError, TypeError: what is not such a document.
    """
    document = _record(SubjectDocument).read(_Book(json), json["body"])
    if not isinstance(document, SubjectDocument):
        raise TypeError("not a document")
    return document


def issues_text(issues: Iterable[Issue]) -> str:
    """Issues by themselves (of an import), as a document without cards."""
    return document_text(SubjectDocument("", issues=tuple(issues)))


def write_value(value: Value | None) -> Json:
    """Integers as themselves, other fractions as [numerator, denominator], text, booleans, absences as objects.

    Fractions of more than 14,000 bits as [numerator, denominator] in hexadecimal text.
    """
    if isinstance(value, Fraction):
        if is_too_large(value):
            return [hex(value.numerator), hex(value.denominator)]
        return value.numerator if value.denominator == 1 else [value.numerator, value.denominator]
    if isinstance(value, Absent):
        keys = [[*key[:2], str(key.period), *key[3:]] for key in value.keys]
        return {"absent": value.reason, "keys": keys, "note": [value.note.zh, value.note.en]}
    return value


def read_value(json: Json) -> Any:
    """The value that `write_value` wrote."""
    if isinstance(json, list):
        above, below = (int(one, 16) if isinstance(one, str) else one for one in json)
        return Fraction(above, below)
    if isinstance(json, dict):
        keys = tuple(FactKey(s, m, parse_period(p), i, c) for s, m, p, i, c in json["keys"])
        return Absent(json["absent"], keys, Text(*json["note"]))
    return Fraction(json) if type(json) is int else json


@dataclass(slots=True)
class _Pool:
    """What is written once, each in the order of first use; nodes as canonical JSON, after their inputs."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[tuple[str, str], int] = field(default_factory=dict)
    sources: dict[FactSource, int] = field(default_factory=dict)
    rules: dict[RuleRef, int] = field(default_factory=dict)
    nodes: dict[str, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)

    def text(self, text: Text | None) -> int:
        return -1 if text is None else self.texts.setdefault((text.zh, text.en), len(self.texts))

    def source(self, source: FactSource) -> int:
        return -1 if source == NO_SOURCE else self.sources.setdefault(source, len(self.sources))

    def rule(self, rule: RuleRef) -> int:
        return -1 if rule == NO_RULE else self.rules.setdefault(rule, len(self.rules))

    def node(self, node: Node) -> int:
        position = self.seen.get(id(node))  # the document holds its nodes, so that an id stays one node's
        if position is not None:
            return position
        op, value, inputs, label, source, rule, unit = node
        children = ",".join([str(self.node(child)) for child in inputs]) if inputs else ""
        text = -1 if label is None else self.text(label)
        where = -1 if source is NO_SOURCE else self.source(source)
        which = -1 if rule is NO_RULE else self.rule(rule)
        rest = "" if where == which == -1 and not unit else f",{where},{which},{_quoted(unit)}"
        row = f"[{_quoted(op)},{_value_text(value)},[{children}],{text}{rest}]"
        # equal nodes are one node, whoever made them: the same document always gives the same bytes
        position = self.seen[id(node)] = self.nodes.setdefault(row, len(self.nodes))
        return position


@lru_cache(maxsize=1024)
def _quoted(word: str) -> str:
    return canonical_json(word)


def _value_text(value: Value) -> str:
    """`write_value` as canonical JSON."""
    if type(value) is Fraction:
        above, below = value.as_integer_ratio()
        if above.bit_length() <= BITS_MAX and below.bit_length() <= BITS_MAX:
            return str(above) if below == 1 else f"[{above},{below}]"
    return _quoted(value) if type(value) is str else canonical_json(write_value(value))


class _Book:
    """The shared lists of a document, made into values once; nodes stand after their inputs."""

    __slots__ = ("fields", "nodes", "rules", "sources", "texts")

    def __init__(self, json: Json) -> None:
        self.fields: dict[str, list[str]] = json["fields"]
        self.texts: list[Text | None] = [*(Text(*text) for text in json["texts"]), None]  # -1 is the last
        self.sources = [*(FactSource(*source) for source in json["sources"]), NO_SOURCE]
        self.rules = [*(RuleRef(*rule) for rule in json["rules"]), NO_RULE]
        self.nodes: list[Node] = []
        for op, value, inputs, label, *rest in json["nodes"]:
            source, rule, unit = rest or (-1, -1, "")
            children = tuple(self.nodes[i] for i in inputs)
            where, which = self.sources[source], self.rules[rule]
            self.nodes.append(Node(op, read_value(value), children, self.texts[label], where, which, unit))


class _Form(NamedTuple):
    """How values of one type are written and read."""

    write: Callable[[_Pool, Any], Json]
    read: Callable[[_Book, Json], Any]


_AS_IT_IS = _Form(lambda _pool, value: value, lambda _book, json: json)
_VALUE = _Form(lambda _pool, value: write_value(value), lambda _book, json: read_value(json))
_FORMS: dict[Any, _Form] = {
    str: _AS_IT_IS,
    int: _AS_IT_IS,
    bool: _AS_IT_IS,
    Fraction: _VALUE,
    Money: _Form(lambda _pool, money: money.fen, lambda _book, fen: Money(fen)),
    Period: _Form(lambda _pool, period: str(period), lambda _book, text: parse_period(text)),
    Text: _Form(lambda pool, text: pool.text(text), lambda book, position: book.texts[position]),
    Node: _Form(lambda pool, node: pool.node(node), lambda book, position: book.nodes[position]),
    RuleRef: _Form(lambda pool, rule: pool.rule(rule), lambda book, position: book.rules[position]),
}


@cache
def _form(kind: Any) -> _Form:
    """The form of a type: of the list above, a record, a tuple, a choice of values, or one of these or nothing."""
    if kind in _FORMS:
        return _FORMS[kind]
    arguments = get_args(kind)
    if get_origin(kind) is Literal:
        return _AS_IT_IS
    if get_origin(kind) is tuple:
        return _many(arguments[0]) if arguments[1:] == (Ellipsis,) else _several(arguments)
    if get_origin(kind) in (Union, UnionType):
        if Absent in arguments:
            return _VALUE
        return _or_nothing(arguments)
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, tuple)):
        return _record(kind)
    raise TypeError(f"no form for {kind}")


def _many(kind: Any) -> _Form:
    write, read = _form(kind)
    return _Form(
        lambda pool, values: [write(pool, value) for value in values],
        lambda book, json: tuple([read(book, value) for value in json]),
    )


def _several(kinds: tuple[Any, ...]) -> _Form:
    forms = [_form(kind) for kind in kinds]
    return _Form(
        lambda pool, values: [form.write(pool, value) for form, value in zip(forms, values, strict=True)],
        lambda book, json: tuple([form.read(book, value) for form, value in zip(forms, json, strict=True)]),
    )


def _or_nothing(kinds: tuple[Any, ...]) -> _Form:
    (kind,) = (kind for kind in kinds if kind is not NoneType)
    write, read = _form(kind)
    return _Form(
        lambda pool, value: None if value is None else write(pool, value),
        lambda book, json: None if json is None else read(book, json),
    )


@cache
def _record(cls: Any) -> _Form:
    """The form of a dataclass or a named tuple: a list of its fields, whose names stand in the document."""
    hints = get_type_hints(cls)
    names, optional = _fields_of(cls)
    forms = {name: _form(hints[name]) for name in names}
    values, writers = attrgetter(*names), [form.write for form in forms.values()]

    def write(pool: _Pool, record: Any) -> Json:
        pool.fields[cls.__name__] = names
        return [write_field(pool, value) for write_field, value in zip(writers, values(record), strict=True)]

    def read(book: _Book, json: Json) -> Any:
        written = book.fields[cls.__name__]
        if not set(names) <= set(written) | optional:
            raise ValueError(f"a field of {cls.__name__} is missing")
        given = zip(written, json, strict=True)
        return cls(**{name: forms[name].read(book, value) for name, value in given if name in forms})

    return _Form(write, read)


def _fields_of(cls: Any) -> tuple[tuple[str, ...], set[str]]:
    """The names of the fields of a record (two or more), and of those that have defaults."""
    if issubclass(cls, tuple):
        return cls._fields, set(cls._field_defaults)
    own = [f for f in fields(cls) if f.metadata.get("stored", True)]
    optional = {f.name for f in own if f.default is not MISSING or f.default_factory is not MISSING}
    return tuple(f.name for f in own), optional
