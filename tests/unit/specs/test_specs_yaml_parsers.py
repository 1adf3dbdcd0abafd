"""Rules are read by libyaml where it is there, and by PyYAML's own parser else: the same nodes, places and issues."""

from pathlib import Path

import pytest

from perf.services.files import packaged, rule_texts
from perf.specs import yaml_reader
from perf.specs.yaml_reader import read_yaml

GALLERY = Path(__file__).parents[2] / "errors"
TEXTS = {
    **{f"library {name}": text for name, text in rule_texts(packaged("indicator_specs")).items()},
    **{str(path.relative_to(GALLERY)): path.read_text(encoding="utf-8") for path in sorted(GALLERY.rglob("*.yaml"))},
}


def test_libyaml_is_there_so_that_this_test_compares_two_parsers():
    assert yaml_reader._FAST is not yaml_reader._PURE


def test_both_parsers_read_every_rule_file_alike(monkeypatch):
    fast = {name: read_yaml(name, text) for name, text in TEXTS.items()}
    monkeypatch.setattr(yaml_reader, "_FAST", yaml_reader._PURE)
    assert {name: read_yaml(name, text) for name, text in TEXTS.items()} == fast


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\t",
        "a: x\ty",
        "{a: 合?}",
        "a: 1\r\nb: 2",
        "a: x\x85y",
        "a: x\u2028y",
        "a\ufeffb: {c: 1}",
        "a: &x 1",
        "a: *x",
        "a: [1",
        "a: 'x",
        "a: \ud800",
        "a: !!int 1",
        "- |\n  text\n- >-\n  more",
    ],
)
def test_awkward_texts_are_read_or_refused_alike(text, monkeypatch):
    fast = read_yaml("x.yaml", text)
    monkeypatch.setattr(yaml_reader, "_FAST", yaml_reader._PURE)
    assert read_yaml("x.yaml", text) == fast
