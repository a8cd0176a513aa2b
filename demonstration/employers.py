"""Writes the invented employers, the enrolments of their staff, wages and three years of contribution rows."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from stdnum.cn import uscc

from dashebao.business.levy.assessment import LINE, LineKey, lines_of
from dashebao.business.levy.columns import Column, Columns, write_columns
from dashebao.business.levy.models import ContributionLine, Identity, LineKind, UnitKind, WageSource
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, FLEXIBLE_SCHEMES
from dashebao.kernel.records.api import ensure_partition
from dashebao.kernel.secrecy.api import Family, Sealed, seal_many, unit_holder
from demonstration.lives import Ints, Lives, Standing, wages_fen
from demonstration.loading import copy_rows, next_ids_after
from demonstration.names import unit_names
from demonstration.people import Places

PEOPLE_PER_UNIT = 16
MONTHS_OF_RECORDS = 36
FLOATS = np.array([100, 100, 100, 80, 120])
PAID = LINE | {"paid_month": "int4"}


@dataclass(frozen=True)
class Work:
    """Who works where: the unit (id, 0 for none) each urban person has or had, and the units' columns."""

    unit_of: Ints
    region_of: "np.ndarray[tuple[int], np.dtype[np.str_]]"  # of the unit, or of the person without one
    city_of: Ints
    risk_class: Ints  # by unit id, position 0 unused
    float_percent: Ints
    names: list[str]
    identity: Ints


def write_units(random: np.random.Generator, lives: Lives, places: Places) -> Work:
    """COPY units with identifiers, registrations, injury rates and debit accounts; assign every urban person one."""
    flexible = lives.urban & (random.random(len(lives.sex)) < 0.06) | (lives.standing == Standing.FLEXIBLE)
    works = lives.urban & ~flexible
    unit_of = np.zeros(len(lives.sex), dtype=np.int64)
    city_of_unit: list[int] = []
    for city in range(len(places.cities)):
        people = np.nonzero(works & (lives.city == city))[0]
        if not len(people):
            continue
        units = max(1, len(people) // PEOPLE_PER_UNIT)
        size = np.exp(random.normal(0, 1.1, units))
        unit_of[people] = len(city_of_unit) + 1 + random.choice(units, len(people), p=size / size.sum())
        city_of_unit += [city] * units
    names, industries, classes = unit_names(random, [places.names[c] for c in city_of_unit])
    regions = [places.counties[c][int(random.integers(len(places.counties[c])))] for c in city_of_unit]
    floats = FLOATS[random.integers(0, len(FLOATS), len(names))]
    _copy_units(names, industries, regions)
    _copy_registrations(regions, classes, floats)
    own = np.array(places.county_of(lives))
    region_of = np.where(unit_of > 0, np.array(["", *regions])[unit_of], own)
    rural = np.isin(np.arange(len(own)) % 9, [0])
    identity = np.where(flexible, Identity.FLEXIBLE, np.where(rural, Identity.RURAL_CONTRACT, Identity.EMPLOYEE))
    return Work(unit_of, region_of, lives.city, np.array([0, *classes]), np.concatenate([[0], floats]), names, identity)


def _copy_units(names: list[str], industries: list[str], regions: list[str]) -> None:
    ids = np.arange(1, len(names) + 1)
    copy_rows(
        "registry_unit",
        {
            "id": ids, "name": names, "kind": ["enterprise"] * len(names), "region_code": regions,
            "industry": industries, "address": [""] * len(names), "contact": ["经办人"] * len(names),
            "phone": ["12333"] * len(names), "founded_on": [datetime.date(1998, 7, 1)] * len(names),
        },
    )  # fmt: skip
    codes = [credit_code(region, n) for n, region in zip(ids.tolist(), regions, strict=True)]
    always = ["[1998-07-01,)"] * len(names)
    copy_rows(
        "registry_unitidentifier",
        {"unit_id": ids, "kind": ["uscc"] * len(names), "value": codes, "valid_during": always},
    )
    copy_rows(
        "registry_bankaccount",
        {
            "unit_id": ids, "bank_code": ["102"] * len(names), "number": debit_accounts(len(names)),
            "name": names, "valid_during": always,
        },
    )  # fmt: skip
    next_ids_after("registry_unit", len(names))


def _copy_registrations(regions: list[str], classes: list[int], floats: Ints) -> None:
    count = len(regions)
    ids = np.arange(1, count + 1)
    copy_rows(
        "levy_unitregistration",
        {
            "unit_id": ids, "region_code": regions, "unit_kind": [UnitKind.ENTERPRISE.value] * count,
            "schemes": [array_of(EMPLOYEE_SCHEMES)] * count, "debit_bank_code": ["102"] * count,
            "debit_account": debit_accounts(count),
            "debit_agreement": [f"XY{n:06d}" for n in ids.tolist()],
            "registered_on": [datetime.date(1998, 7, 1)] * count, "case_no": [""] * count,
        },
    )  # fmt: skip
    copy_rows(
        "levy_unitinjuryrate",
        {
            "unit_id": ids, "region_code": regions, "risk_class": classes, "float_percent": floats,
            "valid_during": ["[2015-10-01,)"] * count, "reason": [""] * count,
        },
    )  # fmt: skip


def debit_accounts(count: int) -> list[Sealed]:
    """The accounts of the units 1…count, sealed."""
    numbers = range(1, count + 1)
    return seal_many(Family.ACCOUNT, map(unit_holder, numbers), [f"3602{n:012d}" for n in numbers])


def credit_code(region: str, number: int) -> str:
    """A code valid in form (GB 32100 with a GB 11714 organisation part) for an invented enterprise."""
    body = f"{90_000_000 + number:08d}"
    total = sum(int(d) * w for d, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    check = "0123456789X0"[(11 - total % 11) % 11 if (11 - total % 11) != 11 else 0]
    code = f"91{region}{body}{check}"
    return code + str(uscc.calc_check_digit(code))


def write_enrolments(lives: Lives, work: Work, now: int) -> int:
    """COPY the present enrolments and the wage that counts for each; returns how many people are enrolled."""
    employed = np.nonzero(active(lives, now) & lives.urban)[0]
    units = work.unit_of[employed]
    regions = work.region_of[employed].tolist()
    employee, flexible = (array_of(codes) for codes in (EMPLOYEE_SCHEMES, FLEXIBLE_SCHEMES))
    since = np.maximum(lives.career_start, lives.gap_start + lives.gap_months * (lives.gap_start <= now))
    since = np.where(
        lives.gap_start + lives.gap_months <= now, np.maximum(since, lives.career_start), lives.career_start
    )
    since = np.maximum(since, 1998 * 12 + 6)[employed]
    copy_rows(
        "levy_enrolment",
        {
            "person_id": employed + 1,
            "unit_id": [int(u) or None for u in units],
            "region_code": regions,
            "schemes": [flexible if u == 0 else employee for u in units],
            "identity": work.identity[employed],
            "valid_during": [f"[{m // 12}-{m % 12 + 1:02d}-01,)" for m in since.tolist()],
        },
    )
    start = (now // 12) * 100 + 7  # the insured year begins in July
    copy_rows(
        "levy_wage",
        {
            "unit_id": units, "person_id": employed + 1, "region_code": regions, "from_month": [start] * len(employed),
            "wage_fen": wages_fen(lives, average_of(now // 12), now // 12)[employed],
            "source": [int(WageSource.LOADED)] * len(employed),
        },
    )  # fmt: skip
    return len(employed)


def average_of(year: int) -> int:
    """The province's monthly average wage in fen that drives invented wages; years without a figure grow 2 %."""
    return AVERAGES[year] if year in AVERAGES else round(AVERAGES[max(AVERAGES)] * 1.02 ** (year - max(AVERAGES)))


AVERAGES: dict[int, int] = {}  # filled by the province from the product's published series


def active(lives: Lives, month: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Who works and pays in a month (index): within the career, not in the gap, alive."""
    gap = (lives.gap_start <= month) & (month < lives.gap_start + lives.gap_months)
    alive = (lives.death == 0) | (month <= lives.death)
    return lives.urban & (lives.career_start <= month) & (month < lives.career_end) & ~gap & alive


@dataclass(frozen=True)
class MonthOfRows:
    """One month's rows as written: the month as yyyymm and the columns."""

    month: int
    rows: Columns


def write_contributions(lives: Lives, work: Work, places: Places, now: int) -> Iterator[MonthOfRows]:
    """Assess and write the months up to index `now` with the product's own rules, month by month, as already paid."""
    for index in range(now - MONTHS_OF_RECORDS + 1, now + 1):
        month = index // 12 * 100 + index % 12 + 1
        ensure_partition(ContributionLine._meta.db_table, month)
        people = np.nonzero(active(lives, index))[0]
        lines = lines_of(_roster(lives, work, places, people, index), LineKey(month, month, int(LineKind.NORMAL)))
        lines["region_code"] = work.region_of[people]
        write_columns(ContributionLine._meta.db_table, lines | {"paid_month": lines["month"]}, PAID)
        yield MonthOfRows(month, lines)


def _roster(lives: Lives, work: Work, places: Places, people: Column, index: int) -> Columns:
    units = work.unit_of[people]
    employee = units > 0
    year = index // 12 if index % 12 >= 6 else index // 12 - 1  # a base holds from July to June
    cities = np.array(places.cities)[work.city_of[people]]  # one law per city: faster than one per county, same figures
    return {
        "unit_id": units,
        "person_id": people + 1,
        "region_code": cities,
        "identity": work.identity[people],
        "wage_fen": wages_fen(lives, average_of(year), year)[people],
        "medical_wage_fen": np.zeros(len(people), dtype=np.int64),
        "risk_class": work.risk_class[units],
        "float_percent": work.float_percent[units],
        "declared": np.ones(len(people), dtype=np.bool_),
        "pension": np.ones(len(people), dtype=np.bool_),
        "medical": np.ones(len(people), dtype=np.bool_),
        "maternity": employee,
        "unemployment": employee,
        "injury": employee,
    }


def array_of(codes: tuple[str, ...]) -> str:
    """Scheme codes as PostgreSQL writes an array."""
    return "{" + ",".join(sorted(codes)) + "}"
