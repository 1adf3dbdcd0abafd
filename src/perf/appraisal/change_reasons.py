"""Why a month's pay is another than last month's: few reasons, whose amounts add up to the difference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from perf.appraisal.corrected_pay import line_title
from perf.appraisal.figure_text import in_full, signed
from perf.appraisal.prose import prose
from perf.appraisal.revalued import revalued
from perf.distribution import Entry, Working
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.distribution.corrections import CORRECTION
from perf.distribution.standing import COEFFICIENT, GRADE, SCORE
from perf.formulas.nodes import Node
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.text import Text
from perf.scoring import Scorecard

SHOWN_MAX = 4
"""Reasons that are named; what is left is one reason more."""
_CARD = frozenset({SCORE.zh, COEFFICIENT.zh, GRADE.zh})
_PRESENCE = ("出勤", "在岗")
_WORDS = MappingProxyType(
    {
        "pool": Text("可分资金", "the pool"),
        "score": Text("本人考核得分", "own score"),
        "presence": Text("本人出勤", "own attendance"),
        "claim": Text("本人岗位系数、工作量等", "own post, work and the like"),
        "claims": Text("同组其他人的分配权", "claims of the others"),
        "bounds": Text("保底、封顶和取整", "floors, caps and rounding"),
        "odd": Text("取整和尾差", "rounding and odd fen"),
        "correction": Text("更正以前月份", "corrections of earlier months"),
        "other": Text("其他", "others"),
    }
)


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """What the month before gave the same person: entries of its ledger and its scorecards."""

    entries: Sequence[Entry] = ()
    cards: Mapping[str, Scorecard] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason and what it makes of the difference."""

    text: Text
    amount: Money


Line = tuple[str, str, str]
Rows = Sequence[tuple[Entry, Money]]


def reasons(before: Iterable[tuple[Entry, Money]], now: Iterable[tuple[Entry, Money]], whole: Money) -> list[Reason]:
    """The reasons of a difference, the largest first, at most `SHOWN_MAX` and one for all the others.

    Args:
        before, now: Entries that are paid, with what each adds to the pay.
        whole: The difference that is to be explained; the amounts add up to it.
    """
    found: dict[Text, int] = {}
    old, new = _by_line(before), _by_line(now)
    for line in sorted(old.keys() | new.keys()):
        for text, amount in _of_line(line, old.get(line, ()), new.get(line, ())):
            found[text] = found.get(text, 0) + amount.fen
    ranked = sorted(((fen, text) for text, fen in found.items() if fen), key=lambda row: (-abs(row[0]), row[1].zh))
    named = ranked[:SHOWN_MAX] if len(ranked) > SHOWN_MAX + 1 else ranked
    rest = whole - Money(sum(fen for fen, _ in named))
    told = [Reason(text, Money(fen)) for fen, text in named]
    return [*told, Reason(_WORDS["other"], rest)] if rest else told


def change_text(pay: Money, previous: Money, found: Sequence[Reason]) -> Text:
    """`比上月多 97.35 元:可分资金 +120.40,本人考核得分 −23.05。` with amounts that add up."""
    difference = pay - previous
    if not difference and not found:
        return Text(f"与上月相同（{previous.text()} 元）。", f"The same as last month ({previous.text()} yuan).")
    size = (difference if difference > ZERO else -difference).text()
    zh = f"比上月多 {size} 元" if difference > ZERO else f"比上月少 {size} 元" if difference else "与上月相同"
    en = f"{size} yuan {'more' if difference > ZERO else 'less'} than last month" if difference else "As last month"
    parts = [
        (f"{one.text.zh} {_signed(one.amount)}", f"{one.text.in_lang('en')} {_signed(one.amount)}") for one in found
    ]
    zh, en = f"{zh}：{'、'.join(one for one, _ in parts)}", f"{en}: {', '.join(one for _, one in parts)}"
    return prose(Text(f"{zh}。", f"{en}."))


def score_change_text(before: Scorecard | None, now: Scorecard | None) -> Text:
    """`考核总分 84.02 → 88.26:工作量完成率 +3.10、病历缺陷扣分 +1.14`; empty where there is nothing to compare."""
    if before is None or now is None or before.total is None or now.total is None or before.total == now.total:
        return Text("")
    old, new = _scores(before), _scores(now)
    moved = sorted(
        ((new.get(code, (Fraction(0), title))[0] - old.get(code, (Fraction(0), title))[0], title)
         for code, (_, title) in {**old, **new}.items()),
        key=lambda row: (-abs(row[0]), row[1].zh),
    )  # fmt: skip
    shown = [(signed(size).replace("-", "−"), title) for size, title in moved[:2] if size]
    named = [(f"{title.zh} {size}", f"{title.in_lang('en')} {size}") for size, title in shown]
    head = f"{in_full(before.total, 2)} → {in_full(now.total, 2)}"
    zh = f"考核总分 {head}" + (f",其中 {'、'.join(one for one, _ in named)}" if named else "")
    en = f"Score {head}" + (f", of it {', '.join(one for _, one in named)}" if named else "")
    return prose(Text(f"{zh}。", f"{en}."))


def _scores(card: Scorecard) -> dict[str, tuple[Fraction, Text]]:
    rows = [row for row in card.items if row.type == "indicator"]
    return {row.item: (row.score if row.score is not None else Fraction(0), row.title) for row in rows}


def _signed(amount: Money) -> str:
    return f"+{amount.text()}" if amount > ZERO else f"−{(-amount).text()}"


def _by_line(rows: Iterable[tuple[Entry, Money]]) -> dict[Line, list[tuple[Entry, Money]]]:
    found: dict[Line, list[tuple[Entry, Money]]] = {}
    for entry, amount in rows:
        found.setdefault((entry.distribution, entry.owner, entry.line), []).append((entry, amount))
    return found


def _of_line(line: Line, old: Rows, new: Rows) -> list[tuple[Text, Money]]:
    was, now = (Money(sum(amount.fen for _, amount in rows)) for rows in (old, new))
    if line[0] == CORRECTION:
        return [(_WORDS["correction"], now - was)]
    if line[0] == ADJUSTMENT:
        return [(_adjusted(line[2], is_over=not new), now - was)]
    first, second = _shared(old), _shared(new)
    if first is not None and second is not None:
        return _of_share(first, second, now - was)
    return [(line_title((new or old)[0][0]), now - was)]


def _adjusted(title: str, *, is_over: bool) -> Text:
    """The name of a line that somebody entered; `is_over`: it was last month's alone."""
    return Text(f"上月{title}(本月没有)", f"{title} (last month only)") if is_over else Text(title)


def _shared(rows: Rows) -> Working | None:
    """The one share behind a line; None where it is made in another way."""
    working = rows[0][0].working if len(rows) == 1 else None
    is_share = working is not None and working.claims_sum and isinstance(working.claim.value, Fraction)
    return working if is_share else None


def _of_share(old: Working, new: Working, difference: Money) -> list[tuple[Text, Money]]:
    """Pool × claim ÷ claims, one changed after the other; what rounding, floors and caps make is the rest."""
    is_free = old.floor is old.cap is new.floor is new.cap is None
    pools = [one.free_amount.yuan if is_free else one.part_amount.yuan for one in (old, new)]
    sums = [one.free_claims if is_free else one.claims_sum for one in (old, new)]
    stages = [("pool", pools[1], _claim(old), sums[0])]
    stages += [(kind, pools[1], claim, sums[0]) for kind, claim in _claims_between(old.claim, new.claim)]
    stages.append(("claims", pools[1], _claim(new), sums[1]))
    share, told, found = _share(pools[0], _claim(old), sums[0]), ZERO, []
    for kind, pool, claim, claims in stages:
        after = _share(pool, claim, claims)
        amount, share = money_from_yuan(after - share), after
        told += amount
        found.append((_WORDS[kind], amount))
    return [*found, (_WORDS["odd" if is_free else "bounds"], difference - told)]


def _share(pool: Fraction, claim: Fraction, claims: Fraction) -> Fraction:
    return pool * claim / claims if claims else Fraction(0)


def _claim(working: Working) -> Fraction:
    value = working.claim.value
    return value if isinstance(value, Fraction) else Fraction(0)


def _claims_between(old: Node, new: Node) -> list[tuple[str, Fraction]]:
    """The claim after each kind of figure in it took its new value; one step where the two are built differently."""
    last = new.value if isinstance(new.value, Fraction) else Fraction(0)
    leaves: dict[int, tuple[str, Fraction]] = {}
    if not _paired(old, new, leaves):
        return [("claim", last)]
    found: list[tuple[str, Fraction]] = []
    done: set[str] = set()
    for kind in ("score", "presence"):
        done.add(kind)
        claim = revalued(new, lambda node: _old_value(leaves, node, done))
        if claim is None:
            return [("claim", last)]
        found.append((kind, claim))
    return [*found, ("claim", last)]


def _old_value(leaves: Mapping[int, tuple[str, Fraction]], node: Node, done: set[str]) -> Fraction | None:
    """The figure of the month before, where its kind has not changed yet."""
    kind, value = leaves.get(id(node), ("", None))
    return None if kind in done else value


def _paired(old: Node, new: Node, leaves: dict[int, tuple[str, Fraction]]) -> bool:
    """Whether both are the same arithmetic; collects the leaves of the new one with the old figures."""
    if (old.op == "round") != (new.op == "round"):  # a claim of few digits needs no rounding
        return _paired(_unrounded(old), _unrounded(new), leaves)
    if old.inputs and new.inputs:
        if old.op != new.op or len(old.inputs) != len(new.inputs):
            return False
        return all(_paired(was, now, leaves) for was, now in zip(old.inputs, new.inputs, strict=True))
    if not isinstance(old.value, Fraction) or not isinstance(new.value, Fraction):
        return old.value == new.value
    if _title(old) != _title(new):
        return False
    leaves[id(new)] = (_kind(_title(new)), old.value)
    return True


def _unrounded(node: Node) -> Node:
    return node.inputs[0] if node.op == "round" else node


def _title(node: Node) -> str:
    return node.label.zh if node.label is not None else ""


def _kind(title: str) -> str:
    if title in _CARD:
        return "score"
    return "presence" if any(word in title for word in _PRESENCE) else "claim"
