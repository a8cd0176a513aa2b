"""One retirement: claimed at the portal, decided by three officers, paid in the next run, explained on one page."""

import pytest

from tests.journeys.cases import advance, claim, hand_in, open_case
from tests.journeys.visitors import said

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


def test_the_citizen_finds_the_service_and_follows_the_case(visit, retirement):
    page = visit("citizen-retiring")
    page.goto("/my/cases/")
    page.get_by_role("link", name="Claim of the employees' pension").first.click()
    assert retirement in page.inner_text("main")
    assert page.locator(".step.is-done").count() == 3
    assert "Granted" in page.inner_text("main") or "Delivered" in page.inner_text("main")


def test_the_payment_of_the_next_month_is_paid(visit, retirement, december):
    page = visit("citizen-retiring")
    page.goto("/my/insurance/")
    line = page.locator("tr", has_text="2026-12").filter(has_text="Paid")
    assert line.count() == 1
