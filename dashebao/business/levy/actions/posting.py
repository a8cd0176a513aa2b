"""The month's receipts into the funds' books, and the workers' shares onto their personal accounts."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from dashebao.business.fund.api import Entries, PersonalEntries, post_entries, post_personal
from dashebao.business.levy.columns import Column, read_columns
from dashebao.business.levy.models import CollectionClose, MoneySource
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.schemes import PENSION
from dashebao.kernel.records.api import audit, ensure_partition

WORKER_PART = "worker_principal"


@dataclass(frozen=True)
class Posted:
    """What a range of payers brought to the books: fen of contributions, late fees, unallocated; people credited."""

    contributions_fen: int
    late_fees_fen: int
    unallocated_fen: int
    people: int
    accounts_fen: int


INCOME = """
select scheme, pool_code, source, coalesce(sum(employer_fen), 0)::bigint, coalesce(sum(worker_fen), 0)::bigint,
       coalesce(sum(late_fee_fen), 0)::bigint
from levy_allocation where month = %(month)s and source <> 'moved' and {where}
group by scheme, pool_code, source order by 1, 2, 3
"""
SUSPENSE = """
select scheme, pool_code, sum(amount_fen)::bigint from levy_unallocated where month = %(month)s and {where}
group by scheme, pool_code order by 1, 2
"""
BY_UNIT = "unit_id between %(low)s and %(high)s"
BY_PERSON = "unit_id = 0 and person_id between %(low)s and %(high)s"


def close_collection(month: int) -> None:
    """From now on receipts that arrive are booked in the next month; called once, when posting is planned."""
    _row, made = CollectionClose.objects.get_or_create(month=month)
    if made:
        audit("levy.collection_closed", ("levy.month", month))


def post_range(payers: PayerRange, month: int) -> Posted:
    """Post what these payers paid: one journal per fund, pool and kind, and one per pool for the personal accounts.

    Journals carry the range as their key, so posting a range again changes nothing. Only rows that are paid in full
    reach a personal account (足额到账, AAE078).
    """
    contributions, late_fees = _post_income(payers, month)
    unallocated = _post_suspense(payers, month)
    people, accounts = _post_accounts(payers, month)
    return Posted(contributions, late_fees, unallocated, people, accounts)


def _post_income(payers: PayerRange, month: int) -> tuple[int, int]:
    rows = _grouped(INCOME, payers, month)
    worker, employer = ("person", "person") if payers.alone else ("worker", "employer")
    by_template: dict[str, list[tuple[str, str, int, str]]] = {"tax_receipt": [], "allocate": [], "late_fee": []}
    for scheme, pool, source, employer_fen, worker_fen, fee_fen in rows:
        template = "tax_receipt" if source == MoneySource.RECEIPT else "allocate"
        by_template[template] += [(scheme, pool, employer_fen, employer), (scheme, pool, worker_fen, worker)]
        by_template["late_fee"].append((scheme, pool, fee_fen, ""))
    for template, entries in by_template.items():
        _post(template, payers, month, entries)
    return sum(row[3] + row[4] for row in rows), sum(row[5] for row in rows)


def _post_suspense(payers: PayerRange, month: int) -> int:
    rows = _grouped(SUSPENSE, payers, month)
    _post("unallocated", payers, month, [(scheme, pool, amount, "") for scheme, pool, amount in rows])
    return int(sum(row[2] for row in rows))


def _post(template: str, payers: PayerRange, month: int, rows: list[tuple[str, str, int, str]]) -> None:
    kept = [row for row in rows if row[2] > 0]
    if not kept:
        return
    post_entries(
        Entries(
            template=template,
            month=month,
            scheme=[row[0] for row in kept],
            region=[row[1] for row in kept],
            key=[f"{month} {payers.key}"] * len(kept),
            amount_fen=[row[2] for row in kept],
            detail=[row[3] for row in kept] if any(row[3] for row in kept) else (),
        )
    )


def _grouped(statement: str, payers: PayerRange, month: int) -> list[Any]:
    with connection.cursor() as cursor:
        where = BY_PERSON if payers.alone else BY_UNIT
        cursor.execute(statement.format(where=where), {"month": month, "low": payers.low, "high": payers.high})
        return list(cursor.fetchall())


# Items settled this month, without the people who were paid before the item was; then the people paid this month in
# items that are not settled yet, or were settled later.
SETTLED_MONTHS = """
select distinct b.month, i.pool_code from levy_settlement s
join levy_billitem i on i.id = s.item_id join levy_bill b on b.id = i.bill_id
where s.month = %(month)s and s.scheme = %(scheme)s and s.{where}
union
select distinct b.month, i.pool_code from levy_paidline d
join levy_billitem i on i.id = d.item_id join levy_bill b on b.id = i.bill_id
where d.month = %(month)s and i.scheme = %(scheme)s and d.{where}
order by 1, 2
"""
CREDITS = """
select person_id, sum(fen)::int8 from (
  select l.person_id, l.pension_worker_fen as fen
  from levy_settlement s
  join levy_billitem i on i.id = s.item_id
  join levy_bill b on b.id = i.bill_id
  join levy_contributionline l on l.month = %(line_month)s and l.unit_id = b.unit_id {same_person}
    and l.kind = b.kind and l.seq = b.seq and l.paid_month is null
  where s.month = %(month)s and s.scheme = %(scheme)s and s.{where} and b.month = %(line_month)s
    and i.pool_code = %(pool)s
    and not exists (select 1 from levy_paidline d where d.item_id = i.id and d.person_id = l.person_id)
  union all
  select l.person_id, l.pension_worker_fen
  from levy_paidline d
  join levy_billitem i on i.id = d.item_id
  join levy_bill b on b.id = i.bill_id
  join levy_contributionline l on l.month = %(line_month)s and l.unit_id = b.unit_id and l.person_id = d.person_id
    and l.kind = b.kind and l.seq = b.seq and l.paid_month is null
  where d.month = %(month)s and i.scheme = %(scheme)s and d.{where} and b.month = %(line_month)s
    and i.pool_code = %(pool)s
) credited
group by person_id having sum(fen) <> 0 order by person_id
"""


def _post_accounts(payers: PayerRange, month: int) -> tuple[int, int]:
    """Credit worker shares; statements grow with billing months and pools in the range, never with people."""
    values: dict[str, Any] = {"month": month, "scheme": PENSION, "low": payers.low, "high": payers.high}
    where = BY_PERSON if payers.alone else BY_UNIT
    with connection.cursor() as cursor:
        cursor.execute(_aliased(SETTLED_MONTHS, where), values)
        parts = cursor.fetchall()
    people = amount = 0
    for line_month, pool in parts:
        ensure_partition("levy_contributionline", line_month)
        same_person = "and l.person_id = b.person_id" if payers.alone else ""
        credited = read_columns(
            _aliased(CREDITS.replace("{same_person}", same_person), where),
            {**values, "line_month": line_month, "pool": pool},
            {"person_id": "int8", "fen": "int8"},
        )
        if len(credited["person_id"]):
            _credit(pool, month, f"{month} {payers.key} {line_month}", credited["person_id"], credited["fen"])
            people += len(credited["person_id"])
            amount += int(credited["fen"].sum())
    return people, amount


def _aliased(statement: str, where: str) -> str:
    """The range condition with the table's alias before each of its columns."""
    out = statement
    for alias in ("s", "d"):
        qualified = where.replace("unit_id", f"{alias}.unit_id").replace("person_id", f"{alias}.person_id")
        out = out.replace(f"{alias}.{{where}}", qualified)
    return out


def _credit(pool: str, month: int, key: str, people: Column, fen: Column) -> None:
    post_personal(
        PersonalEntries(
            scheme=PENSION,
            region=pool,
            month=month,
            kind="levy.accounts",
            key=key,
            person_id=people.tolist(),
            part=[WORKER_PART] * len(people),
            amount_fen=fen.tolist(),
        )
    )
