"""The small county with a rule of adjustments, and ways to enter them as the tests do."""

from functools import cache

from tests.integration.services_county import HR, JUNE, NOW, RULES

from perf.kernel.periods import Period
from perf.services.adjust import enter_adjustments, request_of
from perf.services.load_run import load_run
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.specs.book import load_book

JULY = Period(2025, "month", 7)
RULE = """\
adjustments: one_off
title: {zh: 一次性项目, en: One-off lines}
source: {document: 试行办法, clause: 第七条}
limits:
  pay: {person: 200, run: 500}
  deduct: {person: 100000}
  write_off: {run: 50000}
charge:
  saved: [pay, deduct, stop, write_off]
outside:
  县财政局: pay
take_back_at_most: 20%
"""


@cache
def book(rule: str = RULE):
    found, issues = load_book({**RULES, "adjustments.yaml": rule})
    assert [i.render("en") for i in issues if i.is_error] == []
    return found


def asked(kind="pay", staff_number="001", amount="", **about):
    given = {"account": "saved"} if kind in ("pay", "deduct", "stop", "write_off") else {}
    told = {"reason": "三月夜班漏报", "document": "人事〔2025〕3号", "period": str(JUNE)}
    return request_of({"kind": kind, "staff_number": staff_number, "amount": amount, **given, **told, **about})


def enter(store, *requests, rule=RULE, **about):
    about = {"book": book(rule), "actor": HR, "now": NOW, **about}
    return enter_adjustments(store, requests, **about)


def run(store, period=JUNE, *, rule=RULE, **about):
    return run_month(store, consortium="A", period=period, book=book(rule), actor=HR, now=NOW, **about)


def published(store, period=JUNE, **about):
    done = run(store, period, **about).run.id
    publish(store, run=done, actor=HR, by="李强", reason="通过", now=NOW, allow_unpaid=True)
    return done


def balance(store, run_id, account):
    found = load_run(store, run=run_id, actor=HR).ledger.balances.get(account)
    return "0.00" if found is None else found.text(grouped=False)
