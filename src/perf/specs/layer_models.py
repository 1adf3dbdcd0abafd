"""A layer: what a county changes in rules that others wrote, with the dates and the clause it changes them by."""

from dataclasses import dataclass
from datetime import date

from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.yaml_nodes import YamlNode


@dataclass(frozen=True, slots=True)
class Setting:
    """One entry of `set`: the dotted path (rule code first), its place, and what is to stand there."""

    path: str
    place: Place
    node: YamlNode


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as written. Without dates it holds for all time; `source` is the node that changed versions carry."""

    code: str
    title: Text
    first_day: date | None
    last_day: date | None
    source: YamlNode
    over: str
    settings: tuple[Setting, ...]
    place: Place

    @property
    def is_dated(self) -> bool:
        """Whether it starts or ends."""
        return self.first_day is not None or self.last_day is not None
