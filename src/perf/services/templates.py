"""`template`: workbooks to be filled in, from measures and roster."""

from pathlib import Path

from perf.excel.template import TemplateOrder, measures_for, template
from perf.kernel.errors import NotFound
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import write_atomically
from perf.services.import_files import readable_book
from perf.services.needed_facts import years_back
from perf.services.workbooks import stored_roster
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
    write_atomically({out: template(chosen, roster, order)})
    return len(chosen)
