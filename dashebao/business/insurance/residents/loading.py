"""Opening load of residents: memberships, years paid, awards and running benefits, set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from dashebao.business.insurance.common.api import BenefitColumns, load_benefits
from dashebao.business.insurance.residents.queries import SCHEME
from dashebao.business.insurance.residents.rules import residents_columns
from dashebao.kernel.registry.api import home_province
from dashebao.kernel.rules.api import parameters

_ENROLMENTS = """
insert into residents_residentenrolment (person_id, region_code, state, enrolled_on, ended_on, tier_fen, case_no)
select t.person_id, t.region_code, 'active', t.enrolled_on, null, t.tier_fen, ''
from unnest(%(person)s::bigint[], %(region)s::text[], %(since)s::date[], %(tier)s::bigint[])
  as t(person_id, region_code, enrolled_on, tier_fen)
"""

_YEARS = """
insert into residents_yearpayment (person_id, region_code, for_year, paid_on, month, tier_fen, subsidy_fen,
    collective_fen, receipt_no)
select t.person_id, t.region_code, t.for_year, make_date(t.for_year, 11, 20), t.for_year * 100 + 11, t.tier_fen,
    t.subsidy_fen, 0, 'former'
from unnest(%(person)s::bigint[], %(region)s::text[], %(year)s::int[], %(tier)s::bigint[], %(subsidy)s::bigint[])
  as t(person_id, region_code, for_year, tier_fen, subsidy_fen)
"""

_AWARDS = """
insert into residents_residentaward (person_id, region_code, case_no, start_month, paid_years, account_balance_fen,
    basic_fen, account_fen, monthly_fen, inputs, trace, parameters_digest, law_on, decided_on)
select t.person_id, t.region_code, '', t.start_month, t.years, t.balance_fen, t.basic_fen, t.account_fen,
    t.basic_fen + t.account_fen,
    jsonb_build_object('account_balance', to_char(t.balance_fen / 100.0, 'FM9999999990.00'),
        'basic', to_char(t.basic_fen / 100.0, 'FM9999999990.00'), 'divisor', %(divisor)s),
    '{}'::jsonb, %(digest)s, %(law_on)s::date, %(law_on)s::date
from unnest(%(person)s::bigint[], %(region)s::text[], %(start)s::int[], %(years)s::int[], %(balance)s::bigint[],
    %(basic)s::bigint[], %(account)s::bigint[])
  as t(person_id, region_code, start_month, years, balance_fen, basic_fen, account_fen)
returning person_id, id
"""


@dataclass(frozen=True)
class MemberColumns:
    """Residents enrolled: person, place, since when, chosen yearly tier in fen."""

    person_id: Sequence[int]
    region_code: Sequence[str]
    enrolled_on: Sequence[date]
    tier_fen: Sequence[int]


@dataclass(frozen=True)
class YearColumns:
    """Years paid under an older system; the account's opening balance is posted apart."""

    person_id: Sequence[int]
    region_code: Sequence[str]
    for_year: Sequence[int]
    tier_fen: Sequence[int]
    subsidy_fen: Sequence[int]


@dataclass(frozen=True)
class ResidentPensionerColumns:
    """Residents already on a pension; `balance_fen` is the account when it was awarded."""

    law_on: date
    first_run_month: int
    person_id: Sequence[int]
    region_code: Sequence[str]
    start_month: Sequence[int]
    paid_years: Sequence[int]
    balance_fen: Sequence[int]
    qualified_until_on: Sequence[date]


def load_members(rows: MemberColumns) -> int:
    """Insert memberships; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENROLMENTS,
            {
                "person": list(rows.person_id),
                "region": list(rows.region_code),
                "since": list(rows.enrolled_on),
                "tier": list(rows.tier_fen),
            },
        )
    return len(rows.person_id)


def load_years(rows: YearColumns) -> int:
    """Insert years paid; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            _YEARS,
            {
                "person": list(rows.person_id),
                "region": list(rows.region_code),
                "year": list(rows.for_year),
                "tier": list(rows.tier_fen),
                "subsidy": list(rows.subsidy_fen),
            },
        )
    return len(rows.person_id)


def load_resident_pensioners(rows: ResidentPensionerColumns) -> int:
    """Insert awards and running benefits, calculated by the residents' column rules; returns how many."""
    if not len(rows.person_id):
        return 0
    law = parameters(home_province().code, rows.law_on)
    divisor, basic = law["residents.divisor"].whole(), law.latest("residents.basic").whole()
    account, _total = residents_columns(np.asarray(rows.balance_fen, np.int64), basic, divisor)
    people, basics = [int(person) for person in rows.person_id], [basic] * len(rows.person_id)
    parts = {"basic": basics, "account": [int(amount) for amount in account]}
    with connection.cursor() as cursor:
        cursor.execute(
            _AWARDS,
            {
                "person": people,
                "region": list(rows.region_code),
                "start": list(rows.start_month),
                "years": list(rows.paid_years),
                "balance": list(rows.balance_fen),
                "basic": basics,
                "account": parts["account"],
                "divisor": str(divisor),
                "digest": law.digest,
                "law_on": rows.law_on.isoformat(),
            },
        )
        awards = dict(cursor.fetchall())
    return load_benefits(
        BenefitColumns(
            scheme=SCHEME,
            first_run_month=rows.first_run_month,
            person_id=people,
            region_code=list(rows.region_code),
            award_id=[awards[person] for person in people],
            start_month=list(rows.start_month),
            parts=parts,
            qualified_until_on=list(rows.qualified_until_on),
        )
    )
