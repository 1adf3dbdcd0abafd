"""Troubles of single cells: months, numbers, percents, blanks, formulas, errors, dates."""

from datetime import UTC, date, datetime

from tests.workbooks.awkward_building import blank, page, saved, trouble, xlsx

MONTHS = ["2025-06", "2025年6月", "2025.6", "202506", "Jun-25", "二〇二五年六月", "2025/6/1", "2025年06月份"]


def numbers(*texts: object, measure: str = "门诊收入(元)") -> bytes:
    """One number a row, each for another person."""
    people = ["000203", "000204", "000205", "000206", "000207", "000301", "000302", "000303", "12", "0012"]
    return xlsx([["工号", measure], *([number, text] for number, text in zip(people, texts, strict=False))])


@trouble("月份的八种文本写法", "数据.xlsx")
def months_in_words() -> bytes:
    people = ["000203", "000204", "000205", "000206", "000207", "000301", "000302", "000303"]
    return xlsx([["工号", "月份", "出院人次"], *([who, month, 1] for who, month in zip(people, MONTHS, strict=True))])


@trouble("月份是日期单元格,显示成 2025年6月", "数据.xlsx")
def month_as_a_date() -> bytes:
    rows = [
        ["工号", "月份", "出院人次"],
        ["000203", date(2025, 6, 1), 1],
        ["000204", datetime(2025, 6, 30, 8, tzinfo=UTC).replace(tzinfo=None), 2],
    ]
    return xlsx(rows, formats={"B2": 'yyyy"年"m"月"', "B3": "mmm-yy"})


@trouble("月份只写“6月”,年份在标题里", "数据.xlsx")
def bare_month_beside_a_year() -> bytes:
    return xlsx(
        [["2025年工作量"], ["工号", "月份", "出院人次"], ["000203", "6月", 1], ["000204", 6, 2], ["000205", "六月", 3]]
    )


@trouble("月份只写“6月”,哪里都没有年份", "数据.xlsx")
def bare_month_without_a_year() -> bytes:
    return xlsx([["工号", "月份", "出院人次"], ["000203", "6月", 1]])


@trouble("月份存成数字 202506 和 2025.06", "数据.xlsx")
def month_as_a_number() -> bytes:
    return xlsx([["工号", "月份", "出院人次"], ["000203", 202506, 1], ["000204", 2025.06, 2], ["000205", 2025.1, 3]])


@trouble("13 月", "数据.xlsx")
def month_thirteen() -> bytes:
    return xlsx([["2025年13月工作量"], ["工号", "出院人次"], ["000203", 1]])


@trouble("月份只在工作表名里,每月一张表", "2025年工作量.xlsx")
def a_sheet_for_each_month() -> bytes:
    book = blank()
    for month in (5, 6):
        page(book, [["工号", "出院人次"], ["000203", month]], f"{month}月")
    return saved(book)


@trouble("1904 日期系统的工作簿(老式 Mac),月份是日期", "数据.xlsx")
def dates_of_1904() -> bytes:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = blank()
    book.epoch = CALENDAR_MAC_1904
    sheet = page(book, [["工号", "月份", "出院人次"], ["000203", date(2025, 6, 1), 1]])
    sheet["B2"].number_format = "yyyy-mm"
    return saved(book)


@trouble("数字存成文本(左上角绿三角),带空格和撇号")
def numbers_as_text() -> bytes:
    return numbers("88", " 88.5 ", "'90", "1,234.50", "12 345")


@trouble("全角数字、全角小数点、全角逗号")
def full_width_digits() -> bytes:
    return numbers("８８", "８８．５", "１，２３４．５０", "８８。５", "－５")


@trouble("带货币符号和单位:￥1,234.50元")
def money_with_signs() -> bytes:
    return numbers(
        "￥1,234.50元",
        "¥1234.5",
        "1234.5元",
        "RMB 1,234.50",
        "人民币1234.5元",
        "1.2万",
        "1.2万元",
        "0.5亿元",
        "$100",
        "1,23,4",
    )


@trouble("中文数字:八十八、一千二百、壹佰贰拾叁元整、十二点五、半")
def numbers_in_words() -> bytes:
    return numbers(
        "八十八",
        "一千二百",
        "壹佰贰拾叁元整",
        "十二点五",
        "壹万贰仟叁佰肆拾伍元陆角柒分",
        "两百",
        "一百零五",
        "十二万",
        "一半",
        "叁拾元",
    )


@trouble("负数的写法:(123)、123-、-123、△123、红字")
def negative_numbers() -> bytes:
    return numbers("(123)", "123-", "-123", "△123", "−5", "(１２３．５)", "－7", measure="增长率(%)")


@trouble("百分数的写法:95%、95％、0.95、95、百分之九十五、95.5个百分点")
def percents() -> bytes:
    rows = [
        ["工号", "满意度(%)"],
        ["000203", "95%"],
        ["000204", "95％"],
        ["000205", 0.95],
        ["000206", 95],
        ["000207", "百分之九十五"],
        ["000301", 0.95],
        ["000302", "0.95"],
        ["000303", "九成五"],
    ]
    return xlsx(rows, formats={"B7": "0%"})


@trouble("看不见的字符:不间断空格、零宽字符、BOM、制表符、换行")
def invisible_characters() -> bytes:
    rows = [
        ["工号\u200b", "\ufeff姓名", "出院人次\u00a0"],
        ["000203\u200b", "张\u3000三", "12\u200b"],
        ["\ufeff000204", "李四\u00a0", "8\u00a0"],
        ["000205\t", "王芳\n", "\u200e5"],
        ["000207", "赵㛃", "\u200b"],
    ]
    return xlsx(rows)


@trouble("空白与零:空、0、-、－、/、无、未填、未报、没有")
def blanks_and_zeros() -> bytes:
    return numbers(None, 0, "-", "－", "/", "无", "未填", "未报", "没有", "0.00", measure="出院人次")


@trouble("公式没有算过(别的程序生成的文件)")
def formula_never_calculated() -> bytes:
    return xlsx([["工号", "出院人次", "诊疗人次"], ["000203", "=B3+1", 30], ["000204", 8, 40]])


@trouble("错误值:#DIV/0!、#N/A、#REF!")
def error_cells() -> bytes:
    book = blank()
    sheet = page(book, [["工号", "出院人次"], ["000203", None], ["000204", None], ["000205", None], ["000206", 3]])
    for row, error in enumerate(("#DIV/0!", "#N/A", "#REF!"), 2):
        sheet.cell(row, 2).value = error
        sheet.cell(row, 2).data_type = "e"
    return saved(book)


@trouble("错误值写成文字(粘贴为文本)", "2025-06 数据.csv")
def error_as_text() -> bytes:
    return "工号,出院人次\n000203,#DIV/0!\n000204,#N/A\n000205,#VALUE!\n".encode()


@trouble("数字被 Excel 认成日期(3-5 变成 3月5日)")
def number_turned_into_a_date() -> bytes:
    return xlsx([["工号", "出院人次"], ["000203", date(2025, 3, 5)], ["000204", 8]])


@trouble("数字后面写了单位和说明:12人次、12例(含转科)、约12、12/15")
def numbers_with_words() -> bytes:
    return numbers("12人次", "12例(含转科)", "约12", "12/15", "12~15", "12+3", "O", "l2", "1 2", measure="出院人次")


@trouble("小数位太多(公式算出来的平均数)")
def too_many_digits() -> bytes:
    return numbers(1234.567, "=10/3", 88.10000000000001)


@trouble("超出范围:得分 130,人次 -3")
def out_of_range() -> bytes:
    return xlsx([["工号", "服务得分", "出院人次"], ["000203", 130, 1], ["000204", 88, -3]])
