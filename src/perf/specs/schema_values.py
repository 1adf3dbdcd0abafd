"""Fragments of JSON Schema for the values of keys. A scalar may come from an editor as text, number or truth value."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool"

_NUMBER = r"^\s*[-+−]?[0-9][0-9,]*(\.[0-9]+)?\s*%?\s*$"
_QUANTITY = r"^\s*[-+−]?[0-9][0-9,]*(\.[0-9]+)?\s*\S{0,12}\s*$"
_DAY = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


class Key(NamedTuple):
    """A key of a form: what may stand under it, and what it means."""

    name: str
    value: Json
    zh: str
    en: str
    is_required: bool = False


def text() -> Json:
    """Any text; an editor may take it for a number or a truth value."""
    return {"type": ["string", "number", "boolean"]}


def number() -> Json:
    """A number or a percentage."""
    return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}]}


def quantity() -> Json:
    """A number with the sign of its unit."""
    return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _QUANTITY}]}


def whole() -> Json:
    """A whole number."""
    return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]}


def code() -> Json:
    """The code of a rule."""
    return {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}


def day() -> Json:
    """A year, month or day."""
    return {"anyOf": [{"type": "integer", "minimum": 1000, "maximum": 9999}, {"type": "string", "pattern": _DAY}]}


def yes_no() -> Json:
    """A switch; the editor may read `yes` as true."""
    return {"enum": ["yes", "no", "true", "false", True, False]}


def one_of(words: Iterable[str]) -> Json:
    """One of these words."""
    found: list[Json] = [str(word) for word in words]
    return {"enum": found}


def digits() -> Json:
    """0 to 12, or `exact`."""
    small: list[Json] = [{"const": "exact"}, {"type": "integer", "minimum": 0, "maximum": 12}]
    return {"anyOf": [*small, {"type": "string", "pattern": "^([0-9]|1[0-2])$"}]}


def formula() -> Json:
    """A formula as text; a plain number is one too."""
    return {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 2000}, {"type": "number"}]}


def words() -> Json:
    """One word or a list of words."""
    return {"anyOf": [text(), {"type": "array", "items": text()}]}


def rows(first: Json, second: Json, *, least: int = 1) -> Json:
    """A list of pairs."""
    pair: Json = {"type": "array", "prefixItems": [first, second], "minItems": 2, "maxItems": 2}
    return {"type": "array", "items": pair, "minItems": least}


def list_of(item: Json) -> Json:
    """A list."""
    return {"type": "array", "items": item}


def by_name(value: Json) -> Json:
    """A mapping with free names."""
    return {"type": "object", "additionalProperties": value}


def ref(name: str) -> Json:
    """Another form."""
    return {"$ref": f"#/$defs/{name}"}


def either(*values: Json) -> Json:
    """Any of these."""
    return {"anyOf": list(values)}


def title() -> Json:
    """`{zh, en}` or plain Chinese."""
    return either({"type": "string"}, {"type": "number"}, ref("title"))


def anything() -> Json:
    """Whatever may stand there."""
    return True
