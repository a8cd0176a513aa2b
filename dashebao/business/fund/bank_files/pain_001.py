"""Writes pain.001.001.09: one payment batch as a credit transfer initiation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from .stream import NAMESPACE, BadBankFile, count_of, yuan

NAME = "pain.001.001.09"


@dataclass(frozen=True)
class Header:
    """What is the same for all transfers of a file; the total in fen."""

    msg_id: str
    created_at: datetime
    count: int
    total_fen: int
    execute_on: date
    debtor_name: str
    debtor_account: str
    debtor_bank: str


class Transfer(NamedTuple):
    """One credit transfer: the end-to-end id is minted once per payment line, the instruction id once per try."""

    end_to_end_id: str
    attempt: int
    amount_fen: int
    bank: str
    account: str
    name: str
    purpose: str
    text: str


@cache
def _agent(tag: str, member: str) -> str:
    return f"<{tag}><FinInstnId><ClrSysMmbId><MmbId>{escape(member)}</MmbId></ClrSysMmbId></FinInstnId></{tag}>"


def _account(tag: str, number: str) -> str:
    return f"<{tag}><Id><Othr><Id>{escape(number)}</Id></Othr></Id></{tag}>"


def _transfer(row: Transfer) -> str:
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{row.end_to_end_id}/{row.attempt}</InstrId>"
        f"<EndToEndId>{row.end_to_end_id}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="CNY">{yuan(row.amount_fen)}</InstdAmt></Amt>'
        f"{_agent('CdtrAgt', row.bank)}<Cdtr><Nm>{escape(row.name[:140])}</Nm></Cdtr>"
        f"{_account('CdtrAcct', row.account)}"
        f"<Purp><Cd>{row.purpose}</Cd></Purp><RmtInf><Ustrd>{escape(row.text[:140])}</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )


def pieces(header: Header, transfers: Iterable[Transfer]) -> Iterator[str]:
    """The file in pieces; raises BadBankFile at the end if count or total are not those of the header."""
    sums = f"<NbOfTxs>{header.count}</NbOfTxs><CtrlSum>{yuan(header.total_fen)}</CtrlSum>"
    debtor = escape(header.debtor_name[:140])
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}{NAME}"><CstmrCdtTrfInitn><GrpHdr>'
        f"<MsgId>{escape(header.msg_id)}</MsgId><CreDtTm>{header.created_at.isoformat(timespec='seconds')}</CreDtTm>"
        f"{sums}<InitgPty><Nm>{debtor}</Nm></InitgPty></GrpHdr>\n<PmtInf><PmtInfId>{escape(header.msg_id)}</PmtInfId>"
        f"<PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>{sums}<ReqdExctnDt><Dt>{header.execute_on.isoformat()}</Dt>"
        f"</ReqdExctnDt><Dbtr><Nm>{debtor}</Nm></Dbtr>{_account('DbtrAcct', header.debtor_account)}"
        f"{_agent('DbtrAgt', header.debtor_bank)}\n"
    )
    count = total = 0
    for row in transfers:
        count, total = count + 1, total + row.amount_fen
        yield _transfer(row)
    yield "</PmtInf></CstmrCdtTrfInitn></Document>\n"
    if (count, total) != (header.count, header.total_fen):
        raise BadBankFile(
            f"{header.msg_id}: {count} transfers of {total} fen, header says {header.count}, {header.total_fen}"
        )


def write(header: Header, transfers: Iterable[Transfer]) -> bytes:
    """The whole file, checked against the schema before it leaves."""
    content = "".join(pieces(header, transfers)).encode()
    written = count_of(content, NAME, "CdtTrfTxInf")
    if written != header.count:
        raise BadBankFile(f"{header.msg_id}: {written} transfers written, {header.count} meant")
    return content
