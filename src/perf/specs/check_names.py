"""Names in formulas: every formula is checked against what can be seen from where it stands."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Literal, assert_never

from perf.formulas import Expects, Formula, Holder, Known, Names, check_formula
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.band_models import Bands
from perf.specs.build_curves import CURVE_NAMES
from perf.specs.check_wording import check_issue
from perf.specs.fields import close_match
from perf.specs.formulas_of import attributes_of, named_curve_formulas, typed_formulas
from perf.specs.ladder_models import Ladder
from perf.specs.lines import lines_of
from perf.specs.models import (
    Apportion,
    Distribution,
    DistributionVersion,
    Gate,
    Hold,
    Indicator,
    IndicatorVersion,
    Measure,
    NamedCurve,
    Pay,
    Remainder,
    RuleBook,
    Scheme,
    Split,
    Step,
    Take,
    Transfer,
)
from perf.specs.money_models import Entered
from perf.specs.reserve_models import HELD, REST, Release, Schedule
from perf.specs.world import ATTRIBUTES

BUILT_IN_ATTRIBUTES = (
    "subject", "level", "kind", "parent", "tier", "category", "title", "post", "head", "fte", "in_post", "department",
    "name", "class",
)  # fmt: skip
_POINTS = Known("number", "points")
_YUAN = Known("number", "yuan")
_NUMBER = Known("number")
_TEXT = Known("text")
_ANY = Known("attribute")
_MEASURE_KINDS: Mapping[str, Literal["number", "text"]] = {"rating": "text", "text": "text"}


class NameChecker:
    """Checks the formulas of a book; `attributes` are further columns of the subjects at hand."""

    def __init__(self, book: RuleBook, attributes: Collection[str] = ()) -> None:
        self.book = book
        named = dict.fromkeys((*BUILT_IN_ATTRIBUTES, *book.attributes, *attributes), _ANY)
        measures = {code: _known(measure) for code, measure in book.measures.items()}
        broken = dict.fromkeys(book.broken, _ANY)  # its own issues are told already
        self.attributes = frozenset(named) | book.broken
        holders = _holders(book, attributes)
        titles = {title: measures[one[0].code] for title, one in holders.items() if len(one) == 1}
        self.shared = {title: several for title, several in holders.items() if len(several) > 1}
        self.outside = {**broken, **titles, **named, **measures}
        self.schemes = frozenset(book.schemes) | book.broken
        self.accounts = frozenset(book.accounts)
        self.lines = frozenset(lines_of(book))
        self.items = frozenset(
            name for rows in book.lists.values() for item in rows.items.values() for name in item.attributes
        )

    def indicator(self, rule: Indicator) -> Iterator[Issue]:
        """Formulas of every version: value, requires, thresholds; measures that are assumed."""
        for version in rule.versions:
            here = {**self.outside, **dict.fromkeys(version.parameters, _NUMBER)}
            names = self._names(here, version)
            is_rated = version.points is not None and CURVE_NAMES[type(version.points)] == "rating"
            declared = None if is_rated else rule.unit
            yield from check_formula(version.value, names, expects="any" if is_rated else "number", unit=declared)
            if version.requires is not None:
                yield from check_formula(version.requires, names, expects="condition", unit=None)
            beside = self._names({**here, "value": Known("number", rule.unit)}, version)
            for formula, unit in typed_formulas(version.points, rule.unit):
                yield from check_formula(formula, beside, expects="number", unit=unit)
            yield from self._named_curves(version.curves, names)
            for name in attributes_of(version.points):
                yield from self._listed(name, self.attributes, Text("属性", "attribute"), version.points_place)
            for code in version.assume:
                yield from self._listed(code, self.book.measures, Text("数据项", "measure"), version.dated.place)

    def scheme(self, rule: Scheme) -> Iterator[Issue]:
        """Indicators, conditions, peer attributes."""
        names = self._names(self.outside)
        if rule.of_where is not None:
            yield from check_formula(rule.of_where, names, expects="condition", unit=None)
        settled = self._names(
            {**self.outside, "total": _POINTS, "grade": _TEXT, "rank": _NUMBER, "coefficient": _NUMBER}
        )
        indicators, kind = self.book.indicators, Text("指标", "indicator")
        for version in rule.versions:
            for code in version.by_post:
                yield from self._listed(code, self.book.schemes, Text("考核方案", "scheme"), version.dated.place)
            for dimension in version.dimensions:
                for item in dimension.items:
                    yield from self._listed(item.indicator, indicators, kind, item.place)
            for extra in version.extra:
                yield from self._listed(extra.indicator, indicators, kind, extra.place)
            for veto in version.veto:
                yield from check_formula(veto.when, settled, expects="condition", unit=None)
            for outcome in version.outcomes:
                yield from check_formula(outcome.when, settled, expects="condition", unit=None)
            for formula, unit in typed_formulas(version.coefficient, "points"):
                yield from check_formula(formula, names, expects="number", unit=unit)
            for attribute in version.peers.by:
                yield from self._listed(attribute, self.attributes, Text("属性", "attribute"), version.dated.place)

    def distribution(self, rule: Distribution) -> Iterator[Issue]:
        """Formulas, accounts, schemes and attributes of a distribution."""
        for code in rule.uses_score:
            yield from self._listed(code, self.book.schemes, Text("考核方案", "scheme"), rule.place)
        for code in rule.not_with:
            yield from self._listed(code, self.book.distributions, Text("分配规则", "distribution"), rule.place)
        if rule.into:
            yield from self._account(rule.into, rule.place)
        if rule.among_where is not None:
            yield from check_formula(rule.among_where, self._names(self.outside), expects="condition", unit=None)
        for version in rule.versions:
            owner = {**self.outside, **dict.fromkeys((*version.parameters, *version.let), _NUMBER)}
            owner |= dict.fromkeys(version.bands, _YUAN)
            names = self._names(owner, version)
            of_each = self._names({**owner, "score": _POINTS, "coefficient": _NUMBER, "grade": _TEXT}, version)
            yield from check_formula(version.fund, names, expects="number", unit="yuan")
            for name, formula in version.let.items():
                known = of_each if name in version.each else names
                yield from check_formula(formula, known, expects="any", unit=None)
            for name, bands in version.bands.items():
                yield from self._bands(bands, of_each if name in version.each else names)
            yield from self._named_curves(version.curves, names)
            yield from self._steps(version.steps, owner, version)

    def _bands(self, bands: Bands, names: Names) -> Iterator[Issue]:
        amounts = [bands.amount, bands.of, *([bands.cap] if bands.cap is not None else [])]
        for formula in amounts:
            yield from check_formula(formula, names, expects="number", unit="yuan")
        for row in bands.rows:
            yield from check_formula(row.share, names, expects="number", unit=None)

    def _named_curves(self, curves: Mapping[str, NamedCurve], names: Names) -> Iterator[Issue]:
        for curve in curves.values():
            formulas = tuple(named_curve_formulas({"": curve}))
            for formula, unit in formulas:
                yield from check_formula(formula, names, expects="number", unit=unit)
            for name in attributes_of(curve.curve):
                yield from self._listed(name, self.attributes, Text("属性", "attribute"), formulas[0][0].place)

    def _steps(
        self, steps: tuple[Step, ...], owner: Mapping[str, Known], version: DistributionVersion
    ) -> Iterator[Issue]:
        part = {**owner, "fund": _YUAN, "rest": _YUAN, "count": _NUMBER}
        of_part = self._names(part, version)
        claimant = {**part, "score": _POINTS, "coefficient": _NUMBER, "grade": _TEXT}
        of_claimant = self._names(claimant, version)
        for step in steps:
            match step:
                case Take():
                    yield from check_formula(step.amount, of_part, expects="number", unit="yuan")
                    yield from self._account(step.to, step.place)
                case Pay():
                    if step.each:
                        kind = Text("数据项", "measure")
                        yield from self._listed(step.each, self.book.measures, kind, step.place)
                    yield from _claims(of_claimant, (step.amount, "number", None), (step.where, "condition", None))
                    yield from _claims(of_claimant, (step.at_most, "number", None))
                case Gate():
                    yield from _claims(of_claimant, (step.when, "condition", None))
                case Apportion():
                    bounds: list[tuple[Formula | None, Expects, str | None]] = [(step.by, "number", None)]
                    bounds += [(bound, "number", None) for bound in (step.amount, step.floor, step.cap)]
                    yield from _claims(of_claimant, *bounds)
                    beside = replace(of_claimant, claims=_NUMBER)
                    for row in step.derived:
                        yield from _claims(of_claimant, (row.where, "condition", None))
                        yield from _claims(beside, (row.by, "number", None))
                case Entered():
                    yield from self._entered(step, of_claimant)
                case Hold() | Release():
                    yield from _claims(of_claimant, (step.share, "number", None), (step.where, "condition", None))
                    yield from self._reserves(step)
                case Schedule():
                    names = of_part if step.to else of_claimant
                    yield from check_formula(step.amount, names, expects="number", unit="yuan")
                    if step.to:
                        yield from self._account(step.to, step.place)
                case Ladder():
                    yield from _claims(of_claimant, (step.of, "number", None), (step.amount, "number", "yuan"))
                    if step.forfeited_to:
                        yield from self._account(step.forfeited_to, step.place)
                case Remainder():
                    yield from self._account(step.to, step.place)
                case Transfer():
                    yield from self._transfer(step, owner, version)
                case Split():
                    known = self.attributes | frozenset(self.book.measures)
                    yield from self._listed(step.by, known, Text("属性", "attribute"), step.place)
                    if step.on_empty == "to":
                        yield from self._account(step.empty_to, step.place)
                    yield from self._steps(step.steps, owner, version)
                case _ as never:
                    assert_never(never)

    def _transfer(self, step: Transfer, owner: Mapping[str, Known], version: DistributionVersion) -> Iterator[Issue]:
        """The list, the account, the two counts, and the price, which also sees the item and both sides."""
        yield from self._listed(step.items, self.book.lists, Text("明细目录", "list"), step.place)
        yield from self._account(step.account, step.place)
        names = self._names(owner, version)
        yield from _claims(names, (step.provided, "any", None), (step.received, "any", None))
        rows = self.book.lists.get(step.items)
        own = {name for item in rows.items.values() for name in item.attributes} if rows else ()
        priced = replace(names, sees_sides=True, items=own or self.items or None)
        yield from check_formula(step.price, priced, expects="number", unit="yuan")

    def _entered(self, step: Entered, names: Names) -> Iterator[Issue]:
        bounds: list[tuple[Formula | None, Expects, str | None]] = [(step.amount, "number", "yuan")]
        bounds += [(one, "number", None) for one in (step.weight, step.expected)]
        bounds += [(one, "number", "yuan") for one in (step.floor, step.cap)]
        yield from _claims(names, *bounds)
        if step.own is not None:
            what = _NUMBER if step.amount is None else _YUAN
            yield from _claims(names, (step.own.where, "condition", None))
            yield from _claims(replace(names, claims=what), (step.own.gets, "number", what.unit or None))

    def _reserves(self, step: Hold | Release) -> Iterator[Issue]:
        named = (step.to,) if isinstance(step, Hold) else (step.source, step.forfeited_to)
        for name in named:
            if name not in ("", HELD, REST):
                yield from self._account(name, step.place)

    def _names(self, here: Mapping[str, Known], version: IndicatorVersion | DistributionVersion | None = None) -> Names:
        return Names(
            here=here,
            elsewhere=self.outside,
            schemes=self.schemes,
            accounts=self.accounts,
            lines=self.lines | self.book.broken,
            sees_money=isinstance(version, DistributionVersion),
            tables=() if version is None else version.tables,
            curves={} if version is None else {code: (c.of, c.gives) for code, c in version.curves.items()},
            items=self.items or None,
            shared=self.shared,
        )

    def _account(self, name: str, place: Place) -> Iterator[Issue]:
        """A name that no `accounts` document declares is a reserve of the owner: said, not refused."""
        if name not in self.accounts and name not in self.book.broken:
            yield check_issue("account-undeclared", place, found=name, hint=close_match(name, self.accounts))

    def _listed(self, code: str, known: Collection[str], kind: Text, place: Place) -> Iterator[Issue]:
        if code not in known and code not in self.book.broken:
            yield check_issue("rule-unknown", place, found=code, kind=kind, hint=close_match(code, known))


def _claims(names: Names, *formulas: tuple[Formula | None, Expects, str | None]) -> Iterator[Issue]:
    for formula, expects, unit in formulas:
        if formula is not None:
            yield from check_formula(formula, names, expects=expects, unit=unit)


def _known(measure: Measure) -> Known:
    kind = _MEASURE_KINDS.get(measure.answers, "number")
    return Known(kind, measure.unit if kind == "number" else "")


def _holders(book: RuleBook, columns: Collection[str]) -> dict[str, tuple[Holder, ...]]:
    """Chinese title of measures -> those measures, and the attributes that are called the same."""
    found: dict[str, list[Holder]] = {}
    for code, measure in book.measures.items():
        where = Text(f"数据项 {code}({measure.place})", f"measure {code} ({measure.place})")
        found.setdefault(measure.title.zh, []).append(Holder(code, where))
    attributes = {**ATTRIBUTES, **{column: Text(column) for column in columns}, **book.attributes}
    for code, title in attributes.items():
        if title.zh in found and title.zh != code:
            found[title.zh].append(Holder(code, Text(f"属性 {code}", f"attribute {code}")))
    return {title: tuple(holders) for title, holders in found.items() if title}
