"""Names that stand for two things: whoever reads the formula could not tell which one is meant."""

from collections.abc import Iterable, Iterator

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.check_names import BUILT_IN_ATTRIBUTES
from perf.specs.check_wording import check_issue
from perf.specs.formula_vocabulary import FORMULA_WORDS
from perf.specs.models import RuleBook

_MEASURE = Text("数据项", "a measure")
_ATTRIBUTE = Text("属性", "an attribute")
_PARAMETER = Text("参数", "a parameter")
_BANDS = Text("bands 名称", "a name of `bands`")
_LET = Text("let 名称", "a name of `let`")
_WORD = Text("公式自己的名称", "a word of formulas")


def check_clashes(book: RuleBook) -> Iterator[Issue]:
    """Measures called like attributes or words of formulas; parameters and `let` names called like anything else."""
    attributes = {*BUILT_IN_ATTRIBUTES, *book.attributes}
    for code, measure in book.measures.items():
        if code in FORMULA_WORDS or code in attributes:
            other = _WORD if code in FORMULA_WORDS else _ATTRIBUTE
            yield check_issue("name-clash", measure.place, found=code, one=_MEASURE, other=other)
    for indicator in book.indicators.values():
        for version in indicator.versions:
            yield from _brought(book, attributes, version.parameters, _PARAMETER, version.dated.place)
    for rule in book.distributions.values():
        for own in rule.versions:
            yield from _brought(book, attributes, own.parameters, _PARAMETER, own.dated.place)
            yield from _brought(book, attributes, own.named, _LET, own.dated.place)
            for name in sorted({*own.parameters} & {*own.named}):
                yield check_issue("name-clash", own.dated.place, found=name, one=_LET, other=_PARAMETER)
            for name in sorted({*own.let} & {*own.bands}):
                yield check_issue("name-clash", own.dated.place, found=name, one=_LET, other=_BANDS)


def _brought(
    book: RuleBook, attributes: Iterable[str], names: Iterable[str], one: Text, place: Place
) -> Iterator[Issue]:
    """Names that a rule brings along and that stand for something else already."""
    for name in names:
        other = (
            _MEASURE
            if name in book.measures
            else _WORD
            if name in FORMULA_WORDS
            else _ATTRIBUTE
            if name in attributes
            else None
        )
        if other is not None:
            yield check_issue("name-clash", place, found=name, one=one, other=other)
