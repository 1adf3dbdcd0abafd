"""A dotted path into the YAML of a rule: what stands there, and the same YAML with something else there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import assert_never

from perf.kernel.issues import Place
from perf.specs.layer_models import Setting
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode

_NEAR_TENTHS = 8


@dataclass(frozen=True, slots=True)
class Changed:
    """The mapping with the change, the first key on the way, and what stood there before, shortened."""

    node: Mapped
    key: str
    was: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where the path leads nowhere: the part that is not there, the keys that are, the way up to it.

    `whole` is the way to what may be written as a whole instead; empty where that is the rule itself.
    """

    part: str
    known: tuple[str, ...]
    parent: tuple[str, ...]
    whole: tuple[str, ...] = ()
    is_list: bool = False


def changed(node: Mapped, path: str, setting: Setting) -> Changed | Trouble:
    """`node` with `setting` at `path`. The last part may be new, unless it looks like a slip of the pen.

    A key that itself holds dots is found as well. A key that is not there but resembles one that is counts as misspelt.
    """
    return _changed(node, tuple(path.split(".")) if path else (), (), setting)


def _changed(node: YamlNode, parts: tuple[str, ...], way: tuple[str, ...], setting: Setting) -> Changed | Trouble:
    if isinstance(node, Sequence):
        return Trouble(".".join(parts), (), way, is_list=True)
    if isinstance(node, Scalar) or not parts:
        return Trouble(".".join(parts), tuple(node.entries) if isinstance(node, Mapped) else (), way)
    key, rest = _split(parts, node.entries)
    if rest:
        if key not in node.entries:
            return Trouble(key, tuple(node.entries), way, (*way, key))
        inner = _changed(node.entries[key], rest, (*way, key), setting)
        if isinstance(inner, Trouble):
            return inner
        return Changed(_with(node, key, inner.node, node.keys[key]), key, inner.was)
    if key not in node.entries and any(_resembles(key, other) for other in node.entries):
        return Trouble(key, tuple(node.entries), way, way)
    was = short_text(node.entries[key]) if key in node.entries else ""
    return Changed(_with(node, key, setting.node, setting.place), key, was)


def _resembles(key: str, other: str) -> bool:
    return SequenceMatcher(None, key, other).ratio() * 10 >= _NEAR_TENTHS


def _with(node: Mapped, key: str, child: YamlNode, place: Place) -> Mapped:
    return replace(node, entries={**node.entries, key: child}, keys={**node.keys, key: place})


def _split(parts: tuple[str, ...], entries: Mapping[str, YamlNode]) -> tuple[str, tuple[str, ...]]:
    """The longest run of parts that is one key, and what follows."""
    for length in range(len(parts), 0, -1):
        if ".".join(parts[:length]) in entries:
            return ".".join(parts[:length]), parts[length:]
    return parts[0], parts[1:]


def short_text(node: YamlNode) -> str:
    """A node on one line, as YAML in brackets, cut where it is long."""
    return shorten(_flow(node))


def _flow(node: YamlNode) -> str:
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return "[" + ", ".join(_flow(item) for item in items) + "]"
        case Mapped(entries=entries):
            return "{" + ", ".join(f"{key}: {_flow(child)}" for key, child in entries.items()) + "}"
        case _ as never:
            assert_never(never)
