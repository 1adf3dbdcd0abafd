"""`specs`: check, test, explain, schema, new; what is tabled, printed or compared stands in modules of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import (
    DONE,
    REFUSED,
    VERIFICATION,
    issues_json,
    lang,
    people,
    print_issues,
    print_json,
    say,
    screen,
)
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.kernel.issues import Issue
    from perf.specs.models import RuleBook

FolderArgument = Annotated[
    Path | None, typer.Argument(help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]
SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="结果以 JSON 写到标准输出。")]
CodeArgument = Annotated[str, typer.Argument(help="规则编码。", metavar="CODE")]


def register(rules_app: typer.Typer) -> None:
    """Add the commands."""
    rules_app.command(
        "check", epilog="例: perf-pay specs check rules --strict · perf-pay specs check rules --db perf.db --months 3"
    )(check)
    rules_app.command("test", epilog="例: perf-pay specs test · perf-pay specs test --code referred_down_share")(
        run_test
    )
    rules_app.command("explain", epilog="例: perf-pay specs explain township_monthly --history")(explain)
    rules_app.command("schema", epilog="例: perf-pay specs schema --out schemas · perf-pay specs schema indicator")(
        schema
    )
    rules_app.command("new", epilog="例: perf-pay specs new indicator bed_use_rate --title 床位使用率 --dir rules")(new)


def check(
    folder: FolderArgument = None,
    strict: Annotated[bool, typer.Option("--strict", help="缺少算例或出处也算错误。")] = False,
    db: Annotated[
        str | None,
        typer.Option(
            "--db", help="也按已存的核算检查:人人同分、从不适用、没人报送。", metavar="URL", show_default=False
        ),
    ] = None,
    months: Annotated[int, typer.Option("--months", help="与 --db 同用:看最近几个有结果的月份。", min=1)] = 3,
    json: JsonOption = False,
) -> int:
    """一次报出规则中的所有问题。"""
    from perf.services.rules import check_rules

    rules = check_rules(folder, strict=strict)
    book = rules.book
    console = people() if json else screen()
    issues = rules.issues
    if db is not None:
        issues = (*issues, *_in_practice(book, db, months))
    if json:
        print_json(issues_json(issues))
    else:
        print_issues(console, issues)
    say(console, _counted(book, sum(map(len, rules.cases.values()))))
    return REFUSED if any(issue.is_error for issue in rules.issues) else DONE


def _counted(book: "RuleBook", cases: int) -> Text:
    """How many rules of each kind there are; the rarer kinds only where there are any."""
    usual = (
        (len(book.measures), "数据项", "measures"),
        (len(book.indicators), "指标", "indicators"),
        (len(book.schemes), "方案", "schemes"),
        (len(book.distributions), "分配规则", "distributions"),
    )
    rare = (
        (len(book.payrolls), "代扣规则", "rules of payroll"),
        (len(book.corrections), "更正规则", "rules of corrections"),
        (len(book.adjustments), "一次性项目规则", "rules of adjustments"),
        (len(book.lists), "明细目录", "lists"),
    )
    told = (*usual, *(one for one in rare if one[0]), (cases, "算例", "cases"))
    return Text(" · ".join(f"{zh} {n}" for n, zh, _ in told), " · ".join(f"{n} {en}" for n, _, en in told))


def _in_practice(book: "RuleBook", db: str, months: int) -> "tuple[Issue, ...]":
    """What the stored months say of the rules; which periods were looked at is told beside it."""
    from perf.cli.session import acting, opened
    from perf.services.rules_in_practice import rules_in_practice

    actor = acting(None)
    found = rules_in_practice(opened(db, actor), book, actor=actor, months=months)
    periods = [str(period) for kind in found.judged.values() for period in kind]
    if periods:
        say(people(), Text(f"按已存的结果检查:{'、'.join(periods)}", f"judged by stored results: {', '.join(periods)}"))
    else:
        say(
            people(),
            Text(
                f"有结果的月份不足 {months} 个,未按结果检查;可加 --months 1",
                f"fewer than {months} months have results; not judged by results (try --months 1)",
            ),
        )
    return found.issues


def run_test(
    folder: FolderArgument = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="只运行这些规则的算例;可重复。")] = None,
    json: JsonOption = False,
) -> int:
    """运行规则旁边的算例。"""
    from perf.services.rules import check_rules, run_rule_cases

    rules = check_rules(folder)
    console = people() if json else screen()
    errors = [issue for issue in rules.issues if issue.is_error]
    if errors:
        if json:
            print_json(issues_json(errors))
        else:
            print_issues(console, errors)
        return REFUSED
    results = run_rule_cases(rules, tuple(code or ()))
    failed = [result for result in results if not result.holds]
    if json:
        print_json(
            [
                {
                    "rule": r.rule,
                    "case": r.title,
                    "file": r.place.file,
                    "line": r.place.line,
                    "holds": r.holds,
                    "differences": [d.zh for d in r.differences],
                }
                for r in results
            ]
        )
    else:
        for result in failed:
            console.print(f"✗ {result.rule}  {result.place}  {result.title}", markup=False, style="red")
            for difference in result.differences:
                console.print(f"    {difference.in_lang(lang())}", markup=False)
    say(console, Text(f"算例 {len(results)} 个,不符 {len(failed)} 个", f"{len(results)} cases, {len(failed)} failed"))
    return VERIFICATION if failed else DONE


def explain(
    code: CodeArgument,
    specs: SpecsOption = None,
    history: Annotated[bool, typer.Option("--history", help="各版本的日期、出处,以及改了什么(旧 → 新)。")] = False,
    json: JsonOption = False,
) -> int:
    """用话讲清一条规则:公式、口径、出处、各版本。"""
    from perf.appraisal.rule_history import history_lines
    from perf.appraisal.rule_text import rule_lines
    from perf.services.rules import find_rule, load_rules

    book = load_rules(specs)
    told = history_lines if history else rule_lines
    lines = list(told(book, find_rule(book, code), lang()))
    if json:
        print_json({"rule": code, "lines": lines})
        return DONE
    for line in lines:
        screen().print(line, markup=False)
    return DONE


def schema(
    kind: Annotated[
        str, typer.Argument(help="indicator、scheme、…、cases,或 rules(任一种)。", metavar="KIND")
    ] = "rules",
    out: Annotated[
        Path | None, typer.Option("--out", help="全部写成文件,放进这个文件夹。", metavar="DIR", show_default=False)
    ] = None,
) -> int:
    """规则文件的 JSON Schema,供编辑器边写边查。"""
    from perf.services.rule_schemas import schema_of, write_schemas

    if out is None:
        print_json(schema_of(kind))
        return DONE
    names = write_schemas(out)
    say(people(), Text(f"已写入 {len(names)} 个文件", f"{len(names)} files written"))
    return DONE


def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="indicator、scheme、distribution、measure、payroll、adjustments、corrections 或 layer。",
            metavar="KIND",
        ),
    ],
    code: CodeArgument,
    title: Annotated[str, typer.Option("--title", help="中文名称。", metavar="T", show_default=False)] = "",
    folder: Annotated[Path, typer.Option("--dir", help="放进这个文件夹。", metavar="DIR")] = Path(),
    value: Annotated[
        str, typer.Option("--value", help="指标的公式;不写则另立两个数据项。", metavar="F", show_default=False)
    ] = "",
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="方案的指标;可重复。", metavar="CODE")
    ] = None,
) -> int:
    """起草一条规则和它的示例:带中文说明,未启用,不覆盖已有文件。"""
    from perf.cli.session import now
    from perf.services.new_rule import new_rule

    paths = new_rule(kind, code, folder, year=now().year, title=title, value=value, indicators=tuple(indicator or ()))
    for path in paths:
        say(people(), Text(f"已写入 {path}", f"written: {path}"))
    return DONE
