"""A tax office for tests: answers bills with T03, T04 and T07 messages, handed to the levy's own handlers."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashebao.business.levy import listeners
from dashebao.business.levy.models import BillItem
from dashebao.kernel.exchange.api import Message

HANDLERS = {
    "T03": listeners.bills_taken_over,
    "T04": listeners.payments_reported,
    "T05": listeners.refund_reported,
    "T07": listeners.totals_reported,
}


def tell(kind: str, key: str, data: dict[str, Any], rows: list[dict[str, Any]]) -> Message:
    """Hand one message to its handler, as the exchange would."""
    file = "\n".join(json.dumps(row) for row in rows).encode()
    message = Message(
        id=1,
        partner="tax",
        kind=kind,
        key=key,
        answers="",
        data=data,
        file=file,
        name="",
        received_at=datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    HANDLERS[kind](message)
    return message


def paid_row(item: BillItem, fen: int | None = None, *, ticket: str = "", on: str = "2026-11-12", fee: int = 0) -> dict:
    """A T04 row that pays an item, in full unless `fen` says less."""
    return {
        "item": f"BI-{item.pk}",
        "payer_kind": "unit" if item.unit_id else "person",
        "payer_id": item.unit_id or item.person_id,
        "region": item.region_code,
        "scheme": item.scheme,
        "pool": item.pool_code,
        "month": item.month,
        "ticket": ticket or f"T{item.pk}",
        "treasury_on": on,
        "principal_fen": item.employer_fen + item.worker_fen if fen is None else fen,
        "late_fee_fen": fee,
        "channel": "debit",
    }


def report(month: int, rows: list[dict], *, sequence: int = 1, run: str = "regular") -> Message:
    """A T04 with these rows."""
    return tell("T04", f"T04:T02:{month}:{run}:{sequence}", {"month": month, "run": run}, rows)


def pay_everything(month: int) -> list[dict]:
    """Every item of a month's bills paid in full and in time, and the totals told."""
    rows = [paid_row(item) for item in BillItem.objects.filter(month=month).order_by("id")]
    report(month, rows)
    tell_totals(month, rows)
    return rows


def tell_totals(month: int, rows: list[dict]) -> None:
    """The T07 over these rows."""
    totals = {
        "month": month,
        "run": "regular",
        "rows": len(rows),
        "principal_fen": sum(row["principal_fen"] for row in rows),
        "late_fee_fen": sum(row["late_fee_fen"] for row in rows),
    }
    tell("T07", f"T07:{month}:regular", totals, [])
