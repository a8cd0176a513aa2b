"""Reads of the exchange: what waits, what answered what, and how each partner stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from dashebao.kernel.exchange.handlers import Message
from dashebao.kernel.exchange.models import Delivery, InboxMessage, InboxRow, OutboxMessage, Partner, Quarantined
from dashebao.kernel.exchange.rules import envelope_of, peek

INBOX_NUMBERS = ("received", "unhandled", "failed", "refused")


@dataclass(frozen=True)
class Sent:
    """A message of ours: when it was written, handed over, and receipted by the partner."""

    id: int
    partner: str
    kind: str
    key: str
    created_at: datetime
    sent_at: datetime | None
    receipt_at: datetime | None


@dataclass(frozen=True)
class PartnerStatus:
    """How the exchange with one partner stands, in numbers of messages."""

    partner: str
    title: str
    unsent: int
    unreceipted: int
    received: int
    unhandled: int
    failed: int
    refused: int
    bad_rows: int
    quarantined: int


def sent(partner: str, key: str) -> Sent | None:
    """Our message under `key`, or None."""
    row = OutboxMessage.objects.filter(partner__code=partner, key=key).select_related("delivery").first()
    return _sent(row, partner) if row else None


def pending(partner: str, kind: str = "", key: str = "") -> list[Sent]:
    """Messages to a partner for which its receipt has not come yet, oldest first."""
    rows = OutboxMessage.objects.filter(partner__code=partner, delivery__receipt_at__isnull=True)
    if kind:
        rows = rows.filter(kind=kind)
    if key:
        rows = rows.filter(key=key)
    return [_sent(row, partner) for row in rows.select_related("delivery").defer("token", "data").order_by("id")]


def answers_to(key: str, kind: str = "") -> list[Message]:
    """Handled messages that name `key` as the message they answer, in order of arrival, without their files."""
    rows = InboxMessage.objects.filter(answers=key, result__outcome="handled").select_related("partner")
    if kind:
        rows = rows.filter(kind=kind)
    return [message_of(row, with_file=False) for row in rows.defer("token").order_by("id")]


def received(partner: str, kind: str, key: str) -> Message | None:
    """The handled message of a partner under its own key (without its file), or None while it is not there."""
    row = (
        InboxMessage.objects.filter(partner__code=partner, kind=kind, key=key, result__outcome="handled")
        .select_related("partner")
        .defer("token")
        .first()
    )
    return message_of(row, with_file=False) if row else None


def message_of(row: InboxMessage, *, with_file: bool = True) -> Message:
    """An inbox row as handlers and businesses see it."""
    file = envelope_of(peek(row.token)).file if with_file else None
    return Message(
        row.pk, row.partner.code, row.kind, row.key, row.answers, row.data, file, row.name, row.received_at
    )  # fmt: skip


def bad_rows(message_id: int) -> list[InboxRow]:
    """The refused lines of a file, by line."""
    return list(InboxRow.objects.filter(message_id=message_id, ok=False).order_by("line"))


def status() -> list[PartnerStatus]:
    """Every partner with the numbers of its messages; the query count does not grow with messages or partners."""
    out = Delivery.objects.filter(receipt_at__isnull=True).values_list("message__partner")
    open_deliveries = {
        partner: {"unsent": unsent, "unreceipted": unreceipted}
        for partner, unsent, unreceipted in out.annotate(
            unsent=Count("pk", filter=Q(sent_at__isnull=True)), open=Count("pk", filter=Q(sent_at__isnull=False))
        )
    }
    inbox: dict[int, dict[str, int]] = {
        row["partner"]: {
            "received": row["received"],
            "unhandled": row["unhandled"],
            "failed": row["failed"],
            "refused": row["refused"],
        }
        for row in InboxMessage.objects.values("partner").annotate(
            received=Count("pk", distinct=True),
            unhandled=Count("pk", distinct=True, filter=Q(result__isnull=True)),
            failed=Count("pk", distinct=True, filter=Q(result__isnull=True, failures__isnull=False)),
            refused=Count("pk", distinct=True, filter=Q(result__outcome="refused")),
        )
    }
    bad = dict(InboxRow.objects.filter(ok=False).values_list("message__partner").annotate(Count("pk")))
    aside = dict(Quarantined.objects.values_list("folder").annotate(Count("pk")))
    return [
        PartnerStatus(
            partner=partner.code,
            title=partner.title,
            **open_deliveries.get(partner.pk, {"unsent": 0, "unreceipted": 0}),
            **inbox.get(partner.pk, dict.fromkeys(INBOX_NUMBERS, 0)),
            bad_rows=bad.get(partner.pk, 0),
            quarantined=aside.get(partner.folder, 0),
        )
        for partner in Partner.objects.order_by("code")
    ]


def _sent(row: OutboxMessage, partner: str) -> Sent:
    delivery = row.delivery
    return Sent(row.pk, partner, row.kind, row.key, row.created_at, delivery.sent_at, delivery.receipt_at)
