"""Rules of the library worked out a second time from the documents, in plain fractions, at the edges and at random.

Nothing of the engine is used for what is expected: floors and caps are found by their breakpoints, not by freezing.
"""

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from perf.appraisal.cases import run_cases
from perf.services.files import packaged, rule_texts
from perf.specs import load_book, load_cases

WAN = 10_000
EDGES = (100, 95, Fraction(9499, 100), 90, Fraction(8999, 100), 80, Fraction(159, 2), 70, Fraction(6999, 100), 60)
GROUPS = {"physician": 50, "support": 40, "office": 10}
BASES = {"三级甲等": 350_000, "三级乙等": 300_000, "二级甲等": 250_000, "二级乙等": 200_000}


def share(percent, of=100):
    return Fraction(percent, of)


def half(value, digits=2):
    whole = abs(Fraction(value)) * 10**digits
    rounded = int(whole + Fraction(1, 2))
    return Fraction(rounded if value >= 0 else -rounded, 10**digits)


def down(value):
    return Fraction(int(value * 100), 100)


def up(value):
    return Fraction(-(-value * 100 // 1), 100)


def text(value):
    exact = Fraction(value)
    shown = format(Decimal(exact.numerator) / Decimal(exact.denominator), "f")
    assert Fraction(shown) == exact
    return shown


def shown(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {shown(one)}' for key, one in value.items()) + "}"
    return value if isinstance(value, str) else text(value)


def score(draw):
    return draw.choice((*EDGES, Fraction(5999, 100), 0, Fraction(draw.randint(0, 10_000), 100)))


def money(draw, most):
    return Fraction(draw.randint(0, most * 100), 100)


def in_bands(amount, base, rows):
    """(over, to, share): each piece of the amount at its own share."""
    pieces = ((min(amount, amount if to is None else to * base) - over * base, part) for over, to, part in rows)
    return sum((max(piece, 0) * part for piece, part in pieces), Fraction(0)) if amount > 0 else Fraction(0)


def level(fund, weights, low, high):
    """Shares of `fund` (yuan) between equal bounds for everybody, by the breakpoints of the common level, to the fen."""
    fen, low, high = int(fund * 100), low * 100, high * 100

    def together(at):
        return sum(min(max(at * weight, low), high) for weight in weights.values())

    below = Fraction(0)
    for point in sorted({bound / weight for weight in weights.values() for bound in (low, high)}):
        if together(point) >= fen:
            gap = together(point) - together(below)
            at = below + (point - below) * (fen - together(below)) / gap if gap else point
            break
        below = point
    exact = {who: min(max(at * weight, low), high) for who, weight in weights.items()}
    whole = {who: int(value) for who, value in exact.items()}
    for who in sorted(exact, key=lambda who: (whole[who] - exact[who], who))[: fen - sum(whole.values())]:
        whole[who] += 1
    return {who: Fraction(value, 100) for who, value in whole.items()}


def quality(draw):
    rows = {f"甲{n}": (money(draw, 90_000), score(draw)) for n in range(4)}
    claims = {who: {"member_quality_reserve": amount, "score": mark} for who, (amount, mark) in rows.items()}
    ladder, pro_rata, lost = dict[str, Fraction](), dict[str, Fraction](), [Fraction(0), Fraction(0)]
    for who, (amount, mark) in rows.items():
        kept = half(amount * (1 if mark >= 80 else 1 - share(3) * (80 - mark) if mark >= 60 else 0))
        ladder[who] = kept + (half(amount * share(5)) if mark >= 90 else 0)
        pro_rata[who] = amount if mark >= 95 else half(amount * mark / 95) if mark >= 60 else Fraction(0)
        lost[0] += amount - kept
        lost[1] += amount - pro_rata[who]
    yield "quality_reserve_returned", "2024", {"claims": claims}, {**ladder, "reserve:quality_forfeited": lost[0]}
    yield "quality_reserve_pro_rata", "2024", {"claims": claims}, {**pro_rata, "reserve:quality_forfeited": lost[1]}


def settlements(draw):
    wan = draw.randint(500, 20_000)
    edge = draw.choice([share(n, 1000) for n in (0, 20, 30, 36, 50, 60, 100, 200, draw.randint(0, 400))])
    spent = wan * (1 - draw.choice((1, -1)) * edge) + draw.choice((0, share(1, WAN), -share(1, WAN)))
    mark, reason, opening = score(draw), draw.randint(0, 2_000), Fraction("999999999.99")
    base, left = Fraction(wan * WAN), (wan - spent) * WAN
    over = max(-left, Fraction(0))
    reasonable = min(over, Fraction(reason * WAN))
    steps = [(share(20 + 16 * n, 1000), share(36 + 16 * n, 1000), share(50 + 10 * n)) for n in range(5)]
    kept = in_bands(left, base, [(0, share(2), 1), (share(2), share(6), share(70)), (share(6), None, share(50))])
    borne = in_bands(reasonable, base, [(0, share(3), share(30)), (share(3), share(5), share(50)), (share(5), None, 1)])
    ways = {
        "settlement_borne_alone": left,
        "settlement_shared": reasonable - over - borne
        if over
        else min(kept, base / 10) * (min(Fraction(1), Fraction(mark) / 90) if mark >= 60 else 0),
        "settlement_five_steps": in_bands(left, base, [*steps, (share(10), None, share(50))])
        - in_bands(over, base, [(0, share(2), 1), *steps, (share(10), None, 1)]),
        "settlement_huainan": max(left, 0) if mark >= 60 else 0,
    }
    given = {"settlement_budget": f"{wan}万元", "spending_in_county": f"{text(spent)}万元", "spending_outside": "0万元"}
    given |= {"reasonable_excess": f"{reason}万元", "fund_appraisal_score": mark}
    needs = {"settlement_shared", "settlement_huainan"}
    for code, amount in ways.items():
        if code not in needs:
            known = {key: one for key, one in given.items() if key not in ("reasonable_excess", "fund_appraisal_score")}
        else:
            known = given
        yield (
            code,
            "2024",
            {**known, "balances": {"settled_surplus": opening}},
            {"reserve:settled_surplus": opening + half(amount)},
        )


def directors(draw):
    cases, grade = draw.randint(0, 4), draw.choice(list(BASES))
    rows = {f"甲{n}": (score(draw), draw.randint(0, 12)) for n in range(3)}
    claims = {who: {"score": mark, "months_in_post": months} for who, (mark, months) in rows.items()}
    base = Fraction(BASES[grade])
    paid = {
        who: half(
            max(Fraction(0), (base + (m - 70) * base / 100 if m >= 70 else base * m / 100) * n / 12 - 5000 * cases)
        )
        for who, (m, n) in rows.items()
    }
    yield "director_salary", "2024", {"class": grade, "split_admissions": cases, "claims": claims}, paid


def staff(draw):
    """541: a twentieth to the director, fixed items, parts by group, floors of 40% and caps of 250% of the mean."""
    fund, claims, paid = money(draw, 60_000) + 30_000, {}, {}
    groups: dict[str, dict[str, Fraction | None]] = {}
    for n in range(draw.randint(3, 12)):
        who, group, mark = f"{n:02d}", draw.choice(list(GROUPS)), draw.choice((60, Fraction(5999, 100), score(draw)))
        post, fte, days = share(draw.randint(8, 20), 10), draw.choice((1, share(1, 2))), share(draw.randint(1, 44), 2)
        rate, nights, duty, sent = draw.choice((85, share(8499), 68, 100)), *(draw.randint(0, 4) for _ in range(3))
        claims[who] = {
            "pay_group": group,
            "post_coefficient": post,
            "fte": fte,
            "attendance_days": days,
            "work_days": 22,
        }
        claims[who] |= {"score": mark, "quality_rate": f"{text(rate)}%", "night_shifts": nights}
        claims[who] |= {"duty_shifts": duty, "sent_down_days": sent}
        paid[who] = Fraction(80 * nights + 50 * duty + 100 * sent)
        weight = half(post * fte * days / 22 * mark / 100 * min(Fraction(1), Fraction(rate) / 85), 4)
        groups.setdefault(group, {})[who] = weight if mark >= 60 else None
    director = half(fund / 20)
    rest, left, whole = fund - director - sum(paid.values()), Fraction(0), sum(GROUPS[group] for group in groups)
    fen = {group: rest * 100 * GROUPS[group] / whole for group in groups}
    parts = {group: int(value) for group, value in fen.items()}
    for group in sorted(fen, key=lambda group: (parts[group] - fen[group], group))[
        : int(rest * 100) - sum(parts.values())
    ]:
        parts[group] += 1
    for group, weights in groups.items():
        open_ones = {who: weight for who, weight in weights.items() if weight is not None}
        mean = Fraction(parts[group], 100) / len(weights)
        low, high = up(mean * 2 / 5), down(mean * 5 / 2)
        amount = min(Fraction(parts[group], 100), high * len(open_ones))
        left += Fraction(parts[group], 100) - amount
        for who, more in level(amount, open_ones, low, high).items() if open_ones else ():
            paid[who] += more
    expected = {**paid, "reserve:director_fund": director, "reserve:staff_reserve": left}
    yield "staff_541", "2025-03", {"balances": {"pool": fund}, "claims": claims}, expected


@pytest.mark.parametrize("flow", [quality, settlements, directors, staff])
def test_the_library_pays_what_the_documents_say(flow):
    draw = random.Random(flow.__name__)  # noqa: S311 - figures, not secrets
    made = [case for _ in range(25) for case in flow(draw)]
    texts = dict(rule_texts(packaged("indicator_specs")))
    texts["again.cases.yaml"] = "".join(
        f"- case: again {n}\n  of: {code}\n  period: {period}\n  given: {shown(given)}\n  expect: {shown(expected)}\n"
        for n, (code, period, given, expected) in enumerate(made)
    )
    book, _ = load_book(texts)
    cases, issues = load_cases(texts, book)
    assert issues == ()
    codes = {code for code, *_ in made}
    again = {code: tuple(c for c in cases[code] if c.title.startswith("again ")) for code in codes}
    results = list(run_cases(book, again))
    assert len(results) == len(made)
    assert [(r.rule, r.title, [one.zh for one in r.differences]) for r in results if r.differences] == []
