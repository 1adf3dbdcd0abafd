"""The arithmetic of rules: parse, type, evaluate, explain."""

from dataclasses import dataclass

from perf.kernel.issues import Place


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its text as written and its tree."""

    text: str
    place: Place
