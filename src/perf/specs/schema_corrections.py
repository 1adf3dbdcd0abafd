"""The declared keys of `corrections:` documents."""

from typing import get_args

from perf.specs.correction_models import CorrectionMode
from perf.specs.schema_values import Key, code, list_of, number, one_of, quantity, ref, text

CORRECTIONS_TOP = (
    Key("corrections", code(), "更正规则代码", "code of the rule of corrections", True),
    Key("versions", list_of(ref("corrections_version")), "各版本", "versions"),
)
CORRECTIONS_VERSION = (
    Key(
        "mode",
        one_of(get_args(CorrectionMode)),
        "人人结算差额,或由预留承担",
        "settle with all, or charge a reserve",
        True,
    ),
    Key("reserve", text(), "承担差额的预留账户", "the reserve that bears the rest"),
    Key("claw_back_at_most", quantity(), "每月至多扣回应发的多少", "largest part of a month's pay taken back"),
    Key("smallest", number(), "不足此数(元)的差额不与个人结算", "smaller differences (yuan) are left to the reserve"),
)
