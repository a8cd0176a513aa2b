"""One month from declaration to posted contributions."""

import json

from dashebao.business.levy import jobs
from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.api import Declared, declare
from dashebao.business.levy.models import BillItem, ContributionLine
from dashebao.business.levy.queries.rosters import PayerRange

MONTH = 202611


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
