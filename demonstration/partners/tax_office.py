"""The tax office: takes registrations and bills, collects by bank debit, answers what was paid and when."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demonstration.partners.chance import MILLION, draw, weekday_before
from demonstration.partners.mailbox import Answer, Letter, Mailbox, Refused

SCHEMES = {"110", "120", "170", "210", "310", "390", "410", "510"}
VOLUNTARY = {"170", "390"}  # residents: no late fee, nothing in part
PAYING_ORDER = {"410": 0, "310": 1, "510": 2, "390": 3, "210": 4, "170": 5, "120": 6, "110": 7}
NEEDED = ("item", "payer_kind", "payer_id", "credit_code", "region", "scheme", "pool", "month", "due_on")
# Shares per million of payers, one after the other; the rest pays in full and on time.
NEVER, LATE, PARTLY = 5_000, 13_000, 10_000
WRONG_IDENTITY = 2_000
ACTIONS = {"unit": {"register", "change", "close"}, "person": {"enrol", "stop", "change"}}
PERSON_NEEDS = ("movement", "person_id", "id_number", "name", "region", "schemes", "month")
PAYERS_PER_UNMATCHED = 2_000
# Return codes of the bank for a debit that failed: no funds (mostly), account closed, name does not match.
FAILED_DEBITS = ("01", "01", "01", "01", "02", "03")
LATE_DAYS_FIRST, LATE_DAYS_SPAN = 17, 24
LATE_FEE_DAILY = (5, 10_000)  # 社会保险法 art 86: 0.05 % a day

SCHEMA = """
create table if not exists registration (subject text, id text, body text, primary key (subject, id));
create table if not exists movement (id integer primary key) without rowid;
create table if not exists item (item text primary key, run text) without rowid;
create table if not exists arrears (item text primary key, month integer, row text, voucher text);
create table if not exists bill_file (month integer, run text, sequence integer, of integer, key text,
    primary key (month, run, sequence));
create table if not exists collected (month integer, run text, day text, scheme text, pool text, treasury text,
    rows integer, principal_fen integer, late_fee_fen integer,
    primary key (month, run, day, scheme, pool, treasury));
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class BillFile:
    """Which file of which run of which month a letter is."""

    month: int
    run: str
    sequence: int
    of: int

    @property
    def stem(self) -> str:
        """Digits that make vouchers and tickets of this file unlike those of any other."""
        number = 0 if self.run == "regular" else 1 + zlib.crc32(self.run.encode()) % 9_999_999
        return f"{number:07d}{self.sequence:03d}"


class TaxOffice:
    """One provincial tax office under the data folder."""

    def __init__(self, data: Path, seed: int = 1) -> None:
        self.mail = Mailbox(data, "tax", SCHEMA)
        self.db, self.seed = self.mail.db, seed

    def turn(self) -> int:
        """Work off what has arrived; returns how many things were done."""
        return self.mail.turn({"T01": self.register, "T02": self.collect, "T06": self.refund, "T07": self.confirm})

    def register(self, letter: Letter) -> None:
        """T01: keep units and persons, answer the refused lines."""
        refused = []
        accepted = 0
        for line, row in letter.rows():
            fault = registration_fault(row) or self._wrong_identity(row or {})
            if row is None or fault:
                code, message = fault or ("E01", "row is not readable")
                refused.append({"line": line, "ok": False, "code": code, "message": message})
                continue
            accepted += 1
            if row["subject"] == "person":
                self._move(row)
                continue
            self.db.execute(
                "insert or replace into registration values ('unit', ?, ?)",
                (str(row["unit_id"]), json.dumps(row, ensure_ascii=False)),
            )
        totals = {"rows": accepted + len(refused), "accepted": accepted, "refused": len(refused)}
        self.mail.send(Answer("T01R", f"T01R:{letter.key}", totals, letter.key, lines(refused), f"T01R-{letter.name}"))

    def _wrong_identity(self, row: Row) -> tuple[str, str] | None:
        """A few numbers and names are not found in the population register at the first try."""
        first = row.get("subject") == "person" and row.get("attempt", 1) == 1
        if first and draw(self.seed, "identity", row.get("person_id")) < WRONG_IDENTITY:
            return "E06", "证件号码与姓名核验不一致"
        return None

    def _move(self, row: Row) -> None:
        """A person's movement, once: who pays whose schemes from which month."""
        fresh = self.db.execute("insert into movement values (?) on conflict do nothing", (row["movement"],)).rowcount
        if not fresh:
            return
        relation = f"{row['person_id']}:{row['unit_id']}"
        known = self.db.execute(
            "select body from registration where subject = 'person' and id = ?", (relation,)
        ).fetchone()
        held = json.loads(known[0]) if known else {"schemes": [], "since": row["month"]}
        moved = set(row["schemes"])
        if row["action"] == "enrol":
            held["schemes"] = sorted(set(held["schemes"]) | moved)
        elif row["action"] == "stop":
            held |= {"schemes": sorted(set(held["schemes"]) - moved), "until": row["month"]}
        held |= {name: row[name] for name in ("id_number", "name", "region", "credit_code")}
        self.db.execute(
            "insert or replace into registration values ('person', ?, ?)",
            (relation, json.dumps(held, ensure_ascii=False)),
        )

    def collect(self, letter: Letter) -> None:
        """T02: take the bills over (T03), collect them (T04) and, after the last file of the run, give totals (T07)."""
        part = BillFile(*(letter.data[name] for name in ("month", "run", "sequence", "of")))
        due = self._take_over(letter, part)
        paid = [row for payer in by_payer(due) for row in self._pay(payer, part)]
        if part.run == "regular" and part.sequence == 1:
            paid += self._pay_arrears(part)
        paid += self._unmatched(due, part)
        self._answer_paid(letter, part, paid)
        self.db.execute(
            "insert into bill_file values (?, ?, ?, ?, ?)", (part.month, part.run, part.sequence, part.of, letter.key)
        )
        self._close_run(part)

    def refund(self, letter: Letter) -> None:
        """T06: execute a verified refund (T05)."""
        data = letter.data
        body = {"refund": data.get("refund"), "ok": data.get("amount_fen", 0) > 0, "amount_fen": data.get("amount_fen")}
        body |= {"executed_on": data.get("on", ""), "ticket": data.get("ticket", "")}
        self.mail.send(Answer("T05", f"T05:{data.get('refund')}", body, letter.key))

    def confirm(self, letter: Letter) -> None:
        """T07 from the product: its own totals are kept as they came; the tax office has nothing to answer."""
        self.db.execute(
            "insert or replace into registration values ('totals', ?, ?)", (letter.key, json.dumps(letter.data))
        )

    def _take_over(self, letter: Letter, part: BillFile) -> list[Row]:
        answers, due, total = [], [], 0
        for line, row in letter.rows():
            fault = self._fault(row, part)
            item = (row or {}).get("item", "")
            total += amount(row or {})
            if fault:
                answers.append({"line": line, "item": item, "ok": False, "code": fault[0], "message": fault[1]})
                continue
            assert row is not None
            voucher = f"{row['region']}{part.month}{part.stem}{line:06d}"
            answers.append({"line": line, "item": item, "ok": True, "voucher": voucher})
            due.append(row | {"voucher": voucher})
        if len(answers) != letter.data.get("rows") or total != letter.data.get("due_fen"):
            raise Refused(f"control block does not fit: {len(answers)} rows, {total} fen")
        head = {"month": part.month, "run": part.run, "rows": len(answers), "accepted": len(due)}
        head["refused"] = len(answers) - len(due)
        name = f"T03-{part.month}-{part.run}-{part.sequence:04d}.jsonl"
        self.mail.send(Answer("T03", f"T03:{letter.key}", head, letter.key, lines(answers), name))
        return due

    def _fault(self, row: Row | None, part: BillFile) -> tuple[str, str] | None:
        if row is None:
            return "E01", "row is not readable"
        missing = [name for name in NEEDED if row.get(name) in (None, "")]
        if missing:
            return "E02", f"missing: {', '.join(missing)}"
        if amount(row) <= 0 or min(int(row.get(name, 0)) for name in ("employer_fen", "worker_fen")) < 0:
            return "E03", "amount is not positive"
        if row["scheme"] not in SCHEMES:
            return "E05", f"scheme {row['scheme']} is not known"
        cursor = self.db.execute(
            "insert into item values (?, ?) on conflict do nothing", (row["item"], f"{part.month}-{part.run}")
        )
        return None if cursor.rowcount else ("E04", "item was billed before")

    def _pay(self, payer: list[Row], part: BillFile) -> list[Row]:
        first = payer[0]
        who = (self.seed, "pays", first["payer_kind"], first["payer_id"])
        fate, detail = draw(*who, part.month), draw(*who, part.month, "detail")
        day = weekday_before(date.fromisoformat(first["due_on"]) - timedelta(days=detail % 10))
        if first["scheme"] in VOLUNTARY:
            return [self._pay_voluntary(row, day) for row in payer]
        if fate < NEVER + LATE:
            if fate >= NEVER:
                self._remember(payer)
            code = FAILED_DEBITS[detail % len(FAILED_DEBITS)]
            return [settled(row, 0, 0, date.fromisoformat(row["due_on"])) | {"code": code} for row in payer]
        if fate >= NEVER + LATE + PARTLY:
            return [settled(row, int(row["employer_fen"]), int(row["worker_fen"]), day) for row in payer]
        return self._pay_partly(payer, day, detail)

    def _pay_voluntary(self, row: Row, day: date) -> Row:
        """A resident's year is paid whole; one that was paid at the counter before carries that receipt as its ticket."""
        paid = settled(row, int(row["employer_fen"]), int(row["worker_fen"]), day)
        return paid | {"ticket": row["receipt"], "channel": "counter"} if row.get("receipt") else paid

    def _pay_partly(self, payer: list[Row], day: date, detail: int) -> list[Row]:
        money = sum(amount(row) for row in payer) * (30 + detail % 60) // 100
        paid = []
        for row in sorted(payer, key=lambda row: PAYING_ORDER[row["scheme"]]):
            worker = min(money, int(row["worker_fen"]))
            employer = min(money - worker, int(row["employer_fen"]))
            money -= worker + employer
            if worker + employer:
                paid.append(settled(row, employer, worker, day))
            rest = row | {
                "employer_fen": int(row["employer_fen"]) - employer,
                "worker_fen": int(row["worker_fen"]) - worker,
            }
            if detail % 2 and rest["employer_fen"] + rest["worker_fen"]:
                self._remember([rest])
        return paid

    def _remember(self, rows: list[Row]) -> None:
        self.db.executemany(
            "insert into arrears values (?, ?, ?, ?)",
            [(row["item"], row["month"], json.dumps(row, ensure_ascii=False), row["voucher"]) for row in rows],
        )

    def _pay_arrears(self, part: BillFile) -> list[Row]:
        found = self.db.execute("select item, row from arrears where month < ? order by item", (part.month,)).fetchall()
        paid = []
        for item, text in found:
            row = json.loads(text)
            due_on = date.fromisoformat(row["due_on"])
            days = LATE_DAYS_FIRST + draw(self.seed, "late", row["payer_id"], row["month"]) % LATE_DAYS_SPAN
            day = weekday_before(due_on + timedelta(days=days))
            principal = int(row["employer_fen"]) + int(row["worker_fen"])
            rate, base = LATE_FEE_DAILY
            fee = (principal * rate * (day - due_on).days * 2 + base) // (2 * base)
            paid.append(settled(row, int(row["employer_fen"]), int(row["worker_fen"]), day) | {"late_fee_fen": fee})
            self.db.execute("delete from arrears where item = ?", (item,))
        return paid

    def _unmatched(self, due: list[Row], part: BillFile) -> list[Row]:
        payers = len({(row["payer_kind"], row["payer_id"]) for row in due})
        at_least = int(bool(due) and part.run == "regular" and part.sequence == 1)
        count = max(at_least, payers // PAYERS_PER_UNMATCHED)
        # In an order of their own: where bills are made side by side, their numbers differ from run to run.
        due = sorted(due, key=lambda row: (row["payer_kind"], row["payer_id"], row["month"], row["scheme"]))
        rows = []
        for number in range(count):
            chance = draw(self.seed, "unmatched", part.month, part.run, part.sequence, number)
            like = due[chance * len(due) // MILLION]
            day = weekday_before(date.fromisoformat(like["due_on"]) - timedelta(days=chance % 7))
            blank = {"item": "", "voucher": "", "payer_id": 0, "credit_code": "", "name": "", "kind": "unmatched"}
            fen = 10_000 + chance % 500_000
            rows.append(settled(like | blank, fen, 0, day) | {"memo": "汇款未注明缴费人"})
        return rows

    def _answer_paid(self, letter: Letter, part: BillFile, paid: list[Row]) -> None:
        for line, row in enumerate(paid, start=1):
            row["line"] = line
            if row["code"]:
                continue
            row["ticket"] = row["ticket"] or f"3{row['region'][:4]}{part.month % 10000:04d}{part.stem}{line:06d}"
            self.db.execute(
                "insert into collected values (?, ?, ?, ?, ?, ?, 1, ?, ?) on conflict do update set rows = rows + 1,"
                " principal_fen = principal_fen + excluded.principal_fen,"
                " late_fee_fen = late_fee_fen + excluded.late_fee_fen",
                (part.month, part.run, row["treasury_on"], row["scheme"], row["pool"], f"{row['region'][:4]}00",
                 row["principal_fen"], row["late_fee_fen"]),
            )  # fmt: skip
        head = {"month": part.month, "run": part.run, "sequence": part.sequence, "of": part.of, "rows": len(paid)}
        head |= {name: sum(row[name] for row in paid) for name in ("principal_fen", "late_fee_fen")}
        name = f"T04-{part.month}-{part.run}-{part.sequence:04d}.jsonl"
        self.mail.send(Answer("T04", f"T04:{letter.key}", head, letter.key, lines(paid), name))

    def _close_run(self, part: BillFile) -> None:
        run = (part.month, part.run)
        (files,) = self.db.execute("select count(*) from bill_file where month = ? and run = ?", run).fetchone()
        if files < part.of:
            return
        rows = self.db.execute(
            "select day, scheme, pool, treasury, rows, principal_fen, late_fee_fen from collected"
            " where month = ? and run = ? order by 1, 2, 3, 4", run).fetchall()  # fmt: skip
        by_day: dict[str, list[Row]] = defaultdict(list)
        for day, *rest in rows:
            by_day[day].append(dict(zip(TOTAL_NAMES, rest, strict=True)))
        totals = add_up(total for day in by_day.values() for total in day)
        body: Row = {"month": part.month, "run": part.run}
        body |= {name: sum(total[name] for total in totals) for name in ("rows", "principal_fen", "late_fee_fen")}
        body["total_fen"] = body["principal_fen"] + body["late_fee_fen"]
        body["days"] = [{"on": day, "totals": by_day[day]} for day in sorted(by_day)]
        body["totals"] = totals
        self.mail.send(Answer("T07", f"T07:{part.month}:{part.run}", body))
        self.mail.transfer("finance", f"treasury:{part.month}:{part.run}", body)


TOTAL_NAMES = ("scheme", "pool", "treasury", "rows", "principal_fen", "late_fee_fen")


def registration_fault(row: Row | None) -> tuple[str, str] | None:
    """What is wrong with a row of T01: unreadable, no subject or action, or something of a person missing."""
    if row is None:
        return "E01", "row is not readable"
    subject = row.get("subject")
    if subject not in ACTIONS or row.get(f"{subject}_id") is None:
        return "E02", "subject or its number missing"
    if row.get("action") not in ACTIONS[subject]:
        return "E07", f"action {row.get('action')!r} is not known"
    missing = [name for name in PERSON_NEEDS if row.get(name) in (None, "", [])] if subject == "person" else []
    return ("E02", f"missing: {', '.join(missing)}") if missing else None


def settled(row: Row, employer_fen: int, worker_fen: int, day: date) -> Row:
    """A T04 row: what came in for a billed row on a day; a bill's own late fee counts as paid with it."""
    kept = (
        "item",
        "voucher",
        "payer_kind",
        "payer_id",
        "credit_code",
        "name",
        "region",
        "scheme",
        "pool",
        "month",
        "kind",
    )
    paid = {name: row.get(name, "") for name in kept}
    paid |= {"treasury_on": day.isoformat(), "employer_fen": employer_fen, "worker_fen": worker_fen}
    billed_fee = int(row.get("late_fee_fen", 0)) if employer_fen + worker_fen and row.get("item") else 0
    return paid | {
        "principal_fen": employer_fen + worker_fen,
        "late_fee_fen": billed_fee,
        "code": "",
        "ticket": "",
        "channel": "debit",
    }


def amount(row: Row) -> int:
    """What a billed row asks for in all, fen."""
    return sum(int(row.get(name) or 0) for name in ("employer_fen", "worker_fen", "late_fee_fen"))


def by_payer(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Rows grouped by payer, in order of first appearance."""
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["payer_kind"], row["payer_id"]].append(row)
    return groups.values()


def add_up(totals: Iterable[Row]) -> list[Row]:
    """Daily totals summed by scheme, pool and treasury."""
    sums: dict[tuple[str, ...], Row] = {}
    for total in totals:
        place = (total["scheme"], total["pool"], total["treasury"])
        known = sums.setdefault(place, dict(zip(TOTAL_NAMES, (*place, 0, 0, 0), strict=True)))
        for name in TOTAL_NAMES[3:]:
            known[name] += total[name]
    return [sums[place] for place in sorted(sums)]


def lines(rows: Iterable[Row]) -> bytes:
    """JSON lines, UTF-8."""
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows).encode()
