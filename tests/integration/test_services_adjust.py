"""Adjustments end to end, awkward ones first: entered, limited, booked, published, and settled in later months."""

import pytest
from services_adjusted import JULY, RULE, asked, balance, enter, published, run
from services_county import HR, JUNE, NOW, filled, month_facts, segment, take, with_roster
from services_released import released

from perf.kernel.errors import InputRefused, NotFound, StateRefused, WrongUse
from perf.kernel.money import Money
from perf.services.account_balances import balances
from perf.services.actors import Actor, local_actor
from perf.services.adjust import list_entered, withdraw
from perf.services.diff_runs import diff_runs
from perf.services.explain import explain_subject
from perf.services.load_run import load_run
from perf.services.publish import publish
from perf.services.reports import pay_rows
from perf.services.statements import one_statement, statements_of
from perf.services.verify_run import verify_run


def with_july(store):
    filled(store)
    take(store, month_facts(JULY), name="七月.xlsx")
    return store


def paid(store, run_id):
    return {row.staff_no: row.amount for row in pay_rows([load_run(store, run=run_id, actor=HR)])}


def codes(refused):
    return [issue.code for issue in refused.value.issues]


def lines(view):
    return [(line.title.zh, str(line.amount), line.status) for line in view.pay[-1].lines]


# ---------------------------------------------------------------- what happens to people


def test_pay_under_investigation_waits_and_is_paid_the_month_after(store):
    with_july(store)
    enter(store, asked("hold", "001"))
    june = published(store)
    whole = balance(store, june, "held:001")
    assert paid(store, june).get("001") is None
    assert whole != "0.00"
    view = one_statement(store, run=june, staff_no="001", actor=HR)
    assert view.total_pay == Money(0)
    assert view.held.text(grouped=False) == whole
    enter(store, asked("release", "001", period=str(JULY), reason="查无问题"))
    july = published(store, JULY)
    assert balance(store, july, "held:001") == "0.00"
    own = one_statement(store, run=july, staff_no="001", actor=HR)
    assert lines(own) == [("恢复发放", own.pay[-1].total.text(), "paid")]
    assert paid(store, july)["001"] == own.total_pay
    assert own.total_pay.text(grouped=False) == balance(store, july, "person:001")
    assert verify_run(store, run=july, actor=HR).is_good
    assert verify_run(store, run=june, actor=HR).is_good


def test_a_bounced_transfer_waits_and_takes_nothing_of_this_months_pay(store):
    with_july(store)
    june = published(store)
    earned = paid(store, june)["002"]
    enter(store, asked("return", "002", earned.text(), period=str(JULY), reason="银行卡已注销"))
    july = published(store, JULY)
    assert balance(store, july, "held:002") == earned.text(grouped=False)
    view = one_statement(store, run=july, staff_no="002", actor=HR)
    assert lines(view) == [("退回", f"-{earned}", "returned")]
    assert paid(store, july)["002"] == view.total_pay > Money(0)
    assert view.year_to_date == view.total_pay


def test_what_somebody_dead_or_gone_is_due_is_paid_and_stopped_for_good(store):
    gone = segment("009", "person", "doctor", "h1", last=JUNE.previous().last_day, name="老陈", share="1")
    with_july(store)
    with_roster(store, [gone])
    enter(store, asked("pay", "009", "120", reason="遗属补发"))
    june = published(store)
    assert paid(store, june)["009"].text() == "120.00"
    assert one_statement(store, run=june, staff_no="009", actor=HR).total_pay.text() == "120.00"
    enter(store, asked("stop", "003", period=str(JULY), reason="调出未办手续"))
    july = published(store, JULY)
    assert paid(store, july).get("003") is None
    assert lines(one_statement(store, run=july, staff_no="003", actor=HR))[0][0] == "停发"


def test_a_deduction_over_the_pay_is_owed_collected_next_month_and_written_off_at_last(store):
    with_july(store)
    enter(store, asked("deduct", "001", "90000"))
    june = published(store)
    loaded = load_run(store, run=june, actor=HR)
    earned = sum(
        e.amount.fen for e in loaded.ledger.entries if e.target == "person:001" and e.distribution != "adjustment"
    )
    taken = earned // 5
    assert paid(store, june)["001"] == Money(earned - taken)
    owed = 9_000_000 - taken
    assert loaded.ledger.balances["reserve:receivable:001"] == Money(-owed)
    view = one_statement(store, run=june, staff_no="001", actor=HR)
    assert [status for _, _, status in lines(view)] == ["paid", "owed"]
    assert any(Money(owed).text() in note.zh for note in view.notes)

    july = published(store, JULY)
    collected = [e for e in load_run(store, run=july, actor=HR).ledger.entries if e.line == "收回应收"]
    assert [e.claimant for e in collected] == ["001"]
    left = Money(-owed) + collected[0].amount
    assert load_run(store, run=july, actor=HR).ledger.balances["reserve:receivable:001"] == left
    assert verify_run(store, run=july, actor=HR).is_good

    (found,) = balances(store, actor=HR, account="reserve:receivable")
    assert [entry.balance for entry in found.entries] == [Money(-owed), left]
    assert [line.closing for line in found.lines] == [left]


def test_what_is_owed_can_be_written_off_at_the_cost_of_an_account_that_has_it(store):
    with_july(store)
    enter(store, asked("deduct", "001", "8000"))
    june = published(store)
    owed = balance(store, june, "reserve:receivable:001").removeprefix("-")
    enter(store, asked("write_off", "001", owed, period=str(JULY), reason="确认无法收回"))
    july = published(store, JULY)
    assert balance(store, july, "reserve:receivable:001") == "0.00"
    assert [e.line for e in load_run(store, run=july, actor=HR).ledger.entries if e.distribution == "adjustment"] == [
        "核销"
    ]


# ---------------------------------------------------------------- drafts, publishing, seals


def test_a_draft_shows_it_and_the_pdf_the_page_and_explain_say_why(store):
    filled(store)
    enter(store, asked("pay", "001", "150", line="单项奖"))
    draft = run(store).run.id
    view = statements_of(store, run=draft, actor=HR).view("001")
    assert view.pay == one_statement(store, run=draft, staff_no="001", actor=HR).pay
    assert lines(view) == [("单项奖", "150.00", "paid")]
    assert view.pay[-1].lines[0].how.zh == "补发：三月夜班漏报（人事〔2025〕3号，王芳录入）"
    found = explain_subject(
        store.engine.url.render_as_string(hide_password=False), subject="001", item="单项奖", run=draft, actor=HR
    )
    assert "王芳录入" in "".join(found.lines)


def test_entering_or_withdrawing_after_a_draft_makes_it_stale(store):
    filled(store)
    draft = run(store).run.id
    (entered,) = enter(store, asked("pay", "001", "150")).entered
    with pytest.raises(StateRefused, match="重新核算"):
        released(store, draft)
    again = run(store).run.id
    assert diff_runs(store, old=draft, new=again, actor=HR).adjustments == ("2025-06/A1 001",)
    withdraw(store, adjustment=entered.id, actor=HR, reason="录错", now=NOW)
    with pytest.raises(StateRefused, match="重新核算"):
        released(store, again)
    assert released(store, draft).run.digest


def test_nobody_publishes_what_he_entered_or_what_is_for_himself(store):
    filled(store)
    enter(store, asked("pay", "001", "150"))
    draft = run(store).run.id
    for by in ("王芳", "赵一"):
        with pytest.raises(StateRefused, match="2025-06/A1"):
            publish(store, run=draft, actor=HR, by=by, reason="通过", now=NOW)
    assert released(store, draft).run.digest


def test_a_published_month_takes_nothing_more_and_says_where_it_belongs(store):
    filled(store)
    (entered,) = enter(store, asked("pay", "001", "150")).entered
    published(store)
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "001", "20"))
    assert codes(refused) == ["adjustment-month-published"]
    assert "2025-07" in refused.value.issues[0].hint.zh
    with pytest.raises(StateRefused, match="已发布"):
        withdraw(store, adjustment=entered.id, actor=HR, reason="后悔", now=NOW)


def test_a_correction_of_the_month_is_computed_with_the_same_adjustments(store):
    filled(store)
    enter(store, asked("pay", "001", "150"))
    first = published(store)
    second = run(store, corrects=first).run
    assert dict(second.parts) == dict(load_run(store, run=first, actor=HR).run.parts)


def test_what_cannot_be_booked_stands_in_the_way_of_publishing(store):
    filled(store)
    enter(store, asked("release", "001"))
    summary = run(store)
    assert [issue.code for issue in summary.issues if issue.subject == "001"] == ["adjustment-nothing-held"]
    with pytest.raises(StateRefused) as refused:
        released(store, summary.run.id)
    assert codes(refused) == ["adjustment-nothing-held"]
    assert released(store, summary.run.id, allow_unpaid=True).run.digest


def test_limits_and_accounts_are_judged_again_by_the_rules_of_the_run(store):
    filled(store)
    enter(store, asked("pay", "001", "150"))
    lower = RULE.replace("person: 200", "person: 100")
    assert "adjustment-over-limit" in [issue.code for issue in run(store, rule=lower).issues]
    other = RULE.replace("saved: [pay, deduct, stop, write_off]", "saved: deduct")
    assert "adjustment-account" in [issue.code for issue in run(store, rule=other).issues]


def test_a_changed_amount_or_a_forged_row_is_found(store):
    filled(store)
    enter(store, asked("pay", "001", "150"))
    draft = run(store).run.id
    with store.write() as connection:
        connection.exec_driver_sql("update adjustment set amount_fen = 15001")
    tables = {finding.table for finding in verify_run(store, run=draft, actor=HR).findings}
    assert tables == {"adjustment"}
    with store.write() as connection:
        connection.exec_driver_sql("update adjustment set amount_fen = 15000")
        connection.exec_driver_sql(
            "insert into adjustment_withdrawal values ('A', '2025-06', 1, '某人', '2025-07-03 00:00:00', '悄悄')"
        )
    assert {f.table for f in verify_run(store, run=draft, actor=HR).findings} == {"adjustment_withdrawal"}


# ---------------------------------------------------------------- entering


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (asked("pay", "1", "10"), "adjustment-person"),
        (asked("pay", "001", "10", name="钱二"), "adjustment-name"),
        (asked("奖金", "001", "10"), "adjustment-kind"),
        (asked("pay", "001", "1.005"), "adjustment-half-fen"),
        (asked("pay", "001", "-5"), "adjustment-amount"),
        (asked("pay", "001", "0"), "adjustment-amount"),
        (asked("pay", "001", "三百"), "adjustment-amount"),
        (asked("pay", "001", "5%"), "adjustment-amount"),
        (asked("return", "001"), "adjustment-amount"),
        (asked("pay", "001", "10", reason=""), "adjustment-untold"),
        (asked("pay", "001", "10", document=" "), "adjustment-untold"),
        (asked("pay", "001", "10", account=""), "adjustment-account"),
        (asked("pay", "001", "10", account="pool"), "adjustment-account"),
        (asked("stop", "001", account="县财政局"), "adjustment-account"),
        (asked("pay", "001", "200.01"), "adjustment-over-limit"),
        (asked("write_off", "001"), "adjustment-amount-open"),
        (asked("pay", "001", "10", period="六月"), "adjustment-period"),
    ],
)
def test_whatever_is_wrong_is_told_with_its_place_and_nothing_is_entered(sqlite_store, request_, code):
    filled(sqlite_store)
    with pytest.raises(InputRefused) as refused:
        enter(sqlite_store, request_, asked("pay", "002", "10"))
    assert codes(refused) == [code]
    assert list_entered(sqlite_store, actor=HR) == ()


def test_all_problems_of_all_rows_are_told_at_once(store):
    filled(store)
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("奖金", "77", "x", reason="", document=""), asked("pay", "001", "0.005"))
    assert sorted(codes(refused)) == [
        "adjustment-half-fen",
        "adjustment-kind",
        "adjustment-person",
        "adjustment-untold",
        "adjustment-untold",
    ]


def test_limits_count_what_stands_already_for_the_person_and_for_the_run(store):
    filled(store)
    enter(store, asked("pay", "001", "150"))
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "001", "50.01", reason="另一件"))
    assert codes(refused) == ["adjustment-over-limit"]
    enter(store, asked("pay", "001", "50", reason="另一件"), asked("pay", "002", "200"))
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "003", "100.01"))
    assert codes(refused) == ["adjustment-over-limit"]
    assert len(enter(store, asked("pay", "003", "100")).entered) == 1


def test_the_same_twice_is_told_and_a_withdrawn_one_may_come_again(store):
    filled(store)
    (first,) = enter(store, asked("pay", "001", "50")).entered
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "001", "50.00"))
    assert codes(refused) == ["adjustment-duplicate"]
    withdraw(store, adjustment="2025-06/A1", actor=HR, reason="录错", now=NOW)
    assert enter(store, asked("pay", "001", "50")).entered[0].id == "A:2025-06/A2"
    with pytest.raises(StateRefused, match="早已撤销"):
        withdraw(store, adjustment=first.id, actor=HR, reason="再来", now=NOW)


def test_without_a_rule_nothing_is_paid_besides_but_pay_may_be_held(store):
    filled(store)
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "001", "50"), rule=RULE.replace("title:", "enabled: no\ntitle:"))
    assert codes(refused) == ["adjustment-without-rule"]
    held = enter(store, asked("hold", "001"), rule=RULE.replace("title:", "enabled: no\ntitle:"))
    assert [one.adjustment.kind for one in held.entered] == ["hold"]


def test_ones_own_pay_is_entered_by_somebody_else(store):
    filled(store)
    with pytest.raises(InputRefused) as refused:
        enter(store, asked("pay", "001", "50"), actor=local_actor("赵一"))
    assert codes(refused) == ["adjustment-own"]


def test_withdrawing_needs_a_reason_and_a_name_that_is_there(store):
    filled(store)
    with pytest.raises(WrongUse):
        withdraw(store, adjustment="2025-06/A1", actor=HR, reason=" ", now=NOW)
    with pytest.raises(NotFound):
        withdraw(store, adjustment="2025-06/A1", actor=HR, reason="x", now=NOW)


def test_who_may_see_another_consortium_only_enters_and_sees_nothing_here(store):
    filled(store)
    other = Actor("外人", frozenset({"B"}))
    enter(store, asked("pay", "001", "50"))
    assert list_entered(store, actor=other) == ()
    with pytest.raises((InputRefused, NotFound)):
        enter(store, asked("pay", "001", "20", reason="另"), actor=other)
    with pytest.raises(NotFound):
        withdraw(store, adjustment="A:2025-06/A1", actor=other, reason="x", now=NOW)


# ---------------------------------------------------------------- balances


def test_balances_of_runs_and_years_follow_from_their_entries_and_add_up(store):
    with_july(store)
    june = published(store)
    july = published(store, JULY)
    (whole,) = balances(store, actor=HR)
    assert whole.runs == (june, july)
    assert whole.sum.closing == Money(0)
    loaded = load_run(store, run=july, actor=HR)
    for line in whole.lines:
        if line.account.startswith(("reserve:", "institution:", "left:")):
            assert line.closing == loaded.ledger.balances[line.account]
    (second,) = balances(store, actor=HR, run=july, account="reserve:saved:h1")
    (both,) = balances(store, actor=HR, account="reserve:saved:h1")
    assert second.lines[0].closing == both.lines[0].closing == both.entries[-1].balance
    assert second.lines[0].opening == both.lines[0].came_in + second.lines[0].opening - both.lines[0].came_in
    with pytest.raises(NotFound):
        balances(store, actor=HR, year=2024)
    with pytest.raises(NotFound):
        balances(store, actor=HR, account="held:nobody")
