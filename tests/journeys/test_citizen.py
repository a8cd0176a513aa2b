"""A citizen looks: the record by year and month, the account, the pension at several ages, who looked."""

import pytest

pytestmark = pytest.mark.browser


def test_the_contribution_record_shows_months_and_years(visit):
    page = visit("citizen")
    page.goto("/my/record/")
    page.select_option("[name=year]", "2025")
    page.get_by_role("button", name="Show").click()
    told = page.inner_text("main")
    assert "Contributions in 2025" in told
    assert "2025-12" in told
    assert "By year" in told


def test_the_statement_of_rights_shows_the_account_of_a_year(visit):
    page = visit("citizen")
    page.goto("/my/pension/statement/")
    page.select_option("[name=year]", "2025")
    page.get_by_role("button", name="Show").click()
    told = page.inner_text("main")
    assert "Statement of social insurance rights" in told
    assert "Personal account" in told
    assert "2025-01" in told


def test_the_estimate_compares_months_of_retirement(visit):
    page = visit("citizen-retiring")
    page.goto("/my/pension/estimate/")
    if "has been awarded already" in page.inner_text("main"):
        page = visit("citizen")
        page.goto("/my/pension/estimate/")
    compared = page.locator(".card", has_text="Months of retirement compared").first
    assert compared.locator("tbody tr").count() >= 3
    assert page.locator("svg").count() > 0


def test_the_citizen_sees_who_looked_at_the_record(visit, retirement):
    page = visit("citizen-retiring")
    page.goto("/my/access/")
    assert page.locator("tbody tr").count() > 0


@pytest.mark.parametrize(
    "address", ["/counter/tasks/", "/counter/fund/ledger/", "/counter/audit/", "/employer/", "/employer/staff/"]
)
def test_a_citizen_is_refused_on_pages_of_others(visit, address):
    page = visit("citizen")
    assert page.goto(address).status == 403


def test_other_peoples_data_is_not_found(product, visit, retirement):
    other = visit("citizen")
    assert other.goto(f"/my/cases/{retirement.number}/").status == 404
    assert other.goto(f"/my/cases/{retirement.number}/explained/").status == 404
    employer = visit("employer")
    ((bill,),) = product.rows(
        "select min(b.id) from levy_bill b where b.unit_id <> 0"
        " and b.unit_id <> (select unit_id from identity_user where username = 'employer')"
    )
    assert employer.goto(f"/employer/bills/{bill}/").status == 404
    clerk = visit("pension-clerk")
    ((person,),) = product.rows("select min(id) from registry_person where region_code not like '4401%'")
    assert clerk.goto(f"/counter/person/{person}/").status == 404
