"""Who uses what: the measures behind a formula, Chinese titles resolved."""

from collections.abc import Iterable, Mapping

from perf.formulas import Formula, references
from perf.specs.models import RuleBook

_NAMING = ("name", "member", "peer", "parent")


def titles(book: RuleBook) -> Mapping[str, str]:
    """Chinese title -> code, for titles that belong to exactly one measure."""
    found: dict[str, list[str]] = {}
    for measure in book.measures.values():
        found.setdefault(measure.title.zh, []).append(measure.code)
    return {title: codes[0] for title, codes in found.items() if title and len(codes) == 1}


def names_of(formulas: Iterable[Formula]) -> frozenset[str]:
    """Every plain name in `formulas`, of whomever it is asked."""
    return frozenset(
        reference.name for formula in formulas for reference in references(formula) if reference.kind in _NAMING
    )


def measures_of(book: RuleBook, *formulas: Formula) -> frozenset[str]:
    """Codes of the measures that `formulas` name; a code wins over a title."""
    names = names_of(formulas) | _of_items(book, formulas)
    found = names & book.measures.keys()
    if len(found) == len(names):
        return found
    by_title: dict[str, list[str]] = {}
    for code, measure in book.measures.items():
        if measure.title.zh in names and measure.title.zh not in found:
            by_title.setdefault(measure.title.zh, []).append(code)
    return found | {codes[0] for title, codes in by_title.items() if title and len(codes) == 1}


def _of_items(book: RuleBook, formulas: Iterable[Formula]) -> frozenset[str]:
    """Codes of the measures that `item.x` asks of the same item."""
    asked = {one.name for formula in formulas for one in references(formula) if one.kind == "item"}
    return frozenset(asked & book.measures.keys())


def schemes_of(formulas: Iterable[Formula]) -> frozenset[str]:
    """Codes of the schemes whose scores `formulas` name, of any period."""
    return frozenset(
        reference.name for formula in formulas for reference in references(formula) if reference.kind == "score"
    )
