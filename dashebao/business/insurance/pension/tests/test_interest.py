"""Yearly interest of many accounts: both methods, early interest left out, the same result on a second run."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashebao.business.insurance.common.api import HolderRange, balances_of, credit_year
from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.business.insurance.pension.interest import _annual, interest_of
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.rules.api import Change, parameters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with acting(SYSTEM, why="test"):
        open_fund()
        yield


def test_month_products_give_the_handbooks_example(world):
    opening, product = np.array([5_000_000]), np.array([3_744_000])
    assert interest_of("110", "440000", 2023)(opening, product, np.array([576_000])).tolist() == [198_500 + 12_386]


def test_the_annual_method_gives_the_handbooks_example(world):
    law = parameters(
        "440000",
        date(2016, 12, 31),
        [Change("pension.interest_rate", date(2016, 1, 1), date(2017, 1, 1), Fraction("0.0831"))],
    )
    got = _annual(law, "pension.interest_rate", 2016)(np.array([2_000_000]), np.array([0]), np.array([576_000]))
    assert got.tolist() == [2_768_119 - 2_576_000]


def test_accounts_are_credited_once_and_queries_do_not_grow_with_people(world):
    people = [make_person(f"甲{n}", date(1990, 1, 1), sequence=n) for n in range(1, 8)]
    credit(people[0], 202312, worker_principal=1_000_000)
    for human in people[1:]:
        credit(human, 202312, worker_principal=1_000_000, employer_interest=200_000)
    chunk = HolderRange("110", "440000", 1, 10**9)
    law = interest_of("110", "440000", 2024)
    with CaptureQueriesContext(connection) as first:
        assert credit_year(chunk, 2024, law)[0] == 7
    before = balances_of(people[3].id, people[3].region_code)
    credit_year(chunk, 2024, law)
    assert balances_of(people[3].id, people[3].region_code) == before
    assert before.worker_interest == 26_200
    assert before.employer_interest == 200_000 + 5_240
    assert len(first) <= 20


def test_interest_given_at_the_award_is_left_out_of_the_years(world):
    human = make_person("韦岭光", date(1964, 3, 10))
    steady_career(human, 1995, 29)
    credit(human, 202312, worker_principal=1_200_000)
    award_pension(Claim(human.id, 202406, "M60", date(2024, 6, 20)), by=SYSTEM)
    early = balances_of(human.id, human.region_code).worker_interest
    credit_year(HolderRange("110", "440000", 1, 10**9), 2024, interest_of("110", "440000", 2024))
    whole = balances_of(human.id, human.region_code).worker_interest
    assert early == 15_720
    assert whole == 31_440
