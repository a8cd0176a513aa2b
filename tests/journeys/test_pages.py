"""Every registered page on the demonstration's data, in both languages and widths: accessible, fitting, translated."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from dashebao.platform.screens.api import Face, pages

pytestmark = pytest.mark.browser
FOLDERS = {Face.COUNTER: "counter/", Face.PORTAL: "my/", Face.EMPLOYER: "employer/"}
STATIC = sorted(
    (page for face in Face for page in pages(face) if "<" not in page.path), key=lambda page: (page.face, page.name)
)
OF_ALL_FACES = ("/sign-in/", "/account/", "/account/password/", "/account/second-factor/")
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
NAMES = {"English", "Excel", "Ctrl", "Enter", "SHA", "xlsx", "PDF", "JPEG", "PNG", "API", "OpenAPI", "YAML", "JSON"}
NAMES |= {"Django", "PostgreSQL", "Python", "MiB", "GiB", "Tab", "Shift", "WCAG", "insutype"}
WORD = re.compile(r"(?<![\w./@-])(?=[A-Za-z]*[a-z])[A-Za-z]{3,}(?![\w/@]|\.\w)")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WIDTHS = (1440, 390)
LOOKED_AT = {"zh": 390, "en": 1440}  # axe looks once at a page every day: at officers' pages wide and in English
AT_EVERY_WIDTH = "DASHEBAO_EVERY_WIDTH" in os.environ  # before a release: at both widths
FIXED = "th[scope=col], label, button, legend, nav a"  # words of the program; headings may be names from the data
SEEN = """() => {
  const foreign = "code, pre, kbd, .mono, ins, del, textarea, .api, [lang=en], a[href*='/journals/']", texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const around = walk.currentNode.parentElement;
    if (!around.closest(foreign) && around.checkVisibility()) texts.push(walk.currentNode.textContent);
  }
  return texts.join(" ");
}"""


def address_of(page):
    """Where the page is served."""
    return page.path if page.path.startswith("/") else f"/{FOLDERS[page.face]}{page.path}"


@pytest.fixture(scope="session")
def holders(product):
    """A demonstration account for every duty."""
    held = product.rows(
        "select g.role, min(u.username) from identity_grant g join identity_user u on u.id = g.user_id"
        " where g.valid_during @> current_date group by g.role"
    )
    return dict(held)


@pytest.fixture(scope="module")
def windows(visitors):
    """One window for each user and language, used for every page."""
    opened = {}

    def window(username, language):
        key = username, language
        if key not in opened:
            opened[key] = visitors.enter(username, WIDTHS[0], language)
        return opened[key]

    yield window
    visitors.leave()


def username_for(page, holders):
    """Who opens the page: the first holder of one of its duties, the demonstration's citizen or employer."""
    if page.face is Face.PORTAL:
        return "" if page.public else "citizen-retiring"
    if page.face is Face.EMPLOYER:
        return "employer"
    return next((holders[role] for role in page.roles if role in holders), None)


def opened(window, address):
    """True where the address answers with a page; a file that is handed down has nothing to look at."""
    try:
        answer = window.goto(address)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    assert answer.status in (200, 409)  # 409: told that there is nothing to show yet
    return "html" in answer.headers["content-type"]


def look_at(window, language, *, axe_in):
    """The page in the window fits at both widths, is accessible, and speaks its language only."""
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 900})
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width}"
        if language == axe_in and (AT_EVERY_WIDTH or width == LOOKED_AT[language]):
            found = Axe().run(window, options=AXE).response["violations"]
            assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found] == []
    if language == "zh":
        assert set(WORD.findall(window.evaluate(SEEN))) - NAMES == set()
    else:
        assert set(CHINESE.findall(" ".join(window.locator(FIXED).all_inner_texts()))) <= {"中文"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", STATIC, ids=lambda page: page.name)
def test_the_page_is_accessible_fits_and_is_translated(windows, holders, page, language):
    username = username_for(page, holders)
    assert username is not None, f"nobody in the demonstration holds any of {page.roles}"
    window = windows(username, language)
    if opened(window, address_of(page)):
        look_at(window, language, axe_in="en" if page.face is Face.COUNTER else "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", OF_ALL_FACES)
def test_a_page_that_all_faces_share_is_accessible_fits_and_is_translated(windows, address, language):
    window = windows("" if address == "/sign-in/" else "levy-clerk", language)
    assert opened(window, address)
    look_at(window, language, axe_in="zh")
