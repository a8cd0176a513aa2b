"""The bank: pays payment files, answers each payment's fate, returns some later, states the accounts daily."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from demonstration.partners.chance import draw
from demonstration.partners.mailbox import Answer, Letter, Mailbox
from demonstration.partners.payment_files import (
    FileRefused,
    Payment,
    PaymentFile,
    PaymentGroup,
    Statement,
    read_pain_001,
    status_of,
    write_camt_053,
    write_pain_002,
)

# Shares per million of creditor accounts.
BAD_ACCOUNTS, RETURNING_ACCOUNTS = 3_000, 1_000
REASONS = ("AC01", "AC04", "AC06", "BE01")
DAYS_UNTIL_RETURN = 3

SCHEMA = """
create table if not exists account (number text primary key, name text, opened_on text, opening_fen integer);
create table if not exists special_account (number text primary key, scheme text, pool text);
create table if not exists entry (id integer primary key autoincrement, account text, day text, kind text,
    amount_fen integer, message text default '', reference text, count integer default 1, reason text default '',
    stated integer default 0);
create index if not exists entry_day on entry (stated, account, day);
create table if not exists payment_file (message text primary key, sha256 text);
create table if not exists paid (end_to_end text primary key) without rowid;
create table if not exists refused_account (number text primary key) without rowid;
create table if not exists returned_account (number text primary key) without rowid;
create table if not exists stated (account text primary key, sequence integer, closing_fen integer);
create table if not exists closed (through text);
"""


class Bank:
    """The paying bank of the province under the data folder."""

    def __init__(self, data: Path, seed: int = 1) -> None:
        self.mail = Mailbox(data, "bank", SCHEMA)
        self.db, self.seed = self.mail.db, seed
        self.funds: dict[str, tuple[str, str]] = {}  # scheme and pool by special account

    def turn(self) -> int:
        """Work off transfers and messages; returns how many things were done."""
        return self.mail.turn({"B00": self.open_account, "pain.001": self.pay, "B01": self.state}, self.take_money)

    def open_account(self, letter: Letter) -> None:
        """B00: an expenditure account with its opening balance, and the special account kept for the finance department."""
        data = letter.data
        self.db.execute(
            "insert into special_account values (?, ?, ?) on conflict do nothing",
            (data["special_account"], data["scheme"], data["pool"]),
        )
        self.db.execute(
            "insert into account values (?, ?, ?, ?) on conflict do nothing",
            (data["expenditure_account"], data.get("name", ""), data["on"], int(data["expenditure_opening_fen"])),
        )

    def take_money(self, letter: Letter) -> None:
        """Money from the finance department reaches an expenditure account."""
        data = letter.data
        self.db.execute(
            "insert into entry(account, day, kind, amount_fen, reference) values (?, ?, 'FUND', ?, ?)",
            (data["account"], self._open_day(data["on"]), data["amount_fen"], data["reference"]),
        )

    def pay(self, letter: Letter) -> None:
        """pain.001: pay what can be paid and report every payment (pain.002)."""
        message = str(letter.data.get("message", letter.key))
        original = None
        kept = self.db.execute("select number, scheme, pool from special_account")
        self.funds = {number: (scheme, pool) for number, scheme, pool in kept}
        try:
            original = read_pain_001(letter.file or b"")
            message = original.message
            self._check_file(original, letter)
            for group in original.groups:
                self._pay_group(original.message, group)
            report, payments = write_pain_002(original, message), [p for g in original.groups for p in g.payments]
            body = {"group": status_of(payments)} | counts(payments)
        except FileRefused as error:
            report = write_pain_002(original, message, error)
            body = {"group": "RJCT", "accepted": 0, "rejected": original.count if original else 0, "accepted_fen": 0}
            body |= {
                "rejected_fen": original.sum_fen if original else 0,
                "code": error.code,
                "message_text": str(error),
            }
        key = f"pain.002:{message}" if letter.key == f"pain.001:{message}" else f"pain.002:{message}:{letter.key}"
        body["message"] = message
        self.mail.send(Answer("pain.002", key, body, letter.key, report, f"pain.002-{message}.xml"))

    def _check_file(self, original: PaymentFile, letter: Letter) -> None:
        payments = [payment for group in original.groups for payment in group.payments]
        if len(payments) != original.count:
            raise FileRefused("AM18", f"{len(payments)} payments, the header says {original.count}")
        if sum(payment.amount_fen for payment in payments) != original.sum_fen:
            raise FileRefused("AM10", "sum of the payments is not the control sum")
        known = {number for (number,) in self.db.execute("select number from account")}
        unknown = [group.debtor for group in original.groups if group.debtor not in known]
        if unknown:
            raise FileRefused("AC02", f"debtor account {unknown[0]} is not kept here")
        digest = hashlib.sha256(letter.file or b"").hexdigest()
        if self.db.execute("select 1 from payment_file where message = ?", (original.message,)).fetchone():
            raise FileRefused("AM05", "a file with this message id was sent before")
        self._check_funds(original)
        self.db.execute("insert into payment_file values (?, ?)", (original.message, digest))

    def _check_funds(self, original: PaymentFile) -> None:
        wanted: dict[str, int] = {}
        for group in original.groups:
            wanted[group.debtor] = wanted.get(group.debtor, 0) + sum(p.amount_fen for p in group.payments)
        for debtor, total in wanted.items():
            if self._balance(debtor) < total:
                raise FileRefused("AM04", f"account {debtor} holds too little")

    def _pay_group(self, message: str, group: PaymentGroup) -> None:
        for payment in group.payments:
            payment.code = self._refusal(payment)
        accepted = [payment for payment in group.payments if not payment.code]
        if not accepted:
            return
        total = sum(payment.amount_fen for payment in accepted)
        (last_funded,) = self.db.execute(
            "select max(day) from entry where account = ? and kind = 'FUND'", (group.debtor,)
        ).fetchone()
        day = max(self._open_day(group.on), last_funded or "")
        self.db.execute(
            "insert into entry(account, day, kind, amount_fen, message, reference, count)"
            " values (?, ?, 'BATCH', ?, ?, ?, ?)", (group.debtor, day, -total, message, group.id, len(accepted)),
        )  # fmt: skip
        self._credit_provinces(day, accepted)
        self._credit_funds(day, accepted)
        self._plan_returns(group.debtor, day, accepted)

    def _credit_provinces(self, day: str, accepted: list[Payment]) -> None:
        """Money for another province's fund reaches it through the transfer platform."""
        for payment in accepted:
            if payment.text.startswith("transfer:"):
                money = {"text": payment.text, "amount_fen": payment.amount_fen, "on": day}
                self.mail.transfer("transfer_platform", payment.end_to_end, money)

    def _credit_funds(self, day: str, accepted: list[Payment]) -> None:
        """Money for another fund of the province reaches its special account, which the finance department keeps."""
        for payment in accepted:
            if payment.account in self.funds:
                scheme, pool = self.funds[payment.account]
                money = {"scheme": scheme, "pool": pool, "kind": "transfer_in", "amount_fen": payment.amount_fen}
                money |= {"reference": payment.text, "on": day}
                self.mail.transfer("finance", payment.end_to_end, money)

    def _refusal(self, payment: Payment) -> str:
        to_a_fund = payment.account in self.funds
        if not (payment.account.isdigit() or to_a_fund):
            return "AC01"
        if payment.amount_fen <= 0:
            return "AM12"
        if not to_a_fund and draw(self.seed, "bad", payment.account, payment.name) < BAD_ACCOUNTS:
            first = self.db.execute(
                "insert into refused_account values (?) on conflict do nothing", (payment.account,)
            ).rowcount
            if first:
                return REASONS[draw(self.seed, "reason", payment.account) % len(REASONS)]
        fresh = self.db.execute("insert into paid values (?) on conflict do nothing", (payment.end_to_end,)).rowcount
        return "" if fresh else "AM05"

    def _plan_returns(self, debtor: str, day: str, accepted: list[Payment]) -> None:
        on = (date.fromisoformat(day) + timedelta(days=DAYS_UNTIL_RETURN)).isoformat()
        for payment in accepted:
            if payment.account in self.funds or draw(self.seed, "return", payment.account) >= RETURNING_ACCOUNTS:
                continue
            if self.db.execute(
                "insert into returned_account values (?) on conflict do nothing", (payment.account,)
            ).rowcount:
                self.db.execute(
                    "insert into entry(account, day, kind, amount_fen, reference, reason)"
                    " values (?, ?, 'RETURN', ?, ?, 'AC04')", (debtor, on, payment.amount_fen, payment.end_to_end),
                )  # fmt: skip

    def state(self, letter: Letter) -> None:
        """B01: close the days through the one asked for and state the accounts (camt.053)."""
        through = str(letter.data["through"])
        wanted = set(letter.data.get("accounts") or [])
        numbers = [number for (number,) in self.db.execute("select number from account order by number")]
        statements = [
            statement
            for number in numbers
            if not wanted or number in wanted
            for statement in self._state(number, through)
        ]
        self.db.execute("insert into closed values (?)", (through,))
        body = {"through": through, "statements": len(statements), "entries": sum(len(s.entries) for s in statements)}
        content = write_camt_053(f"CAMT-{through}-{letter.id}", statements)
        name = f"camt.053-{through}.xml"
        self.mail.send(Answer("camt.053", f"camt.053:{letter.key}", body, letter.key, content, name))

    def _state(self, account: str, through: str) -> Iterator[Statement]:
        entries = rows(self.db.execute(
            "select id, day, kind, amount_fen, message, reference, count, reason from entry"
            " where stated = 0 and account = ? and day <= ? order by day, id", (account, through)))  # fmt: skip
        sequence, balance = self.db.execute(
            "select sequence, closing_fen from stated where account = ?", (account,)
        ).fetchone() or (0, self._opening(account))
        days = [(day, list(group)) for day, group in groupby(entries, lambda entry: entry["day"])] or [(through, [])]
        for day, group in days:
            sequence, opening = sequence + 1, balance
            balance += sum(entry["amount_fen"] for entry in group)
            yield Statement(account, day, sequence, opening, balance, group)
        self.db.execute("update entry set stated = 1 where stated = 0 and account = ? and day <= ?", (account, through))
        self.db.execute("insert or replace into stated values (?, ?, ?)", (account, sequence, balance))

    def _opening(self, account: str) -> int:
        return int(self.db.execute("select opening_fen from account where number = ?", (account,)).fetchone()[0])

    def _balance(self, account: str) -> int:
        (moved,) = self.db.execute(
            "select coalesce(sum(amount_fen), 0) from entry where account = ? and kind <> 'RETURN'", (account,)
        ).fetchone()
        return self._opening(account) + int(moved)

    def _open_day(self, day: str) -> str:
        (through,) = self.db.execute("select max(through) from closed").fetchone()
        if through is None or day > through:
            return day
        return (date.fromisoformat(through) + timedelta(days=1)).isoformat()


def counts(payments: list[Payment]) -> dict[str, Any]:
    """How many payments and how much was accepted and refused."""
    refused = [payment.amount_fen for payment in payments if payment.code]
    accepted = [payment.amount_fen for payment in payments if not payment.code]
    figures = {"accepted": len(accepted), "rejected": len(refused)}
    return figures | {"accepted_fen": sum(accepted), "rejected_fen": sum(refused)}


def rows(cursor: Any) -> list[dict[str, Any]]:
    """All rows of a cursor as dictionaries."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
