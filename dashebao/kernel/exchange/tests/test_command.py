"""`dashebao exchange` does what it says, in text and in JSON, with exit codes a script can use."""

import json

import pytest
from django.core.management import CommandError, call_command

from dashebao.kernel.exchange.api import send
from dashebao.kernel.exchange.tests.partner import Outsider


def run(capsys, *arguments):
    call_command("exchange", *arguments)
    return capsys.readouterr().out


def test_deliver_fetch_and_status_speak_json(tax, capsys):
    send("tax", "T02", {}, key="1")
    assert json.loads(run(capsys, "deliver", "--json")) == {"delivered": 1}
    tax.take()
    assert json.loads(run(capsys, "fetch", "--json"))["receipts"] == 1
    (partner,) = json.loads(run(capsys, "status", "--json"))
    assert (partner["partner"], partner["unreceipted"], partner["quarantined"]) == ("tax", 0, 0)
    assert "tax" in run(capsys, "status")


def test_a_bad_file_ends_the_command_with_code_4(tax, capsys):
    tax.lay("x", "a.b.c")
    with pytest.raises(SystemExit) as left:
        call_command("exchange", "fetch")
    assert left.value.code == 4
    assert "1 put aside" in capsys.readouterr().out


def test_a_partner_is_registered_by_its_key_file(tax, capsys, tmp_path):
    path = tmp_path / "bank.pem"
    path.write_text(Outsider(tmp_path, "bank").pem)
    out = run(capsys, "register", "--partner", "bank", "--title", "银行", "--public-key", str(path), "--json")
    assert json.loads(out)["partner"] == "bank"
    path.write_text("no key")
    with pytest.raises(CommandError, match="P-256"):
        call_command("exchange", "register", "--partner", "bank", "--public-key", str(path))
    with pytest.raises(CommandError, match="Give"):
        call_command("exchange", "register")
