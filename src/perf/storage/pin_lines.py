"""Facts and segments as lines of a pin, and back. One canonical JSON array a line."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.figures import parse_number
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Segment
from perf.storage.canonical import canonical_json

if TYPE_CHECKING:
    from perf.storage.facts import FactVersion
    from perf.storage.rosters import SegmentVersion

Line = list[Any]


def fact_line(version: "FactVersion", files: Mapping[int, str]) -> Line:
    """A stored version of a fact: its name (import, row), key, value, and where it came from."""
    source = [files.get(version.import_id, ""), version.sheet, version.cell, version.sender]
    return [version.import_id, version.n, *version.key, version.value, version.is_text, *source]


def segment_line(version: "SegmentVersion") -> Line:
    """A stored version of a segment: its name (import, row) and everything that it says."""
    s = version.segment
    days = [s.first_day.isoformat(), s.last_day.isoformat()]
    return [*version.name, s.subject, s.level, s.kind, s.parent, *days, dict(s.attributes)]


def lines_text(lines: Iterable[Line]) -> str:
    """Lines as the text of a pin."""
    return "".join(canonical_json(line) + "\n" for line in lines)


def text_lines(text: str) -> list[Line]:
    """The lines of the text of a pin."""
    return _rows(line for line in text.split("\n") if line)


def named_lines(text: str) -> dict[tuple[int, int], str]:
    """(import, row) -> the line of a fact or a segment as it stands in the text of a pin.

    Raises:
        ValueError: a line that does not begin with two numbers.
    """
    named: dict[tuple[int, int], str] = {}
    for line in text.split("\n"):
        if line:
            number, n, _ = line[1:].split(",", 2)
            named[(int(number), int(n))] = line
    return named


def read_fact(line: Line) -> Fact:
    """The fact of a line."""
    subject, measure, period, item, counterparty, value, is_text, *source = line[2:]
    key = FactKey(subject, measure, _period(period), item, counterparty)
    return Fact(key, value if is_text else parse_number(value), FactSource(*source))


def facts_about(text: str, measures: Collection[str]) -> list[Fact]:
    """The facts of some measures, found without reading the other lines."""
    if not measures:
        return []
    named = "|".join(re.escape(json.dumps(code, ensure_ascii=False)) for code in sorted(measures))
    lines = re.findall(rf'^\[\d+,\d+,"(?:[^"\\]|\\.)*",(?:{named}),.*$', text, re.MULTILINE)
    return list(map(read_fact, _rows(lines)))


def _rows(lines: Iterable[str]) -> list[Line]:
    """Lines read as one text, which is much faster than one by one."""
    found: list[Line] = json.loads("[" + ",".join(lines) + "]")
    return found


def read_segment(line: Line) -> Segment:
    """The segment of a line."""
    subject, level, kind, parent, first, last, attributes = line[2:]
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Segment(subject, level, kind, parent, *days, MappingProxyType(attributes))


def segments_about(text: str, subjects: Sequence[str]) -> list[Segment]:
    """The segments of a few subjects, found without reading the other lines."""
    named = {canonical_json(subject) for subject in subjects}
    lines = (json.loads(line) for line in text.split("\n") if any(name in line for name in named))
    return [read_segment(line) for line in lines if line[2] in subjects]


@lru_cache(maxsize=4096)
def _period(text: str) -> Period:
    return parse_period(text)
