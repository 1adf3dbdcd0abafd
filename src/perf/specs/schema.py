"""JSON Schema (2020-12) of rule files, for editors and other programs; made from the declared keys of the builders.

A schema sees the shape of one document: keys, words, patterns. What needs other rules or arithmetic (names, dates, weights,
order of thresholds) is beyond its reach and is told by `specs check`.
"""

from collections.abc import Mapping, Sequence

from perf.specs.schema_curves import COEFFICIENT_KEYS, CURVE_KEYS, NAMED_KEYS, NAMED_PART_KEYS
from perf.specs.schema_forms import ANY_TITLE, DOCUMENTS, FORMS, NAMED_CURVE_KEYS, PART_KEYS, STEP_FORMS
from perf.specs.schema_values import Json, Key, either, list_of, number, one_of, ref

DRAFT = "https://json-schema.org/draft/2020-12/schema"
CASES = "cases"
SCHEMA_KINDS = (*DOCUMENTS, CASES, "rules")


def json_schema(kind: str) -> dict[str, Json]:
    """The schema of one document kind, of `cases`, or of `rules`: any document, told by its first key."""
    head: dict[str, Json] = {"$schema": DRAFT, "$id": f"{kind}.schema.json", "$defs": _definitions()}
    if kind == CASES:
        return {**head, "title": "cases 示例", **_object_of(either(list_of(ref("case")), ref("cases_of")))}
    if kind == "rules":
        chosen: list[Json] = [_when_key(name, ref(name)) for name in DOCUMENTS]
        known: list[Json] = [{"required": [name]} for name in DOCUMENTS]
        return {**head, "title": "rules 规则", "type": "object", "anyOf": known, "allOf": chosen}
    return {**head, "title": f"{kind} {DOCUMENTS[kind][0].zh}", "$ref": f"#/$defs/{kind}"}


def _definitions() -> dict[str, Json]:
    found: dict[str, Json] = {name: form(keys) for name, keys in {**DOCUMENTS, **FORMS}.items()}
    for name in ("indicator", "distribution", "corrections", "adjustments", "payroll"):
        found[name] = _versioned(name)
    found |= {f"curve_{name}": form(_with_kind(name, keys)) for name, keys in CURVE_KEYS.items()}
    found |= {f"coefficient_{name}": form(_with_kind(name, keys)) for name, keys in COEFFICIENT_KEYS.items()}
    parts = {name: keys for name, keys in CURVE_KEYS.items() if name not in ("best_of", "rating")}
    found |= {f"part_{name}": form((*_with_kind(name, keys), *PART_KEYS)) for name, keys in parts.items()}
    found |= {f"named_{name}": form((*_with_kind(name, keys), *NAMED_CURVE_KEYS)) for name, keys in NAMED_KEYS.items()}
    found |= {
        f"named_part_{name}": form((*_with_kind(name, keys), ANY_TITLE)) for name, keys in NAMED_PART_KEYS.items()
    }
    found |= {f"step_{name}": form(keys) for name, keys in STEP_FORMS.items()}
    found["points"] = _by_curve("curve", CURVE_KEYS)
    found["coefficient"] = _by_curve("coefficient", COEFFICIENT_KEYS)
    found["named"] = _by_curve("named", NAMED_KEYS)
    found["named_part"] = _by_curve("named_part", NAMED_PART_KEYS)
    found["part"] = _by_curve("part", parts)
    steps: dict[str, Json] = {name: ref(f"step_{name}") for name in STEP_FORMS}
    found["step"] = {
        "type": "object",
        "properties": steps,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    found["dated_number"] = either(number(), list_of(ref("dated_value")), ref("titled_values"))
    return found


def form(keys: Sequence[Key]) -> dict[str, Json]:
    """A closed mapping."""
    properties: dict[str, Json] = {key.name: _described(key) for key in keys}
    required: list[Json] = [key.name for key in keys if key.is_required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _versioned(name: str) -> Json:
    """A document whose required keys may stand in its versions instead."""
    keys = DOCUMENTS[name]
    own = {key.name for key in FORMS[f"{name}_version"]}
    whole = form(keys)
    always: list[Json] = [key.name for key in keys if key.is_required and key.name not in own]
    single: list[Json] = [key.name for key in keys if key.is_required and key.name in own]
    return {**whole, "required": always, "anyOf": [{"required": ["versions"]}, {"required": single}]}


def _described(key: Key) -> Json:
    text: dict[str, Json] = {"description": f"{key.zh} · {key.en}"}
    return {**text, **key.value} if isinstance(key.value, dict) else text


def _with_kind(name: str, keys: Sequence[Key]) -> tuple[Key, ...]:
    return (Key("curve", {"const": name}, "计分方法", "which curve", is_required=True), *keys)


def _by_curve(prefix: str, curves: Mapping[str, Sequence[Key]]) -> Json:
    """A mapping whose keys depend on its `curve`."""
    kind: Json = {"description": "计分方法 · curve", **_object_of(one_of(curves))}
    chosen: list[Json] = []
    for name in curves:
        named: Json = {"properties": {"curve": {"const": name}}, "required": ["curve"]}
        chosen.append({"if": named, "then": ref(f"{prefix}_{name}")})
    return {"type": "object", "properties": {"curve": kind}, "required": ["curve"], "allOf": chosen}


def _when_key(name: str, then: Json) -> Json:
    return {"if": {"required": [name]}, "then": then}


def _object_of(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
