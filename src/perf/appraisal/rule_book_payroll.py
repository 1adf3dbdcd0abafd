"""Sections of payrolls: who withholds, tax tables, contributions."""

from perf.appraisal.payroll_text import EMPLOYERS, glance
from perf.appraisal.rule_book_cases import case_blocks
from perf.appraisal.rule_book_parts import Edition, idle_mark, not_in_force, source_text, span_text
from perf.appraisal.rule_book_view import Block, Pairs, Section
from perf.specs.models import Payroll


def payroll_section(edition: Edition, rule: Payroll) -> Section:
    """One payroll as it stands in the period of the edition."""
    version = rule.version(edition.period)
    blocks: list[Block] = []
    two = edition.two
    if version is None:
        blocks.append(not_in_force(edition))
    else:
        head = (
            (two("依据", "Source"), source_text(version.dated, edition)),
            (two("有效期", "In force"), span_text(version.dated.first_day, version.dated.last_day, edition)),
            (two("扣缴义务人", "Who withholds"), edition.title(EMPLOYERS[rule.employer])),
        )
        blocks.append(Pairs((*head, *glance(edition.book, version, edition.lang))))
    blocks += case_blocks(edition, rule.code)
    mark = idle_mark(edition, rule)
    return Section(f"payroll-{rule.code}", edition.both(rule.title), rule.code, tuple(blocks), mark)
