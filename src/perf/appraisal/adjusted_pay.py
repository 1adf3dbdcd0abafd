"""Adjustments on a statement: lines of pay, lines that only stand beside it, and what is held or owed after the run."""

from collections.abc import Mapping, Sequence

from perf.appraisal.figure_text import clause
from perf.appraisal.prose import in_prose, prose
from perf.appraisal.views import PayBlock, PayLine
from perf.distribution import Entry, accounts
from perf.distribution.adjustments import DISTRIBUTION, RECEIVABLE, RETURNED
from perf.kernel.money import ZERO, Money, total
from perf.kernel.text import Text

TITLE = Text("一次性项目与扣发", "One-off lines and holds")


def is_adjustment(entry: Entry) -> bool:
    """Whether an entry was made by an adjustment of a single person."""
    return entry.distribution == DISTRIBUTION


def adjusted_block(rows: Sequence[Entry], owner: str, owner_name: str) -> PayBlock:
    """The adjustments of one person in a run."""
    lines = tuple(adjusted_line(row) for row in rows)
    paid = total(line.amount for line in lines if line.status == "paid")
    return PayBlock(DISTRIBUTION, TITLE, owner, owner_name, (), lines, paid, "")


def adjusted_line(entry: Entry) -> PayLine:
    """One adjustment; what the person gives, owes or sent back is negative."""
    own = accounts.person(entry.claimant)
    gives = own == entry.source or entry.status == "owed"
    status = "paid" if own in (entry.source, entry.target) and entry.status != RETURNED else entry.status
    return PayLine(
        code=f"{entry.distribution}/{entry.step}/{entry.line}",
        title=prose(Text(entry.line)),
        amount=-entry.amount if gives else entry.amount,
        how=prose(entry.explanation),
        steps=(),
        odd_fen=0,
        status=status,
        clause=in_prose(clause(entry.rule.document, "")),
    )


def returned(blocks: Sequence[PayBlock]) -> Money:
    """What came back from the bank in this run: pay of an earlier month that is not paid any more."""
    return total(-line.amount for block in blocks for line in block.lines if line.status == RETURNED)


def standing_notes(subject: str, held_now: Money, balances: Mapping[str, Money]) -> tuple[Text, ...]:
    """What is still held or owed after the run, where this month's lines do not say it already."""
    held = balances.get(accounts.held(subject), ZERO)
    owed = -balances.get(accounts.reserve(RECEIVABLE, subject), ZERO)
    notes = []
    if held != held_now:
        notes.append(Text(f"暂存账户余额 {held} 元。", f"Held in all: {held} yuan."))
    if owed > ZERO:
        notes.append(
            Text(
                f"尚有应收未扣 {owed} 元,以后各期从应发中收回。", f"Still owed: {owed} yuan, collected from later pay."
            )
        )
    return tuple(prose(note) for note in notes)
