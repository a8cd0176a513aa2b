"""The fund's accountants: three signatures in the browser, books, statements, the month's progress; the auditor."""

import json

import pytest

pytestmark = pytest.mark.browser


def test_three_people_signed_every_batch(product, december):
    assert {answer.split(":")[0] for answer in december} == {"fund-maker", "fund-checker", "fund-approver"}
    assert all("signed" in answer for answer in december)
    signed = product.rows(
        "select count(distinct s.user_id) from fund_batchsignature s join fund_paymentbatch b on b.id = s.batch_id"
        " where b.run_month = 202612 and b.state = 'answered' group by b.id"
    )
    assert signed
    assert set(signed) == {(3,)}


def test_the_books_the_statements_and_the_reconciliation_can_be_read(visit, december):
    page = visit("fund-maker")
    for address, words in (
        ("/counter/fund/ledger/", "Trial balance"),
        ("/counter/fund/journals/", "Journals"),
        ("/counter/fund/statements/", "Balance sheet"),
        ("/counter/fund/reconciliation/", "Reconciliation"),
        ("/counter/fund/budget/", "Budget"),
    ):
        assert page.goto(address).status == 200
        assert words in page.inner_text("main")
    page.goto("/counter/fund/batches/")
    page.locator("main table a").first.click()
    assert "Three signatures" in page.inner_text("main")


def test_the_progress_of_the_month_shows_every_step_done(visit, december):
    page = visit("fund-approver")
    page.goto("/counter/month/")
    page.get_by_role("link", name="The month").first.click()
    assert page.locator("tbody tr").count() == 16
    assert page.locator("tbody .tag--ok").count() == 16


def test_the_auditor_reads_the_trail_and_checks_the_seals(visit, retirement):
    page = visit("auditor")
    page.goto("/counter/audit/")
    assert page.locator("tbody tr").count() > 5
    page.goto("/counter/audit/rows/?table=common_benefit")
    assert page.goto("/counter/audit/verify/").status == 200
    assert visit("fund-maker").goto("/counter/audit/").status == 403


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("pension-clerk", "/counter/fund/ledger/"),
        ("levy-clerk", "/counter/fund/batches/"),
        ("fund-maker", "/counter/people/"),
        ("auditor", "/counter/fund/batches/"),
    ],
)
def test_an_officer_without_the_duty_is_refused(visit, username, address):
    assert visit(username).goto(address).status == 403


def test_everything_verifies_after_two_months(product, december):
    for what in ("ledger", "audit"):
        assert json.loads(product.command(what, "verify", "--json").stdout)["differences"] == []
