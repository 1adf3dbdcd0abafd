"""`card`: an institution's statement of a month, or its book of a year."""

from pathlib import Path
from typing import Annotated

import typer

from perf.cli.output import DONE, people, print_json, say, screen
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "card",
        epilog="例: perf-pay card LJ02 -o 单位考核书.pdf --run 2025-06 · perf-pay card LJ02 --year 2025 -o 年度考核册.pdf",
    )(card)


def card(
    institution: Annotated[str, typer.Argument(help="机构编码。", metavar="INSTITUTION")],
    out: Annotated[Path, typer.Option("-o", "--out", help="PDF 写到哪里。", metavar="X.pdf")],
    run: Annotated[str, typer.Option("--run", help="哪次核算;默认最新月份。", metavar="RUN")] = "",
    year: Annotated[int | None, typer.Option("--year", help="全年合订一册,带书签。", min=2000, max=2999)] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """一家机构的考核书(PDF):得分、等次、距下一档、分给本单位的资金;--year 出全年合订本。"""
    from perf.kernel.errors import NotFound
    from perf.pdf.institution import institution_book_pdf, institution_pdf
    from perf.services.choose_runs import choose_runs
    from perf.services.institution_cards import institution_card, institution_year

    if run and year is not None:
        raise WrongUse(Text("--run 和 --year 只用一个", "either --run or --year"))
    actor = acting(None)
    store = opened(db, actor)
    if year is not None:
        book = institution_year(store, year=year, institution=institution, actor=actor)
        return _written(out, institution_book_pdf(book), institution, [one.run for one in book.months], json=json)
    for one in choose_runs(store, run, actor=actor):
        try:
            view = institution_card(store, run=one.id, institution=institution, actor=actor)
        except NotFound:
            continue
        return _written(out, institution_pdf(view), institution, [one.id], json=json)
    raise NotFound(Text(f"没有机构 {institution}", f"no institution {institution}"))


def _written(out: Path, content: bytes, institution: str, runs: list[str], *, json: bool) -> int:
    from perf.services.files import write_atomically

    write_atomically({out: content})
    say(people() if json else screen(), Text(f"{'、'.join(runs)} → {out}"))
    if json:
        print_json({"runs": runs, "institution": institution, "out": str(out)})
    return DONE
