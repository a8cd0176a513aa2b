"""What is still owed, per item and payer, with the late fee to a day."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

OWED_ITEMS = """
select i.id, i.bill_id, i.month, b.kind, i.unit_id, i.person_id, i.scheme, i.due_on,
       i.employer_fen, i.worker_fen, coalesce(sum(a.employer_fen), 0)::bigint, coalesce(sum(a.worker_fen), 0)::bigint
from levy_billitem i
join levy_bill b on b.id = i.bill_id
left join levy_allocation a on a.item_id = i.id
where i.unit_id = %(unit)s and i.person_id = %(person)s
  and not exists (select 1 from levy_settlement s where s.item_id = i.id)
  and not exists (select 1 from levy_billcancellation c where c.bill_id = i.bill_id)
group by i.id, b.kind
having i.employer_fen + i.worker_fen > coalesce(sum(a.employer_fen + a.worker_fen), 0)
order by i.month, i.scheme, i.id
"""


@dataclass(frozen=True)
class OwedItem:
    """One unpaid or partly paid bill item; amounts in fen, `rest_*` what is left of each payer's part."""

    item_id: int
    bill_id: int
    month: int
    kind: int
    unit_id: int
    person_id: int
    scheme: str
    due_on: date
    employer_fen: int
    worker_fen: int
    paid_employer_fen: int
    paid_worker_fen: int

    @property
    def rest_fen(self) -> int:
        """Principal still owed."""
        return self.employer_fen + self.worker_fen - self.paid_employer_fen - self.paid_worker_fen


def owed_items(unit_id: int, person_id: int = 0) -> list[OwedItem]:
    """Everything a payer still owes, oldest month first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(OWED_ITEMS, {"unit": unit_id, "person": person_id})
        return [OwedItem(*row) for row in cursor.fetchall()]


def owed_by(unit_id: int, person_id: int = 0, *, on: date | None = None) -> int:
    """Principal a payer owes, in fen; with `on` only what is due on that day, and the late fees never paid."""
    principal = sum(item.rest_fen for item in owed_items(unit_id, person_id) if on is None or item.due_on <= on)
    return principal + owed_late_fees(unit_id, person_id)


LATE_FEES = """
select coalesce((select sum(f.owed_fen) from levy_latefee f where f.unit_id = %(unit)s and f.person_id = %(person)s), 0)
     - coalesce((select sum(a.late_fee_fen) from levy_allocation a join levy_billitem i on i.id = a.item_id
                 where i.unit_id = %(unit)s and i.person_id = %(person)s), 0)
     - coalesce((select sum(v.waived_fen) from levy_latefeewaiver v
                 where v.unit_id = %(unit)s and v.person_id = %(person)s), 0)
"""


def owed_late_fees(unit_id: int, person_id: int = 0) -> int:
    """Late fees a payer owes on what was paid late or is being paid back, less what was paid or waived of them, in fen."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_FEES, {"unit": unit_id, "person": person_id})
        return max(0, int(cursor.fetchone()[0]))


OPEN_MONEY = """
select u.id, u.month, u.scheme, u.pool_code, u.region_code, u.unit_id, u.person_id, u.reason, r.memo, r.ticket,
       u.amount_fen - coalesce(sum(x.amount_fen), 0)::bigint
from levy_unallocated u join levy_receipt r on r.id = u.receipt_id
left join levy_unallocateduse x on x.unallocated_id = u.id
group by u.id, r.id having u.amount_fen > coalesce(sum(x.amount_fen), 0) order by u.month, u.id limit %(limit)s
"""


@dataclass(frozen=True)
class OpenMoney:
    """Money received that belongs to no bill yet (2001), with what is left of it in fen."""

    unallocated_id: int
    month: int
    scheme: str
    pool_code: str
    region_code: str
    unit_id: int
    person_id: int
    reason: str
    memo: str
    ticket: str
    rest_fen: int


def open_money(limit: int = 500) -> list[OpenMoney]:
    """Unallocated money that waits to be matched or returned, oldest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_MONEY, {"limit": limit})
        return [OpenMoney(*row) for row in cursor.fetchall()]
