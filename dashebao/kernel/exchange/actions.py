"""Writes of the exchange: send in the caller's transaction, deliver, and take in exactly once."""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.exchange.handlers import Handler, Refused, handled_kinds, handler_of
from dashebao.kernel.exchange.keys import OURSELVES, own_key
from dashebao.kernel.exchange.models import (
    Delivery,
    InboxFailure,
    InboxMessage,
    InboxResult,
    InboxRow,
    OutboxMessage,
    Partner,
    Quarantined,
)
from dashebao.kernel.exchange.queries import message_of
from dashebao.kernel.exchange.rules import (
    Envelope,
    EnvelopeError,
    envelope_of,
    fingerprint,
    read_public_key,
    receipt_payload,
    seal,
    unseal,
)
from dashebao.kernel.exchange.transport import Folder, strangers
from dashebao.kernel.records.api import SYSTEM, acting, audit, lock
from dashebao.kernel.secrecy.api import Family
from dashebao.kernel.secrecy.api import digest as keyed_digest

RESEND_AFTER = timedelta(minutes=5)
DELIVERIES_AT_ONCE = 20
ATTEMPTS = 5
NOT_WORKING = ("08", "53", "57P", "58")  # states of PostgreSQL: no connection, no room, shut down, no files

log = logging.getLogger(__name__)


class ExchangeError(Exception):
    """The exchange refuses; the text says why and what to do."""


class UnknownPartner(ExchangeError):
    """No open partner has this code."""


class KeyReused(ExchangeError):
    """The key was used before for another message."""


@dataclass(frozen=True)
class Fetched:
    """What one look into the folders brought: messages new, seen before, receipts, put aside, handled, failed."""

    new: int = 0
    repeated: int = 0
    receipts: int = 0
    quarantined: int = 0
    handled: int = 0
    failed: int = 0


def register_partner(code: str, title: str, public_key: str, folder: str = "") -> int:
    """Make a partner known, or give a known one a new title or key; returns its id. ValueError for a wrong key.

    Our own public key lies in the exchange folder from then on, for the partner to take.
    """
    read_public_key(public_key)
    own_key(settings.DATA)
    values = {"title": title, "public_key": public_key, "folder": folder or code, "closed_at": None}
    partner, _created = Partner.objects.update_or_create(code=code, defaults=values)
    audit("exchange.partner_registered", partner, title=title)
    return int(partner.pk)


def close_partner(code: str) -> None:
    """Stop exchanging with a partner; its messages are quarantined from now on."""
    partner = _partner(code)
    partner.closed_at = timezone.now()
    partner.save(update_fields=["closed_at"])
    audit("exchange.partner_closed", partner)


def send(
    partner: str, kind: str, data: dict[str, Any] | None = None, *, key: str, file: bytes | None = None, **naming: str
) -> int:
    """Write a signed message into the outbox, in the caller's transaction; returns its outbox id.

    `naming` may hold `name` (file name) and `answers` (key of the message this answers). The same key with the same
    content is the same message; with other content KeyReused is raised. UnknownPartner where there is none.
    """
    if unknown := naming.keys() - {"name", "answers"}:
        raise TypeError(f"send() has no parameter {', '.join(sorted(unknown))}")
    row = _partner(partner)
    now = timezone.now().isoformat(timespec="seconds")
    addresses = (str(uuid.uuid4()), OURSELVES, partner, kind, key)
    envelope = Envelope(*addresses, naming.get("answers", ""), now, data or {}, file, naming.get("name", ""))
    with transaction.atomic():
        known = _known(row, envelope)
        if known is not None:
            return known
        message = OutboxMessage(
            partner=row,
            message_id=envelope.id,
            kind=kind,
            key=key,
            answers=envelope.answers,
            data=envelope.data,
            name=envelope.name,
            digest=_kept_digest(envelope),
            token=seal(envelope.payload(), own_key(settings.DATA)),
        )
        message.save(force_insert=True)
        Delivery.objects.create(message=message)
    return int(message.pk)


def _known(partner: Partner, envelope: Envelope) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"exchange {partner.code} {envelope.key}"]
        )
    known = OutboxMessage.objects.filter(partner=partner, key=envelope.key).only("digest").first()
    if known and known.digest != _kept_digest(envelope):
        raise KeyReused(_("Another message was sent under the key %(key)s; use a new key.") % {"key": envelope.key})
    return int(known.pk) if known else None


def _kept_digest(envelope: Envelope) -> str:
    """What tells a second sending from another message; keyed, so that nobody finds the content by trying."""
    return keyed_digest(Family.MESSAGE, envelope.digest)


def deliver() -> int:
    """Lay out what waits for the partners; returns the number of messages written.

    A message without receipt is written again after some minutes where its file is gone. Not to be called inside a
    transaction: files cannot be taken back.
    """
    written = 0
    while rows := _deliver_some():
        written += rows
    return written


def _deliver_some() -> int:
    now = timezone.now()
    waiting = Q(sent_at__isnull=True) | Q(sent_at__lt=now - RESEND_AFTER)
    with transaction.atomic(durable=True), acting(SYSTEM, "exchange deliver"):
        deliveries = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(waiting, receipt_at__isnull=True, message__partner__closed_at__isnull=True)
            .select_related("message__partner")
            .defer("message__data")
            .order_by("message_id")[:DELIVERIES_AT_ONCE]
        )
        rows = list(deliveries)
        for delivery in rows:
            message = delivery.message
            folder, identity = _folder(message.partner), str(message.message_id)
            if delivery.sent_at is None or not folder.lies_waiting(message.pk, identity):
                folder.put(message.pk, identity, message.token)
                delivery.attempts += 1
            delivery.sent_at = now
        Delivery.objects.bulk_update(rows, ["sent_at", "attempts"])
    return len(rows)


def fetch() -> Fetched:
    """Take in what lies in the partners' folders, give receipts, and handle every message once.

    Safe to repeat and to run twice at the same time. Not to be called inside a transaction.
    """
    counts = dict.fromkeys(("new", "repeated", "receipts", "quarantined"), 0)
    partners = {partner.folder: partner for partner in Partner.objects.filter(closed_at__isnull=True)}
    root = Path(settings.DATA) / "exchange"
    for path in strangers(root, set(partners)):
        unknown = EnvelopeError("unknown_sender", "no partner has this folder")
        counts[_put_aside(Folder(path.parent.parent), path, unknown)] += 1
    for folder, partner in sorted(partners.items()):
        for path in Folder(root / folder).arrivals():
            counts[_take(partner, path)] += 1
    handled, failed = handle_waiting()
    return Fetched(**counts, handled=handled, failed=failed)


def _take(partner: Partner, path: Path) -> str:
    folder = _folder(partner)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "repeated"  # another process has taken it
    try:
        token = content.decode("ascii").strip()
        payload = unseal(token, read_public_key(partner.public_key))
        if payload.get("source") != partner.code or payload.get("to") != OURSELVES:
            raise EnvelopeError("wrong_address", "source or addressee does not fit the folder")
        if "receipt" in payload:
            _keep_receipt(partner, payload, token)
            path.unlink(missing_ok=True)
            return "receipts"
        envelope = envelope_of(payload)
        receipt, fresh = _keep(partner, envelope, token)
    except UnicodeDecodeError:
        refused = EnvelopeError("malformed", "not ASCII text")
    except EnvelopeError as error:
        refused = error
    except (
        DataError,
        UnicodeEncodeError,
        RecursionError,
    ) as error:  # a character or a depth no column takes; one message must not stop the others
        refused = EnvelopeError("not_storable", str(error))
    else:
        folder.put_receipt(envelope.id, receipt)
        path.unlink(missing_ok=True)
        return "new" if fresh else "repeated"
    return _put_aside(folder, path, refused, content)


def _keep(partner: Partner, envelope: Envelope, token: str) -> tuple[str, bool]:
    """Store a message once; returns its receipt (the original one for a repetition) and whether it was new."""
    with transaction.atomic(durable=True), acting(SYSTEM, f"exchange fetch {partner.code}"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{partner.code} {envelope.key}"])
        same = Q(message_id=envelope.id) | Q(key=envelope.key)
        known = InboxMessage.objects.filter(same, partner=partner).only("fingerprint", "receipt", "message_id").first()
        if known:
            if known.fingerprint != fingerprint(token):
                raise EnvelopeError("used_twice", f"id or key belongs to message {known.message_id}")
            return known.receipt, False
        now = timezone.now().isoformat(timespec="seconds")
        payload = receipt_payload(envelope.id, token, source=OURSELVES, to=partner.code, time=now)
        receipt = seal(payload, own_key(settings.DATA))
        InboxMessage.objects.create(
            partner=partner,
            message_id=envelope.id,
            kind=envelope.kind,
            key=envelope.key,
            answers=envelope.answers,
            data=envelope.data,
            name=envelope.name,
            fingerprint=fingerprint(token),
            token=token,
            receipt=receipt,
        )
    return receipt, True


def _keep_receipt(partner: Partner, payload: dict[str, Any], token: str) -> None:
    with transaction.atomic(durable=True), acting(SYSTEM, f"exchange receipt {partner.code}"):
        try:
            wanted = uuid.UUID(str(payload["receipt"]))
        except ValueError as error:
            raise EnvelopeError("incomplete", "the receipt names no message id") from error
        message = OutboxMessage.objects.filter(partner=partner, message_id=wanted).only("token").first()
        if message is None or fingerprint(message.token) != payload.get("sha256"):
            raise EnvelopeError("wrong_receipt", "the receipt does not name a message of ours as it was sent")
        Delivery.objects.filter(message=message, receipt_at__isnull=True).update(
            receipt=token, receipt_at=timezone.now()
        )


def _put_aside(folder: Folder, path: Path, error: EnvelopeError, judged: bytes | None = None) -> str:
    """Move a refused file into quarantine once; "repeated" where another process did, or where it is no longer as `judged`."""
    name = path.name.encode(errors="replace").decode()[:300]
    with transaction.atomic(durable=True), acting(SYSTEM, "exchange quarantine"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"{folder.root.name} {name}"])
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return "repeated"
        if judged is not None and content != judged:
            return "repeated"  # the partner has sent a better one under the same name; the next look takes it
        row = Quarantined.objects.create(
            folder=folder.root.name,
            file=name,
            fingerprint=fingerprint(content.decode("latin-1")),
            reason=error.code,
            detail=error.detail[:300],
        )
        audit("exchange.quarantined", row, reason=error.code, file=row.file)
        folder.put_aside(path, row.pk)
    log.warning("message file %s put aside: %s (%s)", path.name, error.code, error.detail)
    return "quarantined"


def handle_waiting(*, retry: bool = False) -> tuple[int, int]:
    """Handle messages that have no result yet and a handler; returns (handled, failed).

    A message that failed five times is left until `retry`.
    """
    handled = failed = 0
    for message in list(_unhandled(retry)):
        handler = handler_of(message.partner.code, message.kind)
        if handler is None:
            continue
        if _handle(message.pk, message.partner_id, handler):
            handled += 1
        else:
            failed += 1
    return handled, failed


def _unhandled(retry: bool) -> Iterator[InboxMessage]:
    kinds = Q(pk__in=[])
    for partner, kind in handled_kinds():
        kinds |= Q(partner__code=partner, kind=kind)
    rows = InboxMessage.objects.filter(kinds, result__isnull=True).select_related("partner").only("kind", "partner")
    for row in rows.order_by("pk"):
        if retry or row.failures.count() < ATTEMPTS:
            yield row


def _handle(pk: int, partner_id: int, handler: Handler) -> bool:
    try:
        with transaction.atomic(durable=True), acting(SYSTEM, f"exchange message {pk}"):
            # one at a time for each partner and in order of arrival: totals must not overtake the details they sum up
            lock(Partner, partner_id)
            found = InboxMessage.objects.filter(pk=pk, result__isnull=True).select_related("partner").first()
            if found is not None:
                _handle_locked(found, handler)
    except Exception as error:
        if _of_the_database(error):
            raise
        log.exception("handling message %s failed", pk)
        with transaction.atomic(durable=True), acting(SYSTEM, "exchange failure"):
            InboxFailure.objects.create(message_id=pk, error=f"{type(error).__name__}: {error}"[:500])
        return False
    return True


def _of_the_database(error: Exception) -> bool:
    """Whether the database could not work at all (gone, no room): no fault of the message, so none is counted."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(NOT_WORKING))


def _handle_locked(row: InboxMessage, handler: Handler) -> None:
    message = message_of(row)
    outcome, code, text = "handled", "", ""
    try:
        with transaction.atomic():
            handler(message)
    except Refused as refusal:
        outcome, code, text = "refused", refusal.code, refusal.text[:500]
    bad = [result for result in message.results if not result.ok]
    good = sum(message.counted) + len(message.results) - len(bad)
    InboxResult.objects.create(message=row, outcome=outcome, code=code, text=text, rows_good=good, rows_bad=len(bad))
    InboxRow.objects.bulk_create(
        [InboxRow(message=row, line=r.line, ok=r.ok, code=r.code, text=r.text) for r in message.results],
        batch_size=5_000,
    )


def turn() -> tuple[int, Fetched]:
    """Deliver and fetch once; for the worker's loop and for waiting jobs between their attempts."""
    return deliver(), fetch()


def _partner(code: str) -> Partner:
    row = Partner.objects.filter(code=code, closed_at__isnull=True).first()
    if row is None:
        raise UnknownPartner(_("No partner %(code)s is registered; register it with its public key.") % {"code": code})
    return row


def _folder(partner: Partner) -> Folder:
    return Folder(Path(settings.DATA) / "exchange" / partner.folder)
