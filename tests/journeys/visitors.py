"""People at browsers: who signs in, what the console says, which hosts are asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

    from tests.journeys.product import Product

BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")  # the first needs a third of the other's time
BROWSER = next((path for path in BROWSERS if Path(path).exists()), BROWSERS[0])
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
]  # fmt: skip
TONGUES = {"en": "en-US", "zh": "zh-CN"}
EXPECTED = "Failed to load resource: the server responded with a status of 4"  # refusals are tested on purpose


class Visitors:
    """Opens browser pages and keeps what was wrong on any of them."""

    def __init__(self, product: Product, browser: Browser) -> None:
        self.product = product
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.sessions: dict[str, Any] = {}

    def enter(self, username: str = "", width: int = 1440, language: str = "en") -> Page:
        """A new page, signed in as `username` if one is given (once a user: later pages use the same session)."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            locale=TONGUES[language],
            reduced_motion="reduce",
            base_url=self.product.url,
            storage_state=self.sessions.get(username),
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._asked)
        page.on("dialog", lambda dialog: dialog.accept())
        if username and username not in self.sessions:
            self._sign_in(page, username)
        return page

    def _sign_in(self, page: Page, username: str) -> None:
        page.goto("/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", self.product.password)
        page.click("main form button.btn--primary")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        self.sessions[username] = page.context.storage_state()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.product.url, "data:")):
            self.complaints.append(f"{request.frame.url} asked {request.url}")

    def leave(self, keep: int = 0) -> None:
        """Close the pages opened after the first `keep`."""
        for context in self.contexts[keep:]:
            context.close()
        del self.contexts[keep:]


def said(page: Page) -> str:
    """What the page answered: the messages on top."""
    return page.locator(".messages, .error-summary").first.inner_text()
