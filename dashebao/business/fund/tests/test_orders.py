"""What needs two officers: the yearly budget, and paying again what failed twice; and words on open items."""

from __future__ import annotations

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dashebao.business.fund import api
from dashebao.business.fund.actions import bank
from dashebao.business.fund.actions.funding import money_missing
from dashebao.business.fund.models import Budget, BudgetProposal, OpenItemNote, PaymentBatch, PaymentLine, Reissue
from dashebao.kernel.identity.api import NotPermitted
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.registry.api import Person

from .conftest import COUNTY, FUND, MONTH, POOL, grant_funds, lines, sign_all

ORDER = api.BudgetOrder(FUND, POOL, 2026, {"4001": 900_000_000, "5001": 700_000_000}, "依据上年执行")
ACCOUNT = api.NewAccount("103", "95599000000000001", "人1")


@pytest.fixture
def failed(book, officers, the_bank) -> tuple[int, int]:
    """A payment the bank could not make twice: its (month, line id)."""
    Person.objects.create(pk=1, name="人1", sex="1", birth_on="1955-01-01", region_code=COUNTY)
    api.add_payment_lines(lines([1, 2]))
    api.make_batches(MONTH, FUND, POOL)
    sign_all(officers)
    api.request_funds(MONTH, FUND, POOL)
    grant_funds()
    end = PaymentLine.objects.get(person_id=1).end_to_end_id
    for attempt in (1, 2):
        api.send_batches(MONTH, FUND, POOL, attempt)
        batch = PaymentBatch.objects.get(attempt=attempt)
        bank.take_answer(the_bank.answer(batch, [end]), f"answer-{attempt}")
        if attempt == 1:
            api.make_batches(MONTH, FUND, POOL, only_again=True)
            sign_all(officers)
    line = PaymentLine.objects.get(person_id=1)
    return line.month, line.id


def signed_in(client, user, language="en"):
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def test_a_budget_is_in_force_once_another_officer_approves_it(book, officers):
    row = api.propose_budget(ORDER, officers["maker"])
    assert not Budget.objects.exists()
    with pytest.raises(NotPermitted):
        api.decide_budget(row.pk, officers["maker"], approve=True)
    api.decide_budget(row.pk, officers["approver"], approve=True)
    assert dict(Budget.objects.values_list("code", "amount_fen")) == ORDER.amounts_fen
    with pytest.raises(api.FundError, match="decided already"):
        api.decide_budget(row.pk, officers["checker"], approve=True)


def test_a_second_proposal_waits_for_the_first(book, officers):
    row = api.propose_budget(ORDER, officers["maker"])
    with pytest.raises(api.FundError, match="waits for its approval"):
        api.propose_budget(ORDER, officers["maker"])
    with pytest.raises(api.FundError, match="Say why"):
        api.decide_budget(row.pk, officers["approver"], approve=False)
    api.decide_budget(row.pk, officers["approver"], approve=False, reason="支出偏高")
    assert api.propose_budget(ORDER, officers["maker"]).pk != row.pk


def test_the_database_refuses_an_order_decided_by_its_proposer(book, officers):
    row = api.propose_budget(ORDER, officers["maker"])
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetProposal.objects.filter(pk=row.pk).update(state="approved", decided_by=row.proposed_by)


def test_a_budget_names_income_and_expense_only(book, officers):
    with pytest.raises(api.FundError, match="income and expense"):
        api.propose_budget(api.BudgetOrder(FUND, POOL, 2026, {"1003": 5}), officers["maker"])


def test_the_budget_is_entered_and_approved_through_the_pages(client, book, officers):
    page = signed_in(client, officers["maker"])
    address = reverse("fund_budget_entry") + f"?month={MONTH}"
    wrong = page.post(address, {"a4001": "12x", "a5001": "7"})
    assert wrong.status_code == 200
    assert 'aria-invalid="true"' in wrong.content.decode()
    assert 'value="7"' in wrong.content.decode()
    assert "Enter at least one amount." in page.post(address, {}).content.decode()
    assert page.post(address, {"a4001": "9,000,000.00", "a5001": "7000000"}).status_code == 302
    row = BudgetProposal.objects.get()
    assert row.amounts == {"4001": 900_000_000, "5001": 700_000_000}
    assert 'value="approve"' not in page.get(reverse("fund_budget"), {"month": MONTH}).content.decode()
    page = signed_in(client, officers["approver"])
    shown = page.get(reverse("fund_budget"), {"month": MONTH}).content.decode()
    assert 'value="approve"' in shown
    page.post(reverse("fund_budget"), {"order": row.pk, "act": "approve"})
    shown = page.get(reverse("fund_budget"), {"month": MONTH}).content.decode()
    assert "9,000,000.00" in shown


def test_what_failed_twice_is_paid_again_to_another_account_out_of_the_returned_money(failed, officers, book):
    assert [(line.month, line.line_id) for line in api.failed_twice()] == [failed]
    order = api.propose_reissue(failed, ACCOUNT, officers["maker"], "电话核实")
    with pytest.raises(NotPermitted):
        api.decide_reissue(order.pk, MONTH, officers["maker"], approve=True)
    api.decide_reissue(order.pk, MONTH, officers["checker"], approve=True)
    line = PaymentLine.objects.get(benefit_kind="reissue")
    assert (line.amount_fen, line.account_number, line.source) == (
        312_345,
        ACCOUNT.number,
        f"line:{failed[0]}:{failed[1]}",
    )
    before = {r.code: r.closing_fen for r in ledger.trial_balance(book, MONTH) if r.detail in ("returned", "pension")}
    api.make_batches(MONTH, FUND, POOL)
    sign_all(officers)
    assert money_missing(MONTH, FUND, POOL) == 0
    api.send_batches(MONTH, FUND, POOL, 1)
    after = {r.code: r.closing_fen for r in ledger.trial_balance(book, MONTH) if r.detail in ("returned", "pension")}
    assert (before["2001"], after["2001"], after["5001"] - before["5001"]) == (-312_345, 0, 0)


def test_a_payment_is_made_again_once_only(failed, officers):
    order = api.propose_reissue(failed, ACCOUNT, officers["maker"])
    with pytest.raises(api.FundError, match="there already"):
        api.propose_reissue(failed, ACCOUNT, officers["maker"])
    api.decide_reissue(order.pk, MONTH, officers["checker"], approve=True)
    api.pay_again(failed, ACCOUNT, MONTH)
    assert PaymentLine.objects.filter(benefit_kind="reissue").count() == 1
    with pytest.raises(api.PaymentConflict, match="made again already"):
        api.add_payment_lines(lines([1], benefit_kind=["reissue"], seq=[9], source=[f"line:{failed[0]}:{failed[1]}"]))


def test_a_payment_that_was_made_or_has_no_account_is_refused(failed, officers):
    made = PaymentLine.objects.get(person_id=2)
    with pytest.raises(api.FundError, match="failed twice"):
        api.propose_reissue((made.month, made.id), ACCOUNT, officers["maker"])
    with pytest.raises(api.FundError, match="holder are needed"):
        api.NewAccount("102", " ", "x")


def test_the_database_refuses_a_release_by_the_proposer(failed, officers):
    order = api.propose_reissue(failed, ACCOUNT, officers["maker"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Reissue.objects.filter(pk=order.pk).update(state="approved", decided_by=order.proposed_by)


def test_a_failed_payment_is_corrected_and_released_through_the_page(client, failed, officers):
    page, address = signed_in(client, officers["maker"]), reverse("fund_reissues")
    assert "Failed twice" in page.get(address).content.decode()
    given = {
        "act": "propose",
        "month": failed[0],
        "line": failed[1],
        "bank_code": "103",
        "number": "955",
        "name": "人1",
    }
    assert page.post(address, given).status_code == 302
    assert 'value="approve"' not in page.get(address).content.decode()
    page = signed_in(client, officers["checker"])
    order = Reissue.objects.get()
    page.post(address, {"act": "approve", "order": order.pk})
    assert PaymentLine.objects.get(benefit_kind="reissue").account_number == "955"


def test_an_open_item_keeps_what_was_found_out_about_it(client, book, officers):
    api.post_entry(api.Entry("fund_request", MONTH, FUND, POOL, "YK-X", 500))
    page, address = signed_in(client, officers["maker"]), reverse("fund_reconciliation") + f"?month={MONTH}"
    assert "YK-X" in page.get(address).content.decode()
    given = {"act": "note", "fund": FUND, "pool": POOL, "account": "1003", "reference": "YK-X", "text": "财政次日入账"}
    page.post(address, given)
    assert "财政次日入账" in page.get(address).content.decode()
    assert OpenItemNote.objects.get().user_name == "maker"
    with pytest.raises(api.FundError):
        api.note_item(api.ItemNote(FUND, POOL, MONTH, "1003", "YK-X", " "), officers["maker"])


def test_an_account_leads_to_its_entries_and_these_to_their_journal(client, book, officers):
    page = signed_in(client, officers["maker"])
    shown = page.get(reverse("fund_ledger"), {"month": "202610"}).content.decode()
    address = shown.split('href="/counter/fund/ledger/')[1].split('"')[0]
    entries = page.get("/counter/fund/ledger/" + address.replace("&amp;", "&")).content.decode()
    assert "/counter/fund/journals/" in entries
    assert "10,000,000.00" in entries
    assert page.get(reverse("fund_account", args=[10**9]) + "?month=202610").status_code == 404


@pytest.mark.parametrize("page", ["fund_ledger", "fund_statements", "fund_reconciliation", "fund_budget"])
def test_tables_are_taken_as_excel_files(client, book, officers, page):
    answer = signed_in(client, officers["maker"]).get(reverse(page), {"month": "202610", "as": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    book_read = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book_read.get_sheet_by_index(0).to_python()[1]
