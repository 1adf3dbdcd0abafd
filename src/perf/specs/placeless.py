"""What rules say, wherever they stand: for telling whether two of them are the same."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from perf.kernel.issues import Place


def placeless(value: object) -> object:
    """A value of rules without the places where its parts stand: a file may be renamed, or a line be put in."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Mapping):
        return {key: placeless(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(placeless(one) for one in value)
    if is_dataclass(value):
        return type(value), *(placeless(getattr(value, one.name)) for one in fields(value) if one.compare)
    return value
