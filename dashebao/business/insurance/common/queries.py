"""Reads of running benefits: what is due in a month, who is behind, what one person receives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from dashebao.business.insurance.common.models import (
    Benefit,
    BenefitComponent,
    BenefitState,
    Due,
    Overpayment,
    Qualification,
    Suspension,
)
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import as_known, read_once

FOREVER = 999912

# What is owed to running benefits for a month. Benefits without arrears are one row from one table; only the few with
# arrears are spread over months, each month with the components that were in force then.
_OWED = """
with live as (
    select id, person_id, region_code, scheme, kind, monthly_fen, account_fen, arrears_from_month,
           least(coalesce(end_month, 999912), coalesce(until_month, 999912)) as end_month
    from common_benefit
    where person_id between %(low)s and %(high)s
      and start_month <= %(month)s
      and ((state = 'running' and (coalesce(until_month, 999912) >= %(month)s or arrears_from_month is not null))
           or (state = 'ended' and (end_month >= %(month)s or arrears_from_month is not null)))
)
select person_id, scheme, region_code, %(month)s as month, monthly_fen, account_fen, id, kind
from live
where arrears_from_month is null
union all
select l.person_id, l.scheme, l.region_code, m.month,
       sum(c.amount_fen)::bigint,
       coalesce(sum(c.amount_fen) filter (where c.kind like 'account%%'), 0)::bigint, l.id, l.kind
from live l
cross join lateral (
    select to_char(day, 'YYYYMM')::int as month
    from generate_series(to_date(l.arrears_from_month::text, 'YYYYMM'),
                         to_date(least(%(month)s, l.end_month)::text, 'YYYYMM'),
                         interval '1 month') as day
) m
join common_benefitcomponent c on c.benefit_id = l.id and c.from_month <= m.month
where l.arrears_from_month is not null
  and not exists (
      select from common_suspension s
      where s.benefit_id = l.id and s.months_lost and m.month between s.from_month and coalesce(s.to_month, 999912))
group by l.person_id, l.scheme, l.region_code, m.month, l.id, l.kind
having sum(c.amount_fen) > 0
order by 1, 2, 4
"""

_WITHHOLDINGS = """
select i.id, i.overpayment_id, i.debtor_id, i.amount_fen - i.done_fen, o.scheme
from common_instalment i
join common_overpayment o on o.id = i.overpayment_id
where i.debtor_id between %(low)s and %(high)s
  and i.way = 'withheld' and i.due_month <= %(month)s and i.done_fen < i.amount_fen and o.state = 'open'
order by i.debtor_id, i.due_month, i.id
"""

# Cuts the people who can be owed something in this month into ranges of about the same number of rows.
_RANGES = """
with people as (
    select person_id from common_benefit
    where state <> 'ended' or arrears_from_month is not null or end_month >= %(month)s
    union
    select person_id from common_due where run_month is null and month <= %(month)s
), numbered as (select person_id, row_number() over (order by person_id) - 1 as n from people)
select min(person_id), max(person_id) from numbered group by n / %(size)s order by 1
"""


class OwedRow(NamedTuple):
    """One month owed to one person: gross amount and the part of it that the personal account bears first."""

    person_id: int
    scheme: str
    region_code: str
    month: int
    amount_fen: int
    account_fen: int
    benefit_id: int
    kind: str = "pension"


@dataclass(frozen=True)
class Withholding:
    """What an instalment still takes from a person's payments this month."""

    instalment_id: int
    overpayment_id: int
    person_id: int
    left_fen: int
    scheme: str


@dataclass(frozen=True)
class RunningBenefit:
    """A benefit as other systems and screens may see it."""

    id: int
    person_id: int
    scheme: str
    kind: str
    region_code: str
    award_id: int
    state: BenefitState
    start_month: int
    end_month: int | None
    end_reason: str
    monthly_fen: int
    account_fen: int
    qualified_until_on: date | None
    until_month: int | None = None


def owed_in(month: int, low: int, high: int) -> list[OwedRow]:
    """Months owed to the people low..high in the run of `month` (yyyymm), arrears included; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"month": month, "low": low, "high": high})
        return list(map(OwedRow._make, cursor.fetchall()))


def withholdings_in(month: int, low: int, high: int) -> list[Withholding]:
    """Instalments to withhold from the people low..high up to `month`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHHOLDINGS, {"month": month, "low": low, "high": high})
        return [Withholding(*row) for row in cursor.fetchall()]


def person_ranges(month: int, size: int) -> list[tuple[int, int]]:
    """Ranges of person ids, each with about `size` people who may be owed something in `month`."""
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, {"month": month, "size": size})
        return [(int(low), int(high)) for low, high in cursor.fetchall()]


def as_running(row: Benefit) -> RunningBenefit:
    """The public view of a benefit row."""
    return RunningBenefit(
        id=row.pk,
        person_id=row.person_id,
        scheme=row.scheme,
        kind=row.kind,
        region_code=row.region_code,
        award_id=row.award_id,
        state=BenefitState(row.state),
        start_month=row.start_month,
        end_month=row.end_month,
        end_reason=row.end_reason,
        monthly_fen=row.monthly_fen,
        account_fen=row.account_fen,
        qualified_until_on=row.qualified_until_on,
        until_month=row.until_month,
    )


def benefits_of(person_id: int, scheme: str = "") -> list[RunningBenefit]:
    """All benefits of a person, newest first; `scheme` narrows."""
    rows = Benefit.objects.filter(person_id=person_id).order_by("-start_month", "-id")
    return [as_running(row) for row in (rows.filter(scheme=scheme) if scheme else rows)]


def benefits_then(person_id: int, on: date, known_at: datetime | None = None) -> list[RunningBenefit]:
    """A person's benefits in the state of the month of a day, as recorded now or at an earlier moment, newest first.

    Recorded now, the amount is that of the month; of an earlier moment it is the amount that was known then.
    """
    rows = as_known(Benefit, known_at, of=("person_id", person_id)) if known_at else None
    found = sorted(
        Benefit.objects.filter(person_id=person_id) if rows is None else rows,
        key=lambda row: (-row.start_month, -row.pk),
    )
    stops = suspensions_then(person_id, known_at)
    parts = BenefitComponent.objects.filter(person_id=person_id) if known_at is None else ()
    components = [part for part in parts if part.from_month <= month_of(on)]
    return [_in_month(row, month_of(on), stops, components if known_at is None else None) for row in found]


def suspensions_then(person_id: int, known_at: datetime | None = None) -> list[Suspension]:
    """Interruptions of a person's benefits as recorded now or at an earlier moment, oldest first."""
    if known_at is None:
        return list(Suspension.objects.filter(person_id=person_id).order_by("from_month"))
    return sorted(as_known(Suspension, known_at, of=("person_id", person_id)), key=lambda row: row.from_month)


def _in_month(
    row: Benefit, month: int, stops: Sequence[Suspension], components: Sequence[BenefitComponent] | None
) -> RunningBenefit:
    """A recorded benefit as it stood in a month."""
    own = [stop for stop in stops if stop.benefit_id == row.pk]
    last = min(row.end_month or FOREVER, row.until_month or FOREVER)
    if row.start_month > month:
        state = BenefitState.GRANTED
    elif last < month:
        state = BenefitState.ENDED
    elif any(stop.from_month <= month <= (stop.to_month or FOREVER) for stop in own):
        state = BenefitState.SUSPENDED
    else:
        state = BenefitState.RUNNING
    then = replace(as_running(row), state=state, end_month=last if state is BenefitState.ENDED else None)
    mine = [part for part in components or () if part.benefit_id == row.pk]
    if not mine:
        return then
    account = sum(part.amount_fen for part in mine if part.kind.startswith("account"))
    return replace(then, monthly_fen=sum(part.amount_fen for part in mine), account_fen=account)


@read_once
def live_benefit(person_id: int, scheme: str = "", kind: str = "pension") -> RunningBenefit | None:
    """The person's benefit of this kind that has not ended, or None."""
    rows = Benefit.objects.filter(person_id=person_id, kind=kind).exclude(state=BenefitState.ENDED)
    row = (rows.filter(scheme=scheme) if scheme else rows).first()
    return as_running(row) if row else None


def components_of(benefit_id: int) -> list[BenefitComponent]:
    """Components of a benefit in the order they came into force."""
    return list(BenefitComponent.objects.filter(benefit_id=benefit_id).order_by("from_month", "id"))


def suspensions_of(benefit_id: int) -> list[Suspension]:
    """Interruptions of a benefit, oldest first."""
    return list(Suspension.objects.filter(benefit_id=benefit_id).order_by("from_month"))


def overpayments_of(person_id: int) -> list[Overpayment]:
    """Overpayments of a person with instalments and recoveries, newest first."""
    rows = Overpayment.objects.filter(person_id=person_id).order_by("-id")
    return list(rows.prefetch_related("instalments", "recoveries"))


def overpayments_then(person_id: int, known_at: datetime | None = None) -> list[Overpayment]:
    """Overpayments of a person as recorded now or at an earlier moment, newest first."""
    if known_at is None:
        return list(Overpayment.objects.filter(person_id=person_id).order_by("-id"))
    return sorted(as_known(Overpayment, known_at, of=("person_id", person_id)), key=lambda row: -row.pk)


def open_overpayments() -> "QuerySet[Overpayment]":
    """Overpayments still owed, in the reader's scope, newest first."""
    return Overpayment.objects.filter(state=Overpayment.State.OPEN).order_by("-id")


def qualifications_of(person_id: int) -> list[Qualification]:
    """Proofs of entitlement of a person, newest first."""
    return list(Qualification.objects.filter(person_id=person_id).order_by("-proved_on"))


def waiting_dues(person_id: int) -> list[Due]:
    """One-off amounts of a person not yet in a run."""
    return list(Due.objects.filter(person_id=person_id, run_month__isnull=True).order_by("month", "id"))
