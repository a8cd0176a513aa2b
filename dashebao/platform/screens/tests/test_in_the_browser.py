"""Forms and keyboard in Chromium; every page's accessibility and width is looked at by tests/journeys/test_pages.py."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample
from tests.journeys.visitors import BROWSER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(BROWSER).exists(), reason="Debian's Chromium is not installed"),
]


@pytest.fixture
def opened(chromium, live_server):
    """Open a page of the tests' own server for a user: `opened(user, width=390)`."""
    contexts = []

    def open_page(user, *, width: int):
        contexts.append(
            chromium.new_context(
                viewport={"width": width, "height": 900},
                locale="en-US",
                timezone_id="Asia/Shanghai",
                reduced_motion="reduce",
                base_url=live_server.url,
            )
        )
        client = Client()
        with acting(SYSTEM, "test"):
            client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        contexts[-1].add_cookies([cookie])
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def scene():
    with registered(ClaimExample):
        yield scenes.build()


def test_a_citizen_applies_with_the_error_summary_taking_the_focus(opened, scene):
    page = opened(scene.users["citizen"], width=390)
    page.goto(reverse("portal_apply", args=["TT-101"]))
    page.get_by_role("button", name="Continue").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_retire_on")).to_be_focused()
    page.locator("#id_retire_on").fill("2026-11-06")
    page.get_by_label("Social security card").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".panel-done")).to_contain_text(re.compile(r"440106\d{16}"))
    page.get_by_role("link", name="Follow the case").click()
    expect(page.locator(".step.is-now")).to_contain_text("Accept")


def test_an_officer_finds_a_person_by_keyboard_and_takes_a_case_on(opened, scene):
    page = opened(scene.users["pension.clerk"], width=1440)
    page.goto(reverse("counter_tasks"))
    page.keyboard.press("/")
    expect(page.locator("#omni")).to_be_focused()
    page.keyboard.type(scenes.ID_NUMBER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("林小岚")
    page.goto(reverse("counter_apply", args=["TT-101"]) + f"?who={scenes.ID_NUMBER}")
    page.locator("#id_retire_on").fill("2026-11-06")
    page.get_by_label("Social security card").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Example claim")
    page.locator("#opinion").fill("complete")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".step.is-done")).to_have_count(1)
