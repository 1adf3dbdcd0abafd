"""Numbers of people: shown masked to whoever sees the person; read in clear only on record: who, when, which, how many."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from perf.kernel.errors import VerificationFailed, WrongUse
from perf.kernel.identity_fields import FIELDS, IdentityField, IdentityValue
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage import audit
from perf.storage.cipher import Cipher, Unsealable
from perf.storage.identities import IdentityKey, StoredIdentity, newest_identities
from perf.storage.store import Connection, Store

Masked = Mapping[str, Mapping[IdentityField, str]]


def masked_numbers(store: Store, *, actor: Actor, subjects: Collection[str] | None = None) -> Masked:
    """Subject -> field -> the number as it may be shown, of those in scope that have any.

    Raises:
        KeyRefused: there are numbers, and the key is not there.
        VerificationFailed: one of them does not open.
    """
    found: dict[str, dict[IdentityField, str]] = {}
    with store.read() as connection:
        stored = newest_identities(connection, actor.viewer, FIELDS, subjects)
        cipher = store.keys.cipher(connection) if stored else None
    for (subject, name), one in stored.items():
        if cipher is not None:
            found.setdefault(subject, {})[name] = _opened(one, cipher).shown
    return found


def numbers_in_clear(
    store: Store,
    *,
    actor: Actor,
    now: datetime,
    fields: Collection[IdentityField],
    subjects: Collection[str],
    purpose: str,
    reason: str = "",
) -> Mapping[IdentityKey, str]:
    """Subject and field -> the whole number. It stands in the audit before anything is handed over.

    Args:
        purpose: What they are read for: `bankfile`, `passwords`, `roster`.
    Raises:
        KeyRefused, VerificationFailed: as above; nothing is handed over.
    """
    with store.write() as connection:
        stored = newest_identities(connection, actor.viewer, fields, subjects)
        if not stored:
            return {}
        cipher = store.keys.cipher(connection)
        values = {key: _opened(one, cipher).value for key, one in stored.items()}
        _note(connection, actor, stored, now=now, purpose=purpose, reason=reason)
    return values


def fields_named(names: Collection[str]) -> list[IdentityField]:
    """The fields that are called so.

    Raises:
        WrongUse: there is no such field.
    """
    unknown = sorted(set(names) - set(FIELDS))
    if unknown:
        known = "、".join(FIELDS)
        raise WrongUse(Text(f"没有 {'、'.join(unknown)};可用 {known}", f"no {', '.join(unknown)}: {', '.join(FIELDS)}"))
    return [name for name in FIELDS if name in names]


def _note(
    connection: Connection,
    actor: Actor,
    stored: Mapping[IdentityKey, StoredIdentity],
    *,
    now: datetime,
    purpose: str,
    reason: str,
) -> None:
    """An entry for each consortium, so that whoever looks after it sees it."""
    for consortium in sorted({one.consortium for one in stored.values()}):
        own = [one for one in stored.values() if one.consortium == consortium]
        people = sorted({one.subject for one in own})
        audit.append(
            connection,
            actor.viewer,
            consortium=consortium,
            at=now,
            action="read-numbers",
            target=people[0] if len(people) == 1 else f"{len(people)} people",
            reason=reason,
            details={
                "purpose": purpose,
                "fields": dict(sorted(Counter(one.field for one in own).items())),
                "people": len(people),
            },
        )


def _opened(one: StoredIdentity, cipher: Cipher) -> IdentityValue:
    try:
        return one.opened(cipher)
    except Unsealable:
        raise VerificationFailed(
            Text(
                f"{one.subject} 的加密号码打不开,已被改动;用 perf-pay key check 查看",
                f"the encrypted number of {one.subject} does not open: perf-pay key check",
            )
        ) from None
