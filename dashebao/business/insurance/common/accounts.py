"""Personal accounts of schemes 110 and 170: balances, movements, early interest, money paid out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Sum

from dashebao.business.fund.api import (
    PersonalEntries,
    first_open_month,
    personal_balances,
    personal_movements,
    pool_region,
    post_personal,
)
from dashebao.business.insurance.common.models import InterestCredit
from dashebao.kernel.records.api import SYSTEM, Actor, acting

PARTS = ("worker_principal", "worker_interest", "employer_principal", "employer_interest")
SCHEME = "110"


@dataclass(frozen=True)
class Balances:
    """The four sub-balances of one account in fen."""

    worker_principal: int = 0
    worker_interest: int = 0
    employer_principal: int = 0
    employer_interest: int = 0

    @property
    def worker(self) -> int:
        """What the worker's side holds."""
        return self.worker_principal + self.worker_interest

    @property
    def employer(self) -> int:
        """What the employer's side holds."""
        return self.employer_principal + self.employer_interest

    @property
    def total(self) -> int:
        """The whole balance."""
        return self.worker + self.employer


@dataclass(frozen=True)
class YearSoFar:
    """One side of an account within a year: balance at its start, and what came in or went out month by month."""

    opening_fen: int
    credits: dict[int, int] = field(default_factory=dict)


def balances_of(person_id: int, region: str, scheme: str = SCHEME) -> Balances:
    """The four sub-balances of a person today; zeros where there is no account."""
    found = balances_of_many([person_id], region, scheme)
    return found.get(person_id, Balances())


def balances_of_many(person_ids: Sequence[int], region: str, scheme: str = SCHEME) -> dict[int, Balances]:
    """Sub-balances of many people of one pooling region; one query."""
    with acting(SYSTEM, why="balances of personal accounts"):  # the books belong to the province
        held = personal_balances(scheme, region, list(person_ids))
    parts: dict[int, dict[str, int]] = {}
    for person, part, balance in zip(held.person_id, held.part, held.balance_fen, strict=True):
        parts.setdefault(int(person), {})[part] = int(balance)
    return {person: Balances(**values) for person, values in parts.items()}


def year_so_far(person_id: int, region: str, year: int, scheme: str = SCHEME) -> dict[str, YearSoFar]:
    """Worker and employer side of an account in `year`: opening balance and movements by month, interest left out.

    The opening balance is today's balance less everything entered since January of that year.
    """
    held = balances_of(person_id, region, scheme)
    opening = {"worker": held.worker, "employer": held.employer}
    credits: dict[str, dict[int, int]] = {"worker": {}, "employer": {}}
    with acting(SYSTEM, why="movements of a personal account"):
        moved = personal_movements(scheme, region, person_id, (year * 100 + 1, 999912))
    for part, month, up, down in zip(moved.part, moved.month, moved.increase_fen, moved.decrease_fen, strict=True):
        side, change = part.split("_")[0], int(up) - int(down)
        opening[side] -= change
        if month // 100 == year:
            credits[side][int(month) % 100] = credits[side].get(int(month) % 100, 0) + change
    for row in InterestCredit.objects.filter(person_id=person_id, scheme=scheme, year__in=(year - 1, year)):
        if row.month // 100 != year:
            continue
        number = row.month % 100
        for side, amount in (("worker", row.worker_fen), ("employer", row.employer_fen)):
            credits[side][number] = credits[side].get(number, 0) - amount
            if row.year < year:  # last year's interest, posted late, stood from January on
                opening[side] += amount
    return {side: YearSoFar(opening[side], credits[side]) for side in ("worker", "employer")}


def parts_at_year_end(person_id: int, region: str, year: int, scheme: str = SCHEME) -> tuple[Balances, Balances]:
    """The four sub-balances at the start and at the end of a year (today, for the running year).

    Interest is counted in the year it was entered in.
    """
    held = balances_of(person_id, region, scheme)
    closing, opening = ({part: getattr(held, part) for part in PARTS} for _ in range(2))
    with acting(SYSTEM, why="movements of a personal account"):
        moved = personal_movements(scheme, region, person_id, (year * 100 + 1, 999912))
    for part, month, up, down in zip(moved.part, moved.month, moved.increase_fen, moved.decrease_fen, strict=True):
        opening[part] -= int(up) - int(down)
        if month > year * 100 + 12:
            closing[part] -= int(up) - int(down)
    return Balances(**opening), Balances(**closing)


def interest_credited(person_id: int, year: int, scheme: str = SCHEME) -> int:
    """Interest entered on both sides during a year, in fen."""
    rows = InterestCredit.objects.filter(
        person_id=person_id, scheme=scheme, month__range=(year * 100 + 1, year * 100 + 12)
    )
    return int(rows.aggregate(total=Sum(F("worker_fen") + F("employer_fen")))["total"] or 0)


def early_interest(person_id: int, year: int, scheme: str = SCHEME) -> dict[str, int]:
    """Interest of `year` credited ahead of the yearly run so far, by side, in fen."""
    rows = InterestCredit.objects.filter(person_id=person_id, scheme=scheme, year=year, whole=False)
    found = rows.aggregate(worker=Sum("worker_fen"), employer=Sum("employer_fen"))
    return {side: found[side] or 0 for side in ("worker", "employer")}


@dataclass(frozen=True)
class EarlyInterest:
    """Interest of a part year to be credited: whose, for which year, in which month it enters, on each side."""

    person_id: int
    region_code: str
    year: int
    month: int
    worker_fen: int
    employer_fen: int
    key: str
    scheme: str = SCHEME


def credit_part_year(interest: EarlyInterest, *, by: Actor) -> None:
    """Credit interest of the year of retirement, death or transfer ahead of the yearly run; once a year and person."""
    month = first_open_month(interest.scheme, interest.region_code, interest.month)
    with acting(by, why="part-year interest"):
        InterestCredit.objects.create(
            person_id=interest.person_id,
            whole=False,
            scheme=interest.scheme,
            region_code=interest.region_code,
            year=interest.year,
            month=month,
            worker_fen=interest.worker_fen,
            employer_fen=interest.employer_fen,
        )
        changes = {"worker_interest": interest.worker_fen, "employer_interest": interest.employer_fen}
        move(
            Movement(
                interest.person_id, interest.region_code, month, "benefit.part_interest", interest.key, interest.scheme
            ),
            changes,
        )


@dataclass(frozen=True)
class Movement:
    """What moves an account: whose, where, in which month (or the first open one after), of which kind and key."""

    person_id: int
    region_code: str
    month: int
    kind: str
    key: str
    scheme: str = SCHEME


def move(movement: Movement, changes: dict[str, int]) -> None:
    """Post signed changes (fen by part) to one account in one journal; zero changes are left out."""
    parts = {part: amount for part, amount in changes.items() if amount}
    if not parts:
        return
    entries = PersonalEntries(
        movement.scheme,
        pool_region(movement.scheme, movement.region_code),
        first_open_month(movement.scheme, movement.region_code, movement.month),
        movement.kind,
        movement.key,
        [movement.person_id] * len(parts),
        list(parts),
        list(parts.values()),
    )
    with acting(SYSTEM, why=f"{movement.kind} {movement.key}"):  # the books belong to the province, not to the county
        post_personal(entries)


def empty_account(movement: Movement) -> int:
    """Take everything out of an account (paid out, inherited or moved away); returns the total in fen."""
    held = balances_of(movement.person_id, movement.region_code, movement.scheme)
    move(movement, {part: -getattr(held, part) for part in PARTS})
    return held.total
