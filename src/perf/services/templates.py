"""`template`: workbooks to be filled in, from measures and roster."""

from pathlib import Path
from typing import Literal

from perf.excel.template import ServiceForm, TemplateOrder, measures_for, template
from perf.formulas import Formula
from perf.kernel.errors import NotFound
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import write_atomically
from perf.services.import_files import readable_book
from perf.services.needed_facts import years_back
from perf.services.workbooks import stored_roster
from perf.specs.check_transfers import measure_of
from perf.specs.models import RuleBook
from perf.specs.transfer_models import Transfer
from perf.storage.store import Store


def write_template(
    store: Store, *, actor: Actor, specs: Path | None, period: Period, sender: str, institution: str, out: Path
) -> int:
    """Write a template and give the number of its measures: those that rules in use ask for, or all where none does.

    Raises:
        NotFound: no measure of that sender and kind of period, or no such institution.
    """
    book = readable_book(specs)
    order = TemplateOrder(period, sender, institution)
    chosen = measures_for(book.measures.values(), order)
    in_use = years_back(book)
    chosen = [measure for measure in chosen if measure.code in in_use] or chosen
    if not chosen:
        known = "、".join(sorted({m.supplied_by for m in book.measures.values() if m.supplied_by}))
        raise NotFound(
            Text(
                f"没有由“{sender}”提供、按此期间上报的数据项;科室有:{known}",
                f"no measure supplied by “{sender}”; senders: {known}",
            )
        )
    roster = stored_roster(store, actor)
    if institution and institution not in roster:
        raise NotFound(Text(f"花名册中没有机构 {institution}", f"no institution {institution} on the roster"))
    write_atomically({out: template(chosen, roster, order, services=_services(book, period))})
    return len(chosen)


def _services(book: RuleBook, period: Period) -> list[ServiceForm]:
    """What both sides of every internal market report, each measure once."""
    found: dict[str, ServiceForm] = {}
    for rule in book.distributions.values():
        version = rule.version(period)
        for step in version.steps if version is not None else ():
            if not isinstance(step, Transfer) or step.items not in book.lists:
                continue
            items = {code: item.title.zh for code, item in book.lists[step.items].items.items()}
            sides: tuple[tuple[Literal["提供方", "接受方"], Formula | None], ...]
            sides = (("提供方", step.provided), ("接受方", step.received))
            for side, formula in sides:
                measure = measure_of(book, formula) if formula is not None else None
                if measure is not None:
                    found.setdefault(measure.code, ServiceForm(side, measure, items))
    return list(found.values())
