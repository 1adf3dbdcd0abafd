"""`steps:` of a distribution → models; steps nest inside a split."""

from collections.abc import Callable
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, get_args

from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.build_claims import build_entered, read_derived, read_prorate
from perf.specs.build_ladders import build_ladder
from perf.specs.build_reserves import build_release, build_schedule, unit_of
from perf.specs.build_transfers import read_transfer
from perf.specs.fields import Fields
from perf.specs.ladder_models import Ladder
from perf.specs.models import Apportion, Gate, Hold, Pay, Remainder, RoundingMethod, RoundingUnit, Split, Step, Take
from perf.specs.money_models import Entered
from perf.specs.reserve_models import Release, Schedule
from perf.specs.transfer_models import Transfer
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar

STEPS = (
    "take",
    "pay",
    "split",
    "apportion",
    "gate",
    "hold",
    "remainder",
    "ladder",
    "schedule",
    "release",
    "transfer",
    "entered",
)
_EXAMPLE = "- apportion: {by: post_coefficient}"
_FEN = RoundingUnit()


def build_steps(fields: Fields, title: Text, rounding: RoundingUnit | None) -> tuple[Step, ...]:
    """The steps under `steps`, in order; each a mapping with the one key that names it.

    Args:
        title: Printed as the line of a step that names none.
        rounding: Of the distribution; a step's own comes first.
    """
    found: list[Step] = []
    for node in fields.rows("steps", _EXAMPLE, required=True):
        mapped = fields.as_mapped(node, "steps", _EXAMPLE)
        if mapped is None:
            continue
        if len(mapped.entries) != 1:
            keys = " ".join(mapped.entries)
            expected = Text("每一步只有一个键", "one key a step")
            size = Text(f"{len(mapped.entries)} 个键:{shorten(keys)}", f"{len(mapped.entries)} keys: {shorten(keys)}")
            fields.add("rule-shape", mapped.place, what="steps", found=size, expected=expected, example=_EXAMPLE)
            continue
        step = _step(fields, mapped, title, rounding)
        if step is not None:
            found.append(step)
    return tuple(found)


def read_rounding(fields: Fields) -> RoundingUnit | None:
    """`rounding: {unit: 0.01 | 1 | 100, leftover: METHOD | {to: NAME}}`; None where nothing is said."""
    inner = fields.sub("rounding", "rounding: {unit: 1, leftover: largest_remainder}")
    if inner is None:
        return None
    unit_fen = unit_of(inner)
    leftover = inner.get("leftover")
    to = ""
    method: RoundingMethod = "largest_remainder"
    if isinstance(leftover, Mapped):
        target = inner.inside(leftover, Text("leftover"))
        to = target.text("to", example="卫生院")
        target.close()
    elif isinstance(leftover, Scalar):
        method = inner.one_of(leftover, "leftover", get_args(RoundingMethod), "largest_remainder")
    inner.close()
    return RoundingUnit(unit_fen, to, method)


def _step(fields: Fields, mapped: Mapped, title: Text, rounding: RoundingUnit | None) -> Step | None:
    kind = mapped.first_key
    place = mapped.keys[kind]
    chosen = fields.one_of(Scalar(kind, place), "steps", STEPS, "")
    outer = fields.inside(mapped, Text("steps"))
    body = outer.sub(chosen, f"{chosen}: {{…}}", required=True) if chosen else None
    if body is None:
        return None
    step = _BUILDERS[chosen](body, place, title, rounding)
    body.close()
    return step


def _take(fields: Fields, place: Place, _title: Text, _rounding: RoundingUnit | None) -> Take | None:
    to, amount, line = (
        fields.text("to", example="director_fund"),
        fields.formula("amount", example="5% * fund"),
        fields.text("line"),
    )
    return Take(to, amount, line or to, place) if to and amount is not None else None


def _pay(fields: Fields, place: Place, _title: Text, _rounding: RoundingUnit | None) -> Pay | None:
    line = fields.text("line", example="夜班")
    amount, where = fields.formula("amount", example="80 * night_shifts"), fields.formula("where")
    short = fields.choice("short", ("refuse", "scale"), "refuse")
    payer, at_most, unit_fen = fields.text("payer"), fields.formula("at_most"), unit_of(fields)
    each = fields.text("each")
    if amount is None:
        return None
    shortage: Literal["refuse", "scale"] = "scale" if short == "scale" else "refuse"
    return Pay(line, amount, where, shortage, payer, place, at_most, unit_fen, each)


def _gate(fields: Fields, place: Place, _title: Text, _rounding: RoundingUnit | None) -> Gate | None:
    when = fields.formula("when", example="score < 60")
    to = fields.choice("to", ("rest",), "rest")
    return None if when is None else Gate(when, to, place)


def _apportion(fields: Fields, place: Place, title: Text, rounding: RoundingUnit | None) -> Apportion | None:
    by = fields.formula("by", example="post_coefficient * score / 100")
    line = fields.text("line", title.zh)
    amount, floor, cap = fields.formula("amount"), fields.formula("floor"), fields.formula("cap")
    ties = fields.choice("ties", ("fewest_odd_fen", "id"), "fewest_odd_fen")
    unit, derived = read_rounding(fields) or rounding or _FEN, read_derived(fields)
    prorate = read_prorate(fields)
    if by is None:
        return None
    how: Literal["fewest_odd_fen", "id"] = "id" if ties == "id" else "fewest_odd_fen"
    return Apportion(by, line, amount, floor, cap, how, unit, place, derived, prorate)


def _split(fields: Fields, place: Place, title: Text, rounding: RoundingUnit | None) -> Split | None:
    by = fields.text("by", example="category")
    has_shares = fields.get("shares", example="{doctor: 50, nurse: 40, admin: 10}") is not None
    shares: dict[str, Fraction] = {}
    for name, _, node in fields.pairs("shares") if has_shares else ():
        value = fields.as_number(node, name, "50")
        if value is not None and value <= 0:
            expected = Text("大于 0", "above 0")
            fields.add("rule-number-range", node.place, key=name, found=exact_text(value), expected=expected)
        elif value is not None:
            shares[name] = value
    on_empty, empty_to = _on_empty(fields)
    line = fields.text("line")
    if not fields.has("steps"):
        fields.add("rule-key-missing", place, key="steps", what=Text("split"), example=f"steps: [{_EXAMPLE[2:]}]")
    steps = build_steps(fields, title, rounding)
    return Split(by, MappingProxyType(shares), on_empty, empty_to, steps, line, place) if by and shares else None


def _on_empty(fields: Fields) -> tuple[Literal["reshare", "hold", "to"], str]:
    node = fields.get("on_empty")
    if isinstance(node, Mapped):
        inner = fields.inside(node, Text("on_empty"))
        to = inner.text("to", example="reserve")
        inner.close()
        return "to", to
    if isinstance(node, Scalar):
        word = fields.one_of(node, "on_empty", ("reshare", "hold"), "reshare")
        return ("hold" if word == "hold" else "reshare"), ""
    return "reshare", ""


def _hold(fields: Fields, place: Place, title: Text, _rounding: RoundingUnit | None) -> Hold | None:
    share, line, where = fields.formula("share", example="10%"), fields.text("line", title.zh), fields.formula("where")
    to = fields.text("to")
    return None if share is None else Hold(share, line, where, place, to)


def _remainder(fields: Fields, place: Place, _title: Text, _rounding: RoundingUnit | None) -> Remainder | None:
    to = fields.text("to", example="reserve")
    return Remainder(to, place) if to else None


def _entered(fields: Fields, place: Place, title: Text, rounding: RoundingUnit | None) -> Entered | None:
    return build_entered(fields, place, title, read_rounding(fields) or rounding or _FEN)


def _ladder(fields: Fields, place: Place, title: Text, _rounding: RoundingUnit | None) -> Ladder | None:
    return build_ladder(fields, place, title)


def _transfer(fields: Fields, place: Place, title: Text, _rounding: RoundingUnit | None) -> Transfer | None:
    return read_transfer(fields, place, title.zh)


def _schedule(fields: Fields, place: Place, title: Text, _rounding: RoundingUnit | None) -> Schedule | None:
    return build_schedule(fields, place, title)


def _release(fields: Fields, place: Place, title: Text, _rounding: RoundingUnit | None) -> Release | None:
    return build_release(fields, place, title)


_BUILDERS: dict[str, Callable[[Fields, Place, Text, RoundingUnit | None], Step | None]] = {
    "take": _take,
    "pay": _pay,
    "split": _split,
    "apportion": _apportion,
    "gate": _gate,
    "hold": _hold,
    "remainder": _remainder,
    "ladder": _ladder,
    "transfer": _transfer,
    "entered": _entered,
    "schedule": _schedule,
    "release": _release,
}
