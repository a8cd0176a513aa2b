"""What a posting reads of the books does not grow with the books."""

from django.db import connection

from dashebao.kernel.ledger.api import Journal, Line, SubLine, open_accounts, post, post_all
from dashebao.kernel.ledger.rules import as_columns
from dashebao.kernel.ledger.tests.conftest import PARTS
from dashebao.kernel.records.api import SYSTEM, acting

MONTH, FEW = 202611, 40  # a posting of two lines looks at each of its own rows a few times
WIDE = 2_000  # lines of one journal, each of another account
SETS, OF = 10, 200  # after so many the server keeps the plans it made for sets
READ = """
select coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0)
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relname in ('ledger_entry_202611', 'ledger_subtotal_202611', 'ledger_journal_202611')
"""


def _read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return int(cursor.fetchone()[0])


def test_a_posting_reads_its_own_rows_only(books):
    """Whatever the session posted before: a plan for sets, or for rare accounts, would read the whole month for one."""

    def given(number: int) -> Journal:
        lines = (Line(books.contra, 5), Line(books.control, -5))
        moved = (SubLine(books.control, 1 + number % 100, PARTS[0], 5),)
        return Journal(books.id, "set", str(number), MONTH, lines, moved)

    with acting(SYSTEM):
        _post_wide(books)
        for first in range(0, SETS * OF, OF):
            post_all(as_columns([given(number) for number in range(first, first + OF)]))
        before = _read()
        for number in range(50):
            books.give(1 + number, 100, f"after {number}", MONTH)
        assert _read() - before <= 50 * FEW


def _post_wide(books) -> None:
    """One journal over many accounts; the planner is told that an account has fewer lines than a journal."""
    accounts = open_accounts(books.id, [("1005", {"detail": f"wide {number}"}) for number in range(WIDE)])
    lines = (*(Line(account, 1) for account in accounts), Line(books.contra, -WIDE))
    post(Journal(books.id, "wide", "1", MONTH, lines))
    with connection.cursor() as cursor:
        cursor.execute("analyze ledger_entry_202611")
