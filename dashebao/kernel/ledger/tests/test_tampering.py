"""Whoever can switch the guards off can change rows; `verify` must then name what he did."""

import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Max

from dashebao.kernel.ledger.api import close_period, newest_seal, reserve, seal, verify
from dashebao.kernel.ledger.models import Journal, Seal
from dashebao.kernel.ledger.tests.conftest import make_books
from dashebao.kernel.ledger.tests.hostile import temporary_world
from dashebao.kernel.records.api import SYSTEM, acting

pytestmark = pytest.mark.django_db
SECONDS_TO_SEAL = 60  # other tests' transactions on the same server hold the horizon back


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker):
    """Committed books with closed and open months, all under two seals."""
    with django_db_blocker.unblock(), temporary_world(make_books) as world:
        for month in (202609, 202611):
            with acting(SYSTEM):
                for holder in range(1, 11):
                    world.own.give(holder, 100 * holder, f"{month}-{holder}", month)
            seal_everything()
        with acting(SYSTEM):
            close_period(world.own.id, 202609)
        connection.close()
        yield world
        connection.close()


def seal_everything():
    end = time.monotonic() + SECONDS_TO_SEAL
    while Journal.objects.filter(xid__gte=Seal.objects.aggregate(last=Max("below", default=0))["last"]).exists():
        assert time.monotonic() < end, "another transaction on this server holds the horizon back"
        with acting(SYSTEM):
            seal()
        time.sleep(0.1)


@contextmanager
def superuser(*tables):
    """The guards of these tables are off inside the block and on again after it."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"alter table ledger_{table} disable trigger user")
        yield cursor
        for table in tables:
            cursor.execute(f"alter table ledger_{table} enable trigger user")


def names():
    return {difference.check for difference in verify().differences}


JOURNAL = (
    "(select id from ledger_journal where month = 202611 and book_id = %(book)s and kind = 'give' order by key limit 1)"
)
HOLDER = (
    "(select id from ledger_subaccount where account_id = %(control)s and holder = {} and part = 'worker_principal')"
)
OTHER = "00000000-0000-0000-0000-000000000002"
TAMPERINGS = {
    "an amount by one fen, everywhere": (
        ("entry", "subentry", "subtotal"),
        [
            f"update ledger_entry set amount_fen = amount_fen + sign(amount_fen) where journal_id = {JOURNAL}",
            f"update ledger_subentry set amount_fen = amount_fen + 1 where journal_id = {JOURNAL}",
            f"update ledger_subtotal set amount_fen = amount_fen + 1 where journal_id = {JOURNAL}",
        ],
        {"content", "sub-balance"},
    ),
    "the payee swapped": (
        ("subentry", "subaccount"),
        [
            f"update ledger_subentry set subaccount_id = {HOLDER.format(77)} where journal_id = {JOURNAL}",
        ],
        {"content", "sub-balance"},
    ),
    "two holders exchanged": (
        ("subaccount",),
        [
            f"update ledger_subaccount set holder = 9001 where id = {HOLDER.format(1)}",
            f"update ledger_subaccount set holder = 1 where id = {HOLDER.format(2)}",
        ],
        {"content"},
    ),
    "a journal deleted": (
        ("entry", "subentry", "subtotal", "journal", "key"),
        [
            f"create temp table gone on commit drop as select {JOURNAL} as id",
            "delete from ledger_entry where journal_id = (select id from gone)",
            "delete from ledger_subentry where journal_id = (select id from gone)",
            "delete from ledger_subtotal where journal_id = (select id from gone)",
            "delete from ledger_journal where id = (select id from gone)",
            "delete from ledger_key where journal_id = (select id from gone)",
        ],
        {"seal", "sub-balance"},
    ),
    "a journal put back in time": (
        ("entry", "journal", "key"),
        [
            """insert into ledger_journal(month, id, book_id, kind, key, digest, made_kind, made_by, xid, pos)
               select month, '00000000-0000-0000-0000-000000000001', book_id, 'give', 'false', digest, made_kind,
                      made_by, xid, pos from ledger_journal where month = 202611 and id = """
            + JOURNAL,
            """insert into ledger_entry(month, journal_id, line, book_id, account_id, amount_fen)
               values (202611, '00000000-0000-0000-0000-000000000001', 1, %(book)s, %(bank)s, 5),
                      (202611, '00000000-0000-0000-0000-000000000001', 2, %(book)s, %(bank)s, -5)""",
        ],
        {"seal", "key", "content"},
    ),
    "lines added": (
        ("entry",),
        [
            f"""insert into ledger_entry(month, journal_id, line, book_id, account_id, amount_fen)
                select 202611, {JOURNAL}, n, %(book)s, %(bank)s, case n when 8 then 7 else -7 end
                  from generate_series(8, 9) n""",
        ],
        {"content"},
    ),
    "the id changed": (
        ("entry", "subentry", "subtotal", "journal", "key"),
        [
            f"create temp table old on commit drop as select {JOURNAL} as id",
            *(
                f"update ledger_{table} set {column} = '{OTHER}' where {column} = (select id from old)"
                for table, column in (
                    ("entry", "journal_id"),
                    ("subentry", "journal_id"),
                    ("subtotal", "journal_id"),
                    ("journal", "id"),
                    ("key", "journal_id"),
                )
            ),
        ],
        {"seal"},
    ),
    "the words changed": (
        ("journal",),
        [f"update ledger_journal set memo = 'another story' where month = 202611 and id = {JOURNAL}"],
        {"seal"},
    ),
    "the maker changed": (
        ("journal",),
        [f"update ledger_journal set made_by = 4711 where month = 202611 and id = {JOURNAL}"],
        {"seal"},
    ),
    "a seal rewritten": (
        ("seal",),
        ["update ledger_seal set root = sha256('x') where seq = 1"],
        {"seal"},
    ),
    "a seal removed": (("seal",), ["delete from ledger_seal where seq = 1"], {"seal"}),
    "a balance raised": (
        ("account",),
        ["update ledger_account set balance_fen = balance_fen + 1 where id = %(cash)s"],
        {"balance"},
    ),
    "a sub-balance raised": (
        ("subaccount",),
        [f"update ledger_subaccount set balance_fen = balance_fen + 1 where id = {HOLDER.format(3)}"],
        {"sub-balance", "control"},
    ),
    "a balance beside a line": (
        ("entry",),
        ["update ledger_entry set balance_after_fen = balance_after_fen + 1 where account_id = %(cash)s"],
        {"running"},
    ),
    "a key freed for a second posting": (
        ("key",),
        [f"delete from ledger_key where journal_id = {JOURNAL}"],
        {"key"},
    ),
    "a closing balance rewritten": (
        ("closing",),
        ["update ledger_closing set balance_fen = balance_fen + 1 where account_id = %(contra)s"],
        {"closing"},
    ),
    "a closing moved before a posting": (
        ("period",),
        ["update ledger_period set closed_at = '2020-01-01' where book_id = %(book)s"],
        {"period"},
    ),
    "promised money forgotten": (
        ("account",),
        ["update ledger_account set pending_fen = 1 where id = %(cash)s"],
        {"hold"},
    ),
    "a subtotal rewritten": (
        ("subtotal",),
        [f"update ledger_subtotal set amount_fen = amount_fen + 1 where month = 202611 and journal_id = {JOURNAL}"],
        {"tie"},
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_by_name(sealed, name):
    tables, statements, expected = TAMPERINGS[name]
    own = sealed.own
    with transaction.atomic():
        assert names() == set()
        with superuser(*tables) as cursor:
            for statement in statements:
                cursor.execute(statement, vars(own) | {"book": own.id})
        assert expected <= names()
        transaction.set_rollback(True)
    assert names() == set()


def test_a_clock_set_back_before_a_close_is_no_difference(sealed):
    own = sealed.own
    with transaction.atomic():
        with acting(SYSTEM):
            own.give(1, 5, "late", 202612)
        with superuser("journal") as cursor:
            cursor.execute("update ledger_journal set posted_at = posted_at + interval '1 day' where month = 202612")
        with acting(SYSTEM):
            assert close_period(own.id, 202612) == "closed"
        assert names() == set()
        transaction.set_rollback(True)


def test_a_published_seal_must_stand(sealed):
    published = newest_seal()
    assert verify(published=published).differences == ()
    with transaction.atomic():
        with superuser("seal") as cursor:
            cursor.execute("delete from ledger_seal")
        assert {difference.subject for difference in verify(published=published).differences} >= {str(published[0][1])}
        transaction.set_rollback(True)


def test_a_guard_left_off_is_found(sealed):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger user")
        assert "guard" in names()
        transaction.set_rollback(True)


def test_the_command_names_differences_and_fails(sealed, capsys):
    call_command("ledger", "verify")
    assert "No difference" in capsys.readouterr().out
    with transaction.atomic():
        with superuser("account") as cursor:
            cursor.execute("update ledger_account set balance_fen = 1 where id = %s", [sealed.own.cash])
        with pytest.raises(SystemExit) as left:
            call_command("ledger", "verify", "--json")
        assert left.value.code == 4
        assert '"balance"' in capsys.readouterr().out
        transaction.set_rollback(True)


def test_the_trial_balance_command_shows_the_books(sealed, capsys):
    call_command("ledger", "trial-balance", "--fund", "110", "--region", sealed.own.region, "--month", "2026-11")
    out = capsys.readouterr().out
    assert "9001" in out
    assert "-110.00" in out


def test_holds_are_counted(sealed):
    from uuid import uuid4

    with acting(SYSTEM):
        assert reserve(sealed.own.cash, 5, hold_id=uuid4()) == "held"
    assert names() == set()
