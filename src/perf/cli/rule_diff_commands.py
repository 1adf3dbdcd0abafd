"""`specs diff`: two versions of the rules, and what the change does to real months."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, lang, people, print_json, say, screen, table
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from perf.appraisal.rule_effects import MonthEffect, Standing, StandingChange
    from perf.appraisal.rule_meaning import RuleChange
    from perf.kernel.periods import Period
    from perf.services.diff_rules import RuleDiff

RULES_SHOWN = 40
WHOLE_SHOWN = 12
SideArgument = Annotated[
    str,
    typer.Argument(metavar="RULES", help="规则文件夹、current(随程序的规则库)或 run:2025-06#2(某次核算固定的规则)。"),
]


def register(rules_app: typer.Typer) -> None:
    """Add the command."""
    rules_app.command(
        "diff",
        epilog="例: perf-pay specs diff rules-2024 rules-2025 --periods 2025-01..2025-06 · "
        "perf-pay specs diff run:2025-06#1 rules --out 影响.xlsx · "
        "perf-pay specs diff old new --subjects S.csv --facts F.csv --periods 2025-06 --json",
    )(diff)


def diff(
    old: SideArgument,
    new: SideArgument,
    db: DbOption = None,
    periods: Annotated[
        str | None,
        typer.Option(
            "--periods", help="2025-06 或 2025-01..2025-06;默认最近有核算的月份。", metavar="P", show_default=False
        ),
    ] = None,
    consortium: Annotated[
        str | None, typer.Option("--consortium", help="只看这个医共体;默认全部。", show_default=False)
    ] = None,
    subjects: Annotated[
        Path | None, typer.Option("--subjects", help="不用数据库:对象 CSV,与 score 相同。", show_default=False)
    ] = None,
    facts: Annotated[
        Path | None, typer.Option("--facts", help="不用数据库:数据 CSV,与 score 相同。", show_default=False)
    ] = None,
    top: Annotated[int, typer.Option("--top", help="升降最多的各列几行。", min=0)] = 10,
    out: Annotated[
        Path | None, typer.Option("--out", help="全部明细写成工作簿。", metavar="FILE.xlsx", show_default=False)
    ] = None,
    json: JsonOption = False,
) -> int:
    """两版规则差在哪里,谁升谁降:逐条规则,逐人到分。"""
    from perf.services.rule_effect_report import write_effects

    found = _found(old, new, db=db, periods=periods, consortium=consortium, files=(subjects, facts))
    if out is not None:
        write_effects(found, out)
        say(people(), Text(f"已写 {out}", f"wrote {out}"))
    if json:
        print_json(_as_json(found))
        return DONE
    _print(screen(), found, top)
    return DONE


def _found(
    old: str,
    new: str,
    *,
    db: str | None,
    periods: str | None,
    consortium: str | None,
    files: tuple[Path | None, Path | None],
) -> "RuleDiff":
    from perf.services.diff_rules import RUN, book_named, diff_on_database, diff_on_files, read_periods

    chosen = read_periods(periods) if periods else ()
    subjects, facts = files
    actor = acting(None)
    on_files = subjects is not None or facts is not None
    is_pinned = old.startswith(RUN) or new.startswith(RUN)
    store = opened(db, actor) if is_pinned or not on_files else None
    books = book_named(old, store, actor), book_named(new, store, actor)
    console = people()
    with console.status("") as status:

        def progress(code: str, period: "Period", done: int, count: int) -> None:
            status.update(f"{code} {period} · {done + 1}/{count}".strip())

        if not on_files and store is not None:
            return diff_on_database(
                store, *books, actor=actor, periods=chosen, consortium=consortium, progress=progress
            )
        if subjects is None or facts is None or not chosen:
            raise WrongUse(
                Text(
                    "用文件时要同时给 --subjects、--facts 和 --periods",
                    "with files give --subjects, --facts and --periods",
                )
            )
        return diff_on_files(*books, subjects=subjects, facts=facts, periods=chosen, progress=progress)


# ---------------------------------------------------------------- for people


def _print(console: "Console", found: "RuleDiff", top: int) -> None:
    if found.is_empty:
        say(console, Text("两版规则的含义相同,没有差别。", "both mean the same; nothing differs."))
        return
    _print_rules(console, found.changes)
    for month in found.months:
        _print_month(console, month, top)
    first = min((change.since for change in found.changes), default=None)
    if first is not None and found.months and all(month.period.last_day < first for month in found.months):
        say(
            console,
            Text(
                f"改动自 {first} 起有效,所比的月份都在此前,所以没有变化;试算时可先把日期写早",
                f"the changes begin on {first}, after every month compared; for a trial date them earlier",
            ),
        )


def _print_rules(console: "Console", changes: "tuple[RuleChange, ...]") -> None:
    from perf.appraisal.rule_meaning import ALWAYS, KINDS

    two = _two
    if not changes:
        say(console, Text("规则的含义没有差别。", "the rules mean the same."))
        return
    columns = [
        (two("规则", "rule"), False),
        (two("键", "key"), False),
        (two("自", "from"), False),
        (two("旧", "old"), False),
        (two("新", "new"), False),
    ]
    changed = [c for c in changes if c.key]
    rows = [
        (
            f"{KINDS[c.kind].in_lang(lang())} {c.code}",
            c.key,
            "" if c.since == ALWAYS else str(c.since),
            _shown(c.old),
            _shown(c.new),
        )
        for c in changed[:RULES_SHOWN]
    ]
    if rows:
        console.print(table(two("规则的差别", "rules"), columns, rows))
    for how, whole in (
        (Text("新增", "added"), [c for c in changes if not c.key and c.old is None]),
        (Text("删去", "gone"), [c for c in changes if not c.key and c.old is not None]),
    ):
        if whole:
            names = [f"{c.title.in_lang(lang())} {c.code}" for c in whole[:WHOLE_SHOWN]]
            more = " …" if len(whole) > WHOLE_SHOWN else ""
            zh = f"{how.zh}规则 {len(whole)} 条:{'、'.join(names)}{more}"
            say(console, Text(zh, f"rules {how.en}: {len(whole)}: {', '.join(names)}{more}"))
    if len(changed) > RULES_SHOWN:
        say(
            console, Text(f"… 共 {len(changes)} 处,全部见 --json 或 --out", f"… {len(changes)} in all: --json or --out")
        )


def _shown(text: str | None) -> str:
    from perf.appraisal.rule_meaning import IN_FORCE

    return _two("有效", "in force") if text == IN_FORCE else text or "—"


def _print_month(console: "Console", month: "MonthEffect", top: int) -> None:
    say(console, Text(""))
    name = f"{month.consortium} {month.period}".strip()
    if month.is_none:
        say(console, Text(f"{name}:得分和金额都没有变化", f"{name}: no score and no amount changes"))
        return
    for line in summary_lines(month):
        say(console, Text(f"{name} · {line.zh}", f"{name} · {line.in_lang('en')}"))
    people_rows = month.people()
    losses = [change for change in people_rows if change.difference.fen < 0][:top]
    gains = [change for change in reversed(people_rows) if change.difference.fen > 0][:top]
    pay_columns = [
        (_two("对象", "who"), False),
        (_two("姓名", "name"), False),
        (_two("原", "before"), True),
        (_two("新", "after"), True),
        (_two("差额", "by"), True),
    ]
    for title, rows in (
        (_two("减少最多", "the greatest losses"), losses),
        (_two("增加最多", "the greatest gains"), gains),
    ):
        if rows:
            cells = [
                (
                    r.account.partition(":")[2],
                    r.name,
                    str(r.old),
                    str(r.new),
                    f"{'+' if r.difference.fen > 0 else ''}{r.difference}",
                )
                for r in rows
            ]
            console.print(table(f"{name} {title}", pay_columns, cells))
    ranked = sorted(month.standings, key=lambda c: (c.difference is None, -abs(c.difference or 0), c.scheme, c.subject))
    if ranked[:top]:
        columns = [(_two("方案", "scheme"), False), (_two("对象", "who"), False), (_two("姓名/机构", "name"), False)]
        columns += [
            (_two("总分", "total"), True),
            (_two("等次", "grade"), False),
            (_two("名次", "rank"), False),
            (_two("系数", "coefficient"), True),
        ]
        console.print(
            table(
                f"{name} {_two('得分变化最大', 'scores that change most')}", columns, map(_standing_row, ranked[:top])
            )
        )


def summary_lines(month: "MonthEffect") -> Iterator[Text]:
    """What happens to the month, in a few lines."""
    totals, persons = month.totals, month.persons
    yield Text(
        f"总分 {totals.up} 升 {totals.down} 降 {totals.same} 不变"
        + (f",{totals.unclear} 个由有到无或由无到有" if totals.unclear else ""),
        f"totals: {totals.up} up, {totals.down} down, {totals.same} the same"
        + (f", {totals.unclear} came or went" if totals.unclear else ""),
    )
    if month.grades:
        moves = [(old or "—", new or "—", count) for (old, new), count in month.grades.items()]
        yield Text(
            "等次 " + ",".join(f"{old} → {new} {count} 个" for old, new, count in moves),
            "grades: " + ", ".join(f"{old} → {new}: {count}" for old, new, count in moves),
        )
    difference = month.new_sum - month.old_sum
    sum_zh = "合计不变" if not difference else f"合计差 {difference} 元"
    sum_en = "the sum is the same" if not difference else f"the sum changes by {difference} yuan"
    yield Text(
        f"个人绩效 {persons.up} 升 {persons.down} 降 {persons.same} 不变;{month.old_sum} → {month.new_sum} 元,{sum_zh}",
        f"pay of persons: {persons.up} up, {persons.down} down, {persons.same} the same; "
        f"{month.old_sum} → {month.new_sum} yuan, {sum_en}",
    )
    for word, names in (
        (Text("旧规则", "old rules"), month.old_failed),
        (Text("新规则", "new rules"), month.new_failed),
    ):
        if names:
            listed = "、".join(f"{code} {owner}" for code, owner in names[:5])
            yield Text(
                f"{word.zh}下 {len(names)} 次分配被拒:{listed}",
                f"{word.en}: distributions refused: {len(names)}: {listed}",
            )


def _standing_row(change: "StandingChange") -> tuple[str, ...]:
    from perf.appraisal.figure_text import in_full

    old, new = change.old, change.new

    def pair(read: Iterable[str]) -> str:
        before, after = read
        return before if before == after else f"{before} → {after}"

    def each(field: str) -> Iterator[str]:
        for one in (old, new):
            value = getattr(one, field) if one is not None else None
            yield (
                in_full(value, 2 if field == "total" else 0) if field in ("total", "coefficient") else str(value or "—")
            )

    return (
        change.scheme,
        change.subject,
        change.name,
        pair(each("total")),
        pair(each("grade")),
        pair(each("rank")),
        pair(each("coefficient")),
    )


def _two(zh: str, en: str) -> str:
    return Text(zh, en).in_lang(lang())


# ---------------------------------------------------------------- for programs


def _as_json(found: "RuleDiff") -> dict[str, object]:
    from perf.appraisal.rule_meaning import ALWAYS

    return {
        "rules": [
            {
                "kind": c.kind,
                "code": c.code,
                "title": c.title.zh,
                "key": c.key,
                "from": None if c.since == ALWAYS else str(c.since),
                "old": c.old,
                "new": c.new,
            }
            for c in found.changes
        ],
        "months": [_month_json(month) for month in found.months],
    }


def _month_json(month: "MonthEffect") -> dict[str, object]:
    return {
        "consortium": month.consortium,
        "period": str(month.period),
        "totals": month.totals._asdict(),
        "grades": [{"old": old, "new": new, "count": count} for (old, new), count in month.grades.items()],
        "persons": {"up": month.persons.up, "down": month.persons.down, "same": month.persons.same},
        "old_sum_fen": month.old_sum.fen,
        "new_sum_fen": month.new_sum.fen,
        "standings": [
            {"scheme": c.scheme, "subject": c.subject, "old": _standing_json(c.old), "new": _standing_json(c.new)}
            for c in month.standings
        ],
        "pay": [{"account": c.account, "old_fen": c.old.fen, "new_fen": c.new.fen} for c in month.pay],
        "old_failed": [list(one) for one in month.old_failed],
        "new_failed": [list(one) for one in month.new_failed],
    }


def _standing_json(standing: "Standing | None") -> dict[str, object] | None:
    from perf.kernel.figures import exact_text

    if standing is None:
        return None
    return {
        "total": None if standing.total is None else exact_text(standing.total),
        "grade": standing.grade,
        "rank": standing.rank,
        "of": standing.rank_of,
        "coefficient": None if standing.coefficient is None else exact_text(standing.coefficient),
        "status": standing.status,
    }
