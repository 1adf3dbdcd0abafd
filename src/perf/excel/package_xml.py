"""The XML parts of a workbook package, changed where they stand: what is not touched keeps every byte."""

import posixpath
import re
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

_ROOT = re.compile(r"<(?:(\w+):)?(\w+)\b[^>]*?>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class UnfamiliarPackageError(Exception):
    """A part that is not built as spreadsheet programs build it; nothing is changed then."""


class Child(NamedTuple):
    """A child of the root element: its name without prefix, where it begins and ends in the text."""

    name: str
    start: int
    end: int


def decoded_part(content: bytes) -> str:
    """A part as text.

    Raises:
        UnfamiliarPackageError: a part that is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnfamiliarPackageError("encoding") from error


def root_of(text: str) -> re.Match[str]:
    """The start tag of the root element; group 1 is its prefix.

    Raises:
        UnfamiliarPackageError: there is none.
    """
    start = 0
    while (opening := text.find("<", start)) >= 0 and text[opening + 1 : opening + 2] in ("?", "!"):
        start = opening + 2
    match = _ROOT.match(text, opening) if opening >= 0 else None
    if match is None or match[0].endswith("/>"):
        raise UnfamiliarPackageError("root")
    return match


def prefix_of(text: str) -> str:
    """`x:` where the root's elements are written `<x:…>`, else nothing."""
    prefix = root_of(text)[1]
    return f"{prefix}:" if prefix else ""


def namespace_of(text: str) -> str:
    """The namespace of the root element.

    Raises:
        UnfamiliarPackageError: it says none.
    """
    root = root_of(text)
    found = attributes_of(root[0]).get(f"xmlns:{root[1]}" if root[1] else "xmlns")
    if found is None:
        raise UnfamiliarPackageError("namespace")
    return found


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of a start tag, by their names as they are written."""
    return {name: unescape(value[1:-1]) for name, value in _ATTRIBUTE.findall(tag)}


def children_of(text: str) -> list[Child]:
    """The children of the root element of a well-formed text, in order.

    Raises:
        UnfamiliarPackageError: not well-formed.
    """
    content = text.encode()
    is_plain = len(content) == len(text)
    depth = 0
    found: list[Child] = []
    began = (0, "")
    parser = expat.ParserCreate("utf-8")

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, began
        depth += 1
        if depth == 2:
            began = (parser.CurrentByteIndex, tag.rpartition(":")[2])

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 1:
            here = parser.CurrentByteIndex
            closing = content.index(b">", here) + 1
            first = began[0]
            if not is_plain:
                first, closing = len(content[:first].decode()), len(content[:closing].decode())
            found.append(Child(began[1], first, closing))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnfamiliarPackageError("not well-formed") from error
    return found


def appended(element: str, added: str, count: int) -> tuple[str, int]:
    """A list such as `<fonts count="2">…</fonts>` with `count` further items, and how many it had before."""
    closed = re.sub(r"^<([\w:]+)([^>]*)/>$", r"<\1\2></\1>", element)
    head = re.match(r"<[\w:]+[^>]*>", closed)
    if head is None:
        raise UnfamiliarPackageError("list")
    before = len(children_of_fragment(closed))
    start = head[0]
    counted = f'count="{before + count}"'
    start = re.sub(r'\bcount="\d+"', counted, start) if "count=" in start else start[:-1] + f" {counted}>"
    body, _, tail = closed[head.end() :].rpartition("</")
    return f"{start}{body}{added}</{tail}", before


def children_of_fragment(element: str) -> list[Child]:
    """The children of an element that was cut out of its document, whose prefixes are declared elsewhere."""
    head = re.match(r"<[\w:]+", element)
    if head is None:
        raise UnfamiliarPackageError("fragment")
    own = attributes_of(element[: element.index(">") + 1])
    wanted = set(re.findall(r"[<\s/](\w+):", element)) - {"xmlns", "xml"}
    declared = "".join(f' xmlns:{p}="urn:{p}"' for p in sorted(wanted) if f"xmlns:{p}" not in own)
    shift = len(declared)
    moved = children_of(f"{head[0]}{declared}{element[head.end() :]}")
    return [Child(child.name, child.start - shift, child.end - shift) for child in moved]


def end_tag(text: str, name: str = "") -> int:
    """Where the last end tag of a text begins; with a name, the last of that name.

    Raises:
        UnfamiliarPackageError: there is none.
    """
    found = text.rfind(f"</{name}")
    if found < 0:
        raise UnfamiliarPackageError("end tag")
    return found


def xml_text(text: str) -> str:
    """Text as it may stand in an element or an attribute of any part."""
    return escape(_CONTROLS.sub("", text), {'"': "&quot;"})


def place_before(text: str, children: Sequence[Child], names: frozenset[str]) -> int:
    """Where an element belongs that comes before those of these names: before the first, else at the root's end."""
    return next((child.start for child in children if child.name in names), end_tag(text))


def resolved(part: str, target: str) -> str:
    """The part that a relation's target names, seen from `part`."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
