"""The JSON Schema of rules is in step with the builders, takes every file of the library, refuses what is misshapen."""

import json
import re
from collections import defaultdict
from pathlib import Path

import jsonschema
import pytest

from perf.services.files import packaged, rule_texts
from perf.specs import (
    build_adjustments,
    build_corrections,
    build_distributions,
    build_indicators,
    build_payroll,
    build_schemes,
)
from perf.specs.book import CASES_SUFFIX, KINDS, load_book
from perf.specs.cases import load_cases
from perf.specs.fields import Fields
from perf.specs.schema import SCHEMA_KINDS, json_schema
from perf.specs.schema_curves import CURVE_KEYS, NAMED_KEYS, NAMED_PART_KEYS
from perf.specs.schema_forms import ANY_TITLE, DOCUMENTS, FORMS, NAMED_CURVE_KEYS, PART_KEYS, STEP_FORMS
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence
from perf.specs.yaml_reader import read_yaml

ROOT = Path(__file__).parents[3]
MANUAL = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
RULES, CASES = json_schema("rules"), json_schema("cases")
VALIDATORS = {name: jsonschema.Draft202012Validator(json_schema(name)) for name in ("rules", "cases")}
RARE = """
scheme: rare
title: 少见的写法
of: {level: institution}
period: month
source: 文件
dimensions: {d: {weight: 100, indicators: {best: {out_of: 100}}}}
peers: {within: consortium, by: kind}
rank: {of: total, ties: dense}
coefficient: {curve: linear, through: [[0, 0], [100, 1]]}
grades: [[优秀, 90], [合格, 0]]
quota: {优秀: {at_most: 15%, falls_to: 合格}}
veto: [{when: a > 0, effect: {grade_at_most: 合格}}]
extra: [{indicator: best, cap: 5}]
outcomes: [{when: total < 65, say: 限期整改}]
---
indicator: best
title: 几种方法
level: institution
direction: higher
value: a
no_value: {missing: zero}
parameters: {p: {title: 参数, values: [{from: 2024, value: 1, source: {document: 文件}}]}}
tables: {t: {title: 表, rows: {x: 1}}}
points:
  curve: best_of
  of:
    - {curve: linear, through: [[0, 0], [1, 100]]}
    - {curve: linear, title: 改善, value: value - value@previous, unit: number, direction: higher, through: [[0, 0], [1, 100]]}
---
distribution: money
title: 钱
period: month
per: institution
uses: {score: [rare]}
fund: a
let: {x: {title: 数, value: a}}
rounding: {unit: 1, leftover: {to: x}}
steps:
  - split: {by: kind, shares: {x: 1}, on_empty: {to: reserve}, steps: [{gate: {when: score < 60}}]}
  - entered:
      amount: 1
      spread: {at_least: 2}
      own: {where: head == yes, gets: mean(claims)}
  - hold: {share: 10%, to: kept}
  - schedule: {amount: 1, parts: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2], to: x, catch_up: yes, overpaid: wait, unit: 1, payer: y}
  - release: {from: held, share: 1, where: score > 1, keep: yes, extra: refuse}
  - release: {from: kept, share: 1, forfeited: {to: rest}}
  - ladder: {of: score, amount: 1, forfeited: {to: x}, rows: [{from: 0, gives: pro_rata, of: 95}]}
  - apportion: {by: 1, rounding: {unit: 1}, derived: [{where: head == yes, by: mean(claims)}]}
  - pay: {line: x, amount: 1}
  - apportion: {by: 1, rounding: {unit: 1}}
  - pay: {line: x, amount: 1, at_most: 1, unit: 1}
  - take: {to: x, amount: 1}
  - remainder: {to: x}
"""


def all_curves():
    """One indicator for every curve and method, whatever its thresholds; keys are asked for all the same."""
    bodies = [f"{{curve: {name}}}" for name in CURVE_KEYS]
    bodies += [f"{{curve: rank, method: {method}}}" for method in ("step", "places")]
    bodies += ["{curve: standardise, method: z_score}"]
    bodies += ["{curve: efficacy, standards: {by: kind, rows: {x: [3, 2, 1, 0.5, 0]}}}"]
    named = [f"{{curve: {name}}}" for name in NAMED_KEYS]
    named += ["{curve: efficacy, standards: [5, 4, 3, 2, 1]}"]
    named += [f"{{curve: best_of, parts: [{{curve: {name}}}, {{curve: {name}}}]}}" for name in NAMED_PART_KEYS]
    named += ["{curve: best_of, parts: [{curve: efficacy, standards: [5, 4, 3, 2, 1]}, {curve: entered}]}"]
    head = "title: X\nlevel: institution\ndirection: higher\nvalue: a\n"
    documents = [f"indicator: c{n}\n{head}points: {body}" for n, body in enumerate(bodies)]
    documents += [f"indicator: d{n}\n{head}curves: {{f: {body}}}" for n, body in enumerate(named)]
    return "\n---\n".join(documents)


def corpus():
    """Every rule file at hand: library, manual, gallery."""
    yield from ((name, text) for name, text in rule_texts(packaged("indicator_specs")).items())
    yield "manual.yaml", "\n---\n".join(re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL))
    yield "rare.yaml", RARE
    yield "curves.yaml", all_curves()
    for path in sorted((ROOT / "tests" / "errors").glob("*/*.yaml")):
        yield f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")


def plain(node):
    """The document as an editor sees it: unquoted numbers are numbers."""
    match node:
        case Mapped():
            return {key: plain(child) for key, child in node.entries.items()}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar(text=text, quoted=False) if re.fullmatch(r"-?(0|[1-9]\d*)", text):
            return int(text)
        case Scalar(text=text, quoted=False) if text in ("true", "false"):
            return text == "true"
        case _:
            return node.text


def texts_only(value):
    """The same with every scalar as text."""
    if isinstance(value, dict):
        return {key: texts_only(child) for key, child in value.items()}
    if isinstance(value, list):
        return [texts_only(child) for child in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def forms_of(node, fragment):
    """Each mapping of a document with the names of the forms that the schema has for it."""
    if not isinstance(fragment, dict):
        return
    if "$ref" in fragment:
        name = fragment["$ref"].rpartition("/")[2]
        target = RULES["$defs"][name]
        if isinstance(node, Mapped) and "properties" in target:
            yield node, name
        yield from forms_of(node, target)
    for choice in fragment.get("anyOf", ()):
        if ("$ref" in choice and isinstance(node, Mapped) and fits(node, choice)) or "$ref" not in choice:
            yield from forms_of(node, choice)
    for choice in fragment.get("allOf", ()):
        wanted = choice["if"].get("properties", {}).get("curve", {}).get("const")
        told = node.entries.get("curve") if isinstance(node, Mapped) else None
        is_document = wanted is None and choice["if"]["required"][0] == node.first_key
        if is_document or (wanted is not None and isinstance(told, Scalar) and told.text == wanted):
            yield from forms_of(node, choice["then"])
    if isinstance(node, Mapped):
        for key, child in node.entries.items():
            inner = fragment.get("properties", {}).get(key, fragment.get("additionalProperties"))
            yield from forms_of(child, inner)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from forms_of(item, fragment.get("items"))


def fits(node, choice):
    target = RULES["$defs"][choice["$ref"].rpartition("/")[2]]
    return set(node.entries) <= set(target.get("properties", node.entries))


@pytest.fixture(scope="module")
def asked():
    """Form -> every key that a builder asked of a mapping of this form."""
    known = {}
    close = Fields.close

    def noting(self, **about):
        known.setdefault(self.node.place, set()).update(self.known)
        close(self, **about)

    found = defaultdict(set)
    patch = pytest.MonkeyPatch()
    patch.setattr(Fields, "close", noting)
    for name, text in corpus():
        known.clear()
        documents, _ = read_yaml(name, text)
        if name.endswith(CASES_SUFFIX):
            continue
        load_book({name: text})
        for document in documents:
            if isinstance(document, Mapped) and document.first_key in KINDS:
                for node, form in forms_of(document, RULES):
                    found[form] |= known.get(node.place, set())
    cases = rule_texts(packaged("indicator_specs"))
    known.clear()
    load_cases(cases)
    for name, text in cases.items():
        for document in read_yaml(name, text)[0] if name.endswith(CASES_SUFFIX) else ():
            rows = document.items if isinstance(document, Sequence) else document.entries["cases"].items
            for row in rows:
                found["case"] |= known.get(row.place, set())
    patch.undo()
    return found


NOT_CLOSED = {"case", "cases_of", "titled_values", "table", "let"}
TOPS = {
    "indicator_version": build_indicators._TOP_LEVEL,
    "scheme_version": build_schemes._TOP_LEVEL,
    "distribution_version": build_distributions._TOP_LEVEL,
    "corrections_version": build_corrections._TOP_LEVEL,
    "payroll_version": build_payroll._TOP_LEVEL,
    "adjustments_version": build_adjustments._TOP_LEVEL,
}
DECLARED = {
    **DOCUMENTS,
    **FORMS,
    **{f"step_{name}": keys for name, keys in STEP_FORMS.items()},
    **{f"curve_{name}": keys for name, keys in CURVE_KEYS.items()},
    **{f"named_{name}": (*keys, *NAMED_CURVE_KEYS) for name, keys in NAMED_KEYS.items()},
    **{f"named_part_{name}": (*keys, ANY_TITLE) for name, keys in NAMED_PART_KEYS.items()},
}
OF_A_CURVE = ("curve_", "named_")


@pytest.mark.parametrize("form", sorted(set(DECLARED) - NOT_CLOSED))
def test_a_form_declares_the_keys_that_its_builder_asks_for_and_no_other(form, asked):
    declared = {key.name for key in DECLARED[form]} | ({"curve"} if form.startswith(OF_A_CURVE) else set())
    assert asked[form] - TOPS.get(form, frozenset()) == declared


def test_the_keys_of_a_case_are_declared(asked):
    assert asked["case"] == {key.name for key in FORMS["case"]}


def test_the_parts_of_a_best_of_declare_their_own_keys(asked):
    assert asked["part_linear"] == {"curve", *(key.name for key in (*CURVE_KEYS["linear"], *PART_KEYS))}


def test_every_document_kind_has_a_schema_and_every_schema_is_one():
    assert set(SCHEMA_KINDS) == {*KINDS, "cases", "rules"}
    schemas = [json_schema(kind) for kind in SCHEMA_KINDS]
    own = [{key: value for key, value in schema.items() if key != "$defs"} for schema in schemas]
    shared = [part for schema in schemas for part in schema.get("$defs", {}).values()]
    for text in {json.dumps(part, sort_keys=True) for part in (*own, *shared)}:  # most kinds share most definitions
        jsonschema.Draft202012Validator.check_schema(json.loads(text))


def complaints(name, text, *, as_text=False):
    which = VALIDATORS["cases" if name.endswith(CASES_SUFFIX) else "rules"]
    for document in read_yaml(name, text)[0]:
        value = plain(document)
        yield from which.iter_errors(texts_only(value) if as_text else value)


@pytest.mark.parametrize("as_text", [False, True])
def test_every_file_of_the_library_and_the_manual_validates(as_text):
    found = []
    for name, text in corpus():
        if "/" not in name or name.split("/")[0] in ("indicators", "schemes", "distributions", "measures", "lists"):
            if name == "curves.yaml":
                continue
            found += [f"{name}: {error.message}" for error in complaints(name, text, as_text=as_text)]
    assert found == []


SHAPE_CODES = {"rule-kind-unknown", "rule-key-unknown", "rule-key-missing", "rule-value-unknown", "rule-shape"}
SHAPE_CODES |= {
    "rule-code-invalid",
    "rule-number-invalid",
    "rule-date-invalid",
    "rule-value-blank",
    "rule-key-misplaced",
}


@pytest.mark.parametrize("code", sorted(SHAPE_CODES))
def test_the_schema_refuses_every_file_of_the_gallery_that_is_misshapen(code):
    texts = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "tests" / "errors" / code).glob("*.yaml")}
    assert any(list(complaints(name, text)) for name, text in texts.items())
