"""What pay may not hang on: banned revenue through any chain of rules, and the establishment (编制)."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from perf.formulas import Formula
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, indicator_formulas, walk_steps
from perf.specs.models import Distribution, RuleBook, Split
from perf.specs.order import feeders, own_formulas, parts_of, scheme_indicators
from perf.specs.use import measures_of, names_of, schemes_of

_BANNED = {
    "drug": Text("药品收入", "drug revenue"),
    "consumable": Text("耗材收入", "consumable revenue"),
    "examination": Text("检查检验收入", "examination revenue"),
}
_ESTABLISHMENT = ("establishment", "bianzhi", "编制")


class _Use(NamedTuple):
    """One formula on the way to pay, with the rules between the distribution and it."""

    chain: tuple[Text, ...]
    formula: Formula


class _Named(NamedTuple):
    """What a formula names of what pay may not hang on: measures of revenue, and the establishment."""

    revenue: frozenset[str]
    establishment: tuple[str, ...]


def check_pay(book: RuleBook) -> Iterator[Issue]:
    """Every formula that a distribution's amounts hang on: its own, of schemes and indicators, of earlier accounts."""
    before = feeders(book)
    revenue = {code for code, measure in book.measures.items() if measure.revenue != "none"}
    named: dict[int, _Named] = {}  # the formulas of a scheme are behind many distributions
    for code, rule in book.distributions.items():
        told: set[str] = set()
        for use in _uses(book, code, before):
            found = named.get(id(use.formula))
            if found is None:
                found = named[id(use.formula)] = _named(book, use.formula, revenue)
            yield from _revenue(book, use.chain, found.revenue, use.formula.place, told)
            for name in found.establishment:
                yield check_issue("pay-by-establishment", use.formula.place, found=name)
        own = (Text(f"分配规则 {code}", f"distribution {code}"),)
        for place, name in _split_by(rule):
            yield from _revenue(book, own, book.measures.keys() & {name}, place, told)
            if _is_establishment(book, name):
                yield check_issue("pay-by-establishment", place, found=name)


def _named(book: RuleBook, formula: Formula, revenue: AbstractSet[str]) -> _Named:
    names = sorted(names_of([formula]))
    establishment = tuple(name for name in names if _is_establishment(book, name))
    return _Named(measures_of(book, formula) & revenue, establishment)


def _uses(book: RuleBook, code: str, before_it: Mapping[str, frozenset[str]]) -> Iterator[_Use]:
    rules: list[tuple[tuple[Text, ...], str]] = [((), code)]
    seen: set[str] = set()
    schemes_seen: set[str] = set()
    while rules:
        before, name = rules.pop(0)
        if name in seen:
            continue
        seen.add(name)
        rule = book.distributions[name]
        chain = (*before, Text(f"分配规则 {name}", f"distribution {name}"))
        formulas = list(distribution_formulas(rule))
        yield from (_Use(chain, formula) for formula in formulas)
        for scheme in sorted({*rule.uses_score, *schemes_of(formulas)}):
            yield from _scheme_uses(book, scheme, chain, schemes_seen)
        rules.extend((chain, other) for other in sorted(before_it[name]))


def _scheme_uses(book: RuleBook, code: str, before: tuple[Text, ...], seen: set[str]) -> Iterator[_Use]:
    if code in seen or code not in book.schemes:
        return
    seen.add(code)
    chain = (*before, Text(f"方案 {code}", f"scheme {code}"))
    scheme = book.schemes[code]
    own = list(own_formulas(scheme))
    yield from (_Use(chain, formula) for formula in own)
    further = {*schemes_of(own), *parts_of(scheme)}
    for name in scheme_indicators(book, scheme):
        formulas = list(indicator_formulas(book.indicators[name]))
        inner = (*chain, Text(f"指标 {name}", f"indicator {name}"))
        yield from (_Use(inner, formula) for formula in formulas)
        further |= schemes_of(formulas)
    for other in sorted(further):
        yield from _scheme_uses(book, other, chain, seen)


def _revenue(
    book: RuleBook, before: tuple[Text, ...], measures: AbstractSet[str], place: Place, told: set[str]
) -> Iterator[Issue]:
    for code in sorted(measures - told):
        kind = book.measures[code].revenue
        steps = (*before, Text(f"数据项 {code}", f"measure {code}"))
        chain = Text(" → ".join(step.zh for step in steps), " → ".join(step.in_lang("en") for step in steps))
        if kind in _BANNED:
            told.add(code)
            yield check_issue("pay-on-banned-revenue", place, revenue=_BANNED[kind], chain=chain)
        elif kind == "service":
            told.add(code)
            yield check_issue("pay-on-service-revenue", place, chain=chain)


def _split_by(rule: Distribution) -> Iterator[tuple[Place, str]]:
    """The attributes and measures that split the money."""
    for version in rule.versions:
        for step in walk_steps(version.steps):
            if isinstance(step, Split):
                yield step.place, step.by


def _is_establishment(book: RuleBook, name: str) -> bool:
    title = book.attributes.get(name, Text("")).zh
    return any(word in name.lower() or word in title for word in _ESTABLISHMENT)
