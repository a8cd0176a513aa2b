"""A new key takes over: every value is sealed again, in the history too, and nothing else has changed."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from dashebao.kernel.exchange.api import register_partner, send
from dashebao.kernel.exchange.models import OutboxMessage
from dashebao.kernel.exchange.tests.partner import Outsider
from dashebao.kernel.records import api as records
from dashebao.kernel.records import resealing
from dashebao.kernel.records.api import SYSTEM, Change, acting
from dashebao.kernel.registry.api import AccountEntry, BankAccount, Person, set_bank_account
from dashebao.kernel.secrecy.api import add_key, current_keys

FIRST, SECOND = "6222020000001111222", "6222020000003333444"
AT_ONCE = datetime.timedelta(0)


@pytest.fixture
def scene(db, settings, tmp_path):
    settings.DATA = tmp_path
    with acting(SYSTEM, "test"):
        who = Person.objects.create(name="甲", sex="1", birth_on=datetime.date(1970, 1, 1), region_code="440106").pk
        set_bank_account(who, AccountEntry("102", FIRST, "甲"), datetime.date(2020, 1, 1))
        set_bank_account(who, AccountEntry("102", SECOND, "甲"), datetime.date(2025, 1, 1))
        records.audit("test.told", ("thing", 1), account=FIRST, rows=3)
        yield who


def accounts(who):
    return list(BankAccount.objects.filter(person_id=who).order_by("valid_during").values_list("number", flat=True))


def under(number):
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from registry_bankaccount where split_part(number, '.', 3) = %s", [f"a{number}"]
        )
        return cursor.fetchone()[0]


def test_everything_is_sealed_again_and_the_old_key_goes(scene):
    changes = Change.objects.count()
    add_key()
    assert (under(1), under(2)) == (2, 0)
    assert records.rows_under(1) > 2
    rows = records.reseal()
    assert rows == records.rows_under(2)
    assert (under(1), under(2), records.rows_under(1)) == (0, 2, 0)
    assert Change.objects.count() == changes  # no fact changed, so the history says nothing
    assert records.drop_unused() == []  # within the hour somebody may still write with it
    assert records.drop_unused(AT_ONCE) == [1]
    assert accounts(scene) == [FIRST, SECOND]
    images = [
        one.after["number"] for one in Change.objects.filter(table_name="registry_bankaccount", op="I").order_by("id")
    ]
    assert images == [FIRST, SECOND]
    assert records.AuditEntry.objects.get(verb="test.told").detail == {"account": FIRST, "rows": 3}
    assert records.reseal() == 0


def test_a_key_that_a_row_names_is_kept(scene, monkeypatch):
    add_key()
    assert records.drop_unused(AT_ONCE) == []
    monkeypatch.setattr(resealing, "places", list)  # blind to what is there: the control
    assert records.drop_unused(AT_ONCE) == [1]


def test_it_can_be_killed_at_any_chunk_and_run_again(scene, monkeypatch):
    monkeypatch.setattr(resealing, "AT_ONCE", 1)
    add_key()
    chunks = 0

    def killed(_place, _rows):
        nonlocal chunks
        chunks += 1
        if chunks % 2 == 0:
            raise KeyboardInterrupt

    for _try in range(200):
        try:
            records.reseal(killed)
            break
        except KeyboardInterrupt:
            assert accounts(scene) == [FIRST, SECOND]
    assert chunks > 2
    assert records.rows_under(1) == 0
    assert accounts(scene) == [FIRST, SECOND]


def test_frozen_rows_take_another_key_and_nothing_else(scene, tmp_path):
    register_partner("tax", "税务", Outsider(tmp_path).pem)
    send("tax", "T01", {"account": FIRST}, key="k1")
    add_key()
    records.reseal()
    assert OutboxMessage.objects.get().data == {"account": FIRST}
    for change in ("name = 'x'", "token = ''", "token = replace(token, '~', '~x')", "data = '{}'"):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update exchange_outboxmessage set {change}")


def test_a_real_change_still_leaves_its_history(scene):
    row = BankAccount.objects.filter(person_id=scene).order_by("-valid_during").first()
    before = Change.objects.count()
    row.number = FIRST
    row.save(update_fields=["number"])
    change = Change.objects.order_by("-id").first()
    assert (Change.objects.count(), change.before["number"], change.after["number"]) == (before + 1, SECOND, FIRST)


def test_the_seals_over_the_logs_hold_before_and_after(scene):
    add_key()
    table = 'alter table "records_change"'
    with connection.cursor() as cursor:
        leaves = "select string_agg(records.unkeyed(r::text), '' order by id) from records_change r"
        cursor.execute(leaves)
        before = cursor.fetchone()
        records.reseal()
        cursor.execute(leaves)
        assert cursor.fetchone() == before
        cursor.execute(f"{table} disable trigger all")  # the owner forges: another account under the same row
        cursor.execute(
            "update records_change set after = replace(after::text, substr(after ->> 'number', 2, 5), 'AAAAA')::jsonb"
            " where table_name = 'registry_bankaccount'"
        )
        cursor.execute(leaves)
        assert cursor.fetchone() != before


def test_an_account_as_it_was_known(scene):
    known = Change.objects.order_by("-id").first().at
    add_key()
    row = BankAccount.objects.filter(person_id=scene).order_by("-valid_during").first()
    row.number = FIRST
    row.save(update_fields=["number"])
    then = {one.number for one in records.as_known(BankAccount, known, of=("person", scene))}
    assert then == {FIRST, SECOND}
    assert current_keys().newest == 2
