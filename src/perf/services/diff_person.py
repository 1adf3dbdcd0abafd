"""`show --diff --person`: one person in two runs, side by side, with what is another and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.appraisal.rule_meaning import RuleChange, rule_changes
from perf.distribution import Entry
from perf.formulas.nodes import Absent
from perf.kernel.errors import NotFound
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring import Scorecard
from perf.scoring.models import ScoreItem
from perf.services.actors import Actor
from perf.services.diff_runs import FactChange, fact_changes, pins_by_name
from perf.services.load_run import load_subject, required_run
from perf.services.pinned_rules import book_of_run
from perf.services.run_inputs import pinned_roster
from perf.storage.document_codec import SubjectDocument
from perf.storage.store import Store


@dataclass(frozen=True, slots=True)
class LinePair:
    """A line of pay in both runs, with how each came about."""

    owner: str
    line: str
    old: Money
    new: Money
    old_how: Text
    new_how: Text


@dataclass(frozen=True, slots=True)
class ItemPair:
    """A row of a scorecard (`total` for the total) in both runs: value and points as text, `—` where there is none."""

    scheme: str
    title: Text
    old_value: str
    new_value: str
    old_points: str
    new_points: str


@dataclass(frozen=True, slots=True)
class PersonDiff:
    """One person in two runs.

    Attributes:
        lines: All lines of pay; `items`: rows of scorecards that differ.
        facts: Those that differ, of the person, its institutions and all above them.
        old_posts, new_posts: The segments where they differ, as text; empty where they do not.
        rules: What the rules of the two runs differ in.
    """

    subject: str
    name: str
    lines: tuple[LinePair, ...]
    items: tuple[ItemPair, ...]
    facts: tuple[FactChange, ...]
    old_posts: tuple[str, ...]
    new_posts: tuple[str, ...]
    rules: tuple[RuleChange, ...]


def diff_person(store: Store, *, old: str, new: str, subject: str, actor: Actor) -> PersonDiff:
    """Both versions of one person.

    Raises:
        NotFound: a run that is not there or out of scope, or nobody of this number in either.
    """
    before, after = _document(store, old, subject, actor), _document(store, new, subject, actor)
    if before is None and after is None:
        raise NotFound(Text(f"{old} 和 {new} 中都没有 {subject}", f"there is no {subject} in {old} and {new}"))
    with store.read() as connection:
        period = required_run(connection, actor, old).period
        rosters = pinned_roster(connection, actor.viewer, old), pinned_roster(connection, actor.viewer, new)
        facts = fact_changes(pins_by_name(connection, actor, old), pins_by_name(connection, actor, new))
        books = (book_of_run(connection, actor.viewer, run) for run in (old, new))
        rules = tuple(rule_changes(*books))
    near = {one for roster in rosters for one in _above(roster, subject, period)}
    posts = [tuple(map(_post, roster.segments(subject, period))) for roster in rosters]
    is_moved = posts[0] != posts[1]
    return PersonDiff(
        subject,
        next((roster.all_segments(subject)[-1].title for roster in reversed(rosters) if subject in roster), subject),
        tuple(_lines(subject, before, after)),
        tuple(_items(before, after)),
        tuple(fact for fact in facts if fact.subject in near),
        posts[0] if is_moved else (),
        posts[1] if is_moved else (),
        rules,
    )


def _document(store: Store, run: str, subject: str, actor: Actor) -> SubjectDocument | None:
    with store.read() as connection:
        required_run(connection, actor, run)
    try:
        return load_subject(store, run=run, subject=subject, actor=actor)
    except NotFound:
        return None


def _above(roster: Roster, subject: str, period: Period) -> Iterator[str]:
    """The subject, where it works, and everything above."""
    queue, seen = [subject], set[str]()
    while queue:
        one = queue.pop()
        if one and one not in seen:
            seen.add(one)
            yield one
            queue += [segment.parent for segment in roster.segments(one, period)]


def _post(segment: Segment) -> str:
    """`h1 2025-01-01–2025-06-30 post=… share=1.2`."""
    attributes = " ".join(f"{name}={value}" for name, value in sorted(segment.attributes.items()) if value)
    return f"{segment.parent} {segment.first_day}–{segment.last_day} {attributes}".rstrip()


def _lines(subject: str, before: SubjectDocument | None, after: SubjectDocument | None) -> Iterator[LinePair]:
    old, new = (_by_line(subject, one.entries if one else ()) for one in (before, after))
    for key in sorted(old.keys() | new.keys()):
        (was, how), (now, how_now) = (side.get(key, (ZERO, Text("—"))) for side in (old, new))
        yield LinePair(*key, was, now, how, how_now)


def _by_line(subject: str, entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[Money, Text]]:
    """(owner, line) -> what reaches the person or waits for it, and how the last entry came about."""
    found: dict[tuple[str, str], tuple[Money, Text]] = {}
    own = (f"person:{subject}", f"held:{subject}")
    for entry in entries:
        amount = (entry.amount if entry.target in own else ZERO) - (entry.amount if entry.source in own else ZERO)
        key = (entry.owner, entry.line)
        found[key] = (found.get(key, (ZERO, Text("")))[0] + amount, entry.explanation)
    return found


def _items(before: SubjectDocument | None, after: SubjectDocument | None) -> Iterator[ItemPair]:
    old, new = ({card.scheme: card for card in (one.cards if one else ())} for one in (before, after))
    for scheme in sorted(old.keys() | new.keys()):
        first, second = _rows(old.get(scheme)), _rows(new.get(scheme))
        for code in dict.fromkeys((*first, *second)):
            title, value, points = first.get(code, second.get(code, (Text(code), "", "")))
            was, now = ((value, points) if code in first else ("—", "—")), second.get(code, (title, "—", "—"))[1:]
            if was != now:
                yield ItemPair(scheme, title, was[0], now[0], was[1], now[1])


def _rows(card: Scorecard | None) -> dict[str, tuple[Text, str, str]]:
    """Code -> title, value, points."""
    if card is None:
        return {}
    rows = {
        item.item: (item.title, _value(item), in_full(item.points)) for item in card.items if item.type == "indicator"
    }
    return {**rows, "total": (card.title, "", in_full(card.total))}


def _value(item: ScoreItem) -> str:
    if item.value is None or isinstance(item.value, Absent):
        return "—"
    return in_full(item.value) if isinstance(item.value, Fraction) else str(item.value)
