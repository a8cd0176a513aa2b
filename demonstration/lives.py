"""Coherent lives: births, careers with wage growth and gaps, retirements and deaths, from a seed (pure numpy).

Months are counted as year * 12 + month - 1 ("month index"). Money is fen.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
PENSION_START = 1998 * 12 + 6  # Guangdong opened personal accounts in July 1998
FIRST_BIRTH_YEAR = 1938


class Standing(IntEnum):
    """Where a person stands in the month before the demonstration's first run."""

    CHILD = 0
    STUDENT = 1
    EMPLOYEE = 2
    FLEXIBLE = 3
    OUT_OF_WORK = 4
    RESIDENT = 5  # pays residents' pension
    PENSIONER = 6  # scheme 110
    RESIDENT_PENSIONER = 7  # scheme 170


@dataclass(frozen=True)
class RetirementRules:
    """Statutory retirement month (index) by category and birth month index, as the product's rules give it."""

    men: Ints
    women_55: Ints
    women_50: Ints
    first_birth: int  # month index of position 0 of the three arrays

    def month(self, category: Ints, birth: Ints) -> Ints:
        """Statutory month of each person; category 0 = M60, 1 = F55, 2 = F50."""
        at = np.clip(birth - self.first_birth, 0, len(self.men) - 1)
        return np.choose(category, [self.men[at], self.women_55[at], self.women_50[at]])


@dataclass(frozen=True)
class Lives:
    """Columns of equal length, one row a person."""

    sex: Ints  # 1 male, 2 female
    birth: Ints  # month index
    birth_day: Ints
    category: Ints  # 0 M60, 1 F55, 2 F50
    city: Ints  # position in the list of cities
    county: Ints  # any number, taken modulo the city's counties
    urban: NDArray[np.bool_]  # an urban career (scheme 110), else residents' pension
    career_start: Ints  # month index of the first job
    career_end: Ints  # first month index without work (retirement), or far future
    gap_start: Ints
    gap_months: Ints
    factor: NDArray[np.float64]  # own wage over the average wage
    standing: Ints
    death: Ints  # month index, 0 = alive
    tier: Ints  # yuan a year a resident pays


def live(seed: int, people: int, now: int, rules: RetirementRules, city_weights: NDArray[np.float64]) -> Lives:
    """Draw `people` lives as they stand at the end of month index `now`; the same seed gives the same lives."""
    random = np.random.default_rng([seed, people])
    sex = np.where(random.random(people) < 0.505, 1, 2).astype(np.int64)
    birth, birth_day = _births(random, people, now)
    category = np.where(sex == 1, 0, np.where(random.random(people) < 0.45, 1, 2)).astype(np.int64)
    statutory = rules.month(category, birth)
    urban = random.random(people) < 0.72
    start = birth + random.integers(18 * 12, 26 * 12, people)
    gap_months = np.where(random.random(people) < 0.25, random.integers(2, 48, people), 0)
    gap_start = start + random.integers(24, 240, people)
    death = _deaths(random, birth, now)
    standing = _standing(random, urban, Spans(birth, start, statutory), now)
    paid = paid_months(start, statutory + 1, gap_start, gap_months, now)
    short = (standing == Standing.PENSIONER) & (paid < 180)  # not the years for a pension of scheme 110
    elderly = now - birth > 60 * 12
    standing = np.where(short, np.where(elderly, Standing.RESIDENT_PENSIONER, Standing.RESIDENT), standing)
    idle = np.where(standing == Standing.OUT_OF_WORK, random.integers(1, 24, people), 0)
    gap_start = np.where(idle > 0, now - idle + 1, gap_start)  # who has no work now lost it some months ago
    gap_months = np.where(idle > 0, idle, gap_months)
    factor = np.clip(np.exp(random.normal(-0.12, 0.42, people)), 0.32, 4.5)
    return Lives(
        sex=sex,
        birth=birth,
        birth_day=birth_day,
        category=category,
        city=random.choice(len(city_weights), people, p=city_weights / city_weights.sum()),
        county=random.integers(0, 1_000, people),
        urban=urban,
        career_start=start,
        career_end=statutory + 1,
        gap_start=gap_start,
        gap_months=gap_months,
        factor=factor,
        standing=standing,
        death=death,
        tier=random.choice([100, 180, 240, 360, 600, 900, 1200], people, p=[0.1, 0.3, 0.2, 0.15, 0.1, 0.1, 0.05]),
    )


def paid_months(start: Ints, end: Ints, gap_start: Ints, gap_months: Ints, now: int) -> Ints:
    """Months from the later of `start` and July 1998 to the earlier of `end` and `now`, less the gap."""
    low, high = np.maximum(start, PENSION_START), np.minimum(end, now + 1)
    gap = np.maximum(np.minimum(gap_start + gap_months, high) - np.maximum(gap_start, low), 0)
    return np.maximum(high - low - gap, 0)


def months_in(lives: Lives, low: int, high: int) -> Ints:
    """Months worked and paid in [low, high) by each person, by month index."""
    first = np.maximum(np.maximum(lives.career_start, PENSION_START), low)
    last = np.minimum(lives.career_end, high)
    gap_first, gap_last = np.maximum(lives.gap_start, first), np.minimum(lives.gap_start + lives.gap_months, last)
    worked = np.maximum(last - first, 0) - np.maximum(gap_last - gap_first, 0)
    return np.where(lives.urban, np.maximum(worked, 0), 0)


def wages_fen(lives: Lives, average_fen: int, year: int) -> Ints:
    """Monthly wage of each person in a year in whole ten yuan: own factor, growing 1 % a year of experience."""
    experience = np.clip(year - lives.career_start // 12, 0, 30)
    yuan = average_fen / 100 * lives.factor * (0.9 + 0.01 * experience)
    return (np.round(yuan / 10) * 10).astype(np.int64) * 100


def _births(random: np.random.Generator, people: int, now: int) -> tuple[Ints, Ints]:
    ages = np.arange(0, now // 12 - FIRST_BIRTH_YEAR + 1)
    weight = np.interp(ages, [0, 15, 30, 45, 58, 70, 80, 90], [0.9, 1.1, 1.5, 1.35, 1.3, 0.7, 0.3, 0.05])
    age = random.choice(ages, people, p=weight / weight.sum())
    return now - age * 12 - random.integers(0, 12, people), random.integers(1, 29, people)


def _deaths(random: np.random.Generator, birth: Ints, now: int) -> Ints:
    old = np.clip((now - birth) // 12 - 55, 0, 40)
    died = random.random(len(birth)) < old * 0.0012
    return np.where(died, now - random.integers(0, 30, len(birth)), 0)


def _standing(random: np.random.Generator, urban: NDArray[np.bool_], life: "Spans", now: int) -> Ints:
    people, age = len(life.birth), (now - life.birth) // 12
    work = random.choice([Standing.EMPLOYEE, Standing.FLEXIBLE, Standing.OUT_OF_WORK], people, p=[0.84, 0.1, 0.06])
    out = np.where(urban, work, Standing.RESIDENT)
    out = np.where(life.start > now, Standing.STUDENT, out)
    out = np.where(age < 16, Standing.CHILD, out)
    out = np.where(urban & (life.end < now), Standing.PENSIONER, out)
    return np.where(~urban & (now - life.birth > 60 * 12), Standing.RESIDENT_PENSIONER, out).astype(np.int64)


@dataclass(frozen=True)
class Spans:
    """Month indexes of birth, first job and statutory retirement."""

    birth: Ints
    start: Ints
    end: Ints
