"""Exact scoring with explanation nodes: indicator scores a second on one core, against the limit of 20,000.

Run: python benchmarks/scoring_exact.py [subjects]. Rules, roster and facts are made here from a fixed seed; the time is that of
`score` alone (facts to cards, ranks, grades and coefficients included), best of three, in processor seconds (the machine may be shared).
"""

import gc
import platform
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import parse_number
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.specs.book import load_book

LIMIT_PER_SECOND = 20_000
PERIOD = parse_period("2025-06")
CURVES = (
    "{curve: linear, through: [[0.40, 0], [0.85, 60], [1.20, 100]]}",
    "{curve: steps, at: [[0.2, 40], [0.5, 60], [0.7, 80], [0.9, 90], [1.1, 100]]}",
    "{curve: range, best: [0.85, 0.93], zero: [0.6, 1.1]}",
    "{curve: attainment, target: 0.95, floor: 60%, cap: 120%}",
    "{curve: deduct, each: 2, per: 0.5, counted: started}",
    "{curve: award, each: 3, per: 1, cap: 5}",
)
INDICATORS = 30


def rules() -> str:
    parts = []
    for n in range(INDICATORS):
        parts += [
            f"measure: {side}_{n}\ntitle: {side}_{n}\nanswers: number\nunit: number\ndigits: 0\nlevel: person\nroll_up: sum\n"
            for side in ("over", "under")
        ]
        parts.append(
            f"indicator: rate_{n}\ntitle: 比率{n}\nlevel: person\nunit: number\ndirection: higher\nconfidence: A\n"
            f"value: over_{n} / under_{n}\nsource: {{document: 基准, clause: 第{n}条}}\npoints: {CURVES[n % len(CURVES)]}\n"
        )
    dimensions = ""
    for d in range(5):
        items = "".join(f"      rate_{n}: {{out_of: 20}}\n" for n in range(d * 6, d * 6 + 6))
        dimensions += f"  part_{d}:\n    weight: 20\n    indicators:\n{items}"
    parts.append(
        "scheme: monthly\ntitle: 月度\nof: {level: person}\nperiod: month\nsource: {document: 基准, clause: 附件}\n"
        f"dimensions:\n{dimensions}grades: [[优秀, 90], [合格, 60], [不合格, 0]]\npeers: {{within: institution, by: kind}}\n"
        "rank: {of: total}\ncoefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [85, 1.5]]}\n"
    )
    return "\n---\n".join(parts)


def people(count: int) -> Roster:
    towns = [Segment(f"T{k:03d}", "institution", "town", "") for k in range(count // 100 + 1)]
    staff = [Segment(f"{k:06d}", "person", ("doctor", "nurse")[k % 2], f"T{k // 100:03d}") for k in range(count)]
    return Roster([*towns, *staff])


def reports(count: int) -> Facts:
    chance = random.Random(20250601)
    found = []
    for k in range(count):
        for n in range(INDICATORS):
            under = chance.randint(50, 5000)
            found.append(
                Fact(
                    FactKey(f"{k:06d}", f"over_{n}", PERIOD), parse_number(str(under * chance.randint(30, 130) // 100))
                )
            )
            found.append(Fact(FactKey(f"{k:06d}", f"under_{n}", PERIOD), parse_number(str(under))))
    return Facts(found)


def bare(count: int) -> float:
    """Bare straight-line interpolations with `Fraction` a second, without rules, facts or nodes: the measure of the machine."""
    low, high, start, end = (parse_number(text) for text in ("0.85", "1.20", "60", "100"))
    values = [Fraction(k * 37 % 4001, 4000 + k % 977) for k in range(count)]
    began = time.process_time()
    for value in values:
        (value - low) / (high - low) * (end - start) + start
    return count / (time.process_time() - began)


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    book, issues = load_book({"bench.yaml": rules()})
    assert not any(issue.is_error for issue in issues), [issue.render() for issue in issues]
    roster, facts = people(count), reports(count)
    tracemalloc.start()
    kept = score(book, roster, facts, PERIOD, ["monthly"])
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    done = sum(
        1 for card in kept.cards.values() for row in card.items if row.type == "indicator" and row.score is not None
    )
    assert done == count * INDICATORS
    del kept
    collected = done / best(lambda: score(book, roster, facts, PERIOD, ["monthly"]))
    gc.disable()
    rate = done / best(lambda: score(book, roster, facts, PERIOD, ["monthly"]))
    floor = bare(20_000)
    print(
        f"machine   {platform.machine()} {platform.system()} Python {platform.python_version()}, one core, processor time"
    )
    print(
        f"scored    {done:,} indicator scores of {count:,} people, {size / done / 1024:.1f} KB of nodes and rows kept for each"
    )
    print(
        f"rate      {rate:,.0f} a second with explanation nodes (the cyclic collector off: nodes hold no cycles), {collected:,.0f} with it on"
    )
    print(f"bare      {floor:,.0f} bare interpolations a second: one score costs {floor / rate:.1f} of them")
    print(f"limit     {LIMIT_PER_SECOND:,} a second: {rate / LIMIT_PER_SECOND:.2f} of it now")


if __name__ == "__main__":
    main()
