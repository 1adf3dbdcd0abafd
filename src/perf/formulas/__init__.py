"""The arithmetic of rules: parse, check, evaluate, explain."""

from perf.formulas.checks import Expects, check_formula
from perf.formulas.evaluation import evaluate
from perf.formulas.names import Holder, Known, Names
from perf.formulas.nodes import NO_RULE, AbsenceReason, Absent, Node, RuleRef, Value
from perf.formulas.parser import parse_formula
from perf.formulas.references import Reference, constant, references
from perf.formulas.rendering import ROUNDING_WORDS, equation, node_json, node_text, steps
from perf.formulas.scope import Scope
from perf.formulas.tree import Formula
from perf.formulas.units import UNITS, Unit
from perf.formulas.value_wording import counted_text, value_text
from perf.formulas.values import absence, as_number

__all__ = [
    "NO_RULE",
    "ROUNDING_WORDS",
    "UNITS",
    "AbsenceReason",
    "Absent",
    "Expects",
    "Formula",
    "Holder",
    "Known",
    "Names",
    "Node",
    "Reference",
    "RuleRef",
    "Scope",
    "Unit",
    "Value",
    "absence",
    "as_number",
    "check_formula",
    "constant",
    "counted_text",
    "equation",
    "evaluate",
    "node_json",
    "node_text",
    "parse_formula",
    "references",
    "steps",
    "value_text",
]
