"""`explain`: one number's whole way, from cells to points or from the pool to the pay; reads one document, not the run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from perf.appraisal.figure_text import clause, in_full
from perf.appraisal.prose import in_prose
from perf.appraisal.scorecard_view import status_word
from perf.distribution import Entry, PathStep
from perf.formulas import equation, node_json, steps
from perf.formulas.nodes import Node
from perf.kernel.errors import NotFound
from perf.kernel.facts import FactSource
from perf.kernel.periods import parse_period
from perf.kernel.text import Lang, Text
from perf.scoring import Scorecard, ScoreItem
from perf.scoring.rows import workings
from perf.services.actors import Actor
from perf.services.subject_of_run import subject_of_run
from perf.services.who_sent import who_sent
from perf.storage.document_codec import SubjectDocument

Sent = Mapping[FactSource, Text]
NOBODY_SAID: Sent = MappingProxyType({})
_VALUE, _POINTS, _COUNTED = Text("值", "value"), Text("计分", "points"), Text("计入", "counts")
_YUAN = Text("元", "yuan")
_COLON = Text(":", ": ")
_CLAIM, _SOURCE, _CLAUSE, _TOTAL, _TARGET = (
    Text("分配权", "claim"),
    Text("来源", "source"),
    Text("依据", "clause"),
    Text("合计", "total"),
    Text("目标", "target"),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way in lines for people, and as nodes for programs."""

    run: str
    subject: str
    lines: tuple[str, ...]
    nodes: tuple[tuple[str, str, Node], ...]

    def as_json(self) -> dict[str, object]:
        """The nodes in the form of the contract."""
        nodes = [{"scheme": scheme, "item": item, "node": node_json(node)} for scheme, item, node in self.nodes]
        return {"run": self.run, "subject": self.subject, "explanations": nodes, "lines": list(self.lines)}


def explain_subject(
    url: str, *, subject: str, item: str = "", run: str = "", actor: Actor, lang: Lang = "zh"
) -> Explanation:
    """Explain an indicator, a dimension or a line of pay of one subject; everything where `item` is empty.

    Args:
        url: Address of the database.
        run: `2025-06`, `G1:2025-06`, `G1:2025-06#2` or empty: the newest month that says anything about the subject.
    Raises:
        NotFound: no such subject in the run, or no such item of the subject.
        WrongUse: `run` is neither a run nor a period.
    """
    name, document = _document(url, subject, run, actor)
    sent = who_sent(url, run=name, sources=_all_sources(document), actor=actor)
    lines: list[str] = [f"{name} · {subject}"]
    nodes: list[tuple[str, str, Node]] = []
    for card in document.cards:
        lines += card_lines(card, item, lang, nodes, sent)
    for entry in document.entries:
        if _matches(entry, item):
            lines += _entry_lines(entry, lang, sent)
            if entry.working is not None:
                nodes.append((entry.distribution, entry.line, entry.working.claim))
    for _, step in document.path:
        if is_net(step, subject) and (not item or item in (step.title.zh, step.distribution)):
            lines += _net_lines(step, lang, sent)
    if len(lines) == 1:
        raise NotFound(_choices(document, item))
    return Explanation(name, subject, tuple(map(in_prose, lines) if lang == "zh" else lines), tuple(nodes))


def _document(url: str, subject: str, run: str, actor: Actor) -> tuple[str, SubjectDocument]:
    """Name of the run, and what it says about the subject; without the database library where that can be."""
    if not run or _is_period(run):
        found = subject_of_run(url, subject=subject, actor=actor, period=run or None)
        return found.run.id, found.document
    if ":" in run and "#" in run:
        found = subject_of_run(url, subject=subject, actor=actor, run=run)
        return found.run.id, found.document
    return _among_runs(url, subject, run, actor)


def _all_sources(document: SubjectDocument) -> set[FactSource]:
    """The cells that any line of the explanation may name."""
    nodes = [row.node for card in document.cards for row in card.items]
    nodes += [entry.working.claim for entry in document.entries if entry.working is not None]
    nodes += [step.node for _, step in document.path if step.node is not None]
    found: set[FactSource] = set()
    seen: set[int] = set()
    while nodes:
        one = nodes.pop()
        if id(one) not in seen:
            seen.add(id(one))
            found.add(one.source)
            nodes.extend(one.inputs)
    return found


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


def _among_runs(url: str, subject: str, run: str, actor: Actor) -> tuple[str, SubjectDocument]:
    from perf.services.choose_runs import choose_runs
    from perf.services.load_run import load_subject
    from perf.storage.store import open_store

    refusal = NotFound(Text(f"没有 {subject}", f"no {subject}"))
    store = open_store(url)
    try:
        for one in choose_runs(store, run, actor=actor):
            try:
                return one.id, load_subject(store, run=one.id, subject=subject, actor=actor)
            except NotFound as error:
                refusal = error
    finally:
        store.close()
    raise refusal


def _matches(entry: Entry, item: str) -> bool:
    return not item or item in (entry.line, entry.step, entry.distribution)


def card_lines(
    card: Scorecard, item: str, lang: Lang, nodes: list[tuple[str, str, Node]], sent: Sent = NOBODY_SAID
) -> Iterator[str]:
    """The way of a card, or of one of its items, in lines; its nodes are put behind `nodes`."""
    wanted = [row for row in card.items if not item or item in (row.item, row.title.zh, row.title.en)]
    if not wanted and item not in (card.scheme, card.title.zh, "total"):
        return
    total = in_full(card.total, 2)
    head = " · ".join(part for part in (card.title.in_lang(lang), total, card.grade) if part)
    yield f"\n{head}  [{clause(card.rule.document, card.rule.clause)}]"
    for row in wanted:
        nodes.append((card.scheme, row.item, row.node))
        yield from _item_lines(row, lang, sent)
    if not item or item in (card.scheme, card.title.zh, "total"):
        nodes.append((card.scheme, "total", card.node))
        if card.total is not None:
            yield f"  {_TOTAL.in_lang(lang)}{_COLON.in_lang(lang)}{equation(card.node, lang)}"


def _further(node: Node, line: str, lang: Lang) -> Iterator[str]:
    """The steps of `node` that say more than its own line does."""
    for step in steps(node, lang):
        if step != line and not step.endswith((f":{line}", f": {line}")):
            yield step


def _item_lines(row: ScoreItem, lang: Lang, sent: Sent) -> Iterator[str]:
    indent = "  " if row.type == "dimension" or row.parent == "extra" else "    "
    word = status_word(row).in_lang(lang)
    status = f" ({word})" if word else ""
    target = f" · {_TARGET.in_lang(lang)} {row.target}" if row.target else ""
    figures = f"{in_full(row.points, 2)}/{in_full(row.out_of)}"
    yield f"{indent}{row.title.in_lang(lang)} {row.item}:{figures}{target}{status}"
    if row.type == "dimension":
        return
    way = workings(row)
    for label, node in ((_VALUE, way.value), (_POINTS, way.points), (_COUNTED, way.score)):
        if node is None:
            continue
        line = equation(node, lang)
        if label is _COUNTED and line == in_full(row.score):
            continue
        yield f"{indent}  {label.in_lang(lang)}{_COLON.in_lang(lang)}{line}"
        for step in _further(node, line, lang):
            yield f"{indent}      {step}"
    for source in _sources(row.node, lang, sent):
        yield f"{indent}  {_SOURCE.in_lang(lang)}{_COLON.in_lang(lang)}{source}"
    text = clause(row.rule.document, row.rule.clause)
    if text:
        yield f"{indent}  {_CLAUSE.in_lang(lang)}{_COLON.in_lang(lang)}{text}({row.rule.code} {row.rule.version})"


def _sources(node: Node, lang: Lang, sent: Sent) -> Iterator[str]:
    seen: set[str] = set()
    queue = [node]
    while queue:
        one = queue.pop()
        text = str(one.source)
        if text and text not in seen:
            seen.add(text)
            label = one.label.in_lang(lang) if one.label is not None else ""
            sender = f" · {one.source.sender}" if one.source.sender else ""
            told = f" · {sent[one.source].in_lang(lang)}" if one.source in sent else ""
            yield f"{label} {text}{sender}{told}".strip()
        queue.extend(reversed(one.inputs))


def _entry_lines(entry: Entry, lang: Lang, sent: Sent) -> Iterator[str]:
    way, rule = f"{entry.source} → {entry.target}", clause(entry.rule.document, entry.rule.clause)
    yield f"\n{entry.line}  {entry.amount.text()} {_YUAN.in_lang(lang)}  {way}  [{rule}]"
    yield f"    {entry.explanation.in_lang(lang)}"
    if entry.working is not None:
        line = equation(entry.working.claim, lang)
        yield f"    {_CLAIM.in_lang(lang)}{_COLON.in_lang(lang)}{line}"
        for step in _further(entry.working.claim, line, lang):
            yield f"        {step}"
        for source in _sources(entry.working.claim, lang, sent):
            yield f"    {_SOURCE.in_lang(lang)}{_COLON.in_lang(lang)}{source}"


def is_net(step: PathStep, subject: str) -> bool:
    """Whether a step says what `subject` itself nets in an internal market."""
    return step.owner == subject and step.step.endswith("-transfer") and step.node is not None


def _net_lines(step: PathStep, lang: Lang, sent: Sent) -> Iterator[str]:
    """`内部市场净额  -131.00 元  1,000.00 → 869.00`, and the deals that it is made of, with their cells."""
    if step.node is None:
        return
    way = f"{step.before.text()} → {step.after.text()}"
    yield f"\n{step.title.in_lang(lang)}  {(-step.out).text()} {_YUAN.in_lang(lang)}  {way}"
    line = equation(step.node, lang)
    yield f"    {line}"
    for further in _further(step.node, line, lang):
        yield f"        {further}"
    for source in _sources(step.node, lang, sent):
        yield f"    {_SOURCE.in_lang(lang)}{_COLON.in_lang(lang)}{source}"


def _choices(document: SubjectDocument, item: str) -> Text:
    items = [row.item for card in document.cards for row in card.items]
    lines = list(dict.fromkeys(entry.line for entry in document.entries))
    nets = [step.title.zh for _, step in document.path if is_net(step, document.subject)]
    known = "、".join([*items, *lines, *nets]) or "—"
    return Text(f"没有“{item}”;有:{known}", f"no “{item}”; there are: {known}")
