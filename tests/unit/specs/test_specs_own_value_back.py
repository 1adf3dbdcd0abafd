"""How far back facts are read where thresholds look at the indicator's own value of earlier periods."""

import pytest

from perf.services.needed_facts import OWN_PERIOD, years_back
from perf.specs.book import load_book

RULES = """
measure: visits
title: {{zh: 诊疗人次}}
level: institution
---
indicator: x
title: X
level: institution
unit: number
direction: higher
value: {value}
points: {points}
---
scheme: s
title: S
of: {{level: institution}}
period: month
dimensions: {{d: {{weight: 100, indicators: {{x: {{out_of: 100}}}}}}}}
"""


@pytest.mark.parametrize(
    ("value", "points", "years"),
    [
        ("visits", "{curve: percentile}", 0),
        ("visits", '{curve: attainment, target: "value@last_year * 1.1"}', 1),
        ("visits - visits@last_year", '{curve: attainment, target: "value@last_year * 1.1"}', 2),
        ("visits", '{curve: attainment, target: "max(peers.value@previous)"}', 1),
        (
            "visits",
            '{curve: best_of, of: [{curve: percentile}, {curve: percentile, value: "value - value@year(-2)"}]}',
            2,
        ),
    ],
)
def test_what_the_value_is_made_of_is_read_as_far_back_as_the_value_is_asked(value, points, years):
    book, issues = load_book({"r.yaml": RULES.format(value=value, points=points)})
    assert issues == ()
    assert years_back(book) == {"visits": years or OWN_PERIOD}
