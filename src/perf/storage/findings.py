"""What a check of stored things found: the table, the key, and what is the matter. Never a figure of pay."""

from dataclasses import dataclass
from typing import Literal

from perf.kernel.text import Text

Matter = Literal["changed", "missing", "added", "not after the entry before it", "differs when computed again"]

_TABLES = {
    "fact": "数据",
    "segment": "花名册",
    "rule_text": "规则文本",
    "run": "核算",
    "run_step": "核算的步骤",
    "run_pin": "核算所用的输入",
    "run_document": "来龙去脉",
    "scorecard_row": "得分",
    "ledger_entry": "台账",
    "balance": "余额",
    "audit": "审计",
    "import": "导入的文件",
    "identity_number": "加密的证件号、卡号",
}
_MATTERS: dict[Matter, str] = {
    "changed": "与封存时不同",
    "missing": "不见了",
    "added": "多出来的",
    "not after the entry before it": "与前一条不衔接",
    "differs when computed again": "重算后不同",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference between what was sealed and what is there."""

    table: str
    key: str
    matter: Matter

    def __str__(self) -> str:
        return f"{self.table} [{self.key}]: {self.matter}"

    @property
    def told(self) -> Text:
        """For people."""
        return Text(f"{_TABLES.get(self.table, self.table)} [{self.key}] {_MATTERS[self.matter]}", str(self))
