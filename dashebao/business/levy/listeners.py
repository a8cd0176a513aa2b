"""What the levy does when the tax office writes and when a person dies."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashebao.business.levy.actions.collected_for_others import Item, Voucher, item_of, take_payments
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
from dashebao.kernel.legal_time.api import month_of, month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonChanged, PersonDied, PersonsMerged, PersonsUnmerged


@listens(PersonDied)
def insurance_ends_with_death(event: PersonDied) -> None:
    """The month of death is the last one due; every relation ends after it."""
    first = month_plus(month_of(event.died_on), 1)
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
    elsewhere = 0
    for line, row in message.rows():
        accepted = bool(row.get("ok"))
        problem = "" if accepted else f"{row.get('code', '')} {row.get('message', '')}".strip()
        if other := item_of(str(row.get("item", ""))):
            other.owner.taken_over(other.number, Voucher(accepted, str(row.get("voucher", ""))[:40], problem[:200]))
            elsewhere += 1
            continue
        item = item_number(str(row.get("item", "")))
        if item is None:
            message.row(line, ok=False, code="E02", text="no bill item")
            continue
        _append(rows, items=item, accepted=accepted, vouchers=str(row.get("voucher", "")), problems=problem[:200])
    if len(rows):
        take_vouchers(rows)
    message.passed(len(rows) + elsewhere)


@handles("tax", "T04")
def payments_reported(message: Message) -> None:
    """到账: receipts, set against the bills at once; posted by the month's step."""
    month = message.data.get("month")
    if not isinstance(month, int):
        raise Refused("F02", "month is missing")
    found = _Detail()
    for line, row in message.rows():
        problem = _take_row(row, found)
        if problem:
            message.row(line, ok=False, code="E03", text=problem)
    take_receipts(found.rows, message.key, booking_month(month))
    take_payments(found.elsewhere, found.others, message.key, booking_month(month))
    if len(found.failed):
        take_debit_results(found.failed.columns["items"], found.failed.columns["codes"])
    message.passed(len(found.rows) + len(found.elsewhere) + len(found.failed))


@handles("tax", "T05")
def refund_reported(message: Message) -> None:
    """A refund was paid back, or could not be."""
    data = message.data
    number = str(data.get("refund", "")).removeprefix("R-")
    if not number.isdecimal():
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


@dataclass
class _Detail:
    """The rows of a T04, sorted: paid, failed, and paid for items of other systems."""

    rows: TaxRows = field(default_factory=lambda: TaxRows({name: [] for name in RECEIPT_COLUMNS}))
    failed: TaxRows = field(default_factory=lambda: TaxRows({"items": [], "codes": []}))
    elsewhere: TaxRows = field(default_factory=lambda: TaxRows({name: [] for name in RECEIPT_COLUMNS}))
    others: list[Item] = field(default_factory=list)

    def rows_for(self, other: Item | None, principal: int, fee: int) -> TaxRows:
        """Where a paid row belongs: with another system's item if it is exactly what is due there."""
        if other is None or fee or principal != other.owner.due_fen(other.number):
            return self.rows
        self.others.append(other)
        return self.elsewhere


def _take_row(row: dict[str, Any], found: _Detail) -> str:
    """Sort one row of a T04 into paid or failed; returns what is wrong with it."""
    item, other = item_number(str(row.get("item", ""))), item_of(str(row.get("item", "")))
    code = str(row.get("code", ""))
    if code in NOT_PAID:
        if item is None and other is None:
            return "failed debit without item"
        if item is not None:
            _append(found.failed, items=item, codes=code)
        return ""
    try:
        day = date.fromisoformat(str(row["treasury_on"]))
        principal, fee = int(row["principal_fen"]), int(row.get("late_fee_fen") or 0)
        ticket, region, scheme = str(row["ticket"]), str(row["region"]), str(row["scheme"])
    except (KeyError, ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    if len(region) != 6 or not region.isdecimal() or (scheme not in BY_CODE and other is None):
        return "region or scheme is unknown"
    if not ticket or principal < 0 or fee < 0 or principal + fee == 0:
        return "ticket or amount is wrong"
    _append(
        found.rows_for(other, principal, fee),
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
