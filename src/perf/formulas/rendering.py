"""Explanation nodes as text: one line with the numbers filled in, the steps below it. Rendered only on demand."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from perf.formulas.functions import function_of, percentile_of
from perf.formulas.nodes import Absent, Node, Value
from perf.formulas.percentile_wording import percentile_text, value_of
from perf.formulas.value_wording import counted_text, is_short, leaf_text, nested_unit, value_text
from perf.formulas.values import SIGNIFICANT
from perf.kernel.figures import exact_text
from perf.kernel.irrational import DIGITS
from perf.kernel.rounding import Rounding, round_to
from perf.kernel.text import Lang, Text

_SIGNS = {
    "+": " + ", "-": " − ", "*": " × ", "/": " ÷ ", "==": " = ", "!=": " ≠ ",
    "<": " < ", "<=": " ≤ ", ">": " > ", ">=": " ≥ ",
}  # fmt: skip
ROUNDING_WORDS = {
    Rounding.HALF_AWAY: Text("四舍五入", "half away from zero"),
    Rounding.HALF_EVEN: Text("四舍六入五成双", "half to even"),
    Rounding.DOWN: Text("舍去", "down"),
    Rounding.UP: Text("进位", "up"),
}
"""How each way of rounding is told."""
_WORDS = {
    "and": Text(" 且 ", " and "),
    "or": Text(" 或 ", " or "),
    "in": Text(" 属于 ", " in "),
    "not in": Text(" 不属于 ", " not in "),
    "then": Text(" → "),
}
_TURNED = {"==": "!=", "!=": "==", "in": "not in", "not in": "in"}
"""Comparisons that are told as what is true: `护理 ≠ 医师`, where `护理 = 医师` was asked."""
_POWERS = {
    "then": 0, "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "not in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "^": 7,
}  # fmt: skip
_CALLS = (
    "min", "max", "best", "worst", "abs", "floor", "ceil", "sum", "count", "mean", "median", "geomean",
    "sqrt", "power", "ln", "exp",
)  # fmt: skip
_LEAF = 9
_WRAPPED_FIRST = frozenset({"indicator", "curve", "name", "requires"})
_WRAPPED_LAST = frozenset({"points", "score", "total"})
_WRITTEN_OUT_MAX = 8
_STEPS_MAX = 60
_READING_DIGITS, _READING_DIGITS_MAX = 2, 8

Part = tuple[str, int]
"""Text of a part and how tightly it binds."""


def equation(node: Node, lang: Lang = "zh") -> str:
    """The computation of `node` on one line: `下转人次 41 ÷ 出院人次 4000 = 1.025%`; `≈` before a shortened decimal."""
    unit = nested_unit(node)
    inner = _unwrapped(node)
    if not inner.inputs or _drawing(inner.op) is None or _is_assumed(inner):
        return _whole_leaf(node, inner, unit, lang)
    if inner.op == "if":
        return _choice_line(inner, unit, lang)
    if inner.op == "round" and inner.value != inner.inputs[0].value:
        return _rounded_line(inner, unit, lang)
    line = _expression(inner, lang)[0]
    last = inner.inputs[-1] if inner.op == "given" else inner
    says_it_already = last.op == "then" and last.value == node.value
    return line if says_it_already else f"{line}{_outcome(node, unit, lang)}"


def steps(node: Node, lang: Lang = "zh") -> tuple[str, ...]:
    """Every named or wrapped sub-computation of `node` on a line of its own, inner ones first, `node` itself last."""
    lines: dict[str, None] = {}
    _collect(node, lang, lines, set())
    return tuple(lines)


def node_text(node: Node) -> Text:
    """What `node` says, in both languages: its title and its equation."""
    return Text(_titled(node, "zh"), _titled(node, "en"))


def node_json(node: Node) -> dict[str, object]:
    """`node` in the form of the contract (format 1): numbers as exact text, an absent value as null."""
    text = node_text(node)
    source, rule = node.source, node.rule
    value = node.value
    clause = " ".join(part for part in (rule.document, rule.clause) if part)
    return {
        "op": node.op,
        "text": {"zh": text.zh, "en": text.in_lang("en")},
        "value": exact_text(value) if isinstance(value, Fraction) else None if isinstance(value, Absent) else value,
        "inputs": [node_json(one) for one in node.inputs],
        "source": {"file": source.file, "sheet": source.sheet, "cell": source.cell} if source.file else None,
        "rule": {"code": rule.code, "version": rule.version, "clause": clause},
    }


# ---------------------------------------------------------------- lines


def _outcome(node: Node, unit: str, lang: Lang) -> str:
    value = node.value
    if isinstance(value, bool):
        if _is_turned(node):
            return ""
        return f"({value_text(value, '', lang)})" if lang == "zh" else f" ({value_text(value, '', lang)})"
    if isinstance(value, Fraction) and not is_short(value, unit):
        return f" ≈ {value_text(value, unit, lang).removeprefix('≈')}"
    if isinstance(value, Absent) and value.reason == "not_applicable" and value.note.zh:
        return f",{value.note.zh}" if lang == "zh" else f": {value.note.in_lang(lang)}"
    return f" = {value_text(value, unit, lang)}"


def _titled(node: Node, lang: Lang) -> str:
    line = equation(node, lang)
    if node.label is None:
        return line
    title = node.label.in_lang(lang)
    return line if line.startswith(title) else f"{title}:{line}" if lang == "zh" else f"{title}: {line}"


def _collect(node: Node, lang: Lang, lines: dict[str, None], seen: set[int]) -> None:
    if id(node) in seen or len(lines) >= _STEPS_MAX:
        return
    seen.add(id(node))
    for one in node.inputs:
        if one.inputs:
            _collect_named(one, lang, lines, seen)
    if node.inputs:
        lines[_titled(node, lang)] = None


def _collect_named(node: Node, lang: Lang, lines: dict[str, None], seen: set[int]) -> None:
    """Named parts become lines of their own; unnamed ones stay inside the line around them."""
    if node.label is not None:
        _collect(node, lang, lines, seen)
        return
    for one in node.inputs:
        if one.inputs:
            _collect_named(one, lang, lines, seen)


def _whole_leaf(node: Node, inner: Node, unit: str, lang: Lang) -> str:
    """One measured value by itself, under the name it was measured by: `病历缺陷数 0 件`."""
    own = inner.label is not None and not inner.inputs
    shown = inner if own or node.label is None else node
    if shown.label is None or _is_assumed(shown):
        return _leaf(shown._replace(unit=unit or shown.unit), lang)[0]
    kind = shown.unit if own and shown.unit else unit or shown.unit
    if isinstance(shown.value, Fraction) and is_short(shown.value, kind):
        return f"{shown.label.in_lang(lang)} {counted_text(shown.value, kind, lang)}"
    return _leaf(shown._replace(unit=kind), lang)[0]


def _rounded_line(node: Node, unit: str, lang: Lang) -> str:
    """`… = 1.08472 → 1.0847(4 位小数,四舍五入)`."""
    inner, digits = node.inputs[0], node.inputs[1].value if len(node.inputs) > 1 else Fraction(0)
    count = int(digits) if isinstance(digits, Fraction) else 0
    exact = inner.value
    line = (
        _part(inner, lang)[0]
        if not inner.inputs or inner.label is not None
        else _expression(_unwrapped(inner), lang)[0]
    )
    if isinstance(exact, Fraction) and inner.inputs:
        short = is_short(exact, unit)
        read = exact if short else _read(exact, node.value, count)
        line += f" {'=' if short else '≈'} {value_text(read, unit, lang)}"
    got = value_text(node.value, unit, lang)
    mode = _mode(node)
    if lang == "zh":
        return f"{line} → {got}({f'{count} 位小数' if count else '取整'},{mode.zh})"
    stated = "" if mode is ROUNDING_WORDS[Rounding.HALF_AWAY] else f", {mode.en}"
    return f"{line} → {got} (rounded to {count} digits{stated})"


def _mode(node: Node) -> Text:
    """How it was rounded: stated where it is not 四舍五入."""
    stated = node.inputs[2].value if len(node.inputs) > 2 else ""
    return ROUNDING_WORDS[Rounding(stated) if isinstance(stated, str) and stated else Rounding.HALF_AWAY]


def _read(exact: Fraction, rounded: Value, digits: int) -> Fraction:
    """`exact` cut for reading, with as many digits as show that it was rounded."""
    more = _READING_DIGITS
    while (read := round_to(exact, digits + more)) == rounded and more < _READING_DIGITS_MAX:
        more += 1
    return read


def _choice_line(node: Node, unit: str, lang: Lang) -> str:
    condition = _expression(node.inputs[0], lang)[0]
    holds = value_text(node.inputs[0].value, "", lang)
    if len(node.inputs) < 2:
        return f"{condition}{_outcome(node, unit, lang)}"
    taken = node.inputs[1]
    line = equation(taken._replace(unit=unit or taken.unit), lang)
    if _is_turned(node.inputs[0]):
        return f"{condition}:{line}" if lang == "zh" else f"{condition}: {line}"
    return f"{condition}({holds}):{line}" if lang == "zh" else f"{condition} ({holds}): {line}"


# ---------------------------------------------------------------- parts


def _unwrapped(node: Node) -> Node:
    while node.inputs:
        if node.op in _WRAPPED_FIRST and len(node.inputs) == 1:
            node = node.inputs[0]
        elif node.op in _WRAPPED_LAST:
            node = node.inputs[-1]
        else:
            break
        if node.label is not None and not (node.op in _WRAPPED_FIRST or node.op in _WRAPPED_LAST):
            break
    return node


def _expression(node: Node, lang: Lang) -> Part:
    draw = _drawing(node.op)
    return draw(node, lang) if draw is not None and node.inputs else _leaf(node, lang)


def _part(node: Node, lang: Lang) -> Part:
    """A node inside an expression: a named one by its name and value, the rest written out."""
    if node.label is not None or _is_assumed(node):
        return _leaf(node, lang)
    if node.op in _WRAPPED_FIRST or node.op in _WRAPPED_LAST:
        inner = _unwrapped(node)
        return _leaf(node, lang) if inner is node else _part(inner, lang)
    if is_irrational(node):
        return f"{_expression(node, lang)[0]}{_outcome(node, nested_unit(node), lang)}", 0
    return _expression(node, lang)


def _leaf(node: Node, lang: Lang) -> Part:
    if node.op == "said" and node.label is not None:
        return node.label.in_lang(lang).replace("{}", value_text(node.value, node.unit, lang)), _LEAF
    text = leaf_text(node.value, nested_unit(node), lang)
    if node.label is None:
        return text, _POWERS["-"] if text.startswith("-") else _LEAF
    words = f"{node.label.in_lang(lang)} {text}"
    if _is_assumed(node):
        zero = value_text(node.value, node.unit, lang)
        return (f"{words}(未报,按 {zero} 计)" if lang == "zh" else f"{words} (not reported, taken as {zero})"), _LEAF
    return words, _LEAF


def _is_assumed(node: Node) -> bool:
    return node.op == "policy" and bool(node.inputs) and node.inputs[0].op == "fact"


def _infix(node: Node, lang: Lang) -> Part:
    power = _POWERS[node.op]
    told = _as_true(node)
    sign = _SIGNS.get(told) or _WORDS[told].in_lang(lang)
    named = node.inputs[0]
    if (
        told == "=="
        and named.label is not None
        and named.value == node.inputs[1].value
        and isinstance(named.value, str)
    ):
        return f"{named.label.in_lang(lang)}{sign}{_part(node.inputs[1], lang)[0]}", power
    texts = []
    for index, one in enumerate(node.inputs):
        text, binds = _part(_as_asked(one) if told in ("and", "or") else one, lang)
        tight = binds < power or (index and binds == power and (node.op in ("-", "/") or power == 4))
        if index and text.startswith("-"):
            tight = True
        texts.append(f"({text})" if tight else text)
    return sign.join(texts), power


def _given(node: Node, lang: Lang) -> Part:
    """What is known beforehand, a colon, the arithmetic: `同组 3 家,最好 2: 2 ÷ 8 × 100`."""
    facts = ("," if lang == "zh" else ", ").join(_leaf(one, lang)[0] for one in node.inputs[:-1])
    return f"{facts}: {_part(node.inputs[-1], lang)[0]}", _POWERS["then"]


def _raised(node: Node, lang: Lang) -> Part:
    base, exponent = (_part(one, lang) for one in node.inputs)
    return f"{base[0] if base[1] == _LEAF else f'({base[0]})'}^{exponent[0]}", _POWERS["^"]


def _listed(node: Node, lang: Lang) -> Part:
    text, _ = _part(node.inputs[0], lang)
    told = _WORDS[_as_true(node)].in_lang(lang).removesuffix(" " if lang == "zh" else "")
    options = ("、" if lang == "zh" else ", ").join(_part(one, lang)[0] for one in node.inputs[1:])
    return f"{text}{told}({options})", _POWERS[node.op]


def _is_turned(node: Node) -> bool:
    """Whether `node` is told as what is true, so that nothing need be said of it."""
    inner = _unwrapped(node)
    if inner.op == "not":
        inner = _unwrapped(inner.inputs[0])
    return inner.op in _TURNED and isinstance(inner.value, bool)


def _as_asked(node: Node) -> Node:
    """A comparison inside a longer condition: told as it was asked, since what is said of the whole says it of the parts."""
    return node._replace(value=True) if node.op in _TURNED else node


def _as_true(node: Node) -> str:
    """The operator of `node`, or its contrary where it does not hold."""
    return _TURNED.get(node.op, node.op) if node.value is False else node.op


def _negative(node: Node, lang: Lang) -> Part:
    text, binds = _part(node.inputs[0], lang)
    return (f"−({text})" if binds <= _POWERS["-"] else f"−{text}"), _POWERS["-"]


def _negated(node: Node, lang: Lang) -> Part:
    text, binds = _part(node.inputs[0], lang)
    if _is_turned(node.inputs[0]):
        return text, binds
    return (f"非({text})" if lang == "zh" else f"not ({text})"), _LEAF


def _function(node: Node, lang: Lang) -> Part:
    title = _function_title(node.op, lang)
    if is_irrational(node):
        text, binds = _function(node._replace(inputs=node.inputs[:-1]), lang)
        said = Text(f"(取 {DIGITS} 位有效数字)", f" (to {DIGITS} significant digits)")
        return f"{text}{said.in_lang(lang)}", binds
    inputs = node.inputs
    if inputs[0].op == "top":
        return _function_of_largest(node, title, lang)
    if node.op == "sum" and 1 < len(inputs) <= _WRITTEN_OUT_MAX and _common_title(inputs) is None:
        return _infix(node._replace(op="+"), lang)
    if len(inputs) > _WRITTEN_OUT_MAX or (len(inputs) > 1 and _common_title(inputs) is not None):
        return _many(node, title, lang)
    return f"{title}({', '.join(_part(one, lang)[0] for one in inputs)})", _LEAF


def is_irrational(node: Node) -> bool:
    """Whether the value of `node` stands for an irrational number and was rounded."""
    return len(node.inputs) > 1 and node.inputs[-1].op == SIGNIFICANT.op


def _function_of_largest(node: Node, title: str, lang: Lang) -> Part:
    """`得分平均(最大的 3 个:95, 93, 90)`."""
    largest = node.inputs[0].inputs
    common = _common_title(largest) if len(largest) > 1 else largest[0].label
    name = common.in_lang(lang) if common is not None else ""
    texts = [_part(one._replace(label=None) if common is not None else one, lang)[0] for one in largest]
    listed = ", ".join(texts) if len(texts) <= _WRITTEN_OUT_MAX else "…"
    if lang == "zh":
        return f"{name}{title}(最大的 {len(largest)} 个:{listed})", _LEAF
    return f"{title}{f' of {name}' if name else ''} (the {len(largest)} largest: {listed})", _LEAF


def _percentile(node: Node, lang: Lang) -> Part:
    ordered = sorted((one for one in node.inputs if isinstance(one.value, Fraction)), key=value_of)
    if len(ordered) < len(node.inputs) or len(ordered) == 1:
        return _function(node, lang)
    common = _common_title(ordered)
    name = common.in_lang(lang) if common is not None else ""
    return percentile_text(_function_title(node.op, lang), name, percentile_of(node.op) or 0, ordered, lang), _LEAF


def _drawing(op: str) -> Callable[[Node, Lang], Part] | None:
    return _percentile if percentile_of(op) is not None else _DRAWN.get(op)


def _many(node: Node, title: str, lang: Lang) -> Part:
    """Many values of one kind: `出院人次合计(100, 200, 300)`, or how many they are."""
    common = _common_title(node.inputs)
    name = common.in_lang(lang) if common is not None else ""
    if lang == "en" and name:
        title = f"{title} of {name}"
        name = ""
    if len(node.inputs) > _WRITTEN_OUT_MAX:
        count = len(node.inputs)
        return f"{name}{title}({count} 项)" if lang == "zh" else f"{title} ({count} values)", _LEAF
    texts = [leaf_text(one.value, nested_unit(one), lang) for one in node.inputs]
    return f"{name}{title}({', '.join(texts)})", _LEAF


def _common_title(nodes: Sequence[Node]) -> Text | None:
    first = nodes[0].label
    return first if first is not None and all(one.label == first for one in nodes) else None


def _rounded(node: Node, lang: Lang) -> Part:
    text, _ = _part(node.inputs[0], lang)
    digits = node.inputs[1].value if len(node.inputs) > 1 else Fraction(0)
    shown = exact_text(digits) if isinstance(digits, Fraction) else "?"
    if node.value == node.inputs[0].value:
        return _part(node.inputs[0], lang)
    mode = _mode(node)
    if lang == "zh":
        return (f"{mode.zh}({text}, {shown} 位小数)" if shown != "0" else f"{mode.zh}({text}, 取整)"), _LEAF
    stated = "" if mode is ROUNDING_WORDS[Rounding.HALF_AWAY] else f", {mode.en}"
    return f"round({text}, {shown} digits{stated})", _LEAF


def _chosen(node: Node, lang: Lang) -> Part:
    return _part(node.inputs[-1], lang)


def _looked_up(node: Node, lang: Lang) -> Part:
    name = node.label.in_lang(lang) if node.label is not None else ""
    return f"{name}[{_part(node.inputs[0], lang)[0]}]", _LEAF


def _function_title(op: str, lang: Lang) -> str:
    known = function_of(op)
    return op if known is None else known.title.in_lang(lang)


_DRAWN: dict[str, Callable[[Node, Lang], Part]] = {
    **dict.fromkeys(_SIGNS, _infix),
    **dict.fromkeys(("and", "or", "then"), _infix),
    **dict.fromkeys(("in", "not in"), _listed),
    **dict.fromkeys(_CALLS, _function),
    "given": _given,
    "^": _raised,
    "neg": _negative,
    "not": _negated,
    "round": _rounded,
    "if": _chosen,
    "table": _looked_up,
}
