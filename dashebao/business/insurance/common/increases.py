"""Increases of running benefits, set-based: a component of its own from the effective month, arrears owed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dashebao.kernel.legal_time.api import months_apart

_CANDIDATES = """
select b.id, b.person_id, b.award_id, b.monthly_fen, b.start_month
from common_benefit b
where b.scheme = %(scheme)s and b.kind = 'pension' and b.state in ('running', 'suspended')
  and b.start_month < %(effective)s and b.person_id between %(low)s and %(high)s and b.region_code like %(region)s
  and not exists (select from common_benefitcomponent c where c.benefit_id = b.id and c.kind = %(kind)s)
order by b.person_id
"""

_COMPONENTS = """
insert into common_benefitcomponent (benefit_id, person_id, region_code, kind, from_month, amount_fen, source)
select b.id, b.person_id, b.region_code, %(kind)s, %(effective)s, t.amount_fen, %(source)s
from unnest(%(benefit)s::bigint[], %(amount)s::bigint[]) as t(id, amount_fen) join common_benefit b on b.id = t.id
"""

_RAISE = """
update common_benefit b set monthly_fen = b.monthly_fen + t.amount_fen
from unnest(%(benefit)s::bigint[], %(amount)s::bigint[]) as t(id, amount_fen) where b.id = t.id
"""

# Months that are still owed as arrears get the increase with them; only months already paid are made up for.
_ARREARS = """
insert into common_due (person_id, payee_person_id, region_code, scheme, benefit_kind, month, seq, amount_fen, source)
select b.person_id, b.person_id, b.region_code, b.scheme, 'adjustment', %(effective)s, 1,
       t.amount_fen * paid.months, %(source)s
from unnest(%(benefit)s::bigint[], %(amount)s::bigint[]) as t(id, amount_fen)
join common_benefit b on b.id = t.id
cross join lateral (
    select %(behind)s - case when b.arrears_from_month is null then 0 else greatest(0,
        (%(run)s / 100 - b.arrears_from_month / 100) * 12 + %(run)s %% 100 - b.arrears_from_month %% 100) end as months
) paid
where paid.months > 0
on conflict do nothing
"""


@dataclass(frozen=True)
class Candidate:
    """A benefit that takes part in an increase."""

    benefit_id: int
    person_id: int
    award_id: int
    monthly_fen: int
    start_month: int


@dataclass(frozen=True)
class Increases:
    """One increase for many benefits: component kind, effective month, first run that pays it, act, amounts (fen)."""

    kind: str
    effective_month: int
    run_month: int
    source: str
    benefit_id: Sequence[int]
    amount_fen: Sequence[int]


def running_between(scheme: str, kind: str, effective_month: int, where: tuple[str, int, int]) -> list[Candidate]:
    """Benefits of `where` = (region prefix, low, high person id) begun before `effective_month` without `kind`."""
    region, low, high = where
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "scheme": scheme,
                "kind": kind,
                "effective": effective_month,
                "low": low,
                "high": high,
                "region": f"{region}%",
            },
        )
        return [Candidate(*row) for row in cursor.fetchall()]


def increase_benefits(rows: Increases) -> int:
    """Raise benefits from `effective_month`; months already paid come as one amount of arrears. Three statements."""
    if not rows.benefit_id:
        return 0
    arguments: dict[str, Any] = {
        "kind": rows.kind,
        "effective": rows.effective_month,
        "run": rows.run_month,
        "behind": max(0, months_apart(rows.effective_month, rows.run_month)),
        "source": rows.source,
        "benefit": list(rows.benefit_id),
        "amount": list(rows.amount_fen),
    }
    with connection.cursor() as cursor:
        for statement in (_COMPONENTS, _ARREARS, _RAISE):
            cursor.execute(statement, arguments)
    return len(rows.benefit_id)
