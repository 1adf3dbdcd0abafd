"""What is said about transfers that can be read but cannot be right."""

from perf.specs.wording import Wording

TRANSFERS: dict[str, Wording] = {
    "transfer-place": Wording(
        ("transfer 不在成员单位之间,或写在 split 里面", "a transfer that is not between members, or stands in a split"),
        (
            "among: members(或 institutions)的分配规则,最外层的一步",
            "a step at the top of a distribution among: members (or institutions)",
        ),
        ("内部市场单独写一个 among: members 的分配规则", "give the market a distribution of its own, among: members"),
    ),
    "transfer-measure": Wording(
        ("“{found}”:{why}", "'{found}': {why}"),
        ("成员单位按项目和对方单位上报的一个数据项", "a measure that members report by item and counterparty"),
        (
            "例如 provided: services_provided,期间与分配规则相同",
            "as in provided: services_provided, of the distribution's own period",
        ),
    ),
    "transfer-account": Wording(
        ("账户 {account}:{why}", "account {account}: {why}"),
        ("每个成员单位自己的账户", "an account of each member's own"),
        ("例如 account: pool(of: institution,kind: fund)", "as in account: pool (of: institution, kind: fund)"),
    ),
    "item-without-attribute": Wording(
        ("目录 {list} 的 {items} 没有“{attribute}”", "{items} of the list {list} have no '{attribute}'"),
        ("价格公式用到的属性,每个明细项都有", "what the price asks of an item, on every item"),
        ("补上这些明细项的 {attribute}", "give these items their {attribute}"),
    ),
}
