"""`adjust template`: a workbook to be filled in with one-off lines and holds, with what the rules of the month allow."""

from pathlib import Path

from perf.appraisal.adjustment_limits import adjustment_rule
from perf.distribution.adjustments import WORDS, AdjustmentKind
from perf.excel.adjustment_template import KindNote, adjustment_template
from perf.kernel.periods import Period
from perf.services.adjustment_requests import ENTERED
from perf.services.files import write_atomically
from perf.specs.adjustment_models import AdjustmentVersion
from perf.specs.models import RuleBook

_EFFECTS: dict[AdjustmentKind, str] = {
    "pay": "账户 → 本人",
    "deduct": "本人 → 账户;扣不完的记应收,以后各期收回",
    "hold": "本期应发 → 暂存;不写金额即全部",
    "stop": "本期应发 → 账户,不再发;不写金额即全部",
    "release": "暂存 → 本人;不写金额即全部",
    "return": "银行退回的款 → 暂存;改好账号后用恢复发放再发",
    "write_off": "账户承担本人欠的应收;不写金额即全部",
}
_FREE: frozenset[AdjustmentKind] = frozenset({"hold", "release", "return"})


def write_adjustment_template(book: RuleBook, period: Period, out: Path) -> int:
    """Write the workbook and give how many kinds may be entered in `period`: without a rule those that charge nothing."""
    version = adjustment_rule(book, period)
    notes = [_note(book, version, kind) for kind in ENTERED]
    charged = [one for one, kind in zip(notes, ENTERED, strict=True) if one.accounts or kind in _FREE]
    write_atomically({out: adjustment_template(period, charged)})
    return len(charged)


def _note(book: RuleBook, version: AdjustmentVersion | None, kind: AdjustmentKind) -> KindNote:
    accounts = [
        one.name if one.is_outside or one.name not in book.accounts else book.accounts[one.name].title.zh
        for one in (version.accounts if version is not None else ())
        if kind in one.kinds
    ]
    limit = version.limits.get(kind) if version is not None else None
    parts = []
    if limit is not None and limit.person is not None:
        parts.append(f"每人每期 {limit.person} 元")
    if limit is not None and limit.run is not None:
        parts.append(f"每次核算合计 {limit.run} 元")
    return KindNote(WORDS[kind].zh, _EFFECTS[kind], accounts, ",".join(parts))
