"""What publishing asks for, records and seals; corrections; the states one by one."""

import json
from dataclasses import replace

import pytest
from services_county import HR, NOW, filled, june
from services_released import released

from perf.kernel.errors import StateRefused, WrongUse
from perf.services.actors import local_actor
from perf.services.load_run import find_runs, person_months
from perf.services.publish import move, publish
from perf.services.verify_run import verify_run
from perf.storage import audit
from perf.storage.viewer import EVERYTHING

LEADER = local_actor("李强")


def test_publishing_records_every_step_and_seals(store):
    filled(store)
    run = june(store).run.id
    done = released(store, run)
    assert done.warnings == ()
    assert done.run.digest is not None
    assert len(done.run.digest) == 64
    with store.read() as connection:
        from perf.storage.runs import steps_of

        assert [s.state_to for s in steps_of(connection, EVERYTHING, run)] == [
            "in_review",
            "public_notice",
            "approved",
            "published",
        ]
        (entry,) = audit.entries(connection, EVERYTHING, action="publish")
    assert (entry.actor, entry.reason) == ("李强", "六月绩效")
    (found,) = find_runs(store, actor=HR)
    assert (found.state, found.pay_month) == ("published", "2025-07")


def test_who_made_it_may_publish_it_here_and_is_warned(store):
    filled(store)
    done = publish(store, run=june(store).run.id, actor=HR, by="王芳", reason="单人单位", now=NOW)
    assert len(done.warnings) == 1


def test_publishing_needs_a_name_and_a_reason(store):
    filled(store)
    run = june(store).run.id
    for by, reason in (("", "x"), ("x", " ")):
        with pytest.raises(WrongUse):
            publish(store, run=run, actor=HR, by=by, reason=reason, now=NOW)


def test_a_second_published_run_of_a_month_is_refused(store):
    filled(store)
    first, second = june(store).run.id, june(store).run.id
    released(store, first)
    with pytest.raises(StateRefused, match="已发布"):
        released(store, second)
    with pytest.raises(StateRefused, match="已经发布"):
        released(store, first)


def test_a_correction_names_what_it_corrects_and_has_its_own_seal(store):
    filled(store)
    first = june(store).run.id
    with pytest.raises(StateRefused):
        june(store, corrects=first)
    released(store, first)
    second = june(store, corrects=first).run
    assert second.corrects == first
    assert released(store, second.id).run.digest != find_runs(store, actor=HR)[0].digest
    assert verify_run(store, run=second.id, actor=HR).findings == ()
    assert second.parts["prior"] == find_runs(store, actor=HR)[0].parts["prior"]
    assert dict(second.parts) == dict(find_runs(store, actor=HR)[0].parts)
    assert len(person_months(store, actor=HR, consortium="A")["001"]) == 1
    assert len(person_months(store, actor=HR, consortium="A", also=second.id)["001"]) == 2


def test_steps_go_forward_one_by_one_and_back_to_draft_with_a_reason(store):
    filled(store)
    run = june(store).run.id
    assert move(store, run=run, to="in_review", actor=LEADER, reason="", now=NOW).state == "in_review"
    with pytest.raises(StateRefused):
        move(store, run=run, to="approved", actor=LEADER, reason="", now=NOW)
    with pytest.raises(StateRefused, match="理由"):
        move(store, run=run, to="draft", actor=LEADER, reason=" ", now=NOW)
    assert move(store, run=run, to="draft", actor=LEADER, reason="重算", now=NOW).state == "draft"
    released(store, run)
    with pytest.raises(StateRefused):
        move(store, run=run, to="draft", actor=LEADER, reason="后悔", now=NOW)
    assert move(store, run=run, to="paid", actor=LEADER, reason="已发放", now=NOW).state == "paid"
    assert verify_run(store, run=run, actor=HR).findings == ()


def test_a_tampered_draft_cannot_be_published(store):
    filled(store)
    run = june(store).run.id
    with store.write() as connection:
        connection.exec_driver_sql("update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:001'")
    with pytest.raises(StateRefused, match="与核算时不同"):
        released(store, run)


def test_the_audit_says_what_was_done_in_order(store):
    filled(store)
    run = june(store).run.id
    released(store, run)
    with store.read() as connection:
        found = audit.entries(connection, EVERYTHING)
    assert [e.action for e in found] == ["import-roster", "import", "import", "run", "publish"]
    assert json.loads(found[-1].details)["same_person"] is False
    assert replace(found[0], seq=9).seq == 9
