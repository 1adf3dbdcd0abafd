"""What formulas see: rules, roster, facts and totals together."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from perf.formulas.nodes import Absent, Node
from perf.formulas.scope import Scope
from perf.kernel.facts import FactKey, Facts
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.measured import Measured
from perf.specs.models import Measure, RuleBook
from perf.specs.named_curves import NO_CURVES, Curves
from perf.specs.sight import Balances, OwnValue, Parameters, Payments, PeerValue, Setting, SubjectScope, Tables

Totals = Mapping[tuple[str, str, Period], Node]

ATTRIBUTES: Mapping[str, Text] = MappingProxyType(
    {
        "subject": Text("编号", "code"),
        "level": Text("层级", "level"),
        "kind": Text("类型", "kind"),
        "parent": Text("上级", "parent"),
        "tier": Text("层次", "tier"),
        "category": Text("人员类别", "category"),
        "title": Text("职称", "title"),
        "post": Text("岗位", "post"),
        "head": Text("负责人", "head"),
        "fte": Text("折算人数", "FTE"),
        "in_post": Text("在岗比例", "share of days in post"),
        "department": Text("科室", "department"),
        "name": Text("名称", "name"),
        "class": Text("等级", "class"),
    }
)
"""Attributes that are known without declaration, with their titles."""

_LENGTH: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}
_NO_NODES: Mapping[str, Node] = MappingProxyType({})
_NO_TITLES: Mapping[str, Text] = MappingProxyType({})
_NO_PARAMETERS: Parameters = MappingProxyType({})
_NO_TABLES: Tables = MappingProxyType({})
_NO_ASSUMPTIONS: Mapping[str, Fraction] = MappingProxyType({})


class World:
    """Rules, roster, facts and totals of one run; every measured value is worked out once and kept.

    Args:
        totals: (scheme, subject, period) -> the total as a node; may grow while scoring goes on.
    """

    def __init__(self, book: RuleBook, roster: Roster, facts: Facts, totals: Totals) -> None:
        self.book, self.roster, self.facts, self.totals = book, roster, facts, totals
        self.measured = Measured(roster, facts)
        self.attributes: dict[str, Text] = {**ATTRIBUTES, **book.attributes}
        for segment in roster:
            for name in segment.attributes:
                if name not in self.attributes:
                    self.attributes[name] = Text(name)
        self.measures: dict[str, Measure] = dict(book.measures)
        """Measures by code and by unique Chinese title."""
        self._attribute_codes = {code: code for code in self.attributes}
        self._add_titles()
        self._attribute_nodes: dict[tuple[str, str, Period], Node] = {}

    def _add_titles(self) -> None:
        """Unique Chinese titles stand for their measures and attributes; a code wins over a title."""
        codes_of: dict[str, list[str]] = {}
        for code, measure in self.book.measures.items():
            codes_of.setdefault(measure.title.zh, []).append(code)
        for code, title in self.attributes.items():
            codes_of.setdefault(title.zh, []).append(code)
        for words, codes in codes_of.items():
            if len(codes) > 1 or words in self.measures or words in self.attributes:
                continue
            if codes[0] in self.book.measures:
                self.measures[words] = self.book.measures[codes[0]]
            else:
                self._attribute_codes[words] = codes[0]

    def scope(
        self,
        subject: str,
        period: Period,
        *,
        locals: Mapping[str, Node] = _NO_NODES,  # noqa: A002  # the word of the rules language
        peers: Sequence[str] = (),
        peer_value: PeerValue | None = None,
        own_value: OwnValue | None = None,
        segment: Segment | None = None,
        parameters: Parameters = _NO_PARAMETERS,
        tables: Tables = _NO_TABLES,
        assume: Mapping[str, Fraction] = _NO_ASSUMPTIONS,
        members: Sequence[str] | None = None,
        balance: Balances | None = None,
        owner: str | Scope | None = None,
        titles: Mapping[str, Text] = _NO_TITLES,
        lower_is_better: bool = False,
        curves: Curves = NO_CURVES,
        paid: Payments | None = None,
    ) -> SubjectScope:
        """`subject` in `period`, as formulas see it.

        Args:
            locals: Names that win over everything else, in `period` only.
            peers: The peer group, the subject included; `peer_value`: their values of the indicator in work.
            own_value: What `value` means: the indicator's own value in a period; None: nothing special.
            segment: The segment whose attributes count; None: the one that speaks for the subject.
            parameters, tables, assume: Of the rule in work; members, peers, parent and owner see them too.
            members: The members to look at; None: those of the roster.
            balance: Account -> balance in yuan (distributions only).
            owner: Whose money is distributed: its code, or its scope.
            titles: Of the parameters and tables.
            lower_is_better: The direction of the indicator in work.
            curves: Named curves of the rule in work.
            paid: What the ledger paid anybody under a line (distributions only).
        """
        setting = Setting(parameters, tables, assume, balance, titles, lower_is_better, curves, paid)
        scope = SubjectScope(self, subject, period, setting)
        scope.look(names=locals, segment=segment, members=members, owner=owner)
        scope.compare(peers, peer_value, own_value)
        return scope

    def knows(self, name: str) -> bool:
        """Whether `name` is a measure or an attribute, by code or unique title."""
        return name in self.measures or name in self._attribute_codes

    def attribute_code(self, name: str) -> str | None:
        """The code of an attribute given by code or unique title, or None."""
        return self._attribute_codes.get(name)

    def attribute(self, subject: str, name: str, period: Period, segment: Segment | None) -> Node:
        """An attribute as text, `in_post` as a share of the days; `missing` where the roster does not give it."""
        if segment is not None:
            return self._attribute(subject, name, period, segment)
        key = (subject, name, period)
        node = self._attribute_nodes.get(key)
        if node is None:
            node = self._attribute(subject, name, period, self.roster.at(subject, period))
            self._attribute_nodes[key] = node
        return node

    def _attribute(self, subject: str, name: str, period: Period, segment: Segment | None) -> Node:
        code = self._attribute_codes.get(name)
        if code is None:
            return Node(
                "name", Absent("not_allowed", (), Text(f"没有名为“{name}”的数据", f"nothing is called “{name}”"))
            )
        label = self.attributes[code]
        text = segment.attribute(code) if segment is not None else None
        if text is not None:
            return Node("attribute", text, (), label)
        if code == "in_post" and segment is not None:
            return Node("attribute", segment.share_of(period), (), label)
        return Node("attribute", Absent("missing", (FactKey(subject, code, period),)), (), label)

    def score(self, subject: str, schemes: Sequence[str], period: Period) -> Node:
        """The one total that `schemes` gave `subject`; a longer scheme's total stands in its shorter periods."""
        found = [node for scheme in schemes if (node := self._total(scheme, subject, period)) is not None]
        present = [node for node in found if not isinstance(node.value, Absent)]
        if len(present) == 1 or len(found) == 1:
            return (present or found)[0]
        if not found:
            keys = tuple(FactKey(subject, scheme, period) for scheme in schemes)
            return Node("score", Absent("missing", keys, Text("没有得分", "no score")), (), Text("得分", "score"))
        return Node(
            "score", Absent("not_allowed", (), Text("不止一个方案给出得分", "more than one scheme gave a score"))
        )

    def _total(self, scheme: str, subject: str, period: Period) -> Node | None:
        rule = self.book.schemes.get(scheme)
        if rule is not None and _LENGTH[rule.period] > _LENGTH[period.kind]:
            period = period.within(rule.period)
        return self.totals.get((scheme, subject, period))
