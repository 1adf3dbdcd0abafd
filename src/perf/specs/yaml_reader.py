"""Reads YAML by its events: texts stay texts, every node knows its place, and nothing clever of YAML is let in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn, cast

import yaml
from yaml.error import Mark

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode, is_blank
from perf.specs.yaml_wording import problem_text, yaml_issue

CHARACTERS_MAX = 1_000_000
NODES_MAX = 100_000
RULE_NODES_MAX = 20_000
"""Outside lists of items, which may be as long as a price list: many times the largest rule file."""
SLOW_NODES_MAX = 20_000
SLOW_CHARACTERS_MAX = 150_000
DOCUMENTS_MAX = 5_000
ISSUES_MAX = 1_000
DEPTH_MAX = 40
_PURE = yaml.SafeLoader
_FAST = getattr(yaml, "CSafeLoader", _PURE)
"""The parser in C, about ten times as fast, where the installation has it."""
_UNLIKE = re.compile("[\\t?\\r\\x85\\u2028\\u2029\\ufeff]|" + yaml.reader.Reader.NON_PRINTABLE.pattern)
"""What the two parsers do not read alike."""
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_CONTROL = Text("有不可见的控制字符", "a control character")
_UNQUOTED = (None, "")
_COLON_FOLLOWS = re.compile(r"\s*:")


def read_yaml(file: str, text: str) -> tuple[tuple[YamlNode, ...], tuple[Issue, ...]]:
    """Read every document of a YAML text.

    Args:
        file: Name for the places.
        text: Content; a BOM is accepted.
    Returns:
        The documents that could be read (blank ones left out), and all issues: duplicate keys, anchors, tags and the
        like are all found in one pass; after a syntax error the documents before it are still there.

    Nothing is expanded, so that no alias can explode; size, number of nodes and depth are limited.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > CHARACTERS_MAX:
        found, limit = (
            Text(f"{len(text)} 个字", f"{len(text)} characters"),
            Text(f"{CHARACTERS_MAX} 个字", f"{CHARACTERS_MAX}"),
        )
        return (), (yaml_issue("yaml-too-large", Place(file), found=found, limit=limit),)
    unseen = _INVISIBLE.search(text)
    if unseen is not None:
        return (), (_unseen(file, text, unseen.start()),)
    told: tuple[Issue, ...] = ()
    unlike = _UNLIKE.search(text)
    is_long = len(text) > SLOW_CHARACTERS_MAX
    if unlike is not None and is_long:
        return (), (_too_long_to_read_slowly(file, text, unlike.start()),)
    if unlike is None and _FAST is not _PURE:
        documents, issues, is_whole = _read(_Reader(file, _FAST, NODES_MAX), text)
        if is_whole or is_long:
            return documents, issues
        told = issues
    # told by the parser in Python, whose words and places are the same everywhere
    documents, issues, is_whole = _read(_Reader(file, _PURE, SLOW_NODES_MAX), text)
    is_cut = any(issue.code == "yaml-too-large" for issue in issues)
    return documents, told if told and is_cut else issues


def _read(reader: "_Reader", text: str) -> tuple[tuple[YamlNode, ...], tuple[Issue, ...], bool]:
    """Documents and issues up to an error or a limit, and whether it was well-formed."""
    kept: list[YamlNode] = []
    is_whole = True
    try:
        for number, document in enumerate(reader.documents(text)):
            if number == DOCUMENTS_MAX:
                found = Text(f"{DOCUMENTS_MAX} 个以上的文档", f"more than {DOCUMENTS_MAX} documents")
                _stop(document.place, found, Text(f"{DOCUMENTS_MAX} 个", f"{DOCUMENTS_MAX}"))
            if not is_blank(document):
                kept.append(document)
    except _LimitReached as reached:
        reader.issues.append(reached.issue)
    except yaml.MarkedYAMLError as error:
        is_whole = False
        mark = error.problem_mark or error.context_mark
        place = Place(reader.file, line=mark.line + 1, column=mark.column + 1) if mark else Place(reader.file)
        reader.issues.append(yaml_issue("yaml-syntax", place, problem=problem_text(error.problem or "")))
    except yaml.reader.ReaderError as error:
        is_whole = False
        reader.issues.append(_unseen(reader.file, text, error.position))
    return tuple(kept), tuple(reader.issues), is_whole


def _unseen(file: str, text: str, position: int) -> Issue:
    """What stands there and cannot be seen; a text full of zeros is one in UTF-16."""
    place = _place(file, text, position)
    wide = Text("像是 UTF-16 编码,请另存为 UTF-8", "it looks like UTF-16; save it as UTF-8")
    is_wide = text.count("\0") * 3 > len(text)
    return yaml_issue("yaml-syntax", place, problem=wide if is_wide else _CONTROL)


def _too_long_to_read_slowly(file: str, text: str, position: int) -> Issue:
    """The parser in C does not read alike what stands there, and the one in Python takes seconds."""
    found = Text(
        f"{len(text)} 个字,而且有制表符、“?”或 Windows 换行(这里是第一处)",
        f"{len(text)} characters, with tabs, “?” or line ends of Windows (here is the first)",
    )
    limit = Text(
        f"{SLOW_CHARACTERS_MAX} 个字;没有这些字符时 {CHARACTERS_MAX} 个字",
        f"{SLOW_CHARACTERS_MAX}, or {CHARACTERS_MAX} without these",
    )
    return yaml_issue("yaml-too-large", _place(file, text, position), found=found, limit=limit)


def _place(file: str, text: str, position: int) -> Place:
    before = text[:position]
    return Place(file, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _stop(place: Place, found: Text, limit: Text) -> NoReturn:
    raise _LimitReached(yaml_issue("yaml-too-large", place, found=found, limit=limit))


class _LimitReached(Exception):
    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read: its children in order, keys and values alternating in a mapping;
    `bare`: which of the pairs have a key without a colon (`{a: 1, b}`).
    """

    is_mapping: bool
    is_flow: bool
    place: Place
    children: list[YamlNode] = field(default_factory=list)
    bare: set[int] = field(default_factory=set)


class _Reader:
    def __init__(self, file: str, loader: type[yaml.SafeLoader], nodes_max: int) -> None:
        self.file = file
        self.loader = loader
        self.nodes_max = nodes_max
        self.issues: list[Issue] = []
        self.nodes = 0
        self.rule_nodes = 0

    def documents(self, text: str) -> Iterator[YamlNode]:
        """The root of each document."""
        stack: list[_Open] = []
        for event in yaml.parse(text, Loader=self.loader):
            if isinstance(event, yaml.ScalarEvent):
                place = self._node(event, stack)
                done: YamlNode = Scalar(event.value, place, event.style not in _UNQUOTED)
                if event.style == '"' and _INVISIBLE.search(event.value):  # written as an escape
                    self.issues.append(yaml_issue("yaml-syntax", place, problem=_CONTROL))
                if stack and stack[-1].is_flow:
                    _note_bare(stack[-1], event, text)
            elif isinstance(event, yaml.CollectionStartEvent):
                place = self._node(event, stack)
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent), bool(event.flow_style), place))
                continue
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self._close(stack.pop())
            elif isinstance(event, yaml.AliasEvent):
                place = self._node(event, stack)
                self.issues.append(yaml_issue("yaml-anchor", place, name=f"*{event.anchor}"))
                done = Scalar("", place, quoted=True)
            else:
                continue
            if stack:
                stack[-1].children.append(done)
            else:
                yield done

    def _node(self, event: yaml.NodeEvent, stack: list[_Open]) -> Place:
        """Where a node begins; it is counted, and anchors and tags are told."""
        mark = _mark(event.start_mark)
        place = Place(self.file, line=mark.line + 1, column=mark.column + 1)
        self.nodes += 1
        self.rule_nodes += not _is_list_of_items(stack)
        for nodes, most in ((self.nodes, self.nodes_max), (self.rule_nodes, RULE_NODES_MAX)):
            if nodes > most:
                _stop(place, Text(f"{most} 项以上", f"more than {most} nodes"), Text(f"{most} 项", f"{most}"))
        if len(self.issues) > ISSUES_MAX:
            found = Text(f"{ISSUES_MAX} 个以上的问题", f"more than {ISSUES_MAX} problems")
            _stop(place, found, Text("先改正以上各处", "mend those above first"))
        if len(stack) > DEPTH_MAX:
            raise _LimitReached(yaml_issue("yaml-too-deep", place, limit=DEPTH_MAX))
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self.issues.append(yaml_issue("yaml-anchor", place, name=f"&{event.anchor}"))
        tag = getattr(event, "tag", None)
        if tag:
            name = shorten(tag.replace("tag:yaml.org,2002:", "!!"))
            self.issues.append(yaml_issue("yaml-tag", place, name=name))
        return place

    def _close(self, opened: _Open) -> YamlNode:
        if not opened.is_mapping:
            items = self._join_cut(opened.children) if opened.is_flow else opened.children
            return Sequence(tuple(items), opened.place)
        pairs = list(zip(opened.children[::2], opened.children[1::2], strict=True))
        if opened.bare:
            pairs = self._join_cut_values(pairs, opened.bare)
        entries: dict[str, YamlNode] = {}
        keys: dict[str, Place] = {}
        for key, value in pairs:
            if not isinstance(key, Scalar):
                self.issues.append(yaml_issue("yaml-key-not-text", key.place))
            elif key.text in entries:
                self.issues.append(
                    yaml_issue("yaml-duplicate-key", key.place, key=shorten(key.text), first=keys[key.text].line)
                )
            else:
                entries[key.text], keys[key.text] = value, key.place
        return Mapped(entries, keys, opened.place)

    def _join_cut_values(
        self, pairs: list[tuple[YamlNode, YamlNode]], bare: set[int]
    ) -> list[tuple[YamlNode, YamlNode]]:
        """`{amount: min(a, b)}` comes as `amount: min(a` and a key `b)` without colon: join them, and say so."""
        keys: list[YamlNode] = []
        runs: list[list[YamlNode]] = []
        for number, (key, value) in enumerate(pairs):
            before = runs[-1][0] if runs else None
            if number in bare and is_blank(value) and isinstance(before, Scalar) and not before.quoted:
                runs[-1].append(key)
            else:
                keys.append(key)
                runs.append([value])
        return list(zip(keys, self._joined(runs), strict=True))

    def _join_cut(self, items: list[YamlNode]) -> list[YamlNode]:
        """The same inside `[…]`: what follows an open parenthesis belongs to it."""
        runs: list[list[YamlNode]] = []
        still_open = 0
        for item in items:
            is_plain = isinstance(item, Scalar) and not item.quoted
            if still_open > 0 and is_plain:
                runs[-1].append(item)
            else:
                still_open = 0
                runs.append([item])
            still_open = still_open + _open_parentheses(item) if is_plain else 0
        return self._joined(runs)

    def _joined(self, runs: list[list[YamlNode]]) -> list[YamlNode]:
        """Every run of pieces as one text, which is told; a run of one as it is."""
        whole: list[YamlNode] = []
        for run in runs:
            first = run[0]
            if len(run) == 1 or not isinstance(first, Scalar):
                whole.append(first)
                continue
            text = ", ".join(piece.text for piece in run if isinstance(piece, Scalar))
            values = {"found": shorten(first.text), "whole": shorten(text)}
            self.issues.append(yaml_issue("yaml-comma-unquoted", first.place, **values))
            whole.append(Scalar(text, first.place))
        return whole


def _is_list_of_items(stack: list[_Open]) -> bool:
    """Whether the document that is being read begins with `list:`."""
    first = stack[0].children[0] if stack and stack[0].children else None
    return isinstance(first, Scalar) and first.text == "list"


def _mark(mark: object) -> Mark:
    return cast("Mark", mark)  # events of a text have marks


def _note_bare(opened: _Open, event: yaml.ScalarEvent, text: str) -> None:
    """Note a plain key of a flow mapping that no colon follows."""
    is_key = opened.is_mapping and len(opened.children) % 2 == 0
    if is_key and event.style in _UNQUOTED and not _COLON_FOLLOWS.match(text, _mark(event.end_mark).index):
        opened.bare.add(len(opened.children) // 2)


def _open_parentheses(node: YamlNode) -> int:
    """How many more parentheses a text opens than it closes."""
    return node.text.count("(") - node.text.count(")") if isinstance(node, Scalar) else 0
