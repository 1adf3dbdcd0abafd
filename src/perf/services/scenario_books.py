"""The rules of a scenario: as a run pinned them, with settings or a folder of rules in their place; only what money needs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perf.appraisal.month import distributions_of
from perf.formulas import Formula, references
from perf.kernel.periods import Period
from perf.services.needed_facts import years_back
from perf.services.scheme_rules import before_and_tried, settings_of, tried_book
from perf.specs.book import load_book
from perf.specs.fitting import by_segment
from perf.specs.formulas_of import distribution_formulas
from perf.specs.lines import lines_read
from perf.specs.models import RuleBook
from perf.specs.order import distribution_order, scheme_formulas, scheme_indicators, used_schemes
from perf.specs.part import part_of
from perf.specs.placeless import placeless
from perf.specs.use import schemes_of

_DISTRIBUTION = re.compile(r"^distribution:[ \t]+([^\W\d]\w*)", re.MULTILINE)
_SCHEME = re.compile(r"^scheme:[ \t]+([^\W\d]\w*)", re.MULTILINE)
_BY_POST = "by_post"
_NOTHING: Mapping[str, int] = MappingProxyType({})
_WHO_IS_SCORED = frozenset({"uses", "enabled", "versions", "from", "to"})
_KINDS = ("measures", "lists", "indicators", "schemes", "distributions", "accounts", "attributes")


@dataclass(frozen=True, slots=True)
class ScenarioRules:
    """The changed rules, as far as money needs them, and which of them are not as they were.

    Attributes:
        changed: Codes of measures, lists, indicators, schemes and distributions; of accounts and attributes too.
        segmented: The schemes that score another set of segments than before.
        everything: Something changed that any rule may hang on.
        is_ordered: The distributions that are handed out before and now stand in the same order.
        asks_more: Measure -> years back, where the changed rules look at facts that the run need not have looked at.
    """

    book: RuleBook
    changed: frozenset[str] = frozenset()
    segmented: frozenset[str] = frozenset()
    everything: bool = False
    asks_more: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    is_ordered: bool = True

    def rescored(self, measures: Iterable[str], totals: Iterable[str]) -> frozenset[str]:
        """The schemes whose scores may be others than before.

        Args:
            measures: Codes of the measures with other facts.
            totals: Codes of the schemes whose totals of earlier periods are others.
        """
        book, figures = self.book, self.changed | frozenset(measures)
        found = {code for code in book.schemes if self.everything or code in self.changed | self.segmented}
        earlier = frozenset(totals)
        for code in book.schemes.keys() - found:
            formulas = tuple(scheme_formulas(book, book.schemes[code]))
            looked_at = {*scheme_indicators(book, book.schemes[code]), *_measures(book, formulas)}
            if looked_at & figures or schemes_of(formulas) & earlier or _has_items(book, self.changed):
                found.add(code)
        while more := {code for code in book.schemes.keys() - found if self._uses(code) & found}:
            found |= more
        return frozenset(found)

    def untouched(self, measures: frozenset[str], rescored: frozenset[str]) -> frozenset[str]:
        """The distributions that look at nothing that is changed and at no payments: accounts and odd fen apart.

        Args:
            measures: Codes of the measures with other facts.
            rescored: The schemes whose scores may be others than before.
        """
        book = self.book
        touching = rescored | self.segmented | self.changed
        money = self.changed - book.schemes.keys() - book.indicators.keys() - book.distributions.keys()
        if self.everything or not self.is_ordered or money:
            return frozenset()
        found = set[str]()
        for code, rule in book.distributions.items():
            formulas = tuple(distribution_formulas(rule))
            scores = schemes_of(formulas) | frozenset(rule.uses_score)
            is_other = code in self.changed or scores & touching or _measures(book, formulas) & measures
            if not is_other and not lines_read(rule):
                found.add(code)
        return frozenset(found)

    def asks_last_score(self, period: Period) -> bool:
        """Whether money in `period` may hang on the scores of earlier periods."""
        versions = [rule.version(period) for rule in self.book.distributions.values()]
        return any(version is not None and version.on_missing_score == "last" for version in versions)

    def _uses(self, code: str) -> frozenset[str]:
        formulas = scheme_formulas(self.book, self.book.schemes[code])
        return used_schemes(self.book, code) | schemes_of(formulas)

    def measures(self, schemes: Iterable[str]) -> frozenset[str]:
        """The measures that money looks at, and the scores of `schemes` with those that they use."""
        book = self.book
        formulas = [formula for rule in book.distributions.values() for formula in distribution_formulas(rule)]
        for scheme in book.schemes.values():
            formulas += [] if scheme.of_where is None else [scheme.of_where]
        for code in self._with_used(schemes):
            formulas += scheme_formulas(book, book.schemes[code])
        return _measures(book, formulas)

    def scores_used(self, schemes: Iterable[str]) -> frozenset[str]:
        """The schemes whose totals, of whatever period, the scores of `schemes` may look at."""
        return frozenset[str]().union(*map(self._uses, self._with_used(schemes)))

    def _with_used(self, schemes: Iterable[str]) -> frozenset[str]:
        queue, seen = list(schemes), set[str]()
        while queue:
            code = queue.pop()
            if code not in seen:
                seen.add(code)
                queue += self._uses(code) & self.book.schemes.keys()
        return frozenset(seen)


def scenario_rules(
    pinned: Mapping[str, str],
    period: Period,
    *,
    settings: Mapping[str, str],
    folder: Mapping[str, str] | None,
    words: str,
) -> ScenarioRules:
    """The rules that a run pinned, changed.

    Args:
        pinned: Name -> text of the rules of the run.
        settings: Dotted path below a rule -> YAML of its new value, over `folder` or over what was pinned.
        folder: Name -> text of rules in the place of those pinned; None: those pinned.
        words: Further words that may name rules.
    Raises:
        InputRefused: the changed rules have errors.
    """
    wanted = [*settings_of(settings), words]
    codes = {path.partition(".")[0] for path in settings}
    texts = _needed(pinned, wanted)
    if folder is not None:
        old, book = load_book(texts)[0], tried_book(_needed(folder, wanted), settings)
    elif settings:
        old, book = before_and_tried(texts, settings)
    else:
        return ScenarioRules(tried_book(texts, {}))
    before = years_back(old)
    more = {code: years for code, years in years_back(book).items() if code not in before or years > before[code]}
    if folder is None and not any(_may_move_people(book, path) for path in settings):
        return ScenarioRules(book, frozenset(codes), asks_more=more, is_ordered=_is_ordered(old, book, period))
    changed = codes | {
        code
        for kind in _KINDS
        for code in getattr(old, kind).keys() | getattr(book, kind).keys()
        if _differ(getattr(old, kind).get(code), getattr(book, kind).get(code))
    }
    return ScenarioRules(
        book,
        frozenset(changed),
        by_segment(old, period) ^ by_segment(book, period),
        everything=bool(changed & (old.attributes.keys() | book.attributes.keys())),
        asks_more=more,
        is_ordered=_is_ordered(old, book, period),
    )


def _needed(texts: Mapping[str, str], words: Iterable[str]) -> dict[str, str]:
    """The files that distributions need, with all schemes that weigh others by post: they decide whose total speaks."""
    codes = [code for text in texts.values() for code in _DISTRIBUTION.findall(text)]
    codes += [code for text in texts.values() if _BY_POST in text for code in _SCHEME.findall(text)]
    return part_of(texts, [*codes, *words])


def _may_move_people(book: RuleBook, path: str) -> bool:
    """Whether a setting may change who is scored by what, which is only seen beside the rules as they were."""
    code, _, rest = path.partition(".")
    return code in book.schemes or (code in book.distributions and rest.partition(".")[0] in _WHO_IS_SCORED)


def _differ(before: object, after: object) -> bool:
    """Whether a rule says anything else, wherever it stands."""
    return before is not after and placeless(before) != placeless(after)


def _is_ordered(old: RuleBook, book: RuleBook, period: Period) -> bool:
    """Whether the distributions that both hand out come one after the other in the same order."""
    before, now = (distribution_order(one, distributions_of(one, period)) for one in (old, book))
    both = frozenset(before) & frozenset(now)
    return [code for code in before if code in both] == [code for code in now if code in both]


def _measures(book: RuleBook, formulas: Iterable[Formula]) -> frozenset[str]:
    """Every measure that a word of the formulas may mean, whoever it is asked of: too many rather than too few."""
    named = {reference.name for formula in formulas for reference in references(formula)}
    return frozenset(
        code
        for code, measure in book.measures.items()
        if not named.isdisjoint((code, measure.title.zh, measure.title.en, *measure.synonyms))
    )


def _has_items(book: RuleBook, changed: frozenset[str]) -> bool:
    return bool(changed & book.lists.keys())
