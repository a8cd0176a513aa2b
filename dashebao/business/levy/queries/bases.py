"""What a new social-insurance year changes: last year's average, the limits of the year, the difference per month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from dashebao.business.levy.assessment import LineKey, lines_of
from dashebao.business.levy.models import LineKind
from dashebao.business.levy.queries.rosters import PayerRange, roster_of
from dashebao.business.levy.rates import rates_of
from dashebao.business.levy.schemes import SCHEMES
from dashebao.kernel.legal_time.api import months_apart

AVERAGES = """
select person_id, (sum(wage_fen) / count(*))::bigint
from levy_contributionline
where unit_id = %(unit)s and kind = 1 and for_month between %(first)s and %(last)s and month between %(first)s and %(late)s
group by person_id
"""
PAID = tuple(name for scheme in SCHEMES for name in scheme.amounts)


def year_start(month: int) -> int:
    """The July the social-insurance year of a month began in (handbook 1.3)."""
    year = month // 100 if month % 100 >= 7 else month // 100 - 1
    return year * 100 + 7


def averages_of(unit_id: int, year: int) -> dict[int, int]:
    """Average monthly wage assessed for each person of a unit in a calendar year, in fen; one query."""
    values = {"unit": unit_id, "first": year * 100 + 1, "last": year * 100 + 12, "late": (year + 1) * 100 + 12}
    with connection.cursor() as cursor:
        cursor.execute(AVERAGES, values)
        return dict(cursor.fetchall())


def limits_of(region_code: str, month: int) -> list[tuple[str, int | None, int | None]]:
    """Floor and cap of every insurance's base in a month: (scheme code, floor, cap) in fen, None = no limit."""
    terms = rates_of(region_code, month).terms
    out = []
    for scheme in SCHEMES:
        floor, cap = terms[scheme.code].floor_fen, terms[scheme.code].cap_fen
        out.append((scheme.code, floor if isinstance(floor, int) else None, cap if isinstance(cap, int) else None))
    return out


@dataclass(frozen=True)
class BaseChange:
    """One person's new wage: pension bases before and after, and what both payers pay more a month, in fen."""

    person_id: int
    wage_before_fen: int
    wage_after_fen: int
    base_before_fen: int
    base_after_fen: int
    difference_fen: int


def changes_of(unit_id: int, month: int, wages: Mapping[int, int]) -> Sequence[BaseChange]:
    """What new wages change for a month, by the assessment itself; a fixed number of queries, nothing is written.

    People whose wage stays as it is are left out.
    """
    roster = roster_of(PayerRange(unit_id, unit_id), month)
    key = LineKey(month, month, LineKind.NORMAL)
    before = lines_of(roster, key)
    new = np.array(
        [wages.get(int(person), int(old)) for person, old in zip(roster["person_id"], roster["wage_fen"], strict=True)],
        dtype=np.int64,
    )
    after = lines_of(roster | {"wage_fen": new}, key)
    more = np.sum([after[name] - before[name] for name in PAID], axis=0)
    return [
        BaseChange(
            int(roster["person_id"][at]),
            int(roster["wage_fen"][at]),
            int(new[at]),
            int(before["pension_base_fen"][at]),
            int(after["pension_base_fen"][at]),
            int(more[at]),
        )
        for at in np.nonzero(new != roster["wage_fen"])[0]
    ]


def months_back(start: int, open_month: int) -> int:
    """How many months since the year began are assessed already and would be settled by difference."""
    return max(0, months_apart(start, open_month))
