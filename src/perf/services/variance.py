"""`variance`: a run before approval against the month before and the same month of the year before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perf.appraisal.contract_files import write_csv
from perf.appraisal.rule_meaning import rule_changes
from perf.appraisal.variance_causes import Month
from perf.appraisal.variance_view import Limits, PersonMove, Variance, variance
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.text import Lang, Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, find_runs, load_run
from perf.services.pinned_rules import book_of_run
from perf.storage.runs import Run, pins_of
from perf.storage.store import Store

KEYS_SHOWN_MAX = 3
COLUMNS = (
    *("run", "against", "list", "subject", "name", "institution", "category", "old_fen", "new_fen", "difference_fen"),
    *("share", "causes"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against one earlier period; `variance` None: that period has no published run."""

    title: Text
    period: Period
    variance: Variance | None


def compare_run(store: Store, *, run: str, actor: Actor, limits: Limits) -> tuple[Comparison, ...]:
    """The run against the published run of the period before and of the same period one year before.

    Raises:
        NotFound: no such run in scope.
    """
    now = load_run(store, run=run, actor=actor)
    month, period = _month(now), now.run.period
    wanted = {period.shift(-1): Text("上一期", "the period before")}
    wanted.setdefault(period.last_year(), Text("上年同期", "the same period one year before"))
    found = []
    for earlier, title in wanted.items():
        sealed = [
            one
            for one in find_runs(store, actor=actor, consortium=now.run.consortium, period=earlier)
            if one.is_sealed and one.corrects is None
        ]
        if not sealed:
            found.append(Comparison(title, earlier, None))
            continue
        old = _month(load_run(store, run=sealed[-1].id, actor=actor))
        told = replace(month, rewritten=_rewritten(store, actor, sealed[-1], now.run))
        found.append(Comparison(title, earlier, variance(old, told, limits)))
    return tuple(found)


def _rewritten(store: Store, actor: Actor, old: Run, new: Run) -> Mapping[str, Text]:
    """Distribution -> the keys that the newer run's rules say otherwise, in force by its period; nothing of equal pins."""
    with store.read() as connection:
        pins = [
            {pin.name: pin.digest for pin in pins_of(connection, actor.viewer, run.id, "rule")} for run in (old, new)
        ]
        if pins[0] == pins[1]:
            return {}
        books = [book_of_run(connection, actor.viewer, run.id) for run in (old, new)]
    found: dict[str, list[str]] = {}
    for change in rule_changes(*books):
        if change.kind == "distributions" and change.since <= new.period.last_day:
            found.setdefault(change.code, []).append(f"{change.key} {change.old or '—'} → {change.new or '—'}")
    return {code: Text(_shown(keys, "、", " 等"), _shown(keys, ", ", " …")) for code, keys in found.items()}


def _shown(keys: Sequence[str], between: str, more: str) -> str:
    return between.join(keys[:KEYS_SHOWN_MAX]) + (more if len(keys) > KEYS_SHOWN_MAX else "")


def _month(loaded: LoadedRun) -> Month:
    return Month(loaded.run.id, loaded.run.period, loaded.scores, loaded.ledger, loaded.roster)


def lists_of(found: Variance) -> Iterator[tuple[str, tuple[PersonMove, ...]]]:
    """The lists of persons by name, in the order of reading."""
    yield "moved", found.moved
    yield "newcomers", found.newcomers
    yield "leavers", found.leavers
    yield "unpaid", found.unpaid
    yield "capped", found.capped


def as_json(comparisons: Iterable[Comparison], lang: Lang) -> list[dict[str, object]]:
    """For programs; amounts in fen, shares as exact ratios."""
    return [
        {
            "against": str(one.period),
            "run": one.variance.run if one.variance else None,
            "earlier_run": one.variance.against if one.variance else None,
            **(
                {name: [_person(row, lang) for row in rows] for name, rows in lists_of(one.variance)}
                if one.variance
                else {}
            ),
            "groups": [
                {
                    "by": group.by,
                    "code": group.code,
                    "name": group.name,
                    "old_people": group.old_people,
                    "new_people": group.new_people,
                    "old_fen": group.old.fen,
                    "new_fen": group.new.fen,
                }
                for group in (one.variance.groups if one.variance else ())
            ],
        }
        for one in comparisons
    ]


def _person(row: PersonMove, lang: Lang) -> dict[str, object]:
    return {
        "subject": row.staff_no,
        "name": row.name,
        "institution": row.institution,
        "category": row.category,
        "old_fen": None if row.old is None else row.old.fen,
        "new_fen": None if row.new is None else row.new.fen,
        "share": None if row.share is None else exact_text(row.share),
        "causes": [
            {
                "kind": cause.kind,
                "text": cause.text.in_lang(lang),
                "fen": None if cause.amount is None else cause.amount.fen,
            }
            for cause in row.causes
        ],
    }


def as_csv(comparisons: Iterable[Comparison], lang: Lang) -> str:
    """Every list of every comparison, a person a row."""
    return write_csv(COLUMNS, _rows(comparisons, lang))


def _rows(comparisons: Iterable[Comparison], lang: Lang) -> Iterator[dict[str, str]]:
    for one in comparisons:
        for name, people in lists_of(one.variance) if one.variance else ():
            for row in people:
                yield {
                    "run": one.variance.run if one.variance else "",
                    "against": one.variance.against if one.variance else "",
                    "list": name,
                    "subject": row.staff_no,
                    "name": row.name,
                    "institution": row.institution,
                    "category": row.category,
                    "old_fen": "" if row.old is None else str(row.old.fen),
                    "new_fen": "" if row.new is None else str(row.new.fen),
                    "difference_fen": str(row.difference.fen),
                    "share": "" if row.share is None else exact_text(row.share),
                    "causes": "; ".join(cause.text.in_lang(lang) for cause in row.causes),
                }
