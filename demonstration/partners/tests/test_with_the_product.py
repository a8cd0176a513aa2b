"""The product's exchange and the partners understand each other: two programs written apart, one wire."""

import json
from pathlib import Path

import pytest
from lxml import etree

from dashebao.business.fund import bank_files
from dashebao.kernel.exchange import handlers
from dashebao.kernel.exchange.api import fetch, handles, pending, register_partner, send, status, turn
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.partners.bank import Bank
from demonstration.partners.finance import Finance
from demonstration.partners.introduction import introduce
from demonstration.partners.tax_office import TaxOffice
from demonstration.partners.tests.test_bank_and_finance import BOOK, pain_001, payments
from demonstration.partners.tests.test_tax_office import bill


@pytest.fixture
def partners(db, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(handlers, "_handlers", {})
    for code, title, key in introduce(tmp_path):
        with acting(SYSTEM):
            register_partner(code, title, key)
    return [TaxOffice(tmp_path), Finance(tmp_path), Bank(tmp_path)]


def go_on(partners):
    for _ in range(4):
        turn()
        for partner in partners:
            partner.turn()
    turn()


def heard(partner, *kinds):
    found = []
    for kind in kinds:
        handles(partner, kind)(lambda message: found.append(message))
    return found


def test_a_month_of_bills_comes_back_paid(partners):
    found = heard("tax", "T03", "T04", "T07")
    rows = [bill(payer) | {"line": payer} for payer in range(1, 101)]
    control = {"month": 202611, "run": "regular", "sequence": 1, "of": 1, "rows": 100, "due_fen": 240_000 * 100}
    file = "".join(json.dumps(row) + "\n" for row in rows).encode()
    send("tax", "T02", control, key="T02:202611:regular:1", file=file, name="T02.jsonl")
    go_on(partners)
    assert [message.kind for message in found] == ["T03", "T04", "T07"]
    paid = sum(row["principal_fen"] for _line, row in found[1].rows())
    assert paid == found[1].data["principal_fen"] == found[2].data["principal_fen"] > 0
    assert found[1].answers == "T02:202611:regular:1"
    assert pending("tax") == []


def test_money_is_requested_paid_out_and_stated(partners):
    paid, stated = heard("finance", "F02"), heard("bank", "pain.002", "camt.053")
    send("finance", "F00", BOOK, key="F00:110:440000")
    send("bank", "B00", BOOK, key="B00:110:440000")
    request = {"request": "YK-1", "month": 202611, "scheme": "110", "pool": "440000", "amount_fen": 10_000_000}
    send("finance", "F01", request | {"on": "2026-11-19"}, key="F01:YK-1")
    go_on(partners)
    content = pain_001("M1", payments(10))
    send("bank", "pain.001", {"message": "M1"}, key="pain.001:M1", file=content, name="M1.xml")
    go_on(partners)
    send("bank", "B01", {"through": "2026-11-30"}, key="B01:1")
    go_on(partners)
    assert [message.data["ok"] for message in paid] == [True]
    assert [message.kind for message in stated] == ["pain.002", "camt.053"]
    for message, schema in zip(stated, ("pain.002.001.10", "camt.053.001.08"), strict=True):
        folder = Path(bank_files.__file__).parent
        etree.XMLSchema(file=str(folder / f"{schema}.xsd")).assertValid(etree.fromstring(message.file))
    assert stated[0].data["accepted"] + stated[0].data["rejected"] == 10
    assert {row.partner: row.unhandled for row in status()} == dict.fromkeys(
        ("bank", "finance", "tax", "transfer_platform"), 0
    )
    assert all(pending(partner) == [] for partner in ("bank", "finance", "tax"))


def test_answers_sent_again_are_handled_once(partners, settings):
    found = heard("finance", "F02")
    send("finance", "F00", BOOK, key="F00:110:440000")
    request = {"request": "YK-1", "month": 202611, "scheme": "110", "pool": "440000", "amount_fen": 100}
    send("finance", "F01", request | {"on": "2026-11-19"}, key="F01:YK-1")
    turn()
    partners[1].turn()
    files = list((settings.DATA / "exchange/finance/from").glob("0*.jws"))
    kept = {path: path.read_bytes() for path in files}
    fetch()
    for path, content in kept.items():
        path.write_bytes(content)
    assert fetch().repeated == len(kept) == 1
    assert len(found) == 1
