"""Setting a paper: every character arrives as it is, and nothing of it is read as source."""

import time

import pytest
from django.utils import translation

from dashebao.platform.screens.api import Column, Fact, Facts, Table
from dashebao.platform.service_centre.papers.printing import printed, qr
from dashebao.platform.service_centre.papers.register import SHEET
from dashebao.platform.service_centre.papers.tests.reading import text_of
from dashebao.platform.service_centre.papers.values import Content, Holder, Part, Prose
from dashebao.platform.service_centre.papers.writing import written

HOLDER = Holder(name="甲", region_code="440106")
WORDS = {"code": "验证码", "check": "核验地址", "number": "编号", "page": "页", "qr": "二维码"}
HOSTILE = (
    '#eval("1+1")', '#read("/etc/passwd")', "$x^2$", "*bold*", "_under_", "]#panic()[", "\\u{1F600}", "<label>", "@ref",
    "= heading", "- item", "`raw`", "#set page(width: 1cm)", "//comment", "/*comment*/", '"quoted"', "~", "''",
)  # fmt: skip


def data_of(content, **more):
    return (
        written(content)
        | {
            "language": "zh",
            "number": "440106-JG-20261122-000001",
            "code": "7F3K-9QXM-22PA-0H4T",
            "check": "http://127.0.0.1:8000/check/",
            "qr": qr("http://127.0.0.1:8000/check/7F3K9QXM22PA0H4T/"),
            "subtitle": "Certificate",
            "office": "广州市社会保险基金管理中心",
            "seal": "广州市社会保险基金管理中心",
            "date": "2026年11月22日",
            "words": WORDS,
        }
        | more
    )


def plain(text):
    return "".join(text.split())


@pytest.mark.parametrize("value", HOSTILE)
def test_values_that_look_like_source_are_printed_as_they_are(value):
    content = Content(
        holder=HOLDER,
        heading=value,
        note=value,
        parts=[
            Part(value, Facts([Fact(value, value)], 2)),
            Part("", Table([Column(value)], [[value]])),
            Part("", Prose([value], value)),
        ],
    )
    assert text_of(printed(SHEET, data_of(content))).count(plain(value)) >= 8


def test_rare_characters_of_names_are_not_lost():
    names = "欧阳䶮龘㛃𬭎𠅤·阿依古丽·買買提"
    content = Content(holder=HOLDER, heading="证明", parts=[Part("", Facts([Fact("姓名", names)], 2))])
    assert names in text_of(printed(SHEET, data_of(content)))


def test_a_long_table_repeats_its_head_and_counts_its_pages():
    rows = [[f"2026-{at:03d}", "珠江智能装备（示例）有限公司", 864_200 + at] for at in range(120)]
    table = Table([Column("月份"), Column("单位"), Column("金额", "money", total=True)], rows)
    with translation.override("zh-hans"):
        content = Content(holder=HOLDER, heading="缴费证明", parts=[Part("缴费明细", table)])
        text = text_of(printed(SHEET, data_of(content)))
    assert text.count("金额") >= 3
    assert "/3" in text or "/4" in text
    assert "2026-119" in text
    assert plain(f"{sum(row[2] for row in rows) / 100:,.2f}") in text


def test_a_page_is_set_in_less_than_a_second_once_the_fonts_are_read():
    content = Content(holder=HOLDER, heading="证明", parts=[Part("", Facts([Fact("姓名", "甲")], 2))])
    data = data_of(content)
    printed(SHEET, data)
    began = time.perf_counter()
    printed(SHEET, data)
    assert time.perf_counter() - began < 1
