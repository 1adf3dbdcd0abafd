"""Random rule books, rosters and facts for the columnar evaluator: every function, reference, curve, policy and way of adding up.

A book is made by a chooser, which takes one of several texts: hypothesis in the properties; one that goes round in the test
that holds what can be produced against the closed sets of the language.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st
from tests.unit.scoring.scoring_world import SOURCE, book_of, fact, indicator, measure, rating, scheme, straight

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.models import RuleBook

F = Fraction
Choose = Callable[[str, Sequence[str]], str]
SUBJECTS = tuple("甲乙丙丁戊己庚辛")
STAFF = ("张", "王", "李")
PERIODS = ("2025-03", "2025-03", "2025-03", "2025-Q1", "2025")
ROUNDINGS = ("half_away", "half_even", "down", "up")

# ---------------------------------------------------------------- rules

CURVES = (
    "{curve: linear, through: [[0, 0], [1, 100]]}",
    "{curve: linear, through: [[0.4, 0], [0.85, 60], [1.2, 100]]}",
    "{curve: linear, through: [[0.25, 100], [0.5, 60], [0.51, 20], [1, 0]], outside: clip}",
    "{curve: linear, through: [[0.3, 7], [0.9, 63]], outside: extend}",
    "{curve: steps, at: [[0.2, 40], [0.5, 60], [0.7, 80], [1, 100]]}",
    "{curve: steps, at: [[0.25, 12.345], [0.5, 33.335], [0.75, 99.995]], lower_bound: excluded, below: 5.555}",
    "{curve: range, best: [0.45, 0.65], zero: [0.2, 1.05]}",
    "{curve: range, best: [0.5, 0.75], zero: [0.5, 1]}",
    "{curve: range, best: [0.5, none], zero: [none, none]}",
    "{curve: attainment, target: 0.95, floor: 60%, cap: 120%}",
    "{curve: attainment, target: 0.5}",
    "{curve: deduct, each: 2, per: 0.5, counted: started}",
    "{curve: deduct, each: 1.5, per: 0.25, counted: exact}",
    "{curve: deduct, each: 3, per: 0.3, counted: completed}",
    "{curve: award, each: 3, per: 1, cap: 5}",
    "{curve: award, each: 1.25, per: 0.125, cap: 7, counted: started}",
    "{curve: award, each: 2.5, per: 0.2, cap: 9, counted: completed}",
    "{curve: entered, full: 1.2}",
    "{curve: efficacy, satisfactory: 0.95, unallowed: 0.6, base: 60, span: 40}",
    "{curve: efficacy, satisfactory: 0.95, unallowed: 0.6, base: 60, span: 40, outside: clip}",
    "{curve: efficacy, standards: [0.9, 0.8, 0.7, 0.6, 0.5], coefficients: [1, 0.8, 0.6, 0.4, 0.2]}",
    "{curve: efficacy, standards: {by: class, rows: {三甲: [0.9, 0.8, 0.7, 0.6, 0.5], 二甲: [0.8, 0.7, 0.6, 0.5, 0.4]}}}",
    "{curve: power, origin: 0.3, per: 0.25, factor: -2, exponent: 1.5, start: 100, side: both, floor: 0, cap: 100, digits: 2, rounding: down}",
    "{curve: power, origin: 0.5, factor: 40, exponent: 2, start: 50, side: above, cap: 97.775, digits: 1, rounding: up}",
    "{curve: power, origin: 0.5, factor: -30, exponent: 0.5, start: 90, side: below, floor: 11.115, digits: 3, rounding: half_even}",
    "{curve: power, origin: 0.25, factor: 20, exponent: 1.5, start: 0, digits: 2, rounding: half_away}",
    "{curve: power, origin: 0.5, factor: -30, exponent: 0.5, start: 90}",
    "{curve: percentile, definition: percent_rank, alone: 0}",
    "{curve: percentile, definition: percent_rank, alone: 10, all_equal: 66.665}",
    "{curve: percentile, definition: at_or_below, all_equal: 40}",
    "{curve: percentile, definition: at_or_below}",
    "{curve: percentile, definition: midpoint, alone: 77.775}",
    "{curve: rank, method: step, first: 100, each: 7.775, floor: 30, ties: mean}",
    "{curve: rank, method: share, ties: dense}",
    "{curve: rank, method: places, places: [[1, 100], [2, 90], [4, 80]]}",
    "{curve: standardise, method: min_max, low: 50, high: 100, all_equal: 100}",
    "{curve: standardise, method: min_max, low: 10, high: 97.775}",
    "{curve: standardise, method: ratio_to_best}",
    "{curve: standardise, method: ratio_to_best, all_equal: 88.885}",
    "{curve: standardise, method: z_score, centre: 60, scale: 10, deviation: population, all_equal: 60}",
    "{curve: standardise, method: z_score, centre: 50, scale: 20, deviation: sample, low: 5, high: 95}",
    "{curve: best_of, of: [{curve: linear, through: [[0, 0], [1, 90]]}, {curve: steps, at: [[0.5, 70]]}]}",
    "{curve: best_of, of: [{curve: percentile}, {curve: linear, title: 改善, value: value - value@last_year, through: [[0, 0], [0.2, 100]]}]}",
    "{curve: best_of, of: [{curve: attainment, target: 0.9}, {curve: percentile, value: n_a / 100, direction: lower}]}",
    "{curve: rating, values: {好: 100, 中: 66.665, 差: 0}}",
)
VARYING = (
    "{curve: linear, through: [[0, 0], [median(peers.value), 60], [max(peers.value) + 1, 100]]}",
    "{curve: steps, at: [[0.5 * beds, 60], [beds, 100]]}",
    "{curve: attainment, target: 'd_d / 100', floor: 60%}",
    "{curve: attainment, target: goal}",
    "{curve: attainment, target: value@last_year * 1.1, floor: 50%, cap: 110%}",
    "{curve: attainment, target: max(peers.value@previous)}",
    "{curve: attainment, target: mean(peers.n_d) / 90}",
    "{curve: range, best: [min(peers.value), max(peers.value)]}",
    "{curve: linear, through: [[p10(peers.value), 0], [p90(peers.value), 100]], all_equal: 77.775}",
    "{curve: linear, through: [[min(peers.value), 30], [median(peers.value), 60], [max(peers.value), 100]]}",
    "{curve: linear, through: [['least(d_d)', 60], ['least(d_d) + 0.5', 100]]}",
    "{curve: steps, at: [[0.9 * mean(peers.value), 60], [mean(peers.value), 80], [1.1 * mean(peers.value), 100]]}",
    "{curve: attainment, target: mean(peers.value), floor: 60%, cap: 120%}",
    "{curve: efficacy, satisfactory: p90(peers.value), unallowed: p10(peers.value), base: 60, span: 40}",
    "{curve: range, best: [p25(peers.value), p75(peers.value)], zero: [min(peers.value) - 1, max(peers.value) / 0.5]}",
    "{curve: power, origin: goal, factor: -40, exponent: 2, start: 100, digits: 2}",
    "{curve: efficacy, standards: [goal + 0.2, goal + 0.1, goal, goal - 0.1, goal - 0.2]}",
)
LOWER = (
    "{curve: standardise, method: min_max, low: 50, high: 100, all_equal: 100}",
    "{curve: standardise, method: ratio_to_best, all_equal: 12}",
    "{curve: standardise, method: z_score, all_equal: 60}",
    "{curve: attainment, target: median(peers.value), lower_as: ratio}",
    "{curve: efficacy, satisfactory: min(peers.value), unallowed: max(peers.value), base: 60, span: 40, outside: clip}",
    "{curve: attainment, target: 0.4, floor: 50%, lower_as: ratio}",
    "{curve: attainment, target: 0.4, cap: 110%, lower_as: complement}",
    "{curve: percentile, definition: percent_rank, alone: 100}",
    "{curve: rank, method: step, first: 100, each: 5, floor: 60, ties: competition}",
    "{curve: efficacy, satisfactory: 0.1, unallowed: 0.6, base: 60, span: 40, outside: clip}",
    "{curve: best_of, of: [{curve: attainment, target: 0.5}, {curve: percentile, alone: 5}, {curve: percentile, value: d_a / 100, direction: higher}]}",
)
VALUES = (
    "n_{0} / d_{0}",
    "n_{0} / d_{0}",
    "n_{0} / d_{0}",
    "(d_{0} - n_{0}) / d_{0}",
    "n_{0} / d_{0} - n_{0}@previous / d_{0}@previous",
    "n_{0} / d_{0} + n_{0}@last_year / 400",
    "n_{0}@year_to_date / 400",
    "n_{0}@year_to_date / n_{0}@last_year@year_to_date",
    "n_{0} / n_{0}@year(-1)",
    "max(n_{0}, 2 * d_{0}) / (n_{0} + d_{0})",
    "if(n_{0} >= d_{0}, 1, n_{0} / d_{0})",
    "if(not n_{0} < 50 and d_{0} != 0 or n_{0} > d_{0}, +n_{0} / 100, -d_{0} / 90)",
    "round(n_{0} / d_{0}, 1)",
    "round(n_{0}, -1) / 100",
    "abs(n_{0} - d_{0}) / 100",
    "min(n_{0}, d_{0}, 7) / 8",
    "floor(n_{0} / 3) / 4 + ceil(d_{0} / 7) * 0.01",
    "if(class == 三甲, n_{0} / d_{0}, d_{0} / 100)",
    'if(class in (三甲, "三乙"), n_{0} / d_{0}, 0.25)',
    "if(class not in (二甲, 二乙), n_{0} / 100, 20%)",
    "n_{0} / (d_{0} * beds)",
    "n_{0} > d_{0} / 2",
    "n_{0} <= d_{0}",
    "rate * n_{0} / d_{0}",
    "weight(class) * n_{0} / d_{0}",
    "weight(beds) * n_{0} / 100",
    "n_{0} / d_{0} / least(beds)",
    "n_{0} / d_{0} / least(n_{0})",
    "n_{0} / d_{0} / least(2)",
    "graded(n_{0}) * d_{0} / 100",
    "classed(n_{0})",
    "bent(n_{0}) - d_{0} / 400",
    "n_{0} / d_{0} * n_{0} / d_{0} * n_{0} / d_{0}",
    "mean(n_{0}, d_{0}) / count(n_{0}, d_{0}) / 60",
    "median(n_{0}, d_{0}, 7) / 40 + sum(n_{0}, d_{0}) / 900",
    "sqrt(max(n_{0}, 0)) / 20",
    "power(max(n_{0}, 0) / 10, 2) / 9 + power(2, 0.5) / 100",
    "power(n_{0} / 100, 3)",
    "ln(max(n_{0}, 1)) / 7",
    "exp(min(max(n_{0}, 0), 9) / 10) / 3",
    "geomean(max(n_{0}, 1), max(d_{0}, 1)) / 300",
    "p90(n_{0}, d_{0}, 5) / 300 - p10(n_{0}, d_{0}, 5) / 900",
    "best(n_{0}, d_{0}) / 400 + worst(n_{0}, d_{0}) / 800",
    "mean(top(2, n_{0}, d_{0}, 40)) / 100",
    "mean(top(2, peers.n_{0})) / 300",
    "n_{0} / mean(peers(class == 三甲).n_{0})",
    "n_{0} / sum(peers.n_{0})",
    "count(peers(kind == town)) / 9 + count(peers.d_{0}) / 20",
    "n_{0} / geomean(peers(d_{0} > 20).d_{0})",
    "n_{0}@previous / max(peers.n_{0}@previous)",
    "standing / 100",
    "standing@year_to_date / 900",
    "evenly@year_to_date / 60",
    "money / 1000000 + evenly / 100",
    "share + averaged / 200",
    "latest / 100 + seldom / 200",
    "(events + 1) / 4",
    "if(remark == 好, n_{0} / 100, 0.4)",
    "work / 100",
    "in_post * n_{0} / d_{0}",
)
FAR = (
    "sum(members.n_{0}) / 10",
    "sum(members.work) / 100",
    "mean(members(post == 医师).work) / 60",
    "count(members(post == 医师)) / 3",
    "n_{0} / parent.n_{0}",
    "n_{0} / 100 - parent.n_{0}@last_year / 1000",
    "parent.score(above) / 100",
    "parent.score(above) / 100 * n_{0} / d_{0}",
    "score(beside) / 100",
    "n_{0} / d_{0} * score(beside) / 100",
    "median(peers.score(beside)) / 100",
    "sum(procedures.quantity * item.points) / 300",
    "sum(procedures.quantity) / 200",
)
POLICIES = ("block", "not_applicable", "zero", "full", "peer_median", "carry_forward")
DIGITS = ("0", "1", "2", "2", "2", "4", "4")
ODD = ("no", "no", "no", "no", "yes")
"""Whether a book may hold what leaves the whole scheme to the exact engine."""
MEASURES = (
    measure("standing", further="period: year\n"),
    measure("evenly", further="period: year\nspread: even\n"),
    measure("seldom", further="period: quarter\n"),
    measure("money").replace("unit: number", "unit: wan_yuan").replace("digits: 4", "digits: exact"),
    measure("share").replace("unit: number", "unit: percent"),
    measure("averaged").replace("roll_up: sum", "roll_up: mean"),
    measure("latest", further="partial: true\n").replace("roll_up: sum", "roll_up: last"),
    measure("partly", further="partial: true\n"),
    measure("single").replace("roll_up: sum", "roll_up: none"),
    measure("events", "event"),
    measure("entered", "score"),
    measure("remark", "text"),
    measure("work").replace("level: institution", "level: person"),
    measure("procedures"),
    "list: services\ntitle: 项目\nitems:\n  s1: {title: 甲, points: 3}\n  s2: {title: 乙, points: [{from: 2025, value: 7}]}\n",
)
BROUGHT = """parameters: {rate: [{from: 2020, to: 2025-02, value: 90%}, {from: 2025-03, value: 95%}], goal: [{from: 2020, value: 0.75}]}
tables: {weight: {三甲: 1.25, "2": 0.5, "1.5": 0.9}}
curves:
  least: {curve: linear, through: [[1, 0.5], [50, 0.8], [100, 1]], outside: clip}
  graded: {curve: steps, at: [[20, 0.5], [60, 0.8]], below: 0.1}
  bent: {curve: power, origin: 40, per: 50, factor: 0.5, exponent: 2, side: above}
  classed: {gives: percent, curve: efficacy, standards: {by: class, rows: {三甲: [90, 50], 二甲: [80, 40]}}, coefficients: [1, 0.5]}
"""
SWITCHES = (
    *[""] * 9,
    "enabled: no\n",
    "enabled: no\nversions: [{from: 2024-06, to: 2025-02, points_digits: 1}, {from: 2025-03, enabled: yes}]\n",
    "versions: [{from: 2020-01, to: 2025-02, points_rounding: up}, {from: 2025-03, enabled: no}]\n",
    """versions: [{from: 2020, to: 2024, value: d_{0} / 90, requires: n_{0} > 0},
  {from: 2025-01, to: 2025-02, value: n_{0} / 90 - partly@previous / 400}, {from: 2025-03}]\n""",
    "versions: [{from: 2025-01, to: 2025-02, value: single / 90 + standing / 100}, {from: 2025-03}]\n",
)
WHO = (
    *["{level: institution, kind: [town]}"] * 4,
    "{level: institution}",
    "{level: institution, kind: [village, town], where: class == 三甲}",
)
FAR_WHO = (*WHO, "{level: institution, kind: [town], where: n_a > 40}")
"""Columns alone do not know whom a figure of then made a peer."""
EFFECTS = ("zero_total", "{grade_at_most: 合格}", "forfeit_pay")
CONDITIONS = ("n_a > 90", "n_a - 40", "n_b / d_b > 1", "mean(peers.n_a) > 80", "events > 0 and n_c > 50")
FAR_CONDITIONS = ("score(beside) < 40", "sum(members.work) > 60")
COEFFICIENTS = (
    "{curve: steps, at: [[0, 0.8], [60, 1.0], [85, 1.5]]}",
    "{curve: steps, at: [[50, 0.8], [60, 1.0]], lower_bound: excluded, below: 0.33335}",
    "{curve: linear, through: [[0, 0.3], [100, 1.3]]}",
    "{curve: linear, through: [[20, 0.3], [90, 1.3]], outside: extend}",
)


def indicator_of(choose: Choose, code: str, *, own: bool, odd: bool) -> str:
    """One indicator; `own`: it looks at nobody but its subject and the peers."""
    side = choose("side", ("higher", "higher", "varying", "lower"))
    curve = choose(side, {"higher": CURVES, "varying": VARYING, "lower": LOWER}[side])
    value = choose("value", VALUES if own or choose("where", ("near", "near", "near", "far")) == "near" else FAR)
    if "curve: rating" in curve:
        value = "m_mark"
    missing, zero = choose("missing", POLICIES), choose("zero", POLICIES)
    further = f"no_value: {{missing: {missing}, denominator_zero: {zero}}}\npoints_digits: {choose('points_digits', (*DIGITS, 'exact') if odd else DIGITS)}\n"
    further += f"points_rounding: {choose('points_rounding', ROUNDINGS)}\n"
    if choose("rounds", ("yes", "no", "no", "no", "no")) == "yes":
        further += f"digits: {choose('digits', ('0', '1', '3', '12'))}\nrounding: {choose('rounding', ROUNDINGS)}\n"
    further += choose(
        "requires", ("", "", "", "", f"requires: d_{code} >= 25\n", f"requires: mean(peers.d_{code}) > 30\n")
    )
    further += choose("assume", ("", "", "", "", f"assume: {{n_{code}: 30}}\n", "assume: {money: 3}\n"))
    directions = ("range", "monitored") if "curve: range" in curve else ("higher",)
    further += choose("enabled", SWITCHES).replace("{0}", code) + BROUGHT
    direction = "lower" if side == "lower" else choose("direction", directions)
    shown = choose("shown", ("no", "no", "no", "no", "no", "no", "no", "yes")) == "yes"
    return indicator(code, None if shown else curve, value=value.format(code), direction=direction, further=further)


def quotas_of(choose: Choose) -> list[str]:
    """Quotas of none, one or several grades, chains included."""
    found = []
    for grade, lower in (("优秀", ("良好", "合格")), ("良好", ("合格", "不合格")), ("合格", ("不合格",))):
        if choose("quota", ("no", "yes")) == "yes":
            share = choose("at_most", ("0%", "15%", "25%", "50%", "60%", "100%"))
            how = f"of: {choose('quota_of', ('peers', 'scored'))}, rounding: {choose('quota_rounding', ('down', 'up', 'half_away'))}"
            ties, falls = choose("quota_ties", ("all_out", "all_in")), choose(f"falls_{grade}", lower)
            found.append(f"{grade}: {{at_most: {share}, {how}, ties: {ties}, falls_to: {falls}}}")
    return found


def _dimensions(choose: Choose, *, odd: bool) -> str:
    combine: tuple[str, ...] = ("weighted_mean", "weighted_mean", "mean", "sum", "best", "worst")
    combine = (*combine, "geometric") if odd else combine
    one, other = choose("combine", combine), choose("combine", combine)
    second = (
        "{c: {out_of: 30}, d: {out_of: 7.5}, mark: {out_of: 10}}"
        if other == "sum"
        else f"{{c: {{weight: {choose('weight', ('30', '7.5'))}}}, d: {{weight: 20}}, mark: {{weight: 10}}}}"
    )
    return f"""  first:
    weight: 40
    combine: {one}
    at_least: {choose("at_least", ("1", "2"))}
    indicators: {{a: {{out_of: 10}}, b: {{out_of: 30}}}}
  second:
    weight: 60
    combine: {other}
    indicators: {second}"""


def _further(choose: Choose, *, own: bool, odd: bool) -> str:
    bounds = choose("bounds", (", min: 0, max: 103.335", ", min: 33.335, max: 66.665", ""))
    together = choose("together", ("", ", combine: sum", ", combine: geometric") if odd else ("",))
    further = f"missing_weight: {choose('missing_weight', ('within_dimension', 'overall', 'none'))}\n"
    further += choose("missing_dimension", ("", "missing_dimension: others\n", "missing_dimension: lost\n"))
    further += f"total: {{digits: {choose('total_digits', ('0', '1', '2', 'exact') if odd else ('0', '1', '2'))}, rounding: {choose('total_rounding', ROUNDINGS)}{bounds}{together}}}\n"
    further += choose(
        "extra",
        (
            "",
            "extra: [{indicator: plus, cap: 3.5}]\n",
            "extra: [{indicator: plus}, {indicator: bonus, cap: 2}]\nextra_cap: 4.5\n",
        ),
    )
    conditions = CONDITIONS if own or choose("far_veto", ("no", "no", "yes")) == "no" else FAR_CONDITIONS
    vetoes = [
        f"{{when: {choose('when', conditions)}, effect: {choose('effect', EFFECTS)}}}"
        for _ in range(int(choose("vetoes", ("0", "1", "2"))))
    ]
    further += f"veto: [{', '.join(vetoes)}]\n" if vetoes else ""
    further += f"peers: {choose('peers', ('{by: kind}', '{by: class}', '{by: [kind, class]}', '{within: consortium}', '{within: county, by: class}'))}\n"
    further += f"rank: {{of: {choose('rank_of', ('total', 'exact'))}, ties: {choose('rank_ties', ('competition', 'dense'))}}}\n"
    further += "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]\n"
    further += f"quota: {{{', '.join(quotas_of(choose))}}}\n"
    further += choose(
        "scheme_enabled",
        (
            "",
            "",
            "enabled: no\n",
            "versions: [{from: 2020, enabled: no}]\n",
            "versions: [{from: 2020, enabled: yes}]\n",
        ),
    )
    digits = choose(
        "coefficient_digits", ("", "coefficient_digits: 2\n", *(["coefficient_digits: exact\n"] if odd else []))
    )
    further += f"coefficient: {choose('coefficient', COEFFICIENTS)}\n{digits}coefficient_rounding: {choose('coefficient_rounding', ROUNDINGS)}\n"
    return further


def book_by(choose: Choose, period: Period, *, own: bool = False) -> RuleBook:
    """A book with the scheme `monthly`, its indicators a, b, c, d, mark, plus, bonus, and two other schemes that they may use.

    Args:
        choose: Label and texts -> one of the texts.
        period: Of the kind of the schemes.
        own: Nothing is looked at but the subjects and their peers.
    """
    codes, odd = ("a", "b", "c", "d"), choose("odd", ODD) == "yes"
    documents = [measure(f"{side}_{code}") for code in (*codes, "plus") for side in ("n", "d")]
    documents += [
        *MEASURES,
        *(indicator_of(choose, code, own=own, odd=odd) for code in codes),
        rating("m_mark", "好", "中", "差"),
    ]
    mark = f"no_value: {choose('mark', POLICIES)}"
    documents.append(indicator("mark", "{curve: rating, values: {好: 100, 中: 66.665, 差: 0}}", further=mark))
    award = "{curve: award, each: 2, cap: 5}"
    documents.append(indicator("plus", award, value="n_plus", further="assume: {n_plus: 0}"))
    documents.append(indicator("bonus", award, value="d_plus / 3", further="no_value: zero"))
    documents += [straight("beside_points", value="d_a"), straight("above_points", value="d_b", level="consortium")]
    of_above = "{level: consortium, kind: [group]}"
    others = [
        scheme("  one: {weight: 100, indicators: {beside_points: {out_of: 100}}}", code="beside"),
        scheme("  one: {weight: 100, indicators: {above_points: {out_of: 100}}}", code="above", of=of_above),
        scheme(
            _dimensions(choose, odd=odd), _further(choose, own=own, odd=odd), of=choose("of", WHO if own else FAR_WHO)
        ),
    ]
    documents += [one.replace("period: month", f"period: {period.kind}") for one in others]
    return book_of(*documents)


@st.composite
def books(draw, period: Period, *, own: bool = False):
    return book_by(lambda _label, texts: draw(st.sampled_from(texts)), period, own=own)


@st.composite
def quotas(draw):
    return quotas_of(lambda _label, texts: draw(st.sampled_from(texts)))


class GoingRound:
    """Chooses every text of every question in turn."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, tuple[str, ...]]] = Counter()

    def __call__(self, label: str, texts: Sequence[str]) -> str:
        key = (label, tuple(texts))
        self._asked[key] += 1
        return texts[(self._asked[key] - 1) % len(texts)]


POSTED = (
    measure("m_one"),
    measure("m_two"),
    straight("one"),
    straight("two", further="no_value: not_applicable\n"),
    scheme(
        "  all: {weight: 100, indicators: {one: {out_of: 100}}}",
        code="of_one",
        of="{level: institution, where: post == 甲岗}",
    ),
    scheme(
        "  all: {weight: 100, indicators: {two: {out_of: 100}}}",
        code="of_two",
        of="{level: institution, where: post == 乙岗}",
    ),
    (
        f"scheme: whole\ntitle: 合\nof: {{level: institution}}\nperiod: month\n{SOURCE}\nby_post: [of_one, of_two]\n"
        "grades: [[优秀, 90], [合格, 60], [不合格, 0]]\nrank: {of: exact}\n"
    ),
)
"""Two schemes by post and one that weighs them."""

# ---------------------------------------------------------------- facts

plain = st.sampled_from([0, 0, 1, 20, 30, 40, 50, 50, 60, 80, 95, 100, 100, 120])
wide = st.one_of(plain, plain, plain, st.integers(0, 400), st.sampled_from([-30, 10**9, 10**14, 10**17 + 1]))
figures = st.one_of(wide, st.sampled_from([F("0.5"), F("12.345"), F("99.995")]))
_NOW = tuple(map(parse_period, ("2025-01", "2025-02", "2025-03")))
_THEN = tuple(map(parse_period, ("2024-01", "2024-02", "2024-03", "2024-12")))


@st.composite
def reports(draw, period: Period):
    """What was reported: of months mostly, of the period itself at times; holes everywhere."""
    found = []
    months = _NOW if period.kind != "month" else _NOW[-1:]
    for subject in (*SUBJECTS[: draw(st.integers(1, 8))], "group"):
        for code in "abcd":
            for side in ("n", "d"):
                earlier = (*_NOW, *_THEN, period.last_year()) if draw(st.integers(0, 3)) == 0 else ()
                for at in sorted({*months, *earlier, *((period,) if draw(st.integers(0, 3)) == 0 else ())}, key=str):
                    if draw(st.integers(0, 9)) > 0:
                        found.append(fact(subject, f"{side}_{code}", draw(figures), at))
        found += draw(_others(subject, period))
    return found


@st.composite
def _others(draw, subject: str, period: Period):
    """Measures of other kinds, each there or not."""
    year, quarter, now = (
        period.within("year"),
        period.within("quarter") if period.kind == "month" else _QUARTER,
        _NOW[-1],
    )
    answers = {
        ("m_mark", period): st.sampled_from(["好", "中", "差"]),
        ("n_plus", period): st.integers(0, 4),
        ("d_plus", now): st.integers(0, 4),
        ("standing", year): plain,
        ("evenly", year): plain,
        ("seldom", quarter): plain,
        ("money", now): figures,
        ("share", period): st.sampled_from([F(1), F("0.85"), F("0.333")]),
        ("averaged", now): plain,
        ("latest", _NOW[1]): plain,
        ("events", period): st.sampled_from(["有", "无", 2]),
        ("remark", period): st.sampled_from(["好", "坏"]),
    }
    found = [
        fact(subject, code, draw(given), at) for (code, at), given in answers.items() if draw(st.integers(0, 4)) > 0
    ]
    if draw(st.booleans()):
        found.append(Fact(FactKey(subject, "procedures", now, "s1"), F(draw(plain))))
        found.append(Fact(FactKey(subject, "procedures", now, "s2"), F(draw(plain))))
    for person in STAFF:
        if draw(st.integers(0, 4)) > 0:
            found.append(fact(subject + person, "work", draw(plain), now))
    return found


_QUARTER = parse_period("2025-Q1")


BOUNDARIES = (date(2024, 3, 1), date(2025, 1, 1), date(2025, 2, 16), date(2025, 3, 1), date(2025, 3, 20))
"""Days on which somebody becomes another, comes or goes."""


@st.composite
def rosters(draw, *, moving: bool = False):
    """Places and their staff; `moving`: some are others from some day on, come or go."""
    people = [Segment("county", "county", "county", ""), Segment("group", "consortium", "group", "county")]
    people.append(Segment("other", "consortium", "group", "county"))
    for subject in SUBJECTS:
        people += draw(_places(subject, moving=moving))
        people += [
            Segment(
                subject + one, "person", "staff", subject, attributes={"post": draw(st.sampled_from(["医师", "护士"]))}
            )
            for one in STAFF[: draw(st.integers(0, 3))]
        ]
    return Roster(people)


@st.composite
def _places(draw, subject: str, *, moving: bool):
    """The segments of one place: mostly one."""
    usual = draw(_place(subject))
    if not moving or draw(st.integers(0, 2)):
        return [usual]
    day = draw(st.sampled_from(BOUNDARIES))
    before = replace(draw(_place(subject)), last_day=day - timedelta(1))
    parts = [before, replace(usual, first_day=day)]
    return parts if draw(st.integers(0, 2)) else [draw(st.sampled_from(parts))]


@st.composite
def _place(draw, subject: str):
    attributes = {
        "class": draw(st.sampled_from(["三甲", "二甲"])),
        "beds": draw(st.sampled_from(["2", "0", "1.5"])),
    }
    if draw(st.integers(0, 9)) == 0:
        del attributes[draw(st.sampled_from(["class", "beds"]))]
    above = draw(st.sampled_from(["group", "group", "other"]))
    kind = draw(st.sampled_from(["town", "town", "town", "village"]))
    return Segment(subject, "institution", kind, above, attributes=attributes)


class RandomWorld(NamedTuple):
    """Rules, roster, facts and a period of the kind of the rules; shown as what people would write."""

    book: RuleBook
    roster: Roster
    facts: Facts
    period: Period

    def __repr__(self) -> str:
        people = [
            f"{s.subject} {s.kind} {s.parent or '-'} {dict(s.attributes)} {s.first_day}..{s.last_day}"
            for s in self.roster
        ]
        figures = [f"{k.subject} {k.measure} {k.period} {k.item} = {value}" for k, value, *_ in self.facts]
        return "\n".join([str(self.period), *self.book.texts.values(), *people, *figures])


@st.composite
def worlds(draw, *, own: bool = False):
    period = parse_period(draw(st.sampled_from(PERIODS)))
    return RandomWorld(
        draw(books(period, own=own)), draw(rosters(moving=not own)), Facts(draw(reports(period))), period
    )
