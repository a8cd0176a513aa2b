"""Recomputes the books from their lines and the seals from their journals, and names every difference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.ledger.checks import MONTHLY, OVERALL, Check
from dashebao.kernel.records import merkle
from dashebao.kernel.records.api import Published

LOG = "ledger"
BATCH = 20_000
MOST_NAMED = 100  # differences named per check and month; a flood is cut, never hidden: one is enough to fail


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it must be: which check found it, in which month (0 = overall), and on what."""

    check: str
    title: str
    month: int
    subject: str

    def __str__(self) -> str:
        return f"{self.check} {self.month or ''} {self.title}: {self.subject}".replace("  ", " ")


@dataclass(frozen=True)
class Report:
    """What was recomputed, and each difference found (none when all is well)."""

    months: int
    journals: int
    entries: int
    sub_entries: int
    seals: int
    unsealed: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Sealed:
    """One seal as it stands in the table."""

    seq: int
    above: int
    below: int
    count: int
    root: bytes
    chain: bytes


def newest_seal() -> list[Published]:
    """The newest seal of the journals (none before the first), to be kept where the operator cannot reach it."""
    return [(LOG, seal.seq, seal.chain.hex()) for seal in _seals()[-1:]]


def verify(through: int | None = None, *, published: Iterable[Published] = ()) -> Report:
    """Recompute everything up to month `through` (all months if None); needs a login that sees every row.

    Whoever can change journals can seal them anew, but cannot change the seals that were `published` before. Each question is one set-based statement over one month, so memory does not grow with the years.
    """
    differences: list[Difference] = []
    counts = [0, 0, 0]
    found = [month for month in months() if through is None or month <= through]
    for month in found:
        for check in MONTHLY:
            differences += _ask(check, month)
        counts = [total + more for total, more in zip(counts, _counts(month), strict=True)]
    for check in OVERALL:
        differences += _ask(check, 0)
    seals = _seals()
    differences += [*_check_seals(seals), *_check_published(seals, published)]
    unsealed = _number("select count(*) from ledger_journal where xid >= %s", [seals[-1].below if seals else 0])
    journals, entries, sub_entries = counts
    return Report(len(found), journals, entries, sub_entries, len(seals), unsealed, tuple(differences))


def months() -> list[int]:
    """Every month that has a partition, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("""
            select substring(c.relname from '[0-9]{6}$')::int from pg_class c join pg_inherits i on i.inhrelid = c.oid
             where i.inhparent = 'ledger_journal'::regclass order by 1""")
        return [row[0] for row in cursor.fetchall()]


def _ask(check: Check, month: int) -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(check.statement, {"month": month})
        for row in cursor.fetchmany(MOST_NAMED):
            yield Difference(check.name, str(check.title), month, str(row[0]))


def _counts(month: int) -> list[int]:
    tables = ("ledger_journal", "ledger_entry", "ledger_subentry")
    return [_number(f"select count(*) from {table} where month = %s", [month]) for table in tables]  # noqa: S608


def _seals() -> list[Sealed]:
    with connection.cursor() as cursor:
        cursor.execute("select seq, above, below, count, root, chain from ledger_seal order by seq")
        return [Sealed(*(*row[:4], bytes(row[4]), bytes(row[5]))) for row in cursor.fetchall()]


def _check_seals(seals: list[Sealed]) -> Iterator[Difference]:
    """Walk all sealed journals once, in sealing order, beside the seals."""
    before, number, above = merkle.GENESIS, 1, 0
    with transaction.atomic():
        leaves = _Leaves(seals[-1].below if seals else 0)
        for seal in seals:
            own = leaves.until(seal.below)
            statement = f"ledger {seal.seq} {seal.above} {seal.below} {seal.count}"
            if seal.seq != number or seal.above != above:
                yield Difference("seal", str(_("A seal is missing")), 0, str(number))
            if len(own) != seal.count or merkle.root(own) != seal.root:
                yield Difference("seal", str(_("Journals under a seal were changed")), 0, str(seal.seq))
            if merkle.chained(before, seal.root, statement) != seal.chain:
                yield Difference("seal", str(_("A seal itself was changed")), 0, str(seal.seq))
            before, number, above = seal.chain, seal.seq + 1, seal.below


def _check_published(seals: list[Sealed], published: Iterable[Published]) -> Iterator[Difference]:
    """What somebody kept outside must still stand."""
    chains = {seal.seq: seal.chain.hex() for seal in seals}
    for log, number, chain in published:
        if log == LOG and chains.get(number) != chain:
            yield Difference("seal", str(_("A published seal is not there")), 0, str(number))


class _Leaves:
    """Leaf hashes of all journals in sealing order, read once from a server-side cursor."""

    def __init__(self, below: int) -> None:
        self.rows = self._read(below)
        self.next = next(self.rows, None)

    @staticmethod
    def _read(below: int) -> Iterator[Any]:
        if not below:
            return
        connection.ensure_connection()
        with connection.connection.cursor(name="ledger_leaves") as cursor:
            cursor.itersize = BATCH
            cursor.execute("select xid, lg.leaf(j) from ledger_journal j where xid < %s order by xid, pos", [below])
            yield from cursor

    def until(self, below: int) -> list[bytes]:
        """Hashes of the journals whose transaction is below `below`, from where the last call stopped."""
        out = []
        while self.next is not None and self.next[0] < below:
            out.append(merkle.leaf(self.next[1].encode()))
            self.next = next(self.rows, None)
        return out


def _number(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
