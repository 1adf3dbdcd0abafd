"""A file that was taken before and is read otherwise now: as another month, with other answers about its headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from perf.excel.fact_rows import FactRows
from perf.excel.reading import ImportReading
from perf.kernel.facts import Fact, FactKey
from perf.services.import_plan import ImportPlan
from perf.storage.facts import FactVersion
from perf.storage.imports import ImportRecord


@dataclass(frozen=True, slots=True)
class TakenBefore:
    """The imports that took the same bytes whole, and what they spoke about.

    What a file said then it does not say again, whatever became of it since: only what is read otherwise counts.
    """

    imports: Sequence[ImportRecord]

    @property
    def measures(self) -> set[str]:
        """Measures that the file spoke about before."""
        return self._named("measures")

    @property
    def periods(self) -> set[str]:
        """Periods that it spoke about before."""
        return self._named("periods")

    def is_read_anew(self, reading: ImportReading) -> bool:
        """Whether it speaks about something now that it did not before, or was given answers."""
        said = reading.coverage
        now = ({*said.measures}, {str(period) for period in said.periods}, {*said.subjects})
        before = (self.measures, self.periods, self._named("subjects"))
        return bool(reading.layouts) or any(not one <= other for one, other in zip(now, before, strict=True))

    def left_of(
        self,
        plan: ImportPlan,
        reading: ImportReading,
        newest: Mapping[tuple[str, str, str, str, str], FactVersion],
        current: Mapping[FactKey, Fact],
        *,
        keeps_changes: bool,
    ) -> ImportPlan:
        """The plan without what the file said before, and with what it gave before and does not have any more.

        Args:
            newest, current: The versions that count now, and their facts.
            keeps_changes: Somebody was chosen to be believed: figures that are another now stay in the plan.
        """
        named = (self._named("subjects"), self.measures, self.periods)

        def is_other(key: FactKey) -> bool:
            now = (key.subject, key.measure, str(key.period))
            return any(one not in before for one, before in zip(now, named, strict=True))

        new = tuple(fact for fact in plan.new if reading.layouts or is_other(fact.key))
        changed = tuple(change for change in plan.changed if keeps_changes or is_other(change.new.key))
        sent = set(reading.withheld) | {fact.key for fact in plan.gone}
        numbers = {one.id for one in self.imports}
        missing = [
            fact
            for at, (key, fact) in zip(FactRows.of(reading.rows).find(current), current.items(), strict=True)
            if at is None and key not in sent and newest[(*key[:2], str(key.period), *key[3:])].import_id in numbers
        ]
        return replace(
            plan,
            new=new,
            changed=changed,
            unchanged=plan.unchanged + len(plan.new) - len(new) + len(plan.changed) - len(changed),
            gone=tuple(sorted((*plan.gone, *missing))),
            consortia=plan.consortia.also({(fact.key.subject, fact.key.period) for fact in missing}),
        )

    def _named(self, what: str) -> set[str]:
        return {name for one in self.imports for name in one.coverage.get(what, ())}
