"""The running product and a browser for journeys."""

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys import product as products
from tests.journeys.visitors import CHROMIUM, Visitors


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


@pytest.fixture(scope="session")
def visitors(product, chromium):
    """Everybody who signs in; at the end no page may have broken the security policy or asked another host."""
    crowd = Visitors(product, chromium)
    yield crowd
    crowd.leave()
    assert crowd.complaints == []


@pytest.fixture
def visit(visitors):
    """Open a new browser page for a user: `visit("pension-clerk")`, signed in and in English."""
    before = len(visitors.contexts)
    yield visitors.enter
    visitors.leave(before)
