"""Random distributions over the whole language of steps, and random people, figures and balances to run them on."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from perf.distribution import CardFigures, PaidBefore, distribute
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

MONTH = Period(2025, "month", 6)
OWNERS = "AB"
METHODS = ["largest_remainder", "jefferson", "webster", "huntington_hill", "first"]
MEASURES = """
measure: pool_total
title: 资金
unit: yuan
digits: 2
level: institution
---
measure: nights
title: 夜班
unit: items
level: person
---
measure: entered_yuan
title: 录入金额
unit: yuan
digits: 2
level: person
---
measure: entered_points
title: 录入点数
unit: items
level: person
---
attributes: {weight: 权数, category: 类别, head: 负责人}
---
accounts:
  saved: {of: institution, kind: reserve, title: 结存}
  other: {of: institution, kind: reserve, title: 另存}
"""
HEAD = """
distribution: pay
title: 绩效
period: month
per: institution
among: staff
uses: {score: [s, t]}
fund: pool_total
source: {document: 甲文, clause: 第一条}
"""
NAMES = """
let: {own: {for: each, value: 2 * weight}, tenth: 10% * pool_total}
bands: {upper: {amount: pool_total, of: 1000, rows: [{to: 50%, share: 20%}, {over: 50%, share: 10%}]}}
ladders: {kept: {rows: [{from: 90, gives: 100%}, {from: 60, gives: 50%}, {from: 0, gives: 0%}]}}
"""
days = st.dates(date(2025, 5, 20), date(2025, 7, 10))


@dataclass(frozen=True)
class World:
    """A rule and what it is run on; `weights` multiply every `weight`."""

    rule: str
    segments: list[Segment]
    facts: dict[FactKey, Fraction]
    cards: dict[tuple[str, str], CardFigures]
    opening: dict[str, Money] = field(default_factory=dict)
    odd_fen: dict[str, int] = field(default_factory=dict)

    def run(self, *, weights=1):
        """The ledger."""
        book, issues = load_book({"measures.yaml": MEASURES, "rule.yaml": self.rule})
        assert [issue.render() for issue in issues if issue.is_error] == []
        segments = [
            replace(one, attributes={**one.attributes, "weight": str(int(one.attributes["weight"]) * weights)})
            if one.attributes.get("weight")
            else one
            for one in self.segments
        ]
        return distribute(
            book,
            Roster(segments),
            Facts([Fact(key, value) for key, value in self.facts.items()]),
            MONTH,
            ["pay"],
            cards=self.cards,
            opening=self.opening,
            odd_fen_received=self.odd_fen,
            paid=PaidBefore(),
        )

    def shuffled(self, random):
        """The same in another order."""

        def mixed(rows):
            rows = list(rows)
            random.shuffle(rows)
            return rows

        parts = {name: dict(mixed(getattr(self, name).items())) for name in ("facts", "cards", "opening", "odd_fen")}
        return replace(self, segments=mixed(self.segments), **parts)


def maybe(draw, text):
    return text if draw(st.booleans()) else ""


def _rounding(draw):
    if not draw(st.booleans()):
        return ""
    leftover = draw(st.sampled_from([*METHODS, "{to: saved}"]))
    unit = draw(st.sampled_from(["0.01", "0.01", "1", "100"]))
    return f", rounding: {{unit: {unit}, leftover: {leftover}}}"


def _by(draw, *, exact):
    known = (
        ["weight", "weight * score / 100"] if exact else ["weight", "weight * score / 100", "own + 1", "nights", "1"]
    )
    return draw(st.sampled_from(known))


def _apportion(draw, number, *, exact):
    floor = draw(st.sampled_from([0, 0, 5, 40]))
    cap = draw(st.sampled_from([0, 0, 60, 500, 5000]))
    bounds = (f", floor: {floor}" if floor else "") + (f", cap: {cap}" if cap else "")
    gets = ["max(claims)", "sum(claims)"] + (
        [] if exact else ["mean(top(3, claims))", "mean(claims(category == doctor))"]
    )
    derived = maybe(draw, f', derived: [{{where: head == yes, by: "{draw(st.sampled_from(gets))}"}}]')
    amount = maybe(draw, ", amount: rest / 2")
    ties = maybe(draw, ", ties: id")
    line = f", line: 分{number}f{floor}c{cap}"
    return f'apportion: {{by: "{_by(draw, exact=exact)}"{line}{bounds}{derived}{amount}{ties}{_rounding(draw)}}}'


def _entered(draw, number):
    what = draw(st.sampled_from(["amount: entered_yuan", "weight: entered_points", "amount: rest / count"]))
    limits = maybe(draw, ", floor: 1") + maybe(draw, ", cap: 900") + maybe(draw, ", spread: {at_least: 1.1}")
    own = maybe(draw, ', own: {where: head == yes, gets: "max(claims)"}')
    more = draw(st.sampled_from(["", ", expected: weight", ", expected: weight, on_break: formula"]))
    return f"entered: {{line: 录入{number}, {what}{limits}{own}{more}}}"


def _ladder(draw, number):
    rows = "[{from: 90, gives: 100%, reward: 5%}, {from: 60, gives: 100%, less: 3%, below: 80}, {from: 0, gives: 0%}]"
    extra = maybe(draw, ", forfeited: {to: other}") + maybe(draw, ", reward_payer: 财政")
    amount = draw(st.sampled_from(["weight", "20", "10 * weight"]))
    return f"ladder: {{line: 阶梯{number}, of: score, amount: {amount}, rows: {rows}{extra}}}"


@st.composite
def steps(draw, *, exact, depth=0):
    """The lines of a list of steps. `exact`: weights stand only in claims, and no claim is rounded."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        kinds = ["take", "pay", "gate", "apportion", "apportion", "hold", "entered", "schedule", "release"]
        kinds += [] if exact else ["ladder", "named"]
        kinds += ["split"] if depth < 2 else []
        mark = f"{depth}{number}"
        match draw(st.sampled_from(kinds)):
            case "take":
                found.append(f"take: {{to: saved, amount: {draw(st.integers(0, 60))}% * rest}}")
            case "pay":
                short = draw(st.sampled_from(["refuse", "scale", "scale"]))
                payer = maybe(draw, ", payer: 财政")
                found.append(f"pay: {{line: 夜班{mark}, amount: 8 * nights, short: {short}{payer}}}")
            case "gate":
                when = draw(st.sampled_from(["score < 60", "category == nurse", "nights > 3"]))
                found.append(f"gate: {{when: {when}, to: rest}}")
            case "apportion":
                found.append(_apportion(draw, mark, exact=exact))
            case "hold":
                found.append(f"hold: {{share: 10%, line: 暂留{mark}{maybe(draw, ', to: year_end')}}}")
            case "entered":
                made = _entered(draw, mark)
                found.append(made.replace("expected: weight", "expected: 1") if exact else made)
            case "schedule":
                parts = draw(st.sampled_from(["12", "[1, 1, 1, 1, 1, 7, 0, 0, 0, 0, 0, 3]"]))
                to = maybe(draw, ", to: other")
                found.append(f"schedule: {{line: 预拨{mark}, amount: 60, parts: {parts}{to}, catch_up: yes}}")
            case "release":
                source = draw(st.sampled_from(["year_end", "held"]))
                rest = draw(st.sampled_from(["", ", forfeited: {to: other}", ", keep: yes"]))
                share = draw(st.sampled_from(["50%", "100%", "120%"]))
                found.append(f"release: {{line: 兑现{mark}, from: {source}, share: {share}{rest}}}")
            case "ladder":
                found.append(_ladder(draw, mark))
            case "named":
                amount = draw(st.sampled_from(["tenth / 10", "upper / 10", "kept(75) * 10"]))
                found.append(f"take: {{to: other, amount: {amount}}}")
            case _:
                empty = draw(st.sampled_from(["reshare", "hold", "{to: other}"]))
                inner = draw(steps(exact=exact, depth=depth + 1))
                head = (
                    f"split: {{by: category, shares: {{doctor: 50, nurse: 40, admin: 10}}, on_empty: {empty}, steps: ["
                )
                found.append(f"{head}{', '.join(f'{{{one}}}' for one in inner)}]}}")
    if depth == 0 and draw(st.booleans()):
        found.append("remainder: {to: saved}")
    return found


@st.composite
def worlds(draw, *, exact=False):
    """A rule and a county of two institutions. `exact`: everybody is there all month, and claims are never rounded."""
    missing = draw(st.sampled_from(["full"] if exact else ["full", "mean", "last"]))
    rule = HEAD + f"on_missing_score: hold_at({missing})\n"
    rule += NAMES + "steps:\n" + "".join(f"  - {one}\n" for one in draw(steps(exact=exact)))
    segments = [Segment(code, "institution", "town", "M") for code in OWNERS]
    facts = {FactKey(c, "pool_total", MONTH): Fraction(draw(st.integers(-30_000, 500_000)), 100) for c in OWNERS}
    cards, opening, odd = {}, {}, {}
    for number in range(draw(st.integers(0, 7))):
        who = f"{number:04d}"
        for _ in range(1 if exact else draw(st.integers(1, 2))):
            first, last = (date.min, date.max) if exact else sorted((draw(days), draw(days)))
            attributes = {
                "head": draw(st.sampled_from(["no", "no", "yes"] if exact else ["no", "no", "yes", ""])),
                "weight": draw(st.sampled_from(["0", "1", "2", "13"] if exact else ["0", "1", "2", "13", ""])),
                "category": draw(st.sampled_from(["doctor", "nurse", "admin", "doctor"])),
            }
            owner = OWNERS[number % 2] if exact else draw(st.sampled_from(OWNERS))
            segments.append(Segment(who, "person", "doctor", owner, first, last, attributes))
        for measure, most in (("nights", 5), ("entered_yuan", 300), ("entered_points", 9)):
            if exact or draw(st.integers(0, 4)):
                facts[FactKey(who, measure, MONTH)] = Fraction(draw(st.integers(0, most)))
        for scheme in ["s"] if exact else draw(st.sets(st.sampled_from("st"))):
            total = draw(st.sampled_from([Fraction(59), Fraction(60), Fraction(92)]))
            total = total if exact or draw(st.integers(0, 4)) else None
            cards[scheme, who] = CardFigures(total, forfeits_pay=draw(st.integers(0, 9)) == 0)
        for account in (f"held:{who}", f"reserve:year_end:{who}"):
            if draw(st.booleans()):
                opening[account] = Money(draw(st.integers(0, 5_000)))
        odd[who] = draw(st.integers(0, 3))
    return World(rule, segments, facts, cards, opening, odd)
