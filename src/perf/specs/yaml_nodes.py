"""What a YAML document is to us: texts, lists and mappings, each with its place. No type is guessed from a spelling."""

from collections.abc import Mapping
from dataclasses import dataclass

from perf.kernel.issues import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text exactly as it is written (`no`, `010`, `0.30` stay text); empty where nothing stands."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def inner(self) -> Place:
        """Where the first character of the text stands, behind the opening quote if there is one."""
        here = self.place
        return Place(here.file, line=here.line, column=here.column + 1) if self.quoted else here


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["YamlNode", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Change:
    """What a layer changed: the dotted `path` inside the rule, where the layer says so, what stood and what stands there.

    `was` is empty where nothing stood there; both are on one line and cut where they are long.
    """

    layer: str
    path: str
    place: Place
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping; `keys` holds the place of each key, both in the order of the file; `changes` what layers did to it."""

    entries: Mapping[str, "YamlNode"]
    keys: Mapping[str, Place]
    place: Place
    changes: tuple[Change, ...] = ()

    @property
    def first_key(self) -> str:
        """The key that tells what a document is; empty for an empty mapping."""
        return next(iter(self.entries), "")


YamlNode = Scalar | Sequence | Mapped


def is_blank(node: YamlNode) -> bool:
    """Whether nothing stands there (`key:` with no value)."""
    return isinstance(node, Scalar) and not node.text and not node.quoted
