"""A month paid in the past, computed again from what was known then, gives what was paid, whatever was changed since."""

from random import Random

import pytest
from django.db.models import Max
from django.utils import timezone

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import StopReason, end_benefit, live_benefit
from dashebao.business.insurance.common.models import Benefit, BenefitComponent
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.adjustments import IncreaseOrder, increase_pensions, open_round
from dashebao.business.insurance.pension.tests.test_the_months_run import pensioners
from dashebao.business.insurance.pension.tests.world import open_fund
from dashebao.kernel.records.api import SYSTEM, acting, as_known

pytestmark = pytest.mark.django_db
PEOPLE, MONTHS = 12, (202611, 202612)


def owed_then(person_id, month, known):
    """What was known then to be owed for one month: running benefits as they stood, their frozen components written by then."""
    moment, last = known
    benefits = {one.pk for one in as_known(Benefit, moment, of=("person_id", person_id)) if one.state == "running"}
    parts = BenefitComponent.objects.filter(benefit_id__in=benefits, pk__lte=last, from_month__lte=month)
    return sum(part.amount_fen for part in parts)


def test_every_month_paid_is_what_its_own_registers_say():
    random = Random(20261122)
    with acting(SYSTEM, why="months"):
        open_fund()
        given = {
            "paid_months": [random.randint(180, 480) for _one in range(PEOPLE)],
            "average_index_e4": [random.randint(4000, 30_000) for _one in range(PEOPLE)],
            "balance_fen": [random.randint(0, 20_000_000) for _one in range(PEOPLE)],
        }
        people, known = [human.id for human in pensioners(PEOPLE, **given)], {}
        for month in MONTHS:
            activate(month, 1, 10**9)
            entitle(month, 1, 10**9)
            known[month] = timezone.now(), BenefitComponent.objects.aggregate(last=Max("pk"))["last"]
            change(people, month)
        for who in people:
            paid = {line.month: line.amount_fen for line in lines_of(who) if line.benefit_kind == "pension"}
            for month in MONTHS:
                assert owed_then(who, month, known[month]) == paid.get(month, 0)
        assert any(live_benefit(who) is None for who in people)


def change(people, month):
    """After the month: a benefit ends, and the others are raised with effect from months before."""
    end_benefit(live_benefit(people[month % 2]).id, month, StopReason.ABROAD, by=SYSTEM)
    if month == MONTHS[0]:
        order = IncreaseOrder(2026, "440000", 202612)
        open_round(order, by=SYSTEM)
        increase_pensions(order, by=SYSTEM)
