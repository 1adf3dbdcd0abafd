"""Transfers in words: `specs explain` and the rule book, in both languages."""

from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book_distributions import StepWords
from perf.appraisal.rule_book_parts import Edition
from perf.appraisal.rule_text import rule_lines
from perf.kernel.periods import Period
from perf.services.files import packaged, rule_texts
from perf.specs.book import load_book

BOOK, _ = load_book(rule_texts(packaged("indicator_specs")))
RULE = BOOK.distributions["internal_market"]


def test_the_lines_of_the_rule_name_list_counts_price_and_what_a_difference_does():
    for lang, word in (("zh", "目录 market_services"), ("en", "list market_services")):
        (line,) = [one for one in rule_lines(BOOK, RULE, lang) if "- transfer" in one]
        assert word in line
        assert "provided services_provided · received services_received" in line
        assert "price item.price * item.provider_share" in line
        assert "on_difference hold · short refuse" in line


def sentence(lang):
    edition = Edition(BOOK, {}, Period(2025, "month", 6), lang)
    words = FormulaWords(BOOK, lang)
    ((_, _, said),) = StepWords(edition, words).all(RULE.versions[0].steps)
    return said


def test_the_rule_book_says_it_in_a_sentence():
    zh, en = sentence("zh"), sentence("en")
    assert "数量 × 该项的单价 × 该项的提供方分成" in zh
    assert "由接受方的 单位绩效资金 pool 付给提供方" in zh
    assert "双方数量不一致时只结算一致的部分，其余核对后再算；账户不够支付的，全部不结算。" in zh
    assert "count × its price × its share of the provider, each to the fen" in en
    assert "where the two counts differ the lower is settled and the rest waits" in en
