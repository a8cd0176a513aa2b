"""A month computed in one batch and the same month computed one by one give the same fen."""

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashebao.business.fund.api import lines_of, personal_balances
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.tests.test_the_months_run import pensioners
from dashebao.business.insurance.pension.tests.world import credit, open_fund
from dashebao.business.levy.api import Declared, assess_range, bill_range, declare
from dashebao.business.levy.models import BillItem, ContributionLine
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.kernel.records.api import SYSTEM, acting

MONTH = 202611
SMALL = settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
units = st.lists(
    st.tuples(st.sampled_from(["440106", "440305"]), st.integers(1, 8), st.lists(st.integers(0, 5_000_000), min_size=1, max_size=3)),
    min_size=2, max_size=4,
)  # fmt: skip


@contextmanager
def undone():
    """Whatever happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def assessed(payers):
    """Contribution rows and bills after these ranges, one after the other."""
    with undone():
        for low, high in payers:
            assess_range(PayerRange(low, high), MONTH)
            bill_range(PayerRange(low, high), MONTH)
        lines = ContributionLine.objects.filter(month=MONTH).order_by("unit_id", "person_id").values()
        items = BillItem.objects.filter(month=MONTH).order_by("unit_id", "scheme")
        kept = [{k: v for k, v in line.items() if k not in ("id", "parameter_set_id")} for line in lines]
        return kept, list(items.values_list("unit_id", "scheme", "employer_fen", "worker_fen"))


@SMALL
@given(units)
def test_contributions_of_a_month(world, firms):
    with undone():
        made = []
        for region, risk_class, wages in firms:
            made.append(world.unit(region, risk_class=risk_class))
            world.staff(made[-1], wages)
            declare(Declared(made[-1], MONTH))
        batch = assessed([(made[0], made[-1])])
        assert len(batch[0]) == sum(len(wages) for _region, _risk, wages in firms)
        assert assessed([(one, one) for one in made]) == batch


def entitled(people, ranges):
    """Payment lines and what is left on the accounts after these ranges."""
    with undone():
        for low, high in ranges:
            activate(MONTH, low, high)
            entitle(MONTH, low, high)
        lines = {one: [(line.month, line.benefit_kind, line.amount_fen) for line in lines_of(one)] for one in people}
        left = personal_balances("110", "440000", people)
        return lines, sorted(zip(left.person_id, left.part, left.balance_fen, strict=True))


@SMALL
@given(
    st.lists(
        st.tuples(st.integers(180, 480), st.integers(4000, 30_000), st.integers(0, 20_000_000)), min_size=2, max_size=6
    )
)
@pytest.mark.django_db
def test_pensions_of_a_month(lives):
    with undone(), acting(SYSTEM, "a month"):
        open_fund()
        months, indexes, balances = ([life[n] for life in lives] for n in range(3))
        people = pensioners(len(lives), paid_months=months, average_index_e4=indexes, balance_fen=balances)
        for human, balance in zip(people, balances, strict=True):
            if balance:
                credit(human, 202512, worker_principal=balance // 2, worker_interest=balance - balance // 2)
        keys = [human.id for human in people]
        batch = entitled(keys, [(keys[0], keys[-1])])
        assert all(batch[0].values())
        assert entitled(keys, [(key, key) for key in keys]) == batch
