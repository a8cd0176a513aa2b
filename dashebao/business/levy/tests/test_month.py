"""One month from declaration to posted contributions."""

import pytest

from dashebao.business.fund.api import books, personal_balances
from dashebao.business.levy import jobs
from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.api import Declared, declare, pension_history
from dashebao.business.levy.models import BillItem, ContributionLine, Settlement
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.tests import tax_office
from dashebao.kernel.batches.api import Step, Waiting
from dashebao.kernel.ledger.api import trial_balance

MONTH = 202611


def run_step(step: Step) -> int:
    """Plan and carry out one step; returns rows."""
    return sum(step.execute(MONTH, plan.args).rows for plan in list(step.plan(MONTH)))


def test_assessed_rows_and_bills_of_a_unit(world):
    unit = world.unit()
    people = world.staff(unit, [400_000, 3_000_000])
    declare(Declared(unit, MONTH))
    payers = PayerRange(unit, unit)
    done = assess_range(payers, MONTH)
    assert done.rows == 2
    line = ContributionLine.objects.get(month=MONTH, person_id=people[0])
    assert line.pension_base_fen == 551_000
    assert line.pension_employer_fen == 88_160
    assert line.pension_worker_fen == 44_080
    assert bill_range(payers, MONTH) == 1
    assert BillItem.objects.filter(month=MONTH, unit_id=unit).count() == 5


def test_a_month_from_declaration_to_the_personal_account(world):
    unit, other = world.unit(), world.unit("440305")
    people = world.staff(unit, [400_000, 3_000_000]) + world.staff(other, [800_000])
    alone = world.flexible(600_000)
    for each in (unit, other):
        declare(Declared(each, MONTH))
    for step in jobs.STEPS[:3]:
        run_step(step())
    items = BillItem.objects.filter(month=MONTH)
    assert items.count() == 12
    rows = tax_office.pay_everything(MONTH)
    for step in jobs.STEPS[3:]:
        run_step(step())
    paid = sum(row["principal_fen"] for row in rows)
    assert Settlement.objects.count() == 12
    book = books("110", "440100")
    income = [row for row in trial_balance(book, MONTH) if row.code == "4001"]
    pension = sum(row["principal_fen"] for row in rows if row["scheme"] == "110")
    assert -sum(row.closing_fen for row in income) == pension
    assert paid > pension
    balances = personal_balances("110", "440100", [*people, alone])
    credited = dict(zip(balances.person_id, balances.balance_fen, strict=True))
    assert sum(balances.balance_fen) == sum(item.worker_fen for item in items if item.scheme == "110")
    history = pension_history([people[0], alone])
    assert list(history.months) == [1, 1]
    assert credited


def test_totals_that_come_before_the_receipts_wait_for_them(world):
    """The tax office's messages may overtake one another, and one that was damaged is sent again."""
    unit = world.unit()
    world.staff(unit, [400_000, 3_000_000])
    declare(Declared(unit, MONTH))
    for step in jobs.STEPS[:3]:
        run_step(step())
    rows = [tax_office.paid_row(item) for item in BillItem.objects.filter(month=MONTH).order_by("id")]
    tax_office.tell_totals(MONTH, rows)
    with pytest.raises(Waiting, match=f"reported {len(rows)} rows"):
        run_step(jobs.CollectStep())
    tax_office.report(MONTH, rows)
    run_step(jobs.CollectStep())
