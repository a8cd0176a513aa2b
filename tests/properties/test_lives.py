"""Invented lives awarded one by one through a case of the portal, and all at once in columns: the same fen.

DASHEBAO_LIVES=1000 replays that many (30).
"""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.rules_columns import (
    GuangdongColumns,
    InterestColumns,
    PersonYears,
    average_index_columns,
    award_guangdong_columns,
    interest_columns,
    payout_tenths_columns,
)
from dashebao.business.insurance.pension.sheet import AwardFacts, award_sheet
from dashebao.business.insurance.pension.tests.world import COUNTY, credit, make_person, open_fund, pay_years
from dashebao.kernel.cases.api import Application, advance, at, submit
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.legal_time.api import months_apart
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import parameters

pytestmark = pytest.mark.django_db
LIVES = int(os.environ.get("DASHEBAO_LIVES", "30"))
TODAY, RETIRED = date(2026, 11, 20), 202610
SEED = 20261122
BORN = {"M60": (date(1966, 1, 1), 7), "F55": (date(1971, 1, 1), 7), "F50": (date(1976, 1, 1), 7)}


@dataclass(frozen=True)
class Life:
    """A person born so that the month of retirement is open, with years paid and an account."""

    category: str
    birth_on: date
    years: dict[int, tuple[int, int]]
    account_fen: int
    interest_fen: int


def invented(random: Random) -> Life:
    category = random.choice(sorted(BORN))
    first, span = BORN[category]
    born = date(first.year, random.randint(1, span), random.randint(1, 28))
    since = random.randint(1995, 2006)
    years = {}
    for year in range(since, 2026):
        months = 12 if random.random() < 0.8 else random.randint(1, 11)
        years[year] = months, months * random.randint(150_000, 2_800_000)
    return Life(category, born, years, random.randint(0, 30_000_000), random.randint(0, 9_000_000))


def awarded(human, life: Life, key: str, officers) -> Award:
    """The portal's path: a claim, three officers."""
    given = {"retire_month": "2026-10", "category": "", "evidence": ""}
    if life.category != "M60":
        given |= {"category": life.category, "evidence": "劳动合同约定的岗位"}
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    no = submit(Application("SI-401", applicant, given, Channel.PORTAL, key), Actor("person", human.id)).case_no
    for user in officers:
        advance(no, user, "同意")
    return Award.objects.get(case_no=no)


def in_columns(lives: list[Life]) -> np.ndarray:
    """The batch's path: the same lives as columns, from years and balances to the whole pension."""
    law = parameters(COUNTY, date(2026, 10, 1))
    rows = [(n, months, total, year) for n, life in enumerate(lives) for year, (months, total) in life.years.items()]
    person, months, totals, years = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    lag = law["pension.index_wage_lag"].whole() if "pension.index_wage_lag" in law else 0
    average = {y: law.for_year(y - lag).latest("pension.index_wage").whole() for y in set(years.tolist())}
    wage = np.array([average[y] for y in years.tolist()], np.int64)
    index = average_index_columns(PersonYears(person, months, totals, wage), len(lives))
    opening = np.array([life.account_fen + life.interest_fen for life in lives], np.int64)
    none = np.zeros(len(lives), np.int64)
    rate: Fraction = law.latest("pension.interest_rate").fraction()
    balance = interest_columns(InterestColumns(opening, none, none), rate, RETIRED % 100).closing_fen
    ages = np.array(
        [months_apart(b.year * 100 + b.month, RETIRED) for b in (life.birth_on for life in lives)], np.int64
    )
    paid = np.zeros(len(lives), np.int64)
    np.add.at(paid, person, months)
    base = np.full(len(lives), law.latest("pension.calc_base").whole(), np.int64)
    payout = payout_tenths_columns(ages, law)
    return award_guangdong_columns(GuangdongColumns(base, index, paid, balance, payout, none, none), law).total_fen


def test_the_portal_and_the_batch_agree_on_every_life_and_on_its_recomputation():
    random = Random(SEED)
    lives = [invented(random) for _life in range(LIVES)]
    officers = officer("pension.clerk"), officer("pension.assessor"), officer("pension.approver")
    paid, born = [], Counter[tuple[date, str]]()
    with at(TODAY):
        for number, life in enumerate(lives):
            with acting(SYSTEM, why="a life"):
                open_fund()
                sex = "1" if life.category == "M60" else "2"
                born[life.birth_on, sex] += 1
                human = make_person(f"生{number}", life.birth_on, sex, sequence=born[life.birth_on, sex])
                pay_years(human, life.years)
                if life.account_fen or life.interest_fen:
                    credit(human, 202512, worker_principal=life.account_fen, worker_interest=life.interest_fen)
            paid.append(awarded(human, life, f"life-{number}", officers))
    assert [award.monthly_fen for award in paid] == in_columns(lives).tolist()
    with acting(SYSTEM, why="later the records say something else"):
        for award in paid:
            pay_years(person(award.person_id), {2026: (9, 9 * 2_500_000)})
            again = award_sheet(AwardFacts.from_json(award.inputs))
            assert (again.monthly_fen, again.digest) == (award.monthly_fen, award.parameters_digest)
