"""Reads camt.053.001.08: the bank's statements of the fund's accounts, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from lxml import etree

from .stream import BadBankFile, children, elements, fen, text

NAME = "camt.053.001.08"


@dataclass(frozen=True)
class Detail:
    """One returned payment inside an entry."""

    end_to_end_id: str
    amount_fen: int
    reason: str


@dataclass(frozen=True)
class Entry:
    """One booked entry: the bank's reference, signed fen (+ into the account), day, kind, what it refers to."""

    reference: str
    amount_fen: int
    booked_on: date
    kind: str
    refers_to: str
    details: tuple[Detail, ...] = ()


@dataclass
class AccountStatement:
    """One statement: account, day, opening and closing balance in signed fen, entries."""

    statement_id: str
    account: str
    booked_on: date
    opening_fen: int
    closing_fen: int
    entries: list[Entry] = field(default_factory=list)


def read(content: bytes) -> tuple[str, list[AccountStatement]]:
    """Message id and statements; raises BadBankFile if a statement breaks the schema or does not add up."""
    msg_id, statements, entries = "", [], []
    for local, element in elements(content, NAME, ("GrpHdr", "Ntry", "Stmt")):
        if local == "GrpHdr":
            msg_id = text(element, "MsgId", NAME)
        elif local == "Ntry":
            entries.append(_entry(element))
        else:
            statements.append(_statement(element, entries))
            entries = []
    return msg_id, statements


def _signed(element: etree._Element) -> int:
    amount = fen(text(element, "Amt", NAME))
    return amount if text(element, "CdtDbtInd", NAME) == "CRDT" else -amount


def _day(element: etree._Element, path: str) -> date:
    day = text(element, f"{path}/Dt", NAME, "")
    return date.fromisoformat(day[:10]) if day else datetime.fromisoformat(text(element, f"{path}/DtTm", NAME)).date()


def _entry(element: etree._Element) -> Entry:
    signed, refers_to, details = _signed(element), "", []
    for block in children(element, "NtryDtls", NAME):
        refers_to = refers_to or text(block, "Btch/MsgId", NAME, "")
        for row in children(block, "TxDtls", NAME):
            end_to_end = text(row, "Refs/EndToEndId", NAME, "")
            amount = text(row, "Amt", NAME, "")
            reason = text(row, "RtrInf/Rsn/Cd", NAME, "") or text(row, "RtrInf/Rsn/Prtry", NAME, "")
            details.append(Detail(end_to_end, fen(amount) if amount else abs(signed), reason))
            refers_to = refers_to or text(row, "Refs/MsgId", NAME, "") or end_to_end
    kind = text(element, "BkTxCd/Prtry/Cd", NAME)
    if details and kind == "RETURN" and sum(d.amount_fen for d in details) != abs(signed):
        raise BadBankFile(f"entry {text(element, 'NtryRef', NAME)}: details do not add up")
    return Entry(text(element, "NtryRef", NAME), signed, _day(element, "BookgDt"), kind, refers_to, tuple(details))


def _statement(element: etree._Element, entries: list[Entry]) -> AccountStatement:
    balances = {text(b, "Tp/CdOrPrtry/Cd", NAME): (_signed(b), _day(b, "Dt")) for b in children(element, "Bal", NAME)}
    name = text(element, "Id", NAME)
    if not {"OPBD", "CLBD"} <= balances.keys():
        raise BadBankFile(f"statement {name}: opening or closing balance is missing")
    (opening, _), (closing, day) = balances["OPBD"], balances["CLBD"]
    if opening + sum(e.amount_fen for e in entries) != closing:
        raise BadBankFile(f"statement {name}: opening and entries do not give the closing balance")
    counted = text(element, "TxsSummry/TtlNtries/NbOfNtries", NAME, "")
    if counted and int(counted) != len(entries):
        raise BadBankFile(f"statement {name}: {len(entries)} entries, {counted} announced")
    if len({e.reference for e in entries}) != len(entries):
        raise BadBankFile(f"statement {name}: an entry comes twice")
    return AccountStatement(name, text(element, "Acct/Id/Othr/Id", NAME), day, opening, closing, entries)
