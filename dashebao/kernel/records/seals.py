"""Seals the audit trail and the row history, and proves later that nobody changed them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from dashebao.kernel.records import merkle
from dashebao.kernel.records.models import Seal

Published = tuple[str, int, str]  # log, number and chain (hexadecimal) of a seal that somebody keeps outside
LOGS = {"audit": "records_auditentry", "history": "records_change"}
BATCH = 20_000


@dataclass(frozen=True)
class Verification:
    """What `verify` found: rows and seals checked, and each difference in words (none when all is well)."""

    rows: int
    seals: int
    differences: tuple[str, ...]


def seal() -> int:
    """Seal everything that no running transaction can still add to; returns the number of rows sealed."""
    sealed = 0
    for log in LOGS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"seal {log}"])
            last = Seal.objects.filter(log=log).order_by("-number").first()
            start = last.below_xid if last else 0
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            below = cursor.fetchone()[0]
            leaves = _leaves(log, start, below)
            if not leaves:
                continue
            number = last.number + 1 if last else 1
            top = merkle.root(leaves)
            before = bytes(last.chain) if last else merkle.GENESIS
            chain = merkle.chained(before, top, f"{log} {number} {start} {below} {len(leaves)}")
            Seal.objects.create(
                log=log, number=number, from_xid=start, below_xid=below, rows=len(leaves), root=top, chain=chain
            )
            sealed += len(leaves)
    return sealed


def newest() -> list[Published]:
    """The newest seal of each log, to be kept where the operator of the database cannot reach it."""
    found = Seal.objects.order_by("log", "-number").distinct("log")
    return [(seal.log, seal.number, bytes(seal.chain).hex()) for seal in found]


def verify(published: Iterable[Published] = ()) -> Verification:
    """Recompute every seal from the rows as they stand now; differences name the log and the seal.

    Whoever can change rows can seal them anew, but cannot change the seals that were `published` before.
    """
    rows = seals = 0
    differences: list[str] = []
    for log, number, chain in published:
        if log in LOGS and not Seal.objects.filter(log=log, number=number, chain=bytes.fromhex(chain)).exists():
            differences.append(f"{log}: the published seal {number} is not there")
    for log in LOGS:
        before, expected_number, expected_start = merkle.GENESIS, 1, 0
        for found in Seal.objects.filter(log=log).order_by("number"):
            leaves = _leaves(log, found.from_xid, found.below_xid)
            top = merkle.root(leaves)
            statement = f"{log} {found.number} {found.from_xid} {found.below_xid} {found.rows}"
            if found.number != expected_number or found.from_xid != expected_start:
                differences.append(f"{log}: seal {expected_number} is missing")
            if len(leaves) != found.rows:
                differences.append(f"{log}: seal {found.number} covers {found.rows} rows, {len(leaves)} are there")
            elif top != bytes(found.root):
                differences.append(f"{log}: rows under seal {found.number} were changed")
            if merkle.chained(before, bytes(found.root), statement) != bytes(found.chain):
                differences.append(f"{log}: seal {found.number} itself was changed")
            before, expected_number, expected_start = bytes(found.chain), found.number + 1, found.below_xid
            rows += len(leaves)
            seals += 1
    return Verification(rows, seals, tuple(differences))


def _leaves(log: str, start: int, below: int) -> list[bytes]:
    table = LOGS[log]
    out: list[bytes] = []
    with transaction.atomic(), connection.connection.cursor(name=f"leaves_{log}") as cursor:
        cursor.itersize = BATCH
        # the row as text in column order, sealed values without their keys: stable as long as no migration rewrites
        # these two tables
        where = "where xid >= %s and xid < %s order by xid, id"
        cursor.execute(f"select records.unkeyed(r::text) from {table} r {where}", [start, below])  # noqa: S608
        for row in cursor:
            out.append(_leaf(row))
    return out


def _leaf(row: Any) -> bytes:
    return merkle.leaf(row[0].encode())
