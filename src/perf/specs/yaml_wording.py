"""What is said about a file that is not the YAML we read."""

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.wording import Wording, word

WORDINGS: dict[str, Wording] = {
    "yaml-syntax": Wording(
        ("YAML 写法有误:{problem}", "not well-formed YAML: {problem}"),
        ("合法的 YAML:缩进用空格,括号引号成对", "well-formed YAML: indent with spaces, close brackets and quotes"),
        (
            "看这一行和上一行;含 `: `、`#`、`[` 或 `{{` 的文字要加引号",
            "look at this line and the one above; quote texts with `: `, `#`, `[` or `{{`",
        ),
    ),
    "yaml-duplicate-key": Wording(
        ("重复的键“{key}”,首次在第 {first} 行", "key '{key}' stands twice; first in line {first}"),
        ("同一处每个键只写一次", "every key once"),
        ("删去一个,或改成另一个名字", "remove one, or rename it"),
    ),
    "yaml-anchor": Wording(
        ("锚点或引用“{name}”", "anchor or alias '{name}'"),
        ("直接写出内容", "the content itself"),
        (
            "规则文件要一眼看得全,请把被引用的内容抄写在此处;以 * 或 & 开头的文字要加引号",
            "write the content out here; quote a text that starts with * or &",
        ),
    ),
    "yaml-tag": Wording(
        ("标签“{name}”", "tag '{name}'"),
        ("不带标签的文字", "text without a tag"),
        ("删去标签;以 ! 开头的文字要加引号", "remove the tag; quote a text that starts with !"),
    ),
    "yaml-key-not-text": Wording(
        ("键是列表或映射", "a key that is a list or a mapping"),
        ("键是一个词", "a word as the key"),
        ("检查这一行的括号和冒号", "check the brackets and colons of this line"),
    ),
    "yaml-comma-unquoted": Wording(
        (
            "花括号或方括号里的公式或文字没有加引号,被逗号切开:{found}",
            "a formula or text inside {{…}} or […] is not quoted and was cut at its comma: {found}",
        ),
        ('加引号:"{whole}"', 'in quotes: "{whole}"'),
        ("把整个公式(或文字)放进双引号", "put the whole formula or text in double quotes"),
    ),
    "yaml-too-large": Wording(
        ("文件有 {found}", "the file has {found}"),
        ("至多 {limit}", "at most {limit}"),
        ("把规则分成几个文件", "split the rules into several files"),
    ),
    "yaml-too-deep": Wording(
        ("嵌套超过 {limit} 层", "nested more than {limit} levels deep"),
        ("至多 {limit} 层", "at most {limit} levels"),
        ("检查缩进和括号", "check indents and brackets"),
    ),
}

# What the parser says, as people read it; anything else is shown as it comes.
_PROBLEMS = {
    "found character '\\t' that cannot start any token": "此处有制表符(Tab),请改用空格",
    "mapping values are not allowed here": "此处不应有冒号(缩进不对,或文字里的冒号后有空格)",
    "could not find expected ':'": "缺少冒号“:”",
    "expected <block end>, but found '<scalar>'": "缩进不一致,或引号后还有文字",
    "expected <block end>, but found '<block mapping start>'": "缩进不一致",
    "expected <block end>, but found '-'": "缩进不一致:列表的“-”没有对齐",
    "expected <block end>, but found ','": "逗号不在括号里",
    "expected <block end>, but found '}'": "多了一个 }",
    "expected <block end>, but found ']'": "多了一个 ]",
    "expected ',' or ']', but got ':'": "方括号没有关闭,或缺少逗号",
    "expected ',' or ']', but got '<stream end>'": "方括号没有关闭",
    "expected ',' or '}', but got '<stream end>'": "花括号没有关闭",
    "expected ',' or '}', but got '<scalar>'": "花括号里缺少逗号",
    "expected ',' or ']', but got '<scalar>'": "方括号里缺少逗号",
    "expected ',' or '}', but got ':'": "花括号没有关闭,或缺少逗号",
    "expected ',' or '}', but got ']'": "括号不配对:花括号用 ] 关闭",
    "expected ',' or ']', but got '}'": "括号不配对:方括号用 } 关闭",
    "found unexpected end of stream": "引号没有关闭",
    "found unexpected document separator": "引号没有关闭",
    "sequence entries are not allowed here": "此处不应有列表的“-”",
    "expected the node content, but found ','": "多了一个逗号",
}


def yaml_issue(code: str, place: Place, **values: str | int | Text) -> Issue:
    """An issue about the form of a YAML file."""
    return word(WORDINGS, code, place, **values)


def problem_text(problem: str) -> Text:
    """The parser's complaint in Chinese where we know it."""
    starts = {
        "found character '%'": "以 % 开头的文字要加引号",
        "found character '@'": "以 @ 开头的文字要加引号",
        "found character '`'": "以 ` 开头的文字要加引号",
        "found incompatible YAML document": "%YAML 指令要求的版本不支持,请删去这一行",
        "expected the node content, but found": "此处缺少内容,或多了一个符号",
        "found character that cannot start any token": "此处的符号不能作为开头(制表符、%、@、` 要加引号或改用空格)",
        "did not find expected": "缩进不一致,或括号、逗号、引号不成对",
        "found unexpected end of stream": "引号没有关闭",
        "block sequence entries are not allowed": "此处不应有列表的“-”",
        "found undefined tag handle": "标签没有声明",
        "unsupported scalar escape": "双引号里有不支持的转义",
        "found unknown escape character": "双引号里有不支持的转义(反斜杠)",
        "found invalid Unicode character escape code": "转义写出的不是一个字符",
    }
    known = _PROBLEMS.get(problem) or next((zh for start, zh in starts.items() if problem.startswith(start)), "")
    return Text(known or problem, problem)
