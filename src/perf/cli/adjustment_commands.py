"""`adjust add|template|import|list|withdraw`: one-off lines and holds of single people."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.month_commands import SpecsOption
from perf.cli.output import DONE, REFUSED, issues_json, lang, people, print_issues, print_json, say, screen, table
from perf.cli.session import ByOption, DbOption, JsonOption, acting, now, opened
from perf.kernel.identity import without_numbers
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.adjust import EntryPlan
    from perf.storage.adjustments import EnteredAdjustment

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="记入哪一期核算:2025-06。", metavar="P", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "add",
        epilog="例: perf-pay adjust add 010203 --kind 补发 --amount 300 --account staff_reserve --period 2025-06 "
        "--reason 三月夜班漏报 --document 人事〔2025〕3号 --by 王芳 · perf-pay adjust add 010203 --kind hold --period 2025-06 "
        "--reason 配合调查 --document 纪检〔2025〕8号 --by 王芳",
    )(add)
    app.command("template", epilog="例: perf-pay adjust template --period 2025-07 -o 补发扣款.xlsx")(template)
    app.command("import", epilog="例: perf-pay adjust import 补发.xlsx --period 2025-06 --accept --by 王芳")(import_)
    app.command("list", epilog="例: perf-pay adjust list --period 2025-06 · perf-pay adjust list --person 010203")(
        list_
    )
    app.command("withdraw", epilog="例: perf-pay adjust withdraw G1:2025-06/A3 --reason 录错人 --by 王芳")(withdraw)


def add(
    staff_no: Annotated[str, typer.Argument(help="工号。", metavar="STAFF_NO")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="补发 pay、扣款 deduct、暂缓发放 hold、停发 stop、恢复发放 release、退回 return、核销 write_off。",
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="事由,印在通知单上。", callback=without_numbers)],
    document: Annotated[str, typer.Option("--document", help="依据文件。")],
    period: PeriodOption = None,
    amount: Annotated[str, typer.Option("--amount", help="金额(元);暂缓、停发、恢复、核销不写即全部。")] = "",
    account: Annotated[str, typer.Option("--account", help="列支(或收入)账户,须为规则允许。")] = "",
    line: Annotated[str, typer.Option("--line", help="通知单上的项目名;默认为类型。")] = "",
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> int:
    """录入一笔:补发、扣款、暂缓、停发、恢复、退回、核销。"""
    from perf.services.adjust import enter_adjustments, request_of
    from perf.services.rules import usable_book

    actor = acting(by)
    store = opened(db, actor)
    fields = {
        "staff_number": staff_no,
        "kind": kind,
        "amount": amount,
        "account": account,
        "line": line,
        "reason": reason,
        "document": document,
        "period": period or "",
    }
    plan = enter_adjustments(store, [request_of(fields)], book=usable_book(specs), actor=actor, now=now())
    _show_plan(plan, as_json=json)
    return DONE


def template(
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪里。", metavar="X.xlsx")],
    period: Annotated[str, typer.Option("--period", help="记入哪一期核算:2025-07;按当期的规则列出账户和限额。")],
    specs: SpecsOption = None,
    json: JsonOption = False,
) -> int:
    """一张空的录入表:类型、账户有下拉,限额写在说明里;填好用 adjust import 录入。"""
    from perf.cli.file_commands import read_period
    from perf.services.adjustment_template import write_adjustment_template
    from perf.services.rules import usable_book

    count = write_adjustment_template(usable_book(specs), read_period(period), out)
    said = Text(f"可录入 {count} 种 → {out}", f"{count} kinds may be entered → {out}")
    say(people() if json else screen(), said)
    if json:
        print_json({"kinds": count, "out": str(out)})
    return DONE


def import_(
    file: Annotated[
        Path, typer.Argument(help="工作簿或 CSV,表头:工号、类型、金额、项目、账户、事由、依据。", metavar="FILE")
    ],
    accept: Annotated[bool, typer.Option("--accept", help="录入;有错误时拒绝。")] = False,
    period: PeriodOption = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> int:
    """成批录入;默认只试算:有什么问题,一次说完。"""
    from perf.cli.file_commands import read_period
    from perf.services.adjust import enter_adjustments, read_requests
    from perf.services.rules import usable_book

    actor = acting(by)
    store = opened(db, actor)
    requests, found = read_requests(file)
    plan = enter_adjustments(
        store,
        requests,
        book=usable_book(specs),
        actor=actor,
        now=now(),
        period=read_period(period) if period else None,
        mode="accept" if accept else "dry",
        found=found,
    )
    _show_plan(plan, as_json=json)
    return REFUSED if any(issue.is_error for issue in plan.issues) else DONE


def _show_plan(plan: "EntryPlan", *, as_json: bool) -> None:
    if as_json:
        entered = [_entered_json(one) for one in plan.entered]
        print_json({"rows": len(plan.candidates), "entered": entered, "issues": issues_json(plan.issues)})
        return
    console = screen()
    print_issues(console, plan.issues)
    if plan.entered:
        names = "、".join(one.id for one in plan.entered[:3]) + (" …" if len(plan.entered) > 3 else "")
        count = len(plan.entered)
        say(
            console,
            Text(f"已录入 {count} 笔:{names};下次核算时入账", f"{count} entered: {names}; booked by the next run"),
        )
    else:
        count = len(plan.candidates)
        say(
            console,
            Text(
                f"试算:{count} 行可读,什么也没有保存;加 --accept 录入",
                f"a dry run: {count} rows, nothing was stored; --accept enters them",
            ),
        )


def list_(
    period: PeriodOption = None,
    person: Annotated[str | None, typer.Option("--person", help="只看这个工号。", show_default=False)] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """列出录入的每一笔,撤销的也在。"""
    from perf.cli.file_commands import read_period
    from perf.distribution.adjustments import WORDS
    from perf.services.adjust import list_entered

    actor = acting(None)
    store = opened(db, actor)
    found = list_entered(store, actor=actor, period=read_period(period) if period else None, subject=person)
    if json:
        print_json([_entered_json(one) for one in found])
        return DONE
    console = screen()
    if not found:
        say(console, Text("还没有录入", "nothing entered"))
        return DONE
    language = lang()
    every = Text("全部", "all").in_lang(language)
    rows = [
        (
            one.id,
            one.adjustment.subject,
            WORDS[one.adjustment.kind].in_lang(language),
            every if one.adjustment.amount is None else str(one.adjustment.amount),
            one.adjustment.account,
            one.adjustment.reason,
            one.adjustment.document,
            one.adjustment.entered_by,
            "" if one.withdrawn is None else f"{one.withdrawn.by}:{one.withdrawn.reason}",
        )
        for one in found
    ]
    heads = (
        (Text("编号", "number"), False),
        (Text("工号", "person"), False),
        (Text("类型", "kind"), False),
        (Text("金额(元)", "yuan"), True),
        (Text("账户", "account"), False),
        (Text("事由", "reason"), False),
        (Text("依据", "document"), False),
        (Text("录入人", "entered by"), False),
        (Text("撤销", "withdrawn"), False),
    )
    title = Text("一次性项目与扣发", "one-off lines and holds").in_lang(language)
    console.print(table(title, [(head.in_lang(language), is_number) for head, is_number in heads], rows))
    return DONE


def withdraw(
    adjustment: Annotated[str, typer.Argument(help="编号:2025-06/A3 或 G1:2025-06/A3。", metavar="NUMBER")],
    reason: Annotated[str, typer.Option("--reason", help="理由,记入审计。", callback=without_numbers)],
    db: DbOption = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> int:
    """撤销一笔;记录仍在,已发布的月份不能撤销。"""
    from perf.services.adjust import withdraw as take_back

    actor = acting(by)
    store = opened(db, actor)
    done = take_back(store, adjustment=adjustment, actor=actor, reason=reason, now=now())
    say(people() if json else screen(), Text(f"{done.id} 已撤销", f"{done.id} withdrawn"))
    if json:
        print_json(_entered_json(done))
    return DONE


def _entered_json(one: "EnteredAdjustment") -> dict[str, object]:
    entered = one.adjustment
    return {
        "id": one.id,
        "consortium": one.consortium,
        "period": str(one.period),
        "number": entered.number,
        "kind": entered.kind,
        "subject": entered.subject,
        "amount_fen": None if entered.amount is None else entered.amount.fen,
        "line": entered.line,
        "account": entered.account,
        "reason": entered.reason,
        "document": entered.document,
        "entered_by": entered.entered_by,
        "entered_at": one.entered_at.isoformat(),
        "source": one.source,
        "withdrawn_by": None if one.withdrawn is None else one.withdrawn.by,
        "withdrawn_reason": None if one.withdrawn is None else one.withdrawn.reason,
    }
