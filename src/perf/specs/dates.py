"""Dates and versions: `from` and `to`, the keys that hold for all versions, overlaps and gaps."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from perf.kernel.issues import Place
from perf.kernel.periods import parse_period
from perf.kernel.text import Text
from perf.specs.fields import Fields
from perf.specs.models import Dated, DatedValue, Source
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_ONE_DAY = timedelta(days=1)
_LATER = Text("给后一个写较晚的 from,或删去其中一个", "give one of them a later `from`, or drop it")


@dataclass(frozen=True, slots=True)
class _Span:
    first: date | None
    last: date | None
    place: Place


def read_date(fields: Fields, key: str, *, is_last: bool) -> date | None:
    """The first (or last) day that `2025`, `2025-01` or `2025-01-15` means; None where nothing legible stands."""
    scalar = fields.scalar(key)
    if scalar is None:
        return None
    day = day_of(scalar.text, is_last=is_last)
    if day is None:
        fields.add("rule-date-invalid", scalar.place, found=shorten(scalar.text))
    return day


def day_of(text: str, *, is_last: bool) -> date | None:
    """The first (or last) day that a text means; None for what is no date."""
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
        period = None if "Q" in text else parse_period(text)
    except ValueError:
        return None
    return period if period is None else period.last_day if is_last else period.first_day


def read_source(fields: Fields) -> Source | None:
    """`source: {document, clause}`, or plain text."""
    node = fields.get("source")
    if node is None:
        return None
    if isinstance(node, Scalar):
        return Source(node.text, "")
    inner = fields.sub("source", "source: {document: 文件, clause: 条款}")
    if inner is None:
        return None
    source = Source(inner.text("document", example="县医共体〔2025〕7号"), inner.text("clause"))
    inner.close()
    return source


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document with all its keys: those of the top level, overridden by its own (`own`)."""

    dated: Dated
    fields: Fields
    own: tuple[str, ...]


def read_versions(fields: Fields) -> list[Version]:
    """The versions of a document, in the order of their dates.

    Without `versions:` the document itself is the one version; `from`, `to` and `source` may then stand at the top.
    A version without `to` ends the day before the next one starts. Keys read before belong to the top level only.
    """
    if not fields.has("versions"):
        return [Version(_dated(fields, fields.node.place), fields, ())]
    top = {key: node for key, node in fields.node.entries.items() if key not in ("versions", "from", "to")}
    for key in ("from", "to"):
        if key in fields.node.entries:
            hint = Text(f"把 {key} 写进 versions 的每个版本", f"write {key} inside each version")
            fields.add("rule-key-unknown", fields.node.keys[key], key=key, known="versions", hint=hint)
    read: list[Version] = []
    rows = fields.rows("versions", "versions: [{from: 2025-01, …}]")
    for row in rows:
        node = fields.as_mapped(row, "versions", "- from: 2025-01")
        if node is not None:
            changes = (*fields.node.changes, *node.changes)
            merged = Mapped({**top, **node.entries}, {**fields.node.keys, **node.keys}, node.place, changes)
            version = Fields(merged, fields.issues, fields.what, fields.known)
            read.append(Version(_dated(version, node.place), version, tuple(node.entries)))
    if not rows and isinstance(fields.node.entries["versions"], Sequence):
        fields.add("version-empty", fields.place("versions"))
    read.sort(key=lambda version: version.dated.first_day or date.min)
    spans = [_Span(v.dated.first_day, v.dated.last_day, v.dated.place) for v in read]
    closed = _close_spans(fields, spans, fields.what)
    return [replace(v, dated=replace(v.dated, last_day=s.last)) for v, s in zip(read, closed, strict=True)]


def own_enabled(version: Version) -> bool | None:
    """`enabled` as this version states it; None where it says nothing of its own."""
    return version.fields.yes("enabled", default=True) if "enabled" in version.own else None


def close_versions(
    fields: Fields, versions: list[Version], top_level: frozenset[str], planned: Iterable[str] = ()
) -> None:
    """Report unknown keys of the document and of each version; `top_level` keys may not stand in a version."""
    if not versions:
        return  # what belongs to a version is not known
    fields.close(planned=planned)
    for version in versions:
        if version.own:
            version.fields.close(planned=planned, misplaced=top_level, keys=version.own)


def read_dated_values(fields: Fields, key: str) -> dict[str, tuple[DatedValue, ...]]:
    """`parameters: {share: 95%}`, `{share: [{from: 2019, value: 95%}, …]}` or `{share: {title: 占比, values: …}}`."""
    return {name: dated_values(fields, name, _values_of(node)) for name, _, node in fields.pairs(key)}


def read_titles(fields: Fields) -> Mapping[str, Text]:
    """Titles of the parameters, tables and `let` names that give one: name -> title; other keys beside it are reported."""
    found: dict[str, Text] = {}
    for key, content in (("parameters", "values"), ("tables", "rows"), ("let", "value"), ("bands", "rows")):
        node = fields.node.entries.get(key)
        for name, child in node.entries.items() if isinstance(node, Mapped) else ():
            if isinstance(child, Mapped) and content in child.entries:
                inner = fields.inside(child, Text(name))
                found[name] = inner.title(required=False)
                if key != "bands":  # bands close themselves
                    known = (content, "for") if key == "let" else (content,)
                    _ = [inner.has(one) for one in known]
                    inner.close()
    return MappingProxyType({name: title for name, title in found.items() if title.zh})


def _values_of(node: YamlNode) -> YamlNode:
    """The values of a parameter that has a title beside them."""
    return node.entries["values"] if isinstance(node, Mapped) and "values" in node.entries else node


def dated_values(fields: Fields, name: str, node: YamlNode) -> tuple[DatedValue, ...]:
    """One parameter: a number for all time, or rows with `from` and `value`, in the order of their dates."""
    if isinstance(node, Scalar):
        value = fields.as_number(node, name, "95%")
        return () if value is None else (DatedValue(None, None, value, node.text),)
    found: list[tuple[DatedValue, Place]] = []
    for row in fields.as_sequence(node, name, f"{name}: [{{from: 2019, value: 95%}}]") or ():
        mapped = fields.as_mapped(row, name, "{from: 2019, value: 95%}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(name))
        first, last = read_days(inner, mapped.place)
        scalar = inner.scalar("value", example="95%")
        value = None if scalar is None else inner.as_number(scalar, name, "95%")
        source = read_source(inner)
        inner.close()
        if value is not None and scalar is not None:
            found.append((DatedValue(first, last, value, scalar.text, source), mapped.place))
    found.sort(key=lambda row: row[0].first_day or date.min)
    spans = [_Span(value.first_day, value.last_day, place) for value, place in found]
    closed = _close_spans(fields, spans, Text(f"参数 {name}", f"parameter {name}"))
    return tuple(replace(value, last_day=span.last) for (value, _), span in zip(found, closed, strict=True))


def _dated(fields: Fields, place: Place) -> Dated:
    first, last = read_days(fields, place)
    return Dated(first, last, read_source(fields), place, fields.node.changes)


def read_days(fields: Fields, place: Place) -> tuple[date | None, date | None]:
    """`from` and `to`, with an issue where they are the wrong way round."""
    first, last = read_date(fields, "from", is_last=False), read_date(fields, "to", is_last=True)
    if first and last and last < first:
        fields.add("version-ends-before-start", place, first=str(first), last=str(last))
    return first, last


def _close_spans(fields: Fields, spans: list[_Span], what: Text) -> list[_Span]:
    closed: list[_Span] = []
    reach: _Span | None = None  # of the spans before `span`, the one that lasts longest
    for span, following in _with_next(spans):
        if following is None:
            closed.append(span)
            continue
        start = following.first
        is_covered = reach is not None and reach.last is not None and start is not None and reach.last >= start
        if is_covered and reach is not None:
            _overlap(fields, what, reach, following)
        if span.last is not None and (reach is None or reach.last is None or span.last > reach.last):
            reach = span
        if start is None or start == (span.first or date.min):
            _overlap(fields, what, span, following)
            closed.append(span)
        elif span.last is None:
            closed.append(replace(span, last=start - _ONE_DAY))
        else:
            if span.last >= start:
                _overlap(fields, what, span, following)
            elif span.last + _ONE_DAY < start and not is_covered:
                days = {"from_day": str(span.last + _ONE_DAY), "to_day": str(start - _ONE_DAY)}
                fields.add("version-gap", following.place, what=what, **days)
            closed.append(span)
    return closed


def _overlap(fields: Fields, what: Text, span: _Span, following: _Span) -> None:
    start = following.first
    fields.add(
        "version-overlap",
        following.place,
        what=what,
        first_line=span.place.line,
        last=str(span.last) if span.last else Text("无终止日", "no end"),
        first=str(start) if start else Text("无起始日", "no start"),
        hint=_LATER
        if start is None or start <= (span.first or date.min)
        else Text(
            f"把前一个的 to 改为 {start - _ONE_DAY},或删去它的 to",
            f"let the earlier one end on {start - _ONE_DAY}, or drop its `to`",
        ),
    )


def _with_next(spans: list[_Span]) -> Iterator[tuple[_Span, _Span | None]]:
    for n, span in enumerate(spans):
        yield span, spans[n + 1] if n + 1 < len(spans) else None
