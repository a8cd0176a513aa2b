"""The keys of sealed values from the command line: list them, put a new one in place, destroy the old."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.kernel.registry.api import AccountEntry, BankAccount, Person, set_bank_account
from dashebao.kernel.secrecy.keys import place
from dashebao.site.management.commands import setup

NUMBER = "6222020000007770001"


@pytest.fixture
def account(db, settings, tmp_path):
    settings.DATA = tmp_path
    with acting(SYSTEM, "test"):
        who = Person.objects.create(name="甲", sex="1", birth_on=date(1970, 1, 1), region_code="440106")
        yield set_bank_account(who.pk, AccountEntry("102", NUMBER, "甲"), date(2020, 1, 1))


def keys(*arguments):
    """Exit code and what was told, as JSON."""
    out, code = io.StringIO(), 0
    try:
        call_command("keys", *arguments, "--json", stdout=out)
    except SystemExit as left:
        code = left.code
    return code, json.loads(out.getvalue())


def test_a_rotation_is_begun_finished_and_told(account):
    assert [one["number"] for one in keys("list")[1]] == [1]
    code, told = keys("rotate")
    assert (code, told["newest"], told["dropped"], told["kept"]) == (3, 2, [], [1])
    assert told["resealed"] >= 2  # the account and its history
    code, told = keys("rotate")  # run again within the hour: the same rotation, nothing left to do
    assert (code, told) == (3, {"newest": 2, "resealed": 0, "dropped": [], "kept": [1]})
    code, told = keys("rotate", "--at-once")
    assert (code, told) == (0, {"newest": 2, "resealed": 0, "dropped": [1], "kept": []})
    assert BankAccount.objects.get(pk=account.pk).number == NUMBER
    acts = list(
        AuditEntry.objects.filter(verb__in=("audit.key_added", "audit.resealed", "audit.key_dropped"))
        .order_by("id")
        .values_list("verb", "subject_id")
    )
    assert acts == [("audit.key_added", "2"), *[("audit.resealed", "2")] * 3, ("audit.key_dropped", "1")]
    (key,) = keys("list")[1]
    assert (key["number"], key["superseded_at"]) == (2, None)
    assert key["rows"] >= 2


def test_no_key_is_ever_shown(account):
    out = io.StringIO()
    call_command("keys", "list", stdout=out)
    kept = json.loads(place().read_text())
    assert place().stat().st_mode & 0o777 == 0o600
    for secret in (kept["search"], *(one["secret"] for one in kept["keys"].values())):
        assert secret not in out.getvalue()


def test_lost_keys_are_never_replaced_in_silence(account, monkeypatch):
    monkeypatch.setattr(setup, "call_command", lambda *_arguments, **_options: None)
    place().unlink()
    with pytest.raises(CommandError, match="is missing: accounts cannot be read"):
        call_command("setup")
    assert not place().exists()
    BankAccount.objects.all().delete()
    call_command("setup")
    assert place().exists()
