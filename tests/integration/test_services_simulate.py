"""Scenarios of money: fen for fen what runs with the changed rules, prices or facts give, month after month; nothing is touched."""

import json
from collections import Counter
from fractions import Fraction

import pytest
from services_county import HR, JUNE, MAY, NOW, RULES, book, fact, month_facts, take, with_roster
from services_released import released

from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.services.actors import Actor
from perf.services.choose_runs import runs_of
from perf.services.load_run import load_run
from perf.services.run_month import run_month
from perf.services.scenarios import Scenario, fact_row, read_scenario, save_scenario
from perf.services.scheme_rules import tried_book
from perf.services.simulate import simulate
from perf.services.simulation_rows import persons_csv
from perf.specs.book import load_book
from perf.storage.engine import engine_for
from perf.storage.key_file import key_beside, make_key
from perf.storage.migrate import upgrade
from perf.storage.store import Store, open_store
from perf.storage.tables import METADATA

JULY = Period(2025, "month", 7)
MONTHS = [MAY, JUNE, JULY]
BIGGER = {"pay.steps": "[{take: {to: saved, amount: 10% * fund}}, {apportion: {by: share * score / 100, line: 绩效}}]"}


@pytest.fixture
def year(store: Store) -> Store:
    """Three months, two of them published, the third a draft."""
    with_roster(store)
    for period, name in ((MAY, "五月.xlsx"), (JUNE, "六月.xlsx"), (JULY, "七月.xlsx")):
        take(store, month_facts(period), name=name)
    for period in MONTHS:
        run = run_month(store, consortium="A", period=period, book=book(), actor=HR, now=NOW).run.id
        if period != JULY:
            released(store, run)
    return store


def ask(store, periods=MONTHS, **changes):
    scenario = Scenario(changes.pop("name", "试"), **changes)
    return simulate(store, scenario, runs_of(store, HR, periods, None), actor=HR)


def movement(ledgers):
    """Consortium and person -> what came into accounts of the person's own."""
    fen = Counter()
    for ledger in ledgers:
        for entry in ledger.entries:
            for account, amount in ((entry.target, entry.amount.fen), (entry.source, -entry.amount.fen)):
                subject = account.rpartition(":")[2]
                if subject.isdigit():
                    fen[subject] += amount
    return fen


def pays(found, side):
    return {one.subject: getattr(one, side).fen for one in found.shift.persons}


def counted(store):
    with store.read() as connection:
        return {table.name: len(connection.execute(table.select()).all()) for table in METADATA.sorted_tables}


def test_without_changes_everybody_gets_what_the_runs_gave_and_nothing_is_written(year):
    before = counted(year)
    found = ask(year)
    assert found.shift.tally() == (0, 0, 5)
    ledgers = [load_run(year, run=month.run, actor=HR).ledger for month in found.months]
    assert pays(found, "before") == dict(movement(ledgers))
    assert counted(year) == before
    assert [month.rescored for month in found.months] == [(), (), ()]


@pytest.mark.parametrize(
    ("changes", "rescored"),
    [
        ({"settings": BIGGER}, ()),
        ({"settings": {"staff.total": "{digits: 0}"}}, ("staff",)),
        ({"settings": {"work.no_value": "zero", "bonus.fund": "80% * balance(saved)"}}, ("staff",)),
        ({"settings": {"bonus.enabled": "no"}}, ()),
        ({"facts": (fact_row("001,work_score,2025-06=10"), fact_row("t1,pool_yuan,2025-05=5000"))}, ("staff",)),
        ({"facts": (fact_row("003,work_score,2025-06="),)}, ("staff",)),
    ],
)
def test_a_scenario_gives_what_runs_with_these_rules_and_facts_give_month_after_month(
    year, tmp_path, changes, rescored
):
    """The months are run again for real elsewhere, each published before the next, and compared person by person."""
    found = ask(year, **changes)
    url = str(tmp_path / "other.db")
    upgrade(engine_for(url))
    make_key(key_beside(url))
    other = open_store(url)
    rules = tried_book(book().texts, changes.get("settings", {}))
    taken = {(row["subject"], row["measure"], row["period"]): row["value"] for row in changes.get("facts", ())}
    with_roster(other)
    ledgers = []
    for period in MONTHS:
        rows = [row for row in month_facts(period) if taken.get((row.key[0], row.key[1], str(period))) != ""]
        rows = [_with_value(row, taken.get((row.key[0], row.key[1], str(period)))) for row in rows]
        take(other, rows, name=f"{period}.xlsx")
    for period in MONTHS:
        run = run_month(other, consortium="A", period=period, book=rules, actor=HR, now=NOW).run.id
        ledgers.append(load_run(other, run=run, actor=HR).ledger)
        released(other, run)
    assert pays(found, "after") == dict(movement(ledgers))
    assert sorted({code for month in found.months for code in month.rescored}) == list(rescored)


def _with_value(row, value):
    return row if value is None else fact(row.key.subject, row.key.measure, row.key.period, value)


def test_each_month_by_itself_opens_with_what_the_run_opened_with(year):
    together = ask(year, settings=BIGGER)
    alone = ask(year, settings=BIGGER, carries_on=False)
    assert pays(together, "after") != pays(alone, "after")
    single = [pays(ask(year, [period], settings=BIGGER), "after") for period in MONTHS]
    assert pays(alone, "after") == dict(sum((Counter(one) for one in single), Counter()))


def test_money_of_funds_adds_up_and_groups_hold_everybody(year):
    shift = ask(year, settings=BIGGER).shift
    for fund in (*shift.funds, shift.fund_sums()):
        assert fund.outside_before == fund.people_before + fund.kept_before
        assert fund.outside_after == fund.people_after + fund.kept_after
    assert shift.fund_sums().outside_before == Money(3 * (10_000_001 + 3_333_333))
    for kind in ("institution", "category", "title", "decile"):
        groups = [group for group in shift.groups if group.kind == kind]
        assert sum(group.persons for group in groups) == 5
        assert sum(group.after.fen for group in groups) == shift.after.total.fen


def test_a_fund_that_cannot_be_split_any_more_is_named_with_the_reason(year):
    found = ask(year, [JUNE], settings={"pay.steps": "[{apportion: {by: share, line: 绩效, floor: 90000}}]"})
    assert ("pay", "t1") in found.months[0].refused
    assert "pool-under-floors" in {issue.code for issue in found.months[0].issues}
    assert {one.after.fen for one in found.shift.persons if one.institution == "t1"} <= {0, *range(10_000)}


def test_rules_of_a_folder_take_the_place_of_those_of_the_run(year):
    text = RULES["rules.yaml"].replace("1% * fund", "10% * fund")
    found = ask(year, [JUNE], folder={**RULES, "rules.yaml": text})
    assert found.shift.fund_sums().people_after < found.shift.fund_sums().people_before
    with pytest.raises(InputRefused):
        ask(year, [JUNE], folder={**RULES, "rules.yaml": text.replace("score / 100", "scor / 100")})


def test_a_measure_that_no_rule_asked_for_is_read_as_it_counts_now(year):
    extra = {"pay.steps": "[{apportion: {by: share * parent.visits, line: 绩效}}]"}
    found = ask(year, [JUNE], settings=extra)
    shares = Fraction(pays(found, "after")["001"], pays(found, "after")["002"])
    assert round(shares, 3) == round(Fraction(10, 12), 3)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"facts": (fact_row("nobody,work_score,2025-06=10"),)}, InputRefused),
        ({"facts": (fact_row("001,work_score,2025-06=130"),)}, InputRefused),
        ({"facts": (fact_row("001,no_such,2025-06=130"),)}, InputRefused),
        ({"settings": {"pay.nothing": "1"}}, InputRefused),
        ({"settings": {"no_rule.x": "1"}}, InputRefused),
    ],
)
def test_what_cannot_be_meant_is_refused(year, changes, error):
    with pytest.raises(error):
        ask(year, **changes)


def test_months_without_a_run_and_strange_facts_are_told(year):
    with pytest.raises(NotFound):
        ask(year, [Period(2024, "month", 1)])
    with pytest.raises(NotFound):
        simulate(year, Scenario("试"), runs_of(year, HR, [JUNE], None), actor=HR, institution="nowhere")
    for text in ("001,work_score=3", "001,work_score,2025-06", ",work_score,2025-06=3", "a,b,2025-06,c,d,e=1"):
        with pytest.raises(WrongUse):
            fact_row(text)


def test_who_may_not_see_a_consortium_simulates_nothing_of_it(year):
    other, runs = Actor("b", frozenset({"B"})), runs_of(year, HR, [JUNE], None)
    assert runs_of(year, other, [JUNE], None) == []
    with pytest.raises(NotFound):
        simulate(year, Scenario("试"), runs, actor=other)


def test_a_fact_that_no_rule_for_money_looks_at_is_named(year):
    assert ask(year, [JUNE], facts=(fact_row("h1,visits,2025-06=5"),)).unused == ()  # the house is scored by it
    text = {
        **RULES,
        "more.yaml": "measure: beds\ntitle: {zh: 床位}\nanswers: number\nunit: person-times\ndigits: 0\nlevel: institution\nroll_up: sum\n",
    }
    run_month(year, consortium="A", period=JUNE, book=load_book(text)[0], actor=HR, now=NOW, corrects=None)
    found = ask(year, [JUNE], facts=(fact_row("h1,beds,2025-06=5"),), folder=text)
    assert found.unused == ("beds",)


def test_a_saved_scenario_gives_the_same_again(year, tmp_path):
    scenario = Scenario("大预留", BIGGER, (fact_row("001,work_score,2025-06=10"),))
    asked = runs_of(year, HR, MONTHS, None)
    found = simulate(year, scenario, asked, actor=HR)
    save_scenario(tmp_path / "s.json", scenario, runs=[run.id for run in asked], digest=found.digest)
    again, digest = read_scenario(tmp_path / "s.json")
    assert again == scenario
    assert simulate(year, again, asked, actor=HR).digest == digest
    for broken in ("", "[]", "{}", json.dumps({"format": 2})):
        (tmp_path / "s.json").write_text(broken, encoding="utf-8")
        with pytest.raises(WrongUse):
            read_scenario(tmp_path / "s.json")


def test_people_come_out_as_rows_that_open_in_a_spreadsheet(year):
    text = persons_csv(ask(year, [JUNE], settings=BIGGER)).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("医共体,工号,姓名")
    assert len(text.splitlines()) == 6
