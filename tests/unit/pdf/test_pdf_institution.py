"""An institution's statement and its yearly book, read back."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.pdf.pdf_sample_view import institution_card, pay_block, trend

from perf.appraisal.institution_view import InstitutionView, InstitutionYear
from perf.appraisal.views import PeerBar
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.pdf.institution import institution_book_pdf, institution_pdf

BAR = PeerBar(Text("有序就医格局"), "36.50", "35.20", "40", 7)


def view(**changes) -> InstitutionView:
    plain = InstitutionView(
        institution="X203",
        name="汤池镇中心卫生院",
        heads=("欧阳㛃𬱖", "𠮷䶮"),
        consortium_name="样例县中医院医共体",
        period="2025-06",
        period_title=Text("2025年6月", "June 2025"),
        run="2025-06#2",
        state="published",
        engine="3",
        digest="9f2c4a7be1d05c38aa4417d3e6b90f12",
        scorecards=(replace(institution_card(), peers=(BAR,)),),
        pay=(pay_block(),),
        given=Money(785_125),
        people=42,
        previous_total="86.50",
        trend=tuple(replace(point, pay=None) for point in trend()),
        rules=("township_month 2025-01 第八条",),
        code="ABCD-EFGH-IJKL-MNOP",
    )
    return replace(plain, **changes)


def read(file: bytes) -> PdfReader:
    return PdfReader(BytesIO(file), strict=True)


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_statement_tells_score_standing_money_heads_and_peers():
    text = "".join(text_of(read(institution_pdf(view()))).split())
    for told in ("单位考核书", "汤池镇中心卫生院", "负责人欧阳㛃𬱖、𠮷䶮", "在册42人", "88.00", "4/7", "上月86.50"):
        assert told in text
    assert "36.50/4035.20（7个得分）" in text
    assert "本月分给本单位合计（元）7,851.25" in text
    assert "本单位/满分" in text


def test_a_draft_says_that_it_is_none_to_keep_and_a_month_without_anything_says_so():
    bare = view(state="draft", digest="", code="", scorecards=(), pay=(), given=Money(0), trend=(), rules=(), heads=())
    text = text_of(read(institution_pdf(bare)))
    assert "未定稿，仅供核对" in text
    assert "本月没有本单位的考核表" in text
    assert "本月没有分给本单位的款项" in text
    assert "负责人" not in text


def test_the_drawing_of_scores_alone_is_told_without_pay():
    reader = read(institution_pdf(view()))
    pieces = [piece.get_object() for piece in reader.trailer["/Root"]["/StructTreeRoot"]["/K"]["/K"]]
    told = [piece["/Alt"] for piece in pieces if piece["/S"] == "/Figure"]
    assert told[0].startswith("近十二个月的考核总分:7月 得分 81.20;")
    assert "应发" not in told[0]
    assert told[1] == "各维度与同组中位数:有序就医格局 36.50(满分 40,同组 7 个得分的中位数 35.20)"


def year() -> InstitutionYear:
    months = tuple(view(period=f"2025-0{n}", period_title=Text(f"2025年{n}月"), run=f"2025-0{n}#1") for n in (1, 2, 3))
    return InstitutionYear(2025, "X203", "汤池镇中心卫生院", "样例县中医院医共体", months, ("2025年4月",))


def test_the_book_opens_with_the_year_and_has_a_bookmark_for_every_month_on_its_page():
    reader = read(institution_book_pdf(year()))
    first, months = reader.outline
    assert first.title == "汤池镇中心卫生院 2025 年"
    assert [one.title for one in months] == [f"2025年{n}月 总分 88.00" for n in (1, 2, 3)]
    for number, one in enumerate(months, start=1):
        page = reader.get_destination_page_number(one)
        assert f"2025-0{number}#1" in reader.pages[page].extract_text()
        assert "单位考核书" in reader.pages[page].extract_text()
    cover = reader.pages[0].extract_text()
    assert "2025年4月 没有已发布的核算" in cover
    assert cover.count("7,851.25") == 3
    for number, page in enumerate(reader.pages, start=1):
        assert f"第{number}页共{len(reader.pages)}页" in "".join(page.extract_text().split())


@pytest.mark.parametrize("draw", [lambda: institution_pdf(view()), lambda: institution_book_pdf(year())])
def test_the_same_view_gives_the_same_bytes(draw):
    assert draw() == draw()


def test_the_year_of_an_institution_ends_with_what_it_was_given_in_all():
    cover = read(institution_book_pdf(year())).pages[0].extract_text()
    assert "23,553.75" in cover.split("全年")[1].splitlines()[0]
    assert "3 个月" in cover


def test_a_card_bears_its_code_and_a_draft_says_that_it_has_none():
    sealed = "".join(text_of(read(institution_pdf(view()))).split())
    assert "验证码ABCD-EFGH-IJKL-MNOP" in sealed
    assert "编码X203" in sealed
    draft = "".join(text_of(read(institution_pdf(view(state="draft", digest="", code="")))).split())
    assert "验证码没有：批次未封存" in draft
