"""Who sees what through the web login, and at what cost."""

import pytest
from django.db import connection

from dashebao.kernel.ledger.api import Line, SubLine, account_movements, holder_ranges, sub_balances, sub_entries_of
from dashebao.kernel.ledger.rules import Journal, as_columns, mirrored
from dashebao.kernel.records.api import SYSTEM, Actor, acting

pytestmark = pytest.mark.django_db


def test_a_person_sees_his_own_sub_account_and_statement_only(world):
    own = world.own
    world.fresh()
    lines = [(own.contra, 30), (own.control, -30)]
    world.post(lines, [(own.control, 41, "worker_principal", 10), (own.control, 42, "worker_principal", 20)])
    world.sign_in(Actor("person", 41))
    assert world.run("select distinct holder from ledger_subaccount where account_id = %s", own.control) == [(41,)]
    assert world.run("select amount_fen from ledger_subentry where month = 202611") == [(10,)]
    statement = world.run("select part, kind, amount_fen from lg.statement(%s, 41)", own.control)
    assert statement == [("worker_principal", "hostile", 10)]
    assert world.run("select count(*) from ledger_journal") == [(0,)]
    world.fresh()


def test_an_officer_of_a_county_sees_holders_of_his_county_in_provincial_books(world):
    own = world.own
    world.fresh()
    world.run("select lg.place_holders(%s, '{51,52}', array['440106','440103'])", own.control)
    world.sign_in(Actor("officer", 31, region="440106"))
    assert world.run("select distinct holder from ledger_subaccount") == [(51,)]
    world.sign_in(Actor("officer", 32, region="4401"))
    assert world.run("select distinct holder from ledger_subaccount order by 1") == [(51,), (52,)]
    world.fresh()


def test_one_holders_rows_are_index_reads(books):
    with acting(SYSTEM), connection.cursor() as cursor:
        books.give(5, 10, "g")
        cursor.execute("set local enable_seqscan = off")
        for statement in (
            "select * from ledger_subaccount where holder = 5",
            "select * from ledger_subentry where month = 202611 and subaccount_id = 5",
            "select * from ledger_entry where month = 202611 and account_id = 5",
        ):
            cursor.execute(f"explain {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index" in plan
            assert "Seq Scan" not in plan
        assert [row.balance_fen for row in sub_entries_of(books.control, 5)] == [10]


def test_reads_take_one_query_however_many_holders(books, django_assert_num_queries):
    with acting(SYSTEM):
        for count in (1, 100):
            with django_assert_num_queries(1):
                assert len(sub_balances(books.control, range(1, count + 1)).holder) == 2 * count


def test_columns_and_mirrors_keep_every_line():
    journal = Journal(1, "k", "x", 202611, (Line(1, 5), Line(2, -5)), (SubLine(2, 9, "p", 5),))
    columns = as_columns([journal, journal])
    assert columns.lines.journal == [0, 0, 1, 1]
    assert columns.sub_lines.part == ["p", "p"]
    assert mirrored(journal.lines, journal.sub_lines) == ((Line(1, -5), Line(2, 5)), (SubLine(2, 9, "p", -5),))


def test_movements_are_summed_by_journal_and_holders_cut_into_ranges(books):
    with acting(SYSTEM):
        books.give(5, 10, "g")
        books.give(6, 20, "h")
        moved = account_movements(books.contra, 202611)
        assert [(row.kind, row.key, row.amount_fen) for row in moved] == [("give", "g", 10), ("give", "h", 20)]
        assert holder_ranges(books.control, 40) == [(1, 40), (41, 80), (81, 100)]
