"""What a posting reads of the books does not grow with the books."""

from django.db import connection

from dashebao.kernel.records.api import SYSTEM, acting

MONTH, FEW = 202611, 40  # a posting of two lines looks at each of its own rows a few times
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
    """Nor in a month nobody gathered statistics of yet, where a plan that reads all of it looks cheap."""
    with acting(SYSTEM):
        for number in range(150):
            books.give(1 + number % 100, 100, f"before {number}", MONTH)
        before = _read()
        for number in range(50):
            books.give(1 + number % 100, 100, f"after {number}", MONTH)
        assert _read() - before <= 50 * FEW
