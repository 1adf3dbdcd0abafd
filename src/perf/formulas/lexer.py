"""Text of a formula → tokens. Full-width punctuation counts as its half-width form; offsets stay those of the text."""

import re
from typing import Literal, NamedTuple

from perf.formulas.look_alikes import look_alike, odd_character
from perf.kernel.text import Text

TokenKind = Literal["number", "name", "text", "op", "end"]
DIGITS_MAX = 40
TOKENS_MAX = 600
FAULTS_MAX = 10
"""What is told of one formula; the rest is told when these are mended."""

_SAME = {
    "（": "(", "）": ")", "，": ",", "×": "*", "÷": "/", "＋": "+", "－": "-", "−": "-", "＊": "*", "／": "/", "％": "%",
    "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≠": "!=", "＝": "=", "！": "!",
    "＠": "@", "．": ".", "　": " ", "\u00a0": " ",
}  # fmt: skip
_SAME.update({chr(ord("０") + digit): str(digit) for digit in range(10)})
_OPERATOR = re.compile(r"[=!<>]=|[-+*/(),<>%@.]")
_NAME = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
POWER = Text("乘方写 power(a, 2)", "a power is written power(a, 2)")
_HINTS = {
    "=": Text("比较是否相等写 ==", "to compare, write =="),
    "!": Text("“不”写 not,“不等于”写 !=", "write not, or !="),
    "&": Text("“并且”写 and", "write and"),
    "|": Text("“或者”写 or", "write or"),
    "^": POWER,
    "【": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    "〔": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    "［": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    "｛": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    "[": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    "{": Text("公式里只用圆括号 ( )", "only round brackets are used"),
    ":": Text("公式里不能有冒号", "a formula holds no colon"),
    ";": Text("参数之间用逗号", "separate with commas"),
    "、": Text("参数之间用逗号", "separate with commas"),
    "$": Text("金额直接写数字,单位是元", "write amounts as plain numbers, in yuan"),
    "¥": Text("金额直接写数字,单位是元", "write amounts as plain numbers, in yuan"),
    "‰": Text("千分比写成百分比,例如 3‰ 写 0.3%", "write 3‰ as 0.3%"),
}
_NO_HINT = Text("删去它,或者改成公式里允许的符号", "remove it")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}


class Token(NamedTuple):
    """One token; `at` is its 0-based offset."""

    kind: TokenKind
    text: str
    at: int


class Fault(NamedTuple):
    """Something wrong at an offset: code, what was found, what was expected, what to do."""

    code: str
    at: int
    found: Text
    expected: Text
    hint: Text = Text("")


def tokenize(text: str) -> tuple[list[Token], list[Fault]]:
    """All tokens with an `end` token, and what cannot be read: the first ten, and where it grows too long."""
    plain, offsets = _half_width(text)
    tokens: list[Token] = []
    faults: list[Fault] = []
    here = 0
    while here < len(plain) and len(faults) < FAULTS_MAX:
        char, at = plain[here], offsets[here]
        if len(tokens) == TOKENS_MAX:
            faults.append(_too_many(at))
            break
        if char.isspace():
            here += 1
        elif char in _QUOTES:
            end = plain.find(_QUOTES[char], here + 1)
            if end < 0:
                faults.append(_fault(at, f"引号 {char} 没有收尾", f"an open quotation mark {char}"))
                break
            tokens.append(Token("text", text[at + 1 : offsets[end]], at))
            here = end + 1
        elif "0" <= char <= "9":
            here = _number(plain, here, at, tokens, faults)
        elif char == "_" or char.isalpha():
            match = _NAME.match(plain, here)
            end = match.end() if match else here + 1
            name = plain[here:end]
            alike = None if name.isascii() else look_alike(name)
            if alike is not None:
                place = offsets[here + alike.where]
                faults.append(Fault("formula-lookalike", place, *alike.said(place)))
            tokens.append(Token("name", name, at))
            here = end
        else:
            here = _operator(plain, here, at, tokens, faults)
    tokens.append(Token("end", "", len(text)))
    return tokens, faults


def _too_many(at: int) -> Fault:
    return Fault(
        "formula-too-long",
        at,
        Text(
            f"公式有 {TOKENS_MAX} 个以上的名称、数字和符号",
            f"a formula of more than {TOKENS_MAX} names, numbers and signs",
        ),
        Text(f"最多 {TOKENS_MAX} 个", f"at most {TOKENS_MAX}"),
        Text("把它拆成几个数据项或 let 名称", "split it into several names"),
    )


def _half_width(text: str) -> tuple[str, list[int]]:
    if text.isascii():
        return text, list(range(len(text) + 1))
    parts: list[str] = []
    offsets: list[int] = []
    quote = ""
    for at, char in enumerate(text):
        if quote:
            same, quote = char, "" if char == quote else quote
        else:
            same, quote = _SAME.get(char, char), _QUOTES.get(char, "")
        parts.append(same)
        offsets.extend([at] * len(same))
    return "".join(parts), [*offsets, len(text)]


def _number(plain: str, here: int, at: int, tokens: list[Token], faults: list[Fault]) -> int:
    match = _NUMBER.match(plain, here)
    end = match.end() if match else here + 1
    if sum(map(str.isdigit, plain[here:end])) > DIGITS_MAX:
        faults.append(
            Fault(
                "formula-number-too-long",
                at,
                Text(f"{end - here} 个字符的数字", f"a number of {end - here} characters"),
                Text(f"最多 {DIGITS_MAX} 位数字", f"at most {DIGITS_MAX} digits"),
            )
        )
    whole = plain[here:end].partition(".")[0]
    bare = whole.lstrip("0")
    if bare and bare != whole:
        faults.append(
            Fault(
                "formula-leading-zero",
                at,
                Text(f"以 0 开头的数字 {whole[:20]}", f"{whole[:20]}, a number that begins with 0"),
                Text(f"写 {bare[:20]}", f"write {bare[:20]}"),
                Text(
                    "有的程序把 010 读成 8;工号一类的编号加引号",
                    "some programs read 010 as 8; quote codes such as staff numbers",
                ),
            )
        )
    stop = end
    while stop < len(plain) and (plain[stop] == "_" or plain[stop].isalnum()):
        stop += 1
    if stop > end:
        found = plain[here:stop][:40]
        faults.append(
            Fault(
                "formula-syntax",
                at,
                Text(
                    f"第 {at + 1} 个字符处“{found}”数字与文字相连",
                    f"“{found}” at character {at + 1}: digits run into letters",
                ),
                Text("数字,或者以字母、汉字开头的名称", "a number, or a name that begins with a letter"),
                Text(
                    "不用科学记数法;数字与名称之间写运算符,例如 80 * 夜班",
                    "no exponents; put an operator between a number and a name",
                ),
            )
        )
    else:
        tokens.append(Token("number", plain[here:end], at))
    return stop


def _operator(plain: str, here: int, at: int, tokens: list[Token], faults: list[Fault]) -> int:
    match = _OPERATOR.match(plain, here)
    if match:
        tokens.append(Token("op", match.group(), at))
        return match.end()
    char = plain[here]
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    faults.append(
        _fault(
            at,
            f"不能识别的符号“{shown}”",
            f"the character “{shown}”",
            _HINTS.get(char) or odd_character(char) or _NO_HINT,
        )
    )
    run = here + 1
    while run < len(plain) and plain[run] == char:
        run += 1
    return run


def _fault(at: int, zh: str, en: str, hint: Text = _NO_HINT) -> Fault:
    return Fault(
        "formula-character",
        at,
        Text(f"第 {at + 1} 个字符:{zh}", f"character {at + 1}: {en}"),
        Text("数字、名称、+ - * / ( ) , % @ . 与比较符号", "numbers, names, + - * / ( ) , % @ . and comparisons"),
        hint,
    )
