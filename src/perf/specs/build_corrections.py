"""`corrections:` documents → models."""

from fractions import Fraction

from perf.kernel.figures import exact_text
from perf.kernel.money import FEN_PER_YUAN, Money
from perf.kernel.text import Text
from perf.specs.correction_models import CorrectionMode, CorrectionRule, CorrectionVersion
from perf.specs.dates import Version, close_versions, read_versions
from perf.specs.fields import Fields, code_of

_TOP_LEVEL = frozenset({"corrections", "title", "versions"})
_FEN = Fraction(1, FEN_PER_YUAN)


def build_corrections(fields: Fields) -> CorrectionRule | None:
    """A rule of corrections with its versions; None where code or every version is missing."""
    code = code_of(fields, "corrections")
    title = fields.title(required=False)
    versions = read_versions(fields)
    built = tuple(one for version in versions if (one := _version(version)) is not None)
    close_versions(fields, versions, _TOP_LEVEL)
    if not code or not built:
        return None
    return CorrectionRule(code, title if title.zh else Text(code), built, fields.node.place)


def _version(version: Version) -> CorrectionVersion | None:
    fields = version.fields
    before = len(fields.issues)
    mode = fields.choice("mode", ("rebalance", "charge"), "rebalance", required=True)
    reserve = fields.text("reserve")
    share = fields.share("claw_back_at_most", Fraction(1))
    smallest = fields.number("smallest", _FEN, least=_FEN)
    enabled = fields.yes("enabled", default=True)
    fen = None if smallest is None else smallest * FEN_PER_YUAN
    if fen is not None and fen.denominator != 1:
        found, expected = exact_text(smallest or _FEN), Text("至多两位小数的元", "yuan with at most two decimals")
        fields.add("rule-number-range", fields.place("smallest"), key="smallest", found=found, expected=expected)
    if len(fields.issues) > before or share is None or fen is None:
        return None
    settled: CorrectionMode = "charge" if mode == "charge" else "rebalance"
    return CorrectionVersion(version.dated, settled, reserve, share, Money(int(fen)), enabled)
