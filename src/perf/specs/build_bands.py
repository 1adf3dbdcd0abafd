"""`bands:` of distributions → models."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.band_models import BandRow, Bands
from perf.specs.closed_rows import are_closed
from perf.specs.fields import CODE, Fields
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, YamlNode

_ROW = "{over: 2%, to: 6%, share: 70%}"
_EXAMPLE = "{amount: surplus, of: budget, rows: [{to: 2%, share: 100%}, {over: 2%, share: 50%}]}"


def read_bands(fields: Fields) -> Mapping[str, Bands]:
    """`bands: {kept: {title, for, amount, of, mode, cap, rows: [{to: 2%, share: 100%}, {over: 2%, share: 50%}]}}`."""
    found: dict[str, Bands] = {}
    for name, place, node in fields.pairs("bands"):
        mapped = fields.as_mapped(node, name, f"{name}: {_EXAMPLE}")
        if not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
        elif mapped is not None:
            bands = _bands(fields, mapped, name, place)
            found |= {} if bands is None else {name: bands}
    return MappingProxyType(found)


def _bands(fields: Fields, mapped: Mapped, name: str, place: Place) -> Bands | None:
    inner = fields.inside(mapped, Text(name))
    _ = inner.has("title"), inner.has("for")  # read with those of `let`
    amount, of = inner.formula("amount", example="budget - spending"), inner.formula("of", example="budget")
    mode = inner.choice("mode", ("marginal", "whole"), "marginal")
    cap = inner.formula("cap")
    rows = [row for node in inner.rows("rows", _ROW, required=True) if (row := _row(inner, node)) is not None]
    inner.close()
    if amount is None or of is None or not rows:
        return None
    are_closed(inner, rows, name, _percent)  # a hole is an issue of its own; the name is known all the same
    return Bands(amount, of, "whole" if mode == "whole" else "marginal", tuple(rows), cap, place)


def _row(fields: Fields, node: YamlNode) -> BandRow | None:
    mapped = fields.as_mapped(node, "rows", _ROW)
    if mapped is None:
        return None
    inner = fields.inside(mapped, Text("rows"))
    over = inner.quantity("over", "percent", Fraction(0)) if inner.has("over") else Fraction(0)
    to = inner.quantity("to", "percent", example="6%") if inner.has("to") else None
    share = inner.formula("share", example="70%")
    inner.close()
    return None if share is None or over is None else BandRow(over, to, share, mapped.place)


def _percent(ratio: Fraction) -> str:
    return f"{exact_text(ratio * 100)}%"
