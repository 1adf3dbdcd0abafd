"""`export bankfile`: the file for the bank, what is in it and what is not."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perf.cli.output import DONE, PARTLY, issues_json, people, print_issues, print_json, say, screen
from perf.kernel.money import ZERO, total
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.actors import Actor
    from perf.services.bank_file import BankFile, Payee
    from perf.storage.store import Store


def write_bank_file(
    store: "Store", *, actor: "Actor", run: str, out: Path, bank: str, remark: str, reason: str, as_json: bool
) -> int:
    """Write the file and tell people, sums, and who is not in it; 1 where somebody is left without a card."""
    from perf.cli.session import now
    from perf.services.bank_file import bank_file
    from perf.services.bank_file_audit import note_bank_file
    from perf.services.bank_layouts import layout_named
    from perf.services.choose_runs import choose_runs
    from perf.services.files import write_atomically
    from perf.services.load_run import load_run

    layout = layout_named(bank)
    loaded = [load_run(store, run=one.id, actor=actor) for one in choose_runs(store, run, actor=actor)]
    at = now()
    made = bank_file(store, loaded, actor=actor, now=at, layout=layout, out=out, remark=remark, reason=reason)
    write_atomically(dict(made.files))
    people_sent, is_net = len(made.sent), made.is_net
    note_bank_file(store, made.runs, people=people_sent, is_net=is_net, actor=actor, now=at, reason=reason)
    console = people() if as_json else screen()
    what = Text("实发", "net") if made.is_net else Text("应发(没有代扣规则)", "gross, there is no payroll rule")
    say(
        console,
        Text(
            f"银行代发 {len(made.sent)} 人,{what.zh} {made.amount} 元 → {'、'.join(map(str, made.files))}",
            f"bank file: {len(made.sent)} people, {what.en} {made.amount} yuan → {', '.join(map(str, made.files))}",
        ),
    )
    if len(made.runs) > len(loaded):
        together = "、".join(run.id for run in made.runs)
        say(
            console,
            Text(
                f"同一次代扣一并发放 {together},都在这份文件里;不要再按其中另一次导出一份交银行",
                f"one payroll pays {together}, and all of it is in this file: send no other one for any of them",
            ),
        )
    if made.without_card:
        say(
            console,
            Text(
                f"没有银行卡号、未列入:{len(made.without_card)} 人,{_sum(made.without_card)} 元",
                f"without a card, left out: {len(made.without_card)} people, {_sum(made.without_card)} yuan",
            ),
        )
    if made.not_sent:
        say(
            console,
            Text(
                f"金额为 0、为负或实发未算,不发送:{len(made.not_sent)} 人",
                f"zero, negative or not computed, not sent: {len(made.not_sent)} people",
            ),
        )
    if as_json:
        print_json(_as_json(made))
    else:
        print_issues(console, made.issues)
    return PARTLY if made.without_card else DONE


def _sum(payees: "Sequence[Payee]") -> str:
    return str(total(one.amount or ZERO for one in payees))


def _as_json(made: "BankFile") -> dict[str, object]:
    return {
        "what": "bankfile",
        "runs": [run.id for run in made.runs],
        "files": [str(path) for path in made.files],
        "is_net": made.is_net,
        "people": len(made.sent),
        "amount_fen": made.amount.fen,
        "without_card": [one.staff_no for one in made.without_card],
        "not_sent": [one.staff_no for one in made.not_sent],
        "issues": issues_json(made.issues),
    }
