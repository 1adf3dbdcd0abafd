"""Troubles of who a row is about: lost zeros, same names, wrong numbers, institutions."""

from tests.workbooks.awkward_building import trouble, xlsx

STAFF = ("工号", "姓名", "出院人次")


@trouble("工号丢了前导零,只有一个人对得上")
def lost_zeros() -> bytes:
    return xlsx([STAFF, [203, "张三", 12], ["204", "李四", 8], [205, None, 5]])


@trouble("工号丢了前导零,两个人都对得上")
def lost_zeros_of_two() -> bytes:
    return xlsx([STAFF, [12, None, 3], [12, "长号", 4], ["12", "短号", 5], ["012", None, 6]])


@trouble("工号成了科学计数或带小数点:2.03E+02、203.0")
def staff_numbers_as_decimals() -> bytes:
    return xlsx([STAFF, ["203.0", "张三", 12], ["2.04E+02", "李四", 8]])


@trouble("同名的人:写了工号")
def same_name_with_number() -> bytes:
    return xlsx([STAFF, ["000205", "王芳", 5], ["000206", "王芳", 6]])


@trouble("同名的人:没有工号,写了所在单位")
def same_name_with_institution() -> bytes:
    return xlsx([["所在单位", "姓名", "出院人次"], ["泥河镇卫生院", "王芳", 5], ["白湖镇卫生院", "王芳", 6]])


@trouble("同名的人:没有工号,同一单位,写了科室")
def same_name_with_department() -> bytes:
    return xlsx(
        [
            ["所在单位", "科室", "姓名", "出院人次"],
            ["泥河镇卫生院", "内科", "陈静", 5],
            ["泥河镇卫生院", "外科", "陈静", 6],
        ]
    )


@trouble("同名的人:什么也没写")
def same_name_alone() -> bytes:
    return xlsx([["姓名", "出院人次"], ["王芳", 5], ["张三", 12]])


@trouble("姓名中间有空格、用了异体空格、写错一个字")
def names_with_spaces() -> bytes:
    return xlsx([["姓名", "出院人次"], ["张 三", 12], ["李\u3000四", 8], ["两  岗", 1], ["赵妞", 3], ["𬱖㛃", 4]])


@trouble("工号和姓名对不上")
def number_and_name_differ() -> bytes:
    return xlsx([STAFF, ["000203", "李四", 12], ["000204", "张三", 8]])


@trouble("花名册里没有的人、离职的人")
def people_not_there() -> bytes:
    return xlsx([STAFF, ["000999", "新来的", 12], ["000209", "离职", 8], ["000203", "张三", 5]])


@trouble("有数没有人")
def row_without_anybody() -> bytes:
    return xlsx([STAFF, ["000203", "张三", 12], [None, None, 8]])


@trouble("机构写简称、写错、写编码")
def institutions_in_short() -> bytes:
    return xlsx([["机构名称", "开放床日"], ["泥河卫生院", 900], ["白湖镇卫生院", 870]])


@trouble("机构名称前多写了县名,编码大小写不同")
def institutions_written_otherwise() -> bytes:
    return xlsx(
        [["机构编码", "机构名称", "开放床日"], ["x203", "庐江县泥河镇卫生院", 900], ["Ｘ２０４", "白湖镇卫生院", 870]]
    )


@trouble("同一个人两行,数值不同;另一个两行,数值相同")
def same_person_twice() -> bytes:
    return xlsx([STAFF, ["000203", "张三", 12], ["000203", "张三", 13], ["000204", "李四", 8], ["000204", "李四", 8]])


@trouble("文件名是另一家机构的", "2025-06 白湖镇卫生院.xlsx")
def institution_of_the_file_name() -> bytes:
    return xlsx([["填报机构:泥河镇卫生院"], ["姓名", "出院人次"], ["王芳", 5]])


@trouble("姓名后面加了说明:张三(进修)")
def names_with_notes() -> bytes:
    return xlsx([STAFF, ["000203", "张三(进修)", 12], [None, "李四（产假）", 8]])
