"""What is said about rules of adjustments."""

from perf.specs.wording import Wording

ADJUSTMENTS: dict[str, Wording] = {
    "adjustments-without-limit": Wording(
        ("规则 {rule} 允许补发(pay),但没有写限额", "{rule} allows payments (pay) without a limit"),
        ("每人每期和每次核算的限额(元)", "a limit in yuan for a person and for a run"),
        ("写 limits: {{pay: {{person: 3000, run: 50000}}}}", "write limits: {{pay: {{person: 3000, run: 50000}}}}"),
    ),
    "adjustments-several": Wording(
        ("一次性项目规则 {found} 同时有效", "{found} are in force at the same time"),
        ("同一天只有一条 adjustments 规则有效", "one rule of adjustments at a time"),
        ("给先前的写 to,或停用其中一条", "end the earlier one with `to`, or switch one off"),
    ),
}
