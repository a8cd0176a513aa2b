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
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(owed_fen - paid_fen), 0)::bigint from levy_latefee"
            " where unit_id = %s and person_id = %s and owed_fen > paid_fen",
            [unit_id, person_id],
        )
        return principal + int(cursor.fetchone()[0])
