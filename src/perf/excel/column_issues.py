"""What is said of columns and names that were taken by likeness or memory, or not at all, and how to answer."""

from collections.abc import Sequence
from shlex import quote

from perf.excel.codes import Finding, ImportCode, quoted
from perf.excel.header_paths import means_another
from perf.excel.headers import HeaderMatch, HeaderUnit, How, Vocabulary, header_of, plain, unit_word
from perf.excel.row_kinds import is_sum
from perf.kernel.text import Text
from perf.specs.models import Measure, RuleBook


def answer_hint(header: str, code: str) -> Text:
    """How to say once what a header or a name means."""
    answer = _answer(header, code)
    return Text(
        f"是的话导入时加 {answer}(保存后记住,下个月不再问);不是就换成对的编码,或把表头改成全称",
        f"If so, import with {answer} (remembered once accepted); else give the right code, or write the full title",
    )


def taken_as(header: str, target: str, how: How, book: RuleBook) -> Finding:
    """What is said of a header that was taken by likeness, or as it was answered before."""
    measure = book.measures.get(target)
    name = measure.title.zh if measure is not None else target
    found = Text(f"列{quoted(header)}当作{quoted(name)}读取", f"the column {quoted(header)} was read as {target}")
    if how == "remembered":
        expected = Text("同一科室同一表样以前这样答复过", "so it was answered before of this sender and layout")
        hint = Text("不对时用 perf-pay mapping forget 撤回", "perf-pay mapping forget takes it back")
        return Finding("column-remembered", found, expected, hint, "info")
    expected = Text("数据项的全称或编码", "the measure's full title or code")
    hint = Text(
        "只差“本月”“数”一类的字;不对时用 --map 指明", "Only words such as 本月 differ; say --map if it is wrong"
    )
    return Finding("column-alike", found, expected, hint, "info")


def overtaken_answer(header: str, match: HeaderMatch, vocabulary: Vocabulary, book: RuleBook) -> Finding | None:
    """What is said of a header that is read, or passed over, as it was answered, and is the title of another measure now."""
    own = vocabulary.match(header)
    if match.how != "remembered" or own.how != "exact" or len(own.measures) != 1 or own.measures == match.measures:
        return None
    (now,), target = own.measures, match.measures[0] if match.measures else str(match.role)
    measure = book.measures.get(target)
    name = measure.title.zh if measure is not None else target
    zh = "没有读取" if target == "ignore" else f"当作{quoted(name)}读取"
    en = "passed over" if target == "ignore" else f"read as {target}"
    found = Text(
        f"列{quoted(header)}按以前的答复{zh}", f"the column {quoted(header)} was {en}, as it was answered before"
    )
    title = book.measures[now].title.zh
    expected = Text(f"现在正是数据项“{title}”({now})的名称", f"now it is the title of {now} itself")
    hint = Text(
        f"要读作它,用 {_answer(header, now)},或用 perf-pay mapping forget 撤回以前的答复",
        f"To read it so, say {_answer(header, now)}, or take the answer back with perf-pay mapping forget",
    )
    return Finding("column-remembered", found, expected, hint, "warning")


def not_known(header: str, match: HeaderMatch, vocabulary: Vocabulary, book: RuleBook) -> Finding:
    """What is said of a header that names no column, or more than one; a column of sums is passed over."""
    if is_sum(plain(header)):
        return sum_column(header)
    *upper, lowest = header.split("/")
    possible = match.measures or (() if any(map(means_another, upper)) else vocabulary.alike(lowest))
    if not possible:
        return unknown(header)
    return unclear("column-ambiguous" if match.measures else "column-unclear", header, possible, book)


def unknown_measure(named: str, match: HeaderMatch, vocabulary: Vocabulary, book: RuleBook) -> Finding:
    """What is said of a row of a long table whose measure is none, or may be several."""
    possible = match.measures or vocabulary.alike(named)
    titles = "、".join(header_of(book.measures[code]) for code in possible)
    found = Text(f"数据项{quoted(named)}", f"the measure {quoted(named)}")
    expected = Text(f"规则中的数据项,是不是:{titles}" if titles else "规则中的数据项", "a measure of the rules")
    hint = answer_hint(named, possible[0]) if possible else Text("用模板中的数据项名称", "Use a title of the template")
    return Finding("measure-unknown", found, expected, hint, suggested=titles if len(possible) == 1 else "")


def not_of_people(header: str) -> Finding:
    """What is said of a measure of institutions that heads a column in a table of people."""
    found = Text(f"列{quoted(header)}在个人表中", f"the column {quoted(header)} in a table of persons")
    expected = Text("机构的数据项按机构填报", "a measure of institutions is reported by institution")
    hint = Text("没有读取;需要时另做一张表,每家机构一行", "Not read; if needed, make a table of institutions")
    return Finding("column-wrong-level", found, expected, hint)


def reported_above(subject: str, header: str) -> Finding:
    """What is said of a figure of somebody for whom his institution reports."""
    found = Text(f"{subject} 的数据项{quoted(header)}", f"{quoted(header)} of {subject}")
    expected = Text("这一数据项按更高层级填报", "a measure reported at a higher level")
    hint = Text("没有读取;由上级单位填报", "Not read; its parent reports it")
    return Finding("column-wrong-level", found, expected, hint)


def unclear(code: ImportCode, header: str, possible: tuple[str, ...], book: RuleBook) -> Finding:
    """A header that names several measures, or resembles some; `possible`, the likest first."""
    found = Text(f"列{quoted(header)}", f"the column {quoted(header)}")
    titles = "、".join(f"{book.measures[one].title.zh}({one})" for one in possible)
    expected = Text(f"数据项的名称,是不是:{titles}", f"the title of a measure, perhaps: {', '.join(possible)}")
    suggested = header_of(book.measures[possible[0]]) if len(possible) == 1 else ""
    return Finding(code, found, expected, answer_hint(header, possible[0]), suggested=suggested)


def unknown(header: str) -> Finding:
    """A header that nothing is like; its column is not read."""
    take, pass_over = _answer(header, "数据项编码"), _answer(header, "ignore")
    hint = Text(
        f"这一列没有读取;需要时改表头,或用 {take} 指明;不需要可不管,或用 {pass_over} 以后不再提",
        f"The column was not read; if it is needed, rename it or say {_answer(header, 'CODE')}; "
        f"{pass_over} ends this warning",
    )
    expected = Text("认识的列或数据项", "a known column or measure")
    found = Text(f"列{quoted(header)}", f"the column {quoted(header)}")
    return Finding("column-unknown", found, expected, hint, "warning")


def sum_column(header: str) -> Finding:
    """A column that sums up the others is not read."""
    hint = Text("合计列由系统自己计算,没有读取", "Sums are computed by the system; it was not read")
    found = Text(f"列{quoted(header)}", f"the column {quoted(header)}")
    return Finding("column-unknown", found, Text("数据项的列", "a column of a measure"), hint, "info")


def wrong_unit(header: str, unit: HeaderUnit, measure: Measure) -> Finding:
    """A column in a unit that its measure does not take."""
    own = unit_word(measure) or "数字"
    found = Text(f"列{quoted(header)}的单位是 {unit.word}", f"the column {quoted(header)} is in {unit.word}")
    expected = Text(f"{measure.title.zh}的单位:{own}", f"{measure.code} in {measure.unit}")
    hint = Text("按数据项的单位填写并改表头", "Enter it in the measure's unit and correct the header")
    return Finding("column-unit", found, expected, hint)


def hidden_column(header: str) -> Finding:
    """A column that cannot be seen was read."""
    return Finding(
        "columns-hidden",
        Text(f"隐藏的列{quoted(header)}有数据", f"the hidden column {quoted(header)} holds data"),
        Text("没有隐藏列", "no hidden columns"),
        Text("已照常读取;取消隐藏后请核对", "It was read; unhide it and check"),
        "warning",
    )


def duplicate(text: str, first: str, *, is_measure: bool) -> Finding:
    """Two columns of one table are the same measure or role."""
    found = Text(
        f"列{quoted(text)}与{quoted(first)}是同一项", f"the columns {quoted(text)} and {quoted(first)} are the same"
    )
    hint = Text("只保留一列,或用 --map '多余的表头=ignore' 略去一列", "Keep one of them, or --map 'HEADER=ignore'")
    expected = Text("每个数据项一列", "one column for each measure")
    return Finding("column-duplicate", found, expected, hint, "error" if is_measure else "warning")


def _answer(header: str, code: str) -> str:
    """The option to answer with; quoted, for a header comes out of a file and goes into a shell."""
    return f"--map {quote(f'{plain(header)}={code}')}"


def unread_rows(first: int, last: int) -> Finding:
    """Rows of figures that stand between tables or above the first, below no header that is known."""
    return Finding(
        "sheet-unknown",
        Text(
            f"第 {first} 到 {last} 行有数值,上面没有认识的表头",
            f"rows {first} to {last} hold figures below no known header",
        ),
        Text("有“工号”或“机构编码”列和数据项列的表头", "a header row with 工号 or 机构编码 and measures"),
        Text(
            "这些行没有读取;要报的改好表头后重新上传,不是数据可不管",
            "They were not read; mend their header if they are to be reported, else ignore this",
        ),
        "warning",
    )


def hidden_rows(numbers: Sequence[int]) -> Finding:
    """Rows of data that nobody sees."""
    rows = "、".join(str(number) for number in numbers[:8]) + ("…" if len(numbers) > 8 else "")
    return Finding(
        "rows-hidden",
        Text(f"隐藏的行里有数据({len(numbers)} 行):第 {rows} 行", f"{len(numbers)} hidden rows with data: {rows}"),
        Text("没有隐藏行", "no hidden rows"),
        Text("已照常读取;取消隐藏或筛选后请核对", "They were read; unhide them and check"),
        "warning",
    )


def without_header() -> Finding:
    """A column of a table that holds something below no header."""
    return Finding(
        "column-unknown",
        Text("这一列有内容,没有表头", "the column holds something, but has no header"),
        Text("认识的列或数据项", "a known column or measure"),
        Text(
            "这一列没有读取;要报的补上表头后重新上传,不需要可不管", "It was not read; give it a header if it is needed"
        ),
        "warning",
    )


def numbers_of_people(header: str) -> Finding:
    """Staff numbers in a column that does not say so, in a table that names nobody else but institutions."""
    return Finding(
        "column-unclear",
        Text(
            f"列{quoted(header)}里是工号,表中是个人的数据项",
            f"the column {quoted(header)} holds staff numbers, the measures are of persons",
        ),
        Text("表头“工号”", "the header 工号"),
        Text("表头写上“工号”后重新上传;整个表没有读取", "Write 工号 over it and upload again; the table was not read"),
    )
