"""Messages with a good signature and an evil inside: each is put aside, and what comes after it is still taken in."""

import base64
import gzip

import pytest

from dashebao.kernel.exchange import rules
from dashebao.kernel.exchange.api import fetch, handles
from dashebao.kernel.exchange.models import InboxMessage, Quarantined
from dashebao.kernel.exchange.rules import seal


def broken_gzip() -> bytes:
    content = bytearray(gzip.compress(b"x" * 10_000))
    content[20] ^= 0xFF
    return bytes(content)


def deep(levels: int):
    value = 1
    for _level in range(levels):
        value = [value]
    return value


POISONS = {
    "a file that unpacks to too much": ({"file": gzip.compress(bytes(5_000)), "encoding": "gzip"}, "too_big"),
    "a file that cannot be unpacked": ({"file": broken_gzip(), "encoding": "gzip"}, "incomplete"),
    "a zero character in its data": ({"data": {"text": "a\0b"}}, "not_storable"),
    "a zero character in its id": ({"id": "a\0b"}, "not_storable"),
    "a number that is none": ({"data": {"n": float("nan")}}, "malformed"),
    "a very long kind": ({"type": "T" * 31}, "too_long"),
    "a very long key": ({"key": "k" * 201}, "too_long"),
    "data as a list": ({"data": [1]}, "incomplete"),
}


@pytest.mark.parametrize("name", POISONS)
def test_a_poisoned_message_is_put_aside_and_the_next_one_taken(tax, known_handlers, monkeypatch, name):
    seen = []
    handles("tax", "T04")(lambda message: seen.append(message.key))
    monkeypatch.setattr(rules, "MOST_FILE_BYTES", 1_000)
    changes, reason = POISONS[name]
    payload = {"id": "evil", "source": "tax", "to": "dashebao", "type": "T04", "key": "evil", "data": {}} | changes
    if isinstance(payload.get("file"), bytes):
        payload["file"] = base64.b64encode(payload["file"]).decode()
    tax.lay("evil", seal(payload, tax.key))
    tax.send(key="good")
    counts = fetch()
    assert (counts.quarantined, counts.new, seen) == (1, 1, ["good"])
    assert Quarantined.objects.get().reason == reason
    assert InboxMessage.objects.count() == 1


def test_data_nested_without_end_is_no_message(tax, known_handlers):
    key = tax.key
    token = seal({"id": "1", "data": deep(400)}, key)
    head, _body, signature = token.split(".")
    endless = base64.urlsafe_b64encode(b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}").rstrip(b"=").decode()
    tax.lay("evil", f"{head}.{endless}.{signature}")
    tax.send(key="good")
    counts = fetch()
    assert (counts.quarantined, counts.new) == (1, 1)
