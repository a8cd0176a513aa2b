"""Messages go out with the change they tell of, signed, once per key, and are at an end with the partner's receipt."""

import pytest
from django.db import transaction
from django.utils import timezone

from dashebao.kernel.exchange import actions
from dashebao.kernel.exchange.api import (
    KeyReused,
    UnknownPartner,
    close_partner,
    deliver,
    fetch,
    pending,
    send,
    sent,
    status,
)
from dashebao.kernel.exchange.models import Delivery, OutboxMessage
from dashebao.kernel.exchange.rules import receipt_payload, seal
from dashebao.kernel.exchange.transport import write_atomically
from dashebao.kernel.records.api import SYSTEM, acting


def test_a_message_with_a_file_arrives_signed_and_whole(tax):
    content = "第一行\n".encode() * 1000
    send("tax", "T02", {"rows": 1000}, key="T02:1", file=content, name="T02.jsonl", answers="X")
    assert deliver() == 1
    (envelope,) = tax.take()
    assert (envelope.kind, envelope.key, envelope.answers) == ("T02", "T02:1", "X")
    assert (envelope.data, envelope.file, envelope.name) == ({"rows": 1000}, content, "T02.jsonl")


def test_the_same_key_is_the_same_message(tax):
    first = send("tax", "T02", {"rows": 1}, key="T02:1")
    assert send("tax", "T02", {"rows": 1}, key="T02:1") == first
    assert OutboxMessage.objects.count() == 1
    with pytest.raises(KeyReused, match="T02:1"):
        send("tax", "T02", {"rows": 2}, key="T02:1")


def test_a_message_of_an_undone_change_is_never_sent(tax):
    with transaction.atomic():
        send("tax", "T02", {}, key="T02:1")
        transaction.set_rollback(True)
    assert deliver() == 0
    assert tax.take() == []


def test_nothing_is_sent_to_a_stranger_or_a_closed_partner(tax):
    with pytest.raises(UnknownPartner, match="nobody"):
        send("nobody", "T02", {}, key="1")
    with acting(SYSTEM):
        close_partner("tax")
    with pytest.raises(UnknownPartner):
        send("tax", "T02", {}, key="1")


def test_the_receipt_ends_the_delivery(tax):
    send("tax", "T02", {}, key="T02:1")
    deliver()
    assert [message.key for message in pending("tax", "T02")] == ["T02:1"]
    tax.take()
    assert fetch().receipts == 1
    assert pending("tax") == []
    assert sent("tax", "T02:1").receipt_at is not None
    assert Delivery.objects.get().receipt.count(".") == 2


def test_a_receipt_over_other_content_is_put_aside(tax):
    send("tax", "T02", {}, key="T02:1")
    deliver()
    identity = tax.take(receipts=False)[0].id
    forged = receipt_payload(identity, "other.text.here", source="tax", to="dashebao", time="")
    write_atomically(tax.folder / "from" / f"receipt-{identity}.jws", seal(forged, tax.key).encode())
    assert fetch().quarantined == 1
    assert len(pending("tax")) == 1


def test_a_lost_message_is_sent_again_and_a_waiting_one_is_not(tax):
    send("tax", "T02", {}, key="T02:1")
    deliver()
    Delivery.objects.update(sent_at=timezone.now() - 2 * actions.RESEND_AFTER)
    deliver()
    assert Delivery.objects.get().attempts == 1
    lost = tax.take(receipts=False)[0]
    Delivery.objects.update(sent_at=timezone.now() - 2 * actions.RESEND_AFTER)
    deliver()
    assert Delivery.objects.get().attempts == 2
    assert tax.take()[-1] == lost


def test_a_crash_after_writing_the_file_repeats_the_same_file(tax, monkeypatch):
    send("tax", "T02", {}, key="T02:1")
    real = actions.Delivery.objects.bulk_update
    monkeypatch.setattr(type(Delivery.objects), "bulk_update", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deliver()
    monkeypatch.setattr(type(Delivery.objects), "bulk_update", lambda self, *a, **k: real(*a, **k))
    assert deliver() == 1
    assert len(tax.take()) == 1


def test_status_counts_what_waits(tax):
    send("tax", "T02", {}, key="1")
    (before,) = status()
    deliver()
    (after,) = status()
    assert (before.unsent, before.unreceipted, after.unsent, after.unreceipted) == (1, 0, 0, 1)


def test_the_key_file_is_readable_by_its_owner_only(tax, settings):
    send("tax", "T02", {}, key="1")
    assert (settings.DATA / "keys/exchange.pem").stat().st_mode & 0o777 == 0o600
