"""`template`: workbooks to be filled in, from measures and roster."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from perf.excel.template import ServiceForm, TemplateOrder, has_rows, measures_for, template
from perf.formulas import Formula
from perf.kernel.errors import NotFound
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import write_atomically
from perf.services.needed_facts import years_back
from perf.services.rules import readable_book
from perf.services.workbooks import stored_roster
from perf.specs.check_transfers import measure_of
from perf.specs.models import Measure, RuleBook
from perf.specs.transfer_models import Transfer
from perf.storage import facts
from perf.storage.store import Store

By = Literal["sender", "institution", "both"]
_NO_FILE_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class TemplateWish:
    """What templates are asked for: `sender`, `institution` empty: all; `by`: how `write_templates` divides them."""

    period: Period
    sender: str = ""
    institution: str = ""
    by: By = "sender"


def write_template(store: Store, wish: TemplateWish, *, actor: Actor, specs: Path | None, out: Path) -> int:
    """Write a template and give the number of its measures: those that rules in use ask for, or all where none does.

    Raises:
        NotFound: no measure of that sender and kind of period, or no such institution.
    """
    maker = _Maker(store, wish, actor, specs)
    chosen = maker.measures(wish.sender)
    order = TemplateOrder(wish.period, wish.sender, wish.institution)
    write_atomically({out: maker.content(chosen, order)})
    return len(chosen)


def write_templates(
    store: Store, wish: TemplateWish, *, actor: Actor, specs: Path | None, out: Path
) -> dict[Path, int]:
    """Write a template for each sender of each consortium: `OUT/医务科/2025-06 医务科 县医院医共体.xlsx`.

    `wish.by`: for each institution with the measures of all senders, or for each institution and sender, instead. Those
    that would ask nobody are left out.

    Returns:
        File -> number of its measures.
    Raises:
        NotFound: there is nothing to report, or no such institution.
    """
    maker = _Maker(store, wish, actor, specs)
    asked = maker.measures(wish.sender)
    senders = [wish.sender] if wish.by == "institution" else sorted({measure.supplied_by for measure in asked})
    counts: dict[Path, int] = {}
    for sender in senders:
        chosen = [measure for measure in asked if wish.by == "institution" or measure.supplied_by == sender]
        for order in maker.orders(sender):
            if not has_rows(chosen, maker.roster, order):
                continue
            place = maker.title(order.institution or order.consortium)
            name = " ".join(part for part in (str(wish.period), sender, place) if part)
            folder = place if wish.by == "institution" else sender
            path = out / _file_name(folder) / f"{_file_name(name)}.xlsx"
            counts[path] = len(chosen)
            write_atomically({path: maker.content(chosen, order)})
    if not counts:
        raise NotFound(Text("没有要填报的机构和人", "no institution and nobody to report on"))
    return counts


def _file_name(text: str) -> str:
    return _NO_FILE_NAME.sub("-", text)


class _Maker:
    """What all templates of one wish share: rules, roster, what was reported for the period before."""

    def __init__(self, store: Store, wish: TemplateWish, actor: Actor, specs: Path | None) -> None:
        self.wish = wish
        self.book = readable_book(specs)
        self.services = _services(self.book, wish.period)
        self.roster = stored_roster(store, actor)
        if wish.institution and wish.institution not in self.roster:
            raise NotFound(
                Text(f"花名册中没有机构 {wish.institution}", f"no institution {wish.institution} on the roster")
            )
        with store.read() as connection:
            codes = [measure.code for measure in self.measures(wish.sender)]
            newest = facts.newest_versions(
                connection, actor.viewer, periods=[str(wish.period.previous())], measures=codes
            )
            self.earlier = Facts(facts.as_facts(newest.values(), {}))

    def measures(self, sender: str) -> list[Measure]:
        """What rules in use ask of this sender, or all that it supplies where they ask for nothing."""
        chosen = measures_for(self.book.measures.values(), TemplateOrder(self.wish.period, sender))
        in_use = years_back(self.book)
        chosen = [measure for measure in chosen if measure.code in in_use] or chosen
        if not chosen:
            known = "、".join(sorted({m.supplied_by for m in self.book.measures.values() if m.supplied_by}))
            raise NotFound(
                Text(
                    f"没有由“{sender}”提供、按此期间上报的数据项;科室有:{known}",
                    f"no measure supplied by “{sender}”; senders: {known}",
                )
            )
        return chosen

    def orders(self, sender: str) -> list[TemplateOrder]:
        """One for each consortium, or for each institution where they are divided by institution."""
        wish = self.wish
        if wish.institution:
            return [TemplateOrder(wish.period, sender, wish.institution)]
        level = "consortium" if wish.by == "sender" else "institution"
        found = ((one, self.roster.at(one, wish.period)) for one in self.roster.ids())
        codes = [one for one, segment in found if segment is not None and segment.level == level]
        if level == "consortium":
            return [TemplateOrder(wish.period, sender, consortium=code) for code in codes]
        return [TemplateOrder(wish.period, sender, code) for code in codes]

    def title(self, institution: str) -> str:
        """Its name; empty for all."""
        segment = self.roster.at(institution, self.wish.period) if institution else None
        return segment.title if segment is not None else institution

    def content(self, chosen: list[Measure], order: TemplateOrder) -> bytes:
        """One template."""
        return template(chosen, self.roster, order, services=self.services, earlier=self.earlier)


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
