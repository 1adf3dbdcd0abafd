"""What a file repeats is only marked: the plan is the same as beside every stored fact, one by one."""

from random import Random

import pytest
from services_county import HR, JUNE, MAY, fact, reading, take, with_roster

from perf.excel.fact_rows import FactRows
from perf.services.current_facts import newest_beside
from perf.services.import_plan import compare, sound_rows
from perf.services.known_roster import KnownRoster

WHO = ("001", "002", "003")


def rows(random: Random):
    said = [(who, period) for who in WHO for period in (MAY, JUNE)]
    return [
        fact(who, "work_score", period, random.choice(["80", "81", "82.5"]), cell=f"C{n}")
        for n, (who, period) in enumerate(said, 2)
        if random.random() < 0.8
    ]


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_is_the_same_beside_marks_and_beside_all_facts_one_by_one(store, seed):
    random = Random(seed)  # noqa: S311 - no secret
    with_roster(store)
    for n in range(3):  # versions over versions, withdrawn ones among them, by two senders
        take(
            store,
            rows(random),
            name=f"{n}.xlsx",
            sender=random.choice(["甲", "乙"]),
            choose_sender="甲",
            confirm_gone=True,
        )
    sent, _ = reading(rows(random), name="新.xlsx", sender="甲")
    about = {"periods": {str(MAY), str(JUNE)}, "measures": {"work_score"}}
    with store.read() as connection:
        finder = KnownRoster().finder(connection, HR.viewer)
        sound = sound_rows(sent, finder)
        _, marked = newest_beside(connection, HR.viewer, sound.rows, **about)
        every, single = newest_beside(connection, HR.viewer, FactRows((), ()), **about)
    assert not single.positions
    assert len(marked.others) + len(marked.positions) == len(single.others) <= len(every)
    assert {(f.key, f.value) for f in marked} == {(f.key, f.value) for f in single}
    one, other = (compare(sent, sound, current, finder) for current in (marked, single))
    assert one.counts == other.counts
    assert list(one.new) == list(other.new)
    assert (one.changed, one.gone, one.conflicts, one.issues) == (
        other.changed,
        other.gone,
        other.conflicts,
        other.issues,
    )
