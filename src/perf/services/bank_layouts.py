"""The forms in which banks want a pay file: which columns, in which encoding; some built in, others in a small file."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.files import file_name, read_text
from perf.specs.yaml_nodes import Mapped, Scalar
from perf.specs.yaml_reader import read_yaml

BankColumn = Literal["number", "name", "card", "bank", "amount", "remark", "staff_no", "institution"]
COLUMNS: Final[tuple[BankColumn, ...]] = get_args(BankColumn)
ENCODINGS: Final = MappingProxyType({"utf-8": "utf-8-sig", "gb18030": "gb18030"})
DELIMITERS: Final = MappingProxyType({"comma": ",", "tab": "\t", "pipe": "|", "semicolon": ";"})
_NEEDED: Final[tuple[BankColumn, ...]] = ("name", "card", "amount")
_KEYS: Final = ("title", "encoding", "delimiter", "header", "columns")
_FILE_BYTES_MAX: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class BankLayout:
    """One form. `columns`: heading -> what stands below it; encoding, delimiter and header are for csv and txt."""

    title: str
    columns: tuple[tuple[str, BankColumn], ...]
    encoding: str = "utf-8"
    delimiter: str = "comma"
    has_header: bool = True


_USUAL: Final[tuple[tuple[str, BankColumn], ...]] = (
    ("序号", "number"),
    ("姓名", "name"),
    ("银行卡号", "card"),
    ("开户行", "bank"),
    ("金额(元)", "amount"),
    ("备注", "remark"),
)
LAYOUTS: Final = MappingProxyType(
    {
        "standard": BankLayout("银行代发", _USUAL),
        "gb18030": BankLayout("银行代发", _USUAL, encoding="gb18030"),
        "plain": BankLayout(
            "银行代发",
            (("卡号", "card"), ("户名", "name"), ("金额", "amount"), ("摘要", "remark")),
            encoding="gb18030",
            delimiter="pipe",
            has_header=False,
        ),
    }
)


def layout_named(name: str) -> BankLayout:
    """A built-in layout, or the one in a YAML file.

    Raises:
        WrongUse: neither.
        InputRefused: the file declares something else; with its lines.
    """
    if (known := LAYOUTS.get(name)) is not None:
        return known
    if not name.endswith((".yaml", ".yml")):
        listed = "、".join(LAYOUTS)
        raise WrongUse(
            Text(
                f"没有银行格式 {name};可用 {listed},或一个 .yaml 文件",
                f"no layout {name}: {', '.join(LAYOUTS)} or a .yaml",
            )
        )
    path = Path(name)
    documents, found = read_yaml(file_name(path), read_text(path, bytes_max=_FILE_BYTES_MAX))
    issues = list(found)
    layout = None if issues else _parsed(documents[0] if len(documents) == 1 else None, file_name(path), issues)
    if layout is None or issues:
        raise InputRefused(
            Text(f"银行格式 {file_name(path)} 有错误", f"the layout {file_name(path)} has errors"), issues
        )
    return layout


def _parsed(document: object, file: str, issues: list[Issue]) -> BankLayout | None:
    if not isinstance(document, Mapped) or not isinstance(document.entries.get("columns"), Mapped):
        issues.append(
            _wrong(Place(file, line=1), "没有 columns", "no columns", f"键:{'、'.join(_KEYS)}", ", ".join(_KEYS))
        )
        return None
    issues += [
        _wrong(document.keys[key], f"键 {key}", f"the key {key}", "、".join(_KEYS), ", ".join(_KEYS))
        for key in sorted(document.entries.keys() - set(_KEYS))
    ]
    columns = document.entries["columns"]
    read: list[tuple[str, BankColumn]] = []
    for heading, node in columns.entries.items() if isinstance(columns, Mapped) else ():
        meant = next((one for one in COLUMNS if isinstance(node, Scalar) and node.text == one), None)
        if meant is None:
            issues.append(
                _wrong(node.place, f"列“{heading}”", f"the column {heading}", "、".join(COLUMNS), ", ".join(COLUMNS))
            )
        else:
            read.append((heading, meant))
    if missing := [one for one in _NEEDED if one not in {meant for _, meant in read}]:
        named = "、".join(missing)
        issues.append(
            _wrong(
                document.keys["columns"],
                f"缺少列 {named}",
                f"no column {', '.join(missing)}",
                "姓名、卡号、金额三列",
                "name, card, amount",
            )
        )
    return BankLayout(
        _one(document, "title", "", None, issues) or "银行代发",
        tuple(read),
        _one(document, "encoding", "utf-8", tuple(ENCODINGS), issues),
        _one(document, "delimiter", "comma", tuple(DELIMITERS), issues),
        _one(document, "header", "yes", ("yes", "no"), issues) == "yes",
    )


def _one(document: Mapped, key: str, default: str, allowed: tuple[str, ...] | None, issues: list[Issue]) -> str:
    node = document.entries.get(key)
    if node is None:
        return default
    text = node.text if isinstance(node, Scalar) else ""
    if not text or (allowed is not None and text not in allowed):
        listed = allowed or ("文字",)
        issues.append(
            _wrong(node.place, f"{key}: {text}", f"{key}: {text}", "、".join(listed), ", ".join(allowed or ("a text",)))
        )
    return text or default


def _wrong(place: Place, found: str, found_en: str, expected: str, expected_en: str) -> Issue:
    hint = Text("样子见用户指南 6.1", "docs/guide.md, 6.1, shows a layout")
    return Issue("bank-layout", place, Text(found, found_en), Text(expected, expected_en), hint)
