import struct
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.pdf.pdf_sample_view import long_view, pay_block, sample_view, zero_view

from perf.appraisal.views import TakeHome, TakeHomeLine
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.pdf import Order, drawn, statement_pdf
from perf.pdf.lines import NEVER_FIRST, wrap
from perf.pdf.parts_chart import largest


def read(file: bytes) -> PdfReader:
    return PdfReader(BytesIO(file), strict=True)


def text_of(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(file).pages)


def squeezed(text: str) -> str:
    """Without blanks: a wrapped sentence counts as the sentence."""
    return "".join(text.split())


def every_text(view) -> list[str]:
    """Everything of a view that must stand on paper."""
    found = [
        view.name,
        view.staff_no,
        view.institution_name,
        view.department,
        view.consortium_name,
        view.run,
        view.engine,
        *view.rules,
    ]
    found += [
        view.period_title.zh,
        view.total_pay.text(),
        view.held.text(),
        view.year_to_date.text(),
        *(note.zh for note in view.notes),
    ]
    for card in view.scorecards:
        found += [
            card.title.zh,
            card.total,
            card.grade,
            card.rank,
            card.coefficient,
            card.sum_line.zh,
            card.rounding_difference,
            *card.outcomes,
        ]
        for block in card.dimensions:
            found += [block.title.zh, block.points, block.out_of, block.weight, block.score, block.rounding_difference]
        for line in [line for block in card.dimensions for line in block.lines] + list(card.extra):
            found += [
                line.title.zh,
                line.value,
                line.target,
                line.points,
                line.weight,
                line.score,
                line.clause,
                line.note.zh,
            ]
            found += [line.how.zh, line.how_points.zh, line.how_score.zh, *line.sources[:2]]
    for block in view.pay:
        found += [block.title.zh, block.owner_name, block.total.text(), block.rule]
        for step in block.path:
            found += [step.title.zh, step.before.text(), step.out.text(), step.after.text(), step.how.zh]
        for line in block.lines:
            found += [line.title.zh, line.amount.text(), line.how.zh, line.clause, *(step.zh for step in line.steps)]
    for card in view.institution_scorecards:
        found += [card.title.zh, card.total, card.grade, *(block.score for block in card.dimensions)]
    found += [point.label for point in view.trend] + [point.total for point in view.trend if point.total]
    return [text for text in found if text]


@pytest.mark.parametrize("view", [sample_view(), zero_view(), long_view()], ids=["ordinary", "zero", "long"])
def test_every_text_and_figure_of_the_view_can_be_read_back(view):
    printed = squeezed(text_of(statement_pdf(view)))
    assert [text for text in every_text(view) if squeezed(text) not in printed] == []


@pytest.mark.parametrize(
    "name", ["㛃", "䶮", "𬱖", "𠮷", "堃旻喆珺玥祎赟昇曌", "欧阳㛃𬱖𠮷䶮", "阿依古丽·买买提", "O'Neil-Rosé"]
)
def test_rare_characters_copy_as_themselves(name):
    assert name in text_of(statement_pdf(sample_view(name=name)))


def test_a_character_in_no_face_prints_as_its_code():
    text = text_of(statement_pdf(sample_view(name="张\U0001f600三\U000323af")))
    assert "张[U+1F600]三" in text


def test_line_ends_and_invisible_signs_in_a_name_do_no_harm():
    assert "张 三" in text_of(statement_pdf(sample_view(name="张\n三\ufe00\u200b")))


def test_markup_and_operators_in_a_name_are_only_text():
    name = "<b>张</b> (三) \\ ET Q"
    assert squeezed(name) in squeezed(text_of(statement_pdf(sample_view(name=name))))


def test_the_same_view_gives_the_same_bytes():
    assert statement_pdf(sample_view()) == statement_pdf(sample_view())


def test_what_was_drawn_before_leaves_no_trace():
    """Texts are remembered for the process; the bytes are those of a process that has drawn nothing else."""
    code = (
        "import sys; from tests.unit.pdf.pdf_sample_view import sample_view; from perf.pdf import statement_pdf\n"
        "sys.stdout.buffer.write(statement_pdf(sample_view()))"
    )
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    for name in ("龘靐齉", "𠮷", "Ω", "张三"):
        statement_pdf(sample_view(name=name))
    assert statement_pdf(sample_view()) == alone


def test_two_names_in_one_drawing_are_two_files_with_identifiers_of_their_own():
    files = [read(statement_pdf(sample_view(name=name))) for name in ("张三", "李四")]
    assert files[0].trailer["/ID"] != files[1].trailer["/ID"]
    assert files[0].trailer["/ID"][0] == files[0].trailer["/ID"][1]


def test_the_table_of_references_names_the_place_of_every_object():
    file = statement_pdf(sample_view())
    table = file[int(file.rsplit(b"startxref\n", 1)[1].split()[0]) :].split(b"\n")
    assert table[0] == b"xref"
    rows = table[3 : 2 + int(table[1].split()[1])]
    for number, row in enumerate(rows, start=1):
        assert len(row) == 19
        assert file[int(row[:10]) :].startswith(b"%d 0 obj\n" % number)
    assert file.count(b" 0 obj\n") >= len(rows)


def test_another_figure_gives_other_bytes():
    assert statement_pdf(sample_view()) != statement_pdf(sample_view(total_pay=Money(785_126)))


@pytest.mark.parametrize("view", [sample_view(), zero_view(), long_view()], ids=["ordinary", "zero", "long"])
def test_pages_are_numbered(view):
    pages = read(statement_pdf(view)).pages
    for number, page in enumerate(pages, start=1):
        assert squeezed(f"第 {number} 页 共 {len(pages)} 页") in squeezed(page.extract_text())


def test_a_long_statement_repeats_person_and_table_head_on_three_pages_and_more():
    pages = read(statement_pdf(long_view())).pages
    assert len(pages) >= 3
    for page in pages[1:]:
        assert long_view().name in page.extract_text()
        assert "绩效通知单（续）" in page.extract_text()
    assert "得分 / 满分" in pages[1].extract_text()


def test_somebody_without_pay_gets_one_page_that_says_so():
    pages = read(statement_pdf(zero_view())).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert "本月没有个人考核表" in text
    assert "本月没有分配到本人的款项" in text
    assert "未定稿，仅供核对" in text


@pytest.mark.parametrize("view", [sample_view(name="𠮷"), zero_view(), long_view()], ids=["rare", "zero", "long"])
def test_all_fonts_are_embedded_and_none_draws_a_missing_glyph(view):
    reader = read(statement_pdf(view))
    fonts = {key: font.get_object() for page in reader.pages for key, font in page["/Resources"]["/Font"].items()}
    assert "/R" in fonts
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert len(descriptor["/FontFile2"].get_data()) > 100
    glyphs = {key: font["/DescendantFonts"][0]["/CIDToGIDMap"].get_data() for key, font in fonts.items()}
    for page in reader.pages:
        font, count = "", 0
        for operands, operator in page.get_contents().operations:
            if operator == b"Tf":
                font = operands[0]
            elif operator == b"Tj":
                raw = operands[0] if isinstance(operands[0], bytes) else operands[0].original_bytes
                codes = struct.unpack(f">{len(raw) // 2}H", raw)
                assert all(glyphs[font][2 * code : 2 * code + 2] > b"\0\0" for code in codes)
                count += len(codes)
        assert count


def test_the_file_tells_its_language_and_title_but_neither_name_nor_amount():
    reader = read(statement_pdf(sample_view()))
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.metadata.title == "绩效通知单 2025年6月 2025-06#2"
    everything = " ".join(str(value) for value in reader.metadata.values())
    assert "欧阳" not in everything
    assert "7,851" not in everything


def test_a_draft_says_that_it_is_not_final():
    assert "草稿" in text_of(statement_pdf(sample_view(state="draft")))
    assert "仅供核对" not in text_of(statement_pdf(sample_view(state="published")))


@pytest.mark.parametrize(
    ("previous", "sentence"),
    [
        (None, "上月没有记录"),
        (Money(785_125), "与上月相同（7,851.25）"),
        (Money(785_126), "比上月 ↓ 0.01（上月 7,851.26）"),
        (Money(-100), "比上月 ↑ 7,852.25（上月 -1.00）"),
    ],
)
def test_the_change_against_last_month_is_exact_to_the_fen(previous, sentence):
    assert sentence in text_of(statement_pdf(sample_view(previous_pay=previous)))


def test_odd_fen_are_named_whether_added_or_taken():
    view = sample_view()
    block = view.pay[0]
    lines = (replace(block.lines[0], odd_fen=2), replace(block.lines[1], odd_fen=-1))
    text = squeezed(text_of(statement_pdf(replace(view, pay=(replace(block, lines=lines),)))))
    assert "分得的尾差2分" in text
    assert "减去尾差1分" in text


def test_what_is_held_stands_beside_the_total_and_not_in_it():
    text = squeezed(text_of(statement_pdf(sample_view())))
    assert "家庭医生团队绩效（※暂存，不计入应发）" in text
    assert "应发构成岗位绩效8,123.05；夜班津贴640.00；年终考核预留10%-876.30；更正2025-05#1-35.50一、" in text


def test_what_a_step_says_already_is_not_said_twice():
    view = sample_view()
    block = view.pay[0]
    said = Text("取到分 8,123.05，其中尾差 +1 分")
    line = replace(block.lines[0], steps=(said,), how=said, odd_fen=1)
    text = squeezed(text_of(statement_pdf(replace(view, pay=(replace(block, lines=(line,)),)))))
    assert text.count("尾差+1分") == 1
    assert "分得的尾差" not in text


def test_one_explanation_longer_than_a_page_is_carried_on():
    view = sample_view()
    block = view.pay[0]
    endless = replace(block.lines[0], how=Text("子丑寅卯辰巳午未申酉戌亥" * 900))
    pages = read(statement_pdf(replace(view, pay=(replace(block, lines=(endless,)),)))).pages
    assert len(pages) >= 4
    assert squeezed("".join(page.extract_text() for page in pages)).count("丑") == 900


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_is_drawn_in_order_and_like_single_statements(workers):
    views = [sample_view(staff_no=f"{number:05d}") for number in range(40)]
    orders = (Order(view.staff_no, (view,)) for view in views)
    made = [(order.name, file) for order, file in drawn(orders, workers=workers)]
    assert [name for name, _ in made] == [view.staff_no for view in views]
    assert made[-1][1] == statement_pdf(views[-1])
    assert made[0][1] == statement_pdf(views[0])


def test_an_empty_batch_draws_nothing():
    assert list(drawn([], workers=1)) == []


def test_statements_in_one_file_begin_on_their_own_pages_under_bookmarks():
    views = tuple(
        sample_view(staff_no=f"{number:05d}", name=f"张{sign}", department=place)
        for number, (sign, place) in enumerate([("㛃", ""), ("𠮷", "内科"), ("三", "内科")])
    )
    ((order, file),) = drawn([Order("x", views, "合订", by_department=True)])
    reader = read(file)
    assert reader.metadata.title == "合订"
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == ["未分科室", "内科"]
    below = [[mark.title for mark in marks] for marks in reader.outline if isinstance(marks, list)]
    assert below == [["00000 张㛃"], ["00001 张𠮷", "00002 张三"]]
    first = [
        reader.get_destination_page_number(mark)
        for marks in reader.outline
        if isinstance(marks, list)
        for mark in marks
    ]
    assert first == [0, 2, 4]
    alone = read(statement_pdf(views[1])).pages
    assert [page.extract_text() for page in reader.pages[2:4]] == [page.extract_text() for page in alone]
    assert next(file for _, file in drawn([order])) == file


def test_the_parts_of_a_total_by_post_stand_with_their_arithmetic():
    how = Text("医师考核 90 × 医师在岗天数 20 × 1 ÷ 30 = 60", "doctors 90 × days as doctor 20 × 1 ÷ 30 = 60")
    view = sample_view()
    card = view.scorecards[0]
    part = replace(card.dimensions[0], title=Text("医师考核"), lines=(), how=how)
    shown = squeezed(text_of(statement_pdf(replace(view, scorecards=(replace(card, dimensions=(part,), extra=()),)))))
    assert squeezed(how.zh) in shown
    assert "医师考核" in shown


@pytest.mark.parametrize("width", range(30, 120, 7))
def test_a_sign_stays_with_its_figure_and_no_line_begins_with_a_closing_mark(width):
    lines = wrap("本人考核得分 −35.05、夜班 −80.00（其他人不变）；更正以前月份 −35.50，其他 +41.40。", 8, width)
    assert not any(line.endswith(("−", "（")) for line in lines)
    assert not any(line[0] in NEVER_FIRST for line in lines)


def test_a_statement_of_a_year_does_not_speak_of_a_month():
    view = replace(sample_view(), period="2024", period_title=Text("2024年"), previous_pay=None, previous_total=None)
    text = squeezed(text_of(statement_pdf(view)))
    assert "本次应发绩效（元）" in text
    assert "本次应发合计（元）" in text
    assert "单独核算，与各月应发分开" in text
    assert "本月应发" not in text
    assert "上月没有记录" not in text


def test_the_statement_of_a_member_names_its_kind_and_what_it_was_given():
    view = replace(sample_view(), period="2024", level="institution", category="x", category_title=Text("乡镇卫生院"))
    text = squeezed(text_of(statement_pdf(view)))
    assert "本次分给本单位（元）" in text
    assert "本次分给本单位合计（元）" in text
    assert f"编码{view.staff_no}" in text
    assert "本人/满分" not in text
    assert "工号" not in text.split("考核得分")[0]


def test_from_gross_to_net_every_column_adds_up_and_what_is_beside_the_statement_is_told():
    lines = (
        TakeHomeLine(Text("岗位绩效"), Money(785_125), Text("")),
        TakeHomeLine(Text("上月多发扣回"), Money(-5_125), Text("")),
        TakeHomeLine(Text("基本工资"), Money(300_000), Text("")),
        TakeHomeLine(Text("基本养老保险"), Money(-86_400), Text("10,800 × 8% = 864.00"), is_income=False),
        TakeHomeLine(Text("个人所得税"), Money(0), Text("本次代扣个税：0.00"), is_income=False),
    )
    net = TakeHome("G:2025-07/P1", "2025-07", lines, Money(1_080_000), Money(86_400), Money(0), Money(993_600), ())
    text = squeezed(text_of(statement_pdf(sample_view(take_home=net))))
    assert "应发合计以上各项相加：本单7,851.25，工资等其他项目2,948.7510,800.00" in text
    assert "扣款、个税合计以上各项相加−864.00" in text
    assert "实发合计（元）2025年7月发放9,936.00" in text
    assert "实发9,936.007月发放，含工资等" in text
    alone = replace(net, gross=Money(785_125))
    assert "以上各项相加7,851.25" in squeezed(text_of(statement_pdf(sample_view(take_home=alone))))


def test_no_sum_stands_alone_at_the_top_of_a_page():
    for lines in range(1, 40):
        block = replace(pay_block(), lines=pay_block().lines[:1] * lines)
        pages = PdfReader(BytesIO(statement_pdf(sample_view(pay=(block, block))))).pages
        tops = [page.extract_text().splitlines()[2].strip() for page in list(pages)[1:]]
        assert not [top for top in tops if top.startswith("小计")]


def test_a_rule_is_named_by_title_at_the_foot_and_by_clause_where_it_is_at_work():
    block = replace(
        pay_block(),
        rule="staff_pay 2025-06 县医共体〔2025〕6号 附件2",
        origin=Text("来源：本县 ours 第 5 行 fund（原值 0）"),
    )
    text = squeezed(text_of(statement_pdf(sample_view(pay=(block,)))))
    assert "单位内部分配·汤池镇中心卫生院依据县医共体〔2025〕6号附件2" in text
    assert "单位内部分配staff_pay2025-06" in text
    assert text.index("本县改动单位内部分配：本县ours第5行fund（原值0）") > text.index("申诉与更正")


def test_a_year_is_drawn_by_what_it_is_made_of_and_small_parts_go_together():
    lines = [
        replace(pay_block().lines[0], title=Text(f"项目{number}"), amount=Money(number * 1000))
        for number in range(1, 10)
    ]
    block = replace(pay_block(), lines=tuple(lines), total=Money(45_000))
    text = squeezed(text_of(statement_pdf(sample_view(pay=(block,), total_pay=Money(45_000), period="2024"))))
    assert "由哪些项目组成（元）" in text
    assert "其余4项100.00" in text
    assert "由哪些项目组成" not in squeezed(text_of(statement_pdf(sample_view())))
    assert sum(amount.fen for _, amount in largest([(line.title.zh, line.amount) for line in lines])) == 45_000
