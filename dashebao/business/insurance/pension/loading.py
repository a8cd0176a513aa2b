"""Opening load of pensioners: awards with frozen inputs and their running benefits, set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from dashebao.business.insurance.common.api import BenefitColumns, load_benefits
from dashebao.business.insurance.pension.queries import SCHEME, own_region
from dashebao.business.insurance.pension.rules import GuangdongColumns, award_guangdong_columns
from dashebao.kernel.rules.api import parameters

PARTS = ("basic", "account", "transitional", "adjustment")
FORMULA = "pension.award_guangdong"

_AWARDS = """
insert into pension_award (person_id, region_code, case_no, variant, category, retire_month, start_month, paid_months,
    deemed_months, average_index_e4, calc_base_fen, account_balance_fen, payout_months_e1, monthly_fen, inputs, trace,
    parameters_digest, law_on, decided_on, supersedes_id)
select t.person_id, t.region_code, '', 'guangdong', t.category, t.retire_month, t.start_month, t.months, 0, t.index_e4,
    t.calc_base_fen, t.balance_fen, t.payout_e1, t.monthly_fen,
    jsonb_build_object('formula', %(formula)s, 'on', %(law_on)s, 'inputs', jsonb_build_object(
        'calc_base', to_char(t.calc_base_fen / 100.0, 'FM9999999990.00'),
        'average_index', to_char(t.index_e4 / 10000.0, 'FM990.0000'),
        'months', t.months,
        'account_balance', to_char(t.balance_fen / 100.0, 'FM9999999990.00'),
        'payout_months', to_char(t.payout_e1 / 10.0, 'FM990.0'))),
    '{}'::jsonb, %(digest)s, %(law_on)s::date,
    to_date(t.retire_month::text, 'YYYYMM'), null
from unnest(%(person)s::bigint[], %(region)s::text[], %(category)s::text[], %(retire)s::int[], %(start)s::int[],
    %(months)s::int[], %(index)s::int[], %(base)s::bigint[], %(balance)s::bigint[], %(payout)s::int[],
    %(monthly)s::bigint[])
  as t(person_id, region_code, category, retire_month, start_month, months, index_e4, calc_base_fen, balance_fen,
       payout_e1, monthly_fen)
"""


@dataclass(frozen=True)
class PensionerColumns:
    """Pensioners taken over from an older system, as columns of equal length (amounts in fen).

    `increases_fen`: the sum of yearly increases since the award; `balance_fen`: the account when it was awarded;
    `law_on`: the day whose parameters the awards are calculated with; `first_run_month`: the first month paid here.
    """

    law_on: date
    first_run_month: int
    person_id: Sequence[int]
    region_code: Sequence[str]
    category: Sequence[str]
    retire_month: Sequence[int]
    start_month: Sequence[int]
    paid_months: Sequence[int]
    average_index_e4: Sequence[int]
    calc_base_fen: Sequence[int]
    balance_fen: Sequence[int]
    payout_months_e1: Sequence[int]
    increases_fen: Sequence[int]
    qualified_until_on: Sequence[date]


def load_pensioners(rows: PensionerColumns) -> int:
    """Insert awards and running benefits of many pensioners; returns how many.

    The parts are calculated by the same rules as a claim's; the frozen inputs let every award be replayed. Chunks of
    at most 50,000 people keep the arrays small.
    """
    if not len(rows.person_id):
        return 0
    parts = _parts(rows)
    people = [int(person) for person in rows.person_id]
    monthly = [sum(values) for values in zip(*(parts[name] for name in PARTS), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_AWARDS, _arguments(rows, people, monthly))
        cursor.execute(
            "select person_id, id from pension_award where person_id = any(%s) and supersedes_id is null", [people]
        )
        awards = dict(cursor.fetchall())
    return load_benefits(
        BenefitColumns(
            scheme=SCHEME,
            first_run_month=rows.first_run_month,
            person_id=people,
            region_code=list(rows.region_code),
            award_id=[awards[person] for person in people],
            start_month=[int(month) for month in rows.start_month],
            parts=parts | {"increases": [int(amount) for amount in rows.increases_fen]},
            qualified_until_on=list(rows.qualified_until_on),
        )
    )


def _parts(rows: PensionerColumns) -> dict[str, list[int]]:
    """Basic, account, transitional and difference part of every pensioner, by the province's column rules."""
    nothing = np.zeros(len(rows.person_id), np.int64)
    result = award_guangdong_columns(
        GuangdongColumns(
            calc_base_fen=np.asarray(rows.calc_base_fen, np.int64),
            index_1e4=np.asarray(rows.average_index_e4, np.int64),
            months=np.asarray(rows.paid_months, np.int64),
            balance_fen=np.asarray(rows.balance_fen, np.int64),
            payout_tenths=np.asarray(rows.payout_months_e1, np.int64),
            deemed_account_fen=nothing,
            weighted_years_1e4=nothing,
        ),
        parameters(own_region(), rows.law_on),
    )
    return {name: [int(amount) for amount in getattr(result, f"{name}_fen")] for name in PARTS}


def _arguments(rows: PensionerColumns, people: list[int], monthly: list[int]) -> dict[str, Any]:
    def whole(column: Sequence[int]) -> list[int]:
        return [int(value) for value in column]

    return {
        "formula": FORMULA,
        "law_on": rows.law_on.isoformat(),
        "digest": parameters(own_region(), rows.law_on).digest,
        "person": people,
        "region": list(rows.region_code),
        "category": list(rows.category),
        "retire": whole(rows.retire_month),
        "start": whole(rows.start_month),
        "months": whole(rows.paid_months),
        "index": whole(rows.average_index_e4),
        "base": whole(rows.calc_base_fen),
        "balance": whole(rows.balance_fen),
        "payout": whole(rows.payout_months_e1),
        "monthly": monthly,
    }
