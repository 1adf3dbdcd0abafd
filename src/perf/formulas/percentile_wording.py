"""How a percentile was found: how many values, the place, and the two values beside it."""

from collections.abc import Sequence
from fractions import Fraction

from perf.formulas.aggregates import percentile_place
from perf.formulas.nodes import Node
from perf.formulas.value_wording import leaf_text, nested_unit
from perf.kernel.figures import exact_text
from perf.kernel.text import Lang


def percentile_text(title: str, name: str, rank: int, ordered: Sequence[Node], lang: Lang) -> str:
    """`得分第10百分位(12 个从小到大,位置 (12 − 1) × 10% + 1 = 2.1:第 2 个 30 + 0.1 × (第 3 个 40 − 30))`.

    Args:
        title, name: Of the function, and of what was measured.
        rank: 10 of the tenth percentile.
        ordered: The values, ascending, at least two.
    """
    index, part = percentile_place(len(ordered), rank)
    place, count, first = exact_text(index + 1 + part), len(ordered), index + 1
    low = _shown(ordered[index], lang)
    if lang == "zh":
        head = f"{name}{title}({count} 个从小到大,位置 ({count} − 1) × {rank}% + 1 = {place}:第 {first} 个 {low}"
    else:
        of = f" of {name}" if name else ""
        head = f"{title}{of} ({count} in order, place ({count} − 1) × {rank}% + 1 = {place}: number {first} is {low}"
    if part:
        high = _shown(ordered[index + 1], lang)
        after = f"第 {first + 1} 个 {high}" if lang == "zh" else f"number {first + 1}, {high}"
        head += f" + {exact_text(part)} × ({after} − {low})"
    return f"{head})"


def value_of(node: Node) -> Fraction:
    """The number a node holds; 0 where it holds none."""
    return node.value if isinstance(node.value, Fraction) else Fraction(0)


def _shown(node: Node, lang: Lang) -> str:
    return leaf_text(node.value, nested_unit(node), lang)
