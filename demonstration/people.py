"""Writes the invented people: persons, identity numbers, bank accounts, deaths."""

import datetime
from dataclasses import dataclass

import numpy as np

from dashebao.kernel.secrecy.api import Family, person_holder, seal_many
from demonstration.lives import Ints, Lives
from demonstration.loading import copy_rows, next_ids_after
from demonstration.names import person_names

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.array(list("10X98765432"))
ALWAYS = "[2000-01-01,)"


@dataclass(frozen=True)
class Places:
    """The cities of the province and the counties of each, as region codes; names without the word for city."""

    cities: list[str]
    names: list[str]
    counties: list[list[str]]
    weights: "np.ndarray[tuple[int], np.dtype[np.float64]]"

    def county_of(self, lives: Lives) -> list[str]:
        """County code of each person."""
        return [self.counties[c][k % len(self.counties[c])] for c, k in zip(lives.city, lives.county, strict=True)]


def identity_numbers(random: np.random.Generator, regions: list[str], lives: Lives) -> list[str]:
    """Numbers valid in form (GB 11643) and unique: region, birth, sequence odd for men, check digit."""
    region = np.array(regions, dtype=np.int64)
    birth = (lives.birth // 12) * 10_000 + (lives.birth % 12 + 1) * 100 + lives.birth_day
    sequence = _sequences(random, region, birth, lives.sex)
    digits = np.empty((len(region), 17), dtype=np.int64)
    for values, first, width in ((region, 0, 6), (birth, 6, 8), (sequence, 14, 3)):
        for place in range(width):
            digits[:, first + place] = values // 10 ** (width - 1 - place) % 10
    checks = CHECK[(digits * WEIGHTS).sum(axis=1) % 11]
    return [f"{r:06d}{b:08d}{s:03d}{c}" for r, b, s, c in zip(region, birth, sequence, checks, strict=True)]


def _sequences(random: np.random.Generator, region: Ints, birth: Ints, sex: Ints) -> Ints:
    sequence = random.integers(0, 499, len(region)) * 2 + np.where(sex == 1, 1, 0)
    for _round in range(50):
        key = (region * 100_000_000 + birth) * 1_000 + sequence
        order = np.argsort(key, kind="stable")
        twice = order[1:][key[order][1:] == key[order][:-1]]
        if not len(twice):
            return sequence
        sequence[twice] = (sequence[twice] + 2) % 998
    raise RuntimeError("too many people were born on one day in one county")


def write_people(random: np.random.Generator, lives: Lives, places: Places) -> list[str]:
    """COPY persons (ids 1…n in the order of `lives`), identifiers, bank accounts and death facts; returns the numbers."""
    count = len(lives.sex)
    ids = np.arange(1, count + 1)
    regions = places.county_of(lives)
    names = person_names(random, count)
    births = [
        datetime.date(int(b) // 12, int(b) % 12 + 1, int(d)) for b, d in zip(lives.birth, lives.birth_day, strict=True)
    ]
    died = [datetime.date(int(m) // 12, int(m) % 12 + 1, 9) if m else None for m in lives.death]
    copy_rows(
        "registry_person",
        {
            "id": ids,
            "name": names,
            "sex": [str(s) for s in lives.sex],
            "birth_on": births,
            "nation": ["01"] * count,
            "region_code": regions,
            "hukou_region": regions,
            "hukou_kind": np.where(lives.urban, "10", "20").tolist(),
            "mobile": [f"1000{n % 10_000_000:07d}" for n in range(count)],
            "address": [""] * count,
            "died_on": died,
        },
    )
    numbers = identity_numbers(random, regions, lives)
    _write_belongings(lives, names, numbers, died)
    next_ids_after("registry_person", count)
    return numbers


def _write_belongings(lives: Lives, names: list[str], numbers: list[str], died: list[datetime.date | None]) -> None:
    """Identity numbers, adults' bank accounts and the facts of death."""
    count = len(names)
    ids = np.arange(1, count + 1)
    copy_rows(
        "registry_personidentifier",
        {
            "person_id": ids,
            "kind": ["resident_id"] * count,
            "value": seal_many(Family.IDENTITY, [person_holder(int(key)) for key in ids], numbers),
            "valid_during": [ALWAYS] * count,
        },
    )
    adult = np.nonzero(lives.birth < lives.birth.max() - 16 * 12)[0]
    copy_rows(
        "registry_bankaccount",
        {
            "person_id": ids[adult],
            "bank_code": ["102"] * len(adult),
            "number": seal_many(
                Family.ACCOUNT,
                [person_holder(int(ids[n])) for n in adult],
                [f"6217{44_0000_0000 + int(n):012d}{int(n) % 10}" for n in adult],
            ),
            "name": [names[n] for n in adult],
            "valid_during": [ALWAYS] * len(adult),
        },
    )
    gone = np.nonzero(lives.death)[0]
    copy_rows(
        "registry_personfact",
        {
            "person_id": ids[gone],
            "kind": ["death"] * len(gone),
            "valid_during": [f"[{died[n]},)" for n in gone],
            "source": ["police"] * len(gone),
            "data": ["{}"] * len(gone),
            "recorded_at": [datetime.datetime(2026, 10, 31, tzinfo=datetime.UTC)] * len(gone),
        },
    )
