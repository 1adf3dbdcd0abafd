"""docs/rules.md, section 4: every function is there, and every example gives what the manual says."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from perf.formulas import Node, evaluate, parse_formula
from perf.formulas.functions import FUNCTIONS
from perf.formulas.value_wording import value_text
from perf.kernel.issues import NOWHERE

MANUAL = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
SECTION = MANUAL[MANUAL.index("### 函数") : MANUAL.index("**限度**")]
ROW = re.compile(r"^\| (`[^|]+`[^|]*) \| `([^|]+)` \| ([^|]+) \|", re.MULTILINE)
ROWS = ROW.findall(SECTION)


class Seen:
    """A subject with the members and peers that the manual names."""

    period = None

    def __init__(self, **values):
        self.values = values

    def name(self, code, _period):
        return Node("fact", self.values[code])

    def knows(self, code):
        return code in self.values

    def members(self):
        return [Seen(x=Fraction(x), kind=k) for x, k in zip((95, 93, 90, 10, 7), "abaab", strict=True)]

    def peers(self):
        return [Seen(value=Fraction(value)) for value in range(10, 130, 10)]

    def lower_is_better(self):
        return False


@pytest.mark.parametrize(("functions", "example", "result"), ROWS, ids=[row[1] for row in ROWS])
def test_the_example_of_a_function_gives_what_the_manual_says(functions, example, result):
    assert any(f"{name}(" in example for name in re.findall(r"[a-z]+", functions)) or "p1" in functions
    parsed = parse_formula(example, NOWHERE)
    assert parsed.formula is not None
    value = evaluate(parsed.formula, Seen()).value
    if result.startswith("≈"):
        assert value_text(value, "") == result.replace(" ", "")
    else:
        assert value == Fraction(result)


def test_every_function_stands_in_the_manual():
    listed = set(re.findall(r"`([a-z]+)`", " ".join(row[0] for row in ROWS)))
    assert set(FUNCTIONS) <= listed
