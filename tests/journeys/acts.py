"""What people do on the pages: claim, decide, declare, sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page

    Enter = Callable[..., Page]

OFFICERS = (("pension-clerk", "Accept"), ("pension-assessor", "Pass on"), ("pension-approver", "Approve"))
SIGNERS = ("fund-maker", "fund-checker", "fund-approver")


@dataclass(frozen=True)
class Retirement:
    """One claim: its number and what the officer who tried every step was told."""

    number: str
    refused: tuple[str, ...]


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


def hand_in(page: Page) -> str:
    """Hand in at the counter or the employer portal; returns the case number of the page that follows."""
    before = page.url
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url(lambda url: url != before and "/case" in url)
    return page.url.rstrip("/").split("/")[-1]


def act_on(page: Page, number: str, button: str) -> str:
    """An officer opens a case, writes an opinion and presses a button; returns what the page answered."""
    page.goto(f"/counter/case/{number}/")
    page.fill("#opinion", "Checked, agreed.")
    page.get_by_role("button", name=button).last.click()
    page.wait_for_load_state()
    return page.locator(".messages").inner_text()


def press_hidden(page: Page, number: str, act: str) -> str:
    """Send an act that the page does not offer, as somebody would who forges the form; returns the answer."""
    page.goto(f"/counter/case/{number}/")
    assert page.locator(f".actionbar [value={act}]").count() == 0
    token = page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]')?.value || ''")
    sent = page.request.post(
        page.url,
        form={"act": act, "opinion": "mine again", "csrfmiddlewaretoken": token},
        headers={"referer": page.url},
    )
    page.goto(f"/counter/case/{number}/")
    return f"{sent.status} {sent.text()}"


def retire(enter: Enter) -> Retirement:
    """The citizen claims, three officers decide; the first of them tries the other two steps as well."""
    number = apply_at_portal(enter("citizen-retiring"), "SI-401", {"retire_month": "2026-11"})
    clerk, refused = enter("pension-clerk"), []
    clerk.goto("/counter/tasks/?list=team")
    assert number in clerk.inner_text("main")
    assert "Done" in act_on(clerk, number, "Accept")
    for username, button in OFFICERS[1:]:
        refused.append(press_hidden(clerk, number, "advance"))
        assert "Done" in act_on(enter(username), number, button)
    return Retirement(number, tuple(refused))


def decide(enter: Enter, page: Page, code: str, answers: Mapping[str, str]) -> str:
    """A citizen's claim from the portal to the decision; returns the case number."""
    number = apply_at_portal(page, code, answers)
    for username, button in OFFICERS:
        answer = act_on(enter(username), number, button)
        assert "Done" in answer, answer
    return number


def remove_staff(page: Page, number: str, name: str) -> None:
    """The employer takes a person off the staff list from the month that is open."""
    page.goto("/employer/staff/")
    year, month = map(int, re.search(r"(20\d\d)-(\d\d)", page.inner_text("main")).groups())
    page.get_by_role("link", name="Remove staff").click()
    page.get_by_role("link", name="Remove one by one").click()
    page.fill("[name=last_month]", f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}")
    page.fill("[name=row-0-id_number]", number)
    page.fill("[name=row-0-name]", name)
    hand_in(page)


def declare_by_form(page: Page) -> str:
    """The employer checks the wages on the form and submits them; returns the answer."""
    page.goto("/employer/declare/")
    page.get_by_role("button", name="Check the wages").click()
    page.get_by_role("button", name="Submit all rows").click()
    return page.locator(".messages").inner_text()


def sign_everything(enter: Enter) -> list[str]:
    """The three officers of the fund sign every batch that waits for them; returns the answers."""
    answers = []
    for username in SIGNERS:
        page = enter(username)
        page.goto("/counter/fund/batches/")
        button = page.get_by_role("button", name="Sign the chosen")
        if button.count():
            button.first.click()
            answers.append(f"{username}: {page.locator('.messages').inner_text()}")
    return answers
