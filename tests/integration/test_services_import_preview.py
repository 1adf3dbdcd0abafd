"""Nobody overwrites unseen: preview tokens, changes of another's figures, two programs that accept one month at once."""

import io
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import openpyxl
import pytest
from services_county import HR, JUNE, NOW, fact, reading, take, with_roster

from perf.kernel.errors import InputRefused
from perf.services.actors import local_actor
from perf.services.import_differences import differences, differences_json, preview_workbook
from perf.services.import_facts import import_facts
from perf.services.preview_token import PreviewOutdated, token_of
from perf.storage import facts
from perf.storage.store import open_store
from perf.storage.viewer import EVERYTHING

OTHER = local_actor("李强")


def score(value, person="001"):
    return [fact(person, "work_score", JUNE, value)]


def kept(store):
    with store.read() as connection:
        found = facts.newest_versions(connection, EVERYTHING)
    return {key[0]: version.value for key, version in found.items()}


def accept(store, rows, expect, *, name="二.xlsx", actor=HR):
    found, content = reading(rows, name=name)
    return import_facts(store, found, content=content, actor=actor, now=NOW, mode="accept", expect=expect)


def test_the_same_preview_has_the_same_token_and_another_change_another(store):
    with_roster(store)
    take(store, score("80"), name="一.xlsx")
    tokens = [token_of(take(store, score(value), name="二.xlsx", mode="dry")) for value in ("81", "81", "82")]
    assert tokens[0] == tokens[1] != tokens[2]
    assert [len(part) for part in tokens[0].split("-")] == [4, 4, 4]


def test_one_file_read_as_another_month_or_measure_has_another_token(store):
    """`--period` and `--map` say what a file does not: as many figures, but others."""
    with_roster(store)
    found, content = reading(score("80"), name="一.xlsx")
    keys = [
        found.rows[0].key,
        found.rows[0].key._replace(period=JUNE.shift(1)),
        found.rows[0].key._replace(measure="visits"),
    ]
    plans = [
        import_facts(store, replace(found, rows=(found.rows[0]._replace(key=key),)), content=content, actor=HR, now=NOW)
        for key in keys
    ]
    assert len({token_of(plan) for plan in plans}) == 3


def test_one_other_figure_among_sixty_thousand_is_another_token(store):
    """Of more than 50,000 new figures only the counts were in it once; a changed one passed `--expect` unseen."""
    with_roster(store)
    plan = take(store, score("80"), name="一.xlsx", mode="dry")
    many = [
        fact("001", "work_score", JUNE, str(n % 100))._replace(key=plan.new[0].key._replace(item=f"{n:05d}"))
        for n in range(60_000)
    ]
    other = [*many[:41_000], many[41_000]._replace(value=many[41_001].value), *many[41_001:]]
    tokens = [token_of(replace(plan, new=new)) for new in (tuple(many), tuple(many), tuple(other))]
    assert tokens[0] == tokens[1] != tokens[2]


def test_what_was_previewed_is_kept_and_lower_case_letters_will_do(store):
    with_roster(store)
    take(store, score("80"), name="一.xlsx")
    token = token_of(take(store, score("81"), name="二.xlsx", mode="dry"))
    assert accept(store, score("81"), [token.lower()]).outcome == "accepted"
    assert kept(store) == {"001": "81"}


def test_who_comes_later_sees_that_his_preview_no_longer_holds_and_nothing_is_written(store):
    with_roster(store)
    take(store, score("80"), name="一.xlsx")
    token = token_of(take(store, score("81"), name="二.xlsx", mode="dry"))
    take(store, score("90"), name="三.xlsx", actor=OTHER)
    with pytest.raises(PreviewOutdated) as refused:
        accept(store, score("81"), [token])
    (issue,) = refused.value.issues
    assert (issue.code, token in issue.found.zh) == ("preview-outdated", True)
    assert [(d.old, d.new) for d in differences(refused.value.plan)] == [("90", "81")]
    assert kept(store) == {"001": "90"}
    again = token_of(refused.value.plan)
    assert again in issue.hint.zh
    assert accept(store, score("81"), [again]).outcome == "accepted"


def test_what_another_person_sent_is_not_changed_without_a_word(store):
    with_roster(store)
    take(store, [*score("80"), *score("70", "002")], name="一.xlsx", actor=OTHER)
    plan = take(store, [*score("81"), *score("71", "002")], name="二.xlsx", mode="dry")
    (issue,) = [i for i in plan.issues if i.code == "changes-of-another"]
    assert "李强" in issue.found.zh
    assert "2 个数据" in issue.found.zh
    assert take(store, score("82"), name="三.xlsx", mode="dry", actor=OTHER).issues == ()


def accept_elsewhere(url, value, token, who):
    """Accept in a process of its own; what became of it."""
    store = open_store(url)
    try:
        found, content = reading(score(value), name=f"{who}.xlsx")
        import_facts(store, found, content=content, actor=local_actor(who), now=NOW, mode="accept", expect=[token])
    except InputRefused as refusal:
        return refusal.issues[0].code
    else:
        return "accepted"
    finally:
        store.close()


def test_of_two_programs_that_accept_one_month_at_once_one_is_kept_and_the_other_is_told(sqlite_url):
    from perf.services.init_database import init_database

    store = init_database(sqlite_url, actor=HR, now=NOW)
    with_roster(store)
    take(store, score("80"), name="一.xlsx")
    values = {"甲": "81", "乙": "82"}
    tokens = {}
    for who, value in values.items():
        found, content = reading(score(value), name=f"{who}.xlsx")
        tokens[who] = token_of(import_facts(store, found, content=content, actor=local_actor(who), now=NOW))
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        waiting = {who: pool.submit(accept_elsewhere, sqlite_url, v, tokens[who], who) for who, v in values.items()}
        done = {who: future.result() for who, future in waiting.items()}
    assert sorted(done.values()) == ["accepted", "preview-outdated"]
    (winner,) = [who for who, outcome in done.items() if outcome == "accepted"]
    assert kept(store) == {"001": values[winner]}
    store.close()


def test_a_preview_has_no_sheet_for_what_there_is_not(store):
    with_roster(store)
    take(store, score("80"), name="一.xlsx")
    changed = take(store, score("81"), name="二.xlsx", mode="dry")
    assert openpyxl.load_workbook(io.BytesIO(preview_workbook(changed, {}, ()))).sheetnames == ["改动", "问题"]
    same = take(store, score("80"), name="三.xlsx", mode="dry")
    book = openpyxl.load_workbook(io.BytesIO(preview_workbook(same, {}, ())))
    assert book.sheetnames == ["问题"]
    assert "未变 1" in str(book["问题"]["A2"].value)


def test_the_differences_stand_in_json_and_in_a_workbook(store):
    with_roster(store)
    take(store, [*score("80"), *score("60", "002")], name="一.xlsx")
    plan = take(store, [*score("81"), *score("70", "003")], name="二.xlsx", mode="dry")
    shown = differences_json(plan)
    assert [(c["kind"], c["subject"], c["old"], c["new"]) for c in shown["changes"]] == [
        ("changed", "001", "80", "81"),
        ("gone", "002", "60", None),
        ("new", "003", None, "70"),
    ]
    assert shown["changes_left_out"] == 0
    assert shown["changes"][0]["was_at"].startswith("一.xlsx!")
    book = openpyxl.load_workbook(io.BytesIO(preview_workbook(plan, {"work_score": "工作得分"}, plan.issues)))
    assert book.sheetnames == ["新增", "改动", "不再出现", "问题"]
    texts = [str(cell.value) for row in book["改动"].iter_rows() for cell in row if cell.value is not None]
    assert {"工作得分", "80", "81"} <= set(texts)
