"""Sheets of facts in layouts drawn at random, as departments lay them out, with the facts that they say; used by a test and nightly."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.unit.excel.excel_building import BOOK, ROSTER
from tests.workbooks.format_writers import Span, Table, Value, as_html, as_ods, as_text, as_xls, as_xlsx

from perf.excel import facts_of, read_facts, read_workbook
from perf.excel.cells import Workbook
from perf.excel.headers import unit_word
from perf.excel.reading import ImportReading
from perf.kernel.periods import Period
from perf.specs.models import Measure

Key = tuple[str, str, Period]
PEOPLE = {"000203": "张三", "000204": "李四", "000205": "王芳", "000206": "王芳", "000207": "赵㛃", "0012": "长号"}
PLACES = {"X203": "泥河镇卫生院", "X204": "白湖镇卫生院"}
HOME = {"000203": "X203", "000204": "X203", "000205": "X203", "000206": "X204", "000207": "X204", "0012": "X203"}
WRITERS: dict[str, Callable[[Table, list[Span]], bytes]] = {
    "xlsx": lambda rows, spans: as_xlsx(rows, spans=spans),
    "ods": lambda rows, spans: as_ods(rows, spans=spans),
    "html": lambda rows, spans: as_html(rows, spans=spans),
    "xls": lambda rows, spans: as_xls(rows, spans=spans),
    "csv": lambda rows, _: as_text(rows),
    "csv of Windows": lambda rows, _: as_text(rows, "gb18030"),
    "unicode text": lambda rows, _: as_text(rows, "utf-16", "\t"),
}
WITHOUT_SPANS = ("csv", "csv of Windows", "unicode text")
MONTHS = [Period(2025, "month", month) for month in (4, 5, 6)]
JUNE = MONTHS[-1]
_TITLES = ["{}工作量统计表", "二、{}其他", "{}绩效考核数据上报表", "县医共体{}数据", "{}", "{}月报(病案室)"]
_SUBTITLES = ["说明:请如实填报", "填报部门:病案室", "制表日期:2025年7月3日", "(请勿改动表头)"]
_ENDS = [
    "制表人:甲",
    "审核:乙    负责人签字:",
    "备注:以上数据来自病案系统",
    "填表日期:2025年7月2日",
    "注:1.出院人次含转科",
    "第1页 共1页",
    "单位负责人(签章):",
]
_ODD: list[Value] = [
    None,
    "/",
    "八十八",
    "１２",
    "¥1,234.50元",
    "#N/A",
    "  ",
    "12人",
    -3,
    Decimal("0.875"),
    Decimal("12.345678"),
    10**14,
    "是",
    "合计",
    "备注:无",
    "000203",
    "王芳",
    "泥河镇卫生院",
    "2025年5月",
    date(2025, 6, 30),
    "工号",
    "1.2万",
    "(5)",
    "12\n13",
    0,
]
_GROUPS = ["工作量", "质量指标", "医疗服务", "经济", "基本情况", "一、业务", "考核内容"]
_FOREIGN = ["手术台数", "会诊次数", "加班天数(天)", "带教学生"]
_SHAPES = [
    "foreign",
    "wide",
    "wide",
    "wide",
    "grouped",
    "grouped",
    "deep",
    "long",
    "months",
    "months over",
    "rows of months",
]


@dataclass(slots=True)
class Page:
    """One sheet: cells by row and column (from 1), merged ranges, and the facts that it says."""

    shapes: list[str] = field(default_factory=list)
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    facts: dict[Key, Fraction | str] = field(default_factory=dict)
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)
    name: str = "数据"
    is_month_told: bool = False

    @property
    def rows(self) -> list[list[Value]]:
        """All cells, row by row."""
        height, width = (max(place[n] for place in self.cells) for n in (0, 1))
        return [[self.cells.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]

    def bottom(self) -> int:
        """The last row that holds something."""
        return max((row for row, _ in self.cells), default=0)


def page(number: int) -> Page:
    """A sheet with one table or a few; a number gives the same sheet anywhere."""
    chance = Random(f"page {number}")  # noqa: S311 - a test, no secret
    made = Page()
    month_told = chance.choice(["title", "title", "file", "column"])
    shapes = [shape for shape in _SHAPES if "months" not in shape] if month_told == "file" else _SHAPES
    made.name = f"{chance.choice(['2025年6月', '2025-06', '202506'])}数据" if month_told == "file" else "数据"
    measures = list(BOOK.measures.values())
    chance.shuffle(measures)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        _Table(made, chance, measures, month_told, chance.choice(shapes)).lay()
    return made


class _Table:
    """One table on its way onto a page; it takes its measures away, so that no fact stands twice."""

    def __init__(self, made: Page, chance: Random, measures: list[Measure], month_told: str, shape: str) -> None:
        self.page = made
        self.chance = chance
        self.month_told = month_told
        self.level = chance.choice(["person", "person", "institution"])
        self.shape = shape
        most = 2 if self.shape.startswith("months") else 6
        fit = [one for one in measures if one.level == self.level and one.period == "month"]
        self.measures = fit[: chance.randint(1, most)]
        for one in self.measures:
            measures.remove(one)
        people = list(PEOPLE if self.level == "person" else PLACES)
        self.subjects = chance.sample(people, chance.randint(1, len(people)))
        self.left = chance.choice([1, 1, 1, 2, 3])
        self.row = made.bottom() + 1 + (chance.randint(1, 3) if made.cells else chance.randint(0, 2))
        self.heads: list[tuple[list[str], str, object]] = []
        self.units: dict[str, tuple[str, Fraction]] = {}

    def lay(self) -> None:
        if not self.measures:
            return
        self.page.shapes.append(self.shape)
        self._title()
        self._choose_units()
        self._columns()
        depth = max(len(path) for path, _, _ in self.heads)
        self._header(depth)
        self.row += depth
        for at, (subject, month, measure) in enumerate(self._lines()):
            if at and self.chance.random() < 0.05:
                self.row += 1  # a blank row
            if at and self.chance.random() < 0.05:
                self._total("小计")
            self._line(at, subject, month, measure)
            self.row += 1
        if self.chance.random() < 0.4:
            self._total(self.chance.choice(["合计", "合 计", "总计", "平均"]))
        for said in self.chance.sample(_ENDS, self.chance.choice([0, 0, 1, 2])):
            self._put(self.row, self.left, said)
            self.row += 1

    def _put(self, row: int, column: int, value: Value) -> None:
        if value is not None and value != "":
            self.page.cells[row, column] = value

    def _title(self) -> None:
        chance, is_told = self.chance, self.month_told == "title"
        months = self.shape in ("months", "months over", "rows of months")
        when = chance.choice(["2025年6月", "2025-06 ", "二〇二五年六月", "2025年06月份", "2025.06"]) if is_told else ""
        if months:
            when = chance.choice(["2025年", "2025年度"])
        if self.page.is_month_told and not months and chance.random() < 0.4:  # under one heading
            when = ""
        self.page.is_month_told = self.page.is_month_told or (is_told and not months)
        if not when and chance.random() < 0.5:
            return
        self._put(self.row, self.left, chance.choice(_TITLES).format(when))
        self.row += 1
        if chance.random() < 0.3:
            self._put(self.row, self.left, chance.choice(_SUBTITLES))
            self.row += 1
        if chance.random() < 0.2:
            self.row += 1

    def _choose_units(self) -> None:
        """How each measure's figures are written: the word in its header, and what one of them is in its own unit."""
        for one in self.measures:
            word = unit_word(one)
            forms = [(word, Fraction(1, 100) if one.unit == "percent" else Fraction(1))]
            if one.unit == "yuan":
                forms.append(("万元", Fraction(10_000)))
            if one.unit == "wan_yuan":
                forms.append(("元", Fraction(1, 10_000)))
            if one.unit in ("person-times", "points", "days"):
                forms.append(("", Fraction(1)))
            self.units[one.code] = self.chance.choice(forms)

    def _named(self, one: Measure, *, with_unit: bool = True) -> str:
        word, chance = self.units[one.code][0], self.chance
        title = chance.choice([one.title.zh, one.title.zh, one.title.zh, *one.synonyms, one.code])
        if not word or not with_unit:
            return title
        return chance.choice([f"{title}({word})", f"{title}({word})", f"{title}({word})", f"{title} ({word})"])

    def _columns(self) -> None:
        chance = self.chance
        heads: list[tuple[list[str], str, object]] = [(["序号"], "ordinal", None)] if chance.random() < 0.5 else []
        if self.level == "person":
            heads += [([chance.choice(["工号", "职工号"])], "number", None)]
            heads += [(["姓名"], "name", None)] if chance.random() < 0.6 else []
            heads += [(["机构名称"], "home", None)] if chance.random() < 0.2 else []
            heads += [(["科室"], "other", "内科")] if chance.random() < 0.2 else []
        else:
            which = chance.choice(["code", "name", "both"])
            heads += [(["机构编码"], "number", None)] if which != "name" else []
            heads += [([chance.choice(["机构名称", "单位名称", "机构"])], "name", None)] if which != "code" else []
        if self.shape == "rows of months" or (self.month_told == "column" and not self.shape.startswith("months")):
            heads.insert(chance.randint(0, len(heads)), (["月份"], "month", None))
        heads += self._figures()
        if chance.random() < 0.2 and self.shape != "long":
            heads.append((["备注"], "other", chance.choice(["已核对", "调岗", None])))
        self.heads = heads

    def _figures(self) -> list[tuple[list[str], str, object]]:
        chance = self.chance
        if self.shape == "long":
            unit: list[tuple[list[str], str, object]] = [(["计量单位"], "unit", None)] if chance.random() < 0.5 else []
            return [
                ([chance.choice(["指标", "数据项"])], "measure", None),
                *unit,
                ([chance.choice(["数值", "值"])], "value", None),
            ]
        if self.shape.startswith("months"):
            words = chance.choice(["{}月", "2025年{}月", "2025-{:02}"])
            pairs = [(one, month) for one in self.measures for month in MONTHS]
            if self.shape == "months over":
                pairs = [(one, month) for month in MONTHS for one in self.measures]
            made: list[tuple[list[str], str, object]] = []
            names = {one.code: self._named(one) for one in self.measures}
            for one, month in pairs:
                path = [names[one.code], words.format(month.number)]
                made.append((path if self.shape == "months" else path[::-1], "figure", (one, month)))
            return made
        if self.shape == "foreign":
            return [([word], "number of another", None) for word in chance.sample(_FOREIGN, chance.randint(1, 4))]
        groups = chance.sample(_GROUPS, len(_GROUPS))
        made = []
        group = over = groups.pop()
        for at, one in enumerate(self.measures):
            if at and chance.random() < 0.5:
                group = groups.pop()
            path = [self._named(one)]
            if self.shape in ("grouped", "deep"):
                path.insert(0, group)
            if self.shape == "deep":
                path.insert(0, "本月" if over == group else "绩效数据")
            made.append((path, "figure", (one, None)))
        return made

    def _header(self, depth: int) -> None:
        """Names in the lowest row; what heads several columns is merged over them, what has fewer levels downwards."""
        column, gap = self.left, self.chance.random() < 0.1
        self.numbers: list[int] = []
        for at, (_, kind, _) in enumerate(self.heads):
            if gap and at and kind in ("figure", "measure"):
                column, gap = column + 1, False  # a blank column
            self.numbers.append(column)
            column += 1
        paths = [path for path, _, _ in self.heads]
        for at, path in enumerate(paths):
            for level, text in enumerate(path):
                is_same = at > 0 and paths[at - 1][: level + 1] == path[: level + 1] and level < len(path) - 1
                is_next = self.numbers[at] == self.numbers[at - 1] + 1
                if is_same and is_next:
                    continue
                self._put(self.row + level, self.numbers[at], text)
                right = at
                while (
                    level < len(path) - 1
                    and right + 1 < len(paths)
                    and paths[right + 1][: level + 1] == path[: level + 1]
                    and self.numbers[right + 1] == self.numbers[right] + 1
                ):
                    right += 1
                low = self.row + (depth - 1 if level == len(path) - 1 else level)
                if right > at or low > self.row + level:
                    self.page.spans.append((self.row + level, self.numbers[at], low, self.numbers[right]))

    def _lines(self) -> Iterable[tuple[str, Period, Measure | None]]:
        if self.shape == "long":
            return [(who, JUNE, one) for who in self.subjects for one in self.measures]
        if self.shape == "rows of months":
            return [(who, month, None) for who in self.subjects for month in MONTHS]
        return [(who, JUNE, None) for who in self.subjects]

    def _line(self, at: int, subject: str, month: Period, measure: Measure | None) -> None:
        names = PEOPLE if self.level == "person" else PLACES
        plain: Mapping[str, Value] = {
            "ordinal": at + 1,
            "number": self._number(subject),
            "name": names[subject],
            "home": PLACES[HOME.get(subject, "X203")],
            "month": self.chance.choice(["2025-{:02}", "2025年{}月", "2025.{:02}"]).format(month.number),
            "measure": self._named(measure, with_unit="unit" not in {kind for _, kind, _ in self.heads})
            if measure
            else None,
            "unit": (self.units[measure.code][0] or "无") if measure else None,
        }
        for column, (_, kind, about) in zip(self.numbers, self.heads, strict=True):
            if kind == "other":
                self._put(self.row, column, about if isinstance(about, str) and self.chance.random() < 0.7 else None)
            elif kind == "figure" and isinstance(about, tuple):
                self._figure(column, subject, about[1] or month, about[0])
            elif kind == "number of another":
                self._put(self.row, column, self.chance.choice([0, 3, 128, "12"]))
            elif kind == "value" and measure is not None:
                self._figure(column, subject, month, measure)
            else:
                self._put(self.row, column, plain[kind])

    def _number(self, subject: str) -> Value:
        """Staff numbers sometimes lose their zeros, where only one can be meant."""
        return int(subject) if subject.isdigit() and subject != "0012" and self.chance.random() < 0.1 else subject

    def _figure(self, column: int, subject: str, month: Period, one: Measure) -> None:
        if self.level == "person" and self.chance.random() < 0.15:
            return  # a line with nothing but an institution's name could be a title
        written, value = _written(one, self.units[one.code], self.chance)
        self._put(self.row, column, written)
        self.page.facts[subject, one.code, month] = value
        self.page.places[subject, one.code, month] = (self.row, column)

    def _total(self, word: str) -> None:
        self._put(self.row, self.numbers[0], word)
        for column, (_, kind, _) in zip(self.numbers, self.heads, strict=True):
            if kind in ("figure", "number of another") and column != self.numbers[0]:
                self._put(self.row, column, self.chance.randint(0, 999))
        self.row += 1


def _written(one: Measure, unit: tuple[str, Fraction], chance: Random) -> tuple[Value, Fraction | str]:
    """A figure as somebody enters it, and what it is."""
    if one.answers == "text":
        text = chance.choice(["很好", "按时完成", "a;b", "见附件"])
        return text, text
    if one.answers == "rating":
        rating = chance.choice(one.values)
        return rating, rating
    if one.answers == "event":
        number = chance.randint(0, 3)
        return number, Fraction(number)
    word, scale = unit
    digits = one.digits if isinstance(one.digits, int) else 0
    most = int(one.maximum * 10**digits) if one.maximum is not None else 10 ** (digits + 6)
    number = chance.choice([0, chance.randint(0, most), chance.randint(0, most)])
    if one.unit == "percent":
        number = chance.randint(201, most)
    value = Fraction(number, 10**digits)
    shown = Decimal((value / scale).numerator) / Decimal((value / scale).denominator)
    cell: Value = int(shown) if shown == int(shown) else shown
    if word == "%" and chance.random() < 0.2:
        return f"{shown}%", value
    return chance.choice([cell, cell, cell, str(cell), f" {cell:,} "]), value


def read_back(made: Page, kind: str) -> ImportReading:
    """The page written in a format and read."""
    return read_facts(f"{made.name}.{kind.split(maxsplit=1)[0]}", WRITERS[kind](made.rows, made.spans), BOOK, ROSTER)


def wrong(made: Page, kind: str) -> list[str]:
    """What is not right in what was read: facts that nobody wrote, values that are others, facts that are missing."""
    if not made.cells:
        return []
    reading = read_back(made, kind)
    found = {(row.key.subject, row.key.measure, row.key.period): row.value for row in reading.rows}
    errors = [issue.render() for issue in reading.issues if issue.is_error and made.facts]
    others = [
        f"{key} is {value}, written {made.facts.get(key)}"
        for key, value in found.items()
        if made.facts.get(key) != value
    ]
    return errors + others + [f"{key} is missing" for key in made.facts.keys() - found.keys()]


def spoiled(made: Page, number: int) -> Page:
    """The page with a few cells that somebody got wrong or wrote oddly."""
    chance = Random(f"spoiled {number}")  # noqa: S311 - a test, no secret
    places = sorted(made.cells) or [(1, 1)]
    made.cells.setdefault(places[0], None)
    for _ in range(chance.randint(1, 8)):
        odd = chance.choice(_ODD)
        place = chance.choice(places)
        if chance.random() < 0.2:
            made.cells[place] = made.cells[chance.choice(places)]
        else:
            made.cells[place] = odd
    foot, below = made.bottom(), chance.choice([0, 0, 60])  # many rows alike are kept in columns
    for further in range(foot + 1, foot + below + 1):
        like = foot - chance.randrange(min(foot, 4))
        made.cells.update({(further, column): value for (_, column), value in places_of(made, like)})
    return made


def places_of(made: Page, row: int) -> list[tuple[tuple[int, int], Value]]:
    """The cells of a row."""
    return [(place, value) for place, value in made.cells.items() if place[0] == row]


def by_row(book: Workbook) -> Workbook:
    """The same workbook with no row in columns, so that each is read by itself."""
    sheets = (replace(sheet, rows={number: dict(row) for number, row in sheet.rows.items()}) for sheet in book.sheets)
    return replace(book, sheets=tuple(sheets))


def told(reading: ImportReading) -> tuple[object, ...]:
    """All that a reading says."""
    return tuple(reading.rows), reading.issues, reading.coverage, reading.withheld


def wrong_in_all_formats(number: int) -> list[str]:
    """What is `wrong` with a page in any format."""
    return [f"{kind}: {problem}" for kind in _kinds(number) for problem in wrong(page(number), kind)]


def differing(number: int) -> list[str]:
    """The formats in which columns and single rows say different things of a page with faults."""
    found: list[str] = []
    for kind in _kinds(number):
        made = spoiled(page(number), number)
        book = read_workbook(f"{made.name}.{kind.split()[0]}", WRITERS[kind](made.rows, made.spans))
        if told(facts_of(book, BOOK, ROSTER)) != told(facts_of(by_row(book), BOOK, ROSTER)):
            found.append(f"{kind}: by columns another thing than row by row")
    return found


def _kinds(number: int) -> list[str]:
    """All formats; old workbooks, each read in a process of its own, now and then."""
    return [kind for kind in WRITERS if kind != "xls" or number % 20 == 0]
