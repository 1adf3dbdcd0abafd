"""`score-many`, `scores`, `what-if`: many months at once, one subject of them explained, and settings tried out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import (
    DONE,
    PARTLY,
    REFUSED,
    issues_json,
    lang,
    people,
    print_issues,
    print_json,
    say,
    screen,
    table,
)
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.figures import exact_text, reading_text
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from perf.kernel.periods import Period
    from perf.services.score_many import ManyOutcome
    from perf.services.what_if import WhatIf
    from perf.storage.sheets import Sheet

SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("score-many", epilog="例: perf-pay score-many 宽表 --scheme doctor_monthly --specs rules --jobs 2")(
        score_many
    )
    app.command(
        "what-if",
        epilog="例: perf-pay what-if --scheme doctor_monthly --set doctor_monthly.dimensions.quality.weight=50 "
        "--set doctor_monthly.dimensions.work.weight=50 --periods 2025-01..2025-06 --institution LJ01",
    )(what_if)
    app.command("scores", epilog="例: perf-pay scores 000123 --scheme doctor_monthly --period 2025-06")(scores)


def score_many(
    folder: Annotated[Path, typer.Argument(help="宽表文件夹:期间/医共体编号.csv。", metavar="DIR")],
    scheme: Annotated[str, typer.Option("--scheme", help="考核方案编码。", metavar="CODE")],
    specs: SpecsOption = None,
    jobs: Annotated[int, typer.Option("--jobs", help="同时工作的进程数。", min=1, max=64)] = 1,
    by: ByOption = None,
    reason: ReasonOption = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """批量核分:许多医共体、许多月份一次算完(逐位等于逐人计算),结果存入数据库;同样的数据和规则不重复存。"""
    from perf.cli.progress import bar
    from perf.kernel.issues import has_errors
    from perf.services.score_many import Order, find_wide_files
    from perf.services.score_many import score_many as score_files

    files = find_wide_files(folder)
    actor = acting(by)
    store = opened(db, actor)
    console = people() if json else screen()
    with bar(people(), scheme, len(files)) as step:
        found = score_files(
            store, files, Order(specs, scheme, actor, now(), reason), jobs=jobs, progress=lambda _outcome: step()
        )
    issues = [issue for outcome in found for issue in outcome.issues]
    if json:
        print_json({"files": [_outcome_json(outcome) for outcome in found], "issues": issues_json(issues)})
    else:
        print_issues(console, issues)
    say(console, _summary(found))
    if any(outcome.outcome == "refused" for outcome in found):
        return REFUSED
    return PARTLY if any(outcome.without_total for outcome in found) or has_errors(issues) else DONE


def scores(
    subject: Annotated[str, typer.Argument(help="工号或机构编码。", metavar="SUBJECT")],
    scheme: Annotated[str, typer.Option("--scheme", help="考核方案编码。", metavar="CODE")],
    period: Annotated[str, typer.Option("--period", help="期间,如 2025-06。", metavar="P")],
    consortium: Annotated[
        str | None,
        typer.Option(
            "--consortium", help="哪个医共体的;工号在几个医共体都有时要写明。", metavar="CODE", show_default=False
        ),
    ] = None,
    item: Annotated[str, typer.Option("--item", help="只看这个指标;默认全部。", metavar="INDICATOR")] = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """讲清批量核分中一个人的分:逐人重算一遍,与保存的结果核对,写出每一步。"""
    from perf.cli.file_commands import read_period
    from perf.services.scored_subject import scored_subject

    actor = acting(None)
    store = opened(db, actor)
    found = scored_subject(
        store,
        scheme=scheme,
        period=read_period(period),
        subject=subject,
        actor=actor,
        consortium=consortium,
        item=item,
        lang=lang(),
    )
    if json:
        print_json(found.explanation.as_json())
        return DONE
    for line in found.explanation.lines:
        screen().print(line, markup=False, soft_wrap=True)
    say(screen(), Text("与保存的结果逐项一致。", "The same as what was stored, item by item."))
    return DONE


def _outcome_json(outcome: "ManyOutcome") -> dict[str, object]:
    return {
        "consortium": outcome.consortium,
        "period": outcome.period,
        "outcome": outcome.outcome,
        "subjects": outcome.subjects,
        "without_total": outcome.without_total,
        "tiers": dict(outcome.tiers),
    }


def _summary(found: "Sequence[ManyOutcome]") -> Text:
    count = {kind: sum(one.outcome == kind for one in found) for kind in ("scored", "unchanged", "refused")}
    subjects, lacking = sum(one.subjects for one in found), sum(one.without_total for one in found)
    return Text(
        f"宽表 {len(found)} 份:新核分 {count['scored']},与已存相同 {count['unchanged']},被拒绝 {count['refused']};"
        f"{subjects} 人(单位)次,其中 {lacking} 个没有总分",
        f"{len(found)} wide files: {count['scored']} scored, {count['unchanged']} unchanged, {count['refused']} refused; "
        f"{subjects} subjects, {lacking} of them without a total",
    )


def what_if(
    scheme: Annotated[str, typer.Option("--scheme", help="考核方案编码。", metavar="CODE")],
    changes: Annotated[
        list[str],
        typer.Option(
            "--set", help="改动,可重复:规则.键=值,如 doctor_monthly.dimensions.work.weight=45。", metavar="PATH=VALUE"
        ),
    ],
    periods: Annotated[str, typer.Option("--periods", help="期间:2025-06 或 2025-01..2025-12。", metavar="A..B")],
    institution: Annotated[
        str | None, typer.Option("--institution", help="只看这个单位的人员。", metavar="CODE", show_default=False)
    ] = None,
    consortium: Annotated[
        str | None, typer.Option("--consortium", help="只看这个医共体。", metavar="CODE", show_default=False)
    ] = None,
    files: Annotated[
        bool, typer.Option("--files", help="只用批量核分的数据,那个月有核算也不用。", show_default=False)
    ] = False,
    specs: SpecsOption = None,
    top: Annotated[int, typer.Option("--top", help="得失最多的各列几人。", min=0, max=1000)] = 5,
    by: ByOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """试算:改一个权重、目标或开关,把这些月份重算一遍,看谁升谁降、等次怎样变;不改变任何已存的结果。"""
    from perf.services.choose_runs import runs_of
    from perf.services.files import rule_texts
    from perf.services.rules import rule_folder
    from perf.services.run_sheets import ensure_sheets
    from perf.services.what_if import what_if as ask

    actor = acting(by)
    store = opened(db, actor)
    texts = rule_texts(rule_folder(specs))
    wanted = read_periods(periods)
    console = people() if json else screen()

    def making(run: str) -> None:
        say(people(), Text(f"整理 {run} 的数据(只需一次)", f"preparing the figures of {run} (once)"))

    asked = () if files else runs_of(store, actor, wanted, consortium)
    runs = ensure_sheets(store, asked, scheme, actor=actor, now=now(), progress=making)
    found = ask(
        store,
        texts,
        scheme=scheme,
        periods=wanted,
        changes=read_changes(changes),
        actor=actor,
        consortium=consortium,
        institution=institution,
        runs=runs,
    )
    left_out = [run.id for run in asked if run not in runs]
    if json:
        print_json({**_what_if_json(found), "left_out": left_out})
        return DONE
    say(console, _what_if_summary(found))
    for text in _origins(found, left_out):
        say(console, text)
    _print_grades(console, found)
    _print_moved(console, found, top)
    return DONE


def read_periods(text: str) -> "list[Period]":
    """`2025-06`, or `2025-01..2025-12`, both ends included."""
    from perf.cli.file_commands import read_period
    from perf.kernel.errors import WrongUse

    first, dots, last = text.partition("..")
    start = read_period(first)
    end = read_period(last) if dots else start
    if start.kind != end.kind or end < start:
        raise WrongUse(
            Text(f"期间范围“{text}”:应从早到晚,长短一致", f"the periods “{text}”: from early to late, of one length")
        )
    found = [start]
    while found[-1] < end:
        found.append(found[-1].shift(1))
    return found


def read_changes(texts: "Sequence[str]") -> dict[str, str]:
    """`RULE.KEY=VALUE` of each: path -> value, each path once."""
    from perf.kernel.errors import WrongUse

    found: dict[str, str] = {}
    for path, value in map(_change, texts):
        if path in found:
            raise WrongUse(Text(f"“{path}”给了两次", f"“{path}” is given twice"))
        found[path] = value
    return found


def _change(text: str) -> tuple[str, str]:
    from perf.kernel.errors import WrongUse

    path, sign, value = text.partition("=")
    if not sign or not path.strip() or not value.strip():
        raise WrongUse(Text(f"“{text}”应写成 规则.键=值", f"“{text}” should be RULE.KEY=VALUE"))
    return path.strip(), value.strip()


def _what_if_json(found: "WhatIf") -> dict[str, object]:
    return {
        "scheme": found.scheme,
        "periods": [str(period) for period in found.periods],
        "subjects": found.subjects,
        "rose": found.rose,
        "fell": found.fell,
        "same": found.same,
        "without_total": found.without_total,
        "figures": [
            {"consortium": one.key.consortium, "period": one.key.period, "from": one.key.kind, "name": _name(one)}
            for one in found.taken
        ],
        "grades": [{"before": a, "after": b, "count": count} for (a, b), count in sorted(found.grades.items())],
        "rows": [
            {
                "consortium": row.consortium,
                "subject": row.subject,
                "periods": row.periods,
                "before": exact_text(row.before),
                "after": exact_text(row.after),
                "change": exact_text(row.change),
                "rose": row.rose,
                "fell": row.fell,
            }
            for row in found.rows
        ],
    }


def _name(sheet: "Sheet") -> str:
    return sheet.origin if sheet.key.kind == "run" else str(sheet.key)


def _what_if_summary(found: "WhatIf") -> Text:
    span = f"{found.periods[0]}" if len(found.periods) == 1 else f"{found.periods[0]}..{found.periods[-1]}"
    return Text(
        f"{found.scheme} {span}:{found.subjects} 人(单位);人次中升 {found.rose},降 {found.fell},不变 {found.same}"
        + (f",没有总分 {found.without_total}" if found.without_total else ""),
        f"{found.scheme} {span}: {found.subjects} subjects; {found.rose} totals rise, {found.fell} fall, {found.same} stay"
        + (f", {found.without_total} without a total" if found.without_total else ""),
    )


def _origins(found: "WhatIf", left_out: "Sequence[str]") -> "Iterator[Text]":
    """Whose figures were asked, and whose were not."""
    runs = [sheet.origin for sheet in found.taken if sheet.key.kind == "run"]
    files = len(found.taken) - len(runs)
    zh = [f"核算 {len(runs)} 次({_some(runs)})"] * bool(runs) + [f"宽表 {files} 份"] * bool(files)
    en = [f"{len(runs)} runs ({_some(runs)})"] * bool(runs) + [f"{files} wide files"] * bool(files)
    yield Text(f"数据取自:{'、'.join(zh)}", f"figures of: {', '.join(en)}")
    if found.passed_over:
        names = _some([f"{sheet.key.consortium}:{sheet.key.period}" for sheet in found.passed_over])
        yield Text(
            f"{names} 也有批量核分的数据,这里用的是核算的;要用批量核分的,加 --files",
            f"{names} was scored by score-many too; the run was asked here: add --files for the wide files",
        )
    if left_out:
        yield Text(
            f"没有按 {found.scheme} 考核,略去:{_some(left_out)}",
            f"left out, nobody was scored by {found.scheme}: {_some(left_out)}",
        )


def _some(names: "Sequence[str]") -> str:
    return " ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]}"


def _print_grades(console: "Console", found: "WhatIf") -> None:
    moved = {pair: count for pair, count in found.grades.items() if pair[0] != pair[1]}
    if moved:
        columns = [("原等次", False), ("试算等次", False), ("人次", True)]
        rows = [(a or "—", b or "—", str(count)) for (a, b), count in sorted(moved.items(), key=lambda one: -one[1])]
        console.print(table(Text("等次变化", "grades").in_lang(lang()), columns, rows))


def _print_moved(console: "Console", found: "WhatIf", top: int) -> None:
    gain = [row for row in found.rows if row.change > 0][:top]
    lose = [row for row in reversed(found.rows) if row.change < 0][:top]
    columns = [
        ("", False),
        ("期数", True),
        ("原平均分", True),
        ("试算平均分", True),
        ("变化", True),
        ("升/降期数", True),
    ]
    for title, rows in ((Text("升得最多", "largest gains"), gain), (Text("降得最多", "largest losses"), lose)):
        if rows:
            cells = [
                (
                    f"{row.consortium} {row.subject}",
                    str(row.periods),
                    reading_text(row.before, 2),
                    reading_text(row.after, 2),
                    reading_text(row.change, 2),
                    f"{row.rose}/{row.fell}",
                )
                for row in rows
            ]
            console.print(table(title.in_lang(lang()), columns, cells))
