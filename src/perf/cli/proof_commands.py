"""`verify-statement`: a statement on paper or as a file against the sealed run."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, VERIFICATION, people, print_json, say, screen
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.storage.runs import Run

PASSWORD_VARIABLE = "PERF_PDF_PASSWORD"  # noqa: S105 - the name of a variable
FILE_BYTES_MAX = 32 << 20
SHOWN_MAX = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "verify-statement",
        epilog="例: perf-pay verify-statement --run 2025-06#1 --code ABCD-EFGH-IJKL-MNOP · "
        "perf-pay verify-statement --file 010203.pdf",
    )(verify_statement)


def verify_statement(
    file: Annotated[Path | None, typer.Option("--file", help="交来的 PDF。", metavar="X.pdf")] = None,
    code: Annotated[str, typer.Option("--code", help="纸上的验证码,或扫二维码得到的整行文字。")] = "",
    run: Annotated[str, typer.Option("--run", help="纸上的批次:2025-06#1、G1:2025-06#2。", metavar="RUN")] = "",
    staff_no: Annotated[
        str, typer.Option("--staff", help="工号,或机构编码;不给时在整个批次里找。", metavar="STAFF_NO")
    ] = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """核对一张通知单与封存的核算是否一致:按验证码,或按文件(加了密码的,密码放 PERF_PDF_PASSWORD)。"""
    from perf.services.choose_runs import choose_runs
    from perf.services.files import read_bytes
    from perf.services.verify_statement import verify_code, verify_file

    if (file is None) == (not code):
        raise WrongUse(Text("须带 --file 或 --code 之一", "--file or --code is needed, one of them"))
    scanned = code.split()
    if len(scanned) == 3 and scanned[0].upper() == "PERF-PAY":
        run, code = run or scanned[1], scanned[2]
    if file is None and not run:
        raise WrongUse(Text("按验证码核对须带 --run", "--run is needed with --code"))
    actor = acting(None)
    store = opened(db, actor)
    named = _one_run(choose_runs(store, run, actor=actor)) if run else ""
    if file is not None:
        content = read_bytes(file, bytes_max=FILE_BYTES_MAX)
        password = os.environ.get(PASSWORD_VARIABLE, "")
        found = verify_file(store, content, file.name, actor=actor, password=password, run=named)
    else:
        found = verify_code(store, run=named, typed=code, staff_no=staff_no, actor=actor)
    view = found.view
    console = people() if json else screen()
    who = f"{'工号' if view.level == 'person' else '编码'} {view.staff_no}"
    if found.is_good:
        say(console, Text(f"一致:{view.run} {who} {view.name}", f"equal: {view.run} {view.staff_no}"))
    else:
        many = len(found.findings)
        say(console, Text(f"不一致:{view.run} {who},{many} 处", f"{many} differences in {view.run}"))
    for text in (*found.notes, *found.findings[:SHOWN_MAX]):
        say(console, Text(f"  {text.zh}", f"  {text.in_lang('en')}"))
    if file is None and found.is_good:
        score = view.scorecards[0].total if view.scorecards else "—"
        pay = view.total_pay.text()
        what = "应发" if view.level == "person" else "分给本单位"
        say(
            console,
            Text(
                f"  验证码只证明是哪一张;请与纸上对照:{what} {pay},暂存 {view.held.text()},考核总分 {score}",
                f"  the code tells which one it is; hold the paper beside: pay {pay}, held {view.held.text()}, score {score}",
            ),
        )
    if json:
        told = [{"zh": text.zh, "en": text.in_lang("en")} for text in found.findings]
        print_json({"run": view.run, "staff_no": view.staff_no, "equal": found.is_good, "findings": told})
    return DONE if found.is_good else VERIFICATION


def _one_run(runs: Sequence["Run"]) -> str:
    """The one run that was meant.

    Raises:
        WrongUse: several consortia have one of this name.
    """
    if len(runs) > 1:
        names = "、".join(run.id for run in runs)
        raise WrongUse(Text(f"--run 须写全,有 {names}", f"--run is not clear: {names}"))
    return runs[0].id
