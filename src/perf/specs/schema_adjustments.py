"""The declared keys of `adjustments:` documents and of the mappings inside."""

from typing import get_args

from perf.specs.adjustment_models import ChargingKind, LimitedKind
from perf.specs.schema_values import Key, by_name, code, either, list_of, number, one_of, quantity, ref

_CHARGING = one_of(get_args(ChargingKind))
_KINDS = by_name(either(_CHARGING, list_of(_CHARGING)))
ADJUSTMENTS_TOP = (
    Key("adjustments", code(), "一次性项目规则代码", "code of the rule of adjustments", True),
    Key("versions", list_of(ref("adjustments_version")), "各版本", "versions"),
)
ADJUSTMENTS_VERSION = (
    Key("limits", ref("adjustment_limits"), "各类的限额", "limits by kind"),
    Key("charge", _KINDS, "可动用的账户和类别", "accounts, with kinds"),
    Key("outside", _KINDS, "外部付款方和类别", "payers outside, with kinds"),
    Key("take_back_at_most", quantity(), "每月至多扣回应发的多少", "largest part of a month's pay taken back"),
)
ADJUSTMENTS_FORMS: dict[str, tuple[Key, ...]] = {
    "adjustment_limits": tuple(
        Key(kind, ref("adjustment_limit"), "这一类的限额", "limit of this kind") for kind in get_args(LimitedKind)
    ),
    "adjustment_limit": (
        Key("person", number(), "每人每期至多(元)", "a person in a period at most, in yuan"),
        Key("run", number(), "每次核算合计至多(元)", "a run in all at most, in yuan"),
    ),
}
