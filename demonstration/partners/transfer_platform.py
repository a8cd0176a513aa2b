"""The national transfer platform and, behind it, the other provinces: letters, forms, money and receipts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from demonstration.partners.chance import draw, weekday_before
from demonstration.partners.mailbox import Answer, Letter, Mailbox

# Shares per million of the people asked about.
UNKNOWN, QUESTIONED, WRONG_SUM, SHORT_MONEY = 30_000, 60_000, 50_000, 50_000
MILLION = 1_000_000
POOL_RATE_PERCENT, WORKER_RATE_PERCENT = 12, 8
FIRST_YEAR = 1998
YEARS_AWAY, MONTHS_A_YEAR = 9, 12
WAGE_FIRST, WAGE_SPAN = 350_000, 400_000
RETURNED = "N02"

SCHEMA = """
create table if not exists leaving (transfer text primary key, letter text, region text, id_number text, name text,
    account text, revision integer default 0, due_fen integer default -1, paid_fen integer default 0,
    state text default 'asked');
create table if not exists coming (letter text primary key, revision integer, sent_fen integer, parts integer,
    body text, years text, state text);
create table if not exists number (name text primary key, value integer);
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Wishes:
    """How the other provinces behave; the demonstration leaves it to chance, a test may set a share to all or none."""

    unknown: int = UNKNOWN
    questioned: int = QUESTIONED
    wrong_sum: int = WRONG_SUM
    short_money: int = SHORT_MONEY


class TransferPlatform:
    """All other provinces under the data folder, reached through one platform."""

    def __init__(self, data: Path, seed: int = 1, wishes: Wishes | None = None) -> None:
        self.mail = Mailbox(data, "transfer_platform", SCHEMA)
        self.db, self.seed, self.wishes = self.mail.db, seed, wishes or Wishes()

    def turn(self) -> int:
        """Work off transfers and messages; returns how many things were done."""
        handlers: dict[str, Callable[[Letter], None]] = {
            "Z01": self.take_certificate, "Z02": self.take_letter, "Z03": self.take_form, "Z04": self.take_receipt,
        }  # fmt: skip
        return self.mail.turn(handlers, self.take_money)

    def ask_for(self, person: Row, region: str, on: str) -> str:
        """Somebody applied in another province without asking at home first: its letter; returns the number."""
        number = self._next_letter(region)
        self._send_letter(person, region, number, on, "")
        return number

    def take_certificate(self, letter: Letter) -> None:
        """Z01: somebody wants to come; answer with a contact letter (Z02), or say why not."""
        data = letter.data
        if self._falls("unknown", data["transfer"], self.wishes.unknown):
            body = {"transfer": data["transfer"], "ok": False, "code": "N03", "message": "申请人已撤回转入申请"}
            self.mail.send(Answer("Z02", f"Z02:{data['transfer']}:no", body, letter.key))
            return
        self._send_letter(data, data["to"], self._next_letter(data["to"]), data["on"], letter.key)

    def _send_letter(self, person: Row, region: str, number: str, on: str, answers: str) -> None:
        account = f"99{region}{draw('account', region):010d}"
        self.db.execute(
            "insert into leaving(transfer, letter, region, id_number, name, account) values (?, ?, ?, ?, ?, ?)",
            (answers.removeprefix("Z01:") or number, number, region, person["id_number"], person["name"], account),
        )
        body = {"letter": number, "ok": True, "from": "440000", "to": region, "office": f"{region[:2]}省级社会保险经办机构",
                "bank_code": "103", "account": account, "account_name": f"{region[:2]}省职工养老保险基金收入户", "on": on}  # fmt: skip
        body |= {"id_number": person["id_number"], "name": person["name"], "home": person.get("home", region)}
        self.mail.send(Answer("Z02", f"Z02:{number}", body, answers))

    def _next_letter(self, region: str) -> str:
        self.db.execute("insert into number values ('letter', 1) on conflict do update set value = value + 1")
        (value,) = self.db.execute("select value from number where name = 'letter'").fetchone()
        return f"{region[:2]}L{value:08d}"

    def take_form(self, letter: Letter) -> None:
        """Z03 for somebody who comes to us: check it, wait for its money."""
        data = letter.data
        if not data.get("ok", True):
            self.db.execute("update leaving set state = 'refused' where letter = ?", (data["letter"],))
            return
        known = self.db.execute("select transfer from leaving where letter = ?", (data["letter"],)).fetchone()
        if known is None:
            raise ValueError(f"no letter {data['letter']}")
        self.db.execute(
            "update leaving set transfer = ?, revision = ?, due_fen = ? where letter = ?",
            (data["transfer"], data["revision"], data["total_fen"], data["letter"]),
        )
        fault = self._fault(letter)
        if fault:
            self._receipt(data["transfer"], letter.key, *fault)
        else:
            self._settle(data["transfer"], letter.key)

    def _fault(self, letter: Letter) -> tuple[str, str] | None:
        data, rows = letter.data, [row for _line, row in letter.rows() if row]
        pool = sum(row["base_fen"] for row in rows if row["year"] >= FIRST_YEAR) * POOL_RATE_PERCENT
        if len(rows) != data["rows"] or sum(row["months"] for row in rows) < data["months"]:
            return "Z12", "缴费明细与合计不符"
        if abs(pool - data["pool_fen"] * 100) > 50:
            return "Z14", "统筹基金转移额与缴费工资不符"
        if data["total_fen"] != data["worker_fen"] + data["employer_fen"] + data["pool_fen"]:
            return "Z13", "转移金额合计不符"
        if data["revision"] == 1 and self._falls("questioned", data["transfer"], self.wishes.questioned):
            return "Z15", "缺少一个年度的缴费记录，请核对"
        return None

    def take_money(self, letter: Letter) -> None:
        """The bank has credited another province's account."""
        transfer = letter.data["text"].removeprefix("transfer:")
        self.db.execute(
            "update leaving set paid_fen = paid_fen + ? where transfer = ?", (letter.data["amount_fen"], transfer)
        )
        self._settle(transfer, "")

    def _settle(self, transfer: str, answers: str) -> None:
        row = self.db.execute("select due_fen, paid_fen, state from leaving where transfer = ?", (transfer,)).fetchone()
        if row and row[0] == row[1] and row[2] in ("asked", "form"):
            self._receipt(transfer, answers)
        elif row and row[2] == "asked":
            self.db.execute("update leaving set state = 'form' where transfer = ?", (transfer,))

    def _receipt(self, transfer: str, answers: str, code: str = "", text: str = "") -> None:
        revision, paid = self.db.execute(
            "select revision, paid_fen from leaving where transfer = ?", (transfer,)
        ).fetchone()
        body = {"transfer": transfer, "ok": not code, "revision": revision, "code": code, "message": text}
        body["received_fen"] = paid
        self.mail.send(Answer("Z04", f"Z04:{transfer}:{revision}:{code or 'ok'}", body, answers))
        self.db.execute("update leaving set state = ? where transfer = ?", ("form" if code else "entered", transfer))

    def take_letter(self, letter: Letter) -> None:
        """Z02: somebody moves to the product's province: send the form (Z03) and the money, or say why not."""
        data = letter.data
        if self._falls("unknown", data["letter"], self.wishes.unknown):
            body = {"letter": data["letter"], "ok": False, "code": "N01", "message": "无参保缴费记录"}
            self.mail.send(Answer("Z03", f"Z03:{data['letter']}:no", body, letter.key))
            return
        years = self._years(data)
        account = sum(row["base_fen"] for row in years) * WORKER_RATE_PERCENT // 100
        pool = (sum(row["base_fen"] for row in years) * POOL_RATE_PERCENT + 50) // 100
        body = {name: data[name] for name in ("letter", "id_number", "name")} | {
            "ok": True, "rows": len(years), "months": sum(row["months"] for row in years), "worker_fen": account,
            "employer_fen": 0, "pool_fen": pool, "total_fen": account + pool, "on": data["on"],
        }  # fmt: skip
        short = self._falls("short", data["letter"], self.wishes.short_money)
        self.db.execute(
            "insert into coming values (?, 0, ?, 0, ?, ?, 'sent')",
            (data["letter"], 0, json.dumps(body | {"pool": data["pool"], "scheme": data["scheme"],
             "reference": data["reference"]}), json.dumps(years)),
        )  # fmt: skip
        wrong = self._falls("sum", data["letter"], self.wishes.wrong_sum)
        self._send_form(data["letter"], letter.key, spoil=wrong)
        self._pay(data["letter"], (account + pool) * 4 // 5 if short else account + pool)

    def _years(self, data: Row) -> list[Row]:
        this_year = int(data["on"][:4])
        count = 2 + draw(self.seed, "years", data["id_number"]) % YEARS_AWAY
        wage = WAGE_FIRST + draw(self.seed, "wage", data["id_number"]) * WAGE_SPAN // MILLION // 100 * 100
        return [
            {"place": data["from"][:2], "year": this_year - count - 1 + n, "months": MONTHS_A_YEAR,
             "base_fen": wage * MONTHS_A_YEAR}
            for n in range(count)
        ]  # fmt: skip

    def _send_form(self, letter: str, answers: str, *, spoil: bool = False) -> None:
        self.db.execute("update coming set revision = revision + 1 where letter = ?", (letter,))
        revision, text, years = self.db.execute(
            "select revision, body, years from coming where letter = ?", (letter,)
        ).fetchone()
        body = json.loads(text) | {"revision": revision}
        if spoil:
            body |= {"pool_fen": body["pool_fen"] - 100, "total_fen": body["total_fen"] - 100}
        content = "\n".join(json.dumps(row | {"line": n}) for n, row in enumerate(json.loads(years), start=1)).encode()
        self.mail.send(Answer("Z03", f"Z03:{letter}:{revision}", body, answers, content, f"{letter}-{revision}.jsonl"))

    def _pay(self, letter: str, amount_fen: int) -> None:
        self.db.execute(
            "update coming set sent_fen = sent_fen + ?, parts = parts + 1 where letter = ?", (amount_fen, letter)
        )
        parts, text = self.db.execute("select parts, body from coming where letter = ?", (letter,)).fetchone()
        body = json.loads(text)
        reference = body["reference"] if parts == 1 else f"{body['reference']}/{parts}"
        money = {"scheme": body["scheme"], "pool": body["pool"], "kind": "transfer_in", "amount_fen": amount_fen}
        money |= {"reference": reference, "on": weekday_before(date.fromisoformat(body["on"])).isoformat()}
        self.mail.transfer("finance", reference, money)

    def take_receipt(self, letter: Letter) -> None:
        """Z04: entered over there, or a question: send a correct form, or the money that was missing."""
        data = letter.data
        if data["ok"]:
            self.db.execute("update coming set state = 'entered' where letter = ?", (data["letter"],))
            return
        total = json.loads(
            self.db.execute("select body from coming where letter = ?", (data["letter"],)).fetchone()[0]
        )["total_fen"]
        (sent,) = self.db.execute("select sent_fen from coming where letter = ?", (data["letter"],)).fetchone()
        if data["code"] != "M01":
            self._send_form(data["letter"], letter.key)
        elif sent < total:
            self._pay(data["letter"], total - sent)

    def _falls(self, what: str, who: str, share: int) -> bool:
        return draw(self.seed, what, who) < share
