"""Programs that post to the ledger all the time and remember every posting that was acknowledged to them."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from dashebao.kernel.ledger.actions import POST, parameters
from dashebao.kernel.ledger.rules import Journal, Line, as_columns
from dashebao.kernel.records.api import SYSTEM, sign
from dashebao.site.postgres import Cluster
from drills.folders import PERIOD, rows

KIND = "drill"
ACCOUNTS = """
    select b.id, min(a.id), max(a.id) from ledger_account a join ledger_book b on b.id = a.book_id
    where a.code in ('1002', '1003', '1004', '1005', '5001', '4001') and a.hot
    group by b.id having min(a.id) < max(a.id) order by b.id limit 1"""


class Posters:
    """Some clients, each with its own connection, posting one fen to and fro as fast as they are answered."""

    def __init__(self, data: Path, clients: int, commit: str = "on") -> None:
        self.data, self.commit = data, commit
        self.book, self.debit, self.credit = rows(data, ACCOUNTS)[0]
        self.context = sign(SYSTEM, 24 * 3600)
        self.acknowledged: list[str] = []
        self.unknown: list[str] = []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._post, daemon=True) for _client in range(clients)]
        for thread in self.threads:
            thread.start()

    def _post(self) -> None:
        while not self.stopping.is_set():
            try:
                with psycopg.connect(Cluster(self.data).dsn("dashebao_worker"), autocommit=True) as connection:
                    connection.execute("select set_config('app.ctx', %s, false)", (self.context,))
                    connection.execute("select set_config('synchronous_commit', %s, false)", (self.commit,))
                    self._post_on(connection)
            except (psycopg.Error, OSError, ValueError):
                self.stopping.wait(0.05)

    def _post_on(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self.stopping.is_set():
            key = str(uuid.uuid4())
            try:
                connection.execute(POST, parameters(as_columns([self.journal(key)]))).fetchall()
            except psycopg.Error:
                self.unknown.append(key)  # the answer was lost: it may have been posted or not
                raise
            self.acknowledged.append(key)

    def journal(self, key: str) -> Journal:
        """One fen from one account to another."""
        return Journal(self.book, KIND, key, PERIOD, (Line(self.debit, 1), Line(self.credit, -1)))

    def wait_for(self, more: int, seconds: float = 300) -> None:
        """Return once so many more postings were acknowledged; RuntimeError where they are not."""
        wanted, end = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            if time.monotonic() > end:
                raise RuntimeError(f"no {more} postings within {seconds} seconds")
            time.sleep(0.005)

    def stop(self) -> None:
        """Let every client finish."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


@contextmanager
def posting(data: Path, clients: int, commit: str = "on") -> Iterator[Posters]:
    """Clients posting for the length of the block."""
    posters = Posters(data, clients, commit)
    try:
        yield posters
    finally:
        posters.stop()


def posted(data: Path) -> list[str]:
    """Keys of the drill's postings as the ledger holds them, one for each journal."""
    return [key for (key,) in rows(data, f"select key from ledger_journal where kind = '{KIND}'")]


def faults(data: Path, posters: Posters) -> list[str]:
    """Acknowledged postings that are lost, postings made twice, and journals that are torn."""
    there = posted(data)
    lost = len(set(posters.acknowledged) - set(there))
    strangers = len(set(there) - set(posters.acknowledged) - set(posters.unknown))
    torn = rows(
        data,
        f"""select count(*) from (select j.id from ledger_journal j left join ledger_entry e
              on e.month = j.month and e.journal_id = j.id where j.kind = '{KIND}'
             group by j.id having count(*) <> 2 or sum(e.amount_fen) <> 0) t""",
    )[0][0]
    counted = {
        "acknowledged postings lost": lost,
        "postings made twice": len(there) - len(set(there)),
        "journals torn": torn,
        "postings nobody sent": strangers,
    }
    return [f"{number} {what}" for what, number in counted.items() if number]
