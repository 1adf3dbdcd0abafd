"""`statement`, `statements`, `export`, `serve`, `demo`: what goes out."""

import os
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer

from perf.cli.bank_file_screen import write_bank_file
from perf.cli.output import DONE, PARTLY, SUBJECTS_NAMED_MAX, lang, people, print_json, say, screen
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, database_url, now, opened
from perf.kernel.errors import StateRefused, WrongUse
from perf.kernel.text import Text
from perf.services.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from perf.pdf.signing import Seal
    from perf.services.statement_files import By, Delivery, Form
    from perf.storage.runs import Run
    from perf.storage.store import Store

ExportRunOption = Annotated[
    str, typer.Option("--run", "--month", help="哪次核算:2025-06、G1:2025-06#2;默认最新月份。", metavar="RUN")
]
BankOption = Annotated[
    str, typer.Option("--bank", help="bankfile 的格式:standard | gb18030 | plain,或一个 .yaml。", metavar="LAYOUT")
]
RemarkOption = Annotated[str, typer.Option("--remark", help="bankfile 每行的备注;默认“2025年6月绩效”。")]
RunOption = Annotated[str, typer.Option("--run", help="哪次核算:2025-06、G1:2025-06#2;默认最新月份。", metavar="RUN")]
SEAL_VARIABLE = "PERF_SEAL_PASSWORD"
PasswordsOption = Annotated[
    Path | None,
    typer.Option(
        "--passwords", help="按人加密(AES-256):CSV 或 xlsx,列 staff_no,password。", metavar="FILE", show_default=False
    ),
]
FromIdOption = Annotated[
    Literal["from-id"] | None,
    typer.Option(
        "--password",
        help="from-id:用各人身份证号后 6 位(末位 X 大写)加密;另给 --passwords 时,表里有的人按表。",
        show_default=False,
    ),
]
SealOption = Annotated[
    Path | None,
    typer.Option(
        "--seal",
        help="电子签章:PKCS#12 证书(.p12),口令放 PERF_SEAL_PASSWORD;须装 perf-pay[sign]。",
        metavar="KEY.p12",
        show_default=False,
    ),
]
EXPORTS = ("scorecards", "ledger", "payfile")
BANK_FILE = "bankfile"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("statement", epilog="例: perf-pay statement 010203 -o 通知单.pdf --run 2025-06")(statement)
    app.command(
        "statements",
        epilog="例: perf-pay statements --all -o statements --run 2025-06 · perf-pay statements --institution LJ02 -o statements · "
        "perf-pay statements --all --as merged --by department -o 合订 --run 2025-06",
    )(statements)
    app.command(
        "export",
        epilog="例: perf-pay export payfile -o 发放表.xlsx --run 2025-06 · perf-pay export ledger -o ledger.csv · perf-pay export scorebook -o 得分册.xlsx --run 2025-06 · perf-pay export annual -o 年册.xlsx --run 2025",
    )(export)
    app.command("serve", epilog="例: perf-pay serve --demo · perf-pay serve --db perf.db --port 8800")(serve)
    app.command("demo", epilog="例: perf-pay demo · perf-pay demo --out 演示")(demo)


def statement(
    staff_no: Annotated[str, typer.Argument(help="工号。", metavar="STAFF_NO")],
    out: Annotated[Path, typer.Option("-o", "--out", help="PDF 写到哪里。", metavar="X.pdf")],
    passwords: PasswordsOption = None,
    password_from: FromIdOption = None,
    seal: SealOption = None,
    run: RunOption = "",
    db: DbOption = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> int:
    """一个人的绩效通知单(PDF)。"""
    from perf.kernel.errors import NotFound
    from perf.pdf.batch import Order, draw
    from perf.services.choose_runs import choose_runs
    from perf.services.files import write_atomically
    from perf.services.statements import one_statement

    actor = acting(by)
    known, key = _guards(passwords, seal)
    store = opened(db, actor)
    if password_from is not None:
        from perf.services.statement_guards import passwords_from_ids

        known = passwords_from_ids(store, known, subjects=[staff_no], actor=actor, now=now())
    password = known.get(staff_no, "") if known is not None else ""
    if known is not None and not password:
        without = Text("没有身份证号,也不在密码表中", "no identity number and no password")
        table = Text("密码表中没有", "no password")
        why = without if password_from is not None else table
        raise NotFound(Text(f"{why.zh}:工号 {staff_no}", f"{why.en}: {staff_no}"))
    refusal = NotFound(Text(f"没有工号 {staff_no}", f"no staff number {staff_no}"))
    for one in choose_runs(store, run, actor=actor):
        try:
            view = one_statement(store, run=one.id, staff_no=staff_no, actor=actor)
        except NotFound:
            continue
        write_atomically({out: draw(Order(staff_no, (view,), password=password), key)})
        say(people() if json else screen(), Text(f"{one.id} → {out}"))
        if json:
            print_json({"run": one.id, "staff_no": staff_no, "out": str(out)})
        return DONE
    raise refusal


def statements(
    out: Annotated[
        Path, typer.Option("-o", "--out", help="写到哪个文件夹(机构/工号.pdf),或 --as zip 时的 *.zip。", metavar="PATH")
    ],
    everybody: Annotated[bool, typer.Option("--all", help="所有人。")] = False,
    institution: Annotated[str, typer.Option("--institution", help="只要这家机构的人。")] = "",
    form: Annotated[
        str, typer.Option("--as", help="files 每人一个 | zip 打成一包 | merged 合订,带书签。", metavar="FORM")
    ] = "files",
    by: Annotated[
        str, typer.Option("--by", help="合订时一个文件装一个 department(科室)| institution(机构)。", metavar="BY")
    ] = "department",
    passwords: PasswordsOption = None,
    password_from: FromIdOption = None,
    seal: SealOption = None,
    workers: Annotated[int, typer.Option("--workers", help="用几个进程画。", min=1, max=16)] = 2,
    run: RunOption = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """一批绩效通知单:每人一个 PDF,或打包,或按科室、机构合订;中断后照原样再运行就接着写。"""
    from perf.cli.progress import bar
    from perf.kernel.errors import NotFound
    from perf.services.choose_runs import choose_runs
    from perf.services.pay_files import accepted_payrolls
    from perf.services.statement_batch import statement_batch
    from perf.services.statement_files import Delivered, write_statements

    if not everybody and not institution:
        raise WrongUse(Text("须带 --all 或 --institution", "--all or --institution is needed"))
    delivery = _delivery(form, by, out, _guards(passwords, seal), is_guarded=password_from is not None)
    actor = acting(None)
    store = opened(db, actor)
    done = Delivered(0)
    console = people() if json else screen()
    chosen = choose_runs(store, run, actor=actor)
    if password_from is not None:
        delivery = _with_ids(store, delivery, chosen, institution, actor)
    payrolls = (one.id for one in accepted_payrolls(store, chosen, actor=actor))
    named = " ".join([*(f"{one.id} {one.state}" for one in chosen), *payrolls, institution])
    with delivery.sink(out, named) as sink:
        for one in chosen:
            batch = statement_batch(store, run=one.id, actor=actor)
            roster = batch.frame.roster
            wanted = roster.below(institution, "person", one.period) if institution else batch.subjects()
            if not wanted:
                continue
            with bar(console, f"通知单 {one.id}", len(wanted)) as advance:
                done += write_statements(batch, wanted, sink, delivery=delivery, workers=workers, progress=advance)
        if not done.written + done.kept:
            whom = institution or run
            raise NotFound(Text(f"{whom} 没有可写通知单的人", f"nobody of {whom} to write a statement for"))
    count = done.written + done.kept
    say(console, Text(f"通知单 {count} 份 → {out}", f"{count} statements → {out}"))
    if done.kept:
        say(console, Text(f"  其中 {done.kept} 份上次已写好", f"  {done.kept} of them were written before"))
    if done.without_password:
        _say_without(console, done.without_password, "没有身份证号" if password_from is not None else "密码表中没有")
    if json:
        told = {"written": done.written, "kept": done.kept, "without_password": done.without_password}
        print_json({**told, "out": str(out)})
    return PARTLY if done.without_password else DONE


Guards = tuple[Mapping[str, str] | None, "Seal | None"]


def _guards(passwords: Path | None, seal: Path | None) -> Guards:
    """Passwords and seal, read before anything is drawn."""
    if passwords is None and seal is None:
        return None, None  # what reads tables takes a while to load
    from perf.services.statement_guards import read_passwords, read_seal

    passphrase = os.environ.get(SEAL_VARIABLE, "")
    return (read_passwords(passwords) if passwords else None, read_seal(seal, passphrase) if seal else None)


def _with_ids(
    store: "Store", delivery: "Delivery", chosen: "Sequence[Run]", institution: str, actor: Actor
) -> "Delivery":
    """The delivery with passwords from the identity numbers of those whose statements are written."""
    from perf.services.statement_guards import passwords_from_ids
    from perf.services.workbooks import stored_roster

    roster = stored_roster(store, actor)
    subjects = {who for one in chosen for who in roster.below(institution or one.consortium, "person", one.period)}
    found = passwords_from_ids(store, delivery.passwords, subjects=subjects, actor=actor, now=now())
    return replace(delivery, passwords=found)


def _say_without(console: "Console", people_named: "Sequence[str]", why: str) -> None:
    missing = "、".join(people_named[:SUBJECTS_NAMED_MAX])
    many = len(people_named)
    say(
        console,
        Text(f"{why},未写:{many} 人({missing}…)", f"no password, not written: {many} ({missing}…)")
        if many > SUBJECTS_NAMED_MAX
        else Text(f"{why},未写:{missing}", f"no password, not written: {missing}"),
    )


def _delivery(form: str, by: str, out: Path, guards: Guards, *, is_guarded: bool = False) -> "Delivery":
    """What was asked for.

    Raises:
        WrongUse: no such form, or an archive that is not called so.
    """
    from perf.services import statement_files as kinds

    if form not in get_args(kinds.Form) or by not in get_args(kinds.By):
        raise WrongUse(
            Text(
                "--as 应为 files、zip 或 merged,--by 应为 department 或 institution",
                "--as is files, zip or merged; --by is department or institution",
            )
        )
    if (form == "zip") != (out.suffix.lower() == ".zip"):
        raise WrongUse(Text("打包用 --as zip -o X.zip,其余写到文件夹", "--as zip -o X.zip; anything else to a folder"))
    if form == "merged" and (guards[0] is not None or is_guarded):
        raise WrongUse(
            Text("合订本是给科室的,不能按人加密", "a merged file is for a department; no person's password fits it")
        )
    return kinds.Delivery(cast("Form", form), cast("By", by), *guards)


def export(
    what: Annotated[
        str,
        typer.Argument(
            help="scorecards(考核得分明细) | ledger(台账) | payfile(发放表) | notice(公示表) | signing(签字发放表) | "
            "approval(审批表) | county(上报表) | vouchers(各成员单位凭证) | scorebook(得分册,每个方案一张表) | "
            "ranking(排名) | variance(变动) | distribution(分配表) | annual(年册) | bankfile(银行代发文件)。",
            metavar="WHAT",
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="*.xlsx 或 *.csv;bankfile 还可以 *.txt。")],
    run: ExportRunOption = "",
    bank: BankOption = "standard",
    remark: RemarkOption = "",
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> int:
    """导出得分、台账、发放表(代扣已确认的到实发),公示、签字、审批、上报用的表和凭证,以及得分册、排名、变动、分配表、年册。"""
    from perf.distribution import ledger_rows
    from perf.scoring import contract_rows
    from perf.services import reports
    from perf.services.choose_runs import choose_runs
    from perf.services.export_books import BOOKS, export_book
    from perf.services.files import write_atomically
    from perf.services.load_run import load_run
    from perf.services.papers import PAPERS, paper_file
    from perf.services.pay_files import pay_file

    endings = (".csv", ".xlsx", ".txt") if what == BANK_FILE else (".csv", ".xlsx")
    known = (*EXPORTS, *PAPERS, *BOOKS, BANK_FILE)
    if what not in known or out.suffix not in endings:
        every = " | ".join(known)
        raise WrongUse(Text(f"可导出 {every},到 .xlsx 或 .csv", f"{every} to .xlsx or .csv"))
    actor = acting(by)
    store = opened(db, actor)
    if what == BANK_FILE:
        return write_bank_file(
            store, actor=actor, run=run, out=out, bank=bank, remark=remark, reason=reason, as_json=json
        )
    if what in BOOKS:
        files, names = export_book(store, what, run=run, actor=actor, lang=lang(), out=out)
        write_atomically(files)
        return _exported(what, names, list(files), as_json=json)
    loaded = [load_run(store, run=one.id, actor=actor) for one in choose_runs(store, run, actor=actor)]
    content: str | bytes
    if what in PAPERS:
        content = paper_file(store, what, loaded, actor=actor, is_csv=out.suffix == ".csv")
    elif what == "payfile":
        content = pay_file(store, loaded, actor=actor, is_csv=out.suffix == ".csv")
    elif what == "ledger":
        from perf.services.ledger_report import ledger_workbook

        entries = (row for one in loaded for row in ledger_rows(one.ledger))
        content = reports.ledger_csv(entries) if out.suffix == ".csv" else ledger_workbook(store, loaded, actor=actor)
    else:
        scores = (row for one in loaded for row in contract_rows(one.scores))
        content = reports.scorecards_csv(scores) if out.suffix == ".csv" else reports.scorecards_workbook(loaded)
    write_atomically({out: content})
    return _exported(what, [one.run.id for one in loaded], [out], as_json=json)


def _exported(what: str, runs: list[str], files: list[Path], *, as_json: bool) -> int:
    console = people() if as_json else screen()
    for file in files:
        say(console, Text(f"{'、'.join(runs)} → {file}"))
    if as_json:
        print_json({"what": what, "runs": runs, "out": str(files[0]), "files": [str(file) for file in files]})
    return DONE


def serve(
    use_demo: Annotated[bool, typer.Option("--demo", help="看演示县;还没有就先做。")] = False,
    out: Annotated[Path, typer.Option("--out", help="演示县的文件夹。", metavar="DIR")] = Path("perf-demo"),
    port: Annotated[int, typer.Option("--port", help="端口。", min=1, max=65535)] = 8800,
    db: DbOption = None,
) -> int:
    """在本机浏览(只读,只在 127.0.0.1):选机构、选人,看得分、应发的来历和 PDF。"""
    import uvicorn

    from perf.services.demo import is_whole
    from perf.web.app import create_app
    from perf.web.store_source import StoreSource

    _require_free(port)
    address = db
    if use_demo:
        address = str(out / "perf.db")
        if not is_whole(out):
            demo(out=out)
    actor = acting(None)
    store = opened(database_url(address), actor)
    say(screen(), Text(f"打开 http://127.0.0.1:{port}  (Ctrl+C 结束)", f"open http://127.0.0.1:{port}  (Ctrl+C ends)"))
    uvicorn.run(create_app(StoreSource(store, actor)), host="127.0.0.1", port=port, log_level="warning")
    return DONE


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StateRefused(
                Text(
                    f"端口 {port} 已被占用或不许使用;换一个,例如 --port {port % 65535 + 1}",
                    f"port {port} is taken or not allowed; choose another, such as --port {port % 65535 + 1}",
                )
            ) from error


def demo(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹。", metavar="DIR")] = Path("perf-demo"),
    again: Annotated[bool, typer.Option("--again", help="已经做好的也重做;其中录入的一并删去。")] = False,
    json: JsonOption = False,
) -> int:
    """做演示县:建库、读入工作簿、计分、分配、发布、写通知单,最后说明都在哪里;做好的不再重做,中断的从头再做。"""
    from perf.cli.demo_screen import DemoScreen
    from perf.services.demo import demo_made_before, is_half_made, run_demo

    console = people() if json else screen()
    if not again and (said := demo_made_before(out)) is not None:
        DemoScreen(console).made_before(said, as_json=json)
        return DONE
    if is_half_made(out):
        say(
            console,
            Text(
                f"{out} 里的演示县上次没有做完,从头再做。", f"the demonstration in {out} is half made; it is made anew."
            ),
        )
    with DemoScreen(console) as shown:
        result = run_demo(out, now=now(), watch=shown)
    shown.summary(result, as_json=json)
    return PARTLY if result.is_partial else DONE
