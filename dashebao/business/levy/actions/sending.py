"""Messages to the tax office: bills (T02), registrations (T01), refund decisions (T06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dashebao.business.levy.models import KIND_NAMES, Refund, RefundState
from dashebao.kernel.exchange.api import send
from dashebao.kernel.records.api import audit
from dashebao.kernel.secrecy.api import open_members

ROWS_PER_FILE = 50_000
REGULAR = "regular"
ITEM_RANGES = """
select min(id), max(id) from (
  select i.id, (row_number() over (order by i.id) - 1) / %(size)s as place
  from levy_billitem i join levy_bill b on b.id = i.bill_id
  where i.month = %(month)s and b.kind in (1, 5) and b.seq = 0
) placed group by place order by 1
"""
ITEM_LINES = """
select string_agg(json_build_object(
    'line', x.line, 'item', 'BI-' || x.id, 'payer_kind', x.payer_kind, 'payer_id', x.payer_id,
    'credit_code', x.credit_code, 'name', x.name, 'region', x.region_code, 'scheme', x.scheme, 'pool', x.pool_code,
    'month', x.month, 'kind', x.kind, 'employer_fen', x.employer_fen, 'worker_fen', x.worker_fen, 'late_fee_fen', x.late_fee_fen,
    'due_on', x.due_on, 'bank_code', x.bank_code, 'account', x.account, 'agreement', x.agreement
  )::text, E'\\n' order by x.line),
  count(*), coalesce(sum(x.employer_fen + x.worker_fen + x.late_fee_fen), 0)::bigint
from (
  select row_number() over (order by i.id) as line, i.id, i.region_code, i.scheme, i.pool_code, i.month,
         i.employer_fen, i.worker_fen, i.due_on,
         case when b.kind in (2, 4) then coalesce((select sum(f.owed_fen) from levy_latefee f where f.item_id = i.id), 0)
              else 0 end as late_fee_fen,
         case when i.unit_id = 0 then 'person' else 'unit' end as payer_kind,
         case when i.unit_id = 0 then i.person_id else i.unit_id end as payer_id,
         coalesce(ui.value, pi.value, '') as credit_code, coalesce(u.name, p.name, '') as name,
         %(kinds)s::jsonb ->> b.kind::text as kind,
         coalesce(r.debit_bank_code, '') as bank_code, coalesce(r.debit_account, '') as account,
         coalesce(r.debit_agreement, '') as agreement
  from levy_billitem i
  join levy_bill b on b.id = i.bill_id
  left join registry_unit u on u.id = nullif(i.unit_id, 0)
  left join lateral (select value from registry_unitidentifier n
                     where n.unit_id = u.id and n.kind = 'uscc' and upper_inf(n.valid_during) limit 1) ui on true
  left join registry_person p on i.unit_id = 0 and p.id = i.person_id
  left join lateral (select value from registry_personidentifier n
                     where n.person_id = p.id and upper_inf(n.valid_during)
                     order by n.kind = 'resident_id' desc limit 1) pi on true
  left join levy_unitregistration r on r.unit_id = u.id and r.closed_on is null
  where {where} and i.employer_fen + i.worker_fen > 0
) x
"""
IN_RANGE = "i.id between %(low)s and %(high)s and i.month = %(month)s and b.kind in (1, 5) and b.seq = 0"
OF_BILLS = "b.id = any(%(bills)s)"


@dataclass(frozen=True)
class BillFile:
    """Which file of which run this is; `sequence` counts from 1."""

    month: int
    run: str
    sequence: int
    of: int

    @property
    def key(self) -> str:
        """Idempotency key of the T02 message."""
        return f"T02:{self.month}:{self.run}:{self.sequence}"


def item_ranges(month: int) -> list[tuple[int, int]]:
    """Ranges of bill item ids for the files of the regular run."""
    with connection.cursor() as cursor:
        cursor.execute(ITEM_RANGES, {"month": month, "size": ROWS_PER_FILE})
        return [(low, high) for low, high in cursor.fetchall()]


def send_range(file: BillFile, low: int, high: int) -> tuple[int, int]:
    """Send one file of the regular run; returns rows and fen. The key makes a second call the same message."""
    return _send(file, IN_RANGE, {"low": low, "high": high, "month": file.month})


def send_bills(bills: Sequence[int], month: int, run: str) -> tuple[int, int]:
    """Send bills outside the regular run (back-payment, difference, late declaration) in one file."""
    return _send(BillFile(month, run, 1, 1), OF_BILLS, {"bills": list(bills)})


def send_refund(refund: Refund, ticket: str = "") -> None:
    """Send a refund decision (T06); its state becomes "sent"."""
    send(
        "tax",
        "T06",
        {
            "refund": f"R-{refund.pk}",
            "payer_kind": "unit" if refund.unit_id else "person",
            "payer_id": refund.unit_id or refund.person_id,
            "scheme": refund.scheme,
            "pool": refund.pool_code,
            "month": refund.month,
            "amount_fen": refund.employer_fen + refund.worker_fen + refund.out_of_suspense_fen,
            "ticket": ticket,
        },
        key=f"T06:R-{refund.pk}",
    )
    refund.state = RefundState.ORDERED
    refund.save(update_fields=["state"])
    audit("levy.refund_ordered", refund)


def send_unit_registration(unit_id: int, action: str, on: date) -> None:
    """Tell the tax office that a unit registered, changed or closed (T01)."""
    with connection.cursor() as cursor:
        cursor.execute(UNIT_LINE, {"unit": unit_id, "action": action})
        text = cursor.fetchone()[0]
        cursor.execute("select count(*) from exchange_outboxmessage where key like %s", [f"T01:unit-{unit_id}-%"])
        number = int(cursor.fetchone()[0]) + 1
    month = on.year * 100 + on.month
    data = {"month": month, "run": f"unit-{unit_id}", "sequence": 1, "of": 1, "rows": 1}
    send(
        "tax",
        "T01",
        data,
        file=open_members(text, "account").encode(),
        name=f"T01-{month}-{unit_id}.jsonl",
        key=f"T01:unit-{unit_id}-{number}",
    )


UNIT_LINE = """
select json_build_object('line', 1, 'subject', 'unit', 'action', %(action)s::text, 'unit_id', u.id,
    'credit_code', coalesce(n.value, ''), 'name', u.name, 'legal_person', u.legal_person,
    'address', u.address, 'region', u.region_code, 'schemes', r.schemes::text[],
    'bank_code', r.debit_bank_code, 'account', r.debit_account, 'agreement', r.debit_agreement)::text
from registry_unit u
join levy_unitregistration r on r.unit_id = u.id
left join registry_unitidentifier n on n.unit_id = u.id and n.kind = 'uscc' and upper_inf(n.valid_during)
where u.id = %(unit)s order by r.id desc limit 1
"""


def _send(file: BillFile, where: str, values: dict[str, Any]) -> tuple[int, int]:
    kinds = "{" + ",".join(f'"{number}":"{name}"' for number, name in KIND_NAMES.items()) + "}"
    with connection.cursor() as cursor:
        cursor.execute(ITEM_LINES.format(where=where), {"kinds": kinds, **values})
        text, rows, amount = cursor.fetchone()
    if not rows:
        return 0, 0
    data = {
        "month": file.month,
        "run": file.run,
        "sequence": file.sequence,
        "of": file.of,
        "rows": rows,
        "due_fen": amount,
    }
    name = f"T02-{file.month}-{file.run}-{file.sequence:04d}.jsonl"
    send("tax", "T02", data, file=open_members(text, "account", "credit_code").encode(), name=name, key=file.key)
    return int(rows), int(amount)
