"""What is paid: the people on a unit's bill, what was received, the late fee that runs, the tax office's totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dashebao.business.levy.models import Bill, Receipt, TaxTotals
from dashebao.business.levy.queries.arrears import OwedItem
from dashebao.business.levy.rates import late_fee_capped, late_fee_rate
from dashebao.business.levy.rules import late_fee_days
from dashebao.business.levy.schemes import SCHEMES
from dashebao.kernel.money.api import half_up
from dashebao.kernel.secrecy.api import open_

BASES = ", ".join(f"l.{scheme.base}" for scheme in SCHEMES)
EMPLOYER = " + ".join(f"l.{scheme.employer}" for scheme in SCHEMES)
WORKER = " + ".join(f"l.{scheme.worker}" for scheme in SCHEMES if scheme.worker_pays)
LINES = f"""
select p.name, coalesce(i.value, ''), l.for_month, l.wage_fen, {BASES}, ({EMPLOYER})::bigint, ({WORKER})::bigint
from levy_contributionline l
join registry_person p on p.id = l.person_id
left join lateral (
  select value from registry_personidentifier i
  where i.person_id = l.person_id and upper_inf(i.valid_during) order by i.kind = 'resident_id' desc, i.id limit 1
) i on true
where l.month = %(month)s and l.unit_id = %(unit)s and l.kind = %(kind)s and l.seq = %(seq)s
order by l.person_id, l.for_month limit %(limit)s offset %(offset)s
"""  # noqa: S608


@dataclass(frozen=True)
class BillLine:
    """One person and month on a bill; bases in the order of SCHEMES, amounts in fen."""

    name: str
    id_number: str
    for_month: int
    wage_fen: int
    bases_fen: tuple[int, ...]
    employer_fen: int
    worker_fen: int


class BillLines(Sequence[BillLine]):
    """The people on a bill, read slice by slice; never counted."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill

    def __len__(self) -> int:
        raise TypeError("the list is read page by page")

    def __getitem__(self, part: Any) -> Any:
        bill = self.bill
        values = {
            "month": bill.month,
            "unit": bill.unit_id,
            "kind": bill.kind,
            "seq": bill.seq,
            "limit": (part.stop or 1_000_000) - (part.start or 0),
            "offset": part.start or 0,
        }
        with connection.cursor() as cursor:
            cursor.execute(LINES, values)
            rows = cursor.fetchall()
        count = len(SCHEMES)
        return [
            BillLine(row[0], open_(row[1]), row[2], row[3], tuple(row[4 : 4 + count]), row[-2], row[-1]) for row in rows
        ]


def receipts_of(unit_id: int) -> Any:
    """What the tax office received from a unit, newest first, as a queryset."""
    return Receipt.objects.filter(unit_id=unit_id, person_id=0).order_by("-treasury_on", "-id")


def receipts_of_bill(bill_id: int) -> list[Receipt]:
    """The receipts set against a bill, oldest first; one query."""
    return list(Receipt.objects.filter(allocations__item__bill_id=bill_id).distinct().order_by("treasury_on", "id"))


def running_late_fee(items: Sequence[OwedItem], region_code: str, on: date) -> int:
    """The late fee that would be owed if everything unpaid were paid on this day, in fen (社会保险法 86)."""
    rate, capped = late_fee_rate(region_code, on), late_fee_capped(region_code, on)
    total = 0
    for item in items:
        fee = half_up(item.rest_fen * rate * late_fee_days(item.due_on, on))
        total += min(fee, item.rest_fen) if capped else fee
    return total


OUR_TOTALS = """
select count(*), coalesce(sum(principal_fen), 0)::bigint, coalesce(sum(late_fee_fen), 0)::bigint
from levy_receipt where message_key like %s
"""


@dataclass(frozen=True)
class Totals:
    """Rows, contributions and late fees (fen) of a run."""

    rows: int
    principal_fen: int
    late_fee_fen: int

    @property
    def fen(self) -> int:
        """All the money."""
        return self.principal_fen + self.late_fee_fen


def totals_of(month: int, run: str) -> tuple[Totals, Totals] | None:
    """The tax office's totals of a run and those of our receipts now; None before it told them (T07).

    They are compared when they are asked for: its messages may arrive in any order, and one that was damaged comes late.
    """
    told = TaxTotals.objects.filter(month=month, run=run).first()
    if told is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(OUR_TOTALS, [f"T04:T02:{month}:{run}:%"])
        return Totals(told.row_count, told.principal_fen, told.late_fee_fen), Totals(*cursor.fetchone())
