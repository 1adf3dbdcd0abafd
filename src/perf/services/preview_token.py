"""The preview token: a few letters that stand for all that an import was seen to change, and for nothing else."""

import hashlib
from base64 import b32encode
from collections.abc import Collection, Iterator

from perf.excel.fact_rows import FactRows
from perf.kernel.errors import InputRefused
from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.import_plan import ImportPlan
from perf.services.import_roster import RosterPlan
from perf.storage.canonical import canonical_json

_LETTERS, _GROUP = 12, 4


class PreviewOutdated(InputRefused):
    """What was previewed is no longer what would happen; `plan` is what would happen now."""

    def __init__(self, message: Text, issue: Issue, plan: ImportPlan | RosterPlan) -> None:
        super().__init__(message, (issue,))
        self.plan = plan


def token_of(plan: ImportPlan | RosterPlan) -> str:
    """`K7Q2-9FXM-3TBA`: another one as soon as the file, a figure that it changes, or what it leaves out is another."""
    lines = "".join(canonical_json(line) + "\n" for line in _lines(plan))
    letters = b32encode(hashlib.sha256(lines.encode()).digest()).decode()[:_LETTERS]
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def require_previewed(plan: ImportPlan | RosterPlan, expected: Collection[str]) -> None:
    """Refuse a plan that is none of those that were looked at; with nothing expected everything goes.

    Raises:
        PreviewOutdated: somebody changed in between what counts, or the file is another.
    """
    if not expected:
        return
    now = token_of(plan)
    if now in {token.strip().upper() for token in expected}:
        return
    said = Text(
        f"{plan.name} 与预览时不同,没有写入任何内容", f"{plan.name} is not what was previewed; nothing was written"
    )
    issue = Issue(
        "preview-outdated",
        Place(plan.name),
        Text(
            f"预览码 {'、'.join(sorted(expected))} 已不适用:预览以后,文件或库里的数据有了变化",
            f"the preview {', '.join(sorted(expected))} no longer holds: the file or the stored data changed since",
        ),
        Text("保存的正是预览时看到的改动", "the changes that were previewed"),
        Text(
            f"看清现在会改什么;确认无误,用 --expect {now} 保存",
            f"look at what would change now; if it is right, keep it with --expect {now}",
        ),
    )
    raise PreviewOutdated(said, issue, plan)


def _lines(plan: ImportPlan | RosterPlan) -> Iterator[list[object]]:
    yield [plan.sha256, plan.counts]
    for issue in plan.issues:
        if issue.is_error:
            yield [issue.code, issue.place.sheet, issue.place.cell, issue.subject]
    if isinstance(plan, RosterPlan):
        yield [[repr(segment)] for segment in (*plan.new, *plan.gone)]
        yield [[repr(old), repr(new)] for old, new in plan.changed]
        yield from plan.numbers.lines()
        return
    for change in plan.changed:
        yield ["changed", *_fact(change.old), *_fact(change.new)]
    for conflict in plan.conflicts:
        yield ["conflict", *_fact(conflict.kept), *_fact(conflict.sent)]
    for fact in plan.gone:
        yield ["gone", *_fact(fact)]
    yield ["new", FactRows.of(plan.new).digest().hex()]


def _fact(fact: Fact) -> list[str]:
    key = fact.key
    value = fact.value if isinstance(fact.value, str) else exact_text(fact.value)
    return [key.subject, key.measure, str(key.period), key.item, key.counterparty, value, fact.source.sender]
