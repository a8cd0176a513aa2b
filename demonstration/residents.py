"""Writes the residents' pension: members, the years they paid, and those who draw it."""

import datetime
from dataclasses import dataclass

import numpy as np

from dashebao.business.fund import api as fund
from dashebao.business.insurance.residents.api import (
    MemberColumns,
    ResidentPensionerColumns,
    YearColumns,
    load_members,
    load_resident_pensioners,
    load_years,
)
from dashebao.kernel.rules.api import Law
from demonstration.lives import Ints, Lives, Standing

AT_ONCE = 20_000
SCHEME_BEGAN = 2012
PENSION_AGE_MONTHS = 60 * 12
TIERS = (10_000, 20_000, 30_000, 50_000, 60_000, 90_000, 100_000)


@dataclass(frozen=True)
class Scene:
    """What every part needs: the lives, each person's county, yearly tier and its subsidy (fen), the month index."""

    lives: Lives
    regions: list[str]
    tier: Ints
    subsidies: dict[int, int]
    now: int


def write_residents(lives: Lives, regions: list[str], law: Law, now: int) -> None:
    """Members (payers and pensioners), their years and accounts, and running pensions."""
    alive = lives.death == 0
    payers = np.nonzero((lives.standing == Standing.RESIDENT) & alive)[0]
    pensioners = np.nonzero((lives.standing == Standing.RESIDENT_PENSIONER) & alive)[0]
    scale = law.scale("residents.subsidy")
    subsidies = {tier: _subsidy(scale.rows, tier) for tier in TIERS}
    tier = np.array(TIERS)[np.arange(len(lives.sex)) % len(TIERS)]
    scene = Scene(lives, regions, tier, subsidies, now)
    for rows in _cuts(np.concatenate([payers, pensioners])):
        _members(scene, rows)
    for rows in _cuts(pensioners):
        _pensioners(scene, rows)


def _subsidy(rows: "tuple[tuple[object, object], ...]", tier: int) -> int:
    found = [amount for threshold, amount in rows if threshold * 100 <= tier]  # type: ignore[operator]
    return int(found[-1]) if found else 0  # type: ignore[call-overload]


def _years(lives: Lives, row: int, now: int) -> range:
    """The calendar years a member has paid: from 2012 or age 16 to last year or age 59."""
    first = max(SCHEME_BEGAN, int(lives.birth[row]) // 12 + 16)
    last = min(now // 12 - 1, (int(lives.birth[row]) + PENSION_AGE_MONTHS) // 12 - 1)
    return range(first, last + 1)


def _members(scene: Scene, rows: Ints) -> None:
    lives, regions, tier, subsidies, now = scene.lives, scene.regions, scene.tier, scene.subsidies, scene.now
    people = rows.tolist()
    years = {row: _years(lives, row, now) for row in people}
    load_members(
        MemberColumns(
            person_id=[r + 1 for r in people],
            region_code=[regions[r] for r in people],
            enrolled_on=[datetime.date(years[r].start, 1, 1) for r in people],
            tier_fen=[int(tier[r]) for r in people],
        )
    )
    paid = [(row, year) for row in people for year in years[row]]
    if not paid:
        return
    load_years(
        YearColumns(
            person_id=[row + 1 for row, _year in paid],
            region_code=[regions[row] for row, _year in paid],
            for_year=[year for _row, year in paid],
            tier_fen=[int(tier[row]) for row, _year in paid],
            subsidy_fen=[subsidies[int(tier[row])] for row, _year in paid],
        )
    )
    by_city: dict[str, list[int]] = {}
    for row in people:
        if len(years[row]):
            by_city.setdefault(regions[row][:4] + "00", []).append(row)
    for city, inside in by_city.items():
        own = [len(years[r]) * int(tier[r]) for r in inside]
        aid = [len(years[r]) * subsidies[int(tier[r])] for r in inside]
        drawn = [_drawn(lives, r, o + a, now) for r, o, a in zip(inside, own, aid, strict=True)]
        own_left = [o - min(o, d) for o, d in zip(own, drawn, strict=True)]
        aid_left = [a - max(0, d - o) for o, a, d in zip(own, aid, drawn, strict=True)]
        _post(city, now, inside, {"worker_principal": own_left, "employer_principal": aid_left})


def _drawn(lives: Lives, row: int, balance: int, now: int) -> int:
    """What a pensioner has drawn from the account up to now: balance / 139 a month, never more than is there."""
    months = max(0, now - int(lives.birth[row]) - PENSION_AGE_MONTHS)
    return min(balance, (2 * balance + 139) // 278 * months)


def _post(city: str, now: int, rows: list[int], left: dict[str, list[int]]) -> None:
    """What is left on the accounts of a city's people, by part, as one journal of the last month of the last year."""
    held = [
        (row + 1, part, fen)
        for part, amounts in left.items()
        for row, fen in zip(rows, amounts, strict=True)
        if fen > 0
    ]
    if held:
        people, parts, amounts = (list(column) for column in zip(*held, strict=True))
        key = f"residents {rows[0]}"
        fund.post_personal(
            fund.PersonalEntries("170", city, (now // 12 - 1) * 100 + 12, "takeover", key, people, parts, amounts)
        )


def _pensioners(scene: Scene, rows: Ints) -> None:
    lives, regions, tier, subsidies, now = scene.lives, scene.regions, scene.tier, scene.subsidies, scene.now
    people = rows.tolist()
    years = {row: len(_years(lives, row, now)) for row in people}
    first = datetime.date((now + 1) // 12, (now + 1) % 12 + 1, 1)
    starts = [max(int(lives.birth[r]) + PENSION_AGE_MONTHS + 1, SCHEME_BEGAN * 12) for r in people]
    load_resident_pensioners(
        ResidentPensionerColumns(
            law_on=datetime.date(now // 12, now % 12 + 1, 1),
            first_run_month=(now + 1) // 12 * 100 + (now + 1) % 12 + 1,
            person_id=[r + 1 for r in people],
            region_code=[regions[r] for r in people],
            start_month=[s // 12 * 100 + s % 12 + 1 for s in starts],
            paid_years=[years[r] for r in people],
            balance_fen=[years[r] * (int(tier[r]) + subsidies[int(tier[r])]) for r in people],
            qualified_until_on=[first + datetime.timedelta(days=r % 360 + 1) for r in people],
        )
    )


def _cuts(rows: Ints) -> list[Ints]:
    return [rows[low : low + AT_ONCE] for low in range(0, len(rows), AT_ONCE)]
