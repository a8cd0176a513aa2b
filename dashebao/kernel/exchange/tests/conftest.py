"""A partner, registered, and a register of handlers that is put back after each test."""

import pytest

from dashebao.kernel.exchange import handlers
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.exchange.tests.partner import Outsider
from dashebao.kernel.records.api import SYSTEM, acting


@pytest.fixture
def known_handlers(monkeypatch):
    monkeypatch.setattr(handlers, "_handlers", {})


@pytest.fixture
def tax(db, settings, tmp_path, known_handlers):
    settings.DATA = tmp_path
    outsider = Outsider(tmp_path)
    with acting(SYSTEM):
        register_partner("tax", "税务局", outsider.pem)
    return outsider
