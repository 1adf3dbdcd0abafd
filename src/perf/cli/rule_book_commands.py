"""`specs docs`: the rule book for the committee to sign."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from perf.cli.output import DONE, issues_json, lang, people, print_issues, print_json, say, screen
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.kernel.periods import Period


def register(rules_app: typer.Typer) -> None:
    """Add the command."""
    rules_app.command(
        "docs",
        epilog="例: perf-pay specs docs --out 规则书 --county 庐江县 · "
        "perf-pay specs docs rules --out 乡镇考核.pdf --format pdf --scheme township_monthly",
    )(docs)


def docs(
    out: Annotated[Path, typer.Option("--out", help="写到哪里;按格式加 .html、.pdf。", metavar="PATH")],
    folder: Annotated[
        Path | None, typer.Argument(help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
    ] = None,
    form: Annotated[Literal["html", "pdf", "both"], typer.Option("--format", help="网页、PDF,或两者。")] = "both",
    code: Annotated[list[str] | None, typer.Option("--code", help="只印这些规则及其依据;可重复。")] = None,
    scheme: Annotated[list[str] | None, typer.Option("--scheme", help="只印这些方案及其指标、数据项;可重复。")] = None,
    county: Annotated[str, typer.Option("--county", help="封面上的县(市、区)名称;不写则留空待填。")] = "",
    period: Annotated[
        str | None, typer.Option("--period", help="印哪个期间有效的版本;默认本月。", metavar="P", show_default=False)
    ] = None,
    language: Annotated[
        Literal["zh", "en"] | None, typer.Option("--lang", help="书的语言;默认与界面相同。", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="结果以 JSON 写到标准输出。")] = False,
) -> int:
    """规则书:全部规则的中文读本(HTML 与 A4 PDF),供委员会审阅签字。"""
    from perf.services.rule_book_files import write_rule_book

    written = write_rule_book(
        folder,
        out,
        period=_period(period),
        form=form,
        county=county,
        lang=language or lang(),
        codes=tuple(code or ()),
        schemes=tuple(scheme or ()),
    )
    if json:
        print_json(
            {
                "files": [path.as_posix() for path in written.files],
                "digest": written.digest,
                "rules": written.rules,
                "issues": issues_json(written.issues),
            }
        )
        return DONE
    print_issues(people(), written.issues, at_most=20, alike=3)
    for path in written.files:
        say(screen(), Text(f"已写 {path}", f"wrote {path}"))
    say(
        screen(),
        Text(
            f"规则 {written.rules} 条 · 规则摘要 {written.digest}", f"{written.rules} rules · digest {written.digest}"
        ),
    )
    return DONE


def _period(given: str | None) -> "Period":
    from perf.cli.file_commands import read_period
    from perf.cli.session import now

    return read_period(given or f"{now():%Y-%m}")
