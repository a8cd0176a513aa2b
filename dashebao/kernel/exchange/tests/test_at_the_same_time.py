"""Two processes that fetch and deliver at the same moment do nothing twice."""

import threading

import pytest
from django.db import connection

from dashebao.kernel.exchange import handlers
from dashebao.kernel.exchange.api import deliver, fetch, handles, register_partner, send
from dashebao.kernel.exchange.models import InboxMessage, InboxResult
from dashebao.kernel.exchange.tests.partner import Outsider
from dashebao.kernel.records.api import SYSTEM, acting

MESSAGES = 15


def together(function, times=2):
    """Run a function in several threads at once; their errors are raised here."""
    errors, gate = [], threading.Barrier(times)

    def work():
        try:
            gate.wait()
            function()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.fixture
def tax(transactional_db, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(handlers, "_handlers", {})
    outsider = Outsider(tmp_path)
    with acting(SYSTEM):
        register_partner("tax", "税务局", outsider.pem)
    return outsider


def test_two_fetches_handle_every_message_once(tax):
    seen = []
    handles("tax", "T04")(lambda message: seen.append(message.key))
    for number in range(MESSAGES):
        tax.send(key=f"T04:{number}")
    together(fetch)
    fetch()
    assert sorted(seen) == sorted(f"T04:{number}" for number in range(MESSAGES))
    assert InboxMessage.objects.count() == InboxResult.objects.count() == MESSAGES
    assert len(tax.receipts()) == MESSAGES


def test_two_deliveries_lay_every_message_out_once(tax):
    for number in range(MESSAGES):
        send("tax", "T02", {"n": number}, key=str(number))
    together(deliver)
    assert sorted(envelope.key for envelope in tax.take()) == sorted(str(number) for number in range(MESSAGES))


def test_one_key_sent_twice_at_once_is_one_message(tax):
    together(lambda: send("tax", "T02", {"n": 1}, key="1"))
    deliver()
    assert len(tax.take()) == 1
