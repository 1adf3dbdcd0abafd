"""What the formulas of a distribution see: the owner's side and each claimant's side."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from perf.distribution import bands
from perf.distribution.claimants import Claimant, Post
from perf.formulas import Formula, Scope, as_number, evaluate, references
from perf.formulas.nodes import Absent, Node
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.kernel.text import Lang, Text
from perf.specs.models import Distribution, DistributionVersion, RuleBook
from perf.specs.named_values import named_order, names_needed
from perf.specs.sight import Payments, Setting, SubjectScope
from perf.specs.world import World

Locals = Mapping[str, Node]
Claims = Mapping[str, Node]
"""What each of the others claims in a step."""
_NO_CLAIMS: Claims = MappingProxyType({})
_NO_LOCALS: Locals = MappingProxyType({})
FUND = Text("资金总额", "fund")
REST = Text("此时余额", "what is left")
COUNT = Text("参与人数", "claimants")
_WORDS = {
    "fund": FUND,
    "rest": REST,
    "count": COUNT,
    "score": Text("得分", "score"),
    "coefficient": Text("系数", "coefficient"),
    "grade": Text("等次", "grade"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
}
_SIGNS = {" == ": " = ", " != ": " ≠ ", " >= ": " ≥ ", " <= ": " ≤ ", " and ": " 且 ", " or ": " 或 "}
_OWN = frozenset({"score", "coefficient", "grade", "in_post", "fund", "rest", "count"})
"""What a claimant has of its own, or a part has, besides the roster."""
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class ItemTitle(NamedTuple):
    """An item (with its counterparty) of a list, and how people call it."""

    code: str
    title: Text


class Seen(NamedTuple):
    """What a claimant's formula gave; `stood_in`: only with the score that stands in for a missing one."""

    node: Node
    stood_in: bool = False

    @property
    def number(self) -> Fraction | None:
        """The exact number, or None where there is none."""
        return self.node.value if isinstance(self.node.value, Fraction) else None


class Sight:
    """Evaluates one distribution's formulas for one owner."""

    def __init__(
        self,
        world: World,
        rule: Distribution,
        version: DistributionVersion,
        *,
        owner: str,
        period: Period,
        balance: Callable[[str], Node],
        paid: Payments,
    ) -> None:
        self.world, self.rule, self.version = world, rule, version
        self.owner, self.period, self.paid = owner, period, paid
        self._setting = Setting(
            version.parameters, version.tables, {}, balance, version.titles, curves=version.curves, paid=paid
        )
        self.let: dict[str, Node] = {}
        for name in named_order(version):
            if name not in version.each:
                self.let[name] = self._named(name, self._owner_scope({}))
        self._as_owner = self._owner_scope({})
        self._needed: dict[int, tuple[str, ...]] = {}
        self._told_by: dict[int, tuple[str, ...] | None] = {}
        self._held: dict[tuple[int, str, tuple[str | None, ...]], bool] = {}

    def of_owner(self, formula: Formula, names: Locals) -> Node:
        """A number as the owner sees it."""
        return as_number(evaluate(formula, self._owner_scope(names)))

    def of_sides(self, formula: Formula, names: Locals, provider: str, receiver: str) -> Node:
        """A number as the owner sees it, with the two sides of a service in sight."""
        scope = self._owner_scope(names)
        scope.look(
            names={**self.let, **names}, sides={"provider": self._seen(provider), "receiver": self._seen(receiver)}
        )
        return as_number(evaluate(formula, scope))

    def of_claimant(
        self, formula: Formula, claimant: Claimant, post: Post, names: Locals, claims: Claims = _NO_CLAIMS
    ) -> Seen:
        """A number as the claimant sees it in one post; with the stand-in score only where there is none without it.

        `claims`: what the others claim in the step in work.
        """
        seen = self._twice(formula, claimant, post, names, claims)
        return Seen(as_number(seen.node), seen.stood_in)

    def items(self, measure: str, claimant: Claimant) -> list[ItemTitle]:
        """The items that the claimant has of `measure`, in the order of `of_items`."""
        keys = [fact.key for fact in self.world.facts.itemised(claimant.subject, measure, self.period)]
        codes = ["/".join(filter(None, (key.item, key.counterparty))) for key in keys]
        return [
            ItemTitle(code, _item_title(self.world.book, measure, key.item))
            for code, key in zip(codes, keys, strict=True)
        ]

    def of_items(self, formula: Formula, measure: str, claimant: Claimant, post: Post, names: Locals) -> list[Seen]:
        """A number for each itemised fact of `measure`; with the stand-in score only where there is none without it."""
        found = [Seen(node) for node in self._of_items(formula, measure, claimant, post, {**names, **post.figures})]
        if post.stand_in is None or all(seen.number is not None for seen in found):
            return found
        second = self._of_items(formula, measure, claimant, post, {**names, **post.stand_in})
        return [
            Seen(node, stood_in=True) if seen.number is None and isinstance(node.value, Fraction) else seen
            for seen, node in zip(found, second, strict=True)
        ]

    def _of_items(self, formula: Formula, measure: str, claimant: Claimant, post: Post, names: Locals) -> list[Node]:
        known = self._with_own_names(formula, claimant, post, names)
        rows = self._claimant_scope(claimant, post, known).items(measure, self.period)
        return [as_number(evaluate(formula, row)) for row in rows]

    def holds(self, condition: Formula, claimant: Claimant, post: Post, names: Locals) -> bool | Absent:
        """Whether a condition is true of the claimant in one post, or why nobody can tell."""
        key = self._alike(condition, post.segment)
        if key is not None and key in self._held:
            return self._held[key]
        value = self._twice(condition, claimant, post, names).node.value
        if isinstance(value, bool):
            if key is not None:
                self._held[key] = value
            return value
        if isinstance(value, Absent):
            return value
        return Absent("not_allowed", (), Text("条件不是“是或否”", "not a condition"))

    def is_out(self, condition: Formula, segment: Segment) -> bool:
        """Whether the condition is known to be false of a segment, because it was of another just like it."""
        key = self._alike(condition, segment)
        return key is not None and self._held.get(key) is False

    def _alike(self, condition: Formula, segment: Segment) -> tuple[int, str, tuple[str | None, ...]] | None:
        """What segments have in common for which the condition gives the same; None: it looks at more than the roster."""
        if id(condition) not in self._told_by:
            self._told_by[id(condition)] = self._attributes_in(condition)
        codes = self._told_by[id(condition)]
        if codes is None:
            return None
        return id(condition), segment.parent, tuple([segment.attribute(code) for code in codes])

    def _attributes_in(self, condition: Formula) -> tuple[str, ...] | None:
        """The attributes of a claimant that tell whether a condition holds, whoever has them; None: more does."""
        found = list[str]()
        for one in references(condition):
            if one.kind == "parent":
                continue  # the unit of the segment, or the owner
            code = self.world.attribute_code(one.name) or one.name
            is_own = one.name in self.version.each or code in _OWN or one.name in self.world.measures
            if one.kind != "name" or one.shift or is_own:
                return None
            found.append(code)
        return tuple(sorted(found))

    def in_words(self, formula: Formula) -> Text:
        """The formula's text with the titles of what it names."""
        book = self.world.book
        words = {**{code: m.title for code, m in book.measures.items()}, **self.world.attributes, **_WORDS}
        words |= {code: title for titles in book.value_titles.values() for code, title in titles.items()}
        words |= self.version.titles
        words |= {code: curve.title for code, curve in self.version.curves.items() if curve.title.zh}

        def title(lang: Lang) -> str:
            return _NAME.sub(lambda m: words[m[0]].in_lang(lang) if m[0] in words else m[0], formula.text)

        zh = title("zh")
        for sign, shown in _SIGNS.items():
            zh = zh.replace(sign, shown)
        return Text(zh, title("en"))

    def _twice(
        self, formula: Formula, claimant: Claimant, post: Post, names: Locals, claims: Claims = _NO_CLAIMS
    ) -> Seen:
        node = self._once(formula, claimant, post, {**names, **post.figures}, claims)
        if isinstance(node.value, Absent) and post.stand_in is not None:
            second = self._once(formula, claimant, post, {**names, **post.stand_in}, claims)
            if not isinstance(second.value, Absent):
                return Seen(second, stood_in=True)
        return Seen(node)

    def _once(self, formula: Formula, claimant: Claimant, post: Post, names: Locals, claims: Claims) -> Node:
        """The formula with the claimant's own named values that it needs."""
        known = self._with_own_names(formula, claimant, post, names)
        return evaluate(formula, self._claimant_scope(claimant, post, known, claims))

    def _with_own_names(self, formula: Formula, claimant: Claimant, post: Post, names: Locals) -> dict[str, Node]:
        known = dict(names)
        for name in self._own_names(formula) if self.version.each else ():
            known[name] = self._named(name, self._claimant_scope(claimant, post, known))
        return known

    def _own_names(self, formula: Formula) -> tuple[str, ...]:
        """Those of the names `for: each` that `formula` needs, in order."""
        known = self._needed.get(id(formula))
        if known is None:
            needed = names_needed(self.version, (formula,))
            known = self._needed[id(formula)] = tuple(name for name in needed if name in self.version.each)
        return known

    def _named(self, name: str, scope: Scope) -> Node:
        """A `let` name or bands as `scope` sees them."""
        version = self.version
        if name in version.let:
            node = evaluate(version.let[name], scope)
        else:
            node = bands.value_of(version.bands[name], lambda formula: as_number(evaluate(formula, scope)))
        return Node("name", node.value, (node,), version.titles.get(name) or Text(name), unit=node.unit)

    def _owner_scope(self, names: Locals) -> SubjectScope:
        return self._seen(self.owner, names)

    def _seen(self, subject: str, names: Locals = _NO_LOCALS) -> SubjectScope:
        scope = SubjectScope(self.world, subject, self.period, self._setting)
        scope.look(names={**self.let, **names})
        return scope

    def _claimant_scope(self, claimant: Claimant, post: Post, names: Locals, claims: Claims = _NO_CLAIMS) -> Scope:
        scope = SubjectScope(self.world, claimant.subject, self.period, self._setting)
        known = {**self.let, **names, "in_post": post.in_post}
        scope.look(names=known, segment=post.segment, owner=self._as_owner)
        scope.compare(tuple(claims), lambda subject, _: claims[subject])
        return scope


def _item_title(book: RuleBook, measure: str, code: str) -> Text:
    """The title of an item in the list of the measure, else in any list, else its code."""
    named = book.lists.get(measure)
    for one in (named,) if named is not None else book.lists.values():
        if code in one.items:
            return one.items[code].title
    return Text(code)


def money_node(amount: Money, label: Text) -> Node:
    """An amount of money as formulas see it: yuan."""
    return Node("name", amount.yuan, (), label, unit="yuan")


def count_node(count: int) -> Node:
    """The number of claimants of a part."""
    return Node("name", Fraction(count), (), COUNT)
