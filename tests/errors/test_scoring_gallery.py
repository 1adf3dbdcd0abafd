"""The gallery of scoring: for every code the smallest rules and facts that cause it, and its exact text.

`tests/errors/scoring/<code>/expected.txt`; rewritten by `--update-golden` and read in the diff.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import Issue
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.specs.book import load_book

HERE = Path(__file__).parent / "scoring"
RULES = """
measure: seen
title: {zh: 接诊, en: Seen}
level: institution
---
measure: beds
title: {zh: 床位, en: Beds}
level: institution
---
measure: grave
title: {zh: 重大事故, en: Grave accident}
answers: event
level: institution
---
indicator: x
title: {zh: 甲, en: X}
level: institution
unit: number
direction: higher
confidence: A
value: VALUE
points: POINTS
source: {document: 甲文, clause: 第一条}
---
scheme: s
title: {zh: 考核, en: S}
of: {level: institution}
period: month
source: {document: 甲文, clause: 第二条}
dimensions: {d: {weight: 100, indicators: {x: {out_of: 100}}}}
"""
CURVE = "{curve: linear, through: [[0, 0], [100, 100]]}"


def told(
    *,
    value: str = "seen",
    points: str = CURVE,
    more: str = "",
    facts: Mapping[str, int] | None = None,
    schemes: Sequence[str] = ("s",),
    period: str = "2025-06",
    change: tuple[str, str] = ("", ""),
    subjects: Sequence[str] = ("H",),
) -> Sequence[Issue]:
    text = (RULES + more).replace("VALUE", value).replace("POINTS", points)
    book, wrong = load_book({"rules.yaml": text.replace(*change) if change[0] else text})
    assert [issue.render() for issue in wrong if issue.is_error] == []
    month = parse_period(period)
    given = [(who, measure, Fraction(n)) for who in subjects for measure, n in (facts or {}).items()]
    rows = Facts([Fact(FactKey(who, measure, month), n) for who, measure, n in given])
    return score(book, Roster([Segment(who, "institution", "", "") for who in subjects]), rows, month, schemes).issues


SECOND = """---
indicator: y
title: {zh: 乙, en: Y}
level: institution
unit: points
direction: higher
confidence: A
value: score(s)
points: {curve: entered, full: 100}
source: {document: 甲文, clause: 第三条}
---
scheme: t
title: {zh: 再考核, en: T}
of: {level: institution}
period: month
source: {document: 甲文, clause: 第四条}
dimensions: {d: {weight: 100, indicators: {y: {out_of: 100}}}}
"""
OUTSIDE = '{curve: linear, through: [["beds", 0], ["beds", 100]], outside: extend}'
CASES = {
    "unknown-scheme": lambda: told(schemes=["z"]),
    "scheme-period": lambda: told(period="2025"),
    "rule-not-in-force": lambda: told(change=("value: seen", "from: 2025-07\nvalue: seen"), facts={"seen": 1}),
    "missing-fact": told,
    "denominator-zero": lambda: told(value="seen / beds", facts={"seen": 1, "beds": 0}),
    "score-blocked": lambda: told(more=SECOND, schemes=["t"]),
    "rule-failed": lambda: told(points=OUTSIDE, facts={"seen": 1, "beds": 5}),
    "peer-group-of-one": lambda: told(points="{curve: percentile}", facts={"seen": 1}),
    "peers-all-equal": lambda: told(
        points="{curve: standardise, method: min_max}", facts={"seen": 1}, subjects=["H", "J"]
    ),
    "condition-unknown": lambda: told(more="veto: [{when: grave > 0, effect: zero_total}]\n", facts={"seen": 1}),
}


def rendered(issues: Sequence[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", CASES)
def test_every_code_has_its_smallest_input_and_its_exact_text(code, request):
    found = CASES[code]()
    text = rendered([issue for issue in found if issue.code == code])
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the input for {code} does not cause it but {[issue.code for issue in found]}"
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CASES)
def test_every_text_stands_in_both_languages(code):
    for issue in CASES[code]():
        for text in (issue.found, issue.expected, issue.hint):
            assert bool(text.zh) == bool(text.en), (issue.code, text)
