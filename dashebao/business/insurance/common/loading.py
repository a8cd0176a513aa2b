"""Opening load of benefits already being paid: set-based, for taking over an older system's pensioners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

_BENEFITS = """
insert into common_benefit (person_id, scheme, kind, region_code, award_id, case_no, state, start_month, end_month,
                            end_reason, monthly_fen, account_fen, arrears_from_month, qualified_until_on)
select t.person_id, %(scheme)s, 'pension', t.region_code, t.award_id, '',
       case when t.start_month < %(first)s then 'running' else 'granted' end, t.start_month, null, '', t.monthly_fen,
       t.account_fen, case when t.start_month < %(first)s then null else t.start_month end, t.qualified_until_on
from unnest(%(person)s::bigint[], %(region)s::text[], %(award)s::bigint[], %(start)s::int[], %(monthly)s::bigint[],
            %(account)s::bigint[], %(until)s::date[])
     as t(person_id, region_code, award_id, start_month, monthly_fen, account_fen, qualified_until_on)
"""

_COMPONENTS = """
insert into common_benefitcomponent (benefit_id, person_id, region_code, kind, from_month, amount_fen, source)
select b.id, b.person_id, b.region_code, %(kind)s, b.start_month, t.amount_fen, 'award:' || b.award_id
from unnest(%(award)s::bigint[], %(amount)s::bigint[]) as t(award_id, amount_fen)
join common_benefit b on b.scheme = %(scheme)s and b.award_id = t.award_id
where t.amount_fen <> 0
"""

_PROOFS = """
insert into common_qualification (person_id, region_code, method, proved_on, valid_until_on, case_no)
select t.person_id, t.region_code, 'match', t.until - interval '12 months', t.until, ''
from unnest(%(person)s::bigint[], %(region)s::text[], %(until)s::date[]) as t(person_id, region_code, until)
"""


@dataclass(frozen=True)
class BenefitColumns:
    """Benefits of one scheme as columns of equal length.

    `first_run_month`: the first month this product will pay; what started earlier was paid elsewhere up to there.
    `parts`: component kind -> fen per person; "account" is borne by the personal account first.
    """

    scheme: str
    first_run_month: int
    person_id: Sequence[int]
    region_code: Sequence[str]
    award_id: Sequence[int]
    start_month: Sequence[int]
    parts: Mapping[str, Sequence[int]]
    qualified_until_on: Sequence[date]


def load_benefits(columns: BenefitColumns) -> int:
    """Insert the benefits with their components and last proofs; returns how many. One statement per table and part."""
    people = list(columns.person_id)
    if not people:
        return 0
    monthly = [sum(values) for values in zip(*columns.parts.values(), strict=True)]
    awards, regions, until = list(columns.award_id), list(columns.region_code), list(columns.qualified_until_on)
    with connection.cursor() as cursor:
        cursor.execute(
            _BENEFITS,
            {
                "scheme": columns.scheme,
                "first": columns.first_run_month,
                "person": people,
                "region": regions,
                "award": awards,
                "start": list(columns.start_month),
                "monthly": monthly,
                "account": list(columns.parts.get("account", [0] * len(people))),
                "until": until,
            },
        )
        for kind, amounts in columns.parts.items():
            cursor.execute(
                _COMPONENTS,
                {"kind": kind, "scheme": columns.scheme, "award": awards, "amount": list(amounts)},
            )
        cursor.execute(_PROOFS, {"person": people, "region": regions, "until": until})
    return len(people)
