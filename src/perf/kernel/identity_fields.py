"""What is kept about a person or an institution beside the roster: numbers that identify them, and where pay goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as declared
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

from perf.kernel.identity import IdentityKind, masked
from perf.kernel.text import Text

IdentityField = Literal["citizen_id", "phone", "bank_card", "bank", "credit_code", "bank_account"]
FIELDS: Final[tuple[IdentityField, ...]] = get_args(IdentityField)


class FieldRule(NamedTuple):
    """How a field is called, which check its numbers have to stand (None: none), and whether it is shown in full."""

    title: Text
    kind: IdentityKind | None
    is_open: bool = False


RULES: Final[Mapping[IdentityField, FieldRule]] = MappingProxyType(
    {
        "citizen_id": FieldRule(Text("身份证号", "identity number"), "citizen"),
        "phone": FieldRule(Text("联系电话", "phone"), "phone"),
        "bank_card": FieldRule(Text("银行卡号", "bank card"), "bank_card"),
        "bank": FieldRule(Text("开户行", "bank"), None, is_open=True),
        "credit_code": FieldRule(Text("统一社会信用代码", "unified social credit code"), "credit_code", is_open=True),
        "bank_account": FieldRule(Text("银行账号", "bank account"), None),
    }
)


@dataclass(frozen=True, slots=True)
class IdentityValue:
    """One field of one subject. The value shows in no `repr`, so in no trace and no log.

    Args:
        value: As `plain_number` gives it (a bank: its name); empty: nothing is known, or it was taken back.
        sheet, cell: Where it stands.
    """

    subject: str
    field: IdentityField
    value: str = declared(repr=False)
    sheet: str = ""
    cell: str = ""

    @property
    def shown(self) -> str:
        """The value as it may be shown."""
        return shown(self.field, self.value)


def shown(name: IdentityField, value: str) -> str:
    """`value` as it may be shown: the last four signs of a number; banks and credit codes, which are public, in full."""
    rule = RULES[name]
    return value if rule.is_open else masked(rule.kind or "bank_card", value)
