"""From a scorecard to finished text: what page, PDF and terminal show."""

import re
from fractions import Fraction

from perf.appraisal.figure_text import NOTHING, STATUS, clause, dated_named, in_full, origin_of, signed
from perf.appraisal.prose import in_prose, prose
from perf.appraisal.sum_line import is_product, sum_line
from perf.appraisal.views import DimensionBlock, IndicatorLine, ScorecardView
from perf.formulas import equation, steps, value_text
from perf.formulas.nodes import Absent, Node, RuleRef
from perf.kernel.subjects import Roster
from perf.kernel.text import Lang, Text
from perf.scoring import Scorecard, ScoreItem, workings
from perf.specs.models import Indicator, RuleBook, Scheme

SOURCES_SHOWN_MAX = 4
_LANGS: tuple[Lang, Lang] = ("zh", "en")
_CODE = re.compile(r"(?<![\w])([a-z][a-z0-9_]*)", re.ASCII)
_UNCONFIRMED = frozenset({"C", "D", "proposal"})


def scorecard_view(card: Scorecard, book: RuleBook, roster: Roster) -> ScorecardView:
    """The whole scorecard as text; every figure is the one that was used."""
    dimensions = tuple(
        _dimension(item, [one for one in card.items if one.parent == item.item], book)
        for item in card.items
        if item.type == "dimension"
    )
    extra = tuple(indicator_line(item, book) for item in card.items if item.parent == "extra")
    segment = roster.at(card.subject, card.period)
    difference = card.total - card.exact if card.total is not None and card.exact is not None else Fraction(0)
    return ScorecardView(
        scheme=card.scheme,
        title=card.title,
        subject=card.subject,
        subject_name=segment.title if segment else card.subject,
        period=str(card.period),
        period_title=Text(card.period.zh(), str(card.period)),
        dimensions=dimensions,
        extra=extra,
        total=in_full(card.total, 2),
        sum_line=sum_line(card, book),
        rounding_difference="" if not difference or card.status == "vetoed" or is_product(card) else signed(difference),
        grade=card.grade,
        rank=f"{card.rank}/{card.rank_of}" if card.rank is not None else "",
        coefficient=in_full(card.coefficient) if card.coefficient is not None else "",
        status=card.status,
        reason=prose(Text(_reason(card, "zh"), _reason(card, "en"))),
        outcomes=card.outcomes,
        rule=f"{card.rule.code} {card.rule.version}".strip(),
        clause=in_prose(clause(card.rule.document, card.rule.clause)),
        origin=_origin(book.schemes.get(card.scheme), card.rule),
    )


def _origin(rule: Indicator | Scheme | None, ref: RuleRef) -> Text:
    return prose(origin_of(dated_named(rule.versions, ref.version))) if rule is not None else Text("")


def _dimension(item: ScoreItem, lines: list[ScoreItem], book: RuleBook) -> DimensionBlock:
    return DimensionBlock(
        code=item.item,
        title=item.title,
        points=in_full(item.points),
        out_of=in_full(item.out_of),
        weight=in_full(item.weight),
        score=in_full(item.score),
        status=item.status,
        lines=tuple(indicator_line(line, book) for line in lines),
        how=_way_of(item, lines, book),
    )


def _way_of(item: ScoreItem, lines: list[ScoreItem], book: RuleBook) -> Text:
    """How a dimension came about, where its lines do not add up to it: a part by post, a geometric mean."""
    if not lines:
        return _equation(workings(item).score, book)
    if item.points is None or any(line.score is not None for line in lines):
        return Text("")
    inner = item.node.inputs[0] if item.node.op == "score" else item.node
    return _equation(inner.inputs[-1], book)


def indicator_line(item: ScoreItem, book: RuleBook) -> IndicatorLine:
    """One indicator as text."""
    way = workings(item)
    return IndicatorLine(
        code=item.item,
        title=item.title,
        value=NOTHING if item.value is None else _value(item, "zh"),
        target=item.target,
        points=in_full(item.points, 2),
        out_of=in_full(item.out_of),
        weight=in_full(item.weight),
        score=in_full(item.score),
        status=item.status,
        note=_note(item, book),
        clause=in_prose(clause(item.rule.document, item.rule.clause)),
        how=_equation(way.value, book),
        how_points=_points_line(way.points, book),
        how_score=_equation(way.score, book),
        sources=_sources(item.node),
        mark=prose(status_word(item)),
        is_unconfirmed=_is_unconfirmed(item, book),
        origin=_origin(book.indicators.get(item.item), item.rule),
    )


def _value(item: ScoreItem, lang: Lang) -> str:
    value = item.value
    if value is None or isinstance(value, Absent):
        return NOTHING
    return value_text(value, item.value_unit, lang)


def _equation(node: Node | None, book: RuleBook) -> Text:
    if node is None:
        return Text("")
    zh, en = (_in_words(equation(node, lang), book, lang) for lang in _LANGS)
    return prose(Text(zh, en))


def _points_line(node: Node | None, book: RuleBook) -> Text:
    """The arithmetic of points; of several curves that of each, then which of them counts."""
    if node is None or all(find(one, "points") is None for one in node.inputs):
        return _equation(node, book)
    zh, en = ("; ".join(_in_words(line, book, lang) for line in steps(node, lang)) for lang in _LANGS)
    return prose(Text(zh.replace("; ", ";"), en))


def _in_words(line: str, book: RuleBook, lang: Lang) -> str:
    """Values of the attributes that a line names, as people call them: `人员类别 护理` for `人员类别 nurse`."""
    for attribute, titles in book.value_titles.items():
        named = book.attributes.get(attribute)
        if named is not None and named.in_lang(lang) in line:
            words = {code: title.in_lang(lang) for code, title in titles.items()}
            line = "".join(words.get(piece, piece) for piece in _CODE.split(line))
    return line


def status_word(item: ScoreItem) -> Text:
    """Why the score is not an ordinary one: 不适用, 未报,按 0 计, …; empty for an ordinary one."""
    if item.status == "scored":
        return Text("")
    assumed = find(item.node, "policy") if item.status == "filled" and item.reason == "assume" else None
    if assumed is None:
        return STATUS[item.status]
    zh, en = (value_text(assumed.value, assumed.unit, lang) for lang in ("zh", "en"))
    return Text(f"未报,按 {zh} 计", f"not reported, taken as {en}")


def _note(item: ScoreItem, book: RuleBook) -> Text:
    mark = status_word(item)
    notes = [mark] if mark.zh else []
    if isinstance(item.value, Absent):
        keys = item.value.keys[:3]
        titles = [book.measures[k.measure].title if k.measure in book.measures else Text(k.measure) for k in keys]
        if titles:
            notes = [] if item.status == "missing" else notes
            zh = "、".join(dict.fromkeys(t.zh for t in titles))
            notes.append(
                Text(f"未报:{zh}", "not reported: " + ", ".join(dict.fromkeys(t.in_lang("en") for t in titles)))
            )
        elif item.value.reason == "denominator_zero":
            notes.append(Text("分母为零", "the denominator is zero"))
    return prose(Text(" · ".join(note.zh for note in notes), " · ".join(note.in_lang("en") for note in notes)))


def _is_unconfirmed(item: ScoreItem, book: RuleBook) -> bool:
    indicator = book.indicators.get(item.item)
    return indicator is not None and indicator.confidence in _UNCONFIRMED


def _sources(node: Node) -> tuple[str, ...]:
    found: dict[str, None] = {}
    queue = [node]
    while queue and len(found) < SOURCES_SHOWN_MAX:
        one = queue.pop()
        if str(one.source):
            found[str(one.source)] = None
        queue.extend(reversed(one.inputs))
    return tuple(found)


def _reason(card: Scorecard, lang: Lang) -> str:
    if card.status == "scored":
        return ""
    waiting = [
        i.title.in_lang(lang)
        for i in card.items
        if i.type == "indicator" and i.status in ("missing", "blocked", "failed")
    ]
    label = STATUS[card.status].in_lang(lang)
    return f"{label}:{'、'.join(waiting)}" if waiting else label


def find(node: Node, op: str) -> Node | None:
    """The first node with this operation, breadth first."""
    queue = [node]
    for one in queue:
        if one.op == op:
            return one
        queue.extend(one.inputs)
    return None
