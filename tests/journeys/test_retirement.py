"""One retirement: claimed at the portal, decided by three officers, paid in the next run, explained on one page."""

import pytest

pytestmark = pytest.mark.browser


def test_the_citizen_follows_the_case_to_the_decision(visit, retirement):
    page = visit("citizen-retiring")
    page.goto("/my/cases/")
    page.get_by_role("link", name="Claim of the employees' pension").first.click()
    told = page.inner_text("main")
    assert retirement.number in told
    assert "Granted" in told
    assert page.locator(".step.is-done").count() == 3
    page.locator("a.hit", has_text="Decision granting").click()
    assert page.locator(".letter").inner_text()


def test_the_officer_who_accepted_is_refused_twice_although_the_duties_are_there(retirement):
    assert len(retirement.refused) == 2
    for answer in retirement.refused:
        assert "notice--err" in answer or answer.startswith(("403", "409"))


def test_the_pension_is_paid_in_the_next_month(product, visit, retirement, december):
    page = visit("citizen-retiring")
    page.goto("/my/insurance/")
    paid = page.locator("tr", has_text="2026-12").filter(has_text="Employees' pension").filter(has_text="Paid")
    assert paid.count() == 1
    ((state, amount),) = product.rows(
        "select b.state, l.amount_fen from fund_paymentline l join common_benefit b on b.person_id = l.person_id"
        " join identity_user u on u.person_id = l.person_id"
        " where u.username = 'citizen-retiring' and l.run_month = 202612 and l.benefit_kind = 'pension'"
    )
    assert state == "running"
    assert f"{amount / 100:,.2f}" in paid.inner_text()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_award_is_explained_on_one_page(visit, retirement, tmp_path, language, width):
    page = visit("citizen-retiring", width, language)
    page.goto(f"/my/cases/{retirement.number}/explained/")
    told = page.inner_text("main")
    assert {"zh": "计发基数", "en": "calculation base"}[language] in told
    assert {"zh": "基础养老金", "en": "basic pension"}[language] in told
    assert {"zh": "国务院", "en": "State Council"}[language] in told
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture = tmp_path / f"explained-{language}-{width}.png"
    page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 20_000
