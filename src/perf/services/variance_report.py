"""`export variance`: a run against earlier ones as a workbook; differences and shares are formulas."""

from collections.abc import Iterable, Mapping, Sequence

from perf.appraisal.prose import prose
from perf.appraisal.variance_causes import Cause
from perf.appraisal.variance_view import Limits, PersonMove
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.kernel.money import ZERO, Money
from perf.kernel.text import Lang, Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.pinned_rules import book_of_run
from perf.services.reports import name_of
from perf.services.variance import Comparison, compare_run, lists_of
from perf.storage.store import Store

LISTS = {
    "moved": Text("变动最大", "moved most"),
    "newcomers": Text("新增", "newcomers"),
    "leavers": Text("减少", "leavers"),
    "unpaid": Text("没有应发", "without pay"),
    "capped": Text("封顶或超限", "capped"),
}
GROUPS = {"institution": Text("单位", "institution"), "category": Text("类别", "category"), "all": Text("合计", "all")}
_CAUSES_MAX = 5
_SHARE = "+0.0%;-0.0%;0.0%"


def variance_reports(store: Store, loaded: Sequence[LoadedRun], lang: Lang, *, actor: Actor) -> list[Report]:
    """A sheet of groups, and one for each list of persons; of each against the month and the year before."""
    titles: dict[str, Text] = {}
    for run in loaded:
        with store.read() as connection:
            titles |= book_of_run(connection, actor.viewer, run.run.id).value_titles.get("category", {})
    known = {run.run.id: run for run in loaded}
    found = [
        (run.run.id, comparison)
        for run in loaded
        for comparison in compare_run(store, run=run.run.id, actor=actor, limits=Limits())
    ]
    reports = [_groups(found, titles, lang)]
    for name, title in LISTS.items():
        rows = [
            [run, f"{comparison.title.in_lang(lang)} {comparison.period}", *_person(known[run], move, titles, lang)]
            for run, comparison in found
            if comparison.variance is not None
            for move in dict(lists_of(comparison.variance))[name]
        ]
        words = (Text("批次", "run"), Text("对比", "against"), Text("工号", "staff no."), Text("姓名", "name"))
        heads = (*words, Text("单位", "institution"), Text("类别", "category"))
        columns = (
            *(ReportColumn(word.in_lang(lang)) for word in heads),
            *_amounts(lang),
            ReportColumn(Text("原因", "causes").in_lang(lang), width=70),
        )
        reports.append(Report(title.in_lang(lang), columns, rows, frozen_columns=4, lang=lang))
    return reports


def _amounts(lang: Lang) -> tuple[ReportColumn, ...]:
    money = [Text("原(元)", "before"), Text("现(元)", "now"), Text("差额(元)", "difference")]
    return (
        *(ReportColumn(word.in_lang(lang), "money") for word in money),
        ReportColumn(Text("幅度", "share").in_lang(lang), "number", _SHARE, width=10),
    )


def _person(run: LoadedRun, move: PersonMove, titles: Mapping[str, Text], lang: Lang) -> list[ReportValue]:
    causes = _told(move.causes, lang)
    share = Formula("=I{row}/G{row}", move.share) if move.share is not None else None
    change = Formula("=H{row}-G{row}", move.difference)
    category = titles.get(move.category, Text(move.category)).in_lang(lang)
    home = name_of(run, move.institution) if move.institution else ""
    return [move.staff_no, move.name, home, category, move.old, move.new, change, share, causes]


def _told(causes: Sequence[Cause], lang: Lang) -> str:
    """The reasons, one a line: first those that move money, from the largest; what moves none is left to the terminal."""
    moving = sorted((one for one in causes if one.amount), key=lambda one: -abs(one.amount.fen if one.amount else 0))
    beside = [one for one in causes if one.amount is None and one.kind != "rule"]
    chosen = [*moving[:_CAUSES_MAX], *beside[: max(_CAUSES_MAX - len(moving), 1)]]
    left = len(moving) + len(beside) - len(chosen)
    lines = [prose(one.text).in_lang(lang) + (f" {_signed(one.amount)}" if one.amount else "") for one in chosen]
    rest = Text(f"另有 {left} 项", f"{left} more").in_lang(lang)
    return "\n".join([*lines, *([rest] if left else [])])


def _signed(amount: Money) -> str:
    return f"(+{amount.text()})" if amount > ZERO else f"({amount.text()})"


def _groups(found: Iterable[tuple[str, Comparison]], titles: Mapping[str, Text], lang: Lang) -> Report:
    words = (Text("批次", "run"), Text("对比", "against"), Text("按", "by"), Text("名称", "name"))
    columns = (
        *(ReportColumn(word.in_lang(lang)) for word in words),
        ReportColumn(Text("原人数", "people before").in_lang(lang), "number", "0"),
        ReportColumn(Text("现人数", "people now").in_lang(lang), "number", "0"),
        *_amounts(lang),
    )
    rows: list[list[ReportValue]] = []
    for run, comparison in found:
        against = f"{comparison.title.in_lang(lang)} {comparison.period}"
        if comparison.variance is None:
            none = Text("没有已发布的核算", "no published run").in_lang(lang)
            rows.append([run, against, none, *[None] * (len(columns) - 3)])
            continue
        for group in comparison.variance.groups:
            change = Formula("=H{row}-G{row}", group.difference)
            share = Formula("=I{row}/G{row}", group.difference.yuan / group.old.yuan) if group.old != ZERO else None
            name = titles.get(group.name, Text(group.name)).in_lang(lang) or GROUPS[group.by].in_lang(lang)
            people = [group.old_people, group.new_people]
            rows.append(
                [run, against, GROUPS[group.by].in_lang(lang), name, *people, group.old, group.new, change, share]
            )
    return Report(Text("变动汇总", "variance").in_lang(lang), columns, rows, frozen_columns=4, lang=lang)
