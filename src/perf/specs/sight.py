"""One subject in one period as formulas see it: names, members, peers, parent, owner, items, tables."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perf.formulas.nodes import Absent, Node, RuleRef
from perf.formulas.scope import Scope
from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.specs.dated_models import value_in
from perf.specs.measured import fact_node
from perf.specs.models import DatedValue, ItemList, Measure
from perf.specs.named_curves import NO_CURVES, Curves, on_named_curve

if TYPE_CHECKING:
    from perf.specs.world import World

Parameters = Mapping[str, tuple[DatedValue, ...]]
Tables = Mapping[str, Mapping[str, Fraction]]


PeerValue = Callable[[str, Period], Node]
"""The value of a peer, of the indicator in work, in any period (`peers.value@previous`)."""
OwnValue = Callable[[Period], Node]
Balances = Callable[[str], Node]


class Payments(Protocol):
    """What a distribution sees of the payments of the ledger; `to_date`: from the start of the year on."""

    def __call__(self, subject: str, line: str, period: Period, *, to_date: bool) -> Node:
        """What `subject` was paid under `line`, yuan."""
        ...


_NO_NODES: Mapping[str, Node] = MappingProxyType({})
_NO_TITLES: Mapping[str, Text] = MappingProxyType({})
_NO_SIDES: Mapping[str, Scope] = MappingProxyType({})
_PARAMETER = Text("参数", "parameter")
_ON_LIST = Text("目录中的", "the list's")


class Setting(NamedTuple):
    """What the rule in work brings along, for the subject and for all that are seen from it."""

    parameters: Parameters
    tables: Tables
    assume: Mapping[str, Fraction]
    balance: Balances | None
    titles: Mapping[str, Text] = _NO_TITLES
    lower_is_better: bool = False
    curves: Curves = NO_CURVES
    paid: Payments | None = None

    def title(self, name: str) -> Text:
        """The title of a parameter or table, its name where none is given."""
        return self.titles.get(name) or Text(name)


class SubjectScope:
    """One subject in one period; made by `World.scope`."""

    __slots__ = (
        "_members",
        "_names",
        "_own_value",
        "_owner",
        "_peer_value",
        "_peers",
        "_segment",
        "_setting",
        "_sides",
        "_value",
        "_world",
        "period",
        "subject",
    )

    def __init__(self, world: "World", subject: str, period: Period, setting: Setting) -> None:
        self._world, self.subject, self.period, self._setting = world, subject, period, setting
        self._value: PeerValue | None = None
        self._names: Mapping[str, Node] = _NO_NODES
        self._segment: Segment | None = None
        self._members: Sequence[str] | None = None
        self._owner: str | Scope | None = None
        self._sides: Mapping[str, Scope] = _NO_SIDES
        self._peers: Sequence[str] = ()
        self._peer_value: PeerValue | None = None
        self._own_value: OwnValue | None = None

    def look(
        self,
        *,
        names: Mapping[str, Node] = _NO_NODES,
        segment: Segment | None = None,
        members: Sequence[str] | None = None,
        owner: str | Scope | None = None,
        sides: Mapping[str, Scope] = _NO_SIDES,
    ) -> None:
        """Set what is seen besides rules, roster and facts."""
        self._names, self._segment, self._members, self._owner = names, segment, members, owner
        self._sides = sides

    def compare(self, peers: Sequence[str], value: PeerValue | None, own: OwnValue | None = None) -> None:
        """Set the peer group and its values of the indicator in work, and the subject's own value in any period."""
        self._peers, self._peer_value, self._own_value = peers, value, own

    def name(self, code: str, period: Period) -> Node:
        """A local, parameter, measure or attribute, in this order; see `Scope.name`."""
        local = self._names.get(code)
        if local is not None and period == self.period:
            return local
        parameter = self._setting.parameters.get(code)
        if parameter is not None:
            return _parameter(code, parameter, period, self._setting.title(code))
        if code == "value" and self._own_value is not None:
            return self._own_value(period)
        if code == "value" and self._value is not None:
            return self._value(self.subject, period)
        measure = self._world.measures.get(code)
        if measure is None:
            segment = self._segment if period == self.period else None
            return self._world.attribute(self.subject, code, period, segment)
        node = self._world.measured.value(self.subject, measure, period)
        return self._assumed(measure, node) if self._setting.assume else node

    def year_to_date(self, code: str, period: Period) -> Node:
        """A measure from the start of the year on; nothing else adds up over months."""
        measure = self._world.measures.get(code)
        if measure is None or code in self._names or code in self._setting.parameters:
            note = Text(f"“{code}”没有年初至今的累计", f"“{code}” has no year to date")
            return Node("name", Absent("not_allowed", (), note), (), Text(code))
        return self._assumed(measure, self._world.measured.year_to_date(self.subject, measure, period))

    def _assumed(self, measure: Measure, node: Node) -> Node:
        """A value that the rule writes out for what nobody reported: 未报,按 0 计."""
        amount = self._setting.assume.get(measure.code)
        if amount is None or not isinstance(node.value, Absent) or node.value.reason != "missing":
            return node
        if measure.unit == "wan_yuan":
            amount = amount * 10_000
        return Node("policy", amount, (node._replace(op="fact", inputs=()),), measure.title, unit=measure.unit)

    def knows(self, code: str) -> bool:
        """Whether `code` names something here."""
        return code in self._names or code in self._setting.parameters or self._world.knows(code)

    def members(self) -> "Sequence[SubjectScope]":
        """The subjects directly below; what stands in departments and teams counts as standing directly below too."""
        ids = self._members if self._members is not None else self._directly_below()
        return [self._other(member) for member in ids]

    def _directly_below(self) -> list[str]:
        roster, period = self._world.roster, self.period
        found: set[str] = set()
        queue, seen = [self.subject], {self.subject}
        while queue:
            for child in roster.children(queue.pop(), period):
                segment = roster.at(child, period)
                if segment is None or segment.level not in ("department", "team"):
                    found.add(child)
                elif child not in seen:
                    seen.add(child)
                    queue.append(child)
        return sorted(found)

    def peers(self) -> "Sequence[SubjectScope]":
        """The peer group, this subject included; each knows its `value` of the indicator in work."""
        scopes = [self._other(peer) for peer in self._peers]
        for scope in scopes:
            scope._value = self._peer_value  # noqa: SLF001  # of the same class
        return scopes

    def parent(self) -> "SubjectScope | None":
        """The subject above, by the segment in work."""
        segment = self._segment or self._world.roster.at(self.subject, self.period)
        return self._other(segment.parent) if segment is not None and segment.parent else None

    def owner(self) -> Scope | None:
        """Whose money is distributed."""
        return self._other(self._owner) if isinstance(self._owner, str) else self._owner

    def side(self, who: str) -> Scope | None:
        """The `provider` or `receiver` of the service that is priced."""
        return self._sides.get(who)

    def _other(self, subject: str) -> "SubjectScope":
        return SubjectScope(self._world, subject, self.period, self._setting)

    def lower_is_better(self) -> bool:
        """By the direction of the indicator in work."""
        return self._setting.lower_is_better

    def score(self, schemes: Sequence[str], period: Period) -> Node:
        """The total of exactly one of `schemes`."""
        return self._world.score(self.subject, schemes, period)

    def items(self, measure: str, period: Period) -> Sequence[Scope]:
        """One scope per itemised fact."""
        rule = self._world.measures.get(measure)
        if rule is None:
            return ()
        facts = self._world.facts.itemised(self.subject, rule.code, period)
        return [_ItemScope(self, rule, fact) for fact in facts]

    def balance(self, account: str) -> Node:
        """The balance of an account, where a distribution is at work."""
        if self._setting.balance is None:
            return Node("balance", Absent("not_allowed", (), Text("这里没有账户余额", "there are no balances here")))
        return self._setting.balance(account)

    def paid(self, line: str, period: Period, *, to_date: bool) -> Node:
        """What the ledger paid this subject, where a distribution is at work."""
        if self._setting.paid is None:
            return Node("paid", Absent("not_allowed", (), Text("这里没有已发金额", "there are no payments here")))
        return self._setting.paid(self.subject, line, period, to_date=to_date)

    def table(self, name: str, key: Node) -> Node:
        """A named curve at `key`, or the row of a table for it; a row that is not there is `not_allowed` and says so."""
        curve = self._setting.curves.get(name)
        if curve is not None:
            return on_named_curve(name, curve, key, self)
        value, title = key.value, self._setting.title(name)
        if isinstance(value, Absent):
            return Node("table", value, (key,), title)
        text = exact_text(value) if isinstance(value, Fraction) else str(value)
        number = self._setting.tables.get(name, {}).get(text)
        if number is None:
            note = Text(f"表“{name}”没有“{text}”一行", f"table “{name}” has no row “{text}”")
            return Node("table", Absent("not_allowed", (), note), (key,), title)
        return Node("table", number, (key,), title)


def listed_item(rows: ItemList, code: str, period: Period) -> Mapping[str, Node]:
    """`item.x` of an item of a list as names: its attributes as of the first day of the period; empty: not listed."""
    item = rows.items.get(code)
    if item is None:
        return _NO_NODES
    titles = {name: rows.titles.get(name) or Text(name) for name in item.attributes}
    return {
        f"item.{name}": _parameter(name, dated, period, titles[name], _ON_LIST)
        for name, dated in item.attributes.items()
    }


class _ItemScope(SubjectScope):
    """One itemised fact: its quantity, the attributes of its item in the lists, other measures of the same item."""

    __slots__ = ("_fact", "_measure")

    def __init__(self, seen_from: SubjectScope, measure: Measure, fact: Fact) -> None:
        super().__init__(seen_from._world, seen_from.subject, seen_from.period, seen_from._setting)  # noqa: SLF001
        self.look(names=seen_from._names, segment=seen_from._segment, owner=seen_from._owner)  # noqa: SLF001
        self._measure, self._fact = measure, fact

    def name(self, code: str, period: Period) -> Node:
        """`item.x` of the item or of another measure of it, the quantity under the measure's name, anything else as the subject sees it."""
        if code.startswith("item."):
            return self._of_item(code.removeprefix("item."), period)
        if self._world.measures.get(code) is self._measure:
            return fact_node(self._fact, self._measure)
        return super().name(code, period)

    def _of_item(self, attribute: str, period: Period) -> Node:
        code = self._fact.key.item
        lists = self._world.book.lists
        named = lists.get(self._measure.code)
        for one in (named,) if named is not None else lists.values():
            item = one.items.get(code)
            if item is not None and attribute in item.attributes:
                own = one.titles.get(attribute) or Text(attribute)
                title = Text(f"{item.title.zh}·{own.zh}", f"{item.title.in_lang('en')} · {own.in_lang('en')}")
                return _parameter(attribute, item.attributes[attribute], period, title, _ON_LIST)
        measure = self._world.measures.get(attribute)
        if measure is not None:
            return self._beside(measure)
        note = Text(f"明细项“{code}”没有“{attribute}”", f"item “{code}” has no “{attribute}”")
        return Node("name", Absent("not_allowed", (), note), (), Text(attribute))

    def _beside(self, measure: Measure) -> Node:
        """What another measure says of the same item (and counterparty)."""
        key = self._fact.key._replace(measure=measure.code)
        fact = self._world.facts.get(key)
        if fact is not None:
            return fact_node(fact, measure)
        return Node("fact", Absent("missing", (key,)), (), measure.title, unit=measure.unit)


def _parameter(code: str, values: Sequence[DatedValue], period: Period, title: Text, kind: Text = _PARAMETER) -> Node:
    """The value in force on the first day of the period; `kind`: what it is called where it has none."""
    dated = value_in(values, period)
    if dated is not None:
        unit = "percent" if dated.text.rstrip().endswith("%") else ""
        source = dated.source
        version = dated.first_day.strftime("%Y-%m") if dated.first_day else "始"
        rule = RuleRef(code, version, source.document if source else "", source.clause if source else "")
        return Node("name", dated.value, (), title, rule=rule, unit=unit)
    behind = f"({code})" if title.zh != code else ""
    note = Text(
        f"{kind.zh}“{title.zh}”{behind}在 {period} 没有值",
        f"{kind.in_lang('en')} “{title.in_lang('en')}” {behind + ' ' if behind else ''}has no value in {period}",
    )
    return Node("name", Absent("not_allowed", (), note), (), title)
