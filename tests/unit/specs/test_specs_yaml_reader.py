"""The YAML reader: texts stay texts, every fault has its place."""

import pytest

from perf.specs import yaml_reader
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode
from perf.specs.yaml_reader import CHARACTERS_MAX, DEPTH_MAX, NODES_MAX, RULE_NODES_MAX, SLOW_CHARACTERS_MAX, read_yaml


def plain(node: YamlNode):
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def read(text):
    documents, issues = read_yaml("f.yaml", text)
    return [plain(document) for document in documents], [(i.code, i.place.line, i.place.column) for i in issues]


@pytest.mark.parametrize(
    "spelling",
    [
        "no",
        "on",
        "yes",
        "010",
        "1:30",
        "1_000",
        "1e3",
        "0.30",
        "0x10",
        "null",
        "~",
        "2025-06-01",
        ".5",
        "true",
        "=",
        "<<",
    ],
)
def test_no_spelling_is_taken_for_anything_but_text(spelling):
    assert read(f"a: {spelling}") == ([{"a": spelling}], [])
    assert read(f"[{spelling}]") == ([[spelling]], [])


def test_every_node_knows_its_line_and_column():
    (document,), _ = read_yaml("f.yaml", "a: 1\nb:\n  - x\n  - {c: 'y'}\n")
    assert isinstance(document, Mapped)
    items = document.entries["b"]
    assert isinstance(items, Sequence)
    inner = items.items[1]
    assert isinstance(inner, Mapped)
    value = inner.entries["c"]
    assert isinstance(value, Scalar)
    assert str(document.keys["b"]) == "f.yaml:2:1"
    assert str(value.place) == "f.yaml:4:9"
    assert str(value.inner) == "f.yaml:4:10"


def test_several_documents_and_a_bom_are_read():
    assert read("\ufeffa: 1\n---\nb: 2\n---\n") == ([{"a": "1"}, {"b": "2"}], [])


def test_an_empty_text_has_no_document():
    assert read("") == ([], [])
    assert read("# only a comment\n") == ([], [])


def test_all_faults_of_form_are_found_in_one_pass():
    text = "a: 1\na: 2\nb: &x 1\nc: *x\nd: !!python/object/apply:os.system ['id']\n? [1]\n: 3\n"
    documents, issues = read(text)
    assert documents == [{"a": "1", "b": "1", "c": "", "d": ["id"]}]
    assert sorted(issues) == [
        ("yaml-anchor", 3, 4),
        ("yaml-anchor", 4, 4),
        ("yaml-duplicate-key", 2, 1),
        ("yaml-key-not-text", 6, 3),
        ("yaml-tag", 5, 4),
    ]


def test_empty_documents_count_too():
    documents, issues = read("---\n" * 20_000)
    assert documents == []
    assert [(code, line) for code, line, _ in issues] == [("yaml-too-large", 5002)]


def test_aliases_cannot_explode():
    text = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    documents, issues = read(text)
    assert len(str(documents)) < 5_000
    assert {code for code, _, _ in issues} == {"yaml-anchor"}


def test_a_formula_cut_at_its_comma_is_joined_and_named():
    documents, issues = read("take: {to: fund_a, amount: min(5% * fund, 300, x), line: y}")
    assert documents == [{"take": {"to": "fund_a", "amount": "min(5% * fund, 300, x)", "line": "y"}}]
    assert issues == [("yaml-comma-unquoted", 1, 28)]


def test_a_formula_cut_inside_a_list_is_joined_too():
    documents, issues = read("at: [[max(a, b), 0], [85%, 100]]")
    assert documents == [{"at": [["max(a, b)", "0"], ["85%", "100"]]}]
    assert issues == [("yaml-comma-unquoted", 1, 7)]


def test_a_text_cut_at_its_comma_is_joined_and_named():
    documents, issues = read("source: {document: 文件, clause: 每件扣2分,扣完为止}")
    assert documents == [{"source": {"document": "文件", "clause": "每件扣2分, 扣完为止"}}]
    assert [code for code, _, _ in issues] == ["yaml-comma-unquoted"]


def test_a_quoted_formula_with_a_comma_is_fine():
    assert read('a: {b: "min(1, 2)", c: 3}') == ([{"a": {"b": "min(1, 2)", "c": "3"}}], [])


def test_a_key_with_colon_and_nothing_behind_it_stays_a_key():
    assert read("a: {b: 1, c: }") == ([{"a": {"b": "1", "c": ""}}], [])


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1,\nb: 2\n", 3, 1),
        ("a:\n\tb: 1\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: @x\n", 1, 4),
        ("a: 1\n b: 2\n", 2, 3),
        ("a: 'x\n", 2, 1),
        ("a: 1\nb: \x07\n", 2, 4),
    ],
)
def test_a_syntax_error_carries_line_and_column(text, line, column):
    _, issues = read(text)
    assert issues == [("yaml-syntax", line, column)]


@pytest.mark.parametrize(
    "text", ["a: [1, min(2, 3), 四]  # 五\n", "甲: {乙: min(1, 2), '丙': \"丁\"}\n---\nb: |\n  x\n", ""]
)
def test_both_parsers_of_the_library_read_the_same(text, monkeypatch):
    fast = read_yaml("x", text)
    monkeypatch.setattr(yaml_reader, "_FAST", yaml_reader._PURE)
    assert read_yaml("x", text) == fast


def test_documents_before_a_syntax_error_are_kept():
    documents, issues = read("a: 1\n---\nb: [\n")
    assert documents == [{"a": "1"}]
    assert [code for code, _, _ in issues] == ["yaml-syntax"]


def test_depth_size_and_number_of_nodes_are_limited():
    assert [code for code, _, _ in read("[" * (DEPTH_MAX + 5))[1]] == ["yaml-too-deep"]
    assert [code for code, _, _ in read("x" * (CHARACTERS_MAX + 1))[1]] == ["yaml-too-large"]
    assert [code for code, _, _ in read("[" + "x," * (RULE_NODES_MAX + 1) + "]")[1]] == ["yaml-too-large"]


def test_a_list_of_items_may_be_longer_than_a_file_of_rules():
    rows = "".join(f"  i{number}: x\n" for number in range(RULE_NODES_MAX))
    assert read(f"list: l\nitems:\n{rows}")[1] == []
    assert [code for code, _, _ in read(f"measure: l\nitems:\n{rows}")[1]] == ["yaml-too-large"]
    rows = "".join(f"  i{number}: x\n" for number in range(NODES_MAX // 2))
    assert [code for code, _, _ in read(f"list: l\nitems:\n{rows}")[1]] == ["yaml-too-large"]


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("a: '" + "x\n" * SLOW_CHARACTERS_MAX, [("yaml-syntax", SLOW_CHARACTERS_MAX + 1, 1)]),
        ("a: 1\nb: x?\n" + "# x\n" * SLOW_CHARACTERS_MAX, [("yaml-too-large", 2, 5)]),
    ],
    ids=["an open quotation", "a question mark"],
)
def test_a_long_text_is_never_read_by_the_slow_parser(text, issues, monkeypatch):
    monkeypatch.setattr(yaml_reader, "_PURE", None)
    assert read(text)[1] == issues


def test_a_text_cut_into_very_many_pieces_is_one_text_and_one_issue():
    pieces = [f"f{number}(" for number in range(15_000)]
    documents, issues = read("[" + ",".join(pieces) + "]")
    assert documents == [[", ".join(pieces)]]
    assert issues == [("yaml-comma-unquoted", 1, 2)]
