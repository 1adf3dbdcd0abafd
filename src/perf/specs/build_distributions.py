"""`distribution:` documents → models."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from perf.formulas import Formula
from perf.kernel.issues import Place
from perf.kernel.periods import PeriodKind
from perf.kernel.subjects import LEVELS, Level
from perf.kernel.text import Text
from perf.specs.build_bands import read_bands
from perf.specs.build_indicators import read_tables
from perf.specs.build_ladders import read_ladders
from perf.specs.build_measures import PERIOD_KINDS
from perf.specs.build_named_curves import read_curves
from perf.specs.build_payers import read_payers
from perf.specs.build_reserves import PARTS_OF_A_YEAR
from perf.specs.build_steps import build_steps, read_rounding
from perf.specs.dates import Version, close_versions, own_enabled, read_dated_values, read_titles, read_versions
from perf.specs.fields import Fields, code_of
from perf.specs.formulas_of import walk_steps
from perf.specs.models import Distribution, DistributionVersion
from perf.specs.money_models import Among, ShortFund
from perf.specs.reserve_models import Schedule
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped

_TOP_LEVEL = frozenset(
    {"distribution", "title", "period", "per", "among", "uses", "payer", "into", "not_with", "announced", "versions"}
)
_PLANNED = ("layers",)
_AMONG = re.compile(r"(staff|members|institutions)(?:\s+where\s+(?=\S)(.*))?", re.DOTALL)
_AMONG_WORDS: Final[Mapping[str, Among]] = {"staff": "staff", "members": "members", "institutions": "institutions"}
_HOLD_AT = re.compile(r"hold_at\(\s*(full|last|mean)\s*\)")
_HOLD_FORMS = "hold_at(full) hold_at(last) hold_at(mean)"


def build_distribution(fields: Fields) -> Distribution | None:
    """A distribution with the versions that could be built; None where code or every version is missing."""
    code = code_of(fields, "distribution")
    title = fields.title(required=False)
    title = title if title.zh else Text(code)
    period = fields.choice("period", PERIOD_KINDS, "month", required=True)
    per: Level = fields.choice("per", LEVELS, "institution", required=True)
    among, where = _among(fields, per)
    uses = _uses(fields)
    payer = fields.text("payer")
    into, not_with = fields.text("into"), fields.names("not_with")
    enabled, announced = fields.yes("enabled", default=True), fields.yes("announced", default=False)
    versions = read_versions(fields)
    built = [_version(version, title) for version in versions]
    built = [version for version in built if version is None or _parts_fit(fields, version, period)]
    close_versions(fields, versions, _TOP_LEVEL, _PLANNED)
    whole = tuple(version for version in built if version is not None)
    if not code or not whole:
        return None
    place = fields.node.place
    return Distribution(
        code, title, period, per, among, where, uses, payer, whole, place, into, enabled, not_with, announced
    )


def _among(fields: Fields, per: Level) -> tuple[Among, Formula | None]:
    """`staff where COND`; members of a county or consortium, staff of everything below, where nothing is said."""
    default: Among = "members" if per in ("city", "county", "consortium") else "staff"
    scalar = fields.scalar("among")
    if scalar is None:
        return default, None
    match = _AMONG.fullmatch(scalar.text.strip())
    if match is None:
        expected = Text(
            "staff、members 或 institutions,可加 where 条件", "staff, members or institutions, with an optional where"
        )
        found = Text(f"“{shorten(scalar.text)}”", f"'{shorten(scalar.text)}'")
        fields.add(
            "rule-shape", scalar.place, what="among", found=found, expected=expected, example="staff where head == no"
        )
        return default, None
    where = None
    if match[2] is not None:
        place = scalar.inner
        where = fields.parse(match[2], Place(place.file, line=place.line, column=place.column + match.start(2)))
    return _AMONG_WORDS[match[1]], where


def _uses(fields: Fields) -> tuple[str, ...]:
    inner = fields.sub("uses", "uses: {score: [doctor_monthly]}")
    if inner is None:
        return ()
    names = inner.names("score")
    inner.close()
    return names


def _version(version: Version, title: Text) -> DistributionVersion | None:
    fields = version.fields
    fund = fields.formula("fund", example="balance(pool)")
    let, bands = _let(fields), read_bands(fields)
    parameters = MappingProxyType(read_dated_values(fields, "parameters"))
    tables = read_tables(fields)
    curves = MappingProxyType({**read_curves(fields), **read_ladders(fields)})
    rounding = read_rounding(fields)
    steps = build_steps(fields, title, rounding)
    missing = _on_missing_score(fields)
    if fund is None:
        return None
    titles = read_titles(fields)
    return DistributionVersion(
        version.dated,
        fund,
        let,
        parameters,
        tables,
        steps,
        missing,
        titles,
        curves,
        enabled=own_enabled(version),
        bands=bands,
        each=_each(fields),
        payers=read_payers(fields),
        short=_short(fields),
    )


def _short(fields: Fields) -> ShortFund | None:
    """What becomes of a fund below zero, where the rule says."""
    return fields.choice("short", get_args(ShortFund), "refuse") if fields.has("short") else None


def _parts_fit(fields: Fields, version: DistributionVersion, period: PeriodKind) -> bool:
    """Whether every schedule has as many parts as the year has periods."""
    clean, wanted = True, PARTS_OF_A_YEAR[period]
    for step in walk_steps(version.steps):
        if isinstance(step, Schedule) and len(step.parts) != wanted:
            fields.add("schedule-parts", step.place, found=len(step.parts), period=period, wanted=wanted)
            clean = False
    return clean


def _let(fields: Fields) -> Mapping[str, Formula]:
    found: dict[str, Formula] = {}
    for name, _, node in fields.pairs("let"):
        value = node.entries.get("value", node) if isinstance(node, Mapped) else node
        formula = fields.as_formula(value, name)
        if formula is not None:
            found[name] = formula
    return MappingProxyType(found)


def _each(fields: Fields) -> frozenset[str]:
    """The names of `let` and `bands` with `for: each`."""
    found = set[str]()
    for key in ("let", "bands"):
        for name, _, node in fields.pairs(key):
            if isinstance(node, Mapped) and "for" in node.entries:
                whose = fields.inside(node, Text(name)).choice("for", ("owner", "each"), "owner")
                found |= {name} if whose == "each" else set()
    return frozenset(found)


def _on_missing_score(fields: Fields) -> Literal["full", "last", "mean"]:
    scalar = fields.scalar("on_missing_score")
    if scalar is None:
        return "full"
    match = _HOLD_AT.fullmatch(scalar.text.strip())
    if match is None:
        hint = Text("分数到来前,该份额记入 held:工号", "the share waits in held:PERSON until the score comes")
        fields.add(
            "rule-value-unknown",
            scalar.place,
            key="on_missing_score",
            found=shorten(scalar.text),
            known=_HOLD_FORMS,
            hint=hint,
        )
        return "full"
    return "last" if match[1] == "last" else "mean" if match[1] == "mean" else "full"
