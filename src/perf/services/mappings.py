"""What headers mean: small files to review, and the answers that are remembered by sender and layout."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from perf.excel.headers import ROLES, header_key
from perf.excel.layouts import Remembered, TableLayout, layout_headers
from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.identity import without_numbers
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import file_name, read_text
from perf.specs import yaml_nodes
from perf.specs.models import RuleBook
from perf.specs.yaml_nodes import Mapped, Scalar
from perf.specs.yaml_reader import read_yaml
from perf.storage import audit, rosters
from perf.storage.counters import wait_for_turn
from perf.storage.header_mappings import HeaderAnswer, header_answers, remember
from perf.storage.store import Connection, Store
from perf.storage.viewer import COUNTY, EVERY_CONSORTIUM, Viewer

SHORT = 12
"""So many characters of a layout's digest are shown, and are enough to name it."""
_KEYS = ("consortium", "sender", "headers", "answers")


@dataclass(frozen=True, slots=True)
class RememberedLayout:
    """What is remembered of one sender's layout; `answers` by header."""

    consortium: str
    layout: TableLayout
    decided: tuple[HeaderAnswer, ...] = ()

    @property
    def name(self) -> str:
        """The short digest by which people name it."""
        return self.layout.digest[:SHORT]


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping file: `header: measure code or role` by line.

    Raises:
        WrongUse: it is no such file; with its lines.
    """
    documents, found = read_yaml(file_name(path), read_text(path, bytes_max=1 << 20))
    issues = list(found)
    if issues or len(documents) != 1 or not isinstance(documents[0], Mapped):
        raise WrongUse(
            Text(f"{file_name(path)} 不是“表头: 数据项”的 YAML", f"{file_name(path)} is no YAML of `header: measure`"),
            issues,
        )
    told: list[tuple[str, str]] = []
    for header, node in documents[0].entries.items():
        target = node.text if isinstance(node, Scalar) else ""
        if not target:
            issues.append(_bad_target(documents[0].keys[header], header, target))
        told.append((header, target))
    if issues:
        raise WrongUse(Text(f"{file_name(path)} 有错误", f"{file_name(path)} has errors"), issues)
    return _agreed(told)


def answers_given(pairs: Iterable[str]) -> dict[str, str]:
    """`表头=编码` of the command line; the last `=` divides.

    Raises:
        WrongUse: one without a header or a code, or a header with two codes.
    """
    told: list[tuple[str, str]] = []
    for pair in pairs:
        header, _, target = (part.strip() for part in pair.rpartition("="))
        if not header or not target:
            raise WrongUse(Text(f"--map “{pair}”应为 表头=编码", f"--map “{pair}” should be HEADER=CODE"))
        told.append((header, target))
    return _agreed(told)


def _agreed(told: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Header → target.

    Raises:
        WrongUse: one header (neither blanks nor case count) with two targets.
    """
    targets: dict[str, str] = {}
    for header, target in told:
        if targets.setdefault(header_key(header), target) != target:
            other = targets[header_key(header)]
            raise WrongUse(
                Text(
                    f"表头“{header}”有两个答复:{other} 和 {target};留一个",
                    f"two answers for “{header}”: {other} and {target}; keep one",
                )
            )
    return dict(told)


def remembered(connection: Connection, viewer: Viewer) -> Remembered:
    """Every answer in scope, by sender and layout; what two consortia answer differently is left out, so it is asked."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for answer in header_answers(connection, viewer):
        found.setdefault((answer.sender, answer.layout), {}).setdefault(answer.header, set()).add(answer.target)
    return {
        key: {header: next(iter(targets)) for header, targets in answers.items() if len(targets) == 1}
        for key, answers in found.items()
    }


def keep_answers(
    connection: Connection,
    viewer: Viewer,
    layouts: Sequence[TableLayout],
    *,
    consortium: str,
    import_id: int,
    at: datetime,
) -> int:
    """Remember what the user said about the headers of an accepted file; returns how many answers are new."""
    return sum(
        remember(
            connection,
            viewer,
            consortium=consortium,
            sender=layout.sender,
            layout=layout.digest,
            headers=layout.headers,
            answers=dict(layout.answers),
            at=at,
            import_id=import_id,
        )
        for layout in layouts
    )


def list_mappings(
    store: Store, *, actor: Actor, name: str = "", sender: str = "", consortium: str = ""
) -> list[RememberedLayout]:
    """What is remembered, one entry for each sender's layout; only those whose digest begins with `name`, of `sender`
    in `consortium`.

    Raises:
        NotFound: a name that no layout in scope has.
    """
    with store.read() as connection:
        answers = header_answers(connection, actor.viewer)
    layouts = [
        RememberedLayout(consortium, TableLayout(who, decided[0].headers, _pairs(decided)), decided)
        for (consortium, who, _layout), group in groupby(answers, lambda a: (a.consortium, a.sender, a.layout))
        for decided in (tuple(group),)
    ]
    chosen = [
        one
        for one in layouts
        if one.layout.digest.startswith(name)
        and sender in ("", one.layout.sender)
        and consortium in ("", one.consortium)
    ]
    if name and not chosen:
        raise NotFound(Text(f"没有记住的表样 {name}", f"no layout {name} is remembered"))
    return chosen


def mappings_yaml(layouts: Iterable[RememberedLayout]) -> str:
    """The file to review: a document for each layout, with all its headers and what those that were asked mean."""
    quoted = json.dumps
    parts = [
        "# 表头对照。核对、修改后:perf-pay mapping import 本文件;删去 answers 中的一行不等于撤回(用 mapping forget)\n"
    ]
    for one in layouts:
        headers = ", ".join(quoted(header, ensure_ascii=False) for header in one.layout.headers)
        lines = [
            "---",
            f"consortium: {quoted(one.consortium, ensure_ascii=False)}",
            f"sender: {quoted(one.layout.sender, ensure_ascii=False)}",
            f"headers: [{headers}]",
            "answers:",
            *(f"  {quoted(h, ensure_ascii=False)}: {to}" for h, to in one.layout.answers),
        ]
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def import_mappings(store: Store, path: Path, book: RuleBook, *, actor: Actor, now: datetime) -> int:
    """Take a reviewed file; returns how many answers are new. All of it or nothing.

    Raises:
        InputRefused: with every problem of the file.
        NotFound: a consortium out of scope, or one that there is not.
    """
    layouts = _read_layouts(path, book)
    with store.write() as connection:
        wait_for_turn(connection, "import")
        known = {COUNTY, EVERY_CONSORTIUM, *_consortia(connection, actor.viewer)}
        count = 0
        for one in layouts:
            actor.require(one.consortium)
            if one.consortium not in known:
                raise NotFound(Text(f"没有医共体 {one.consortium}", f"no consortium {one.consortium}"))
            count += _decide(connection, actor, one, dict(one.layout.answers), "remember-headers", now=now)
    return count


def forget_mapping(
    store: Store,
    name: str,
    *,
    header: str = "",
    sender: str = "",
    consortium: str = "",
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> int:
    """Take back what is remembered of a layout, or of one of its headers; returns how many answers.

    Raises:
        NotFound: no such layout or header.
        WrongUse: a name that several layouts have.
    """
    chosen = list_mappings(store, actor=actor, name=name, sender=sender, consortium=consortium)
    if len(chosen) > 1:
        names = "、".join(f"{one.name}({one.consortium} {one.layout.sender})" for one in chosen)
        raise WrongUse(
            Text(
                f"{name} 不止一个:{names};加 --consortium 或 --sender",
                f"several layouts: {names}; add --consortium or --sender",
            )
        )
    (one,) = chosen
    gone = {known: "" for known, _ in one.layout.answers if not header or known == header_key(header)}
    if not gone:
        raise NotFound(Text(f"表样 {one.name} 没有记住“{header}”", f"“{header}” is not remembered of {one.name}"))
    with store.write() as connection:
        wait_for_turn(connection, "import")
        return _decide(connection, actor, one, gone, "forget-headers", now=now, reason=reason)


def _decide(
    connection: Connection,
    actor: Actor,
    one: RememberedLayout,
    answers: Mapping[str, str],
    action: str,
    *,
    now: datetime,
    reason: str = "",
) -> int:
    """Keep what headers mean from now on (empty: nothing), and put it on record; returns how many answers are new."""
    count = remember(
        connection,
        actor.viewer,
        consortium=one.consortium,
        sender=one.layout.sender,
        layout=one.layout.digest,
        headers=one.layout.headers,
        answers=answers,
        at=now,
    )
    audit.append(
        connection,
        actor.viewer,
        consortium=one.consortium,
        at=now,
        action=action,
        target=f"layout {one.name}",
        reason=reason,
        details={"sender": one.layout.sender, "answers": count},
    )
    return count


def _consortia(connection: Connection, viewer: Viewer) -> set[str]:
    segments = (version.segment for version in rosters.newest_segments(connection, viewer))
    return {segment.subject for segment in segments if segment.level == "consortium"}


def _pairs(answers: Iterable[HeaderAnswer]) -> tuple[tuple[str, str], ...]:
    return tuple((answer.header, answer.target) for answer in answers)


def _read_layouts(path: Path, book: RuleBook) -> list[RememberedLayout]:
    documents, found = read_yaml(file_name(path), read_text(path, bytes_max=1 << 20))
    issues = list(found)
    layouts = [one for document in documents if (one := _layout_of(document, book, issues)) is not None]
    if not issues and not layouts:
        issues.append(_bad_form(Place(file_name(path), line=1)))
    if issues:
        raise InputRefused(Text(f"{file_name(path)} 不能导入", f"{file_name(path)} cannot be taken"), issues)
    return layouts


def _layout_of(document: yaml_nodes.YamlNode, book: RuleBook, issues: list[Issue]) -> RememberedLayout | None:
    """One document of the file; what is wrong with it goes to `issues`."""
    entries: Mapping[str, yaml_nodes.YamlNode] = document.entries if isinstance(document, Mapped) else {}
    headers, answers = entries.get("headers"), entries.get("answers")
    consortium, sender = entries.get("consortium"), entries.get("sender")
    if not (
        isinstance(headers, yaml_nodes.Sequence)
        and isinstance(answers, Mapped)
        and isinstance(consortium, Scalar)
        and isinstance(sender, Scalar)
        and set(entries) == set(_KEYS)
    ):
        issues.append(_bad_form(document.place))
        return None
    before = len(issues)
    texts = [node.text for node in headers.items if isinstance(node, Scalar)]
    if len(texts) < len(headers.items) or not layout_headers(texts):
        issues.append(_bad_form(headers.place))
    told: dict[str, str] = {}
    for header, node in answers.entries.items():
        target = node.text if isinstance(node, Scalar) else ""
        if target not in ROLES and target not in book.measures:
            issues.append(_bad_target(answers.keys[header], header, target))
        elif told.setdefault(header_key(header), target) != target:
            issues.append(_two_targets(answers.keys[header], header, told[header_key(header)], target))
    if len(issues) > before:
        return None
    who = without_numbers(sender.text)
    return RememberedLayout(consortium.text, TableLayout(who, layout_headers(texts), tuple(sorted(told.items()))))


def _bad_form(place: Place) -> Issue:
    return Issue(
        "mapping-form",
        place,
        Text("这一段不完整,或有多余的键", "a part that lacks something, or has something more"),
        Text("consortium、sender、headers、answers 各一", "consortium, sender, headers and answers, each once"),
        Text("用 perf-pay mapping export 得到样子", "perf-pay mapping export shows the form"),
    )


def _two_targets(place: Place, header: str, one: str, other: str) -> Issue:
    return Issue(
        "mapping-form",
        place,
        Text(f"“{header}”有两个答复:{one} 和 {other}", f"two answers for “{header}”: {one} and {other}"),
        Text(
            "一个表头一个答复;空格、全角半角、大小写不算不同",
            "one answer a header; blanks, width and case do not count",
        ),
    )


def _bad_target(place: Place, header: str, target: str) -> Issue:
    return Issue(
        "mapping-unknown",
        place,
        Text(f"对照表把“{header}”指为“{target}”", f"the mapping says “{header}” is “{target}”"),
        Text("数据项编码,或 " + "、".join(ROLES), "a measure's code, or " + ", ".join(ROLES)),
        Text(
            "改正编码;编码见规则书(perf-pay specs docs)",
            "Correct it; codes stand in the rule book (perf-pay specs docs)",
        ),
    )
