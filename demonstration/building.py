"""Puts the parts of the demonstration province together, in one transaction."""

import datetime

import numpy as np
from django.conf import settings

from dashebao.business.fund import api as fund
from dashebao.business.insurance.pension.rules import retirement_columns
from dashebao.business.levy.models import ContributionYear
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Region
from dashebao.kernel.rules.api import Law, parameters
from demonstration import employers
from demonstration.accounts import PARTS, Accounts, YearOfWork, years_before_records
from demonstration.administering import administer
from demonstration.anomalies import compute_history, plant
from demonstration.benefits import Pensioners, write_categories, write_pensioners
from demonstration.employers import Work, write_contributions, write_enrolments, write_units
from demonstration.history import open_funds
from demonstration.linking import write_years_in_town
from demonstration.lives import RetirementRules, Standing, live
from demonstration.loading import analyse, copy_rows
from demonstration.papers import hand_out
from demonstration.partners.introduction import introduce
from demonstration.people import Places, write_people
from demonstration.programs import admit_programs
from demonstration.province import told
from demonstration.residents import write_residents
from demonstration.staff import hire, open_accounts, open_offices

POPULATION = {  # relative size of the cities; any not named here weighs 3
    "440100": 19, "440300": 18, "440600": 10, "441900": 10, "441300": 6, "440700": 5, "440500": 5, "442000": 4,
    "440800": 7, "440900": 6, "440400": 3, "441200": 4,
}  # fmt: skip
PEOPLE_AT_ONCE = 8_000
PROVINCE = "440000"


def build(people: int, seed: int, first_month: int, password: str) -> list[dict[str, str]]:
    """Write everything; returns the sign-in accounts to tell the user about."""
    now = first_month // 100 * 12 + first_month % 100 - 2  # the last month of history, as an index
    random = np.random.default_rng([seed, people, 1])
    with acting(SYSTEM, "demonstration province"):
        for code, title, pem in introduce(settings.DATA):
            register_partner(code, title, pem)
        law = parameters(PROVINCE, _first_day(now))
        _read_averages(law)
        places = _places()
        with told("lives"):
            lives = live(seed, people, now, _retirement_rules(law), places.weights)
        with told("people"):
            numbers = write_people(random, lives, places)
        with told("employers and enrolments"):
            work = write_units(random, lives, places)
            write_enrolments(lives, work, now)
        accounts, pensioners = Accounts(people, employers.average_of(now // 12)), Pensioners(lives, law, now)
        with told("contribution records"):
            recent = _contributions(pensioners, work, places, accounts)
        with told("accounts"):
            regions = places.county_of(lives)
            _post_accounts(pensioners, accounts, recent, regions)
        with told("pensions"):
            write_pensioners(pensioners, accounts, _calc_bases(law, now), regions)
            write_categories(lives, regions, now)
            write_residents(lives, regions, law, now)
            write_years_in_town(lives, regions, PROVINCE, now)
        with told("funds and their books"):
            open_funds(places, people, _yyyymm(now))
        with told("offices and sign-in accounts"):
            hire(open_offices(), password)
            told_accounts = open_accounts(lives, work, numbers, password, now)
        with told("programs of the open interface"):
            admit_programs(settings.DATA)
        with told("reference data and officers"):
            administer(first_month)
        with told("statistics for the planner"):
            analyse()
        with told("oddities and past indicators"):
            plant(first_month)
            compute_history(first_month)
        with told("papers handed out"):
            hand_out(first_month)
    return told_accounts


def _first_day(index: int) -> datetime.date:
    return datetime.date(index // 12, index % 12 + 1, 1)


def _yyyymm(index: int) -> int:
    return index // 12 * 100 + index % 12 + 1


def _read_averages(law: Law) -> None:
    series = law.series("pension.index_wage")
    employers.AVERAGES.update({year: round(value.fraction()) for year, value in series.items()})


def _places() -> Places:
    regions = list(Region.objects.filter(code__startswith="44", valid_during__upper_inf=True).order_by("code"))
    cities = [r for r in regions if r.level == "city"]
    counties = {c.code: [r.code for r in regions if r.parent_code == c.code] or [c.code] for c in cities}
    return Places(
        cities=[c.code for c in cities],
        names=[c.name.removesuffix("市") for c in cities],
        counties=[counties[c.code] for c in cities],
        weights=np.array([POPULATION.get(c.code, 3) for c in cities], dtype=np.float64),
    )


def _retirement_rules(law: Law) -> RetirementRules:
    births = np.arange(1930 * 12, 2030 * 12)
    months = (retirement_columns(category, births, law) for category in ("M60", "F55", "F50"))
    return RetirementRules(*months, first_birth=int(births[0]))


def _limits_of(year: int) -> tuple[int, int]:
    before = employers.average_of(year - 1)
    return before * 6 // 10, before * 3


def _contributions(found: Pensioners, work: Work, places: Places, accounts: Accounts) -> dict[int, np.ndarray]:
    """Records by year and by month; fills `accounts` to the end of last year; returns this year's credits by month."""
    lives, now, people, year_now = found.lives, found.now, accounts.people, found.now // 12
    first_record = now - employers.MONTHS_OF_RECORDS + 1
    years = {y.year: y for y in years_before_records(lives, first_record, employers.average_of, _limits_of)}
    for year in years.values():
        _copy_year(year, work)
    credits: dict[int, np.ndarray] = {}
    for written in write_contributions(lives, work, places, now):
        year = written.month // 100
        old = years.get(year) or YearOfWork(year, np.zeros(people, np.int64), np.zeros(people, np.int64))
        at = written.rows["person_id"] - 1
        old.months[at] += 1
        old.base_total[at] += written.rows["pension_base_fen"]
        years[year] = old
        if year == year_now:
            credits[written.month] = np.zeros(people, dtype=np.int64)
            credits[written.month][at] = written.rows["pension_worker_fen"]
    for year in sorted(years):
        if year < year_now:
            rate = parameters(PROVINCE, _first_day(now)).for_year(year)["pension.interest_rate"].fraction()
            accounts.add_year(years[year], rate, employers.average_of(year))
            found.end_year(accounts, year)
    return credits


def _copy_year(year: YearOfWork, work: Work) -> None:
    rows = np.nonzero(year.months)[0]
    copy_rows(
        ContributionYear._meta.db_table,
        {
            "person_id": rows + 1, "year": [year.year] * len(rows), "region_code": work.region_of[rows].tolist(),
            "months": year.months[rows], "pension_base_total_fen": year.base_total[rows],
            "medical_months": year.months[rows], "unemployment_months": year.months[rows],
            "source": ["former"] * len(rows),
        },
    )  # fmt: skip


def _post_accounts(found: Pensioners, accounts: Accounts, credits: dict[int, np.ndarray], regions: list[str]) -> None:
    """Opening balances at the end of last year, then this year's credits and withdrawals month by month."""
    lives, now = found.lives, found.now
    gone = np.nonzero((lives.death > 0) | (lives.standing == Standing.RESIDENT_PENSIONER))[0]
    accounts.clear(gone)
    moves = [((now // 12 - 1) * 100 + 12, {part: values.copy() for part, values in accounts.parts.items()})]
    for month, amounts in sorted(credits.items()):
        index = month // 100 * 12 + month % 100 - 1
        amounts[gone] = 0
        before = {part: values.copy() for part, values in accounts.parts.items()}
        accounts.parts["worker_principal"] += amounts
        accounts.count(np.nonzero(amounts)[0], amounts)
        found.retire_in_month(accounts, index)
        accounts.draw(found.drawing(index), np.ones(accounts.people, dtype=np.int64))
        moves.append((month, {part: accounts.parts[part] - before[part] for part in PARTS}))
    for low in range(0, accounts.people, PEOPLE_AT_ONCE):
        cut = slice(low, low + PEOPLE_AT_ONCE)
        fund.post_personal_months([_entries(month, low, parts, cut, regions) for month, parts in moves])


def _entries(
    month: int, low: int, parts: dict[str, np.ndarray], cut: slice, regions: list[str]
) -> fund.PersonalEntries:
    """One month's movements of the people in `cut`, whose first position is `low`."""
    moved = {part: np.nonzero(parts[part][cut])[0] + low for part in PARTS}
    rows = np.concatenate([moved[part] for part in PARTS])
    amounts = np.concatenate([parts[part][moved[part]] for part in PARTS])
    names = [part for part in PARTS for _ in moved[part]]
    return fund.PersonalEntries(
        "110", PROVINCE, month, "takeover", f"{month} {low}", (rows + 1).tolist(), names, amounts.tolist(),
        place=[regions[row] for row in rows],
    )  # fmt: skip


def _calc_bases(law: Law, now: int) -> dict[int, int]:
    """Base of calculation by retirement year in fen; years without a published one use the average wage."""
    published = {year: value.whole() for year, value in law.series("pension.calc_base").items()}
    last = published[max(published)]
    return {
        year: published.get(year, employers.average_of(max(year, min(employers.AVERAGES))) if year < 2022 else last)
        for year in range(1985, now // 12 + 2)
    }
