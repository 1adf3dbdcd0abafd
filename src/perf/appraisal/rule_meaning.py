"""What two rule books differ in, by the meaning of their rules: which rule, which key, from when, old → new."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, NamedTuple, get_args

from perf.formulas import Formula
from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.specs.models import Curve, Dated, DatedValue, RuleBook

KINDS: Final[Mapping[str, Text]] = {
    "measures": Text("数据项", "measure"),
    "lists": Text("明细目录", "list"),
    "indicators": Text("指标", "indicator"),
    "schemes": Text("考核方案", "scheme"),
    "distributions": Text("分配规则", "distribution"),
    "corrections": Text("更正规则", "rule of corrections"),
    "adjustments": Text("一次性项目规则", "rule of adjustments"),
    "payrolls": Text("代扣规则", "payroll"),
    "accounts": Text("账户", "account"),
    "attributes": Text("属性", "attribute"),
}
"""Field of the rule book -> what its rules are called."""
_NAMES: Final = {
    "first_day": "from",
    "last_day": "to",
    "minimum": "min",
    "maximum": "max",
    "of_level": "of.level",
    "of_kind": "of.kind",
    "of_where": "of.where",
    "among_where": "among.where",
    "uses_score": "uses.score",
    "supplied_by": "supplied_by",
    "accounts": "charge",
}
"""Fields that the rules language calls otherwise."""
_NAMED_BY: Final = ("indicator", "code", "grade", "line", "to", "name")
_HIDDEN: Final = frozenset({"code", "dated", "place", "versions", "by_out_of"})
_CURVES: Final[tuple[type, ...]] = get_args(Curve)
ALWAYS: Final = date.min
IN_FORCE: Final = "有效"


class Said(NamedTuple):
    """What stands under a key: its text, and what is compared (of a formula its tree, so that blanks do not count)."""

    text: str
    sense: object


Meaning = Mapping[str, Said]
"""Key as the rules language calls it -> what stands there."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One key of one rule that means something else.

    Attributes:
        kind: Key of `KINDS`.
        key: As the rules language calls it (`points.through`); empty: the whole rule came or went.
        since: The day from which it is so; `date.min`: at all times.
        old, new: Exact text; None where there is nothing.
    """

    kind: str
    code: str
    title: Text
    key: str
    since: date
    old: str | None
    new: str | None


def rule_changes(old: RuleBook, new: RuleBook) -> Iterator[RuleChange]:
    """Every difference in meaning between two books, by kind, code, day and key; layout and comments are none."""
    for kind in KINDS:
        before, after = getattr(old, kind), getattr(new, kind)
        for code in sorted(before.keys() | after.keys()):
            yield from _of_rule(kind, code, before.get(code), after.get(code))
    for name in sorted(old.value_titles.keys() | new.value_titles.keys()):
        one, other = _meaning(old.value_titles.get(name, {})), _meaning(new.value_titles.get(name, {}))
        title = new.attributes.get(name) or old.attributes.get(name) or Text(name)
        yield from (
            RuleChange("attributes", name, title, f"values.{k}", ALWAYS, o, n) for k, o, n in differences(one, other)
        )


def version_changes(rule: object) -> Iterator[tuple[Dated, tuple[tuple[str, str | None, str | None], ...]]]:
    """Each version of a rule in order of days, with the keys in which it differs from the one before."""
    before: Meaning | None = None
    for version in sorted(getattr(rule, "versions", ()), key=lambda v: v.dated.first_day or ALWAYS):
        own = _meaning(version)
        yield version.dated, () if before is None else tuple(differences(before, own))
        before = own


def differences(old: Meaning, new: Meaning) -> Iterator[tuple[str, str | None, str | None]]:
    """(key, old, new) of every key that differs."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before.sense != after.sense:
            yield key, before.text if before is not None else None, after.text if after is not None else None


def _of_rule(kind: str, code: str, old: object, new: object) -> Iterator[RuleChange]:
    title = _title(new if new is not None else old, code)
    if old is None or new is None:
        word = KINDS[kind].zh
        yield RuleChange(kind, code, title, "", ALWAYS, *((None, word) if old is None else (word, None)))
        return
    for key, before, after in differences(_meaning(old), _meaning(new)):
        yield RuleChange(kind, code, title, key, ALWAYS, before, after)
    told: set[tuple[str, str | None, str | None]] = set()
    for day in _days(old, new):
        found = set(_changes_on(_on(old, day), _on(new, day)))
        yield from (
            RuleChange(kind, code, title, *_since(one, day)) for one in sorted(found - told, key=lambda c: c[0])
        )
        told = found


def _changes_on(old: Meaning, new: Meaning) -> Iterator[tuple[str, str | None, str | None]]:
    """What differs on a day; where only one side has a version, that and no more."""
    if bool(old) == bool(new):
        yield from differences(old, new)
    else:
        yield "versions", (old or None) and IN_FORCE, (new or None) and IN_FORCE


def _since(change: tuple[str, str | None, str | None], day: date) -> tuple[str, date, str | None, str | None]:
    return change[0], day, change[1], change[2]


def _title(rule: object, code: str) -> Text:
    if isinstance(rule, Text):
        return rule
    title = getattr(rule, "title", None)
    return title if isinstance(title, Text) else Text(code)


def _days(*rules: object) -> list[date]:
    """The days from which something may differ: the first days of all versions."""
    versions = [version for rule in rules for version in getattr(rule, "versions", ())]
    return sorted({version.dated.first_day or ALWAYS for version in versions})


def _on(rule: object, day: date) -> Meaning:
    """What a rule says on a day; nothing where no version is in force."""
    for version in getattr(rule, "versions", ()):
        dated: Dated = version.dated
        if (dated.first_day or ALWAYS) <= day and (dated.last_day is None or day <= dated.last_day):
            source = dated.source
            clause = "" if source is None else f"{source.document} {source.clause}".strip()
            return {**_meaning(version), **({"source": Said(clause, clause)} if clause else {})}
    return {}


# ---------------------------------------------------------------- any part of a rule as keys and texts


def _meaning(thing: object) -> Meaning:
    return dict(_walk(thing, ""))


def _walk(thing: object, path: str) -> Iterator[tuple[str, Said]]:
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _walk(value, _join(path, str(key)))
    elif isinstance(thing, DatedValue):
        yield path, Said(thing.text, (thing.value, thing.last_day))
    elif isinstance(thing, tuple) and thing and all(is_dataclass(one) and not _is_plain(one) for one in thing):
        for name, one in _numbered(thing):
            yield from _walk(one, _join(path, name))
    elif is_dataclass(thing) and not _is_plain(thing):
        for one in fields(thing):
            if one.name not in _HIDDEN:
                inner = path if one.name == "curve" else _join(path, _NAMES.get(one.name, one.name))
                yield from _walk(getattr(thing, one.name), inner)
        if isinstance(thing, _CURVES):
            yield _join(path, "curve"), Said(_kind(thing), _kind(thing))
    elif thing is not None and not isinstance(thing, Place) and thing != () and thing != "":
        yield path, Said(_plain(thing), _sense(thing))


def _kind(thing: object) -> str:
    return type(thing).__name__.lower()


def _numbered(things: Iterable[object]) -> Iterator[tuple[str, object]]:
    """Parts by what names them, so that one put in between does not shift the others."""
    seen: dict[str, int] = {}
    for thing in things:
        if isinstance(thing, DatedValue):
            yield f"from {thing.first_day or ''}".strip(), thing
            continue
        named = next((text for name in _NAMED_BY if (text := getattr(thing, name, "")) and isinstance(text, str)), "")
        is_named = any(hasattr(thing, known) for known in ("indicator", "code", "kinds"))
        kind = "row" if _kind(thing).endswith("row") else _kind(thing)
        name = named if is_named else f"{kind} {named}".strip()
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})", thing


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_plain(thing: object) -> bool:
    return isinstance(thing, Formula | Text | Place | Money)


def _sense(thing: object) -> object:
    if isinstance(thing, Formula):
        return thing.tree
    return tuple(_sense(one) for one in thing) if isinstance(thing, tuple) else thing


def _plain(thing: object) -> str:
    match thing:
        case Formula():
            return " ".join(thing.text.split())
        case Text():
            return f"{thing.zh} / {thing.en}" if thing.en else thing.zh
        case bool():
            return "yes" if thing else "no"
        case Fraction():
            return exact_text(thing)
        case Money():
            return thing.text(grouped=False)
        case Enum():
            return str(thing.value)
        case tuple():
            return "[" + ", ".join(_plain(one) for one in thing) + "]"
        case None:
            return "—"
        case _:
            return str(thing)
