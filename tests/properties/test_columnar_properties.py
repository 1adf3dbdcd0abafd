"""The columnar evaluator gives the figures of the exact one, whatever the rules and the facts."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.columnar_comparison import both, differences
from tests.unit.scoring.scoring_world import MARCH, book_of, fact, indicator, measure, rating, run, scheme

from perf.kernel.facts import Facts
from perf.kernel.subjects import Roster, Segment
from perf.scoring.columnar import columns_of, compile_scheme

F = Fraction
SUBJECTS = tuple("甲乙丙丁戊己庚辛")
ROUNDINGS = ("half_away", "half_even", "down", "up")
some = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

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
    "{curve: attainment, target: 0.95, floor: 60%, cap: 120%}",
    "{curve: attainment, target: 0.5}",
    "{curve: deduct, each: 2, per: 0.5, counted: started}",
    "{curve: deduct, each: 1.5, per: 0.25, counted: exact}",
    "{curve: deduct, each: 3, per: 0.3, counted: completed}",
    "{curve: award, each: 3, per: 1, cap: 5}",
    "{curve: award, each: 1.25, per: 0.125, cap: 7, counted: started}",
    "{curve: efficacy, satisfactory: 0.95, unallowed: 0.6, base: 60, span: 40}",
    "{curve: efficacy, satisfactory: 0.95, unallowed: 0.6, base: 60, span: 40, outside: clip}",
    "{curve: efficacy, standards: [0.9, 0.8, 0.7, 0.6, 0.5], coefficients: [1, 0.8, 0.6, 0.4, 0.2]}",
    "{curve: power, origin: 0.3, per: 0.25, factor: -2, exponent: 1.5, start: 100, side: both, floor: 0, cap: 100, digits: 2, rounding: down}",
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
    "{curve: best_of, of: [{curve: linear, through: [[0, 0], [1, 90]]}, {curve: steps, at: [[0.5, 70]]}]}",
)
VARYING = (
    "{curve: linear, through: [[0, 0], [median(peers.value), 60], [max(peers.value) + 1, 100]]}",
    "{curve: steps, at: [[0.5 * beds, 60], [beds, 100]]}",
    "{curve: attainment, target: 'd_d / 100', floor: 60%}",
    "{curve: attainment, target: goal}",
    "{curve: range, best: [min(peers.value), max(peers.value)]}",
    "{curve: linear, through: [[p10(peers.value), 0], [p90(peers.value), 100]], all_equal: 77.775}",
    "{curve: linear, through: [[min(peers.value), 30], [median(peers.value), 60], [max(peers.value), 100]]}",
    "{curve: steps, at: [[0.9 * mean(peers.value), 60], [mean(peers.value), 80], [1.1 * mean(peers.value), 100]]}",
    "{curve: attainment, target: mean(peers.value), floor: 60%, cap: 120%}",
    "{curve: efficacy, satisfactory: p90(peers.value), unallowed: p10(peers.value), base: 60, span: 40}",
    "{curve: range, best: [p25(peers.value), p75(peers.value)], zero: [min(peers.value) - 1, max(peers.value) / 0.5]}",
)
LOWER = (
    "{curve: standardise, method: min_max, low: 50, high: 100, all_equal: 100}",
    "{curve: standardise, method: ratio_to_best, all_equal: 12}",
    "{curve: attainment, target: median(peers.value), lower_as: ratio}",
    "{curve: efficacy, satisfactory: min(peers.value), unallowed: max(peers.value), base: 60, span: 40, outside: clip}",
    "{curve: attainment, target: 0.4, floor: 50%, lower_as: ratio}",
    "{curve: attainment, target: 0.4, cap: 110%, lower_as: complement}",
    "{curve: percentile, definition: percent_rank, alone: 100}",
    "{curve: rank, method: step, first: 100, each: 5, floor: 60, ties: competition}",
    "{curve: efficacy, satisfactory: 0.1, unallowed: 0.6, base: 60, span: 40, outside: clip}",
)
VALUES = (
    "n_{0} / d_{0}",
    "n_{0} / d_{0}",
    "n_{0} / d_{0}",
    "(d_{0} - n_{0}) / d_{0}",
    "n_{0} / d_{0} - n_{0}@previous / d_{0}@previous",
    "max(n_{0}, 2 * d_{0}) / (n_{0} + d_{0})",
    "if(n_{0} >= d_{0}, 1, n_{0} / d_{0})",
    "round(n_{0} / d_{0}, 1)",
    "abs(n_{0} - d_{0}) / 100",
    "min(n_{0}, d_{0}, 7) / 8",
    "floor(n_{0} / 3) / 4 + ceil(d_{0} / 7) * 0.01",
    "if(class == 三甲, n_{0} / d_{0}, d_{0} / 100)",
    "n_{0} / (d_{0} * beds)",
    "n_{0} > d_{0} / 2",
    "rate * n_{0} / d_{0}",
    "sum(members.n_{0}) / 10",
    "n_{0} / d_{0} * n_{0} / d_{0} * n_{0} / d_{0}",
    "mean(n_{0}, d_{0}) / count(n_{0}, d_{0}) / 60",
)
POLICIES = ("block", "not_applicable", "zero", "full", "peer_median", "carry_forward")


@st.composite
def indicators(draw, code, *, own_facts_only=False):
    lower = draw(st.booleans())
    curve = draw(st.sampled_from(LOWER if lower else VARYING if draw(st.integers(0, 2)) == 0 else CURVES))
    values = [one for one in VALUES if not (own_facts_only and "members" in one)]
    policies = POLICIES[:-1] if own_facts_only else POLICIES
    value = draw(st.sampled_from(values)).format(code)
    missing, zero = draw(st.sampled_from(policies)), draw(st.sampled_from(policies))
    further = f"no_value: {{missing: {missing}, denominator_zero: {zero}}}\npoints_digits: {draw(st.sampled_from([0, 1, 2, 2, 4]))}\n"
    further += f"points_rounding: {draw(st.sampled_from(ROUNDINGS))}\n"
    if draw(st.integers(0, 4)) == 0:
        further += f"digits: {draw(st.sampled_from([0, 1, 3]))}\nrounding: {draw(st.sampled_from(ROUNDINGS))}\n"
    if draw(st.integers(0, 4)) == 0:
        further += f"requires: d_{code} >= 25\n"
    if draw(st.integers(0, 4)) == 0:
        further += f"assume: {{n_{code}: 30}}\n"
    further += "parameters: {rate: [{from: 2020, value: 95%}], goal: [{from: 2020, value: 0.75}]}\n"
    direction = "lower" if lower else "range" if "range" in curve else "higher"
    return indicator(code, curve, value=value, direction=direction, further=further)


@st.composite
def quotas(draw):
    """Quotas of none, one or several grades, chains included."""
    found = []
    for grade, lower in (("优秀", ["良好", "合格"]), ("良好", ["合格", "不合格"]), ("合格", ["不合格"])):
        if draw(st.booleans()):
            share = draw(st.sampled_from(["0%", "15%", "25%", "50%", "60%", "100%"]))
            how = f"of: {draw(st.sampled_from(['peers', 'scored']))}, rounding: {draw(st.sampled_from(['down', 'up', 'half_away']))}"
            ties = draw(st.sampled_from(["all_out", "all_in"]))
            falls = draw(st.sampled_from(lower))
            found.append(f"{grade}: {{at_most: {share}, {how}, ties: {ties}, falls_to: {falls}}}")
    return found


@st.composite
def books(draw, *, own_facts_only=False):
    codes = ("a", "b", "c", "d")
    documents = [measure(f"{side}_{code}") for code in (*codes, "plus") for side in ("n", "d")]
    documents += [draw(indicators(code, own_facts_only=own_facts_only)) for code in codes]
    documents.append(rating("m_mark", "好", "中", "差"))
    documents.append(
        indicator(
            "mark",
            "{curve: rating, values: {好: 100, 中: 66.665, 差: 0}}",
            further=f"no_value: {draw(st.sampled_from(POLICIES[:-1] if own_facts_only else POLICIES))}",
        )
    )
    documents.append(
        indicator("plus", "{curve: award, each: 2, cap: 5}", value="n_plus", further="assume: {n_plus: 0}")
    )
    combines = [
        draw(st.sampled_from(["weighted_mean", "weighted_mean", "mean", "sum", "best", "worst"])) for _ in range(2)
    ]
    least = draw(st.integers(1, 2))
    dimensions = f"""  first:
    weight: 40
    combine: {combines[0]}
    at_least: {least}
    indicators: {{a: {{out_of: 10}}, b: {{out_of: 30}}}}
  second:
    weight: 60
    combine: {combines[1]}
    indicators: {{c: {{weight: {draw(st.sampled_from([30, 7.5]))}}}, d: {{weight: 20}}, mark: {{weight: 10}}}}"""
    further = f"missing_weight: {draw(st.sampled_from(['within_dimension', 'overall', 'none']))}\n"
    further += f"missing_dimension: {draw(st.sampled_from(['others', 'lost']))}\n"
    further += f"total: {{digits: {draw(st.sampled_from([0, 1, 2]))}, rounding: {draw(st.sampled_from(ROUNDINGS))}, min: 0, max: 103.335}}\n"
    if draw(st.booleans()):
        further += "extra: [{indicator: plus, cap: 3.5}]\n"
    if draw(st.booleans()):
        effect = draw(st.sampled_from(["zero_total", "{grade_at_most: 合格}", "forfeit_pay"]))
        further += f"veto: [{{when: n_a > 90, effect: {effect}}}]\n"
    further += f"peers: {{by: {draw(st.sampled_from(['kind', 'class']))}}}\nrank: {{of: {draw(st.sampled_from(['total', 'exact']))}, ties: {draw(st.sampled_from(['competition', 'dense']))}}}\n"
    further += "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]\n"
    further += f"quota: {{{', '.join(draw(quotas()))}}}\n"
    curve = draw(
        st.sampled_from(
            ["{curve: steps, at: [[0, 0.8], [60, 1.0], [85, 1.5]]}", "{curve: linear, through: [[0, 0.3], [100, 1.3]]}"]
        )
    )
    further += f"coefficient: {curve}\ncoefficient_rounding: {draw(st.sampled_from(ROUNDINGS))}\n"
    return book_of(*documents, scheme(dimensions, further))


# ---------------------------------------------------------------- facts

plain = st.sampled_from([0, 0, 1, 20, 30, 40, 50, 50, 60, 80, 95, 100, 100, 120])
wide = st.one_of(plain, plain, plain, st.integers(0, 400), st.sampled_from([-30, 10**9, 10**14, 10**17 + 1]))
figures = st.one_of(wide, st.sampled_from([F("0.5"), F("12.345"), F("99.995")]))


@st.composite
def reports(draw):
    found = []
    for subject in SUBJECTS[: draw(st.integers(1, 8))]:
        for code in "abcd":
            for side in ("n", "d"):
                for back in (0, -1) if draw(st.integers(0, 3)) == 0 else (0,):
                    if draw(st.integers(0, 9)) > 0:
                        found.append(fact(subject, f"{side}_{code}", draw(figures), MARCH.shift(back)))
        if draw(st.integers(0, 4)) > 0:
            found.append(fact(subject, "m_mark", draw(st.sampled_from(["好", "中", "差"]))))
        if draw(st.booleans()):
            found.append(fact(subject, "n_plus", draw(st.integers(0, 4))))
    return found


@st.composite
def rosters(draw):
    people = [Segment("group", "consortium", "group", "")]
    for subject in SUBJECTS:
        attributes = {
            "class": draw(st.sampled_from(["三甲", "二甲"])),
            "beds": draw(st.sampled_from(["2", "0", "1.5"])),
        }
        if draw(st.integers(0, 9)) == 0:
            del attributes[draw(st.sampled_from(["class", "beds"]))]
        people.append(Segment(subject, "institution", "town", "group", attributes=attributes))
    return Roster(people)


@some
@given(books(), rosters(), reports(), st.sampled_from([1, 3, 8192]))
def test_columns_give_every_figure_of_the_exact_evaluator(book, roster, found, block) -> None:
    assert differences(*both(book, roster, Facts(found), MARCH, "monthly", block=block)) == []


@settings(some, max_examples=40)
@given(books(own_facts_only=True), rosters(), reports(), st.sampled_from([1, 2]))
def test_columns_without_facts_behind_them_give_the_same(book, roster, found, threads) -> None:
    """What the exact engine is asked, it is asked with facts made from the columns."""
    columns = replace(columns_of(book, roster, Facts(found), MARCH, "monthly"), origin=None)
    cards = {subject: card for (_, subject), card in run(book, roster, Facts(found)).cards.items()}
    program = compile_scheme(book, "monthly", MARCH, attributes=["class", "beds"])
    assert differences(cards, program, program.run(columns, threads=threads, block=4)) == []
