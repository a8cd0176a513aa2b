"""Reconciliation of ledger, bank and finance, the close of months and years, and the statements."""

from __future__ import annotations

from datetime import date

import pytest

from dashebao.business.fund import api
from dashebao.business.fund.actions import bank, funding, reconciling
from dashebao.business.fund.models import (
    ExternalEntry,
    FundRequest,
    PaymentBatchLine,
    PaymentResult,
    StoredStatement,
    YearEnd,
)
from dashebao.kernel.exchange.api import Refused
from dashebao.kernel.ledger import api as ledger

from .conftest import (
    FUND,
    MONTH,
    POOL,
    batch_entry,
    finance_statement,
    fund_entry,
    return_entry,
    statement_xml,
)

ACCOUNT = f"ZC{FUND}{POOL}"
THROUGH = date(2026, 11, 30)


@pytest.fixture
def paid(sent_batch, the_bank):
    """A batch of ten payments, one of them failed; answers the batch."""
    batch = sent_batch()
    end = PaymentBatchLine.objects.filter(batch_id=batch.pk).order_by("line_id").first().end_to_end_id
    bank.take_answer(the_bank.answer(batch, [end]), "answer")
    return batch


def state(paid, *more):
    """The bank's and the finance office's statements of the month."""
    [request] = FundRequest.objects.all()
    rows = [fund_entry(request), batch_entry(paid, paid.total_fen - 312_345), *more]
    reconciling.take_bank_statements(statement_xml(ACCOUNT, rows), "camt", THROUGH)
    reconciling.take_finance_statement(finance_statement([request]), "F04")


def test_ledger_bank_and_finance_agree(book, paid):
    state(paid)
    found = api.reconcile(MONTH, FUND, POOL)
    assert (found.items, found.bank_fen, found.finance_fen) == ((), 312_345, 1_000_000_000 - 3_123_450)
    assert found.ledger_fen == found.bank_fen + found.finance_fen


def test_every_item_that_differs_is_named(book, paid):
    [request] = FundRequest.objects.all()
    rows = [fund_entry(request), batch_entry(paid, paid.total_fen), ("X9", 77, "OTHER", "")]
    reconciling.take_bank_statements(statement_xml(ACCOUNT, rows), "camt", THROUGH)
    reconciling.take_finance_statement(finance_statement([request]), "F04")
    found = api.reconcile(MONTH, FUND, POOL)
    named = [(item.account, item.reference, item.side, item.ledger_fen, item.outside_fen) for item in found.items]
    assert named == [("1004", paid.msg_id, "both", -2_811_105, -3_123_450), ("1004", "X9", "bank", 0, 77)]
    assert [c.fund for c in api.unreconciled(MONTH)] == [FUND]
    with pytest.raises(api.NotReconciled, match="X9"):
        api.close_month(FUND, POOL, MONTH)


def test_money_finance_says_it_paid_must_have_reached_the_bank(book, paid):
    reconciling.take_bank_statements(statement_xml(ACCOUNT, [batch_entry(paid, 2_811_105)]), "camt", THROUGH)
    reconciling.take_finance_statement(finance_statement(list(FundRequest.objects.all())), "F04")
    items = api.reconcile(MONTH, FUND, POOL).items
    assert [(i.account, i.side) for i in items] == [("1004", "ledger"), ("1003/1004", "finance")]


def test_a_returned_payment_is_booked_once_and_sent_again_next_month(book, paid):
    line = PaymentBatchLine.objects.filter(batch_id=paid.pk).order_by("line_id").last()
    back = return_entry("RT-1", line.end_to_end_id, line.amount_fen)
    state(paid, back)
    assert api.reconcile(MONTH, FUND, POOL).items == ()
    assert PaymentResult.objects.filter(status="returned").count() == 1
    [request] = FundRequest.objects.all()
    rows = [back, batch_entry(paid, paid.total_fen - 312_345), fund_entry(request)]
    assert reconciling.take_bank_statements(statement_xml(ACCOUNT, rows), "camt-again", THROUGH) == 0
    assert PaymentResult.objects.filter(status="returned").count() == 1
    assert api.make_batches(202612, FUND, POOL).lines == 2


def test_a_return_that_fits_no_payment_stays_open(book, paid):
    state(paid, return_entry("RT-1", "P202611-999999999999", 312_345), return_entry("RT-2", "x' or 1=1", 5))
    items = api.reconcile(MONTH, FUND, POOL).items
    assert [(i.reference, i.side) for i in items] == [("RT-1", "bank"), ("RT-2", "bank")]
    assert not PaymentResult.objects.filter(status="returned").exists()


def test_a_return_with_another_amount_stays_open(book, paid):
    line = PaymentBatchLine.objects.filter(batch_id=paid.pk).order_by("line_id").last()
    state(paid, return_entry("RT-1", line.end_to_end_id, line.amount_fen + 1))
    assert [i.reference for i in api.reconcile(MONTH, FUND, POOL).items] == ["RT-1"]


def test_a_month_closes_once_and_then_takes_no_posting(book, paid):
    with pytest.raises(api.NotReconciled):
        api.close_month(FUND, POOL, MONTH)
    state(paid)
    api.reconcile(MONTH, FUND, POOL)
    assert [api.close_month(FUND, POOL, MONTH), api.close_month(FUND, POOL, MONTH)] == ["closed", "already"]
    with pytest.raises(ledger.PeriodClosed):
        api.post_entry(api.Entry("subsidy", MONTH, FUND, POOL, "S-1", 100))


def test_a_month_with_an_unanswered_batch_stays_open(book, sent_batch):
    sent_batch()
    with pytest.raises(api.NotReconciled, match="1 payment batches"):
        api.close_month(FUND, POOL, MONTH)


def test_the_statements_are_published_after_the_close(book, paid):
    state(paid)
    api.reconcile(MONTH, FUND, POOL)
    with pytest.raises(api.FundError):
        api.publish_statements(FUND, POOL, MONTH)
    api.close_month(FUND, POOL, MONTH)
    sheet, income = api.publish_statements(FUND, POOL, MONTH)
    assert sheet.row("assets_total").second_fen == 1_000_000_000 - 3_123_450 + 312_345
    assert sheet.row("liability", "2001").second_fen == 312_345
    assert income.row("expense", "5001").first_fen == 3_123_450
    assert income.row("closing").second_fen == sheet.row("net_total").second_fen == 1_000_000_000 - 3_123_450
    api.publish_statements(FUND, POOL, MONTH)
    stored = list(StoredStatement.objects.values_list("form", flat=True))
    assert sorted(stored) == ["会社保01表", "会社保02表"]
    assert api.Statement.from_json(StoredStatement.objects.get(form="会社保02表").content) == income


def test_december_closes_the_year_and_still_shows_it(book):
    api.post_entry(api.Entry("tax_receipt", 202612, FUND, POOL, "t", 500, "employer"))
    api.post_entry(api.Entry("late_fee", 202612, FUND, POOL, "l", 7))
    before = api.income_statement(book, 202612)
    assert [api.close_year(FUND, POOL, 2026), api.close_year(FUND, POOL, 2026)] == ["posted", "exists"]
    sheet, income = api.both_statements(book, 202612)
    assert income == before
    assert (income.row("surplus").second_fen, sheet.row("surplus").second_fen) == (507, 0)
    assert sheet.row("net", "3001").second_fen == 1_000_000_507
    january = api.income_statement(book, 202701)
    assert (january.row("income_total").second_fen, january.row("opening").second_fen) == (0, 1_000_000_507)
    assert YearEnd.objects.get().lines == {"4001": 500, "4501": 7, "3001": -507}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"document_type": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'}, "document type"),
        ({"closing_fen": 1}, "closing balance"),
    ],
)
def test_a_hostile_statement_is_refused_and_leaves_nothing(book, change, word):
    content = statement_xml(ACCOUNT, [("A", 5, "OTHER", "")], **change)
    with pytest.raises(Refused, match=word):
        reconciling.take_bank_statements(content, "camt", THROUGH)
    assert not ExternalEntry.objects.exists()


def test_a_statement_of_a_strange_account_is_refused(book):
    with pytest.raises(Refused, match="is not an account"):
        reconciling.take_bank_statements(statement_xml("666", []), "camt", THROUGH)


def test_an_entry_that_comes_again_with_another_amount_is_refused(book):
    reconciling.take_bank_statements(statement_xml(ACCOUNT, [("A", 5, "OTHER", "")]), "one", THROUGH)
    changed = statement_xml(ACCOUNT, [("A", 6, "OTHER", "")], statement="ST-2")
    with pytest.raises(Refused, match="another amount"):
        reconciling.take_bank_statements(changed, "two", THROUGH)


def test_a_finance_statement_must_add_up(book):
    data = finance_statement([])
    data["accounts"][0]["closing_fen"] += 1
    with pytest.raises(Refused, match="closing balance"):
        reconciling.take_finance_statement(data, "F04")


def test_budget_against_actual_with_payable_months(book):
    api.set_budget(FUND, POOL, 2026, {"4001": 1_000_000, "5001": 2_000_000})
    api.post_entry(api.Entry("fund_request", MONTH, FUND, POOL, "r", 900_000))
    api.post_entry(api.Entry("benefit", MONTH, FUND, POOL, "b", 900_000, "pension"))
    report = api.budget_report(book, MONTH)
    assert [(r.code, r.budget_fen, r.actual_fen, r.executed_bp) for r in report.rows] == [
        ("4001", 1_000_000, 0, 0),
        ("5001", 2_000_000, 900_000, 4500),
    ]
    assert (report.balance_fen, report.payable_tenths) == (999_100_000, 122_112)
    with pytest.raises(api.FundError):
        api.set_budget(FUND, POOL, 2026, {"1003": 5})


def test_maternity_stated_apart_belongs_to_the_medical_fund(partners_and_medical):
    book = partners_and_medical
    api.post_entries(
        api.Entries("tax_receipt", MONTH, ["310", "510"], ["440100"] * 2, ["T"] * 2, [700, 300], ["employer"] * 2)
    )
    lines = [{"scheme": s, "pool": "440100", "amount_fen": fen} for s, fen in (("310", 700), ("510", 300))]
    funding.take_treasury_transfer({"transfer": "GK1", "month": MONTH, "lines": lines, "total_fen": 1000})
    rows = [
        {
            "scheme": scheme, "pool": "440100", "account": account, "opening_fen": 0, "closing_fen": fen,
            "entries": [{"number": scheme, "on": "2026-11-18", "kind": "treasury_in", "amount_fen": fen, "reference": "GK1"}],
        }
        for scheme, account, fen in (("310", "CZ310440100", 700), ("510", "", 300))
    ]  # fmt: skip
    reconciling.take_finance_statement({"month": MONTH, "accounts": rows}, "F04")
    reconciling.take_bank_statements(statement_xml("ZC310440100", []), "camt", THROUGH)
    found = api.reconcile(MONTH, "310", "440100")
    assert (found.items, found.finance_fen, book > 0) == ((), 1000, True)


@pytest.fixture
def partners_and_medical(book) -> int:
    return api.set_up_fund(api.FundSetup("310", "440106", 202610))
