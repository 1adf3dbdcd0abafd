"""`solve`: the unit value, tilt or least change that uses up a budget."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, assert_never

import typer

from perf.cli.output import DONE, PARTLY, people, print_json, say, screen
from perf.cli.session import JsonOption
from perf.kernel.figures import exact_text, reading_text
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perf.distribution.least_change import NoPlan, Plan
    from perf.distribution.solving import OutOfReach
    from perf.services.solve_pay import Kind, Solved, Wish

_BOUNDS = {"floors": Text("保底", "floors"), "caps": Text("封顶", "caps")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "solve",
        epilog="例: perf-pay solve unit-value 人员.csv --budget 500000 --digits 4 · "
        "perf-pay solve tilt 人员.csv --budget 500000 --by category --ratio doctor:nurse=1.5 · "
        "perf-pay solve least-change 人员.csv --budget 500000 --by category --ratio doctor:nurse=1.4..1.6 --out 方案.csv",
    )(solve)


def solve(
    kind: Annotated[
        Literal["unit-value", "tilt", "least-change"],
        typer.Argument(help="单价、倾斜系数,或比上月变动最小的方案。", metavar="unit-value|tilt|least-change"),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV 或 Excel(一张表):staff_no(工号),quantity(数量)/weight(权数)/last(上月),可有 floor(保底)、cap(封顶)和分组列。",
            metavar="FILE",
        ),
    ],
    budget: Annotated[str, typer.Option("--budget", help="预算,元。", metavar="YUAN")],
    by: Annotated[str, typer.Option("--by", help="分组的列,例如 category。", metavar="COLUMN")] = "",
    ratio: Annotated[
        list[str] | None,
        typer.Option("--ratio", help="组平均之比,可重复(least-change):甲:乙=1.5 或 甲:乙=1.4..1.6。", metavar="A:B=N"),
    ] = None,
    digits: Annotated[int, typer.Option("--digits", help="单价、系数的小数位数。", min=0, max=8)] = 4,
    out: Annotated[Path | None, typer.Option("--out", help="每人金额写到这个 CSV。", show_default=False)] = None,
    json: JsonOption = False,
) -> int:
    """求解:在保底、封顶和比例之内正好用完预算;没有解时说明哪一项可以让步、让多少。不写入数据库。"""
    from perf.kernel.errors import WrongUse
    from perf.kernel.money import ZERO, parse_yuan
    from perf.services.solve_pay import read_people, read_wish, write_amounts
    from perf.services.solve_pay import solve as find

    try:
        amount = parse_yuan(budget)
    except ValueError:
        amount = ZERO
    if amount <= ZERO:
        raise WrongUse(Text(f"预算“{budget}”不是大于 0、到分的金额", f"'{budget}' is no amount in whole fen above 0"))
    wishes = [read_wish(one) for one in ratio or []]
    if wishes and not by:
        raise WrongUse(Text("--ratio 要同时写 --by 列名", "--ratio needs --by COLUMN"))
    found = find(read_people(file, kind, by), kind, amount, wishes, digits)
    amounts = getattr(found, "amounts", None)
    if out is not None and amounts is not None:
        write_amounts(out, amounts)
    if json:
        print_json(_as_json(kind, found))
    console = people() if json else screen()
    for line in _lines(found, wishes):
        say(console, line)
    if out is not None and amounts is not None:
        say(console, Text(f"每人金额 → {out}", f"amounts → {out}"))
    return PARTLY if amounts is None else DONE


def _lines(found: "Solved", wishes: "list[Wish]") -> "Iterator[Text]":
    from perf.distribution.least_change import NoPlan, Plan
    from perf.distribution.solving import OutOfReach, Tilt, UnitValue

    match found:
        case UnitValue():
            value, left = exact_text(found.value), found.left.text()
            yield Text(f"单价 {value} 元,剩 {left} 元(不足再加一个末位)", f"{value} yuan a unit, {left} yuan left over")
        case Tilt():
            value, reached = exact_text(found.value), reading_text(found.reached)
            yield Text(f"倾斜系数 {value},平均之比 {reached}", f"tilt {value}, ratio of the means {reached}")
        case Plan():
            yield from _plan(found)
        case OutOfReach():
            yield from _out_of_reach(found, is_ratio=bool(wishes))
        case NoPlan():
            yield from _no_plan(found)
        case _ as never:
            assert_never(never)


def _plan(found: "Plan") -> "Iterator[Text]":
    most, moved = found.largest_change.text(), found.moved.text()
    yield Text(
        f"有解:{found.changed} 人有变动,一人最多变动 {most} 元,变动合计 {moved} 元;全部限制已按分逐项核对",
        f"{found.changed} people change, one by at most {most} yuan, {moved} yuan together; every limit checked to the fen",
    )


def _out_of_reach(found: "OutOfReach", *, is_ratio: bool) -> "Iterator[Text]":
    least = reading_text(found.least)
    most_zh, most_en = ("不限", "no end") if found.most is None else (reading_text(found.most),) * 2
    what = (
        Text("平均之比只能", "the ratio can only be")
        if is_ratio
        else Text("合计只能(元)", "the total can only be (yuan)")
    )
    yield Text(
        f"无解:{what.zh}在 {least} 到 {most_zh} 之间", f"no solution: {what.in_lang('en')} from {least} to {most_en}"
    )
    for name in found.given_up:
        word = _BOUNDS[name]
        yield Text(f"让步:不设{word.zh}就有解", f"would do: no {word.in_lang('en')}")


def _no_plan(found: "NoPlan") -> "Iterator[Text]":
    if found.in_fractions:
        yield Text(
            "没有找到到分的解:不足一分的零头可以满足全部限制,取整到分就不能;把比例写成一个范围",
            "none in whole fen: fractions of a fen would keep every wish; give the ratio as a range",
        )
    else:
        yield Text(
            "无解:预算、保底、封顶和比例不能同时满足(按分数精确判定)",
            "no solution: budget, floors, caps and ratios contradict each other (decided exactly)",
        )
    if not found.ways:
        yield Text("只让一项还不够,要放宽两项以上", "giving up one wish is not enough")
    for way in found.ways:
        if way.kind == "ratio" and way.reached is None:
            yield Text(f"让步:不要求 {way.name}(一方为 0 元)", f"would do: no {way.name} (one side gets nothing)")
        elif way.kind == "ratio" and way.reached is not None:
            reached = reading_text(way.reached)
            yield Text(
                f"让步:{way.name} 最接近可到 {reached}", f"would do: {way.name} at {reached}, the nearest there is"
            )
        else:
            word, by = _BOUNDS[way.kind], way.by.text()
            yield Text(
                f"让步:{word.zh}合计放宽 {by} 元", f"would do: {word.in_lang('en')} relaxed by {by} yuan together"
            )


def _as_json(kind: "Kind", found: "Solved") -> dict[str, object]:
    from perf.distribution.least_change import NoPlan, Plan
    from perf.distribution.solving import OutOfReach, Tilt, UnitValue

    head: dict[str, object] = {"kind": kind, "solved": not isinstance(found, OutOfReach | NoPlan)}
    match found:
        case UnitValue():
            head |= {"value": exact_text(found.value), "left": found.left.text(grouped=False)}
        case Tilt():
            head |= {"value": exact_text(found.value), "reached": exact_text(found.reached)}
        case Plan():
            changes = {"largest_change": found.largest_change, "moved": found.moved}
            head |= {"changed": found.changed, **{name: one.text(grouped=False) for name, one in changes.items()}}
        case OutOfReach():
            most = None if found.most is None else exact_text(found.most)
            head |= {"least": exact_text(found.least), "most": most, "give_up": list(found.given_up)}
        case NoPlan():
            head["in_fractions"] = found.in_fractions
            head["give_up"] = [
                {
                    "wish": way.name or way.kind,
                    "by": way.by.text(grouped=False) if way.kind != "ratio" else None,
                    "reached": exact_text(way.reached) if way.reached is not None else None,
                }
                for way in found.ways
            ]
        case _ as never:
            assert_never(never)
    amounts = getattr(found, "amounts", None)
    if amounts is not None:
        head["amounts"] = {who: amounts[who].text(grouped=False) for who in sorted(amounts)}
    return head
