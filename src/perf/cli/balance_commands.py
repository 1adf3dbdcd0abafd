"""`balances`: what stands on each account, and by which entries."""

from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, lang, print_json, say, screen, table
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perf.services.account_balances import Balances


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "balances",
        epilog="例: perf-pay balances --year 2025 · perf-pay balances held:010203 · perf-pay balances reserve:receivable "
        "· perf-pay balances --run G1:2025-06#2",
    )(balances)


def balances(
    account: Annotated[
        str, typer.Argument(help="账户或其开头:held、held:010203、reserve:receivable;逐笔列出。", metavar="[ACCOUNT]")
    ] = "",
    run: Annotated[
        str, typer.Option("--run", help="只看这次核算(草稿也可):2025-06 或 G1:2025-06#2。", metavar="RUN")
    ] = "",
    year: Annotated[int | None, typer.Option("--year", help="只看这一年的核算。", show_default=False)] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """各账户的期初、收入、支出、结存;默认为全部已发布的核算。"""
    from perf.services.account_balances import balances as balances_of
    from perf.services.choose_runs import choose_runs

    if run and year is not None:
        raise WrongUse(Text("--run 与 --year 只能用一个", "use one of --run and --year"))
    actor = acting(None)
    store = opened(db, actor)
    if run:
        chosen = choose_runs(store, run, actor=actor)
        found = [one for name in chosen for one in balances_of(store, actor=actor, account=account, run=name.id)]
    else:
        found = list(balances_of(store, actor=actor, account=account, year=year))
    if json:
        print_json(
            [
                {
                    "consortium": one.consortium,
                    "runs": list(one.runs),
                    "accounts": [line.as_json() for line in one.lines],
                    "entries": [entry.as_json() for entry in one.entries],
                }
                for one in found
            ]
        )
        return DONE
    _show(found, with_sum=not account)
    return DONE


def _show(found: "Sequence[Balances]", *, with_sum: bool) -> None:
    console, language = screen(), lang()
    for one in found:
        lines = (*one.lines, *((one.sum,) if with_sum else ()))
        rows = [
            (line.account, str(line.opening), str(line.came_in), str(line.went_out), str(line.closing))
            for line in lines
        ]
        heads = (
            Text("账户", "account"),
            Text("期初", "opening"),
            Text("收入", "in"),
            Text("支出", "out"),
            Text("结存", "closing"),
        )
        title = f"{one.consortium} · {'、'.join(one.runs)}"
        console.print(table(title, [(head.in_lang(language), n > 0) for n, head in enumerate(heads)], rows))
        for entry in one.entries:
            sign = "+" if entry.amount.fen > 0 else ""
            said = entry.explanation
            say(
                console,
                Text(
                    f"{entry.run} 第 {entry.number} 笔 {entry.account} {entry.line} {sign}{entry.amount} 元,"
                    f"结存 {entry.balance}(对方 {entry.other})· {said.zh}",
                    f"{entry.run} entry {entry.number} {entry.account} {entry.line} {sign}{entry.amount} yuan, "
                    f"balance {entry.balance} (with {entry.other}) · {said.in_lang('en')}",
                ),
            )
