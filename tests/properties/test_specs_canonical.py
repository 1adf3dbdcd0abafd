"""Properties of the YAML reader and the canonical text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.issues import Place
from perf.specs.book import load_book
from perf.specs.canonical import canonical_text
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode
from perf.specs.yaml_reader import read_yaml

NOWHERE = Place()
# what a rule may hold: no control characters, no lone surrogates
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\u0085", exclude_characters="\ufffe\uffff"),
    max_size=12,
) | st.sampled_from(
    [
        "no",
        "010",
        "1:30",
        "~",
        "null",
        "---",
        "- a",
        "a: b",
        "#x",
        "{",
        "&a",
        "*a",
        "!t",
        "%",
        "@",
        "`",
        "0.30",
        " x ",
        "a\nb",
        "a\tb",
        "",
        "㛃䶮𬱖𠮷",
        "a #b",
        "\u0085",
    ]
)
scalars = texts.map(lambda text: Scalar(text, NOWHERE, quoted=True))


def mapped(entries):
    return Mapped(entries, dict.fromkeys(entries, NOWHERE), NOWHERE)


nodes: st.SearchStrategy[YamlNode] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: Sequence(tuple(items), NOWHERE))
        | st.dictionaries(texts, inner, max_size=4).map(mapped)
    ),
    max_leaves=12,
)


def plain(node):
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


@given(st.lists(nodes.filter(lambda node: not (isinstance(node, Scalar) and not node.text)), max_size=3))
def test_reading_the_canonical_text_gives_the_same_documents_again(documents):
    text = canonical_text(tuple(documents))
    again, issues = read_yaml("f", text)
    assert issues == ()
    assert [plain(document) for document in again] == [plain(document) for document in documents]
    assert canonical_text(again) == text


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_or_the_loader_stumble(text):
    book, _ = load_book({"f.yaml": text})
    assert not re.search("[A-Z]", "".join(book.indicators))


SAMPLE = """indicator: x
title: {zh: 名}
level: institution
unit: percent
direction: higher
value: a / b
versions:
  - from: 2025-01
    source: {document: 文件, clause: 第7项}
    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}
no_value: {missing: block}
"""


@given(st.integers(0, len(SAMPLE) - 1), st.sampled_from(list("{}[](),:'\"#&*!%@ \n-0a")), st.booleans())
def test_one_wrong_character_never_raises_and_every_issue_has_a_line(at, sign, is_inserted):
    text = SAMPLE[:at] + sign + SAMPLE[at + (not is_inserted) :]
    _, issues = load_book({"f.yaml": text})
    assert all(issue.place.line or issue.code == "file-empty" for issue in issues)
