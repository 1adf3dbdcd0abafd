"""Why a person gets more or less than in another month: which line, the pool, the claims, the points, the posts, the rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from perf.appraisal.figure_text import in_full
from perf.distribution import Entry, Ledger
from perf.distribution.corrections import CORRECTION
from perf.distribution.models import Working
from perf.formulas.nodes import Absent
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.scoring import Scorecard, Scores
from perf.scoring.models import ScoreItem

ITEMS_MAX = 3
_NO_ATTRIBUTES = frozenset({"name"})
_NO_RULES: Mapping[str, Text] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Month:
    """One run as it is compared: what it scored and paid, and the roster it knew.

    `rewritten`: distribution -> what it says otherwise than in the run that it is compared with, in force by then.
    """

    run: str
    period: Period
    scores: Scores
    ledger: Ledger
    roster: Roster
    rewritten: Mapping[str, Text] = field(default_factory=lambda: _NO_RULES)


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason; `amount`: what it makes of the difference, None where it is told without an amount."""

    kind: str
    text: Text
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What concerns one person in a month: entries by line, cards by scheme."""

    lines: dict[Text, list[tuple[Entry, Money]]]
    cards: dict[str, Scorecard]


def causes(subject: str, old: tuple[Month, Own], new: tuple[Month, Own]) -> tuple[Cause, ...]:
    """The reasons of one person's difference, the line with the largest first; the amounts add up to the difference."""
    (before, was), (after, now) = old, new
    lines = sorted(was.lines.keys() | now.lines.keys(), key=lambda line: (-abs(_of_line(line, was, now).fen), line.zh))
    found = [
        cause
        for line in lines
        for cause in _line_causes(line, was.lines.get(line, []), now.lines.get(line, []), after.rewritten)
    ]
    told = [*_post_causes(subject, before, after), *_card_causes(was, now)]
    return (*found, *told)


def _of_line(line: Text, was: Own, now: Own) -> Money:
    return _sum(now.lines.get(line, [])) - _sum(was.lines.get(line, []))


def _sum(rows: Sequence[tuple[Entry, Money]]) -> Money:
    return Money(sum(amount.fen for _, amount in rows))


def _line_causes(
    line: Text, was: Sequence[tuple[Entry, Money]], now: Sequence[tuple[Entry, Money]], rewritten: Mapping[str, Text]
) -> Iterator[Cause]:
    old, new = _sum(was), _sum(now)
    if old == new:
        return
    first, second = _shared(was), _shared(now)
    if first is None or second is None:
        named, why = line.in_lang("en"), [row for row, _ in now if row.distribution == CORRECTION]
        zh, en = (f";{why[0].explanation.zh}", f"; {why[0].explanation.in_lang('en')}") if len(why) == 1 else ("", "")
        yield Cause("line", Text(f"{line.zh} {old} → {new}{zh}", f"{named} {old} → {new}{en}"), new - old)
    else:
        yield from _share_causes(line, first, second, new - old)
    versions = {row.rule[:2] for row, _ in was}, {row.rule[:2] for row, _ in now}
    if was and now and versions[0] != versions[1]:
        one, other = ("、".join(sorted(f"{code} {version}" for code, version in found)) for found in versions)
        yield Cause("rule", Text(f"规则版本 {one} → {other}", f"rule version {one} → {other}"))
    elif was and now and (same := sorted(found for found in versions[1] if found[0] in rewritten)):
        for code, version in same:
            what = rewritten[code]
            zh = f"规则 {code} {version} 的内容变了(版本名没有变):{what.zh}"
            yield Cause("rule", Text(zh, f"rule {code} {version} was rewritten under the same version: {what.en}"))


def _shared(rows: Sequence[tuple[Entry, Money]]) -> Working | None:
    """The one share behind a line; None where it is made in another way."""
    if len(rows) != 1:
        return None
    working = rows[0][0].working
    is_share = working is not None and working.claims_sum and isinstance(working.claim.value, Fraction)
    return working if is_share else None


def _share_causes(line: Text, old: Working, new: Working, difference: Money) -> Iterator[Cause]:
    """Pool × claim ÷ claims, one of the three changed after the other; what rounding, floors and caps make is the rest."""
    pool, claim, claims = old.part_amount.yuan, _claim(old), old.claims_sum
    at_first = pool * claim / claims
    steps = (
        ("pool", Text("可分金额", "the pool"), pool, new.part_amount.yuan),
        ("claim", Text("本人分配权", "the own claim"), claim, _claim(new)),
        ("claims", Text("分配权合计", "all claims"), claims, new.claims_sum),
    )
    told = ZERO
    for kind, name, was, now in steps:
        pool, claim, claims = (
            now if kind == "pool" else pool,
            now if kind == "claim" else claim,
            now if kind == "claims" else claims,
        )
        share = pool * claim / claims
        amount, at_first = money_from_yuan(share - at_first), share
        told += amount
        if was != now:
            one, other = in_full(was), in_full(now)
            yield Cause(
                kind,
                Text(f"{line.zh}:{name.zh} {one} → {other}", f"{line.in_lang('en')}: {name.en} {one} → {other}"),
                amount,
            )
    if rest := difference - told:
        yield Cause(
            "bounds", Text(f"{line.zh}:保底、封顶和取整", f"{line.in_lang('en')}: floors, caps and rounding"), rest
        )


def _claim(working: Working) -> Fraction:
    value = working.claim.value
    return value if isinstance(value, Fraction) else Fraction(0)


def _post_causes(subject: str, before: Month, after: Month) -> Iterator[Cause]:
    """Posts and attributes that are not what they were."""
    old, new = before.roster.at(subject, before.period), after.roster.at(subject, after.period)
    if old is None or new is None:
        return
    if old.parent != new.parent:
        yield Cause("post", Text(f"单位 {old.parent} → {new.parent}", f"institution {old.parent} → {new.parent}"))
    for name in sorted((old.attributes.keys() | new.attributes.keys()) - _NO_ATTRIBUTES):
        was, now = old.attributes.get(name) or "—", new.attributes.get(name) or "—"
        if was != now:
            yield Cause("post", Text(f"{name} {was} → {now}"))


def _card_causes(was: Own, now: Own) -> Iterator[Cause]:
    """Totals that changed, with the items that changed most and the values behind them."""
    for scheme in sorted(was.cards.keys() | now.cards.keys()):
        old, new = was.cards.get(scheme), now.cards.get(scheme)
        one, other = (in_full(card.total) if card is not None else "—" for card in (old, new))
        if one == other:
            continue
        title = (new or old).title  # type: ignore[union-attr]
        yield Cause("score", Text(f"{title.zh} 总分 {one} → {other}", f"{title.in_lang('en')}: total {one} → {other}"))
        if old is not None and new is not None:
            yield from _item_causes(old, new)


def _item_causes(old: Scorecard, new: Scorecard) -> Iterator[Cause]:
    before, after = ({item.item: item for item in card.items if item.type == "indicator"} for card in (old, new))
    changed = [
        (_points(after.get(code)) - _points(before.get(code)), code)
        for code in before.keys() | after.keys()
        if _points(after.get(code)) != _points(before.get(code))
    ]
    for _, code in sorted(changed, key=lambda row: (-abs(row[0]), row[1]))[:ITEMS_MAX]:
        one, other = before.get(code), after.get(code)
        title = (other or one).title  # type: ignore[union-attr]
        points = f"{in_full(_points(one))} → {in_full(_points(other))}"
        values = f"{_value(one)} → {_value(other)}"
        where = _where(other)
        yield Cause(
            "fact",
            Text(
                f"{title.zh} 得分 {points}(数值 {values}{';' + where if where else ''})",
                f"{title.in_lang('en')}: points {points} (value {values}{'; ' + where if where else ''})",
            ),
        )


def _points(item: ScoreItem | None) -> Fraction:
    return item.score if item is not None and item.score is not None else Fraction(0)


def _value(item: ScoreItem | None) -> str:
    if item is None or item.value is None or isinstance(item.value, Absent):
        return "—"
    return in_full(item.value) if isinstance(item.value, Fraction) else str(item.value)


def _where(item: ScoreItem | None) -> str:
    """The first cell that the value stands on."""
    queue = [item.node] if item is not None else []
    while queue:
        node = queue.pop()
        if str(node.source):
            return str(node.source)
        queue.extend(reversed(node.inputs))
    return ""
