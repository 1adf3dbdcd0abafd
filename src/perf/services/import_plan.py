"""What an import would change: the rows of a file against the facts that count now. Decides nothing, writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Literal, NamedTuple

from perf.excel.fact_rows import FactRows
from perf.excel.reading import Coverage, ImportReading
from perf.kernel.facts import Fact, FactKey
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place, by_place
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.consortium_of import ConsortiumFinder
from perf.services.current_facts import CurrentFacts
from perf.specs.models import Measure
from perf.storage.imports import ImportRecord

NO_TITLES: Mapping[str, str] = {}
NO_MEASURES: Mapping[str, Measure] = {}
Mode = Literal["dry", "accept", "accept_clean"]
ImportOutcome = Literal["dry", "accepted", "accepted_clean", "taken_already"]


class Scopes:
    """The consortium under which the facts of certain subjects and periods are kept."""

    def __init__(
        self, finder: ConsortiumFinder, rows: FactRows, others: frozenset[tuple[str, Period]] = frozenset()
    ) -> None:
        self._finder = finder
        self._rows = rows
        self._others = others

    def of(self, subject: str, period: Period) -> str:
        """The consortium of a subject in a period, empty where none is known."""
        return self._finder.of_subject(subject, period) or ""

    def also(self, about: Collection[tuple[str, Period]]) -> "Scopes":
        """These, and those of further subjects and periods."""
        return Scopes(self._finder, self._rows, self._others.union(about))

    def distinct(self) -> set[str]:
        """All consortia that are concerned."""
        about = chain(self._rows.subjects(), self._others)
        return {self._finder.of_subject(subject, period) or "" for subject, period in about}


NO_SCOPES = Scopes(ConsortiumFinder(()), FactRows((), ()))


@dataclass(frozen=True, slots=True)
class Changed:
    """A fact whose figure is another now."""

    old: Fact
    new: Fact


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two senders report one key; nothing of it is kept until one is chosen."""

    kept: Fact
    sent: Fact


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file changes, or has changed.

    Attributes:
        consortia: The consortium of every row that is kept.
        gone: Facts within the coverage that the file does not have any more.
        unchanged: How many facts stay as they are.
        left_out: How many rows are not kept because something is wrong with them.
        touches: Published runs of the periods; they keep what they were computed from.
        taken: The import that took the same bytes before.
        import_id: Number of the import once it is accepted.
    """

    name: str
    sha256: str
    sender: str
    outcome: ImportOutcome
    new: Sequence[Fact] = ()
    changed: tuple[Changed, ...] = ()
    gone: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unchanged: int = 0
    left_out: int = 0
    issues: tuple[Issue, ...] = ()
    consortia: Scopes = NO_SCOPES
    touches: tuple[str, ...] = ()
    taken: ImportRecord | None = None
    import_id: int | None = None

    @property
    def has_errors(self) -> bool:
        """Whether accepting everything is refused."""
        return any(issue.is_error for issue in self.issues)

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, gone, unchanged, conflicts, left_out."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "gone": len(self.gone),
            "unchanged": self.unchanged,
            "conflicts": len(self.conflicts),
            "left_out": self.left_out,
        }


class SoundRows(NamedTuple):
    """All rows of a reading, those of them that nothing is wrong with, in the order of keys, and all issues."""

    every: FactRows
    rows: FactRows
    issues: tuple[Issue, ...]


def compare(
    reading: ImportReading,
    sound: SoundRows,
    current: CurrentFacts,
    finder: ConsortiumFinder,
    *,
    choose_sender: str = "",
    titles: Mapping[str, str] = NO_TITLES,
) -> ImportPlan:
    """Compare a reading with the facts that count now.

    Args:
        sound: The reading's rows that nothing is wrong with.
        current: The facts that count now, of the reading's measures and periods; others do no harm.
        choose_sender: Where two senders report one key, the one to believe; empty: none, which is an error.
        titles: Measure -> what people call it, for issues.
    """
    sender = reading.coverage.sender
    every, rows, issues = sound.every, sound.rows, list(sound.issues)
    changed: list[Changed] = []
    conflicts: list[Conflict] = []
    unchanged = len(current.positions)
    others = current.others
    known = sorted((at, old) for at, old in zip(rows.find(others), others.values(), strict=True) if at is not None)
    for at, old in known:
        if is_same_value(old.value, *rows.value(at)):
            unchanged += 1
            continue
        fact = rows[at]
        if _other_sender(old, fact, sender) and choose_sender != (fact.source.sender or sender):
            if choose_sender == old.source.sender:
                unchanged += 1
            else:
                conflicts.append(Conflict(old, fact))
                issues.append(_two_senders(old, fact, sender, titles))
        else:
            changed.append(Changed(old, fact))
    gone = _gone(others, every, reading, sender, finder)
    return ImportPlan(
        name=reading.name,
        sha256=reading.sha256,
        sender=sender,
        outcome="dry",
        new=rows.without([*current.positions, *(at for at, _ in known)]),
        changed=tuple(changed),
        gone=tuple(gone),
        conflicts=tuple(conflicts),
        unchanged=unchanged,
        left_out=len(reading.rows) - len(rows) + len(conflicts) + _unread(reading, every),
        issues=tuple(by_place(dict.fromkeys(issues))),
        consortia=Scopes(finder, rows, frozenset((fact.key.subject, fact.key.period) for fact in gone)),
    )


def _unread(reading: ImportReading, every: FactRows) -> int:
    """How many places of the file have an error and gave no row at all."""
    wrong = {(i.place.sheet, i.place.cell) for i in reading.issues if i.is_error and i.place.cell}
    return len(wrong - {(one.source.sheet, one.source.cell) for one in map(every.__getitem__, every.at_cells(wrong))})


def is_same_value(value: Fraction | str, text: str, is_text: bool) -> bool:  # noqa: FBT001
    """Equal figures, or equal texts; a text that looks like a number is not that number. The other one by its exact text."""
    return isinstance(value, str) == is_text and (value if isinstance(value, str) else exact_text(value)) == text


def sound_rows(reading: ImportReading, finder: ConsortiumFinder, titles: Mapping[str, str] = NO_TITLES) -> SoundRows:
    """What of a reading can be kept; `titles`: measure -> what people call it, for issues."""
    every = FactRows.of(reading.rows)
    issues = list(reading.issues)
    bad = set(every.at_cells({(i.place.sheet, i.place.cell) for i in issues if i.is_error and i.place.cell}))
    left_out = set(bad)
    for positions in every.repeated():
        left_out.update(positions)
        issues += [_twice(reading, every[at], len(positions), titles) for at in positions if at not in bad]
    doubtful = {subject for subject in every.who() if finder.may_be_unknown(subject)}
    about = every.subjects() if doubtful else ()
    unknown = {one for one in about if one[0] in doubtful and finder.of_subject(*one) is None}
    for at, line in enumerate(every.lines()) if unknown else ():
        if (line.subject, line.period) in unknown:
            issues += [] if at in left_out else [_unknown_subject(reading, every[at])]
            left_out.add(at)
    return SoundRows(every, every.without(left_out), tuple(issues))


def _gone(
    current: Mapping[FactKey, Fact], every: FactRows, reading: ImportReading, sender: str, finder: ConsortiumFinder
) -> list[Fact]:
    """Facts of the same sender, measures and periods, of covered subjects or their siblings, that the file lacks."""
    coverage = reading.coverage
    withheld, measures, periods = set(reading.withheld), set(coverage.measures), set(coverage.periods)
    covered = _Covered(coverage, finder)
    return sorted(
        fact
        for at, fact in zip(every.find(current), current.values(), strict=True)
        if at is None
        and fact.key not in withheld
        and fact.key.measure in measures
        and fact.key.period in periods
        and fact.source.sender == sender
        and fact.key in covered
    )


class _Covered:
    """Whether a key is of a subject that the file reports on, of one below its institutions, or of one beside it."""

    def __init__(self, coverage: Coverage, finder: ConsortiumFinder) -> None:
        self._subjects = set(coverage.subjects)
        self._finder = finder
        self._owners = set(coverage.owners)
        self._periods = set(coverage.periods)
        self._parents: dict[Period, set[str]] = {}

    def __contains__(self, key: FactKey) -> bool:
        if key.subject in self._subjects:
            return True
        return key.period in self._periods and self._finder.parent(key.subject, key.period) in self._above(key.period)

    def _above(self, period: Period) -> set[str]:
        """The institutions of the file, and those of its subjects, in a period."""
        if period not in self._parents:
            own = {self._finder.parent(subject, period) for subject in self._subjects}
            self._parents[period] = (own - {""}) | self._owners
        return self._parents[period]


def _other_sender(old: Fact, fact: Fact, sender: str) -> bool:
    ours = fact.source.sender or sender
    return bool(ours) and bool(old.source.sender) and ours != old.source.sender


def _place(reading: ImportReading, fact: Fact) -> Place:
    return Place(reading.name, fact.source.sheet, fact.source.cell)


def _named(key: FactKey, titles: Mapping[str, str]) -> str:
    measure = titles.get(key.measure, key.measure)
    return " · ".join(part for part in (measure, str(key.period), key.item, key.counterparty) if part)


def _twice(reading: ImportReading, fact: Fact, times: int, titles: Mapping[str, str]) -> Issue:
    return Issue(
        "fact-twice",
        _place(reading, fact),
        Text(
            f"{_named(fact.key, titles)} 出现 {times} 次", f"{_named(fact.key, NO_TITLES)} stands there {times} times"
        ),
        Text("同一数据只出现一次", "each figure once"),
        Text("删去重复的行后重新上传", "remove the repeated rows and upload again"),
        subject=fact.key.subject,
    )


def _unknown_subject(reading: ImportReading, fact: Fact) -> Issue:
    return Issue(
        "unknown-subject",
        _place(reading, fact),
        Text(f"“{fact.key.subject}”", f"“{fact.key.subject}”"),
        Text("花名册中的工号或单位代码", "a staff number or unit on the roster"),
        Text("先导入花名册,或更正代码", "import the roster first, or correct the code"),
        subject=fact.key.subject,
    )


def _two_senders(old: Fact, fact: Fact, sender: str, titles: Mapping[str, str]) -> Issue:
    ours = fact.source.sender or sender
    return Issue(
        "two-senders",
        Place(fact.source.file, fact.source.sheet, fact.source.cell),
        Text(
            f"{_named(fact.key, titles)}:{ours} 报 {_shown(fact)},{old.source.sender} 已报 {_shown(old)}({old.source})",
            f"{_named(fact.key, NO_TITLES)}: {ours} says {_shown(fact)}, {old.source.sender} said {_shown(old)} ({old.source})",
        ),
        Text("一个数据由一个部门报送", "one sender for one figure"),
        Text(
            f"确认以谁为准,再用 --sender {ours} 或 --sender {old.source.sender} 导入",
            f"decide whom to believe, then import with --sender {ours} or --sender {old.source.sender}",
        ),
        subject=fact.key.subject,
    )


def _shown(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else exact_text(fact.value)


def clean_plan_is_empty(plan: ImportPlan) -> bool:
    """Whether there is nothing sound in the file at all."""
    return not (plan.new or plan.changed or plan.unchanged)


def periods_of(rows: FactRows, coverage: Coverage) -> Collection[str]:
    """Every period that the rows or the coverage name, as text."""
    return {str(period) for period in {period for _, period in rows.counts()}.union(coverage.periods)}
