"""Invented lives are the same for the same seed, and hold together."""

import numpy as np
import pytest
from stdnum.cn import uscc

from dashebao.business.insurance.pension.rules import retirement_columns
from dashebao.kernel.codes.api import check_resident_id
from dashebao.kernel.rules.api import parameters
from demonstration.accounts import PARTS, Accounts, YearOfWork, shares
from demonstration.employers import active, credit_code
from demonstration.lives import RetirementRules, Standing, live, months_in, paid_months
from demonstration.names import person_names, unit_names
from demonstration.people import identity_numbers

NOW = 2026 * 12 + 9  # October 2026
PEOPLE = 4_000


@pytest.fixture(scope="module")
def rules():
    import datetime

    law = parameters("440000", datetime.date(2026, 10, 1))
    births = np.arange(1930 * 12, 2030 * 12)
    months = (retirement_columns(category, births, law) for category in ("M60", "F55", "F50"))
    return RetirementRules(*months, first_birth=int(births[0]))


@pytest.fixture(scope="module")
def lives(rules):
    return live(44, PEOPLE, NOW, rules, np.ones(21))


def test_the_same_seed_gives_the_same_lives(lives, rules):
    again = live(44, PEOPLE, NOW, rules, np.ones(21))
    other = live(45, PEOPLE, NOW, rules, np.ones(21))
    assert all(np.array_equal(getattr(lives, name), getattr(again, name)) for name in lives.__dataclass_fields__)
    assert not np.array_equal(lives.birth, other.birth)


def test_every_standing_is_there_in_believable_shares(lives):
    counts = np.bincount(lives.standing, minlength=8) / PEOPLE
    assert (counts > 0.01).all()
    assert counts[Standing.EMPLOYEE] > 0.25
    assert 0.05 < counts[Standing.PENSIONER] < 0.3


def test_pensioners_have_the_years_and_the_age(lives, rules):
    people = lives.standing == Standing.PENSIONER
    paid = paid_months(lives.career_start, lives.career_end, lives.gap_start, lives.gap_months, NOW)
    assert (paid[people] >= 180).all()
    assert (rules.month(lives.category, lives.birth)[people] < NOW).all()


def test_employees_work_now_and_people_out_of_work_do_not(lives):
    alive = lives.death == 0
    works = active(lives, NOW)
    assert not works[lives.standing == Standing.OUT_OF_WORK].any()
    gap_now = (lives.gap_start <= NOW) & (lives.gap_start + lives.gap_months > NOW)
    assert works[(lives.standing == Standing.EMPLOYEE) & alive & ~gap_now].all()


def test_months_by_year_add_up_to_the_career(lives):
    by_year = sum(months_in(lives, year * 12, year * 12 + 12) for year in range(1998, 2027))
    whole = paid_months(lives.career_start, lives.career_end, lives.gap_start, lives.gap_months, 2026 * 12 + 11)
    assert np.array_equal(by_year[lives.urban], whole[lives.urban])


def test_identity_numbers_are_valid_in_form_and_unique(lives):
    numbers = identity_numbers(np.random.default_rng(1), ["440106"] * PEOPLE, lives)
    assert len(set(numbers)) == PEOPLE
    assert [check_resident_id(number) for number in numbers[:500]] == numbers[:500]
    assert all(int(number[16]) % 2 == sex % 2 for number, sex in zip(numbers, lives.sex, strict=True))


def test_credit_codes_are_valid_in_form():
    codes = [credit_code("440100", number) for number in range(1, 300)]
    assert len(set(codes)) == len(codes)
    assert all(uscc.is_valid(code) for code in codes)


def test_names_are_there_for_everybody():
    random = np.random.default_rng(1)
    assert {len(name) for name in person_names(random, 500)} == {2, 3}
    names, industries, classes = unit_names(random, ["广州"] * 300)
    assert len(set(names)) == 300
    assert set(classes) <= set(range(1, 9))
    assert len(industries) == 300


def test_an_account_grows_by_credit_and_interest_and_never_goes_below_zero():
    from fractions import Fraction

    accounts = Accounts(1, 900_000)
    accounts.add_year(YearOfWork(2023, np.array([12]), np.array([6_000_000])), Fraction(397, 10_000), 900_000)
    assert accounts.parts["worker_principal"].tolist() == [480_000]
    assert accounts.parts["worker_interest"].tolist() == [10_322]  # half a year and a half month on 4800.00
    accounts.draw(np.array([400_000]), np.array([2]))
    assert accounts.balance().tolist() == [0]
    assert all((accounts.parts[part] >= 0).all() for part in PARTS)


@pytest.mark.parametrize(("year", "worker", "employer"), [(1998, 4, 7), (2005, 8, 3), (2006, 8, 0), (2025, 8, 0)])
def test_the_share_of_the_account_follows_its_history(year, worker, employer):
    assert shares(year) == (worker, employer)
