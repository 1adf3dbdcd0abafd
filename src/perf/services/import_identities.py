"""What a roster changes in the encrypted numbers of people and institutions; told masked, compared by keyed digests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perf.excel.identity_cells import same_number
from perf.kernel.identity_fields import RULES, IdentityField, IdentityValue
from perf.kernel.issues import Issue, Place, Severity
from perf.kernel.text import Text
from perf.services.consortium_of import ConsortiumFinder
from perf.storage.cipher import Cipher
from perf.storage.identities import IdentityKey, NewIdentity, StoredIdentity, newest_identities, whose_numbers
from perf.storage.store import Connection
from perf.storage.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number as it will be (empty: taken back), how the one before was shown, and its keyed digest."""

    value: IdentityValue
    consortium: str
    before: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class IdentityPlan:
    """What a file changes in numbers. `gone`: known, and left empty by the file; withdrawn only on confirmation."""

    new: tuple[NumberChange, ...] = ()
    changed: tuple[NumberChange, ...] = ()
    gone: tuple[NumberChange, ...] = ()
    unchanged: int = 0
    issues: tuple[Issue, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Those of the four that are not zero, under names of their own."""
        counts = {
            "new": len(self.new),
            "changed": len(self.changed),
            "gone": len(self.gone),
            "unchanged": self.unchanged,
        }
        return {f"numbers_{name}": count for name, count in counts.items() if count}

    @property
    def is_empty(self) -> bool:
        """Whether the file has no number that can be kept."""
        return not (self.new or self.changed or self.gone or self.unchanged)

    @property
    def scopes(self) -> set[str]:
        """The consortia whose numbers it changes."""
        return {one.consortium for one in (*self.new, *self.changed, *self.gone)}

    def lines(self) -> Iterator[list[object]]:
        """What a preview token stands for; keyed digests, never a number."""
        for kind, found in (("new", self.new), ("changed", self.changed), ("gone", self.gone)):
            for one in found:
                yield [kind, one.value.subject, one.value.field, one.search]

    def told(self) -> Iterator[Text]:
        """Changed and emptied numbers in words, masked."""
        for one in (*self.changed, *self.gone):
            title, after = RULES[one.value.field].title, one.value.shown
            yield Text(
                f"{one.value.subject} {title.zh}:{one.before} → {after or '空白'}",
                f"{one.value.subject} {title.en}: {one.before} → {after or 'blank'}",
            )

    def kept(self, *, confirm_gone: bool) -> Iterator[NewIdentity]:
        """What has to be stored."""
        for one in (*self.new, *self.changed, *(self.gone if confirm_gone else ())):
            yield NewIdentity(one.consortium, one.value)


NO_NUMBERS = IdentityPlan()


def plan_identities(
    connection: Connection,
    viewer: Viewer,
    cipher: Cipher,
    *,
    file: str,
    values: Sequence[IdentityValue],
    finder: ConsortiumFinder,
) -> IdentityPlan:
    """Compare the numbers of a file with those that count now. Writes nothing.

    Numbers of subjects that are not on the roster, whose rows were refused, are left out.
    """
    stored = newest_identities(connection, viewer)
    new: list[NumberChange] = []
    changed: list[NumberChange] = []
    gone: list[NumberChange] = []
    unchanged = 0
    for value in values:
        known, consortium = stored.get((value.subject, value.field)), finder.newest(value.subject)
        if consortium is None or (known is None and not value.value):
            continue
        search = cipher.search_key(value.field, value.value) if value.value else ""
        if known is None:
            new.append(NumberChange(value, consortium, search=search))
        elif known.search == search:
            unchanged += 1
        else:
            change = NumberChange(value, consortium, known.opened(cipher).shown, search)
            (changed if value.value else gone).append(change)
    issues = _of_others([*new, *changed], whose_numbers(connection), stored, values, file, viewer)
    return IdentityPlan(tuple(new), tuple(changed), tuple(gone), unchanged, tuple(issues))


def _of_others(
    changes: Sequence[NumberChange],
    owners: Mapping[tuple[IdentityField, str], set[tuple[str, str]]],
    stored: Mapping[IdentityKey, StoredIdentity],
    values: Sequence[IdentityValue],
    file: str,
    viewer: Viewer,
) -> Iterator[Issue]:
    """A number that is stored for somebody else, who does not get another one with this file; never an error, since
    somebody may have come back under another staff number.
    """
    said = {(value.subject, value.field) for value in values}
    for change in changes:
        value = change.value
        if value.field == "bank":
            continue
        for consortium, subject in sorted(owners.get((value.field, change.search), ())):
            if subject == value.subject or ((subject, value.field) in said and (subject, value.field) in stored):
                continue
            hidden = Text("别的医共体的人", "somebody of another consortium")
            whose = Text(f"{subject}(库中)", f"{subject} (stored)") if viewer.may_see(consortium) else hidden
            severity: Severity = "info" if value.field == "phone" else "warning"
            yield same_number(value, Place(file, value.sheet, value.cell), whose, severity)
            break
