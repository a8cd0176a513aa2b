"""Where a drill takes place: copies of one small province, its programs, and what its books hold."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.postgres import Cluster
from drills.folders import MONTH, copy_folder, program, rows, running

TABLES = (
    "ledger_journal",
    "ledger_entry",
    "ledger_subentry",
    "fund_paymentline",
    "records_change",
    "records_auditentry",
)
# Rows are numbered by sequences, which skip what an undone transaction took: a key is compared without such a number.
JOURNALS = r"""
    select b.fund, b.region, j.kind, regexp_replace(j.key, '(linking:|transfer:|residents-).*', '\1…'), j.month,
           a.code, a.detail, count(*), sum(e.amount_fen)::bigint
    from ledger_journal j
    join ledger_entry e on e.journal_id = j.id and e.month = j.month
    join ledger_account a on a.id = e.account_id
    join ledger_book b on b.id = a.book_id
    group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7"""
PAYMENTS = "select month, person_id, scheme, benefit_kind, seq, amount_fen from fund_paymentline order by 1, 2, 3, 4, 5"
STATEMENTS = "select fund, region_code, month, form, digest from fund_storedstatement order by 1, 2, 3, 4"


@dataclass
class Ground:
    """One province in which no month has run, a scratch folder, and the drill's own chance."""

    province: Path
    scratch: Path
    small: bool
    seed: int
    finished: Path | None = None  # the same province after an unbroken month, if there is one already
    numbers: Iterator[int] = field(default_factory=count)
    chance: Random = field(default_factory=Random)

    def begin(self) -> None:
        """Start the chance anew: a drill breaks the same things whatever ran before it."""
        self.chance = Random(self.seed)

    def copy(self, of: Path | None = None) -> Path:
        """A fresh copy of the (stopped) province or of another data folder."""
        return copy_folder(of or self.province, self.folder() / "data")

    def folder(self) -> Path:
        """A new empty folder that the server's account may enter."""
        path = self.scratch / f"{next(self.numbers):03d}"
        path.mkdir(mode=0o755)
        return path

    def finish(self) -> Path:
        """The province after an unbroken month; made once."""
        if self.finished is None:
            self.finished = self.copy()
            with running(self.finished):
                program(self.finished, "month", "run", MONTH)
        return self.finished

    def drop(self, data: Path) -> None:
        """Remove a copy that is no longer needed."""
        shutil.rmtree(data.parent)


def digest(data: Path) -> dict[str, tuple[Any, ...]]:
    """Count and order-free checksum of every row of the books, the payments, the history and the audit trail."""
    checksum = "select count(*), sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint) from {} t"
    return {table: rows(data, checksum.format(table))[0] for table in TABLES}


def books(data: Path) -> dict[str, Any]:
    """Journals, payments and published statements in the words of the trade, the same for every unbroken run."""
    return {"journals": rows(data, JOURNALS), "payments": rows(data, PAYMENTS), "statements": rows(data, STATEMENTS)}


def proofs(data: Path) -> list[str]:
    """What `ledger verify` and `audit verify` would find; empty if all is well."""
    with inside(data), acting(SYSTEM, "proofs of a drill"):
        found = [f"ledger: {difference}" for difference in ledger.verify().differences]
        return found + [
            f"audit: {difference}" for difference in (*records.verify().differences, *records.changed_rows())
        ]


@contextmanager
def inside(data: Path, login: str = "dashebao_worker") -> Iterator[None]:
    """Let this process work on a running copy, as its worker does or with another login: copies share their secrets."""
    before = settings.DATA, dict(connection.settings_dict)
    connection.close()
    password = settings.SECRETS["passwords"][login]
    settings.DATA = data
    connection.settings_dict.update(PORT=Cluster(data).port, USER=login, PASSWORD=password)
    try:
        yield
    finally:
        connection.close()
        settings.DATA = before[0]
        connection.settings_dict.update(before[1])
