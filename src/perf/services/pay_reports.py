"""`export distribution|annual`: who gets what under which line, where the funds went, a year month by month."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from perf.appraisal.corrected_pay import line_title
from perf.distribution.adjustments import RETURNED
from perf.excel.cells import column_letters
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.kernel.errors import NotFound
from perf.kernel.money import ZERO, Money, total
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Lang, Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, find_runs
from perf.services.reports import name_of, unit_of
from perf.services.score_reports import written
from perf.services.workbooks import stored_roster
from perf.storage import history
from perf.storage.runs import Run
from perf.storage.store import Store

_PAID = Text("应发", "gross pay")
_SUM = Text("合计", "total")
_KINDS = {
    "person": Text("发给个人", "to persons"),
    "held": Text("暂存", "held"),
    "reserve": Text("预留", "reserves"),
    "institution": Text("单位", "institutions"),
    "fund": Text("转入其他资金", "to other funds"),
    "outside": Text("退回外部", "back outside"),
    "left": Text("剩余", "left"),
}
_Cells = list[ReportValue]


def distribution_tables(loaded: Sequence[LoadedRun], lang: Lang) -> list[Report]:
    """By institution, by person (a column for each line), and by fund; sums of rows and columns are formulas."""
    amounts: dict[tuple[str, str, str], dict[str, Money]] = {}
    runs = {one.run.id: one for one in loaded}
    lines: dict[str, None] = {}
    for run in loaded:
        for entry in run.ledger.entries:
            for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
                kind, _, name = account.partition(":")
                if kind == "person" and entry.status != RETURNED:
                    line = line_title(entry).in_lang(lang)
                    lines.setdefault(line)
                    own = amounts.setdefault((run.run.id, unit_of(run, entry.owner, name), name), {})
                    own[line] = own.get(line, ZERO) + amount
    names = sorted(lines)
    return [
        _by_institution(amounts, runs, names, lang),
        _by_person(amounts, runs, names, lang),
        *(_funds(run, lang) for run in loaded),
    ]


def _line_columns(names: Sequence[str], lang: Lang) -> tuple[ReportColumn, ...]:
    return (*(ReportColumn(name, "money") for name in names), ReportColumn(_PAID.in_lang(lang), "money"))


def _line_cells(own: Mapping[str, Money], names: Sequence[str], before: int) -> _Cells:
    """The amounts, and their sum as a formula; `before` columns stand left of them."""
    first, last = column_letters(before + 1), column_letters(before + len(names))
    whole = Formula(f"=SUM({first}{{row}}:{last}{{row}})", total(own.values()))
    return [*(own.get(name) for name in names), whole]


def _by_institution(
    amounts: Mapping[tuple[str, str, str], Mapping[str, Money]],
    runs: Mapping[str, LoadedRun],
    names: Sequence[str],
    lang: Lang,
) -> Report:
    sums: dict[tuple[str, str], dict[str, Money]] = {}
    people: dict[tuple[str, str], set[str]] = {}
    for (run, unit, person), own in amounts.items():
        whole = sums.setdefault((run, unit), {})
        if total(own.values()):
            people.setdefault((run, unit), set()).add(person)
        for line, amount in own.items():
            whole[line] = whole.get(line, ZERO) + amount
    columns = (
        *(ReportColumn(text.in_lang(lang)) for text in (Text("批次", "run"), Text("编码", "code"))),
        ReportColumn(Text("单位", "institution").in_lang(lang)),
        ReportColumn(Text("人数", "people").in_lang(lang), "number", "0", is_summed=True),
        *_line_columns(names, lang),
    )
    rows: list[_Cells] = [
        [run, unit, name_of(runs[run], unit), Fraction(len(people.get((run, unit), ()))), *_line_cells(own, names, 4)]
        for (run, unit), own in sorted(sums.items())
    ]
    return _report(Text("按单位", "by institution"), columns, rows, lang, frozen=3, when=_when_of(runs.values(), lang))


def _by_person(
    amounts: Mapping[tuple[str, str, str], Mapping[str, Money]],
    runs: Mapping[str, LoadedRun],
    names: Sequence[str],
    lang: Lang,
) -> Report:
    words = (Text("批次", "run"), Text("单位", "institution"), Text("科室", "department"))
    keys = (*words, Text("工号", "staff no."), Text("姓名", "name"))
    columns = (*(ReportColumn(text.in_lang(lang)) for text in keys), *_line_columns(names, lang))
    rows: list[_Cells] = []
    for (run, unit, person), own in sorted(amounts.items()):
        one = runs[run]
        segment = one.roster.at(person, one.run.period)
        department = segment.attributes.get("department", "") if segment is not None else ""
        head: _Cells = [run, name_of(one, unit), department, person, name_of(one, person)]
        rows.append([*head, *_line_cells(own, names, len(keys))])
    return _report(Text("分配表", "distribution"), columns, rows, lang, frozen=5, when=_when_of(runs.values(), lang))


def _funds(run: LoadedRun, lang: Lang) -> Report:
    """Of each rule and owner what came into the fund and where it went; what went adds up to what came."""
    came: dict[tuple[str, str], Money] = {}
    went: dict[tuple[str, str], dict[str, Money]] = {}
    for entry in run.ledger.entries:
        key = (entry.distribution, entry.owner)
        source, target = entry.source.partition(":")[0], entry.target.partition(":")[0]
        if target == "fund" and source not in ("person", "held"):
            came[key] = came.get(key, ZERO) + entry.amount
        if source == "fund":
            own = went.setdefault(key, {})
            own[target] = own.get(target, ZERO) + entry.amount
        elif target == "fund" and source in ("person", "held"):
            own = went.setdefault(key, {})
            own[source] = own.get(source, ZERO) - entry.amount
    kinds = [kind for kind in _KINDS if any(kind in own for own in went.values())]
    words = (Text("规则", "rule"), Text("主体", "owner"), Text("名称", "name"))
    columns = (
        *(ReportColumn(text.in_lang(lang)) for text in words),
        ReportColumn(Text("资金", "fund").in_lang(lang), "money"),
        *(
            ReportColumn(_KINDS[kind].in_lang(lang), "money", group=Text("去向", "where it went").in_lang(lang))
            for kind in kinds
        ),
        ReportColumn(_SUM.in_lang(lang), "money", group=Text("去向", "where it went").in_lang(lang)),
    )
    rows: list[_Cells] = [
        [*key, name_of(run, key[1]), came.get(key, ZERO), *_line_cells(went.get(key, {}), kinds, 4)]
        for key in sorted(came.keys() | went.keys())
    ]
    title = Text(f"资金去向 {run.run.id}", f"funds {run.run.id}")
    return _report(title, columns, rows, lang, frozen=3, when=_when_of([run], lang))


def annual_book(store: Store, text: str, lang: Lang, *, actor: Actor) -> tuple[list[Report], tuple[Run, ...]]:
    """A year of published runs: pay and scores by month, of persons and of institutions, with totals and means.

    Corrections are in the months that booked them. The roster of today says where a person was in a month.

    Raises:
        NotFound: no published run of that year.
    """
    chosen = _runs_of_year(store, text, actor)
    roster = stored_roster(store, actor)
    last = max(run.period.last_day for run in chosen)
    months = [month for month in chosen[0].period.within("year").months() if month.last_day <= last]
    periods = sorted({run.period for run in chosen} | set(months), key=_when)
    pay: dict[tuple[str, str], dict[Period, Money]] = {}
    units: dict[str, dict[Period, Money]] = {}
    scores: dict[tuple[str, str], dict[Period, Fraction]] = {}
    with store.read() as connection:
        for run in chosen:
            for subject, totals, paid, _ in history.person_figures(connection, actor.viewer, run.id):
                if _is_person(roster, subject):
                    home = _home(roster, subject, run.period)
                    if paid:
                        own, whole = pay.setdefault((home, subject), {}), units.setdefault(home, {})
                        own[run.period] = own.get(run.period, ZERO) + paid
                        whole[run.period] = whole.get(run.period, ZERO) + paid
                for scheme, points in totals.items():
                    if points is not None:
                        scores.setdefault((subject, scheme), {})[run.period] = points
    year = str(chosen[0].period.year)
    said = "; ".join(_months_of(code, chosen) for code in dict.fromkeys(run.consortium for run in chosen))
    note = Text(f"已发布的核算:{said}", f"published runs: {said}")
    places = [(code, (code, _title(roster, code)), own) for code, own in sorted(units.items())]
    people = [(who, (_title(roster, home), who, _title(roster, who)), own) for (home, who), own in sorted(pay.items())]
    code_name = (Text("编码", "code"), Text("单位", "institution"))
    person_keys = (Text("单位", "institution"), Text("工号", "staff no."), Text("姓名", "name"))
    return [
        _pay_year(Text(f"{year} 单位绩效", f"{year} institutions"), code_name, places, periods, lang, note),
        _pay_year(Text(f"{year} 个人绩效", f"{year} persons"), person_keys, people, periods, lang, note),
        _score_year(f"{year} {Text('考核得分', 'scores').in_lang(lang)}", scores, roster, periods, lang),
    ], chosen


def _months_of(consortium: str, runs: Sequence[Run]) -> str:
    own = [str(run.period) for run in runs if run.consortium == consortium]
    return f"{consortium} {own[0]} … {own[-1]} ({len(own)})"


def _runs_of_year(store: Store, text: str, actor: Actor) -> tuple[Run, ...]:
    consortium, _, period = text.rpartition(":")
    sealed = [run for run in find_runs(store, actor=actor) if run.is_sealed and run.corrects is None]
    wanted = [run for run in sealed if consortium in ("", run.consortium)]
    year = period[:4] or str(max((run.period.year for run in wanted), default=""))
    found = tuple(run for run in wanted if str(run.period.year) == year)
    if not found:
        raise NotFound(Text(f"{text or '—'} 没有已发布的核算", f"no published run of {text or '—'}"))
    return tuple(sorted(found, key=lambda run: (run.consortium, _when(run.period))))


def _when(period: Period) -> tuple[int, int]:
    return period.first_month + len(period.months()), len(period.months())


def _pay_year(
    title: Text,
    keys: Sequence[Text],
    subjects: Iterable[tuple[str, Sequence[str], Mapping[Period, Money]]],
    periods: Sequence[Period],
    lang: Lang,
    note: Text,
) -> Report:
    columns = (
        *(ReportColumn(key.in_lang(lang)) for key in keys),
        *(ReportColumn(str(period), "money", width=13) for period in periods),
        ReportColumn(_SUM.in_lang(lang), "money"),
    )
    first, last = column_letters(len(keys) + 1), column_letters(len(keys) + len(periods))
    rows: list[_Cells] = []
    for _, head, own in subjects:
        whole = Formula(f"=SUM({first}{{row}}:{last}{{row}})", total(own.values()))
        rows.append([*head, *(own.get(period) for period in periods), whole])
    return _report(title, columns, rows, lang, frozen=len(keys), when="", note=note)


def _score_year(
    title: str,
    scores: Mapping[tuple[str, str], Mapping[Period, Fraction]],
    roster: Roster,
    periods: Sequence[Period],
    lang: Lang,
) -> Report:
    words = (Text("方案", "scheme"), Text("编码", "code"), Text("名称", "name"))
    columns = (
        *(ReportColumn(word.in_lang(lang)) for word in words),
        *(ReportColumn(str(period), "number", "0.00", width=9) for period in periods),
        ReportColumn(Text("平均", "mean").in_lang(lang), "number", "0.00"),
    )
    first, last = column_letters(len(words) + 1), column_letters(len(words) + len(periods))
    rows: list[_Cells] = []
    for (subject, scheme), own in sorted(scores.items(), key=lambda row: (row[0][1], row[0][0])):
        mean = Formula(f"=AVERAGE({first}{{row}}:{last}{{row}})", sum(own.values(), Fraction(0)) / len(own))
        cells = [written(own.get(period)) for period in periods]
        rows.append([scheme, subject, _title(roster, subject), *cells, mean])
    return Report(title, columns, rows, frozen_columns=len(words), lang=lang)


def _report(
    title: Text,
    columns: tuple[ReportColumn, ...],
    rows: list[_Cells],
    lang: Lang,
    *,
    frozen: int,
    when: str,
    note: Text | None = None,
) -> Report:
    """A table of money; `when`: what it is of, before the name of the sheet."""
    told = note.in_lang(lang) if note is not None else ""
    name = title.in_lang(lang)
    heading = f"{when}{name}(单位:元)" if lang == "zh" else f"{when}{name} (yuan)"
    return Report(heading, columns, rows, note=told, has_totals=True, frozen_columns=frozen, sheet=name, lang=lang)


def _when_of(loaded: Iterable[LoadedRun], lang: Lang) -> str:
    periods = dict.fromkeys(run.run.period for run in loaded)
    told = "、".join(period.zh() if lang == "zh" else str(period) for period in periods)
    return f"{told}绩效 " if lang == "zh" else f"{told} "


def _is_person(roster: Roster, subject: str) -> bool:
    segments = roster.all_segments(subject)
    return bool(segments) and segments[-1].level == "person"


def _home(roster: Roster, subject: str, period: Period) -> str:
    """The institution in that month; of somebody who has left, the last one."""
    return roster.ancestor(subject, "institution", period) or roster.all_segments(subject)[-1].parent


def _title(roster: Roster, subject: str) -> str:
    segments = roster.all_segments(subject)
    return segments[-1].title if segments else subject
