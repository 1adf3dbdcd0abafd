"""What an import changes, figure by figure: in words, as objects for programs, and as a workbook to be looked through."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.services.import_plan import NO_TITLES, ImportPlan
from perf.services.import_roster import RosterPlan

if TYPE_CHECKING:
    from perf.excel.export import Report

SHOWN_MAX = 10_000
_KINDS = {
    "new": Text("新增", "new"),
    "changed": Text("改动", "changed"),
    "gone": Text("不再出现", "gone"),
    "conflict": Text("两处上报", "two senders"),
}


class Difference(NamedTuple):
    """One figure that is new, another, gone, or reported by two: its key, old and new value, both places."""

    kind: str
    subject: str
    measure: str
    period: str
    item: str
    counterparty: str
    old: str | None
    new: str | None
    was_at: str
    stands_at: str


def differences(plan: ImportPlan) -> Iterator[Difference]:
    """Conflicts, changes, what is gone, then what is new, each in the order of keys."""
    for conflict in plan.conflicts:
        yield _difference("conflict", conflict.kept, conflict.sent)
    for change in plan.changed:
        yield _difference("changed", change.old, change.new)
    for fact in plan.gone:
        yield _difference("gone", fact, None)
    for fact in plan.new:
        yield _difference("new", None, fact)


def differences_json(plan: ImportPlan | RosterPlan | None) -> dict[str, object]:
    """`changes` for programs, at most `SHOWN_MAX` of them, and how many more there are."""
    if not isinstance(plan, ImportPlan):
        return {}
    shown = [one._asdict() for one in islice(differences(plan), SHOWN_MAX)]
    return {"changes": shown, "changes_left_out": _count(plan) - len(shown), "unchanged": plan.unchanged}


def preview_workbook(plan: ImportPlan, titles: Mapping[str, str], issues: tuple[Issue, ...]) -> bytes:
    """A workbook of what would change: a sheet for each kind of difference that there is, and one for what there is to say.

    Args:
        titles: Measure -> what people call it.
    """
    from perf.excel.export import Report, ReportColumn, workbook_of

    columns = tuple(
        ReportColumn(header, width=width)
        for header, width in (
            ("对象", 14),
            ("数据项", 26),
            ("期间", 10),
            ("明细项", 12),
            ("对方单位", 12),
            ("原值", 14),
            ("新值", 14),
            ("原来在", 34),
            ("现在在", 34),
        )
    )
    by_kind: dict[str, list[list[str]]] = {kind: [] for kind in _KINDS}
    for one in differences(replace(plan, new=plan.new[:SHOWN_MAX])):
        rows = by_kind[one.kind]
        if len(rows) < SHOWN_MAX:
            measure = titles.get(one.measure, one.measure)
            rows.append([one.subject, measure, *one[3:6], one.old or "", one.new or "", one.was_at, one.stands_at])
    counts = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "gone": len(plan.gone),
        "conflict": len(plan.conflicts),
    }
    reports = [
        Report(
            f"{word.zh} {counts[kind]}",
            columns,
            by_kind[kind],
            note=f"{plan.name} · 未变 {plan.unchanged}" + _left(counts[kind] - len(by_kind[kind])),
            sheet=word.zh,
        )
        for kind, word in _KINDS.items()
        if counts[kind]
    ]
    return workbook_of([*reports, _told(plan, issues)])


def _told(plan: ImportPlan, issues: tuple[Issue, ...]) -> "Report":
    from perf.excel.export import Report, ReportColumn

    words = {"error": "错误", "warning": "提醒", "info": "说明"}
    found = sorted(issues, key=lambda issue: list(words).index(issue.severity))
    headers = (
        ("程度", 8),
        ("工作表", 14),
        ("单元格", 10),
        ("工号或编码", 14),
        ("发现", 44),
        ("应为", 40),
        ("建议", 44),
        ("代码", 24),
    )
    rows = [
        [words[i.severity], i.place.sheet, i.place.cell, i.subject, i.found.zh, i.expected.zh, i.hint.zh, i.code]
        for i in found[:SHOWN_MAX]
    ]
    note = f"{plan.name} · 未变 {plan.unchanged}" + _left(len(found) - len(rows))
    return Report(
        f"问题 {len(found)}", tuple(ReportColumn(h, width=w) for h, w in headers), rows, note=note, sheet="问题"
    )


def _left(count: int) -> str:
    return f" · 另有 {count} 条没有列出" if count else ""


def _count(plan: ImportPlan) -> int:
    return len(plan.new) + len(plan.changed) + len(plan.gone) + len(plan.conflicts)


def _difference(kind: str, old: Fact | None, new: Fact | None) -> Difference:
    fact = new or old
    assert fact is not None  # noqa: S101
    key = fact.key
    return Difference(
        kind,
        key.subject,
        key.measure,
        str(key.period),
        key.item,
        key.counterparty,
        None if old is None else _value(old),
        None if new is None else _value(new),
        "" if old is None else str(old.source),
        "" if new is None else str(new.source),
    )


def changes_of(plan: ImportPlan | RosterPlan, titles: Mapping[str, str] = NO_TITLES) -> tuple[Text, ...]:
    """Changed and vanished figures in words (old → new); new ones are only counted."""
    if isinstance(plan, RosterPlan):
        changes = tuple(_roster_changes(plan, titles)) if plan.unchanged or plan.changed else ()
        return (*changes, *plan.numbers.told())
    rows = []
    for change in plan.changed:
        values = f"{_value(change.old)} → {_value(change.new)}"
        rows.append(Text(f"{_key(change.new, titles)}:{values}", f"{_key(change.new, NO_TITLES)}: {values}"))
    rows += [
        Text(f"{_key(fact, titles)}:{_value(fact)} → 不再出现", f"{_key(fact, NO_TITLES)}: {_value(fact)} → gone")
        for fact in plan.gone
    ]
    return tuple(rows)


def _roster_changes(plan: RosterPlan, titles: Mapping[str, str]) -> Iterator[Text]:
    """Joiners, leavers, new and ended posts, other values; nothing of a first roster, which is all new."""
    for one in plan.joined:
        yield Text(f"新人 {one}", f"joined {one}")
    for one in plan.left:
        yield Text(f"离开 {one}", f"left {one}")
    for new in plan.new:
        if new.level == "person" and new.subject not in plan.joined:
            yield Text(
                f"{new.subject} 新任职:{new.parent},自 {new.first_day}",
                f"{new.subject} new post: {new.parent} from {new.first_day}",
            )
    for gone in plan.gone:
        if gone.subject not in plan.left:
            yield Text(
                f"{gone.subject} 任职:{gone.parent},自 {gone.first_day} → 不再出现",
                f"{gone.subject} post: {gone.parent} from {gone.first_day} → gone",
            )
    for old, new in plan.changed:
        if old.last_day != new.last_day:
            ends = (_day(old.last_day), _day(new.last_day))
            yield Text(
                f"{new.subject} {new.parent} 任职结束:{ends[0]} → {ends[1]}",
                f"{new.subject} {new.parent} ends: {ends[0]} → {ends[1]}",
            )
        for name in sorted(old.attributes.keys() | new.attributes.keys()):
            pair = (old.attributes.get(name) or "—", new.attributes.get(name) or "—")
            if pair[0] != pair[1]:
                said = " → ".join(titles.get(f"{name}={value}", value) for value in pair)
                yield Text(
                    f"{new.subject} {titles.get(name, name)}:{said}", f"{new.subject} {name}: {pair[0]} → {pair[1]}"
                )


def _day(day: date) -> str:
    return "—" if day.year == date.max.year else str(day)


def _key(fact: Fact, titles: Mapping[str, str]) -> str:
    key = fact.key
    measure = titles.get(key.measure, key.measure)
    return " ".join(part for part in (key.subject, measure, str(key.period), key.item, key.counterparty) if part)


def _value(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else exact_text(fact.value)
