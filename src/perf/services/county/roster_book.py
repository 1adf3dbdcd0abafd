"""The roster workbook of a consortium: its institutions, and everybody's posts with their days."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perf.excel.roster_columns import code_to_word
from perf.services.county.layouts import Page, Row, workbook_of
from perf.services.county.numbers import bank, bank_card, citizen_number
from perf.services.county.people import EXPERT, Person
from perf.services.county.plan import County, Institution
from perf.services.county.ways import BEFORE, stands_in, way_rows

_PLACES = (
    "机构编码",
    "机构名称",
    "级别",
    "类型",
    "层级",
    "上级",
    "所在乡镇卫生院",
    "等级",
    "分配办法",
    "总额办法",
    "下沉报酬办法",
    "起始日期",
    "结束日期",
)
_PEOPLE = (
    "工号",
    "姓名",
    "机构编码",
    "机构名称",
    "科室",
    "岗位",
    "职称",
    "人员类别",
    "分配系列",
    "岗位系数",
    "折算人数",
    "是否负责人",
    "是否下沉人员",
    "村卫生室",
    "起始日期",
    "结束日期",
    "身份证号",
    "银行卡号",
    "开户行",
)


def roster_workbook(county: County, consortium: Institution, people: Sequence[Person]) -> bytes:
    """The bytes of the workbook."""
    members = county.members(consortium.code)
    names = {i.code: i.name for i in members}
    places = names | {unit.code: unit.name for unit in county.units}
    posts = [
        [
            person.number,
            person.name,
            place,
            places[place],
            stint.department,
            stint.post,
            stint.title,
            code_to_word("category", stint.category),
            stint.pay_group,
            Decimal(stint.coefficient),
            Decimal(stint.fte),
            "是" if stint.is_head else "否",
            "是" if stint.post == EXPERT else "否",
            stint.clinic,
            stint.first_day.isoformat(),
            stint.last_day.isoformat() if stint.last_day else "",
            citizen_number(person.number),
            bank_card(person.number),
            bank(person.number),
        ]
        for person in people
        for stint, place in stands_in(county, person)
        if stint.institution in names
    ]
    title = f"{consortium.name}职工花名册"
    return workbook_of(
        (
            Page("机构名单", f"{consortium.name}机构名单", (), _PLACES, list(_places(county, consortium))),
            Page("花名册", title, (), _PEOPLE, posts),
        )
    )


def _places(county: County, consortium: Institution) -> Iterator[Row]:
    members = county.members(consortium.code)
    codes = {i.code for i in members}
    yield from _place(county, consortium, "", "consortium", "")
    for i in members:
        yield from _place(county, i, "", i.kind, consortium.code)
    for unit in county.units:
        if unit.parent in codes:
            level = code_to_word("level", unit.level)
            yield [unit.code, unit.name, level, "", "", unit.parent, "", "", unit.pay_way, "", BEFORE.sent_way, "", ""]
    kind, tier = code_to_word("kind", "village_clinic"), code_to_word("tier", "village")
    for c in county.clinics_of(consortium.code):
        yield [c.code, c.name, "", kind, tier, consortium.code, c.township, *("",) * 6]


def _place(county: County, place: Institution, level: str, kind: str, parent: str) -> Iterator[Row]:
    """A consortium or member: a row for each way in which it paid."""
    head = [place.code, place.name, level, code_to_word("kind", kind), code_to_word("tier", place.tier) or "", parent]
    for way, first, last in way_rows(county, place.code):
        days = [day.isoformat() if day else "" for day in (first, last)]
        yield [*head, "", way.place_class, way.pay_way, way.pool_way, way.sent_way, *days]
