"""The subjects of cases: facts with their signs and periods, attributes, scores."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.specs.case_models import CaseFact, CaseSubject
from perf.specs.fields import Fields, close_match
from perf.specs.lines import lines_of
from perf.specs.models import Measure, RuleBook
from perf.specs.quantities import split_sign
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode

FIGURES = ("score", "coefficient", "grade")
MISSING = "missing"
_YEAR = re.compile(r"year\((-\d{1,2})\)", re.ASCII)
_SCORE = re.compile(r"score(?:\(([a-z0-9_, ]+)\))?", re.ASCII)
PAID = "paid."
_PAID_SHIFTS = ("", "year_to_date", "previous", "last_year")
_SHIFTS = "last_year previous year(-1) 2024-03"
_TRUE, _FALSE = ("是", "有", "yes"), ("否", "无", "no")


class SubjectReader:
    """Reads the `given` of a case for one period; `named`: Chinese title -> code of the book's measures."""

    def __init__(self, book: RuleBook, period: Period, named: Mapping[str, str]) -> None:
        self.book = book
        self.period = period
        self.titles = named

    def facts(self, fields: Fields, rows: Iterable[tuple[str, Place, YamlNode]]) -> tuple[CaseFact, ...]:
        """`{discharges: 4000, discharges@last_year: 3900}`; every key must be a measure."""
        found: list[CaseFact] = []
        for key, place, node in rows:
            fact = self.fact(fields, key, place, node)
            if fact is not None:
                found.append(fact)
        return tuple(found)

    def fact(self, fields: Fields, key: str, place: Place, node: YamlNode) -> CaseFact | None:
        """One fact; None for `missing` and for what is not legible."""
        name, _, shift = key.partition("@")
        measure = self.measure(name)
        if measure is None:
            known = self.book.measures
            if name not in self.book.broken:
                fields.add("case-unknown-name", place, found=shorten(key), hint=close_match(name, known))
            return None
        period = self._period(shift.strip(), measure)
        if period is None:
            fields.add("case-shift-unknown", place, found=shorten(key), known=_SHIFTS)
            return None
        value = self._value(fields, key, node, measure)
        return None if value is None else CaseFact(measure.code, period, value)

    def measure(self, name: str) -> Measure | None:
        """The measure that a code or a Chinese title names."""
        return self.book.measures.get(self.titles.get(name, name))

    def subject(self, fields: Fields, name: str = "") -> CaseSubject:
        """A member, peer or parent: `{given: {…}, attributes: {…}, score: 90}`, measures also directly."""
        node = fields.sub("given", "given: {visits: 100}")
        facts = self.facts(node, node.pairs_of()) if node else ()
        attributes = self.attributes(fields)
        scores = self.scores(fields)
        rest = [row for row in fields.pairs_of() if row[0] not in ("given", "attributes", "score", "name", "case")]
        name = fields.text("name", name)
        for key, place, child in rest:
            fact = self.fact(fields, key, place, child)
            facts = (*facts, fact) if fact is not None else facts
        return CaseSubject(name, attributes, facts, scores)

    def subjects(self, fields: Fields, key: str, unit: str = "") -> tuple[CaseSubject, ...]:
        """The rows of `members` or `peers`; with a `unit` also the short form `{value: 85%}`."""
        found: list[CaseSubject] = []
        for number, node in enumerate(fields.rows(key, f"{key}: [{{given: {{visits: 100}}}}]"), start=1):
            mapped = fields.as_mapped(node, key, f"{key}: [{{given: {{visits: 100}}}}]")
            if mapped is None:
                continue
            inner = fields.inside(mapped, Text(key))
            if unit and "value" in mapped.entries and self.measure("value") is None:
                found.append(self._of_value(inner, str(number), unit))
            else:
                found.append(self.subject(inner, str(number)))
        return tuple(found)

    def _of_value(self, fields: Fields, number: str, unit: str) -> CaseSubject:
        """A peer whose value of the indicator is given outright: `{value: 85%, attributes: {kind: clinic}}`."""
        value = fields.quantity("value", unit)
        peer = CaseSubject(fields.text("name", number), self.attributes(fields), value=value)
        fields.close()
        return peer

    def attributes(self, fields: Fields) -> Mapping[str, str]:
        """`attributes: {post: 医师, fte: 0.5}`."""
        found = {name: self.attribute(fields, name, node) for name, _, node in fields.pairs("attributes")}
        return MappingProxyType({name: text for name, text in found.items() if text is not None})

    def attribute(self, fields: Fields, name: str, node: YamlNode) -> str | None:
        """An attribute as a roster would hold it: text; a number with a sign becomes the plain number."""
        scalar = fields.as_scalar(node, name)
        if scalar is None:
            return None
        parts = split_sign(scalar.text)
        return exact_text(parts[0]) if parts is not None and parts[1] else scalar.text

    def scores(self, fields: Fields) -> Mapping[str, Fraction]:
        """`score: 87.65`, or `score: {township_monthly: 87.65}`."""
        node = fields.get("score")
        if isinstance(node, Mapped):
            values = {name: fields.as_number(child, name, "87.65") for name, _, child in fields.pairs("score")}
            return MappingProxyType({name: value for name, value in values.items() if value is not None})
        value = None if node is None else fields.as_number(node, "score", "87.65")
        return MappingProxyType({} if value is None else {"": value})

    def claimant(self, fields: Fields, name: str) -> CaseSubject:
        """A claim: attributes, measures and the figures of its scorecard side by side."""
        facts: list[CaseFact] = []
        attributes: dict[str, str] = {}
        figures: dict[str, Fraction | str] = {}
        paid: dict[tuple[str, str], Fraction] = {}
        for key, place, node in fields.pairs_of():
            if isinstance(node, Mapped) and self.measure(key.partition("@")[0]) is not None:
                facts += self.itemised(fields, key, place, node)
                continue
            scalar = fields.as_scalar(node, key)
            if scalar is None or scalar.text == MISSING:
                continue
            if key.startswith(PAID):
                paid |= self.paid(fields, key, place, node)
                continue
            if key in FIGURES and self.measure(key) is None:
                number = None if key == "grade" else fields.as_number(scalar, key, "87.65")
                if key == "grade" or number is not None:
                    figures[key] = scalar.text if number is None else number
            elif self.measure(key.partition("@")[0]) is not None:
                fact = self.fact(fields, key, place, node)
                facts += [fact] if fact is not None else []
            else:
                attributes[key] = self.attribute(fields, key, node) or ""
        given = MappingProxyType(attributes), tuple(facts)
        return CaseSubject(name, *given, figures=MappingProxyType(figures), paid=MappingProxyType(paid))

    def itemised(self, fields: Fields, key: str, place: Place, node: Mapped) -> list[CaseFact]:
        """`services_provided: {imaging: {乙镇: 12}}`: a measure by item and counterparty, or by item alone."""
        found: list[CaseFact] = []
        for item, one in node.entries.items():
            each = one.entries if isinstance(one, Mapped) else {"": one}
            for counterparty, child in each.items():
                fact = self.fact(fields, key, place, child)
                if fact is not None:
                    found.append(replace(fact, item=item, counterparty=counterparty))
        return found

    def paid(self, fields: Fields, key: str, place: Place, node: YamlNode) -> dict[tuple[str, str], Fraction]:
        """`paid.夜班@year_to_date: 1200`: what the ledger paid before, in yuan; empty where it is not legible."""
        line, _, written = key.removeprefix(PAID).partition("@")
        shift, known = written.strip(), lines_of(self.book)
        if line not in known:
            fields.add("case-unknown-name", place, found=shorten(key), hint=close_match(line, known))
        elif shift not in _PAID_SHIFTS and not _YEAR.fullmatch(shift):
            fields.add("case-shift-unknown", place, found=shorten(key), known=" ".join((*_PAID_SHIFTS[1:], "year(-1)")))
        else:
            yuan = fields.as_quantity(node, key, "yuan")
            return {} if yuan is None else {(line, shift): yuan}
        return {}

    def _value(self, fields: Fields, key: str, node: YamlNode, measure: Measure) -> Fraction | str | None:
        scalar = fields.as_scalar(node, key)
        if scalar is None or scalar.text == MISSING:
            return None
        if measure.answers in ("rating", "text"):
            return self._rating(fields, key, scalar, measure)
        if measure.answers == "event" and scalar.text in (*_TRUE, *_FALSE):
            return Fraction(scalar.text in _TRUE)
        return fields.as_quantity(scalar, key, measure.unit)

    def _rating(self, fields: Fields, key: str, scalar: Scalar, measure: Measure) -> str:
        if measure.answers == "rating" and measure.values:
            return fields.one_of(scalar, key, measure.values, scalar.text)
        return scalar.text

    def _period(self, shift: str, measure: Measure) -> Period | None:
        """The period that `@shift` means, as long as the measure's own where that is longer than the case's."""
        year = _YEAR.fullmatch(shift)
        if not shift:
            moved = self.period
        elif shift == "last_year":
            moved = self.period.last_year()
        elif shift == "previous":
            moved = self.period.previous()
        elif year:
            moved = self.period.last_year(-int(year[1]))
        else:
            try:
                return parse_period(shift)
            except ValueError:
                return None
        is_longer = ("month", "quarter", "year").index(measure.period) > ("month", "quarter", "year").index(moved.kind)
        return moved.within(measure.period) if is_longer else moved


def schemes_scored(name: str) -> tuple[str, ...]:
    """The schemes of `score(a, b)`, of `score` alone the one without a name; empty for another name."""
    match = _SCORE.fullmatch(name)
    return () if match is None else tuple(code.strip() for code in (match[1] or "").split(","))
