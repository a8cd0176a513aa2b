"""Main pages in both languages and two widths: accessible, no sideways scroll, no English left in Chinese."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
PAGES = (
    ("", "/"),
    ("", "/services/SI-401/"),
    ("citizen-retiring", "/my/insurance/"),
    ("citizen", "/my/pension/estimate/"),
    ("citizen", "/my/record/"),
    ("employer", "/employer/"),
    ("employer", "/employer/declare/"),
    ("pension-clerk", "/counter/tasks/"),
    ("pension-clerk", "/counter/start/SI-401/"),
    ("fund-maker", "/counter/fund/statements/"),
    ("fund-maker", "/counter/fund/batches/"),
    ("auditor", "/counter/audit/verify/"),
)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAMES = {"English", "Excel", "Ctrl", "SHA", "xlsx", "PDF", "JPEG", "PNG"}
WORD = re.compile(r"(?<![\w./@-])[A-Za-z]{3,}(?![\w/@]|\.\w)")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("username", "address"), PAGES)
def test_a_main_page_is_accessible_fits_and_speaks_chinese(visit, username, address, width):
    page = visit(username, width, "zh")
    assert page.goto(address).status == 200
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
    assert set(WORD.findall(page.inner_text("body"))) - NAMES == set()
