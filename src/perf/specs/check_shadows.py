"""Words that were meant as text beside an attribute and are read as a name: the comparison is never what it says."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from perf.formulas import Formula
from perf.formulas.tree import Binary, Name, Tree, Within, walk
from perf.kernel.issues import Issue
from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.specs.check_names import BUILT_IN_ATTRIBUTES
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, indicator_formulas
from perf.specs.models import RuleBook
from perf.specs.order import own_formulas
from perf.specs.world import ATTRIBUTES

_MEASURE, _OWN = Text("数据项", "a measure"), Text("本规则的名称", "a name of the rule")
_ATTRIBUTE = Text("属性", "an attribute")


class _Known(NamedTuple):
    """What words mean in a formula: attributes with the values that are known of them, and all other names."""

    attributes: Collection[str]
    values: Mapping[str, Collection[str]]
    others: Mapping[str, Text]

    def word(self, asked: str, word: str) -> Text | None:
        """What `word` beside the attribute `asked` is, where it is plainly meant as text; else None.

        Plainly: it is one of the known values, or an attribute beside one whose values nobody knows.
        """
        if asked not in self.attributes or asked == word:
            return None
        is_attribute, values = word in self.attributes, self.values.get(asked)
        if values is None:
            return _ATTRIBUTE if is_attribute else None
        return None if word not in values else _ATTRIBUTE if is_attribute else self.others.get(word)


def check_shadows(book: RuleBook) -> Iterator[Issue]:
    """`level == department` where `department` is an attribute: it compares two attributes, not one with a word."""
    attributes = {*BUILT_IN_ATTRIBUTES, *ATTRIBUTES, *book.attributes}
    known = _Known(attributes, {"level": LEVELS, **book.value_titles}, dict.fromkeys(book.measures, _MEASURE))
    for indicator in book.indicators.values():
        names = {name for version in indicator.versions for name in version.parameters}
        yield from _shadowed(indicator_formulas(indicator), _with(known, names))
    for scheme in book.schemes.values():
        yield from _shadowed(own_formulas(scheme), known)
    for rule in book.distributions.values():
        names = {name for version in rule.versions for name in (*version.parameters, *version.named)}
        yield from _shadowed(distribution_formulas(rule), _with(known, names))


def _with(known: _Known, names: Collection[str]) -> _Known:
    return known._replace(others={**known.others, **dict.fromkeys(names, _OWN)})


def _shadowed(formulas: Iterator[Formula], known: _Known) -> Iterator[Issue]:
    for formula in formulas:
        for pairs in _compared(formula.tree):
            found = [(one, other, what) for one, other in pairs if (what := known.word(one.code, other.code))]
            # of two attributes the one whose values are known is the one that is asked
            for one, other, what in sorted(found, key=lambda f: f[0].code not in known.values)[:1]:
                words = {"word": other.code, "attribute": one.code, "formula": formula.text}
                yield check_issue("word-is-a-name", formula.place, at=other.at + 1, what=what, **words)


def _compared(tree: Tree) -> Iterator[list[tuple[Name, Name]]]:
    """Names beside each other in every `==`, `!=` and `in`, both ways round."""
    for node, _ in walk(tree):
        sides: list[tuple[Tree, Tree]] = []
        match node:
            case Binary(op="==" | "!="):
                sides = [(node.left, node.right)]
            case Within():
                sides = [(node.left, option) for option in node.options]
        for one, other in sides:
            if isinstance(one, Name) and isinstance(other, Name) and not one.shifts and not other.shifts:
                yield [(one, other), (other, one)]
