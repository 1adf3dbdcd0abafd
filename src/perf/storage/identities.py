"""Encrypted numbers of people and institutions: versions are added under an import, the newest counts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from perf.kernel.identity_fields import FIELDS, IdentityField, IdentityValue
from perf.storage.cipher import Cipher, Unsealable
from perf.storage.findings import Finding
from perf.storage.identity_tables import IDENTITY_NUMBER
from perf.storage.scope import in_scope
from perf.storage.viewer import EVERYTHING, Viewer

IdentityKey = tuple[str, IdentityField]
_NUMBER = IDENTITY_NUMBER.c
_NAMED_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """A value to be kept; an empty one takes back what is known."""

    consortium: str
    value: IdentityValue


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    """What counts now of one field of one subject, still sealed."""

    import_id: int
    consortium: str
    subject: str
    field: IdentityField
    sealed: bytes
    search: str
    sheet: str
    cell: str

    def opened(self, cipher: Cipher) -> IdentityValue:
        """The value.

        Raises:
            Unsealable: it was changed, or stands in another row than the one it was sealed for.
        """
        value = cipher.open(self.sealed, *_place(self.import_id, self.subject, self.field))
        return IdentityValue(self.subject, self.field, value, self.sheet, self.cell)


def append_identities(
    connection: sa.Connection, viewer: Viewer, cipher: Cipher, import_id: int, values: Iterable[NewIdentity]
) -> int:
    """Seal and append; returns how many.

    Raises:
        PermissionError: a value of a consortium out of scope.
    """
    rows = []
    for new in values:
        if not viewer.may_see(new.consortium):
            raise PermissionError("a number of a consortium out of scope")
        one = new.value
        place = _place(import_id, one.subject, one.field)
        rows.append(
            {
                "import_id": import_id,
                "subject": one.subject,
                "field": one.field,
                "consortium": new.consortium,
                "sealed": cipher.seal(one.value, *place) if one.value else None,
                "search": cipher.search_key(one.field, one.value) if one.value else None,
                "sheet": one.sheet,
                "cell": one.cell,
            }
        )
    if rows:
        connection.execute(sa.insert(IDENTITY_NUMBER), rows)
    return len(rows)


def newest_identities(
    connection: sa.Connection,
    viewer: Viewer,
    fields: Collection[IdentityField] = FIELDS,
    subjects: Collection[str] | None = None,
) -> dict[IdentityKey, StoredIdentity]:
    """What counts now of the subjects in scope (None: of all), by subject and field; what was taken back is left out."""
    newest: dict[IdentityKey, StoredIdentity | None] = {}
    query = sa.select(IDENTITY_NUMBER).where(_NUMBER.field.in_(sorted(fields)), in_scope(viewer, _NUMBER.consortium))
    if subjects is not None and len(subjects) <= _NAMED_MAX:
        query = query.where(_NUMBER.subject.in_(sorted(subjects)))
    for row in connection.execute(query.order_by(_NUMBER.import_id)):
        newest[(row.subject, row.field)] = None if row.sealed is None else _stored(row)
    wanted = None if subjects is None else set(subjects)
    return {
        key: stored
        for key, stored in sorted(newest.items())
        if stored is not None and (wanted is None or key[0] in wanted)
    }


def broken_identities(connection: sa.Connection, cipher: Cipher) -> Iterator[Finding]:
    """Values that do not open where they stand."""
    query = sa.select(IDENTITY_NUMBER).where(_NUMBER.sealed.is_not(None))
    for row in connection.execute(query.order_by(_NUMBER.import_id, _NUMBER.subject, _NUMBER.field)):
        try:
            value = _stored(row).opened(cipher)
            same = cipher.search_key(value.field, value.value) == row.search
        except Unsealable:
            same = False
        if not same:
            yield Finding("identity_number", f"{row.import_id} {row.subject} {row.field}", "changed")


def reseal_identities(connection: sa.Connection, old: Cipher, new: Cipher) -> int:
    """Encrypt every version anew; returns how many.

    Raises:
        Unsealable: one of them does not open with the old key.
    """
    rows = connection.execute(sa.select(IDENTITY_NUMBER).where(_NUMBER.sealed.is_not(None))).all()
    for row in rows:
        stored = _stored(row)
        value = stored.opened(old)
        key = (_NUMBER.import_id == row.import_id, _NUMBER.subject == row.subject, _NUMBER.field == row.field)
        sealed = new.seal(value.value, *_place(row.import_id, row.subject, row.field))
        search = new.search_key(value.field, value.value)
        connection.execute(sa.update(IDENTITY_NUMBER).where(*key).values(sealed=sealed, search=search))
    return len(rows)


def count_sealed(connection: sa.Connection) -> int:
    """How many versions are encrypted."""
    return int(connection.execute(sa.select(sa.func.count()).where(_NUMBER.sealed.is_not(None))).scalar_one())


def whose_numbers(connection: sa.Connection) -> dict[tuple[IdentityField, str], set[tuple[str, str]]]:
    """Field and search key -> (consortium, subject) of everybody whose newest number it is, in every consortium."""
    found: dict[tuple[IdentityField, str], set[tuple[str, str]]] = {}
    for (subject, name), stored in newest_identities(connection, EVERYTHING).items():
        found.setdefault((name, stored.search), set()).add((stored.consortium, subject))
    return found


def _place(import_id: int, subject: str, field: str) -> tuple[str, str, str]:
    return str(import_id), subject, field


def _stored(row: "sa.Row[tuple[object, ...]]") -> StoredIdentity:
    known = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to the columns
    return StoredIdentity(**{name: known[name] for name in StoredIdentity.__dataclass_fields__})
