"""Looking at a page in a window: it answers, fits at both widths, is accessible, and speaks its language only."""

import os
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from dashebao.platform.screens.api import Face

FOLDERS = {Face.COUNTER: "counter/", Face.PORTAL: "my/", Face.EMPLOYER: "employer/"}
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
# words of the program: headings, the way back and the choice of whom to act for may be names from the data
FIXED = "th[scope=col], label, button, legend, nav:not(.crumb, .notice) a"
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
