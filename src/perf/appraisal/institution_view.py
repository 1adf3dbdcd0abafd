"""From a month's results to an institution's statement: its scorecards, what it was given and why, twelve months."""

from dataclasses import dataclass

from perf.appraisal.statement_view import Statements, trend_label
from perf.appraisal.views import PayBlock, ScorecardView, TrendPoint
from perf.kernel.money import Money, total
from perf.kernel.text import Text


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """An institution's statement of one period.

    `heads`: who leads it; `trend`: totals only, gaps open; `people`: on the roster; `code`: the verification code of the
    figures that the run has sealed of it, the same as on its statement; empty: not sealed.
    """

    institution: str
    name: str
    heads: tuple[str, ...]
    consortium_name: str
    period: str
    period_title: Text
    run: str
    state: str
    engine: str
    digest: str
    scorecards: tuple[ScorecardView, ...]
    pay: tuple[PayBlock, ...]
    given: Money
    people: int
    previous_total: str | None
    trend: tuple[TrendPoint, ...]
    rules: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class InstitutionYear:
    """The statements of a year in order; `missing`: months without a published run."""

    year: int
    institution: str
    name: str
    consortium_name: str
    months: tuple[InstitutionView, ...]
    missing: tuple[str, ...]


def institution_view(statements: Statements, institution: str) -> InstitutionView | None:
    """The statement of an institution; None where the roster does not know it."""
    roster, period = statements.roster, statements.period
    segment = roster.at(institution, period)
    if segment is None or segment.level != "institution":
        return None
    own = statements.view(institution)
    cards, blocks = (own.scorecards, own.pay) if own is not None else ((), ())
    staff = roster.below(institution, "person", period)
    heads = [one for one in staff if (row := roster.at(one, period)) is not None and row.attribute("head") == "yes"]
    history = statements.histories.get(institution)
    score = next((card.total for card in cards if card.status in ("scored", "vetoed", "filled")), None)
    before = (
        tuple(TrendPoint(point.period, point.label, point.total, None) for point in history.trend) if history else ()
    )
    rules = [f"{card.rule} {card.clause}".strip() for card in cards] + [block.rule for block in blocks if block.rule]
    return InstitutionView(
        institution=institution,
        name=segment.title,
        heads=tuple(statements.name(one) for one in heads),
        consortium_name=statements.name(statements.header.consortium),
        period=str(period),
        period_title=Text(period.zh(), str(period)),
        run=statements.header.run,
        state=statements.header.state,
        engine=statements.header.engine,
        digest=statements.header.digest,
        scorecards=cards,
        pay=blocks,
        given=total(block.total for block in blocks),
        people=len(staff),
        previous_total=history.previous_total if history else None,
        trend=(
            *before,
            TrendPoint(str(period), trend_label(period), score, None),
        ),
        rules=tuple(dict.fromkeys(rules)),
        code=own.code if own is not None else "",
    )
