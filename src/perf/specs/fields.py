"""Reads the keys of one mapping into typed values; what is wrong is collected with its place, and reading goes on."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal, TypeVar

from perf.formulas import Formula, parse_formula
from perf.formulas.units import UNITS
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.models import Digits
from perf.specs.quantities import read_quantity, split_sign, with_sign
from perf.specs.rule_wording import SHAPES, rule_issue
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, Sequence, YamlNode, is_blank

Choice = TypeVar("Choice", bound=str)
CODE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
DIGITS_MAX = 12
HINTS_MAX = 50
ISSUES_MAX = 1_000
"""Problems of a whole rule book; more of them are not looked for."""
ROUNDINGS = tuple(Rounding)
NO_HINT = Text("核对拼写", "check the spelling")


def close_match(found: str, known: Iterable[str]) -> Text:
    """“您是否想写 …” where a known word is near, else advice to check the spelling."""
    near = get_close_matches(found, sorted(known), n=1)
    return Text(f"是不是“{near[0]}”?", f"did you mean '{near[0]}'?") if near else NO_HINT


class TooManyIssues(Exception):
    """More problems than anybody reads: the book is not read to its end."""


class Fields:
    """One mapping on its way into a model. Every key asked for is known; `close` reports the others."""

    def __init__(self, node: Mapped, issues: list[Issue], what: Text, known: list[str] | None = None) -> None:
        self.node = node
        self.issues = issues
        self.what = what
        self.known = known if known is not None else []

    def has(self, key: str) -> bool:
        """Whether the key stands there."""
        self._know(key)
        return key in self.node.entries

    def place(self, key: str = "") -> Place:
        """Where the value of `key` stands; the mapping's own place without one."""
        node = self.node.entries.get(key)
        return node.place if node is not None else self.node.place

    def add(self, code: str, place: Place, **values: str | int | Text) -> None:
        """Note an issue.

        Raises:
            TooManyIssues: there are more than anybody reads; what is behind is not read.
        """
        self.issues.append(rule_issue(code, place, **values))
        if len(self.issues) > ISSUES_MAX:
            raise TooManyIssues

    def get(self, key: str, *, example: str = "") -> YamlNode | None:
        """The node of `key`; with an `example` the key is required."""
        self._know(key)
        node = self.node.entries.get(key)
        if node is None:
            if example:
                self.add("rule-key-missing", self.node.place, key=key, what=self.what, example=example)
            return None
        if is_blank(node):
            expected = (
                Text(f"例如 {example}", f"such as {example}")
                if example
                else Text(f"{key} 的内容", f"the content of {key}")
            )
            self.add("rule-value-blank", self.node.keys[key], key=key, expected=expected)
            return None
        return node

    def scalar(self, key: str, *, example: str = "") -> Scalar | None:
        """The text node of `key`."""
        node = self.get(key, example=example)
        return None if node is None else self.as_scalar(node, key, example)

    def as_scalar(self, node: YamlNode, key: str, example: str = "") -> Scalar | None:
        """`node` if it is a text, else an issue."""
        if isinstance(node, Scalar):
            return node
        self._shape(node, key, SHAPES["Scalar"], example or f"{key}: …")
        return None

    def as_mapped(self, node: YamlNode, key: str, example: str) -> Mapped | None:
        """`node` if it is a mapping, else an issue."""
        if isinstance(node, Mapped):
            return node
        self._shape(node, key, SHAPES["Mapped"], example)
        return None

    def as_sequence(self, node: YamlNode, key: str, example: str) -> tuple[YamlNode, ...] | None:
        """The items of `node` if it is a list, else an issue."""
        if isinstance(node, Sequence):
            return node.items
        self._shape(node, key, SHAPES["Sequence"], example)
        return None

    def text(self, key: str, default: str = "", *, example: str = "") -> str:
        """The text of `key`."""
        scalar = self.scalar(key, example=example)
        return default if scalar is None else scalar.text

    def title(self, key: str = "title", *, required: bool = True) -> Text:
        """`{zh, en}` or plain Chinese."""
        node = self.get(key, example="{zh: 出院人次, en: Discharges}" if required else "")
        if isinstance(node, Mapped):
            fields = self.inside(node, Text(key))
            text = Text(fields.text("zh", example="出院人次"), fields.text("en"))
            fields.close()
            return text
        scalar = None if node is None else self.as_scalar(node, key, "title: {zh: 出院人次}")
        return Text(scalar.text if scalar else "")

    def choice(self, key: str, allowed: tuple[Choice, ...], default: Choice, *, required: bool = False) -> Choice:
        """One of `allowed`; a near miss gets a hint."""
        scalar = self.scalar(key, example=default if required else "")
        return default if scalar is None else self.one_of(scalar, key, allowed, default)

    def one_of(self, scalar: Scalar, key: str, allowed: tuple[Choice, ...], default: Choice) -> Choice:
        """The member of `allowed` that `scalar` names."""
        for word in allowed:
            if word == scalar.text:
                return word
        hint = close_match(scalar.text, allowed)
        self.add(
            "rule-value-unknown", scalar.place, key=key, found=shorten(scalar.text), known=" ".join(allowed), hint=hint
        )
        return default

    def yes(self, key: str, *, default: bool) -> bool:
        """`true` or `false`, also `yes` and `no`."""
        word = self.choice(key, ("true", "false", "yes", "no"), "true" if default else "false")
        return word in ("true", "yes")

    def names(self, key: str) -> tuple[str, ...]:
        """A list of words, or one word."""
        node = self.get(key)
        if node is None:
            return ()
        if isinstance(node, Scalar):
            return (node.text,)
        items = self.as_sequence(node, key, f"{key}: [a, b]") or ()
        words = (self.as_scalar(item, key) for item in items)
        return tuple(word.text for word in words if word is not None)

    def number(
        self, key: str, default: Fraction | None = None, *, least: Fraction | None = None, example: str = ""
    ) -> Fraction | None:
        """A plain number or a percentage."""
        scalar = self.scalar(key, example=example)
        value = None if scalar is None else self.as_number(scalar, key, example or "10")
        if value is None:
            return default
        if least is not None and value < least:
            expected = Text(f"不小于 {exact_text(least)}", f"at least {exact_text(least)}")
            self.add("rule-number-range", self.place(key), key=key, found=exact_text(value), expected=expected)
        return value

    def as_number(self, node: YamlNode, key: str, example: str = "10") -> Fraction | None:
        """The number that `node` writes, without a unit or as a percentage."""
        scalar = self.as_scalar(node, key, example)
        if scalar is None:
            return None
        parts = split_sign(scalar.text)
        if parts is not None and parts[1] in ("", "%"):
            return parts[0]
        self.add("rule-number-invalid", scalar.place, key=key, found=shorten(scalar.text), example=example)
        return None

    def quantity(self, key: str, unit: str, default: Fraction | None = None, *, example: str = "") -> Fraction | None:
        """A value of `unit`, with the sign the unit asks for."""
        node = self.get(key, example=example)
        value = None if node is None else self.as_quantity(node, key, unit)
        return default if value is None else value

    def share(self, key: str, default: Fraction) -> Fraction | None:
        """A share from 0% to 100%; None, with an issue, for anything else."""
        value = self.quantity(key, "percent", default)
        if value is None or 0 <= value <= 1:
            return value
        found, expected = f"{exact_text(value * 100)}%", Text("0% 到 100%", "0% to 100%")
        self.add("rule-number-range", self.place(key), key=key, found=found, expected=expected)
        return None

    def as_quantity(self, node: YamlNode, key: str, unit: str) -> Fraction | None:
        """The value of `unit` that `node` writes; a bare number of a percent indicator is an issue."""
        scalar = self.as_scalar(node, key, f"{key}: 85{UNITS[unit].sign.zh}")
        if scalar is None:
            return None
        value = read_quantity(scalar.text, unit)
        if isinstance(value, Fraction):
            return value
        self.quantity_trouble(value, scalar, key, unit)
        return None

    def quantity_trouble(self, trouble: str, scalar: Scalar, key: str, unit: str) -> None:
        """Report why a value is none of `unit`."""
        title, found = UNITS[unit].title, shorten(scalar.text)
        if trouble == "not_a_number":
            self.add("rule-number-invalid", scalar.place, key=key, found=found, example=f"85{UNITS[unit].sign.zh}")
        elif trouble == "sign_missing":
            self.add(
                "rule-sign-missing", scalar.place, key=key, found=found, unit=title, example=with_sign(found, unit)
            )
        else:
            self.add("rule-sign-wrong", scalar.place, key=key, found=found, unit=title, example=with_sign("85", unit))

    def digits(self, key: str, default: Digits) -> Digits:
        """`exact`, or a number of decimals."""
        scalar = self.scalar(key)
        if scalar is None:
            return default
        if scalar.text == "exact":
            return "exact"
        if scalar.text.isascii() and scalar.text.isdigit() and len(scalar.text) <= 2 and int(scalar.text) <= DIGITS_MAX:
            return int(scalar.text)
        known = f"exact 0 1 2 … {DIGITS_MAX}"
        self.add("rule-value-unknown", scalar.place, key=key, found=shorten(scalar.text), known=known, hint=NO_HINT)
        return default

    def count(self, key: str, default: int) -> int:
        """A whole number from 0 on."""
        scalar = self.scalar(key)
        if scalar is None:
            return default
        if scalar.text.isascii() and scalar.text.isdigit() and len(scalar.text) <= 9:
            return int(scalar.text)
        self.add("rule-number-invalid", scalar.place, key=key, found=shorten(scalar.text), example="2")
        return default

    def rounding(self, key: str = "rounding") -> Rounding:
        """How halves are settled; 四舍五入 where nothing is said."""
        words: tuple[str, ...] = tuple(str(mode) for mode in ROUNDINGS)
        return Rounding(self.choice(key, words, str(Rounding.HALF_AWAY)))

    def formula(self, key: str, *, example: str = "") -> Formula | None:
        """A parsed formula; its own issues are taken over."""
        node = self.get(key, example=example)
        return None if node is None else self.as_formula(node, key)

    def as_formula(self, node: YamlNode, key: str) -> Formula | None:
        """The formula that `node` writes."""
        scalar = self.as_scalar(node, key, f"{key}: a / b")
        return None if scalar is None else self.parse(scalar.text, scalar.inner)

    def parse(self, text: str, place: Place) -> Formula | None:
        """Parse `text` as a formula."""
        formula, found = parse_formula(text, place)
        self.issues.extend(found)
        return formula

    def sub(self, key: str, example: str, *, required: bool = False) -> "Fields | None":
        """The mapping under `key`; `example` shows how it is written."""
        node = self.get(key, example=example if required else "")
        if node is None:
            return None
        mapped = self.as_mapped(node, key, example)
        return None if mapped is None else self.inside(mapped, Text(key))

    def inside(self, node: Mapped, what: Text) -> "Fields":
        """The same collecting for a mapping further in."""
        return Fields(node, self.issues, what)

    def rows(self, key: str, example: str, *, required: bool = False) -> tuple[YamlNode, ...]:
        """The items of the list under `key`; `example` shows how it is written."""
        node = self.get(key, example=example if required else "")
        return () if node is None else self.as_sequence(node, key, example) or ()

    def pairs(self, key: str) -> list[tuple[str, Place, YamlNode]]:
        """The entries of the mapping under `key`: name, place of the name, node."""
        node = self.get(key)
        mapped = None if node is None else self.as_mapped(node, key, f"{key}: {{a: 1}}")
        return [] if mapped is None else [(name, mapped.keys[name], child) for name, child in mapped.entries.items()]

    def pairs_of(self) -> list[tuple[str, Place, YamlNode]]:
        """All entries of this mapping, as `pairs` gives them; all keys count as known."""
        for key in self.node.entries:
            self._know(key)
        return [(name, self.node.keys[name], child) for name, child in self.node.entries.items()]

    def close(
        self, *, planned: Iterable[str] = (), misplaced: Iterable[str] = (), keys: Iterable[str] | None = None
    ) -> None:
        """Report every key (or those of `keys`) nobody asked for.

        `planned` ones are not yet supported, `misplaced` ones belong to the top level.
        """
        unknown = 0
        for key in self.node.keys if keys is None else keys:
            place = self.node.keys[key]
            if key in misplaced:
                self.add("rule-key-misplaced", place, key=key)
            elif key in self.known:
                continue
            elif key in planned:
                self.add("rule-key-planned", place, key=key)
            else:
                unknown += 1
                hint = close_match(key, self.known) if unknown <= HINTS_MAX else NO_HINT
                self.add("rule-key-unknown", place, key=shorten(key), known=" ".join(self.known), hint=hint)

    def _know(self, key: str) -> None:
        if key not in self.known:
            self.known.append(key)

    def _shape(self, node: YamlNode, what: str, expected: Text, example: str) -> None:
        self.add(
            "rule-shape", node.place, what=what, found=SHAPES[type(node).__name__], expected=expected, example=example
        )


def code_of(
    fields: Fields,
    kind: Literal[
        "measure", "list", "indicator", "scheme", "distribution", "corrections", "adjustments", "payroll", "layer"
    ],
) -> str:
    """The code of a document; empty where it is none."""
    scalar = fields.scalar(kind, example="bed_use_rate")
    if scalar is None:
        return ""
    if CODE.fullmatch(scalar.text):
        return scalar.text
    fields.add("rule-code-invalid", scalar.place, found=shorten(scalar.text))
    return ""
