"""Static checks of a formula: names, types, dimensions. Nothing is evaluated."""

from collections.abc import Collection, Mapping
from typing import Literal, assert_never

from perf.formulas import check_faults as say
from perf.formulas.aggregates import is_many
from perf.formulas.compiler import compiled
from perf.formulas.dimensions import FREE, Typed, of_unit
from perf.formulas.functions import LISTED, function_of
from perf.formulas.lexer import FAULTS_MAX, Fault
from perf.formulas.names import Known, Names
from perf.formulas.nodes import Absent
from perf.formulas.scope import Scope
from perf.formulas.syntax_faults import as_issue
from perf.formulas.tree import (
    Balance,
    Binary,
    Call,
    Formula,
    Group,
    ItemField,
    Name,
    Number,
    Of,
    Paid,
    Quantity,
    Quoted,
    Score,
    Table,
    Tree,
    Unary,
    Within,
    is_constant,
    unshifted,
    walk,
)
from perf.formulas.units import UNITS
from perf.kernel.issues import Issue
from perf.kernel.text import Text

Expects = Literal["number", "condition", "any"]


def check_formula(formula: Formula, names: Names, *, expects: Expects, unit: str | None) -> tuple[Issue, ...]:
    """What is wrong with `formula` at its place.

    Args:
        formula: As parsed.
        names: What it may name.
        expects: What it must give; `any` also allows text (ratings).
        unit: Unit in which a number is declared; None where nothing is declared.
    Returns:
        Unknown names (with the nearest known one), text in arithmetic, numbers compared with text, sums and comparisons
        of two dimensions, bare numbers beside percentages, `100 *` in front of a ratio: one issue each, by column.
    """
    check = _Check(names)
    typed = check.infer(formula.tree, names.here)
    check.result(formula.tree, typed, expects, unit)
    faults = sorted(set(check.faults), key=lambda fault: fault.at)
    return tuple(as_issue(fault, formula.text, formula.place) for fault in faults)


class _Check:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.faults: list[Fault] = []
        self.unknown: set[str] = set()  # each is told once, and only the first of very many

    def fault(self, code: str, at: int, found: Text, expected: Text, hint: Text | None = None) -> None:
        self.faults.append(say.fault(code, at, found, expected, hint))

    def tell(self, fault: Fault) -> None:
        self.faults.append(fault)

    # -------------------------------------------------------------- the whole

    def result(self, tree: Tree, typed: Typed, expects: Expects, unit: str | None) -> None:
        if expects == "condition" and typed.kind in ("number", "text"):
            self.fault(
                "formula-type",
                0,
                Text("这里得出的不是条件", "this does not give a condition"),
                Text("一个条件,例如 discharges >= 25", "a condition, as in discharges >= 25"),
            )
        if typed.kind == "group":
            self.tell(say.not_a_number(typed, tree.at))
        if expects == "number" and typed.kind in ("condition", "text"):
            self.fault(
                "formula-type",
                0,
                Text("这里得出的不是数字", "this does not give a number"),
                Text("一个数字", "a number"),
                Text("按条件取值写 if(条件, a, b)", "write if(condition, a, b)"),
            )
        if unit is None or unit not in UNITS or typed.kind != "number":
            return
        if UNITS[unit].is_ratio:
            self.ratio_result(tree, typed, unit)
            self.change_result(tree, typed, unit)
        elif UNITS[unit].dimension and typed.dimension not in (FREE, UNITS[unit].dimension) and not typed.is_literal:
            self.tell(say.mismatch(0, typed, of_unit(unit)))

    def ratio_result(self, tree: Tree, typed: Typed, unit: str) -> None:
        for inner in _factors(tree):
            if isinstance(inner, Number) and not inner.percent and inner.value in (100, 1000, 10_000):
                self.fault(
                    "formula-hundred",
                    inner.at,
                    Text(
                        f"单位是{UNITS[unit].title.zh},又乘了 {inner.value}",
                        f"multiplied by {inner.value} although the unit is {unit}",
                    ),
                    Text("比值本身,例如 a / b", "the ratio itself, as in a / b"),
                    Text("删去这个乘数;百分号由单位来写", "drop the factor; the unit writes the sign"),
                )
        if isinstance(tree, Number) and typed.is_bare and tree.value != 0:
            self.tell(say.bare(tree.at, tree.value))
        elif typed.dimension not in (FREE, "", UNITS[unit].dimension):
            self.tell(say.mismatch(0, typed, of_unit(unit)))

    def change_result(self, tree: Tree, typed: Typed, unit: str) -> None:
        """A ratio less the same ratio of another period is a change in percentage points; a quotient is none."""
        if not isinstance(tree, Binary) or typed.dimension not in (FREE, ""):
            return
        if UNITS[unit].dimension == "percentage-points" and tree.op == "/":
            self.fault(
                "formula-percentage-points",
                tree.at,
                Text("得出的是比率,不是两个比率之差", "a ratio, not the difference of two ratios"),
                Text("两个比率之差,例如 a / b - a@last_year / b@last_year", "as in a / b - a@last_year / b@last_year"),
                Text("比率和增长率用 unit: percent", "ratios and growth rates have unit: percent"),
            )
        is_ratio = typed.dimension == "" or (isinstance(tree.left, Binary) and tree.left.op == "/")
        is_change = tree.op == "-" and is_ratio and unshifted(tree.left) == unshifted(tree.right)
        if not UNITS[unit].dimension and is_change:
            self.fault(
                "formula-percentage-points",
                tree.at,
                Text("两个时期的同一比率相减,得出的是百分点", "one ratio at two times: a change in percentage points"),
                Text("unit: percentage_points", "unit: percentage_points"),
                Text("改写 unit,界限写 0.5个百分点;要增长率就再除以上期", "or divide by the earlier ratio for growth"),
            )

    # -------------------------------------------------------------- the parts

    def infer(self, tree: Tree, known: Mapping[str, Known]) -> Typed:
        match tree:
            case Number():
                return Typed("number", "", is_ratio=tree.percent, is_literal=True)
            case Quoted():
                return Typed("text")
            case Name():
                return self.named(tree.code, tree.at, known)
            case Of():
                if tree.who in ("provider", "receiver") and not self.names.sees_sides:
                    self.tell(say.no_sides_here(tree.who, tree.at))
                return self.named(tree.code, tree.at, self.names.others())
            case Quantity():
                return self.named(tree.measure, tree.at, known)
            case Score():
                self.listed(tree.schemes, self.names.schemes, tree.at, Text("考核方案", "scheme"))
                return of_unit("points")
            case Balance():
                self.money("balance", tree.account, self.names.accounts, tree.at, Text("账户", "account"))
                return of_unit("yuan")
            case ItemField():
                return self.of_item(tree.attribute, tree.at)
            case Paid():
                return self.paid(tree.line, tree.at)
            case Table():
                return self.called(tree, known)
            case Group():
                self.group(tree)
                return Typed("group")
            case Unary():
                return self.unary(tree, known)
            case Within():
                return self.within(tree, known)
            case Call():
                return self.call(tree, known)
            case Binary():
                return self.binary(tree, known)
            case _ as never:
                assert_never(never)

    def named(self, code: str, at: int, known: Mapping[str, Known]) -> Typed:
        found = known.get(code)
        if found is None:
            if code in self.unknown or len(self.unknown) >= FAULTS_MAX:
                return Typed("any")
            self.unknown.add(code)
            holders = self.names.shared.get(code)
            unknown = Text("名称", "name")
            self.tell(say.ambiguous(code, at, holders) if holders else say.unknown(code, at, known, unknown))
            return Typed("any")
        if found.kind == "number":
            return of_unit(found.unit)
        return Typed("any" if found.kind == "attribute" else found.kind)

    def called(self, tree: Table, known: Mapping[str, Known]) -> Typed:
        """A table by an attribute, or a named curve at a number of its own unit."""
        key = self.infer(tree.key, known)
        curve = self.names.curves.get(tree.table)
        if curve is not None:
            self.comparable(key, of_unit(curve[0]), tree.key.at, tree.key, tree)
            return of_unit(curve[1])
        if self.names.tables is not None and tree.table not in self.names.tables:
            near = [*self.names.tables, *self.names.curves, *LISTED]
            self.tell(say.unknown(tree.table, tree.at, near, Text("函数、曲线或表", "function, curve or table")))
        return Typed("number")

    def listed(self, codes: Collection[str], known: Collection[str] | None, at: int, what: Text) -> None:
        for code in codes:
            if known is not None and code not in known:
                self.tell(say.unknown(code, at, known, what))

    def of_item(self, code: str, at: int) -> Typed:
        """An attribute of the item, else another measure of the same item."""
        beside = self.names.others().get(code)
        if beside is not None and beside.kind == "number" and code not in (self.names.items or ()):
            return of_unit(beside.unit)
        self.listed((code,), self.names.items, at, Text("明细项的属性", "attribute of items"))
        return Typed("number")

    def paid(self, line: str, at: int) -> Typed:
        self.money("paid", line, self.names.lines, at, Text("发放项目", "line of a distribution"))
        return of_unit("yuan")

    def money(self, function: str, code: str, known: Collection[str] | None, at: int, what: Text) -> None:
        if self.names.sees_money:
            self.listed((code,), known, at, what)
        else:
            self.tell(say.no_money_here(function, at))

    def group(self, tree: Group) -> Typed:
        others = self.names.others()
        if tree.where is not None:
            self.condition(tree.where, others)
        if tree.who == "claims":
            return self.claims(tree)
        if tree.schemes:
            self.listed(tree.schemes, self.names.schemes, tree.at, Text("考核方案", "scheme"))
            return of_unit("points")
        if tree.line:
            return self.paid(tree.line, tree.at)
        if tree.who == "peers" and tree.code == "value":
            return self.named("value", tree.at, self.names.here) if "value" in self.names.here else Typed("number")
        return self.named(tree.code, tree.at, others) if tree.code else Typed("group")

    def claims(self, tree: Group) -> Typed:
        known = self.names.claims
        if known is None:
            self.tell(say.no_claims_here(tree.at))
            return Typed("any")
        return of_unit(known.unit)

    def condition(self, tree: Tree, known: Mapping[str, Known]) -> None:
        if self.infer(tree, known).kind in ("number", "text", "group"):
            self.tell(say.not_a_condition(tree.at))

    def number(self, tree: Tree, known: Mapping[str, Known]) -> Typed:
        typed = self.infer(tree, known)
        if typed.kind in ("text", "condition", "group"):
            self.tell(say.not_a_number(typed, tree.at))
            return Typed("any")
        return typed

    def unary(self, tree: Unary, known: Mapping[str, Known]) -> Typed:
        if tree.op == "not":
            self.condition(tree.arg, known)
            return Typed("condition")
        return self.number(tree.arg, known)

    def within(self, tree: Within, known: Mapping[str, Known]) -> Typed:
        left = self.infer(tree.left, known)
        for option in tree.options:
            if not (_is_word(option) and option.code not in known):  # type: ignore[union-attr]
                self.comparable(left, self.infer(option, known), option.at, tree.left, option)
        return Typed("condition")

    def call(self, tree: Call, known: Mapping[str, Known]) -> Typed:
        if tree.function == "if":
            self.condition(tree.args[0], known)
            return self.same([self.infer(arg, known) for arg in tree.args[1:]], tree.args[1:])
        if tree.function == "count":
            for arg in tree.args:
                self.infer(arg, known)
            return of_unit("number")
        if tree.function == "top":
            self.each_of(tree, known)
            return Typed("group")
        described = function_of(tree.function)
        if len(tree.args) == 1 and is_many(tree.args[0]) and described is not None and described.over_groups:
            return self.each_of(tree.args[0], known)
        if tree.function == "round":
            return self.number(tree.args[0], known)
        if tree.function in ("ln", "exp", "sqrt", "power"):
            return self.irrational(tree, known)
        if tree.function == "sum":
            self.one_item_measure(tree)
        return self.same([self.number(arg, known) for arg in tree.args], tree.args)

    def each_of(self, many: Tree, known: Mapping[str, Known]) -> Typed:
        """What a figure over a group, or over the largest of one, is made of: numbers, one of each."""
        if isinstance(many, Call):  # top(n, …)
            rest = many.args[1:]
            if len(rest) == 1:
                return self.each_of(rest[0], known)
            return self.same([self.number(arg, known) for arg in rest], rest)
        typed = self.group(many) if isinstance(many, Group) else self.infer(many, known)
        if typed.kind in ("text", "condition", "group"):
            self.tell(say.not_a_number(typed, many.at))
            return Typed("any")
        return typed

    def irrational(self, tree: Call, known: Mapping[str, Known]) -> Typed:
        """A root or a power of a plain number is one, of anything else it names itself; exponents are plain numbers."""
        typed = [self.number(arg, known) for arg in tree.args]
        pure = {"ln": 0, "exp": 0, "power": 1}.get(tree.function)
        if pure is not None and typed[pure].kind == "number" and typed[pure].dimension not in (FREE, ""):
            self.tell(say.needs_pure_number(tree.function, typed[pure], tree.args[pure].at))
        if is_constant(tree):
            nowhere: Scope = None  # type: ignore[assignment]  # nothing in the tree asks it
            found = compiled(tree)(nowhere)
            if isinstance(found.value, Absent) and not any(isinstance(one.value, Absent) for one in found.inputs):
                self.tell(say.no_value(tree.function, tree.at, found.value.note))
        is_plain = tree.function in ("ln", "exp") or typed[0].dimension == ""
        return Typed("number", "") if is_plain else Typed("number")

    def one_item_measure(self, tree: Call) -> None:
        inside = [inner for inner, _ in walk(tree) if isinstance(inner, Quantity | ItemField)]
        measures = {inner.measure for inner in inside if isinstance(inner, Quantity)}
        if inside and (len(measures) != 1 or len(tree.args) != 1):
            self.fault(
                "formula-type",
                tree.at,
                Text(
                    "按项合计时要有恰好一个“数据项.quantity”", "a sum over items needs exactly one measure with items"
                ),
                Text("sum(procedures.quantity * item.points)", "sum(procedures.quantity * item.points)"),
            )

    def same(self, typed: list[Typed], trees: tuple[Tree, ...]) -> Typed:
        """One dimension for all; what comes out when they meet."""
        found = typed[0]
        for index, other in enumerate(typed[1:], start=1):
            self.comparable(found, other, trees[index].at, trees[0], trees[index], adding=True)
            found = found.joined(other)
        return found

    # -------------------------------------------------------------- operators

    def binary(self, tree: Binary, known: Mapping[str, Known]) -> Typed:
        op = tree.op
        if op in ("and", "or"):
            self.condition(tree.left, known)
            self.condition(tree.right, known)
            return Typed("condition")
        if op in ("==", "!="):
            return self.equality(tree, known)
        left, right = self.number(tree.left, known), self.number(tree.right, known)
        if op == "*":
            return left.times(right)
        if op == "/":
            if isinstance(tree.right, Number) and tree.right.value == 0:
                self.tell(say.divided_by_zero(tree.right.at))
            return left.over(right)
        self.comparable(left, right, tree.at, tree.left, tree.right, adding=op in "+-")
        return left.joined(right) if op in ("+", "-") else Typed("condition")

    def equality(self, tree: Binary, known: Mapping[str, Known]) -> Typed:
        left_word = _is_word(tree.left) and tree.left.code not in known  # type: ignore[union-attr]
        right_word = _is_word(tree.right) and tree.right.code not in known  # type: ignore[union-attr]
        if right_word:
            self.beside_word(self.infer(tree.left, known), tree.right)
        elif left_word:
            self.beside_word(self.infer(tree.right, known), tree.left)
        else:
            left, right = self.infer(tree.left, known), self.infer(tree.right, known)
            self.comparable(left, right, tree.at, tree.left, tree.right)
        return Typed("condition")

    def beside_word(self, other: Typed, word: Tree) -> None:
        """An unknown bare word is text beside an attribute or a text; beside a number it is a misspelt name."""
        if other.kind == "number" and isinstance(word, Name):
            self.tell(say.unknown(word.code, word.at, self.names.here, Text("名称", "name")))

    def comparable(
        self, left: Typed, right: Typed, at: int, left_tree: Tree, right_tree: Tree, *, adding: bool = False
    ) -> None:
        if "any" in (left.kind, right.kind):
            return
        if left.kind != right.kind:
            self.fault(
                "formula-type",
                at,
                Text("拿数字与文字或条件相比", "a number compared with text or a condition"),
                Text("两边是同一类内容", "the same kind on both sides"),
            )
            return
        if left.kind != "number":
            return
        for typed, tree, other in ((left, left_tree, right), (right, right_tree, left)):
            bare = isinstance(tree, Number) and typed.is_bare and tree.value != 0
            if bare and other.is_ratio and not (adding and tree.value == 1):  # type: ignore[union-attr]
                self.tell(say.bare(tree.at, tree.value))  # type: ignore[union-attr]
                return
        if not left.is_literal and not right.is_literal and not left.fits(right):
            self.tell(say.mismatch(at, left, right))


def _is_word(tree: Tree) -> bool:
    return isinstance(tree, Name) and not tree.shifts


def _factors(tree: Tree) -> list[Tree]:
    """The factors of a product at the top of a formula."""
    if isinstance(tree, Binary) and tree.op == "*":
        return [*_factors(tree.left), *_factors(tree.right)]
    if isinstance(tree, Binary) and tree.op == "/":
        return _factors(tree.left)
    return [tree]
