"""How the printed lines of a scorecard give its total, on one line."""

from collections.abc import Sequence
from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.kernel.figures import fixed
from perf.kernel.text import Text
from perf.scoring import Scorecard, ScoreItem
from perf.specs.models import RuleBook

_ZERO = Fraction(0)


def is_product(card: Scorecard) -> bool:
    """Whether the dimensions are multiplied (total.combine: geometric): then they add no score of their own."""
    return any(item.score is None and item.points is not None for item in _dimensions(card))


def sum_line(card: Scorecard, book: RuleBook) -> Text:
    """`40 + 45 + 5 = 90`; empty without a total.

    Extra points stand in brackets where their common cap held; a product is written out with its exponents; where a
    bound of the total held, what it was before is shown.
    """
    if card.total is None or card.exact is None:
        return Text("")
    if is_product(card):
        return _product(card, book)
    scores = [item.score for item in _dimensions(card) if item.score is not None]
    extras = [item.score for item in card.items if item.parent == "extra" and item.score is not None]
    parts = [in_full(score) for score in scores]
    if not parts and not extras:
        return Text("")
    cap = _extra_cap(card, book)
    together = sum(extras, _ZERO)
    is_capped = cap is not None and together > cap
    if cap is not None and is_capped:
        zh, en = _capped(extras, cap)
        line = Text(" + ".join([*parts, zh]), " + ".join([*parts, en]))
        together = cap
    else:
        line = Text(" + ".join([*parts, *map(in_full, extras)]))
    before = sum(scores, _ZERO) + together
    alone = len(scores) + len(extras) == 1 and not is_capped
    return _bounded(line, before, card, alone=alone)


def _bounded(line: Text, before: Fraction, card: Scorecard, *, alone: bool) -> Text:
    exact = in_full(card.exact)
    if before == card.exact:
        return Text(exact) if alone else Text(f"{line.zh} = {exact}", f"{line.in_lang('en')} = {exact}")
    shown = "" if alone else f" = {in_full(before)}"
    if card.status == "vetoed":
        return Text(f"{line.zh}{shown},一票否决后为 {exact}", f"{line.in_lang('en')}{shown}, vetoed: {exact}")
    return Text(
        f"{line.zh}{shown},按总分上下限为 {exact}", f"{line.in_lang('en')}{shown}, within the bounds of totals {exact}"
    )


def _capped(extras: Sequence[Fraction], cap: Fraction) -> tuple[str, str]:
    written = " + ".join(map(in_full, extras))
    return (
        f"{in_full(cap)}(加分 {written},合计至多 {in_full(cap)})",
        f"{in_full(cap)} (extra {written}, at most {in_full(cap)})",
    )


def _extra_cap(card: Scorecard, book: RuleBook) -> Fraction | None:
    scheme = book.schemes.get(card.scheme)
    version = scheme.version(card.period) if scheme is not None else None
    return version.extra_cap if version is not None else None


def _product(card: Scorecard, book: RuleBook) -> Text:
    """`(85 ÷ 100)^(40 ÷ 100) × (90 ÷ 100)^(60 ÷ 100) × 100 ≈ 87.9636`, extra points and bounds as they held."""
    rows = [item for item in _dimensions(card) if item.points is not None and item.weight]
    whole = sum((item.weight for item in rows if item.weight is not None), _ZERO)
    factors = [
        f"({in_full(item.points)} ÷ {in_full(item.out_of)})^({in_full(item.weight)} ÷ {in_full(whole)})"
        for item in rows
    ]
    line = " × ".join([*factors, in_full(whole)])
    extras = [item.score for item in card.items if item.parent == "extra" and item.score is not None]
    cap, exact = _extra_cap(card, book), card.exact or _ZERO
    zh = en = " + ".join([line, *map(in_full, extras)])
    if cap is not None and sum(extras, _ZERO) > cap:
        zh, en = (f"{line} + {capped}" for capped in _capped(extras, cap))
    is_short = (exact * 10**4).denominator == 1
    result = f"= {in_full(exact)}" if is_short else f"≈ {fixed(exact, 4)}"
    if card.status == "vetoed" and exact == 0:
        return Text(f"{zh},一票否决后为 0", f"{en}, vetoed: 0")
    if _is_bound(card, book):
        return Text(f"{zh},按总分上下限为 {in_full(exact)}", f"{en}, within the bounds of totals {in_full(exact)}")
    return Text(f"{zh} {result}", f"{en} {result}")


def _is_bound(card: Scorecard, book: RuleBook) -> bool:
    """Whether the total stands at a bound."""
    rule = book.schemes.get(card.scheme)
    version = rule.version(card.period) if rule is not None else None
    return version is not None and card.exact in (version.total.minimum, version.total.maximum) and bool(card.exact)


def _dimensions(card: Scorecard) -> list[ScoreItem]:
    return [item for item in card.items if item.type == "dimension"]
