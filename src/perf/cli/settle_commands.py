"""`settle-forecast`: spending so far, surplus or deficit by the end of the year, what each member would get."""

from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, PARTLY, lang, people, print_issues, print_json, say, screen, table
from perf.cli.province_commands import SpecsOption
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.figures import exact_text, reading_text
from perf.kernel.money import Money
from perf.kernel.text import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from perf.services.settle_forecast import SettleForecast

_METHODS = {"seasonal": Text("按去年各月的季节", "by last year's seasons"), "straight": Text("直线", "straight line")}
_NONE = "—"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settle-forecast", epilog="例: perf-pay settle-forecast G1 --year 2025 --through 2025-06")(
        settle_forecast
    )


def settle_forecast(
    consortium: Annotated[str, typer.Argument(help="医共体编码。", metavar="CONSORTIUM", show_default=False)],
    through: Annotated[str, typer.Option("--through", help="数据到哪个月,如 2025-06。", metavar="MONTH")],
    year: Annotated[
        int | None, typer.Option("--year", help="哪一年;默认 --through 的那年。", show_default=False)
    ] = None,
    spending: Annotated[
        list[str] | None,
        typer.Option(
            "--spending",
            help="按月的支出数据项,可重复(县域内、县域外……),相加;默认 fund_outlay。各归清算规则里不同的全年数据项时写 按月=全年。",
            metavar="MEASURE[=YEARLY]",
        ),
    ] = None,
    whole: Annotated[
        str, typer.Option("--as", help="没有写明的支出归清算规则里的哪个全年数据项。", metavar="MEASURE")
    ] = "spending",
    rule: Annotated[
        str | None,
        typer.Option("--rule", help="哪条年度分配规则;只有一条时不用写。", metavar="CODE", show_default=False),
    ] = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """清算测算:到目前支出多少,年底估计结余还是超支(给出范围),按现在的得分各成员单位可得多少;不保存任何结果。"""
    from perf.cli.file_commands import read_period
    from perf.kernel.errors import WrongUse
    from perf.services.rules import usable_book
    from perf.services.settle_forecast import SpendingPart
    from perf.services.settle_forecast import settle_forecast as ask

    until = read_period(through)
    if until.kind != "month" or year not in (None, until.year):
        raise WrongUse(Text("--through 写 --year 那年的一个月,如 2025-06", "--through is a month of --year: 2025-06"))
    book = usable_book(specs)
    actor = acting(None)
    found = ask(
        opened(db, actor),
        book,
        actor=actor,
        consortium=consortium,
        through=until,
        spending=[
            SpendingPart(monthly, yearly or whole)
            for monthly, _, yearly in (one.partition("=") for one in spending or ["fund_outlay"])
        ],
        rule=rule,
    )
    if json:
        print_json(_as_json(found))
    else:
        _print(screen(), found)
    issues = list(dict.fromkeys(one for way in (found.low, found.expected, found.high) for one in way.issues))
    if issues:
        print_issues(people(), issues)
    return PARTLY if issues else DONE


def _print(console: "Console", found: "SettleForecast") -> None:
    spending = found.spending
    named = (
        "、".join(one.title.zh for one in found.measures),
        ", ".join(one.title.in_lang("en") for one in found.measures),
    )
    say(
        console,
        Text(
            f"{found.consortium} {found.period.year} 年,数据到 {spending.through} 月({named[0]});{found.title.zh}",
            f"{found.consortium} {found.period.year} up to month {spending.through} ({named[1]}); "
            f"{found.title.in_lang('en')}",
        ),
    )
    say(
        console,
        Text(f"方法:{_METHODS[spending.method].zh}", f"method: {_METHODS[spending.method].in_lang('en')}"),
    )
    for text in spending.assumed:
        say(console, text)
    if found.then:
        said = "、".join(one.zh for one in found.then), ", ".join(one.in_lang("en") for one in found.then)
        say(console, Text(f"清算以后照分:{said[0]}", f"what it gives is handed on by: {said[1]}"))
    if found.is_overspent:
        say(console, Text("以后一分不花也已超支", "overspent already, even if nothing more were spent"))
    console.print(_months(found))
    console.print(_outcome(found))
    if found.members:
        console.print(_members(found))
        sources = {one.scored.zh: one.scored for one in found.members}
        for source, text in sorted(sources.items()):
            count = sum(one.scored.zh == source for one in found.members)
            say(console, Text(f"得分取自:{text.zh}({count} 个)", f"scores: {text.in_lang('en')} ({count})"))
        for one in found.members[:1]:
            told = found.expected.explained.get(one.subject)
            if told is not None:
                say(console, Text(f"例 {one.name}:{told.zh}", f"for example {one.name}: {told.in_lang('en')}"))


def _months(found: "SettleForecast") -> object:
    heads = [Text("月", "month"), Text("去年", "last year"), Text("已支出", "spent")]
    heads += [Text("估计", "expected"), Text("下限", "low"), Text("上限", "high")]
    rows = []
    for one in found.spending.months:
        known = one.spent is not None
        guess = [_NONE] * 3 if known else [_yuan(amount) for amount in (one.expected, one.low, one.high)]
        rows.append((str(one.month), _yuan(one.last_year), _yuan(one.spent), *guess))
    title = Text("各月支出(元)", "spending by month (yuan)")
    return table(title.in_lang(lang()), [(head.in_lang(lang()), True) for head in heads], rows)


def _outcome(found: "SettleForecast") -> object:
    heads = [Text("", ""), Text("支出低", "low spending"), Text("估计", "expected"), Text("支出高", "high spending")]
    ways = (found.low, found.expected, found.high)
    spent = Text("全年支出", "spending of the year").in_lang(lang())
    fund = Text("清算资金(负:超支)", "settlement (below 0: deficit)").in_lang(lang())
    rows = [
        (spent, *(_yuan(way.spending) for way in ways)),
        (fund, *(_NONE if way.fund is None else way.fund.text() for way in ways)),
    ]
    title = Text("年底估计(元)", "by the end of the year (yuan)")
    return table(title.in_lang(lang()), [(head.in_lang(lang()), place > 0) for place, head in enumerate(heads)], rows)


def _members(found: "SettleForecast") -> object:
    heads = [Text("成员单位", "member"), Text("得分", "score"), Text("支出低", "low spending")]
    heads += [Text("估计", "expected"), Text("支出高", "high spending")]
    rows = [
        (
            one.name,
            _NONE if one.score is None else reading_text(one.score, 2),
            *(amount.text() for amount in (one.low, one.expected, one.high)),
        )
        for one in found.members
    ]
    title = Text("各成员单位可得(元,负:应承担)", "what members would get (yuan, below 0: owe)")
    return table(title.in_lang(lang()), [(head.in_lang(lang()), place > 0) for place, head in enumerate(heads)], rows)


def _yuan(amount: "Fraction | None") -> str:
    """Yuan to the fen for reading; ≈ where there is more behind it."""
    from perf.kernel.money import money_from_yuan

    if amount is None:
        return _NONE
    shown = money_from_yuan(amount)
    return shown.text() if shown.yuan == amount else f"≈{shown.text()}"


def _as_json(found: "SettleForecast") -> dict[str, object]:
    spending = found.spending

    def exact(value: "Fraction | None") -> str | None:
        return None if value is None else exact_text(value)

    def fen(amount: Money | None) -> int | None:
        return None if amount is None else amount.fen

    ways = {"low": found.low, "expected": found.expected, "high": found.high}
    return {
        "consortium": found.consortium,
        "year": found.period.year,
        "through": spending.through,
        "rule": found.rule,
        "then": [one.zh for one in found.then],
        "spending": [one.code for one in found.measures],
        "method": spending.method,
        "growth": exact(spending.growth),
        "has_range": spending.has_range,
        "gaps": list(spending.gaps),
        "assumed": [{"zh": one.zh, "en": one.in_lang("en")} for one in spending.assumed],
        "spent": exact(spending.spent),
        "overspent": found.is_overspent,
        "months": [
            {
                "month": one.month,
                "last_year": exact(one.last_year),
                "spent": exact(one.spent),
                "low": exact(one.low),
                "expected": exact(one.expected),
                "high": exact(one.high),
            }
            for one in spending.months
        ],
        "outcome": {way: {"spending": exact(one.spending), "fund_fen": fen(one.fund)} for way, one in ways.items()},
        "members": [
            {
                "subject": one.subject,
                "name": one.name,
                "score": exact(one.score),
                "scored": one.scored.zh,
                **{f"{way}_fen": fen(getattr(one, way)) for way in ways},
                "explanation": told.zh if (told := found.expected.explained.get(one.subject)) else "",
            }
            for one in found.members
        ],
    }
