"""Which facts a run may look at: the measures that rules name, and how far back, so that it need not read them all."""

import re
from collections.abc import Iterator

from perf.formulas import Formula, references
from perf.kernel.periods import Period
from perf.specs.formulas_of import distribution_formulas, indicator_formulas
from perf.specs.models import Indicator, RuleBook
from perf.specs.order import own_formulas, scheme_indicators, schemes_needed

_TO_DATE = "year_to_date"
_YEARS_BACK = re.compile(r"-(\d+)")
CARRIED_YEARS = 1  # carry_forward looks at the twelve months before
OWN_PERIOD = -1
"""Not even the months of this year before the period are looked at."""


def years_back(book: RuleBook) -> dict[str, int]:
    """Measure -> how many years before the year of a run the rules look at it; measures no rule names are left out.

    0: from January of the year on (`@year_to_date`); `OWN_PERIOD`: at the period itself only.
    """
    codes: dict[str, set[str]] = {}
    for measure in book.measures.values():
        for name in (measure.code, measure.title.zh, measure.title.en, *measure.synonyms):
            codes.setdefault(name, set()).add(measure.code)
    found: dict[str, int] = {}
    for formula, least in _formulas(book):
        for reference in references(formula):
            back = least + shifted_years(reference.shift)
            if back == 0 and _TO_DATE not in reference.shift.split("@"):
                back = OWN_PERIOD
            for code in codes.get(reference.name, ()):
                found[code] = max(found.get(code, back), back)
    return found


def periods_within(period: Period, years: int) -> list[str]:
    """Every month, quarter and year from January `years` years earlier up to the end of `period`, as text.

    `OWN_PERIOD`: the period itself, its months, and the quarter and year it lies in.
    """
    if years == OWN_PERIOD and period.kind != "year":
        own = {period, *period.months(), period.within("quarter"), period.within("year")}
        return sorted(str(p) for p in own)
    last = period.months()[-1]
    spans = [Period(year, "year") for year in range(period.year - max(years, 0), period.year + 1)]
    months = [month for year in spans for month in year.months() if month.first_month <= last.first_month]
    return sorted({str(p) for m in months for p in (m, m.within("quarter"), m.within("year"))})


def _formulas(book: RuleBook) -> Iterator[tuple[Formula, int]]:
    """Every formula that a run may ask, with the years back that its rule looks whatever the formula says.

    What is switched off asks nothing (unless a scheme in use needs its score), nor do indicators that no scheme in use names.
    """
    in_use = schemes_needed(book, (code for code, scheme in book.schemes.items() if scheme.is_ever_on))
    schemes = [book.schemes[code] for code in sorted(in_use)]
    asked = {code for scheme in schemes for code in scheme_indicators(book, scheme)}
    for indicator in (book.indicators[code] for code in sorted(asked)):
        least = (CARRIED_YEARS if _carries(indicator) else 0) + _own_value_back(indicator)
        yield from ((formula, least) for formula in indicator_formulas(indicator))
    for scheme in schemes:
        yield from ((formula, 0) for formula in own_formulas(scheme))
    for rule in (rule for rule in book.distributions.values() if rule.is_ever_on):
        yield from ((formula, 0) for formula in distribution_formulas(rule))


def _own_value_back(indicator: Indicator) -> int:
    """How far thresholds and parts look at the indicator's own value: all that it is made of is asked as far back."""
    shifts = (one.shift for f in indicator_formulas(indicator) for one in references(f) if one.name == "value")
    return max(map(shifted_years, shifts), default=0)


def _carries(indicator: Indicator) -> bool:
    policies = {p for v in indicator.versions for p in (v.no_value.missing, v.no_value.denominator_zero)}
    return "carry_forward" in policies


def shifted_years(shift: str) -> int:
    """`last_year` and `previous` look one year back at most, `year(-2)` two; what is joined adds up."""
    parts = [part for part in shift.split("@") if part and part != _TO_DATE]
    return sum(int(match[1]) if (match := _YEARS_BACK.search(part)) else 1 for part in parts)
