"""Asks the finance office for money and books what it moves: treasury, fiscal special account, expenditure account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum

from dashebao.kernel.events.api import publish
from dashebao.kernel.exchange import api as exchange
from dashebao.kernel.records.api import audit

from ..events import MoneyArrived
from ..models import BatchState, FundRequest, PaymentBatch
from ..queries.payments import reissued_fen
from ..rules import fund_of, pool_region
from ..rules_statements import month_end
from .posting import Entries, Entry, first_open_month, post_entries, post_entry


def request_funds(run_month: int, fund: str, pool: str) -> FundRequest | None:
    """Ask for the money of the approved first tries that no request covers yet; None when nothing is to be paid.

    Money of failed payments is still on the expenditure account, so a re-sending asks for none.
    """
    missing = money_missing(run_month, fund, pool)
    return ask_for(run_month, fund, pool, missing) if missing > 0 else None


def money_missing(run_month: int, fund: str, pool: str) -> int:
    """Fen of the run's first tries that no open or granted request covers; returned money paid again needs none."""
    batches = PaymentBatch.objects.filter(run_month=run_month, fund=fund, pool_region=pool, attempt=1)
    due = batches.exclude(state=BatchState.REJECTED).aggregate(fen=Sum("total_fen"))["fen"] or 0
    due -= reissued_fen(run_month, fund, pool)
    asked = FundRequest.objects.filter(run_month=run_month, fund=fund, region_code=pool, purpose="benefit")
    return due - (asked.exclude(state="refused").aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def ask_for(run_month: int, fund: str, pool: str, amount_fen: int, purpose: str = "benefit") -> FundRequest:
    """Send one fund request (用款申请, F01) to the finance office."""
    count = FundRequest.objects.filter(run_month=run_month, fund=fund, region_code=pool).count()
    number = f"YK-{run_month}-{fund}-{pool}-{count + 1}"
    request: FundRequest = FundRequest.objects.create(
        number=number, run_month=run_month, fund=fund, region_code=pool, purpose=purpose, amount_fen=amount_fen
    )
    body = {
        "request": number, "month": run_month, "scheme": fund, "pool": pool, "amount_fen": amount_fen,
        "purpose": purpose, "on": month_end(run_month).isoformat(),
    }  # fmt: skip
    exchange.send("finance", "F01", body, key=f"F01:{number}")
    audit("fund.requested", request, region=pool, amount_fen=amount_fen)
    return request


def take_answer(data: Mapping[str, Any]) -> None:
    """Book the finance office's answer (F02) to a fund request: Dr1004 Cr1003 when granted; exactly once."""
    request = FundRequest.objects.select_for_update().filter(number=data["request"]).first()
    if request is None:
        raise exchange.Refused("E11", f"no such request: {data['request']}")
    if request.state != "asked":
        return
    if not data["ok"]:
        request.state, request.reason = "refused", str(data.get("message") or data.get("code") or "")[:200]
        request.save(update_fields=["state", "reason"])
        return
    if data["amount_fen"] != request.amount_fen:
        raise exchange.Refused("E12", f"{request.number}: asked {request.amount_fen}, granted {data['amount_fen']}")
    request.state, request.transfer = "granted", str(data["transfer"])[:40]
    request.paid_on = date.fromisoformat(data["paid_on"])
    request.save(update_fields=["state", "transfer", "paid_on"])
    place = (request.run_month, request.fund, request.region_code)
    post_entry(Entry("fund_request", *place, request.number, request.amount_fen))


def claim_subsidy(scheme: str, region: str, reference: str, amount_fen: int, on: date) -> None:
    """Ask the finance office for the subsidy that a payment has earned (F07); it is booked when it arrives (F06)."""
    body = {
        "claim": reference, "scheme": fund_of(scheme), "pool": pool_region(scheme, region, on),
        "amount_fen": amount_fen, "on": on.isoformat(),
    }  # fmt: skip
    exchange.send("finance", "F07", body, key=f"F07:{reference}")


def take_treasury_transfer(data: Mapping[str, Any]) -> int:
    """Book the treasury's monthly transfer to the fiscal special accounts (F03): Dr1003 Cr1005; returns the rows."""
    lines: Sequence[Mapping[str, Any]] = [row for row in data["lines"] if row["amount_fen"]]
    if sum(row["amount_fen"] for row in lines) != data["total_fen"]:
        raise exchange.Refused("E13", f"{data['transfer']}: the lines do not add up to the total")
    key = str(data["transfer"])
    columns = (
        [r["scheme"] for r in lines],
        [r["pool"] for r in lines],
        [key] * len(lines),
        [r["amount_fen"] for r in lines],
    )
    post_entries(Entries("treasury_transfer", int(data["month"]), *columns))
    return len(lines)


def take_inflow(data: Mapping[str, Any]) -> None:
    """Book money that reached the fiscal special account from outside (F06): a transfer in or a subsidy.

    It enters the month of its day, or the first open one after.
    """
    template = {"transfer_in": "transfer_in", "subsidy_in": "subsidy"}.get(str(data["kind"]))
    if template is None:
        raise exchange.Refused("E14", f"unknown kind of money: {data['kind']}")
    day = date.fromisoformat(data["on"])
    place, reference, amount = (str(data["scheme"]), str(data["pool"])), str(data["reference"]), int(data["amount_fen"])
    month = first_open_month(*place, day.year * 100 + day.month)
    post_entry(Entry(template, month, *place, reference, amount))
    publish(MoneyArrived(str(data["kind"]), *place, reference, amount, day))
