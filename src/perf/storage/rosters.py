"""The roster: dated segments of every subject, versions appended under their key; withdrawn is a version too."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from perf.kernel.subjects import Segment
from perf.storage.bulk import insert_rows, read_rows
from perf.storage.canonical import canonical_json
from perf.storage.scope import in_scope
from perf.storage.tables import CONSORTIUM, SEGMENT
from perf.storage.viewer import COUNTY, Viewer

SegmentKey = tuple[str, str, date, str]


class SegmentVersion(NamedTuple):
    """A stored version of a segment, named by import and row."""

    import_id: int
    n: int
    consortium: str
    segment: Segment
    withdrawn: bool
    sheet: str
    cell: str

    @property
    def name(self) -> tuple[int, int]:
        """Import and row."""
        return self.import_id, self.n


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A segment to be appended, or withdrawn."""

    consortium: str
    segment: Segment
    withdrawn: bool = False
    sheet: str = ""
    cell: str = ""


def segment_key(segment: Segment) -> SegmentKey:
    """What makes a segment the same one in a later roster: subject, parent, first day, post."""
    return segment.subject, segment.parent, segment.first_day, segment.attributes.get("post", "")


def append_segments(connection: sa.Connection, viewer: Viewer, import_id: int, segments: Iterable[NewSegment]) -> int:
    """Append versions under one import, in the order of their keys; returns how many.

    Raises:
        PermissionError: a segment of a consortium out of scope.
    """
    rows = []
    for n, new in enumerate(sorted(segments, key=lambda s: segment_key(s.segment)), start=1):
        if not viewer.may_see(new.consortium):
            raise PermissionError("a segment of a consortium out of scope")
        segment = new.segment
        rows.append(
            (
                *(import_id, n, new.consortium, segment.subject, segment.level, segment.kind, segment.parent),
                *(segment.first_day, segment.last_day, canonical_json(dict(segment.attributes))),
                *(new.withdrawn, new.sheet, new.cell),
            )
        )
    insert_rows(connection, SEGMENT, rows)
    return len(rows)


def stamp(connection: sa.Connection, viewer: Viewer) -> tuple[int, int]:
    """Number of the last import that brought segments, and how many versions there are: another one after any change."""
    query = sa.select(sa.func.max(SEGMENT.c.import_id), sa.func.count()).where(in_scope(viewer, SEGMENT.c.consortium))
    last, count = connection.execute(query).one()
    return (int(last or 0), int(count))


def newest_segments(
    connection: sa.Connection, viewer: Viewer, *, up_to_import: int | None = None
) -> list[SegmentVersion]:
    """The newest version of every segment in scope, in the order of keys; withdrawn ones are left out."""
    query = sa.select(*SEGMENT.columns).where(in_scope(viewer, SEGMENT.c.consortium))
    if up_to_import is not None:
        query = query.where(SEGMENT.c.import_id <= up_to_import)
    newest: dict[SegmentKey, SegmentVersion] = {}
    for row in read_rows(connection, query.order_by(SEGMENT.c.import_id, SEGMENT.c.n)):
        version = _version(row)
        newest[segment_key(version.segment)] = version
    return [newest[key] for key in sorted(newest) if not newest[key].withdrawn]


def all_versions(connection: sa.Connection, viewer: Viewer) -> dict[tuple[int, int], SegmentVersion]:
    """Every stored version in scope by its name."""
    query = sa.select(*SEGMENT.columns).where(in_scope(viewer, SEGMENT.c.consortium))
    return {version.name: version for version in map(_version, read_rows(connection, query))}


def note_consortia(connection: sa.Connection, viewer: Viewer, titles: dict[str, str]) -> None:
    """Keep the code and title of each consortium that the roster names."""
    known = dict(connection.execute(sa.select(CONSORTIUM.c.code, CONSORTIUM.c.title)).all())
    for code, title in sorted(titles.items()):
        if code == COUNTY or not viewer.may_see(code) or known.get(code) == title:
            continue
        if code in known:
            connection.execute(sa.update(CONSORTIUM).where(CONSORTIUM.c.code == code).values(title=title))
        else:
            connection.execute(sa.insert(CONSORTIUM).values(code=code, title=title))


def consortia(connection: sa.Connection, viewer: Viewer) -> dict[str, str]:
    """Code -> title of the consortia in scope, by code."""
    query = sa.select(CONSORTIUM.c.code, CONSORTIUM.c.title).where(in_scope(viewer, CONSORTIUM.c.code))
    return dict(connection.execute(query.order_by(CONSORTIUM.c.code)).all())


def _version(row: Any) -> SegmentVersion:
    import_id, n, consortium, subject, level, kind, parent, first, last, attributes, withdrawn, sheet, cell = row
    segment = Segment(subject, level, kind, parent, first, last, _attributes(attributes))
    return SegmentVersion(import_id, n, consortium, segment, withdrawn, sheet, cell)


@lru_cache(maxsize=8192)
def _attributes(text: str) -> "MappingProxyType[str, str]":
    return MappingProxyType(json.loads(text))
