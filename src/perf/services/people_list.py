"""`roster`: who is on the roster now, with numbers masked; as rows for the screen and as the workbook that reads in again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from perf.excel.roster_export import roster_workbook
from perf.kernel.errors import NotFound
from perf.kernel.identity_fields import RULES, IdentityField
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.identity_reading import masked_numbers, numbers_in_clear
from perf.storage import rosters
from perf.storage.store import Store


def listed(store: Store, *, actor: Actor, institution: str = "", person: str = "") -> list[Segment]:
    """The segments of the roster in scope as they count now: all, those of an institution, those of one person.

    Args:
        person: Staff number or name.
    Raises:
        NotFound: nobody.
    """
    with store.read() as connection:
        every = [version.segment for version in rosters.newest_segments(connection, actor.viewer)]
    chosen = [
        one
        for one in every
        if (not institution or institution in (one.parent, one.subject))
        and (not person or (one.level == "person" and person in (one.subject, one.title)))
    ]
    if not chosen:
        whom = person or institution
        raise NotFound(Text(f"花名册中没有 {whom}".rstrip(), f"nobody on the roster: {whom}"))
    return chosen


def with_numbers(
    store: Store,
    segments: list[Segment],
    *,
    actor: Actor,
    now: datetime,
    in_clear: list[IdentityField],
    reason: str = "",
) -> dict[str, dict[IdentityField, str]]:
    """Subject -> field -> number, masked; those of `in_clear` whole, which is put on record."""
    subjects = {one.subject for one in segments}
    shown = {subject: dict(own) for subject, own in masked_numbers(store, actor=actor, subjects=subjects).items()}
    if in_clear:
        whole = numbers_in_clear(
            store, actor=actor, now=now, fields=in_clear, subjects=subjects, purpose="roster", reason=reason
        )
        for (subject, name), value in whole.items():
            shown[subject][name] = value
    return shown


def people_workbook(
    segments: list[Segment],
    numbers: Mapping[str, Mapping[IdentityField, str]],
    attributes: Mapping[str, Text],
) -> bytes:
    """The roster as a workbook of the form in which it is imported; masked numbers change nothing when they come back."""
    titles: dict[str, Text] = {**attributes}
    titles |= {name: rule.title for name, rule in RULES.items()}
    filled = []
    for one in segments:
        shown: dict[str, str] = {**one.attributes}
        shown |= {str(name): value for name, value in numbers.get(one.subject, {}).items()}
        filled.append(replace(one, attributes=MappingProxyType(shown)))
    return roster_workbook(filled, attributes=titles)
