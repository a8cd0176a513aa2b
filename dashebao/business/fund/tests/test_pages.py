"""The accountant's pages: who may open them, what they show in both languages, and signing through them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dashebao.business.fund import api
from dashebao.business.fund.actions import bank
from dashebao.business.fund.models import PaymentBatch, PaymentBatchLine

from .conftest import FUND, MONTH, POOL, lines

PAGES = ("fund_batches", "fund_ledger", "fund_journals", "fund_statements", "fund_reconciliation", "fund_budget")


@pytest.fixture
def drafted(book, officers):
    api.add_payment_lines(lines([1, 2, 3]))
    api.make_batches(MONTH, FUND, POOL)
    return PaymentBatch.objects.get()


def signed_in(client, user, language="zh-hans"):
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_an_accountant(client, drafted, officers, page, language):
    answer = signed_in(client, officers["maker"], language).get(reverse(page), {"month": str(MONTH)})
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_no_page_opens_without_sign_in(client, drafted, page):
    assert client.get(reverse(page)).status_code == 302


def test_batches_are_signed_on_the_page(client, drafted, officers):
    for stage in ("maker", "checker", "approver"):
        page = signed_in(client, officers[stage])
        shown = page.get(reverse("fund_batches")).content.decode()
        assert drafted.msg_id in shown
        assert "待您签批" in shown
        answer = page.post(reverse("fund_batches"), {"stage": stage, "batch": [drafted.pk]})
        assert answer.status_code == 302
    drafted.refresh_from_db()
    assert drafted.state == "approved"


def test_a_batch_page_shows_payments_and_rejects(client, drafted, officers):
    page = signed_in(client, officers["checker"], "en")
    address = reverse("fund_batch", args=[drafted.pk])
    assert "•••• 0001" in page.get(address).content.decode()
    page.post(address, {"act": "reject", "reason": "wrong month"})
    drafted.refresh_from_db()
    assert (drafted.state, drafted.note) == ("rejected", "wrong month")


def test_a_batch_page_leads_to_the_payments_that_failed(client, sent_batch, the_bank, officers):
    batch = sent_batch()
    address = reverse("fund_batch", args=[batch.pk])
    page = signed_in(client, officers["checker"], "en")
    assert "Failed payments" not in page.get(address).content.decode()
    ends = PaymentBatchLine.objects.filter(batch_id=batch.pk).order_by("person_id")
    bank.take_answer(the_bank.answer(batch, ends.values_list("end_to_end_id", flat=True)[:1]), "answer")
    shown = page.get(address).content.decode()
    assert '<a href="?only=failed">1</a>' in shown
    assert shown.count("•••• ") == 10
    failed = page.get(address, {"only": "failed"}).content.decode()
    assert failed.count("•••• ") == failed.count("•••• 0001") == 1


def test_a_journal_opens_from_the_list(client, book, officers):
    page = signed_in(client, officers["maker"], "en")
    shown = page.get(reverse("fund_journals"), {"month": "202610"}).content.decode()
    address = shown.split("/fund/journals/")[1].split('"')[0]
    journal = page.get(reverse("fund_journals") + address).content.decode()
    assert "10,000,000.00" in journal


def test_the_statements_page_shows_both_forms(client, book, officers):
    shown = signed_in(client, officers["maker"]).get(reverse("fund_statements"), {"month": "202610"}).content.decode()
    assert "会社保01表" in shown
    assert "会社保02表" in shown
    assert "资产负债表" in shown
    assert shown.count("10,000,000.00") >= 4


def test_the_reconciliation_says_which_accounts_have_no_outside_statement(client, book, officers):
    shown = signed_in(client, officers["maker"], "en").get(reverse("fund_reconciliation"), {"month": str(MONTH)})
    text = shown.content.decode()
    assert "No outside statement exists for 1005 Treasury deposit: only the ledger speaks" in text
