"""A parameter approved by two officers is what the month assesses with, and what explains the amount."""

from datetime import date

import pytest

from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.api import Declared, declare
from dashebao.business.levy.models import ContributionLine, ParameterSet
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.touched import bills_of_some
from dashebao.kernel.records.api import forget_reference_data
from dashebao.kernel.rules.api import trial
from dashebao.platform.administration.actions import parameter_wanted
from dashebao.platform.administration.impact import impact_of
from dashebao.platform.administration.loading import amendment_of, forget, reload
from dashebao.platform.administration.tests.officers import enact, officer, propose

MONTH, DAY = 202611, date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    forget()
    forget_reference_data()


def test_the_month_is_assessed_with_the_approved_floor_and_cites_its_act(world):
    unit = world.unit()
    people = world.staff(unit, [400_000])
    declare(Declared(unit, MONTH))
    maker, approver = officer("maker", "admin.parameters"), officer("approver", "admin.approver")
    enact(approver, propose(maker, parameter_wanted("levy.pension.floor", "4401", DAY, "6000")))
    reload()  # what the next chunk does at its beginning
    assess_range(PayerRange(unit, unit), MONTH)
    line = ContributionLine.objects.get(month=MONTH, person_id=people[0])
    assert line.pension_base_fen == 600_000
    assert line.pension_worker_fen == 48_000
    used = ParameterSet.objects.get(pk=line.parameter_set_id).content["levy.pension.floor"]
    assert used["reference"] == ["粤人社发〔2026〕99号 第二条"]
    assert used["since"] == "2026-11-01"


def test_the_impact_counts_the_insured_and_compares_real_bills(world, django_assert_max_num_queries):
    unit = world.unit()
    world.staff(unit, [400_000, 800_000, 3_000_000])
    maker = officer("maker", "admin.parameters")
    made = propose(maker, parameter_wanted("levy.pension.floor", "4401", DAY, "6000"))
    with django_assert_max_num_queries(14):
        impact = impact_of(made)
    assert {str(count.title): count.people for count in impact.counts}["Employees insured for pension"] == 3
    pairs = impact.comparisons[0].pairs
    assert [pair.difference_fen for pair in pairs] == [11_760, 0, 0]  # 490 yuan more base at 16 + 8 per cent
    whole = propose(maker, parameter_wanted("levy.pension.floor", "44", DAY, "6000"))
    beyond = impact_of(whole)  # Guangzhou has a floor of its own: the province's does not reach it
    assert beyond.apart == ("4401",)
    assert [count.people for count in beyond.counts] == [0]
    assert beyond.comparisons[0].pairs == ()
    with trial(amendment_of(made)):
        assert bills_of_some("4403", DAY, 4) == []
