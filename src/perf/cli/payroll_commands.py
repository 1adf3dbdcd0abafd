"""`payroll`: from gross to net pay in a month of payment."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from perf.cli.month_commands import RunArgument, SpecsOption
from perf.cli.output import DONE, PARTLY, issues_json, lang, people, print_issues, print_json, say, screen, table
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perf.appraisal.payroll_models import PersonPayroll
    from perf.kernel.periods import Period
    from perf.services.actors import Actor
    from perf.services.payroll import PayrollDraft
    from perf.storage.runs import Run
    from perf.storage.store import Store

ISSUES_SHOWN_MAX = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "payroll",
        epilog="例: perf-pay payroll 2025-06 --pay-month 2025-07 · perf-pay payroll 2025-06 --person 010203 · "
        "perf-pay payroll 2025-06 --opening-template 期初.csv · perf-pay payroll 2025-06 --opening 期初.csv · "
        "perf-pay payroll 2025-06 --accept --by 王五 --reason 7月工资",
    )(payroll)


def payroll(
    run: RunArgument = "",
    pay_month: Annotated[
        str | None, typer.Option("--pay-month", help="发放月;默认发布时写明的,否则下一个月。", show_default=False)
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", help="只看这个工号,连同算式。", metavar="STAFF_NO", show_default=False)
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="确认:记下代扣,以后月份在此基础上累计。")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤回已确认、还没有发放的代扣。")] = False,
    opening: Annotated[
        Path | None, typer.Option("--opening", help="导入本年以前各月的累计数(CSV 或 xlsx)。", show_default=False)
    ] = None,
    opening_template: Annotated[
        Path | None, typer.Option("--opening-template", help="写出缺扣税记录的人的空表(CSV)。", show_default=False)
    ] = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> int:
    """从应发到实发:五险一金、个税累计预扣、奖金;不加 --accept 只看不记。"""
    from perf.cli.file_commands import read_period
    from perf.services.choose_runs import choose_runs
    from perf.services.payroll import accept_payroll, draft_payroll
    from perf.services.rules import usable_book

    asked = [name for name, is_on in (("accept", accept), ("withdraw", withdraw), ("opening", opening)) if is_on]
    if len(asked) > 1:
        raise WrongUse(
            Text("--accept、--withdraw、--opening 一次一个", "one of --accept, --withdraw, --opening at a time")
        )
    actor = acting(by)
    store = opened(db, actor)
    chosen = choose_runs(store, run, actor=actor)
    month = None if pay_month is None else read_period(pay_month)
    console = people() if json else screen()
    if withdraw:
        return _withdraw(store, actor, chosen, reason, console, as_json=json)
    book = usable_book(specs)
    if accept:
        done = [
            accept_payroll(store, chosen=[one], pay_month=month, book=book, actor=actor, reason=reason, now=now())
            for one in chosen
        ]
        for _, record in done:
            say(
                console,
                Text(f"已确认 {record.id}(摘要 {record.digest[:12]})", f"accepted {record.id} ({record.digest[:12]})"),
            )
        drafts = [draft for draft, _ in done]
    else:
        drafts = [draft_payroll(store, chosen=[one], pay_month=month, book=book, actor=actor) for one in chosen]
    if opening is not None:
        return _import(store, actor, drafts, opening, reason, console, as_json=json)
    if opening_template is not None:
        return _template(drafts, opening_template, console, as_json=json)
    return _show(drafts, person, console, as_json=json)


def _show(drafts: "Sequence[PayrollDraft]", person: str | None, console: Console, *, as_json: bool) -> int:
    found = [(draft, [one for one in draft.result.people if person in (None, one.person)]) for draft in drafts]
    if person is not None and not any(own for _, own in found):
        from perf.kernel.errors import NotFound

        raise NotFound(Text(f"{person} 本次没有发放", f"{person} is not paid this time"))
    issues = [i for draft in drafts for i in draft.result.issues if person in (None, i.subject)]
    if as_json:
        print_json([_json(draft, own, with_working=person is not None) for draft, own in found])
        return PARTLY if any(draft.is_partial for draft in drafts) else DONE
    for draft, own in found:
        if not own:
            continue
        if person is None:
            _print_people(console, draft, own)
        else:
            _print_person(console, own[0])
    print_issues(console, issues, at_most=ISSUES_SHOWN_MAX, alike=2)
    return PARTLY if any(draft.is_partial for draft in drafts) else DONE


def _print_people(console: Console, draft: "PayrollDraft", own: "Sequence[PersonPayroll]") -> None:
    from perf.kernel.money import total

    heads = [
        (Text("单位", "Institution"), False), (Text("工号", "Staff no."), False), (Text("姓名", "Name"), False),
        (Text("应发", "Gross"), True), (Text("扣款", "Deductions"), True), (Text("个税", "Tax"), True),
        (Text("实发", "Net"), True),
    ]  # fmt: skip
    rows = [
        (
            *(one.institution_name, one.person, one.name, str(one.gross)),
            *(("—", "—", "—") if one.net is None else (str(one.deductions), str(one.tax), str(one.net))),
        )
        for one in own
    ]
    title = f"{draft.consortium} · {draft.pay_month}"
    console.print(table(title, [(head.in_lang(lang()), is_number) for head, is_number in heads], rows))
    done = [one for one in own if one.net is not None]
    net = total(one.net for one in done if one.net is not None)
    gross, deductions, tax = (total(getattr(one, name) for one in done) for name in ("gross", "deductions", "tax"))
    say(
        console,
        Text(
            f"{len(own)} 人,算出实发 {len(done)} 人:应发 {gross} − 扣款 {deductions} − 个税 {tax} = 实发 {net} 元",
            f"{len(own)} people, {len(done)} to the net: {gross} − {deductions} − tax {tax} = {net} yuan",
        ),
    )


def _print_person(console: Console, one: "PersonPayroll") -> None:
    say(console, Text(f"{one.institution_name} {one.person} {one.name}"))
    for line in one.lines:
        how = f"  {line.how.in_lang(lang())}" if line.how.zh else ""
        say(console, Text(f"  {line.title.in_lang(lang())}  {line.amount}{how}"))
    for text in one.working:
        say(console, Text(f"  {text.zh}", f"  {text.in_lang('en')}"))


def _json(draft: "PayrollDraft", own: "Sequence[PersonPayroll]", *, with_working: bool) -> dict[str, object]:
    return {
        "consortium": draft.consortium,
        "pay_month": str(draft.pay_month),
        "runs": [run.id for run in draft.runs],
        "method": draft.version.method,
        "people": [
            {
                "staff_no": one.person,
                "name": one.name,
                "institution": one.institution,
                "status": one.status,
                "gross_fen": one.gross.fen,
                "deductions_fen": one.deductions.fen,
                "tax_fen": one.tax.fen,
                "net_fen": None if one.net is None else one.net.fen,
                "lines": [[line.code, line.kind, line.amount.fen] for line in one.lines],
                **({"working": [text.zh for text in one.working]} if with_working else {}),
            }
            for one in own
        ],
        "issues": issues_json(draft.result.issues),
    }


def _withdraw(
    store: "Store", actor: "Actor", chosen: "Sequence[Run]", reason: str, console: Console, *, as_json: bool
) -> int:
    from perf.kernel.errors import NotFound
    from perf.services.pay_files import accepted_payrolls
    from perf.services.payroll import withdraw_payroll

    records = accepted_payrolls(store, chosen, actor=actor)
    if not records:
        raise NotFound(Text("没有已确认的代扣可撤回", "no accepted payroll to withdraw"))
    done = [withdraw_payroll(store, payroll=one.id, actor=actor, reason=reason, now=now()).id for one in records]
    say(console, Text(f"已撤回 {'、'.join(done)}", f"withdrawn: {', '.join(done)}"))
    if as_json:
        print_json({"withdrawn": done})
    return DONE


def _import(
    store: "Store",
    actor: "Actor",
    drafts: "Sequence[PayrollDraft]",
    file: Path,
    reason: str,
    console: Console,
    *,
    as_json: bool,
) -> int:
    from perf.services.payroll_openings import Readable, import_openings

    rosters = {draft.consortium: draft.inputs.roster for draft in drafts}
    month: Period = drafts[0].pay_month
    known = Readable(rosters, drafts[0].rule.employer, month)
    counts = import_openings(store, file, known, actor=actor, reason=reason, now=now())
    kept = sum(counts.values())
    say(console, Text(f"扣税记录 {kept} 条已导入", f"{kept} tax records imported"))
    if as_json:
        print_json({"imported": dict(counts)})
    return DONE


def _template(drafts: "Sequence[PayrollDraft]", out: Path, console: Console, *, as_json: bool) -> int:
    from perf.services.files import write_atomically
    from perf.services.payroll_openings import opening_template

    text = opening_template(drafts)
    write_atomically({out: text})
    count = text.count("\n") - 1
    say(console, Text(f"{count} 人缺扣税记录 → {out};填好后 --opening 导入", f"{count} people → {out}"))
    if as_json:
        print_json({"people": count, "out": str(out)})
    return DONE
