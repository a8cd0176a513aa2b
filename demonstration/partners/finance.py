"""The finance department: keeps the special accounts, moves treasury money in and requested money out to the bank."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from demonstration.partners.chance import weekdays_after
from demonstration.partners.mailbox import Answer, Letter, Mailbox

WORKING_DAYS_TO_SPECIAL_ACCOUNT = 3

SCHEMA = """
create table if not exists book (scheme text, pool text, account text, expenditure_account text,
    primary key (scheme, pool));
create table if not exists entry (number integer primary key autoincrement, scheme text, pool text, day text,
    kind text, amount_fen integer, reference text);
create index if not exists entry_book on entry (scheme, pool, day);
"""


class Finance:
    """The finance department of the province under the data folder."""

    def __init__(self, data: Path) -> None:
        self.mail = Mailbox(data, "finance", SCHEMA)
        self.db = self.mail.db

    def turn(self) -> int:
        """Work off transfers and messages; returns how many things were done."""
        handlers = {"F00": self.open_book, "F01": self.pay_request, "F05": self.state, "F06": self.take_other_income}
        handlers["F07"] = self.pay_subsidy
        return self.mail.turn(handlers, self.take_transfer)

    def open_book(self, letter: Letter) -> None:
        """F00: a special account with its opening balance."""
        data = letter.data
        self.db.execute(
            "insert into book values (?, ?, ?, ?) on conflict do update set account = excluded.account,"
            " expenditure_account = excluded.expenditure_account",
            (data["scheme"], data["pool"], data["special_account"], data["expenditure_account"]),
        )
        opened = self.db.execute(
            "select 1 from entry where scheme = ? and pool = ? and kind = 'opening'", (data["scheme"], data["pool"])
        ).fetchone()
        if data.get("special_opening_fen") and not opened:
            self._enter(data, data["on"], "opening", data["special_opening_fen"])

    def take_transfer(self, letter: Letter) -> None:
        """Money from another partner: the treasury's of the tax office, or another province's or fund's for one person."""
        if letter.data.get("kind") == "transfer_in":
            self._receive(letter.data)
        else:
            self.take_treasury(letter)

    def _receive(self, data: dict[str, Any]) -> None:
        """Money that follows a person, from another province, another fund or the budget, reaches the account (F06)."""
        self._enter(data, data["on"], data["kind"], int(data["amount_fen"]), data["reference"])
        self.mail.send(Answer("F06", f"F06:{data['reference']}", data))

    def take_treasury(self, letter: Letter) -> None:
        """Money collected by tax and lying at the treasury moves to the special accounts (F03)."""
        data = letter.data
        first_of_month = f"{data['month'] // 100:04d}-{data['month'] % 100:02d}-01"
        last = date.fromisoformat(max((day["on"] for day in data["days"]), default=first_of_month))
        month_end = date(last.year, last.month, calendar.monthrange(last.year, last.month)[1])
        on = min(weekdays_after(last, WORKING_DAYS_TO_SPECIAL_ACCOUNT), month_end).isoformat()
        transfer = f"GK{data['month']}{data['run']}"
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for total in data["totals"]:
            sums[total["scheme"], total["pool"]] += total["principal_fen"] + total["late_fee_fen"]
        moved = [{"scheme": scheme, "pool": pool, "amount_fen": fen} for (scheme, pool), fen in sorted(sums.items())]
        for line in moved:
            self._enter(line, on, "treasury_in", line["amount_fen"], transfer)
        body = {"transfer": transfer, "month": data["month"], "run": data["run"], "on": on, "lines": moved}
        body["total_fen"] = sum(sums.values())
        self.mail.send(Answer("F03", f"F03:{data['month']}:{data['run']}", body))

    def pay_request(self, letter: Letter) -> None:
        """F01: pay a fund request from the special account to the expenditure account at the bank (F02)."""
        data = letter.data
        amount, answer = int(data["amount_fen"]), {"request": data["request"], "amount_fen": data["amount_fen"]}
        book = self.db.execute(
            "select expenditure_account from book where scheme = ? and pool = ?", (data["scheme"], data["pool"])
        ).fetchone()
        if book is None:
            answer |= {"ok": False, "code": "AC02", "message": "专户未备案"}
        elif amount <= 0 or self._balance(data["scheme"], data["pool"]) < amount:
            answer |= {"ok": False, "code": "AM04", "message": "专户余额不足"}
        else:
            transfer = f"BK{data['request']}"
            self._enter(data, data["on"], "request_out", -amount, data["request"])
            money = {"account": book[0], "amount_fen": amount, "on": data["on"], "reference": data["request"]}
            self.mail.transfer("bank", transfer, money)
            answer |= {"ok": True, "transfer": transfer, "paid_on": data["on"]}
        self.mail.send(Answer("F02", f"F02:{data['request']}", answer, letter.key))

    def pay_subsidy(self, letter: Letter) -> None:
        """F07: the government's subsidy for a resident's year reaches the special account (F06)."""
        data = {name: letter.data[name] for name in ("scheme", "pool", "amount_fen", "on")}
        self._receive(data | {"kind": "subsidy_in", "reference": letter.data["claim"]})

    def take_other_income(self, letter: Letter) -> None:
        """F06: subsidy or transfer from another province that reaches a special account."""
        data = letter.data
        self._enter(data, data["on"], data["kind"], int(data["amount_fen"]), data.get("reference", ""))

    def state(self, letter: Letter) -> None:
        """F05: the statement of all special accounts for a month (F04)."""
        month = int(letter.data["month"])
        prefix = f"{month // 100:04d}-{month % 100:02d}"
        books = self.db.execute(
            "select scheme, pool, account from book union select distinct scheme, pool, '' from entry"
            " where (scheme, pool) not in (select scheme, pool from book) order by 1, 2"
        ).fetchall()
        accounts = [self._statement(scheme, pool, account, prefix) for scheme, pool, account in books]
        self.mail.send(Answer("F04", f"F04:{letter.key}", {"month": month, "accounts": accounts}, letter.key))

    def _statement(self, scheme: str, pool: str, account: str, prefix: str) -> dict[str, Any]:
        (opening,) = self.db.execute(
            "select coalesce(sum(amount_fen), 0) from entry where scheme = ? and pool = ? and day < ?",
            (scheme, pool, prefix),
        ).fetchone()
        rows = self.db.execute(
            "select number, day, kind, amount_fen, reference from entry where scheme = ? and pool = ?"
            " and substr(day, 1, 7) = ? order by day, number", (scheme, pool, prefix)).fetchall()  # fmt: skip
        names = ("number", "on", "kind", "amount_fen", "reference")
        entries = [dict(zip(names, row, strict=True)) for row in rows]
        closing = opening + sum(entry["amount_fen"] for entry in entries)
        head = {"scheme": scheme, "pool": pool, "account": account, "opening_fen": opening, "closing_fen": closing}
        return head | {"entries": entries}

    def _enter(self, book: dict[str, Any], on: str, kind: str, amount_fen: int, reference: str = "") -> None:
        self.db.execute(
            "insert into entry(scheme, pool, day, kind, amount_fen, reference) values (?, ?, ?, ?, ?, ?)",
            (book["scheme"], book["pool"], on, kind, amount_fen, reference),
        )

    def _balance(self, scheme: str, pool: str) -> int:
        (balance,) = self.db.execute(
            "select coalesce(sum(amount_fen), 0) from entry where scheme = ? and pool = ?", (scheme, pool)
        ).fetchone()
        return int(balance)
