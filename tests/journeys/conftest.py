"""The running product and a browser for journeys."""

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import product as products

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
]  # fmt: skip


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """bin/up with a small province, once for all journeys of this worker."""
    running = products.start(tmp_path_factory.mktemp("product") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(product, chromium):
    """Open a new browser page for a user: `visit("pension-clerk")`, signed in and in English."""
    contexts = []

    def open_as(username: str = "", width: int = 1440, language: str = "en"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="en-US" if language == "en" else "zh-CN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if username:
            page.goto(product.url + "/sign-in/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", product.password)
            page.click("main form button[type=submit]")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()
