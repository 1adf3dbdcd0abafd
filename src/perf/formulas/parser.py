"""Text → tree, by precedence climbing. Never eval; every problem is an issue with its column."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple

from perf.formulas.functions import function_of
from perf.formulas.lexer import Fault, Token, tokenize
from perf.formulas.syntax_faults import (
    CHAIN_DEPTH_MAX,
    DEPTH_MAX,
    as_issue,
    count_not_plain,
    digits_not_plain,
    hint_for,
    too_deep,
    wrong_arguments,
)
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
    Shift,
    Shifts,
    Table,
    Tree,
    Unary,
    Within,
    walk,
)
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

LENGTH_MAX = 2_000
_TOP_MAX = 10_000

# operator -> binding power, from loose to tight
_POWERS = {
    "or": 1, "and": 2,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "not": 4,
    "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_NOT_POWER = 3
_SIGN_POWER = 7
_KEYWORDS = frozenset({"and", "or", "not", "in"})
_YEARS_BACK = Text("以前的年份写负数:前一年 @year(-1)", "years back are negative: @year(-1)")
_SHIFTS = "@last_year, @previous, @year(-1), @year_to_date"


class Parsed(NamedTuple):
    """What `parse_formula` gives: the formula, None where it cannot be read, and the issues."""

    formula: Formula | None
    issues: tuple[Issue, ...]


class _SyntaxFault(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def parse_formula(text: str, place: Place) -> Parsed:
    """Read one formula.

    Args:
        text: The formula as written; at most 2,000 characters, 50 levels of nesting, 40 digits a number.
        place: File, line and column of the formula's first character; issues point into it.
    Returns:
        The formula and no errors, or None and at least one. Unknown names are found by `check_formula`, not here.
    """
    if len(text) > LENGTH_MAX:
        fault = Fault(
            "formula-too-long",
            0,
            Text(f"公式有 {len(text)} 个字符", f"a formula of {len(text)} characters"),
            Text(f"最多 {LENGTH_MAX} 个字符", f"at most {LENGTH_MAX} characters"),
            Text("把它拆成几个数据项或 let 名称", "split it into several names"),
        )
        return Parsed(None, (as_issue(fault, text, place),))
    tokens, faults = tokenize(text)
    tree: Tree | None = None
    if not faults:
        parser = _Parser(tokens, text)
        try:
            tree = parser.whole()
        except _SyntaxFault as stop:
            faults.append(stop.fault)
        faults = sorted([*faults, *parser.faults], key=lambda f: f.at)
    if faults or tree is None:
        return Parsed(None, tuple(as_issue(fault, text, place) for fault in faults))
    return Parsed(Formula(text, place, tree), ())


class _Parser:
    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.here = 0
        self.depth = 0
        self.faults: list[Fault] = []

    def peek(self) -> Token:
        return self.tokens[self.here]

    def next(self) -> Token:
        """The token at work, which is not the end; the one behind it comes next."""
        self.here += 1
        return self.tokens[self.here - 1]

    def sees(self, text: str) -> bool:
        return self.peek().text == text and self.peek().kind in ("op", "name")

    def take(self, text: str) -> bool:
        if self.sees(text):
            self.here += 1
            return True
        return False

    def need(self, text: str, why: Text) -> None:
        if not self.take(text):
            raise self.unexpected(Text(f"“{text}”{why.zh}", f"“{text}” {why.in_lang('en')}"))

    def unexpected(self, expected: Text, hint: Text | None = None) -> _SyntaxFault:
        token = self.peek()
        if token.kind == "end":
            found = Text("公式在末尾处没有写完", "the formula ends too early")
        else:
            found = Text(f"第 {token.at + 1} 个字符“{token.text}”", f"“{token.text}” at character {token.at + 1}")
        return _SyntaxFault(Fault("formula-syntax", token.at, found, expected, hint or hint_for(token, self.text)))

    def whole(self) -> Tree:
        if self.peek().kind == "end":
            raise _SyntaxFault(
                Fault("formula-syntax", 0, Text("空的公式", "an empty formula"), Text("一个公式", "a formula"))
            )
        tree = self.expression(0)
        if self.peek().kind != "end":
            raise self.unexpected(Text("运算符,或公式到此结束", "an operator, or the end of the formula"))
        for node, depth in walk(tree):
            if depth > CHAIN_DEPTH_MAX:
                raise _SyntaxFault(too_deep(node.at))
        return tree

    def expression(self, power: int) -> Tree:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise _SyntaxFault(too_deep(self.peek().at))
        left = self.prefix()
        for _ in range(CHAIN_DEPTH_MAX):
            token = self.peek()
            binding = _POWERS.get(token.text, 0) if token.kind in ("op", "name") else 0
            if binding <= power:
                break
            left = self.infix(left, token, binding)
        else:
            raise _SyntaxFault(too_deep(self.peek().at))
        self.depth -= 1
        return left

    def infix(self, left: Tree, token: Token, binding: int) -> Tree:
        self.here += 1
        if token.text in ("in", "not"):
            if token.text == "not":
                self.need("in", Text("(not in)", "(not in)"))
            made: Tree = Within(left, self.options(), token.text == "not", token.at)
        else:
            made = Binary(token.text, left, self.expression(binding), token.at)
        if binding == _POWERS["=="] and _POWERS.get(self.peek().text) == binding and self.peek().kind != "text":
            raise self.unexpected(
                Text("and 或 or", "and, or"),
                Text("两个比较之间写 and,例如 1 < x and x < 5", "join two comparisons with and"),
            )
        return made

    def options(self) -> tuple[Tree, ...]:
        self.need("(", Text(",例如 in (doctor, nurse)", "as in: in (doctor, nurse)"))
        return self.arguments()

    def arguments(self) -> tuple[Tree, ...]:
        """After the opening bracket, up to and with the closing one."""
        args = [self.expression(0)]
        while self.take(","):
            args.append(self.expression(0))
        if not self.sees(")"):
            raise self.unexpected(Text("逗号或右括号“)”", "a comma or “)”"))
        self.here += 1
        return tuple(args)

    def words(self) -> tuple[str, ...]:
        """Bare names in brackets: `(a, b)`."""
        self.need("(", Text("", ""))
        names = [self.word()]
        while self.take(","):
            names.append(self.word())
        self.need(")", Text("", ""))
        return tuple(names)

    def word(self) -> str:
        if self.peek().kind != "name" or self.peek().text in _KEYWORDS:
            raise self.unexpected(Text("一个名称", "a name"))
        return self.next().text

    def prefix(self) -> Tree:
        token = self.peek()
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            self.here += 1
            return Quoted(token.text, token.at)
        if token.kind == "op" and token.text in ("-", "+"):
            self.here += 1
            sign: Literal["-", "+"] = "-" if token.text == "-" else "+"
            return Unary(sign, self.expression(_SIGN_POWER - 1), token.at)
        if token.kind == "op" and token.text == "(":
            self.here += 1
            inner = self.expression(0)
            if not self.take(")"):
                raise self.unexpected(
                    Text("右括号“)”", "“)”"),
                    Text(
                        f"第 {token.at + 1} 个字符的左括号没有配对", f"the bracket at character {token.at + 1} is open"
                    ),
                )
            return inner
        if token.kind == "name" and token.text == "not":
            self.here += 1
            return Unary("not", self.expression(_NOT_POWER), token.at)
        if token.kind == "name" and token.text not in _KEYWORDS:
            return self.named()
        raise self.unexpected(Text("数字、名称或左括号", "a number, a name or “(”"))

    def number(self) -> Number:
        token = self.next()
        value = Fraction(token.text)
        if self.take("%"):
            return Number(value / 100, percent=True, at=token.at)
        return Number(value, at=token.at)

    def named(self) -> Tree:
        token = self.next()
        if self.sees("("):
            made = self.called(token)
        elif token.text == "claims":
            made = Group("claims", at=token.at)
        elif self.sees(".") or token.text in ("members", "peers"):
            made = self.dotted(token, None)
        else:
            made = Name(token.text, (), token.at)
        if not self.sees("@"):
            return made
        at = self.peek().at
        shifts = self.shifts()
        match made:
            case Group() if not made.is_bare:
                return replace(made, shifts=shifts)
            case Name() | Of() | Score() | Paid():
                return replace(made, shifts=shifts)
        raise _SyntaxFault(
            Fault(
                "formula-shift",
                at,
                Text(
                    f"第 {at + 1} 个字符“@”跟在不能换期间的内容后面",
                    f"“@” at character {at + 1} follows what has no period",
                ),
                Text("“@”跟在名称或 score(…) 之后", "“@” after a name or score(…)"),
                Text("把 @ 写到每个名称后面,例如 (a@last_year + b@last_year)", "write it after each name"),
            )
        )

    def called(self, token: Token) -> Tree:
        """After a name, at its opening bracket."""
        code, at = token.text, token.at
        if code == "score":
            return Score("self", self.words(), (), at)
        if code == "balance":
            return Balance(self.one_word(), at)
        if code == "paid":
            return Paid("self", self.line(), (), at)
        if code in ("members", "peers", "claims"):
            self.here += 1
            where = self.expression(0)
            self.need(")", Text("", ""))
            return Group("claims", where, at=at) if code == "claims" else self.dotted(token, where)
        self.here += 1
        if self.take(")"):
            self.faults.append(wrong_arguments(code, at, 0))
            return Number(Fraction(0), at=at)
        args = self.arguments()
        function = function_of(code)
        if function is None:
            if len(args) != 1:
                self.faults.append(wrong_arguments(code, at, len(args)))
            return Table(code, args[0], at)
        if not function.least <= len(args) <= function.most:
            self.faults.append(wrong_arguments(code, at, len(args)))
        elif code == "round" and len(args) == 2 and not _is_small_integer(args[1]):
            self.faults.append(digits_not_plain(args[1].at))
        elif code == "top" and not _is_count(args[0]):
            self.faults.append(count_not_plain(args[0].at))
        return Call(code, args, at)

    def one_word(self) -> str:
        at = self.peek().at
        words = self.words()
        if len(words) != 1:
            raise _SyntaxFault(wrong_arguments("balance", at, len(words)))
        return words[0]

    def line(self) -> str:
        """`(夜班)`; in quotation marks where it is no plain name: `("夜班(急诊)")`."""
        self.need("(", Text("", ""))
        token = self.peek()
        named = self.next().text if token.kind == "text" and token.text else self.word()
        self.need(")", Text("", ""))
        return named

    def dotted(self, token: Token, where: Tree | None) -> Tree:
        """At the dot after `parent`, `owner`, `provider`, `receiver`, `members`, `peers`, `item` or a measure with items."""
        code, at = token.text, token.at
        if code in ("members", "peers"):
            who: Literal["members", "peers"] = "members" if code == "members" else "peers"
            if not self.take("."):
                return Group(who, where, at=at)
            name = self.word()
            if name == "score" and self.sees("("):
                return Group(who, where, schemes=self.words(), at=at)
            if name == "paid" and self.sees("("):
                return Group(who, where, line=self.line(), at=at)
            return Group(who, where, name, at=at)
        self.here += 1
        name = self.word()
        if code in ("parent", "owner"):
            above: Literal["parent", "owner"] = "parent" if code == "parent" else "owner"
            if name == "score" and self.sees("("):
                return Score(above, self.words(), (), at)
            if name == "paid" and self.sees("("):
                return Paid(above, self.line(), (), at)
            return Of(above, name, (), at)
        if code in ("provider", "receiver"):
            side: Literal["provider", "receiver"] = "provider" if code == "provider" else "receiver"
            return Of(side, name, (), at)
        if code == "item":
            return ItemField(name, at)
        if name == "quantity":
            return Quantity(code, at)
        raise _SyntaxFault(
            Fault(
                "formula-syntax",
                at,
                Text(f"第 {at + 1} 个字符“{code}.{name}”", f"“{code}.{name}” at character {at + 1}"),
                Text(
                    "parent. owner. members. peers. item. 或 明细数据项.quantity",
                    "parent. owner. members. peers. item. or x.quantity",
                ),
                Text(f"本单位自己的数据直接写名称 {name}", f"write {name} alone for the subject's own"),
            )
        )

    def shifts(self) -> Shifts:
        found: list[Shift] = []
        while self.take("@"):
            token = self.peek()
            if token.kind == "name" and token.text == "year":
                self.here += 1
                found.append(Shift("year", self.years()))
            elif token.kind == "name" and token.text in ("last_year", "previous", "year_to_date"):
                self.here += 1
                kind: Literal["last_year", "previous", "year_to_date"] = token.text  # type: ignore[assignment]
                found.append(Shift(kind))
            else:
                raise self.unexpected(
                    Text(_SHIFTS), Text("去年同期 @last_year,上期 @previous", "see the list of periods")
                )
        return tuple(sorted(found, key=lambda shift: shift.kind == "year_to_date"))

    def years(self) -> int:
        self.need("(", Text(",例如 @year(-1)", "as in @year(-1)"))
        back = 100 if self.take("-") else 0
        token = self.peek()
        if token.kind != "number" or not token.text.isdecimal() or int(token.text) > back:
            raise self.unexpected(Text("0 到 -100 的整数", "a whole number from 0 to -100"), _YEARS_BACK)
        self.here += 1
        self.need(")", Text("", ""))
        return -int(token.text)


def _is_count(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.value.denominator == 1 and 0 < tree.value <= _TOP_MAX


def _is_small_integer(tree: Tree) -> bool:
    if isinstance(tree, Unary) and tree.op == "-":
        tree = tree.arg
    return isinstance(tree, Number) and tree.value.denominator == 1 and abs(tree.value) <= 30
