"""公示表: scores, grades and ranks for everybody to see; amounts where a rule says so; no staff or identity numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from perf.appraisal.figure_text import STATUS
from perf.appraisal.pay_lines import is_own_reserve
from perf.excel.cells import column_letters
from perf.excel.export import Formula, Report, ReportColumn, ReportValue
from perf.excel.paper_form import PaperForm
from perf.kernel.money import ZERO, Money, total
from perf.kernel.subjects import Level
from perf.scoring.models import Scorecard
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun
from perf.services.paper_heads import department_of, heading_of, home_of, origin_of, sheet_names
from perf.services.pinned_rules import book_of_run
from perf.services.reports import name_of
from perf.specs.models import Distribution
from perf.storage.store import Store

_TAIL = 3
_CLOSING = (
    "公示期:      年    月    日 至       年    月    日(不少于 3 个工作日)",
    "公示期内对结果有异议的,请以书面形式向绩效办提出申诉,由绩效办复核后答复。联系人:              电话:              ",
    "公示单位(章):                              年    月    日",
)
_LEVELS: tuple[Level, ...] = ("institution", "person")
Paid = Mapping[tuple[str, str], Money]


@dataclass(frozen=True, slots=True)
class _Line:
    """A card as it is announced."""

    unit: str
    department: str
    name: str
    card: Scorecard
    amounts: Sequence[Money | None]


def notice_reports(store: Store, loaded: Sequence[LoadedRun], actor: Actor) -> list[Report]:
    """Of each run a sheet with its institutions, and one with the people of each institution."""
    made: list[Report] = []
    for run in loaded:
        with store.read() as connection:
            book = book_of_run(connection, actor.viewer, run.run.id)
        announced = [rule for rule in book.distributions.values() if rule.announced]
        paid = _announced(run, {rule.code for rule in announced})
        made += [report for level in _LEVELS for report in _reports(run, level, announced, paid)]
    names = sheet_names(report.sheet for report in made)
    return [replace(report, sheet=name) for report, name in zip(made, names, strict=True)]


def _announced(run: LoadedRun, codes: set[str]) -> Paid:
    """(rule, subject) -> what it got, less what it gave back; of the rules that announce amounts."""
    found: dict[tuple[str, str], Money] = {}
    for entry in run.ledger.entries:
        if entry.distribution not in codes:
            continue
        moves = [(entry.target, entry.amount), (entry.source, -entry.amount)]
        names = [(account.partition(":"), amount) for account, amount in moves]
        got = [(name, amount) for (kind, _, name), amount in names if kind in ("person", "institution")]
        if entry.claimant and is_own_reserve(entry):
            got.append((entry.claimant, entry.amount))
        for name, amount in got:
            found[entry.distribution, name] = found.get((entry.distribution, name), ZERO) + amount
    return found


def _reports(run: LoadedRun, level: Level, announced: Sequence[Distribution], paid: Paid) -> Iterable[Report]:
    cards = [card for card in run.scores.cards.values() if _level(run, card.subject) == level]
    subjects = {card.subject for card in cards}
    shown = [rule for rule in announced if any(code == rule.code and who in subjects for code, who in paid)]
    groups: dict[str, list[_Line]] = {}
    for line in _lines(run, level, cards, shown, paid):
        groups.setdefault(line.unit if level == "person" else "", []).append(line)
    about = "金额只列规则声明公示的项目" if shown else "规则没有声明公示金额,只公示考核结果"
    columns = _columns(level, shown)
    for unit, lines in groups.items():
        where = f"{unit} {run.run.period.zh()}" if level == "person" else heading_of(run)
        yield Report(
            f"{where}绩效考核结果公示表",
            columns,
            [_row(number, level, line, len(columns)) for number, line in enumerate(lines, 1)],
            note=f"{origin_of([run.run])}。{about}。",
            has_totals=bool(shown),
            frozen_columns=3 if level == "person" else 2,
            sheet=unit or f"{run.run.consortium} 机构",
            form=PaperForm(_CLOSING, row_height=20),
        )


def _level(run: LoadedRun, subject: str) -> str:
    segment = run.roster.at(subject, run.run.period)
    return segment.level if segment is not None else ""


def _lines(
    run: LoadedRun, level: Level, cards: Iterable[Scorecard], shown: Sequence[Distribution], paid: Paid
) -> list[_Line]:
    """Institutions by scheme and rank; people by institution, department and name. Money stands once for a subject."""
    lines: list[_Line] = []
    done: set[str] = set()
    for card in cards:
        who = card.subject
        amounts = [None if who in done else paid.get((rule.code, who)) for rule in shown]
        lines.append(_Line(home_of(run, who), department_of(run, who), name_of(run, who), card, amounts))
        done.add(who)
    if level == "institution":
        return sorted(lines, key=lambda one: (one.card.scheme, one.card.rank or len(lines), one.card.subject))
    people = {(one.unit, one.department, one.name, one.card.subject) for one in lines}
    counts = Counter(place[:3] for place in people)
    lines = [_told_apart(one, counts[one.unit, one.department, one.name]) for one in lines]
    return sorted(lines, key=lambda one: (one.unit, one.department, one.card.subject, one.card.scheme))


def _told_apart(line: _Line, same: int) -> _Line:
    """Who has the name of a colleague is told apart by the end of the staff number."""
    tail = line.card.subject[-_TAIL:]
    return line if same == 1 else replace(line, name=f"{line.name}(工号尾数 {tail})")


def _columns(level: Level, shown: Sequence[Distribution]) -> tuple[ReportColumn, ...]:
    places = (ReportColumn("科室"), ReportColumn("姓名"))
    money = [ReportColumn(f"{rule.title.zh}(元)", "money", width=18) for rule in shown]
    if len(shown) > 1:
        money.append(ReportColumn("公示金额合计(元)", "money", width=20))
    return (
        ReportColumn("序号", "number", "0", 7),
        *(places if level == "person" else (ReportColumn("机构"),)),
        ReportColumn("考核方案"),
        ReportColumn("总分", "number", "0.00", 9),
        ReportColumn("等次", width=9, is_centred=True),
        ReportColumn("名次", width=9, is_centred=True),
        *money,
        ReportColumn("备注", width=14),
    )


def _row(number: int, level: Level, line: _Line, columns: int) -> list[ReportValue]:
    card = line.card
    places = (line.department, line.name) if level == "person" else (line.name,)
    rank = f"{card.rank}/{card.rank_of}" if card.rank is not None else ""
    row: list[ReportValue] = [number, *places, card.title.zh, card.total, card.grade, rank, *line.amounts]
    if len(line.amounts) > 1:
        last = column_letters(columns - 2)
        first = column_letters(columns - 1 - len(line.amounts))
        amounts = [amount for amount in line.amounts if amount is not None]
        row.append(Formula(f"=SUM({first}{{row}}:{last}{{row}})", total(amounts)))
    return [*row, "" if card.status == "scored" else STATUS[card.status].zh]
