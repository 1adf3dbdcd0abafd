"""`score` and `distribute`: rules on files, without a database."""

from pathlib import Path
from typing import Annotated

import typer

from perf.cli.output import DONE, PARTLY, issues_json, people, print_issues, print_json, say
from perf.kernel.errors import WrongUse
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text

JsonOption = Annotated[bool, typer.Option("--json", help="问题以 JSON 数组写到标准输出,人读的文字到标准错误。")]
SpecsOption = Annotated[Path, typer.Option("--specs", help="规则文件夹(其下所有 *.yaml)。", metavar="DIR")]
PeriodOption = Annotated[str, typer.Option("--period", help="期间:2025、2025-Q2 或 2025-06。", metavar="P")]
SubjectsOption = Annotated[
    Path, typer.Option("--subjects", help="对象 CSV(或 xlsx):subject,level,kind,parent[,from,to][,属性…]。")
]
FactsOption = Annotated[
    Path, typer.Option("--facts", help="数据 CSV(或 xlsx):subject,period,measure[,item][,counterparty],value。")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "score",
        epilog="例: perf-pay score --specs rules --scheme township_monthly --period 2025-06 --subjects S.csv --facts F.csv --out OUT.csv",
    )(score)
    app.command(
        "distribute",
        epilog="例: perf-pay distribute --specs rules --distribution staff_monthly --period 2025-06 --subjects S.csv --facts F.csv --scores OUT.csv --out LEDGER.csv",
    )(distribute)


def read_period(text: str) -> Period:
    """A period of the command line; wrong use otherwise."""
    try:
        return parse_period(text)
    except ValueError as error:
        raise WrongUse(
            Text(
                f"期间“{text}”无法识别,应为 2025、2025-Q2 或 2025-06",
                f"“{text}” is no period: 2025, 2025-Q2 or 2025-06",
            )
        ) from error


def score(
    specs: SpecsOption,
    scheme: Annotated[list[str], typer.Option("--scheme", help="考核方案编码;可重复。", metavar="CODE")],
    period: PeriodOption,
    subjects: SubjectsOption,
    facts: FactsOption,
    out: Annotated[Path, typer.Option("--out", help="结果 CSV。")],
    explain: Annotated[Path | None, typer.Option("--explain", help="每个得分的来龙去脉,JSON Lines。")] = None,
    json: JsonOption = False,
) -> int:
    """按规则给文件中的对象计分。"""
    from perf.services.score_files import score_files

    result = score_files(
        specs=specs,
        schemes=scheme,
        period=read_period(period),
        subjects=subjects,
        facts=facts,
        out=out,
        explain=explain,
    )
    console = people()
    say(
        console,
        Text(
            f"已计分 {result.rows} 张考核表({result.subjects} 个对象),无适用方案 {result.left_out} 个 → {out}",
            f"{result.rows} scorecards of {result.subjects} subjects; {result.left_out} without a scheme → {out}",
        ),
    )
    if json:
        print_json(issues_json(result.issues))
    else:
        print_issues(console, result.issues)
    return PARTLY if result.is_partial else DONE


def distribute(
    specs: SpecsOption,
    distribution: Annotated[list[str], typer.Option("--distribution", help="分配规则编码;可重复。", metavar="CODE")],
    period: PeriodOption,
    subjects: SubjectsOption,
    facts: FactsOption,
    out: Annotated[Path, typer.Option("--out", help="台账 CSV。")],
    scores: Annotated[list[Path] | None, typer.Option("--scores", help="score 的结果;可重复。")] = None,
    opening: Annotated[list[Path] | None, typer.Option("--opening", help="以前的台账,带来期初余额;可重复。")] = None,
    json: JsonOption = False,
) -> int:
    """按规则把钱分到分,写出平衡的台账。"""
    from perf.services.score_files import distribute_files

    result = distribute_files(
        specs=specs,
        distributions=distribution,
        period=read_period(period),
        subjects=subjects,
        facts=facts,
        scores=scores or [],
        opening=opening or [],
        out=out,
    )
    console = people()
    say(console, Text(f"台账 {result.rows} 笔 → {out}", f"{result.rows} ledger entries → {out}"))
    if json:
        print_json(issues_json(result.issues))
    else:
        print_issues(console, result.issues)
    return PARTLY if result.is_partial else DONE
