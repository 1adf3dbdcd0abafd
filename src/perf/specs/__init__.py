"""Rules: YAML text → typed, dated, checked models; the form of cases; what must be computed before what."""

from perf.specs.book import load_book
from perf.specs.canonical import canonical_text, content_hash
from perf.specs.case_models import Case, CaseFact, CaseSubject, DistributionCase, IndicatorCase, SchemeCase
from perf.specs.cases import load_cases
from perf.specs.checks import check_book
from perf.specs.models import RuleBook
from perf.specs.order import distribution_order, scheme_order
from perf.specs.tables import breakpoints, values_beside

__all__ = [
    "Case",
    "CaseFact",
    "CaseSubject",
    "DistributionCase",
    "IndicatorCase",
    "RuleBook",
    "SchemeCase",
    "breakpoints",
    "canonical_text",
    "check_book",
    "content_hash",
    "distribution_order",
    "load_book",
    "load_cases",
    "scheme_order",
    "values_beside",
]
