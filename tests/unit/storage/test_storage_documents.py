import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perf.distribution.models import Entry, Ledger, PathStep, Working
from perf.formulas.nodes import NO_RULE, Absent, Node, RuleRef
from perf.kernel.facts import NO_SOURCE, FactKey, FactSource
from perf.kernel.issues import Issue, Place
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring.models import Scorecard, ScoreItem, Scores
from perf.storage.canonical import canonical_json
from perf.storage.document_codec import SubjectDocument, document_text, read_document, read_value, write_value
from perf.storage.documents import join_documents, pack, split_by_subject, unpack
from perf.storage.packing import Broken, packed, unpacked

JUNE = Period(2025, "month", 6)
texts = st.text(max_size=8)
periods = st.sampled_from([JUNE, Period(2024, "year"), Period(2025, "quarter", 2)])
keys = st.builds(FactKey, texts, texts, periods, texts, texts)
absences = st.builds(
    Absent,
    st.sampled_from(["missing", "blocked"]),
    st.lists(keys, max_size=2).map(tuple),
    st.builds(Text, texts, texts),
)
values = st.one_of(st.fractions(), texts, st.booleans(), absences)
leaves = st.builds(
    Node,
    st.sampled_from(["fact", "number", "+"]),
    values,
    st.just(()),
    st.none() | st.builds(Text, texts, texts),
    st.just(NO_SOURCE) | st.builds(FactSource, texts, texts, texts, texts),
    st.just(NO_RULE) | st.builds(RuleRef, texts, texts, texts, texts),
    st.sampled_from(["", "percent"]),
)
nodes = st.recursive(
    leaves, lambda inner: st.builds(Node, st.just("+"), values, st.lists(inner, max_size=3).map(tuple)), max_leaves=8
)
money = st.integers(-(10**18), 10**18).map(Money)
workings = st.builds(
    Working,
    st.lists(texts, max_size=2).map(tuple),
    money,
    nodes,
    st.fractions(),
    st.integers(0, 9),
    st.fractions(),
    st.none() | money,
    st.none() | money,
    st.integers(-3, 3),
)
entries = st.builds(
    Entry,
    st.integers(1, 10**6),
    periods,
    texts,
    texts,
    texts,
    texts,
    texts,
    texts,
    money,
    st.builds(Text, texts, texts),
    st.builds(RuleRef, texts, texts, texts, texts),
    st.none() | workings,
    texts,
    texts,
)
issues = st.builds(
    Issue,
    texts,
    st.builds(Place, texts, texts, texts, st.integers(0, 9), st.integers(0, 9)),
    st.builds(Text, texts, texts),
    st.builds(Text, texts, texts),
)
steps = st.builds(
    PathStep, texts, texts, texts, st.builds(Text, texts), st.just(("甲",)), money, money, money, st.none() | nodes
)


def card(subject: str = "001", scheme: str = "staff", node: Node | None = None) -> Scorecard:
    node = node or Node("number", Fraction(1, 3))
    rule = RuleRef("staff", "始", "试行办法", "第三条")
    absent = Node("fact", Absent("missing", (FactKey(subject, "m", JUNE),)))
    items = (
        ScoreItem(
            *("indicator", "work", Text("工作"), "all", Fraction("92.35"), "points", Fraction("92.35")),
            *(Fraction(100), Fraction(100), Fraction("92.35"), "scored", "", "≥85", node, rule),
        ),
        ScoreItem(
            *("indicator", "rate", Text("率"), "all", absent.value, "percent", None),
            *(Fraction(100), None, None, "missing", "block", "", absent, rule),
        ),
    )
    return Scorecard(
        *(scheme, Text("考核", "Appraisal"), subject, JUNE, items, Fraction(277, 3), Fraction("92.33"), "优秀", 1, 3),
        *(Fraction("1.2"), "scored", "", False, ("限期整改",), node, rule),
    )


@given(values | st.none())
def test_every_value_comes_back_with_its_type(value):
    back = read_value(json.loads(json.dumps(write_value(value))))
    assert back == value
    assert type(back) is type(value)


@settings(max_examples=60)
@given(
    st.lists(entries, max_size=3),
    st.lists(st.tuples(st.integers(0, 9), steps), max_size=2),
    st.lists(issues, max_size=2),
    nodes,
)
def test_every_document_comes_back_as_it_was(its_entries, path, found, node):
    document = SubjectDocument(
        "001",
        (card(node=node),),
        tuple(its_entries),
        tuple(path),
        tuple(found),
        tuple(found),
        (("pay", "h1"),),
        3,
    )
    assert unpack(pack(document).content) == document


def test_equal_nodes_are_written_once_whoever_made_them():
    def tree():
        leaf = Node("fact", Fraction(3), (), Text("诊疗"))
        return Node("+", Fraction(6), (leaf, Node("fact", Fraction(3), (), Text("诊疗"))))

    one = tree()
    shared = Node("+", Fraction(12), (one, one))
    separate = Node("+", Fraction(12), (tree(), tree()))
    document = document_text(SubjectDocument("001", (card(node=shared),)))
    assert document == document_text(SubjectDocument("001", (card(node=separate),)))
    assert len([row for row in json.loads(document)["nodes"] if row[0] != "fact"]) == 2


@given(nodes)
def test_the_text_of_a_document_is_canonical(node):
    text = document_text(SubjectDocument("001", (card(node=node),)))
    assert text == canonical_json(json.loads(text))


def test_a_true_a_one_and_a_text_are_three_values():
    nodes_of = [Node("x", True), Node("x", Fraction(1)), Node("x", "1"), Node("x", "True")]
    both = Node("all", Fraction(1), tuple(nodes_of))
    back = unpack(pack(SubjectDocument("1", (card(node=both),))).content).cards[0].node
    assert [type(n.value) for n in back.inputs] == [bool, Fraction, str, str]


def test_a_field_that_is_added_later_has_its_default_in_older_documents():
    json_form = json.loads(document_text(SubjectDocument("001", (card(),), failed=(("pay", "h1"),))))
    names = json_form["fields"]["SubjectDocument"]
    position = names.index("failed")
    del names[position], json_form["body"][position]
    assert read_document(json_form).failed == ()
    del json_form["fields"]["Scorecard"][0], json_form["body"][names.index("cards")][0][0]
    with pytest.raises(ValueError, match="Scorecard"):
        read_document(json_form)


def test_what_a_run_says_is_split_by_subject_and_joined_again():
    rule = RuleRef("pay")
    made = [
        Entry(n, JUNE, "pay", "h1", "01", "绩效", "fund:h1", f"person:{who}", Money(n), Text("x"), rule, None, who)
        for n, who in ((1, "002"), (2, "001"), (3, "002"))
    ]
    made.append(Entry(4, JUNE, "pay", "h1", "02", "结存", "fund:h1", "reserve:saved:h1", Money(4), Text("x"), rule))
    path = tuple(PathStep("pay", owner, "01", Text("x"), (), *[Money(1)] * 3) for owner in ("h1", "h2", "h1"))
    issue = Issue("x", Place(), Text("甲"), Text("乙"))
    ledger = Ledger(tuple(made), path, {"person:001": Money(2)}, (issue,), (("pay", "h2"),))
    cards = {(c.scheme, c.subject): c for c in (card("001"), card("002"), card("002", "second"))}
    scores = Scores(dict(sorted(cards.items())), (), 7)
    documents = list(split_by_subject(scores, ledger))
    assert [d.subject for d in documents] == ["", "001", "002", "h1", "h2"]
    again, ledger_again = join_documents(reversed(documents), ledger.balances)
    assert dict(again.cards) == dict(scores.cards)
    assert again.left_out == 7
    assert ledger_again == ledger


def test_unpacking_refuses_a_byte_more_and_a_byte_less():
    content = packed("绩效".encode())
    assert unpacked(content) == "绩效".encode()
    for broken in (content + b"x", content[:-1], content + content, b"", b"x"):
        with pytest.raises(Broken):
            unpacked(broken)
