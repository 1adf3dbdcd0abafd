"""Corrections of earlier months on a statement: each line with the run that is corrected and both its figures."""

from collections.abc import Sequence

from perf.appraisal.figure_text import clause
from perf.appraisal.prose import in_prose, prose
from perf.appraisal.views import PayBlock, PayLine
from perf.distribution import Entry, accounts
from perf.distribution.corrections import COLLECTED, CORRECTION, OWED
from perf.kernel.money import total
from perf.kernel.text import Text

TITLE = Text("更正差额", "Differences of corrected months")
_OWN = {OWED: Text(OWED, "owed from now on"), COLLECTED: Text(COLLECTED, "collected of what was owed")}
"""Lines that are no difference of a line of the corrected month."""


def corrected_block(rows: Sequence[Entry], owner: str, owner_name: str) -> PayBlock:
    """What corrections of earlier months gave one person or institution in a run."""
    lines = tuple(_line(row) for row in rows)
    paid = total(line.amount for line in lines if line.status == "paid")
    rule = rows[0].rule
    said = in_prose(" ".join(part for part in (rule.code, rule.version, clause(rule.document, rule.clause)) if part))
    return PayBlock(CORRECTION, TITLE, owner, owner_name, (), lines, paid, said)


def line_title(entry: Entry) -> Text:
    """What a line is called: of a correction with the month that was corrected, so that it is no line of this month."""
    if entry.distribution != CORRECTION:
        return Text(entry.line)
    month = _month(entry.step)
    return _OWN.get(entry.line) or Text(f"更正差额 {entry.line}({month})", f"correction of {entry.line} ({month})")


def _line(entry: Entry) -> PayLine:
    """One difference; what the person or institution gives back is negative."""
    kind, _, name = entry.source.partition(":")
    gives = kind in ("person", "held", "institution") and name == entry.claimant
    held = accounts.held(entry.claimant) in (entry.source, entry.target)
    return PayLine(
        code=f"{entry.distribution}/{entry.step}/{entry.line}",
        title=prose(line_title(entry)),
        amount=-entry.amount if gives else entry.amount,
        how=prose(entry.explanation),
        steps=(),
        odd_fen=0,
        status="held" if held else "paid",
        clause=in_prose(clause(entry.rule.document, entry.rule.clause)),
    )


def _month(run: str) -> str:
    """`2025-06` of `G1:2025-06#2`."""
    return run.rpartition(":")[2].partition("#")[0]
