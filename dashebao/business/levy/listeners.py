"""What the levy does when the tax office writes and when a person dies."""

from datetime import date
from typing import Any

from dashebao.business.levy import months
from dashebao.business.levy.actions.collecting import (
    TaxRows,
    booking_month,
    item_number,
    take_debit_results,
    take_receipts,
    take_totals,
    take_vouchers,
)
from dashebao.business.levy.actions.enrolling import Leaving, stop
from dashebao.business.levy.actions.merging import carry_relations, give_relations_back
from dashebao.business.levy.actions.recording import record_change
from dashebao.business.levy.actions.refunding import refund_executed
from dashebao.business.levy.actions.telling import take_answer
from dashebao.business.levy.models import MovementKind
from dashebao.business.levy.queries.enrolments import open_month, relations_of
from dashebao.business.levy.schemes import BY_CODE
from dashebao.kernel.cases.api import today
from dashebao.kernel.events.api import listens
from dashebao.kernel.exchange.api import Message, Refused, handles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonChanged, PersonDied, PersonsMerged, PersonsUnmerged


@listens(PersonDied)
def insurance_ends_with_death(event: PersonDied) -> None:
    """The month of death is the last one due; every relation ends after it."""
    first = months.shifted(months.of_day(event.died_on), 1)
    for relation in relations_of(event.person_id):
        if relation.until_month is None:
            stop(relation.unit_id, [Leaving(event.person_id, first, kind=MovementKind.DEATH)])


@listens(PersonsMerged)
def relations_follow_the_kept_record(event: PersonsMerged) -> None:
    """What the losing record still holds goes on under the kept one, from the open month."""
    with acting(SYSTEM, "relations of merged records"):  # the other record's payer may be in another area
        carry_relations(event.lose_id, event.keep_id, open_month(today()))


@listens(PersonsUnmerged)
def relations_go_back(event: PersonsUnmerged) -> None:
    """What was carried over goes back to the record that stands for itself again."""
    with acting(SYSTEM, "relations of parted records"):
        give_relations_back(event.keep_id, event.lose_id, open_month(today()))


@listens(PersonChanged)
def the_tax_office_hears_of_changes(event: PersonChanged) -> None:
    """A changed name, number or place is a movement of every relation that runs."""
    with acting(SYSTEM, "changed data of an insured person"):  # other payers may be in another area
        record_change(event.person_id, open_month(today()), event.fields)


@handles("tax", "T01R")
def registrations_answered(message: Message) -> None:
    """Which registrations and movements the tax office refused."""
    take_answer(message)


NOT_PAID = ("01", "02", "03")


@handles("tax", "T03")
def bills_taken_over(message: Message) -> None:
    """应征: the tax office's voucher for each item, or why it refused it."""
    rows = TaxRows({"items": [], "accepted": [], "vouchers": [], "problems": []})
    for line, row in message.rows():
        item = item_number(str(row.get("item", "")))
        if item is None:
            message.row(line, ok=False, code="E02", text="no bill item")
            continue
        accepted = bool(row.get("ok"))
        problem = "" if accepted else f"{row.get('code', '')} {row.get('message', '')}".strip()
        _append(rows, items=item, accepted=accepted, vouchers=str(row.get("voucher", "")), problems=problem[:200])
    if len(rows):
        take_vouchers(rows)
    message.passed(len(rows))


@handles("tax", "T04")
def payments_reported(message: Message) -> None:
    """到账: receipts, set against the bills at once; posted by the month's step."""
    month = message.data.get("month")
    if not isinstance(month, int):
        raise Refused("F02", "month is missing")
    rows, failed = TaxRows({name: [] for name in RECEIPT_COLUMNS}), TaxRows({"items": [], "codes": []})
    for line, row in message.rows():
        problem = _take_row(row, rows, failed)
        if problem:
            message.row(line, ok=False, code="E03", text=problem)
    take_receipts(rows, message.key, booking_month(month))
    if len(failed):
        take_debit_results(failed.columns["items"], failed.columns["codes"])
    message.passed(len(rows) + len(failed))


@handles("tax", "T05")
def refund_reported(message: Message) -> None:
    """A refund was paid back, or could not be."""
    data = message.data
    number = str(data.get("refund", "")).removeprefix("R-")
    if not number.isdigit():
        raise Refused("F02", "refund number is missing")
    executed = date.fromisoformat(data["executed_on"]) if data.get("ok") else None
    refund_executed(int(number), executed, str(data.get("ticket", "")))


@handles("tax", "T07")
def totals_reported(message: Message) -> None:
    """The totals of a run: compared with our receipts and kept."""
    data = message.data
    told = {name: int(data[name]) for name in ("rows", "principal_fen", "late_fee_fen")}
    take_totals(int(data["month"]), str(data["run"]), told)


RECEIPT_COLUMNS = (
    "tickets",
    "items",
    "payer_kinds",
    "payers",
    "regions",
    "schemes",
    "days",
    "principals",
    "fees",
    "channels",
    "memos",
)


def _take_row(row: dict[str, Any], rows: TaxRows, failed: TaxRows) -> str:
    """Sort one row of a T04 into paid or failed; returns what is wrong with it."""
    item = item_number(str(row.get("item", "")))
    code = str(row.get("code", ""))
    if code in NOT_PAID:
        if item is None:
            return "failed debit without item"
        _append(failed, items=item, codes=code)
        return ""
    try:
        day = date.fromisoformat(str(row["treasury_on"]))
        principal, fee = int(row["principal_fen"]), int(row.get("late_fee_fen") or 0)
        ticket, region, scheme = str(row["ticket"]), str(row["region"]), str(row["scheme"])
    except (KeyError, ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    if len(region) != 6 or not region.isdigit() or scheme not in BY_CODE:
        return "region or scheme is unknown"
    if not ticket or principal < 0 or fee < 0 or principal + fee == 0:
        return "ticket or amount is wrong"
    _append(
        rows,
        tickets=ticket,
        items=item,
        payer_kinds=str(row.get("payer_kind", "")),
        payers=int(row.get("payer_id") or 0),
        regions=region,
        schemes=scheme,
        days=day,
        principals=principal,
        fees=fee,
        channels=str(row.get("channel", ""))[:12],
        memos=str(row.get("memo", ""))[:200],
    )
    return ""


def _append(rows: TaxRows, **values: Any) -> None:
    for name, value in values.items():
        rows.columns[name].append(value)
