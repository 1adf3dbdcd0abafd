"""Layers over rules: each setting changes the YAML of a rule before it is built, dated, with the origin kept.

A dated layer makes a new version from its first day on: a copy of the version in force with the change. Versions of the
rule that begin later are changed as well, as long as the layer is in force. Layers are applied in the order of their
first days, so that the later one wins; what is only tried out (`TRIAL_FILE`) comes last. See ADR on layers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.dates import day_of
from perf.specs.fields import close_match
from perf.specs.layer_models import Layer, Setting
from perf.specs.layer_paths import Trouble, changed, short_text
from perf.specs.rule_wording import rule_issue
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Change, Mapped, Scalar, YamlNode
from perf.specs.yaml_nodes import Sequence as Listed

LAYERED_KINDS = ("indicator", "scheme", "distribution", "adjustments", "payroll", "measure", "list")
_VERSIONED = frozenset({"indicator", "scheme", "distribution", "adjustments", "payroll"})
_FIXED = {
    "measure": ("measure", "level", "unit", "answers", "period"),
    "list": ("list",),
    "indicator": ("indicator", "level", "unit"),
    "scheme": ("scheme", "period", "of.level"),
    "distribution": ("distribution", "period", "per"),
    "payroll": ("payroll",),
    "adjustments": ("adjustments",),
}
_OWN = ("versions", "from", "to", "source")
_UNDATED = {
    "indicator": ("title", "direction", "confidence"),
    "scheme": ("title", "of"),
    "distribution": ("title", "among", "uses", "payer", "into", "not_with", "announced"),
    "payroll": ("title", "employer", "enabled"),
    "adjustments": ("title",),
}
TRIAL_FILE = "--set"
"""The file of a layer that is tried out: it comes after all others, whatever their first days."""
_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Piece:
    """A stretch of time with the keys of its own that its version states."""

    first: date | None
    last: date | None
    node: Mapped

    def holds(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.first or date.min) <= day <= (self.last or date.max)


@dataclass(slots=True)
class _Rule:
    """A document at work: what holds for all versions, and the versions in order of time."""

    kind: str
    code: str
    top: Mapped
    pieces: list[_Piece]
    is_changed: bool = False

    def document(self) -> Mapped:
        """The document again, with its versions."""
        if not self.pieces:
            return self.top
        rows = Listed(tuple(piece.node for piece in self.pieces), self.top.place)
        entries = {**self.top.entries, "versions": rows}
        return replace(self.top, entries=entries, keys={**self.top.keys, "versions": self.top.place})


def apply_layers(
    documents: Sequence[Mapped], layers: Iterable[Layer]
) -> tuple[tuple[tuple[Mapped, Mapped], ...], tuple[Issue, ...]]:
    """Change documents by layers.

    Args:
        documents: Rule documents as read.
        layers: In any order.
    Returns:
        Each changed document with what it became, and every problem of every setting; a setting with a problem is
        left out.
    """
    worker = _Worker(documents)
    ordered = sorted(layers, key=lambda one: (_is_trial(one), one.first_day or date.min, one.place))
    for is_trial in (False, True):
        worker.tell_overlaps([one for one in ordered if _is_trial(one) == is_trial])
    for layer in ordered:
        worker.apply(layer)
    whole = [(worker.documents[n], rule.document()) for n, rule in sorted(worker.rules.items()) if rule.is_changed]
    return tuple(whole), tuple(worker.issues)


def _is_trial(layer: Layer) -> bool:
    return layer.place.file == TRIAL_FILE


class _Worker:
    def __init__(self, documents: Sequence[Mapped]) -> None:
        self.documents = documents
        self.issues: list[Issue] = []
        self.rules: dict[int, _Rule] = {}
        self.positions: dict[str, int] = {}
        for kind in reversed(LAYERED_KINDS):
            for n, document in enumerate(documents):
                code = document.entries.get(kind) if document.first_key == kind else None
                if isinstance(code, Scalar):
                    self.positions[code.text] = n

    def tell_overlaps(self, layers: Sequence[Layer]) -> None:
        """Two lines that change one place from one day on."""
        rows = sorted(
            ((layer.first_day or date.min, f"{one.path}.", one) for layer in layers for one in layer.settings),
            key=lambda row: (row[0], row[1], row[2].place),
        )
        for before, now in pairwise(rows):
            if before[0] == now[0] and now[1].startswith(before[1]):
                values = {"path": now[2].path, "other": before[2].path, "first": str(before[2].place)}
                self.issues.append(rule_issue("layer-overlap", now[2].place, **values))

    def apply(self, layer: Layer) -> None:
        """Every setting of one layer."""
        for setting in layer.settings:
            code, _, path = setting.path.partition(".")
            rule = self._rule(code)
            if rule is None:
                hint = close_match(code, self.positions)
                self._add("layer-code-unknown", setting, rule=shorten(code), hint=hint)
            elif self._may(layer, setting, rule, path):
                if rule.kind in _VERSIONED and path.partition(".")[0] not in _UNDATED[rule.kind]:
                    self._in_versions(layer, setting, rule, path)
                else:
                    self._at_top(layer, setting, rule, path)

    def _rule(self, code: str) -> _Rule | None:
        n = self.positions.get(code)
        if n is None:
            return None
        if n not in self.rules:
            document = self.documents[n]
            self.rules[n] = _Rule(document.first_key, code, *_taken_apart(document))
        return self.rules[n]

    def _may(self, layer: Layer, setting: Setting, rule: _Rule, path: str) -> bool:
        key = path.partition(".")[0]
        fixed = (*_FIXED[rule.kind], *_OWN)
        level = setting.node.entries.get("level") if path == "of" and isinstance(setting.node, Mapped) else None
        was = rule.top.entries.get("of")
        kept = was.entries.get("level") if isinstance(was, Mapped) else None
        is_moved = isinstance(level, Scalar) and isinstance(kept, Scalar) and level.text != kept.text
        if key in fixed or path in fixed or is_moved:
            self._add("layer-key-fixed", setting, path=setting.path)
            return False
        has_no_versions = rule.kind not in _VERSIONED or key in _UNDATED[rule.kind]
        if layer.is_dated and has_no_versions and path:
            self._add("layer-key-undated", setting, path=setting.path, key=key)
            return False
        return True

    def _at_top(self, layer: Layer, setting: Setting, rule: _Rule, path: str) -> None:
        found = changed(rule.top, path, setting)
        if isinstance(found, Trouble):
            self._trouble(found, setting, rule)
            return
        note = Change(layer.code, path, setting.place, found.was, short_text(setting.node))
        rule.top = replace(found.node, changes=(*rule.top.changes, note))
        rule.is_changed = True

    def _in_versions(self, layer: Layer, setting: Setting, rule: _Rule, path: str) -> None:
        if not rule.pieces:
            return  # versions that are not legible: told where they are built
        start = layer.first_day
        if start is not None and not any(piece.holds(start) for piece in rule.pieces):
            spans = Text("、".join(_span(piece) for piece in rule.pieces))
            self._add("layer-without-version", setting, rule=rule.code, day=str(start), spans=spans)
            return
        kept: list[_Piece] = []
        told: Trouble | None = None
        for piece in rule.pieces:
            for part, is_inside in _cut(piece, layer, setting.place):
                found = _changed_piece(rule.top, part, layer, setting, path) if is_inside else part
                if isinstance(found, Trouble):
                    told = told or found
                else:
                    kept.append(found)
        if told is not None:
            self._trouble(told, setting, rule)
            return
        rule.pieces = kept
        rule.is_changed = True

    def _trouble(self, trouble: Trouble, setting: Setting, rule: _Rule) -> None:
        parent = ".".join([rule.code, *trouble.parent]) if trouble.parent else rule.code
        if trouble.is_list:
            self._add("layer-path-list", setting, path=setting.path, parent=parent)
            return
        near = close_match(trouble.part, trouble.known)
        where = Text(f"{parent} 里", parent)
        whole = ".".join([rule.code, *trouble.whole])
        add = Text(f"(要新增,请整段写出 {whole}: {{…}})", f" (to add something new, write it whole: {whole}: {{…}})")
        values = {"rule": rule.code, "part": shorten(trouble.part), "path": shorten(setting.path)}
        known = " ".join(trouble.known) or "—"
        self._add(
            "layer-path-unknown",
            setting,
            where=where,
            known=known,
            hint=near,
            add=add if trouble.whole else Text(""),
            **values,
        )

    def _add(self, code: str, setting: Setting, **values: str | Text) -> None:
        self.issues.append(rule_issue(code, setting.place, **values))


def _taken_apart(document: Mapped) -> tuple[Mapped, list[_Piece]]:
    """What holds for all versions, and the versions; none where the document has none or they are not legible."""
    if document.first_key not in _VERSIONED:
        return document, []
    rows = document.entries.get("versions")
    if rows is None:
        own = ("from", "to", "source")
        top = _only(document, [key for key in document.entries if key not in own])
        nodes = [replace(_only(document, [key for key in own if key in document.entries]), changes=())]
    elif isinstance(rows, Listed) and all(isinstance(row, Mapped) for row in rows.items):
        top = _only(document, [key for key in document.entries if key != "versions"])
        nodes = [row for row in rows.items if isinstance(row, Mapped)]
    else:
        return document, []
    pieces = [_Piece(_day(node, "from"), _day(node, "to"), node) for node in nodes]
    pieces.sort(key=lambda piece: piece.first or date.min)
    for piece, following in pairwise(pieces):
        if piece.last is None and following.first is not None and following.first > date.min:
            piece.last = following.first - _DAY
    return top, pieces


def _only(node: Mapped, keys: Sequence[str]) -> Mapped:
    return replace(node, entries={key: node.entries[key] for key in keys}, keys={key: node.keys[key] for key in keys})


def _day(node: Mapped, key: str) -> date | None:
    text = node.entries.get(key)
    return day_of(text.text, is_last=key == "to") if isinstance(text, Scalar) else None


def _span(piece: _Piece) -> str:
    return f"{piece.first or '…'} — {piece.last or '…'}"


def _cut(piece: _Piece, layer: Layer, place: Place) -> list[tuple[_Piece, bool]]:
    """The piece in parts before, inside and after the layer's time; inside parts are marked."""
    first, last = piece.first or date.min, piece.last or date.max
    start, end = max(first, layer.first_day or date.min), min(last, layer.last_day or date.max)
    if start > end:
        return [(piece, False)]
    parts: list[tuple[_Piece, bool]] = []
    if first < start:
        parts.append((_dated(piece, piece.first, start - _DAY, place), False))
    whole = start == first and end == last
    inside = piece if whole else _dated(piece, piece.first if start == first else start, end, place)
    parts.append((inside, True))
    if end < last:
        parts.append((_dated(piece, end + _DAY, piece.last, place), False))
    return parts


def _dated(piece: _Piece, first: date | None, last: date | None, place: Place) -> _Piece:
    last = None if last == date.max else last
    entries: dict[str, YamlNode] = dict(piece.node.entries)
    keys: dict[str, Place] = dict(piece.node.keys)
    for key, was, now in (("from", piece.first, first), ("to", piece.last, last)):
        if was != now:
            entries[key], keys[key] = Scalar(str(now), place), place
    return _Piece(first, last, replace(piece.node, entries=entries, keys=keys))


def _changed_piece(top: Mapped, piece: _Piece, layer: Layer, setting: Setting, path: str) -> _Piece | Trouble:
    own = piece.node
    view = replace(own, entries={**top.entries, **own.entries}, keys={**top.keys, **own.keys})
    found = changed(view, path, setting)
    if isinstance(found, Trouble):
        return found
    entries: Mapping[str, YamlNode] = {
        **own.entries,
        found.key: found.node.entries[found.key],
        "source": layer.source,
    }
    keys = {**own.keys, found.key: found.node.keys[found.key], "source": layer.source.place}
    note = Change(layer.code, path, setting.place, found.was, short_text(setting.node))
    node = Mapped(entries, keys, setting.place, (*own.changes, note))
    return _Piece(piece.first, piece.last, node)
