"""The canonical text of rules: what a rule says without comments and layout, so that its hash pins its meaning."""

import hashlib
import re

from perf.specs.yaml_nodes import Scalar, Sequence, YamlNode

# What may stand without quotes in block YAML: no sign that YAML gives a meaning, no space at either end.
_PLAIN = re.compile(r"[\w(][^\x00-\x1f\x7f-\x9f#:{}\[\],&*!|>'\"%@`\\\ufeff\u2028\u2029]*(?<!\s)")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_INDENT = "  "


def canonical_text(documents: tuple[YamlNode, ...]) -> str:
    """The documents of one file as block YAML in one fixed form; reading it gives the same documents again."""
    return "".join("---\n" + "".join(line + "\n" for line in _lines(document, 0)) for document in documents)


def content_hash(text: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(node: YamlNode, depth: int) -> list[str]:
    pad = _INDENT * depth
    if isinstance(node, Scalar):
        return [pad + _text(node.text)]
    if isinstance(node, Sequence):
        return [row for item in node.items for row in _entry(f"{pad}-", item, depth)] or [pad + "[]"]
    rows = [row for key, value in node.entries.items() for row in _entry(f"{pad}{_text(key)}:", value, depth)]
    return rows or [pad + "{}"]


def _entry(head: str, value: YamlNode, depth: int) -> list[str]:
    is_short = isinstance(value, Scalar) or not (value.items if isinstance(value, Sequence) else value.entries)
    if is_short:
        return [f"{head} {_lines(value, 0)[0]}"]
    return [head, *_lines(value, depth + 1)]


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in ("---", "...") and text.isprintable():
        return text
    return '"' + "".join(_ESCAPES.get(sign) or _escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    if sign.isprintable() or sign == " ":
        return sign
    number = ord(sign)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
