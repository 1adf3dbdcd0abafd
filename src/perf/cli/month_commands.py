"""`run`, `show`, `explain`, `publish`, `verify`: the month itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from perf.cli.output import (
    DONE,
    PARTLY,
    VERIFICATION,
    issues_json,
    lang,
    people,
    print_issues,
    print_json,
    say,
    screen,
    table,
)
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, database_url, now, opened
from perf.kernel.errors import NotFound, WrongUse
from perf.kernel.identity import without_numbers
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perf.kernel.periods import Period
    from perf.services.actors import Actor
    from perf.services.load_run import LoadedRun
    from perf.services.overview import OverviewRow
    from perf.services.run_month import RunSummary
    from perf.specs.models import RuleBook
    from perf.storage.findings import Finding
    from perf.storage.store import Store

RunArgument = Annotated[
    str,
    typer.Argument(help="核算:2025-06、G1:2025-06 或 G1:2025-06#2;默认最新月份。", metavar="RUN", show_default=False),
]
SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]
ISSUES_OF_RUN_MAX = 12
FINDINGS_SHOWN_MAX = 20
_STAGES = {
    "load": Text("读取数据", "reading facts"),
    "compute": Text("计分与分配", "scoring and distributing"),
    "store": Text("保存", "storing"),
    "check": Text("核对", "checking"),
}
_STATES = {
    "draft": Text("草稿", "draft"),
    "in_review": Text("审核中", "in review"),
    "public_notice": Text("公示", "public notice"),
    "approved": Text("已批准", "approved"),
    "published": Text("已发布", "published"),
    "paid": Text("已发放", "paid"),
    "closed": Text("已关闭", "closed"),
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run", epilog="例: perf-pay run 2025-06 · perf-pay run 2025-06 --consortium G1")(run)
    app.command(
        "show",
        epilog="例: perf-pay show 2025-06 · perf-pay show G1:2025-06#1 --diff G1:2025-06#2 · perf-pay show 2025-06 --institution LJ02",
    )(show)
    app.command(
        "explain", epilog="例: perf-pay explain LJ02 · perf-pay explain LJ02 bed_use · perf-pay explain 010203 夜班"
    )(explain)
    app.command("publish", epilog="例: perf-pay publish 2025-06 --by 李四 --reason 院长办公会通过")(publish)
    app.command("verify", epilog="例: perf-pay verify G1:2025-06#1 · perf-pay verify 2025-06")(verify)


def run(
    period: Annotated[str, typer.Argument(help="期间:2025-06,年度清算用 2024。", metavar="P")],
    consortium: Annotated[
        str | None, typer.Option("--consortium", help="只算这个医共体;默认全部。", show_default=False)
    ] = None,
    corrects: Annotated[
        str | None, typer.Option("--corrects", help="更正哪一次已发布的核算。", show_default=False)
    ] = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> int:
    """计分并分配一个期间,存为草稿;已发布的不受影响。"""
    from perf.cli.file_commands import read_period
    from perf.services.choose_runs import choose_runs, consortia_of
    from perf.services.rules import usable_book
    from perf.services.run_month import run_month

    actor = acting(by)
    store = opened(db, actor)
    month = read_period(period)
    book = usable_book(specs)
    _require_rules(book, month)
    console = people() if json else screen()
    if corrects is not None and consortium is None:
        consortium = choose_runs(store, corrects, actor=actor)[0].consortium
    codes = [consortium] if consortium else sorted(consortia_of(store, actor=actor))
    summaries = []
    for code in codes:
        with console.status(code) as status:

            def stage(name: str, code: str = code, status: object = status) -> None:
                status.update(f"{code} {period} · {_STAGES[name].in_lang(lang())}")  # type: ignore[attr-defined]

            summary = run_month(
                store,
                consortium=code,
                period=month,
                book=book,
                actor=actor,
                reason=reason,
                now=now(),
                corrects=corrects,
                progress=stage,
            )
        summaries.append(summary)
        say(console, _run_line(summary))
    issues = [issue for summary in summaries for issue in summary.issues]
    if json:
        print_json([_run_json(summary) for summary in summaries])
    elif issues:
        print_issues(console, issues, at_most=ISSUES_OF_RUN_MAX, alike=2)
        say(console, Text("全部问题:perf-pay issues", "all issues: perf-pay issues"))
    return PARTLY if any(summary.is_partial for summary in summaries) else DONE


def _run_line(summary: "RunSummary") -> Text:
    return Text(
        f"{summary.run.id}:考核表 {summary.cards} 张(未出总分 {summary.blocked}),台账 {summary.entries} 笔,"
        f"个人应发合计 {summary.paid} 元,暂存 {summary.held} 元,问题 {len(summary.issues)} 条",
        f"{summary.run.id}: {summary.cards} scorecards ({summary.blocked} without a total), {summary.entries} entries, "
        f"paid {summary.paid} yuan, held {summary.held} yuan, {len(summary.issues)} issues",
    )


def _run_json(summary: "RunSummary") -> dict[str, object]:
    return {
        "run": summary.run.id,
        "cards": summary.cards,
        "blocked": summary.blocked,
        "entries": summary.entries,
        "paid_fen": summary.paid.fen,
        "held_fen": summary.held.fen,
        "issues": issues_json(summary.issues),
    }


def _require_rules(book: "RuleBook", period: "Period") -> None:
    from perf.appraisal.month import distributions_of, schemes_of

    if not schemes_of(book, period) and not distributions_of(book, period):
        raise WrongUse(
            Text(
                f"没有适用于 {period} 的考核方案或分配规则;月度核算写 2025-06,年度写 2025",
                f"no scheme or distribution is for {period}; a month is written 2025-06, a year 2025",
            )
        )


def show(
    run: RunArgument = "",
    diff: Annotated[
        str | None, typer.Option("--diff", help="与另一次核算比较。", metavar="RUN", show_default=False)
    ] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", help="看这家机构的人。", show_default=False)
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", help="与 --diff 同用:一个人两版对照,什么变了、为什么。", metavar="STAFF_NO", show_default=False
        ),
    ] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """在终端看得分与应发;--diff 比较两次核算,--person 看一个人。"""
    from perf.services.choose_runs import choose_runs
    from perf.services.load_run import load_run

    actor = acting(None)
    store = opened(db, actor)
    chosen = choose_runs(store, run, actor=actor)
    if person is not None and diff is None:
        raise WrongUse(Text("--person 要与 --diff 同用", "--person goes with --diff"))
    if diff is not None and person is not None:
        from perf.cli.person_diff_screen import show_person

        old, new = chosen[0].id, choose_runs(store, diff, actor=actor)[0].id
        return show_person(store, actor, old, new, person, as_json=json)
    if diff is not None:
        return _show_diff(store, actor, chosen[0].id, choose_runs(store, diff, actor=actor)[0].id, as_json=json)
    from perf.cli.overview_tables import print_market
    from perf.services.market import net_rows
    from perf.services.overview import institution_rows, person_rows

    is_shown = False
    for one in chosen:
        loaded = load_run(store, run=one.id, actor=actor)
        rows = institution_rows(loaded) if institution is None else person_rows(loaded, institution)
        if institution is not None and not rows:
            continue
        is_shown = True
        if json:
            market = [row.as_json() for row in net_rows(loaded)] if institution is None else []
            print_json({"run": one.id, "state": one.state, "rows": [row.as_json() for row in rows], "market": market})
            continue
        _show_rows(screen(), loaded, rows, institution)
        if institution is None:
            print_market(screen(), net_rows(loaded))
    if not is_shown:
        raise NotFound(Text(f"{institution} 没有人员", f"nobody in {institution}"))
    return DONE


def _show_rows(console: Console, loaded: "LoadedRun", rows: "list[OverviewRow]", institution: str | None) -> None:
    from perf.cli.overview_tables import print_overview

    state = _STATES[loaded.run.state]
    sealed = (
        Text(f" · 封存 {loaded.run.digest[:12]}", f" · sealed {loaded.run.digest[:12]}")
        if loaded.run.digest
        else Text("")
    )
    title = Text(f"{loaded.run.id} · {state.zh}{sealed.zh}", f"{loaded.run.id} · {state.en}{sealed.in_lang('en')}")
    print_overview(console, title.in_lang(lang()), rows, of_people=institution is not None)


def _show_diff(store: "Store", actor: "Actor", old: str, new: str, *, as_json: bool) -> int:
    from perf.appraisal.figure_text import in_full
    from perf.services.diff_runs import diff_runs

    found = diff_runs(store, old=old, new=new, actor=actor)
    if as_json:
        print_json(
            {
                "old": old,
                "new": new,
                "totals": [
                    {"scheme": c.scheme, "subject": c.subject, "old": in_full(c.old), "new": in_full(c.new)}
                    for c in found.totals
                ],
                "pay": [{"account": c.account, "old_fen": c.old.fen, "new_fen": c.new.fen} for c in found.pay],
                "facts": [
                    {
                        "subject": c.subject,
                        "measure": c.measure,
                        "period": c.period,
                        "old": c.old,
                        "new": c.new,
                        "old_cell": c.old_cell,
                        "new_cell": c.new_cell,
                    }
                    for c in found.facts
                ],
                "roster": list(found.roster),
                "rules": list(found.rules),
                "adjustments": list(found.adjustments),
            }
        )
        return DONE
    console = screen()
    if found.is_empty:
        say(console, Text(f"{old} 与 {new} 没有差别", f"{old} and {new} do not differ"))
        return DONE
    facts = [
        (c.subject, c.measure, c.period, _with_cell(c.old, c.old_cell), _with_cell(c.new, c.new_cell))
        for c in found.facts
    ]
    totals = [(c.scheme, c.subject, in_full(c.old), in_full(c.new)) for c in found.totals]
    pay = [(c.account, str(c.old), str(c.new), str(c.difference)) for c in found.pay]
    language = lang()
    who, what = Text("对象", "subject").in_lang(language), Text("数据项", "measure").in_lang(language)
    when, scheme = Text("期间", "period").in_lang(language), Text("方案", "scheme").in_lang(language)
    account, by = Text("账户", "account").in_lang(language), Text("差额", "by").in_lang(language)
    for title, columns, rows in (
        (Text("数据", "facts"), [(who, False), (what, False), (when, False), (old, True), (new, True)], facts),
        (Text("总分", "totals"), [(scheme, False), (who, False), (old, True), (new, True)], totals),
        (Text("金额(元)", "yuan"), [(account, False), (old, True), (new, True), (by, True)], pay),
    ):
        if rows:
            console.print(table(title.in_lang(language), columns, rows))
    for label, names in (
        (Text("花名册", "roster"), found.roster),
        (Text("规则文件", "rule files"), found.rules),
        (Text("一次性项目", "adjustments"), found.adjustments),
    ):
        if names:
            say(console, Text(f"{label.zh}:{'、'.join(names)}", f"{label.en}: {', '.join(names)}"))
    return DONE


def _with_cell(value: str | None, cell: str) -> str:
    """`92.35(六月.xlsx!表1!C2)`."""
    return "—" if value is None else f"{value}({cell})" if cell else value


def explain(
    subject: Annotated[str, typer.Argument(help="机构编码或工号。", metavar="SUBJECT")],
    item: Annotated[str, typer.Argument(help="指标、维度或分配项目;默认全部。", metavar="[INDICATOR|LINE]")] = "",
    run: Annotated[str, typer.Option("--run", help="哪次核算;默认最新月份。", metavar="RUN")] = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """讲清一个数是怎么来的:数据(文件、表、单元格)、公式、计分、权重、资金池、份额、条款。"""
    from perf.services.explain import explain_subject

    actor = acting(None)
    found = explain_subject(database_url(db), subject=subject, item=item, run=run, actor=actor, lang=lang())
    if json:
        print_json(found.as_json())
        return DONE
    console = screen()
    for line in found.lines:
        console.print(line, markup=False, soft_wrap=True)
    return DONE


def publish(
    run: RunArgument,
    by: Annotated[str, typer.Option("--by", help="谁对发布负责。", metavar="NAME")],
    reason: Annotated[
        str, typer.Option("--reason", help="依据,例如会议纪要。", metavar="TEXT", callback=without_numbers)
    ],
    allow_unpaid: Annotated[bool, typer.Option("--allow-unpaid", help="有人未计分或未发放也发布。")] = False,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """发布并封存;此后不再改变,只能更正。"""
    from perf.services.choose_runs import choose_runs
    from perf.services.publish import publish as publish_run

    actor = acting(by)
    store = opened(db, actor)
    console = people() if json else screen()
    done = []
    chosen = choose_runs(store, run, actor=actor)
    waiting = [one for one in chosen if not one.is_sealed]
    for one in chosen if waiting else ():
        if one.is_sealed:
            say(console, Text(f"{one.id} 早已发布,不再发布", f"{one.id} is published already, left as it is"))
    for one in waiting or chosen:
        published = publish_run(
            store, run=one.id, actor=actor, by=by, reason=reason, now=now(), allow_unpaid=allow_unpaid
        )
        done.append(published)
        say(
            console,
            Text(f"{one.id} 已发布,封存 {published.run.digest}", f"{one.id} published, sealed {published.run.digest}"),
        )
        for told in (*published.warnings, *published.waiting):
            say(console, told)
    if json:
        print_json([{"run": p.run.id, "digest": p.run.digest, "pay_month": p.run.pay_month} for p in done])
    return DONE


def verify(run: RunArgument = "", db: DbOption = None, json: JsonOption = False) -> int:
    """重放一次核算并与封存核对;改动过的地方逐一指出。"""
    from perf.services.choose_runs import choose_runs
    from perf.services.verify_run import verify_run

    actor = acting(None)
    store = opened(db, actor)
    console = people() if json else screen()
    results = [verify_run(store, run=one.id, actor=actor) for one in choose_runs(store, run, actor=actor)]
    for found in results:
        if found.is_good:
            how = Text("逐字节一致", "the same bytes") if found.same_engine else Text("逐项一致", "the same figures")
            say(
                console,
                Text(
                    f"{found.run.id}:{how.zh}(核对 {found.compared} 项)",
                    f"{found.run.id}: {how.en} ({found.compared} compared)",
                ),
            )
        else:
            say(
                console,
                Text(
                    f"{found.run.id}:{len(found.findings)} 处不符", f"{found.run.id}: {len(found.findings)} differences"
                ),
            )
            _show_findings(console, found.findings)
    if (why := next((f.without_key for f in results if f.without_key), None)) is not None:
        say(console, Text(f"没有密钥,加密的原文件只核对了存储时的摘要:{why.zh}", f"without the key: {why.en}"))
    if json:
        print_json([{"run": f.run.id, "good": f.is_good, "findings": [str(x) for x in f.findings]} for f in results])
    return DONE if all(found.is_good for found in results) else VERIFICATION


def _show_findings(console: Console, findings: "Sequence[Finding]") -> None:
    for finding in findings[:FINDINGS_SHOWN_MAX]:
        say(console, Text(f"  {finding.told.zh}", f"  {finding.told.en}"))
    if (rest := len(findings) - FINDINGS_SHOWN_MAX) > 0:
        say(console, Text(f"  … 另有 {rest} 处,用 --json 查看全部", f"  … {rest} more, see all with --json"))


__all__ = ["ReasonOption", "register"]
