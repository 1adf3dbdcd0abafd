"""What scoring says to people: issues and the names of policies, Chinese first."""

from perf.formulas.nodes import Absent
from perf.kernel.errors import PerfError
from perf.kernel.issues import NOWHERE, Issue, Place
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.models import Indicator, MissingPolicy, Scheme
from perf.specs.peer_refusals import PeersRefused

POLICY_LABELS: dict[MissingPolicy, Text] = {
    "block": Text("缺数据,不能计分", "no value: cannot be scored"),
    "not_applicable": Text("不适用,权重归其他指标", "not applicable: its weight goes to the others"),
    "zero": Text("无数据,按 0 分计", "no value: scored 0"),
    "full": Text("无数据,按满分计", "no value: scored full points"),
    "peer_median": Text("无数据,取同组得分中位数", "no value: the median of the peers' points"),
    "carry_forward": Text("无数据,沿用最近一期得分", "no value: the points of the last period that had one"),
}
_SHOWN_KEYS_MAX = 6
_COMPUTABLE = Text("可计算的规则和数据", "a rule and data that can be computed")
_SET_ASIDE = Text("该对象暂不计分,其余对象照常", "this subject is set aside; the others go on")


def unknown_scheme(code: str) -> Issue:
    """A scheme that no rule file declares."""
    return Issue(
        "unknown-scheme",
        NOWHERE,
        Text(f"考核方案 {code}", f"scheme {code}"),
        Text("规则中已声明的考核方案编码", "the code of a declared scheme"),
        Text("检查编码,或加入该方案的规则文件", "check the code, or add the rule file of the scheme"),
    )


def wrong_period(scheme: Scheme, period: Period) -> Issue:
    """A monthly scheme asked with a year, and the like."""
    kinds = {
        "month": ("月份,如 2025-06", "a month such as 2025-06"),
        "quarter": ("季度,如 2025-Q2", "a quarter such as 2025-Q2"),
    }
    zh, en = kinds.get(scheme.period, ("年度,如 2025", "a year such as 2025"))
    return Issue(
        "scheme-period",
        scheme.place,
        Text(f"方案 {scheme.code} 的期间 {period}", f"period {period} for scheme {scheme.code}"),
        Text(zh, en),
        Text("换用与方案一致的期间", "ask with a period of the scheme's kind"),
    )


def no_version(code: str, place: Place, period: Period, subject: str = "") -> Issue:
    """A rule without a version in force."""
    return Issue(
        "rule-not-in-force",
        place,
        Text(f"{code} 在 {period} 没有生效的版本", f"{code} has no version in force in {period}"),
        Text("该期间首日生效的版本", "a version in force on the first day of the period"),
        Text("在 versions 中补上该期间的版本", "add a version for the period under versions"),
        subject=subject,
    )


def no_value(indicator: Indicator, period: Period, subject: str, absent: Absent) -> Issue:
    """Why an indicator that counts has no points; names the missing measures."""
    title, english = indicator.title.zh, indicator.title.in_lang("en")
    if absent.reason == "missing":
        shown, more = _keys(absent)
        return Issue(
            "missing-fact",
            indicator.place,
            Text(
                f"{period} {title} 缺数据{':' + shown + more if shown else ''}",
                f"{period} {english}: missing {shown or 'data'}",
            ),
            Text("已上报的数据", "reported data"),
            Text(
                "补报后重新核算;确实没有的,由规则 no_value 说明如何处理",
                "report it and run again, or let no_value say what it means",
            ),
            subject=subject,
        )
    found = {
        "denominator_zero": Text(f"{period} {title} 的分母为 0", f"{period} {english}: the denominator is zero"),
        "blocked": Text(
            f"{period} {title} 依赖的考核结果尚不能给出", f"{period} {english} needs a score that is blocked"
        ),
    }.get(absent.reason, Text(f"{period} {title} 没有结果", f"{period} {english} has no result"))
    note = f"({absent.note.zh})" if absent.note.zh else ""
    return Issue(
        {"denominator_zero": "denominator-zero", "blocked": "score-blocked"}.get(absent.reason, "rule-failed"),
        indicator.place,
        Text(found.zh + note, found.en + (f" ({absent.note.in_lang('en')})" if absent.note.zh else "")),
        Text("可计算的数值", "a value that can be computed"),
        Text("核对数据;或在规则 no_value 中写明如何处理", "check the data, or let no_value say what it means"),
        subject=subject,
    )


def no_threshold(absent: Absent) -> Text:
    """Why the thresholds of a coefficient stand nowhere; names the missing measures."""
    shown, more = _keys(absent)
    return Text(
        f"系数的界限算不出{':缺 ' + shown + more if shown else ''}",
        f"the thresholds of the coefficient cannot be computed{': missing ' + shown if shown else ''}",
    )


def _keys(absent: Absent) -> tuple[str, str]:
    """The first of the missing facts, and how many there are if more."""
    keys = sorted({(key.subject, key.measure, str(key.period)) for key in absent.keys})
    shown = "、".join(f"{s} {m} {p}" for s, m, p in keys[:_SHOWN_KEYS_MAX])
    return shown, f" 等 {len(keys)} 项" if len(keys) > _SHOWN_KEYS_MAX else ""


def no_condition(what: Text, place: Place, period: Period, subject: str) -> Issue:
    """A condition (of a veto, of who is scored) that cannot be decided."""
    return Issue(
        "condition-unknown",
        place,
        Text(
            f"{period} {what.zh}的条件无法判断(缺数据)",
            f"{period}: the condition of {what.in_lang('en')} cannot be decided",
        ),
        Text("是或否", "yes or no"),
        Text("补报条件所用的数据或属性", "report the data or attributes that the condition uses"),
        subject=subject,
    )


def failed(code: str, place: Place, period: Period, subject: str, error: Exception) -> Issue:
    """A rule whose evaluation failed for one subject; the others go on."""
    message = error.message if isinstance(error, PerfError) else Text("无法计算", "cannot be computed")
    expected, hint = _COMPUTABLE, _SET_ASIDE
    if isinstance(error, PeersRefused):
        expected, hint = error.expected, error.hint
    return Issue(
        error.code if isinstance(error, PerfError) else "rule-failed",
        place,
        Text(f"{period} {code}: {message.zh}", f"{period} {code}: {message.in_lang('en')}"),
        expected,
        hint,
        subject=subject,
    )
