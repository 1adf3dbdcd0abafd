"""`reconcile`: the internal market of a month, both sides beside each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from perf.cli.month_commands import SpecsOption
from perf.cli.output import DONE, PARTLY, lang, people, print_issues, print_json, say, screen, table
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.money import total
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.distribution.market_models import Deal
    from perf.services.market import MarketView

_ISSUES_MAX = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "reconcile",
        epilog="例: perf-pay reconcile 2025-06 · perf-pay reconcile 2025-06 --consortium G1 --all --out 对账.csv",
    )(reconcile)


def reconcile(
    period: Annotated[
        str, typer.Argument(help="期间:2025-06;或一次核算 G1:2025-06#2(按它固定的数据)。", metavar="P|RUN")
    ],
    consortium: Annotated[
        str | None, typer.Option("--consortium", help="只看这个医共体;默认全部。", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="一致的也列出;默认只列有差异的。")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="全部写入 CSV。", metavar="CSV", show_default=False)] = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """内部市场对账:提供方和接受方各报多少、一致多少、差多少钱;更正后重新导入再看。"""
    from perf.services.files import write_atomically
    from perf.services.market import deals_csv

    views = _views(period, consortium, specs, db)
    console = people() if json else screen()
    if out is not None:
        write_atomically({out: deals_csv(views).encode()})
    if json:
        print_json([_json(view) for view in views])
    else:
        for view in views:
            _show(console, view, every=every)
    issues = [issue for view in views for issue in view.market.issues]
    if not json:
        others = [issue for issue in issues if issue.code not in ("transfer-counts-differ", "transfer-one-sided")]
        print_issues(console, others, at_most=_ISSUES_MAX, alike=3)
    return PARTLY if any(issue.severity != "info" for issue in issues) else DONE


def _views(period: str, consortium: str | None, specs: Path | None, db: str | None) -> "list[MarketView]":
    from perf.cli.file_commands import read_period
    from perf.services.choose_runs import choose_runs, consortia_of
    from perf.services.market import markets_of, markets_of_run, require_market
    from perf.services.rules import usable_book

    actor = acting(None)
    store = opened(db, actor)
    if ":" in period:
        chosen = choose_runs(store, period, actor=actor)
        return [view for one in chosen for view in markets_of_run(store, run=one.id, actor=actor)]
    month, book = read_period(period), usable_book(specs)
    codes = [consortium] if consortium else sorted(consortia_of(store, actor=actor))
    views = [v for code in codes for v in markets_of(store, consortium=code, period=month, book=book, actor=actor)]
    require_market(views, book, month)
    return views


def _show(console: Console, view: "MarketView", *, every: bool) -> None:
    language, differing = lang(), view.differing()
    deals = list(view.market.deals) if every else differing
    agreed = len(view.market.deals) - len(differing)
    worth = total(deal.disputed for deal in differing).text()
    heading = Text(
        f"{view.consortium} · {view.line}:{len(view.market.deals)} 项,一致 {agreed} 项,有差异 {len(differing)} 项,相差 {worth} 元",
        f"{view.consortium} · {view.line}: {len(view.market.deals)} deals, {agreed} agree, {len(differing)} differ by {worth} yuan",
    )
    say(console, heading)
    columns = [
        (Text("提供方", "provider"), False),
        (Text("接受方", "receiver"), False),
        (Text("项目", "item"), False),
        (Text("提供方报", "rendered"), True),
        (Text("接受方报", "received"), True),
        (Text("一致", "agreed"), True),
        (Text("结算(元)", "settled, yuan"), True),
        (Text("相差(元)", "apart, yuan"), True),
    ]
    if deals:
        named = [(title.in_lang(language), is_number) for title, is_number in columns]
        console.print(table("", named, [_cells(view, deal) for deal in deals]))
    for deal in differing:
        cells = [str(fact.source) for fact in deal.facts if fact is not None and str(fact.source)]
        if cells:
            say(
                console,
                Text(f"  {deal.title.zh}:{' ≠ '.join(cells)}", f"  {deal.title.in_lang('en')}: {' ≠ '.join(cells)}"),
            )


def _cells(view: "MarketView", deal: "Deal") -> tuple[str, ...]:
    from perf.kernel.figures import exact_text

    counts = ["—" if count is None else exact_text(count) for count in deal.counts]
    names = [view.names.get(who, who) for who in deal.trade[:2]]
    amounts = (exact_text(deal.agreed), deal.amount.text(), deal.disputed.text())
    return (*names, deal.title.in_lang(lang()), *counts, *amounts)


def _json(view: "MarketView") -> dict[str, object]:
    from perf.services.market import DEAL_COLUMNS, deal_row

    return {
        "consortium": view.consortium,
        "line": view.line,
        "deals": [dict(zip(DEAL_COLUMNS[2:], deal_row(view, deal)[2:], strict=True)) for deal in view.market.deals],
        "net_fen": {member: net.fen for member, net in view.market.net().items()},
        "issues": [issue.as_json() for issue in view.market.issues],
    }
