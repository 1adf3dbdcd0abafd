"""`export scorebook|ranking`: a month's scorecards as tables, a sheet for each scheme; from stored results."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from perf.appraisal.figure_text import STATUS
from perf.excel.cells import column_letters
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.excel.headers import unit_title
from perf.kernel.figures import finite_decimal, fixed
from perf.kernel.text import Lang, Text
from perf.scoring import Scorecard
from perf.scoring.models import ScoreItem
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.reports import name_of
from perf.storage import history
from perf.storage.store import Store

_SCALED = {"permille": 1000, "per_10k": 10_000}
_DIGITS_MAX = 12
_TWO = "0.00"
_NOTE = Text(
    "值、得分、权重都是计分时所用的数;除不尽的按 12 位小数写出。",
    "Values, points and weights as they were used; what has no finite decimal is written to 12 places.",
)
_Card = tuple[LoadedRun, Scorecard]


def score_book(loaded: Sequence[LoadedRun], lang: Lang) -> list[Report]:
    """Of each scheme a sheet: everybody's total, and under each indicator its value, points and weight."""
    return [_book(title, cards, lang) for title, cards in _by_scheme(loaded)]


def ranking(store: Store, loaded: Sequence[LoadedRun], lang: Lang, *, actor: Actor) -> list[Report]:
    """Of each scheme a sheet in the order of rank, with the total of the period before and the change as a formula."""
    before: dict[tuple[str, str], Fraction | None] = {}
    with store.read() as connection:
        for one in loaded:
            run = one.run
            past = history.past_totals(connection, actor.viewer, run.consortium, run.period, periods=1)
            before |= {(total.scheme, total.subject): total.total for total in past}
    return [_ranking(title, cards, before, lang) for title, cards in _by_scheme(loaded)]


def _by_scheme(loaded: Sequence[LoadedRun]) -> Iterable[tuple[Text, list[_Card]]]:
    """The cards of each scheme by run, of people by institution, rank (none last), total from above, subject."""
    found: dict[str, list[_Card]] = {}
    for run in loaded:
        for (scheme, _), card in run.scores.cards.items():
            found.setdefault(scheme, []).append((run, card))
    for _, cards in sorted(found.items()):
        cards.sort(key=lambda pair: (pair[0].run.id, _home(*pair), _order(pair[1])))
        yield cards[0][1].title, cards


def _home(run: LoadedRun, card: Scorecard) -> str:
    """The institution of a person, whose ranks are its own; empty for an institution."""
    segment = run.roster.at(card.subject, card.period)
    is_person = segment is not None and segment.level == "person"
    return (run.roster.ancestor(card.subject, "institution", card.period) or "") if is_person else ""


def _order(card: Scorecard) -> tuple[bool, int, bool, Fraction, str]:
    total = card.total if card.total is not None else Fraction(0)
    return card.rank is None, card.rank or 0, card.total is None, -total, card.subject


def _keys(lang: Lang, *, is_persons: bool) -> tuple[ReportColumn, ...]:
    words = [Text("名次", "rank"), Text("编码", "code"), Text("名称", "name")]
    if is_persons:
        words = [Text("名次", "rank"), Text("工号", "staff no."), Text("姓名", "name"), Text("单位", "institution")]
    first, *others = (word.in_lang(lang) for word in words)
    return (ReportColumn(first, "number", width=7, is_centred=True), *(ReportColumn(word) for word in others))


def _is_persons(cards: Sequence[_Card]) -> bool:
    levels = {segment.level for run, card in cards if (segment := run.roster.at(card.subject, card.period)) is not None}
    return "person" in levels


def _key_cells(run: LoadedRun, card: Scorecard, *, is_persons: bool) -> list[ReportValue]:
    names = [name_of(run, card.subject)]
    if is_persons:
        home = run.roster.ancestor(card.subject, "institution", card.period)
        names.append(name_of(run, home) if home else "")
    return [None if card.rank is None else Fraction(card.rank), card.subject, *names]


def _book(title: Text, cards: Sequence[_Card], lang: Lang) -> Report:
    is_persons = _is_persons(cards)
    items = list({(row.parent, row.item): row for _, card in cards for row in card.items}.values())
    head = _keys(lang, is_persons=is_persons)
    columns = [*head, *_total_columns(lang), ReportColumn(Text("状态", "status").in_lang(lang), is_centred=True)]
    for row in items:
        columns += _item_columns(row, lang)
    rows: list[list[ReportValue]] = []
    for run, card in cards:
        own = {(row.parent, row.item): row for row in card.items}
        cells = [*_key_cells(run, card, is_persons=is_persons), *_total_cells(card)]
        cells.append(STATUS[card.status].in_lang(lang) if card.status in STATUS else card.status)
        for row in items:
            cells += _item_cells(row, own.get((row.parent, row.item)))
        rows.append(cells)
    return Report(
        _heading(title, Text("得分册", "score book"), cards, lang),
        tuple(columns),
        rows,
        note=_NOTE.in_lang(lang),
        frozen_columns=len(head),
        sheet=title.in_lang(lang),
        lang=lang,
    )


def _total_columns(lang: Lang) -> list[ReportColumn]:
    return [
        ReportColumn(Text("总分", "total").in_lang(lang), "number", _TWO),
        ReportColumn(Text("等次", "grade").in_lang(lang), is_centred=True),
        ReportColumn(Text("系数", "coefficient").in_lang(lang), "number", is_centred=True),
    ]


def _total_cells(card: Scorecard) -> list[ReportValue]:
    return [written(card.total), card.grade, written(card.coefficient)]


def _item_columns(row: ScoreItem, lang: Lang) -> list[ReportColumn]:
    title = row.title.in_lang(lang)
    words = [
        ReportColumn(Text("得分", "points").in_lang(lang), "number", _TWO, group=title),
        ReportColumn(Text("权重", "weight").in_lang(lang), "number", group=title),
    ]
    if row.type != "indicator":
        return words
    number_format = "0.00%" if row.value_unit == "percent" else ""
    unit = "" if row.value_unit == "percent" else unit_title(row.value_unit)
    header = Text(f"值({unit})" if unit else "值", "value").in_lang(lang)
    return [ReportColumn(header, "number", number_format, group=title), *words]


def _item_cells(row: ScoreItem, own: ScoreItem | None) -> list[ReportValue]:
    """`row` says which columns there are; `own` is what this subject has, None where it is not asked."""
    if own is None:
        return [None] * (3 if row.type == "indicator" else 2)
    value: ReportValue = own.value if isinstance(own.value, str) else None
    if isinstance(own.value, Fraction | int):
        value = written(Fraction(own.value) * _SCALED.get(own.value_unit, 1))
    points: list[ReportValue] = [written(own.points), written(own.weight)]
    return [value, *points] if row.type == "indicator" else points


def _ranking(
    title: Text, cards: Sequence[_Card], before: Mapping[tuple[str, str], Fraction | None], lang: Lang
) -> Report:
    is_persons = _is_persons(cards)
    head = _keys(lang, is_persons=is_persons)
    columns = (
        *head,
        *_total_columns(lang),
        ReportColumn(Text("同组", "of").in_lang(lang), "number", is_centred=True),
        ReportColumn(Text("上期总分", "total before").in_lang(lang), "number", _TWO),
        ReportColumn(Text("变化", "change").in_lang(lang), "number", "+0.00;-0.00;0.00", width=10),
    )
    now, then = column_letters(len(head) + 1), column_letters(len(head) + 5)
    rows: list[list[ReportValue]] = []
    for run, card in cards:
        old = before.get((card.scheme, card.subject))
        cells = [*_key_cells(run, card, is_persons=is_persons), *_total_cells(card)]
        cells += [None if card.rank_of is None else Fraction(card.rank_of), written(old)]
        both = card.total is not None and old is not None
        change = Formula(f"={now}{{row}}-{then}{{row}}", (card.total or Fraction(0)) - (old or Fraction(0)))
        rows.append([*cells, change if both else None])
    return Report(
        _heading(title, Text("排名", "ranking"), cards, lang),
        columns,
        rows,
        frozen_columns=len(head),
        sheet=title.in_lang(lang),
        lang=lang,
    )


def _heading(title: Text, what: Text, cards: Sequence[_Card], lang: Lang) -> str:
    """`2025年6月 医师月度考核 排名(核算 G2:2025-06#1)`."""
    runs = "、".join(dict.fromkeys(run.run.id for run, _ in cards))
    if lang == "en":
        return f"{title.in_lang(lang)}, {what.in_lang(lang)} (run {runs})"
    periods = "、".join(dict.fromkeys(run.run.period.zh() for run, _ in cards))
    return f"{periods} {title.zh} {what.zh}(核算 {runs})"


def written(number: Fraction | None) -> Fraction | None:
    """As it can be written in a cell: with at most twelve places where it has no finite decimal."""
    if number is None or finite_decimal(number) is not None:
        return number
    return Fraction(fixed(number, _DIGITS_MAX))
