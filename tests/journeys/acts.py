"""What people do on the pages of a case, at the portal and at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page


def fill(page: Page, answers: Mapping[str, str]) -> None:
    """Fill a form's fields by name: texts, dates, choices."""
    for name, value in answers.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def apply_at_portal(page: Page, code: str, answers: Mapping[str, str]) -> str:
    """From the guide of a service to the receipt; returns the case number."""
    page.goto(f"/services/{code}/")
    page.get_by_role("link", name="Apply online").click()
    fill(page, answers)
    page.get_by_role("button", name="Continue").click()
    assert "Check your answers" in page.inner_text("h1")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/done/**")
    return page.locator(".panel-done .code").inner_text().strip()


def act_on(page: Page, number: str, button: str, opinion: str = "Checked, agreed.") -> str:
    """An officer opens a case, writes an opinion and presses a button; returns what the page answered."""
    page.goto(f"/work/case/{number}/")
    page.fill("#opinion", opinion)
    page.get_by_role("button", name=button, exact=False).last.click()
    page.wait_for_load_state()
    return page.locator(".messages").inner_text()


def press_hidden(page: Page, number: str, act: str) -> str:
    """Send an act that the page does not offer, as somebody would who forges the form; returns the answer."""
    page.goto(f"/work/case/{number}/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    sent = page.request.post(
        page.url,
        form={"act": act, "opinion": "mine again", "csrfmiddlewaretoken": token},
        headers={"referer": page.url},
    )
    return sent.text()


def decide(enter: object, number: str, officers: Mapping[str, str]) -> None:
    """Move a case through its steps: user name -> button."""
    for username, button in officers.items():
        page = enter(username)  # type: ignore[operator]
        answer = act_on(page, number, button)
        assert "circle" not in answer, answer
        page.context.close()
