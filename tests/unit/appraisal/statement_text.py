"""A statement as plain text, every figure of it: what a golden file holds and a person can read through."""

from collections.abc import Iterator

from perf.appraisal.views import IndicatorLine, PayBlock, ScorecardView, StatementView
from perf.kernel.text import Lang


def statement_text(view: StatementView, lang: Lang = "zh") -> str:
    """The whole view model, in the order of the statement."""
    return "\n".join(_lines(view, lang)) + "\n"


def _lines(view: StatementView, lang: Lang) -> Iterator[str]:
    yield f"{view.name} {view.staff_no} | {view.institution_name} {view.institution} | {view.consortium_name}"
    yield f"{view.department} | {view.post} | {view.title} | {view.category} | {view.period_title.in_lang(lang)}"
    yield f"{view.run} | {view.state} | engine {view.engine} | {view.digest}"
    for card in view.scorecards:
        yield from _card(card, lang)
    for card in view.institution_scorecards:
        yield f"# {card.title.in_lang(lang)} {card.subject_name}: {card.total} {card.grade}"
    for block in view.pay:
        yield from _block(block, lang)
    yield f"== {view.total_pay} | held {view.held} | year to date {view.year_to_date}"
    yield f"before: {view.previous_pay} | {view.previous_total}"
    for point in view.trend:
        yield f"~ {point.period} {point.label} {point.total} {point.pay}"
    for note in view.notes:
        yield f"! {note.in_lang(lang)}"
    for rule in view.rules:
        yield f"§ {rule}"


def _card(card: ScorecardView, lang: Lang) -> Iterator[str]:
    yield f"# {card.title.in_lang(lang)} [{card.rule}] {card.clause}"
    for block in card.dimensions:
        yield (
            f"## {block.title.in_lang(lang)} {block.points}/{block.out_of} × {block.weight} = {block.score} {block.status}"
        )
        for line in block.lines:
            yield from _indicator(line, lang)
    for line in card.extra:
        yield from _indicator(line, lang)
    yield f"= {card.sum_line.in_lang(lang)} | {card.rounding_difference} | {card.total}"
    yield f"  {card.grade} | {card.rank} | {card.coefficient} | {card.status} | {card.reason.in_lang(lang)}"


def _indicator(line: IndicatorLine, lang: Lang) -> Iterator[str]:
    yield (
        f"- {line.title.in_lang(lang)} {line.value} ({line.target}) {line.points}/{line.out_of} × {line.weight} = "
        f"{line.score} {line.status} {line.note.in_lang(lang)} [{line.clause}]"
    )
    for text in (line.how, line.how_points, line.how_score):
        yield f"    {text.in_lang(lang)}"
    for source in line.sources:
        yield f"    @ {source}"


def _block(block: PayBlock, lang: Lang) -> Iterator[str]:
    yield f"$ {block.title.in_lang(lang)} {block.owner_name} {block.total} [{block.rule}]"
    for step in block.path:
        yield f"  {step.title.in_lang(lang)}: {step.before} − {step.out} = {step.after}  {step.how.in_lang(lang)}"
    for line in block.lines:
        yield f"  * {line.title.in_lang(lang)} {line.amount} {line.status} {line.odd_fen} [{line.clause}]"
        yield f"      {line.how.in_lang(lang)}"
        for text in line.steps:
            yield f"      {text.in_lang(lang)}"
