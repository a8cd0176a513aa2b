"""A partner's post office: reads messages exactly once, keeps its state in SQLite, and sends answers."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demonstration.partners.signing import (
    BadMessage,
    fingerprint,
    pack,
    private_key,
    public_pem,
    read_public_key,
    seal,
    unpack,
    unseal,
)

PRODUCT = "dashebao"
RESEND_AFTER_SECONDS = 60

SCHEMA = """
create table if not exists mail_in (id text primary key, key text, kind text, receipt text, outcome text);
create table if not exists mail_out (
    seq integer primary key autoincrement, id text unique, key text unique, kind text, token text,
    sent_at real, receipt text);
create table if not exists transfer_out (reference text primary key, partner text, body text, done integer default 0);
create table if not exists transfer_in (reference text primary key, body text, done integer default 0);
"""


class Refused(Exception):
    """The partner understood the message and will not act on it."""


@dataclass(frozen=True)
class Letter:
    """One incoming message; `file` holds plain bytes."""

    id: str
    kind: str
    key: str
    answers: str
    data: dict[str, Any]
    file: bytes | None
    name: str

    def rows(self) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """The JSON lines of the file with their line numbers from 1; an unreadable line gives None."""
        for number, line in enumerate((self.file or b"").splitlines(), start=1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            yield number, row if isinstance(row, dict) else None


@dataclass(frozen=True)
class Answer:
    """One outgoing message; `key` makes it once-only."""

    kind: str
    key: str
    data: dict[str, Any]
    answers: str = ""
    file: bytes | None = None
    name: str = ""


Handler = Callable[[Letter], None]


@dataclass
class Mailbox:
    """Folders, keys and database of one partner under the data folder."""

    data: Path
    name: str
    schema: str = ""
    db: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        home = self.data / "partners" / self.name
        post = self.data / "exchange" / self.name
        self.incoming, self.outgoing, self.refused = post / "to", post / "from", home / "refused"
        for folder in (home, self.incoming, self.outgoing, self.refused):
            folder.mkdir(parents=True, exist_ok=True)
        self.key = private_key(home / "key.pem")
        write_atomically(post / "partner.pub.pem", public_pem(self.key))
        self.product_key_path = self.data / "exchange" / f"{PRODUCT}.pub.pem"
        self.db = open_state(home / "state.sqlite")
        self.db.executescript(SCHEMA + self.schema)

    def send(self, answer: Answer) -> None:
        """Write a message into the outbox, inside the caller's transaction; a key already used changes nothing."""
        identity = str(uuid.uuid4())
        payload: dict[str, Any] = {
            "id": identity, "source": self.name, "to": PRODUCT, "type": answer.kind, "key": answer.key,
            "answers": answer.answers, "time": datetime.now(UTC).isoformat(timespec="seconds"), "data": answer.data,
        }  # fmt: skip
        if answer.file is not None:
            payload |= {"file": pack(answer.file), "encoding": "gzip", "name": answer.name}
        self.db.execute(
            "insert into mail_out(id, key, kind, token) values (?, ?, ?, ?) on conflict(key) do nothing",
            (identity, answer.key, answer.kind, seal(payload, self.key)),
        )

    def transfer(self, partner: str, reference: str, body: dict[str, Any]) -> None:
        """Order money to another partner, inside the caller's transaction; the reference makes it once-only."""
        self.db.execute(
            "insert into transfer_out(reference, partner, body) values (?, ?, ?) on conflict do nothing",
            (reference, partner, json.dumps(body)),
        )

    def turn(self, handlers: dict[str, Handler], on_transfer: Handler | None = None) -> int:
        """Take transfers and messages, then put out everything that waits; returns how many things were done."""
        done = self._take_transfers(on_transfer)
        if self.product_key_path.exists():
            done += sum(self._take(path, handlers) for path in arrivals(self.incoming))
        return done + self._put_transfers() + self._put_messages()

    def _take(self, path: Path, handlers: dict[str, Handler]) -> int:
        token = path.read_text()
        try:
            payload = unseal(token, read_public_key(self.product_key_path))
            if "receipt" in payload:
                self._store_receipt(payload, token)
                path.unlink()
                return 1
            letter = self._open(payload)
        except BadMessage as error:
            write_atomically(self.refused / f"{path.name}.reason", str(error).encode())
            path.rename(self.refused / path.name)
            return 1
        receipt = self._handle_once(letter, token, handlers)
        write_atomically(self.outgoing / f"receipt-{letter.id}.jws", receipt.encode())
        path.unlink()
        return 1

    def _open(self, payload: dict[str, Any]) -> Letter:
        if payload.get("source") != PRODUCT or payload.get("to") != self.name:
            raise BadMessage("not from the product to this partner")
        try:
            return Letter(
                payload["id"], payload["type"], payload["key"], payload.get("answers", ""),
                payload.get("data") or {}, unpack(payload), payload.get("name", ""),
            )  # fmt: skip
        except (KeyError, ValueError, OSError) as error:
            raise BadMessage("envelope is incomplete") from error

    def _handle_once(self, letter: Letter, token: str, handlers: dict[str, Handler]) -> str:
        with transaction(self.db):
            known = self.db.execute("select receipt from mail_in where id = ?", (letter.id,)).fetchone()
            if known:
                return str(known[0])
            outcome = "handled"
            self.db.execute("savepoint handling")
            try:
                handlers.get(letter.kind, _unknown)(letter)
            except (Refused, KeyError, TypeError, ValueError) as error:
                self.db.execute("rollback to handling")
                outcome = f"refused: {type(error).__name__}: {error}"
                print(f"{self.name}: {letter.kind} {letter.key} {outcome}", file=sys.stderr)
            receipt = seal(
                {"receipt": letter.id, "source": self.name, "to": PRODUCT, "sha256": fingerprint(token),
                 "time": datetime.now(UTC).isoformat(timespec="seconds")}, self.key)  # fmt: skip
            self.db.execute(
                "insert into mail_in values (?, ?, ?, ?, ?)", (letter.id, letter.key, letter.kind, receipt, outcome)
            )
            return receipt

    def _store_receipt(self, payload: dict[str, Any], token: str) -> None:
        row = self.db.execute("select token from mail_out where id = ?", (payload["receipt"],)).fetchone()
        if row is None or fingerprint(row[0]) != payload.get("sha256"):
            raise BadMessage("receipt names no message of ours")
        self.db.execute("update mail_out set receipt = ? where id = ?", (token.strip(), payload["receipt"]))

    def _put_messages(self) -> int:
        overdue = time.time() - RESEND_AFTER_SECONDS
        rows = self.db.execute(
            "select seq, id, token from mail_out where receipt is null and (sent_at is null or sent_at < ?)"
            " order by seq",
            (overdue,),
        ).fetchall()
        for seq, identity, token in rows:
            write_atomically(self.outgoing / f"{seq:012d}-{identity}.jws", token.encode())
            self.db.execute("update mail_out set sent_at = ? where seq = ?", (time.time(), seq))
        return len(rows)

    def _put_transfers(self) -> int:
        rows = self.db.execute("select reference, partner, body from transfer_out where done = 0").fetchall()
        for reference, partner, body in rows:
            target = open_state(self.data / "partners" / partner / "state.sqlite")
            target.executescript(SCHEMA)
            target.execute(
                "insert into transfer_in(reference, body) values (?, ?) on conflict do nothing", (reference, body)
            )
            target.close()
            self.db.execute("update transfer_out set done = 1 where reference = ?", (reference,))
        return len(rows)

    def _take_transfers(self, on_transfer: Handler | None) -> int:
        rows = self.db.execute("select reference, body from transfer_in where done = 0 order by rowid").fetchall()
        for reference, body in rows if on_transfer else ():
            with transaction(self.db):
                on_transfer(Letter(reference, "transfer", reference, "", json.loads(body), None, ""))
                self.db.execute("update transfer_in set done = 1 where reference = ?", (reference,))
        return len(rows) if on_transfer else 0


def _unknown(letter: Letter) -> None:
    raise Refused(f"kind {letter.kind} is not known here")


def arrivals(folder: Path) -> Iterable[Path]:
    """Complete files of a folder in name order: receipts last, temporary names never."""
    return sorted(folder.glob("*.jws"))


def open_state(path: Path) -> sqlite3.Connection:
    """A partner's database; statements commit by themselves unless a transaction is open."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")
    return db


class transaction:
    """One write transaction on a partner's database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def __enter__(self) -> None:
        self.db.execute("begin immediate")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.db.execute("rollback" if kind else "commit")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
