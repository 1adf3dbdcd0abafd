"""Rules that are switched off: read as such, and no run reads facts for them."""

from perf.services.needed_facts import OWN_PERIOD, years_back
from perf.specs import load_book

RULES = """
measure: visits
title: 诊疗人次
unit: person-times
level: institution
---
measure: beds
title: 床位数
unit: items
level: institution
---
indicator: growth
title: 增长
level: institution
unit: percent
direction: higher
value: visits / visits@last_year - 1
points: {curve: linear, through: [[0%, 0], [10%, 100]]}
---
indicator: shown
title: 床位
level: institution
unit: items
direction: monitored
value: beds
---
scheme: monthly
title: 月度
of: {level: institution}
period: month
ENABLED
dimensions: {a: {weight: 100, indicators: {growth: {out_of: 100}}}}
---
distribution: split
title: 分配
period: month
per: institution
ENABLED
fund: 100
steps: [{apportion: {by: beds}}]
"""


def book(enabled):
    found, issues = load_book({"rules.yaml": RULES.replace("ENABLED", enabled)})
    assert issues == ()
    return found


def test_rules_are_switched_on_unless_they_say_no():
    on, off = book(""), book("enabled: no")
    assert (on.schemes["monthly"].enabled, on.distributions["split"].enabled) == (True, True)
    assert (off.schemes["monthly"].enabled, off.distributions["split"].enabled) == (False, False)


def test_facts_are_read_for_rules_in_use_only():
    assert years_back(book("")) == {"visits": 1, "beds": OWN_PERIOD}
    assert years_back(book("enabled: no")) == {}
