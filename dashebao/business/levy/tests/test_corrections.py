"""Partial payment, late fee, unallocated money, back-payment, base adjustment, refund, deferral."""

from datetime import date, timedelta

import pytest

from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.actions.correcting import BackPay, NewBases, adjust_bases, back_pay
from dashebao.business.levy.actions.matching import match_unallocated, return_unallocated, shares_of
from dashebao.business.levy.actions.relieving import Deferring, defer
from dashebao.business.levy.api import (
    Declared,
    EvidenceMissing,
    NothingToPay,
    RefundOrder,
    assess_unit,
    decide_refund,
    declare,
    owed_by,
    owed_items,
    paid_months,
    pension_history,
)
from dashebao.business.levy.models import (
    Allocation,
    Bill,
    BillItem,
    LateFee,
    LineKind,
    PaidLine,
    Refund,
    Settlement,
    Unallocated,
)
from dashebao.business.levy.queries.arrears import OwedItem
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.tests import tax_office

MONTH = 202611


def billed_unit(world, wages, month=MONTH):
    """A unit with staff, declared, assessed and billed for a month."""
    unit = world.unit()
    people = world.staff(unit, wages, month)
    declare(Declared(unit, month))
    assess_range(PayerRange(unit, unit), month)
    bill_range(PayerRange(unit, unit), month)
    return unit, people


def item_of(unit, scheme, month=MONTH, kind=LineKind.NORMAL):
    return BillItem.objects.get(unit_id=unit, scheme=scheme, month=month, bill__kind=kind)


def test_a_partial_payment_pays_people_one_by_one_and_the_rest_later(world):
    unit, people = billed_unit(world, [600_000, 600_000, 600_000])
    item = item_of(unit, "110")
    one = 600_000 * 24 // 100
    tax_office.report(MONTH, [tax_office.paid_row(item, 2 * one + 5, ticket="A")])
    assert set(PaidLine.objects.values_list("person_id", flat=True)) == set(people[:2])
    assert not Settlement.objects.filter(item=item).exists()
    assert list(pension_history(people).person_id) == people[:2]
    tax_office.report(MONTH, [tax_office.paid_row(item, one - 5, ticket="B")], sequence=2)
    assert Settlement.objects.filter(item=item).exists()
    assert list(pension_history(people).person_id) == people
    paid = Allocation.objects.filter(item=item)
    assert sum(row.worker_fen for row in paid) == item.worker_fen
    assert sum(row.employer_fen for row in paid) == item.employer_fen


def test_the_same_ticket_counts_once(world):
    unit, _people = billed_unit(world, [600_000])
    row = tax_office.paid_row(item_of(unit, "110"))
    tax_office.report(MONTH, [row])
    tax_office.report(MONTH, [row], sequence=2)
    assert Allocation.objects.filter(scheme="110").count() == 1
    assert not Unallocated.objects.exists()


def test_money_paid_twice_and_money_without_bill_is_kept_apart(world):
    unit, _people = billed_unit(world, [600_000])
    item = item_of(unit, "110")
    stranger = tax_office.paid_row(item, 777, ticket="X") | {"item": "", "payer_id": 0}
    tax_office.report(MONTH, [tax_office.paid_row(item), tax_office.paid_row(item, ticket="C"), stranger])
    rest = {row.reason: row.amount_fen for row in Unallocated.objects.all()}
    assert rest == {"overpaid": item.employer_fen + item.worker_fen, "no_bill": 777}
    with pytest.raises(NothingToPay):
        match_unallocated(Unallocated.objects.get(reason="no_bill").pk, unit)


def test_unallocated_money_is_matched_to_what_the_payer_owes(world):
    unit, _people = billed_unit(world, [600_000])
    item = item_of(unit, "110")
    row = tax_office.paid_row(item, ticket="X") | {"item": "", "payer_id": 0}
    tax_office.report(MONTH, [row])
    money = Unallocated.objects.get()
    assert match_unallocated(money.pk, unit) == money.amount_fen
    assert Settlement.objects.filter(item=item).exists()
    with pytest.raises(NothingToPay):
        return_unallocated(money.pk, reason="twice")


def test_a_sum_is_spread_by_scheme_then_month_with_the_worker_first():
    def owed(number, scheme, month):
        return OwedItem(number, 1, month, 1, 1, 0, scheme, date(2026, 11, 15), 100, 50, 0, 0)

    items = [owed(1, "110", 202610), owed(2, "410", 202611), owed(3, "410", 202610)]
    shares = shares_of(330, items, ["410", "310", "510", "210", "110"])
    assert [(s.item_id, s.employer_fen, s.worker_fen) for s in shares] == [(3, 100, 50), (2, 100, 50), (1, 0, 30)]


def test_late_payment_owes_the_fee_of_the_worked_example(world):
    unit, _people = billed_unit(world, [600_000])
    item = item_of(unit, "110")
    tax_office.report(MONTH, [tax_office.paid_row(item, on=str(item.due_on + timedelta(45)), fee=3000)])
    fee = LateFee.objects.get()
    assert fee.days == 45
    assert fee.owed_fen == 144_000 * 45 * 5 // 10_000
    assert owed_by(unit) == sum(row.rest_fen for row in owed_items(unit)) + 240


def test_no_late_fee_while_a_deferral_runs(world):
    unit, _people = billed_unit(world, [600_000])
    defer(Deferring(unit, ("110",), MONTH, MONTH, date(2027, 3, 31), "社会保险法 63"))
    tax_office.report(MONTH, [tax_office.paid_row(item_of(unit, "110"), on="2026-12-30")])
    assert not LateFee.objects.exists()


def test_a_unit_that_did_not_declare_owes_110_percent_of_last_month(world):
    unit, people = billed_unit(world, [600_000], 202610)
    assess_range(PayerRange(unit, unit), MONTH)
    estimate = item_of(unit, "110", kind=LineKind.ESTIMATE)
    assert estimate.employer_fen == 96_000 * 110 // 100
    assert estimate.worker_fen == 48_000 * 110 // 100
    tax_office.report(MONTH, [tax_office.paid_row(estimate)])
    assert len(pension_history(people).months) == 0
    declare(Declared(unit, MONTH))
    assess_unit(unit, MONTH)
    assert Settlement.objects.filter(item=item_of(unit, "110")).exists()
    assert list(paid_months(people, MONTH, MONTH).base_fen) == [600_000]


def test_back_payment_uses_the_limits_of_each_month_and_carries_late_fee(world):
    unit = world.unit()
    person = world.people(1)[0]
    bill = back_pay(BackPay(unit, person, 202506, 202507, 500_000, MONTH))
    lines = {line.for_month: line for line in world_lines(person)}
    assert lines[202506].pension_base_fen == 550_000
    assert lines[202507].pension_base_fen == 551_000
    assert bill.kind == LineKind.BACK_PAYMENT
    assert LateFee.objects.filter(item__bill=bill).count() == 10
    with pytest.raises(NothingToPay):
        back_pay(BackPay(unit, person, 202507, 202507, 500_000, MONTH))
    with pytest.raises(EvidenceMissing):
        back_pay(BackPay(unit, person, 202210, 202210, 500_000, MONTH))


def world_lines(person):
    from dashebao.business.levy.models import ContributionLine

    return list(ContributionLine.objects.filter(person_id=person))


def test_base_adjustment_bills_the_difference_and_returns_credits(world):
    unit, people = billed_unit(world, [600_000, 900_000], 202610)
    tax_office.report(202610, [tax_office.paid_row(i, on="2026-10-12") for i in BillItem.objects.filter(unit_id=unit)])
    done = adjust_bases(NewBases(unit, 202607, MONTH, people, [700_000, 900_000]))
    assert done.people == 1
    difference = item_of(unit, "110", kind=LineKind.DIFFERENCE)
    assert (difference.employer_fen, difference.worker_fen) == (16_000, 8_000)
    tax_office.report(MONTH, [tax_office.paid_row(difference)])
    assert list(paid_months(people, 202610, 202610).base_fen) == [700_000, 900_000]
    adjust_bases(NewBases(unit, 202607, MONTH, people, [600_000, 900_000]))
    refund = Refund.objects.get(scheme="110")
    assert (refund.employer_fen, refund.worker_fen) == (16_000, 8_000)
    tax_office.tell(
        "T05",
        f"T05:R-{refund.pk}",
        {"refund": f"R-{refund.pk}", "ok": True, "executed_on": "2026-11-20", "ticket": "R1"},
        [],
    )
    assert list(paid_months(people, 202610, 202610).base_fen) == [600_000, 900_000]


def test_a_refund_takes_the_month_back(world):
    unit, people = billed_unit(world, [600_000])
    tax_office.pay_everything(MONTH)
    from dashebao.business.levy import jobs
    from dashebao.business.levy.tests.test_month import run_step

    run_step(jobs.PostStep())
    item = item_of(unit, "110")
    order = RefundOrder(unit, people[0], "440106", "110", MONTH, item.employer_fen, item.worker_fen, "paid in error")
    refund = decide_refund(order)
    assert list(paid_months(people, MONTH, MONTH).month) == [MONTH]
    answer = {"refund": f"R-{refund.pk}", "ok": True, "executed_on": "2026-11-20", "ticket": "R2"}
    tax_office.tell("T05", f"T05:R-{refund.pk}", answer, [])
    assert len(paid_months(people, MONTH, MONTH).month) == 0
    assert Bill.objects.filter(unit_id=unit).exists()
