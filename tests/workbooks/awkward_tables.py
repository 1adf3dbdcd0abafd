"""Troubles of the table: what stands around it, how its headers are built, how it is laid out, what is hidden."""

from tests.workbooks.awkward_building import blank, page, saved, trouble, xlsx
from tests.workbooks.format_writers import as_text

STAFF = ("工号", "姓名", "出院人次")


@trouble("标题占三行,合并居中,标题里写月份和填报科室", "病案室.xlsx")
def title_rows() -> bytes:
    rows = [
        ["县人民医院医共体"],
        ["2025年6月份工作量统计表"],
        ["填报科室:病案室", None, "填报日期:2025年7月3日"],
        STAFF,
        ["000203", "张三", 12],
    ]
    return xlsx(rows, merge=["A1:C1", "A2:C2"])


@trouble("两级合并表头:人、工作量、质量各占几列")
def headers_of_two_levels() -> bytes:
    rows = [
        ["工号", "姓名", "工作量", None, "质量", None],
        [None, None, "出院人次", "诊疗人次", "满意度(%)", "病历评级"],
        ["000203", "张三", 12, 30, 95, "A"],
    ]
    return xlsx(rows, merge=["A1:A2", "B1:B2", "C1:D1", "E1:F1"])


@trouble("三级合并表头,最下一级是单位")
def headers_of_three_levels() -> bytes:
    rows = [
        ["工号", "医疗服务", None, None, "收入"],
        [None, "工作量", None, "质量", "门诊收入"],
        [None, "出院人次", "诊疗人次", "满意度", "本月"],
        [None, "人次", "人次", "%", "万元"],
        ["000203", 12, 30, 95, 1.25],
    ]
    return xlsx(rows, merge=["A1:A4", "B1:D1", "B2:C2"])


@trouble("三级合并表头")
def headers_of_three_merged_levels() -> bytes:
    rows = [
        ["工号", "医疗服务", None, None, "收入"],
        [None, "工作量", None, "质量", "门诊收入(元)"],
        [None, "出院人次", "诊疗人次", "满意度(%)", None],
        ["000203", 12, 30, 95, 1250],
    ]
    return xlsx(rows, merge=["A1:A3", "B1:D1", "B2:C2", "E2:E3"])


@trouble("三级表头,合并的格子在 csv 里成了空格", "2025-06 工作量.csv")
def headers_of_three_levels_as_text() -> bytes:
    rows = [
        ("工号", "姓名", "本月", "", "", ""),
        ("", "", "工作量", "", "质量", ""),
        ("", "", "出院人次", "诊疗人次", "满意度(%)", "病历评级"),
        ("000203", "张三", "12", "30", "95", "A"),
        ("000204", "李四", "8", "20", "87.5%", "B"),
    ]
    return as_text(rows, "gb18030")


@trouble("两级表头,粘贴成数值以后没有合并的格子")
def headers_of_two_levels_unmerged() -> bytes:
    rows = [
        ["县人民医院工作量"],
        ["工号", "姓名", "工作量", None, "质量"],
        [None, None, "出院人次", "诊疗人次", "满意度(%)"],
        ["000203", "张三", 12, 30, 95],
    ]
    return xlsx(rows, merge=["A1:E1"])


@trouble("长表里每家机构之后一行合计")
def long_with_totals() -> bytes:
    rows = [
        ["机构编码", "指标", "数值"],
        ["X203", "出院人次", 12],
        ["X203", "诊疗人次", 30],
        ["X203", "合计", 42],
    ]
    return xlsx(rows)


@trouble("表头单元格内换行、夹空格、带必填星号")
def headers_with_line_breaks() -> bytes:
    return xlsx([["工 号*", "姓\n名", "出院\n人次(人次)"], ["000203", "张三", 12]])


@trouble("表头里的单位:元、万元、%、‰、人次、天")
def units_in_headers() -> bytes:
    book = blank()
    page(book, [["工号", "门诊收入(万元)", "满意度(%)", "出院人次(人次)"], ["000203", 1.25, 95, 12]], "个人")
    rows = [["机构编码", "总额预算(元)", "院内感染率(‰)", "开放床日(天)"], ["X203", 1250000, 1.5, 900]]
    page(book, rows, "机构")
    return saved(book)


@trouble("表头写的单位与数据项不同(总额预算写成人次)")
def wrong_unit_in_header() -> bytes:
    return xlsx([["机构编码", "总额预算(人次)", "开放床日"], ["X203", 125, 900]])


@trouble("表头上方写“单位:万元”,管所有金额列")
def unit_above_the_table() -> bytes:
    return xlsx([["2025年6月收入"], [None, None, "单位:万元"], ["工号", "出院人次", "门诊收入"], ["000203", 12, 1.25]])


@trouble("合计、小计行和“其中:”")
def total_rows() -> bytes:
    rows = [
        STAFF,
        ["内科", None, None],
        ["000203", "张三", 12],
        ["000204", "李四", 8],
        ["小 计", None, 20],
        ["外科", None, None],
        ["000205", "王芳", 5],
        ["小计", None, 5],
        ["合  计", None, 25],
        ["人均", None, 8.33],
    ]
    return xlsx(rows)


@trouble("合计写在姓名列,工号列为空")
def total_in_the_name_column() -> bytes:
    return xlsx([["序号", *STAFF], [1, "000203", "张三", 12], [2, "000204", "李四", 8], [None, None, "合计", 20]])


@trouble("备注行和签字行在表下方,签字分在几个单元格")
def notes_and_signatures() -> bytes:
    rows = [
        STAFF,
        ["000203", "张三", 12],
        [],
        ["备注:李四本月外出进修,无数据。"],
        ["制表人:王某某", None, "审核人:"],
        ["单位负责人(签字):", None, "2025年7月5日"],
        ["(公章)"],
        [None, "科主任签字:", None],
        ["第 1 页 共 1 页"],
    ]
    return xlsx(rows)


@trouble("备注列写字,序号列编号,都不是数据")
def remarks_column() -> bytes:
    return xlsx([["序号", *STAFF, "备注"], [1, "000203", "张三", 12, "6月10日起请假"], [2, "000204", "李四", 8, None]])


@trouble("一张表上两个表上下排列,各有标题")
def tables_below_each_other() -> bytes:
    rows = [
        ["表一 医师工作量(2025年6月)"],
        STAFF,
        ["000203", "张三", 12],
        ["合计", None, 12],
        [],
        ["表二 机构运行(2025年6月)"],
        ["机构编码", "机构名称", "开放床日"],
        ["X203", "泥河镇卫生院", 900],
        ["X204", "白湖镇卫生院", 870],
    ]
    return xlsx(rows)


@trouble("一张表上两个表左右排列,右边的各有其人")
def tables_beside_each_other() -> bytes:
    rows = [
        ["工号", "出院人次", None, "工号", "诊疗人次"],
        ["000203", 12, None, "000204", 30],
        ["000205", 5, None, "000207", 41],
        ["合计", 17, None, "合计", 71],
    ]
    return xlsx(rows)


@trouble("左右两个表,一个按人,一个按机构")
def tables_of_two_kinds_beside_each_other() -> bytes:
    rows = [
        ["工号", "姓名", "出院人次", None, "机构编码", "机构名称", "开放床日"],
        ["000203", "张三", 12, None, "X203", "泥河镇卫生院", 900],
        ["000204", "李四", 8, None, "X204", "白湖镇卫生院", 870],
        ["000205", "王芳", 5],
    ]
    return xlsx(rows)


@trouble("宽表:每个数据项一列,两个月份各一行")
def wide_with_a_month_column() -> bytes:
    return xlsx([["月份", *STAFF], ["2025-05", "000203", "张三", 11], ["2025-06", "000203", "张三", 12]])


@trouble("宽表:月份列,文件名没有月份", "工作量.xlsx")
def wide_with_months_and_no_other_month() -> bytes:
    return xlsx([["月份", *STAFF], ["2025-05", "000203", "张三", 11], ["2025-06", "000203", "张三", 12]])


@trouble("长表:人员、指标、数值各一列")
def long_by_person() -> bytes:
    rows = [
        ["人员", "指标", "数值"],
        ["张三", "出院人次", 12],
        ["张三", "诊疗人次", 30],
        ["李四", "出院人次", 8],
    ]
    return xlsx(rows)


@trouble("长表:指标、单位、数值,另有月份列", "泥河镇卫生院.xlsx")
def long_with_units_and_months() -> bytes:
    rows = [
        ["填报机构:泥河镇卫生院"],
        ["月份", "指标", "单位", "数值"],
        ["2025年5月", "开放床日", "天", 880],
        ["2025年6月", "开放床日", "天", 900],
        ["2025年6月", "总额预算", "万元", 125],
        ["2025年6月", "院内感染率", "‰", 1.5],
    ]
    return xlsx(rows)


@trouble("各月为列:1月到6月,全年一张表", "2025年 病案室.xlsx")
def months_as_columns() -> bytes:
    rows = [
        ["2025年出院人次"],
        ["工号", "姓名", "1月", "2月", "3月", "4月", "5月", "6月", "合计"],
        ["000203", "张三", 10, 11, 12, 13, 14, 15, 75],
        ["000204", "李四", 1, 2, 3, None, 5, 6, 17],
    ]
    return xlsx(rows)


@trouble("指标为行、各月为列", "2025年 泥河镇卫生院.xlsx")
def months_as_columns_of_measures() -> bytes:
    rows = [
        ["填报机构:泥河镇卫生院"],
        ["指标", "单位", "2025年1月", "2025年2月", "累计"],
        ["开放床日", "天", 880, 900, 1780],
        ["总额预算", "万元", 125, 120.5, 245.5],
    ]
    return xlsx(rows)


@trouble("隐藏的工作表里有数据")
def hidden_sheet() -> bytes:
    book = blank()
    page(book, [STAFF, ["000203", "张三", 12]], "六月")
    page(book, [STAFF, ["000203", "张三", 99]], "旧数据").sheet_state = "hidden"
    return saved(book)


@trouble("隐藏的行(筛选以后上报)")
def hidden_rows() -> bytes:
    book = blank()
    sheet = page(book, [STAFF, ["000203", "张三", 12], ["000204", "李四", 8], ["000205", "王芳", 5]], "六月")
    sheet.row_dimensions[3].hidden = True
    return saved(book)


@trouble("隐藏的列")
def hidden_columns() -> bytes:
    book = blank()
    sheet = page(book, [[*STAFF, "诊疗人次"], ["000203", "张三", 12, 30]], "六月")
    sheet.column_dimensions["D"].hidden = True
    return saved(book)


@trouble("合并单元格:机构名称纵向合并,每人一行")
def merged_keys() -> bytes:
    rows = [["机构名称", *STAFF], ["泥河镇卫生院", "000203", "张三", 12], [None, "000204", "李四", 8]]
    return xlsx(rows, merge=["A2:A3"])


@trouble("数值单元格纵向合并(两人共用一个数)")
def merged_values() -> bytes:
    return xlsx([STAFF, ["000203", "张三", 12], ["000204", "李四", None]], merge=["C2:C3"])


@trouble("数据中间夹空行")
def blank_lines() -> bytes:
    return xlsx([STAFF, ["000203", "张三", 12], [], ["000204", "李四", 8], [None, None, " "], ["000205", "王芳", 5]])


@trouble("分页打印:表头每页重复一次")
def header_repeated_on_each_page() -> bytes:
    rows = [["2025年6月工作量"], STAFF, ["000203", "张三", 12], ["2025年6月工作量(续)"], STAFF, ["000204", "李四", 8]]
    return xlsx(rows)


@trouble("第一张是封面,第二张才是数据,第三张是填报说明")
def cover_sheet() -> bytes:
    book = blank()
    page(book, [["县人民医院医共体"], ["绩效数据上报材料"], ["二〇二五年六月"]], "封面")
    page(book, [STAFF, ["000203", "张三", 12]], "数据")
    page(book, [["一、按月填报"], ["二、没有数据留空"]], "填报说明")
    return saved(book)


@trouble("2 万行只有格式、没有内容", "2025-06 空行.xlsx")
def formatted_blank_rows() -> bytes:
    from openpyxl.styles import Border, Side

    book = blank()
    sheet = page(book, [STAFF, ["000203", "张三", 12]])
    thin = Border(bottom=Side("thin"))
    for row in range(3, 20_003):
        for column in range(1, 4):
            sheet.cell(row, column).border = thin
    return saved(book)


@trouble("表头下一行是单位,没有合并单元格")
def row_of_units() -> bytes:
    return xlsx([["工号", "姓名", "门诊收入", "满意度"], [None, None, "(万元)", "%"], ["000203", "张三", 1.25, 95]])


@trouble("表头分“本月”和“1-6月累计”,下面各有同样的列")
def this_month_and_the_year_so_far() -> bytes:
    rows = [
        ["工号", "姓名", "本月", None, "1-6月累计", None, "上年同期"],
        [None, None, "出院人次", "诊疗人次", "出院人次", "诊疗人次", "出院人次"],
        ["000203", "张三", 12, 30, 70, 181, 11],
    ]
    return xlsx(rows, merge=["A1:A2", "B1:B2", "C1:D1", "E1:F1"])


@trouble("数据项在上、各月在下:出院人次、诊疗人次各占三列", "2025年 病案室.xlsx")
def months_below_each_measure() -> bytes:
    rows = [
        ["工号", "出院人次", None, None, "诊疗人次", None, None],
        [None, "1月", "2月", "3月", "1月", "2月", "3月"],
        ["000203", 10, 11, 12, 30, 31, 32],
    ]
    return xlsx(rows, merge=["A1:A2", "B1:D1", "E1:G1"])


@trouble("各月在上、数据项在下", "2025年 病案室.xlsx")
def measures_below_each_month() -> bytes:
    rows = [
        ["工号", "1月", None, "2月", None],
        [None, "出院人次", "诊疗人次", "出院人次", "诊疗人次"],
        ["000203", 10, 30, 11, 31],
    ]
    return xlsx(rows, merge=["A1:A2", "B1:C1", "D1:E1"])


@trouble("各月为列,有人三月离职(后面几个月空着)", "2025年 病案室.xlsx")
def months_of_somebody_who_left() -> bytes:
    rows = [
        ["2025年出院人次统计表"],
        ["工号", "姓名", "1月", "2月", "3月", "4月", "5月"],
        ["000209", "离职", 10, 11, 12, None, None],
        ["000204", "李四", 1, 2, 3, 4, 5],
        ["000999", "没有的人", 1, 2, 3, 4, 5],
    ]
    return xlsx(rows)


@trouble("各月为列,表头是日期单元格(2025年1月被 Excel 认成日期)", "病案室.xlsx")
def months_that_became_dates() -> bytes:
    from datetime import date

    rows = [["出院人次"], ["工号", "姓名", date(2025, 1, 1), date(2025, 2, 1)], ["000203", "张三", 10, 11]]
    return xlsx(rows, formats={"C2": 'yyyy"年"m"月"', "D2": 'yyyy"年"m"月"'})


@trouble("各月为列,标题说的是目标,不是数据项本身", "2025年 病案室.xlsx")
def months_of_nobody_knows_what() -> bytes:
    return xlsx([["2025年出院人次目标"], ["工号", "姓名", "1月", "2月"], ["000203", "张三", 10, 11]])


@trouble("各月为列,用“数据项:”写明,没有年份", "病案室.xlsx")
def months_without_a_year() -> bytes:
    return xlsx([["数据项:出院人次"], ["工号", "姓名", "1月", "2月"], ["000203", "张三", 10, 11]])


@trouble("各月为列,文件名却只说 6 月", "2025-06 病案室.xlsx")
def months_beside_a_file_of_june() -> bytes:
    return xlsx([["出院人次"], ["工号", "姓名", "5月", "6月"], ["000203", "张三", 10, 11]])


@trouble("交回来的是空表:有人,没有一个数")
def form_that_was_not_filled_in() -> bytes:
    return xlsx([STAFF, ["000203", "张三", None], ["000204", "李四", None]])


@trouble("科室小计、全院合计、“1.医师组”这样的分组行")
def groups_and_their_totals() -> bytes:
    rows = [
        STAFF,
        ["1.医师组(2人)"],
        ["000203", "张三", 12],
        ["000204", "李四", 8],
        ["医师组小计", None, 20],
        ["2.护理组", None, None],
        ["000205", "王芳", 5],
        ["护理组小计", None, 5],
        ["全院合计", None, 25],
    ]
    return xlsx(rows)


@trouble("标题写六月,落款日期是七月", "工作量.xlsx")
def signed_in_the_next_month() -> bytes:
    from datetime import date

    return xlsx([["2025年6月工作量"], ["单位:泥河镇卫生院", None, date(2025, 7, 3)], STAFF, ["000203", "张三", 12]])


@trouble("标题里有两个月份", "工作量.xlsx")
def two_months_in_the_title() -> bytes:
    return xlsx([["2025年5月、2025年6月工作量"], STAFF, ["000203", "张三", 12]])


@trouble("长表里的数据项叫“平均住院日”“医疗费用合计”,不是合计行", "2025-06 泥河镇卫生院.xlsx")
def long_with_measures_called_totals() -> bytes:
    rows = [
        ["指标", "单位", "数值"],
        ["平均住院日", "天", 7.5],
        ["医疗费用合计", "万元", 12.5],
        ["开放床日", "天", 900],
        ["合计", None, 920],
    ]
    return xlsx(rows)


@trouble("各机构为列、指标为行(横过来的表)")
def institutions_as_columns() -> bytes:
    return xlsx([["指标", "单位", "泥河镇卫生院", "白湖镇卫生院"], ["开放床日", "天", 900, 870]])


@trouble("横过来的表转置以后")
def institutions_as_columns_turned() -> bytes:
    return xlsx([["机构名称", "开放床日"], ["单位", "天"], ["泥河镇卫生院", 900], ["白湖镇卫生院", 870]])
