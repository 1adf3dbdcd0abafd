"""`simulate`: money of past months under other rules, prices or facts: who gains, who loses, what it costs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, PARTLY, lang, people, print_issues, print_json, say, screen
from perf.cli.session import ByOption, DbOption, JsonOption, acting, opened
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perf.kernel.periods import Period
    from perf.services.scenarios import Scenario
    from perf.services.simulate import Simulation

_NAME = "试算"
PERIODS_MAX = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "simulate",
        epilog="例: perf-pay simulate 夜班100元 --periods 2025-01..2025-06 --set "
        "'staff_monthly.parameters.night_rate.values=[{from: 2024-01, value: 100}]'",
    )(simulate)


Periods = Annotated[
    str, typer.Option("--periods", help="期间:2025-06 或 2025-01..2025-12,至多十二期。", metavar="A..B")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="改动规则,可重复:规则.键=值(权重、目标、价目、参数、开关……)。", metavar="PATH=VALUE"),
]
FactOption = Annotated[
    list[str] | None,
    typer.Option("--fact", help="改动一个数,可重复:对象,数据项,期间=数值;等号后空着:当作没有报。", metavar="S,M,P=V"),
]
FactsFile = Annotated[
    Path | None,
    typer.Option("--facts", help="改动许多数:CSV 或 xlsx(subject,period,measure,value)。", show_default=False),
]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="整套换成这个文件夹的规则。", metavar="DIR", show_default=False)
]
ConsortiumOption = Annotated[
    str | None, typer.Option("--consortium", help="只看这个医共体。", metavar="CODE", show_default=False)
]
InstitutionOption = Annotated[
    str | None, typer.Option("--institution", help="只数这个单位的人员。", metavar="CODE", show_default=False)
]
AloneOption = Annotated[
    bool, typer.Option("--each-alone", help="各月单独试算,不把上月试算的结存、尾差、累计带到下月。")
]
SavedOption = Annotated[
    Path | None, typer.Option("--scenario", help="再算一遍保存的试算。", metavar="FILE", show_default=False)
]
SaveOption = Annotated[
    Path | None, typer.Option("--save", help="保存这次试算:名称、改动、结果摘要。", metavar="FILE", show_default=False)
]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", help="每个人一行,写成 CSV。", metavar="FILE", show_default=False)
]
TopOption = Annotated[int, typer.Option("--top", help="得失最多的各列几人。", min=0, max=1000)]


def simulate(
    name: Annotated[str, typer.Argument(help="试算的名称。", metavar="[NAME]", show_default=False)] = "",
    periods: Periods = "",
    changes: Settings = None,
    facts: FactOption = None,
    facts_csv: FactsFile = None,
    rules: RulesOption = None,
    consortium: ConsortiumOption = None,
    institution: InstitutionOption = None,
    alone: AloneOption = False,
    saved: SavedOption = None,
    save: SaveOption = None,
    out: CsvOption = None,
    top: TopOption = 5,
    by: ByOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """试算分配:换规则、权重、价目或数据,把过去一到十二个月的钱重分一遍,看谁多谁少、要花多少;不改变任何已存的结果。"""
    from perf.cli.simulate_tables import print_simulation, simulation_json
    from perf.services.choose_runs import runs_of
    from perf.services.files import write_atomically
    from perf.services.scenarios import fact_row, fact_rows, read_scenario, save_scenario
    from perf.services.simulate import simulate as ask

    actor = acting(by)
    rows = (*map(fact_row, facts or ()), *(fact_rows(facts_csv) if facts_csv else ()))
    scenario, earlier = _scenario(name, changes or (), rows, rules, is_alone=alone), ""
    if saved is not None:
        _require_nothing_else(scenario)
        scenario, earlier = read_scenario(saved)
    wanted = _periods(periods)
    store = opened(db, actor)
    asked = runs_of(store, actor, wanted, consortium)
    found = ask(store, scenario, asked, actor=actor, institution=institution)
    if out is not None:
        from perf.services.simulation_rows import persons_csv

        write_atomically({out: persons_csv(found)})
    if save is not None:
        save_scenario(save, scenario, runs=[month.run for month in found.months], digest=found.digest)
    same = None if not earlier else earlier == found.digest
    if json:
        print_json({**simulation_json(found), **({} if same is None else {"same_as_saved": same})})
    else:
        print_simulation(screen(), found, top=top)
        _told(found, same=same, files=[path for path in (out, save) if path is not None])
    refused = [issue for month in found.months for issue in month.issues]
    if refused:
        print_issues(people(), refused)
    return PARTLY if any(month.refused for month in found.months) else DONE


def _scenario(
    name: str, changes: "Sequence[str]", rows: "tuple[Mapping[str, str], ...]", rules: Path | None, *, is_alone: bool
) -> "Scenario":
    from perf.cli.province_commands import read_changes
    from perf.services.files import rule_texts
    from perf.services.scenarios import Scenario

    folder = rule_texts(rules) if rules is not None else None
    return Scenario(name or _NAME, read_changes(changes), rows, folder, carries_on=not is_alone)


def _require_nothing_else(scenario: "Scenario") -> None:
    from perf.kernel.errors import WrongUse

    if scenario.settings or scenario.facts or scenario.folder is not None:
        raise WrongUse(
            Text("--scenario 不能和 --set、--fact、--rules 一起用", "--scenario goes without --set, --fact, --rules")
        )


def _periods(text: str) -> "list[Period]":
    from perf.cli.province_commands import read_periods
    from perf.kernel.errors import WrongUse

    wanted = read_periods(text) if text else []
    if not wanted or len(wanted) > PERIODS_MAX:
        raise WrongUse(Text("--periods 要写一到十二个期间", "--periods takes one to twelve periods"))
    return wanted


def _told(found: "Simulation", *, same: bool | None, files: "list[Path]") -> None:
    console = screen()
    if found.unused:
        named = "、".join(found.unused), ", ".join(found.unused)
        say(
            console,
            Text(
                f"改了 {named[0]},但这些规则分钱时用不到它",
                f"{named[1]} was changed, but no rule for money looks at it",
            ),
        )
    if same is not None:
        say(
            console,
            Text("与保存时的结果相同", "the same as when it was saved")
            if same
            else Text(
                "与保存时的结果不同(核算或程序变了)", "not the same as when it was saved: runs or program changed"
            ),
        )
    for path in files:
        say(console, Text(f"已写 {path}", f"written: {path}"))


def scenario_words(scenario: "Scenario") -> Text:
    """What a scenario changes, in a line."""
    parts = [f"{path} = {value}" for path, value in scenario.settings.items()]
    zh, en = list(parts), list(parts)
    if scenario.facts:
        zh.append(f"数据 {len(scenario.facts)} 个")
        en.append(f"{len(scenario.facts)} facts")
    if scenario.folder is not None:
        zh.append("整套规则")
        en.append("all rules")
    return Text(";".join(zh) or "没有改动", "; ".join(en) or "no change")


def spoken(text: Text) -> str:
    """In the reader's language."""
    return text.in_lang(lang())
