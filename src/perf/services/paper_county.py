"""上报表: what the county gets of a run: every institution's score by dimension, and the money by institution."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from perf.appraisal.figure_text import STATUS
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.excel.paper_form import PaperForm
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.scoring.models import Scorecard
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.overview import institution_rows
from perf.services.paper_heads import heading_of, in_words, origin_of, sheet_names
from perf.services.reports import name_of, paid_by_unit
from perf.storage.store import Store

_SIGNATURES = (
    "填报单位(章):                    单位负责人:                    填报人:                    电话:                    ",
    "报出日期:      年    月    日",
)


def county_reports(store: Store, loaded: Sequence[LoadedRun], actor: Actor) -> list[Report]:
    """Of each run a sheet for every scheme of institutions, and one for the money."""
    del store, actor
    made = [report for run in loaded for report in (*_score_sheets(run), *_money_sheet(run))]
    names = sheet_names(report.sheet for report in made)
    return [replace(report, sheet=name) for report, name in zip(made, names, strict=True)]


def _score_sheets(run: LoadedRun) -> Iterable[Report]:
    schemes: dict[str, list[Scorecard]] = {}
    for card in run.scores.cards.values():
        segment = run.roster.at(card.subject, run.run.period)
        if segment is not None and segment.level != "person":
            schemes.setdefault(card.scheme, []).append(card)
    for _, cards in sorted(schemes.items()):
        cards.sort(key=lambda card: (card.rank or len(cards) + 1, card.subject))
        dimensions = {item.item: item.title.zh for card in cards for item in card.items if item.type == "dimension"}
        waiting = sum(1 for card in cards if card.total is None)
        told = f"{len(cards)} 家,未出总分 {waiting} 家" if waiting else f"{len(cards)} 家,全部出分"
        yield Report(
            f"{heading_of(run)}{cards[0].title.zh}结果上报表",
            (
                ReportColumn("序号", "number", "0", 7),
                ReportColumn("机构编码"),
                ReportColumn("机构名称"),
                *(ReportColumn(title, "number", "0.00", 13) for title in dimensions.values()),
                ReportColumn("总分", "number", "0.00", 9),
                ReportColumn("等次", width=9, is_centred=True),
                ReportColumn("名次", width=9, is_centred=True),
                ReportColumn("系数", "number", width=9, is_centred=True),
                ReportColumn("说明", width=14),
            ),
            [_score_row(run, number, card, dimensions) for number, card in enumerate(cards, 1)],
            note=f"{origin_of([run.run])}。{told};各维度为计入总分的分数。",
            frozen_columns=3,
            sheet=f"{run.run.consortium} {cards[0].title.zh}",
            form=PaperForm(_SIGNATURES, row_height=20),
        )


def _score_row(run: LoadedRun, number: int, card: Scorecard, dimensions: Iterable[str]) -> list[ReportValue]:
    scores = {item.item: item.score for item in card.items if item.type == "dimension"}
    rank = f"{card.rank}/{card.rank_of}" if card.rank is not None else ""
    remark = "" if card.status == "scored" else STATUS[card.status].zh
    return [
        number,
        card.subject,
        name_of(run, card.subject),
        *(_short(scores.get(code)) for code in dimensions),
        card.total,
        card.grade,
        rank,
        card.coefficient,
        remark,
    ]


def _short(score: Fraction | None) -> Fraction | None:
    """A score to four decimals: a paper shows two, and no cell holds an endless fraction."""
    return None if score is None else money_from_yuan(score * 100).yuan / 100


def _money_sheet(run: LoadedRun) -> Iterable[Report]:
    paid: dict[str, list[Money]] = {}
    for (unit, _), amount in paid_by_unit(run).items():
        if amount:
            paid.setdefault(unit, []).append(amount)
    received = {row.subject: row.amount for row in institution_rows(run) if row.amount is not None}
    units = sorted({*paid, *received})
    rows: list[list[ReportValue]] = []
    for number, unit in enumerate(units, 1):
        amounts = paid.get(unit, [])
        gross, people = total(amounts), len(amounts)
        mean = money_from_yuan(gross.yuan / people) if people else ZERO
        formula = Formula("=IF(E{row}=0,0,ROUND(F{row}/E{row},2))", mean)
        rows.append([number, unit, name_of(run, unit), received.get(unit), people, gross, formula])
    if not rows:
        return
    yield Report(
        f"{heading_of(run)}绩效资金上报表",
        (
            ReportColumn("序号", "number", "0", 7),
            ReportColumn("机构编码"),
            ReportColumn("机构名称"),
            ReportColumn("到账资金(元)", "money", width=18),
            ReportColumn("发放人数", "number", "0", 10, is_summed=True),
            ReportColumn("个人应发(元)", "money", width=18),
            ReportColumn("人均(元)", "money", width=14, is_summed=False),
        ),
        rows,
        note=f"{origin_of([run.run])}。到账资金:医共体分到各单位的资金和内部市场净额;个人应发:由各单位资金发给个人的金额。",
        has_totals=True,
        frozen_columns=3,
        sheet=f"{run.run.consortium} 绩效资金",
        form=PaperForm(
            (in_words(total(one for all_ in paid.values() for one in all_), "个人应发合计"), *_SIGNATURES),
            row_height=20,
        ),
    )
