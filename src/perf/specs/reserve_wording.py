"""What is said about money kept back for claimants where the rule can be read but cannot be right."""

from perf.specs.wording import Wording

KEPT_BACK: dict[str, Wording] = {
    "account-of-claimants": Wording(
        (
            "账户 {account} 是 {found} 一级的 {kind},这里要为每个分配对象各留一份",
            "account {account} is a {kind} of level {found}, but something is kept here for each claimant",
        ),
        ("{whose}一级的 reserve 账户", "an account of kind reserve, of the {whose}"),
        ("核对 accounts 里的 of 和 kind,或另立一个账户", "check `of` and `kind` in `accounts`, or declare another one"),
    ),
    "account-onto-itself": Wording(
        (
            "钱发到账户 {found}(into),这一步又把它转回 {found}",
            "money is paid into {found} (`into`), and this step moves it into {found} again",
        ),
        ("另一个账户", "another account"),
        ("删去这一步,或改写这里的账户", "delete the step, or name another account here"),
    ),
    "holds-over-whole": Wording(
        ("几个 hold 的 share 合计 {found}%", "holds of together {found}%"),
        ("合计不超过 100%:每一次都按得到的全部金额计", "at most 100% together: each is of all that was received"),
        ("降低 share,或合成一个 hold", "lower the shares, or make it one hold"),
    ),
}
