"""`roster`: the people as they count now, numbers masked."""

import re
from pathlib import Path
from typing import Annotated

import typer

from perf.cli.database_commands import SpecsOption
from perf.cli.output import DONE, lang, people, print_json, say, screen, table
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.errors import WrongUse
from perf.kernel.identity_fields import FIELDS, RULES, IdentityField
from perf.kernel.subjects import Segment
from perf.kernel.text import Text

PEOPLE_SHOWN_MAX = 200
_HIDDEN = re.compile(r"\*{5,}")  # on a narrow screen the last signs matter, not how many stand before them


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "roster",
        epilog="例: perf-pay roster 010203 · perf-pay roster --institution LJ02 -o 花名册.xlsx · "
        "perf-pay roster 010203 --reveal bank_card --reason 核对退票",
    )(roster)


def roster(
    person: Annotated[
        str, typer.Argument(help="工号或姓名;不写则列出全部。", metavar="[WHO]", show_default=False)
    ] = "",
    institution: Annotated[str, typer.Option("--institution", help="只要这家机构的人。")] = "",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="写成花名册 xlsx,可以再导入。", metavar="X.xlsx", show_default=False),
    ] = None,
    reveal: Annotated[
        list[str] | None,
        typer.Option(
            "--reveal",
            help="这一项显示全号:citizen_id | phone | bank_card | bank_account,可多个;须写 --reason,逐次记入审计。",
            metavar="FIELD",
            show_default=False,
        ),
    ] = None,
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> int:
    """现在的花名册:人、单位、科室、岗位;证件号、卡号只显示末四位。"""
    from perf.services.identity_reading import fields_named
    from perf.services.people_list import listed, people_workbook, with_numbers

    in_clear = fields_named(reveal or [])
    if in_clear and not reason.strip():
        raise WrongUse(Text("看全号须写明理由:--reason", "whole numbers need a --reason"))
    actor = acting(by)
    store = opened(db, actor)
    segments = listed(store, actor=actor, institution=institution, person=person)
    numbers = with_numbers(store, segments, actor=actor, now=now(), in_clear=in_clear, reason=reason)
    console = people() if json else screen()
    if out is not None:
        from perf.services.files import write_atomically
        from perf.services.rules import readable_book

        write_atomically({out: people_workbook(segments, numbers, readable_book(specs).attributes)})
        say(console, Text(f"花名册 {len(segments)} 行 → {out}", f"{len(segments)} rows → {out}"))
    elif not json:
        _show(segments, numbers)
    if json:
        print_json([_as_json(one, numbers.get(one.subject, {})) for one in segments])
    return DONE


def _show(segments: list[Segment], numbers: dict[str, dict[IdentityField, str]]) -> None:
    persons = [one for one in segments if one.level == "person"]
    names = {one.subject: one.title for one in segments}
    fields = [name for name in FIELDS if any(name in numbers.get(one.subject, {}) for one in persons)]
    columns = [Text("工号", "staff no"), Text("姓名", "name"), Text("单位", "institution"), Text("科室", "department")]
    columns += [Text("岗位", "post"), *(RULES[name].title for name in fields)]
    rows = [_row(one, names, numbers.get(one.subject, {}), fields) for one in persons[:PEOPLE_SHOWN_MAX]]
    title = Text(f"花名册 {len(persons)} 行", f"{len(persons)} rows of the roster")
    screen().print(table(title.in_lang(lang()), [(column.in_lang(lang()), False) for column in columns], rows))
    if (rest := len(persons) - PEOPLE_SHOWN_MAX) > 0:
        say(screen(), Text(f"… 另有 {rest} 行;-o 写成工作簿", f"… {rest} more; -o writes a workbook"))


def _row(one: Segment, names: dict[str, str], own: dict[IdentityField, str], fields: list[IdentityField]) -> list[str]:
    where = (names.get(one.parent, one.parent), one.attributes.get("department", ""), one.attributes.get("post", ""))
    return [one.subject, one.title, *where, *(_HIDDEN.sub("****", own.get(name, "")) for name in fields)]


def _as_json(one: Segment, numbers: dict[IdentityField, str]) -> dict[str, object]:
    return {
        "subject": one.subject,
        "level": one.level,
        "name": one.title,
        "parent": one.parent,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "attributes": dict(one.attributes),
        "numbers": dict(numbers),
    }
