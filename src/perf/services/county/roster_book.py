"""The roster workbook of a consortium: its institutions, and everybody's posts with their days."""

from collections.abc import Sequence
from decimal import Decimal

from perf.excel.roster_columns import code_to_word
from perf.services.county.layouts import Page, Row, workbook_of
from perf.services.county.people import Person
from perf.services.county.plan import County, Institution

_PLACES = ("机构编码", "机构名称", "类型", "层级", "上级", "所在乡镇卫生院")
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
    "村卫生室",
    "起始日期",
    "结束日期",
)


def roster_workbook(county: County, consortium: Institution, people: Sequence[Person]) -> bytes:
    """The bytes of the workbook."""
    members = county.members(consortium.code)
    names = {i.code: i.name for i in members}
    posts = [
        [
            person.number,
            person.name,
            stint.institution,
            names[stint.institution],
            stint.department,
            stint.post,
            stint.title,
            code_to_word("category", stint.category),
            stint.pay_group,
            Decimal(stint.coefficient),
            Decimal(stint.fte),
            "是" if stint.is_head else "否",
            stint.clinic,
            stint.first_day.isoformat(),
            stint.last_day.isoformat() if stint.last_day else "",
        ]
        for person in people
        for stint in person.stints
        if stint.institution in names
    ]
    title = f"{consortium.name}职工花名册"
    return workbook_of(
        (
            Page("机构名单", f"{consortium.name}机构名单", (), _PLACES, list(_places(county, consortium))),
            Page("花名册", title, (), _PEOPLE, posts),
        )
    )


def _places(county: County, consortium: Institution) -> Sequence[Row]:
    rows: list[Row] = [[consortium.code, consortium.name, code_to_word("kind", "consortium"), "", "", ""]]
    rows.extend(
        [i.code, i.name, code_to_word("kind", i.kind), code_to_word("tier", i.tier), consortium.code, ""]
        for i in county.members(consortium.code)
    )
    kind, tier = code_to_word("kind", "village_clinic"), code_to_word("tier", "village")
    rows.extend([c.code, c.name, kind, tier, consortium.code, c.township] for c in county.clinics_of(consortium.code))
    return rows
