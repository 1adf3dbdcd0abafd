"""The part of the rules that a scheme needs: enough to build the same scheme, found without reading the rest."""

import pytest

from perf.services.files import packaged, rule_texts
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.part import part_of

LIBRARY = rule_texts(packaged("indicator_specs"))
WHOLE = load_book(LIBRARY)[0]
MEASURE = "measure: visits\ntitle: {zh: 诊疗人次, en: Number of visits}\nunit: person-times\nlevel: person\n"
OTHER = "measure: nights\ntitle: 夜班\nunit: items\nlevel: person\n"
RULE = "indicator: seen\ntitle: 接诊\nvalue: %s / 2\n"


@pytest.mark.parametrize("scheme", sorted(WHOLE.schemes))
def test_of_every_scheme_of_the_library_the_part_is_small_and_gives_the_same_rules(scheme: str):
    part = part_of(LIBRARY, [scheme])
    assert len(part) < len(LIBRARY) / 4
    book, issues = load_book(part)
    assert not [one for one in (*issues, *check_book(book)) if one.is_error]
    assert book.schemes[scheme] == WHOLE.schemes[scheme]
    for code, indicator in book.indicators.items():
        assert indicator == WHOLE.indicators[code]
    for code, measure in book.measures.items():
        assert measure == WHOLE.measures[code]


def test_of_all_distributions_of_the_library_the_part_gives_the_same_rules_with_the_lists_their_items_are_on():
    book, issues = load_book(part_of(LIBRARY, WHOLE.distributions))
    assert not [one for one in (*issues, *check_book(book)) if one.is_error]
    assert book.distributions == WHOLE.distributions
    assert book.lists == WHOLE.lists


@pytest.mark.parametrize("name", ["visits", "诊疗人次"])
def test_rules_are_found_by_code_and_by_title(name: str):
    texts = {"m.yaml": MEASURE, "o.yaml": OTHER, "r.yaml": RULE % name, "s.yaml": "scheme: s\nindicators: [seen]\n"}
    assert list(part_of(texts, ["s"])) == ["m.yaml", "r.yaml", "s.yaml"]


def test_words_of_a_setting_bring_in_what_they_name():
    texts = {"m.yaml": MEASURE, "o.yaml": OTHER, "r.yaml": RULE % "visits", "s.yaml": "scheme: s\nindicators: [seen]\n"}
    assert "o.yaml" in part_of(texts, ["s", "  seen.value: visits / nights\n"])


@pytest.mark.parametrize(
    "text",
    [
        "layer: county\nset: {x.weight: 1}\n",
        "attributes: {team: 组别}\n",
        "accounts: {pool: {of: institution}}\n",
        "{measure: nights, title: 夜班}\n",
        '"measure": nights\n',
        "# 说明\n---\nmeasure: nights\n---\nlayer: county\n",
        "measure : nights\n",
        "%YAML 1.2\n---\nmeasure: nights\n",
        "text\n",
    ],
)
def test_what_is_not_known_by_its_looks_is_always_taken(text: str):
    assert list(part_of({"a.yaml": text, "s.yaml": "scheme: s\n"}, ["s"])) == ["a.yaml", "s.yaml"]


def test_files_of_cases_blank_files_and_other_rules_stay_out():
    texts = {
        "a.cases.yaml": "layer: x\nvisits: 1\n",
        "b.yaml": "# nothing\n\n---\n",
        "c.yaml": OTHER,
        "s.yaml": "scheme: s # the one\n",
    }
    assert list(part_of(texts, ["s"])) == ["s.yaml"]


def test_a_total_that_is_put_together_from_the_scheme_comes_with_it():
    texts = {"s.yaml": "scheme: s\n", "t.yaml": "scheme: t\nby_post: [s, u]\n", "u.yaml": "scheme: u\n"}
    assert list(part_of(texts, ["s"])) == ["s.yaml", "t.yaml", "u.yaml"]


def test_two_files_that_define_one_code_both_come():
    texts = {"a.yaml": OTHER, "b.yaml": OTHER, "s.yaml": "scheme: s\nwhere: nights > 0\n"}
    assert list(part_of(texts, ["s"])) == ["a.yaml", "b.yaml", "s.yaml"]


def test_an_attribute_of_items_brings_in_every_list_for_a_list_need_not_be_named():
    texts = {
        "l.yaml": "list: groups\nitems: {a: {weight: 1}}\n",
        "m.yaml": OTHER,
        "s.yaml": "scheme: s\nwhere: sum(nights.quantity * item.weight) > 0\n",
    }
    assert list(part_of(texts, ["s"])) == ["l.yaml", "m.yaml", "s.yaml"]
    assert list(part_of({**texts, "s.yaml": "scheme: s\nwhere: nights > 0\n"}, ["s"])) == ["m.yaml", "s.yaml"]


def test_all_distributions_of_the_library_together_are_built_from_their_part_without_errors():
    part = part_of(LIBRARY, WHOLE.distributions)
    book, issues = load_book(part)
    assert not [one for one in (*issues, *check_book(book)) if one.is_error]
    assert dict(book.distributions) == dict(WHOLE.distributions)
